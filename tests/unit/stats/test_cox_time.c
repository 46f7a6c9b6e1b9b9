/* Effects that change with time: the same as rows cut at every event time. */
#include "tests/unit/test.h"

#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/cox.h"

#define ROWS 400u
#define MOST 60000u

struct rows {
	double entry[ROWS], exit[ROWS], weight[ROWS], x[3 * ROWS], offset[ROWS];
	uint8_t event[ROWS];
	int32_t stratum[ROWS];
	struct yg_cox_data d;
};
static struct rows one;

static uint32_t next(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static void make(uint32_t seed, uint32_t times)
{
	memset(&one, 0, sizeof one);
	for (uint32_t i = 0; i < ROWS; i++) {
		one.exit[i] = 1 + next(&seed) % times;
		one.entry[i] = i % 3 ? 0 : next(&seed) % (uint32_t)one.exit[i];
		one.event[i] = next(&seed) % 3 != 0;
		one.weight[i] = next(&seed) % 3;
		one.stratum[i] = (int32_t)(next(&seed) % 2);
		one.offset[i] = next(&seed) % 10 / 20.0;
		for (uint32_t a = 0; a < 3; a++)
			one.x[3 * i + a] = a == 1 ? next(&seed) % 2 : next(&seed) % 1000 / 300.0 + 5;
	}
	one.d = (struct yg_cox_data){ .spans = { .n = ROWS, .exit = one.exit, .event = one.event, .strata = 1 },
		                      .x = one.x, .p = 3 };
}

static int up(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* The fit of rows cut at all event times, the moving columns written out. */
static struct yg_cox cut_rows(const struct yg_cox_data *d, enum yg_cox_ties ties, bool robust)
{
	size_t p = 3 + d->movings, n = 0, cuts = 0;
	double *entry = yg_xalloc(MOST, sizeof *entry), *leave = yg_xalloc(MOST, sizeof *leave), *x = yg_xalloc(MOST * p, sizeof *x);
	double *weight = yg_xalloc(MOST, sizeof *weight), *offset = yg_xalloc(MOST, sizeof *offset), cut[ROWS];
	uint8_t *event = yg_xalloc(MOST, 1);
	int32_t *stratum = yg_xalloc(MOST, sizeof *stratum);
	uint32_t *cluster = yg_xalloc(MOST, sizeof *cluster);
	for (size_t i = 0; i < ROWS; i++)
		if (one.event[i])
			cut[cuts++] = one.exit[i];
	qsort(cut, cuts, sizeof *cut, up);
	for (size_t i = 0; i < ROWS; i++) {
		double from = d->spans.entry ? one.entry[i] : -1;
		for (size_t c = 0; c <= cuts; c++) {
			double to = c < cuts && cut[c] < one.exit[i] ? cut[c] : one.exit[i];
			if (!(to > from))
				continue;
			assert_true(n < MOST);
			memcpy(x + n * p, one.x + 3 * i, 3 * sizeof *x);
			for (size_t k = 0; k < d->movings; k++)
				x[n * p + 3 + k] = one.x[3 * i + d->moving[k].column] * yg_clock_at(&d->moving[k].clock, to);
			entry[n] = from;
			leave[n] = to;
			event[n] = to == one.exit[i] && one.event[i];
			stratum[n] = one.stratum[i];
			offset[n] = one.offset[i];
			cluster[n] = d->spans.cluster ? d->spans.cluster[i] : (uint32_t)i;
			weight[n++] = one.weight[i];
			from = to;
		}
	}
	struct yg_cox_data all = { .spans = { .n = n, .entry = entry, .exit = leave, .event = event,
		                              .stratum = d->spans.stratum ? stratum : NULL, .strata = d->spans.strata,
		                              .weight = d->spans.weight ? weight : NULL }, .x = x, .p = p, .repeats = d->repeats,
		                   .offset = d->offset ? offset : NULL };
	if (robust) {
		all.spans.cluster = cluster;
		all.spans.clusters = d->spans.cluster ? d->spans.clusters : ROWS;
	}
	struct yg_cox r;
	assert_int_equal(yg_cox_fit(&all, &(struct yg_cox_options){ .ties = ties, .max_iterations = -1 }, NULL, &r, NULL), YG_OK);
	yg_free(entry);
	yg_free(leave);
	yg_free(x);
	yg_free(weight);
	yg_free(offset);
	yg_free(event);
	yg_free(stratum);
	yg_free(cluster);
	return r;
}

static void same_fit(const struct yg_cox_data *d, enum yg_cox_ties ties, double precision, bool robust)
{
	struct yg_cox r, cut = cut_rows(d, ties, robust);
	struct yg_err err = { 0 };
	enum yg_status s = yg_cox_fit(d, &(struct yg_cox_options){ .ties = ties, .max_iterations = -1, .robust = robust }, NULL, &r, &err);
	if (s != YG_OK)
		fprintf(stderr, "%s\n", err.text);
	assert_int_equal(s, YG_OK);
	assert_true(r.p == 3 + d->movings && r.stop == YG_COX_CONVERGED && cut.stop == YG_COX_CONVERGED);
	assert_int_equal(r.rank, cut.rank);
	yg_assert_near(r.loglik, cut.loglik, 1e-11);
	yg_assert_near(r.loglik_null, cut.loglik_null, 1e-12);
	yg_assert_near(r.score.chisq, cut.score.chisq, precision);
	yg_assert_near(r.wald.chisq, cut.wald.chisq, precision);
	for (size_t a = 0; a < r.p; a++) {
		yg_assert_near(r.beta[a], cut.beta[a], precision);
		for (size_t b = 0; b < r.p; b++)
			yg_assert_near(r.var[a * r.p + b], cut.var[a * r.p + b], precision);
	}
	if (robust)
		yg_assert_near(r.robust_score.chisq, cut.robust_score.chisq, precision);
	yg_cox_release(&r);
	yg_cox_release(&cut);
}

static void same(const struct yg_cox_data *d, enum yg_cox_ties ties, double precision)
{
	same_fit(d, ties, precision, false);
}

static const struct yg_cox_moving linear[] = { { .column = 0, .clock = { .kind = YG_CLOCK_LINEAR, .divisor = 30 } } };
static const struct yg_cox_moving two_logs[] = { { .column = 0, .clock = { .kind = YG_CLOCK_LOG, .plus = 2 } },
	                                        { .column = 1, .clock = { .kind = YG_CLOCK_LOG, .plus = 2 } } };
static const struct yg_cox_moving steps[] = { { .column = 1, .clock = { .kind = YG_CLOCK_STEP, .from = 20, .to = 50 } },
	                                     { .column = 1, .clock = { .kind = YG_CLOCK_STEP, .from = 50, .to = INFINITY } } };
static const struct yg_cox_moving both[] = { { .column = 2, .clock = { .kind = YG_CLOCK_SQRT } },
	                                    { .column = 1, .clock = { .kind = YG_CLOCK_STEP, .from = 20, .to = INFINITY } } };
static const struct yg_cox_moving several[] = { { .column = 0, .clock = { .kind = YG_CLOCK_LINEAR } },
	                                       { .column = 2, .clock = { .kind = YG_CLOCK_LOG } } };
static const struct {
	const struct yg_cox_moving *moving;
	size_t count;
} kinds[] = { { linear, 1 }, { two_logs, 2 }, { steps, 2 }, { both, 2 }, { several, 2 } };

static void the_same_as_rows_cut(void **unused)
{
	(void)unused;
	/* 15 distinct times are nodes themselves; 90 are interpolated */
	for (uint32_t times = 80; times <= 90; times += 10)
		for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
			for (int variant = 0; variant < 5; variant++) {
				make(100 + times + (uint32_t)variant, variant == 4 ? 15 : times);
				if (variant == 4 && kinds[k].moving[0].clock.kind == YG_CLOCK_STEP)
					continue;
				if (variant == 4 && k == 3)
					continue;
				one.d.moving = kinds[k].moving;
				one.d.movings = kinds[k].count;
				if (variant == 1 || variant == 3)
					one.d.spans.entry = one.entry;
				if (variant >= 2) {
					one.d.spans.stratum = one.stratum;
					one.d.spans.strata = 2;
				}
				if (variant == 3) {
					one.d.spans.weight = one.weight;
					one.d.repeats = true;
					one.d.offset = one.offset;
				}
				same(&one.d, variant == 1 ? YG_COX_BRESLOW : YG_COX_EFRON, 1e-7);
			}
}

/* Robust variance: pieces of a row belong together. */
static void robust_as_rows_cut(void **unused)
{
	(void)unused;
	static uint32_t cluster[ROWS];
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
		for (int variant = 0; variant < 4; variant++) {
			make(200 + (uint32_t)variant, variant == 3 ? 20 : 90);
			if (variant == 3 && k >= 2)
				continue;
			one.d.moving = kinds[k].moving;
			one.d.movings = kinds[k].count;
			for (size_t i = 0; i < ROWS; i++) {
				cluster[i] = (uint32_t)i / 4;
				one.weight[i] += 0.5;
			}
			if (variant & 1)
				one.d.spans.entry = one.entry;
			if (variant >= 1) {                  /* sampling weights */
				one.d.spans.weight = one.weight;
				one.d.spans.stratum = one.stratum;
				one.d.spans.strata = 2;
			}
			if (variant == 2) {
				one.d.spans.cluster = cluster;
				one.d.spans.clusters = ROWS / 4;
			}
			same_fit(&one.d, variant == 1 ? YG_COX_BRESLOW : YG_COX_EFRON, 1e-7, true);
		}
}

/* An effect that changes much: psi times g wide, cut in bands. */
static void a_wide_range(void **unused)
{
	(void)unused;
	make(7, 90);
	for (uint32_t i = 0; i < ROWS; i++)
		one.exit[i] = one.x[3 * i + 1] > 0 ? 30 + i % 30 : i % 2 ? 1 + i % 30 : 60 + i % 31;
	for (uint32_t i = 0; i < ROWS; i++)
		one.x[3 * i] += one.exit[i] < 30 || one.exit[i] > 70 ? 1.5 : 0;
	one.x[0] = 60;                      /* one person far out */
	one.d.moving = linear;
	one.d.movings = 1;
	same(&one.d, YG_COX_EFRON, 1e-6);
	double at[4] = { 0, 0, 0, 6 };      /* and far from the maximum */
	struct yg_cox r;
	assert_int_equal(yg_cox_fit(&one.d, &(struct yg_cox_options){ .init = at, .max_iterations = 0 }, NULL, &r, NULL), YG_OK);
	double l = 0;
	for (uint32_t i = 0; i < ROWS; i++)  /* Breslow's form by hand would differ at ties: times made distinct below */
		one.exit[i] += i / 1000.0;
	yg_cox_release(&r);
	assert_int_equal(yg_cox_fit(&one.d, &(struct yg_cox_options){ .init = at, .max_iterations = 0 }, NULL, &r, NULL), YG_OK);
	for (uint32_t i = 0; i < ROWS; i++) {
		double sum = 0, g = one.exit[i] / 30;
		if (!one.event[i])
			continue;
		for (uint32_t k = 0; k < ROWS; k++)
			if (one.exit[k] >= one.exit[i])
				sum += exp(6 * g * (one.x[3 * k] - one.x[3 * i]));
		l -= log(sum);
	}
	yg_assert_near(r.loglik, l, 1e-10);
	yg_cox_release(&r);
}

static void constants_do_not_matter(void **unused)
{
	(void)unused;
	/* x + 1000 changes x g(t) by a function of time alone; x of 1e-9 scale changes units only */
	make(9, 90);
	one.d.moving = linear;
	one.d.movings = 1;
	const struct yg_cox_options o = { .max_iterations = -1 };
	struct yg_cox a, b;
	assert_int_equal(yg_cox_fit(&one.d, &o, NULL, &a, NULL), YG_OK);
	for (uint32_t i = 0; i < ROWS; i++)
		one.x[3 * i] = one.x[3 * i] * 1e-9 + 1000e-9;
	assert_int_equal(yg_cox_fit(&one.d, &o, NULL, &b, NULL), YG_OK);
	yg_assert_near(a.loglik, b.loglik, 1e-11);
	yg_assert_near(a.beta[3], b.beta[3] * 1e-9, 1e-7);
	yg_assert_near(a.se[0], b.se[0] * 1e-9, 1e-7);
	yg_cox_release(&a);
	yg_cox_release(&b);
}

static void profile_limits(void **unused)
{
	(void)unused;
	make(11, 90);
	one.d.moving = two_logs;
	one.d.movings = 2;
	struct yg_cox r, held;
	assert_int_equal(yg_cox_fit(&one.d, &(struct yg_cox_options){ .max_iterations = -1 }, NULL, &r, NULL), YG_OK);
	for (size_t j = 0; j < 5; j += 2) {
		double lower, upper;
		assert_int_equal(yg_cox_profile_limits(&one.d, &r, j, 0.95, NULL, &lower, &upper, NULL), YG_OK);
		yg_assert_near(lower, r.beta[j] - 1.959964 * r.se[j], 0.1);
		yg_assert_near(upper, r.beta[j] + 1.959964 * r.se[j], 0.1);
	}
	/* at the estimates held, the likelihood is the same */
	assert_int_equal(yg_cox_fit(&one.d, &(struct yg_cox_options){ .init = r.beta, .max_iterations = 0 }, NULL, &held, NULL), YG_OK);
	yg_assert_near(held.loglik, r.loglik, 1e-12);
	yg_cox_release(&held);
	yg_cox_release(&r);
}

static void what_is_refused(void **unused)
{
	(void)unused;
	struct yg_cox r;
	struct yg_err err = { 0 };
	make(12, 40);
	one.exit[3] = 0;
	one.event[3] = 1;
	const struct yg_cox_moving at_zero = { .column = 0, .clock = { .kind = YG_CLOCK_LOG } };
	one.d.moving = &at_zero;
	one.d.movings = 1;
	assert_int_equal(yg_cox_fit(&one.d, &(struct yg_cox_options){ .max_iterations = -1 }, NULL, &r, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-COX-031");
	assert_int_equal(yg_cox_fit(&one.d, &(struct yg_cox_options){ .ties = YG_COX_DISCRETE }, NULL, &r, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-COX-033");
	/* a period without events cannot be told */
	one.exit[3] = 1;
	const struct yg_cox_moving never = { .column = 0, .clock = { .kind = YG_CLOCK_STEP, .from = 1e6, .to = INFINITY } };
	one.d.moving = &never;
	assert_int_equal(yg_cox_fit(&one.d, &(struct yg_cox_options){ .max_iterations = -1 }, NULL, &r, &err), YG_OK);
	assert_true(r.fault[3] == YG_COX_COLLINEAR && r.fault[0] == YG_COX_FINE && r.rank == 3);
	yg_cox_release(&r);
}

static void threads_change_no_bit(void **unused)
{
	(void)unused;
	enum { N = 70000 };
	double *time = yg_xalloc(N, sizeof *time), *x = yg_xalloc(2 * N, sizeof *x);
	uint8_t *event = yg_xalloc(N, 1);
	uint32_t seed = 8;
	for (size_t i = 0; i < N; i++) {
		time[i] = 1 + next(&seed) % 3000;
		event[i] = next(&seed) % 20 == 0;
		x[2 * i] = next(&seed) % 100;
		x[2 * i + 1] = next(&seed) % 2;
	}
	struct yg_cox_data d = { .spans = { .n = N, .exit = time, .event = event, .strata = 1 }, .x = x, .p = 2,
		                 .moving = linear, .movings = 1 };
	const struct yg_cox_options o = { .max_iterations = -1 };
	struct yg_cox alone, threaded;
	struct yg_pool *pool = yg_pool_new(4);
	struct yg_task task;
	yg_task_init(&task, pool);
	assert_int_equal(yg_cox_fit(&d, &o, NULL, &alone, NULL), YG_OK);
	assert_int_equal(yg_cox_fit(&d, &o, &task, &threaded, NULL), YG_OK);
	assert_memory_equal(alone.beta, threaded.beta, 3 * sizeof(double));
	assert_memory_equal(alone.var, threaded.var, 9 * sizeof(double));
	yg_pool_free(pool);
	yg_cox_release(&alone);
	yg_cox_release(&threaded);
	yg_free(time);
	yg_free(x);
	yg_free(event);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_as_rows_cut),
		cmocka_unit_test(robust_as_rows_cut),
		cmocka_unit_test(a_wide_range),
		cmocka_unit_test(constants_do_not_matter),
		cmocka_unit_test(profile_limits),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(threads_change_no_bit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
