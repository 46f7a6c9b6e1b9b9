/* After a Cox fit: hand-worked residuals and hazards, invariants of the tests and curves, refusals. */
#include "tests/unit/test.h"

#include "yogo/base/mem.h"
#include "yogo/stats/cox_check.h"

static const double time[] = { 1, 2, 3, 4 }, x[] = { 1, 0, 1, 0 };
static const uint8_t event[] = { 1, 1, 0, 1 };

static struct yg_cox fit(struct yg_cox_data *d, enum yg_cox_ties ties, const double *at)
{
	struct yg_cox r;
	const struct yg_cox_options o = { .ties = ties, .init = at, .max_iterations = at ? 0 : -1 };
	d->spans.strata = d->spans.strata ? d->spans.strata : 1;
	assert_int_equal(yg_cox_fit(d, &o, NULL, &r, NULL), YG_OK);
	return r;
}

static void residuals_at_zero_by_hand(void **unused)
{
	(void)unused;
	/* beta 0: hazard steps 1/4, 1/3, 1; means of x at risk 1/2, 1/3, 0.
	   Martingale: 1 - 1/4; 1 - 7/12; 0 - 7/12; 1 - 19/12.
	   Score of row 1: 1 - 1/2 - (1/4)(1 - 1/2) = 3/8; of row 3: -(1/4)(1/2) - (1/3)(2/3) = -25/72. */
	const double zero = 0;
	struct yg_cox_data d = { .spans = { .n = 4, .exit = time, .event = event }, .x = x, .p = 1 };
	struct yg_cox r = fit(&d, YG_COX_BRESLOW, &zero);
	double v[4];
	assert_int_equal(yg_cox_residuals(&d, &r, YG_COX_MARTINGALE, NULL, v, NULL), YG_OK);
	const double martingale[] = { 0.75, 5.0 / 12, -7.0 / 12, -7.0 / 12 };
	for (int i = 0; i < 4; i++)
		yg_assert_near(v[i], martingale[i], 1e-15);
	assert_int_equal(yg_cox_residuals(&d, &r, YG_COX_SCORE, NULL, v, NULL), YG_OK);
	yg_assert_near(v[0], 0.375, 1e-15);
	yg_assert_near(v[2], -25.0 / 72, 1e-15);
	struct yg_cox_schoenfeld s;
	assert_int_equal(yg_cox_schoenfeld(&d, &r, false, NULL, &s, NULL), YG_OK);
	assert_true(s.m == 3 && s.row[1] == 1 && s.time[2] == 4);
	yg_assert_near(s.value[0], 0.5, 1e-15);
	yg_assert_near(s.value[1], -1.0 / 3, 1e-15);
	yg_cox_schoenfeld_release(&s);
	/* Baseline hazard at x = 0 and its variance: sum of squares plus (integral of mean - x)^2 var(beta). */
	struct yg_cox_curve c;
	const struct yg_cox_curve_request at = { &zero, 0, 0, YG_KM_LOG, 0.95, false };
	assert_int_equal(yg_cox_curve_fit(&d, &r, &at, NULL, &c, NULL), YG_OK);
	yg_assert_near(c.cumhaz[2], 19.0 / 12, 1e-15);
	double shift = 0.5 / 4 + 1.0 / 9, variance = 1.0 / 16 + 1.0 / 9 + shift * shift / (0.25 + 2.0 / 9);
	yg_assert_near(c.se_cumhaz[1], sqrt(variance), 1e-15);
	assert_true(c.n_risk[0] == 4 && c.n_risk[1] == 3 && c.n_event[2] == 1);
	yg_cox_curve_release(&c);
	yg_cox_release(&r);
}

static void the_product_limit_is_kaplan_meier_without_covariates(void **unused)
{
	(void)unused;
	const double tied[] = { 1, 1, 2, 3, 3, 3, 4 }, one[] = { 0, 1, 0, 1, 0, 1, 0 }, zero = 0;
	const uint8_t dead[] = { 1, 1, 0, 1, 1, 0, 1 };
	struct yg_cox_data d = { .spans = { .n = 7, .exit = tied, .event = dead }, .x = one, .p = 1 };
	struct yg_cox r = fit(&d, YG_COX_EFRON, &zero);
	struct yg_cox_curve c;
	const struct yg_cox_curve_request at = { &zero, 0, 0, YG_KM_LOG, 0.95, true };
	assert_int_equal(yg_cox_curve_fit(&d, &r, &at, NULL, &c, NULL), YG_OK);
	yg_assert_near(c.surv[0], 5.0 / 7, 1e-14);
	yg_assert_near(c.surv[1], 5.0 / 7 * 0.5, 1e-14);
	assert_true(c.surv[2] == 0);
	yg_cox_curve_release(&c);
	yg_cox_release(&r);
}

enum { N = 2000 };
static double t2[N], x2[2 * N];
static uint8_t e2[N];

static void make(void)
{
	uint64_t s = 11;
	for (int i = 0; i < N; i++) {
		double u[4];
		for (int k = 0; k < 4; k++) {
			s = s * 6364136223846793005u + 1442695040888963407u;
			u[k] = ((double)(s >> 11) + 0.5) * 0x1p-53;
		}
		x2[2 * i] = u[0] < 0.5;
		x2[2 * i + 1] = u[1];
		/* the effect of the first column fades: hazards are not proportional in it */
		t2[i] = x2[2 * i] != 0 ? pow(-log(u[2]), 2) : -log(u[2]) * exp(-u[1]);
		e2[i] = u[3] < 0.8;
	}
}

static void a_fading_effect_is_found_in_its_term_only(void **unused)
{
	(void)unused;
	make();
	struct yg_cox_data d = { .spans = { .n = N, .exit = t2, .event = e2 }, .x = x2, .p = 2 };
	struct yg_cox r = fit(&d, YG_COX_EFRON, NULL);
	struct yg_cox_test test[2], global;
	const int term[] = { 0, 1 };
	for (int g = 0; g < 4; g++) {
		assert_int_equal(yg_cox_zph(&d, &r, (enum yg_cox_transform)g, term, 2, NULL, test, &global, NULL), YG_OK);
		assert_true(test[0].p < 1e-6 && test[1].p > 1e-4 && global.df == 2 && test[0].df == 1);
	}
	/* One term of both columns is the global test. */
	const int together[] = { 0, 0 };
	struct yg_cox_test both;
	assert_int_equal(yg_cox_zph(&d, &r, YG_COX_LOG, together, 1, NULL, &both, &global, NULL), YG_OK);
	yg_assert_near(both.chisq, global.chisq, 1e-12);
	/* Scaling time does not change the identity transform's test. */
	assert_int_equal(yg_cox_zph(&d, &r, YG_COX_IDENTITY, term, 2, NULL, test, &global, NULL), YG_OK);
	double before = test[0].chisq;
	for (int i = 0; i < N; i++)
		t2[i] *= 365.25;
	assert_int_equal(yg_cox_zph(&d, &r, YG_COX_IDENTITY, term, 2, NULL, test, &global, NULL), YG_OK);
	yg_assert_near(test[0].chisq, before, 1e-9);
	yg_cox_release(&r);
}

static double chisq_of(const struct yg_cox_data *d, const struct yg_cox *r)
{
	const int term[] = { 0, 0 };
	struct yg_cox_test test, global;
	assert_int_equal(yg_cox_zph(d, r, YG_COX_KM, term, 1, NULL, &test, &global, NULL), YG_OK);
	return global.chisq;
}

static void rows_kept_sorted_serve_each_fit_at_its_own_coefficients(void **unused)
{
	(void)unused;
	const double other[] = { 0.2, -0.3 };
	make();
	for (int i = 0; i < N; i++)
		t2[i] = ceil(20 * t2[i]); /* ties: Breslow's sums differ from Efron's */
	struct yg_cox_data d = { .spans = { .n = N, .exit = t2, .event = e2 }, .x = x2, .p = 2 };
	struct yg_cox r[] = { fit(&d, YG_COX_EFRON, NULL), fit(&d, YG_COX_EFRON, other), fit(&d, YG_COX_BRESLOW, NULL) };
	double alone[3];
	for (int k = 0; k < 3; k++)
		alone[k] = chisq_of(&d, &r[k]);
	assert_true(alone[0] != alone[1] && alone[0] != alone[2]);
	d.sorted = yg_cox_sorted_new();
	const int order[] = { 0, 0, 1, 2, 2, 0, 1, 0 };
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
		assert_true(chisq_of(&d, &r[order[i]]) == alone[order[i]]);
	struct yg_cox again = fit(&d, YG_COX_BRESLOW, NULL); /* a fit in between sets the rows elsewhere */
	assert_true(chisq_of(&d, &r[0]) == alone[0]);
	yg_cox_release(&again);
	yg_cox_sorted_free(d.sorted);
	for (int k = 0; k < 3; k++)
		yg_cox_release(&r[k]);
}

static void dfbeta_is_close_to_leaving_a_row_out(void **unused)
{
	(void)unused;
	make();
	struct yg_cox_data d = { .spans = { .n = N, .exit = t2, .event = e2 }, .x = x2, .p = 2 };
	struct yg_cox all = fit(&d, YG_COX_EFRON, NULL);
	double *v = yg_xalloc(2 * N, sizeof *v);
	assert_int_equal(yg_cox_residuals(&d, &all, YG_COX_DFBETA, NULL, v, NULL), YG_OK);
	d.spans.n = N - 1; /* the last row */
	struct yg_cox less = fit(&d, YG_COX_EFRON, NULL);
	for (int a = 0; a < 2; a++)
		yg_assert_near(all.beta[a] - less.beta[a], v[2 * (N - 1) + a], 0.05 * fabs(v[2 * (N - 1) + a]) + 1e-7);
	yg_free(v);
	yg_cox_release(&all);
	yg_cox_release(&less);
}

static void after_discrete_ties_there_is_nothing(void **unused)
{
	(void)unused;
	double v[4];
	struct yg_err err;
	struct yg_cox_data d = { .spans = { .n = 4, .exit = time, .event = event }, .x = x, .p = 1 };
	struct yg_cox r = fit(&d, YG_COX_DISCRETE, NULL);
	assert_int_equal(yg_cox_residuals(&d, &r, YG_COX_MARTINGALE, NULL, v, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-COX-004");
	yg_cox_release(&r);
	const double early[] = { 0, 2, 3, 4 };
	const int term = 0;
	struct yg_cox_test test, global;
	d.spans.exit = early;
	r = fit(&d, YG_COX_EFRON, NULL);
	assert_int_equal(yg_cox_zph(&d, &r, YG_COX_LOG, &term, 1, NULL, &test, &global, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-COX-005");
	yg_cox_release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(residuals_at_zero_by_hand),
		cmocka_unit_test(the_product_limit_is_kaplan_meier_without_covariates),
		cmocka_unit_test(a_fading_effect_is_found_in_its_term_only),
		cmocka_unit_test(rows_kept_sorted_serve_each_fit_at_its_own_coefficients),
		cmocka_unit_test(dfbeta_is_close_to_leaving_a_row_out),
		cmocka_unit_test(after_discrete_ties_there_is_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
