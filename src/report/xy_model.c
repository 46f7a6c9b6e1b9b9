/* Axes of points and lines, and which of them belong together: the same for files and terminal. */
#include <math.h>
#include <string.h>

#include "report/rows_priv.h"

static void axis_scale(struct yg_scale *s, const struct yg_axis *a, double low, double high, int most, bool horizontal)
{
	if (a->has_reference) {
		low = fmin(low, a->reference);
		high = fmax(high, a->reference);
	}
	/* the whole of a probability, so that no curve looks steeper than it is */
	bool chance = !horizontal && a->label && (strcmp(a->label, "survival") == 0 || strcmp(a->label, "probability") == 0);
	if (chance && low >= 0 && high <= 1 + 1e-9) {
		yg_scale_linear(s, 0, 1, most);
	} else if (a->log_scale && low > 0) {
		yg_scale_around(&low, &high, 1.005);
		yg_scale_log(s, low, high, most);
	} else if (horizontal && /* many days: round numbers, as beneath survival curves */
		   yg_scale_time_unit(a->unit) && a->unit[0] != 'd' && low >= 0 && low < 0.25 * high) {
		yg_scale_time(s, high, a->unit, most);
	} else {
		yg_scale_snug(s, low >= 0 && low < 0.12 * high ? 0 : low, high, most);
	}
}

void yg_xy_axes(const struct yg_figure *f, int most_x, int most_y, struct yg_scale *x, struct yg_scale *y)
{
	double xr[2], yr[2];
	yg_figure_range(f, xr, yr);
	axis_scale(x, &f->x, xr[0], xr[1], most_x, true);
	axis_scale(y, &f->y, yr[0], yr[1], most_y, false);
}

int yg_xy_hue(const struct yg_figure *f, int series)
{
	int half = f->series_count / 2;
	if (f->kind != YG_FIGURE_XY || f->series_count < 4 || f->series_count % 2)
		return series;
	for (int i = 0; i < f->series_count; i++)
		if (f->series[i].line != (i < half))
			return series;
	return series % half;
}
