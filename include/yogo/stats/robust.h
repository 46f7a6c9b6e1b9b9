/*
 * Sandwich variances: (X'WX)^-1 (sum of squared scores) (X'WX)^-1.
 *
 * HC0-HC3 (White 1980; MacKinnon & White 1985) and clustered (Liang & Zeger 1986).  Factors as in R's sandwich:
 * HC1 n/(n-k); HC2 1/(1-h); HC3 1/(1-h)^2; clusters G/(G-1) when adjusted, and with HC1 also (n-1)/(n-k).
 */
#ifndef YOGO_STATS_ROBUST_H
#define YOGO_STATS_ROBUST_H

#include "yogo/stats/regression.h"

enum yg_robust { YG_ROBUST_HC0, YG_ROBUST_HC1, YG_ROBUST_HC2, YG_ROBUST_HC3 };

struct yg_robust_request {
	enum yg_robust type;
	const int32_t *cluster;    /* [n] 0..clusters-1, or NULL; then type is HC0 or HC1 */
	size_t clusters;           /* numbers without rows do not count */
	bool adjust;               /* clusters: G/(G-1) */
};
/*
 * score[n]: score residuals (linear: weight times residual; glm: yg_glm_rows).  working[n]: working weights,
 * needed for HC2 and HC3 only (linear: prior weights; NULL = 1).  inverse[p*p] = (X'WX)^-1.  covariance[p*p] out.
 * effective_n: n of the factors (rows with weight > 0).
 */
enum yg_status yg_robust_covariance(const struct yg_regression *d, const double *score, const double *working,
                                    const double *inverse, size_t rank, size_t effective_n,
                                    const struct yg_robust_request *request, struct yg_task *task, double *covariance,
                                    struct yg_err *err) YG_MUST_USE;

#endif
