/*
 * Parametric and penalised models after their fit: predict, validate, compare, forest.  Numbers of R: survreg and concordance
 * of survival 3.5-3 on its lung data.
 */
#include "tests/unit/analysis/follow.h"

#include <math.h>

#include "yogo/analysis/parametric.h"
#include "yogo/analysis/penalised.h"
#include "yogo/analysis/prediction.h"
#include "yogo/base/pool.h"

static const char *const lung_columns = "inst:integer time:integer status:integer age:integer sex:level ph.ecog:integer "
	"ph.karno:integer pat.karno:integer meal.cal:integer wt.loss:integer";
static const char *const days = "endpoint os: \"Death\"\n time time in days\n event \"death\": status = 2\nend";

static struct yg_aft_model *kept[4];
static size_t keeps;

static struct yg_raw *aft(struct world *w, const char *text)
{
	struct yg_raw *out = NULL;
	world_run(w, text);
	const struct yg_node *s = w->last, *dist = yg_node_option(s, "dist");
	const char *word[YG_AN_AFT_DISTS + 1];
	struct yg_an_aft r = { .in = look_input(w, s), .of = follow_named(w, yg_node_find(s, YG_NODE_LIST)), .formula = yg_node_find(s, YG_NODE_FORMULA),
		               .strata = yg_node_find(s, YG_NODE_STRATA), .cluster = yg_node_find(s, YG_NODE_CLUSTER),
		               .metric = model_word(s, "metric"), .dist = word, .open = true };
	for (uint32_t i = 0; dist && i < (dist->kind == YG_NODE_GROUP ? dist->children : 1); i++)
		word[r.dists++] = (dist->kind == YG_NODE_GROUP ? dist->child[i] : dist)->text;
	if (yg_an_aft(&r, &w->task, &out, &kept[keeps], &w->err) != YG_OK)
		fail_msg("%s: %s [%s]", text, w->err.text, w->err.code);
	keeps++;
	return out;
}

static const struct yg_prediction_model *fit_model(struct world *w, const char *text)
{
	const struct yg_prediction_model *m;
	yg_raw_free(aft(w, text));
	assert_int_equal(yg_aft_prediction(kept[keeps - 1], "m", &m, NULL), YG_OK);
	assert_true(yg_prediction_of_time(m));
	return m;
}

static void end(struct world *w)
{
	while (keeps)
		yg_aft_model_free(kept[--keeps]);
	follow_reset();
	world_free(w);
}

static struct world *begin(void)
{
	struct world *w = model_world("lung", lung_columns);
	follow_endpoint(w, days);
	return w;
}

static enum yg_status try(struct world *w, const char *text, const struct yg_prediction_model *m, struct yg_raw **out)
{
	world_run(w, text);
	const struct yg_node *s = w->last;
	struct yg_an_predict r = { .in = look_input(w, s), .model = m, .name = "m", .type = model_word(s, "type"),
		                   .at = yg_node_option(s, "at"), .given = yg_node_option(s, "given"), .open = true };
	*out = NULL;
	return yg_an_predict(&r, &w->task, out, &w->err);
}

static struct yg_raw *predicted(struct world *w, const char *text, const struct yg_prediction_model *m)
{
	struct yg_raw *out;
	if (try(w, text, m, &out) != YG_OK)
		fail_msg("%s: %s [%s]", text, w->err.text, w->err.code);
	assert_evidence_everywhere(out);
	return out;
}

static void assert_predict_refused(struct world *w, const char *text, const struct yg_prediction_model *m, const char *code)
{
	struct yg_raw *out;
	assert_int_not_equal(try(w, text, m, &out), YG_OK);
	assert_string_equal(w->err.code, code);
}

static struct yg_raw *validated(struct world *w, const char *text, const struct yg_prediction_model *const *m, size_t models)
{
	static const char *const name[] = { "m1", "m2" };
	struct yg_raw *out = NULL;
	world_run(w, text);
	const struct yg_node *s = w->last, *boot = yg_node_option(s, "boot");
	struct yg_an_judge r = { .in = look_input(w, s), .endpoint = follow_known[0], .model = m, .name = name, .models = models,
		                 .at = yg_node_option(s, "at"), .boot = boot ? (int64_t)boot->number : 0, .seed = 3 };
	if (yg_an_validate(&r, &w->task, &out, &w->err) != YG_OK)
		return NULL;
	assert_evidence_everywhere(out);
	return out;
}

static void a_profile(void **unused)
{
	(void)unused;
	struct world *w = begin();
	const struct yg_prediction_model *m = fit_model(w, "aft os ~ age + sex with dist=weibull");
	struct yg_raw *r = predicted(w, "predict m with type=time, given=(age: 60, sex: \"2\")", m);
	double z = 1.959963984540054;
	assert_value(r, "profile", "time", "estimate", 414.566081847, 1e-9);
	assert_value(r, "profile", "time", "lower", 414.566081847 * exp(-z * 43.6166846677 / 414.566081847), 1e-7);
	assert_value(r, "profile", "time", "upper", 414.566081847 * exp(z * 43.6166846677 / 414.566081847), 1e-7);
	yg_raw_free(r);
	r = predicted(w, "predict m with type=mean, given=(age: 60, sex: \"2\")", m);
	assert_value(r, "profile", "mean", "estimate", 502.808530538, 1e-9);
	assert_value(r, "profile", "mean", "upper", 502.808530538 * exp(z * 54.246818616 / 502.808530538), 1e-7);
	yg_raw_free(r);
	r = predicted(w, "predict m with type=survival, at=365.25, given=(age: 60, sex: \"2\")", m);
	assert_value(r, "profile", "survival@365.25", "estimate", 0.556561215875, 1e-9);
	assert_value(r, "profile", "survival@365.25", "lower", 0.462305811004, 1e-7);
	assert_value(r, "profile", "survival@365.25", "upper", 0.640790981211, 1e-7);
	assert_value(r, "profile", "survival@365.25", "cumhaz", -log(0.556561215875), 1e-9);
	assert_non_null(find_figure(r, "profile"));
	yg_raw_free(r);
	r = predicted(w, "predict m with type=lp, given=(age: 60, sex: \"2\")", m);
	assert_value(r, "profile", "lp", "estimate", 6.3036018024, 1e-9);
	assert_value(r, "profile", "lp", "lower", 6.3036018024 - z * 0.105868424479, 1e-7);
	yg_raw_free(r);
	/* Risk is what survival leaves. */
	r = predicted(w, "predict m with at=(365.25, 5000), given=(age: 60, sex: \"2\")", m);
	assert_value(r, "profile", "risk@365.25", "estimate", 1 - 0.556561215875, 1e-9);
	assert_value(r, "profile", "risk@365.25", "upper", 1 - 0.462305811004, 1e-7);
	yg_raw_free(r);
	/* The whole population: survreg's quantiles of persons. */
	r = predicted(w, "predict m by sex with type=time", m);
	assert_value(r, "predictions", "time", "mean", 327.859302642, 1e-8);
	assert_value(r, "predictions", "time", "p5", 238.304409855, 1e-8);
	assert_value(r, "predictions", "time", "p95", 466.626780262, 1e-8);
	yg_raw_free(r);
	end(w);
}

static void other_distributions(void **unused)
{
	(void)unused;
	struct world *w = begin();
	const struct yg_prediction_model *m = fit_model(w, "aft os ~ age + sex with dist=loglogistic");
	struct yg_raw *r = predicted(w, "predict m with type=mean, given=(age: 60, sex: \"2\")", m);
	assert_value(r, "profile", "mean", "estimate", 759.930379053, 1e-8);
	yg_raw_free(r);
	m = fit_model(w, "aft os ~ age + sex with dist=lognormal");
	r = predicted(w, "predict m with type=mean, given=(age: 60, sex: \"2\")", m);
	assert_value(r, "profile", "mean", "estimate", 734.486568845, 1e-8);
	yg_raw_free(r);
	/* The spline of one piece is the Weibull model; its mean is not asked of it. */
	m = fit_model(w, "aft os ~ age + sex with dist=spline");
	assert_predict_refused(w, "predict m with type=mean", m, "E-PRE-036");
	r = predicted(w, "predict m with type=time, given=(age: 60, sex: \"2\")", m);
	double median = cell_value(r, "profile", "time", "estimate");
	yg_raw_free(r);
	char *text = yg_xasprintf("predict m with type=survival, at=%.15g, given=(age: 60, sex: \"2\")", median);
	r = predicted(w, text, m);
	char *key = yg_xasprintf("survival@%.6g", median);
	assert_value(r, "profile", key, "estimate", 0.5, 1e-12);
	yg_free(key);
	yg_free(text);
	yg_raw_free(r);
	end(w);
	/* A Cox model has no such type, nor a result of several distributions a model. */
	w = begin();
	const struct yg_prediction_model *cox;
	yg_raw_free(follow(w, "cox os ~ age"));
	assert_int_equal(yg_cox_prediction(follow_model, "cx", &cox, NULL), YG_OK);
	assert_predict_refused(w, "predict cx with type=time", cox, "E-PRE-033");
	yg_raw_free(aft(w, "aft os ~ age with dist=(weibull, lognormal)"));
	assert_int_equal(yg_aft_prediction(kept[0], "m", &m, &w->err), YG_REFUSED);
	assert_string_equal(w->err.code, "E-PRE-021");
	end(w);
}

static void strata_have_scales_of_their_own(void **unused)
{
	(void)unused;
	struct world *w = begin();
	const struct yg_prediction_model *m = fit_model(w, "aft os ~ age + sex strata sex with dist=loglogistic");
	/* survreg: scales 0.589707087734 (1) and 0.515176230418 (2). */
	double lp = 5.89633569822 - 0.0132809206056 * 60 + 0.459163336635 * 2;
	struct yg_raw *r = predicted(w, "predict m with type=survival, at=300, given=(age: 60, sex: \"2\")", m);
	assert_value(r, "profile", "2 survival@300", "estimate", 1 / (1 + exp((log(300) - lp) / 0.515176230418)), 1e-8);
	assert_int_equal((int)find_table(r, "profile")->rows, 1);
	yg_raw_free(r);
	/* Pairs are formed across strata: one linear predictor. */
	r = validated(w, "validate os ~ m with at=365", &m, 1);
	assert_value(r, "performance", "slope", "estimate", 1, 1e-7);
	yg_raw_free(r);
	end(w);
}

static void judged_on_other_rows(void **unused)
{
	(void)unused;
	struct world *w = begin();
	const struct yg_prediction_model *m = fit_model(w, "aft os ~ age + sex where age < 65 with dist=weibull");
	struct yg_raw *r = validated(w, "validate os ~ m where age >= 65 with at=365", &m, 1);
	assert_value(r, "performance", "slope", "estimate", 1.75893022361, 1e-6);
	assert_value(r, "performance", "slope", "se", 0.734390578905, 1e-6);
	assert_value(r, "performance", "c", "estimate", 0.602759980286, 1e-10);
	assert_value(r, "performance", "c", "se", 0.0401445011347, 1e-8);
	assert_value(r, "performance", "oe@365", "estimate", 1.21599127634, 1e-8);
	yg_raw_free(r);
	/* On its own rows: the slope is 1, and C is R's. */
	m = fit_model(w, "aft os ~ age + sex with dist=weibull");
	r = validated(w, "validate os ~ m with at=365, boot=8", &m, 1);
	assert_value(r, "performance", "slope", "estimate", 1, 1e-7);
	assert_value(r, "performance", "c", "estimate", 0.602902967922, 1e-10);
	double once = cell_value(r, "performance", "c", "optimism");
	yg_raw_free(r);
	struct yg_pool *pool = yg_pool_new(3);
	yg_task_init(&w->task, pool);
	r = validated(w, "validate os ~ m with at=365, boot=8", &m, 1);
	assert_true(cell_value(r, "performance", "c", "optimism") == once);
	yg_raw_free(r);
	yg_task_init(&w->task, NULL);
	yg_pool_free(pool);
	/* Beside a Cox model, whose predictor runs the other way. */
	const struct yg_prediction_model *two[] = { m, NULL };
	yg_raw_free(follow(w, "cox os ~ age + sex"));
	assert_int_equal(yg_cox_prediction(follow_model, "cx", &two[1], NULL), YG_OK);
	r = validated(w, "validate os ~ m, cx with at=365", two, 2);
	assert_true(fabs(cell_value(r, "compare", "m2 - m1", "estimate")) < 0.01);
	yg_raw_free(r);
	m = fit_model(w, "aft os ~ rcs(age, 3) + sex with dist=spline");
	r = validated(w, "validate os ~ m with at=365, boot=3", &m, 1);
	assert_true(isfinite(cell_value(r, "performance", "c", "optimism")));
	yg_raw_free(r);
	end(w);
}

static enum yg_status compare(struct world *w, size_t from, size_t count, struct yg_raw **out)
{
	static const char *const name[] = { "a", "b", "c", "d" };
	struct yg_an_aft_compare r = { (const struct yg_aft_model *const *)kept + from, name, count, NULL };
	*out = NULL;
	return yg_an_aft_compare(&r, out, &w->err);
}

static void compared(void **unused)
{
	(void)unused;
	struct world *w = begin();
	struct yg_raw *r;
	yg_raw_free(aft(w, "aft os ~ age + sex"));
	yg_raw_free(aft(w, "aft os ~ age"));
	assert_int_equal(compare(w, 0, 2, &r), YG_OK);
	assert_value(r, "compare", "a", "statistic", 9.67884136653, 1e-8);
	assert_value(r, "compare", "a", "df", 1, 0);
	assert_evidence_everywhere(r);
	yg_raw_free(r);
	/* Another distribution: AIC, the lowest first, without a test. */
	yg_raw_free(aft(w, "aft os ~ age + sex with dist=lognormal"));
	assert_int_equal(compare(w, 0, 3, &r), YG_OK);
	assert_value(r, "compare", "a", "delta", 0, 0);
	assert_value(r, "compare", "c", "delta", 2 * (1158.750142595 - 1147.054431429), 1e-6);
	yg_raw_free(r);
	yg_raw_free(aft(w, "aft os ~ age + sex where age > 50"));
	assert_int_equal(compare(w, 2, 2, &r), YG_REFUSED);
	assert_string_equal(w->err.code, "E-CMP-003");
	end(w);
	w = begin();
	yg_raw_free(aft(w, "aft os ~ age"));
	yg_raw_free(aft(w, "aft os ~ age + sex cluster inst"));
	assert_int_equal(compare(w, 0, 2, &r), YG_REFUSED);
	end(w);
}

static void in_a_forest(void **unused)
{
	(void)unused;
	static const char *const name[] = { "a", "b" };
	struct world *w = begin();
	struct yg_raw *r, *fit = aft(w, "aft os ~ age + sex");
	const struct yg_cox_model *rows[2] = { yg_aft_model_rows(kept[0]) };
	struct yg_an_forest f = { .model = rows, .name = name, .count = 1 };
	assert_int_equal(yg_an_forest(&f, &r, &w->err), YG_OK);
	assert_value(r, "forest", "sex: 2", "estimate", cell_value(fit, "estimates", "sex: 2", "tr"), 1e-14);
	assert_value(r, "forest", "sex: 2", "lower", cell_value(fit, "estimates", "sex: 2", "ratio_lower"), 1e-14);
	assert_evidence_everywhere(r);
	yg_raw_free(r);
	yg_raw_free(fit);
	/* Time ratios and hazard ratios are not drawn on one axis. */
	yg_raw_free(aft(w, "aft os ~ age + sex with metric=ph"));
	rows[1] = yg_aft_model_rows(kept[1]);
	f.count = 2;
	assert_int_equal(yg_an_forest(&f, &r, &w->err), YG_REFUSED);
	assert_string_equal(w->err.code, "E-SUR-054");
	end(w);
}

static struct yg_pen_model *penalised(struct world *w, const char *text, struct yg_an_penalty q)
{
	struct yg_pen_model *m = NULL;
	struct yg_raw *out = NULL;
	world_run(w, text);
	struct yg_an_cox r = { .in = look_input(w, w->last), .of = follow_named(w, yg_node_find(w->last, YG_NODE_LIST)),
		               .formula = yg_node_find(w->last, YG_NODE_FORMULA), .strata = yg_node_find(w->last, YG_NODE_STRATA) };
	if (yg_an_cox_path(&r, &q, &w->task, &out, &m, &w->err) != YG_OK)
		fail_msg("%s: %s [%s]", text, w->err.text, w->err.code);
	yg_raw_free(out);
	return m;
}

static void a_penalised_model(void **unused)
{
	(void)unused;
	static const double none = 1e-9, some[] = { 0.1, 0.05 };
	struct world *w = begin();
	const struct yg_prediction_model *p, *c;
	/* With next to no penalty: what Breslow's model says, without its intervals. */
	struct yg_pen_model *m = penalised(w, "cox os ~ age + sex + ph.ecog strata inst", (struct yg_an_penalty){ .kind = "ridge", .alpha = NAN,
	                                   .lambda = &none, .lambdas = 1 });
	assert_int_equal(yg_pen_prediction(m, "p", &p, &w->err), YG_OK);
	yg_raw_free(follow(w, "cox os ~ age + sex + ph.ecog strata inst with ties=breslow"));
	assert_int_equal(yg_cox_prediction(follow_model, "c", &c, NULL), YG_OK);
	struct yg_raw *a = predicted(w, "predict p with type=survival, at=365, given=(age: 60, inst: 1)", p);
	struct yg_raw *b = predicted(w, "predict c with type=survival, at=365, given=(age: 60, inst: 1)", c);
	yg_assert_near(cell_value(a, "profile", "1 survival@365", "estimate"), cell_value(b, "profile", "1 survival@365", "estimate"), 1e-6);
	yg_raw_free(a);
	yg_raw_free(b);
	a = validated(w, "validate os ~ p with at=365", &p, 1);
	b = validated(w, "validate os ~ c with at=365", &c, 1);
	yg_assert_near(cell_value(a, "performance", "brier@365", "estimate"), cell_value(b, "performance", "brier@365", "estimate"), 1e-6);
	yg_assert_near(cell_value(a, "performance", "c", "estimate"), cell_value(b, "performance", "c", "estimate"), 1e-9);
	yg_raw_free(a);
	yg_raw_free(b);
	assert_null(validated(w, "validate os ~ p with at=365, boot=5", &p, 1));
	assert_string_equal(w->err.code, "E-PRE-022");
	yg_pen_model_free(m);
	/* Of two penalties none is chosen; by cross-validation the one that choose names. */
	m = penalised(w, "cox os ~ age + sex", (struct yg_an_penalty){ .kind = "lasso", .alpha = NAN, .lambda = some, .lambdas = 2 });
	assert_int_equal(yg_pen_prediction(m, "p", &p, &w->err), YG_REFUSED);
	assert_string_equal(w->err.code, "E-PRE-018");
	yg_pen_model_free(m);
	m = penalised(w, "cox os ~ age + sex + ph.ecog", (struct yg_an_penalty){ .kind = "lasso", .alpha = NAN, .folds = 5, .seed = 1, .choose = "min" });
	assert_int_equal(yg_pen_prediction(m, "p", &p, &w->err), YG_OK);
	a = validated(w, "validate os ~ p with at=365", &p, 1);
	assert_true(cell_value(a, "performance", "c", "estimate") > 0.6);
	yg_raw_free(a);
	yg_pen_model_free(m);
	end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_profile), cmocka_unit_test(other_distributions), cmocka_unit_test(strata_have_scales_of_their_own),
		cmocka_unit_test(judged_on_other_rows), cmocka_unit_test(compared), cmocka_unit_test(in_a_forest),
		cmocka_unit_test(a_penalised_model),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
