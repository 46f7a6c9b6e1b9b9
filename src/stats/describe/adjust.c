/* Adjustment of p values for multiplicity: see the header for the formulas. */
#include "yogo/stats/adjust.h"

#include <math.h>
#include <string.h>

#include "yogo/base/mem.h"

static const struct {
	const char *word, *name;
} methods[] = {
	[YG_PADJUST_NONE] = { "none", "none" },
	[YG_PADJUST_BONFERRONI] = { "bonferroni", "Bonferroni" },
	[YG_PADJUST_HOLM] = { "holm", "Holm" },
	[YG_PADJUST_HOCHBERG] = { "hochberg", "Hochberg" },
	[YG_PADJUST_HOMMEL] = { "hommel", "Hommel" },
	[YG_PADJUST_BH] = { "bh", "Benjamini-Hochberg" },
	[YG_PADJUST_BY] = { "by", "Benjamini-Yekutieli" },
};

bool yg_padjust_parse(const char *word, enum yg_padjust *out)
{
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (!strcmp(word, methods[i].word)) {
			*out = (enum yg_padjust)i;
			return true;
		}
	if (!strcmp(word, "fdr")) {
		*out = YG_PADJUST_BH;
		return true;
	}
	return false;
}

const char *yg_padjust_word(enum yg_padjust method)
{
	return methods[method].word;
}

const char *yg_padjust_name(enum yg_padjust method)
{
	return methods[method].name;
}

/* Indices of the finite values in ascending order of p, ties by index: merge sort from the bottom up. */
static size_t ascending(const double *p, size_t n, size_t *order, size_t *other)
{
	size_t m = 0;
	for (size_t i = 0; i < n; i++)
		if (!isnan(p[i]))
			order[m++] = i;
	for (size_t width = 1; width < m; width *= 2) {
		for (size_t lo = 0; lo < m; lo += 2 * width) {
			size_t mid = lo + width < m ? lo + width : m, hi = lo + 2 * width < m ? lo + 2 * width : m;
			size_t a = lo, b = mid;
			for (size_t k = lo; k < hi; k++)
				other[k] = a < mid && (b >= hi || p[order[a]] <= p[order[b]]) ? order[a++] : order[b++];
		}
		memcpy(order, other, m * sizeof *order);
	}
	return m;
}

/* s[m] ascending in, adjusted in out[m]. */
static void hommel(const double *s, size_t m, double *q, double *out)
{
	double smallest = INFINITY;
	for (size_t i = 0; i < m; i++)
		smallest = fmin(smallest, (double)m * s[i] / (double)(i + 1));
	for (size_t i = 0; i < m; i++)
		q[i] = out[i] = smallest;
	for (size_t k = m - 1; k >= 2; k--) {
		/* the first m-k+1 values and the last k-1 */
		size_t split = m - k + 1;
		double q1 = INFINITY;
		for (size_t i = split; i < m; i++)
			q1 = fmin(q1, (double)k * s[i] / (double)(i - split + 2));
		for (size_t i = 0; i < split; i++)
			q[i] = fmin((double)k * s[i], q1);
		for (size_t i = split; i < m; i++)
			q[i] = q[split - 1];
		for (size_t i = 0; i < m; i++)
			out[i] = fmax(out[i], q[i]);
	}
	for (size_t i = 0; i < m; i++)
		out[i] = fmax(out[i], s[i]);
}

static void adjust_sorted(enum yg_padjust method, const double *s, size_t m, double *q, double *out)
{
	double total = (double)m, best, harmonic = 1;

	switch (method) {
	case YG_PADJUST_NONE:
		memcpy(out, s, m * sizeof *out);
		return;
	case YG_PADJUST_BONFERRONI:
		for (size_t i = 0; i < m; i++)
			out[i] = fmin(1, total * s[i]);
		return;
	case YG_PADJUST_HOLM:
		best = 0;
		for (size_t i = 0; i < m; i++)
			out[i] = best = fmax(best, fmin(1, (double)(m - i) * s[i]));
		return;
	case YG_PADJUST_HOMMEL:
		hommel(s, m, q, out);
		return;
	case YG_PADJUST_HOCHBERG:
		best = 1;
		for (size_t i = m; i-- > 0;)
			out[i] = best = fmin(best, (double)(m - i) * s[i]);
		return;
	case YG_PADJUST_BY:
		for (size_t i = 2; i <= m; i++)
			harmonic += 1 / (double)i;
		break;
	case YG_PADJUST_BH:
		break;
	}
	best = 1;
	for (size_t i = m; i-- > 0;)
		out[i] = best = fmin(best, harmonic * total * s[i] / (double)(i + 1));
}

void yg_padjust(enum yg_padjust method, const double *p, size_t n, double *adjusted)
{
	size_t *order = yg_xalloc(2 * n + 1, sizeof *order);
	double *s = yg_xalloc(3 * n + 1, sizeof *s), *q = s + n, *out = q + n;
	size_t m = ascending(p, n, order, order + n);

	for (size_t i = 0; i < m; i++)
		s[i] = p[order[i]];
	if (m)
		adjust_sorted(method, s, m, q, out);
	for (size_t i = 0; i < n; i++)
		adjusted[i] = NAN;
	for (size_t i = 0; i < m; i++)
		adjusted[order[i]] = out[i];
	yg_free(s);
	yg_free(order);
}
