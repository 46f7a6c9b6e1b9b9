/* Whatever allocation fails, a cohort, an endpoint and a set say so, and leave nothing behind. */
#include "tests/unit/expr/small.h"

#include "yogo/cohort/set.h"

static const struct small_table visits[] = {
	{ "subject", "id:integer rx:level born:date", "1,Lev,1950-01\n2,Obs,1960-02-03\n3,Lev,\n" },
	{ "visit", "id:integer day:integer:days stop:number:days x:number note:text ok:flag",
	  "1,0,10,1.5,a,true\n1,10,20.5,,b,false\n2,0,7,3,,true\n2,7,8,2,a,\n3,0,9,4,c,false\n" } };

enum what { COHORT, ENDPOINT, SET, WHATS };

static enum yg_status attempt(struct world *w, enum what what, const struct yg_node *cohort, const struct yg_node *endpoint)
{
	enum yg_status s;
	if (what == COHORT) {
		struct yg_cohort *c = NULL;
		s = yg_cohort_evaluate(&w->scope, cohort, NULL, &c, &w->err);
		yg_cohort_free(c);
		return s;
	}
	struct yg_endpoint *e = NULL;
	s = yg_endpoint_evaluate(&w->scope, endpoint, NULL, &e, &w->err);
	if (s != YG_OK || what == ENDPOINT) {
		yg_endpoint_free(e);
		return s;
	}
	struct yg_population all = { .name = "all", .table = w->scope.table };
	const struct yg_set_variable v[] = {
		{ world_expression(w, "log(x + 1)"), YG_USE_TERM, false, false }, { world_expression(w, "rx"), YG_USE_BY, false, false },
		{ world_expression(w, "note"), YG_USE_TERM, true, false }, { world_expression(w, "id"), YG_USE_CLUSTER, false, false },
		{ world_expression(w, "day + 1"), YG_USE_WEIGHT, false, false }, { world_expression(w, "cut(born, 1955-01-01)"), YG_USE_TERM, true, false },
	};
	struct yg_set_request r = { .scope = &w->scope, .population = &all, .endpoint = e, .where = world_expression(w, "day >= 0"),
		.unit = YG_SET_SPANS, .variable = v, .variables = sizeof v / sizeof *v };
	struct yg_set *set = NULL;
	s = yg_set_build(&r, NULL, &set, &w->err);
	yg_set_free(set);
	yg_endpoint_free(e);
	return s;
}

static void every_allocation_may_fail(void **state)
{
	struct world *w = world_new(visits, 2);
	(void)state;
	world_run(w, "let n = count() where ok by id");
	world_run(w, "let last_x = last(case(x > 2, x, 0), day) by id");
	world_run(w, "cohort c: \"x\"; require n >= 0; exclude last_x > 3; require born < 1990-01-01; end");
	const struct yg_node *cohort = w->last;
	world_run(w, "endpoint e: \"x\"; entry day; time stop; event \"ok\": ok; until 1y; end");
	const struct yg_node *endpoint = w->last;
	for (int what = 0; what < WHATS; what++) {
		/* The first time fills caches that are meant to stay. */
		assert_int_equal(attempt(w, (enum what)what, cohort, endpoint), YG_OK);
		uint64_t before = yg_mem_in_use();
		int k = 1;
		for (;; k++) {
			yg_mem_fail_at(k);
			enum yg_status s = attempt(w, (enum what)what, cohort, endpoint);
			yg_mem_fail_at(0);
			assert_int_equal(yg_mem_in_use(), before);
			if (s == YG_OK)
				break;
			assert_int_equal(s, YG_ENOMEM);
		}
		assert_true(k > 8);
	}
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_allocation_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
