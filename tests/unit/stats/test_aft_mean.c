/* The mean time of each distribution: against the area under its survival curve, and its error against differences. */
#include "tests/unit/test.h"

#include <math.h>
#include <string.h>

#include "yogo/base/mem.h"
#include "yogo/stats/aft.h"
#include "yogo/stats/royston_parmar.h"

#define N 40

/* Two groups of twenty, about Weibull's quantiles, every fifth censored. */
static void make(double *x, double *time, uint8_t *event)
{
	for (int i = 0; i < N; i++) {
		int k = i % 20;
		x[2 * i] = 1;
		x[2 * i + 1] = i >= 20;
		time[i] = 10 * pow(-log(1 - (k + 0.5) / 20), 0.6) * (1 + 0.02 * ((k * 7) % 11)) * (i >= 20 ? 1.6 : 1);
		event[i] = k % 5 != 4;
	}
}

static void fitted(enum yg_aft_dist dist, struct yg_aft *f)
{
	static double x[2 * N], time[N];
	static uint8_t event[N];
	make(x, time, event);
	struct yg_aft_data d = { .n = N, .p = 2, .x = x, .intercept = 0, .time = time, .event = event };
	struct yg_aft_options o = { .dist = dist };
	assert_int_equal(yg_aft_fit(&d, &o, NULL, f, NULL), YG_OK);
	assert_int_equal(f->stop, YG_AFT_CONVERGED);
}

/* Area under S by Simpson's rule in log t, where S falls smoothly to both sides. */
static double area(const struct yg_aft *f, double eta)
{
	double low = -16, high = 40, sum = 0;
	int steps = 200000;
	for (int k = 0; k <= steps; k++) {
		double y = low + (high - low) * k / steps, t = exp(y);
		sum += (k == 0 || k == steps ? 1 : k % 2 ? 4 : 2) * t * yg_aft_survival_at(f, eta, 0, t);
	}
	return exp(low) + sum * (high - low) / steps / 3;
}

static void move(struct yg_aft *f, size_t j, double by)
{
	f->theta[j] += by;
	if (f->scales && j == f->p)
		f->scale[0] = exp(f->theta[j]);
	if (f->shapes && j == f->p + f->scales)
		f->shape = f->theta[j];
}

static void the_mean_is_the_area(void **unused)
{
	(void)unused;
	static const enum yg_aft_dist dist[] = { YG_AFT_EXPONENTIAL, YG_AFT_WEIBULL, YG_AFT_RAYLEIGH, YG_AFT_LOGNORMAL, YG_AFT_LOGLOGISTIC,
		                                 YG_AFT_GAMMA, YG_AFT_GENGAMMA, YG_AFT_GOMPERTZ };
	for (size_t k = 0; k < sizeof dist / sizeof *dist; k++) {
		struct yg_aft f;
		struct yg_aft_value v;
		double x[] = { 1, 1 }, g[4], variance = 0;
		fitted(dist[k], &f);
		double eta = f.theta[0] + f.theta[1];
		yg_aft_mean(&f, x, 0, 0, &v);
		yg_assert_near(v.value, area(&f, eta), 1e-7);
		yg_assert_near(v.value, yg_aft_mean_at(&f, eta, 0), 1e-14);
		yg_assert_near(v.log_se, v.se / v.value, 1e-14);
		/* The delta method with derivatives by differences. */
		for (size_t j = 0; j < f.parameters; j++) {
			struct yg_aft_value up, down;
			double h = 1e-5;
			move(&f, j, h);
			yg_aft_mean(&f, x, 0, 0, &up);
			move(&f, j, -2 * h);
			yg_aft_mean(&f, x, 0, 0, &down);
			move(&f, j, h);
			g[j] = (up.value - down.value) / (2 * h);
		}
		for (size_t i = 0; i < f.parameters; i++)
			for (size_t j = 0; j < f.parameters; j++)
				variance += g[i] * f.var[i * f.parameters + j] * g[j];
		yg_assert_near(v.se, sqrt(variance), 1e-6);
		/* Quantiles at a linear predictor are those with errors. */
		yg_aft_quantile(&f, x, 0, 0, 0.3, &v);
		yg_assert_near(yg_aft_quantile_at(&f, eta, 0, 0.3), v.value, 1e-14);
		yg_assert_near(yg_aft_survival_at(&f, eta, 0, v.value), 0.7, 1e-12);
		yg_aft_release(&f);
	}
}

static void made(struct yg_aft *f, enum yg_aft_dist dist, double *scale, double shape)
{
	*f = (struct yg_aft){ .dist = dist, .strata = 1, .scale = scale, .shape = shape, .df = 4 };
}

static void by_hand(void **unused)
{
	(void)unused;
	struct yg_aft f;
	double s = 1;
	/* Exponential of rate 1/4: mean 4.  Rayleigh, S = exp(-t^2): sqrt(pi)/2.  Lognormal with s = 1: exp(1/2). */
	made(&f, YG_AFT_EXPONENTIAL, &s, 0);
	yg_assert_near(yg_aft_mean_at(&f, log(4), 0), 4, 1e-14);
	made(&f, YG_AFT_LOGNORMAL, &s, 0);
	yg_assert_near(yg_aft_mean_at(&f, 0, 0), exp(0.5), 1e-14);
	/* The log-logistic has no mean from scale 1 on; at 1/2 it is pi/2. */
	made(&f, YG_AFT_LOGLOGISTIC, &s, 0);
	assert_true(isinf(yg_aft_mean_at(&f, 0, 0)));
	s = 0.5;
	yg_assert_near(yg_aft_mean_at(&f, 0, 0), acos(-1) / 2, 1e-13);
	made(&f, YG_AFT_RAYLEIGH, &s, 0);
	yg_assert_near(yg_aft_mean_at(&f, 0, 0), sqrt(acos(-1)) / 2, 1e-13);
	/* Generalised gamma: Q = 1 the Weibull, Q = 0 the lognormal, Q = -1 the inverse Weibull, Gamma(1 - s). */
	made(&f, YG_AFT_GENGAMMA, &s, 1);
	yg_assert_near(yg_aft_mean_at(&f, 0, 0), sqrt(acos(-1)) / 2, 1e-13);
	f.shape = 0;
	yg_assert_near(yg_aft_mean_at(&f, 0, 0), exp(0.125), 1e-8);
	f.shape = -1;
	yg_assert_near(yg_aft_mean_at(&f, 0, 0), sqrt(acos(-1)), 1e-13);
	f.shape = -2;
	assert_true(isinf(yg_aft_mean_at(&f, 0, 0)));
	/* Both forms meet where one gives way to the other. */
	f.shape = 0.0999999;
	double below = yg_aft_mean_at(&f, 0, 0);
	f.shape = 0.1000001;
	yg_assert_near(yg_aft_mean_at(&f, 0, 0), below, 1e-7);
	/* Gompertz: exp(1) E1(1) = 0.596347362323194 (Abramowitz and Stegun, table 5.1); towards a = 0 the exponential. */
	made(&f, YG_AFT_GOMPERTZ, &s, 1);
	yg_assert_near(yg_aft_mean_at(&f, 0, 0), 0.596347362323194074, 1e-14);
	f.shape = 1e-9;
	yg_assert_near(yg_aft_mean_at(&f, 0, 0), 1, 2e-9);
	f.shape = -0.1;
	assert_true(isinf(yg_aft_mean_at(&f, 0, 0)));
	/* Times themselves: the mean is the linear predictor; t with one degree of freedom has none. */
	made(&f, YG_AFT_T, &s, 0);
	yg_assert_near(yg_aft_mean_at(&f, -3, 0), -3, 0);
	f.df = 1;
	assert_true(isinf(yg_aft_mean_at(&f, -3, 0)));
}

static void quantiles_of_a_spline(void **unused)
{
	(void)unused;
	static double x[2 * N], time[N];
	static uint8_t event[N];
	make(x, time, event);
	struct yg_aft_data d = { .n = N, .p = 2, .x = x, .intercept = 0, .time = time, .event = event };
	struct yg_rp_options o = { .scale = YG_RP_HAZARD, .df = 3 };
	struct yg_rp f;
	struct yg_aft_value v;
	assert_int_equal(yg_rp_fit(&d, &o, NULL, &f, NULL), YG_OK);
	for (int k = 1; k < 10; k++) {
		double profile[] = { 1, k % 2 }, eta = f.theta[0] + profile[1] * f.theta[1], t = yg_rp_quantile_at(&f, eta, k / 10.0);
		yg_rp_quantile(&f, profile, 0, k / 10.0, &v);
		yg_assert_near(t, v.value, 1e-12);
		yg_assert_near(yg_rp_survival_at(&f, eta, t), 1 - k / 10.0, 1e-12);
	}
	yg_rp_release(&f);
}

/* Row i stands for 1 + i % 3 persons: the same knots and coefficients as with the rows written out. */
static void counts_are_rows_written_out(void **unused)
{
	(void)unused;
	static double x[2 * N], time[N], count[N], long_x[6 * N], long_time[3 * N];
	static uint8_t event[N], long_event[3 * N];
	size_t m = 0;
	make(x, time, event);
	for (int i = 0; i < N; i++) {
		count[i] = 1 + i % 3;
		for (int k = 0; k <= i % 3; k++, m++) {
			long_x[2 * m] = x[2 * i];
			long_x[2 * m + 1] = x[2 * i + 1];
			long_time[m] = time[i];
			long_event[m] = event[i];
		}
	}
	struct yg_aft_data d = { .n = N, .p = 2, .x = x, .intercept = 0, .time = time, .event = event, .weight = count };
	struct yg_aft_data written = { .n = m, .p = 2, .x = long_x, .intercept = 0, .time = long_time, .event = long_event };
	for (int df = 1; df <= 5; df++) {
		struct yg_rp_options o = { .scale = YG_RP_ODDS, .df = df, .repeats = true };
		struct yg_rp f, g;
		assert_int_equal(yg_rp_fit(&d, &o, NULL, &f, NULL), YG_OK);
		assert_int_equal(yg_rp_fit(&written, &o, NULL, &g, NULL), YG_OK);
		for (int k = 0; k <= df; k++)
			yg_assert_near(f.knot[k], g.knot[k], 1e-14);
		for (size_t j = 0; j < f.parameters; j++) {
			yg_assert_near(f.theta[j], g.theta[j], 1e-8);
			yg_assert_near(f.se[j], g.se[j], 1e-8);
		}
		yg_rp_release(&f);
		yg_rp_release(&g);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_mean_is_the_area), cmocka_unit_test(by_hand), cmocka_unit_test(quantiles_of_a_spline),
		cmocka_unit_test(counts_are_rows_written_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
