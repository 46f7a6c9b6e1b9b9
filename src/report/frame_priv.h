/* A plain plot frame with two axes, for histograms, love plots and point plots. */
#ifndef YOGO_REPORT_FRAME_PRIV_H
#define YOGO_REPORT_FRAME_PRIV_H

#include "report/draw_priv.h"
#include "report/report_priv.h"
#include "report/scale_priv.h"

struct yg_frame {
	struct yg_drawing *d;
	struct yg_scale x, y;
	double left, right, top, bottom;
};
double yg_frame_x(const struct yg_frame *f, double v);
double yg_frame_y(const struct yg_frame *f, double v);
/* Ticks and lines of the horizontal axis; returns the y below its words. */
double yg_frame_bottom_axis(const struct yg_frame *f, const struct yg_axis *a);
void yg_frame_left_axis(const struct yg_frame *f, const struct yg_axis *a, bool lines);
/* A disc, filled or only its rim. */
/* A sign for points of one series: disc, triangle, square, lozenge, ring. */
void yg_draw_marker(struct yg_drawing *d, double x, double y, double r, int ink, int shape);
/* Names of several series in a row, with a sample of each; returns the y below. */
double yg_frame_legend(struct yg_drawing *d, const struct yg_figure *f, double x, double y, double width, bool discs);

#endif
