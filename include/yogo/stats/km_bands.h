/*
 * Simultaneous confidence bands of one survival curve over a range of times.
 *
 * With s(t) = se(t) / S(t), n a number, a = n s(from)^2 / (1 + n s(from)^2) and b likewise at the end of the range:
 *   Hall-Wellner     k (1 + n s^2) / sqrt n in the place of z s in the limits of yg_km_limits; k with
 *                    P(|B(x)| <= k for all x in [a, b]) = conf, B the Brownian bridge   Hall and Wellner 1980, Biometrika 67:133
 *   equal precision  c s in its place; c with 1 - conf = 4 phi(c) / c + phi(c) (c - 1/c) log(b (1 - a) / (a (1 - b)))
 *                    Nair 1984, Technometrics 26:265, eq. 3.5 (also SAS, and Table C.3 of Klein and Moeschberger 2003)
 * n is the number of rows (weights): any n makes a valid Hall-Wellner band, this one is narrowest where most are at risk.
 *
 * k by the eigenfunctions of Brownian motion between two walls: with A_m(v) the integral over (-k, k) of the normal density of
 * variance v times cos(m pi x / 2k),
 *     P = sqrt(2 pi) / k sum over odd m of exp(-m^2 pi^2 (b - a) / (8 k^2)) A_m(a) A_m(1 - b)
 * Rows must be independent (no clusters): the bands come from independent increments.
 */
#ifndef YOGO_STATS_KM_BANDS_H
#define YOGO_STATS_KM_BANDS_H

#include "yogo/stats/km.h"

enum yg_km_band_kind { YG_KM_NO_BAND, YG_KM_HALL_WELLNER, YG_KM_EQUAL_PRECISION };
bool yg_km_band_parse(const char *word, enum yg_km_band_kind *out);   /* no hallwellner ep */

/* P(|B(x)| <= k for all x in [a, b]), 0 <= a <= b <= 1; the value k that makes it conf. */
double yg_bridge_inside(double k, double a, double b);
double yg_hall_wellner_critical(double a, double b, double conf);
/* 0 < a <= b < 1; never below the pointwise normal quantile. */
double yg_equal_precision_critical(double a, double b, double conf);

struct yg_km_band {
	size_t first, last;      /* times of the curve with a band: [first, last); none when equal */
	double from, to;         /* the range */
	double n, a, b, critical;
	double *lower, *upper;   /* [m] of the curve; NaN outside the range */
};
/*
 * from, to NaN: from the first event to the last one that leaves somebody.  A range that is given is cut to
 * these.  scale YG_KM_NO_CI counts as plain.
 */
enum yg_status yg_km_band_fit(const struct yg_km_curve *c, enum yg_km_band_kind kind, enum yg_km_ci scale, double conf,
                              double from, double to, struct yg_km_band *out, struct yg_err *err) YG_MUST_USE;
void yg_km_band_release(struct yg_km_band *b);

#endif
