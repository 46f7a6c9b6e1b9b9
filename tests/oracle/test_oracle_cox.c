/* Every Cox fit of data/cox.tsv that the kernel covers. */
#include "tests/unit/test.h"

#include "tests/oracle/cox_model.h"
#include "yogo/num/dist.h"
#include "yogo/stats/concordance.h"
#include "yogo/stats/cox_frailty.h"

static struct oracle o;
static struct model m;

struct run {
	const char *id;
	struct model_spec spec;
	enum yg_cox_ties ties;
	bool robust;
};

static int column_named(const char *name, size_t n)
{
	for (size_t a = 0; a < m.p; a++)
		if (strlen(m.name[a]) == n && !strncmp(m.name[a], name, n))
			return (int)a;
	/* R writes an interaction in the order of its main effects. */
	const char *colon = memchr(name, ':', n);
	if (colon) {
		char swapped[96];
		snprintf(swapped, sizeof swapped, "%.*s:%.*s", (int)(n - (size_t)(colon - name) - 1), colon + 1,
		         (int)(colon - name),
		         name);
		for (size_t a = 0; a < m.p; a++)
			if (!strcmp(m.name[a], swapped))
				return (int)a;
	}
	fprintf(stderr, "%s: no column %.*s\n", o.now, (int)n, name);
	exit(99);
}

static void compare_test(struct oracle_value *v, const struct yg_cox_test *t, bool rounded)
{
	double chisq = rounded ? floor(t->chisq * 100 + 0.5) / 100 : t->chisq;
	if (!strcmp(v->term, "df"))
		oracle_compare(&o, v, t->df, 0);
	else if (!strcmp(v->term, "chisq"))
		oracle_compare(&o, v, chisq, 1e-7);
	else
		oracle_check_relative(&o, v->statistic, "p", t->p, 1e-6);
}

static void compare_column(struct oracle_value *v, const struct yg_cox *fit)
{
	int a = column_named(v->term, strlen(v->term));
	double b = fit->beta[a], se = fit->se[a], z = yg_normal_quantile(0.975);
	const char *s = v->statistic;
	if (!strcmp(s, "coef"))
		oracle_compare(&o, v, b, 1e-7);
	else if (!strcmp(s, "hr"))
		oracle_compare(&o, v, yg_exp(b), 1e-7);
	else if (!strcmp(s, "se"))
		oracle_compare(&o, v, sqrt(fit->naive[(size_t)a * fit->p + (size_t)a]), 1e-7);
	else if (!strcmp(s, "robust_se"))
		oracle_compare(&o, v, se, 1e-7);
	else if (!strcmp(s, "z"))
		oracle_compare(&o, v, b / se, 1e-6);
	else if (!strcmp(s, "p"))
		oracle_check_relative(&o, "p", v->term, yg_normal_two_sided(b / se), 1e-5);
	else if (!strcmp(s, "hr_lower"))
		oracle_compare(&o, v, yg_exp(b - z * se), 1e-7);
	else if (!strcmp(s, "hr_upper"))
		oracle_compare(&o, v, yg_exp(b + z * se), 1e-7);
}

/* R's linear predictor is a matrix product whose last bits differ between equal rows, so that some pairs that are tied
   in x count as ordered there: *slack is two such halves more than the usual tolerance. */
static void concordance(const struct yg_cox *fit, double *c, double *se, double *slack)
{
	struct yg_concordance_options options = { YG_CONCORDANCE_N, true, NAN };
	struct yg_concordance r;
	double *eta = yg_xcalloc(m.n + 1, sizeof *eta);
	for (size_t i = 0; i < m.n; i++) {
		for (size_t a = 0; a < m.p; a++)
			eta[i] += m.x[i * m.p + a] * fit->beta[a];
		if (m.data.offset)
			eta[i] += m.data.offset[i];
	}
	assert_int_equal(yg_concordance_fit(&m.data.spans, eta, &options, NULL, &r, NULL, NULL), YG_OK);
	*c = r.c;
	*se = r.se;
	*slack = 1e-6 + 0.5 * fmin(r.tied_x, 2.001) / (r.concordant + r.discordant + r.tied_x);
	yg_free(eta);
}

static void compare(struct oracle_value *v, const struct yg_cox *fit)
{
	const char *s = v->statistic, *bar = strchr(v->term, '|');
	double c, se, slack;
	if (!strcmp(s, "lrt"))
		compare_test(v, &fit->lrt, false);
	else if (!strcmp(s, "wald"))
		compare_test(v, &fit->wald, true);
	else if (!strcmp(s, "score"))
		compare_test(v, &fit->score, false);
	else if (!strcmp(s, "robust_score"))
		compare_test(v, &fit->robust_score, false);
	else if (!strcmp(s, "loglik"))
		oracle_compare(&o, v, fit->loglik, 1e-9);
	else if (!strcmp(s, "loglik_null"))
		oracle_compare(&o, v, fit->loglik_null, 1e-9);
	else if (!strcmp(s, "n"))
		oracle_compare(&o, v, (double)fit->n, 0);
	else if (!strcmp(s, "nevent"))
		oracle_compare(&o, v, (double)fit->events, 0);
	else if (!strcmp(s, "aic"))
		oracle_compare(&o, v, 2 * fit->rank - 2 * fit->loglik, 1e-9);
	else if (!strcmp(s, "bic"))
		oracle_compare(&o, v, yg_log((double)fit->events) * fit->rank - 2 * fit->loglik, 1e-9);
	else if (!strcmp(s, "vcov"))
		oracle_compare(&o, v, fit->var[(size_t)column_named(v->term, (size_t)(bar - v->term)) * fit->p +
		                               (size_t)column_named(bar + 1, strlen(bar + 1))], 1e-7);
	else if (!strncmp(s, "concordance", 11)) {
		concordance(fit, &c, &se, &slack);
		oracle_compare(&o, v, s[11] ? se : c, slack);
	} else {
		compare_column(v, fit);
	}
}

static void compare_all(const struct yg_cox *fit)
{
	assert_int_equal(fit->stop, YG_COX_CONVERGED);
	for (size_t i = o.first; i < o.last; i++)
		compare(&o.value[i], fit);
}

static void run(const struct run *r)
{
	model_make(&m, &r->spec);
	struct yg_cox fit = model_fit(&m, r->ties, r->robust);
	oracle_case(&o, r->id);
	compare_all(&fit);
	yg_cox_release(&fit);
	model_free(&m);
}

static const struct run three_ties[] = {
	{ "cox.lung.age.sex", { "lung", 0, "time", "status", 2, "age + sex", .strata = NULL }, 0, 0 },
	{ "cox.lung.multi", { "lung", 0, "time", "status", 2, "age + sex + ph.ecog + ph.karno + wt.loss",
	                     .strata = NULL }, 0, 0 },
	{ "cox.veteran", { "veteran", 0, "time", "status", 1, "trt + celltype + karno + diagtime + age + prior",
	                  .strata = NULL }, 0, 0 },
	{ "cox.aml", { "aml", 0, "time", "status", 1, "x", .strata = NULL }, 0, 0 },
	{ "cox.gehan", { "gehan", 0, "time", "cens", 1, "treat", .strata = NULL }, 0, 0 },
	{ "cox.larynx", { "km_larynx", 0, "time", "delta", 1, "factor(stage) + age", .strata = NULL }, 0, 0 },
	{ "cox.bmt", { "km_bmt", 0, "t2", "d3", 1, "factor(group) + z1 + z2 + z1:z2", .strata = NULL }, 0, 0 },
	{ "cox.heart", { "heart", "start", "stop", "event", 1, "age + year + surgery + transplant", .strata = NULL },
	 0, 0 },
	{ "cox.kidney", { "kidney", 0, "time", "status", 1, "age + sex + disease", .strata = NULL }, 0, 0 },
};
#define GBSG "age + meno + size + factor(grade) + nodes + pgr + er + hormon"
#define ROTT "age + meno + size + grade + nodes + log(pgr + 1) + hormon + chemo"
#define MAYO "age + edema + log(bili) + log(protime) + log(albumin)"
#define COLON "rx + sex + age + obstruct + nodes + factor(extent)"
#define CGD "treat + sex + age + inherit + steroids + propylac"
static const struct run two_ties[] = {
	{ "cox.colon", { "colon", 0, "time", "status", 1, COLON, .keep = "etype", .keep_value = 2 }, 0, 0 },
	{ "cox.pbc", { "pbc", 0, "time", "status", 2, MAYO, .strata = NULL }, 0, 0 },
	{ "cox.gbsg", { "gbsg", 0, "rfstime", "status", 1, GBSG, .strata = NULL }, 0, 0 },
	{ "cox.rotterdam", { "rotterdam", 0, "dtime", "death", 1, ROTT, .strata = NULL }, 0, 0 },
	{ "cox.flchain", { "flchain", 0, "futime", "death", 1, "age + sex + log2(kappa) + log2(lambda)",
	                  .strata = NULL }, 0, 0 },
	{ "cox.ovarian", { "ovarian", 0, "futime", "fustat", 1, "age + rx + resid.ds", .strata = NULL }, 0, 0 },
	/* R takes weights that are not whole numbers for a reason to be robust */
	{ "cox.lung.weights", { "lung", 0, "time", "status", 2, "age + sex", .weight = 1 }, 0, true },
	{ "cox.lung.weights.robust", { "lung", 0, "time", "status", 2, "age + sex", .weight = 1 }, 0, true },
	{ "cox.lung.cluster", { "lung", 0, "time", "status", 2, "age + sex", .cluster = "inst" }, 0, 0 },
	{ "cox.lung.strata", { "lung", 0, "time", "status", 2, "age + ph.karno", .strata = "sex" }, 0, 0 },
	{ "cox.channing", { "km_channing", "ageentry", "age", "death", 1, "gender", .strata = NULL }, 0, 0 },
	{ "cox.cgd", { "cgd", "tstart", "tstop", "status", 1, CGD, .cluster = "id" }, 0, 0 },
};
static const struct run one_tie[] = {
	{ "cox.veteran.strata.cell", { "veteran", 0, "time", "status", 1, "trt + karno + age", .strata = "celltype" },
	 0, 0 },
	{ "cox.veteran.strata.two", { "veteran", 0, "time", "status", 1, "trt + karno", .strata = "celltype",
	                             .strata2 = "prior" }, 0, 0 },
	{ "cox.veteran.strata.int", { "veteran", 0, "time", "status", 1, "karno*strata(trt) + age", .strata = "trt" },
	 0, 0 },
	{ "cox.veteran.inter", { "veteran", 0, "time", "status", 1, "trt*celltype + karno", .strata = NULL }, 0, 0 },
	{ "cox.veteran.weights", { "veteran", 0, "time", "status", 1, "trt + age", .weight = 2 }, YG_COX_BRESLOW, 0 },
	{ "cox.veteran.weights.ef", { "veteran", 0, "time", "status", 1, "trt + age", .weight = 2 }, 0, 0 },
	{ "cox.veteran.replicated", { "veteran", 0, "time", "status", 1, "trt + age", .weight = 2, .replicate = 1 }, 0, 0 },
	{ "cox.lung.offset", { "lung", 0, "time", "status", 2, "sex", .offset_age = 0.02 }, 0, 0 },
	{ "cox.lung.quad", { "lung", 0, "time", "status", 2, "age + I(age^2) + sex", .strata = NULL }, 0, 0 },
	{ "cox.lung.subset", { "lung", 0, "time", "status", 2, "age + ph.ecog", .keep = "sex", .keep_value = 1 }, 0, 0 },
	{ "cox.lung.relevel", { "lung", 0, "time", "status", 2, "relevel(factor(ph.ecog), ref = \"1\") + sex",
	                       .strata = NULL }, 0, 0 },
	{ "cox.colon.wlw", { "colon", 0, "time", "status", 1, "rx + nodes", .strata = "etype", .cluster = "id" }, 0, 0 },
	{ "cox.diabetic.cluster", { "diabetic", 0, "time", "status", 1, "trt + age + risk", .cluster = "id" }, 0, 0 },
	{ "cox.diabetic.strata.id", { "diabetic", 0, "time", "status", 1, "trt", .strata = "id" }, 0, 0 },
	{ "cox.bladder1.ag", { "bladder1", "start", "stop", "status", 1, "treatment + number + size",
	                      .cluster = "id" }, 0, 0 },
	{ "cox.bladder1.pwp", { "bladder1", "start", "stop", "status", 1, "treatment + number + size",
	                       .strata = "enum", .cluster = "id",
	                        .at_most = "enum", .most = 4 }, 0, 0 },
	{ "cox.bladder1.gap", { "bladder1", 0, "gap", "status", 1, "treatment + number + size", .strata = "enum",
	                       .cluster = "id",
	                        .at_most = "enum", .most = 4 }, 0, 0 },
	{ "cox.heart.inter", { "heart", "start", "stop", "event", 1, "year + age*transplant + surgery",
	                      .strata = NULL }, 0, 0 },
	{ "cox.heart.cluster", { "heart", "start", "stop", "event", 1, "age + transplant", .cluster = "id" }, 0, 0 },
	{ "cox.heart.strata", { "heart", "start", "stop", "event", 1, "age + year", .strata = "transplant" }, 0, 0 },
	{ "cox.mgus2.agescale", { "mgus2", "age", "age_exit", "death", 1, "sex + hgb + creat", .strata = NULL }, 0, 0 },
	{ "cox.pbc.ties.robust", { "pbc", 0, "time", "status", 2, "age + log(bili) + edema", .strata = NULL }, 0, true },
	{ "cox.melanoma.cs", { "Melanoma", 0, "time", "status", 1, "sex + age + log(thickness) + ulcer",
	                      .strata = NULL }, 0, 0 },
	{ "cox.melanoma.cs3", { "Melanoma", 0, "time", "status", 3, "sex + age + log(thickness) + ulcer",
	                       .strata = NULL }, 0, 0 },
	/* the stepwise search ends with these two terms: drop1 below shows that each step of it is an AIC */
	{ "cox.step.veteran", { "veteran", 0, "time", "status", 1, "celltype + karno", .strata = NULL }, 0, 0 },
};

static void run_many(const struct run *list, size_t n, int ties)
{
	static const char *const names[] = { "efron", "breslow", "exact" };
	for (size_t i = 0; i < n; i++)
		for (int t = 0; t < ties; t++) {
			struct run r = list[i];
			char id[96];
			snprintf(id, sizeof id, "%s.%s", r.id, names[t]);
			r.id = ties > 1 ? id : list[i].id;
			r.ties = ties > 1 ? (enum yg_cox_ties)t : r.ties;
			run(&r);
		}
}

/* Cut every row at the given times, ascending; the parts keep their covariates. */
static void split_rows(const double *cut, size_t cuts)
{
	static struct model whole;
	whole = m;
	double *x = yg_xalloc(MODEL_ROWS * (m.p + 2), sizeof *x);
	m.n = 0;
	for (size_t i = 0; i < whole.n; i++) {
		double from = 0;
		for (size_t c = 0; c <= cuts; c++) {
			double to = c < cuts && cut[c] < whole.exit[i] ? cut[c] : whole.exit[i];
			if (!(to > from))
				continue;
			memcpy(x + m.n * m.p, whole.x + i * m.p, m.p * sizeof *x);
			m.entry[m.n] = from;
			m.exit[m.n] = to;
			m.event[m.n] = to == whole.exit[i] && whole.event[i];
			m.row[m.n++] = (uint32_t)i;
			from = to;
		}
	}
	yg_free(m.x);
	m.x = x;
	m.data.spans.n = m.n;
	m.data.spans.entry = m.entry;
	m.data.x = m.x;
}

/* trt + prior + karno in each of three periods */
static void split_case(void)
{
	const struct model_spec s = { "veteran", 0, "time", "status", 1, "trt + prior + karno", .strata = NULL };
	const double cut[] = { 90, 180 };
	model_make(&m, &s);
	split_rows(cut, 2);
	double *x = yg_xalloc(m.n * 5, sizeof *x);
	for (size_t i = 0; i < m.n; i++) {
		int period = m.exit[i] <= 90 ? 0 : m.exit[i] <= 180 ? 1 : 2;
		for (int a = 0; a < 2; a++)
			x[i * 5 + (size_t)a] = m.x[i * 3 + (size_t)a];
		for (int k = 0; k < 3; k++)
			x[i * 5 + 2 + (size_t)k] = k == period ? m.x[i * 3 + 2] : 0;
	}
	for (int k = 0; k < 3; k++)
		snprintf(m.name[2 + k], 96, "karno:strata(tgroup)tgroup=%d", k + 1);
	yg_free(m.x);
	m.data.x = m.x = x;
	m.data.p = m.p = 5;
	struct yg_cox fit = model_fit(&m, YG_COX_EFRON, false);
	oracle_case(&o, "cox.veteran.split");
	compare_all(&fit);
	yg_cox_release(&fit);
	model_free(&m);
}

/* The same without cutting rows. */
static void moving_case(const char *id, const struct model_spec *s, int logarithm, size_t column, const char *name)
{
	const struct yg_cox_moving moving = { .column = column, .clock = { .kind = logarithm ? YG_CLOCK_LOG : YG_CLOCK_LINEAR,
		                                                           .plus = logarithm ? 20 : 0, .divisor = logarithm ? 1 : 365.25 } };
	model_make(&m, s);
	m.data.moving = &moving;
	m.data.movings = 1;
	struct yg_cox fit = model_fit(&m, YG_COX_EFRON, false);
	snprintf(m.name[m.p++], 96, "%s", name);
	oracle_case(&o, id);
	compare_all(&fit);
	yg_cox_release(&fit);
	m.data.moving = NULL;
	m.data.movings = 0;
	model_free(&m);
}

/* A covariate times a function of time: rows cut at every event time. */
static void tt_case(const char *id, const struct model_spec *s, int logarithm, size_t column, const char *name)
{
	static double cut[MODEL_ROWS];
	size_t cuts = 0;
	model_make(&m, s);
	for (size_t i = 0; i < m.n; i++)
		if (m.event[i])
			cut[cuts++] = m.exit[i];
	qsort(cut, cuts, sizeof *cut, oracle_by_value);
	split_rows(cut, cuts);
	size_t p = m.p + 1;
	double *x = yg_xalloc(m.n * p, sizeof *x);
	for (size_t i = 0; i < m.n; i++) {
		memcpy(x + i * p, m.x + i * m.p, m.p * sizeof *x);
		x[i * p + m.p] = m.x[i * m.p + column] * (logarithm ? yg_log(m.exit[i] + 20) : m.exit[i] / 365.25);
	}
	snprintf(m.name[m.p], 96, "%s", name);
	yg_free(m.x);
	m.data.x = m.x = x;
	m.data.p = m.p = p;
	struct yg_cox fit = model_fit(&m, YG_COX_EFRON, false);
	oracle_case(&o, id);
	for (size_t i = o.first; i < o.last; i++)
		if (!strcmp(o.value[i].statistic, "n")) /* R counts a row for every event time at which it is at risk, and so */
			o.value[i].seen = true;         /* leaves out the pieces after the last event */
		else
			compare(&o.value[i], &fit);
	yg_cox_release(&fit);
	model_free(&m);
}

static void ridge_case(void)
{
	const struct model_spec lung = { "lung", 0, "time", "status", 2, "age + ph.karno + sex", .strata = NULL };
	const double ridge[] = { 1, 1, 0 };
	const struct yg_cox_options options = { .max_iterations = -1, .ridge = ridge };
	struct yg_cox fit;
	model_make(&m, &lung);
	assert_int_equal(yg_cox_fit(&m.data, &options, NULL, &fit, NULL), YG_OK);
	oracle_case(&o, "cox.lung.ridge");
	for (size_t i = o.first; i < o.last; i++) {
		struct oracle_value *v = &o.value[i];
		size_t k = (size_t)strtoul(v->term, NULL, 10);
		if (!strcmp(v->statistic, "coef"))
			oracle_compare(&o, v, fit.beta[strstr(v->term, "age") ? 0 : strstr(v->term, "karno") ? 1 : 2], 1e-7);
		else if (!strcmp(v->statistic, "se"))
			oracle_compare(&o, v, fit.se[k - 1], 1e-7);
		else if (!strcmp(v->statistic, "loglik"))
			oracle_compare(&o, v, k == 1 ? fit.loglik_null : fit.loglik, 1e-9);
		else /* parameters that the penalty leaves: of the pair, of sex */
			oracle_compare(&o, v, k == 1 ? 2 - fit.naive[0] - fit.naive[4] : 1, 1e-6);
	}
	yg_cox_release(&fit);
	model_free(&m);
}

/*
 * Frailties: R's are by sorted level of the cluster, these by number of it.  The search of R's gamma frailty ends early: its
 * theta is the next guess, its coefficients and frailties are those of the last value tried, 0.4121647... (its history);
 * held there they agree, and so does the profile likelihood at theta's own maximum.
 */
static void frailty_case(const char *id, const struct model_spec *s, enum yg_frailty kind, double theta, double last)
{
	const struct yg_frailty_options options = { .kind = kind, .theta = theta };
	struct yg_cox_frailty r, tried;
	struct yg_frailty_options there_too = options;
	static uint32_t number[1000];
	uint32_t clusters = 0;
	model_make(&m, s);
	for (uint32_t c = 0; c < m.clusters; c++) {
		bool there = false;
		for (size_t i = 0; i < m.n; i++)
			there |= m.cluster[i] == c;
		number[c] = there ? clusters++ : 0;
	}
	for (size_t i = 0; i < m.n; i++)
		m.cluster[i] = number[m.cluster[i]];
	m.data.spans.clusters = clusters;
	assert_int_equal(yg_cox_frailty_fit(&m.data, &options, NULL, &tried, NULL), YG_OK);
	there_too.theta = last > 0 ? last : theta;
	assert_int_equal(yg_cox_frailty_fit(&m.data, &there_too, NULL, &r, NULL), YG_OK);
	oracle_case(&o, id);
	for (size_t i = o.first; i < o.last; i++) {
		struct oracle_value *v = &o.value[i];
		size_t k = (size_t)strtoul(v->term, NULL, 10);
		if (!strcmp(v->statistic, "coef"))
			oracle_compare(&o, v, r.fit.beta[column_named(v->term, strlen(v->term))], 1e-6);
		else if (!strcmp(v->statistic, "se"))
			oracle_compare(&o, v, r.fit.se[k - 1], 1e-6);
		else if (!strcmp(v->statistic, "theta"))
			oracle_compare(&o, v, tried.theta, last > 0 ? 1e-4 : 1e-6);
		else if (!strcmp(v->statistic, "cloglik"))
			oracle_compare(&o, v, tried.fit.loglik, 1e-6);
		else if (!strcmp(v->statistic, "loglik"))
			oracle_compare(&o, v, k == 1 ? r.fit.loglik_null : r.partial, 1e-6);
		else
			oracle_compare(&o, v, r.b[k - 1], 1e-5);
	}
	yg_cox_frailty_release(&r);
	yg_cox_frailty_release(&tried);
	model_free(&m);
}

static void frailty_cases(void)
{
	const struct model_spec kidney = { "kidney", 0, "time", "status", 1, "age + sex", .cluster = "id" };
	const struct model_spec lung = { "lung", 0, "time", "status", 2, "age + sex", .cluster = "inst" };
	frailty_case("cox.kidney.frailty.gamma", &kidney, YG_FRAILTY_GAMMA, 0, 0.412164715109);
	frailty_case("cox.kidney.frailty.gauss", &kidney, YG_FRAILTY_LOGNORMAL, 0, 0);
	frailty_case("cox.lung.frailty.fixed", &lung, YG_FRAILTY_GAMMA, 0.2, 0);
}

static void spline_case(void)
{
	/* Natural cubic spline basis is not this kernel's: its columns span the same space as the truncated powers
	   used here, so likelihood, tests and sex agree, and only the three spline coefficients are another basis. */
	const struct model_spec s = { "lung", 0, "time", "status", 2, "age + sex", .strata = NULL };
	model_make(&m, &s);
	double knot[4] = { 39, 59, 67, 82 }, sorted[300];
	for (size_t i = 0; i < m.n; i++)
		sorted[i] = m.x[i * 2];
	qsort(sorted, m.n, sizeof *sorted, oracle_by_value);
	for (int k = 1; k <= 2; k++) { /* type 7 quantiles at 1/3, 2/3 */
		double at = (double)(m.n - 1) * k / 3;
		size_t low = (size_t)at;
		knot[k] = sorted[low] + (at - (double)low) * (sorted[low + 1] - sorted[low]);
	}
	knot[0] = sorted[0];
	knot[3] = sorted[m.n - 1];
	double *x = yg_xalloc(m.n * 4, sizeof *x);
	for (size_t i = 0; i < m.n; i++) {
		double age = m.x[i * 2], d[3];
		for (int k = 0; k < 3; k++) {
			double a = age > knot[k] ? age - knot[k] : 0, b = age > knot[3] ? age - knot[3] : 0;
			d[k] = (a * a * a - b * b * b) / (knot[3] - knot[k]);
		}
		x[i * 4] = age;
		x[i * 4 + 1] = d[0] - d[2];
		x[i * 4 + 2] = d[1] - d[2];
		x[i * 4 + 3] = m.x[i * 2 + 1];
	}
	snprintf(m.name[3], 96, "sex");
	for (int k = 0; k < 3; k++)
		snprintf(m.name[k], 96, "splines::ns(age, df = 3)%d", k + 1);
	yg_free(m.x);
	m.data.x = m.x = x;
	m.data.p = m.p = 4;
	struct yg_cox fit = model_fit(&m, YG_COX_EFRON, false);
	oracle_case(&o, "cox.lung.ns3");
	for (size_t i = o.first; i < o.last; i++)
		if (strstr(o.value[i].term, "splines"))
			o.value[i].seen = true;
		else
			compare(&o.value[i], &fit);
	yg_cox_release(&fit);
	model_free(&m);
}

static void fixed_cases(void)
{
	const struct model_spec lung = { "lung", 0, "time", "status", 2, "age + sex", .strata = NULL };
	const double init[] = { 0.01, -0.5 };
	const struct yg_cox_options options = { .ties = YG_COX_EFRON, .init = init, .max_iterations = 0 };
	struct yg_cox fit;
	model_make(&m, &lung);
	assert_int_equal(yg_cox_fit(&m.data, &options, NULL, &fit, NULL), YG_OK);
	oracle_case(&o, "cox.lung.init");
	oracle_check(&o, "loglik", "1", fit.loglik_null, 1e-9);
	oracle_check(&o, "loglik", "2", fit.loglik, 1e-9);
	oracle_check(&o, "score", "", fit.score.chisq, 1e-7);
	for (size_t i = o.first; i < o.last; i++)
		if (!o.value[i].seen)
			compare(&o.value[i], &fit);
	yg_cox_release(&fit);
	/* no covariates, with and without an offset */
	m.data.p = m.p = 0;
	fit = model_fit(&m, YG_COX_EFRON, false);
	oracle_case(&o, "cox.lung.null");
	for (size_t i = o.first; i < o.last; i++)
		compare(&o.value[i], &fit);
	yg_cox_release(&fit);
	model_free(&m);
	struct model_spec with = lung;
	with.offset_age = 0.02;
	model_make(&m, &with);
	m.data.p = m.p = 0;
	fit = model_fit(&m, YG_COX_EFRON, false);
	oracle_case(&o, "cox.lung.offset.only");
	oracle_check(&o, "loglik", "", fit.loglik, 1e-9);
	yg_cox_release(&fit);
	model_free(&m);
}

static double loglik_of(const char *data, const char *terms, const char *keep, double keep_value,
                        const char *not_missing, int *df)
{
	const struct model_spec s = { data, 0, "time", "status", 1, terms, .keep = keep, .keep_value = keep_value,
		                      .not_missing = not_missing };
	model_make(&m, &s);
	struct yg_cox fit = model_fit(&m, YG_COX_EFRON, false);
	double loglik = *terms ? fit.loglik : fit.loglik_null;
	*df = fit.rank;
	yg_cox_release(&fit);
	model_free(&m);
	return loglik;
}

static void nested(const char *id, double small, double big, int df)
{
	oracle_case(&o, id);
	oracle_check(&o, "loglik", "small", small, 1e-9);
	oracle_check(&o, "loglik", "big", big, 1e-9);
	oracle_check(&o, "chisq", "", 2 * (big - small), 1e-7);
	oracle_check(&o, "df", "", df, 0);
	oracle_check_relative(&o, "p", "", yg_chisq_upper(2 * (big - small), df), 1e-6);
}

static void comparisons(void)
{
	int a, b;
	double small = loglik_of("veteran", "karno + age", NULL, 0, NULL, &a);
	double big = loglik_of("veteran", "karno + age + celltype", NULL, 0, NULL, &b);
	nested("cox.lrt.veteran", small, big, b - a);
	small = loglik_of("colon", "age + nodes", "etype", 2, NULL, &a);
	big = loglik_of("colon", "age + nodes + rx", "etype", 2, NULL, &b);
	nested("cox.lrt.colon", small, big, b - a);

	static const char *const sequence[] = { "", "celltype", "celltype + karno", "celltype + karno + trt" };
	static const char *const added[] = { "NULL", "celltype", "karno", "trt" };
	double before = NAN;
	int df_before = 0;
	oracle_case(&o, "cox.anova.veteran");
	for (int i = 0; i < 4; i++) {
		double loglik = loglik_of("veteran", i ? sequence[i] : "karno", NULL, 0, NULL, &a);
		if (!i) {
			const struct model_spec s = { "veteran", 0, "time", "status", 1, "karno", .strata = NULL };
			model_make(&m, &s);
			struct yg_cox fit = model_fit(&m, YG_COX_EFRON, false);
			loglik = fit.loglik_null;
			a = 0;
			yg_cox_release(&fit);
			model_free(&m);
		}
		oracle_check(&o, "loglik", added[i], loglik, 1e-9);
		oracle_check(&o, "Chisq", added[i], 2 * (loglik - before), 1e-7);
		oracle_check(&o, "Df", added[i], i ? (double)(a - df_before) : (double)NAN, 0);
		oracle_check_relative(&o, "Pr(>|Chi|)", added[i], i ?
		                      yg_chisq_upper(2 * (loglik - before), a - df_before) : NAN, 1e-6);
		before = loglik;
		df_before = a;
	}

	static const char *const without[] = { "celltype + karno + trt + age", "karno + trt + age", "celltype + trt + age",
		                               "celltype + karno + age", "celltype + karno + trt" };
	static const char *const dropped[] = { "<none>", "celltype", "karno", "trt", "age" };
	oracle_case(&o, "cox.drop1.veteran");
	for (int i = 0; i < 5; i++) {
		double loglik = loglik_of("veteran", without[i], NULL, 0, NULL, &a);
		if (!i) {
			before = loglik;
			df_before = a;
		}
		oracle_check(&o, "Df", dropped[i], i ? (double)(df_before - a) : (double)NAN, 0);
		oracle_check(&o, "AIC", dropped[i], 2 * a - 2 * loglik, 1e-9);
		oracle_check(&o, "LRT", dropped[i], i ? 2 * (before - loglik) : NAN, 1e-7);
		oracle_check_relative(&o, "Pr(>Chi)", dropped[i], i ?
		                      yg_chisq_upper(2 * (before - loglik), df_before - a) : NAN, 1e-6);
	}
}

static void every_case(void **unused)
{
	(void)unused;
	oracle_open(&o, "cox");
	run_many(three_ties, sizeof three_ties / sizeof three_ties[0], 3);
	run_many(two_ties, sizeof two_ties / sizeof two_ties[0], 2);
	run_many(one_tie, sizeof one_tie / sizeof one_tie[0], 1);
	split_case();
	const struct model_spec karno = { "veteran", 0, "time", "status", 1, "trt + prior + karno", .strata = NULL };
	const struct model_spec sex = { "lung", 0, "time", "status", 2, "age + sex", .strata = NULL };
	tt_case("cox.veteran.tt.log", &karno, 1, 2, "tt(karno)");
	tt_case("cox.lung.tt.lin", &sex, 0, 1, "tt(sex)");
	moving_case("cox.veteran.tt.log", &karno, 1, 2, "tt(karno)");
	moving_case("cox.lung.tt.lin", &sex, 0, 1, "tt(sex)");
	spline_case();
	fixed_cases();
	comparisons();
	ridge_case();
	frailty_cases();
	assert_int_equal(oracle_finish(&o), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_case) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
