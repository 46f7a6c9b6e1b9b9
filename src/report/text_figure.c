/* The terminal form of a figure: heading, then what its kind draws. */
#include "report/text_figure_priv.h"

#include <string.h>

void yg_text_row_init(struct yg_text_row *r, int width)
{
	r->width = width;
	r->cell = yg_xcalloc((size_t)width, sizeof *r->cell);
	for (int i = 0; i < width; i++)
		r->cell[i][0] = ' ';
}

void yg_text_row_release(struct yg_text_row *r)
{
	yg_free(r->cell);
	r->cell = NULL;
}

static bool blank(const struct yg_text_row *r, int column)
{
	return column < 0 || column >= r->width || (r->cell[column][0] == ' ' && !r->cell[column][1]);
}

bool yg_text_row_put(struct yg_text_row *r, int column, const char *text, int align, int gap)
{
	struct yg_buf e = YG_BUF_INIT;
	yg_escape_terminal(&e, text, strlen(text));
	int w = (int)yg_text_width(e.data, e.len);
	int start = align < 0 ? column : align == 0 ? column - w / 2 : column - w + 1;
	if (start + w > r->width)
		start = r->width - w;
	if (start < 0)
		start = 0;
	bool room = w <= r->width;
	for (int i = start - gap; i < start + w + gap && room; i++)
		room = blank(r, i);
	for (size_t at = 0; at < e.len && room;) {
		size_t n = yg_text_cut(e.data + at, e.len - at, 1, NULL), wide = 1;
		if (n == 0) { /* a wide character takes two cells */
			n = yg_text_cut(e.data + at, e.len - at, 2, NULL);
			wide = 2;
		}
		if (n == 0 || n >= sizeof r->cell[0])
			break;
		memcpy(r->cell[start], e.data + at, n);
		r->cell[start][n] = '\0';
		if (wide == 2 && start + 1 < r->width)
			r->cell[start + 1][0] = '\0';
		start += (int)wide;
		at += n;
	}
	yg_buf_release(&e);
	return room;
}

void yg_text_end_line(struct yg_buf *out)
{
	for (;;) {
		if (out->len && out->data[out->len - 1] == ' ')
			out->len--;
		else if (out->len >= 3 && memcmp(out->data + out->len - 3, "\xe2\xa0\x80", 3) == 0)
			out->len -= 3;
		else
			break;
	}
	if (out->cap)
		out->data[out->len] = '\0';
	yg_buf_addc(out, '\n');
}

void yg_text_row_print(struct yg_text_row *r, struct yg_buf *out)
{
	for (int i = 0; i < r->width; i++)
		yg_buf_adds(out, r->cell[i]);
	yg_text_end_line(out);
	yg_text_row_release(r);
}

static void paragraph(struct yg_buf *out, const char *s, int width)
{
	struct yg_buf e = YG_BUF_INIT;
	struct yg_lines l = { 0 };
	if (!s[0])
		return;
	yg_escape_terminal(&e, s, strlen(s));
	yg_wrap(&l, e.data, (size_t)width);
	for (int i = 0; i < l.n; i++)
		yg_buf_addf(out, "%s\n", l.line[i]);
	yg_lines_release(&l);
	yg_buf_release(&e);
}

void yg_render_figure_text(const struct yg_figure *f, const struct yg_render_options *o, struct yg_buf *out)
{
	int width = yg_text_columns(o);
	size_t points = 0;
	for (int i = 0; i < f->series_count; i++)
		points += f->series[i].points;
	paragraph(out, yg_tr(f->title), width);
	if (f->caption) {
		struct yg_buf b = YG_BUF_INIT;
		yg_note_sentence(f->caption, &b);
		paragraph(out, b.data, width);
		yg_buf_release(&b);
	}
	if (f->hidden) {
		paragraph(out, yg_words_withheld(), width);
		return;
	}
	if (points == 0) {
		paragraph(out, _("There is nothing to draw."), width);
		return;
	}
	switch (f->kind) {
	case YG_FIGURE_KM:
		yg_text_km(out, f, o);
		break;
	case YG_FIGURE_FOREST:
		yg_text_forest(out, f, o);
		break;
	case YG_FIGURE_HISTOGRAM:
		yg_text_histogram(out, f, o);
		break;
	case YG_FIGURE_LOVE:
		yg_text_love(out, f, o);
		break;
	case YG_FIGURE_FLOW:
		yg_text_flow(out, f, o);
		break;
	case YG_FIGURE_XY:
		yg_text_xy(out, f, o);
		break;
	}
}
