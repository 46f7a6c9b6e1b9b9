/*
 * The sweeps of an iteration.
 *
 *   1  eta, w = weight exp(eta), and each block's sums of w and w x   (parallel)
 *   2  what later blocks bring to each block's risk sets              (serial, one row a block)
 *   3  S0 at each event, the sums over ties, log likelihood           (parallel, no x)
 *   4  cumulative hazard                                              (serial, one number an event)
 *   5  score and information                                          (parallel)
 */
#include <math.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/cox_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/elementary.h"
#include "yogo/num/sum.h"

/* ---- parts: runs of blocks ---- */

struct part_job {
	const struct yg_cox_frame *f;
	yg_cox_part_fn *fn;
	void *context;
};

static enum yg_status run_part(void *context, size_t part, unsigned worker, struct yg_err *err)
{
	struct part_job *job = context;
	size_t blocks = job->f->blocks, parts = job->f->parts;
	(void)worker;
	return job->fn(job->context, part, part * blocks / parts, (part + 1) * blocks / parts, err);
}

enum yg_status yg_cox_parts(const struct yg_cox_frame *f, struct yg_task *task, yg_cox_part_fn *fn, void *context,
                            struct yg_err *err)
{
	struct part_job job = { f, fn, context };
	if (yg_task_cancelled(task))
		return YG_CANCELLED;
	return yg_pool_run(task, f->parts, run_part, &job, err);
}

/* ---- 1: linear predictor and block sums ---- */

struct set_job {
	struct yg_cox_frame *f;
	const double *beta;
	enum yg_cox_ties ties;
	int zero;                /* all coefficients 0 */
	double *head;            /* [blocks*(1+p)] sums that pass to the block before */
	uint8_t *closed;         /* [blocks] the block ends a stratum: nothing passes through it */
	double *loglik;          /* [parts] */
};

static void weigh_block(const struct set_job *job, size_t block)
{
	struct yg_cox_frame *f = job->f;
	const struct yg_cox_block *b = &f->block[block];
	size_t slots = b->slot_end - b->slot0;
	double *w = f->w + b->slot0;
	const double *weight = f->weight ? f->weight + b->slot0 : NULL, *offset = f->offset ? f->offset + b->slot0 : NULL;
	if (job->zero && !offset) {
		for (size_t i = 0; i < slots; i++)
			w[i] = weight ? weight[i] : 1;
	} else {
		if (job->zero)
			memcpy(w, offset, slots * sizeof *w);
		else
			yg_tile_eta(f->x + (size_t)b->slot0 * f->p, f->p, slots / 8, job->beta, offset, w);
		yg_exp_array(w, w, slots);
		for (size_t i = 0; weight && i < slots; i++)
			w[i] *= weight[i];
	}
	for (size_t i = b->rows; i < slots; i++)
		w[i] = 0;
}

/* The first stratum of a block reaches to here; *closed says whether it ends within the block. */
static const struct yg_cox_event *head_end(const struct yg_cox_frame *f, const struct yg_cox_block *b, uint8_t *closed)
{
	uint32_t j = b->event0;
	while (j + 1 < b->event_end && !f->event[j].last)
		j++;
	*closed = f->event[j].last;
	return &f->event[j];
}

static enum yg_status set_rows(void *context, size_t part, size_t from, size_t to, struct yg_err *err)
{
	struct set_job *job = context;
	struct yg_cox_frame *f = job->f;
	yg_lanes *scratch = yg_data_alloc(f->p + 1, sizeof *scratch);
	(void)part;
	if (!scratch)
		return yg_survival_no_memory(err);
	for (size_t k = from; k < to; k++) {
		const struct yg_cox_block *b = &f->block[k];
		double *head = job->head + k * (1 + f->p);
		weigh_block(job, k);
		const struct yg_cox_event *end = head_end(f, b, &job->closed[k]);
		memset(head, 0, (1 + f->p) * sizeof *head);
		head[0] = yg_tile_sum(f->w, b->slot0, end->row_end);
		yg_tile_add(f->x, f->w, f->p, b->slot0, end->row_end, 1, scratch, head + 1);
	}
	yg_data_free(scratch);
	return YG_OK;
}

static enum yg_status set_entries(void *context, size_t part, size_t from, size_t to, struct yg_err *err)
{
	struct set_job *job = context;
	struct yg_cox_frame *f = job->f;
	yg_lanes *scratch = yg_data_alloc(f->p + 1, sizeof *scratch);
	(void)part;
	if (!scratch)
		return yg_survival_no_memory(err);
	for (size_t k = from; k < to; k++) {
		const struct yg_cox_block *b = &f->block[k];
		double *head = job->head + k * (1 + f->p);
		uint8_t closed;
		const struct yg_cox_event *end = head_end(f, b, &closed);
		for (uint32_t s = b->entry0; s < b->entry_end; s++)
			f->entry_w[s] = f->entry_slot[s] == YG_COX_NONE ? 0 : f->w[f->entry_slot[s]];
		if (end->entry_end == b->entry0)
			continue;
		head[0] -= yg_tile_sum(f->entry_w, b->entry0, end->entry_end);
		yg_tile_add(f->entry_x, f->entry_w, f->p, b->entry0, end->entry_end, -1, scratch, head + 1);
	}
	yg_data_free(scratch);
	return YG_OK;
}

/* ---- 2 ---- */

static void carry_back(struct set_job *job)
{
	struct yg_cox_frame *f = job->f;
	size_t width = 1 + f->p;
	if (!f->blocks)
		return;
	memset(f->carry + (f->blocks - 1) * width, 0, width * sizeof(double));
	for (size_t k = f->blocks - 1; k-- > 0; )
		for (size_t a = 0; a < width; a++) {
			double v = job->head[(k + 1) * width + a];
			f->carry[k * width + a] = job->closed[k + 1] ? v : v + f->carry[(k + 1) * width + a];
		}
}

/* ---- 3 ---- */

/* The sums over the tied dead of an event; returns its part of the log likelihood. */
static double tie_sums(struct yg_cox_frame *f, uint32_t j, double s0, double s0d, enum yg_cox_ties ties)
{
	const struct yg_cox_event *v = &f->event[j];
	double dead = v->dead, mean = 1, loglik = 0;
	if (f->repeats)
		dead = yg_tile_sum(f->weight, v->row0, v->row0 + v->dead);
	else if (f->weight)
		mean = yg_tile_sum(f->weight, v->row0, v->row0 + v->dead) / dead;
	double a = 0, b = 0, c0 = 0, c1 = 0, c2 = 0;
	if (!(mean > 0) || !(dead > 0)) {
		mean = 0;
	} else if (dead == 1 || ties != YG_COX_EFRON) {
		a = dead / s0;
		c0 = a / s0;
		loglik = dead * yg_log(s0);
	} else {
		for (double k = 0; k < dead; k++) {
			double share = k / dead, left = 1 / (s0 - share * s0d);
			a += left;
			b += share * left;
			c0 += left * left;
			c1 += share * left * left;
			c2 += share * share * left * left;
			loglik -= yg_log(left);
		}
	}
	f->a[j] = mean * a;
	f->b[j] = mean * b;
	f->c0[j] = mean * c0;
	f->c1[j] = mean * c1;
	f->c2[j] = mean * c2;
	return -mean * loglik;
}

static enum yg_status set_events(void *context, size_t part, size_t from, size_t to, struct yg_err *err)
{
	struct set_job *job = context;
	struct yg_cox_frame *f = job->f;
	double loglik = 0;
	(void)err;
	for (size_t k = from; k < to; k++) {
		const struct yg_cox_block *b = &f->block[k];
		struct yg_running s0 = { f->carry[k * (1 + f->p)], 0 };
		for (uint32_t j = b->event_end; j-- > b->event0; ) {
			const struct yg_cox_event *v = &f->event[j];
			if (v->last)
				s0 = (struct yg_running){ 0, 0 };
			yg_running_add(&s0, yg_tile_sum(f->w, v->row0, v->row_end));
			if (v->entry_end > v->entry0)
				yg_running_add(&s0, -yg_tile_sum(f->entry_w, v->entry0, v->entry_end));
			double dead = yg_tile_sum(f->w, v->row0, v->row0 + v->dead), all = yg_running_value(&s0);
			/* Rounding of late entries cannot make the risk set smaller than its dead. */
			loglik += tie_sums(f, j, all < dead ? dead : all, dead, job->ties);
		}
	}
	job->loglik[part] = loglik;
	return YG_OK;
}

/* ---- 1 to 4 ---- */

enum yg_status yg_cox_set(struct yg_cox_frame *f, const double *beta, enum yg_cox_ties ties, struct yg_task *task,
                          double *loglik, struct yg_err *err)
{
	size_t width = 1 + f->p;
	*loglik = 0;
	if (!f->events)
		return YG_OK;
	struct set_job job = { f, beta, ties, 1, yg_data_alloc(f->blocks * width + 1, sizeof(double)),
		               yg_data_alloc(f->blocks + 1, 1), yg_data_calloc(f->parts + 1, sizeof(double)) };
	for (size_t a = 0; a < f->p; a++) {
		job.zero &= beta[a] == 0;
		f->beta[a] = beta[a];
	}
	enum yg_status s = job.head && job.closed && job.loglik ? YG_OK : yg_survival_no_memory(err);
	if (s == YG_OK)
		s = yg_cox_parts(f, task, set_rows, &job, err);
	if (s == YG_OK && f->entry_slot)
		s = yg_cox_parts(f, task, set_entries, &job, err);
	if (s == YG_OK) {
		carry_back(&job);
		s = yg_cox_parts(f, task, set_events, &job, err);
	}
	if (s == YG_OK) {
		double sum = 0;
		for (size_t j = 0; j < f->events; j++)
			f->hazard[j] = sum = (f->event[j].first ? 0 : sum) + f->a[j];
		yg_sum_tree(job.loglik, f->parts, 1);
		*loglik = job.loglik[0] + f->death_offset;
		for (size_t a = 0; a < f->p; a++)
			*loglik += beta[a] * f->death_x[a];
	}
	yg_data_free(job.head);
	yg_data_free(job.closed);
	yg_data_free(job.loglik);
	return s;
}

/* ---- the backward walk ---- */

int yg_cox_walk_init(struct yg_cox_walk *w, const struct yg_cox_frame *f)
{
	w->f = f;
	w->s1 = yg_data_alloc(2 * f->p + 1, sizeof(double));
	w->scratch = yg_data_alloc(f->p + 1, sizeof(yg_lanes));
	if (!w->s1 || !w->scratch)
		return 0;
	w->s1d = w->s1 + f->p;
	return 1;
}

void yg_cox_walk_release(struct yg_cox_walk *w)
{
	yg_data_free(w->s1);
	yg_data_free(w->scratch);
}

void yg_cox_walk_start(struct yg_cox_walk *w, size_t block)
{
	memcpy(w->s1, w->f->carry + block * (1 + w->f->p) + 1, w->f->p * sizeof(double));
}

void yg_cox_walk_event(struct yg_cox_walk *w, uint32_t event)
{
	const struct yg_cox_frame *f = w->f;
	const struct yg_cox_event *v = &f->event[event];
	if (v->last)
		memset(w->s1, 0, f->p * sizeof(double));
	yg_tile_add(f->x, f->w, f->p, v->row0, v->row_end, 1, w->scratch, w->s1);
	if (v->entry_end > v->entry0)
		yg_tile_add(f->entry_x, f->entry_w, f->p, v->entry0, v->entry_end, -1, w->scratch, w->s1);
	if (v->dead > 1 || f->repeats) {
		memset(w->s1d, 0, f->p * sizeof(double));
		yg_tile_add(f->x, f->w, f->p, v->row0, v->row0 + v->dead, 1, w->scratch, w->s1d);
	}
}

/* ---- 5: score and information ---- */

#define MEANS 32u              /* tiles of weighted means kept before they are multiplied */

struct derive_job {
	const struct yg_cox_frame *f;
	const double *g, *hazard;  /* hazard: cumulated a g */
	double *out;               /* [parts*(p + p*p)] */
};
struct derive {
	const struct derive_job *job;
	struct yg_cox_walk walk;
	double *v, *rest;          /* row weights and score residuals of a block */
	size_t room;
	yg_lanes *gram, *mean_gram;
	double *mean_x, *mean_v;
	size_t means;
};

static void flush_means(struct derive *d)
{
	size_t p = d->job->f->p;
	for (; d->means % 8; d->means++) {
		double *column = d->mean_x + d->means / 8 * p * 8 + d->means % 8;
		d->mean_v[d->means] = 0;
		for (size_t a = 0; a < p; a++)
			column[8 * a] = 0;
	}
	yg_tile_gram(d->mean_x, d->mean_v, p, d->means / 8, d->mean_gram);
	d->means = 0;
}

/* A row of the second cross product: weight times (x - share * y) squared. */
static void add_mean(struct derive *d, double weight, const double *x, double share, const double *y)
{
	size_t p = d->job->f->p;
	double *column = d->mean_x + d->means / 8 * p * 8 + d->means % 8;
	d->mean_v[d->means++] = weight;
	if (share == 0)
		for (size_t a = 0; a < p; a++)
			column[8 * a] = x[a];
	else
		for (size_t a = 0; a < p; a++)
			column[8 * a] = x[a] - share * y[a];
	if (d->means == 8 * MEANS)
		flush_means(d);
}

/* Weighted means over the risk sets: c0 S1 S1' - c1 (S1 S1d' + S1d S1') + c2 S1d S1d' as two squares. */
static void derive_means(struct derive *d, size_t block)
{
	const struct yg_cox_frame *f = d->job->f;
	const struct yg_cox_block *b = &f->block[block];
	yg_cox_walk_start(&d->walk, block);
	for (uint32_t j = b->event_end; j-- > b->event0; ) {
		double g = d->job->g ? d->job->g[j] : 1;
		yg_cox_walk_event(&d->walk, j);
		if (f->c1[j] == 0) {
			add_mean(d, g * f->c0[j], d->walk.s1, 0, NULL);
		} else {
			double share = f->c1[j] / f->c0[j];
			add_mean(d, g * f->c0[j], d->walk.s1, share, d->walk.s1d);
			add_mean(d, g * (f->c2[j] - share * f->c1[j]), d->walk.s1d, 0, NULL);
		}
	}
}

/* v = w (H(exit) - H(entry) - tied part), rest = weight [event] - v, each event's part times g. */
static void derive_rows(struct derive *d, size_t block)
{
	const struct yg_cox_frame *f = d->job->f;
	const struct yg_cox_block *b = &f->block[block];
	const double *hazard = d->job->hazard;
	size_t slots = b->slot_end - b->slot0;
	for (uint32_t j = b->event0; j < b->event_end; j++) {
		const struct yg_cox_event *v = &f->event[j];
		double g = d->job->g ? d->job->g[j] : 1, tied = f->b[j] * g, h = hazard[j];
		uint32_t s = v->row0;
		for (; s < v->row0 + v->dead; s++) {
			double before = f->entered && f->entered[s] ? hazard[f->entered[s] - 1] : 0;
			double own = f->w[s] * (h - tied - before);
			d->v[s - b->slot0] = own;
			d->rest[s - b->slot0] = (f->weight ? f->weight[s] : 1) * g - own;
		}
		if (f->entered)
			for (; s < v->row_end; s++)
				d->v[s - b->slot0] = f->w[s] * (h - (f->entered[s] ? hazard[f->entered[s] - 1] : 0));
		else
			for (; s < v->row_end; s++)
				d->v[s - b->slot0] = f->w[s] * h;
		for (s = v->row0 + v->dead; s < v->row_end; s++)
			d->rest[s - b->slot0] = -d->v[s - b->slot0];
	}
	for (size_t i = b->rows; i < slots; i++)
		d->v[i] = d->rest[i] = 0;
}

static int derive_room(struct derive *d, size_t slots)
{
	if (slots <= d->room)
		return 1;
	yg_data_free(d->v);
	d->room = slots;
	d->v = yg_data_alloc(2 * slots, sizeof(double));
	d->rest = d->v ? d->v + slots : NULL;
	return d->v != NULL;
}

static enum yg_status derive_part(void *context, size_t part, size_t from, size_t to, struct yg_err *err)
{
	const struct derive_job *job = context;
	const struct yg_cox_frame *f = job->f;
	size_t p = f->p, pairs = yg_tile_pairs(p) * 16;
	struct derive d = { .job = job, .gram = yg_data_calloc(2 * pairs + 1, sizeof(yg_lanes)),
		            .mean_x = yg_data_alloc(MEANS * 8 * (p + 1), sizeof(double)) };
	enum yg_status s = yg_cox_walk_init(&d.walk, f) && d.gram && d.mean_x ? YG_OK : yg_survival_no_memory(err);
	d.mean_gram = d.gram + pairs;
	d.mean_v = d.mean_x ? d.mean_x + MEANS * 8 * p : NULL;
	double *u = job->out + part * (p + p * p), *info = u + p;
	for (size_t k = from; k < to && s == YG_OK; k++) {
		const struct yg_cox_block *b = &f->block[k];
		const double *x = f->x + (size_t)b->slot0 * p;
		if (!derive_room(&d, b->slot_end - b->slot0)) {
			s = yg_survival_no_memory(err);
			break;
		}
		derive_rows(&d, k);
		yg_tile_add(x, d.rest, p, 0, b->slot_end - b->slot0, 1, d.walk.scratch, u);
		yg_tile_gram(x, d.v, p, (b->slot_end - b->slot0) / 8, d.gram);
		derive_means(&d, k);
	}
	if (s == YG_OK) {
		flush_means(&d);
		yg_tile_gram_finish(d.gram, p, 1, info);
		yg_tile_gram_finish(d.mean_gram, p, -1, info);
	}
	yg_data_free(d.v);
	yg_data_free(d.gram);
	yg_data_free(d.mean_x);
	yg_cox_walk_release(&d.walk);
	return s;
}

enum yg_status yg_cox_derivatives(const struct yg_cox_frame *f, const double *g, struct yg_task *task, double *u,
                                  double *info, struct yg_err *err)
{
	size_t p = f->p, width = p + p * p;
	memset(u, 0, p * sizeof *u);
	memset(info, 0, p * p * sizeof *info);
	if (!f->events)
		return YG_OK;
	struct derive_job job = { f, g, f->hazard, yg_data_calloc(f->parts * width + 1, sizeof(double)) };
	double *hazard = NULL;
	enum yg_status s = job.out ? YG_OK : yg_survival_no_memory(err);
	if (g && s == YG_OK) {
		job.hazard = hazard = yg_data_alloc(f->events + 1, sizeof *hazard);
		if (!hazard)
			s = yg_survival_no_memory(err);
		for (size_t j = 0; s == YG_OK && j < f->events; j++)
			hazard[j] = (f->event[j].first ? 0 : hazard[j - 1]) + g[j] * f->a[j];
	}
	if (s == YG_OK && p)
		s = yg_cox_parts(f, task, derive_part, &job, err);
	if (s == YG_OK) {
		yg_sum_tree(job.out, f->parts, width);
		memcpy(u, job.out, p * sizeof *u);
		for (size_t i = 0; i < p; i++)
			for (size_t j = i; j < p; j++)
				info[i * p + j] = info[j * p + i] = job.out[p + i * p + j];
	}
	yg_data_free(hazard);
	yg_data_free(job.out);
	return s;
}
