/* Classical tests and tables of counts against R: the cases of tests.tsv that the kernels cover. */
#include "tests/oracle/oracle.h"

#include "yogo/num/dist.h"
#include "yogo/stats/adjust.h"
#include "yogo/stats/correlation.h"
#include "yogo/stats/crosstab.h"
#include "yogo/stats/describe.h"
#include "yogo/stats/grouptest.h"
#include "yogo/stats/ranks.h"
#include "yogo/stats/twogroup.h"

#define CLOSED 1e-9
#define TAIL 1e-8

static const char *const sides[] = { "two.sided", "less", "greater" };

static void must(enum yg_status s)
{
	if (s != YG_OK)
		exit(99);
}

/* Values of x where the group column has this number, known ones only. */
static double *where(const struct oracle_csv *d, const char *x, const char *by, const char *level, size_t *m)
{
	const double *v = oracle_number(d, x);
	const struct oracle_column *g = oracle_column(d, by);
	double *out = yg_xalloc(d->n + 1, sizeof *out);
	*m = 0;
	for (size_t i = 0; i < d->n; i++)
		if (!strcmp(g->text[i], level) && !isnan(v[i]))
			out[(*m)++] = v[i];
	return out;
}

static void put_t(struct oracle *o, const struct yg_t_test *t)
{
	oracle_check(o, "statistic", "", t->test.statistic, CLOSED);
	oracle_check(o, "df", "", t->test.df, CLOSED);
	oracle_check_relative(o, "p", "", t->test.p, TAIL);
	oracle_check(o, "ci", "lower", t->lower, CLOSED);
	oracle_check(o, "ci", "upper", t->upper, CLOSED);
}

static const char *name_of(const char *format, const char *part)
{
	static char id[128];
	snprintf(id, sizeof id, "%s.%s", format, part);
	return id;
}

static void t_tests(struct oracle *o, enum yg_alternative side)
{
	struct oracle_csv *b = oracle_csv_load("birthwt"), *s = oracle_csv_load("sleep"), *a = oracle_csv_load("anorexia");
	size_t n, m;
	double *x = where(b, "bwt", "smoke", "0", &n), *y = where(b, "bwt", "smoke", "1", &m), d[128];
	struct yg_t_test t;

	for (int equal = 0; equal < 2; equal++) {
		oracle_case(o, name_of(equal ? "t.student.birthwt" : "t.welch.birthwt", sides[side]));
		yg_t_test(x, n, y, m, equal, side, 0.95, &t);
		put_t(o, &t);
		oracle_check(o, "estimate", "mean in group 0", t.mean[0], CLOSED);
		oracle_check(o, "estimate", "mean in group 1", t.mean[1], CLOSED);
	}
	const double *extra = oracle_number(s, "extra"), *post = oracle_number(a, "Postwt"), *pre = oracle_number(a, "Prewt");
	for (int i = 0; i < 10; i++)
		d[i] = extra[i] - extra[10 + i];
	oracle_case(o, name_of("t.paired.sleep", sides[side]));
	yg_t_test_one(d, 10, 0, side, 0.95, &t);
	put_t(o, &t);
	oracle_check(o, "estimate", "mean difference", t.estimate, CLOSED);
	for (size_t i = 0; i < a->n; i++)
		d[i] = post[i] - pre[i];
	oracle_case(o, name_of("t.one.anorexia", sides[side]));
	yg_t_test_one(d, a->n, 0, side, 0.95, &t);
	put_t(o, &t);
	oracle_check(o, "estimate", "mean of x", t.estimate, CLOSED);
	yg_free(x);
	yg_free(y);
	oracle_csv_free(b);
	oracle_csv_free(s);
	oracle_csv_free(a);
}

static void put_w(struct oracle *o, const struct yg_test *t)
{
	oracle_check(o, "statistic", "", t->statistic, CLOSED);
	oracle_check_relative(o, "p", "", t->p, TAIL);
}

static void rank_tests(struct oracle *o, enum yg_alternative side)
{
	struct oracle_csv *b = oracle_csv_load("birthwt"), *p = oracle_csv_load("PlantGrowth"), *a = oracle_csv_load("anorexia"),
			  *k = oracle_csv_load("km_drug6mp");
	size_t n, m, u, v;
	double *x = where(b, "bwt", "smoke", "0", &n), *y = where(b, "bwt", "smoke", "1", &m);
	double *c = where(p, "weight", "group", "ctrl", &u), *e = where(p, "weight", "group", "trt2", &v), d[128], l[64];
	const double *post = oracle_number(a, "Postwt"), *pre = oracle_number(a, "Prewt"), *t2 = oracle_number(k, "t2"),
		     *t1 = oracle_number(k, "t1");
	struct yg_test t;
	char id[128];

	for (size_t i = 0; i < a->n; i++)
		d[i] = post[i] - pre[i];
	for (size_t i = 0; i < k->n; i++)
		l[i] = log(t2[i]) - log(t1[i]) + 0.001 * (double)(i + 1);
	for (int kind = 0; kind < 3; kind++) {
		const char *tag = kind == 0 ? "exact" : kind == 1 ? "cc" : "nocc";
		enum yg_exactness exact = kind == 0 ? YG_EXACT_YES : YG_EXACT_NO;
		if (kind) {
			snprintf(id, sizeof id, "wilcox.birthwt.%s.%s", sides[side], tag);
			oracle_case(o, id);
			must(yg_rank_sum(x, n, y, m, exact, kind == 1, side, &t, NULL));
			put_w(o, &t);
			snprintf(id, sizeof id, "wilcox.signed.anorexia.%s.%s", sides[side], tag);
			oracle_case(o, id);
			must(yg_signed_rank(d, a->n, exact, kind == 1, side, &t, NULL));
			put_w(o, &t);
		}
		snprintf(id, sizeof id, "wilcox.plant.%s.%s", sides[side], tag);
		oracle_case(o, id);
		must(yg_rank_sum(c, u, e, v, exact, kind == 1, side, &t, NULL));
		put_w(o, &t);
		snprintf(id, sizeof id, "wilcox.signed.drug.%s.%s", sides[side], tag);
		oracle_case(o, id);
		must(yg_signed_rank(l, k->n, exact, kind == 1, side, &t, NULL));
		put_w(o, &t);
	}
	if (side == YG_TWO_SIDED) {
		struct yg_shift s;
		oracle_case(o, "wilcox.ci.plant");
		must(yg_rank_sum(c, u, e, v, YG_EXACT_YES, false, side, &t, NULL));
		put_w(o, &t);
		must(yg_rank_sum_shift(c, u, e, v, 0.95, &s, NULL));
		oracle_check(o, "estimate", "difference in location", s.estimate, CLOSED);
		oracle_check(o, "ci", "lower", s.lower, CLOSED);
		oracle_check(o, "ci", "upper", s.upper, CLOSED);
	}
	yg_free(x);
	yg_free(y);
	yg_free(c);
	yg_free(e);
	oracle_csv_free(b);
	oracle_csv_free(p);
	oracle_csv_free(a);
	oracle_csv_free(k);
}

static void wcgs_at_90(struct oracle *o)
{
	struct oracle_csv *d = oracle_csv_load("wcgs");
	size_t n, m;
	double *x = where(d, "chol0", "dibpat0", "0", &n), *y = where(d, "chol0", "dibpat0", "1", &m);
	struct yg_t_test t;

	oracle_case(o, "t.ci90.wcgs");
	yg_t_test(x, n, y, m, false, YG_TWO_SIDED, 0.9, &t);
	put_t(o, &t);
	oracle_check(o, "estimate", "mean in group 0", t.mean[0], CLOSED);
	oracle_check(o, "estimate", "mean in group 1", t.mean[1], CLOSED);
	yg_free(x);
	yg_free(y);
	oracle_csv_free(d);
}

/* ---- several groups ---- */

static void anova(struct oracle *o, const char *plain, const char *welch, const char *kruskal, const char *dataset,
                  const char *x, const char *by, const char *term)
{
	struct oracle_csv *d = oracle_csv_load(dataset);
	int32_t *g = yg_xalloc(d->n, sizeof *g);
	const char *label[64];
	size_t k = (size_t)oracle_levels(d, by, g, label);
	const double *v = oracle_number(d, x);
	struct yg_anova a;
	struct yg_test t;

	if (plain) {
		oracle_case(o, plain);
		yg_anova(v, g, d->n, k, &a);
		oracle_check(o, "Df", term, a.test.df, 0);
		oracle_check(o, "Df", "Residuals", a.test.df2, 0);
		oracle_check(o, "Sum Sq", term, a.ss_between, CLOSED);
		oracle_check(o, "Sum Sq", "Residuals", a.ss_within, CLOSED);
		oracle_check(o, "Mean Sq", term, a.ss_between / a.test.df, CLOSED);
		oracle_check(o, "Mean Sq", "Residuals", a.ss_within / a.test.df2, CLOSED);
		oracle_check(o, "F value", term, a.test.statistic, CLOSED);
		oracle_check_relative(o, "Pr(>F)", term, a.test.p, TAIL);
		oracle_ignore(o, "F value");
		oracle_ignore(o, "Pr(>F)");
	}
	if (welch) {
		oracle_case(o, welch);
		yg_welch_anova(v, g, d->n, k, &a);
		oracle_check(o, "statistic", "", a.test.statistic, CLOSED);
		oracle_check(o, "df", "num df", a.test.df, 0);
		oracle_check(o, "df", "denom df", a.test.df2, CLOSED);
		oracle_check_relative(o, "p", "", a.test.p, TAIL);
	}
	oracle_case(o, kruskal);
	must(yg_kruskal_wallis(v, g, d->n, k, &t, NULL));
	oracle_check(o, "statistic", "", t.statistic, CLOSED);
	oracle_check(o, "df", "", t.df, 0);
	oracle_check_relative(o, "p", "", t.p, TAIL);
	yg_free(g);
	oracle_csv_free(d);
}

static void pairwise_wilcoxon(struct oracle *o)
{
	static const char *const level[3] = { "1", "2", "3" }, *const term[3] = { "2-1", "3-1", "3-2" };
	static const int first[3] = { 1, 2, 2 }, second[3] = { 0, 0, 1 };
	struct oracle_csv *d = oracle_csv_load("birthwt");
	double *v[3], p[3], holm[3];
	size_t n[3];
	struct yg_test t;

	oracle_case(o, "pairwise.w.birthwt");
	for (int k = 0; k < 3; k++)
		v[k] = where(d, "bwt", "race", level[k], &n[k]);
	for (int k = 0; k < 3; k++) {
		must(yg_rank_sum(v[first[k]], n[first[k]], v[second[k]], n[second[k]], YG_EXACT_NO, true, YG_TWO_SIDED, &t, NULL));
		oracle_check_relative(o, "none", term[k], p[k] = t.p, TAIL);
	}
	yg_padjust(YG_PADJUST_HOLM, p, 3, holm);
	for (int k = 0; k < 3; k++) {
		oracle_check_relative(o, "holm", term[k], holm[k], TAIL);
		yg_free(v[k]);
	}
	oracle_csv_free(d);
}

/* ---- tables of counts ---- */

struct counts {
	double n[64];
	int64_t whole[64];
	const char *row[64], *column[64];
	size_t r, c;
};

/* Rows and columns in ascending order; only_column = only_value selects rows of the file. */
static void tabulate(const struct oracle_csv *d, const char *row, const char *column, const char *only_column, double only_value,
                     struct counts *t)
{
	int32_t *a = yg_xalloc(d->n, sizeof *a), *b = yg_xalloc(d->n, sizeof *b);

	memset(t, 0, sizeof *t);
	t->r = (size_t)oracle_levels(d, row, a, t->row);
	t->c = (size_t)oracle_levels(d, column, b, t->column);
	for (size_t i = 0; i < d->n; i++) {
		if (a[i] < 0 || b[i] < 0 || (only_column && oracle_number(d, only_column)[i] != only_value))
			continue;
		t->n[(size_t)a[i] * t->c + (size_t)b[i]]++;
		t->whole[(size_t)a[i] * t->c + (size_t)b[i]]++;
	}
	yg_free(a);
	yg_free(b);
}

/* R's uniroot stops at 1.2e-4 on the scale of the odds ratio, or of its inverse where that is above 1. */
static double root_tolerance(double odds)
{
	return odds > 1 ? 1.3e-4 * odds : 1.3e-4;
}

static void put_fisher(struct oracle *o, const struct counts *t, enum yg_alternative side)
{
	struct yg_fisher f;

	yg_fisher_2x2(t->whole, side, 0.95, &f);
	oracle_check_relative(o, "p", "", f.p, TAIL);
	oracle_check(o, "estimate", "odds ratio", f.odds_ratio, root_tolerance(f.odds_ratio));
	oracle_check(o, "ci", "lower", f.lower, root_tolerance(f.lower));
	oracle_check(o, "ci", "upper", f.upper, root_tolerance(f.upper));
}

static void contingency(struct oracle *o, const char *name, const char *dataset, const char *row, const char *column,
                        const char *only_column, double only_value)
{
	struct oracle_csv *d = oracle_csv_load(dataset);
	struct counts t;
	struct yg_crosstab x;
	double e[64], r[64], s[64];
	char id[128], term[128];

	tabulate(d, row, column, only_column, only_value, &t);
	bool two = t.r == 2 && t.c == 2;
	yg_crosstab(t.n, t.r, t.c, false, &x);
	yg_crosstab_residuals(t.n, t.r, t.c, e, r, s);
	oracle_case(o, name_of("chisq", name));
	oracle_check(o, "statistic", "", x.chisq.statistic, CLOSED);
	oracle_check(o, "df", "", x.chisq.df, 0);
	oracle_check_relative(o, "p", "", x.chisq.p, TAIL);
	for (size_t i = 0; i < t.r; i++)
		for (size_t j = 0; j < t.c; j++) {
			snprintf(term, sizeof term, "%s|%s", t.row[i], t.column[j]);
			oracle_check(o, "count", term, t.n[i * t.c + j], 0);
			oracle_check(o, "expected", term, e[i * t.c + j], CLOSED);
			oracle_check(o, "residual", term, r[i * t.c + j], CLOSED);
			oracle_check(o, "stdres", term, s[i * t.c + j], CLOSED);
		}
	oracle_case(o, name_of("lr", name));
	oracle_check(o, "value", "g", x.ratio.statistic, CLOSED);
	oracle_check(o, "value", "df", x.ratio.df, 0);
	oracle_check_relative(o, "value", "p", x.ratio.p, TAIL);
	oracle_check(o, "value", "cramer_v", x.cramer_v, CLOSED);
	oracle_check(o, "value", "contingency", x.contingency, CLOSED);
	oracle_check(o, "value", "gamma", x.gamma, CLOSED);
	oracle_case(o, name_of("fisher", name));
	if (two)
		put_fisher(o, &t, YG_TWO_SIDED);
	double p;
	must(yg_fisher_rxc(t.whole, t.r, t.c, NULL, &p, NULL));
	/* R's network algorithm merges paths that are alike to 1e-7 */
	oracle_check_relative(o, "p", "", p, two ? TAIL : 1e-6);
	for (int side = YG_LESS; two && side <= YG_GREATER; side++) {
		snprintf(id, sizeof id, "fisher.%s.%s", name, sides[side]);
		oracle_case(o, id);
		put_fisher(o, &t, (enum yg_alternative)side);
	}
	if (two) {
		yg_crosstab(t.n, 2, 2, true, &x);
		oracle_case(o, name_of("chisq.cc", name));
		oracle_check(o, "statistic", "", x.chisq.statistic, CLOSED);
		oracle_check(o, "df", "", x.chisq.df, 0);
		oracle_check_relative(o, "p", "", x.chisq.p, TAIL);
	}
	oracle_csv_free(d);
}

static void put_mcnemar(struct oracle *o, const int64_t n[4])
{
	struct yg_mcnemar m;

	yg_mcnemar(n, 0.95, &m);
	oracle_check(o, "corrected", "x", m.corrected.statistic, CLOSED);
	oracle_check_relative(o, "corrected", "p", m.corrected.p, TAIL);
	oracle_check(o, "plain", "x", m.plain.statistic, CLOSED);
	oracle_check_relative(o, "plain", "p", m.plain.p, TAIL);
	oracle_check_relative(o, "exact_p", "", m.exact_p, TAIL);
}

static void mcnemar(struct oracle *o)
{
	struct oracle_csv *d = oracle_csv_load("respiratory");
	const double *visit = oracle_number(d, "visit"), *outcome = oracle_number(d, "outcome"), *id = oracle_number(d, "id");
	const struct oracle_column *center = oracle_column(d, "center");
	int64_t n[4] = { 0 };

	oracle_case(o, "mcnemar.1");
	put_mcnemar(o, (const int64_t[]){ 794, 150, 86, 570 });
	oracle_case(o, "mcnemar.visits");
	for (size_t i = 0; i < d->n; i++)
		for (size_t j = 0; visit[i] == 1 && j < d->n; j++)
			if (visit[j] == 4 && id[i] == id[j] && !strcmp(center->text[i], center->text[j]))
				n[(outcome[i] != 0) * 2 + (outcome[j] != 0)]++;
	put_mcnemar(o, n);
	oracle_check(o, "count", "0|0", (double)n[0], 0);
	oracle_check(o, "count", "0|1", (double)n[1], 0);
	oracle_check(o, "count", "1|0", (double)n[2], 0);
	oracle_check(o, "count", "1|1", (double)n[3], 0);
	oracle_csv_free(d);
}

/* k tables { a, b, c, d }: a = first row, first column. */
static size_t strata(const struct oracle_csv *d, const char *row, const char *column, const char *by, const char *frequency,
                     double tables[4 * 64])
{
	int32_t *a = yg_xalloc(d->n, sizeof *a), *b = yg_xalloc(d->n, sizeof *b), *s = yg_xalloc(d->n, sizeof *s);
	const char *label[64];

	oracle_levels(d, row, a, label);
	oracle_levels(d, column, b, label);
	size_t k = (size_t)oracle_levels(d, by, s, label);
	memset(tables, 0, 4 * 64 * sizeof *tables);
	for (size_t i = 0; i < d->n; i++)
		tables[4 * s[i] + 2 * a[i] + b[i]] += frequency ? oracle_number(d, frequency)[i] : 1;
	yg_free(a);
	yg_free(b);
	yg_free(s);
	return k;
}

static void mantel_haenszel(struct oracle *o, const char *name, const char *dataset, const char *row, const char *column,
                            const char *by, const char *frequency)
{
	struct oracle_csv *d = oracle_csv_load(dataset);
	double tables[4 * 64];
	size_t k = strata(d, row, column, by, frequency, tables);
	struct yg_mantel_haenszel m;
	char id[128];

	yg_mantel_haenszel(tables, k, 0.95, &m);
	for (int correct = 0; correct < 2; correct++) {
		const struct yg_test *t = correct ? &m.corrected : &m.test;
		snprintf(id, sizeof id, "mh.%s.%s.FALSE", name, correct ? "TRUE" : "FALSE");
		oracle_case(o, id);
		oracle_check(o, "statistic", "", t->statistic, CLOSED);
		oracle_check(o, "df", "", t->df, 0);
		oracle_check_relative(o, "p", "", t->p, TAIL);
		oracle_check(o, "estimate", "common odds ratio", m.or_.estimate, CLOSED);
		oracle_check(o, "ci", "lower", m.or_.lower, CLOSED);
		oracle_check(o, "ci", "upper", m.or_.upper, CLOSED);
	}
	if (strcmp(name, "lep") != 0) {
		oracle_case(o, name_of("breslowday", name));
		oracle_check(o, "value", "breslow_day", m.breslow_day.statistic, CLOSED);
		oracle_check(o, "value", "tarone", m.tarone.statistic, CLOSED);
		oracle_check(o, "value", "df", m.breslow_day.df, 0);
		oracle_check_relative(o, "value", "p", m.breslow_day.p, TAIL);
		oracle_check_relative(o, "value", "p_tarone", m.tarone.p, TAIL);
	}
	if (!strcmp(name, "ucb")) {
		oracle_case(o, "woolf.ucb");
		oracle_check(o, "value", "chisq", m.woolf.statistic, CLOSED);
		oracle_check(o, "value", "df", m.woolf.df, 0);
		oracle_check_relative(o, "value", "p", m.woolf.p, TAIL);
		oracle_ignore(o, "value");      /* or_iv, the inverse-variance pooled odds ratio, belongs to meta-analysis */
	}
	oracle_csv_free(d);
}

static void put_test(struct oracle *o, const struct yg_test *t)
{
	oracle_check(o, "statistic", "", t->statistic, CLOSED);
	oracle_check(o, "df", "", t->df, 0);
	oracle_check_relative(o, "p", "", t->p, TAIL);
}

static void trends(struct oracle *o)
{
	struct oracle_csv *b = oracle_csv_load("birthwt"), *e = oracle_csv_load("esoph");
	double events[6] = { 0 }, total[6] = { 0 };
	const double score[6] = { 1, 2, 3, 4, 5, 6 };
	const double *ptl = oracle_number(b, "ptl"), *low = oracle_number(b, "low");
	struct yg_test t;

	for (size_t i = 0; i < b->n; i++) {
		size_t k = ptl[i] > 2 ? 2 : (size_t)ptl[i];
		events[k] += low[i];
		total[k]++;
	}
	oracle_case(o, "trend.prop.smoke");
	yg_trend_test(events, total, score, 3, &t);
	put_test(o, &t);
	int32_t *g = yg_xalloc(e->n, sizeof *g);
	const char *label[64];
	oracle_levels(e, "agegp", g, label);
	memset(events, 0, sizeof events);
	memset(total, 0, sizeof total);
	for (size_t i = 0; i < e->n; i++) {
		double cases = oracle_number(e, "ncases")[i];
		events[g[i]] += cases;
		total[g[i]] += cases + oracle_number(e, "ncontrols")[i];
	}
	oracle_case(o, "trend.esoph");
	yg_trend_test(events, total, score, 6, &t);
	put_test(o, &t);
	yg_free(g);
	oracle_csv_free(b);
	oracle_csv_free(e);
}

static void proportions(struct oracle *o)
{
	struct oracle_csv *w = oracle_csv_load("wcgs"), *c = oracle_csv_load("colon");
	struct counts t;
	struct yg_crosstab x;
	struct yg_risks r;

	tabulate(w, "dibpat0", "chd69", NULL, 0, &t);
	yg_risks((const double[]){ t.n[3], t.n[2], t.n[1], t.n[0] }, 0.95, &r);
	for (int yates = 0; yates < 2; yates++) {
		oracle_case(o, yates ? "prop2.wcgs.cc" : "prop2.wcgs");
		yg_crosstab(t.n, 2, 2, yates, &x);
		put_test(o, &x.chisq);
		oracle_check(o, "estimate", "prop 1", r.risk1, CLOSED);
		oracle_check(o, "estimate", "prop 2", r.risk0, CLOSED);
		if (yates) {
			oracle_ignore(o, "ci");    /* the corrected Wald interval is not offered */
			continue;
		}
		oracle_check(o, "ci", "lower", r.rd.lower, CLOSED);
		oracle_check(o, "ci", "upper", r.rd.upper, CLOSED);
	}
	tabulate(c, "rx", "status", "etype", 2, &t);
	yg_crosstab(t.n, t.r, t.c, false, &x);
	oracle_case(o, "prop.k.colon");
	put_test(o, &x.chisq);
	static const char *const term[3] = { "prop 1", "prop 2", "prop 3" };
	for (size_t k = 0; k < 3; k++)
		oracle_check(o, "estimate", term[k], t.n[2 * k + 1] / (t.n[2 * k] + t.n[2 * k + 1]), CLOSED);
	struct yg_interval i = yg_proportion_ci(7, 20, 0.95, YG_CI_WILSON);
	oracle_case(o, "binom.wilson");
	oracle_check(o, "wilson", "1", i.lower, CLOSED);
	oracle_check(o, "wilson", "2", i.upper, CLOSED);
	oracle_ignore(o, "wilson_cc");         /* the corrected Wilson interval is not offered */
	oracle_csv_free(w);
	oracle_csv_free(c);
}

static void median_test(struct oracle *o)
{
	struct oracle_csv *d = oracle_csv_load("birthwt");
	const double *bwt = oracle_number(d, "bwt"), *race = oracle_number(d, "race");
	double *copy = yg_xalloc(d->n, sizeof *copy), n[6] = { 0 };
	struct yg_crosstab x;

	memcpy(copy, bwt, d->n * sizeof *copy);
	double m = yg_median(copy, d->n);
	for (size_t i = 0; i < d->n; i++)
		n[(bwt[i] > m) * 3 + (int)race[i] - 1]++;
	yg_crosstab(n, 2, 3, false, &x);
	oracle_case(o, "mood.median");
	put_test(o, &x.chisq);
	yg_free(copy);
	oracle_csv_free(d);
}

static void adjustments(struct oracle *o)
{
	static const double p[15] = { 0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
				      0.6528, 0.7590, 1.0 };
	static const struct {
		const char *id;
		enum yg_padjust method;
	} list[] = {
		{ "padj.bonferroni", YG_PADJUST_BONFERRONI }, { "padj.holm", YG_PADJUST_HOLM }, { "padj.hochberg", YG_PADJUST_HOCHBERG },
		{ "padj.hommel", YG_PADJUST_HOMMEL }, { "padj.BH", YG_PADJUST_BH }, { "padj.BY", YG_PADJUST_BY },
	};
	double a[15];
	char term[8];

	for (size_t k = 0; k < sizeof list / sizeof *list; k++) {
		oracle_case(o, list[k].id);
		yg_padjust(list[k].method, p, 15, a);
		for (int i = 0; i < 15; i++) {
			snprintf(term, sizeof term, "%d", i + 1);
			oracle_check(o, "value", term, a[i], 1e-13);
		}
	}
}

/* ---- spread, distributions, order, blocks, pairs ---- */

static int32_t *groups_of(const struct oracle_csv *d, const char *by, size_t *k)
{
	const char *label[64];
	int32_t *g = yg_xalloc(d->n, sizeof *g);

	*k = (size_t)oracle_levels(d, by, g, label);
	return g;
}

static void spread(struct oracle *o)
{
	struct oracle_csv *b = oracle_csv_load("birthwt"), *p = oracle_csv_load("PlantGrowth");
	size_t n, m, u, v, k;
	double *x = where(b, "bwt", "smoke", "0", &n), *y = where(b, "bwt", "smoke", "1", &m);
	double *c = where(p, "weight", "group", "ctrl", &u), *e = where(p, "weight", "group", "trt1", &v);
	struct yg_test t;
	struct yg_interval i;

	oracle_case(o, "var.birthwt");
	yg_variance_ratio(x, n, y, m, 0.95, &t, &i);
	oracle_check(o, "statistic", "", t.statistic, CLOSED);
	oracle_check(o, "df", "num df", t.df, 0);
	oracle_check(o, "df", "denom df", t.df2, 0);
	oracle_check_relative(o, "p", "", t.p, TAIL);
	oracle_check(o, "estimate", "ratio of variances", i.estimate, CLOSED);
	oracle_check(o, "ci", "lower", i.lower, CLOSED);
	oracle_check(o, "ci", "upper", i.upper, CLOSED);
	oracle_case(o, "ansari.plant");
	must(yg_ansari(c, u, e, v, &t, NULL));
	put_w(o, &t);
	int32_t *g = groups_of(p, "group", &k), *r = groups_of(b, "race", &n);
	const double *w = oracle_number(p, "weight"), *bwt = oracle_number(b, "bwt");
	oracle_case(o, "bartlett.plant");
	yg_bartlett(w, g, p->n, k, &t);
	put_test(o, &t);
	oracle_case(o, "fligner.plant");
	must(yg_fligner(w, g, p->n, k, &t, NULL));
	put_test(o, &t);
	oracle_case(o, "levene.birthwt");
	for (int median = 0; median < 2; median++) {
		must(yg_levene(bwt, r, b->n, n, median, &t, NULL));
		oracle_check(o, median ? "median" : "mean", "f", t.statistic, CLOSED);
		oracle_check_relative(o, median ? "median" : "mean", "p", t.p, TAIL);
	}
	yg_free(x);
	yg_free(y);
	yg_free(c);
	yg_free(e);
	yg_free(g);
	yg_free(r);
	oracle_csv_free(b);
	oracle_csv_free(p);
}

static void put_shapiro(struct oracle *o, const char *id, const double *x, size_t n)
{
	struct yg_test t;

	oracle_case(o, id);
	must(yg_shapiro(x, n, &t, NULL));
	oracle_check(o, "statistic", "", t.statistic, CLOSED);
	oracle_check_relative(o, "p", "", t.p, TAIL);
}

static void distributions(struct oracle *o)
{
	struct oracle_csv *a = oracle_csv_load("aSAH"), *b = oracle_csv_load("birthwt"), *c = oracle_csv_load("cats"),
			  *s = oracle_csv_load("sleep"), *w = oracle_csv_load("wcgs");
	const double *extra = oracle_number(s, "extra");
	size_t n, m;
	double *x = where(a, "s100b", "outcome", "Good", &n), *y = where(a, "s100b", "outcome", "Poor", &m), d[10];
	struct yg_test t;

	oracle_case(o, "ks.two.asah");
	must(yg_smirnov(x, n, y, m, YG_EXACT_NO, &t, NULL));
	put_w(o, &t);
	put_shapiro(o, "shapiro.birthwt.bwt", oracle_number(b, "bwt"), b->n);
	put_shapiro(o, "shapiro.birthwt.lwt", oracle_number(b, "lwt"), b->n);
	put_shapiro(o, "shapiro.birthwt.age", oracle_number(b, "age"), b->n);
	put_shapiro(o, "shapiro.cats", oracle_number(c, "Hwt"), c->n);
	put_shapiro(o, "shapiro.n3", (const double[]){ 1, 2, 4 }, 3);
	put_shapiro(o, "shapiro.wcgs", oracle_number(w, "weight0"), w->n);
	for (int i = 0; i < 10; i++)
		d[i] = extra[10 + i] - extra[i];
	put_shapiro(o, "shapiro.sleep", d, 10);
	int64_t up = 0, moved = 0;
	for (int i = 0; i < 10; i++) {
		up += d[i] > 0;
		moved += d[i] != 0;
	}
	static const struct {
		const char *id;
		int64_t k, n;
		double p0;
	} counts[] = { { "sign.sleep", 0, 0, 0.5 }, { "binom.0.5", 7, 20, 0.5 }, { "binom.0.3", 7, 20, 0.3 } };
	for (size_t i = 0; i < 3; i++) {
		struct yg_interval share;
		int64_t k = i ? counts[i].k : up, of = i ? counts[i].n : moved;
		oracle_case(o, counts[i].id);
		yg_binomial_test(k, of, counts[i].p0, YG_TWO_SIDED, 0.95, &t, &share);
		oracle_check(o, "statistic", "", t.statistic, 0);
		oracle_check(o, "df", "", (double)of, 0);
		oracle_check_relative(o, "p", "", t.p, TAIL);
		oracle_check(o, "estimate", "probability of success", share.estimate, CLOSED);
		oracle_check(o, "ci", "lower", share.lower, CLOSED);
		oracle_check(o, "ci", "upper", share.upper, CLOSED);
	}
	oracle_case(o, "gof.chisq");
	yg_goodness((const double[]){ 89, 37, 30, 28, 2 }, (const double[]){ .40, .20, .20, .15, .05 }, 5, &t);
	put_test(o, &t);
	yg_free(x);
	yg_free(y);
	oracle_csv_free(a);
	oracle_csv_free(b);
	oracle_csv_free(c);
	oracle_csv_free(s);
	oracle_csv_free(w);
}

static void blocks_and_order(struct oracle *o)
{
	static const char *const name[4] = { "d8", "d10", "d12", "d14" };
	struct oracle_csv *d = oracle_csv_load("potthoffroy"), *t = oracle_csv_load("ToothGrowth");
	double *x = yg_xalloc(4 * d->n, sizeof *x), w;
	size_t k;
	struct yg_test r;
	struct yg_trend j;

	for (size_t i = 0; i < d->n; i++)
		for (size_t c = 0; c < 4; c++)
			x[4 * i + c] = oracle_number(d, name[c])[i];
	oracle_case(o, "friedman.pr");
	yg_friedman(x, d->n, 4, &r, &w);
	put_test(o, &r);
	oracle_case(o, "quade.pr");
	must(yg_quade(x, d->n, 4, &r, NULL));
	oracle_check(o, "statistic", "", r.statistic, CLOSED);
	oracle_check(o, "df", "num df", r.df, 0);
	oracle_check(o, "df", "denom df", r.df2, 0);
	oracle_check_relative(o, "p", "", r.p, TAIL);
	int32_t *g = groups_of(t, "dose", &k);
	oracle_case(o, "jonckheere.tooth");
	must(yg_jonckheere(oracle_number(t, "len"), g, t->n, k, NULL, &j, NULL));
	double z = (j.sum - j.expected) / sqrt(j.variance_untied);
	oracle_check(o, "value", "J", j.sum, 0);
	oracle_check(o, "value", "z", z, CLOSED);
	oracle_check_relative(o, "value", "p", yg_normal_two_sided(z), TAIL);
	yg_free(x);
	yg_free(g);
	oracle_csv_free(d);
	oracle_csv_free(t);
}

static void pairs_of_groups(struct oracle *o, const char *id, const char *dataset, const char *x, const char *by,
                            const char *const term[3])
{
	static const size_t first[3] = { 1, 2, 2 }, second[3] = { 0, 0, 1 };
	struct oracle_csv *d = oracle_csv_load(dataset);
	double n[8] = { 0 }, mean[8] = { 0 }, ss[8] = { 0 }, p[3], adjusted[3], range = NAN;
	const double *v = oracle_number(d, x);
	bool tukey = !strncmp(id, "tukey", 5);
	struct yg_pair_means pair;
	size_t k;
	int32_t *g = groups_of(d, by, &k);

	for (size_t i = 0; i < d->n; i++) {
		n[g[i]]++;
		mean[g[i]] += v[i];
	}
	for (size_t i = 0; i < k; i++)
		mean[i] /= n[i];
	for (size_t i = 0; i < d->n; i++)
		ss[g[i]] += (v[i] - mean[g[i]]) * (v[i] - mean[g[i]]);
	oracle_case(o, id);
	for (size_t i = 0; i < 3; i++) {
		yg_pair_means(n, mean, ss, k, first[i], second[i], 0.95, &range, &pair);
		p[i] = pair.p;
		if (tukey) {
			oracle_check(o, "diff", term[i], pair.difference, CLOSED);
			/* R finds the quantile of the range to about 1e-8 of the limits */
			oracle_check(o, "lower", term[i], pair.tukey_lower, 1e-7);
			oracle_check(o, "upper", term[i], pair.tukey_upper, 1e-7);
			oracle_check_relative(o, "p_adj", term[i], pair.tukey_p, TAIL);
		} else {
			oracle_check_relative(o, "none", term[i], p[i], TAIL);
		}
	}
	static const struct {
		const char *word;
		enum yg_padjust method;
	} list[] = { { "holm", YG_PADJUST_HOLM }, { "bonferroni", YG_PADJUST_BONFERRONI }, { "bh", YG_PADJUST_BH } };
	for (size_t m = 0; m < 3 && !tukey; m++) {
		yg_padjust(list[m].method, p, 3, adjusted);
		for (size_t i = 0; i < 3; i++)
			oracle_check_relative(o, list[m].word, term[i], adjusted[i], TAIL);
	}
	yg_free(g);
	oracle_csv_free(d);
}

/* ---- correlation ---- */

static void put_correlation(struct oracle *o, const char *name, const double *x, const double *y, size_t n)
{
	struct yg_correlation c;
	char id[64];
	double size = (double)n;

	snprintf(id, sizeof id, "cor.%s.pearson", name);
	oracle_case(o, id);
	yg_pearson(x, y, n, 0.95, &c);
	put_test(o, &c.test);
	oracle_check(o, "estimate", "cor", c.estimate, CLOSED);
	oracle_check(o, "ci", "lower", c.lower, CLOSED);
	oracle_check(o, "ci", "upper", c.upper, CLOSED);
	snprintf(id, sizeof id, "cor.%s.spearman", name);
	oracle_case(o, id);
	must(yg_spearman(x, y, n, YG_EXACT_NO, 0.95, NULL, &c, NULL));
	oracle_check(o, "statistic", "", (size * size * size - size) / 6 * (1 - c.estimate), CLOSED);
	oracle_check_relative(o, "p", "", c.test.p, TAIL);
	oracle_check(o, "estimate", "rho", c.estimate, CLOSED);
	snprintf(id, sizeof id, "cor.%s.kendall", name);
	oracle_case(o, id);
	must(yg_kendall(x, y, n, YG_EXACT_NO, 0.95, NULL, &c, NULL));
	oracle_check(o, "statistic", "", c.test.statistic, CLOSED);
	oracle_check_relative(o, "p", "", c.test.p, TAIL);
	oracle_check(o, "estimate", "tau", c.estimate, CLOSED);
}

static size_t complete(const double *const *from, size_t k, size_t n, double *const *to)
{
	size_t m = 0;

	for (size_t i = 0; i < n; i++) {
		bool known = true;
		for (size_t c = 0; c < k; c++)
			known = known && !isnan(from[c][i]);
		for (size_t c = 0; c < k && known; c++)
			to[c][m] = from[c][i];
		m += known;
	}
	return m;
}

static void correlations(struct oracle *o)
{
	static const char *const name[5] = { "age", "bili", "albumin", "protime", "platelet" }, *const method[3] = { "pearson", "spearman", "kendall" };
	struct oracle_csv *c = oracle_csv_load("cats"), *s = oracle_csv_load("sleep"), *v = oracle_csv_load("va_diabetes"), *p = oracle_csv_load("pbc");
	const double *extra = oracle_number(s, "extra");
	double *a = yg_xalloc(3 * 1000, sizeof *a), *to[3] = { a, a + 1000, a + 2000 };
	struct yg_correlation r;
	size_t m, given;

	put_correlation(o, "cats", oracle_number(c, "Bwt"), oracle_number(c, "Hwt"), c->n);
	put_correlation(o, "sleep", extra, extra + 10, 10);
	m = complete((const double *const[]){ oracle_number(v, "glyhb"), oracle_number(v, "stab.glu") }, 2, v->n, to);
	put_correlation(o, "vad", to[0], to[1], m);
	for (int k = 0; k < 3; k++) {
		char id[64], term[64];
		snprintf(id, sizeof id, "cor.matrix.pbc.%s", method[k]);
		oracle_case(o, id);
		for (int i = 0; i < 5; i++)
			for (int j = 0; j < 5; j++) {
				m = complete((const double *const[]){ oracle_number(p, name[i]), oracle_number(p, name[j]) }, 2, p->n, to);
				if (k == 0)
					yg_pearson(to[0], to[1], m, 0.95, &r);
				else if (k == 1)
					must(yg_spearman(to[0], to[1], m, YG_EXACT_AUTO, 0.95, NULL, &r, NULL));
				else
					must(yg_kendall(to[0], to[1], m, YG_EXACT_AUTO, 0.95, NULL, &r, NULL));
				snprintf(term, sizeof term, "%s|%s", name[i], name[j]);
				oracle_check(o, "value", term, r.estimate, CLOSED);
			}
	}
	const double x[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, y[8] = { 2, 1, 4, 3, 7, 5, 8, 6 };
	oracle_case(o, "cor.exact.spearman");
	must(yg_spearman(x, y, 8, YG_EXACT_AUTO, 0.95, NULL, &r, NULL));
	oracle_check(o, "statistic", "", 84 * (1 - r.estimate), CLOSED);
	oracle_check_relative(o, "p", "", r.test.p, TAIL);
	oracle_check(o, "estimate", "rho", r.estimate, CLOSED);
	oracle_case(o, "cor.exact.kendall");
	must(yg_kendall(x, y, 8, YG_EXACT_AUTO, 0.95, NULL, &r, NULL));
	oracle_check(o, "statistic", "", (28 + r.test.statistic) / 2, CLOSED);
	oracle_check_relative(o, "p", "", r.test.p, TAIL);
	oracle_check(o, "estimate", "tau", r.estimate, CLOSED);
	m = complete((const double *const[]){ oracle_number(p, "albumin"), oracle_number(p, "protime"), oracle_number(p, "age") }, 3, p->n, to);
	oracle_case(o, "cor.partial");
	yg_partial_correlation((const double *const *)to, 3, m, false, 0.95, &r, &given);
	oracle_check(o, "value", "r", r.estimate, CLOSED);
	oracle_check(o, "value", "t", r.test.statistic, CLOSED);
	oracle_check(o, "value", "df", r.test.df, 0);
	oracle_check_relative(o, "value", "p", r.test.p, TAIL);
	yg_free(a);
	oracle_csv_free(c);
	oracle_csv_free(s);
	oracle_csv_free(v);
	oracle_csv_free(p);
}

static void not_covered(struct oracle *o)
{
	static const struct {
		const char *prefix, *why;
	} list[] = {
		{ "ks.one", "groups are compared, not one sample with a distribution given in full" },
		{ "cor.spearman.cc", "no continuity correction of Spearman's test" },
		{ "aov2.", "two-way analysis of variance is a linear model" },
		{ "lin.ccc", "agreement is another command's" },
		{ "bland.altman", "agreement is another command's" },
		{ "mh.ucb.FALSE.TRUE", "no exact stratified test" },
		{ "mh.birthwt.FALSE.TRUE", "no exact stratified test" },
		{ "mh.lep.FALSE.TRUE", "no exact stratified test" },
		{ "cmh.general.", "no generalised Cochran-Mantel-Haenszel test" },
		{ "poisson.", "no test of a rate here" },
		{ "fisher.combine", "no combination of p values" },
		{ "dist.", "distribution functions are checked by their own program" },
	};

	for (size_t i = 0; i < o->cases; i++)
		for (size_t k = 0; k < sizeof list / sizeof *list; k++)
			if (!strncmp(o->list[i].id, list[k].prefix, strlen(list[k].prefix)) && !o->list[i].run)
				oracle_not_covered(o, o->list[i].id, list[k].why);
}

int main(void)
{
	struct oracle o;

	oracle_open(&o, "tests");
	for (int side = YG_TWO_SIDED; side <= YG_GREATER; side++) {
		t_tests(&o, (enum yg_alternative)side);
		rank_tests(&o, (enum yg_alternative)side);
	}
	wcgs_at_90(&o);
	anova(&o, "aov.plant", "welch.aov.plant", "kruskal.plant", "PlantGrowth", "weight", "group", "group");
	anova(&o, "aov.birthwt.race", "welch.aov.birthwt", "kruskal.birthwt", "birthwt", "bwt", "race", "factor(race)");
	anova(&o, NULL, NULL, "kruskal.veteran", "veteran", "karno", "celltype", NULL);
	pairwise_wilcoxon(&o);
	contingency(&o, "birthwt.smoke", "birthwt", "low", "smoke", NULL, 0);
	contingency(&o, "birthwt.race", "birthwt", "low", "race", NULL, 0);
	contingency(&o, "birthwt.ht", "birthwt", "low", "ht", NULL, 0);
	contingency(&o, "colon.rx", "colon", "status", "rx", "etype", 2);
	contingency(&o, "pbc.edema", "pbc", "status", "edema", NULL, 0);
	contingency(&o, "infert.ed", "infert", "case", "education", NULL, 0);
	contingency(&o, "mam.hist", "mammoexp", "ME", "HIST", NULL, 0);
	contingency(&o, "survey.smoke", "survey", "Smoke", "Exer", NULL, 0);
	contingency(&o, "asah.gender", "aSAH", "outcome", "gender", NULL, 0);
	contingency(&o, "wcgs.chd", "wcgs", "chd69", "dibpat0", NULL, 0);
	mcnemar(&o);
	mantel_haenszel(&o, "ucb", "UCBAdmissions", "Admit", "Gender", "Dept", "Freq");
	mantel_haenszel(&o, "birthwt", "birthwt", "low", "smoke", "race", NULL);
	mantel_haenszel(&o, "lep", "lep", "d", "bcg", "age", NULL);
	trends(&o);
	proportions(&o);
	median_test(&o);
	adjustments(&o);
	spread(&o);
	distributions(&o);
	blocks_and_order(&o);
	pairs_of_groups(&o, "tukey.plant", "PlantGrowth", "weight", "group", (const char *const[]){ "trt1-ctrl", "trt2-ctrl", "trt2-trt1" });
	pairs_of_groups(&o, "pairwise.t.birthwt", "birthwt", "bwt", "race", (const char *const[]){ "2-1", "3-1", "3-2" });
	correlations(&o);
	not_covered(&o);
	return oracle_finish(&o);
}
