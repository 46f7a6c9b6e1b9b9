/* What the two ways of adjusting curves share. */
#ifndef YOGO_STATS_ADJUSTED_PRIV_H
#define YOGO_STATS_ADJUSTED_PRIV_H

#include "yogo/stats/adjusted_curve.h"

struct yg_adjusted {
	size_t groups;
	double n;
	void (*covariance)(const struct yg_adjusted *a, double t, double *out);
	void (*release)(struct yg_adjusted *a);
	/* direct */
	size_t strata;
	double *share;             /* [strata] */
	struct yg_km cell;         /* curve stratum * groups + group */
	/* model */
	struct yg_adjusted_model *model;
};
/* Write survival and SE into point j of a curve, with limits. */
void yg_adjusted_point(const struct yg_km *km, struct yg_km_curve *c, size_t j, double surv, double se);

#endif
