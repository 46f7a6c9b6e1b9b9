/* The product limit at a few times, from the counted follow-up alone: no curve is laid out. */
#include <math.h>

#include "yogo/stats/km.h"

#include "stats/survival/cells_priv.h"
#include "yogo/base/pool.h"

struct parts {
	const struct yg_cells *cells;
	size_t points;
	double *last, *surv;
};

/* From the last time back, so that who is at risk is a sum of what was met. */
static enum yg_status one_group(void *context, size_t g, unsigned worker, struct yg_err *err)
{
	const struct parts *p = context;
	const struct yg_cells *c = p->cells;
	size_t from = c->exit_first[g], to = c->exit_first[g + 1], points = p->points, k = points;
	size_t entry = c->entry_time ? c->entry_first[g + 1] : 0, entry_from = c->entry_time ? c->entry_first[g] : 0;
	double *surv = p->surv + g * points, last = to > from ? c->exit_time[to - 1] : 0, risk = 0;
	uint64_t rows = 0;
	(void)worker;
	(void)err;
	p->last[g] = last;
	for (size_t i = 0; i < points; i++)
		surv[i] = 1;
	for (size_t j = to; j-- > from;) {
		double t = c->exit_time[j], event = c->event_weight ? c->event_weight[j] : c->events[j];
		double other = c->event_weight ? c->other_weight[j] : (double)c->censored[j] + c->moved[j];
		risk += event + other;
		rows += (uint64_t)c->events[j] + c->censored[j] + c->moved[j];
		for (; entry > entry_from && c->entry_time[entry - 1] >= t; entry--) {
			risk -= c->entry_weight ? c->entry_weight[entry - 1] : c->entered[entry - 1];
			rows -= c->entered[entry - 1];
		}
		while (k > 1 && t <= last * (double)(k - 1) / (double)points)
			k--;
		if (c->events[j] && event > 0 && t <= last * (double)k / (double)points)
			surv[k - 1] *= c->events[j] == rows ? 0 : (risk - event) / risk;
	}
	for (size_t i = 1; i < points; i++)
		surv[i] *= surv[i - 1];
	return YG_OK;
}

enum yg_status yg_km_parts(const struct yg_spans *d, size_t points, struct yg_task *task, double *last, double *surv,
                           struct yg_err *err)
{
	struct yg_spans flat = *d;
	struct yg_cells c;
	struct parts p = { &c, points, last, surv };
	flat.stratum = NULL;
	flat.strata = 1;
	flat.groups = d->group ? d->groups : 1;
	YG_TRY(yg_cells_build(&flat, 0, task, &c, err));
	enum yg_status s = yg_pool_run(task, flat.groups, one_group, &p, err);
	yg_cells_release(&c);
	return s;
}
