/*
 * Sandwich variances.  The meat is a weighted cross product (no clusters), or the cross product of the
 * clusters' summed scores; rows are added to their cluster in row order.
 */
#include "yogo/stats/robust.h"

#include <math.h>
#include <string.h>

#include "yogo/base/mem.h"
#include "yogo/num/matrix.h"

/* Squared scores of the rows, spread as the type asks. */
struct squares {
	const struct yg_regression *d;
	const double *score, *h;     /* h: leverages of HC2 and HC3 */
	enum yg_robust type;
};

static void squares(const void *context, size_t first, size_t rows, const double *eta, double *w, double *s,
                    double sums[YG_PASS_SUMS])
{
	const struct squares *q = context;
	const struct yg_regression *d = q->d;
	(void)eta;
	(void)sums;
	for (size_t i = 0; i < rows; i++) {
		double h = q->h ? q->h[first + i] : 0;
		w[i] = q->score[first + i] * q->score[first + i];
		s[i] = 0;
		if (d->frequency && d->weight && d->weight[first + i] > 0)      /* that many rows, each with its own score */
			w[i] /= d->weight[first + i];
		/* A row that fits itself exactly (h = 1) has score 0 and adds nothing. */
		if (q->type == YG_ROBUST_HC2 && h < 1)
			w[i] /= 1 - h;
		if (q->type == YG_ROBUST_HC3 && h < 1)
			w[i] /= (1 - h) * (1 - h);
	}
}

static enum yg_status meat_by_row(const struct yg_regression *d, const double *score, const double *working,
                                  const double *inverse, enum yg_robust type, struct yg_task *task, double *meat,
                                  struct yg_err *err)
{
	bool leverages = type == YG_ROBUST_HC2 || type == YG_ROBUST_HC3;
	double *h = leverages ? yg_data_alloc(d->n + 1, sizeof(double)) : NULL;
	if (leverages && !h)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out in the robust variance");
	struct squares q = { .d = d, .score = score, .h = h, .type = type };
	struct yg_pass pass = yg_regression_pass(d, squares, &q);
	struct yg_tall x = yg_regression_matrix(d);
	enum yg_status s = leverages ? yg_tall_quadratic(&x, inverse, working, task, h, err) : YG_OK;
	if (s == YG_OK)
		s = yg_pass_run(&pass, NULL, task, meat, NULL, NULL, err);
	yg_data_free(h);
	return s;
}

static enum yg_status meat_by_cluster(const struct yg_regression *d, const double *score,
                                      const struct yg_robust_request *r, struct yg_task *task, double *meat, size_t *present,
                                      struct yg_err *err)
{
	size_t p = d->p;
	struct yg_tall rows = yg_regression_matrix(d);
	double *sum = yg_data_calloc((r->clusters + YG_PASS_CHUNK) * p + 1, sizeof(double)), *space = sum + r->clusters * p;
	uint8_t *seen = yg_data_calloc(r->clusters + 1, 1);
	enum yg_status s = YG_OK;
	if (!sum || !seen) {
		s = yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out in the robust variance");
	} else {
		const double *x = NULL;
		for (size_t i = 0; i < d->n; i++, x += p) {
			double *to = sum + (size_t)r->cluster[i] * p;
			if (i % YG_PASS_CHUNK == 0)
				x = yg_tall_rows(&rows, i, d->n - i < YG_PASS_CHUNK ? d->n - i : YG_PASS_CHUNK, space);
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
