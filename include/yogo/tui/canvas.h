/*
 * A grid of cells: all drawing of the terminal workbench goes here, so that every screen can be
 * tested without a terminal.  term.c copies a canvas to ncurses; the headless front end prints it.
 *
 * Every cell holds a base character with its combining marks (UTF-8, at most 15 bytes), its width and
 * a role; the second column of a wide character holds an empty cell of width 0.  Drawing outside is cut; a wide
 * character that would straddle the edge is left out and the column stays blank, so a row is
 * always exactly as wide as the canvas.  Text is made safe first: controls show as visible escapes.
 */
#ifndef YOGO_TUI_CANVAS_H
#define YOGO_TUI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>

#include "yogo/base/buf.h"

/* What a piece of the screen is; a theme maps it to colours and attributes. */
enum yg_tui_role {
	YG_TUI_TEXT,
	YG_TUI_DIM,
	YG_TUI_HEADER,     /* line 1 */
	YG_TUI_TAB,        /* a place's name */
	YG_TUI_TAB_ACTIVE,
	YG_TUI_TITLE,      /* headings of columns */
	YG_TUI_CURSOR,     /* the selected row */
	YG_TUI_ECHO,       /* the command */
	YG_TUI_MESSAGE,
	YG_TUI_ERROR,
	YG_TUI_WARNING,
	YG_TUI_KEY,        /* key names in hints */
	YG_TUI_MATCH,      /* what a search matched */
	YG_TUI_DRAFT,
	YG_TUI_SERIES_1,
	YG_TUI_SERIES_2,
	YG_TUI_SERIES_3,
	YG_TUI_SERIES_4,
	YG_TUI_ROLES
};

struct yg_canvas_cell {
	char text[16];
	unsigned char width;         /* 1, 2, or 0 for the second half of a wide character */
	unsigned char role;
};
struct yg_canvas {
	int rows, columns;
	struct yg_canvas_cell *cell; /* rows x columns */
};
void yg_canvas_init(struct yg_canvas *c, int rows, int columns); /* at least 1 x 1 */
void yg_canvas_release(struct yg_canvas *c);
void yg_canvas_clear(struct yg_canvas *c);
/* Draw UTF-8 text from (row, column), cut at the right edge or after max columns (< 0 = to the edge).
   Returns the columns used. */
int yg_canvas_text(struct yg_canvas *c, int row, int column, int max, enum yg_tui_role role, const char *text);
/* Text in a field of exactly width columns, cut with "~"; align < 0 left, > 0 right. */
void yg_canvas_field(struct yg_canvas *c, int row, int column, int width, int align, enum yg_tui_role role, const char *text);
void yg_canvas_fill(struct yg_canvas *c, int row, int column, int rows, int columns, enum yg_tui_role role);
/* Change only the role of a stretch of a row. */
void yg_canvas_paint(struct yg_canvas *c, int row, int column, int columns, enum yg_tui_role role);
/* The screen as text, one line a row, trailing blanks kept out; with roles as a second block of letters when wanted. */
void yg_canvas_print(const struct yg_canvas *c, bool roles, struct yg_buf *out);

#endif
