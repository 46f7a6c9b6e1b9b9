/*
 * Follow-up counted straight from the stored blocks is the follow-up of the analysis set: who takes part, who is left out and
 * why, groups, curves and tests, in every shape of endpoint; what has no kinds goes the way of the set.
 */
#include "tests/unit/analysis/follow.h"

#include <stdlib.h>

#include "analysis/survival/an_surv_priv.h"
#include "yogo/stats/cuminc.h"
#include "yogo/stats/km.h"
#include "yogo/stats/km_contrast.h"
#include "yogo/stats/logrank.h"

enum { PERSONS = 70000 };               /* two blocks */

static const char *const columns = "id:integer t:integer:days c:number:days status:integer sex:integer{0=Women|1=Men} rx:level[Obs|Lev|Lev+5FU] "
	"site:integer smoker:flag bmi:number begin:date finish:date relapse:date late:integer:days";

static uint32_t state = 12345;

static uint32_t chance(uint32_t n)
{
	state = state * 1664525u + 1013904223u;
	return (uint32_t)(((uint64_t)state * n) >> 32);
}

static void add_date(struct yg_buf *b, int32_t day, bool known)
{
	char text[32] = "";
	if (known)
		yg_date_print(text, day, YG_DAY);
	yg_buf_addf(b, ",%s", text);
}

static void add_number(struct yg_buf *b, uint32_t n, uint32_t missing_of)
{
	if (missing_of && !chance(missing_of))
		yg_buf_adds(b, ",");
	else
		yg_buf_addf(b, ",%u", n);
}

static char *rows(void)
{
	static const char *const arm[] = { "Obs", "Lev", "Lev+5FU" };
	struct yg_buf b = YG_BUF_INIT;
	for (uint32_t i = 0; i < PERSONS; i++) {
		uint32_t days = chance(700), begin = 14000 + chance(900);
		yg_buf_addf(&b, "%u", i + 1);
		add_number(&b, days, 90);
		yg_buf_addf(&b, ",%u.%03u", chance(900), 1 + chance(998));
		add_number(&b, chance(3), 60);
		add_number(&b, chance(2), 200);
		yg_buf_addf(&b, ",%s", chance(150) ? arm[chance(40) ? chance(2) : 2] : "");
		add_number(&b, 7 + 3 * chance(5), 300);
		yg_buf_addf(&b, ",%u,%u.5", chance(2), 17 + chance(9));
		add_date(&b, (int32_t)begin, chance(500) != 0);
		add_date(&b, (int32_t)(begin + days), true);
		add_date(&b, (int32_t)(begin + chance(900)), chance(3) != 0);
		yg_buf_addf(&b, ",%u\n", chance(30));
	}
	return yg_buf_take(&b);
}

static struct world *world(void)
{
	char *text = rows();
	struct small_table t = { "small", columns, text };
	struct world *w = world_new(&t, 1);
	yg_free(text);
	follow_reset();
	look_population.table = NULL;
	look_population.member = NULL;
	return w;
}

static void same_bits(const double *a, const double *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_true(memcmp(&a[i], &b[i], sizeof *a) == 0 || (isnan(a[i]) && isnan(b[i])));
}

static void same_curves(const struct yg_km *a, const struct yg_km *b)
{
	assert_int_equal(a->groups, b->groups);
	for (size_t g = 0; g < a->groups; g++) {
		const struct yg_km_curve *x = &a->curve[g], *y = &b->curve[g];
		assert_int_equal(x->m, y->m);
		assert_int_equal(x->records, y->records);
		assert_int_equal(x->events, y->events);
		assert_memory_equal(x->n_risk, y->n_risk, x->m * sizeof *x->n_risk);
		assert_memory_equal(x->n_event, y->n_event, x->m * sizeof *x->n_event);
		assert_memory_equal(x->n_censor, y->n_censor, x->m * sizeof *x->n_censor);
		const double *const left[] = { x->time, x->risk, x->event, x->surv, x->se, x->lower, x->upper, x->cumhaz, x->se_cumhaz };
		const double *const right[] = { y->time, y->risk, y->event, y->surv, y->se, y->lower, y->upper, y->cumhaz, y->se_cumhaz };
		for (size_t k = 0; k < sizeof left / sizeof *left; k++)
			same_bits(left[k], right[k], x->m);
	}
}

static void curves_agree(struct world *w, const struct an_surv *a, const struct an_surv *b)
{
	const struct yg_km_options options = { .ci = YG_KM_LOG, .conf = 0.95 };
	struct yg_km x, y;
	assert_int_equal(yg_km_fit(&a->spans, &options, &w->task, &x, &w->err), YG_OK);
	assert_int_equal(yg_km_fit(&b->spans, &options, &w->task, &y, &w->err), YG_OK);
	same_curves(&x, &y);
	yg_km_release(&x);
	yg_km_release(&y);
	assert_int_equal(yg_km_fit_after(&a->spans, 99, &options, &w->task, &x, &w->err), YG_OK);
	assert_int_equal(yg_km_fit_after(&b->spans, 99, &options, &w->task, &y, &w->err), YG_OK);
	same_curves(&x, &y);
	yg_km_release(&x);
	yg_km_release(&y);
}

static void tests_agree(struct world *w, const struct an_surv *a, const struct an_surv *b)
{
	const struct yg_logrank_options options = { .kind = YG_LOGRANK_FLEMING, .rho = 1 };
	struct yg_logrank x, y;
	assert_int_equal(yg_logrank_test(&a->spans, &options, &w->task, &x, &w->err), YG_OK);
	assert_int_equal(yg_logrank_test(&b->spans, &options, &w->task, &y, &w->err), YG_OK);
	same_bits(x.observed, y.observed, a->groups);
	same_bits(x.expected, y.expected, a->groups);
	same_bits(x.variance, y.variance, a->groups * a->groups);
	same_bits(&x.chisq, &y.chisq, 1);
	yg_logrank_release(&x);
	yg_logrank_release(&y);
}

/* Repeats are added as products, so that the last digits may differ. */
static void incidences_agree(struct world *w, const struct an_surv *a, const struct an_surv *b)
{
	unsigned causes = (unsigned)a->endpoint->states - 1;
	struct yg_spans left = a->spans, right = b->spans;
	struct yg_cuminc x, y;
	struct yg_gray p, q;
	left.event = a->kind_status;
	right.event = b->set->status;
	assert_int_equal(yg_cuminc_fit(&left, causes, &w->task, &x, &w->err), YG_OK);
	assert_int_equal(yg_cuminc_fit(&right, causes, &w->task, &y, &w->err), YG_OK);
	for (size_t g = 0; g < x.groups; g++) {
		const struct yg_cuminc_curve *c = &x.curve[g], *d = &y.curve[g];
		assert_int_equal(c->m, d->m);
		assert_int_equal(c->records, d->records);
		assert_memory_equal(c->events, d->events, causes * sizeof *c->events);
		assert_memory_equal(c->time, d->time, c->m * sizeof *c->time);
		for (size_t i = 0; i < c->m * causes; i++) {
			yg_assert_near(c->incidence[i], d->incidence[i], 1e-11);
			yg_assert_near(c->se[i], d->se[i], 1e-8);
		}
	}
	yg_cuminc_release(&x);
	yg_cuminc_release(&y);
	for (unsigned k = 1; k <= causes; k++) {
		assert_int_equal(yg_gray_test(&left, k, 0, &w->task, &p, &w->err), YG_OK);
		assert_int_equal(yg_gray_test(&right, k, 0, &w->task, &q, &w->err), YG_OK);
		assert_int_equal(p.df, q.df);
		yg_assert_near(p.statistic, q.statistic, 1e-9);
	}
}

static void same_frame(const struct an_surv *a, const struct an_surv *b)
{
	const struct yg_set *x = a->set, *y = b->set;
	assert_int_equal(x->n, y->n);
	assert_int_equal(x->persons, y->persons);
	assert_int_equal(x->persons_asked, y->persons_asked);
	assert_int_equal(x->rows_asked, y->rows_asked);
	assert_int_equal(x->drops, y->drops);
	for (size_t k = 0; k < x->drops; k++) {
		assert_string_equal(x->drop[k].reason, y->drop[k].reason);
		assert_int_equal(x->drop[k].persons, y->drop[k].persons);
		assert_int_equal(x->drop[k].rows, y->drop[k].rows);
	}
	assert_int_equal(a->groups, b->groups);
	assert_string_equal(a->by_title ? a->by_title : "", b->by_title ? b->by_title : "");
	assert_string_equal(a->strata_title ? a->strata_title : "", b->strata_title ? b->strata_title : "");
	for (size_t g = 0; g < a->groups; g++) {
		assert_string_equal(a->group_label[g], b->group_label[g]);
		assert_string_equal(a->group_words[g], b->group_words[g]);
		assert_int_equal(a->group_rows[g], b->group_rows[g]);
		assert_int_equal(a->group_persons[g], b->group_persons[g]);
		assert_int_equal(a->group_events[g], b->group_events[g]);
		same_bits(&a->group_time[g], &b->group_time[g], 1);
		same_bits(&a->group_weight[g], &b->group_weight[g], 1);
	}
	assert_int_equal(a->event_rows, b->event_rows);
	assert_int_equal(a->event_persons, b->event_persons);
	assert_int_equal(a->competing_rows, b->competing_rows);
	assert_int_equal(a->cause, b->cause);
}

/* The frame of a statement both ways; kinds: whether there are kinds. */
static void agree(struct world *w, const char *text, const char *cause, bool kinds)
{
	world_run(w, text);
	const struct yg_node *s = w->last, *by = yg_node_find(s, YG_NODE_BY);
	const struct yg_an_input in = look_input(w, s);
	const struct yg_an_endpoints of = follow_named(w, yg_node_find(s, YG_NODE_LIST));
	struct an_surv_request ask = { .in = &in, .endpoint = of.endpoint[0], .crossing = by ? an_crossing(by, 0) : NULL,
		                       .strata = yg_node_find(s, YG_NODE_STRATA), .cause = cause, .verb = "logrank", .kinds = true };
	struct an_surv a, b;
	if (an_surv_build(&ask, &w->task, &a, &w->err) != YG_OK)
		fail_msg("%s: %s", text, w->err.text);
	ask.kinds = false;
	assert_int_equal(an_surv_build(&ask, &w->task, &b, &w->err), YG_OK);
	if (a.kinds != kinds || b.kinds)
		fail_msg("%s: %s", text, a.kinds ? "kinds" : "no kinds");
	same_frame(&a, &b);
	curves_agree(w, &a, &b);
	tests_agree(w, &a, &b);
	if (kinds)
		incidences_agree(w, &a, &b);
	an_surv_release(&a);
	an_surv_release(&b);
}

static void groups_and_conditions(void **unused)
{
	(void)unused;
	struct world *w = world();
	follow_endpoint(w, "endpoint os: \"Death\"\n time t in days\n event \"death\": status = 1\n compete \"other\": status = 2\nend");
	agree(w, "km os", NULL, true);
	agree(w, "km os by rx", NULL, true);
	agree(w, "km os by rx", "other", true);
	agree(w, "km os by sex:rx where site > 10 and smoker", NULL, true);
	agree(w, "km os by smoker:site", NULL, true);
	agree(w, "logrank os by rx strata site, sex", NULL, true);
	agree(w, "logrank os by site strata smoker where not (rx = \"Lev\")", NULL, true);
	world_run(w, "factor age2 = cut(t, 100, 400)");
	agree(w, "km os by age2", NULL, true);
	/* levels that are not known beforehand */
	agree(w, "km os by bmi", NULL, false);
	agree(w, "logrank os by rx strata begin", NULL, false);
	/* a cohort */
	uint64_t *member = yg_xcalloc(PERSONS / 64 + 1, sizeof *member);
	for (size_t i = 0; i < PERSONS; i++)
		member[i / 64] |= (uint64_t)(i % 7 != 3) << (i % 64);
	look_population.member = member;
	agree(w, "km os by rx where sex = 1", NULL, true);
	look_population.member = NULL;
	yg_free(member);
	follow_reset();
	world_free(w);
}

static void shapes_of_endpoints(void **unused)
{
	(void)unused;
	static const struct {
		const char *text;
		bool kinds;
	} shape[] = {
		{ "endpoint e: \"E\"\n where site < 19\n time t in days\n event status = 1\n event \"two\": status = 2\nend", true },
		{ "endpoint e: \"E\"\n time t in days with zero=drop\n event status = 1\nend", true },
		{ "endpoint e: \"E\"\n time t in days\n censor after 300d\n event status = 1\nend", true },
		{ "endpoint e: \"E\"\n start begin\n time finish\n event at relapse\n compete \"other\": status = 2\n censor after 500d\nend", true },
		{ "endpoint e: \"E\"\n start begin\n time finish\n until 420d\n event at relapse\n unit years\nend", true },
		{ "endpoint e: \"E\"\n time t in days with zero=half\n event status = 1\nend", false },
		{ "endpoint e: \"E\"\n time c in days\n event status = 1\nend", false },
		{ "endpoint e: \"E\"\n time t in days\n entry late\n event status = 1\nend", false },
	};
	struct world *w = world();
	for (size_t k = 0; k < sizeof shape / sizeof *shape; k++) {
		follow_endpoint(w, shape[k].text);
		agree(w, "km e by rx where sex = 0 or smoker", NULL, shape[k].kinds);
		agree(w, "logrank e by sex strata site", NULL, shape[k].kinds);
		follow_reset();
	}
	world_free(w);
}

static void nobody_is_left_alike(void **unused)
{
	(void)unused;
	struct world *w = world();
	follow_endpoint(w, "endpoint os: \"Death\"\n time t in days\n event \"death\": status = 1\nend");
	assert_follow_refused(w, "km os by rx where site > 1000", "E-SUR-005");
	follow_reset();
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_and_conditions),
		cmocka_unit_test(shapes_of_endpoints),
		cmocka_unit_test(nobody_is_left_alike),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
