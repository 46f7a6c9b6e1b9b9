/* Rank tests: counted by hand, against R 4.2.2, with ties, and what cannot be tested. */
#include "tests/unit/test.h"

#include "yogo/stats/twogroup.h"

static void the_smallest_case_by_counting(void **state)
{
	/* 2 against 2: six orders; W = 0 in one of them */
	const double low[2] = { 1, 2 }, high[2] = { 3, 4 };
	struct yg_test t;
	(void)state;

	assert_int_equal(yg_rank_sum(low, 2, high, 2, YG_EXACT_AUTO, true, YG_TWO_SIDED, &t, NULL), 0);
	assert_true(t.exact && t.statistic == 0);
	yg_assert_near(t.p, 2.0 / 6, 1e-15);
	assert_int_equal(yg_rank_sum(low, 2, high, 2, YG_EXACT_AUTO, true, YG_LESS, &t, NULL), 0);
	yg_assert_near(t.p, 1.0 / 6, 1e-15);
	assert_int_equal(yg_rank_sum(low, 2, high, 2, YG_EXACT_AUTO, true, YG_GREATER, &t, NULL), 0);
	yg_assert_near(t.p, 1, 1e-15);
}

static void against_r(void **state)
{
	const double x[5] = { 1.1, 2.3, 3.2, 4.8, 5.5 }, y[4] = { 2.9, 4.1, 6.7, 7.2 };
	const double tied[4] = { 1, 2, 2, 3 }, other[3] = { 2, 4, 5 }, d[5] = { 1.1, -0.4, 2.2, 3.1, 0.3 };
	const double z[12] = { 5, 7, 6, 8, 9, 11, 10, 4, 3, 6, 5, 7 };
	const int32_t g[12] = { 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2 };
	struct yg_test t;
	(void)state;

	assert_int_equal(yg_rank_sum(x, 5, y, 4, YG_EXACT_AUTO, true, YG_TWO_SIDED, &t, NULL), 0);
	yg_assert_near(t.p, 0.2857142857142857, 1e-14);
	assert_int_equal(yg_rank_sum(x, 5, y, 4, YG_EXACT_AUTO, true, YG_LESS, &t, NULL), 0);
	yg_assert_near(t.p, 0.14285714285714285, 1e-14);
	assert_int_equal(yg_rank_sum(tied, 4, other, 3, YG_EXACT_AUTO, true, YG_TWO_SIDED, &t, NULL), 0);
	assert_false(t.exact);
	yg_assert_near(t.p, 0.19908985214820457, 1e-13);
	assert_int_equal(yg_signed_rank(d, 5, YG_EXACT_AUTO, true, YG_TWO_SIDED, &t, NULL), 0);
	assert_true(t.exact);
	yg_assert_near(t.p, 0.1875, 1e-15);
	assert_int_equal(yg_kruskal_wallis(z, g, 12, 3, &t, NULL), 0);
	yg_assert_near(t.statistic, 7.3550353356890454, 1e-13);
	yg_assert_near(t.p, 0.02528566441270353, 1e-12);
}

static void only_ranks_matter_and_groups_may_be_exchanged(void **state)
{
	double x[30], y[25], ex[30], ey[25];
	struct yg_test a, b, c;
	(void)state;

	for (int i = 0; i < 30; i++)
		ex[i] = exp(x[i] = fmod(i * 0.731, 1) * 3);
	for (int i = 0; i < 25; i++)
		ey[i] = exp(y[i] = fmod(i * 0.417 + 0.1, 1) * 3 + 0.4);
	assert_int_equal(yg_rank_sum(x, 30, y, 25, YG_EXACT_NO, true, YG_TWO_SIDED, &a, NULL), 0);
	assert_int_equal(yg_rank_sum(ex, 30, ey, 25, YG_EXACT_NO, true, YG_TWO_SIDED, &b, NULL), 0);
	assert_int_equal(yg_rank_sum(y, 25, x, 30, YG_EXACT_NO, true, YG_TWO_SIDED, &c, NULL), 0);
	assert_true(a.p == b.p && a.statistic == b.statistic);
	yg_assert_near(a.p, c.p, 1e-14);
	assert_true(a.statistic + c.statistic == 30 * 25);
	/* the exact distribution is near its approximation */
	assert_int_equal(yg_rank_sum(x, 30, y, 25, YG_EXACT_YES, true, YG_TWO_SIDED, &b, NULL), 0);
	assert_true(b.exact && fabs(b.p - a.p) < 0.01);
}

static void the_shift(void **state)
{
	/* differences of {1, 4} and {0, 2}: 1 -1 4 2, median 1.5 */
	const double x[2] = { 1, 4 }, y[2] = { 0, 2 };
	struct yg_shift s;
	(void)state;

	assert_int_equal(yg_rank_sum_shift(x, 2, y, 2, 0.95, &s, NULL), 0);
	assert_true(s.estimate == 1.5 && s.lower == -1 && s.upper == 4);
	assert_int_equal(yg_rank_sum_shift(x, 0, y, 2, 0.95, &s, NULL), YG_REFUSED);
}

static void what_cannot_be_tested_says_why(void **state)
{
	const double same[3] = { 2, 2, 2 }, zero[3] = { 0, 0, 0 };
	const int32_t g[3] = { 0, 0, 1 };
	struct yg_test t;
	(void)state;

	assert_int_equal(yg_rank_sum(NULL, 0, same, 3, YG_EXACT_AUTO, true, YG_TWO_SIDED, &t, NULL), 0);
	assert_true(isnan(t.p) && t.problem);
	assert_int_equal(yg_rank_sum(same, 3, same, 3, YG_EXACT_AUTO, true, YG_TWO_SIDED, &t, NULL), 0);
	assert_true(isnan(t.p) && t.problem);
	assert_int_equal(yg_signed_rank(zero, 3, YG_EXACT_AUTO, true, YG_TWO_SIDED, &t, NULL), 0);
	assert_true(isnan(t.p) && t.problem);
	assert_int_equal(yg_kruskal_wallis(same, g, 3, 2, &t, NULL), 0);
	assert_true(isnan(t.p) && t.problem);
	assert_int_equal(yg_kruskal_wallis(NULL, NULL, 0, 2, &t, NULL), 0);
	assert_true(isnan(t.p) && t.problem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_smallest_case_by_counting),
		cmocka_unit_test(against_r),
		cmocka_unit_test(only_ranks_matter_and_groups_may_be_exchanged),
		cmocka_unit_test(the_shift),
		cmocka_unit_test(what_cannot_be_tested_says_why),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
