/* Packed matrices give every number back, and the same linear predictor. */
#include "tests/unit/test.h"

#include <math.h>
#include <string.h>

#include "yogo/base/mem.h"
#include "yogo/num/matrix.h"
#include "yogo/num/packed.h"

static void shapes_are_the_smallest_that_hold(void **state)
{
	double flag[] = { 0, 1, 1, 0 }, age[] = { 0, 255, 3, 17 }, lower[] = { -1, 4, 3, 2 }, tenth[] = { 0.1, 24.7, -3276.8, 3276.7 };
	double cent[] = { 0.01, 327.67, 0.1, 5 }, wide[] = { 0.1, 24.7, 3276.8, 1 }, third[] = { 1.0 / 3, 1, 2, 3 }, none[1] = { 0 };
	(void)state;
	assert_int_equal(yg_packed_shape_of(flag, 4).kind, YG_PACKED_BYTE);
	assert_int_equal(yg_packed_shape_of(age, 4).kind, YG_PACKED_BYTE);
	assert_int_equal(yg_packed_shape_of(lower, 4).kind, YG_PACKED_SHORT);
	assert_true(yg_packed_shape_of(lower, 4).divisor == 1);
	assert_int_equal(yg_packed_shape_of(tenth, 4).kind, YG_PACKED_SHORT);
	assert_true(yg_packed_shape_of(tenth, 4).divisor == 10);
	assert_true(yg_packed_shape_of(cent, 4).divisor == 100);
	assert_int_equal(yg_packed_shape_of(wide, 4).kind, YG_PACKED_DOUBLE);
	assert_int_equal(yg_packed_shape_of(third, 4).kind, YG_PACKED_DOUBLE);
	assert_int_equal(yg_packed_shape_of(none, 0).kind, YG_PACKED_BYTE);
	double big[] = { 1e300, -1e18, 0.5, INFINITY };
	assert_int_equal(yg_packed_shape_of(big, 4).kind, YG_PACKED_DOUBLE);
}

/* A number that is nearly, but not exactly, a decimal keeps all its bits. */
static void nearly_decimal_stays_double(void **state)
{
	double v[17];
	(void)state;
	for (int i = 0; i < 17; i++)
		v[i] = i / 10.0;
	assert_int_equal(yg_packed_shape_of(v, 17).kind, YG_PACKED_SHORT);
	for (int i = 1; i < 17; i++) {
		double keep = v[i];
		v[i] = nextafter(keep, 100);
		assert_int_equal(yg_packed_shape_of(v, 17).kind, YG_PACKED_DOUBLE);
		v[i] = keep;
	}
}

static void rows_come_back_exactly(void **state)
{
	enum { N = 9001, P = 7 };
	double *x = yg_data_alloc(N * P, sizeof *x), *back = yg_data_alloc(N * P, sizeof *back), *column = yg_data_alloc(N, sizeof *column);
	double *eta = yg_data_alloc(2 * N, sizeof *eta), *offset = yg_data_alloc(N, sizeof *offset);
	struct yg_packed_shape shape[P];
	uint32_t seed = 7;
	(void)state;
	for (size_t i = 0; i < N; i++)
		for (size_t j = 0; j < P; j++) {
			seed = seed * 1664525u + 1013904223u;
			double r = (double)(seed >> 8);
			x[i * P + j] = j == 0 ? (double)(seed >> 31) : j == 1 ? (double)(seed >> 24) : j == 2 ? ((double)(seed >> 17) - 10000) / 10 :
			               j == 3 ? (double)(seed >> 18) / 100 : j == 4 ? -1 - (double)(seed >> 20) : j == 5 ? r / 3 : -r * 1e-9;
		}
	for (size_t j = 0; j < P; j++) {
		for (size_t i = 0; i < N; i++)
			column[i] = x[i * P + j];
		shape[j] = yg_packed_shape_of(column, N);
		assert_int_equal(shape[j].kind, j < 2 ? YG_PACKED_BYTE : j < 5 ? YG_PACKED_SHORT : YG_PACKED_DOUBLE);
	}
	struct yg_packed *k = yg_packed_new(N, shape, P);
	assert_non_null(k);
	assert_int_equal(k->stride, 24);
	for (size_t j = 0; j < P; j++) {
		for (size_t i = 0; i < N; i++)
			column[i] = x[i * P + j];
		yg_packed_put_column(k, j, 0, 5000, column);
		yg_packed_put_column(k, j, 5000, N - 5000, column + 5000);
	}
	yg_packed_get(k, 0, N, back);
	assert_memory_equal(x, back, N * P * sizeof *x);
	const double b[P] = { 1, 0.25, -0.1, 3e-3, 1e-4, 1e-7, 2 };
	for (size_t i = 0; i < N; i++)
		offset[i] = (double)i / 7;
	assert_int_equal(yg_linear_predictor(x, N, P, b, offset, NULL, eta, NULL), YG_OK);
	assert_int_equal(yg_packed_predictor(k, b, offset, NULL, eta + N, NULL), YG_OK);
	assert_memory_equal(eta, eta + N, N * sizeof *eta);
	int32_t level[3] = { 2, -1, 0 };
	yg_packed_put_level(k, 0, 17, 3, level, 2);
	yg_packed_get(k, 17, 3, back);
	assert_true(back[0] == 1 && back[P] == 0 && back[2 * P] == 0);
	assert_memory_equal(back + 1, x + 17 * P + 1, (P - 1) * sizeof *x);
	yg_packed_free(k);
	yg_mem_fail_at(1);
	assert_null(yg_packed_new(N, shape, P));
	yg_mem_fail_at(0);
	yg_data_free(x);
	yg_data_free(back);
	yg_data_free(column);
	yg_data_free(eta);
	yg_data_free(offset);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shapes_are_the_smallest_that_hold),
		cmocka_unit_test(nearly_decimal_stays_double),
		cmocka_unit_test(rows_come_back_exactly),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
