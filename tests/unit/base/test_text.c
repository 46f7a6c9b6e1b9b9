/* Text as people see it: UTF-8, columns on a terminal, and the escapers on its way out. */
#include "tests/unit/test.h"

#include <locale.h>

#include "yogo/base/text.h"

static size_t width(const char *s)
{
	return yg_text_width(s, strlen(s));
}

static void utf8_is_checked_strictly(void **state)
{
	(void)state;
	size_t bad = 99;
	uint32_t c;
	assert_true(yg_utf8_valid("a\xC3\xA9\xE6\x97\xA5\xF0\x9F\x98\x80", 10, &bad));
	assert_false(yg_utf8_valid("ab\xC0\x80", 4, &bad)); /* overlong NUL */
	assert_int_equal(bad, 2);
	assert_false(yg_utf8_valid("\xED\xA0\x80", 3, &bad));     /* surrogate */
	assert_false(yg_utf8_valid("\xF4\x90\x80\x80", 4, &bad)); /* above U+10FFFF */
	assert_false(yg_utf8_valid("\xE6\x97", 2, &bad));         /* cut */
	assert_false(yg_utf8_valid("\x80", 1, NULL));
	assert_int_equal(yg_utf8_next("\xE6\x97\xA5", 3, &c), 3);
	assert_int_equal(c, 0x65E5);
	assert_int_equal(yg_utf8_next("\xE6x", 2, &c), 1);
	assert_int_equal(c, 0xFFFD);
}

static void width_does_not_depend_on_the_locale(void **state)
{
	(void)state;
	const char *const locales[] = { "C", "C.UTF-8" };
	for (size_t i = 0; i < 2; i++) {
		if (!setlocale(LC_CTYPE, locales[i]))
			continue;
		assert_int_equal(width("abc"), 3);
		assert_int_equal(width("日本語"), 6);
		assert_int_equal(width("ﾊﾝｶｸ"), 4);
		assert_int_equal(width("e\xCC\x81"), 1);      /* combining acute */
		assert_int_equal(width("±µ×"), 3);            /* ambiguous counts one */
		assert_int_equal(width("\xF0\x9F\x98\x80"), 2);
		assert_int_equal(width("\x1b[31m"), 8);       /* \x1b is shown */
		assert_int_equal(width("\xE2\x80\xAE"), 6);   /* \u202e */
		assert_int_equal(width("\xFF"), 4);
	}
}

static void cutting_keeps_marks_and_never_splits(void **state)
{
	(void)state;
	size_t w;
	assert_int_equal(yg_text_cut("日本語", 9, 3, &w), 3);
	assert_int_equal(w, 2);
	assert_int_equal(yg_text_cut("e\xCC\x81x", 4, 1, &w), 3);
	assert_int_equal(w, 1);
	assert_int_equal(yg_text_cut("abc", 3, 0, &w), 0);
	assert_int_equal(yg_text_cut("abc", 3, 10, NULL), 3);
}

static void padding_fills_exactly(void **state)
{
	(void)state;
	struct yg_buf b = YG_BUF_INIT;
	yg_text_pad(&b, "ab", 4, -1);
	yg_text_pad(&b, "ab", 4, 1);
	yg_text_pad(&b, "ab", 5, 0);
	assert_string_equal(b.data, "ab    ab ab  ");
	yg_buf_clear(&b);
	yg_text_pad(&b, "日本語", 4, -1);
	assert_string_equal(b.data, "日 ~");
	yg_buf_clear(&b);
	yg_text_pad(&b, "a\nb", 8, 1);
	assert_string_equal(b.data, "  a\\x0ab");
	yg_buf_clear(&b);
	yg_text_pad(&b, "abc", 0, 1);
	assert_string_equal(b.data, "");
	const char *const texts[] = { "", "x", "日本語テキスト", "e\xCC\x81\xCC\x81", "\x1b]0;t\a", "a\xE2\x80\xAE" };
	for (size_t t = 0; t < 6; t++)
		for (size_t columns = 0; columns < 20; columns++) {
			yg_buf_clear(&b);
			yg_text_pad(&b, texts[t], columns, (int)(columns % 3) - 1);
			assert_int_equal(yg_text_width(b.data, b.len), columns);
		}
	yg_buf_release(&b);
}

typedef void escape_fn(struct yg_buf *out, const char *p, size_t n);

static void escapes(escape_fn *fn, const char *in, const char *expected)
{
	struct yg_buf b = YG_BUF_INIT;
	fn(&b, in, strlen(in));
	assert_string_equal(b.data, expected);
	yg_buf_release(&b);
}

static void terminal_text_cannot_command_the_terminal(void **state)
{
	(void)state;
	escapes(yg_escape_terminal, "a\x1b[2Jb\x7f", "a\\x1b[2Jb\\x7f");
	escapes(yg_escape_terminal, "\xC2\x9B" "31m", "\\u009b31m");         /* C1 CSI */
	escapes(yg_escape_terminal, "x\xE2\x80\xAEy\xE2\x81\xA6", "x\\u202ey\\u2066");
	escapes(yg_escape_terminal, "\x9b", "\\x9b");
	escapes(yg_escape_terminal, "\xF3\xA0\x80\x81", "\\U0e0001");
	escapes(yg_escape_terminal, "日本 é \\x1b", "日本 é \\x1b");
}

static void html_text_is_text(void **state)
{
	(void)state;
	escapes(yg_escape_html, "<a href=\"x\">'&\n", "&lt;a href=&quot;x&quot;&gt;&#39;&amp;\n");
	escapes(yg_escape_html, "\x01\xE2\x80\xAE", "\\x01\\u202e");
}

static void csv_text_is_no_formula(void **state)
{
	(void)state;
	escapes(yg_escape_csv, "plain", "plain");
	escapes(yg_escape_csv, "a,b", "\"a,b\"");
	escapes(yg_escape_csv, "say \"hi\"", "\"say \"\"hi\"\"\"");
	escapes(yg_escape_csv, "=1+1", "'=1+1");
	escapes(yg_escape_csv, "@x", "'@x");
	escapes(yg_escape_csv, "-1+cmd", "'-1+cmd");
	escapes(yg_escape_csv, "-1.5", "-1.5");
	escapes(yg_escape_csv, "\ta", "'\ta");
	escapes(yg_escape_csv, "=a,b", "\"'=a,b\"");
}

static void json_follows_rfc_8785(void **state)
{
	(void)state;
	escapes(yg_escape_json, "a\"\\\b\t\n\f\r\v\x1f/é", "\"a\\\"\\\\\\b\\t\\n\\f\\r\\u000b\\u001f/é\"");
	escapes(yg_escape_json, "\xFF", "\"\xEF\xBF\xBD\"");
}

static void a_script_literal_doubles_quotes_and_stays_on_its_line(void **state)
{
	(void)state;
	escapes(yg_escape_script, "say \"hi\"\n", "\"say \"\"hi\"\"\\x0a\"");
}

static void views_compare_bytewise(void **state)
{
	(void)state;
	assert_true(yg_str_eq(yg_str("ab"), YG_STR("ab")));
	assert_true(yg_str_cmp(yg_str("ab"), yg_str("abc")) < 0);
	assert_true(yg_str_cmp(yg_str("b"), yg_str("abc")) > 0);
	assert_true(yg_str_cmp(yg_str("\xC3\xA9"), yg_str("z")) > 0);
	assert_true(yg_str_eq_ascii_nocase(yg_str("AGE"), yg_str("age")));
	assert_false(yg_str_eq_ascii_nocase(yg_str("É"), yg_str("é")));
}

static void near_words_are_found(void **state)
{
	(void)state;
	assert_int_equal(yg_text_distance("cohort", "COHORT", 3), 0);
	assert_int_equal(yg_text_distance("chort", "cohort", 3), 1);
	assert_int_equal(yg_text_distance("ochort", "cohort", 3), 1); /* a swap is one */
	assert_int_equal(yg_text_distance("kitten", "sitting", 5), 3);
	assert_int_equal(yg_text_distance("a", "abcdef", 2), 3); /* farther than the cap */
	assert_int_equal(yg_text_distance("abc", "xyz", 2), 3);
	assert_int_equal(yg_text_distance("", "", 2), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf8_is_checked_strictly),
		cmocka_unit_test(width_does_not_depend_on_the_locale),
		cmocka_unit_test(cutting_keeps_marks_and_never_splits),
		cmocka_unit_test(padding_fills_exactly),
		cmocka_unit_test(terminal_text_cannot_command_the_terminal),
		cmocka_unit_test(html_text_is_text),
		cmocka_unit_test(csv_text_is_no_formula),
		cmocka_unit_test(json_follows_rfc_8785),
		cmocka_unit_test(a_script_literal_doubles_quotes_and_stays_on_its_line),
		cmocka_unit_test(views_compare_bytewise),
		cmocka_unit_test(near_words_are_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
