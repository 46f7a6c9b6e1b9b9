/* JSON, CSV, Markdown, HTML, SVG, PDF and PNG: well-formed, escaped, and with all numbers. */
#include "tests/unit/test.h"

#include <locale.h>

#include "tests/unit/report/sample.h"
#include "yogo/base/phrase.h"
#include "yogo/base/json.h"
#include "yogo/report/report.h"

static void json_is_json_and_says_states(void **state)
{
	(void)state;
	struct yg_result *r = sample_document();
	struct yg_buf b = YG_BUF_INIT;
	struct yg_arena a;
	struct yg_json *tree = NULL;
	struct yg_err err;
	yg_arena_init(&a);
	yg_render_json(r, NULL, &b);
	assert_int_equal(yg_json_parse(&a, b.data, b.len, &tree, &err), YG_OK);
	const struct yg_json *table = yg_json_get(tree, "items")->item[0], *row = yg_json_get(table, "rows")->item[0];
	assert_true(yg_json_get(row, "hr")->number == 0.54123456); /* every digit */
	assert_int_equal(yg_json_get(row, "n")->integer, 1203);
	row = yg_json_get(table, "rows")->item[2];
	assert_string_equal(yg_json_string(yg_json_get(row, "n"), "state"), "hidden");
	assert_null(yg_json_get(yg_json_get(row, "n"), "value"));
	assert_string_equal(yg_json_string(yg_json_get(row, "upper"), "reason"), "not reached");
	row = yg_json_get(table, "rows")->item[3];
	assert_int_equal(yg_json_get(yg_json_get(row, "n"), "low")->integer, 96);
	assert_string_equal(yg_json_string(yg_json_get(tree, "items")->item[2], "text"), "[hidden] of 12 are doubtful {x} ");
	yg_arena_release(&a);
	yg_buf_clear(&b);
	struct yg_render_options o = { .canonical = true };
	struct yg_buf c = YG_BUF_INIT;
	yg_render_json(r, &o, &b);
	yg_result_canonical(r, &c);
	assert_string_equal(b.data, c.data);
	yg_buf_release(&b);
	yg_buf_release(&c);
	yg_result_unref(r);
}

static void csv_has_states_beside_values(void **state)
{
	(void)state;
	struct yg_result *r = sample_document();
	struct yg_buf b = YG_BUF_INIT;
	yg_render_csv(r, NULL, &b);
	const char *expected = "table,estimates,Estimates\r\n"
			       "row,label,n,n_status,hr,lower,upper,upper_status,p,kind\r\n"
			       "rx: Lev,Lev / Obs,1203,shown,0.54123456,0.42,0.7,shown,1e-05,term\r\n";
	assert_memory_equal(b.data, expected, 80);
	assert_non_null(strstr(b.data, ",hidden,0.54123456,0.42,,missing: not reached,0.031,"));
	/* words that look like formulas are quoted, numbers are not */
	assert_non_null(strstr(b.data, ",'-2+3"));
	yg_buf_clear(&b);
	yg_render_figure_csv(yg_result_figure(r, "km"), &b);
	assert_memory_equal(b.data, "curve,\"time, months\",at risk,events,censored,survival,lower,upper\r\n", 65);
	size_t lines = 0;
	for (const char *p = b.data; *p; p++)
		lines += *p == '\n';
	assert_int_equal(lines, 83);
	yg_buf_release(&b);
	yg_result_unref(r);
}

/* A small checker: every tag closes, attributes are quoted, nothing of the data is markup. */
static void assert_well_formed(const char *s)
{
	char stack[64][24];
	int depth = 0;
	static const char *const alone[] = { "meta", "!DOCTYPE", "?xml", "rect", "path", NULL };
	for (const char *p = s; (p = strchr(p, '<'));) {
		char name[24];
		p++;
		bool closing = *p == '/';
		p += closing;
		size_t n = strcspn(p, " />\n");
		assert_true(n > 0 && n < sizeof name);
		memcpy(name, p, n);
		name[n] = '\0';
		const char *end = strchr(p, '>');
		assert_non_null(end);
		bool single = end[-1] == '/' || end[-1] == '?';
		for (int i = 0; alone[i]; i++)
			single = single || strcmp(name, alone[i]) == 0;
		if (closing) {
			assert_true(depth > 0);
			assert_string_equal(stack[--depth], name);
		} else if (!single) {
			assert_true(depth < 64);
			memcpy(stack[depth++], name, sizeof name);
		}
		p = end;
	}
	assert_int_equal(depth, 0);
}

static void html_is_one_page_that_stands_alone(void **state)
{
	(void)state;
	struct yg_result *r = sample_document(), *two[2] = { r, r };
	const char *name[2] = { "fig1", "<fig2>" };
	struct yg_provenance p = { .title = "Colon <trial>", .program = "yogo 0.1.0", .data = "data root sha256:00",
		                   .journal_head = "44 sha256:5b", .study = "a.study", .name = name };
	struct yg_render_options o = { .language = "ja" };
	struct yg_buf b = YG_BUF_INIT;
	yg_render_html((const struct yg_result *const *)two, 2, &p, &o, &b);
	assert_well_formed(b.data);
	assert_non_null(strstr(b.data, "<html lang=\"ja\">"));
	assert_null(strstr(b.data, "<script"));
	assert_null(strstr(b.data, "<b>"));
	assert_null(strchr(b.data, '\x1b'));
	/* nothing is fetched: the only address is the name of the SVG language */
	const char *http = b.data;
	while ((http = strstr(http, "http"))) {
		assert_true(strncmp(http, "http://www.w3.org/2000/svg", 26) == 0 || strncmp(http, "http-equiv", 10) == 0);
		http++;
	}
	assert_non_null(strstr(b.data, "<th scope=\"row\">Lev / Obs</th><td>1203</td><td>0.5412</td><td>0.4200 to 0.7000</td>"));
	assert_non_null(strstr(b.data, "<th scope=\"col\">hazard ratio</th><th scope=\"col\">95% CI</th>"));
	assert_non_null(strstr(b.data, "<caption>Estimates</caption>"));
	assert_non_null(strstr(b.data, "<summary>The numbers of this figure</summary>"));
	assert_non_null(strstr(b.data, "<pre>cox os ~ rx on itt with ties=efron</pre>"));
	assert_non_null(strstr(b.data, "44 sha256:5b"));
	assert_non_null(strstr(b.data, "prefers-color-scheme:dark"));
	assert_non_null(strstr(b.data, "@media print"));
	yg_buf_clear(&b);
	yg_render_html(NULL, 0, NULL, NULL, &b);
	assert_well_formed(b.data);
	yg_buf_clear(&b);
	yg_render_markdown((const struct yg_result *const *)two, 2, &p, &o, &b);
	assert_null(strstr(b.data, "<b>"));
	assert_non_null(strstr(b.data, "| Lev / Obs | 1203 |"));
	yg_buf_release(&b);
	yg_result_unref(r);
}

static void svg_holds_real_text_and_says_what_it_is(void **state)
{
	(void)state;
	struct yg_result *r = sample_document();
	struct yg_buf b = YG_BUF_INIT;
	for (int i = 0; i < r->items; i++) {
		if (r->item[i].kind != YG_ITEM_FIGURE)
			continue;
		yg_buf_clear(&b);
		yg_render_figure_svg(r->item[i].figure, NULL, &b);
		assert_well_formed(b.data);
		assert_non_null(strstr(b.data, "<title id="));
		assert_non_null(strstr(b.data, "<desc id="));
		assert_null(strstr(b.data, "nan"));
		assert_null(strstr(b.data, "inf"));
	}
	yg_buf_clear(&b);
	yg_render_figure_svg(yg_result_figure(r, "km"), NULL, &b);
	assert_non_null(strstr(b.data, ">Control arm &lt;2&gt;</text>"));
	assert_non_null(strstr(b.data, ">29 (3)</text>"));
	assert_non_null(strstr(b.data, "stroke-dasharray")); /* curves differ not by colour alone */
	yg_buf_clear(&b);
	yg_render_figure_svg(yg_result_figure(r, "secret"), NULL, &b);
	assert_non_null(strstr(b.data, "withheld by the disclosure policy"));
	yg_buf_release(&b);
	yg_result_unref(r);
}

static void pdf_and_png_are_drawn(void **state)
{
	(void)state;
	struct yg_result *r = sample_document();
	struct yg_buf b = YG_BUF_INIT, again = YG_BUF_INIT;
	struct yg_err err;
	for (int i = 0; i < r->items; i++) {
		const struct yg_figure *f = r->item[i].figure;
		if (r->item[i].kind != YG_ITEM_FIGURE)
			continue;
		yg_buf_clear(&b);
		assert_int_equal(yg_render_figure_pdf(f, NULL, &b, &err), YG_OK);
		assert_true(b.len > 1000 && memcmp(b.data, "%PDF", 4) == 0);
		yg_buf_clear(&again);
		assert_int_equal(yg_render_figure_pdf(f, NULL, &again, &err), YG_OK);
		assert_true(again.len == b.len && memcmp(again.data, b.data, b.len) == 0);
		struct yg_render_options o = { .resolution = 72 };
		yg_buf_clear(&b);
		assert_int_equal(yg_render_figure_png(f, &o, &b, &err), YG_OK);
		assert_true(b.len > 500 && memcmp(b.data + 1, "PNG", 3) == 0);
		/* width in the header, big-endian: 504 points at 72 dots per inch */
		unsigned width = (unsigned)(unsigned char)b.data[18] << 8 | (unsigned char)b.data[19];
		assert_true(width >= 504 && width < 800);
	}
	yg_buf_release(&b);
	yg_buf_release(&again);
	yg_result_unref(r);
}

/* Words of the data carry marks inside; no reader of the numbers behind a figure may meet them. */
static void the_numbers_of_a_figure_speak_plainly(void **state)
{
	(void)state;
	struct yg_result *r = yg_result_new("km", 1);
	struct yg_figure *f = yg_result_add_figure(r, "xy", YG_FIGURE_XY, "t", 2);
	struct yg_buf b = YG_BUF_INIT;
	struct yg_provenance p = { .title = "t" };
	const struct yg_result *one[1] = { r };
	f->x = f->y = (struct yg_axis){ .label = "x" };
	for (int i = 0; i < 2; i++) {
		f->series[i].name = yg_phrase_data(&r->arena, i ? "Lev+5FU" : "Obs");
		struct yg_point *point = yg_series_add_points(r, &f->series[i], 2);
		for (int k = 0; k < 2; k++) {
			point[k].x = k;
			point[k].y = i + k;
			point[k].label = yg_phrase_data(&r->arena, "site");
		}
	}
	yg_render_html(one, 1, &p, NULL, &b);
	yg_render_figure_csv(f, &b);
	yg_render_markdown(one, 1, &p, NULL, &b);
	assert_non_null(strstr(b.data, "Lev+5FU"));
	assert_null(strstr(b.data, "2068"));
	assert_null(strstr(b.data, "\xe2\x81\xa8"));
	yg_buf_release(&b);
	yg_result_unref(r);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_is_json_and_says_states),
		cmocka_unit_test(csv_has_states_beside_values),
		cmocka_unit_test(html_is_one_page_that_stands_alone),
		cmocka_unit_test(svg_holds_real_text_and_says_what_it_is),
		cmocka_unit_test(the_numbers_of_a_figure_speak_plainly),
		cmocka_unit_test(pdf_and_png_are_drawn),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
