/* Repeated measurements in blocks: Friedman, Quade, analysis of variance; and counts of one sample. */
#include <math.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/stats/grouptest.h"
#include "yogo/stats/ranks.h"

static const struct yg_test no_test = { .statistic = NAN, .df = NAN, .df2 = NAN, .p = NAN };

/* Midranks of x[k], k small; returns the sum of t^3 - t. */
static double rank_few(const double *x, size_t k, double *rank)
{
	double ties = 0;

	for (size_t i = 0; i < k; i++) {
		double below = 0, equal = 0;
		for (size_t j = 0; j < k; j++) {
			below += x[j] < x[i];
			equal += x[j] == x[i];
		}
		rank[i] = below + (equal + 1) / 2;
		ties += equal * equal - 1;      /* summed over the t equal ones: t^3 - t */
	}
	return ties;
}

static const char *too_few(size_t blocks, size_t k)
{
	return k < 2 ? N_("fewer than two conditions") : blocks < 2 ? N_("fewer than two complete blocks") : NULL;
}

void yg_friedman(const double *x, size_t blocks, size_t k, struct yg_test *out, double *concordance)
{
	double *sum = yg_xcalloc(2 * k + 1, sizeof *sum), *rank = sum + k, ties = 0, squares = 0, c = (double)k, b = (double)blocks;
	struct yg_test t = no_test;

	*concordance = NAN;
	t.problem = too_few(blocks, k);
	for (size_t i = 0; i < blocks && !t.problem; i++) {
		ties += rank_few(x + i * k, k, rank);
		for (size_t j = 0; j < k; j++)
			sum[j] += rank[j];
	}
	for (size_t j = 0; j < k; j++)
		squares += (sum[j] - b * (c + 1) / 2) * (sum[j] - b * (c + 1) / 2);
	yg_free(sum);
	if (!t.problem) {
		double scale = b * c * (c + 1) - ties / (c - 1);
		if (!(scale > 1e-9)) {
			t.problem = N_("the values do not vary within the blocks");
		} else {
			t.df = c - 1;
			t.statistic = 12 * squares / scale;
			t.p = yg_chisq_upper(t.statistic, t.df);
			*concordance = t.statistic / (b * (c - 1));
		}
	}
	*out = t;
}

enum yg_status yg_quade(const double *x, size_t blocks, size_t k, struct yg_test *out, struct yg_err *err)
{
	struct yg_test t = no_test;
	double c = (double)k, b = (double)blocks, a = 0, between = 0;
	struct yg_ranks r;

	t.problem = too_few(blocks, k);
	*out = t;
	if (t.problem)
		return YG_OK;
	double *range = yg_xcalloc(blocks + 1, sizeof *range), *sum = yg_xcalloc(2 * k + 1, sizeof *sum), *rank = sum + k;
	for (size_t i = 0; i < blocks; i++) {
		double low = x[i * k], high = low;
		for (size_t j = 1; j < k; j++) {
			low = fmin(low, x[i * k + j]);
			high = fmax(high, x[i * k + j]);
		}
		range[i] = high - low;
	}
	enum yg_status s = yg_rank_all(range, blocks, NULL, &r, err);
	for (size_t i = 0; s == YG_OK && i < blocks; i++) {
		rank_few(x + i * k, k, rank);
		for (size_t j = 0; j < k; j++) {
			double v = r.rank[i] * (rank[j] - (c + 1) / 2);
			a += v * v;
			sum[j] += v;
		}
	}
	for (size_t j = 0; j < k; j++)
		between += sum[j] * sum[j] / b;
	yg_free(range);
	yg_free(sum);
	if (s != YG_OK)
		return s;
	yg_data_free(r.rank);
	if (!(a > 0)) {
		t.problem = N_("the values do not vary within the blocks");
	} else {
		t.df = c - 1;
		t.df2 = (b - 1) * (c - 1);
		/* all blocks alike: the permutation p, (1 / k!)^(b - 1) */
		if (!(a - between > 1e-12 * a)) {
			t.p = 1;
			for (double f = 2; f <= c; f++)
				for (size_t i = 1; i < blocks; i++)
					t.p /= f;
			t.exact = true;
		} else {
			t.statistic = (b - 1) * between / (a - between);
			t.p = yg_f_upper(t.statistic, t.df, t.df2);
		}
	}
	*out = t;
	return YG_OK;
}

/* Greenhouse and Geisser: (trace)^2 over (k - 1) sum of squares of the doubly centred covariance of the conditions. */
static double sphericity(const double *x, size_t blocks, size_t k, const double *mean)
{
	double *v = yg_xcalloc(k * k + k + 1, sizeof *v), *row = v + k * k, all = 0, trace = 0, squares = 0, c = (double)k;

	for (size_t b = 0; b < blocks; b++)
		for (size_t i = 0; i < k; i++)
			for (size_t j = 0; j < k; j++)
				v[i * k + j] += (x[b * k + i] - mean[i]) * (x[b * k + j] - mean[j]);
	for (size_t i = 0; i < k; i++) {
		for (size_t j = 0; j < k; j++)
			row[i] += v[i * k + j] / c;
		all += row[i] / c;
	}
	for (size_t i = 0; i < k; i++)
		for (size_t j = 0; j < k; j++) {
			double d = v[i * k + j] - row[i] - row[j] + all;
			trace += i == j ? d : 0;
			squares += d * d;
		}
	yg_free(v);
	return trace * trace / ((c - 1) * squares);
}

void yg_repeated(const double *x, size_t blocks, size_t k, struct yg_test *plain, struct yg_test *corrected, double *epsilon)
{
	struct yg_test t = no_test;
	double *mean = yg_xcalloc(k + 1, sizeof *mean), grand = 0, between = 0, within = 0, c = (double)k, b = (double)blocks;

	*epsilon = NAN;
	t.problem = too_few(blocks, k);
	for (size_t i = 0; i < blocks; i++)
		for (size_t j = 0; j < k; j++)
			mean[j] += x[i * k + j] / b;
	for (size_t j = 0; j < k; j++)
		grand += mean[j] / c;
	for (size_t j = 0; j < k; j++)
		between += b * (mean[j] - grand) * (mean[j] - grand);
	for (size_t i = 0; i < blocks; i++) {
		double own = 0;
		for (size_t j = 0; j < k; j++)
			own += x[i * k + j] / c;
		for (size_t j = 0; j < k; j++) {
			double d = x[i * k + j] - own - mean[j] + grand;
			within += d * d;
		}
	}
	*plain = *corrected = t;
	if (!t.problem && !(within > 1e-24 * (between + b * c * grand * grand)))
		plain->problem = corrected->problem = N_("the values do not vary within the blocks");
	if (!plain->problem) {
		t.df = c - 1;
		t.df2 = (b - 1) * (c - 1);
		t.statistic = between / t.df / (within / t.df2);
		t.p = yg_f_upper(t.statistic, t.df, t.df2);
		*plain = t;
		*epsilon = sphericity(x, blocks, k, mean);
		t.df *= *epsilon;
		t.df2 *= *epsilon;
		t.p = yg_f_upper(t.statistic, t.df, t.df2);
		*corrected = t;
	}
	yg_free(mean);
}

/* ---- counts of one sample ---- */

/* Two-sided: everything no more probable than k.  The probabilities fall on both sides of the mode. */
static double binomial_two_sided(int64_t k, int64_t n, double p0)
{
	double limit = yg_binomial_pmf(k, n, p0) * (1 + 1e-7), mean = (double)n * p0;

	if ((double)k < mean) {
		int64_t low = (int64_t)ceil(mean), high = n + 1;      /* the first above that is no more probable */
		while (low < high) {
			int64_t middle = low + (high - low) / 2;
			if (yg_binomial_pmf(middle, n, p0) <= limit)
				high = middle;
			else
				low = middle + 1;
		}
		return yg_binomial_cdf(k, n, p0) + (low <= n ? yg_binomial_upper(low - 1, n, p0) : 0);
	}
	if ((double)k > mean) {
		int64_t low = -1, high = (int64_t)floor(mean);        /* the last below */
		while (low < high) {
			int64_t middle = low + (high - low + 1) / 2;
			if (yg_binomial_pmf(middle, n, p0) <= limit)
				low = middle;
			else
				high = middle - 1;
		}
		return yg_binomial_upper(k - 1, n, p0) + (low >= 0 ? yg_binomial_cdf(low, n, p0) : 0);
	}
	return 1;
}

void yg_binomial_test(int64_t k, int64_t n, double p0, enum yg_alternative alternative, double conf, struct yg_test *out,
                      struct yg_interval *share)
{
	struct yg_test t = no_test;

	*share = (struct yg_interval){ NAN, NAN, NAN };
	if (n < 1) {
		t.problem = N_("there are no values");
	} else if (!(p0 > 0 && p0 < 1)) {
		t.problem = N_("the share of the null hypothesis lies between 0 and 1");
	} else {
		t.statistic = (double)k;
		t.exact = true;
		t.p = alternative == YG_LESS      ? yg_binomial_cdf(k, n, p0)
		      : alternative == YG_GREATER ? yg_binomial_upper(k - 1, n, p0)
		                                  : fmin(1, binomial_two_sided(k, n, p0));
		*share = yg_proportion_ci((double)k, (double)n, conf, YG_CI_EXACT);
	}
	*out = t;
}

void yg_goodness(const double *count, const double *share, size_t k, struct yg_test *out)
{
	struct yg_test t = no_test;
	double all = 0, sum = 0;

	for (size_t i = 0; i < k; i++)
		all += count[i];
	for (size_t i = 0; i < k && !t.problem; i++) {
		double d = count[i] - all * share[i];
		if (!(share[i] > 0))
			t.problem = N_("a share of the null hypothesis is 0");
		sum += d * d / (all * share[i]);
	}
	if (!(all > 0) || k < 2)
		t.problem = N_("there are no values");
	if (!t.problem) {
		t.df = (double)k - 1;
		t.statistic = sum;
		t.p = yg_chisq_upper(sum, t.df);
	}
	*out = t;
}
