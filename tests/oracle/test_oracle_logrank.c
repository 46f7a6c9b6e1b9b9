/* Every log-rank case of data/logrank.tsv: G-rho, weighted, stratified, trend, pairwise, one sample. */
#include "tests/unit/test.h"

#include "tests/oracle/oracle.h"
#include "yogo/stats/adjust.h"
#include "yogo/stats/logrank.h"

#define MOST 4000
static struct oracle o;

struct data {
	const char *name, *time, *event;
	double event_is;
	const char *by, *by2, *strata, *strata2;
	const char *keep;
	double keep_value;
};
struct rows {
	size_t n;
	double exit[MOST];
	uint8_t event[MOST];
	int32_t group[MOST], stratum[MOST];
	char long_name[64][96], short_name[64][32]; /* "sex=1" and "1" */
	size_t groups, strata;
};
static struct rows rows;

static size_t levels_of(const struct oracle_csv *d, const char *a, const char *b, int32_t *code, int name_them)
{
	static int32_t second[9000];
	const char *la[64], *lb[64];
	int na = oracle_levels(d, a, code, la), nb = b ? oracle_levels(d, b, second, lb) : 1;
	for (size_t i = 0; b && i < d->n; i++)
		code[i] = code[i] < 0 || second[i] < 0 ? -1 : code[i] * nb + second[i];
	for (int i = 0; name_them && i < na * nb; i++) {
		snprintf(rows.short_name[i], sizeof rows.short_name[i], "%s", la[i / nb]);
		if (b)
			snprintf(rows.long_name[i], sizeof rows.long_name[i], "%s=%s, %s=%s", a, la[i / nb], b, lb[i % nb]);
		else
			snprintf(rows.long_name[i], sizeof rows.long_name[i], "%s=%s", a, la[i]);
	}
	return (size_t)(na * nb);
}

static void make_rows(const struct data *s)
{
	static int32_t group[9000], stratum[9000];
	struct oracle_csv *d = oracle_csv_load(s->name);
	rows.groups = levels_of(d, s->by, s->by2, group, 1);
	rows.strata = 1;
	memset(stratum, 0, sizeof stratum);
	if (s->strata && !strcmp(s->strata, "age > 65")) {
		rows.strata = 2;
		for (size_t i = 0; i < d->n; i++)
			stratum[i] = oracle_number(d, "age")[i] > 65;
	} else if (s->strata) {
		rows.strata = levels_of(d, s->strata, s->strata2, stratum, 0);
	}
	rows.n = 0;
	for (size_t i = 0; i < d->n; i++) {
		size_t r = rows.n;
		if (group[i] < 0 || stratum[i] < 0 || (s->keep && oracle_number(d, s->keep)[i] != s->keep_value))
			continue;
		rows.exit[r] = oracle_number(d, s->time)[i];
		rows.event[r] = oracle_number(d, s->event)[i] == s->event_is;
		rows.group[r] = group[i];
		rows.stratum[r] = stratum[i];
		rows.n++;
	}
	oracle_snap_times(NULL, rows.exit, rows.n);
	oracle_csv_free(d);
}

static struct yg_spans spans(void)
{
	return (struct yg_spans){ .n = rows.n, .exit = rows.exit, .event = rows.event, .group = rows.group,
		                  .groups = rows.groups, .stratum = rows.stratum, .strata = rows.strata };
}

static size_t group_named(const char *name, size_t n)
{
	for (size_t g = 0; g < rows.groups; g++)
		if ((strlen(rows.long_name[g]) == n && !strncmp(rows.long_name[g], name, n)) ||
		    (strlen(rows.short_name[g]) == n && !strncmp(rows.short_name[g], name, n)))
			return g;
	fprintf(stderr, "no group %s\n", name);
	exit(99);
}

static void compare(struct oracle_value *v, const struct yg_logrank *t)
{
	const char *s = v->statistic, *bar = strchr(v->term, '|');
	if (!strcmp(s, "chisq")) {
		oracle_compare(&o, v, t->chisq, 1e-9);
	} else if (!strcmp(s, "df")) {
		oracle_compare(&o, v, t->df, 0);
	} else if (!strcmp(s, "p")) {
		oracle_check_relative(&o, "p", "", t->p, 1e-8);
	} else if (!strcmp(s, "trend_z")) {
		oracle_compare(&o, v, t->trend_z, 1e-9);
	} else if (!strcmp(s, "trend_chisq")) {
		oracle_compare(&o, v, t->trend_chisq, 1e-9);
	} else if (!strcmp(s, "trend_p")) {
		oracle_check_relative(&o, "trend_p", "", t->trend_p, 1e-8);
	} else if (!strcmp(s, "var")) {
		size_t g = group_named(v->term, (size_t)(bar - v->term)), h = group_named(bar + 1, strlen(bar + 1));
		oracle_compare(&o, v, t->variance[g * t->groups + h], 1e-9);
	} else {
		size_t g = group_named(v->term, strlen(v->term));
		oracle_compare(&o, v, !strcmp(s, "n") ? (double)t->rows[g] : !strcmp(s, "observed") ? t->observed[g] :
		               t->expected[g], 1e-9);
	}
}

static void run(const char *id, const struct data *s, enum yg_logrank_kind kind, double rho, double gamma)
{
	struct yg_logrank t;
	const struct yg_logrank_options options = { kind, rho, gamma, NULL };
	make_rows(s);
	struct yg_spans d = spans();
	oracle_case(&o, id);
	assert_int_equal(yg_logrank_test(&d, &options, NULL, &t, NULL), YG_OK);
	for (size_t i = o.first; i < o.last; i++)
		compare(&o.value[i], &t);
	yg_logrank_release(&t);
}

static const struct data lung = { "lung", "time", "status", 2, "sex", .by2 = NULL };
static const struct data veteran = { "veteran", "time", "status", 1, "celltype", .by2 = NULL };
static const struct data colon = { "colon", "time", "status", 1, "rx", .keep = "etype", .keep_value = 2 };
static const struct data bmt = { "km_bmt", "t2", "d3", 1, "group", .by2 = NULL };
static const struct data larynx = { "km_larynx", "time", "delta", 1, "stage", .by2 = NULL };
static const struct data aml = { "aml", "time", "status", 1, "x", .by2 = NULL };

static void g_rho(void)
{
	static const char *const rho[] = { "0", "1", "0.5", "-1" };
	const struct data stratified = { "lung", "time", "status", 2, "sex", .strata = "ph.ecog" };
	char id[64];
	for (int i = 0; i < 4; i++) {
		double r = oracle_number_of(rho[i]);
		const struct {
			const char *name;
			const struct data *d;
		} set[] = { { "lung.sex", &lung }, { "veteran.cell", &veteran }, { "colon.rx", &colon },
		           { "bmt.group", &bmt },
			    { "lung.strat", &stratified } };
		for (int k = 0; k < 5; k++) {
			snprintf(id, sizeof id, "lr.%s.rho%s", set[k].name, rho[i]);
			run(id, set[k].d, YG_LOGRANK_FLEMING, r, 0);
		}
	}
}

static void single(void)
{
	static const struct {
		const char *id;
		struct data d;
	} list[] = {
		{ "lr.aml", { "aml", "time", "status", 1, "x", .by2 = NULL } },
		{ "lr.gehan", { "gehan", "time", "cens", 1, "treat", .by2 = NULL } },
		{ "lr.gehan.pair", { "gehan", "time", "cens", 1, "treat", .strata = "pair" } },
		{ "lr.ovarian.rx", { "ovarian", "futime", "fustat", 1, "rx", .by2 = NULL } },
		{ "lr.ovarian.two", { "ovarian", "futime", "fustat", 1, "rx", .by2 = "resid.ds" } },
		{ "lr.larynx", { "km_larynx", "time", "delta", 1, "stage", .by2 = NULL } },
		{ "lr.tongue", { "km_tongue", "time", "delta", 1, "type", .by2 = NULL } },
		{ "lr.gbsg.strat", { "gbsg", "rfstime", "status", 1, "hormon", .strata = "grade" } },
		{ "lr.rotterdam.strat2", { "rotterdam", "dtime", "death", 1, "chemo", .strata = "size",
		                          .strata2 = "meno" } },
		{ "lr.kidtran", { "km_kidtran", "time", "delta", 1, "gender", .by2 = "race" } },
		{ "lr.pbc.edema", { "pbc", "time", "status", 2, "edema", .by2 = NULL } },
		{ "lr.mgus2.zero", { "mgus2", "futime", "death", 1, "sex", .by2 = NULL } },
	};
	for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
		run(list[i].id, &list[i].d, YG_LOGRANK_MANTEL, 0, 0);
	const struct data strata = { "km_larynx", "time", "delta", 1, "stage", .strata = "age > 65" };
	run("trend.larynx.strat", &strata, YG_LOGRANK_MANTEL, 0, 0);
}

static void weighted(void)
{
	static const struct {
		const char *name;
		enum yg_logrank_kind kind;
		double p, q;
	} weight[] = { { "gehan", YG_LOGRANK_GEHAN, 0, 0 }, { "tarone", YG_LOGRANK_TARONE, 0, 0 },
	              { "peto", YG_LOGRANK_PETO, 0, 0 },
		       { "modpeto", YG_LOGRANK_MODIFIED_PETO, 0, 0 }, { "fh0_1", YG_LOGRANK_FLEMING, 0, 1 },
		       { "fh1_0", YG_LOGRANK_FLEMING, 1, 0 }, { "fh1_1", YG_LOGRANK_FLEMING, 1, 1 },
		       { "fh0.5_0.5", YG_LOGRANK_FLEMING, 0.5, 0.5 }, { "logrank", YG_LOGRANK_MANTEL, 0, 0 } };
	const struct {
		const char *name;
		const struct data *d;
	} set[] = { { "lung.sex", &lung }, { "veteran.cell", &veteran }, { "larynx.stage", &larynx }, { "aml.x", &aml },
		    { "colon.rx", &colon } };
	char id[64];
	for (size_t w = 0; w < sizeof weight / sizeof weight[0]; w++)
		for (int k = 0; k < 5; k++) {
			snprintf(id, sizeof id, "wlr.%s.%s", set[k].name, weight[w].name);
			run(id, set[k].d, weight[w].kind, weight[w].p, weight[w].q);
		}
}

static void pairwise(const char *id, const struct data *s)
{
	static const struct {
		const char *name;
		enum yg_padjust method;
	} list[] = { { "p", YG_PADJUST_NONE }, { "p_holm", YG_PADJUST_HOLM }, { "p_bh", YG_PADJUST_BH },
		     { "p_bonferroni", YG_PADJUST_BONFERRONI }, { "p_hochberg",
		                                                 YG_PADJUST_HOCHBERG }, { "p_by", YG_PADJUST_BY },
		     { "p_hommel", YG_PADJUST_HOMMEL } };
	const struct yg_logrank_options options = { YG_LOGRANK_MANTEL, 0, 0, NULL };
	double chisq[64], p[64], adjusted[64];
	char term[80];
	make_rows(s);
	struct yg_spans d = spans();
	oracle_case(&o, id);
	assert_int_equal(yg_logrank_pairwise(&d, &options, NULL, chisq, p, NULL), YG_OK);
	size_t pairs = rows.groups * (rows.groups - 1) / 2;
	for (size_t m = 0; m < sizeof list / sizeof list[0]; m++) {
		size_t at = 0;
		yg_padjust(list[m].method, p, pairs, adjusted);
		for (size_t h = 1; h < rows.groups; h++)
			for (size_t g = 0; g < h; g++, at++) {
				snprintf(term, sizeof term, "%s vs %s", rows.short_name[g], rows.short_name[h]);
				oracle_check_relative(&o, list[m].name, term, adjusted[at], 1e-8);
				if (!m)
					oracle_check(&o, "chisq", term, chisq[at], 1e-9);
			}
	}
}

static void one_sample(void)
{
	double observed = 0, expected = 0, chisq, p;
	make_rows(&lung);
	for (size_t i = 0; i < rows.n; i++) {
		observed += rows.event[i];
		expected += 0.002 * rows.exit[i];
	}
	yg_logrank_one_sample(observed, expected, &chisq, &p);
	oracle_case(&o, "lr.one.sample.offset");
	oracle_check(&o, "observed", "", observed, 0);
	oracle_check(&o, "expected", "", expected, 1e-9);
	oracle_check(&o, "chisq", "", chisq, 1e-9);
}

static void every_case(void **unused)
{
	(void)unused;
	oracle_open(&o, "logrank");
	g_rho();
	single();
	weighted();
	one_sample();
	pairwise("pairwise.veteran", &veteran);
	pairwise("pairwise.colon", &colon);
	pairwise("pairwise.bmt", &bmt);
	pairwise("pairwise.larynx", &larynx);
	const struct data ecog = { "lung", "time", "status", 2, "ph.ecog", .by2 = NULL };
	pairwise("pairwise.lung", &ecog);
	assert_int_equal(oracle_finish(&o), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_case) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
