/*
 * One row of a generalised linear model: mean, slope, variance, deviance at a linear predictor.
 */
#ifndef YOGO_STATS_GLM_PRIV_H
#define YOGO_STATS_GLM_PRIV_H

#include "yogo/stats/glm.h"

struct yg_glm_family {
	enum yg_family family;
	enum yg_link link;
	double theta;
};
struct yg_glm_point {
	double mean;
	double rest;        /* binomial: 1 - mean, exact also near 1 */
	double slope;       /* d mean / d eta */
	double variance;
};
/* False where the mean is outside the family's domain. */
bool yg_glm_point(const struct yg_glm_family *f, double eta, struct yg_glm_point *out);
/* Unit deviance of y at that point (eta is used where its logarithm is known exactly). */
double yg_glm_deviance(const struct yg_glm_family *f, double y, double eta, const struct yg_glm_point *at);
/* Linear predictor of a mean; the mean at which R starts the iteration for y with weight w. */
double yg_glm_eta(enum yg_link link, double mean);
double yg_glm_first_mean(const struct yg_glm_family *f, double y, double w);
/* Is y a possible outcome? */
bool yg_glm_possible(enum yg_family family, double y);
/* Working weight w slope^2 / variance and score residual w (y - mean) slope / variance. */
void yg_glm_working(const struct yg_glm_family *f, double y, double w, const struct yg_glm_point *at, double *weight,
                    double *score);
/* Log likelihood of all rows by R's conventions; NaN for quasi. */
double yg_glm_loglik(const struct yg_regression *d, const struct yg_glm *m, const double *mean);

#endif
