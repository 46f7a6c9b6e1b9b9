/*
 * A small cohort of every column type, written to a file: what several tests of the store look at.
 * Persons have 0 to 3 visits each; the values follow from the row number, so that tests can say
 * what they expect.
 */
#ifndef YOGO_TESTS_MAKE_COHORT_H
#define YOGO_TESTS_MAKE_COHORT_H

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "yogo/base/date.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/store/bitmap.h"
#include "yogo/store/dataset.h"
#include "yogo/store/writer.h"

enum { C_FLAG, C_INTEGER, C_NUMBER, C_LEVEL, C_TEXT, C_DATE, C_INSTANT, C_COUNT };

static const char cohort_manifest[] =
	"{\"manifest_version\": 1, \"dataset\": {\"id\": \"small\", \"synthetic\": true},"
	" \"anonymisation\": {\"legal_basis\": \"synthetic\"}, \"sdc\": {\"profile\": \"open\"},"
	" \"person\": [\"code\"], \"tables\": ["
	"{\"name\": \"subject\", \"grain\": \"person\", \"columns\": ["
	"{\"name\": \"dead\", \"type\": \"flag\"},"
	"{\"name\": \"code\", \"type\": \"integer\", \"role\": \"person\"},"
	"{\"name\": \"weight\", \"type\": \"number\", \"unit\": \"kg\"},"
	"{\"name\": \"Stage\", \"type\": \"level\"},"
	"{\"name\": \"note\", \"type\": \"text\"},"
	"{\"name\": \"born\", \"type\": \"date\", \"missing\": {\"?\": \"unknown\", \"x\": \"burnt\"}},"
	"{\"name\": \"seen\", \"type\": \"instant\"}]},"
	"{\"name\": \"visit\", \"grain\": \"event\", \"columns\": ["
	"{\"name\": \"day\", \"type\": \"integer\"}]}]}";

struct cohort_choice {
	int level;            /* zstd */
	uint32_t rows;
	int64_t changed_row;  /* its weight is 1 more; -1 = none */
	const char *manifest;
};

struct cohort_rows {
	uint8_t *flag, *reason, *precision;
	int64_t *integer;
	double *number;
	int32_t *code, *date;
	uint32_t *start;
	char *bytes;
	uint64_t *valid;
};

static int cohort_is_missing(uint32_t i, int column)
{
	return column != C_INTEGER && (i + (uint32_t)column) % 11 == 3;
}

/* Block b of the subject's column. */
static void cohort_fill(struct cohort_rows *r, uint32_t from, uint32_t n, int column, int64_t changed,
                        struct yg_dict *local, struct yg_vec *vec)
{
	static const char *const stage[] = { "II", "I", "IV", "III" };
	uint32_t at = 0;

	memset(r->valid, 0, YG_BLOCK_WORDS * 8);
	yg_dict_clear(local);
	for (uint32_t k = 0; k < n; k++) {
		uint32_t i = from + k;

		if (!cohort_is_missing(i, column))
			yg_bits_set(r->valid, k);
		r->reason[k] = (uint8_t)(i % 2 ? YG_MISSING_UNKNOWN : YG_MISSING_FIRST_DECLARED);
		r->precision[k] = (uint8_t)(i % 5 == 0 ? YG_YEAR : YG_DAY);
		r->flag[k] = i % 3 == 0;
		r->integer[k] = column == C_INSTANT ? INT64_C(1700000000000000) + (int64_t)i * 1234567 : (int64_t)i + 1000;
		r->number[k] = (double)(i % 977) / 10 + (i == changed);
		r->code[k] = cohort_is_missing(i, column) ? 0
		                                           : (int32_t)yg_dict_intern(local, stage[i / 7 % 4], strlen(stage[i / 7 % 4]));
		r->date[k] = (int32_t)(i % 4000) - 900;
		r->start[k] = at;
		at += cohort_is_missing(i, column) ? 0 : (uint32_t)snprintf(r->bytes + at, 32, "%s%u", i % 4 ? "note " : "注 ", i % 50000);
		r->start[k + 1] = at;
	}
	vec->n = n;
	vec->valid = column == C_INTEGER ? NULL : r->valid;
	vec->reason = column == C_DATE ? r->reason : NULL;
	vec->precision = column == C_DATE ? r->precision : NULL;
	switch (column) {
	case C_FLAG:
		vec->type = YG_TYPE_FLAG;
		vec->v.flag = r->flag;
		break;
	case C_NUMBER:
		vec->type = YG_TYPE_NUMBER;
		vec->v.number = r->number;
		break;
	case C_LEVEL:
		vec->type = YG_TYPE_LEVEL;
		vec->v.level = r->code;
		break;
	case C_TEXT:
		vec->type = YG_TYPE_TEXT;
		vec->v.text.start = r->start;
		vec->v.text.bytes = r->bytes;
		break;
	case C_DATE:
		vec->type = YG_TYPE_DATE;
		vec->v.date = r->date;
		break;
	default:
		vec->type = column == C_INSTANT ? YG_TYPE_INSTANT : YG_TYPE_INTEGER;
		vec->v.integer = r->integer;
	}
}

/* Integers value[n] as all blocks of a column. */
static enum yg_status cohort_put_integers(struct yg_writer *w, size_t column, struct yg_encoder *e,
                                          const int64_t *value, uint32_t n, int level, struct yg_err *err)
{
	struct yg_encode_options options = { .level = level, .tally = true };
	struct yg_encoded block;

	yg_encoded_init(&block);
	for (uint32_t b = 0; b * YG_BLOCK_ROWS < n; b++) {
		uint32_t left = n - b * YG_BLOCK_ROWS;
		struct yg_vec vec = { .type = YG_TYPE_INTEGER, .n = left < YG_BLOCK_ROWS ? left : YG_BLOCK_ROWS };

		vec.v.integer = value + (size_t)b * YG_BLOCK_ROWS;
		YG_TRY(yg_block_encode(e, &vec, NULL, &options, &block, err));
		YG_TRY(yg_writer_put(w, column, b, &block, err));
	}
	return YG_OK;
}

static inline uint32_t cohort_visits(uint32_t person)
{
	return person * 7 % 4;
}

static enum yg_status cohort_put_visits(struct yg_writer *w, size_t visit, struct yg_encoder *e,
                                        const struct cohort_choice *choice, struct yg_err *err)
{
	size_t day = yg_writer_add_column(w, visit, "day", YG_TYPE_INTEGER, YG_KIND_VALUE);
	size_t start = yg_writer_add_column(w, visit, NULL, YG_TYPE_INTEGER, YG_KIND_START);
	int64_t *first = yg_xcalloc((size_t)choice->rows + 1, 8), *value = yg_xcalloc((size_t)choice->rows * 4 + 1, 8);
	uint32_t rows = 0;
	enum yg_status status;

	for (uint32_t p = 0; p < choice->rows; p++) {
		first[p] = rows;
		for (uint32_t k = 0; k < cohort_visits(p); k++)
			value[rows++] = (int64_t)p * 10 + k;
	}
	first[choice->rows] = rows;
	status = cohort_put_integers(w, day, e, value, rows, choice->level, err);
	if (status == YG_OK)
		status = cohort_put_integers(w, start, e, first, choice->rows + 1, choice->level, err);
	yg_free(first);
	yg_free(value);
	return status;
}

static enum yg_status cohort_write(const char *path, const struct cohort_choice *choice, struct yg_task *task,
                                   struct yg_digest *root, struct yg_err *err)
{
	static const char *const name[] = { "dead", "code", "weight", "Stage", "note", "born", "seen" };
	static const enum yg_type type[] = { YG_TYPE_FLAG, YG_TYPE_INTEGER, YG_TYPE_NUMBER, YG_TYPE_LEVEL,
		                             YG_TYPE_TEXT, YG_TYPE_DATE,    YG_TYPE_INSTANT };
	const char *json = choice->manifest ? choice->manifest : cohort_manifest;
	struct yg_encode_options options = { .level = choice->level, .tally = true };
	struct cohort_rows r;
	struct yg_manifest *m = NULL;
	struct yg_writer *w = NULL;
	struct yg_encoder *e = yg_encoder_new();
	struct yg_encoded block;
	struct yg_dict local;
	size_t subject, column[C_COUNT], visit;
	enum yg_status status = yg_manifest_parse(json, strlen(json), &m, err);

	yg_dict_init(&local);
	yg_encoded_init(&block);
	r.flag = yg_xcalloc(YG_BLOCK_ROWS, 1);
	r.reason = yg_xcalloc(YG_BLOCK_ROWS, 1);
	r.precision = yg_xcalloc(YG_BLOCK_ROWS, 1);
	r.integer = yg_xcalloc(YG_BLOCK_ROWS, 8);
	r.number = yg_xcalloc(YG_BLOCK_ROWS, 8);
	r.code = yg_xcalloc(YG_BLOCK_ROWS, 4);
	r.date = yg_xcalloc(YG_BLOCK_ROWS, 4);
	r.start = yg_xcalloc(YG_BLOCK_ROWS + 1, 4);
	r.bytes = yg_xcalloc(YG_BLOCK_ROWS, 32);
	r.valid = yg_xcalloc(YG_BLOCK_WORDS, 8);
	if (status == YG_OK)
		status = yg_writer_new(path, &w, err);
	if (status == YG_OK) {
		subject = yg_writer_add_table(w, "subject", YG_GRAIN_PERSON);
		for (int c = 0; c < C_COUNT; c++)
			column[c] = yg_writer_add_column(w, subject, name[c], type[c], YG_KIND_VALUE);
		for (uint32_t from = 0, b = 0; from < choice->rows; from += YG_BLOCK_ROWS, b++) {
			uint32_t n = choice->rows - from < YG_BLOCK_ROWS ? choice->rows - from : YG_BLOCK_ROWS;

			for (int c = 0; c < C_COUNT && status == YG_OK; c++) {
				struct yg_vec vec;

				memset(&vec, 0, sizeof vec);
				cohort_fill(&r, from, n, c, choice->changed_row, &local, &vec);
				status = yg_block_encode(e, &vec, &local, &options, &block, err);
				if (status == YG_OK)
					status = yg_writer_put(w, column[c], b, &block, err);
			}
		}
		visit = yg_writer_add_table(w, "visit", YG_GRAIN_EVENT);
		if (status == YG_OK)
			status = cohort_put_visits(w, visit, e, choice, err);
		if (status == YG_OK)
			status = yg_writer_finish(w, m, "{\"source\": \"test\"}", task, root, err);
	}
	yg_free(r.flag);
	yg_free(r.reason);
	yg_free(r.precision);
	yg_free(r.integer);
	yg_free(r.number);
	yg_free(r.code);
	yg_free(r.date);
	yg_free(r.start);
	yg_free(r.bytes);
	yg_free(r.valid);
	yg_encoded_release(&block);
	yg_dict_release(&local);
	yg_encoder_free(e);
	yg_writer_free(w);
	yg_manifest_free(m);
	return status;
}

static inline const char *cohort_folder(void)
{
	static char folder[64];

	if (!*folder) {
		const char *base = getenv("TMPDIR");

		snprintf(folder, sizeof folder, "%s/yogo-store-XXXXXX", base && strlen(base) < 40 ? base : "/tmp");
		if (!mkdtemp(folder))
			folder[0] = 0;
	}
	return folder;
}

#endif
