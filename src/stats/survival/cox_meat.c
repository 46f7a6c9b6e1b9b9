/* Squares of score residuals, of rows or summed by cluster: the middle of the robust variance. */
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/cox_priv.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/sort.h"
#include "yogo/num/sum.h"

#define CLUSTERS 512u   /* cluster sums multiplied at a time */

struct meat_job {
	const struct yg_cox_data *d;
	const struct yg_cox_frame *f;
	const struct yg_cox_profile *q;
	double *out;               /* [YG_COX_PARTS*p*p] */
	double *rows;              /* [n*p] weighted residuals by row of the data: many clusters of several rows */
	double *sums;              /* [parts*clusters*p] or then [clusters*p]: few clusters */
	const uint32_t *order, *start;
	size_t clusters;
};

/* Weighted residuals of a window go to their rows, or to the sums of their clusters. */
static void hand_out(const struct meat_job *job, size_t part, const double *score, size_t slot, size_t slots)
{
	const struct yg_cox_frame *f = job->f;
	size_t p = f->p;
	double *sums = job->sums ? job->sums + part * job->clusters * p : NULL;
	for (size_t i = 0; i < slots; i++) {
		uint32_t r = f->row[slot + i];
		double w = f->weight ? f->weight[slot + i] : 1;
		const double *from = score + i / 8 * p * 8 + i % 8;
		if (r == YG_COX_NONE)
			continue;
		if (sums) {
			double *to = sums + job->d->spans.cluster[r] * p;
			for (size_t a = 0; a < p; a++)
				to[a] += w * from[8 * a];
		} else {
			double *to = job->rows + (size_t)r * p;
			for (size_t a = 0; a < p; a++)
				to[a] = w * from[8 * a];
		}
	}
}

static void square_window(const struct yg_cox_frame *f, const double *score, size_t slot, size_t slots, double *one, yg_lanes *gram)
{
	for (size_t i = 0; i < slots; i++)
		one[i] = !f->weight ? 1 : f->weight[slot + i] * (f->repeats ? 1 : f->weight[slot + i]);
	yg_tile_gram(score, one, f->p, slots / 8, gram);
}

static enum yg_status meat_part(void *context, size_t part, size_t from, size_t to, struct yg_err *err)
{
	struct meat_job *job = context;
	const struct yg_cox_frame *f = job->f;
	size_t p = f->p;
	struct yg_cox_scores scores;
	double one[YG_COX_WINDOW_SLOTS];
	yg_lanes *gram = yg_data_calloc(yg_tile_pairs(p) * 16 + 1, sizeof *gram);
	enum yg_status s = yg_cox_scores_init(&scores, f, job->q) && gram ? YG_OK : yg_survival_no_memory(err);
	for (size_t k = from; k < to && s == YG_OK; k++) {
		const struct yg_cox_block *b = &f->block[k];
		for (size_t slot = b->slot0, slots; slot < b->slot_end; slot += slots) {
			slots = yg_cox_window_slots(slot, b->slot_end);
			const double *score = yg_cox_scores_window(&scores, b, slot, slots);
			if (job->rows || job->sums)
				hand_out(job, part, score, slot, slots);
			else
				square_window(f, score, slot, slots, one, gram);
		}
	}
	if (s == YG_OK && !job->rows && !job->sums)
		yg_tile_gram_finish(gram, p, 1, job->out + part * p * p);
	yg_data_free(gram);
	yg_cox_scores_release(&scores);
	return s;
}

/* Sum of cluster c, its place in tiles. */
static void cluster_sum(const struct meat_job *job, size_t c, double *column)
{
	size_t p = job->f->p;
	uint32_t from = job->sums ? 0 : job->start[c], to = job->sums ? 1 : job->start[c + 1];
	for (uint32_t k = from; k < to; k++) {
		const double *r = job->sums ? job->sums + c * p : job->rows + (size_t)job->order[k] * p;
		for (size_t a = 0; a < p; a++)
			column[8 * a] += r[a];
	}
}

/* A run of clusters: their sums in tiles, then the cross product. */
static enum yg_status cluster_part(void *context, size_t part, unsigned worker, struct yg_err *err)
{
	struct meat_job *job = context;
	size_t p = job->f->p, from = part * job->clusters / YG_COX_PARTS, to = (part + 1) * job->clusters / YG_COX_PARTS;
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
			cluster_sum(job, c + i, sum + i / 8 * p * 8 + i % 8);
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
	uint32_t *order = NULL, *start = NULL;
	enum yg_status s = YG_OK;
	if (job->sums) {
		yg_sum_tree(job->sums, job->f->parts, job->clusters * job->f->p);
	} else {
		order = yg_data_alloc(d->n + 1, sizeof *order);
		start = yg_data_alloc(d->clusters + 2, sizeof *start);
		s = order && start ? yg_sort_groups(d->cluster, d->clusters, d->n, task, order, start, err) : yg_survival_no_memory(err);
		job->order = order;
		job->start = start;
	}
	if (s == YG_OK)
		s = yg_pool_run(task, YG_COX_PARTS, cluster_part, job, err);
	yg_data_free(order);
	yg_data_free(start);
	return s;
}

/* Is every row a cluster of its own?  Then there is nothing to add up. */
static enum yg_status all_single(const struct yg_spans *d, bool *single, struct yg_err *err)
{
	*single = false;
	if (d->clusters < d->n)
		return YG_OK;
	uint8_t *seen = yg_data_calloc(d->clusters / 8 + 1, 1);
	if (!seen)
		return yg_survival_no_memory(err);
	*single = true;
	for (size_t i = 0; i < d->n && *single; i++) {
		uint8_t bit = (uint8_t)(1u << (d->cluster[i] & 7));
		*single = !(seen[d->cluster[i] >> 3] & bit);
		seen[d->cluster[i] >> 3] |= bit;
	}
	yg_data_free(seen);
	return YG_OK;
}

static enum yg_status make_room(struct meat_job *job, struct yg_err *err)
{
	const struct yg_spans *d = &job->d->spans;
	size_t p = job->f->p;
	bool single = true;
	job->out = yg_data_calloc(YG_COX_PARTS * p * p + 1, sizeof(double));
	if (!job->out)
		return yg_survival_no_memory(err);
	if (d->cluster && !job->f->repeats)
		YG_TRY(all_single(d, &single, err));
	else if (d->cluster)
		single = false;
	if (single)
		return YG_OK;
	if (d->clusters * job->f->parts <= d->n / 4)
		job->sums = yg_data_calloc(job->f->parts * d->clusters * p + 1, sizeof(double));
	else
		job->rows = yg_data_calloc(d->n * p + 1, sizeof(double)); /* rows outside the frame: 0 */
	return job->sums || job->rows ? YG_OK : yg_survival_no_memory(err);
}

enum yg_status yg_cox_meat(const struct yg_cox_data *d, const struct yg_cox_frame *f, struct yg_task *task, double *meat,
                           struct yg_err *err)
{
	size_t p = f->p;
	struct yg_cox_profile q = { 0 };
	struct meat_job job = { .d = d, .f = f, .q = &q, .clusters = d->spans.clusters };
	YG_TRY(yg_cox_profile_build(f, task, &q, err));
	enum yg_status s = make_room(&job, err);
	if (s == YG_OK)
		s = yg_cox_parts(f, task, meat_part, &job, err);
	if (s == YG_OK && (job.rows || job.sums))
		s = by_cluster(&job, task, err);
	if (s == YG_OK) {
		yg_sum_tree(job.out, YG_COX_PARTS, p * p);
		for (size_t i = 0; i < p; i++)
			for (size_t j = i; j < p; j++)
				meat[i * p + j] = meat[j * p + i] = job.out[i * p + j];
	}
	yg_data_free(job.rows);
	yg_data_free(job.sums);
	yg_data_free(job.out);
	yg_cox_profile_release(&q);
	return s;
}
