/* A line of text being edited. */
#include "yogo/tui/edit.h"

#include <string.h>

#include "yogo/base/mem.h"
#include "yogo/base/text.h"
#include "yogo/tui/key.h"

void yg_edit_init(struct yg_edit *e, const char *text)
{
	memset(e, 0, sizeof *e);
	yg_buf_init(&e->text);
	if (text)
		yg_edit_set(e, text);
}

void yg_edit_release(struct yg_edit *e)
{
	yg_buf_release(&e->text);
}

void yg_edit_set(struct yg_edit *e, const char *text)
{
	yg_buf_clear(&e->text);
	yg_buf_adds(&e->text, text);
	e->cursor = e->text.len;
	e->first = 0;
}

static size_t before(const struct yg_edit *e, size_t at)
{
	if (!at)
		return 0;
	do
		at--;
	while (at && ((unsigned char)e->text.data[at] & 0xC0) == 0x80);
	return at;
}

static size_t after(const struct yg_edit *e, size_t at)
{
	uint32_t code;

	return at >= e->text.len ? e->text.len : at + yg_utf8_next(e->text.data + at, e->text.len - at, &code);
}

static void cut(struct yg_edit *e, size_t from, size_t to)
{
	memmove(e->text.data + from, e->text.data + to, e->text.len - to + 1);
	e->text.len -= to - from;
	e->cursor = from;
}

bool yg_edit_insert(struct yg_edit *e, const char *text)
{
	size_t n = strlen(text);
	char *tail;

	if (!n)
		return true;
	if (e->text.len + n > YG_EDIT_LIMIT)
		return false;
	tail = yg_xstrdup(e->text.data + e->cursor);
	e->text.len = e->cursor;
	e->text.data[e->cursor] = '\0';
	yg_buf_adds(&e->text, text);
	e->cursor = e->text.len;
	yg_buf_adds(&e->text, tail);
	yg_free(tail);
	return true;
}

void yg_edit_replace(struct yg_edit *e, size_t from, const char *text)
{
	cut(e, from, e->cursor);
	yg_edit_insert(e, text);
}

static size_t word_before(const struct yg_edit *e)
{
	size_t at = e->cursor;

	while (at && e->text.data[at - 1] == ' ')
		at--;
	while (at && e->text.data[at - 1] != ' ')
		at--;
	return at;
}

/* A code point as UTF-8. */
static void encode(uint32_t c, char out[5])
{
	if (c < 0x80) {
		out[0] = (char)c;
		out[1] = '\0';
	} else if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		out[2] = '\0';
	} else if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		out[3] = '\0';
	} else {
		out[0] = (char)(0xF0 | c >> 18);
		out[1] = (char)(0x80 | (c >> 12 & 0x3F));
		out[2] = (char)(0x80 | (c >> 6 & 0x3F));
		out[3] = (char)(0x80 | (c & 0x3F));
		out[4] = '\0';
	}
}

bool yg_edit_key(struct yg_edit *e, int key)
{
	char text[5];

	switch (key) {
	case YG_KEY_LEFT: case YG_CTRL('B'): e->cursor = before(e, e->cursor); return true;
	case YG_KEY_RIGHT: case YG_CTRL('F'): e->cursor = after(e, e->cursor); return true;
	case YG_KEY_HOME: case YG_CTRL('A'): e->cursor = 0; return true;
	case YG_KEY_END: case YG_CTRL('E'): e->cursor = e->text.len; return true;
	case YG_KEY_BACKSPACE: case YG_CTRL('H'): cut(e, before(e, e->cursor), e->cursor); return true;
	case YG_KEY_DELETE: case YG_CTRL('D'): cut(e, e->cursor, after(e, e->cursor)); return true;
	case YG_CTRL('U'): cut(e, 0, e->cursor); return true;
	case YG_CTRL('K'): cut(e, e->cursor, e->text.len); return true;
	case YG_CTRL('W'): cut(e, word_before(e), e->cursor); return true;
	default:
		if (key < ' ' || key >= YG_KEY_UP || key == YG_KEY_BACKSPACE)
			return false;
		encode((uint32_t)key, text);
		yg_edit_insert(e, text);
		return true;
	}
}

int yg_edit_draw(struct yg_edit *e, struct yg_canvas *c, int row, int column, int width, enum yg_tui_role role)
{
	size_t to_cursor;
	int at;

	if (width < 2)
		return column;
	if (e->cursor < e->first)
		e->first = e->cursor;
	/* Scroll so that the cursor stands inside the field. */
	while ((to_cursor = yg_text_width(e->text.data + e->first, e->cursor - e->first)) >= (size_t)width)
		e->first = after(e, e->first);
	yg_canvas_fill(c, row, column, 1, width, role);
	yg_canvas_text(c, row, column, width, role, e->text.data + e->first);
	at = column + (int)to_cursor;
	return at;
}
