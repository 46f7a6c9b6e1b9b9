/* Turnbull's curve: cases worked by hand, Kaplan-Meier as a special case, many rows. */
#include "tests/unit/test.h"

#include <math.h>

#include "yogo/num/rng.h"
#include "yogo/stats/turnbull.h"

static struct yg_turnbull fit_of(const double *lower, const double *upper, const double *weight, size_t n)
{
	struct yg_turnbull f;
	assert_int_equal(yg_turnbull_fit(lower, upper, weight, n, NULL, &f, NULL), YG_OK);
	assert_true(f.converged);
	return f;
}

/* (0,2], (1,3], (2,4]: half of the mass in (1,2], half in (2,3]. */
static void test_three_by_hand(void **state)
{
	const double lower[] = { 0, 1, 2 }, upper[] = { 2, 3, 4 };
	struct yg_turnbull f = fit_of(lower, upper, NULL, 3);
	double low, high, from, to;
	(void)state;
	assert_int_equal(f.m, 2);
	yg_assert_near(f.from[0], 1, 1e-15);
	yg_assert_near(f.to[0], 2, 1e-15);
	yg_assert_near(f.mass[0], 0.5, 1e-7);
	yg_assert_near(f.from[1], 2, 1e-15);
	yg_assert_near(f.to[1], 3, 1e-15);
	yg_assert_near(f.loglik, 2 * log(0.5), 1e-9);
	yg_turnbull_at(&f, 1, &low, &high);
	yg_assert_near(low, 1, 1e-15);
	yg_turnbull_at(&f, 1.5, &low, &high);
	yg_assert_near(low, 0.5, 1e-7);
	yg_assert_near(high, 1, 1e-15);
	yg_turnbull_at(&f, 2, &low, &high);
	yg_assert_near(low, 0.5, 1e-7);
	yg_assert_near(high, 0.5, 1e-7);
	yg_turnbull_quantile(&f, 0.25, &from, &to);
	yg_assert_near(from, 1, 1e-15);
	yg_assert_near(to, 2, 1e-15);
	yg_turnbull_release(&f);
}

/* Peto's rule at a tie: what is censored at 5 comes after what happened at 5, and (5, 6] begins after it. */
static void test_ties(void **state)
{
	const double lower[] = { 5, 5, 5, 3 }, upper[] = { 5, INFINITY, 6, 5 };
	struct yg_turnbull f = fit_of(lower, upper, NULL, 4);
	(void)state;
	assert_int_equal(f.m, 2);
	yg_assert_near(f.from[0], 5, 1e-15);
	yg_assert_near(f.to[0], 5, 1e-15);
	yg_assert_near(f.mass[0], 0.5, 1e-7);
	yg_assert_near(f.from[1], 5, 1e-15);
	yg_assert_near(f.to[1], 6, 1e-15);
	yg_turnbull_release(&f);
}

/* Remission times of 21 children on 6-MP (Freireich 1963): exact and right-censored times give Kaplan-Meier's curve. */
static void test_kaplan_meier(void **state)
{
	const double time[] = { 6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35 };
	const int event[] = { 1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0 };
	const double at[] = { 6, 7, 10, 13, 16, 22, 23 }, known[] = { 0.857142857142857, 0.806722689075630, 0.752941176470588,
		                                                       0.690196078431373, 0.627450980392157, 0.537815126050420, 0.448179271708683 };
	double upper[21], low, high;
	(void)state;
	for (int i = 0; i < 21; i++)
		upper[i] = event[i] ? time[i] : INFINITY;
	struct yg_turnbull f = fit_of(time, upper, NULL, 21);
	for (int k = 0; k < 7; k++) {
		yg_turnbull_at(&f, at[k], &low, &high);
		yg_assert_near(low, known[k], 1e-7);
		yg_assert_near(high, known[k], 1e-7);
	}
	double from, to;
	yg_turnbull_quantile(&f, 0.5, &from, &to);
	yg_assert_near(from, 23, 1e-15);
	yg_turnbull_quantile(&f, 0.9, &from, &to);
	assert_true(isinf(to));
	yg_turnbull_release(&f);
}

static void test_nothing_and_nobody(void **state)
{
	const double lower[] = { 1, 2, 4 }, upper[] = { INFINITY, INFINITY, INFINITY }, bad[] = { 0, 1, 3 };
	struct yg_turnbull f = fit_of(lower, upper, NULL, 3);
	struct yg_err err;
	double low, high;
	(void)state;
	/* nobody has had it: 1 as far as anything is known */
	yg_turnbull_at(&f, 4, &low, &high);
	yg_assert_near(low, 1, 1e-15);
	yg_turnbull_release(&f);
	assert_int_equal(yg_turnbull_fit(lower, bad, NULL, 3, NULL, &f, &err), YG_EINVAL);
	assert_int_equal(yg_turnbull_fit(lower, upper, NULL, 0, NULL, &f, NULL), YG_OK);
	yg_turnbull_release(&f);
}

#define MANY 20000

/* Visits at random: weights are repeats, the order of rows does not matter, no EM step helps any more. */
static void test_many(void **state)
{
	static double lower[MANY], upper[MANY], weight[MANY / 2], l2[MANY], u2[MANY];
	struct yg_rng r;
	(void)state;
	yg_rng_init(&r, 11, YG_RNG_SIMULATION, 0, 0);
	for (int i = 0; i < MANY / 2; i++) {
		double t = 10 * yg_rng_exponential(&r), a = floor(100 * yg_rng_uniform(&r)) / 10, b = a + 1 + floor(50 * yg_rng_uniform(&r)) / 10;
		lower[i] = t <= a ? 0 : t <= b ? a : b;
		upper[i] = t <= a ? a : t <= b ? b : INFINITY;
		weight[i] = 1 + (i % 2);
	}
	struct yg_turnbull a = fit_of(lower, upper, weight, MANY / 2), b;
	size_t n = 0;
	for (int i = MANY / 2 - 1; i >= 0; i--)
		for (int c = 0; c < (int)weight[i] && n < MANY; c++, n++) {
			l2[n] = lower[i];
			u2[n] = upper[i];
		}
	b = fit_of(l2, u2, NULL, n);
	assert_true(a.gap <= 1e-9 && b.gap <= 1e-9);
	yg_assert_near(a.loglik, b.loglik, 1e-8);
	for (double t = 1; t < 14; t += 1) {
		double low, high, low2, high2;
		yg_turnbull_at(&a, t, &low, &high);
		yg_turnbull_at(&b, t, &low2, &high2);
		yg_assert_near(low, low2, 1e-3);
		/* near the truth exp(-t/10) */
		assert_true(fabs((low + high) / 2 - exp(-t / 10)) < 0.05);
	}
	yg_turnbull_release(&a);
	yg_turnbull_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_three_by_hand), cmocka_unit_test(test_ties), cmocka_unit_test(test_kaplan_meier),
		cmocka_unit_test(test_nothing_and_nobody), cmocka_unit_test(test_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
