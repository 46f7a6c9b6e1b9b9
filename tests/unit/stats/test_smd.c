/* Standardised differences: by hand, their symmetry, and what to say when nothing varies. */
#include "tests/unit/test.h"

#include "yogo/stats/smd.h"

static void by_hand(void **state)
{
	(void)state;
	/* means 5 and 3, variances 4 and 2: average 3 */
	yg_assert_near(yg_smd_continuous(5, 4, 3, 2, YG_SMD_AVERAGE, 0), 2 / sqrt(3), 1e-15);
	yg_assert_near(yg_smd_continuous(5, 4, 3, 2, YG_SMD_TREATED, 0), 1, 1e-15);
	yg_assert_near(yg_smd_continuous(5, 4, 3, 2, YG_SMD_CONTROL, 0), sqrt(2), 1e-15);
	yg_assert_near(yg_smd_continuous(5, 4, 3, 2, YG_SMD_ALL, 16), 0.5, 1e-15);
	/* 0.6 and 0.5: variances .24 and .25 */
	yg_assert_near(yg_smd_binary(0.6, 0.5, YG_SMD_AVERAGE, 0), 0.1 / sqrt(0.245), 1e-14);
}

static void two_levels_are_a_binary(void **state)
{
	const double one[2] = { 40, 60 }, other[2] = { 50, 50 }, three[3] = { 40, 60, 0 }, three0[3] = { 50, 50, 0 };
	(void)state;

	yg_assert_near(yg_smd_levels(one, other, 2), 0.1 / sqrt(0.245), 1e-14);
	yg_assert_near(yg_smd_levels(three, three0, 3), 0.1 / sqrt(0.245), 1e-14);
}

static void the_order_of_levels_does_not_matter(void **state)
{
	const double a[3] = { 10, 30, 60 }, b[3] = { 25, 25, 50 }, ra[3] = { 60, 10, 30 }, rb[3] = { 50, 25, 25 };
	(void)state;

	double d = yg_smd_levels(a, b, 3);
	assert_true(d > 0);
	yg_assert_near(yg_smd_levels(ra, rb, 3), d, 1e-13);
	yg_assert_near(yg_smd_levels(b, a, 3), d, 1e-14);
	/* by hand: d = (.05, .10), S = [.19875 -.1375; -.1375 .245]: solve 2 x 2 */
	double s11 = (0.3 * 0.7 + 0.25 * 0.75) / 2, s12 = -(0.3 * 0.6 + 0.25 * 0.5) / 2, s22 = (0.6 * 0.4 + 0.25) / 2;
	double det = s11 * s22 - s12 * s12, q = (0.05 * 0.05 * s22 - 2 * 0.05 * 0.1 * s12 + 0.1 * 0.1 * s11) / det;
	yg_assert_near(d, sqrt(q), 1e-13);
}

static void nothing_varies(void **state)
{
	const double a[2] = { 10, 0 }, b[2] = { 0, 10 };
	(void)state;

	assert_true(yg_smd_continuous(3, 0, 3, 0, YG_SMD_AVERAGE, 0) == 0);
	assert_true(isnan(yg_smd_continuous(3, 0, 4, 0, YG_SMD_AVERAGE, 0)));
	assert_true(isnan(yg_smd_levels(a, b, 2)));
	assert_true(yg_smd_levels(a, a, 2) == 0);
	assert_true(isnan(yg_smd_levels(a, (double[]){ 0, 0 }, 2)));
}

static void the_largest_pair_of_three(void **state)
{
	const double mean[3] = { 1, 4, 2 }, variance[3] = { 1, 1, 1 };
	const double count[6] = { 10, 10, 12, 8, 2, 18 };
	size_t a = 9, b = 9;
	(void)state;

	yg_assert_near(yg_smd_largest_continuous(mean, variance, 3, &a, &b), 3, 1e-15);
	assert_true(a == 1 && b == 0);
	double d = yg_smd_largest_levels(count, 3, 2, &a, &b);
	assert_true(a == 2 && b == 1);
	yg_assert_near(d, 0.5 / sqrt((0.4 * 0.6 + 0.9 * 0.1) / 2), 1e-13);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_hand),
		cmocka_unit_test(two_levels_are_a_binary),
		cmocka_unit_test(the_order_of_levels_does_not_matter),
		cmocka_unit_test(nothing_varies),
		cmocka_unit_test(the_largest_pair_of_three),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
