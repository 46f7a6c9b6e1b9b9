/*
 * The nonparametric survival curve of interval-censored times (Peto 1973, JRSS C 22:86; Turnbull 1976, JRSS B 38:290).
 *
 * Each time is known to be in (lower, upper]; equal = exact; upper infinite = right-censored; lower 0 or -infinity = left-censored
 * (0 itself is outside (0, upper]).
 * The likelihood has its mass on the innermost intervals: (a left end, the next right end], found by one sort.  Rows
 * that cover the same innermost intervals are taken together.  The masses are climbed by EM steps and isotonic
 * Newton steps in turn (EM-ICM: Wellner and Zhan 1997, JASA 92:945), each O(m + distinct rows) by prefix sums, until
 * the directional derivatives say that the log likelihood is within 1e-9 (relative to the sum of weights) of its
 * maximum (Gentleman and Geyer 1994, Biometrika 81:618).  Masses below 1e-13 that the derivatives refuse are set to 0.
 *
 * Where inside an innermost interval the mass is cannot be known: the curve is given at its ends.  No variance is
 * computed: Greenwood's does not hold here (the estimate converges at the cube root of n for continuous inspection times).
 */
#ifndef YOGO_STATS_TURNBULL_H
#define YOGO_STATS_TURNBULL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"

struct yg_turnbull {
	size_t m;                  /* intervals with mass */
	double *from, *to;         /* [m] mass in (from, to]; equal = at the time itself; to infinite = after all that is known */
	double *mass;              /* [m] sums to 1 */
	double *after;             /* [m] S just after `to`: 1 - the masses so far; the last is 0 */
	size_t innermost;          /* intervals that might have had mass */
	double loglik, gap;        /* gap: bound of what is missing from the maximal log likelihood, over the sum of weights */
	int iterations;
	bool converged;
	uint64_t exact, right, left, interval, nothing;
	void *space;
};
/* weight may be NULL.  Rows that know nothing (-infinity, infinity) are legal and do not count. */
enum yg_status yg_turnbull_fit(const double *lower, const double *upper, const double *weight, size_t n,
                               struct yg_task *task,
                               struct yg_turnbull *out, struct yg_err *err) YG_MUST_USE;
void yg_turnbull_release(struct yg_turnbull *fit);
/* S(t): the range it can have; equal outside the intervals with mass. */
void yg_turnbull_at(const struct yg_turnbull *fit, double t, double *lowest, double *highest);
/* The quantile: somewhere in (from, to]; NaN when no mass is left to reach it; to infinite = not before from. */
void yg_turnbull_quantile(const struct yg_turnbull *fit, double p, double *from, double *to);

#endif
