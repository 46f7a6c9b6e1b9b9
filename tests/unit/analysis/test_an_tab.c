/* tab: counts, shares, risks, tests and strata of a small table, by hand. */
#include "tests/unit/analysis/look.h"

/* low by smoke: 30 of 74 and 29 of 115, as repeats; race strata as in Hosmer and Lemeshow's data */
static const struct small_table births[] = {
	{ "births", "id:integer low:integer smoke:integer{0=no|1=yes} race:integer{1=White|2=Black|3=Other} n:integer grade:level[a|b|c]",
	  "1,0,0,1,40,a\n2,1,0,1,4,b\n3,0,1,1,33,a\n4,1,1,1,19,c\n5,0,0,2,11,a\n6,1,0,2,5,b\n7,0,1,2,4,a\n8,1,1,2,6,c\n"
	  "9,0,0,3,35,a\n10,1,0,3,20,b\n11,0,1,3,7,a\n12,1,1,3,5,\n" },
};

static void counts_and_measures(void **state)
{
	struct world *w = world_new(births, 1);
	struct yg_raw *r = ask(w, "tab low by smoke with freq=n, test=(chisq, fisher), measure=(or, rr, rd)");
	(void)state;

	assert_evidence_everywhere(r);
	assert_cell(r, "tab", "low: 1", "yes", 30);
	assert_cell(r, "tab", "low: 1", "yes share", 30.0 / 74);
	assert_cell(r, "tab", "low: 0", "no", 86);
	assert_cell(r, "tab", "total", "total", 189);
	assert_behind(r, "tab", "low: 1", "yes", 30, 0, 74);
	assert_cell(r, "risks", "yes", "events", 30);
	assert_cell(r, "risks", "yes", "risk", 30.0 / 74);
	assert_cell(r, "measures", "or", "estimate", 30.0 * 86 / (44 * 29));
	yg_assert_near(cell_value(r, "measures", "or", "lower"), 1.0806596029988442, 1e-12);
	assert_cell(r, "measures", "rr", "estimate", 30.0 / 74 / (29.0 / 115));
	yg_assert_near(cell_value(r, "measures", "rd", "upper"), 0.29039121000028023, 1e-12);
	assert_behind(r, "measures", "or", "estimate", 189, 59, 0);
	yg_assert_near(cell_value(r, "tests", "chisq", "p"), 0.026490642530502401, 1e-10);
	yg_assert_near(cell_value(r, "tests", "chisq_corrected", "p"), 0.039576969325232442, 1e-10);
	yg_assert_near(cell_value(r, "tests", "fisher", "p"), 0.036176498691191085, 1e-10);
	yg_assert_near(cell_value(r, "exact", "or_conditional", "estimate"), 2.0141372314610249, 1e-4);
	yg_raw_free(r);
	world_free(w);
}

static void strata_pooled(void **state)
{
	struct world *w = world_new(births, 1);
	struct yg_raw *r = ask(w, "tab low by smoke strata race with freq=n, test=mh, measure=(or, rd)");
	(void)state;

	assert_cell(r, "tab: White", "low: 1", "yes", 19);
	assert_cell(r, "tab: Other", "total", "total", 67);
	yg_assert_near(cell_value(r, "stratified", "mh_or", "estimate"), 3.086381252612906, 1e-12);
	yg_assert_near(cell_value(r, "stratified", "mh_or", "upper"), 6.3899486407534285, 1e-12);
	yg_assert_near(cell_value(r, "stratified", "mh_rd", "estimate"), 0.2217305577036692, 1e-12);
	yg_assert_near(cell_value(r, "stratified_tests", "mh", "statistic"), 9.4134, 1e-4);
	assert_cell(r, "measures", "or: White", "estimate", 19.0 * 40 / (33 * 4));
	assert_true(isnan(cell_value(r, "stratified_tests", "mh", "p")) == 0);
	yg_raw_free(r);
	world_free(w);
}

static void one_column(void **state)
{
	struct world *w = world_new(births, 1);
	struct yg_raw *r = ask(w, "tab grade with freq=n");
	(void)state;

	assert_cell(r, "tab", "grade: a", "persons", 40 + 33 + 11 + 4 + 35 + 7);
	assert_cell(r, "tab", "grade: missing", "persons", 5);
	assert_cell(r, "tab", "grade: c", "persons share", 25.0 / 184);
	assert_cell(r, "tab", "total", "persons", 189);
	yg_raw_free(r);
	r = ask(w, "tab grade with missing=level, freq=n");
	assert_cell(r, "tab", "grade: missing", "persons share", 5.0 / 189);
	yg_raw_free(r);
	r = ask(w, "tab grade with missing=drop, freq=n");
	assert_cell(r, "tab", "total", "persons", 184);
	yg_raw_free(r);
	world_free(w);
}

static void percentages_of_what(void **state)
{
	struct world *w = world_new(births, 1);
	struct yg_raw *r = ask(w, "tab low by smoke with freq=n, pct=row");
	(void)state;

	assert_cell(r, "tab", "low: 1", "yes share", 30.0 / 59);
	assert_cell(r, "tab", "total", "yes share", 74.0 / 189);
	yg_raw_free(r);
	r = ask(w, "tab low by smoke with freq=n, pct=total");
	assert_cell(r, "tab", "low: 1", "yes share", 30.0 / 189);
	yg_raw_free(r);
	r = ask(w, "tab low by smoke with freq=n, pct=none");
	assert_int_equal(find_table(r, "tab")->columns, 3);
	yg_raw_free(r);
	world_free(w);
}

static void missing_groups_stand_aside(void **state)
{
	struct world *w = world_new(births, 1);
	struct yg_raw *r = ask(w, "tab low by grade with freq=n, missing=show, test=trend");
	(void)state;

	assert_cell(r, "tab", "low: 1", "missing", 5);
	assert_cell(r, "tab", "low: 1", "total", 59);
	assert_cell(r, "tab", "low: 1", "total share", 54.0 / 184);      /* known only */
	/* a none of 130, b all of 29, c all of 25: scores 1 2 3 */
	double n = 184, p = 54 / n, mean = (130 + 58 + 75) / n;
	double top = 29 * (2 - mean) + 25 * (3 - mean);
	double spread = 130 * (1 - mean) * (1 - mean) + 29 * (2 - mean) * (2 - mean) + 25 * (3 - mean) * (3 - mean);
	yg_assert_near(cell_value(r, "tests", "trend", "statistic"), top * top / (p * (1 - p) * spread), 1e-12);
	yg_raw_free(r);
	world_free(w);
}

static void what_is_the_event(void **state)
{
	struct world *w = world_new(births, 1);
	struct yg_raw *r;
	(void)state;

	assert_ask_refused(w, "tab grade by smoke with measure=or", "E-DESC-016");
	assert_ask_refused(w, "tab grade by smoke with measure=or, event=\"z\"", "E-DESC-015");
	assert_ask_refused(w, "tab low with test=chisq", "E-DESC-018");
	assert_ask_refused(w, "tab low by smoke with test=mh", "E-DESC-020");
	assert_ask_refused(w, "tab low by smoke with weight=n, test=chisq", "E-DESC-019");
	assert_ask_refused(w, "tab grade by smoke with test=mcnemar", "E-DESC-022");
	r = ask(w, "tab grade by smoke with measure=rr, event=\"c\", freq=n, missing=drop");
	assert_cell(r, "risks", "no", "events", 0);
	yg_raw_free(r);
	/* more than two groups: each against the reference */
	r = ask(w, "tab low by race with measure=or, freq=n");
	assert_cell(r, "measures", "or: Black", "estimate", 11.0 * 73 / (15 * 23));
	yg_raw_free(r);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_and_measures),
		cmocka_unit_test(strata_pooled),
		cmocka_unit_test(one_column),
		cmocka_unit_test(percentages_of_what),
		cmocka_unit_test(missing_groups_stand_aside),
		cmocka_unit_test(what_is_the_event),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
