/* Curves standardised over strata of levels: see yogo/stats/adjusted_curve.h. */
#include <math.h>
#include <string.h>

#include "stats/survival/adjusted_priv.h"
#include "stats/survival/cells_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"
#include "yogo/num/sort.h"

void yg_adjusted_point(const struct yg_km *km, struct yg_km_curve *c, size_t j, double surv, double se)
{
	c->surv[j] = surv;
	c->se[j] = se;
	c->cumhaz[j] = surv > 0 ? -yg_log(surv) : NAN;
	c->se_cumhaz[j] = surv > 0 ? se / surv : NAN;
	yg_km_limits(surv, se, km->options.ci, km->options.conf, &c->lower[j], &c->upper[j]);
}

void yg_adjusted_covariance(const struct yg_adjusted *a, double t, double *covariance)
{
	a->covariance(a, t, covariance);
}

void yg_adjusted_free(struct yg_adjusted *a)
{
	if (!a)
		return;
	a->release(a);
	yg_free(a);
}

static void release(struct yg_adjusted *a)
{
	yg_km_release(&a->cell);
	yg_free(a->share);
}

/* A curve's S and se^2 at t; the variance of a curve that has come to 0 counts as 0. */
static void cell_at(const struct yg_km_curve *c, double t, double *surv, double *variance)
{
	size_t low = yg_count_until(c->time, c->m, t);
	*surv = low ? c->surv[low - 1] : 1;
	*variance = low && *surv > 0 ? c->se[low - 1] * c->se[low - 1] : 0;
}

static void covariance(const struct yg_adjusted *a, double t, double *out)
{
	size_t k = a->groups;
	double *s = yg_xcalloc(2 * k, sizeof *s), *mean = s + k;
	memset(out, 0, k * k * sizeof *out);
	for (size_t stratum = 0; stratum < a->strata; stratum++) {
		double q = a->share[stratum];
		if (!(q > 0))
			continue;
		for (size_t g = 0; g < k; g++) {
			double variance;
			cell_at(&a->cell.curve[stratum * k + g], t, &s[g], &variance);
			mean[g] += q * s[g];
			out[g * k + g] += q * q * variance;
		}
		for (size_t g = 0; g < k; g++)
			for (size_t h = 0; h < k; h++)
				out[g * k + h] += q * s[g] * s[h] / a->n;
	}
	for (size_t g = 0; g < k; g++)
		for (size_t h = 0; h < k; h++)
			out[g * k + h] -= mean[g] * mean[h] / a->n;
	yg_free(s);
}

/* The group's curve at each of its times, walking along the curves of its strata. */
static double standardise(const struct yg_adjusted *a, const struct yg_km *km, size_t g)
{
	struct yg_km_curve *c = &km->curve[g];
	size_t *at = yg_xcalloc(a->strata, sizeof *at);
	double end = INFINITY;
	for (size_t s = 0; s < a->strata; s++) {
		const struct yg_km_curve *cell = &a->cell.curve[s * a->groups + g];
		if (a->share[s] > 0 && cell->m && cell->surv[cell->m - 1] > 0)
			end = fmin(end, cell->time[cell->m - 1]);
	}
	for (size_t j = 0; j < c->m; j++) {
		double mean = 0, square = 0, variance = 0;
		for (size_t s = 0; s < a->strata; s++) {
			const struct yg_km_curve *cell = &a->cell.curve[s * a->groups + g];
			double q = a->share[s];
			while (at[s] < cell->m && cell->time[at[s]] <= c->time[j])
				at[s]++;
			double surv = at[s] ? cell->surv[at[s] - 1] : 1, se = at[s] && surv > 0 ? cell->se[at[s] - 1] : 0;
			mean += q * surv;
			square += q * surv * surv;
			variance += q * q * se * se;
		}
		bool over = c->time[j] > end;
		variance += fmax(square - mean * mean, 0) / a->n;
		mean = fmin(mean, 1);
		yg_adjusted_point(km, c, j, over ? NAN : mean, over ? NAN : sqrt(variance));
	}
	yg_free(at);
	return end;
}

enum yg_status yg_adjusted_direct(const struct yg_spans *d, struct yg_km *km, struct yg_task *task, double *ends,
                                  size_t *empty_stratum, size_t *empty_group, struct yg_adjusted **out,
                                  struct yg_err *err)
{
	size_t k = km->groups, cells = k * d->strata;
	struct yg_spans by_cell = *d;
	struct yg_km_options o = km->options;
	int32_t *code = yg_data_alloc(d->n + 1, sizeof *code);
	if (!code)
		return yg_survival_no_memory(err);
	struct yg_adjusted *a = yg_xcalloc(1, sizeof *a);
	*a = (struct yg_adjusted){ .groups = k, .n = (double)d->n, .covariance = covariance, .release = release,
		                   .strata = d->strata, .share = yg_xcalloc(d->strata + 1, sizeof(double)) };
	for (size_t i = 0; i < d->n; i++) {
		size_t s = d->stratum ? (size_t)d->stratum[i] : 0;
		code[i] = (int32_t)(s * k + (d->group ? (size_t)d->group[i] : 0));
		a->share[s] += 1 / a->n;
	}
	by_cell.stratum = NULL;
	by_cell.strata = 1;
	by_cell.group = code;
	by_cell.groups = cells;
	o.ci = YG_KM_NO_CI;
	enum yg_status status = yg_km_fit(&by_cell, &o, task, &a->cell, err);
	for (size_t i = 0; status == YG_OK && i < cells; i++)
		if (a->share[i / k] > 0 && !a->cell.curve[i].m) {
			*empty_stratum = i / k;
			*empty_group = i % k;
			status = yg_fail(err, YG_REFUSED, "E-SUR-300", N_("a combination of the columns of adjust has nobody in one of the groups"));
		}
	for (size_t g = 0; status == YG_OK && g < k; g++) {
		double end = standardise(a, km, g);
		if (ends)
			ends[g] = end;
	}
	yg_data_free(code);
	if (status == YG_OK)
		*out = a;
	else
		yg_adjusted_free(a);
	return status;
}
