/* Axes and legends shared by the simpler figures. */
#include "report/frame_priv.h"
#include "report/rows_priv.h"

#include <math.h>
#include <string.h>

#define SIZE 9.0
#define AXIS 10.0

double yg_frame_x(const struct yg_frame *f, double v)
{
	return f->left + yg_scale_place(&f->x, v) * (f->right - f->left);
}

double yg_frame_y(const struct yg_frame *f, double v)
{
	return f->bottom - yg_scale_place(&f->y, v) * (f->bottom - f->top);
}

double yg_frame_bottom_axis(const struct yg_frame *f, const struct yg_axis *a)
{
	struct yg_buf b = YG_BUF_INIT;
	double y = f->bottom + 6 + SIZE, end = -1e9;
	yg_draw_line(f->d, f->left - 0.4, f->bottom, f->right, f->bottom, YG_INK, 0.8, YG_DASH_SOLID);
	for (int i = 0; i < f->x.ticks; i++) {
		double x = yg_frame_x(f, f->x.tick[i]), half = yg_text_points(f->x.label[i], SIZE, false) / 2;
		yg_draw_line(f->d, x, f->bottom, x, f->bottom + 4, YG_INK, 0.8, YG_DASH_SOLID);
		if (x - half < end + 3)
			continue;
		yg_draw_text(f->d, x, y, f->x.label[i], SIZE, 0, YG_INK);
		end = x + half;
	}
	if (a)
		yg_words_head(&b, a->label, a->unit);
	if (b.len) {
		y += AXIS + 5;
		yg_draw_text(f->d, (f->left + f->right) / 2, y, b.data, AXIS, 0, YG_INK);
	}
	yg_buf_release(&b);
	return y;
}

void yg_frame_left_axis(const struct yg_frame *f, const struct yg_axis *a, bool lines)
{
	struct yg_buf b = YG_BUF_INIT;
	double widest = 0;
	for (int i = 0; i < f->y.ticks; i++) {
		double y = yg_frame_y(f, f->y.tick[i]);
		if (lines && f->y.tick[i] > f->y.low)
			yg_draw_line(f->d, f->left, y, f->right, y, YG_INK_FAINT, 0.5, YG_DASH_SOLID);
		widest = fmax(widest, yg_text_points(f->y.label[i], SIZE, false));
		yg_draw_line(f->d, f->left - 4, y, f->left, y, YG_INK, 0.8, YG_DASH_SOLID);
		yg_draw_text(f->d, f->left - 7, y + 0.35 * SIZE, f->y.label[i], SIZE, 1, YG_INK);
	}
	yg_draw_line(f->d, f->left, f->top, f->left, f->bottom, YG_INK, 0.8, YG_DASH_SOLID);
	yg_words_head(&b, a->label, a->unit);
	if (b.len)
		yg_draw_text(f->d, f->left - 7 - widest - 8, (f->top + f->bottom) / 2, b.data, AXIS, 0, YG_INK)->upright = true;
	yg_buf_release(&b);
}

void yg_draw_marker(struct yg_drawing *d, double x, double y, double r, int ink, int shape)
{
	double u = 1.25 * r, v = 0.9 * r;
	const double triangle[6] = { x, y - u, x + u, y + v, x - u, y + v }, lozenge[8] = { x, y - 1.4 * r, x + 1.4 * r, y, x, y + 1.4 * r, x - 1.4 * r, y };
	switch (shape % 5) {
	case 1:
		yg_draw_area(d, triangle, 3, ink, 1);
		break;
	case 2:
		yg_draw_rect(d, x - v, y - v, 2 * v, 2 * v, ink, 1);
		break;
	case 3:
		yg_draw_area(d, lozenge, 4, ink, 1);
		break;
	default:
		yg_draw_disc(d, x, y, r, ink, shape % 5 == 0, 1);
	}
}

double yg_frame_legend(struct yg_drawing *d, const struct yg_figure *f, double x, double y, double width, bool discs)
{
	double start = x;
	if (f->series_count < 2)
		return y;
	y += 10;
	for (int i = 0, shape = 0; i < f->series_count; i++) {
		const char *name = yg_tr(f->series[i].name);
		double w = 22 + yg_text_points(name, SIZE, false) + 16;
		if (x > start && x + w > width) {
			x = start;
			y += 14;
		}
		if (discs && !f->series[i].line && f->kind == YG_FIGURE_XY)
			yg_draw_marker(d, x + 8, y - 3, 3, yg_series_ink(yg_xy_hue(f, i)), shape++);
		else if (discs && !f->series[i].line)
			yg_draw_disc(d, x + 8, y - 3, 3, yg_series_ink(i), i % 2 == 1 || f->series_count > 2, 1);
		else
			yg_draw_line(d, x, y - 3, x + 16, y - 3, yg_series_ink(i), 1.5, yg_series_dash(i));
		yg_draw_text(d, x + 22, y, name, SIZE, -1, YG_INK);
		x += w;
	}
	return y + 4;
}
