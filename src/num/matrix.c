/*
 * Small dense linear algebra, plain loops in a fixed order.
 */
#include "yogo/num/matrix.h"

#include <math.h>
#include <string.h>

#include "yogo/base/mem.h"

double yg_dot(const double *a, const double *b, size_t n)
{
	double s = 0;
	for (size_t i = 0; i < n; i++)
		s += a[i] * b[i];
	return s;
}

size_t yg_cholesky(double *a, size_t p, double tolerance, uint8_t *dropped)
{
	size_t rank = 0;
	for (size_t j = 0; j < p; j++) {
		double whole = a[j * p + j], pivot = whole - yg_dot(a + j * p, a + j * p, j);
		dropped[j] = !(whole > 0) || !isfinite(pivot) || !(pivot > tolerance * whole);
		if (dropped[j]) {
			for (size_t k = 0; k <= j; k++)
				a[j * p + k] = 0;
			for (size_t i = j + 1; i < p; i++)
				a[i * p + j] = 0;
		} else {
			double root = sqrt(pivot);
			a[j * p + j] = root;
			for (size_t i = j + 1; i < p; i++)
				a[i * p + j] = (a[i * p + j] - yg_dot(a + i * p, a + j * p, j)) / root;
			rank++;
		}
		for (size_t i = j + 1; i < p; i++)
			a[j * p + i] = 0;
	}
	return rank;
}

void yg_cholesky_forward(const double *l, size_t p, const uint8_t *dropped, double *b)
{
	for (size_t i = 0; i < p; i++)
		b[i] = dropped[i] ? 0 : (b[i] - yg_dot(l + i * p, b, i)) / l[i * p + i];
}

void yg_cholesky_backward(const double *l, size_t p, const uint8_t *dropped, double *b)
{
	for (size_t i = p; i-- > 0;) {
		if (dropped[i]) {
			b[i] = 0;
			continue;
		}
		b[i] /= l[i * p + i];
		for (size_t j = 0; j < i; j++)
			b[j] -= l[i * p + j] * b[i];
	}
}

void yg_cholesky_solve(const double *l, size_t p, const uint8_t *dropped, double *b)
{
	yg_cholesky_forward(l, p, dropped, b);
	yg_cholesky_backward(l, p, dropped, b);
}

void yg_cholesky_inverse(const double *l, size_t p, const uint8_t *dropped, double *inverse)
{
	/* Rows of inverse become L^-1 first (lower triangle), then inverse = L^-T L^-1. */
	memset(inverse, 0, p * p * sizeof(double));
	for (size_t j = 0; j < p; j++) {
		if (dropped[j])
			continue;
		inverse[j * p + j] = 1 / l[j * p + j];
		for (size_t i = j + 1; i < p; i++) {
			if (dropped[i])
				continue;
			double s = 0;
			for (size_t k = j; k < i; k++)
				s += l[i * p + k] * inverse[k * p + j];
			inverse[i * p + j] = -s / l[i * p + i];
		}
	}
	for (size_t i = 0; i < p; i++)
		for (size_t j = 0; j <= i; j++) {
			/* Element (i, j) needs rows k >= i of L^-1, which are still untouched below row i. */
			double s = 0;
			for (size_t k = i; k < p; k++)
				s += inverse[k * p + i] * inverse[k * p + j];
			inverse[j * p + i] = s;
			if (i == j)
				inverse[i * p + i] = s;
		}
	for (size_t i = 0; i < p; i++)
		for (size_t j = 0; j < i; j++)
			inverse[i * p + j] = inverse[j * p + i];
}

double yg_cholesky_log_determinant(const double *l, size_t p, const uint8_t *dropped)
{
	double s = 0;
	for (size_t j = 0; j < p; j++)
		if (!dropped[j])
			s += 2 * log(l[j * p + j]);
	return s;
}

/* Cholesky of a copy; NULL when memory is gone or the rank is not full. */
static double *factor_copy(const double *a, size_t p, uint8_t **dropped)
{
	double *l = yg_data_alloc(p * p + (p + 7) / 8 + 1, sizeof(double));
	if (!l)
		return NULL;
	*dropped = (uint8_t *)(l + p * p);
	memcpy(l, a, p * p * sizeof(double));
	if (yg_cholesky(l, p, 1e-14, *dropped) == p)
		return l;
	yg_data_free(l);
	return NULL;
}

int yg_symmetric_solve(const double *a, size_t p, double *b)
{
	uint8_t *dropped;
	double *l = factor_copy(a, p, &dropped);
	if (l)
		yg_cholesky_solve(l, p, dropped, b);
	yg_data_free(l);
	return l != NULL;
}

int yg_symmetric_inverse(const double *a, size_t p, double *inverse)
{
	uint8_t *dropped;
	double *l = factor_copy(a, p, &dropped);
	if (l)
		yg_cholesky_inverse(l, p, dropped, inverse);
	yg_data_free(l);
	return l != NULL;
}

static void swap_rows(double *a, size_t width, size_t i, size_t j)
{
	for (size_t k = 0; k < width; k++) {
		double t = a[i * width + k];
		a[i * width + k] = a[j * width + k];
		a[j * width + k] = t;
	}
}

int yg_lu_solve(double *a, size_t p, double *b, size_t right_sides)
{
	for (size_t k = 0; k < p; k++) {
		size_t best = k;
		for (size_t i = k + 1; i < p; i++)
			if (fabs(a[i * p + k]) > fabs(a[best * p + k]))
				best = i;
		if (!(fabs(a[best * p + k]) > 0))
			return 0;
		if (best != k) {
			swap_rows(a, p, best, k);
			swap_rows(b, right_sides, best, k);
		}
		for (size_t i = k + 1; i < p; i++) {
			double f = a[i * p + k] / a[k * p + k];
			if (f == 0)
				continue;
			for (size_t j = k + 1; j < p; j++)
				a[i * p + j] -= f * a[k * p + j];
			for (size_t j = 0; j < right_sides; j++)
				b[i * right_sides + j] -= f * b[k * right_sides + j];
		}
	}
	for (size_t j = 0; j < right_sides; j++)
		for (size_t i = p; i-- > 0;) {
			double s = b[i * right_sides + j];
			for (size_t k = i + 1; k < p; k++)
				s -= a[i * p + k] * b[k * right_sides + j];
			b[i * right_sides + j] = s / a[i * p + i];
		}
	return 1;
}

void yg_multiply(const double *a, const double *b, size_t n, size_t k, size_t m, double *c)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < m; j++)
			c[i * m + j] = 0;
		for (size_t l = 0; l < k; l++)
			for (size_t j = 0; j < m; j++)
				c[i * m + j] += a[i * k + l] * b[l * m + j];
	}
}

void yg_multiply_transposed(const double *a, const double *b, size_t n, size_t k, size_t k2, double *c)
{
	memset(c, 0, k * k2 * sizeof(double));
	for (size_t i = 0; i < n; i++)
		for (size_t l = 0; l < k; l++)
			for (size_t j = 0; j < k2; j++)
				c[l * k2 + j] += a[i * k + l] * b[i * k2 + j];
}

double yg_quadratic_form(const double *v, const double *m, size_t p)
{
	double s = 0;
	for (size_t i = 0; i < p; i++)
		s += v[i] * yg_dot(m + i * p, v, p);
	return s;
}

void yg_symmetrize(double *a, size_t p)
{
	for (size_t i = 0; i < p; i++)
		for (size_t j = 0; j < i; j++)
			a[j * p + i] = a[i * p + j];
}

void yg_sandwich(const double *bread, const double *meat, size_t p, double *s)
{
	double *half = yg_xalloc(p * p + 1, sizeof(double));
	yg_multiply(bread, meat, p, p, p, half);
	for (size_t i = 0; i < p; i++)
		for (size_t j = 0; j <= i; j++)
			s[i * p + j] = yg_dot(half + i * p, bread + j * p, p);
	yg_symmetrize(s, p);
	yg_free(half);
}
