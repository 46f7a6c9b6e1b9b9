/*
 * Transplantation as a covariate that changes over time (Crowley and Hu 1977, JASA 72:27), from dates alone.
 *
 * The rows from start to stop are also made by hand and given to the same kernels: all numbers must agree.  And they
 * must be R's (survival 3.5-3), from coxph, cox.zph and survfit on rows made by hand:
 *   t <- fu.date - accept.dt; x <- tx.date - accept.dt
 *   a row (-1, t] with tx 0; where x < t two rows, (-1, x] with tx 0 and (x, t] with tx 1; the event on the last
 * with coxph.control(eps=1e-14)
 * (from -1 on, for patient 15 died on the day of acceptance, and R wants start < stop).  tmerge() cannot have that
 * patient; with half a day for him it gives -0.0789355 for tx, and 0.0140516 when, as in ?heart, the operation on the
 * day of death comes half a day before it.
 */
#include "tests/unit/analysis/follow.h"

#include "yogo/analysis/tvc.h"
#include "yogo/stats/cox.h"

#define PATIENTS 103

static const char *const columns =
	"birth.dt:date accept.dt:date tx.date:date fu.date:date fustat:integer surgery:integer age:number:years futime:integer:days "
	"wait.time:integer:days transplant:integer mismatch:integer hla.a2:integer mscore:number reject:integer";
#define ENDPOINT "endpoint dj: \"Death after acceptance\"; start accept.dt; time fu.date; event \"death\": fustat = 1; end"

struct story {
	struct world *w;
	struct yg_tvc *tx;
};

static struct story begin(bool before)
{
	struct story s = { .w = model_world("jasa", columns) };
	struct yg_tvc_request r = { .scope = &s.w->scope, .column = world_expression(s.w, "tx.date"), .name = "tx", .before = before };
	follow_reset();
	follow_endpoint(s.w, ENDPOINT);
	if (yg_tvc_make(&r, &s.w->task, &s.tx, &s.w->err) != YG_OK)
		fail_msg("%s", s.w->err.text);
	const struct yg_tvc *more = s.tx;
	look_population = (struct yg_population){ .name = "td", .sentence = "td", .persons = PATIENTS, .table = s.w->scope.table,
		.tvc = yg_tvc_join(&s.w->arena, NULL, &more, 1) };
	s.w->scope.extra = look_population.tvc->extra;
	s.w->scope.extras = 1;
	return s;
}

static void end(struct story *s)
{
	yg_tvc_free(s->tx);
	follow_reset();
	world_free(s->w);
	look_population = (struct yg_population){ 0 };
}

/* --- by hand -------------------------------------------------------------------------------- */

struct hand {
	size_t n;
	double entry[2 * PATIENTS], exit[2 * PATIENTS], x[6 * PATIENTS];
	uint8_t event[2 * PATIENTS];
};

static void column(struct world *w, const char *text, double missing, double *out)
{
	struct yg_bound *b = world_bind(w, text);
	struct yg_eval *e = yg_eval_new(b);
	struct yg_vec v;
	assert_int_equal(yg_eval_block(e, 0, &v, &w->err), YG_OK);
	assert_int_equal(v.n, PATIENTS);
	yg_vec_widen(&v, out);
	for (uint32_t i = 0; i < PATIENTS; i++)
		if (!yg_vec_valid(&v, i))
			out[i] = missing;
	yg_eval_free(e);
	yg_bound_free(b);
}

static void put(struct hand *h, double entry, double exit, double event, double tx, double age, double surgery)
{
	size_t i = h->n++;
	h->entry[i] = entry;
	h->exit[i] = exit;
	h->event[i] = event > 0;
	h->x[3 * i] = tx;
	h->x[3 * i + 1] = age;
	h->x[3 * i + 2] = surgery;
}

/* before: half a day, so that operations come before deaths of the same day. */
static void by_hand(struct world *w, bool before, struct hand *h)
{
	double t[PATIENTS], x[PATIENTS], dead[PATIENTS], age[PATIENTS], surgery[PATIENTS];
	column(w, "days(accept.dt, fu.date)", NAN, t);
	column(w, "days(accept.dt, tx.date)", INFINITY, x);
	column(w, "fustat", NAN, dead);
	column(w, "age", NAN, age);
	column(w, "surgery", NAN, surgery);
	h->n = 0;
	for (int i = 0; i < PATIENTS; i++) {
		double change = before ? x[i] - 0.5 : x[i];
		if (change < 0) {
			put(h, -1, t[i], dead[i], 1, age[i], surgery[i]);
		} else if (change >= t[i]) {
			put(h, -1, t[i], dead[i], 0, age[i], surgery[i]);
		} else {
			put(h, -1, change, 0, 0, age[i], surgery[i]);
			put(h, change, t[i], dead[i], 1, age[i], surgery[i]);
		}
	}
}

static void same_as_by_hand(bool before, size_t rows)
{
	static const char *const term[] = { "tx", "age", "surgery" }, *const ties[] = { "efron", "breslow", "discrete" };
	struct story s = begin(before);
	struct hand h;
	by_hand(s.w, before, &h);
	assert_int_equal(h.n, rows);
	for (int k = 0; k < 3; k++) {
		char text[96];
		struct yg_cox fit;
		struct yg_cox_data d = { .spans = { .n = h.n, .entry = h.entry, .exit = h.exit, .event = h.event }, .x = h.x, .p = 3 };
		struct yg_cox_options options = { .max_iterations = -1 };
		assert_true(yg_cox_ties_parse(ties[k], &options.ties));
		assert_int_equal(yg_cox_fit(&d, &options, &s.w->task, &fit, &s.w->err), YG_OK);
		snprintf(text, sizeof text, "cox dj ~ tx + age + surgery with ties=%s", ties[k]);
		struct yg_raw *r = follow(s.w, text);
		for (int j = 0; j < 3; j++) {
			assert_value(r, "coefficients", term[j], "estimate", fit.beta[j], 1e-12);
			assert_value(r, "coefficients", term[j], "se", fit.se[j], 1e-12);
		}
		assert_value(r, "fit", "loglik", "value", fit.loglik, 1e-12);
		yg_raw_free(r);
		yg_cox_release(&fit);
	}
	end(&s);
}

static void rows_made_by_hand_give_the_same(void **state)
{
	(void)state;
	/* 69 operations, one of them on the day of death */
	same_as_by_hand(false, 171);
	/* two operations on the day of acceptance now hold from the start */
	same_as_by_hand(true, 170);
}

/* --- R --------------------------------------------------------------------------------------- */

static void the_numbers_of_r(void **state)
{
	struct story s = begin(false);
	(void)state;
	struct yg_raw *r = follow(s.w, "cox dj ~ tx + age + surgery with ties=efron");
	assert_value(r, "coefficients", "tx", "estimate", -0.077096767612630734, 1e-9);
	assert_value(r, "coefficients", "age", "estimate", 0.031360207957472547, 1e-9);
	assert_value(r, "coefficients", "surgery", "estimate", -0.770393341631878781, 1e-9);
	assert_value(r, "coefficients", "tx", "se", 0.306398754453393374, 1e-9);
	assert_value(r, "coefficients", "age", "se", 0.013923696249482127, 1e-9);
	assert_value(r, "coefficients", "surgery", "se", 0.359591726555182123, 1e-9);
	assert_value(r, "fit", "loglik", "value", -292.73186206021887, 1e-12);
	yg_raw_free(r);
	r = follow(s.w, "cox dj ~ tx with ties=efron");
	assert_value(r, "coefficients", "tx", "estimate", 0.038726968242290494, 1e-9);
	yg_raw_free(r);
	end(&s);
	s = begin(true);
	r = follow(s.w, "cox dj ~ tx + age + surgery with ties=efron");
	assert_value(r, "coefficients", "tx", "estimate", -0.046139635838633578, 1e-9);
	assert_value(r, "coefficients", "tx", "se", 0.302756489350131108, 1e-9);
	assert_value(r, "fit", "loglik", "value", -292.75180169970298, 1e-12);
	yg_raw_free(r);
	end(&s);
}

/* The parts of a person belong together in robust errors, without cluster (coxph with cluster=id). */
static void robust_errors_are_of_persons(void **state)
{
	struct story s = begin(false);
	(void)state;
	struct yg_raw *r = follow(s.w, "cox dj ~ tx + age + surgery with se=robust");
	assert_value(r, "coefficients", "tx", "estimate", -0.077096767612630734, 1e-9);
	assert_value(r, "coefficients", "tx", "se", 0.296479806913663102, 1e-9);
	assert_value(r, "coefficients", "age", "se", 0.014284821459299006, 1e-9);
	assert_value(r, "coefficients", "surgery", "se", 0.332577443142366647, 1e-9);
	yg_raw_free(r);
	r = follow(s.w, "cox dj ~ tx with weight=age");
	assert_value(r, "coefficients", "tx", "estimate", 0.081714508275556846, 1e-9);
	assert_value(r, "coefficients", "tx", "se", 0.28660184239318481, 1e-9);
	yg_raw_free(r);
	r = follow(s.w, "km dj by tx with weight=age, at=(30d, 365d)");
	assert_value(r, "times", "no@30", "estimate", 0.79111476843166839, 1e-9);
	assert_value(r, "times", "no@30", "se", 0.044924678130578814, 1e-9);
	assert_value(r, "times", "yes@365", "estimate", 0.33628964101580971, 1e-9);
	assert_value(r, "times", "yes@365", "se", 0.064045414473740625, 1e-9);
	yg_raw_free(r);
	end(&s);
}

/* Simon and Makuch: at each time those without and those with a new heart; R's survfit of the same rows. */
static void curves_of_those_with_and_without(void **state)
{
	struct story s = begin(false);
	(void)state;
	struct yg_raw *r = follow(s.w, "km dj by tx with at=(30d, 365d, 1000d)");
	assert_value(r, "times", "no@30", "estimate", 0.79742407113163583, 1e-12);
	assert_value(r, "times", "no@365", "estimate", 0.23359174641806249, 1e-12);
	assert_value(r, "times", "yes@30", "estimate", 0.80896358543417368, 1e-12);
	assert_value(r, "times", "yes@365", "estimate", 0.35320474111382405, 1e-12);
	assert_value(r, "times", "yes@1000", "estimate", 0.21681337185294741, 1e-12);
	assert_value(r, "times", "no@30", "at_risk", 46, 0);
	assert_value(r, "times", "yes@30", "at_risk", 43, 0);
	yg_raw_free(r);
	end(&s);
}

/* What is told when the set is made. */
static void what_is_told(void **state)
{
	struct story s = begin(false);
	const struct yg_tvc *more = s.tx;
	struct yg_an_tvc request = { &look_population, &more, 1 };
	struct yg_raw *r = NULL;
	(void)state;
	assert_int_equal(yg_an_tvc(&request, &r, &s.w->err), YG_OK);
	assert_value(r, "changes", "tx", "persons", 69, 0);
	assert_value(r, "changes", "tx", "share", 69.0 / 103, 1e-15);
	assert_behind(r, "changes", "tx", "persons", 69, 0, 103);
	assert_true(says(r, "counts after the event"));
	yg_raw_free(r);
	/* a description of persons has no one value of it */
	assert_ask_refused(s.w, "table1 tx", "E-TVC-013");
	assert_ask_refused(s.w, "count by tx", "E-TVC-013");
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_made_by_hand_give_the_same),
		cmocka_unit_test(the_numbers_of_r),
		cmocka_unit_test(robust_errors_are_of_persons),
		cmocka_unit_test(curves_of_those_with_and_without),
		cmocka_unit_test(what_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
