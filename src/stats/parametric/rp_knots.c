/* Where the knots of a spline of log time stand: at centiles of the event times, unless they are given. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rp_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"

struct repeated {
	double y, times;
};

static int by_value(const void *a, const void *b)
{
	const struct repeated *x = a, *y = b;
	return (x->y > y->y) - (x->y < y->y);
}

/* Log times of events (of an interval its middle), each as often as its row stands for; their number, or SIZE_MAX. */
static size_t event_times(const struct aft_rows *r, bool repeats, struct repeated **out)
{
	struct repeated *e = *out = yg_data_alloc(r->n + 1, sizeof *e);
	size_t m = 0;

	if (!e)
		return SIZE_MAX;
	for (size_t i = 0; i < r->n; i++) {
		double times = repeats && r->weight ? r->weight[i] : 1;
		if (!(times > 0))
			continue;
		if (r->kind[i] == AFT_EXACT || r->kind[i] == AFT_LEFT)
			e[m++] = (struct repeated){ r->y1[i], times };
		else if (r->kind[i] == AFT_INTERVAL)
			e[m++] = (struct repeated){ yg_log((yg_exp(r->y1[i]) + yg_exp(r->y2[i])) / 2), times };
	}
	qsort(e, m, sizeof *e, by_value);
	return m;
}

/* Centiles of the event times (Hyndman and Fan 1996, definition 7), of the rows written out. */
static void centiles(const struct repeated *e, size_t m, int df, double *knot)
{
	double all = 0, before = 0;
	size_t i = 0;

	for (size_t j = 0; j < m; j++)
		all += e[j].times;
	for (int k = 0; k <= df; k++) {
		double at = (all - 1) * k / df, whole = floor(at);
		while (i + 1 < m && before + e[i].times <= whole)
			before += e[i++].times;
		double next = i + 1 < m && before + e[i].times <= whole + 1 ? e[i + 1].y : e[i].y;
		knot[k] = e[i].y + (at - whole) * (next - e[i].y);
	}
}

enum yg_status rp_place_knots(const struct aft_rows *r, const struct yg_rp_options *o, double *knot, struct yg_err *err)
{
	if (o->knots) {
		memcpy(knot, o->knots, (size_t)(o->df + 1) * sizeof *knot);
	} else {
		struct repeated *event;
		size_t m = event_times(r, o->repeats, &event);
		if (m == SIZE_MAX)
			return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was fitted"));
		if (m)
			centiles(event, m, o->df, knot);
		yg_data_free(event);
	}
	for (int k = 0; k < o->df; k++)
		if (!(knot[k] < knot[k + 1])) {
			yg_fail(err, YG_REFUSED, "E-AFT-003",
				N_("the events are at too few different times for a spline with df=%d"), o->df);
			yg_err_hint(err, N_("Take a smaller df; df=1 is the Weibull model"));
			return YG_REFUSED;
		}
	return YG_OK;
}
