/*
 * Propensity score and overlap of the arms.
 */
#include "yogo/stats/propensity.h"

#include <math.h>

#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/matrix.h"
#include "yogo/num/sort.h"

enum yg_status yg_propensity_fit(const struct yg_regression *d, struct yg_task *task, struct yg_glm *model, double *score,
                                 struct yg_err *err)
{
	struct yg_glm_options options = { .family = YG_FAMILY_BINOMIAL, .link = YG_LINK_LOGIT };
	struct yg_glm_rows rows = { .mean = score };
	struct yg_glm m = { 0 };
	YG_TRY(yg_glm_fit(d, &options, task, &m, err));
	enum yg_status s = yg_glm_rows(d, &m, task, &rows, err);
	if (s == YG_OK)
		*model = m;
	else
		yg_glm_release(&m);
	return s;
}

/* The scores of each arm in ascending order. */
struct arms {
	size_t n[2];
	double *score[2], *spare[2];
};

static enum yg_status sort_arm(void *context, size_t arm, unsigned worker, struct yg_err *err)
{
	struct arms *s = context;
	(void)worker;
	(void)err;
	yg_sort_values(s->score[arm], s->spare[arm], s->n[arm]);
	return YG_OK;
}

/* space[2*n] */
static void part_arms(const int8_t *arm, const double *score, size_t n, double *space, struct arms *out)
{
	struct arms s = { .n = { 0 } };
	size_t at[2] = { 0 };
	for (size_t i = 0; i < n; i++)
		s.n[1] += arm[i] != 0;
	s.n[0] = n - s.n[1];
	for (int a = 0; a < 2; a++) {
		s.score[a] = space + (a ? s.n[0] : 0);
		s.spare[a] = s.score[a] + n;
	}
	for (size_t i = 0; i < n; i++) {
		int a = arm[i] != 0;
		s.score[a][at[a]++] = score[i];
	}
	*out = s;
}

/* Pairs won by the treated, counted in halves: exact whole numbers. */
static uint64_t pairs_won(const struct arms *s)
{
	uint64_t halves = 0;
	size_t below = 0, until = 0;
	for (size_t i = 0; i < s->n[1]; i++) {
		double v = s->score[1][i];
		while (below < s->n[0] && s->score[0][below] < v)
			below++;
		until = until > below ? until : below;
		while (until < s->n[0] && s->score[0][until] == v)
			until++;
		halves += below + until;
	}
	return halves;
}

enum yg_status yg_propensity_overlap(const int8_t *arm, const double *score, size_t n, struct yg_task *task,
                                     struct yg_overlap *out, struct yg_err *err)
{
	struct yg_overlap o = { .smallest = { INFINITY, INFINITY }, .largest = { -INFINITY, -INFINITY } };
	double *space = yg_data_alloc(2 * n + 1, sizeof *space);
	if (!space)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while scores were compared");
	struct arms s;
	part_arms(arm, score, n, space, &s);
	enum yg_status status = yg_pool_run(task, 2, sort_arm, &s, err);
	if (status == YG_OK) {
		for (int a = 0; a < 2; a++) {
			o.n[a] = s.n[a];
			o.smallest[a] = s.n[a] ? s.score[a][0] : INFINITY;
			o.largest[a] = s.n[a] ? s.score[a][s.n[a] - 1] : -INFINITY;
		}
		double low = fmax(o.smallest[0], o.smallest[1]), high = fmin(o.largest[0], o.largest[1]);
		for (int a = 0; a < 2; a++)
			for (size_t i = 0; i < s.n[a]; i++)
				o.outside[a] += s.score[a][i] < low || s.score[a][i] > high;
		o.c_statistic = o.n[0] && o.n[1] ? (double)pairs_won(&s) / 2 / ((double)o.n[0] * (double)o.n[1]) : NAN;
		*out = o;
	}
	yg_data_free(space);
	return status;
}

/* The correction for an estimated score: projection of the influence on the score's own score. */
static enum yg_status estimated_se(const double *y, const int8_t *arm, const double *weight, size_t n, const double *score,
                                   const double *x, size_t p, struct yg_ipw *o, const double sum[2], struct yg_err *err)
{
	double *space = yg_data_calloc(p * p + p + n + 1, sizeof(double)), *e = space, *h = e + p * p, *v = h + p;
	if (!space)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out in the weighted difference");
	for (size_t i = 0; i < n; i++)
		v[i] = score[i] * (1 - score[i]);
	enum yg_status s = yg_cross_product(x, n, p, v, NULL, NULL, e, NULL, NULL, err);
	for (size_t i = 0; i < n; i++) {
		int a = arm[i] != 0;
		double r = weight[i] * (y[i] - o->mean[a]) / sum[a] * (a ? 1 - score[i] : score[i]);
		for (size_t j = 0; j < p; j++)
			h[j] += r * x[i * p + j];
	}
	if (s == YG_OK && yg_symmetric_solve(e, p, h)) {
		double total = 0;
		for (size_t i = 0; i < n; i++) {
			int a = arm[i] != 0;
			double phi = (a ? 1 : -1) * weight[i] * (y[i] - o->mean[a]) / sum[a] -
			             (a - score[i]) * yg_dot(x + i * p, h, p);
			total += phi * phi;
		}
		o->se_estimated = sqrt(total);
	}
	yg_data_free(space);
	return s;
}

enum yg_status yg_ipw_difference(const double *y, const int8_t *arm, const double *weight, size_t n, const double *score,
                                 const double *x, size_t p, struct yg_ipw *out, struct yg_err *err)
{
	struct yg_ipw o = { .se_estimated = NAN };
	double sum[2] = { 0 }, square = 0;
	for (size_t i = 0; i < n; i++) {
		sum[arm[i] != 0] += weight[i];
		o.mean[arm[i] != 0] += weight[i] * y[i];
	}
	if (!(sum[0] > 0) || !(sum[1] > 0))
		return yg_fail(err, YG_REFUSED, "E-PS-001", "an arm of the contrast is empty, or has no weight");
	o.mean[0] /= sum[0];
	o.mean[1] /= sum[1];
	for (size_t i = 0; i < n; i++) {
		double phi = weight[i] * (y[i] - o.mean[arm[i] != 0]) / sum[arm[i] != 0];
		square += phi * phi;
	}
	o.difference = o.mean[1] - o.mean[0];
	o.se_known = sqrt(square);
	if (x)
		YG_TRY(estimated_se(y, arm, weight, n, score, x, p, &o, sum, err));
	*out = o;
	return YG_OK;
}
