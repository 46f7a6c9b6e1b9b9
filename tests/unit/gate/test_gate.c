/*
 * The gate, rule by rule.  The canary is a count of 7 persons: under a guarded profile the digit 7
 * stands nowhere in the document (other numbers here avoid it).
 */
#include "tests/unit/test.h"

#include "yogo/gate/gate.h"
#include "yogo/result/numfmt.h"

#define E(n, d, w) ((struct yg_evidence){ (n), (d), (w) })

static struct yg_result *gate(struct yg_raw *raw, const char *profile)
{
	struct yg_result *r = NULL;
	struct yg_err err;
	assert_int_equal(yg_gate(raw, yg_policy_find(profile), "count", "all of x", &r, &err), YG_OK);
	yg_raw_free(raw);
	return r;
}

/* What the whole document says, without digests and bits of doubles: every cell as it is written. */
static void say_cell(struct yg_buf *b, const struct yg_cell *c)
{
	yg_numfmt_cell(b, c);
	if (c->state == YG_CELL_ROUNDED)
		yg_buf_addf(b, "{%g..%g}", c->low, c->high);
	yg_buf_addc(b, '|');
}

static char *say(const struct yg_result *r)
{
	struct yg_buf b = YG_BUF_INIT;
	say_cell(&b, &r->persons);
	say_cell(&b, &r->records);
	say_cell(&b, &r->events);
	say_cell(&b, &r->dropped);
	for (int i = 0; i < r->items; i++) {
		const struct yg_item *it = &r->item[i];
		for (int k = 0; it->kind == YG_ITEM_TABLE && k < it->table->rows * it->table->columns; k++)
			say_cell(&b, &it->table->cell[k]);
		for (int k = 0; it->kind == YG_ITEM_NOTE && k < it->note->arguments; k++)
			say_cell(&b, &it->note->argument[k]);
		for (int s = 0; it->kind == YG_ITEM_FIGURE && s < it->figure->series_count; s++)
			for (size_t k = 0; k < it->figure->series[s].points; k++) {
				const struct yg_point *p = &it->figure->series[s].point[k];
				yg_buf_addf(&b, "%g,%g,%g,%g,%s|", p->x, p->y, p->lower, p->upper, p->text ? p->text : "");
				say_cell(&b, &p->at_risk);
				say_cell(&b, &p->events);
				say_cell(&b, &p->censored);
			}
	}
	return yg_buf_take(&b);
}

static void assert_no_canary(const struct yg_result *r)
{
	char *s = say(r);
	if (strchr(s, '7'))
		print_error("canary in: %s\n", s ? s : "");
	assert_null(strchr(s, '7'));
	yg_free(s);
}

static const struct yg_result_table *table(const struct yg_result *r, const char *key)
{
	for (int i = 0; i < r->items; i++)
		if (r->item[i].kind == YG_ITEM_TABLE && strcmp(r->item[i].table->key, key) == 0)
			return r->item[i].table;
	fail_msg("no table %s", key);
	return NULL;
}

static const struct yg_figure *figure(const struct yg_result *r)
{
	for (int i = 0; i < r->items; i++)
		if (r->item[i].kind == YG_ITEM_FIGURE)
			return r->item[i].figure;
	return NULL;
}

static bool has_note(const struct yg_result *r, const char *part)
{
	for (int i = 0; i < r->items; i++)
		if (r->item[i].kind == YG_ITEM_NOTE && strstr(r->item[i].note->message, part))
			return true;
	return false;
}

/* A column of counts of persons out of 200, and a mean beside it. */
static struct yg_raw *counts(const int64_t *n, int rows)
{
	struct yg_raw *raw = yg_raw_new("describe", 1);
	yg_raw_counts(raw, 200, 200, -1, 0);
	struct yg_raw_table *t = yg_raw_table(raw, "levels", "Levels");
	int c = yg_raw_column(t, "n", "n", YG_ROLE_PERSONS, NULL);
	int m = yg_raw_column(t, "mean", "mean age", YG_ROLE_MEAN, "years");
	for (int i = 0; i < rows; i++) {
		int row = yg_raw_row(t, "level", "level", 0);
		yg_raw_int(t, row, c, n[i], E(n[i], 0, 200));
		if (n[i])
			yg_raw_num(t, row, m, 61.25, E(n[i], 0, 0));
		else
			yg_raw_missing(t, row, m, "no persons");
	}
	return raw;
}

static void open_data_pass_as_they_are(void **state)
{
	(void)state;
	int64_t n[2] = { 7, 193 };
	struct yg_raw *raw = counts(n, 2);
	struct yg_raw_table *t = yg_raw_table(raw, "x", "X");
	int c = yg_raw_column(t, "max", "largest", YG_ROLE_EXTREME, NULL);
	yg_raw_num(t, yg_raw_row(t, "a", "a", 0), c, 88.123456789, E(1, 0, 0));
	struct yg_result *r = gate(raw, "open");
	assert_false(r->guarded);
	assert_int_equal(yg_result_cell(table(r, "levels"), 0, 0)->value.integer, 7);
	assert_true(yg_result_cell(table(r, "x"), 0, 0)->value.number == 88.123456789);
	assert_false(has_note(r, "Differencing"));
	assert_string_equal(r->population, "all of x");
	yg_result_unref(r);
}

static void one_small_cell_hides_the_whole_table(void **state)
{
	(void)state;
	int64_t n[3] = { 7, 93, 100 };
	struct yg_result *r = gate(counts(n, 3), "jp_ndb");
	const struct yg_result_table *t = table(r, "levels");
	for (int k = 0; k < 6; k++) {
		assert_int_equal(t->cell[k].state, YG_CELL_HIDDEN);
		assert_string_equal(t->cell[k].value.text, "T9"); /* the small one looks like the others */
		assert_true(t->cell[k].high == 0);
	}
	assert_no_canary(r);
	assert_true(has_note(r, "T9") && has_note(r, "Differencing between results is not checked"));
	assert_int_equal(r->persons.value.integer, 200);
	yg_result_unref(r);
}

static void what_is_left_over_counts_too(void **state)
{
	(void)state;
	int64_t n[1] = { 193 }; /* 7 of 200 are not in it */
	struct yg_result *r = gate(counts(n, 1), "jp_ndb");
	assert_int_equal(yg_result_cell(table(r, "levels"), 0, 0)->state, YG_CELL_HIDDEN);
	yg_result_unref(r);
	int64_t fine[2] = { 0, 200 };
	r = gate(counts(fine, 2), "jp_ndb");
	assert_int_equal(yg_result_cell(table(r, "levels"), 0, 0)->state, YG_CELL_SHOWN);
	assert_int_equal(yg_result_cell(table(r, "levels"), 0, 1)->state, YG_CELL_MISSING);
	assert_int_equal(yg_result_cell(table(r, "levels"), 1, 0)->value.integer, 200);
	yg_result_unref(r);
	r = gate(counts(fine, 2), "strict"); /* zeros are hidden there, and 100 % is a zero */
	assert_int_equal(yg_result_cell(table(r, "levels"), 0, 0)->state, YG_CELL_HIDDEN);
	yg_result_unref(r);
}

static void limits_of_the_profiles_are_exact(void **state)
{
	(void)state;
	const struct {
		const char *profile;
		int64_t n;
		bool hidden;
	} at[] = { { "jp_ndb", 9, true },      { "jp_ndb", 10, false },    { "opensafely", 7, true },
		   { "opensafely", 8, false }, { "strict", 10, true },     { "strict", 11, false },
		   { "jp_ndb", 190, false },   { "jp_ndb", 191, true } };
	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		int64_t n[1] = { at[i].n };
		struct yg_result *r = gate(counts(n, 1), at[i].profile);
		assert_int_equal(yg_result_cell(table(r, "levels"), 0, 0)->state == YG_CELL_HIDDEN, at[i].hidden);
		yg_result_unref(r);
	}
}

static void counts_are_rounded_and_proportions_follow(void **state)
{
	(void)state;
	for (int k = 0; k < 2; k++) {
		struct yg_raw *raw = yg_raw_new("describe", 1);
		yg_raw_counts(raw, 203, 203, 54, 0);
		struct yg_raw_table *t = yg_raw_table(raw, "levels", "Levels");
		int c = yg_raw_column(t, "n", "n", YG_ROLE_PERSONS, NULL), q = yg_raw_column(t, "p", "%", YG_ROLE_PROPORTION, NULL);
		int w = yg_raw_column(t, "w", "weighted", YG_ROLE_WEIGHTED, NULL);
		int row = yg_raw_row(t, "F", "F", 0);
		yg_raw_int(t, row, c, 98, E(98, 0, 203));
		yg_raw_num(t, row, q, 98 / 203.0, E(98, 0, 203));
		yg_raw_num(t, row, w, 98, E(98, 0, 203));
		struct yg_result *r = gate(raw, k ? "strict" : "opensafely");
		const struct yg_cell *n = yg_result_cell(table(r, "levels"), 0, 0), *p = yg_result_cell(table(r, "levels"), 0, 1);
		assert_int_equal(n->state, YG_CELL_ROUNDED);
		assert_int_equal(n->value.integer, k ? 95 : 100);
		assert_true(n->low <= 98 && n->high >= 98);
		yg_assert_near(p->value.number, k ? 0.463 : 0.488, 1e-12); /* 95/205, 100/205 */
		assert_int_equal(yg_result_cell(table(r, "levels"), 0, 2)->state, YG_CELL_HIDDEN);
		assert_int_equal(r->persons.value.integer, 205);
		assert_int_equal(r->events.value.integer, 55);
		yg_result_unref(r);
	}
}

static void extremes_are_never_shown_and_quantiles_need_persons(void **state)
{
	(void)state;
	struct yg_raw *raw = yg_raw_new("describe", 1);
	yg_raw_counts(raw, 38, 38, -1, 0);
	struct yg_raw_table *t = yg_raw_table(raw, "age", "Age");
	const char *key[6] = { "n", "median", "q1", "p95", "min", "mean" };
	const enum yg_role role[6] = { YG_ROLE_PERSONS, YG_ROLE_QUANTILE, YG_ROLE_QUANTILE, YG_ROLE_QUANTILE,
		                       YG_ROLE_EXTREME, YG_ROLE_MEAN };
	int row = yg_raw_row(t, "age", "age", 0);
	for (int j = 0; j < 6; j++) {
		int c = yg_raw_column(t, key[j], key[j], role[j], NULL);
		if (j == 0)
			yg_raw_int(t, row, c, 38, E(38, 0, 0));
		else
			yg_raw_num(t, row, c, 61.23456, E(38, 0, 0));
	}
	struct yg_result *r = gate(raw, "jp_ndb");
	const struct yg_cell *cell = table(r, "age")->cell;
	assert_int_equal(cell[0].state, YG_CELL_SHOWN);
	assert_int_equal(cell[1].state, YG_CELL_SHOWN);
	assert_true(cell[1].value.number == 61.23);       /* four digits leave, no more */
	assert_string_equal(cell[2].value.text, "Q1");     /* 9 persons below the quartile of 38 */
	assert_string_equal(cell[3].value.text, "Q1");
	assert_string_equal(cell[4].value.text, "X1");
	assert_int_equal(cell[5].state, YG_CELL_SHOWN);    /* hiding them hides nothing else */
	assert_true(has_note(r, "X1") && has_note(r, "Q1"));
	yg_result_unref(r);
}

static void numbers_about_people_need_evidence(void **state)
{
	(void)state;
	struct yg_raw *raw = yg_raw_new("ttest", 1);
	yg_raw_counts(raw, 200, 200, -1, 0);
	struct yg_raw_table *t = yg_raw_table(raw, "test", "Test");
	int m = yg_raw_column(t, "mean", "mean", YG_ROLE_MEAN, NULL), d = yg_raw_column(t, "df", "df", YG_ROLE_DF, NULL);
	int w = yg_raw_column(t, "words", "words", YG_ROLE_ESTIMATE, NULL);
	int row = yg_raw_row(t, "a", "a", 0);
	yg_raw_num(t, row, m, 7.5, YG_NOBODY);
	yg_raw_num(t, row, d, 198, YG_NOBODY);
	yg_raw_text(t, row, w, "7 of 9");
	struct yg_raw_table *plan = yg_raw_table(raw, "plan", "Plan");
	int e = yg_raw_column(plan, "hr", "hazard ratio", YG_ROLE_ESTIMATE, NULL);
	yg_raw_num(plan, yg_raw_row(plan, "a", "a", 0), e, 0.65, YG_NOBODY);
	yg_raw_table_nobody(plan);
	struct yg_result *r = gate(raw, "jp_ndb");
	assert_string_equal(table(r, "test")->cell[0].value.text, "T0");
	assert_int_equal(table(r, "test")->cell[1].state, YG_CELL_SHOWN);
	assert_string_equal(table(r, "test")->cell[2].value.text, "T0");
	assert_int_equal(table(r, "plan")->cell[0].state, YG_CELL_SHOWN);
	assert_no_canary(r);
	yg_result_unref(r);
}

/* 2x2: a hidden count may not come back through the odds ratio or the test. */
static struct yg_raw *crosstab(int64_t a, bool independent)
{
	struct yg_raw *raw = yg_raw_new("crosstab", 1);
	yg_raw_counts(raw, 400, 400, 120, 0);
	struct yg_raw_table *t = yg_raw_table(raw, "counts", "Counts");
	int c = yg_raw_column(t, "n", "n", YG_ROLE_PERSONS, NULL);
	yg_raw_int(t, yg_raw_row(t, "a", "a", 0), c, a, E(a, 0, 0));
	struct yg_raw_table *m = yg_raw_table(raw, "measures", "Measures");
	int e = yg_raw_column(m, "estimate", "odds ratio", YG_ROLE_ESTIMATE, NULL);
	int n = yg_raw_column(m, "n", "n", YG_ROLE_PERSONS, NULL);
	int row = yg_raw_row(m, "or", "odds ratio", 0);
	yg_raw_num(m, row, e, 1.5, E(400, 120, 0));
	yg_raw_int(m, row, n, 400, E(400, 0, 0));
	if (independent)
		yg_raw_table_independent(t);
	struct yg_raw_figure *f = yg_raw_figure(raw, "forest", YG_FIGURE_FOREST, "Forest");
	int s = yg_raw_series(f, "odds ratio");
	yg_raw_point(f, s, &(struct yg_raw_point){ .x = NAN, .x2 = NAN, .y = 1.5, .lower = 1.1, .upper = 2.0, .label = "all", .text = "120/400" },
	             E(400, 120, 0));
	struct yg_raw_note *note = yg_raw_note(raw, YG_NOTE_INFO, "chi-squared {1}, alpha {2}");
	yg_raw_note_num(note, YG_ROLE_STATISTIC, 3.3, E(400, 120, 0));
	yg_raw_note_num(note, YG_ROLE_ESTIMATE, 0.05, YG_NOBODY);
	return raw;
}

static void derived_values_are_hidden_with_their_sources(void **state)
{
	(void)state;
	struct yg_result *r = gate(crosstab(7, false), "jp_ndb");
	assert_string_equal(table(r, "measures")->cell[0].value.text, "T9");
	/* counts too: what is a total here may be the rest there */
	assert_string_equal(table(r, "measures")->cell[1].value.text, "T9");
	assert_true(figure(r)->hidden);
	assert_int_equal(figure(r)->series[0].points, 0);
	assert_int_equal(r->item[3].note->argument[0].state, YG_CELL_HIDDEN);
	assert_int_equal(r->item[3].note->argument[1].state, YG_CELL_SHOWN);
	assert_no_canary(r);
	yg_result_unref(r);
	r = gate(crosstab(60, false), "jp_ndb");
	assert_int_equal(table(r, "measures")->cell[0].state, YG_CELL_SHOWN);
	assert_false(figure(r)->hidden);
	yg_result_unref(r);
	r = gate(crosstab(7, true), "jp_ndb"); /* declared to have nothing to do with the rest */
	assert_int_equal(table(r, "counts")->cell[0].state, YG_CELL_HIDDEN);
	assert_int_equal(table(r, "measures")->cell[0].state, YG_CELL_SHOWN);
	yg_result_unref(r);
}

/* Two strata and their total: the hidden stratum is the total less the other. */
static void a_hidden_stratum_is_not_a_difference_of_tables(void **state)
{
	(void)state;
	const int64_t n[3] = { 7, 100, 107 };
	const char *key[3] = { "stratum1", "stratum2", "all" };
	struct yg_raw *raw = yg_raw_new("tab", 1);
	yg_raw_counts(raw, 400, 400, -1, 0);
	for (int i = 0; i < 3; i++) {
		struct yg_raw_table *t = yg_raw_table(raw, key[i], key[i]);
		int c = yg_raw_column(t, "n", "n", YG_ROLE_PERSONS, NULL);
		yg_raw_int(t, yg_raw_row(t, "a", "a", 0), c, n[i], E(n[i], 0, 0));
	}
	struct yg_result *r = gate(raw, "jp_ndb");
	for (int i = 0; i < 3; i++)
		assert_int_equal(table(r, key[i])->cell[0].state, YG_CELL_HIDDEN);
	assert_no_canary(r);
	yg_result_unref(r);
}

static struct yg_raw *cox(int64_t events, int64_t parameters, int64_t level_events, bool declared)
{
	struct yg_raw *raw = yg_raw_new("cox", 1);
	yg_raw_counts(raw, 400, 400, events, 0);
	if (declared)
		yg_raw_model(raw, events, parameters);
	struct yg_raw_table *t = yg_raw_table(raw, "estimates", "Estimates");
	int e = yg_raw_column(t, "estimate", "HR", YG_ROLE_ESTIMATE, NULL), s = yg_raw_column(t, "se", "SE", YG_ROLE_SE, NULL);
	int p = yg_raw_column(t, "p", "p", YG_ROLE_P, NULL);
	for (int64_t i = 0; i < parameters; i++) {
		int row = yg_raw_row(t, "term", "term", 0);
		yg_raw_num(t, row, e, 0.541234, E(200, i ? events : level_events, 400));
		yg_raw_num(t, row, s, 0.1, E(200, i ? events : level_events, 400));
		yg_raw_num(t, row, p, 0.00002, E(200, i ? events : level_events, 400));
	}
	return raw;
}

static void a_model_needs_events_for_its_terms(void **state)
{
	(void)state;
	const struct {
		int64_t events, parameters, level;
		const char *why;
		const char *profile;
	} at[] = { { 60, 4, 30, NULL, "jp_ndb" }, { 12, 4, 12, "M1", "jp_ndb" }, { 14, 4, 14, NULL, "jp_ndb" },
		   { 40, 14, 40, "M1", "jp_ndb" }, { 60, 8, 60, "M1", "strict" }, { 60, 4, 7, "T9", "jp_ndb" } };
	for (size_t i = 0; i < sizeof at / sizeof *at; i++)
		for (int declared = 0; declared < 2; declared++) {
			struct yg_result *r = gate(cox(at[i].events, at[i].parameters, at[i].level, declared), at[i].profile);
			const struct yg_cell *c = table(r, "estimates")->cell;
			if (at[i].why)
				assert_string_equal(c[0].value.text, at[i].why);
			else
				assert_true(c[0].value.number == 0.5412);
			if (!at[i].why) { /* p: three decimals with a floor */
				assert_int_equal(c[2].state, YG_CELL_ROUNDED);
				assert_true(c[2].value.number == 0);
			}
			yg_result_unref(r);
		}
}

static void small_populations_are_refused(void **state)
{
	(void)state;
	struct yg_err err;
	struct yg_result *r = NULL;
	struct yg_raw *raw = yg_raw_new("km", 1);
	yg_raw_counts(raw, 7, 7, 3, 0);
	assert_int_equal(yg_gate(raw, yg_policy_find("jp_ndb"), "", "", &r, &err), YG_EPRIVACY);
	assert_string_equal(err.code, "E-SDC-001");
	assert_null(strchr(err.text, '7'));
	assert_null(r);
	yg_raw_free(raw);
	raw = yg_raw_new("cohort", 1);
	yg_raw_counts(raw, 7, 7, -1, 393);
	r = gate(raw, "jp_ndb");
	assert_true(r->persons.high == 9);
	assert_no_canary(r);
	yg_result_unref(r);
}

static void words_about_the_population_hide_together(void **state)
{
	(void)state;
	struct yg_raw *raw = yg_raw_new("km", 1);
	yg_raw_counts(raw, 395, 395, 120, 7);
	struct yg_raw_note *a = yg_raw_note(raw, YG_NOTE_DROPPED, "{1} of {2} left out: {3}");
	yg_raw_note_int(a, YG_ROLE_PERSONS, 7, E(7, 0, 402));
	yg_raw_note_int(a, YG_ROLE_PERSONS, 402, E(402, 0, 0));
	yg_raw_note_text(a, "no date");
	struct yg_raw_note *b = yg_raw_note(raw, YG_NOTE_POPULATION, "{1} persons");
	yg_raw_note_int(b, YG_ROLE_PERSONS, 402, E(402, 0, 0));
	struct yg_result *r = gate(raw, "jp_ndb");
	char *s = say(r);
	assert_null(strstr(s, "402")); /* 402 - 395 would be the canary */
	yg_free(s);
	assert_int_equal(r->dropped.state, YG_CELL_HIDDEN);
	assert_string_equal(r->item[0].note->argument[2].value.text, "no date");
	assert_no_canary(r);
	yg_result_unref(r);
}

static struct yg_raw *attrition(int64_t excluded)
{
	struct yg_raw *raw = yg_raw_new("cohort", 1);
	yg_raw_counts(raw, 400 - excluded, -1, -1, excluded);
	struct yg_raw_table *t = yg_raw_table(raw, "attrition", "Attrition");
	int n = yg_raw_column(t, "kept", "kept", YG_ROLE_PERSONS, NULL), x = yg_raw_column(t, "lost", "lost", YG_ROLE_PERSONS, NULL);
	int a = yg_raw_row(t, "all", "all", 0), b = yg_raw_row(t, "adult", "adult", 0);
	yg_raw_int(t, a, n, 400, E(400, 0, 0));
	yg_raw_int(t, b, n, 400 - excluded, E(400 - excluded, 0, 400));
	yg_raw_int(t, b, x, excluded, E(excluded, 0, 400));
	struct yg_raw_figure *f = yg_raw_figure(raw, "flow", YG_FIGURE_FLOW, "Flow");
	int s = yg_raw_series(f, "");
	yg_raw_point(f, s, &(struct yg_raw_point){ .x = NAN, .y = 400, .label = "all" }, E(400, 0, 0));
	yg_raw_point(f, s, &(struct yg_raw_point){ .x = (double)excluded, .y = (double)(400 - excluded), .label = "adult" }, E(400 - excluded, 0, 400));
	return raw;
}

static void an_attrition_is_shown_or_hidden_whole(void **state)
{
	(void)state;
	struct yg_result *r = gate(attrition(7), "jp_ndb");
	assert_true(figure(r)->hidden);
	for (int k = 0; k < 4; k++)
		if (table(r, "attrition")->cell[k].state != YG_CELL_EMPTY)
			assert_int_equal(table(r, "attrition")->cell[k].state, YG_CELL_HIDDEN);
	assert_int_equal(r->persons.state, YG_CELL_HIDDEN); /* 400 - 393 */
	assert_no_canary(r);
	yg_result_unref(r);
	r = gate(attrition(40), "jp_ndb");
	assert_false(figure(r)->hidden);
	assert_int_equal(r->persons.value.integer, 360);
	yg_result_unref(r);
	r = gate(attrition(0), "jp_ndb");
	assert_int_equal(r->persons.value.integer, 400);
	yg_result_unref(r);
}

/* An arm of n persons who leave one by one at times 1, 2, 3 ...: the first events of every three. */
static void add_arm(struct yg_raw_figure *f, const char *name, int64_t n, int64_t most_events)
{
	int s = yg_raw_series(f, name);
	double surv = 1;
	int64_t events = 0;
	yg_raw_point(f, s, &(struct yg_raw_point){ .x = 0, .x2 = NAN, .y = 1, .lower = 1, .upper = 1, .at_risk = n }, E(n, 0, 0));
	for (int64_t i = 0; i < n; i++) {
		int64_t d = i % 3 == 0 && events < most_events;
		events += d;
		surv *= (double)(n - i - d) / (double)(n - i);
		yg_raw_point(f, s, &(struct yg_raw_point){ .x = (double)(i + 1), .x2 = NAN, .y = surv, .lower = surv, .upper = surv,
			     .at_risk = n - i, .events = d, .censored = 1 - d }, E(n, events, 0));
	}
}

static struct yg_raw *km(int64_t second_events)
{
	struct yg_raw *raw = yg_raw_new("km", 1);
	yg_raw_counts(raw, 420, 420, -1, 0);
	struct yg_raw_table *t = yg_raw_table(raw, "estimates", "Estimates");
	int n = yg_raw_column(t, "n", "n", YG_ROLE_PERSONS, NULL), m = yg_raw_column(t, "median", "median", YG_ROLE_QUANTILE, "days");
	int l = yg_raw_column(t, "lower", "lower", YG_ROLE_LOWER, "days");
	int row = yg_raw_row(t, "a", "a", 0);
	yg_raw_int(t, row, n, 210, E(210, 0, 420));
	yg_raw_num(t, row, m, 181, E(210, 80, 0));
	yg_raw_num(t, row, l, 160, E(210, 80, 0));
	struct yg_raw_table *test = yg_raw_table(raw, "test", "Log-rank");
	int p = yg_raw_column(test, "p", "p", YG_ROLE_P, NULL);
	yg_raw_num(test, yg_raw_row(test, "logrank", "log-rank", 0), p, 0.04, E(420, 100, 0));
	struct yg_raw_table *detail = yg_raw_table(raw, "curve", "Curve");
	yg_raw_table_detail(detail);
	int x = yg_raw_column(detail, "time", "time", YG_ROLE_TIME, "days");
	yg_raw_num(detail, yg_raw_row(detail, "1", "1", 0), x, 1, E(1, 1, 0));
	struct yg_raw_figure *f = yg_raw_figure(raw, "km", YG_FIGURE_KM, "KM");
	yg_raw_figure_axis(f, 'x', "time", "days", 0);
	yg_raw_figure_axis(f, 'y', "survival", NULL, 0);
	double grid[5] = { 0, 50, 53, 100, 205 };
	yg_raw_figure_grid(f, grid, 5);
	add_arm(f, "a", 210, 1000);
	add_arm(f, "b", 210, second_events);
	return raw;
}

static void curves_are_grouped(void **state)
{
	(void)state;
	struct yg_result *r = gate(km(1000), "jp_ndb");
	const struct yg_figure *f = figure(r);
	assert_false(f->hidden);
	assert_true(f->grouped);
	const struct yg_series *s = &f->series[0];
	/* 70 events in steps of 10, 140 censorings in steps of 10 */
	assert_true(s->points < 25);
	assert_int_equal(s->point[0].at_risk.value.integer, 205); /* g(210) = 205 */
	double surv = 1, censored = 0, events = 0;
	for (size_t k = 1; k < s->points; k++) {
		const struct yg_point *p = &s->point[k];
		assert_true(p->at_risk.state == YG_CELL_ROUNDED && p->at_risk.value.integer >= 10);
		assert_int_equal(p->at_risk.value.integer, 205 - events - censored);
		events += (double)p->events.value.integer;
		censored += (double)p->censored.value.integer;
		surv *= 1 - (double)p->events.value.integer / (double)p->at_risk.value.integer;
		assert_true(fabs(p->y - surv) < 0.00051);
		assert_true(p->lower <= p->y && p->y <= p->upper && p->lower >= 0 && p->upper <= 1);
		assert_true(p->events.value.integer % 5 == 0 && p->censored.value.integer % 5 == 0);
	}
	/* 53 is too near to 50: the drop would be 3 persons */
	assert_int_equal(f->grids, 4);
	assert_true(f->grid[1] == 50 && f->grid[2] == 100);
	/* medians come from the grouped curve only, the test from the data */
	assert_string_equal(table(r, "estimates")->cell[1].value.text, "K1");
	assert_string_equal(table(r, "estimates")->cell[2].value.text, "K1");
	assert_int_equal(table(r, "estimates")->cell[0].state, YG_CELL_SHOWN);
	assert_int_equal(table(r, "test")->cell[0].state, YG_CELL_SHOWN);
	assert_int_equal(table(r, "grouped")->rows, 2);
	assert_int_equal(table(r, "curve")->rows, 0);
	yg_result_unref(r);
}

static void a_curve_with_few_events_is_withheld(void **state)
{
	(void)state;
	struct yg_result *r = gate(km(7), "jp_ndb");
	assert_true(figure(r)->hidden);
	assert_int_equal(figure(r)->series[1].points, 0);
	assert_string_equal(table(r, "test")->cell[0].value.text, "T9");
	assert_no_canary(r);
	yg_result_unref(r);
}

/* 60,000 persons leave one by one: 6,000 grouped steps, of which some hundred are drawn. */
static void long_grouped_curves_are_thinned(void **state)
{
	(void)state;
	struct yg_raw *raw = yg_raw_new("km", 1);
	yg_raw_counts(raw, 60000, 60000, 20000, 0);
	struct yg_raw_figure *f = yg_raw_figure(raw, "km", YG_FIGURE_KM, "KM");
	double grid[3] = { 0, 20000, 40000 }, surv = 1;
	yg_raw_figure_grid(f, grid, 3);
	int arm = yg_raw_series(f, "a");
	for (int i = 0; i < 60000; i++) {
		int event = i % 3 == 0;
		surv *= 1 - (double)event / (60000 - i);
		yg_raw_point(f, arm, &(struct yg_raw_point){ .x = i, .x2 = NAN, .y = surv, .lower = surv, .upper = surv, .at_risk = 60000 - i,
			     .events = event, .censored = !event }, E(60000, 20000, 0));
	}
	struct yg_result *r = gate(raw, "jp_ndb");
	const struct yg_series *s = &figure(r)->series[0];
	assert_false(figure(r)->hidden);
	assert_true(s->points > 200 && s->points < 1500);
	assert_true(has_note(r, "curves of more than 1,000 steps"));
	int64_t events = 0, censored = 0;
	for (size_t k = 0; k < s->points; k++) {
		const struct yg_point *p = &s->point[k];
		assert_true(p->at_risk.value.integer == 59995 - events - censored && p->at_risk.state == YG_CELL_ROUNDED);
		events += p->events.value.integer;
		censored += p->censored.value.integer;
	}
	assert_int_equal(events, 19995);
	const struct yg_result_table *t = table(r, "grouped");
	assert_int_equal(yg_result_cell((struct yg_result_table *)t, 0, 1)->value.integer, 19995);
	/* exp(-H): half have left at about 1 - 0.5^3 of the way */
	yg_assert_near(yg_result_cell((struct yg_result_table *)t, 0, 2)->value.number, 52500, 1e-2);
	yg_result_unref(r);
}

static void curves_that_do_not_follow_from_counts_are_withheld(void **state)
{
	(void)state;
	struct yg_raw *raw = yg_raw_new("km", 1);
	yg_raw_counts(raw, 100, 100, 100, 0);
	struct yg_raw_figure *f = yg_raw_figure(raw, "km", YG_FIGURE_KM, "weighted");
	int s = yg_raw_series(f, "a");
	for (int i = 0; i < 100; i++)
		yg_raw_point(f, s, &(struct yg_raw_point){ .x = i + 1, .x2 = NAN, .y = 1 - (i + 1) / 130.0, .lower = NAN, .upper = NAN,
			     .at_risk = 100 - i, .events = 1 }, E(100, 100, 0));
	struct yg_result *r = gate(raw, "jp_ndb");
	assert_true(figure(r)->hidden);
	assert_true(has_note(r, "F1"));
	yg_result_unref(r);
}

static struct yg_result *histogram(double start, double width, int64_t small, const char *profile)
{
	struct yg_raw *raw = yg_raw_new("describe", 1);
	yg_raw_counts(raw, 120, 120, -1, 0);
	struct yg_raw_figure *f = yg_raw_figure(raw, "age", YG_FIGURE_HISTOGRAM, "Age");
	int s = yg_raw_series(f, "age");
	int64_t n[3] = { 60, 60 - small, small };
	for (int i = 0; i < 3; i++)
		yg_raw_point(f, s, &(struct yg_raw_point){ .x = start + i * width, .x2 = start + (i + 1) * width, .y = (double)n[i], .lower = NAN, .upper = NAN },
		             E(n[i], 0, 120));
	return gate(raw, profile);
}

static void histograms_need_full_bins_and_round_edges(void **state)
{
	(void)state;
	struct yg_result *r = histogram(20, 10, 20, "jp_ndb");
	assert_false(figure(r)->hidden);
	assert_true(figure(r)->series[0].point[2].y == 20);
	yg_result_unref(r);
	r = histogram(20, 10, 7, "jp_ndb");
	assert_true(figure(r)->hidden);
	assert_no_canary(r);
	yg_result_unref(r);
	r = histogram(31, 9.5, 20, "jp_ndb"); /* 31 is somebody's age */
	assert_true(figure(r)->hidden);
	yg_result_unref(r);
	r = histogram(31, 9.5, 7, "open");
	assert_false(figure(r)->hidden);
	yg_result_unref(r);
}

static void the_words_beside_a_forest_are_counts_too(void **state)
{
	(void)state;
	const char *text[3] = { "60/100\t60/100", "60/100\t7/60", "60/67" };
	for (int i = 0; i < 3; i++) {
		struct yg_raw *raw = yg_raw_new("subgroups", 1);
		yg_raw_counts(raw, 400, 400, 120, 0);
		struct yg_raw_figure *f = yg_raw_figure(raw, "forest", YG_FIGURE_FOREST, "Forest");
		int s = yg_raw_series(f, "HR");
		yg_raw_point(f, s, &(struct yg_raw_point){ .x = NAN, .x2 = NAN, .y = 0.5, .lower = 0.4, .upper = INFINITY, .label = "M", .text = text[i] },
		             E(200, 120, 400));
		struct yg_result *r = gate(raw, "jp_ndb");
		assert_int_equal(figure(r)->hidden, i > 0);
		if (i == 0)
			assert_true(isnan(figure(r)->series[0].point[0].upper));
		yg_result_unref(r);
	}
}

static void single_persons_are_never_points(void **state)
{
	(void)state;
	struct yg_raw *raw = yg_raw_new("residuals", 1);
	yg_raw_counts(raw, 400, 400, 120, 0);
	struct yg_raw_figure *f = yg_raw_figure(raw, "xy", YG_FIGURE_XY, "Residuals");
	yg_raw_point(f, yg_raw_series(f, "r"), &(struct yg_raw_point){ .x = 1, .x2 = NAN, .y = 2, .lower = NAN, .upper = NAN }, YG_NOBODY);
	yg_raw_figure_reference(f, 'y', -0.123456789);
	struct yg_result *r = gate(raw, "jp_ndb");
	assert_true(figure(r)->hidden);
	assert_false(figure(r)->y.has_reference); /* a line may be the estimate that is hidden */
	yg_result_unref(r);
}

static void reference_lines_have_the_digits_of_estimates(void **state)
{
	(void)state;
	struct yg_raw *raw = yg_raw_new("phtest", 1);
	yg_raw_counts(raw, 400, 400, 120, 0);
	struct yg_raw_figure *f = yg_raw_figure(raw, "xy", YG_FIGURE_XY, "Course");
	yg_raw_point(f, yg_raw_series(f, "r"), &(struct yg_raw_point){ .x = 1, .x2 = NAN, .y = 2, .lower = NAN, .upper = NAN }, E(400, 120, 0));
	yg_raw_figure_reference(f, 'y', -0.123456789);
	struct yg_result *r = gate(raw, "jp_ndb");
	assert_false(figure(r)->hidden);
	yg_assert_near(figure(r)->y.reference, -0.1235, 1e-12);
	yg_result_unref(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(open_data_pass_as_they_are),
		cmocka_unit_test(one_small_cell_hides_the_whole_table),
		cmocka_unit_test(what_is_left_over_counts_too),
		cmocka_unit_test(limits_of_the_profiles_are_exact),
		cmocka_unit_test(counts_are_rounded_and_proportions_follow),
		cmocka_unit_test(extremes_are_never_shown_and_quantiles_need_persons),
		cmocka_unit_test(numbers_about_people_need_evidence),
		cmocka_unit_test(derived_values_are_hidden_with_their_sources),
		cmocka_unit_test(a_hidden_stratum_is_not_a_difference_of_tables),
		cmocka_unit_test(a_model_needs_events_for_its_terms),
		cmocka_unit_test(small_populations_are_refused),
		cmocka_unit_test(words_about_the_population_hide_together),
		cmocka_unit_test(an_attrition_is_shown_or_hidden_whole),
		cmocka_unit_test(curves_are_grouped),
		cmocka_unit_test(a_curve_with_few_events_is_withheld),
		cmocka_unit_test(long_grouped_curves_are_thinned),
		cmocka_unit_test(curves_that_do_not_follow_from_counts_are_withheld),
		cmocka_unit_test(histograms_need_full_bins_and_round_edges),
		cmocka_unit_test(the_words_beside_a_forest_are_counts_too),
		cmocka_unit_test(single_persons_are_never_points),
		cmocka_unit_test(reference_lines_have_the_digits_of_estimates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
