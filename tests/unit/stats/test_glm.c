/*
 * Generalised linear models: two by two tables by hand, agreement of the fast and the general roads, families that are
 * each other's special case, separation, dependent columns, impossible outcomes.
 */
#include "tests/unit/test.h"

#include <math.h>

#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/dist.h"
#include "yogo/stats/glm.h"
#include "yogo/stats/linear.h"

static struct yg_glm fit(const struct yg_regression *d, enum yg_family family, enum yg_link link)
{
	struct yg_glm_options o = { .family = family, .link = link };
	struct yg_glm m;
	struct yg_err err;
	if (yg_glm_fit(d, &o, NULL, &m, &err) != YG_OK)
		fail_msg("%s", err.text);
	return m;
}

/* 10 of 20 without, 15 of 20 with x. */
static struct yg_regression table(double *x, double *y)
{
	for (int i = 0; i < 40; i++) {
		x[2 * i] = 1;
		x[2 * i + 1] = i >= 20;
		y[i] = i < 20 ? i < 10 : i < 35;
	}
	return (struct yg_regression){ .n = 40, .p = 2, .x = x, .y = y, .intercept = 0 };
}

static void a_two_by_two_table(void **state)
{
	double x[80], y[40];
	struct yg_regression d = table(x, y);
	struct yg_glm m = fit(&d, YG_FAMILY_BINOMIAL, YG_LINK_LOGIT);
	(void)state;
	/* odds 1 and 3; variance of the log odds ratio 1/10 + 1/10 + 1/15 + 1/5 */
	yg_assert_near(m.b[0], 0, 1e-12);
	yg_assert_near(m.b[1], log(3), 1e-12);
	yg_assert_near(m.covariance[3], 0.1 + 0.1 + 1.0 / 15 + 0.2, 1e-9);
	yg_assert_near(m.deviance, -2 * (20 * log(0.5) + 15 * log(0.75) + 5 * log(0.25)), 1e-13);
	yg_assert_near(m.null_deviance, -2 * (25 * log(0.625) + 15 * log(0.375)), 1e-13);
	yg_assert_near(m.loglik, -m.deviance / 2, 1e-15);
	assert_int_equal(m.stop, YG_STOP_TOLERANCE);
	assert_true(!m.separated && m.dispersion == 1 && m.df_residual == 38);
	yg_glm_release(&m);
	m = fit(&d, YG_FAMILY_BINOMIAL, YG_LINK_IDENTITY);
	yg_assert_near(m.b[1], 0.25, 1e-12);
	yg_assert_near(m.covariance[3], 0.25 / 20 + 0.1875 / 20, 1e-10);
	yg_glm_release(&m);
	m = fit(&d, YG_FAMILY_BINOMIAL, YG_LINK_LOG);
	yg_assert_near(m.b[1], log(1.5), 1e-10);
	yg_glm_release(&m);
	m = fit(&d, YG_FAMILY_BINOMIAL, YG_LINK_PROBIT);
	yg_assert_near(m.b[1], yg_normal_quantile(0.75), 1e-9);
	yg_glm_release(&m);
	m = fit(&d, YG_FAMILY_BINOMIAL, YG_LINK_CLOGLOG);
	yg_assert_near(m.b[1], log(-log(0.25)) - log(-log(0.5)), 1e-9);
	yg_glm_release(&m);
	/* as proportions with the trials as weight: the same estimates, other deviance */
	const double gx[] = { 1, 0, 1, 1 }, gy[] = { 0.5, 0.75 }, gw[] = { 20, 20 };
	struct yg_regression g = { .n = 2, .p = 2, .x = gx, .y = gy, .weight = gw, .intercept = 0 };
	m = fit(&g, YG_FAMILY_BINOMIAL, YG_LINK_LOGIT);
	yg_assert_near(m.b[1], log(3), 1e-12);
	yg_assert_near(m.deviance, 0, 1e-12);
	yg_assert_near(m.loglik, log(yg_binomial_pmf(10, 20, 0.5)) + log(yg_binomial_pmf(15, 20, 0.75)), 1e-12);
	yg_glm_release(&m);
}

static void rates(void **state)
{
	/* 10 events in 100 years and 30 in 150: rates 0.1 and 0.2 */
	const double x[] = { 1, 0, 1, 1 }, y[] = { 10, 30 }, offset[] = { log(100), log(150) };
	struct yg_regression d = { .n = 2, .p = 2, .x = x, .y = y, .offset = offset, .intercept = 0 };
	struct yg_glm m = fit(&d, YG_FAMILY_POISSON, YG_LINK_LOG);
	(void)state;
	yg_assert_near(m.b[1], log(2), 1e-12);
	yg_assert_near(m.covariance[3], 1.0 / 10 + 1.0 / 30, 1e-9);
	yg_assert_near(m.deviance, 0, 1e-12);
	/* null model: rate 40 / 250 = 0.16, expected 16 and 24 */
	yg_assert_near(m.null_deviance, 2 * (10 * log(10.0 / 16) + 30 * log(30.0 / 24)), 1e-12);
	yg_assert_near(m.loglik, log(yg_poisson_pmf(10, 10)) + log(yg_poisson_pmf(30, 30)), 1e-12);
	yg_glm_release(&m);
}

static void make(size_t n, double *x, double *y, double *count)
{
	uint64_t s = 88172645463325252u;
	for (size_t i = 0; i < n; i++) {
		double u[4];
		for (int k = 0; k < 4; k++) {
			s ^= s << 13;
			s ^= s >> 7;
			s ^= s << 17;
			u[k] = (double)(s >> 11) / 9007199254740992.0;
		}
		x[i * 3] = 1;
		x[i * 3 + 1] = 2000 + 20 * u[0];
		x[i * 3 + 2] = u[1] < 0.3;
		double eta = -1 + 0.1 * (x[i * 3 + 1] - 2010) + 0.7 * x[i * 3 + 2];
		y[i] = u[2] < 1 / (1 + exp(-eta));
		count[i] = floor(exp(eta) * 2 * u[3]);
	}
}

static void fast_and_general_roads_agree(void **state)
{
	enum { N = 3001 };
	static double x[3 * N], y[N], count[N], ones[N];
	(void)state;
	make(N, x, y, count);
	for (size_t i = 0; i < N; i++)
		ones[i] = 1;
	for (int k = 0; k < 2; k++) {
		struct yg_regression d = { .n = N, .p = 3, .x = x, .y = k ? count : y, .intercept = 0 }, slow = d;
		enum yg_family family = k ? YG_FAMILY_POISSON : YG_FAMILY_BINOMIAL;
		struct yg_glm a = fit(&d, family, yg_family_link(family)), b;
		slow.weight = ones;                    /* weights take the general road */
		b = fit(&slow, family, yg_family_link(family));
		for (int j = 0; j < 3; j++) {
			yg_assert_near(a.b[j], b.b[j], 1e-9);
			assert_true(fabs(a.covariance[4 * j] / b.covariance[4 * j] - 1) < 1e-8);
		}
		yg_assert_near(a.deviance, b.deviance, 1e-12);
		yg_assert_near(a.null_deviance, b.null_deviance, 1e-12);
		yg_assert_near(a.pearson, b.pearson, 1e-9);
		yg_assert_near(a.loglik, b.loglik, 1e-12);
		yg_glm_release(&a);
		yg_glm_release(&b);
	}
}

static void the_gaussian_is_least_squares(void **state)
{
	enum { N = 200 };
	static double x[3 * N], y[N], count[N];
	make(N, x, y, count);
	struct yg_regression d = { .n = N, .p = 3, .x = x, .y = count, .intercept = 0 };
	struct yg_glm g = fit(&d, YG_FAMILY_GAUSSIAN, YG_LINK_IDENTITY);
	struct yg_linear l;
	(void)state;
	assert_int_equal(yg_linear_fit(&d, NULL, &l, NULL), YG_OK);
	for (int j = 0; j < 3; j++)
		yg_assert_near(g.b[j], l.b[j], 1e-11);
	yg_assert_near(g.deviance, l.rss, 1e-12);
	yg_assert_near(g.loglik, l.loglik, 1e-12);
	yg_assert_near(g.aic, l.aic, 1e-12);
	yg_assert_near(g.covariance[8], l.covariance[8], 1e-12);
	yg_glm_release(&g);
	yg_linear_release(&l);
}

static void repeats_are_frequencies(void **state)
{
	double x[80], y[40], w[40], x3[240], y3[120];
	struct yg_regression d = table(x, y), e = d, three;
	(void)state;
	for (int i = 0; i < 40; i++) {
		w[i] = 3;
		for (int k = 0; k < 3; k++) {
			memcpy(x3 + 2 * (40 * k + i), x + 2 * i, 2 * sizeof(double));
			y3[40 * k + i] = y[i];
		}
	}
	e.weight = w;
	e.frequency = true;
	three = (struct yg_regression){ .n = 120, .p = 2, .x = x3, .y = y3, .intercept = 0 };
	struct yg_glm a = fit(&e, YG_FAMILY_BINOMIAL, YG_LINK_LOGIT), b = fit(&three, YG_FAMILY_BINOMIAL, YG_LINK_LOGIT);
	yg_assert_near(a.covariance[3], b.covariance[3], 1e-9);
	yg_assert_near(a.loglik, b.loglik, 1e-12);
	assert_true(a.n == 120 && a.df_residual == b.df_residual);
	yg_glm_release(&a);
	yg_glm_release(&b);
}

static void separation(void **state)
{
	/* x = 1 has events only; z follows from the others; u is fine */
	double x[20 * 4], y[20];
	(void)state;
	for (int i = 0; i < 20; i++) {
		double one = i >= 14, u = (i * 7) % 5;
		x[4 * i] = 1;
		x[4 * i + 1] = one;
		x[4 * i + 2] = 2 * u - one;
		x[4 * i + 3] = u;
		y[i] = one > 0 ? 1 : i % 2;
	}
	struct yg_regression d = { .n = 20, .p = 4, .x = x, .y = y, .intercept = 0 };
	struct yg_glm m = fit(&d, YG_FAMILY_BINOMIAL, YG_LINK_LOGIT);
	assert_true(m.separated && m.diverging[1] && m.border >= 6);
	assert_true(!m.diverging[3] && m.dropped[3] && m.rank == 3);
	yg_glm_release(&m);
	/* no separation: nothing is said */
	y[19] = 0;
	m = fit(&d, YG_FAMILY_BINOMIAL, YG_LINK_LOGIT);
	assert_true(!m.separated && !m.diverging[1]);
	yg_glm_release(&m);
	/* a level without any event: its rate ratio runs to zero */
	for (int i = 0; i < 20; i++)
		y[i] = i >= 14 ? 0 : i % 3;
	m = fit(&d, YG_FAMILY_POISSON, YG_LINK_LOG);
	assert_true(m.separated && m.diverging[1]);
	yg_glm_release(&m);
}

static void refusals(void **state)
{
	const double x[] = { 1, 1, 1 }, bad[] = { 0, 1, 2 }, negative[] = { 1, -1, 2 }, w[] = { 1, -1, 1 }, good[] = { 0, 1, 1 };
	struct yg_regression d = { .n = 3, .p = 1, .x = x, .y = bad, .intercept = 0 };
	struct yg_glm_options o = { .family = YG_FAMILY_BINOMIAL, .link = YG_LINK_LOGIT };
	struct yg_glm m;
	struct yg_err err;
	(void)state;
	assert_int_equal(yg_glm_fit(&d, &o, NULL, &m, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-GLM-001");
	o = (struct yg_glm_options){ .family = YG_FAMILY_POISSON, .link = YG_LINK_LOG };
	d.y = negative;
	assert_int_equal(yg_glm_fit(&d, &o, NULL, &m, &err), YG_REFUSED);
	d.y = good;
	d.weight = w;
	assert_int_equal(yg_glm_fit(&d, &o, NULL, &m, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-GLM-002");
	o.link = YG_LINK_PROBIT;
	assert_int_equal(yg_glm_fit(&d, &o, NULL, &m, &err), YG_EINVAL);
	d.n = 0;
	o.link = YG_LINK_LOG;
	assert_int_equal(yg_glm_fit(&d, &o, NULL, &m, &err), YG_REFUSED);
	d.n = 3;
	d.weight = NULL;
	for (int k = 1; k < 14; k++) {
		yg_mem_fail_at(k);
		enum yg_status s = yg_glm_fit(&d, &o, NULL, &m, &err);
		assert_true(s == YG_OK || s == YG_ENOMEM);
		if (s == YG_OK)
			yg_glm_release(&m);
	}
	yg_mem_fail_at(0);
}

static void tests_and_limits(void **state)
{
	double x[80], y[40], lower, upper;
	struct yg_regression d = table(x, y), one = d;
	double ones[40];
	(void)state;
	for (int i = 0; i < 40; i++)
		ones[i] = 1;
	one.x = ones;
	one.p = 1;
	struct yg_glm large = fit(&d, YG_FAMILY_BINOMIAL, YG_LINK_LOGIT), small = fit(&one, YG_FAMILY_BINOMIAL, YG_LINK_LOGIT);
	struct yg_term_test t = yg_glm_compare(&small, &large);
	yg_assert_near(t.chisq, large.null_deviance - large.deviance, 1e-12);
	assert_true(t.df == 1);
	size_t index = 1;
	t = yg_wald_test(large.b, large.covariance, 2, large.dropped, &index, 1, INFINITY);
	yg_assert_near(t.chisq, log(3) * log(3) / large.covariance[3], 1e-12);
	/* at a profile limit the deviance has risen by 3.84 */
	struct yg_glm_options o = { .family = YG_FAMILY_BINOMIAL, .link = YG_LINK_LOGIT };
	assert_int_equal(yg_glm_profile(&d, &o, &large, 1, 0.95, NULL, &lower, &upper, NULL), YG_OK);
	double offset[40], start[2] = { 0, 0 };
	(void)start;
	for (int k = 0; k < 2; k++) {
		for (int i = 0; i < 40; i++)
			offset[i] = (k ? upper : lower) * x[2 * i + 1];
		one.offset = offset;
		struct yg_glm held = fit(&one, YG_FAMILY_BINOMIAL, YG_LINK_LOGIT);
		yg_assert_near(held.deviance - large.deviance, yg_chisq_quantile(0.95, 1), 1e-8);
		yg_glm_release(&held);
	}
	yg_glm_release(&large);
	yg_glm_release(&small);
}

static void threads_do_not_matter(void **state)
{
	enum { N = 40000 };
	double *x = yg_xalloc(3 * N, sizeof(double)), *y = yg_xalloc(N, sizeof(double)), *count = yg_xalloc(N, sizeof(double));
	make(N, x, y, count);
	struct yg_regression d = { .n = N, .p = 3, .x = x, .y = y, .intercept = 0 };
	struct yg_glm_options o = { .family = YG_FAMILY_BINOMIAL, .link = YG_LINK_LOGIT };
	struct yg_glm a = fit(&d, o.family, o.link), b;
	struct yg_pool *pool = yg_pool_new(3);
	struct yg_task task;
	(void)state;
	yg_task_init(&task, pool);
	assert_int_equal(yg_glm_fit(&d, &o, &task, &b, NULL), YG_OK);
	assert_memory_equal(a.b, b.b, 3 * sizeof(double));
	assert_memory_equal(a.covariance, b.covariance, 9 * sizeof(double));
	assert_memory_equal(&a.deviance, &b.deviance, sizeof(double));
	yg_glm_release(&a);
	yg_glm_release(&b);
	yg_pool_free(pool);
	yg_free(x);
	yg_free(y);
	yg_free(count);
}

/* Counts by how many rows exceed k, and row by row (weights of 1 take the general road): the same theta and coefficients. */
static void negative_binomial_counts(void **state)
{
	enum { N = 600 };
	static double x[2 * N], y[N], one[N];
	(void)state;
	for (int large = 0; large < 2; large++) {
		for (int i = 0; i < N; i++) {
			x[2 * i] = 1;
			x[2 * i + 1] = (i * 7 % 13) / 13.0;
			y[i] = (i * i % 11) * (i % 3) * (1 + x[2 * i + 1]) + (large && i % 97 == 0 ? 9000 : 0);
			y[i] = large ? y[i] : floor(y[i]);     /* also what is no count, and more than the table holds */
			one[i] = 1;
		}
		struct yg_regression d = { .n = N, .p = 2, .x = x, .y = y, .intercept = 0 }, w = d;
		struct yg_glm a, b;
		w.weight = one;
		assert_int_equal(yg_negative_binomial_fit(&d, NULL, &a, NULL), YG_OK);
		assert_int_equal(yg_negative_binomial_fit(&w, NULL, &b, NULL), YG_OK);
		yg_assert_near(a.theta, b.theta, 1e-9);
		yg_assert_near(a.theta_se, b.theta_se, 1e-7);
		yg_assert_near(a.b[0], b.b[0], 1e-8);
		yg_assert_near(a.b[1], b.b[1], 1e-7);
		yg_assert_near(a.deviance, b.deviance, 1e-9);
		yg_assert_near(a.loglik, b.loglik, 1e-10);
		yg_assert_near(a.null_deviance, b.null_deviance, 1e-9);
		yg_assert_near(a.pearson, b.pearson, 1e-8);
		yg_glm_release(&a);
		yg_glm_release(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_two_by_two_table), cmocka_unit_test(rates), cmocka_unit_test(fast_and_general_roads_agree),
		cmocka_unit_test(the_gaussian_is_least_squares), cmocka_unit_test(repeats_are_frequencies), cmocka_unit_test(separation),
		cmocka_unit_test(refusals), cmocka_unit_test(tests_and_limits), cmocka_unit_test(threads_do_not_matter),
		cmocka_unit_test(negative_binomial_counts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
