/* Fisher's exact test: the tea lady, R 4.2.2's fisher.test, larger tables, and its limit. */
#include "tests/unit/test.h"

#include "yogo/stats/crosstab.h"

static void the_tea_lady(void **state)
{
	const int64_t n[4] = { 3, 1, 1, 3 };
	struct yg_fisher f;
	(void)state;

	/* of C(8,4) = 70 choices: 1 + 16 with three or more right */
	yg_fisher_2x2(n, YG_GREATER, 0.95, &f);
	yg_assert_near(f.p, 17.0 / 70, 1e-13);
	yg_fisher_2x2(n, YG_TWO_SIDED, 0.95, &f);
	yg_assert_near(f.p, 34.0 / 70, 1e-13);
	/* R stops its root finder at 1e-4 on the scale of 1 / odds ratio (621.93 for the upper limit), so the
	   limits are checked by what defines them: P(X <= 3) and P(X >= 3) are 0.025 there */
	yg_assert_near(f.odds_ratio, 6.408309, 1e-5);
	yg_assert_near(f.lower, 0.2117329, 1e-4);
	double u = f.upper, below = 1 + 16 * u + 36 * u * u + 16 * u * u * u, u4 = u * u * u * u;
	yg_assert_near(below / (below + u4), 0.025, 1e-13);
	double l = f.lower, above = 16 * l * l * l + l * l * l * l;
	yg_assert_near(above / (1 + 16 * l + 36 * l * l + above), 0.025, 1e-13);
	/* the conditional mean at the estimate is the cell seen: sum of x w / sum of w with w = C(4,x)^2 psi^x */
	double top = 0, bottom = 0, choose[5] = { 1, 4, 6, 4, 1 };
	for (int k = 0; k < 5; k++) {
		double w = choose[k] * choose[k] * pow(f.odds_ratio, k);
		top += k * w;
		bottom += w;
	}
	yg_assert_near(top / bottom, 3, 1e-12);
}

static void one_sided_and_reversed(void **state)
{
	const int64_t n[4] = { 8, 2, 1, 5 }, turned[4] = { 2, 8, 5, 1 };
	struct yg_fisher f, g;
	(void)state;

	yg_fisher_2x2(n, YG_TWO_SIDED, 0.95, &f);
	yg_assert_near(f.p, 0.034965034965035, 1e-12);
	yg_assert_near(f.odds_ratio, 15.469687462886906, 1e-3);
	yg_fisher_2x2(turned, YG_TWO_SIDED, 0.95, &g);
	yg_assert_near(f.odds_ratio * g.odds_ratio, 1, 1e-12);
	yg_assert_near(f.lower * g.upper, 1, 1e-12);
	yg_fisher_2x2(n, YG_GREATER, 0.95, &f);
	yg_assert_near(f.p, 0.024475524475524, 1e-12);
	yg_assert_near(f.lower, 1.3715970890345712, 1e-4);
	assert_true(isinf(f.upper));
}

static void zero_cells_and_empty_lines(void **state)
{
	struct yg_fisher f;
	(void)state;

	yg_fisher_2x2((const int64_t[]){ 0, 5, 4, 3 }, YG_TWO_SIDED, 0.95, &f);
	assert_true(f.odds_ratio == 0 && f.lower == 0 && f.upper > 0 && isfinite(f.upper));
	yg_fisher_2x2((const int64_t[]){ 5, 0, 3, 4 }, YG_TWO_SIDED, 0.95, &f);
	assert_true(isinf(f.odds_ratio) && isinf(f.upper) && f.lower > 0);
	yg_fisher_2x2((const int64_t[]){ 0, 0, 3, 4 }, YG_TWO_SIDED, 0.95, &f);
	assert_true(f.p == 1 && f.problem);
}

static void larger_tables(void **state)
{
	const int64_t nine[9] = { 3, 1, 4, 1, 5, 9, 2, 6, 5 }, twelve[12] = { 3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8 };
	int64_t turned[12];
	double p, q;
	(void)state;

	assert_int_equal(yg_fisher_rxc(nine, 3, 3, NULL, &p, NULL), 0);
	yg_assert_near(p, 0.2823602287683537, 1e-12);
	assert_int_equal(yg_fisher_rxc(twelve, 3, 4, NULL, &p, NULL), 0);
	yg_assert_near(p, 0.16014049204619135, 1e-12);
	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 4; j++)
			turned[j * 3 + i] = twelve[i * 4 + j];
	assert_int_equal(yg_fisher_rxc(turned, 4, 3, NULL, &q, NULL), 0);
	yg_assert_near(p, q, 1e-12);
	/* a 2 x 2 in this way is the 2 x 2 */
	const int64_t n[4] = { 8, 2, 1, 5 };
	struct yg_fisher f;
	yg_fisher_2x2(n, YG_TWO_SIDED, 0.95, &f);
	assert_int_equal(yg_fisher_rxc(n, 2, 2, NULL, &p, NULL), 0);
	yg_assert_near(p, f.p, 1e-12);
	assert_int_equal(yg_fisher_rxc((const int64_t[]){ 3, 4 }, 1, 2, NULL, &p, NULL), 0);
	assert_true(p == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_tea_lady),
		cmocka_unit_test(one_sided_and_reversed),
		cmocka_unit_test(zero_cells_and_empty_lines),
		cmocka_unit_test(larger_tables),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
