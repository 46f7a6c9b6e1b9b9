/* Tests on means against arithmetic and R 4.2.2 (t.test, oneway.test, anova). */
#include "tests/unit/test.h"

#include "yogo/stats/twogroup.h"

static const double x[5] = { 1.1, 2.3, 3.2, 4.8, 5.5 }, y[4] = { 2.9, 4.1, 6.7, 7.2 };
/* three groups of 4, 3, 5 */
static const double z[12] = { 5, 7, 6, 8, 9, 11, 10, 4, 3, 6, 5, 7 };
static const int32_t g[12] = { 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2 };

static void two_groups(void **state)
{
	struct yg_t_test t;
	(void)state;

	yg_t_test(x, 5, y, 4, false, YG_TWO_SIDED, 0.95, &t);
	yg_assert_near(t.test.statistic, -1.4118600218247546, 1e-13);
	yg_assert_near(t.test.df, 6.0717731605925973, 1e-13);
	yg_assert_near(t.test.p, 0.20712913221014681, 1e-12);
	yg_assert_near(t.lower, -5.0334519995541855, 1e-12);
	yg_assert_near(t.upper, 1.3434519995541863, 1e-12);
	yg_t_test(x, 5, y, 4, true, YG_TWO_SIDED, 0.95, &t);
	yg_assert_near(t.test.statistic, -1.4366431024957, 1e-13);
	yg_assert_near(t.test.p, 0.19396850235040916, 1e-12);
	assert_true(t.test.df == 7);
}

static void one_side_is_the_other_turned(void **state)
{
	struct yg_t_test a, b, both;
	(void)state;

	yg_t_test(x, 5, y, 4, false, YG_LESS, 0.95, &a);
	yg_t_test(y, 4, x, 5, false, YG_GREATER, 0.95, &b);
	yg_t_test(x, 5, y, 4, false, YG_TWO_SIDED, 0.95, &both);
	yg_assert_near(a.test.p, b.test.p, 1e-15);
	yg_assert_near(2 * a.test.p, both.test.p, 1e-15);
	assert_true(isinf(a.lower) && a.lower < 0 && isinf(b.upper));
	yg_assert_near(a.upper, -b.lower, 1e-15);
}

static void pairs_are_one_sample(void **state)
{
	struct yg_t_test t;
	/* differences 1 2 3: mean 2, sd 1, t = 2 sqrt 3 */
	const double d[3] = { 1, 2, 3 };
	(void)state;

	yg_t_test_one(d, 3, 0, YG_TWO_SIDED, 0.95, &t);
	yg_assert_near(t.test.statistic, 2 * sqrt(3), 1e-14);
	assert_true(t.test.df == 2 && t.estimate == 2);
	yg_t_test_one(d, 3, 2, YG_TWO_SIDED, 0.95, &t);
	assert_true(t.test.statistic == 0);
	yg_assert_near(t.test.p, 1, 1e-15);
}

static void several_groups(void **state)
{
	struct yg_anova a;
	(void)state;

	yg_anova(z, g, 12, 3, &a);
	yg_assert_near(a.test.statistic, 12.507352941176471, 1e-9);
	yg_assert_near(a.test.p, 0.0025211, 1e-4);
	assert_true(a.test.df == 2 && a.test.df2 == 9 && a.groups == 3);
	/* means 6.5 10 5 about 81/12 = 6.75: 4/16 + 3 * 3.25^2 + 5 * 1.75^2 = .25 + 31.6875 + 15.3125 */
	yg_assert_near(a.ss_between, 47.25, 1e-14);
	yg_assert_near(a.ss_within, 17, 1e-14);
	yg_welch_anova(z, g, 12, 3, &a);
	yg_assert_near(a.test.statistic, 15.082056668894863, 1e-13);
	yg_assert_near(a.test.df2, 5.7710446581478054, 1e-13);
	yg_assert_near(a.test.p, 0.0051065813002560021, 1e-11);
}

static void two_groups_give_the_square_of_t(void **state)
{
	struct yg_anova a;
	struct yg_t_test t;
	(void)state;

	yg_anova(z, g, 7, 2, &a);
	yg_t_test(z, 4, z + 4, 3, true, YG_TWO_SIDED, 0.95, &t);
	yg_assert_near(a.test.statistic, t.test.statistic * t.test.statistic, 1e-13);
	yg_assert_near(a.test.p, t.test.p, 1e-12);
	yg_welch_anova(z, g, 7, 2, &a);
	yg_t_test(z, 4, z + 4, 3, false, YG_TWO_SIDED, 0.95, &t);
	yg_assert_near(a.test.df2, t.test.df, 1e-12);
	yg_assert_near(a.test.p, t.test.p, 1e-12);
}

static void what_cannot_be_tested_says_why(void **state)
{
	struct yg_t_test t;
	struct yg_anova a;
	const double same[3] = { 2, 2, 2 };
	(void)state;

	yg_t_test(x, 1, y, 4, false, YG_TWO_SIDED, 0.95, &t);
	assert_true(isnan(t.test.p) && t.test.problem);
	yg_t_test(same, 3, same, 3, true, YG_TWO_SIDED, 0.95, &t);
	assert_true(isnan(t.test.p) && t.test.problem);
	yg_t_test(NULL, 0, NULL, 0, false, YG_TWO_SIDED, 0.95, &t);
	assert_true(isnan(t.test.p) && t.test.problem);
	yg_anova(NULL, NULL, 0, 3, &a);
	assert_true(isnan(a.test.p) && a.test.problem);
	const int32_t each[3] = { 0, 1, 2 };
	yg_anova(z, each, 3, 3, &a);
	assert_true(isnan(a.test.p) && a.test.problem);
	/* an empty group is not a group */
	const int32_t gap[12] = { 0, 0, 0, 0, 2, 2, 2, 3, 3, 3, 3, 3 };
	yg_anova(z, gap, 12, 4, &a);
	assert_true(a.groups == 3 && a.test.df == 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_groups),
		cmocka_unit_test(one_side_is_the_other_turned),
		cmocka_unit_test(pairs_are_one_sample),
		cmocka_unit_test(several_groups),
		cmocka_unit_test(two_groups_give_the_square_of_t),
		cmocka_unit_test(what_cannot_be_tested_says_why),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
