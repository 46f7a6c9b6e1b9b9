/* roc and diag on data: what the tables say, who stands behind it, what is refused; numbers from pROC unless worked here. */
#include "tests/unit/analysis/model.h"

#include "yogo/analysis/accuracy.h"
#include "yogo/analysis/prediction.h"

static struct yg_accuracy *kept;
static const struct yg_prediction_model *model;       /* what the name m1 stands for */
static bool guarded;

static const double *numbers(struct world *w, const struct yg_node *s, const char *name, size_t *n)
{
	const struct yg_node *v = yg_node_option(s, name);
	*n = !v ? 0 : v->kind == YG_NODE_GROUP ? v->children : 1;
	double *list = yg_arena_alloc(&w->arena, *n + 1, sizeof *list);
	for (size_t i = 0; i < *n; i++)
		list[i] = v->kind == YG_NODE_GROUP ? v->child[i]->number : v->number;
	return list;
}

static enum yg_status try(struct world *w, const char *text, struct yg_raw **out)
{
	world_run(w, text);
	const struct yg_node *s = w->last, *formula = yg_node_find(s, YG_NODE_FORMULA), *freq = yg_node_option(s, "freq");
	struct yg_an_marker *marker = yg_arena_alloc(&w->arena, formula->children + 1, sizeof *marker);
	for (uint32_t i = 0; i < formula->children; i++) {
		const struct yg_node *at = formula->child[i];
		at = at->kind == YG_NODE_MODEL ? at->child[0] : at;
		bool is_model = model && at->text && !strcmp(at->text, "m1");
		marker[i] = (struct yg_an_marker){ at, is_model ? model : NULL, is_model ? "m1" : NULL };
	}
	struct yg_an_reference of = { .in = look_input(w, s), .outcome = yg_node_find(s, YG_NODE_LIST)->child[0],
		                      .event = model_word(s, "event"), .marker = marker, .markers = formula->children,
		                      .cluster = yg_node_find(s, YG_NODE_CLUSTER), .open = !guarded };
	of.frequency = freq ? yg_node_new(&w->arena, YG_NODE_NAME, freq->text) : NULL;
	size_t n;
	yg_accuracy_free(kept);
	kept = NULL;
	*out = NULL;
	if (!strcmp(s->text, "diag")) {
		struct yg_an_diag r = { .of = of, .positive = model_word(s, "positive"), .ci = model_word(s, "ci"),
			                .begg_greenes = yg_node_option(s, "correct") != NULL };
		const struct yg_node *adjust = yg_node_option(s, "adjust");
		r.prevalence = numbers(w, s, "prevalence", &r.prevalences);
		if (adjust) {
			struct yg_node *m = yg_node_new(&w->arena, YG_NODE_MODEL, NULL);
			yg_node_add(&w->arena, m, yg_node_new(&w->arena, YG_NODE_NAME, adjust->text));
			r.adjust = m;
		}
		return yg_an_diag(&r, &w->task, out, &kept, &w->err);
	}
	struct yg_an_roc r = { .of = of, .direction = model_word(s, "direction"), .paired = yg_node_option_yes(s, "paired"),
		               .seed = 5, .cut = model_word(s, "cut") };
	const char *method = model_word(s, "method"), *focus = model_word(s, "focus");
	const double *range = numbers(w, s, "pauc", &n), *boot;
	r.partial = n > 0;
	r.low = n == 2 ? range[0] : 1;
	r.high = n == 2 ? range[1] : 0;
	r.binormal = method && !strcmp(method, "binormal");
	r.over_sensitivity = focus && !strcmp(focus, "sensitivity");
	r.at = numbers(w, s, "at", &r.ats);
	boot = numbers(w, s, "boot", &n);
	r.boot = n ? (int64_t)boot[0] : 0;
	const struct yg_node *cut = yg_node_option(s, "cut");
	if (cut && cut->kind == YG_NODE_NUMBER) {
		r.cut = "value";
		r.cut_value = cut->number;
	}
	return yg_an_roc(&r, &w->task, out, &kept, &w->err);
}

static struct yg_raw *run(struct world *w, const char *text)
{
	struct yg_raw *r;
	if (try(w, text, &r) != YG_OK)
		fail_msg("%s: %s [%s] %s", text, w->err.text, w->err.code, w->err.hint);
	return r;
}

#define assert_not_done(w, text, expected)                              \
	do {                                                           \
		struct yg_raw *unwanted;                               \
		assert_int_not_equal(try((w), (text), &unwanted), YG_OK); \
		assert_string_equal((w)->err.code, (expected));        \
	} while (0)
#define assert_number(r, table, row, column, expected) yg_assert_near(cell_value((r), (table), (row), (column)), (expected), 1e-9)

static struct world *asah(void)
{
	return model_world("aSAH", "gos6:integer outcome:level[Good|Poor] gender:level[Female|Male] age:integer "
	                           "wfns:integer s100b:number ndka:number");
}

static void curves_agree_with_proc(void **state)
{
	struct world *w = asah();
	struct yg_raw *r = run(w, "roc outcome ~ s100b, ndka, wfns with event=\"Poor\", paired, cut=youden, pauc=[0.8, 1.0], at=0.9"), *c;
	(void)state;
	assert_evidence_everywhere(r);
	assert_number(r, "auc", "s100b", "auc", 0.73136856368563685);
	assert_number(r, "auc", "s100b", "se", sqrt(0.0026686824571724378));
	assert_number(r, "auc", "s100b", "lower", 0.63011821176162264);
	assert_number(r, "auc", "ndka", "upper", 0.72267098988818901);
	assert_number(r, "auc", "wfns", "auc", 0.82367886178861793);
	assert_cell(r, "auc", "s100b", "cases", 41);
	assert_behind(r, "auc", "s100b", "auc", 41, 41, 0);
	assert_number(r, "cut", "threshold", "estimate", 0.205);
	assert_number(r, "cut", "sensitivity", "estimate", 26.0 / 41);
	assert_cell(r, "cut", "sensitivity", "n", 26);
	assert_behind(r, "cut", "specificity", "estimate", 58, 0, 72);
	assert_number(r, "cut.2", "threshold", "estimate", 11.08);
	/* DeLong's z is 1.39 */
	yg_assert_near(cell_value(r, "differences", "s100b - ndka", "estimate"), 0.73136856368563685 - 0.61195799457994582, 1e-9);
	yg_assert_near(cell_value(r, "differences", "s100b - ndka", "statistic"), 1.3907700257355773, 1e-9);
	assert_cell(r, "equal", "equal", "df", 2);
	assert_non_null(find_figure(r, "roc"));
	assert_int_equal(find_figure(r, "roc")->series_count, 4);
	assert_int_equal(r->events, 41);
	/* compare says the same */
	assert_int_equal(yg_an_accuracy_compare(kept, "r1", "delong", &c, &w->err), YG_OK);
	yg_assert_near(cell_value(c, "differences", "s100b - ndka", "p"), cell_value(r, "differences", "s100b - ndka", "p"), 0);
	yg_raw_free(c);
	assert_int_equal(yg_an_accuracy_compare(kept, "r1", "lr", &c, &w->err), YG_REFUSED);
	assert_string_equal(w->err.code, "E-ACC-013");
	yg_raw_free(r);
	world_free(w);
}

static void the_direction_is_found_and_said(void **state)
{
	struct world *w = model_world("birthwt", birthwt_columns);
	struct yg_raw *r = run(w, "roc low ~ lwt with cut=topleft");
	(void)state;
	assert_number(r, "auc", "lwt", "auc", 0.61310299869621898);
	assert_number(r, "cut", "threshold", "estimate", 117.5);
	assert_number(r, "cut", "sensitivity", "estimate", 29.0 / 59);
	assert_true(says(r, "lower values speak"));
	yg_raw_free(r);
	r = run(w, "roc low ~ lwt with direction=higher");
	assert_number(r, "auc", "lwt", "auc", 1 - 0.61310299869621898);
	assert_true(says(r, "higher values speak"));
	assert_false(says(r, "the direction was chosen"));
	yg_raw_free(r);
	/* up to 120 pounds, that value included */
	r = run(w, "roc low ~ lwt with cut=120");
	struct yg_raw *d;
	world_run(w, "let light = lwt <= 120");
	d = run(w, "diag low ~ light");
	assert_number(r, "cut", "specificity", "estimate", cell_value(d, "diag", "specificity", "estimate"));
	assert_number(r, "cut", "lr_neg", "upper", cell_value(d, "diag", "lr_neg", "upper"));
	yg_raw_free(d);
	yg_raw_free(r);
	world_free(w);
}

/* A model is judged like a column that holds its linear predictor. */
static void models_are_markers(void **state)
{
	struct world *w = model_world("birthwt", birthwt_columns);
	(void)state;
	yg_raw_free(fit(w, "logit low ~ age + lwt + smoke"));
	assert_int_equal(yg_glm_prediction(last_model, "m1", &model, &w->err), YG_OK);
	struct yg_raw *r = run(w, "roc low ~ m1, age with paired");
	/* survival::concordance of the fitted risks */
	yg_assert_near(cell_value(r, "auc", "m1", "auc"), 0.653129074315515, 1e-9);
	assert_true(says(r, "on the rows of its fit"));
	yg_raw_free(r);
	model = NULL;
	world_free(w);
}

static void groups_are_other_persons(void **state)
{
	struct world *w = asah();
	struct yg_raw *r = run(w, "roc outcome ~ s100b by gender with event=\"Poor\"");
	(void)state;
	assert_evidence_everywhere(r);
	assert_number(r, "auc", "s100b", "auc", 0.72);
	assert_cell(r, "auc.2", "s100b", "cases", 20);
	/* pROC's unpaired test of women against men, the other way round */
	yg_assert_near(cell_value(r, "groups", "s100b: gender: Male - gender: Female", "p"), 0.6168, 2e-4);
	assert_int_equal(find_figure(r, "roc")->series_count, 3);
	yg_raw_free(r);
	/* of 32 persons of grade 2 some have the event, of grade 3 there are 4 */
	r = run(w, "diag outcome ~ gender by wfns where wfns in (1, 2, 3) with event=\"Poor\", positive=\"Male\"");
	assert_non_null(find_table(r, "diag.2"));
	yg_raw_free(r);
	world_free(w);
}

static void limits_by_other_roads(void **state)
{
	struct world *w = asah();
	struct yg_raw *r = run(w, "roc outcome ~ s100b with event=\"Poor\", boot=400, at=0.9, pauc=[0.9, 1]"), *b;
	(void)state;
	assert_evidence_everywhere(r);
	assert_number(r, "auc", "s100b", "auc", 0.73136856368563685);
	yg_assert_near(cell_value(r, "auc", "s100b", "se"), 0.0517, 0.15);
	yg_assert_near(cell_value(r, "auc", "s100b", "lower"), 0.630, 0.06);
	assert_true(cell_value(r, "sens_at", "s100b@0.9", "lower") < cell_value(r, "sens_at", "s100b@0.9", "estimate"));
	/* the same seed, the same limits */
	b = run(w, "roc outcome ~ s100b with event=\"Poor\", boot=400");
	assert_true(cell_value(b, "auc", "s100b", "lower") == cell_value(r, "auc", "s100b", "lower"));
	yg_raw_free(b);
	yg_raw_free(r);
	r = run(w, "roc outcome ~ s100b, wfns with event=\"Poor\", method=binormal, at=0.9, pauc=[0.8, 1]");
	yg_assert_near(cell_value(r, "auc", "s100b", "auc"), 0.7314, 0.02);
	assert_true(cell_value(r, "binormal", "wfns", "a") > 1);
	struct yg_raw *c;
	assert_int_equal(yg_an_accuracy_compare(kept, "r1", "delong", &c, &w->err), YG_REFUSED);
	assert_string_equal(w->err.code, "E-ACC-028");
	yg_raw_free(r);
	world_free(w);
}

static void tests_and_their_table(void **state)
{
	struct world *w = asah();
	struct yg_raw *r, *e;
	(void)state;
	world_run(w, "let s = s100b >= 0.22");
	world_run(w, "let v = wfns >= 3");
	r = run(w, "diag outcome ~ s, v with event=\"Poor\", prevalence=(0.1, 0.5)");
	assert_evidence_everywhere(r);
	assert_cell(r, "counts", "s", "tp", 26);
	assert_cell(r, "counts", "s", "fp", 14);
	assert_cell(r, "counts", "s", "fn", 15);
	assert_cell(r, "counts", "s", "tn", 58);
	assert_behind(r, "counts", "s", "fp", 14, 0, 72);
	assert_number(r, "diag", "sensitivity", "estimate", 26.0 / 41);
	assert_behind(r, "diag", "ppv", "estimate", 26, 0, 40);
	yg_assert_near(cell_value(r, "diag", "lr_pos", "estimate"), 26.0 / 41 / (14.0 / 72), 1e-12);
	/* at a prevalence of one half the odds are the likelihood ratio */
	double lr = cell_value(r, "diag", "lr_pos", "lower");
	yg_assert_near(cell_value(r, "predictive", "0.5", "ppv_lower"), lr / (1 + lr), 1e-12);
	yg_assert_near(cell_value(r, "compare", "s - v: sensitivity", "statistic"), 1.0 / 9, 1e-12);
	/* a statistic tells how often the tests disagree: the fewest in any cell stand behind it */
	assert_true(find_cell(r, "compare", "s - v: sensitivity", "p")->evidence.persons <= 5);
	yg_raw_free(r);
	/* a level is a test when it is said which is positive */
	r = run(w, "diag outcome ~ gender with event=\"Poor\", positive=\"Male\", ci=exact");
	assert_cell(r, "counts", "gender", "tp", 20);
	yg_raw_free(r);
	/* counts in a column are rows written out */
	static const struct small_table rows = { "t", "id:integer y:integer x:integer n:integer", "1,1,1,26\n2,0,1,14\n3,1,0,15\n4,0,0,58\n" };
	world_free(w);
	w = world_new(&rows, 1);
	look_population.table = NULL;
	e = run(w, "diag y ~ x with freq=n");
	assert_cell(e, "counts", "x", "tn", 58);
	assert_number(e, "diag", "sensitivity", "estimate", 26.0 / 41);
	assert_behind(e, "diag", "ppv", "estimate", 26, 0, 40);
	yg_raw_free(e);
	e = run(w, "roc y ~ x with freq=n");
	assert_number(e, "auc", "x", "auc", (26.0 / 41 + 58.0 / 72) / 2);
	assert_cell(e, "auc", "x", "cases", 41);
	yg_raw_free(e);
	world_free(w);
}

static const struct small_table eyes[] = {
	{ "subject", "id:integer age:integer", "1,60\n2,50\n3,70\n4,44\n" },
	{ "eye", "id:integer y:integer x:number", "1,1,3\n1,1,2\n2,0,1\n2,0,2\n3,1,5\n3,0,4\n4,0,0\n4,0,1\n" },
};

static void eyes_of_one_person(void **state)
{
	struct world *w = world_new(eyes, 2);
	struct yg_raw *r;
	(void)state;
	look_population.table = NULL;
	assert_not_done(w, "roc y ~ x", "E-ACC-005");
	world_run(w, "let p = x >= 2");
	assert_not_done(w, "diag y ~ p", "E-ACC-005");
	r = run(w, "roc y ~ x cluster id with at=0.5");
	assert_evidence_everywhere(r);
	assert_int_equal(r->persons, 4);
	assert_behind(r, "auc", "x", "cases", 2, 0, 0);          /* two persons, three eyes */
	assert_cell(r, "auc", "x", "cases", 3);
	/* pairs: 3 against 1 2 4 0 1, 2 against the same, 5: 4 + 3.5 + 5 of 15 */
	assert_number(r, "auc", "x", "auc", 12.5 / 15);
	assert_true(isnan(cell_value(r, "sens_at", "x@0.5", "lower")));
	yg_raw_free(r);
	/* the two eyes of a person in two groups: these are not other persons */
	world_run(w, "let side = seq(x) by id");
	r = run(w, "roc y ~ x by side cluster id");
	assert_null(find_table(r, "groups"));
	assert_true(says(r, "are not compared"));
	yg_raw_free(r);
	r = run(w, "diag y ~ p cluster id");
	assert_cell(r, "counts", "p", "tp", 3);
	assert_behind(r, "counts", "p", "tp", 2, 0, 2);
	assert_true(says(r, "Rao and Scott"));
	yg_raw_free(r);
	world_free(w);
}

static void not_everybody_was_verified(void **state)
{
	static const struct small_table t = { "t", "id:integer y:integer x:integer g:integer",
		"1,1,1,0\n2,1,1,1\n3,0,1,0\n4,,1,0\n5,1,0,1\n6,0,0,0\n7,0,0,1\n8,0,0,0\n9,,0,1\n10,,0,0\n" };
	struct world *w = world_new(&t, 1);
	(void)state;
	look_population.table = NULL;
	struct yg_raw *r = run(w, "diag y ~ x with correct=begg_greenes");
	/* positive 4 of 10, of those known 2/3 diseased; negative 6, 1/4: sensitivity 8/3 of 8/3 + 6/4 */
	assert_number(r, "corrected", "sensitivity", "estimate", 8.0 / 3 / (8.0 / 3 + 1.5));
	assert_number(r, "corrected", "specificity", "estimate", 4.5 / (4.5 + 4.0 / 3));
	assert_cell(r, "counts", "x", "tp", 2);
	assert_number(r, "diag", "sensitivity", "estimate", 2.0 / 3);
	yg_raw_free(r);
	/* without the correction the unverified are left out and counted */
	r = run(w, "diag y ~ x");
	assert_null(find_table(r, "corrected"));
	assert_int_equal(r->persons, 7);
	yg_raw_free(r);
	/* so few rows that test and column tell some outcomes for sure */
	assert_not_done(w, "diag y ~ x with correct=begg_greenes, adjust=g", "E-ACC-024");
	world_free(w);
}

static void guarded_data_show_no_single_place(void **state)
{
	struct world *w = asah();
	struct yg_raw *r;
	(void)state;
	guarded = true;
	r = run(w, "roc outcome ~ s100b with event=\"Poor\", at=0.98");
	assert_null(find_table(r, "curve"));
	assert_null(find_figure(r, "roc"));
	assert_true(says(r, "a curve is not drawn"));
	assert_true(isnan(cell_value(r, "sens_at", "s100b@0.98", "estimate")));
	yg_raw_free(r);
	guarded = false;
	r = run(w, "roc outcome ~ s100b with event=\"Poor\"");
	assert_non_null(find_table(r, "curve"));
	assert_non_null(find_figure(r, "roc"));
	yg_raw_free(r);
	world_free(w);
}

static void refusals_name_the_cure(void **state)
{
	static const struct small_table t = { "t", "id:integer y:integer x:integer k:integer s:integer g:level[A|B] d:date",
		"1,1,1,3,1,A,2020-01-01\n2,0,2,3,1,A,2020-01-01\n3,1,3,3,1,B,2020-01-01\n4,0,4,3,1,B,2020-01-01\n5,,5,3,1,B,2020-01-01\n6,0,,3,1,B,2020-01-01\n" };
	struct world *w = world_new(&t, 1);
	struct yg_raw *r;
	(void)state;
	look_population.table = NULL;
	assert_not_done(w, "roc s ~ x", "E-ACC-012");
	assert_not_done(w, "roc y ~ x where x > 9", "E-ACC-001");
	assert_not_done(w, "roc x ~ k", "E-ACC-004");
	assert_not_done(w, "roc g ~ x", "E-ACC-002");
	assert_not_done(w, "roc g ~ x with event=\"C\"", "E-ACC-002");
	assert_not_done(w, "diag y ~ x", "E-ACC-007");
	assert_not_done(w, "diag y ~ g", "E-ACC-006");
	assert_not_done(w, "roc y ~ x with pauc=[0.9, 0.1]", "E-ACC-018");
	assert_not_done(w, "roc y ~ x with boot=10", "E-ACC-026");
	assert_not_done(w, "roc y ~ x, k with method=binormal, paired", "E-ACC-028");
	assert_not_done(w, "roc y ~ k with method=binormal", "E-ACC-021");
	/* the same value for everybody: one half, and it is said that it tells nothing */
	r = run(w, "roc y ~ k with cut=youden");
	assert_number(r, "auc", "k", "auc", 0.5);
	assert_true(isnan(cell_value(r, "cut", "threshold", "estimate")));
	assert_true(says(r, "tells nothing"));
	yg_raw_free(r);
	/* two rows lack one or the other: left out, the four others are judged */
	r = run(w, "roc y ~ x");
	assert_int_equal(r->persons, 4);
	assert_int_equal(r->dropped, 2);
	assert_number(r, "auc", "x", "auc", 0.75);
	assert_true(says(r, "lower values speak"));
	yg_raw_free(r);
	/* one marker cannot be compared */
	assert_int_equal(yg_an_accuracy_compare(kept, "r", "delong", &r, &w->err), YG_REFUSED);
	assert_string_equal(w->err.code, "E-ACC-014");
	/* without error: limits without width, and a warning */
	r = run(w, "roc y ~ y");
	assert_number(r, "auc", "y", "lower", 1);
	assert_true(says(r, "no proof of certainty"));
	yg_raw_free(r);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(curves_agree_with_proc),
		cmocka_unit_test(the_direction_is_found_and_said),
		cmocka_unit_test(models_are_markers),
		cmocka_unit_test(groups_are_other_persons),
		cmocka_unit_test(limits_by_other_roads),
		cmocka_unit_test(tests_and_their_table),
		cmocka_unit_test(eyes_of_one_person),
		cmocka_unit_test(not_everybody_was_verified),
		cmocka_unit_test(guarded_data_show_no_single_place),
		cmocka_unit_test(refusals_name_the_cure),
	};
	int bad = cmocka_run_group_tests(tests, NULL, NULL);
	yg_glm_model_free(last_model);
	yg_accuracy_free(kept);
	return bad;
}
