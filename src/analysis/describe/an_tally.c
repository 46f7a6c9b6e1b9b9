/*
 * Whole numbers of a small range (ages, counts, days) by group: how often each value occurs.  One pass on
 * all threads; whole counts add up the same in any order.
 */
#include <math.h>

#include "analysis/an_frame_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/pool.h"

#define PART ((size_t)1 << 18)          /* rows of a block */
#define MOST ((size_t)1 << 18)          /* counters of a worker */

struct pass {
	const double *x;
	const uint8_t *missing;
	const int32_t *group;
	size_t n, groups, range;
	double low, high;
	double *edge;                       /* [2 * blocks] smallest and largest */
	uint64_t *count;                    /* [workers][groups * range] */
};

static enum yg_status find_edges(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct pass *p = context;
	size_t from = block * PART, to = from + PART < p->n ? from + PART : p->n;
	double low = INFINITY, high = -INFINITY;
	(void)worker;
	(void)err;

	/* a missing value is NaN, which compares false */
	for (size_t i = from; i < to; i++) {
		low = p->x[i] < low ? p->x[i] : low;
		high = p->x[i] > high ? p->x[i] : high;
	}
	p->edge[2 * block] = low;
	p->edge[2 * block + 1] = high;
	return YG_OK;
}

static enum yg_status count_part(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct pass *p = context;
	size_t from = block * PART, to = from + PART < p->n ? from + PART : p->n;
	uint64_t *count = p->count + worker * p->groups * p->range;
	(void)err;

	for (size_t i = from; i < to; i++)
		if (p->group[i] >= 0 && !(p->missing && p->missing[i]))
			count[(size_t)p->group[i] * p->range + (size_t)(p->x[i] - p->low)]++;
	return YG_OK;
}

enum yg_status an_tally_build(const struct an_frame *f, const struct an_groups *g, const struct yg_set_column *c,
                              struct yg_task *task, struct an_tally *out, struct yg_err *err)
{
	struct pass p = { .x = c->number, .missing = c->missing, .group = g->of, .n = f->set->n, .groups = g->count,
		              .low = INFINITY, .high = -INFINITY };
	size_t blocks = (p.n + PART - 1) / PART, workers = yg_task_workers(task);

	out->count = NULL;
	p.edge = yg_xalloc(2 * blocks + 1, sizeof *p.edge);
	enum yg_status s = yg_pool_run(task, blocks, find_edges, &p, err);
	for (size_t b = 0; b < blocks; b++) {
		p.low = p.edge[2 * b] < p.low ? p.edge[2 * b] : p.low;
		p.high = p.edge[2 * b + 1] > p.high ? p.edge[2 * b + 1] : p.high;
	}
	yg_free(p.edge);
	if (s != YG_OK || !(p.low <= p.high) || !(p.high - p.low < (double)MOST) || p.low < -9e15 || p.high > 9e15)
		return s;
	p.range = (size_t)(p.high - p.low) + 1;
	if (p.range * p.groups > MOST)
		return YG_OK;
	p.count = yg_data_calloc(workers * p.groups * p.range, sizeof *p.count);
	if (!p.count)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while counting %zu values."), p.n);
	s = yg_pool_run(task, blocks, count_part, &p, err);
	if (s != YG_OK) {
		yg_data_free(p.count);
		return s;
	}
	for (size_t w = 1; w < workers; w++)
		for (size_t i = 0; i < p.groups * p.range; i++)
			p.count[i] += p.count[w * p.groups * p.range + i];
	*out = (struct an_tally){ .low = (int64_t)p.low, .range = p.range, .count = p.count };
	return YG_OK;
}
