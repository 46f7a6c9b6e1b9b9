/*
 * The inside of the workbench: one application, a stack of views, one prompt, one lane of work.
 *
 * One law: a key never does anything but look.  It moves, scrolls, opens; or it writes a command, which
 * stands on the echo line and goes through the executor like every other.
 */
#ifndef YOGO_TUI_PRIV_H
#define YOGO_TUI_PRIV_H

#include <pthread.h>

#include "yogo/base/map.h"
#include "yogo/report/report.h"
#include "yogo/session/query.h"
#include "yogo/session/replay.h"
#include "yogo/tui/canvas.h"
#include "yogo/tui/edit.h"
#include "yogo/tui/key.h"
#include "yogo/tui/tui.h"

#define YG_TUI_ROWS_LEAST 16
#define YG_TUI_COLUMNS_LEAST 60

struct yg_tui;
struct yg_view;

enum { YG_PLACE_DATA = 1, YG_PLACE_COHORTS, YG_PLACE_ENDPOINTS, YG_PLACE_RESULTS, YG_PLACE_JOURNAL };

/* A rectangle of the canvas that a view may draw in. */
struct yg_rect {
	int row, column, rows, columns;
};

struct yg_view_kind {
	const char *name;                /* "data": for bindings and help */
	/* Draw; pure looking. */
	void (*draw)(struct yg_tui *t, struct yg_view *v, struct yg_canvas *c, struct yg_rect r);
	/* True when the key was the view's. */
	bool (*key)(struct yg_tui *t, struct yg_view *v, int key);
	/* The state moved on: throw away what was computed from the old one. */
	void (*refresh)(struct yg_tui *t, struct yg_view *v);
	void (*release)(struct yg_view *v);
	/* "Enter rows  / filter ..." most useful first; a key's name, a blank, what it does, two blanks. */
	const char *(*hints)(const struct yg_tui *t, const struct yg_view *v);
	/* What stands in line 1 behind the place: "os", "itt (editing)". */
	const char *(*title)(const struct yg_tui *t, const struct yg_view *v);
	/* The command this screen stands for, or NULL; valid until the next call. */
	const char *(*command)(const struct yg_tui *t, const struct yg_view *v);
	/* The name that {column}, {endpoint}, {cohort} or {result} means here, or NULL; valid until the next call. */
	const char *(*slot)(struct yg_tui *t, struct yg_view *v, const char *slot);
};

struct yg_view {
	const struct yg_view_kind *kind;
	int place;                       /* 1 Data .. 5 Journal */
	size_t cursor, top;              /* of a list */
	int list_row;                    /* screen row of the list's first line, for the mouse; < 0 none */
	int list_height;
	int scroll_row, scroll_column;   /* of a page */
	struct yg_edit edit;             /* the filter, or the field being edited */
	bool editing;
	void *data;                      /* the view's own */
	char title[128];
	struct yg_view *below;           /* what q goes back to */
};

enum yg_tui_mode { YG_MODE_VIEW, YG_MODE_PROMPT, YG_MODE_PALETTE, YG_MODE_QUESTION };

/* A result that the text under way has given. */
struct yg_got {
	char *name;
	struct yg_result *result;
};

#define YG_TUI_QUEUE 8

struct yg_tui {
	struct yg_tui_options options;
	struct yg_session *session;
	struct yg_view *view;
	enum yg_tui_mode mode;
	struct yg_edit prompt;
	struct yg_map history;           /* texts that ran, oldest first (keys) */
	size_t history_at;
	char *completions;               /* candidates of the last Tab, for the message line */
	struct yg_palette *palette;
	char *echo;                      /* the command that ran last, or is about to run */
	bool echo_fresh;                 /* it has just run: it stays until the next key, whatever is in view */
	char *message;
	enum yg_tui_role message_role;
	struct yg_err error;             /* the last one, for E, with the text it is about */
	char *error_text;
	bool has_error;
	/* the lane */
	char *text;                      /* statements under way */
	size_t offset;
	bool cancelling;                 /* Esc was pressed: the text ends even if the statement under way was done already */
	bool from_prompt;                /* typed by hand: a syntax error opens the prompt again */
	struct yg_job *job;
	struct yg_replay *replay;        /* then job is a statement of the replay */
	struct yg_job *at_work;          /* what the worker runs: job, or ahead_job */
	pthread_t worker;
	bool working;
	atomic_bool worker_done;
	int64_t started, key_at;
	char *queue[YG_TUI_QUEUE];       /* texts that wait */
	size_t queued;
	struct yg_got *got;
	size_t gots, got_cap;
	char *made;                      /* name of the cohort or endpoint defined last in the text, or NULL */
	enum yg_object_kind made_kind;
	void (*after)(struct yg_tui *t, enum yg_status status);  /* what wants to know when the text has run */
	/* what a form would give, looked at ahead while nothing else runs */
	char *ahead;                     /* text asked for and not begun, or NULL */
	int64_t ahead_since;             /* when the last key asked for it */
	struct yg_job *ahead_job;
	char *ahead_text;                /* what the job runs, or what the outcome below is of */
	struct yg_result *ahead_result;  /* counted; NULL = refused, or not there yet */
	char *ahead_refusal;             /* why, in one line, or NULL */
	char ahead_code[16];             /* its number */
	char *line_before;               /* what made the state before the statement under way */
	char **undone;                   /* canonical texts that undo took back, last first to redo */
	size_t undones, undone_cap;
	bool redoing;
	struct yg_map written;           /* files this session wrote: no question before writing them again */
	/* looks */
	struct yg_render_options render;
	bool quit, dirty, mouse, redraw;
	int rows, columns;
	int cursor_row, cursor_column;
	char question[400];
	char *asked;                     /* the text that runs when the question is answered with y */
	struct yg_buf echoed;            /* every command that ran, as text that runs again: headless runs compare it */
	char *marked;                    /* name of the result kept for the side-by-side view */
	struct yg_result *marked_result; /* counted */
	struct yg_map picked;            /* columns marked in the data view, in order */
};

/* ---- tui.c: views ---- */
struct yg_view *yg_view_new(const struct yg_view_kind *kind, int place);
void yg_tui_push(struct yg_tui *t, struct yg_view *v);
void yg_tui_pop(struct yg_tui *t);
void yg_tui_go(struct yg_tui *t, int place);
void yg_tui_refresh(struct yg_tui *t);
enum yg_status yg_tui_start(struct yg_tui *t, const struct yg_tui_options *o, struct yg_err *err) YG_MUST_USE;
enum yg_status yg_tui_stop(struct yg_tui *t, struct yg_err *err) YG_MUST_USE;

/* ---- run.c: the lane ---- */
/* Run statements one after another; what they give is looked at when the last has run.  While others
   run the text waits in the queue. */
void yg_tui_run_text(struct yg_tui *t, const char *text, void (*after)(struct yg_tui *t, enum yg_status status));
void yg_tui_tick(struct yg_tui *t);          /* news from the worker */
bool yg_tui_busy(const struct yg_tui *t);
void yg_tui_cancel(struct yg_tui *t);
void yg_tui_message(struct yg_tui *t, enum yg_tui_role role, const char *format, ...) __attribute__((format(printf, 3, 4)));
void yg_tui_show_error(struct yg_tui *t, const struct yg_err *err, const char *text);
void yg_tui_replay(struct yg_tui *t);

/* ---- ahead.c: previews ---- */
/* Ask for what the text would give; it is begun when keys rest for a moment.  NULL drops what was asked for. */
void yg_tui_ahead(struct yg_tui *t, const char *text);
/* What the text would give, when it has been looked at: a borrowed result, or NULL and perhaps a refusal. */
struct yg_result *yg_tui_ahead_of(const struct yg_tui *t, const char *text, const char **refusal);
void yg_tui_ahead_tick(struct yg_tui *t);
/* Something is asked for or under way. */
bool yg_tui_ahead_pending(const struct yg_tui *t);
/* End it now: a command is to run.  Waits for the worker, which looks at its flag all the time. */
void yg_tui_ahead_stop(struct yg_tui *t);
void yg_tui_ahead_release(struct yg_tui *t);
/* run.c: the one worker */
void yg_tui_worker_start(struct yg_tui *t, struct yg_job *job, int patience_ms);
void yg_tui_worker_join(struct yg_tui *t);

/* ---- outcome.c: where results are looked at ---- */
void yg_tui_show_outcome(struct yg_tui *t);
void yg_tui_open_object(struct yg_tui *t, const char *name);

/* ---- keys.c ---- */
void yg_tui_key(struct yg_tui *t, int key);
void yg_tui_click(struct yg_tui *t, int row, int column, int wheel);
void yg_tui_prompt(struct yg_tui *t, const char *text);
/* Put the text in the prompt with the cursor on its first gap (a word in capitals that stands for a name). */
void yg_tui_prompt_at_gap(struct yg_tui *t, const char *text);
/* A question that only y answers with yes; then text runs. */
void yg_tui_ask(struct yg_tui *t, const char *question, const char *text);

/* ---- frame.c ---- */
void yg_tui_draw(struct yg_tui *t, struct yg_canvas *c);
/* The place whose name stands in line 2 at the column, 0 = none. */
int yg_tui_tab_at(const struct yg_tui *t, int column);
/* Newlines of blocks become "; "; yg_free(). */
char *yg_one_line(const char *text);

/* ---- keymap.c: keys that write commands, as data ---- */
struct yg_binding {
	const char *view;     /* kind of view */
	int key;
	const char *words;    /* what it does, for hints, help and the palette */
	const char *template; /* "km {endpoint} [by {group}] [on {cohort}]" */
	bool run;             /* runs at once; else it is put in the prompt, where Enter runs it */
};
const struct yg_binding *yg_bindings(size_t *count);
/* Acts on a key of the view that is bound to a template. */
bool yg_tui_binding(struct yg_tui *t, struct yg_view *v, int key);
/* Fill a template from what there is; *gaps counts what could not be filled (left in capitals). */
char *yg_fill(struct yg_tui *t, const char *template, size_t *gaps);

/* ---- settings.c: set theme, glyphs, mouse ---- */
struct yg_setting {
	const char *text, *words;
};
const struct yg_setting *yg_settings(size_t *count);
/* True when the text was a setting: it is done, or refused in words. */
bool yg_tui_setting(struct yg_tui *t, const char *text);

/* ---- complete.c: Tab on a line of the language ---- */
/* before: what stands in front of the line in the command ("cohort c:; require "), or "". */
void yg_tui_complete(struct yg_tui *t, struct yg_edit *e, const char *before);

/* ---- headless.c: keys from a script, screens into files; the exit code ---- */
int yg_tui_headless(struct yg_tui *t);

/* ---- picture.c: a screen as SVG ---- */
void yg_tui_picture(const struct yg_canvas *c, struct yg_buf *out);

/* ---- list.c: moving a cursor through n rows, height shown at once ---- */
bool yg_list_key(struct yg_view *v, int key, size_t n, int height);
void yg_list_scroll(struct yg_view *v, size_t n, int height);
/* The mark of a row (">" and role), and where the list is for the mouse. */
enum yg_tui_role yg_list_row(struct yg_view *v, struct yg_canvas *c, struct yg_rect r, size_t i);

/* ---- palette.c, fuzzy.c ---- */
/* past: only what ran before. */
struct yg_palette *yg_palette_new(struct yg_tui *t, const char *start, bool past);
void yg_palette_free(struct yg_palette *p);
void yg_palette_draw(struct yg_tui *t, struct yg_palette *p, struct yg_canvas *c, struct yg_rect r);
/* 0 = go on, 1 = something was chosen (prompt filled, text run or key sent), -1 = left */
int yg_palette_key(struct yg_tui *t, struct yg_palette *p, int key);
/* How well the words of a pattern match a text, in any order: -1 no match, higher is better; bit i of
   marks is set when byte i matched (the first 256 bytes; marks may be NULL).  Capitals in the pattern must match. */
int yg_fuzzy_score(const char *pattern, const char *text, uint64_t marks[4]);

/* ---- help.c ---- */
void yg_tui_help(struct yg_tui *t, const struct yg_view *v, struct yg_buf *out);

/* ---- page.c: results and texts ---- */
struct yg_view *yg_view_page(struct yg_tui *t, int place, const char *title, const char *text);
/* Results under one another; names beside them. */
struct yg_view *yg_view_results(struct yg_tui *t, int place, const struct yg_got *got, size_t n);
/* Two results side by side. */
struct yg_view *yg_view_beside(struct yg_tui *t, const struct yg_got *left, const struct yg_got *right);
/* The result's own view: curves, or a page. */
struct yg_view *yg_view_result(struct yg_tui *t, int place, const char *name, struct yg_result *result);
/* Keys that every view of a result knows: x r m b + - s y. */
bool yg_result_key(struct yg_tui *t, const char *name, struct yg_result *result, int key);
void yg_split_lines(const char *text, const char ***line, size_t **length, size_t *lines, size_t *widest);

/* ---- plot.c: bars and curves ---- */
/* Counts as bars that fill the rectangle; more counts than columns are added up, gaps stay. */
void yg_draw_bars(struct yg_canvas *c, struct yg_rect r, enum yg_glyphs glyphs, enum yg_tui_role role, const double *count, size_t n);

enum yg_raster_dash { YG_RASTER_SOLID, YG_RASTER_DASHED, YG_RASTER_DOTTED, YG_RASTER_MIXED };
struct yg_raster {
	int rows, columns;          /* of cells; a braille cell has 4 x 2 dots */
	enum yg_glyphs glyphs;
	unsigned char *dot;         /* bits of a cell */
	unsigned char *role;        /* of the series drawn last there */
	int dots_x, dots_y;         /* dots a cell */
};
void yg_raster_init(struct yg_raster *r, int rows, int columns, enum yg_glyphs glyphs);
void yg_raster_release(struct yg_raster *r);
/* Coordinates from 0 to 1, y upwards. */
void yg_raster_level(struct yg_raster *r, double x1, double x2, double y, enum yg_raster_dash dash, enum yg_tui_role role);
void yg_raster_plumb(struct yg_raster *r, double x, double y1, double y2, enum yg_raster_dash dash, enum yg_tui_role role);
void yg_raster_point(struct yg_raster *r, double x, double y, enum yg_tui_role role);
void yg_raster_draw(const struct yg_raster *r, struct yg_canvas *c, int row, int column);

/* ---- builder.c: a command as a list of clauses that can be edited ---- */
struct yg_row {
	const char *word;      /* "require", "event", "strata" */
	char *label;           /* without quotes, "" = none */
	char *text;
	bool off;              /* left out (what if) */
	bool fixed;            /* cannot be removed or moved */
	bool changed;          /* since the definition it was read from */
	int origin;            /* number of the step it was, 0 = new */
};
struct yg_builder;
struct yg_builder_kind {
	const char *name;      /* "cohort" */
	int place;
	const char *words;     /* words of new rows, separated by blanks; the first is the default */
	const char *hints;
	/* The command of the rows as they are. */
	void (*emit)(const struct yg_builder *b, struct yg_buf *out);
	bool (*labels)(const char *word);                /* may the clause carry a label? */
	const char *(*hint)(const char *word);           /* what belongs there, shown while it is empty */
	/* What is known of a row, drawn behind its text; returns the columns used from the right. */
	int (*beside)(struct yg_tui *t, struct yg_builder *b, size_t row, struct yg_canvas *c, struct yg_rect r, int at);
	/* What is known of the whole, below the rows; at is the row in view. */
	void (*below)(struct yg_tui *t, struct yg_builder *b, struct yg_canvas *c, struct yg_rect r, int at);
	/* Keys beyond the common ones. */
	bool (*key)(struct yg_tui *t, struct yg_view *v, struct yg_builder *b, int key);
	/* The text in front of an edited field that makes it a command, for completion. */
	void (*before)(const struct yg_builder *b, const struct yg_row *row, struct yg_buf *out);
	/* Is the field a predicate (checked while typing)? */
	bool (*predicate)(const char *word);
	/* What it would give is looked at ahead while it is a draft; when it is none, what this writes: a new text, or NULL. */
	bool ahead;
	char *(*companion)(struct yg_tui *t, const struct yg_builder *b);
	/* Rows from a definition; extra: results about it. */
	enum yg_object_kind object;
	void (*reload)(struct yg_tui *t, struct yg_builder *b, const struct yg_object *o);
	void (*extra)(struct yg_tui *t, struct yg_builder *b, const struct yg_object *o);
};
struct yg_builder {
	const struct yg_builder_kind *kind;
	char *name;                      /* of the object; "" = a new one */
	struct yg_row *row;
	size_t rows, cap;
	bool editing_label;
	bool dirty;                      /* differs from what was defined */
	bool written;                    /* w was pressed: the next state may have what the rows say */
	unsigned version;                /* of the object it was read from, 0 = none */
	struct yg_result *result;        /* of the definition (counted), or NULL */
	struct yg_result *extra;         /* the latest attrition (counted), or NULL */
	char *draft;                     /* the last whole command of the rows, with the field in hand; looked at ahead */
	char *typing;                    /* cache: the command with the field in hand */
	bool looked;                     /* ahead, since the state moved on */
	char *problem_text;              /* endpoint: the command that lists problem rows, once asked for */
	struct yg_result *problems;      /* what it gave (counted) */
	size_t problem;                  /* the one in view */
	bool problem_wanted;
	int unfinished;                  /* row being edited that is not part of it yet, -1 = none */
	char *command;                   /* cache of what emit gave */
	char *defined;                   /* the same of the definition, NULL = none */
};
struct yg_view *yg_builder_view(struct yg_tui *t, const struct yg_builder_kind *kind, const char *name);
struct yg_builder *yg_builder_of(struct yg_view *v);
struct yg_row *yg_builder_add(struct yg_builder *b, size_t at, const char *word, const char *label, const char *text);
void yg_builder_remove(struct yg_builder *b, size_t at);
const char *yg_builder_text(const struct yg_builder *b, const char *word);   /* of the first row with the word, or "" */
struct yg_row *yg_builder_row(const struct yg_builder *b, const char *word);
/* The word of a row as it is kept, so that rows need no copies of their own. */
const char *yg_row_word(const char *word, size_t n);
/* Rows of a block from its statement: "name", "title", then a row a clause. */
void yg_builder_read_block(struct yg_builder *b, const struct yg_node *statement);
/* The block as one line: WORD NAME: "title"; clauses; end. */
void yg_builder_emit_block(const struct yg_builder *b, const char *word, struct yg_buf *out);
/* Tables and notes of a result, as many lines as the rectangle holds; tables of one column as running text.  Rows used. */
int yg_builder_show_result(struct yg_tui *t, const struct yg_result *r, struct yg_canvas *c, struct yg_rect at);
/* What the draft would give, or what the companion gave; NULL = nothing yet. */
struct yg_result *yg_builder_ahead(const struct yg_tui *t, const struct yg_builder *b, const char **refusal);
void yg_builder_look_ahead(struct yg_tui *t, struct yg_view *v);
/* A text over as many lines as it needs and the rectangle has; rows used. */
int yg_draw_wrapped(struct yg_canvas *c, struct yg_rect r, enum yg_tui_role role, const char *text);
void yg_builder_touch(struct yg_builder *b);
void yg_builder_write(struct yg_tui *t, struct yg_view *v);
void yg_builder_edit(struct yg_tui *t, struct yg_view *v, size_t row);

/* ---- problems.c: rows an endpoint cannot count, one by one ---- */
bool yg_problem_next(struct yg_tui *t, struct yg_view *v);
int yg_problem_draw(struct yg_tui *t, struct yg_builder *b, struct yg_canvas *c, struct yg_rect r);
void yg_problem_forget(struct yg_builder *b);

/* ---- the views ---- */
struct yg_view *yg_view_data(struct yg_tui *t);
struct yg_view *yg_view_objects(struct yg_tui *t, int place);   /* lists of cohorts, endpoints, results */
/* name NULL = a new one; a cohort's first criterion may be given. */
struct yg_view *yg_view_cohort(struct yg_tui *t, const char *name, const char *criterion);
struct yg_view *yg_view_endpoint(struct yg_tui *t, const char *name);
/* A model: from a result of one, or a new one on an endpoint. */
struct yg_view *yg_view_model(struct yg_tui *t, const char *from_result, const char *verb, const char *outcome);
struct yg_view *yg_view_km(struct yg_tui *t, int place, const char *name, struct yg_result *result);
struct yg_view *yg_view_journal(struct yg_tui *t);
struct yg_view *yg_view_replay(struct yg_tui *t);
void yg_replay_line_done(struct yg_tui *t, const struct yg_replay_line *line);
/* A list of commands to choose from; Enter puts the chosen one in the prompt. */
struct yg_view *yg_view_menu(struct yg_tui *t, int place, const char *title);
void yg_menu_add(struct yg_view *menu, const char *words, const char *command);

/* ---- names.c: what there is to name ---- */
/* The first name free of prefix1, prefix2 ...; in a static buffer. */
const char *yg_free_name(struct yg_tui *t, const char *prefix);
struct yg_object *yg_last_object(struct yg_tui *t, enum yg_object_kind kind);
/* Is the column marked, or the one in view when none is? */
bool yg_is_picked(struct yg_tui *t, const char *column);
/* A column to group by, none of those marked: the last one used in a by clause, else the first with 2 to 6 levels.  NULL = none. */
const char *yg_group_column(struct yg_tui *t);
/* " on itt" choice: the cohort in view, the active one, the last defined. */
const char *yg_cohort_name(struct yg_tui *t);
/* Does the result come from a verb with "~"? */
bool yg_is_model(const struct yg_result *r);
/* Cohort files of the data folder and this one, by name. */
size_t yg_cohort_files(struct yg_tui *t, struct yg_arena *arena, const char ***out);
bool yg_ends_with(const char *text, const char *end);

#endif
