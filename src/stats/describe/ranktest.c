/* Rank tests: Wilcoxon's two, Kruskal and Wallis; exact null distributions by counting. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/stats/describe.h"
#include "yogo/stats/ranks.h"
#include "yogo/stats/twogroup.h"

static const struct yg_test no_test = { .statistic = NAN, .df = NAN, .df2 = NAN, .p = NAN };

/* Number of ways (as doubles, exact far below 2^53 ratios) for W = 0..n*m: caller frees. */
static double *rank_sum_counts(size_t n, size_t m)
{
	size_t top = n * m;
	double *c = yg_xcalloc((n + 1) * (top + 1), sizeof *c);

	/* c[i][w]: subsets of size i of the first j ranks with W = w, rank k contributes its excess over its place */
	c[0] = 1;
	for (size_t j = 1; j <= n + m; j++)
		for (size_t i = j < n ? j : n; i >= 1; i--) {
			/* taking the value with rank j as the i-th of the group adds j - i */
			size_t add = j - i;
			double *to = c + i * (top + 1), *from = c + (i - 1) * (top + 1);
			for (size_t w = top + 1; w-- > add;)
				to[w] += from[w - add];
		}
	memmove(c, c + n * (top + 1), (top + 1) * sizeof *c);
	return c;
}

static double lower_tail(const double *count, size_t top, double at)
{
	double below = 0, all = 0;

	for (size_t w = 0; w <= top; w++) {
		all += count[w];
		if ((double)w <= at)
			below += count[w];
	}
	return below / all;
}

static double upper_tail(const double *count, size_t top, double at)
{
	double above = 0, all = 0;

	for (size_t w = 0; w <= top; w++) {
		all += count[w];
		if ((double)w > at)
			above += count[w];
	}
	return above / all;
}

static double exact_p(const double *count, size_t top, double at, enum yg_alternative alternative)
{
	double p;

	if (alternative == YG_LESS)
		return lower_tail(count, top, at);
	if (alternative == YG_GREATER)
		return upper_tail(count, top, at - 1);
	p = at > (double)top / 2 ? upper_tail(count, top, at - 1) : lower_tail(count, top, at);
	return fmin(2 * p, 1);
}

static double normal_p(double excess, double sigma, bool correct, enum yg_alternative alternative)
{
	double shift = 0;

	if (correct)
		shift = alternative == YG_TWO_SIDED ? (excess > 0 ? 0.5 : excess < 0 ? -0.5 : 0) : alternative == YG_GREATER ? 0.5 : -0.5;
	double z = (excess - shift) / sigma;
	return alternative == YG_LESS      ? yg_normal_cdf(z)
	       : alternative == YG_GREATER ? yg_normal_upper(z)
	                                   : fmin(1, yg_normal_two_sided(z));
}

enum yg_status yg_rank_sum(const double *x, size_t n, const double *y, size_t m, enum yg_exactness exact, bool correct,
                           enum yg_alternative alternative, struct yg_test *out, struct yg_err *err)
{
	struct yg_test t = no_test;
	struct yg_ranks r;
	size_t all = n + m;

	if (!n || !m) {
		t.problem = N_("a group has no values");
		*out = t;
		return YG_OK;
	}
	double sum = 0;
	enum yg_status s = yg_rank_pooled(x, n, y, m, &r, err);
	if (s != YG_OK)
		return s;
	for (size_t i = 0; i < n; i++)
		sum += r.rank[i];
	double a = (double)n, b = (double)m, total = a + b;
	t.statistic = sum - a * (a + 1) / 2;
	if (exact == YG_EXACT_TIES && r.ties && n < 50 && m < 50 && r.correction < total * total * total - total) {
		t.p = yg_rank_subset_p(r.rank, all, n, sum, alternative);
		t.exact = true;
		yg_data_free(r.rank);
		*out = t;
		return YG_OK;
	}
	yg_data_free(r.rank);
	bool small = (exact == YG_EXACT_AUTO || exact == YG_EXACT_TIES) && n < 50 && m < 50;
	t.exact = !r.ties && (exact == YG_EXACT_YES || small);
	if (exact == YG_EXACT_YES && (r.ties || n >= 200 || m >= 200)) {
		t.exact = false;
		t.problem = r.ties ? N_("there are ties: no exact distribution") : N_("too many values for the exact distribution");
	} else if (t.exact) {
		double *count = rank_sum_counts(n, m);
		t.p = exact_p(count, n * m, t.statistic, alternative);
		yg_free(count);
	} else {
		double variance = a * b / 12 * (total + 1 - r.correction / (total * (total - 1)));
		if (variance > 0)
			t.p = normal_p(t.statistic - a * b / 2, sqrt(variance), correct, alternative);
		else
			t.problem = N_("the values do not vary");
	}
	*out = t;
	return YG_OK;
}

enum yg_status yg_signed_rank(const double *difference, size_t n, enum yg_exactness exact, bool correct,
                              enum yg_alternative alternative, struct yg_test *out, struct yg_err *err)
{
	struct yg_test t = no_test;
	double *size = yg_data_alloc(2 * n + 1, sizeof *size), *sign = size ? size + n : NULL, sum = 0;
	size_t k = 0;
	struct yg_ranks r;

	if (!size)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while ranking %zu values."), n);
	for (size_t i = 0; i < n; i++)
		if (difference[i] != 0) {
			size[k] = fabs(difference[i]);
			sign[k++] = difference[i];
		}
	bool zeros = k < n;
	enum yg_status s = yg_rank_all(size, k, NULL, &r, err);
	for (size_t i = 0; i < k && s == YG_OK; i++)
		if (sign[i] > 0)
			sum += r.rank[i];
	yg_data_free(size);
	if (s != YG_OK)
		return s;
	double m = (double)k;
	t.statistic = sum;
	if (exact == YG_EXACT_TIES && k && k < 50 && (r.ties || zeros)) {
		t.p = yg_rank_sign_p(r.rank, k, sum, alternative);
		t.exact = true;
		yg_data_free(r.rank);
		*out = t;
		return YG_OK;
	}
	yg_data_free(r.rank);
	bool small = (exact == YG_EXACT_AUTO || exact == YG_EXACT_TIES) && k < 50;
	if (!k) {
		t.problem = N_("no difference is other than zero");
	} else if (!r.ties && !zeros && k < 1000 && (exact == YG_EXACT_YES || small)) {
		size_t top = k * (k + 1) / 2;
		double *count = yg_xcalloc(top + 1, sizeof *count);
		count[0] = 1;
		for (size_t j = 1; j <= k; j++)
			for (size_t w = top + 1; w-- > 0;)
				/* halved at each step: probabilities, which cannot overflow */
				count[w] = (count[w] + (w >= j ? count[w - j] : 0)) / 2;
		t.exact = true;
		t.p = exact_p(count, top, sum, alternative);
		yg_free(count);
	} else if (exact == YG_EXACT_YES) {
		t.problem = N_("there are ties or zeros: no exact distribution");
	} else {
		double variance = m * (m + 1) * (2 * m + 1) / 24 - r.correction / 48;
		t.p = normal_p(sum - m * (m + 1) / 4, sqrt(variance), correct, alternative);
	}
	*out = t;
	return YG_OK;
}

static int ascending(const void *a, const void *b)
{
	double l = *(const double *)a, r = *(const double *)b;

	return (l > r) - (l < r);
}

enum yg_status yg_rank_sum_shift(const double *x, size_t n, const double *y, size_t m, double conf, struct yg_shift *out,
                                 struct yg_err *err)
{
	if (!n || !m || n >= 50 || m >= 50)
		return yg_fail(err, YG_REFUSED, "E-STAT-001",
		               N_("The exact interval of the shift needs 1 to 49 values in each group; there are %zu and %zu."), n, m);
	double *d = yg_xalloc(2 * n * m, sizeof *d), *other = d + n * m;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < m; j++)
			d[i * m + j] = other[i * m + j] = x[i] - y[j];
	qsort(d, n * m, sizeof *d, ascending);
	double *count = rank_sum_counts(n, m), alpha = 1 - conf, all = 0, reached = 0;
	size_t top = n * m, q = 0;
	for (size_t w = 0; w <= top; w++)
		all += count[w];
	/* smallest q with P(W <= q) >= alpha / 2 */
	while (q < top && (reached += count[q]) < all * alpha / 2)
		q++;
	if (!q)
		q = 1;
	out->lower = d[q - 1];
	out->upper = d[top - q];
	out->estimate = yg_median(other, n * m);
	yg_free(count);
	yg_free(d);
	return YG_OK;
}

enum yg_status yg_kruskal_wallis(const double *x, const int32_t *group, size_t n, size_t groups, struct yg_test *out,
                                 struct yg_err *err)
{
	struct yg_test t = no_test;
	double *known = yg_data_alloc(n + 1, sizeof *known);
	int32_t *of = yg_data_alloc(n + 1, sizeof *of);
	size_t k = 0, used = 0;
	struct yg_ranks r = { .rank = NULL };

	enum yg_status s =
		known && of ? YG_OK : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while ranking %zu values."), n);
	for (size_t i = 0; i < n && s == YG_OK; i++)
		if (group[i] >= 0) {
			known[k] = x[i];
			of[k++] = group[i];
		}
	if (s == YG_OK)
		s = yg_rank_all(known, k, NULL, &r, err);
	yg_data_free(known);
	double total = (double)k, h = 0, *sum = yg_xcalloc(2 * groups + 1, sizeof *sum), *size = sum + groups;
	for (size_t i = 0; i < k && s == YG_OK; i++) {
		sum[of[i]] += r.rank[i];
		size[of[i]]++;
	}
	yg_data_free(r.rank);
	yg_data_free(of);
	if (s != YG_OK) {
		yg_free(sum);
		return s;
	}
	for (size_t g = 0; g < groups; g++)
		if (size[g] > 0) {
			used++;
			h += sum[g] * sum[g] / size[g];
		}
	yg_free(sum);
	t.df = (double)used - 1;
	double shrink = 1 - r.correction / (total * total * total - total);
	if (used < 2)
		t.problem = N_("fewer than two groups have values");
	else if (!(shrink > 0))
		t.problem = N_("the values do not vary");
	else {
		t.statistic = (12 * h / (total * (total + 1)) - 3 * (total + 1)) / shrink;
		t.p = yg_chisq_upper(t.statistic, t.df);
	}
	*out = t;
	return YG_OK;
}
