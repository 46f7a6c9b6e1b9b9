/*
 * The sweeps of an iteration.
 *
 *   1  eta, w = weight exp(eta), and each block's sums of w and w x   (parallel)
 *   2  what later blocks bring to each block's risk sets              (serial, one row a block)
 *   3  S0 at each event, the sums over ties, log likelihood           (parallel, events only)
 *   4  cumulative hazard                                              (serial, one number an event)
 *   5  score and information                                          (parallel)
 *
 * 1 and 5 read the packed rows, a window at a time.
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

/* w of a window of slots, of which [rows, slots) are pads. */
static void weigh_window(const struct set_job *job, const double *x, size_t slot, size_t slots, size_t rows)
{
	struct yg_cox_frame *f = job->f;
	double *w = f->w + slot;
	const double *weight = f->weight ? f->weight + slot : NULL, *offset = f->offset ? f->offset + slot : NULL;
	if (job->zero && !offset) {
		for (size_t i = 0; i < slots; i++)
			w[i] = weight ? weight[i] : 1;
	} else {
		if (job->zero)
			memcpy(w, offset, slots * sizeof *w);
		else
			yg_tile_eta(x, f->p, slots / 8, job->beta, offset, w);
		yg_exp_array(w, w, slots);
		for (size_t i = 0; weight && i < slots; i++)
			w[i] *= weight[i];
	}
	for (size_t i = rows; i < slots; i++)
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

static inline double sum_slots(const double *w, size_t from, size_t to)
{
	if (to - from > 4)
		return yg_tile_sum(w, from, to);
	double sum = 0;
	for (; from < to; from++)
		sum += w[from];
	return sum;
}

/* w, what goes to the head, and in a and b what each event brings to S0 and S0d. */
static void set_block(struct set_job *job, size_t k, double *space)
{
	struct yg_cox_frame *f = job->f;
	const struct yg_cox_block *b = &f->block[k];
	const struct yg_cox_event *end = head_end(f, b, &job->closed[k]);
	double *head = job->head + k * (1 + f->p);
	size_t rows_end = b->slot0 + b->rows;
	memset(head, 0, (1 + f->p) * sizeof *head);
	for (size_t s = b->slot0, slots; s < b->slot_end; s += slots) {
		slots = yg_cox_window_slots(s, b->slot_end);
		const double *x = yg_cox_window(f->store, s, slots, space);
		weigh_window(job, x, s, slots, rows_end < s + slots ? rows_end - s : slots);
		size_t to = end->row_end < s + slots ? end->row_end : s + slots;
		if (to > s)
			yg_tile_add(x, f->w + s, f->p, 0, to - s, 1, head + 1);
	}
	head[0] = yg_tile_sum(f->w, b->slot0, end->row_end);
	for (uint32_t j = b->event0; j < b->event_end; j++) {
		const struct yg_cox_event *v = &f->event[j];
		f->a[j] = sum_slots(f->w, v->row0, v->row_end);
		f->b[j] = sum_slots(f->w, v->row0, v->row0 + v->dead);
	}
}

static enum yg_status set_rows(void *context, size_t part, size_t from, size_t to, struct yg_err *err)
{
	struct set_job *job = context;
	double *space = yg_data_alloc(YG_COX_WINDOW_SLOTS * job->f->p + 1, sizeof *space);
	(void)part;
	enum yg_status s = space ? YG_OK : yg_survival_no_memory(err);
	for (size_t k = from; k < to && s == YG_OK; k++)
		set_block(job, k, space);
	yg_data_free(space);
	return s;
}

/* The same of late entries, which are taken off; c0 has what leaves S0. */
static void set_entry_block(struct set_job *job, size_t k, double *space)
{
	struct yg_cox_frame *f = job->f;
	const struct yg_cox_block *b = &f->block[k];
	double *head = job->head + k * (1 + f->p);
	uint8_t closed;
	size_t end = head_end(f, b, &closed)->entry_end;
	for (uint32_t s = b->entry0; s < b->entry_end; s++)
		f->entry_w[s] = f->entry_slot[s] == YG_COX_NONE ? 0 : f->w[f->entry_slot[s]];
	for (uint32_t j = b->event0; j < b->event_end; j++)
		f->c0[j] = yg_tile_sum(f->entry_w, f->event[j].entry0, f->event[j].entry_end);
	if (end == b->entry0)
		return;
	head[0] -= yg_tile_sum(f->entry_w, b->entry0, end);
	for (size_t s = b->entry0, slots; s < end; s += slots) {
		slots = yg_cox_window_slots(s, b->entry_end);
		yg_tile_add(yg_cox_entry_window(f->store, s, slots, space), f->entry_w + s, f->p, 0, (end < s + slots ? end : s + slots) - s,
		            -1, head + 1);
	}
}

static enum yg_status set_entries(void *context, size_t part, size_t from, size_t to, struct yg_err *err)
{
	struct set_job *job = context;
	double *space = yg_data_alloc(YG_COX_WINDOW_SLOTS * job->f->p + 1, sizeof *space);
	(void)part;
	enum yg_status s = space ? YG_OK : yg_survival_no_memory(err);
	for (size_t k = from; k < to && s == YG_OK; k++)
		set_entry_block(job, k, space);
	yg_data_free(space);
	return s;
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

/* A sum of logs as the log of a product, whose exponent is counted apart. */
struct product {
	double value, exponent, logs;
};

static inline void product_times(struct product *q, double v)
{
	if (!(v > 1e-150 && v < 1e150)) {
		q->logs += yg_log(v);
		return;
	}
	q->value *= v;
	if (!(q->value > 1e-150 && q->value < 1e150)) {
		int exponent;
		q->value = frexp(q->value, &exponent);
		q->exponent += exponent;
	}
}

static double product_log(const struct product *q)
{
	return yg_log(q->value) + q->exponent * 0.69314718055994531 + q->logs;
}

struct tie_sums {
	double a, b, c0, c1, c2;
	struct product rest;           /* of den / S0 */
};

/* Efron's sums over k < dead of 1, k/d and its square over den = S0 - k/d S0d and den squared: eight k at a time. */
YG_CLONES
static void efron_sums(double dead, double s0, double s0d, struct tie_sums *out)
{
	yg_lanes a = { 0 }, b = { 0 }, c0 = { 0 }, c1 = { 0 }, c2 = { 0 }, k = { 0, 1, 2, 3, 4, 5, 6, 7 }, one = a + 1, rest = one;
	double part = 1 / dead, inverse = 1 / s0;
	int steps = 0;
	out->rest = (struct product){ 1, 0, 0 };
	for (double done = 0; done < dead; done += 8, k += 8) {
		yg_lanes_int in = (yg_lanes_int)(k < dead);
		yg_lanes share = k * part, den = s0 - share * s0d;
		yg_lanes left = (yg_lanes)((yg_lanes_int)(1 / den) & in), square = left * left, ratio = den * inverse;
		a += left;
		b += share * left;
		c0 += square;
		c1 += share * square;
		c2 += share * share * square;
		rest *= (yg_lanes)(((yg_lanes_int)ratio & in) | ((yg_lanes_int)one & ~in));
		if (++steps % 16 && done + 8 < dead)
			continue;
		for (int l = 0; l < 8; l++)    /* sixteen factors of at least 2^-32 */
			product_times(&out->rest, rest[l]);
		rest = one;
	}
	out->a = yg_lanes_sum(&a);
	out->b = yg_lanes_sum(&b);
	out->c0 = yg_lanes_sum(&c0);
	out->c1 = yg_lanes_sum(&c1);
	out->c2 = yg_lanes_sum(&c2);
}

/* The sums over the tied dead of an event; its part of the log likelihood goes to *loglik, or into the product. */
static void sum_ties(struct yg_cox_frame *f, uint32_t j, double s0, double s0d, enum yg_cox_ties ties, struct product *q,
                     double *loglik)
{
	const struct yg_cox_event *v = &f->event[j];
	double dead = v->dead, mean = 1;
	if (f->repeats)
		dead = yg_tile_sum(f->weight, v->row0, v->row0 + v->dead);
	else if (f->weight)
		mean = yg_tile_sum(f->weight, v->row0, v->row0 + v->dead) / dead;
	struct tie_sums t = { 0 };
	if (!(mean > 0) || !(dead > 0)) {
		mean = 0;
	} else if (dead == 1 || ties != YG_COX_EFRON) {
		t.a = dead / s0;
		t.c0 = t.a / s0;
		if (mean * dead == 1)
			product_times(q, s0);
		else
			*loglik -= mean * dead * yg_log(s0);
	} else {
		efron_sums(dead, s0, s0d, &t);
		*loglik -= mean * (dead * yg_log(s0) + product_log(&t.rest));
	}
	f->a[j] = mean * t.a;
	f->b[j] = mean * t.b;
	f->c0[j] = mean * t.c0;
	f->c1[j] = mean * t.c1;
	f->c2[j] = mean * t.c2;
}

static enum yg_status set_events(void *context, size_t part, size_t from, size_t to, struct yg_err *err)
{
	struct set_job *job = context;
	struct yg_cox_frame *f = job->f;
	struct product q = { 1, 0, 0 };
	double loglik = 0;
	(void)err;
	for (size_t k = from; k < to; k++) {
		const struct yg_cox_block *b = &f->block[k];
		struct yg_running s0 = { f->carry[k * (1 + f->p)], 0 };
		for (uint32_t j = b->event_end; j-- > b->event0; ) {
			if (f->event[j].last)
				s0 = (struct yg_running){ 0, 0 };
			yg_running_add(&s0, f->a[j]);
			if (f->event[j].entry_end > f->event[j].entry0)
				yg_running_add(&s0, -f->c0[j]);
			double dead = f->b[j], all = yg_running_value(&s0);
			/* Rounding of late entries cannot make the risk set smaller than its dead. */
			sum_ties(f, j, all < dead ? dead : all, dead, job->ties, &q, &loglik);
		}
	}
	job->loglik[part] = loglik - product_log(&q);
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
	double *v, *dead;          /* [window] weights of rows; weights of the dead times g */
	yg_lanes *gram, *mean_gram;
	double *means, *mean_x, *mean_v;  /* rows of weighted means, the same as tiles, their weights */
	size_t count;              /* of means */
	double *u;                 /* [stride] */
};

static void flush_means(struct derive *d)
{
	size_t p = d->job->f->p, stride = d->walk.stride;
	for (; d->count % 8; d->count++) {
		d->mean_v[d->count] = 0;
		memset(d->means + d->count * stride, 0, stride * sizeof *d->means);
	}
	yg_turned_tiles(d->means, p, d->count / 8, d->mean_x);
	yg_tile_gram(d->mean_x, d->mean_v, p, d->count / 8, d->mean_gram);
	d->count = 0;
}

YG_CLONES
static void combine(const double *s1, const double *s1d, size_t stride, double left, double tied, double share, double *u, double *row)
{
	for (size_t a = 0; a < stride; a += 8) {
		yg_lanes x = *(const yg_lanes *)(s1 + a), y = *(const yg_lanes *)(s1d + a);
		*(yg_lanes *)(u + a) -= left * x - tied * y;
		*(yg_lanes *)(row + a) = x - share * y;
	}
}

/* Where the next row of the second cross product goes: weight times its square. */
static double *mean_row(struct derive *d, double weight)
{
	if (d->count == 8 * MEANS)
		flush_means(d);
	d->mean_v[d->count] = weight;
	return d->means + d->count++ * d->walk.stride;
}

/*
 * Weighted means over the risk sets: c0 S1 S1' - c1 (S1 S1d' + S1d S1') + c2 S1d S1d' as two squares; the score less the
 * part of the dead is their sum a S1 - b S1d.
 */
static void derive_event(struct derive *d, uint32_t j)
{
	const struct yg_cox_frame *f = d->job->f;
	const double *s1 = d->walk.s1, *s1d = d->walk.s1d;
	double g = d->job->g ? d->job->g[j] : 1, share = f->c1[j] != 0 ? f->c1[j] / f->c0[j] : 0;
	double *row = mean_row(d, g * f->c0[j]);
	combine(s1, s1d, d->walk.stride, g * f->a[j], g * f->b[j], share, d->u, row);
	if (share != 0)
		memcpy(mean_row(d, g * (f->c2[j] - share * f->c1[j])), s1d, d->walk.stride * sizeof *s1d);
}

/* v = w (H(exit) - H(entry)); entered NULL = all from the start. */
static void lived_through(const double *w, const double *hazard, const uint32_t *last, const uint32_t *entered, size_t slots, double *v)
{
	if (!entered)
		for (size_t i = 0; i < slots; i++)
			v[i] = w[i] * hazard[last[i]];
	else
		for (size_t i = 0; i < slots; i++)
			v[i] = w[i] * (hazard[last[i]] - (entered[i] ? hazard[entered[i] - 1] : 0));
}

/* The same where all are there from the start, by events of many slots, of a block that ends before event end. */
static void lived_through_events(const struct yg_cox_frame *f, const double *hazard, uint32_t end, size_t slot, size_t slots, double *v)
{
	uint32_t j = f->event_of[slot];
	for (size_t i = 0; i < slots; j++) {
		size_t to = j + 1 == end || f->event[j].row_end > slot + slots ? slots : f->event[j].row_end - slot; /* pads weigh 0 */
		double h = hazard[j];
		for (; i < to; i++)
			v[i] = f->w[slot + i] * h;
	}
}

/* v = w (H(exit) - H(entry) - tied part) of a window, each event's part times g. */
static void row_weights(struct derive *d, const struct yg_cox_block *b, size_t slot, size_t slots)
{
	const struct yg_cox_frame *f = d->job->f;
	const double *g = d->job->g, *w = f->w + slot;
	if (d->walk.rows.turn || f->entered)
		lived_through(w, d->job->hazard, f->event_of + slot, f->entered ? f->entered + slot : NULL, slots, d->v);
	else
		lived_through_events(f, d->job->hazard, b->event_end, slot, slots, d->v);
	if (g)
		memset(d->dead, 0, slots * sizeof *d->dead);
	for (uint32_t j = f->event_of[slot]; j < b->event_end && f->event[j].row0 < slot + slots; j++) {
		if (f->b[j] == 0 && !g)
			continue;
		const struct yg_cox_event *v = &f->event[j];
		double tied = f->b[j] * (g ? g[j] : 1);
		size_t s = v->row0 > slot ? v->row0 : slot, dead = v->row0 + v->dead, to = dead < slot + slots ? dead : slot + slots;
		for (; s < to; s++) {
			d->v[s - slot] -= w[s - slot] * tied;
			if (g)
				d->dead[s - slot] = (f->weight ? f->weight[s] : 1) * g[j];
		}
	}
}

static void derive_block(struct derive *d, size_t block)
{
	const struct yg_cox_frame *f = d->job->f;
	const struct yg_cox_block *b = &f->block[block];
	yg_cox_walk_open(&d->walk, block);
	for (size_t end = b->slot_end, slot; end > b->slot0; end = slot) {
		slot = b->slot0 + (end - 1 - b->slot0) / YG_COX_WINDOW_SLOTS * YG_COX_WINDOW_SLOTS;
		const double *x = yg_cox_window(f->store, slot, end - slot, d->walk.rows.space);
		yg_cox_walk_window(&d->walk, x, slot, end - slot);
		row_weights(d, b, slot, end - slot);
		yg_tile_gram(x, d->v, f->p, (end - slot) / 8, d->gram);
		if (d->job->g)
			yg_tile_add(x, d->dead, f->p, 0, end - slot, 1, d->u);
		while (yg_cox_walk_next(&d->walk))
			derive_event(d, d->walk.event);
	}
}

static enum yg_status derive_part(void *context, size_t part, size_t from, size_t to, struct yg_err *err)
{
	const struct derive_job *job = context;
	const struct yg_cox_frame *f = job->f;
	size_t p = f->p, stride = yg_tile_stride(p), pairs = yg_tile_pairs(p) * 16;
	double *info = job->out + part * (p + p * p) + p;
	struct derive d = { .job = job, .gram = yg_data_calloc(2 * pairs + 1, sizeof(yg_lanes)),
		            .u = yg_data_calloc(stride + MEANS * 8 * (p + stride + 1) + 2 * YG_COX_WINDOW_SLOTS, sizeof(double)) };
	enum yg_status s = yg_cox_walk_init(&d.walk, f) && d.gram && d.u ? YG_OK : yg_survival_no_memory(err);
	if (s == YG_OK) {
		d.mean_gram = d.gram + pairs;
		d.means = d.u + stride;
		d.mean_x = d.means + MEANS * 8 * stride;
		d.mean_v = d.mean_x + MEANS * 8 * p;
		d.v = d.mean_v + MEANS * 8;
		d.dead = d.v + YG_COX_WINDOW_SLOTS;
		for (size_t k = from; k < to; k++)
			derive_block(&d, k);
		flush_means(&d);
		yg_tile_gram_finish(d.gram, p, 1, info);
		yg_tile_gram_finish(d.mean_gram, p, -1, info);
		memcpy(info - p, d.u, p * sizeof *d.u);
	}
	yg_data_free(d.gram);
	yg_data_free(d.u);
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
		for (size_t i = 0; i < p; i++)
			u[i] = job.out[i] + (g ? 0 : f->death_x[i]);
		for (size_t i = 0; i < p; i++)
			for (size_t j = i; j < p; j++)
				info[i * p + j] = info[j * p + i] = job.out[p + i * p + j];
	}
	yg_data_free(hazard);
	yg_data_free(job.out);
	return s;
}
