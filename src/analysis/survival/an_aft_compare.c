/*
 * compare of parametric models on the same rows: nested ones of one distribution by likelihood ratio, others by AIC.
 *
 * All log likelihoods are densities of the time (Kalbfleisch and Prentice 2002, section 3.8), so that AIC can be set against
 * AIC across distributions.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "an_aft_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/num/dist.h"

struct one {
	const struct yg_aft_kept *fit;
	const char *key, *label;
};

static int by_size(const void *a, const void *b)
{
	const struct one *x = a, *y = b;
	return (x->fit->parameters > y->fit->parameters) - (x->fit->parameters < y->fit->parameters);
}

static int by_aic(const void *a, const void *b)
{
	const struct one *x = a, *y = b;
	return (x->fit->aic > y->fit->aic) - (x->fit->aic < y->fit->aic);
}

/* Two likelihoods of the same data. */
static enum yg_status comparable(const struct one *a, const struct one *b, struct yg_err *err)
{
	const struct yg_aft_kept *x = a->fit, *y = b->fit;
	if (strcmp(x->endpoint, y->endpoint))
		return yg_fail(err, YG_REFUSED, "E-CMP-002", N_("%s and %s have different outcomes"), a->label, b->label);
	if (x->data != y->data) {
		yg_fail(err, YG_REFUSED, "E-CMP-003", N_("%s and %s were not fitted to the same rows"), a->label, b->label);
		yg_err_hint(err, N_("Rows missing in one model only are the usual reason: leave them out of both with where x is not missing."));
		return YG_REFUSED;
	}
	if (x->robust || y->robust || x->weighted || y->weighted)
		return yg_fail(err, YG_REFUSED, "E-CMP-004",
		               N_("with robust errors, clusters or weights there is no likelihood ratio test; the terms' Wald tests are in each result"));
	if (!x->usable || !y->usable)
		return yg_fail(err, YG_REFUSED, "E-CMP-008", N_("%s did not converge, or has an estimate that runs to infinity"),
		               x->usable ? b->label : a->label);
	return YG_OK;
}

static bool nested(const struct yg_aft_kept *small, const struct yg_aft_kept *large)
{
	bool in = small->form == large->form && small->parameters < large->parameters && (!small->intercept || large->intercept);
	for (char *const *t = small->term; in && *t; t++)
		in = an_term_spanned(*t, large->term);
	return in;
}

static void row_of(struct yg_raw_table *t, const struct one *k, int *row, struct yg_evidence *e)
{
	*e = (struct yg_evidence){ k->fit->persons, k->fit->events, 0 };
	*row = yg_raw_row_data(t, k->key, k->label, 0);
	yg_raw_int(t, *row, 0, (int64_t)k->fit->parameters, YG_NOBODY);
	yg_raw_num(t, *row, 1, k->fit->loglik, *e);
	yg_raw_num(t, *row, 2, k->fit->aic, *e);
	yg_raw_num(t, *row, 3, k->fit->bic, *e);
}

static struct yg_raw_table *table(struct yg_raw *raw, const char *title)
{
	struct yg_raw_table *t = yg_raw_table(raw, "compare", title);
	yg_raw_column(t, "parameters", N_("parameters"), YG_ROLE_INTEGER, NULL);
	yg_raw_column(t, "loglik", N_("log likelihood"), YG_ROLE_CRITERION, NULL);
	yg_raw_column(t, "aic", "AIC", YG_ROLE_CRITERION, NULL);
	yg_raw_column(t, "bic", "BIC", YG_ROLE_CRITERION, NULL);
	return t;
}

static void tests(struct yg_raw *raw, const struct one *k, size_t n)
{
	struct yg_raw_table *t = table(raw, N_("Likelihood ratio tests, each model against the one before"));
	struct yg_evidence e;
	int row;
	yg_raw_title(raw, N_("Nested models compared"));
	yg_raw_column(t, "statistic", N_("chi-squared"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(t, "df", N_("df"), YG_ROLE_DF, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	for (size_t i = 0; i < n; i++) {
		row_of(t, &k[i], &row, &e);
		if (!i) {
			for (int c = 4; c <= 6; c++)
				yg_raw_text(t, row, c, "");
			continue;
		}
		double chisq = fmax(0, 2 * (k[i].fit->loglik - k[i - 1].fit->loglik));
		double df = (double)(k[i].fit->parameters - k[i - 1].fit->parameters);
		yg_raw_num(t, row, 4, chisq, e);
		yg_raw_num(t, row, 5, df, YG_NOBODY);
		yg_raw_num(t, row, 6, yg_chisq_upper(chisq, df), e);
	}
}

static void criteria(struct yg_raw *raw, struct one *k, size_t n)
{
	struct yg_raw_table *t = table(raw, N_("Models by AIC, the lowest first"));
	struct yg_evidence e;
	int row;
	yg_raw_title(raw, N_("Models compared by AIC"));
	yg_raw_column(t, "delta", N_("above the lowest AIC"), YG_ROLE_CRITERION, NULL);
	qsort(k, n, sizeof *k, by_aic);
	for (size_t i = 0; i < n; i++) {
		row_of(t, &k[i], &row, &e);
		yg_raw_num(t, row, 4, k[i].fit->aic - k[0].fit->aic, e);
	}
	yg_raw_note(raw, YG_NOTE_INFO, N_("no test: the models are not nested, or of different distributions; AIC says which fits better for its number of parameters, not whether by chance"));
}

enum yg_status yg_an_aft_compare(const struct yg_an_aft_compare *r, struct yg_raw **out, struct yg_err *err)
{
	struct yg_arena arena;
	size_t total = 0, n = 0;
	bool chain = true;
	for (size_t i = 0; i < r->count; i++)
		total += r->model[i]->fits;
	if (total < 2)
		return yg_fail(err, YG_REFUSED, "E-CMP-006", N_("compare needs at least two models"));
	if (r->test && strcmp(r->test, "lr"))
		return yg_fail(err, YG_REFUSED, "E-CMP-007", N_("test=%s does not compare models of this kind"), r->test);
	yg_arena_init(&arena);
	struct one *k = yg_arena_alloc(&arena, total, sizeof *k);
	for (size_t i = 0; i < r->count; i++)
		for (size_t j = 0; j < r->model[i]->fits; j++) {
			const struct yg_aft_kept *f = &r->model[i]->fit[j];
			k[n++] = (struct one){ f, r->model[i]->fits == 1 ? r->name[i] : yg_arena_printf(&arena, "%s.%zu", r->name[i], j + 1),
				               f->level ? yg_arena_printf(&arena, "%s, %s, %s", f->formula, f->dist, f->level) :
				                          yg_arena_printf(&arena, "%s, %s", f->formula, f->dist) };
		}
	enum yg_status s = YG_OK;
	for (size_t i = 1; s == YG_OK && i < n; i++)
		s = comparable(&k[0], &k[i], err);
	if (s == YG_OK) {
		struct yg_raw *raw = yg_raw_new("compare", 1);
		/* Stable by size: equal ones are not nested anyhow. */
		qsort(k, n, sizeof *k, by_size);
		for (size_t i = 1; i < n; i++)
			chain = chain && nested(k[i - 1].fit, k[i].fit);
		yg_raw_counts(raw, k[0].fit->persons, k[0].fit->records, k[0].fit->events, 0);
		yg_raw_model(raw, k[n - 1].fit->events, (int64_t)k[n - 1].fit->parameters);
		if (chain)
			tests(raw, k, n);
		else
			criteria(raw, k, n);
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("log likelihoods are densities of the time; BIC with the log of the number of rows"));
		*out = raw;
	}
	yg_arena_release(&arena);
	return s;
}
