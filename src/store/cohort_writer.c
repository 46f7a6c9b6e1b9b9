/* Writing a cohort file: blocks into a temporary database; then directory, trailer, rename. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/store/block_priv.h"
#include "src/store/cohort_priv.h"
#include "src/store/profile_priv.h"
#include "src/store/stream_priv.h"
#include "src/store/writer_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/mem.h"
#include "yogo/store/fingerprint.h"

static enum yg_status sql_failed(struct yg_writer *w, int code, struct yg_err *err)
{
	return cohort_sqlite_failed(w->db, code, true, w->path, err);
}

static enum yg_status run(struct yg_writer *w, const char *sql, struct yg_err *err)
{
	int code = sqlite3_exec(w->db, sql, NULL, NULL, NULL);

	return code == SQLITE_OK ? YG_OK : sql_failed(w, code, err);
}

static enum yg_status prepare(struct yg_writer *w, const char *sql, sqlite3_stmt **out, struct yg_err *err)
{
	int code = sqlite3_prepare_v2(w->db, sql, -1, out, NULL);

	return code == SQLITE_OK ? YG_OK : sql_failed(w, code, err);
}

static enum yg_status create(struct yg_writer *w, struct yg_err *err)
{
	/* The file is private until it is renamed, so the database needs neither journal nor sync. */
	static const char *const setup[] = {
		"PRAGMA page_size=4096", "PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF",
		"PRAGMA locking_mode=EXCLUSIVE", "PRAGMA cache_size=-2000", "PRAGMA temp_store=MEMORY",
		"PRAGMA application_id=1500473199", "PRAGMA user_version=1", "BEGIN", NULL,
	};
	int code = sqlite3_open_v2(w->temporary, &w->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

	_Static_assert(COHORT_APPLICATION == 1500473199 && COHORT_VERSION == 1, "as in the statements");
	if (code != SQLITE_OK)
		return sql_failed(w, code, err);
	for (size_t i = 0; setup[i]; i++)
		YG_TRY(run(w, setup[i], err));
	for (size_t i = 0; cohort_schema[i]; i++)
		YG_TRY(run(w, cohort_schema[i], err));
	YG_TRY(prepare(w, "INSERT INTO block(id, bytes) VALUES(?1, ?2)", &w->insert, err));
	return prepare(w, "DELETE FROM block WHERE id = ?1", &w->drop, err);
}

enum yg_status yg_writer_new(const char *path, struct yg_writer **out, struct yg_err *err)
{
	struct yg_writer *w = yg_xcalloc(1, sizeof *w);
	enum yg_status status;

	w->fd = -1;
	w->path = yg_xstrdup(path);
	w->next_id = 1;
	yg_arena_init(&w->arena);
	w->lock = sqlite3_mutex_alloc(SQLITE_MUTEX_FAST);
	status = yg_io_temporary(path, &w->temporary, &w->fd, err);
	if (status == YG_OK)
		status = create(w, err);
	if (status == YG_OK)
		*out = w;
	else
		yg_writer_free(w);
	return status;
}

static void close_database(struct yg_writer *w)
{
	sqlite3_finalize(w->insert);
	sqlite3_finalize(w->drop);
	w->insert = w->drop = NULL;
	if (w->blob)
		sqlite3_blob_close(w->blob);
	w->blob = NULL;
	sqlite3_close(w->db);
	w->db = NULL;
}

void yg_writer_free(struct yg_writer *w)
{
	if (!w)
		return;
	close_database(w);
	if (w->fd >= 0)
		yg_io_close(w->fd);
	if (w->temporary && !w->finished)
		yg_io_remove(w->temporary);
	for (size_t i = 0; i < w->columns; i++) {
		struct writer_column *c = &w->column[i];

		for (uint32_t b = 0; b < c->blocks; b++)
			yg_free(c->map ? c->map[b].code : NULL);
		yg_free(c->map);
		yg_free(c->entry);
		yg_free(c->level_count);
		yg_free(c->position);
		yg_dict_release(&c->dict);
		counts_release(&c->counts);
	}
	sqlite3_mutex_free(w->lock);
	yg_free(w->column);
	yg_free(w->table);
	yg_free(w->temporary);
	yg_free(w->path);
	yg_arena_release(&w->arena);
	yg_free(w);
}

size_t yg_writer_add_table(struct yg_writer *w, const char *name, enum yg_grain grain)
{
	YG_GROW(w->table, w->tables, w->table_cap);
	w->table[w->tables] = (struct writer_table){ .name = yg_arena_strdup(&w->arena, name), .grain = grain };
	return w->tables++;
}

size_t yg_writer_add_column(struct yg_writer *w, size_t table, const char *name, enum yg_type type,
                            enum yg_column_kind kind)
{
	struct writer_column *c;

	YG_GROW(w->column, w->columns, w->column_cap);
	c = &w->column[w->columns];
	memset(c, 0, sizeof *c);
	c->table = table;
	c->name = yg_arena_strdup(&w->arena, name ? name : "");
	c->type = type;
	c->kind = kind;
	yg_dict_init(&c->dict);
	return w->columns++;
}

static void forget_levels(struct writer_column *c)
{
	for (uint32_t b = 0; b < c->blocks; b++) {
		yg_free(c->map ? c->map[b].code : NULL);
		if (c->map)
			c->map[b] = (struct block_map){ NULL, 0 };
	}
	yg_dict_clear(&c->dict);
	memset(c->level_count, 0, c->level_counts * sizeof *c->level_count);
}

void yg_writer_retype(struct yg_writer *w, size_t column, enum yg_type type)
{
	struct writer_column *c = &w->column[column];

	if (type != YG_TYPE_LEVEL && c->level_count)
		forget_levels(c);
	if (type != c->type) {
		counts_release(&c->counts);
		c->counts.wide = true; /* keys of the old type are lost: the profile reads the values */
	}
	c->type = type;
}

/* The block's own codes -> the column's dictionary, which grows in order of first row. */
static void map_levels(struct writer_column *c, uint32_t block, struct yg_encoded *e)
{
	const uint8_t *p = (const uint8_t *)e->local.data;
	uint8_t *to = (uint8_t *)e->bytes.data + BLOCK_HEAD;
	struct block_map *map = &c->map[block];

	yg_free(map->code);
	map->code = yg_xalloc((size_t)e->locals + 1, sizeof *map->code);
	map->n = e->locals;
	for (uint32_t i = 0; i < e->locals; i++) {
		uint32_t n = get32(p), code = yg_dict_intern(&c->dict, (const char *)p + 4, n);

		p += 4 + n;
		map->code[i] = code;
		for (int k = 0; k < 4; k++)
			*to++ = (uint8_t)(code >> 8 * k);
	}
	if (c->level_counts < c->dict.count) {
		size_t n = (size_t)c->dict.count * 2;

		c->level_count = yg_xrealloc(c->level_count, n, sizeof *c->level_count);
		memset(c->level_count + c->level_counts, 0, (n - c->level_counts) * sizeof *c->level_count);
		c->level_counts = n;
	}
	for (uint32_t i = 0; i < e->tally.n; i++)
		c->level_count[map->code[e->tally.key[i]]] += e->tally.count[i];
}

static struct cohort_entry *entry_for(struct writer_column *c, uint32_t block)
{
	while (c->blocks <= block) {
		if (c->blocks == c->cap) {
			c->cap = c->cap ? 2 * c->cap : 8;
			c->entry = yg_xrealloc(c->entry, c->cap, sizeof *c->entry);
			c->map = yg_xrealloc(c->map, c->cap, sizeof *c->map);
		}
		memset(&c->entry[c->blocks], 0, sizeof *c->entry);
		c->map[c->blocks++] = (struct block_map){ NULL, 0 };
	}
	return &c->entry[block];
}

static enum yg_status insert_block(struct yg_writer *w, int64_t id, const struct yg_buf *bytes, struct yg_err *err)
{
	int code;

	sqlite3_bind_int64(w->insert, 1, id);
	sqlite3_bind_blob64(w->insert, 2, bytes->data, bytes->len, SQLITE_STATIC);
	code = sqlite3_step(w->insert);
	sqlite3_reset(w->insert);
	return code == SQLITE_DONE ? YG_OK : sql_failed(w, code, err);
}

enum yg_status yg_writer_put(struct yg_writer *w, size_t column, uint32_t block, struct yg_encoded *e,
                             struct yg_err *err)
{
	struct writer_column *c = &w->column[column];
	struct cohort_entry *entry = entry_for(c, block);

	if (!c->type)
		c->type = e->type;
	if (entry->id) { /* replaced: the old bytes are no longer wanted */
		int code;

		sqlite3_bind_int64(w->drop, 1, entry->id);
		code = sqlite3_step(w->drop);
		sqlite3_reset(w->drop);
		if (code != SQLITE_DONE)
			return sql_failed(w, code, err);
	}
	if (e->type == YG_TYPE_LEVEL)
		map_levels(c, block, e);
	*entry = (struct cohort_entry){
		.id = w->next_id++, .rows = e->rows, .missing = e->missing, .stored = (uint32_t)e->bytes.len,
		.type = (uint8_t)e->type, .encoding = (uint8_t)e->encoding, .zoned = e->zoned,
		.minimum = e->minimum, .maximum = e->maximum, .leaf = e->leaf, .replaced = entry->id != 0,
	};
	entry->checksum = store_checksum(e->bytes.data, e->bytes.len);
	YG_TRY(insert_block(w, entry->id, &e->bytes, err));
	if (e->type != YG_TYPE_LEVEL) {
		if (e->type != c->type || entry->replaced) {
			counts_release(&c->counts);
			c->counts.wide = true;
		}
		counts_add(&c->counts, &e->tally);
	}
	yg_encoded_release(e);
	return YG_OK;
}

const struct yg_dict *yg_writer_dictionary(const struct yg_writer *w, size_t column)
{
	return &w->column[column].dict;
}

bool yg_writer_zone(const struct yg_writer *w, size_t column, double *minimum, double *maximum)
{
	const struct writer_column *c = &w->column[column];
	bool any = false;

	for (uint32_t b = 0; b < c->blocks; b++) {
		const struct cohort_entry *e = &c->entry[b];

		if (!e->zoned && e->missing < e->rows)
			return false;
		if (!e->zoned)
			continue;
		*minimum = any && *minimum < e->minimum ? *minimum : e->minimum;
		*maximum = any && *maximum > e->maximum ? *maximum : e->maximum;
		any = true;
	}
	return any;
}

/* The bytes of a stored block, copied out; one caller at a time (the connection's lock). */
static enum yg_status fetch(struct yg_writer *w, const struct cohort_entry *entry, struct yg_vec_space *space,
                            struct yg_err *err)
{
	size_t want = (size_t)entry->stored + (1u << 20);
	int code;

	if (space->packed_size < want) {
		yg_data_free(space->packed);
		space->packed = yg_data_alloc(want, 1);
		space->packed_size = space->packed ? want : 0;
		if (!space->packed)
			return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while profiling a column"));
	}
	sqlite3_mutex_enter(w->lock);
	code = w->blob ? sqlite3_blob_reopen(w->blob, entry->id)
	               : sqlite3_blob_open(w->db, "main", "block", "bytes", entry->id, 0, &w->blob);
	if (code == SQLITE_OK)
		code = sqlite3_blob_read(w->blob, space->packed, (int)entry->stored, 0);
	sqlite3_mutex_leave(w->lock);
	return code == SQLITE_OK ? YG_OK : sql_failed(w, code, err);
}

enum yg_status yg_writer_read(struct yg_writer *w, size_t column, uint32_t block, struct yg_vec_space *space,
                              struct yg_vec *out, struct yg_err *err)
{
	const struct writer_column *c = &w->column[column];
	const struct cohort_entry *e = &c->entry[block];
	int32_t *same = NULL;
	enum yg_status status;

	YG_TRY(fetch(w, e, space, err));
	if (e->type == YG_TYPE_LEVEL) {
		same = yg_xalloc((size_t)c->dict.count + 1, sizeof *same);
		for (uint32_t i = 0; i < c->dict.count; i++)
			same[i] = (int32_t)i;
	}
	status = yg_block_decode(space->packed, e->stored, (enum yg_type)e->type, e->rows, same, c->dict.count, space, out,
	                         err);
	yg_free(same);
	return status;
}

uint32_t yg_writer_blocks(const struct yg_writer *w, size_t column)
{
	return w->column[column].blocks;
}

static enum yg_status profile_column(void *context, size_t number, unsigned worker, struct yg_err *err)
{
	struct yg_writer *w = context;
	struct writer_column *c = &w->column[w->wide[number]];
	struct wide_profile wide;
	struct yg_vec_space space;
	double minimum = 0, maximum = 0;
	bool zoned = yg_writer_zone(w, w->wide[number], &minimum, &maximum);
	enum yg_status status = YG_OK;

	(void)worker;
	yg_vec_space_init(&space);
	if (!wide_begin(&wide, &c->profile, zoned, minimum, maximum))
		status = yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while profiling a column"));
	for (uint32_t b = 0; status == YG_OK && b < c->blocks; b++) {
		struct yg_vec vec;

		status = yg_writer_read(w, w->wide[number], b, &space, &vec, err);
		if (status == YG_OK)
			wide_add(&wide, &vec);
		if (status == YG_OK && yg_task_cancelled(w->task))
			status = YG_CANCELLED;
	}
	wide_end(&wide);
	yg_vec_space_release(&space);
	return status;
}

enum yg_status writer_profile(struct yg_writer *w, struct yg_task *task, struct yg_err *err)
{
	size_t wide = 0;
	enum yg_status status;

	w->wide = yg_xalloc(w->columns + 1, sizeof *w->wide);
	w->task = task;
	for (size_t i = 0; i < w->columns; i++) {
		struct writer_column *c = &w->column[i];

		for (uint32_t b = 0; b < c->blocks; b++) {
			c->profile.n += c->entry[b].rows - c->entry[b].missing;
			c->profile.missing += c->entry[b].missing;
		}
		if (c->kind != YG_KIND_VALUE)
			continue;
		if (c->type == YG_TYPE_LEVEL)
			profile_from_levels(&c->dict, c->level_count, &c->profile, &w->arena);
		else if (c->counts.wide)
			w->wide[wide++] = i;
		else
			profile_from_counts(&c->counts, c->type, &c->profile, &w->arena);
	}
	status = yg_pool_run(task, wide, profile_column, w, err);
	if (w->blob)
		sqlite3_blob_close(w->blob);
	w->blob = NULL;
	yg_free(w->wide);
	w->wide = NULL;
	return status;
}

static enum yg_status add_trailer(struct yg_writer *w, struct yg_err *err)
{
	struct yg_digest digest;
	uint8_t trailer[COHORT_TRAILER];
	off_t length = lseek(w->fd, 0, SEEK_END);

	if (length <= 0)
		return yg_fail(err, YG_EIO, "E-IO-021", N_("%s: writing failed (%s)"), w->path, "lseek");
	YG_TRY(yg_io_digest(w->temporary, (uint64_t)length, &digest, err));
	memcpy(trailer, COHORT_MAGIC, 16);
	memcpy(trailer + 16, digest.byte, 32);
	return yg_io_write_all(w->fd, trailer, sizeof trailer, w->path, err);
}

void yg_writer_set_check(struct yg_writer *w, yg_writer_check *check, void *context)
{
	w->check = check;
	w->check_context = context;
}

enum yg_status yg_writer_finish(struct yg_writer *w, const struct yg_manifest *manifest, const char *import_record,
                                struct yg_task *task, struct yg_digest *root, struct yg_err *err)
{
	struct yg_digest data_root;
	int code;

	yg_io_write_soon(w->fd); /* while columns are profiled and the file is digested */
	YG_TRY(writer_profile(w, task, err));
	YG_TRY(writer_describe(w, manifest, import_record, &data_root, err));
	YG_TRY(run(w, "COMMIT", err));
	sqlite3_finalize(w->insert);
	sqlite3_finalize(w->drop);
	w->insert = w->drop = NULL;
	code = sqlite3_close(w->db);
	if (code != SQLITE_OK)
		return sql_failed(w, code, err);
	w->db = NULL;
	if (yg_task_cancelled(task))
		return YG_CANCELLED;
	YG_TRY(add_trailer(w, err));
	if (w->check)
		YG_TRY(w->check(w->check_context, w->temporary, task, err));
	YG_TRY(yg_io_commit(w->temporary, w->path, err));
	w->finished = true;
	if (root)
		*root = data_root;
	return YG_OK;
}
