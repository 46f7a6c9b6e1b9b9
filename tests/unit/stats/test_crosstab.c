/* Association, trend and pairs: by hand, and what cannot be computed. */
#include "tests/unit/test.h"

#include "yogo/stats/crosstab.h"

/* 10 20 / 30 40: expected 12 18 / 28 42, differences 2: 4 (1/12 + 1/18 + 1/28 + 1/42) = 0.79365... */
static const double four[4] = { 10, 20, 30, 40 };

static void two_by_two(void **state)
{
	struct yg_crosstab t;
	double e[4], r[4], a[4];
	(void)state;

	yg_crosstab(four, 2, 2, false, &t);
	double x2 = 4 * (1.0 / 12 + 1.0 / 18 + 1.0 / 28 + 1.0 / 42);
	yg_assert_near(t.chisq.statistic, x2, 1e-14);
	assert_true(t.chisq.df == 1 && t.smallest_expected == 12 && t.below_five == 0 && t.cells == 4);
	yg_assert_near(t.cramer_v, sqrt(x2 / 100), 1e-14);
	yg_assert_near(t.gamma, (10.0 * 40 - 20 * 30) / (10 * 40 + 20 * 30), 1e-14);
	yg_crosstab(four, 2, 2, true, &t);
	yg_assert_near(t.chisq.statistic, x2 * 1.5 * 1.5 / 4, 1e-14);
	yg_crosstab_residuals(four, 2, 2, e, r, a);
	yg_assert_near(e[3], 42, 1e-14);
	yg_assert_near(r[0], -2 / sqrt(12), 1e-14);
	yg_assert_near(a[0] * a[0], x2, 1e-13);
}

static void three_by_three_and_empty_lines(void **state)
{
	const double nine[9] = { 3, 1, 4, 1, 5, 9, 2, 6, 5 };
	const double with_gap[16] = { 3, 0, 1, 4, 1, 0, 5, 9, 0, 0, 0, 0, 2, 0, 6, 5 };
	struct yg_crosstab a, b;
	(void)state;

	yg_crosstab(nine, 3, 3, false, &a);
	yg_assert_near(a.chisq.statistic, 5.3250000000000011, 1e-14);
	yg_assert_near(a.chisq.p, 0.25554569864697468, 1e-12);
	yg_crosstab(with_gap, 4, 4, false, &b);
	yg_assert_near(a.chisq.statistic, b.chisq.statistic, 1e-14);
	assert_true(b.chisq.df == 4 && b.cells == 9);
}

static void trend(void **state)
{
	const double events[3] = { 15, 10, 5 }, total[3] = { 30, 30, 30 }, score[3] = { 1, 2, 3 }, other[3] = { 10, 20, 30 };
	struct yg_test t, u;
	(void)state;

	/* sum e (s - 2) = -10, p = 1/3, sum n (s - 2)^2 = 60: 100 / (2/9 * 60) = 7.5 */
	yg_trend_test(events, total, score, 3, &t);
	yg_assert_near(t.statistic, 7.5, 1e-14);
	yg_trend_test(events, total, other, 3, &u);
	yg_assert_near(u.statistic, 7.5, 1e-14);
	yg_trend_test((double[]){ 0, 0, 0 }, total, score, 3, &t);
	assert_true(isnan(t.p) && t.problem);
}

static void pairs(void **state)
{
	const int64_t n[4] = { 20, 10, 4, 30 };
	struct yg_mcnemar m;
	(void)state;

	yg_mcnemar(n, 0.95, &m);
	yg_assert_near(m.plain.statistic, 36.0 / 14, 1e-15);
	yg_assert_near(m.corrected.statistic, 25.0 / 14, 1e-15);
	/* 2 P(X <= 4), X ~ B(14, 1/2): 2 (1 + 14 + 91 + 364 + 1001) / 16384 */
	yg_assert_near(m.exact_p, 2 * 1471.0 / 16384, 1e-13);
	yg_assert_near(m.odds_ratio, 2.5, 1e-15);
	yg_assert_near(m.difference, 6.0 / 64, 1e-15);
	const int64_t agree[4] = { 20, 0, 0, 30 };
	yg_mcnemar(agree, 0.95, &m);
	assert_true(isnan(m.plain.p) && m.plain.problem && m.difference == 0);
}

static void no_table(void **state)
{
	struct yg_crosstab t;
	const double line[2] = { 3, 4 };
	(void)state;

	yg_crosstab(line, 1, 2, false, &t);
	assert_true(isnan(t.chisq.p) && t.chisq.problem);
	yg_crosstab((double[]){ 0, 0, 0, 0 }, 2, 2, true, &t);
	assert_true(isnan(t.chisq.p) && t.chisq.problem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_by_two),
		cmocka_unit_test(three_by_three_and_empty_lines),
		cmocka_unit_test(trend),
		cmocka_unit_test(pairs),
		cmocka_unit_test(no_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
