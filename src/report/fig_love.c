/* Standardised differences before and after, a row per covariate, with dotted limits. */
#include <math.h>

#include "report/frame_priv.h"
#include "report/rows_priv.h"

void yg_draw_love(struct yg_drawing *d, const struct yg_figure *f, const struct yg_render_options *o)
{
	struct yg_love_model m;
	struct yg_frame fr = { .d = d };
	const double row = 16, size = 9;
	yg_love_model(&m, f, 8);
	d->width = yg_figure_width(o);
	double labels = 0;
	for (int i = 0; i < m.labels; i++)
		labels = fmax(labels, yg_text_points(yg_tr(m.label[i]), size, false));
	labels = fmin(labels, 0.4 * d->width);
	fr.x = m.x;
	fr.left = 8 + labels + 12;
	fr.right = d->width - 16;
	fr.top = yg_frame_legend(d, f, fr.left, yg_draw_heading(d, f, 8, d->width), d->width - 16, true) + 4;
	fr.bottom = fr.top + row * m.labels + 8;
	const double line[3] = { 0, m.limit, -m.limit };
	for (int i = 0; i < 3; i++) {
		double x = yg_frame_x(&fr, line[i]);
		if (x >= fr.left - 0.5 && x <= fr.right + 0.5)
			yg_draw_line(d, x, fr.top, x, fr.bottom, i ? YG_INK_MUTED : YG_INK, 0.7, i ? YG_DASH_DOT : YG_DASH_SOLID);
	}
	for (int i = 0; i < m.labels; i++) {
		double y = fr.top + 4 + row * (i + 0.5), from = INFINITY, to = -INFINITY;
		struct yg_lines l = { 0 };
		yg_wrap_points(&l, yg_tr(m.label[i]), size, labels + 2);
		const char *label = l.n > 1 ? yg_arena_printf(&d->arena, "%s...", l.line[0]) : l.n ? l.line[0] : "";
		yg_draw_text(d, fr.left - 8, y + 0.35 * size, label, size, 1, YG_INK);
		yg_lines_release(&l);
		yg_draw_line(d, fr.left, y, fr.right, y, YG_INK_FAINT, 0.4, YG_DASH_SOLID);
		for (int s = 0; s < m.series; s++) {
			double v = m.value[i * m.series + s];
			if (!isfinite(v))
				continue;
			from = fmin(from, yg_frame_x(&fr, v));
			to = fmax(to, yg_frame_x(&fr, v));
		}
		if (to > from)
			yg_draw_line(d, from, y, to, y, YG_INK_MUTED, 0.8, YG_DASH_SOLID);
		for (int s = 0; s < m.series; s++) {
			double v = m.value[i * m.series + s];
			if (isfinite(v))
				yg_draw_disc(d, yg_frame_x(&fr, v), y, 3.6, yg_series_ink(s), s % 2 == 1 || m.series > 2, 1);
		}
	}
	struct yg_axis axis = f->x;
	if (!axis.label || !axis.label[0])
		axis.label = N_("standardised difference");
	d->height = yg_frame_bottom_axis(&fr, &axis) + 10;
	yg_love_release(&m);
}
