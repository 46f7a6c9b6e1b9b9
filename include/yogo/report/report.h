/*
 * Safe results as text, JSON, CSV and HTML; figures as SVG, PDF, PNG and terminal dots.
 *
 * Renderers read safe results only and compute no number that is not in them.  The text form is
 * stable and 80 columns wide unless asked otherwise.  Labels and messages are translated here
 * (gettext); numbers and data are not.
 */
#ifndef YOGO_REPORT_REPORT_H
#define YOGO_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "yogo/base/buf.h"
#include "yogo/base/status.h"
#include "yogo/result/result.h"

enum yg_glyphs { YG_GLYPHS_BRAILLE, YG_GLYPHS_BLOCK, YG_GLYPHS_ASCII };

/* All zero = the defaults. */
struct yg_render_options {
	int width;                /* columns of text; 0 = 80; at least 40 */
	int height;               /* rows of a terminal figure's plot; 0 = chosen from the width */
	enum yg_glyphs glyphs;
	bool figures;             /* text: draw figures as dots (else one line says what is there) */
	bool band;                /* terminal curves: confidence band; files always have it */
	bool censoring;           /* terminal curves: censoring marks; files always have them */
	bool no_risk_table;       /* curves: leave the numbers at risk out */
	bool canonical;           /* JSON: the canonical bytes instead of the readable form */
	bool sentences_only;      /* text: notes and headline, no tables (for a pane beside a figure) */
	const char *language;     /* HTML lang attribute; NULL = "en" */
	double figure_width;      /* points; 0 = 504 (7 inches) */
	double figure_height;     /* points of the plot area; 0 = chosen by the kind */
	double resolution;        /* PNG: dots per inch; 0 = 200 */
};

/* Text: title, population, tables, notes, figures in the order of the document. */
void yg_render_text(const struct yg_result *r, const struct yg_render_options *o, struct yg_buf *out);
/* One table of it, one note of it. */
void yg_render_table_text(const struct yg_result_table *t, const struct yg_render_options *o, struct yg_buf *out);
void yg_render_note_text(const struct yg_note *n, const struct yg_render_options *o, struct yg_buf *out);
/* The sentence of a note, arguments put in, without layout or escapes. */
void yg_note_sentence(const struct yg_note *n, struct yg_buf *out);

/* JSON: readable, numbers as numbers, {"state":"hidden"} where withheld; ends with a newline. */
void yg_render_json(const struct yg_result *r, const struct yg_render_options *o, struct yg_buf *out);

/* CSV (RFC 4180): a section per table, headed by a line "table,KEY,TITLE" and followed by an empty line.
   A column with anything but plain values is followed by KEY_status (shown, rounded, hidden, missing: why). */
void yg_render_csv(const struct yg_result *r, const struct yg_render_options *o, struct yg_buf *out);
void yg_render_csv_table(const struct yg_result_table *t, struct yg_buf *out);

/* Markdown: tables with pipes, notes as lists, figures as a sentence and their numbers. */
struct yg_provenance {
	const char *title;            /* of the report; NULL = the first result's */
	const char *program;          /* "yogo 0.1.0" */
	const char *data;             /* data root and release, one line */
	const char *journal_head;     /* head of the journal, one line; NULL = none */
	const char *study;            /* name of the study file; NULL = none */
	const char *created;          /* time, as text; NULL = left out (tests) */
	const char *const *name;      /* name of each result ("os_km", "r3"); NULL = none */
};
void yg_render_markdown(const struct yg_result *const *results, size_t n, const struct yg_provenance *provenance,
                        const struct yg_render_options *o, struct yg_buf *out);

/* HTML: one self-contained page: no scripts, no references to the outside; light, dark and print. */
void yg_render_html(const struct yg_result *const *results, size_t n, const struct yg_provenance *provenance,
                    const struct yg_render_options *o, struct yg_buf *out);

/* Figures.  A withheld figure gives a page with the sentence that says so. */
void yg_render_figure_svg(const struct yg_figure *f, const struct yg_render_options *o, struct yg_buf *out);
enum yg_status yg_render_figure_pdf(const struct yg_figure *f, const struct yg_render_options *o, struct yg_buf *out,
                                    struct yg_err *err) YG_MUST_USE;
enum yg_status yg_render_figure_png(const struct yg_figure *f, const struct yg_render_options *o, struct yg_buf *out,
                                    struct yg_err *err) YG_MUST_USE;
/* The terminal form, exactly o->width columns at most. */
void yg_render_figure_text(const struct yg_figure *f, const struct yg_render_options *o, struct yg_buf *out);
/* The numbers of a figure as a table in CSV (for export beside it). */
void yg_render_figure_csv(const struct yg_figure *f, struct yg_buf *out);

/* The figure with this key ("" or NULL: the first), or NULL. */
const struct yg_figure *yg_result_figure(const struct yg_result *r, const char *key);

#endif
