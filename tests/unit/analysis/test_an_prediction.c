/* A model developed in one data set and judged in another; every number from R's survival unless it says otherwise. */
#include "tests/unit/analysis/follow.h"

#include "yogo/analysis/prediction.h"
#include "yogo/base/pool.h"

static const char *const rotterdam_columns = "year:integer age:integer meno:integer size:level grade:integer nodes:integer "
	"pgr:integer er:integer hormon:integer chemo:integer rtime:integer recur:integer dtime:integer death:integer";
static const char *const gbsg_columns = "age:integer meno:integer size:integer grade:integer nodes:integer pgr:integer "
	"er:integer hormon:integer rfstime:integer status:integer";
static const char *const formula = "rcs(age, 3) + meno + size3 + grade + log(nodes) + log(pgr + 1) + hormon";

/* The first column of both files is the person, which a world numbers itself. */
static struct world *load(const char *name, const char *columns)
{
	char *all = yg_xasprintf("pid:integer %s", columns);
	struct world *w = model_world(name, all);
	yg_free(all);
	return w;
}

static struct world *rotterdam(void)
{
	struct world *w = load("rotterdam", rotterdam_columns);
	world_run(w, "factor size3 = size with levels=(\"20 or less\": \"<=20\", \"over 20 to 50\": \"20-50\", \"over 50\": \">50\")");
	world_run(w, "let t = case(recur = 1, rtime, dtime)");
	world_run(w, "let e = (recur = 1 or death = 1)");
	follow_endpoint(w, "endpoint rfs: \"Recurrence or death\"\n time t in days\n event \"recurrence or death\": e\n until 7y\n unit years\nend");
	return w;
}

static struct world *gbsg(const char *levels)
{
	struct world *w = load("gbsg", gbsg_columns);
	char *text = yg_xasprintf("factor size3 = cut(size, 20, 50, closed = \"right\") with levels=(%s)", levels);
	world_run(w, text);
	yg_free(text);
	follow_endpoint(w, "endpoint out: \"Recurrence or death\"\n time rfstime in days\n event \"recurrence or death\": status = 1\n until 7y\n unit years\nend");
	return w;
}

static const char *const known_levels = "\"20 or less\", \"over 20 to 50\", \"over 50\"";

static const struct yg_prediction_model *develop(struct world *w)
{
	const struct yg_prediction_model *m;
	char *text = yg_xasprintf("cox rfs ~ %s where nodes >= 1 with ties=efron", formula);
	yg_raw_free(follow(w, text));
	yg_free(text);
	assert_int_equal(yg_cox_prediction(follow_model, "dev", &m, NULL), YG_OK);
	assert_true(yg_prediction_of_time(m));
	return m;
}

typedef enum yg_status judge_fn(const struct yg_an_judge *, struct yg_task *, struct yg_raw **, struct yg_err *);

/* "validate out ~ dev with at=5y" on an endpoint of the world. */
static enum yg_status judge(struct world *w, judge_fn *verb, const char *text, const struct yg_endpoint *e,
                            const struct yg_prediction_model *m, struct yg_raw **out)
{
	static const char *const name = "dev";
	world_run(w, text);
	const struct yg_node *s = w->last, *boot = yg_node_option(s, "boot"), *groups = yg_node_option(s, "groups");
	struct yg_an_judge r = { .in = look_input(w, s), .endpoint = e, .model = &m, .name = &name, .models = 1,
		                 .at = yg_node_option(s, "at"), .boot = boot ? (int64_t)boot->number : 0, .seed = 11,
		                 .groups = groups ? (int)groups->number : 10, .low = 0.05, .high = 0.6, .test = model_word(s, "test") };
	*out = NULL;
	return verb(&r, &w->task, out, &w->err);
}

static struct yg_raw *judged(struct world *w, judge_fn *verb, const char *text, const struct yg_endpoint *e,
                             const struct yg_prediction_model *m)
{
	struct yg_raw *out;
	if (judge(w, verb, text, e, m, &out) != YG_OK)
		fail_msg("%s: %s [%s] %s", text, w->err.text, w->err.code, w->err.hint);
	return out;
}

static void a_model_travels(void **unused)
{
	(void)unused;
	struct world *w = rotterdam();
	const struct yg_prediction_model *m = develop(w);
	struct world *g = gbsg(known_levels);
	const struct yg_endpoint *e = follow_known[1];
	struct yg_raw *r = judged(g, yg_an_validate, "validate out ~ dev with at=(3y, 5y)", e, m);
	assert_value(r, "performance", "c", "estimate", 0.6914640195, 1e-8);
	assert_value(r, "performance", "c", "se", 0.01508786935, 1e-7);
	assert_value(r, "performance", "uno", "estimate", 0.6771442974, 1e-8);
	assert_value(r, "performance", "uno", "se", 0.01522080519, 1e-7);
	assert_value(r, "performance", "slope", "estimate", 1.1115989840, 1e-6);
	assert_value(r, "performance", "slope", "se", 0.1004377572, 1e-6);
	assert_value(r, "performance", "oe@3", "estimate", 1.040452716, 1e-7);
	assert_value(r, "performance", "oe@5", "estimate", 1.079385122, 1e-7);
	assert_value(r, "performance", "brier@3", "estimate", 0.1916762628, 1e-7);
	assert_value(r, "performance", "brier@5", "estimate", 0.2108361607, 1e-7);
	assert_value(r, "performance", "auc@3", "estimate", 0.7485492048, 1e-7);
	assert_value(r, "performance", "auc@5", "estimate", 0.7348012964, 1e-7);
	assert_evidence_everywhere(r);
	yg_raw_free(r);
	r = judged(g, yg_an_calibrate, "calibrate out ~ dev with at=5y, groups=5, test=hl", e, m);
	assert_value(r, "calibration", "1", "persons", 138, 0);
	assert_value(r, "calibration", "1", "predicted", 0.2470440451, 1e-7);
	assert_value(r, "calibration", "1", "observed", 0.23190988, 1e-7);
	assert_value(r, "calibration", "1", "lower", 0.1575790751, 1e-7);
	assert_value(r, "calibration", "1", "upper", 0.3336775263, 1e-7);
	assert_value(r, "calibration", "5", "observed", 0.7881386471, 1e-7);
	assert_non_null(find_figure(r, "calibration"));
	assert_evidence_everywhere(r);
	yg_raw_free(r);
	r = judged(g, yg_an_dca, "dca out ~ dev with at=5y", e, m);
	assert_value(r, "benefit", "0.4", "dev", 0.2256337157, 1e-7);
	assert_value(r, "benefit", "0.4", "dev.treated", 401, 0);
	assert_value(r, "benefit", "0.2", "dev", 0.3835039846, 1e-7);
	yg_raw_free(r);
	/* Optimism is of the data of the fit only. */
	assert_int_equal(judge(g, yg_an_validate, "validate out ~ dev with at=5y, boot=10", e, m, &r), YG_REFUSED);
	assert_string_equal(g->err.code, "E-PRE-024");
	follow_count = 1;
	yg_endpoint_free((struct yg_endpoint *)(uintptr_t)e);
	world_free(g);
	follow_reset();
	world_free(w);
}

static void levels_go_by_their_names(void **unused)
{
	(void)unused;
	struct world *w = rotterdam();
	const struct yg_prediction_model *m = develop(w);
	struct world *g = gbsg("\"small\", \"over 20 to 50\", \"over 50\"");
	struct yg_raw *r;
	assert_int_equal(judge(g, yg_an_validate, "validate out ~ dev with at=5y", follow_known[1], m, &r), YG_REFUSED);
	assert_string_equal(g->err.code, "E-PRE-002");
	assert_non_null(strstr(g->err.text, "small"));
	yg_endpoint_free(follow_known[--follow_count]);
	world_free(g);
	/* The column is a number there: the fit had levels. */
	g = load("gbsg", gbsg_columns);
	world_run(g, "let size3 = size");
	follow_endpoint(g, "endpoint out: \"x\"\n time rfstime in days\n event \"x\": status = 1\nend");
	assert_int_equal(judge(g, yg_an_validate, "validate out ~ dev with at=5y", follow_known[1], m, &r), YG_REFUSED);
	assert_string_equal(g->err.code, "E-PRE-001");
	yg_endpoint_free(follow_known[--follow_count]);
	world_free(g);
	follow_reset();
	world_free(w);
}

static struct yg_raw *predicted(struct world *w, const char *text, const struct yg_prediction_model *m)
{
	struct yg_raw *out = NULL;
	world_run(w, text);
	const struct yg_node *s = w->last;
	struct yg_an_predict r = { .in = look_input(w, s), .model = m, .name = "dev", .type = model_word(s, "type"),
		                   .at = yg_node_option(s, "at"), .given = yg_node_option(s, "given"), .open = true };
	return yg_an_predict(&r, &w->task, &out, &w->err) == YG_OK ? out : NULL;
}

static void a_person_described_by_hand(void **unused)
{
	(void)unused;
	struct world *w = rotterdam();
	const struct yg_prediction_model *m = develop(w);
	struct yg_raw *r = predicted(w, "predict dev with type=survival, at=(3y, 5y), given=(age: 50, meno: 0, size3: \"over 20 to 50\", "
	                                "grade: 3, nodes: 4, pgr: 20, hormon: 1)", m);
	assert_non_null(r);
	assert_value(r, "profile", "survival@3", "estimate", 0.6958492116, 1e-7);
	assert_value(r, "profile", "survival@3", "lower", 0.6341266236, 1e-6);
	assert_value(r, "profile", "survival@3", "upper", 0.7492531204, 1e-6);
	assert_value(r, "profile", "survival@5", "cumhaz", 0.5719016005, 1e-7);
	assert_value(r, "profile", "survival@5", "cumhaz_se", 0.03697049294 / 0.5644510571, 1e-6);
	yg_raw_free(r);
	assert_null(predicted(w, "predict dev with given=(height: 180)", m));
	assert_string_equal(w->err.code, "E-PRE-044");
	assert_null(predicted(w, "predict dev with given=(size3: \"tiny\")", m));
	assert_string_equal(w->err.code, "E-PRE-002");
	assert_null(predicted(w, "predict dev with type=mean", m));
	assert_string_equal(w->err.code, "E-PRE-033");
	assert_null(predicted(w, "predict dev with type=risk", m));
	assert_string_equal(w->err.code, "E-PRE-030");
	r = predicted(w, "predict dev where nodes >= 1 with type=risk, at=5y", m);
	assert_non_null(r);
	assert_value(r, "predictions", "risk@5", "persons", 1546, 0);
	yg_raw_free(r);
	follow_reset();
	world_free(w);
}

/* The same seed gives the same bits, on one thread and on several; on the data of the fit the slope is 1. */
static void optimism_is_repeatable(void **unused)
{
	(void)unused;
	struct world *w = rotterdam();
	const struct yg_prediction_model *m = develop(w);
	struct yg_raw *one = judged(w, yg_an_validate, "validate rfs ~ dev where nodes >= 1 with at=5y, boot=60", follow_known[0], m);
	struct yg_pool *pool = yg_pool_new(3);
	struct yg_task task;
	yg_task_init(&task, pool);
	struct yg_task before = w->task;
	w->task = task;
	struct yg_raw *two = judged(w, yg_an_validate, "validate rfs ~ dev where nodes >= 1 with at=5y, boot=60", follow_known[0], m);
	w->task = before;
	yg_pool_free(pool);
	static const char *const key[] = { "c", "uno", "d", "slope", "auc@5", "brier@5", "ipa@5", "oe@5", "ibs" };
	for (size_t k = 0; k < sizeof key / sizeof *key; k++) {
		double a = cell_value(one, "performance", key[k], "corrected"), b = cell_value(two, "performance", key[k], "corrected");
		assert_memory_equal(&a, &b, sizeof a);
		assert_true(isfinite(a));
	}
	assert_value(one, "performance", "slope", "estimate", 1, 1e-7);
	assert_value(one, "performance", "c", "estimate", 0.6800094, 1e-6);
	assert_true(cell_value(one, "performance", "c", "optimism") > 0);
	assert_true(cell_value(one, "performance", "slope", "corrected") < 1);
	yg_raw_free(one);
	yg_raw_free(two);
	follow_reset();
	world_free(w);
}

static void residuals_and_rows(void **unused)
{
	(void)unused;
	struct world *w = rotterdam();
	(void)develop(w);
	static const char *const name = "dev";
	const struct yg_cox_model *model = follow_model;
	struct yg_an_diagnose q = { &model, &name, 1, true };
	struct yg_raw *r;
	assert_int_equal(yg_an_diagnose(&q, &w->task, &r, &w->err), YG_OK);
	assert_non_null(find_table(r, "outlying"));
	assert_non_null(find_table(r, "influential"));
	assert_non_null(find_figure(r, "form"));
	assert_non_null(find_figure(r, "course"));
	assert_value(r, "influence", "hormon", "coefficient", -0.35789852355, 1e-7);
	yg_raw_free(r);
	/* Where rows may not be seen there are none. */
	q.open = false;
	assert_int_equal(yg_an_diagnose(&q, &w->task, &r, &w->err), YG_OK);
	assert_null(find_table(r, "outlying"));
	assert_null(find_table(r, "influential"));
	yg_raw_free(r);
	follow_reset();
	world_free(w);
}

/* R: plot(cox.zph(f)) with df = 4, its curve from ns() and qr(), points 1, 10, 20, 30, 40; band by diag(f$var) * 161 events. */
static void courses_are_those_of_r(void **unused)
{
	(void)unused;
	static const double log_bili[] = { 0.5672208, 1.085961, 0.8572224, 0.9632607, 1.425035 };
	static const int at[] = { 0, 9, 19, 29, 39 };
	follow_reset();
	struct world *w = model_world("pbc", "id:integer time:integer status:integer trt:integer age:number sex:level ascites:integer "
	                              "hepato:integer spiders:integer edema:number bili:number chol:integer albumin:number copper:integer "
	                              "alk.phos:number ast:number trig:integer platelet:integer protime:number stage:integer");
	follow_endpoint(w, "endpoint os: \"Death\"\n time time in days\n event \"death\": status = 2\nend");
	yg_raw_free(follow(w, "cox os ~ age + edema + log(bili) with ties=efron"));
	static const char *const name = "cx";
	const struct yg_cox_model *model = follow_model;
	struct yg_an_phtest q = { .model = &model, .name = &name, .count = 1, .open = true };
	struct yg_raw *r;
	assert_int_equal(yg_an_phtest(&q, &w->task, &r, &w->err), YG_OK);
	const struct yg_raw_figure *f = find_figure(r, "course.3");
	assert_non_null(f);
	assert_int_equal(f->series_count, 2);
	for (int k = 0; k < 5; k++)
		yg_assert_near(f->series[0].point[at[k]].p.y, log_bili[k], 1e-6);
	yg_assert_near((f->series[0].point[39].p.upper - f->series[0].point[39].p.y) / 1.959963984540054, 0.4156732 * 1.018144, 1e-6);
	yg_raw_free(r);
	follow_reset();
	world_free(w);
}

/* Hosmer and Lemeshow by R (the reference case hl.birthwt.5); a forest of odds ratios. */
static void a_logistic_model(void **unused)
{
	(void)unused;
	struct world *w = model_world("birthwt", birthwt_columns);
	const struct yg_prediction_model *m;
	static const char *const name = "l0";
	const char *event;
	struct yg_raw *r, *l0 = fit(w, "logit low ~ age + lwt + smoke");
	assert_int_equal(yg_glm_prediction(last_model, name, &m, NULL), YG_OK);
	assert_false(yg_prediction_of_time(m));
	assert_string_equal(yg_prediction_outcome(m, &event), "low");
	struct yg_node *low = yg_node_new(&w->arena, YG_NODE_NAME, "low");
	struct yg_an_judge q = { .outcome = low, .model = &m, .name = &name, .models = 1, .groups = 5, .test = "hl", .low = 0.05, .high = 0.6 };
	world_run(w, "count");
	q.in = look_input(w, w->last);
	assert_int_equal(yg_an_calibrate(&q, &w->task, &r, &w->err), YG_OK);
	assert_value(r, "test", "hl", "statistic", 1.4437170758166393, 1e-7);
	assert_value(r, "test", "hl", "df", 3, 0);
	assert_value(r, "test", "hl", "p", 0.69531995363179577, 1e-7);
	assert_value(r, "calibration", "2", "events", 10, 0);
	assert_value(r, "measures", "slope", "estimate", 1, 1e-6);
	assert_value(r, "measures", "oe", "estimate", 1, 1e-8);
	yg_raw_free(r);
	assert_int_equal(yg_an_validate(&q, &w->task, &r, &w->err), YG_OK);
	/* Without ties of risk and outcome the two definitions of D agree. */
	assert_value(r, "performance", "d", "estimate", 2 * cell_value(r, "performance", "auc", "estimate") - 1, 1e-12);
	yg_raw_free(r);
	/* A time is not for a column. */
	q.at = yg_node_new(&w->arena, YG_NODE_NUMBER, "5");
	assert_int_equal(yg_an_validate(&q, &w->task, &r, &w->err), YG_ESYNTAX);
	assert_string_equal(w->err.code, "E-PRE-027");
	const struct yg_cox_model *rows = yg_glm_model_rows(last_model);
	struct yg_an_forest forest = { .model = &rows, .name = &name, .count = 1 };
	assert_int_equal(yg_an_forest(&forest, &r, &w->err), YG_OK);
	assert_value(r, "forest", "smoke", "estimate", cell_value(l0, "estimates", "smoke", "or"), 1e-14);
	assert_value(r, "forest", "smoke", "upper", cell_value(l0, "estimates", "smoke", "ratio_upper"), 1e-14);
	assert_true(says(r, "odds ratios"));
	yg_raw_free(r);
	yg_raw_free(l0);
	yg_glm_model_free(last_model);
	last_model = NULL;
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_model_travels), cmocka_unit_test(levels_go_by_their_names),
		cmocka_unit_test(a_person_described_by_hand), cmocka_unit_test(optimism_is_repeatable),
		cmocka_unit_test(residuals_and_rows), cmocka_unit_test(a_logistic_model),
		cmocka_unit_test(courses_are_those_of_r),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
