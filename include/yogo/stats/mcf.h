/*
 * Mean cumulative function of recurrent events: the expected number of events of a person by time t.
 *
 *   without an end     mu(t) = sum over s <= t of dN(s) / Y(s)                  Nelson 1988, J Qual Technol 20:24;
 *                                                                            Lawless and Nadeau 1995, Technometrics 37:158
 *   with an end        mu(t) = sum over s <= t of S(s-) dN(s) / Y(s), S the Kaplan-Meier curve of the event that ends
 *                      everything (death): persons who died have no more events   Ghosh and Lin 2000, Biometrics 56:554
 *   variance           robust: sum over clusters of (derivative of mu(t) by the cluster's weight)^2, the infinitesimal
 *                      jackknife.  Without an end the estimator of Lawless and Nadeau, equation 2.5, and survfit's
 *                      std.chaz with a cluster.
 *   test               Q_g = sum over groups h of the integral of (Y_h [g = h] - Y_g Y_h / Y) d mu_h, for two groups the
 *                      integral of Y_1 Y_2 / Y d(mu_1 - mu_2): the pseudo-score test of Cook, Lawless and Nadeau 1996
 *                      (Biometrics 52:557), with an end that of Ghosh and Lin, section 3.  Variance from the clusters'
 *                      parts, each about the mean of its own group.  Strata are added up.
 *
 * spans.event: 0 nothing, 1 an event, 2 the end (never both in one row).  A row is at risk in (entry, exit]; rows of one
 * cluster may lie in any order, also in several groups.  spans.cluster NULL = each row is a person.  At one time events come
 * before the end, and the end before censorings.  Weights multiply rows.
 *
 * A cluster's derivative at t is c - a mu(t) + r X(t), where c, a and r change only when one of its own rows begins, ends or has
 * an event and X is common to all; so six running sums give the variance at every time: O(n log n) in all.
 */
#ifndef YOGO_STATS_MCF_H
#define YOGO_STATS_MCF_H

#include "yogo/base/status.h"
#include "yogo/base/task.h"
#include "yogo/stats/spans.h"

#define YG_MCF_EVENT 1u
#define YG_MCF_END 2u

struct yg_mcf_curve {
	size_t m;                     /* distinct times with an event or an end */
	double *time;                 /* [m] ascending */
	double *n_risk;               /* [m] weight at risk just before */
	double *event, *end;          /* [m] weight of events, of ends */
	double *mean, *se, *surv;     /* [m] after the time; surv 1 without ends */
	uint64_t records, events, ends;   /* rows */
	double last;                  /* last time anybody was under observation */
};
struct yg_mcf {
	size_t groups;
	struct yg_mcf_curve *curve;
	void *memory;
};
enum yg_status yg_mcf_fit(const struct yg_spans *d, struct yg_task *task, struct yg_mcf *out, struct yg_err *err) YG_MUST_USE;
void yg_mcf_release(struct yg_mcf *m);
/* The curve at t: the last time <= t, or -1 before the first. */
ptrdiff_t yg_mcf_at(const struct yg_mcf_curve *c, double t);

/* statistic ~ chi-squared with df = groups that can be compared - 1; df 0 = nothing to compare. */
#define YG_MCF_MOST_GROUPS 50u
struct yg_mcf_test {
	double statistic, p;
	int df;
	double q, se;                 /* two groups: Q of the second group with its SE; else NaN */
};
enum yg_status yg_mcf_test(const struct yg_spans *d, struct yg_task *task, struct yg_mcf_test *out, struct yg_err *err) YG_MUST_USE;

#endif
