/*
 * Flexible parametric survival models (Royston and Parmar 2002, Statistics in Medicine 21:2175).
 *
 *     g(S(t | x)) = s(log t) + x'b,   s(y) = c1 y + c2 v1(y) + ... + cK v(K-1)(y)   (the constant is the intercept of x)
 *
 * hazard: g(S) = log(-log S) (b: log hazard ratios); odds: log(1/S - 1) (b: log odds ratios); normal: -Phi^-1(S).
 * s is a natural cubic spline with K = df and knots k0 < k1 < .. < kK in log time:
 *     v_j(y) = (y - k_j)+^3 - l_j (y - k0)+^3 - (1 - l_j)(y - kK)+^3,   l_j = (kK - k_j)/(kK - k0)
 * k0 and kK at the first and last log time of an event, the others at centiles j/K of them (type 7; an interval counts with its
 * middle).  df = 1 is the Weibull, log-logistic or lognormal model.  Exact, right, left and interval censored times, delayed
 * entry; Newton with the exact gradient and Hessian.  A spline that falls where it ought to rise (S would rise) is
 * refused inside the fit at events and looked for afterwards on all of the axis.
 *
 * Parameters: b[p], then c1 .. cK.
 */
#ifndef YOGO_STATS_ROYSTON_PARMAR_H
#define YOGO_STATS_ROYSTON_PARMAR_H

#include "yogo/stats/aft.h"

enum yg_rp_scale { YG_RP_HAZARD, YG_RP_ODDS, YG_RP_NORMAL };
bool yg_rp_scale_parse(const char *word, enum yg_rp_scale *out);
#define YG_RP_MOST 10          /* df */

struct yg_rp_options {
	enum yg_rp_scale scale;
	int df;                     /* 1 .. YG_RP_MOST */
	bool robust, no_null;
	bool repeats;               /* weights are counts of equal rows: centiles are those of the rows written out */
	const double *knots;        /* [df + 1] log times, ascending; NULL = centiles */
};
struct yg_rp {
	enum yg_rp_scale scale;
	int df;
	double knot[YG_RP_MOST + 1];
	size_t n, p, parameters, rank, k;
	uint64_t exact, right, left, interval;
	double n_weighted;
	double *theta, *se, *var, *naive;
	uint8_t *fault;             /* [p] enum yg_aft_fault */
	bool robust, monotone;      /* monotone: S falls everywhere between and beyond the knots */
	double loglik, loglik_null, lrt, aic;
	int lrt_df, iterations;
	enum yg_aft_stop stop;
	void *space;
};
/* d->stratum is not looked at.  Fewer distinct event times than knots: YG_REFUSED. */
enum yg_status yg_rp_fit(const struct yg_aft_data *d, const struct yg_rp_options *options, struct yg_task *task,
                         struct yg_rp *out,
                         struct yg_err *err) YG_MUST_USE;
void yg_rp_release(struct yg_rp *fit);
void yg_rp_survival(const struct yg_rp *fit, const double *x, double offset, double t, struct yg_aft_value *out);
void yg_rp_hazard(const struct yg_rp *fit, const double *x, double offset, double t, struct yg_aft_value *out);
void yg_rp_quantile(const struct yg_rp *fit, const double *x, double offset, double p, struct yg_aft_value *out);
double yg_rp_survival_at(const struct yg_rp *fit, double eta, double t);
/* The time alone, at x'b = eta (the spline is not in it). */
double yg_rp_quantile_at(const struct yg_rp *fit, double eta, double p);

#endif
