/*
 * Generalised linear models by Fisher scoring (iteratively reweighted least squares) with step halving.
 *
 * McCullagh & Nelder (1989).  Conventions are R's glm: deviance, dispersion by Pearson's statistic where the family has
 * one to estimate, log likelihood with the deviance-based dispersion for gaussian, gamma and inverse gaussian.
 * Convergence is by the Newton decrement, tighter than R's default: 1e-16, and with some 300,000 rows and more when the linear
 * predictor moves by less than 1e-8 (root mean square), after which the last step still counts: coefficients are good to
 * all digits then, weights and standard errors to eight.
 */
#ifndef YOGO_STATS_GLM_H
#define YOGO_STATS_GLM_H

#include "yogo/num/newton.h"
#include "yogo/stats/regression.h"

enum yg_family { YG_FAMILY_GAUSSIAN, YG_FAMILY_BINOMIAL, YG_FAMILY_POISSON, YG_FAMILY_GAMMA, YG_FAMILY_INVERSE_GAUSSIAN,
	         YG_FAMILY_NEGATIVE_BINOMIAL };
enum yg_link { YG_LINK_IDENTITY, YG_LINK_LOG, YG_LINK_LOGIT, YG_LINK_PROBIT, YG_LINK_CLOGLOG, YG_LINK_INVERSE };
const char *yg_family_name(enum yg_family f);   /* "binomial" */
const char *yg_link_name(enum yg_link l);       /* "logit" */
bool yg_family_parse(const char *name, enum yg_family *f);
bool yg_link_parse(const char *name, enum yg_link *l);
enum yg_link yg_family_link(enum yg_family f);  /* canonical; log for negative binomial and gamma's is inverse */
bool yg_family_allows(enum yg_family f, enum yg_link l);

struct yg_glm_options {
	enum yg_family family;
	enum yg_link link;
	bool quasi;             /* estimate the dispersion of a family that has none (quasibinomial, quasipoisson) */
	double theta;           /* negative binomial: variance mu + mu^2 / theta */
	int most_iterations;    /* 0 = standard */
	const double *start;    /* [p] or NULL */
	bool brief;             /* coefficients, inverse, deviance alone: a step of something larger */
	const uint8_t *fixed;   /* [p] 1 = this coefficient stays at start (profile likelihood), or NULL */
};

struct yg_glm {
	enum yg_family family;
	enum yg_link link;
	size_t n;               /* rows with weight > 0 */
	size_t p, rank;
	double *b;              /* [p]; 0 where dropped */
	double *inverse;        /* [p*p] (X'WX)^-1 at the solution */
	double *covariance;     /* [p*p] dispersion (X'WX)^-1 */
	uint8_t *dropped;       /* [p] 1 = a combination of earlier columns */
	double deviance, null_deviance, df_residual, df_null;
	double pearson;         /* Pearson's chi-squared */
	double dispersion;      /* 1 where the family has none */
	bool dispersion_estimated;      /* then tests are t and F on df_residual */
	double loglik, aic, bic;        /* NaN for quasi families */
	double theta, theta_se;         /* negative binomial */
	double weight_sum;
	int iterations, halvings;
	enum yg_stop stop;
	/* Binomial and Poisson: fitted means on the border and coefficients without bound. */
	size_t border;          /* rows whose fitted mean is within 1e-9 of the border */
	bool separated;
	uint8_t *diverging;     /* [p] 1 = this coefficient runs to infinity; it may be dropped as well */
};
enum yg_status yg_glm_fit(const struct yg_regression *d, const struct yg_glm_options *options, struct yg_task *task,
                          struct yg_glm *out, struct yg_err *err) YG_MUST_USE;
void yg_glm_release(struct yg_glm *m);

/* Row by row at the solution; each output [n] may be NULL: eta, fitted mean, working weight (w mu'^2 / V), score residual
   w (y - mu) mu' / V (x_i times it is the row's score). */
struct yg_glm_rows {
	double *eta, *mean, *weight, *score;
};
enum yg_status yg_glm_rows(const struct yg_regression *d, const struct yg_glm *m, struct yg_task *task,
                           const struct yg_glm_rows *out, struct yg_err *err) YG_MUST_USE;
/* Inverse link, and its derivative (NULL allowed). */
double yg_link_mean(enum yg_link link, double eta, double *slope);

/* Likelihood ratio test (F on the dispersion of the larger where that is estimated) of nested models on the same rows. */
struct yg_term_test yg_glm_compare(const struct yg_glm *small, const struct yg_glm *large);

/* Profile likelihood limits of coefficient j: where the deviance (over the dispersion) rises by the chi-squared quantile
   of conf; infinite where it never does. */
enum yg_status yg_glm_profile(const struct yg_regression *d, const struct yg_glm_options *options, const struct yg_glm *m,
                              size_t j, double conf, struct yg_task *task, double *lower, double *upper,
                              struct yg_err *err) YG_MUST_USE;
/* Negative binomial with theta by maximum likelihood (NB2; Lawless 1987), alternating theta and coefficients. */
enum yg_status yg_negative_binomial_fit(const struct yg_regression *d, struct yg_task *task, struct yg_glm *out,
                                        struct yg_err *err) YG_MUST_USE;

#endif
