/* Rates, rate ratios, standardisation: see rate.h. */
#include "yogo/stats/rate.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"

bool yg_rate_ci_parse(const char *word, enum yg_rate_ci *out)
{
	static const char *const words[] = { "exact", "wald", "byar", "rothman" };
	for (size_t k = 0; k < 4; k++)
		if (!strcmp(word, words[k])) {
			*out = (enum yg_rate_ci)k;
			return true;
		}
	return false;
}

/* Wilson and Hilferty's cube of a count x, z standard errors away. */
static double cube(double x, double z)
{
	double root = 1 - 1 / (9 * x) + z / 3 * sqrt(1 / x);
	double v = x > 0 ? x * root * root * root : 0;
	return v > 0 ? v : 0;
}

struct yg_rate yg_rate(double events, double time, enum yg_rate_ci ci, double conf)
{
	double tail = (1 - conf) / 2, z = yg_normal_quantile_upper(tail), low, high;
	if (!(time > 0) || !(events >= 0))
		return (struct yg_rate){ NAN, NAN, NAN, NAN };
	switch (ci) {
	case YG_RATE_WALD:
		low = fmax(0, events - z * sqrt(events));
		high = events + z * sqrt(events);
		break;
	case YG_RATE_BYAR:
		low = cube(events, -z);
		high = cube(events + 1, z);
		break;
	case YG_RATE_ROTHMAN:
		low = cube(events + 0.5, -z);
		high = cube(events + 0.5, z);
		break;
	default:
		low = events > 0 ? yg_chisq_quantile(tail, 2 * events) / 2 : 0;
		high = yg_chisq_quantile_upper(tail, 2 * (events + 1)) / 2;
	}
	return (struct yg_rate){ events / time, sqrt(events) / time, low / time, high / time };
}

/* ---- two rates ---- */

/* Two-sided by probabilities: all counts that are no more likely than x of n (as R's poisson.test). */
static double exact_p(int64_t x, int64_t n, double p)
{
	double most = yg_binomial_pmf(x, n, p) * (1 + 1e-7), mean = (double)n * p;
	if ((double)x < mean) {
		int64_t low = (int64_t)ceil(mean), high = n + 1;
		while (low < high) {
			int64_t middle = low + (high - low) / 2;
			if (yg_binomial_pmf(middle, n, p) <= most)
				high = middle;
			else
				low = middle + 1;
		}
		return fmin(1, yg_binomial_cdf(x, n, p) + yg_binomial_upper(low - 1, n, p));
	}
	if ((double)x > mean) {
		int64_t low = -1, high = (int64_t)floor(mean);
		while (low < high) {
			int64_t middle = high - (high - low) / 2;
			if (yg_binomial_pmf(middle, n, p) <= most)
				low = middle;
			else
				high = middle - 1;
		}
		return fmin(1, (low >= 0 ? yg_binomial_cdf(low, n, p) : 0) + yg_binomial_upper(x - 1, n, p));
	}
	return 1;
}

static double odds(double p)
{
	return p < 1 ? p / (1 - p) : INFINITY;
}

struct yg_rate_pair yg_rate_compare(double events1, double time1, double events0, double time0, bool exact, double conf)
{
	struct yg_rate_pair r;
	double tail = (1 - conf) / 2, z = yg_normal_quantile_upper(tail), n = events1 + events0;
	r = (struct yg_rate_pair){ NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN };
	if (!(time1 > 0) || !(time0 > 0))
		return r;
	r.difference = events1 / time1 - events0 / time0;
	r.difference_se = sqrt(events1 / (time1 * time1) + events0 / (time0 * time0));
	if (r.difference_se > 0) {
		r.difference_lower = r.difference - z * r.difference_se;
		r.difference_upper = r.difference + z * r.difference_se;
		r.difference_p = yg_normal_two_sided(r.difference / r.difference_se);
	}
	if (!(n > 0))
		return r;
	r.ratio = events0 > 0 ? events1 / time1 / (events0 / time0) : INFINITY;
	r.se_log = events1 > 0 && events0 > 0 ? sqrt(1 / events1 + 1 / events0) : NAN;
	if (exact) {
		double scale = time0 / time1;
		r.lower = events1 > 0 ? odds(yg_beta_quantile(tail, events1, events0 + 1)) * scale : 0;
		r.upper = events0 > 0 ? odds(yg_beta_quantile_upper(tail, events1 + 1, events0)) * scale : INFINITY;
		r.p = exact_p((int64_t)events1, (int64_t)n, time1 / (time1 + time0));
	} else if (r.se_log > 0) {
		r.lower = r.ratio * yg_exp(-z * r.se_log);
		r.upper = r.ratio * yg_exp(z * r.se_log);
		r.p = yg_normal_two_sided(yg_log(r.ratio) / r.se_log);
	}
	return r;
}

struct yg_rate_pooled yg_rate_pool(const struct yg_rate_stratum *s, size_t strata, double conf)
{
	double z = yg_normal_quantile_upper((1 - conf) / 2), up = 0, down = 0, v = 0, weight = 0, rd = 0, rv = 0, o = 0, e = 0, ev = 0;
	struct yg_rate_pooled r = { NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, 0 };
	for (size_t i = 0; i < strata; i++) {
		double t = s[i].time1 + s[i].time0, n = s[i].events1 + s[i].events0;
		if (!(s[i].time1 > 0) || !(s[i].time0 > 0))
			continue; /* nobody to compare with */
		double share = s[i].time1 * s[i].time0 / t;
		up += s[i].events1 * s[i].time0 / t;
		down += s[i].events0 * s[i].time1 / t;
		v += n * s[i].time1 * s[i].time0 / (t * t);
		weight += share;
		rd += share * (s[i].events1 / s[i].time1 - s[i].events0 / s[i].time0);
		rv += share * share * (s[i].events1 / (s[i].time1 * s[i].time1) + s[i].events0 / (s[i].time0 * s[i].time0));
		o += s[i].events1;
		e += n * s[i].time1 / t;
		ev += n * s[i].time1 * s[i].time0 / (t * t);
	}
	if (weight > 0) {
		r.difference = rd / weight;
		r.difference_se = sqrt(rv) / weight;
		r.difference_lower = r.difference - z * r.difference_se;
		r.difference_upper = r.difference + z * r.difference_se;
	}
	if (ev > 0) {
		r.chisq = (o - e) * (o - e) / ev;
		r.p = yg_chisq_upper(r.chisq, 1);
	}
	if (!(up > 0) || !(down > 0))
		return r;
	r.ratio = up / down;
	r.se_log = sqrt(v / (up * down));
	r.lower = r.ratio * yg_exp(-z * r.se_log);
	r.upper = r.ratio * yg_exp(z * r.se_log);
	r.equal = 0;
	for (size_t i = 0; i < strata; i++) {
		double n = s[i].events1 + s[i].events0, p = r.ratio * s[i].time1 / (r.ratio * s[i].time1 + s[i].time0);
		if (!(s[i].time1 > 0) || !(s[i].time0 > 0) || !(n > 0))
			continue;
		r.equal += (s[i].events1 - n * p) * (s[i].events1 - n * p) / (n * p * (1 - p));
		r.equal_df++;
	}
	r.equal_df = r.equal_df > 0 ? r.equal_df - 1 : 0;
	r.equal_p = r.equal_df ? yg_chisq_upper(r.equal, r.equal_df) : NAN;
	return r;
}

/* ---- standardisation ---- */

struct yg_rate yg_rate_standardize(const double *events, const double *time, const double *weight, size_t n, bool gamma, double conf)
{
	double total = 0, rate = 0, var = 0, most = 0, tail = (1 - conf) / 2, z = yg_normal_quantile_upper(tail);
	struct yg_rate r = { NAN, NAN, NAN, NAN };
	for (size_t i = 0; i < n; i++)
		total += weight[i];
	for (size_t i = 0; i < n; i++) {
		double w = weight[i] / total;
		if (!(w > 0))
			continue;
		if (!(time[i] > 0))
			return r;
		rate += w * events[i] / time[i];
		var += w * w * events[i] / (time[i] * time[i]);
		most = fmax(most, w / time[i]);
	}
	if (!(total > 0))
		return r;
	r.rate = rate;
	r.se = sqrt(var);
	if (!gamma) {
		r.lower = fmax(0, rate - z * r.se);
		r.upper = rate + z * r.se;
		return r;
	}
	double above = rate + most, spread = var + most * most;
	r.lower = rate > 0 ? yg_gamma_quantile(tail, rate * rate / var, var / rate) : 0;
	r.upper = yg_gamma_quantile_upper(tail, above * above / spread, spread / above);
	return r;
}

/* Model population of 2015 (heisei 27), thousands: Ministry of Health, Labour and Welfare, 2020.  Sum 125,319. */
static const double japan2015[] = { 5026, 5369, 5711, 6053, 6396, 6738, 7081, 7423, 7766, 8108, 8451, 8793, 9135, 9246, 7892, 6306, 4720,
	                            3134, 1548, 423 };
/* Model population of 1985 (showa 60), thousands.  Sum 120,287. */
static const double japan1985[] = { 8180, 8338, 8497, 8655, 8814, 8972, 9130, 9289, 9400, 8651, 7616, 6581, 5546, 4511, 3476, 2441, 1406,
	                            784 };
/* World average 2000-2025, per cent: Ahmad and others 2001, GPE discussion paper 31, WHO, table 4.  Sum 100.035 by rounding. */
static const double world[] = { 8.86, 8.69, 8.60, 8.47, 8.22, 7.93, 7.61, 7.15, 6.59, 6.04, 5.37, 4.55, 3.72, 2.96, 2.21, 1.52, 0.91,
	                        0.44, 0.15, 0.04, 0.005 };
static const struct yg_standard standards[] = {
	{ "japan2015", "Japan's model population of 2015", japan2015, sizeof japan2015 / sizeof *japan2015 },
	{ "japan1985", "Japan's model population of 1985", japan1985, sizeof japan1985 / sizeof *japan1985 },
	{ "world", "WHO's world standard 2000-2025", world, sizeof world / sizeof *world },
};

const struct yg_standard *yg_standard_find(const char *name)
{
	for (size_t k = 0; k < sizeof standards / sizeof *standards; k++)
		if (!strcmp(name, standards[k].name))
			return &standards[k];
	return NULL;
}

double yg_standard_weight(const struct yg_standard *s, double low, double high)
{
	double from = low / 5, to = isinf(high) ? (double)s->groups : high / 5, sum = 0;
	if (!(from >= 0) || !(to > from) || floor(from) < from || floor(to) < to || from >= (double)s->groups || to > (double)s->groups)
		return NAN;
	/* The last group is open: it cannot end somewhere. */
	if (to >= (double)s->groups && !isinf(high))
		return NAN;
	for (size_t k = (size_t)from; k < (size_t)to; k++)
		sum += s->weight[k];
	return sum;
}
