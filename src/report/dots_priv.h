/*
 * A raster of dots for the terminal: 2 x 4 dots a cell in braille, 1 x 2 as half blocks, or one ASCII
 * sign a cell.  Lines are drawn dot by dot, so that level and plumb pieces stay so; each series has
 * its own rhythm of dots and gaps.
 */
#ifndef YOGO_REPORT_DOTS_PRIV_H
#define YOGO_REPORT_DOTS_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/buf.h"
#include "yogo/report/report.h"

struct yg_dots {
	int columns, rows;           /* cells */
	int across, down;            /* dots */
	enum yg_glyphs glyphs;
	uint8_t *bits;               /* per cell */
	char *sign;                  /* per cell: ASCII sign, or a mark over everything; 0 = none */
};
void yg_dots_init(struct yg_dots *d, int columns, int rows, enum yg_glyphs glyphs);
void yg_dots_release(struct yg_dots *d);
/* A line through points in 0..1 (y upwards) in the rhythm of a series; faint: sparse dots. */
void yg_dots_path(struct yg_dots *d, const double *x, const double *y, size_t n, int series, bool faint);
/* A sign over the cell at x, y (0..1). */
void yg_dots_mark(struct yg_dots *d, double x, double y, char sign);
void yg_dots_point(struct yg_dots *d, double x, double y);
/* The cell row in which y lies, 0 at the top. */
int yg_dots_row_of(const struct yg_dots *d, double y);
int yg_dots_column_of(const struct yg_dots *d, double x);
/* Append the cells of one row. */
void yg_dots_row(const struct yg_dots *d, int row, struct yg_buf *out);
/* A short sample of a series' line. */
void yg_dots_sample(struct yg_buf *out, int series, int columns, enum yg_glyphs glyphs);

#endif
