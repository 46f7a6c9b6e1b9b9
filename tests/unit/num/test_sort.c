/* Sorting: checked against a plain comparison sort for every kind of key, on any number of threads. */
#include <math.h>
#include <stdlib.h>

#include "tests/unit/test.h"

#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/sort.h"

static uint64_t state = 1;
static const double *by_time;
static const uint8_t *by_event;
static const int32_t *by_group;

static uint32_t next(void)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33);
}

static int compare(const void *pa, const void *pb)
{
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;
	if (by_group && by_group[a] != by_group[b])
		return by_group[a] < by_group[b] ? -1 : 1;
	double x = by_time[a], y = by_time[b];
	if (x < y || (x == x && y != y))
		return -1;
	if (x > y || (x != x && y == y))
		return 1;
	if (by_event && !by_event[a] != !by_event[b])
		return by_event[a] ? -1 : 1;
	return a < b ? -1 : a > b;
}

/* kind: 0 days, 1 continuous, 2 negative and continuous, 3 mostly one value, 4 extremes and NaN, 5 large whole */
static void check(size_t n, int kind, int grouped, int marked)
{
	double *time = yg_data_alloc(n + 1, sizeof *time);
	uint8_t *event = yg_data_alloc(n + 1, 1);
	int32_t *group = yg_data_alloc(n + 1, sizeof *group);
	uint32_t *order = yg_data_alloc(n + 1, sizeof *order), *want = yg_data_alloc(n + 1, sizeof *want);
	for (size_t i = 0; i < n; i++) {
		double u = (next() + 0.5) / 2147483648.0;
		time[i] = kind == 0 ? next() % 100 : kind == 1 ? -3000 * log(u) : kind == 2 ? u - 0.5 :
			kind == 3 ? (next() % 10 ? 5.5 : u) : kind == 4 ? (next() % 5 ? ldexp(u, (int)(next() % 2000) - 1000) :
			next() % 2 ? NAN : next() % 2 ? -0.0 : next() % 2 ? INFINITY : -INFINITY) : (double)next();
		event[i] = next() % 3 == 0;
		group[i] = (int32_t)(next() % 7);
		want[i] = (uint32_t)i;
	}
	by_time = time;
	by_event = marked ? event : NULL;
	by_group = grouped ? group : NULL;
	qsort(want, n, sizeof *want, compare);
	for (unsigned threads = 0; threads <= 3; threads += 3) {
		struct yg_pool *pool = threads ? yg_pool_new(threads) : NULL;
		struct yg_task task;
		yg_task_init(&task, pool);
		memset(order, 0xff, n * sizeof *order);
		assert_int_equal(yg_sort_survival(by_group, 7, time, by_event, n, &task, order, NULL), YG_OK);
		if (n)
			assert_memory_equal(order, want, n * sizeof *order);
		yg_pool_free(pool);
	}
	yg_data_free(want);
	yg_data_free(order);
	yg_data_free(group);
	yg_data_free(event);
	yg_data_free(time);
}

static void every_kind_of_key_is_sorted_stably(void **unused)
{
	(void)unused;
	static const size_t sizes[] = { 0, 1, 2, 47, 1000, 5000, 20000, 150000 };
	for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
		for (int kind = 0; kind < 6; kind++)
			for (int flags = 0; flags < 4; flags++)
				if (sizes[s] < 100000 || flags == 3 || flags == 0)
					check(sizes[s], kind, flags & 1, flags >> 1);
}

static void groups_come_with_their_first_places(void **unused)
{
	(void)unused;
	const uint32_t group[] = { 2, 0, 2, 1, 0, 2 };
	uint32_t order[6], start[5];
	const uint32_t want[] = { 1, 4, 3, 0, 2, 5 }, first[] = { 0, 2, 3, 6, 6 };
	assert_int_equal(yg_sort_groups(group, 4, 6, NULL, order, start, NULL), YG_OK);
	assert_memory_equal(order, want, sizeof want);
	assert_memory_equal(start, first, sizeof first);
}

static void whole_numbers_are_recognised(void **unused)
{
	(void)unused;
	double x[] = { 3, -2, 7 };
	int64_t low = 0, high = 0;
	assert_true(yg_sort_whole(x, 3, NULL, &low, &high));
	assert_true(low == -2 && high == 7);
	x[1] = 0.5;
	assert_false(yg_sort_whole(x, 3, NULL, &low, &high));
	x[1] = NAN;
	assert_false(yg_sort_whole(x, 3, NULL, &low, &high));
	x[1] = 3e9;
	assert_false(yg_sort_whole(x, 3, NULL, &low, &high));
	assert_false(yg_sort_whole(x, 0, NULL, &low, &high));
}

static void running_out_of_memory_is_a_status(void **unused)
{
	(void)unused;
	size_t n = 30000;
	double *x = yg_data_alloc(n, sizeof *x);
	uint32_t *order = yg_data_alloc(n, sizeof *order);
	for (size_t i = 0; i < n; i++)
		x[i] = next() * 0.5;
	for (int64_t k = 1; k <= 4; k++) {
		yg_mem_fail_at(k);
		assert_int_equal(yg_sort_doubles(x, n, NULL, order, NULL), YG_ENOMEM);
	}
	yg_mem_fail_at(0);
	assert_int_equal(yg_sort_doubles(x, n, NULL, order, NULL), YG_OK);
	yg_data_free(order);
	yg_data_free(x);
}

static void rows_carry_a_number_and_know_their_equals(void **unused)
{
	(void)unused;
	for (size_t n = 1; n <= 100000; n = 10 * n + 3)
		for (int descending = 0; descending <= 1; descending++) {
			double *key = yg_data_alloc(n, sizeof *key), *plain = yg_data_alloc(n, sizeof *plain);
			uint32_t *v = yg_data_alloc(5 * n, sizeof *v), *with = v, *order = v + n, *carried = v + 2 * n, *first = v + 3 * n;
			for (size_t i = 0; i < n; i++) {
				key[i] = next() % 3 ? next() % 50 : (next() + 0.5) / 2147483648.0;
				key[i] = next() % 2 ? -key[i] : key[i];
				plain[i] = descending ? -key[i] : key[i];
				with[i] = next();
			}
			assert_int_equal(yg_sort_carry(key, with, n, descending, NULL, order, carried, first, NULL), YG_OK);
			assert_int_equal(yg_sort_doubles(plain, n, NULL, v + 4 * n, NULL), YG_OK);
			assert_memory_equal(order, v + 4 * n, n * sizeof *order);
			for (size_t k = 0, run = 0; k < n; k++) {
				run = k && key[order[k]] != key[order[k - 1]] ? k : run;
				assert_int_equal(carried[k], with[order[k]]);
				assert_int_equal(first[k], run);
			}
			yg_data_free(key);
			yg_data_free(plain);
			yg_data_free(v);
		}
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void values_alone(void **unused)
{
	(void)unused;
	static const size_t size[] = { 0, 1, 2, 200, 257, 5000, 70001 };
	for (size_t k = 0; k < sizeof size / sizeof *size; k++)
		for (int kind = 0; kind < 4; kind++) {
			size_t n = size[k];
			double *x = yg_data_alloc(n + 1, sizeof *x), *want = yg_data_alloc(n + 1, sizeof *x), *spare = yg_data_alloc(n + 1, sizeof *x);
			for (size_t i = 0; i < n; i++) {
				double u = next() / 4294967296.0;
				x[i] = kind == 0 ? floor(u * 100) : kind == 1 ? u * 1000 : kind == 2 ? (u - 0.5) * 1e9 : u < 0.01 ? -INFINITY : u < 0.02 ? -0.0 : 7;
				want[i] = x[i];
			}
			qsort(want, n, sizeof *want, ascending);
			yg_sort_values(x, spare, n);
			for (size_t i = 0; i < n; i++)
				assert_true(x[i] == want[i]);
			yg_data_free(x);
			yg_data_free(want);
			yg_data_free(spare);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_key_is_sorted_stably),
		cmocka_unit_test(groups_come_with_their_first_places),
		cmocka_unit_test(rows_carry_a_number_and_know_their_equals),
		cmocka_unit_test(whole_numbers_are_recognised),
		cmocka_unit_test(running_out_of_memory_is_a_status),
		cmocka_unit_test(values_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
