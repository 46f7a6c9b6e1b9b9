/*
 * Propensity score: the probability of treatment by logistic regression, and how far the arms overlap.
 * Also the weighted difference of two means with its errors.
 */
#ifndef YOGO_STATS_PROPENSITY_H
#define YOGO_STATS_PROPENSITY_H

#include "yogo/stats/glm.h"

/* [0] untreated, [1] treated. */
struct yg_overlap {
	size_t n[2];
	double smallest[2], largest[2];
	size_t outside[2];          /* scores outside the range common to both arms */
	double c_statistic;         /* probability that a treated person's score is the higher, ties 1/2 */
};
/* d->y is the arm, 0 or 1.  score[n] out: fitted probabilities. */
enum yg_status yg_propensity_fit(const struct yg_regression *d, struct yg_task *task, struct yg_glm *model, double *score,
                                 struct yg_err *err) YG_MUST_USE;
enum yg_status yg_propensity_overlap(const int8_t *arm, const double *score, size_t n, struct yg_task *task,
                                     struct yg_overlap *out, struct yg_err *err) YG_MUST_USE;

/*
 * Difference of weighted means (Hajek), treated minus untreated, with the standard error that takes the weights as known.
 * se_estimated: for ATE weights 1/e and 1/(1-e) of a logistic score with design matrix x[n*p], allowing for its
 * estimation (Lunceford & Davidian 2004); x NULL leaves it NaN.
 */
struct yg_ipw {
	double mean[2], difference, se_known, se_estimated;
};
enum yg_status yg_ipw_difference(const double *y, const int8_t *arm, const double *weight, size_t n, const double *score,
                                 const double *x, size_t p, struct yg_ipw *out, struct yg_err *err) YG_MUST_USE;

#endif
