/* One file through its passes into a writer; final types; refused rows. */
#include <stdlib.h>
#include <string.h>

#include "src/ingest/load_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/map.h"
#include "yogo/base/mem.h"

void load_init(struct load *l)
{
	memset(l, 0, sizeof *l);
	yg_arena_init(&l->arena);
}

void load_release(struct load *l)
{
	for (uint32_t c = 0; c < l->columns; c++)
		yg_free(l->column[c].block_type);
	yg_free(l->skip);
	yg_free(l->bad);
	yg_writer_free(l->writer);
	yg_arena_release(&l->arena);
	memset(l, 0, sizeof *l);
}

/* Columns of the file -> fields of the manifest. */
static enum yg_status match_declared(struct load *l, struct yg_err *err)
{
	struct yg_map fields;
	enum yg_status status = YG_OK;
	uint32_t matched = 0;

	yg_map_init(&fields);
	for (size_t t = 0; t < l->declares; t++) {
		for (size_t i = 0; i < l->declared[t]->fields; i++)
			yg_map_put(&fields, l->declared[t]->field[i].name, &l->declared[t]->field[i]);
	}
	for (uint32_t c = 0; c < l->columns && l->declares; c++) {
		l->column[c].declared = yg_map_get(&fields, l->column[c].name);
		if (!l->column[c].declared) {
			yg_fail(err, YG_EINPUT, "E-MAN-003", N_("%s: the manifest does not describe the column %s"), l->file,
			        l->column[c].name);
			yg_err_hint(err, N_("describe it in the manifest, or take it out of the file"));
			status = YG_EINPUT;
			break;
		}
		matched++;
	}
	for (size_t i = 0; status == YG_OK && matched < fields.count && i < fields.count; i++) {
		uint32_t c = 0;

		while (c < l->columns && strcmp(l->column[c].name, fields.entry[i].key) != 0)
			c++;
		if (c == l->columns)
			status = yg_fail(err, YG_EINPUT, "E-MAN-004", N_("%s has no column %s, which the manifest describes"),
			                 l->file, fields.entry[i].key);
	}
	yg_map_release(&fields);
	return status;
}

static enum yg_status open_writer(struct load *l, struct yg_err *err)
{
	yg_writer_free(l->writer);
	l->writer = NULL;
	YG_TRY(yg_writer_new(l->target, &l->writer, err));
	l->writer_table = yg_writer_add_table(l->writer, l->table, YG_GRAIN_PERSON);
	for (uint32_t c = 0; c < l->columns; c++)
		l->column[c].out = yg_writer_add_column(l->writer, l->writer_table, l->column[c].name, 0, YG_KIND_VALUE);
	l->source_row = yg_writer_add_column(l->writer, l->writer_table, NULL, YG_TYPE_INTEGER, YG_KIND_SOURCE_ROW);
	return YG_OK;
}

static int by_record(const void *a, const void *b)
{
	const struct bad_row *x = a, *y = b;

	if (x->record != y->record)
		return x->record < y->record ? -1 : 1;
	return x->column < y->column ? -1 : x->column > y->column;
}

/* One entry a row, blank lines apart. */
static void tidy_bad(struct load *l)
{
	size_t n = 0;

	if (l->bads)
		qsort(l->bad, l->bads, sizeof *l->bad, by_record);
	l->skip = yg_xrealloc(l->skip, l->bads + 1, sizeof *l->skip);
	l->skips = 0;
	l->blank_lines = 0;
	for (size_t i = 0; i < l->bads; i++) {
		if (l->skips && l->skip[l->skips - 1] == l->bad[i].record)
			continue;
		l->skip[l->skips++] = l->bad[i].record;
		if (l->bad[i].fault == CSV_BLANK)
			l->blank_lines++;
		else
			l->bad[n++] = l->bad[i];
	}
	l->bads = n;
}

static void forget(struct load *l)
{
	for (uint32_t c = 0; c < l->columns; c++) {
		l->column[c].looks = (struct looks){ 0, 0 };
		l->column[c].wide_text = false;
		l->column[c].blocks = 0;
	}
	l->rows = 0;
	l->marks = false;
}

/* The types that hold every row. */
static enum yg_status settle_types(struct load *l, struct yg_err *err)
{
	for (uint32_t c = 0; c < l->columns; c++) {
		struct load_column *k = &l->column[c];

		if (k->declared) {
			k->type = k->declared->type;
		} else {
			k->type = type_for(k->looks, l->marks);
			if (!k->type) {
				yg_fail(err, YG_EINPUT, "E-NUM-001",
				        N_("%s: column %s holds integers that no number can hold exactly (beyond 64 bits, or beyond "
				           "2^53 among decimals)"), l->file, k->name);
				yg_err_hint(err, N_("if they are codes, declare the column as text in a manifest"));
				return YG_EINPUT;
			}
			if (k->type == YG_TYPE_TEXT && !k->wide_text) {
				uint32_t levels = yg_writer_dictionary(l->writer, k->out)->count;

				if (levels <= INFER_LEVELS_MAX && (uint64_t)levels * 2 <= l->rows)
					k->type = YG_TYPE_LEVEL;
			}
		}
		yg_writer_retype(l->writer, k->out, k->type);
	}
	return YG_OK;
}

static enum yg_status make_again(struct load *l, struct yg_task *task, struct yg_err *err)
{
	uint32_t *want = yg_xalloc((size_t)l->columns + 1, sizeof *want), blocks = l->columns ? l->column[0].blocks : 0;
	uint8_t *needs = yg_xcalloc((size_t)l->columns * blocks + 1, 1);
	struct yg_digest before = l->source;
	size_t wants = 0;
	enum yg_status status = YG_OK;

	for (uint32_t c = 0; c < l->columns; c++) {
		bool any = false;

		for (uint32_t b = 0; b < blocks; b++) {
			needs[wants * blocks + b] = l->column[c].block_type[b] != (uint8_t)l->column[c].type;
			any |= needs[wants * blocks + b] != 0;
		}
		if (any)
			want[wants++] = c;
	}
	if (wants) {
		bool bad;

		yg_task_step(task, N_("reading again what turned out wider"));
		status = pass_run(l, want, wants, needs, task, &bad, err);
		if (status == YG_OK && yg_digest_cmp(&before, &l->source) != 0)
			status = yg_fail(err, YG_EINPUT, "E-IN-010", N_("%s changed while it was read"), l->file);
	}
	yg_free(want);
	yg_free(needs);
	return status;
}

/* Read the whole file once. */
static enum yg_status first_pass(struct load *l, struct yg_task *task, bool *bad, struct yg_err *err)
{
	uint32_t *all;
	enum yg_status status;

	if (!l->column) { /* the header, to know the columns */
		struct load_source source;
		struct chunk chunk = { 0 };

		status = source_open(&source, l, &chunk, err);
		source_close(&source);
		chunk_release(&chunk);
		if (status == YG_OK)
			status = match_declared(l, err);
		if (status != YG_OK)
			return status;
	}
	YG_TRY(open_writer(l, err));
	all = yg_xalloc((size_t)l->columns, sizeof *all);
	for (uint32_t c = 0; c < l->columns; c++)
		all[c] = c;
	status = pass_run(l, all, l->columns, NULL, task, bad, err);
	yg_free(all);
	return status;
}

enum yg_status load_file(struct load *l, struct yg_task *task, struct yg_err *err)
{
	bool bad = false;

	l->file = yg_path_file(l->path);
	yg_task_step(task, N_("importing"));
	YG_TRY(first_pass(l, task, &bad, err));
	if (bad) {
		tidy_bad(l);
		if (l->bads && !l->refuse)
			return YG_EINPUT; /* the caller tells */
		forget(l);
		YG_TRY(first_pass(l, task, &bad, err));
		if (bad)
			return yg_fail(err, YG_EINPUT, "E-IN-010", N_("%s changed while it was read"), l->file);
	}
	if (!l->rows && !l->may_be_empty)
		return yg_fail(err, YG_EINPUT, "E-CSV-002", N_("%s has a header but no row"), l->file);
	YG_TRY(settle_types(l, err));
	return make_again(l, task, err);
}
