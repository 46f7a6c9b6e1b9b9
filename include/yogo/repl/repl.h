/*
 * The prompt: commands typed one by one, blocks over several lines, completion and history.
 *
 * When the input is no terminal there are no prompts and no escapes: statements are read to the end of
 * the input, each is run as soon as it is whole, and a failing one does not stop the next.
 */
#ifndef YOGO_REPL_REPL_H
#define YOGO_REPL_REPL_H

#include <stdbool.h>

#include "yogo/report/report.h"

struct yg_repl_options {
	const char *cohort;          /* data set to open first, or NULL */
	const char *study;           /* NULL = ./session.study (in the out folder when one is given) */
	const char *data_folder, *out_folder, *profile, *actor, *role;   /* as in struct yg_session_options; may be NULL */
	unsigned threads;
	bool allow_paths;
	bool plain;                  /* no line editing, no meter, no drawn figures: for screen readers and dumb terminals */
	bool figures;                /* draw figures also when the output is no terminal */
	struct yg_render_options render;
};
/* Returns the exit code: 0, or, when the input is no terminal, that of the first failure. */
int yg_repl(const struct yg_repl_options *options);

#endif
