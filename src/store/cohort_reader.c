/*
 * Opening a cohort file.  The file is a stranger's until verified: read-only and immutable, SQLite
 * hardened, the schema compared as text, every number checked against the bytes that are there.
 */
#include <string.h>

#include "src/store/block_priv.h"
#include "src/store/dataset_priv.h"
#include "src/store/stream_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/text.h"

struct opening {
	struct yg_dataset *d;
	struct yg_err *err;
	uint64_t size;        /* of the file, without the trailer */
	sqlite3_stmt *dictionary; /* walks all dictionaries */
	int dictionary_code;
	size_t hint;          /* where the next column is expected in the manifest */
};

static enum yg_status damaged(struct opening *o, const char *what)
{
	struct yg_buf shown = YG_BUF_INIT;

	yg_escape_terminal(&shown, o->d->path, strlen(o->d->path));
	yg_fail(o->err, YG_EDAMAGED, "E-INT-012", N_("%s is damaged or is not a cohort file: %s"), shown.data, what);
	yg_err_hint(o->err, N_("take the file from your copy, or import the data again"));
	yg_buf_release(&shown);
	return YG_EDAMAGED;
}

static enum yg_status sql_failed(struct opening *o, int code)
{
	return cohort_sqlite_failed(o->d->db, code, false, o->d->path, o->err);
}

/* Before SQLite sees it: a regular file of whole pages with the trailer behind them. */
static enum yg_status check_frame(struct opening *o)
{
	uint8_t head[100], trailer[COHORT_TRAILER];
	enum yg_status status;
	uint64_t size;
	int fd;

	YG_TRY(yg_io_open_read(o->d->path, &fd, &size, o->err));
	if (size < COHORT_PAGE + COHORT_TRAILER || (size - COHORT_TRAILER) % COHORT_PAGE != 0) {
		yg_io_close(fd);
		return damaged(o, N_("its length is not one that a cohort file can have"));
	}
	o->size = size - COHORT_TRAILER;
	status = yg_io_pread(fd, head, sizeof head, 0, o->d->path, o->err);
	if (status == YG_OK)
		status = yg_io_pread(fd, trailer, sizeof trailer, o->size, o->d->path, o->err);
	yg_io_close(fd);
	if (status != YG_OK)
		return status;
	if (memcmp(head, "SQLite format 3", 16) != 0)
		return damaged(o, N_("it does not begin like one"));
	if (memcmp(trailer, COHORT_MAGIC, 16) != 0)
		return damaged(o, N_("its end is cut off or changed"));
	return YG_OK;
}

static char *uri_of(const char *path)
{
	struct yg_buf uri = YG_BUF_INIT;

	yg_buf_adds(&uri, "file:");
	for (const unsigned char *p = (const unsigned char *)path; *p; p++) {
		if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ||
		    strchr("/._-", *p))
			yg_buf_addc(&uri, (char)*p);
		else
			yg_buf_addf(&uri, "%%%02X", *p);
	}
	yg_buf_adds(&uri, "?mode=ro&immutable=1");
	return yg_buf_take(&uri);
}

/* After set-up only plain reading of our own tables is left. */
static int authorise(void *context, int action, const char *a, const char *b, const char *database, const char *trigger)
{
	(void)context;
	(void)a;
	(void)b;
	(void)database;
	(void)trigger;
	return action == SQLITE_SELECT || action == SQLITE_READ ? SQLITE_OK : SQLITE_DENY;
}

static enum yg_status open_database(struct opening *o)
{
	static const struct {
		int what, value;
	} limit[] = {
		{ SQLITE_LIMIT_LENGTH, 64 << 20 }, { SQLITE_LIMIT_SQL_LENGTH, 64 << 10 }, { SQLITE_LIMIT_EXPR_DEPTH, 50 },
		{ SQLITE_LIMIT_ATTACHED, 0 },      { SQLITE_LIMIT_COLUMN, 50 },           { SQLITE_LIMIT_TRIGGER_DEPTH, 0 },
	};
	struct yg_dataset *d = o->d;
	char *uri = uri_of(d->path);
	int code = sqlite3_open_v2(uri, &d->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);

	yg_free(uri);
	if (code != SQLITE_OK)
		return sql_failed(o, code);
	for (size_t i = 0; i < sizeof limit / sizeof *limit; i++)
		sqlite3_limit(d->db, limit[i].what, limit[i].value);
	sqlite3_db_config(d->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(d->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(d->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	sqlite3_db_config(d->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(d->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	code = sqlite3_exec(d->db, "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA query_only=1;", NULL, NULL, NULL);
	return code == SQLITE_OK ? YG_OK : sql_failed(o, code);
}

static enum yg_status prepare(struct opening *o, const char *sql, sqlite3_stmt **out)
{
	int code = sqlite3_prepare_v2(o->d->db, sql, -1, out, NULL);

	return code == SQLITE_OK ? YG_OK : sql_failed(o, code);
}

static enum yg_status pragma_number(struct opening *o, const char *sql, int64_t *out)
{
	sqlite3_stmt *s;
	int code;

	YG_TRY(prepare(o, sql, &s));
	code = sqlite3_step(s);
	*out = code == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
	sqlite3_finalize(s);
	return code == SQLITE_ROW ? YG_OK : sql_failed(o, code);
}

static enum yg_status check_schema(struct opening *o)
{
	int64_t application, version, pages;
	sqlite3_stmt *s;
	size_t n = 0;
	int code;

	YG_TRY(pragma_number(o, "PRAGMA application_id", &application));
	YG_TRY(pragma_number(o, "PRAGMA user_version", &version));
	YG_TRY(pragma_number(o, "PRAGMA page_count", &pages));
	if (application != COHORT_APPLICATION)
		return damaged(o, N_("another program wrote it"));
	if (version > COHORT_VERSION && version < 1000)
		return yg_fail(o->err, YG_EINPUT, "E-VER-001",
		               N_("the cohort file has format version %lld and was written by a newer version of Yogo"),
		               (long long)version);
	if (version != COHORT_VERSION || (uint64_t)pages * COHORT_PAGE != o->size)
		return damaged(o, N_("its head contradicts its length"));
	YG_TRY(prepare(o, "SELECT sql FROM sqlite_schema ORDER BY rowid", &s));
	while ((code = sqlite3_step(s)) == SQLITE_ROW) {
		const char *sql = (const char *)sqlite3_column_text(s, 0);

		if (!cohort_schema[n] || !sql || strcmp(sql, cohort_schema[n]) != 0)
			break;
		n++;
	}
	sqlite3_finalize(s);
	if (code != SQLITE_DONE && code != SQLITE_ROW)
		return sql_failed(o, code);
	if (code == SQLITE_ROW || cohort_schema[n])
		return damaged(o, N_("its tables are not those of a cohort file"));
	sqlite3_set_authorizer(o->d->db, authorise, NULL);
	return YG_OK;
}

static enum yg_status read_about(struct opening *o, const char *key, void *out, size_t size, char **text, size_t *n)
{
	sqlite3_stmt *s;
	enum yg_status status = YG_OK;
	int code;

	YG_TRY(prepare(o, "SELECT value FROM about WHERE key = ?1", &s));
	sqlite3_bind_text(s, 1, key, -1, SQLITE_STATIC);
	code = sqlite3_step(s);
	if (code == SQLITE_ROW) {
		const void *value = sqlite3_column_blob(s, 0);
		size_t len = (size_t)sqlite3_column_bytes(s, 0);

		if (text) {
			*n = value ? len : 0;
			*text = yg_xcalloc(*n + 1, 1); /* may hold a NUL where it should not */
			memcpy(*text, value ? value : "", *n);
		} else if (value && len == size) {
			memcpy(out, value, size);
		} else {
			status = damaged(o, N_("a digest is absent"));
		}
	} else {
		status = code == SQLITE_DONE ? damaged(o, N_("a part of its description is absent")) : sql_failed(o, code);
	}
	sqlite3_finalize(s);
	return status;
}

static enum yg_status read_manifest(struct opening *o)
{
	struct yg_dataset *d = o->d;
	struct yg_digest digest;
	char *json = NULL;
	size_t n = 0, record;
	enum yg_status status;

	YG_TRY(read_about(o, "root", d->root.byte, sizeof d->root.byte, NULL, NULL));
	YG_TRY(read_about(o, "manifest_sha256", d->manifest_digest.byte, sizeof d->manifest_digest.byte, NULL, NULL));
	YG_TRY(read_about(o, "import", NULL, 0, &d->import_record, &record));
	YG_TRY(read_about(o, "manifest", NULL, 0, &json, &n));
	status = yg_manifest_parse(json, n, &d->manifest, o->err);
	yg_free(json);
	if (status != YG_OK)
		return status == YG_ENOMEM ? status : damaged(o, N_("its manifest cannot be read"));
	digest = yg_manifest_digest(d->manifest);
	if (yg_digest_cmp(&digest, &d->manifest_digest) != 0)
		return damaged(o, N_("its manifest was changed"));
	return YG_OK;
}

static enum yg_status read_tables(struct opening *o)
{
	struct yg_dataset *d = o->d;
	sqlite3_stmt *s;
	enum yg_status status = YG_OK;
	size_t cap = 0;
	int code;

	YG_TRY(prepare(o, "SELECT id, name, rows, grain, root FROM dataset_table ORDER BY id", &s));
	while (status == YG_OK && (code = sqlite3_step(s)) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(s, 1), *grain = (const char *)sqlite3_column_text(s, 3);
		struct stored_table *t;

		if (d->tables == COHORT_TABLES_MAX || sqlite3_column_int64(s, 0) != (sqlite3_int64)d->tables + 1 ||
		    !name || !grain || sqlite3_column_int64(s, 2) < 0 || sqlite3_column_bytes(s, 4) != 32) {
			status = damaged(o, N_("its list of tables contradicts itself"));
			break;
		}
		YG_GROW(d->table, d->tables, cap);
		t = &d->table[d->tables++];
		memset(t, 0, sizeof *t);
		t->public_table.dataset = d;
		t->public_table.name = yg_arena_strdup(&d->arena, name);
		t->public_table.rows = (uint64_t)sqlite3_column_int64(s, 2);
		memcpy(t->public_table.root.byte, sqlite3_column_blob(s, 4), 32);
	}
	if (status == YG_OK && code != SQLITE_DONE)
		status = sql_failed(o, code);
	sqlite3_finalize(s);
	return status == YG_OK && !d->tables ? damaged(o, N_("it has no table")) : status;
}

/* Blocks must tile the rows: all full but the last. */
static enum yg_status check_tiling(struct opening *o, const struct stored_column *c, uint64_t rows)
{
	if (c->blocks != (rows + YG_BLOCK_ROWS - 1) / YG_BLOCK_ROWS)
		return damaged(o, N_("a column has another number of blocks than its table"));
	for (uint32_t b = 0; b < c->blocks; b++) {
		uint64_t left = rows - (uint64_t)b * YG_BLOCK_ROWS;
		const struct cohort_entry *e = &c->entry[b];

		if (e->rows != (left < YG_BLOCK_ROWS ? left : YG_BLOCK_ROWS) || e->missing > e->rows ||
		    e->stored < BLOCK_HEAD || e->stored > o->size || e->stored > BLOCK_STORED_MAX || e->id < 1)
			return damaged(o, N_("the list of a column's blocks contradicts itself"));
	}
	return YG_OK;
}

/* Strings of one part of a dictionary. */
static bool take_strings(const uint8_t *p, size_t left, struct yg_dict *out)
{
	while (left >= 4 && get32(p) <= left - 4) {
		uint32_t n = get32(p), before = out->count;

		if (!yg_utf8_valid((const char *)p + 4, n, NULL) || memchr(p + 4, 0, n) ||
		    yg_dict_intern(out, (const char *)p + 4, n) != before)
			return false;
		p += 4 + n;
		left -= 4 + n;
	}
	return left == 0;
}

/* The strings of a level column, in code order.  Parts are stored in the order of columns, so one
   statement walks through them while the columns are read. */
static enum yg_status read_dictionary(struct opening *o, sqlite3_int64 column, struct yg_dict *out)
{
	if (!o->dictionary) {
		YG_TRY(prepare(o, "SELECT dataset_column, bytes FROM dictionary ORDER BY id", &o->dictionary));
		o->dictionary_code = sqlite3_step(o->dictionary);
	}
	while (o->dictionary_code == SQLITE_ROW && sqlite3_column_int64(o->dictionary, 0) == column) {
		const uint8_t *p = sqlite3_column_blob(o->dictionary, 1);

		if (!take_strings(p, p ? (size_t)sqlite3_column_bytes(o->dictionary, 1) : 0, out))
			return damaged(o, N_("a dictionary of levels is damaged"));
		o->dictionary_code = sqlite3_step(o->dictionary);
	}
	return o->dictionary_code == SQLITE_ROW || o->dictionary_code == SQLITE_DONE ? YG_OK
	                                                                            : sql_failed(o, o->dictionary_code);
}

static enum yg_status read_levels(struct opening *o, sqlite3_stmt *s, struct stored_column *c, struct yg_field *field)
{
	struct yg_arena *arena = &o->d->arena;
	const uint8_t *order = sqlite3_column_blob(s, 6);
	size_t n = order ? (size_t)sqlite3_column_bytes(s, 6) : 0;
	struct yg_dict dict;
	enum yg_status status;

	yg_dict_init(&dict);
	status = read_dictionary(o, sqlite3_column_int64(s, 0), &dict);
	if (status == YG_OK && n != (size_t)dict.count * 4)
		status = damaged(o, N_("the order of a column's levels is damaged"));
	if (status == YG_OK) {
		c->positions = dict.count;
		c->position = yg_arena_alloc(arena, (size_t)dict.count + 1, sizeof *c->position);
		field->level = yg_arena_alloc(arena, (size_t)dict.count + 1, sizeof *field->level);
		field->levels = dict.count;
	}
	for (uint32_t i = 0; status == YG_OK && i < dict.count; i++) {
		uint32_t at = get32(order + (size_t)i * 4);
		struct yg_str text = yg_dict_get(&dict, i);

		if (at >= dict.count || field->level[at]) {
			status = damaged(o, N_("the order of a column's levels is damaged"));
		} else {
			c->position[i] = (int32_t)at;
			field->level[at] = yg_arena_strndup(arena, text.p, text.n);
		}
	}
	yg_dict_release(&dict);
	return status;
}

/* Columns stand in the manifest in stored order: the search begins behind the last one found. */
static const struct yg_field *manifest_field(const struct yg_manifest *m, const char *table, const char *name, size_t *hint)
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

static const char *encodings_of(struct yg_arena *arena, const struct stored_column *c)
{
	uint32_t count[YG_ENCODING_COUNT] = { 0 };
	struct yg_buf text = YG_BUF_INIT;
	const char *out;

	for (uint32_t b = 0; b < c->blocks; b++)
		count[c->entry[b].encoding < YG_ENCODING_COUNT ? c->entry[b].encoding : 0]++;
	for (int e = 1; e < YG_ENCODING_COUNT; e++) {
		if (count[e])
			yg_buf_addf(&text, "%s%s %u", text.len ? ", " : "", yg_encoding_name((enum yg_encoding)e), count[e]);
	}
	out = yg_arena_strdup(arena, text.data);
	yg_buf_release(&text);
	return out;
}

/* One row of dataset_column. */
static enum yg_status read_column(struct opening *o, sqlite3_stmt *s, struct stored_column *c, struct yg_field *field,
                                  struct yg_column_info *info, size_t *table)
{
	struct yg_dataset *d = o->d;
	const char *name = (const char *)sqlite3_column_text(s, 3), *type = (const char *)sqlite3_column_text(s, 4);
	sqlite3_int64 t = sqlite3_column_int64(s, 1), kind = sqlite3_column_int64(s, 2);
	const void *directory = sqlite3_column_blob(s, 5), *profile;

	if (t < 1 || t > (sqlite3_int64)d->tables || kind < YG_KIND_VALUE || kind > YG_KIND_SOURCE_ROW || !name ||
	    !type || !yg_type_parse(type, &c->type) || !directory || sqlite3_column_bytes(s, 7) != 32)
		return damaged(o, N_("its list of columns contradicts itself"));
	*table = (size_t)t - 1;
	c->kind = (enum yg_column_kind)kind;
	c->name = yg_arena_strdup(&d->arena, name);
	YG_TRY(cohort_directory_read(directory, (size_t)sqlite3_column_bytes(s, 5), &c->entry, &c->blocks, o->err));
	memcpy(c->node.byte, sqlite3_column_blob(s, 7), 32);
	if (c->kind != YG_KIND_VALUE)
		return c->type == YG_TYPE_INTEGER ? YG_OK : damaged(o, N_("its list of columns contradicts itself"));
	{
		const struct yg_field *declared = manifest_field(d->manifest, d->table[*table].public_table.name, name,
		                                                       &o->hint);

		if (!declared || declared->type != c->type)
			return damaged(o, N_("its manifest describes other columns"));
		*field = *declared;
	}
	if (c->type == YG_TYPE_LEVEL)
		YG_TRY(read_levels(o, s, c, field));
	memset(info, 0, sizeof *info);
	info->node = c->node;
	for (uint32_t b = 0; b < c->blocks; b++)
		info->bytes += c->entry[b].stored;
	info->encodings = encodings_of(&d->arena, c);
	profile = sqlite3_column_blob(s, 8);
	if (!profile || profile_read(&d->arena, profile, (size_t)sqlite3_column_bytes(s, 8), &info->profile, NULL) != YG_OK)
		return damaged(o, N_("the profile of a column is damaged"));
	return YG_OK;
}

static void join_table(struct stored_table *t, struct stored_column *c, const struct yg_field *field,
                       const struct yg_column_info *info)
{
	struct yg_table *p = &t->public_table;

	if (!(t->columns & (t->columns - 1))) /* room for the next power of two */
		t->column = yg_xrealloc(t->column, t->columns * 2 + 1, sizeof *t->column);
	t->column[t->columns++] = c;
	if (c->kind == YG_KIND_START)
		t->start = c;
	if (c->kind != YG_KIND_VALUE)
		return;
	if (!(p->fields & (p->fields - 1))) {
		size_t cap = (size_t)p->fields * 2 + 1;

		t->value = yg_xrealloc(t->value, cap, sizeof *t->value);
		p->field = yg_xrealloc((void *)(uintptr_t)p->field, cap, sizeof *p->field);
		p->info = yg_xrealloc((void *)(uintptr_t)p->info, cap, sizeof *p->info);
	}
	t->value[p->fields] = c;
	((struct yg_field *)(uintptr_t)p->field)[p->fields] = *field;
	((struct yg_column_info *)(uintptr_t)p->info)[p->fields++] = *info;
}

static enum yg_status read_columns(struct opening *o)
{
	struct yg_dataset *d = o->d;
	sqlite3_stmt *s;
	enum yg_status status = YG_OK;
	int64_t count;
	int code = SQLITE_DONE;

	YG_TRY(pragma_number(o, "SELECT id FROM dataset_column ORDER BY id DESC LIMIT 1", &count));
	if (count < 1 || count > COHORT_COLUMNS_MAX)
		return damaged(o, N_("its list of columns contradicts itself"));
	d->column = yg_xcalloc((size_t)count, sizeof *d->column);
	YG_TRY(prepare(o, "SELECT id, dataset_table, kind, name, type, directory, level_order, node, profile"
	                  " FROM dataset_column ORDER BY id", &s));
	while (status == YG_OK && d->columns < (size_t)count && (code = sqlite3_step(s)) == SQLITE_ROW) {
		struct stored_column *c = &d->column[d->columns];
		struct yg_column_info info;
		struct yg_field field;
		size_t table = 0;

		d->columns++;
		status = read_column(o, s, c, &field, &info, &table);
		if (status == YG_OK)
			join_table(&d->table[table], c, &field, &info);
	}
	if (status == YG_OK && code != SQLITE_ROW && code != SQLITE_DONE)
		status = sql_failed(o, code);
	sqlite3_finalize(s);
	return status;
}

/* Row numbers where each person's rows begin; ascending, from 0 to the number of rows. */
static enum yg_status load_start(struct opening *o, struct stored_table *t, uint64_t persons)
{
	struct yg_dataset *d = o->d;
	uint64_t *start, before = 0;
	struct yg_vec_space space;
	enum yg_status status = check_tiling(o, t->start, persons + 1);

	if (status != YG_OK)
		return status;
	start = yg_data_alloc(persons + 1, sizeof *start);
	if (!start)
		return yg_fail(o->err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while opening a cohort file"));
	t->public_table.start = start;
	yg_vec_space_init(&space);
	for (uint32_t b = 0; b < t->start->blocks && status == YG_OK; b++) {
		struct yg_vec vec;

		status = stored_read(d, t->start, b, &space, &vec, o->err);
		for (uint32_t i = 0; status == YG_OK && i < vec.n; i++) {
			uint64_t at = (uint64_t)vec.v.integer[i];

			if (at < before || at > t->public_table.rows || vec.valid || (!b && !i && at))
				status = damaged(o, N_("the person index of a table is damaged"));
			start[(uint64_t)b * YG_BLOCK_ROWS + i] = before = at;
		}
	}
	yg_vec_space_release(&space);
	if (status == YG_OK && before != t->public_table.rows)
		status = damaged(o, N_("the person index of a table is damaged"));
	return status;
}

static enum yg_status check_tables(struct opening *o)
{
	struct yg_dataset *d = o->d;
	const struct stored_table *subject = NULL;

	for (size_t i = 0; i < d->tables; i++) {
		struct stored_table *t = &d->table[i];

		if (!t->columns || t->public_table.rows > (uint64_t)UINT32_MAX * YG_BLOCK_ROWS)
			return damaged(o, N_("a table has no column"));
		t->public_table.blocks = (uint32_t)((t->public_table.rows + YG_BLOCK_ROWS - 1) / YG_BLOCK_ROWS);
		for (size_t c = 0; c < t->columns; c++) {
			if (t->column[c] != t->start)
				YG_TRY(check_tiling(o, t->column[c], t->public_table.rows));
		}
		if (!t->start) {
			if (subject)
				return damaged(o, N_("two tables claim to have a row a person"));
			subject = t;
			if (t->public_table.rows >= UINT32_MAX)
				return damaged(o, N_("it claims more persons than there can be"));
		}
	}
	for (size_t i = 0; i < d->tables; i++) {
		if (!d->table[i].start)
			continue;
		if (!subject)
			return damaged(o, N_("it has no table with a row a person"));
		YG_TRY(load_start(o, &d->table[i], subject->public_table.rows));
	}
	return YG_OK;
}

enum yg_status yg_dataset_open(const char *path, struct yg_dataset **out, struct yg_err *err)
{
	struct yg_dataset *d = yg_xcalloc(1, sizeof *d);
	struct opening o = { .d = d, .err = err };
	enum yg_status status;

	atomic_init(&d->references, 1);
	d->path = yg_xstrdup(path);
	yg_arena_init(&d->arena);
	d->lock = sqlite3_mutex_alloc(SQLITE_MUTEX_FAST);
	status = check_frame(&o);
	if (status == YG_OK)
		status = open_database(&o);
	if (status == YG_OK)
		status = check_schema(&o);
	if (status == YG_OK)
		status = read_manifest(&o);
	if (status == YG_OK)
		status = read_tables(&o);
	if (status == YG_OK)
		status = read_columns(&o);
	/* Milliseconds, and no level, name or type can be other than it was written. */
	if (status == YG_OK && !tree_agrees(d))
		status = damaged(&o, N_("its fingerprint does not follow from its parts"));
	if (status == YG_OK)
		status = check_tables(&o);
	sqlite3_finalize(o.dictionary);
	if (status == YG_OK)
		*out = d;
	else
		yg_dataset_unref(d);
	return status;
}

void yg_dataset_unref(struct yg_dataset *d)
{
	if (!d || atomic_fetch_sub(&d->references, 1) != 1)
		return;
	for (size_t i = 0; i < d->columns; i++) {
		cache_free(atomic_load(&d->column[i].cache));
		yg_free(d->column[i].entry);
	}
	for (size_t i = 0; i < d->tables; i++) {
		yg_free(d->table[i].column);
		yg_free(d->table[i].value);
		yg_free((void *)(uintptr_t)d->table[i].public_table.field);
		yg_free((void *)(uintptr_t)d->table[i].public_table.info);
		yg_data_free((void *)(uintptr_t)d->table[i].public_table.start);
	}
	yg_free(d->column);
	yg_free(d->table);
	if (d->blob)
		sqlite3_blob_close(d->blob);
	sqlite3_close(d->db);
	sqlite3_mutex_free(d->lock);
	yg_manifest_free(d->manifest);
	yg_free(d->import_record);
	yg_arena_release(&d->arena);
	yg_free(d->path);
	yg_free(d);
}
