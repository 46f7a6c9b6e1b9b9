/* One pass over a file: its blocks fed from the text, made by the workers, written in order. */
#include <string.h>

#include "src/ingest/load_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pipe.h"

#define GROUP_MEMORY (64u << 20)
#define COLUMN_MEMORY (YG_BLOCK_ROWS * 10u + 16384u)

/* --- what is known of the columns, handed on --- */

static void give_hint(const struct load_pass *p, struct load_hint *hint)
{
	hint->marks = p->l->marks;
	for (size_t i = 0; i < p->wants; i++) {
		hint->looks[i] = p->l->column[p->want[i]].looks;
		hint->wide_text[i] = p->l->column[p->want[i]].wide_text;
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

static enum yg_status learn(struct load_pass *p, const struct load_block *b, struct yg_err *err)
{
	struct load *l = p->l;

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
	if (l->bads >= BAD_ROWS_MAX)
		return yg_fail(err, YG_EINPUT, "E-CSV-011", N_("%s: more than %u rows cannot be taken, or are blank lines"),
		               l->file, BAD_ROWS_MAX);
	return YG_OK;
}

/* --- the steps of the stream --- */

static void leave(struct chunk *c)
{
	if (c)
		atomic_fetch_sub(&c->users, 1);
}

/* There is one: each worker makes a block of one chunk at most. */
static struct chunk *free_chunk(const struct load_pass *p)
{
	struct chunk *c = p->chunk;

	while (atomic_load(&c->users))
		c++;
	return c;
}

static enum yg_status next_chunk(struct load_pass *p, struct yg_err *err)
{
	struct chunk *next = free_chunk(p);

	YG_TRY(source_chunk(&p->source, p->now, next, err));
	atomic_store(&next->users, (unsigned)next->cuts + 1);
	leave(p->now);
	p->now = next;
	p->next_cut = 0;
	return YG_OK;
}

static bool block_wanted(const struct load_pass *p, uint32_t number)
{
	for (size_t i = 0; i < p->wants; i++) {
		if (!p->needs_again || (number < p->all_blocks && p->needs_again[i * p->all_blocks + number]))
			return true;
	}
	return false;
}

static enum yg_status feed(void *context, size_t item, bool *end, struct yg_err *err)
{
	struct load_pass *p = context;
	struct load_block *b = &p->block[item % LOAD_DEPTH];

	if (p->next_cut == p->now->cuts && !p->now->end)
		YG_TRY(next_chunk(p, err));
	if (p->next_cut == p->now->cuts) {
		*end = true;
		return YG_OK;
	}
	b->start = p->next_cut ? p->now->cut[p->next_cut - 1] : p->now->start;
	b->text = chunk_text(p->now) + b->start.at;
	b->size = p->now->cut[p->next_cut++].at - b->start.at;
	b->chunk = p->now;
	b->number = (uint32_t)item;
	b->read = bytes_done(p->source.bytes);
	b->wanted = block_wanted(p, b->number);
	b->hint = &p->hint[item % LOAD_DEPTH];
	return YG_OK;
}

static enum yg_status make(void *context, size_t item, unsigned worker, struct yg_err *err)
{
	struct load_pass *p = context;
	struct load_block *b = &p->block[item % LOAD_DEPTH];
	enum yg_status status = b->wanted ? block_make(p, b, &p->worker[worker], err) : YG_OK;

	leave(b->chunk);
	return status;
}

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

static enum yg_status take(void *context, size_t item, struct yg_err *err)
{
	struct load_pass *p = context;
	struct load_block *b = &p->block[item % LOAD_DEPTH];

	if (b->wanted && !p->needs_again)
		YG_TRY(learn(p, b, err));
	if (b->wanted && !atomic_load(&p->any_bad))
		YG_TRY(write_block(p, b, err));
	give_hint(p, &p->hint[item % LOAD_DEPTH]);
	if (!yg_task_tick(p->task, b->read, bytes_size(p->source.bytes)))
		return YG_CANCELLED;
	block_release(b, p->wants);
	return YG_OK;
}

/* --- a pass --- */

static enum yg_status begin(struct load_pass *p, struct yg_err *err)
{
	p->worker = yg_xcalloc(p->workers, sizeof *p->worker);
	for (unsigned i = 0; i < p->workers; i++)
		YG_TRY(worker_init(&p->worker[i], p->group, err));
	p->chunk = yg_xcalloc(p->workers + 1u, sizeof *p->chunk);
	p->now = &p->chunk[0];
	YG_TRY(source_open(&p->source, p->l, p->now, err));
	atomic_store(&p->now->users, 1);
	YG_TRY(next_chunk(p, err));
	if (!p->needs_again && p->now->cuts)
		block_sample(p, chunk_text(p->now) + p->now->start.at, p->now->cut[0].at - p->now->start.at);
	for (size_t i = 0; i < LOAD_DEPTH; i++) {
		p->hint[i].looks = yg_xalloc(p->wants + 1, sizeof *p->hint[i].looks);
		p->hint[i].wide_text = yg_xalloc(p->wants + 1, sizeof *p->hint[i].wide_text);
		give_hint(p, &p->hint[i]);
	}
	return YG_OK;
}

static void end(struct load_pass *p)
{
	for (size_t i = 0; i < LOAD_DEPTH; i++) {
		block_release(&p->block[i], p->wants);
		yg_free(p->hint[i].looks);
		yg_free(p->hint[i].wide_text);
	}
	for (unsigned i = 0; p->chunk && i < p->workers + 1; i++)
		chunk_release(&p->chunk[i]);
	for (unsigned i = 0; i < p->workers; i++)
		worker_release(&p->worker[i]);
	source_close(&p->source);
	yg_free(p->chunk);
	yg_free(p->worker);
}

enum yg_status pass_run(struct load *l, const uint32_t *want, size_t wants, const uint8_t *needs_again,
                        struct yg_task *task, bool *any_bad, struct yg_err *err)
{
	static const struct yg_pipe pipe = { LOAD_DEPTH, feed, make, take };
	struct load_pass *p = yg_xcalloc(1, sizeof *p);
	enum yg_status status;

	p->l = l;
	p->task = task;
	p->want = want;
	p->wants = wants;
	p->needs_again = needs_again;
	p->workers = yg_task_workers(task);
	p->group = GROUP_MEMORY / COLUMN_MEMORY;
	p->group = wants < p->group ? wants : p->group;
	p->all_blocks = l->columns ? l->column[0].blocks : 0;
	atomic_init(&p->any_bad, false);
	status = begin(p, err);
	if (status == YG_OK)
		status = yg_pipe_run(task, &pipe, p, err);
	if (status == YG_OK) {
		l->source = bytes_digest(p->source.bytes);
		l->source_bytes = bytes_size(p->source.bytes);
	}
	*any_bad = atomic_load(&p->any_bad);
	end(p);
	yg_free(p);
	return status;
}
