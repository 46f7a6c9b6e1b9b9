/* The safe document: fields by path, canonical bytes that come back, comparison in a replay. */
#include "tests/unit/test.h"

#include "yogo/result/result.h"

static struct yg_cell number_cell(enum yg_role role, double v)
{
	return (struct yg_cell){ .state = YG_CELL_SHOWN, .role = role, .decimals = -1,
		                 .value = { .kind = YG_VALUE_DOUBLE, .number = v } };
}

static struct yg_cell count_cell(int64_t v)
{
	return (struct yg_cell){ .state = YG_CELL_SHOWN, .role = YG_ROLE_PERSONS, .decimals = -1,
		                 .value = { .kind = YG_VALUE_INTEGER, .integer = v } };
}

/* A Cox-like document whose hazard ratio and iteration count the tests bend a little. */
static struct yg_result *sample(double hr, int64_t iterations)
{
	struct yg_result *r = yg_result_new("cox", 2);
	r->command = "cox os ~ rx on itt with ties=efron";
	r->population = "itt of colon: Randomised";
	r->title = "Overall survival \"by\" rx \xe7\x94\x9f\xe5\xad\x98";
	r->profile = "open";
	r->persons = count_cell(929);
	r->events = count_cell(452);
	struct yg_result_table *t = yg_result_add_table(r, "estimates", "Estimates", 2, 4);
	const char *key[4] = { "estimate", "se", "p", "iterations" };
	const enum yg_role role[4] = { YG_ROLE_ESTIMATE, YG_ROLE_SE, YG_ROLE_P, YG_ROLE_INTEGER };
	for (int j = 0; j < 4; j++)
		t->column[j] = (struct yg_table_column){ key[j], key[j], NULL, role[j] };
	t->row[0] = (struct yg_table_row){ "rx: Lev", "Lev / Obs", 1 };
	t->row[1] = (struct yg_table_row){ "rx: Lev+5FU", "Lev+5FU / Obs", 1 };
	*yg_result_cell(t, 0, 0) = number_cell(YG_ROLE_ESTIMATE, hr);
	*yg_result_cell(t, 0, 1) = number_cell(YG_ROLE_SE, 0.11);
	*yg_result_cell(t, 0, 2) = number_cell(YG_ROLE_P, 0.8);
	*yg_result_cell(t, 0, 3) = (struct yg_cell){ .state = YG_CELL_SHOWN, .role = YG_ROLE_INTEGER, .decimals = -1,
		                                     .value = { .kind = YG_VALUE_INTEGER, .integer = iterations } };
	*yg_result_cell(t, 1, 0) = (struct yg_cell){ .state = YG_CELL_HIDDEN, .role = YG_ROLE_ESTIMATE, .decimals = -1,
		                                     .value = { .kind = YG_VALUE_TEXT, .text = "T9" } };
	*yg_result_cell(t, 1, 1) = (struct yg_cell){ .state = YG_CELL_MISSING, .role = YG_ROLE_SE, .decimals = 2,
		                                     .value = { .kind = YG_VALUE_TEXT, .text = "not reached" } };
	struct yg_note *n = yg_result_add_note(r, YG_NOTE_DROPPED, "{1} persons left out", 1);
	n->argument[0] = (struct yg_cell){ .state = YG_CELL_HIDDEN, .role = YG_ROLE_PERSONS, .decimals = -1, .low = 1,
		                           .high = 9, .value = { .kind = YG_VALUE_TEXT, .text = "T1" } };
	struct yg_figure *f = yg_result_add_figure(r, "curve", YG_FIGURE_KM, "Curve", 1);
	f->x = (struct yg_axis){ .label = "time", .unit = "months", .has_reference = true, .reference = 12 };
	f->series[0].name = "Obs";
	struct yg_point *p = yg_series_add_points(r, &f->series[0], 2);
	p[0].x = 0;
	p[0].y = 1;
	p[0].at_risk = count_cell(315);
	p[1].x = 0.1 + 0.2;
	p[1].y = 0.5;
	p[1].label = "x";
	yg_figure_add_grid(r, f, 1)[0] = 6.5;
	yg_figure_add_caption(r, f, "log-rank p {1}", 1)->argument[0] = number_cell(YG_ROLE_P, 0.01);
	return r;
}

static void fields_are_found_by_exact_and_by_plain_names(void **state)
{
	(void)state;
	struct yg_result *r = sample(0.97, 4);
	assert_int_equal(yg_result_field(r, "n")->value.integer, 929);
	assert_null(yg_result_field(r, "records"));
	yg_assert_near(yg_result_field(r, "rx: Lev.estimate")->value.number, 0.97, 0);
	yg_assert_near(yg_result_field(r, "rx.lev.se")->value.number, 0.11, 0);
	yg_assert_near(yg_result_field(r, "estimates.rx: Lev.p")->value.number, 0.8, 0);
	assert_int_equal(yg_result_field(r, "rx.Lev.5FU.estimate")->state, YG_CELL_HIDDEN);
	assert_null(yg_result_field(r, "rx: Amgen.estimate"));
	assert_null(yg_result_field(r, "rx: Lev.hazard"));
	assert_null(yg_result_field(r, "."));
	assert_null(yg_result_field(r, ""));
	yg_result_unref(r);
}

static void canonical_bytes_come_back_whole(void **state)
{
	(void)state;
	struct yg_result *r = sample(0.97, 4), *again = NULL;
	struct yg_buf a = YG_BUF_INIT, b = YG_BUF_INIT;
	struct yg_err err;
	yg_result_canonical(r, &a);
	assert_int_equal(yg_result_parse(a.data, a.len, &again, &err), YG_OK);
	yg_result_canonical(again, &b);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.data, b.data, a.len);
	struct yg_digest x = yg_result_digest(r), y = yg_result_digest(again);
	assert_int_equal(yg_digest_cmp(&x, &y), 0);
	assert_true(again->item[2].figure->series[0].point[1].x == 0.1 + 0.2);
	assert_true(isnan(again->item[2].figure->series[0].point[1].lower));
	yg_result_unref(again);
	yg_result_unref(r);
	yg_buf_release(&a);
	yg_buf_release(&b);
}

/* Every single flipped byte and every truncation is either refused or gives another digest. */
static void damaged_bytes_never_pass_for_the_result(void **state)
{
	(void)state;
	struct yg_result *r = sample(0.97, 4);
	struct yg_buf a = YG_BUF_INIT;
	yg_result_canonical(r, &a);
	struct yg_digest good = yg_result_digest(r);
	for (size_t i = 0; i < a.len; i++) {
		struct yg_result *out = NULL;
		a.data[i] = (char)(a.data[i] ^ 1);
		if (yg_result_parse(a.data, a.len, &out, NULL) == YG_OK) {
			struct yg_digest d = yg_result_digest(out);
			assert_int_not_equal(yg_digest_cmp(&d, &good), 0);
			yg_result_unref(out);
		}
		a.data[i] = (char)(a.data[i] ^ 1);
		struct yg_err err;
		assert_int_equal(yg_result_parse(a.data, i, &out, &err), YG_EDAMAGED);
	}
	yg_buf_release(&a);
	yg_result_unref(r);
}

static void a_replay_tells_identical_equivalent_and_different(void **state)
{
	(void)state;
	struct yg_difference d;
	struct yg_result *r = sample(0.97, 4), *same = sample(0.97, 4), *near = sample(0.97 * (1 + 4e-9), 5),
			 *off = sample(0.97 * (1 + 1e-6), 4), *more = sample(0.97, 7);
	yg_result_compare(r, same, &d);
	assert_true(d.identical && d.equivalent);
	yg_result_compare(r, near, &d);
	assert_false(d.identical);
	assert_true(d.equivalent);
	assert_string_equal(d.path, "estimates[rx: Lev].estimate");
	assert_true(d.relative > 3e-9 && d.relative < 5e-9);
	yg_result_compare(r, off, &d);
	assert_false(d.equivalent);
	assert_string_equal(d.path, "estimates[rx: Lev].estimate");
	assert_string_equal(d.recorded, "0.97");
	yg_result_compare(r, more, &d);
	assert_false(d.equivalent);
	assert_string_equal(d.path, "estimates[rx: Lev].iterations");
	yg_result_unref(r);
	yg_result_unref(same);
	yg_result_unref(near);
	yg_result_unref(off);
	yg_result_unref(more);
}

static void numbers_that_round_differently_are_a_difference(void **state)
{
	(void)state;
	struct yg_difference d;
	/* within 1e-8 of each other, yet 0.9700 and 0.9701 */
	struct yg_result *a = sample(0.97005 - 1e-10, 4), *b = sample(0.97005 + 1e-10, 4);
	yg_result_compare(a, b, &d);
	assert_false(d.identical);
	assert_false(d.equivalent);
	yg_result_unref(a);
	yg_result_unref(b);
}

static void counts_and_structure_must_be_equal(void **state)
{
	(void)state;
	struct yg_difference d;
	struct yg_result *a = sample(0.97, 4), *b = sample(0.97, 4);
	b->persons.value.integer = 928;
	yg_result_compare(a, b, &d);
	assert_false(d.equivalent);
	assert_string_equal(d.path, "n");
	assert_string_equal(d.recorded, "929");
	assert_string_equal(d.now, "928");
	yg_result_unref(b);
	b = sample(0.97, 4);
	yg_result_add_note(b, YG_NOTE_WARNING, "something new", 0);
	yg_result_compare(a, b, &d);
	assert_false(d.equivalent);
	assert_string_equal(d.path, "note 4");
	yg_result_unref(b);
	b = sample(0.97, 4);
	b->item[0].table->row[1].indent = 2;
	yg_result_compare(a, b, &d);
	assert_false(d.identical);
	assert_string_equal(d.path, "layout");
	yg_result_unref(a);
	yg_result_unref(b);
}

static void a_shared_result_lives_until_the_last_owner_leaves(void **state)
{
	(void)state;
	struct yg_result *r = sample(1, 1);
	assert_ptr_equal(yg_result_ref(r), r);
	yg_result_unref(r);
	assert_int_equal(r->persons.value.integer, 929);
	yg_result_unref(r);
	yg_result_unref(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_found_by_exact_and_by_plain_names),
		cmocka_unit_test(canonical_bytes_come_back_whole),
		cmocka_unit_test(damaged_bytes_never_pass_for_the_result),
		cmocka_unit_test(a_replay_tells_identical_equivalent_and_different),
		cmocka_unit_test(numbers_that_round_differently_are_a_difference),
		cmocka_unit_test(counts_and_structure_must_be_equal),
		cmocka_unit_test(a_shared_result_lives_until_the_last_owner_leaves),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
