/*
 * Linear regression: a line by hand, Longley's data (nearly dependent columns) against the certified values of NIST,
 * invariants, and what happens without rows, without variation, with as many terms as rows.
 */
#include "tests/unit/test.h"

#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/stats/linear.h"
#include "yogo/stats/robust.h"

static void a_line_by_hand(void **state)
{
	/* y = 1 3 2 5 at x = 0 1 2 3: means 1.5 and 2.75, Sxx = 5, Sxy = 5.5; slope 1.1, intercept 1.1;
	   fitted 1.1 2.2 3.3 4.4, residuals -0.1 0.8 -1.3 0.6, rss = 0.01 + 0.64 + 1.69 + 0.36 = 2.7 */
	const double x[] = { 1, 0, 1, 1, 1, 2, 1, 3 }, y[] = { 1, 3, 2, 5 };
	struct yg_regression d = { .n = 4, .p = 2, .x = x, .y = y, .intercept = 0 };
	struct yg_linear m;
	(void)state;
	assert_int_equal(yg_linear_fit(&d, NULL, &m, NULL), YG_OK);
	yg_assert_near(m.b[0], 1.1, 1e-14);
	yg_assert_near(m.b[1], 1.1, 1e-14);
	yg_assert_near(m.rss, 2.7, 1e-14);
	yg_assert_near(m.tss, 8.75, 1e-14);
	yg_assert_near(m.sigma, sqrt(1.35), 1e-14);
	yg_assert_near(m.covariance[3], 1.35 / 5, 1e-14);
	yg_assert_near(m.f, 6.05 / 1.35, 1e-13);
	assert_true(m.df_residual == 2 && m.rank == 2 && m.n == 4);
	yg_linear_release(&m);
}

static void longley(void **state)
{
	static const double data[16][7] = {
		{ 83, 234.289, 235.6, 159, 107.608, 1947, 60.323 },     { 88.5, 259.426, 232.5, 145.6, 108.632, 1948, 61.122 },
		{ 88.2, 258.054, 368.2, 161.6, 109.773, 1949, 60.171 }, { 89.5, 284.599, 335.1, 165, 110.929, 1950, 61.187 },
		{ 96.2, 328.975, 209.9, 309.9, 112.075, 1951, 63.221 }, { 98.1, 346.999, 193.2, 359.4, 113.27, 1952, 63.639 },
		{ 99, 365.385, 187, 354.7, 115.094, 1953, 64.989 },     { 100, 363.112, 357.8, 335, 116.219, 1954, 63.761 },
		{ 101.2, 397.469, 290.4, 304.8, 117.388, 1955, 66.019 }, { 104.6, 419.18, 282.2, 285.7, 118.734, 1956, 67.857 },
		{ 108.4, 442.769, 293.6, 279.8, 120.445, 1957, 68.169 }, { 110.8, 444.546, 468.1, 263.7, 121.95, 1958, 66.513 },
		{ 112.6, 482.704, 381.3, 255.2, 123.366, 1959, 68.655 }, { 114.2, 502.601, 393.1, 251.4, 125.368, 1960, 69.564 },
		{ 115.7, 518.173, 480.6, 257.2, 127.852, 1961, 69.331 }, { 116.9, 554.894, 400.7, 282.7, 130.081, 1962, 70.551 },
	};
	/* NIST StRD Longley, in the units of the data above. */
	static const double b[] = { -3482.25863459582, 0.0150618722713733, -0.0358191792925910, -0.0202022980381683,
		                    -0.0103322686717359, -0.0511041056535807, 1.82915146461355 };
	static const double se[] = { 890.420383607373, 0.0849149257747669, 0.0334910077722432, 0.00488399681651699,
		                     0.00214274163161675, 0.226073200069370, 0.455478499142212 };
	double x[16 * 7], y[16];
	struct yg_linear m;
	(void)state;
	for (int i = 0; i < 16; i++) {
		x[i * 7] = 1;
		memcpy(x + i * 7 + 1, data[i], 6 * sizeof(double));
		y[i] = data[i][6];
	}
	struct yg_regression d = { .n = 16, .p = 7, .x = x, .y = y, .intercept = 0 };
	assert_int_equal(yg_linear_fit(&d, NULL, &m, NULL), YG_OK);
	for (int j = 0; j < 7; j++) {
		assert_true(fabs(m.b[j] / b[j] - 1) < 1e-10);
		assert_true(fabs(sqrt(m.covariance[j * 8]) / se[j] - 1) < 1e-10);
	}
	yg_assert_near(m.sigma, 0.304854073561965, 1e-12);
	yg_linear_release(&m);
}

/* n rows of three columns and an outcome that does not follow them exactly. */
static struct yg_regression make(size_t n, double *x, double *y)
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
		x[i * 3 + 1] = 50 + 20 * u[0];
		x[i * 3 + 2] = u[1] < 0.3;
		y[i] = 2 + 0.1 * x[i * 3 + 1] - x[i * 3 + 2] + u[2];
	}
	return (struct yg_regression){ .n = n, .p = 3, .x = x, .y = y, .intercept = 0 };
}

static void invariants(void **state)
{
	enum { N = 1000 };
	static double x[3 * N], y[N], x2[6 * N], y2[2 * N], w[N], z[3 * N];
	struct yg_regression d = make(N, x, y), e = d;
	struct yg_linear a, b;
	(void)state;
	assert_int_equal(yg_linear_fit(&d, NULL, &a, NULL), YG_OK);
	/* a unit of a column scales its coefficient; a shift only moves the intercept */
	for (size_t i = 0; i < N; i++) {
		z[3 * i] = 1;
		z[3 * i + 1] = (x[3 * i + 1] - 40) * 1000;
		z[3 * i + 2] = x[3 * i + 2];
	}
	e.x = z;
	assert_int_equal(yg_linear_fit(&e, NULL, &b, NULL), YG_OK);
	yg_assert_near(b.b[1] * 1000, a.b[1], 1e-12);
	yg_assert_near(b.b[2], a.b[2], 1e-12);
	yg_assert_near(b.b[0], a.b[0] + 40 * a.b[1], 1e-12);
	yg_assert_near(b.r2, a.r2, 1e-13);
	yg_linear_release(&b);
	/* a frequency of 2 is the row twice; a weight of 0 is no row */
	for (size_t i = 0; i < N; i++) {
		w[i] = 2;
		memcpy(x2 + 3 * i, x + 3 * i, 3 * sizeof(double));
		memcpy(x2 + 3 * (i + N), x + 3 * i, 3 * sizeof(double));
		y2[i] = y2[i + N] = y[i];
	}
	struct yg_regression twice = { .n = 2 * N, .p = 3, .x = x2, .y = y2, .intercept = 0 }, counted = d;
	struct yg_linear t, c;
	counted.weight = w;
	counted.frequency = true;
	assert_int_equal(yg_linear_fit(&twice, NULL, &t, NULL), YG_OK);
	assert_int_equal(yg_linear_fit(&counted, NULL, &c, NULL), YG_OK);
	yg_assert_near(c.b[1], t.b[1], 1e-12);
	yg_assert_near(c.covariance[4], t.covariance[4], 1e-12);
	yg_assert_near(c.loglik, t.loglik, 1e-12);
	assert_true(c.n == 2 * N && c.df_residual == t.df_residual);
	yg_linear_release(&c);
	for (size_t i = 0; i < N; i++)
		w[i] = i < N / 2;
	counted.frequency = false;
	d.n = N / 2;
	assert_int_equal(yg_linear_fit(&counted, NULL, &c, NULL), YG_OK);
	assert_int_equal(yg_linear_fit(&d, NULL, &b, NULL), YG_OK);
	yg_assert_near(c.b[1], b.b[1], 1e-11);
	yg_assert_near(c.sigma, b.sigma, 1e-11);
	assert_true(c.n == N / 2);
	yg_linear_release(&a);
	yg_linear_release(&b);
	yg_linear_release(&c);
	yg_linear_release(&t);
}

static void three_roads_one_answer(void **state)
{
	enum { N = 500 };
	static double x[3 * N], y[N], z[4 * N];
	struct yg_regression d = make(N, x, y), e;
	struct yg_linear a, b;
	(void)state;
	assert_int_equal(yg_linear_fit(&d, NULL, &a, NULL), YG_OK);
	assert_int_equal(a.road, YG_LINEAR_NORMAL);
	/* nearly the same column twice, in two strengths: refined, and by QR */
	for (int k = 0; k < 2; k++) {
		double tiny = k ? 1e-5 : 1e-2;
		for (size_t i = 0; i < N; i++) {
			memcpy(z + 4 * i, x + 3 * i, 3 * sizeof(double));
			z[4 * i + 3] = x[3 * i + 1] + tiny * (double)(i % 7);
		}
		e = (struct yg_regression){ .n = N, .p = 4, .x = z, .y = y, .intercept = 0 };
		assert_int_equal(yg_linear_fit(&e, NULL, &b, NULL), YG_OK);
		assert_int_equal(b.road, k ? YG_LINEAR_QR : YG_LINEAR_REFINED);
		assert_int_equal(b.rank, 4);
		/* the fit of x and x + tiny k is that of x and k */
		double slope = b.b[3] * tiny, sum = b.b[1] + b.b[3];
		for (size_t i = 0; i < N; i++)
			z[4 * i + 3] = (double)(i % 7);
		struct yg_linear c;
		assert_int_equal(yg_linear_fit(&e, NULL, &c, NULL), YG_OK);
		yg_assert_near(slope, c.b[3], 1e-7);
		yg_assert_near(sum, c.b[1], 1e-7);
		yg_linear_release(&b);
		yg_linear_release(&c);
	}
	yg_linear_release(&a);
}

static void the_worst(void **state)
{
	const double x[] = { 1, 2, 4, 1, 3, 6, 1, 5, 10 }, y[] = { 1, 2, 4 }, flat[] = { 3, 3, 3 };
	struct yg_regression d = { .n = 3, .p = 3, .x = x, .y = y, .intercept = 0 };
	struct yg_linear m;
	struct yg_err err;
	(void)state;
	/* the third column is twice the second: dropped, and the fit exact (3 rows, rank 2 leave one residual) */
	assert_int_equal(yg_linear_fit(&d, NULL, &m, NULL), YG_OK);
	assert_true(m.rank == 2 && m.dropped[2] && m.b[2] == 0 && m.road == YG_LINEAR_QR);
	yg_linear_release(&m);
	/* no variation */
	d.y = flat;
	d.p = 1;
	const double ones[] = { 1, 1, 1 };
	d.x = ones;
	assert_int_equal(yg_linear_fit(&d, NULL, &m, NULL), YG_OK);
	assert_true(m.b[0] == 3 && m.rss == 0 && isnan(m.r2) && isnan(m.f));
	yg_linear_release(&m);
	d.n = 1;
	assert_int_equal(yg_linear_fit(&d, NULL, &m, NULL), YG_OK);
	assert_true(m.df_residual == 0 && isnan(m.sigma));
	yg_linear_release(&m);
	d.n = 0;
	assert_int_equal(yg_linear_fit(&d, NULL, &m, &err), YG_REFUSED);
	/* memory gone: an error, not a crash */
	d = (struct yg_regression){ .n = 3, .p = 3, .x = x, .y = y, .intercept = 0 };
	for (int k = 1; k < 8; k++) {
		yg_mem_fail_at(k);
		enum yg_status s = yg_linear_fit(&d, NULL, &m, &err);
		assert_true(s == YG_OK || s == YG_ENOMEM);
		if (s == YG_OK)
			yg_linear_release(&m);
	}
	yg_mem_fail_at(0);
}

static void robust_by_hand(void **state)
{
	/* residuals of the line above: -0.1 0.8 -1.3 0.6; (X'X)^-1 = [0.7 -0.3; -0.3 0.2], leverages .7 .3 .3 .7;
	   HC0 of the slope: sum of ((x - 1.5) e / 5)^2 = (0.0225 + 0.16 + 0.4225 + 0.81) / 25 = 0.0566 */
	const double x[] = { 1, 0, 1, 1, 1, 2, 1, 3 }, y[] = { 1, 3, 2, 5 };
	struct yg_regression d = { .n = 4, .p = 2, .x = x, .y = y, .intercept = 0 };
	const int32_t cluster[] = { 0, 0, 1, 1 };
	struct yg_linear m;
	double score[4], v[4];
	(void)state;
	assert_int_equal(yg_linear_fit(&d, NULL, &m, NULL), YG_OK);
	assert_int_equal(yg_linear_residuals(&d, &m, NULL, score, NULL), YG_OK);
	struct yg_robust_request r = { .type = YG_ROBUST_HC0 };
	assert_int_equal(yg_robust_covariance(&d, score, NULL, m.inverse, 2, 4, &r, NULL, v, NULL), YG_OK);
	yg_assert_near(v[3], 0.0566, 1e-14);
	assert_true(v[1] == v[2]);
	r.type = YG_ROBUST_HC1;
	assert_int_equal(yg_robust_covariance(&d, score, NULL, m.inverse, 2, 4, &r, NULL, v, NULL), YG_OK);
	yg_assert_near(v[3], 0.0566 * 2, 1e-14);
	r.type = YG_ROBUST_HC3;
	assert_int_equal(yg_robust_covariance(&d, score, NULL, m.inverse, 2, 4, &r, NULL, v, NULL), YG_OK);
	yg_assert_near(v[3], ((0.0225 + 0.81) / 0.09 + (0.16 + 0.4225) / 0.49) / 25, 1e-13);
	/* two clusters: their summed scores of the slope are (0.15 - 0.4) / 5 and (-0.65 + 0.9) / 5 */
	r = (struct yg_robust_request){ .type = YG_ROBUST_HC0, .cluster = cluster, .clusters = 2, .adjust = true };
	assert_int_equal(yg_robust_covariance(&d, score, NULL, m.inverse, 2, 4, &r, NULL, v, NULL), YG_OK);
	yg_assert_near(v[3], 2 * (0.0625 + 0.0625) / 25, 1e-14);
	yg_linear_release(&m);
}

static void threads_do_not_matter(void **state)
{
	enum { N = 50000 };
	double *x = yg_xalloc(3 * N, sizeof(double)), *y = yg_xalloc(N, sizeof(double));
	struct yg_regression d = make(N, x, y);
	struct yg_linear a, b;
	(void)state;
	assert_int_equal(yg_linear_fit(&d, NULL, &a, NULL), YG_OK);
	struct yg_pool *pool = yg_pool_new(3);
	struct yg_task task;
	yg_task_init(&task, pool);
	assert_int_equal(yg_linear_fit(&d, &task, &b, NULL), YG_OK);
	assert_memory_equal(a.b, b.b, 3 * sizeof(double));
	assert_memory_equal(a.covariance, b.covariance, 9 * sizeof(double));
	yg_linear_release(&b);
	task.cancel = true;
	assert_int_equal(yg_linear_fit(&d, &task, &b, NULL), YG_CANCELLED);
	yg_pool_free(pool);
	yg_linear_release(&a);
	yg_free(x);
	yg_free(y);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_by_hand), cmocka_unit_test(longley),        cmocka_unit_test(invariants),
		cmocka_unit_test(three_roads_one_answer), cmocka_unit_test(the_worst), cmocka_unit_test(robust_by_hand),
		cmocka_unit_test(threads_do_not_matter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
