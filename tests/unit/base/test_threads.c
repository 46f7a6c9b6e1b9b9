/* Fork and join, and streams: every item once, the same on any number of threads, the lowest failure. */
#include "tests/unit/test.h"

#include "yogo/base/pipe.h"
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

#define ITEMS 500
#define DEPTH 4

struct stream {
	size_t slot[DEPTH], fed, taken, fail_at;
	uint64_t learned[ITEMS], sum;    /* what was known when an item was fed; of all taken */
	_Atomic int feeding, taking;
	unsigned workers;
};

static enum yg_status feed_item(void *context, size_t item, bool *end, struct yg_err *err)
{
	struct stream *s = context;
	(void)err;
	assert_int_equal(s->feeding++, 0);
	assert_int_equal(item, s->fed);
	*end = item == ITEMS;
	if (!*end) {
		s->fed++;
		s->slot[item % DEPTH] = item;
	}
	s->feeding--;
	return YG_OK;
}

static enum yg_status make_item(void *context, size_t item, unsigned worker, struct yg_err *err)
{
	struct stream *s = context;
	assert_true(worker < s->workers);
	assert_int_equal(s->slot[item % DEPTH], item);
	s->slot[item % DEPTH] = item + 1;
	return item >= s->fail_at ? yg_fail(err, YG_EINPUT, "E-TEST", "item %zu", item) : YG_OK;
}

static enum yg_status take_item(void *context, size_t item, struct yg_err *err)
{
	struct stream *s = context;
	(void)err;
	assert_int_equal(s->taking++, 0);
	assert_int_equal(item, s->taken++);
	s->sum += s->slot[item % DEPTH];
	if (item + DEPTH < ITEMS)
		s->learned[item + DEPTH] = s->sum;
	s->taking--;
	return YG_OK;
}

static const struct yg_pipe stream_pipe = { DEPTH, feed_item, make_item, take_item };

static void a_stream_is_taken_in_order_and_learns_the_same(void **state)
{
	(void)state;
	static struct stream first, s;
	for (unsigned threads = 1; threads <= 6; threads++) {
		struct yg_pool *pool = yg_pool_new(threads);
		struct yg_task task;
		yg_task_init(&task, pool);
		for (int again = 0; again < 20; again++) {
			memset(&s, 0, sizeof s);
			s.fail_at = SIZE_MAX;
			s.workers = threads;
			assert_int_equal(yg_pipe_run(&task, &stream_pipe, &s, NULL), YG_OK);
			assert_int_equal(s.taken, ITEMS);
			if (!first.taken)
				first = s;
			assert_int_equal(s.sum, first.sum);
			assert_memory_equal(s.learned, first.learned, sizeof s.learned);
		}
		yg_pool_free(pool);
	}
}

static void a_stream_stops_at_its_lowest_failure(void **state)
{
	(void)state;
	static struct stream s;
	struct yg_pool *pool = yg_pool_new(4);
	struct yg_task task;
	struct yg_err err;
	yg_task_init(&task, pool);
	for (size_t from = 0; from < 100; from++) {
		char expected[32];
		memset(&s, 0, sizeof s);
		s.fail_at = from;
		s.workers = 4;
		snprintf(expected, sizeof expected, "item %zu", from);
		assert_int_equal(yg_pipe_run(&task, &stream_pipe, &s, &err), YG_EINPUT);
		assert_string_equal(err.text, expected);
		assert_true(s.taken <= from && s.fed <= from + DEPTH);
	}
	memset(&s, 0, sizeof s);
	s.fail_at = 7;
	s.workers = 1;
	assert_int_equal(yg_pipe_run(NULL, &stream_pipe, &s, NULL), YG_EINPUT);
	assert_int_equal(s.fed, 8);
	memset(&s, 0, sizeof s);
	atomic_store(&task.cancel, true);
	assert_int_equal(yg_pipe_run(&task, &stream_pipe, &s, &err), YG_CANCELLED);
	assert_string_equal(err.code, "E-TASK-001");
	assert_int_equal(s.fed, 0);
	yg_pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_block_once_and_the_same_sum),
		cmocka_unit_test(the_lowest_failing_block_is_reported),
		cmocka_unit_test(a_nested_call_runs_serially),
		cmocka_unit_test(cancelling_stops),
		cmocka_unit_test(no_task_means_in_order_on_this_thread),
		cmocka_unit_test(a_stream_is_taken_in_order_and_learns_the_same),
		cmocka_unit_test(a_stream_stops_at_its_lowest_failure),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
