/*
 * A cohort file is a stranger's until verified: flip any byte, cut it anywhere, and verify says so
 * while opening and reading never crash and never give a wrong value.
 */
#include "tests/unit/test.h"

#include <fcntl.h>
#include <stdlib.h>

#include "make_cohort.h"
#include "yogo/base/io.h"
#include "yogo/store/fingerprint.h"

static char path[128];

/* Open and read everything there is; the sum of what was read says whether a value changed. */
static enum yg_status read_everything(uint64_t *sum)
{
	struct yg_dataset *d = NULL;
	struct yg_vec_space space;
	enum yg_status status = yg_dataset_open(path, &d, NULL);

	if (status != YG_OK)
		return status;
	*sum = 0;
	yg_vec_space_init(&space);
	for (size_t t = 0; t < yg_dataset_tables(d) && status == YG_OK; t++) {
		const struct yg_table *table = yg_dataset_table(d, t);
		uint32_t *person = yg_xcalloc(YG_BLOCK_ROWS, sizeof *person);

		for (uint32_t c = 0; c < table->fields && status == YG_OK; c++) {
			struct yg_column_ref ref = { table, table, c };

			for (uint32_t b = 0; b < table->blocks && status == YG_OK; b++) {
				struct yg_vec vec;
				struct yg_digest leaf;
				struct yg_str *level = yg_xcalloc(table->field[c].levels + 1, sizeof *level);

				for (size_t i = 0; i < table->field[c].levels; i++)
					level[i] = yg_str(table->field[c].level[i]);
				yg_table_block_persons(table, b, person);
				status = yg_column_read(&ref, b, &space, &vec, NULL);
				if (status == YG_OK) {
					leaf = yg_fingerprint_leaf(&vec, level, table->field[c].levels);
					for (uint32_t i = 0; i < vec.n; i++)
						*sum = *sum * 31 + person[i];
					for (size_t i = 0; i < sizeof leaf.byte; i++)
						*sum = *sum * 31 + leaf.byte[i];
				}
				yg_free(level);
			}
		}
		yg_free(person);
	}
	yg_vec_space_release(&space);
	yg_dataset_unref(d);
	return status;
}

static void every_flipped_byte_is_found(void **state)
{
	struct cohort_choice choice = { .rows = 60, .changed_row = -1 };
	struct yg_buf whole = YG_BUF_INIT;
	uint64_t sum, fine = 0, opened = 0;
	struct yg_verify_report report;
	int fd;

	(void)state;
	assert_int_equal(cohort_write(path, &choice, NULL, NULL, NULL), YG_OK);
	assert_int_equal(read_everything(&fine), YG_OK);
	assert_int_equal(yg_dataset_verify(path, NULL, &report, NULL), YG_OK);
	assert_int_equal(yg_io_read_file(path, 0, &whole, NULL), YG_OK);
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	for (size_t i = 0; i < whole.len; i++) {
		char flipped = (char)(whole.data[i] ^ (1 << i % 8));

		assert_int_equal(pwrite(fd, &flipped, 1, (off_t)i), 1);
		assert_int_not_equal(yg_dataset_verify(path, NULL, &report, NULL), YG_OK);
		if (read_everything(&sum) == YG_OK) { /* slack, profiles, comments: never a value */
			opened++;
			assert_true(sum == fine);
		}
		assert_int_equal(pwrite(fd, &whole.data[i], 1, (off_t)i), 1);
	}
	close(fd);
	assert_int_equal(yg_dataset_verify(path, NULL, &report, NULL), YG_OK);
	assert_true(opened > 0);
	yg_buf_release(&whole);
}

static void every_cut_is_found(void **state)
{
	struct cohort_choice choice = { .rows = 60, .changed_row = -1 };
	struct yg_buf whole = YG_BUF_INIT;
	uint64_t sum;

	(void)state;
	assert_int_equal(cohort_write(path, &choice, NULL, NULL, NULL), YG_OK);
	assert_int_equal(yg_io_read_file(path, 0, &whole, NULL), YG_OK);
	for (size_t n = 0; n < whole.len; n += n % 4096 < 60 || whole.len - n < 60 ? 1 : 499) {
		assert_int_equal(yg_io_write_file(path, whole.data, n, NULL), YG_OK);
		assert_int_not_equal(yg_dataset_verify(path, NULL, NULL, NULL), YG_OK);
		assert_int_not_equal(read_everything(&sum), YG_OK);
		if (n > 4096 * 3)
			n += 97;
	}
	yg_buf_release(&whole);
}

/* Re-sign a file after changing it: the trailer agrees, so the checks behind it must find it. */
static void sign_again(void)
{
	struct yg_buf whole = YG_BUF_INIT;
	struct yg_digest digest;

	assert_int_equal(yg_io_read_file(path, 0, &whole, NULL), YG_OK);
	digest = yg_sha256_of(whole.data, whole.len - 48);
	memcpy(whole.data + whole.len - 32, digest.byte, 32);
	assert_int_equal(yg_io_write_file(path, whole.data, whole.len, NULL), YG_OK);
	yg_buf_release(&whole);
}

static void a_re_signed_change_is_found_in_the_values(void **state)
{
	struct cohort_choice choice = { .rows = 60, .changed_row = -1 };
	struct yg_buf whole = YG_BUF_INIT;
	size_t found = 0, tried = 0;

	(void)state;
	assert_int_equal(cohort_write(path, &choice, NULL, NULL, NULL), YG_OK);
	assert_int_equal(yg_io_read_file(path, 0, &whole, NULL), YG_OK);
	for (size_t i = 0; i + 2 < whole.len; i++) {
		if (memcmp(whole.data + i, "YB\1", 3) != 0)
			continue; /* the head of a stored block */
		for (size_t k = 8; k < 60; k += 13) {
			assert_int_equal(yg_io_write_file(path, whole.data, whole.len, NULL), YG_OK);
			{
				int fd = open(path, O_RDWR | O_CLOEXEC);
				char other = (char)(whole.data[i + k] ^ 1);

				assert_int_equal(pwrite(fd, &other, 1, (off_t)(i + k)), 1);
				close(fd);
			}
			sign_again();
			tried++;
			found += yg_dataset_verify(path, NULL, NULL, NULL) == YG_EDAMAGED;
		}
	}
	assert_true(tried > 20);
	assert_int_equal(found, tried);
	yg_buf_release(&whole);
}

static void another_database_is_refused(void **state)
{
	static const char text[] = "not a database at all, but longer than a hundred bytes, so that the reader looks at its "
	                           "head and its end and finds neither";
	struct yg_dataset *d = NULL;
	struct yg_err err;

	(void)state;
	assert_int_equal(yg_io_write_file(path, text, sizeof text, NULL), YG_OK);
	assert_int_equal(yg_dataset_open(path, &d, &err), YG_EDAMAGED);
	assert_int_not_equal(yg_dataset_open("/dev/zero", &d, &err), YG_OK);
	assert_int_not_equal(yg_dataset_open("/tmp", &d, &err), YG_OK);
	assert_int_not_equal(yg_dataset_open("/nowhere/at all.cohort", &d, &err), YG_OK);
}

static void a_newer_version_is_named(void **state)
{
	struct cohort_choice choice = { .rows = 60, .changed_row = -1 };
	struct yg_dataset *d = NULL;
	struct yg_err err;
	int fd;

	(void)state;
	assert_int_equal(cohort_write(path, &choice, NULL, NULL, NULL), YG_OK);
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_int_equal(pwrite(fd, "\0\0\0\2", 4, 60), 4); /* user_version in SQLite's head */
	close(fd);
	assert_int_equal(yg_dataset_open(path, &d, &err), YG_EINPUT);
	assert_string_equal(err.code, "E-VER-001");
}

static int clean(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(cohort_folder());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_flipped_byte_is_found),
		cmocka_unit_test(every_cut_is_found),
		cmocka_unit_test(a_re_signed_change_is_found_in_the_values),
		cmocka_unit_test(another_database_is_refused),
		cmocka_unit_test(a_newer_version_is_named),
	};

	snprintf(path, sizeof path, "%s/d.cohort", cohort_folder());
	return cmocka_run_group_tests(tests, NULL, clean);
}
