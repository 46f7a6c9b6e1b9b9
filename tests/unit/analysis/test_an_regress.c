/*
 * linear, logit, poisson, glm and compare as a script would ask them, on data sets whose results R has given
 * (tests/oracle/data/glm.tsv), and on small ones where things go wrong.
 */
#include "tests/unit/analysis/model.h"

static void linear_agrees_with_r(void **state)
{
	struct world *w = model_world("birthwt", birthwt_columns);
	struct yg_raw *r = fit(w, "linear bwt ~ age + lwt + factor(race) + smoke + ht + ui");
	(void)state;
	assert_evidence_everywhere(r);
	assert_value(r, "estimates", "(Intercept)", "estimate", 2933.4659301948082, 1e-9);
	assert_value(r, "estimates", "age", "estimate", -4.672612687516466, 1e-9);
	assert_value(r, "estimates", "factor(race): 2", "estimate", -490.63818037036668, 1e-9);
	assert_value(r, "estimates", "factor(race): 3", "se", 113.8558706049472, 1e-9);
	assert_value(r, "estimates", "smoke", "lower", -565.97029457580675, 1e-9);
	assert_value(r, "estimates", "ui", "p", 0.00012911616696218974, 1e-9);
	/* the reference level has a row of its own, and no number */
	assert_true(isnan(cell_value(r, "estimates", "factor(race): 1", "estimate")));
	assert_string_equal(cell_text(r, "estimates", "factor(race): 1", "estimate"), "reference");
	assert_value(r, "terms", "factor(race)", "df", 2, 0);
	assert_value(r, "fit", "r2", "value", 0.24144397306636081, 1e-9);
	assert_value(r, "fit", "f", "value", 8.2301782358908131, 1e-9);
	assert_value(r, "fit", "persons", "value", 189, 0);
	assert_int_equal(r->persons, 189);
	assert_true(says(r, "t distribution"));
	/* who stands behind a level: its 26 persons; behind a number: everybody */
	assert_behind(r, "estimates", "factor(race): 2", "estimate", 26, 0, 189);
	assert_behind(r, "estimates", "age", "estimate", 189, 0, 0);
	yg_raw_free(r);
	world_free(w);
}

static void robust_errors(void **state)
{
	struct world *w = model_world("birthwt", birthwt_columns);
	struct yg_raw *r = fit(w, "linear bwt ~ age + lwt + factor(race) + smoke with se=hc3");
	(void)state;
	assert_value(r, "estimates", "(Intercept)", "se", 346.20486052095589, 1e-9);
	assert_value(r, "estimates", "smoke", "se", 116.13823065514781, 1e-9);
	assert_true(says(r, "HC3"));
	yg_raw_free(r);
	world_free(w);
	/* several rows a person: refused, unless clustered by person */
	w = model_world("respiratory", "center:integer id:integer treat:level[A|P] sex:level[F|M] age:integer baseline:integer visit:integer outcome:integer");
	r = fit(w, "logit outcome ~ treat + baseline + age cluster center, id");
	assert_value(r, "estimates", "treat: P", "estimate", -1.2347588448480411, 1e-7);
	assert_value(r, "estimates", "treat: P", "se", 0.32997065688322735, 1e-7);
	assert_value(r, "estimates", "age", "se", 0.011962672032322801, 1e-7);
	assert_true(says(r, "clusters"));
	yg_raw_free(r);
	world_free(w);
}

static void logit_agrees_with_r(void **state)
{
	struct world *w = model_world("birthwt", birthwt_columns);
	struct yg_raw *r = fit(w, "logit low ~ age + lwt + factor(race) + smoke + ptl + ht + ui");
	(void)state;
	assert_evidence_everywhere(r);
	assert_value(r, "estimates", "factor(race): 2", "estimate", 1.2632193755484118, 1e-7);
	assert_value(r, "estimates", "factor(race): 2", "or", exp(1.2632193755484118), 1e-7);
	assert_value(r, "estimates", "smoke", "ratio_lower", exp(0.9233491572287823 - 1.9599639845400545 * 0.40085831534154515), 1e-7);
	assert_value(r, "coefficients", "lwt", "se", 0.0069279023934750673, 1e-7);
	assert_value(r, "coefficients", "lwt", "upper", -0.015182562862581152 + 1.9599639845400545 * 0.0069279023934750673, 1e-7);
	assert_value(r, "estimates", "ht", "p", 0.0080317968918273298, 1e-6);
	assert_value(r, "fit", "deviance", "value", 201.42695120381219, 1e-9);
	assert_value(r, "fit", "events", "value", 59, 0);
	assert_int_equal(r->events, 59);
	/* ptl is 0 to 3: four values as a straight line */
	assert_true(says(r, "{1}"));
	assert_int_equal(r->models, 1);
	assert_int_equal(r->model[0].n_effective, 59);
	assert_int_equal(r->model[0].parameters, 9);
	yg_raw_free(r);
	/* profile limits: R's interpolation is good to 1e-4 */
	r = fit(w, "logit low ~ lwt + smoke with ci=profile");
	assert_value(r, "coefficients", "(Intercept)", "lower", -0.88316261799781981, 1e-4);
	assert_value(r, "coefficients", "(Intercept)", "upper", 2.2547475495623757, 1e-4);
	yg_raw_free(r);
	world_free(w);
}

static void splines_and_products(void **state)
{
	struct world *w = model_world("birthwt", birthwt_columns);
	struct yg_raw *r = fit(w, "logit low ~ rcs(lwt, 4) + smoke");
	(void)state;
	assert_value(r, "estimates", "rcs(lwt, 4)[2]", "estimate", 0.22799460294119098, 1e-7);
	assert_value(r, "estimates", "rcs(lwt, 4)[3]", "se", 0.56248189754983524, 1e-7);
	assert_value(r, "terms", "rcs(lwt, 4) nonlinear", "statistic", 1.6914185425820334, 1e-7);
	assert_value(r, "terms", "rcs(lwt, 4)", "df", 3, 0);
	assert_true(says(r, "knots of {1}"));
	yg_raw_free(r);
	r = fit(w, "linear bwt ~ per(lwt, 10) + smoke");
	struct yg_raw *one = fit(w, "linear bwt ~ lwt + smoke");
	yg_assert_near(cell_value(r, "estimates", "per(lwt, 10)", "estimate"), 10 * cell_value(one, "estimates", "lwt", "estimate"), 1e-12);
	yg_raw_free(one);
	yg_raw_free(r);
	world_free(w);
	w = model_world("cats", "Sex:level[F|M] Bwt:number Hwt:number");
	r = fit(w, "linear Hwt ~ Bwt * Sex");
	assert_value(r, "estimates", "Sex: M", "estimate", -4.1654003229123653, 1e-9);
	assert_value(r, "estimates", "Bwt x Sex: M", "se", 0.83732554820003502, 1e-9);
	yg_raw_free(r);
	r = fit(w, "linear Hwt ~ Bwt by Sex");
	assert_value(r, "estimates", "Bwt", "estimate", 2.6364140480591467, 1e-9);
	assert_value(r, "estimates.2", "Bwt", "estimate", 2.6364140480591467 + 1.6762646935995753, 1e-9);
	assert_int_equal(yg_glm_model_fits(last_model), 2);
	yg_raw_free(r);
	world_free(w);
}

static void repeats_are_rows(void **state)
{
	struct world *w = model_world("birthwt", birthwt_columns);
	world_run(w, "let times = case(lwt > 120, 2, 1)");
	struct yg_raw *r = fit(w, "logit low ~ age + smoke with freq=times");
	(void)state;
	assert_value(r, "estimates", "age", "estimate", -0.055472560445964457, 1e-7);
	assert_value(r, "estimates", "smoke", "se", 0.26679792149380838, 1e-7);
	assert_value(r, "fit", "deviance", "value", 333.57874176252199, 1e-9);
	yg_raw_free(r);
	world_free(w);
}

static void several_models_and_their_comparison(void **state)
{
	struct world *w = model_world("birthwt", birthwt_columns);
	struct yg_raw *r = fit(w, "logit low ~ age + lwt + smoke, age + lwt + smoke + factor(race)"), *c = NULL;
	const struct yg_glm_model *models[2] = { last_model, NULL };
	const char *names[] = { "m" };
	struct yg_an_compare ask_compare = { .model = models, .name = names, .count = 1 };
	(void)state;
	assert_int_equal(yg_glm_model_fits(last_model), 2);
	assert_int_equal(yg_an_compare(&ask_compare, &c, &w->err), YG_OK);
	/* glm.lrt.birthwt */
	struct yg_raw *small = fit(w, "logit low ~ age + lwt + smoke");
	double d0 = cell_value(small, "fit", "deviance", "value"), d1 = cell_value(r, "fit.2", "deviance", "value");
	yg_assert_near(cell_value(c, "compare", "model2", "statistic"), d0 - d1, 1e-9);
	assert_value(c, "compare", "model2", "df", 2, 0);
	yg_raw_free(c);
	/* different rows are refused: one model leaves out the rows where smoke is 1 */
	struct yg_glm_model *first = last_model;
	last_model = NULL;
	struct yg_raw *other = fit(w, "logit low ~ age + lwt + smoke + ht where age > 20");
	models[0] = first;
	models[1] = last_model;
	ask_compare.count = 2;
	assert_int_equal(yg_an_compare(&ask_compare, &c, &w->err), YG_REFUSED);
	assert_string_equal(w->err.code, "E-CMP-003");
	yg_raw_free(other);
	other = fit(w, "logit low ~ ht + ui + ptl + ftv");
	models[1] = last_model;
	assert_int_equal(yg_an_compare(&ask_compare, &c, &w->err), YG_REFUSED);
	assert_string_equal(w->err.code, "E-CMP-005");
	yg_raw_free(other);
	other = fit(w, "logit low ~ rcs(age, 4) + lwt + smoke");
	models[1] = last_model;
	assert_int_equal(yg_an_compare(&ask_compare, &c, &w->err), YG_OK);
	assert_value(c, "compare", "model2", "df", 2, 0);
	yg_raw_free(c);
	yg_raw_free(other);
	yg_glm_model_free(first);
	yg_raw_free(small);
	yg_raw_free(r);
	world_free(w);
}

static void counts_and_rates(void **state)
{
	struct world *w = model_world("breslow", "age:integer smoke:integer n:integer y:integer ns:integer");
	struct yg_raw *r = fit(w, "poisson y ~ factor(age) + smoke + offset(log(n))");
	(void)state;
	struct yg_raw *g = fit(w, "glm y ~ factor(age) + smoke + offset(log(n)) with family=poisson");
	yg_assert_near(cell_value(r, "estimates", "smoke", "estimate"), 0.35453563725319398, 1e-9);
	yg_assert_near(cell_value(g, "estimates", "smoke", "irr"), exp(0.35453563725319398), 1e-9);
	assert_int_equal(r->events, 731);
	yg_raw_free(g);
	yg_raw_free(r);
	world_free(w);
}

/* ---- what goes wrong, by hand ---- */

static const struct small_table eight[] = {
	{ "people", "id:integer y:integer z:number rx:level[A|B|C] g:integer x:integer same:integer",
	  "1,0,1.0,A,1,0,5\n2,0,2.5,A,2,0,5\n3,1,2.0,A,1,0,5\n4,1,4.5,B,2,1,5\n5,1,4.0,B,1,1,5\n6,1,6.5,B,2,1,5\n7,0,,B,1,0,5\n8,1,7.0,A,3,1,5\n" },
};

static void separation_is_named(void **state)
{
	struct world *w = world_new(eight, 1);
	look_population.table = NULL;
	/* x = 1 only with events, x = 0 with and without: the effect of x runs to infinity */
	struct yg_raw *r = fit(w, "logit y ~ x");
	(void)state;
	assert_true(isnan(cell_value(r, "estimates", "x", "or")));
	assert_string_equal(cell_text(r, "estimates", "x", "estimate"), "no estimate: separates the outcome");
	assert_true(says(r, "separates the outcome"));
	yg_raw_free(r);
	/* a constant column follows from the intercept; C has no rows */
	r = fit(w, "linear z ~ rx + same");
	assert_string_equal(cell_text(r, "estimates", "same", "estimate"), "not estimable: follows from the terms before");
	assert_true(says(r, "follows from the terms before"));
	/* means: A 1, 2.5, 2, 7 = 3.125; B 4.5, 4, 6.5 = 5 */
	assert_value(r, "estimates", "rx: B", "estimate", 1.875, 1e-12);
	assert_value(r, "estimates", "(Intercept)", "estimate", 3.125, 1e-12);
	assert_int_equal(r->dropped, 1);
	yg_raw_free(r);
	world_free(w);
}

static void refusals_name_the_cure(void **state)
{
	struct world *w = world_new(eight, 1);
	(void)state;
	look_population.table = NULL;
	assert_fit_refused(w, "logit z ~ x", "E-REG-014");
	assert_fit_refused(w, "logit rx ~ x", "E-REG-010");
	assert_fit_refused(w, "linear rx ~ x", "E-REG-011");
	assert_fit_refused(w, "logit rx ~ x with event=\"Z\"", "E-REG-012");
	assert_fit_refused(w, "logit y ~ x where x = 1", "E-REG-019");
	assert_fit_refused(w, "linear z ~ x where id > 99", "E-REG-001");
	assert_fit_refused(w, "linear z ~ factor(id)", "E-REG-020");
	assert_fit_refused(w, "linear z ~ fp(x)", "E-FML-007");
	assert_fit_refused(w, "linear z ~ rcs(rx, 4)", "E-FML-012");
	assert_fit_refused(w, "linear z ~ rcs(x, 2)", "E-FML-005");
	assert_fit_refused(w, "linear z ~ factor(rx, ref = \"Q\")", "E-FML-011");
	assert_fit_refused(w, "logit y ~ z with measure=rr", "E-REG-009");
	assert_fit_refused(w, "linear z ~ x with ci=profile", "E-REG-008");
	struct yg_raw *r = fit(w, "logit rx ~ z with event=\"B\"");
	assert_int_equal(r->events, 3);
	yg_raw_free(r);
	r = fit(w, "linear z ~ factor(rx, ref = \"B\")");
	assert_value(r, "estimates", "factor(rx): A", "estimate", -1.875, 1e-12);
	yg_raw_free(r);
	world_free(w);
	static const struct small_table visits[] = {
		{ "subject", "id:integer sex:level[F|M]", "1,F\n2,M\n3,F\n" },
		{ "visit", "id:integer day:integer bp:integer", "1,0,120\n1,30,130\n2,0,140\n2,9,150\n3,1,100\n3,5,111\n" },
	};
	w = world_new(visits, 2);
	look_population.table = NULL;
	assert_fit_refused(w, "linear bp ~ sex", "E-REG-016");
	r = fit(w, "linear bp ~ sex cluster id");
	assert_value(r, "fit", "records", "value", 6, 0);
	assert_value(r, "fit", "persons", "value", 3, 0);
	assert_value(r, "estimates", "sex: M", "estimate", 145 - (120 + 130 + 100 + 111) / 4.0, 1e-12);
	yg_raw_free(r);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(linear_agrees_with_r),
		cmocka_unit_test(robust_errors),
		cmocka_unit_test(logit_agrees_with_r),
		cmocka_unit_test(splines_and_products),
		cmocka_unit_test(repeats_are_rows),
		cmocka_unit_test(several_models_and_their_comparison),
		cmocka_unit_test(counts_and_rates),
		cmocka_unit_test(separation_is_named),
		cmocka_unit_test(refusals_name_the_cure),
	};
	int bad = cmocka_run_group_tests(tests, NULL, NULL);
	yg_glm_model_free(last_model);
	return bad;
}
