/* Forest and love plots, histograms and attritions in the terminal. */
#include <math.h>
#include <string.h>

#include "report/rows_priv.h"
#include "report/text_figure_priv.h"

static bool ascii(const struct yg_render_options *o)
{
	return o && o->glyphs == YG_GLYPHS_ASCII;
}

static int width_of(const char *s)
{
	return (int)yg_text_width(s, strlen(s));
}

static int place(const struct yg_scale *s, double v, int columns)
{
	double f = yg_scale_place(s, v);
	return (int)floor((f < 0 ? 0 : f > 1 ? 1 : f) * (columns - 1) + 0.5);
}

static void cut(struct yg_text_row *row, int column, const char *text, int width)
{
	struct yg_buf b = YG_BUF_INIT, e = YG_BUF_INIT;
	yg_escape_terminal(&e, text, strlen(text));
	yg_text_pad(&b, e.data, (size_t)(width_of(e.data) < width ? width_of(e.data) : width), -1);
	yg_text_row_put(row, column, b.data, -1, 0);
	yg_buf_release(&b);
	yg_buf_release(&e);
}

/* ---- forest ---- */

struct sheet {
	const struct yg_forest_model *m;
	int width, labels, column[YG_MOST_TEXT_COLUMNS], left, plot, estimate;
	bool ascii, line_a_row;   /* the estimate stands on a line of its own when there is no room */
};

static void lay_out(struct sheet *s, const struct yg_forest_model *m, const struct yg_render_options *o)
{
	int labels = 0, estimates = width_of(m->estimate_head);
	*s = (struct sheet){ .m = m, .width = yg_text_columns(o), .ascii = ascii(o) };
	for (int i = 0; i < m->rows; i++) {
		const struct yg_forest_row *r = &m->row[i];
		int w = width_of(r->p->label ? yg_tr(r->p->label) : "") + 2 * r->indent, e = width_of(r->estimate);
		labels = w > labels ? w : labels;
		estimates = e > estimates ? e : estimates;
	}
	int texts = 0;
	for (int c = 0; c < m->columns; c++) {
		int w = c ? width_of(m->head[c]) : 4; /* the first head may reach over the labels */
		for (int i = 0; i < m->rows; i++)
			if (!m->row[i].p->header && width_of(m->row[i].text[c]) > w)
				w = width_of(m->row[i].text[c]);
		texts += w + 2;
		s->column[c] = texts;
	}
	/* the plot wants twenty columns; long labels take several lines, then the columns of numbers give way */
	int rest = s->width - estimates - 2 - texts - 2;
	s->labels = labels < rest - 20 ? labels : rest - 20;
	if (s->labels < labels && s->labels < 24) { /* rather a smaller plot than labels of many lines */
		s->labels = rest - 14 < 24 ? rest - 14 : 24;
		s->labels = s->labels < labels ? s->labels : labels;
	}
	if (s->labels < 12)
		s->labels = labels < 12 ? labels : 12;
	s->estimate = s->width - estimates;
	for (int c = 0; c < m->columns; c++)
		s->column[c] += s->labels - 1;
	s->left = s->labels + texts + 2;
	s->plot = s->estimate - 2 - s->left;
	if (s->plot < 10) {
		s->left = s->labels + 2;
		s->plot = s->estimate - 2 - s->left;
		for (int c = 0; c < m->columns; c++)
			s->column[c] = -1;
	}
	if (s->plot < 5)
		s->plot = 5;
}

static void put(struct yg_text_row *row, int column, const char *sign)
{
	if (column < 0 || column >= row->width)
		return;
	strncpy(row->cell[column], sign, sizeof row->cell[0] - 1);
}

static void reference(const struct sheet *s, struct yg_text_row *row)
{
	if (s->m->has_reference && s->m->reference >= s->m->x.low && s->m->reference <= s->m->x.high)
		put(row, s->left + place(&s->m->x, s->m->reference, s->plot), s->ascii ? ":" : "\xe2\x94\x8a");
}

static void interval(const struct sheet *s, struct yg_text_row *row, const struct yg_forest_row *r)
{
	for (int c = 0; c < s->m->columns; c++)
		if (s->column[c] >= 0)
			yg_text_row_put(row, s->column[c], r->text[c], 1, 0);
	if (isfinite(r->p->y)) {
		if (isfinite(r->low) && isfinite(r->high)) {
			int a = s->left + place(&s->m->x, r->low, s->plot), b = s->left + place(&s->m->x, r->high, s->plot);
			for (int c = a; c <= b; c++)
				put(row, c, s->ascii ? "-" : "\xe2\x94\x80");
			put(row, a, r->low_cut ? "<" : s->ascii ? "|" : "\xe2\x94\x9c");
			put(row, b, r->high_cut ? ">" : s->ascii ? "|" : "\xe2\x94\xa4");
		}
		if (r->p->y >= s->m->x.low && r->p->y <= s->m->x.high)
			put(row, s->left + place(&s->m->x, r->p->y, s->plot),
			    r->p->summary ? s->ascii ? "<>" : "\xe2\x97\x86" : s->ascii ? "#" : "\xe2\x96\xa0");
		if (r->p->summary && s->ascii)
			put(row, s->left + place(&s->m->x, r->p->y, s->plot), "O");
	}
	yg_text_row_put(row, s->estimate, r->estimate, -1, 0);
}

/* The lines of a label that had no room beside its numbers. */
static void rest_of_label(struct yg_buf *out, const struct sheet *s, const struct yg_forest_row *r, const struct yg_lines *l)
{
	for (int i = 1; i < l->n; i++) {
		struct yg_text_row row;
		yg_text_row_init(&row, s->width);
		reference(s, &row);
		cut(&row, 2 * r->indent + 2, l->line[i], s->labels - 2 * r->indent - 2);
		yg_text_row_print(&row, out);
	}
}

static void forest_row(struct yg_buf *out, const struct sheet *s, const struct yg_forest_row *r)
{
	struct yg_text_row row;
	struct yg_lines l = { 0 };
	const char *label = r->p->label ? yg_tr(r->p->label) : "";
	int room = s->labels - 2 * r->indent;
	yg_wrap(&l, label, (size_t)(room > 4 ? room : 4));
	if (l.n > 1) { /* the lines that hang have two columns less */
		yg_lines_release(&l);
		yg_wrap(&l, label, (size_t)(room > 6 ? room - 2 : 4));
	}
	yg_text_row_init(&row, s->width);
	reference(s, &row);
	cut(&row, 2 * r->indent, l.line[0], room);
	if (r->p->header)
		yg_text_row_put(&row, s->estimate, r->text[0], -1, 0);
	else
		interval(s, &row, r);
	yg_text_row_print(&row, out);
	rest_of_label(out, s, r, &l);
	yg_lines_release(&l);
}

void yg_text_forest(struct yg_buf *out, const struct yg_figure *f, const struct yg_render_options *o)
{
	struct yg_forest_model m;
	struct sheet s;
	struct yg_text_row row;
	struct yg_buf b = YG_BUF_INIT;
	yg_forest_model(&m, f, 7);
	lay_out(&s, &m, o);
	yg_text_row_init(&row, s.width);
	for (int c = 0; c < m.columns; c++)
		if (s.column[c] >= 0)
			yg_text_row_put(&row, s.column[c], m.head[c], 1, 0);
	yg_text_row_put(&row, s.estimate, m.estimate_head, -1, 0);
	yg_text_row_print(&row, out);
	for (int i = 0; i < m.rows; i++)
		forest_row(out, &s, &m.row[i]);
	yg_text_row_init(&row, s.width);
	for (int c = 0; c < s.plot; c++)
		put(&row, s.left + c, s.ascii ? "-" : "\xe2\x94\x80");
	for (int i = 0; i < m.x.ticks; i++)
		put(&row, s.left + place(&m.x, m.x.tick[i], s.plot), s.ascii ? "+" : "\xe2\x94\xac");
	yg_text_row_print(&row, out);
	yg_text_row_init(&row, s.width);
	for (int i = 0; i < m.x.ticks; i++)
		yg_text_row_put(&row, s.left + place(&m.x, m.x.tick[i], s.plot), m.x.label[i], 0, 1);
	yg_text_row_print(&row, out);
	int centre = m.has_reference ? s.left + place(&m.x, m.reference, s.plot) : s.left + s.plot / 2;
	if ((f->left && f->left[0]) || (f->right && f->right[0])) {
		yg_text_row_init(&row, s.width);
		if (f->left && f->left[0])
			yg_text_row_put(&row, centre - 2, yg_tr(f->left), 1, 0);
		if (f->right && f->right[0])
			yg_text_row_put(&row, centre + 2, yg_tr(f->right), -1, 0);
		yg_text_row_print(&row, out);
	}
	yg_words_head(&b, m.axis->label, m.axis->unit);
	if (m.axis->log_scale && b.len)
		yg_buf_addf(&b, " (%s)", _("log scale"));
	if (b.len) {
		yg_text_row_init(&row, s.width);
		yg_text_row_put(&row, s.left + s.plot / 2, b.data, 0, 0);
		yg_text_row_print(&row, out);
	}
	yg_buf_release(&b);
	yg_forest_release(&m);
}

/* ---- love ---- */

static void axis_below(struct yg_buf *out, const struct yg_scale *x, int width, int left, int plot, const char *words, bool plain)
{
	struct yg_text_row row;
	yg_text_row_init(&row, width);
	for (int c = 0; c < plot; c++)
		put(&row, left + c, plain ? "-" : "\xe2\x94\x80");
	for (int i = 0; i < x->ticks; i++)
		put(&row, left + place(x, x->tick[i], plot), plain ? "+" : "\xe2\x94\xac");
	yg_text_row_print(&row, out);
	yg_text_row_init(&row, width);
	for (int i = 0; i < x->ticks; i++)
		yg_text_row_put(&row, left + place(x, x->tick[i], plot), x->label[i], 0, 1);
	yg_text_row_print(&row, out);
	if (words[0]) {
		yg_text_row_init(&row, width);
		yg_text_row_put(&row, left + plot / 2, words, 0, 0);
		yg_text_row_print(&row, out);
	}
}

static const char *love_sign(int series)
{
	static const char *const sign[] = { "o", "x", "+", "*", "#" };
	return sign[series % 5];
}

void yg_text_love(struct yg_buf *out, const struct yg_figure *f, const struct yg_render_options *o)
{
	struct yg_love_model m;
	int width = yg_text_columns(o), labels = 0;
	yg_love_model(&m, f, 7);
	for (int i = 0; i < m.labels; i++)
		labels = width_of(yg_tr(m.label[i])) > labels ? width_of(yg_tr(m.label[i])) : labels;
	labels = labels > width * 2 / 5 ? width * 2 / 5 : labels;
	int left = labels + 2, plot = width - left - 2;
	for (int s = 0; s < m.series; s++) {
		yg_buf_addf(out, "%s%s ", s ? "   " : "  ", love_sign(s));
		yg_escape_terminal(out, yg_tr(f->series[s].name), strlen(yg_tr(f->series[s].name)));
	}
	yg_buf_addc(out, '\n');
	for (int i = 0; i < m.labels; i++) {
		struct yg_text_row row;
		yg_text_row_init(&row, width);
		cut(&row, 0, yg_tr(m.label[i]), labels);
		const double line[3] = { m.limit, -m.limit, 0 };
		for (int k = 0; k < 3; k++)
			if (line[k] >= m.x.low && line[k] <= m.x.high)
				put(&row, left + place(&m.x, line[k], plot),
				    ascii(o) ? k == 2 ? "|" : ":" : k == 2 ? "\xe2\x94\x82" : "\xe2\x94\x8a");
		for (int s = 0; s < m.series; s++)
			if (isfinite(m.value[i * m.series + s]))
				put(&row, left + place(&m.x, m.value[i * m.series + s], plot), love_sign(s));
		yg_text_row_print(&row, out);
	}
	axis_below(out, &m.x, width, left, plot, f->x.label[0] ? yg_tr(f->x.label) : _("standardised difference"), ascii(o));
	yg_love_release(&m);
}

/* ---- histogram: a bar a line, so that its number can stand beside it ---- */

void yg_text_histogram(struct yg_buf *out, const struct yg_figure *f, const struct yg_render_options *o)
{
	int width = yg_text_columns(o), labels = 0, numbers = 1;
	double x[2], y[2];
	struct yg_buf b = YG_BUF_INIT;
	yg_figure_range(f, x, y);
	for (int pass = 0; pass < 2; pass++)
		for (int s = 0; s < f->series_count; s++) {
			if (pass && f->series[s].name[0] && f->series_count > 1)
				yg_buf_addf(out, "%s\n", yg_tr(f->series[s].name));
			for (size_t k = 0; k < f->series[s].points; k++) {
				const struct yg_point *p = &f->series[s].point[k];
				struct yg_buf label = YG_BUF_INIT;
				yg_numfmt_number(&label, YG_ROLE_TIME, p->x, -1);
				yg_buf_addf(&label, " %s ", _("to"));
				yg_numfmt_number(&label, YG_ROLE_TIME, p->x2, -1);
				yg_buf_clear(&b);
				yg_numfmt_number(&b, YG_ROLE_TIME, isfinite(p->y) ? p->y : 0, -1);
				if (!pass) {
					labels = width_of(label.data) > labels ? width_of(label.data) : labels;
					numbers = width_of(b.data) > numbers ? width_of(b.data) : numbers;
					yg_buf_release(&label);
					continue;
				}
				int room = width - labels - numbers - 6;
				double part = y[1] > 0 && isfinite(p->y) ? p->y / y[1] * room : 0;
				yg_buf_adds(out, "  ");
				yg_text_pad(out, label.data, (size_t)labels, 1);
				yg_buf_adds(out, "  ");
				yg_text_pad(out, b.data, (size_t)numbers, 1);
				yg_buf_adds(out, "  ");
				/* eighths of a cell keep small differences visible */
				int eighths = (int)floor(part * 8 + 0.5);
				if (ascii(o)) {
					yg_buf_fill(out, '#', (size_t)floor(part + 0.5));
				} else {
					for (int c = 0; c < eighths / 8; c++)
						yg_buf_adds(out, "\xe2\x96\x88");
					if (eighths % 8) {
						yg_buf_adds(out, "\xe2\x96");
						yg_buf_addc(out, (char)(0x90 - eighths % 8));
					}
				}
				yg_text_end_line(out);
				yg_buf_release(&label);
			}
		}
	yg_buf_clear(&b);
	yg_words_head(&b, f->x.label, f->x.unit);
	if (b.len)
		yg_buf_addf(out, "  %s\n", b.data);
	yg_buf_release(&b);
}

/* ---- flow ---- */

void yg_text_flow(struct yg_buf *out, const struct yg_figure *f, const struct yg_render_options *o)
{
	int width = yg_text_columns(o);
	struct yg_buf b = YG_BUF_INIT;
	for (int s = 0; s < f->series_count; s++)
		for (size_t k = 0; k < f->series[s].points; k++) {
			const struct yg_point *p = &f->series[s].point[k];
			struct yg_text_row row;
			if (isfinite(p->x) && p->x > 0) {
				yg_text_row_init(&row, width);
				put(&row, 2, ascii(o) ? "|" : "\xe2\x94\x82");
				yg_buf_clear(&b);
				yg_buf_addf(&b, "%s%s%s", _("left out"), p->text && p->text[0] ? ": " : "", p->text ? yg_tr(p->text) : "");
				cut(&row, 6, b.data, width - 18);
				yg_buf_clear(&b);
				yg_numfmt_number(&b, YG_ROLE_PERSONS, p->x, 0);
				yg_text_row_put(&row, width - 1, b.data, 1, 0);
				yg_text_row_print(&row, out);
			}
			yg_text_row_init(&row, width);
			cut(&row, 0, p->label ? yg_tr(p->label) : "", width - 20);
			yg_buf_clear(&b);
			yg_numfmt_number(&b, YG_ROLE_PERSONS, p->y, 0);
			yg_text_row_put(&row, width - 11, b.data, 1, 0);
			yg_text_row_print(&row, out);
		}
	yg_buf_release(&b);
}
