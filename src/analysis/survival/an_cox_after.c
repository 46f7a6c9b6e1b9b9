/* After cox: phtest, and comparison of nested models. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "an_diagnose_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/num/dist.h"
#include "yogo/stats/cox_check.h"

/* ---- phtest ---- */

struct ph_work {
	const struct yg_an_phtest *r;
	struct yg_task *task;
	struct yg_arena arena;
	struct yg_raw *raw;
	enum yg_cox_transform transform;
	bool several;
	size_t parts, courses;
};

static void ph_row(struct yg_raw_table *t, const char *key, const char *label, const struct yg_cox_test *test,
                   struct yg_evidence e)
{
	int row = strcmp(key, label) ? yg_raw_row(t, key, label, 0) : yg_raw_row_data(t, key, label, 0);
	if (test->df <= 0 || isnan(test->p)) {
		yg_raw_missing(t, row, 0, N_("not estimable"));
		yg_raw_text(t, row, 1, "");
		yg_raw_text(t, row, 2, "");
		return;
	}
	yg_raw_num(t, row, 0, test->chisq, e);
	yg_raw_int(t, row, 1, test->df, YG_NOBODY);
	yg_raw_num(t, row, 2, test->p, e);
}

static enum yg_status ph_tests(struct ph_work *w, const struct an_cox_kept *k, struct yg_cox_test *test,
                               struct yg_cox_test *global,
                               struct yg_err *err)
{
	const struct an_cox_ph *ph = &k->ph[w->transform];
	if (k->has_fit)
		return yg_cox_zph(&k->kept, &k->fit, w->transform, k->term_of, (int)k->terms, w->task, test, global, err);
	if (k->special) {
		yg_fail(err, YG_REFUSED, "E-SUR-086", N_("%s has %s: the test of proportional hazards is not made for it"), k->formula, k->special);
		yg_err_hint(err, N_("Test the model without them; tt(x, log) tests a change with time itself"));
		return YG_REFUSED;
	}
	if (!ph->done) {
		yg_fail(err, YG_REFUSED, "E-SUR-040", N_("%s has no test of proportional hazards (ties=discrete, no convergence, or a time of zero with log)"),
		        k->formula);
		yg_err_hint(err, N_("Fit the model with ties=efron; use transform=km"));
		return YG_REFUSED;
	}
	memcpy(test, ph->test, k->terms * sizeof *test);
	*global = ph->global;
	return YG_OK;
}

static void smallest(struct yg_evidence *e, int64_t persons, int64_t events, int64_t whole)
{
	if (persons >= 0 && (persons < e->persons || events < e->events))
		*e = (struct yg_evidence){ persons < e->persons ? persons : e->persons, events < e->events ? events : e->events, whole };
}

/* A term rests on the smallest of its levels, the reference among them: the rule by which a model's own tables are hidden. */
static struct yg_evidence behind_term(const struct an_cox_kept *k, const char *term)
{
	struct yg_evidence e = { k->persons, k->events, 0 };
	for (size_t i = 0; i < k->rows; i++) {
		const struct an_cox_row *r = &k->row[i];
		if (r->reference || !r->binary || !r->term || strcmp(r->term, term) != 0)
			continue;
		smallest(&e, r->persons, r->events, k->persons);
		smallest(&e, r->reference_persons, r->reference_events, k->persons);
	}
	return e;
}

static enum yg_status ph_tables(struct ph_work *w, const struct an_cox_kept *k, const char *name, struct yg_err *err)
{
	struct yg_evidence all = { k->persons, k->events, 0 };
	struct yg_cox_test *test = yg_arena_alloc(&w->arena, k->terms + 1, sizeof *test), global;
	YG_TRY(ph_tests(w, k, test, &global, err));
	const char *title = k->level ? yg_phrase(&w->arena, N_("Proportional hazards, %s: %s, %s: %s"), name, k->formula, k->by, k->level) :
	                               yg_phrase(&w->arena, N_("Proportional hazards, %s: %s"), name, k->formula);
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "phtest", w->parts),
	                                      w->several ? title : N_("Does each effect stay the same over time?"));
	yg_raw_column(t, "statistic", N_("chi-squared"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(t, "df", N_("df"), YG_ROLE_DF, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	for (size_t i = 0; i < k->terms; i++)
		if (k->term[i].count)
			ph_row(t, k->term[i].name, k->term[i].name, &test[i], behind_term(k, k->term[i].name));
	ph_row(t, "GLOBAL", N_("all terms together"), &global, all);
	if (!w->parts) {
		yg_raw_counts(w->raw, k->persons, k->records, k->event_rows, 0);
		yg_raw_title(w->raw, title);
	}
	if (k->robust)
		yg_raw_note(w->raw, YG_NOTE_INFO, N_("the test uses the model's information, not the robust variance"));
	yg_raw_model(w->raw, k->events, (int64_t)k->rank);
	w->parts++;
	return an_cox_courses(w->raw, k, w->transform, w->r->open, &w->arena, &w->courses, w->task, err);
}

/* The rows are sorted once for the tests and the courses. */
static enum yg_status ph_part(struct ph_work *w, const struct an_cox_kept *k, const char *name, struct yg_err *err)
{
	struct an_cox_kept sorted = *k;
	sorted.kept.sorted = k->has_fit ? yg_cox_sorted_new() : NULL;
	enum yg_status s = ph_tables(w, &sorted, name, err);
	yg_cox_sorted_free(sorted.kept.sorted);
	return s;
}

enum yg_status yg_an_phtest(const struct yg_an_phtest *request, struct yg_task *task, struct yg_raw **out,
                            struct yg_err *err)
{
	static const char *const names[] = { N_("1 minus Kaplan-Meier"), N_("rank of the time"), N_("the time"),
	                                    N_("log of the time") };
	struct ph_work w = { .r = request, .task = task, .transform = YG_COX_KM };
	if (request->transform && !yg_cox_transform_parse(request->transform, &w.transform))
		return yg_fail(err, YG_ESYNTAX, "E-SUR-041", N_("there is no transform %s; transform is km, rank, identity or log"), request->transform);
	yg_arena_init(&w.arena);
	w.raw = yg_raw_new("phtest", 1);
	w.several = request->count > 1 || (request->count && request->model[0]->fits > 1);
	enum yg_status s = YG_OK;
	for (size_t i = 0; s == YG_OK && i < request->count; i++)
		for (size_t k = 0; s == YG_OK && k < request->model[i]->fits; k++)
			s = ph_part(&w, &request->model[i]->fit[k], request->name[i], err);
	if (s == YG_OK) {
		struct yg_raw_note *n = yg_raw_note(w.raw, YG_NOTE_CONVENTION,
		                                    N_("score test of each term times {1} (Grambsch and Therneau 1994); a factor is one test"));
		yg_raw_note_text(n, names[w.transform]);
	}
	yg_arena_release(&w.arena);
	if (s == YG_OK)
		*out = w.raw;
	else
		yg_raw_free(w.raw);
	return s;
}

/* ---- compare ---- */

static int by_size(const void *a, const void *b)
{
	const struct an_cox_kept *const *x = a, *const *y = b;
	return ((*x)->rank > (*y)->rank) - ((*x)->rank < (*y)->rank);
}

/* A term is part of the larger model: itself, or a spline, polynomial or factor of it. */
static bool spanned(const char *term, const struct an_cox_kept *large)
{
	static const char *const function[] = { "rcs(", "ns(", "bs(", "poly(", "factor(", "per(" };
	size_t n = strlen(term);
	for (size_t i = 0; i < large->terms; i++) {
		const char *name = large->term[i].name;
		if (!strcmp(name, term))
			return true;
		for (size_t k = 0; k < sizeof function / sizeof function[0]; k++) {
			size_t f = strlen(function[k]);
			if (!strncmp(name, function[k], f) && !strncmp(name + f, term, n) &&
			    (name[f + n] == ',' || name[f + n] == ')'))
				return true;
		}
	}
	return false;
}

static enum yg_status check_pair(const struct an_cox_kept *small, const struct an_cox_kept *large, struct yg_err *err)
{
	if (small->data != large->data) {
		yg_fail(err, YG_REFUSED, "E-CMP-003", N_("%s and %s were not fitted to the same rows"),
		        small->formula, large->formula);
		yg_err_hint(err, N_("Rows missing in one model only are the usual reason: leave them out of both with where x is not missing."));
		return YG_REFUSED;
	}
	const char *special = large->special ? large->special : small->special;
	if (special && strcmp(special, N_("effects that change with time (tt)")) != 0)
		return yg_fail(err, YG_REFUSED, "E-SUR-087", N_("models with %s are not compared by likelihood here"), special);
	if (small->robust || large->robust || small->weighted || large->weighted)
		return yg_fail(err, YG_REFUSED, "E-CMP-004",
		               N_("with robust errors, clusters or weights there is no likelihood ratio test; the terms' Wald tests are in each result"));
	bool nested = small->rank < large->rank;
	for (size_t i = 0; nested && i < small->terms; i++)
		nested = spanned(small->term[i].name, large);
	if (!nested)
		return yg_fail(err, YG_REFUSED, "E-CMP-005", N_("%s is not part of %s: the models are not nested"),
		               small->formula, large->formula);
	if (!small->usable || !large->usable)
		return yg_fail(err, YG_REFUSED, "E-CMP-008", N_("%s did not converge, or has an estimate that runs to infinity"),
		               small->usable ? large->formula : small->formula);
	return YG_OK;
}

static void compare_row(struct yg_raw_table *t, const struct an_cox_kept *k, const char *name,
                        const struct an_cox_kept *before)
{
	struct yg_evidence e = { k->persons, k->events, 0 };
	int row = yg_raw_row(t, name, k->formula, 0);
	yg_raw_int(t, row, 0, (int64_t)k->rank, YG_NOBODY);
	yg_raw_num(t, row, 1, k->loglik, e);
	yg_raw_num(t, row, 2, k->aic, e);
	yg_raw_num(t, row, 3, k->bic, e);
	if (!before) {
		for (int c = 4; c <= 6; c++)
			yg_raw_text(t, row, c, "");
		return;
	}
	double chisq = fmax(0, 2 * (k->loglik - before->loglik)), df = (double)(k->rank - before->rank);
	yg_raw_num(t, row, 4, chisq, e);
	yg_raw_num(t, row, 5, df, YG_NOBODY);
	yg_raw_num(t, row, 6, yg_chisq_upper(chisq, df), e);
}

static const char *name_of(const struct yg_an_cox_compare *r, const struct an_cox_kept *k, struct yg_arena *arena)
{
	for (size_t i = 0; i < r->count; i++)
		for (size_t j = 0; j < r->model[i]->fits; j++)
			if (&r->model[i]->fit[j] == k)
				return r->model[i]->fits == 1 ? r->name[i] : yg_arena_printf(arena, "%s.%zu", r->name[i], j + 1);
	return "";
}

enum yg_status yg_an_cox_compare(const struct yg_an_cox_compare *r, struct yg_raw **out, struct yg_err *err)
{
	size_t total = 0, n = 0;
	for (size_t i = 0; i < r->count; i++)
		total += r->model[i]->fits;
	if (total < 2)
		return yg_fail(err, YG_REFUSED, "E-CMP-006", N_("compare needs at least two models"));
	const struct an_cox_kept **k = yg_xcalloc(total, sizeof *k);
	for (size_t i = 0; i < r->count; i++)
		for (size_t j = 0; j < r->model[i]->fits; j++)
			k[n++] = &r->model[i]->fit[j];
	qsort(k, n, sizeof *k, by_size);
	enum yg_status s = YG_OK;
	for (size_t i = 1; s == YG_OK && i < n; i++)
		s = check_pair(k[i - 1], k[i], err);
	if (s == YG_OK) {
		struct yg_arena arena;
		yg_arena_init(&arena);
		struct yg_raw *raw = yg_raw_new("compare", 1);
		yg_raw_title(raw, N_("Nested models compared"));
		yg_raw_counts(raw, k[0]->persons, k[0]->records, k[0]->event_rows, 0);
		struct yg_raw_table *t = an_compare_table(raw, false);
		for (size_t i = 0; i < n; i++)
			compare_row(t, k[i], name_of(r, k[i], &arena), i ? k[i - 1] : NULL);
		yg_raw_model(raw, k[n - 1]->events, (int64_t)k[n - 1]->rank);
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("BIC with the log of the number of events"));
		yg_arena_release(&arena);
		*out = raw;
	}
	yg_free(k);
	return s;
}
