/*
 * Spline and polynomial bases.
 *
 * ns follows R to the sign of its columns: cubic B-splines on knots with fourfold ends, without the first, rotated by
 * the Householder vectors of the QR decomposition of the second derivatives at the two ends, without the first two
 * (Hastie 1992, in Statistical Models in S).
 */
#include "yogo/stats/basis.h"

#include <math.h>
#include <string.h>

#include "yogo/base/mem.h"
#include "yogo/num/sort.h"

/* Quantile of type 7. */
static double quantile_sorted(const double *sorted, size_t n, double p)
{
	double at = p * (double)(n - 1), low = floor(at), part = at - low;
	size_t i = (size_t)low;
	return i + 1 < n ? sorted[i] + part * (sorted[i + 1] - sorted[i]) : sorted[n - 1];
}

static bool ascending(const double *x, size_t n)
{
	size_t i = 1;
	while (i < n && x[i - 1] <= x[i])
		i++;
	return i >= n;
}

/* x in ascending order (data memory), and the number of distinct values. */
static enum yg_status sorted_copy(const double *x, size_t n, double **out, size_t *distinct, struct yg_err *err)
{
	bool done = ascending(x, n);
	uint32_t *order = done ? NULL : yg_data_alloc(n + 1, sizeof *order);
	double *v = yg_data_alloc(n + 1, sizeof *v);
	enum yg_status s = YG_OK;
	if ((!order && !done) || !v)
		s = yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while a spline was prepared");
	else if (!done)
		s = yg_sort_doubles(x, n, NULL, order, err);
	*distinct = 0;
	for (size_t i = 0; s == YG_OK && i < n; i++) {
		v[i] = x[done ? i : order[i]];
		*distinct += i == 0 || v[i] != v[i - 1];
	}
	yg_data_free(order);
	if (s == YG_OK)
		*out = v;
	else
		yg_data_free(v);
	return s;
}

static enum yg_status check_given(const double *given, int knots, struct yg_basis *b, struct yg_err *err)
{
	if (knots > YG_BASIS_MOST - 4)
		return yg_fail(err, YG_EINVAL, "E-SPLINE-001", "a spline can have at most %d knots", YG_BASIS_MOST - 4);
	for (int i = 0; i < knots; i++) {
		if (i > 0 && !(given[i] > given[i - 1]))
			return yg_fail(err, YG_EINVAL, "E-SPLINE-002", "the knots of a spline must rise");
		b->knot[i] = given[i];
	}
	b->knots = knots;
	return YG_OK;
}

enum yg_status yg_basis_rcs(const double *x, size_t n, int knots, const double *given, struct yg_basis *out, struct yg_err *err)
{
	struct yg_basis b = { .kind = YG_BASIS_RCS, .boundary = { NAN, NAN } };
	if (knots < 3 || knots > 10)
		return yg_fail(err, YG_EINVAL, "E-SPLINE-003", "rcs needs 3 to 10 knots, not %d", knots);
	if (given) {
		YG_TRY(check_given(given, knots, &b, err));
	} else {
		double *v, outer = knots == 3 ? 0.1 : knots > 6 ? 0.025 : 0.05;
		size_t distinct;
		YG_TRY(sorted_copy(x, n, &v, &distinct, err));
		b.knots = knots;
		for (int i = 0; i < knots && n > 0; i++)
			b.knot[i] = quantile_sorted(v, n, outer + (1 - 2 * outer) * i / (knots - 1));
		if (n >= 9 && n < 100) {        /* Harrell: the fifth smallest and largest in small samples */
			b.knot[0] = v[4];
			b.knot[knots - 1] = v[n - 5];
		}
		yg_data_free(v);
		bool rising = distinct >= (size_t)knots + 2;
		for (int i = 1; i < knots; i++)
			rising = rising && b.knot[i] > b.knot[i - 1];
		if (!rising)
			return yg_fail(err, YG_REFUSED, "E-SPLINE-004",
			               "the values are too few or too often the same for %d knots; "
			               "ask for fewer, or give them: knots = (...)", knots);
	}
	b.columns = knots - 1;
	*out = b;
	return YG_OK;
}

/* Cubic B-splines at x (columns 0..knots+3); derivative 0 or 2.  The right end belongs to the last interval. */
static void bsplines(const struct yg_basis *b, double x, int derivative, double *value)
{
	double t[YG_BASIS_MOST + 8], w[YG_BASIS_MOST + 8] = { 0 };
	int m = b->knots + 8, last = b->knots + 3;
	for (int i = 0; i < 4; i++) {
		t[i] = b->boundary[0];
		t[m - 1 - i] = b->boundary[1];
	}
	for (int i = 0; i < b->knots; i++)
		t[4 + i] = b->knot[i];
	int span = 3;
	while (span < last && x >= t[span + 1])
		span++;
	w[span] = 1;
	/* Cox-de Boor up to the degree that is left after differentiation. */
	int degree = 3 - derivative;
	for (int d = 1; d <= degree; d++)
		for (int i = 0; i < m - 1 - d; i++) {
			double left = t[i + d] - t[i], right = t[i + d + 1] - t[i + 1], v = 0;
			if (left > 0)
				v += (x - t[i]) / left * w[i];
			if (right > 0)
				v += (t[i + d + 1] - x) / right * w[i + 1];
			w[i] = v;
		}
	/* Each derivative: d (w_i / left - w_{i+1} / right). */
	for (int d = degree + 1; d <= 3; d++)
		for (int i = 0; i < m - 1 - d; i++) {
			double left = t[i + d] - t[i], right = t[i + d + 1] - t[i + 1], v = 0;
			if (left > 0)
				v += d / left * w[i];
			if (right > 0)
				v -= d / right * w[i + 1];
			w[i] = v;
		}
	for (int i = 0; i <= last; i++)
		value[i] = w[i];
}

/* Reflect v[size] by the Householder vector h that starts at row k (LINPACK's form: h[k] = 1 + |x_k| / norm). */
static void reflect(const double *h, int k, int size, double *v)
{
	double s = 0;
	if (h[k] == 0)
		return;
	for (int i = k; i < size; i++)
		s += h[i] * v[i];
	s /= -h[k];
	for (int i = k; i < size; i++)
		v[i] += s * h[i];
}

static void natural_constraints(struct yg_basis *b)
{
	int size = b->knots + 3;
	double all[YG_BASIS_MOST + 8], c[2][YG_BASIS_MOST + 8] = { { 0 } };
	for (int e = 0; e < 2; e++) {
		bsplines(b, b->boundary[e], 2, all);
		memcpy(c[e], all + 1, (size_t)size * sizeof(double));
	}
	for (int k = 0; k < 2; k++) {
		double norm = 0;
		if (k == 1)
			reflect(b->null_space[0], 0, size, c[1]);
		for (int i = k; i < size; i++)
			norm += c[k][i] * c[k][i];
		norm = sqrt(norm);
		if (c[k][k] < 0)
			norm = -norm;
		for (int i = k; i < size; i++)
			b->null_space[k][i] = norm != 0 ? c[k][i] / norm : 0;
		b->null_space[k][k] += norm != 0 ? 1 : 0;
	}
}

static enum yg_status inner_knots(const double *x, size_t n, int wanted, const double *given, int knots, struct yg_basis *b,
                                  struct yg_err *err)
{
	double *v;
	size_t distinct;
	if (n == 0)
		return yg_fail(err, YG_REFUSED, "E-SPLINE-005", "there are no values to make a spline of");
	YG_TRY(sorted_copy(x, n, &v, &distinct, err));
	b->boundary[0] = v[0];
	b->boundary[1] = v[n - 1];
	enum yg_status s = YG_OK;
	if (given) {
		s = check_given(given, knots, b, err);
	} else {
		b->knots = wanted;
		for (int i = 0; i < wanted; i++)
			b->knot[i] = quantile_sorted(v, n, (double)(i + 1) / (wanted + 1));
	}
	yg_data_free(v);
	YG_TRY(s);
	for (int i = 0; i < b->knots; i++)
		if (!(b->knot[i] > (i > 0 ? b->knot[i - 1] : b->boundary[0])) || !(b->knot[i] < b->boundary[1]))
			return yg_fail(err, YG_REFUSED, "E-SPLINE-006",
			               "a knot of the spline is not inside the values, or two are the same; ask for fewer, "
			               "or give them: knots = (...)");
	if (!(b->boundary[0] < b->boundary[1]))
		return yg_fail(err, YG_REFUSED, "E-SPLINE-005", "the values are all the same; there is nothing to make a spline of");
	return YG_OK;
}

enum yg_status yg_basis_ns(const double *x, size_t n, int df, const double *given, int knots, struct yg_basis *out,
                           struct yg_err *err)
{
	struct yg_basis b = { .kind = YG_BASIS_NS };
	if (!given && (df < 1 || df > YG_BASIS_MOST - 8))
		return yg_fail(err, YG_EINVAL, "E-SPLINE-007", "ns needs 1 to %d degrees of freedom", YG_BASIS_MOST - 8);
	YG_TRY(inner_knots(x, n, df - 1, given, knots, &b, err));
	b.columns = b.knots + 1;
	natural_constraints(&b);
	*out = b;
	return YG_OK;
}

enum yg_status yg_basis_bs(const double *x, size_t n, int df, const double *given, int knots, struct yg_basis *out,
                           struct yg_err *err)
{
	struct yg_basis b = { .kind = YG_BASIS_BS };
	if (!given && (df < 3 || df > YG_BASIS_MOST - 8))
		return yg_fail(err, YG_EINVAL, "E-SPLINE-008", "bs needs 3 to %d degrees of freedom", YG_BASIS_MOST - 8);
	YG_TRY(inner_knots(x, n, df - 3, given, knots, &b, err));
	b.columns = b.knots + 3;
	*out = b;
	return YG_OK;
}

/* Orthogonal polynomials by the three-term recursion (Kennedy & Gentle 1980), scaled to unit length as R's poly. */
enum yg_status yg_basis_poly(const double *x, size_t n, int degree, struct yg_basis *out, struct yg_err *err)
{
	struct yg_basis b = { .kind = YG_BASIS_POLY, .columns = degree, .boundary = { NAN, NAN } };
	if (degree < 1 || degree > 12)
		return yg_fail(err, YG_EINVAL, "E-SPLINE-009", "poly needs a degree of 1 to 12");
	double *previous = yg_data_calloc(2 * n + 1, sizeof(double)), *now = previous + n;
	if (!previous)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while a polynomial was prepared");
	b.norm[0] = 1;
	b.norm[1] = (double)n;
	for (size_t i = 0; i < n; i++)
		now[i] = 1;
	enum yg_status s = YG_OK;
	for (int k = 0; k < degree; k++) {
		double sum = 0, norm = 0, largest = 0;
		for (size_t i = 0; i < n; i++)
			sum += x[i] * now[i] * now[i];
		b.alpha[k] = sum / b.norm[k + 1];
		for (size_t i = 0; i < n; i++) {
			double next = (x[i] - b.alpha[k]) * now[i] - b.norm[k + 1] / b.norm[k] * previous[i];
			previous[i] = now[i];
			now[i] = next;
			norm += now[i] * now[i];
			largest = fmax(largest, fabs(x[i] - b.alpha[k]));
		}
		b.norm[k + 2] = norm;
		if (!(norm > 1e-14 * largest * largest * b.norm[k + 1])) {
			s = yg_fail(err, YG_REFUSED, "E-SPLINE-010", "the values are too few for a polynomial of degree %d", degree);
			break;
		}
	}
	yg_data_free(previous);
	if (s == YG_OK)
		*out = b;
	return s;
}

static double cube_above(double x, double knot)
{
	return x > knot ? (x - knot) * (x - knot) * (x - knot) : 0;
}

static void rcs_row(const struct yg_basis *b, double x, double *row)
{
	int k = b->knots;
	double last = b->knot[k - 1], before = b->knot[k - 2], span = last - b->knot[0];
	row[0] = x;
	for (int j = 0; j < k - 2; j++)
		row[j + 1] = (cube_above(x, b->knot[j]) +
		              ((before - b->knot[j]) * cube_above(x, last) - (last - b->knot[j]) * cube_above(x, before)) /
		              (last - before)) / (span * span);
}

static void ns_inside(const struct yg_basis *b, double x, double *row)
{
	double all[YG_BASIS_MOST + 8];
	int size = b->knots + 3;
	bsplines(b, x, 0, all);
	reflect(b->null_space[0], 0, size, all + 1);
	reflect(b->null_space[1], 1, size, all + 1);
	memcpy(row, all + 3, (size_t)b->columns * sizeof(double));
}

void yg_basis_row(const struct yg_basis *b, double x, double *row)
{
	double all[YG_BASIS_MOST + 8], low[YG_BASIS_MOST + 8];
	switch (b->kind) {
	case YG_BASIS_RCS:
		rcs_row(b, x, row);
		break;
	case YG_BASIS_NS:
		if (x >= b->boundary[0] && x <= b->boundary[1]) {
			ns_inside(b, x, row);
			break;
		}
		/* Outside a straight line: value and slope at the boundary; the second derivative is zero there, so
		   the difference quotient over a short step, its cubic part taken out, gives the slope. */
		double end = x < b->boundary[0] ? b->boundary[0] : b->boundary[1];
		double inner = x < b->boundary[0] ? (b->knots ? b->knot[0] : b->boundary[1]) :
		                                    (b->knots ? b->knot[b->knots - 1] : b->boundary[0]);
		double h = (inner - end) / 2;
		ns_inside(b, end, all);
		ns_inside(b, end + h, low);
		ns_inside(b, end + 2 * h, row);
		for (int j = 0; j < b->columns; j++) {
			/* f(h) - f = s h + c h^3, f(2h) - f = 2 s h + 8 c h^3 */
			double d1 = low[j] - all[j], d2 = row[j] - all[j], slope = (8 * d1 - d2) / (6 * h);
			row[j] = all[j] + slope * (x - end);
		}
		break;
	case YG_BASIS_BS:
		bsplines(b, x, 0, all);
		memcpy(row, all + 1, (size_t)b->columns * sizeof(double));
		break;
	case YG_BASIS_POLY: {
		double previous = 0, now = 1;
		for (int k = 0; k < b->columns; k++) {
			double next = (x - b->alpha[k]) * now - (k > 0 ? b->norm[k + 1] / b->norm[k] * previous : 0);
			previous = now;
			now = next;
			row[k] = now / sqrt(b->norm[k + 2]);
		}
		break;
	}
	}
}
