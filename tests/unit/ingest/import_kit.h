/* Small files in a folder of their own, imported and looked at. */
#ifndef YOGO_TESTS_IMPORT_KIT_H
#define YOGO_TESTS_IMPORT_KIT_H

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "yogo/base/io.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/ingest/import.h"
#include "yogo/store/dataset.h"

static char kit_folder[64];

static inline int kit_open(void **state)
{
	const char *base = getenv("TMPDIR");

	(void)state;
	snprintf(kit_folder, sizeof kit_folder, "%s/yogo-ingest-XXXXXX", base && strlen(base) < 40 ? base : "/tmp");
	return mkdtemp(kit_folder) ? 0 : -1;
}

static inline const char *kit_path(const char *name)
{
	static char path[4][512];
	static int turn;

	turn = (turn + 1) % 4;
	snprintf(path[turn], sizeof path[turn], "%s/%s", kit_folder, name);
	return path[turn];
}

/* Names in the folder, hidden ones too. */
static inline size_t kit_files(void)
{
	DIR *dir = opendir(kit_folder);
	struct dirent *entry;
	size_t n = 0;

	while (dir && (entry = readdir(dir)))
		n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(dir);
	return n;
}

static inline void kit_empty(void)
{
	DIR *dir = opendir(kit_folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlink(kit_path(entry->d_name));
	}
	closedir(dir);
}

static inline int kit_close(void **state)
{
	(void)state;
	kit_empty();
	return rmdir(kit_folder);
}

static inline void kit_write_n(const char *name, const void *bytes, size_t n)
{
	assert_int_equal(yg_io_write_file(kit_path(name), bytes, n, NULL), YG_OK);
}

static inline void kit_write(const char *name, const char *text)
{
	kit_write_n(name, text, strlen(text));
}

struct kit {
	struct yg_import_options o;
	struct yg_import_file file[4];
	struct yg_import_report report;
	struct yg_err err;
	struct yg_dataset *d;
	unsigned threads;
	char path[4][512], output[512], manifest[512];
};

/* One file, out.cohort; fields of k->o may be changed before kit_run. */
static inline void kit_init(struct kit *k, const char *file)
{
	memset(k, 0, sizeof *k);
	snprintf(k->path[0], sizeof k->path[0], "%s", kit_path(file));
	snprintf(k->output, sizeof k->output, "%s", kit_path("out.cohort"));
	k->file[0].path = k->path[0];
	k->o.file = k->file;
	k->o.files = 1;
	k->o.output = k->output;
	k->threads = 2;
}

static inline void kit_also(struct kit *k, const char *table, const char *file)
{
	size_t i = k->o.files++;

	snprintf(k->path[i], sizeof k->path[i], "%s", kit_path(file));
	k->file[i] = (struct yg_import_file){ table, k->path[i] };
}

static inline enum yg_status kit_run(struct kit *k)
{
	struct yg_pool *pool = yg_pool_new(k->threads);
	struct yg_task task;
	enum yg_status status;

	yg_task_init(&task, pool);
	yg_import_report_init(&k->report);
	yg_err_clear(&k->err);
	status = yg_import_run(&k->o, &task, &k->report, &k->err);
	if (status == YG_OK) {
		assert_int_equal(yg_dataset_open(k->output, &k->d, &k->err), YG_OK);
		assert_int_equal(yg_dataset_verify(k->output, &task, NULL, &k->err), YG_OK);
	}
	yg_pool_free(pool);
	return status;
}

static inline void kit_end(struct kit *k)
{
	yg_dataset_unref(k->d);
	k->d = NULL;
	yg_import_report_release(&k->report);
}

/* Import that must succeed. */
static inline void kit_must(struct kit *k)
{
	enum yg_status status = kit_run(k);

	if (status != YG_OK)
		fail_msg("%s: %s", k->err.code, k->err.text);
}

/* Import that must fail with this code and leave nothing behind. */
static inline void kit_fails(struct kit *k, const char *code)
{
	size_t before = kit_files();
	enum yg_status status = kit_run(k);

	if (status == YG_OK)
		fail_msg("imported, expected %s", code);
	if (strcmp(k->err.code, code) != 0)
		fail_msg("%s: %s; expected %s", k->err.code, k->err.text, code);
	assert_int_equal(kit_files(), before);
	kit_end(k);
}

static inline struct yg_column_ref kit_column(const struct kit *k, const char *table, const char *name)
{
	const struct yg_table *t = table ? yg_dataset_find(k->d, table) : yg_dataset_table(k->d, 0);
	struct yg_column_ref ref;

	assert_non_null(t);
	assert_int_equal(yg_table_find(t, name, &ref, NULL), YG_OK);
	return ref;
}

static inline enum yg_type kit_type(const struct kit *k, const char *name)
{
	struct yg_column_ref ref = kit_column(k, NULL, name);

	return yg_column_field(&ref)->type;
}

/* A value as text: "." when missing. */
static inline const char *kit_value(const struct kit *k, const char *table, const char *name, uint64_t row)
{
	static char text[4][128];
	static int turn;
	struct yg_column_ref ref = kit_column(k, table, name);
	struct yg_vec_space space;
	struct yg_vec vec;
	uint32_t i = (uint32_t)(row % YG_BLOCK_ROWS);
	char *out = text[turn = (turn + 1) % 4];

	yg_vec_space_init(&space);
	assert_true(row < ref.table->rows);
	assert_int_equal(yg_column_read(&ref, (uint32_t)(row / YG_BLOCK_ROWS), &space, &vec, NULL), YG_OK);
	if (!yg_vec_valid(&vec, i)) {
		snprintf(out, 128, ".");
	} else {
		switch (vec.type) {
		case YG_TYPE_FLAG:
			snprintf(out, 128, "%s", vec.v.flag[i] ? "true" : "false");
			break;
		case YG_TYPE_INTEGER:
		case YG_TYPE_INSTANT:
			snprintf(out, 128, "%lld", (long long)vec.v.integer[i]);
			break;
		case YG_TYPE_NUMBER:
			yg_print_double(out, vec.v.number[i]);
			break;
		case YG_TYPE_LEVEL:
			snprintf(out, 128, "%s", yg_column_field(&ref)->level[vec.v.level[i]]);
			break;
		case YG_TYPE_DATE:
			yg_date_print(out, vec.v.date[i], vec.precision ? (enum yg_date_precision)vec.precision[i] : YG_DAY);
			break;
		default:
			snprintf(out, 128, "%.*s", (int)(vec.v.text.start[i + 1] - vec.v.text.start[i]),
			         vec.v.text.bytes + vec.v.text.start[i]);
		}
	}
	yg_vec_space_release(&space);
	return out;
}

#endif
