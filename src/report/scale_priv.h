/* Axis limits and ticks, the same for files and terminal. */
#ifndef YOGO_REPORT_SCALE_PRIV_H
#define YOGO_REPORT_SCALE_PRIV_H

#include <stdbool.h>
#include <stddef.h>

enum { YG_MOST_TICKS = 24 };

struct yg_scale {
	double low, high;                 /* limits, in data units */
	bool log;
	double tick[YG_MOST_TICKS];
	char label[YG_MOST_TICKS][20];
	int ticks;
};

/* Limits that hold [low, high], round, with at most `most` ticks at multiples of 1, 2, 2.5 or 5 times a power of ten. */
void yg_scale_linear(struct yg_scale *s, double low, double high, int most);
/* As above, but the limits stay low and high. */
void yg_scale_within(struct yg_scale *s, double low, double high, int most);
/* From 0: ticks at steps natural for the unit (days, weeks, months, years; others as linear). */
void yg_scale_time(struct yg_scale *s, double high, const char *unit, int most);
/* Logarithmic, low and high > 0: powers of two, or 1-2-5 steps, or powers of ten, by the span. */
void yg_scale_log(struct yg_scale *s, double low, double high, int most);
/* Room around the limits of a logarithmic axis: a 32nd of its length on either side, at least this factor. */
void yg_scale_around(double *low, double *high, double least);
/* As linear, but an end that would be mostly empty is drawn in towards the data. */
void yg_scale_snug(struct yg_scale *s, double low, double high, int most);
/* True for the units that yg_scale_time knows, and years. */
bool yg_scale_time_unit(const char *unit);
/* Ticks exactly at these places. */
void yg_scale_at(struct yg_scale *s, double low, double high, const double *tick, size_t n);
/* 0..1 across the axis; outside values go beyond. */
double yg_scale_place(const struct yg_scale *s, double v);
/* Natural logarithm by exact operations only, so that geometry is the same everywhere. */
double yg_plain_log(double x);

#endif
