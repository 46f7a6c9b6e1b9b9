/*
 * Balance of one covariate between two arms, before and after weighting.
 *
 * Standardised differences divide by a named denominator taken before weighting, so that before and after are
 * comparable (Austin & Stuart 2015); the weighted one is given beside it.  Binary columns use p (1 - p), others the
 * variance with n - 1, weighted: sum w / ((sum w)^2 - sum w^2) * sum w (x - mean)^2.
 */
#ifndef YOGO_STATS_BALANCE_H
#define YOGO_STATS_BALANCE_H

#include "yogo/base/task.h"
#include "yogo/stats/smd.h"

#include <stdbool.h>
#include <stdint.h>

#include "yogo/base/status.h"

struct yg_balance {
	bool binary;               /* every value is 0 or 1 */
	double mean[2];            /* weighted; [0] untreated, [1] treated */
	double variance[2];        /* weighted */
	double raw_variance[2];    /* unweighted */
	double smd;                /* over the unweighted denominator asked for */
	double smd_weighted;       /* over the weighted variances */
	double variance_ratio;     /* treated over untreated, weighted; NaN for binary */
	double ks;                 /* largest distance of the weighted distribution functions */
};
/* x[i * stride], arm[n] 0 or 1, weight[n] or NULL = 1. */
enum yg_status yg_balance_column(const double *x, size_t stride, size_t n, const int8_t *arm, const double *weight,
                                 enum yg_smd_denominator denominator, struct yg_task *task, struct yg_balance *out,
                                 struct yg_err *err) YG_MUST_USE;

#endif
