/*
 * Which steps of a long curve a figure keeps.
 *
 * A figure is some hundred points high and wide; a curve of ten million persons has as many steps.  A curve of no more than
 * YG_THIN_ALL steps keeps them all.  Of a longer one are kept: the first and the last step; the last step at and the last
 * before each time of `at`; and, going forward, each step at which a value has moved by its `least` or more, or time by
 * 1/YG_THIN_WIDTH of the length, since the step kept before.
 *
 * So a curve drawn level from one kept step to the next is nowhere as much as `least` beside the whole curve, what is kept
 * is exact, and what is counted by or at risk at a time of `at` can be read off it.
 */
#ifndef YOGO_RAW_THIN_H
#define YOGO_RAW_THIN_H

#include <stddef.h>

#define YG_THIN_ALL 1000u
#define YG_THIN_HEIGHT 500       /* least is 1/500 of the height: half a point where the plot is 250 high */
#define YG_THIN_WIDTH 200

struct yg_thin_value {
	const double *value;         /* of step i: value[i * stride]; NaN = none, and coming or going is a move */
	size_t stride;
	double least;
};
struct yg_thin {
	const double *time;          /* [n] ascending */
	size_t n;
	double divisor;              /* times are shown divided by it; at and length are as shown */
	double length;               /* of the axis of time */
	const double *at;            /* [ats] any order */
	size_t ats;
	const struct yg_thin_value *of;
	size_t values;
};

/* The steps kept, ascending, in an array to be released with yg_free; NULL when all are.  Their number is the result. */
size_t yg_thin(const struct yg_thin *c, size_t **kept);

#endif
