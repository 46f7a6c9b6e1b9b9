/*
 * Splines and polynomials: properties that define them, and their refusals.  Values against R: tests/oracle.
 */
#include "tests/unit/test.h"

#include "yogo/stats/basis.h"

enum { N = 200 };
static double x[N];

static int fill(void **state)
{
	(void)state;
	for (int i = 0; i < N; i++)
		x[i] = 20 + 60 * ((i * 37) % N) / (double)N;
	return 0;
}

static void rcs_is_straight_outside(void **state)
{
	struct yg_basis b;
	double r0[8], r1[8], r2[8];
	(void)state;
	assert_int_equal(yg_basis_rcs(x, N, 5, NULL, &b, NULL), YG_OK);
	assert_int_equal(b.columns, 4);
	yg_basis_row(&b, 100, r0);
	yg_basis_row(&b, 110, r1);
	yg_basis_row(&b, 120, r2);
	for (int j = 0; j < 4; j++)
		yg_assert_near(r2[j] - r1[j], r1[j] - r0[j], 1e-12);
	yg_basis_row(&b, 10, r0);
	assert_true(r0[0] == 10 && r0[1] == 0 && r0[2] == 0 && r0[3] == 0);
	const double knots[] = { 30, 50, 70 };
	assert_int_equal(yg_basis_rcs(x, N, 3, knots, &b, NULL), YG_OK);
	yg_basis_row(&b, 40, r0);
	yg_assert_near(r0[1], 1000.0 / 1600, 1e-14);      /* (40 - 30)^3 / (70 - 30)^2 */
}

static void ns_is_smooth_and_straight_outside(void **state)
{
	struct yg_basis b;
	double r0[40], r1[40], r2[40], sum = 0;
	(void)state;
	assert_int_equal(yg_basis_ns(x, N, 4, NULL, 0, &b, NULL), YG_OK);
	assert_int_equal(b.columns, 4);
	for (int side = 0; side < 2; side++) {
		double end = b.boundary[side], step = side ? 5 : -5;
		yg_basis_row(&b, end, r0);
		yg_basis_row(&b, end + step, r1);
		yg_basis_row(&b, end + 2 * step, r2);
		for (int j = 0; j < 4; j++)
			yg_assert_near(r2[j] - r1[j], r1[j] - r0[j], 1e-11);
		/* no kink at the boundary: the slope just inside is the slope outside */
		yg_basis_row(&b, end - step * 1e-6, r2);
		for (int j = 0; j < 4; j++) {
			yg_assert_near((r0[j] - r2[j]) / (step * 1e-6), (r1[j] - r0[j]) / step, 1e-6);
			sum += fabs(r1[j]);
		}
	}
	assert_true(sum > 0);
}

static void bs_adds_up(void **state)
{
	struct yg_basis b;
	double r[40];
	const double inner[] = { 40, 60 };
	(void)state;
	assert_int_equal(yg_basis_bs(x, N, 0, inner, 2, &b, NULL), YG_OK);
	assert_int_equal(b.columns, 5);
	/* the six B-splines sum to 1; the first, left out, is (1 - u)^3 on the first interval */
	for (double v = 20; v <= 79.5; v += 0.85) {
		double sum = 0, u = v < 40 ? (v - 20) / (40 - 20) : 1;
		yg_basis_row(&b, v, r);
		for (int j = 0; j < 5; j++) {
			assert_true(r[j] >= 0);
			sum += r[j];
		}
		yg_assert_near(sum, 1 - (1 - u) * (1 - u) * (1 - u), 1e-12);
	}
	yg_basis_row(&b, b.boundary[1], r);
	assert_true(r[4] == 1 && r[3] == 0);
}

static void poly_is_orthonormal(void **state)
{
	struct yg_basis b;
	double gram[3][3] = { { 0 } }, sum[3] = { 0 };
	(void)state;
	assert_int_equal(yg_basis_poly(x, N, 3, &b, NULL), YG_OK);
	for (int i = 0; i < N; i++) {
		double r[8];
		yg_basis_row(&b, x[i], r);
		for (int j = 0; j < 3; j++) {
			sum[j] += r[j];
			for (int k = 0; k < 3; k++)
				gram[j][k] += r[j] * r[k];
		}
	}
	for (int j = 0; j < 3; j++) {
		yg_assert_near(sum[j], 0, 1e-12);
		for (int k = 0; k < 3; k++)
			yg_assert_near(gram[j][k], j == k, 1e-12);
	}
}

static void refusals(void **state)
{
	struct yg_basis b;
	const double few[] = { 1, 1, 2, 2, 3, 3 }, same[] = { 5, 5, 5 }, falling[] = { 50, 40, 60 }, outside[] = { 10 };
	(void)state;
	assert_int_equal(yg_basis_rcs(few, 6, 4, NULL, &b, NULL), YG_REFUSED);
	assert_int_equal(yg_basis_rcs(x, N, 2, NULL, &b, NULL), YG_EINVAL);
	assert_int_equal(yg_basis_rcs(x, N, 3, falling, &b, NULL), YG_EINVAL);
	assert_int_equal(yg_basis_ns(same, 3, 2, NULL, 0, &b, NULL), YG_REFUSED);
	assert_int_equal(yg_basis_ns(x, N, 2, outside, 1, &b, NULL), YG_REFUSED);
	assert_int_equal(yg_basis_ns(x, 0, 2, NULL, 0, &b, NULL), YG_REFUSED);
	assert_int_equal(yg_basis_bs(x, N, 2, NULL, 0, &b, NULL), YG_EINVAL);
	assert_int_equal(yg_basis_poly(few, 6, 3, &b, NULL), YG_REFUSED);
	assert_int_equal(yg_basis_poly(x, N, 0, &b, NULL), YG_EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rcs_is_straight_outside), cmocka_unit_test(ns_is_smooth_and_straight_outside), cmocka_unit_test(bs_adds_up),
		cmocka_unit_test(poly_is_orthonormal),     cmocka_unit_test(refusals),
	};
	return cmocka_run_group_tests(tests, fill, NULL);
}
