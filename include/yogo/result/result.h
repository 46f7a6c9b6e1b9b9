/*
 * The safe result: a document of typed cells that may be shown, stored, exported and compared.
 * Only the gate makes one (yg_result_...add functions are called there and when a stored result is
 * read back); everything above reads it.
 */
#ifndef YOGO_RESULT_RESULT_H
#define YOGO_RESULT_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/buf.h"
#include "yogo/base/cell.h"
#include "yogo/base/hash.h"
#include "yogo/base/mem.h"
#include "yogo/base/status.h"

enum yg_cell_state {
	YG_CELL_EMPTY,      /* nothing belongs here */
	YG_CELL_SHOWN,
	YG_CELL_ROUNDED,    /* value shown, true value in [low, high] */
	YG_CELL_HIDDEN,     /* withheld by the policy; text = reason code ("T1", "T9") */
	YG_CELL_MISSING,    /* does not exist; text = why ("not reached") */
};
struct yg_cell {
	enum yg_cell_state state;
	enum yg_role role;
	int8_t decimals;             /* wanted for display, -1 = the role's default */
	struct yg_value value;
	double low, high;
};
struct yg_table_column {
	const char *key, *label, *unit;
	enum yg_role role;
};
struct yg_table_row {
	const char *key, *label;
	int indent;
};
struct yg_result_table {
	const char *key, *title;
	bool detail;                 /* for machines: text leaves it out */
	struct yg_table_column *column;
	struct yg_table_row *row;
	int columns, rows;
	struct yg_cell *cell;        /* rows x columns, row-major */
};
struct yg_note {
	enum yg_note_kind kind;
	const char *message;         /* message id with {1} {2} ... */
	struct yg_cell *argument;
	int arguments;
};
struct yg_point {
	double x, x2, y, lower, upper;
	struct yg_cell at_risk, events, censored;
	const char *label, *text;
	bool header;                 /* FOREST: a heading row */
	bool summary;                /* FOREST: a pooled row, drawn as a diamond */
};
struct yg_series {
	const char *name;
	bool line;                   /* XY: points are joined */
	struct yg_point *point;
	size_t points;
};
struct yg_axis {
	const char *label, *unit;
	bool log_scale;
	bool has_reference;
	double reference;
};
struct yg_figure {
	const char *key, *title;
	enum yg_figure_kind kind;
	struct yg_axis x, y;
	double *grid;
	size_t grids;
	struct yg_series *series;
	int series_count;
	bool hidden;                 /* withheld whole by the policy; has no points then */
	bool grouped;                /* KM: curve made from grouped counts (docs/disclosure.md) */
	const char *left, *right;    /* words beside the reference line, NULL = none */
	const char *heads;           /* FOREST: heads of the text columns, separated by tabs; NULL = none */
	struct yg_note *caption;     /* NULL = none */
};
enum yg_item_kind { YG_ITEM_TABLE, YG_ITEM_FIGURE, YG_ITEM_NOTE };
struct yg_item {
	enum yg_item_kind kind;
	struct yg_result_table *table;
	struct yg_figure *figure;
	struct yg_note *note;
};
struct yg_result {
	struct yg_arena arena;       /* owns everything below */
	int references;
	const char *verb;
	int operation_version;
	const char *title;
	const char *command;         /* resolved text */
	const char *population;      /* sentence: "itt of colon: Randomised, node count known" */
	const char *profile;         /* disclosure profile it passed */
	bool guarded;
	struct yg_cell persons, records, events, dropped;  /* headline counts; state EMPTY when not set */
	struct yg_item *item;
	int items;
};
struct yg_result *yg_result_new(const char *verb, int operation_version);
struct yg_result *yg_result_ref(struct yg_result *r);
void yg_result_unref(struct yg_result *r);
/* Builders; text is copied into the arena. */
struct yg_result_table *yg_result_add_table(struct yg_result *r, const char *key, const char *title, int rows, int columns);
struct yg_figure *yg_result_add_figure(struct yg_result *r, const char *key, enum yg_figure_kind kind, const char *title, int series);
struct yg_note *yg_result_add_note(struct yg_result *r, enum yg_note_kind kind, const char *message, int arguments);
struct yg_note *yg_figure_add_caption(struct yg_result *r, struct yg_figure *f, const char *message, int arguments);
struct yg_point *yg_series_add_points(struct yg_result *r, struct yg_series *s, size_t points); /* zeroed; numbers NaN, cells EMPTY */
double *yg_figure_add_grid(struct yg_result *r, struct yg_figure *f, size_t n);
struct yg_cell *yg_result_cell(const struct yg_result_table *t, int row, int column);
/* Field access for assert: NAME.n, .records, .events, .dropped, NAME.TERM.KIND (row key and column key
   of any table, first match); NULL when there is no such field. */
const struct yg_cell *yg_result_field(const struct yg_result *r, const char *path);
/* A whole table of it was withheld (T9: too few behind a cell, M1: too many parameters for the events). */
bool yg_result_withheld(const struct yg_result *r);
/* Canonical CJ1 bytes of what the safe digest covers (verb, operation version, command, population,
   profile, cells, notes, figures), and the digest. */
void yg_result_canonical(const struct yg_result *r, struct yg_buf *out);
struct yg_digest yg_result_digest(const struct yg_result *r);
/* Read canonical bytes back. */
enum yg_status yg_result_parse(const char *cj1, size_t n, struct yg_result **out, struct yg_err *err) YG_MUST_USE;
/* Compare for replay: first differing cell as a path ("estimates[rx: Lev].se"), the two values and
   the largest relative error.  identical: same bits everywhere; equivalent: within the tolerances of
   docs/replay.md and every displayed digit equal. */
struct yg_difference {
	bool identical, equivalent;
	char path[256], recorded[64], now[64];
	double relative;
};
void yg_result_compare(const struct yg_result *recorded, const struct yg_result *now, struct yg_difference *out);

#endif
