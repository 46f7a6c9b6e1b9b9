/*
 * The inside of the workbench: one application, a stack of views, one prompt, one job.
 *
 * One law: a key never does anything but look.  It moves, scrolls, opens; or it writes a command, which
 * stands on the echo line and goes through the executor like every other.
 */
#ifndef YOGO_TUI_PRIV_H
#define YOGO_TUI_PRIV_H

#include <pthread.h>

#include "yogo/base/map.h"
#include "yogo/report/report.h"
#include "yogo/session/executor.h"
#include "yogo/tui/canvas.h"
#include "yogo/tui/edit.h"
#include "yogo/tui/key.h"
#include "yogo/tui/tui.h"

struct yg_tui;
struct yg_view;

/* A rectangle of the canvas that a view may draw in. */
struct yg_rect {
	int row, column, rows, columns;
};

struct yg_view_kind {
	const char *name;                /* "data": for help */
	/* Draw; pure looking. */
	void (*draw)(struct yg_tui *t, struct yg_view *v, struct yg_canvas *c, struct yg_rect r);
	/* True when the key was the view's. */
	bool (*key)(struct yg_tui *t, struct yg_view *v, int key);
	/* The state moved on: throw away what was computed from the old one. */
	void (*refresh)(struct yg_tui *t, struct yg_view *v);
	void (*release)(struct yg_view *v);
	/* "Enter rows  / filter ..." most useful first. */
	const char *(*hints)(const struct yg_tui *t, const struct yg_view *v);
	/* What stands in line 1 behind the place: "os", "itt (editing)". */
	const char *(*title)(const struct yg_tui *t, const struct yg_view *v);
	/* The command this screen stands for, or NULL. */
	const char *(*command)(const struct yg_tui *t, const struct yg_view *v);
};

struct yg_view {
	const struct yg_view_kind *kind;
	int place;                       /* 1 Data .. 5 Journal */
	size_t cursor, top;              /* of a list */
	int scroll_row, scroll_column;   /* of a page */
	struct yg_edit filter;
	bool filtering;
	void *data;                      /* the view's own */
	char title[128];
	struct yg_view *below;           /* what q goes back to */
};

enum yg_tui_mode { YG_MODE_VIEW, YG_MODE_PROMPT, YG_MODE_PALETTE, YG_MODE_QUESTION };

struct yg_tui {
	struct yg_tui_options options;
	struct yg_session *session;
	struct yg_view *view;
	enum yg_tui_mode mode;
	struct yg_edit prompt;
	struct yg_map history;           /* texts that ran, oldest first (keys) */
	size_t history_at;
	struct yg_palette *palette;
	char *echo;                      /* the command that ran last, or is about to run */
	char *message;
	enum yg_tui_role message_role;
	struct yg_err error;             /* the last one, for E */
	bool has_error;
	/* the job */
	char *text;                      /* statements under way */
	size_t offset;
	struct yg_job *job;
	pthread_t worker;
	bool working;
	atomic_bool worker_done;
	int64_t started;
	struct yg_reply last;            /* of the statement that ended last */
	void (*after)(struct yg_tui *t, enum yg_status status);  /* what the view wants when the text has run */
	/* looks */
	struct yg_render_options render;
	bool quit, dirty;
	int rows, columns;
	int cursor_row, cursor_column;
	char question[160];
	void (*answer)(struct yg_tui *t, bool yes);
	struct yg_buf echoed;            /* every command that ran, one a line: headless runs compare it */
	const struct yg_result *marked;  /* result kept for the side-by-side view (counted) */
};

/* tui.c */
void yg_tui_run_text(struct yg_tui *t, const char *text, void (*after)(struct yg_tui *t, enum yg_status status));
void yg_tui_message(struct yg_tui *t, enum yg_tui_role role, const char *format, ...) __attribute__((format(printf, 3, 4)));
void yg_tui_push(struct yg_tui *t, struct yg_view *v);
void yg_tui_pop(struct yg_tui *t);
void yg_tui_go(struct yg_tui *t, int place);
void yg_tui_prompt(struct yg_tui *t, const char *text);
void yg_tui_draw(struct yg_tui *t, struct yg_canvas *c);
void yg_tui_key(struct yg_tui *t, int key);
void yg_tui_tick(struct yg_tui *t);          /* news from the worker */
bool yg_tui_busy(const struct yg_tui *t);
struct yg_view *yg_view_new(const struct yg_view_kind *kind, int place);

/* complete.c: Tab on a line of the language */
void yg_tui_complete(struct yg_tui *t, struct yg_edit *e);
/* headless.c: keys from a script, screens into files; the exit code */
int yg_tui_headless(struct yg_tui *t);

/* list.c: moving a cursor through n rows, height shown at once */
bool yg_list_key(struct yg_view *v, int key, size_t n, int height);
void yg_list_scroll(struct yg_view *v, size_t n, int height);

/* palette.c */
struct yg_palette *yg_palette_new(struct yg_tui *t);
void yg_palette_free(struct yg_palette *p);
void yg_palette_draw(struct yg_tui *t, struct yg_palette *p, struct yg_canvas *c, struct yg_rect r);
/* 0 = go on, 1 = chosen (the command template is in the prompt), -1 = left */
int yg_palette_key(struct yg_tui *t, struct yg_palette *p, int key);
/* Score of how well words match a text, fzf's manner: -1 no match; marks get the matched columns. */
int yg_fuzzy_score(const char *pattern, const char *text, uint64_t *marks);

/* help.c: what the keys of this view do */
const char *yg_tui_help_text(const struct yg_view *v);

/* the views */
struct yg_view *yg_view_data(struct yg_tui *t);
struct yg_view *yg_view_objects(struct yg_tui *t, int place);   /* cohorts, endpoints, results */
struct yg_view *yg_view_result(struct yg_tui *t, int place, const char *name, struct yg_result *result);
struct yg_view *yg_view_journal(struct yg_tui *t);
struct yg_view *yg_view_help(struct yg_tui *t, const char *topic);
struct yg_view *yg_view_form(struct yg_tui *t, int place, const char *kind, const char *name);

#endif
