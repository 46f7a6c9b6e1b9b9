/*
 * Linear algebra: hand-worked factors, dependent columns found and named, cross products with the same bits on
 * any number of threads, QR where normal equations fail.
 */
#include "tests/unit/test.h"

#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/matrix.h"

static void test_cholesky_by_hand(void **state)
{
	/* [4 2; 2 5] = L L', L = [2 0; 1 2]; inverse = [5 -2; -2 4] / 16. */
	double a[4] = { 4, 2, 2, 5 }, inverse[4], b[2] = { 8, 8 };
	uint8_t dropped[2];
	(void)state;
	assert_int_equal(yg_cholesky(a, 2, 1e-10, dropped), 2);
	assert_true(a[0] == 2 && a[1] == 0 && a[2] == 1 && a[3] == 2);
	yg_cholesky_inverse(a, 2, dropped, inverse);
	yg_assert_near(inverse[0], 5.0 / 16, 1e-15);
	yg_assert_near(inverse[1], -2.0 / 16, 1e-15);
	assert_true(inverse[1] == inverse[2]);
	yg_cholesky_solve(a, 2, dropped, b);          /* 4x + 2y = 8, 2x + 5y = 8: x = 1.5, y = 1 */
	yg_assert_near(b[0], 1.5, 1e-15);
	yg_assert_near(b[1], 1, 1e-15);
	yg_assert_near(yg_cholesky_log_determinant(a, 2, dropped), log(16), 1e-15);
}

static void test_cholesky_drops_the_later_of_two_equal_columns(void **state)
{
	/* Gram matrix of columns u, v, u + v with u'u = 2, v'v = 3, u'v = 1. */
	double a[9] = { 2, 1, 3, 1, 3, 4, 3, 4, 7 }, inverse[9], b[3] = { 2, 1, 3 };
	uint8_t dropped[3];
	(void)state;
	assert_int_equal(yg_cholesky(a, 3, 1e-10, dropped), 2);
	assert_true(!dropped[0] && !dropped[1] && dropped[2]);
	yg_cholesky_inverse(a, 3, dropped, inverse);
	yg_assert_near(inverse[0], 3.0 / 5, 1e-15);
	assert_true(inverse[8] == 0 && inverse[6] == 0 && inverse[5] == 0);
	yg_cholesky_solve(a, 3, dropped, b);
	yg_assert_near(b[0], 1, 1e-15);
	assert_true(b[2] == 0);
}

static void test_lu_and_symmetric_solvers(void **state)
{
	double a[9] = { 0, 2, 1, 1, 1, 1, 3, 0, 2 }, b[3] = { 7, 6, 9 };   /* x = (1, 2, 3) */
	double s[4] = { 4, 2, 2, 5 }, c[2] = { 8, 8 }, singular[4] = { 1, 1, 1, 1 }, inverse[4];
	(void)state;
	assert_true(yg_lu_solve(a, 3, b, 1));
	for (int i = 0; i < 3; i++)
		yg_assert_near(b[i], i + 1, 1e-14);
	assert_true(yg_symmetric_solve(s, 2, c));
	yg_assert_near(c[0], 1.5, 1e-15);
	assert_false(yg_symmetric_inverse(singular, 2, inverse));
	double bread[4] = { 2, 1, 1, 3 }, meat[4] = { 1, 0, 0, 2 }, v[4];
	yg_sandwich(bread, meat, 2, v);               /* [2 1; 1 3] diag(1, 2) [2 1; 1 3] = [6 8; 8 19] */
	assert_true(v[0] == 6 && v[1] == 8 && v[2] == 8 && v[3] == 19);
}

/* A reproducible tall matrix; column 0 is 1. */
static double *tall(size_t n, size_t p, double *y)
{
	double *x = yg_data_alloc(n * p, sizeof(double));
	uint64_t s = 88172645463325252u;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < p; j++) {
			s ^= s << 13;
			s ^= s >> 7;
			s ^= s << 17;
			x[i * p + j] = j ? (double)(s >> 11) / 9007199254740992.0 : 1;
		}
		y[i] = 3 + x[i * p + p - 1] - 2 * x[i * p + 1];
	}
	return x;
}

static void test_cross_product_is_a_sum_over_rows(void **state)
{
	size_t n = 1000, p = 11;
	double *y = yg_xalloc(n, sizeof *y), *x = tall(n, p, y), *w = yg_xalloc(n, sizeof *w);
	double xtwx[121], xtwz[11], ztwz, eta[1000], b[11] = { 1, 2, 3 };
	(void)state;
	for (size_t i = 0; i < n; i++)
		w[i] = (double)(i % 3);
	assert_int_equal(yg_cross_product(x, n, p, w, y, NULL, xtwx, xtwz, &ztwz, NULL), YG_OK);
	for (size_t j = 0; j < p; j++)
		for (size_t k = 0; k < p; k++) {
			double s = 0;
			for (size_t i = 0; i < n; i++)
				s += w[i] * x[i * p + j] * x[i * p + k];
			yg_assert_near(xtwx[j * p + k], s, 1e-13);
		}
	double s = 0, sz = 0;
	for (size_t i = 0; i < n; i++) {
		s += w[i] * y[i] * y[i];
		sz += w[i] * y[i] * x[i * p + 4];
	}
	yg_assert_near(ztwz, s, 1e-13);
	yg_assert_near(xtwz[4], sz, 1e-13);
	assert_int_equal(yg_linear_predictor(x, n, p, b, y, NULL, eta, NULL), YG_OK);
	yg_assert_near(eta[7], 1 + 2 * x[7 * p + 1] + 3 * x[7 * p + 2] + y[7], 1e-14);
	double h[1000], v[121] = { 0 };
	v[0] = 2;
	v[12] = 3;                                    /* 2 + 3 x1^2 */
	assert_int_equal(yg_row_quadratic(x, n, p, v, w, NULL, h, NULL), YG_OK);
	yg_assert_near(h[4], w[4] * (2 + 3 * x[4 * p + 1] * x[4 * p + 1]), 1e-14);
	yg_free(y);
	yg_free(w);
	yg_data_free(x);
}

static void test_threads_do_not_change_a_bit(void **state)
{
	size_t n = 100003, p = 9;
	double *y = yg_xalloc(n, sizeof *y), *x = tall(n, p, y);
	double one[81], many[81], oz, mz, b1[9], b2[9], r[81], q[9], rss1, rss2;
	uint8_t dropped[9];
	size_t rank;
	(void)state;
	assert_int_equal(yg_cross_product(x, n, p, y, y, NULL, one, NULL, &oz, NULL), YG_OK);
	assert_int_equal(yg_qr_least_squares(&(struct yg_tall){ .n = n, .p = p, .x = x }, y, NULL, 1e-7, NULL, b1, r, q, &rss1, dropped, &rank, NULL), YG_OK);
	for (unsigned threads = 2; threads <= 8; threads += 3) {
		struct yg_pool *pool = yg_pool_new(threads);
		struct yg_task task;
		yg_task_init(&task, pool);
		assert_int_equal(yg_cross_product(x, n, p, y, y, &task, many, NULL, &mz, NULL), YG_OK);
		assert_memory_equal(one, many, sizeof one);
		assert_memory_equal(&oz, &mz, sizeof oz);
		assert_int_equal(yg_qr_least_squares(&(struct yg_tall){ .n = n, .p = p, .x = x }, y, NULL, 1e-7, &task, b2, r, q, &rss2, dropped, &rank, NULL),
		                 YG_OK);
		assert_memory_equal(b1, b2, sizeof b1);
		assert_memory_equal(&rss1, &rss2, sizeof rss1);
		yg_pool_free(pool);
	}
	yg_free(y);
	yg_data_free(x);
}

static void test_qr_finds_coefficients_and_rank(void **state)
{
	size_t n = 5000, p = 6;
	double *y = yg_xalloc(n, sizeof *y), *x = tall(n, p, y), b[6], r[36], q[6], rss, inverse[36];
	uint8_t dropped[6];
	size_t rank;
	(void)state;
	for (size_t i = 0; i < n; i++)
		x[i * p + 3] = x[i * p + 1] - x[i * p + 2];          /* dependent */
	assert_int_equal(yg_qr_least_squares(&(struct yg_tall){ .n = n, .p = p, .x = x }, y, NULL, 1e-7, NULL, b, r, q, &rss, dropped, &rank, NULL), YG_OK);
	assert_int_equal(rank, 5);
	assert_true(dropped[3] && !dropped[2] && !dropped[4]);
	yg_assert_near(b[0], 3, 1e-12);
	yg_assert_near(b[1], -2, 1e-12);
	yg_assert_near(b[5], 1, 1e-12);
	assert_true(b[3] == 0 && rss < 1e-20);
	yg_qr_inverse(r, p, dropped, inverse);
	double gram[36], check[36];
	assert_int_equal(yg_cross_product(x, n, p, NULL, NULL, NULL, gram, NULL, NULL, NULL), YG_OK);
	yg_multiply(gram, inverse, p, p, p, check);
	yg_assert_near(check[0], 1, 1e-11);
	yg_assert_near(check[7], 1, 1e-11);
	yg_assert_near(check[1], 0, 1e-11);
	yg_free(y);
	yg_data_free(x);
}

static void weighted_rows(const void *context, size_t first, size_t rows, const double *eta, double *w, double *s,
                          double sums[YG_PASS_SUMS])
{
	const double *y = context;
	for (size_t i = 0; i < rows; i++) {
		w[i] = 1;
		s[i] = y[first + i] - eta[i];
		sums[0] += s[i] * s[i];
	}
}

static void test_shifted_pass_gives_the_same_model(void **state)
{
	size_t n = 3000, p = 4;
	double *y = yg_xalloc(n, sizeof *y), *x = tall(n, p, y), shift[4], a[16], c[4], sums[YG_PASS_SUMS], inverse[16];
	uint8_t dropped[4];
	(void)state;
	for (size_t i = 0; i < n; i++)
		x[i * p + 2] = x[i * p + 2] * 0.001 + 2020;         /* a year: nearly the intercept */
	yg_pass_shift(x, n, p, 0, shift);
	assert_true(shift[0] == 0 && fabs(shift[2] - 2020) < 0.1);
	struct yg_pass pass = { .x = x, .n = n, .p = p, .shift = shift, .fn = weighted_rows, .context = y };
	assert_int_equal(yg_pass_run(&pass, NULL, NULL, a, c, sums, NULL), YG_OK);
	assert_int_equal(yg_cholesky(a, p, 1e-10, dropped), 4);
	yg_cholesky_solve(a, p, dropped, c);
	yg_cholesky_inverse(a, p, dropped, inverse);
	yg_pass_unshift(p, 0, shift, c, inverse);
	yg_assert_near(c[0], 3, 1e-9);
	yg_assert_near(c[1], -2, 1e-12);
	yg_assert_near(c[3], 1, 1e-12);
	/* Variance of the intercept of the unshifted columns, by QR. */
	double b[4], r[16], q[4], rss, other[16];
	size_t rank;
	assert_int_equal(yg_qr_least_squares(&(struct yg_tall){ .n = n, .p = p, .x = x }, y, NULL, 1e-9, NULL, b, r, q, &rss, dropped, &rank, NULL), YG_OK);
	yg_qr_inverse(r, p, dropped, other);
	for (int i = 0; i < 4; i++)
		for (int j = 0; j < 4; j++)
			assert_true(fabs(inverse[4 * i + j] - other[4 * i + j]) <= 1e-7 * sqrt(other[5 * i] * other[5 * j]));
	yg_free(y);
	yg_data_free(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cholesky_by_hand),
		cmocka_unit_test(test_cholesky_drops_the_later_of_two_equal_columns),
		cmocka_unit_test(test_lu_and_symmetric_solvers),
		cmocka_unit_test(test_cross_product_is_a_sum_over_rows),
		cmocka_unit_test(test_threads_do_not_change_a_bit),
		cmocka_unit_test(test_qr_finds_coefficients_and_rank),
		cmocka_unit_test(test_shifted_pass_gives_the_same_model),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
