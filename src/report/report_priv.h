/* What the renderers share: words of a document, wrapped lines, the numbers behind a figure. */
#ifndef YOGO_REPORT_PRIV_H
#define YOGO_REPORT_PRIV_H

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/text.h"
#include "yogo/report/report.h"
#include "yogo/result/numfmt.h"

/* ---- words.c ---- */

/* The translation of a message id; "" for NULL and "". */
const char *yg_tr(const char *s);
/* Text of a cell, translated where it is words; not escaped. */
void yg_words_cell(struct yg_buf *out, const struct yg_cell *c);
/* "median, days" */
void yg_words_head(struct yg_buf *out, const char *label, const char *unit);
/* "929 persons, 452 events, 12 left out"; empty when there is nothing to say. */
void yg_words_counts(struct yg_buf *out, const struct yg_result *r);
/* The sentence that stands for a withheld figure. */
const char *yg_words_withheld(void);
/* As yg_words_cell, with the decimals that the numbers of its column share where they are of one size. */
void yg_words_table_cell(struct yg_buf *out, const struct yg_result_table *t, int row, int j);
bool yg_cell_is_number(const struct yg_cell *c);
/*
 * Columns that are read together are shown as one: lower and upper limits ("0.42 to 0.70"), and a
 * column without a label, or with the label "%", behind the one it belongs to ("98 (48.3%)",
 * "63 (55, 70)").
 */
enum yg_join { YG_JOIN_NONE, YG_JOIN_INTERVAL, YG_JOIN_BRACKET };
int yg_column_span(const struct yg_result_table *t, int j, enum yg_join *how);
void yg_words_span_head(struct yg_buf *out, const struct yg_result_table *t, int j, int span, enum yg_join how);
void yg_words_span(struct yg_buf *out, const struct yg_result_table *t, int row, int j, int span, enum yg_join how);
/* True when no row has anything in these columns. */
bool yg_span_empty(const struct yg_result_table *t, int j, int span);

struct yg_lines {
	char **line;
	int n, cap;
};
/* Break at blanks, and anywhere inside long words and scripts without blanks. */
void yg_wrap(struct yg_lines *l, const char *s, size_t width);
void yg_lines_release(struct yg_lines *l);

/* ---- text_table.c ---- */
void yg_table_text(struct yg_buf *out, const struct yg_result_table *t, const struct yg_render_options *o);
int yg_text_columns(const struct yg_render_options *o);
void yg_text_rule(struct yg_buf *out, size_t columns, const struct yg_render_options *o);

/* ---- figure_numbers.c: the numbers a figure shows, as rows of text ---- */
struct yg_numbers {
	char **head;
	int columns;
	char **cell;      /* rows x columns; "" = nothing */
	bool *word;       /* per column: words, not numbers */
	int rows, cap;
	bool shortened;   /* too many points: only those at the grid */
};
void yg_figure_numbers(const struct yg_figure *f, bool full, struct yg_numbers *out);
void yg_numbers_release(struct yg_numbers *n);

#endif
