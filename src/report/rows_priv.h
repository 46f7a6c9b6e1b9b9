/* Forest plots, love plots and histograms: what the files and the terminal both need. */
#ifndef YOGO_REPORT_ROWS_PRIV_H
#define YOGO_REPORT_ROWS_PRIV_H

#include "report/report_priv.h"
#include "report/scale_priv.h"

enum { YG_MOST_TEXT_COLUMNS = 6 };

struct yg_forest_row {
	const struct yg_point *p;
	int indent;                              /* 0, or 1 under a heading */
	char *text[YG_MOST_TEXT_COLUMNS];        /* columns of numbers; "" = none */
	char *estimate;                          /* "0.54 (0.42 to 0.70)" */
	bool low_cut, high_cut;                  /* the interval goes beyond the axis */
	double low, high;                        /* as drawn */
};
struct yg_forest_model {
	struct yg_arena arena;
	struct yg_scale x;
	const struct yg_axis *axis;
	struct yg_forest_row *row;
	int rows, columns;
	char *head[YG_MOST_TEXT_COLUMNS];
	char *estimate_head;
	double reference;
	bool has_reference;
	double largest_weight;
};
void yg_forest_model(struct yg_forest_model *m, const struct yg_figure *f, int most_ticks);
void yg_forest_release(struct yg_forest_model *m);

/* Love plots: covariates in order of first mention; NaN where a series has none. */
struct yg_love_model {
	struct yg_arena arena;
	struct yg_scale x;
	const char **label;
	double *value;                           /* labels x series */
	int labels, series;
	double limit;                            /* dotted lines at plus and minus this */
};
void yg_love_model(struct yg_love_model *m, const struct yg_figure *f, int most_ticks);
void yg_love_release(struct yg_love_model *m);

/* Axes of a plot of points and lines, with at most so many ticks. */
void yg_xy_axes(const struct yg_figure *f, int most_x, int most_y, struct yg_scale *x, struct yg_scale *y);
/* Which colour a series has: its number, but points that stand behind as many lines take their lines'. */
int yg_xy_hue(const struct yg_figure *f, int series);

/* Limits over all finite x (with x2) and y (with lower and upper) of a figure. */
void yg_figure_range(const struct yg_figure *f, double x[2], double y[2]);

#endif
