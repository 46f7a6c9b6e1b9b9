/*
 * The sweeps of a concordance over scores: see concordance_priv.h.
 *
 * A sweep tells 4,096 stations apart and holds their sums in cache.  With more, a first sweep compares stations by their
 * leading digit, and each group of one leading digit is swept by the next: a digit of twelve bits a sweep.  Whole weights
 * give whole sums, so that every grouping gives the same bits; pieces depend on the number of rows only.
 */
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/concordance_priv.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/lanes.h"
#include "yogo/num/sort.h"

#define FAN 16u

/* Sums over stations: before a station within its sixteen, and so of sixteens and of their sixteens; or plain sums. */
struct layers {
	double leaf[YG_PAIRS_SPAN], twig[YG_PAIRS_SPAN / FAN], branch[FAN];
};
struct sweep {
	const struct yg_pairs *q;
	unsigned shift;
	bool again;                  /* there was a sweep before: add to half */
	const uint32_t *item;        /* items of the group in order of score; NULL = as they are */
	const double *pair_weight;   /* of the stratum, or NULL */
	double below, until, same;
	struct layers dead;          /* events met, before a station */
	struct layers rows;          /* rows met, at a station */
	double tied[YG_PAIRS_SPAN];  /* events of the present score */
};

/* One for all lanes above r: above + 15 - r. */
static const double above[2 * FAN] = { [FAN] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };

YG_INLINE void add_above(double *v, uint32_t r, double w)
{
	const yg_lanes *one = (const yg_lanes *)(above + FAN - 1 - r);
	yg_lanes *x = (yg_lanes *)v;
	x[0] += w * one[0];
	x[1] += w * one[1];
}

YG_INLINE void pick_above(const double *v, uint32_t r, yg_lanes *sum)
{
	const yg_lanes *one = (const yg_lanes *)(above + FAN - 1 - r), *x = (const yg_lanes *)v;
	*sum += x[0] * one[0] + x[1] * one[1];
}

YG_INLINE void meet_event(struct layers *t, uint32_t k, double w)
{
	add_above(t->leaf + (k & ~15u), k & 15, w);
	add_above(t->twig + (k >> 8 << 4), k >> 4 & 15, w);
	add_above(t->branch, k >> 8, w);
}

YG_INLINE double events_before(const struct layers *t, uint32_t k)
{
	return t->leaf[k] + t->twig[k >> 4] + t->branch[k >> 8];
}

YG_INLINE void meet_row(struct layers *t, uint32_t k, double w)
{
	t->leaf[k] += w;
	t->twig[k >> 4] += w;
	t->branch[k >> 8] += w;
}

YG_INLINE double rows_after(const struct layers *t, uint32_t k)
{
	yg_lanes sum = { 0 };
	pick_above(t->leaf + (k & ~15u), k & 15, &sum);
	pick_above(t->twig + (k >> 8 << 4), k >> 4 & 15, &sum);
	pick_above(t->branch, k >> 8, &sum);
	return yg_lanes_sum(&sum);
}

static void clear(struct layers *t, size_t span)
{
	memset(t->leaf, 0, ((span - 1) / FAN + 1) * FAN * sizeof *t->leaf);
	memset(t->twig, 0, ((span - 1) / (FAN * FAN) + 1) * FAN * sizeof *t->twig);
	memset(t->branch, 0, sizeof t->branch);
}

/* Empty, or with what the pieces before have met. */
static void begin(struct sweep *w, size_t span, const double *state)
{
	clear(&w->dead, span);
	clear(&w->rows, span);
	memset(w->tied, 0, span * sizeof *w->tied);
	for (size_t k = 0; state && k < span; k++) {
		meet_event(&w->dead, (uint32_t)k, state[k]);
		meet_row(&w->rows, (uint32_t)k, state[span + k]);
	}
}

/* ---- one group of items ---- */

struct met {
	size_t index, place;
	uint32_t station;        /* within the sweep */
	bool event;
	double weight, pair;     /* of the row, less than 0 for an entry; of the event's pairs */
};

YG_INLINE struct met item_at(const struct sweep *w, size_t k)
{
	const struct yg_pairs *q = w->q;
	struct met m = { .index = w->item ? w->item[k] : k };
	uint32_t code = q->code[m.index];
	m.place = m.index >> q->late;
	m.station = code >> 1 >> w->shift & (YG_PAIRS_SPAN - 1);
	m.event = code & 1;
	m.weight = q->weight ? q->weight[m.place] : 1;
	m.pair = m.event && w->pair_weight ? w->pair_weight[code >> 1] : 1;
	if (q->late && (m.index & 1))
		m.weight = -m.weight;
	return m;
}

/* What an item sees; the pairs of an event are told apart for the counts. */
YG_INLINE double look(struct sweep *w, const struct met *m, double *count)
{
	double seen = events_before(&w->dead, m->station);
	if (m->event) {
		double after = rows_after(&w->rows, m->station);
		seen -= m->pair * after;
		*count += m->weight * m->pair * after;
	}
	return seen;
}

YG_INLINE void meet(struct sweep *w, const struct met *m)
{
	meet_row(&w->rows, m->station, m->weight);
	if (m->event)
		meet_event(&w->dead, m->station, m->weight * m->pair);
}

/* Events at one time with one score, when a sweep tells times apart. */
YG_INLINE void tie(struct sweep *w, const struct met *m)
{
	if (w->shift || !m->event)
		return;
	w->same += m->weight * m->pair * w->tied[m->station];
	w->tied[m->station] += m->weight;
}

YG_CLONES
static void sweep_items(struct sweep *w, size_t from, size_t to)
{
	const struct yg_pairs *q = w->q;
	double *half = q->half;
	for (size_t k = from, end; k < to; k = end) {
		struct met m = item_at(w, k);
		uint32_t run = q->run[m.place];
		for (end = k + 1; end < to && q->run[(w->item ? w->item[end] : end) >> q->late] == run; end++)
			;
		if (end == k + 1) {
			double count = 0, seen = 2 * look(w, &m, &count);
			half[m.index] = w->again ? half[m.index] + seen : seen;
			w->below += count;
			w->until += count;
			meet(w, &m);
			continue;
		}
		for (size_t i = k; i < end; i++) {
			m = item_at(w, i);
			double seen = look(w, &m, &w->below);
			half[m.index] = w->again ? half[m.index] + seen : seen;
		}
		for (size_t i = k; i < end; i++) {
			m = item_at(w, i);
			meet(w, &m);
			tie(w, &m);
		}
		for (size_t i = k; i < end; i++) {
			m = item_at(w, i);
			half[m.index] += look(w, &m, &w->until);
			w->tied[m.station] = 0;
		}
	}
}

/* ---- all of them ---- */

struct counting {
	struct yg_pairs *q;
	unsigned shift;
	bool again;
	struct sweep **sweep;        /* [workers] */
	double *count;               /* [pieces or groups][3] */
	/* groups of one leading digit */
	uint32_t *item, *start, *stratum;
	size_t *group_start;         /* [strata+1] first group of a stratum */
	size_t groups;
};

static enum yg_status sweep_one(struct counting *c, unsigned worker, size_t number, size_t stratum, size_t span,
                                const double *state, size_t from, size_t to, struct yg_err *err)
{
	struct yg_pairs *q = c->q;
	struct sweep *w = c->sweep[worker];
	if (!w && !(w = c->sweep[worker] = yg_data_alloc(1, sizeof *w)))
		return yg_survival_no_memory(err);
	w->q = q;
	w->shift = c->shift;
	w->again = c->again;
	w->item = c->item;
	w->pair_weight = q->pair_weight ? q->pair_weight + q->cell_start[stratum] : NULL;
	w->below = w->until = w->same = 0;
	begin(w, span, state);
	sweep_items(w, from, to);
	double *count = c->count + 3 * number;
	count[0] = w->below;
	count[1] = w->until;
	count[2] = w->same;
	return YG_OK;
}

static enum yg_status sweep_piece(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct counting *c = context;
	const struct yg_pairs *q = c->q;
	const struct yg_pairs_piece *p = &q->piece[block];
	const double *state = p->state == SIZE_MAX ? NULL : q->state + p->state;
	return sweep_one(c, worker, block, p->stratum, yg_pairs_span(q, p->stratum, q->shift), state, p->from << q->late,
	                 p->to << q->late, err);
}

static enum yg_status sweep_group(void *context, size_t group, unsigned worker, struct yg_err *err)
{
	struct counting *c = context;
	size_t stratum = c->stratum[group], first = (group - c->group_start[stratum]) << YG_PAIRS_DIGIT;
	size_t span = yg_pairs_span(c->q, stratum, c->shift) - first;
	if (c->start[group] == c->start[group + 1])
		return YG_OK;
	return sweep_one(c, worker, group, stratum, span < YG_PAIRS_SPAN ? span : YG_PAIRS_SPAN, NULL, c->start[group],
	                 c->start[group + 1], err);
}

/* Run the sweep over all pieces or groups and add up, in their order. */
static enum yg_status run(struct counting *c, size_t number, yg_block_fn *fn, struct yg_task *task, struct yg_err *err)
{
	struct yg_pairs *q = c->q;
	c->count = yg_data_calloc(3 * number + 1, sizeof *c->count);
	enum yg_status s = c->count ? yg_pool_run(task, number, fn, c, err) : yg_survival_no_memory(err);
	for (size_t k = 0; s == YG_OK && k < number; k++) {
		q->below += c->count[3 * k];
		q->until += c->count[3 * k + 1];
		q->same += c->count[3 * k + 2];
	}
	yg_data_free(c->count);
	c->again = true;
	return s;
}

static void release_groups(struct counting *c)
{
	yg_data_free(c->item);
	yg_data_free(c->start);
	yg_data_free(c->stratum);
	yg_data_free(c->group_start);
	c->item = c->start = c->stratum = NULL;
	c->group_start = NULL;
}

/* The items by stratum and leading digit of their station, in each by score. */
static enum yg_status make_groups(struct counting *c, struct yg_task *task, struct yg_err *err)
{
	const struct yg_pairs *q = c->q;
	size_t items = q->n << q->late;
	unsigned digit = c->shift + YG_PAIRS_DIGIT;
	c->group_start = yg_data_calloc(q->strata + 1, sizeof *c->group_start);
	if (!c->group_start)
		return yg_survival_no_memory(err);
	for (size_t s = 0; s < q->strata; s++)
		c->group_start[s + 1] = c->group_start[s] + yg_pairs_span(q, s, digit);
	c->groups = c->group_start[q->strata];
	c->stratum = yg_data_alloc(c->groups + 1, sizeof *c->stratum);
	c->start = yg_data_alloc(c->groups + 1, sizeof *c->start);
	c->item = yg_data_alloc(items + 1, sizeof *c->item);
	uint32_t *group = yg_data_alloc(items + 1, sizeof *group);
	enum yg_status s = c->stratum && c->start && c->item && group ? YG_OK : yg_survival_no_memory(err);
	for (size_t k = 0; s == YG_OK && k < q->strata; k++) {
		for (size_t g = c->group_start[k]; g < c->group_start[k + 1]; g++)
			c->stratum[g] = (uint32_t)k;
		for (size_t i = q->stratum_start[k] << q->late; i < q->stratum_start[k + 1] << q->late; i++)
			group[i] = (uint32_t)(c->group_start[k] + (q->code[i] >> 1 >> digit));
	}
	if (s == YG_OK)
		s = yg_sort_groups(group, c->groups, items, task, c->item, c->start, err);
	yg_data_free(group);
	return s;
}

enum yg_status yg_pairs_count(struct yg_pairs *q, struct yg_task *task, struct yg_err *err)
{
	unsigned workers = yg_task_workers(task);
	struct counting c = { .q = q, .shift = q->shift };
	c.sweep = yg_xcalloc(workers, sizeof *c.sweep);
	enum yg_status s = run(&c, q->pieces, sweep_piece, task, err);
	while (s == YG_OK && c.shift) {
		c.shift -= YG_PAIRS_DIGIT;
		s = make_groups(&c, task, err);
		if (s == YG_OK)
			s = run(&c, c.groups, sweep_group, task, err);
		release_groups(&c);
	}
	for (unsigned k = 0; k < workers; k++)
		yg_data_free(c.sweep[k]);
	yg_free(c.sweep);
	return s;
}
