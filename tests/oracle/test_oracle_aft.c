/* Parametric survival models and Turnbull's curve against R's survival (survreg, survfit). */
#include "tests/oracle/cox_model.h"
#include "yogo/num/dist.h"
#include "yogo/stats/aft.h"
#include "yogo/stats/turnbull.h"

static struct oracle o;
static struct model m;

struct aft_case {
	const char *id;
	struct model_spec of;
	int dists;                   /* 0: the name says which; else bit mask */
};
struct frame {
	double *x, upper[MODEL_ROWS], time[MODEL_ROWS];
	char name[MODEL_COLUMNS + 1][96];
	struct yg_aft_data d;
};
static struct frame f;

/* The model's columns behind an intercept. */
static void frame_make(const struct model_spec *spec)
{
	model_make(&m, spec);
	size_t p = m.p + 1;
	f.x = yg_xalloc(m.n * p + 1, sizeof *f.x);
	snprintf(f.name[0], 96, "(Intercept)");
	for (size_t j = 0; j < m.p; j++)
		memcpy(f.name[j + 1], m.name[j], 96);
	for (size_t i = 0; i < m.n; i++) {
		f.x[i * p] = 1;
		for (size_t j = 0; j < m.p; j++)
			f.x[i * p + j + 1] = m.x[i * m.p + j];
		f.time[i] = m.exit[i];
	}
	f.d = (struct yg_aft_data){ .n = m.n, .p = p, .x = f.x, .time = f.time, .event = m.event, .offset = m.data.offset,
		                    .weight = m.data.spans.weight, .cluster = m.data.spans.cluster, .clusters = m.clusters,
		                    .stratum = m.data.spans.stratum, .strata = m.data.spans.stratum ? m.strata : 0 };
}

static void frame_free(void)
{
	yg_free(f.x);
	model_free(&m);
}

static struct yg_aft fit_of(const struct yg_aft_options *options)
{
	struct yg_aft fit;
	struct yg_err err = { .text = "" };
	if (yg_aft_fit(&f.d, options, NULL, &fit, &err) != YG_OK) {
		fprintf(stderr, "%s: %s\n", o.now, err.text);
		exit(99);
	}
	if (fit.stop != YG_AFT_CONVERGED)
		fprintf(stderr, "%s: %s after %d\n", o.now, yg_aft_stop_name(fit.stop), fit.iterations);
	return fit;
}

static void parameters(const struct yg_aft *fit)
{
	const char *se = oracle_lookup(&o, o.now, "robust_se", "(Intercept)") ? "robust_se" : "se";
	char term[64];
	for (size_t j = 0; j < fit->parameters; j++) {
		const char *name = j < fit->p ? f.name[j] : fit->strata > 1 ? m.stratum_name[j - fit->p] : "Log(scale)";
		size_t P = fit->parameters;
		double z = fit->theta[j] / fit->se[j];
		oracle_check(&o, "coef", name, fit->theta[j], 1e-7);
		oracle_check(&o, se, name, fit->se[j], 1e-7);
		if (fit->robust)
			oracle_check(&o, "naive_se", name, sqrt(fit->naive[j * P + j]), 1e-7);
		else {
			oracle_check(&o, "z", name, z, 1e-6);
			oracle_check(&o, "p", name, yg_normal_two_sided(z), 1e-6);
		}
		for (size_t k = 0; k < P; k++) {
			const char *other = k < fit->p ? f.name[k] : fit->strata > 1 ? m.stratum_name[k - fit->p] : "Log(scale)";
			char named[256];
			snprintf(named, sizeof named, "%s|%s", name, other);
			snprintf(term, sizeof term, "%zu|%zu", j + 1, k + 1);
			oracle_check(&o, "vcov", oracle_lookup(&o, o.now, "vcov", named) ? named : term, fit->var[j * P + k], 1e-7);
		}
	}
	if (fit->strata > 1)
		for (size_t g = 0; g < fit->strata; g++)
			oracle_check(&o, "scale", m.stratum_name[g], fit->scale[g], 1e-7);
	else if (oracle_lookup(&o, o.now, "scale", ""))
		oracle_check(&o, "scale", "", fit->scale[0], 1e-7);
}

static void whole_model(const struct yg_aft *fit)
{
	if (fit->robust) {
		oracle_check(&o, "loglik", "1", fit->loglik_null, 1e-9);
		oracle_check(&o, "loglik", "2", fit->loglik, 1e-9);
		return;
	}
	oracle_check(&o, "loglik", "", fit->loglik, 1e-9);
	oracle_check(&o, "loglik_null", "", fit->loglik_null, 1e-9);
	oracle_check(&o, "n", "", (double)fit->n, 0);
	oracle_check(&o, "chisq", "", fit->lrt, 1e-7);
	oracle_check(&o, "df_model", "", fit->lrt_df, 0);
	oracle_check(&o, "aic", "", fit->aic, 1e-9);
	oracle_check(&o, "bic", "", -2 * fit->loglik + yg_log((double)fit->n) * (double)fit->k, 1e-9);
}

static void run(const char *id, const struct model_spec *spec, struct yg_aft_options options)
{
	frame_make(spec);
	oracle_case(&o, id);
	struct yg_aft fit = fit_of(&options);
	parameters(&fit);
	whole_model(&fit);
	yg_aft_release(&fit);
	frame_free();
}

static const enum yg_aft_dist all[] = { YG_AFT_EXPONENTIAL, YG_AFT_WEIBULL, YG_AFT_LOGNORMAL, YG_AFT_LOGLOGISTIC, YG_AFT_GAUSSIAN,
	                                YG_AFT_LOGISTIC, YG_AFT_RAYLEIGH };

static const struct aft_case cases[] = {
	{ "aft.lung", { .data = "lung", .time = "time", .event = "status", .event_is = 2, .terms = "age + sex + ph.ecog" }, 7 },
	{ "aft.veteran", { .data = "veteran", .time = "time", .event = "status", .event_is = 1, .terms = "trt + karno + celltype" }, 7 },
	{ "aft.ovarian", { .data = "ovarian", .time = "futime", .event = "fustat", .event_is = 1, .terms = "ecog.ps + rx" }, 7 },
	{ "aft.gehan", { .data = "gehan", .time = "time", .event = "cens", .event_is = 1, .terms = "treat" }, 7 },
	{ "aft.aml.null", { .data = "aml", .time = "time", .event = "status", .event_is = 1, .terms = "" }, 7 },
	{ "aft.larynx", { .data = "km_larynx", .time = "time", .event = "delta", .event_is = 1, .terms = "factor(stage) + age" }, 7 },
	{ "aft.colon", { .data = "colon", .time = "time", .event = "status", .event_is = 1, .terms = "rx + sex + age + nodes", .keep = "etype",
	                 .keep_value = 2 }, 4 },
	{ "aft.gbsg", { .data = "gbsg", .time = "rfstime", .event = "status", .event_is = 1, .terms = "age + size + nodes + hormon" }, 4 },
	{ "aft.lung.weights", { .data = "lung", .time = "time", .event = "status", .event_is = 2, .terms = "age + sex", .weight = 1 }, 4 },
	{ "aft.lung.robust", { .data = "lung", .time = "time", .event = "status", .event_is = 2, .terms = "age + sex", .cluster = "inst" }, 4 },
};

static void special(void)
{
	const struct model_spec strata = { .data = "lung", .time = "time", .event = "status", .event_is = 2, .terms = "age + ph.ecog + sex",
		                           .strata = "sex" };
	const struct model_spec two = { .data = "lung", .time = "time", .event = "status", .event_is = 2, .terms = "age + sex" };
	const struct model_spec offset = { .data = "lung", .time = "time", .event = "status", .event_is = 2, .terms = "sex", .offset_age = -0.01 };
	const struct model_spec kidney = { .data = "kidney", .time = "time", .event = "status", .event_is = 1, .terms = "age + sex + disease" };
	run("aft.lung.strata", &strata, (struct yg_aft_options){ .dist = YG_AFT_WEIBULL });
	run("aft.lung.fixed.scale", &two, (struct yg_aft_options){ .dist = YG_AFT_WEIBULL, .scale = 0.75 });
	run("aft.lung.offset", &offset, (struct yg_aft_options){ .dist = YG_AFT_WEIBULL });
	run("aft.kidney.weib.frail", &kidney, (struct yg_aft_options){ .dist = YG_AFT_WEIBULL });
	/* t of log(time) */
	frame_make(&two);
	oracle_case(&o, "aft.lung.t");
	for (size_t i = 0; i < m.n; i++)
		f.time[i] = yg_log(f.time[i]);
	struct yg_aft fit = fit_of(&(struct yg_aft_options){ .dist = YG_AFT_T, .df = 4 });
	parameters(&fit);
	whole_model(&fit);
	yg_aft_release(&fit);
	frame_free();
}

/* Durable goods bought, left-censored at 0. */
static void tobit(void)
{
	const struct model_spec spec = { .data = "tobin", .time = "durable", .event = "durable", .event_is = 0, .terms = "age + quant" };
	frame_make(&spec);
	oracle_case(&o, "tobit.tobin");
	for (size_t i = 0; i < m.n; i++) {
		f.upper[i] = f.time[i];
		f.time[i] = f.upper[i] > 0 ? f.upper[i] : -INFINITY;
	}
	f.d.upper = f.upper;
	struct yg_aft fit = fit_of(&(struct yg_aft_options){ .dist = YG_AFT_GAUSSIAN });
	parameters(&fit);
	whole_model(&fit);
	yg_aft_release(&fit);
	frame_free();
}

/* Deaths known only to lie between visits every 60 days. */
static void visits(void)
{
	for (size_t i = 0; i < m.n; i++) {
		double from = floor(f.time[i] / 60) * 60;
		f.upper[i] = m.event[i] ? from + 60 : INFINITY;
		f.time[i] = m.event[i] ? from : f.time[i];
	}
	f.d.upper = f.upper;
}

static void intervals(void)
{
	const struct model_spec two = { .data = "lung", .time = "time", .event = "status", .event_is = 2, .terms = "age + sex" };
	char id[64];
	for (int k = 0; k < 4; k++) {
		snprintf(id, sizeof id, "aft.lung.interval.%s", yg_aft_dist_name(all[k]));
		frame_make(&two);
		oracle_case(&o, id);
		visits();
		struct yg_aft fit = fit_of(&(struct yg_aft_options){ .dist = all[k] });
		parameters(&fit);
		whole_model(&fit);
		yg_aft_release(&fit);
		frame_free();
	}
}

static void turnbull(void)
{
	const struct model_spec two = { .data = "lung", .time = "time", .event = "status", .event_is = 2, .terms = "age + sex" };
	static double lower[MODEL_ROWS], upper[MODEL_ROWS];
	static const double at[] = { 60, 120, 240, 360, 480, 600 };
	oracle_case(&o, "turnbull.lung");
	frame_make(&two);
	visits();
	for (int sex = 1; sex <= 2; sex++) {
		struct yg_turnbull fit;
		char term[64];
		size_t n = 0;
		for (size_t i = 0; i < m.n; i++)
			if (m.x[i * m.p + 1] == sex) {
				lower[n] = f.time[i];
				upper[n++] = f.upper[i];
			}
		if (yg_turnbull_fit(lower, upper, NULL, n, NULL, &fit, NULL) != YG_OK || !fit.converged)
			exit(99);
		snprintf(term, sizeof term, "sex=%d", sex);
		oracle_check(&o, "records", term, (double)n, 0);
		for (size_t k = 0; k < sizeof at / sizeof at[0]; k++) {
			double low, high;
			yg_turnbull_at(&fit, at[k], &low, &high);
			snprintf(term, sizeof term, "sex=%d@t=%g", sex, at[k]);
			if (low == high)
				oracle_check(&o, "surv", term, low, 1e-4);
			else {
				struct oracle_value *v = oracle_lookup(&o, o.now, "surv", term);
				v->seen = true;
				if (v->value < low - 1e-4 || v->value > high + 1e-4)
					oracle_compare(&o, v, low, 1e-4);
			}
		}
		for (double p = 0.25; p < 1; p += 0.25) {
			double from, to;
			yg_turnbull_quantile(&fit, p, &from, &to);
			snprintf(term, sizeof term, "sex=%d@p=%g", sex, p);
			struct oracle_value *v = oracle_lookup(&o, o.now, "quantile", term);
			/* R puts each mass in the middle of its interval. */
			oracle_compare(&o, v, isfinite(to) ? (from + to) / 2 : from, 1e-9);
		}
		yg_turnbull_release(&fit);
	}
	frame_free();
	/* Counts of R's pseudo-data, and Greenwood's formula on them, which is no variance of this estimate. */
	static const char *const no[] = { "n.start", "n.risk", "n.event", "n.censor", "events", "se", "lower", "upper", "cumhaz", "se_cumhaz",
		                          "quantile_lower", "quantile_upper", "rmean", "rmean_se" };
	for (size_t k = 0; k < sizeof no / sizeof no[0]; k++)
		oracle_ignore(&o, no[k]);
}

static void ratio_test(void)
{
	const struct model_spec a = { .data = "veteran", .time = "time", .event = "status", .event_is = 1, .terms = "trt + karno" };
	const struct model_spec b = { .data = "veteran", .time = "time", .event = "status", .event_is = 1, .terms = "trt + karno + celltype" };
	double l[2];
	size_t k[2];
	for (int i = 0; i < 2; i++) {
		frame_make(i ? &b : &a);
		oracle_case(&o, "aft.lr.veteran");
		struct yg_aft fit = fit_of(&(struct yg_aft_options){ .dist = YG_AFT_WEIBULL });
		l[i] = fit.loglik;
		k[i] = fit.k;
		yg_aft_release(&fit);
		frame_free();
	}
	oracle_check(&o, "m2loglik", "1", -2 * l[0], 1e-9);
	oracle_check(&o, "m2loglik", "2", -2 * l[1], 1e-9);
	oracle_check(&o, "deviance", "", 2 * (l[1] - l[0]), 1e-8);
	oracle_check(&o, "df", "", (double)(k[1] - k[0]), 0);
	oracle_check(&o, "p", "", yg_chisq_upper(2 * (l[1] - l[0]), (double)(k[1] - k[0])), 1e-7);
}

static void predictions(enum yg_aft_dist dist)
{
	const struct model_spec spec = { .data = "veteran", .time = "time", .event = "status", .event_is = 1, .terms = "trt + karno + celltype" };
	static const double share[] = { 0.1, 0.5, 0.9 }, at[] = { 30, 90, 180, 365 };
	char id[64], term[64];
	struct yg_aft_value v;
	frame_make(&spec);
	snprintf(id, sizeof id, "aft.pred.veteran.%s", yg_aft_dist_name(dist));
	oracle_case(&o, id);
	struct yg_aft fit = fit_of(&(struct yg_aft_options){ .dist = dist });
	for (size_t i = 0; i < 8; i++) {
		const double *x = f.x + i * f.d.p;
		snprintf(term, sizeof term, "%zu", i + 1);
		yg_aft_linear(&fit, x, 0, &v);
		oracle_check(&o, "lp", term, v.value, 1e-7);
		oracle_check(&o, "lp_se", term, v.se, 1e-7);
		oracle_check(&o, "response", term, yg_exp(v.value), 1e-7);
		for (int k = 0; k < 3; k++) {
			snprintf(term, sizeof term, "%zu|%d", i + 1, k + 1);
			yg_aft_quantile(&fit, x, 0, 0, share[k], &v);
			oracle_check(&o, "quantile", term, v.value, 1e-7);
			oracle_check(&o, "quantile_se", term, v.se, 1e-7);
		}
	}
	snprintf(id, sizeof id, "aft.surv.veteran.%s", yg_aft_dist_name(dist));
	oracle_case(&o, id);
	double x[MODEL_COLUMNS] = { 1, 1, 60 };
	for (size_t j = 3; j < f.d.p; j++)
		x[j] = !strcmp(f.name[j], "celltypeadeno");
	for (int k = 0; k < 4; k++) {
		snprintf(term, sizeof term, "%g", at[k]);
		yg_aft_survival(&fit, x, 0, 0, at[k], &v);
		oracle_check(&o, "value", term, v.value, 1e-7);
	}
	yg_aft_release(&fit);
	frame_free();
}

static void residuals(enum yg_aft_dist dist)
{
	const struct model_spec spec = { .data = "ovarian", .time = "futime", .event = "fustat", .event_is = 1, .terms = "ecog.ps + rx" };
	static const char *const kind[] = { "response", "deviance", "working" };
	char id[64], term[64];
	frame_make(&spec);
	double *out = yg_xalloc(f.d.n * 8, sizeof *out);
	o.now = "residuals";
	struct yg_aft fit = fit_of(&(struct yg_aft_options){ .dist = dist });
	for (int k = 0; k < 3; k++) {
		snprintf(id, sizeof id, "aft.res.ovarian.%s.%s", kind[k], yg_aft_dist_name(dist));
		oracle_case(&o, id);
		if (yg_aft_residuals(&f.d, &fit, (enum yg_aft_residual)k, NULL, out, NULL) != YG_OK)
			exit(99);
		for (size_t i = 0; i < f.d.n; i++) {
			snprintf(term, sizeof term, "%zu", i + 1);
			oracle_check(&o, kind[k], term, out[i], 1e-6);
		}
	}
	snprintf(id, sizeof id, "aft.res.ovarian.dfbeta.%s", yg_aft_dist_name(dist));
	oracle_case(&o, id);
	if (yg_aft_dfbeta(&f.d, &fit, NULL, out, NULL) != YG_OK)
		exit(99);
	for (size_t i = 0; i < f.d.n; i++)
		for (size_t j = 0; j < fit.parameters; j++) {
			snprintf(term, sizeof term, "%zu|%zu", i + 1, j + 1);
			oracle_check(&o, "dfbeta", term, out[i * fit.parameters + j], 1e-6);
		}
	yg_free(out);
	yg_aft_release(&fit);
	frame_free();
}

int main(void)
{
	char id[96];
	oracle_open(&o, "aft");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		for (int k = 0; k < cases[i].dists; k++) {
			snprintf(id, sizeof id, "%s.%s", cases[i].id, yg_aft_dist_name(all[k]));
			run(id, &cases[i].of, (struct yg_aft_options){ .dist = all[k] });
		}
	special();
	tobit();
	intervals();
	turnbull();
	ratio_test();
	for (int k = 0; k < 4; k++) {
		predictions(all[k]);
		residuals(all[k]);
	}
	return oracle_finish(&o);
}
