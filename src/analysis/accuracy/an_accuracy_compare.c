/* Markers and tests against each other: within roc and diag, and for compare. */
#include <math.h>
#include <string.h>

#include "an_accuracy_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/num/dist.h"
#include "yogo/stats/describe.h"

struct acc_kept_fit *acc_keep(struct yg_accuracy *a, const struct acc_part *p)
{
	const struct acc_rows *r = p->whole;
	YG_GROW(a->fit, a->fits, a->cap);
	struct acc_kept_fit *f = &a->fit[a->fits++];
	size_t k = r->markers;
	*f = (struct acc_kept_fit){ .group = p->label ? yg_arena_strdup(&a->arena, p->label) : NULL, .k = k,
	                             .size = p->cluster ? p->clusters : p->count[0] + p->count[1] };
	f->name = yg_arena_alloc(&a->arena, k + 1, sizeof *f->name);
	for (size_t j = 0; j < k; j++)
		f->name[j] = yg_arena_strdup(&a->arena, r->name[j]);
	f->evidence = acc_evidence(p);
	a->clustered = a->clustered || p->cluster;
	if (!a->outcome)
		a->outcome = yg_arena_strdup(&a->arena, r->outcome);
	if (a->of_roc) {
		f->area = yg_arena_alloc(&a->arena, k + 1, sizeof(double));
		f->covariance = yg_arena_alloc(&a->arena, k * k + 1, sizeof(double));
	} else {
		f->pair = yg_arena_alloc(&a->arena, 2 * k * k + 1, sizeof *f->pair);
		f->least = yg_arena_alloc(&a->arena, k * k + 1, sizeof *f->least);
	}
	return f;
}

void yg_accuracy_free(struct yg_accuracy *a)
{
	if (!a)
		return;
	yg_arena_release(&a->arena);
	yg_free(a->fit);
	yg_free(a);
}

static const char *less(struct yg_arena *arena, const char *first, const char *second)
{
	return yg_phrase(arena, N_("%s less %s"), first, second);
}

/* Percentiles of the replicates' differences, and their standard deviation. */
static void from_boot(const struct acc_boot *b, size_t k, size_t first, size_t second, double conf, struct yg_roc_difference *d,
                      double limit[2])
{
	double *x = yg_xalloc(b->times + 1, sizeof *x), p[2] = { (1 - conf) / 2, (1 + conf) / 2 };
	size_t m = 0;
	for (size_t t = 0; t < b->times; t++) {
		const double *row = b->out + t * k * b->width;
		double v = row[first * b->width + b->first] - row[second * b->width + b->first];
		if (!isnan(v))
			x[m++] = v;
	}
	struct yg_describe s;
	limit[0] = limit[1] = NAN;
	d->se = d->statistic = d->p = NAN;
	if (m > 1) {
		yg_describe(x, NULL, m, conf, &s);
		yg_quantiles(x, m, 7, p, 2, limit);
		d->se = s.sd;
		d->statistic = s.sd > 0 ? d->difference / s.sd : NAN;
		d->p = s.sd > 0 ? yg_normal_two_sided(d->statistic) : NAN;
	}
	yg_free(x);
}

void acc_differences(struct yg_raw *raw, struct yg_arena *arena, const char *key, const char *title, const struct acc_kept_fit *f,
                     double conf, const struct acc_boot *boot)
{
	struct yg_raw_table *t = yg_raw_table(raw, key, title);
	double z = yg_normal_quantile(0.5 + conf / 2);
	yg_raw_column(t, "estimate", N_("difference"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	yg_raw_column(t, "statistic", "z", YG_ROLE_STATISTIC, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	for (size_t a = 0; a < f->k; a++)
		for (size_t b = a + 1; b < f->k; b++) {
			struct yg_roc_difference d;
			yg_roc_paired(f->area, f->covariance, f->k, a, b, &d);
			double limit[2] = { fmax(-1, d.difference - z * d.se), fmin(1, d.difference + z * d.se) };
			if (boot)
				from_boot(boot, f->k, a, b, conf, &d, limit);
			const char *why = d.se == 0 ? N_("they order everybody alike") : NULL;
			int row = yg_raw_row(t, yg_arena_printf(arena, "%s - %s", f->name[a], f->name[b]), less(arena, f->name[a], f->name[b]), 0);
			acc_put(t, row, 0, d.difference, f->evidence, NULL);
			acc_put(t, row, 1, d.se, f->evidence, NULL);
			acc_put(t, row, 2, isnan(d.se) ? NAN : limit[0], f->evidence, NULL);
			acc_put(t, row, 3, isnan(d.se) ? NAN : limit[1], f->evidence, NULL);
			acc_put(t, row, 4, d.statistic, f->evidence, why);
			acc_put(t, row, 5, d.p, f->evidence, why);
		}
}

void acc_equal(struct yg_raw *raw, const char *key, const char *title, const struct acc_kept_fit *f)
{
	double df, chisq = yg_roc_equal(f->area, f->covariance, f->k, &df);
	struct yg_raw_table *t = yg_raw_table(raw, key, title);
	yg_raw_column(t, "statistic", N_("chi-squared"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(t, "df", N_("df"), YG_ROLE_DF, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	int row = yg_raw_row(t, "equal", N_("all areas are equal"), 0);
	acc_put(t, row, 0, chisq, f->evidence, NULL);
	acc_put(t, row, 1, df, f->evidence, NULL);
	acc_put(t, row, 2, isnan(chisq) ? NAN : yg_chisq_upper(chisq, df), f->evidence, NULL);
}

void acc_test_differences(struct yg_raw *raw, struct yg_arena *arena, const char *key, const char *title, const struct acc_kept_fit *f)
{
	struct yg_raw_table *t = yg_raw_table(raw, key, title);
	size_t at = 0;
	bool exact = false;
	for (size_t i = 0; i < 2 * f->k * (f->k - 1); i++)
		exact = exact || !isnan(f->pair[i].exact_p);
	yg_raw_column(t, "first", N_("first"), YG_ROLE_PROPORTION, NULL);
	yg_raw_column(t, "second", N_("second"), YG_ROLE_PROPORTION, NULL);
	yg_raw_column(t, "estimate", N_("difference"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	yg_raw_column(t, "statistic", N_("chi-squared"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	if (exact)
		yg_raw_column(t, "exact_p", N_("exact p"), YG_ROLE_P, NULL);
	for (size_t a = 0; a < f->k; a++)
		for (size_t b = a + 1; b < f->k; b++, at++) {
			const char *pair = yg_arena_printf(arena, "%s - %s", f->name[a], f->name[b]);
			/* A difference and its test tell how often the tests disagree. */
			struct yg_evidence e = { f->least[at], f->least[at], 0 };
			yg_raw_row(t, pair, less(arena, f->name[a], f->name[b]), 0);
			for (int m = 0; m < 4; m++) {
				const struct yg_diag_difference *d = &f->pair[4 * at + (size_t)m];
				const char *key_of = acc_measure_key((enum yg_diag_kind)(YG_DIAG_SENSITIVITY + m));
				int row = yg_raw_row(t, yg_arena_printf(arena, "%s: %s", pair, key_of),
				                     acc_measure_label((enum yg_diag_kind)(YG_DIAG_SENSITIVITY + m)), 1);
				acc_put(t, row, 0, d->first, e, N_("nobody"));
				acc_put(t, row, 1, d->second, e, N_("nobody"));
				acc_put(t, row, 2, d->difference, e, NULL);
				acc_put(t, row, 3, d->lower, e, NULL);
				acc_put(t, row, 4, d->upper, e, NULL);
				acc_put(t, row, 5, d->statistic, e, d->problem);
				acc_put(t, row, 6, d->p, e, d->problem);
				if (exact && m < 2)
					acc_put(t, row, 7, d->exact_p, e, d->problem);
			}
		}
}

void acc_compare_note(struct yg_raw *raw, bool of_roc, bool clustered)
{
	if (of_roc)
		yg_raw_note(raw, YG_NOTE_CONVENTION, clustered ? N_("areas of the same persons compared with their covariance over clusters (Obuchowski 1997)") :
		                                               N_("areas of the same persons compared with their covariance (DeLong and others 1988)"));
	else if (clustered)
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("tests of the same persons compared by Wald's test, its variance over clusters"));
	else
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("tests of the same persons compared: sensitivity and specificity by McNemar's test, predictive values by the weighted generalised score test (Kosinski 2013); limits by Wald"));
}

enum yg_status yg_an_accuracy_compare(const struct yg_accuracy *a, const char *name, const char *test, struct yg_raw **out,
                                      struct yg_err *err)
{
	const char *wanted = a->of_roc ? "delong" : "mcnemar";
	if (!test || strcmp(test, wanted)) {
		yg_fail(err, YG_REFUSED, "E-ACC-013", a->of_roc ? N_("%s has curves: their areas are compared with test=delong") :
		                                                  N_("%s has tests: they are compared with test=mcnemar"), name);
		yg_err_hint(err, N_("Write compare %s with test=%s"), name, wanted);
		return YG_REFUSED;
	}
	if (a->binormal)
		return yg_fail(err, YG_REFUSED, "E-ACC-028", N_("method=binormal fits each marker by itself: leave paired out, or compare the empirical curves"));
	for (size_t i = 0; i < a->fits; i++)
		if (a->fit[i].k < 2) {
			yg_fail(err, YG_REFUSED, "E-ACC-014", N_("%s has one marker: there is nothing to compare it with"), name);
			yg_err_hint(err, N_("Name the markers in one statement, separated by commas: they are then judged on the same rows."));
			return YG_REFUSED;
		}
	struct yg_arena arena;
	struct yg_raw *raw = yg_raw_new("compare", 1);
	yg_arena_init(&arena);
	an_title(raw, a->of_roc ? N_("Areas under the curve compared: %s") : N_("Tests compared: %s"), name);
	for (size_t i = 0; i < a->fits; i++) {
		const struct acc_kept_fit *f = &a->fit[i];
		yg_raw_model(raw, f->evidence.persons, (int64_t)f->k);
		if (!a->of_roc) {
			acc_test_differences(raw, &arena, an_key(&arena, "compare", i), acc_title(&arena, N_("Differences of tests"), f->group), f);
			continue;
		}
		acc_differences(raw, &arena, an_key(&arena, "differences", i), acc_title(&arena, N_("Differences of areas"), f->group), f, a->conf, NULL);
		if (f->k > 2)
			acc_equal(raw, an_key(&arena, "equal", i), acc_title(&arena, N_("Test of all areas together"), f->group), f);
	}
	acc_compare_note(raw, a->of_roc, a->clustered);
	yg_arena_release(&arena);
	*out = raw;
	return YG_OK;
}
