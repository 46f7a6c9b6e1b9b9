/* Local linear and natural spline regression: see yogo/stats/prediction.h. */
#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/matrix.h"
#include "yogo/num/sort.h"
#include "yogo/num/sum.h"
#include "yogo/stats/basis.h"
#include "yogo/stats/prediction.h"

#define MOST_BINS 2000u
#define SUM_ROWS 4096u

/* Neighbouring rows as one: mean x and y, rows, squares of y about their mean. */
struct bin {
	double x, y, n, square;
};

static enum yg_status make_bins(const double *x, const double *y, size_t n, struct yg_task *task, struct bin **out,
                                size_t *count, struct yg_err *err)
{
	uint32_t *order = yg_data_alloc(n + 1, sizeof *order);
	size_t bins = n < MOST_BINS ? n : MOST_BINS;
	struct bin *bin = yg_data_calloc(bins + 1, sizeof *bin);
	enum yg_status s = order && bin ? yg_sort_doubles(x, n, task, order, err) :
	                                  yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while a curve was smoothed"));
	for (size_t b = 0; s == YG_OK && b < bins; b++) {
		size_t from = n * b / bins, to = n * (b + 1) / bins;
		struct bin *k = &bin[b];
		for (size_t i = from; i < to; i++) {
			k->x += x[order[i]];
			k->y += y[order[i]];
		}
		k->n = (double)(to - from);
		k->x /= k->n;
		k->y /= k->n;
		for (size_t i = from; i < to; i++)
			k->square += (y[order[i]] - k->y) * (y[order[i]] - k->y);
	}
	yg_data_free(order);
	if (s != YG_OK) {
		yg_data_free(bin);
		return s;
	}
	*out = bin;
	*count = bins;
	return YG_OK;
}

static double tricube(double distance, double width)
{
	double u = distance / width, v = 1 - u * u * u;
	return u < 1 ? v * v * v : 0;
}

/* The nearest bins that hold the rows wanted: [*from, *to). */
static double window(const struct bin *bin, size_t bins, double at, double rows, size_t *from, size_t *to)
{
	size_t low = 0, high = bins;
	double have = 0, width = 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (bin[middle].x < at)
			low = middle + 1;
		else
			high = middle;
	}
	size_t a = low, b = low;
	while (have < rows && (a > 0 || b < bins)) {
		double left = a > 0 ? at - bin[a - 1].x : INFINITY, right = b < bins ? bin[b].x - at : INFINITY;
		if (left <= right) {
			have += bin[--a].n;
			width = left;
		} else {
			have += bin[b++].n;
			width = right;
		}
	}
	*from = a;
	*to = b;
	return width;
}

static void fit_at(const struct bin *bin, size_t bins, double at, double rows, double *fit, double *se)
{
	size_t from, to;
	double width = window(bin, bins, at, rows, &from, &to) * (1 + 1e-9), s0 = 0, s1 = 0, s2 = 0, y0 = 0, y1 = 0;
	*fit = NAN;
	if (se)
		*se = NAN;
	if (!(width > 0))
		width = 1;
	for (size_t b = from; b < to; b++) {
		double d = bin[b].x - at, w = bin[b].n * tricube(fabs(d), width);
		s0 += w;
		s1 += w * d;
		s2 += w * d * d;
		y0 += w * bin[b].y;
		y1 += w * d * bin[b].y;
	}
	double determinant = s0 * s2 - s1 * s1;
	if (!(s0 > 0))
		return;
	bool line = determinant > 1e-12 * s0 * s2;
	double slope = line ? (s0 * y1 - s1 * y0) / determinant : 0;
	*fit = line ? (s2 * y0 - s1 * y1) / determinant : y0 / s0;
	if (!se)
		return;
	double rest = 0, squares = 0, used = 0;
	for (size_t b = from; b < to; b++) {
		double d = bin[b].x - at, k = tricube(fabs(d), width), r = bin[b].y - *fit - slope * d;
		double l = line ? k * (s2 - s1 * d) / determinant : k / s0;
		rest += k * (bin[b].square + bin[b].n * r * r);
		used += k * bin[b].n;
		squares += bin[b].n * l * l;
	}
	*se = sqrt(rest / used * squares);
}

enum yg_status yg_smooth_local(const double *x, const double *y, size_t n, double span, const double *at, size_t m,
                               struct yg_task *task, double *fit, double *se, struct yg_err *err)
{
	struct bin *bin;
	size_t bins;
	YG_TRY(make_bins(x, y, n, task, &bin, &bins, err));
	for (size_t i = 0; i < m; i++)
		fit_at(bin, bins, at[i], fmax(span * (double)n, 3), &fit[i], se ? &se[i] : NULL);
	yg_data_free(bin);
	return YG_OK;
}

/* The cross products of the spline's columns with themselves, p*p, and with each y, p*columns, of a block of rows. */
struct spline_sums {
	const struct yg_basis *basis;
	const double *x, *y;
	size_t n, p, columns;
	double *part;            /* [blocks*(p*p + p*columns)] */
};

static enum yg_status sum_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct spline_sums *s = context;
	size_t p = s->p, from = block * SUM_ROWS, to = from + SUM_ROWS < s->n ? from + SUM_ROWS : s->n;
	double *cross = s->part + block * (p * p + p * s->columns), *with = cross + p * p, v[YG_BASIS_MOST + 1] = { 1 };
	(void)worker;
	(void)err;
	for (size_t i = from; i < to; i++) {
		if (i == from || s->x[i] < s->x[i - 1] || s->x[i] > s->x[i - 1]) /* ties have the same row */
			yg_basis_row(s->basis, s->x[i], v + 1);
		for (size_t a = 0; a < p; a++) {
			for (size_t b = 0; b < p; b++)
				cross[a * p + b] += v[a] * v[b];
			for (size_t c = 0; c < s->columns; c++)
				with[a * s->columns + c] += v[a] * s->y[i * s->columns + c];
		}
	}
	return YG_OK;
}

/* Knots at quantiles of the points and the data together, which are merged: mostly x is in order, and so are both then. */
static enum yg_status spline_of(const double *x, size_t n, int df, size_t m, double *at, struct yg_basis *basis, struct yg_err *err)
{
	double low = INFINITY, high = -INFINITY, *all = yg_data_alloc(n + m + 1, sizeof *all);
	if (!all)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while a curve was smoothed"));
	for (size_t i = 0; i < n; i++) {
		low = fmin(low, x[i]);
		high = fmax(high, x[i]);
	}
	for (size_t k = 0; k < m; k++)
		at[k] = k + 1 == m ? high : low + (high - low) * (double)k / (double)(m - 1);
	for (size_t i = 0, k = 0; i + k < n + m; ) {
		bool data = k == m || (i < n && x[i] <= at[k]);
		all[i + k] = data ? x[i] : at[k];
		i += data;
		k += !data;
	}
	enum yg_status s = yg_basis_ns(all, n + m, df - 1, NULL, 0, basis, err);
	yg_data_free(all);
	return s;
}

enum yg_status yg_smooth_natural(const double *x, const double *y, size_t n, size_t columns, int df, size_t m,
                                 struct yg_task *task, double *at, double *fit, double *unit, struct yg_err *err)
{
	size_t p = (size_t)df, blocks = (n + SUM_ROWS - 1) / SUM_ROWS, width = p * p + p * columns;
	struct yg_basis basis;
	double inverse[(YG_BASIS_MOST + 1) * (YG_BASIS_MOST + 1)], v[YG_BASIS_MOST + 1] = { 1 };
	YG_TRY(spline_of(x, n, df, m, at, &basis, err));
	struct spline_sums sums = { &basis, x, y, n, p, columns, yg_data_calloc(blocks * width + 1, sizeof(double)) };
	if (!sums.part)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while a curve was smoothed"));
	enum yg_status s = yg_pool_run(task, blocks, sum_block, &sums, err);
	if (s == YG_OK && blocks)
		yg_sum_tree(sums.part, blocks, width);
	if (s == YG_OK && !yg_symmetric_inverse(sums.part, p, inverse))
		s = yg_fail(err, YG_REFUSED, "E-PRE-051", N_("too few distinct times for a smooth curve"));
	for (size_t k = 0; s == YG_OK && k < m; k++) {
		double weight[YG_BASIS_MOST + 1] = { 0 };
		yg_basis_row(&basis, at[k], v + 1);
		unit[k] = sqrt(yg_quadratic_form(v, inverse, p));
		for (size_t a = 0; a < p; a++)
			for (size_t b = 0; b < p; b++)
				weight[a] += inverse[a * p + b] * v[b];
		for (size_t c = 0; c < columns; c++) {
			fit[c * m + k] = 0;
			for (size_t a = 0; a < p; a++)
				fit[c * m + k] += weight[a] * sums.part[p * p + a * columns + c];
		}
	}
	yg_data_free(sums.part);
	return s;
}
