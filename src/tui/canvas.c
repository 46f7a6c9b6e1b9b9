/* A grid of cells. */
#include "yogo/tui/canvas.h"

#include <string.h>

#include "yogo/base/mem.h"
#include "yogo/base/text.h"

void yg_canvas_init(struct yg_canvas *c, int rows, int columns)
{
	c->rows = rows < 1 ? 1 : rows;
	c->columns = columns < 1 ? 1 : columns;
	c->cell = yg_xcalloc((size_t)c->rows * (size_t)c->columns, sizeof *c->cell);
	yg_canvas_clear(c);
}

void yg_canvas_release(struct yg_canvas *c)
{
	yg_free(c->cell);
	memset(c, 0, sizeof *c);
}

static struct yg_canvas_cell *at(struct yg_canvas *c, int row, int column)
{
	return &c->cell[(size_t)row * (size_t)c->columns + (size_t)column];
}

static void blank(struct yg_canvas_cell *cell, enum yg_tui_role role)
{
	cell->text[0] = ' ';
	cell->text[1] = '\0';
	cell->width = 1;
	cell->role = (unsigned char)role;
}

void yg_canvas_clear(struct yg_canvas *c)
{
	yg_canvas_fill(c, 0, 0, c->rows, c->columns, YG_TUI_TEXT);
}

/* Before a cell is overwritten: the other half of a wide character must not stay behind. */
static void break_wide(struct yg_canvas *c, int row, int column)
{
	struct yg_canvas_cell *cell = at(c, row, column);

	if (cell->width == 0 && column > 0)
		blank(at(c, row, column - 1), at(c, row, column - 1)->role);
	if (cell->width == 2 && column + 1 < c->columns)
		blank(at(c, row, column + 1), at(c, row, column + 1)->role);
}

static void put(struct yg_canvas *c, int row, int column, const char *p, size_t n, int width, enum yg_tui_role role)
{
	struct yg_canvas_cell *cell;

	break_wide(c, row, column);
	if (width == 2)
		break_wide(c, row, column + 1);
	cell = at(c, row, column);
	if (n >= sizeof cell->text)
		n = sizeof cell->text - 1;
	memcpy(cell->text, p, n);
	cell->text[n] = '\0';
	cell->width = (unsigned char)width;
	cell->role = (unsigned char)role;
	if (width == 2) {
		cell = at(c, row, column + 1);
		cell->text[0] = '\0';
		cell->width = 0;
		cell->role = (unsigned char)role;
	}
}

/* A mark without width joins the cell before it, as far as there is room. */
static void join(struct yg_canvas *c, int row, int column, const char *p, size_t n)
{
	struct yg_canvas_cell *cell;
	size_t have;

	if (column <= 0)
		return;
	cell = at(c, row, column - 1);
	if (cell->width == 0 && column > 1)
		cell = at(c, row, column - 2);
	have = strlen(cell->text);
	if (have && have + n < sizeof cell->text) {
		memcpy(cell->text + have, p, n);
		cell->text[have + n] = '\0';
	}
}

int yg_canvas_text(struct yg_canvas *c, int row, int column, int max, enum yg_tui_role role, const char *text)
{
	struct yg_buf safe = YG_BUF_INIT;
	int used = 0, start = column;
	size_t i = 0;

	if (row < 0 || row >= c->rows || column >= c->columns || !text)
		return 0;
	if (max < 0 || max > c->columns - column)
		max = c->columns - column;
	yg_escape_terminal(&safe, text, strlen(text));
	while (i < safe.len) {
		uint32_t code;
		size_t n = yg_utf8_next(safe.data + i, safe.len - i, &code);
		int width = (int)yg_text_width(safe.data + i, n);
		if (width == 0) {
			if (start + used >= 0)
				join(c, row, start + used, safe.data + i, n);
		} else {
			if (used + width > max)
				break;
			if (start + used >= 0)
				put(c, row, start + used, safe.data + i, n, width > 2 ? 1 : width, role);
			used += width > 2 ? 1 : width;
		}
		i += n;
	}
	yg_buf_release(&safe);
	return used;
}

void yg_canvas_field(struct yg_canvas *c, int row, int column, int width, int align, enum yg_tui_role role, const char *text)
{
	struct yg_buf safe = YG_BUF_INIT, padded = YG_BUF_INIT;

	if (width <= 0)
		return;
	yg_escape_terminal(&safe, text ? text : "", text ? strlen(text) : 0);
	yg_text_pad(&padded, safe.data, (size_t)width, align);
	yg_canvas_text(c, row, column, width, role, padded.data);
	yg_buf_release(&padded);
	yg_buf_release(&safe);
}

void yg_canvas_fill(struct yg_canvas *c, int row, int column, int rows, int columns, enum yg_tui_role role)
{
	for (int r = row < 0 ? 0 : row; r < row + rows && r < c->rows; r++)
		for (int k = column < 0 ? 0 : column; k < column + columns && k < c->columns; k++) {
			break_wide(c, r, k);
			blank(at(c, r, k), role);
		}
}

void yg_canvas_paint(struct yg_canvas *c, int row, int column, int columns, enum yg_tui_role role)
{
	if (row < 0 || row >= c->rows)
		return;
	for (int k = column < 0 ? 0 : column; k < column + columns && k < c->columns; k++)
		at(c, row, k)->role = (unsigned char)role;
}

void yg_canvas_print(const struct yg_canvas *c, bool roles, struct yg_buf *out)
{
	for (int r = 0; r < c->rows; r++) {
		size_t from = out->len;
		for (int k = 0; k < c->columns; k++)
			yg_buf_adds(out, c->cell[(size_t)r * (size_t)c->columns + (size_t)k].text);
		while (out->len > from && out->data[out->len - 1] == ' ')
			out->data[--out->len] = '\0';
		yg_buf_addc(out, '\n');
	}
	for (int r = 0; roles && r < c->rows; r++) {
		for (int k = 0; k < c->columns; k++)
			yg_buf_addc(out, (char)('a' + c->cell[(size_t)r * (size_t)c->columns + (size_t)k].role));
		yg_buf_addc(out, '\n');
	}
}
