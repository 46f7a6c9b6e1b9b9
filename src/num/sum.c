/* Ordered sums: see sum.h. */
#include "yogo/num/sum.h"

#include "yogo/base/mem.h"
#include "yogo/base/i18n.h"
#include "yogo/base/pool.h"
#include "yogo/num/lanes.h"

YG_CLONES
static double block_sum(const double *x, size_t n)
{
	yg_lanes acc = { 0 };
	size_t i = 0;
	for (; i + 8 <= n; i += 8)
		acc += *(const yg_lanes *)(x + i);
	for (; i < n; i++)
		acc[i & 7] += x[i];
	return yg_lanes_sum(&acc);
}

YG_CLONES
static double block_products(const double *x, const double *y, size_t n)
{
	yg_lanes acc = { 0 };
	size_t i = 0;
	for (; i + 8 <= n; i += 8)
		acc += *(const yg_lanes *)(x + i) * *(const yg_lanes *)(y + i);
	for (; i < n; i++)
		acc[i & 7] += x[i] * y[i];
	return yg_lanes_sum(&acc);
}

/*
 * The pairwise tree over block sums without storing them: level[l] holds the sum of a full run of 2^l
 * blocks.  yg_sum_tree adds the same pairs.
 */
struct tree {
	double level[64];
	size_t blocks;
};

static void tree_add(struct tree *t, double v)
{
	size_t bit = 0;
	for (size_t k = t->blocks; k & 1; k >>= 1)
		v = t->level[bit++] + v;
	t->level[bit] = v;
	t->blocks++;
}

static double tree_sum(const struct tree *t)
{
	double v = 0;
	int any = 0;
	for (size_t bit = 0, k = t->blocks; k; bit++, k >>= 1)
		if (k & 1) {
			v = any ? t->level[bit] + v : t->level[bit];
			any = 1;
		}
	return v;
}

double yg_sum(const double *x, size_t n)
{
	struct tree t = { .blocks = 0 };
	for (size_t i = 0; i < n; i += YG_SUM_BLOCK)
		tree_add(&t, block_sum(x + i, n - i < YG_SUM_BLOCK ? n - i : YG_SUM_BLOCK));
	return tree_sum(&t);
}

double yg_sum_products(const double *x, const double *y, size_t n)
{
	struct tree t = { .blocks = 0 };
	for (size_t i = 0; i < n; i += YG_SUM_BLOCK)
		tree_add(&t, block_products(x + i, y + i, n - i < YG_SUM_BLOCK ? n - i : YG_SUM_BLOCK));
	return tree_sum(&t);
}

/* Full runs are combined as a binary counter does; the leftovers from the smallest up, as tree_sum. */
void yg_sum_tree(double *part, size_t parts, size_t width)
{
	for (size_t step = 1; step < parts; step *= 2)
		for (size_t i = 0; i + step < parts; i += 2 * step)
			for (size_t j = 0; j < width; j++)
				part[i * width + j] += part[(i + step) * width + j];
	if (!parts)
		for (size_t j = 0; j < width; j++)
			part[j] = 0;
}

struct sum_job {
	const double *x;
	size_t n;
	double *part;
};

static enum yg_status sum_one(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct sum_job *job = context;
	size_t from = block * YG_SUM_BLOCK, left = job->n - from;
	(void)worker;
	(void)err;
	job->part[block] = block_sum(job->x + from, left < YG_SUM_BLOCK ? left : YG_SUM_BLOCK);
	return YG_OK;
}

enum yg_status yg_sum_task(const double *x, size_t n, struct yg_task *task, double *out, struct yg_err *err)
{
	size_t blocks = (n + YG_SUM_BLOCK - 1) / YG_SUM_BLOCK;
	struct sum_job job = { x, n, yg_data_alloc(blocks ? blocks : 1, sizeof(double)) };
	if (!job.part)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for a sum over the rows"));
	enum yg_status s = yg_pool_run(task, blocks, sum_one, &job, err);
	if (s == YG_OK) {
		yg_sum_tree(job.part, blocks, 1);
		*out = job.part[0];
	}
	yg_data_free(job.part);
	return s;
}
