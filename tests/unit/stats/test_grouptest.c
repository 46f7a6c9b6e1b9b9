/* Groups compared: by hand, against all pairs written down, against each other, and what cannot be computed. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/test.h"

#include "yogo/num/dist.h"
#include "yogo/stats/describe.h"
#include "yogo/stats/grouptest.h"

#define OK(call) assert_int_equal(call, YG_OK)

static uint64_t state_of = 42;
static double draw(void)
{
	state_of ^= state_of << 13;
	state_of ^= state_of >> 7;
	state_of ^= state_of << 17;
	return (double)(state_of >> 11) / 9007199254740992.0;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void ties_by_hand(void **state)
{
	/* ranks 2 2 2 4: sums of two are 4 and 6, three times each */
	const double x[2] = { 1, 1 }, y[2] = { 1, 2 }, d[3] = { 1, 1, -1 };
	struct yg_test t;
	(void)state;

	OK(yg_rank_sum(x, 2, y, 2, YG_EXACT_TIES, true, YG_LESS, &t, NULL));
	assert_true(t.exact && t.statistic == 1);
	yg_assert_near(t.p, 0.5, 1e-15);
	OK(yg_rank_sum(x, 2, y, 2, YG_EXACT_TIES, true, YG_TWO_SIDED, &t, NULL));
	yg_assert_near(t.p, 1, 1e-15);
	/* signs of three ranks of 2: sums 0 2 4 6 with 1 3 3 1 of 8 */
	OK(yg_signed_rank(d, 3, YG_EXACT_TIES, true, YG_GREATER, &t, NULL));
	assert_true(t.exact && t.statistic == 4);
	yg_assert_near(t.p, 0.5, 1e-15);
	/* without ties it is the distribution of ranks, as before */
	const double low[3] = { 1, 2, 3 }, high[4] = { 2.5, 4, 5, 6 };
	struct yg_test plain;
	OK(yg_rank_sum(low, 3, high, 4, YG_EXACT_TIES, true, YG_TWO_SIDED, &t, NULL));
	OK(yg_rank_sum(low, 3, high, 4, YG_EXACT_YES, true, YG_TWO_SIDED, &plain, NULL));
	assert_true(t.exact && t.p == plain.p);
	/* nothing varies: no p made up */
	const double same[3] = { 5, 5, 5 };
	OK(yg_rank_sum(same, 3, same, 2, YG_EXACT_TIES, true, YG_TWO_SIDED, &t, NULL));
	assert_true(isnan(t.p) && t.problem);
}

static void shift_by_hand(void **state)
{
	const double x[5] = { 11, 12, 13, 14, 15.5 }, y[5] = { 1, 2, 3, 4.25, 5 }, two[2] = { 1, 4 }, other[2] = { 0, 2 };
	struct yg_location l, moved;
	(void)state;

	OK(yg_location_shift(two, 2, other, 2, 0.95, NULL, &l, NULL));
	assert_true(l.estimate == 1.5 && isinf(l.lower) && isinf(l.upper) && l.exact);
	/* differences 6.. 14.5; the third from both ends (qwilcox(0.025, 5, 5) = 3) */
	OK(yg_location_shift(x, 5, y, 5, 0.95, NULL, &l, NULL));
	double d[25];
	for (int i = 0; i < 25; i++)
		d[i] = x[i / 5] - y[i % 5];
	qsort(d, 25, sizeof *d, ascending);
	assert_true(l.estimate == d[12] && l.lower == d[2] && l.upper == d[22]);
	/* one sample: averages of 1 2 4: 1 1.5 2 2.5 3 4 */
	OK(yg_location_one((const double[]){ 4, 1, 2 }, 3, 0.5, NULL, &l, NULL));
	assert_true(l.estimate == 2.25);
	double up[5];
	for (int i = 0; i < 5; i++)
		up[i] = 2 * x[i] + 8;
	double twice[5];
	for (int i = 0; i < 5; i++)
		twice[i] = 2 * y[i];
	OK(yg_location_shift(x, 5, y, 5, 0.9, NULL, &l, NULL));
	OK(yg_location_shift(up, 5, twice, 5, 0.9, NULL, &moved, NULL));
	assert_true(moved.estimate == 2 * l.estimate + 8 && moved.lower == 2 * l.lower + 8 && moved.upper == 2 * l.upper + 8);
	OK(yg_location_shift(x, 0, y, 5, 0.95, NULL, &l, NULL));
	assert_true(isnan(l.estimate) && l.problem);
}

/* Selection among differences and averages that are never written down agrees with writing them down. */
static void selection_against_all_pairs(void **state)
{
	enum { N = 420, M = 310 };
	double *x = malloc((N + M) * sizeof *x), *y = x + N, *d = malloc((size_t)N * (N + M) * sizeof *d);
	struct yg_location l;
	(void)state;

	for (int kind = 0; kind < 4; kind++) {
		for (int i = 0; i < N + M; i++) {
			double u = draw();
			x[i] = kind == 0 ? u : kind == 1 ? floor(6 * u) : kind == 2 ? (u < 0.5 ? -1 : 1) * pow(10, 12 * u - 6) : floor(2 * u);
		}
		size_t k = 0;
		for (int i = 0; i < N; i++)
			for (int j = 0; j < M; j++)
				d[k++] = x[i] - y[j];
		qsort(d, k, sizeof *d, ascending);
		OK(yg_location_shift(x, N, y, M, 0.95, NULL, &l, NULL));
		assert_true(l.estimate == d[(k - 1) / 2] / 2 + d[k / 2] / 2 && !l.exact);
		/* limits are equally far from both ends */
		size_t below = 0, above = 0;
		for (size_t i = 0; i < k; i++) {
			below += d[i] < l.lower;
			above += d[i] > l.upper;
		}
		if (kind == 0)
			assert_true(below == above && below > k / 4);
		k = 0;
		for (int i = 0; i < N; i++)
			for (int j = i; j < N; j++)
				d[k++] = (x[i] + x[j]) / 2;
		qsort(d, k, sizeof *d, ascending);
		OK(yg_location_one(x, N, 0.95, NULL, &l, NULL));
		assert_true(l.estimate == d[(k - 1) / 2] / 2 + d[k / 2] / 2);
	}
	free(x);
	free(d);
}

static void effects_by_hand(void **state)
{
	const double x[2] = { 2, 3 }, y[2] = { 1, 2.5 }, far[3] = { 7, 8, 9 };
	struct yg_superiority s, other;
	struct yg_interval d, g;
	(void)state;

	OK(yg_superiority(x, 2, y, 2, 0.95, &s, NULL));
	OK(yg_superiority(y, 2, x, 2, 0.95, &other, NULL));
	yg_assert_near(s.probability.estimate, 0.75, 1e-15);
	yg_assert_near(s.probability.lower, 1 - other.probability.upper, 1e-12);
	assert_true(s.test.statistic == -other.test.statistic);
	OK(yg_superiority(far, 3, y, 2, 0.95, &s, NULL));
	assert_true(s.probability.estimate == 1 && isnan(s.probability.lower) && s.problem && s.test.problem);
	/* means 1 apart, SD 2, 10 and 10: d = 0.5; J(18) = 0.95765 */
	yg_hedges((const double[]){ 10, 10 }, (const double[]){ 3, 2 }, (const double[]){ 4, 4 }, 0.95, &d, &g);
	yg_assert_near(d.estimate, 0.5, 1e-14);
	yg_assert_near(g.estimate / d.estimate, 0.957646427024, 1e-11);
	yg_hedges((const double[]){ 1, 1 }, (const double[]){ 3, 2 }, (const double[]){ 0, 0 }, 0.95, &d, &g);
	assert_true(isnan(d.estimate) && isnan(g.lower));
}

static void with_two_groups_tests_of_many_are_those_of_two(void **state)
{
	double x[40];
	int32_t g[40], stratum[40] = { 0 };
	struct yg_test kw, w, a, v;
	struct yg_trend j, c;
	double probability;
	size_t informative;
	(void)state;

	for (int i = 0; i < 40; i++) {
		g[i] = i >= 22;
		x[i] = floor(12 * draw()) + g[i];
	}
	OK(yg_kruskal_wallis(x, g, 40, 2, &kw, NULL));
	OK(yg_rank_sum(x, 22, x + 22, 18, YG_EXACT_NO, false, YG_TWO_SIDED, &w, NULL));
	OK(yg_jonckheere(x, g, 40, 2, NULL, &j, NULL));
	OK(yg_cuzick(x, g, (const double[]){ 1, 2 }, 40, 2, NULL, &c, NULL));
	OK(yg_van_elteren(x, g, stratum, 40, 1, &v, &probability, &informative, NULL));
	yg_assert_near(kw.p, w.p, 1e-11);
	yg_assert_near(j.test.p, w.p, 1e-11);
	yg_assert_near(c.test.p, w.p, 1e-11);
	yg_assert_near(v.p, w.p, 1e-11);
	assert_true(j.sum == 22 * 18 - w.statistic && informative == 1);
	yg_assert_near(probability, w.statistic / (22 * 18), 1e-14);
	/* mean-centred Levene of two groups is the t test of the distances: F = t^2, so order does not matter */
	OK(yg_levene(x, g, 40, 2, true, &a, NULL));
	for (int i = 0; i < 40; i++)
		g[i] = 1 - g[i];
	OK(yg_levene(x, g, 40, 2, true, &w, NULL));
	yg_assert_near(a.p, w.p, 1e-13);
	/* a stratum with one group tells nothing */
	for (int i = 0; i < 40; i++)
		stratum[i] = g[i];
	OK(yg_van_elteren(x, g, stratum, 40, 2, &v, &probability, &informative, NULL));
	assert_true(isnan(v.p) && v.problem && !informative);
}

static void blocks_of_two(void **state)
{
	/* up, up, up, down */
	const double x[8] = { 1, 2, 3, 5, 2, 2.5, 4, 3 };
	struct yg_test f, plain, corrected, q;
	struct yg_t_test t;
	double w, epsilon, d[4];
	(void)state;

	yg_friedman(x, 4, 2, &f, &w);
	assert_true(f.statistic == 1 && f.df == 1 && w == 0.25);
	yg_repeated(x, 4, 2, &plain, &corrected, &epsilon);
	for (int i = 0; i < 4; i++)
		d[i] = x[2 * i + 1] - x[2 * i];
	yg_t_test_one(d, 4, 0, YG_TWO_SIDED, 0.95, &t);
	yg_assert_near(plain.statistic, t.test.statistic * t.test.statistic, 1e-13);
	yg_assert_near(epsilon, 1, 1e-13);
	yg_assert_near(corrected.p, t.test.p, 1e-12);
	/* all blocks alike: Quade's permutation p, (1/2)^(b - 1) */
	OK(yg_quade((const double[]){ 1, 2, 3, 4, 5, 6 }, 3, 2, &q, NULL));
	assert_true(q.exact && q.p == 0.25);
	yg_friedman((const double[]){ 1, 1, 2, 2 }, 2, 2, &f, &w);
	assert_true(isnan(f.p) && f.problem);
	yg_friedman(x, 1, 2, &f, &w);
	assert_true(isnan(f.p) && f.problem);
}

static void distributions(void **state)
{
	const double low[2] = { 1, 2 }, high[2] = { 3, 4 }, same[3] = { 1, 1, 1 };
	double x[30], y[30];
	struct yg_test t, u;
	(void)state;

	/* separated: two of the six orders */
	OK(yg_smirnov(low, 2, high, 2, YG_EXACT_AUTO, &t, NULL));
	assert_true(t.exact && t.statistic == 1);
	yg_assert_near(t.p, 1.0 / 3, 1e-14);
	OK(yg_smirnov(same, 3, same, 2, YG_EXACT_AUTO, &t, NULL));
	assert_true(isnan(t.p) && t.problem);
	for (int i = 0; i < 30; i++)
		y[i] = 100 - 3 * (x[i] = draw() * draw());
	OK(yg_shapiro(x, 30, &t, NULL));
	OK(yg_shapiro(y, 30, &u, NULL));
	yg_assert_near(t.statistic, u.statistic, 1e-12);
	yg_assert_near(t.p, u.p, 1e-9);
	OK(yg_shapiro(x, 2, &t, NULL));
	assert_true(isnan(t.p) && t.problem);
	OK(yg_shapiro(same, 3, &t, NULL));
	assert_true(isnan(t.p) && t.problem);
}

static void ranges(void **state)
{
	struct yg_pair_means p;
	double range = NAN;
	(void)state;

	/* the range of two normals is the size of their difference */
	yg_assert_near(yg_studentized_range_upper(3, 2, INFINITY), yg_normal_two_sided(3 / sqrt(2)), 1e-11);
	yg_assert_near(yg_studentized_range_upper(3, 2, 7), yg_t_two_sided(3 / sqrt(2), 7), 1e-10);
	/* R: ptukey(3.5, 3, 27, lower = FALSE) */
	yg_assert_near(yg_studentized_range_upper(3.5, 3, 27), 0.0504906806003, 1e-10);
	yg_assert_near(yg_studentized_range_quantile_upper(yg_studentized_range_upper(4.2, 4, 11), 4, 11), 4.2, 1e-9);
	assert_true(isnan(yg_studentized_range_upper(3, 1, 7)));
	yg_pair_means((const double[]){ 4, 6 }, (const double[]){ 1, 2 }, (const double[]){ 3, 5 }, 2, 1, 0, 0.95, &range, &p);
	yg_assert_near(p.p, p.tukey_p, 1e-9);
	yg_assert_near(p.lower, p.tukey_lower, 1e-8);
	yg_pair_means((const double[]){ 1, 1 }, (const double[]){ 1, 2 }, (const double[]){ 0, 0 }, 2, 1, 0, 0.95, &range, &p);
	assert_true(isnan(p.p) && p.problem);
}

static void shares(void **state)
{
	struct yg_interval i;
	struct yg_test t;
	(void)state;

	/* 0 of 5 against 1/2: 1/32 on each side */
	yg_binomial_test(0, 5, 0.5, YG_TWO_SIDED, 0.95, &t, &i);
	yg_assert_near(t.p, 2.0 / 32, 1e-14);
	yg_binomial_test(0, 5, 0.5, YG_GREATER, 0.95, &t, &i);
	yg_assert_near(t.p, 1, 1e-14);
	yg_binomial_test(2, 4, 0.5, YG_TWO_SIDED, 0.95, &t, &i);
	yg_assert_near(t.p, 1, 1e-14);
	yg_binomial_test(0, 0, 0.5, YG_TWO_SIDED, 0.95, &t, &i);
	assert_true(isnan(t.p) && t.problem);
	yg_binomial_test(1, 5, 1.5, YG_TWO_SIDED, 0.95, &t, &i);
	assert_true(isnan(t.p) && t.problem);
	/* large counts, both tails found by halving */
	yg_binomial_test(500600, 1000000, 0.5, YG_TWO_SIDED, 0.95, &t, &i);
	yg_assert_near(t.p, yg_normal_two_sided(599.5 / 500), 1e-5);
}

static void spread(void **state)
{
	const double x[4] = { 1, 2, 3, 4 }, y[4] = { 2, 4, 6, 8 }, same[4] = { 3, 3, 3, 3 }, all[8] = { 1, 2, 3, 4, 3, 3, 3, 3 };
	const int32_t g[8] = { 0, 0, 0, 0, 1, 1, 1, 1 };
	struct yg_interval i, j;
	struct yg_test t, u;
	(void)state;

	yg_variance_ratio(y, 4, x, 4, 0.95, &t, &i);
	yg_variance_ratio(x, 4, y, 4, 0.95, &u, &j);
	assert_true(t.statistic == 4);
	yg_assert_near(t.p, u.p, 1e-12);
	yg_assert_near(i.lower, 1 / j.upper, 1e-12);
	yg_variance_ratio(x, 4, same, 4, 0.95, &t, &i);
	assert_true(isnan(t.p) && t.problem);
	yg_bartlett(all, g, 8, 2, &t);
	assert_true(isnan(t.p) && t.problem);
	OK(yg_ansari(same, 4, same, 4, &t, NULL));
	assert_true(isnan(t.p) && t.problem);
	OK(yg_fligner(same, g, 4, 1, &t, NULL));
	assert_true(isnan(t.p) && t.problem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ties_by_hand), cmocka_unit_test(shift_by_hand), cmocka_unit_test(selection_against_all_pairs),
		cmocka_unit_test(effects_by_hand), cmocka_unit_test(with_two_groups_tests_of_many_are_those_of_two),
		cmocka_unit_test(blocks_of_two), cmocka_unit_test(distributions), cmocka_unit_test(ranges), cmocka_unit_test(shares),
		cmocka_unit_test(spread),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
