/* Descriptive statistics and baseline tables against R: every case of table1.tsv. */
#include "tests/oracle/oracle.h"

#include "yogo/stats/crosstab.h"
#include "yogo/stats/describe.h"
#include "yogo/stats/smd.h"
#include "yogo/stats/twogroup.h"

#define CLOSED 1e-9
#define TAIL 1e-8

static double *known(const double *x, size_t n, size_t *m)
{
	double *k = yg_xalloc(n + 1, sizeof *k);
	*m = 0;
	for (size_t i = 0; i < n; i++)
		if (!isnan(x[i]))
			k[(*m)++] = x[i];
	return k;
}

static void descriptive(struct oracle *o, const char *dataset, const char *variable)
{
	static const double p[5] = { 0.1, 0.25, 0.5, 0.75, 0.9 };
	static const char *const term[5] = { "p10", "p25", "p50", "p75", "p90" };
	static const int types[5] = { 2, 5, 6, 7, 8 };
	struct oracle_csv *d = oracle_csv_load(dataset);
	char id[128], statistic[32];
	size_t m;
	double *x = known(oracle_number(d, variable), d->n, &m), q[5];
	struct yg_describe s;

	snprintf(id, sizeof id, "desc.%s.%s", dataset, variable);
	oracle_case(o, id);
	yg_describe(x, NULL, m, 0.95, &s);
	oracle_check(o, "n", "", (double)s.n, 0);
	oracle_check(o, "missing", "", (double)(d->n - m), 0);
	oracle_check(o, "mean", "", s.mean, CLOSED);
	oracle_check(o, "sd", "", s.sd, CLOSED);
	oracle_check(o, "se", "", s.se, CLOSED);
	oracle_check(o, "min", "", s.minimum, 0);
	oracle_check(o, "max", "", s.maximum, 0);
	oracle_check(o, "sum", "", s.sum, CLOSED);
	oracle_check(o, "cv", "", s.cv, CLOSED);
	if (oracle_lookup(o, id, "geomean", ""))
		oracle_check(o, "geomean", "", yg_geometric_mean(x, NULL, m), CLOSED);
	oracle_check(o, "skewness_b1", "", s.skewness, CLOSED);
	oracle_check(o, "skewness_g1_sample", "", s.skewness_adjusted, CLOSED);
	oracle_check(o, "kurtosis_excess_b2", "", s.kurtosis, CLOSED);
	oracle_check(o, "kurtosis_excess_sample", "", s.kurtosis_adjusted, CLOSED);
	oracle_check(o, "ci_mean", "lower", s.lower, CLOSED);
	oracle_check(o, "ci_mean", "upper", s.upper, CLOSED);
	for (int t = 0; t < 5; t++) {
		yg_quantiles(x, m, types[t], p, 5, q);
		snprintf(statistic, sizeof statistic, "quantile_type%d", types[t]);
		for (int k = 0; k < 5; k++)
			oracle_check(o, statistic, term[k], q[k], CLOSED);
		if (types[t] == 7)
			oracle_check(o, "iqr_type7", "", q[3] - q[1], CLOSED);
	}
	oracle_check(o, "mad", "", yg_mad(x, m), CLOSED);
	yg_free(x);
	oracle_csv_free(d);
}

/* A data set with its groups; rows[i] says whether row i takes part. */
struct grouped {
	const char *name;
	struct oracle_csv *d;
	int32_t *group;
	const char *label[64];
	int groups;
};

static struct grouped load(const char *name, const char *by)
{
	struct grouped g = { .name = name, .d = oracle_csv_load(name) };
	g.group = yg_xalloc(g.d->n + 1, sizeof *g.group);
	g.groups = oracle_levels(g.d, by, g.group, g.label);
	return g;
}

static void unload(struct grouped *g)
{
	oracle_csv_free(g->d);
	yg_free(g->group);
}

/* Known values of one group. */
static double *values(const struct grouped *g, const double *x, int32_t group, size_t *m, size_t *missing)
{
	double *v = yg_xalloc(g->d->n + 1, sizeof *v);
	*m = *missing = 0;
	for (size_t i = 0; i < g->d->n; i++)
		if (g->group[i] == group) {
			if (isnan(x[i]))
				++*missing;
			else
				v[(*m)++] = x[i];
		}
	return v;
}

static void continuous(struct oracle *o, const struct grouped *g, const char *variable)
{
	static const double p[3] = { 0.25, 0.5, 0.75 };
	const double *x = oracle_number(g->d, variable);
	double *v[2], q[3];
	size_t m[2], missing[2];
	struct yg_describe s[2];
	struct yg_t_test t;
	struct yg_test w;
	char id[128];

	snprintf(id, sizeof id, "t1.%s.%s", g->name, variable);
	oracle_case(o, id);
	for (int k = 0; k < 2; k++) {
		v[k] = values(g, x, k, &m[k], &missing[k]);
		yg_describe(v[k], NULL, m[k], 0.95, &s[k]);
		oracle_check(o, "mean", g->label[k], s[k].mean, CLOSED);
		oracle_check(o, "sd", g->label[k], s[k].sd, CLOSED);
		oracle_check(o, "missing", g->label[k], (double)missing[k], 0);
	}
	yg_t_test(v[0], m[0], v[1], m[1], false, YG_TWO_SIDED, 0.95, &t);
	oracle_check_relative(o, "p_welch", "", t.test.p, TAIL);
	yg_t_test(v[0], m[0], v[1], m[1], true, YG_TWO_SIDED, 0.95, &t);
	oracle_check_relative(o, "p_student", "", t.test.p, TAIL);
	if (yg_rank_sum(v[0], m[0], v[1], m[1], YG_EXACT_NO, true, YG_TWO_SIDED, &w, NULL) != YG_OK)
		exit(99);
	oracle_check_relative(o, "p_wilcoxon", "", w.p, TAIL);
	oracle_check(o, "smd", "", yg_smd_continuous(s[1].mean, s[1].variance, s[0].mean, s[0].variance, YG_SMD_AVERAGE, 0), CLOSED);
	for (int k = 0; k < 2; k++) {
		yg_quantiles(v[k], m[k], 7, p, 3, q);
		oracle_check(o, "q1", g->label[k], q[0], CLOSED);
		oracle_check(o, "median", g->label[k], q[1], CLOSED);
		oracle_check(o, "q3", g->label[k], q[2], CLOSED);
		yg_free(v[k]);
	}
}

static void categorical(struct oracle *o, const struct grouped *g, const char *variable)
{
	int32_t *code = yg_xalloc(g->d->n + 1, sizeof *code);
	const char *level[64];
	int levels = oracle_levels(g->d, variable, code, level);
	double count[64 * 2] = { 0 }, column[2 * 64] = { 0 }, total[2] = { 0 };
	int64_t whole[64 * 2];
	size_t missing = 0;
	char id[128], term[128];
	struct yg_crosstab plain, yates;
	double p;

	snprintf(id, sizeof id, "t1.%s.%s", g->name, variable);
	oracle_case(o, id);
	for (size_t i = 0; i < g->d->n; i++) {
		if (g->group[i] < 0)
			continue;
		if (code[i] < 0) {
			missing++;
			continue;
		}
		count[code[i] * 2 + g->group[i]]++;
		column[g->group[i] * levels + code[i]]++;
		total[g->group[i]]++;
	}
	for (int l = 0; l < levels; l++)
		for (int k = 0; k < 2; k++) {
			snprintf(term, sizeof term, "%s|%s", level[l], g->label[k]);
			whole[l * 2 + k] = (int64_t)count[l * 2 + k];
			oracle_check(o, "count", term, count[l * 2 + k], 0);
			oracle_check(o, "percent", term, 100 * count[l * 2 + k] / total[k], CLOSED);
		}
	oracle_check(o, "missing", "", (double)missing, 0);
	yg_crosstab(count, (size_t)levels, 2, false, &plain);
	yg_crosstab(count, (size_t)levels, 2, true, &yates);
	oracle_check_relative(o, "p_chisq", "", plain.chisq.p, TAIL);
	oracle_check_relative(o, "p_chisq_cc", "", yates.chisq.p, TAIL);
	if (yg_fisher_rxc(whole, (size_t)levels, 2, NULL, &p, NULL) != YG_OK)
		exit(99);
	/* R's network algorithm merges paths that are alike to 1e-7 */
	oracle_check_relative(o, "p_fisher", "", p, levels == 2 ? TAIL : 1e-6);
	double smd = levels == 2 ? yg_smd_binary(column[levels + 1] / total[1], column[1] / total[0], YG_SMD_AVERAGE, 0)
	                         : yg_smd_levels(column + levels, column, (size_t)levels);
	oracle_check(o, "smd", "", smd, CLOSED);
	yg_free(code);
}

static void colon_in_three_groups(struct oracle *o)
{
	struct grouped g = load("colon", "rx");
	const double *age = oracle_number(g.d, "age"), *sex = oracle_number(g.d, "sex"), *etype = oracle_number(g.d, "etype");
	double mean[3], variance[3], men[3], table[6] = { 0 };
	struct yg_anova a;
	struct yg_test k;
	char term[64];

	oracle_case(o, "t1.colon.3");
	for (size_t i = 0; i < g.d->n; i++)
		if (etype[i] != 2)
			g.group[i] = -1;
	for (int j = 0; j < 3; j++) {
		size_t m, missing;
		double *v = values(&g, age, j, &m, &missing);
		struct yg_describe s;
		yg_describe(v, NULL, m, 0.95, &s);
		mean[j] = s.mean;
		variance[j] = s.variance;
		oracle_check(o, "mean", g.label[j], s.mean, CLOSED);
		oracle_check(o, "sd", g.label[j], s.sd, CLOSED);
		yg_free(v);
	}
	for (size_t i = 0; i < g.d->n; i++)
		if (g.group[i] >= 0)
			table[g.group[i] * 2 + (sex[i] == 1)]++;
	for (int j = 0; j < 3; j++)
		men[j] = table[2 * j + 1] / (table[2 * j] + table[2 * j + 1]);
	for (int i = 0; i < 3; i++)
		for (int j = i + 1; j < 3; j++) {
			snprintf(term, sizeof term, "%s - %s", g.label[i], g.label[j]);
			oracle_check(o, "smd_age", term, yg_smd_continuous(mean[j], variance[j], mean[i], variance[i], YG_SMD_AVERAGE, 0), CLOSED);
			oracle_check(o, "smd_sex", term, yg_smd_binary(men[j], men[i], YG_SMD_AVERAGE, 0), CLOSED);
		}
	yg_anova(age, g.group, g.d->n, 3, &a);
	oracle_check_relative(o, "p_anova", "", a.test.p, TAIL);
	if (yg_kruskal_wallis(age, g.group, g.d->n, 3, &k, NULL) != YG_OK)
		exit(99);
	oracle_check_relative(o, "p_kruskal", "", k.p, TAIL);
	struct yg_crosstab c;
	yg_crosstab(table, 3, 2, false, &c);
	oracle_check_relative(o, "p_sex", "", c.chisq.p, TAIL);
	/* the largest of the three pairs, as one function finds it */
	size_t first, second;
	double largest = yg_smd_largest_continuous(mean, variance, 3, &first, &second);
	if (fabs(largest - -0.055792694006092131) > CLOSED || first != 2 || second != 0) {
		fprintf(stderr, "largest pair: %.17g of %zu and %zu\n", largest, first, second);
		o->wrong++;
	}
	unload(&g);
}

static const struct {
	const char *dataset, *by, *numbers[5], *levels[5];
} tables[] = {
	{ "lalonde", "treat", { "age", "educ", "re74", "re75" }, { "race", "married", "nodegree" } },
	{ "pbc", "trt", { "age", "bili", "albumin", "chol" }, { "sex", "edema", "stage", "hepato" } },
	{ "rotterdam", "chemo", { "age", "nodes", "pgr", "er" }, { "size", "meno", "grade", "hormon" } },
	{ "gbsg", "hormon", { "age", "size", "nodes" }, { "grade", "meno" } },
	{ "lung", "sex", { "age", "meal.cal", "wt.loss" }, { "ph.ecog", "ph.karno" } },
	{ "wcgs", "dibpat0", { "age0", "chol0", "sbp0", "ncigs0" }, { "arcus0", "chd69" } },
	{ "birthwt", "smoke", { "age", "lwt", "bwt" }, { "race", "ht", "ui", "ptl" } },
};
static const struct {
	const char *dataset, *variables[6];
} described[] = {
	{ "lung", { "age", "ph.karno", "meal.cal", "wt.loss" } },
	{ "pbc", { "age", "bili", "chol", "platelet", "protime" } },
	{ "lalonde", { "re74", "re75", "re78", "age" } },
};

int main(void)
{
	struct oracle o;

	oracle_open(&o, "table1");
	for (size_t i = 0; i < sizeof described / sizeof *described; i++)
		for (size_t k = 0; described[i].variables[k]; k++)
			descriptive(&o, described[i].dataset, described[i].variables[k]);
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		struct grouped g = load(tables[i].dataset, tables[i].by);
		for (size_t k = 0; k < 5 && tables[i].numbers[k]; k++)
			continuous(&o, &g, tables[i].numbers[k]);
		for (size_t k = 0; k < 5 && tables[i].levels[k]; k++)
			categorical(&o, &g, tables[i].levels[k]);
		unload(&g);
	}
	colon_in_three_groups(&o);
	return oracle_finish(&o);
}
