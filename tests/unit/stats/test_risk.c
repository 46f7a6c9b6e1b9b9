/* Risks and strata: by hand; one stratum is the crude table; strata that tell nothing change nothing. */
#include "tests/unit/test.h"

#include "yogo/stats/crosstab.h"

static void proportions(void **state)
{
	(void)state;
	/* Wilson, 7 of 20 (prop.test without correction): 0.1811918 0.5671457; exact (binom.test): 0.1539092 0.5921885 */
	struct yg_interval i = yg_proportion_ci(7, 20, 0.95, YG_CI_WILSON);
	yg_assert_near(i.lower, 0.1811918, 1e-7);
	yg_assert_near(i.upper, 0.5671457, 1e-7);
	i = yg_proportion_ci(7, 20, 0.95, YG_CI_EXACT);
	yg_assert_near(i.lower, 0.1539092, 1e-7);
	yg_assert_near(i.upper, 0.5921885, 1e-7);
	/* none of n: the upper exact limit solves (1 - p)^n = 0.025 */
	i = yg_proportion_ci(0, 10, 0.95, YG_CI_EXACT);
	assert_true(i.lower == 0);
	yg_assert_near(i.upper, 1 - pow(0.025, 0.1), 1e-13);
	i = yg_proportion_ci(10, 10, 0.95, YG_CI_WILSON);
	assert_true(i.upper == 1);
	assert_true(isnan(yg_proportion_ci(0, 0, 0.95, YG_CI_WILSON).estimate));
}

static void risks_by_hand(void **state)
{
	/* 30 of 100 against 20 of 100 */
	const double n[4] = { 30, 70, 20, 80 };
	struct yg_risks r;
	(void)state;

	yg_risks(n, 0.95, &r);
	yg_assert_near(r.rd.estimate, 0.1, 1e-14);
	yg_assert_near(r.rd_se, sqrt(0.0021 + 0.0016), 1e-14);
	yg_assert_near(r.nnt, 10, 1e-13);
	yg_assert_near(r.rr.estimate, 1.5, 1e-14);
	yg_assert_near(r.log_rr_se, sqrt(1.0 / 30 - 0.01 + 0.05 - 0.01), 1e-14);
	yg_assert_near(r.or_.estimate, 2400.0 / 1400, 1e-14);
	yg_assert_near(r.rr.lower * r.rr.upper, 2.25, 1e-13);
	yg_assert_near(r.af_exposed, 1.0 / 3, 1e-14);
	yg_assert_near(r.af_population, 0.2, 1e-14);
	assert_null(r.problem);
}

static void a_zero_cell_has_no_log_interval(void **state)
{
	struct yg_risks r;
	(void)state;

	yg_risks((const double[]){ 0, 10, 5, 5 }, 0.95, &r);
	assert_true(r.rr.estimate == 0 && isnan(r.rr.lower) && r.or_.estimate == 0 && isnan(r.or_.upper) && r.problem);
	assert_true(r.rd_newcombe.lower < -0.5 && r.rd_newcombe.upper < 0);
	yg_risks((const double[]){ 0, 0, 5, 5 }, 0.95, &r);
	assert_true(isnan(r.rd.estimate) && r.problem);
}

static void one_stratum_is_the_crude_table(void **state)
{
	const double t[4] = { 30, 70, 20, 80 };
	struct yg_mantel_haenszel m;
	struct yg_risks r;
	(void)state;

	yg_mantel_haenszel(t, 1, 0.95, &m);
	yg_risks(t, 0.95, &r);
	yg_assert_near(m.or_.estimate, r.or_.estimate, 1e-14);
	yg_assert_near(m.log_or_se, r.log_or_se, 1e-13);
	yg_assert_near(m.rr.estimate, 1.5, 1e-14);
	yg_assert_near(m.rd.estimate, 0.1, 1e-14);
	assert_true(m.strata == 1 && isnan(m.breslow_day.p) && m.breslow_day.problem);
}

static void equal_odds_ratios_are_homogeneous(void **state)
{
	/* odds ratio 4 twice, and a stratum without events, which tells nothing */
	const double t[12] = { 20, 10, 10, 20, 40, 20, 10, 20, 0, 9, 0, 7 };
	struct yg_mantel_haenszel m, without;
	(void)state;

	yg_mantel_haenszel(t, 3, 0.95, &m);
	yg_mantel_haenszel(t, 2, 0.95, &without);
	yg_assert_near(m.or_.estimate, 4, 1e-14);
	assert_true(m.or_.lower == without.or_.lower && m.strata == 2 && m.test.p == without.test.p);
	yg_assert_near(m.breslow_day.statistic, 0, 1e-12);
	yg_assert_near(m.woolf.statistic, 0, 1e-12);
	assert_true(m.breslow_day.df == 1);
	assert_true(m.corrected.statistic < m.test.statistic);
}

static void nothing_at_all(void **state)
{
	struct yg_mantel_haenszel m;
	(void)state;

	yg_mantel_haenszel(NULL, 0, 0.95, &m);
	assert_true(isnan(m.or_.estimate) && isnan(m.test.p) && m.test.problem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(proportions),
		cmocka_unit_test(risks_by_hand),
		cmocka_unit_test(a_zero_cell_has_no_log_interval),
		cmocka_unit_test(one_stratum_is_the_crude_table),
		cmocka_unit_test(equal_odds_ratios_are_homogeneous),
		cmocka_unit_test(nothing_at_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
