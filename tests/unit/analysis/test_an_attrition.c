/* attrition: who leaves at which step, alone, and what each step costs. */
#include "tests/unit/analysis/look.h"
#include "yogo/base/phrase.h"

static const struct small_table people[] = {
	{ "people", "id:integer age:integer rx:level[Obs|Lev] nodes:integer",
	  "1,40,Obs,1\n2,50,Obs,2\n3,60,Obs,\n4,17,Obs,10\n5,44,Lev,3\n6,16,Lev,\n7,64,Lev,5\n8,74,,6\n" },
};

static struct yg_cohort *define(struct world *w, const char *text)
{
	struct yg_cohort *c = NULL;

	world_run(w, text);
	if (yg_cohort_evaluate(&w->scope, w->last, &w->task, &c, &w->err) != YG_OK)
		fail_msg("%s", w->err.text);
	return c;
}

static void in_order_alone_and_without(void **state)
{
	struct world *w = world_new(people, 1);
	struct yg_cohort *c = define(w, "cohort itt: \"Adults, nodes known\"\n  require \"adult\": age >= 18\n"
	                                "  require \"nodes known\": nodes is not missing\n  exclude \"old\": age > 70\nend\n");
	struct yg_raw *r;
	(void)state;

	world_run(w, "attrition itt by rx");
	struct yg_an_attrition ask_for = { .in = { .scope = &w->scope, .by = yg_node_find(w->last, YG_NODE_BY) }, .cohort = c,
		                               .alone = true, .drop_one = true };
	assert_int_equal(yg_an_attrition(&ask_for, &w->task, &r, &w->err), YG_OK);
	assert_evidence_everywhere(r);
	assert_cell(r, "attrition", "all", "persons", 8);
	assert_cell(r, "attrition", "step 1", "persons", 6);
	assert_cell(r, "attrition", "step 1", "lost", 2);
	assert_cell(r, "attrition", "step 2", "persons", 5);
	assert_cell(r, "attrition", "step 2", "lost", 1);
	assert_cell(r, "attrition", "step 2", "alone", 2);
	assert_cell(r, "attrition", "step 3", "persons", 4);
	assert_cell(r, "attrition", "step 3", "drop_one", 1);
	/* 4 is 17 and has nodes; 6 is 16 without: leaving out the age rule brings back one */
	assert_cell(r, "attrition", "step 1", "drop_one", 1);
	assert_cell(r, "attrition", "all", "Obs", 4);
	assert_cell(r, "attrition", "all", "missing", 1);
	assert_cell(r, "attrition", "step 3", "Obs", 2);
	assert_cell(r, "attrition", "step 3", "Lev", 2);
	assert_cell(r, "attrition", "step 3", "missing", 0);
	assert_behind(r, "attrition", "step 1", "lost", 2, 0, 8);
	assert_int_equal(r->persons, 4);
	assert_int_equal(r->dropped, 4);

	const struct yg_raw_figure *f = find_figure(r, "flow");
	assert_int_equal(f->kind, YG_FIGURE_FLOW);
	assert_int_equal(f->series[0].points, 4);
	assert_true(isnan(f->series[0].point[0].p.x) && f->series[0].point[0].p.y == 8);
	assert_true(f->series[0].point[1].p.x == 2 && f->series[0].point[1].p.y == 6);
	assert_string_equal(yg_phrase_shown(f->series[0].point[1].p.label), "adult");
	assert_true(says(r, "require drops"));
	assert_true(says(r, "exclude keeps"));
	yg_raw_free(r);
	yg_cohort_free(c);
	world_free(w);
}

static void everybody_stays(void **state)
{
	struct world *w = world_new(people, 1);
	struct yg_cohort *c = define(w, "cohort all:\n  require age >= 0\nend\n");
	struct yg_an_attrition ask_for = { .in = { .scope = &w->scope }, .cohort = c, .no_table = true };
	struct yg_raw *r;
	(void)state;

	assert_int_equal(yg_an_attrition(&ask_for, NULL, &r, &w->err), YG_OK);
	assert_string_equal(r->verb, "flow");
	assert_null(find_table(r, "attrition"));
	assert_true(find_figure(r, "flow")->series[0].point[1].p.x == 0);
	yg_raw_free(r);
	yg_cohort_free(c);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order_alone_and_without),
		cmocka_unit_test(everybody_stays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
