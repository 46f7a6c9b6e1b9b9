/* Days, months and years as the calendar has them; instants with and without a zone. */
#include "tests/unit/test.h"

#include "yogo/base/date.h"

static void known_days(void **state)
{
	(void)state;
	assert_int_equal(yg_date_from_civil(1970, 1, 1), 0);
	assert_int_equal(yg_date_from_civil(1969, 12, 31), -1);
	assert_int_equal(yg_date_from_civil(2000, 2, 29), 11016);
	assert_int_equal(yg_date_from_civil(1, 1, 1), -719162);
	assert_int_equal(yg_date_from_civil(9999, 12, 31), 2932896);
}

static void every_day_of_the_calendar_goes_there_and_back(void **state)
{
	(void)state;
	int y = 1, m = 1, d = 1;
	for (int32_t day = yg_date_from_civil(1, 1, 1); y <= 9999; day++) {
		int y2, m2, d2;
		yg_date_to_civil(day, &y2, &m2, &d2);
		if (y2 != y || m2 != m || d2 != d || yg_date_from_civil(y, m, d) != day)
			fail_msg("day %d is %d-%d-%d, expected %d-%d-%d", day, y2, m2, d2, y, m, d);
		if (!yg_date_valid(y, m, ++d)) {
			d = 1;
			if (++m > 12) {
				m = 1;
				y++;
			}
		}
	}
}

static void partial_dates_keep_their_precision(void **state)
{
	(void)state;
	int32_t day;
	enum yg_date_precision p;
	char text[16];
	static const char *const good[] = { "2024-02-29", "2024-02", "1987", "0001-01-01" };
	for (size_t i = 0; i < 4; i++) {
		assert_true(yg_date_parse(yg_str(good[i]), &day, &p));
		yg_date_print(text, day, p);
		assert_string_equal(text, good[i]);
	}
	static const char *const bad[] = { "2023-02-29", "2024-13-01", "2024-00-01", "2024-1-1", "24-01-01", "2024-01-01x",
		                           "",           "2024-",      "0000",       "2024/01/01", "1900-02-29", "+999" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(yg_date_parse(yg_str(bad[i]), &day, &p));
	yg_date_print(text, INT32_MIN, YG_DAY);
	yg_date_print(text, INT32_MAX, YG_DAY);
}

static void months_are_clipped_to_their_end(void **state)
{
	(void)state;
	assert_int_equal(yg_date_add_months(yg_date_from_civil(2024, 1, 31), 1), yg_date_from_civil(2024, 2, 29));
	assert_int_equal(yg_date_add_months(yg_date_from_civil(2024, 3, 31), -1), yg_date_from_civil(2024, 2, 29));
	assert_int_equal(yg_date_add_months(yg_date_from_civil(2023, 11, 15), 14), yg_date_from_civil(2025, 1, 15));
	assert_int_equal(yg_date_add_months(yg_date_from_civil(2024, 1, 5), -13), yg_date_from_civil(2022, 12, 5));
}

static void instants(void **state)
{
	(void)state;
	int64_t t;
	bool zone;
	char text[48];
	assert_true(yg_instant_parse(YG_STR("1970-01-01T00:00:00Z"), &t, &zone));
	assert_int_equal(t, 0);
	assert_true(zone);
	assert_true(yg_instant_parse(YG_STR("2024-06-01 09:30"), &t, &zone));
	assert_false(zone);
	yg_instant_print(text, t);
	assert_string_equal(text, "2024-06-01T09:30:00");
	assert_true(yg_instant_parse(YG_STR("2024-06-01T09:30:15.25+09:00"), &t, &zone));
	yg_instant_print(text, t);
	assert_string_equal(text, "2024-06-01T00:30:15.25");
	assert_true(yg_instant_parse(YG_STR("1969-12-31T23:59:59.999999Z"), &t, &zone));
	assert_int_equal(t, -1);
	yg_instant_print(text, t);
	assert_string_equal(text, "1969-12-31T23:59:59.999999");
	static const char *const bad[] = { "2024-06-01",           "2024-06-01T24:00", "2024-06-01T09:60", "2024-06-01T09:30:",
		                           "2024-06-01T09:30:15.", "2024-06-01T09:30x", "2024-06-01T09:30+", "2024-06-01T9:30" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(yg_instant_parse(yg_str(bad[i]), &t, &zone));
	yg_instant_print(text, INT64_MIN);
	yg_instant_print(text, INT64_MAX);
}

static void the_clock_can_be_fixed(void **state)
{
	(void)state;
	char text[48];
	setenv("YOGO_CLOCK", "2026-11-22T16:22:33.123456789Z", 1);
	yg_time_print_canonical(text, yg_now_nanoseconds());
	assert_string_equal(text, "2026-11-22T16:22:33.123456789Z");
	unsetenv("YOGO_CLOCK");
	assert_true(yg_now_nanoseconds() > INT64_C(1700000000000000000));
	int64_t a = yg_monotonic_nanoseconds();
	assert_true(yg_monotonic_nanoseconds() >= a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_days),
		cmocka_unit_test(every_day_of_the_calendar_goes_there_and_back),
		cmocka_unit_test(partial_dates_keep_their_precision),
		cmocka_unit_test(months_are_clipped_to_their_end),
		cmocka_unit_test(instants),
		cmocka_unit_test(the_clock_can_be_fixed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
