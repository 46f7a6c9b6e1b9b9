/* Everything drawn stays inside, and a row is always exactly as wide as the screen. */
#include "tests/unit/test.h"
#include "yogo/base/text.h"
#include "yogo/tui/canvas.h"

static int row_width(const struct yg_canvas *c, int row)
{
	int width = 0;

	for (int k = 0; k < c->columns; k++)
		width += c->cell[(size_t)row * (size_t)c->columns + (size_t)k].width;
	return width;
}

static void text_is_cut_at_the_edge(void **state)
{
	struct yg_canvas c;
	struct yg_buf out = YG_BUF_INIT;

	(void)state;
	yg_canvas_init(&c, 2, 6);
	assert_int_equal(yg_canvas_text(&c, 0, 2, -1, YG_TUI_TEXT, "abcdefgh"), 4);
	assert_int_equal(yg_canvas_text(&c, 5, 0, -1, YG_TUI_TEXT, "outside"), 0);
	yg_canvas_print(&c, false, &out);
	assert_string_equal(out.data, "  abcd\n\n");
	yg_buf_release(&out);
	yg_canvas_release(&c);
}

static void a_wide_character_never_straddles_the_edge(void **state)
{
	struct yg_canvas c;

	(void)state;
	yg_canvas_init(&c, 1, 5);
	yg_canvas_text(&c, 0, 0, -1, YG_TUI_TEXT, "性別年");
	assert_int_equal(row_width(&c, 0), 5);
	/* Overwriting half of a wide character blanks the other half. */
	yg_canvas_text(&c, 0, 1, -1, YG_TUI_TEXT, "x");
	assert_string_equal(c.cell[0].text, " ");
	assert_string_equal(c.cell[1].text, "x");
	assert_int_equal(row_width(&c, 0), 5);
	yg_canvas_release(&c);
}

static void escape_sequences_are_shown_not_obeyed(void **state)
{
	struct yg_canvas c;
	struct yg_buf out = YG_BUF_INIT;

	(void)state;
	yg_canvas_init(&c, 1, 20);
	yg_canvas_text(&c, 0, 0, -1, YG_TUI_TEXT, "a\x1b[2Jb");
	yg_canvas_print(&c, false, &out);
	assert_null(strchr(out.data, '\x1b'));
	assert_non_null(strstr(out.data, "[2Jb"));
	yg_buf_release(&out);
	yg_canvas_release(&c);
}

static void no_size_breaks_it(void **state)
{
	static const char *const texts[] = { "plain", "性別 e\xcc\x81 \xf0\x9f\x98\x80 end", "\xe2\xa0\x80\xe2\xa3\xbf", "" };

	(void)state;
	for (int rows = 1; rows < 12; rows += 2)
		for (int columns = 1; columns < 40; columns++) {
			struct yg_canvas c;
			yg_canvas_init(&c, rows, columns);
			for (int k = -3; k < columns + 3; k++)
				for (size_t i = 0; i < 4; i++)
					yg_canvas_text(&c, k % rows, k, -1, YG_TUI_HEADER, texts[i]);
			for (int r = 0; r < rows; r++)
				assert_int_equal(row_width(&c, r), columns);
			yg_canvas_release(&c);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_cut_at_the_edge),
		cmocka_unit_test(a_wide_character_never_straddles_the_edge),
		cmocka_unit_test(escape_sequences_are_shown_not_obeyed),
		cmocka_unit_test(no_size_breaks_it),
	};

	return cmocka_run_group_tests_name("tui/canvas", tests, NULL, NULL);
}
