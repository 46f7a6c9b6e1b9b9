/*
 * Cumulative incidence with competing risks, one set of curves for each group, and Gray's test.
 *
 *   Aalen-Johansen     F_k(t) = sum over s <= t of S(s-) d_k(s) / n(s)          Aalen and Johansen 1978, Scand J Stat 5:141
 *   variance           infinitesimal jackknife: sum over rows of (weight x derivative of F_k(t) by the weight)^2.
 *                      A row's derivative is a(t) + b(t) F_k(t) with a and b sums over its time at risk, so the
 *                      variance follows in one sweep from six running sums.  Agrees with survfit of R.
 *   left truncation    rows are at risk in (entry, exit]
 *   weights            n and d are sums of weights
 *   Gray's test        K groups, subdistribution hazards compared with weight (1 - F)^rho, strata summed;
 *                      Gray 1988, Ann Statist 16:1141.  No left truncation (as published); weights count equal rows.
 *
 * spans.event holds the cause: 0 censored, 1 .. causes.  At one time events come before censorings.
 * spans.cluster and spans.stratum (but for Gray's test) are not used.
 */
#ifndef YOGO_STATS_CUMINC_H
#define YOGO_STATS_CUMINC_H

#include "yogo/base/status.h"
#include "yogo/base/task.h"
#include "yogo/stats/spans.h"

struct yg_cuminc_curve {
	size_t m;
	double *time;              /* [m] distinct exit times, ascending */
	double *n_risk;            /* [m] weight at risk just before */
	double *surv, *surv_se;    /* [m] free of every event, with its SE */
	double *event;             /* [m*causes] weight of events of each cause at the time, cause fastest */
	double *incidence, *se;    /* [m*causes] */
	uint64_t records;
	uint64_t *events;          /* [causes] rows */
	double worst_sum;          /* largest |S + sum F - 1|: nought but rounding */
};
struct yg_cuminc {
	size_t groups;
	unsigned causes;
	struct yg_cuminc_curve *curve;
	void *memory;
};
enum yg_status yg_cuminc_fit(const struct yg_spans *d, unsigned causes, struct yg_task *task, struct yg_cuminc *out,
                             struct yg_err *err) YG_MUST_USE;
/* The same with weights that count equal rows: the standard errors are those of the repeated rows. */
enum yg_status yg_cuminc_fit_counts(const struct yg_spans *d, unsigned causes, struct yg_task *task, struct yg_cuminc *out,
                                    struct yg_err *err) YG_MUST_USE;
/*
 * Influence of each row of the group on F_cause(t), cause 0..causes-1: its weight times the derivative by the weight; 0 for rows of
 * other groups.  Sums of squares (within clusters) are the variance.  out[n].
 */
enum yg_status yg_cuminc_influence(const struct yg_spans *d, const struct yg_cuminc *fit, size_t group, unsigned cause, double t,
                                   double *out, struct yg_err *err) YG_MUST_USE;
void yg_cuminc_release(struct yg_cuminc *c);

/* The curve at time t: the row of the last time <= t, or -1 before the first. */
ptrdiff_t yg_cuminc_at(const struct yg_cuminc_curve *c, double t);

/* statistic ~ chi-squared with df = groups that can be compared - 1; df 0 = nothing to compare. */
struct yg_gray {
	double statistic;
	int df;
	double p;
};
enum yg_status yg_gray_test(const struct yg_spans *d, unsigned cause, double rho, struct yg_task *task,
                            struct yg_gray *out, struct yg_err *err) YG_MUST_USE;
/* The tests of so many causes, from `cause` on; out[causes]. */
enum yg_status yg_gray_tests(const struct yg_spans *d, unsigned cause, unsigned causes, double rho, struct yg_task *task,
                             struct yg_gray *out, struct yg_err *err) YG_MUST_USE;

#endif
