/*
 * Propensity scores, weights, balance and weighted effects against R 4.2 (causal.R).
 *
 * Tolerances: fitted scores 1e-7 (a logistic model), what is made of them 1e-6 where the score's own error is
 * carried along, differences of means unweighted 1e-9.
 */
#include "tests/oracle/model.h"

#include "yogo/num/dist.h"
#include "yogo/stats/balance.h"
#include "yogo/stats/concordance.h"
#include "yogo/stats/cox.h"
#include "yogo/stats/km.h"
#include "yogo/stats/linear.h"
#include "yogo/stats/propensity.h"
#include "yogo/stats/robust.h"
#include "yogo/stats/weights.h"

static struct oracle o;
static struct yg_err err;

static void must(enum yg_status s)
{
	if (s == YG_OK)
		return;
	fprintf(stderr, "%s: %s\n", o.now, err.text);
	exit(1);
}

/* A data set with its propensity model. */
struct study {
	struct oracle_csv *csv;
	struct model m;
	struct yg_glm glm;
	double *score, *weight;
	int8_t *arm;
	size_t n;
};

static void study_open(struct study *s, const char *name, const char *formula)
{
	s->csv = oracle_csv_load(name);
	model_build(s->csv, formula, NULL, &s->m);
	s->n = s->m.d.n;
	s->score = yg_xalloc(s->n, sizeof(double));
	s->weight = yg_xalloc(s->n, sizeof(double));
	s->arm = yg_xalloc(s->n, 1);
	for (size_t i = 0; i < s->n; i++)
		s->arm[i] = (int8_t)s->m.y[i];
	must(yg_propensity_fit(&s->m.d, NULL, &s->glm, s->score, &err));
}

static void study_close(struct study *s)
{
	yg_glm_release(&s->glm);
	model_free(&s->m);
	oracle_csv_free(s->csv);
	yg_free(s->score);
	yg_free(s->weight);
	yg_free(s->arm);
}

static void check_scores(const char *id, const struct study *s)
{
	oracle_case(&o, id);
	for (size_t i = o.first; i < o.last; i++)
		oracle_compare(&o, &o.value[i], s->score[strtol(o.value[i].term, NULL, 10) - 1], 1e-8);
}

static void check_model(const struct study *s)
{
	oracle_case(&o, "ps.lalonde");
	size_t p = s->m.d.p;
	const struct yg_glm *f = &s->glm;
	double se[MODEL_MOST], z[MODEL_MOST], pv[MODEL_MOST], low[MODEL_MOST], high[MODEL_MOST], q = yg_normal_quantile(0.975);
	for (size_t j = 0; j < p; j++) {
		se[j] = sqrt(f->covariance[j * p + j]);
		z[j] = f->b[j] / se[j];
		pv[j] = yg_normal_two_sided(z[j]);
		low[j] = f->b[j] - q * se[j];
		high[j] = f->b[j] + q * se[j];
	}
	model_check(&o, &s->m, "coef", f->b, 1, 1e-7);
	model_check(&o, &s->m, "se", se, 1, 1e-7);
	model_check(&o, &s->m, "z", z, 1, 1e-6);
	model_check(&o, &s->m, "p", pv, 1, 1e-7);
	model_check(&o, &s->m, "wald_lower", low, 1, 1e-7);
	model_check(&o, &s->m, "wald_upper", high, 1, 1e-7);
	oracle_check(&o, "null_deviance", "", f->null_deviance, 1e-9);
	oracle_check(&o, "df_null", "", f->df_null, 0);
	oracle_check(&o, "deviance", "", f->deviance, 1e-9);
	oracle_check(&o, "df_resid", "", f->df_residual, 0);
	oracle_check(&o, "dispersion", "", f->dispersion, 0);
	oracle_check(&o, "pearson_chisq", "", f->pearson, 1e-7);
	oracle_check(&o, "n", "", (double)f->n, 0);
	oracle_check(&o, "loglik", "", f->loglik, 1e-9);
	oracle_check(&o, "aic", "", f->aic, 1e-9);
	oracle_check(&o, "bic", "", f->bic, 1e-9);
}

static void check_effect(const struct yg_ipw *w)
{
	double q = yg_normal_quantile(0.975);
	oracle_check(&o, "effect", "mean1", w->mean[1], 1e-7);
	oracle_check(&o, "effect", "mean0", w->mean[0], 1e-7);
	oracle_check(&o, "effect", "diff", w->difference, 1e-7);
	oracle_check(&o, "effect", "se_known_weights", w->se_known, 1e-7);
	oracle_check(&o, "effect", "lower", w->difference - q * w->se_known, 1e-7);
	oracle_check(&o, "effect", "upper", w->difference + q * w->se_known, 1e-7);
}

/* ---- balance ---- */

static const char *const covariates[] = { "age", "educ", "black", "hispan", "married", "nodegree", "re74", "re75" };

static double *covariate(const struct study *s, const char *name)
{
	double *x = yg_xalloc(s->n, sizeof(double));
	for (size_t i = 0; i < s->n; i++) {
		bool race = !strcmp(name, "black") || !strcmp(name, "hispan");
		x[i] = race ? !strcmp(oracle_column(s->csv, "race")->text[i], name) : oracle_number(s->csv, name)[i];
	}
	return x;
}

static void check_balance(const struct study *s, const double *weight, const char *prefix, double tolerance)
{
	for (size_t k = 0; k < sizeof covariates / sizeof *covariates; k++) {
		char statistic[64];
		struct yg_balance average, treated;
		double *x = covariate(s, covariates[k]);
		snprintf(statistic, sizeof statistic, "%s%s", prefix, covariates[k]);
		must(yg_balance_column(x, 1, s->n, s->arm, weight, YG_SMD_AVERAGE, NULL, &average, &err));
		must(yg_balance_column(x, 1, s->n, s->arm, weight, YG_SMD_TREATED, NULL, &treated, &err));
		oracle_check(&o, statistic, "raw_denominator", average.smd, tolerance);
		oracle_check(&o, statistic, "weighted_denominator", average.smd_weighted, tolerance);
		oracle_check(&o, statistic, "treated_denominator", treated.smd, tolerance);
		oracle_check(&o, statistic, "mean1", average.mean[1], tolerance);
		oracle_check(&o, statistic, "mean0", average.mean[0], tolerance);
		yg_free(x);
	}
}

/* ---- weights ---- */

static const char *const estimands[] = { "ATE", "ATT", "ATC", "ATO", "ATM", "entropy" };

static struct yg_weight_options options_of(int e)
{
	return (struct yg_weight_options){ .estimand = (enum yg_estimand)e, .score_limit = { NAN, NAN },
		                           .quantile = { NAN, NAN } };
}

static void lalonde_weights(struct study *s, int e)
{
	char id[64];
	struct yg_weight_options options = options_of(e);
	struct yg_weight_summary sum;
	struct yg_ipw effect;
	snprintf(id, sizeof id, "iptw.lalonde.%s", estimands[e]);
	oracle_case(&o, id);
	must(yg_weights_make(s->arm, s->score, s->n, &options, s->weight, &sum, &err));
	oracle_check(&o, "ess", "t1", sum.effective[1], 1e-7);
	oracle_check(&o, "ess", "t0", sum.effective[0], 1e-7);
	oracle_check(&o, "sumw", "t1", sum.sum[1], 1e-7);
	oracle_check(&o, "sumw", "t0", sum.sum[0], 1e-7);
	for (int i = 0; i < 10; i++) {
		char a[16], b[16];
		snprintf(a, sizeof a, "%d", i + 1);
		snprintf(b, sizeof b, "%d", i + 605);
		oracle_check(&o, "first10", a, s->weight[i], 1e-7);
		oracle_check(&o, "last10", b, s->weight[604 + i], 1e-7);
	}
	must(yg_ipw_difference(oracle_number(s->csv, "re78"), s->arm, s->weight, s->n, NULL, NULL, 0, &effect, &err));
	check_effect(&effect);
	check_balance(s, s->weight, "smd.", 1e-7);
}

static void birthwt_weights(struct study *s, int e)
{
	char id[64];
	struct yg_weight_options options = options_of(e);
	struct yg_weight_summary sum;
	struct yg_ipw effect;
	snprintf(id, sizeof id, "iptw.birthwt.%s", estimands[e]);
	oracle_case(&o, id);
	must(yg_weights_make(s->arm, s->score, s->n, &options, s->weight, &sum, &err));
	oracle_check(&o, "ess", "t1", sum.effective[1], 1e-7);
	oracle_check(&o, "ess", "t0", sum.effective[0], 1e-7);
	must(yg_ipw_difference(oracle_number(s->csv, "low"), s->arm, s->weight, s->n, NULL, NULL, 0, &effect, &err));
	check_effect(&effect);

	/* The same as a weighted linear model. */
	snprintf(id, sizeof id, "iptw.glm.birthwt.%s", estimands[e]);
	oracle_case(&o, id);
	struct model m;
	struct yg_linear f;
	model_build(s->csv, "bwt ~ smoke", NULL, &m);
	m.d.weight = s->weight;
	must(yg_linear_fit(&m.d, NULL, &f, &err));
	double *score = yg_xalloc(s->n, sizeof(double)), v[4], model[2], hc0[2], survey[2], n = (double)s->n;
	must(yg_linear_residuals(&m.d, &f, NULL, score, &err));
	for (size_t i = 0; i < s->n; i++)
		score[i] *= s->weight[i];
	struct yg_robust_request request = { .type = YG_ROBUST_HC0 };
	must(yg_robust_covariance(&m.d, score, s->weight, f.inverse, f.rank, f.n, &request, NULL, v, &err));
	for (int j = 0; j < 2; j++) {
		model[j] = sqrt(f.covariance[3 * j]);
		hc0[j] = sqrt(v[3 * j]);
		survey[j] = sqrt(v[3 * j] * n / (n - 1));
	}
	model_check(&o, &m, "coef", f.b, 1, 1e-7);
	model_check(&o, &m, "se_model", model, 1, 1e-7);
	model_check(&o, &m, "se_hc0", hc0, 1, 1e-7);
	model_check(&o, &m, "se_svyglm", survey, 1, 1e-7);
	yg_linear_release(&f);
	yg_free(score);
	model_free(&m);
}

static void lalonde_variants(struct study *s)
{
	const double *y = oracle_number(s->csv, "re78");
	struct yg_weight_options options = options_of(YG_ESTIMAND_ATE);
	struct yg_weight_summary sum;
	struct yg_ipw effect;
	double total = 0, square = 0, largest = 0;

	oracle_case(&o, "iptw.stab.lalonde");
	options.stabilized = true;
	must(yg_weights_make(s->arm, s->score, s->n, &options, s->weight, &sum, &err));
	for (size_t i = 0; i < s->n; i++) {
		total += s->weight[i];
		square += s->weight[i] * s->weight[i];
		largest = fmax(largest, s->weight[i]);
	}
	oracle_check(&o, "mean", "", total / (double)s->n, 1e-7);
	oracle_check(&o, "max", "", largest, 1e-7);
	oracle_check(&o, "ess", "", total * total / square, 1e-7);
	must(yg_ipw_difference(y, s->arm, s->weight, s->n, NULL, NULL, 0, &effect, &err));
	check_effect(&effect);

	for (int k = 0; k < 2; k++) {
		oracle_case(&o, k ? "iptw.truncps.0.1" : "iptw.truncps.0.05");
		options = options_of(YG_ESTIMAND_ATE);
		options.score_limit[0] = k ? 0.1 : 0.05;
		options.score_limit[1] = k ? 0.9 : 0.95;
		must(yg_weights_make(s->arm, s->score, s->n, &options, s->weight, &sum, &err));
		oracle_check(&o, "max", "", fmax(sum.largest[0], sum.largest[1]), 1e-7);
		must(yg_ipw_difference(y, s->arm, s->weight, s->n, NULL, NULL, 0, &effect, &err));
		check_effect(&effect);

		oracle_case(&o, k ? "iptw.trim.0.1" : "iptw.trim.0.05");
		size_t n = 0;
		double kept_score[614], kept_y[614];
		int8_t kept_arm[614];
		for (size_t i = 0; i < s->n; i++)
			if (s->score[i] >= options.score_limit[0] && s->score[i] <= options.score_limit[1]) {
				kept_score[n] = s->score[i];
				kept_y[n] = y[i];
				kept_arm[n++] = s->arm[i];
			}
		options = options_of(YG_ESTIMAND_ATE);
		must(yg_weights_make(kept_arm, kept_score, n, &options, s->weight, &sum, &err));
		oracle_check(&o, "n", "t1", (double)sum.n[1], 0);
		oracle_check(&o, "n", "t0", (double)sum.n[0], 0);
		must(yg_ipw_difference(kept_y, kept_arm, s->weight, n, NULL, NULL, 0, &effect, &err));
		check_effect(&effect);
	}
	oracle_case(&o, "iptw.truncw.99");
	options = options_of(YG_ESTIMAND_ATE);
	options.quantile[0] = 0.01;
	options.quantile[1] = 0.99;
	must(yg_weights_make(s->arm, s->score, s->n, &options, s->weight, &sum, &err));
	oracle_check(&o, "limits", "p1", sum.limit[0], 1e-7);
	oracle_check(&o, "limits", "p99", sum.limit[1], 1e-7);
	must(yg_ipw_difference(y, s->arm, s->weight, s->n, NULL, NULL, 0, &effect, &err));
	check_effect(&effect);
}

static void estimated_score(const char *id, struct study *s, const char *outcome)
{
	struct yg_weight_options options = options_of(YG_ESTIMAND_ATE);
	struct yg_weight_summary sum;
	struct yg_ipw effect;
	oracle_case(&o, id);
	must(yg_weights_make(s->arm, s->score, s->n, &options, s->weight, &sum, &err));
	must(yg_ipw_difference(oracle_number(s->csv, outcome), s->arm, s->weight, s->n, s->score, s->m.x, s->m.d.p, &effect, &err));
	oracle_check(&o, "value", "diff", effect.difference, 1e-7);
	oracle_check(&o, "value", "se_estimated_ps", effect.se_estimated, 1e-7);
}

static void overlap(const struct study *s)
{
	struct yg_overlap v;
	oracle_case(&o, "overlap.lalonde");
	must(yg_propensity_overlap(s->arm, s->score, s->n, NULL, &v, &err));
	oracle_check(&o, "value", "c_stat", v.c_statistic, 1e-9);
	oracle_check(&o, "value", "min1", v.smallest[1], 1e-8);
	oracle_check(&o, "value", "max1", v.largest[1], 1e-8);
	oracle_check(&o, "value", "min0", v.smallest[0], 1e-8);
	oracle_check(&o, "value", "max0", v.largest[0], 1e-8);
	oracle_check(&o, "value", "outside1", (double)v.outside[1], 0);
	oracle_check(&o, "value", "outside0", (double)v.outside[0], 0);
}

/* Difference in differences is a linear model with an interaction. */
static void difference_in_differences(const struct study *s, const char *id, bool adjusted)
{
	static const char *const more[] = { "age", "educ", "married", "nodegree" };
	oracle_case(&o, id);
	size_t n = 2 * s->n, p = adjusted ? 10 : 4;
	double *x = yg_xcalloc(n * p, sizeof(double)), *y = yg_xalloc(n, sizeof(double)), *score = yg_xalloc(n, sizeof(double));
	int32_t *person = yg_xalloc(n, sizeof *person);
	struct model m = { .name = { "(Intercept)", "treat", "post", "treat:post", "age", "educ", "married", "nodegree",
		                     "racehispan", "racewhite" } };
	for (size_t i = 0; i < n; i++) {
		size_t r = i % s->n;
		double *row = x + i * p, t = s->arm[r], post = i >= s->n;
		y[i] = oracle_number(s->csv, post > 0 ? "re78" : "re75")[r];
		person[i] = (int32_t)r;
		row[0] = 1;
		row[1] = t;
		row[2] = post;
		row[3] = t * post;
		for (int k = 0; k < 4 && adjusted; k++)
			row[4 + k] = oracle_number(s->csv, more[k])[r];
		if (adjusted) {
			row[8] = !strcmp(oracle_column(s->csv, "race")->text[r], "hispan");
			row[9] = !strcmp(oracle_column(s->csv, "race")->text[r], "white");
		}
	}
	m.d = (struct yg_regression){ .n = n, .p = p, .x = x, .y = y, .intercept = 0 };
	struct yg_linear f;
	double v[100], se[10];
	must(yg_linear_fit(&m.d, NULL, &f, &err));
	must(yg_linear_residuals(&m.d, &f, NULL, score, &err));
	model_check(&o, &m, "coef", f.b, 1, 1e-9);
	for (size_t j = 0; j < p; j++)
		se[j] = sqrt(f.covariance[j * p + j]);
	model_check(&o, &m, "se", se, 1, 1e-9);
	struct yg_robust_request request = { .type = YG_ROBUST_HC1, .adjust = true };
	must(yg_robust_covariance(&m.d, score, NULL, f.inverse, f.rank, n, &request, NULL, v, &err));
	for (size_t j = 0; j < p; j++)
		se[j] = sqrt(v[j * p + j]);
	model_check(&o, &m, "se_hc1", se, 1, 1e-9);
	request.cluster = person;
	request.clusters = s->n;
	must(yg_robust_covariance(&m.d, score, NULL, f.inverse, f.rank, n, &request, NULL, v, &err));
	for (size_t j = 0; j < p; j++)
		se[j] = sqrt(v[j * p + j]);
	model_check(&o, &m, "se_cluster", se, 1, 1e-9);
	if (!adjusted) {
		oracle_case(&o, "did.means");
		oracle_check(&o, "mean", "0|0", f.b[0], 1e-9);
		oracle_check(&o, "mean", "1|0", f.b[0] + f.b[1], 1e-9);
		oracle_check(&o, "mean", "0|1", f.b[0] + f.b[2], 1e-9);
		oracle_check(&o, "mean", "1|1", f.b[0] + f.b[1] + f.b[2] + f.b[3], 1e-9);
		oracle_check(&o, "did", "", f.b[3], 1e-9);
	}
	yg_linear_release(&f);
	yg_free(x);
	yg_free(y);
	yg_free(score);
	yg_free(person);
}

/* ---- weighted Cox models ---- */

static void check_cox_test(const char *statistic, const struct yg_cox_test *t, double tolerance)
{
	oracle_check(&o, statistic, "chisq", t->chisq, tolerance);
	oracle_check(&o, statistic, "df", t->df, 0);
	oracle_check_relative(&o, statistic, "p", t->p, 1e-6);
}

static void weighted_cox(struct study *s, int e, enum yg_cox_ties ties)
{
	char id[64];
	struct yg_weight_options options = options_of(e);
	struct yg_weight_summary sum;
	struct yg_cox f;
	struct yg_concordance c;
	snprintf(id, sizeof id, "iptw.cox.rotterdam.%s", estimands[e]);
	oracle_case(&o, ties == YG_COX_BRESLOW ? "iptw.cox.breslow" : id);
	must(yg_weights_make(s->arm, s->score, s->n, &options, s->weight, &sum, &err));
	uint8_t *event = yg_xalloc(s->n, 1);
	double *eta = yg_xalloc(s->n, sizeof(double));
	for (size_t i = 0; i < s->n; i++)
		event[i] = oracle_number(s->csv, "death")[i] == 1;
	struct yg_cox_data d = { .spans = { .n = s->n, .exit = oracle_number(s->csv, "dtime"), .event = event, .weight = s->weight },
		                 .x = s->m.y, .p = 1 };
	struct yg_cox_options cox = { .ties = ties, .robust = true, .max_iterations = -1 };
	must(yg_cox_fit(&d, &cox, NULL, &f, &err));
	double b = f.beta[0], se = f.se[0], q = yg_normal_quantile(0.975);
	oracle_check(&o, "coef", "chemo", b, 1e-7);
	oracle_check(&o, "hr", "chemo", exp(b), 1e-7);
	oracle_check(&o, "se", "chemo", sqrt(f.naive[0]), 1e-7);
	oracle_check(&o, "robust_se", "chemo", se, 1e-7);
	oracle_check(&o, "z", "chemo", b / se, 1e-6);
	oracle_check(&o, "p", "chemo", yg_normal_two_sided(b / se), 1e-7);
	oracle_check(&o, "hr_lower", "chemo", exp(b - q * se), 1e-7);
	oracle_check(&o, "hr_upper", "chemo", exp(b + q * se), 1e-7);
	oracle_check(&o, "vcov", "chemo|chemo", f.var[0], 1e-7);
	oracle_check(&o, "n", "", (double)f.n, 0);
	oracle_check(&o, "nevent", "", (double)f.events, 0);
	oracle_check(&o, "loglik_null", "", f.loglik_null, 1e-9);
	oracle_check(&o, "loglik", "", f.loglik, 1e-9);
	oracle_check(&o, "aic", "", 2 - 2 * f.loglik, 1e-9);
	oracle_check(&o, "bic", "", log((double)f.events) - 2 * f.loglik, 1e-9);
	check_cox_test("lrt", &f.lrt, 1e-7);
	check_cox_test("score", &f.score, 1e-7);
	check_cox_test("robust_score", &f.robust_score, 1e-7);
	struct yg_cox_test rounded = f.wald;             /* R's summary rounds the Wald statistic to two decimals */
	rounded.chisq = floor(100 * rounded.chisq + 0.5) / 100;
	check_cox_test("wald", &rounded, 1e-12);
	for (size_t i = 0; i < s->n; i++)
		eta[i] = b * s->m.y[i];
	struct yg_concordance_options how = { YG_CONCORDANCE_N, true, NAN };
	must(yg_concordance_fit(&d.spans, eta, &how, NULL, &c, NULL, &err));
	oracle_check(&o, "concordance", "", c.c, 1e-6);
	oracle_check(&o, "concordance_se", "", c.se, 1e-6);
	yg_cox_release(&f);
	yg_free(event);
	yg_free(eta);
}

/* The weighted curves of the two arms; events and censorings are those since the time before. */
static void weighted_curves(struct study *s)
{
	static const double years[] = { 1, 2, 5, 8, 10 };
	struct yg_weight_options options = options_of(YG_ESTIMAND_ATE);
	struct yg_weight_summary sum;
	struct yg_km km;
	oracle_case(&o, "iptw.km.rotterdam");
	must(yg_weights_make(s->arm, s->score, s->n, &options, s->weight, &sum, &err));
	uint8_t *event = yg_xalloc(s->n, 1);
	int32_t *group = yg_xalloc(s->n, sizeof *group);
	for (size_t i = 0; i < s->n; i++) {
		event[i] = oracle_number(s->csv, "death")[i] == 1;
		group[i] = s->arm[i];
	}
	struct yg_spans spans = { .n = s->n, .exit = oracle_number(s->csv, "dtime"), .event = event, .group = group, .groups = 2,
		                  .weight = s->weight };
	struct yg_km_options how = { .ci = YG_KM_LOG, .conf = 0.95, .robust = true };
	must(yg_km_fit(&spans, &how, NULL, &km, &err));
	for (int g = 0; g < 2; g++) {
		const struct yg_km_curve *c = &km.curve[g];
		struct yg_km_point at, before = { 0 };
		char name[16], term[64];
		snprintf(name, sizeof name, "chemo=%d", g);
		oracle_check(&o, "records", name, (double)c->records, 0);
		oracle_check(&o, "n.start", name, c->start_weight, 1e-7);
		oracle_check(&o, "events", name, c->event_weight, 1e-7);
		for (int k = 1; k <= 3; k++) {
			double q, low, high;
			yg_km_quantile(c, k / 4.0, YG_KM_MIDPOINT, &q, &low, &high);
			snprintf(term, sizeof term, "%s@p=%g", name, k / 4.0);
			oracle_check(&o, "quantile", term, q, 1e-9);
			oracle_check(&o, "quantile_lower", term, low, 1e-9);
			oracle_check(&o, "quantile_upper", term, high, 1e-9);
		}
		for (size_t k = 0; k < sizeof years / sizeof *years; k++) {
			snprintf(term, sizeof term, "%s@t=%.2f", name, 365.25 * years[k]);
			yg_km_at(c, 365.25 * years[k], &at);
			oracle_check(&o, "n.risk", term, at.risk, 1e-7);
			oracle_check(&o, "n.event", term, at.event - before.event, 1e-7);
			oracle_check(&o, "n.censor", term, at.censor - before.censor, 1e-7);
			oracle_check(&o, "surv", term, at.surv, 1e-8);
			oracle_check(&o, "se", term, at.se, 1e-8);
			oracle_check(&o, "lower", term, at.lower, 1e-8);
			oracle_check(&o, "upper", term, at.upper, 1e-8);
			oracle_check(&o, "cumhaz", term, at.cumhaz, 1e-8);
			oracle_check(&o, "se_cumhaz", term, at.se_cumhaz, 1e-8);
			before = at;
		}
	}
	yg_km_release(&km);
	yg_free(event);
	yg_free(group);
}

static void leave_out(void)
{
	static const struct { const char *prefix, *why; } list[] = {
		{ "aipw.", "no augmented estimator yet" }, { "gcomp.", "no g-computation yet" },
		{ "match.", "no matching yet" }, { "strat.", "no stratification on the score yet" },
		{ "iv.", "no instrumental variables" }, { "evalue.", "no E-values yet" },
	};
	for (size_t k = 0; k < sizeof list / sizeof *list; k++)
		for (size_t i = 0; i < o.cases; i++)
			if (!strncmp(o.list[i].id, list[k].prefix, strlen(list[k].prefix)))
				oracle_not_covered(&o, o.list[i].id, list[k].why);
}

int main(void)
{
	struct study lalonde, birthwt, rotterdam;
	oracle_open(&o, "causal");
	o.now = "propensity models";
	study_open(&lalonde, "lalonde", "treat ~ age + educ + race + married + nodegree + re74 + re75");
	study_open(&birthwt, "birthwt", "smoke ~ age + lwt + factor(race) + ht + ui");
	study_open(&rotterdam, "rotterdam", "chemo ~ age + meno + size + grade + nodes + log(pgr + 1)");
	check_model(&lalonde);
	check_scores("ps.lalonde.fitted", &lalonde);
	check_scores("ps.birthwt.fitted", &birthwt);
	for (int e = 0; e < 6; e++) {
		lalonde_weights(&lalonde, e);
		birthwt_weights(&birthwt, e);
		weighted_cox(&rotterdam, e, YG_COX_EFRON);
	}
	weighted_cox(&rotterdam, YG_ESTIMAND_ATE, YG_COX_BRESLOW);
	weighted_curves(&rotterdam);
	lalonde_variants(&lalonde);
	estimated_score("iptw.mest.lalonde", &lalonde, "re78");
	estimated_score("iptw.mest.birthwt", &birthwt, "low");
	oracle_case(&o, "smd.raw.lalonde");
	check_balance(&lalonde, NULL, "", 1e-9);
	overlap(&lalonde);
	difference_in_differences(&lalonde, "did.lalonde", false);
	difference_in_differences(&lalonde, "did.lalonde.adj", true);
	leave_out();
	int bad = oracle_finish(&o);
	study_close(&lalonde);
	study_close(&birthwt);
	study_close(&rotterdam);
	return bad;
}
