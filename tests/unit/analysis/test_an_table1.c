/* The baseline table of ten people, worked by hand. */
#include "tests/unit/analysis/look.h"

static const struct small_table people[] = {
	{ "people", "id:integer age:integer:years sex:integer{0=Female|1=Male} rx:level[Obs|Lev] nodes:integer obstruct:integer w:number seen:date",
	  "1,40,0,Obs,1,0,1,2020-01-01\n2,50,1,Obs,2,1,2,2020-01-02\n3,60,1,Obs,,0,1,2020-01-03\n4,70,0,Obs,10,0,2,2020-01-04\n"
	  "5,44,1,Lev,3,1,1,2020-01-05\n6,54,1,Lev,4,1,1,\n7,64,0,Lev,5,,1,\n8,74,1,Lev,6,0,1,\n9,58,,Lev,,1,1,\n10,61,1,,2,0,1,\n" },
};
/* two answers a person */
static const struct small_table visits[] = {
	{ "subject", "id:integer sex:level[F|M]", "1,F\n2,M\n" },
	{ "visit", "id:integer day:integer bp:integer", "1,0,120\n1,30,130\n2,0,140\n" },
};

static void by_hand(void **state)
{
	struct world *w = world_new(people, 1);
	struct yg_raw *r = ask(w, "table1 age, sex, nodes, obstruct by rx with overall, smd, median=(nodes)");
	(void)state;

	assert_evidence_everywhere(r);
	assert_cell(r, "table1", "n", "Obs", 4);
	assert_cell(r, "table1", "n", "Lev", 5);
	assert_cell(r, "table1", "n", "overall", 9);
	/* ages 40 50 60 70 and 44 54 64 74 58 */
	assert_cell(r, "table1", "age", "Obs", 55);
	assert_cell(r, "table1", "age", "Obs spread", sqrt(500.0 / 3));
	assert_cell(r, "table1", "age", "Lev", 58.8);
	assert_cell(r, "table1", "age", "Lev spread", sqrt(125.2));
	assert_cell(r, "table1", "age", "smd", 3.8 / sqrt((125.2 + 500.0 / 3) / 2));
	assert_cell(r, "table1", "age", "overall", (4 * 55 + 5 * 58.8) / 9);
	assert_behind(r, "table1", "age", "Lev", 5, 0, 0);
	/* nodes 1 2 10 and 3 4 5 6, one missing in each group */
	assert_cell(r, "table1", "nodes", "Obs", 2);
	assert_cell(r, "table1", "nodes", "Obs spread", 1.5);
	assert_cell(r, "table1", "nodes", "Obs upper", 6);
	assert_cell(r, "table1", "nodes", "Lev", 4.5);
	assert_cell(r, "table1", "nodes", "Lev spread", 3.75);
	assert_cell(r, "table1", "nodes", "Lev upper", 5.25);
	assert_cell(r, "table1", "nodes: missing", "Obs", 1);
	assert_cell(r, "table1", "nodes: missing", "Obs spread", 0.25);
	assert_cell(r, "table1", "nodes: missing", "overall", 2);
	/* a 0/1 column takes one row; known in 4 of 5 under Lev */
	assert_cell(r, "table1", "obstruct", "Obs", 1);
	assert_cell(r, "table1", "obstruct", "Obs spread", 0.25);
	assert_cell(r, "table1", "obstruct", "Lev", 3);
	assert_cell(r, "table1", "obstruct", "Lev spread", 0.75);
	assert_behind(r, "table1", "obstruct", "Lev spread", 3, 0, 4);
	assert_cell(r, "table1", "obstruct", "smd", 0.5 / sqrt(0.25 * 0.75));
	/* labels of the manifest, in the order of their codes */
	assert_cell(r, "table1", "sex: Female", "Obs", 2);
	assert_cell(r, "table1", "sex: Male", "Lev", 3);
	assert_cell(r, "table1", "sex: Male", "Lev spread", 0.75);
	assert_cell(r, "table1", "sex: missing", "Lev", 1);
	assert_true(says(r, "SMD"));
	assert_true(says(r, "left out"));         /* the person without rx */
	assert_int_equal(r->persons, 9);
	assert_int_equal(r->dropped, 1);
	yg_raw_free(r);
	world_free(w);
}

static void without_groups(void **state)
{
	struct world *w = world_new(people, 1);
	struct yg_raw *r = ask(w, "table1 age, sex");
	(void)state;

	assert_cell(r, "table1", "n", "overall", 10);
	assert_cell(r, "table1", "age", "overall", 57.5);
	assert_cell(r, "table1", "sex: Male", "overall", 6);
	assert_cell(r, "table1", "sex: Male", "overall spread", 6.0 / 9);
	assert_ask_refused(w, "table1 age with smd", "E-DESC-012");
	yg_raw_free(r);
	world_free(w);
}

static void tests_are_named_row_by_row(void **state)
{
	struct world *w = world_new(people, 1);
	struct yg_raw *r = ask(w, "table1 age, nodes, sex by rx with median=(nodes), test=auto");
	(void)state;

	assert_string_equal(cell_text(r, "table1", "age", "test"), "Welch t");
	assert_string_equal(cell_text(r, "table1", "nodes", "test"), "Wilcoxon");
	assert_string_equal(cell_text(r, "table1", "sex", "test"), "Fisher exact");   /* expected counts below 5 */
	/* 2 2 / 1 3: tables with as few or fewer women of 3 among 8: p = 1 */
	assert_cell(r, "table1", "sex", "p", 1);
	/* from the values now, not from how often each occurs: the same numbers */
	assert_cell(r, "table1", "age", "Lev", 58.8);
	assert_cell(r, "table1", "age", "Obs spread", sqrt(500.0 / 3));
	assert_cell(r, "table1", "nodes", "Lev spread", 3.75);
	yg_raw_free(r);
	r = ask(w, "table1 age, sex by rx with test=anova");
	assert_string_equal(cell_text(r, "table1", "age", "test"), "ANOVA");
	yg_raw_free(r);
	r = ask(w, "table1 age, sex by rx with test=chisq");
	assert_string_equal(cell_text(r, "table1", "sex", "test"), "chi-squared");
	yg_raw_free(r);
	world_free(w);
}

static void missing_as_a_level_or_dropped(void **state)
{
	struct world *w = world_new(people, 1);
	struct yg_raw *r = ask(w, "table1 sex by rx with missing=level");
	(void)state;

	assert_cell(r, "table1", "sex: missing", "Lev", 1);
	assert_cell(r, "table1", "sex: Male", "Lev spread", 0.6);
	yg_raw_free(r);
	r = ask(w, "table1 nodes by rx with missing=drop");
	assert_int_equal(find_table(r, "table1")->rows, 2);
	assert_true(says(r, "variable by variable"));
	yg_raw_free(r);
	world_free(w);
}

static void weights(void **state)
{
	struct world *w = world_new(people, 1);
	struct yg_raw *r = ask(w, "table1 age, obstruct by rx with smd, weight=w");
	(void)state;

	/* Obs: weights 1 2 1 2 on 40 50 60 70: mean 340 / 6; counts stay counts */
	assert_cell(r, "table1", "n", "Obs", 4);
	assert_cell(r, "table1", "weight", "Obs", 6);
	assert_cell(r, "table1", "ess", "Obs", 36.0 / 10);
	assert_cell(r, "table1", "age", "Obs", 340.0 / 6);
	assert_cell(r, "table1", "obstruct", "Obs", 1);
	assert_cell(r, "table1", "obstruct", "Obs spread", 2.0 / 6);
	assert_true(says(r, "sampling weights"));
	assert_ask_refused(w, "table1 age by rx with weight=w, test=auto", "E-DESC-013");
	yg_raw_free(r);
	world_free(w);
}

static void a_population_with_arms_and_weights(void **state)
{
	struct world *w = world_new(people, 1);
	double weight[10] = { 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, NAN, NAN };
	int8_t arm[10] = { 1, 1, 1, 1, 0, 0, 0, 0, -1, -1 };
	uint64_t member = 0xff;
	(void)state;

	look_population = (struct yg_population){ .name = "w1", .sentence = "w1: weighted", .table = w->scope.table, .member = &member,
		                                      .persons = 8, .weight = weight, .weight_kind = "inverse probability",
		                                      .estimand = "att", .arm = arm, .arm_label = { "control", "treated" } };
	struct yg_raw *r = ask(w, "table1 age, nodes by arm with smd, median=(nodes)");
	assert_cell(r, "table1", "n", "treated", 4);
	assert_cell(r, "table1", "weight", "control", 2);
	assert_cell(r, "table1", "ess", "control", 4);
	assert_cell(r, "table1", "age", "treated", 55);
	assert_cell(r, "table1", "age", "control", 59);
	/* treated minus control */
	assert_true(cell_value(r, "table1", "age", "smd") < 0);
	assert_true(says(r, "estimand"));
	yg_raw_free(r);
	look_population.table = NULL;
	world_free(w);
}

static void nobody_and_nonsense(void **state)
{
	struct world *w = world_new(people, 1), *v;
	(void)state;

	assert_ask_refused(w, "table1 age by rx where age > 200", "E-DESC-005");
	assert_ask_refused(w, "table1 seen by rx", "E-DESC-001");
	assert_ask_refused(w, "table1 sex by rx with median=(sex)", "E-DESC-014");
	world_free(w);
	look_population.table = NULL;
	v = world_new(visits, 2);
	/* the sex of two persons, not of three rows; blood pressure varies within the person */
	struct yg_raw *r = ask(v, "table1 sex");
	assert_cell(r, "table1", "n", "overall", 2);
	yg_raw_free(r);
	struct yg_raw *unwanted;
	assert_int_equal(ask_try(v, "table1 bp", &unwanted), YG_REFUSED);
	r = ask(v, "table1 bp where day = 0");
	assert_cell(r, "table1", "bp", "overall", 130);
	yg_raw_free(r);
	world_free(v);
	look_population.table = NULL;
}

static void combinations_and_one_after_another(void **state)
{
	struct world *w = world_new(people, 1);
	struct yg_raw *r = ask(w, "table1 age by rx:sex");
	(void)state;

	assert_cell(r, "table1", "n", "Obs, Female", 2);
	assert_cell(r, "table1", "age", "Lev, Male", (44 + 54 + 74) / 3.0);
	yg_raw_free(r);
	r = ask(w, "table1 age by rx, sex");
	assert_cell(r, "table1", "n", "Obs", 4);
	assert_cell(r, "table1.2", "n", "Male", 6);
	yg_raw_free(r);
	world_free(w);
	look_population.table = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_hand),
		cmocka_unit_test(without_groups),
		cmocka_unit_test(tests_are_named_row_by_row),
		cmocka_unit_test(missing_as_a_level_or_dropped),
		cmocka_unit_test(weights),
		cmocka_unit_test(combinations_and_one_after_another),
		cmocka_unit_test(a_population_with_arms_and_weights),
		cmocka_unit_test(nobody_and_nonsense),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
