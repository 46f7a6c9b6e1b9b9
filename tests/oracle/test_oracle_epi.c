/* Two-by-two tables as epidemiologists read them, against R (epitools, epiR, formulas): cases of epi.tsv. */
#include "tests/oracle/oracle.h"

#include "yogo/stats/crosstab.h"
#include "yogo/stats/rate.h"

#define CLOSED 1e-9
#define TAIL 1e-8
#define ROOT 2e-7               /* epitools' exact limits of a count are roots found to about 1e-7 */

struct table {
	const char *name;
	double n[4];
};

/* { exposed events, exposed others, unexposed events, unexposed others } */
static struct table from_file(const char *name, const char *dataset, const char *exposure, const char *yes, const char *event,
                              const char *is)
{
	struct oracle_csv *d = oracle_csv_load(dataset);
	const struct oracle_column *e = oracle_column(d, exposure), *y = oracle_column(d, event);
	struct table t = { .name = name };

	for (size_t i = 0; i < d->n; i++)
		if (*e->text[i])
			t.n[2 * (strcmp(e->text[i], yes) != 0) + (strcmp(y->text[i], is) != 0)]++;
	oracle_csv_free(d);
	return t;
}

static const char *id_of(const char *head, const char *name, const char *tail)
{
	static char id[128];
	snprintf(id, sizeof id, "%s.%s%s", head, name, tail);
	return id;
}

/* R's uniroot stops at 1.2e-4 on the scale of the odds ratio, or of its inverse where that is above 1. */
static double root_tolerance(double odds)
{
	return odds > 1 ? 1.3e-4 * odds : 1.3e-4;
}

static void put_interval(struct oracle *o, const char *statistic, const struct yg_interval *i, double scale)
{
	oracle_check(o, statistic, "est", scale * i->estimate, CLOSED);
	oracle_check(o, statistic, "lower", scale * i->lower, CLOSED);
	oracle_check(o, statistic, "upper", scale * i->upper, CLOSED);
}

static void ignore_all(struct oracle *o)
{
	for (size_t i = o->first; i < o->last; i++)
		o->value[i].seen = true;
}

static void one_table(struct oracle *o, const struct table *t)
{
	struct yg_risks r;
	struct yg_fisher f;
	struct yg_crosstab x;
	const int64_t whole[4] = { (int64_t)t->n[0], (int64_t)t->n[1], (int64_t)t->n[2], (int64_t)t->n[3] };

	yg_risks(t->n, 0.95, &r);
	yg_fisher_2x2(whole, YG_TWO_SIDED, 0.95, &f);
	yg_crosstab(t->n, 2, 2, false, &x);
	oracle_case(o, id_of("or", t->name, ".wald"));
	oracle_check(o, "est", "or", r.or_.estimate, CLOSED);
	oracle_check(o, "est", "lower", r.or_.lower, CLOSED);
	oracle_check(o, "est", "upper", r.or_.upper, CLOSED);
	oracle_check_relative(o, "p", "fisher.exact", f.p, TAIL);
	oracle_check_relative(o, "p", "chi.square", x.chisq.p, TAIL);
	oracle_ignore(o, "p");      /* mid-p is not offered */
	oracle_case(o, id_of("or", t->name, ".fisher"));
	oracle_check(o, "est", "or", f.odds_ratio, root_tolerance(f.odds_ratio));
	oracle_check(o, "est", "lower", f.lower, root_tolerance(f.lower));
	oracle_check(o, "est", "upper", f.upper, root_tolerance(f.upper));
	oracle_ignore(o, "p");
	oracle_case(o, id_of("rr", t->name, ".wald"));
	oracle_check(o, "est", "rr", r.rr.estimate, CLOSED);
	oracle_check(o, "est", "lower", r.rr.lower, CLOSED);
	oracle_check(o, "est", "upper", r.rr.upper, CLOSED);
	oracle_case(o, id_of("manual22", t->name, ""));
	const struct {
		const char *term;
		double value;
	} all[] = {
		{ "rr", r.rr.estimate }, { "rr_lower", r.rr.lower }, { "rr_upper", r.rr.upper }, { "or", r.or_.estimate },
		{ "or_lower", r.or_.lower }, { "or_upper", r.or_.upper }, { "rd", r.rd.estimate }, { "rd_se", r.rd_se },
		{ "rd_lower", r.rd.lower }, { "rd_upper", r.rd.upper }, { "nnt", r.nnt }, { "afe", r.af_exposed },
		{ "paf", r.af_population }, { "chisq", x.chisq.statistic },
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		oracle_check(o, "value", all[i].term, all[i].value, CLOSED);
	oracle_ignore(o, "value");  /* phi and Yule's Q are other faces of the same numbers */
	oracle_case(o, id_of("twobytwo", t->name, ".cohort.count"));
	put_interval(o, "RR.strata.wald", &r.rr, 1);
	put_interval(o, "OR.strata.wald", &r.or_, 1);
	put_interval(o, "ARisk.strata.wald", &r.rd, 100);
	ignore_all(o);              /* score intervals and attributable fractions' intervals are not offered */
}

static void strata(struct oracle *o)
{
	static const struct {
		const char *id, *dataset, *exposure, *yes, *event, *by;
	} list[] = {
		{ "mhf.birthwt", "birthwt", "smoke", "1", "low", "race" },
		{ "mhf.lep", "lep", "bcg", "yes", "d", "age" },
		{ "mhf.wcgs", "wcgs", "dibpat0", "1", "chd69", "age0" },
	};

	for (size_t k = 0; k < 3; k++) {
		struct oracle_csv *d = oracle_csv_load(list[k].dataset);
		const struct oracle_column *e = oracle_column(d, list[k].exposure), *y = oracle_column(d, list[k].event);
		int32_t *s = yg_xalloc(d->n, sizeof *s);
		const char *label[64];
		double tables[4 * 64] = { 0 };
		size_t groups = (size_t)oracle_levels(d, list[k].by, s, label);
		struct yg_mantel_haenszel m;
		for (size_t i = 0; i < d->n; i++) {
			double age = k == 2 ? oracle_number(d, "age0")[i] : 0;
			size_t g = k == 2 ? (size_t)((age > 44) + (age > 49) + (age > 54)) : (size_t)s[i];
			tables[4 * g + 2 * (size_t)(strcmp(e->text[i], list[k].yes) != 0) + (size_t)(strcmp(y->text[i], "1") != 0)]++;
		}
		yg_mantel_haenszel(tables, k == 2 ? 4 : groups, 0.95, &m);
		oracle_case(o, list[k].id);
		put_interval(o, "or", &m.or_, 1);
		put_interval(o, "rr", &m.rr, 1);
		put_interval(o, "rd", &m.rd, 1);
		oracle_check(o, "or", "se_log", m.log_or_se, CLOSED);
		oracle_check(o, "rr", "se_log", m.log_rr_se, CLOSED);
		oracle_check(o, "rd", "se", m.rd_se, CLOSED);
		yg_free(s);
		oracle_csv_free(d);
	}
}

static void one_proportion(struct oracle *o)
{
	static const int list[5][2] = { { 0, 20 }, { 1, 20 }, { 7, 20 }, { 20, 20 }, { 50, 2000 } };
	static const char *const name[] = { "wilson", "exact" };
	char id[64];

	for (size_t k = 0; k < 5; k++) {
		snprintf(id, sizeof id, "binom.%d_%d", list[k][0], list[k][1]);
		oracle_case(o, id);
		for (int kind = 0; kind < 2; kind++) {
			struct yg_interval i = yg_proportion_ci(list[k][0], list[k][1], 0.95, (enum yg_proportion_ci)kind);
			oracle_check(o, name[kind], "p", i.estimate, CLOSED);
			oracle_check(o, name[kind], "lower", i.lower, CLOSED);
			oracle_check(o, name[kind], "upper", i.upper, CLOSED);
		}
		if (list[k][0] > 0 && list[k][0] < list[k][1]) {
			double p = (double)list[k][0] / list[k][1], reach = 1.959963984540054 * sqrt(p * (1 - p) / list[k][1]);
			struct yg_interval i = yg_proportion_ci(list[k][0], list[k][1], 0.95, YG_CI_WALD);
			if (p > reach)
				oracle_check(o, "approx", "lower", i.lower, CLOSED);
			oracle_check(o, "approx", "upper", i.upper, CLOSED);
		}
		oracle_ignore(o, "approx");     /* limits below 0 are cut here */
	}
}

static void church_supper(struct oracle *o)
{
	static const char *const item[] = {
		"baked.ham", "spinach", "mashed.potato", "cabbage.salad", "jello", "rolls", "brown.bread", "milk", "coffee", "water", "cakes",
		"vanilla.ice.cream", "chocolate.ice.cream", "fruit.salad",
	};
	char term[64];

	oracle_case(o, "attack.oswego");
	for (size_t k = 0; k < sizeof item / sizeof *item; k++) {
		struct table t = from_file("", "oswego", item[k], "Y", "ill", "Y");
		struct yg_risks r;
		struct yg_fisher f;
		yg_risks(t.n, 0.95, &r);
		yg_fisher_2x2((const int64_t[]){ (int64_t)t.n[0], (int64_t)t.n[1], (int64_t)t.n[2], (int64_t)t.n[3] }, YG_TWO_SIDED, 0.95,
		              &f);
		const struct {
			const char *name;
			double value;
		} all[] = { { "ar1", r.risk1 }, { "ar0", r.risk0 }, { "rr", r.rr.estimate }, { "lower", r.rr.lower },
			    { "upper", r.rr.upper }, { "fisher", f.p } };
		for (size_t i = 0; i < 6; i++) {
			snprintf(term, sizeof term, "%s|%s", all[i].name, item[k]);
			oracle_check(o, "value", term, all[i].value, CLOSED);
		}
	}
}

static void matched_pairs(struct oracle *o)
{
	struct yg_mcnemar m;

	oracle_case(o, "matched.or");
	/* discordant pairs as the reference lists them */
	yg_mcnemar((const int64_t[]){ 0, (int64_t)oracle_lookup(o, "matched.or", "value", "b")->value,
	                              (int64_t)oracle_lookup(o, "matched.or", "value", "c")->value, 0 }, 0.95, &m);
	oracle_check(o, "value", "or", m.odds_ratio, CLOSED);
	oracle_check(o, "value", "lower", m.lower, CLOSED);
	oracle_check(o, "value", "upper", m.upper, CLOSED);
	oracle_check(o, "value", "exact_p", m.exact_p, CLOSED);
	oracle_ignore(o, "value");
}

/* ---- rates ---- */

static void one_rate(struct oracle *o)
{
	static const double counts[] = { 0, 1, 3, 10, 58, 1000 };
	static const struct {
		const char *name;
		enum yg_rate_ci ci;
	} kinds[] = { { "exact", YG_RATE_EXACT }, { "byar", YG_RATE_ROTHMAN }, { "approx", YG_RATE_WALD } };
	char id[64];

	for (size_t k = 0; k < 12; k++) {
		double conf = k % 2 ? 0.95 : 0.9, x = counts[k / 2];
		snprintf(id, sizeof id, "pois.%g.%g", x, conf);
		oracle_case(o, id);
		for (size_t c = 0; c < 3; c++) {
			struct yg_rate r = yg_rate(x, 250, kinds[c].ci, conf);
			oracle_check(o, kinds[c].name, "rate", r.rate, CLOSED);
			/* limits below 0 are cut here */
			if (r.lower > 0 || (x == 0 && c != 1))
				oracle_check(o, kinds[c].name, "lower", r.lower, c ? CLOSED : ROOT);
			oracle_check(o, kinds[c].name, "upper", r.upper, c ? CLOSED : ROOT);
			oracle_ignore(o, kinds[c].name);
		}
	}
}

static void two_rates(struct oracle *o, const char *id, double x1, double t1, double x0, double t0)
{
	struct yg_rate_pair wald = yg_rate_compare(x1, t1, x0, t0, false, 0.95), exact = yg_rate_compare(x1, t1, x0, t0, true, 0.95);

	oracle_case(o, id);
	oracle_check(o, "wald", "estimate", wald.ratio, CLOSED);
	oracle_check(o, "wald", "lower", wald.lower, CLOSED);
	oracle_check(o, "wald", "upper", wald.upper, CLOSED);
	oracle_check(o, "exact", "est", exact.ratio, CLOSED);
	oracle_check(o, "exact", "lower", exact.lower, CLOSED);
	oracle_check(o, "exact", "upper", exact.upper, CLOSED);
	oracle_check_relative(o, "exact", "p", exact.p, TAIL);
	oracle_check(o, "se_log", "", wald.se_log, CLOSED);
	oracle_check(o, "diff", "est", wald.difference, CLOSED);
	oracle_check(o, "diff", "se", wald.difference_se, CLOSED);
	oracle_check(o, "diff", "lower", wald.difference_lower, CLOSED);
	oracle_check(o, "diff", "upper", wald.difference_upper, CLOSED);
	oracle_ignore(o, "midp");       /* mid-p is not offered */
}

static void doctors(struct oracle *o)
{
	struct oracle_csv *d = oracle_csv_load("breslow");
	double events[2][5] = { { 0 } }, time[2][5] = { { 0 } }, both[5], expected = 0, sum[4] = { 0 };
	struct yg_rate_stratum s[5];
	static const char *const names[] = { "nonsmokers", "smokers" };

	for (size_t i = 0; i < d->n; i++) {
		size_t smoke = oracle_number(d, "smoke")[i] == 1, age = (size_t)(oracle_number(d, "age")[i] / 10) - 4;
		events[smoke][age] += oracle_number(d, "y")[i];
		time[smoke][age] += oracle_number(d, "n")[i];
		sum[2 * smoke] += oracle_number(d, "y")[i];
		sum[2 * smoke + 1] += oracle_number(d, "n")[i];
	}
	two_rates(o, "rate.breslow", sum[2], sum[3], sum[0], sum[1]);
	for (size_t a = 0; a < 5; a++) {
		s[a] = (struct yg_rate_stratum){ events[1][a], time[1][a], events[0][a], time[0][a] };
		both[a] = time[0][a] + time[1][a];
		expected += events[0][a] / time[0][a] * time[1][a];
	}
	struct yg_rate_pooled m = yg_rate_pool(s, 5, 0.95);
	oracle_case(o, "mh.rate.breslow");
	oracle_check(o, "value", "rr", m.ratio, CLOSED);
	oracle_check(o, "value", "se_log", m.se_log, CLOSED);
	oracle_check(o, "value", "lower", m.lower, CLOSED);
	oracle_check(o, "value", "upper", m.upper, CLOSED);
	oracle_case(o, "dsr.breslow");
	double rate[2];
	for (size_t k = 0; k < 2; k++) {
		struct yg_rate r = yg_rate_standardize(events[k], time[k], both, 5, true, 0.95);
		rate[k] = r.rate;
		oracle_check(o, names[k], "adj.rate", r.rate, CLOSED);
		oracle_check(o, names[k], "crude.rate", sum[2 * k] / sum[2 * k + 1], CLOSED);
		oracle_check(o, names[k], "lci", r.lower, CLOSED);
		oracle_check(o, names[k], "uci", r.upper, CLOSED);
	}
	oracle_check(o, "srr", "", rate[1] / rate[0], CLOSED);
	oracle_case(o, "smr.breslow");
	struct yg_rate exact = yg_rate(sum[2], expected, YG_RATE_EXACT, 0.95), byar = yg_rate(sum[2], expected, YG_RATE_ROTHMAN, 0.95);
	oracle_check(o, "obs", "", sum[2], CLOSED);
	oracle_check(o, "exp", "", expected, CLOSED);
	oracle_check(o, "sir", "sir", exact.rate, CLOSED);
	oracle_check(o, "exact", "1", exact.lower, ROOT);
	oracle_check(o, "exact", "2", exact.upper, ROOT);
	oracle_check(o, "byar", "1", byar.lower, CLOSED);
	oracle_check(o, "byar", "2", byar.upper, CLOSED);
	oracle_ignore(o, "sir");        /* its log-normal interval, and an indirectly adjusted rate, are not offered */
	oracle_ignore(o, "rate");
	oracle_csv_free(d);
}

static void diet(struct oracle *o)
{
	struct oracle_csv *d = oracle_csv_load("diet");
	double x[2] = { 0 }, t[2] = { 0 };

	for (size_t i = 0; i < d->n; i++) {
		size_t low = !strncmp(oracle_column(d, "energy.grp")->text[i], "<=", 2);
		x[low] += oracle_number(d, "chd")[i];
		t[low] += oracle_number(d, "y")[i];
	}
	two_rates(o, "rate.diet", x[1], t[1], x[0], t[0]);
	two_rates(o, "rate.small", 2, 10.5, 9, 22);
	oracle_csv_free(d);
}

/* D over Y by period, every age group the same weight. */
static void denmark(struct oracle *o)
{
	struct oracle_csv *d = oracle_csv_load("lungDK");
	double events[20][20] = { { 0 } }, time[20][20] = { { 0 } }, weight[20];
	int32_t *period = yg_xcalloc(d->n, sizeof *period), *group = yg_xcalloc(d->n, sizeof *group);
	const char *ages[64], *periods[64];
	size_t groups = (size_t)oracle_levels(d, "A5", group, ages), all = (size_t)oracle_levels(d, "P5", period, periods);

	for (size_t i = 0; i < d->n; i++) {
		events[period[i]][group[i]] += oracle_number(d, "D")[i];
		time[period[i]][group[i]] += oracle_number(d, "Y")[i];
	}
	for (size_t a = 0; a < groups; a++)
		weight[a] = 1;
	oracle_case(o, "dsr.lungDK");
	for (size_t p = 0; p < all; p++) {
		struct yg_rate r = yg_rate_standardize(events[p], time[p], weight, groups, false, 0.95);
		oracle_check(o, "rate", periods[p], r.rate, CLOSED);
		oracle_check(o, "se", periods[p], r.se, CLOSED);
	}
	yg_free(period);
	yg_free(group);
	oracle_csv_free(d);
}

static void light_chains(struct oracle *o)
{
	struct oracle_csv *d = oracle_csv_load("flchain");
	double events[2][5] = { { 0 } }, time[2][5] = { { 0 } }, both[5], rate[2];
	static const char *const sex[] = { "F", "M" };
	char name[32];

	for (size_t i = 0; i < d->n; i++) {
		size_t g = (size_t)fmin(floor(oracle_number(d, "age")[i] / 10), 9) - 5, k = *oracle_column(d, "sex")->text[i] == 'M';
		events[k][g] += oracle_number(d, "death")[i];
		time[k][g] += oracle_number(d, "futime")[i] / 365.25;
	}
	for (size_t g = 0; g < 5; g++)
		both[g] = time[0][g] + time[1][g];
	oracle_case(o, "dsr.flchain");
	for (size_t k = 0; k < 2; k++) {
		struct yg_rate r = yg_rate_standardize(events[k], time[k], both, 5, false, 0.95);
		rate[k] = r.rate;
		oracle_check(o, "rate", sex[k], r.rate, CLOSED);
		oracle_check(o, "se", sex[k], r.se, CLOSED);
		for (size_t g = 0; g < 5; g++) {
			snprintf(name, sizeof name, "%zu|%s", g + 5, sex[k]);
			oracle_check(o, "deaths", name, events[k][g], CLOSED);
			oracle_check(o, "pyears", name, time[k][g], CLOSED);
		}
	}
	oracle_check(o, "ratio", "", rate[1] / rate[0], CLOSED);
	oracle_csv_free(d);
}

static void not_covered(struct oracle *o)
{
	for (size_t i = 0; i < o->cases; i++) {
		const char *id = o->list[i].id, *dot = strrchr(id, '.'), *why = NULL;
		if (o->list[i].run)
			continue;
		if (!strncmp(id, "or.", 3) || !strncmp(id, "rr.", 3))
			why = !strcmp(dot, ".midp") ? "no mid-p odds ratio" : "no small-sample adjusted ratio";
		else if (!strncmp(id, "twobytwo.", 9))
			why = "the Wald intervals are those of cohort.count";
		else if (!strncmp(id, "mh2by2.", 7))
			why = "Mantel-Haenszel is checked by formula in mhf, homogeneity in tests";
		else if (!strncmp(id, "trend.", 6))
			why = "no score test of a trend of rates";
		else
			why = "no splitting of person-years by age: rates are by columns and tvc";
		oracle_not_covered(o, id, why);
	}
}

int main(void)
{
	struct oracle o;

	oracle_open(&o, "epi");
	const struct table tables[] = {
		from_file("birthwt.smoke", "birthwt", "smoke", "1", "low", "1"),
		from_file("wcgs.dib", "wcgs", "dibpat0", "1", "chd69", "1"),
		from_file("lep.bcg", "lep", "bcg", "yes", "d", "1"),
		from_file("oswego.ice", "oswego", "vanilla.ice.cream", "Y", "ill", "Y"),
		{ "sparse", { 1, 9, 6, 4 } },
		from_file("birthwt.ht", "birthwt", "ht", "1", "low", "1"),
	};
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		one_table(&o, &tables[i]);
	strata(&o);
	one_proportion(&o);
	church_supper(&o);
	matched_pairs(&o);
	one_rate(&o);
	doctors(&o);
	diet(&o);
	denmark(&o);
	light_chains(&o);
	not_covered(&o);
	return oracle_finish(&o);
}
