/* Words from the data inside a message: kept apart from it, shown without a trace of the marks. */
#include "tests/unit/test.h"

#include <string.h>

#include "yogo/base/phrase.h"

static struct yg_arena arena;

static void assert_english(const char *text, const char *expected)
{
	struct yg_buf b = YG_BUF_INIT;

	yg_phrase_english(text, &b);
	assert_string_equal(b.data ? b.data : "", expected);
	yg_buf_release(&b);
}

static void a_message_alone_is_no_phrase(void **state)
{
	(void)state;
	assert_false(yg_phrase_marked("Survival"));
	assert_false(yg_phrase_marked("生存時間 \xE2\x80\x9Cquoted\xE2\x80\x9D"));
	assert_english("Survival", "Survival");
	assert_string_equal(yg_phrase_shown("Survival"), "Survival");
	assert_string_equal(yg_phrase_shown(NULL), "");
}

static void words_of_the_data_are_marked_and_shown_plain(void **state)
{
	const char *s = yg_phrase(&arena, "Survival: %s by %s, 95%% interval", "Death", "rx");

	(void)state;
	assert_true(yg_phrase_marked(s));
	assert_english(s, "Survival: Death by rx, 95% interval");
	assert_string_equal(yg_phrase_shown(s), "Survival: Death by rx, 95% interval");
	assert_ptr_equal(yg_phrase_shown(s), yg_phrase_shown(s));
	assert_english(yg_phrase_data(&arena, "time"), "time");
	assert_true(yg_phrase_marked(yg_phrase_data(&arena, "time")));
	assert_null(yg_phrase_data(&arena, NULL));
}

static void a_phrase_may_hold_a_phrase(void **state)
{
	const char *inner = yg_phrase(&arena, "%s by %s", "Death", "rx"), *outer = yg_phrase(&arena, "Log-rank test: %s", inner);

	(void)state;
	assert_english(outer, "Log-rank test: Death by rx");
	assert_string_equal(yg_phrase_shown(outer), "Log-rank test: Death by rx");
	outer = yg_phrase(&arena, "%s, %s", yg_phrase_message(&arena, "Hazard ratios"), "rx + age");
	assert_english(outer, "Hazard ratios, rx + age");
	assert_string_equal(yg_phrase_shown(outer), "Hazard ratios, rx + age");
}

static void data_may_hold_percent_signs_and_stray_marks(void **state)
{
	(void)state;
	assert_string_equal(yg_phrase_shown(yg_phrase(&arena, "Share: %s", "100%s of %d")), "Share: 100%s of %d");
	assert_string_equal(yg_phrase_shown(yg_phrase(&arena, "Level: %s", "a\xE2\x81\xA9""b")), "Level: ab");
	assert_string_equal(yg_phrase_shown(yg_phrase(&arena, "Level: %s", "a\xE2\x81\xA8""b")), "Level: ab");
	assert_english(yg_phrase_data(&arena, "a\xE2\x81\xA8""b\xE2\x81\xA9"), "ab");
	assert_english("\xE2", "\xE2");
	assert_string_equal(yg_phrase_shown("cut off \xE2\x81"), "cut off \xE2\x81");
}

static int begin(void **state)
{
	(void)state;
	yg_arena_init(&arena);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	yg_arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_alone_is_no_phrase),
		cmocka_unit_test(words_of_the_data_are_marked_and_shown_plain),
		cmocka_unit_test(a_phrase_may_hold_a_phrase),
		cmocka_unit_test(data_may_hold_percent_signs_and_stray_marks),
	};
	return cmocka_run_group_tests_name("words of the data in messages", tests, begin, finish);
}
