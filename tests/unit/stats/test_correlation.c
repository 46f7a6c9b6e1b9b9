/* Correlations: by hand, against counting all pairs, invariants, and what cannot be computed. */
#include "tests/unit/test.h"

#include "yogo/stats/correlation.h"

#define OK(call) assert_int_equal(call, YG_OK)

static void four_points(void **state)
{
	const double x[4] = { 1, 2, 3, 4 }, y[4] = { 2, 1, 4, 3 };
	struct yg_correlation c;
	(void)state;

	yg_pearson(x, y, 4, 0.95, &c);
	yg_assert_near(c.estimate, 0.6, 1e-14);
	yg_assert_near(c.test.statistic, 0.6 * sqrt(2 / 0.64), 1e-13);
	assert_true(c.test.df == 2);
	yg_assert_near((1 + c.upper) / (1 - c.upper), 4 * exp(2 * 1.9599639845400545), 1e-11);
	/* sums of squared differences up to 4 come in 5 of 24 orders */
	OK(yg_spearman(x, y, 4, YG_EXACT_AUTO, 0.95, NULL, &c, NULL));
	yg_assert_near(c.estimate, 0.6, 1e-14);
	assert_true(c.test.exact);
	yg_assert_near(c.test.p, 10.0 / 24, 1e-14);
	/* 4 of 6 pairs concordant; 9 of 24 orders have as many */
	OK(yg_kendall(x, y, 4, YG_EXACT_AUTO, 0.95, NULL, &c, NULL));
	yg_assert_near(c.estimate, 1.0 / 3, 1e-14);
	yg_assert_near(c.test.p, 18.0 / 24, 1e-14);
	assert_true(isnan(c.lower) && c.problem);
}

static void pairs_counted_one_by_one(void **state)
{
	double x[300], y[300], a = 0, b = 0, s = 0;
	struct yg_pair_counts c;
	struct yg_correlation k;
	(void)state;

	for (int i = 0; i < 300; i++) {
		x[i] = floor(fmod(i * 0.7548776662, 1) * 17);
		y[i] = i % 3 ? floor(fmod(i * 0.5698402910, 1) * 40) - 7 : x[i] / 3;
	}
	for (int i = 0; i < 300; i++)
		for (int j = 0; j < i; j++) {
			int u = (x[i] > x[j]) - (x[i] < x[j]), v = (y[i] > y[j]) - (y[i] < y[j]);
			s += u * v;
			a += u != 0;
			b += v != 0;
		}
	OK(yg_count_pairs(x, y, 300, NULL, &c, NULL));
	assert_true(c.s == s && c.pairs - c.tied[0] == a && c.pairs - c.tied[1] == b);
	OK(yg_kendall(x, y, 300, YG_EXACT_AUTO, 0.95, NULL, &k, NULL));
	yg_assert_near(k.estimate, s / sqrt(a * b), 1e-14);
	assert_true(!k.test.exact && k.lower < k.estimate && k.estimate < k.upper);
	/* 40 values all different: exact and normal agree roughly; order of the rows does not matter */
	struct yg_correlation e, n;
	for (int i = 0; i < 40; i++)
		y[i] = fmod((x[i] = i) * 0.618033988749895, 1) + 0.01 * i;
	OK(yg_kendall(x, y, 40, YG_EXACT_AUTO, 0.95, NULL, &e, NULL));
	OK(yg_kendall(x, y, 40, YG_EXACT_NO, 0.95, NULL, &n, NULL));
	assert_true(e.test.exact && fabs(e.test.p - n.test.p) < 0.01);
}

static void only_order_matters_to_ranks(void **state)
{
	double x[50], y[50], u[50], v[50];
	struct yg_correlation a, b;
	(void)state;

	for (int i = 0; i < 50; i++) {
		u[i] = exp(x[i] = fmod(i * 0.731, 1) * 4);
		y[i] = x[i] + fmod(i * 0.417, 1) * 5;
		v[i] = -y[i] * y[i] * y[i];
	}
	OK(yg_spearman(x, y, 50, YG_EXACT_AUTO, 0.95, NULL, &a, NULL));
	OK(yg_spearman(u, v, 50, YG_EXACT_AUTO, 0.95, NULL, &b, NULL));
	yg_assert_near(a.estimate, -b.estimate, 1e-14);
	yg_assert_near(a.lower, -b.upper, 1e-12);
	OK(yg_kendall(x, y, 50, YG_EXACT_AUTO, 0.95, NULL, &a, NULL));
	OK(yg_kendall(v, u, 50, YG_EXACT_AUTO, 0.95, NULL, &b, NULL));
	assert_true(a.estimate == -b.estimate && a.test.p == b.test.p);
	yg_pearson(x, y, 50, 0.9, &a);
	for (int i = 0; i < 50; i++) {
		u[i] = 1e6 + 3 * x[i];
		v[i] = 5 - y[i];
	}
	yg_pearson(u, v, 50, 0.9, &b);
	yg_assert_near(a.estimate, -b.estimate, 1e-9);
}

static void partial_ones(void **state)
{
	double x[30], y[30], z[30], one[30], twice[30];
	struct yg_correlation c, xy, xz, yz, plain;
	size_t given;
	(void)state;

	for (int i = 0; i < 30; i++) {
		z[i] = fmod(i * 0.731, 1);
		x[i] = z[i] + fmod(i * 0.417, 1);
		y[i] = 2 * z[i] - fmod(i * 0.913, 1);
		one[i] = 7;
		twice[i] = 2 * z[i] + 1;
	}
	yg_pearson(x, y, 30, 0.95, &xy);
	yg_pearson(x, z, 30, 0.95, &xz);
	yg_pearson(y, z, 30, 0.95, &yz);
	yg_partial_correlation((const double *const[]){ x, y, z }, 3, 30, false, 0.95, &c, &given);
	yg_assert_near(c.estimate, (xy.estimate - xz.estimate * yz.estimate) / sqrt((1 - xz.estimate * xz.estimate) * (1 - yz.estimate * yz.estimate)), 1e-12);
	assert_true(given == 1 && c.test.df == 27);
	/* a column that says nothing new does not count */
	yg_partial_correlation((const double *const[]){ x, y, z, twice, one }, 5, 30, false, 0.95, &plain, &given);
	assert_true(given == 1 && plain.test.df == 27);
	yg_assert_near(plain.estimate, c.estimate, 1e-12);
	yg_partial_correlation((const double *const[]){ x, y, one }, 3, 30, false, 0.95, &plain, &given);
	yg_assert_near(plain.estimate, xy.estimate, 1e-13);
	assert_true(given == 0 && plain.test.df == 28);
	/* x is one of those held fixed: nothing of it is left */
	yg_partial_correlation((const double *const[]){ x, y, x }, 3, 30, false, 0.95, &plain, &given);
	assert_true(isnan(plain.estimate) && plain.problem);
}

static void what_cannot_be_computed_says_why(void **state)
{
	const double x[5] = { 1, 2, 3, 4, 5 }, same[5] = { 0.1, 0.1, 0.1, 0.1, 0.1 }, line[5] = { 3, 5, 7, 9, 11 };
	struct yg_correlation c;
	(void)state;

	yg_pearson(x, same, 5, 0.95, &c);
	assert_true(isnan(c.estimate) && c.problem && c.test.problem);
	OK(yg_spearman(x, same, 5, YG_EXACT_AUTO, 0.95, NULL, &c, NULL));
	assert_true(isnan(c.estimate) && c.problem);
	OK(yg_kendall(x, same, 5, YG_EXACT_AUTO, 0.95, NULL, &c, NULL));
	assert_true(isnan(c.estimate) && c.problem);
	for (size_t n = 0; n < 2; n++) {
		yg_pearson(x, line, n, 0.95, &c);
		assert_true(isnan(c.estimate) && c.problem);
		OK(yg_kendall(x, line, n, YG_EXACT_AUTO, 0.95, NULL, &c, NULL));
		assert_true(isnan(c.estimate) && c.problem);
	}
	yg_pearson(x, line, 2, 0.95, &c);
	assert_true(isnan(c.test.p) && c.test.problem && isnan(c.lower) && c.problem);
	yg_pearson(x, line, 5, 0.95, &c);
	yg_assert_near(c.estimate, 1, 1e-15);
	assert_true(c.test.p == 0 && isnan(c.lower) && c.problem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(four_points), cmocka_unit_test(pairs_counted_one_by_one), cmocka_unit_test(only_order_matters_to_ranks),
		cmocka_unit_test(partial_ones), cmocka_unit_test(what_cannot_be_computed_says_why),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
