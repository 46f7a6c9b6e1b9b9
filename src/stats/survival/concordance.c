/* Concordance in two sweeps: see yogo/stats/concordance.h. */
#include "yogo/stats/concordance.h"

#include <math.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/concordance_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/lanes.h"
#include "yogo/num/sort.h"

/* ---- sums by rank ---- */

static int ranks_init(struct yg_ranks *r, size_t ranks)
{
	memset(r, 0, sizeof *r);
	for (size_t n = ranks; ; n = (n + 63) / 64) {
		r->size[r->levels] = (n + 63) / 64 * 64;
		r->level[r->levels] = yg_data_calloc(r->size[r->levels] + 1, sizeof(double));
		if (!r->level[r->levels++])
			return 0;
		if (n <= 64)
			return 1;
	}
}

static void ranks_release(struct yg_ranks *r)
{
	for (int l = 0; l < r->levels; l++)
		yg_data_free(r->level[l]);
}

static inline void ranks_add(struct yg_ranks *r, uint32_t rank, double w)
{
	for (int l = 0; l < r->levels; l++, rank >>= 6)
		r->level[l][rank] += w;
	r->total += w;
}

YG_CLONES
static double run_sum(const double *v, size_t n)
{
	yg_lanes acc = { 0 };
	size_t i = 0;
	for (; i + 8 <= n; i += 8)
		acc += *(const yg_lanes *)(v + i);
	double s = yg_lanes_sum(&acc);
	for (; i < n; i++)
		s += v[i];
	return s;
}

static inline double ranks_below(const struct yg_ranks *r, uint32_t rank)
{
	double s = 0;
	for (int l = 0; l < r->levels; l++, rank >>= 6)
		if (rank & 63)
			s += run_sum(r->level[l] + (rank & ~63u), rank & 63);
	return s;
}

/* The lines of the leaves that a query of this rank will read. */
static inline void ranks_prefetch(const struct yg_ranks *r, uint32_t rank)
{
	const double *leaf = r->level[0] + (rank & ~63u);
	for (uint32_t i = 0; i <= (rank & 63); i += 8)
		__builtin_prefetch(leaf + i);
}

/* Empty the tree again where these ranks touched it. */
static void ranks_forget(struct yg_ranks *r, const uint32_t *rank, size_t n)
{
	for (int l = 0; l < r->levels; l++)
		for (size_t i = 0; i < n; i++)
			r->level[l][rank[i] >> 6 * l] = 0;
	r->total = 0;
}

/* ---- the sorted data ---- */

#define AHEAD 12   /* rows whose leaves are fetched in advance */

static inline double weight_of(const struct yg_pairs *q, size_t place)
{
	return q->weight ? q->weight[place] : 1;
}

static void count_event(struct yg_pairs *q, size_t k, double *dead)
{
	const struct yg_ranks *tree = &q->tree[0];
	double u = q->pair_weight[k], w = weight_of(q, k), *same = &q->same[q->rank[k]];
	double less = ranks_below(tree, q->rank[k]), equal = tree->level[0][q->rank[k]];
	double more = tree->total - less - equal;
	q->top[0][k] = u * (more + 0.5 * equal);
	q->pairs[0][k] = u * tree->total;
	q->count[0] += w * u * more;
	q->count[1] += w * u * less;
	q->count[2] += w * u * equal;
	q->count[3] += w * u * (*dead - *same);
	q->count[4] += w * u * *same;
	*same += w;
	*dead += w;
}

/* Backward: each event against those at risk after it. */
static void events_sweep(struct yg_pairs *q, size_t from, size_t to)
{
	struct yg_ranks *tree = &q->tree[0];
	size_t e = to;
	for (size_t i = to; i > from; ) {
		double t = q->exit[i - 1], dead = 0;
		size_t dead_end, first = yg_pairs_tied(q, from, i, &dead_end);
		for (size_t k = dead_end; k < i; k++)
			ranks_add(tree, q->rank[k], weight_of(q, k));
		for (; q->entry_order && e > from && q->entry[q->entry_order[e - 1]] >= t; e--)
			ranks_add(tree, q->rank[q->entry_order[e - 1]], -weight_of(q, q->entry_order[e - 1]));
		for (size_t k = first; k < dead_end; k++) {
			if (k + AHEAD < dead_end)
				ranks_prefetch(tree, q->rank[k + AHEAD]);
			count_event(q, k, &dead);
		}
		for (size_t k = first; k < dead_end; k++) {
			q->same[q->rank[k]] = 0;
			ranks_add(tree, q->rank[k], weight_of(q, k));
		}
		if (first > from + AHEAD)
			ranks_prefetch(tree, q->rank[first - AHEAD]);
		i = first;
	}
	ranks_forget(tree, q->rank + from, to - from);
}

static inline void look_back(struct yg_pairs *q, size_t k, double sign)
{
	const struct yg_ranks *tree = &q->tree[1];
	double less = ranks_below(tree, q->rank[k]), equal = tree->level[0][q->rank[k]];
	q->top[1][k] += sign * (less + 0.5 * equal);
	q->pairs[1][k] += sign * tree->total;
}

/* Forward: each row against the events that came while it was at risk. */
static void others_sweep(struct yg_pairs *q, size_t from, size_t to)
{
	struct yg_ranks *tree = &q->tree[1];
	size_t e = from;
	for (size_t i = from; i < to; ) {
		double t = q->exit[i];
		size_t end = i, dead_end;
		while (end < to && q->exit[end] == t)
			end++;
		for (dead_end = i; dead_end < end && q->event[dead_end]; dead_end++)
			;
		for (; q->entry_order && e < to && q->entry[q->entry_order[e]] < t; e++)
			look_back(q, q->entry_order[e], -1);
		for (size_t k = i; k < dead_end; k++) {
			if (k + AHEAD < to)
				ranks_prefetch(tree, q->rank[k + AHEAD]);
			look_back(q, k, 1);
		}
		for (size_t k = i; k < dead_end; k++)
			if (q->pair_weight[k] > 0)
				ranks_add(tree, q->rank[k], weight_of(q, k) * q->pair_weight[k]);
		for (size_t k = dead_end; k < end; k++) {
			if (k + AHEAD < to)
				ranks_prefetch(tree, q->rank[k + AHEAD]);
			look_back(q, k, 1);
		}
		i = end;
	}
	ranks_forget(tree, q->rank + from, to - from);
}

static enum yg_status sweep(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct yg_pairs *q = context;
	(void)worker;
	if (q->bit)
		return yg_concordance_count(q, block, err);
	for (size_t s = 0; s < (q->d->stratum ? q->d->strata : 1); s++)
		(block ? others_sweep : events_sweep)(q, q->stratum_start[s], q->stratum_start[s + 1]);
	return YG_OK;
}

/* ---- time weights ---- */

/* Weights of one stratum's event times, by Kaplan-Meier of event and of censoring just before them. */
static void time_weights(struct yg_pairs *q, const struct yg_concordance_options *o, size_t from, size_t to)
{
	double at_risk = 0, all = 0, surv = 1, free_ = 1;
	size_t e = from;
	for (size_t i = from; i < to; i++) {
		all += weight_of(q, i);
		if (!q->entry_order)
			at_risk += weight_of(q, i);
	}
	for (size_t i = from; i < to; ) {
		double t = q->exit[i], dead = 0, gone = 0, u = 1;
		size_t first = i;
		for (; q->entry_order && e < to && q->entry[q->entry_order[e]] < t; e++)
			at_risk += weight_of(q, q->entry_order[e]);
		for (; i < to && q->exit[i] == t; i++)
			*(q->event[i] ? &dead : &gone) += weight_of(q, i);
		switch (o->weight) {
		case YG_CONCORDANCE_S:
			u = all * surv / at_risk;
			break;
		case YG_CONCORDANCE_S_G:
			u = all * surv / (free_ * at_risk);
			break;
		case YG_CONCORDANCE_N_G2:
			u = 1 / (free_ * free_);
			break;
		case YG_CONCORDANCE_I:
			u = 1 / at_risk;
			break;
		default:
			break;
		}
		if (t > o->until)
			u = 0;
		for (size_t k = first; k < i; k++)
			q->pair_weight[k] = q->event[k] ? u : 0;
		surv *= 1 - dead / at_risk;
		if (gone > 0 && at_risk > dead)
			free_ *= 1 - gone / (at_risk - dead);
		at_risk -= dead + gone;
	}
}

/* ---- building ---- */

/* A bit for each row, in the order of the ranks; rows of one rank side by side. */
static enum yg_status number_bits(struct yg_pairs *q, struct yg_err *err)
{
	uint32_t *start = yg_data_calloc(q->ranks + 2, sizeof *start);
	if (!start)
		return yg_survival_no_memory(err);
	for (size_t k = 0; k < q->n; k++)
		start[q->rank[k] + 2]++;
	for (size_t r = 0; r < q->ranks; r++)
		start[r + 2] += start[r + 1];
	for (size_t k = 0; k < q->n; k++)
		q->bit[k] = start[q->rank[k] + 1]++;
	/* start[r] is now where rank r begins */
	for (size_t k = 0; k < q->n; k++) {
		q->equal0[k] = start[q->rank[k]];
		q->equal1[k] = start[q->rank[k] + 1];
	}
	yg_data_free(start);
	return YG_OK;
}

static enum yg_status rank_scores(struct yg_pairs *q, const double *x, bool reverse, struct yg_task *task, struct yg_err *err)
{
	uint32_t *order = yg_data_alloc(q->n + 1, sizeof *order), *rank = yg_data_alloc(q->n + 1, sizeof *rank);
	enum yg_status s = order && rank ? yg_sort_doubles(x, q->n, task, order, err) : yg_survival_no_memory(err);
	if (s == YG_OK) {
		double last = NAN;
		q->ranks = 0;
		for (size_t i = 0; i < q->n; i++) {
			q->ranks += x[order[i]] != last;
			last = x[order[i]];
			rank[order[i]] = (uint32_t)q->ranks - 1;
		}
		for (size_t k = 0; k < q->n; k++)
			q->rank[k] = reverse ? (uint32_t)q->ranks - 1 - rank[q->order[k]] : rank[q->order[k]];
		if (q->bit)
			s = number_bits(q, err);
	}
	yg_data_free(order);
	yg_data_free(rank);
	return s;
}

/* Places in order of entry, from rows in that order. */
static enum yg_status entry_places(struct yg_pairs *q, struct yg_task *task, struct yg_err *err)
{
	const struct yg_spans *d = q->d;
	uint32_t *place = yg_data_alloc(q->n + 1, sizeof *place);
	enum yg_status s = place ? yg_sort_survival(d->stratum, d->stratum ? d->strata : 1, d->entry, NULL, q->n,
	                                            task, q->entry_order, err) :
	                           yg_survival_no_memory(err);
	if (s == YG_OK) {
		for (size_t k = 0; k < q->n; k++) {
			place[q->order[k]] = (uint32_t)k;
			q->entry[k] = d->entry[q->order[k]];
		}
		for (size_t k = 0; k < q->n; k++)
			q->entry_order[k] = place[q->entry_order[k]];
	}
	yg_data_free(place);
	return s;
}

static enum yg_status build(struct yg_pairs *q, const double *x, const struct yg_concordance_options *o, struct yg_task *task,
                            struct yg_err *err)
{
	const struct yg_spans *d = q->d;
	size_t n = q->n, strata = d->stratum ? d->strata : 1;
	int ok = 1;
#define NEED(what, count) ok &= (q->what = yg_data_calloc((count) + 1, sizeof *q->what)) != NULL
	NEED(order, n);
	NEED(exit, n);
	NEED(event, n);
	NEED(rank, n);
	NEED(pair_weight, n);
	NEED(stratum_start, strata + 1);
	NEED(top[0], n);
	NEED(top[1], n);
	NEED(pairs[0], n);
	NEED(pairs[1], n);
	if (d->entry) {
		NEED(entry_order, n);
		NEED(entry, n);
	}
	if (d->weight)
		NEED(weight, n);
	if (!d->weight && o->weight == YG_CONCORDANCE_N) {
		NEED(bit, n);
		NEED(equal0, n);
		NEED(equal1, n);
	}
#undef NEED
	if (!ok)
		return yg_survival_no_memory(err);
	YG_TRY(yg_sort_survival(d->stratum, strata, d->exit, d->event, n, task, q->order, err));
	for (size_t k = 0; k < n; k++) {
		q->exit[k] = d->exit[q->order[k]];
		q->event[k] = d->event[q->order[k]] != 0;
		if (d->weight)
			q->weight[k] = d->weight[q->order[k]];
	}
	if (d->entry)
		YG_TRY(entry_places(q, task, err));
	YG_TRY(rank_scores(q, x, o->reverse, task, err));
	for (size_t i = 0; i < n; i++)
		q->stratum_start[(d->stratum ? (size_t)d->stratum[i] : 0) + 1]++;
	for (size_t s = 0; s < strata; s++) {
		q->stratum_start[s + 1] += q->stratum_start[s];
		time_weights(q, o, q->stratum_start[s], q->stratum_start[s + 1]);
	}
	q->same = yg_data_calloc(q->ranks + 1, sizeof(double));
	if (!q->same || (!q->bit && (!ranks_init(&q->tree[0], q->ranks) || !ranks_init(&q->tree[1], q->ranks))))
		return yg_survival_no_memory(err);
	return YG_OK;
}

static enum yg_status finish(struct yg_pairs *q, struct yg_concordance *out, double *influence, struct yg_err *err)
{
	const struct yg_spans *d = q->d;
	const double *count = q->count;
	struct yg_concordance r = { count[0], count[1], count[2], count[3], count[4], NAN, NAN };
	double pairs = count[0] + count[1] + count[2], square = 0;
	double *sum = d->cluster ? yg_data_calloc(d->clusters + 1, sizeof *sum) : NULL;
	if (d->cluster && !sum)
		return yg_survival_no_memory(err);
	if (pairs > 0)
		r.c = (count[0] + 0.5 * count[2]) / pairs;
	for (size_t k = 0; pairs > 0 && k < q->n; k++) {
		double top = q->top[0][k] + q->top[1][k], below = q->pairs[0][k] + q->pairs[1][k];
		double u = weight_of(q, k) * (top - r.c * below) / pairs;
		if (influence)
			influence[q->order[k]] = u;
		if (sum)
			sum[d->cluster[q->order[k]]] += u;
		else
			square += u * u;
	}
	for (size_t c = 0; sum && c < d->clusters; c++)
		square += sum[c] * sum[c];
	yg_data_free(sum);
	if (pairs > 0)
		r.se = sqrt(square);
	*out = r;
	return YG_OK;
}

enum yg_status yg_concordance_fit(const struct yg_spans *d, const double *x, const struct yg_concordance_options *options,
                                  struct yg_task *task, struct yg_concordance *out, double *influence, struct yg_err *err)
{
	struct yg_pairs q = { .d = d, .n = d->n };
	if (d->entry && (options->weight == YG_CONCORDANCE_S_G || options->weight == YG_CONCORDANCE_N_G2))
		return yg_fail(err, YG_REFUSED, "E-COX-006",
		               N_("a concordance weighted by the censoring curve is not defined for late entries"));
	enum yg_status s = build(&q, x, options, task, err);
	if (s == YG_OK)
		s = yg_pool_run(task, 2, sweep, &q, err);
	if (s == YG_OK)
		s = finish(&q, out, influence, err);
	void *all[] = { q.order, q.entry_order, q.exit, q.entry, q.weight, q.event, q.rank, q.pair_weight, q.stratum_start,
		        q.top[0], q.top[1], q.pairs[0], q.pairs[1], q.same, q.bit, q.equal0, q.equal1 };
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		yg_data_free(all[i]);
	ranks_release(&q.tree[0]);
	ranks_release(&q.tree[1]);
	return s;
}
