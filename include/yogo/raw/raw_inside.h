/*
 * The inside of the raw result.  Private: included by the raw room and by the gate, by nobody else
 * (the floor check greps for it).
 */
#ifndef YOGO_RAW_RAW_INSIDE_H
#define YOGO_RAW_RAW_INSIDE_H

#include <stdbool.h>

#include "yogo/raw/raw.h"

enum yg_raw_state { YG_RAW_EMPTY, YG_RAW_VALUE, YG_RAW_MISSING };

struct yg_raw_cell {
	enum yg_raw_state state;
	bool has_role;
	enum yg_role role;           /* when has_role; else the column's */
	int8_t decimals;             /* -1 = the role's */
	struct yg_value value;       /* for MISSING: text = why */
	struct yg_evidence evidence;
};
struct yg_raw_column_head {
	const char *key, *label, *unit;
	enum yg_role role;
};
struct yg_raw_row_head {
	const char *key, *label;
	int indent;
	struct yg_raw_cell *cell;    /* cells of them; columns beyond are empty */
	int cells;
};
struct yg_raw_table {
	struct yg_raw *raw;
	const char *key, *title;
	bool detail, aside, independent, nobody;
	struct yg_raw_column_head *column;
	int columns, columns_cap;
	struct yg_raw_row_head *row;
	int rows, rows_cap;
};
struct yg_raw_note {
	struct yg_raw *raw;
	enum yg_note_kind kind;
	const char *message;
	struct yg_raw_cell *argument;
	int arguments, arguments_cap;
};
struct yg_raw_figure_point {
	struct yg_raw_point p;       /* label and text owned by the arena */
	struct yg_evidence evidence;
};
struct yg_raw_series_body {
	const char *name;
	bool line;
	struct yg_raw_figure_point *point;
	size_t points, points_cap;
};
struct yg_raw_axis {
	const char *label, *unit;
	bool log_scale, has_reference;
	double reference;
};
struct yg_raw_figure {
	struct yg_raw *raw;
	const char *key, *title;
	enum yg_figure_kind kind;
	struct yg_raw_axis x, y;
	double *grid;
	size_t grids;
	struct yg_raw_series_body *series;
	int series_count, series_cap;
	const char *left, *right, *heads;
	struct yg_raw_note *caption;
};
enum yg_raw_item_kind { YG_RAW_TABLE, YG_RAW_FIGURE, YG_RAW_NOTE };
struct yg_raw_item {
	enum yg_raw_item_kind kind;
	struct yg_raw_table *table;
	struct yg_raw_figure *figure;
	struct yg_raw_note *note;
};
struct yg_raw_model_size {
	int64_t n_effective, parameters;
};
struct yg_raw {
	struct yg_arena arena;       /* texts and the structs; arrays that grow are on the heap */
	const char *verb, *title;
	int operation_version;
	int64_t persons, records, events, dropped;   /* negative = not set */
	struct yg_raw_item *item;
	int items, items_cap;
	struct yg_raw_model_size *model;
	int models, models_cap;
};

/* The cell, or NULL when nothing was ever put there. */
const struct yg_raw_cell *yg_raw_cell_at(const struct yg_raw_table *t, int row, int column);

#endif
