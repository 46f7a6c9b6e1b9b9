/* Cumulative incidence, Gray's test and Fine-Gray regression: tiny cases by hand, R's values, and what must not change them. */
#include "tests/unit/test.h"

#include <math.h>
#include <string.h>

#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/rng.h"
#include "yogo/stats/cox.h"
#include "yogo/stats/cuminc.h"
#include "yogo/stats/finegray.h"

#define N 24
static const double entry[N] = { 0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 0, 0, 1, 1, 2, 2, 3, 3, 5, 5, 6, 6 };
static const double time_[N] = { 5, 9, 3, 12, 4, 8, 6, 11, 7, 10, 9, 14, 2, 13, 5, 7, 6, 15, 8, 4, 9, 11, 10, 12 };
static const uint8_t event[N] = { 1, 2, 1, 0, 2, 1, 0, 1, 2, 1, 1, 0, 2, 1, 0, 2, 1, 2, 1, 2, 2, 0, 1, 1 };
static const double first[N] = { .5, -1, 1.2, .3, -.4, .9, 0, -.7, 1.5, .2, -.3, .8, -1.1, .6, .4, -.2, 1, -.9, .1, .7, -.5, 1.3, -.6, .05 };

/* Four persons: recurrence at 1, death at 2, censored at 3, recurrence at 4.  F1 = 1/4, 1/4, 1/4, 3/4; F2 = 0, 1/4. */
static void test_incidence_by_hand(void **state)
{
	static const double t[] = { 1, 2, 3, 4 };
	static const uint8_t e[] = { 1, 2, 0, 1 };
	struct yg_spans d = { .n = 4, .exit = t, .event = e };
	struct yg_cuminc f;
	(void)state;
	assert_int_equal(yg_cuminc_fit(&d, 2, NULL, &f, NULL), YG_OK);
	assert_int_equal(f.curve[0].m, 4);
	yg_assert_near(f.curve[0].incidence[0], 0.25, 1e-15);
	yg_assert_near(f.curve[0].incidence[2 * 1 + 1], 0.25, 1e-15);
	yg_assert_near(f.curve[0].incidence[2 * 3], 0.75, 1e-15);
	yg_assert_near(f.curve[0].surv[2], 0.5, 1e-15);
	/* A binomial variance at the first time: 1/4 * 3/4 / 4. */
	yg_assert_near(f.curve[0].se[0], sqrt(0.25 * 0.75 / 4), 1e-14);
	assert_true(f.curve[0].worst_sum < 1e-15);
	yg_cuminc_release(&f);
}

static void weights(double *w)
{
	for (size_t i = 0; i < N; i++)
		w[i] = 0.5 + (double)((i + 1) % 4) / 2;
}

/* survfit(Surv(entry, time, state) ~ 1, weights = w, id = id) of R 4.2 at 4, 8, 12. */
static void test_incidence_late_entry_and_weights_as_r(void **state)
{
	static const double at[] = { 4, 8, 12 }, p1[] = { 0.11151515151515, 0.30445937802035, 0.53502166126556 };
	static const double p2[] = { 0.14219114219114, 0.19406765592131, 0.28052851213827 };
	static const double s1[] = { 0.10395462901193, 0.11984042275976, 0.12066468501533 };
	double w[N];
	struct yg_spans d = { .n = N, .entry = entry, .exit = time_, .event = event, .weight = w };
	struct yg_cuminc f;
	(void)state;
	weights(w);
	assert_int_equal(yg_cuminc_fit(&d, 2, NULL, &f, NULL), YG_OK);
	for (size_t k = 0; k < 3; k++) {
		size_t m = (size_t)yg_cuminc_at(&f.curve[0], at[k]);
		yg_assert_near(f.curve[0].incidence[m * 2], p1[k], 1e-12);
		yg_assert_near(f.curve[0].incidence[m * 2 + 1], p2[k], 1e-12);
		yg_assert_near(f.curve[0].se[m * 2], s1[k], 1e-12);
	}
	yg_cuminc_release(&f);
}

/* The rows' influences: derivatives taken by changing a weight, and their squares the sweep's variance. */
static void test_influence_is_the_derivative(void **state)
{
	double w[N], out[N], changed[N];
	struct yg_spans d = { .n = N, .entry = entry, .exit = time_, .event = event, .weight = w };
	struct yg_cuminc f, g;
	(void)state;
	weights(w);
	assert_int_equal(yg_cuminc_fit(&d, 2, NULL, &f, NULL), YG_OK);
	for (unsigned cause = 0; cause < 2; cause++)
		for (double t = 3; t < 16; t += 2.5) {
			ptrdiff_t m = yg_cuminc_at(&f.curve[0], t);
			double sum = 0;
			assert_int_equal(yg_cuminc_influence(&d, &f, 0, cause, t, out, NULL), YG_OK);
			for (size_t i = 0; i < N; i++)
				sum += out[i] * out[i];
			assert_true(fabs(sqrt(sum) - f.curve[0].se[(size_t)m * 2 + cause]) < 1e-12);
			for (size_t i = 0; i < N; i += 5) {
				struct yg_spans e = d;
				memcpy(changed, w, sizeof w);
				changed[i] += 1e-6;
				e.weight = changed;
				assert_int_equal(yg_cuminc_fit(&e, 2, NULL, &g, NULL), YG_OK);
				double slope = (g.curve[0].incidence[(size_t)m * 2 + cause] - f.curve[0].incidence[(size_t)m * 2 + cause]) / 1e-6;
				assert_true(fabs(out[i] - w[i] * slope) < 1e-6);
				yg_cuminc_release(&g);
			}
		}
	yg_cuminc_release(&f);
}

/* Each row three, two or one times. */
struct repeated {
	double time[3 * N], first[3 * N * 2], count[N], x[N * 2];
	uint8_t event[3 * N];
	int32_t group[3 * N], own[N];
	size_t n;
};

static void repeat(struct repeated *r)
{
	r->n = 0;
	for (size_t i = 0; i < N; i++) {
		r->count[i] = (double)(1 + i % 3);
		r->own[i] = (int32_t)(i % 2);
		r->x[2 * i] = first[i];
		r->x[2 * i + 1] = i % 4 == 1 || i % 4 == 2;
		for (size_t k = 0; k <= i % 3; k++) {
			r->time[r->n] = time_[i];
			r->event[r->n] = event[i];
			r->group[r->n] = r->own[i];
			memcpy(r->first + 2 * r->n, r->x + 2 * i, 2 * sizeof(double));
			r->n++;
		}
	}
}

static void test_counts_stand_for_repeated_rows(void **state)
{
	struct repeated r;
	struct yg_cuminc a, b;
	struct yg_gray g, h;
	(void)state;
	repeat(&r);
	struct yg_spans d = { .n = N, .exit = time_, .event = event, .weight = r.count, .group = r.own, .groups = 2 };
	struct yg_spans e = { .n = r.n, .exit = r.time, .event = r.event, .group = r.group, .groups = 2 };
	assert_int_equal(yg_cuminc_fit_counts(&d, 2, NULL, &a, NULL), YG_OK);
	assert_int_equal(yg_cuminc_fit(&e, 2, NULL, &b, NULL), YG_OK);
	for (size_t k = 0; k < 2; k++) {
		assert_int_equal(a.curve[k].m, b.curve[k].m);
		for (size_t m = 0; m < 2 * a.curve[k].m; m++) {
			assert_true(fabs(a.curve[k].incidence[m] - b.curve[k].incidence[m]) < 1e-13);
			assert_true(fabs(a.curve[k].se[m] - b.curve[k].se[m]) < 1e-13);
		}
	}
	for (unsigned cause = 1; cause <= 2; cause++) {
		assert_int_equal(yg_gray_test(&d, cause, 0, NULL, &g, NULL), YG_OK);
		assert_int_equal(yg_gray_test(&e, cause, 0, NULL, &h, NULL), YG_OK);
		yg_assert_near(g.statistic, h.statistic, 1e-11);
	}
	yg_cuminc_release(&a);
	yg_cuminc_release(&b);
	/* Fine-Gray: estimates and errors, with the part for the censoring curve and without. */
	for (int part = 0; part < 2; part++) {
		struct yg_finegray_data c = { .n = N, .p = 2, .time = time_, .event = event, .x = r.x, .weight = r.count, .frequency = true };
		struct yg_finegray_data many = { .n = r.n, .p = 2, .time = r.time, .event = r.event, .x = r.first };
		struct yg_finegray_options o = { .cause = 1, .no_censoring_term = part };
		struct yg_finegray f, q;
		assert_int_equal(yg_finegray_fit(&c, &o, NULL, &f, NULL), YG_OK);
		assert_int_equal(yg_finegray_fit(&many, &o, NULL, &q, NULL), YG_OK);
		for (size_t j = 0; j < 2; j++) {
			yg_assert_near(f.beta[j], q.beta[j], 1e-10);
			yg_assert_near(f.se[j], q.se[j], 1e-9);
		}
		yg_assert_near(f.loglik, q.loglik, 1e-12);
		yg_finegray_release(&f);
		yg_finegray_release(&q);
	}
}

static void matrix(double *x)
{
	for (size_t i = 0; i < N; i++) {
		x[2 * i] = first[i];
		x[2 * i + 1] = i % 4 == 1 || i % 4 == 2;
	}
}

/* finegray() and coxph() of R's survival 3.5-3, with late entry: Breslow, Efron, and clusters of three. */
static void test_late_entry_as_r(void **state)
{
	double x[N * 2];
	uint32_t cluster[N];
	struct yg_finegray_data d = { .n = N, .p = 2, .time = time_, .event = event, .x = x, .entry = entry };
	struct yg_finegray_options o = { .cause = 1 };
	struct yg_finegray f;
	(void)state;
	matrix(x);
	assert_int_equal(yg_finegray_fit(&d, &o, NULL, &f, NULL), YG_OK);
	yg_assert_near(f.beta[0], 0.49566459405307, 1e-9);
	yg_assert_near(f.beta[1], 1.1590719585273, 1e-9);
	yg_assert_near(f.se[0], 0.36281370591515, 1e-9);
	yg_assert_near(f.se[1], 0.61585287084346, 1e-9);
	yg_assert_near(f.loglik, -28.463395913319, 1e-11);
	yg_assert_near(f.loglik_null, -31.039766078191, 1e-11);
	assert_false(f.censoring_term);
	yg_finegray_release(&f);
	for (size_t i = 0; i < N; i++)
		cluster[i] = (uint32_t)(i % 8);
	d.cluster = cluster;
	d.clusters = 8;
	assert_int_equal(yg_finegray_fit(&d, &o, NULL, &f, NULL), YG_OK);
	yg_assert_near(f.se[0], 0.35865376103135, 1e-9);
	yg_assert_near(f.se[1], 0.70669559633136, 1e-9);
	yg_finegray_release(&f);
	d.cluster = NULL;
	o.efron = true;
	assert_int_equal(yg_finegray_fit(&d, &o, NULL, &f, NULL), YG_OK);
	yg_assert_near(f.beta[0], 0.4946507745818, 1e-9);
	yg_assert_near(f.beta[1], 1.18668997739, 1e-9);
	yg_assert_near(f.se[0], 0.36625763671901, 1e-9);
	yg_assert_near(f.se[1], 0.62733400350672, 1e-9);
	yg_finegray_release(&f);
	d.entry = NULL;
	assert_int_equal(yg_finegray_fit(&d, &o, NULL, &f, NULL), YG_OK);
	yg_assert_near(f.beta[0], 0.42274399957957, 1e-9);
	yg_assert_near(f.beta[1], 1.035222955583, 1e-9);
	yg_assert_near(f.se[0], 0.37806531758252, 1e-9);
	yg_assert_near(f.se[1], 0.62627819740079, 1e-9);
	yg_finegray_release(&f);
}

/* Without competing events it is Cox's model. */
static void test_no_competing_event_is_cox(void **state)
{
	double x[N * 2];
	uint8_t one[N];
	struct yg_cox c;
	(void)state;
	matrix(x);
	for (size_t i = 0; i < N; i++)
		one[i] = event[i] == 1;
	for (int late = 0; late < 2; late++)
		for (int efron = 0; efron < 2; efron++) {
			struct yg_finegray_data d = { .n = N, .p = 2, .time = time_, .event = one, .x = x, .entry = late ? entry : NULL };
			struct yg_finegray_options o = { .cause = 1, .no_censoring_term = true, .efron = efron };
			struct yg_cox_data cd = { .spans = { .n = N, .entry = late ? entry : NULL, .exit = time_, .event = one }, .x = x, .p = 2 };
			struct yg_cox_options co = { .ties = efron ? YG_COX_EFRON : YG_COX_BRESLOW, .robust = true, .max_iterations = -1 };
			struct yg_finegray f;
			assert_int_equal(yg_finegray_fit(&d, &o, NULL, &f, NULL), YG_OK);
			assert_int_equal(yg_cox_fit(&cd, &co, NULL, &c, NULL), YG_OK);
			for (size_t j = 0; j < 2; j++) {
				yg_assert_near(f.beta[j], c.beta[j], 1e-9);
				yg_assert_near(f.se[j], c.se[j], 1e-9);
			}
			yg_finegray_release(&f);
			yg_cox_release(&c);
		}
}

/* Shift and scale of the columns, order of rows, scale of sampling weights, one cluster a row, everybody entering at the start. */
static void test_fine_gray_invariants(void **state)
{
	double x[N * 2], y[N * 2], t[N], w[N], zero[N];
	uint8_t e[N];
	uint32_t own[N];
	struct yg_finegray_data d = { .n = N, .p = 2, .time = time_, .event = event, .x = x, .weight = w }, q = d;
	struct yg_finegray_options o = { .cause = 1 };
	struct yg_finegray f, g;
	double base, profile[2] = { 0.4, 1 }, *curve;
	(void)state;
	matrix(x);
	weights(w);
	assert_int_equal(yg_finegray_fit(&d, &o, NULL, &f, NULL), YG_OK);
	base = yg_finegray_incidence(&f, profile, 9);
	assert_true(base > 0 && base < 1);
	curve = yg_xcalloc(f.times + 1, sizeof *curve);
	yg_finegray_curve(&f, profile, curve);
	for (size_t u = 0; u < f.times; u++)
		yg_assert_near(curve[u], yg_finegray_incidence(&f, profile, f.time[u]), 1e-14);
	yg_free(curve);
	for (size_t i = 0; i < N; i++) {
		size_t from = (i * 7) % N;      /* 7 and 24 have no common divisor: every row once */
		y[2 * i] = 1000 + 3 * x[2 * from];
		y[2 * i + 1] = x[2 * from + 1];
		t[i] = time_[from];
		e[i] = event[from];
		zero[i] = 5 * w[from];
		own[i] = (uint32_t)i;
	}
	q.x = y, q.time = t, q.event = e, q.weight = zero, q.cluster = own, q.clusters = N;
	assert_int_equal(yg_finegray_fit(&q, &o, NULL, &g, NULL), YG_OK);
	yg_assert_near(3 * g.beta[0], f.beta[0], 1e-9);
	yg_assert_near(3 * g.se[0], f.se[0], 1e-9);
	yg_assert_near(g.se[1], f.se[1], 1e-9);
	profile[0] = 1000 + 3 * profile[0];
	yg_assert_near(yg_finegray_incidence(&g, profile, 9), base, 1e-8);
	yg_finegray_release(&g);
	yg_finegray_release(&f);
	/* All enter at 0: the curve of entry is flat. */
	memset(zero, 0, sizeof zero);
	q = (struct yg_finegray_data){ .n = N, .p = 2, .time = time_, .event = event, .x = x };
	o.no_censoring_term = o.events_leave_first = true;
	assert_int_equal(yg_finegray_fit(&q, &o, NULL, &f, NULL), YG_OK);
	q.entry = zero;
	assert_int_equal(yg_finegray_fit(&q, &o, NULL, &g, NULL), YG_OK);
	for (size_t j = 0; j < 2; j++) {
		yg_assert_near(g.beta[j], f.beta[j], 1e-10);
		yg_assert_near(g.se[j], f.se[j], 1e-10);
	}
	yg_finegray_release(&f);
	yg_finegray_release(&g);
}

/*
 * No censoring, so that no curve is estimated beside: the variance of a predicted hazard is the sum of squares of its derivatives by
 * the weights, taken here by changing each weight.
 */
static void test_variance_of_a_prediction_is_that_of_its_derivatives(void **state)
{
	static const double profile[] = { 0.6, 1 };
	double x[N * 2], w[N], changed[N];
	uint8_t all[N];
	(void)state;
	matrix(x);
	weights(w);
	for (size_t i = 0; i < N; i++)
		all[i] = event[i] ? event[i] : 2;
	struct yg_finegray_data d = { .n = N, .p = 2, .time = time_, .event = all, .x = x, .weight = w }, e = d;
	struct yg_finegray_options o = { .cause = 1, .no_censoring_term = true, .curve_variance = 1000 };
	struct yg_finegray f, g;
	assert_int_equal(yg_finegray_fit(&d, &o, NULL, &f, NULL), YG_OK);
	e.weight = changed;
	for (double t = 4; t < 16; t += 3) {
		double sum = 0, h = log(-log1p(-yg_finegray_incidence(&f, profile, t)));
		for (size_t i = 0; i < N; i++) {
			memcpy(changed, w, sizeof w);
			changed[i] += 1e-5;
			assert_int_equal(yg_finegray_fit(&e, &o, NULL, &g, NULL), YG_OK);
			double slope = (log(-log1p(-yg_finegray_incidence(&g, profile, t))) - h) / 1e-5;
			sum += w[i] * w[i] * slope * slope;
			yg_finegray_release(&g);
		}
		yg_assert_near(yg_finegray_log_hazard_se(&f, profile, t), sqrt(sum), 1e-4);
	}
	assert_true(isnan(yg_finegray_log_hazard_se(&f, profile, 0.5)));
	yg_finegray_release(&f);
}

static void test_same_bits_on_any_threads(void **state)
{
	const size_t n = 30000, p = 3;
	double *x = yg_xcalloc(n * p, sizeof *x), *t = yg_xcalloc(n, sizeof *t), *late = yg_xcalloc(n, sizeof *late);
	uint8_t *e = yg_xcalloc(n, 1);
	struct yg_finegray f[2];
	struct yg_rng r;
	(void)state;
	yg_rng_init(&r, 4, YG_RNG_SIMULATION, 0, 0);
	for (size_t i = 0; i < n; i++) {
		late[i] = floor(20 * yg_rng_uniform(&r));
		t[i] = late[i] + 1 + floor(100 * yg_rng_exponential(&r));
		e[i] = (uint8_t)yg_rng_below(&r, 3);
		for (size_t j = 0; j < p; j++)
			x[i * p + j] = yg_rng_normal(&r);
	}
	for (int k = 0; k < 2; k++) {
		struct yg_pool *pool = yg_pool_new(k ? 3 : 1);
		struct yg_task task;
		struct yg_finegray_data d = { .n = n, .p = p, .time = t, .event = e, .x = x, .entry = late };
		struct yg_finegray_options o = { .cause = 1 };
		yg_task_init(&task, pool);
		assert_int_equal(yg_finegray_fit(&d, &o, &task, &f[k], NULL), YG_OK);
		yg_pool_free(pool);
	}
	assert_memory_equal(f[0].beta, f[1].beta, p * sizeof(double));
	assert_memory_equal(f[0].var, f[1].var, p * p * sizeof(double));
	yg_finegray_release(&f[0]);
	yg_finegray_release(&f[1]);
	yg_free(e);
	yg_free(late);
	yg_free(t);
	yg_free(x);
}

static void test_nothing_to_fit_is_said(void **state)
{
	static const double t[] = { 3, 4, 6, 8 }, late[] = { 0, 0, 5, 5 }, x[] = { 0, 1, 0, 1 }, same[] = { 2, 2, 2, 2 };
	static const uint8_t none[] = { 0, 2, 0, 2 }, emptied[] = { 2, 2, 1, 1 }, some[] = { 1, 2, 1, 0 };
	struct yg_finegray_options o = { .cause = 1 };
	struct yg_finegray_data d = { .n = 4, .p = 1, .time = t, .event = none, .x = x };
	struct yg_finegray f;
	struct yg_err err;
	(void)state;
	assert_int_equal(yg_finegray_fit(&d, &o, NULL, &f, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-FIT-002");
	d.n = 0;
	assert_int_equal(yg_finegray_fit(&d, &o, NULL, &f, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-FIT-001");
	/* Between 4 and 5 nobody is there: those who died before cannot be carried over. */
	d.n = 4;
	d.event = emptied;
	d.entry = late;
	assert_int_equal(yg_finegray_fit(&d, &o, NULL, &f, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-FIT-020");
	/* A constant column is dropped. */
	d.entry = NULL;
	d.event = some;
	d.x = same;
	assert_int_equal(yg_finegray_fit(&d, &o, NULL, &f, NULL), YG_OK);
	assert_int_equal(f.dropped[0], 1);
	assert_int_equal(f.rank, 0);
	yg_finegray_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_incidence_by_hand),
		cmocka_unit_test(test_incidence_late_entry_and_weights_as_r),
		cmocka_unit_test(test_influence_is_the_derivative),
		cmocka_unit_test(test_counts_stand_for_repeated_rows),
		cmocka_unit_test(test_late_entry_as_r),
		cmocka_unit_test(test_no_competing_event_is_cox),
		cmocka_unit_test(test_fine_gray_invariants),
		cmocka_unit_test(test_variance_of_a_prediction_is_that_of_its_derivatives),
		cmocka_unit_test(test_same_bits_on_any_threads),
		cmocka_unit_test(test_nothing_to_fit_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
