/*
 * Text nobody should write: deep, long, torn and scrambled.  It must end in an error with a place, soon,
 * and with little stack; and whatever still parses must print and parse again as the same tree.
 */
#include "tests/unit/lang/lang_test.h"
#include "yogo/lang/complete.h"
#include "yogo/lang/segment.h"

static enum yg_status parse_only(const char *text, size_t n, struct yg_err *err)
{
	struct yg_arena arena;
	struct yg_node *script = NULL;
	yg_arena_init(&arena);
	enum yg_status status = yg_parse_script(&arena, text, n, &script, err);
	yg_arena_release(&arena);
	return status;
}

static void check_deep(const char *head, const char *unit, size_t times, const char *tail, const char *code)
{
	struct yg_buf text;
	struct yg_err err;
	yg_buf_init(&text);
	yg_buf_adds(&text, head);
	for (size_t i = 0; i < times; i++)
		yg_buf_adds(&text, unit);
	yg_buf_adds(&text, tail);
	assert_int_equal(parse_only(text.data, text.len, &err), code ? YG_ESYNTAX : YG_OK);
	if (code)
		assert_string_equal(err.code, code);
	yg_buf_release(&text);
}

static void depth_is_limited_not_the_stack(void **state)
{
	(void)state;
	check_deep("let x = ", "(", 1000000, "", "E-SYN-029");
	check_deep("let x = ", "-", 1000000, "1", "E-SYN-029");
	check_deep("let x = ", "not ", 1000000, "a", "E-SYN-029");
	check_deep("let x = ", "f(", 1000000, "", "E-SYN-029");
	check_deep("let x = a", "^a", 1000000, "", "E-SYN-029");
	check_deep("let x = a", " + a", 1000000, "", "E-SYN-029");
	check_deep("let x = a", " and a", 1000000, "", "E-SYN-029");
	check_deep("cox os ~ a", "*a", 1000000, "", "E-SYN-029");
	check_deep("param x = ", "(", 1000000, "", "E-SYN-029");
	check_deep("param x = ", "(a: ", 1000000, "", "E-SYN-029");
	/* what is long but not deep is fine */
	check_deep("let x = a", " + a", 150, "", NULL);
	check_deep("let x = ", "(", 150, "", "E-SYN-030");
	check_deep("let x = ", "(", 150, "a", "E-SYN-028");
	check_deep("table1 a", ", a", 100000, "", NULL);
	check_deep("cox os ~ a", " + a", 100000, "", NULL);
	check_deep("", "count; ", 100000, "", NULL);
	check_deep("study \"", "x", 1000000, "\"", NULL);
	check_deep("use ", "x", 1000000, "", NULL);
	check_deep("", "\n", 1000000, "", NULL);
	check_deep("cohort c:\n", "require a = 1\n", 50000, "end", NULL);
	check_deep("cohort c:\n", "require a = 1\n", 50000, "", "E-SYN-026");
}

static void long_lines_give_short_messages(void **state)
{
	struct yg_buf text, message;
	struct yg_err err;
	(void)state;
	yg_buf_init(&text);
	yg_buf_init(&message);
	yg_buf_adds(&text, "let x = ");
	for (int i = 0; i < 100000; i++)
		yg_buf_adds(&text, "年齢, ");
	assert_int_equal(parse_only(text.data, text.len, &err), YG_ESYNTAX);
	yg_source_message("a.yogo", text.data, text.len, &err, &message);
	assert_true(message.len < 2000);
	yg_buf_clear(&text);
	yg_buf_fill(&text, ' ', 200000);
	yg_buf_adds(&text, "count == ");
	yg_buf_fill(&text, 'x', 200000);
	assert_int_equal(parse_only(text.data, text.len, &err), YG_ESYNTAX);
	yg_buf_clear(&message);
	yg_source_message(NULL, text.data, text.len, &err, &message);
	assert_true(message.len < 3000);
	yg_buf_clear(&text);
	yg_buf_adds(&text, "table1 ");
	yg_buf_fill(&text, 'y', 100000);
	yg_buf_adds(&text, " == 1");
	assert_int_equal(parse_only(text.data, text.len, &err), YG_ESYNTAX);
	yg_buf_release(&text);
	yg_buf_release(&message);
}

static const char *const seeds[] = {
	"lang 1\nopen \"colon.cohort\" as c\nfactor sex with levels=(\"Female\": 0, \"Male\": (1, 2)), ref=\"Male\"\n"
	"let fup = max(time) where etype = 2 and not x > 3 by id with label=\"a\"\n",
	"cohort w like d: \"T\"\n  enter first rx(w) in [2015-01-01, end]\n  require \"a\": count dx(hf, s = no) in [-2y, 0d] >= 2\n"
	"  exclude none dx() or px(b) in [start, +5d]\n  exit stop rx(w) with gap=30d, grace=(14d, 30d)\nend\n",
	"endpoint os: \"D\"; where etype = 2; time time in days with zero=half; event \"death\": every status = 1; compete at d; "
	"censor after 5y; until 36m; end\ncovariates b:\n keep a, b\n add last lab(x) in [-1y, 0d] as y\nend",
	"cox os, dfs ~ rx + rcs(age, knots = (45, 60)) + a*b:c, 1 by s:t, u strata v cluster id on itt where `a b` is missing with "
	"ties=efron, quantile as cx\nassert cx.hr(\"rx: Lev\") in [0.5, 0.9] else \"no\"",
	"km os by rx, ties=efron\nlet 高齢 = 年齢　>= 65\ntab a > 3 by b\nlet x = 18 <= y <= 65 == 3\nstudy “x”",
};

static uint32_t next_random(uint32_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 17;
	*s ^= *s << 5;
	return *s;
}

/* Change, insert, delete, repeat a few bytes or tokens of the text. */
static void mutate(struct yg_buf *text, uint32_t *random)
{
	static const char *const bits[] = {
		"(", ")", "[", "]", ",", ":", ";", "\n", "\"", "`", "#", "~", " with ", " by ", " in ", " and ", " is missing ", "=",
		" end\n", "cohort x:\n", "1d", "2024-01-01", "-", "^", "not ", "\xE3\x80\x80", "\xEF\xBC\x9D", "\xFF", "\r", "0.5e", ".",
	};
	unsigned times = 1 + next_random(random) % 4;
	for (unsigned i = 0; i < times; i++) {
		size_t at = text->len ? next_random(random) % text->len : 0;
		switch (next_random(random) % 4) {
		case 0:
			if (text->len)
				text->data[at] = (char)(next_random(random) & 0xFF);
			break;
		case 1: {
			size_t n = 1 + next_random(random) % 6;
			if (n > text->len - at)
				n = text->len - at;
			memmove(text->data + at, text->data + at + n, text->len - at - n);
			text->len -= n;
			break;
		}
		default: {
			const char *bit = bits[next_random(random) % (sizeof bits / sizeof *bits)];
			size_t n = strlen(bit);
			yg_buf_reserve(text, n + 1);
			memmove(text->data + at + n, text->data + at, text->len - at);
			memcpy(text->data + at, bit, n);
			text->len += n;
			break;
		}
		}
		text->data[text->len] = 0;
	}
}

static void check_one(const char *text, size_t n)
{
	struct yg_arena arena;
	struct yg_node *script = NULL, *again = NULL;
	struct yg_err err;
	struct yg_buf out, second;
	uint8_t *label = yg_xalloc(n + 1, 1);
	yg_arena_init(&arena);
	yg_buf_init(&out);
	yg_buf_init(&second);
	if (yg_parse_script(&arena, text, n, &script, &err) == YG_OK) {
		yg_print_statement(script, &out);
		if (yg_parse_script(&arena, out.data, out.len, &again, &err) != YG_OK || !yg_node_equal(script, again))
			fail_msg("%.*s\nprints as\n%s\n%s", (int)n, text, out.data, err.text);
		yg_buf_clear(&out);
		assert_int_equal(yg_format_script(text, n, &out, &err), YG_OK);
		assert_int_equal(yg_format_script(out.data, out.len, &second, &err), YG_OK);
		assert_string_equal(out.data, second.data);
		assert_int_equal(yg_parse_script(&arena, out.data, out.len, &again, &err), YG_OK);
		assert_true(yg_node_equal(script, again));
	} else {
		assert_true(err.has_span && err.at <= n && err.text[0] && err.code[0]);
		yg_source_message("m", text, n, &err, &out);
	}
	struct yg_completions offers;
	yg_complete(&arena, text, n, &offers);
	assert_true(offers.from <= n);
	(void)yg_parse_incomplete(text, n);
	yg_segment(text, n, label);
	yg_free(label);
	yg_buf_release(&out);
	yg_buf_release(&second);
	yg_arena_release(&arena);
}

static void scrambled_scripts_never_crash_and_what_parses_goes_round(void **state)
{
	uint32_t random = 20240930;
	struct yg_buf text;
	(void)state;
	yg_buf_init(&text);
	for (int round = 0; round < 6000; round++) {
		yg_buf_clear(&text);
		yg_buf_adds(&text, seeds[next_random(&random) % (sizeof seeds / sizeof *seeds)]);
		mutate(&text, &random);
		check_one(text.data, text.len);
	}
	yg_buf_release(&text);
}

static void every_prefix_of_a_script_is_answered(void **state)
{
	(void)state;
	/* every text of one and two bytes */
	for (int a = 0; a < 256; a++)
		for (int b = -1; b < 256; b++) {
			char *exact = yg_xalloc(b < 0 ? 1 : 2, 1);
			exact[0] = (char)a;
			if (b >= 0)
				exact[1] = (char)b;
			check_one(exact, b < 0 ? 1 : 2);
			yg_free(exact);
		}
	for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++)
		for (size_t n = 0; n <= strlen(seeds[i]); n++) {
			char *exact = yg_xstrndup(seeds[i], n); /* so that a sanitizer sees a read behind the end */
			check_one(exact, n);
			yg_free(exact);
		}
}

/* A corrected line is a promise: put in place of the wrong one, that line has no mistake left. */
static void corrected_lines_are_right(void **state)
{
	uint32_t random = 7;
	struct yg_buf text;
	int offered = 0;
	(void)state;
	yg_buf_init(&text);
	for (int round = 0; round < 4000; round++) {
		struct yg_err err, second;
		yg_buf_clear(&text);
		yg_buf_adds(&text, seeds[next_random(&random) % 5]);
		mutate(&text, &random);
		if (parse_only(text.data, text.len, &err) == YG_OK || !err.fixed[0])
			continue;
		offered++;
		size_t start = err.at, end = err.at;
		while (start > 0 && text.data[start - 1] != '\n' && text.data[start - 1] != '\r')
			start--;
		while (end < text.len && text.data[end] != '\n' && text.data[end] != '\r')
			end++;
		struct yg_buf mended;
		yg_buf_init(&mended);
		yg_buf_add(&mended, text.data, start);
		yg_buf_adds(&mended, err.fixed);
		size_t fixed_end = mended.len;
		yg_buf_add(&mended, text.data + end, text.len - end);
		if (parse_only(mended.data, mended.len, &second) != YG_OK)
			assert_true(second.at < start || second.at >= fixed_end || second.at + second.len >= mended.len);
		yg_buf_release(&mended);
	}
	assert_true(offered > 100);
	yg_buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(depth_is_limited_not_the_stack),
		cmocka_unit_test(long_lines_give_short_messages),
		cmocka_unit_test(scrambled_scripts_never_crash_and_what_parses_goes_round),
		cmocka_unit_test(every_prefix_of_a_script_is_answered),
		cmocka_unit_test(corrected_lines_are_right),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
