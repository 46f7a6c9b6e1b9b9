/* count, missing and show: persons and their rows. */
#include "tests/unit/analysis/look.h"

static const struct small_table visits[] = {
	{ "subject", "id:integer sex:level[F|M] born:date", "1,F,1970-01-02\n2,M,\n3,,1980\n" },
	{ "visit", "id:integer day:integer bp:number lab:number", "1,0,120,1\n1,30,,2\n1,60,130,\n2,0,140,\n3,0,,\n3,30,150,4\n" },
};

static void persons_and_records(void **state)
{
	struct world *w = world_new(visits, 2);
	struct yg_raw *r = ask(w, "count by sex");
	(void)state;

	assert_evidence_everywhere(r);
	assert_cell(r, "count", "F", "persons", 1);
	assert_cell(r, "count", "F", "records", 3);
	assert_cell(r, "count", "F", "share", 1.0 / 3);
	assert_cell(r, "count", "missing", "records", 2);
	yg_raw_free(r);
	r = ask(w, "count where bp is missing");
	assert_cell(r, "count", "all", "persons", 2);
	assert_cell(r, "count", "all", "records", 2);
	assert_behind(r, "count", "all", "records", 2, 0, 3);
	yg_raw_free(r);
	/* nobody is an answer */
	r = ask(w, "count where bp > 500");
	assert_cell(r, "count", "all", "persons", 0);
	assert_int_equal(r->persons, 0);
	yg_raw_free(r);
	world_free(w);
	look_population.table = NULL;
}

static void missing_values(void **state)
{
	struct world *w = world_new(visits, 2);
	struct yg_raw *r = ask(w, "missing bp, lab with pattern");
	(void)state;

	assert_evidence_everywhere(r);
	assert_cell(r, "missing", "bp", "missing", 2);
	assert_behind(r, "missing", "bp", "missing", 2, 0, 3);
	assert_cell(r, "missing", "lab", "missing", 3);
	assert_cell(r, "missing", "lab", "missing share", 0.5);
	/* two rows lack lab only; one bp only, one both, two nothing: equal counts in the order met */
	const struct yg_raw_table *t = find_table(r, "patterns");
	assert_string_equal(t->row[0].key, "complete");
	assert_cell(r, "patterns", "complete", "count", 2);
	assert_cell(r, "patterns", "lab", "count", 2);
	assert_cell(r, "patterns", "bp", "count", 1);
	assert_cell(r, "patterns", "bp, lab", "count", 1);
	assert_cell(r, "patterns", "bp, lab", "columns", 2);
	assert_true(says(r, "records are counted"));
	yg_raw_free(r);
	/* columns of the person are counted by person */
	r = ask(w, "missing sex, born");
	assert_cell(r, "missing", "sex", "missing", 1);
	assert_cell(r, "missing", "born", "missing share", 1.0 / 3);
	assert_true(says(r, "persons are counted"));
	yg_raw_free(r);
	/* without columns: all of them, the person's first */
	r = ask(w, "missing by sex");
	assert_int_equal(find_table(r, "missing")->rows, 7);
	assert_cell(r, "missing", "bp", "F", 1);
	assert_cell(r, "missing", "bp", "missing", 1);
	yg_raw_free(r);
	world_free(w);
	look_population.table = NULL;
}

static void rows_as_they_are(void **state)
{
	struct world *w = world_new(visits, 2);
	struct yg_raw *r = ask(w, "show id, born, bp where day <= 30 with top=3, order=bp, descending");
	(void)state;

	const struct yg_raw_table *t = find_table(r, "rows");
	assert_int_equal(t->rows, 3);
	assert_string_equal(cell_text(r, "rows", t->row[0].key, "bp"), "150");
	assert_string_equal(cell_text(r, "rows", t->row[0].key, "born"), "1980");
	assert_string_equal(cell_text(r, "rows", t->row[2].key, "born"), "1970-01-02");
	assert_int_equal(find_cell(r, "rows", t->row[1].key, "born")->state, YG_RAW_MISSING);
	yg_raw_free(r);
	r = ask(w, "show day with top=2");
	assert_string_equal(cell_text(r, "rows", "2", "day"), "30");
	yg_raw_free(r);
	struct yg_an_show guarded = { .in = look_input(w, w->last), .open = false };
	assert_int_equal(yg_an_show(&guarded, NULL, &r, &w->err), YG_EPRIVACY);
	world_free(w);
	look_population.table = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(persons_and_records),
		cmocka_unit_test(missing_values),
		cmocka_unit_test(rows_as_they_are),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
