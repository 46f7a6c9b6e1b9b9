/* What the parts of the prompt share. */
#ifndef YOGO_SRC_REPL_PRIV_H
#define YOGO_SRC_REPL_PRIV_H

#include "yogo/base/buf.h"
#include "yogo/lang/complete.h"
#include "yogo/repl/repl.h"
#include "yogo/session/executor.h"

struct yg_repl {
	const struct yg_repl_options *options;
	struct yg_session *session;
	bool terminal;               /* input and output are terminals */
	bool editing;                /* readline is in charge of the line */
	struct yg_buf text;          /* terminal: the statement being typed; else: all input so far */
	size_t offset;               /* where in text the next statement begins */
	int code;                    /* of the first failure */
	bool leave;
};

/* ---- what may stand at the cursor, with names filled in ---- */
struct yg_offer {
	const char *text;            /* as it is to be inserted */
	const char *help;            /* or NULL */
	const char *after;
};
struct yg_offers {
	struct yg_offer *v;
	size_t n, cap;
	size_t from;                 /* offers replace [from, at) */
	const char *hint;            /* the form of the verb at hand, or NULL */
};
/* All memory is the arena's. state may be NULL (nothing defined).  folder: where files are looked for besides "." */
void yg_repl_offers(struct yg_arena *arena, const struct yg_state *state, const char *folder, const char *text, size_t at,
                    struct yg_offers *out);
/* Bytes that all offers have in common, at least those typed. */
size_t yg_repl_common(const struct yg_offers *offers);

/* ---- reading ---- */
enum yg_line { YG_LINE_READ, YG_LINE_END, YG_LINE_INTERRUPTED };
void yg_line_open(struct yg_repl *r);        /* line editing and history, when the input is a terminal */
void yg_line_close(struct yg_repl *r);
/* One line, without its end, appended to out.  more: it continues what was typed before. */
enum yg_line yg_line_read(struct yg_repl *r, bool more, struct yg_buf *out);
/* The statement is whole: history keeps it, on one line, in place of the lines it was typed on. */
void yg_line_remember(struct yg_repl *r, const char *statement);
/* Where history is kept; NULL when there is no home.  New string. */
char *yg_line_history_path(void);

/* ---- Ctrl-C and the meter ---- */
void yg_interrupt_install(void);
/* Waits for input; a Ctrl-C before or during the wait is never missed. */
enum yg_wait { YG_WAIT_INPUT, YG_WAIT_INTERRUPTED, YG_WAIT_SIGNAL, YG_WAIT_FAILED };
enum yg_wait yg_interrupt_wait(int fd);
void yg_work_begin(struct yg_task *task, bool meter);
void yg_work_end(void);

/* ---- showing ---- */
void yg_repl_show(const struct yg_repl *r, const struct yg_reply *reply);

#endif
