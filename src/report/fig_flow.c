/* Who stayed and who left: a column of boxes, with those left out beside the arrows. */
#include <math.h>

#include "report/draw_priv.h"
#include "report/report_priv.h"

#define SIZE 9.0
#define LINE 12.5

static void count_line(struct yg_buf *b, double n)
{
	yg_buf_adds(b, "n = ");
	yg_numfmt_number(b, YG_ROLE_PERSONS, n, 0);
}

/* A box around lines of text; returns its lower edge. */
static double box(struct yg_drawing *d, double x, double y, double w, const struct yg_lines *l, int bold_line)
{
	double h = 10 + LINE * l->n;
	const double rim[10] = { x, y, x + w, y, x + w, y + h, x, y + h, x, y };
	yg_draw_area(d, rim, 4, YG_INK_PAPER, 1);
	yg_draw_path(d, rim, 5, YG_INK, 0.9, YG_DASH_SOLID);
	for (int i = 0; i < l->n; i++)
		yg_draw_text(d, x + 8, y + 5 + LINE * i + 9, l->line[i], SIZE, -1, YG_INK)->bold = i == bold_line;
	return y + h;
}

static void arrow(struct yg_drawing *d, double x1, double y1, double x2, double y2)
{
	bool right = x2 > x1;
	yg_draw_line(d, x1, y1, right ? x2 - 4 : x2, right ? y2 : y2 - 4, YG_INK, 0.9, YG_DASH_SOLID);
	const double across[6] = { x2, y2, x2 - 5, y2 - 2.6, x2 - 5, y2 + 2.6 };
	const double down[6] = { x2, y2, x2 - 2.6, y2 - 5, x2 + 2.6, y2 - 5 };
	yg_draw_area(d, right ? across : down, 3, YG_INK, 1);
}

static void add(struct yg_lines *l, const char *s)
{
	YG_GROW(l->line, l->n, l->cap);
	l->line[l->n++] = yg_xstrdup(s);
}

/* "Left out", its number and why. */
static void left_out(struct yg_lines *l, const struct yg_point *p, double room)
{
	struct yg_buf b = YG_BUF_INIT;
	yg_buf_addf(&b, "%s (", _("Left out"));
	count_line(&b, p->x);
	yg_buf_addc(&b, ')');
	add(l, b.data);
	if (p->text && p->text[0])
		yg_wrap_points(l, yg_tr(p->text), SIZE, room);
	yg_buf_release(&b);
}

void yg_draw_flow(struct yg_drawing *d, const struct yg_figure *f, const struct yg_render_options *o)
{
	d->width = yg_figure_width(o);
	double w = 0.48 * d->width, side = 0.4 * d->width, x = 8, sx = d->width - side - 8;
	double y = yg_draw_heading(d, f, 8, d->width) + 4, middle = x + w * 0.5;
	const struct yg_series *s = &f->series[0];
	for (size_t k = 0; k < s->points; k++) {
		const struct yg_point *p = &s->point[k];
		struct yg_lines l = { 0 };
		struct yg_buf b = YG_BUF_INIT;
		if (k) {
			double from = y;
			bool anybody = isfinite(p->x) && p->x > 0;
			if (anybody) {
				struct yg_lines out = { 0 };
				left_out(&out, p, side - 16);
				double h = 10 + LINE * out.n, top = y + 8;
				box(d, sx, top, side, &out, 0);
				arrow(d, middle, top + h / 2, sx, top + h / 2);
				y = top + h + 8;
				yg_lines_release(&out);
			} else {
				y += 18;
			}
			arrow(d, middle, from, middle, y);
		}
		yg_wrap_points(&l, p->label ? yg_tr(p->label) : "", SIZE, w - 16);
		count_line(&b, p->y);
		add(&l, b.data);
		y = box(d, x, y, w, &l, l.n - 1);
		yg_lines_release(&l);
		yg_buf_release(&b);
	}
	d->height = y + 10;
}
