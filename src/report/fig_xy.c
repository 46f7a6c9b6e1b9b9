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

/* A cloud is drawn small and pale, and under the lines; a few points, and estimates, stand above them. */
static bool is_cloud(const struct yg_series *s)
{
	return !s->line && s->points > 60 && !isfinite(s->point[0].lower);
}

static void points(const struct yg_frame *fr, const struct yg_series *s, int ink, int shape)
{
	bool many = s->points > 200, cloud = is_cloud(s);
	for (size_t k = 0; k < s->points; k++) {
		const struct yg_point *p = &s->point[k];
		if (!isfinite(p->x) || !isfinite(p->y))
			continue;
		double x = yg_frame_x(fr, p->x), y = yg_frame_y(fr, p->y);
		if (isfinite(p->lower) && isfinite(p->upper))
			yg_draw_line(fr->d, x, yg_frame_y(fr, p->lower), x, yg_frame_y(fr, p->upper), ink, s->points > 30 ? 0.5 : 1,
			             YG_DASH_SOLID);
		if (cloud)
			yg_draw_disc(fr->d, x, y, many ? 1.6 : 2.1, ink, true, many ? 0.5 : 0.6);
		else
			yg_draw_marker(fr->d, x, y, s->points > 30 ? 2.2 : 2.8, ink, shape);
		if (p->label && p->label[0])
			yg_draw_text(fr->d, x + 5, y - 4, yg_tr(p->label), 8, -1, YG_INK_MUTED);
	}
}

static void all_points(const struct yg_frame *fr, const struct yg_figure *f, bool clouds)
{
	for (int i = 0, shape = 0; i < f->series_count; i++) {
		if (f->series[i].line)
			continue;
		if (is_cloud(&f->series[i]) == clouds)
			points(fr, &f->series[i], yg_series_ink(yg_xy_hue(f, i)), shape);
		shape++;
	}
}

void yg_draw_xy(struct yg_drawing *d, const struct yg_figure *f, const struct yg_render_options *o)
{
	struct yg_frame fr = { .d = d };
	d->width = yg_figure_width(o);
	yg_xy_axes(f, 8, 7, &fr.x, &fr.y);
	fr.left = 58;
	fr.right = d->width - 16;
	fr.top = yg_frame_legend(d, f, fr.left, yg_draw_heading(d, f, 8, d->width), d->width - 16, true) + 4;
	fr.bottom = fr.top + (o && o->figure_height > 0 ? o->figure_height : 0.55 * d->width);
	yg_frame_left_axis(&fr, &f->y, true);
	if (f->y.has_reference)
		yg_draw_line(d, fr.left, yg_frame_y(&fr, f->y.reference), fr.right, yg_frame_y(&fr, f->y.reference), YG_INK, 0.7, YG_DASH_DOT);
	if (f->x.has_reference)
		yg_draw_line(d, yg_frame_x(&fr, f->x.reference), fr.top, yg_frame_x(&fr, f->x.reference), fr.bottom, YG_INK, 0.7, YG_DASH_DOT);
	all_points(&fr, f, true);
	for (int i = 0; i < f->series_count; i++)
		if (f->series[i].line)
			band(&fr, &f->series[i], yg_series_ink(i));
	for (int i = 0; i < f->series_count; i++)
		if (f->series[i].line)
			line(&fr, &f->series[i], i);
	all_points(&fr, f, false);
	d->height = yg_frame_bottom_axis(&fr, &f->x) + 10;
}
