/* A failing call is one line, its message is whole, and the exit code follows from the status. */
#include "tests/unit/test.h"

#include "yogo/base/cell.h"
#include "yogo/base/status.h"

static void a_failure_fills_the_message_and_returns_its_status(void **state)
{
	(void)state;
	struct yg_err err;
	assert_int_equal(yg_fail(&err, YG_EINPUT, "E-CSV-010", "line %d of %s", 7, "a.csv"), YG_EINPUT);
	assert_string_equal(err.text, "line 7 of a.csv");
	assert_string_equal(err.code, "E-CSV-010");
	assert_int_equal(err.has_span, 0);
	yg_err_hint(&err, "add %d column", 1);
	yg_err_fixed(&err, "km os by %s", "arm");
	assert_string_equal(err.hint, "add 1 column");
	assert_string_equal(err.fixed, "km os by arm");
	assert_int_equal(err.status, YG_EINPUT);
	/* a new failure forgets the old advice */
	assert_int_equal(yg_fail_at(&err, YG_ESYNTAX, 3, 4, "E-SYN-001", "here"), YG_ESYNTAX);
	assert_int_equal(err.has_span, 1);
	assert_int_equal(err.at, 3);
	assert_int_equal(err.len, 4);
	assert_string_equal(err.hint, "");
	yg_err_clear(&err);
	assert_string_equal(err.text, "");
	assert_int_equal(err.status, YG_OK);
}

static void no_err_is_allowed(void **state)
{
	(void)state;
	assert_int_equal(yg_fail(NULL, YG_EIO, "E-IO-001", "x"), YG_EIO);
	yg_err_hint(NULL, "x");
	yg_err_fixed(NULL, "x");
	yg_err_clear(NULL);
}

static void a_message_can_wrap_itself(void **state)
{
	(void)state;
	struct yg_err err;
	(void)!yg_fail(&err, YG_EIO, "E-IO-002", "disk full");
	(void)!yg_fail(&err, err.status, err.code, "cannot save: %s", err.text);
	assert_string_equal(err.text, "cannot save: disk full");
	assert_string_equal(err.code, "E-IO-002");
}

static void a_long_message_is_cut_between_characters(void **state)
{
	(void)state;
	struct yg_err err;
	char text[2001];
	for (int i = 0; i < 2000; i += 2)
		memcpy(text + i, "\xC3\xA9", 2);
	text[2000] = 0;
	(void)!yg_fail(&err, YG_EIO, "E-IO-002", "%s", text);
	assert_int_equal(strlen(err.text), 1022);
	(void)!yg_fail(&err, YG_EIO, "E-IO-002", "x%s", text);
	assert_int_equal(strlen(err.text), 1023);
}

static void exit_codes_are_the_documented_ones(void **state)
{
	(void)state;
	assert_int_equal(yg_status_exit(YG_OK), 0);
	assert_int_equal(yg_status_exit(YG_EINVAL), 2);
	assert_int_equal(yg_status_exit(YG_EDAMAGED), 6);
	assert_int_equal(yg_status_exit(YG_EBUSY), 7);
	assert_int_equal(yg_status_exit(YG_ETAMPERED), 12);
	assert_int_equal(yg_status_exit(YG_CANCELLED), 130);
	assert_int_equal(yg_status_exit((enum yg_status)999), 70);
	assert_string_equal(yg_status_name(YG_EIO), "YG_EIO");
}

static void every_role_has_a_name(void **state)
{
	(void)state;
	for (unsigned r = 0; r < YG_ROLE_COUNT; r++)
		assert_non_null(yg_role_name((enum yg_role)r));
	assert_string_equal(yg_role_name(YG_ROLE_PERSON_TIME), "person_time");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failure_fills_the_message_and_returns_its_status),
		cmocka_unit_test(no_err_is_allowed),
		cmocka_unit_test(a_message_can_wrap_itself),
		cmocka_unit_test(a_long_message_is_cut_between_characters),
		cmocka_unit_test(exit_codes_are_the_documented_ones),
		cmocka_unit_test(every_role_has_a_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
