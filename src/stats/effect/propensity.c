/*
 * Propensity score and overlap of the arms.
 */
#include "yogo/stats/propensity.h"

#include <math.h>

#include "yogo/base/mem.h"
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

enum yg_status yg_propensity_overlap(const int8_t *arm, const double *score, size_t n, struct yg_task *task,
                                     struct yg_overlap *out, struct yg_err *err)
{
	struct yg_overlap o = { .smallest = { INFINITY, INFINITY }, .largest = { -INFINITY, -INFINITY } };
	for (size_t i = 0; i < n; i++) {
		int a = arm[i] != 0;
		o.n[a]++;
		o.smallest[a] = fmin(o.smallest[a], score[i]);
		o.largest[a] = fmax(o.largest[a], score[i]);
	}
	double low = fmax(o.smallest[0], o.smallest[1]), high = fmin(o.largest[0], o.largest[1]);
	uint32_t *order = yg_data_alloc(n + 1, sizeof *order);
	if (!order)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while scores were compared");
	enum yg_status s = yg_sort_doubles(score, n, task, order, err);
	/* Pairs won by the treated, counted in halves: exact whole numbers. */
	uint64_t below = 0, halves = 0;
	for (size_t i = 0; s == YG_OK && i < n;) {
		uint64_t treated = 0, untreated = 0;
		for (double v = score[order[i]]; i < n && score[order[i]] == v; i++) {
			treated += arm[order[i]] != 0;
			untreated += arm[order[i]] == 0;
		}
		halves += treated * (2 * below + untreated);
		below += untreated;
	}
	for (size_t i = 0; i < n; i++)
		o.outside[arm[i] != 0] += score[i] < low || score[i] > high;
	o.c_statistic = o.n[0] && o.n[1] ? (double)halves / 2 / ((double)o.n[0] * (double)o.n[1]) : NAN;
	yg_data_free(order);
	if (s == YG_OK)
		*out = o;
	return s;
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
