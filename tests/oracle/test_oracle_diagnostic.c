/* Curves and measures of tests against R (pROC, epiR, formulas): the cases of diagnostic.tsv that the kernels cover. */
#include "tests/oracle/oracle.h"

#include "yogo/num/dist.h"
#include "yogo/stats/diagnostic.h"
#include "yogo/stats/glm.h"
#include "yogo/stats/prediction.h"
#include "yogo/stats/roc.h"

#define CLOSED 1e-9
#define TAIL 1e-8

static void must(enum yg_status s)
{
	if (s != YG_OK)
		exit(99);
}

/* Complete rows of an outcome and markers; score is negative where lower values speak for a case. */
struct rows {
	size_t n;
	uint8_t *y;
	double *score[2], *original;
	struct yg_roc_data data;
	struct yg_roc roc[2];
	int sign[2];
	size_t markers;
};

static struct rows rows_of(const struct oracle_csv *d, const double *outcome, const char *const marker[2], int sign,
                           const uint8_t *keep)
{
	struct rows r = { .y = yg_xalloc(d->n + 1, 1), .markers = marker[1] ? 2 : 1 };
	const double *x[2] = { oracle_number(d, marker[0]), marker[1] ? oracle_number(d, marker[1]) : NULL };
	for (size_t k = 0; k < r.markers; k++)
		r.score[k] = yg_xalloc(d->n + 1, sizeof(double));
	for (size_t i = 0; i < d->n; i++) {
		if (isnan(outcome[i]) || isnan(x[0][i]) || (x[1] && isnan(x[1][i])) || (keep && !keep[i]))
			continue;
		r.y[r.n] = outcome[i] > 0;
		for (size_t k = 0; k < r.markers; k++)
			r.score[k][r.n] = sign * x[k][i];
		r.n++;
	}
	r.data = (struct yg_roc_data){ .n = r.n, .y = r.y };
	for (size_t k = 0; k < r.markers; k++)
		must(yg_roc_open(&r.data, r.score[k], NULL, &r.roc[k], NULL));
	return r;
}

static void rows_free(struct rows *r)
{
	for (size_t k = 0; k < r->markers; k++) {
		yg_roc_release(&r->roc[k]);
		yg_free(r->score[k]);
	}
	yg_free(r->y);
}

/* 1 where a text column is this level. */
static double *is_level(const struct oracle_csv *d, const char *name, const char *level)
{
	const struct oracle_column *c = oracle_column(d, name);
	double *y = yg_xalloc(d->n + 1, sizeof *y);
	for (size_t i = 0; i < d->n; i++)
		y[i] = !strcmp(c->text[i], level);
	return y;
}

static void interval(double area, double variance, double conf, double out[2])
{
	double reach = yg_normal_quantile(0.5 + conf / 2) * sqrt(variance);
	out[0] = fmax(0, area - reach);
	out[1] = fmin(1, area + reach);
}

/* R orders thresholds as its cut-offs ascend in suspicion; with higher controls it writes the values as they are. */
static void check_best(struct oracle *o, const struct yg_roc *r, int sign, bool topleft)
{
	struct yg_roc_cut cut[8];
	size_t found = yg_roc_best(r, topleft, cut, 8);
	for (size_t k = 0; k < found; k++) {
		const char *what = topleft ? "topleft" : "youden";
		char term[32];
		/* The sign turned the scores round: infinite ends change places with it, as do R's. */
		snprintf(term, sizeof term, "threshold|%zu", k + 1);
		oracle_check(o, what, term, sign * cut[k].threshold, CLOSED);
		snprintf(term, sizeof term, "sens|%zu", k + 1);
		oracle_check(o, what, term, (double)cut[k].tp / (double)r->n_cases, CLOSED);
		snprintf(term, sizeof term, "spec|%zu", k + 1);
		oracle_check(o, what, term, (double)cut[k].tn / (double)r->n_controls, CLOSED);
	}
}

static void check_thresholds(struct oracle *o, const struct yg_roc *r, int sign)
{
	for (size_t i = o->first; i < o->last; i++) {
		struct oracle_value *v = &o->value[i];
		bool sens = !strcmp(v->statistic, "threshold_sens"), spec = !strcmp(v->statistic, "threshold_spec");
		if (!sens && !spec)
			continue;
		double t = sign * oracle_number_of(v->term);
		size_t best = 0;
		double nearest = INFINITY;
		struct yg_roc_cut cut;
		for (size_t k = 0; k <= r->points; k++) {
			yg_roc_cut(r, k, &cut);
			double away = cut.threshold == t ? 0 : fabs(cut.threshold - t);
			if (away < nearest) {
				nearest = away;
				best = k;
			}
		}
		yg_roc_cut(r, best, &cut);
		if (nearest > 1e-9)
			oracle_compare(o, v, NAN, 0);
		else
			oracle_compare(o, v, sens ? (double)cut.tp / (double)r->n_cases : (double)cut.tn / (double)r->n_controls, CLOSED);
	}
}

static void one_curve(struct oracle *o, const char *id, const char *dataset, const double *outcome, const struct oracle_csv *d,
                      const char *marker, int sign)
{
	const char *const markers[2] = { marker, NULL };
	struct rows r = rows_of(d, outcome, markers, sign, NULL);
	double area, variance, ci[2];
	(void)dataset;
	oracle_case(o, id);
	must(yg_roc_covariance(&r.data, r.roc, 1, NULL, NULL, &area, &variance, NULL));
	interval(area, variance, 0.95, ci);
	oracle_check(o, "auc", "", area, CLOSED);
	oracle_check(o, "var_delong", "", variance, CLOSED);
	oracle_check(o, "ci_delong", "lower", ci[0], CLOSED);
	oracle_check(o, "ci_delong", "upper", ci[1], CLOSED);
	oracle_check(o, "n_case", "", (double)r.roc[0].n_cases, 0);
	oracle_check(o, "n_control", "", (double)r.roc[0].n_controls, 0);
	oracle_check(o, "se_hanley_mcneil", "", yg_roc_hanley_mcneil(area, (double)r.roc[0].n_cases, (double)r.roc[0].n_controls), CLOSED);
	check_thresholds(o, &r.roc[0], sign);
	check_best(o, &r.roc[0], sign, false);
	check_best(o, &r.roc[0], sign, true);
	/* The area by the other road, that of validate. */
	double again, se;
	must(yg_prediction_auc(r.y, r.score[0], r.n, NULL, &again, &se, NULL));
	oracle_check(o, "auc", "", again, CLOSED);
	oracle_check(o, "var_delong", "", se * se, CLOSED);
	rows_free(&r);
}

static void curves(struct oracle *o, const struct oracle_csv *asah, const double *poor, const struct oracle_csv *pima,
                   const double *yes)
{
	static const char *const of_asah[] = { "s100b", "ndka", "wfns" }, *const of_pima[] = { "glu", "bmi", "age", "ped" };
	char id[64];
	for (int k = 0; k < 3; k++) {
		snprintf(id, sizeof id, "roc.asah.%s", of_asah[k]);
		one_curve(o, id, "aSAH", poor, asah, of_asah[k], 1);
	}
	one_curve(o, "roc.asah.age.rev", "aSAH", poor, asah, "age", -1);
	for (int k = 0; k < 4; k++) {
		snprintf(id, sizeof id, "roc.pima.%s", of_pima[k]);
		one_curve(o, id, "Pima_tr", yes, pima, of_pima[k], 1);
	}
	struct oracle_csv *b = oracle_csv_load("birthwt"), *v = oracle_csv_load("va_diabetes");
	one_curve(o, "roc.birthwt.lwt", "birthwt", oracle_number(b, "low"), b, "lwt", -1);
	double *high = yg_xalloc(v->n + 1, sizeof *high);
	for (size_t i = 0; i < v->n; i++)
		high[i] = isnan(oracle_number(v, "glyhb")[i]) ? NAN : oracle_number(v, "glyhb")[i] > 7;
	one_curve(o, "roc.vad.missing", "va_diabetes", high, v, "stab.glu", 1);
	yg_free(high);
	oracle_csv_free(b);
	oracle_csv_free(v);

	uint8_t y[9] = { 0, 0, 0, 0, 0, 1, 1, 1, 1 };
	double x[9] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, area, variance;
	struct yg_roc_data d = { .n = 9, .y = y };
	struct yg_roc r;
	oracle_case(o, "roc.perfect");
	must(yg_roc_open(&d, x, NULL, &r, NULL));
	must(yg_roc_covariance(&d, &r, 1, NULL, NULL, &area, &variance, NULL));
	oracle_check(o, "auc", "", area, 0);
	oracle_check(o, "var_delong", "", variance, 0);
	yg_roc_release(&r);
}

static void pair(struct oracle *o, const char *id, const struct oracle_csv *d, const double *outcome, const char *first,
                 const char *second)
{
	const char *const markers[2] = { first, second };
	struct rows r = rows_of(d, outcome, markers, 1, NULL);
	double area[2], covariance[4], df;
	struct yg_roc_difference x;
	oracle_case(o, id);
	must(yg_roc_covariance(&r.data, r.roc, 2, NULL, NULL, area, covariance, NULL));
	yg_roc_paired(area, covariance, 2, 0, 1, &x);
	oracle_check(o, "auc", "first", area[0], CLOSED);
	oracle_check(o, "auc", "second", area[1], CLOSED);
	oracle_check(o, "stat", "", x.statistic, CLOSED);
	oracle_check_relative(o, "p", "", x.p, TAIL);
	oracle_check(o, "cov", "", covariance[1], CLOSED);
	/* The contrast of two areas is the same test. */
	double chisq = yg_roc_equal(area, covariance, 2, &df);
	oracle_check(o, "stat", "", x.statistic < 0 ? -sqrt(chisq) : sqrt(chisq), CLOSED);
	rows_free(&r);
}

static void differences(struct oracle *o, const struct oracle_csv *asah, const double *poor, const struct oracle_csv *pima,
                        const double *yes)
{
	pair(o, "rocdiff.asah.s100b.ndka", asah, poor, "s100b", "ndka");
	pair(o, "rocdiff.asah.s100b.wfns", asah, poor, "s100b", "wfns");
	pair(o, "rocdiff.pima.glu.bmi", pima, yes, "glu", "bmi");
	pair(o, "rocdiff.pima.age.ped", pima, yes, "age", "ped");

	const struct oracle_column *g = oracle_column(asah, "gender");
	static const char *const sex[2] = { "Female", "Male" };
	uint8_t *keep = yg_xalloc(asah->n + 1, 1);
	double area[2], variance[2], n[2];
	for (int k = 0; k < 2; k++) {
		static const char *const marker[2] = { "s100b", NULL };
		for (size_t i = 0; i < asah->n; i++)
			keep[i] = !strcmp(g->text[i], sex[k]);
		struct rows r = rows_of(asah, poor, marker, 1, keep);
		must(yg_roc_covariance(&r.data, r.roc, 1, NULL, NULL, &area[k], &variance[k], NULL));
		n[k] = (double)r.n;
		rows_free(&r);
	}
	yg_free(keep);
	struct yg_roc_difference x;
	yg_roc_unpaired(area[0], variance[0], n[0], area[1], variance[1], n[1], &x);
	oracle_case(o, "rocdiff.unpaired.gender");
	oracle_check(o, "auc", "first", area[0], CLOSED);
	oracle_check(o, "auc", "second", area[1], CLOSED);
	oracle_check(o, "stat", "", x.statistic, CLOSED);
	oracle_check(o, "df", "", x.df, CLOSED);
	oracle_check_relative(o, "p", "", x.p, TAIL);
}

static void levels_and_parts(struct oracle *o, const struct oracle_csv *asah, const double *poor)
{
	static const char *const marker[2] = { "s100b", NULL };
	static const struct yg_roc_range spec = { 0.8, 1, false }, sens = { 0.9, 1, true };
	struct rows r = rows_of(asah, poor, marker, 1, NULL);
	double area, variance, ci[2];
	must(yg_roc_covariance(&r.data, r.roc, 1, NULL, NULL, &area, &variance, NULL));
	for (int k = 0; k < 2; k++) {
		interval(area, variance, k ? 0.99 : 0.9, ci);
		oracle_case(o, k ? "roc.ci.0.99" : "roc.ci.0.9");
		oracle_check(o, "ci", "lower", ci[0], CLOSED);
		oracle_check(o, "ci", "auc", area, CLOSED);
		oracle_check(o, "ci", "upper", ci[1], CLOSED);
	}
	oracle_case(o, "pauc.asah");
	area = yg_roc_area(&r.roc[0], &spec);
	for (size_t i = o->first; i < o->last; i++) {
		struct oracle_value *v = &o->value[i];
		const char *name = *v->term ? v->term : v->statistic;
		oracle_compare(o, v, !strcmp(name, "pauc") ? area : !strcmp(name, "corrected") ? yg_roc_corrected(&spec, area) :
		               yg_roc_area(&r.roc[0], &sens), CLOSED);
	}
	rows_free(&r);
}

/* ---- two by two ---- */

static void table(struct oracle *o, const char *id, double tp, double fp, double fn, double tn)
{
	static const struct { const char *name; enum yg_diag_kind kind; } of[] = {
		{ "sens", YG_DIAG_SENSITIVITY }, { "spec", YG_DIAG_SPECIFICITY }, { "ppv", YG_DIAG_PPV }, { "npv", YG_DIAG_NPV },
		{ "accuracy", YG_DIAG_ACCURACY }, { "prevalence", YG_DIAG_PREVALENCE },
	}, ratio[] = { { "lr_pos", YG_DIAG_LR_POSITIVE }, { "lr_neg", YG_DIAG_LR_NEGATIVE }, { "dor", YG_DIAG_ODDS_RATIO } };
	double n[4] = { tp, fp, fn, tn };
	struct yg_diag_measure wilson[YG_DIAG_COUNT], exact[YG_DIAG_COUNT], wald[YG_DIAG_COUNT];
	yg_diagnostic(n, 0.95, YG_CI_WILSON, wilson);
	yg_diagnostic(n, 0.95, YG_CI_EXACT, exact);
	yg_diagnostic(n, 0.95, YG_CI_WALD, wald);
	oracle_case(o, id);
	oracle_check(o, "counts", "tp", tp, 0);
	oracle_check(o, "counts", "fp", fp, 0);
	oracle_check(o, "counts", "fn", fn, 0);
	oracle_check(o, "counts", "tn", tn, 0);
	for (size_t k = 0; k < sizeof of / sizeof *of; k++) {
		enum yg_diag_kind m = of[k].kind;
		oracle_check(o, of[k].name, "est", wilson[m].estimate, CLOSED);
		oracle_check(o, of[k].name, "wilson_lower", wilson[m].lower, CLOSED);
		oracle_check(o, of[k].name, "wilson_upper", wilson[m].upper, CLOSED);
		oracle_check(o, of[k].name, "cp_lower", exact[m].lower, CLOSED);
		oracle_check(o, of[k].name, "cp_upper", exact[m].upper, CLOSED);
		oracle_check(o, of[k].name, "wald_lower", wald[m].lower, CLOSED);
		/* R's script lets Wald's limits run beyond 1; here they end there */
		struct oracle_value *upper = oracle_lookup(o, id, of[k].name, "wald_upper");
		if (upper->value > 1)
			upper->value = 1;
		oracle_compare(o, upper, wald[m].upper, CLOSED);
		for (size_t i = o->first; i < o->last; i++)
			if (!strcmp(o->value[i].statistic, of[k].name) && (strstr(o->value[i].term, "agresti") || strstr(o->value[i].term, "jeffreys")))
				o->value[i].seen = true;   /* kinds of intervals that diag does not offer */
	}
	for (size_t k = 0; k < 3; k++) {
		const struct yg_diag_measure *m = &wilson[ratio[k].kind];
		bool infinite = isinf(m->estimate);
		oracle_check(o, ratio[k].name, "est", m->estimate, CLOSED);
		/* R's limits of an infinite ratio are what infinities leave over */
		if (infinite) {
			oracle_ignore(o, ratio[k].name);
			continue;
		}
		oracle_check(o, ratio[k].name, "lower", m->lower, CLOSED);
		oracle_check(o, ratio[k].name, "upper", m->upper, CLOSED);
	}
	oracle_check(o, "youden", "", wilson[YG_DIAG_YOUDEN].estimate, CLOSED);
	/* not shown by diag: no question of a clinician is answered by them */
	oracle_ignore(o, "f1");
	oracle_ignore(o, "mcc");
	oracle_ignore(o, "balanced_accuracy");
}

static void count(const struct oracle_csv *d, const char *x, double from, const double *y, double n[4])
{
	const double *v = oracle_number(d, x);
	memset(n, 0, 4 * sizeof *n);
	for (size_t i = 0; i < d->n; i++)
		n[(v[i] >= from ? 0 : 2) + (y[i] > 0 ? 0 : 1)]++;
}

static void two_by_two(struct oracle *o, const struct oracle_csv *asah, const double *poor, const struct oracle_csv *pima,
                       const double *yes)
{
	double n[4];
	struct oracle_csv *nodal = oracle_csv_load("nodal");
	count(asah, "s100b", 0.22, poor, n);
	table(o, "acc.asah.02", n[0], n[1], n[2], n[3]);
	count(pima, "glu", 127, yes, n);
	table(o, "acc.pima.127", n[0], n[1], n[2], n[3]);
	count(nodal, "xray", 1, oracle_number(nodal, "r"), n);
	table(o, "acc.nodal.xray", n[0], n[1], n[2], n[3]);
	oracle_csv_free(nodal);
	table(o, "acc.inline", 670, 202, 74, 640);
	table(o, "acc.zero", 12, 0, 3, 20);

	static const struct { const char *name; int kind; } detail[] = {
		{ "tp", YG_DIAG_PREVALENCE }, { "se", YG_DIAG_SENSITIVITY }, { "sp", YG_DIAG_SPECIFICITY }, { "diag.ac", YG_DIAG_ACCURACY },
		{ "diag.or", YG_DIAG_ODDS_RATIO }, { "youden", YG_DIAG_YOUDEN }, { "pv.pos", YG_DIAG_PPV }, { "pv.neg", YG_DIAG_NPV },
		{ "lr.pos", YG_DIAG_LR_POSITIVE }, { "lr.neg", YG_DIAG_LR_NEGATIVE },
	};
	double epi[4] = { 670, 202, 74, 640 };
	struct yg_diag_measure m[YG_DIAG_COUNT];
	yg_diagnostic(epi, 0.95, YG_CI_EXACT, m);
	oracle_case(o, "acc.epitests");
	for (size_t i = o->first; i < o->last; i++) {
		struct oracle_value *v = &o->value[i];
		v->seen = true;   /* the rest: apparent prevalence, one minus a measure, numbers to be tested */
		for (size_t k = 0; k < sizeof detail / sizeof *detail; k++) {
			const struct yg_diag_measure *x = &m[detail[k].kind];
			/* epiR's limits of Youden's index add those of its parts */
			if (strcmp(v->term, detail[k].name) || (detail[k].kind == YG_DIAG_YOUDEN && strcmp(v->statistic, "est")))
				continue;
			/* its odds ratio has the limits of Cornfield or others */
			if (detail[k].kind == YG_DIAG_ODDS_RATIO && strcmp(v->statistic, "est"))
				continue;
			oracle_compare(o, v, !strcmp(v->statistic, "est") ? x->estimate : !strcmp(v->statistic, "lower") ? x->lower : x->upper, CLOSED);
		}
	}
}

static void proportions(struct oracle *o)
{
	static const double of[6][2] = { { 0, 10 }, { 1, 10 }, { 5, 10 }, { 10, 10 }, { 3, 1000 }, { 81, 263 } };
	char id[64];
	for (int k = 0; k < 6; k++) {
		struct yg_interval w = yg_proportion_ci(of[k][0], of[k][1], 0.95, YG_CI_WILSON);
		struct yg_interval e = yg_proportion_ci(of[k][0], of[k][1], 0.95, YG_CI_EXACT);
		snprintf(id, sizeof id, "propci.%g_%g", of[k][0], of[k][1]);
		oracle_case(o, id);
		for (size_t i = o->first; i < o->last; i++) {
			struct oracle_value *v = &o->value[i];
			const char *name = *v->term ? v->term : v->statistic;
			if (strstr(name, "wilson"))
				oracle_compare(o, v, strstr(name, "lower") ? w.lower : w.upper, CLOSED);
			else if (strstr(name, "cp_"))
				oracle_compare(o, v, strstr(name, "lower") ? e.lower : e.upper, CLOSED);
			else
				v->seen = true;   /* Agresti-Coull, Jeffreys: not offered */
		}
	}
	double n[4] = { 56, 14, 48, 32 };
	struct yg_risks r;
	yg_risks(n, 0.95, &r);
	oracle_case(o, "newcombe");
	for (size_t i = o->first; i < o->last; i++) {
		struct oracle_value *v = &o->value[i];
		const char *name = *v->term ? v->term : v->statistic;
		oracle_compare(o, v, strstr(name, "lower") ? r.rd_newcombe.lower : strstr(name, "upper") ? r.rd_newcombe.upper : r.rd_newcombe.estimate,
		               CLOSED);
	}
}

static void paired_tests(struct oracle *o, const struct oracle_csv *asah, const double *poor)
{
	const double *s = oracle_number(asah, "s100b"), *w = oracle_number(asah, "wfns");
	double count8[8] = { 0 };
	struct yg_diag_difference d[4];
	for (size_t i = 0; i < asah->n; i++)
		count8[4 * (poor[i] > 0) + 2 * (s[i] >= 0.22) + (w[i] >= 3)]++;
	yg_diag_compare(count8, 0, 0.95, d);
	oracle_case(o, "sens.mcnemar");
	for (size_t i = o->first; i < o->last; i++) {
		struct oracle_value *v = &o->value[i];
		const char *name = *v->term ? v->term : v->statistic;
		oracle_compare(o, v, !strcmp(name, "b") ? count8[5] : !strcmp(name, "c") ? count8[6] : !strcmp(name, "x") ? d[0].statistic :
		               !strcmp(name, "p") ? d[0].p : d[0].exact_p, TAIL);
	}
}

/* ---- models ---- */

static void net_benefit(struct oracle *o, const char *id, const uint8_t *y, const double *risk, size_t n)
{
	static const double th[12] = { .01, .05, .1, .15, .2, .25, .3, .4, .5, .6, .7, .8 };
	struct yg_net_benefit b[12];
	must(yg_net_benefit_fit(NULL, 0, y, risk, n, th, 12, NULL, b, NULL));
	oracle_case(o, id);
	for (size_t i = o->first; i < o->last; i++) {
		struct oracle_value *v = &o->value[i];
		for (int k = 0; k < 12; k++) {
			const char *bar = strchr(v->term, '|');
			if (!bar || fabs(oracle_number_of(bar + 1) - th[k]) > 1e-9)
				continue;
			if (!strncmp(v->term, "model", 5))
				oracle_compare(o, v, b[k].model, 1e-7);
			else if (!strncmp(v->term, "all", 3))
				oracle_compare(o, v, b[k].all, CLOSED);
			else
				oracle_compare(o, v, (b[k].model - b[k].all) / (th[k] / (1 - th[k])) * 100, 1e-6);
		}
	}
}

static double *design(const struct oracle_csv *d, const char *const *name, size_t p)
{
	double *x = yg_xalloc(d->n * (p + 1) + 1, sizeof *x);
	for (size_t i = 0; i < d->n; i++) {
		x[i * (p + 1)] = 1;
		for (size_t j = 0; j < p; j++)
			x[i * (p + 1) + j + 1] = oracle_number(d, name[j])[i];
	}
	return x;
}

static void decision(struct oracle *o, const char *id, const struct oracle_csv *fit_on, const double *y, const struct oracle_csv *judge_on,
                     const double *outcome, const char *const *name, size_t p)
{
	double *x = design(fit_on, name, p), *z = design(judge_on, name, p), *risk = yg_xalloc(judge_on->n + 1, sizeof *risk);
	uint8_t *event = yg_xalloc(judge_on->n + 1, 1);
	struct yg_regression data = { .n = fit_on->n, .p = p + 1, .x = x, .y = y, .intercept = 0 };
	struct yg_glm_options options = { .family = YG_FAMILY_BINOMIAL, .link = YG_LINK_LOGIT };
	struct yg_glm m;
	must(yg_glm_fit(&data, &options, NULL, &m, NULL));
	for (size_t i = 0; i < judge_on->n; i++) {
		risk[i] = yg_link_mean(YG_LINK_LOGIT, yg_dot(z + i * (p + 1), m.b, p + 1), NULL);
		event[i] = outcome[i] > 0;
	}
	net_benefit(o, id, event, risk, judge_on->n);
	yg_glm_release(&m);
	yg_free(x);
	yg_free(z);
	yg_free(risk);
	yg_free(event);
}

static void decisions(struct oracle *o, const struct oracle_csv *pima, const double *yes)
{
	static const char *const of_pima[] = { "npreg", "glu", "bp", "skin", "bmi", "ped", "age" }, *const of_birthwt[] = { "age", "lwt", "smoke" };
	struct oracle_csv *te = oracle_csv_load("Pima_te"), *b = oracle_csv_load("birthwt");
	double *y = is_level(te, "type", "Yes");
	decision(o, "dca.pima", pima, yes, te, y, of_pima, 7);
	decision(o, "dca.birthwt", b, oracle_number(b, "low"), b, oracle_number(b, "low"), of_birthwt, 3);
	yg_free(y);
	oracle_csv_free(te);
	oracle_csv_free(b);
}

int main(void)
{
	struct oracle o;
	oracle_open(&o, "diagnostic");
	struct oracle_csv *asah = oracle_csv_load("aSAH"), *pima = oracle_csv_load("Pima_tr");
	double *poor = is_level(asah, "outcome", "Poor"), *yes = is_level(pima, "type", "Yes");
	curves(&o, asah, poor, pima, yes);
	differences(&o, asah, poor, pima, yes);
	levels_and_parts(&o, asah, poor);
	two_by_two(&o, asah, poor, pima, yes);
	proportions(&o);
	paired_tests(&o, asah, poor);
	decisions(&o, pima, yes);
	for (size_t i = 0; i < o.cases; i++) {
		const char *id = o.list[i].id;
		if (!strncmp(id, "kappa", 5) || !strcmp(id, "fleiss.kappa") || !strcmp(id, "cronbach"))
			oracle_not_covered(&o, id, "agreement: the verb agree is not there yet");
		else if (!strncmp(id, "cal.", 4))
			oracle_not_covered(&o, id, "calibration is measured by the analyses of validate and calibrate, and tested there");
		else if (!strcmp(id, "nri.idi"))
			oracle_not_covered(&o, id, "reclassification is not offered: it misleads when a model is not calibrated");
		else if (!strcmp(id, "multiclass.auc"))
			oracle_not_covered(&o, id, "areas of more than two classes are not offered");
	}
	yg_free(poor);
	yg_free(yes);
	oracle_csv_free(asah);
	oracle_csv_free(pima);
	return oracle_finish(&o);
}
