/* Every byte has its label, in finished and unfinished text alike. */
#include "tests/unit/lang/lang_test.h"
#include "yogo/lang/segment.h"

/* One letter a byte: . blank, K keyword, n name, 9 number, s string, # comment, o operator, ! error. */
static void check(const char *text, const char *expected)
{
	static const char letter[] = ".Kn9s#o!";
	uint8_t label[512];
	char seen[513];
	size_t n = strlen(text);
	assert_true(n <= sizeof label);
	memset(label, 99, sizeof label);
	yg_segment(text, n, label);
	for (size_t i = 0; i < n; i++) {
		assert_true(label[i] < YG_SEGMENT_KINDS);
		seen[i] = letter[label[i]];
	}
	seen[n] = 0;
	assert_string_equal(seen, expected);
}

static void a_command_shows_its_parts(void **state)
{
	(void)state;
	check("cox os ~ rx + 1 # x", "KKK.nn.o.nn.o.9.###");
	check("km os with ci=log, at=1y as k", "KK.nn.KKKK.nnonnno.nno99.KK.n");
	check("tab a where b is missing", "KKK.n.KKKKK.n.KK.KKKKKKK");
	check("tab a with missing=show", "KKK.n.KKKK.nnnnnnnonnnn");
	check("let x = \"a\" and y", "KKK.n.o.sss.KKK.n");
	check("contrast a = b vs c", "KKKKKKKK.n.o.n.KK.n");
}

static void words_are_keywords_only_in_their_place(void **state)
{
	(void)state;
	check("cohort c:\nrequire any rx(w)\nend\ncount", "KKKKKK.no.KKKKKKK.KKK.KKono.KKK.KKKKK");
}

static void unfinished_text_is_labelled_too(void **state)
{
	(void)state;
	check("study \"abc", "KKKKK.ssss");
	check("let x = (a + ", "KKK.n.o.on.o.");
	check("km os wi", "KK.nn.nn");
	check("let x = @ `a", "KKK.n.o.!.!!");
	check("\xff", "!");
	check("", "");
	check("   ", "...");
	check("# only", "######");
	assert_string_equal(yg_segment_name(YG_SEGMENT_KEYWORD), "keyword");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_shows_its_parts),
		cmocka_unit_test(words_are_keywords_only_in_their_place),
		cmocka_unit_test(unfinished_text_is_labelled_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
