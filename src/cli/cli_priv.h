/* What the parts of the command line share. */
#ifndef YOGO_CLI_PRIV_H
#define YOGO_CLI_PRIV_H

#include <stdbool.h>

#include "yogo/report/report.h"
#include "yogo/session/executor.h"

struct yg_cli {
	const char *word;             /* run, import ..., a file, or NULL: the workbench */
	char **argument;              /* after the word, options removed */
	int arguments;
	/* options, each by its long name */
	const char *out, *study, *format, *data, *profile, *actor, *role, *language, *manifest, *output, *encoding, *person, *accept,
		*head, *bad_rows, *delimiter, *glyphs, *headless, *script, *theme;
	const char **table;           /* --table NAME=FILE, repeated */
	int tables;
	unsigned threads;
	int width;
	bool allow_paths, public_data, figures, quiet, plain, write, strict, no_color, timing, mouse, reset;
};
/* Parse argv; prints its own message and returns an exit code, or -1 to go on. */
int yg_cli_parse(int argc, char **argv, struct yg_cli *cli);

int yg_cli_run(const struct yg_cli *cli);
int yg_cli_check(const struct yg_cli *cli);
int yg_cli_format(const struct yg_cli *cli);
int yg_cli_help(const struct yg_cli *cli);
int yg_cli_import(const struct yg_cli *cli);
int yg_cli_info(const struct yg_cli *cli);
int yg_cli_verify(const struct yg_cli *cli);
int yg_cli_replay(const struct yg_cli *cli);

/* Print an error with its place in the text (NULL = no text); returns its exit code. */
int yg_cli_error(const char *name, const char *text, size_t n, const struct yg_err *err);
/* How results are shown. */
struct yg_render_options yg_cli_render(const struct yg_cli *cli);

/* A progress meter on the error stream, from a timer; nothing when it is no terminal. */
void yg_cli_progress_start(struct yg_task *task);
void yg_cli_progress_stop(void);

#endif
