/*
 * Comparing survival between groups: the weighted log-rank family.
 *
 * At each event time, with n at risk, d events, and group g's share p_g of those at risk:
 *   U_g = sum u (d_g - p_g d),   V = sum u^2 d (n - d) / (n - 1) (diag(p) - p p')
 *   u   logrank 1 (Mantel 1966); gehan n (Gehan 1965, Breslow 1970); tarone sqrt(n) (Tarone and Ware 1977);
 *       fleming S(t-)^rho (1 - S(t-))^gamma, S the pooled Kaplan-Meier of the stratum (Harrington and Fleming
 *       1982, Biometrika 69:553; rho = 1, gamma = 0 is Peto-Peto-Prentice, R's rho = 1);
 *       peto prod (1 - d/(n+1)) up to t; modified_peto the same times n/(n+1) (Andersen 1982)
 *   chisq = U' V^- U on (groups with anybody expected) - 1 df; strata: U and V are summed
 *   trend: (sum s_g U_g)^2 / s'Vs with scores s (default 1, 2, ...)
 *   case weights: d, p are weighted, and V = sum u^2 d (n - d) / (n (n - 1)) sum_i w_i^2 (e_i - p)(e_i - p)' over those
 *       at risk, d and n counting rows (Xie and Liu 2005, Stat Med 24:3089); weights 1 give the usual V
 * Rows are at risk in (entry, exit].
 */
#ifndef YOGO_STATS_LOGRANK_H
#define YOGO_STATS_LOGRANK_H

#include <stdbool.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"
#include "yogo/stats/spans.h"

enum yg_logrank_kind {
	YG_LOGRANK_MANTEL,
	YG_LOGRANK_GEHAN,
	YG_LOGRANK_TARONE,
	YG_LOGRANK_FLEMING,
	YG_LOGRANK_PETO,
	YG_LOGRANK_MODIFIED_PETO,
};
struct yg_logrank_options {
	enum yg_logrank_kind kind;
	double rho, gamma;          /* FLEMING only */
	const double *score;        /* [groups] for the trend; NULL = 1, 2, ... */
};
struct yg_logrank {
	size_t groups;
	uint64_t *rows, *events;    /* [groups] */
	double *observed, *expected;/* [groups] weighted by u (and case weights) */
	double *variance;           /* [groups*groups] of observed - expected */
	double chisq, p;            /* NaN when nobody had an event or one group is left */
	int df;
	double trend_z, trend_chisq, trend_p;
	void *space;
};
enum yg_status yg_logrank_test(const struct yg_spans *d, const struct yg_logrank_options *options, struct yg_task *task,
                               struct yg_logrank *out, struct yg_err *err) YG_MUST_USE;
void yg_logrank_release(struct yg_logrank *t);

/*
 * Every pair of groups on its own rows: chisq[k], p[k] (1 df; NaN where there is nothing to compare), k running
 * over (0,1), (0,2), (1,2), (0,3) ...; adjust p with yg_padjust().
 */
enum yg_status yg_logrank_pairwise(const struct yg_spans *d, const struct yg_logrank_options *options,
                                   struct yg_task *task, double *chisq, double *p, struct yg_err *err) YG_MUST_USE;

/* One sample against a standard: expected events sum H0(exit) - H0(entry); chisq = (O - E)^2 / E on 1 df. */
void yg_logrank_one_sample(double observed, double expected, double *chisq, double *p);

#endif
