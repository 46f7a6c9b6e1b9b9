/*
 * A forest plot: labels, columns of numbers, squares with intervals on a (logarithmic) axis with its
 * reference line, and the estimates in words, each row on one line.
 */
#include <math.h>
#include <string.h>

#include "report/draw_priv.h"
#include "report/rows_priv.h"

#define SIZE 9.0
#define ROW 16.0
#define LINE 11.0
#define GAP 14.0

struct sheet {
	struct yg_drawing *d;
	const struct yg_forest_model *m;
	double label, label_end;                     /* left column */
	double column[YG_MOST_TEXT_COLUMNS];         /* right edges of the text columns */
	double left, right;                          /* plot */
	double estimate;                             /* left edge of the estimates in words */
};

static double px(const struct sheet *s, double v)
{
	return s->left + yg_scale_place(&s->m->x, v) * (s->right - s->left);
}

static double widest_text(const struct yg_forest_model *m, int column)
{
	/* no label stands beside the first head: it may reach over that column */
	double w = column ? yg_text_points(m->head[column], SIZE, true) : 0;
	for (int i = 0; i < m->rows; i++)
		if (!m->row[i].p->header)
			w = fmax(w, yg_text_points(m->row[i].text[column], SIZE, false));
	return w;
}

static double lay_out(struct sheet *s, double width)
{
	const struct yg_forest_model *m = s->m;
	double labels = 0, estimates = yg_text_points(m->estimate_head, SIZE, true);
	for (int i = 0; i < m->rows; i++) {
		const struct yg_forest_row *r = &m->row[i];
		labels = fmax(labels, yg_text_points(r->p->label ? yg_tr(r->p->label) : "", SIZE, r->p->header || r->p->summary) + 10 * r->indent);
		estimates = fmax(estimates, yg_text_points(r->estimate, SIZE, r->p->summary));
		if (r->p->header)
			estimates = fmax(estimates, yg_text_points(r->text[0], SIZE, false));
	}
	if (labels > 0.34 * width) /* longer ones take several lines */
		labels = 0.34 * width;
	s->label = 8;
	s->label_end = s->label + labels;
	double x = s->label_end;
	if (m->columns)
		x = fmax(x, s->label + yg_text_points(m->head[0], SIZE, true) - GAP - widest_text(m, 0));
	for (int c = 0; c < m->columns; c++) {
		x += GAP + widest_text(m, c);
		s->column[c] = x;
	}
	s->left = x + GAP + 4;
	s->estimate = width - 8 - estimates;
	s->right = s->estimate - GAP;
	/* at least this much plot: a wider page rather than a squeezed one */
	double more = 150 - (s->right - s->left);
	if (more > 0) {
		s->right += more;
		s->estimate += more;
		width += more;
	}
	return width;
}

static void square(const struct sheet *s, const struct yg_forest_row *r, double y)
{
	double half = 3.4;
	if (isfinite(r->p->x2) && s->m->largest_weight > 0)
		half = 1.8 + 3.4 * sqrt(r->p->x2 / s->m->largest_weight);
	double x = px(s, r->p->y);
	if (x < s->left - 1 || x > s->right + 1)
		return;
	yg_draw_rect(s->d, x - half, y - half, 2 * half, 2 * half, yg_series_ink(0), 1);
}

static void arrow(const struct sheet *s, double x, double y, double direction)
{
	const double xy[6] = { x, y, x - 5 * direction, y - 2.8, x - 5 * direction, y + 2.8 };
	yg_draw_area(s->d, xy, 3, yg_series_ink(0), 1);
}

static void diamond(const struct sheet *s, const struct yg_forest_row *r, double y)
{
	const double xy[8] = { px(s, r->low), y, px(s, r->p->y), y - 5, px(s, r->high), y, px(s, r->p->y), y + 5 };
	yg_draw_area(s->d, xy, 4, yg_series_ink(0), 1);
}

static void row_label(const struct sheet *s, const struct yg_forest_row *r, struct yg_lines *l)
{
	double room = s->label_end - s->label - 10 * r->indent + 2; /* the hanging lines reach a little into the gap */
	yg_wrap_points(l, r->p->label ? yg_tr(r->p->label) : "", SIZE, r->p->header || r->p->summary ? room / 1.1 : room);
}

static double row_height(const struct sheet *s, const struct yg_forest_row *r)
{
	struct yg_lines l = { 0 };
	row_label(s, r, &l);
	double h = ROW + LINE * (l.n > 1 ? l.n - 1 : 0);
	yg_lines_release(&l);
	return h;
}

/* y: the middle of the first line of the label, on which the numbers and the interval stand. */
static void draw_row(const struct sheet *s, const struct yg_forest_row *r, double y)
{
	struct yg_drawing *d = s->d;
	double base = y + 0.35 * SIZE;
	bool strong = r->p->header || r->p->summary;
	struct yg_lines l = { 0 };
	row_label(s, r, &l);
	for (int i = 0; i < l.n; i++)
		yg_draw_text(d, s->label + 10 * r->indent + (i ? 8 : 0), base + LINE * i, l.line[i], SIZE, -1, YG_INK)->bold = strong;
	yg_lines_release(&l);
	if (r->p->header) {
		yg_draw_text(d, s->estimate, base, r->text[0], SIZE, -1, YG_INK_MUTED)->italic = true;
		return;
	}
	for (int c = 0; c < s->m->columns; c++)
		yg_draw_text(d, s->column[c], base, r->text[c], SIZE, 1, YG_INK);
	yg_draw_text(d, s->estimate, base, r->estimate, SIZE, -1, isfinite(r->p->y) ? YG_INK : YG_INK_MUTED)->bold = r->p->summary;
	if (!isfinite(r->p->y))
		return;
	if (r->p->summary && isfinite(r->p->lower) && isfinite(r->p->upper)) {
		diamond(s, r, y);
		return;
	}
	if (isfinite(r->low) && isfinite(r->high) && r->low < r->high) {
		double a = px(s, r->low), b = px(s, r->high);
		yg_draw_line(d, a, y, b, y, yg_series_ink(0), 1.2, YG_DASH_SOLID);
		if (r->low_cut)
			arrow(s, a - 3, y, -1);
		else
			yg_draw_line(d, a, y - 2.6, a, y + 2.6, yg_series_ink(0), 1.2, YG_DASH_SOLID);
		if (r->high_cut)
			arrow(s, b + 3, y, 1);
		else
			yg_draw_line(d, b, y - 2.6, b, y + 2.6, yg_series_ink(0), 1.2, YG_DASH_SOLID);
	}
	square(s, r, y);
}

static double draw_axis(const struct sheet *s, const struct yg_figure *f, double y)
{
	const struct yg_forest_model *m = s->m;
	struct yg_buf b = YG_BUF_INIT;
	yg_draw_line(s->d, s->left, y, s->right, y, YG_INK, 0.8, YG_DASH_SOLID);
	for (int i = 0; i < m->x.ticks; i++) {
		double x = px(s, m->x.tick[i]);
		yg_draw_line(s->d, x, y, x, y + 4, YG_INK, 0.8, YG_DASH_SOLID);
		yg_draw_text(s->d, x, y + 6 + SIZE, m->x.label[i], SIZE, 0, YG_INK);
	}
	y += 6 + SIZE;
	double centre = m->has_reference ? px(s, m->reference) : (s->left + s->right) / 2;
	if ((f->left && f->left[0]) || (f->right && f->right[0])) {
		y += SIZE + 5;
		const char *words[2] = { f->left, f->right };
		for (int i = 0; i < 2; i++) {
			double way = i ? 1 : -1;
			if (!words[i] || !words[i][0])
				continue;
			double w = yg_text_points(yg_tr(words[i]), SIZE, false), at = centre + way * 8;
			yg_draw_text(s->d, at, y, yg_tr(words[i]), SIZE, -(int)way, YG_INK_MUTED);
			double tip = at + way * (w + 16);
			yg_draw_line(s->d, at + way * (w + 4), y - 3, tip, y - 3, YG_INK_MUTED, 0.8, YG_DASH_SOLID);
			const double head[6] = { tip + way * 4, y - 3, tip - way, y - 5.4, tip - way, y - 0.6 };
			yg_draw_area(s->d, head, 3, YG_INK_MUTED, 1);
		}
	}
	yg_words_head(&b, m->axis->label, m->axis->unit);
	if (m->axis->log_scale && b.len)
		yg_buf_addf(&b, " (%s)", _("log scale"));
	if (b.len) {
		y += SIZE + 5;
		yg_draw_text(s->d, (s->left + s->right) / 2, y, b.data, SIZE, 0, YG_INK);
	}
	yg_buf_release(&b);
	return y;
}

void yg_draw_forest(struct yg_drawing *d, const struct yg_figure *f, const struct yg_render_options *o)
{
	struct yg_forest_model m;
	yg_forest_model(&m, f, 7);
	struct sheet s = { .d = d, .m = &m };
	d->width = lay_out(&s, yg_figure_width(o));
	double y = yg_draw_heading(d, f, 8, d->width) + 12;
	for (int c = 0; c < m.columns; c++)
		yg_draw_text(d, s.column[c], y, m.head[c], SIZE, 1, YG_INK)->bold = true;
	yg_draw_text(d, s.estimate, y, m.estimate_head, SIZE, -1, YG_INK)->bold = true;
	y += 6;
	yg_draw_line(d, s.label, y, d->width - 8, y, YG_INK, 0.8, YG_DASH_SOLID);
	double top = y;
	y += 4;
	double bottom = y + 4;
	for (int i = 0; i < m.rows; i++)
		bottom += row_height(&s, &m.row[i]);
	if (m.has_reference && m.reference >= m.x.low && m.reference <= m.x.high)
		yg_draw_line(d, px(&s, m.reference), top, px(&s, m.reference), bottom, YG_INK, 0.7, YG_DASH_SOLID);
	for (int i = 0; i < m.rows; i++) {
		/* the pooled estimate runs through the rows as a dotted line */
		if (m.row[i].p->summary && isfinite(m.row[i].p->y) && i + 1 == m.rows)
			yg_draw_line(d, px(&s, m.row[i].p->y), top, px(&s, m.row[i].p->y), bottom, YG_INK_MUTED, 0.7, YG_DASH_DOT);
		draw_row(&s, &m.row[i], y + ROW * 0.5);
		y += row_height(&s, &m.row[i]);
	}
	d->height = draw_axis(&s, f, bottom) + 10;
	yg_forest_release(&m);
}
