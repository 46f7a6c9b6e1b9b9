/*
 * Probability distributions: density, lower tail (cdf), upper tail, quantile.
 *
 * On GSL with its error handler switched off, so that nothing here can end the program.  The status
 * is in the value: NaN means outside the domain (a degree of freedom <= 0, a probability outside
 * [0, 1], a NaN argument) or not computable; infinite arguments are legal and give the limit.
 * Both tails are computed directly, so that p values are right to about 1e-13 relative, far out too;
 * quantiles are polished until the tail they came from is met to the last digits.
 * Upper tails ("upper") are P(X > x) also for the discrete distributions.
 */
#ifndef YOGO_NUM_DIST_H
#define YOGO_NUM_DIST_H

#include <stdint.h>

/* Standard normal. */
double yg_normal_density(double x);
double yg_normal_cdf(double x);
double yg_normal_upper(double x);
double yg_normal_two_sided(double z);             /* P(|Z| > |z|) */
double yg_normal_quantile(double p);
double yg_normal_quantile_upper(double q);        /* x with P(X > x) = q */

/* Student's t, df > 0 (infinite df is the normal). */
double yg_t_density(double x, double df);
double yg_t_cdf(double x, double df);
double yg_t_upper(double x, double df);
double yg_t_two_sided(double t, double df);
double yg_t_quantile(double p, double df);
double yg_t_quantile_upper(double q, double df);

/* Chi-squared, df > 0. */
double yg_chisq_cdf(double x, double df);
double yg_chisq_upper(double x, double df);
double yg_chisq_quantile(double p, double df);
double yg_chisq_quantile_upper(double q, double df);

/* F, df1, df2 > 0 (infinite df2 allowed: chi-squared / df1). */
double yg_f_cdf(double x, double df1, double df2);
double yg_f_upper(double x, double df1, double df2);
double yg_f_quantile(double p, double df1, double df2);
double yg_f_quantile_upper(double q, double df1, double df2);

/* Beta(a, b) on [0, 1]. */
double yg_beta_cdf(double x, double a, double b);
double yg_beta_upper(double x, double a, double b);
double yg_beta_quantile(double p, double a, double b);
double yg_beta_quantile_upper(double q, double a, double b);

/* Gamma with shape and scale. */
double yg_gamma_cdf(double x, double shape, double scale);
double yg_gamma_upper(double x, double shape, double scale);
double yg_gamma_quantile(double p, double shape, double scale);
double yg_gamma_quantile_upper(double q, double shape, double scale);

/* Binomial: n trials with probability p; k < 0 and k >= n are legal. */
double yg_binomial_pmf(int64_t k, int64_t n, double p);
double yg_binomial_cdf(int64_t k, int64_t n, double p);
double yg_binomial_upper(int64_t k, int64_t n, double p);
/* Poisson with mean mu. */
double yg_poisson_pmf(int64_t k, double mu);
double yg_poisson_cdf(int64_t k, double mu);
double yg_poisson_upper(int64_t k, double mu);
/* Hypergeometric: k marked in a draw of `draw` from marked + unmarked. */
double yg_hypergeometric_pmf(int64_t k, int64_t marked, int64_t unmarked, int64_t draw);
double yg_hypergeometric_cdf(int64_t k, int64_t marked, int64_t unmarked, int64_t draw);
double yg_hypergeometric_upper(int64_t k, int64_t marked, int64_t unmarked, int64_t draw);
double yg_hypergeometric_log_pmf(int64_t k, int64_t marked, int64_t unmarked, int64_t draw);

/* log Gamma(x), x > 0; log n!; log of the binomial coefficient; log Beta(a, b). */
double yg_lgamma(double x);
double yg_lfactorial(int64_t n);
double yg_lchoose(int64_t n, int64_t k);
double yg_lbeta(double a, double b);
double yg_digamma(double x);
double yg_trigamma(double x);

#endif
