/* Correlations: Pearson, Spearman, Kendall's tau-b, and partial ones. */
#include "yogo/stats/correlation.h"

#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/num/sort.h"
#include "yogo/stats/ranks.h"

static const struct yg_correlation nothing = { .test = { .statistic = NAN, .df = NAN, .df2 = NAN, .p = NAN },
	                                       .estimate = NAN, .lower = NAN, .upper = NAN };
#define BLOCK 4096

/* Interval on Fisher's z with this variance. */
static void fisher_interval(struct yg_correlation *c, double variance, double conf)
{
	double r = c->estimate;

	if (!(variance > 0) || isinf(variance)) {
		c->problem = N_("too few pairs for an interval");
	} else if (fabs(r) >= 1 - 1e-14) {
		c->problem = N_("the correlation is 1 or -1: no interval");
	} else {
		double z = (yg_log1p(r) - yg_log1p(-r)) / 2, reach = yg_normal_quantile_upper((1 - conf) / 2) * sqrt(variance);
		double low = yg_expm1(2 * (z - reach)), high = yg_expm1(2 * (z + reach));
		c->lower = low / (low + 2);
		c->upper = high / (high + 2);
	}
}

/* p of r by t on df. */
static void test_r(struct yg_correlation *c, double df)
{
	double r = c->estimate, rest = (1 - r) * (1 + r);

	if (!(df > 0)) {
		c->test.problem = N_("too few pairs");
		return;
	}
	c->test.df = df;
	if (rest <= 4e-16 * df) {
		/* on a straight line: nothing is left to chance */
		c->test.p = 0;
		return;
	}
	c->test.statistic = r * sqrt(df / rest);
	c->test.p = yg_t_two_sided(c->test.statistic, df);
}

/* Means, then the cross products about them, in blocks added in order. */
static void moments(const double *x, const double *y, size_t n, double *sxx, double *syy, double *sxy)
{
	double mx = 0, my = 0, a = 0, b = 0, c = 0;

	for (size_t from = 0; from < n; from += BLOCK) {
		size_t to = from + BLOCK < n ? from + BLOCK : n;
		double u = 0, v = 0;
		for (size_t i = from; i < to; i++) {
			u += x[i];
			v += y[i];
		}
		mx += u;
		my += v;
	}
	mx /= (double)n;
	my /= (double)n;
	for (size_t from = 0; from < n; from += BLOCK) {
		size_t to = from + BLOCK < n ? from + BLOCK : n;
		double p = 0, q = 0, r = 0;
		for (size_t i = from; i < to; i++) {
			double u = x[i] - mx, v = y[i] - my;
			p += u * u;
			q += v * v;
			r += u * v;
		}
		a += p;
		b += q;
		c += r;
	}
	/* what rounding alone would leave of a constant is none */
	double e = 1e-28 * (double)n;
	*sxx = a > e * mx * mx ? a : 0;
	*syy = b > e * my * my ? b : 0;
	*sxy = c;
}

static bool plain_r(const double *x, const double *y, size_t n, struct yg_correlation *out)
{
	double a, b, c;

	*out = nothing;
	if (n < 2) {
		out->problem = out->test.problem = N_("fewer than two pairs");
		return false;
	}
	moments(x, y, n, &a, &b, &c);
	if (!(a > 0) || !(b > 0)) {
		out->problem = out->test.problem = N_("one of the two does not vary");
		return false;
	}
	out->estimate = fmax(-1, fmin(1, c / sqrt(a) / sqrt(b)));
	return true;
}

void yg_pearson(const double *x, const double *y, size_t n, double conf, struct yg_correlation *out)
{
	if (!plain_r(x, y, n, out))
		return;
	test_r(out, (double)n - 2);
	fisher_interval(out, 1 / ((double)n - 3), conf);
}

/* Two-sided p of sum d^2 = s among all orders of n <= 9 values: count of those with a sum up to s, and of at least s. */
static double spearman_exact(size_t n, double s)
{
	size_t p[9], c[9] = { 0 }, i = 0;
	double low = 0, high = 0, all = 0;

	for (size_t k = 0; k < n; k++)
		p[k] = k;
	/* Heap's algorithm: each order once */
	for (;;) {
		double sum = 0;
		for (size_t k = 0; k < n; k++) {
			double d = (double)p[k] - (double)k;
			sum += d * d;
		}
		all++;
		low += sum <= s + 0.5;
		high += sum >= s - 0.5;
		while (i < n && c[i] >= i)
			c[i++] = 0;
		if (i >= n)
			break;
		size_t j = i % 2 ? c[i] : 0, keep = p[j];
		p[j] = p[i];
		p[i] = keep;
		c[i]++;
		i = 0;
	}
	return fmin(1, 2 * fmin(low, high) / all);
}

void yg_spearman_ranks(const double *rx, const double *ry, size_t n, bool ties, enum yg_exactness exact, double conf,
                       struct yg_correlation *out)
{
	double size = (double)n;

	if (!plain_r(rx, ry, n, out))
		return;
	test_r(out, size - 2);
	if (!ties && n >= 3 && n <= 9 && exact != YG_EXACT_NO) {
		out->test.p = spearman_exact(n, (size * size * size - size) / 6 * (1 - out->estimate));
		out->test.exact = true;
	}
	fisher_interval(out, (1 + out->estimate * out->estimate / 2) / (size - 3), conf);
}

enum yg_status yg_spearman(const double *x, const double *y, size_t n, enum yg_exactness exact, double conf,
                           struct yg_task *task, struct yg_correlation *out, struct yg_err *err)
{
	struct yg_ranks a, b;

	*out = nothing;
	YG_TRY(yg_rank_all(x, n, task, &a, err));
	enum yg_status s = yg_rank_all(y, n, task, &b, err);
	if (s == YG_OK) {
		yg_spearman_ranks(a.rank, b.rank, n, a.ties || b.ties, exact, conf, out);
		yg_data_free(b.rank);
	}
	yg_data_free(a.rank);
	return s;
}

/* ---- Kendall ---- */

static void add_tie(struct yg_pair_counts *c, int side, double t)
{
	c->tied[side] += t * (t - 1) / 2;
	c->cubes[side] += t * (t - 1) * (2 * t + 5);
	c->triples[side] += t * (t - 1) * (t - 2);
}

/*
 * Pairs i < j with v[i] > v[j], v in [0, values), start[values + 1] how many are below each value.  From the highest bit
 * down, values that agree in the bits above stand together: a 1 before a 0 in such a stretch is an inversion.  No branches.
 */
static uint64_t inversions(uint32_t *v, uint32_t *other, size_t n, uint32_t values, const uint32_t *start, uint32_t *next)
{
	uint64_t count = 0;
	unsigned bits = 0;

	while (bits < 32 && (values - 1) >> bits)
		bits++;
	for (unsigned b = bits; b-- > 0;) {
		uint32_t prefixes = ((values - 1) >> b) + 1, stretch = UINT32_MAX;
		uint64_t ones = 0;
		for (uint32_t p = 0; p < prefixes; p++)
			next[p] = start[(uint64_t)p << b];
		for (size_t i = 0; i < n; i++) {
			uint32_t p = v[i] >> b, bit = p & 1;
			ones = (p >> 1) == stretch ? ones : 0;
			stretch = p >> 1;
			count += bit ? 0 : ones;
			ones += bit;
			other[next[p]++] = v[i];
		}
		uint32_t *swap = v;
		v = other;
		other = swap;
	}
	return count;
}

static void tie_variance(struct yg_pair_counts *c, double n)
{
	double all = n * (n - 1) * (2 * n + 5);

	c->variance_untied[0] = (all - c->cubes[0]) / 18;
	c->variance_untied[1] = (all - c->cubes[1]) / 18;
	c->variance = (all - c->cubes[0] - c->cubes[1]) / 18;
	if (n > 1)
		c->variance += 4 * c->tied[0] * c->tied[1] / (2 * n * (n - 1));
	if (n > 2)
		c->variance += c->triples[0] * c->triples[1] / (9 * n * (n - 1) * (n - 2));
}

enum yg_status yg_count_pairs(const double *x, const double *y, size_t n, struct yg_task *task, struct yg_pair_counts *out,
                              struct yg_err *err)
{
	struct yg_pair_counts c = { .pairs = (double)n * ((double)n - 1) / 2 };
	uint32_t *first = yg_data_alloc(n + 1, sizeof *first), *second = yg_data_alloc(n + 1, sizeof *second),
		 *v = yg_data_alloc(n + 1, sizeof *v), *start = yg_data_alloc(n + 2, sizeof *start),
		 *level = yg_data_alloc(n + 1, sizeof *level);
	double *key = yg_data_alloc(n + 1, sizeof *key), both = 0;
	uint32_t values = 0;
	enum yg_status s = first && second && v && start && level && key
	                           ? YG_OK
	                           : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while ranking %zu values."), n);

	if (s == YG_OK)
		s = yg_sort_doubles(y, n, task, first, err);
	/* y as whole numbers 0, 1, ...; x in the order of y, so that a stable sort by x leaves equal x in that order */
	for (size_t i = 0, j; s == YG_OK && i < n; i = j) {
		double value = y[first[i]];
		start[values] = (uint32_t)i;
		for (j = i; j < n && y[first[j]] == value; j++) {
			level[j] = values;
			key[j] = x[first[j]];
		}
		add_tie(&c, 1, (double)(j - i));
		values++;
	}
	if (s == YG_OK) {
		start[values] = (uint32_t)n;
		s = yg_sort_doubles(key, n, task, second, err);
	}
	for (size_t i = 0, j; s == YG_OK && i < n; i = j) {
		double value = key[second[i]], t = 0;
		uint32_t of = UINT32_MAX;
		for (j = i; j < n && key[second[j]] == value; j++) {
			v[j] = level[second[j]];
			if (v[j] != of) {
				both += t * (t - 1) / 2;
				t = 0;
				of = v[j];
			}
			t++;
		}
		both += t * (t - 1) / 2;
		add_tie(&c, 0, (double)(j - i));
	}
	if (s == YG_OK && n) {
		uint64_t discordant = inversions(v, first, n, values, start, second);
		c.s = c.pairs - c.tied[0] - c.tied[1] + both - 2 * (double)discordant;
	}
	tie_variance(&c, (double)n);
	yg_data_free(first);
	yg_data_free(second);
	yg_data_free(v);
	yg_data_free(start);
	yg_data_free(level);
	yg_data_free(key);
	*out = c;
	return s;
}

/* Two-sided p of `concordant` of all pairs, n < 50, no ties: orders by their number of inversions, as shares. */
static double kendall_exact(size_t n, double concordant)
{
	size_t top = n * (n - 1) / 2;
	double *a = yg_xcalloc(2 * (top + 1), sizeof *a), *b = a + top + 1, low = 0, high = 0;

	a[0] = 1;
	for (size_t k = 2; k <= n; k++) {
		/* the k-th value stands before 0 .. k - 1 others */
		memset(b, 0, (top + 1) * sizeof *b);
		for (size_t w = 0; w <= k * (k - 1) / 2; w++)
			for (size_t add = 0; add < k && add <= w; add++)
				b[w] += a[w - add] / (double)k;
		memcpy(a, b, (top + 1) * sizeof *a);
	}
	for (size_t w = 0; w <= top; w++) {
		low += (double)w <= concordant + 0.25 ? a[w] : 0;
		high += (double)w >= concordant - 0.25 ? a[w] : 0;
	}
	yg_free(a);
	return fmin(1, 2 * fmin(low, high));
}

enum yg_status yg_kendall(const double *x, const double *y, size_t n, enum yg_exactness exact, double conf,
                          struct yg_task *task, struct yg_correlation *out, struct yg_err *err)
{
	struct yg_pair_counts c;
	double size = (double)n;

	*out = nothing;
	if (n < 2) {
		out->problem = out->test.problem = N_("fewer than two pairs");
		return YG_OK;
	}
	YG_TRY(yg_count_pairs(x, y, n, task, &c, err));
	double a = c.pairs - c.tied[0], b = c.pairs - c.tied[1];
	if (!(a > 0) || !(b > 0)) {
		out->problem = out->test.problem = N_("one of the two does not vary");
		return YG_OK;
	}
	out->estimate = c.s / (sqrt(a) * sqrt(b));
	if (exact != YG_EXACT_NO && n < 50 && c.tied[0] + c.tied[1] <= 0) {
		out->test.statistic = c.s;
		out->test.p = kendall_exact(n, (c.pairs + c.s) / 2);
		out->test.exact = true;
	} else if (c.variance > 0) {
		out->test.statistic = c.s / sqrt(c.variance);
		out->test.p = yg_normal_two_sided(out->test.statistic);
	} else {
		out->test.problem = N_("too few pairs");
	}
	fisher_interval(out, n > 4 ? 0.437 / (size - 4) : NAN, conf);
	return YG_OK;
}

/* ---- partial ---- */

void yg_partial_correlation(const double *const *column, size_t k, size_t n, bool ranks, double conf,
                            struct yg_correlation *out, size_t *given)
{
	double *m = yg_xcalloc(k * k + 1, sizeof *m);
	bool varies = n >= 2;

	*out = nothing;
	*given = 0;
	for (size_t i = 0; i < k && n >= 2; i++)
		for (size_t j = 0; j <= i; j++) {
			double a, b, c;
			moments(column[i], column[j], n, &a, &b, &c);
			m[i * k + j] = m[j * k + i] = i == j ? a : c;
		}
	/* to correlations, so that one tolerance serves */
	for (size_t i = 0; i < k; i++) {
		double d = m[i * k + i] > 0 ? 1 / sqrt(m[i * k + i]) : 0;
		varies = varies && (i > 1 || d > 0);
		for (size_t j = 0; j < k; j++) {
			m[i * k + j] *= d;
			m[j * k + i] *= d;
		}
	}
	for (size_t p = 2; p < k && varies; p++) {
		double pivot = m[p * k + p];
		if (!(pivot > 1e-10))
			continue;
		(*given)++;
		for (size_t i = 0; i < k; i++)
			for (size_t j = 0; j < k && i != p; j++)
				if (j != p)
					m[i * k + j] -= m[i * k + p] * m[p * k + j] / pivot;
		for (size_t i = 0; i < k; i++)
			m[i * k + p] = m[p * k + i] = 0;
	}
	double a = varies ? m[0] : 0, b = varies ? m[k + 1] : 0, c = m[1];
	yg_free(m);
	if (!(a > 1e-10) || !(b > 1e-10)) {
		out->problem = out->test.problem =
			n < 2 ? N_("fewer than two pairs") : N_("one of the two does not vary beside the others");
		return;
	}
	out->estimate = fmax(-1, fmin(1, c / sqrt(a * b)));
	double left = (double)n - 3 - (double)*given, r = out->estimate;
	test_r(out, left + 1);
	fisher_interval(out, (ranks ? 1 + r * r / 2 : 1) / left, conf);
}
