/* test and corr on small tables: shapes, effects, pairs, evidence behind every cell, and refusals in words. */
#include "tests/unit/analysis/look.h"

#include "yogo/analysis/tests.h"

static const struct small_table people[] = {
	{ "people", "id:integer x:number y:number g:level[A|B] k:level[a|b|c] f:integer s:level[u|v] pair:integer one:integer",
	  "1,1,2,A,a,0,u,1,5\n2,2,1,A,b,1,u,2,5\n3,3,4,A,c,0,v,3,5\n4,4,3,A,a,0,v,4,5\n"
	  "5,2.5,6,B,b,1,u,1,5\n6,4,5,B,c,1,u,2,5\n7,5,8,B,a,0,v,3,5\n8,7,7,B,b,1,v,4,5\n9,,9,B,c,1,v,5,5\n" },
};

static enum yg_status test_try(struct world *w, const char *text, struct yg_raw **out)
{
	struct yg_an_targets target;
	const char *const *word;

	*out = NULL;
	world_run(w, text);
	const struct yg_node *s = w->last, *list = yg_node_find(s, YG_NODE_LIST);
	target = (struct yg_an_targets){ (const struct yg_node *const *)list->child, list->children };
	if (!strcmp(s->text, "corr")) {
		struct yg_an_corr r = { .in = look_input(w, s), .target = target };
		const struct yg_node *given = yg_node_option(s, "adjust");
		const struct yg_node **names = yg_arena_alloc(&w->arena, 4, sizeof *names);
		if (given) {
			names[0] = yg_node_new(&w->arena, YG_NODE_NAME, given->kind == YG_NODE_GROUP ? given->child[0]->text : given->text);
			r.given = (struct yg_an_targets){ names, 1 };
		}
		r.method = look_words(w, s, "method", &word) ? word[0] : NULL;
		r.padjust = look_words(w, s, "padjust", &word) ? word[0] : NULL;
		r.complete = look_words(w, s, "complete", &word) > 0;
		return yg_an_corr(&r, &w->task, out, &w->err);
	}
	struct yg_an_test r = { .in = look_input(w, s), .target = target };
	const struct yg_node *pair = yg_node_option(s, "pair"), *mu = yg_node_option(s, "mu");
	r.methods = look_words(w, s, "method", &r.method);
	r.strata = yg_node_find(s, YG_NODE_STRATA);
	r.pair = pair ? yg_node_new(&w->arena, YG_NODE_NAME, pair->text) : NULL;
	r.across = look_words(w, s, "across", &word) > 0;
	r.pairwise = look_words(w, s, "pairwise", &word) > 0;
	r.padjust = look_words(w, s, "padjust", &word) ? word[0] : NULL;
	r.has_mu = mu != NULL;
	r.mu = mu ? mu->number : 0;
	if (look_words(w, s, "side", &word))
		r.side = !strcmp(word[0], "less") ? YG_LESS : !strcmp(word[0], "greater") ? YG_GREATER : YG_TWO_SIDED;
	return yg_an_test(&r, &w->task, out, &w->err);
}

static struct yg_raw *test_ask(struct world *w, const char *text)
{
	struct yg_raw *r;
	enum yg_status s = test_try(w, text, &r);

	if (s != YG_OK)
		print_error("%s: %s\n", text, w->err.text);
	assert_int_equal(s, YG_OK);
	assert_evidence_everywhere(r);
	return r;
}

static void two_groups(void **state)
{
	struct world *w = world_new(people, 1);
	struct yg_raw *r = test_ask(w, "test x by g with method=(t, welch, wilcoxon), padjust=holm");
	(void)state;

	/* A 1 2 3 4; B 2.5 4 5 7: level minus reference */
	assert_cell(r, "groups", "x: A", "n", 4);
	assert_cell(r, "groups", "x: B", "mean", 4.625);
	assert_cell(r, "effects", "x: mean difference", "estimate", 2.125);
	/* of 16 pairs B is larger in 13, equal in 1 */
	assert_cell(r, "effects", "x: superiority", "estimate", 13.5 / 16);
	assert_cell(r, "tests", "x: wilcoxon", "statistic", 13.5);
	/* t = 2.125 / sqrt((5/3 + 3.5625) / 4): both tests, equal sizes */
	yg_assert_near(cell_value(r, "tests", "x: t", "statistic"), 2.125 / sqrt((5.0 / 3 + 3.5625) / 4), 1e-12);
	yg_assert_near(cell_value(r, "tests", "x: welch", "statistic"), cell_value(r, "tests", "x: t", "statistic"), 1e-12);
	assert_true(cell_value(r, "tests", "x: t", "p_adjusted") >= cell_value(r, "tests", "x: t", "p"));
	/* the value that is missing must not follow from n */
	assert_behind(r, "groups", "x: B", "n", 4, 0, 5);
	assert_behind(r, "tests", "x: t", "p", 4, 0, 0);
	yg_raw_free(r);
	world_free(w);
}

static void several_groups_categories_and_strata(void **state)
{
	struct world *w = world_new(people, 1);
	struct yg_raw *r = test_ask(w, "test y by k with method=(anova, trend), pairwise, padjust=tukey");
	(void)state;

	/* a 2 3 8, b 1 6 7, c 4 5 9 */
	yg_assert_near(cell_value(r, "pairs: y: anova", "c - a", "difference"), 18.0 / 3 - 13.0 / 3, 1e-12);
	assert_cell(r, "effects", "y: eta squared", "estimate", (13 * 13 + 14 * 14 + 18 * 18 - 3 * 225.0) / 3 / 60);
	yg_raw_free(r);
	r = test_ask(w, "test f by g");
	assert_cell(r, "counts: f", "f: yes", "B", 4);
	assert_behind(r, "counts: f", "f: yes", "A", 1, 0, 4);
	assert_true(!isnan(cell_value(r, "tests", "f: chisq", "p")));
	yg_raw_free(r);
	r = test_ask(w, "test y by g strata s with method=wilcoxon");
	assert_true(!isnan(cell_value(r, "tests", "y: wilcoxon", "p")));
	yg_raw_free(r);
	world_free(w);
}

static void what_belongs_together(void **state)
{
	struct world *w = world_new(people, 1);
	struct yg_raw *r = test_ask(w, "test x by g with pair=pair, method=(paired, signed, sign)");
	(void)state;

	/* B minus A: 1.5 2 2 3; the fifth has no partner */
	assert_cell(r, "tests", "x: paired", "n", 4);
	assert_cell(r, "effects", "x: mean difference", "estimate", 2.125);
	assert_cell(r, "effects", "x: location", "estimate", 2);
	yg_assert_near(cell_value(r, "tests", "x: sign", "p"), 2.0 / 16, 1e-14);
	yg_raw_free(r);
	r = test_ask(w, "test x, y with across");
	assert_cell(r, "tests", "x, y: paired", "n", 8);
	yg_raw_free(r);
	r = test_ask(w, "test x, y, one with method=(friedman, quade, repeated)");
	assert_true(!isnan(cell_value(r, "tests", "x, y, one: friedman", "p")));
	yg_raw_free(r);
	r = test_ask(w, "test x with mu=3, side=greater, method=(t, signed)");
	assert_cell(r, "effects", "x: mean", "estimate", 28.5 / 8);
	yg_raw_free(r);
	r = test_ask(w, "test f with mu=0.5");
	assert_cell(r, "effects", "f: share", "estimate", 5.0 / 9);
	yg_raw_free(r);
	world_free(w);
}

static void correlations(void **state)
{
	struct world *w = world_new(people, 1);
	struct yg_raw *r = test_ask(w, "corr x, y, id with method=spearman, padjust=holm");
	(void)state;

	assert_cell(r, "pairs", "x, y", "n", 8);
	assert_cell(r, "pairs", "y, id", "n", 9);
	assert_behind(r, "pairs", "x, y", "n", 8, 0, 9);
	assert_true(cell_value(r, "matrix", "id", "y") == cell_value(r, "pairs", "y, id", "correlation"));
	yg_raw_free(r);
	r = test_ask(w, "corr y, id, x with complete");
	assert_cell(r, "pairs", "y, id", "n", 8);
	yg_raw_free(r);
	r = test_ask(w, "corr x, y with adjust=(k)");
	assert_cell(r, "pairs", "x, y", "df", 4);
	yg_raw_free(r);
	r = test_ask(w, "corr x, y by g with method=kendall");
	/* A: 2 1 4 3 against 1 2 3 4 */
	assert_cell(r, "pairs: A", "x, y", "correlation", 1.0 / 3);
	yg_raw_free(r);
	/* a constant has no correlation, and says so */
	r = test_ask(w, "corr x, one");
	assert_true(isnan(cell_value(r, "pairs", "x, one", "correlation")));
	yg_raw_free(r);
	world_free(w);
}

static void refusals_name_the_cure(void **state)
{
	static const struct {
		const char *text, *code;
	} list[] = {
		{ "test x by g with method=chisq", "E-TEST-001" },
		{ "test f by g with method=welch", "E-TEST-001" },
		{ "test x with method=anova", "E-TEST-002" },
		{ "test x by g with method=shapiro", "E-TEST-003" },
		{ "test x by g with pair=pair, method=welch", "E-TEST-004" },
		{ "test y by k with method=wilcoxon", "E-TEST-005" },
		{ "test k by g with method=trend", "E-TEST-006" },
		{ "test y by k with method=median, pairwise", "E-TEST-007" },
		{ "test y by k with method=kruskal, pairwise, padjust=tukey", "E-TEST-008" },
		{ "test y by g with padjust=tukey", "E-TEST-010" },
		{ "test y by k with method=kruskal, side=less", "E-TEST-012" },
		{ "test k", "E-TEST-013" },
		{ "test k, g with across", "E-TEST-014" },
		{ "test x by g with pair=s", "E-TEST-016" },
		{ "test x by g strata s with method=t", "E-TEST-017" },
		{ "test x with pair=pair", "E-TEST-018" },
		{ "test x, y by g with across", "E-TEST-019" },
		{ "test x with method=paired", "E-TEST-020" },
		{ "test x with pairwise", "E-TEST-021" },
		{ "test x by g with mu=3", "E-TEST-022" },
		{ "test x strata s", "E-TEST-023" },
		{ "test x with method=shapiro, mu=3", "E-TEST-025" },
		{ "corr x, k", "E-CORR-002" },
		{ "corr x", "E-CORR-004" },
		{ "corr x, y with method=kendall, adjust=(k)", "E-CORR-005" },
	};
	struct world *w = world_new(people, 1);
	struct yg_raw *r;
	(void)state;

	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		w->err = (struct yg_err){ 0 };
		enum yg_status s = test_try(w, list[i].text, &r);
		if (s == YG_OK || strcmp(w->err.code, list[i].code) != 0)
			print_error("%s: %s %s\n", list[i].text, w->err.code, w->err.text);
		assert_true(s != YG_OK && !r);
		assert_string_equal(w->err.code, list[i].code);
	}
	world_free(w);
}

static void few_persons_give_words(void **state)
{
	static const char *const text[] = {
		"test x by g with method=(t, welch, wilcoxon, anova, kruskal, brunner, median, levene, bartlett, fligner, ansari, ftest, ks, trend, cuzick)",
		"test one by g with method=(t, welch, wilcoxon, anova, kruskal, brunner, median, levene, bartlett, fligner, ansari, ftest, ks, trend, cuzick)",
		"test x with method=(t, signed, sign, shapiro)", "test one with mu=5, method=(t, signed, sign, shapiro)",
		"test x, y with across, method=(paired, signed, sign, friedman, quade, repeated)", "test f by g with method=(chisq, fisher, trend)",
		"corr x, y, one", "corr x, y with method=spearman", "corr x, y with method=kendall", "corr x, y with adjust=(g)",
	};
	static const char *const where[] = { " where id = 1", " where id in (1, 5)", " where id in (1, 2, 5)", " where g = \"A\"", " where id >= 9" };
	struct world *w = world_new(people, 1);
	struct yg_raw *r;
	(void)state;

	for (size_t i = 0; i < sizeof text / sizeof *text; i++)
		for (size_t k = 0; k < sizeof where / sizeof *where; k++) {
			char line[600];
			const char *with = strstr(text[i], " with ");
			int head = with ? (int)(with - text[i]) : (int)strlen(text[i]);
			snprintf(line, sizeof line, "%.*s%s%s", head, text[i], where[k], with ? with : "");
			w->err = (struct yg_err){ 0 };
			if (test_try(w, line, &r) == YG_OK) {
				assert_evidence_everywhere(r);
				yg_raw_free(r);
			} else {
				assert_true(w->err.text[0] != 0);
			}
		}
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_groups), cmocka_unit_test(several_groups_categories_and_strata), cmocka_unit_test(what_belongs_together),
		cmocka_unit_test(correlations), cmocka_unit_test(refusals_name_the_cure), cmocka_unit_test(few_persons_give_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
