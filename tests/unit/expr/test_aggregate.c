/*
 * Functions over the rows of a person: visits of four persons, one of them without any.  And that the
 * same expression gives the same on the rows, on the persons, and on any number of threads.
 */
#include "small.h"

#include "yogo/expr/intern.h"

static const struct small_table visits[] = {
	{ "subject", "id:integer centre:level sex:integer", "11,A,1\n12,A,0\n13,B,1\n14,B,0\n" },
	{ "visit", "id:integer day:integer:days x:number eye:level ok:flag grade:level[low|mid|high] d:date",
	  /* id, day, x, eye, ok, grade, d */
	  "11,0,1.5,left,true,low,2001-01-01\n"
	  "11,30,2.5,right,,high,2001-01-31\n"
	  "11,30,,left,false,,\n"
	  "12,5,4,left,false,mid,2001-01-06\n"
	  "12,,6,left,false,low,\n"
	  "14,9,,right,,,2000-01-01\n" },
};
static struct world *w;

static int setup(void **state)
{
	(void)state;
	w = world_new(visits, 2);
	return 0;
}
static int teardown(void **state)
{
	(void)state;
	world_free(w);
	return 0;
}

/* Define `let v = ...`, and its values on the rows. */
static const char *let(const char *text)
{
	world_run(w, text);
	return world_values(w, w->last->text);
}

static void every_function(void **state)
{
	(void)state;
	assert_string_equal(let("let n = count() by id"), "3 3 3 2 2 1");
	assert_string_equal(let("let nx = count(x) by id"), "2 2 2 2 2 0");
	assert_string_equal(let("let nok = count(ok) by id"), "1 1 1 0 0 0");
	assert_string_equal(let("let s = sum(x) by id"), "4 4 4 10 10 ?");
	assert_string_equal(let("let sd = sum(day) by id"), "60 60 60 5 5 9");
	assert_string_equal(let("let m = mean(x) by id"), "2 2 2 5 5 ?");
	assert_string_equal(let("let lo = min(x) by id"), "1.5 1.5 1.5 4 4 ?");
	assert_string_equal(let("let hi = max(day) by id"), "30 30 30 5 5 9");
	assert_string_equal(let("let worst = max(grade) by id"), "high high high mid mid ?");
	assert_string_equal(let("let last_d = max(d) by id"), "2001-01-31 2001-01-31 2001-01-31 2001-01-06 2001-01-06 2000-01-01");
	assert_string_equal(let("let a = any(ok) by id"), "1 1 1 0 0 ?");
	assert_string_equal(let("let f = first(x, day) by id"), "1.5 1.5 1.5 4 4 ?");
	assert_string_equal(let("let l = last(x, day) by id"), "2.5 2.5 2.5 4 4 ?");
	assert_string_equal(let("let fs = first(x) by id"), "1.5 1.5 1.5 4 4 ?");
	assert_string_equal(let("let ls = last(x) by id"), "2.5 2.5 2.5 6 6 ?");
	assert_string_equal(let("let k = seq(day) by id"), "1 2 3 1 ? 1");
	assert_string_equal(let("let k2 = seq() by id"), "1 2 3 1 2 1");
}

/* where chooses the rows that count; the result stands on every row of the person. */
static void where_chooses_rows(void **state)
{
	(void)state;
	assert_string_equal(let("let m1 = max(x) where eye = \"left\" by id"), "1.5 1.5 1.5 6 6 ?");
	assert_string_equal(let("let c1 = count() where eye = \"left\" by id"), "2 2 2 2 2 0");
	assert_string_equal(let("let k1 = seq(day) where eye = \"left\" by id"), "1 ? 2 1 ? ?");
}

static void no_row_sums_to_nothing(void **state)
{
	(void)state;
	assert_string_equal(let("let s1 = sum(x) where x > 100 by id"), "0 0 0 0 0 0");
	assert_string_equal(let("let a1 = any(ok) where x > 100 by id"), "0 0 0 0 0 0");
	assert_string_equal(let("let m1 = mean(x) where x > 100 by id"), "? ? ? ? ? ?");
	assert_string_equal(let("let k1 = seq(day) where eye = \"left\" by id"), "1 ? 2 1 ? ?");
}

static void mixed_with_the_row(void **state)
{
	(void)state;
	assert_string_equal(let("let since = day - min(day) by id"), "0 30 30 0 ? 0");
	assert_string_equal(let("let range = max(day) - min(day) by id"), "30 30 30 0 0 0");
	assert_string_equal(let("let late = any(day > 20 and eye = \"right\") by id"), "1 1 1 0 0 0");
	world_run(w, "let low = min(x) by id");
	assert_string_equal(let("let both = case(late, low, range)"), "1.5 1.5 1.5 0 0 0");
}

static void groups_by_other_columns(void **state)
{
	(void)state;
	assert_string_equal(let("let n2 = count() by id, eye"), "2 1 2 2 2 1");
	assert_string_equal(let("let n3 = count() by centre"), "5 5 5 5 5 1");
	assert_string_equal(let("let n4 = max(x) by eye"), "6 2.5 6 6 6 2.5");
	assert_string_equal(let("let n5 = count() by day"), "1 2 2 1 ? 1");
	struct yg_bound *b = world_bind(w, "n3");
	assert_true(yg_bound_info(b)->by_person);
	yg_bound_free(b);
	b = world_bind(w, "n2");
	assert_false(yg_bound_info(b)->by_person);
	yg_bound_free(b);
}

/* Person 13 has no visits: it has a value all the same when persons are evaluated. */
static void persons_instead_of_rows(void **state)
{
	uint64_t *yes, *unknown;
	struct yg_bound *b;
	(void)state;
	world_run(w, "let n = count() by id");
	world_run(w, "let hi = max(x) by id");
	b = world_bind(w, "n >= 2 and sex = 1 or hi > 5");
	assert_true(yg_bound_info(b)->by_person);
	assert_int_equal(yg_eval_condition_persons(b, &w->task, &yes, &unknown, &w->err), YG_OK);
	assert_int_equal(yes[0], 3);      /* 11: three visits, sex 1; 12: x = 6 */
	assert_int_equal(unknown[0], 12); /* 13, 14: no known x */
	yg_data_free(yes);
	yg_data_free(unknown);
	yg_bound_free(b);
	b = world_bind(w, "id = 12 or id = 13");
	assert_int_equal(yg_eval_condition_persons(b, &w->task, &yes, NULL, &w->err), YG_OK);
	assert_int_equal(yes[0], 6);
	yg_data_free(yes);
	yg_bound_free(b);
	b = world_bind(w, "day > 3");
	assert_false(yg_bound_info(b)->by_person);
	const char *const *name;
	assert_int_equal(yg_bound_row_columns(b, &name), 1);
	assert_string_equal(name[0], "day");
	yg_bound_free(b);
}

/* Definitions of the rows are seen from the table of persons when they have one value a person. */
static void definitions_across_tables(void **state)
{
	(void)state;
	world_run(w, "let n = count() by id");
	world_run(w, "let wide = x > 2");
	const struct yg_table *visit = w->scope.table;
	w->scope.table = yg_dataset_subject(w->d);
	assert_values(w, "n", "3 2 0 1");
	assert_values(w, "centre = \"B\" and n = 0", "0 0 1 0");
	assert_error(w, "wide", "E-EXP-013");
	world_run(w, "let male = sex = 1");
	w->scope.table = visit;
	assert_values(w, "male", "1 1 1 0 0 0");
}

static void refusals(void **state)
{
	(void)state;
	assert_refused(w, "let z = max(x)", "E-EXP-105");
	assert_string_equal(w->err.hint, "Write it in a definition of its own: let NAME = max(...) by id");
	assert_refused(w, "let z = max(x, day) by id", "E-EXP-100");
	assert_refused(w, "let z = max(mean(x)) by id", "E-EXP-105");
	assert_refused(w, "let z = sum(eye) by id", "E-EXP-104");
	assert_refused(w, "let z = max(eye) by id", "E-EXP-054");
	assert_refused(w, "let z = any(x) by id", "E-EXP-030");
	assert_refused(w, "let z = first() by id", "E-EXP-101");
	assert_refused(w, "let z = max(3) by id", "E-EXP-106");
	assert_refused(w, "let z = max(x) by nix", "E-EXP-010");
}

static void numbers_for_pairs(void **state)
{
	struct yg_intern t;
	(void)state;
	yg_intern_init(&t);
	for (uint64_t k = 0; k < 5000; k++)
		assert_int_equal(yg_intern64(&t, k % 7, k), k);
	for (uint64_t k = 0; k < 5000; k++)
		assert_int_equal(yg_intern64(&t, k % 7, k), k);
	assert_int_equal(yg_intern64(&t, 99, 0), 5000);
	yg_intern_release(&t);
}

/* 200,007 rows in four blocks: bits do not depend on the number of threads, nor on zone maps. */
static void large(void **state)
{
	const uint32_t n = 200007;
	struct yg_buf rows = YG_BUF_INIT;
	(void)state;
	for (uint32_t i = 0; i < n; i++)
		yg_buf_addf(&rows, "%u,%u\n", i, i % 1000);
	struct small_table t[] = { { "big", "k:integer m:integer", rows.data } };
	struct world *big = world_new(t, 1);
	const char *text = "k >= 100 and m < 500 and not (k in [1000, 2000] or m in (3, 5, 9))";
	struct yg_bound *b = world_bind(big, text);
	uint64_t *one, *two, *unknown, count = 0, expected = 0;
	assert_int_equal(yg_eval_condition(b, NULL, &one, NULL, NULL), YG_OK);
	assert_int_equal(yg_eval_condition(b, &big->task, &two, &unknown, NULL), YG_OK);
	uint64_t size = big->scope.table->rows;
	for (uint64_t i = 0; i < size; i++) {
		uint64_t m = i % 1000;
		expected += i >= 100 && m < 500 && !((i >= 1000 && i <= 2000) || m == 3 || m == 5 || m == 9);
	}
	for (uint64_t k = 0; k < (size + 63) / 64; k++) {
		count += (uint64_t)__builtin_popcountll(one[k]);
		assert_true(one[k] == two[k]);
		assert_int_equal(unknown[k], 0);
	}
	assert_int_equal(count, expected);
	yg_data_free(one);
	yg_data_free(two);
	yg_data_free(unknown);
	yg_bound_free(b);
	world_free(big);
	yg_buf_release(&rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_function, setup, teardown),
		cmocka_unit_test_setup_teardown(where_chooses_rows, setup, teardown),
		cmocka_unit_test_setup_teardown(no_row_sums_to_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(mixed_with_the_row, setup, teardown),
		cmocka_unit_test_setup_teardown(groups_by_other_columns, setup, teardown),
		cmocka_unit_test_setup_teardown(persons_instead_of_rows, setup, teardown),
		cmocka_unit_test_setup_teardown(definitions_across_tables, setup, teardown),
		cmocka_unit_test_setup_teardown(refusals, setup, teardown),
		cmocka_unit_test(numbers_for_pairs),
		cmocka_unit_test(large),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
