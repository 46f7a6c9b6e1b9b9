/*
 * Negative binomial regression (NB2) with theta by maximum likelihood.
 *
 * Alternates Newton steps for theta at the fitted means with fits of the coefficients at that theta (Lawless 1987; the
 * scheme of Venables & Ripley 2002, section 7.4).  Standard errors of the coefficients are at fixed theta, to which they
 * are asymptotically independent.
 *
 * What theta's score has of the counts alone is a sum over k of (weight of the rows with more than k) / (theta + k), so
 * that a step costs one logarithm a row and no gamma functions.
 */
#include <math.h>
#include <string.h>

#include "glm_priv.h"

#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/num/sum.h"

#define MOST_COUNT 4096u      /* larger counts, and what is no whole number, are summed row by row */
#define SETTLED 1e-9          /* relative change of theta; each step leaves a thousandth of it or less */

struct dispersion {
	const struct yg_regression *d;
	double *mean;
	double theta, psi, psi1;
	double *tail;             /* [MOST_COUNT] weight of the rows with a whole count above k */
	size_t tails;
	double *part;             /* a block: score, information */
};

static bool counted(double y)
{
	return y <= MOST_COUNT && y == floor(y);
}

static void count_tails(struct dispersion *q)
{
	const struct yg_regression *d = q->d;
	for (size_t i = 0; i < d->n; i++)
		if (counted(d->y[i]) && d->y[i] > 0)
			q->tail[(size_t)d->y[i] - 1] += d->weight ? d->weight[i] : 1;
	for (size_t k = MOST_COUNT; k-- > 0;) {
		if (q->tail[k] > 0 && !q->tails)
			q->tails = k + 1;
		if (k + 1 < MOST_COUNT)
			q->tail[k] += q->tail[k + 1];
	}
}

static enum yg_status score_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct dispersion *q = context;
	const struct yg_regression *d = q->d;
	size_t first = block * YG_SUM_BLOCK, end = first + YG_SUM_BLOCK < d->n ? first + YG_SUM_BLOCK : d->n;
	double u = 0, v = 0, theta = q->theta;
	struct yg_log_product logs = YG_LOG_PRODUCT_INIT;
	(void)worker;
	(void)err;
	for (size_t i = first; i < end; i++) {
		double y = d->y[i], w = d->weight ? d->weight[i] : 1, m = q->mean[i], t = theta + m, r = (m - y) / t;
		if (w == 0)
			continue;
		u += w * r;
		v += w * (r - m / theta) / t;
		if (d->weight)
			u -= w * yg_log1p(m / theta);
		else
			yg_log_product_add(&logs, m / theta);
		if (!counted(y)) {
			u += w * (yg_digamma(theta + y) - q->psi);
			v += w * (q->psi1 - yg_trigamma(theta + y));
		}
	}
	q->part[2 * block] = u - yg_log_product_value(&logs);
	q->part[2 * block + 1] = v;
	return YG_OK;
}

/* Score and information of theta at fitted means. */
static enum yg_status theta_score(struct dispersion *q, struct yg_task *task, double *score, double *information,
                                  struct yg_err *err)
{
	size_t blocks = (q->d->n + YG_SUM_BLOCK - 1) / YG_SUM_BLOCK;
	double u = 0, v = 0;
	q->psi = yg_digamma(q->theta);
	q->psi1 = yg_trigamma(q->theta);
	YG_TRY(yg_pool_run(task, blocks, score_block, q, err));
	yg_sum_tree(q->part, blocks, 2);
	for (size_t k = q->tails; k-- > 0;) {
		double a = 1 / (q->theta + (double)k);
		u += q->tail[k] * a;
		v += q->tail[k] * a * a;
	}
	*score = q->part[0] + u;
	*information = q->part[1] + v;
	return YG_OK;
}

/* Newton steps towards the best theta, on the log scale so that it stays positive; far away more than one. */
static enum yg_status better_theta(struct dispersion *q, struct yg_task *task, double *se, struct yg_err *err)
{
	double step = 1;
	for (int i = 0; i < 100 && fabs(step) > 0.01 && q->theta < 1e10; i++) {
		double u, v;
		YG_TRY(theta_score(q, task, &u, &v, err));
		*se = v > 0 ? sqrt(1 / v) : NAN;
		step = v > 0 ? u / (v * q->theta) : (u > 0 ? 1 : -1);
		step = step > 1 ? 1 : step < -1 ? -1 : step;
		q->theta *= yg_exp(step);
	}
	return YG_OK;
}

static enum yg_status mean_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct dispersion *q = context;
	size_t first = block * YG_SUM_BLOCK, rows = q->d->n - first < YG_SUM_BLOCK ? q->d->n - first : YG_SUM_BLOCK;
	(void)worker;
	(void)err;
	yg_exp_array(q->mean + first, q->mean + first, rows);
	return YG_OK;
}

static enum yg_status means(struct dispersion *q, const struct yg_glm *m, struct yg_task *task, struct yg_err *err)
{
	struct yg_glm_rows rows = { .eta = q->mean };
	YG_TRY(yg_glm_rows(q->d, m, task, &rows, err));
	return yg_pool_run(task, (q->d->n + YG_SUM_BLOCK - 1) / YG_SUM_BLOCK, mean_block, q, err);
}

static double moment_theta(const struct yg_regression *d, const double *mean)
{
	double s = 0, n = 0;
	for (size_t i = 0; i < d->n; i++) {
		double w = d->weight ? d->weight[i] : 1, r = d->y[i] / mean[i] - 1;
		s += w * r * r;
		n += w;
	}
	return s > 0 ? n / s : 1;
}

/* The coefficients at theta, from those of *m. */
static enum yg_status refit(const struct dispersion *q, bool brief, double *start, struct yg_task *task, struct yg_glm *m,
                            struct yg_err *err)
{
	struct yg_glm_options options = { .family = YG_FAMILY_NEGATIVE_BINOMIAL, .link = YG_LINK_LOG, .theta = q->theta,
		                          .start = start, .brief = brief };
	memcpy(start, m->b, q->d->p * sizeof *start);
	yg_glm_release(m);
	return yg_glm_fit(q->d, &options, task, m, err);
}

static enum yg_status alternate(struct dispersion *q, double *start, struct yg_task *task, struct yg_glm *m, struct yg_err *err)
{
	const struct yg_glm_options poisson = { .family = YG_FAMILY_POISSON, .link = YG_LINK_LOG, .brief = true };
	double se = NAN;
	bool done = false;
	YG_TRY(yg_glm_fit(q->d, &poisson, task, m, err));
	YG_TRY(means(q, m, task, err));
	q->theta = moment_theta(q->d, q->mean);
	count_tails(q);
	for (int i = 0; i < 200 && !done; i++) {
		double before = q->theta;
		YG_TRY(better_theta(q, task, &se, err));
		done = i > 0 && fabs(q->theta - before) <= SETTLED * q->theta;
		YG_TRY(refit(q, !done, start, task, m, err));
		if (!done)
			YG_TRY(means(q, m, task, err));
	}
	if (!done) {
		YG_TRY(refit(q, false, start, task, m, err));
		m->stop = YG_STOP_ITERATIONS;
	}
	m->theta_se = se;
	return YG_OK;
}

enum yg_status yg_negative_binomial_fit(const struct yg_regression *d, struct yg_task *task, struct yg_glm *out,
                                        struct yg_err *err)
{
	struct yg_glm m = { 0 };
	struct dispersion q = { .d = d, .mean = yg_data_alloc(d->n + 1, sizeof(double)),
		                .tail = yg_xcalloc(MOST_COUNT + 1, sizeof(double)),
		                .part = yg_xcalloc(2 * (d->n / YG_SUM_BLOCK + 1), sizeof(double)) };
	double *start = yg_xcalloc(d->p + 1, sizeof *start);
	enum yg_status s = q.mean ? alternate(&q, start, task, &m, err)
	                          : yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was fitted");
	yg_data_free(q.mean);
	yg_free(q.tail);
	yg_free(q.part);
	yg_free(start);
	if (s == YG_OK)
		*out = m;
	else
		yg_glm_release(&m);
	return s;
}
