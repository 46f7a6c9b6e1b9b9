/* Lasso, ridge, elastic net: tiny cases by hand, the conditions of a minimum checked from the definition, and what must not change it. */
#include "tests/unit/test.h"

#include <math.h>
#include <string.h>

#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/rng.h"
#include "yogo/stats/penalised.h"

/* x = -1 -1 1 1, y = 0 1 2 5: x'y / n = 1.5, mean of y 2. */
static void one_column(double alpha, double lambda, double b)
{
	static const double x[] = { -1, -1, 1, 1 }, y[] = { 0, 1, 2, 5 };
	struct yg_pen_columns *c;
	struct yg_pen_path f;
	struct yg_pen_options o = { .alpha = alpha, .lambda = &lambda, .lambdas = 1 };
	assert_int_equal(yg_pen_columns_make(x, 4, 1, NULL, &c, NULL), YG_OK);
	struct yg_pen_data d = { .family = YG_PEN_GAUSSIAN, .x = c, .y = y };
	assert_int_equal(yg_pen_path_fit(&d, &o, NULL, &f, NULL), YG_OK);
	yg_assert_near(f.intercept[0], 2, 1e-12);
	if (b == 0)
		assert_true(f.beta[0] == 0 && f.df[0] == 0);
	else
		yg_assert_near(f.beta[0], b, 1e-12);
	yg_pen_path_release(&f);
	yg_pen_columns_free(c);
}

static void test_soft_threshold_by_hand(void **state)
{
	(void)state;
	one_column(1, 0.5, 1);                   /* 1.5 - 0.5 */
	one_column(1, 1.5, 0);                   /* at the bound nothing comes in */
	one_column(1, 2, 0);
	one_column(0, 0.5, 1);                   /* 1.5 / (1 + 0.5) */
	one_column(0.5, 1, 1 / 1.5);             /* (1.5 - 0.5) / (1 + 0.5) */
}

/* Random data of any family: p columns, every third of noughts and ones. */
struct sample {
	size_t n, p;
	double *x, *y, *w, *entry, *exit;
	uint8_t *event;
	int32_t *stratum;
	struct yg_spans spans;
	struct yg_pen_columns *c;
	struct yg_pen_data d;
};

static void draw(struct sample *s, enum yg_pen_family family, size_t n, size_t p)
{
	struct yg_rng r;
	memset(s, 0, sizeof *s);
	s->n = n;
	s->p = p;
	s->x = yg_xcalloc(n * p, sizeof(double));
	s->y = yg_xcalloc(5 * n, sizeof(double));
	s->w = s->y + n, s->entry = s->y + 2 * n, s->exit = s->y + 3 * n;
	s->event = yg_xcalloc(n, 1);
	s->stratum = yg_xcalloc(n, sizeof *s->stratum);
	yg_rng_init(&r, 11, YG_RNG_SIMULATION, (uint32_t)family, 0);
	for (size_t i = 0; i < n; i++) {
		double eta = 0, shared = yg_rng_normal(&r);
		for (size_t j = 0; j < p; j++) {
			double v = j % 3 ? yg_rng_normal(&r) + 0.7 * shared + 50 : yg_rng_uniform(&r) < 0.15;
			s->x[i * p + j] = v;
			eta += j < 4 ? (j % 2 ? -0.3 : 0.4) * (j % 3 ? v - 50 : v) : 0;
		}
		s->w[i] = 0.5 + yg_rng_uniform(&r);
		s->stratum[i] = (int32_t)(i % 3);
		s->entry[i] = floor(10 * yg_rng_uniform(&r));
		s->exit[i] = s->entry[i] + 1 + floor(30 * yg_rng_exponential(&r) * exp(-eta));
		s->event[i] = yg_rng_uniform(&r) < 0.6;
		s->y[i] = family == YG_PEN_GAUSSIAN ? eta + yg_rng_normal(&r) : family == YG_PEN_BINOMIAL ?
		          yg_rng_uniform(&r) < 1 / (1 + exp(-eta)) : (double)yg_rng_below(&r, 4);
	}
	assert_int_equal(yg_pen_columns_make(s->x, n, p, NULL, &s->c, NULL), YG_OK);
	s->spans = (struct yg_spans){ .n = n, .entry = s->entry, .exit = s->exit, .event = s->event, .stratum = s->stratum, .strata = 3 };
	s->d = (struct yg_pen_data){ .family = family, .x = s->c, .y = s->y, .spans = &s->spans, .weight = s->w };
}

static void release(struct sample *s)
{
	yg_pen_columns_free(s->c);
	yg_free(s->x);
	yg_free(s->y);
	yg_free(s->event);
	yg_free(s->stratum);
}

/* d loglik / d eta by the definition; weights sum to n.  Returns the log likelihood. */
static double by_definition(const struct sample *s, const double *w, const double *beta, double intercept, double *u)
{
	double loglik = 0, *eta = yg_xcalloc(s->n, sizeof *eta);
	for (size_t i = 0; i < s->n; i++) {
		eta[i] = intercept;
		for (size_t j = 0; j < s->p; j++)
			eta[i] += s->x[i * s->p + j] * beta[j];
	}
	for (size_t i = 0; i < s->n; i++) {
		double mu = s->d.family == YG_PEN_GAUSSIAN ? eta[i] : s->d.family == YG_PEN_BINOMIAL ? 1 / (1 + exp(-eta[i])) : exp(eta[i]);
		if (s->d.family != YG_PEN_COX) {
			u[i] = w[i] * (s->y[i] - mu);
			continue;
		}
		u[i] = 0;
	}
	for (size_t i = 0; s->d.family == YG_PEN_COX && i < s->n; i++) {
		double sum = 0;
		if (!s->event[i] || w[i] == 0)
			continue;
		for (size_t k = 0; k < s->n; k++)
			if (s->stratum[k] == s->stratum[i] && s->entry[k] < s->exit[i] && s->exit[k] >= s->exit[i])
				sum += w[k] * exp(eta[k] - eta[i]);
		u[i] += w[i];
		loglik -= w[i] * log(sum);
		for (size_t k = 0; k < s->n; k++)
			if (s->stratum[k] == s->stratum[i] && s->entry[k] < s->exit[i] && s->exit[k] >= s->exit[i])
				u[k] -= w[i] * w[k] * exp(eta[k] - eta[i]) / sum;
	}
	yg_free(eta);
	return loglik;
}

/* Columns that are in: gradient = penalty's slope; those that are not: within its bound. */
static void test_conditions_of_the_minimum(void **state)
{
	(void)state;
	for (int family = YG_PEN_GAUSSIAN; family <= YG_PEN_COX; family++) {
		struct sample s;
		draw(&s, (enum yg_pen_family)family, 240, 12);
		double *u = yg_xcalloc(2 * s.n, sizeof *u), *w = u + s.n, sum = 0;
		for (size_t i = 0; i < s.n; i++)
			sum += s.w[i];
		for (size_t i = 0; i < s.n; i++)
			w[i] = s.w[i] * (double)s.n / sum;
		for (int a = 0; a < 3; a++) {
			struct yg_pen_options o = { .alpha = a / 2.0 };
			struct yg_pen_path f;
			size_t in = 0;
			assert_int_equal(yg_pen_path_fit(&s.d, &o, NULL, &f, NULL), YG_OK);
			assert_int_equal(f.unconverged, 0);
			for (size_t l = 0; l < f.lambdas; l += 7) {
				const double *b = f.beta + l * s.p;
				by_definition(&s, w, b, f.intercept[l], u);
				for (size_t j = 0; j < s.p; j++) {
					double mean = 0, sd = 0, g = 0;
					for (size_t i = 0; i < s.n; i++)
						mean += w[i] * s.x[i * s.p + j] / (double)s.n;
					for (size_t i = 0; i < s.n; i++) {
						sd += w[i] * (s.x[i * s.p + j] - mean) * (s.x[i * s.p + j] - mean) / (double)s.n;
						g += u[i] * (s.x[i * s.p + j] - mean) / (double)s.n;
					}
					sd = sqrt(sd);
					g = g / sd - f.lambda[l] * (1 - o.alpha) * b[j] * sd;
					if (b[j] != 0)
						assert_true(fabs(g - f.lambda[l] * o.alpha * (b[j] > 0 ? 1 : -1)) < 1e-7);
					else
						assert_true(fabs(g) <= f.lambda[l] * o.alpha * (1 + 1e-6) + 1e-9);
					in += b[j] != 0;
				}
			}
			assert_true(in > 0);
			if (a)
				assert_int_equal(f.df[0], 0);
			yg_pen_path_release(&f);
		}
		yg_free(u);
		release(&s);
	}
}

static void assert_same_path(const struct yg_pen_path *a, const struct yg_pen_path *b, double scale0)
{
	assert_int_equal(a->lambdas, b->lambdas);
	for (size_t k = 0; k < a->lambdas * a->p; k++)
		assert_true(fabs(a->beta[k] - b->beta[k] * (k % a->p ? 1 : scale0)) < 1e-7);
}

/* The scale of the weights, of a column, and the order of the rows; a row of weight 0 is none. */
static void test_invariants(void **state)
{
	struct sample s, t;
	struct yg_pen_options o = { .alpha = 1 }, given = o;
	struct yg_pen_path f, g;
	(void)state;
	draw(&s, YG_PEN_COX, 200, 6);
	assert_int_equal(yg_pen_path_fit(&s.d, &o, NULL, &f, NULL), YG_OK);
	given.lambda = f.lambda;
	given.lambdas = f.lambdas;
	draw(&t, YG_PEN_COX, 200, 6);
	for (size_t i = 0; i < 200; i++) {
		size_t from = (i * 37) % 200;
		memcpy(t.x + i * 6, s.x + from * 6, 6 * sizeof(double));
		/* Noughts and twos are kept as numbers, not as a list. */
		t.x[i * 6] *= 2;
		t.entry[i] = s.entry[from], t.exit[i] = s.exit[from], t.event[i] = s.event[from], t.stratum[i] = s.stratum[from];
		t.w[i] = 3 * s.w[from];
	}
	yg_pen_columns_free(t.c);
	assert_int_equal(yg_pen_columns_make(t.x, 200, 6, NULL, &t.c, NULL), YG_OK);
	t.d.x = t.c;
	assert_int_equal(yg_pen_path_fit(&t.d, &given, NULL, &g, NULL), YG_OK);
	assert_same_path(&f, &g, 2);
	yg_pen_path_release(&g);
	yg_pen_path_release(&f);
	/* The last 50 rows without weight, and without the rows. */
	for (size_t i = 150; i < 200; i++)
		s.w[i] = 0;
	assert_int_equal(yg_pen_path_fit(&s.d, &o, NULL, &f, NULL), YG_OK);
	yg_pen_columns_free(s.c);
	assert_int_equal(yg_pen_columns_make(s.x, 150, 6, NULL, &s.c, NULL), YG_OK);
	s.d.x = s.c;
	s.spans.n = 150;
	assert_int_equal(yg_pen_path_fit(&s.d, &o, NULL, &g, NULL), YG_OK);
	assert_same_path(&f, &g, 1);
	assert_true(f.n == 150);
	yg_pen_path_release(&g);
	yg_pen_path_release(&f);
	release(&t);
	release(&s);
}

/* Lists given as lists are the columns they stand for. */
static void test_lists_are_columns(void **state)
{
	static const double x[] = { 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0 }, y[] = { 1, 2, 4, 3, 5, 2, 2, 7 };
	static const size_t start[] = { 0, 3, 5 };
	static const uint32_t row[] = { 2, 4, 6, 0, 5 };
	struct yg_pen_columns *a, *b;
	struct yg_pen_path f, g;
	struct yg_pen_options o = { .alpha = 1 };
	(void)state;
	assert_int_equal(yg_pen_columns_make(x, 8, 2, NULL, &a, NULL), YG_OK);
	assert_int_equal(yg_pen_columns_lists(8, 2, start, row, &b, NULL), YG_OK);
	struct yg_pen_data d = { .family = YG_PEN_POISSON, .x = a, .y = y }, e = d;
	e.x = b;
	assert_int_equal(yg_pen_path_fit(&d, &o, NULL, &f, NULL), YG_OK);
	assert_int_equal(yg_pen_path_fit(&e, &o, NULL, &g, NULL), YG_OK);
	assert_same_path(&f, &g, 1);
	yg_pen_path_release(&f);
	yg_pen_path_release(&g);
	yg_pen_columns_free(a);
	yg_pen_columns_free(b);
}

/* An outcome in large units far from 0: the same model in other units. */
static void test_units_of_the_outcome(void **state)
{
	struct sample s;
	struct yg_pen_options o = { .alpha = 0.5, .response_scaled_ridge = true };
	struct yg_pen_path f, g;
	(void)state;
	draw(&s, YG_PEN_GAUSSIAN, 150, 6);
	assert_int_equal(yg_pen_path_fit(&s.d, &o, NULL, &f, NULL), YG_OK);
	for (size_t i = 0; i < 150; i++)
		s.y[i] = 1e12 + 1e9 * s.y[i];
	assert_int_equal(yg_pen_path_fit(&s.d, &o, NULL, &g, NULL), YG_OK);
	assert_int_equal(g.unconverged, 0);
	assert_int_equal(f.lambdas, g.lambdas);
	for (size_t k = 0; k < f.lambdas * 6; k++)
		assert_true(fabs(f.beta[k] - g.beta[k] / 1e9) < 1e-6);
	yg_pen_path_release(&f);
	yg_pen_path_release(&g);
	release(&s);
}

/* More columns than rows: the path stops by itself and stays finite. */
static void test_more_columns_than_rows(void **state)
{
	struct sample s;
	struct yg_pen_options o = { .alpha = 1 };
	struct yg_pen_path f;
	(void)state;
	draw(&s, YG_PEN_COX, 40, 90);
	assert_int_equal(yg_pen_path_fit(&s.d, &o, NULL, &f, NULL), YG_OK);
	assert_true(f.lambda[0] > 0 && f.df[f.lambdas - 1] <= 40);
	for (size_t k = 0; k < f.lambdas * f.p; k++)
		assert_true(isfinite(f.beta[k]));
	for (size_t l = 1; l < f.lambdas; l++)
		assert_true(f.dev_ratio[l] >= f.dev_ratio[l - 1] - 1e-9);
	yg_pen_path_release(&f);
	release(&s);
}

static void test_same_bits_on_any_threads(void **state)
{
	struct sample s;
	struct yg_pen_path f[2];
	struct yg_pen_cv cv[2];
	uint32_t *fold = yg_xcalloc(6000, sizeof *fold);
	(void)state;
	draw(&s, YG_PEN_COX, 6000, 30);
	for (size_t i = 0; i < s.n; i++)
		fold[i] = (uint32_t)(i % 4);
	for (int k = 0; k < 2; k++) {
		struct yg_pool *pool = yg_pool_new(k ? 3 : 1);
		struct yg_task task;
		struct yg_pen_options o = { .alpha = 0.9, .lambdas = 12, .ratio = 0.05 };
		yg_task_init(&task, pool);
		assert_int_equal(yg_pen_path_fit(&s.d, &o, &task, &f[k], NULL), YG_OK);
		assert_int_equal(yg_pen_cv_fit(&s.d, &o, &f[k], fold, 4, &task, &cv[k], NULL), YG_OK);
		yg_pool_free(pool);
	}
	assert_int_equal(f[0].lambdas, f[1].lambdas);
	assert_memory_equal(f[0].beta, f[1].beta, f[0].lambdas * s.p * sizeof(double));
	assert_memory_equal(cv[0].mean, cv[1].mean, f[0].lambdas * sizeof(double));
	assert_memory_equal(cv[0].se, cv[1].se, f[0].lambdas * sizeof(double));
	for (int k = 0; k < 2; k++) {
		yg_pen_path_release(&f[k]);
		yg_pen_cv_release(&cv[k]);
	}
	yg_free(fold);
	release(&s);
}

/* Two folds of Cox: the loss from the definition of the partial likelihood. */
static void test_cross_validation_by_definition(void **state)
{
	struct sample s;
	double lambda[] = { 0.2, 0.05 }, loss[2][2], events[2] = { 0, 0 }, u[60];
	uint32_t fold[60];
	struct yg_pen_options o = { .alpha = 1, .lambda = lambda, .lambdas = 2 };
	struct yg_pen_path f;
	struct yg_pen_cv cv;
	(void)state;
	draw(&s, YG_PEN_COX, 60, 3);
	s.d.weight = NULL;
	for (size_t i = 0; i < 60; i++)
		fold[i] = i % 2;
	assert_int_equal(yg_pen_path_fit(&s.d, &o, NULL, &f, NULL), YG_OK);
	assert_int_equal(yg_pen_cv_fit(&s.d, &o, &f, fold, 2, NULL, &cv, NULL), YG_OK);
	for (size_t k = 0; k < 2; k++) {
		double all[60], rest[60];
		struct yg_pen_data d = s.d;
		struct yg_pen_path g;
		for (size_t i = 0; i < 60; i++) {
			all[i] = 1;
			rest[i] = fold[i] != k;
			events[k] += fold[i] == k && s.event[i];
		}
		d.weight = rest;
		assert_int_equal(yg_pen_path_fit(&d, &o, NULL, &g, NULL), YG_OK);
		for (size_t l = 0; l < 2; l++) {
			double saturated = 0, both[2];
			for (int part = 0; part < 2; part++) {
				const double *w = part ? rest : all;
				both[part] = by_definition(&s, w, g.beta + l * 3, 0, u);
				/* less the saturated one: minus d log d at each time of each stratum */
				for (size_t i = 0; i < 60; i++) {
					double deaths = 0;
					bool earlier = false;
					for (size_t j = 0; j < 60; j++) {
						bool tied = s.event[j] && w[j] > 0 && s.exit[j] == s.exit[i] && s.stratum[j] == s.stratum[i];
						deaths += tied;
						earlier = earlier || (tied && j < i);
					}
					saturated -= s.event[i] && w[i] > 0 && !earlier ? (part ? -1 : 1) * deaths * log(deaths) : 0;
				}
			}
			loss[k][l] = 2 * (saturated - (both[0] - both[1])) / events[k];
		}
		yg_pen_path_release(&g);
	}
	for (size_t l = 0; l < 2; l++) {
		double mean = (events[0] * loss[0][l] + events[1] * loss[1][l]) / (events[0] + events[1]);
		yg_assert_near(cv.mean[l], mean, 1e-9);
	}
	yg_pen_cv_release(&cv);
	yg_pen_path_release(&f);
	release(&s);
}

static void test_folds_are_even_and_keep_persons_together(void **state)
{
	uint32_t person[] = { 4, 4, 7, 9, 9, 9, 12, 30, 31, 32, 40 }, fold[11], again[11];
	size_t size[4] = { 0 };
	(void)state;
	assert_int_equal(yg_pen_folds(person, 11, 4, 5, fold, NULL), YG_OK);
	assert_int_equal(fold[0], fold[1]);
	assert_true(fold[3] == fold[4] && fold[4] == fold[5]);
	for (size_t i = 0; i < 11; i++)
		if (!i || person[i] != person[i - 1])
			size[fold[i]]++;
	for (size_t k = 0; k < 4; k++)
		assert_int_equal(size[k], 2);
	assert_int_equal(yg_pen_folds(person, 11, 4, 5, again, NULL), YG_OK);
	assert_memory_equal(fold, again, sizeof fold);
}

static void test_nothing_to_fit_is_said(void **state)
{
	static const double x[] = { 1, 2, 3, 4 }, same[] = { 2, 2, 2, 2 }, y[] = { 1, 1, 1, 1 }, z[] = { 0, 1, 0, 1 }, t[] = { 1, 2, 3, 4 };
	static const uint8_t none[] = { 0, 0, 0, 0 };
	struct yg_pen_options o = { .alpha = 1 };
	struct yg_pen_columns *a, *b;
	struct yg_pen_path f;
	struct yg_spans spans = { .n = 4, .exit = t, .event = none };
	struct yg_err err;
	(void)state;
	assert_int_equal(yg_pen_columns_make(x, 4, 1, NULL, &a, NULL), YG_OK);
	assert_int_equal(yg_pen_columns_make(same, 4, 1, NULL, &b, NULL), YG_OK);
	struct yg_pen_data d = { .family = YG_PEN_GAUSSIAN, .x = a, .y = y, .spans = &spans };
	assert_int_equal(yg_pen_path_fit(&d, &o, NULL, &f, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-PEN-001");
	d.family = YG_PEN_COX;
	assert_int_equal(yg_pen_path_fit(&d, &o, NULL, &f, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-FIT-002");
	d.family = YG_PEN_BINOMIAL;
	d.y = z;
	d.x = b;
	assert_int_equal(yg_pen_path_fit(&d, &o, NULL, &f, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-PEN-002");
	yg_pen_columns_free(a);
	yg_pen_columns_free(b);
	/* One row, and none. */
	assert_int_equal(yg_pen_columns_make(x, 1, 1, NULL, &a, NULL), YG_OK);
	d.x = a;
	assert_int_equal(yg_pen_path_fit(&d, &o, NULL, &f, &err), YG_REFUSED);
	yg_pen_columns_free(a);
	assert_int_equal(yg_pen_columns_make(x, 0, 1, NULL, &a, NULL), YG_OK);
	d.x = a;
	assert_int_equal(yg_pen_path_fit(&d, &o, NULL, &f, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-FIT-001");
	yg_pen_columns_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_soft_threshold_by_hand),
		cmocka_unit_test(test_conditions_of_the_minimum),
		cmocka_unit_test(test_invariants),
		cmocka_unit_test(test_lists_are_columns),
		cmocka_unit_test(test_units_of_the_outcome),
		cmocka_unit_test(test_more_columns_than_rows),
		cmocka_unit_test(test_same_bits_on_any_threads),
		cmocka_unit_test(test_cross_validation_by_definition),
		cmocka_unit_test(test_folds_are_even_and_keep_persons_together),
		cmocka_unit_test(test_nothing_to_fit_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
