/* A line being edited, the names of keys, and a cursor that moves through rows. */
#include "tests/unit/test.h"
#include "tui/tui_priv.h"
#include "yogo/base/text.h"

static void keys_have_names_that_read_back(void **state)
{
	static const char *const names[] = { "Enter", "Esc", "Tab", "Up", "PageDown", "F1", "Ctrl-P", "a", "?", "年" };
	char buffer[16];

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_int_not_equal(yg_key_parse(names[i]), YG_KEY_UNKNOWN);
	for (size_t i = 0; i < 9; i++)
		assert_string_equal(yg_key_name(yg_key_parse(names[i]), buffer), names[i]);
	assert_int_equal(yg_key_parse("Space"), ' ');
	assert_int_equal(yg_key_parse("NoSuchKey"), YG_KEY_UNKNOWN);
}

static void a_line_is_edited_by_characters_not_bytes(void **state)
{
	struct yg_edit e;

	(void)state;
	yg_edit_init(&e, "年齢 >= 65");
	yg_edit_key(&e, YG_KEY_HOME);
	yg_edit_key(&e, YG_KEY_RIGHT);
	yg_edit_key(&e, YG_KEY_DELETE);
	assert_string_equal(e.text.data, "年 >= 65");
	yg_edit_key(&e, YG_KEY_BACKSPACE);
	assert_string_equal(e.text.data, " >= 65");
	yg_edit_key(&e, 0x5E74);
	assert_string_equal(e.text.data, "年 >= 65");
	yg_edit_key(&e, YG_KEY_END);
	yg_edit_key(&e, YG_CTRL('W'));
	assert_string_equal(e.text.data, "年 >= ");
	yg_edit_key(&e, YG_CTRL('U'));
	assert_string_equal(e.text.data, "");
	assert_true(yg_edit_key(&e, YG_KEY_BACKSPACE));
	assert_false(yg_edit_key(&e, YG_KEY_ENTER));
	yg_edit_release(&e);
}

static void a_long_line_scrolls_so_that_the_cursor_is_in_sight(void **state)
{
	struct yg_edit e;
	struct yg_canvas c;

	(void)state;
	yg_edit_init(&e, NULL);
	yg_canvas_init(&c, 1, 20);
	for (int i = 0; i < 300; i++) {
		int at;
		yg_edit_key(&e, i % 3 ? 'a' + i % 26 : 0x5E74);
		at = yg_edit_draw(&e, &c, 0, 4, 12, YG_TUI_ECHO);
		assert_in_range(at, 4, 15);
	}
	yg_canvas_release(&c);
	yg_edit_release(&e);
}

static void a_line_has_a_limit(void **state)
{
	struct yg_edit e;
	char *long_text = malloc(YG_EDIT_LIMIT + 2);

	(void)state;
	memset(long_text, 'x', YG_EDIT_LIMIT + 1);
	long_text[YG_EDIT_LIMIT + 1] = '\0';
	yg_edit_init(&e, NULL);
	assert_false(yg_edit_insert(&e, long_text));
	assert_int_equal(e.text.len, 0);
	yg_edit_release(&e);
	free(long_text);
}

static void the_cursor_of_a_list_stays_inside_and_in_sight(void **state)
{
	static const int keys[] = { YG_KEY_UP, YG_KEY_DOWN, YG_KEY_HOME, YG_KEY_END, YG_KEY_PAGE_UP, YG_KEY_PAGE_DOWN, 'j', 'k', 'G' };
	struct yg_view v;
	unsigned random = 1;

	(void)state;
	memset(&v, 0, sizeof v);
	for (int i = 0; i < 20000; i++) {
		size_t n;
		int height;
		random = random * 1664525u + 1013904223u;
		n = random >> 24 & 63;
		height = (int)(random >> 16 & 15);
		yg_list_key(&v, keys[(random >> 8) % 9], n, height);
		yg_list_scroll(&v, n, height);
		assert_true(n == 0 ? v.cursor == 0 : v.cursor < n);
		assert_true(v.top <= v.cursor && v.cursor < v.top + (size_t)(height > 0 ? height : 1));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_have_names_that_read_back),
		cmocka_unit_test(a_line_is_edited_by_characters_not_bytes),
		cmocka_unit_test(a_long_line_scrolls_so_that_the_cursor_is_in_sight),
		cmocka_unit_test(a_line_has_a_limit),
		cmocka_unit_test(the_cursor_of_a_list_stays_inside_and_in_sight),
	};

	return cmocka_run_group_tests_name("tui/line", tests, NULL, NULL);
}
