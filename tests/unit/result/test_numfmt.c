/* How numbers look, kind by kind; the awkward edges are the story. */
#include "tests/unit/test.h"

#include "yogo/result/numfmt.h"

static const char *number(enum yg_role role, double v, int decimals)
{
	static struct yg_buf b = YG_BUF_INIT;
	yg_buf_clear(&b);
	yg_numfmt_number(&b, role, v, decimals);
	return b.data;
}

static const char *interval(double e, double l, double u)
{
	static struct yg_buf b = YG_BUF_INIT;
	yg_buf_clear(&b);
	yg_numfmt_interval(&b, e, l, u);
	return b.data;
}

static const char *cell(struct yg_cell c)
{
	static struct yg_buf b = YG_BUF_INIT;
	yg_buf_clear(&b);
	yg_numfmt_cell(&b, &c);
	return b.data;
}

static void p_values_say_what_they_can(void **state)
{
	(void)state;
	assert_string_equal(number(YG_ROLE_P, 0, -1), "<0.001");
	assert_string_equal(number(YG_ROLE_P, 0.00099999, -1), "<0.001");
	assert_string_equal(number(YG_ROLE_P, 0.001, -1), "0.001");
	assert_string_equal(number(YG_ROLE_P, 0.0314, -1), "0.031");
	assert_string_equal(number(YG_ROLE_P, 0.0496, -1), "0.050");
	assert_string_equal(number(YG_ROLE_P, 0.0994, -1), "0.099");
	assert_string_equal(number(YG_ROLE_P, 0.0996, -1), "0.10");
	assert_string_equal(number(YG_ROLE_P, 0.424, -1), "0.42");
	assert_string_equal(number(YG_ROLE_P, 0.9949, -1), "0.99");
	assert_string_equal(number(YG_ROLE_P, 0.996, -1), ">0.99");
	assert_string_equal(number(YG_ROLE_P, 1, -1), ">0.99");
}

static void estimates_have_four_significant_digits(void **state)
{
	(void)state;
	assert_string_equal(number(YG_ROLE_ESTIMATE, 0.541526, -1), "0.5415");
	assert_string_equal(number(YG_ROLE_ESTIMATE, 12.3, -1), "12.30");
	assert_string_equal(number(YG_ROLE_ESTIMATE, 9.99961, -1), "10.00");
	assert_string_equal(number(YG_ROLE_ESTIMATE, 12345.6, -1), "12346");
	assert_string_equal(number(YG_ROLE_ESTIMATE, -0.000012344, -1), "-1.234e-5");
	assert_string_equal(number(YG_ROLE_ESTIMATE, 1.5e20, -1), "1.500e20");
	assert_string_equal(number(YG_ROLE_ESTIMATE, 0, -1), "0");
	assert_string_equal(number(YG_ROLE_ESTIMATE, -0.00001, 3), "0.000");
	assert_string_equal(number(YG_ROLE_ESTIMATE, NAN, -1), "not estimable");
	assert_string_equal(number(YG_ROLE_SE, INFINITY, 2), "not estimable");
	assert_string_equal(number(YG_ROLE_QUANTILE, 63, -1), "63");
	assert_string_equal(number(YG_ROLE_QUANTILE, 19.40, -1), "19.4");
	assert_string_equal(number(YG_ROLE_DF, 17.776473, -1), "17.78");
	/* a rounded number keeps its zeros; one that is short but for the last bits is written short */
	assert_string_equal(number(YG_ROLE_TIME, 3.61997, -1), "3.620");
	assert_string_equal(number(YG_ROLE_QUANTILE, 0.7 + 0.025, -1), "0.725");
	assert_string_equal(number(YG_ROLE_TIME, 1826.25 / 365.25, -1), "5");
	assert_string_equal(number(YG_ROLE_CRITERION, -1234.5678, -1), "-1234.57");
	assert_string_equal(number(YG_ROLE_PROPORTION, 0.70703, -1), "70.7%");
	assert_string_equal(number(YG_ROLE_PROBABILITY, 0.4415, -1), "0.442");
}

static void an_interval_has_decimals_that_suit_its_size(void **state)
{
	(void)state;
	assert_string_equal(interval(0.5415, 0.4213, 0.6960), "0.54 (0.42 to 0.70)");
	assert_string_equal(interval(19.44, 14.2, 27.31), "19.4 (14.2 to 27.3)");
	assert_string_equal(interval(1983, 1771, 2213), "1983 (1771 to 2213)");
	assert_string_equal(interval(0.0321, 0.012, 0.081), "0.032 (0.012 to 0.081)");
	assert_string_equal(interval(-0.31, -0.62, 0.0), "-0.31 (-0.62 to 0.00)");
	assert_string_equal(interval(1.0001, 1.00005, 1.00015), "1.0001 (1.0001 to 1.0002)");
	assert_string_equal(interval(2.5, 1.1, INFINITY), "2.50 (1.10 to -)");
}

static void every_state_of_a_cell_has_its_words(void **state)
{
	(void)state;
	struct yg_cell c = { .state = YG_CELL_HIDDEN, .role = YG_ROLE_PERSONS, .decimals = -1, .low = 1, .high = 9 };
	assert_string_equal(cell(c), "[<10]");
	c.low = c.high = 0;
	assert_string_equal(cell(c), "[hidden]");
	c = (struct yg_cell){ .state = YG_CELL_MISSING, .value = { .kind = YG_VALUE_TEXT, .text = "not reached" } };
	assert_string_equal(cell(c), "not reached");
	c.value.text = "";
	assert_string_equal(cell(c), "missing");
	c = (struct yg_cell){ .state = YG_CELL_EMPTY };
	assert_string_equal(cell(c), "");
	c = (struct yg_cell){ .state = YG_CELL_ROUNDED, .role = YG_ROLE_P, .decimals = -1, .high = 0.001,
		              .value = { .kind = YG_VALUE_DOUBLE, .number = 0 } };
	assert_string_equal(cell(c), "<0.001");
	c = (struct yg_cell){ .state = YG_CELL_SHOWN, .role = YG_ROLE_PERSONS, .decimals = -1,
		              .value = { .kind = YG_VALUE_INTEGER, .integer = 1203 } };
	assert_string_equal(cell(c), "1203");
}

static void rounding_for_release_gives_the_nearest_double(void **state)
{
	(void)state;
	assert_true(yg_numfmt_round_significant(0.54152631, 4) == 0.5415);
	assert_true(yg_numfmt_round_significant(123456.0, 3) == 123000.0);
	assert_true(yg_numfmt_round_fixed(0.44151, 3) == 0.442);
	assert_true(yg_numfmt_round_fixed(-0.0001, 3) == 0);
	assert_false(signbit(yg_numfmt_round_fixed(-0.0001, 3)));
	assert_true(isnan(yg_numfmt_round_significant(NAN, 4)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p_values_say_what_they_can),
		cmocka_unit_test(estimates_have_four_significant_digits),
		cmocka_unit_test(an_interval_has_decimals_that_suit_its_size),
		cmocka_unit_test(every_state_of_a_cell_has_its_words),
		cmocka_unit_test(rounding_for_release_gives_the_nearest_double),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
