/* SQLite calls whose failure is a status, and the hardening of a connection. */
#include "journal/journal_priv.h"

#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/text.h"

enum yg_status yg_sql_fail(sqlite3 *db, int rc, const char *path, struct yg_err *err)
{
	const char *text = sqlite3_errstr(rc);
	struct yg_buf shown = YG_BUF_INIT;
	yg_escape_terminal(&shown, path, strlen(path));
	enum yg_status s;
	switch (rc & 0xFF) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		s = yg_fail(err, YG_EBUSY, "E-JNL-001", N_("the study %s is open in another process"), shown.data);
		break;
	case SQLITE_NOTADB:
		s = yg_fail(err, YG_EINPUT, "E-JNL-002", N_("%s is not a study file, or its beginning is damaged"),
		            shown.data);
		break;
	case SQLITE_CORRUPT:
		s = yg_fail(err, YG_ETAMPERED, "E-JNL-003", N_("the study %s is damaged: %s"), shown.data, text);
		yg_err_hint(err, N_("keep the file as it is and work on with a backup, or start a new study"));
		break;
	case SQLITE_NOMEM:
		s = yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while using the study %s"), shown.data);
		break;
	case SQLITE_TOOBIG:
		s = yg_fail(err, YG_ELIMIT, "E-JNL-004", N_("something is too large for the study %s (64 MiB at most)"),
		            shown.data);
		break;
	case SQLITE_FULL:
		s = yg_fail(err, YG_EIO, "E-JNL-005", N_("the disk is full: the study %s cannot be written"), shown.data);
		yg_err_hint(err, N_("free some space and open the study again; everything committed is in it"));
		break;
	case SQLITE_CONSTRAINT:
	case SQLITE_MISUSE:
	case SQLITE_RANGE:
	case SQLITE_AUTH:
		s = yg_fail(err, YG_EBUG, "E-JNL-006", N_("the journal of %s was used wrongly: %s"), shown.data,
		            db ? sqlite3_errmsg(db) : text);
		break;
	default:
		s = yg_fail(err, YG_EIO, "E-JNL-007", N_("the study %s cannot be read or written: %s"), shown.data, text);
	}
	yg_buf_release(&shown);
	return s;
}

enum yg_status yg_sql_exec(sqlite3 *db, const char *sql, const char *path, struct yg_err *err)
{
	int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	return rc == SQLITE_OK ? YG_OK : yg_sql_fail(db, rc, path, err);
}

enum yg_status yg_sql_text(sqlite3 *db, const char *sql, struct yg_buf *out, const char *path, struct yg_err *err)
{
	sqlite3_stmt *stmt;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
	if (rc != SQLITE_OK)
		return yg_sql_fail(db, rc, path, err);
	yg_buf_clear(out);
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(stmt, 0);
		if (text)
			yg_buf_add(out, text, (size_t)sqlite3_column_bytes(stmt, 0));
	}
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? YG_OK : yg_sql_fail(db, rc, path, err);
}

enum yg_status yg_sql_integer(sqlite3 *db, const char *sql, int64_t *out, const char *path, struct yg_err *err)
{
	struct yg_buf text = YG_BUF_INIT;
	enum yg_status s = yg_sql_text(db, sql, &text, path, err);
	if (s == YG_OK && !yg_parse_i64((struct yg_str){ text.data, text.len }, out))
		*out = 0;
	yg_buf_release(&text);
	return s;
}

void yg_sql_harden(sqlite3 *db)
{
	static const int on[] = { SQLITE_DBCONFIG_DEFENSIVE };
	static const int off[] = { SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION,
		                   SQLITE_DBCONFIG_ENABLE_VIEW,    SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER,
		                   SQLITE_DBCONFIG_DQS_DML,        SQLITE_DBCONFIG_DQS_DDL,
		                   SQLITE_DBCONFIG_WRITABLE_SCHEMA };
	for (size_t i = 0; i < sizeof on / sizeof *on; i++)
		sqlite3_db_config(db, on[i], 1, (int *)NULL);
	for (size_t i = 0; i < sizeof off / sizeof *off; i++)
		sqlite3_db_config(db, off[i], 0, (int *)NULL);
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 64 << 20);
	sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 64 << 10);
	sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, 50);
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(db, SQLITE_LIMIT_COLUMN, 100);
	sqlite3_limit(db, SQLITE_LIMIT_WORKER_THREADS, 0);
	sqlite3_exec(db, "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY", NULL, NULL, NULL);
}

static int authorize(void *unused, int action, const char *a, const char *b, const char *c, const char *d)
{
	(void)unused, (void)b, (void)c, (void)d;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_INSERT:
	case SQLITE_UPDATE:
	case SQLITE_TRANSACTION:
	case SQLITE_FUNCTION:
		return SQLITE_OK;
	case SQLITE_PRAGMA: /* reading only, for verification */
		return a && (strcmp(a, "integrity_check") == 0 || strcmp(a, "application_id") == 0 ||
		             strcmp(a, "user_version") == 0 || strcmp(a, "encoding") == 0 ||
		             strcmp(a, "table_info") == 0)
		               ? SQLITE_OK
		               : SQLITE_DENY;
	default:
		return SQLITE_DENY;
	}
}

void yg_sql_forbid(sqlite3 *db, bool on)
{
	sqlite3_set_authorizer(db, on ? authorize : NULL, NULL);
}
