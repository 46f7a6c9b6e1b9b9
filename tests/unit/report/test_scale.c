/* Axes: round limits, natural time steps, ratios in powers of two, and the logarithm they stand on. */
#include "tests/unit/test.h"

#include "report/scale_priv.h"

static void the_plain_logarithm_agrees_with_the_library(void **state)
{
	(void)state;
	for (double x = 1e-300; x < 1e300; x *= 3.7)
		yg_assert_near(yg_plain_log(x), log(x), 1e-14);
	assert_true(yg_plain_log(1) == 0);
	assert_true(isnan(yg_plain_log(0)) && isnan(yg_plain_log(-1)) && isnan(yg_plain_log(INFINITY)));
}

static void linear_scales_hold_the_data_and_few_ticks(void **state)
{
	(void)state;
	struct yg_scale s;
	yg_scale_linear(&s, 0, 1, 5);
	assert_int_equal(s.ticks, 5);
	assert_string_equal(s.label[1], "0.25");
	assert_string_equal(s.label[4], "1.00");
	for (int i = 0; i < 40; i++)
		for (double width = 1e-6; width < 1e6; width *= 7.3)
			for (int most = 3; most < 10; most++) {
				double low = (i - 20) * 0.37 * width * (i % 7);
				yg_scale_linear(&s, low, low + width, most);
				double slack = 1e-6 * (s.high - s.low);
				assert_true(s.low <= low + slack && s.high >= low + width - slack);
				assert_true(s.ticks >= 2 && s.ticks <= most + 1);
			}
	yg_scale_linear(&s, 3, 3, 5);
	assert_true(s.low < 3 && s.high > 3);
	yg_scale_linear(&s, NAN, INFINITY, 5);
	assert_true(s.low == 0 && s.high == 1);
}

static void time_counts_in_the_steps_people_use(void **state)
{
	(void)state;
	struct yg_scale s;
	yg_scale_time(&s, 44, "months", 8);
	assert_string_equal(s.label[1], "6");
	assert_string_equal(s.label[s.ticks - 1], "42");
	yg_scale_time(&s, 3329, "days", 7);
	assert_string_equal(s.label[1], "730");
	yg_scale_time(&s, 9.1, "years", 9);
	assert_string_equal(s.label[1], "2"); /* 1 would give ten ticks */
	yg_scale_time(&s, 100, "weeks", 9);
	assert_string_equal(s.label[1], "12");
	assert_true(s.high >= 100);
	yg_scale_time(&s, 0, "days", 7);
	assert_true(s.high == 1);
}

static void ratios_stand_on_powers_of_two(void **state)
{
	(void)state;
	struct yg_scale s;
	yg_scale_log(&s, 0.2, 5, 7);
	assert_int_equal(s.ticks, 5);
	assert_string_equal(s.label[0], "0.25");
	assert_string_equal(s.label[4], "4");
	yg_assert_near(yg_scale_place(&s, 1), 0.5, 1e-12);
	yg_scale_log(&s, 0.9, 1.3, 7);
	assert_true(s.ticks >= 2);
	yg_scale_log(&s, 1e-6, 1e6, 7);
	assert_true(s.ticks >= 3 && s.ticks <= 7);
	yg_scale_log(&s, -1, NAN, 7);
	assert_true(s.low > 0 && s.high > s.low);
}

/* Hazard ratios of one unit lie close to 1: they still need ticks, and their own room. */
static void narrow_ratios_have_ticks_too(void **state)
{
	(void)state;
	struct yg_scale s;
	double low = 0.944, high = 1.043;
	yg_scale_around(&low, &high, 1.005);
	assert_true(low < 0.944 && low > 0.93 && high > 1.043 && high < 1.06);
	yg_scale_log(&s, low, high, 7);
	assert_true(s.ticks >= 3 && s.ticks <= 7 && s.log);
	for (int i = 1; i < s.ticks; i++)
		assert_string_not_equal(s.label[i], s.label[i - 1]);
}

static void an_empty_end_is_drawn_in(void **state)
{
	(void)state;
	struct yg_scale s;
	yg_scale_snug(&s, 0, 153, 6); /* round limits end at 200 */
	assert_true(s.high > 153 && s.high < 160 && s.low == 0);
	assert_string_equal(s.label[s.ticks - 1], "150");
	yg_scale_snug(&s, 18, 85, 8);
	assert_true(s.low <= 18 && s.low > 10 && s.high >= 85 && s.ticks >= 3);
	yg_scale_snug(&s, 0, 1, 6); /* what is round already stays */
	assert_true(s.low == 0 && s.high == 1);
	yg_scale_snug(&s, NAN, NAN, 6);
	assert_true(s.low < s.high);
}

static void given_ticks_are_kept(void **state)
{
	(void)state;
	struct yg_scale s;
	const double tick[4] = { 0, 12, 24.5, 400 };
	yg_scale_at(&s, 0, 36, tick, 4);
	assert_int_equal(s.ticks, 3);
	assert_string_equal(s.label[2], "24.5");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_plain_logarithm_agrees_with_the_library),
		cmocka_unit_test(linear_scales_hold_the_data_and_few_ticks),
		cmocka_unit_test(time_counts_in_the_steps_people_use),
		cmocka_unit_test(ratios_stand_on_powers_of_two),
		cmocka_unit_test(narrow_ratios_have_ticks_too),
		cmocka_unit_test(an_empty_end_is_drawn_in),
		cmocka_unit_test(given_ticks_are_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
