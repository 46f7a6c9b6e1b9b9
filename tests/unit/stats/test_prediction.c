/* How good predictions are: small cases worked by hand, what must not matter, what does not exist. */
#include "tests/unit/test.h"

#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/elementary.h"
#include "yogo/num/rng.h"
#include "yogo/stats/prediction.h"

/* Six persons: events at 1, 3, 5; censored at 2 and 6, and one at 4. */
static const double six_exit[] = { 1, 2, 3, 4, 5, 6 };
static const uint8_t six_event[] = { 1, 0, 1, 0, 1, 0 };
static const double six_risk[] = { 0.9, 0.5, 0.3, 0.6, 0.8, 0.1 };

static struct yg_ipcw opened(const double *exit, const uint8_t *event, size_t n)
{
	struct yg_ipcw w;
	struct yg_spans d = { .n = n, .exit = exit, .event = event };
	assert_int_equal(yg_ipcw_open(&d, NULL, &w, NULL), YG_OK);
	return w;
}

static void brier_by_hand(void **unused)
{
	(void)unused;
	struct yg_ipcw w = opened(six_exit, six_event, 6);
	struct yg_ipcw_score s;
	uint64_t followed;
	/* G falls at 2 from 1 to 4/5; at 4 to 8/15.  At 3.5: cases 1 (weight 1), 3 (weight 5/4); beyond: 4, 5, 6 with 5/4. */
	yg_assert_near(yg_ipcw_free(&w, 3.5, &followed), 0.8, 1e-15);
	assert_int_equal(followed, 3);
	yg_assert_near(yg_ipcw_free(&w, 4.5, NULL), 0.8 * 2 / 3, 1e-15);
	assert_int_equal(yg_ipcw_score(&w, six_risk, 3.5, true, NULL, &s, NULL), YG_OK);
	yg_assert_near(s.brier, (0.01 + 1.25 * 0.49 + 1.25 * (0.36 + 0.64 + 0.01)) / 6, 1e-14);
	/* 0.9 beats all three; 0.3 beats 0.1 only, with weight 5/4: (3 + 1.25) / (3 + 3.75). */
	yg_assert_near(s.auc, 4.25 / 6.75, 1e-14);
	assert_int_equal(s.events, 2);
	assert_int_equal(s.followed, 3);
	assert_true(s.brier_se > 0 && s.auc_se > 0);
	/* Nobody is followed beyond 6: nothing is said. */
	assert_int_equal(yg_ipcw_score(&w, six_risk, 6, true, NULL, &s, NULL), YG_OK);
	assert_true(isnan(s.brier) && isnan(s.auc));
	/* Before the first event there are no cases. */
	assert_int_equal(yg_ipcw_score(&w, six_risk, 0.5, true, NULL, &s, NULL), YG_OK);
	assert_true(isnan(s.auc));
	yg_assert_near(s.brier, (0.81 + 0.25 + 0.09 + 0.36 + 0.64 + 0.01) / 6, 1e-14);
	yg_ipcw_release(&w);
}

/* Without censoring the area is that of the two groups, and the Brier score a plain mean. */
static void without_censoring(void **unused)
{
	(void)unused;
	const double exit[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	const uint8_t all[] = { 1, 1, 1, 1, 1, 1, 1, 1 };
	const double risk[] = { 0.9, 0.2, 0.7, 0.7, 0.6, 0.3, 0.7, 0.1 };
	uint8_t y[8];
	double auc, se, mean = 0;
	struct yg_ipcw_score s;
	struct yg_ipcw w = opened(exit, all, 8);
	for (int i = 0; i < 8; i++) {
		y[i] = exit[i] <= 4;
		mean += (y[i] - risk[i]) * (y[i] - risk[i]) / 8;
	}
	assert_int_equal(yg_ipcw_score(&w, risk, 4, true, NULL, &s, NULL), YG_OK);
	assert_int_equal(yg_prediction_auc(y, risk, 8, NULL, &auc, &se, NULL), YG_OK);
	yg_assert_near(s.auc, auc, 1e-14);
	yg_assert_near(s.brier, mean, 1e-14);
	yg_ipcw_release(&w);
	/* All cases, or all controls: no area. */
	memset(y, 1, 8);
	assert_int_equal(yg_prediction_auc(y, risk, 8, NULL, &auc, &se, NULL), YG_OK);
	assert_true(isnan(auc) && isnan(se));
}

/* pROC: roc(c(1,1,1,0,0), c(.9,.4,.6,.3,.6)): 4.5 of 6 pairs; DeLong by its placements. */
static void delong_by_hand(void **unused)
{
	(void)unused;
	const uint8_t y[] = { 1, 1, 1, 0, 0 };
	const double x[] = { 0.9, 0.4, 0.6, 0.3, 0.6 };
	double auc, se;
	assert_int_equal(yg_prediction_auc(y, x, 5, NULL, &auc, &se, NULL), YG_OK);
	yg_assert_near(auc, 0.75, 1e-15);
	/* placements of cases 1, 1/2, 3/4: variance 1/16; of controls 1, 1/2: variance 1/8 */
	yg_assert_near(se, sqrt(1.0 / 16 / 3 + 1.0 / 8 / 2), 1e-14);
}

/* Row order and monotone maps of the risk do not change the area; threads change nothing at all. */
static void what_does_not_matter(void **unused)
{
	(void)unused;
	enum { N = 20000 };
	double *exit = yg_data_alloc(N, sizeof *exit), *risk = yg_data_alloc(N, sizeof *risk), *back = yg_data_alloc(2 * N, sizeof *back);
	uint8_t *event = yg_data_alloc(2 * N, 1);
	struct yg_rng r;
	struct yg_ipcw_score a, b;
	struct yg_pool *pool = yg_pool_new(2);
	struct yg_task task;
	yg_task_init(&task, pool);
	yg_rng_init(&r, 5, YG_RNG_SIMULATION, 0, 0);
	for (size_t i = 0; i < N; i++) {
		exit[i] = floor(1000 * yg_rng_exponential(&r));
		event[i] = yg_rng_uniform(&r) < 0.6;
		risk[i] = yg_rng_uniform(&r) * yg_exp(-exit[i] / 3000);
	}
	for (size_t i = 0; i < N; i++) {
		back[i] = exit[N - 1 - i];
		back[N + i] = risk[N - 1 - i] * risk[N - 1 - i];
		event[N + i] = event[N - 1 - i];
	}
	struct yg_ipcw w = opened(exit, event, N), v = opened(back, event + N, N);
	assert_int_equal(yg_ipcw_score(&w, risk, 800, true, NULL, &a, NULL), YG_OK);
	assert_int_equal(yg_ipcw_score(&v, back + N, 800, true, NULL, &b, NULL), YG_OK);
	yg_assert_near(a.auc, b.auc, 1e-12);
	yg_assert_near(a.auc_se, b.auc_se, 1e-10);
	assert_int_equal(yg_ipcw_score(&w, risk, 800, true, &task, &b, NULL), YG_OK);
	assert_memory_equal(&a, &b, sizeof a);
	yg_ipcw_release(&w);
	yg_ipcw_release(&v);
	yg_pool_free(pool);
	yg_data_free(exit);
	yg_data_free(risk);
	yg_data_free(back);
	yg_data_free(event);
}

static void late_entries_are_refused(void **unused)
{
	(void)unused;
	const double entry[] = { 0, 1 }, exit[] = { 2, 3 };
	const uint8_t event[] = { 1, 0 };
	struct yg_spans d = { .n = 2, .entry = entry, .exit = exit, .event = event };
	struct yg_ipcw w;
	struct yg_err err = { 0 };
	assert_int_equal(yg_ipcw_open(&d, NULL, &w, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-PRE-010");
}

static void groups_by_quantiles(void **unused)
{
	(void)unused;
	const double ten[] = { 10, 1, 9, 2, 8, 3, 7, 4, 6, 5 }, tied[] = { 1, 1, 1, 1, 1, 2, 3, 4 }, flat[] = { 2, 2, 2 };
	uint32_t g[10];
	size_t k;
	assert_int_equal(yg_prediction_groups(ten, 10, 5, NULL, g, &k, NULL), YG_OK);
	assert_int_equal(k, 5);
	for (int i = 0; i < 10; i++)
		assert_int_equal(g[i], ((int)ten[i] - 1) / 2);
	/* R: cut(x, unique(quantile(x, 0:4/4)), include.lowest = TRUE) has the limits 1, 2.25, 4 */
	assert_int_equal(yg_prediction_groups(tied, 8, 4, NULL, g, &k, NULL), YG_OK);
	assert_int_equal(k, 2);
	assert_int_equal(g[0], 0);
	assert_int_equal(g[5], 0);
	assert_int_equal(g[6], 1);
	assert_int_equal(yg_prediction_groups(flat, 3, 4, NULL, g, &k, NULL), YG_OK);
	assert_int_equal(k, 1);
	const double n[] = { 10, 10 }, observed[] = { 2, 6 }, expected[] = { 3, 5 }, none[] = { 0, 8 };
	yg_assert_near(yg_hosmer_lemeshow(n, observed, expected, 2), 1.0 / 3 + 1.0 / 7 + 1.0 / 5 + 1.0 / 5, 1e-14);
	assert_true(isnan(yg_hosmer_lemeshow(n, observed, none, 2)));
}

static void net_benefit_by_hand(void **unused)
{
	(void)unused;
	const uint8_t y[] = { 1, 0, 1, 0 };
	const double risk[] = { 0.8, 0.6, 0.4, 0.1 }, threshold[] = { 0.05, 0.5, 0.9 };
	struct yg_net_benefit b[3];
	assert_int_equal(yg_net_benefit_fit(NULL, 0, y, risk, 4, threshold, 3, NULL, b, NULL), YG_OK);
	yg_assert_near(b[0].model, 0.5 - 0.5 * 0.05 / 0.95, 1e-14);
	yg_assert_near(b[0].all, b[0].model, 1e-14);
	/* at 0.5: one true and one false positive of four */
	yg_assert_near(b[1].model, 0, 1e-15);
	assert_int_equal(b[1].treated, 2);
	yg_assert_near(b[2].model, 0, 1e-15);
	yg_assert_near(b[2].all, 0.5 - 0.5 * 9, 1e-13);
	/* With follow-up and no censoring the same by time 4. */
	const double exit[] = { 1, 6, 3, 7 };
	const uint8_t event[] = { 1, 1, 1, 1 };
	struct yg_ipcw w = opened(exit, event, 4);
	assert_int_equal(yg_net_benefit_fit(&w, 4, NULL, risk, 4, threshold, 3, NULL, b, NULL), YG_OK);
	yg_assert_near(b[0].model, 0.5 - 0.5 * 0.05 / 0.95, 1e-14);
	yg_assert_near(b[1].model, 0, 1e-15);
	yg_ipcw_release(&w);
	/* Censored: of those at or above 0.5 (exits 1, 5, 8; the second censored) half have had the event by 6. */
	w = opened(six_exit, six_event, 6);
	assert_int_equal(yg_net_benefit_fit(&w, 3.5, NULL, six_risk, 6, threshold + 1, 1, NULL, b, NULL), YG_OK);
	/* treated 1, 2, 4, 5: one event among four, the one at 2 censored: S = 3/4 */
	yg_assert_near(b[0].model, 4.0 / 6 * (0.25 - 0.75), 1e-14);
	yg_ipcw_release(&w);
}

static void smooth_curves(void **unused)
{
	(void)unused;
	enum { N = 5000 };
	static double x[N], y[N];
	double at[5] = { 0.1, 0.3, 0.5, 0.7, 0.9 }, fit[40], se[40], where[40];
	struct yg_rng r;
	yg_rng_init(&r, 9, YG_RNG_SIMULATION, 0, 0);
	for (int i = 0; i < N; i++) {
		x[i] = yg_rng_uniform(&r);
		y[i] = 2 - 3 * x[i];
	}
	/* A straight line is found again, without error. */
	assert_int_equal(yg_smooth_local(x, y, N, 0.5, at, 5, NULL, fit, se, NULL), YG_OK);
	for (int k = 0; k < 5; k++) {
		yg_assert_near(fit[k], 2 - 3 * at[k], 1e-9);
		assert_true(se[k] < 1e-3);
	}
	assert_int_equal(yg_smooth_natural(x, y, N, 1, 4, 40, NULL, where, fit, se, NULL), YG_OK);
	for (int k = 0; k < 40; k++)
		yg_assert_near(fit[k], 2 - 3 * where[k], 1e-9);
	/* One value of x only: no slope, the mean. */
	const double same[] = { 1, 1, 1 }, z[] = { 1, 2, 6 };
	assert_int_equal(yg_smooth_local(same, z, 3, 1, same, 1, NULL, fit, se, NULL), YG_OK);
	yg_assert_near(fit[0], 3, 1e-14);
	assert_int_not_equal(yg_smooth_natural(same, z, 3, 1, 4, 40, NULL, where, fit, se, NULL), YG_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(brier_by_hand), cmocka_unit_test(without_censoring), cmocka_unit_test(delong_by_hand),
		cmocka_unit_test(what_does_not_matter), cmocka_unit_test(late_entries_are_refused),
		cmocka_unit_test(groups_by_quantiles), cmocka_unit_test(net_benefit_by_hand), cmocka_unit_test(smooth_curves),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
