/* A histogram: bars between their edges; several groups as outlines over each other. */
#include <math.h>

#include "report/frame_priv.h"
#include "report/rows_priv.h"

static void bars(const struct yg_frame *fr, const struct yg_series *s, int ink)
{
	for (size_t k = 0; k < s->points; k++) {
		const struct yg_point *p = &s->point[k];
		if (!isfinite(p->x) || !isfinite(p->x2) || !(p->y > 0))
			continue;
		double a = yg_frame_x(fr, p->x), b = yg_frame_x(fr, p->x2), y = yg_frame_y(fr, p->y);
		double gap = b - a > 3 ? 0.5 : 0;
		yg_draw_rect(fr->d, a + gap, y, b - a - 2 * gap, fr->bottom - y, ink, 1);
	}
}

static void outline(const struct yg_frame *fr, const struct yg_series *s, int i)
{
	double *xy = yg_arena_alloc(&fr->d->arena, 4 * s->points + 8, sizeof *xy);
	size_t n = 0;
	for (size_t k = 0; k < s->points; k++) {
		const struct yg_point *p = &s->point[k];
		if (!isfinite(p->x) || !isfinite(p->x2))
			continue;
		double y = yg_frame_y(fr, isfinite(p->y) ? p->y : 0);
		if (n == 0) {
			xy[0] = yg_frame_x(fr, p->x);
			xy[1] = fr->bottom;
			n = 1;
		}
		xy[2 * n] = yg_frame_x(fr, p->x);
		xy[2 * n++ + 1] = y;
		xy[2 * n] = yg_frame_x(fr, p->x2);
		xy[2 * n++ + 1] = y;
	}
	if (n == 0)
		return;
	xy[2 * n] = xy[2 * n - 2];
	xy[2 * n + 1] = fr->bottom;
	n++;
	yg_draw_area(fr->d, xy, n, yg_series_ink(i), 0.16);
	yg_draw_path(fr->d, xy, n, yg_series_ink(i), 1.3, yg_series_dash(i));
}

void yg_draw_histogram(struct yg_drawing *d, const struct yg_figure *f, const struct yg_render_options *o)
{
	struct yg_frame fr = { .d = d };
	double x[2], y[2];
	d->width = yg_figure_width(o);
	yg_figure_range(f, x, y);
	yg_scale_within(&fr.x, x[0], x[1], 9);
	yg_scale_snug(&fr.y, 0, y[1] > 0 ? y[1] : 1, 6);
	fr.left = 54;
	fr.right = d->width - 16;
	fr.top = yg_frame_legend(d, f, fr.left, yg_draw_heading(d, f, 8, d->width), d->width - 16, false) + 4;
	fr.bottom = fr.top + (o && o->figure_height > 0 ? o->figure_height : 0.42 * d->width);
	yg_frame_left_axis(&fr, &f->y, true);
	for (int i = 0; i < f->series_count; i++) {
		if (f->series_count == 1)
			bars(&fr, &f->series[i], yg_series_ink(0));
		else
			outline(&fr, &f->series[i], i);
	}
	d->height = yg_frame_bottom_axis(&fr, &f->x) + 10;
}
