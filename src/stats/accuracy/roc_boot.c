/* The bootstrap of curves: a replicate is a count for each row, so that nothing is sorted again.  See yogo/stats/roc.h. */
#include <math.h>
#include <string.h>

#include "accuracy_priv.h"

#include "yogo/base/pool.h"
#include "yogo/num/rng.h"

struct boot {
	const struct yg_roc_data *d;
	const struct yg_roc *r;
	size_t k;
	const struct yg_roc_boot *ask;
	struct yg_task *task;
	uint32_t *side_row;          /* controls, then cases */
	double *out;
};

static void draw(const struct boot *b, struct yg_rng *rng, uint32_t *count, uint32_t *of_cluster)
{
	const struct yg_roc_data *d = b->d;
	memset(count, 0, d->n * sizeof *count);
	if (d->cluster) {
		memset(of_cluster, 0, d->clusters * sizeof *of_cluster);
		for (size_t c = 0; c < d->clusters; c++)
			of_cluster[yg_rng_below(rng, (uint32_t)d->clusters)]++;
		for (size_t i = 0; i < d->n; i++)
			count[i] = of_cluster[d->cluster[i]];
		return;
	}
	uint32_t controls = (uint32_t)b->r->n_controls, cases = (uint32_t)b->r->n_cases;
	for (uint32_t i = 0; i < controls; i++)
		count[b->side_row[yg_rng_below(rng, controls)]]++;
	for (uint32_t i = 0; i < cases; i++)
		count[b->side_row[controls + yg_rng_below(rng, cases)]]++;
}

static void measure(const struct boot *b, const struct yg_roc *drawn, double *out)
{
	size_t at = 0;
	out[at++] = yg_roc_area(drawn, NULL);
	if (b->ask->range)
		out[at++] = yg_roc_area(drawn, b->ask->range);
	for (size_t g = 0; g < b->ask->givens; g++)
		out[at++] = yg_roc_read(drawn, b->ask->given[g], false);
	for (size_t g = 0; g < b->ask->givens; g++)
		out[at++] = yg_roc_read(drawn, b->ask->given[g], true);
}

static enum yg_status replicate(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct boot *b = context;
	size_t n = b->d->n, width = yg_roc_boot_width(b->ask), most = 0;
	double *out = b->out + block * b->k * width;
	(void)worker;
	if (yg_task_cancelled(b->task))
		return YG_CANCELLED;
	for (size_t j = 0; j < b->k; j++)
		most = b->r[j].points > most ? b->r[j].points : most;
	uint32_t *count = yg_data_alloc(n + 1, sizeof *count), *of_cluster = yg_data_alloc(b->d->clusters + 1, sizeof *of_cluster);
	uint32_t *side = yg_data_alloc(2 * most + 2, sizeof *side);
	enum yg_status s = count && of_cluster && side ? YG_OK : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out in the bootstrap"));
	if (s == YG_OK) {
		struct yg_rng rng;
		yg_rng_init(&rng, b->ask->seed, YG_RNG_BOOTSTRAP, (uint32_t)block, 0);
		draw(b, &rng, count, of_cluster);
	}
	for (size_t j = 0; s == YG_OK && j < b->k; j++) {
		struct yg_roc drawn = b->r[j];
		drawn.controls = side;
		drawn.cases = side + most;
		drawn.n_cases = drawn.n_controls = 0;
		memset(side, 0, 2 * most * sizeof *side);
		for (size_t i = 0; i < n; i++) {
			size_t y = b->d->y[i] != 0;
			side[y * most + drawn.place[i]] += count[i];
			*(y ? &drawn.n_cases : &drawn.n_controls) += count[i];
		}
		if (drawn.n_cases && drawn.n_controls)
			measure(b, &drawn, out + j * width);
		else
			for (size_t i = 0; i < width; i++)
				out[j * width + i] = NAN;
	}
	yg_data_free(count);
	yg_data_free(of_cluster);
	yg_data_free(side);
	return s;
}

enum yg_status yg_roc_bootstrap(const struct yg_roc_data *d, const struct yg_roc *r, size_t k, const struct yg_roc_boot *boot,
                                struct yg_task *task, double *out, struct yg_err *err)
{
	struct boot b = { d, r, k, boot, task, yg_data_alloc(d->n + 1, sizeof(uint32_t)), out };
	if (!b.side_row)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out in the bootstrap"));
	size_t at = 0;
	for (int y = 0; y < 2; y++)
		for (size_t i = 0; i < d->n; i++)
			if ((d->y[i] != 0) == (y != 0))
				b.side_row[at++] = (uint32_t)i;
	yg_task_step(task, N_("bootstrap"));
	enum yg_status s = yg_pool_run(task, boot->times, replicate, &b, err);
	yg_data_free(b.side_row);
	return s;
}
