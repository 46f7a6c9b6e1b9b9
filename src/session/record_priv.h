/* What the executor writes to the study: one begin before a command, one end after it. */
#ifndef YOGO_SESSION_RECORD_PRIV_H
#define YOGO_SESSION_RECORD_PRIV_H

#include "yogo/session/executor.h"

struct yg_record;
struct yg_journal;

struct yg_record_begin {
	const char *action;
	const char *typed, *resolved;
	const char *operation;
	int operation_version;
	const struct yg_object *dataset;   /* NULL = none active */
	bool has_seed;
	int64_t seed;
};
struct yg_record_end {
	uint64_t begin;
	enum yg_status status;
	const struct yg_err *err;          /* when not YG_OK */
	const struct yg_result *result;    /* stored whole, or NULL */
	const char *name;                  /* of the result or object */
	const struct yg_object *opened;    /* a data set that was opened: its root is recorded */
	const struct yg_file *file;        /* written: path and digest recorded */
	size_t files;
};
enum yg_status yg_record_open(const struct yg_session_options *o, unsigned threads, struct yg_record **out,
                              struct yg_err *err) YG_MUST_USE;
/* head (may be NULL) gets the head of the closed study, which counts the closing entry. */
enum yg_status yg_record_close(struct yg_record *r, struct yg_buf *head, struct yg_err *err) YG_MUST_USE;
/* position gets "SEQ:HASH" in the arena. */
enum yg_status yg_record_begin(struct yg_record *r, const struct yg_record_begin *b, uint64_t *seq, struct yg_arena *arena,
                               const char **position, struct yg_err *err) YG_MUST_USE;
enum yg_status yg_record_end(struct yg_record *r, const struct yg_record_end *e, struct yg_err *err) YG_MUST_USE;
/* One event for what was looked at ahead and kept nowhere else. */
enum yg_status yg_record_preview(struct yg_record *r, const struct yg_record_begin *b, const struct yg_result *result,
                                 uint64_t *seq, struct yg_err *err) YG_MUST_USE;
/* The journal behind it; and that of a session, NULL without a study. */
struct yg_journal *yg_record_journal(struct yg_record *r);
struct yg_journal *yg_session_journal(struct yg_session *s);
/* "SIZE:ROOT", valid until the next append. */
const char *yg_record_head(struct yg_record *r);

#endif
