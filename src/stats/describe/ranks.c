/* Midranks, and the permutation distributions of sums of ranks by the shift algorithm. */
#include "yogo/stats/ranks.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/sort.h"

enum yg_status yg_rank_all(const double *x, size_t n, struct yg_task *task, struct yg_ranks *out, struct yg_err *err)
{
	uint32_t *order = yg_data_alloc(n + 1, sizeof *order);
	double *rank = yg_data_alloc(n + 1, sizeof *rank);
	enum yg_status s = YG_OK;

	*out = (struct yg_ranks){ .rank = rank };
	if (!order || !rank)
		s = yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while ranking %zu values."), n);
	if (s == YG_OK)
		s = yg_sort_doubles(x, n, task, order, err);
	for (size_t i = 0, j; s == YG_OK && i < n; i = j) {
		double value = x[order[i]];
		for (j = i + 1; j < n && x[order[j]] == value;)
			j++;
		double t = (double)(j - i), middle = ((double)i + 1 + (double)j) / 2;
		out->ties = out->ties || j - i > 1;
		out->correction += t * t * t - t;
		for (size_t k = i; k < j; k++)
			rank[order[k]] = middle;
	}
	yg_data_free(order);
	if (s != YG_OK) {
		yg_data_free(rank);
		out->rank = NULL;
	}
	return s;
}

enum yg_status yg_rank_pooled(const double *x, size_t n, const double *y, size_t m, struct yg_ranks *out, struct yg_err *err)
{
	double *pooled = yg_data_alloc(n + m + 1, sizeof *pooled);

	*out = (struct yg_ranks){ 0 };
	if (!pooled)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while ranking %zu values."), n + m);
	memcpy(pooled, x, n * sizeof *pooled);
	memcpy(pooled + n, y, m * sizeof *pooled);
	enum yg_status s = yg_rank_all(pooled, n + m, NULL, out, err);
	yg_data_free(pooled);
	return s;
}

/* Tail of count[0..top] at `at`; far is how far each sum lies from the mean, both times `scale`. */
static double tail(const double *count, size_t top, size_t at, double mean, enum yg_alternative alternative)
{
	double in = 0, all = 0, far = fabs((double)at - mean);

	for (size_t s = 0; s <= top; s++) {
		bool counts = alternative == YG_LESS      ? s <= at
		              : alternative == YG_GREATER ? s >= at
		                                          : fabs((double)s - mean) >= far * (1 - 1e-12);
		all += count[s];
		in += counts ? count[s] : 0;
	}
	return fmin(1, in / all);
}

double yg_rank_subset_p(const double *rank, size_t all, size_t n, double sum, enum yg_alternative alternative)
{
	size_t top = all * (all + 1), reach = 0;
	double *count = yg_xcalloc((n + 1) * (top + 1), sizeof *count);

	/* count[i][s]: choices of i of the values met with twice the sum of ranks s */
	count[0] = 1;
	for (size_t k = 0; k < all; k++) {
		size_t add = (size_t)(2 * rank[k] + 0.5);
		reach += add;
		for (size_t i = k + 1 < n ? k + 1 : n; i >= 1; i--) {
			double *to = count + i * (top + 1);
			const double *from = to - (top + 1);
			for (size_t s = add; s <= reach; s++)
				to[s] += from[s - add];
		}
	}
	double mean = (double)n * (double)(all + 1);
	double p = tail(count + n * (top + 1), top, (size_t)(2 * sum + 0.5), mean, alternative);
	yg_free(count);
	return p;
}

double yg_rank_sign_p(const double *rank, size_t n, double sum, enum yg_alternative alternative)
{
	size_t top = n * (n + 1);
	double *count = yg_xcalloc(top + 1, sizeof *count);

	count[0] = 1;
	for (size_t k = 0; k < n; k++) {
		size_t add = (size_t)(2 * rank[k] + 0.5);
		for (size_t s = top + 1; s-- > 0;)
			count[s] = (count[s] + (s >= add ? count[s - add] : 0)) / 2;
	}
	double p = tail(count, top, (size_t)(2 * sum + 0.5), (double)top / 2, alternative);
	yg_free(count);
	return p;
}
