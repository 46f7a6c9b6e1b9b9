/*
 * The one door: text in, result out.
 *
 *   prepare  parse, bind, check; canonical and resolved text; no effect, no patient data shown
 *   run      the BEGIN entry goes to the study, then the handler reads one immutable state
 *   gate     raw -> safe under the data set's policy
 *   commit   new state, result, files, the END entry
 *
 * Front ends hand over text and show the reply.  Commands are known here only as entries of a table
 * that the command room hands in.
 */
#ifndef YOGO_SESSION_EXECUTOR_H
#define YOGO_SESSION_EXECUTOR_H

#include "yogo/base/pool.h"
#include "yogo/base/task.h"
#include "yogo/lang/spec.h"
#include "yogo/session/state.h"

struct yg_session;
struct yg_raw;

struct yg_session_options {
	const char *study;           /* path of the study file; NULL = none (check, tests, replay) */
	const char *program;         /* "yogo 0.1.0" */
	const char *script_folder;   /* scripts read files relative to it; NULL = "." */
	const char *data_folder;     /* --data: looked in first; NULL = none */
	const char *out_folder;      /* --out: output files; NULL = "." */
	bool allow_paths;            /* absolute paths and ".." in scripts */
	unsigned threads;            /* 0 = all processors */
	uint64_t memory_limit;       /* bytes for data; 0 = three quarters of the machine's */
	const char *actor, *role;    /* NULL = login name, "researcher" */
	const char *profile;         /* stricter disclosure profile; NULL = the manifests' */
	const char *front_end;       /* "run", "repl", "tui", "replay" */
	bool batch;                  /* a script: stochastic verbs need a seed */
	bool check_only;             /* bind and type-check, define, compute nothing */
	bool no_files;               /* replay: compute what would be written, write nothing */
};

/* What a handler gets.  Everything is borrowed; arena lives until the command ends. */
struct yg_context {
	struct yg_session *session;
	const struct yg_session_options *options;
	const struct yg_state *state;
	struct yg_task *task;
	struct yg_arena *arena;
	const char *position;        /* "SEQ:HASH", this command's begin entry and the chain before it; "" without a study */
	const char *resolved;        /* resolved text of this statement */
	const char *name;            /* name the result will have: "as", or r1, r2 ... (results only) */
};
/* A file a command wants written (report, export, save): relative to the out folder. */
struct yg_file {
	char *path;
	struct yg_buf bytes;
	bool overwrite;              /* may replace a file that exists */
};
/* What a handler gives.  Executor owns it after the call, also on failure. */
struct yg_outcome {
	struct yg_raw *raw;          /* NULL = no result */
	void (*raw_free)(struct yg_raw *raw);
	struct yg_object *subject;   /* the data set whose policy the result passes (borrowed), NULL = the active one */
	char *population;            /* sentence; NULL = none */
	char *text;                  /* plain text for LOOK commands (help, history) */
	struct yg_object **object;   /* objects made: put in the state in order */
	size_t objects, object_cap;
	struct yg_object *named;     /* among object[]: the one that carries the result */
	struct yg_file *file;
	size_t files, file_cap;
	bool changes_active;
	struct yg_object *dataset;   /* new active data set, table, cohort (when changes_active) */
	const struct yg_table *table;
	struct yg_object *cohort;
	bool changes_seed;
	int64_t seed;
	char *title;
	bool undo;                   /* go back one state */
	bool refused;                /* assert failed: recorded, exit 1; the message is in err */
};
void yg_outcome_add_object(struct yg_outcome *o, struct yg_object *object_taken);
struct yg_buf *yg_outcome_add_file(struct yg_outcome *o, const char *path, bool overwrite);

/* One entry a command. */
struct yg_command {
	const char *name;            /* verb, or statement word: "km", "open", "cohort" */
	int operation_version;
	enum yg_effect effect;
	const char *action;          /* journal action: "analysis.run", "cohort.define", "dataset.load" ... */
	bool makes_result;           /* takes a name: "as", else r1, r2 ... */
	/* Check and fill in: names, kinds, types, defaults written into the statement (a private copy).  No data read. */
	enum yg_status (*resolve)(struct yg_context *c, struct yg_node *statement, struct yg_err *err);
	enum yg_status (*run)(struct yg_context *c, const struct yg_node *statement, struct yg_outcome *out, struct yg_err *err);
};

enum yg_status yg_session_open(const struct yg_session_options *options, const struct yg_command *const *commands,
                               size_t count, struct yg_session **out, struct yg_err *err) YG_MUST_USE;
/* Writes the closing checkpoint.  head (may be NULL) gets the journal's head line. */
enum yg_status yg_session_close(struct yg_session *s, struct yg_buf *head, struct yg_err *err) YG_MUST_USE;
const struct yg_state *yg_session_state(const struct yg_session *s);
struct yg_task *yg_session_task(struct yg_session *s);      /* progress and cancel of the running command */
const char *yg_session_study(const struct yg_session *s);   /* path, or NULL */
const struct yg_session_options *yg_session_options(const struct yg_session *s);
/* Replay: what stands for the position of the next command in what it writes; NULL = its own. */
void yg_session_set_position(struct yg_session *s, const char *position);
/* Size and root of the journal as one line, or "" without a study. */
const char *yg_session_head(struct yg_session *s);

/* What a statement gave, for the front end. */
struct yg_reply {
	char *typed;                 /* the statement's own text */
	char *canonical;
	char *resolved;
	const char *word;            /* verb or statement word */
	char *name;                  /* name of the object made, or NULL */
	struct yg_result *result;    /* counted, or NULL */
	char *text;                  /* plain text, or NULL */
	char **file;                 /* files written */
	struct yg_digest *file_digest; /* SHA-256 of each */
	size_t files;
	uint64_t seq;                /* journal number of the begin entry, 0 = none */
	char **stale;                /* objects that must be made again after a redefinition */
	size_t stales;
	double seconds;
	size_t at, len;              /* span of the statement in the text handed in */
};
void yg_reply_release(struct yg_reply *r);

/*
 * Execute the next statement of text from *offset; moves *offset behind it.  *done = true when there
 * was none left.  On failure err has the place in text; what was committed before stays.
 */
enum yg_status yg_session_execute(struct yg_session *s, const char *text, size_t n, size_t *offset, bool *done,
                                  struct yg_reply *reply, struct yg_err *err) YG_MUST_USE;
/*
 * The same in three steps, for a front end that stays awake: start and finish on the owner's thread
 * (they parse, write the journal, change the state), run on any thread.  One job at a time; between start and finish the
 * session may be looked at but not changed.  *out is NULL when there was no statement left.
 * finish frees the job, always.
 */
struct yg_job;
enum yg_status yg_job_start(struct yg_session *s, const char *text, size_t n, size_t *offset, struct yg_job **out,
                            struct yg_err *err) YG_MUST_USE;
void yg_job_run(struct yg_job *job);
enum yg_status yg_job_finish(struct yg_job *job, struct yg_reply *reply, struct yg_err *err) YG_MUST_USE;
/*
 * A job that only looks ahead: what the first statement of the text would give, for a form that is being filled in.
 * A definition (cohort, endpoint) or a command that makes a result; run and finish as above.  The same binding,
 * policy and gate; nothing is committed, no file is written.  On guarded data it is a query like any other: its
 * numbers are shown only with an entry of the journal (an event query.preview with the text and the result).
 */
enum yg_status yg_job_preview(struct yg_session *s, const char *text, size_t n, struct yg_job **out,
                              struct yg_err *err) YG_MUST_USE;

/* Only the first half: what would run.  reply gets typed, canonical, resolved. */
enum yg_status yg_session_prepare(struct yg_session *s, const char *text, size_t n, size_t *offset, bool *done,
                                  struct yg_reply *reply, struct yg_err *err) YG_MUST_USE;

/* Where a file named in a script is: refuses what lies outside unless allowed.  New string. */
enum yg_status yg_session_find_file(const struct yg_session_options *o, const char *name, char **out,
                                    struct yg_err *err) YG_MUST_USE;

#endif
