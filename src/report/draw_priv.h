/*
 * A display list: what a figure looks like, in points, y downwards.  The figures make it, the SVG
 * writer and cairo draw it.  Colours are roles, so that a page can give them other values in the dark.
 */
#ifndef YOGO_REPORT_DRAW_PRIV_H
#define YOGO_REPORT_DRAW_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "yogo/base/buf.h"
#include "yogo/base/mem.h"
#include "yogo/report/report.h"

enum yg_ink { YG_INK, YG_INK_MUTED, YG_INK_FAINT, YG_INK_PAPER, YG_INK_SERIES /* + number of the series */ };
enum { YG_SERIES_INKS = 8 };
enum yg_dash { YG_DASH_SOLID, YG_DASH_LONG, YG_DASH_SHORT, YG_DASH_MIXED, YG_DASH_DOT, YG_DASH_COUNT };

enum yg_shape_kind { YG_SHAPE_PATH, YG_SHAPE_AREA, YG_SHAPE_DISC, YG_SHAPE_TEXT };
struct yg_shape {
	enum yg_shape_kind kind;
	int ink;
	enum yg_dash dash;
	double width, opacity;      /* of the pen; of an area or disc */
	double radius;              /* of a disc around xy[0..1] */
	double *xy;                 /* pairs */
	size_t n;
	const char *text;           /* x, y of xy[0..1] is the anchor on the baseline */
	double size;
	int anchor;                 /* -1 start, 0 middle, 1 end */
	bool bold, italic, upright; /* upright: turned a quarter to the left */
};
struct yg_drawing {
	struct yg_arena arena;
	double width, height;
	const char *title, *description;
	struct yg_shape *shape;
	size_t n, cap;
};

void yg_drawing_init(struct yg_drawing *d);
void yg_drawing_release(struct yg_drawing *d);
void yg_draw_path(struct yg_drawing *d, const double *xy, size_t n, int ink, double width, enum yg_dash dash);
void yg_draw_line(struct yg_drawing *d, double x1, double y1, double x2, double y2, int ink, double width,
                  enum yg_dash dash);
void yg_draw_area(struct yg_drawing *d, const double *xy, size_t n, int ink, double opacity);
void yg_draw_rect(struct yg_drawing *d, double x, double y, double w, double h, int ink, double opacity);
/* filled, or a ring on paper (opacity does not matter then) */
void yg_draw_disc(struct yg_drawing *d, double x, double y, double r, int ink, bool filled, double opacity);
struct yg_shape *yg_draw_text(struct yg_drawing *d, double x, double y, const char *text, double size, int anchor, int ink);
/* Width of text in points, from the advances of DejaVu Sans (wide among sans-serif fonts). */
double yg_text_points(const char *text, double size, bool bold);

/* Colour of an ink as 0xrrggbb; CSS class of it ("ink", "muted", "s1" ...). */
unsigned yg_ink_rgb(int ink);
void yg_ink_class(char out[8], int ink);
int yg_series_ink(int series);
enum yg_dash yg_series_dash(int series);
/* Lengths of dash and gap in points; returns how many (0 = solid). */
int yg_dash_lengths(enum yg_dash dash, double width, double out[4]);
/* Break text into lines no wider than points. */
struct yg_lines;
void yg_wrap_points(struct yg_lines *l, const char *text, double size, double points);

/* Each kind of figure draws itself. */
void yg_draw_figure(struct yg_drawing *d, const struct yg_figure *f, const struct yg_render_options *o);
void yg_draw_km(struct yg_drawing *d, const struct yg_figure *f, const struct yg_render_options *o);
void yg_draw_forest(struct yg_drawing *d, const struct yg_figure *f, const struct yg_render_options *o);
void yg_draw_histogram(struct yg_drawing *d, const struct yg_figure *f, const struct yg_render_options *o);
void yg_draw_love(struct yg_drawing *d, const struct yg_figure *f, const struct yg_render_options *o);
void yg_draw_flow(struct yg_drawing *d, const struct yg_figure *f, const struct yg_render_options *o);
void yg_draw_xy(struct yg_drawing *d, const struct yg_figure *f, const struct yg_render_options *o);
double yg_draw_heading(struct yg_drawing *d, const struct yg_figure *f, double x, double width);
double yg_figure_width(const struct yg_render_options *o);

/* SVG of a drawing; `page` puts it inside an HTML page (no paper, ids with the prefix). */
void yg_svg_write(const struct yg_drawing *d, struct yg_buf *out, const char *prefix, bool page);

#endif
