/* Numbers are read correctly rounded and written so that they read back, under any locale. */
#include "tests/unit/test.h"

#include <float.h>

#include "yogo/base/text.h"

static double parse(const char *s)
{
	double v = -777;
	return yg_parse_double(yg_str(s), &v) ? v : -777;
}

static void same_bits(double a, double b)
{
	if (memcmp(&a, &b, sizeof a) != 0)
		fail_msg("%a is not %a", a, b);
}

static void what_is_a_number(void **state)
{
	(void)state;
	static const char *const good[] = { "0", "-0", "1", "+1", "1.5", ".5", "5.", "1e3", "1E+3", "1e-3", "-1.5e-10" };
	static const char *const bad[] = { "",    "-",   ".",     "+.",  "e5",  "1e",   "1e+",  " 1", "1 ",  "0x10", "nan", "inf",
		                           "1,5", "1_0", "1e400", "--1", "1.2.3", "1e5.", "1f", "１", "-1e999", "1d3" };
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(parse(good[i]) != -777);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_true(parse(bad[i]) == -777);
	double v;
	assert_false(yg_parse_double((struct yg_str){ "1\0002", 3 }, &v));
	same_bits(parse("-0"), -0.0);
	same_bits(parse("1e-400"), 0.0);
}

static void hard_roundings(void **state)
{
	(void)state;
	/* halfway cases, the largest and smallest doubles, long mantissas */
	same_bits(parse("9007199254740993"), 9007199254740992.0);
	same_bits(parse("9007199254740993.00000000000000000000000000001"), 9007199254740994.0);
	same_bits(parse("1.7976931348623157e308"), DBL_MAX);
	same_bits(parse("2.2250738585072011e-308"), 0x0.fffffffffffffp-1022);
	same_bits(parse("4.9406564584124654e-324"), 0x1p-1074);
	same_bits(parse("0.1"), 0x1.999999999999ap-4);
	same_bits(parse("123456789012345678901234567890"), 0x1.8ee90ff6c373ep96);
	same_bits(parse("8.5e22"), 8.5e22);
	same_bits(parse("00000000000000000000000000000000000001.25"), 1.25);
	same_bits(parse("0.000000000000000000000000000001"), 1e-30);
	same_bits(parse("100000000000000000000000"), 1e23);
	char text[700] = "0.";
	memset(text + 2, '0', 600);
	memcpy(text + 602, "1e601", 6);
	same_bits(parse(text), 1.0);
}

/* A small generator of our own: the test must not depend on libc's. */
static uint64_t next(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	return *s ^= *s << 17;
}

static void random_doubles_go_out_and_come_back(void **state)
{
	(void)state;
	uint64_t seed = 42;
	char text[32];
	for (int i = 0; i < 200000; i++) {
		double v, w;
		uint64_t bits = next(&seed);
		memcpy(&v, &bits, sizeof v);
		if (!isfinite(v))
			continue;
		size_t n = yg_print_double(text, v);
		assert_int_equal(n, strlen(text));
		assert_true(yg_parse_double((struct yg_str){ text, n }, &w));
		same_bits(w, v);
	}
}

static void short_decimals_agree_with_the_reference(void **state)
{
	(void)state;
	uint64_t seed = 7;
	char text[64];
	for (int i = 0; i < 200000; i++) {
		uint64_t r = next(&seed);
		int digits = (int)(r % 17) + 1, point = (int)(r >> 8) % 20, n = 0;
		for (int d = 0; d < digits; d++) {
			if (d == point)
				text[n++] = '.';
			text[n++] = (char)('0' + next(&seed) % 10);
		}
		if (r & 0x10000)
			n += snprintf(text + n, 16, "e%d", (int)(r >> 20 & 63) - 32);
		text[n] = 0;
		same_bits(parse(text), strtod(text, NULL));
	}
}

static void printing_is_short(void **state)
{
	(void)state;
	static const struct {
		double v;
		const char *text;
	} cases[] = { { 0, "0" }, { -0.0, "-0" }, { 0.1, "0.1" }, { 1.0 / 3, "0.3333333333333333" }, { 100, "100" },
		      { 1e21, "1e+21" }, { 5e-324, "5e-324" }, { 2.5, "2.5" }, { 123456789, "123456789" },
		      { DBL_MAX, "1.7976931348623157e+308" }, { 0.30000000000000004, "0.30000000000000004" } };
	char text[32];
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		yg_print_double(text, cases[i].v);
		assert_string_equal(text, cases[i].text);
	}
	yg_print_double(text, NAN);
	assert_string_equal(text, "nan");
	yg_print_double(text, -INFINITY);
	assert_string_equal(text, "-inf");
}

static void integers(void **state)
{
	(void)state;
	int64_t v;
	assert_true(yg_parse_i64(YG_STR("-9223372036854775808"), &v) && v == INT64_MIN);
	assert_true(yg_parse_i64(YG_STR("9223372036854775807"), &v) && v == INT64_MAX);
	assert_true(yg_parse_i64(YG_STR("+0042"), &v) && v == 42);
	assert_true(yg_parse_i64(YG_STR("-0"), &v) && v == 0);
	assert_false(yg_parse_i64(YG_STR("9223372036854775808"), &v));
	assert_false(yg_parse_i64(YG_STR("-9223372036854775809"), &v));
	assert_false(yg_parse_i64(YG_STR("99999999999999999999"), &v));
	assert_false(yg_parse_i64(YG_STR(""), &v));
	assert_false(yg_parse_i64(YG_STR("-"), &v));
	assert_false(yg_parse_i64(YG_STR("1.0"), &v));
	assert_false(yg_parse_i64(YG_STR(" 1"), &v));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_a_number),
		cmocka_unit_test(hard_roundings),
		cmocka_unit_test(random_doubles_go_out_and_come_back),
		cmocka_unit_test(short_decimals_agree_with_the_reference),
		cmocka_unit_test(printing_is_short),
		cmocka_unit_test(integers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
