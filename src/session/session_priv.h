/* What a session holds, and a statement that was prepared in it; private to the session. */
#ifndef YOGO_SESSION_SESSION_PRIV_H
#define YOGO_SESSION_SESSION_PRIV_H

#include "record_priv.h"
#include "yogo/session/executor.h"

struct yg_session {
	struct yg_session_options options;
	const struct yg_command *const *command;
	size_t commands;
	struct yg_pool *pool;
	struct yg_task task;
	struct yg_state *state;
	struct yg_record *record;
	bool columns_unknown;           /* check: see only_syntax */
	char *position;                 /* replay: stands for the position of the next command */
};

/* A statement on its way through the four steps. */
struct yg_prepared {
	struct yg_arena arena;
	struct yg_context context;
	const struct yg_command *command;
	struct yg_node *statement;      /* resolved */
	const char *word;
	bool unavailable;               /* in the language, not in this version (check only) */
	char name[96];                  /* of the result */
};

/*
 * Parse the next statement of text from *offset, find its command, choose its name and resolve it.  *done when the text
 * has no further statement.  p's arena is made by the caller.
 */
enum yg_status yg_session_prepare_next(struct yg_session *s, const char *text, size_t n, size_t *offset, bool *done,
                                       struct yg_prepared *p, struct yg_reply *reply, struct yg_err *err) YG_MUST_USE;

/* The name a result will have: "as", else r1, r2 ...; an object of another kind may not be hidden by it. */
enum yg_status yg_session_choose_name(struct yg_session *s, struct yg_prepared *p, struct yg_err *err) YG_MUST_USE;

#endif
