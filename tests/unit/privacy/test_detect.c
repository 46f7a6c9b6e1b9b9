/* Identifiers are found, ordinary clinical columns are not; findings hold counts and no values. */
#include "tests/unit/test.h"

#include "yogo/base/date.h"
#include "yogo/privacy/detect.h"

static void my_numbers_carry_a_check_digit(void **state)
{
	(void)state;
	assert_true(yg_detect_my_number("111111111118"));
	assert_true(yg_detect_my_number("983205673214"));
	assert_false(yg_detect_my_number("111111111117"));
	assert_false(yg_detect_my_number("11111111111"));
	assert_false(yg_detect_my_number("1111111111180"));
	/* about one in ten numbers passes by chance: 0.1006 */
	int pass = 0;
	for (int i = 0; i < 100000; i++) {
		char s[16];
		snprintf(s, sizeof s, "%012llu", 123456789012ull + 7919ull * 104729ull * (unsigned long long)i % 800000000000ull);
		pass += yg_detect_my_number(s);
	}
	assert_true(pass > 9000 && pass < 11200);
}

static void forms_are_one_before_they_are_tested(void **state)
{
	(void)state;
	struct yg_buf b = YG_BUF_INIT;
	const char *wide = "　０９０ー１２３４−５６７８ ";
	yg_detect_normalise(&b, wide, strlen(wide));
	assert_string_equal(b.data, "090-1234-5678");
	assert_true(yg_detect_telephone(b.data));
	yg_buf_release(&b);
}

static void values_of_each_kind_are_told(void **state)
{
	(void)state;
	assert_true(yg_detect_telephone("03-1234-5678") && yg_detect_telephone("0312345678") && yg_detect_telephone("+81-90-1234-5678"));
	assert_false(yg_detect_telephone("1234567890") || yg_detect_telephone("2020-01-02") || yg_detect_telephone("00312345678") ||
	             yg_detect_telephone(""));
	assert_true(yg_detect_postal("100-0001") && yg_detect_postal("1000001") && yg_detect_postal("〒100-0001"));
	assert_false(yg_detect_postal("100") || yg_detect_postal("100-00012") || yg_detect_postal(""));
	assert_true(yg_detect_address("a.b@example.org") && yg_detect_address("192.168.0.1") && yg_detect_address("https://x.jp") &&
	            yg_detect_address("00:1a:2b:3c:4d:5e"));
	assert_false(yg_detect_address("a@b") || yg_detect_address("1.2.3") || yg_detect_address("300.1.1.1") || yg_detect_address(""));
	assert_true(yg_detect_column_name("patientName") && yg_detect_column_name("TEL_HOME") && yg_detect_column_name("患者氏名") &&
	            yg_detect_column_name("chart_no") && yg_detect_column_name("birth.dt") && yg_detect_column_name("zip"));
	assert_false(yg_detect_column_name("telomere") || yg_detect_column_name("birthwt") || yg_detect_column_name("gzipped") ||
	             yg_detect_column_name("age") || yg_detect_column_name("diagnosis") || yg_detect_column_name("rx"));
}

static bool found(struct yg_detector *d, enum yg_detector_id id, enum yg_severity severity)
{
	struct yg_finding f[YG_DETECTORS];
	size_t n = yg_detector_end(d, f);
	for (size_t i = 0; i < n; i++)
		if (f[i].detector == id && f[i].severity == severity)
			return true;
	return false;
}

static size_t findings(struct yg_detector *d)
{
	struct yg_finding f[YG_DETECTORS];
	return yg_detector_end(d, f);
}

static void a_column_of_telephone_numbers_is_refused(void **state)
{
	(void)state;
	struct yg_detector *d = yg_detector_new("contact", YG_TYPE_TEXT, true);
	struct yg_finding f[YG_DETECTORS];
	for (int i = 0; i < 60; i++) {
		char s[32];
		snprintf(s, sizeof s, "090-%04d-%04d", i, 7000 + i);
		yg_detector_text(d, s, strlen(s));
		yg_detector_text(d, s, strlen(s)); /* the same value again is no further evidence */
	}
	yg_detector_text(d, "none", 4);
	assert_int_equal(yg_detector_end(d, f), 1);
	assert_int_equal(f[0].detector, YG_DETECT_TELEPHONE);
	assert_int_equal(f[0].tested, 61);
	assert_int_equal(f[0].matched, 60);
	struct yg_buf b = YG_BUF_INIT;
	f[0].table = "adsl";
	f[0].column = "contact";
	yg_finding_sentence(&f[0], &b);
	assert_string_equal(b.data, "column contact of adsl: 60 of 61 distinct values look like telephone numbers (D07)");
	assert_null(strstr(b.data, "090"));
	yg_buf_release(&b);
	yg_detector_free(d);
}

static void a_name_alone_is_a_warning_with_values_a_refusal(void **state)
{
	(void)state;
	struct yg_detector *d = yg_detector_new("zip", YG_TYPE_INTEGER, true);
	for (int i = 0; i < 3; i++)
		yg_detector_integer(d, i);
	assert_true(found(d, YG_DETECT_NAME, YG_FINDING_WARN));
	for (int i = 0; i < 400; i++)
		yg_detector_integer(d, 1000000 + i);
	assert_true(found(d, YG_DETECT_POSTAL, YG_FINDING_REFUSE));
	assert_true(found(d, YG_DETECT_NAME, YG_FINDING_REFUSE));
	yg_detector_free(d);
	/* costs of seven digits are no postal codes */
	d = yg_detector_new("cost", YG_TYPE_INTEGER, true);
	for (int i = 0; i < 400; i++)
		yg_detector_integer(d, 1000000 + i);
	assert_int_equal(findings(d), 0);
	yg_detector_free(d);
}

static void exact_births_are_refused_and_truncated_ones_pass(void **state)
{
	(void)state;
	struct yg_detector *d = yg_detector_new("dob", YG_TYPE_DATE, true);
	for (int y = 1940; y < 1990; y++)
		yg_detector_date(d, yg_date_from_civil(y, 1 + y % 12, 1));
	assert_false(found(d, YG_DETECT_BIRTH, YG_FINDING_REFUSE));
	yg_detector_date(d, yg_date_from_civil(1950, 5, 17));
	assert_true(found(d, YG_DETECT_BIRTH, YG_FINDING_REFUSE));
	yg_detector_free(d);
	/* recent visits: not before 2000 */
	d = yg_detector_new("visit", YG_TYPE_DATE, true);
	for (int i = 0; i < 900; i++)
		yg_detector_date(d, yg_date_from_civil(2019, 1, 1) + i);
	assert_int_equal(findings(d), 0);
	yg_detector_free(d);
	/* spread over a century under an innocent name */
	d = yg_detector_new("d1", YG_TYPE_DATE, true);
	for (int i = 0; i < 900; i++)
		yg_detector_date(d, yg_date_from_civil(1930, 1, 1) + 29 * i);
	assert_true(found(d, YG_DETECT_BIRTH, YG_FINDING_WARN));
	yg_detector_free(d);
}

static void free_text_is_told_from_codes(void **state)
{
	(void)state;
	struct yg_detector *d = yg_detector_new("note", YG_TYPE_TEXT, true), *codes = yg_detector_new("icd", YG_TYPE_TEXT, false);
	for (int i = 0; i < 30; i++) {
		char s[128];
		snprintf(s, sizeof s, "%d: 田中様 に電話, 来週 市民病院 を受診される予定です", i);
		yg_detector_text(d, s, strlen(s));
		snprintf(s, sizeof s, "I%02d.%d", i, i % 10);
		yg_detector_text(codes, s, strlen(s));
	}
	assert_true(found(d, YG_DETECT_FREE_TEXT, YG_FINDING_REFUSE));
	assert_int_equal(findings(codes), 0);
	yg_detector_free(d);
	yg_detector_free(codes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(my_numbers_carry_a_check_digit),
		cmocka_unit_test(forms_are_one_before_they_are_tested),
		cmocka_unit_test(values_of_each_kind_are_told),
		cmocka_unit_test(a_column_of_telephone_numbers_is_refused),
		cmocka_unit_test(a_name_alone_is_a_warning_with_values_a_refusal),
		cmocka_unit_test(exact_births_are_refused_and_truncated_ones_pass),
		cmocka_unit_test(free_text_is_told_from_codes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
