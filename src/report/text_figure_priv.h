/* Figures in the terminal: rows of text with things put at columns. */
#ifndef YOGO_REPORT_TEXT_FIGURE_PRIV_H
#define YOGO_REPORT_TEXT_FIGURE_PRIV_H

#include "report/report_priv.h"

/* A line of cells; each holds one character, or belongs to the wide one before it. */
struct yg_text_row {
	int width;
	char (*cell)[24];
};
void yg_text_row_init(struct yg_text_row *r, int width);
/*
 * Put text at a column: align < 0 it begins there, 0 it is centred there, > 0 it ends there; moved
 * inwards at the edges.  gap: blanks that must stay to what is there already.  False when there is no room.
 */
bool yg_text_row_put(struct yg_text_row *r, int column, const char *text, int align, int gap);
/* Append without trailing blanks, with the line end; releases the row. */
void yg_text_row_print(struct yg_text_row *r, struct yg_buf *out);
void yg_text_row_release(struct yg_text_row *r);
/* Take blanks (also empty braille) from the end of the line, and end it. */
void yg_text_end_line(struct yg_buf *out);

void yg_text_km(struct yg_buf *out, const struct yg_figure *f, const struct yg_render_options *o);
void yg_text_forest(struct yg_buf *out, const struct yg_figure *f, const struct yg_render_options *o);
void yg_text_love(struct yg_buf *out, const struct yg_figure *f, const struct yg_render_options *o);
void yg_text_histogram(struct yg_buf *out, const struct yg_figure *f, const struct yg_render_options *o);
void yg_text_flow(struct yg_buf *out, const struct yg_figure *f, const struct yg_render_options *o);
void yg_text_xy(struct yg_buf *out, const struct yg_figure *f, const struct yg_render_options *o);

#endif
