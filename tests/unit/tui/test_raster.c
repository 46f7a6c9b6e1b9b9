/* Curves in dots: a step is level and plumb, the same in braille, blocks and ASCII, and never leaves the plot. */
#include "tests/unit/test.h"
#include "tui/tui_priv.h"

static void draw_step(struct yg_raster *r)
{
	yg_raster_level(r, 0, 0.5, 1, YG_RASTER_SOLID, YG_TUI_SERIES_1);
	yg_raster_plumb(r, 0.5, 1, 0, YG_RASTER_SOLID, YG_TUI_SERIES_1);
	yg_raster_level(r, 0.5, 1, 0, YG_RASTER_SOLID, YG_TUI_SERIES_1);
}

static void a_step_is_level_and_plumb(void **state)
{
	struct yg_raster r;
	struct yg_canvas c;
	struct yg_buf out = YG_BUF_INIT;

	(void)state;
	yg_canvas_init(&c, 3, 7);
	yg_raster_init(&r, 3, 7, YG_GLYPHS_ASCII);
	draw_step(&r);
	yg_raster_draw(&r, &c, 0, 0);
	yg_canvas_print(&c, false, &out);
	assert_string_equal(out.data, "---+\n   |\n   +---\n");
	yg_raster_release(&r);
	yg_buf_clear(&out);
	yg_canvas_clear(&c);
	yg_raster_init(&r, 3, 7, YG_GLYPHS_BRAILLE);
	draw_step(&r);
	yg_raster_draw(&r, &c, 0, 0);
	yg_canvas_print(&c, false, &out);
	assert_string_equal(out.data, "⠉⠉⠉⢹\n   ⢸\n   ⢸⣀⣀⣀\n");
	yg_raster_release(&r);
	yg_buf_clear(&out);
	yg_canvas_clear(&c);
	yg_raster_init(&r, 3, 7, YG_GLYPHS_BLOCK);
	draw_step(&r);
	yg_raster_draw(&r, &c, 0, 0);
	yg_canvas_print(&c, false, &out);
	assert_string_equal(out.data, "▀▀▀█\n   █\n   █▄▄▄\n");
	yg_raster_release(&r);
	yg_buf_release(&out);
	yg_canvas_release(&c);
}

static void dashes_leave_gaps(void **state)
{
	struct yg_raster r;

	(void)state;
	for (int dash = YG_RASTER_DASHED; dash <= YG_RASTER_MIXED; dash++) {
		int with = 0, without = 0;
		yg_raster_init(&r, 1, 40, YG_GLYPHS_ASCII);
		yg_raster_level(&r, 0, 1, 0.5, (enum yg_raster_dash)dash, YG_TUI_SERIES_2);
		for (int i = 0; i < 40; i++)
			r.dot[i] ? with++ : without++;
		assert_true(with >= 10 && without >= 10);
		yg_raster_release(&r);
	}
}

static void nothing_is_drawn_outside(void **state)
{
	static const double odd[] = { -1e300, -1, -0.001, 0, 0.5, 1, 1.001, 2, 1e300 };

	(void)state;
	for (int glyphs = 0; glyphs < 3; glyphs++)
		for (int size = 0; size < 5; size++) {
			struct yg_raster r;
			yg_raster_init(&r, size, size * 2, (enum yg_glyphs)glyphs);
			for (size_t i = 0; i < 9; i++)
				for (size_t k = 0; k < 9; k++) {
					yg_raster_point(&r, odd[i], odd[k], YG_TUI_SERIES_3);
					yg_raster_level(&r, odd[i], odd[k], 0.5, YG_RASTER_SOLID, YG_TUI_SERIES_3);
					yg_raster_plumb(&r, 0.5, odd[i], odd[k], YG_RASTER_DOTTED, YG_TUI_SERIES_3);
				}
			yg_raster_release(&r);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_step_is_level_and_plumb),
		cmocka_unit_test(dashes_leave_gaps),
		cmocka_unit_test(nothing_is_drawn_outside),
	};

	return cmocka_run_group_tests_name("tui/raster", tests, NULL, NULL);
}
