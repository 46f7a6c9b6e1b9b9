/* Dots, half blocks or ASCII signs for lines in a terminal. */
#include "report/dots_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "yogo/base/mem.h"

/* Rhythms: dots on, dots off, dots on, dots off; 0 on = solid. */
static const uint8_t rhythm[][4] = { { 0, 0, 0, 0 }, { 4, 3, 4, 3 }, { 1, 2, 1, 2 }, { 6, 2, 1, 2 }, { 2, 3, 2, 3 } };
static const uint8_t faint_rhythm[4] = { 1, 3, 1, 3 };

void yg_dots_init(struct yg_dots *d, int columns, int rows, enum yg_glyphs glyphs)
{
	if (columns < 1)
		columns = 1;
	if (rows < 1)
		rows = 1;
	*d = (struct yg_dots){ .columns = columns, .rows = rows, .glyphs = glyphs };
	d->across = glyphs == YG_GLYPHS_BRAILLE ? 2 * columns : columns;
	d->down = glyphs == YG_GLYPHS_BRAILLE ? 4 * rows : glyphs == YG_GLYPHS_BLOCK ? 2 * rows : rows;
	d->bits = yg_xcalloc((size_t)columns * (size_t)rows, 1);
	d->sign = yg_xcalloc((size_t)columns * (size_t)rows, 1);
}

void yg_dots_release(struct yg_dots *d)
{
	yg_free(d->bits);
	yg_free(d->sign);
	memset(d, 0, sizeof *d);
}

static int dot_x(const struct yg_dots *d, double x)
{
	return (int)floor(x * (d->across - 1) + 0.5);
}

static int dot_y(const struct yg_dots *d, double y)
{
	return (int)floor((1 - y) * (d->down - 1) + 0.5);
}

static void set(struct yg_dots *d, int x, int y)
{
	/* numbering of braille dots: 1 2 3 7 down the left, 4 5 6 8 down the right */
	static const uint8_t braille[4][2] = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };
	if (x < 0 || y < 0 || x >= d->across || y >= d->down)
		return;
	if (d->glyphs == YG_GLYPHS_BRAILLE)
		d->bits[y / 4 * d->columns + x / 2] |= braille[y % 4][x % 2];
	else if (d->glyphs == YG_GLYPHS_BLOCK)
		d->bits[y / 2 * d->columns + x] |= (uint8_t)(1 << y % 2);
	else
		d->bits[y * d->columns + x] |= 1;
}

/* The ASCII sign of a cell a line passes: level, plumb, corner or slanted. */
static void sign(struct yg_dots *d, int x, int y, bool level, bool plumb, int series)
{
	static const char flat[] = { '-', '.', '=', '~', '_' };
	if (d->glyphs != YG_GLYPHS_ASCII || x < 0 || y < 0 || x >= d->across || y >= d->down)
		return;
	char *at = &d->sign[y * d->columns + x];
	char wanted = level ? flat[series % 5] : plumb ? '|' : '*';
	if (*at && *at != wanted)
		wanted = '+';
	*at = wanted;
}

static bool on(const uint8_t r[4], int *phase)
{
	if (r[0] == 0)
		return true;
	int length = r[0] + r[1] + r[2] + r[3], p = (*phase)++ % length;
	return p < r[0] || (p >= r[0] + r[1] && p < r[0] + r[1] + r[2]);
}

void yg_dots_path(struct yg_dots *d, const double *x, const double *y, size_t n, int series, bool faint)
{
	const uint8_t *r = faint ? faint_rhythm : rhythm[series % 5];
	int phase = 0, px = 0, py = 0;
	bool started = false;
	for (size_t k = 0; k < n; k++) {
		if (!isfinite(x[k]) || !isfinite(y[k])) {
			started = false;
			continue;
		}
		int qx = dot_x(d, x[k]), qy = dot_y(d, y[k]);
		if (!started) {
			px = qx;
			py = qy;
			started = true;
		}
		int dx = qx - px, dy = qy - py, steps = abs(dx) > abs(dy) ? abs(dx) : abs(dy);
		/* signs of both directions meet in a corner; dots are set once */
		for (int i = steps && d->glyphs != YG_GLYPHS_ASCII ? 1 : 0; i <= steps; i++) {
			int ax = steps ? px + (int)floor((double)dx * i / steps + 0.5) : px;
			int ay = steps ? py + (int)floor((double)dy * i / steps + 0.5) : py;
			if (d->glyphs == YG_GLYPHS_ASCII) {
				/* signs differ by series, so no gaps are needed except for faint lines */
				if (!faint || on(r, &phase))
					sign(d, ax, ay, dy == 0, dx == 0 && steps > 0, series);
			} else if (on(r, &phase)) {
				set(d, ax, ay);
			}
		}
		px = qx;
		py = qy;
	}
}

void yg_dots_mark(struct yg_dots *d, double x, double y, char s)
{
	int column = yg_dots_column_of(d, x), row = yg_dots_row_of(d, y);
	if (column >= 0 && column < d->columns && row >= 0 && row < d->rows)
		d->sign[row * d->columns + column] = s;
}

void yg_dots_point(struct yg_dots *d, double x, double y)
{
	if (d->glyphs == YG_GLYPHS_ASCII)
		yg_dots_mark(d, x, y, 'o');
	else
		set(d, dot_x(d, x), dot_y(d, y));
}

int yg_dots_row_of(const struct yg_dots *d, double y)
{
	int y_dot = dot_y(d, y);
	return y_dot * d->rows / d->down;
}

int yg_dots_column_of(const struct yg_dots *d, double x)
{
	int x_dot = dot_x(d, x);
	return x_dot * d->columns / d->across;
}

static void utf8(struct yg_buf *out, uint32_t c)
{
	yg_buf_addc(out, (char)(0xe0 | c >> 12));
	yg_buf_addc(out, (char)(0x80 | (c >> 6 & 0x3f)));
	yg_buf_addc(out, (char)(0x80 | (c & 0x3f)));
}

void yg_dots_row(const struct yg_dots *d, int row, struct yg_buf *out)
{
	static const uint32_t block[4] = { ' ', 0x2580, 0x2584, 0x2588 };
	for (int c = 0; c < d->columns; c++) {
		uint8_t bits = d->bits[row * d->columns + c];
		char s = d->sign[row * d->columns + c];
		if (s)
			yg_buf_addc(out, s);
		else if (d->glyphs == YG_GLYPHS_BRAILLE)
			utf8(out, 0x2800u + bits);
		else if (d->glyphs == YG_GLYPHS_BLOCK && bits)
			utf8(out, block[bits & 3]);
		else
			yg_buf_addc(out, ' ');
	}
}

void yg_dots_sample(struct yg_buf *out, int series, int columns, enum yg_glyphs glyphs)
{
	struct yg_dots d;
	const double x[2] = { 0, 1 }, y[2] = { 0.4, 0.4 };
	yg_dots_init(&d, columns, 1, glyphs);
	yg_dots_path(&d, x, y, 2, series, false);
	yg_dots_row(&d, 0, out);
	yg_dots_release(&d);
}
