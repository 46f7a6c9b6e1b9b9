/* Text for terminals and goldens: aligned, wrapped, within its width, without escapes of the data. */
#include "tests/unit/test.h"

#include <locale.h>

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
	const char *a = strstr(b.data, "0.5412"), *c = strstr(b.data, "12.35");
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
		cmocka_unit_test(companions_stand_in_brackets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
