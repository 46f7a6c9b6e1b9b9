/*
 * Sandwich variances.  The meat is a weighted cross product (no clusters), or the cross product of the
 * clusters' summed scores; rows are added to their cluster in row order.
 */
#include "yogo/stats/robust.h"

#include <math.h>
#include <string.h>

#include "yogo/base/mem.h"
#include "yogo/num/matrix.h"

static enum yg_status meat_by_row(const struct yg_regression *d, const double *score, const double *working,
                                  const double *inverse, enum yg_robust type, struct yg_task *task, double *meat,
                                  struct yg_err *err)
{
	size_t n = d->n, p = d->p;
	double *space = yg_data_alloc(2 * n + 1, sizeof(double)), *h = space, *square = space + n;
	if (!space)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out in the robust variance");
	enum yg_status s = YG_OK;
	if (type == YG_ROBUST_HC2 || type == YG_ROBUST_HC3)
		s = yg_row_quadratic(d->x, n, p, inverse, working, task, h, err);
	for (size_t i = 0; i < n; i++) {
		square[i] = score[i] * score[i];
		if (d->frequency && d->weight && d->weight[i] > 0)      /* that many rows, each with its own score */
			square[i] /= d->weight[i];
		/* A row that fits itself exactly (h = 1) has score 0 and adds nothing. */
		if (type == YG_ROBUST_HC2 && h[i] < 1)
			square[i] /= 1 - h[i];
		if (type == YG_ROBUST_HC3 && h[i] < 1)
			square[i] /= (1 - h[i]) * (1 - h[i]);
	}
	if (s == YG_OK)
		s = yg_cross_product(d->x, n, p, square, NULL, task, meat, NULL, NULL, err);
	yg_data_free(space);
	return s;
}

static enum yg_status meat_by_cluster(const struct yg_regression *d, const double *score,
                                      const struct yg_robust_request *r, struct yg_task *task, double *meat, size_t *present,
                                      struct yg_err *err)
{
	size_t p = d->p;
	double *sum = yg_data_calloc(r->clusters * p + 1, sizeof(double));
	uint8_t *seen = yg_data_calloc(r->clusters + 1, 1);
	enum yg_status s = YG_OK;
	if (!sum || !seen) {
		s = yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out in the robust variance");
	} else {
		for (size_t i = 0; i < d->n; i++) {
			double *to = sum + (size_t)r->cluster[i] * p;
			const double *x = d->x + i * p;
			for (size_t j = 0; j < p; j++)
				to[j] += score[i] * x[j];
			if (!d->weight || d->weight[i] > 0)
				seen[r->cluster[i]] = 1;
		}
		*present = 0;
		for (size_t g = 0; g < r->clusters; g++)
			*present += seen[g];
		s = yg_cross_product(sum, r->clusters, p, NULL, NULL, task, meat, NULL, NULL, err);
	}
	yg_data_free(sum);
	yg_data_free(seen);
	return s;
}

enum yg_status yg_robust_covariance(const struct yg_regression *d, const double *score, const double *working,
                                    const double *inverse, size_t rank, size_t effective_n,
                                    const struct yg_robust_request *request, struct yg_task *task, double *covariance,
                                    struct yg_err *err)
{
	size_t p = d->p, present = 0;
	double n = (double)effective_n, k = (double)rank, factor = 1;
	double *meat = yg_data_alloc(p * p + 1, sizeof(double));
	if (!meat)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out in the robust variance");
	enum yg_status s;
	if (request->cluster) {
		s = meat_by_cluster(d, score, request, task, meat, &present, err);
		double g = (double)present;
		if (request->adjust)
			factor *= g / (g - 1);
		if (request->type == YG_ROBUST_HC1)
			factor *= (n - 1) / (n - k);
	} else {
		s = meat_by_row(d, score, working, inverse, request->type, task, meat, err);
		if (request->type == YG_ROBUST_HC1)
			factor = n / (n - k);
	}
	if (s == YG_OK) {
		yg_sandwich(inverse, meat, p, covariance);
		for (size_t i = 0; i < p * p; i++)
			covariance[i] *= factor;
	}
	yg_data_free(meat);
	return s;
}
