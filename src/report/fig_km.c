/*
 * Survival curves for print: steps, confidence band, censoring marks, names at the ends of the
 * curves, and below, on the same axis, the numbers at risk with the events so far.
 */
#include <math.h>
#include <string.h>

#include "report/draw_priv.h"
#include "report/km_priv.h"
#include "report/report_priv.h"

#define TICK_SIZE 9.0
#define AXIS_SIZE 10.0
#define RISK_SIZE 8.5
#define NAME_SIZE 9.5

struct plot {
	struct yg_drawing *d;
	const struct yg_km_model *m;
	double left, right, top, bottom;
};

static double px(const struct plot *p, double x)
{
	return p->left + yg_scale_place(&p->m->x, x) * (p->right - p->left);
}

static double py(const struct plot *p, double y)
{
	return p->bottom - yg_scale_place(&p->m->y, y) * (p->bottom - p->top);
}

static void axes(const struct plot *p, const struct yg_figure *f)
{
	const struct yg_km_model *m = p->m;
	struct yg_buf b = YG_BUF_INIT;
	double widest = 0;
	for (int i = 0; i < m->y.ticks; i++) {
		double y = py(p, m->y.tick[i]);
		if (m->y.tick[i] > m->y.low)
			yg_draw_line(p->d, p->left, y, p->right, y, YG_INK_FAINT, 0.5, YG_DASH_SOLID);
	}
	for (int i = 0; i < m->y.ticks; i++) {
		double y = py(p, m->y.tick[i]), w = yg_text_points(m->y.label[i], TICK_SIZE, false);
		widest = w > widest ? w : widest;
		yg_draw_line(p->d, p->left - 4, y, p->left, y, YG_INK, 0.8, YG_DASH_SOLID);
		yg_draw_text(p->d, p->left - 7, y + 0.35 * TICK_SIZE, m->y.label[i], TICK_SIZE, 1, YG_INK);
	}
	for (int i = 0; i < m->x.ticks; i++) {
		double x = px(p, m->x.tick[i]);
		yg_draw_line(p->d, x, p->bottom, x, p->bottom + 4, YG_INK, 0.8, YG_DASH_SOLID);
		yg_draw_text(p->d, x, p->bottom + 6 + TICK_SIZE, m->x.label[i], TICK_SIZE, 0, YG_INK);
	}
	yg_draw_line(p->d, p->left, p->top, p->left, p->bottom, YG_INK, 0.8, YG_DASH_SOLID);
	yg_draw_line(p->d, p->left - 0.4, p->bottom, p->right, p->bottom, YG_INK, 0.8, YG_DASH_SOLID);
	if (f->x.has_reference && f->x.reference > m->x.low && f->x.reference < m->x.high)
		yg_draw_line(p->d, px(p, f->x.reference), p->top, px(p, f->x.reference), p->bottom, YG_INK_MUTED, 0.6, YG_DASH_DOT);
	if (f->y.has_reference && f->y.reference > m->y.low && f->y.reference < m->y.high)
		yg_draw_line(p->d, p->left, py(p, f->y.reference), p->right, py(p, f->y.reference), YG_INK_MUTED, 0.6, YG_DASH_DOT);
	yg_words_head(&b, f->x.label[0] ? f->x.label : N_("time"), f->x.unit);
	yg_draw_text(p->d, (p->left + p->right) / 2, p->bottom + 8 + TICK_SIZE + 4 + AXIS_SIZE, b.data, AXIS_SIZE, 0, YG_INK);
	yg_buf_clear(&b);
	yg_words_head(&b, f->y.label[0] ? f->y.label : N_("survival"), f->y.unit);
	yg_draw_text(p->d, p->left - 7 - widest - 8, (p->top + p->bottom) / 2, b.data, AXIS_SIZE, 0, YG_INK)->upright = true;
	yg_buf_release(&b);
}

static void draw_band(const struct plot *p, int i)
{
	const struct yg_curve *c = &p->m->curve[i];
	for (size_t from = 0; from < c->bands;) {
		size_t to = from;
		while (to < c->bands && isfinite(c->low[to]))
			to++;
		size_t end = to;
		/* a level narrower than the pen at the end of a band would stand there as a spike */
		while (to - from > 3 && px(p, c->band_x[to - 1]) - px(p, c->band_x[to - 3]) < 0.9 &&
		       (c->low[to - 1] != c->low[to - 3] || c->high[to - 1] != c->high[to - 3]))
			to--;
		size_t n = to - from;
		if (n > 1) {
			double *xy = yg_arena_alloc(&p->d->arena, 4 * n, sizeof *xy);
			for (size_t k = 0; k < n; k++) {
				xy[2 * k] = px(p, c->band_x[from + k]);
				xy[2 * k + 1] = py(p, c->high[from + k]);
				xy[2 * (2 * n - 1 - k)] = px(p, c->band_x[from + k]);
				xy[2 * (2 * n - 1 - k) + 1] = py(p, c->low[from + k]);
			}
			yg_draw_area(p->d, xy, 2 * n, yg_series_ink(i), 0.14);
		}
		from = end + 1;
	}
}

/* Stacked curves, each named as what it adds to the ones below: the shares between them are tinted. */
static bool is_stacked(const struct yg_km_model *m)
{
	for (int i = 1; i < m->curves; i++)
		if (strncmp(m->curve[i].name, "+ ", 2) != 0)
			return false;
	return m->curves > 1 && m->rising;
}

static void draw_share(const struct plot *p, int i)
{
	const struct yg_curve *c = &p->m->curve[i], *below = i ? &p->m->curve[i - 1] : NULL;
	size_t most = c->n + (below ? below->n : 0) + 4, n = 0;
	double *xy = yg_arena_alloc(&p->d->arena, 2 * most, sizeof *xy), end = c->x[c->n - 1];
	if (below)
		end = fmax(end, below->x[below->n - 1]);
	for (size_t k = 0; k <= c->n; k++) {
		xy[2 * n] = px(p, k < c->n ? c->x[k] : end);
		xy[2 * n++ + 1] = py(p, c->y[k < c->n ? k : c->n - 1]);
	}
	xy[2 * n] = px(p, end);
	xy[2 * n++ + 1] = py(p, below ? below->y[below->n - 1] : 0);
	for (size_t k = below ? below->n : 0; k > 0; k--) {
		xy[2 * n] = px(p, below->x[k - 1]);
		xy[2 * n++ + 1] = py(p, below->y[k - 1]);
	}
	if (!below) {
		xy[2 * n] = px(p, 0);
		xy[2 * n++ + 1] = py(p, 0);
	}
	yg_draw_area(p->d, xy, n, yg_series_ink(i), 0.18);
}

static void draw_curve(const struct plot *p, int i)
{
	const struct yg_curve *c = &p->m->curve[i];
	double *xy = yg_arena_alloc(&p->d->arena, 2 * c->n, sizeof *xy);
	for (size_t k = 0; k < c->n; k++) {
		xy[2 * k] = px(p, c->x[k]);
		xy[2 * k + 1] = py(p, c->y[k]);
	}
	yg_draw_path(p->d, xy, c->n, yg_series_ink(i), 1.5, yg_series_dash(i));
	double before = -1e9;
	for (size_t k = 0; k < c->marks; k++) {
		double x = px(p, c->mark_x[k]), y = py(p, c->mark_y[k]);
		if (x - before < 0.4) /* marks on one another show nothing more */
			continue;
		before = x;
		yg_draw_line(p->d, x, y - 2.6, x, y + 2.6, yg_series_ink(i), 0.8, YG_DASH_SOLID);
	}
}

struct name {
	int curve;
	double want, at, height;   /* of the first baseline */
	struct yg_lines lines;
};

/* Labels in the order of the curves' ends, pushed apart until none covers another. */
static void place_names(struct name *n, int count, double top, double bottom)
{
	for (int i = 1; i < count; i++) { /* few: insertion sort */
		struct name v = n[i];
		int j = i;
		for (; j > 0 && n[j - 1].want > v.want; j--)
			n[j] = n[j - 1];
		n[j] = v;
	}
	double y = top;
	for (int i = 0; i < count; i++) {
		n[i].at = n[i].want - n[i].height / 2;
		if (n[i].at < y)
			n[i].at = y;
		y = n[i].at + n[i].height + 2;
	}
	y = bottom;
	for (int i = count - 1; i >= 0; i--) {
		if (n[i].at + n[i].height > y)
			n[i].at = y - n[i].height;
		y = n[i].at - 2;
	}
}

/* A line from a curve's end to its name.  Across much of the plot it would pass for a curve itself; the
   sample beside the numbers at risk, and the colour, tell the name then. */
static void draw_leader(const struct plot *p, double ex, double ey, double x, double y, bool sampled)
{
	bool far = x - ex > 0.25 * (p->right - p->left);
	if ((x - ex <= 22 && fabs(y - ey) <= 4) || (far && sampled))
		return;
	yg_draw_line(p->d, ex + 2, ey, x - 2, y, YG_INK_MUTED, 0.4, far ? YG_DASH_DOT : YG_DASH_SOLID);
}

static void draw_names(const struct plot *p, double room, bool sampled)
{
	const struct yg_km_model *m = p->m;
	if (!m->named)
		return;
	struct name *n = yg_arena_alloc(&p->d->arena, (size_t)m->curves + 1, sizeof *n);
	for (int i = 0; i < m->curves; i++) {
		const struct yg_curve *c = &m->curve[i];
		n[i].curve = i;
		n[i].want = py(p, c->y[c->n - 1]);
		yg_wrap_points(&n[i].lines, c->name, NAME_SIZE, room / 1.12); /* measured plain, drawn bold */
		n[i].height = 11.5 * n[i].lines.n;
	}
	place_names(n, m->curves, p->top - 8, p->bottom + 4);
	for (int i = 0; i < m->curves; i++) {
		const struct yg_curve *c = &m->curve[n[i].curve];
		double ex = px(p, c->x[c->n - 1]), ey = py(p, c->y[c->n - 1]), middle = n[i].at + n[i].height / 2;
		double x = p->right + 8;
		draw_leader(p, ex, ey, x, middle, sampled);
		for (int k = 0; k < n[i].lines.n; k++) {
			struct yg_shape *s = yg_draw_text(p->d, x, n[i].at + 11.5 * k + 8.8, n[i].lines.line[k], NAME_SIZE, -1,
			                                  yg_series_ink(n[i].curve));
			s->bold = true;
		}
		yg_lines_release(&n[i].lines);
	}
}

static bool risk_fits(const struct plot *p, bool with_events, int every)
{
	const struct yg_km_model *m = p->m;
	struct yg_buf b = YG_BUF_INIT;
	bool fits = true;
	for (int i = 0; i < m->curves && fits; i++) {
		double end = -1e9;
		for (int k = 0; k < m->times; k += every) {
			yg_km_risk_text(&b, m, i, k, with_events);
			double half = yg_text_points(b.data, RISK_SIZE, false) / 2, x = px(p, m->time[k]);
			fits = fits && x - half >= end + 4;
			end = x + half;
		}
	}
	yg_buf_release(&b);
	return fits;
}

/* With the events so far when they have room, if need be at every second time; else the numbers
   alone; else fewer of them. */
static void choose_risk(const struct plot *p, bool *with_events, int *every)
{
	*with_events = true;
	*every = 1;
	if (risk_fits(p, true, 1))
		return;
	*every = 2;
	if (p->m->times >= 7 && risk_fits(p, true, 2))
		return;
	*with_events = false;
	for (*every = 1; *every < p->m->times && !risk_fits(p, false, *every); (*every)++)
		;
}

static double draw_risk(const struct plot *p, double y, bool names_above)
{
	const struct yg_km_model *m = p->m;
	struct yg_buf b = YG_BUF_INIT;
	bool with_events;
	int every;
	choose_risk(p, &with_events, &every);
	yg_draw_text(p->d, 8, y, with_events ? _("At risk (events so far)") : _("At risk"), RISK_SIZE, -1,
	             YG_INK)->bold = true;
	for (int i = 0; i < m->curves; i++) {
		y += names_above && i ? 16 : 13;
		double x = 8;
		if (m->named) {
			double rx = x + 18;
			yg_draw_line(p->d, x, y - 3, x + 14, y - 3, yg_series_ink(i), 1.5, yg_series_dash(i));
			yg_draw_text(p->d, rx, y, m->curve[i].name, RISK_SIZE, -1, YG_INK);
			if (names_above)
				y += 12;
		}
		for (int k = 0; k < m->times; k += every) {
			yg_km_risk_text(&b, m, i, k, with_events);
			yg_draw_text(p->d, px(p, m->time[k]), y, b.data, RISK_SIZE, 0, YG_INK);
		}
	}
	yg_buf_release(&b);
	return y;
}

void yg_draw_km(struct yg_drawing *d, const struct yg_figure *f, const struct yg_render_options *o)
{
	struct yg_km_model m;
	double width = yg_figure_width(o);
	yg_km_model(&m, f, width > 420 ? 9 : 6);
	bool risk = m.any_risk && !(o && o->no_risk_table);
	double names = 0, ends = 0;
	for (int i = 0; i < m.curves && m.named; i++) {
		double w = yg_text_points(m.curve[i].name, RISK_SIZE, false), e = 1.12 * yg_text_points(m.curve[i].name, NAME_SIZE, false);
		names = w > names ? w : names;
		ends = e > ends ? e : ends;
	}
	double end_room = ends * 1.05 < 0.24 * width ? ends * 1.05 : 0.24 * width;
	bool names_above = names > 0.2 * width;
	struct plot p = { .d = d, .m = &m };
	p.left = 54;
	if (risk && !names_above && 8 + 18 + names + 10 + 18 > p.left)
		p.left = 8 + 18 + names + 10 + 18;
	p.right = width - (m.named ? end_room + 14 : 16);
	double height = o && o->figure_height > 0 ? o->figure_height : 0.52 * width;
	d->width = width;
	p.top = yg_draw_heading(d, f, 8, width) + 4;
	p.bottom = p.top + height;
	axes(&p, f);
	for (int i = 0; i < m.curves; i++)
		draw_band(&p, i);
	for (int i = 0; i < m.curves && is_stacked(&m); i++)
		draw_share(&p, i);
	for (int i = 0; i < m.curves; i++)
		draw_curve(&p, i);
	draw_names(&p, end_room + 1, risk);
	double y = p.bottom + 8 + TICK_SIZE + 4 + AXIS_SIZE + 2;
	if (risk)
		y = draw_risk(&p, y + 16, names_above);
	d->height = y + 10;
	yg_km_model_release(&m);
}
