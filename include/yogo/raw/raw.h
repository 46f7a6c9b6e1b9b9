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
/* The same of a part of a result: where the parts have different events (several outcomes), the head names none. */
void yg_raw_part_counts(struct yg_raw *raw, int64_t persons, int64_t records, int64_t events, int64_t dropped);
void yg_raw_title(struct yg_raw *raw, const char *title);             /* one line: "Overall survival by rx" */

/*
 * A label is a message, which renderers translate, unless it is made by yogo/base/phrase.h: words from the data
 * (names and labels of columns, levels, what the user called things) must be marked as such.  The calls that end in
 * _data mark the label they are given.
 */
/* key: stable ASCII name used in JSON, digests and field access ("estimates", "quantiles"). */
struct yg_raw_table *yg_raw_table(struct yg_raw *raw, const char *key, const char *title);
/* Columns and rows return their index.  key: stable name ("estimate", "lower"; term "rx: Lev").
   label is for people; unit may be NULL. */
int yg_raw_column(struct yg_raw_table *t, const char *key, const char *label, enum yg_role role, const char *unit);
int yg_raw_row(struct yg_raw_table *t, const char *key, const char *label, int indent);
int yg_raw_column_data(struct yg_raw_table *t, const char *key, const char *label, enum yg_role role, const char *unit);
int yg_raw_row_data(struct yg_raw_table *t, const char *key, const char *label, int indent);
/* Cells.  Role is the column's unless set.  A value that does not exist is missing with a reason
   ("not reached", "not estimable: no events"), never NaN; setting a NaN makes it missing with the
   reason "not estimable", an infinity with "no upper limit" or "no lower limit". */
void yg_raw_int(struct yg_raw_table *t, int row, int column, int64_t v, struct yg_evidence e);
void yg_raw_num(struct yg_raw_table *t, int row, int column, double v, struct yg_evidence e);
void yg_raw_text(struct yg_raw_table *t, int row, int column, const char *text);
void yg_raw_data(struct yg_raw_table *t, int row, int column, const char *text);
void yg_raw_missing(struct yg_raw_table *t, int row, int column, const char *reason);
void yg_raw_role(struct yg_raw_table *t, int row, int column, enum yg_role role);
/* Significant digits or decimals wanted for display of a cell (-1 = the role's default). */
void yg_raw_decimals(struct yg_raw_table *t, int row, int column, int decimals);
/* Numbers for machines that text output leaves out (full curves): shown in JSON and CSV only. */
void yg_raw_table_detail(struct yg_raw_table *t);
/* For front ends to show elsewhere: text output leaves it out too, but the gate judges it like any table. */
void yg_raw_table_aside(struct yg_raw_table *t);
/*
 * Two facts the gate cannot see in the numbers.  On guarded data, when a cell of one table must be
 * hidden, all other tables and figures of the document are hidden too (strata and their total, an
 * odds ratio and its cells), except tables declared independent: made from other variables, so that
 * no cell elsewhere follows from it by subtraction (one table per variable).
 * And a number of a kind that describes people, standing for nobody, is taken for a slip and hidden
 * (fail closed), unless the table is declared to speak of nobody: sample sizes, power, constants.
 */
void yg_raw_table_independent(struct yg_raw_table *t);
void yg_raw_table_nobody(struct yg_raw_table *t);
/*
 * A fitted model stands in this document.  n_effective: linear: persons; logistic: the smaller of
 * events and non-events; Cox, Fine-Gray: events; counts: persons with events.  parameters: rank of
 * the design without strata.  May be called once per model; the gate applies the residual degrees
 * of freedom rule to the worst.
 */
void yg_raw_model(struct yg_raw *raw, int64_t n_effective, int64_t parameters);

/* Notes: message id with {1}, {2} ... for typed arguments added in order. */
struct yg_raw_note;
struct yg_raw_note *yg_raw_note(struct yg_raw *raw, enum yg_note_kind kind, const char *message_id);
void yg_raw_note_int(struct yg_raw_note *n, enum yg_role role, int64_t v, struct yg_evidence e);
void yg_raw_note_num(struct yg_raw_note *n, enum yg_role role, double v, struct yg_evidence e);
void yg_raw_note_text(struct yg_raw_note *n, const char *text);    /* a message, or a phrase */
void yg_raw_note_data(struct yg_raw_note *n, const char *text);

/*
 * Figures, in data units.  A series is one curve, one group of points or the bars.
 *   KM         x time, y survival, lower/upper band, at_risk/events/censored at each point (step right-continuous);
 *              y scale from 0 to 1; grid: times at which numbers at risk are shown.
 *              at_risk: just before x; events, censored: at x (increments)
 *   FOREST     one series; label per point, y = estimate, lower, upper; text = "36/120"; reference line at 1 (log x);
 *              text may hold several columns separated by tabs (heads: yg_raw_figure_heads);
 *              x2 = weight of the row (size of the square), NaN = equal
 *   HISTOGRAM  x = left edge, x2 = right edge, y = count
 *   LOVE       one series "before", one "after"; label per point, x = SMD
 *   XY         x, y, lower/upper = band or interval; a series is points, or a line (yg_raw_series_line)
 *   FLOW       one series; a point per step in order: label, y = persons left after it, x = persons who
 *              left at it (NaN at the start), text = why
 */
struct yg_raw_figure *yg_raw_figure(struct yg_raw *raw, const char *key, enum yg_figure_kind kind, const char *title);
void yg_raw_figure_axis(struct yg_raw_figure *f, char axis /* 'x' or 'y' */, const char *label, const char *unit, int log_scale);
void yg_raw_figure_reference(struct yg_raw_figure *f, char axis, double at);
/* Times at which the numbers at risk stand, in x units. */
void yg_raw_figure_grid(struct yg_raw_figure *f, const double *x, size_t n);
/* Words at the two sides of the reference line ("favours Active"); heads of the text columns of a
   forest, separated by tabs; a line under the title with typed arguments ("log-rank p {1}"), at most one. */
void yg_raw_figure_sides(struct yg_raw_figure *f, const char *left, const char *right);
void yg_raw_figure_heads(struct yg_raw_figure *f, const char *heads);
struct yg_raw_note *yg_raw_figure_caption(struct yg_raw_figure *f, const char *message_id);
int yg_raw_series(struct yg_raw_figure *f, const char *name);
int yg_raw_series_data(struct yg_raw_figure *f, const char *name);
void yg_raw_series_line(struct yg_raw_figure *f, int series);   /* XY: join the points */
struct yg_raw_point {
	double x, x2, y, lower, upper;       /* NaN where not given */
	int64_t at_risk, events, censored;   /* cumulative events and censorings at grid are computed from these */
	const char *label, *text;            /* may be NULL; copied */
	int header;                          /* FOREST: 1 = a heading row without estimate, 2 = a summary (diamond) */
};
void yg_raw_point(struct yg_raw_figure *f, int series, const struct yg_raw_point *p, struct yg_evidence e);

/* A fact the session keeps with the result but never shows: e.g. name of the model object. */

#endif
