/* Cox's model in its other forms: rows that count for several, ties in unknown order, Firth's penalty. */
#include "tests/unit/test.h"

#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/dist.h"
#include "yogo/stats/cox.h"

#define ROWS 120u
#define COPIES 4u

static struct yg_cox fit(struct yg_cox_data d, struct yg_cox_options o)
{
	struct yg_cox r;
	struct yg_err err = { 0 };
	if (!d.spans.strata)
		d.spans.strata = 1;
	enum yg_status s = yg_cox_fit(&d, &o, NULL, &r, &err);
	if (s != YG_OK)
		fprintf(stderr, "%s\n", err.text);
	assert_int_equal(s, YG_OK);
	return r;
}

static struct yg_cox at(struct yg_cox_data d, enum yg_cox_ties ties, const double *beta)
{
	return fit(d, (struct yg_cox_options){ .ties = ties, .init = beta, .max_iterations = 0 });
}

/* ---- the data of Therneau and Grambsch, Modeling Survival Data, appendix E.1 ---- */

static void the_textbook_data(void **unused)
{
	(void)unused;
	const double time[] = { 9, 1, 1, 6, 6, 8 }, x[] = { 0, 1, 1, 1, 0, 0 }, zero = 0;
	const uint8_t event[] = { 1, 1, 0, 1, 1, 0 };
	const struct yg_cox_data d = { .spans = { .n = 6, .exit = time, .event = event }, .x = x, .p = 1 };
	/* Breslow: l = 2b - log(3r + 3) - 2 log(r + 3), r = exp b: at 0 U = 1, I = 5/8; maximum r = (3 + sqrt 33) / 2. */
	struct yg_cox r = at(d, YG_COX_BRESLOW, &zero);
	yg_assert_near(r.loglik, -log(6) - 2 * log(4), 1e-15);
	yg_assert_near(r.score.chisq, 8.0 / 5, 1e-14);
	yg_assert_near(r.naive[0], 8.0 / 5, 1e-14);
	yg_cox_release(&r);
	r = fit(d, (struct yg_cox_options){ .ties = YG_COX_BRESLOW, .max_iterations = -1 });
	yg_assert_near(r.beta[0], log((3 + sqrt(33)) / 2), 1e-12);
	yg_cox_release(&r);
	/* Efron: l = 2b - log(3r + 3) - log(r + 3) - log((r + 5) / 2): U = 13/12, I = 83/144; r^3 - 23 r - 30 = 0. */
	r = at(d, YG_COX_EFRON, &zero);
	yg_assert_near(r.loglik, -log(6) - log(4) - log(3), 1e-15);
	yg_assert_near(r.score.chisq, (169.0 / 144) / (83.0 / 144), 1e-14);
	yg_assert_near(r.naive[0], 144.0 / 83, 1e-14);
	yg_cox_release(&r);
	r = fit(d, (struct yg_cox_options){ .ties = YG_COX_EFRON, .max_iterations = -1 });
	double h = exp(r.beta[0]);
	yg_assert_near(h * h * h - 23 * h, 30, 1e-11);
	yg_cox_release(&r);
	/* Discrete: the pair at 6 of four: (r) / (3r + 3): l = 2b - log(3r + 3) - log(3r + 3). */
	r = at(d, YG_COX_DISCRETE, &zero);
	yg_assert_near(r.loglik, -2 * log(6), 1e-15);
	yg_cox_release(&r);
	/* Marginal: the pair in either order, r/(r+3) * 1/3 + 1/(r+3) * r/(r+2): at 0 1/6. */
	r = at(d, YG_COX_MARGINAL, &zero);
	yg_assert_near(r.loglik, -2 * log(6), 1e-14);
	yg_cox_release(&r);
	const double b = 0.8, e = exp(b);
	r = at(d, YG_COX_MARGINAL, &b);
	yg_assert_near(r.loglik, log(e / (3 * e + 3)) + log(e / (e + 3) * (1 / 3.0 + 1 / (e + 2))), 1e-14);
	yg_cox_release(&r);
}

/* ---- random data ---- */

struct rows {
	double entry[ROWS], exit[ROWS], weight[ROWS], x[3 * ROWS];
	uint8_t event[ROWS];
	int32_t stratum[ROWS];
	uint32_t cluster[ROWS];
	struct yg_cox_data d;
};

static uint32_t next(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static void make(struct rows *r, uint32_t seed, uint32_t times)
{
	memset(r, 0, sizeof *r);
	for (uint32_t i = 0; i < ROWS; i++) {
		r->exit[i] = 2 + next(&seed) % times;
		r->entry[i] = i % 3 ? 0 : next(&seed) % (uint32_t)r->exit[i];
		r->event[i] = next(&seed) % 3 != 0;
		r->weight[i] = next(&seed) % COPIES;
		r->stratum[i] = (int32_t)(next(&seed) % 2);
		r->cluster[i] = next(&seed) % 30;
		for (int a = 0; a < 3; a++)
			r->x[3 * i + (uint32_t)a] = a == 1 ? next(&seed) % 2 : next(&seed) % 1000 / 300.0 + 5;
	}
	r->d = (struct yg_cox_data){ .spans = { .n = ROWS, .entry = r->entry, .exit = r->exit, .event = r->event,
		                                .stratum = r->stratum, .strata = 2 }, .x = r->x, .p = 3 };
}

static struct rows one;

/* Every row as often as its weight says. */
static struct yg_cox_data written_out(const struct rows *r)
{
	static double entry[ROWS * COPIES], exits[ROWS * COPIES], x[3 * ROWS * COPIES];
	static uint8_t event[ROWS * COPIES];
	static int32_t stratum[ROWS * COPIES];
	static uint32_t cluster[ROWS * COPIES];
	size_t n = 0;
	for (size_t i = 0; i < ROWS; i++)
		for (double k = 0; k < r->weight[i]; k++, n++) {
			entry[n] = r->entry[i];
			exits[n] = r->exit[i];
			event[n] = r->event[i];
			stratum[n] = r->stratum[i];
			cluster[n] = r->cluster[i];
			memcpy(x + 3 * n, r->x + 3 * i, 3 * sizeof *x);
		}
	return (struct yg_cox_data){ .spans = { .n = n, .entry = entry, .exit = exits, .event = event, .stratum = stratum,
		                                .strata = 2, .cluster = cluster, .clusters = 30 }, .x = x, .p = 3 };
}

static void same(const struct yg_cox *a, const struct yg_cox *b, double precision)
{
	for (size_t i = 0; i < a->p; i++) {
		yg_assert_near(a->beta[i], b->beta[i], precision);
		yg_assert_near(a->se[i], b->se[i], precision);
	}
	yg_assert_near(a->loglik, b->loglik, precision);
	yg_assert_near(a->loglik_null, b->loglik_null, precision);
	assert_true(a->stop == YG_COX_CONVERGED && b->stop == YG_COX_CONVERGED && a->n == b->n && a->events == b->events);
}

static void repeats_are_rows_written_out(void **unused)
{
	(void)unused;
	for (int t = 0; t < 4; t++)
		for (int firth = 0; firth < (t < 2 ? 2 : 1); firth++) {
			struct yg_cox_options o = { .ties = (enum yg_cox_ties)t, .max_iterations = -1, .firth = firth };
			make(&one, 77u + (uint32_t)t, 12);
			struct yg_cox_data all = written_out(&one);
			all.spans.cluster = NULL;
			one.d.spans.weight = one.weight;
			one.d.repeats = true;
			struct yg_cox a = fit(one.d, o), b = fit(all, o);
			same(&a, &b, 1e-9);
			yg_cox_release(&a);
			yg_cox_release(&b);
		}
	/* robust, and robust by cluster */
	for (int clusters = 0; clusters < 2; clusters++) {
		struct yg_cox_options o = { .ties = YG_COX_EFRON, .max_iterations = -1, .robust = true };
		struct yg_cox_data all = written_out(&one);
		all.spans.cluster = clusters ? all.spans.cluster : NULL;
		one.d.spans.cluster = clusters ? one.cluster : NULL;
		one.d.spans.clusters = 30;
		struct yg_cox a = fit(one.d, o), b = fit(all, o);
		same(&a, &b, 1e-9);
		yg_cox_release(&a);
		yg_cox_release(&b);
	}
	struct yg_err err = { 0 };
	struct yg_cox r;
	one.weight[5] = 1.5;
	assert_int_equal(yg_cox_fit(&one.d, &(struct yg_cox_options){ .max_iterations = -1 }, NULL, &r, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-COX-011");
}

/* ---- marginal ---- */

static double orders(const double *risk, size_t n, unsigned gone, double left)
{
	double sum = 0, dead = 0;
	for (size_t i = 0; i < n; i++)
		if (!(gone >> i & 1))
			dead += risk[i];
	if (gone + 1 == 1u << n)
		return 1;
	for (size_t i = 0; i < n; i++)
		if (!(gone >> i & 1))
			sum += risk[i] / (dead + left) * orders(risk, n, gone | 1u << i, left);
	return sum;
}

static void the_marginal_likelihood_adds_all_orders(void **unused)
{
	(void)unused;
	double time[12], x[12];
	uint8_t event[12];
	for (size_t dead = 1; dead <= 7; dead++)
		for (int stay = 0; stay < 5; stay += 2)
			for (double b = -3; b <= 3; b += 1.5) {
				size_t n = dead + (size_t)stay;
				double risk[12], left = 0;
				for (size_t i = 0; i < n; i++) {
					time[i] = i < dead ? 1 : 2;
					event[i] = i < dead;
					x[i] = (double)(i * i % 5) - 1.5;
					risk[i] = exp(b * x[i]);
					left += i < dead ? 0 : risk[i];
				}
				struct yg_cox r = at((struct yg_cox_data){ .spans = { .n = n, .exit = time, .event = event },
				                                           .x = x, .p = 1 }, YG_COX_MARGINAL, &b);
				if (n > 1)
					assert_true(fabs(r.loglik - log(orders(risk, dead, 0, left))) < 2e-13);
				yg_cox_release(&r);
			}
}

/* Slope and curvature of the log likelihood at its maximum, by differences of fits held there. */
static void maximum(struct yg_cox_data d, enum yg_cox_ties ties)
{
	struct yg_cox r = fit(d, (struct yg_cox_options){ .ties = ties, .max_iterations = -1 });
	double step = 1e-3, info[9];
	assert_int_equal(r.stop, YG_COX_CONVERGED);
	for (size_t a = 0; a < d.p; a++)
		for (size_t b = 0; b < d.p; b++) {
			double l[4];
			for (int k = 0; k < 4; k++) {
				double beta[3];
				memcpy(beta, r.beta, sizeof beta);
				beta[a] += k & 1 ? step : -step;
				beta[b] += k & 2 ? step : -step;
				struct yg_cox still = at(d, ties, beta);
				l[k] = still.loglik;
				assert_true(still.loglik <= r.loglik + 1e-12);
				yg_cox_release(&still);
			}
			info[a * d.p + b] = -(l[3] - l[2] - l[1] + l[0]) / (4 * step * step);
			if (a == b)
				assert_true(fabs(l[3] - l[0]) / (4 * step) < 1e-4);
		}
	for (size_t a = 0; a < d.p; a++)
		for (size_t b = 0; b < d.p; b++) {
			double sum = 0;
			for (size_t k = 0; k < d.p; k++)
				sum += info[a * d.p + k] * r.naive[k * d.p + b];
			assert_true(fabs(sum - (a == b)) < 1e-4);
		}
	yg_cox_release(&r);
}

static void the_marginal_maximum(void **unused)
{
	(void)unused;
	make(&one, 5, 9);
	maximum(one.d, YG_COX_MARGINAL);
	one.d.spans.entry = NULL;
	one.d.spans.stratum = NULL;
	one.d.spans.strata = 1;
	maximum(one.d, YG_COX_MARGINAL);
	/* without ties it is the likelihood of Breslow and Efron */
	for (size_t i = 0; i < ROWS; i++)
		one.exit[i] = (double)(i * 37 % ROWS) + 1;
	struct yg_cox a = fit(one.d, (struct yg_cox_options){ .ties = YG_COX_MARGINAL, .max_iterations = -1 });
	struct yg_cox b = fit(one.d, (struct yg_cox_options){ .ties = YG_COX_BRESLOW, .max_iterations = -1 });
	same(&a, &b, 1e-11);
	yg_cox_release(&a);
	yg_cox_release(&b);
}

static void all_tied_at_once(void **unused)
{
	(void)unused;
	/* Everybody has the event at one time: the first order is certain, there is nothing to learn. */
	make(&one, 9, 4);
	for (size_t i = 0; i < ROWS; i++) {
		one.exit[i] = 3;
		one.entry[i] = 0;
		one.event[i] = 1;
		one.stratum[i] = 0;
	}
	struct yg_cox r = fit(one.d, (struct yg_cox_options){ .ties = YG_COX_MARGINAL, .max_iterations = -1 });
	assert_true(r.rank == 0 && fabs(r.loglik) < 1e-9);
	for (int a = 0; a < 3; a++)
		assert_int_equal(r.fault[a], YG_COX_COLLINEAR);
	yg_cox_release(&r);
}

static void many_ties_are_feasible(void **unused)
{
	(void)unused;
	static double time[20000], x[20000];
	static uint8_t event[20000];
	uint32_t seed = 3;
	for (size_t i = 0; i < 20000; i++) {
		x[i] = next(&seed) % 2;
		time[i] = 1 + next(&seed) % (x[i] > 0 ? 3 : 4);
		event[i] = next(&seed) % 2 != 0;
	}
	struct yg_cox_data d = { .spans = { .n = 20000, .exit = time, .event = event }, .x = x, .p = 1 };
	struct yg_cox r = fit(d, (struct yg_cox_options){ .ties = YG_COX_MARGINAL, .max_iterations = -1 });
	assert_int_equal(r.stop, YG_COX_CONVERGED);
	double beta = r.beta[0] + 1e-3;
	struct yg_cox up = at(d, YG_COX_MARGINAL, &beta);
	beta = r.beta[0] - 1e-3;
	struct yg_cox down = at(d, YG_COX_MARGINAL, &beta);
	yg_assert_near(-(up.loglik + down.loglik - 2 * r.loglik) * 1e6, 1 / r.naive[0], 1e-3);
	assert_true(fabs(up.loglik - down.loglik) < 1e-4);
	yg_cox_release(&r);
	yg_cox_release(&up);
	yg_cox_release(&down);
}

/* ---- Firth ---- */

/* l + log|I| / 2 by the plain kernel. */
static double penalised(struct yg_cox_data d, enum yg_cox_ties ties, const double *beta)
{
	struct yg_cox r = at(d, ties, beta);
	double v[9], det;
	memcpy(v, r.naive, d.p * d.p * sizeof *v);
	det = d.p == 1 ? v[0] : d.p == 2 ? v[0] * v[3] - v[1] * v[2] :
		v[0] * (v[4] * v[8] - v[5] * v[7]) - v[1] * (v[3] * v[8] - v[5] * v[6]) + v[2] * (v[3] * v[7] - v[4] * v[6]);
	double l = r.loglik - 0.5 * log(det);
	yg_cox_release(&r);
	return l;
}

static void firths_maximum(void **unused)
{
	(void)unused;
	for (int t = 0; t < 2; t++)
		for (int entry = 0; entry < 2; entry++) {
			make(&one, 21u + (uint32_t)t, 8);
			if (!entry)
				one.d.spans.entry = NULL;
			struct yg_cox r = fit(one.d, (struct yg_cox_options){ .ties = (enum yg_cox_ties)t, .max_iterations = -1,
			                                                      .firth = true });
			assert_int_equal(r.stop, YG_COX_CONVERGED);
			yg_assert_near(r.loglik, penalised(one.d, r.ties, r.beta), 1e-11);
			double zero[3] = { 0 };
			yg_assert_near(r.loglik_null, penalised(one.d, r.ties, zero), 1e-11);
			for (int a = 0; a < 3; a++) {
				double beta[3], step = 1e-3 * r.se[a], l[2];
				for (int k = 0; k < 2; k++) {
					memcpy(beta, r.beta, sizeof beta);
					beta[a] += k ? step : -step;
					l[k] = penalised(one.d, r.ties, beta);
				}
				/* the slope in standard errors */
				assert_true(fabs(l[1] - l[0]) / (2 * step) * r.se[a] < 1e-6);
			}
			yg_cox_release(&r);
		}
}

static void firth_is_finite_where_the_likelihood_is_not(void **unused)
{
	(void)unused;
	/* Ten persons, nobody with x = 1 has the event: the likelihood rises as b falls. */
	double time[10], x[10];
	uint8_t event[10];
	for (int i = 0; i < 10; i++) {
		time[i] = i + 1;
		x[i] = i % 2;
		event[i] = i % 2 == 0;
	}
	struct yg_cox_data d = { .spans = { .n = 10, .exit = time, .event = event }, .x = x, .p = 1 };
	struct yg_cox r = fit(d, (struct yg_cox_options){ .max_iterations = -1 });
	assert_true(r.stop == YG_COX_MONOTONE && r.fault[0] == YG_COX_INFINITE);
	yg_cox_release(&r);
	r = fit(d, (struct yg_cox_options){ .max_iterations = -1, .firth = true });
	assert_int_equal(r.stop, YG_COX_CONVERGED);
	double low = -10, high = 2;             /* the maximum by golden section */
	for (int i = 0; i < 120; i++) {
		double a = high - 0.6180339887498949 * (high - low), b = low + 0.6180339887498949 * (high - low);
		if (penalised(d, YG_COX_EFRON, &a) > penalised(d, YG_COX_EFRON, &b))
			high = b;
		else
			low = a;
	}
	yg_assert_near(r.beta[0], 0.5 * (low + high), 1e-6);
	/* profile limits lose what they should */
	double lower, upper, loss = 0.5 * yg_chisq_quantile(0.95, 1);
	d.spans.strata = 1;
	assert_int_equal(yg_cox_profile_limits(&d, &r, 0, 0.95, NULL, &lower, &upper, NULL), YG_OK);
	assert_true(lower < r.beta[0] && r.beta[0] < upper && upper < INFINITY && lower > -INFINITY);
	yg_assert_near(r.loglik - penalised(d, YG_COX_EFRON, &lower), loss, 1e-8);
	yg_assert_near(r.loglik - penalised(d, YG_COX_EFRON, &upper), loss, 1e-8);
	yg_assert_near(r.lrt.chisq, 2 * (r.loglik - r.loglik_null), 1e-14);
	yg_cox_release(&r);
}

static void profile_limits_with_every_ties(void **unused)
{
	(void)unused;
	make(&one, 31, 8);
	for (int t = 0; t < 4; t++) {
		struct yg_cox r = fit(one.d, (struct yg_cox_options){ .ties = (enum yg_cox_ties)t, .max_iterations = -1 });
		double lower, upper;
		assert_int_equal(yg_cox_profile_limits(&one.d, &r, 1, 0.9, NULL, &lower, &upper, NULL), YG_OK);
		double z = yg_normal_quantile(0.95);
		yg_assert_near(lower, r.beta[1] - z * r.se[1], 0.3);
		yg_assert_near(upper, r.beta[1] + z * r.se[1], 0.3);
		struct yg_cox_test test;             /* the same as the fit without the column */
		double x[2 * ROWS];
		struct yg_cox_data less = one.d;
		for (size_t i = 0; i < ROWS; i++) {
			x[2 * i] = one.x[3 * i];
			x[2 * i + 1] = one.x[3 * i + 2];
		}
		less.x = x;
		less.p = 2;
		struct yg_cox without = fit(less, (struct yg_cox_options){ .ties = (enum yg_cox_ties)t, .max_iterations = -1 });
		assert_int_equal(yg_cox_profile_test(&one.d, &r, 1, NULL, &test, NULL), YG_OK);
		yg_assert_near(test.chisq, 2 * (r.loglik - without.loglik), 1e-7);
		yg_cox_release(&without);
		assert_true(lower < r.beta[1] && r.beta[1] < upper);
		yg_cox_release(&r);
	}
}

static void what_does_not_go_together(void **unused)
{
	(void)unused;
	struct yg_cox r;
	struct yg_err err = { 0 };
	make(&one, 2, 8);
	struct yg_cox_options o = { .ties = YG_COX_MARGINAL, .max_iterations = -1, .firth = true };
	assert_int_equal(yg_cox_fit(&one.d, &o, NULL, &r, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-COX-013");
	o = (struct yg_cox_options){ .max_iterations = -1, .firth = true, .robust = true };
	assert_int_equal(yg_cox_fit(&one.d, &o, NULL, &r, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-COX-014");
	one.d.spans.weight = one.weight;
	o = (struct yg_cox_options){ .ties = YG_COX_MARGINAL, .max_iterations = -1 };
	assert_int_equal(yg_cox_fit(&one.d, &o, NULL, &r, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-COX-002");
}

static void a_combination_is_named(void **unused)
{
	(void)unused;
	make(&one, 4, 40);
	for (size_t i = 0; i < ROWS; i++)
		one.x[3 * i + 2] = 2 * one.x[3 * i] - 3 * one.x[3 * i + 1] + 7;
	struct yg_cox r = fit(one.d, (struct yg_cox_options){ .max_iterations = -1 });
	assert_int_equal(r.fault[2], YG_COX_COLLINEAR);
	yg_assert_near(r.combination[6], 2, 1e-9);
	yg_assert_near(r.combination[7], -3, 1e-9);
	yg_cox_release(&r);
}

/* Whatever comes in, numbers that are said to be estimated are numbers. */
static void sane(const struct yg_cox *r)
{
	assert_true(isfinite(r->loglik) && isfinite(r->loglik_null));
	for (size_t a = 0; a < r->p; a++)
		if (r->fault[a] == YG_COX_FINE && r->stop == YG_COX_CONVERGED) {
			assert_true(isfinite(r->beta[a]));
			assert_true(r->se[a] > 0 && isfinite(r->se[a]));
		}
}

static void odd_data(void **unused)
{
	(void)unused;
	for (int t = 0; t < 4; t++)
		for (int firth = 0; firth < (t < 2 ? 2 : 1); firth++)
			for (int kind = 0; kind < 9; kind++) {
				struct yg_cox_options o = { .ties = (enum yg_cox_ties)t, .max_iterations = -1, .firth = firth };
				make(&one, 300, 8);
				for (size_t i = 0; i < ROWS; i++) {
					one.event[i] = kind == 0 ? 0 : kind == 1 ? i == 7 : one.event[i];
					one.exit[i] = kind == 2 ? 5 : one.exit[i];
					one.entry[i] = kind == 2 ? 0 : one.entry[i];
					one.x[3 * i] *= kind == 3 ? 1e12 : kind == 4 ? 1e-12 : 1;
					one.x[3 * i + 1] += kind == 5 ? 1e9 : 0;
					one.stratum[i] = kind == 6 ? (int32_t)i : one.stratum[i];  /* everybody alone */
					one.weight[i] = kind == 7 ? 0 : one.weight[i];
				}
				one.d.spans.strata = kind == 6 ? ROWS : 5;                  /* strata without rows */
				one.d.spans.n = kind == 8 ? 1 : ROWS;
				one.d.spans.weight = kind == 7 ? one.weight : NULL;
				one.d.repeats = kind == 7;
				struct yg_cox r = fit(one.d, o);
				sane(&r);
				if (kind == 0 || kind == 6 || kind == 7 || kind == 8)
					assert_int_equal(r.rank, 0);
				yg_cox_release(&r);
			}
	/* the unit does not matter */
	double z[3];
	for (int kind = 0; kind < 3; kind++) {
		make(&one, 300, 8);
		for (size_t i = 0; i < ROWS; i++)
			one.x[3 * i] *= kind == 1 ? 1e12 : kind == 2 ? 1e-12 : 1;
		struct yg_cox r = fit(one.d, (struct yg_cox_options){ .ties = YG_COX_MARGINAL, .max_iterations = -1 });
		z[kind] = r.beta[0] / r.se[0];
		yg_cox_release(&r);
	}
	yg_assert_near(z[1], z[0], 1e-9);
	yg_assert_near(z[2], z[0], 1e-9);
}

static void threads_change_no_bit(void **unused)
{
	(void)unused;
	enum { N = 30000 };
	double *time = yg_xalloc(N, sizeof *time), *x = yg_xalloc(2 * N, sizeof *x);
	uint8_t *event = yg_xalloc(N, 1);
	uint32_t seed = 8;
	for (size_t i = 0; i < N; i++) {
		time[i] = 1 + next(&seed) % 900;
		event[i] = next(&seed) % 3 == 0;
		x[2 * i] = next(&seed) % 100;
		x[2 * i + 1] = next(&seed) % 2;
	}
	struct yg_cox_data d = { .spans = { .n = N, .exit = time, .event = event, .strata = 1 }, .x = x, .p = 2 };
	for (int k = 0; k < 2; k++) {
		struct yg_cox_options o = { .ties = k ? YG_COX_MARGINAL : YG_COX_EFRON, .max_iterations = -1, .firth = !k };
		struct yg_cox alone = fit(d, o), threaded;
		struct yg_pool *pool = yg_pool_new(4);
		struct yg_task task;
		yg_task_init(&task, pool);
		assert_int_equal(yg_cox_fit(&d, &o, &task, &threaded, NULL), YG_OK);
		assert_memory_equal(alone.beta, threaded.beta, 2 * sizeof(double));
		assert_memory_equal(alone.var, threaded.var, 4 * sizeof(double));
		assert_memory_equal(&alone.loglik, &threaded.loglik, sizeof(double));
		yg_pool_free(pool);
		yg_cox_release(&alone);
		yg_cox_release(&threaded);
	}
	yg_free(time);
	yg_free(x);
	yg_free(event);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_textbook_data),
		cmocka_unit_test(repeats_are_rows_written_out),
		cmocka_unit_test(the_marginal_likelihood_adds_all_orders),
		cmocka_unit_test(the_marginal_maximum),
		cmocka_unit_test(all_tied_at_once),
		cmocka_unit_test(many_ties_are_feasible),
		cmocka_unit_test(firths_maximum),
		cmocka_unit_test(firth_is_finite_where_the_likelihood_is_not),
		cmocka_unit_test(profile_limits_with_every_ties),
		cmocka_unit_test(what_does_not_go_together),
		cmocka_unit_test(a_combination_is_named),
		cmocka_unit_test(odd_data),
		cmocka_unit_test(threads_change_no_bit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
