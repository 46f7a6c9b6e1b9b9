/*
 * The terminal: ncurses is used here and nowhere else.
 *
 * A theme maps each role to colours and attributes for 2, 8/16, 256 colours; NO_COLOR and mono use
 * attributes only.  The sequences that restore the terminal are fetched at start, so that a handler of any fatal
 * signal can write them with write(2) before the signal takes its course.
 */
#ifndef YOGO_TUI_TERM_H
#define YOGO_TUI_TERM_H

#include <stdbool.h>

#include "yogo/base/status.h"
#include "yogo/tui/canvas.h"

struct yg_term_options {
	const char *theme;     /* "default", "light", "mono", "contrast"; NULL = default */
	bool no_color;
	bool mouse;
};
enum yg_status yg_term_open(const struct yg_term_options *o, struct yg_err *err) YG_MUST_USE;
void yg_term_close(void);
void yg_term_size(int *rows, int *columns);
/* Does the locale write UTF-8?  Else characters beyond ASCII show as "?". */
bool yg_term_utf8(void);
/* Show the canvas; cursor_row < 0 hides the cursor. */
void yg_term_show(const struct yg_canvas *c, int cursor_row, int cursor_column);
/* The next key, or YG_KEY_NONE after timeout milliseconds. */
int yg_term_key(int timeout_ms);
/* Where the mouse was pressed; wheel is -1 up, 1 down, 0 a click. */
void yg_term_mouse(int *row, int *column, int *wheel);
enum yg_status yg_term_theme(const char *theme, struct yg_err *err) YG_MUST_USE;
void yg_term_use_mouse(bool on);
/* Draw everything anew at the next show; go to the background and come back. */
void yg_term_redraw(void);
void yg_term_suspend(void);
/* Write the restoring sequences of a common terminal: yogo --reset. */
void yg_term_reset(void);

#endif
