/*
 * Harrell's concordance (1982, JAMA 247:2543) with the infinitesimal-jackknife standard error of R's survival 3.
 *
 * A pair counts when one is known to have had the event while the other was at risk after it (a censoring tied with
 * the event is after it); pairs of strata are not compared.  C = (concordant + tied.x / 2) / pairs; concordant: the longer
 * survivor has the higher x (reverse: the lower, for a risk score).  An uncensored outcome is the case of all events.
 *   weight  n: every pair 1 (Harrell); S: n S(t-) / at risk (Peto); S_G: divided by G(t-) too (Schemper 2009);
 *           n_G2: 1 / G(t-)^2 (Uno 2011); I: 1 / at risk.  S, G: Kaplan-Meier of event and censoring in the stratum
 *   se      sqrt of the sum over clusters of squares of (dN - C dD) / D, dN, dD the row's part of numerator and pairs
 * O(n log n): one sweep over the rows by x for each 4,096 fold of distinct event times, with sums by time.  Whole weights give
 * whole sums of pairs; without pairs at all the result is NaN.
 */
#ifndef YOGO_STATS_CONCORDANCE_H
#define YOGO_STATS_CONCORDANCE_H

#include <stdbool.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"
#include "yogo/stats/spans.h"

enum yg_concordance_weight { YG_CONCORDANCE_N, YG_CONCORDANCE_S, YG_CONCORDANCE_S_G, YG_CONCORDANCE_N_G2, YG_CONCORDANCE_I };
struct yg_concordance_options {
	enum yg_concordance_weight weight;
	bool reverse;
	double until;             /* events after it do not count; NaN = all */
};
struct yg_concordance {
	double concordant, discordant, tied_x, tied_y, tied_xy;   /* weighted counts of pairs */
	double c, se;             /* NaN without pairs */
};
/* influence[n] (may be NULL): the row's part, so that two C on the same rows can be compared: cov = sum u v. */
enum yg_status yg_concordance_fit(const struct yg_spans *d, const double *x, const struct yg_concordance_options *options,
                                  struct yg_task *task, struct yg_concordance *out, double *influence,
                                  struct yg_err *err) YG_MUST_USE;
/* Several of the same scores, which are sorted once where the options allow; influence of the first. */
enum yg_status yg_concordance_fits(const struct yg_spans *d, const double *x, const struct yg_concordance_options *options,
                                   size_t count, struct yg_task *task, struct yg_concordance *out, double *influence,
                                   struct yg_err *err) YG_MUST_USE;

#endif
