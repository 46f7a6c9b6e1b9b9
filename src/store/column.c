/* Values of columns: decoded block by block, gathered by person, or kept decoded. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "src/store/dataset_priv.h"
#include "src/store/space_priv.h"
#include "src/store/stream_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/pool.h"
#include "yogo/store/bitmap.h"

static enum yg_status damaged(const struct yg_dataset *d, const struct stored_column *c, uint32_t b, const char *why,
                              struct yg_err *err)
{
	struct yg_buf name = YG_BUF_INIT, path = YG_BUF_INIT;

	yg_escape_terminal(&name, c->name, strlen(c->name));
	yg_escape_terminal(&path, d->path, strlen(d->path));
	for (size_t t = 0; t < d->tables; t++) {
		for (size_t i = 0; i < d->table[t].columns; i++) {
			if (d->table[t].column[i] != c)
				continue;
			yg_fail(err, YG_EDAMAGED, "E-INT-011", N_("%s: table %s, column %s, block %u is damaged: %s"), path.data,
			        d->table[t].public_table.name, name.len ? name.data : "(person index)", b, why);
			yg_err_hint(err, N_("take the file from your copy, or import the data again"));
		}
	}
	yg_buf_release(&name);
	yg_buf_release(&path);
	return YG_EDAMAGED;
}

/* The stored bytes; the only place where the connection is used after opening. */
static int fetch(struct yg_dataset *d, const struct cohort_entry *e, void *to)
{
	int code;

	sqlite3_mutex_enter(d->lock);
	code = d->blob ? sqlite3_blob_reopen(d->blob, e->id)
	               : sqlite3_blob_open(d->db, "main", "block", "bytes", e->id, 0, &d->blob);
	if (code == SQLITE_OK && sqlite3_blob_bytes(d->blob) != (int)e->stored)
		code = SQLITE_CORRUPT;
	if (code == SQLITE_OK)
		code = sqlite3_blob_read(d->blob, to, (int)e->stored, 0);
	if (code != SQLITE_OK && d->blob) { /* a failed handle stays failed */
		sqlite3_blob_close(d->blob);
		d->blob = NULL;
	}
	sqlite3_mutex_leave(d->lock);
	return code;
}

enum yg_status stored_read(const struct yg_dataset *d, const struct stored_column *c, uint32_t b,
                           struct yg_vec_space *space, struct yg_vec *out, struct yg_err *err)
{
	const struct cohort_entry *e = &c->entry[b];
	struct yg_err inner;
	enum yg_status status;
	size_t want = ((size_t)e->stored + 63) / 64 * 64 + (e->stored > 4096 ? (size_t)e->rows * 8 + 4096 : 4096);
	int code;

	/* Room behind the stored bytes, so that unpacking them seldom has to move them. */
	if (!space_want(&space->packed, &space->packed_size, want))
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while reading a block of a column"));
	code = fetch((struct yg_dataset *)(uintptr_t)d, e, space->packed);
	if (code != SQLITE_OK) {
		if ((code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_NOMEM)
			return cohort_sqlite_failed(d->db, code, false, d->path, err);
		return damaged(d, c, b, "the database around it is damaged", err);
	}
	if (store_checksum(space->packed, e->stored) != e->checksum)
		return damaged(d, c, b, "its checksum differs", err);
	yg_err_clear(&inner);
	status = yg_block_decode(space->packed, e->stored, c->type, e->rows, c->position, c->positions, space, out, &inner);
	if (status == YG_EDAMAGED)
		return damaged(d, c, b, inner.text, err);
	if (status != YG_OK && err)
		*err = inner;
	return status;
}

static enum yg_status read_own(const struct yg_table *owner, uint32_t column, uint32_t block,
                               struct yg_vec_space *space, struct yg_vec *out, struct yg_err *err)
{
	struct stored_column *c = table_of(owner)->value[column];
	const struct column_cache *cache = atomic_load_explicit(&c->cache, memory_order_acquire);

	if (cache) {
		*out = cache->vec[block];
		return YG_OK;
	}
	return stored_read(owner->dataset, c, block, space, out, err);
}

static size_t value_size(enum yg_type type)
{
	switch (type) {
	case YG_TYPE_FLAG:
		return 1;
	case YG_TYPE_DATE:
	case YG_TYPE_LEVEL:
		return 4;
	default:
		return 8;
	}
}

/* What a gather fills, row by row, from the blocks of the subject's column. */
struct gather {
	struct yg_vec_space *space;
	struct yg_vec out;
	uint64_t *valid;
	uint8_t *reason, *precision;
	uint32_t *start;
	struct yg_buf text;
	bool any_missing, any_reason, any_precision;
};

static bool gather_room(struct gather *g, uint32_t n)
{
	struct yg_vec_space *s = g->space;
	size_t size = g->out.type == YG_TYPE_TEXT ? 4 : value_size(g->out.type);

	if (!space_want(&s->value, &s->value_size, ((size_t)n + 1) * size) ||
	    !space_want(&s->valid, &s->valid_size, yg_bits_words(n) * 8) ||
	    !space_want(&s->reason, &s->reason_size, n) || !space_want(&s->precision, &s->precision_size, n))
		return false;
	g->valid = s->valid;
	g->reason = s->reason;
	g->precision = s->precision;
	g->start = g->out.type == YG_TYPE_TEXT ? s->value : NULL;
	memset(g->valid, 0, yg_bits_words(n) * 8);
	return true;
}

static void gather_row(struct gather *g, uint32_t row, const struct yg_vec *from, uint32_t i)
{
	uint8_t *to = g->space->value;
	bool valid = yg_vec_valid(from, i);

	if (valid)
		yg_bits_set(g->valid, row);
	else
		g->any_missing = true;
	g->reason[row] = !valid && from->reason ? from->reason[i] : 0;
	g->any_reason |= g->reason[row] != 0;
	g->precision[row] = from->precision ? from->precision[i] : 0;
	g->any_precision |= g->precision[row] != 0;
	switch (from->type) {
	case YG_TYPE_FLAG:
		to[row] = from->v.flag[i];
		break;
	case YG_TYPE_DATE:
	case YG_TYPE_LEVEL:
		memcpy(to + (size_t)row * 4, from->v.date + i, 4);
		break;
	case YG_TYPE_TEXT:
		g->start[row] = (uint32_t)g->text.len;
		if (valid)
			yg_buf_add(&g->text, from->v.text.bytes + from->v.text.start[i],
			           from->v.text.start[i + 1] - from->v.text.start[i]);
		break;
	default:
		memcpy(to + (size_t)row * 8, from->v.integer + i, 8);
	}
}

static enum yg_status gather_end(struct gather *g, struct yg_vec *out, struct yg_err *err)
{
	struct yg_vec_space *s = g->space;

	if (g->start) {
		if (g->text.len > UINT32_MAX || !space_want(&s->text, &s->text_size, g->text.len + 1))
			return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while reading a block of a column"));
		g->start[g->out.n] = (uint32_t)g->text.len;
		memcpy(s->text, g->text.data, g->text.len);
		g->out.v.text.start = g->start;
		g->out.v.text.bytes = s->text;
	} else {
		g->out.v.integer = s->value;
	}
	g->out.valid = g->any_missing ? g->valid : NULL;
	g->out.reason = g->any_reason ? g->reason : NULL;
	g->out.precision = g->any_precision ? g->precision : NULL;
	*out = g->out;
	return YG_OK;
}

/* A subject column as seen from an event table: rows are sorted by person, so its blocks are met in order. */
static enum yg_status read_by_person(const struct yg_column_ref *c, uint32_t block, struct yg_vec_space *space,
                                     struct yg_vec *out, struct yg_err *err)
{
	struct gather g = { .space = space, .text = YG_BUF_INIT };
	uint32_t n = yg_table_block_rows(c->table, block), *person = yg_data_alloc(YG_BLOCK_ROWS, sizeof *person);
	uint32_t have = UINT32_MAX;
	struct yg_vec_space inner;
	struct yg_vec vec = { .n = 0 };
	enum yg_status status = YG_OK;

	yg_vec_space_init(&inner);
	g.out.type = c->owner->field[c->column].type;
	g.out.n = n;
	if (!person || !gather_room(&g, n))
		status = yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while reading a block of a column"));
	else
		yg_table_block_persons(c->table, block, person);
	for (uint32_t i = 0; status == YG_OK && i < n; i++) {
		uint32_t b = person[i] / YG_BLOCK_ROWS;

		if (b != have) {
			status = read_own(c->owner, c->column, b, &inner, &vec, err);
			have = b;
		}
		if (status == YG_OK)
			gather_row(&g, i, &vec, person[i] % YG_BLOCK_ROWS);
	}
	if (status == YG_OK)
		status = gather_end(&g, out, err);
	yg_buf_release(&g.text);
	yg_vec_space_release(&inner);
	yg_data_free(person);
	return status;
}

enum yg_status yg_column_read(const struct yg_column_ref *c, uint32_t block, struct yg_vec_space *space,
                              struct yg_vec *out, struct yg_err *err)
{
	if (block >= c->table->blocks)
		return yg_fail(err, YG_EINVAL, "E-BUG-011", N_("table %s has no block %u"), c->table->name, block);
	if (c->owner != c->table && c->table->start)
		return read_by_person(c, block, space, out, err);
	return read_own(c->owner, c->column, block, space, out, err);
}

void cache_free(struct column_cache *cache)
{
	if (!cache)
		return;
	for (uint32_t b = 0; b < cache->blocks; b++) {
		yg_data_free(cache->block[b].valid);
		yg_data_free(cache->block[b].reason);
		yg_data_free(cache->block[b].precision);
		yg_data_free(cache->block[b].start);
		yg_data_free(cache->block[b].text);
	}
	yg_free(cache->block);
	yg_free(cache->vec);
	yg_data_free(cache->value);
	yg_free(cache);
}

/* Half of the machine's memory at most goes to decoded columns; less once memory ran out. */
static uint64_t cache_limit(const struct yg_dataset *d)
{
	uint64_t most = atomic_load(&((struct yg_dataset *)(uintptr_t)d)->cache_most);
	if (most)
		return most;
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size / 2 : UINT64_C(1) << 30;
}

uint64_t yg_dataset_bound_cache(struct yg_dataset *d, uint64_t most)
{
	for (size_t i = 0; i < d->columns; i++)
		cache_free(atomic_exchange(&d->column[i].cache, NULL));
	atomic_store(&d->cache_most, most == UINT64_MAX ? 0 : most ? most : 1);
	return atomic_exchange(&d->cached, 0);
}

struct loading {
	struct load_column {
		struct stored_column *c;
		struct column_cache *cache;
	} *column;
	size_t columns;
	struct load_block {
		uint32_t column, block;
	} *block;
	const struct yg_dataset *d;
	struct yg_task *task;
	struct yg_vec_space *space;    /* one a worker */
};

static void *keep(const void *from, size_t n, void **to)
{
	*to = from ? yg_data_alloc(n ? n : 1, 1) : NULL;
	if (*to)
		memcpy(*to, from, n);
	return *to;
}

/* What a decoded block has beside its values, from the worker's scratch into memory of its own. */
static bool keep_block(struct yg_vec *vec, struct cached_block *own)
{
	size_t words = yg_bits_words(vec->n) * sizeof *vec->valid;
	struct yg_vec v = *vec;

	v.valid = keep(vec->valid, words, &own->valid);
	v.reason = keep(vec->reason, vec->n, &own->reason);
	v.precision = keep(vec->precision, vec->n, &own->precision);
	if (v.type == YG_TYPE_TEXT) {
		v.v.text.start = keep(vec->v.text.start, ((size_t)vec->n + 1) * sizeof(uint32_t), &own->start);
		v.v.text.bytes = keep(vec->v.text.bytes, vec->v.text.start[vec->n], &own->text);
		if (!v.v.text.start || !v.v.text.bytes)
			return false;
	}
	if (!v.valid != !vec->valid || !v.reason != !vec->reason || !v.precision != !vec->precision)
		return false;
	*vec = v;
	return true;
}

static enum yg_status load_block(void *context, size_t number, unsigned worker, struct yg_err *err)
{
	struct loading *l = context;
	struct load_column *c = &l->column[l->block[number].column];
	uint32_t b = l->block[number].block;
	struct yg_vec_space *space = &l->space[worker];
	struct yg_vec *vec = &c->cache->vec[b];
	void *scratch = space->value, *slice = NULL;
	size_t scratch_size = space->value_size, size = value_size(c->c->type) * YG_BLOCK_ROWS;
	enum yg_status status;

	if (yg_task_cancelled(l->task))
		return YG_CANCELLED;
	if (c->cache->value) { /* decode straight into place */
		slice = (char *)c->cache->value + b * size;
		space->value = slice;
		space->value_size = c->cache->value_size - b * size;
	}
	status = stored_read(l->d, c->c, b, space, vec, err);
	if (slice) {
		space->value = scratch;
		space->value_size = scratch_size;
	}
	if (status == YG_OK && !keep_block(vec, &c->cache->block[b]))
		status = yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while reading a block of a column"));
	return status;
}

static uint64_t cache_estimate(const struct yg_table *t, const struct stored_column *c)
{
	uint64_t stored = 0;

	for (uint32_t b = 0; b < c->blocks; b++)
		stored += c->entry[b].stored;
	return t->rows * (value_size(c->type) + 1) + (c->type == YG_TYPE_TEXT ? 8 * stored : 0);
}

static bool want_column(struct loading *l, const struct yg_column_ref *ref, uint64_t *planned)
{
	struct stored_column *c = table_of(ref->owner)->value[ref->column];
	uint64_t bytes = cache_estimate(ref->owner, c);
	struct column_cache *cache;

	if (atomic_load(&c->cache) || !c->blocks || atomic_load(&l->d->cached) + *planned + bytes > cache_limit(l->d))
		return false;
	for (size_t i = 0; i < l->columns; i++) {
		if (l->column[i].c == c)
			return false;
	}
	*planned += bytes;
	cache = yg_xcalloc(1, sizeof *cache);
	cache->vec = yg_xcalloc(c->blocks, sizeof *cache->vec);
	cache->block = yg_xcalloc(c->blocks, sizeof *cache->block);
	cache->blocks = c->blocks;
	cache->bytes = bytes;
	if (c->type != YG_TYPE_TEXT) {
		/* Blocks decode in groups of 512 values: the last is rounded up. */
		size_t size = value_size(c->type) * (size_t)((ref->owner->rows + 511) / 512 * 512);
		uintptr_t from;

		cache->value_size = size;
		cache->value = yg_data_alloc(size, 1);
		if (!cache->value) {
			cache_free(cache);
			return false;
		}
		/* Large pages: else taking gigabytes of new memory costs more than decoding into it. */
		from = ((uintptr_t)cache->value + 4095) & ~(uintptr_t)4095;
		if (size > 8u << 20)
			(void)madvise((void *)from, size - 8192, MADV_HUGEPAGE);
	}
	l->column[l->columns++] = (struct load_column){ c, cache };
	return true;
}

enum yg_status yg_column_load(const struct yg_column_ref *ref, size_t n, struct yg_task *task, struct yg_err *err)
{
	struct loading l = { .task = task };
	size_t blocks = 0, total = 0;
	uint64_t planned = 0;
	unsigned workers = yg_task_workers(task);
	enum yg_status status;

	if (!n)
		return YG_OK;
	l.d = ref[0].owner->dataset;
	l.column = yg_xcalloc(n, sizeof *l.column);
	for (size_t i = 0; i < n; i++) {
		if (want_column(&l, &ref[i], &planned))
			total += l.column[l.columns - 1].cache->blocks;
	}
	l.block = yg_xalloc(total + 1, sizeof *l.block);
	for (size_t i = 0; i < l.columns; i++) {
		for (uint32_t b = 0; b < l.column[i].cache->blocks; b++)
			l.block[blocks++] = (struct load_block){ (uint32_t)i, b };
	}
	l.space = yg_xcalloc(workers, sizeof *l.space);
	status = yg_pool_run(task, blocks, load_block, &l, err);
	for (unsigned i = 0; i < workers; i++)
		yg_vec_space_release(&l.space[i]);
	yg_free(l.space);
	for (size_t i = 0; i < l.columns; i++) {
		struct column_cache *expected = NULL;

		if (status == YG_OK && atomic_compare_exchange_strong_explicit(&l.column[i].c->cache, &expected,
		                                                              l.column[i].cache, memory_order_release,
		                                                              memory_order_relaxed))
			atomic_fetch_add(&((struct yg_dataset *)(uintptr_t)l.d)->cached, l.column[i].cache->bytes);
		else
			cache_free(l.column[i].cache);
	}
	yg_free(l.column);
	yg_free(l.block);
	/* Keeping columns decoded is a convenience: without memory for it they are read block by block. */
	if (status == YG_ENOMEM) {
		if (err)
			yg_err_clear(err);
		return YG_OK;
	}
	return status;
}
