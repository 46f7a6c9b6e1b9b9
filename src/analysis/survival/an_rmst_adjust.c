/*
 * rmst with adjust: regression of pseudo-values of the restricted mean on the groups and covariates (Andersen, Hansen
 * and Klein 2004), least squares for differences, log link for ratios; sandwich errors (HC0), summed in clusters.
 */
#include <math.h>
#include <string.h>

#include "an_rmst_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"
#include "yogo/stats/km_influence.h"

/* The regression of one tau: intercept, groups but the first, covariates. */
struct pseudo_fit {
	struct yg_design *design;
	size_t p;
	double *x, *y;               /* [n*p], [n] */
	double *b, *covariance, *score;
	uint8_t *dropped;
	struct yg_regression data;
};

static enum yg_status refuse(const struct an_surv *s, struct yg_err *err)
{
	if (s->spans.entry || s->spans.continues) {
		yg_fail(err, YG_REFUSED, "E-SUR-334", N_("adjusted means need follow-up from the start in one part a person"));
		yg_err_hint(err, N_("Pseudo-values are not defined with late entry or covariates that change; leave out adjust."));
		return YG_REFUSED;
	}
	if (s->groups < 2)
		return yg_fail(err, YG_REFUSED, "E-SUR-309", N_("%s has one group only (%s): there is nothing to compare"), s->by_title,
		               s->group_label[0]);
	return YG_OK;
}

static enum yg_status make(struct rmst_work *w, const struct an_surv *s, struct pseudo_fit *f, struct yg_err *err)
{
	size_t n = s->set->n, k = s->groups;
	YG_TRY(yg_design_build_on(w->task, w->plan, s->set, s->terms_at, false, &f->design, err));
	f->p = k + (size_t)f->design->p;
	f->x = yg_data_calloc(n * f->p + 1, sizeof *f->x);
	f->y = yg_data_alloc(2 * n + 1, sizeof *f->y);
	f->b = yg_xcalloc(f->p + f->p * f->p + 1, sizeof *f->b);
	f->covariance = f->b + f->p;
	f->dropped = yg_xcalloc(f->p + 1, 1);
	if (!f->x || !f->y)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while means were adjusted"));
	f->score = f->y + n;
	for (size_t i = 0; i < n; i++) {
		double *row = f->x + i * f->p;
		row[0] = 1;
		if (s->group[i])
			row[s->group[i]] = 1;
		memcpy(row + k, f->design->x + i * (size_t)f->design->p, (size_t)f->design->p * sizeof *row);
	}
	f->data = (struct yg_regression){ .n = n, .p = f->p, .x = f->x, .y = f->y, .weight = s->weight, .intercept = 0 };
	return YG_OK;
}

static void release(struct pseudo_fit *f)
{
	yg_design_free(f->design);
	yg_data_free(f->x);
	yg_data_free(f->y);
	yg_free(f->b);
	yg_free(f->dropped);
}

static enum yg_status sandwich(struct rmst_work *w, const struct an_surv *s, struct pseudo_fit *f, const double *inverse,
                               size_t rank, struct yg_err *err)
{
	struct yg_robust_request ask = { YG_ROBUST_HC0, (const int32_t *)s->cluster, s->clusters, false };
	return yg_robust_covariance(&f->data, f->score, NULL, inverse, rank, f->data.n, &ask, w->task, f->covariance, err);
}

static enum yg_status fit_linear(struct rmst_work *w, const struct an_surv *s, struct pseudo_fit *f, struct yg_err *err)
{
	struct yg_linear m;
	YG_TRY(yg_linear_fit(&f->data, w->task, &m, err));
	enum yg_status status = yg_linear_residuals(&f->data, &m, w->task, f->score, err);
	for (size_t i = 0; status == YG_OK && s->weight && i < f->data.n; i++)
		f->score[i] *= s->weight[i];
	if (status == YG_OK)
		status = sandwich(w, s, f, m.inverse, m.rank, err);
	memcpy(f->b, m.b, f->p * sizeof *f->b);
	memcpy(f->dropped, m.dropped, f->p);
	if (status == YG_OK)
		yg_raw_model(w->raw, (int64_t)s->set->persons, (int64_t)m.rank);
	yg_linear_release(&m);
	return status;
}

/* *converged: false leaves the estimates unset. */
static enum yg_status fit_log(struct rmst_work *w, const struct an_surv *s, struct pseudo_fit *f, bool *converged, struct yg_err *err)
{
	double *start = yg_xcalloc(f->p + 1, sizeof *start), sum = 0, weights = 0;
	for (size_t i = 0; i < f->data.n; i++) {
		double weight = s->weight ? s->weight[i] : 1;
		sum += weight * f->y[i];
		weights += weight;
	}
	struct yg_glm_options o = { .family = YG_FAMILY_GAUSSIAN, .link = YG_LINK_LOG, .start = start };
	struct yg_glm m;
	*converged = false;
	start[0] = sum > 0 ? yg_log(sum / weights) : 0;
	enum yg_status status = sum > 0 ? yg_glm_fit(&f->data, &o, w->task, &m, err) : YG_OK;
	if (status == YG_OK && sum > 0) {
		*converged = m.stop == YG_STOP_TOLERANCE;
		if (*converged) {
			struct yg_glm_rows rows = { .score = f->score };
			status = yg_glm_rows(&f->data, &m, w->task, &rows, err);
			if (status == YG_OK)
				status = sandwich(w, s, f, m.inverse, m.rank, err);
			memcpy(f->b, m.b, f->p * sizeof *f->b);
			memcpy(f->dropped, m.dropped, f->p);
		}
		yg_glm_release(&m);
	}
	yg_free(start);
	return status;
}

/* ---- tables ---- */

static void estimate_row(struct rmst_work *w, const struct an_surv *s, struct yg_raw_table *t, const struct pseudo_fit *f, size_t j,
                         double tau, bool ratio)
{
	size_t k = s->groups;
	struct yg_evidence e = an_surv_everybody(s);
	const char *what, *label;
	if (j < k) {
		struct yg_evidence a = an_surv_group_evidence(s, 0), b = an_surv_group_evidence(s, j);
		e = (struct yg_evidence){ a.persons + b.persons, a.events + b.events, 0 };
		what = yg_arena_printf(&w->arena, "%s vs %s", s->group_label[j], s->group_label[0]);
		label = yg_phrase_data(&w->arena, what);
	} else {
		what = f->design->column[j - k].key;
		label = f->design->column[j - k].label;
	}
	int row = yg_raw_row(t, an_rmst_key(w, s, what, tau), label, 0);
	double b = f->b[j], se = sqrt(f->covariance[j * f->p + j]), low = b - w->critical * se, high = b + w->critical * se;
	yg_raw_num(t, row, 0, an_surv_shown(s, tau), YG_NOBODY);
	if (f->dropped[j]) {
		yg_raw_missing(t, row, 1, N_("not estimable: constant, or a combination of other terms"));
		for (int c = 2; c < (ratio ? 5 : 6); c++)
			yg_raw_text(t, row, c, "");
		return;
	}
	int c = 1;
	yg_raw_num(t, row, c++, ratio ? yg_exp(b) : an_surv_shown(s, b), e);
	if (!ratio)
		yg_raw_num(t, row, c++, an_surv_shown(s, se), e);
	yg_raw_num(t, row, c++, ratio ? yg_exp(low) : an_surv_shown(s, low), e);
	yg_raw_num(t, row, c++, ratio ? yg_exp(high) : an_surv_shown(s, high), e);
	if (se > 0)
		yg_raw_num(t, row, c, yg_normal_two_sided(b / se), e);
	else
		yg_raw_missing(t, row, c, N_("no event before tau"));
}

static struct yg_raw_table *estimate_table(struct rmst_work *w, const struct an_surv *s, bool ratio)
{
	const char *unit = ratio ? NULL : an_surv_unit(s);
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, ratio ? "adjusted_ratios" : "adjusted", w->parts),
	                                      an_surv_subtitle(s, ratio ? N_("Adjusted ratio of restricted means") :
	                                                       N_("Adjusted difference of restricted means"), &w->arena));
	yg_raw_column(t, "tau", N_("tau"), YG_ROLE_TIME, an_surv_unit(s));
	yg_raw_column(t, "estimate", ratio ? N_("ratio") : N_("difference"), YG_ROLE_TIME, unit);
	if (!ratio)
		yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, unit);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, unit);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, unit);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	return t;
}

/* Means of the groups at the average of everybody's covariates. */
static void mean_rows(struct rmst_work *w, const struct an_surv *s, struct yg_raw_table *t, const struct pseudo_fit *f, double tau)
{
	size_t k = s->groups, p = f->p;
	double *x = yg_xcalloc(p + 1, sizeof *x), total = 0;
	for (size_t i = 0; i < f->data.n; i++) {
		double weight = s->weight ? s->weight[i] : 1;
		total += weight;
		for (size_t j = k; j < p; j++)
			x[j] += weight * f->x[i * p + j];
	}
	for (size_t j = k; j < p; j++)
		x[j] /= total;
	x[0] = 1;
	for (size_t g = 0; g < k; g++) {
		struct yg_evidence e = an_surv_group_evidence(s, g);
		int row = yg_raw_row(t, an_rmst_key(w, s, s->group_label[g], tau), s->group_words[g], 0);
		for (size_t j = 1; j < k; j++)
			x[j] = j == g;
		double mean = yg_dot(x, f->b, p), se = sqrt(yg_quadratic_form(x, f->covariance, p));
		yg_raw_num(t, row, 0, an_surv_shown(s, tau), YG_NOBODY);
		yg_raw_num(t, row, 1, an_surv_shown(s, mean), e);
		yg_raw_num(t, row, 2, an_surv_shown(s, se), e);
		yg_raw_num(t, row, 3, an_surv_shown(s, mean - w->critical * se), e);
		yg_raw_num(t, row, 4, an_surv_shown(s, mean + w->critical * se), e);
	}
	yg_free(x);
}

static struct yg_raw_table *means_table(struct rmst_work *w, const struct an_surv *s)
{
	const char *unit = an_surv_unit(s);
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "adjusted_means", w->parts),
	                                      an_surv_subtitle(s, N_("Adjusted restricted means"), &w->arena));
	yg_raw_column(t, "tau", N_("tau"), YG_ROLE_TIME, unit);
	yg_raw_column(t, "estimate", N_("mean"), YG_ROLE_TIME, unit);
	yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, unit);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, unit);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, unit);
	return t;
}

enum yg_status an_rmst_adjust(struct rmst_work *w, const struct an_surv *s, struct yg_err *err)
{
	struct pseudo_fit f = { 0 };
	bool converged = true;
	YG_TRY(refuse(s, err));
	enum yg_status status = make(w, s, &f, err);
	struct yg_raw_table *means = status == YG_OK ? means_table(w, s) : NULL;
	struct yg_raw_table *difference = status == YG_OK && w->differences ? estimate_table(w, s, false) : NULL;
	struct yg_raw_table *ratio = status == YG_OK && w->ratios ? estimate_table(w, s, true) : NULL;
	for (size_t k = 0; status == YG_OK && k < w->taus; k++) {
		status = yg_rmst_pseudo(&s->spans, w->tau[k], w->task, f.y, err);
		if (status == YG_OK)
			status = fit_linear(w, s, &f, err);
		if (status != YG_OK)
			break;
		mean_rows(w, s, means, &f, w->tau[k]);
		for (size_t j = 1; difference && j < f.p; j++)
			estimate_row(w, s, difference, &f, j, w->tau[k], false);
		if (!ratio)
			continue;
		status = fit_log(w, s, &f, &converged, err);
		for (size_t j = 1; status == YG_OK && converged && j < f.p; j++)
			estimate_row(w, s, ratio, &f, j, w->tau[k], true);
		if (status == YG_OK && !converged)
			yg_raw_note(w->raw, YG_NOTE_WARNING, N_("the regression for ratios did not converge; read the differences"));
	}
	release(&f);
	return status;
}

void an_rmst_adjust_notes(struct rmst_work *w)
{
	yg_raw_note(w->raw, YG_NOTE_CONVENTION,
	            N_("adjusted: regression on pseudo-values of the mean, from the curve of everybody (censoring must not depend on "
	               "groups and covariates); sandwich standard errors"));
	yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("adjusted means: at the average of everybody's covariates"));
}
