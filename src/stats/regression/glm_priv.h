/*
 * One row of a generalised linear model: mean, slope, variance, deviance at a linear predictor.
 */
#ifndef YOGO_STATS_GLM_PRIV_H
#define YOGO_STATS_GLM_PRIV_H

#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"
#include "yogo/stats/glm.h"

/* The sum of log(1 + x) over x >= 0 by the logarithm of a product, one for some dozens of x; what is tiny is not lost. */
struct yg_log_product {
	double product, sum;
};
#define YG_LOG_PRODUCT_INIT { 1, 0 }
static inline void yg_log_product_add(struct yg_log_product *l, double x)
{
	if (x < 1e-5 || x > 1e100) {
		l->sum += yg_log1p(x);
		return;
	}
	l->product *= 1 + x;
	if (l->product > 1e100) {
		l->sum += yg_log(l->product);
		l->product = 1;
	}
}
static inline double yg_log_product_value(const struct yg_log_product *l)
{
	return l->sum + yg_log(l->product);
}

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
/* Working weight w slope^2 / variance and score residual w (y - mean) slope / variance. */
void yg_glm_working(const struct yg_glm_family *f, double y, double w, const struct yg_glm_point *at, double *weight,
                    double *score);
/* Log likelihood of all rows by R's conventions. */
double yg_glm_loglik(const struct yg_regression *d, const struct yg_glm *m, const double *mean);


/* ---- one fit ---- */

enum yg_glm_road { YG_GLM_GENERAL, YG_GLM_LOGIT, YG_GLM_POISSON, YG_GLM_NEGBIN };   /* the latter: no weights; y 0 or 1, counts */
#define YG_GLM_COUNTS 256u
struct yg_glm_work {
	const struct yg_regression *d;
	const struct yg_glm_options *options;
	struct yg_glm_family family;
	enum yg_glm_road fast;
	struct yg_pass pass;
	double *shift;            /* [p] zero without intercept */
	double *column;           /* [p] root mean square of the (shifted) columns */
	double *first;            /* [p*p] scratch: the first information matrix */
	uint8_t *dependent;       /* [p] columns that follow from earlier ones at the start, where all weights are good */
	bool have_column;
	double tolerance;         /* of the Newton decrement */
	double constant;          /* added to the offset in the null pass */
	double weight_sum, outcome_sum;
	struct yg_task *task;
	double sums[YG_PASS_SUMS];
	double counts[YG_PASS_SUMS];      /* of yg_glm_count_rows */
	double y_log_y[YG_GLM_COUNTS], saturated[YG_GLM_COUNTS];
	double log_theta[YG_GLM_COUNTS];  /* log(y + theta) */
};
/* Passes: sums are deviance, rows outside the domain, Pearson's chi-squared. */
yg_pass_fn yg_glm_general_rows, yg_glm_logit_rows, yg_glm_poisson_rows, yg_glm_negbin_rows;
/* The first step of R's iteration, from the data: X'W and X'Wz with z = g(first mean) - offset. */
yg_pass_fn yg_glm_first_rows;
/* Deviance at offset + constant. */
yg_pass_fn yg_glm_null_rows;
/* Counts before any model; sums: exp(offset), y log y, y offset, log likelihood of the saturated model. */
yg_pass_fn yg_glm_count_rows;
void yg_glm_count_tables(struct yg_glm_work *f);

/* Outcome and weights in their ranges; sums; which road may be taken. */
enum yg_status yg_glm_check(struct yg_glm_work *f, struct yg_glm *m, struct yg_err *err) YG_MUST_USE;
/* Of the model with an intercept alone: linear predictor, and deviance at it; NaN where there is no closed form. */
double yg_glm_null_eta(const struct yg_glm_work *f);
double yg_glm_null_closed(const struct yg_glm_work *f, double eta0);
/* Starting values into m->b; score[p] and information[p*p] are room. */
enum yg_status yg_glm_start(struct yg_glm_work *f, struct yg_glm *m, double *score, double *information, double eta0,
                            struct yg_err *err) YG_MUST_USE;

#endif
