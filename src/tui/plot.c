/* Bars; curves in dots: braille (2 x 4 dots a cell), half blocks (1 x 2), or characters of ASCII. */
#include <math.h>
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/mem.h"

enum { LEVEL = 1, PLUMB = 2 };   /* bits of an ASCII cell */

void yg_raster_init(struct yg_raster *r, int rows, int columns, enum yg_glyphs glyphs)
{
	r->rows = rows > 0 ? rows : 1;
	r->columns = columns > 0 ? columns : 1;
	r->glyphs = glyphs;
	r->dots_x = glyphs == YG_GLYPHS_BRAILLE ? 2 : 1;
	r->dots_y = glyphs == YG_GLYPHS_BRAILLE ? 4 : glyphs == YG_GLYPHS_BLOCK ? 2 : 1;
	r->dot = yg_xcalloc((size_t)r->rows * (size_t)r->columns, 1);
	r->role = yg_xcalloc((size_t)r->rows * (size_t)r->columns, 1);
}

void yg_raster_release(struct yg_raster *r)
{
	yg_free(r->dot);
	yg_free(r->role);
	memset(r, 0, sizeof *r);
}

static int dot_of(double v, int dots)
{
	int d = (int)(v * (double)(dots - 1) + 0.5);

	return d < 0 ? 0 : d >= dots ? dots - 1 : d;
}

static void set(struct yg_raster *r, int x, int y, unsigned char ascii, enum yg_tui_role role)
{
	static const unsigned char braille[4][2] = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };
	int row = y / r->dots_y, column = x / r->dots_x;
	size_t i = (size_t)row * (size_t)r->columns + (size_t)column;

	if (r->glyphs == YG_GLYPHS_BRAILLE)
		r->dot[i] |= braille[y % 4][x % 2];
	else if (r->glyphs == YG_GLYPHS_BLOCK)
		r->dot[i] |= (unsigned char)(1 << y % 2);
	else
		r->dot[i] |= ascii;
	r->role[i] = (unsigned char)role;
}

static int dot_x(const struct yg_raster *r, double x) { return dot_of(x, r->columns * r->dots_x); }
static int dot_y(const struct yg_raster *r, double y) { return dot_of(1 - y, r->rows * r->dots_y); }

/* Dashes are counted along the axis, so that they do not depend on where a step begins. */
static bool in_dash(int at, enum yg_raster_dash dash)
{
	switch (dash) {
	case YG_RASTER_DASHED: return at % 6 < 3;
	case YG_RASTER_DOTTED: return at % 3 == 0;
	case YG_RASTER_MIXED: return at % 8 < 4 || at % 8 == 6;
	default: return true;
	}
}

void yg_raster_level(struct yg_raster *r, double x1, double x2, double y, enum yg_raster_dash dash, enum yg_tui_role role)
{
	int to = dot_x(r, x2), row = dot_y(r, y);

	for (int x = dot_x(r, x1); x <= to; x++)
		if (in_dash(x, dash))
			set(r, x, row, LEVEL, role);
}

void yg_raster_plumb(struct yg_raster *r, double x, double y1, double y2, enum yg_raster_dash dash, enum yg_tui_role role)
{
	int from = dot_y(r, y1), to = dot_y(r, y2), column = dot_x(r, x);

	if (from > to) {
		int swap = from;
		from = to;
		to = swap;
	}
	for (int y = from; y <= to; y++)
		if (in_dash(y, dash))
			set(r, column, y, PLUMB, role);
}

void yg_raster_point(struct yg_raster *r, double x, double y, enum yg_tui_role role)
{
	set(r, dot_x(r, x), dot_y(r, y), LEVEL, role);
}

void yg_raster_draw(const struct yg_raster *r, struct yg_canvas *c, int row, int column)
{
	static const char *const blocks[4] = { " ", "\xe2\x96\x80", "\xe2\x96\x84", "\xe2\x96\x88" };
	static const char *const ascii[4] = { " ", "-", "|", "+" };

	for (int y = 0; y < r->rows; y++)
		for (int x = 0; x < r->columns; x++) {
			size_t i = (size_t)y * (size_t)r->columns + (size_t)x;
			unsigned bits = r->dot[i];
			char text[4] = { (char)0xE2, (char)(0xA0 | bits >> 6), (char)(0x80 | (bits & 0x3F)), '\0' };
			const char *glyph = r->glyphs == YG_GLYPHS_BRAILLE ? text : r->glyphs == YG_GLYPHS_BLOCK ? blocks[bits & 3] : ascii[bits & 3];
			if (bits)
				yg_canvas_text(c, row + y, column + x, 1, (enum yg_tui_role)r->role[i], glyph);
		}
}

/* ---- bars ---- */

static double bar(const double *count, size_t n, int columns, int x)
{
	size_t from, to;
	double sum = 0;

	if ((size_t)columns >= n)   /* wider than the counts: each is repeated */
		return count[(size_t)x * n / (size_t)columns];
	from = (size_t)x * n / (size_t)columns;
	to = (size_t)(x + 1) * n / (size_t)columns;
	for (size_t i = from; i < to; i++)
		sum += count[i];
	return sum / (double)(to - from);
}

void yg_draw_bars(struct yg_canvas *c, struct yg_rect r, enum yg_glyphs glyphs, enum yg_tui_role role, const double *count, size_t n)
{
	static const char *const eighths[9] = { " ", "\xe2\x96\x81", "\xe2\x96\x82", "\xe2\x96\x83", "\xe2\x96\x84",
		                                "\xe2\x96\x85", "\xe2\x96\x86", "\xe2\x96\x87", "\xe2\x96\x88" };
	static const char *const ascii[9] = { " ", ".", ".", ":", "-", "=", "+", "*", "#" };
	double top = 0;

	for (int x = 0; n && x < r.columns; x++)
		top = bar(count, n, r.columns, x) > top ? bar(count, n, r.columns, x) : top;
	for (int x = 0; top > 0 && x < r.columns; x++) {
		double v = bar(count, n, r.columns, x);
		int parts = (int)(v / top * 8 * (double)r.rows + 0.5);
		/* what is there is seen, however little it is */
		parts = v > 0 && parts == 0 ? 1 : parts;
		for (int y = 0; y < r.rows; y++) {
			int here = parts - 8 * (r.rows - 1 - y);
			here = here < 0 ? 0 : here > 8 ? 8 : here;
			if (here)
				yg_canvas_text(c, r.row + y, r.column + x, 1, role, glyphs == YG_GLYPHS_ASCII ? ascii[here] : eighths[here]);
		}
	}
}
