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
	return f->block->start.line + f->lines;
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

static void tile_begin(struct csv_tile *t, uint32_t columns)
{
	if (t->columns != columns) {
		csv_tile_release(t);
		csv_tile_init(t, columns);
	}
	t->kept_ends = 0;
}

struct walk {
	struct load_pass *pass;
	struct load_block *block;
	struct load_worker *worker;
	const uint32_t *want;       /* columns of this walk */
	struct column **column;     /* where they go */
	size_t wants;
	bool records;               /* also note the record numbers */
	bool muted;
};

static void walk_block(const struct walk *k)
{
	struct load *l = k->pass->l;
	struct load_worker *w = k->worker;
	struct load_block *b = k->block;
	struct faults f = { k->pass, b, b->text, k->muted, 0, 0 };
	struct csv_tile *t = &w->tile;
	struct csv_walk walk;
	uint32_t rows = 0;

	csv_walk_init(&walk, b->text, (uint32_t)b->size, l->delimiter);
	walk.record = b->start.record;
	walk.skip = l->skip;
	walk.skips = l->skips;
	walk.fault = on_fault;
	walk.context = &f;
	tile_begin(t, l->columns);
	while (csv_walk_next(&walk, t)) {
		if (w->faults_cap < t->rows) {
			w->faults_cap = (size_t)t->rows * 2;
			w->fault = yg_xrealloc(w->fault, w->faults_cap, sizeof *w->fault);
		}
		b->marks = b->marks || has_bare(t);
		for (size_t i = 0; i < k->wants; i++) {
			uint32_t faults = column_add(k->column[i], t, k->want[i], b->marks, w->fault);

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

/* The type to try first, from what earlier blocks saw. */
static enum yg_type type_to_try(const struct load_column *c, const struct load_hint *hint, size_t place, bool final)
{
	enum yg_type type;

	if (c->declared)
		return c->declared->type;
	if (final)
		return c->type;
	if (!(hint->looks[place].bare | hint->looks[place].quoted))
		return 0;
	type = type_for(hint->looks[place], hint->marks);
	return (type == YG_TYPE_TEXT && !hint->wide_text[place]) ? YG_TYPE_LEVEL : type;
}

/* The type that holds all a column was seen to hold, 0 = it is what was tried. */
static enum yg_type misfit(const struct column *c, bool marks)
{
	enum yg_type type;

	if (c->declared)
		return 0;
	type = type_for(c->looks, marks);
	if (!(c->looks.bare | c->looks.quoted)) /* nothing but missing so far: as a level column without levels */
		type = YG_TYPE_LEVEL;
	else if (!type || (type == YG_TYPE_TEXT && (c->type == YG_TYPE_TEXT || c->wide_text)))
		type = YG_TYPE_TEXT;
	else if (type == YG_TYPE_TEXT)
		type = YG_TYPE_LEVEL;
	return c->failed || c->type != type ? type : 0;
}

static enum yg_status encode_columns(const struct walk *k, const size_t *place, struct yg_err *err)
{
	struct load_pass *p = k->pass;
	struct yg_encode_options options = { .level = p->l->level, .tally = true, .no_digest = !p->l->digest };

	for (size_t i = 0; i < k->wants; i++) {
		struct column *c = k->column[i];
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
	uint32_t *want = yg_xalloc(k->wants + 1, sizeof *want);
	struct column **column = yg_xalloc(k->wants + 1, sizeof *column);
	struct walk again = *k;

	again.want = want;
	again.column = column;
	again.wants = 0;
	again.records = false;
	again.muted = true;
	for (size_t i = 0; i < k->wants; i++) {
		struct column *c = k->column[i];
		enum yg_type type = misfit(c, k->block->marks);

		if (!type)
			continue;
		column_begin(c, NULL, type, type == YG_TYPE_TEXT, c->looks);
		want[again.wants] = k->want[i];
		column[again.wants++] = c;
	}
	if (again.wants)
		walk_block(&again);
	yg_free(want);
	yg_free(column);
}

/* First rows looked at before there is any block to learn from. */
#define SAMPLE_TEXT 65536u

static void ignore_fault(void *context, uint64_t record, uint32_t at, enum csv_fault fault)
{
	(void)context;
	(void)record;
	(void)at;
	(void)fault;
}

void block_sample(struct load_pass *p, const char *text, size_t size)
{
	struct load *l = p->l;
	struct csv_tile *t = &p->worker[0].tile;
	struct yg_buf scratch = YG_BUF_INIT;
	struct csv_walk walk;

	csv_walk_init(&walk, text, size < SAMPLE_TEXT ? (uint32_t)size : SAMPLE_TEXT, l->delimiter);
	walk.skip = l->skip;
	walk.skips = l->skips;
	walk.fault = ignore_fault;
	tile_begin(t, l->columns);
	while (csv_walk_next(&walk, t)) {
		l->marks = l->marks || has_bare(t);
		for (size_t i = 0; i < p->wants; i++) {
			struct looks *looks = &l->column[p->want[i]].looks;

			for (uint32_t r = 0; r < t->rows; r++) {
				uint32_t from = csv_from(t, r, p->want[i]), to = csv_to(t, r, p->want[i]);
				bool quoted;
				struct yg_str s = csv_field(text, from, to, &scratch, &quoted);

				if (quoted)
					looks->quoted |= look_of(s);
				else if (s.n)
					looks->bare |= look_of(s);
			}
		}
	}
	yg_buf_release(&scratch);
}

enum yg_status block_make(struct load_pass *p, struct load_block *b, struct load_worker *w, struct yg_err *err)
{
	struct load *l = p->l;
	bool final = p->needs_again != NULL;
	size_t *place = yg_xalloc(p->group + 1, sizeof *place);
	uint32_t *want = yg_xalloc(p->group + 1, sizeof *want);
	struct column **column = yg_xalloc(p->group + 1, sizeof *column);
	enum yg_status status = YG_OK;

	b->column = yg_xcalloc(p->wants + 1, sizeof *b->column);
	b->looks = yg_xcalloc(p->wants + 1, sizeof *b->looks);
	b->type = yg_xcalloc(p->wants + 1, sizeof *b->type);
	b->wide_text = yg_xcalloc(p->wants + 1, sizeof *b->wide_text);
	for (size_t i = 0; i < p->wants; i++)
		yg_encoded_init(&b->column[i]);
	yg_encoded_init(&b->source_row);
	b->marks = b->hint->marks;
	for (size_t from = 0; status == YG_OK && from < p->wants;) {
		struct walk k = { p, b, w, want, column, 0, from == 0 && !final, from > 0 || final };

		for (; from < p->wants && k.wants < p->group; from++) {
			const struct load_column *c = &l->column[p->want[from]];

			if (final && !p->needs_again[from * p->all_blocks + b->number])
				continue;
			place[k.wants] = from;
			want[k.wants] = p->want[from];
			column[k.wants] = &w->column[k.wants];
			column_begin(column[k.wants++], c->declared, type_to_try(c, b->hint, from, final),
			             final ? c->type == YG_TYPE_TEXT : b->hint->wide_text[from], b->hint->looks[from]);
		}
		walk_block(&k);
		if (!final)
			mend(&k);
		status = encode_columns(&k, place, err);
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
	yg_free(want);
	yg_free(column);
	return status;
}
