/* Fork and join: every block once, the same bits on any number of threads, the lowest failure. */
#include "tests/unit/test.h"

#include "yogo/base/pool.h"

#define BLOCKS 1000

struct work {
	double part[BLOCKS];
	_Atomic int runs[BLOCKS];
	size_t fail_from;
	struct yg_task *task;
	unsigned workers;
};

static enum yg_status one(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct work *w = context;
	if (worker >= w->workers)
		return yg_fail(err, YG_EBUG, "E-TEST", "worker %u", worker);
	w->runs[block]++;
	double sum = 0;
	for (size_t i = 0; i < 500; i++)
		sum += 1.0 / (double)(block * 500 + i + 1);
	w->part[block] = sum;
	if (block >= w->fail_from)
		return yg_fail(err, block % 2 ? YG_EIO : YG_EINPUT, "E-TEST", "block %zu", block);
	return YG_OK;
}

static void every_block_once_and_the_same_sum(void **state)
{
	(void)state;
	static struct work w;
	double first = 0;
	for (unsigned threads = 1; threads <= 5; threads++) {
		struct yg_pool *pool = yg_pool_new(threads);
		struct yg_task task;
		yg_task_init(&task, pool);
		assert_int_equal(yg_pool_size(pool), threads);
		assert_int_equal(yg_task_workers(&task), threads);
		for (int again = 0; again < 50; again++) {
			memset(&w, 0, sizeof w);
			w.fail_from = SIZE_MAX;
			w.workers = threads;
			assert_int_equal(yg_pool_run(&task, BLOCKS, one, &w, NULL), YG_OK);
			double sum = 0;
			for (size_t b = 0; b < BLOCKS; b++) {
				assert_int_equal(w.runs[b], 1);
				sum += w.part[b];
			}
			if (first == 0)
				first = sum;
			assert_true(sum == first);
		}
		yg_pool_free(pool);
	}
}

static void the_lowest_failing_block_is_reported(void **state)
{
	(void)state;
	static struct work w;
	struct yg_pool *pool = yg_pool_new(4);
	struct yg_task task;
	struct yg_err err;
	yg_task_init(&task, pool);
	for (size_t from = 0; from < 200; from++) {
		memset(&w, 0, sizeof w);
		w.fail_from = from;
		w.workers = 4;
		char expected[32];
		snprintf(expected, sizeof expected, "block %zu", from);
		assert_int_equal(yg_pool_run(&task, BLOCKS, one, &w, &err), from % 2 ? YG_EIO : YG_EINPUT);
		assert_string_equal(err.text, expected);
	}
	yg_pool_free(pool);
}

static enum yg_status nested(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct work *outer = context;
	struct work *w = calloc(1, sizeof *w);
	(void)worker;
	w->fail_from = SIZE_MAX;
	w->workers = 1; /* serial: worker 0 only */
	enum yg_status s = yg_pool_run(outer->task, 20, one, w, err);
	outer->runs[block] += w->runs[19];
	free(w);
	return s;
}

static void a_nested_call_runs_serially(void **state)
{
	(void)state;
	static struct work w;
	memset(&w, 0, sizeof w);
	struct yg_pool *pool = yg_pool_new(3);
	struct yg_task task;
	yg_task_init(&task, pool);
	w.task = &task;
	assert_int_equal(yg_pool_run(&task, 100, nested, &w, NULL), YG_OK);
	for (size_t b = 0; b < 100; b++)
		assert_int_equal(w.runs[b], 1);
	yg_pool_free(pool);
}

static void cancelling_stops(void **state)
{
	(void)state;
	static struct work w;
	memset(&w, 0, sizeof w);
	w.fail_from = SIZE_MAX;
	w.workers = 2;
	struct yg_pool *pool = yg_pool_new(2);
	struct yg_task task;
	struct yg_err err;
	yg_task_init(&task, pool);
	assert_true(yg_task_tick(&task, 1, 2));
	yg_task_step(&task, "reading");
	assert_string_equal(atomic_load(&task.what), "reading");
	atomic_store(&task.cancel, true);
	assert_false(yg_task_tick(&task, 1, 2));
	assert_true(yg_task_cancelled(&task));
	assert_int_equal(yg_pool_run(&task, BLOCKS, one, &w, &err), YG_CANCELLED);
	assert_int_equal(w.runs[0], 0);
	task.pool = NULL;
	assert_int_equal(yg_pool_run(&task, BLOCKS, one, &w, &err), YG_CANCELLED);
	yg_pool_free(pool);
}

static void no_task_means_in_order_on_this_thread(void **state)
{
	(void)state;
	static struct work w;
	memset(&w, 0, sizeof w);
	w.fail_from = 10;
	w.workers = 1;
	struct yg_err err;
	assert_int_equal(yg_pool_run(NULL, BLOCKS, one, &w, &err), YG_EINPUT);
	assert_string_equal(err.text, "block 10");
	assert_int_equal(w.runs[11], 0);
	assert_int_equal(yg_pool_run(NULL, 0, one, &w, NULL), YG_OK);
	assert_true(yg_task_tick(NULL, 0, 0));
	assert_false(yg_task_cancelled(NULL));
	yg_pool_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_block_once_and_the_same_sum),
		cmocka_unit_test(the_lowest_failing_block_is_reported),
		cmocka_unit_test(a_nested_call_runs_serially),
		cmocka_unit_test(cancelling_stops),
		cmocka_unit_test(no_task_means_in_order_on_this_thread),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
