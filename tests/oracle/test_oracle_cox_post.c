/* Every case of data/cox_post.tsv that the kernels cover: baseline hazard, curves, residuals, tests, concordance. */
#include "tests/unit/test.h"

#include "tests/oracle/cox_model.h"
#include "yogo/num/dist.h"
#include "yogo/num/matrix.h"
#include "yogo/stats/concordance.h"
#include "yogo/stats/cox_check.h"
#include "yogo/stats/prediction.h"

static struct oracle o;
static struct model m;
static struct yg_cox fit;

static const struct model_spec lung = { "lung", 0, "time", "status", 2, "age + sex", .strata = NULL };
static const struct model_spec ovarian = { "ovarian", 0, "futime", "fustat", 1, "age + rx", .strata = NULL };
static const struct model_spec veteran = { "veteran", 0, "time", "status", 1, "trt + karno + celltype", .strata = NULL };
static const struct model_spec heart = { "heart", "start", "stop", "event", 1, "age + surgery + transplant",
                                        .strata = NULL };
static const struct model_spec stratified = { "lung", 0, "time", "status", 2, "age + ph.karno", .strata = "sex" };
static const struct model_spec mayo = { "pbc", 0, "time", "status", 2,
	"age + edema + log(bili) + log(protime) + log(albumin)", .strata = NULL };

static void open_model(const struct model_spec *s, enum yg_cox_ties ties)
{
	model_make(&m, s);
	fit = model_fit(&m, ties, false);
}

static void close_model(void)
{
	yg_cox_release(&fit);
	model_free(&m);
}

/* "sex=1@t=365", "curve2@t=5", "@t=5": stratum or curve number and time. */
static double term_time(const char *term, int *which)
{
	const char *at = strchr(term, '@');
	*which = 0;
	for (size_t s = 0; s < m.strata; s++)
		if (m.strata > 1 && strlen(m.stratum_name[s]) == (size_t)(at - term) &&
		    !strncmp(m.stratum_name[s], term, (size_t)(at - term)))
			*which = (int)s;
	if (!strncmp(term, "curve", 5))
		*which = term[5] - '1';
	return oracle_number_of(at + 3);
}

static struct yg_cox_curve curve(const double *x0, int32_t stratum, enum yg_km_ci ci, bool product)
{
	struct yg_cox_curve c;
	const struct yg_cox_curve_request r = { x0, 0, stratum, ci, 0.95, product };
	assert_int_equal(yg_cox_curve_fit(&m.data, &fit, &r, NULL, &c, NULL), YG_OK);
	return c;
}

/* The point of a curve at time t, -1 before the first. */
static ptrdiff_t point_at(const struct yg_cox_curve *c, double t)
{
	ptrdiff_t i = -1;
	while ((size_t)(i + 1) < c->m && c->time[i + 1] <= t * (1 + 1e-12))
		i++;
	return i;
}

static void baseline(const char *id, const struct model_spec *s, enum yg_cox_ties ties, bool centred)
{
	double x0[8] = { 0 };
	struct yg_cox_curve c[2];
	open_model(s, ties);
	/* "centred": columns of 0 and 1 only are left at 0 */
	for (size_t a = 0; a < m.p && centred; a++)
		x0[a] = fit.mean[a];
	oracle_case(&o, id);
	for (size_t k = 0; k < m.strata; k++)
		c[k] = curve(x0, (int32_t)k, YG_KM_LOG, false);
	for (size_t i = o.first; i < o.last; i++) {
		int k;
		double t = term_time(o.value[i].term, &k);
		ptrdiff_t at = point_at(&c[k], t);
		oracle_compare(&o, &o.value[i], at < 0 ? 0 : c[k].cumhaz[at], 1e-6);
	}
	for (size_t k = 0; k < m.strata; k++)
		yg_cox_curve_release(&c[k]);
	close_model();
}

static double quantile_of(const struct yg_cox_curve *c, const double *y, double p)
{
	struct yg_km_curve k = { .m = c->m, .time = c->time, .surv = (double *)(uintptr_t)y, .lower = c->lower,
	                        .upper = c->upper };
	double q, unused;
	yg_km_quantile(&k, p, YG_KM_MIDPOINT, &q, &unused, &unused);
	return q;
}

static void compare_curve(struct oracle_value *v, const struct yg_cox_curve *all)
{
	int k;
	const char *s = v->statistic;
	if (!strchr(v->term, '@')) {
		v->seen = true; /* records, n.start, events: of the data, not of the curve */
		return;
	}
	double t = term_time(v->term, &k);
	const struct yg_cox_curve *c = &all[k];
	ptrdiff_t i = point_at(c, t);
	if (!strncmp(s, "quantile", 8)) {
		double p = oracle_number_of(strstr(v->term, "@p=") + 3);
		oracle_compare(&o, v, quantile_of(c, !strcmp(s, "quantile") ? c->surv : !strcmp(s, "quantile_lower") ?
		                                  c->lower : c->upper,
		                                  p), 1e-6);
		return;
	}
	if (!strncmp(s, "n.", 2)) { /* counts of the stratum at times: covered with the Kaplan-Meier cases */
		v->seen = true;
		return;
	}
	double value = !strcmp(s, "surv") ? (i < 0 ? 1 : c->surv[i]) : !strcmp(s, "se") ? (i < 0 ? 0 : c->se[i]) :
		!strcmp(s, "lower") ? (i < 0 ? 1 : c->lower[i]) : !strcmp(s, "upper") ? (i < 0 ? 1 : c->upper[i]) :
		!strcmp(s, "cumhaz") ? (i < 0 ? 0 : c->cumhaz[i]) : (i < 0 ? 0 : c->se_cumhaz[i]);
	oracle_compare(&o, v, value, 1e-6);
}

static void curves(const char *id, const struct model_spec *s, enum yg_cox_ties ties, const double *x0, int persons,
                   enum yg_km_ci ci, bool product)
{
	struct yg_cox_curve c[2];
	open_model(s, ties);
	int n = m.strata > 1 ? (int)m.strata : persons;
	oracle_case(&o, id);
	for (int k = 0; k < n; k++)
		c[k] = curve(x0 + (m.strata > 1 ? 0 : (size_t)k * m.p), m.strata > 1 ? k : 0, ci, product);
	for (size_t i = o.first; i < o.last; i++)
		if (product && strcmp(o.value[i].statistic, "surv") && strcmp(o.value[i].statistic, "quantile"))
			o.value[i].seen = true; /* R's hazard there is Breslow's, and its variance adds counts to risk scores */
		else
			compare_curve(&o.value[i], c);
	for (int k = 0; k < n; k++)
		yg_cox_curve_release(&c[k]);
	close_model();
}

static void residual_case(const char *id, const char *kind)
{
	static const char *const rowwise[] = { "martingale", "deviance", "score", "dfbeta", "dfbetas" };
	double *value = NULL;
	struct yg_cox_schoenfeld r = { 0 };
	size_t width = m.p;
	oracle_case(&o, id);
	for (int k = 0; k < 5; k++)
		if (!strcmp(kind, rowwise[k])) {
			width = k < 2 ? 1 : m.p;
			value = yg_xalloc(m.n * width, sizeof *value);
			assert_int_equal(yg_cox_residuals(&m.data, &fit, (enum yg_cox_residual)k, NULL, value, NULL),
			                 YG_OK);
		}
	if (!value)
		assert_int_equal(yg_cox_schoenfeld(&m.data, &fit, !strcmp(kind, "scaledsch"), NULL, &r, NULL), YG_OK);
	for (size_t i = o.first; i < o.last; i++) {
		struct oracle_value *v = &o.value[i];
		size_t row = (size_t)strtoul(v->term, NULL, 10) - 1, column = 0;
		const char *bar = strchr(v->term, '|');
		for (size_t a = 0; bar && a < m.p; a++)
			if (!strcmp(m.name[a], bar + 1))
				column = a;
		if (bar && isdigit((unsigned char)bar[1]))
			column = (size_t)strtoul(bar + 1, NULL, 10) - 1;
		oracle_compare(&o, v, value ? value[row * width + column] : r.value[row * m.p + column], 1e-6);
	}
	yg_free(value);
	yg_cox_schoenfeld_release(&r);
}

static void residuals(const char *name, const struct model_spec *s, int ties)
{
	static const char *const kinds[] = { "martingale", "deviance", "score", "schoenfeld", "scaledsch", "dfbeta",
	                                    "dfbetas" };
	char id[96];
	open_model(s, (enum yg_cox_ties)ties);
	for (int k = 0; k < 7; k++) {
		snprintf(id, sizeof id, "res.%s.%s.%s", name, kinds[k], ties ? "breslow" : "efron");
		residual_case(id, kinds[k]);
	}
	close_model();
}

static void zph_case(const char *id, enum yg_cox_transform transform, bool by_column)
{
	struct yg_cox_test test[16], global;
	int term[16];
	for (size_t a = 0; a < m.p; a++)
		term[a] = by_column ? (int)a : m.term[a];
	int terms = by_column ? (int)m.p : m.terms;
	assert_int_equal(yg_cox_zph(&m.data, &fit, transform, term, terms, NULL, test, &global, NULL), YG_OK);
	oracle_case(&o, id);
	for (int t = 0; t <= terms; t++) {
		const struct yg_cox_test *r = t == terms ? &global : &test[t];
		const char *name = t == terms ? "GLOBAL" : by_column ? m.name[t] : m.term_name[t];
		oracle_check(&o, "chisq", name, r->chisq, 1e-6);
		oracle_check(&o, "df", name, r->df, 0);
		oracle_check_relative(&o, "p", name, r->p, 1e-5);
	}
}

static void zph(const char *name, const struct model_spec *s, int ties, bool by_column)
{
	static const char *const words[] = { "km", "rank", "identity", "log" };
	char id[96];
	open_model(s, (enum yg_cox_ties)ties);
	for (int t = 0; t < 4; t++) {
		snprintf(id, sizeof id, "zph.%s.%s.%s", name, words[t], ties ? "breslow" : "efron");
		zph_case(id, (enum yg_cox_transform)t, by_column);
	}
	close_model();
}

static void linear_predictor(double *eta)
{
	for (size_t i = 0; i < m.n; i++) {
		eta[i] = 0;
		for (size_t a = 0; a < m.p; a++)
			eta[i] += m.x[i * m.p + a] * fit.beta[a];
	}
}

static void check_counts(const struct yg_concordance *r)
{
	oracle_check(&o, "concordance", "", r->c, 1e-6);
	oracle_check(&o, "se", "", r->se, 1e-6);
	oracle_check(&o, "count", "concordant", r->concordant, 1e-9);
	oracle_check(&o, "count", "discordant", r->discordant, 1e-9);
	oracle_check(&o, "count", "tied.x", r->tied_x, 1e-9);
	oracle_check(&o, "count", "tied.y", r->tied_y, 1e-9);
	oracle_check(&o, "count", "tied.xy", r->tied_xy, 1e-9);
}

static struct yg_concordance concordance(const double *x, enum yg_concordance_weight weight, bool reverse, double until,
                                         double *influence)
{
	const struct yg_concordance_options options = { weight, reverse, until };
	struct yg_concordance r;
	assert_int_equal(yg_concordance_fit(&m.data.spans, x, &options, NULL, &r, influence, NULL), YG_OK);
	return r;
}

static void concordance_of_fits(void)
{
	static double eta[MODEL_ROWS];
	static const char *const words[] = { "n", "S", "S_G", "n_G2", "I" };
	const struct model_spec three = { "lung", 0, "time", "status", 2, "age + sex + ph.ecog", .strata = NULL };
	struct yg_concordance r;
	char id[64];
	open_model(&three, YG_COX_EFRON);
	linear_predictor(eta);
	for (int w = 0; w < 5; w++) {
		snprintf(id, sizeof id, "conc.lung.%s", words[w]);
		r = concordance(eta, (enum yg_concordance_weight)w, true, NAN, NULL);
		oracle_case(&o, id);
		check_counts(&r);
		oracle_ignore(&o, "cvar"); /* another estimate of the variance */
	}
	close_model();
	open_model(&heart, YG_COX_EFRON);
	linear_predictor(eta);
	r = concordance(eta, YG_CONCORDANCE_N, true, NAN, NULL);
	oracle_case(&o, "conc.heart");
	check_counts(&r);
	close_model();
	open_model(&lung, YG_COX_EFRON);
	linear_predictor(eta);
	r = concordance(eta, YG_CONCORDANCE_N, true, 365, NULL);
	oracle_case(&o, "conc.ymax.lung");
	check_counts(&r);
	r = concordance(eta, YG_CONCORDANCE_N, true, NAN, NULL);
	oracle_case(&o, "rcorr.lung");
	oracle_check(&o, "value", "C Index", r.c, 1e-6);
	oracle_check(&o, "value", "Dxy", 2 * r.c - 1, 1e-6);
	oracle_check(&o, "value", "Relevant Pairs", 2 * (r.concordant + r.discordant + r.tied_x), 0);
	oracle_check(&o, "value", "Concordant", 2 * r.concordant + r.tied_x, 1e-9);
	oracle_check(&o, "value", "n", (double)m.n, 0);
	oracle_ignore(&o, "value"); /* S.D. is another estimator; missing, uncensored, uncertain pairs are not results here */
	close_model();
}

/* x is one column of the data; covariates of the model are not used. */
static void concordance_of_column(const char *id, const struct model_spec *s, bool reverse)
{
	static double x[MODEL_ROWS];
	model_make(&m, s);
	for (size_t i = 0; i < m.n; i++)
		x[i] = m.x[i * m.p];
	struct yg_concordance r = concordance(x, YG_CONCORDANCE_N, reverse, NAN, NULL);
	oracle_case(&o, id);
	if (m.strata == 1) {
		check_counts(&r);
	} else {
		static const char *const names[] = { "concordant", "discordant", "tied.x", "tied.y", "tied.xy" };
		const double got[] = { r.concordant, r.discordant, r.tied_x, r.tied_y, r.tied_xy };
		oracle_check(&o, "concordance", "", r.c, 1e-6);
		oracle_check(&o, "se", "", r.se, 1e-6);
		for (int k = 0; k < 5; k++) {
			double sum = 0;
			char term[32];
			for (int g = 1; g <= 4; g++) {
				snprintf(term, sizeof term, "%d|%s", g, names[k]);
				struct oracle_value *v = oracle_lookup(&o, id, "count", term);
				sum += v->value;
				v->seen = true;
			}
			assert_true(sum == got[k]);
		}
	}
	model_free(&m);
}

/* An outcome without censoring: y is the time, all rows are events. */
static void concordance_uncensored(const char *id, const char *outcome, const char *score)
{
	static double y[MODEL_ROWS], x[MODEL_ROWS];
	static uint8_t all[MODEL_ROWS];
	struct oracle_csv *d = oracle_csv_load("lung");
	size_t n = 0;
	for (size_t i = 0; i < d->n; i++)
		if (!isnan(oracle_number(d, outcome)[i])) {
			y[n] = oracle_number(d, outcome)[i];
			x[n] = oracle_number(d, score)[i];
			all[n++] = 1;
		}
	m.data.spans = (struct yg_spans){ .n = n, .exit = y, .event = all, .strata = 1 };
	struct yg_concordance r = concordance(x, YG_CONCORDANCE_N, false, NAN, NULL);
	oracle_case(&o, id);
	check_counts(&r);
	oracle_csv_free(d);
}

static void two_concordances(void)
{
	static double eta[2][MODEL_ROWS], u[2][MODEL_ROWS];
	const char *const terms[] = { "age + sex", "age + sex + ph.ecog + ph.karno" };
	struct yg_concordance r[2];
	double v[2][2] = { { 0 } };
	size_t n = 0;
	oracle_case(&o, "conc.two.lung");
	for (int k = 0; k < 2; k++) {
		const struct model_spec s = { "lung", 0, "time", "status", 2, terms[k], .not_missing = "ph.ecog ph.karno" };
		open_model(&s, YG_COX_EFRON);
		linear_predictor(eta[k]);
		r[k] = concordance(eta[k], YG_CONCORDANCE_N, true, NAN, u[k]);
		n = m.n;
		close_model();
	}
	for (size_t i = 0; i < n; i++)
		for (int a = 0; a < 2; a++)
			for (int b = 0; b < 2; b++)
				v[a][b] += u[a][i] * u[b][i];
	oracle_check(&o, "concordance", "1", r[0].c, 1e-6);
	oracle_check(&o, "concordance", "2", r[1].c, 1e-6);
	oracle_check(&o, "var", "1|1", v[0][0], 1e-6);
	oracle_check(&o, "var", "2|1", v[1][0], 1e-6);
	oracle_check(&o, "var", "1|2", v[0][1], 1e-6);
	oracle_check(&o, "var", "2|2", v[1][1], 1e-6);
	oracle_check(&o, "diff", "", r[0].c - r[1].c, 1e-6);
	oracle_check(&o, "diff_se", "", sqrt(v[0][0] + v[1][1] - 2 * v[0][1]), 1e-6);
}

static void predictions(void)
{
	double expected[300], centre = 0;
	char term[16];
	open_model(&lung, YG_COX_EFRON);
	assert_int_equal(yg_cox_residuals(&m.data, &fit, YG_COX_MARTINGALE, NULL, expected, NULL), YG_OK);
	for (size_t a = 0; a < m.p; a++)
		centre += fit.mean[a] * fit.beta[a];
	oracle_case(&o, "pred.lung");
	for (size_t i = 0; i < 20; i++) {
		double lp = 0, x[2] = { m.x[2 * i] - fit.mean[0], m.x[2 * i + 1] - fit.mean[1] };
		for (size_t a = 0; a < 2; a++)
			lp += m.x[2 * i + a] * fit.beta[a];
		snprintf(term, sizeof term, "%zu", i + 1);
		oracle_check(&o, "lp", term, lp - centre, 1e-7);
		oracle_check(&o, "lp_zero", term, lp, 1e-7);
		oracle_check(&o, "lp_se", term, sqrt(yg_quadratic_form(x, fit.var, 2)), 1e-7);
		oracle_check(&o, "risk", term, yg_exp(lp - centre), 1e-7);
		oracle_check(&o, "expected", term, m.event[i] - expected[i], 1e-6);
	}
	oracle_check(&o, "means", "age", fit.mean[0], 1e-9);
	oracle_check(&o, "means", "sex", fit.mean[1], 1e-9);
	close_model();
	open_model(&veteran, YG_COX_EFRON);
	oracle_case(&o, "pred.terms.veteran");
	for (size_t i = o.first; i < o.last; i++) {
		size_t row = (size_t)strtoul(o.value[i].term, NULL, 10) - 1;
		double sum = 0;
		for (size_t a = 0; a < m.p; a++)
			if (!strcmp(m.term_name[m.term[a]], strchr(o.value[i].term, '|') + 1))
				sum += (m.x[row * m.p + a] - (a < 2 ? fit.mean[a] :
				                              0)) * fit.beta[a]; /* 0/1 columns stay */
		oracle_compare(&o, &o.value[i], sum, 1e-7);
	}
	close_model();
}

static void external_validation(void)
{
	static double eta[MODEL_ROWS];
	const struct model_spec from = { "rotterdam", 0, "rtime", "recur", 1, "age + nodes + hormon", .strata = NULL };
	const struct model_spec to = { "gbsg", 0, "rfstime", "status", 1, "age + nodes + hormon", .strata = NULL };
	double beta[3];
	open_model(&from, YG_COX_EFRON);
	memcpy(beta, fit.beta, sizeof beta);
	close_model();
	model_make(&m, &to);
	for (size_t i = 0; i < m.n; i++)
		eta[i] = m.x[3 * i] * beta[0] + m.x[3 * i + 1] * beta[1] + m.x[3 * i + 2] * beta[2];
	m.data.x = eta;
	m.data.p = 1;
	fit = model_fit(&m, YG_COX_EFRON, false);
	struct yg_concordance r = concordance(eta, YG_CONCORDANCE_N, true, NAN, NULL);
	oracle_case(&o, "ext.valid.gbsg");
	oracle_check(&o, "slope", "", fit.beta[0], 1e-7);
	oracle_check(&o, "slope_se", "", fit.se[0], 1e-7);
	oracle_check(&o, "concordance", "", r.c, 1e-6);
	oracle_check(&o, "concordance_se", "", r.se, 1e-6);
	oracle_check(&o, "loglik", "1", fit.loglik_null, 1e-9);
	oracle_check(&o, "loglik", "2", fit.loglik, 1e-9);
	close_model();
}

static void by_ties(int ties)
{
	const char *name = ties ? "breslow" : "efron";
	enum yg_cox_ties t = (enum yg_cox_ties)ties;
	char id[64];
	const struct {
		const char *name;
		const struct model_spec *s;
		bool centred;
	} hazards[] = { { "lung", &lung, false }, { "lung.c", &lung, true }, { "ovarian", &ovarian, false },
			{ "strat", &stratified, false }, { "heart", &heart, false } };
	for (int i = 0; i < 5; i++) {
		snprintf(id, sizeof id, "bh.%s.%s", hazards[i].name, name);
		baseline(id, hazards[i].s, t, hazards[i].centred);
	}
	const double two[] = { 50, 1, 70, 2 }, vet[] = { 1, 60, 0, 0, 0, 2, 90, 0, 0,
	                                                1 }, ova[] = { 60, 1 }, str[] = { 60, 80 };
	static const char *const ci[] = { "plain", "log", "log-log" };
	for (int k = 0; k < 3; k++) {
		snprintf(id, sizeof id, "surv.lung.%s.%s", name, ci[k]);
		curves(id, &lung, t, two, 2, (enum yg_km_ci)k, false);
	}
	snprintf(id, sizeof id, "surv.veteran.%s", name);
	curves(id, &veteran, t, vet, 2, YG_KM_LOG, false);
	snprintf(id, sizeof id, "surv.ovarian.%s", name);
	curves(id, &ovarian, t, ova, 1, YG_KM_LOG, false);
	snprintf(id, sizeof id, "surv.strat.%s", name);
	curves(id, &stratified, t, str, 1, YG_KM_LOG, false);
	residuals("lung", &lung, ties);
	residuals("ovarian", &ovarian, ties);
	residuals("heart", &heart, ties);
	residuals("strat", &stratified, ties);
	zph("lung", &lung, ties, false);
	zph("veteran", &veteran, ties, false);
	zph("veteran.cols", &veteran, ties, true);
	zph("heart", &heart, ties, false);
	zph("strat", &stratified, ties, false);
}

/* Risks of the fit at t, and of nobody in particular: one minus Kaplan-Meier. */
static double predicted_risk(double t, double *risk)
{
	struct yg_cox_baseline b;
	struct yg_spans all = m.data.spans;
	struct yg_km km;
	struct yg_km_point point;
	const struct yg_km_options options = { .ci = YG_KM_LOG, .conf = 0.95 };
	all.group = NULL;
	assert_int_equal(yg_cox_baseline_fit(&m.data, &fit, 1000000, NULL, &b, NULL), YG_OK);
	for (size_t i = 0; i < m.n; i++)
		risk[i] = -yg_expm1(-yg_cox_baseline_hazard(&b, 0, t, m.x + i * m.p, 0, fit.beta, fit.var, NULL));
	yg_cox_baseline_release(&b);
	assert_int_equal(yg_km_fit(&all, &options, NULL, &km, NULL), YG_OK);
	yg_km_at(&km.curve[0], t, &point);
	yg_km_release(&km);
	return 1 - point.surv;
}

static void censoring_weighted(const char *id, const struct model_spec *s)
{
	static double risk[MODEL_ROWS], null[MODEL_ROWS];
	struct yg_ipcw w;
	open_model(s, YG_COX_EFRON);
	oracle_case(&o, id);
	assert_int_equal(yg_ipcw_open(&m.data.spans, NULL, &w, NULL), YG_OK);
	for (size_t i = o.first; i < o.last; i++) {
		struct oracle_value *v = &o.value[i];
		double t = oracle_number_of(strchr(v->term, '@') + 3), everybody = predicted_risk(t, risk);
		struct yg_ipcw_score score;
		for (size_t k = 0; k < m.n; k++)
			null[k] = everybody;
		assert_int_equal(yg_ipcw_score(&w, v->term[0] == 'N' ? null : risk, t, true, NULL, &score, NULL), YG_OK);
		oracle_compare(&o, v, !strcmp(v->statistic, "brier") ? score.brier : !strcmp(v->statistic, "brier_se") ? score.brier_se :
		                      !strcmp(v->statistic, "auc") ? score.auc : score.auc_se, 1e-6);
	}
	yg_ipcw_release(&w);
	close_model();
}

static void every_case(void **unused)
{
	(void)unused;
	oracle_open(&o, "cox_post");
	by_ties(0);
	by_ties(1);
	open_model(&mayo, YG_COX_EFRON);
	zph_case("zph.pbc", YG_COX_KM, false);
	zph_case("zph.global.off", YG_COX_IDENTITY, false);
	close_model();
	const double aalen[] = { 1, 60, 0, 0, 0 }, mean[] = { 50, 0.1, yg_log(1.8), yg_log(10.6), yg_log(3.5) };
	curves("surv.aalen.veteran", &veteran, YG_COX_EFRON, aalen, 1, YG_KM_LOG, true);
	curves("surv.mean.pbc", &mayo, YG_COX_EFRON, mean, 1, YG_KM_LOG, false);
	predictions();
	concordance_of_fits();
	const struct model_spec karno = { "veteran", 0, "time", "status", 1, "karno", .strata = NULL };
	const struct model_spec age = { "veteran", 0, "time", "status", 1, "age", .strata = NULL };
	const struct model_spec by_cell = { "veteran", 0, "time", "status", 1, "karno", .strata = "celltype" };
	const struct model_spec weighted = { "lung", 0, "time", "status", 2, "age", .weight = 1 };
	const struct model_spec kidney = { "kidney", 0, "time", "status", 1, "age", .cluster = "id" };
	concordance_of_column("conc.veteran.karno", &karno, false);
	concordance_of_column("conc.veteran.reverse", &age, true);
	concordance_of_column("conc.veteran.strata", &by_cell, false);
	concordance_of_column("conc.weights.lung", &weighted, true);
	concordance_of_column("conc.cluster.kidney", &kidney, false);
	concordance_uncensored("conc.binary.lung", "status", "age");
	concordance_uncensored("conc.cont.lung", "wt.loss", "age");
	two_concordances();
	external_validation();
	const struct model_spec cirrhosis = { "pbc", 0, "time", "status", 2, "age + log(bili) + edema", .strata = NULL };
	const struct model_spec breast = { "gbsg", 0, "rfstime", "status", 1, "age + nodes + log(pgr + 1) + hormon", .strata = NULL };
	censoring_weighted("ipcw.pbc", &cirrhosis);
	censoring_weighted("ipcw.gbsg", &breast);
	assert_int_equal(oracle_finish(&o), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_case) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
