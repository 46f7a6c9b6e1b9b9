/* test: pairs of groups, and the tables of what was found. */
#include <math.h>
#include <string.h>

#include "an_test_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/stats/adjust.h"
#include "yogo/stats/describe.h"

static void put(struct yg_raw_table *t, int row, int column, double v, struct yg_evidence e, const char *why)
{
	if (isnan(v))
		yg_raw_missing(t, row, column, why ? why : N_("not estimable"));
	else
		yg_raw_num(t, row, column, v, e);
}

/* With several groupings one after another, each table says which it is of. */
static const char *titled(struct test_work *w, const char *title)
{
	const char *by = w->f->by.title;

	return by && an_crossings(w->r->in.by) > 1 ? yg_phrase(&w->arena, N_("%s by %s"), yg_phrase_message(&w->arena, title), by) : title;
}

/* ---- groups ---- */

void test_groups_table(struct test_work *w, const struct test_groups *g, struct yg_raw_table **table)
{
	static const double quarter[3] = { 0.25, 0.5, 0.75 };
	struct yg_raw_table *t = *table;

	if (!t) {
		t = *table = yg_raw_table(w->raw, an_key(&w->arena, "groups", w->turn), titled(w, N_("Values")));
		yg_raw_column(t, "n", N_("persons"), YG_ROLE_PERSONS, NULL);
		yg_raw_column(t, "mean", N_("mean"), YG_ROLE_MEAN, NULL);
		yg_raw_column(t, "sd", N_("SD"), YG_ROLE_SD, NULL);
		yg_raw_column(t, "q1", N_("Q1"), YG_ROLE_QUANTILE, NULL);
		yg_raw_column(t, "median", N_("median"), YG_ROLE_QUANTILE, NULL);
		yg_raw_column(t, "q3", N_("Q3"), YG_ROLE_QUANTILE, NULL);
	}
	for (size_t k = 0; k < g->k; k++) {
		size_t n = g->start[k + 1] - g->start[k];
		double *copy = yg_data_alloc(n + 1, sizeof *copy), q[3] = { NAN, NAN, NAN };
		struct yg_evidence e = an_persons(n);
		struct yg_describe d;
		const char *label = g->label[k] ? yg_phrase(&w->arena, "%s: %s", g->v->name, g->label[k]) : yg_phrase_data(&w->arena, g->v->name);
		const char *key = g->label[k] ? yg_arena_printf(&w->arena, "%s: %s", g->v->name, g->label[k]) : g->v->name;
		int row = yg_raw_row(t, key, label, 0);
		yg_describe(g->x + g->start[k], NULL, n, w->conf, &d);
		if (copy && n) {
			memcpy(copy, g->x + g->start[k], n * sizeof *copy);
			yg_quantiles(copy, n, 7, quarter, 3, q);
		}
		yg_data_free(copy);
		/* who is missing must not follow from it either */
		yg_raw_int(t, row, 0, (int64_t)n, g->whole ? an_part(n, g->whole[k]) : e);
		put(t, row, 1, n ? d.mean : NAN, e, N_("no values"));
		put(t, row, 2, n > 1 ? d.sd : NAN, e, N_("one value"));
		for (int i = 0; i < 3; i++)
			put(t, row, 3 + i, q[i], e, N_("no values"));
	}
}

void test_counts_table(struct test_work *w, const struct test_counts *c)
{
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, yg_arena_printf(&w->arena, "counts: %s", c->v->name), w->turn),
	                                      yg_phrase(&w->arena, N_("%s: persons"), c->v->name));

	for (size_t g = 0; g < c->groups; g++) {
		if (c->label[g])
			yg_raw_column_data(t, c->label[g], c->label[g], YG_ROLE_PERSONS, NULL);
		else
			yg_raw_column(t, "persons", N_("persons"), YG_ROLE_PERSONS, NULL);
		yg_raw_column(t, yg_arena_printf(&w->arena, "%s share", c->label[g] ? c->label[g] : "persons"), "%", YG_ROLE_PROPORTION, NULL);
	}
	for (size_t l = 0; l < c->levels; l++) {
		const char *name = c->v->kind == AN_LEVELS ? c->v->level[l] : l ? N_("yes") : N_("no");
		const char *key = yg_arena_printf(&w->arena, "%s: %s", c->v->name, name);
		int row = c->v->kind == AN_LEVELS ? yg_raw_row_data(t, key, name, 0) : yg_raw_row(t, key, name, 0);
		for (size_t g = 0; g < c->groups; g++) {
			double all = 0, n = c->count[l * c->groups + g];
			for (size_t k = 0; k < c->levels; k++)
				all += c->count[k * c->groups + g];
			struct yg_evidence e = an_part((uint64_t)n, (uint64_t)all);
			yg_raw_int(t, row, (int)(2 * g), (int64_t)n, e);
			put(t, row, (int)(2 * g) + 1, all > 0 ? n / all : NAN, e, N_("no values"));
		}
	}
}

/* ---- pairs of groups ---- */

struct pair_row {
	double value[4], p, tukey[3];           /* difference, lower, upper, -; p; Tukey's p and limits */
	const char *why;
	struct yg_evidence e;
};

static enum yg_status one_pair(struct test_work *w, enum test_method m, const struct test_groups *g, size_t a, size_t b,
                               const double *summary, double *range, struct pair_row *out, struct yg_err *err)
{
	const double *x = g->x + g->start[a], *y = g->x + g->start[b];
	size_t n = g->start[a + 1] - g->start[a], k = g->start[b + 1] - g->start[b];

	*out = (struct pair_row){ .e = an_persons(n < k ? n : k) };
	if (m == TM_ANOVA || m == TM_T) {
		struct yg_pair_means q;
		yg_pair_means(summary, summary + g->k, summary + 2 * g->k, g->k, a, b, w->conf, range, &q);
		*out = (struct pair_row){ { q.difference, q.lower, q.upper, 0 }, q.p, { q.tukey_p, q.tukey_lower, q.tukey_upper }, q.problem, out->e };
	} else if (m == TM_WELCH) {
		struct yg_t_test t;
		yg_t_test(x, n, y, k, false, YG_TWO_SIDED, w->conf, &t);
		*out = (struct pair_row){ { t.estimate, t.lower, t.upper, 0 }, t.test.p, { NAN, NAN, NAN }, t.test.problem, out->e };
	} else {
		struct yg_test t;
		struct yg_location l;
		YG_TRY(yg_rank_sum(x, n, y, k, YG_EXACT_TIES, true, YG_TWO_SIDED, &t, err));
		YG_TRY(yg_location_shift(x, n, y, k, w->conf, w->task, &l, err));
		*out = (struct pair_row){ { l.estimate, l.lower, l.upper, 0 }, t.p, { NAN, NAN, NAN }, t.problem, out->e };
	}
	return YG_OK;
}

/* n, mean and squares about it of each group: 3 k numbers. */
static double *summaries(struct test_work *w, const struct test_groups *g)
{
	double *s = yg_arena_alloc(&w->arena, 3 * g->k + 1, sizeof *s);

	for (size_t k = 0; k < g->k; k++) {
		struct yg_describe d;
		yg_describe(g->x + g->start[k], NULL, g->start[k + 1] - g->start[k], w->conf, &d);
		s[k] = (double)d.n;
		s[g->k + k] = d.n ? d.mean : 0;
		s[2 * g->k + k] = d.n > 1 ? d.variance * (double)(d.n - 1) : 0;
	}
	return s;
}

static void pair_columns(struct yg_raw_table *t, bool adjusted)
{
	yg_raw_column(t, "difference", N_("difference"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	yg_raw_column(t, "p", "p", YG_ROLE_P, NULL);
	if (adjusted)
		yg_raw_column(t, "p_adjusted", N_("adjusted p"), YG_ROLE_P, NULL);
}

bool test_has_pairs(enum test_method m)
{
	return m == TM_ANOVA || m == TM_T || m == TM_WELCH || m == TM_WILCOXON || m == TM_KRUSKAL;
}

enum yg_status test_pairs(struct test_work *w, enum test_method m, const struct test_groups *g, struct yg_err *err)
{
	size_t count = g->k * (g->k - 1) / 2, at = 0;
	bool tukey = w->r->padjust && !strcmp(w->r->padjust, "tukey");
	enum yg_padjust adjust = YG_PADJUST_HOLM;
	double range = NAN;

	if (tukey && m != TM_ANOVA) {
		yg_fail(err, YG_REFUSED, "E-TEST-008", N_("padjust=tukey goes with method=anova, whose spread is that of all groups together"));
		yg_err_hint(err, N_("Others: padjust=holm"));
		return YG_REFUSED;
	}
	if (g->k > 100)
		return yg_fail(err, YG_ELIMIT, "E-TEST-009", N_("pairwise compares at most 100 groups with each other; there are %zu"), g->k);
	if (w->r->padjust && !tukey && !yg_padjust_parse(w->r->padjust, &adjust))
		return yg_fail(err, YG_ESYNTAX, "E-TEST-010", N_("there is no adjustment %s of p values"), w->r->padjust);
	if (g->k < 2)
		return YG_OK;
	struct pair_row *row = yg_arena_alloc(&w->arena, count, sizeof *row);
	double *p = yg_arena_alloc(&w->arena, 2 * count, sizeof *p), *summary = summaries(w, g);
	for (size_t b = 0; b < g->k; b++)
		for (size_t a = b + 1; a < g->k; a++, at++) {
			YG_TRY(one_pair(w, m, g, a, b, summary, &range, &row[at], err));
			p[at] = row[at].p;
		}
	yg_padjust(adjust, p, count, p + count);
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, yg_arena_printf(&w->arena, "pairs: %s: %s", g->v->name, test_word(m)), w->turn),
	                                      yg_phrase(&w->arena, N_("Pairs: %s, method %s"), g->v->name, test_word(m)));
	pair_columns(t, tukey || adjust != YG_PADJUST_NONE);
	at = 0;
	for (size_t b = 0; b < g->k; b++)
		for (size_t a = b + 1; a < g->k; a++, at++) {
			const struct pair_row *r = &row[at];
			int line = yg_raw_row(t, yg_arena_printf(&w->arena, "%s - %s", g->label[a], g->label[b]),
			                      yg_phrase(&w->arena, N_("%s vs %s"), g->label[a], g->label[b]), 0);
			put(t, line, 0, r->value[0], r->e, r->why);
			put(t, line, 1, tukey ? r->tukey[1] : r->value[1], r->e, r->why);
			put(t, line, 2, tukey ? r->tukey[2] : r->value[2], r->e, r->why);
			put(t, line, 3, r->p, r->e, r->why);
			if (tukey || adjust != YG_PADJUST_NONE)
				put(t, line, 4, tukey ? r->tukey[0] : p[count + at], r->e, r->why);
		}
	struct yg_raw_note *note =
		tukey ? yg_raw_note(w->raw, YG_NOTE_CONVENTION,
	                            N_("pairs: adjusted p and {1} intervals together by Tukey and Kramer's studentised range"))
		      : yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("pairs: {1} intervals each by itself; p adjusted: {2}"));
	yg_raw_note_num(note, YG_ROLE_PROPORTION, w->conf, YG_NOBODY);
	if (!tukey)
		yg_raw_note_text(note, adjust == YG_PADJUST_NONE ? N_("none") : yg_padjust_name(adjust));
	return YG_OK;
}

/* ---- what was found ---- */

static enum yg_status tests_table(struct test_work *w, struct yg_err *err)
{
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "tests", w->turn), titled(w, N_("Tests")));
	enum yg_padjust adjust = YG_PADJUST_NONE;
	bool df = false, df2 = false, statistic = false;
	double *p = yg_arena_alloc(&w->arena, w->rows + 1, sizeof *p);

	if (!w->r->pairwise && w->r->padjust && !yg_padjust_parse(w->r->padjust, &adjust)) {
		yg_fail(err, YG_ESYNTAX, "E-TEST-010", N_("there is no adjustment %s of p values"), w->r->padjust);
		yg_err_hint(err, N_("tukey goes with method=anova, pairwise"));
		return YG_ESYNTAX;
	}
	for (size_t i = 0; i < w->rows; i++) {
		statistic = statistic || !isnan(w->row[i].test.statistic);
		df = df || !isnan(w->row[i].test.df);
		df2 = df2 || !isnan(w->row[i].test.df2);
		p[i] = w->row[i].test.p;
	}
	yg_padjust(adjust, p, w->rows, p);
	int name = yg_raw_column(t, "test", N_("test"), YG_ROLE_LABEL, NULL);
	int n = yg_raw_column(t, "n", N_("n"), YG_ROLE_PERSONS, NULL);
	int c_statistic = statistic ? yg_raw_column(t, "statistic", N_("statistic"), YG_ROLE_STATISTIC, NULL) : -1;
	int c_df = df ? yg_raw_column(t, "df", N_("df"), YG_ROLE_DF, NULL) : -1;
	int c_df2 = df2 ? yg_raw_column(t, "df2", N_("df 2"), YG_ROLE_DF, NULL) : -1;
	int c_p = yg_raw_column(t, "p", "p", YG_ROLE_P, NULL);
	int c_adjusted = adjust != YG_PADJUST_NONE ? yg_raw_column(t, "p_adjusted", N_("adjusted p"), YG_ROLE_P, NULL) : -1;
	for (size_t i = 0; i < w->rows; i++) {
		const struct test_row *r = &w->row[i];
		int row = yg_raw_row_data(t, r->key, r->label, 0);
		yg_raw_text(t, row, name, r->name);
		yg_raw_int(t, row, n, (int64_t)r->n, an_part(r->n, r->n < w->f->set->persons ? w->f->set->persons : r->n));
		if (!isnan(r->test.statistic))
			yg_raw_num(t, row, c_statistic, r->test.statistic, r->e);
		if (!isnan(r->test.df))
			yg_raw_num(t, row, c_df, r->test.df, r->e);
		if (!isnan(r->test.df2))
			yg_raw_num(t, row, c_df2, r->test.df2, r->e);
		put(t, row, c_p, r->test.p, r->e, r->test.problem);
		if (c_adjusted >= 0)
			put(t, row, c_adjusted, p[i], r->e, r->test.problem);
	}
	if (adjust != YG_PADJUST_NONE) {
		struct yg_raw_note *note = yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("p values of {1} tests adjusted together: {2}"));
		yg_raw_note_int(note, YG_ROLE_INTEGER, (int64_t)w->rows, YG_NOBODY);
		yg_raw_note_text(note, yg_padjust_name(adjust));
	}
	return YG_OK;
}

static void effects_table(struct test_work *w)
{
	struct yg_raw_table *t;

	if (!w->effects)
		return;
	t = yg_raw_table(w->raw, an_key(&w->arena, "effects", w->turn), titled(w, N_("Effects")));
	yg_raw_column(t, "estimate", N_("estimate"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	for (size_t i = 0; i < w->effects; i++) {
		const struct effect_row *e = &w->effect[i];
		int row = yg_raw_row(t, e->key, e->label, 0);
		put(t, row, 0, e->value[0], e->e, e->why);
		for (int k = 1; k < 3; k++)
			if (e->limits && isinf(e->value[k]) && w->r->side == YG_TWO_SIDED)
				yg_raw_missing(t, row, k, N_("too few values for this level"));
			else if (e->limits)
				put(t, row, k, e->value[k], e->e, e->why);
	}
}

static void convention(struct test_work *w, const char *message)
{
	yg_raw_note(w->raw, YG_NOTE_CONVENTION, message);
}

static void notes(struct test_work *w)
{
	const bool *u = w->used;
	bool limits = false;

	for (size_t i = 0; i < w->effects; i++)
		limits = limits || w->effect[i].limits;
	struct yg_raw_note *n = limits ? yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("{1} intervals; p values are of {2}"))
	                               : yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("p values are of {1}"));
	if (limits)
		yg_raw_note_num(n, YG_ROLE_PROPORTION, w->conf, YG_NOBODY);
	yg_raw_note_text(n, w->r->side == YG_LESS      ? N_("one side: less")
	                    : w->r->side == YG_GREATER ? N_("one side: greater")
	                                               : N_("two sides"));
	if (!w->r->methods)
		convention(w, N_("auto goes by the kind of column and the number of groups, never by the values: numbers Welch's t or analysis of "
		                 "variance, categories chi-squared; one sample t or exact binomial; pairs t of the differences or McNemar, several "
		                 "conditions Friedman"));
	if (u[TM_WILCOXON] || u[TM_SIGNED])
		convention(w, N_("ranks: exact below 50 values in each group, ties by the permutation distribution of their midranks; else normal "
		                 "with continuity correction and ties in the variance"));
	if (u[TM_SIGNED])
		convention(w, N_("signed ranks leave differences of zero out of the test, not out of the Hodges-Lehmann estimate"));
	if (u[TM_WILCOXON] || u[TM_BRUNNER])
		convention(w, N_("probability of a larger value counts ties half; its interval is DeLong's on the logit scale"));
	if (w->pooled)
		convention(w, N_("d and g are over the pooled SD, with large-sample intervals; g corrects for small samples"));
	if (w->r->strata)
		convention(w, N_("van Elteren: rank sums within strata, each over the size of its stratum plus 1; no continuity correction"));
	if (u[TM_TREND] || u[TM_CUZICK])
		convention(w, N_("trend in the order of the groups, scores 1, 2, 3 ..."));
	if (u[TM_CHISQ])
		convention(w, N_("chi-squared without continuity correction"));
	if (w->few_expected)
		yg_raw_note(w->raw, YG_NOTE_WARNING, N_("some cells expect fewer than 5: see method=fisher"));
}

enum yg_status test_tables(struct test_work *w, struct yg_err *err)
{
	YG_TRY(tests_table(w, err));
	effects_table(w);
	if (!w->turn)
		notes(w);
	return YG_OK;
}
