/* Cohorts: attrition in order, alone and without one; the unknown; several rows a person. */
#include "tests/unit/expr/small.h"

#include "yogo/cohort/steps.h"

/* Eight persons, one row each. */
static const struct small_table plain[] = { {
	"pts", "pid:integer age:integer egfr:number node:integer",
	"1,40,90,1\n2,70,,2\n3,17,60,3\n4,55,20,\n5,80,29,4\n6,30,100,5\n7,,45,6\n8,65,10,7\n" } };

/* Two rows a person, as colon has; person 4 has none. */
static const struct small_table two[] = {
	{ "subject", "id:integer nodes:integer", "1,5\n2,\n3,2\n4,9\n" },
	{ "colon", "id:integer etype:integer time:integer:days differ:integer",
	  "1,1,968,2\n1,2,1521,2\n2,1,3087,1\n2,2,3087,1\n3,1,542,3\n3,2,963,2\n" } };

static struct yg_cohort *cohort(struct world *w, const char *text)
{
	struct yg_cohort *c = NULL;
	world_run(w, text);
	if (yg_cohort_evaluate(&w->scope, w->last, &w->task, &c, &w->err) != YG_OK)
		fail_msg("%s: %s", text, w->err.text);
	return c;
}

static void expect(struct world *w, const char *text, const char *code)
{
	struct yg_cohort *c = NULL;
	world_run(w, text);
	assert_int_not_equal(yg_cohort_evaluate(&w->scope, w->last, &w->task, &c, &w->err), YG_OK);
	assert_string_equal(w->err.code, code);
	assert_null(c);
}

/*
 * age >= 18: passes 1 2 4 5 6 8; 3 fails, 7 unknown and so lost.        8 -> 6
 * exclude egfr < 30: loses 4 5 8 (of all: 4 5 8); 2 unknown and kept.    6 -> 3
 * node in 1..2: passes 1 2; of those left 6 fails.                       3 -> 2
 * Alone: 2, 3, 5 lost (node: 3 4(unknown) 5 6 7 8 = 6 lost).
 * Without step 1: the others pass 1 2 -> 2, gain 0.  Without 2: 1 2 -> 0.  Without 3: 1 2 6 -> gain 1.
 */
static void attrition(void **state)
{
	struct world *w = world_new(plain, 1);
	struct yg_cohort *c = cohort(w, "cohort itt: \"Adults\"\n require \"adult\": age >= 18\n exclude egfr < 30\n require node in [1, 2]\nend");
	(void)state;
	assert_string_equal(c->name, "itt");
	assert_string_equal(c->label, "Adults");
	assert_int_equal(c->persons_total, 8);
	assert_int_equal(c->persons, 2);
	assert_int_equal(c->member[0], 3);
	assert_int_equal(c->steps, 3);
	const struct yg_step *s = c->step;
	assert_string_equal(s[0].label, "adult");
	assert_string_equal(s[0].rule, "require age >= 18");
	assert_string_equal(s[1].label, "egfr < 30");
	assert_string_equal(s[1].rule, "exclude egfr < 30");
	assert_true(s[0].is_require);
	assert_false(s[1].is_require);
	static const uint64_t want[3][6] = { { 8, 6, 2, 1, 2, 0 }, { 6, 3, 3, 1, 3, 0 }, { 3, 2, 1, 0, 6, 1 } };
	for (int i = 0; i < 3; i++) {
		assert_int_equal(s[i].persons_before, want[i][0]);
		assert_int_equal(s[i].persons_left, want[i][1]);
		assert_int_equal(s[i].lost, want[i][2]);
		assert_int_equal(s[i].unknown, want[i][3]);
		assert_int_equal(s[i].alone_lost, want[i][4]);
		assert_int_equal(s[i].drop_one_gain, want[i][5]);
	}
	yg_cohort_free(c);
	world_free(w);
}

static void a_cohort_without_rules_is_everybody(void **state)
{
	struct world *w = world_new(plain, 1);
	struct yg_cohort *c = cohort(w, "cohort all: \"Everybody\"; end");
	(void)state;
	assert_int_equal(c->persons, 8);
	assert_int_equal(c->member[0], 255);
	yg_cohort_free(c);
	world_free(w);
}

/* Rules on the subject's columns count persons, also those without rows; row columns must agree. */
static void persons_not_rows(void **state)
{
	struct world *w = world_new(two, 2);
	struct yg_cohort *c = cohort(w, "cohort itt: \"x\"; require \"nodes\": nodes is not missing; end");
	(void)state;
	assert_int_equal(c->persons_total, 4);
	assert_int_equal(c->persons, 3);
	assert_int_equal(c->member[0], 13);
	yg_cohort_free(c);
	world_run(w, "let dead = max(time) where etype = 2 by id");
	c = cohort(w, "cohort late: \"x\"; require dead > 1000; end");
	assert_int_equal(c->member[0], 3);
	assert_int_equal(c->step[0].unknown, 1);
	yg_cohort_free(c);
	world_free(w);
}

static void what_varies_is_refused(void **state)
{
	struct world *w = world_new(two, 2);
	(void)state;
	expect(w, "cohort d: \"x\"; require differ >= 3; end", "E-COH-002");
	assert_int_equal(w->err.status, YG_REFUSED);
	assert_non_null(strstr(w->err.text, "differ"));
	assert_non_null(strstr(w->err.text, "1 persons"));
	assert_non_null(strstr(w->err.hint, "where"));
	expect(w, "cohort d: \"x\"; require time > 600; end", "E-COH-002");
	/* A row condition that is the same on all rows of each person is fine; person 4 has no rows: unknown. */
	struct yg_cohort *c = cohort(w, "cohort d: \"x\"; exclude time > 100; end");
	assert_int_equal(c->member[0], 8);
	assert_int_equal(c->step[0].unknown, 1);
	yg_cohort_free(c);
	world_free(w);
}

static void event_tables_are_refused(void **state)
{
	struct world *w = world_new(plain, 1);
	(void)state;
	expect(w, "cohort a: \"x\"; enter first rx(w) in [2015-01-01, 2016-01-01]; end", "E-COH-001");
	expect(w, "cohort a: \"x\"; exclude any dx(af) in [-365d, 0d]; end", "E-COH-001");
	expect(w, "cohort a: \"x\"; require observed in [-365d, 0d]; end", "E-COH-001");
	expect(w, "cohort a: \"x\"; exit after 365d; end", "E-COH-001");
	expect(w, "cohort a: \"x\"; require agee > 3; end", "E-EXP-010");
	expect(w, "cohort a: \"x\"; require age; end", "E-EXP-030");
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attrition),
		cmocka_unit_test(a_cohort_without_rules_is_everybody),
		cmocka_unit_test(persons_not_rows),
		cmocka_unit_test(what_varies_is_refused),
		cmocka_unit_test(event_tables_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
