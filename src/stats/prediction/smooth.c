/* Local linear and natural spline regression: see yogo/stats/prediction.h. */
#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/matrix.h"
#include "yogo/num/sort.h"
#include "yogo/stats/basis.h"
#include "yogo/stats/prediction.h"

#define MOST_BINS 2000u

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

enum yg_status yg_smooth_natural(const double *x, const double *y, size_t n, int df, size_t m, struct yg_task *task, double *at,
                                 double *fit, double *unit, struct yg_err *err)
{
	size_t p = (size_t)df;
	struct yg_basis basis;
	double low = INFINITY, high = -INFINITY, b[8] = { 0 };
	double *all = yg_data_alloc(n + m + 1, sizeof *all), *row = yg_data_alloc((n + 1) * p, sizeof *row);
	enum yg_status s = all && row && df <= 8 ? YG_OK : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while a curve was smoothed"));
	for (size_t i = 0; s == YG_OK && i < n; i++) {
		low = fmin(low, x[i]);
		high = fmax(high, x[i]);
		all[m + i] = x[i];
	}
	for (size_t k = 0; s == YG_OK && k < m; k++)
		all[k] = at[k] = k + 1 == m ? high : low + (high - low) * (double)k / (double)(m - 1);
	if (s == YG_OK)
		s = yg_basis_ns(all, n + m, df - 1, NULL, 0, &basis, err);
	for (size_t i = 0; s == YG_OK && i < n; i++) {
		row[i * p] = 1;
		yg_basis_row(&basis, x[i], row + i * p + 1);
	}
	double cross[64], inverse[64], z[8];
	if (s == YG_OK)
		s = yg_cross_product(row, n, p, NULL, y, task, cross, z, NULL, err);
	if (s == YG_OK && !yg_symmetric_inverse(cross, p, inverse))
		s = yg_fail(err, YG_REFUSED, "E-PRE-051", N_("too few distinct times for a smooth curve"));
	for (size_t a = 0; s == YG_OK && a < p; a++)
		for (size_t c = 0; c < p; c++)
			b[a] += inverse[a * p + c] * z[c];
	for (size_t k = 0; s == YG_OK && k < m; k++) {
		double v[8] = { 1 };
		yg_basis_row(&basis, at[k], v + 1);
		fit[k] = yg_dot(v, b, p);
		unit[k] = sqrt(yg_quadratic_form(v, inverse, p));
	}
	yg_data_free(all);
	yg_data_free(row);
	return s;
}
