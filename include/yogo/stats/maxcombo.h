/*
 * MaxCombo: the largest of four weighted log-rank statistics of two groups, with one p value (Lee 1996, Biometrics 52:721;
 * Karrison 2016, Stata J 16:678; Lin and others 2020, Stat Biopharm Res 12:187).
 *
 *   Z_k = U_k / sqrt(V_kk) with Fleming-Harrington weights S(t-)^rho (1 - S(t-))^gamma, (rho, gamma) = (0,0), (0,1), (1,0), (1,1);
 *   V_kl = sum u_k u_l d (n - d) / (n - 1) p (1 - p), summed over strata with U; S of both groups of the stratum together
 *   p    = P(max |Z_k| >= the observed) for normal Z with that correlation: two-sided, by yg_mvn_outside
 * (0,0) is the sum of (0,1) and (1,0), so the correlation has rank 3; the integral is two-dimensional.
 * Z > 0: the second group has more events than expected.
 */
#ifndef YOGO_STATS_MAXCOMBO_H
#define YOGO_STATS_MAXCOMBO_H

#include "yogo/base/status.h"
#include "yogo/base/task.h"
#include "yogo/stats/spans.h"

#define YG_MAXCOMBO_WEIGHTS 4
extern const double yg_maxcombo_rho[YG_MAXCOMBO_WEIGHTS], yg_maxcombo_gamma[YG_MAXCOMBO_WEIGHTS];

struct yg_maxcombo {
	double z[YG_MAXCOMBO_WEIGHTS];     /* NaN when the weight is 0 at every event time */
	double correlation[YG_MAXCOMBO_WEIGHTS * YG_MAXCOMBO_WEIGHTS];
	double statistic;                  /* max |z| */
	int which;                         /* of which weights */
	double p, p_error;                 /* NaN when there is nothing to compare */
};
/* Every pair of groups on its own rows, in the order of yg_logrank_pairwise: out[groups * (groups - 1) / 2]. */
enum yg_status yg_maxcombo_test(const struct yg_spans *d, struct yg_task *task, struct yg_maxcombo *out,
                                struct yg_err *err) YG_MUST_USE;

#endif
