/* Counting follow-up at its distinct times: see cells_priv.h. */
#include "stats/survival/cells_priv.h"

#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/sort.h"

#define COUNT_KEYS (1u << 20)

enum yg_status yg_survival_no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-004", N_("not enough memory for the survival analysis"));
}

void yg_cells_release(struct yg_cells *c)
{
	yg_data_free(c->exit_first);
	yg_data_free(c->entry_first);
	yg_data_free(c->exit_time);
	yg_data_free(c->events);
	yg_data_free(c->censored);
	yg_data_free(c->moved);
	yg_data_free(c->event_weight);
	yg_data_free(c->other_weight);
	yg_data_free(c->exit_square);
	yg_data_free(c->entry_time);
	yg_data_free(c->entered);
	yg_data_free(c->entry_weight);
	yg_data_free(c->entry_square);
	yg_data_free(c->exit_order);
	yg_data_free(c->entry_order);
	memset(c, 0, sizeof *c);
}

int yg_cells_room_exits(struct yg_cells *c, size_t cells, int weighted)
{
	size_t m = cells ? cells : 1;
	c->exit_time = yg_data_alloc(m, sizeof(double));
	c->events = yg_data_calloc(m, sizeof(uint32_t));
	c->censored = yg_data_calloc(m, sizeof(uint32_t));
	c->moved = yg_data_calloc(m, sizeof(uint32_t));
	if (!c->exit_time || !c->events || !c->censored || !c->moved)
		return 0;
	if (!weighted)
		return 1;
	c->event_weight = yg_data_calloc(m, sizeof(double));
	c->other_weight = yg_data_calloc(m, sizeof(double));
	c->exit_square = yg_data_calloc(m, sizeof(double));
	return c->event_weight && c->other_weight && c->exit_square;
}

int yg_cells_room_entries(struct yg_cells *c, size_t cells, int weighted)
{
	size_t m = cells ? cells : 1;
	c->entry_time = yg_data_alloc(m, sizeof(double));
	c->entered = yg_data_calloc(m, sizeof(uint32_t));
	if (!c->entry_time || !c->entered)
		return 0;
	if (!weighted)
		return 1;
	c->entry_weight = yg_data_calloc(m, sizeof(double));
	c->entry_square = yg_data_calloc(m, sizeof(double));
	return c->entry_weight && c->entry_square;
}

/* ---- whole times: one counting pass ---- */

struct tally {
	const struct yg_spans *d;
	double base;
	size_t width, keys, pieces, rows;   /* a piece counts in count[piece * 4 * keys] */
	uint32_t *count;                    /* events, censored, moved, entered by key */
};

static enum yg_status tally_piece(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct tally *t = context;
	const struct yg_spans *d = t->d;
	uint32_t *count = t->count + block * 4 * t->keys;
	size_t from = block * t->rows, to = from + t->rows < d->n ? from + t->rows : d->n;
	(void)worker;
	(void)err;
	for (size_t i = from; i < to; i++) {
		size_t curve = yg_cells_curve(d, i) * t->width, key = curve + (size_t)(d->exit[i] - t->base);
		size_t what = d->event[i] ? 0 : d->continues && d->continues[i] ? 2 : 1;
		count[what * t->keys + key] += d->repeats ? d->repeats[i] : 1;
		if (d->entry)
			count[3 * t->keys + curve + (size_t)(d->entry[i] - t->base)] += d->repeats ? d->repeats[i] : 1;
	}
	return YG_OK;
}

static void tally_join(struct tally *t)
{
	for (size_t p = 1; p < t->pieces; p++)
		for (size_t k = 0; k < 4 * t->keys; k++)
			t->count[k] += t->count[p * 4 * t->keys + k];
}

static enum yg_status tally_to_cells(const struct tally *t, struct yg_cells *c, struct yg_err *err)
{
	const uint32_t *event = t->count, *censored = event + t->keys, *moved = censored + t->keys, *entered = moved + t->keys;
	size_t exits = 0, entries = 0;
	for (size_t k = 0; k < t->keys; k++) {
		exits += (event[k] | censored[k] | moved[k]) != 0;
		entries += entered[k] != 0;
	}
	if (!yg_cells_room_exits(c, exits, 0) || (t->d->entry && !yg_cells_room_entries(c, entries, 0)))
		return yg_survival_no_memory(err);
	exits = entries = 0;
	for (size_t k = 0; k < t->keys; k++) {
		if (k % t->width == 0) {
			c->exit_first[k / t->width] = exits;
			c->entry_first[k / t->width] = entries;
		}
		if (event[k] | censored[k] | moved[k]) {
			c->exit_time[exits] = t->base + (double)(k % t->width);
			c->events[exits] = event[k];
			c->censored[exits] = censored[k];
			c->moved[exits++] = moved[k];
		}
		if (entered[k]) {
			c->entry_time[entries] = t->base + (double)(k % t->width);
			c->entered[entries++] = entered[k];
		}
	}
	c->exit_first[c->curves] = exits;
	c->entry_first[c->curves] = entries;
	return YG_OK;
}

/* *done says whether the times were whole and few enough. */
static enum yg_status count_cells(const struct yg_spans *d, struct yg_task *task, struct yg_cells *c, int *done,
                                  struct yg_err *err)
{
	int64_t low, high, low_entry, high_entry;
	*done = 0;
	if (!yg_sort_whole(d->exit, d->n, task, &low, &high))
		return YG_OK;
	if (d->entry) {
		if (!yg_sort_whole(d->entry, d->n, task, &low_entry, &high_entry))
			return YG_OK;
		low = low_entry < low ? low_entry : low;
		high = high_entry > high ? high_entry : high;
	}
	struct tally t = { .d = d, .base = (double)low, .width = (size_t)(high - low) + 1 };
	if (t.width > COUNT_KEYS || c->curves > COUNT_KEYS || t.width * c->curves > COUNT_KEYS ||
	    (!d->repeats && t.width * c->curves > 1024 + 4 * d->n))
		return YG_OK;
	t.keys = t.width * c->curves;
	size_t most = d->n / 65536 + 1, workers = yg_task_workers(task);
	t.pieces = most < workers ? most : workers;
	t.rows = (d->n + t.pieces - 1) / t.pieces;
	t.count = yg_data_calloc(t.pieces * 4 * t.keys, sizeof *t.count);
	if (!t.count)
		return yg_survival_no_memory(err);
	enum yg_status s = yg_pool_run(task, t.pieces, tally_piece, &t, err);
	if (s == YG_OK) {
		tally_join(&t);
		s = tally_to_cells(&t, c, err);
	}
	yg_data_free(t.count);
	*done = 1;
	return s;
}

/* ---- any times: by sorted order ---- */

static enum yg_status sorted_order(const struct yg_spans *d, size_t curves, const double *time, const uint8_t *event,
                                   struct yg_task *task, uint32_t **out, struct yg_err *err)
{
	int32_t *curve = NULL;
	uint32_t *order = yg_data_alloc(d->n ? d->n : 1, sizeof *order);
	enum yg_status s = YG_OK;
	if (order && curves > 1 && (curve = yg_data_alloc(d->n ? d->n : 1, sizeof *curve)) != NULL)
		for (size_t i = 0; i < d->n; i++)
			curve[i] = (int32_t)yg_cells_curve(d, i);
	if (!order || (curves > 1 && !curve))
		s = yg_survival_no_memory(err);
	else
		s = yg_sort_survival(curve, curves, time, event, d->n, task, order, err);
	yg_data_free(curve);
	if (s == YG_OK)
		*out = order;
	else
		yg_data_free(order);
	return s;
}

/* The rows in order, gathered once: what decides a cell, side by side. */
struct gathered {
	const struct yg_spans *d;
	const uint32_t *order;
	const double *from;
	double *time, *weight;   /* weight NULL = all 1 */
	uint32_t *curve;         /* NULL = one curve */
	uint8_t *end;            /* 0 event, 1 censored, 2 goes on; NULL for entries */
};

#define GATHER 65536u

static enum yg_status gather_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct gathered *g = context;
	const struct yg_spans *d = g->d;
	size_t from = block * GATHER, to = from + GATHER < d->n ? from + GATHER : d->n;
	(void)worker;
	(void)err;
	for (size_t i = from; i < to; i++) {
		size_t r = g->order[i];
		g->time[i] = g->from[r];
		if (g->curve)
			g->curve[i] = (uint32_t)yg_cells_curve(d, r);
		if (g->weight)
			g->weight[i] = d->weight[r];
		if (g->end)
			g->end[i] = d->event[r] ? 0 : d->continues && d->continues[r] ? 2 : 1;
	}
	return YG_OK;
}

static void gathered_release(struct gathered *g)
{
	yg_data_free(g->time);
	yg_data_free(g->weight);
	yg_data_free(g->curve);
	yg_data_free(g->end);
}

static enum yg_status gather(const struct yg_spans *d, const uint32_t *order, const double *from, size_t curves, int ends,
                             struct yg_task *task, struct gathered *g, struct yg_err *err)
{
	size_t n = d->n + 1;
	*g = (struct gathered){ .d = d, .order = order, .from = from, .time = yg_data_alloc(n, sizeof(double)) };
	g->weight = d->weight ? yg_data_alloc(n, sizeof(double)) : NULL;
	g->curve = curves > 1 ? yg_data_alloc(n, sizeof(uint32_t)) : NULL;
	g->end = ends ? yg_data_alloc(n, 1) : NULL;
	if (!g->time || (d->weight && !g->weight) || (curves > 1 && !g->curve) || (ends && !g->end)) {
		gathered_release(g);
		return yg_survival_no_memory(err);
	}
	return yg_pool_run(task, (d->n + GATHER - 1) / GATHER, gather_block, g, err);
}

static inline int begins_cell(const struct gathered *g, size_t i)
{
	return i == 0 || g->time[i] != g->time[i - 1] || (g->curve && g->curve[i] != g->curve[i - 1]);
}

static size_t count_distinct(const struct gathered *g)
{
	size_t m = 0;
	for (size_t i = 0; i < g->d->n; i++)
		m += (size_t)begins_cell(g, i);
	return m;
}

static void fill_exits(const struct gathered *g, struct yg_cells *c)
{
	size_t at = 0, next = 0;
	uint32_t *const count[] = { c->events, c->censored, c->moved };
	for (size_t i = 0; i < g->d->n; i++) {
		if (begins_cell(g, i)) {
			size_t k = g->curve ? g->curve[i] : 0;
			for (; next <= k; next++)
				c->exit_first[next] = at;
			c->exit_time[at++] = g->time[i];
		}
		count[g->end[i]][at - 1] += g->d->repeats ? g->d->repeats[g->order[i]] : 1;
		if (g->weight) {
			double w = g->weight[i];
			*(g->end[i] == 0 ? &c->event_weight[at - 1] : &c->other_weight[at - 1]) += w;
			c->exit_square[at - 1] += w * w;
		}
	}
	for (; next <= c->curves; next++)
		c->exit_first[next] = at;
}

static void fill_entries(const struct gathered *g, struct yg_cells *c)
{
	size_t at = 0, next = 0;
	for (size_t i = 0; i < g->d->n; i++) {
		if (begins_cell(g, i)) {
			size_t k = g->curve ? g->curve[i] : 0;
			for (; next <= k; next++)
				c->entry_first[next] = at;
			c->entry_time[at++] = g->time[i];
		}
		c->entered[at - 1] += g->d->repeats ? g->d->repeats[g->order[i]] : 1;
		if (g->weight) {
			c->entry_weight[at - 1] += g->weight[i];
			c->entry_square[at - 1] += g->weight[i] * g->weight[i];
		}
	}
	for (; next <= c->curves; next++)
		c->entry_first[next] = at;
}

static enum yg_status sort_cells(const struct yg_spans *d, struct yg_task *task, struct yg_cells *c, struct yg_err *err)
{
	struct gathered g;
	YG_TRY(sorted_order(d, c->curves, d->exit, d->event, task, &c->exit_order, err));
	YG_TRY(gather(d, c->exit_order, d->exit, c->curves, 1, task, &g, err));
	enum yg_status s = yg_cells_room_exits(c, count_distinct(&g), d->weight != NULL) ? YG_OK : yg_survival_no_memory(err);
	if (s == YG_OK)
		fill_exits(&g, c);
	gathered_release(&g);
	if (s != YG_OK || !d->entry)
		return s;
	YG_TRY(sorted_order(d, c->curves, d->entry, NULL, task, &c->entry_order, err));
	YG_TRY(gather(d, c->entry_order, d->entry, c->curves, 0, task, &g, err));
	s = yg_cells_room_entries(c, count_distinct(&g), d->weight != NULL) ? YG_OK : yg_survival_no_memory(err);
	if (s == YG_OK)
		fill_entries(&g, c);
	gathered_release(&g);
	return s;
}

enum yg_status yg_cells_build(const struct yg_spans *d, int keep_order, struct yg_task *task, struct yg_cells *out,
                              struct yg_err *err)
{
	struct yg_cells c = { .curves = d->groups * d->strata };
	int done = 0;
	enum yg_status s = YG_OK;
	if (d->n >= UINT32_MAX)
		return yg_fail(err, YG_ELIMIT, "E-LIM-010", N_("an analysis can hold at most 4,294,967,294 rows"));
	c.exit_first = yg_data_calloc(c.curves + 1, sizeof *c.exit_first);
	c.entry_first = yg_data_calloc(c.curves + 1, sizeof *c.entry_first);
	if (!c.exit_first || !c.entry_first)
		s = yg_survival_no_memory(err);
	if (s == YG_OK && !d->weight && !keep_order)
		s = count_cells(d, task, &c, &done, err);
	if (s == YG_OK && !done)
		s = !keep_order && yg_cells_can_split(d, c.curves) ? yg_cells_split(d, task, &c, err) : sort_cells(d, task, &c, err);
	if (s == YG_OK && !keep_order) {
		yg_data_free(c.exit_order);
		yg_data_free(c.entry_order);
		c.exit_order = c.entry_order = NULL;
	}
	if (s == YG_OK)
		*out = c;
	else
		yg_cells_release(&c);
	return s;
}
