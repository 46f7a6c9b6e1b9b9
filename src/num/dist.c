/*
 * Probability distributions.
 *
 * The normal and the gamma functions are GSL's; everything that reduces to the incomplete beta or gamma function
 * goes through incomplete.c, because GSL switches to short expansions for large degrees of freedom (Cornish-Fisher for
 * t, from 30 on) that lose half the digits.  Quantiles invert the smaller tail by Newton on log-log scale inside
 * a bracket.
 */
#include "yogo/num/dist.h"

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_psi.h>
#include <math.h>
#include <stdbool.h>

#include "incomplete_priv.h"

/* GSL's default handler ends the program; a statistic must not. */
__attribute__((constructor)) static void silence_gsl(void)
{
	gsl_set_error_handler_off();
}

/* ---- gamma functions ---- */

double yg_lgamma(double x)
{
	gsl_sf_result r;
	if (!(x > 0) || isinf(x))
		return isinf(x) && x > 0 ? INFINITY : NAN;
	return gsl_sf_lngamma_e(x, &r) == GSL_SUCCESS ? r.val : NAN;
}

double yg_lfactorial(int64_t n)
{
	return n < 0 ? NAN : yg_lgamma((double)n + 1);
}

double yg_lchoose(int64_t n, int64_t k)
{
	if (n < 0)
		return NAN;
	if (k < 0 || k > n)
		return -INFINITY;
	if (k > n - k)
		k = n - k;
	if (k < 40) {          /* as a product: no cancellation of large logarithms */
		double c = 1;
		for (int64_t i = 1; i <= k; i++)
			c *= (double)(n - k + i) / (double)i;
		if (isfinite(c))
			return log(c);
	}
	return yg_lfactorial(n) - yg_lfactorial(k) - yg_lfactorial(n - k);
}

double yg_lbeta(double a, double b)
{
	gsl_sf_result r;
	if (!(a > 0) || !(b > 0))
		return NAN;
	return gsl_sf_lnbeta_e(a, b, &r) == GSL_SUCCESS ? r.val : NAN;
}

double yg_digamma(double x)
{
	gsl_sf_result r;
	return x > 0 && gsl_sf_psi_e(x, &r) == GSL_SUCCESS ? r.val : NAN;
}

double yg_trigamma(double x)
{
	gsl_sf_result r;
	return x > 0 && gsl_sf_psi_1_e(x, &r) == GSL_SUCCESS ? r.val : NAN;
}

/* ---- inversion ---- */

typedef double tail_fn(const double par[3], double x);

/*
 * x in (0, most) with tail(x) = target, tail monotone (rising for a lower tail), density its slope in absolute value.
 * Works on log x, log tail, where both ends of the families here are nearly straight lines.
 */
static double invert(tail_fn *tail, tail_fn *density, const double par[3], bool rising, double target, double start,
                     double most)
{
	double low = 0, high = most, x = start;
	if (!(x > 0) || !(x < most))
		x = isinf(most) ? 1 : most / 2;
	for (int i = 0; i < 2000; i++) {
		double t = tail(par, x);
		if (isnan(t))
			return NAN;
		double gap = t > 0 ? log(t / target) : -INFINITY;
		if (gap == 0)
			return x;
		if ((gap < 0) == rising)
			low = x;
		else
			high = x;
		double slope = t > 0 ? x * density(par, x) / t : 0;
		double next = slope > 0 && isfinite(gap) ? x * exp(rising ? -gap / slope : gap / slope) : NAN;
		if (!(next > low && next < high)) {
			if (isinf(high))
				next = x * 4;
			else if (low == 0)
				next = high / 16;
			else
				next = high / low > 2 ? sqrt(low) * sqrt(high) : low + (high - low) / 2;
		}
		if (next == x || fabs(next - x) <= DBL_EPSILON * x)
			return next;
		if (next <= DBL_MIN || next >= DBL_MAX / 8)
			return next <= DBL_MIN ? 0 : INFINITY;
		x = next;
	}
	return x;
}

static bool is_probability(double p)
{
	return p >= 0 && p <= 1;
}

/* ---- normal ---- */

double yg_normal_density(double x)
{
	return 0.398942280401432677939946059934 * exp(-0.5 * x * x);
}

double yg_normal_cdf(double x)
{
	return isnan(x) ? NAN : gsl_cdf_ugaussian_P(x);
}

double yg_normal_upper(double x)
{
	return isnan(x) ? NAN : gsl_cdf_ugaussian_Q(x);
}

double yg_normal_two_sided(double z)
{
	return isnan(z) ? NAN : 2 * gsl_cdf_ugaussian_Q(fabs(z));
}

double yg_normal_quantile(double p)
{
	return is_probability(p) ? gsl_cdf_ugaussian_Pinv(p) : NAN;
}

double yg_normal_quantile_upper(double q)
{
	return is_probability(q) ? gsl_cdf_ugaussian_Qinv(q) : NAN;
}

/* ---- Student's t ---- */

/* P(|T| > |t|) / 2 */
static double t_half_tail(double t, double df)
{
	double square = t * t, lower, upper;
	if (isinf(square))
		return 0;
	yg_incomplete_beta(df / (df + square), square / (df + square), df / 2, 0.5, &lower, &upper);
	return lower / 2;
}

double yg_t_density(double x, double df)
{
	if (isnan(x) || !(df > 0))
		return NAN;
	if (isinf(df))
		return yg_normal_density(x);
	/* By the F density: f_t(x) = x f_F(x^2; 1, df). */
	double t = log1p(x * x / df) * (df + 1) / 2;
	return exp(-t - yg_lbeta(df / 2, 0.5)) / sqrt(df);
}

double yg_t_upper(double x, double df)
{
	if (isnan(x) || !(df > 0))
		return NAN;
	if (isinf(df))
		return yg_normal_upper(x);
	double half = t_half_tail(x, df);
	return x >= 0 ? half : 1 - half;
}

double yg_t_cdf(double x, double df)
{
	return yg_t_upper(-x, df);
}

double yg_t_two_sided(double t, double df)
{
	return 2 * yg_t_upper(fabs(t), df);
}

static double t_tail(const double par[3], double x)
{
	return t_half_tail(x, par[0]);
}

static double t_slope(const double par[3], double x)
{
	return yg_t_density(x, par[0]);
}

double yg_t_quantile_upper(double q, double df)
{
	if (!is_probability(q) || !(df > 0))
		return NAN;
	if (isinf(df))
		return yg_normal_quantile_upper(q);
	if (q > 0.5)
		return -yg_t_quantile_upper(1 - q, df);
	if (q == 0.5)
		return 0;
	if (q == 0)
		return INFINITY;
	double z = yg_normal_quantile_upper(q), par[3] = { df, 0, 0 };
	double start = df < 3 ? sqrt((1 - 2 * q) * (1 - 2 * q) / (2 * q * (1 - q))) : z + (z * z * z + z) / (4 * df);
	return invert(t_tail, t_slope, par, false, q, start, INFINITY);
}

double yg_t_quantile(double p, double df)
{
	return -yg_t_quantile_upper(p, df);
}

/* ---- gamma and chi-squared ---- */

double yg_gamma_cdf(double x, double shape, double scale)
{
	double lower, upper;
	if (isnan(x) || !(shape > 0) || !(scale > 0))
		return NAN;
	yg_incomplete_gamma(shape, x / scale, &lower, &upper);
	return lower;
}

double yg_gamma_upper(double x, double shape, double scale)
{
	double lower, upper;
	if (isnan(x) || !(shape > 0) || !(scale > 0))
		return NAN;
	yg_incomplete_gamma(shape, x / scale, &lower, &upper);
	return upper;
}

static double gamma_lower_tail(const double par[3], double x)
{
	return yg_gamma_cdf(x, par[0], 1);
}

static double gamma_upper_tail(const double par[3], double x)
{
	return yg_gamma_upper(x, par[0], 1);
}

static double gamma_slope(const double par[3], double x)
{
	return yg_poisson_raw(par[0], x) * par[0] / x;
}

/* Wilson and Hilferty's cube root, or the leading term where the shape is small. */
static double gamma_start(double z, double p, double shape)
{
	double w = 1 - 1 / (9 * shape) + z / (3 * sqrt(shape));
	if (w > 0.1 && shape > 0.5)
		return shape * w * w * w;
	return exp((log(p) + yg_lgamma(shape + 1)) / shape);
}

static double gamma_invert(double p, double shape, bool lower)
{
	if (p > 0.5) {
		p = 1 - p;
		lower = !lower;
	}
	if (p == 0)
		return lower ? 0 : INFINITY;
	double z = lower ? yg_normal_quantile(p) : yg_normal_quantile_upper(p), par[3] = { shape, 0, 0 };
	double start = gamma_start(z, lower ? p : 1 - p, shape);
	return invert(lower ? gamma_lower_tail : gamma_upper_tail, gamma_slope, par, lower, p, start, INFINITY);
}

double yg_gamma_quantile(double p, double shape, double scale)
{
	return is_probability(p) && shape > 0 && scale > 0 ? scale * gamma_invert(p, shape, true) : NAN;
}

double yg_gamma_quantile_upper(double q, double shape, double scale)
{
	return is_probability(q) && shape > 0 && scale > 0 ? scale * gamma_invert(q, shape, false) : NAN;
}

double yg_chisq_cdf(double x, double df)
{
	return yg_gamma_cdf(x, df / 2, 2);
}

double yg_chisq_upper(double x, double df)
{
	return yg_gamma_upper(x, df / 2, 2);
}

double yg_chisq_quantile(double p, double df)
{
	return yg_gamma_quantile(p, df / 2, 2);
}

double yg_chisq_quantile_upper(double q, double df)
{
	return yg_gamma_quantile_upper(q, df / 2, 2);
}

/* ---- beta ---- */

double yg_beta_cdf(double x, double a, double b)
{
	double lower, upper;
	if (isnan(x) || !(a > 0) || !(b > 0))
		return NAN;
	yg_incomplete_beta(x, 1 - x, a, b, &lower, &upper);
	return lower;
}

double yg_beta_upper(double x, double a, double b)
{
	double lower, upper;
	if (isnan(x) || !(a > 0) || !(b > 0))
		return NAN;
	yg_incomplete_beta(x, 1 - x, a, b, &lower, &upper);
	return upper;
}

static double beta_lower_tail(const double par[3], double x)
{
	return yg_beta_cdf(x, par[0], par[1]);
}

static double beta_upper_tail(const double par[3], double x)
{
	return yg_beta_upper(x, par[0], par[1]);
}

static double beta_slope(const double par[3], double x)
{
	double n = par[0] + par[1];
	return par[0] * (par[1] / n) * yg_binomial_raw(par[0], par[1], x, 1 - x) / (x * (1 - x));
}

static double beta_invert(double p, double a, double b, bool lower)
{
	if (p == 0 || p == 1)
		return (p == 0) == lower ? 0 : 1;
	double par[3] = { a, b, 0 };
	if (p > 0.5) {
		p = 1 - p;
		lower = !lower;
	}
	return invert(lower ? beta_lower_tail : beta_upper_tail, beta_slope, par, lower, p, a / (a + b), 1);
}

double yg_beta_quantile(double p, double a, double b)
{
	return is_probability(p) && a > 0 && b > 0 ? beta_invert(p, a, b, true) : NAN;
}

double yg_beta_quantile_upper(double q, double a, double b)
{
	return is_probability(q) && a > 0 && b > 0 ? beta_invert(q, a, b, false) : NAN;
}

/* ---- F ---- */

static void f_tails(double x, double df1, double df2, double *lower, double *upper)
{
	double t = df1 * x;
	if (isinf(t)) {
		*lower = 1;
		*upper = 0;
		return;
	}
	yg_incomplete_beta(t / (t + df2), df2 / (t + df2), df1 / 2, df2 / 2, lower, upper);
}

double yg_f_cdf(double x, double df1, double df2)
{
	double lower, upper;
	if (isnan(x) || !(df1 > 0) || !(df2 > 0) || isinf(df1))
		return NAN;
	if (isinf(df2))
		return yg_chisq_cdf(x * df1, df1);
	f_tails(x > 0 ? x : 0, df1, df2, &lower, &upper);
	return lower;
}

double yg_f_upper(double x, double df1, double df2)
{
	double lower, upper;
	if (isnan(x) || !(df1 > 0) || !(df2 > 0) || isinf(df1))
		return NAN;
	if (isinf(df2))
		return yg_chisq_upper(x * df1, df1);
	f_tails(x > 0 ? x : 0, df1, df2, &lower, &upper);
	return upper;
}

static double f_lower_tail(const double par[3], double x)
{
	return yg_f_cdf(x, par[0], par[1]);
}

static double f_upper_tail(const double par[3], double x)
{
	return yg_f_upper(x, par[0], par[1]);
}

static double f_slope(const double par[3], double x)
{
	double t = par[0] * x, a = par[0] / 2, b = par[1] / 2, n = a + b;
	return a * (b / n) * yg_binomial_raw(a, b, t / (t + par[1]), par[1] / (t + par[1])) / x;
}

static double f_invert(double p, double df1, double df2, bool lower)
{
	if (isinf(df2))
		return 2 * gamma_invert(p, df1 / 2, lower) / df1;
	if (p == 0 || p == 1)
		return (p == 0) == lower ? 0 : INFINITY;
	double par[3] = { df1, df2, 0 };
	if (p > 0.5) {
		p = 1 - p;
		lower = !lower;
	}
	return invert(lower ? f_lower_tail : f_upper_tail, f_slope, par, lower, p, 1, INFINITY);
}

double yg_f_quantile(double p, double df1, double df2)
{
	return is_probability(p) && df1 > 0 && df2 > 0 && isfinite(df1) ? f_invert(p, df1, df2, true) : NAN;
}

double yg_f_quantile_upper(double q, double df1, double df2)
{
	return is_probability(q) && df1 > 0 && df2 > 0 && isfinite(df1) ? f_invert(q, df1, df2, false) : NAN;
}

/* ---- discrete ---- */

double yg_binomial_pmf(int64_t k, int64_t n, double p)
{
	if (n < 0 || !is_probability(p))
		return NAN;
	return k < 0 || k > n ? 0 : yg_binomial_raw((double)k, (double)(n - k), p, 1 - p);
}

static void binomial_tails(int64_t k, int64_t n, double p, double *lower, double *upper)
{
	if (n < 0 || !is_probability(p)) {
		*lower = *upper = NAN;
	} else if (k < 0 || k >= n) {
		*lower = k < 0 ? 0 : 1;
		*upper = k < 0 ? 1 : 0;
	} else {
		yg_incomplete_beta(p, 1 - p, (double)k + 1, (double)(n - k), upper, lower);
	}
}

double yg_binomial_cdf(int64_t k, int64_t n, double p)
{
	double lower, upper;
	binomial_tails(k, n, p, &lower, &upper);
	return lower;
}

double yg_binomial_upper(int64_t k, int64_t n, double p)
{
	double lower, upper;
	binomial_tails(k, n, p, &lower, &upper);
	return upper;
}

double yg_poisson_pmf(int64_t k, double mu)
{
	if (!(mu >= 0) || isinf(mu))
		return NAN;
	return k < 0 ? 0 : yg_poisson_raw((double)k, mu);
}

double yg_poisson_cdf(int64_t k, double mu)
{
	if (!(mu >= 0))
		return NAN;
	return k < 0 ? 0 : yg_gamma_upper(mu, (double)k + 1, 1);
}

double yg_poisson_upper(int64_t k, double mu)
{
	if (!(mu >= 0))
		return NAN;
	return k < 0 ? 1 : yg_gamma_cdf(mu, (double)k + 1, 1);
}

double yg_hypergeometric_pmf(int64_t k, int64_t marked, int64_t unmarked, int64_t draw)
{
	if (marked < 0 || unmarked < 0 || draw < 0 || draw > marked + unmarked)
		return NAN;
	if (k < 0 || k > marked || k > draw || draw - k > unmarked)
		return 0;
	if (draw == 0)
		return 1;
	double r = (double)marked, b = (double)unmarked, n = (double)draw, x = (double)k;
	double p = n / (r + b), q = (r + b - n) / (r + b);
	return yg_binomial_raw(x, r - x, p, q) * yg_binomial_raw(n - x, b - n + x, p, q) / yg_binomial_raw(n, r + b - n, p, q);
}

double yg_hypergeometric_log_pmf(int64_t k, int64_t marked, int64_t unmarked, int64_t draw)
{
	double p = yg_hypergeometric_pmf(k, marked, unmarked, draw);
	if (isnan(p) || p > DBL_MIN)
		return log(p);
	if (k < 0 || k > marked || k > draw || draw - k > unmarked)
		return -INFINITY;
	return yg_lchoose(marked, k) + yg_lchoose(unmarked, draw - k) - yg_lchoose(marked + unmarked, draw);
}

/* Sum of the probabilities from k outwards (step +1 or -1), by the ratio of neighbours, biggest first. */
static double hypergeometric_run(int64_t k, int64_t marked, int64_t unmarked, int64_t draw, int step)
{
	double sum = 0, t = yg_hypergeometric_pmf(k, marked, unmarked, draw);
	while (t > 0) {
		sum += t;
		if (t <= DBL_EPSILON / 16 * sum)
			break;
		double up = (double)(marked - k) * (double)(draw - k), down = (double)(k + 1) * (double)(unmarked - draw + k + 1);
		if (step < 0) {
			up = (double)k * (double)(unmarked - draw + k);
			down = (double)(marked - k + 1) * (double)(draw - k + 1);
		}
		t = t * up / down;
		k += step;
	}
	return sum;
}

static void hypergeometric_tails(int64_t k, int64_t marked, int64_t unmarked, int64_t draw, double *lower, double *upper)
{
	int64_t least = draw > unmarked ? draw - unmarked : 0, most = draw < marked ? draw : marked;
	if (marked < 0 || unmarked < 0 || draw < 0 || draw > marked + unmarked) {
		*lower = *upper = NAN;
	} else if (k < least || k >= most) {
		*lower = k < least ? 0 : 1;
		*upper = k < least ? 1 : 0;
	} else if ((double)k * (double)(marked + unmarked) < (double)draw * (double)marked) {
		*lower = hypergeometric_run(k, marked, unmarked, draw, -1);
		*upper = 1 - *lower;
	} else {
		*upper = hypergeometric_run(k + 1, marked, unmarked, draw, 1);
		*lower = 1 - *upper;
	}
}

double yg_hypergeometric_cdf(int64_t k, int64_t marked, int64_t unmarked, int64_t draw)
{
	double lower, upper;
	hypergeometric_tails(k, marked, unmarked, draw, &lower, &upper);
	return lower;
}

double yg_hypergeometric_upper(int64_t k, int64_t marked, int64_t unmarked, int64_t draw)
{
	double lower, upper;
	hypergeometric_tails(k, marked, unmarked, draw, &lower, &upper);
	return upper;
}
