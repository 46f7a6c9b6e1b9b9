/* The last part of a cohort file: level order, fingerprint, directories, manifest. */
#include <string.h>

#include "src/store/block_priv.h"
#include "src/store/stream_priv.h"
#include "src/store/writer_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/map.h"
#include "yogo/store/fingerprint.h"

static enum yg_status bug(struct yg_err *err, const char *what, const char *name)
{
	return yg_fail(err, YG_EBUG, "E-BUG-010", N_("cohort file not written: %s %s"), what, name);
}

/* Columns are mostly asked for in the manifest's order: the search begins behind the last one found. */
static const struct yg_field *find_field(const struct yg_manifest *m, const char *table, const char *name, size_t *hint)
{
	for (size_t t = 0; t < m->tables; t++) {
		const struct yg_manifest_table *d = &m->table[t];

		if (strcmp(d->name, table) != 0)
			continue;
		for (size_t k = 0; k < d->fields; k++) {
			size_t i = (*hint + k) % d->fields;

			if (!strcmp(d->field[i].name, name)) {
				*hint = i + 1;
				return &d->field[i];
			}
		}
	}
	return NULL;
}

/* Dictionary codes -> level positions: the manifest's order, else bytewise.  Declared levels that
   no row has join the dictionary at its end. */
static enum yg_status order_levels(struct writer_column *c, const struct yg_field *field, struct yg_err *err)
{
	uint32_t found = c->dict.count, *order;

	if (field->levels_declared) {
		for (size_t i = 0; i < field->levels; i++)
			yg_dict_intern(&c->dict, field->level[i], strlen(field->level[i]));
		if (c->dict.count != field->levels)
			return bug(err, "undeclared levels in", c->name);
	}
	c->position = yg_xcalloc((size_t)c->dict.count + 1, sizeof *c->position);
	if (field->levels_declared) {
		for (size_t i = 0; i < field->levels; i++)
			c->position[yg_dict_find(&c->dict, field->level[i], strlen(field->level[i]))] = (int32_t)i;
		return YG_OK;
	}
	order = yg_xalloc((size_t)found + 1, sizeof *order);
	yg_dict_sort(&c->dict, order);
	for (uint32_t i = 0; i < found; i++)
		c->position[order[i]] = (int32_t)i;
	yg_free(order);
	return YG_OK;
}

static void zone_levels(struct writer_column *c)
{
	for (uint32_t b = 0; b < c->blocks; b++) {
		struct cohort_entry *e = &c->entry[b];
		int32_t low = INT32_MAX, high = -1;

		for (uint32_t i = 0; i < c->map[b].n; i++) {
			int32_t p = c->position[c->map[b].code[i]];

			low = p < low ? p : low;
			high = p > high ? p : high;
		}
		e->zoned = high >= 0;
		e->minimum = e->zoned ? low : 0;
		e->maximum = e->zoned ? high : 0;
	}
}

static struct yg_digest node_of(struct yg_writer *w, struct writer_column *c, const struct yg_field *field)
{
	struct yg_digest *leaf = yg_xalloc((size_t)c->blocks + 1, sizeof *leaf), node;
	struct yg_field full = *field;
	uint64_t rows = 0;

	for (uint32_t b = 0; b < c->blocks; b++) {
		leaf[b] = c->entry[b].leaf;
		rows += c->entry[b].rows;
	}
	full.type = c->type;
	if (c->type == YG_TYPE_LEVEL) {
		full.levels = c->dict.count;
		full.level = yg_arena_alloc(&w->arena, (size_t)c->dict.count + 1, sizeof *full.level);
		for (uint32_t i = 0; i < c->dict.count; i++) {
			struct yg_str s = yg_dict_get(&c->dict, i);

			full.level[c->position[i]] = yg_arena_strndup(&w->arena, s.p, s.n);
		}
	}
	node = yg_fingerprint_column(&full, leaf, c->blocks, rows);
	yg_free(leaf);
	return node;
}

/* The person index of an event table says which rows are whose: it is part of the fingerprint,
   under a name that no column can have. */
static const struct yg_field start_field = { .name = "", .type = YG_TYPE_INTEGER, .role = YG_COLUMN_PERSON };

static enum yg_status describe_columns(struct yg_writer *w, const struct yg_manifest *m, struct yg_err *err)
{
	size_t hint = 0;

	for (size_t i = 0; i < w->columns; i++) {
		struct writer_column *c = &w->column[i];
		const struct yg_field *field = &start_field;

		if (c->kind == YG_KIND_VALUE) {
			field = find_field(m, w->table[c->table].name, c->name, &hint);
			if (!field || field->type != c->type)
				return bug(err, "the manifest does not describe", c->name);
		}
		for (uint32_t b = 0; b < c->blocks; b++) {
			if (!c->entry[b].id || c->entry[b].type != (uint8_t)c->type)
				return bug(err, "a block is absent in", c->name);
		}
		if (c->type == YG_TYPE_LEVEL) {
			YG_TRY(order_levels(c, field, err));
			zone_levels(c);
		}
		c->node = node_of(w, c, field);
	}
	return YG_OK;
}

static uint64_t rows_of(const struct yg_writer *w, size_t table)
{
	for (size_t i = 0; i < w->columns; i++) {
		const struct writer_column *c = &w->column[i];
		uint64_t rows = 0;

		if (c->table != table || c->kind == YG_KIND_START)
			continue;
		for (uint32_t b = 0; b < c->blocks; b++)
			rows += c->entry[b].rows;
		return rows;
	}
	return 0;
}

static enum yg_status finish_statement(struct yg_writer *w, sqlite3_stmt *s, struct yg_err *err)
{
	int code = sqlite3_step(s);

	sqlite3_finalize(s);
	return code == SQLITE_DONE ? YG_OK : cohort_sqlite_failed(w->db, code, true, w->path, err);
}

static enum yg_status prepare(struct yg_writer *w, const char *sql, sqlite3_stmt **out, struct yg_err *err)
{
	int code = sqlite3_prepare_v2(w->db, sql, -1, out, NULL);

	return code == SQLITE_OK ? YG_OK : cohort_sqlite_failed(w->db, code, true, w->path, err);
}

static enum yg_status put_about(struct yg_writer *w, const char *key, const void *value, size_t n, bool text,
                                struct yg_err *err)
{
	sqlite3_stmt *s;

	YG_TRY(prepare(w, "INSERT INTO about(key, value) VALUES(?1, ?2)", &s, err));
	sqlite3_bind_text(s, 1, key, -1, SQLITE_STATIC);
	if (text)
		sqlite3_bind_text64(s, 2, value, n, SQLITE_STATIC, SQLITE_UTF8);
	else
		sqlite3_bind_blob64(s, 2, value, n, SQLITE_STATIC);
	return finish_statement(w, s, err);
}

static enum yg_status put_table(struct yg_writer *w, size_t t, struct yg_digest *root, struct yg_err *err)
{
	struct yg_digest *node = yg_xalloc(w->columns + 1, sizeof *node);
	size_t nodes = 0;
	sqlite3_stmt *s;

	for (size_t i = 0; i < w->columns; i++) {
		if (w->column[i].table == t && w->column[i].kind != YG_KIND_SOURCE_ROW)
			node[nodes++] = w->column[i].node;
	}
	*root = yg_fingerprint_table(node, nodes);
	yg_free(node);
	YG_TRY(prepare(w, "INSERT INTO dataset_table(id, name, rows, grain, root) VALUES(?1, ?2, ?3, ?4, ?5)", &s, err));
	sqlite3_bind_int64(s, 1, (sqlite3_int64)t + 1);
	sqlite3_bind_text(s, 2, w->table[t].name, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 3, (sqlite3_int64)rows_of(w, t));
	sqlite3_bind_text(s, 4, w->table[t].grain == YG_GRAIN_EVENT ? "event" : "person", -1, SQLITE_STATIC);
	sqlite3_bind_blob(s, 5, root->byte, sizeof root->byte, SQLITE_STATIC);
	return finish_statement(w, s, err);
}

static enum yg_status put_dictionary(struct yg_writer *w, size_t column, struct yg_err *err)
{
	const struct yg_dict *d = &w->column[column].dict;
	struct yg_buf part = YG_BUF_INIT;
	enum yg_status status = YG_OK;

	for (uint32_t i = 0; i < d->count && status == YG_OK; i++) {
		struct yg_str s = yg_dict_get(d, i);

		yg_buf_add_le32(&part, (uint32_t)s.n);
		yg_buf_add(&part, s.p, s.n);
		if (i + 1 == d->count || part.len + 4 + d->start[i + 2] - d->start[i + 1] > COHORT_DICTIONARY_PART) {
			sqlite3_stmt *q = NULL;

			status = prepare(w, "INSERT INTO dictionary(dataset_column, bytes) VALUES(?1, ?2)", &q, err);
			if (status == YG_OK) {
				sqlite3_bind_int64(q, 1, (sqlite3_int64)column + 1);
				sqlite3_bind_blob64(q, 2, part.data, part.len, SQLITE_STATIC);
				status = finish_statement(w, q, err);
			}
			yg_buf_clear(&part);
		}
	}
	yg_buf_release(&part);
	return status;
}

static enum yg_status put_column(struct yg_writer *w, size_t column, struct yg_err *err)
{
	struct writer_column *c = &w->column[column];
	struct yg_buf directory = YG_BUF_INIT, order = YG_BUF_INIT, profile = YG_BUF_INIT;
	sqlite3_stmt *s = NULL;
	enum yg_status status;

	cohort_directory_write(&directory, c->entry, c->blocks);
	profile_write(&profile, &c->profile);
	for (uint32_t i = 0; c->type == YG_TYPE_LEVEL && i < c->dict.count; i++)
		yg_buf_add_le32(&order, (uint32_t)c->position[i]);
	status = prepare(w, "INSERT INTO dataset_column(id, dataset_table, kind, name, type, directory, level_order, node,"
	                 " profile) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)", &s, err);
	if (status == YG_OK) {
		sqlite3_bind_int64(s, 1, (sqlite3_int64)column + 1);
		sqlite3_bind_int64(s, 2, (sqlite3_int64)c->table + 1);
		sqlite3_bind_int(s, 3, (int)c->kind);
		sqlite3_bind_text(s, 4, c->name, -1, SQLITE_STATIC);
		sqlite3_bind_text(s, 5, yg_type_name(c->type), -1, SQLITE_STATIC);
		sqlite3_bind_blob64(s, 6, directory.data, directory.len, SQLITE_STATIC);
		sqlite3_bind_blob64(s, 7, order.data, order.len, SQLITE_STATIC);
		sqlite3_bind_blob(s, 8, c->node.byte, sizeof c->node.byte, SQLITE_STATIC);
		sqlite3_bind_text64(s, 9, profile.data, profile.len, SQLITE_STATIC, SQLITE_UTF8);
		status = finish_statement(w, s, err);
	}
	yg_buf_release(&directory);
	yg_buf_release(&order);
	yg_buf_release(&profile);
	return status == YG_OK && c->type == YG_TYPE_LEVEL ? put_dictionary(w, column, err) : status;
}

enum yg_status writer_describe(struct yg_writer *w, const struct yg_manifest *m, const char *import_record,
                               struct yg_digest *root, struct yg_err *err)
{
	struct yg_digest *table_root = yg_xcalloc(w->tables + 1, sizeof *table_root), digest;
	const char **name = yg_xcalloc(w->tables + 1, sizeof *name);
	struct yg_buf json = YG_BUF_INIT;
	enum yg_status status = describe_columns(w, m, err);

	for (size_t t = 0; t < w->tables && status == YG_OK; t++) {
		name[t] = w->table[t].name;
		status = put_table(w, t, &table_root[t], err);
	}
	for (size_t i = 0; i < w->columns && status == YG_OK; i++)
		status = put_column(w, i, err);
	if (status != YG_OK)
		goto out;
	*root = yg_fingerprint_set(name, table_root, w->tables);
	digest = yg_manifest_digest(m);
	if (m->text)
		yg_buf_add(&json, m->text, m->text_len);
	else
		yg_manifest_write(m, &json);
	status = put_about(w, "manifest", json.data, json.len, true, err);
	if (status == YG_OK)
		status = put_about(w, "import", import_record, strlen(import_record), true, err);
	if (status == YG_OK)
		status = put_about(w, "root", root->byte, sizeof root->byte, false, err);
	if (status == YG_OK)
		status = put_about(w, "manifest_sha256", digest.byte, sizeof digest.byte, false, err);
out:
	yg_free(table_root);
	yg_free(name);
	yg_buf_release(&json);
	return status;
}
