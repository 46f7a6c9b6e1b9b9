/* Fine and Gray's model for the subdistribution hazard: the fit, its variance, predicted incidence. */
#include "yogo/num/sort.h"
#include "yogo/stats/finegray.h"

#include <math.h>
#include <string.h>

#include "finegray_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"

/* Meat of the sandwich: rows, or their sums within clusters. */
static enum yg_status meat_of(struct fg_sweep *s, double *r, double *meat, struct yg_err *err)
{
	const struct yg_finegray_data *d = s->d;
	const size_t p = s->p;
	double *sums;
	enum yg_status status;

	if (!d->cluster) {
		/* Repeats: w rows of r each; else one row of w r. */
		for (size_t i = 0; i < s->n && d->weight; i++)
			s->c[i] = d->frequency ? s->w[i] : s->w[i] * s->w[i];
		return yg_cross_product(r, s->n, p, d->weight ? s->c : NULL, NULL, s->task, meat, NULL, NULL, err);
	}
	sums = yg_data_calloc(d->clusters * p + 1, sizeof *sums);
	if (!sums)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the variance"));
	for (size_t i = 0; i < s->n; i++)
		for (size_t j = 0; j < p; j++)
			sums[d->cluster[s->order[i]] * p + j] += s->w[i] * r[i * p + j];
	status = yg_cross_product(sums, d->clusters, p, NULL, NULL, s->task, meat, NULL, NULL, err);
	yg_data_free(sums);
	return status;
}

/* mean'b */
static double shift_of(const struct fg_sweep *s, const struct yg_finegray *f)
{
	double shift = 0;

	for (size_t j = 0; j < s->p; j++)
		shift += f->beta[j] * s->mean[j];
	return shift;
}

static enum yg_status variance(struct fg_sweep *s, bool censoring_term, double *information, struct yg_finegray *out,
                               struct yg_err *err)
{
	const size_t p = s->p;
	double *r = yg_data_alloc(s->n * p + 1, sizeof *r), *bread = yg_xcalloc(p * p + 1, sizeof *bread);
	double *meat = yg_xcalloc(p * p + 1, sizeof *meat);
	enum yg_status status = YG_OK;

	if (!r)
		status = yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the variance"));
	if (status == YG_OK) {
		status = fg_residuals(s, censoring_term, r, err);
		if (status == YG_OK)
			status = meat_of(s, r, meat, err);
	}
	if (status == YG_OK && out->square && censoring_term)
		status = fg_residuals(s, false, r, err);
	if (status == YG_OK) {
		double *inverse = yg_xcalloc(p * p + 1, sizeof *inverse), *z = yg_xcalloc(p + 1, sizeof *z);
		uint8_t *dropped = yg_xcalloc(p + 1, 1);
		size_t rank = yg_cholesky(information, p, YG_CHOLESKY_TOLERANCE, out->dropped);
		yg_cholesky_inverse(information, p, out->dropped, bread);
		yg_sandwich(bread, meat, p, out->var);
		if (out->square)
			status = fg_curve_variance(s, bread, r, shift_of(s, out), out, err);
		memcpy(inverse, out->var, p * p * sizeof *inverse);
		memcpy(z, out->beta, p * sizeof *z);
		if (yg_cholesky(inverse, p, YG_CHOLESKY_TOLERANCE, dropped) > 0)
			yg_cholesky_solve(inverse, p, dropped, z);
		out->rank = (int)rank;
		out->wald = 0;
		for (size_t j = 0; j < p; j++) {
			out->wald += out->dropped[j] ? 0 : z[j] * out->beta[j];
			out->se[j] = out->dropped[j] ? NAN : sqrt(out->var[j * p + j]);
		}
		yg_free(dropped);
		yg_free(z);
		yg_free(inverse);
	}
	yg_free(meat);
	yg_free(bread);
	yg_data_free(r);
	return status;
}

static enum yg_status lay_out(struct yg_finegray *f, bool curve, struct yg_err *err)
{
	const size_t p = f->p;

	const size_t more = curve ? f->times * (2 * p + 1) : 0;

	f->memory = yg_data_calloc(2 * p + p * p + 2 * f->times + more + 1, sizeof(double));
	f->dropped = yg_xcalloc(p + 1, 1);
	if (!f->memory)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the model"));
	f->beta = f->memory;
	f->se = f->beta + p;
	f->var = f->se + p;
	f->time = f->var + p * p;
	f->hazard = f->time + f->times;
	f->square = curve ? f->hazard + f->times : NULL;
	f->cross = curve ? f->square + f->times : NULL;
	f->shift = curve ? f->cross + f->times * p : NULL;
	return YG_OK;
}

/* The curve at x = 0, not at the means the fit is centred at. */
static void baseline(const struct fg_sweep *s, struct yg_finegray *out)
{
	double shift = shift_of(s, out);

	for (size_t u = 0; u < s->m; u++) {
		out->time[u] = s->event_time[u];
		out->hazard[u] = s->A[u + 1] * yg_exp(-shift);
	}
}

static enum yg_status fit(struct fg_sweep *s, const struct yg_finegray_options *o, struct yg_finegray *out, struct yg_err *err)
{
	const size_t p = s->p;
	double *score = yg_xcalloc(p + 1, sizeof *score), *information = yg_xcalloc(p * p + 1, sizeof *information);
	struct yg_newton newton;
	bool curve = o->curve_variance >= s->m * (2 * p + 1) && o->curve_variance && !s->d->cluster && !s->efron;
	enum yg_status status = lay_out(out, curve, err);

	if (status == YG_OK)
		status = yg_newton_maximize(p, out->beta, fg_evaluate, s, &yg_newton_standard, &newton, score, information,
		                            out->dropped, err);
	/* Once more at the estimate: sums, information and residuals belong together. */
	if (status == YG_OK)
		status = fg_evaluate(s, out->beta, &out->loglik, score, information, err);
	if (status == YG_OK) {
		out->loglik_null = newton.objective_start;
		out->iterations = newton.iterations;
		out->stop = newton.stop;
		out->censoring_term = !o->no_censoring_term && !s->efron && !s->d->entry;
		baseline(s, out);
		status = variance(s, out->censoring_term, information, out, err);
	}
	yg_free(information);
	yg_free(score);
	return status;
}

enum yg_status yg_finegray_fit(const struct yg_finegray_data *d, const struct yg_finegray_options *options,
                               struct yg_task *task, struct yg_finegray *out, struct yg_err *err)
{
	struct fg_sweep s = { .d = d, .cause = options->cause, .task = task, .n = d->n, .p = d->p, .efron = options->efron,
	                      .events_leave_first = options->events_leave_first || options->efron || d->entry,
	                      .groups = d->censor_group ? d->censor_groups : 1 };
	struct yg_finegray made = { .p = d->p, .n = d->n };
	enum yg_status status;

	if (!d->n)
		return yg_fail(err, YG_REFUSED, "E-FIT-001", N_("there is nobody to analyse"));
	status = fg_prepare(&s, err);
	for (size_t i = 0; i < s.n && status == YG_OK; i++) {
		made.events += s.kind[i] == 1;
		made.competing += s.kind[i] == 2;
	}
	if (status == YG_OK && !made.events)
		status = yg_fail(err, YG_REFUSED, "E-FIT-002", N_("there are no events of this cause, so nothing can be estimated"));
	made.times = s.m;
	if (status == YG_OK)
		status = fit(&s, options, &made, err);
	fg_release(&s);
	if (status != YG_OK)
		yg_finegray_release(&made);
	else
		*out = made;
	return status;
}

void yg_finegray_release(struct yg_finegray *f)
{
	yg_data_free(f->memory);
	yg_free(f->dropped);
	memset(f, 0, sizeof *f);
}

enum yg_status yg_finegray_copy(const struct yg_finegray *f, struct yg_finegray *out, struct yg_err *err)
{
	struct yg_finegray made = *f;

	made.memory = NULL;
	made.dropped = NULL;
	enum yg_status status = lay_out(&made, f->square != NULL, err);
	if (status != YG_OK) {
		yg_finegray_release(&made);
		return status;
	}
	memcpy(made.memory, f->memory,
	       (2 * f->p + f->p * f->p + 2 * f->times + (f->square ? f->times * (2 * f->p + 1) : 0)) * sizeof(double));
	memcpy(made.dropped, f->dropped, f->p);
	*out = made;
	return YG_OK;
}

/* How many event times there are by t. */
static size_t times_by(const struct yg_finegray *f, double t)
{
	return yg_count_until(f->time, f->times, t);
}

double yg_finegray_hazard(const struct yg_finegray *f, double t)
{
	size_t u = times_by(f, t);

	return u ? f->hazard[u - 1] : 0;
}

double yg_finegray_log_hazard_se(const struct yg_finegray *f, const double *x, double t)
{
	size_t u = times_by(f, t);
	double v, h;

	if (!u || !f->square)
		return NAN;
	h = f->hazard[--u];
	v = f->square[u];
	for (size_t j = 0; j < f->p; j++) {
		double q = h * x[j] - f->shift[u * f->p + j];
		v += 2 * q * f->cross[u * f->p + j];
		for (size_t k = 0; k < f->p; k++)
			v += q * f->var[j * f->p + k] * (h * x[k] - f->shift[u * f->p + k]);
	}
	return v > 0 ? sqrt(v) / h : 0;
}

static double score_of(const struct yg_finegray *f, const double *x)
{
	double eta = 0;

	for (size_t j = 0; j < f->p; j++)
		eta += x[j] * f->beta[j];
	return yg_exp(eta);
}

double yg_finegray_incidence(const struct yg_finegray *f, const double *x, double t)
{
	return -yg_expm1(-yg_finegray_hazard(f, t) * score_of(f, x));
}

void yg_finegray_curve(const struct yg_finegray *f, const double *x, double *incidence)
{
	double e = score_of(f, x);

	for (size_t u = 0; u < f->times; u++)
		incidence[u] = -yg_expm1(-f->hazard[u] * e);
}
