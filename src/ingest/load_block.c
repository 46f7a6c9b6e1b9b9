/* One block of rows: walked, converted, encoded.  Runs on any worker. */
#include <string.h>

#include "src/ingest/load_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"

enum yg_status worker_init(struct load_worker *w, size_t columns, struct yg_err *err)
{
	memset(w, 0, sizeof *w);
	w->encoder = yg_encoder_new();
	w->column = yg_xcalloc(columns, sizeof *w->column);
	while (w->columns < columns) {
		struct column *c = &w->column[w->columns++]; /* released also when it fails half-way */

		YG_TRY(column_init(c, err));
	}
	w->record = yg_data_alloc(YG_BLOCK_ROWS, sizeof *w->record);
	return w->record ? YG_OK : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while importing"));
}

void worker_release(struct load_worker *w)
{
	for (size_t i = 0; i < w->columns; i++)
		column_release(&w->column[i]);
	yg_free(w->column);
	csv_tile_release(&w->tile);
	yg_free(w->fault);
	yg_data_free(w->record);
	yg_encoder_free(w->encoder);
	memset(w, 0, sizeof *w);
}

void block_release(struct load_block *b, size_t columns)
{
	for (size_t i = 0; b->column && i < columns; i++)
		yg_encoded_release(&b->column[i]);
	yg_encoded_release(&b->source_row);
	yg_free(b->column);
	yg_free(b->looks);
	yg_free(b->type);
	yg_free(b->wide_text);
	yg_free(b->bad);
	memset(b, 0, sizeof *b);
}

struct faults {
	struct load_pass *pass;
	struct load_block *block;
	const char *text;
	bool muted;        /* rows were reported in an earlier walk over the same text */
	uint32_t at;       /* a place whose line is known: faults lie close together */
	uint64_t lines;    /* before it, in the block */
};

static uint64_t count_lines(const char *p, const char *end)
{
	uint64_t lines = 0;

	while ((p = memchr(p, '\n', (size_t)(end - p)))) {
		lines++;
		p++;
	}
	return lines;
}

static uint64_t line_of(struct faults *f, uint32_t at)
{
	if (at >= f->at)
		f->lines += count_lines(f->text + f->at, f->text + at);
	else
		f->lines -= count_lines(f->text + at, f->text + f->at);
	f->at = at;
	return f->block->text.line + f->lines;
}

static void add_bad(struct faults *f, uint64_t record, uint32_t at, uint32_t column, enum csv_fault fault)
{
	struct load_block *b = f->block;

	if (b->bads >= BAD_ROWS_MAX)
		return;
	YG_GROW(b->bad, b->bads, b->bad_cap);
	b->bad[b->bads++] = (struct bad_row){ record, line_of(f, at), column, fault };
	atomic_store(&f->pass->any_bad, true);
}

static void on_fault(void *context, uint64_t record, uint32_t at, enum csv_fault fault)
{
	struct faults *f = context;

	if (!f->muted)
		add_bad(f, record, at, UINT32_MAX, fault);
}

/* Does any field of the tile stand without quotes? */
static bool has_bare(const struct csv_tile *t)
{
	if (!t->quotes)
		return t->rows > 0;
	for (uint32_t r = 0; r < t->rows; r++) {
		for (uint32_t c = 0; c < t->columns; c++) {
			uint32_t from = csv_from(t, r, c);

			if (from < csv_to(t, r, c) && t->text[from] != '"')
				return true;
		}
	}
	return false;
}

struct walk {
	struct load_pass *pass;
	struct load_block *block;
	struct load_worker *worker;
	const uint32_t *want;       /* columns of this walk */
	size_t wants;
	bool records;               /* also note the record numbers */
	bool muted;
};

static void walk_block(const struct walk *k)
{
	struct load *l = k->pass->l;
	struct load_worker *w = k->worker;
	struct load_block *b = k->block;
	const char *text = b->memory + b->text.from;
	struct faults f = { k->pass, b, text, k->muted, 0, 0 };
	struct csv_tile *t = &w->tile;
	struct csv_walk walk;
	uint32_t rows = 0;

	csv_walk_init(&walk, text, (uint32_t)(b->text.to - b->text.from), l->delimiter);
	walk.record = b->text.record;
	walk.skip = l->skip;
	walk.skips = l->skips;
	walk.fault = on_fault;
	walk.context = &f;
	if (t->columns != l->columns) {
		csv_tile_release(t);
		csv_tile_init(t, l->columns);
	}
	t->kept_ends = 0;
	while (csv_walk_next(&walk, t)) {
		if (w->faults_cap < t->rows) {
			w->faults_cap = (size_t)t->rows * 2;
			w->fault = yg_xrealloc(w->fault, w->faults_cap, sizeof *w->fault);
		}
		b->marks = b->marks || has_bare(t);
		for (size_t i = 0; i < k->wants; i++) {
			uint32_t faults = column_add(&w->column[i], t, k->want[i], b->marks, w->fault);

			for (uint32_t j = 0; j < faults; j++)
				add_bad(&f, t->record[w->fault[j].row], csv_from(t, w->fault[j].row, k->want[i]), k->want[i],
				        w->fault[j].fault);
		}
		for (uint32_t r = 0; k->records && r < t->rows; r++)
			w->record[rows + r] = (int64_t)t->record[r] + 1;
		rows += t->rows;
	}
	b->rows = rows;
}

/* The type to try first, from what earlier rounds saw. */
static enum yg_type type_to_try(const struct load_column *c, bool marks, bool final)
{
	enum yg_type type;

	if (c->declared)
		return c->declared->type;
	if (final)
		return c->type;
	if (!(c->looks.bare | c->looks.quoted))
		return 0;
	type = type_for(c->looks, marks);
	return (type == YG_TYPE_TEXT && !c->wide_text) ? YG_TYPE_LEVEL : type;
}

/* Columns whose values did not fit what was tried, or would not now. */
static size_t find_misfits(const struct walk *k, uint32_t *misfit, size_t *place)
{
	size_t n = 0;

	for (size_t i = 0; i < k->wants; i++) {
		struct column *c = &k->worker->column[i];
		enum yg_type type;

		if (c->declared)
			continue;
		type = type_for(c->looks, k->block->marks);
		if (!type || (type == YG_TYPE_TEXT && c->type == YG_TYPE_TEXT))
			type = YG_TYPE_TEXT;
		else if (type == YG_TYPE_TEXT)
			type = YG_TYPE_LEVEL;
		if (!(c->looks.bare | c->looks.quoted)) /* nothing but missing so far: as a level column without levels */
			type = YG_TYPE_LEVEL;
		if (!c->failed && c->type == type)
			continue;
		misfit[n] = k->want[i];
		place[n++] = i;
	}
	return n;
}

static enum yg_status encode_columns(const struct walk *k, const size_t *place, struct yg_err *err)
{
	struct load_pass *p = k->pass;
	struct yg_encode_options options = { .level = p->l->level, .tally = true, .no_digest = !p->l->digest };

	for (size_t i = 0; i < k->wants; i++) {
		struct column *c = &k->worker->column[i];
		struct yg_vec vec;

		k->block->type[place[i]] = (uint8_t)c->type;
		k->block->looks[place[i]] = c->looks;
		k->block->wide_text[place[i]] = c->wide_text;
		if (atomic_load(&p->any_bad) || !c->n)
			continue; /* the pass will be repeated or fail: only its faults matter */
		column_vec(c, &vec);
		YG_TRY(yg_block_encode(k->worker->encoder, &vec, &c->dict, &options, &k->block->column[place[i]], err));
	}
	return YG_OK;
}

/* Make again the columns that did not fit, now that their looks in this block are known. */
static void mend(const struct walk *k)
{
	uint32_t *misfit = yg_xalloc(k->wants + 1, sizeof *misfit);
	size_t *place = yg_xalloc(k->wants + 1, sizeof *place), n = find_misfits(k, misfit, place);
	struct walk again = *k;

	again.want = misfit;
	again.records = false;
	again.muted = true;
	for (size_t done = 0; done < n; done++) { /* one at a time, in its own column's memory */
		struct column *c = &k->worker->column[place[done]], keep = k->worker->column[0];
		struct looks looks = c->looks;
		enum yg_type type = type_for(looks, k->block->marks);
		bool wide = c->wide_text || !type;

		if (!(looks.bare | looks.quoted))
			type = YG_TYPE_LEVEL;
		else if (!type || type == YG_TYPE_TEXT)
			type = wide ? YG_TYPE_TEXT : YG_TYPE_LEVEL;
		column_begin(c, NULL, type, wide, looks);
		k->worker->column[0] = *c; /* a walk fills the first columns */
		again.want = &misfit[done];
		again.wants = 1;
		walk_block(&again);
		*c = k->worker->column[0];
		if (place[done])
			k->worker->column[0] = keep;
	}
	yg_free(misfit);
	yg_free(place);
}

enum yg_status block_make(struct load_pass *p, struct load_block *b, struct load_worker *w, struct yg_err *err)
{
	struct load *l = p->l;
	bool final = p->needs_again != NULL;
	size_t *place = yg_xalloc(p->group + 1, sizeof *place);
	enum yg_status status = YG_OK;

	b->column = yg_xcalloc(p->wants + 1, sizeof *b->column);
	b->looks = yg_xcalloc(p->wants + 1, sizeof *b->looks);
	b->type = yg_xcalloc(p->wants + 1, sizeof *b->type);
	b->wide_text = yg_xcalloc(p->wants + 1, sizeof *b->wide_text);
	for (size_t i = 0; i < p->wants; i++)
		yg_encoded_init(&b->column[i]);
	yg_encoded_init(&b->source_row);
	b->marks = l->marks;
	for (size_t from = 0; status == YG_OK && from < p->wants;) {
		uint32_t *want = yg_xalloc(p->group + 1, sizeof *want);
		struct walk k = { p, b, w, want, 0, from == 0 && !final, from > 0 || final };

		for (; from < p->wants && k.wants < p->group; from++) {
			const struct load_column *c = &l->column[p->want[from]];

			if (final && !p->needs_again[from * p->all_blocks + b->number])
				continue;
			place[k.wants] = from;
			want[k.wants] = p->want[from];
			column_begin(&w->column[k.wants++], c->declared, type_to_try(c, b->marks, final),
			             final ? c->type == YG_TYPE_TEXT : c->wide_text, c->looks);
		}
		walk_block(&k);
		if (!final)
			mend(&k);
		status = encode_columns(&k, place, err);
		yg_free(want);
		if (status == YG_OK && yg_task_cancelled(p->task))
			status = YG_CANCELLED;
	}
	if (status == YG_OK && !final && b->rows && !atomic_load(&p->any_bad)) {
		struct yg_encode_options options = { .level = l->level, .no_digest = !l->digest };
		struct yg_vec vec = { .type = YG_TYPE_INTEGER, .n = b->rows };

		vec.v.integer = w->record;
		status = yg_block_encode(w->encoder, &vec, NULL, &options, &b->source_row, err);
	}
	yg_free(place);
	return status;
}
