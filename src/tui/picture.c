/*
 * A screen as a picture: the cells of the canvas as SVG, in the colours of a theme.  For documents, made by the program
 * itself (headless: picture NAME), so that they show what it shows.
 */
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/text.h"

#define CELL 9            /* width of a cell, px; a wide character takes two */
#define LINE 19           /* height */
#define SIZE 15           /* of the letters */

struct ink {
	const char *fore, *back;   /* NULL = the ground of the picture */
	bool bold, under;
};

/* Of the dark theme with 256 colours, as far as a role has a look of its own. */
static struct ink ink_of(unsigned char role)
{
	switch (role) {
	case YG_TUI_DIM: case YG_TUI_DRAFT: return (struct ink){ "#9aa0a6", NULL, false, false };
	case YG_TUI_HEADER: case YG_TUI_TITLE: case YG_TUI_KEY: return (struct ink){ "#ffffff", NULL, true, false };
	case YG_TUI_TAB_ACTIVE: return (struct ink){ "#000000", "#4fc3c7", true, false };
	case YG_TUI_CURSOR: return (struct ink){ "#000000", "#4fc3c7", false, false };
	case YG_TUI_ECHO: return (struct ink){ "#87d7ff", "#303030", false, false };
	case YG_TUI_ERROR: return (struct ink){ "#ffffff", "#c62828", true, false };
	case YG_TUI_WARNING: return (struct ink){ "#000000", "#ffd75f", false, false };
	case YG_TUI_MATCH: return (struct ink){ "#ffffff", NULL, true, true };
	case YG_TUI_SERIES_1: return (struct ink){ "#5fafff", NULL, false, false };
	case YG_TUI_SERIES_2: return (struct ink){ "#ffaf00", NULL, false, false };
	case YG_TUI_SERIES_3: return (struct ink){ "#eeeeee", NULL, true, false };
	case YG_TUI_SERIES_4: return (struct ink){ "#8a8a8a", NULL, false, false };
	default: return (struct ink){ "#d0d0d0", NULL, false, false };
	}
}

static void escape(struct yg_buf *out, const char *text)
{
	for (; *text; text++)
		if (*text == '<')
			yg_buf_adds(out, "&lt;");
		else if (*text == '&')
			yg_buf_adds(out, "&amp;");
		else
			yg_buf_addc(out, *text);
}

/* Dots of a braille cell as squares: fonts draw them at many sizes, or not at all. */
static bool braille(struct yg_buf *out, const char *text, int x, int y, const char *colour)
{
	static const unsigned char bit[4][2] = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };
	uint32_t code;

	yg_utf8_next(text, strlen(text), &code);
	if (code < 0x2800 || code > 0x28FF)
		return false;
	yg_buf_addf(out, "<path fill=\"%s\" d=\"", colour);
	for (int r = 0; r < 4; r++)
		for (int k = 0; k < 2; k++)
			if ((code & 0xFF) & bit[r][k])
				yg_buf_addf(out, "M%d.%d %dh3v3h-3z", x + (k ? 5 : 1), 0, y + 1 + r * LINE / 4);
	yg_buf_adds(out, "\"/>");
	return true;
}

/* Blocks U+2581 .. U+2588 from the bottom, as rectangles: neighbours join. */
static bool block(struct yg_buf *out, const char *text, int x, int y, const char *colour)
{
	uint32_t code;
	int height;

	yg_utf8_next(text, strlen(text), &code);
	if (code < 0x2581 || code > 0x2588)
		return false;
	height = (int)(code - 0x2580) * (LINE - 2) / 8;
	yg_buf_addf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>", x, y + LINE - height, CELL, height, colour);
	return true;
}

static void draw_row(const struct yg_canvas *c, int row, struct yg_buf *out)
{
	const struct yg_canvas_cell *line = &c->cell[(size_t)row * (size_t)c->columns];
	int y = 8 + row * LINE;

	/* grounds first, one rectangle a run */
	for (int k = 0; k < c->columns;) {
		struct ink ink = ink_of(line[k].role);
		int to = k;
		while (to < c->columns && line[to].role == line[k].role)
			to++;
		if (ink.back)
			yg_buf_addf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>", 8 + k * CELL, y, (to - k) * CELL, LINE,
			            ink.back);
		k = to;
	}
	for (int k = 0; k < c->columns; k++) {
		struct ink ink = ink_of(line[k].role);
		int from = k;
		struct yg_buf text = YG_BUF_INIT;
		if (!line[k].width || !strcmp(line[k].text, " "))
			continue;
		if (braille(out, line[k].text, 8 + k * CELL, y, ink.fore) || block(out, line[k].text, 8 + k * CELL, y, ink.fore))
			continue;
		/* a word is one text with its own length, so that no font can move the next one */
		while (k < c->columns && line[k].role == line[from].role && strcmp(line[k].text, " ")) {
			uint32_t code = 0;
			if (line[k].width)
				yg_utf8_next(line[k].text, strlen(line[k].text), &code);
			if ((code >= 0x2800 && code <= 0x28FF) || (code >= 0x2581 && code <= 0x2588))
				break;
			if (line[k].width)
				escape(&text, line[k].text);
			k++;
		}
		yg_buf_addf(out, "<text x=\"%d\" y=\"%d\" fill=\"%s\" textLength=\"%d\" lengthAdjust=\"spacingAndGlyphs\"%s%s>%s</text>", 8 + from * CELL,
		            y + LINE - 5, ink.fore, (k - from) * CELL, ink.bold ? " font-weight=\"bold\"" : "",
		            ink.under ? " text-decoration=\"underline\"" : "", text.data);
		yg_buf_release(&text);
		k--;
	}
	yg_buf_addc(out, '\n');
}

void yg_tui_picture(const struct yg_canvas *c, struct yg_buf *out)
{
	int width = c->columns * CELL + 16, height = c->rows * LINE + 16;

	yg_buf_addf(out,
	            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
	            "font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"%d\">\n"
	            "<rect width=\"%d\" height=\"%d\" rx=\"6\" fill=\"#101418\"/>\n",
	            width, height, width, height, SIZE, width, height);
	for (int row = 0; row < c->rows; row++)
		draw_row(c, row, out);
	yg_buf_adds(out, "</svg>\n");
}
