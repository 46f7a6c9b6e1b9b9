/* Boxes of normal vectors: cases with a closed form, singular correlations, tails. */
#include "tests/unit/test.h"

#include "yogo/num/dist.h"
#include "yogo/num/mvn.h"

static double both(size_t d, const double *corr, double m)
{
	double low[8], high[8], error;
	for (size_t k = 0; k < d; k++) {
		low[k] = -m;
		high[k] = m;
	}
	double p = yg_mvn_outside(d, corr, low, high, &error);
	assert_true(error < 1e-4 * p + 1e-300);
	return p;
}

static void one_coordinate_is_the_normal(void **unused)
{
	(void)unused;
	const double one[] = { 1 };
	for (double m = 0.5; m < 30; m *= 2)
		yg_assert_near(both(1, one, m) / yg_normal_two_sided(m), 1, 1e-14);
}

static void independent_coordinates_multiply(void **unused)
{
	(void)unused;
	const double three[] = { 1, 0, 0, 0, 1, 0, 0, 0, 1 };
	for (double m = 1; m < 8; m++) {
		double q = yg_normal_two_sided(m);
		yg_assert_near(both(3, three, m) / (q * (3 - 3 * q + q * q)), 1, 1e-8);
	}
}

static void quadrants_follow_the_angle(void **unused)
{
	(void)unused;
	/* P(X > 0, Y > 0) = 1/4 + asin(r) / (2 pi): Sheppard 1899 */
	for (int i = -9; i <= 9; i++) {
		double r = i / 10.0, corr[] = { 1, r, r, 1 };
		const double low[] = { 0, 0 }, high[] = { INFINITY, INFINITY };
		yg_assert_near(yg_mvn_outside(2, corr, low, high, NULL), 0.75 - asin(r) / (2 * M_PI), 1e-8);
	}
}

static void a_combination_adds_its_limits(void **unused)
{
	(void)unused;
	/* The third is (X + Y) / sqrt 2 or X itself: the same as two, or as the half plane allows. */
	const double same[] = { 1, 0.3, 1, 0.3, 1, 0.3, 1, 0.3, 1 }, two[] = { 1, 0.3, 0.3, 1 };
	yg_assert_near(both(3, same, 2) / both(2, two, 2), 1, 1e-12);
	double h = sqrt(0.5), corr[] = { 1, 0, h, 0, 1, h, h, h, 1 };
	/* Monte Carlo would give 0.094; by Bonferroni between two and three tails. */
	double p = both(3, corr, 2), q = yg_normal_two_sided(2);
	assert_true(p > 2 * q - q * q && p < 3 * q);
	/* Turned by 45 degrees the box stays as it is: sum and difference in the place of X and Y. */
	double turned[] = { 1, h, h, h, 1, 0, h, 0, 1 };
	yg_assert_near(both(3, turned, 2) / p, 1, 1e-8);
}

static void order_and_tails_do_not_matter(void **unused)
{
	(void)unused;
	const double a[] = { 1, 0.9, 0.7, 0.9, 1, 0.8, 0.7, 0.8, 1 }, b[] = { 1, 0.8, 0.7, 0.8, 1, 0.9, 0.7, 0.9, 1 };
	for (double m = 1; m < 20; m += 3) {
		double p = both(3, a, m), q = yg_normal_two_sided(m);
		yg_assert_near(both(3, b, m) / p, 1, 1e-7);
		assert_true(p > q && p < 3 * q);
	}
	/* four free ones: equal correlation r = 1/2 against the one-dimensional integral */
	double corr[16], sum = 0;
	for (int i = 0; i < 16; i++)
		corr[i] = i % 5 ? 0.5 : 1;
	for (int i = -4000; i < 4000; i++) {
		double z = (i + 0.5) / 500, in = yg_normal_cdf((2 - sqrt(0.5) * z) / sqrt(0.5)) - yg_normal_cdf((-2 - sqrt(0.5) * z) / sqrt(0.5));
		sum += yg_normal_density(z) * pow(in, 4) / 500;
	}
	yg_assert_near(both(4, corr, 2), 1 - sum, 1e-6);
}

static void what_is_no_correlation_is_no_number(void **unused)
{
	(void)unused;
	const double two[] = { 2, 0, 0, 1 }, low[] = { -1, -1 }, high[] = { 1, 1 }, back[] = { 2, 2 };
	assert_true(isnan(yg_mvn_outside(2, two, low, high, NULL)));
	const double fine[] = { 1, 0, 0, 1 };
	assert_true(isnan(yg_mvn_outside(2, fine, back, high, NULL)));
	assert_true(isnan(yg_mvn_outside(0, fine, low, high, NULL)));
	assert_true(isnan(yg_mvn_outside(9, fine, low, high, NULL)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_coordinate_is_the_normal),
		cmocka_unit_test(independent_coordinates_multiply),
		cmocka_unit_test(quadrants_follow_the_angle),
		cmocka_unit_test(a_combination_adds_its_limits),
		cmocka_unit_test(order_and_tails_do_not_matter),
		cmocka_unit_test(what_is_no_correlation_is_no_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
