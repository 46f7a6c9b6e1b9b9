/* Dots: level lines stay level, steps stay steps, series differ by their rhythm. */
#include "tests/unit/test.h"

#include "report/dots_priv.h"

static const char *row(const struct yg_dots *d, int r)
{
	static struct yg_buf b = YG_BUF_INIT;
	yg_buf_clear(&b);
	yg_dots_row(d, r, &b);
	return b.data;
}

static void a_step_is_level_then_plumb(void **state)
{
	(void)state;
	struct yg_dots d;
	const double x[4] = { 0, 0.5, 0.5, 1 }, y[4] = { 1, 1, 0, 0 };
	yg_dots_init(&d, 5, 3, YG_GLYPHS_ASCII);
	yg_dots_path(&d, x, y, 4, 0, false);
	assert_string_equal(row(&d, 0), "--+  ");
	assert_string_equal(row(&d, 1), "  |  ");
	assert_string_equal(row(&d, 2), "  +--");
	yg_dots_release(&d);
	yg_dots_init(&d, 2, 1, YG_GLYPHS_BRAILLE);
	yg_dots_path(&d, x, y, 4, 0, false);
	/* dots of 4 x 4: level at the top, down in the third column, level at the bottom */
	assert_string_equal(row(&d, 0), "\xe2\xa0\x89\xe2\xa3\x87");
	yg_dots_release(&d);
}

static void half_blocks_have_two_dots(void **state)
{
	(void)state;
	struct yg_dots d;
	const double x[2] = { 0, 1 }, top[2] = { 1, 1 }, bottom[2] = { 0, 0 };
	yg_dots_init(&d, 2, 1, YG_GLYPHS_BLOCK);
	yg_dots_path(&d, x, top, 2, 0, false);
	assert_string_equal(row(&d, 0), "\xe2\x96\x80\xe2\x96\x80");
	yg_dots_path(&d, x, bottom, 2, 0, false);
	assert_string_equal(row(&d, 0), "\xe2\x96\x88\xe2\x96\x88");
	yg_dots_release(&d);
}

static void series_differ_without_colour(void **state)
{
	(void)state;
	struct yg_buf seen[5];
	for (int s = 0; s < 5; s++) {
		yg_buf_init(&seen[s]);
		yg_dots_sample(&seen[s], s, 8, YG_GLYPHS_BRAILLE);
		for (int t = 0; t < s; t++)
			assert_string_not_equal(seen[s].data, seen[t].data);
	}
	for (int s = 0; s < 5; s++)
		yg_buf_release(&seen[s]);
}

static void what_lies_outside_is_not_drawn(void **state)
{
	(void)state;
	struct yg_dots d;
	const double x[4] = { -5, 5, NAN, 0 }, y[4] = { -3, 9, 0, 0 };
	yg_dots_init(&d, 6, 4, YG_GLYPHS_BRAILLE);
	yg_dots_path(&d, x, y, 4, 1, false);
	yg_dots_mark(&d, 7, 7, '+');
	yg_dots_point(&d, -1, -1);
	for (int r = 0; r < 4; r++)
		assert_null(strchr(row(&d, r), '+'));
	yg_dots_release(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_step_is_level_then_plumb),
		cmocka_unit_test(half_blocks_have_two_dots),
		cmocka_unit_test(series_differ_without_colour),
		cmocka_unit_test(what_lies_outside_is_not_drawn),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
