/*
 * compare: nested models on the same rows, by likelihood ratio or F.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/prediction/an_model_priv.h"
#include "analysis/regression/an_regress_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/num/dist.h"

void an_keep(struct yg_glm_model *m, const struct an_fit *f, struct yg_task *task)
{
	const struct yg_design *d = f->design;
	an_keep_rows(m, f);
	YG_GROW(m->fit, m->fits, m->cap);
	struct an_kept *k = &m->fit[m->fits++];
	memset(k, 0, sizeof *k);
	k->outcome = yg_xstrdup(f->outcome);
	k->prediction = f->plan ? an_model_of_regression(f) : NULL;
	k->formula = yg_xstrdup(f->formula);
	k->group = yg_xstrdup(f->group);
	k->is_linear = f->is_linear;
	k->robust = f->se != AN_SE_MODEL;
	k->family = f->options.family;
	k->link = f->options.link;
	k->term = yg_xcalloc((size_t)d->terms + 1, sizeof *k->term);
	for (int i = 0; i < d->terms; i++)
		k->term[i] = yg_xstrdup(d->term[i].name);
	k->has_intercept = f->data.intercept >= 0;
	k->rows = an_hash(task, f->rows, f->weight, f->set->n * sizeof *f->weight);
	k->rows = an_hash(task, k->rows, f->data.offset, f->set->n * sizeof *f->data.offset);
	k->n = (size_t)f->n;
	k->rank = f->rank;
	k->persons = f->persons;
	k->events = f->events;
	if (f->is_linear) {
		k->rss = f->linear.rss;
		k->df_residual = f->linear.df_residual;
		k->loglik = f->linear.loglik;
		k->aic = f->linear.aic;
		k->bic = f->linear.bic;
	} else {
		k->deviance = f->glm.deviance;
		k->dispersion = f->glm.dispersion;
		k->dispersion_estimated = f->glm.dispersion_estimated;
		k->df_residual = f->glm.df_residual;
		k->loglik = f->glm.loglik;
		k->aic = f->glm.aic;
		k->bic = f->glm.bic;
	}
}

void yg_glm_model_free(struct yg_glm_model *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->fits; i++) {
		struct an_kept *k = &m->fit[i];
		for (char **t = k->term; *t; t++)
			yg_free(*t);
		an_model_free(k->prediction);
		yg_free(k->term);
		yg_free(k->outcome);
		yg_free(k->formula);
		yg_free(k->group);
	}
	yg_cox_model_free(m->rows);
	yg_free(m->fit);
	yg_free(m);
}

size_t yg_glm_model_fits(const struct yg_glm_model *m)
{
	return m->fits;
}

bool an_term_spanned(const char *t, char *const *large)
{
	static const char *const function[] = { "rcs(", "ns(", "bs(", "poly(", "factor(", "per(" };
	size_t n = strlen(t);
	for (; *large; large++) {
		if (!strcmp(*large, t))
			return true;
		for (size_t i = 0; i < sizeof function / sizeof *function; i++) {
			size_t f = strlen(function[i]);
			if (!strncmp(*large, function[i], f) && !strncmp(*large + f, t, n) &&
			    ((*large)[f + n] == ',' || (*large)[f + n] == ')'))
				return true;
		}
	}
	return false;
}

static int by_size(const void *a, const void *b)
{
	const struct an_kept *const *x = a, *const *y = b;
	return ((*x)->rank > (*y)->rank) - ((*x)->rank < (*y)->rank);
}

static enum yg_status check_pair(const struct an_kept *small, const struct an_kept *large, struct yg_err *err)
{
	if (small->is_linear != large->is_linear || (!small->is_linear && (small->family != large->family || small->link != large->link)))
		return yg_fail(err, YG_REFUSED, "E-CMP-001", N_("%s and %s are models of different kinds"), small->formula, large->formula);
	if (strcmp(small->outcome, large->outcome))
		return yg_fail(err, YG_REFUSED, "E-CMP-002", N_("%s and %s have different outcomes"), small->formula, large->formula);
	if (small->rows != large->rows) {
		yg_fail(err, YG_REFUSED, "E-CMP-003", N_("%s and %s were not fitted to the same rows"), small->formula, large->formula);
		yg_err_hint(err, N_("Rows missing in one model only are the usual reason: leave them out of both with where x is not missing."));
		return YG_REFUSED;
	}
	if (small->robust || large->robust)
		return yg_fail(err, YG_REFUSED, "E-CMP-004",
		               N_("with robust errors, clusters or weights there is no likelihood ratio test; the terms' Wald tests are in each result"));
	bool nested = small->rank < large->rank && (!small->has_intercept || large->has_intercept);
	for (char *const *t = small->term; nested && *t; t++)
		nested = an_term_spanned(*t, large->term);
	if (!nested)
		return yg_fail(err, YG_REFUSED, "E-CMP-005", N_("%s is not part of %s: the models are not nested"), small->formula, large->formula);
	return YG_OK;
}

static struct yg_term_test test_pair(const struct an_kept *small, const struct an_kept *large)
{
	struct yg_term_test t = { .df = (double)large->rank - (double)small->rank, .f_df2 = large->df_residual };
	if (large->is_linear) {
		double gain = small->rss - large->rss;
		t.f = (gain > 0 ? gain : 0) / t.df / (large->rss / large->df_residual);
		t.f_p = yg_f_upper(t.f, t.df, t.f_df2);
		return t;
	}
	double gain = small->deviance - large->deviance;
	t.chisq = (gain > 0 ? gain : 0) / large->dispersion;
	t.p = yg_chisq_upper(t.chisq, t.df);
	t.f = t.chisq / t.df;
	t.f_p = yg_f_upper(t.f, t.df, t.f_df2);
	return t;
}

static void put_row(struct yg_raw_table *t, const struct an_kept *k, const char *name, const struct yg_term_test *test, bool by_f)
{
	struct yg_evidence e = { k->persons, k->events > 0 ? k->events : 0, 0 };
	int row = yg_raw_row_data(t, name, k->formula, 0);
	yg_raw_int(t, row, 0, (int64_t)k->rank, YG_NOBODY);
	if (isfinite(k->loglik)) {
		yg_raw_num(t, row, 1, k->loglik, e);
		yg_raw_num(t, row, 2, k->aic, e);
		yg_raw_num(t, row, 3, k->bic, e);
	} else {
		for (int c = 1; c <= 3; c++)
			yg_raw_missing(t, row, c, N_("no likelihood"));
	}
	if (!test) {
		for (int c = 4; c <= 6; c++)
			yg_raw_text(t, row, c, "");
		return;
	}
	yg_raw_num(t, row, 4, by_f ? test->f : test->chisq, e);
	yg_raw_num(t, row, 5, test->df, YG_NOBODY);
	yg_raw_num(t, row, 6, by_f ? test->f_p : test->p, e);
}

struct yg_raw_table *an_compare_table(struct yg_raw *raw, bool by_f)
{
	struct yg_raw_table *t = yg_raw_table(raw, "compare", by_f ? N_("F tests, each model against the one before") :
	                                                             N_("Likelihood ratio tests, each model against the one before"));
	yg_raw_column(t, "parameters", N_("parameters"), YG_ROLE_INTEGER, NULL);
	yg_raw_column(t, "loglik", N_("log likelihood"), YG_ROLE_CRITERION, NULL);
	yg_raw_column(t, "aic", "AIC", YG_ROLE_CRITERION, NULL);
	yg_raw_column(t, "bic", "BIC", YG_ROLE_CRITERION, NULL);
	yg_raw_column(t, "statistic", by_f ? "F" : N_("chi-squared"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(t, "df", N_("df"), YG_ROLE_DF, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	return t;
}

enum yg_status yg_an_compare(const struct yg_an_compare *r, struct yg_raw **out, struct yg_err *err)
{
	size_t total = 0, n = 0;
	for (size_t i = 0; i < r->count; i++)
		total += r->model[i]->fits;
	if (total < 2)
		return yg_fail(err, YG_REFUSED, "E-CMP-006", N_("compare needs at least two models"));
	if (r->test && strcmp(r->test, "lr") && strcmp(r->test, "f"))
		return yg_fail(err, YG_REFUSED, "E-CMP-007", N_("test=%s does not compare models of this kind"), r->test);
	const struct an_kept **k = yg_xcalloc(total, sizeof *k);
	for (size_t i = 0; i < r->count; i++)
		for (size_t j = 0; j < r->model[i]->fits; j++)
			k[n++] = &r->model[i]->fit[j];
	qsort(k, n, sizeof *k, by_size);
	enum yg_status s = YG_OK;
	for (size_t i = 1; s == YG_OK && i < n; i++)
		s = check_pair(k[i - 1], k[i], err);
	if (s != YG_OK) {
		yg_free(k);
		return s;
	}
	bool by_f = k[0]->is_linear || k[0]->dispersion_estimated;
	struct yg_raw *raw = yg_raw_new("compare", 1);
	yg_raw_title(raw, N_("Nested models compared"));
	yg_raw_counts(raw, k[0]->persons, (int64_t)k[0]->n, k[0]->events, 0);
	struct yg_raw_table *t = an_compare_table(raw, by_f);
	for (size_t i = 0; i < n; i++) {
		struct yg_term_test test;
		if (i)
			test = test_pair(k[i - 1], k[i]);
		char key[64];
		snprintf(key, sizeof key, "model%zu", i + 1);
		put_row(t, k[i], key, i ? &test : NULL, by_f);
	}
	struct yg_raw_note *note = yg_raw_note(raw, YG_NOTE_POPULATION, N_("{1} persons"));
	yg_raw_note_int(note, YG_ROLE_PERSONS, k[0]->persons, (struct yg_evidence){ k[0]->persons, 0, 0 });
	if (by_f) {
		note = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("F on the residual variance of the larger model, {1} residual df in the largest"));
		yg_raw_note_num(note, YG_ROLE_DF, k[n - 1]->df_residual, YG_NOBODY);
	}
	yg_free(k);
	*out = raw;
	return YG_OK;
}
