/* aft, and km with method=turnbull: what is written, what is refused. */
#include "tests/unit/analysis/follow.h"

#include <math.h>

#include "yogo/analysis/parametric.h"

static const char *const lung_columns = "inst:integer time:integer status:integer age:integer sex:level ph.ecog:integer "
	"ph.karno:integer pat.karno:integer meal.cal:integer wt.loss:integer";
static const char *const days = "endpoint os: \"Death\"\n time time in days\n event \"death\": status = 2\n unit years\nend";
/* Eight persons seen at visits; the first had it at time 0, the last was never seen with it. */
static const char *const visit_rows = "0,0,a\n0,2,a\n1,3,b\n2,4,a\n2,,b\n3,6,b\n1,2,a\n4,,b\n";
static const char *const visits = "endpoint x: \"Onset\"\n between l and r\nend";

static struct yg_aft_model *aft_model;

static enum yg_status run(struct world *w, const char *text, struct yg_raw **out)
{
	*out = NULL;
	world_run(w, text);
	const struct yg_node *s = w->last, *dist = yg_node_option(s, "dist"), *df = yg_node_option(s, "df"), *sigma = yg_node_option(s, "sigma");
	const char *word[YG_AN_AFT_DISTS + 1];
	struct yg_an_aft r = { .in = look_input(w, s), .of = follow_named(w, yg_node_find(s, YG_NODE_LIST)), .formula = yg_node_find(s, YG_NODE_FORMULA),
		               .strata = yg_node_find(s, YG_NODE_STRATA), .cluster = yg_node_find(s, YG_NODE_CLUSTER),
		               .frequency = follow_column(w, s, "freq"), .metric = model_word(s, "metric"), .spline = model_word(s, "scale"),
		               .df = df ? (int)df->number : 0, .sigma = sigma ? sigma->number : 0, .se = model_word(s, "se"),
		               .at = yg_node_option(s, "at"), .dist = word, .open = true };
	for (uint32_t i = 0; dist && i < (dist->kind == YG_NODE_GROUP ? dist->children : 1); i++)
		word[r.dists++] = (dist->kind == YG_NODE_GROUP ? dist->child[i] : dist)->text;
	yg_aft_model_free(aft_model);
	aft_model = NULL;
	return yg_an_aft(&r, &w->task, out, &aft_model, &w->err);
}

static struct yg_raw *aft(struct world *w, const char *text)
{
	struct yg_raw *out;
	if (run(w, text, &out) != YG_OK)
		fail_msg("%s: %s [%s]", text, w->err.text, w->err.code);
	assert_evidence_everywhere(out);
	return out;
}

static void refused(struct world *w, const char *text, const char *code)
{
	struct yg_raw *unwanted;
	assert_int_not_equal(run(w, text, &unwanted), YG_OK);
	assert_string_equal(w->err.code, code);
}

static struct yg_raw *turnbull(struct world *w, const char *text)
{
	struct yg_raw *out = NULL;
	world_run(w, text);
	const struct yg_node *s = w->last;
	struct yg_an_km r = { .in = look_input(w, s), .of = follow_named(w, yg_node_find(s, YG_NODE_LIST)), .method = "turnbull",
		              .quantiles = yg_node_option(s, "quantiles"), .at = yg_node_option(s, "at") };
	if (yg_an_turnbull(&r, true, &w->task, &out, &w->err) != YG_OK)
		fail_msg("%s: %s [%s]", text, w->err.text, w->err.code);
	return out;
}

static struct world *lung(void)
{
	follow_reset();
	struct world *w = model_world("lung", lung_columns);
	follow_endpoint(w, days);
	return w;
}

static struct world *seen_at_visits(void)
{
	struct small_table t = { "v", "l:number r:number g:level", visit_rows };
	follow_reset();
	struct world *w = world_new(&t, 1);
	look_population.table = NULL;
	follow_endpoint(w, visits);
	return w;
}

static void end(struct world *w)
{
	yg_aft_model_free(aft_model);
	aft_model = NULL;
	follow_reset();
	world_free(w);
}

/* Values of survreg. */
static void time_ratios_and_hazard_ratios(void **unused)
{
	(void)unused;
	struct world *w = lung();
	struct yg_raw *a = aft(w, "aft os ~ age + sex with dist=weibull, at=1y"), *b = aft(w, "aft os ~ age + sex with dist=weibull, metric=ph");
	double beta = cell_value(a, "estimates", "sex: 2", "estimate"), scale = cell_value(a, "baseline", "scale", "estimate");
	yg_assert_near(beta, 0.3820849, 1e-6);
	yg_assert_near(cell_value(a, "estimates", "sex: 2", "tr"), exp(beta), 1e-12);
	yg_assert_near(cell_value(b, "estimates", "sex: 2", "estimate"), -beta / scale, 1e-10);
	yg_assert_near(cell_value(b, "estimates", "sex: 2", "se"), 0.1671, 1e-3);
	yg_assert_near(cell_value(a, "baseline", "shape", "estimate"), 1 / scale, 1e-12);
	yg_assert_near(cell_value(a, "fit", "loglik", "value"), -1147.0544314319495, 1e-10);
	assert_string_equal(cell_text(a, "estimates", "sex: 1", "estimate"), "reference");
	/* a median in years, and S(1 year) below 1/2 where the median is below one year */
	double median = cell_value(a, "predicted", "sex: 1", "median"), s = cell_value(a, "predicted", "sex: 1@1", "median");
	assert_true(median > 0.5 && median < 1 && s < 0.5 && s > 0.3);
	assert_non_null(find_figure(a, "fitted"));
	assert_non_null(find_figure(a, "hazard"));
	assert_int_equal((int)aft_model->fits, 1);
	yg_assert_near(aft_model->fit[0].aft.theta[2], beta, 1e-12);
	assert_string_equal(aft_model->fit[0].key[2], "sex: 2");
	yg_raw_free(a);
	yg_raw_free(b);
	end(w);
}

static void several_distributions_come_in_order_of_aic(void **unused)
{
	(void)unused;
	struct world *w = lung();
	struct yg_raw *r = aft(w, "aft os ~ age with dist=(exponential, lognormal, weibull, spline, gompertz), df=2");
	const struct yg_raw_table *t = find_table(r, "compare");
	assert_int_equal(t->rows, 5);
	yg_assert_near(cell_value(r, "compare", "exponential", "aic"), cell_value(r, "fit", "aic", "value"), 1e-12);
	yg_assert_near(cell_value(r, "compare", "lognormal", "aic"), cell_value(r, "fit.2", "aic", "value"), 1e-12);
	assert_true(cell_value(r, "compare", "weibull", "aic") < cell_value(r, "compare", "exponential", "aic"));
	assert_true(cell_value(r, "compare", "weibull", "delta") >= 0);
	assert_non_null(find_table(r, "estimates.5"));
	/* only the best is drawn */
	assert_null(find_figure(r, "fitted.2"));
	yg_raw_free(r);
	end(w);
}

static void groups_strata_and_robust_errors(void **unused)
{
	(void)unused;
	struct world *w = lung();
	struct yg_raw *by = aft(w, "aft os ~ age by sex with dist=weibull"), *strata = aft(w, "aft os ~ age + sex strata sex with dist=weibull");
	assert_non_null(find_table(by, "estimates.2"));
	assert_true(cell_value(strata, "baseline", "scale, sex: 1", "estimate") > cell_value(strata, "baseline", "scale, sex: 2", "estimate"));
	struct yg_raw *cluster = aft(w, "aft os ~ age + sex cluster inst with dist=weibull");
	yg_assert_near(cell_value(cluster, "estimates", "sex: 2", "se"), 0.11116141924079766, 1e-6);
	assert_true(says(cluster, "robust standard errors: score residuals summed within clusters, no small-sample factor"));
	yg_raw_free(by);
	yg_raw_free(strata);
	yg_raw_free(cluster);
	end(w);
}

static void what_does_not_go_is_refused_by_name(void **unused)
{
	(void)unused;
	struct world *w = lung();
	refused(w, "aft os ~ age with dist=lognormal, metric=ph", "E-AFT-010");
	refused(w, "aft os ~ age with dist=gompertz, metric=aft", "E-AFT-010");
	refused(w, "aft os ~ age with dist=(weibull, weibull)", "E-AFT-013");
	refused(w, "aft os ~ age strata sex with dist=spline", "E-AFT-015");
	refused(w, "aft os ~ age strata sex with dist=exponential", "E-AFT-016");
	refused(w, "aft os ~ age with dist=exponential, sigma=2", "E-AFT-017");
	refused(w, "aft os ~ age where status = 1 with dist=weibull", "E-SUR-033");
	refused(w, "aft os ~ age where time = 310 with dist=lognormal", "E-AFT-021");
	end(w);
}

static void who_had_it_at_time_0_is_left_out_of_the_model(void **unused)
{
	(void)unused;
	struct world *w = seen_at_visits();
	struct yg_raw *r = aft(w, "aft x ~ 1 with dist=exponential");
	yg_assert_near(cell_value(r, "fit", "persons", "value"), 7, 0);
	yg_assert_near(cell_value(r, "fit", "left", "value"), 1, 0);
	yg_assert_near(cell_value(r, "fit", "interval", "value"), 4, 0);
	yg_assert_near(cell_value(r, "fit", "right", "value"), 2, 0);
	assert_true(says(r, "{1} had the event by time 0 already and were left out: the model is of the time of those who had not"));
	/* at the maximum the score of the rate is 0: by hand, sum of d log likelihood / d rate */
	double rate = exp(-cell_value(r, "baseline", "(Intercept)", "estimate")), score = 0;
	const double l[] = { 0, 1, 2, 3, 1 }, u[] = { 2, 3, 4, 6, 2 };
	for (int i = 0; i < 5; i++) {
		double a = exp(-rate * l[i]), b = exp(-rate * u[i]);
		score += (u[i] * b - l[i] * a) / (a - b);
	}
	yg_assert_near(score - 2 - 4, 0, 1e-6);
	yg_raw_free(r);
	end(w);
}

static void turnbull_gives_ranges(void **unused)
{
	(void)unused;
	struct world *w = seen_at_visits();
	struct yg_raw *r = turnbull(w, "km x with method=turnbull, at=(1, 1.5, 2), quantiles=(0.1, 0.5)");
	yg_assert_near(cell_value(r, "groups", "all", "persons"), 8, 0);
	yg_assert_near(cell_value(r, "groups", "all", "events"), 6, 0);
	/* one of eight at time 0; nothing until 1; then somewhere */
	yg_assert_near(cell_value(r, "times", "all@1", "lowest"), 0.875, 1e-9);
	yg_assert_near(cell_value(r, "times", "all@1.5", "highest"), 0.875, 1e-9);
	assert_true(cell_value(r, "times", "all@1.5", "lowest") < 0.8);
	yg_assert_near(cell_value(r, "times", "all@2", "lowest"), cell_value(r, "times", "all@2", "highest"), 1e-9);
	yg_assert_near(cell_value(r, "quantiles", "all 0.1", "to"), 0, 1e-12);
	assert_true(says(r, "no standard errors: Greenwood's formula does not hold for such data"));
	assert_non_null(find_figure(r, "turnbull"));
	yg_raw_free(r);
	struct yg_raw *g = turnbull(w, "km x by g with method=turnbull");
	assert_int_equal(find_table(g, "groups")->rows, 2);
	yg_raw_free(g);
	end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_ratios_and_hazard_ratios), cmocka_unit_test(several_distributions_come_in_order_of_aic),
		cmocka_unit_test(groups_strata_and_robust_errors), cmocka_unit_test(what_does_not_go_is_refused_by_name),
		cmocka_unit_test(who_had_it_at_time_0_is_left_out_of_the_model), cmocka_unit_test(turnbull_gives_ranges),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
