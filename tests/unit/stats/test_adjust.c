/* Multiplicity: each method on four p values worked by hand, and what must always hold. */
#include "tests/unit/test.h"

#include "yogo/stats/adjust.h"

/* p = .01 .04 .03 .005; ordered .005 .01 .03 .04, m = 4 */
static const double p[4] = { 0.01, 0.04, 0.03, 0.005 };

static void four_values_by_hand(void **state)
{
	double a[4];
	(void)state;

	yg_padjust(YG_PADJUST_BONFERRONI, p, 4, a);
	yg_assert_near(a[0], 0.04, 1e-15);
	yg_assert_near(a[1], 0.16, 1e-15);
	/* holm: 4*.005 = .02, 3*.01 = .03, 2*.03 = .06, max(.06, .04) = .06 */
	yg_padjust(YG_PADJUST_HOLM, p, 4, a);
	yg_assert_near(a[3], 0.02, 1e-15);
	yg_assert_near(a[0], 0.03, 1e-15);
	yg_assert_near(a[2], 0.06, 1e-15);
	yg_assert_near(a[1], 0.06, 1e-15);
	/* hochberg: from above: .04, min(.04, .06) = .04, min(.04, .03) = .03, min(.03, .02) = .02 */
	yg_padjust(YG_PADJUST_HOCHBERG, p, 4, a);
	yg_assert_near(a[1], 0.04, 1e-15);
	yg_assert_near(a[2], 0.04, 1e-15);
	yg_assert_near(a[0], 0.03, 1e-15);
	/* bh: .04, 4*.03/3 = .04, 4*.01/2 = .02, 4*.005 = .02 */
	yg_padjust(YG_PADJUST_BH, p, 4, a);
	yg_assert_near(a[1], 0.04, 1e-15);
	yg_assert_near(a[2], 0.04, 1e-15);
	yg_assert_near(a[0], 0.02, 1e-15);
	yg_assert_near(a[3], 0.02, 1e-15);
	/* by: times 1 + 1/2 + 1/3 + 1/4 = 25/12 */
	yg_padjust(YG_PADJUST_BY, p, 4, a);
	yg_assert_near(a[3], 0.02 * 25 / 12, 1e-14);
	/* R 4.2: p.adjust(p, "hommel") = .03 .04 .04 .02 */
	yg_padjust(YG_PADJUST_HOMMEL, p, 4, a);
	yg_assert_near(a[0], 0.03, 1e-15);
	yg_assert_near(a[1], 0.04, 1e-15);
	yg_assert_near(a[2], 0.04, 1e-15);
	yg_assert_near(a[3], 0.02, 1e-15);
}

static void a_test_not_made_does_not_count(void **state)
{
	double with[5] = { 0.01, NAN, 0.04, 0.03, 0.005 }, a[5], b[4];
	(void)state;

	yg_padjust(YG_PADJUST_HOLM, with, 5, a);
	yg_padjust(YG_PADJUST_HOLM, p, 4, b);
	assert_true(isnan(a[1]));
	assert_true(a[0] == b[0] && a[2] == b[1] && a[3] == b[2] && a[4] == b[3]);
}

static void one_none_and_the_order_of_strictness(void **state)
{
	double many[40], holm[40], hochberg[40], hommel[40], bonferroni[40], one = 0.2, out;
	(void)state;

	for (size_t i = 0; i < 40; i++)
		many[i] = fmod(0.37 * (double)(i * i + 1), 1) * 0.2;
	yg_padjust(YG_PADJUST_BONFERRONI, many, 40, bonferroni);
	yg_padjust(YG_PADJUST_HOLM, many, 40, holm);
	yg_padjust(YG_PADJUST_HOCHBERG, many, 40, hochberg);
	yg_padjust(YG_PADJUST_HOMMEL, many, 40, hommel);
	for (size_t i = 0; i < 40; i++) {
		assert_true(bonferroni[i] >= holm[i]);
		assert_true(holm[i] >= hochberg[i]);
		assert_true(hochberg[i] >= hommel[i] - 1e-15);
		assert_true(hommel[i] >= many[i] && bonferroni[i] <= 1);
	}
	for (int m = YG_PADJUST_NONE; m <= YG_PADJUST_BY; m++) {
		yg_padjust((enum yg_padjust)m, &one, 1, &out);
		assert_true(out == 0.2);
		yg_padjust((enum yg_padjust)m, NULL, 0, NULL);
	}
}

static void words(void **state)
{
	enum yg_padjust m;
	(void)state;

	assert_true(yg_padjust_parse("fdr", &m) && m == YG_PADJUST_BH);
	assert_true(yg_padjust_parse("holm", &m) && m == YG_PADJUST_HOLM);
	assert_false(yg_padjust_parse("scheffe", &m));
	assert_string_equal(yg_padjust_name(YG_PADJUST_BY), "Benjamini-Yekutieli");
	assert_string_equal(yg_padjust_word(YG_PADJUST_HOMMEL), "hommel");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(four_values_by_hand),
		cmocka_unit_test(a_test_not_made_does_not_count),
		cmocka_unit_test(one_none_and_the_order_of_strictness),
		cmocka_unit_test(words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
