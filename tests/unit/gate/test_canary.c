/*
 * The canary: one person group of 7 in otherwise large guarded data.  Neither the count nor anything
 * made from it may stand in any rendering.  This one test crosses from the gate to the renderers,
 * because the promise is about the whole road.
 */
#include "tests/unit/test.h"

#include <locale.h>

#include "yogo/gate/gate.h"
#include "yogo/report/report.h"

#define E(n, d, w) ((struct yg_evidence){ (n), (d), (w) })

/* Numbers that would give the canary away; nothing else in the document holds these digits. */
static const char *const banned[] = { "777777", "0.7777", "393.7777", NULL };

static struct yg_raw *document(int64_t small)
{
	/* 777777 stands where the number of the small group would be seen */
	struct yg_raw *raw = yg_raw_new("crosstab", 1);
	yg_raw_counts(raw, 400, 400, 150, 0);
	struct yg_raw_table *t = yg_raw_table(raw, "counts", "Counts");
	int n = yg_raw_column(t, "n", "n", YG_ROLE_PERSONS, NULL), m = yg_raw_column(t, "mean", "mean", YG_ROLE_MEAN, NULL);
	int lo = yg_raw_column(t, "lower", "lower 95%", YG_ROLE_LOWER, NULL), hi = yg_raw_column(t, "upper", "upper 95%", YG_ROLE_UPPER, NULL);
	for (int i = 0; i < 3; i++) {
		int row = yg_raw_row(t, i ? "big" : "rare", i ? "big" : "rare", 0);
		struct yg_evidence e = E(i ? 193 : small, 0, 400);
		yg_raw_int(t, row, n, i ? 193 : 777777, e);
		yg_raw_num(t, row, m, i ? 60 : 0.7777, e);
		yg_raw_num(t, row, lo, i ? 50 : 0.7777, e);
		yg_raw_num(t, row, hi, i ? 70 : 0.7777, e);
	}
	struct yg_raw_table *d = yg_raw_table(raw, "measures", "Measures");
	int e = yg_raw_column(d, "estimate", "odds ratio", YG_ROLE_ESTIMATE, NULL);
	yg_raw_num(d, yg_raw_row(d, "or", "odds ratio", 0), e, 393.7777, E(400, 150, 0));
	struct yg_raw_table *detail = yg_raw_table(raw, "detail", "Detail");
	yg_raw_table_detail(detail);
	int x = yg_raw_column(detail, "x", "x", YG_ROLE_TIME, NULL);
	yg_raw_num(detail, yg_raw_row(detail, "777777", "777777", 0), x, 0.7777, YG_NOBODY);
	struct yg_raw_figure *f = yg_raw_figure(raw, "forest", YG_FIGURE_FOREST, "Forest");
	int s = yg_raw_series(f, "OR");
	yg_raw_point(f, s, &(struct yg_raw_point){ .x = NAN, .x2 = NAN, .y = 0.7777, .lower = 0.7777, .upper = 393.7777, .label = "rare", .text = "777777" },
	             E(small, 0, 0));
	yg_raw_note_num(yg_raw_figure_caption(f, "chi-squared {1}"), YG_ROLE_STATISTIC, 393.7777, E(400, 150, 0));
	struct yg_raw_figure *h = yg_raw_figure(raw, "hist", YG_FIGURE_HISTOGRAM, "Ages");
	int hs = yg_raw_series(h, "");
	yg_raw_point(h, hs, &(struct yg_raw_point){ .x = 0, .x2 = 10, .y = (double)small, .lower = NAN, .upper = NAN }, E(small, 0, 400));
	struct yg_raw_note *note = yg_raw_note(raw, YG_NOTE_DROPPED, "{1} left out, ratio {2}");
	yg_raw_note_int(note, YG_ROLE_PERSONS, 777777, E(small, 0, 400));
	yg_raw_note_num(note, YG_ROLE_ESTIMATE, 393.7777, E(400, 150, 0));
	return raw;
}

static void assert_clean(const struct yg_buf *b, const char *what)
{
	for (int i = 0; banned[i]; i++) {
		if (strstr(b->data, banned[i]))
			print_error("%s holds %s\n", what, banned[i]);
		assert_null(strstr(b->data, banned[i]));
	}
}

static void the_canary_is_in_no_rendering(void **state)
{
	(void)state;
	static const char *const profile[] = { "jp_ndb", "opensafely", "strict" };
	for (int p = 0; p < 3; p++) {
		struct yg_result *r = NULL;
		struct yg_raw *raw = document(7);
		struct yg_buf b = YG_BUF_INIT;
		struct yg_err err;
		struct yg_render_options o = { .figures = true, .band = true, .censoring = true };
		assert_int_equal(yg_gate(raw, yg_policy_find(profile[p]), "crosstab a by b", "all", &r, &err), YG_OK);
		yg_raw_free(raw);
		const struct yg_result *one[1] = { r };
		yg_result_canonical(r, &b);
		assert_clean(&b, "canonical");
		/* bits of the doubles neither */
		yg_buf_clear(&b);
		yg_render_text(r, &o, &b);
		assert_clean(&b, "text");
		yg_buf_clear(&b);
		yg_render_json(r, NULL, &b);
		assert_clean(&b, "json");
		yg_buf_clear(&b);
		yg_render_csv(r, NULL, &b);
		assert_clean(&b, "csv");
		yg_buf_clear(&b);
		yg_render_html(one, 1, NULL, NULL, &b);
		assert_clean(&b, "html");
		yg_buf_clear(&b);
		yg_render_markdown(one, 1, NULL, NULL, &b);
		assert_clean(&b, "markdown");
		for (int i = 0; i < r->items; i++) {
			if (r->item[i].kind != YG_ITEM_FIGURE)
				continue;
			yg_buf_clear(&b);
			yg_render_figure_svg(r->item[i].figure, NULL, &b);
			assert_clean(&b, "svg");
			yg_buf_clear(&b);
			yg_render_figure_csv(r->item[i].figure, &b);
			assert_clean(&b, "figure csv");
			yg_buf_clear(&b);
			assert_int_equal(yg_render_figure_pdf(r->item[i].figure, NULL, &b, &err), YG_OK);
			assert_clean(&b, "pdf");
		}
		yg_buf_release(&b);
		yg_result_unref(r);
	}
}

/* The test itself can see: with a large group, or open data, the same numbers stand there. */
static void the_same_numbers_are_seen_when_they_may_be(void **state)
{
	(void)state;
	struct yg_result *r = NULL;
	struct yg_raw *raw = document(7);
	struct yg_buf b = YG_BUF_INIT;
	assert_int_equal(yg_gate(raw, yg_policy_find("open"), "", "", &r, NULL), YG_OK);
	yg_raw_free(raw);
	yg_render_text(r, NULL, &b);
	assert_non_null(strstr(b.data, "777777"));
	assert_non_null(strstr(b.data, "0.7777"));
	yg_buf_release(&b);
	yg_result_unref(r);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_canary_is_in_no_rendering),
		cmocka_unit_test(the_same_numbers_are_seen_when_they_may_be),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
