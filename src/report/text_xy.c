/* Points and lines in the terminal. */
#include <math.h>
#include <string.h>

#include "report/dots_priv.h"
#include "report/rows_priv.h"
#include "report/text_figure_priv.h"

static const char sign[] = { 'o', 'x', '+', '*', '#' };

/* A cloud is dots; a few points are signs that tell series apart. */
static bool is_cloud(const struct yg_series *s)
{
	return s->points > 60;
}

static void draw(struct yg_dots *d, const struct yg_figure *f, const struct yg_scale *x, const struct yg_scale *y)
{
	for (int i = 0, signs = 0; i < f->series_count; i++) {
		const struct yg_series *s = &f->series[i];
		char mark = s->line ? ' ' : sign[signs++ % 5];
		double *px = yg_xalloc(s->points + 1, sizeof *px), *py = yg_xalloc(s->points + 1, sizeof *py);
		for (size_t k = 0; k < s->points; k++) {
			bool there = isfinite(s->point[k].x) && isfinite(s->point[k].y);
			px[k] = there ? yg_scale_place(x, s->point[k].x) : NAN;
			py[k] = there ? yg_scale_place(y, s->point[k].y) : NAN;
		}
		if (s->line)
			yg_dots_path(d, px, py, s->points, i, false);
		for (size_t k = 0; k < s->points && !s->line; k++) {
			if (isnan(px[k]))
				continue;
			if (is_cloud(s))
				yg_dots_point(d, px[k], py[k]);
			else
				yg_dots_mark(d, px[k], py[k], mark);
		}
		yg_free(px);
		yg_free(py);
	}
}

void yg_text_xy(struct yg_buf *out, const struct yg_figure *f, const struct yg_render_options *o)
{
	struct yg_scale x, y;
	struct yg_dots d;
	struct yg_text_row row;
	struct yg_buf b = YG_BUF_INIT;
	int width = yg_text_columns(o), left = 8, plot = width - left - 3, rows = o && o->height > 0 ? o->height : 15;
	bool plain = o && o->glyphs == YG_GLYPHS_ASCII;
	yg_xy_axes(f, 8, 6, &x, &y);
	yg_dots_init(&d, plot, rows, o ? o->glyphs : YG_GLYPHS_BRAILLE);
	const double across[2] = { 0, 1 };
	if (f->y.has_reference) {
		const double at[2] = { yg_scale_place(&y, f->y.reference), yg_scale_place(&y, f->y.reference) };
		yg_dots_path(&d, across, at, 2, 0, true);
	}
	if (f->x.has_reference) {
		const double at[2] = { yg_scale_place(&x, f->x.reference), yg_scale_place(&x, f->x.reference) };
		yg_dots_path(&d, at, across, 2, 0, true);
	}
	draw(&d, f, &x, &y);
	for (int i = 0, signs = 0; i < f->series_count && f->series_count > 1; i++) {
		yg_buf_adds(out, "  ");
		if (f->series[i].line)
			yg_dots_sample(out, i, 6, d.glyphs);
		else
			yg_buf_addc(out, is_cloud(&f->series[i]) && !plain ? '.' : sign[signs % 5]);
		signs += !f->series[i].line;
		yg_buf_addc(out, ' ');
		yg_escape_terminal(out, yg_tr(f->series[i].name), strlen(yg_tr(f->series[i].name)));
		yg_buf_addc(out, '\n');
	}
	yg_words_head(&b, f->y.label, f->y.unit);
	if (b.len)
		yg_buf_addf(out, "  %s\n", b.data);
	for (int r = 0; r < rows; r++) {
		int tick = -1;
		for (int k = 0; k < y.ticks; k++)
			if (yg_dots_row_of(&d, yg_scale_place(&y, y.tick[k])) == r)
				tick = k;
		yg_text_pad(out, tick >= 0 ? y.label[tick] : "", (size_t)left, 1);
		yg_buf_adds(out, plain ? tick >= 0 ? "+" : "|" : tick >= 0 ? "\xe2\x94\xa4" : "\xe2\x94\x82");
		yg_dots_row(&d, r, out);
		yg_text_end_line(out);
	}
	yg_buf_fill(out, ' ', (size_t)left);
	yg_buf_adds(out, plain ? "+" : "\xe2\x94\x94");
	for (int c = 0; c < plot; c++) {
		bool tick = false;
		for (int k = 0; k < x.ticks; k++)
			tick = tick || yg_dots_column_of(&d, yg_scale_place(&x, x.tick[k])) == c;
		yg_buf_adds(out, plain ? tick ? "+" : "-" : tick ? "\xe2\x94\xac" : "\xe2\x94\x80");
	}
	yg_buf_addc(out, '\n');
	yg_text_row_init(&row, width);
	for (int k = 0; k < x.ticks; k++)
		yg_text_row_put(&row, left + 1 + yg_dots_column_of(&d, yg_scale_place(&x, x.tick[k])), x.label[k], 0, 1);
	yg_text_row_print(&row, out);
	yg_buf_clear(&b);
	yg_words_head(&b, f->x.label, f->x.unit);
	yg_text_row_init(&row, width);
	yg_text_row_put(&row, left + 1 + plot / 2, b.data, 0, 0);
	yg_text_row_print(&row, out);
	yg_dots_release(&d);
	yg_buf_release(&b);
}
