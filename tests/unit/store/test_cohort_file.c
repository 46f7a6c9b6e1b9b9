/*
 * A cohort file from writing to reading: every type comes back as it went in, levels stand in level
 * order, event tables know their persons, and the fingerprint follows the values and nothing else.
 */
#include "tests/unit/test.h"

#include <stdlib.h>

#include "make_cohort.h"

static char path[128], other[128];

static void check_value(const struct yg_vec *vec, uint32_t k, uint32_t i, int column)
{
	static const char *const stage[] = { "II", "I", "IV", "III" }, *const order[] = { "I", "II", "III", "IV" };
	char text[32];

	if (cohort_is_missing(i, column)) {
		assert_false(yg_vec_valid(vec, k));
		if (column == C_DATE)
			assert_int_equal(vec->reason[k], i % 2 ? YG_MISSING_UNKNOWN : YG_MISSING_FIRST_DECLARED);
		return;
	}
	assert_true(yg_vec_valid(vec, k));
	switch (column) {
	case C_FLAG:
		assert_int_equal(vec->v.flag[k], i % 3 == 0);
		break;
	case C_INTEGER:
		assert_int_equal(vec->v.integer[k], i + 1000);
		break;
	case C_NUMBER:
		assert_true(vec->v.number[k] == (double)(i % 977) / 10);
		break;
	case C_LEVEL:
		assert_string_equal(order[vec->v.level[k]], stage[i / 7 % 4]);
		break;
	case C_TEXT:
		snprintf(text, sizeof text, "%s%u", i % 4 ? "note " : "注 ", i % 50000);
		assert_int_equal(vec->v.text.start[k + 1] - vec->v.text.start[k], strlen(text));
		assert_memory_equal(vec->v.text.bytes + vec->v.text.start[k], text, strlen(text));
		break;
	case C_DATE:
		assert_int_equal(vec->v.date[k], (int32_t)(i % 4000) - 900);
		assert_int_equal(vec->precision[k], i % 5 == 0 ? YG_YEAR : YG_DAY);
		break;
	default:
		assert_int_equal(vec->v.instant[k], INT64_C(1700000000000000) + (int64_t)i * 1234567);
	}
}

static void read_all(const struct yg_dataset *d, uint32_t rows)
{
	static const char *const name[] = { "dead", "code", "weight", "Stage", "note", "born", "seen" };
	const struct yg_table *t = yg_dataset_subject(d), *visit = yg_dataset_find(d, "visit");
	struct yg_vec_space space;

	yg_vec_space_init(&space);
	assert_int_equal(t->rows, rows);
	for (int c = 0; c < C_COUNT; c++) {
		struct yg_column_ref ref;
		struct yg_vec vec;

		assert_int_equal(yg_table_find(t, name[c], &ref, NULL), YG_OK);
		for (uint32_t b = 0; b < t->blocks; b++) {
			assert_int_equal(yg_column_read(&ref, b, &space, &vec, NULL), YG_OK);
			assert_int_equal(vec.n, yg_table_block_rows(t, b));
			for (uint32_t k = 0; k < vec.n; k++)
				check_value(&vec, k, b * YG_BLOCK_ROWS + k, c);
		}
		/* The same column seen from the visits: one value a visit, by person. */
		assert_int_equal(yg_table_find(visit, name[c], &ref, NULL), YG_OK);
		assert_ptr_equal(ref.owner, t);
		for (uint32_t b = 0; b < visit->blocks; b++) {
			uint32_t *person = yg_xalloc(YG_BLOCK_ROWS, sizeof *person);

			yg_table_block_persons(visit, b, person);
			assert_int_equal(yg_column_read(&ref, b, &space, &vec, NULL), YG_OK);
			for (uint32_t k = 0; k < vec.n; k++)
				check_value(&vec, k, person[k], c);
			yg_free(person);
		}
	}
	yg_vec_space_release(&space);
}

static void round_trip(uint32_t rows, struct yg_task *task)
{
	struct cohort_choice choice = { .rows = rows, .changed_row = -1 };
	struct yg_dataset *d = NULL;
	struct yg_verify_report report;
	struct yg_digest root, opened;
	struct yg_err err;

	assert_int_equal(cohort_write(path, &choice, task, &root, &err), YG_OK);
	assert_int_equal(yg_dataset_open(path, &d, &err), YG_OK);
	opened = yg_dataset_root(d);
	assert_memory_equal(opened.byte, root.byte, 32);
	assert_int_equal(yg_dataset_persons(d), rows);
	read_all(d, rows);
	{ /* and again from the cache */
		struct yg_column_ref ref[C_COUNT];

		for (uint32_t c = 0; c < C_COUNT; c++)
			ref[c] = (struct yg_column_ref){ yg_dataset_subject(d), yg_dataset_subject(d), c };
		assert_int_equal(yg_column_load(ref, C_COUNT, task, &err), YG_OK);
		read_all(d, rows);
		/* without room for decoded columns they are read block by block */
		assert_true(yg_dataset_bound_cache(d, 0) > 0);
		read_all(d, rows);
		assert_int_equal(yg_column_load(ref, C_COUNT, task, &err), YG_OK);
		assert_true(yg_dataset_bound_cache(d, UINT64_MAX) == 0);
		assert_int_equal(yg_column_load(ref, C_COUNT, task, &err), YG_OK);
		assert_true(yg_dataset_bound_cache(d, UINT64_MAX) > 0);
		read_all(d, rows);
	}
	yg_dataset_unref(d);
	assert_int_equal(yg_dataset_verify(path, task, &report, &err), YG_OK);
	assert_memory_equal(report.root.byte, root.byte, 32);
}

static void every_type_comes_back(void **state)
{
	struct yg_pool *pool = yg_pool_new(3);
	struct yg_task task;

	(void)state;
	yg_task_init(&task, pool);
	round_trip(1, NULL);
	round_trip(100, NULL);
	round_trip(65536, &task);
	round_trip(150001, &task);
	yg_pool_free(pool);
}

static void the_event_table_knows_its_persons(void **state)
{
	struct cohort_choice choice = { .rows = 60000, .changed_row = -1 };
	struct yg_dataset *d = NULL;
	const struct yg_table *visit;
	struct yg_column_ref ref;
	struct yg_vec_space space;
	uint32_t *person = yg_xalloc(YG_BLOCK_ROWS, sizeof *person);

	(void)state;
	assert_int_equal(cohort_write(path, &choice, NULL, NULL, NULL), YG_OK);
	assert_int_equal(yg_dataset_open(path, &d, NULL), YG_OK);
	visit = yg_dataset_find(d, "visit");
	assert_non_null(visit->start);
	for (uint32_t p = 0; p < 60000; p++)
		assert_int_equal(visit->start[p + 1] - visit->start[p], cohort_visits(p));
	assert_int_equal(yg_table_find(visit, "day", &ref, NULL), YG_OK);
	yg_vec_space_init(&space);
	for (uint32_t b = 0; b < visit->blocks; b++) {
		struct yg_vec vec;

		yg_table_block_persons(visit, b, person);
		assert_int_equal(yg_column_read(&ref, b, &space, &vec, NULL), YG_OK);
		for (uint32_t k = 0; k < vec.n; k++)
			assert_int_equal(vec.v.integer[k] / 10, person[k]);
	}
	yg_vec_space_release(&space);
	yg_dataset_unref(d);
	yg_free(person);
}

static struct yg_digest root_of(const struct cohort_choice *choice, unsigned threads)
{
	struct yg_pool *pool = yg_pool_new(threads);
	struct yg_digest root;
	struct yg_task task;

	yg_task_init(&task, pool);
	assert_int_equal(cohort_write(other, choice, &task, &root, NULL), YG_OK);
	yg_pool_free(pool);
	return root;
}

static void the_root_follows_the_values_only(void **state)
{
	struct cohort_choice choice = { .rows = 70000, .changed_row = -1 };
	struct yg_digest first = root_of(&choice, 1), again;
	struct yg_buf renamed = YG_BUF_INIT;
	const char *at = strstr(cohort_manifest, "\"kg\"");

	(void)state;
	again = root_of(&choice, 4);
	assert_memory_equal(first.byte, again.byte, 32);
	choice.level = -1; /* no zstd at all */
	again = root_of(&choice, 2);
	assert_memory_equal(first.byte, again.byte, 32);
	choice.level = 12;
	again = root_of(&choice, 2);
	assert_memory_equal(first.byte, again.byte, 32);

	choice.changed_row = 69999; /* one value of 70,000 */
	again = root_of(&choice, 1);
	assert_memory_not_equal(first.byte, again.byte, 32);

	choice.changed_row = -1; /* another unit is another meaning */
	yg_buf_add(&renamed, cohort_manifest, (size_t)(at - cohort_manifest));
	yg_buf_adds(&renamed, "\"lb\"");
	yg_buf_adds(&renamed, at + 4);
	choice.manifest = renamed.data;
	again = root_of(&choice, 1);
	assert_memory_not_equal(first.byte, again.byte, 32);
	yg_buf_release(&renamed);
}

static void names_are_found_kindly(void **state)
{
	struct cohort_choice choice = { .rows = 10, .changed_row = -1 };
	struct yg_dataset *d = NULL;
	struct yg_column_ref ref;
	struct yg_err err;

	(void)state;
	assert_int_equal(cohort_write(path, &choice, NULL, NULL, NULL), YG_OK);
	assert_int_equal(yg_dataset_open(path, &d, NULL), YG_OK);
	assert_int_equal(yg_table_find(yg_dataset_subject(d), "STAGE", &ref, &err), YG_OK);
	assert_string_equal(yg_column_field(&ref)->name, "Stage");
	assert_int_equal(yg_table_find(yg_dataset_subject(d), "wieght", &ref, &err), YG_ESYNTAX);
	assert_non_null(strstr(err.hint, "weight"));
	assert_int_equal(yg_table_find(yg_dataset_subject(d), "day", &ref, &err), YG_ESYNTAX); /* a visit's */
	yg_dataset_unref(d);
}

static void the_profile_is_stored(void **state)
{
	struct cohort_choice choice = { .rows = 100000, .changed_row = -1 };
	struct yg_dataset *d = NULL;
	const struct yg_column_info *info;
	uint64_t sum = 0;

	(void)state;
	assert_int_equal(cohort_write(path, &choice, NULL, NULL, NULL), YG_OK);
	assert_int_equal(yg_dataset_open(path, &d, NULL), YG_OK);
	info = yg_dataset_subject(d)->info;
	assert_int_equal(info[C_INTEGER].profile.distinct, 100000); /* many: read again, told apart */
	assert_true(info[C_INTEGER].profile.minimum == 1000 && info[C_INTEGER].profile.maximum == 100999);
	yg_assert_near(info[C_INTEGER].profile.mean, 50999.5, 1e-12);
	yg_assert_near(info[C_INTEGER].profile.sd, 28867.65779668774, 1e-9); /* sqrt(n (n + 1) / 12) */
	assert_int_equal(info[C_NUMBER].profile.distinct, 977);
	assert_int_equal(info[C_NUMBER].profile.n + info[C_NUMBER].profile.missing, 100000);
	for (int i = 0; i < 64; i++)
		sum += info[C_NUMBER].profile.histogram[i];
	assert_int_equal(sum, info[C_NUMBER].profile.n);
	assert_int_equal(info[C_LEVEL].profile.tops, 4);
	assert_true(info[C_LEVEL].profile.top[0].count >= info[C_LEVEL].profile.top[1].count);
	assert_int_equal(info[C_FLAG].profile.tops, 2);
	assert_string_equal(info[C_FLAG].profile.top[0].text, "false");
	assert_non_null(strstr(info[C_INTEGER].encodings, "delta"));
	assert_non_null(strstr(info[C_NUMBER].encodings, "decimal"));
	yg_dataset_unref(d);
}

static void failing_leaves_what_was_there(void **state)
{
	struct cohort_choice choice = { .rows = 1000, .changed_row = -1 };
	struct yg_digest root;
	struct yg_dataset *d = NULL;
	struct yg_digest opened;

	(void)state;
	assert_int_equal(cohort_write(path, &choice, NULL, &root, NULL), YG_OK);
	choice.rows = 2000;
	choice.manifest = "{\"manifest_version\": 1, \"dataset\": {\"id\": \"none\"}, \"anonymisation\": {\"legal_basis\": "
	                  "\"undeclared\"}, \"tables\": [{\"name\": \"elsewhere\", \"columns\": []}]}";
	assert_int_not_equal(cohort_write(path, &choice, NULL, NULL, NULL), YG_OK);
	assert_int_equal(yg_dataset_open(path, &d, NULL), YG_OK);
	opened = yg_dataset_root(d);
	assert_memory_equal(opened.byte, root.byte, 32);
	yg_dataset_unref(d);
}

static int clean(void **state)
{
	(void)state;
	unlink(path);
	unlink(other);
	return rmdir(cohort_folder()); /* no temporary file may be left behind */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_comes_back),
		cmocka_unit_test(the_event_table_knows_its_persons),
		cmocka_unit_test(the_root_follows_the_values_only),
		cmocka_unit_test(names_are_found_kindly),
		cmocka_unit_test(the_profile_is_stored),
		cmocka_unit_test(failing_leaves_what_was_there),
	};

	snprintf(path, sizeof path, "%s/a.cohort", cohort_folder());
	snprintf(other, sizeof other, "%s/b #1.cohort", cohort_folder());
	return cmocka_run_group_tests(tests, NULL, clean);
}
