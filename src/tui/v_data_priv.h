/* The data view: its columns as the open result gave them, and which of them are shown in what order. */
#ifndef YOGO_TUI_V_DATA_PRIV_H
#define YOGO_TUI_V_DATA_PRIV_H

#include "tui_priv.h"

#define PARTS 32

enum sort_key { SORT_FILE, SORT_NAME, SORT_TYPE, SORT_MISSING, SORT_DISTINCT, SORTS };

struct column {
	struct yg_query_column q;
	const char *missing, *distinct, *range, *bytes, *encodings;   /* texts of cells */
	double missing_n, distinct_n;                                 /* for sorting; what is withheld sorts last */
	const char *levels;                                           /* all of them, for the detail */
	const char *counted;                                          /* levels with how many have each, "" = not known */
	const char *mean, *sd;
	double part[PARTS];                                           /* the distribution: equal bins, or levels in order */
	size_t parts;
	bool bins;
	size_t at;                                                    /* in the file */
	bool hidden;
};
struct data {
	struct yg_arena arena;
	struct column *column;
	size_t columns;
	size_t *shown, showns;         /* after filter, hiding and sorting */
	const char **file;             /* without data: cohort files */
	size_t files;
	const char *rows;              /* of the table, as text */
	uint64_t version;              /* of the state it was read from */
	bool have;
	enum sort_key sort;
	bool reverse, expression, bad_filter;
	struct yg_map hidden;
};

/* Read the state when it has moved on. */
void yg_data_read(struct yg_tui *t, struct data *d);
/* Filter, hide, sort. */
void yg_data_choose(struct data *d, const struct yg_view *v);
const struct column *yg_data_current(const struct data *d, const struct yg_view *v);
void yg_data_draw(struct yg_tui *t, struct yg_view *v, struct yg_canvas *c, struct yg_rect r);

#endif
