/*
 * Event times of a concordance and the station of each row: see concordance_priv.h.
 *
 * Whole times in a small range (days) are counted; others are sorted and walked through.
 */
#include <math.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/concordance_priv.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/sort.h"

#define MOST_DAYS (1u << 18)
#define MOST_PIECES 16u

static inline size_t stratum_of(const struct yg_pairs *q, size_t row)
{
	return q->d->stratum ? (size_t)q->d->stratum[row] : 0;
}

static inline double weight_of(const struct yg_pairs *q, size_t row)
{
	return q->d->weight ? q->d->weight[row] : 1;
}

static enum yg_status room_for_cells(struct yg_pairs *q, size_t most, struct yg_err *err)
{
	q->dead = yg_data_calloc(most + 1, sizeof *q->dead);
	q->left = yg_data_calloc(most + q->strata + 1, sizeof *q->left);
	return q->dead && q->left ? YG_OK : yg_survival_no_memory(err);
}

/* An event time of the stratum now walked through: the weights of its dead and their squares. */
static void add_cell(struct yg_pairs *q, double u, double dead, double square)
{
	if (q->pair_weight)
		q->pair_weight[q->cells] = u;
	q->dead[q->cells++] = u * dead;
	q->tied += 0.5 * u * (dead * dead - square);
}

/* ---- days ---- */

struct day {
	double dead, square, gone, entered;  /* weights of the dead, their squares, of the others that leave, of those that enter */
};
struct days {
	struct yg_pairs *q;
	double base;
	size_t width, keys, pieces, rows;
	struct day *day;          /* [pieces*keys], key = stratum * width + day */
	uint32_t *before;         /* [keys] event times before this day, << 1 | it is one */
};

static inline size_t key_of(const struct days *j, size_t row, double time)
{
	return stratum_of(j->q, row) * j->width + (size_t)(int32_t)(time - j->base);
}

static enum yg_status count_days(void *context, size_t piece, unsigned worker, struct yg_err *err)
{
	const struct days *j = context;
	const struct yg_spans *d = j->q->d;
	struct day *day = j->day + piece * j->keys;
	size_t from = piece * j->rows, to = from + j->rows < d->n ? from + j->rows : d->n;
	(void)worker;
	(void)err;
	for (size_t i = from; i < to; i++) {
		struct day *at = &day[key_of(j, i, d->exit[i])];
		double w = weight_of(j->q, i), event = d->event[i] != 0;
		at->dead += event * w;
		at->square += event * w * w;
		at->gone += (1 - event) * w;
		if (d->entry)
			day[key_of(j, i, d->entry[i])].entered += w;
	}
	return YG_OK;
}

static enum yg_status day_stations(void *context, size_t piece, unsigned worker, struct yg_err *err)
{
	const struct days *j = context;
	struct yg_pairs *q = j->q;
	const struct yg_spans *d = q->d;
	size_t from = piece * j->rows, to = from + j->rows < d->n ? from + j->rows : d->n;
	(void)worker;
	(void)err;
	for (size_t i = from; i < to; i++) {
		uint32_t at = j->before[key_of(j, i, d->exit[i])], cell = at & 1, event = d->event[i] != 0;
		q->station[i] = (((at >> 1) + (cell & (event ^ 1))) << 1) | (cell & event);
		if (d->entry) {
			at = j->before[key_of(j, i, d->entry[i])];
			q->entered[i] = ((at >> 1) + (at & 1)) << 1;
		}
	}
	return YG_OK;
}

/* Number the event times and add up by station. */
static enum yg_status walk_days(struct days *j, struct yg_err *err)
{
	struct yg_pairs *q = j->q;
	double until = isnan(q->o->until) ? INFINITY : q->o->until;
	size_t most = 0;
	for (size_t k = 0; k < j->keys; k++) {
		struct day *at = &j->day[k];
		for (size_t p = 1; p < j->pieces; p++) {
			const struct day *more = &j->day[p * j->keys + k];
			at->dead += more->dead;
			at->square += more->square;
			at->gone += more->gone;
			at->entered += more->entered;
		}
		most += at->dead > 0;
	}
	YG_TRY(room_for_cells(q, most, err));
	for (size_t s = 0; s < q->strata; s++) {
		size_t first = q->cell_start[s] = q->cells;
		for (size_t k = 0; k < j->width; k++) {
			const struct day *at = &j->day[s * j->width + k];
			bool cell = at->dead > 0 && j->base + (double)k <= until;
			double *left = q->left + q->cells + s;
			j->before[s * j->width + k] = (uint32_t)((q->cells - first) << 1 | cell);
			left[0] += at->dead;
			left[cell] += at->gone;
			left[cell] -= at->entered;
			if (cell)
				add_cell(q, 1, at->dead, at->square);
		}
	}
	q->cell_start[q->strata] = q->cells;
	return YG_OK;
}

/* *done = false: the times are no days, or too many. */
static enum yg_status by_days(struct yg_pairs *q, struct yg_task *task, bool *done, struct yg_err *err)
{
	const struct yg_spans *d = q->d;
	int64_t least, most, first, last;
	*done = false;
	if (q->o->weight != YG_CONCORDANCE_N || !yg_sort_whole(d->exit, d->n, task, &least, &most))
		return YG_OK;
	if (d->entry) {
		if (!yg_sort_whole(d->entry, d->n, task, &first, &last))
			return YG_OK;
		least = first < least ? first : least;
		most = last > most ? last : most;
	}
	size_t width = (size_t)(most - least) + 1;
	if (width > MOST_DAYS || width * q->strata > MOST_DAYS || width * q->strata > 64 + 8 * d->n)
		return YG_OK;
	struct days j = { .q = q, .base = (double)least, .width = width, .keys = width * q->strata };
	/* Fixed pieces, so that sums of weights do not depend on threads. */
	j.pieces = d->n / (4 * j.keys + 16384);
	j.pieces = j.pieces < 1 ? 1 : j.pieces > MOST_PIECES ? MOST_PIECES : j.pieces;
	j.rows = (d->n + j.pieces - 1) / j.pieces;
	j.day = yg_data_calloc(j.pieces * j.keys, sizeof *j.day);
	j.before = yg_data_alloc(j.keys, sizeof *j.before);
	enum yg_status s = j.day && j.before ? yg_pool_run(task, j.pieces, count_days, &j, err) : yg_survival_no_memory(err);
	if (s == YG_OK)
		s = walk_days(&j, err);
	if (s == YG_OK)
		s = yg_pool_run(task, j.pieces, day_stations, &j, err);
	yg_data_free(j.day);
	yg_data_free(j.before);
	*done = true;
	return s;
}

/* ---- other times ---- */

/* One stratum walked through in the order of time, with the Kaplan-Meier curves of event and of censoring. */
struct walk {
	struct yg_pairs *q;
	const uint32_t *order, *entry_order;
	double all, at_risk, surv, unseen;
};

/* The weight of the pairs of an event at t. */
static double pair_weight(const struct walk *w, double t)
{
	double u = 1;
	switch (w->q->o->weight) {
	case YG_CONCORDANCE_S:
		u = w->all * w->surv / w->at_risk;
		break;
	case YG_CONCORDANCE_S_G:
		u = w->all * w->surv / (w->unseen * w->at_risk);
		break;
	case YG_CONCORDANCE_N_G2:
		u = 1 / (w->unseen * w->unseen);
		break;
	case YG_CONCORDANCE_I:
		u = 1 / w->at_risk;
		break;
	default:
		break;
	}
	return t > w->q->o->until ? 0 : u;
}

/* Rows [i, end) leave at one time. */
static void leave(struct walk *w, size_t i, size_t end, size_t stratum)
{
	struct yg_pairs *q = w->q;
	const struct yg_spans *d = q->d;
	double dead = 0, square = 0, gone = 0, t = d->exit[w->order[i]], u = pair_weight(w, t);
	bool cell = d->event[w->order[i]] && u > 0;
	uint32_t station = (uint32_t)(q->cells - q->cell_start[stratum]);
	for (size_t k = i; k < end; k++) {
		size_t row = w->order[k];
		double weight = weight_of(q, row);
		uint32_t event = d->event[row] != 0;
		q->station[row] = ((station + (cell & !event)) << 1) | (cell & event);
		*(event ? &dead : &gone) += weight;
		square += event * weight * weight;
	}
	q->left[q->cells + stratum] += dead;
	q->left[q->cells + stratum + cell] += gone;
	if (cell)
		add_cell(q, u, dead, square);
	w->surv *= 1 - dead / w->at_risk;
	if (gone > 0 && w->at_risk > dead)
		w->unseen *= 1 - gone / (w->at_risk - dead);
	w->at_risk -= dead + gone;
}

static void walk_stratum(struct walk *w, size_t stratum)
{
	struct yg_pairs *q = w->q;
	const struct yg_spans *d = q->d;
	size_t from = q->stratum_start[stratum], to = q->stratum_start[stratum + 1], e = from;
	q->cell_start[stratum] = q->cells;
	w->all = 0;
	for (size_t k = from; k < to; k++)
		w->all += weight_of(q, w->order[k]);
	w->at_risk = d->entry ? 0 : w->all;
	w->surv = w->unseen = 1;
	for (size_t i = from, end; i < to; i = end) {
		double t = d->exit[w->order[i]];
		for (end = i + 1; end < to && d->exit[w->order[end]] == t; end++)
			;
		for (; d->entry && e < to && d->entry[w->entry_order[e]] < t; e++) {
			size_t row = w->entry_order[e];
			q->entered[row] = (uint32_t)(q->cells - q->cell_start[stratum]) << 1;
			q->left[q->cells + stratum] -= weight_of(q, row);
			w->at_risk += weight_of(q, row);
		}
		leave(w, i, end, stratum);
	}
	q->cell_start[stratum + 1] = q->cells;
}

static enum yg_status by_order(struct yg_pairs *q, struct yg_task *task, struct yg_err *err)
{
	const struct yg_spans *d = q->d;
	size_t events = 0;
	for (size_t i = 0; i < d->n; i++)
		events += d->event[i] != 0;
	uint32_t *order = yg_data_alloc(d->n + 1, sizeof *order), *entry = d->entry ? yg_data_alloc(d->n + 1, sizeof *entry) : NULL;
	struct walk w = { .q = q, .order = order, .entry_order = entry };
	enum yg_status s = order && (entry || !d->entry) ? room_for_cells(q, events, err) : yg_survival_no_memory(err);
	if (s == YG_OK && q->o->weight != YG_CONCORDANCE_N && !(q->pair_weight = yg_data_alloc(events + 1, sizeof *q->pair_weight)))
		s = yg_survival_no_memory(err);
	if (s == YG_OK)
		s = yg_sort_survival(d->stratum, q->strata, d->exit, d->event, d->n, task, order, err);
	if (s == YG_OK && entry)
		s = yg_sort_survival(d->stratum, q->strata, d->entry, NULL, d->n, task, entry, err);
	for (size_t k = 0; s == YG_OK && k < q->strata; k++)
		walk_stratum(&w, k);
	yg_data_free(order);
	yg_data_free(entry);
	return s;
}

/* ---- both ---- */

/* Who is at risk after each event time, and the events before each station. */
static enum yg_status add_up(struct yg_pairs *q, struct yg_err *err)
{
	q->risk = yg_data_alloc(q->cells + 1, sizeof *q->risk);
	q->met = yg_data_alloc(q->cells + q->strata + 1, sizeof *q->met);
	if (!q->risk || !q->met)
		return yg_survival_no_memory(err);
	for (size_t s = 0; s < q->strata; s++) {
		size_t first = q->cell_start[s], last = q->cell_start[s + 1];
		const double *left = q->left + s;
		double *met = q->met + s;
		double after = 0;
		for (size_t c = last; c-- > first; )
			q->risk[c] = after += left[c + 1];
		met[first] = 0;
		for (size_t c = first; c < last; c++)
			met[c + 1] = met[c] + q->dead[c];
	}
	yg_data_free(q->left);
	q->left = NULL;
	return YG_OK;
}

enum yg_status yg_pairs_times(struct yg_pairs *q, struct yg_task *task, struct yg_err *err)
{
	bool done;
	q->cell_start = yg_data_calloc(q->strata + 1, sizeof *q->cell_start);
	q->station = yg_data_alloc(q->n + 1, sizeof *q->station);
	q->entered = q->d->entry ? yg_data_alloc(q->n + 1, sizeof *q->entered) : NULL;
	if (!q->cell_start || !q->station || (q->d->entry && !q->entered))
		return yg_survival_no_memory(err);
	YG_TRY(by_days(q, task, &done, err));
	if (!done)
		YG_TRY(by_order(q, task, err));
	return add_up(q, err);
}
