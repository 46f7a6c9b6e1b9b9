/*
 * Propensity scores, weights and balance by hand; six estimands; truncation; arms that are empty.
 */
#include "tests/unit/test.h"

#include "yogo/stats/balance.h"
#include "yogo/stats/propensity.h"
#include "yogo/stats/weights.h"

static const int8_t arm[] = { 1, 1, 1, 0, 0, 0, 0, 0 };
static const double score[] = { 0.8, 0.5, 0.2, 0.8, 0.5, 0.2, 0.2, 0.2 };

static struct yg_weight_options of(enum yg_estimand e)
{
	return (struct yg_weight_options){ .estimand = e, .score_limit = { NAN, NAN }, .quantile = { NAN, NAN } };
}

static void six_estimands(void **state)
{
	/* of a treated with score .8 and an untreated with .2 */
	static const double treated[] = { 1.25, 1, 0.25, 0.2, 0.25, 0 }, untreated[] = { 1.25, 0.25, 1, 0.2, 0.25, 0 };
	double w[8], h = -(0.8 * log(0.8) + 0.2 * log(0.2)) / 0.8;
	struct yg_weight_summary s;
	(void)state;
	for (int e = 0; e < 6; e++) {
		struct yg_weight_options o = of((enum yg_estimand)e);
		assert_int_equal(yg_weights_make(arm, score, 8, &o, w, &s, NULL), YG_OK);
		yg_assert_near(w[0], e == 5 ? h : treated[e], 1e-14);
		yg_assert_near(w[5], e == 5 ? h : untreated[e], 1e-14);
		enum yg_estimand back;
		assert_true(yg_estimand_parse(yg_estimand_name((enum yg_estimand)e), &back) && (int)back == e);
	}
	/* att: untreated weights 4 1 .25 .25 .25, effective (5.75)^2 / (16 + 1 + 3/16) */
	struct yg_weight_options o = of(YG_ESTIMAND_ATT);
	assert_int_equal(yg_weights_make(arm, score, 8, &o, w, &s, NULL), YG_OK);
	yg_assert_near(s.sum[0], 5.75, 1e-15);
	yg_assert_near(s.effective[0], 5.75 * 5.75 / 17.1875, 1e-14);
	yg_assert_near(s.largest[0], 4, 1e-14);
	assert_true(s.effective[1] == 3 && s.n[0] == 5);
	o.stabilized = true;
	assert_int_equal(yg_weights_make(arm, score, 8, &o, w, &s, NULL), YG_OK);
	yg_assert_near(w[3], 4 * 5.0 / 8, 1e-15);
}

static void limits(void **state)
{
	double w[8];
	struct yg_weight_summary s;
	struct yg_weight_options o = of(YG_ESTIMAND_ATE);
	(void)state;
	o.score_limit[0] = 0.3;
	o.score_limit[1] = 0.7;
	assert_int_equal(yg_weights_make(arm, score, 8, &o, w, &s, NULL), YG_OK);
	assert_int_equal(s.moved, 6);
	yg_assert_near(w[2], 1 / 0.3, 1e-15);
	/* quantiles 0 and 0.9 of 1.25 x4 (and 1.25), 2, 2, 5, 5: position 6.3 of the sorted eight */
	o = of(YG_ESTIMAND_ATE);
	o.quantile[1] = 0.9;
	assert_int_equal(yg_weights_make(arm, score, 8, &o, w, &s, NULL), YG_OK);
	assert_true(isnan(s.limit[0]));
	yg_assert_near(s.limit[1], 5, 1e-15);
	o.quantile[1] = 0.5;                            /* between 1.25 and 2 */
	assert_int_equal(yg_weights_make(arm, score, 8, &o, w, &s, NULL), YG_OK);
	yg_assert_near(s.limit[1], 1.625, 1e-15);
	assert_int_equal(s.truncated, 4);
	/* nobody to compare, or a score that is certain */
	const int8_t all[] = { 1, 1 };
	const double sure[] = { 1, 0.5 };
	const int8_t both[] = { 1, 0 };
	o = of(YG_ESTIMAND_ATE);
	assert_int_equal(yg_weights_make(all, score, 2, &o, w, &s, NULL), YG_REFUSED);
	assert_int_equal(yg_weights_make(both, sure, 2, &o, w, &s, NULL), YG_REFUSED);
}

static void balance_by_hand(void **state)
{
	/* treated 1 2 3, untreated 2 4 6 8 10: means 2 and 6, variances 1 and 10 */
	const double x[] = { 1, 2, 3, 2, 4, 6, 8, 10 }, flag[] = { 1, 1, 0, 0, 0, 0, 0, 1 }, w[] = { 1, 1, 1, 2, 1, 0, 0, 0 };
	struct yg_balance b;
	(void)state;
	assert_int_equal(yg_balance_column(x, 1, 8, arm, NULL, YG_SMD_AVERAGE, NULL, &b, NULL), YG_OK);
	yg_assert_near(b.smd, -4 / sqrt(5.5), 1e-14);
	yg_assert_near(b.variance_ratio, 0.1, 1e-14);
	/* the distribution functions are furthest apart at 3: 1 against 1/5 */
	yg_assert_near(b.ks, 0.8, 1e-15);
	assert_int_equal(yg_balance_column(x, 1, 8, arm, NULL, YG_SMD_TREATED, NULL, &b, NULL), YG_OK);
	yg_assert_near(b.smd, -4, 1e-14);
	/* weights 2 and 1 on 2 and 4: mean 8/3, the denominator stays */
	assert_int_equal(yg_balance_column(x, 1, 8, arm, w, YG_SMD_AVERAGE, NULL, &b, NULL), YG_OK);
	yg_assert_near(b.mean[0], 8.0 / 3, 1e-15);
	yg_assert_near(b.smd, (2 - 8.0 / 3) / sqrt(5.5), 1e-14);
	/* weighted variance: 3 / (9 - 5) * (2 * 4/9 + 16/9) = 2 */
	yg_assert_near(b.variance[0], 2, 1e-14);
	assert_int_equal(yg_balance_column(flag, 1, 8, arm, NULL, YG_SMD_AVERAGE, NULL, &b, NULL), YG_OK);
	assert_true(b.binary && isnan(b.variance_ratio));
	yg_assert_near(b.smd, (2.0 / 3 - 0.2) / sqrt((2.0 / 9 + 0.16) / 2), 1e-14);
	yg_assert_near(b.ks, 2.0 / 3 - 0.2, 1e-15);
}

static void overlap_and_difference(void **state)
{
	struct yg_overlap o;
	const double y[] = { 3, 5, 4, 1, 2, 3, 2, 2 }, w[] = { 1, 1, 1, 1, 1, 1, 1, 1 };
	struct yg_ipw d;
	(void)state;
	assert_int_equal(yg_propensity_overlap(arm, score, 8, NULL, &o, NULL), YG_OK);
	/* pairs won by the treated: .8 beats 4 and ties 1; .5 beats 3, ties 1; .2 ties 3: 9.5 of 15 */
	yg_assert_near(o.c_statistic, 9.5 / 15, 1e-15);
	assert_true(o.outside[0] == 0 && o.outside[1] == 0 && o.largest[1] == 0.8);
	assert_int_equal(yg_ipw_difference(y, arm, w, 8, NULL, NULL, 0, &d, NULL), YG_OK);
	yg_assert_near(d.difference, 4 - 2, 1e-15);
	yg_assert_near(d.se_known, sqrt(2.0 / 9 + 2.0 / 25), 1e-15);
	assert_true(isnan(d.se_estimated));
	/* an intercept alone: every score is the share */
	const double ones[8] = { 1, 1, 1, 1, 1, 1, 1, 1 }, treat[8] = { 1, 1, 1 };
	struct yg_regression r = { .n = 8, .p = 1, .x = ones, .y = treat, .intercept = 0 };
	struct yg_glm m;
	double fitted[8];
	assert_int_equal(yg_propensity_fit(&r, NULL, &m, fitted, NULL), YG_OK);
	yg_assert_near(fitted[4], 3.0 / 8, 1e-12);
	yg_glm_release(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(six_estimands),
		cmocka_unit_test(limits),
		cmocka_unit_test(balance_by_hand),
		cmocka_unit_test(overlap_and_difference),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
