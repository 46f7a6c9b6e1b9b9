/* tab: risks and their comparison, tests of association, strata pooled. */
#include <math.h>

#include "an_tab_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/stats/crosstab.h"

static void put(struct yg_raw_table *t, int row, int column, double v, struct yg_evidence e, const char *why)
{
	if (isnan(v))
		yg_raw_missing(t, row, column, why ? why : N_("not estimable"));
	else
		yg_raw_num(t, row, column, v, e);
}

static void put_interval(struct yg_raw_table *t, int row, const struct yg_interval *i, struct yg_evidence e,
                         const char *why)
{
	put(t, row, 0, i->estimate, e, why);
	put(t, row, 1, i->lower, e, why);
	put(t, row, 2, i->upper, e, why);
}

static struct yg_evidence of_table(const double n[4])
{
	return (struct yg_evidence){ (int64_t)(n[0] + n[1] + n[2] + n[3]), (int64_t)(n[0] + n[2]), 0 };
}

static struct yg_raw_table *interval_table(const struct tab *t, const char *key, const char *title)
{
	struct yg_raw_table *raw = yg_raw_table(t->raw, an_key(&t->f->arena, key, t->turn), title);

	yg_raw_column(raw, "estimate", N_("estimate"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(raw, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(raw, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	return raw;
}

static const struct {
	unsigned measure;
	const char *key, *name;
} measures[] = {
	{ YG_AN_MEASURE_OR, "or", N_("odds ratio") },
	{ YG_AN_MEASURE_RR, "rr", N_("risk ratio") },
	{ YG_AN_MEASURE_RD, "rd", N_("risk difference") },
};

static void risk_rows(const struct tab *t)
{
	struct an_frame *f = t->f;
	struct yg_raw_table *raw = yg_raw_table(t->raw, an_key(&f->arena, "risks", t->turn),
	                                        yg_phrase(&f->arena, N_("Risk of %s: %s"), t->v->name, t->row_label[t->event]));

	yg_raw_column(raw, "n", N_("persons"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(raw, "events", N_("events"), YG_ROLE_EVENTS, NULL);
	yg_raw_column(raw, "risk", N_("risk"), YG_ROLE_PROPORTION, NULL);
	yg_raw_column(raw, "lower", N_("lower"), YG_ROLE_PROPORTION, NULL);
	yg_raw_column(raw, "upper", N_("upper"), YG_ROLE_PROPORTION, NULL);
	for (size_t g = 0; g < t->known_groups; g++) {
		double events = tab_count(t, SIZE_MAX, t->event, g), n = 0;
		for (size_t l = 0; l < t->known_levels; l++)
			n += tab_count(t, SIZE_MAX, l, g);
		struct yg_evidence e = { (int64_t)events, (int64_t)events, (int64_t)n };
		struct yg_interval i = yg_proportion_ci(events, n, f->conf, YG_CI_WILSON);
		int row = yg_raw_row_data(raw, f->by.label[g], f->by.label[g], 0);
		yg_raw_int(raw, row, 0, (int64_t)n, an_persons((uint64_t)n));
		yg_raw_int(raw, row, 1, (int64_t)events, e);
		put(raw, row, 2, i.estimate, e, N_("no values"));
		put(raw, row, 3, i.lower, e, N_("no values"));
		put(raw, row, 4, i.upper, e, N_("no values"));
	}
}

static const char *versus(struct yg_arena *arena, unsigned measure, const char *group, const char *reference)
{
	return measure == YG_AN_MEASURE_OR   ? yg_phrase(arena, N_("odds ratio, %s vs %s"), group, reference)
	       : measure == YG_AN_MEASURE_RR ? yg_phrase(arena, N_("risk ratio, %s vs %s"), group, reference)
	                                     : yg_phrase(arena, N_("risk difference, %s vs %s"), group, reference);
}

static void measure_rows(const struct tab *t, struct yg_raw_table *raw, size_t stratum)
{
	struct an_frame *f = t->f;
	bool two = t->known_groups == 2;

	for (size_t m = 0; m < sizeof measures / sizeof *measures; m++) {
		if (!(t->r->measures & measures[m].measure))
			continue;
		for (size_t g = 0; g < t->known_groups; g++) {
			double n[4];
			struct yg_risks risks;
			if (g == f->by.reference)
				continue;
			tab_two_by_two(t, stratum, g, n);
			yg_risks(n, f->conf, &risks);
			const struct yg_interval *i = measures[m].measure == YG_AN_MEASURE_OR   ? &risks.or_
			                              : measures[m].measure == YG_AN_MEASURE_RR ? &risks.rr
			                                                                        : &risks.rd;
			const char *key = two ? measures[m].key : yg_arena_printf(&f->arena, "%s: %s", measures[m].key, f->by.label[g]);
			const char *label = versus(&f->arena, measures[m].measure, f->by.label[g], f->by.label[f->by.reference]);
			if (stratum != SIZE_MAX) {
				key = yg_arena_printf(&f->arena, "%s: %s", key, f->strata.label[stratum]);
				label = yg_phrase(&f->arena, "%s: %s", f->strata.label[stratum], label);
			}
			put_interval(raw, yg_raw_row(raw, key, label, stratum != SIZE_MAX), i, of_table(n), risks.problem);
		}
	}
}

enum yg_status tab_risks(const struct tab *t, struct yg_err *err)
{
	if (t->known_groups < 2)
		return yg_fail(err, YG_REFUSED, "E-DESC-021", N_("measures compare groups, and there are not two with values"));
	risk_rows(t);
	struct yg_raw_table *raw = interval_table(t, "measures", N_("Comparison"));
	measure_rows(t, raw, SIZE_MAX);
	for (size_t s = 0; t->strata > 1 && s < t->strata; s++)
		measure_rows(t, raw, s);
	struct yg_raw_note *n =
		yg_raw_note(t->raw, YG_NOTE_CONVENTION,
	                N_("{1} intervals: risk Wilson; odds ratio Woolf; risk ratio Katz (log); risk difference Wald"));
	yg_raw_note_num(n, YG_ROLE_PROPORTION, t->f->conf, YG_NOBODY);
	n = yg_raw_note(t->raw, YG_NOTE_CONVENTION, N_("event {1}, reference group {2}"));
	yg_raw_note_data(n, t->row_label[t->event]);
	yg_raw_note_data(n, t->f->by.label[t->f->by.reference]);
	return YG_OK;
}

/* ---- tests ---- */

static void put_test(struct yg_raw_table *raw, const char *key, const char *label, const struct yg_test *test, uint64_t n)
{
	int row = yg_raw_row(raw, key, label, 0);
	struct yg_evidence e = an_persons(n);

	if (!isnan(test->statistic))
		yg_raw_num(raw, row, 0, test->statistic, e);
	if (!isnan(test->df))
		yg_raw_num(raw, row, 1, test->df, YG_NOBODY);
	put(raw, row, 2, test->p, e, test->problem);
}

/* The known part of the table over all strata, groups as columns. */
static double *known_table(const struct tab *t, uint64_t *total)
{
	double *x = yg_arena_alloc(&t->f->arena, t->known_levels * t->known_groups + 1, sizeof *x), all = 0;

	for (size_t l = 0; l < t->known_levels; l++)
		for (size_t g = 0; g < t->known_groups; g++)
			all += x[l * t->known_groups + g] = tab_count(t, SIZE_MAX, l, g);
	*total = (uint64_t)all;
	return x;
}

static enum yg_status fisher_rows(const struct tab *t, struct yg_raw_table *raw, const double *x, uint64_t total,
                                  struct yg_err *err)
{
	size_t cells = t->known_levels * t->known_groups;
	int64_t *n = yg_arena_alloc(&t->f->arena, cells + 1, sizeof *n);
	struct yg_test test = { .statistic = NAN, .df = NAN, .df2 = NAN, .p = NAN };

	for (size_t i = 0; i < cells; i++)
		n[i] = (int64_t)x[i];
	YG_TRY(yg_fisher_rxc(n, t->known_levels, t->known_groups, t->task, &test.p, err));
	test.exact = true;
	put_test(raw, "fisher", N_("Fisher's exact test, two-sided"), &test, total);
	if (t->known_levels != 2 || t->known_groups != 2)
		return YG_OK;
	struct yg_fisher f;
	double two[4];
	size_t event = t->event != SIZE_MAX ? t->event : 1, ref = t->f->by.reference < 2 ? t->f->by.reference : 0;
	for (size_t k = 0; k < 2; k++) {
		size_t g = k ? ref : 1 - ref;
		two[2 * k] = x[event * 2 + g];
		two[2 * k + 1] = x[(1 - event) * 2 + g];
	}
	yg_fisher_2x2((const int64_t[]){ (int64_t)two[0], (int64_t)two[1], (int64_t)two[2], (int64_t)two[3] }, YG_TWO_SIDED,
	              t->f->conf, &f);
	struct yg_raw_table *exact = interval_table(t, "exact", N_("Exact odds ratio"));
	struct yg_interval i = { f.odds_ratio, f.lower, f.upper };
	int row = yg_raw_row(exact, "or_conditional", N_("odds ratio, conditional maximum likelihood"), 0);
	put_interval(exact, row, &i, of_table(two), f.problem);
	return YG_OK;
}

static enum yg_status mcnemar_rows(const struct tab *t, struct yg_raw_table *raw, const double *x, uint64_t total,
                                   struct yg_err *err)
{
	struct yg_mcnemar m;

	if (t->known_levels != 2 || t->known_groups != 2) {
		yg_fail(err, YG_REFUSED, "E-DESC-022",
		        N_("McNemar's test wants two answers of the same persons: two levels in rows and in columns"));
		return YG_REFUSED;
	}
	/* the second level is "yes" in both */
	yg_mcnemar((const int64_t[]){ (int64_t)x[3], (int64_t)x[2], (int64_t)x[1], (int64_t)x[0] }, t->f->conf, &m);
	put_test(raw, "mcnemar", N_("McNemar"), &m.plain, total);
	put_test(raw, "mcnemar_corrected", N_("McNemar, continuity-corrected"), &m.corrected, total);
	struct yg_test exact = { .statistic = NAN, .df = NAN, .df2 = NAN, .p = m.exact_p, .problem = m.plain.problem };
	put_test(raw, "mcnemar_exact", N_("McNemar, exact"), &exact, total);
	return YG_OK;
}

static void trend_row(const struct tab *t, struct yg_raw_table *raw, uint64_t total)
{
	size_t k = t->known_groups;
	double *events = yg_arena_alloc(&t->f->arena, 3 * k + 1, sizeof *events), *all = events + k, *score = all + k;
	struct yg_test test;

	for (size_t g = 0; g < k; g++) {
		events[g] = tab_count(t, SIZE_MAX, t->event, g);
		for (size_t l = 0; l < t->known_levels; l++)
			all[g] += tab_count(t, SIZE_MAX, l, g);
		score[g] = (double)g + 1;
	}
	yg_trend_test(events, all, score, k, &test);
	put_test(raw, "trend", N_("Cochran-Armitage trend"), &test, total);
	yg_raw_note(t->raw, YG_NOTE_CONVENTION, N_("trend scores 1, 2, 3 ... in the order of the groups"));
}

enum yg_status tab_tests(const struct tab *t, struct yg_err *err)
{
	uint64_t total;
	double *x = known_table(t, &total);
	bool two = t->known_levels == 2 && t->known_groups == 2;
	struct yg_raw_table *raw = yg_raw_table(t->raw, an_key(&t->f->arena, "tests", t->turn), N_("Tests"));

	yg_raw_column(raw, "statistic", N_("statistic"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(raw, "df", N_("df"), YG_ROLE_DF, NULL);
	yg_raw_column(raw, "p", "p", YG_ROLE_P, NULL);
	if (t->r->tests & YG_AN_TEST_CHISQ) {
		struct yg_crosstab c;
		yg_crosstab(x, t->known_levels, t->known_groups, false, &c);
		put_test(raw, "chisq", N_("chi-squared"), &c.chisq, total);
		bool few = !c.chisq.problem && c.below_five > 0;
		if (two) {
			yg_crosstab(x, 2, 2, true, &c);
			put_test(raw, "chisq_corrected", N_("chi-squared, continuity-corrected"), &c.chisq, total);
		}
		if (few) {
			struct yg_raw_note *n =
				yg_raw_note(t->raw, YG_NOTE_WARNING, N_("{1} of {2} cells expect fewer than 5: see test=fisher"));
			yg_raw_note_int(n, YG_ROLE_INTEGER, (int64_t)c.below_five, YG_NOBODY);
			yg_raw_note_int(n, YG_ROLE_INTEGER, (int64_t)c.cells, YG_NOBODY);
		}
	}
	if (t->r->tests & YG_AN_TEST_FISHER)
		YG_TRY(fisher_rows(t, raw, x, total, err));
	if (t->r->tests & YG_AN_TEST_TREND)
		trend_row(t, raw, total);
	if (t->r->tests & YG_AN_TEST_MCNEMAR)
		YG_TRY(mcnemar_rows(t, raw, x, total, err));
	if (t->strata > 1)
		yg_raw_note(t->raw, YG_NOTE_INFO, N_("chi-squared, Fisher, trend and McNemar are of all strata together"));
	return YG_OK;
}

/* ---- strata pooled ---- */

enum yg_status tab_stratified(const struct tab *t, struct yg_err *err)
{
	struct an_frame *f = t->f;
	struct yg_mantel_haenszel mh;
	double all[4] = { 0, 0, 0, 0 };

	if (t->known_groups != 2) {
		yg_fail(err, YG_REFUSED, "E-DESC-023", N_("Mantel and Haenszel's method compares two groups; there are %zu"),
		        t->known_groups);
		yg_err_hint(err, N_("Leave two groups with where"));
		return YG_REFUSED;
	}
	double *tables = yg_arena_alloc(&f->arena, 4 * t->strata + 1, sizeof *tables);
	for (size_t s = 0; s < t->strata; s++) {
		tab_two_by_two(t, s, f->by.reference == 0 ? 1 : 0, tables + 4 * s);
		for (size_t k = 0; k < 4; k++)
			all[k] += tables[4 * s + k];
	}
	yg_mantel_haenszel(tables, t->strata, f->conf, &mh);
	struct yg_evidence e = of_table(all);
	struct yg_raw_table *raw = interval_table(t, "stratified", N_("Mantel-Haenszel, pooled over strata"));
	unsigned wanted = t->r->measures ? t->r->measures : (unsigned)YG_AN_MEASURE_OR;
	const struct yg_interval *pooled[3] = { &mh.or_, &mh.rr, &mh.rd };
	for (size_t m = 0; m < 3; m++)
		if (wanted & measures[m].measure)
			put_interval(raw, yg_raw_row(raw, yg_arena_printf(&f->arena, "mh_%s", measures[m].key), measures[m].name, 0), pooled[m],
			             e, N_("no stratum tells"));
	struct yg_raw_table *tests = yg_raw_table(t->raw, an_key(&f->arena, "stratified_tests", t->turn), N_("Tests over strata"));
	yg_raw_column(tests, "statistic", N_("statistic"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(tests, "df", N_("df"), YG_ROLE_DF, NULL);
	yg_raw_column(tests, "p", "p", YG_ROLE_P, NULL);
	uint64_t n = (uint64_t)e.persons;
	put_test(tests, "mh", N_("Cochran-Mantel-Haenszel"), &mh.test, n);
	put_test(tests, "mh_corrected", N_("Cochran-Mantel-Haenszel, continuity-corrected"), &mh.corrected, n);
	put_test(tests, "breslow_day", N_("same odds ratio in all strata: Breslow-Day"), &mh.breslow_day, n);
	put_test(tests, "tarone", N_("the same with Tarone's correction"), &mh.tarone, n);
	struct yg_raw_note *note =
		yg_raw_note(t->raw, YG_NOTE_CONVENTION,
	                N_("{1} of {2} strata tell of the odds ratio; intervals Robins-Breslow-Greenland, Greenland-Robins"));
	yg_raw_note_int(note, YG_ROLE_INTEGER, (int64_t)mh.strata, YG_NOBODY);
	yg_raw_note_int(note, YG_ROLE_INTEGER, (int64_t)t->strata, YG_NOBODY);
	return YG_OK;
}
