/* The elementary functions against long double: errors in units of the last place, special cases,
   and the promise that arrays and scalars, and libgsl's calls, give the same bits. */
#include "tests/unit/test.h"

#include <gsl/gsl_sf_log.h>

#include "yogo/num/elementary.h"

static uint64_t state = 88172645463325252u;

static double uniform(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (double)(state >> 11) * 0x1p-53;
}

/* |got - exact| in units of the last place of got (subnormals: of the smallest). */
static double ulps(double got, long double exact)
{
	if (isinf(got))
		return fabsl(exact) > 1.797693134862315807e308L ? 0 : INFINITY;
	int e;
	frexp(got, &e);
	if (e < -1021)
		e = -1021;
	return (double)(fabsl((long double)got - exact) / ldexpl(1, e - 53));
}

static void sweep(const char *name, double (*f)(double), long double (*exact)(long double), double from, double to,
                  int logarithmic, double limit)
{
	double worst = 0, at = 0;
	for (int i = 0; i < 100000; i++) {
		double x = logarithmic ? from * (double)powl((long double)to / from, uniform()) : from + (to - from) * uniform();
		double u = ulps(f(x), exact(x));
		if (!(u <= worst)) {
			worst = u;
			at = x;
		}
	}
	if (!(worst < limit))
		print_error("%s on [%g, %g]: %.4f ulp at %.17g\n", name, from, to, worst, at);
	assert_true(worst < limit);
}

static void errors_stay_near_half_an_ulp(void **unused)
{
	(void)unused;
	sweep("exp", yg_exp, expl, -1, 1, 0, 0.52);
	sweep("exp", yg_exp, expl, -707, 709.7, 0, 0.52);
	sweep("exp", yg_exp, expl, -745, -708, 0, 0.52);
	sweep("exp", yg_exp, expl, 1e-300, 1, 1, 0.52);
	sweep("log", yg_log, logl, 0.9, 1.1, 0, 0.53);
	sweep("log", yg_log, logl, 0.98, 1.02, 0, 0.53);
	sweep("log", yg_log, logl, 1e-300, 1e300, 1, 0.52);
	sweep("log", yg_log, logl, 5e-324, 1e-308, 1, 0.52);
	sweep("log1p", yg_log1p, log1pl, -0.02, 0.02, 0, 0.55);
	sweep("log1p", yg_log1p, log1pl, -0.999999, 3, 0, 0.6);
	sweep("log1p", yg_log1p, log1pl, 1e-20, 1e20, 1, 0.6);
	sweep("expm1", yg_expm1, expm1l, -0.13, 0.13, 0, 0.6);
	sweep("expm1", yg_expm1, expm1l, -2, 2, 0, 0.6);
	sweep("expm1", yg_expm1, expm1l, -50, 709, 0, 0.6);
	sweep("expm1", yg_expm1, expm1l, 1e-20, 1, 1, 0.6);
}

static void powers_are_right_to_the_last_place(void **unused)
{
	(void)unused;
	double worst = 0, at = 0, by = 0;
	for (int i = 0; i < 300000; i++) {
		double x = i % 3 == 0 ? 0.5 + uniform() : (double)powl(10, 600 * (long double)uniform() - 300);
		double limit = 744 / fabs((double)logl(x));
		double y = i % 3 == 1 ? 10 * uniform() - 5 : limit * (2 * uniform() - 1);
		long double exact = powl(x, y);
		double u = ulps(yg_pow(x, y), exact);
		if (!(u <= worst)) {
			worst = u;
			at = x;
			by = y;
		}
	}
	/* powl itself is good to a thousandth of our last place. */
	if (!(worst < 0.6))
		print_error("pow: %.4f ulp at %.17g ^ %.17g\n", worst, at, by);
	assert_true(worst < 0.6);
}

static void special_cases_follow_the_standard(void **unused)
{
	(void)unused;
	assert_true(yg_exp(0) == 1 && yg_exp(-0.0) == 1 && yg_exp(-INFINITY) == 0 && isinf(yg_exp(INFINITY)));
	assert_true(isnan(yg_exp(NAN)) && isinf(yg_exp(710)) && yg_exp(-746) == 0);
	assert_true(yg_exp(-745.1) == 5e-324 && yg_exp(0x1.62e42fefa39efp+9) < INFINITY);
	assert_true(yg_log(1) == 0 && isinf(yg_log(0)) && yg_log(0) < 0 && isnan(yg_log(-1)) && isnan(yg_log(NAN)));
	assert_true(isinf(yg_log(INFINITY)) && yg_log(5e-324) < -744);
	assert_true(yg_log1p(0) == 0 && signbit(yg_log1p(-0.0)) && isinf(yg_log1p(-1)) && isnan(yg_log1p(-1.1)));
	assert_true(isinf(yg_log1p(INFINITY)) && isnan(yg_log1p(NAN)) && yg_log1p(1e-300) == 1e-300);
	assert_true(yg_expm1(0) == 0 && signbit(yg_expm1(-0.0)) && yg_expm1(-INFINITY) == -1 && isinf(yg_expm1(710)));
	assert_true(isnan(yg_expm1(NAN)) && yg_expm1(-100) == -1);
	static const double grid[] = { -INFINITY, -1e300, -3, -2.5, -1, -0.5, -0.0, 0.0, 5e-324, 0.5, 1, 2, 3, 1e300,
		                       INFINITY, NAN, 0x1p53, 0x1p53 + 2, -0x1p53, 1e19, -1e19, 1e-30 };
	for (size_t i = 0; i < sizeof grid / sizeof grid[0]; i++)
		for (size_t j = 0; j < sizeof grid / sizeof grid[0]; j++) {
			double got = yg_pow(grid[i], grid[j]);
			double want = (double)powl(grid[i], grid[j]);
			if (isnan(want))
				assert_true(isnan(got));
			else
				assert_true(ulps(got, powl(grid[i], grid[j])) < 0.6 && signbit(got) == signbit(want));
		}
}

static void exact_powers_are_exact(void **unused)
{
	(void)unused;
	for (int i = -30; i <= 30; i++)
		assert_true(yg_pow(2, i) == ldexp(1, i));
	assert_true(yg_pow(10, 15) == 1e15 && yg_pow(3, 4) == 81 && yg_pow(0.5, 3) == 0.125 && yg_pow(-2, 3) == -8);
	assert_true(yg_pow(6.25, 0.5) == 2.5);
}

static void arrays_give_the_scalars_bits(void **unused)
{
	(void)unused;
	double x[1003], y[1003];
	for (int i = 0; i < 1003; i++)
		x[i] = i % 97 == 0 ? 700 + 20 * uniform() : 40 * uniform() - 20;
	x[400] = NAN;
	x[401] = -INFINITY;
	x[402] = 1e-320;
	yg_exp_array(x, y, 1003);
	for (int i = 0; i < 1003; i++) {
		double want = yg_exp(x[i]);
		assert_memory_equal(&y[i], &want, sizeof want);
	}
}

static void circular_functions_are_good_to_an_ulp_of_one(void **unused)
{
	(void)unused;
	for (int i = 0; i < 100000; i++) {
		double x = 20 * uniform() - 10;
		yg_assert_near(yg_sin(x), (double)sinl(x), 2.3e-16);
		yg_assert_near(yg_cos(x), (double)cosl(x), 2.3e-16);
	}
	assert_true(isnan(yg_sin(INFINITY)) && isnan(yg_cos(1e9)));
}

static void shared_libraries_find_them_under_the_c_names(void **unused)
{
	(void)unused;
	assert_true(yg_elementary_owns_c_names());
	for (int i = 0; i < 1000; i++) {
		double x = 10 * uniform();
		assert_true(gsl_sf_log(x) == yg_log(x));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(errors_stay_near_half_an_ulp),
		cmocka_unit_test(powers_are_right_to_the_last_place),
		cmocka_unit_test(special_cases_follow_the_standard),
		cmocka_unit_test(exact_powers_are_exact),
		cmocka_unit_test(arrays_give_the_scalars_bits),
		cmocka_unit_test(circular_functions_are_good_to_an_ulp_of_one),
		cmocka_unit_test(shared_libraries_find_them_under_the_c_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
