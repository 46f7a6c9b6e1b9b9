/* Points, lines and bands: calibration, residuals, cumulative sums. */
#include <math.h>

#include "report/frame_priv.h"
#include "report/rows_priv.h"

static void band(const struct yg_frame *fr, const struct yg_series *s, int ink)
{
	double *xy = yg_arena_alloc(&fr->d->arena, 4 * s->points + 4, sizeof *xy);
	size_t n = 0;
	for (size_t k = 0; k < s->points; k++)
		if (isfinite(s->point[k].x) && isfinite(s->point[k].lower) && isfinite(s->point[k].upper))
			n++;
	size_t i = 0;
	for (size_t k = 0; k < s->points && n > 1; k++) {
		const struct yg_point *p = &s->point[k];
		if (!isfinite(p->x) || !isfinite(p->lower) || !isfinite(p->upper))
			continue;
		xy[2 * i] = yg_frame_x(fr, p->x);
		xy[2 * i + 1] = yg_frame_y(fr, p->upper);
		xy[2 * (2 * n - 1 - i)] = xy[2 * i];
		xy[2 * (2 * n - 1 - i) + 1] = yg_frame_y(fr, p->lower);
		i++;
	}
	if (n > 1)
		yg_draw_area(fr->d, xy, 2 * n, ink, 0.14);
}

static void line(const struct yg_frame *fr, const struct yg_series *s, int i)
{
	double *xy = yg_arena_alloc(&fr->d->arena, 2 * s->points + 2, sizeof *xy);
	size_t n = 0;
	for (size_t k = 0; k <= s->points; k++) {
		bool there = k < s->points && isfinite(s->point[k].x) && isfinite(s->point[k].y);
		if (there) {
			xy[2 * n] = yg_frame_x(fr, s->point[k].x);
			xy[2 * n++ + 1] = yg_frame_y(fr, s->point[k].y);
		} else if (n) { /* a gap ends the line */
			yg_draw_path(fr->d, xy, n, yg_series_ink(i), 1.5, yg_series_dash(i));
			n = 0;
		}
	}
}

static void points(const struct yg_frame *fr, const struct yg_series *s, int i, int count)
{
	for (size_t k = 0; k < s->points; k++) {
		const struct yg_point *p = &s->point[k];
		if (!isfinite(p->x) || !isfinite(p->y))
			continue;
		double x = yg_frame_x(fr, p->x);
		if (isfinite(p->lower) && isfinite(p->upper))
			yg_draw_line(fr->d, x, yg_frame_y(fr, p->lower), x, yg_frame_y(fr, p->upper), yg_series_ink(i), 1, YG_DASH_SOLID);
		yg_draw_disc(fr->d, x, yg_frame_y(fr, p->y), s->points > 200 ? 1.6 : 2.8, yg_series_ink(i), i % 2 == 1 || count != 2,
		             s->points > 200 ? 0.5 : 1);
		if (p->label && p->label[0])
			yg_draw_text(fr->d, x + 5, yg_frame_y(fr, p->y) - 4, yg_tr(p->label), 8, -1, YG_INK_MUTED);
	}
}

static void axis_scale(struct yg_scale *s, const struct yg_axis *a, double low, double high, int most)
{
	if (a->has_reference) {
		low = fmin(low, a->reference);
		high = fmax(high, a->reference);
	}
	if (a->log_scale && low > 0)
		yg_scale_log(s, low / 1.05, high * 1.05, most);
	else
		yg_scale_linear(s, low, high, most);
}

void yg_draw_xy(struct yg_drawing *d, const struct yg_figure *f, const struct yg_render_options *o)
{
	struct yg_frame fr = { .d = d };
	double x[2], y[2];
	d->width = yg_figure_width(o);
	yg_figure_range(f, x, y);
	axis_scale(&fr.x, &f->x, x[0], x[1], 8);
	axis_scale(&fr.y, &f->y, y[0], y[1], 7);
	fr.left = 58;
	fr.right = d->width - 16;
	fr.top = yg_frame_legend(d, f, fr.left, yg_draw_heading(d, f, 8, d->width), d->width - 16, true) + 4;
	fr.bottom = fr.top + (o && o->figure_height > 0 ? o->figure_height : 0.55 * d->width);
	yg_frame_left_axis(&fr, &f->y, true);
	if (f->y.has_reference)
		yg_draw_line(d, fr.left, yg_frame_y(&fr, f->y.reference), fr.right, yg_frame_y(&fr, f->y.reference), YG_INK, 0.7, YG_DASH_DOT);
	if (f->x.has_reference)
		yg_draw_line(d, yg_frame_x(&fr, f->x.reference), fr.top, yg_frame_x(&fr, f->x.reference), fr.bottom, YG_INK, 0.7, YG_DASH_DOT);
	for (int i = 0; i < f->series_count; i++)
		if (f->series[i].line)
			band(&fr, &f->series[i], yg_series_ink(i));
	for (int i = 0; i < f->series_count; i++) {
		if (f->series[i].line)
			line(&fr, &f->series[i], i);
		else
			points(&fr, &f->series[i], i, f->series_count);
	}
	d->height = yg_frame_bottom_axis(&fr, &f->x) + 10;
}
