/* The terminal workbench (docs/workbench.md). */
#ifndef YOGO_TUI_TUI_H
#define YOGO_TUI_TUI_H

#include <stdbool.h>

#include "yogo/report/report.h"

struct yg_tui_options {
	const char *file;            /* a cohort file to open at start, or NULL */
	const char *study;           /* NULL = session.study in the out folder */
	const char *data_folder, *out_folder, *profile, *actor, *role;
	unsigned threads;
	bool allow_paths, mouse, no_color;
	const char *theme;
	/* headless: no terminal; keys from a script, screens into files */
	const char *headless;        /* "80x24", or NULL */
	const char *script;          /* FILE.keys */
	struct yg_render_options render;
};
/* Runs until the user leaves; returns the exit code. */
int yg_tui(const struct yg_tui_options *options);

#endif
