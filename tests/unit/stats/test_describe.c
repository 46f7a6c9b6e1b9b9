/* Moments and quantiles of a handful of numbers worked by hand; weights as repeats; odd inputs. */
#include "tests/unit/test.h"

#include "yogo/stats/describe.h"

/* 2 4 4 4 5 5 7 9: sum 40, mean 5, squares about it 9 1 1 1 0 0 4 16 = 32 */
static const double eight[8] = { 2, 4, 4, 4, 5, 5, 7, 9 };

static void eight_numbers_by_hand(void **state)
{
	struct yg_describe d;
	(void)state;

	yg_describe(eight, NULL, 8, 0.95, &d);
	assert_true(d.n == 8 && d.sum == 40 && d.mean == 5 && d.minimum == 2 && d.maximum == 9 && d.ess == 8);
	yg_assert_near(d.variance, 32.0 / 7, 1e-15);
	yg_assert_near(d.se, sqrt(32.0 / 7 / 8), 1e-15);
	/* t(0.975, 7) = 2.364624251592784 */
	yg_assert_near(d.upper, 5 + 2.364624251592784 * sqrt(32.0 / 56), 1e-12);
	/* m2 = 4, m3 = (-27 -1 -1 -1 + 8 + 64) / 8 = 5.25, m4 = (81 + 1 + 1 + 1 + 16 + 256) / 8 = 44.5 */
	yg_assert_near(d.skewness, 5.25 / 8, 1e-14);
	yg_assert_near(d.skewness_adjusted, 5.25 / 8 * sqrt(56) / 6, 1e-14);
	yg_assert_near(d.kurtosis, 44.5 / 16 - 3, 1e-14);
	yg_assert_near(d.kurtosis_adjusted, 7.0 / 30 * (9 * (44.5 / 16 - 3) + 6), 1e-13);
	/* product 2 * 4^3 * 5^2 * 7 * 9 = 201600 */
	yg_assert_near(yg_geometric_mean(eight, NULL, 8), pow(201600, 0.125), 1e-14);
	assert_true(isnan(yg_geometric_mean((const double[]){ 1, 0 }, NULL, 2)));
}

static void all_nine_types_of_quantile(void **state)
{
	/* x = 1..10 shuffled, p = 0.25: n p = 2.5 */
	const double shuffled[10] = { 7, 1, 10, 4, 2, 9, 3, 8, 6, 5 };
	/* 1: x3; 2: x3; 3: x2; 4: 2.5; 5: 3; 6: 2.75; 7: 3.25; 8: 2 + 11/12; 9: 2.9375 */
	const double expected[10] = { 0, 3, 3, 2, 2.5, 3, 2.75, 3.25, 2 + 11.0 / 12, 2.9375 };
	double x[10], p = 0.25, q;
	(void)state;

	for (int type = 1; type <= 9; type++) {
		memcpy(x, shuffled, sizeof x);
		yg_quantiles(x, 10, type, &p, 1, &q);
		yg_assert_near(q, expected[type], 1e-14);
	}
	const double ends[2] = { 0, 1 };
	double both[2];
	for (int type = 1; type <= 9; type++) {
		memcpy(x, shuffled, sizeof x);
		yg_quantiles(x, 10, type, ends, 2, both);
		assert_true(both[0] == 1 && both[1] == 10);
	}
}

static int ascending(const void *a, const void *b)
{
	double l = *(const double *)a, r = *(const double *)b;
	return l < r ? -1 : l > r;
}

static void selection_agrees_with_sorting(void **state)
{
	enum { N = 5000 };
	static double x[N], sorted[N], copy[N];
	(void)state;

	for (int shape = 0; shape < 4; shape++) {
		for (size_t i = 0; i < N; i++)
			x[i] = shape == 0 ? fmod((double)i * 7919, 4999) : shape == 1 ? (double)i : shape == 2 ? -(double)i : (double)(i % 3);
		memcpy(sorted, x, sizeof x);
		qsort(sorted, N, sizeof *sorted, ascending);
		for (double p = 0; p <= 1; p += 0.125) {
			double q, at = (N - 1) * p;
			memcpy(copy, x, sizeof x);
			yg_quantiles(copy, N, 7, &p, 1, &q);
			size_t lo = (size_t)floor(at), hi = (size_t)ceil(at);
			yg_assert_near(q, sorted[lo] + (at - floor(at)) * (sorted[hi] - sorted[lo]), 1e-12);
		}
	}
}

static void weights_two_and_one_are_repeats(void **state)
{
	const double x[4] = { 3, 8, 1, 5 }, w[4] = { 2, 1, 3, 2 }, repeated[8] = { 3, 3, 8, 1, 1, 1, 5, 5 };
	const double p[3] = { 0.25, 0.5, 0.75 };
	double a[3], b[3], scratch[8];
	struct yg_describe one, two;
	(void)state;

	yg_describe(x, w, 4, 0.95, &one);
	yg_describe(repeated, NULL, 8, 0.95, &two);
	yg_assert_near(one.mean, two.mean, 1e-15);
	assert_true(one.weight == 8);
	yg_assert_near(one.ess, 64.0 / 18, 1e-15);
	assert_int_equal(yg_weighted_quantiles(x, w, 4, p, 3, a, NULL), 0);
	memcpy(scratch, repeated, sizeof scratch);
	yg_quantiles(scratch, 8, 2, p, 3, b);
	for (int i = 0; i < 3; i++)
		assert_true(a[i] == b[i]);

	/* weights all alike change nothing, whatever their size */
	const double same[8] = { 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3 };
	yg_describe(eight, same, 8, 0.95, &one);
	yg_describe(eight, NULL, 8, 0.95, &two);
	yg_assert_near(one.variance, two.variance, 1e-14);
	yg_assert_near(one.lower, two.lower, 1e-13);
	yg_assert_near(yg_effective_size(same, 8), 8, 1e-14);
}

static void counted_values_are_the_values(void **state)
{
	/* -1 three times, 0 never, 1 twice, 2 once */
	const uint64_t count[4] = { 3, 0, 2, 1 };
	double x[6] = { 1, -1, -1, 2, 1, -1 }, q[2], p[2] = { 0.4, 0.75 }, r[2];
	struct yg_describe a, b;
	(void)state;

	yg_describe(x, NULL, 6, 0.95, &a);
	yg_describe_counts(count, -1, 4, 0.95, &b);
	assert_true(b.n == 6 && b.minimum == -1 && b.maximum == 2 && b.sum == 1);
	yg_assert_near(b.mean, a.mean, 1e-15);
	yg_assert_near(b.sd, a.sd, 1e-14);
	yg_assert_near(b.upper, a.upper, 1e-14);
	yg_assert_near(b.skewness, a.skewness, 1e-13);
	yg_assert_near(b.kurtosis_adjusted, a.kurtosis_adjusted, 1e-12);
	for (int type = 1; type <= 9; type++) {
		double y[6];
		memcpy(y, x, sizeof y);
		yg_quantiles(y, 6, type, p, 2, q);
		yg_quantiles_counts(count, -1, 4, type, p, 2, r);
		assert_true(q[0] == r[0] && q[1] == r[1]);
	}
	yg_describe_counts(count, 0, 0, 0.95, &b);
	assert_true(b.n == 0 && isnan(b.mean));
}

static void many_values_by_classes(void **state)
{
	enum { N = 200001 };
	double *x = malloc(N * sizeof *x), *y = malloc(N * sizeof *y), p[5] = { 0, 0.1, 0.5, 0.9, 1 }, q[5];
	(void)state;

	/* even, skewed, and all in one class but two */
	for (int shape = 0; shape < 3; shape++) {
		for (size_t i = 0; i < N; i++) {
			double u = fmod((double)i * 0.61803398874989, 1);
			x[i] = shape == 0 ? u : shape == 1 ? 1 / (u + 1e-9) : (double)(i % 7) * 1e-9 + (i == 5 ? 1e9 : 0);
		}
		memcpy(y, x, N * sizeof *y);
		qsort(y, N, sizeof *y, ascending);
		yg_quantiles(x, N, 7, p, 5, q);
		for (int k = 0; k < 5; k++)
			yg_assert_near(q[k], y[(size_t)((N - 1) * p[k])], 1e-12);
	}
	free(x);
	free(y);
}

static void shift_and_scale(void **state)
{
	double moved[8];
	struct yg_describe a, b;
	(void)state;

	for (int i = 0; i < 8; i++)
		moved[i] = 1e9 + 3 * eight[i];
	yg_describe(eight, NULL, 8, 0.95, &a);
	yg_describe(moved, NULL, 8, 0.95, &b);
	yg_assert_near(b.mean, 1e9 + 15, 1e-15);
	yg_assert_near(b.sd, 3 * a.sd, 1e-12);
	yg_assert_near(b.skewness, a.skewness, 1e-9);
}

static void nothing_one_and_all_alike(void **state)
{
	struct yg_describe d;
	double one = 4, alike[3] = { 2, 2, 2 }, p = 0.5, q;
	(void)state;

	yg_describe(NULL, NULL, 0, 0.95, &d);
	assert_true(d.n == 0 && isnan(d.mean) && isnan(d.minimum));
	yg_quantiles(NULL, 0, 7, &p, 1, &q);
	assert_true(isnan(q));
	yg_describe(&one, NULL, 1, 0.95, &d);
	assert_true(d.mean == 4 && isnan(d.sd) && isnan(d.skewness));
	yg_describe(alike, NULL, 3, 0.95, &d);
	assert_true(d.sd == 0 && d.lower == 2 && isnan(d.skewness));
	assert_true(yg_mad(alike, 3) == 0);
	double five[5] = { 1, 2, 3, 4, 100 };
	yg_assert_near(yg_mad(five, 5), 1.4826, 1e-15);
	double none[2] = { 0, 0 }, zero[2] = { 1, 2 };
	assert_int_equal(yg_weighted_quantiles(zero, none, 2, &p, 1, &q, NULL), 0);
	assert_true(isnan(q));
}

static void bars_at_round_numbers(void **state)
{
	double edge[YG_BARS + 1];
	size_t count[YG_BARS];
	const double ages[6] = { 31, 40, 49.999, 50, 88, 60 }, tenths[4] = { 0.2, 0.6, 0.6, 1.2 };
	(void)state;

	assert_int_equal(yg_pretty_edges(31, 88, 404, 0, false, edge), 12);
	assert_true(edge[0] == 30 && edge[12] == 90);
	assert_int_equal(yg_pretty_edges(31, 88, 404, 6, false, edge), 6);
	yg_histogram(ages, 6, edge, 6, count);
	assert_true(count[0] == 1 && count[1] == 2 && count[2] == 1 && count[3] == 1 && count[4] == 0 && count[5] == 1);
	/* 10 belongs to the last bar */
	assert_int_equal(yg_pretty_edges(0, 10, 100, 10, false, edge), 10);
	/* edges are the doubles of their decimals: 0.6 opens the bar at 0.6, though 3 * 0.2 is more */
	size_t bars = yg_pretty_edges(0, 3, 1000, 15, false, edge);
	assert_true(bars == 15 && edge[3] == 0.6 && edge[7] == 1.4);
	yg_histogram(tenths, 4, edge, bars, count);
	assert_true(count[1] == 1 && count[3] == 2 && count[6] == 1 && count[2] == 0);
	assert_int_equal(yg_pretty_edges(5, 5, 100, 0, false, edge), 1);
	assert_true(edge[0] < 5 && edge[1] > 5);
	/* whole numbers: a width of one at least, and the largest has a bar of its own */
	assert_int_equal(yg_pretty_edges(0, 3, 1000, 30, true, edge), 4);
	bars = yg_pretty_edges(0.001, 0.0094, 50, 8, false, edge);
	assert_true(bars >= 5 && bars <= 12 && edge[0] <= 0.001 && edge[bars] >= 0.0094);
	bars = yg_pretty_edges(-7e-5, 123456, 50, 100000, false, edge);
	assert_true(bars <= YG_BARS && edge[0] <= -7e-5 && edge[bars] >= 123456);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(eight_numbers_by_hand),
		cmocka_unit_test(all_nine_types_of_quantile),
		cmocka_unit_test(selection_agrees_with_sorting),
		cmocka_unit_test(weights_two_and_one_are_repeats),
		cmocka_unit_test(counted_values_are_the_values),
		cmocka_unit_test(many_values_by_classes),
		cmocka_unit_test(shift_and_scale),
		cmocka_unit_test(nothing_one_and_all_alike),
		cmocka_unit_test(bars_at_round_numbers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
