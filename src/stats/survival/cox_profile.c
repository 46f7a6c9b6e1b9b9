/* What is known of each event at given coefficients, and score residuals. */
#include <math.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/cox_priv.h"
#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"

struct profile_job {
	const struct yg_cox_frame *f;
	struct yg_cox_profile *q;
};

static enum yg_status profile_part(void *context, size_t part, size_t from, size_t to, struct yg_err *err)
{
	struct profile_job *job = context;
	const struct yg_cox_frame *f = job->f;
	struct yg_cox_walk walk;
	size_t p = f->p;
	(void)part;
	if (!yg_cox_walk_init(&walk, f)) {
		yg_cox_walk_release(&walk);
		return yg_survival_no_memory(err);
	}
	for (size_t k = from; k < to; k++) {
		yg_cox_walk_open(&walk, k);
		while (yg_cox_walk_back(&walk)) {
			size_t j = walk.event;
			double *s1 = job->q->s1 + j * p, *s1d = job->q->s1d + j * p, *own = job->q->k + j * p;
			memcpy(s1, walk.s1, p * sizeof *s1);
			if (f->c1[j] == 0)
				memset(s1d, 0, p * sizeof *s1d);
			else
				memcpy(s1d, walk.s1d, p * sizeof *s1d);
			for (size_t a = 0; a < p; a++)
				own[a] = f->c0[j] * s1[a] - f->c1[j] * s1d[a];
		}
	}
	yg_cox_walk_release(&walk);
	return YG_OK;
}

enum yg_status yg_cox_profile_build(const struct yg_cox_frame *f, struct yg_task *task, struct yg_cox_profile *out,
                                    struct yg_err *err)
{
	size_t p = f->p, m = f->events;
	struct yg_cox_profile q = { yg_data_alloc(m * p + 1, sizeof(double)), yg_data_alloc(m * p + 1, sizeof(double)),
		                    yg_data_alloc(m * p + 1, sizeof(double)) };
	struct profile_job job = { f, &q };
	enum yg_status s = q.s1 && q.s1d && q.k ? YG_OK : yg_survival_no_memory(err);
	if (s == YG_OK && m)
		s = yg_cox_parts(f, task, profile_part, &job, err);
	for (size_t j = 1; s == YG_OK && j < m; j++)
		if (!f->event[j].first)
			for (size_t a = 0; a < p; a++)
				q.k[j * p + a] += q.k[(j - 1) * p + a];
	if (s == YG_OK)
		*out = q;
	else
		yg_cox_profile_release(&q);
	return s;
}

void yg_cox_profile_release(struct yg_cox_profile *q)
{
	yg_data_free(q->s1);
	yg_data_free(q->s1d);
	yg_data_free(q->k);
	memset(q, 0, sizeof *q);
}

static int is_dead(const struct yg_cox_frame *f, uint32_t slot)
{
	const struct yg_cox_event *v = &f->event[f->event_of[slot]];
	return slot < v->row0 + v->dead;
}

/* exp(eta) without the case weight. */
static double risk_of(const struct yg_cox_frame *f, uint32_t slot)
{
	if (!f->weight)
		return f->w[slot];
	if (f->weight[slot] > 0)
		return f->w[slot] / f->weight[slot];
	double eta = f->offset ? f->offset[slot] : 0, *x = yg_xalloc(f->p + 1, sizeof *x);
	yg_cox_slot(f->store, slot, x);
	for (size_t a = 0; a < f->p; a++)
		eta += x[a] * f->beta[a];
	yg_free(x);
	return yg_exp(eta);
}

double yg_cox_expected(const struct yg_cox_frame *f, uint32_t slot)
{
	uint32_t j = f->event_of[slot];
	double h = f->hazard[j] - (f->entered && f->entered[slot] ? f->hazard[f->entered[slot] - 1] : 0);
	if (is_dead(f, slot))
		h -= f->b[j];
	return risk_of(f, slot) * h;
}

/* Weight of the dead of an event. */
static double dead_weight(const struct yg_cox_frame *f, uint32_t j)
{
	const struct yg_cox_event *v = &f->event[j];
	return f->weight ? yg_tile_sum(f->weight, v->row0, v->row0 + v->dead) : v->dead;
}

void yg_cox_event_mean(const struct yg_cox_frame *f, const struct yg_cox_profile *q, uint32_t j, double *mean)
{
	size_t p = f->p;
	const double *s1 = q->s1 + (size_t)j * p, *s1d = q->s1d + (size_t)j * p;
	double weight = dead_weight(f, j);
	for (size_t a = 0; a < p; a++)
		mean[a] = weight > 0 ? (f->a[j] * s1[a] - f->b[j] * s1d[a]) / weight : 0;
}

/* ---- score residuals ---- */

int yg_cox_scores_init(struct yg_cox_scores *w, const struct yg_cox_frame *f, const struct yg_cox_profile *q)
{
	size_t p = f->p, slots = YG_COX_WINDOW_SLOTS;
	*w = (struct yg_cox_scores){ .f = f, .q = q, .out = yg_data_alloc(2 * (p + 1) * slots + 3 * p, sizeof(double)) };
	if (!w->out)
		return 0;
	w->space = w->out + p * slots;
	w->own = w->space + p * slots;
	w->risk = w->own + slots;
	w->mean = w->risk + slots;
	w->with_risk = w->mean + p;
	w->alone = w->with_risk + p;
	return 1;
}

void yg_cox_scores_release(struct yg_cox_scores *w)
{
	yg_data_free(w->out);
}

static void score_slots(const struct yg_cox_scores *w, const double *x, size_t from, size_t to)
{
	size_t p = w->f->p;
	for (size_t i = from; i < to; i++) {
		size_t at = i / 8 * p * 8 + i % 8;
		for (size_t a = 0; a < p; a++)
			w->out[at + 8 * a] = x[at + 8 * a] * w->own[i] + w->risk[i] * w->with_risk[a] + w->alone[a];
	}
}

YG_CLONES
static void score_tiles(const double *x, size_t p, size_t tiles, const double *own, const double *risk, const double *with_risk,
                        const double *alone, double *out)
{
	for (size_t t = 0; t < tiles; t++) {
		yg_lanes o = *(const yg_lanes *)(own + 8 * t), r = *(const yg_lanes *)(risk + 8 * t);
		for (size_t i = 8 * t * p; i < 8 * (t + 1) * p; i += 8)
			*(yg_lanes *)(out + i) = *(const yg_lanes *)(x + i) * o + r * with_risk[i / 8 - t * p] + alone[i / 8 - t * p];
	}
}

/* Slots [from, to) of the window, all dead or all not, of one event: own x + risk with_risk + alone. */
static void score_run(const struct yg_cox_scores *w, const double *x, size_t from, size_t to)
{
	size_t first = (from + 7) / 8, last = to / 8, p = w->f->p;
	if (first >= last) {
		score_slots(w, x, from, to);
		return;
	}
	score_slots(w, x, from, 8 * first);
	score_tiles(x + 8 * first * p, p, last - first, w->own + 8 * first, w->risk + 8 * first, w->with_risk, w->alone,
	            w->out + 8 * first * p);
	score_slots(w, x, 8 * last, to);
}

/* What rows that entered late did not live through. */
static void score_late(const struct yg_cox_scores *w, size_t slot, size_t from, size_t to)
{
	size_t p = w->f->p;
	for (size_t i = from; i < to; i++) {
		uint32_t entered = w->f->entered[slot + i];
		if (!entered)
			continue;
		const double *before = w->q->k + (size_t)(entered - 1) * p;
		for (size_t a = 0; a < p; a++)
			w->out[i / 8 * p * 8 + i % 8 + 8 * a] -= w->risk[i] * before[a];
	}
}

/* The dead (died 1) or the others of event j among the slots [from, to) of the window. */
static void score_event(struct yg_cox_scores *w, const double *x, uint32_t j, int died, size_t slot, size_t from, size_t to)
{
	const struct yg_cox_frame *f = w->f;
	size_t p = f->p;
	const double *k = w->q->k + (size_t)j * p, *s1 = w->q->s1 + (size_t)j * p, *s1d = w->q->s1d + (size_t)j * p;
	double h = f->hazard[j] - (died ? f->b[j] : 0);
	if (from >= to)
		return;
	if (died)
		yg_cox_event_mean(f, w->q, j, w->mean);
	for (size_t a = 0; a < p; a++) {
		w->with_risk[a] = k[a] - (died && f->c1[j] != 0 ? f->c1[j] * s1[a] - f->c2[j] * s1d[a] : 0);
		w->alone[a] = died ? -w->mean[a] : 0;
	}
	for (size_t i = from; i < to; i++) {
		uint32_t entered = f->entered ? f->entered[slot + i] : 0;
		w->risk[i] = risk_of(f, (uint32_t)(slot + i));
		w->own[i] = died - w->risk[i] * (h - (entered ? f->hazard[entered - 1] : 0));
	}
	score_run(w, x, from, to);
	if (f->entered)
		score_late(w, slot, from, to);
}

const double *yg_cox_scores_window(struct yg_cox_scores *w, const struct yg_cox_block *b, size_t slot, size_t slots)
{
	const struct yg_cox_frame *f = w->f;
	const double *x = yg_cox_window(f->store, slot, slots, w->space);
	size_t end = slot + slots, done = 0;
	if (slot == b->slot0)
		w->at = b->event0;
	for (; w->at < b->event_end && f->event[w->at].row0 < end; w->at++) {
		const struct yg_cox_event *v = &f->event[w->at];
		size_t from = v->row0 > slot ? v->row0 : slot, to = v->row_end < end ? v->row_end : end;
		size_t dead = v->row0 + v->dead < to ? v->row0 + v->dead : to;
		dead = dead > from ? dead : from;
		score_event(w, x, w->at, 1, slot, from - slot, dead - slot);
		score_event(w, x, w->at, 0, slot, dead - slot, to - slot);
		done = to - slot;
		if (v->row_end > end)
			break;
	}
	for (size_t i = done; i < slots; i++) /* pads */
		for (size_t a = 0; a < f->p; a++)
			w->out[i / 8 * f->p * 8 + i % 8 + 8 * a] = 0;
	return w->out;
}
