/* What the files of the room share. */
#ifndef YOGO_SRC_JOURNAL_PRIV_H
#define YOGO_SRC_JOURNAL_PRIV_H

#include <sqlite3.h>

#include "yogo/base/json.h"
#include "yogo/journal/journal.h"

#define YG_STUDY_APPLICATION 0x59475354 /* "YGST" */
#define YG_STUDY_FORMAT 1
#define YG_CHECKPOINT_EVERY 64
#define YG_OPEN_CHECKS 1000             /* entries checked in full at every opening */

/* ---- the tree as it grows: roots of the full subtrees, largest first ---- */

struct yg_frontier {
	struct yg_digest node[64];
	uint64_t size;
};
void yg_frontier_add(struct yg_frontier *f, const struct yg_digest *leaf);
struct yg_digest yg_frontier_root(const struct yg_frontier *f);
/* Text of the checkpoint: origin, size, base64 of the root. */
void yg_checkpoint_note(struct yg_buf *out, const char *study_id, const struct yg_frontier *f);
void yg_head_print(char out[YG_JOURNAL_HEAD_SIZE], const struct yg_frontier *f);

struct yg_digest yg_chain_first(const char *study_id);
struct yg_digest yg_chain_next(const struct yg_digest *prev, uint64_t seq, const void *body, size_t n);

/* ---- the journal ---- */

struct yg_open_begin {
	uint64_t seq;
	char action[64];
};
struct yg_pending_object {
	struct yg_digest digest;
	struct yg_buf bytes;
};
struct yg_journal {
	sqlite3 *db;
	char *path;
	char *private_folder;          /* holds the copy that is read, or NULL */
	uint64_t identity[2];
	struct yg_journal *next;       /* list of those open in this process */
	bool writable, broken, in_transaction, copied;

	char id[33], session[17], boot[48], time[48];
	char *actor, *role, *program, *version;
	struct yg_digest build, env;
	unsigned char key[32];
	bool has_key, key_changed;
	unsigned recovered;

	struct yg_frontier tree;
	struct yg_digest hash;         /* H(size) */
	uint64_t session_open;
	struct yg_open_begin *open;
	size_t nopen, open_cap;
	struct yg_pending_object *pending;
	size_t npending, pending_cap;
};

/* ---- sqlite.c: calls whose failure is a status ---- */

enum yg_status yg_sql_fail(sqlite3 *db, int rc, const char *path, struct yg_err *err);
enum yg_status yg_sql_exec(sqlite3 *db, const char *sql, const char *path, struct yg_err *err);
/* The first column of the first row, as text; empty when there is no row. */
enum yg_status yg_sql_text(sqlite3 *db, const char *sql, struct yg_buf *out, const char *path, struct yg_err *err);
enum yg_status yg_sql_integer(sqlite3 *db, const char *sql, int64_t *out, const char *path, struct yg_err *err);
void yg_sql_harden(sqlite3 *db);
void yg_sql_forbid(sqlite3 *db, bool on);      /* no ATTACH, PRAGMA or change of schema from here on */

/* ---- study_file.c ---- */

enum yg_status yg_study_create(sqlite3 *db, const char *id, const char *path, struct yg_err *err);
/* NULL when the schema is the expected one, else what differs. */
const char *yg_study_schema_problem(sqlite3 *db);
enum yg_status yg_study_open_write(struct yg_journal *j, bool *fresh, struct yg_err *err);
enum yg_status yg_study_open_read(struct yg_journal *j, struct yg_err *err);
enum yg_status yg_study_close(struct yg_journal *j, struct yg_err *err);
void yg_study_free(struct yg_journal *j);
/* The journal of this process that has the file open, or NULL. */
struct yg_journal *yg_study_find_open(const char *path);

/* ---- chain.c ---- */

struct yg_draft {
	enum yg_entry_kind kind;
	const struct yg_journal_act *act;          /* begin, event */
	const struct yg_journal_outcome *outcome;  /* end, event */
	const char *action;                        /* when there is no act */
	const char *status;                        /* recovery */
	const char *why;
	uint64_t ref;
	bool opens_session;
};
enum yg_status yg_chain_append(struct yg_journal *j, const struct yg_draft *draft, uint64_t *seq, struct yg_err *err);
void yg_chain_opened(struct yg_journal *j, uint64_t seq, const char *action);
bool yg_chain_closed(struct yg_journal *j, uint64_t seq);
const char *yg_entry_kind_name(enum yg_entry_kind kind);

/* ---- keys.c, environment.c ---- */

enum yg_status yg_key_load(struct yg_journal *j, bool make, struct yg_err *err);
void yg_environment_write(const struct yg_journal *j, const struct yg_journal_session *session, struct yg_buf *out);

/* ---- entry_read.c ---- */

/* NULL when the body is a good entry, else what is wrong. */
const char *yg_entry_parse(struct yg_arena *arena, const char *body, size_t n, struct yg_journal_entry *out,
                           const struct yg_json **tree);

/* ---- verify.c ---- */

struct yg_check {
	const char *head;              /* or NULL */
	bool quick;                    /* hash everything, read only the end, no objects */
	struct yg_frontier tree;       /* out: the whole journal's */
	struct yg_digest hash;         /* out: H(size) */
	uint64_t session_open;         /* out: last session.open */
	char session_key[80];          /* out: its key check, "" when none */
	struct yg_open_begin *open;    /* out: begun and not ended */
	size_t nopen, open_cap;
	bool session_is_open;          /* out */
	char id[33];                   /* out */
	struct yg_journal_report report;
};
enum yg_status yg_check_run(sqlite3 *db, const char *path, struct yg_check *check, struct yg_err *err);

#endif
