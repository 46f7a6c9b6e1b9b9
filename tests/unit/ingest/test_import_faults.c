/*
 * Memory that runs out at any point, and a folder that cannot be written: the import says so, and
 * nothing is left behind; what was there before is untouched.
 */
#include "tests/unit/test.h"

#include "yogo/base/date.h"
#include "yogo/base/text.h"

#include "import_kit.h"

static void any_allocation_may_fail(void **state)
{
	static const char *const by_id[] = { "id" };
	struct yg_buf text = YG_BUF_INIT;
	struct yg_digest root;
	struct kit k;
	int64_t at;
	size_t files;

	(void)state;
	yg_buf_adds(&text, "id,a,b,c,d\n");
	for (int i = 0; i < 3000; i++)
		yg_buf_addf(&text, "%d,%d,n%d,2020-01-01,%d.5\n", i / 3, i / 3 % 7, i, i);
	kit_write_n("f.csv", text.data, text.len);
	kit_init(&k, "f.csv");
	k.o.person = by_id;
	k.o.persons = 1;
	k.threads = 1;
	kit_must(&k);
	root = k.report.root;
	kit_end(&k);
	files = kit_files();
	for (at = 1; at < 10000; at++) {
		struct yg_dataset *d = NULL;
		struct yg_import_report report;
		struct yg_pool *pool = yg_pool_new(1);
		struct yg_task task;
		enum yg_status status;

		yg_task_init(&task, pool);
		yg_import_report_init(&report);
		yg_mem_fail_at(at);
		status = yg_import_run(&k.o, &task, &report, NULL);
		yg_mem_fail_at(0);
		yg_import_report_release(&report);
		yg_pool_free(pool);
		assert_int_equal(kit_files(), files);
		assert_int_equal(yg_dataset_open(k.output, &d, NULL), YG_OK);
		assert_memory_equal(yg_dataset_root(d).byte, root.byte, 32);
		yg_dataset_unref(d);
		if (status == YG_OK)
			break; /* it needs fewer allocations than that */
		assert_int_equal(status, YG_ENOMEM);
	}
	assert_true(at > 20 && at < 10000);
	yg_buf_release(&text);
	kit_empty();
}

static void reading_survives_too(void **state)
{
	struct yg_buf text = YG_BUF_INIT;
	struct kit k;
	int64_t at;

	(void)state;
	yg_buf_adds(&text, "a,b,c\n");
	for (int i = 0; i < 3000; i++)
		yg_buf_addf(&text, "%d,n%d,m%d\n", i, i, i % 3);
	kit_write_n("f.csv", text.data, text.len);
	kit_init(&k, "f.csv");
	kit_must(&k);
	for (at = 1; at < 1000; at++) {
		struct yg_vec_space space;
		enum yg_status status = YG_OK;

		yg_vec_space_init(&space);
		yg_mem_fail_at(at);
		for (uint32_t c = 0; c < 3 && status == YG_OK; c++) {
			struct yg_column_ref ref = { yg_dataset_table(k.d, 0), yg_dataset_table(k.d, 0), c };
			struct yg_vec vec;

			status = yg_column_read(&ref, 0, &space, &vec, NULL);
		}
		yg_mem_fail_at(0);
		yg_vec_space_release(&space);
		if (status == YG_OK)
			break;
		assert_int_equal(status, YG_ENOMEM);
	}
	assert_true(at > 3);
	for (at = 1; at < 100; at++) { /* keeping columns decoded is a convenience: no failure at all */
		struct yg_column_ref ref = { yg_dataset_table(k.d, 0), yg_dataset_table(k.d, 0), 1 };
		struct yg_vec_space space;
		struct yg_vec vec;

		yg_mem_fail_at(at);
		assert_int_equal(yg_column_load(&ref, 1, NULL, NULL), YG_OK);
		yg_mem_fail_at(0);
		yg_vec_space_init(&space);
		assert_int_equal(yg_column_read(&ref, 0, &space, &vec, NULL), YG_OK);
		yg_vec_space_release(&space);
	}
	kit_end(&k);
	kit_empty();
	yg_buf_release(&text);
}

static void a_place_that_cannot_be_written(void **state)
{
	struct kit k;

	(void)state;
	kit_write("f.csv", "a,b\n1,2\n");
	kit_init(&k, "f.csv");
	k.o.output = "/nowhere at all/out.cohort";
	assert_int_equal(kit_run(&k), YG_EIO);
	kit_end(&k);
	kit_init(&k, "f.csv");
	k.o.output = kit_folder; /* a folder */
	assert_int_not_equal(kit_run(&k), YG_OK);
	kit_end(&k);
	assert_int_equal(kit_files(), 1);
	kit_empty();
}

static void only_regular_files_are_read(void **state)
{
	struct kit k;

	(void)state;
	assert_int_equal(mkfifo(kit_path("pipe"), 0600), 0);
	kit_init(&k, "pipe");
	assert_int_not_equal(kit_run(&k), YG_OK);
	kit_end(&k);
	kit_init(&k, "pipe");
	k.file[0].path = "/dev/zero";
	assert_int_not_equal(kit_run(&k), YG_OK);
	kit_end(&k);
	k.file[0].path = kit_folder;
	assert_int_not_equal(kit_run(&k), YG_OK);
	kit_end(&k);
	kit_empty();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_allocation_may_fail),
		cmocka_unit_test(reading_survives_too),
		cmocka_unit_test(a_place_that_cannot_be_written),
		cmocka_unit_test(only_regular_files_are_read),
	};

	return cmocka_run_group_tests(tests, kit_open, kit_close);
}
