/* Pairs of groups with the spread pooled over all, and the distribution of the studentised range. */
#include <math.h>

#include "yogo/base/i18n.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/grouptest.h"

/* Gauss and Legendre, 16 points on [-1, 1], the positive half. */
static const double node[8] = { 0.0950125098376374, 0.2816035507792589, 0.4580167776572274, 0.6178762444026438,
	                        0.7554044083550030, 0.8656312023878318, 0.9445750230732326, 0.9894009349916499 };
static const double heft[8] = { 0.1894506104550685, 0.1826034150449236, 0.1691565193950025, 0.1495959888165767,
	                        0.1246289712555339, 0.0951585116824928, 0.0622535239386479, 0.0271524594117541 };

struct range {
	double q, k, df, log_scale;
};

static double integrate(double (*f)(double, const struct range *), const struct range *r, double from, double to, int pieces)
{
	double sum = 0, half = (to - from) / (2 * pieces);

	for (int p = 0; p < pieces; p++) {
		double middle = from + (2 * p + 1) * half;
		for (int i = 0; i < 8; i++)
			sum += heft[i] * (f(middle - half * node[i], r) + f(middle + half * node[i], r));
	}
	return sum * half;
}

/*
 * P(range of k normals > w) = k integral of phi(z) (1 - (1 - upper part)^(k - 1)) taken so that small values keep their digits:
 * z is the smallest, all others lie above it; the range stays within w with chance ((Phi(z + w) - Phi(z)) / upper(z))^(k - 1).
 */
static double range_density(double z, const struct range *r)
{
	double upper = yg_normal_upper(z), beyond = yg_normal_upper(z + r->q) / upper;

	if (!(upper > 0))
		return 0;
	/* density of the smallest times the chance that one of the others is beyond */
	double none = beyond < 1 ? yg_expm1((r->k - 1) * yg_log1p(-beyond)) : -1;
	return -none * r->k * yg_normal_density(z) * yg_exp((r->k - 1) * yg_log(upper));
}

static double range_upper(double w, double k)
{
	struct range r = { .q = w, .k = k };

	if (!(w > 0))
		return 1;
	return fmin(1, integrate(range_density, &r, -9, 9, 12));
}

/* Over s = root of chi-squared / df: density c s^(df - 1) exp(-df s^2 / 2). */
static double over_scale(double s, const struct range *r)
{
	double log_density = r->log_scale + (r->df - 1) * yg_log(s) - r->df * s * s / 2;

	return log_density < -745 ? 0 : yg_exp(log_density) * range_upper(r->q * s, r->k);
}

double yg_studentized_range_upper(double q, double k, double df)
{
	if (!(k >= 2) || !(df > 0) || isnan(q))
		return NAN;
	if (!(q > 0))
		return 1;
	if (isinf(df) || df > 1e6)
		return range_upper(q, k);
	struct range r = { .q = q, .k = k, .df = df };
	r.log_scale = yg_log(2) + df / 2 * yg_log(df / 2) - yg_lgamma(df / 2);
	/* s lies around 1 with SD about 1 / sqrt(2 df); for few df it reaches far up */
	double spread = 1 / sqrt(2 * df), low = fmax(1e-300, 1 - 12 * spread), high = 1 + 14 * spread;
	return fmin(1, integrate(over_scale, &r, low, high, 6));
}

double yg_studentized_range_quantile_upper(double p, double k, double df)
{
	double low = 0, high = 4;

	if (!(p > 0 && p < 1) || !(k >= 2) || !(df > 0))
		return NAN;
	while (high < 1e6 && yg_studentized_range_upper(high, k, df) > p) {
		low = high;
		high *= 2;
	}
	/* false position on the logarithm of p, halving when an end stays */
	double at_low = yg_log(fmax(yg_studentized_range_upper(low, k, df), 1e-300) / p),
	       at_high = yg_log(fmax(yg_studentized_range_upper(high, k, df), 1e-300) / p);
	for (int i = 0; i < 100 && high - low > 1e-13 * high; i++) {
		double at = low + (high - low) * at_low / (at_low - at_high);
		if (!(at > low && at < high))
			at = (low + high) / 2;
		double value = yg_log(yg_studentized_range_upper(at, k, df) / p);
		if (fabs(value) < 1e-14)
			return at;
		if (value > 0) {
			low = at;
			at_low = value;
			at_high /= 2;
		} else {
			high = at;
			at_high = value;
			at_low /= 2;
		}
	}
	return (low + high) / 2;
}

void yg_pair_means(const double *n, const double *mean, const double *squares, size_t groups, size_t a, size_t b, double conf,
                   double *range, struct yg_pair_means *out)
{
	double all = 0, ss = 0, k = 0;

	*out = (struct yg_pair_means){ .n = { n[a], n[b] }, .difference = mean[a] - mean[b], .se = NAN, .df = NAN, .t = NAN, .p = NAN,
		                       .lower = NAN, .upper = NAN, .tukey_p = NAN, .tukey_lower = NAN, .tukey_upper = NAN };
	for (size_t g = 0; g < groups; g++)
		if (n[g] > 0) {
			all += n[g];
			ss += squares[g];
			k++;
		}
	double df = all - k;
	if (!(n[a] > 0) || !(n[b] > 0)) {
		out->problem = N_("a group has no values");
		return;
	}
	if (!(df > 0)) {
		out->problem = N_("no group has two values");
		return;
	}
	double se = sqrt(ss / df * (1 / n[a] + 1 / n[b]));
	if (!(se > 10 * 2.220446049250313e-16 * fmax(fabs(mean[a]), fabs(mean[b])))) {
		out->problem = N_("the values do not vary within the groups");
		return;
	}
	double reach = yg_t_quantile_upper((1 - conf) / 2, df) * se;
	out->se = se;
	out->df = df;
	out->t = out->difference / se;
	out->p = yg_t_two_sided(out->t, df);
	out->lower = out->difference - reach;
	out->upper = out->difference + reach;
	if (isnan(*range))
		*range = yg_studentized_range_quantile_upper(1 - conf, k, df);
	reach = *range * se / sqrt(2);
	out->tukey_p = yg_studentized_range_upper(fabs(out->t) * sqrt(2), k, df);
	out->tukey_lower = out->difference - reach;
	out->tukey_upper = out->difference + reach;
}
