/*
 * The raw result: everything an analysis computed, with the evidence behind each value.
 *
 * Incomplete outside analysis and gate: no renderer, log line or front end can look inside.
 * A raw document holds tables, figures and notes in the order in which they are to be shown.
 * All text handed in is copied.  Building never fails (small memory).
 */
#ifndef YOGO_RAW_RAW_H
#define YOGO_RAW_RAW_H

#include <stddef.h>
#include <stdint.h>

#include "yogo/base/cell.h"
#include "yogo/base/mem.h"

struct yg_raw;
struct yg_raw_table;
struct yg_raw_figure;

/*
 * Who stands behind a value: distinct persons, events among them, and (for a proportion or a count
 * out of a group) the persons of the group it is taken from, so that the complement can be checked.
 * 0 persons with whole = 0 means: stands for nobody (a degree of freedom, a constant).
 */
struct yg_evidence {
	int64_t persons, events, whole;
};
#define YG_NOBODY ((struct yg_evidence){ 0, 0, 0 })

struct yg_raw *yg_raw_new(const char *verb, int operation_version);
void yg_raw_free(struct yg_raw *raw);
/* Headline counts that scripts read as NAME.n, .records, .events, .dropped; negative = not set. */
void yg_raw_counts(struct yg_raw *raw, int64_t persons, int64_t records, int64_t events, int64_t dropped);
void yg_raw_title(struct yg_raw *raw, const char *title);             /* one line: "Overall survival by rx" */

/* key: stable ASCII name used in JSON, digests and field access ("estimates", "quantiles"). */
struct yg_raw_table *yg_raw_table(struct yg_raw *raw, const char *key, const char *title);
/* Columns and rows return their index.  key: stable name ("estimate", "lower"; term "rx: Lev").
   label is for people; unit may be NULL. */
int yg_raw_column(struct yg_raw_table *t, const char *key, const char *label, enum yg_role role, const char *unit);
int yg_raw_row(struct yg_raw_table *t, const char *key, const char *label, int indent);
/* Cells.  Role is the column's unless set.  A value that does not exist is missing with a reason
   ("not reached", "not estimable: no events"), never NaN; setting a NaN makes it missing with the
   reason "not estimable". */
void yg_raw_int(struct yg_raw_table *t, int row, int column, int64_t v, struct yg_evidence e);
void yg_raw_num(struct yg_raw_table *t, int row, int column, double v, struct yg_evidence e);
void yg_raw_text(struct yg_raw_table *t, int row, int column, const char *text);
void yg_raw_missing(struct yg_raw_table *t, int row, int column, const char *reason);
void yg_raw_role(struct yg_raw_table *t, int row, int column, enum yg_role role);
/* Significant digits or decimals wanted for display of a cell (-1 = the role's default). */
void yg_raw_decimals(struct yg_raw_table *t, int row, int column, int decimals);
/* Numbers for machines that text output leaves out (full curves): shown in JSON and CSV only. */
void yg_raw_table_detail(struct yg_raw_table *t);

/* Notes: message id with {1}, {2} ... for typed arguments added in order. */
struct yg_raw_note;
struct yg_raw_note *yg_raw_note(struct yg_raw *raw, enum yg_note_kind kind, const char *message_id);
void yg_raw_note_int(struct yg_raw_note *n, enum yg_role role, int64_t v, struct yg_evidence e);
void yg_raw_note_num(struct yg_raw_note *n, enum yg_role role, double v, struct yg_evidence e);
void yg_raw_note_text(struct yg_raw_note *n, const char *text);

/*
 * Figures, in data units.  A series is one curve, one group of points or the bars.
 *   KM         x time, y survival, lower/upper band, at_risk/events/censored at each point (step right-continuous);
 *              y scale from 0 to 1; grid: times at which numbers at risk are shown
 *   FOREST     one series; label per point, y = estimate, lower, upper; text = "36/120"; reference line at 1 (log x)
 *   HISTOGRAM  x = left edge, x2 = right edge, y = count
 *   LOVE       one series "before", one "after"; label per point, x = SMD
 */
struct yg_raw_figure *yg_raw_figure(struct yg_raw *raw, const char *key, enum yg_figure_kind kind, const char *title);
void yg_raw_figure_axis(struct yg_raw_figure *f, char axis /* 'x' or 'y' */, const char *label, const char *unit, int log_scale);
void yg_raw_figure_reference(struct yg_raw_figure *f, char axis, double at);
/* Times at which the numbers at risk stand, in x units. */
void yg_raw_figure_grid(struct yg_raw_figure *f, const double *x, size_t n);
int yg_raw_series(struct yg_raw_figure *f, const char *name);
struct yg_raw_point {
	double x, x2, y, lower, upper;       /* NaN where not given */
	int64_t at_risk, events, censored;   /* cumulative events and censorings at grid are computed from these */
	const char *label, *text;            /* may be NULL; copied */
	int header;                          /* FOREST: a heading row without estimate */
};
void yg_raw_point(struct yg_raw_figure *f, int series, const struct yg_raw_point *p, struct yg_evidence e);

/* A fact the session keeps with the result but never shows: e.g. name of the model object. */

#endif
