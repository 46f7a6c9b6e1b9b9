/*
 * Linear regression; the roads through it are told in the header.
 *
 * What decides between them is the smallest share of a column's sum of squares that earlier columns leave over
 * (1 - R^2 of the column): cross products square the condition number, so the share says how many of the sixteen
 * digits are gone.
 */
#include "yogo/stats/linear.h"

#include <math.h>
#include <string.h>

#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"

#define SHARE_PLAIN 1e-3       /* above: cross products alone are good to 1e-12 */
#define SHARE_REFINE 1e-7      /* above: with refinement */
#define FIT_PLAIN 1e-4         /* rss / tss above which the difference tss - explained is good */
#define RANK_TOLERANCE 1e-7    /* of the QR, as in R */

struct pass_context {
	const struct yg_regression *d;
	double y_shift;
	bool residual;               /* s = w (y - eta) instead of w y */
};

/* sums: w y^2, log w, rows with weight, w y */
static void fill(const void *context, size_t first, size_t rows, const double *eta, double *w, double *s,
                 double sums[YG_PASS_SUMS])
{
	const struct pass_context *c = context;
	const struct yg_regression *d = c->d;
	for (size_t i = 0; i < rows; i++) {
		double z = d->y[first + i] - c->y_shift - (d->offset ? d->offset[first + i] : 0);
		if (c->residual)
			z -= eta[i];
		w[i] = d->weight ? d->weight[first + i] : 1;
		s[i] = w[i] * z;
		sums[0] += s[i] * z;
		sums[3] += s[i];
		if (d->weight && w[i] > 0) {
			sums[1] += yg_log(w[i]);
			sums[2] += 1;
		}
	}
}

static double rough_mean(const struct yg_regression *d)
{
	size_t n = d->n < 4096 ? d->n : 4096;
	double s = 0;
	for (size_t i = 0; i < n; i++)
		s += d->y[i] - (d->offset ? d->offset[i] : 0);
	return n ? s / (double)n : 0;
}

/* Smallest pivot over diagonal; a (X'WX) and its factor l. */
static double smallest_share(const double *a, const double *l, size_t p, const uint8_t *dropped)
{
	double share = 1;
	for (size_t j = 0; j < p; j++) {
		double s = dropped[j] ? 0 : l[j * p + j] * l[j * p + j] / a[j * p + j];
		share = s < share ? s : share;
	}
	return share;
}

static enum yg_status by_qr(const struct yg_regression *d, struct yg_task *task, struct yg_linear *m, struct yg_err *err)
{
	size_t p = d->p;
	double *space = yg_data_alloc(p * p + p + d->n + 1, sizeof(double));
	if (!space)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was fitted");
	double *r = space, *qty = r + p * p, *z = qty + p;
	for (size_t i = 0; i < d->n; i++)
		z[i] = d->y[i] - (d->offset ? d->offset[i] : 0);
	struct yg_tall x = yg_regression_matrix(d);
	enum yg_status s = yg_qr_least_squares(&x, z, d->weight, RANK_TOLERANCE, task, m->b, r, qty, &m->rss, m->dropped, &m->rank,
	                                       err);
	if (s == YG_OK)
		yg_qr_inverse(r, p, m->dropped, m->inverse);
	m->road = YG_LINEAR_QR;
	yg_data_free(space);
	return s;
}

/* ---- row by row ---- */

struct apply {
	const struct yg_regression *d;
	double *fit, *residual;      /* [n], either may be NULL */
};

static void apply_rows(const void *context, size_t first, size_t rows, const double *eta, double *w, double *s,
                       double sums[YG_PASS_SUMS])
{
	const struct apply *a = context;
	(void)w;
	(void)s;
	(void)sums;
	for (size_t i = 0; i < rows; i++) {
		if (a->fit)
			a->fit[first + i] = eta[i];
		if (a->residual)
			a->residual[first + i] = a->d->y[first + i] - eta[i];
	}
}

static enum yg_status apply(const struct yg_regression *d, const struct yg_linear *m, struct yg_task *task, double *fit,
                            double *residual, struct yg_err *err)
{
	struct apply a = { d, fit, residual };
	struct yg_pass pass = yg_regression_pass(d, apply_rows, &a);
	return yg_pass_run(&pass, m->b, task, NULL, NULL, NULL, err);
}

/* With an offset: the sum of squares of the fitted values, offset included, about their mean, as R's summary has it. */
static enum yg_status explained_with_offset(const struct yg_regression *d, const struct yg_linear *m, struct yg_task *task,
                                            double *explained, struct yg_err *err)
{
	double *fit = yg_data_alloc(d->n + 1, sizeof(double)), mean = 0, sum = 0;
	if (!fit)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was fitted");
	enum yg_status s = apply(d, m, task, fit, NULL, err);
	for (size_t i = 0; s == YG_OK && d->intercept >= 0 && i < d->n; i++)
		mean += (d->weight ? d->weight[i] : 1) * fit[i] / m->weight_sum;
	for (size_t i = 0; s == YG_OK && i < d->n; i++)
		sum += (d->weight ? d->weight[i] : 1) * (fit[i] - mean) * (fit[i] - mean);
	yg_data_free(fit);
	*explained = sum;
	return s;
}

/* R^2, F, sigma, likelihood from rss, tss, rank. */
static void summarise(struct yg_linear *m, bool intercept)
{
	double n = (double)m->n, k = (double)m->rank, fixed = intercept ? 1 : 0, explained = m->tss - m->rss;
	explained = explained > 0 ? explained : 0;
	m->df_residual = n - k;
	double variance = m->df_residual > 0 ? m->rss / m->df_residual : NAN;
	m->sigma = sqrt(variance);
	for (size_t i = 0; i < m->p * m->p; i++)
		m->covariance[i] = variance * m->inverse[i];
	m->r2 = m->tss > 0 ? explained / m->tss : NAN;
	m->adjusted_r2 = 1 - (1 - m->r2) * (n - fixed) / m->df_residual;
	m->f_df1 = k - fixed;
	m->f_df2 = m->df_residual;
	m->f = m->f_df1 > 0 ? explained / m->f_df1 / variance : NAN;
	m->f_p = yg_f_upper(m->f, m->f_df1, m->f_df2);
	m->loglik = 0.5 * (m->loglik - n * (1.8378770664093454836 + 1 - yg_log(n) + yg_log(m->rss)));
	m->aic = -2 * m->loglik + 2 * (k + 1);
	m->bic = -2 * m->loglik + yg_log(n) * (k + 1);
}

static enum yg_status fit(const struct yg_regression *d, struct yg_task *task, struct yg_linear *m, double *space,
                          struct yg_err *err)
{
	size_t p = d->p;
	double *a = space, *l = a + p * p, *c = l + p * p, *shift = c + p, sums[YG_PASS_SUMS];
	bool intercept = d->intercept >= 0;
	size_t column = intercept ? (size_t)d->intercept : 0;
	struct pass_context context = { .d = d };
	struct yg_pass pass = yg_regression_pass(d, fill, &context);
	pass.offset = NULL;          /* it is taken from the outcome */
	if (intercept) {
		yg_regression_shift(d, shift);
		pass.shift = shift;
		context.y_shift = rough_mean(d);
	}
	YG_TRY(yg_pass_run(&pass, NULL, task, a, c, sums, err));
	m->n = d->weight ? (size_t)sums[2] : d->n;
	m->weight_sum = d->weight ? 0 : (double)d->n;
	for (size_t i = 0; d->weight && i < d->n; i++)
		m->weight_sum += d->weight[i];
	if (d->frequency && d->weight)
		m->n = (size_t)(m->weight_sum + 0.5);
	m->tss = sums[0] - (intercept && m->weight_sum > 0 ? sums[3] * sums[3] / m->weight_sum : 0);
	m->tss = m->tss > 0 ? m->tss : 0;
	m->loglik = d->frequency ? 0 : sums[1];      /* the weights' part, until all is known */

	memcpy(l, a, p * p * sizeof(double));
	m->rank = yg_cholesky(l, p, YG_CHOLESKY_TOLERANCE, m->dropped);
	double share = smallest_share(a, l, p, m->dropped);
	if (share < SHARE_REFINE || m->rank < p) {
		return by_qr(d, task, m, err);
	}
	memcpy(m->b, c, p * sizeof(double));
	yg_cholesky_solve(l, p, m->dropped, m->b);
	m->rss = sums[0] - yg_dot(m->b, c, p);
	m->road = YG_LINEAR_NORMAL;
	if (share < SHARE_PLAIN || m->rss < FIT_PLAIN * m->tss) {
		m->road = YG_LINEAR_REFINED;
		context.residual = true;
		for (int round = 0; round < 2; round++) {
			YG_TRY(yg_pass_run(&pass, m->b, task, NULL, c, sums, err));
			memcpy(shift + p, c, p * sizeof(double));
			yg_cholesky_solve(l, p, m->dropped, shift + p);
			for (size_t j = 0; j < p; j++)
				m->b[j] += shift[p + j];
			m->rss = sums[0] - yg_dot(shift + p, c, p);
		}
	}
	m->rss = m->rss > 0 ? m->rss : 0;
	yg_cholesky_inverse(l, p, m->dropped, m->inverse);
	if (intercept) {
		yg_pass_unshift(p, column, shift, m->b, m->inverse);
		m->b[column] += context.y_shift;
	}
	return YG_OK;
}

enum yg_status yg_linear_fit(const struct yg_regression *d, struct yg_task *task, struct yg_linear *out, struct yg_err *err)
{
	size_t p = d->p;
	struct yg_linear m = { .p = p };
	double *space = yg_data_calloc(2 * p * p + 3 * p + 1, sizeof(double));
	m.b = yg_data_calloc(p + 1, sizeof(double));
	m.inverse = yg_data_calloc(p * p + 1, sizeof(double));
	m.covariance = yg_data_calloc(p * p + 1, sizeof(double));
	m.dropped = yg_data_calloc(p + 1, 1);
	enum yg_status s = YG_OK;
	if (!space || !m.b || !m.inverse || !m.covariance || !m.dropped)
		s = yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was fitted");
	else if (d->n == 0)
		s = yg_fail(err, YG_REFUSED, "E-REG-001", "no rows are left to fit a model");
	else
		s = fit(d, task, &m, space, err);
	if (s == YG_OK && d->offset) {
		double explained = 0;
		s = explained_with_offset(d, &m, task, &explained, err);
		m.tss = explained + m.rss;
	}
	if (s == YG_OK)
		summarise(&m, d->intercept >= 0);
	yg_data_free(space);
	if (s == YG_OK)
		*out = m;
	else
		yg_linear_release(&m);
	return s;
}

void yg_linear_release(struct yg_linear *m)
{
	yg_data_free(m->b);
	yg_data_free(m->inverse);
	yg_data_free(m->covariance);
	yg_data_free(m->dropped);
	memset(m, 0, sizeof *m);
}

enum yg_status yg_linear_residuals(const struct yg_regression *d, const struct yg_linear *m, struct yg_task *task,
                                   double *residual, struct yg_err *err)
{
	return apply(d, m, task, NULL, residual, err);
}

struct yg_term_test yg_linear_compare(const struct yg_linear *small, const struct yg_linear *large)
{
	struct yg_term_test t = { .chisq = NAN, .p = NAN, .f = NAN, .f_p = NAN };
	t.df = (double)large->rank - (double)small->rank;
	t.f_df2 = large->df_residual;
	if (t.df > 0 && t.f_df2 > 0 && large->n == small->n) {
		double gain = small->rss - large->rss;
		t.f = (gain > 0 ? gain : 0) / t.df / (large->rss / t.f_df2);
		t.f_p = yg_f_upper(t.f, t.df, t.f_df2);
		t.chisq = t.f * t.df;
		t.p = yg_chisq_upper(t.chisq, t.df);
	}
	return t;
}
