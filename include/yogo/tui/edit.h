/* A line of text being edited: the command line, filters, fields of forms. */
#ifndef YOGO_TUI_EDIT_H
#define YOGO_TUI_EDIT_H

#include <stdbool.h>

#include "yogo/base/buf.h"
#include "yogo/tui/canvas.h"

#define YG_EDIT_LIMIT (64u << 10)

struct yg_edit {
	struct yg_buf text;
	size_t cursor;        /* byte offset, at a character's start */
	size_t first;         /* first byte shown */
};
void yg_edit_init(struct yg_edit *e, const char *text);
void yg_edit_release(struct yg_edit *e);
void yg_edit_set(struct yg_edit *e, const char *text);     /* cursor at the end */
/* Insert at the cursor; false when the limit of 64 KiB would be passed. */
bool yg_edit_insert(struct yg_edit *e, const char *text);
/* Replace bytes from..cursor by text (completion). */
void yg_edit_replace(struct yg_edit *e, size_t from, const char *text);
/* Handle an editing key; false when the key is none of its own. */
bool yg_edit_key(struct yg_edit *e, int key);
/* Draw in a field of width columns with the cursor shown; returns the cursor's column. */
int yg_edit_draw(struct yg_edit *e, struct yg_canvas *c, int row, int column, int width, enum yg_tui_role role);

#endif
