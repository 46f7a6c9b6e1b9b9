/* Text for terminals and goldens: aligned, wrapped, within its width, without escapes of the data. */
#include "tests/unit/test.h"

#include <locale.h>

#include "report/rows_priv.h"
#include "tests/unit/report/sample.h"
#include "yogo/base/text.h"
#include "yogo/report/report.h"

static char *render(const struct yg_result *r, struct yg_render_options o)
{
	struct yg_buf b = YG_BUF_INIT;
	yg_render_text(r, &o, &b);
	return yg_buf_take(&b);
}

static void a_table_stands_in_columns(void **state)
{
	(void)state;
	struct yg_result *r = yg_result_new("cox", 1);
	r->title = "Title";
	sample_table(r);
	struct yg_buf b = YG_BUF_INIT;
	yg_render_table_text(r->item[0].table, NULL, &b);
	/* decimal points stand above each other, limits are one column, hidden and missing are words */
	assert_non_null(strstr(b.data, "95% CI"));
	assert_non_null(strstr(b.data, "0.4200 to 0.7000"));
	assert_non_null(strstr(b.data, "0.4200 to not reached"));
	assert_non_null(strstr(b.data, "[hidden]"));
	assert_non_null(strstr(b.data, "<0.001"));
	const char *a = strstr(b.data, "0.5412"), *c = strstr(b.data, "12.3 "); /* as many decimals as its upper limit, 113.2 */
	assert_non_null(a);
	assert_non_null(c);
	size_t column_a = 0, column_c = 0;
	for (const char *p = a; p > b.data && p[-1] != '\n'; p--)
		column_a++;
	for (const char *p = c; p > b.data && p[-1] != '\n'; p--)
		column_c++;
	assert_int_equal(column_a + 1, column_c + 2);
	yg_buf_release(&b);
	yg_result_unref(r);
}

static void no_line_is_wider_than_asked(void **state)
{
	(void)state;
	struct yg_result *r = sample_document();
	for (int glyphs = 0; glyphs < 3; glyphs++)
		for (int width = 40; width <= 130; width += 3) {
			char *s = render(r, (struct yg_render_options){ .width = width, .figures = true, .glyphs = (enum yg_glyphs)glyphs });
			for (char *p = s; *p;) {
				size_t n = strcspn(p, "\n"), w = yg_text_width(p, n);
				if (w > (size_t)width)
					print_error("width %d: %.*s\n", width, (int)n, p);
				assert_true(w <= (size_t)width);
				assert_true(n == 0 || p[n - 1] != ' ');
				p += n + 1;
			}
			if (glyphs == YG_GLYPHS_ASCII)
				assert_null(strstr(s, "\xe2\xa0"));
			yg_free(s);
		}
	yg_result_unref(r);
}

static void nothing_of_the_data_reaches_the_terminal_raw(void **state)
{
	(void)state;
	struct yg_result *r = sample_document();
	char *s = render(r, (struct yg_render_options){ .figures = true });
	assert_null(strchr(s, '\x1b'));
	assert_non_null(strstr(s, "\\x1b[31m"));
	yg_free(s);
	yg_result_unref(r);
}

static void the_document_begins_with_who_it_is_about(void **state)
{
	(void)state;
	struct yg_result *r = sample_document();
	char *s = render(r, (struct yg_render_options){ 0 });
	const char *start = "Overall survival by rx\n"
			    "itt of colon: \"randomised\" & <known>\n"
			    "1301 persons, 452 events, 12 left out\n\nEstimates\n";
	assert_memory_equal(s, start, strlen(start));
	assert_non_null(strstr(s, "\n  ties efron\n! [hidden] of 12 are doubtful {x}"));
	assert_non_null(strstr(s, "[figure: Survival by arm]"));
	assert_non_null(strstr(s, "[figure: Withheld curve] This figure is withheld"));
	yg_free(s);
	yg_result_unref(r);
}

/* The curve of the active arm: steps only go level and down; numbers at risk stand under their ticks. */
static void a_curve_in_the_terminal_keeps_its_axis(void **state)
{
	(void)state;
	struct yg_result *r = yg_result_new("km", 1);
	struct yg_buf b = YG_BUF_INIT;
	struct yg_figure *f = sample_km(r);
	struct yg_render_options o = { .glyphs = YG_GLYPHS_ASCII, .width = 70 };
	yg_render_figure_text(f, &o, &b);
	assert_non_null(strstr(b.data, "log-rank p 0.012"));
	assert_non_null(strstr(b.data, "At risk (events so far)"));
	/* at month 12 the 12th leaves: 29 at risk, 3 events so far in the active arm */
	assert_non_null(strstr(b.data, "40 (0)"));
	assert_non_null(strstr(b.data, "29 (3)"));
	assert_non_null(strstr(b.data, "29 (6)"));
	const char *ticks = strstr(b.data, "\n              "), *row = strstr(b.data, "29 (3)");
	assert_non_null(ticks);
	const char *twelve = strstr(b.data, " 12 ");
	assert_non_null(twelve);
	size_t c1 = 0, c2 = 0;
	for (const char *p = twelve + 1; p > b.data && p[-1] != '\n'; p--)
		c1++;
	for (const char *p = row; p > b.data && p[-1] != '\n'; p--)
		c2++;
	assert_true(c2 + 3 >= c1 && c2 <= c1 + 1);
	yg_buf_release(&b);
	yg_result_unref(r);
}

static void wide_scripts_keep_the_columns(void **state)
{
	(void)state;
	struct yg_result *r = yg_result_new("x", 1);
	struct yg_buf b = YG_BUF_INIT;
	struct yg_result_table *t = yg_result_add_table(r, "t", "", 2, 1);
	t->column[0] = (struct yg_table_column){ "n", "n", NULL, YG_ROLE_PERSONS };
	t->row[0] = (struct yg_table_row){ "a", "\xe5\xa7\x93\xe5\x90\x8d", 0 };
	t->row[1] = (struct yg_table_row){ "b", "name", 0 };
	*yg_result_cell(t, 0, 0) = sample_count(YG_ROLE_PERSONS, 5);
	*yg_result_cell(t, 1, 0) = sample_count(YG_ROLE_PERSONS, 5);
	yg_render_table_text(t, NULL, &b);
	assert_non_null(strstr(b.data, "\xe5\xa7\x93\xe5\x90\x8d  5\nname  5\n"));
	yg_buf_release(&b);
	yg_result_unref(r);
}

/* "98 (48.3%)", "59.45 (11.96)": a column without a label of its own, or "%", belongs to the one before. */
static void companions_stand_in_brackets(void **state)
{
	(void)state;
	struct yg_result *r = yg_result_new("table1", 1);
	struct yg_buf b = YG_BUF_INIT;
	struct yg_result_table *t = yg_result_add_table(r, "t", "", 3, 4);
	t->column[0] = (struct yg_table_column){ "a", "Obs", NULL, YG_ROLE_PERSONS };
	t->column[1] = (struct yg_table_column){ "a2", "", NULL, YG_ROLE_PROPORTION };
	t->column[2] = (struct yg_table_column){ "b", "Lev", NULL, YG_ROLE_PERSONS };
	t->column[3] = (struct yg_table_column){ "b2", "%", NULL, YG_ROLE_PROPORTION };
	const char *label[3] = { "persons", "age", "male" };
	for (int i = 0; i < 3; i++)
		t->row[i] = (struct yg_table_row){ label[i], label[i], 0 };
	*yg_result_cell(t, 0, 0) = sample_count(YG_ROLE_PERSONS, 315);
	*yg_result_cell(t, 1, 0) = sample_number(YG_ROLE_MEAN, 59.45);
	*yg_result_cell(t, 1, 1) = sample_number(YG_ROLE_SD, 11.96);
	*yg_result_cell(t, 2, 0) = sample_count(YG_ROLE_PERSONS, 166);
	*yg_result_cell(t, 2, 1) = sample_number(YG_ROLE_PROPORTION, 0.527);
	*yg_result_cell(t, 0, 2) = sample_count(YG_ROLE_PERSONS, 310);
	for (int j = 2; j < 4; j++)
		*yg_result_cell(t, 2, j) = sample_words(YG_CELL_HIDDEN, YG_ROLE_PERSONS, "T9");
	yg_render_table_text(t, &(struct yg_render_options){ .glyphs = YG_GLYPHS_ASCII }, &b);
	assert_string_equal(b.data, "         Obs             Lev (%)\n"
	                            "---------------------------------\n"
	                            "persons  315             310\n"
	                            "age       59.45 (11.96)\n"
	                            "male     166 (52.7%)     [hidden]\n");
	yg_buf_release(&b);
	yg_result_unref(r);
}

/* 0.6967 beside 1.372: one decimal less, never fewer than three digits; the estimate and its limits alike. */
static void numbers_of_one_size_share_their_decimals(void **state)
{
	(void)state;
	struct yg_result *r = yg_result_new("cox", 1);
	struct yg_buf b = YG_BUF_INIT;
	struct yg_result_table *t = yg_result_add_table(r, "t", "", 4, 4);
	const double v[4][4] = { { 0.1116, 0.9737, 0.5417, 1.926 },
		                 { 0.04081, 0.6967, 0.1234567, 0.12345671 },
		                 { 0.004081, 0.00152, 0.0999949, 0.99995 },
		                 { -0.5, -0.0201, -0.205, NAN } };
	t->column[0] = (struct yg_table_column){ "se", "SE", NULL, YG_ROLE_SE };
	t->column[1] = (struct yg_table_column){ "hr", "HR", NULL, YG_ROLE_ESTIMATE };
	t->column[2] = (struct yg_table_column){ "lower", "lower", NULL, YG_ROLE_LOWER };
	t->column[3] = (struct yg_table_column){ "upper", "upper", NULL, YG_ROLE_UPPER };
	for (int i = 0; i < 4; i++) {
		t->row[i] = (struct yg_table_row){ "r", "row", 0 };
		for (int j = 0; j < 4; j++)
			*yg_result_cell(t, i, j) = sample_number(t->column[j].role, v[i][j]);
	}
	yg_render_table_text(t, NULL, &b);
	assert_non_null(strstr(b.data, "0.1116 "));            /* the greatest of its column keeps its digits */
	assert_non_null(strstr(b.data, " 0.0408 "));           /* three digits, as many decimals as 0.1116 */
	assert_non_null(strstr(b.data, " 0.00408 "));
	assert_non_null(strstr(b.data, " 0.974 "));            /* as its limits */
	assert_non_null(strstr(b.data, "0.542 to 1.926"));
	assert_non_null(strstr(b.data, "0.1235 to 0.1235"));   /* limits that would look alike keep what they have */
	assert_non_null(strstr(b.data, " 0.00152 "));          /* never fewer than three */
	yg_buf_release(&b);
	yg_result_unref(r);
}

/* 0.924 (0.889 to 0.948), not (0.8885 to 0.9483). */
static void limits_of_a_probability_are_written_as_it_is(void **state)
{
	(void)state;
	struct yg_result *r = yg_result_new("km", 1);
	struct yg_buf b = YG_BUF_INIT;
	struct yg_result_table *t = yg_result_add_table(r, "t", "", 1, 4);
	const double v[4] = { 0.92381, 0.01495, 0.88851, 0.94832 };
	const enum yg_role role[4] = { YG_ROLE_PROBABILITY, YG_ROLE_SE, YG_ROLE_LOWER, YG_ROLE_UPPER };
	static const char *const key[4] = { "survival", "se", "lower", "upper" };
	t->row[0] = (struct yg_table_row){ "r", "row", 0 };
	for (int j = 0; j < 4; j++) {
		t->column[j] = (struct yg_table_column){ key[j], key[j], NULL, role[j] };
		*yg_result_cell(t, 0, j) = sample_number(role[j], v[j]);
	}
	yg_render_table_text(t, NULL, &b);
	assert_non_null(strstr(b.data, "0.924  0.01495  0.889 to 0.948"));
	yg_buf_release(&b);
	yg_result_unref(r);
}

/* At 80 columns a long name of a row stands whole, on as many lines as it needs. */
static void a_forest_plot_keeps_its_labels(void **state)
{
	(void)state;
	struct yg_result *r = yg_result_new("forest", 1);
	struct yg_figure *f = yg_result_add_figure(r, "forest", YG_FIGURE_FOREST, "Hazard ratios", 1);
	struct yg_buf b = YG_BUF_INIT;
	static const char *const label[3] = { "Extent of local spread: submucosa or muscle", "Extent of local spread: contiguous",
		                              "Treatment: Lev+5FU" };
	f->x = (struct yg_axis){ .label = "hazard ratio", .log_scale = true };
	f->y = (struct yg_axis){ .label = "" };
	f->heads = "events/persons\treference";
	f->series[0].name = "HR (CI)";
	struct yg_point *p = yg_series_add_points(r, &f->series[0], 3);
	for (int i = 0; i < 3; i++) {
		p[i].y = 0.6 + 0.3 * i;
		p[i].lower = 0.4 + 0.3 * i;
		p[i].upper = 0.8 + 0.4 * i;
		p[i].label = label[i];
		p[i].text = "156/304\t167/312";
	}
	struct yg_render_options o = { .glyphs = YG_GLYPHS_ASCII, .width = 80 };
	yg_render_figure_text(f, &o, &b);
	assert_null(strchr(b.data, '~'));
	assert_non_null(strstr(b.data, "submucosa"));
	assert_non_null(strstr(b.data, "muscle"));
	assert_non_null(strstr(b.data, "contiguous"));
	assert_non_null(strstr(b.data, "Treatment: Lev+5FU"));
	yg_buf_clear(&b);
	o.width = 120; /* room enough: one line each */
	yg_render_figure_text(f, &o, &b);
	assert_non_null(strstr(b.data, label[0]));
	yg_buf_clear(&b);
	yg_render_figure_svg(f, &o, &b);
	assert_null(strstr(b.data, "..."));
	assert_non_null(strstr(b.data, "muscle"));
	yg_buf_release(&b);
	yg_result_unref(r);
}

/* Points that go with fitted lines have the colours of their lines, and signs of their own. */
static void points_wear_the_colour_of_their_lines(void **state)
{
	(void)state;
	struct yg_result *r = yg_result_new("aft", 1);
	struct yg_figure *f = yg_result_add_figure(r, "fit", YG_FIGURE_XY, "Fitted", 4);
	static const char *const name[4] = { "a", "b", "a, Kaplan-Meier", "b, Kaplan-Meier" };
	struct yg_scale x, y;
	f->x = (struct yg_axis){ .label = "time", .unit = "years" };
	f->y = (struct yg_axis){ .label = "survival" };
	for (int i = 0; i < 4; i++) {
		f->series[i].name = name[i];
		f->series[i].line = i < 2;
		struct yg_point *p = yg_series_add_points(r, &f->series[i], 2);
		for (int k = 0; k < 2; k++) {
			p[k].x = 14.1 * k;
			p[k].y = 0.9 - 0.2 * k;
		}
	}
	assert_int_equal(yg_xy_hue(f, 1), 1);
	assert_int_equal(yg_xy_hue(f, 2), 0);
	assert_int_equal(yg_xy_hue(f, 3), 1);
	yg_xy_axes(f, 8, 6, &x, &y);
	assert_true(y.low == 0 && y.high == 1); /* the whole of a probability */
	assert_string_equal(x.label[1], "2");   /* whole years */
	f->series[2].line = true;
	assert_int_equal(yg_xy_hue(f, 2), 2);
	yg_result_unref(r);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_stands_in_columns),
		cmocka_unit_test(no_line_is_wider_than_asked),
		cmocka_unit_test(nothing_of_the_data_reaches_the_terminal_raw),
		cmocka_unit_test(the_document_begins_with_who_it_is_about),
		cmocka_unit_test(a_curve_in_the_terminal_keeps_its_axis),
		cmocka_unit_test(wide_scripts_keep_the_columns),
		cmocka_unit_test(numbers_of_one_size_share_their_decimals),
		cmocka_unit_test(limits_of_a_probability_are_written_as_it_is),
		cmocka_unit_test(a_forest_plot_keeps_its_labels),
		cmocka_unit_test(points_wear_the_colour_of_their_lines),
		cmocka_unit_test(companions_stand_in_brackets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
