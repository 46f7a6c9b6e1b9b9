/* Kaplan-Meier by hand, its invariants, and degenerate follow-up. */
#include "tests/unit/test.h"

#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/stats/km.h"

static const struct yg_km_options plain = { YG_KM_PRODUCT, YG_KM_NELSON, YG_KM_PLAIN, 0.95, false };

static struct yg_km fit(struct yg_spans d, struct yg_km_options options)
{
	struct yg_km km;
	d.groups = d.groups ? d.groups : 1;
	d.strata = 1;
	assert_int_equal(yg_km_fit(&d, &options, NULL, &km, NULL), YG_OK);
	return km;
}

static void five_people_by_hand(void **unused)
{
	(void)unused;
	/* Events at 2 and 5, censored at 2, 4, 6.
	   t=2: 5 at risk, 1 dies: S = 4/5, Greenwood 1/(5*4); the one censored at 2 was still at risk.
	   t=4: 3 at risk.  t=5: 2 at risk, 1 dies: S = 4/5 * 1/2 = 2/5, Greenwood 1/20 + 1/2. */
	const double time[] = { 4, 2, 6, 5, 2 };
	const uint8_t event[] = { 0, 1, 0, 1, 0 };
	struct yg_km km = fit((struct yg_spans){ .n = 5, .exit = time, .event = event }, plain);
	const struct yg_km_curve *c = &km.curve[0];
	assert_int_equal(c->m, 4);
	const uint32_t risk[] = { 5, 3, 2, 1 };
	assert_memory_equal(c->n_risk, risk, sizeof risk);
	yg_assert_near(c->surv[0], 0.8, 1e-15);
	yg_assert_near(c->surv[2], 0.4, 1e-15);
	yg_assert_near(c->se[3], 0.4 * sqrt(0.55), 1e-15);
	yg_assert_near(c->cumhaz[3], 0.2 + 0.5, 1e-15);
	yg_assert_near(c->se_cumhaz[3], sqrt(0.04 + 0.25), 1e-15);
	assert_true(c->records == 5 && c->events == 2 && c->start_weight == 5);
	/* Area to 6: 2 + 0.8 * 3 + 0.4 * 1 */
	double mean, se;
	yg_km_rmst(&km, 0, 6, &mean, &se);
	yg_assert_near(mean, 4.8, 1e-14);
	/* var = (2.8)^2 / 20 + 0.4^2 / 2 */
	yg_assert_near(se, sqrt(2.8 * 2.8 / 20 + 0.08), 1e-14);
	yg_km_release(&km);
}

static void left_truncation_by_hand(void **unused)
{
	(void)unused;
	/* (0,3] event, (2,5] event, (3,6] censored: at 3 two are at risk (who enters at 3 is not), at 5 two. */
	const double entry[] = { 0, 2, 3 }, time[] = { 3, 5, 6 };
	const uint8_t event[] = { 1, 1, 0 };
	struct yg_km km = fit((struct yg_spans){ .n = 3, .entry = entry, .exit = time, .event = event }, plain);
	assert_true(km.curve[0].n_risk[0] == 2 && km.curve[0].n_risk[1] == 2 && km.curve[0].n_risk[2] == 1);
	yg_assert_near(km.curve[0].surv[1], 0.25, 1e-15);
	yg_km_release(&km);
}

static void two_rows_of_a_person_are_not_a_censoring(void **unused)
{
	(void)unused;
	const double entry[] = { 0, 2, 0 }, time[] = { 2, 5, 4 };
	const uint8_t event[] = { 0, 1, 0 }, on[] = { 1, 0, 0 };
	struct yg_km km = fit((struct yg_spans){ .n = 3, .entry = entry, .exit = time, .event = event, .continues = on }, plain);
	assert_true(km.curve[0].n_censor[0] == 0 && km.curve[0].n_risk[0] == 2 && km.curve[0].n_risk[1] == 2);
	yg_km_release(&km);
}

/* Random follow-up: kind 0 days, 1 continuous. */
enum { N = 3000 };
static double start[N], stop[N], weight[N];
static uint8_t dead[N];
static int32_t arm[N];
static uint32_t cluster[N];

static void make(int continuous)
{
	uint64_t s = 5;
	for (int i = 0; i < N; i++) {
		double u[6];
		for (int k = 0; k < 6; k++) {
			s = s * 6364136223846793005u + 1442695040888963407u;
			u[k] = ((double)(s >> 11) + 0.5) * 0x1p-53;
		}
		start[i] = floor(30 * u[0] * u[0]);
		stop[i] = start[i] - 60 * log(u[1]) + 1e-3;
		if (!continuous)
			stop[i] = floor(stop[i]) + 1;
		dead[i] = u[2] < 0.6;
		arm[i] = u[3] < 0.4;
		weight[i] = 1 + floor(3 * u[4]);
		cluster[i] = (uint32_t)(200 * u[5]);
	}
}

static void same_curve(const struct yg_km *a, const struct yg_km *b, double tolerance)
{
	assert_int_equal(a->groups, b->groups);
	for (size_t g = 0; g < a->groups; g++) {
		assert_int_equal(a->curve[g].m, b->curve[g].m);
		for (size_t j = 0; j < a->curve[g].m; j++) {
			assert_true(a->curve[g].n_risk[j] == b->curve[g].n_risk[j]);
			yg_assert_near(a->curve[g].surv[j], b->curve[g].surv[j], tolerance);
			yg_assert_near(a->curve[g].cumhaz[j], b->curve[g].cumhaz[j], tolerance);
			if (a->curve[g].se[j] == a->curve[g].se[j])
				yg_assert_near(a->curve[g].se[j], b->curve[g].se[j], tolerance);
		}
	}
}

static void counting_and_sorting_agree(void **unused)
{
	(void)unused;
	make(0);
	double half[N], entry_half[N];
	struct yg_spans d = { .n = N, .entry = start, .exit = stop, .event = dead, .group = arm, .groups = 2 };
	struct yg_km counted = fit(d, plain);
	for (int i = 0; i < N; i++) { /* the same times in halves cannot be counted */
		half[i] = stop[i] / 2 + 0.25;
		entry_half[i] = start[i] / 2 + 0.25;
	}
	d.exit = half;
	d.entry = entry_half;
	struct yg_km sorted = fit(d, plain);
	same_curve(&counted, &sorted, 0);
	yg_km_release(&counted);
	yg_km_release(&sorted);
}

static void threads_change_nothing(void **unused)
{
	(void)unused;
	for (int continuous = 0; continuous < 2; continuous++) {
		make(continuous);
		struct yg_spans d = { .n = N, .entry = start, .exit = stop, .event = dead, .group = arm, .groups = 2, .strata = 1,
			              .weight = weight };
		struct yg_km one = fit(d, plain), three;
		struct yg_pool *pool = yg_pool_new(3);
		struct yg_task task;
		yg_task_init(&task, pool);
		assert_int_equal(yg_km_fit(&d, &plain, &task, &three, NULL), YG_OK);
		for (int g = 0; g < 2; g++)
			assert_memory_equal(one.curve[g].surv, three.curve[g].surv, one.curve[g].m * sizeof(double));
		yg_km_release(&one);
		yg_km_release(&three);
		yg_pool_free(pool);
	}
}

static void whole_weights_are_repeated_rows(void **unused)
{
	(void)unused;
	make(1);
	static double entry3[3 * N], exit3[3 * N];
	static uint8_t event3[3 * N];
	size_t n = 0;
	for (int i = 0; i < N; i++)
		for (int k = 0; k < weight[i]; k++, n++) {
			entry3[n] = start[i];
			exit3[n] = stop[i];
			event3[n] = dead[i];
		}
	struct yg_km a = fit((struct yg_spans){ .n = N, .entry = start, .exit = stop, .event = dead, .weight = weight }, plain);
	struct yg_km b = fit((struct yg_spans){ .n = n, .entry = entry3, .exit = exit3, .event = event3 }, plain);
	for (size_t j = 0; j < a.curve[0].m; j++) {
		yg_assert_near(a.curve[0].surv[j], b.curve[0].surv[j], 1e-12);
		yg_assert_near(a.curve[0].risk[j], b.curve[0].risk[j], 1e-12);
		if (b.curve[0].se[j] == b.curve[0].se[j])
			yg_assert_near(a.curve[0].se[j], b.curve[0].se[j], 1e-12);
	}
	yg_km_release(&a);
	yg_km_release(&b);
}

/* The jackknife from its definition, n clusters by m times, against the one-sweep form. */
static void the_sweep_equals_the_definition(void **unused)
{
	(void)unused;
	make(0);
	enum { K = 200, ROWS = 400 };
	struct yg_km_options robust = plain;
	struct yg_spans d = { .n = ROWS, .entry = start, .exit = stop, .event = dead, .weight = weight, .cluster = cluster,
		              .clusters = K };
	struct yg_km km = fit(d, robust);
	const struct yg_km_curve *c = &km.curve[0];
	for (size_t at = 0; at < c->m; at += 7) {
		double influence[K] = { 0 }, sum = 0;
		for (int i = 0; i < ROWS; i++)
			for (size_t j = 0; j <= at; j++) {
				double n = c->risk[j], e = c->event[j];
				if (!(start[i] < c->time[j] && c->time[j] <= stop[i]) || n == e)
					continue;
				influence[cluster[i]] -= weight[i] * ((dead[i] && stop[i] == c->time[j]) - e / n) / (n - e);
			}
		for (int k = 0; k < K; k++)
			sum += influence[k] * influence[k];
		yg_assert_near(c->se[at], c->surv[at] * sqrt(sum), 1e-12);
	}
	yg_km_release(&km);
}

static void one_row_clusters_without_censoring_give_greenwood(void **unused)
{
	(void)unused;
	/* With no censoring the jackknife variance is S(1-S)/n, and so is Greenwood's. */
	const double time[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
	const uint8_t event[] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };
	struct yg_km_options robust = plain;
	robust.robust = true;
	struct yg_km a = fit((struct yg_spans){ .n = 10, .exit = time, .event = event }, plain);
	struct yg_km b = fit((struct yg_spans){ .n = 10, .exit = time, .event = event }, robust);
	for (int j = 0; j < 9; j++) {
		yg_assert_near(a.curve[0].se[j], b.curve[0].se[j], 1e-14);
		yg_assert_near(a.curve[0].se[j], sqrt(a.curve[0].surv[j] * (1 - a.curve[0].surv[j]) / 10), 1e-14);
	}
	yg_km_release(&a);
	yg_km_release(&b);
}

static void limits_on_every_scale(void **unused)
{
	(void)unused;
	/* S = 0.5, se = 0.1, z = 1.959964: by the formulas of each scale. */
	double lower, upper, z = 1.959963984540054;
	yg_km_limits(0.5, 0.1, YG_KM_PLAIN, 0.95, &lower, &upper);
	yg_assert_near(lower, 0.5 - 0.1 * z, 1e-14);
	yg_km_limits(0.5, 0.1, YG_KM_LOG, 0.95, &lower, &upper);
	yg_assert_near(upper, exp(log(0.5) + 0.2 * z), 1e-14);
	yg_km_limits(0.5, 0.1, YG_KM_LOGLOG, 0.95, &lower, &upper);
	yg_assert_near(lower, exp(-exp(log(-log(0.5)) + z * 0.2 / log(2))), 1e-14);
	yg_km_limits(0.5, 0.1, YG_KM_LOGIT, 0.95, &lower, &upper);
	yg_assert_near(lower, 1 / (1 + exp(0.4 * z)), 1e-14);
	yg_km_limits(0.5, 0.1, YG_KM_ARCSIN, 0.95, &lower, &upper);
	yg_assert_near(upper, pow(sin(asin(sqrt(0.5)) + 0.1 * z), 2), 1e-14);
	yg_km_limits(0.99, 0.2, YG_KM_ARCSIN, 0.95, &lower, &upper);
	assert_true(upper == 1);
	yg_km_limits(0, 0.1, YG_KM_LOG, 0.95, &lower, &upper);
	assert_true(isnan(lower) && isnan(upper));
	enum yg_km_ci ci;
	assert_true(yg_km_ci_parse("loglog", &ci) && ci == YG_KM_LOGLOG && !yg_km_ci_parse("log-log", &ci));
}

static void quantiles_by_both_rules(void **unused)
{
	(void)unused;
	const double time[] = { 1, 2, 3, 4 };
	const uint8_t event[] = { 1, 1, 1, 1 };
	struct yg_km km = fit((struct yg_spans){ .n = 4, .exit = time, .event = event }, plain);
	double q, lower, upper;
	yg_km_quantile(&km.curve[0], 0.5, YG_KM_MIDPOINT, &q, &lower, &upper);
	assert_true(q == 2.5);
	yg_km_quantile(&km.curve[0], 0.5, YG_KM_FIRST, &q, &lower, &upper);
	assert_true(q == 2);
	yg_km_quantile(&km.curve[0], 0.6, YG_KM_MIDPOINT, &q, &lower, &upper);
	assert_true(q == 3);
	struct yg_km_point p;
	yg_km_at(&km.curve[0], 0.5, &p);
	assert_true(p.surv == 1 && p.n_risk == 4 && !p.beyond);
	yg_km_at(&km.curve[0], 2.5, &p);
	assert_true(p.surv == 0.5 && p.n_risk == 2 && p.n_event == 2);
	yg_km_at(&km.curve[0], 9, &p);
	assert_true(p.surv == 0 && p.n_risk == 0 && p.beyond);
	yg_km_release(&km);
}

static void nobody_and_nothing(void **unused)
{
	(void)unused;
	const double time[] = { 3, 3 };
	const uint8_t none[] = { 0, 0 }, all[] = { 1, 1 };
	const int32_t group[] = { 1, 1 };
	double q, lower, upper;
	struct yg_km km = fit((struct yg_spans){ .n = 0, .exit = time, .event = none }, plain);
	assert_true(km.curve[0].m == 0 && km.curve[0].records == 0);
	yg_km_quantile(&km.curve[0], 0.5, YG_KM_MIDPOINT, &q, &lower, &upper);
	assert_true(isnan(q));
	yg_km_release(&km);
	km = fit((struct yg_spans){ .n = 2, .exit = time, .event = none, .group = group, .groups = 3 }, plain);
	assert_true(km.curve[0].m == 0 && km.curve[1].m == 1 && km.curve[2].m == 0 && km.curve[1].surv[0] == 1);
	assert_true(km.curve[1].se[0] == 0 && km.curve[1].lower[0] == 1);
	yg_km_release(&km);
	km = fit((struct yg_spans){ .n = 2, .exit = time, .event = all }, plain);
	assert_true(km.curve[0].surv[0] == 0 && isnan(km.curve[0].se[0]) && isnan(km.curve[0].lower[0]));
	yg_km_release(&km);
}

static void running_out_of_memory_is_a_status(void **unused)
{
	(void)unused;
	make(1);
	struct yg_spans d = { .n = N, .entry = start, .exit = stop, .event = dead, .groups = 1, .strata = 1, .cluster = cluster,
		              .clusters = 200, .weight = weight };
	uint64_t before = yg_mem_in_use();
	enum yg_status s = YG_ENOMEM;
	for (int64_t k = 1; s != YG_OK; k++) {
		struct yg_km km;
		yg_mem_fail_at(k);
		s = yg_km_fit(&d, &plain, NULL, &km, NULL);
		yg_mem_fail_at(0);
		if (s == YG_OK)
			yg_km_release(&km);
		else
			assert_int_equal(s, YG_ENOMEM);
		assert_true(yg_mem_in_use() == before);
	}
}

/* With late entry, weights, ties and groups: what the curves say at the same times. */
static void parts_are_read_off_the_curves(void **unused)
{
	double entry[300], time[300], heavy[300], last[3], surv[3 * 7];
	uint8_t event[300];
	int32_t group[300];
	(void)unused;
	for (size_t i = 0; i < 300; i++) {
		group[i] = (int32_t)(i * 7 % 3);
		entry[i] = (double)(i * 13 % 11);
		time[i] = entry[i] + 1 + (double)(i * 37 % 41) + (group[i] == 1 ? 0.25 * (double)(i % 5) : 0);
		event[i] = i * 29 % 5 < 2;
		heavy[i] = 0.5 + (double)(i % 4);
	}
	for (int form = 0; form < 4; form++) {
		struct yg_spans d = { .n = 300, .entry = form & 1 ? entry : NULL, .exit = time, .event = event, .group = group,
			.groups = 3, .strata = 1, .weight = form & 2 ? heavy : NULL };
		struct yg_km km = fit(d, plain);
		assert_int_equal(yg_km_parts(&d, 7, NULL, last, surv, NULL), YG_OK);
		for (size_t g = 0; g < 3; g++) {
			assert_true(last[g] == km.curve[g].time[km.curve[g].m - 1]);
			for (int k = 1; k <= 7; k++) {
				struct yg_km_point point;
				yg_km_at(&km.curve[g], last[g] * k / 7, &point);
				assert_true(fabs(surv[g * 7 + (size_t)k - 1] - point.surv) < 1e-14);
			}
		}
		yg_km_release(&km);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(five_people_by_hand),
		cmocka_unit_test(parts_are_read_off_the_curves),
		cmocka_unit_test(left_truncation_by_hand),
		cmocka_unit_test(two_rows_of_a_person_are_not_a_censoring),
		cmocka_unit_test(counting_and_sorting_agree),
		cmocka_unit_test(threads_change_nothing),
		cmocka_unit_test(whole_weights_are_repeated_rows),
		cmocka_unit_test(the_sweep_equals_the_definition),
		cmocka_unit_test(one_row_clusters_without_censoring_give_greenwood),
		cmocka_unit_test(limits_on_every_scale),
		cmocka_unit_test(quantiles_by_both_rules),
		cmocka_unit_test(nobody_and_nothing),
		cmocka_unit_test(running_out_of_memory_is_a_status),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
