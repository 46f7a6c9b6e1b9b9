/*
 * Verification: everything recomputed from the stored bytes, the first failure reported.
 * The quick form, for every opening, hashes all entries and reads the last ones in full.
 */
#include "journal/journal_priv.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/map.h"
#include "yogo/base/text.h"

struct checkpoint {
	uint64_t size;
	char *note;
};
struct state {
	sqlite3 *db;
	const char *path;
	struct yg_check *check;
	struct yg_err *err;
	struct checkpoint *checkpoint;
	size_t ncheckpoints, checkpoint_cap, next_checkpoint;
	struct yg_map named;          /* objects, by hex digest; value non-NULL once seen in the table */
	char created[64], time[64];   /* meta's, and the last entry's */
	uint64_t read_from;           /* entries before are hashed, not read */
	uint64_t head_size;
	struct yg_digest head_root;
	bool head_seen;
};

static enum yg_status tampered(struct state *s, uint64_t seq, const char *format, ...) YG_PRINTF(3, 4);
static enum yg_status tampered(struct state *s, uint64_t seq, const char *format, ...)
{
	struct yg_journal_report *r = &s->check->report;
	va_list args;
	va_start(args, format);
	vsnprintf(r->what, sizeof r->what, format, args);
	va_end(args);
	r->bad_seq = seq;
	struct yg_buf path = YG_BUF_INIT;
	yg_escape_terminal(&path, s->path, strlen(s->path));
	enum yg_status status;
	if (seq)
		status = yg_fail(s->err, YG_ETAMPERED, "E-JNL-020", N_("the study %s cannot be verified: entry %llu: %s"),
		                 path.data, (unsigned long long)seq, gettext(r->what));
	else
		status = yg_fail(s->err, YG_ETAMPERED, "E-JNL-020", N_("the study %s cannot be verified: %s"), path.data,
		                 gettext(r->what));
	yg_err_hint(s->err, N_("keep the file as it is; go on from a backup, or with a new study file"));
	yg_buf_release(&path);
	return status;
}

/* An SQLite error while verifying: damage is a finding, the rest is not. */
static enum yg_status sql_problem(struct state *s, int rc)
{
	if ((rc & 0xFF) == SQLITE_CORRUPT || (rc & 0xFF) == SQLITE_NOTADB || (rc & 0xFF) == SQLITE_ERROR)
		return tampered(s, 0, "the database is damaged");
	return yg_sql_fail(s->db, rc, s->path, s->err);
}

static enum yg_status prepare(struct state *s, const char *sql, sqlite3_stmt **stmt)
{
	int rc = sqlite3_prepare_v2(s->db, sql, -1, stmt, NULL);
	return rc == SQLITE_OK ? YG_OK : sql_problem(s, rc);
}

static enum yg_status expect_text(struct state *s, const char *sql, const char *expected, const char *problem)
{
	sqlite3_stmt *stmt;
	YG_TRY(prepare(s, sql, &stmt));
	int rc = sqlite3_step(stmt);
	const char *text = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
	bool good = text && strcmp(text, expected) == 0;
	sqlite3_finalize(stmt);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return sql_problem(s, rc);
	return good ? YG_OK : tampered(s, 0, "%s", problem);
}

/* ---- file and meta ---- */

static enum yg_status check_file(struct state *s)
{
	char number[32];
	const char *problem = yg_study_schema_problem(s->db);
	if (problem)
		return tampered(s, 0, "%s", problem);
	snprintf(number, sizeof number, "%d", YG_STUDY_APPLICATION);
	YG_TRY(expect_text(s, "PRAGMA application_id", number, "the file's application id is wrong"));
	snprintf(number, sizeof number, "%d", YG_STUDY_FORMAT);
	YG_TRY(expect_text(s, "PRAGMA user_version", number, "the file's format number is wrong"));
	YG_TRY(expect_text(s, "PRAGMA encoding", "UTF-8", "the file's text encoding is wrong"));
	return expect_text(s, "PRAGMA integrity_check(1)", "ok", "the database structure is damaged");
}

static enum yg_status check_meta(struct state *s)
{
	static const char *const key[] = { "created", "format", "id", "pid" };
	char value[4][64];
	sqlite3_stmt *stmt;
	YG_TRY(prepare(s, "SELECT key, value, typeof(key), typeof(value) FROM meta ORDER BY key", &stmt));
	size_t n = 0;
	bool good = true;
	int rc;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		const char *k = (const char *)sqlite3_column_text(stmt, 0), *v = (const char *)sqlite3_column_text(stmt, 1);
		good = good && n < 4 && k && v && strcmp(k, key[n]) == 0 &&
		       strcmp((const char *)sqlite3_column_text(stmt, 2), "text") == 0 &&
		       strcmp((const char *)sqlite3_column_text(stmt, 3), "text") == 0 && strlen(v) < sizeof value[0] &&
		       (size_t)sqlite3_column_bytes(stmt, 1) == strlen(v);
		if (good)
			snprintf(value[n], sizeof value[n], "%s", v);
		n++;
	}
	sqlite3_finalize(stmt);
	if (rc != SQLITE_DONE)
		return sql_problem(s, rc);
	if (!good || n != 4 || strcmp(value[1], "yogo-study-1") != 0 || strlen(value[2]) != 32 ||
	    strspn(value[2], "0123456789abcdef") != 32)
		return tampered(s, 0, "the study's own description (meta) is wrong");
	memcpy(s->created, value[0], sizeof s->created);
	memcpy(s->check->id, value[2], 33);
	return YG_OK;
}

/* ---- checkpoints ---- */

static enum yg_status load_checkpoints(struct state *s)
{
	sqlite3_stmt *stmt;
	YG_TRY(prepare(s, "SELECT size, note, typeof(note) FROM checkpoint ORDER BY size", &stmt));
	int rc;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		const char *note = (const char *)sqlite3_column_text(stmt, 1);
		size_t n = (size_t)sqlite3_column_bytes(stmt, 1);
		bool good = note && strcmp((const char *)sqlite3_column_text(stmt, 2), "text") == 0 && strlen(note) == n;
		YG_GROW(s->checkpoint, s->ncheckpoints, s->checkpoint_cap);
		s->checkpoint[s->ncheckpoints++] = (struct checkpoint){ (uint64_t)sqlite3_column_int64(stmt, 0),
			                                                yg_xstrdup(good ? note : "") };
	}
	sqlite3_finalize(stmt);
	s->check->report.checkpoints = s->ncheckpoints;
	return rc == SQLITE_DONE ? YG_OK : sql_problem(s, rc);
}

/* After entry n has joined the tree. */
static enum yg_status check_checkpoint(struct state *s, uint64_t n, bool known, bool closes_session)
{
	bool here = s->next_checkpoint < s->ncheckpoints && s->checkpoint[s->next_checkpoint].size == n;
	bool expected = n % YG_CHECKPOINT_EVERY == 0 || closes_session;
	if (expected && !here)
		return tampered(s, n, "the checkpoint after this entry is missing");
	if (here && known && !expected)
		return tampered(s, n, "there is a checkpoint where none belongs");
	if (!here)
		return YG_OK;
	struct yg_buf note = YG_BUF_INIT;
	yg_checkpoint_note(&note, s->check->id, &s->check->tree);
	bool same = strcmp(note.data, s->checkpoint[s->next_checkpoint++].note) == 0;
	yg_buf_release(&note);
	return same ? YG_OK : tampered(s, n, "the checkpoint does not match the entries up to here");
}

/* ---- entries ---- */

static bool take_open(struct yg_check *c, uint64_t seq, const char *action)
{
	for (size_t i = 0; i < c->nopen; i++)
		if (c->open[i].seq == seq && strcmp(c->open[i].action, action) == 0) {
			memmove(&c->open[i], &c->open[i + 1], (c->nopen - i - 1) * sizeof *c->open);
			c->nopen--;
			return true;
		}
	return false;
}

static enum yg_status follow_session(struct state *s, const struct yg_journal_entry *e, const struct yg_json *tree)
{
	struct yg_check *c = s->check;
	if (strcmp(e->action, "session.open") == 0) {
		const char *study = yg_json_string(tree, "study"), *key = yg_json_string(tree, "key");
		if (!study || strcmp(study, c->id) != 0)
			return tampered(s, e->seq, "the session belongs to another study");
		/* the recovery of the session before, if it needs one, comes next and names it */
		c->session_open = e->seq;
		c->session_is_open = true;
		snprintf(c->session_key, sizeof c->session_key, "%s", key ? key : "");
	} else if (strcmp(e->action, "session.close") == 0) {
		if (!e->ref || e->ref >= e->seq)
			return tampered(s, e->seq, "it closes a session that was not open");
		if (e->ref == c->session_open)
			c->session_is_open = false;
	}
	return YG_OK;
}

static enum yg_status follow(struct state *s, const struct yg_journal_entry *e, const struct yg_json *tree)
{
	struct yg_check *c = s->check;
	if (e->kind == YG_ENTRY_BEGIN) {
		if (strlen(e->action) >= sizeof c->open->action)
			return tampered(s, e->seq, "the action's name is too long");
		YG_GROW(c->open, c->nopen, c->open_cap);
		c->open[c->nopen].seq = e->seq;
		memcpy(c->open[c->nopen++].action, e->action, strlen(e->action) + 1);
	}
	bool session = strncmp(e->action, "session.", 8) == 0;
	/* a begin from before the part that is read was closed in it or before: only the full check knows */
	bool known = e->ref >= s->read_from;
	if (!session && (e->kind == YG_ENTRY_END || e->kind == YG_ENTRY_RECOVERY) && known &&
	    !take_open(c, e->ref, e->action))
		return tampered(s, e->seq, "it ends something that was not open");
	if (session)
		YG_TRY(follow_session(s, e, tree));
	for (size_t i = 0; i < e->nobjects; i++) {
		char hex[65];
		yg_digest_hex(&e->objects[i], hex);
		size_t before = s->named.count;
		yg_map_intern(&s->named, hex, 64);
		if (s->named.count == before)
			return tampered(s, e->seq, "it stores an object a second time");
	}
	if (e->seq == 1 && strcmp(e->time, s->created) != 0)
		return tampered(s, 1, "its time is not that of the study's making");
	if (s->time[0] && strcmp(e->time, s->time) < 0 && !c->report.clock_back)
		c->report.clock_back = e->seq;
	snprintf(s->time, sizeof s->time, "%s", e->time);
	return YG_OK;
}

static enum yg_status read_entry(struct state *s, uint64_t seq, const char *body, size_t n,
                                 const struct yg_digest *prev, bool *closes_session)
{
	struct yg_arena arena;
	struct yg_journal_entry e;
	const struct yg_json *tree = NULL;
	yg_arena_init(&arena);
	enum yg_status status;
	const char *problem = yg_entry_parse(&arena, body, n, &e, &tree);
	if (problem)
		status = tampered(s, seq, "%s", problem);
	else if (e.seq != seq)
		status = tampered(s, seq, "its own number is another");
	else if (yg_digest_cmp(&e.prev, prev) != 0)
		status = tampered(s, seq, "it does not follow the entry before it");
	else
		status = follow(s, &e, tree);
	*closes_session = status == YG_OK && strcmp(e.action, "session.close") == 0;
	yg_arena_release(&arena);
	return status;
}

static enum yg_status check_row(struct state *s, sqlite3_stmt *stmt, uint64_t seq)
{
	struct yg_check *c = s->check;
	if ((uint64_t)sqlite3_column_int64(stmt, 0) != seq)
		return tampered(s, seq, "the entry is missing");
	if (strcmp((const char *)sqlite3_column_text(stmt, 3), "blob") != 0 ||
	    strcmp((const char *)sqlite3_column_text(stmt, 4), "blob") != 0)
		return tampered(s, seq, "the entry is of the wrong type");
	const char *body = sqlite3_column_blob(stmt, 1);
	size_t n = (size_t)sqlite3_column_bytes(stmt, 1);
	const void *stored = sqlite3_column_blob(stmt, 2);
	if (!body || n > YG_JOURNAL_ENTRY_MOST)
		return tampered(s, seq, "the entry is empty or too long");
	struct yg_digest prev = c->hash, hash = yg_chain_next(&prev, seq, body, n), leaf = yg_merkle_leaf(body, n);
	if (sqlite3_column_bytes(stmt, 2) != (int)sizeof hash.byte || !stored || memcmp(stored, hash.byte, sizeof hash.byte) != 0)
		return tampered(s, seq, "its bytes do not match its hash");
	c->hash = hash;
	yg_frontier_add(&c->tree, &leaf);
	bool known = seq >= s->read_from, closes = false;
	if (known)
		YG_TRY(read_entry(s, seq, body, n, &prev, &closes));
	YG_TRY(check_checkpoint(s, seq, known, closes));
	if (c->head && seq == s->head_size) {
		struct yg_digest root = yg_frontier_root(&c->tree);
		s->head_seen = true;
		if (yg_digest_cmp(&root, &s->head_root) != 0)
			return tampered(s, 0, "the entries up to %llu are not those of the head given", (unsigned long long)seq);
	}
	return YG_OK;
}

static enum yg_status check_entries(struct state *s)
{
	sqlite3_stmt *stmt;
	uint64_t seq = 0;
	s->check->hash = yg_chain_first(s->check->id);
	YG_TRY(prepare(s, "SELECT seq, body, hash, typeof(body), typeof(hash) FROM entry ORDER BY seq", &stmt));
	enum yg_status status = YG_OK;
	int rc = SQLITE_DONE;
	while (status == YG_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
		status = check_row(s, stmt, ++seq);
	sqlite3_finalize(stmt);
	s->check->report.entries = s->check->tree.size;
	YG_TRY(status);
	if (rc != SQLITE_DONE)
		return sql_problem(s, rc);
	if (seq == 0)
		return tampered(s, 0, "the journal has no entries");
	if (s->next_checkpoint < s->ncheckpoints)
		return tampered(s, 0, "entries are missing at the end: a checkpoint is of %llu, there are %llu",
		                (unsigned long long)s->checkpoint[s->ncheckpoints - 1].size, (unsigned long long)seq);
	if (s->check->head && !s->head_seen)
		return tampered(s, 0, "entries are missing at the end: the head given is of %llu, there are %llu",
		                (unsigned long long)s->head_size, (unsigned long long)seq);
	return YG_OK;
}

/* ---- objects ---- */

static enum yg_status check_objects(struct state *s)
{
	static char seen;
	sqlite3_stmt *stmt;
	YG_TRY(prepare(s, "SELECT digest, bytes, typeof(digest), typeof(bytes) FROM object", &stmt));
	enum yg_status status = YG_OK;
	int rc = SQLITE_DONE;
	uint64_t n = 0;
	while (status == YG_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		struct yg_digest d, stored;
		char hex[65];
		n++;
		const void *digest = sqlite3_column_blob(stmt, 0), *bytes = sqlite3_column_blob(stmt, 1);
		if (strcmp((const char *)sqlite3_column_text(stmt, 2), "blob") != 0 ||
		    strcmp((const char *)sqlite3_column_text(stmt, 3), "blob") != 0 || !digest ||
		    sqlite3_column_bytes(stmt, 0) != (int)sizeof d.byte) {
			status = tampered(s, 0, "a stored object is of the wrong type");
			break;
		}
		memcpy(stored.byte, digest, sizeof stored.byte);
		d = yg_sha256_of(bytes, (size_t)sqlite3_column_bytes(stmt, 1));
		yg_digest_hex(&stored, hex);
		ptrdiff_t i = yg_map_find(&s->named, hex, 64);
		if (yg_digest_cmp(&d, &stored) != 0)
			status = tampered(s, 0, "the stored object %.16s does not match its digest", hex);
		else if (i < 0)
			status = tampered(s, 0, "no entry names the stored object %.16s", hex);
		else
			s->named.entry[i].value = &seen;
	}
	sqlite3_finalize(stmt);
	s->check->report.objects = n;
	YG_TRY(status);
	if (rc != SQLITE_DONE)
		return sql_problem(s, rc);
	for (size_t i = 0; i < s->named.count; i++)
		if (!s->named.entry[i].value)
			return tampered(s, 0, "the stored object %.16s is missing", s->named.entry[i].key);
	return YG_OK;
}

/* ---- all of it ---- */

/* The quick form reads the last entries, from the last session.open at the latest. */
static enum yg_status find_read_from(struct state *s)
{
	int64_t last, open;
	s->read_from = 1;
	if (!s->check->quick)
		return YG_OK;
	YG_TRY(yg_sql_integer(s->db, "SELECT max(seq) FROM entry", &last, s->path, s->err));
	/* action is the first field of a body, so its beginning says whether it opens a session */
	YG_TRY(yg_sql_integer(s->db,
	                      "SELECT seq FROM entry WHERE instr(body, CAST('{\"action\":\"session.open\"' AS BLOB)) = 1 "
	                      "ORDER BY seq DESC LIMIT 1",
	                      &open, s->path, s->err));
	int64_t from = last - YG_OPEN_CHECKS < open ? last - YG_OPEN_CHECKS : open;
	if (from > 1)
		s->read_from = (uint64_t)from;
	return YG_OK;
}

static enum yg_status run(struct state *s)
{
	YG_TRY(check_file(s));
	YG_TRY(check_meta(s));
	YG_TRY(find_read_from(s));
	YG_TRY(load_checkpoints(s));
	YG_TRY(check_entries(s));
	return s->check->quick ? YG_OK : check_objects(s);
}

enum yg_status yg_check_run(sqlite3 *db, const char *path, struct yg_check *check, struct yg_err *err)
{
	struct state s = { .db = db, .path = path, .check = check, .err = err };
	memset(&check->report, 0, sizeof check->report);
	if (check->head && yg_journal_head_parse(check->head, &s.head_size, &s.head_root) != 0)
		return yg_fail(err, YG_EINVAL, "E-JNL-021", N_("a head is written SIZE:ROOT, a number and 64 hex digits"));
	if (check->head && s.head_size == 0)
		return yg_fail(err, YG_EINVAL, "E-JNL-021", N_("a head of 0 entries proves nothing"));
	enum yg_status status = run(&s);
	for (size_t i = 0; i < s.ncheckpoints; i++)
		yg_free(s.checkpoint[i].note);
	yg_free(s.checkpoint);
	yg_map_release(&s.named);
	yg_head_print(check->report.head, &check->tree);
	check->report.open_begins = check->nopen;
	check->report.closed = check->tree.size > 0 && !check->session_is_open;
	return status;
}

enum yg_status yg_journal_check(struct yg_journal *j, const char *head, struct yg_journal_report *report,
                                struct yg_err *err)
{
	struct yg_check check = { .head = head };
	enum yg_status s = yg_check_run(j->db, j->path, &check, err);
	yg_free(check.open);
	check.report.copied = j->copied;
	if (report)
		*report = check.report;
	return s;
}

enum yg_status yg_journal_verify(const char *path, const char *head, struct yg_journal_report *report,
                                 struct yg_err *err)
{
	struct yg_journal_report ignored;
	char given[YG_JOURNAL_HEAD_SIZE];
	if (head) { /* it may be the one in the report of last time */
		snprintf(given, sizeof given, "%s", head);
		head = given;
	}
	report = report ? report : &ignored;
	memset(report, 0, sizeof *report);
	struct yg_journal *mine = yg_study_find_open(path);
	if (mine)
		return yg_journal_check(mine, head, report, err);
	struct yg_journal *j = yg_xcalloc(1, sizeof *j);
	j->path = yg_xstrdup(path);
	enum yg_status s = yg_study_open_read(j, err);
	if (s == YG_OK)
		s = yg_journal_check(j, head, report, err);
	yg_study_free(j);
	return s;
}
