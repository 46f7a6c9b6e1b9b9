/*
 * contrast, ps, weight, balance and a weighted model on lalonde, against R (tests/oracle/data/causal.tsv); trimming,
 * estimands and refusals on small data.
 */
#include "tests/unit/analysis/model.h"

static const char *const lalonde_columns =
	"treat:integer age:integer educ:integer race:level[black|hispan|white] married:integer nodegree:integer re74:number re75:number re78:number";

static struct yg_propensity *last_ps;

/* "ps nsw ~ age + educ" with the contrast as it was defined */
static enum yg_status score_try(struct world *w, const char *text, const char *column, const char *treated, const char *estimand,
                                double trim, struct yg_raw **out)
{
	world_run(w, text);
	const struct yg_node *s = w->last;
	struct yg_an_ps r = { .in = look_input(w, s), .contrast = "nsw", .column = world_expression(w, column), .treated = treated,
		              .estimand = estimand, .model = yg_node_find(s, YG_NODE_FORMULA)->child[0], .trim = trim };
	yg_propensity_unref(last_ps);
	last_ps = NULL;
	return yg_an_ps(&r, &w->task, out, &last_ps, &w->err);
}

static struct yg_weighted *weigh(struct world *w, const char *estimand, struct yg_raw **out)
{
	struct yg_weighted *set = NULL;
	struct yg_an_weight r = { .ps = last_ps, .name = "w1", .estimand = estimand };
	if (yg_an_weight(&r, &w->task, out, &set, &w->err) != YG_OK)
		fail_msg("%s", w->err.text);
	return set;
}

static void lalonde_att(void **state)
{
	struct world *w = model_world("lalonde", lalonde_columns);
	struct yg_raw *r, *t, *b;
	(void)state;
	if (score_try(w, "ps nsw ~ age + educ + race + married + nodegree + re74 + re75", "treat", "1", "att", 0, &r) != YG_OK)
		fail_msg("%s", w->err.text);
	assert_evidence_everywhere(r);
	assert_value(r, "overlap", "treated", "persons", 185, 0);
	assert_value(r, "overlap", "untreated", "persons", 429, 0);
	assert_non_null(find_figure(r, "scores"));
	struct yg_weighted *set = weigh(w, NULL, &t);
	assert_value(t, "weights", "treated", "ess", 185, 1e-12);
	assert_value(t, "weights", "untreated", "ess", 99.815385915794295, 1e-7);
	assert_value(t, "weights", "untreated", "sum", 186.99886687280571, 1e-7);
	const struct yg_population *p = yg_weighted_population(set);
	assert_string_equal(p->estimand, "att");
	assert_int_equal(p->persons, 614);
	assert_int_equal(p->arm[0], 1);
	assert_true(p->weight[0] == 1);
	struct yg_an_balance ask_balance = { .set = set };
	assert_int_equal(yg_an_balance(&ask_balance, &w->task, &b, &w->err), YG_OK);
	assert_evidence_everywhere(b);
	assert_value(b, "balance", "age", "smd_before", -0.3094452619979815, 1e-9);
	assert_value(b, "balance", "age", "smd_after", 0.11884960801213447, 1e-7);
	assert_value(b, "balance", "re74", "smd_after", -0.0021428164042969979, 1e-7);
	assert_value(b, "balance", "race: black", "smd_before", 1.7615418898154271, 1e-9);
	assert_value(b, "balance", "race: black", "smd_after", -0.0061509387621276361, 1e-7);
	assert_string_equal(cell_text(b, "balance", "age", "mark"), "above");
	assert_true(says(b, "divided by"));
	/* the weighted set as a population: the effect of arm, robust error as with known weights */
	look_population = *p;
	struct yg_raw *m = fit(w, "linear re78 ~ arm with se=hc0");
	char key[64];
	snprintf(key, sizeof key, "arm: %s", p->arm_label[1]);
	assert_value(m, "estimates", key, "estimate", 1214.0712232929172, 1e-6);
	assert_value(m, "estimates", key, "se", 824.05171211859283, 1e-6);
	assert_true(says(m, "weighted by {1} weights"));
	memset(&look_population, 0, sizeof look_population);
	yg_raw_free(m);
	yg_raw_free(b);
	yg_raw_free(t);
	yg_raw_free(r);
	yg_weighted_unref(set);
	world_free(w);
}

static void other_estimands_and_trimming(void **state)
{
	struct world *w = model_world("lalonde", lalonde_columns);
	struct yg_raw *r, *t;
	(void)state;
	assert_int_equal(score_try(w, "ps nsw ~ age + educ + race + married + nodegree + re74 + re75", "treat", "1", NULL, 0.1, &r), YG_OK);
	assert_true(says(r, "score below"));
	yg_raw_free(r);
	/* no estimand anywhere: refused */
	struct yg_weighted *set = NULL;
	struct yg_an_weight ask_weight = { .ps = last_ps, .name = "w1" };
	assert_int_equal(yg_an_weight(&ask_weight, &w->task, &t, &set, &w->err), YG_ESYNTAX);
	assert_string_equal(w->err.code, "E-PS-014");
	ask_weight.estimand = "everyone";
	assert_int_equal(yg_an_weight(&ask_weight, &w->task, &t, &set, &w->err), YG_ESYNTAX);
	assert_string_equal(w->err.code, "E-PS-012");
	/* iptw.trim.0.1: how many are left */
	set = weigh(w, "ate", &t);
	assert_value(t, "weights", "treated", "persons", 175, 0);
	assert_value(t, "weights", "untreated", "persons", 166, 0);
	yg_raw_free(t);
	/* the set outlives the score */
	yg_propensity_unref(last_ps);
	last_ps = NULL;
	struct yg_an_balance ask_balance = { .set = set, .no_before = true, .sd = "pooled" };
	assert_int_equal(yg_an_balance(&ask_balance, &w->task, &r, &w->err), YG_OK);
	assert_true(isfinite(cell_value(r, "balance", "propensity", "smd_after")));
	yg_raw_free(r);
	ask_balance.sd = "mine";
	assert_int_equal(yg_an_balance(&ask_balance, &w->task, &r, &w->err), YG_ESYNTAX);
	yg_weighted_unref(set);
	world_free(w);
}

static void contrasts_that_are_none(void **state)
{
	static const struct small_table people[] = {
		{ "people", "id:integer t:integer{0=Old|1=New} rx:level[A|B|C] age:integer f:flag",
		  "1,0,A,40,0\n2,1,B,50,1\n3,0,C,60,0\n4,1,A,70,1\n5,0,B,44,0\n6,1,C,54,1\n7,0,A,51,1\n8,1,A,53,0\n9,0,A,58,1\n" },
	};
	struct world *w = world_new(people, 1);
	struct yg_raw *r;
	(void)state;
	memset(&look_population, 0, sizeof look_population);
	assert_int_equal(score_try(w, "ps c ~ age", "rx", "A", "ate", 0, &r), YG_REFUSED);
	assert_string_equal(w->err.code, "E-PS-011");
	assert_int_equal(score_try(w, "ps c ~ age", "t", "2", "ate", 0, &r), YG_REFUSED);
	assert_string_equal(w->err.code, "E-PS-010");
	assert_int_equal(score_try(w, "ps c ~ age", "t", "1", "all", 0, &r), YG_ESYNTAX);
	/* by code, by label, and a flag by 1 */
	assert_int_equal(score_try(w, "ps c ~ age", "t", "1", "ate", 0, &r), YG_OK);
	assert_value(r, "overlap", "treated", "persons", 4, 0);
	yg_raw_free(r);
	assert_int_equal(score_try(w, "ps c ~ age", "t", "Old", "ate", 0, &r), YG_OK);
	assert_value(r, "overlap", "treated", "persons", 5, 0);
	yg_raw_free(r);
	assert_int_equal(score_try(w, "ps c ~ age", "f", "1", "ate", 0, &r), YG_OK);
	yg_raw_free(r);
	yg_propensity_unref(last_ps);
	last_ps = NULL;
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lalonde_att),
		cmocka_unit_test(other_estimands_and_trimming),
		cmocka_unit_test(contrasts_that_are_none),
	};
	int bad = cmocka_run_group_tests(tests, NULL, NULL);
	yg_glm_model_free(last_model);
	return bad;
}
