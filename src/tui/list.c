/* Moving a cursor through rows; text over several. */
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/text.h"

void yg_list_scroll(struct yg_view *v, size_t n, int height)
{
	size_t h = height > 0 ? (size_t)height : 1;

	v->list_height = height;
	if (v->cursor >= n)
		v->cursor = n ? n - 1 : 0;
	if (v->cursor < v->top)
		v->top = v->cursor;
	if (v->cursor >= v->top + h)
		v->top = v->cursor - h + 1;
	if (v->top + h > n)
		v->top = n > h ? n - h : 0;
}

bool yg_list_key(struct yg_view *v, int key, size_t n, int height)
{
	size_t page = height > 1 ? (size_t)height - 1 : 1;

	switch (key) {
	case YG_KEY_UP: case 'k': v->cursor -= v->cursor > 0; break;
	case YG_KEY_DOWN: case 'j': v->cursor += v->cursor + 1 < n; break;
	case YG_KEY_HOME: v->cursor = 0; break;
	case YG_KEY_END: case 'G': v->cursor = n ? n - 1 : 0; break;
	case YG_KEY_PAGE_UP: v->cursor = v->cursor > page ? v->cursor - page : 0; break;
	case YG_KEY_PAGE_DOWN: v->cursor = v->cursor + page < n ? v->cursor + page : n ? n - 1 : 0; break;
	default: return false;
	}
	yg_list_scroll(v, n, height);
	return true;
}

enum yg_tui_role yg_list_row(struct yg_view *v, struct yg_canvas *c, struct yg_rect r, size_t i)
{
	int row = r.row + (int)(i - v->top);
	enum yg_tui_role role = i == v->cursor ? YG_TUI_CURSOR : YG_TUI_TEXT;

	v->list_row = r.row;
	yg_canvas_fill(c, row, r.column, 1, r.columns, role);
	if (i == v->cursor)
		yg_canvas_text(c, row, r.column, 1, role, ">");
	return role;
}

int yg_draw_wrapped(struct yg_canvas *c, struct yg_rect r, enum yg_tui_role role, const char *text)
{
	size_t width = r.columns > 8 ? (size_t)r.columns : 8;
	int row = 0;

	while (*text && row < r.rows) {
		size_t fits = yg_text_cut(text, strlen(text), width, NULL), blank = fits;
		char *line;
		if (text[fits]) {
			while (blank > 0 && text[blank] != ' ')
				blank--;
			/* a language without blanks is cut where the line ends */
			if (blank * 3 > fits)
				fits = blank;
		}
		if (!fits)
			break;
		line = yg_xstrndup(text, fits);
		yg_canvas_text(c, r.row + row++, r.column, r.columns, role, line);
		yg_free(line);
		text += fits;
		text += strspn(text, " ");
	}
	return row;
}
