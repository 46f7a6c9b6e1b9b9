/* test: what each method computes on groups, on one sample, on counts and on blocks. */
#include <math.h>
#include <string.h>

#include "an_test_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/stats/describe.h"

static const struct yg_test no_test = { .statistic = NAN, .df = NAN, .df2 = NAN, .p = NAN };

/* shape: on which it is defined; number, category: of what; most: groups or conditions, 0 = any. */
static const struct {
	const char *word;
	unsigned char shape, number, category, most, sides;
} list[TM_COUNT] = {
	[TM_AUTO] = { "auto", SHAPE_GROUPS | SHAPE_ONE | SHAPE_BLOCKS, 1, 1, 0, 1 },
	[TM_T] = { "t", SHAPE_GROUPS | SHAPE_ONE | SHAPE_BLOCKS, 1, 0, 2, 1 },
	[TM_WELCH] = { "welch", SHAPE_GROUPS, 1, 0, 0, 1 },
	[TM_WILCOXON] = { "wilcoxon", SHAPE_GROUPS | SHAPE_ONE | SHAPE_BLOCKS, 1, 0, 2, 1 },
	[TM_SIGNED] = { "signed", SHAPE_ONE | SHAPE_BLOCKS, 1, 0, 2, 1 },
	[TM_SIGN] = { "sign", SHAPE_ONE | SHAPE_BLOCKS, 1, 0, 2, 1 },
	[TM_ANOVA] = { "anova", SHAPE_GROUPS, 1, 0, 0, 0 },
	[TM_KRUSKAL] = { "kruskal", SHAPE_GROUPS, 1, 0, 0, 0 },
	[TM_MEDIAN] = { "median", SHAPE_GROUPS, 1, 0, 0, 0 },
	[TM_BRUNNER] = { "brunner", SHAPE_GROUPS, 1, 0, 2, 0 },
	[TM_PAIRED] = { "paired", SHAPE_BLOCKS, 1, 0, 2, 1 },
	[TM_CHISQ] = { "chisq", SHAPE_GROUPS, 0, 1, 0, 0 },
	[TM_FISHER] = { "fisher", SHAPE_GROUPS, 0, 1, 0, 0 },
	[TM_MCNEMAR] = { "mcnemar", SHAPE_BLOCKS, 0, 1, 2, 0 },
	[TM_TREND] = { "trend", SHAPE_GROUPS, 1, 1, 0, 0 },
	[TM_CUZICK] = { "cuzick", SHAPE_GROUPS, 1, 0, 0, 0 },
	[TM_FRIEDMAN] = { "friedman", SHAPE_BLOCKS, 1, 0, 0, 0 },
	[TM_QUADE] = { "quade", SHAPE_BLOCKS, 1, 0, 0, 0 },
	[TM_REPEATED] = { "repeated", SHAPE_BLOCKS, 1, 0, 0, 0 },
	[TM_LEVENE] = { "levene", SHAPE_GROUPS, 1, 0, 0, 0 },
	[TM_BARTLETT] = { "bartlett", SHAPE_GROUPS, 1, 0, 0, 0 },
	[TM_FLIGNER] = { "fligner", SHAPE_GROUPS, 1, 0, 0, 0 },
	[TM_ANSARI] = { "ansari", SHAPE_GROUPS, 1, 0, 2, 0 },
	[TM_FTEST] = { "ftest", SHAPE_GROUPS, 1, 0, 2, 0 },
	[TM_KS] = { "ks", SHAPE_GROUPS, 1, 0, 2, 0 },
	[TM_SHAPIRO] = { "shapiro", SHAPE_ONE, 1, 0, 0, 0 },
	[TM_BINOMIAL] = { "binomial", SHAPE_ONE, 0, 1, 0, 1 },
};

const char *test_word(enum test_method m)
{
	return list[m].word;
}

bool test_one_sided(enum test_method m)
{
	return list[m].sides;
}

bool test_method_parse(const char *word, enum test_method *out)
{
	for (size_t i = 0; i < TM_COUNT; i++)
		if (!strcmp(word, list[i].word)) {
			*out = (enum test_method)i;
			return true;
		}
	return false;
}

enum test_method test_choose(enum test_method m, enum test_shape shape, bool number, size_t k)
{
	if (m == TM_WILCOXON && shape != SHAPE_GROUPS)
		return TM_SIGNED;
	if (m == TM_T && shape == SHAPE_BLOCKS)
		return TM_PAIRED;
	if (m != TM_AUTO)
		return m;
	if (shape == SHAPE_ONE)
		return number ? TM_T : TM_BINOMIAL;
	if (shape == SHAPE_BLOCKS)
		return !number ? TM_MCNEMAR : k == 2 ? TM_PAIRED : TM_FRIEDMAN;
	return number ? TM_WELCH : TM_CHISQ;
}

enum yg_status test_fits(enum test_method m, enum test_shape shape, bool number, const char *name, struct yg_err *err)
{
	if (number ? !list[m].number : !list[m].category) {
		yg_fail(err, YG_REFUSED, "E-TEST-001",
		        number ? N_("method=%s is for categories, and %s is a number") : N_("method=%s is for numbers, and %s is a category"),
		        list[m].word, name);
		yg_err_hint(err, number ? N_("Numbers: t welch wilcoxon anova kruskal and others") : N_("Categories: chisq, fisher, trend; pairs: mcnemar; one sample: binomial"));
		return YG_REFUSED;
	}
	if (list[m].shape & shape)
		return YG_OK;
	if (shape == SHAPE_ONE) {
		yg_fail(err, YG_REFUSED, "E-TEST-002", N_("method=%s compares groups, and there are none"), list[m].word);
		yg_err_hint(err, N_("Name them: test %s by COLUMN with method=%s"), name, list[m].word);
	} else if (shape == SHAPE_GROUPS) {
		yg_fail(err, YG_REFUSED, "E-TEST-003", N_("method=%s does not compare independent groups"), list[m].word);
		yg_err_hint(err, list[m].shape & SHAPE_BLOCKS ? N_("Say which rows belong together (pair=COLUMN), or name the columns of a person without by")
		                                              : N_("Leave by out"));
	} else {
		yg_fail(err, YG_REFUSED, "E-TEST-004", N_("method=%s takes the values for independent, and here they belong together"), list[m].word);
		yg_err_hint(err, N_("Pairs: paired, signed, sign, mcnemar; several conditions: friedman, quade, repeated"));
	}
	return YG_REFUSED;
}

static enum yg_status too_many(enum test_method m, size_t k, const char *name, struct yg_err *err)
{
	if (!list[m].most || k <= list[m].most)
		return YG_OK;
	yg_fail(err, YG_REFUSED, "E-TEST-005", N_("method=%s compares two, and %s has %zu"), list[m].word, name, k);
	yg_err_hint(err, m == TM_T          ? N_("Several groups: anova, welch; or choose two with where")
	                 : m == TM_WILCOXON ? N_("Several groups: kruskal; or choose two with where")
	                                    : N_("Choose two with where"));
	return YG_REFUSED;
}

/* ---- collecting ---- */

void test_add(struct test_work *w, const char *variable, enum test_method m, const char *name, const struct yg_test *t,
              uint64_t n, struct yg_evidence e)
{
	YG_GROW(w->row, w->rows, w->row_cap);
	w->row[w->rows++] = (struct test_row){ .key = yg_arena_printf(&w->arena, "%s: %s", variable, list[m].word),
		                               .label = yg_arena_strdup(&w->arena, variable), .name = name, .test = *t, .e = e, .n = n };
	if (t->problem)
		w->row[w->rows - 1].test.statistic = w->row[w->rows - 1].test.df = w->row[w->rows - 1].test.df2 = NAN;
	w->used[m] = true;
}

void test_effect(struct test_work *w, const char *key, const char *label, const double value[3], bool limits, const char *why,
                 struct yg_evidence e)
{
	/* two methods may report the same effect */
	for (size_t i = 0; i < w->effects; i++)
		if (!strcmp(w->effect[i].key, key))
			return;
	YG_GROW(w->effect, w->effects, w->effect_cap);
	w->effect[w->effects++] = (struct effect_row){ .key = key, .label = label, .value = { value[0], value[1], value[2] },
		                                       .limits = limits, .why = why, .e = e };
}

/* "age: mean difference, Lev vs Obs". */
static void versus(struct test_work *w, const char *variable, const char *key, const char *name, const char *a, const char *b,
                   const struct yg_interval *i, bool limits, const char *why, struct yg_evidence e)
{
	const char *label = a ? yg_phrase(&w->arena, N_("%s: %s, %s vs %s"), variable, yg_phrase_message(&w->arena, name), a, b)
	                      : yg_phrase(&w->arena, "%s: %s", variable, yg_phrase_message(&w->arena, name));
	const double value[3] = { i->estimate, i->lower, i->upper };

	test_effect(w, yg_arena_printf(&w->arena, "%s: %s", variable, key), label, value, limits, why, e);
}

/* ---- groups of numbers ---- */

struct two {
	const double *a, *b;                    /* compared, reference */
	size_t n, m;
};

static void means(struct test_work *w, enum test_method m, const struct test_groups *g, const struct two *t, struct yg_evidence e)
{
	struct yg_t_test r;
	struct yg_describe a, b;
	struct yg_interval d, h;
	const char *of = g->label[g->other], *ref = g->label[g->reference];

	yg_t_test(t->a, t->n, t->b, t->m, m == TM_T, w->r->side, w->conf, &r);
	test_add(w, g->v->name, m, m == TM_T ? N_("Student's t") : N_("Welch's t"), &r.test, g->n, e);
	struct yg_interval i = { r.estimate, r.lower, r.upper };
	w->pooled = true;
	if (m == TM_T)
		versus(w, g->v->name, "mean difference, equal variances", N_("difference of means, equal variances"), of, ref, &i, true, r.test.problem, e);
	else
		versus(w, g->v->name, "mean difference", N_("difference of means"), of, ref, &i, true, r.test.problem, e);
	yg_describe(t->a, NULL, t->n, w->conf, &a);
	yg_describe(t->b, NULL, t->m, w->conf, &b);
	yg_hedges((const double[]){ (double)t->n, (double)t->m }, (const double[]){ a.mean, b.mean },
	          (const double[]){ a.variance, b.variance }, w->conf, &d, &h);
	versus(w, g->v->name, "cohen d", N_("Cohen's d"), of, ref, &d, true, N_("the values do not vary"), e);
	versus(w, g->v->name, "hedges g", N_("Hedges' g"), of, ref, &h, true, N_("the values do not vary"), e);
}

static enum yg_status rank_sum(struct test_work *w, enum test_method m, const struct test_groups *g, const struct two *t,
                               struct yg_evidence e, struct yg_err *err)
{
	const char *of = g->label[g->other], *ref = g->label[g->reference];
	struct yg_superiority s;
	struct yg_location l;
	struct yg_test r;

	YG_TRY(yg_superiority(t->a, t->n, t->b, t->m, w->conf, &s, err));
	if (m == TM_WILCOXON) {
		YG_TRY(yg_rank_sum(t->a, t->n, t->b, t->m, YG_EXACT_TIES, true, w->r->side, &r, err));
		test_add(w, g->v->name, m, r.exact ? N_("Wilcoxon rank sum, exact") : N_("Wilcoxon rank sum"), &r, g->n, e);
		YG_TRY(yg_location_shift(t->a, t->n, t->b, t->m, w->conf, w->task, &l, err));
		struct yg_interval i = { l.estimate, l.lower, l.upper };
		versus(w, g->v->name, "shift", N_("Hodges-Lehmann shift"), of, ref, &i, true, l.problem, e);
	} else {
		test_add(w, g->v->name, m, N_("Brunner-Munzel"), &s.test, g->n, e);
	}
	versus(w, g->v->name, "superiority", N_("probability of a larger value"), of, ref, &s.probability, true, s.problem, e);
	struct yg_interval biserial = { 2 * s.probability.estimate - 1, 2 * s.probability.lower - 1, 2 * s.probability.upper - 1 };
	versus(w, g->v->name, "rank biserial", N_("rank-biserial correlation"), of, ref, &biserial, true, s.problem, e);
	return YG_OK;
}

static void median_test(const struct test_groups *g, struct yg_test *out)
{
	double *copy = yg_data_alloc(g->n + 1, sizeof *copy), *count = yg_xcalloc(2 * g->k + 1, sizeof *count);
	struct yg_crosstab c;

	*out = no_test;
	if (!copy) {
		out->problem = N_("memory ran out");
	} else {
		memcpy(copy, g->x, g->n * sizeof *copy);
		double m = yg_median(copy, g->n);
		for (size_t i = 0; i < g->n; i++)
			count[(g->x[i] > m ? g->k : 0) + (size_t)g->of[i]]++;
		yg_crosstab(count, 2, g->k, false, &c);
		*out = c.chisq;
	}
	yg_data_free(copy);
	yg_free(count);
}

static void variance_ratio(struct test_work *w, const struct test_groups *g, const struct two *t, struct yg_evidence e)
{
	struct yg_interval i;
	struct yg_test r;

	yg_variance_ratio(t->a, t->n, t->b, t->m, w->conf, &r, &i);
	test_add(w, g->v->name, TM_FTEST, N_("F test of variances"), &r, g->n, e);
	versus(w, g->v->name, "variance ratio", N_("ratio of variances"), g->label[g->other], g->label[g->reference], &i, true, r.problem, e);
}

static void several_means(struct test_work *w, enum test_method m, const struct test_groups *g, struct yg_evidence e)
{
	struct yg_anova a, plain;
	struct yg_interval i = { NAN, NAN, NAN };

	yg_anova(g->x, g->of, g->n, g->k, &plain);
	a = plain;
	if (m == TM_WELCH)
		yg_welch_anova(g->x, g->of, g->n, g->k, &a);
	test_add(w, g->v->name, m, m == TM_WELCH ? N_("Welch's analysis of variance") : N_("analysis of variance"), &a.test, g->n, e);
	double all = plain.ss_between + plain.ss_within;
	i.estimate = all > 0 ? plain.ss_between / all : NAN;
	versus(w, g->v->name, "eta squared", N_("eta squared"), NULL, NULL, &i, false, N_("the values do not vary"), e);
}

enum yg_status test_on_groups(struct test_work *w, enum test_method m, const struct test_groups *g, struct yg_err *err)
{
	struct yg_evidence e = an_persons(g->smallest);
	struct two t = { 0 };
	struct yg_test r = no_test;
	struct yg_trend trend;
	const char *name = NULL;

	YG_TRY(too_many(m, g->k, w->f->by.title, err));
	if (g->k == 2)
		t = (struct two){ g->x + g->start[g->other], g->x + g->start[g->reference], g->start[g->other + 1] - g->start[g->other],
			          g->start[g->reference + 1] - g->start[g->reference] };
	if (g->k < 2) {
		r.problem = N_("fewer than two groups have values");
		test_add(w, g->v->name, m, list[m].word, &r, g->n, e);
		return YG_OK;
	}
	switch (m) {
	case TM_T:
		means(w, m, g, &t, e);
		return YG_OK;
	case TM_WELCH:
		if (g->k == 2)
			means(w, m, g, &t, e);
		else
			several_means(w, m, g, e);
		return YG_OK;
	case TM_ANOVA:
		several_means(w, m, g, e);
		return YG_OK;
	case TM_WILCOXON:
	case TM_BRUNNER:
		return rank_sum(w, m, g, &t, e, err);
	case TM_KRUSKAL: {
		YG_TRY(yg_kruskal_wallis(g->x, g->of, g->n, g->k, &r, err));
		test_add(w, g->v->name, m, N_("Kruskal-Wallis"), &r, g->n, e);
		struct yg_interval i = { r.statistic / ((double)g->n - 1), NAN, NAN };
		versus(w, g->v->name, "epsilon squared", N_("epsilon squared of ranks"), NULL, NULL, &i, false, r.problem, e);
		return YG_OK;
	}
	case TM_FTEST:
		variance_ratio(w, g, &t, e);
		return YG_OK;
	case TM_MEDIAN:
		median_test(g, &r);
		name = N_("median test");
		break;
	case TM_TREND:
		YG_TRY(yg_jonckheere(g->x, g->of, g->n, g->k, w->task, &trend, err));
		r = trend.test;
		name = N_("Jonckheere-Terpstra trend");
		break;
	case TM_CUZICK: {
		double *score = yg_arena_alloc(&w->arena, g->k, sizeof *score);
		for (size_t i = 0; i < g->k; i++)
			score[i] = (double)i + 1;
		YG_TRY(yg_cuzick(g->x, g->of, score, g->n, g->k, w->task, &trend, err));
		r = trend.test;
		name = N_("Cuzick's trend");
		break;
	}
	case TM_LEVENE:
		YG_TRY(yg_levene(g->x, g->of, g->n, g->k, true, &r, err));
		name = N_("Levene, about the medians (Brown-Forsythe)");
		break;
	case TM_BARTLETT:
		yg_bartlett(g->x, g->of, g->n, g->k, &r);
		name = N_("Bartlett");
		break;
	case TM_FLIGNER:
		YG_TRY(yg_fligner(g->x, g->of, g->n, g->k, &r, err));
		name = N_("Fligner-Killeen");
		break;
	case TM_ANSARI:
		YG_TRY(yg_ansari(t.a, t.n, t.b, t.m, &r, err));
		name = N_("Ansari-Bradley");
		break;
	default:
		YG_TRY(yg_smirnov(t.a, t.n, t.b, t.m, YG_EXACT_AUTO, &r, err));
		name = r.exact ? N_("Kolmogorov-Smirnov, exact") : N_("Kolmogorov-Smirnov");
		break;
	}
	test_add(w, g->v->name, m, name, &r, g->n, e);
	return YG_OK;
}

/* ---- strata: van Elteren ---- */

enum yg_status test_strata(struct test_work *w, const struct an_variable *v, struct yg_err *err)
{
	struct an_frame *f = w->f;
	size_t n = f->set->n, k = 0, informative;
	double *x = yg_data_alloc(n + 1, sizeof *x), probability;
	int32_t *group = yg_data_alloc(2 * n + 1, sizeof *group), *stratum = group ? group + n : NULL;
	uint64_t size[2] = { 0, 0 };
	struct yg_test t;
	enum yg_status s = x && group ? YG_OK
	                              : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while describing %zu persons."), n);

	if (s == YG_OK && f->by.count != 2) {
		s = yg_fail(err, YG_REFUSED, "E-TEST-005", N_("method=%s compares two, and %s has %zu"), "wilcoxon", f->by.title, f->by.count);
		yg_err_hint(err, N_("Choose two with where"));
	}
	for (size_t i = 0; s == YG_OK && i < n; i++)
		if (f->by.of[i] >= 0 && f->strata.of[i] >= 0 && !(v->column->missing && v->column->missing[i])) {
			x[k] = v->column->number[i];
			group[k] = (size_t)f->by.of[i] == f->by.reference;      /* 0: the one compared */
			size[group[k]]++;
			stratum[k++] = f->strata.of[i];
		}
	if (s == YG_OK)
		s = yg_van_elteren(x, group, stratum, k, f->strata.count, &t, &probability, &informative, err);
	if (s == YG_OK) {
		struct yg_evidence e = an_persons(size[0] < size[1] ? size[0] : size[1]);
		struct yg_interval i = { probability, NAN, NAN };
		size_t other = f->by.reference ? 0 : 1;
		test_add(w, v->name, TM_WILCOXON, N_("van Elteren, over strata"), &t, k, e);
		w->used[TM_WILCOXON] = false;
		versus(w, v->name, "superiority", N_("probability of a larger value, within strata"), f->by.label[other],
		       f->by.label[f->by.reference], &i, false, t.problem, e);
		struct yg_raw_note *note = yg_raw_note(w->raw, YG_NOTE_INFO, N_("{1} of {2} strata have values of both groups"));
		yg_raw_note_int(note, YG_ROLE_INTEGER, (int64_t)informative, YG_NOBODY);
		yg_raw_note_int(note, YG_ROLE_INTEGER, (int64_t)f->strata.count, YG_NOBODY);
	}
	yg_data_free(x);
	yg_data_free(group);
	return s;
}

/* ---- groups of categories ---- */

static enum yg_status fisher(struct test_work *w, const struct test_counts *c, struct yg_evidence e, struct yg_err *err)
{
	size_t cells = c->levels * c->groups;
	int64_t *n = yg_arena_alloc(&w->arena, cells + 1, sizeof *n);
	struct yg_test r = no_test;

	for (size_t i = 0; i < cells; i++)
		n[i] = (int64_t)c->count[i];
	YG_TRY(yg_fisher_rxc(n, c->levels, c->groups, w->task, &r.p, err));
	r.exact = true;
	test_add(w, c->v->name, TM_FISHER, N_("Fisher's exact test"), &r, c->total, e);
	if (c->levels == 2 && c->groups == 2) {
		struct yg_fisher f;
		size_t ref = c->reference, other = 1 - ref;
		yg_fisher_2x2((const int64_t[]){ n[2 + other], n[other], n[2 + ref], n[ref] }, YG_TWO_SIDED, w->conf, &f);
		struct yg_interval i = { f.odds_ratio, f.lower, f.upper };
		versus(w, c->v->name, "odds ratio", N_("odds ratio, conditional"), c->label[other], c->label[ref], &i, true, f.problem, e);
	}
	return YG_OK;
}

enum yg_status test_on_counts(struct test_work *w, enum test_method m, const struct test_counts *c, struct yg_err *err)
{
	struct yg_evidence e = an_persons(c->smallest);
	struct yg_crosstab x;
	struct yg_test r = no_test;

	if (m == TM_FISHER)
		return fisher(w, c, e, err);
	if (m == TM_TREND) {
		double *events = yg_arena_alloc(&w->arena, 3 * c->groups + 1, sizeof *events), *all = events + c->groups, *score = all + c->groups;
		if (c->levels != 2)
			return yg_fail(err, YG_REFUSED, "E-TEST-006", N_("the trend of a share wants two levels, and %s has %zu"), c->v->name, c->levels);
		for (size_t g = 0; g < c->groups; g++) {
			events[g] = c->count[c->groups + g];
			all[g] = events[g] + c->count[g];
			score[g] = (double)g + 1;
		}
		yg_trend_test(events, all, score, c->groups, &r);
		test_add(w, c->v->name, m, N_("Cochran-Armitage trend"), &r, c->total, e);
		return YG_OK;
	}
	yg_crosstab(c->count, c->levels, c->groups, false, &x);
	test_add(w, c->v->name, m, N_("chi-squared"), &x.chisq, c->total, e);
	w->few_expected = w->few_expected || (!x.chisq.problem && x.below_five > 0);
	struct yg_interval i = { x.cramer_v, NAN, NAN };
	versus(w, c->v->name, "cramer v", N_("Cramer's V"), NULL, NULL, &i, false, x.chisq.problem, e);
	return YG_OK;
}

/* ---- one sample, or the differences of pairs ---- */

static void signs(struct test_work *w, const char *variable, enum test_method m, const double *d, size_t n)
{
	struct yg_interval i;
	struct yg_test r;
	int64_t up = 0, moved = 0;

	for (size_t k = 0; k < n; k++) {
		up += d[k] > 0;
		moved += d[k] != 0;
	}
	yg_binomial_test(up, moved, 0.5, w->r->side, w->conf, &r, &i);
	if (!moved)
		r.problem = N_("no difference is other than zero");
	struct yg_evidence e = { up, 0, moved };
	test_add(w, variable, m, N_("sign test, exact"), &r, n, e);
	versus(w, variable, "share positive", N_("share of positive differences"), NULL, NULL, &i, true, r.problem, e);
}

/* shift: added to the estimate of location (mu of one sample). */
static enum yg_status differences(struct test_work *w, const char *variable, enum test_method m, const double *d, size_t n,
                                  double shift, const char *a, const char *b, struct yg_err *err)
{
	struct yg_evidence e = an_persons(n);
	struct yg_location l;
	struct yg_test r;

	if (m == TM_SIGN) {
		signs(w, variable, m, d, n);
		return YG_OK;
	}
	if (m == TM_SIGNED) {
		YG_TRY(yg_signed_rank(d, n, YG_EXACT_TIES, true, w->r->side, &r, err));
		test_add(w, variable, m, r.exact ? N_("Wilcoxon signed rank, exact") : N_("Wilcoxon signed rank"), &r, n, e);
		YG_TRY(yg_location_one(d, n, w->conf, w->task, &l, err));
		struct yg_interval i = { l.estimate + shift, l.lower + shift, l.upper + shift };
		versus(w, variable, "location", a ? N_("Hodges-Lehmann difference") : N_("Hodges-Lehmann location"), a, b, &i, true, l.problem, e);
		return YG_OK;
	}
	struct yg_t_test t;
	yg_t_test_one(d, n, 0, w->r->side, w->conf, &t);
	test_add(w, variable, m, a ? N_("paired t") : N_("one-sample t"), &t.test, n, e);
	struct yg_interval i = { t.estimate + shift, t.lower + shift, t.upper + shift };
	versus(w, variable, a ? "mean difference" : "mean", a ? N_("mean of the differences") : N_("mean"), a, b, &i, true, t.test.problem, e);
	if (t.test.problem)
		return YG_OK;
	struct yg_interval z = { t.test.statistic / sqrt((double)n), NAN, NAN };
	versus(w, variable, "d z", a ? N_("mean over SD of the differences") : N_("distance from mu over SD"), a, b, &z, false, NULL, e);
	return YG_OK;
}

enum yg_status test_on_sample(struct test_work *w, enum test_method m, const struct an_variable *v, const double *x, size_t n,
                              struct yg_err *err)
{
	struct yg_test r;

	if (m == TM_SHAPIRO) {
		YG_TRY(yg_shapiro(x, n, &r, err));
		test_add(w, v->name, m, N_("Shapiro-Wilk"), &r, n, an_persons(n));
		return YG_OK;
	}
	if (m == TM_BINOMIAL) {
		struct yg_interval i;
		int64_t k = 0;
		for (size_t j = 0; j < n; j++)
			k += x[j] != 0;
		yg_binomial_test(k, (int64_t)n, w->r->has_mu ? w->r->mu : 0.5, w->r->side, w->conf, &r, &i);
		struct yg_evidence e = { k, k, (int64_t)n };
		test_add(w, v->name, m, N_("exact binomial"), &r, n, e);
		versus(w, v->name, "share", N_("share"), NULL, NULL, &i, true, r.problem, e);
		return YG_OK;
	}
	double mu = w->r->has_mu ? w->r->mu : 0, *d = yg_data_alloc(n + 1, sizeof *d);
	if (!d)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while describing %zu persons."), n);
	for (size_t i = 0; i < n; i++)
		d[i] = x[i] - mu;
	enum yg_status s = differences(w, v->name, m, d, n, mu, NULL, NULL, err);
	yg_data_free(d);
	return s;
}

/* ---- blocks ---- */

static void mcnemar(struct test_work *w, const struct test_blocks *b)
{
	struct yg_mcnemar m;
	int64_t n[4] = { 0 };

	for (size_t i = 0; i < b->blocks; i++)
		n[(b->x[2 * i + 1] != 0 ? 0 : 2) + (b->x[2 * i] != 0 ? 0 : 1)]++;
	yg_mcnemar(n, w->conf, &m);
	/* evidence: the rarer of the two changes, out of the pairs */
	struct yg_evidence e = { n[1] < n[2] ? n[1] : n[2], 0, (int64_t)b->blocks };
	test_add(w, b->name, TM_MCNEMAR, N_("McNemar"), &m.plain, b->blocks, e);
	struct yg_test exact = { .statistic = NAN, .df = NAN, .df2 = NAN, .p = m.exact_p, .exact = true, .problem = m.plain.problem };
	test_add(w, b->name, TM_MCNEMAR, N_("McNemar, exact"), &exact, b->blocks, e);
	w->row[w->rows - 1].key = yg_arena_printf(&w->arena, "%s: mcnemar_exact", b->name);
	struct yg_interval i = { m.odds_ratio, m.lower, m.upper };
	versus(w, b->name, "odds ratio", N_("odds ratio of changes"), b->label[1], b->label[0], &i, true, m.plain.problem, e);
}

enum yg_status test_on_blocks(struct test_work *w, enum test_method m, const struct test_blocks *b, struct yg_err *err)
{
	struct yg_evidence e = an_persons(b->blocks);
	struct yg_test r, corrected;
	struct yg_interval i = { NAN, NAN, NAN };
	double shift = w->r->has_mu ? w->r->mu : 0;

	YG_TRY(too_many(m, b->k, b->name, err));
	switch (m) {
	case TM_MCNEMAR:
		mcnemar(w, b);
		return YG_OK;
	case TM_FRIEDMAN:
		yg_friedman(b->x, b->blocks, b->k, &r, &i.estimate);
		test_add(w, b->name, m, N_("Friedman"), &r, b->blocks, e);
		versus(w, b->name, "kendall w", N_("Kendall's W"), NULL, NULL, &i, false, r.problem, e);
		return YG_OK;
	case TM_QUADE:
		YG_TRY(yg_quade(b->x, b->blocks, b->k, &r, err));
		test_add(w, b->name, m, N_("Quade"), &r, b->blocks, e);
		return YG_OK;
	case TM_REPEATED:
		yg_repeated(b->x, b->blocks, b->k, &r, &corrected, &i.estimate);
		test_add(w, b->name, m, N_("repeated measurements, sphericity taken for granted"), &r, b->blocks, e);
		test_add(w, b->name, m, N_("repeated measurements, Greenhouse-Geisser"), &corrected, b->blocks, e);
		w->row[w->rows - 1].key = yg_arena_printf(&w->arena, "%s: repeated_gg", b->name);
		versus(w, b->name, "epsilon", N_("Greenhouse-Geisser epsilon"), NULL, NULL, &i, false, r.problem, e);
		return YG_OK;
	default:
		break;
	}
	double *d = yg_data_alloc(b->blocks + 1, sizeof *d);
	if (!d)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while describing %zu persons."), b->blocks);
	for (size_t k = 0; k < b->blocks; k++)
		d[k] = b->x[2 * k + 1] - b->x[2 * k] - shift;
	enum yg_status s = differences(w, b->name, m, d, b->blocks, shift, b->label[1], b->label[0], err);
	yg_data_free(d);
	return s;
}
