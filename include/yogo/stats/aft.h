/*
 * Parametric models of the time to an event (Kalbfleisch and Prentice 2002, The Statistical Analysis of Failure Time Data, ch. 3).
 *
 *   location and scale   log T = x'b + scale * e (Weibull, exponential, Rayleigh: e of the smallest extreme value; lognormal; log-logistic);
 *                        gaussian, logistic, t: T itself instead of log T
 *   gengamma             Prentice (1974, Biometrika 61:539): log T = x'b + scale * e, with w = (log t - x'b)/scale
 *                            log f = log|Q| + k log k - log Gamma(k) + k (Q w - exp(Q w)) - log(scale t),   k = Q^-2
 *                        Q = 1 Weibull, Q = 0 lognormal, Q = scale gamma; the parametrisation of Stata (kappa = Q) and flexsurv
 *   gamma                gengamma with Q = scale: shape scale^-2, mean exp(x'b)
 *   gompertz             hazard exp(x'b + a t): a proportional hazards model
 *
 * Likelihood of exact, right, left and interval censored times, and of delayed entry (divided by S(entry)).  Log likelihoods are
 * densities of the time.  Newton with the exact gradient and Hessian; in the shape Q the derivatives of censored
 * terms are five-point differences (relative error 1e-10).  Sums run in blocks of 4,096 rows, so threads never change a bit.
 *
 * Parameters are in one vector: b[p], then log(scale) of each stratum (none when the scale is fixed), then the shape
 * (Q of gengamma, a of gompertz, in reciprocals of the time's unit).
 */
#ifndef YOGO_STATS_AFT_H
#define YOGO_STATS_AFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"
#include "yogo/num/packed.h"

enum yg_aft_dist {
	YG_AFT_EXPONENTIAL, YG_AFT_WEIBULL, YG_AFT_RAYLEIGH, YG_AFT_LOGNORMAL, YG_AFT_LOGLOGISTIC, YG_AFT_GAMMA,
		YG_AFT_GENGAMMA,
	YG_AFT_GOMPERTZ, YG_AFT_GAUSSIAN, YG_AFT_LOGISTIC, YG_AFT_T,
};
bool yg_aft_dist_parse(const char *word, enum yg_aft_dist *out);   /* exponential weibull ... */
const char *yg_aft_dist_name(enum yg_aft_dist dist);
bool yg_aft_dist_log(enum yg_aft_dist dist);            /* a model of log T: coefficients are log time ratios */
bool yg_aft_dist_ph(enum yg_aft_dist dist);             /* proportional hazards: exponential weibull rayleigh gompertz */
/* The scale that the distribution fixes (exponential 1, rayleigh 1/2), or 0. */
double yg_aft_dist_scale(enum yg_aft_dist dist);

/*
 * upper NULL: the time itself, with an event (event[i] != 0) or right-censored.
 * upper given: T is in (time, upper]: equal = exact; upper infinite = right-censored; time <= 0 in models of log T, or
 * -infinity, = left-censored.  A row that says nothing (0, infinity) is legal.
 */
struct yg_aft_data {
	size_t n, p;
	const double *x;              /* [n*p] row-major, finite */
	const struct yg_packed *packed;   /* instead of x; yg_rp_fit takes x only */
	size_t intercept;             /* its column, or SIZE_MAX */
	const double *offset;         /* [n] or NULL */
	const double *time, *upper;   /* [n] */
	const uint8_t *event;         /* [n]; not looked at with upper */
	const double *entry;          /* [n] under observation after it, or NULL; <= 0 (log) or -infinity = from the start */
	const double *weight;         /* [n] >= 0, or NULL */
	const int32_t *stratum;       /* [n] 0..strata-1: a scale each; NULL = one */
	size_t strata;
	const uint32_t *cluster;      /* [n] 0..clusters-1, or NULL */
	size_t clusters;
};
struct yg_aft_options {
	enum yg_aft_dist dist;
	double scale;                 /* > 0: fixed at this; 0 = estimated (or fixed by the distribution) */
	double df;                    /* of t; 0 = 4 */
	bool robust;                  /* sandwich; implied by cluster */
	bool no_null;                 /* leave out the model of the intercept only */
	int max_iterations;           /* 0 = 100 */
};

enum yg_aft_stop {
	YG_AFT_CONVERGED,
	YG_AFT_NO_EVENTS,             /* all are right-censored: nothing is estimated */
	YG_AFT_INFINITE,              /* a coefficient runs away: see fault[] */
	YG_AFT_NO_SPREAD,             /* the scale goes to 0: the model meets the times exactly */
	YG_AFT_SHAPE,                 /* the shape (or a large scale) runs away */
	YG_AFT_ITERATIONS,
};
const char *yg_aft_stop_name(enum yg_aft_stop stop);    /* "converged" ... */
enum yg_aft_fault { YG_AFT_FINE, YG_AFT_COLLINEAR, YG_AFT_RUNS_AWAY };

struct yg_aft {
	enum yg_aft_dist dist;
	size_t n, p, scales, shapes, parameters;   /* parameters = p + scales + shapes */
	size_t strata;
	double n_weighted;            /* sum of weights */
	uint64_t exact, right, left, interval;     /* rows of each kind */
	double *theta, *se;           /* [parameters]; 0 and NaN where collinear */
	double *var, *naive;          /* [parameters^2] the one used; inverse information */
	uint8_t *fault;               /* [p] */
	double *scale;                /* [strata], fixed ones too; gompertz: 1 */
	double shape, df;             /* Q or a; df of t */
	size_t rank;                  /* of the b */
	bool robust;
	double loglik, loglik_null;   /* null: NaN when not fitted */
	double lrt;                   /* 2 (loglik - loglik_null), df rank - 1 */
	int lrt_df;
	double aic;                   /* -2 loglik + 2 k */
	size_t k;                     /* parameters estimated */
	int iterations;
	enum yg_aft_stop stop;
	void *space;
};
enum yg_status yg_aft_fit(const struct yg_aft_data *d, const struct yg_aft_options *options, struct yg_task *task,
                          struct yg_aft *out,
                          struct yg_err *err) YG_MUST_USE;
void yg_aft_release(struct yg_aft *fit);

/* ---- what a fit says of one profile: x[p], linear predictor b'x + offset ---- */

/* Value and its standard error by the delta method; NaN outside the domain. */
struct yg_aft_value {
	double value, se;
	double log_se;                /* of log(value); survival: of log(-log S) */
};
void yg_aft_linear(const struct yg_aft *fit, const double *x, double offset, struct yg_aft_value *out);
void yg_aft_survival(const struct yg_aft *fit, const double *x, double offset, int stratum, double t,
                     struct yg_aft_value *out);
void yg_aft_hazard(const struct yg_aft *fit, const double *x, double offset, int stratum, double t,
                   struct yg_aft_value *out);
/* The time by which a share p has had the event. */
void yg_aft_quantile(const struct yg_aft *fit, const double *x, double offset, int stratum, double p,
                     struct yg_aft_value *out);

/* S(t), and the time by which a share p has had the event, alone, at a linear predictor. */
double yg_aft_survival_at(const struct yg_aft *fit, double eta, int stratum, double t);
/* The same S(t) of many linear predictors, stratum NULL = all in the first: out[n], which may not be eta. */
void yg_aft_survival_rows(const struct yg_aft *fit, const double *eta, const int32_t *stratum, size_t n, double t, double *out);
double yg_aft_quantile_at(const struct yg_aft *fit, double eta, int stratum, double p);
/*
 * The mean time, in closed form: exp(eta) times Gamma(1 + s) (extreme value), exp(s^2/2) (normal), Gamma(1 + s) Gamma(1 - s)
 * (logistic, s < 1), 1 (gamma), Q^(2s/Q) Gamma(k + s/Q) / Gamma(k) (gengamma, k = Q^-2); Gompertz exp(z) E1(z) / a with
 * z = exp(eta)/a; models of the time itself: eta.  Infinite where the tail is too heavy or some never have the event.
 */
double yg_aft_mean_at(const struct yg_aft *fit, double eta, int stratum);
void yg_aft_mean(const struct yg_aft *fit, const double *x, double offset, int stratum, struct yg_aft_value *out);

/* ---- residuals (as residuals.survreg of R); location and scale models ---- */
enum yg_aft_residual { YG_AFT_RESPONSE, YG_AFT_DEVIANCE, YG_AFT_WORKING };
enum yg_status yg_aft_residuals(const struct yg_aft_data *d, const struct yg_aft *fit, enum yg_aft_residual kind,
                                struct yg_task *task,
                                double *out, struct yg_err *err) YG_MUST_USE;
/* out[n * parameters]: the approximate change of each parameter when the row is left out (score times inverse information). */
enum yg_status yg_aft_dfbeta(const struct yg_aft_data *d, const struct yg_aft *fit, struct yg_task *task, double *out,
                             struct yg_err *err) YG_MUST_USE;

#endif
