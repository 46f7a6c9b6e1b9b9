/*
 * Distributions against R 4.2 (pt, pchisq, ... with %.17g) and against 60-digit values where R itself is short of digits;
 * both tails, far out, with huge degrees of freedom; quantiles undo their tails; nonsense in gives NaN out.
 */
#include "tests/unit/test.h"

#include "yogo/num/dist.h"

static void rel(double actual, double expected, double tolerance, int line)
{
	if (fabs(actual - expected) <= tolerance * fabs(expected))
		return;
	print_error("line %d: %.17g, expected %.17g\n", line, actual, expected);
	fail();
}
#define REL(a, e) rel((a), (e), 2e-13, __LINE__)

static void test_tails_agree_with_r(void **state)
{
	(void)state;
	REL(yg_normal_upper(1.96), 0.024997895148220435);
	REL(yg_normal_upper(30), 4.9067139271481872e-198);
	REL(yg_normal_two_sided(-1.96), 0.04999579029644087);
	REL(yg_t_upper(2, 5), 0.050969739414929105);
	REL(yg_t_upper(40, 2.5), 7.0978171452466926e-05);
	REL(yg_chisq_upper(3.84, 1), 0.050043521248705203);
	REL(yg_f_upper(3, 2, 1e5), 0.049791549226419235);
	REL(yg_f_upper(4, 3, 20), 0.022076999662362429);
	REL(yg_beta_cdf(0.3, 2, 7), 0.74470166999999998);
	REL(yg_binomial_cdf(3, 10, 0.3), 0.6496107184);
	REL(yg_poisson_cdf(2, 3), 0.42319008112684353);
}

static void test_t_is_right_where_expansions_are_not(void **state)
{
	(void)state;
	/* Computed with 60 digits from the incomplete beta function. */
	REL(yg_t_upper(2, 1e6), 0.0227502669256596042105925308533451465466709770651291674075004);
	REL(yg_t_upper(2, 1e8), 0.0227501332979533764414109768168939453865186917900954848370981);
	REL(yg_t_quantile_upper(1e-8, 0.3), 13958120070682975365821321.1978532153547083677968601097788469);
	REL(yg_t_upper(5, INFINITY), yg_normal_upper(5));
	REL(yg_t_cdf(-1, 1), 0.25);
	REL(yg_t_density(0, 1), 0.31830988618379067);
}

static void test_quantiles_undo_tails(void **state)
{
	static const double q[] = { 1e-30, 1e-8, 0.001, 0.025, 0.3, 0.5, 0.9 }, df[] = { 0.5, 1, 2, 3.7, 29, 1000, 1e6 };
	(void)state;
	for (size_t i = 0; i < sizeof q / sizeof *q; i++)
		for (size_t j = 0; j < sizeof df / sizeof *df; j++) {
			rel(yg_t_upper(yg_t_quantile_upper(q[i], df[j]), df[j]), q[i], 1e-11, __LINE__);
			rel(yg_chisq_upper(yg_chisq_quantile_upper(q[i], df[j]), df[j]), q[i], 1e-9, __LINE__);
			rel(yg_chisq_cdf(yg_chisq_quantile(q[i], df[j]), df[j]), q[i], 1e-9, __LINE__);
			rel(yg_f_upper(yg_f_quantile_upper(q[i], 3, df[j]), 3, df[j]), q[i], 1e-9, __LINE__);
			rel(yg_beta_cdf(yg_beta_quantile(q[i], 2.5, df[j]), 2.5, df[j]), q[i], 1e-9, __LINE__);
		}
	rel(yg_normal_quantile(0.975), 1.9599639845400545, 1e-15, __LINE__);
	rel(yg_t_quantile(0.975, 183), 1.9730119151362648, 1e-14, __LINE__);
	rel(yg_chisq_quantile_upper(0.05, 1), 3.8414588206941236, 1e-14, __LINE__);
	assert_true(yg_t_quantile(0.5, 7) == 0);
	assert_true(isinf(yg_t_quantile_upper(0, 3)) && yg_beta_quantile(1, 2, 3) == 1);
}

static void test_discrete_sums_to_one(void **state)
{
	double sum = 0;
	(void)state;
	for (int64_t k = 0; k <= 12; k++) {
		sum += yg_hypergeometric_pmf(k, 20, 35, 12);
		rel(yg_hypergeometric_cdf(k, 20, 35, 12), sum, 1e-13, __LINE__);
		rel(yg_hypergeometric_cdf(k, 20, 35, 12) + yg_hypergeometric_upper(k, 20, 35, 12), 1, 1e-13, __LINE__);
		rel(yg_hypergeometric_log_pmf(k, 20, 35, 12),
		    yg_lchoose(20, k) + yg_lchoose(35, 12 - k) - yg_lchoose(55, 12), 1e-12, __LINE__);
	}
	assert_true(yg_hypergeometric_pmf(13, 20, 35, 12) == 0);
	sum = 0;
	for (int64_t k = 0; k <= 40; k++) {
		sum += yg_binomial_pmf(k, 40, 0.03);
		rel(yg_binomial_cdf(k, 40, 0.03), sum, 1e-13, __LINE__);
	}
	rel(yg_poisson_upper(2, 3) + yg_poisson_cdf(2, 3), 1, 1e-15, __LINE__);
	rel(exp(yg_lchoose(10, 3)), 120, 1e-14, __LINE__);
}

static void test_nonsense_is_nan(void **state)
{
	(void)state;
	assert_true(isnan(yg_t_cdf(1, 0)) && isnan(yg_t_cdf(NAN, 3)) && isnan(yg_chisq_upper(1, -1)));
	assert_true(isnan(yg_f_quantile(1.5, 1, 1)) && isnan(yg_beta_cdf(0.5, 0, 1)) && isnan(yg_normal_quantile(-0.1)));
	assert_true(isnan(yg_binomial_pmf(1, 3, 1.5)) && isnan(yg_hypergeometric_pmf(1, 2, 3, 9)) && isnan(yg_lgamma(-1)));
	assert_true(yg_chisq_upper(INFINITY, 2) == 0 && yg_chisq_cdf(-1, 2) == 0 && yg_f_upper(INFINITY, 2, 3) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tails_agree_with_r),
		cmocka_unit_test(test_t_is_right_where_expansions_are_not),
		cmocka_unit_test(test_quantiles_undo_tails),
		cmocka_unit_test(test_discrete_sums_to_one),
		cmocka_unit_test(test_nonsense_is_nan),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
