/* What is known of each event at given coefficients, score residuals by block, and their squares. */
#include <math.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/cox_priv.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/elementary.h"
#include "yogo/num/sort.h"
#include "yogo/num/sum.h"

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
		yg_cox_walk_start(&walk, k);
		for (uint32_t j = f->block[k].event_end; j-- > f->block[k].event0; ) {
			yg_cox_walk_event(&walk, j);
			double *s1 = job->q->s1 + (size_t)j * p, *s1d = job->q->s1d + (size_t)j * p, *own = job->q->k + (size_t)j * p;
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
	double eta = f->offset ? f->offset[slot] : 0;
	const double *column = f->x + slot / 8 * f->p * 8 + slot % 8;
	for (size_t a = 0; a < f->p; a++)
		eta += column[8 * a] * f->beta[a];
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

void yg_cox_block_scores(const struct yg_cox_frame *f, const struct yg_cox_profile *q, size_t block, double *out)
{
	const struct yg_cox_block *b = &f->block[block];
	size_t p = f->p;
	double *mean = yg_xalloc(2 * p + 1, sizeof *mean), *tied = mean + p;
	memset(out, 0, (size_t)(b->slot_end - b->slot0) * p * sizeof *out);
	for (uint32_t j = b->event0; j < b->event_end; j++) {
		const struct yg_cox_event *v = &f->event[j];
		const double *k = q->k + (size_t)j * p, *s1 = q->s1 + (size_t)j * p, *s1d = q->s1d + (size_t)j * p;
		yg_cox_event_mean(f, q, j, mean);
		for (size_t a = 0; a < p; a++)
			tied[a] = f->c1[j] == 0 ? 0 : f->c1[j] * s1[a] - f->c2[j] * s1d[a];
		for (uint32_t s = v->row0; s < v->row_end; s++) {
			int dead = s < v->row0 + v->dead;
			size_t i = s - b->slot0;
			const double *x = f->x + s / 8 * p * 8 + s % 8, *before = NULL;
			double *r = out + i / 8 * p * 8 + i % 8, e = risk_of(f, s), h = f->hazard[j] - (dead ? f->b[j] : 0);
			if (f->entered && f->entered[s]) {
				h -= f->hazard[f->entered[s] - 1];
				before = q->k + (size_t)(f->entered[s] - 1) * p;
			}
			for (size_t a = 0; a < p; a++) {
				double kk = k[a] - (before ? before[a] : 0);
				if (dead)
					kk -= tied[a];
				r[8 * a] = (dead ? x[8 * a] - mean[a] : 0) - e * (x[8 * a] * h - kk);
			}
		}
	}
	yg_free(mean);
}

/* ---- squares ---- */

struct meat_job {
	const struct yg_cox_data *d;
	const struct yg_cox_frame *f;
	const struct yg_cox_profile *q;
	double *out;               /* [parts*p*p] */
	double *rows;              /* [n*p] weighted residuals by row of the data, when there are clusters */
	const uint32_t *order, *start;
	size_t clusters, parts;
};

static enum yg_status meat_part(void *context, size_t part, size_t from, size_t to, struct yg_err *err)
{
	struct meat_job *job = context;
	const struct yg_cox_frame *f = job->f;
	size_t p = f->p, most = 8;
	for (size_t k = from; k < to; k++)
		most = f->block[k].slot_end - f->block[k].slot0 > most ? f->block[k].slot_end - f->block[k].slot0 : most;
	yg_lanes *gram = yg_data_calloc(yg_tile_pairs(p) * 16 + 1, sizeof *gram);
	double *score = yg_data_alloc(most * (p + 1), sizeof *score), *one = score ? score + most * p : NULL;
	enum yg_status s = gram && score ? YG_OK : yg_survival_no_memory(err);
	for (size_t k = from; k < to && s == YG_OK; k++) {
		const struct yg_cox_block *b = &f->block[k];
		yg_cox_block_scores(f, job->q, k, score);
		if (job->rows) {
			for (uint32_t t = b->slot0; t < b->slot0 + b->rows; t++) {
				size_t i = t - b->slot0;
				double w = f->weight ? f->weight[t] : 1;
				for (size_t a = 0; a < p; a++)
					job->rows[(size_t)f->row[t] * p + a] = w * score[(i / 8 * p + a) * 8 + i % 8];
			}
			continue;
		}
		for (size_t i = 0; i < b->slot_end - b->slot0; i++)
			one[i] = !f->weight ? 1 : f->weight[b->slot0 + i] * (f->repeats ? 1 : f->weight[b->slot0 + i]);
		yg_tile_gram(score, one, p, (b->slot_end - b->slot0) / 8, gram);
	}
	if (s == YG_OK && !job->rows)
		yg_tile_gram_finish(gram, p, 1, job->out + part * p * p);
	yg_data_free(gram);
	yg_data_free(score);
	return s;
}

#define CLUSTERS 512u   /* cluster sums multiplied at a time */

/* A run of clusters: their sums in tiles, then the cross product. */
static enum yg_status cluster_part(void *context, size_t part, unsigned worker, struct yg_err *err)
{
	struct meat_job *job = context;
	size_t p = job->f->p, from = part * job->clusters / job->parts, to = (part + 1) * job->clusters / job->parts;
	yg_lanes *gram = yg_data_calloc(yg_tile_pairs(p) * 16 + 1, sizeof *gram);
	double *sum = yg_data_alloc(CLUSTERS * (p + 1), sizeof *sum), *one = sum ? sum + CLUSTERS * p : NULL;
	(void)worker;
	if (!gram || !sum) {
		yg_data_free(gram);
		yg_data_free(sum);
		return yg_survival_no_memory(err);
	}
	for (size_t i = 0; i < CLUSTERS; i++)
		one[i] = 1;
	for (size_t c = from; c < to; c += CLUSTERS) {
		size_t some = to - c < CLUSTERS ? to - c : CLUSTERS;
		memset(sum, 0, CLUSTERS * p * sizeof *sum);
		for (size_t i = 0; i < some; i++)
			for (uint32_t k = job->start[c + i]; k < job->start[c + i + 1]; k++) {
				const double *r = job->rows + (size_t)job->order[k] * p;
				for (size_t a = 0; a < p; a++)
					sum[(i / 8 * p + a) * 8 + i % 8] += r[a];
			}
		yg_tile_gram(sum, one, p, (some + 7) / 8, gram);
	}
	yg_tile_gram_finish(gram, p, 1, job->out + part * p * p);
	yg_data_free(gram);
	yg_data_free(sum);
	return YG_OK;
}

static enum yg_status by_cluster(struct meat_job *job, struct yg_task *task, struct yg_err *err)
{
	const struct yg_spans *d = &job->d->spans;
	uint32_t *order = yg_data_alloc(d->n + 1, sizeof *order), *start = yg_data_alloc(d->clusters + 2, sizeof *start);
	enum yg_status s = order && start ? YG_OK : yg_survival_no_memory(err);
	if (s == YG_OK)
		s = yg_sort_groups(d->cluster, d->clusters, d->n, task, order, start, err);
	if (s == YG_OK) {
		job->order = order;
		job->start = start;
		s = yg_pool_run(task, job->parts, cluster_part, job, err);
	}
	yg_data_free(order);
	yg_data_free(start);
	return s;
}

enum yg_status yg_cox_meat(const struct yg_cox_data *d, const struct yg_cox_frame *f, struct yg_task *task, double *meat,
                           struct yg_err *err)
{
	size_t p = f->p;
	struct yg_cox_profile q;
	YG_TRY(yg_cox_profile_build(f, task, &q, err));
	struct meat_job job = { .d = d, .f = f, .q = &q, .clusters = d->spans.clusters, .parts = YG_COX_PARTS };
	job.out = yg_data_calloc(YG_COX_PARTS * p * p + 1, sizeof(double));
	enum yg_status s = job.out ? YG_OK : yg_survival_no_memory(err);
	if (s == YG_OK && d->spans.cluster) {
		job.rows = yg_data_calloc(d->spans.n * p + 1, sizeof(double)); /* rows outside the frame: 0 */
		s = job.rows ? YG_OK : yg_survival_no_memory(err);
	}
	if (s == YG_OK)
		s = yg_cox_parts(f, task, meat_part, &job, err);
	if (s == YG_OK && job.rows)
		s = by_cluster(&job, task, err);
	if (s == YG_OK) {
		yg_sum_tree(job.out, YG_COX_PARTS, p * p);
		for (size_t i = 0; i < p; i++)
			for (size_t j = i; j < p; j++)
				meat[i * p + j] = meat[j * p + i] = job.out[i * p + j];
	}
	yg_data_free(job.rows);
	yg_data_free(job.out);
	yg_cox_profile_release(&q);
	return s;
}
