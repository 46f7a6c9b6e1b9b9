/* cuminc, finegray and penalised models as a clinician writes them, against R's numbers for the same data. */
#include "tests/unit/analysis/follow.h"

#include "yogo/analysis/competing.h"
#include "yogo/analysis/penalised.h"

static const char *const melanoma_columns = "time:integer status:integer sex:integer age:integer year:integer thickness:number ulcer:integer";
static const char *const melanoma = "endpoint mm: \"Death from melanoma\"\n time time in days\n event \"melanoma\": status = 1\n"
	" compete \"other\": status = 3\nend";
static const char *const lung_columns = "inst:integer time:integer status:integer age:integer sex:integer ph.ecog:integer "
	"ph.karno:integer pat.karno:integer meal.cal:integer wt.loss:integer";
static const char *const days = "endpoint os: \"Death\"\n time time in days\n event \"death\": status = 2\nend";

static struct yg_finegray_model *kept;

static struct world *begin(const char *data, const char *columns, const char *endpoint)
{
	follow_reset();
	struct world *w = model_world(data, columns);
	follow_endpoint(w, endpoint);
	return w;
}

static void end(struct world *w)
{
	yg_finegray_model_free(kept);
	kept = NULL;
	follow_reset();
	world_free(w);
}

static enum yg_status ask_competing(struct world *w, const char *text, struct yg_raw **out)
{
	*out = NULL;
	world_run(w, text);
	const struct yg_node *s = w->last, *list = yg_node_find(s, YG_NODE_LIST);
	struct yg_an_endpoints of = follow_named(w, list);
	if (!strcmp(s->text, "cuminc")) {
		struct yg_an_cuminc r = { .in = look_input(w, s), .endpoint = of.endpoint[0], .strata = yg_node_find(s, YG_NODE_STRATA),
			                  .cluster = yg_node_find(s, YG_NODE_CLUSTER), .frequency = follow_column(w, s, "freq"),
			                  .cause = model_word(s, "cause"), .at = yg_node_option(s, "at"), .ci = YG_KM_LOG,
			                  .measure = model_word(s, "measure"), .draw = model_word(s, "draw"),
			                  .all_steps = model_word(s, "steps") && !strcmp(model_word(s, "steps"), "all"), .open = true };
		return yg_an_cuminc(&r, &w->task, out, &w->err);
	}
	struct yg_an_finegray r = { .in = look_input(w, s), .of = of, .formula = yg_node_find(s, YG_NODE_FORMULA),
		                    .strata = yg_node_find(s, YG_NODE_STRATA), .cluster = yg_node_find(s, YG_NODE_CLUSTER),
		                    .frequency = follow_column(w, s, "freq"), .cause = model_word(s, "cause"), .ties = model_word(s, "ties"),
		                    .interaction = yg_node_option_yes(s, "interaction") };
	yg_finegray_model_free(kept);
	kept = NULL;
	return yg_an_finegray(&r, &w->task, out, &kept, &w->err);
}

static struct yg_raw *competing(struct world *w, const char *text)
{
	struct yg_raw *out;
	if (ask_competing(w, text, &out) != YG_OK)
		fail_msg("%s: %s [%s] %s", text, w->err.text, w->err.code, w->err.hint);
	return out;
}

#define assert_competing_refused(w, text, expected)                                       \
	do {                                                                    \
		struct yg_raw *unwanted;                                        \
		assert_int_not_equal(ask_competing((w), (text), &unwanted), YG_OK); \
		assert_string_equal((w)->err.code, (expected));                 \
	} while (0)

static void incidences_add_up_and_are_compared(void **unused)
{
	(void)unused;
	struct world *w = begin("Melanoma", melanoma_columns, melanoma);
	struct yg_raw *r = competing(w, "cuminc mm by sex with at=(1000, 3000), measure=rd");
	double p0 = cell_value(r, "incidence", "0: melanoma: 3000", "estimate"), p1 = cell_value(r, "incidence", "1: melanoma: 3000", "estimate");
	double s0 = cell_value(r, "incidence", "0: melanoma: 3000", "se"), s1 = cell_value(r, "incidence", "1: melanoma: 3000", "se");
	assert_value(r, "contrasts", "1 vs 0: melanoma: 3000", "estimate", p1 - p0, 1e-12);
	assert_value(r, "contrasts", "1 vs 0: melanoma: 3000", "se", sqrt(s0 * s0 + s1 * s1), 1e-12);
	assert_value(r, "total", "0: 3000", "sum", 1, 1e-12);
	assert_value(r, "total", "0: 3000", "any", p0 + cell_value(r, "incidence", "0: other: 3000", "estimate"), 1e-12);
	/* cuminc() of cmprsk: gray.melanoma.sex */
	assert_value(r, "gray", "melanoma", "statistic", 5.8140209, 1e-6);
	assert_non_null(find_figure(r, "incidence"));
	assert_evidence_everywhere(r);
	yg_raw_free(r);
	r = competing(w, "cuminc mm with draw=stacked");
	assert_int_equal(find_figure(r, "causes")->series_count, 2);
	assert_null(find_figure(r, "incidence"));
	yg_raw_free(r);
	assert_competing_refused(w, "cuminc mm with at=1000, measure=rr", "E-END-056");
	assert_competing_refused(w, "cuminc mm with cause=\"nothing\"", "E-SUR-004");
	end(w);
}

/* An incidence stands for the events by its time, not for all of the follow-up: few of them are not shown of guarded data. */
static void an_incidence_rests_on_the_events_so_far(void **unused)
{
	(void)unused;
	struct world *w = begin("Melanoma", melanoma_columns, melanoma);
	struct yg_raw *r = competing(w, "cuminc mm with at=(279, 100000)");
	assert_behind(r, "incidence", "all: melanoma: 279", "estimate", 205, 5, 0);
	yg_raw_free(r);
	r = competing(w, "cuminc mm by sex with at=279, measure=rd");
	assert_true(find_cell(r, "contrasts", "1 vs 0: melanoma: 279", "estimate")->evidence.events < 10);
	yg_raw_free(r);
	end(w);
}

static void fine_gray_as_crr(void **unused)
{
	(void)unused;
	struct world *w = begin("Melanoma", melanoma_columns, melanoma);
	struct yg_raw *r = competing(w, "finegray mm ~ sex + age + log(thickness) + ulcer");
	/* fg.melanoma.1 */
	assert_cell(r, "fit", "events", "value", 57);
	assert_cell(r, "fit", "competing", "value", 14);
	assert_true(says(r, "sandwich standard errors with the part for the censoring curve"));
	assert_non_null(find_table(r, "baseline"));
	assert_evidence_everywhere(r);
	double b = cell_value(r, "estimates", "sex", "estimate");
	assert_int_equal(yg_finegray_model_fits(kept), 1);
	yg_raw_free(r);
	/* Equal rows counted twice: the same estimates, smaller errors. */
	world_run(w, "let two = 2");
	r = competing(w, "finegray mm ~ sex + age + log(thickness) + ulcer with freq=two");
	assert_value(r, "estimates", "sex", "estimate", b, 1e-9);
	yg_raw_free(r);
	r = competing(w, "finegray mm ~ age by ulcer with interaction");
	assert_int_equal(find_table(r, "subgroups")->rows, 2);
	assert_cell(r, "interaction", "ulcer x age", "df", 1);
	assert_int_equal(yg_finegray_model_fits(kept), 3);
	yg_raw_free(r);
	r = competing(w, "finegray mm ~ age by ulcer with ties=efron");
	assert_non_null(find_table(r, "estimates.2"));
	assert_true(says(r, "ties: Efron"));
	yg_raw_free(r);
	assert_competing_refused(w, "finegray mm ~ age with interaction", "E-SUR-032");
	end(w);
}

static void nothing_competes_or_nobody_has_it(void **unused)
{
	(void)unused;
	struct world *w = begin("Melanoma", melanoma_columns, melanoma);
	follow_endpoint(w, "endpoint only: \"Death\"\n time time in days\n event \"death\": status = 1\nend");
	assert_competing_refused(w, "finegray only ~ age", "E-SUR-064");
	/* A level in which nobody has the event gets no number. */
	world_run(w, "let free = status = 2");
	struct yg_raw *r = competing(w, "finegray mm ~ free + age");
	assert_string_equal(cell_text(r, "estimates", "free", "shr"), "no estimate: nobody with it has the event");
	yg_raw_free(r);
	end(w);
}

static struct yg_raw *path(struct world *w, const char *text, struct yg_an_penalty q)
{
	struct yg_raw *out = NULL;
	world_run(w, text);
	struct yg_an_cox r = { .in = look_input(w, w->last), .of = follow_named(w, yg_node_find(w->last, YG_NODE_LIST)),
		               .formula = yg_node_find(w->last, YG_NODE_FORMULA) };
	if (yg_an_cox_path(&r, &q, &w->task, &out, NULL, &w->err) != YG_OK)
		return NULL;
	return out;
}

static void a_penalised_cox_model(void **unused)
{
	(void)unused;
	static const double lambda[] = { 0.05, 0.1 };
	const char *model = "cox os ~ age + sex + ph.ecog + ph.karno + wt.loss";
	struct world *w = begin("lung", lung_columns, days);
	struct yg_an_penalty q = { .kind = "lasso", .alpha = NAN, .lambda = lambda, .lambdas = 2 };
	struct yg_raw *r = path(w, model, q), *again;
	assert_non_null(r);
	assert_string_equal(cell_text(r, "estimates", "age", "estimate_0.1"), "left out");
	assert_value(r, "estimates", "sex", "ratio_0.05", exp(cell_value(r, "estimates", "sex", "estimate_0.05")), 1e-12);
	assert_non_null(find_figure(r, "path"));
	assert_evidence_everywhere(r);
	world_run(w, "factor eg = ph.ecog");
	static const double little[] = { 0.001 };
	struct yg_raw *levels = path(w, "cox os ~ eg + age", (struct yg_an_penalty){ .kind = "ridge", .alpha = NAN, .lambda = little, .lambdas = 1 });
	assert_non_null(levels);
	assert_behind(levels, "estimates", "eg: 3", "estimate_0.001", 1, 1, 227);
	assert_behind(levels, "estimates", "age", "estimate_0.001", 227, 164, 0);
	yg_raw_free(levels);
	yg_raw_free(r);
	/* The seed gives the folds; both penalties are shown and the figure has every one. */
	q = (struct yg_an_penalty){ .kind = "elastic", .alpha = 0.5, .folds = 5, .seed = 3 };
	r = path(w, model, q);
	again = path(w, model, q);
	assert_true(r && again);
	assert_true(cell_value(r, "chosen", "min", "lambda") <= cell_value(r, "chosen", "1se", "lambda"));
	assert_true(cell_value(r, "chosen", "min", "deviance") == cell_value(again, "chosen", "min", "deviance"));
	assert_int_equal(find_table(r, "folds")->rows, 5);
	assert_non_null(find_figure(r, "cv"));
	yg_raw_free(again);
	yg_raw_free(r);
	q = (struct yg_an_penalty){ .kind = "lasso", .alpha = 0.5 };
	assert_null(path(w, model, q));
	assert_string_equal(w->err.code, "E-PEN-017");
	q = (struct yg_an_penalty){ .kind = "ridge", .alpha = NAN, .folds = 1000 };
	assert_null(path(w, model, q));
	assert_string_equal(w->err.code, "E-PEN-011");
	end(w);
}

static const char *const rotterdam_columns = "pid:integer year:integer age:integer meno:integer size:level grade:integer nodes:integer "
	"pgr:integer er:integer hormon:integer chemo:integer rtime:integer recur:integer dtime:integer death:integer";

/* The incidence at a time of the curve, "2.1." of group 2 and cause 1, to which the row of that key belongs. */
static double last_by(const struct yg_raw_table *t, const char *key, double time)
{
	double last = 0;
	for (int i = 0; i < t->rows; i++)
		if (!strncmp(t->row[i].key, key, 4) && yg_raw_cell_at(t, i, 2)->value.number <= time)
			last = yg_raw_cell_at(t, i, 4)->value.number;
	return last;
}

static void long_incidences_are_listed_by_what_can_be_seen(void **unused)
{
	(void)unused;
	struct world *w = begin("rotterdam", rotterdam_columns, "endpoint rec: \"Recurrence\"\n time rtime in days\n event \"rec\": recur = 1\n"
	                        " compete \"death\": death = 1\nend");
	struct yg_raw *r = competing(w, "cuminc rec by hormon with draw=all"), *all = competing(w, "cuminc rec by hormon with draw=all, steps=all");
	const struct yg_raw_table *few = find_table(r, "curves"), *every = find_table(all, "curves");
	const struct yg_raw_figure *f = find_figure(r, "causes"), *whole = find_figure(all, "causes");
	assert_true(few->rows < every->rows && says(r, "curves of more than 1,000 steps") && !says(all, "curves of more than 1,000 steps"));
	for (int i = 0; i < few->rows; i++)
		yg_assert_near(last_by(every, few->row[i].key, yg_raw_cell_at(few, i, 2)->value.number), yg_raw_cell_at(few, i, 4)->value.number, 0);
	/* the causes of a group share their steps, and events are counted once */
	for (int s = 0; s < f->series_count; s++) {
		int64_t events = 0, those = 0, lost = 0, they = 0;
		for (size_t k = 0; k < f->series[s].points; k++) {
			events += f->series[s].point[k].p.events;
			lost += f->series[s].point[k].p.censored;
		}
		for (size_t k = 0; k < whole->series[s].points; k++) {
			those += whole->series[s].point[k].p.events;
			they += whole->series[s].point[k].p.censored;
		}
		assert_int_equal(events, those);
		assert_int_equal(lost, they);
	}
	assert_int_equal(f->series[0].points, f->series[1].points);
	yg_raw_free(all);
	yg_raw_free(r);
	end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(incidences_add_up_and_are_compared),
		cmocka_unit_test(an_incidence_rests_on_the_events_so_far), cmocka_unit_test(fine_gray_as_crr),
		cmocka_unit_test(nothing_competes_or_nobody_has_it),
		cmocka_unit_test(a_penalised_cox_model),
		cmocka_unit_test(long_incidences_are_listed_by_what_can_be_seen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
