/* Step curves in the terminal, with the numbers at risk under their own axis. */
#include <math.h>
#include <string.h>

#include "report/dots_priv.h"
#include "report/km_priv.h"
#include "report/text_figure_priv.h"

struct sheet {
	const struct yg_km_model *m;
	const struct yg_render_options *o;
	int width, left, plot, margin, rows;
	bool ascii;
};

static size_t width_of(const char *s)
{
	return yg_text_width(s, strlen(s));
}

static int column(const struct sheet *s, double x)
{
	return (int)floor(yg_scale_place(&s->m->x, x) * (s->plot - 1) + 0.5);
}

static void lay_out(struct sheet *s, const struct yg_km_model *m, const struct yg_render_options *o)
{
	size_t longest = 0;
	for (int i = 0; i < m->curves; i++) {
		size_t w = width_of(m->curve[i].name);
		longest = w > longest ? w : longest;
	}
	if (!m->named)
		longest = 0;
	*s = (struct sheet){ .m = m, .o = o, .width = yg_text_columns(o), .ascii = o && o->glyphs == YG_GLYPHS_ASCII };
	int names = (int)(longest > 60 ? 60 : longest), most = s->width / 5;
	s->left = names + 2 > 8 ? names + 2 : 8;
	if (s->left > most + 2)
		s->left = most + 2;
	s->margin = names > most - 2 ? most - 2 : names;
	s->plot = s->width - s->left - 1 - (s->margin ? s->margin + 1 : 0);
	s->rows = o && o->height > 0 ? o->height : s->width >= 72 ? 15 : 11;
}

static double *places(const struct yg_scale *scale, const double *v, size_t n)
{
	double *p = yg_xalloc(n ? n : 1, sizeof *p);
	for (size_t i = 0; i < n; i++)
		p[i] = isfinite(v[i]) ? yg_scale_place(scale, v[i]) : NAN;
	return p;
}

static void path(struct yg_dots *d, const struct yg_km_model *m, const double *x, const double *y, size_t n, int series,
                 bool faint)
{
	double *px = places(&m->x, x, n), *py = places(&m->y, y, n);
	yg_dots_path(d, px, py, n, series, faint);
	yg_free(px);
	yg_free(py);
}

static void draw(struct yg_dots *d, const struct sheet *s)
{
	for (int i = 0; i < s->m->curves; i++) {
		const struct yg_curve *c = &s->m->curve[i];
		if (s->o && s->o->band && c->bands) {
			path(d, s->m, c->band_x, c->low, c->bands, i, true);
			path(d, s->m, c->band_x, c->high, c->bands, i, true);
		}
		path(d, s->m, c->x, c->y, c->n, i, false);
	}
	for (int i = 0; i < s->m->curves && s->o && s->o->censoring; i++)
		for (size_t k = 0; k < s->m->curve[i].marks; k++)
			yg_dots_mark(d, yg_scale_place(&s->m->x, s->m->curve[i].mark_x[k]),
			             yg_scale_place(&s->m->y, s->m->curve[i].mark_y[k]), '+');
}

/* The row in which each name stands: that of the curve's end, moved apart in the order of the ends. */
static void name_rows(const struct sheet *s, const struct yg_dots *d, int *row_curve)
{
	int curves = s->m->named ? s->m->curves : 0, *order = yg_xalloc((size_t)curves + 1, sizeof *order),
	    *row = yg_xalloc((size_t)curves + 1, sizeof *row);
	for (int r = 0; r < s->rows; r++)
		row_curve[r] = -1;
	for (int i = 0; i < curves; i++) { /* highest end first; equal ends in the order given */
		double end = s->m->curve[i].y[s->m->curve[i].n - 1];
		int j = i;
		for (; j > 0 && s->m->curve[order[j - 1]].y[s->m->curve[order[j - 1]].n - 1] < end; j--)
			order[j] = order[j - 1];
		order[j] = i;
	}
	for (int k = 0; k < curves; k++) {
		const struct yg_curve *c = &s->m->curve[order[k]];
		row[k] = yg_dots_row_of(d, yg_scale_place(&s->m->y, c->y[c->n - 1]));
		if (k && row[k] <= row[k - 1])
			row[k] = row[k - 1] + 1;
	}
	for (int k = curves - 1, lowest = s->rows - 1; k >= 0; k--, lowest--) {
		if (row[k] > lowest)
			row[k] = lowest;
		lowest = row[k];
		if (row[k] >= 0 && row[k] < s->rows)
			row_curve[row[k]] = order[k];
	}
	yg_free(order);
	yg_free(row);
}

static void plot(struct yg_buf *out, const struct sheet *s)
{
	const struct yg_km_model *m = s->m;
	struct yg_dots d;
	yg_dots_init(&d, s->plot, s->rows, s->o ? s->o->glyphs : YG_GLYPHS_BRAILLE);
	draw(&d, s);
	int *row_curve = yg_xalloc((size_t)s->rows, sizeof *row_curve);
	name_rows(s, &d, row_curve);
	for (int r = 0; r < s->rows; r++) {
		int tick = -1;
		for (int k = 0; k < m->y.ticks; k++)
			if (yg_dots_row_of(&d, yg_scale_place(&m->y, m->y.tick[k])) == r)
				tick = k;
		yg_text_pad(out, tick >= 0 ? m->y.label[tick] : "", (size_t)s->left, 1);
		yg_buf_adds(out, s->ascii ? tick >= 0 ? "+" : "|" : tick >= 0 ? "\xe2\x94\xa4" : "\xe2\x94\x82");
		yg_dots_row(&d, r, out);
		if (row_curve[r] >= 0) {
			yg_buf_addc(out, ' ');
			yg_text_pad(out, m->curve[row_curve[r]].name, (size_t)s->margin, -1);
		}
		yg_text_end_line(out);
	}
	yg_free(row_curve);
	yg_dots_release(&d);
}

static void x_axis(struct yg_buf *out, const struct sheet *s, const struct yg_figure *f)
{
	const struct yg_km_model *m = s->m;
	struct yg_text_row row;
	yg_buf_fill(out, ' ', (size_t)s->left);
	yg_buf_adds(out, s->ascii ? "+" : "\xe2\x94\x94");
	for (int c = 0; c < s->plot; c++) {
		bool tick = false;
		for (int k = 0; k < m->x.ticks; k++)
			tick = tick || column(s, m->x.tick[k]) == c;
		yg_buf_adds(out, s->ascii ? tick ? "+" : "-" : tick ? "\xe2\x94\xac" : "\xe2\x94\x80");
	}
	yg_buf_addc(out, '\n');
	yg_text_row_init(&row, s->width);
	for (int k = 0; k < m->x.ticks; k++)
		yg_text_row_put(&row, s->left + 1 + column(s, m->x.tick[k]), m->x.label[k], 0, 1);
	yg_text_row_print(&row, out);
	struct yg_buf b = YG_BUF_INIT;
	yg_words_head(&b, f->x.label[0] ? f->x.label : N_("time"), f->x.unit);
	yg_text_row_init(&row, s->width);
	yg_text_row_put(&row, s->left + 1 + s->plot / 2, b.data, 0, 0);
	yg_text_row_print(&row, out);
	yg_buf_release(&b);
}

static bool risk_rows(struct yg_buf *out, const struct sheet *s, bool with_events, int every, bool only_try)
{
	const struct yg_km_model *m = s->m;
	struct yg_buf b = YG_BUF_INIT;
	bool fits = true;
	for (int i = 0; i < m->curves && fits; i++) {
		struct yg_text_row row;
		yg_text_row_init(&row, s->width);
		if (m->named) {
			struct yg_buf name = YG_BUF_INIT;
			yg_text_pad(&name, m->curve[i].name, (size_t)s->left - 1, -1);
			yg_text_row_put(&row, 0, name.data, -1, 0);
			yg_buf_release(&name);
		}
		for (int k = 0; k < m->times; k += every) {
			yg_km_risk_text(&b, m, i, k, with_events);
			/* the first is moved out of the name, the last back into the line */
			int half = (int)width_of(b.data) / 2, at = s->left + 1 + column(s, m->time[k]);
			fits = yg_text_row_put(&row, at - half < s->left ? s->left + half : at, b.data, 0, 1) && fits;
		}
		if (!only_try)
			yg_text_row_print(&row, out);
		else
			yg_text_row_release(&row);
	}
	yg_buf_release(&b);
	return fits;
}

static void risk(struct yg_buf *out, const struct sheet *s)
{
	bool with_events = true;
	int every = 1;
	if (!risk_rows(out, s, true, 1, true)) {
		every = 2;
		if (s->m->times < 7 || !risk_rows(out, s, true, 2, true)) {
			with_events = false;
			for (every = 1; every < s->m->times && !risk_rows(out, s, false, every, true); every++)
				;
		}
	}
	yg_buf_addf(out, "%s\n", with_events ? _("At risk (events so far)") : _("At risk"));
	risk_rows(out, s, with_events, every, false);
}

void yg_text_km(struct yg_buf *out, const struct yg_figure *f, const struct yg_render_options *o)
{
	struct yg_km_model m;
	struct sheet s;
	int width = yg_text_columns(o);
	yg_km_model(&m, f, width >= 72 ? 9 : 6);
	lay_out(&s, &m, o);
	for (int i = 0; i < m.curves && m.curves > 1; i++) {
		yg_buf_adds(out, "  ");
		yg_dots_sample(out, i, 6, o ? o->glyphs : YG_GLYPHS_BRAILLE);
		yg_buf_addc(out, ' ');
		yg_escape_terminal(out, m.curve[i].name, strlen(m.curve[i].name));
		yg_buf_addc(out, '\n');
	}
	plot(out, &s);
	x_axis(out, &s, f);
	if (m.any_risk && !(o && o->no_risk_table))
		risk(out, &s);
	yg_km_model_release(&m);
}
