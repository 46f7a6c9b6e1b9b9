/* Tests against a reference: tables worked by hand, clusters, pairs, partial verification. */
#include "tests/unit/test.h"

#include <string.h>

#include "yogo/num/dist.h"
#include "yogo/stats/diagnostic.h"

#define Z 1.959963984540054

static void measures_by_hand(void **state)
{
	/* 80 of 100 diseased and 30 of 150 healthy are positive. */
	static const double n[4] = { 80, 30, 20, 120 };
	struct yg_diag_measure m[YG_DIAG_COUNT];
	struct yg_interval ppv, npv;
	(void)state;
	yg_diagnostic(n, 0.95, YG_CI_WALD, m);
	yg_assert_near(m[YG_DIAG_SENSITIVITY].estimate, 0.8, 1e-15);
	yg_assert_near(m[YG_DIAG_SENSITIVITY].lower, 0.8 - Z * sqrt(0.8 * 0.2 / 100), 1e-12);
	yg_assert_near(m[YG_DIAG_SPECIFICITY].estimate, 0.8, 1e-15);
	yg_assert_near(m[YG_DIAG_PPV].estimate, 8.0 / 11, 1e-15);
	yg_assert_near(m[YG_DIAG_NPV].estimate, 6.0 / 7, 1e-15);
	yg_assert_near(m[YG_DIAG_ACCURACY].estimate, 0.8, 1e-15);
	yg_assert_near(m[YG_DIAG_PREVALENCE].estimate, 0.4, 1e-15);
	yg_assert_near(m[YG_DIAG_LR_POSITIVE].estimate, 4, 1e-14);
	/* variance of its logarithm: 0.2 / 80 + 0.8 / 30 */
	yg_assert_near(m[YG_DIAG_LR_POSITIVE].upper, 4 * exp(Z * sqrt(0.2 / 80 + 0.8 / 30)), 1e-12);
	yg_assert_near(m[YG_DIAG_LR_NEGATIVE].estimate, 0.25, 1e-14);
	yg_assert_near(m[YG_DIAG_ODDS_RATIO].estimate, 16, 1e-13);
	yg_assert_near(m[YG_DIAG_YOUDEN].estimate, 0.6, 1e-14);
	yg_assert_near(m[YG_DIAG_YOUDEN].upper, 0.6 + Z * sqrt(0.16 / 100 + 0.16 / 150), 1e-12);
	/* At the prevalence of the rows the predictive values are those of the rows; at 0.1 by Bayes: 8 / (8 + 18). */
	yg_diag_predictive(m, 0.4, &ppv, &npv);
	yg_assert_near(ppv.estimate, 8.0 / 11, 1e-14);
	yg_assert_near(npv.estimate, 6.0 / 7, 1e-14);
	yg_diag_predictive(m, 0.1, &ppv, &npv);
	yg_assert_near(ppv.estimate, 8.0 / 26, 1e-14);
	yg_assert_near(npv.estimate, 72.0 / 74, 1e-14);
	assert_true(ppv.lower < ppv.estimate && ppv.estimate < ppv.upper);
	assert_true(npv.lower < npv.estimate && npv.estimate < npv.upper);
}

/* Every row twice in its cluster says no more than once. */
static void clusters_count_once(void **state)
{
	static double once[200 * 4], twice[200 * 4];
	struct yg_diag_measure a[YG_DIAG_COUNT], b[YG_DIAG_COUNT], plain[YG_DIAG_COUNT];
	double n[4] = { 0, 0, 0, 0 };
	(void)state;
	for (int i = 0; i < 200; i++) {
		int cell = i % 2 ? (i % 10 < 7 ? 0 : 2) : (i % 8 < 5 ? 3 : 1);
		once[4 * i + cell] = 1;
		twice[4 * i + cell] = 2;
		n[cell]++;
	}
	yg_diagnostic(n, 0.95, YG_CI_WALD, plain);
	yg_diagnostic_clustered(once, 200, 0.95, YG_CI_WALD, a);
	yg_diagnostic_clustered(twice, 200, 0.95, YG_CI_WALD, b);
	for (int k = 0; k < YG_DIAG_COUNT; k++) {
		yg_assert_near(a[k].estimate, plain[k].estimate, 1e-14);
		yg_assert_near(b[k].estimate, plain[k].estimate, 1e-14);
		/* but for m / (m - 1) the limits are those of single rows */
		yg_assert_near(a[k].lower, plain[k].lower, 0.02);
		yg_assert_near(b[k].lower, a[k].lower, 1e-12);
		yg_assert_near(b[k].upper, a[k].upper, 1e-12);
	}
}

/* The ratio estimator by hand: clusters 2/2, 1/2, 0/1 of positive among diseased: p = 3/5, residuals 4/5 -1/5 -3/5. */
static void cluster_variance_by_hand(void **state)
{
	static const double count[12] = { 2, 0, 0, 1, 1, 1, 1, 0, 0, 0, 1, 3 };
	struct yg_diag_measure m[YG_DIAG_COUNT];
	(void)state;
	yg_diagnostic_clustered(count, 3, 0.95, YG_CI_WALD, m);
	double variance = 3.0 / 2 * (16 + 1 + 9) / 25 / 25;
	yg_assert_near(m[YG_DIAG_SENSITIVITY].estimate, 0.6, 1e-15);
	yg_assert_near(m[YG_DIAG_SENSITIVITY].lower, fmax(0, 0.6 - Z * sqrt(variance)), 1e-12);
}

static void two_tests_by_hand(void **state)
{
	/* by [4 d + 2 first + second]: healthy none 50, second 8, first 4, both 6; diseased none 4, second 3, first 5, both 20 */
	static const double count[8] = { 50, 8, 4, 6, 4, 3, 5, 20 };
	static double split[91 * 8];
	struct yg_diag_difference d[4], c[4];
	size_t at = 0;
	(void)state;
	yg_diag_compare(count, 0, 0.95, d);
	yg_assert_near(d[0].first, 25.0 / 32, 1e-15);
	yg_assert_near(d[0].second, 23.0 / 32, 1e-15);
	yg_assert_near(d[0].statistic, 4.0 / 8, 1e-14);
	yg_assert_near(d[0].exact_p, 186.0 / 256, 1e-12);              /* 2 (1 + 8 + 28 + 56) / 256 */
	yg_assert_near(d[1].first, 58.0 / 68, 1e-15);
	yg_assert_near(d[1].statistic, 16.0 / 12, 1e-14);
	/* Predictive values: 25/35 and 23/37, pooled 2/3; both positive: 20 right, 6 wrong. */
	double p = 2.0 / 3, v = p * (1 - p) * (1.0 / 35 + 1.0 / 37) - 2 * (20 * (1 - p) * (1 - p) + 6 * p * p) / (35 * 37);
	double diff = 25.0 / 35 - 23.0 / 37;
	yg_assert_near(d[2].difference, diff, 1e-14);
	yg_assert_near(d[2].statistic, diff * diff / v, 1e-12);
	/* 54 of 65 and 58 of 63 ... negative: 54 = 50 + 8 - 4 of the first's healthy */
	yg_assert_near(d[3].first, 58.0 / 65, 1e-14);
	yg_assert_near(d[3].second, 54.0 / 63, 1e-14);
	/* The other way round all differences change their sign. */
	static const double turned[8] = { 50, 4, 8, 6, 4, 5, 3, 20 };
	yg_diag_compare(turned, 0, 0.95, c);
	for (int k = 0; k < 4; k++) {
		yg_assert_near(c[k].difference, -d[k].difference, 1e-14);
		yg_assert_near(c[k].statistic, d[k].statistic, 1e-12);
		yg_assert_near(c[k].lower, -d[k].upper, 1e-12);
	}
	/* Clusters of one: Wald's test, close to the others. */
	for (int cell = 0; cell < 8; cell++)
		for (int k = 0; k < (int)count[cell] && at < 91; k++)
			split[8 * at++ + (size_t)cell] = 1;
	double total[8] = { 0 };
	for (size_t i = 0; i < at; i++)
		for (int k = 0; k < 8; k++)
			total[k] += split[8 * i + (size_t)k];
	yg_diag_compare(total, 0, 0.95, d);
	yg_diag_compare(split, at, 0.95, c);
	for (int k = 0; k < 4; k++) {
		yg_assert_near(c[k].difference, d[k].difference, 1e-14);
		yg_assert_near(c[k].p, d[k].p, 0.1);
		assert_true(isnan(c[k].exact_p));
	}
}

/* Tests that always agree have no discordant pair. */
static void tests_that_agree(void **state)
{
	static const double count[8] = { 30, 0, 0, 5, 4, 0, 0, 40 };
	struct yg_diag_difference d[4];
	(void)state;
	yg_diag_compare(count, 0, 0.95, d);
	for (int k = 0; k < 4; k++) {
		yg_assert_near(d[k].difference, 0, 0);
		assert_true(isnan(d[k].p) || d[k].p == 1);
		assert_true(!isnan(d[k].p) || d[k].problem);
	}
}

/*
 * Begg and Greenes's scan of the liver: 231 diseased and 32 healthy of 429 with a positive test were verified, 27 and 54 of
 * 221 with a negative one.  sensitivity = (429 231/263) / (429 231/263 + 221 27/81) = 0.8365, specificity 0.7379; the
 * variance of the logit of the sensitivity is 650 / (429 221) + (32/263) / 231 + (54/81) / 27.
 */
#define SCAN 650
static void scan_of_the_liver(uint8_t *y, uint8_t *test)
{
	static const int number[6] = { 231, 32, 166, 27, 54, 140 };
	int at = 0;
	for (int k = 0; k < 6; k++)
		for (int i = 0; i < number[k]; i++, at++) {
			test[at] = k < 3;
			y[at] = (uint8_t)(k % 3 == 0 ? 1 : k % 3 == 1 ? 0 : 2);
		}
}

static void verification_by_hand(void **state)
{
	static uint8_t y[SCAN], test[SCAN];
	static double x[SCAN * 2];
	struct yg_verify_data d = { .n = SCAN, .y = y, .test = test };
	struct yg_diag_measure m[YG_DIAG_COUNT], again[YG_DIAG_COUNT];
	(void)state;
	scan_of_the_liver(y, test);
	assert_int_equal(yg_verify_correct(&d, 0.95, YG_CI_WALD, NULL, m, NULL), YG_OK);
	double a = 429 * 231.0 / 263, b = 221 * 27.0 / 81, c = 221 * 54.0 / 81, e = 429 * 32.0 / 263, se = a / (a + b);
	yg_assert_near(m[YG_DIAG_SENSITIVITY].estimate, se, 1e-13);
	yg_assert_near(m[YG_DIAG_SPECIFICITY].estimate, c / (c + e), 1e-13);
	yg_assert_near(m[YG_DIAG_PPV].estimate, 231.0 / 263, 1e-13);
	yg_assert_near(m[YG_DIAG_NPV].estimate, 54.0 / 81, 1e-13);
	yg_assert_near(m[YG_DIAG_PREVALENCE].estimate, (a + b) / SCAN, 1e-13);
	double logit = 650.0 / (429.0 * 221) + 32.0 / 263 / 231 + 54.0 / 81 / 27, sd = se * (1 - se) * sqrt(logit);
	yg_assert_near(m[YG_DIAG_SENSITIVITY].lower, se - Z * sd, 1e-10);
	/* Predictive values know only those verified. */
	yg_assert_near(m[YG_DIAG_PPV].lower, 231.0 / 263 - Z * sqrt(231.0 * 32 / 263 / 263 / 263), 1e-10);
	/* A logistic model with the test alone is the same. */
	for (int i = 0; i < SCAN; i++) {
		x[2 * i] = 1;
		x[2 * i + 1] = test[i];
	}
	d.x = x;
	d.p = 2;
	assert_int_equal(yg_verify_correct(&d, 0.95, YG_CI_WALD, NULL, again, NULL), YG_OK);
	for (int k = 0; k < YG_DIAG_COUNT; k++) {
		if (isnan(m[k].estimate))
			continue;
		yg_assert_near(again[k].estimate, m[k].estimate, 1e-9);
		yg_assert_near(again[k].lower, m[k].lower, 1e-7);
		yg_assert_near(again[k].upper, m[k].upper, 1e-7);
	}
}

/* With everybody verified there is nothing to correct. */
static void nothing_to_correct(void **state)
{
	static uint8_t y[250], test[250];
	static const double n[4] = { 80, 30, 20, 120 };
	struct yg_verify_data d = { .n = 250, .y = y, .test = test };
	struct yg_diag_measure m[YG_DIAG_COUNT], plain[YG_DIAG_COUNT];
	int at = 0;
	(void)state;
	for (int cell = 0; cell < 4; cell++)
		for (int i = 0; i < (int)n[cell]; i++, at++) {
			test[at] = cell < 2;
			y[at] = cell % 2 == 0;
		}
	yg_diagnostic(n, 0.95, YG_CI_WILSON, plain);
	assert_int_equal(yg_verify_correct(&d, 0.95, YG_CI_WILSON, NULL, m, NULL), YG_OK);
	for (int k = 0; k <= YG_DIAG_NPV; k++) {
		yg_assert_near(m[k].estimate, plain[k].estimate, 1e-13);
		yg_assert_near(m[k].lower, plain[k].lower, 1e-10);
		yg_assert_near(m[k].upper, plain[k].upper, 1e-10);
	}
}

static void what_cannot_be_said(void **state)
{
	static const uint8_t y[4] = { 1, 0, 2, 2 }, test[4] = { 1, 1, 0, 0 };
	static const double none[4] = { 0, 0, 5, 5 }, healthy[4] = { 0, 3, 0, 7 };
	struct yg_verify_data d = { .n = 4, .y = y, .test = test };
	struct yg_diag_measure m[YG_DIAG_COUNT];
	struct yg_err err = { 0 };
	(void)state;
	assert_int_equal(yg_verify_correct(&d, 0.95, YG_CI_WILSON, NULL, m, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-ACC-023");
	/* Nobody positive: no predictive value of it, a sensitivity of 0 with limits. */
	yg_diagnostic(none, 0.95, YG_CI_WILSON, m);
	yg_assert_near(m[YG_DIAG_SENSITIVITY].estimate, 0, 0);
	assert_true(m[YG_DIAG_SENSITIVITY].upper > 0);
	assert_true(isnan(m[YG_DIAG_PPV].estimate));
	assert_true(isnan(m[YG_DIAG_LR_POSITIVE].estimate));
	assert_true(isnan(m[YG_DIAG_ODDS_RATIO].estimate));
	/* Nobody diseased. */
	yg_diagnostic(healthy, 0.95, YG_CI_EXACT, m);
	assert_true(isnan(m[YG_DIAG_SENSITIVITY].estimate));
	assert_true(isnan(m[YG_DIAG_YOUDEN].estimate));
	yg_assert_near(m[YG_DIAG_SPECIFICITY].estimate, 0.7, 1e-15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(measures_by_hand),
		cmocka_unit_test(clusters_count_once),
		cmocka_unit_test(cluster_variance_by_hand),
		cmocka_unit_test(two_tests_by_hand),
		cmocka_unit_test(tests_that_agree),
		cmocka_unit_test(verification_by_hand),
		cmocka_unit_test(nothing_to_correct),
		cmocka_unit_test(what_cannot_be_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
