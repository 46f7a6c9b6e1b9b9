/*
 * The study file: made, opened by one process at a time, closed as a single file, or read without
 * a byte being written.
 *
 * POSIX locks belong to the process and vanish when any descriptor of the file is closed, so a
 * study that this process has open is never opened a second time: a list of the open ones is kept.
 */
#include "journal/journal_priv.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "yogo/base/date.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/text.h"

/* Where SQLite's locks are: from PENDING_BYTE on (https://sqlite.org/fileformat2.html, 1.3). */
#define SQLITE_LOCKS UINT64_C(0x40000000)
#define SQLITE_LOCKS_LENGTH 512

/* ---- schema: name and text, in the order of names ---- */

struct piece {
	const char *type, *name, *table, *sql;
};
#define APPEND_ONLY(table, act)                                                                                      \
	{ "trigger", table "_no_" act, table,                                                                        \
	  "CREATE TRIGGER " table "_no_" act " BEFORE " act " ON " table                                             \
	  " BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to'); END" }
static const struct piece schema[] = {
	{ "table", "checkpoint", "checkpoint", "CREATE TABLE checkpoint(size INTEGER PRIMARY KEY, note TEXT NOT NULL)" },
	APPEND_ONLY("checkpoint", "DELETE"),
	APPEND_ONLY("checkpoint", "UPDATE"),
	{ "table", "entry", "entry",
	  "CREATE TABLE entry(seq INTEGER PRIMARY KEY, body BLOB NOT NULL, hash BLOB NOT NULL)" },
	{ "trigger", "entry_next", "entry",
	  "CREATE TRIGGER entry_next BEFORE INSERT ON entry WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM "
	  "entry) BEGIN SELECT RAISE(ABORT, 'entries are numbered without gaps'); END" },
	APPEND_ONLY("entry", "DELETE"),
	APPEND_ONLY("entry", "UPDATE"),
	{ "table", "meta", "meta", "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL)" },
	{ "table", "object", "object", "CREATE TABLE object(digest BLOB PRIMARY KEY, bytes BLOB NOT NULL)" },
	APPEND_ONLY("object", "DELETE"),
	APPEND_ONLY("object", "UPDATE"),
	{ "index", "sqlite_autoindex_meta_1", "meta", NULL },
	{ "index", "sqlite_autoindex_object_1", "object", NULL },
};
#define PIECES (sizeof schema / sizeof *schema)

static bool same(sqlite3_stmt *stmt, int column, const char *expected)
{
	const char *text = (const char *)sqlite3_column_text(stmt, column);
	if (!text || !expected)
		return text == expected;
	return strcmp(text, expected) == 0;
}

const char *yg_study_schema_problem(sqlite3 *db)
{
	sqlite3_stmt *stmt;
	if (sqlite3_prepare_v2(db, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name", -1, &stmt, NULL))
		return N_("the schema cannot be read");
	const char *problem = NULL;
	size_t i = 0;
	int rc;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW && !problem) {
		if (i >= PIECES || !same(stmt, 0, schema[i].type) || !same(stmt, 1, schema[i].name) ||
		    !same(stmt, 2, schema[i].table) || !same(stmt, 3, schema[i].sql))
			problem = N_("the schema is not that of a study file");
		i++;
	}
	sqlite3_finalize(stmt);
	if (!problem && (rc != SQLITE_DONE || i != PIECES))
		problem = rc == SQLITE_DONE ? N_("the schema is not that of a study file") : N_("the schema cannot be read");
	return problem;
}

/* Tables first, inside the transaction of the caller. */
enum yg_status yg_study_create(sqlite3 *db, const char *id, const char *path, struct yg_err *err)
{
	static const char *const types[] = { "table", "trigger" };
	char sql[200];
	for (size_t t = 0; t < 2; t++)
		for (size_t i = 0; i < PIECES; i++)
			if (strcmp(schema[i].type, types[t]) == 0)
				YG_TRY(yg_sql_exec(db, schema[i].sql, path, err));
	snprintf(sql, sizeof sql, "PRAGMA application_id=%d; PRAGMA user_version=%d", YG_STUDY_APPLICATION,
	         YG_STUDY_FORMAT);
	YG_TRY(yg_sql_exec(db, sql, path, err));
	snprintf(sql, sizeof sql, "INSERT INTO meta VALUES ('format', 'yogo-study-1'), ('id', '%s'), ('pid', '0')", id);
	return yg_sql_exec(db, sql, path, err);
}

/* ---- the studies open in this process ---- */

/* Held for a few instructions only: spinning is enough. */
static atomic_flag list_flag = ATOMIC_FLAG_INIT;
static struct yg_journal *list;

static void list_lock(void)
{
	while (atomic_flag_test_and_set_explicit(&list_flag, memory_order_acquire))
		;
}

static void list_unlock(void)
{
	atomic_flag_clear_explicit(&list_flag, memory_order_release);
}

static void list_add(struct yg_journal *j)
{
	list_lock();
	j->next = list;
	list = j;
	list_unlock();
}

static void list_remove(struct yg_journal *j)
{
	list_lock();
	for (struct yg_journal **p = &list; *p; p = &(*p)->next)
		if (*p == j) {
			*p = j->next;
			break;
		}
	list_unlock();
}

struct yg_journal *yg_study_find_open(const char *path)
{
	uint64_t identity[2];
	if (!yg_io_identity(path, identity))
		return NULL;
	list_lock();
	struct yg_journal *j = list;
	while (j && (j->identity[0] != identity[0] || j->identity[1] != identity[1]))
		j = j->next;
	list_unlock();
	return j;
}

/* ---- opening ---- */

static enum yg_status busy(const char *path, long pid, struct yg_err *err)
{
	struct yg_buf shown = YG_BUF_INIT;
	yg_escape_terminal(&shown, path, strlen(path));
	enum yg_status s;
	if (pid > 0)
		s = yg_fail(err, YG_EBUSY, "E-JNL-001", N_("the study %s is open in process %ld"), shown.data, pid);
	else
		s = yg_fail(err, YG_EBUSY, "E-JNL-001", N_("the study %s is open in another process"), shown.data);
	yg_err_hint(err, N_("close it there first, or use another study file (--study)"));
	yg_buf_release(&shown);
	return s;
}

/* Is the file locked, by another process or by this one?  Several may read it here. */
static enum yg_status refuse_busy(const char *path, bool to_write, struct yg_err *err)
{
	long pid;
	const struct yg_journal *here = yg_study_find_open(path);
	if (here && !to_write && !here->writable)
		return YG_OK;
	if (here)
		return busy(path, (long)getpid(), err);
	if (yg_io_locked(path, SQLITE_LOCKS, SQLITE_LOCKS_LENGTH, &pid))
		return busy(path, pid, err);
	return YG_OK;
}

static enum yg_status not_a_study(const char *path, const char *why, struct yg_err *err)
{
	struct yg_buf shown = YG_BUF_INIT;
	yg_escape_terminal(&shown, path, strlen(path));
	enum yg_status s = yg_fail(err, YG_EINPUT, "E-JNL-002", N_("%s is not a study file: %s"), shown.data,
	                           gettext(why));
	yg_buf_release(&shown);
	return s;
}

static enum yg_status check_kind(sqlite3 *db, const char *path, struct yg_err *err)
{
	int64_t application, version;
	YG_TRY(yg_sql_integer(db, "PRAGMA application_id", &application, path, err));
	if (application != YG_STUDY_APPLICATION)
		return not_a_study(path, N_("another program made it"), err);
	YG_TRY(yg_sql_integer(db, "PRAGMA user_version", &version, path, err));
	if (version > YG_STUDY_FORMAT)
		return not_a_study(path, N_("it was made by a newer version of this program"), err);
	const char *problem = yg_study_schema_problem(db);
	return problem ? not_a_study(path, problem, err) : YG_OK;
}

static enum yg_status connect_write(struct yg_journal *j, bool *fresh, struct yg_err *err)
{
	int rc = sqlite3_open_v2(j->path, &j->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE, NULL);
	if (rc != SQLITE_OK)
		return yg_sql_fail(j->db, rc, j->path, err);
	yg_sql_harden(j->db);
	sqlite3_busy_timeout(j->db, 200);
	/* The lock is taken once and kept: nothing is read before it is ours. */
	YG_TRY(yg_sql_exec(j->db, "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT", j->path, err));
	int64_t objects, application;
	YG_TRY(yg_sql_integer(j->db, "SELECT count(*) FROM sqlite_schema", &objects, j->path, err));
	YG_TRY(yg_sql_integer(j->db, "PRAGMA application_id", &application, j->path, err));
	*fresh = objects == 0 && application == 0;
	if (!*fresh)
		YG_TRY(check_kind(j->db, j->path, err));
	struct yg_buf mode = YG_BUF_INIT;
	enum yg_status s = yg_sql_text(j->db, "PRAGMA journal_mode=WAL", &mode, j->path, err);
	if (s == YG_OK && strcmp(mode.data, "wal") != 0)
		s = yg_sql_fail(j->db, SQLITE_IOERR, j->path, err);
	yg_buf_release(&mode);
	if (s == YG_OK)
		s = yg_sql_exec(j->db, "PRAGMA synchronous=FULL; PRAGMA foreign_keys=OFF", j->path, err);
	return s;
}

enum yg_status yg_study_open_write(struct yg_journal *j, bool *fresh, struct yg_err *err)
{
	if (!yg_io_exists(j->path))
		YG_TRY(yg_io_write_file(j->path, "", 0, err)); /* mode 0600, whatever the umask */
	YG_TRY(refuse_busy(j->path, true, err));
	enum yg_status s = connect_write(j, fresh, err);
	if (s == YG_EBUSY) {
		/* two opened at the same moment: now the winner's lock can be seen */
		sqlite3_close(j->db);
		j->db = NULL;
		enum yg_status named = refuse_busy(j->path, true, err);
		return named != YG_OK ? named : busy(j->path, 0, err);
	}
	YG_TRY(s);
	yg_io_identity(j->path, j->identity);
	j->writable = true;
	list_add(j);
	return YG_OK;
}

static bool not_empty(const char *path, const char *suffix)
{
	char *name = yg_xasprintf("%s%s", path, suffix);
	int fd;
	uint64_t size = 0;
	bool yes = yg_io_open_read(name, &fd, &size, NULL) == YG_OK;
	if (yes)
		yg_io_close(fd);
	yg_free(name);
	return yes && size > 0;
}

/* The study and what a crash left beside it, copied to where writing harms nobody. */
static enum yg_status copy_aside(struct yg_journal *j, char **copy, struct yg_err *err)
{
	static const char *const suffix[] = { "", "-wal", "-journal" };
	YG_TRY(yg_io_private_folder(&j->private_folder, err));
	*copy = yg_path_join(j->private_folder, "study");
	enum yg_status s = YG_OK;
	for (size_t i = 0; i < 3 && s == YG_OK; i++) {
		if (i && !not_empty(j->path, suffix[i]))
			continue;
		char *from = yg_xasprintf("%s%s", j->path, suffix[i]), *to = yg_xasprintf("%s%s", *copy, suffix[i]);
		s = yg_io_copy(from, to, err);
		yg_free(from);
		yg_free(to);
	}
	j->copied = true;
	return s;
}

/* An SQLite URI names a file exactly only with these escaped. */
static char *immutable_uri(const char *path)
{
	struct yg_buf uri = YG_BUF_INIT;
	yg_buf_adds(&uri, path[0] == '/' ? "file://" : "file:");
	for (const char *p = path; *p; p++) {
		if (*p == '%' || *p == '?' || *p == '#')
			yg_buf_addf(&uri, "%%%02X", (unsigned)(unsigned char)*p);
		else
			yg_buf_addc(&uri, *p);
	}
	yg_buf_adds(&uri, "?mode=ro&immutable=1");
	return yg_buf_take(&uri);
}

enum yg_status yg_study_open_read(struct yg_journal *j, struct yg_err *err)
{
	int fd;
	uint64_t size;
	YG_TRY(refuse_busy(j->path, false, err));
	YG_TRY(yg_io_open_read(j->path, &fd, &size, err)); /* says clearly when there is no such file */
	yg_io_close(fd);
	if (size == 0)
		return not_a_study(j->path, N_("it is empty"), err);
	char *name = NULL;
	int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
	enum yg_status s = YG_OK;
	if (not_empty(j->path, "-wal") || not_empty(j->path, "-journal")) {
		flags = SQLITE_OPEN_READWRITE;
		s = copy_aside(j, &name, err);
	} else {
		name = immutable_uri(j->path);
	}
	if (s == YG_OK) {
		int rc = sqlite3_open_v2(name, &j->db, flags | SQLITE_OPEN_PRIVATECACHE, NULL);
		if (rc != SQLITE_OK)
			s = yg_sql_fail(j->db, rc, j->path, err);
	}
	yg_free(name);
	if (s == YG_OK) {
		yg_sql_harden(j->db);
		yg_sql_forbid(j->db, true);
		yg_io_identity(j->path, j->identity);
		list_add(j);
	}
	return s;
}

/* ---- closing ---- */

enum yg_status yg_study_close(struct yg_journal *j, struct yg_err *err)
{
	struct yg_buf mode = YG_BUF_INIT;
	yg_sql_forbid(j->db, false);
	/* leaving WAL copies everything back and removes the -wal file */
	enum yg_status s = yg_sql_text(j->db, "PRAGMA journal_mode=DELETE", &mode, j->path, err);
	if (s == YG_OK && strcmp(mode.data, "delete") != 0)
		s = yg_sql_fail(j->db, SQLITE_IOERR, j->path, err);
	yg_buf_release(&mode);
	int rc = sqlite3_close(j->db);
	j->db = NULL;
	if (s == YG_OK && rc != SQLITE_OK)
		s = yg_sql_fail(NULL, rc, j->path, err);
	return s;
}

void yg_study_free(struct yg_journal *j)
{
	if (!j)
		return;
	list_remove(j);
	sqlite3_close_v2(j->db);
	if (j->private_folder)
		yg_io_remove_folder(j->private_folder);
	yg_journal_drop_objects(j);
	yg_free(j->pending);
	yg_free(j->open);
	yg_free(j->private_folder);
	yg_free(j->path);
	yg_free(j->actor);
	yg_free(j->role);
	yg_free(j->program);
	yg_free(j->version);
	explicit_bzero(j->key, sizeof j->key);
	yg_free(j);
}
