/*
 * The journal: what was asked of the data, in order, and what came of it, so that nothing in it can
 * be changed unseen and everything can be replayed.  Bytes: docs/journal-format.md.
 *
 * The room owns the study file.  It stores bytes and texts and does not know what a command means.
 * One process, one thread (the owner's) uses a journal; workers never touch it.
 *
 * begin before data are touched, end before the result is shown; each is one durable transaction,
 * the end together with the objects put since.  After any storage error the journal is stopped:
 * every further write is refused with YG_EIO.
 *
 * Statuses: YG_EBUSY another process (its id in the text); YG_ETAMPERED the journal does not verify;
 * YG_EINPUT not a study file, or made by a newer program; YG_EDAMAGED the key file; YG_EIO storage;
 * YG_ELIMIT an entry over 1 MiB or an object over 60 MiB; YG_EBUG wrong use.
 */
#ifndef YOGO_JOURNAL_JOURNAL_H
#define YOGO_JOURNAL_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/buf.h"
#include "yogo/base/hash.h"
#include "yogo/base/mem.h"
#include "yogo/base/status.h"

#define YG_JOURNAL_ENTRY_MOST ((size_t)1 << 20)
#define YG_JOURNAL_OBJECT_MOST ((size_t)60 << 20)
#define YG_JOURNAL_HEAD_SIZE 96

struct yg_journal;

/* ---- what a session says of itself; every text may be NULL ---- */

struct yg_journal_session {
	const char *actor, *role;       /* NULL: "unknown", "researcher" */
	const char *program, *version;  /* NULL: "yogo", "unknown" */
	const char *flags;              /* how it was compiled */
	const char *options;            /* options of the command line that decide results */
	unsigned threads;
	const char *const *library;     /* versions the room cannot ask for: "zstd 1.5.4" */
	size_t nlibraries;
	const char *why;
};

/* ---- what an entry says ---- */

struct yg_journal_params {
	const char *text;         /* as typed */
	const char *resolved;     /* canonical text with every default, what replay parses; NULL gives text */
	const char *operation;    /* "km" */
	int operation_version;
	int language;             /* version of the language */
};
struct yg_journal_input {
	const char *kind;         /* dataset, definition, script, codelist, result ... */
	const char *id;
	struct yg_digest digest;  /* of a dataset: the data root */
	bool has_manifest;        /* dataset only */
	struct yg_digest manifest;
};
struct yg_journal_rng {
	const char *purpose;
	uint64_t seed;
};
struct yg_journal_output {
	const char *id;           /* r1 */
	const char *kind;         /* verb or kind of file */
	const char *determinism;  /* D0, D1, D2; NULL: D0 */
	struct yg_digest safe;    /* of the safe result (or of the file written) */
	bool has_raw;
	struct yg_digest raw;     /* yg_journal_commit() of the raw result */
};
struct yg_journal_gate {
	const char *profile;      /* jp_ndb ... */
	const char *verdict;      /* pass, review, fail, n/a */
	int64_t ledger;           /* number in the differencing ledger, < 0 none */
	bool has_hidden;
	struct yg_digest hidden;  /* commitment of the pattern of hidden cells */
};

/* What is about to be done.  action is [a-z_.]+: "analysis.run". */
struct yg_journal_act {
	const char *action;
	const char *why;
	const struct yg_journal_params *params;
	const struct yg_journal_input *inputs;
	size_t ninputs;
	const struct yg_journal_rng *rng;
};
/* What came of it.  YG_OK is "ok", YG_REFUSED and YG_EPRIVACY "refused", YG_CANCELLED "aborted", else "error". */
struct yg_journal_outcome {
	enum yg_status status;
	const char *code;         /* err.code when status is not YG_OK */
	const char *why;
	const struct yg_journal_output *outputs;
	size_t noutputs;
	const struct yg_journal_gate *gate;
};

/* ---- writing ---- */

/* Open the study at path, or make it.  Checks the chain, all checkpoints and the last 1,000 entries;
   closes what a crash left open by recovery entries; writes session.open. */
enum yg_status yg_journal_open(const char *path, const struct yg_journal_session *session,
                               struct yg_journal **out, struct yg_err *err) YG_MUST_USE;
/* Writes session.close (open begins are closed as aborted) and a checkpoint, makes the study one
   file.  Frees j whatever happens.  A journal opened for reading is only freed. */
enum yg_status yg_journal_close(struct yg_journal *j, struct yg_err *err);
/* Frees j and writes nothing, as a crash would: after a storage error, and in tests. */
void yg_journal_abandon(struct yg_journal *j);

enum yg_status yg_journal_begin(struct yg_journal *j, const struct yg_journal_act *act, uint64_t *seq,
                                struct yg_err *err) YG_MUST_USE;
/* begin is what yg_journal_begin gave; seq (may be NULL) gets the number of the end entry. */
enum yg_status yg_journal_end(struct yg_journal *j, uint64_t begin, const struct yg_journal_outcome *outcome,
                              uint64_t *seq, struct yg_err *err) YG_MUST_USE;
/* Something done at once.  outcome may be NULL (ok), seq too. */
enum yg_status yg_journal_event(struct yg_journal *j, const struct yg_journal_act *act,
                                const struct yg_journal_outcome *outcome, uint64_t *seq,
                                struct yg_err *err) YG_MUST_USE;

/* Keep bytes under their digest; they are copied, and stored in the transaction of the next entry. */
enum yg_status yg_journal_put_object(struct yg_journal *j, const void *bytes, size_t n, struct yg_digest *digest,
                                     struct yg_err *err) YG_MUST_USE;
/* Forget the objects put since the last entry (the command was cancelled). */
void yg_journal_drop_objects(struct yg_journal *j);

/* HMAC of purpose, NUL, bytes under the blinding key; false when the study has no key at hand. */
bool yg_journal_commit(const struct yg_journal *j, const char *purpose, const void *bytes, size_t n,
                       struct yg_digest *out);

/* ---- reading ---- */

/* Open for reading without writing anything (see yg_journal_report.copied), after a full check. */
enum yg_status yg_journal_open_read(const char *path, struct yg_journal **out, struct yg_err *err) YG_MUST_USE;

const char *yg_journal_path(const struct yg_journal *j);
const char *yg_journal_id(const struct yg_journal *j);       /* 32 hex digits */
uint64_t yg_journal_size(const struct yg_journal *j);        /* entries, the last one's number */
bool yg_journal_has_key(const struct yg_journal *j);
/* The key file was lost or exchanged since the session before: older commitments cannot be compared. */
bool yg_journal_key_changed(const struct yg_journal *j);
/* Was a crash recovered at this opening?  The number of recovery entries. */
unsigned yg_journal_recovered(const struct yg_journal *j);
/* "SIZE:ROOT", what a person keeps to prove later that nothing was changed. */
void yg_journal_head(const struct yg_journal *j, char out[YG_JOURNAL_HEAD_SIZE]);
/* Reads "SIZE:ROOT" or "SIZE ROOT"; 0 on success. */
int yg_journal_head_parse(const char *text, uint64_t *size, struct yg_digest *root);

enum yg_entry_kind { YG_ENTRY_BEGIN, YG_ENTRY_END, YG_ENTRY_EVENT, YG_ENTRY_RECOVERY };

/* An entry read back.  Texts live in the arena, absent ones are NULL; absent numbers are 0. */
struct yg_journal_entry {
	uint64_t seq, ref;
	enum yg_entry_kind kind;
	const char *action, *time, *session;   /* time: 2026-11-22T16:22:33.123456789Z */
	const char *actor, *role, *why;
	const char *program, *version;
	const char *status, *code;             /* status: ok, error, refused, aborted, crashed */
	bool has_params;
	struct yg_journal_params params;
	const struct yg_journal_input *inputs;
	size_t ninputs;
	bool has_rng;
	struct yg_journal_rng rng;
	const struct yg_journal_output *outputs;
	size_t noutputs;
	bool has_gate;
	struct yg_journal_gate gate;
	const struct yg_digest *objects;       /* first stored with this entry */
	size_t nobjects;
	bool has_env;
	struct yg_digest env;
	struct yg_digest prev, hash;
	const char *body;                      /* the stored bytes */
	size_t body_len;
};
/* Entry seq, 1 .. size. */
enum yg_status yg_journal_read(struct yg_journal *j, uint64_t seq, struct yg_arena *arena,
                               struct yg_journal_entry *out, struct yg_err *err) YG_MUST_USE;
/* The number of the end or recovery entry that closes a begin, 0 when it is open still. */
enum yg_status yg_journal_closing(struct yg_journal *j, uint64_t begin, uint64_t *seq, struct yg_err *err) YG_MUST_USE;
/* The bytes of an object, checked against its digest; YG_EINPUT when there is none. */
enum yg_status yg_journal_get_object(struct yg_journal *j, const struct yg_digest *digest, struct yg_buf *out,
                                     struct yg_err *err) YG_MUST_USE;
bool yg_journal_has_object(struct yg_journal *j, const struct yg_digest *digest);

/* ---- verification ---- */

struct yg_journal_report {
	uint64_t entries, checkpoints, objects;
	char head[YG_JOURNAL_HEAD_SIZE];
	bool closed;              /* the last session was closed; else its tail may be missing */
	uint64_t open_begins;     /* begun and not ended: a crash not yet recovered */
	uint64_t clock_back;      /* first entry whose wall clock is before the one above it, 0 none */
	bool copied;              /* db and -wal were copied to a private folder to be read */
	uint64_t bad_seq;         /* first failure: the entry it is about, 0 when about no entry */
	char what[256];           /* and what it was, English; empty when all is well */
};
/* Check everything, write nothing.  head (may be NULL) is one kept from earlier.  YG_ETAMPERED with
   report filled when it does not hold; YG_EBUSY while another process has the study open. */
enum yg_status yg_journal_verify(const char *path, const char *head, struct yg_journal_report *report,
                                 struct yg_err *err) YG_MUST_USE;
/* The same on a journal that is open here. */
enum yg_status yg_journal_check(struct yg_journal *j, const char *head, struct yg_journal_report *report,
                                struct yg_err *err) YG_MUST_USE;

#endif
