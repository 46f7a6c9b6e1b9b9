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
	q->pair_weight = q->o->weight != YG_CONCORDANCE_N ? yg_data_calloc(most + 1, sizeof *q->pair_weight) : NULL;
	return q->dead && q->left && (q->pair_weight || q->o->weight == YG_CONCORDANCE_N) ? YG_OK : yg_survival_no_memory(err);
}

/* An event time of the stratum now walked through: the weights of its dead and their squares. */
static void add_cell(struct yg_pairs *q, double u, double dead, double square)
{
	if (q->pair_weight)
		q->pair_weight[q->cells] = u;
	q->dead[q->cells++] = u * dead;
	q->tied += 0.5 * u * (dead * dead - square);
}

/* ---- the weight of pairs ---- */

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

static void start_curves(struct walk *w, double all)
{
	w->all = all;
	w->at_risk = w->q->d->entry ? 0 : all;
	w->surv = w->unseen = 1;
}

/* dead had the event at a time, gone left without it. */
static void leave_curves(struct walk *w, double dead, double gone)
{
	if (dead > 0)
		w->surv *= 1 - dead / w->at_risk;
	if (gone > 0 && w->at_risk > dead)
		w->unseen *= 1 - gone / (w->at_risk - dead);
	w->at_risk -= dead + gone;
}

/* ---- days ---- */

struct day {
	double dead, square, gone, entered;  /* weights of the dead, their squares, of the others that leave, of those that enter */
};
struct yg_pairs_days {
	struct yg_pairs *q;
	double base;
	size_t width, keys, pieces, rows, events;   /* events: days that have any */
	struct day *day;          /* [pieces*keys], key = stratum * width + day */
	uint32_t *before;         /* [keys] event times before this day, << 1 | it is one */
};

static inline size_t key_of(const struct yg_pairs_days *j, size_t row, double time)
{
	return stratum_of(j->q, row) * j->width + (size_t)(int32_t)(time - j->base);
}

static enum yg_status count_days(void *context, size_t piece, unsigned worker, struct yg_err *err)
{
	const struct yg_pairs_days *j = context;
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
	const struct yg_pairs_days *j = context;
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

/* The days of all pieces together; the number of those with events. */
static size_t add_days(struct yg_pairs_days *j)
{
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
	return most;
}

/* Number the event times and add up by station. */
static void walk_days(struct yg_pairs_days *j)
{
	struct yg_pairs *q = j->q;
	struct walk w = { .q = q };
	for (size_t s = 0; s < q->strata; s++) {
		size_t first = q->cell_start[s] = q->cells;
		const struct day *day = j->day + s * j->width;
		double all = 0;
		for (size_t k = 0; k < j->width; k++)
			all += day[k].dead + day[k].gone;
		start_curves(&w, all);
		for (size_t k = 0; k < j->width; k++) {
			const struct day *at = &day[k];
			double u = at->dead > 0 ? pair_weight(&w, j->base + (double)k) : 0;
			bool cell = u > 0;
			double *left = q->left + q->cells + s;
			j->before[s * j->width + k] = (uint32_t)((q->cells - first) << 1 | cell);
			left[0] += at->dead;
			left[cell] += at->gone;
			left[cell] -= at->entered;
			if (cell)
				add_cell(q, u, at->dead, at->square);
			leave_curves(&w, at->dead, at->gone);
			w.at_risk += at->entered;
		}
	}
	q->cell_start[q->strata] = q->cells;
}

void yg_pairs_days_free(struct yg_pairs_days *j)
{
	if (!j)
		return;
	yg_data_free(j->day);
	yg_data_free(j->before);
	yg_free(j);
}

/* The days counted, unless the times are no days or too many. */
static enum yg_status make_days(struct yg_pairs *q, struct yg_task *task, struct yg_err *err)
{
	const struct yg_spans *d = q->d;
	int64_t least, most, first, last;
	if (!yg_sort_whole(d->exit, d->n, task, &least, &most))
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
	struct yg_pairs_days *j = q->days = yg_xcalloc(1, sizeof *j);
	*j = (struct yg_pairs_days){ .q = q, .base = (double)least, .width = width, .keys = width * q->strata };
	/* Fixed pieces, so that sums of weights do not depend on threads. */
	j->pieces = d->n / (4 * j->keys + 16384);
	j->pieces = j->pieces < 1 ? 1 : j->pieces > MOST_PIECES ? MOST_PIECES : j->pieces;
	j->rows = (d->n + j->pieces - 1) / j->pieces;
	j->day = yg_data_calloc(j->pieces * j->keys, sizeof *j->day);
	j->before = yg_data_alloc(j->keys, sizeof *j->before);
	YG_TRY(j->day && j->before ? yg_pool_run(task, j->pieces, count_days, j, err) : yg_survival_no_memory(err));
	j->events = add_days(j);
	return YG_OK;
}

static enum yg_status by_days(struct yg_pairs *q, struct yg_task *task, struct yg_err *err)
{
	YG_TRY(room_for_cells(q, q->days->events, err));
	walk_days(q->days);
	return q->station ? yg_pool_run(task, q->days->pieces, day_stations, q->days, err) : YG_OK;
}

/* ---- other times ---- */

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
		if (q->station)
			q->station[row] = ((station + (cell & !event)) << 1) | (cell & event);
		*(event ? &dead : &gone) += weight;
		square += event * weight * weight;
	}
	q->left[q->cells + stratum] += dead;
	q->left[q->cells + stratum + cell] += gone;
	if (cell)
		add_cell(q, u, dead, square);
	leave_curves(w, dead, gone);
}

static void walk_stratum(struct walk *w, size_t stratum)
{
	struct yg_pairs *q = w->q;
	const struct yg_spans *d = q->d;
	size_t from = q->stratum_start[stratum], to = q->stratum_start[stratum + 1], e = from;
	q->cell_start[stratum] = q->cells;
	double all = 0;
	for (size_t k = from; k < to; k++)
		all += weight_of(q, w->order[k]);
	start_curves(w, all);
	for (size_t i = from, end; i < to; i = end) {
		double t = d->exit[w->order[i]];
		for (end = i + 1; end < to && d->exit[w->order[end]] == t; end++)
			;
		for (; d->entry && e < to && d->entry[w->entry_order[e]] < t; e++) {
			size_t row = w->entry_order[e];
			if (q->entered)
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
	q->risk = yg_data_calloc(q->cells + 1, sizeof *q->risk);
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
	bool late = q->d->entry && !q->order;
	q->cell_start = yg_data_calloc(q->strata + 1, sizeof *q->cell_start);
	q->station = q->order ? NULL : yg_data_alloc(q->n + 1, sizeof *q->station);
	q->entered = late ? yg_data_alloc(q->n + 1, sizeof *q->entered) : NULL;
	if (!q->cell_start || (!q->station && !q->order) || (late && !q->entered))
		return yg_survival_no_memory(err);
	if (!q->days && !q->order)
		YG_TRY(make_days(q, task, err));
	YG_TRY(q->days ? by_days(q, task, err) : by_order(q, task, err));
	return add_up(q, err);
}
