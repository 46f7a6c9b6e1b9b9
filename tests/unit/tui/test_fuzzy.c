/* What the palette finds: words in any order, starts of words first, capitals when asked for. */
#include "tests/unit/test.h"
#include "tui/tui_priv.h"

static void every_word_must_be_found_in_any_order(void **state)
{
	(void)state;
	assert_true(yg_fuzzy_score("by surv", "survival curves by group", NULL) > 0);
	assert_true(yg_fuzzy_score("surv by", "survival curves by group", NULL) > 0);
	assert_int_equal(yg_fuzzy_score("surv xyz", "survival curves by group", NULL), -1);
	assert_int_equal(yg_fuzzy_score("", "anything", NULL), 0);
	assert_int_equal(yg_fuzzy_score("a", "", NULL), -1);
}

static void the_start_of_a_word_counts_more_than_its_middle(void **state)
{
	(void)state;
	assert_true(yg_fuzzy_score("km", "km ENDPOINT", NULL) > yg_fuzzy_score("km", "bookmark", NULL));
	assert_true(yg_fuzzy_score("tab", "tab ROW", NULL) > yg_fuzzy_score("tab", "crosstab", NULL));
}

static void letters_apart_are_found_unless_too_far_apart(void **state)
{
	(void)state;
	assert_true(yg_fuzzy_score("lgrk", "logrank", NULL) > 0);
	assert_true(yg_fuzzy_score("tbl1", "table1", NULL) > 0);
	assert_int_equal(yg_fuzzy_score("oyarh", "a long way to b and from there to the end c", NULL), -1);
}

static void capitals_must_match(void **state)
{
	(void)state;
	assert_true(yg_fuzzy_score("KM", "KM curves", NULL) > 0);
	assert_int_equal(yg_fuzzy_score("KM", "km curves", NULL), -1);
	assert_true(yg_fuzzy_score("km", "KM curves", NULL) > 0);
}

static void what_matched_is_marked(void **state)
{
	uint64_t marks[4];

	(void)state;
	assert_true(yg_fuzzy_score("curv", "km curves", marks) > 0);
	assert_true(marks[0] == (uint64_t)0xF << 3);
	assert_true(yg_fuzzy_score("log", "logrank", marks) > 0);
	assert_true(marks[0] == 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_word_must_be_found_in_any_order),
		cmocka_unit_test(the_start_of_a_word_counts_more_than_its_middle),
		cmocka_unit_test(letters_apart_are_found_unless_too_far_apart),
		cmocka_unit_test(capitals_must_match),
		cmocka_unit_test(what_matched_is_marked),
	};

	return cmocka_run_group_tests_name("tui/fuzzy", tests, NULL, NULL);
}
