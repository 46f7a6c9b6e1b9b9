/* One file through rounds and passes into a writer; final types; refused rows. */
#include <stdlib.h>
#include <string.h>

#include "src/ingest/load_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/map.h"
#include "yogo/base/mem.h"

#define GROUP_MEMORY (64u << 20)
#define COLUMN_MEMORY (YG_BLOCK_ROWS * 10u + 16384u)

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

/* The blocks of one round, made or being written. */
struct batch {
	struct load_block *block;
	size_t blocks;
};

struct pump {
	struct load_pass *pass;
	struct load_source *source;
	struct round *now, *next;
	struct batch making, writing;
	bool read_next;
	uint64_t progress, total;
};

static enum yg_status write_block(struct load_pass *p, struct load_block *b, struct yg_err *err)
{
	struct load *l = p->l;

	for (size_t i = 0; i < p->wants; i++) {
		if (b->column[i].rows)
			YG_TRY(yg_writer_put(l->writer, l->column[p->want[i]].out, b->number, &b->column[i], err));
	}
	if (b->source_row.rows)
		YG_TRY(yg_writer_put(l->writer, l->source_row, b->number, &b->source_row, err));
	return YG_OK;
}

/* The jobs of a round: read on, write what is made, make blocks. */
static enum yg_status pump_job(void *context, size_t number, unsigned worker, struct yg_err *err)
{
	struct pump *m = context;

	if (number == 0)
		return m->read_next ? source_round(m->source, m->now, m->next, err) : YG_OK;
	if (number == 1) {
		for (size_t i = 0; i < m->writing.blocks; i++) {
			if (!atomic_load(&m->pass->any_bad))
				YG_TRY(write_block(m->pass, &m->writing.block[i], err));
		}
		return YG_OK;
	}
	return block_make(m->pass, &m->making.block[number - 2], &m->pass->worker[worker], err);
}

static void batch_release(struct batch *b, size_t columns)
{
	for (size_t i = 0; i < b->blocks; i++)
		block_release(&b->block[i], columns);
	yg_free(b->block);
	b->block = NULL;
	b->blocks = 0;
}

static bool block_wanted(const struct load_pass *p, uint32_t number)
{
	for (size_t i = 0; i < p->wants; i++) {
		if (!p->needs_again || (number < p->all_blocks && p->needs_again[i * p->all_blocks + number]))
			return true;
	}
	return false;
}

static void plan_batch(const struct load_pass *p, const struct round *r, uint32_t *number, struct batch *out)
{
	struct csv_cut from = r->start;

	out->block = yg_xcalloc(r->cuts + 1, sizeof *out->block);
	out->blocks = 0;
	for (size_t i = 0; i < r->cuts; i++, (*number)++) {
		struct load_block *b = &out->block[out->blocks];

		b->text = (struct load_text){ from.at, r->cut[i].at, from.record, from.line };
		b->memory = round_text(r);
		b->number = *number;
		from = r->cut[i];
		out->blocks += block_wanted(p, *number);
	}
}

static void note_type(struct load_column *c, uint32_t block, uint8_t type)
{
	if (c->cap <= block) {
		c->cap = (block + 1) * 2;
		c->block_type = yg_xrealloc(c->block_type, c->cap, 1);
	}
	c->block_type[block] = type;
	c->blocks = block + 1;
}

/* What a round taught, in block order. */
static void learn(struct load_pass *p, const struct batch *made)
{
	struct load *l = p->l;

	for (size_t i = 0; i < made->blocks; i++) {
		const struct load_block *b = &made->block[i];

		if (p->needs_again)
			continue;
		l->rows += b->rows;
		l->marks |= b->marks;
		for (size_t k = 0; k < p->wants; k++) {
			struct load_column *c = &l->column[p->want[k]];

			c->looks.bare |= b->looks[k].bare;
			c->looks.quoted |= b->looks[k].quoted;
			c->wide_text |= b->wide_text[k];
			note_type(c, b->number, b->type[k]);
		}
		for (size_t k = 0; k < b->bads && l->bads < BAD_ROWS_MAX; k++) {
			YG_GROW(l->bad, l->bads, l->bad_cap);
			l->bad[l->bads++] = b->bad[k];
		}
	}
}

static enum yg_status run_rounds(struct load_pass *p, struct yg_err *err)
{
	struct load_source source = { 0 };
	struct round round[2] = { { 0 }, { 0 } };
	struct pump m = { .pass = p, .source = &source };
	uint32_t number = 0;
	enum yg_status status = source_open(&source, p->l, &round[0], err);

	m.total = status == YG_OK ? bytes_size(source.bytes) : 0;
	m.now = &round[0];
	m.next = &round[1];
	if (status == YG_OK)
		status = source_round(&source, &round[0], &round[1], err);
	m.now = &round[1];
	m.next = &round[0];
	while (status == YG_OK && (m.now->cuts || m.writing.blocks) && p->l->bads < BAD_ROWS_MAX) {
		plan_batch(p, m.now, &number, &m.making);
		m.read_next = !m.now->end;
		status = yg_pool_run(p->task, m.making.blocks + 2, pump_job, &m, err);
		if (status == YG_OK)
			learn(p, &m.making);
		batch_release(&m.writing, p->wants);
		m.writing = m.making;
		m.making = (struct batch){ NULL, 0 };
		if (m.now->end) {
			m.now->cuts = 0;
		} else {
			struct round *swap = m.now;

			m.now = m.next;
			m.next = swap;
		}
		m.progress++;
		if (status == YG_OK && !yg_task_tick(p->task, m.progress * ROUND_TEXT, m.total))
			status = YG_CANCELLED;
	}
	if (status == YG_OK && p->l->bads >= BAD_ROWS_MAX)
		status = yg_fail(err, YG_EINPUT, "E-CSV-011", N_("%s: more than %u rows cannot be taken, or are blank lines"),
		                 p->l->file, BAD_ROWS_MAX);
	if (status == YG_OK) {
		p->l->source = bytes_digest(source.bytes);
		p->l->source_bytes = bytes_size(source.bytes);
	}
	batch_release(&m.making, p->wants);
	batch_release(&m.writing, p->wants);
	round_release(&round[0]);
	round_release(&round[1]);
	source_close(&source);
	return status;
}

static enum yg_status run_pass(struct load *l, const uint32_t *want, size_t wants, const uint8_t *needs_again,
                               struct yg_task *task, bool *any_bad, struct yg_err *err)
{
	struct load_pass p = { .l = l, .task = task, .want = want, .wants = wants, .needs_again = needs_again };
	enum yg_status status = YG_OK;

	p.workers = yg_task_workers(task);
	p.group = GROUP_MEMORY / COLUMN_MEMORY;
	p.group = wants < p.group ? wants : p.group;
	p.all_blocks = l->columns ? l->column[0].blocks : 0;
	atomic_init(&p.any_bad, false);
	p.worker = yg_xcalloc(p.workers, sizeof *p.worker);
	for (unsigned i = 0; i < p.workers && status == YG_OK; i++)
		status = worker_init(&p.worker[i], p.group, err);
	if (status == YG_OK)
		status = run_rounds(&p, err);
	for (unsigned i = 0; i < p.workers; i++)
		worker_release(&p.worker[i]);
	yg_free(p.worker);
	*any_bad = atomic_load(&p.any_bad);
	return status;
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
		status = run_pass(l, want, wants, needs, task, &bad, err);
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
		struct round round = { 0 };

		status = source_open(&source, l, &round, err);
		source_close(&source);
		round_release(&round);
		if (status == YG_OK)
			status = match_declared(l, err);
		if (status != YG_OK)
			return status;
	}
	YG_TRY(open_writer(l, err));
	all = yg_xalloc((size_t)l->columns, sizeof *all);
	for (uint32_t c = 0; c < l->columns; c++)
		all[c] = c;
	status = run_pass(l, all, l->columns, NULL, task, bad, err);
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
