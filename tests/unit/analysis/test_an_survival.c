/* followup, km, logrank and cox as a clinician writes them, against R's numbers for the same data. */
#include "tests/unit/analysis/follow.h"

static const char *const lung_columns = "inst:integer time:integer status:integer age:integer sex:integer ph.ecog:integer "
	"ph.karno:integer pat.karno:integer meal.cal:integer wt.loss:integer";
static const char *const veteran_columns = "trt:integer celltype:level time:integer status:integer karno:integer "
	"diagtime:integer age:integer prior:integer";
static const char *const os = "endpoint os: \"Death\"\n time time in days\n event \"death\": status = 2\n unit months\nend";
static const char *const days = "endpoint os: \"Death\"\n time time in days\n event \"death\": status = 2\nend";
static const char *const vet = "endpoint os: \"Death\"\n time time in days\n event \"death\": status = 1\nend";

static struct world *begin(const char *data, const char *columns, const char *endpoint)
{
	follow_reset();
	struct world *w = model_world(data, columns);
	if (endpoint)
		follow_endpoint(w, endpoint);
	return w;
}

static void end(struct world *w)
{
	follow_reset();
	world_free(w);
}

static void an_endpoint_is_checked_when_defined(void **unused)
{
	(void)unused;
	struct world *w = begin("lung", lung_columns, days);
	struct yg_raw *r;
	assert_int_equal(yg_an_endpoint_check(follow_known[0], &r, NULL), YG_OK);
	assert_cell(r, "check", "rows", "value", 228);
	assert_cell(r, "check", "persons", "value", 228);
	assert_cell(r, "events", "death", "count", 165);
	assert_cell(r, "check", "time", "value", 69593);
	assert_evidence_everywhere(r);
	yg_raw_free(r);
	end(w);
}

static void follow_up_is_the_reverse_curve(void **unused)
{
	(void)unused;
	/* R: survfit(Surv(time, status == 1) ~ sex, lung): medians 840 and 529 */
	struct world *w = begin("lung", lung_columns, days);
	struct yg_raw *r = follow(w, "followup os by sex");
	assert_cell(r, "followup", "1", "persons", 138);
	assert_cell(r, "followup", "2", "events", 53);
	assert_cell(r, "followup", "1", "median", 840);
	assert_cell(r, "followup", "2", "median", 529);
	assert_true(says(r, "reverse Kaplan-Meier"));
	assert_evidence_everywhere(r);
	yg_raw_free(r);
	end(w);
}

static void curves_come_with_medians_times_and_conventions(void **unused)
{
	(void)unused;
	struct world *w = begin("lung", lung_columns, days);
	struct yg_raw *r = follow(w, "km os by sex with at=(365, 2000), quantiles=(0.25, 0.5)");
	/* km.lung.sex of the reference results */
	assert_cell(r, "quantiles", "1 0.5", "estimate", 270);
	assert_cell(r, "quantiles", "2 0.5", "estimate", 426);
	assert_cell(r, "quantiles", "2 0.5", "lower", 348);
	assert_cell(r, "quantiles", "1 0.25", "upper", 177);
	assert_cell(r, "groups", "1", "events", 112);
	assert_behind(r, "groups", "1", "events", 138, 112, 138);
	assert_value(r, "times", "1@365", "estimate", 0.3360878, 1e-6);
	assert_cell(r, "times", "1@365", "at_risk", 35);
	assert_string_equal(cell_text(r, "times", "1@2000", "estimate"), "not estimated: after the last time observed");
	const struct yg_raw_figure *f = find_figure(r, "km");
	assert_non_null(f);
	assert_int_equal(f->series_count, 2);
	assert_true(says(r, "Greenwood") && says(r, "intervals, symmetric on the {2} scale") && says(r, "{1}: {2} events"));
	assert_true(find_table(r, "curve")->detail);
	yg_raw_free(r);
	r = follow(w, "km os by sex with at=2000, beyond=carry, ci=loglog, qrule=first");
	assert_true(isfinite(cell_value(r, "times", "1@2000", "estimate")));
	yg_raw_free(r);
	end(w);
}

static void times_are_shown_in_the_unit_asked_for(void **unused)
{
	(void)unused;
	struct world *w = begin("lung", lung_columns, os);
	struct yg_raw *r = follow(w, "km os with at=(12m, 1y)");
	assert_value(r, "quantiles", "all", "estimate", 310 / 30.4375, 1e-12);
	assert_true(isfinite(cell_value(r, "times", "all@12", "estimate")));
	assert_true(says(r, "times in {1}: {2} over {3}"));
	yg_raw_free(r);
	end(w);
}

static void by_twice_is_one_after_another_and_crossed_is_combined(void **unused)
{
	(void)unused;
	struct world *w = begin("veteran", veteran_columns, vet);
	struct yg_raw *r = follow(w, "km os by trt, celltype");
	assert_int_equal(find_table(r, "groups")->rows, 2);
	assert_int_equal(find_table(r, "groups.2")->rows, 4);
	assert_cell(r, "quantiles.2", "smallcell", "estimate", 51);
	yg_raw_free(r);
	r = follow(w, "km os by trt:prior");
	assert_int_equal(find_table(r, "groups")->rows, 4);
	assert_cell(r, "groups", "1, 0", "persons", 48);
	yg_raw_free(r);
	end(w);
}

static void groups_are_tested_and_compared_in_pairs(void **unused)
{
	(void)unused;
	struct world *w = begin("veteran", veteran_columns, vet);
	struct yg_raw *r = follow(w, "logrank os by celltype with pairwise, padjust=holm, trend");
	assert_value(r, "tests", "logrank", "statistic", 25.403700345785396, 1e-9);
	assert_cell(r, "tests", "logrank", "df", 3);
	assert_value(r, "groups", "adeno", "expected", 15.693764614360491, 1e-9);
	assert_true(isfinite(cell_value(r, "tests", "trend", "p")));
	assert_int_equal(find_table(r, "pairwise")->rows, 6);
	assert_true(cell_value(r, "pairwise", "adeno vs large",
	                       "p_adjusted") >= cell_value(r, "pairwise", "adeno vs large", "p"));
	assert_evidence_everywhere(r);
	yg_raw_free(r);
	r = follow(w, "logrank os by trt strata celltype with rho=1");
	assert_int_equal(find_table(r, "tests")->rows, 1);
	assert_true(says(r, "Fleming-Harrington weights"));
	yg_raw_free(r);
	assert_follow_refused(w, "logrank os", "E-SUR-025");
	assert_follow_refused(w, "logrank os by trt where trt = 1", "E-SUR-024");
	assert_follow_refused(w, "logrank os by trt with method=gehan, rho=1", "E-SUR-021");
	end(w);
}

static void a_model_gives_hazard_ratios_with_their_references(void **unused)
{
	(void)unused;
	struct world *w = begin("veteran", veteran_columns, vet);
	struct yg_raw *r = follow(w, "cox os ~ trt + celltype + karno + diagtime + age + prior");
	assert_value(r, "estimates", "karno", "estimate", -0.032815326194, 1e-7);
	assert_value(r, "estimates", "karno", "hr", exp(-0.032815326194), 1e-7);
	assert_true(isfinite(cell_value(r, "estimates", "celltype: large", "p")));
	assert_string_equal(cell_text(r, "estimates", "celltype: adeno", "estimate"), "reference");
	assert_cell(r, "fit", "events", "value", 128);
	assert_cell(r, "fit", "parameters", "value", 8);
	assert_value(r, "fit", "lr", "value", 62.10388641, 1e-7);
	assert_value(r, "fit", "concordance", "value", 0.7360290777, 1e-8);
	assert_cell(r, "terms", "celltype", "df", 3);
	assert_true(says(r, "ties: Efron") && says(r, "inverse information"));
	assert_behind(r, "estimates", "celltype: large", "hr", 27, 26, 137);
	assert_behind(r, "estimates", "karno", "hr", 137, 128, 0);
	assert_evidence_everywhere(r);
	yg_raw_free(r);
	end(w);
}

static void robust_strata_and_intervals_are_as_asked(void **unused)
{
	(void)unused;
	struct world *w = begin("lung", lung_columns, days);
	/* cox.lung.cluster.efron, cox.lung.strata.efron of the reference results */
	struct yg_raw *r = follow(w, "cox os ~ age + sex cluster inst");
	assert_true(says(r, "summed within clusters") && says(r, "{1} persons left out: {2}"));
	assert_true(isnan(cell_value(r, "fit", "wald", "value")) == false && !says(r, "inverse information"));
	yg_raw_free(r);
	r = follow(w, "cox os ~ age + ph.karno strata sex with ties=breslow");
	assert_true(says(r, "ties: Breslow") && says(r, "strata: {1}"));
	yg_raw_free(r);
	r = follow(w, "cox os ~ age with ci=profile");
	double wald = cell_value(r, "coefficients", "age", "estimate") - 1.959964 * cell_value(r, "coefficients", "age", "se");
	yg_assert_near(cell_value(r, "coefficients", "age", "lower"), wald, 1e-3);
	assert_true(says(r, "profile likelihood"));
	yg_raw_free(r);
	r = follow(w, "cox os ~ age + sex with ties=discrete");
	assert_true(says(r, "discrete"));
	yg_raw_free(r);
	assert_follow_refused(w, "cox os ~ age cluster inst with ci=profile", "E-SUR-031");
	assert_follow_refused(w, "cox os ~ age where status = 1", "E-SUR-033");
	assert_follow_refused(w, "cox os ~ age with interaction", "E-SUR-032");
	end(w);
}

static void weights_ask_for_the_robust_variance(void **unused)
{
	(void)unused;
	/* R: coxph(..., weights = ph.karno, robust = TRUE), survfit(..., weights = ph.karno, robust = TRUE) */
	struct world *w = begin("lung", lung_columns, days);
	struct yg_raw *r = follow(w, "cox os ~ age + sex with weight=ph.karno");
	assert_value(r, "estimates", "sex", "estimate", -0.5315729434032, 1e-8);
	assert_value(r, "estimates", "sex", "se", 0.16401580531828, 1e-8);
	assert_true(says(r, "sandwich of score residuals"));
	yg_raw_free(r);
	r = follow(w, "km os by sex with weight=ph.karno, at=365");
	assert_value(r, "times", "2@365", "estimate", 0.5503864397, 1e-9);
	assert_value(r, "times", "2@365", "se", 0.05995249737, 1e-9);
	assert_true(says(r, "infinitesimal jackknife (robust)"));
	yg_raw_free(r);
	/* freq counts repeats: Greenwood with sums */
	r = follow(w, "km os with freq=ph.karno, at=365");
	assert_value(r, "times", "all@365", "se", 0.004007532729, 1e-9);
	yg_raw_free(r);
	end(w);
}

static void several_models_endpoints_and_levels_follow_each_other(void **unused)
{
	(void)unused;
	struct world *w = begin("lung", lung_columns, days);
	struct yg_raw *r = follow(w, "cox os ~ age, age + sex");
	assert_non_null(find_table(r, "estimates.2"));
	assert_int_equal(yg_cox_model_fits(follow_model), 2);
	yg_raw_free(r);
	r = follow(w, "cox os ~ age by sex");
	assert_non_null(find_table(r, "estimates.2"));
	assert_null(find_table(r, "estimates.3"));
	yg_raw_free(r);
	end(w);
}

static void subgroups_come_with_the_overall_and_a_test(void **unused)
{
	(void)unused;
	struct world *w = begin("veteran", veteran_columns, vet);
	struct yg_raw *r = follow(w, "cox os ~ trt by prior, celltype with interaction");
	assert_int_equal(find_table(r, "subgroups")->rows, 6);
	assert_true(isfinite(cell_value(r, "subgroups", "prior: 0 / trt", "hr")));
	assert_cell(r, "interaction", "celltype x trt", "df", 3);
	/* R: anova(coxph(Surv(time, status) ~ trt + prior), coxph(~ trt * prior)) with prior as a factor */
	assert_value(r, "interaction", "prior x trt", "statistic", 2.9232, 1e-4);
	assert_value(r, "interaction", "prior x trt", "p", 0.087315, 1e-5);
	assert_int_equal(yg_cox_model_fits(follow_model), 7);
	yg_raw_free(r);
	const struct yg_cox_model *models[] = { follow_model };
	const char *names[] = { "sub" };
	struct yg_an_forest f = { models, names, 1, NULL, NULL, NULL };
	assert_int_equal(yg_an_forest(&f, &r, &w->err), YG_OK);
	assert_int_equal(find_table(r, "forest")->rows, 7);
	assert_true(isfinite(cell_value(r, "forest", "celltype: large", "estimate")));
	const struct yg_raw_figure *g = find_figure(r, "forest");
	assert_int_equal(g->series[0].points, 9); /* two headings */
	yg_raw_free(r);
	f.term = "age";
	assert_int_equal(yg_an_forest(&f, &r, &w->err), YG_ESYNTAX);
	assert_string_equal(w->err.code, "E-SUR-050");
	end(w);
}

static void proportional_hazards_are_tested_by_term(void **unused)
{
	(void)unused;
	struct world *w = begin("veteran", veteran_columns, vet);
	struct yg_raw *r = follow(w, "cox os ~ trt + karno + celltype");
	yg_raw_free(r);
	const struct yg_cox_model *models[] = { follow_model };
	const char *names[] = { "m" };
	struct yg_an_phtest p = { models, names, 1, "km", false };
	assert_int_equal(yg_an_phtest(&p, &w->task, &r, &w->err), YG_OK);
	/* zph.veteran.km.efron of the reference results */
	assert_value(r, "phtest", "trt", "statistic", 0.2063074120644314, 1e-6);
	assert_cell(r, "phtest", "celltype", "df", 3);
	assert_cell(r, "phtest", "GLOBAL", "df", 5);
	yg_raw_free(r);
	p.transform = "square";
	assert_int_equal(yg_an_phtest(&p, &w->task, &r, &w->err), YG_ESYNTAX);
	end(w);
}

static void nested_models_are_compared_on_the_same_rows(void **unused)
{
	(void)unused;
	struct world *w = begin("veteran", veteran_columns, vet);
	struct yg_raw *r = follow(w, "cox os ~ karno + age");
	yg_raw_free(r);
	r = follow(w, "cox os ~ karno + age + celltype");
	yg_raw_free(r);
	const struct yg_cox_model *models[] = { follow_model, follow_older };
	const char *names[] = { "big", "small" };
	struct yg_an_cox_compare c = { models, names, 2 };
	assert_int_equal(yg_an_cox_compare(&c, &r, &w->err), YG_OK);
	assert_value(r, "compare", "big", "statistic", 17.709624236885475, 1e-7);
	assert_cell(r, "compare", "big", "df", 3);
	yg_raw_free(r);
	r = follow(w, "cox os ~ age + prior where karno > 20");
	yg_raw_free(r);
	models[0] = follow_model;
	models[1] = follow_older;
	assert_int_equal(yg_an_cox_compare(&c, &r, &w->err), YG_REFUSED);
	assert_string_equal(w->err.code, "E-CMP-003");
	end(w);
}

static void a_level_without_events_is_named_not_printed(void **unused)
{
	(void)unused;
	struct small_table t = { "t", "time:integer dead:integer g:integer",
		                 "1,1,0\n2,1,0\n3,0,1\n4,1,0\n5,0,1\n6,1,0\n7,0,0\n8,0,1\n9,1,0\n10,0,1\n" };
	follow_reset();
	struct world *w = world_new(&t, 1);
	look_population.table = NULL;
	follow_endpoint(w, "endpoint os: \"Death\"\n time time in days\n event \"death\": dead = 1\nend");
	struct yg_raw *r = follow(w, "cox os ~ factor(g)");
	assert_string_equal(cell_text(r, "estimates", "factor(g): 1", "estimate"), "no estimate: runs to infinity");
	assert_true(says(r, "monotone likelihood") && says(r, "fewer than 10 each"));
	yg_raw_free(r);
	r = follow(w, "cox os ~ time by g");
	assert_true(says(r, "has no events; no model was fitted there"));
	yg_raw_free(r);
	end(w);
}

static void competing_events_are_named(void **unused)
{
	(void)unused;
	struct world *w = begin("mgus2", "id:integer age:integer sex:level dxyr:integer hgb:number creat:number mspike:number "
	                        "ptime:integer pstat:integer futime:integer death:integer",
	                        "endpoint pcm: \"Plasma cell malignancy\"\n time ptime in months\n event \"PCM\": pstat = 1\n"
	                        " compete \"death\": death = 1\nend");
	struct yg_raw *r = follow(w, "km pcm by sex");
	assert_true(says(r, "competing events were censored"));
	yg_raw_free(r);
	r = follow(w, "cox pcm ~ age + sex");
	assert_true(says(r, "cause-specific hazard of {1}"));
	assert_cell(r, "fit", "events", "value", 115);
	yg_raw_free(r);
	r = follow(w, "cox pcm ~ age + sex with cause=\"death\"");
	assert_true(cell_value(r, "fit", "events", "value") > 800);
	yg_raw_free(r);
	assert_follow_refused(w, "cox pcm ~ age with cause=\"relapse\"", "E-SUR-004");
	end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_endpoint_is_checked_when_defined),
		cmocka_unit_test(follow_up_is_the_reverse_curve),
		cmocka_unit_test(curves_come_with_medians_times_and_conventions),
		cmocka_unit_test(times_are_shown_in_the_unit_asked_for),
		cmocka_unit_test(by_twice_is_one_after_another_and_crossed_is_combined),
		cmocka_unit_test(groups_are_tested_and_compared_in_pairs),
		cmocka_unit_test(a_model_gives_hazard_ratios_with_their_references),
		cmocka_unit_test(robust_strata_and_intervals_are_as_asked),
		cmocka_unit_test(weights_ask_for_the_robust_variance),
		cmocka_unit_test(several_models_endpoints_and_levels_follow_each_other),
		cmocka_unit_test(subgroups_come_with_the_overall_and_a_test),
		cmocka_unit_test(proportional_hazards_are_tested_by_term),
		cmocka_unit_test(nested_models_are_compared_on_the_same_rows),
		cmocka_unit_test(a_level_without_events_is_named_not_printed),
		cmocka_unit_test(competing_events_are_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
