/* Every Kaplan-Meier, Nelson-Aalen, quantile, RMST and pseudo-value case of data/km.tsv. */
#include "tests/unit/test.h"

#include "tests/oracle/oracle.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/km.h"

static struct oracle o;

/* keep: a row filter by name and value; event_is: the value of the event column that means event. */
struct spec {
	const char *id, *data, *entry, *time, *event;
	double event_is;
	const char *by, *by2, *keep;
	double keep_value;
	enum yg_km_ci ci;
	double conf;
	enum yg_km_survival survival;
	enum yg_km_hazard hazard;
	int weight;          /* 1: 0.5 + (row %% 4) / 2; 2: 1 + (karno >= 60) */
	const char *cluster;
	bool robust, person; /* person: rows of one id are one person */
	double tau;          /* RMST instead of curves */
};
#define L YG_KM_LOG
#define LL YG_KM_LOGLOG
#define SIX(id, data, time, event, is, by) \
	{ id ".plain", data, 0, time, event, is, by, .ci = YG_KM_PLAIN }, { id ".log", data, 0, time, event, is, by, .ci = L }, \
	{ id ".log-log", data, 0, time, event, is, by, .ci = LL }, { id ".arcsin", data, 0, time, event, is, by, .ci = YG_KM_ARCSIN }, \
	{ id ".logit", data, 0, time, event, is, by, .ci = YG_KM_LOGIT }, { id ".none", data, 0, time, event, is, by, .ci = YG_KM_NO_CI }
static const struct spec specs[] = {
	SIX("km.aml.x", "aml", "time", "status", 1, "x"),
	SIX("km.gehan", "gehan", "time", "cens", 1, "treat"),
	SIX("km.lung", "lung", "time", "status", 2, 0),
	{ "km.ovarian.ci80", "ovarian", 0, "futime", "fustat", 1, "rx", .ci = L, .conf = 0.8 },
	{ "km.ovarian.ci90", "ovarian", 0, "futime", "fustat", 1, "rx", .ci = L, .conf = 0.9 },
	{ "km.ovarian.ci99", "ovarian", 0, "futime", "fustat", 1, "rx", .ci = L, .conf = 0.99 },
	{ "km.lung.sex", "lung", 0, "time", "status", 2, "sex", .ci = L },
	{ "km.lung.ecog.missing", "lung", 0, "time", "status", 2, "ph.ecog", .ci = L },
	{ "km.veteran.cell", "veteran", 0, "time", "status", 1, "celltype", .ci = LL },
	{ "km.veteran.trt.prior", "veteran", 0, "time", "status", 1, "trt", "prior", .ci = L },
	{ "km.colon.death.rx", "colon", 0, "time", "status", 1, "rx", 0, "etype", 2, .ci = LL },
	{ "km.colon.rec.rx", "colon", 0, "time", "status", 1, "rx", 0, "etype", 1, .ci = YG_KM_PLAIN },
	{ "km.pbc.trt", "pbc", 0, "time", "status", 2, "trt", .ci = L },
	{ "km.larynx.stage", "km_larynx", 0, "time", "delta", 1, "stage", .ci = LL },
	{ "km.bmt.dfs", "km_bmt", 0, "t2", "d3", 1, "group", .ci = L },
	{ "km.gbsg.hormon", "gbsg", 0, "rfstime", "status", 1, "hormon", .ci = L },
	{ "km.rotterdam.os", "rotterdam", 0, "dtime", "death", 1, "size", .ci = L },
	{ "km.mgus2.death", "mgus2", 0, "futime", "death", 1, "sex", .ci = L },
	{ "km.kidney.all", "kidney", 0, "time", "status", 1, 0, .ci = L },
	{ "km.lung.stype1.ctype1", "lung", 0, "time", "status", 2, "sex", .ci = L },
	{ "km.lung.stype1.ctype2", "lung", 0, "time", "status", 2, "sex", .ci = L, .hazard = YG_KM_FLEMING },
	{ "km.lung.stype2.ctype1", "lung", 0, "time", "status", 2, "sex", .ci = L, .survival = YG_KM_EXPONENTIAL },
	{ "km.lung.stype2.ctype2", "lung", 0, "time", "status", 2, "sex", .ci = L, .survival = YG_KM_EXPONENTIAL,
	  .hazard = YG_KM_FLEMING },
	{ "na.aml", "aml", 0, "time", "status", 1, "x", .ci = L, .survival = YG_KM_EXPONENTIAL },
	{ "fh2.aml", "aml", 0, "time", "status", 1, "x", .ci = L, .survival = YG_KM_EXPONENTIAL, .hazard = YG_KM_FLEMING },
	{ "na.veteran", "veteran", 0, "time", "status", 1, "trt", .ci = LL, .survival = YG_KM_EXPONENTIAL },
	{ "km.channing.ltrunc", "km_channing", "ageentry", "age", "death", 1, "gender", .ci = L },
	{ "km.channing.ltrunc.68", "km_channing", "ageentry", "age", "death", 1, "gender", 0, "age", 816, .ci = L },
	{ "km.heart.startstop", "heart", "start", "stop", "event", 1, "transplant", .ci = L },
	{ "km.heart.id", "heart", "start", "stop", "event", 1, 0, .ci = L, .person = true },
	{ "km.mgus2.age", "mgus2", "age", "age_exit", "death", 1, "sex", .ci = L },
	{ "km.lung.weights", "lung", 0, "time", "status", 2, "sex", .ci = L, .weight = 1 },
	{ "km.lung.weights.robust", "lung", 0, "time", "status", 2, "sex", .ci = L, .weight = 1, .robust = true },
	{ "km.veteran.weights", "veteran", 0, "time", "status", 1, "trt", .ci = L, .weight = 2 },
	{ "km.lung.cluster", "lung", 0, "time", "status", 2, "sex", .ci = L, .cluster = "inst" },
	{ "km.kidney.cluster", "kidney", 0, "time", "status", 1, 0, .ci = L, .cluster = "id" },
	{ "rmst.lung.sex.180", "lung", 0, "time", "status", 2, "sex", .tau = 180 },
	{ "rmst.lung.sex.365", "lung", 0, "time", "status", 2, "sex", .tau = 365 },
	{ "rmst.lung.sex.500", "lung", 0, "time", "status", 2, "sex", .tau = 500 },
	{ "rmst.lung.sex.700", "lung", 0, "time", "status", 2, "sex", .tau = 700 },
	{ "rmst.veteran.trt.300", "veteran", 0, "time", "status", 1, "trt", .tau = 300 },
	{ "rmst.colon.rx.2000", "colon", 0, "time", "status", 1, "rx", 0, "etype", 2, .tau = 2000 },
	{ "rmst.gbsg.1825", "gbsg", 0, "rfstime", "status", 1, "hormon", .tau = 1825 },
	{ "rmst.pbc.3650", "pbc", 0, "time", "status", 2, "trt", .tau = 3650 },
	{ "rmst.aml.last", "aml", 0, "time", "status", 1, "x", .tau = 161 },
};

/* The rows of a case as arrays. */
struct rows {
	size_t n;
	double entry[9000], exit[9000], weight[9000];
	uint8_t event[9000], continues[9000];
	int32_t group[9000];
	uint32_t cluster[9000];
	char name[64][64];   /* of each group: "sex=1" */
	size_t groups;
};
static struct rows rows;

static double time_of(const struct oracle_csv *d, const char *name, size_t i)
{
	if (!strcmp(name, "age_exit"))
		return oracle_number(d, "age")[i] + oracle_number(d, "futime")[i] / 12 + 0.01;
	return oracle_number(d, name)[i];
}

static void make_groups(const struct oracle_csv *d, const struct spec *s, int32_t *code)
{
	const char *a[64], *b[64];
	static int32_t second[9000];
	rows.groups = 1;
	rows.name[0][0] = 0;
	memset(code, 0, d->n * sizeof *code);
	if (!s->by)
		return;
	int na = oracle_levels(d, s->by, code, a), nb = s->by2 ? oracle_levels(d, s->by2, second, b) : 1;
	rows.groups = (size_t)(na * nb);
	for (int i = 0; i < na; i++)
		for (int j = 0; j < nb; j++)
			if (s->by2)
				snprintf(rows.name[i * nb + j], 64, "%s=%s, %s=%-2s", s->by, a[i], s->by2, b[j]);
			else
				snprintf(rows.name[i], 64, "%s=%s", s->by, a[i]);
	for (size_t i = 0; i < d->n && s->by2; i++)
		code[i] = code[i] * nb + second[i];
}

static void make_rows(const struct oracle_csv *d, const struct spec *s)
{
	static int32_t code[9000];
	make_groups(d, s, code);
	rows.n = 0;
	for (size_t i = 0; i < d->n; i++) {
		size_t r = rows.n;
		rows.exit[r] = time_of(d, s->time, i);
		rows.entry[r] = s->entry ? time_of(d, s->entry, i) : 0;
		if (code[i] < 0 || isnan(rows.exit[r]) || (s->entry && !(rows.entry[r] < rows.exit[r])))
			continue;
		if (s->keep && (!strcmp(s->keep, "age") ? rows.exit[r] < s->keep_value :
		                                          oracle_number(d, s->keep)[i] != s->keep_value))
			continue;
		if (s->cluster && isnan(oracle_number(d, s->cluster)[i]))
			continue;
		rows.event[r] = oracle_number(d, s->event)[i] == s->event_is;
		rows.group[r] = code[i];
		rows.weight[r] = s->weight == 1 ? 0.5 + (double)((i + 1) % 4) / 2 :
			s->weight == 2 ? 1 + (oracle_number(d, "karno")[i] >= 60) : 1;
		rows.cluster[r] = s->cluster ? (uint32_t)oracle_number(d, s->cluster)[i] : 0;
		rows.continues[r] = s->person && i + 1 < d->n && oracle_number(d, "id")[i] == oracle_number(d, "id")[i + 1];
		rows.n++;
	}
	oracle_snap_times(s->entry ? rows.entry : NULL, rows.exit, rows.n);
}

static struct yg_spans spans_of(const struct spec *s)
{
	return (struct yg_spans){ .n = rows.n, .entry = s->entry ? rows.entry : NULL, .exit = rows.exit, .event = rows.event,
		                  .group = s->by ? rows.group : NULL, .groups = rows.groups, .strata = 1,
		                  .weight = s->weight ? rows.weight : NULL, .cluster = s->cluster ? rows.cluster : NULL,
		                  .clusters = 1000, .continues = s->person ? rows.continues : NULL };
}

/* "sex=1@t=365" -> group number and 365 */
static size_t parse_term(const char *term, const char *mark, double *number)
{
	const char *at = strstr(term, mark);
	size_t n = at ? (size_t)(at - term) : strlen(term);
	*number = at ? oracle_number_of(at + strlen(mark)) : NAN;
	for (size_t g = 0; g < rows.groups; g++)
		if (strlen(rows.name[g]) == n && !strncmp(rows.name[g], term, n))
			return g;
	fprintf(stderr, "no group for %s\n", term);
	exit(99);
}

static void compare_curve_value(struct oracle_value *v, const struct yg_km *km)
{
	double t;
	size_t g = parse_term(v->term, "@t=", &t);
	struct yg_km_point now, before = { .n_event = 0 };
	/* Times are printed with 15 digits: take the curve's own time that is nearest. */
	const struct yg_km_curve *k = &km->curve[g];
	for (size_t j = 0; j < k->m; j++)
		if (fabs(k->time[j] - t) <= 1e-12 * fabs(t))
			t = k->time[j];
	yg_km_at(k, t, &now);
	/* Counts are since the value's predecessor in the reference. */
	if (v > o.value && v[-1].statistic[0] == v->statistic[0] && !strcmp(v[-1].statistic, v->statistic) &&
	    !strcmp(v[-1].id, v->id)) {
		double last;
		if (parse_term(v[-1].term, "@t=", &last) == g)
			yg_km_at(k, last + 1e-12 * fabs(last), &before);
	}
	if (!strcmp(v->statistic, "n.risk"))
		oracle_compare(&o, v, now.risk, 1e-12);
	else if (!strcmp(v->statistic, "n.event"))
		oracle_compare(&o, v, now.event - before.event, 1e-12);
	else if (!strcmp(v->statistic, "n.censor"))
		oracle_compare(&o, v, now.censor - before.censor, 1e-12);
	else if (!strcmp(v->statistic, "surv"))
		oracle_compare(&o, v, now.surv, 1e-9);
	else if (!strcmp(v->statistic, "se"))
		oracle_compare(&o, v, now.se, 1e-9);
	else if (!strcmp(v->statistic, "lower"))
		oracle_compare(&o, v, now.lower, 1e-9);
	else if (!strcmp(v->statistic, "upper"))
		oracle_compare(&o, v, now.upper, 1e-9);
	else if (!strcmp(v->statistic, "cumhaz"))
		oracle_compare(&o, v, now.cumhaz, 1e-9);
	else if (!strcmp(v->statistic, "se_cumhaz"))
		oracle_compare(&o, v, now.se_cumhaz, 1e-9);
}

static void compare_value(struct oracle_value *v, const struct yg_km *km)
{
	double p, q[3];
	if (!strncmp(v->statistic, "quantile", 8)) {
		size_t g = parse_term(v->term, "@p=", &p);
		yg_km_quantile(&km->curve[g], p, YG_KM_MIDPOINT, &q[0], &q[1], &q[2]);
		oracle_compare(&o, v, q[!strcmp(v->statistic, "quantile") ? 0 : !strcmp(v->statistic, "quantile_lower") ? 1 : 2],
		               1e-9);
	} else if (strstr(v->term, "@t=")) {
		compare_curve_value(v, km);
	} else if (strcmp(v->statistic, "warning")) {
		const struct yg_km_curve *k = &km->curve[parse_term(v->term, "@", &p)];
		oracle_compare(&o, v, !strcmp(v->statistic, "records") ? (double)k->records :
		               !strcmp(v->statistic, "events") ? k->event_weight : k->start_weight, 1e-12);
	} else {
		v->seen = true;
	}
}

static void compare_rmst(const struct yg_km *km, double tau)
{
	double mean[8], se[8], z = yg_normal_quantile(0.975);
	for (size_t g = 0; g < km->groups; g++) {
		yg_km_rmst(km, g, tau, &mean[g], &se[g]);
		oracle_check(&o, "rmean", rows.name[g], mean[g], 1e-9);
		oracle_check(&o, "se", rows.name[g], se[g], 1e-9);
	}
	if (km->groups != 2)
		return;
	double diff = mean[1] - mean[0], sd = sqrt(se[0] * se[0] + se[1] * se[1]);
	oracle_check(&o, "diff", "est", diff, 1e-9);
	oracle_check(&o, "diff", "se", sd, 1e-9);
	oracle_check(&o, "diff", "lower", diff - z * sd, 1e-9);
	oracle_check(&o, "diff", "upper", diff + z * sd, 1e-9);
	oracle_check(&o, "diff", "z", diff / sd, 1e-9);
	oracle_check_relative(&o, "diff", "p", yg_normal_two_sided(diff / sd), 1e-8);
	double sl = sqrt(se[0] / mean[0] * se[0] / mean[0] + se[1] / mean[1] * se[1] / mean[1]), r = mean[1] / mean[0];
	oracle_check(&o, "ratio", "est", r, 1e-9);
	oracle_check(&o, "ratio", "se_log", sl, 1e-9);
	oracle_check(&o, "ratio", "lower", r * yg_exp(-z * sl), 1e-9);
	oracle_check(&o, "ratio", "upper", r * yg_exp(z * sl), 1e-9);
}

static void run(const struct spec *s)
{
	struct yg_spans d = spans_of(s);
	struct yg_km_options options = { s->survival, s->hazard, s->ci, s->conf > 0 ? s->conf : 0.95, s->robust };
	struct yg_km km;
	oracle_case(&o, s->id);
	assert_int_equal(yg_km_fit(&d, &options, NULL, &km, NULL), YG_OK);
	if (s->tau > 0)
		compare_rmst(&km, s->tau);
	else
		for (size_t i = o.first; i < o.last; i++)
			compare_value(&o.value[i], &km);
	yg_km_release(&km);
}

/* The cases whose few numbers are in their definition. */
static void run_inline(const char *id, size_t n, const double *time, const uint8_t *event)
{
	struct spec s = { .id = id, .ci = L };
	rows.n = n;
	rows.groups = 1;
	rows.name[0][0] = 0;
	for (size_t i = 0; i < n; i++) {
		rows.exit[i] = time[i];
		rows.event[i] = event[i];
	}
	oracle_snap_times(NULL, rows.exit, n);
	run(&s);
}

static void small_cases(void)
{
	const double eight[] = { 1, 2, 3, 4, 5, 6, 7, 8 }, same[] = { 2, 2, 2, 2, 2, 2 };
	const double near[] = { 1, 1 + 1e-10, 2, 2 - 1e-12, 3 }, zero[] = { 0, 0, 1, 2, 3 }, three = 3;
	run_inline("km.quant.flat", 8, eight, (const uint8_t[]){ 1, 1, 1, 1, 1, 1, 1, 1 });
	run_inline("km.quant.notreached", 8, eight, (const uint8_t[]){ 1, 1, 1, 0, 0, 0, 0, 0 });
	run_inline("km.fptie", 5, near, (const uint8_t[]){ 1, 1, 1, 1, 1 });
	run_inline("km.allcens", 5, eight, (const uint8_t[]){ 0, 0, 0, 0, 0 });
	run_inline("km.single", 1, &three, (const uint8_t[]){ 1 });
	run_inline("km.alltied", 6, same, (const uint8_t[]){ 1, 0, 1, 0, 1, 0 });
	run_inline("km.zerotime", 5, zero, (const uint8_t[]){ 1, 0, 1, 1, 0 });
	run_inline("km.last.event", 4, (const double[]){ 1, 2, 2, 4 }, (const uint8_t[]){ 1, 1, 0, 1 });
}

static void pseudo_values(void)
{
	static const struct spec s = { .id = "pseudo.aml", .data = "aml", .time = "time", .event = "status", .event_is = 1 };
	struct oracle_csv *csv = oracle_csv_load("aml");
	double out[2][100];
	char term[32];
	make_rows(csv, &s);
	struct yg_spans d = spans_of(&s);
	oracle_case(&o, s.id);
	assert_int_equal(yg_km_pseudo(&d, 13, out[0], NULL), YG_OK);
	assert_int_equal(yg_km_pseudo(&d, 30, out[1], NULL), YG_OK);
	for (size_t i = 0; i < rows.n; i++)
		for (int t = 0; t < 2; t++) {
			snprintf(term, sizeof term, "%zu|%d", i + 1, t + 1);
			oracle_check(&o, "pseudo", term, out[t][i], 1e-9);
		}
	oracle_csv_free(csv);
}

static void every_case(void **unused)
{
	(void)unused;
	oracle_open(&o, "km");
	for (size_t i = 0; i < sizeof specs / sizeof specs[0]; i++) {
		struct oracle_csv *d = oracle_csv_load(specs[i].data);
		make_rows(d, &specs[i]);
		run(&specs[i]);
		oracle_csv_free(d);
	}
	small_cases();
	pseudo_values();
	assert_int_equal(oracle_finish(&o), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_case) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
