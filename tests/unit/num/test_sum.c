/* Ordered sums: right, the same on any number of threads, and steady when parts are taken away again. */
#include "tests/unit/test.h"

#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/sum.h"

static double *numbers(size_t n)
{
	double *x = yg_data_alloc(n + 1, sizeof *x);
	uint64_t s = 1;
	for (size_t i = 0; i < n; i++) {
		s = s * 6364136223846793005u + 1442695040888963407u;
		x[i] = (double)(s >> 11) * 0x1p-53 - 0.3;
	}
	return x;
}

static void small_sums_are_what_one_expects(void **unused)
{
	(void)unused;
	const double x[] = { 1, 2, 3, 4.5 }, y[] = { 2, 0, 1, 2 };
	assert_true(yg_sum(x, 4) == 10.5 && yg_sum(x, 0) == 0 && yg_sum(x, 1) == 1);
	assert_true(yg_sum_products(x, y, 4) == 14);
}

static void large_sums_are_near_the_exact_one(void **unused)
{
	(void)unused;
	size_t n = 1000003;
	double *x = numbers(n);
	long double exact = 0, squares = 0;
	for (size_t i = 0; i < n; i++) {
		exact += x[i];
		squares += (long double)x[i] * x[i];
	}
	yg_assert_near(yg_sum(x, n), (double)exact, 1e-14);
	yg_assert_near(yg_sum_products(x, x, n), (double)squares, 1e-14);
	yg_data_free(x);
}

static void threads_never_change_a_bit(void **unused)
{
	(void)unused;
	static const size_t sizes[] = { 0, 1, 7, 4095, 4096, 4097, 5 * 4096, 7 * 4096 + 3, 100000 };
	double *x = numbers(100000);
	for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
		double serial = yg_sum(x, sizes[k]);
		for (unsigned threads = 0; threads <= 3; threads++) {
			struct yg_pool *pool = threads ? yg_pool_new(threads) : NULL;
			struct yg_task task;
			double got = NAN;
			yg_task_init(&task, pool);
			assert_int_equal(yg_sum_task(x, sizes[k], &task, &got, NULL), YG_OK);
			assert_memory_equal(&got, &serial, sizeof got);
			yg_pool_free(pool);
		}
	}
	yg_data_free(x);
}

static void trees_of_rows_add_column_by_column(void **unused)
{
	(void)unused;
	double part[5 * 2] = { 1, 10, 2, 20, 3, 30, 4, 40, 5, 50 };
	yg_sum_tree(part, 5, 2);
	assert_true(part[0] == 15 && part[1] == 150);
	yg_sum_tree(part, 0, 2);
	assert_true(part[0] == 0 && part[1] == 0);
}

static void what_was_added_can_be_taken_away(void **unused)
{
	(void)unused;
	struct yg_running r = { 0, 0 };
	for (int i = 1; i <= 1000; i++)
		yg_running_add(&r, 1e10 / i);
	yg_running_add(&r, 0.1);
	for (int i = 1; i <= 1000; i++)
		yg_running_add(&r, -1e10 / i);
	yg_assert_near(yg_running_value(&r), 0.1, 1e-16);
}

static void running_out_of_memory_is_a_status(void **unused)
{
	(void)unused;
	double x[2] = { 1, 2 }, got = 7;
	yg_mem_fail_at(1);
	assert_int_equal(yg_sum_task(x, 2, NULL, &got, NULL), YG_ENOMEM);
	yg_mem_fail_at(0);
	assert_true(got == 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_sums_are_what_one_expects),
		cmocka_unit_test(large_sums_are_near_the_exact_one),
		cmocka_unit_test(threads_never_change_a_bit),
		cmocka_unit_test(trees_of_rows_add_column_by_column),
		cmocka_unit_test(what_was_added_can_be_taken_away),
		cmocka_unit_test(running_out_of_memory_is_a_status),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
