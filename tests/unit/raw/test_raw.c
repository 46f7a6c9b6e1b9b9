/* The raw result keeps what it is given: copies of texts, evidence, ragged rows, missing for NaN. */
#include "tests/unit/test.h"

#include "yogo/raw/raw_inside.h"

static void a_table_keeps_values_and_their_evidence(void **state)
{
	(void)state;
	struct yg_raw *raw = yg_raw_new("km", 1);
	char label[] = "Active";
	struct yg_raw_table *t = yg_raw_table(raw, "estimates", "Estimates");
	int n = yg_raw_column(t, "n", "n", YG_ROLE_PERSONS, NULL);
	int row = yg_raw_row(t, "arm: Active", label, 1);
	label[0] = 'X';
	yg_raw_int(t, row, n, 203, (struct yg_evidence){ 203, 106, 404 });
	/* a column added after the first cells: the row grows, earlier cells stay */
	int s = yg_raw_column(t, "s", "S", YG_ROLE_PROBABILITY, "months");
	assert_null(yg_raw_cell_at(t, row, s));
	yg_raw_num(t, row, s, 0.5, (struct yg_evidence){ 203, 106, 0 });
	yg_raw_role(t, row, s, YG_ROLE_ESTIMATE);
	yg_raw_decimals(t, row, s, 2);

	assert_string_equal(t->row[row].label, "Active");
	assert_int_equal(yg_raw_cell_at(t, row, n)->value.integer, 203);
	assert_int_equal(yg_raw_cell_at(t, row, n)->evidence.whole, 404);
	assert_false(yg_raw_cell_at(t, row, n)->has_role);
	assert_int_equal(yg_raw_cell_at(t, row, s)->role, YG_ROLE_ESTIMATE);
	assert_int_equal(yg_raw_cell_at(t, row, s)->decimals, 2);
	yg_raw_free(raw);
}

static void what_does_not_exist_is_missing_with_a_reason(void **state)
{
	(void)state;
	struct yg_raw *raw = yg_raw_new("cox", 1);
	struct yg_raw_table *t = yg_raw_table(raw, "e", "E");
	int a = yg_raw_column(t, "a", "a", YG_ROLE_ESTIMATE, NULL);
	const double value[3] = { NAN, INFINITY, -INFINITY };
	const char *why[3] = { "not estimable", "no upper limit", "no lower limit" };
	for (int i = 0; i < 3; i++) {
		int r = yg_raw_row(t, "r", "r", 0);
		yg_raw_num(t, r, a, value[i], (struct yg_evidence){ 50, 20, 0 });
		const struct yg_raw_cell *c = yg_raw_cell_at(t, r, a);
		assert_int_equal(c->state, YG_RAW_MISSING);
		assert_string_equal(c->value.text, why[i]);
	}
	yg_raw_free(raw);
}

static void items_keep_their_order_and_figures_their_points(void **state)
{
	(void)state;
	struct yg_raw *raw = yg_raw_new("km", 1);
	yg_raw_counts(raw, 20, -1, 12, 0);
	yg_raw_table(raw, "a", "A");
	struct yg_raw_note *n = yg_raw_note(raw, YG_NOTE_DROPPED, "{1} persons left out: {2}");
	yg_raw_note_int(n, YG_ROLE_PERSONS, 12, (struct yg_evidence){ 12, 0, 40 });
	yg_raw_note_text(n, "no date");
	struct yg_raw_figure *f = yg_raw_figure(raw, "curve", YG_FIGURE_KM, "Curve");
	double grid[3] = { 0, NAN, 12 };
	yg_raw_figure_grid(f, grid, 3);
	yg_raw_figure_axis(f, 'x', "time", "months", 0);
	yg_raw_figure_reference(f, 'y', 0.5);
	int s = yg_raw_series(f, "all");
	for (int i = 0; i < 100; i++)
		yg_raw_point(f, s, &(struct yg_raw_point){ .x = i, .y = 1, .label = "p" }, YG_NOBODY);
	yg_raw_note_num(yg_raw_figure_caption(f, "p {1}"), YG_ROLE_P, 0.04, (struct yg_evidence){ 20, 12, 0 });
	yg_raw_model(raw, 12, 2);

	assert_int_equal(raw->items, 3);
	assert_int_equal(raw->item[1].kind, YG_RAW_NOTE);
	assert_int_equal(raw->item[1].note->arguments, 2);
	assert_int_equal(f->grids, 2);
	assert_int_equal(f->series[0].points, 100);
	assert_string_equal(f->series[0].point[99].p.label, "p");
	assert_int_equal(raw->records, -1);
	yg_raw_free(raw);
	yg_raw_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_keeps_values_and_their_evidence),
		cmocka_unit_test(what_does_not_exist_is_missing_with_a_reason),
		cmocka_unit_test(items_keep_their_order_and_figures_their_points),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
