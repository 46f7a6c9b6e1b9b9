/*
 * Models of packed rows are the models of the same rows as doubles: coefficients, errors and fits, whatever the columns
 * are held as, with offsets, weights and clusters; also where starting values come from a part of the rows.
 */
#include "tests/unit/test.h"

#include <string.h>

#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/glm.h"
#include "yogo/stats/linear.h"
#include "yogo/stats/robust.h"

enum { P = 12 };
struct rows {
	size_t n;
	double *x, *y, *count, *offset, *weight;
	struct yg_packed *packed;
};

static uint32_t seed;

static double uniform(void)
{
	seed = seed * 1664525u + 1013904223u;
	return ((double)(seed >> 8) + 0.5) / 16777216;
}

/* Ones, eight flags and small numbers, a number with one decimal, one with two, one of any kind; y leans on all of them. */
static double *column_values(struct rows *r, size_t j)
{
	double *v = yg_data_alloc(r->n, sizeof *v);
	for (size_t i = 0; i < r->n; i++) {
		double u = uniform();
		v[i] = j == 0 ? 1 : j < 7 ? u < 0.1 * (double)j : j == 7 ? 20 + (double)(int)(u * 60) : j == 8 ? 2010 + (double)(int)(u * 12) :
		       j == 9 ? (double)(int)(u * 400) / 10 : j == 10 ? (double)((int)(u * 20000) - 10000) / 100 : 3 * u - 1;
	}
	return v;
}

static void put(struct rows *r)
{
	double *v = yg_data_alloc(r->n, sizeof *v);
	for (size_t j = 0; j < P; j++) {
		for (size_t i = 0; i < r->n; i++)
			v[i] = r->x[i * P + j];
		yg_packed_put_column(r->packed, j, 0, r->n, v);
	}
	yg_data_free(v);
}

static struct rows make(size_t n)
{
	struct rows r = { .n = n };
	struct yg_packed_shape shape[P];
	seed = 7;
	r.x = yg_data_alloc(n * P, sizeof(double));
	r.y = yg_data_alloc(4 * n, sizeof(double));
	r.count = r.y + n;
	r.offset = r.count + n;
	r.weight = r.offset + n;
	for (size_t j = 0; j < P; j++) {
		double *v = column_values(&r, j);
		shape[j] = yg_packed_shape_of(v, n);
		for (size_t i = 0; i < n; i++)
			r.x[i * P + j] = v[i];
		yg_data_free(v);
	}
	assert_int_equal(shape[7].kind, YG_PACKED_BYTE);
	assert_int_equal(shape[8].kind, YG_PACKED_SHORT);
	assert_true(shape[10].divisor == 100);
	assert_int_equal(shape[11].kind, YG_PACKED_DOUBLE);
	r.packed = yg_packed_new(n, shape, P);
	put(&r);
	for (size_t i = 0; i < n; i++) {
		const double *x = r.x + i * P;
		double eta = -1.2 + 0.5 * x[1] - 0.3 * x[4] + 0.02 * (x[7] - 50) + 0.01 * x[9] + 0.2 * x[11];
		r.y[i] = uniform() < 1 / (1 + yg_exp(-eta));
		r.count[i] = (double)(int)(uniform() * 3 * yg_exp(eta));
		r.offset[i] = uniform() - 0.5;
		r.weight[i] = 1 + (double)(int)(3 * uniform());
	}
	return r;
}

static void release(struct rows *r)
{
	yg_data_free(r->x);
	yg_data_free(r->y);
	yg_packed_free(r->packed);
}

static struct yg_regression plain_of(const struct rows *r, const double *y)
{
	return (struct yg_regression){ .n = r->n, .p = P, .x = r->x, .y = y, .intercept = 0 };
}

static struct yg_regression packed_of(const struct rows *r, struct yg_regression d)
{
	d.x = NULL;
	d.packed = r->packed;
	return d;
}

static void near(const double *a, const double *b, size_t n, double relative)
{
	for (size_t i = 0; i < n; i++)
		if (a[i] < 0 || a[i] > 0 || b[i] < 0 || b[i] > 0)
			yg_assert_near(a[i], b[i], relative);
}

static void same_glm(const struct rows *r, struct yg_regression d, enum yg_family family, enum yg_link link)
{
	struct yg_regression e = packed_of(r, d);
	struct yg_glm_options o = { .family = family, .link = link };
	struct yg_glm a, b;
	assert_int_equal(yg_glm_fit(&d, &o, NULL, &a, NULL), YG_OK);
	assert_int_equal(yg_glm_fit(&e, &o, NULL, &b, NULL), YG_OK);
	near(a.b, b.b, P, 1e-8);
	near(a.covariance, b.covariance, P * P, 1e-7);
	yg_assert_near(a.deviance, b.deviance, 1e-12);
	yg_assert_near(a.null_deviance, b.null_deviance, 1e-12);
	yg_assert_near(a.pearson, b.pearson, 1e-9);
	yg_assert_near(a.loglik, b.loglik, 1e-12);
	double *mean = yg_data_alloc(2 * r->n, sizeof *mean);
	struct yg_glm_rows m = { .mean = mean }, n = { .mean = mean + r->n };
	assert_int_equal(yg_glm_rows(&d, &a, NULL, &m, NULL), YG_OK);
	assert_int_equal(yg_glm_rows(&e, &b, NULL, &n, NULL), YG_OK);
	near(mean, mean + r->n, r->n, 1e-9);
	yg_data_free(mean);
	yg_glm_release(&a);
	yg_glm_release(&b);
}

static void counts_and_events(void **state)
{
	struct rows r = make(9001);
	(void)state;
	struct yg_regression d = plain_of(&r, r.y);
	same_glm(&r, d, YG_FAMILY_BINOMIAL, YG_LINK_LOGIT);
	same_glm(&r, d, YG_FAMILY_BINOMIAL, YG_LINK_PROBIT);
	d.weight = r.weight;
	same_glm(&r, d, YG_FAMILY_BINOMIAL, YG_LINK_LOGIT);
	d = plain_of(&r, r.count);
	same_glm(&r, d, YG_FAMILY_POISSON, YG_LINK_LOG);
	d.offset = r.offset;
	same_glm(&r, d, YG_FAMILY_POISSON, YG_LINK_LOG);
	d.intercept = -1;
	same_glm(&r, d, YG_FAMILY_POISSON, YG_LINK_LOG);
	release(&r);
}

/* Here the fit starts from a part of the rows; the null model's deviance tells that all of them were used. */
static void many_rows(void **state)
{
	struct rows r = make(300000);
	(void)state;
	struct yg_regression d = plain_of(&r, r.y);
	same_glm(&r, d, YG_FAMILY_BINOMIAL, YG_LINK_LOGIT);
	d = plain_of(&r, r.count);
	d.offset = r.offset;
	same_glm(&r, d, YG_FAMILY_POISSON, YG_LINK_LOG);

	/* A level whose rows all stand where the part does not look. */
	struct yg_glm_options o = { .family = YG_FAMILY_BINOMIAL, .link = YG_LINK_LOGIT };
	struct yg_glm a, b;
	for (size_t i = 0; i < r.n; i++)
		r.x[i * P + 1] = i >= 5000 && i < 8000;
	d = plain_of(&r, r.y);
	assert_int_equal(yg_glm_fit(&d, &o, NULL, &a, NULL), YG_OK);
	double zero[P] = { 0 };
	o.start = zero;
	assert_int_equal(yg_glm_fit(&d, &o, NULL, &b, NULL), YG_OK);
	assert_int_equal(a.rank, P);
	near(a.b, b.b, P, 1e-9);
	near(a.covariance, b.covariance, P * P, 1e-8);
	yg_glm_release(&a);
	yg_glm_release(&b);
	release(&r);
}

static void same_linear(const struct rows *r, struct yg_regression d, enum yg_linear_road road)
{
	struct yg_regression e = packed_of(r, d);
	struct yg_linear a, b;
	assert_int_equal(yg_linear_fit(&d, NULL, &a, NULL), YG_OK);
	assert_int_equal(yg_linear_fit(&e, NULL, &b, NULL), YG_OK);
	assert_int_equal(b.road, road);
	near(a.b, b.b, P, 1e-8);
	near(a.covariance, b.covariance, P * P, 1e-7);
	yg_assert_near(a.rss, b.rss, 1e-12);
	yg_assert_near(a.tss, b.tss, 1e-12);
	double *score = yg_data_alloc(2 * r->n, sizeof *score), v[P * P], w[P * P];
	int32_t *cluster = yg_data_alloc(r->n, sizeof *cluster);
	assert_int_equal(yg_linear_residuals(&d, &a, NULL, score, NULL), YG_OK);
	assert_int_equal(yg_linear_residuals(&e, &b, NULL, score + r->n, NULL), YG_OK);
	for (size_t i = 0; i < r->n; i++)
		cluster[i] = (int32_t)(i / 7);
	for (int type = YG_ROBUST_HC0; type <= YG_ROBUST_HC3 + 1; type++) {
		struct yg_robust_request q = { .type = (enum yg_robust)type };
		if (type > YG_ROBUST_HC3)
			q = (struct yg_robust_request){ .cluster = cluster, .clusters = r->n / 7 + 1, .adjust = true };
		assert_int_equal(yg_robust_covariance(&d, score, d.weight, a.inverse, a.rank, a.n, &q, NULL, v, NULL), YG_OK);
		assert_int_equal(yg_robust_covariance(&e, score + r->n, d.weight, b.inverse, b.rank, b.n, &q, NULL, w, NULL), YG_OK);
		near(v, w, P * P, 1e-6);
	}
	yg_data_free(score);
	yg_data_free(cluster);
	yg_linear_release(&a);
	yg_linear_release(&b);
}

static void least_squares(void **state)
{
	struct rows r = make(6000);
	(void)state;
	struct yg_regression d = plain_of(&r, r.offset);
	same_linear(&r, d, YG_LINEAR_NORMAL);
	d.weight = r.weight;
	same_linear(&r, d, YG_LINEAR_NORMAL);
	d.offset = r.y;
	same_linear(&r, d, YG_LINEAR_NORMAL);
	release(&r);
}

/* A column that nearly follows from another sends packed rows, too, through the QR. */
static void nearly_dependent(void **state)
{
	struct rows r = make(3000);
	struct yg_packed_shape shape[P];
	(void)state;
	for (size_t j = 0; j < P; j++)
		shape[j] = (struct yg_packed_shape){ .kind = YG_PACKED_DOUBLE, .divisor = 1 };
	for (size_t i = 0; i < r.n; i++)
		r.x[i * P + 10] = r.x[i * P + 9] + 1e-4 * uniform();
	yg_packed_free(r.packed);
	r.packed = yg_packed_new(r.n, shape, P);
	put(&r);
	struct yg_linear a, b;
	struct yg_regression d = plain_of(&r, r.offset), e = packed_of(&r, d);
	assert_int_equal(yg_linear_fit(&d, NULL, &a, NULL), YG_OK);
	assert_int_equal(yg_linear_fit(&e, NULL, &b, NULL), YG_OK);
	assert_int_equal(b.road, YG_LINEAR_QR);
	near(a.b, b.b, P, 1e-13);
	yg_linear_release(&a);
	yg_linear_release(&b);
	release(&r);
}

static void ones_are_counted(void **state)
{
	struct rows r = make(5000);
	int64_t ones[P] = { 0 }, with[P] = { 0 };
	const uint8_t want[P] = { 0, 1, 1, 1, 1, 1, 1 };
	(void)state;
	yg_packed_ones(r.packed, want, 0, 4096, r.y, ones, with);
	yg_packed_ones(r.packed, want, 4096, r.n - 4096, r.y + 4096, ones, with);
	for (size_t j = 0; j < P; j++) {
		int64_t n = 0, m = 0;
		for (size_t i = 0; want[j] && i < r.n; i++) {
			n += r.x[i * P + j] > 0;
			m += r.x[i * P + j] > 0 && r.y[i] > 0;
		}
		assert_int_equal(ones[j], n);
		assert_int_equal(with[j], m);
	}
	release(&r);
}

static void threads_do_not_matter(void **state)
{
	struct rows r = make(300000);
	struct yg_pool *pool = yg_pool_new(3);
	struct yg_task task;
	struct yg_glm a, b;
	struct yg_glm_options o = { .family = YG_FAMILY_BINOMIAL, .link = YG_LINK_LOGIT };
	struct yg_regression d = packed_of(&r, plain_of(&r, r.y));
	(void)state;
	yg_task_init(&task, pool);
	assert_int_equal(yg_glm_fit(&d, &o, NULL, &a, NULL), YG_OK);
	assert_int_equal(yg_glm_fit(&d, &o, &task, &b, NULL), YG_OK);
	assert_memory_equal(a.b, b.b, P * sizeof *a.b);
	assert_memory_equal(a.covariance, b.covariance, P * P * sizeof *a.b);
	yg_glm_release(&a);
	yg_glm_release(&b);
	yg_pool_free(pool);
	release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_and_events), cmocka_unit_test(many_rows), cmocka_unit_test(least_squares),
		cmocka_unit_test(nearly_dependent), cmocka_unit_test(ones_are_counted), cmocka_unit_test(threads_do_not_matter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
