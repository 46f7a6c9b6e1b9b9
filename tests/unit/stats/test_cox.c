/* Cox's model: by hand at the start, invariants, rows in every form, columns that cannot be estimated, threads. */
#include "tests/unit/test.h"

#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/dist.h"
#include "yogo/stats/cox.h"
#include "yogo/stats/cox_check.h"

static const struct yg_cox_options usual = { .ties = YG_COX_EFRON, .max_iterations = -1 };

static struct yg_cox fit(struct yg_cox_data d, struct yg_cox_options o)
{
	struct yg_cox r;
	if (!d.spans.strata)
		d.spans.strata = 1;
	assert_int_equal(yg_cox_fit(&d, &o, NULL, &r, NULL), YG_OK);
	return r;
}

static void four_people_by_hand(void **unused)
{
	(void)unused;
	/* Times 1 2 3 4, x 1 0 1 0, events at 1, 2, 4.  At beta 0 the mean of x at risk is 1/2, 1/3, 0:
	   U = (1 - 1/2) + (0 - 1/3) + 0 = 1/6;  I = 1/4 + 2/9 + 0;  loglik = -log 4 - log 3 - log 1. */
	const double time[] = { 1, 2, 3, 4 }, x[] = { 1, 0, 1, 0 }, zero = 0;
	const uint8_t event[] = { 1, 1, 0, 1 };
	struct yg_cox_data d = { .spans = { .n = 4, .exit = time, .event = event }, .x = x, .p = 1 };
	struct yg_cox_options still = { .ties = YG_COX_EFRON, .init = &zero, .max_iterations = 0 };
	struct yg_cox r = fit(d, still);
	yg_assert_near(r.loglik, -log(12), 1e-15);
	yg_assert_near(r.score.chisq, (1.0 / 36) / (1.0 / 4 + 2.0 / 9), 1e-14);
	yg_assert_near(r.se[0], 1 / sqrt(1.0 / 4 + 2.0 / 9), 1e-14);
	assert_true(r.iterations == 0 && r.events == 3 && r.event_times == 3 && r.rank == 1);
	yg_cox_release(&r);
	/* The maximum: with h = e^beta, U = 1 - h/(h+1)... : (2h / (2h+2)) and (h / (h+2)); 1 = h/(h+1) + h/(h+2) gives h = sqrt 2. */
	r = fit(d, usual);
	yg_assert_near(r.beta[0], 0.5 * log(2), 1e-12);
	assert_true(r.stop == YG_COX_CONVERGED);
	yg_cox_release(&r);
}

static void ties_by_hand(void **unused)
{
	(void)unused;
	/* Two of three die at time 1: x 1, 0; the third has 0.  At beta 0:
	   breslow  -2 log 3;  efron -log 3 - log(3 - 2/2 * 1) = -log 6;  discrete -log C(3, 2) = -log 3 */
	const double time[] = { 1, 1, 2 }, x[] = { 1, 0, 0 }, zero = 0;
	const uint8_t event[] = { 1, 1, 0 };
	const double want[] = { -log(6), -2 * log(3), -log(3) };
	for (int t = 0; t < 3; t++) {
		struct yg_cox_options o = { .ties = (enum yg_cox_ties)t, .init = &zero, .max_iterations = 0 };
		struct yg_cox r = fit((struct yg_cox_data){ .spans = { .n = 3, .exit = time, .event = event }, .x = x, .p = 1 }, o);
		yg_assert_near(r.loglik, want[t], 1e-14);
		yg_cox_release(&r);
	}
}

/* ---- random data ---- */

enum { N = 9000, P = 5 };
static double start[N], stop[N], x[N * P], weight[N], offset[N];
static uint8_t dead[N];
static int32_t stratum[N];
static uint32_t cluster[N];
static uint64_t state;

static double uniform(void)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return ((double)(state >> 11) + 0.5) * 0x1p-53;
}

static struct yg_cox_data make(int continuous, int late)
{
	state = 12345;
	for (int i = 0; i < N; i++) {
		x[i * P] = uniform() < 0.5;
		x[i * P + 1] = 60 + 10 * (uniform() + uniform() + uniform() - 1.5);
		x[i * P + 2] = uniform();
		x[i * P + 3] = uniform() < 0.2;
		x[i * P + 4] = uniform() - uniform();
		double eta = 0.4 * x[i * P] + 0.03 * (x[i * P + 1] - 60) - 0.5 * x[i * P + 4];
		start[i] = uniform() < 0.5 ? 0 : floor(50 * uniform());
		stop[i] = start[i] + 100 * -log(uniform()) * exp(-eta) + 0.001;
		if (!continuous)
			stop[i] = floor(stop[i]) + 1;
		dead[i] = uniform() < 0.5;
		weight[i] = 1 + floor(3 * uniform());
		offset[i] = 0.1 * uniform();
		stratum[i] = (int32_t)(7 * uniform());
		cluster[i] = (uint32_t)(400 * uniform());
	}
	return (struct yg_cox_data){ .spans = { .n = N, .entry = late ? start : NULL, .exit = stop, .event = dead, .strata = 1,
	                                        .clusters = 400 }, .x = x, .p = P };
}

static void same(const struct yg_cox *a, const struct yg_cox *b, double tolerance)
{
	yg_assert_near(a->loglik, b->loglik, tolerance);
	for (size_t i = 0; i < a->p; i++) {
		yg_assert_near(a->beta[i], b->beta[i], tolerance);
		yg_assert_near(a->se[i], b->se[i], tolerance);
	}
}

static void shifting_and_scaling_columns_changes_nothing_else(void **unused)
{
	(void)unused;
	static double moved[N * P];
	struct yg_cox_data d = make(0, 1);
	struct yg_cox a = fit(d, usual);
	for (int i = 0; i < N * P; i++)
		moved[i] = i % P == 1 ? 1000 * x[i] + 1e6 : x[i];
	d.x = moved;
	struct yg_cox b = fit(d, usual);
	yg_assert_near(a.loglik, b.loglik, 1e-12);
	yg_assert_near(a.beta[1], 1000 * b.beta[1], 1e-9);
	yg_assert_near(a.se[1], 1000 * b.se[1], 1e-9);
	yg_assert_near(a.beta[0], b.beta[0], 1e-9);
	yg_cox_release(&a);
	yg_cox_release(&b);
}

static void the_order_of_rows_does_not_matter(void **unused)
{
	(void)unused;
	static double x2[N * P], t2[N], e2[N];
	static uint8_t d2[N];
	struct yg_cox_data d = make(0, 1);
	struct yg_cox a = fit(d, usual);
	for (int i = 0; i < N; i++) {
		int j = (int)((i * 7919L) % N);
		memcpy(x2 + i * P, x + j * P, P * sizeof *x);
		t2[i] = stop[j];
		e2[i] = start[j];
		d2[i] = dead[j];
	}
	d.x = x2;
	d.spans.exit = t2;
	d.spans.entry = e2;
	d.spans.event = d2;
	struct yg_cox b = fit(d, usual);
	same(&a, &b, 1e-10);
	yg_cox_release(&a);
	yg_cox_release(&b);
}

static void splitting_rows_changes_nothing(void **unused)
{
	(void)unused;
	static double x2[2 * N * P], from[2 * N], to[2 * N];
	static uint8_t d2[2 * N];
	struct yg_cox_data d = make(1, 1);
	struct yg_cox a = fit(d, usual);
	size_t n = 0;
	for (int i = 0; i < N; i++)
		for (int part = 0; part < 2; part++) {
			double middle = 0.5 * (start[i] + stop[i]);
			memcpy(x2 + n * P, x + i * P, P * sizeof *x);
			from[n] = part ? middle : start[i];
			to[n] = part ? stop[i] : middle;
			d2[n++] = part && dead[i];
		}
	struct yg_cox_data e = { .spans = { .n = n, .entry = from, .exit = to, .event = d2, .strata = 1 }, .x = x2, .p = P };
	struct yg_cox b = fit(e, usual);
	same(&a, &b, 1e-9);
	yg_cox_release(&a);
	yg_cox_release(&b);
}

static void breslow_weights_are_repeated_rows(void **unused)
{
	(void)unused;
	static double x2[3 * N * P], t2[3 * N];
	static uint8_t d2[3 * N];
	struct yg_cox_options breslow = { .ties = YG_COX_BRESLOW, .max_iterations = -1 };
	struct yg_cox_data d = make(0, 0);
	d.spans.weight = weight;
	struct yg_cox a = fit(d, breslow);
	size_t n = 0;
	for (int i = 0; i < N; i++)
		for (int k = 0; k < weight[i]; k++) {
			memcpy(x2 + n * P, x + i * P, P * sizeof *x);
			t2[n] = stop[i];
			d2[n++] = dead[i];
		}
	struct yg_cox_data e = { .spans = { .n = n, .exit = t2, .event = d2, .strata = 1 }, .x = x2, .p = P };
	struct yg_cox b = fit(e, breslow);
	same(&a, &b, 1e-9);
	yg_cox_release(&a);
	yg_cox_release(&b);
}

static void strata_are_separate_likelihoods(void **unused)
{
	(void)unused;
	/* At fixed coefficients the log likelihood of strata is the sum over strata. */
	static double x2[N * P], t2[N], e2[N];
	static uint8_t d2[N];
	const double at[P] = { 0.3, 0.02, 0.1, -0.2, 0.4 };
	struct yg_cox_options still = { .ties = YG_COX_EFRON, .init = at, .max_iterations = 0 };
	struct yg_cox_data d = make(0, 1);
	d.spans.stratum = stratum;
	d.spans.strata = 7;
	struct yg_cox a = fit(d, still);
	double sum = 0;
	for (int s = 0; s < 7; s++) {
		size_t n = 0;
		for (int i = 0; i < N; i++)
			if (stratum[i] == s) {
				memcpy(x2 + n * P, x + i * P, P * sizeof *x);
				t2[n] = stop[i];
				e2[n] = start[i];
				d2[n++] = dead[i];
			}
		struct yg_cox b = fit((struct yg_cox_data){ .spans = { .n = n, .entry = e2, .exit = t2, .event = d2 }, .x = x2, .p = P },
		                      still);
		sum += b.loglik;
		yg_cox_release(&b);
	}
	yg_assert_near(a.loglik, sum, 1e-12);
	yg_cox_release(&a);
}

static void an_offset_is_a_column_with_coefficient_one(void **unused)
{
	(void)unused;
	struct yg_cox_data d = make(0, 1);
	struct yg_cox a = fit(d, usual);
	double *part = yg_xalloc(N * 4, sizeof *part);
	for (int i = 0; i < N; i++) {
		offset[i] = a.beta[1] * x[i * P + 1] + 500; /* far from zero: only differences count */
		part[i * 4] = x[i * P];
		for (int k = 1; k < 4; k++)
			part[i * 4 + k] = x[i * P + k + 1];
	}
	d.x = part;
	d.p = 4;
	d.offset = offset;
	struct yg_cox b = fit(d, usual);
	yg_assert_near(a.beta[0], b.beta[0], 1e-8);
	yg_assert_near(a.beta[4], b.beta[3], 1e-8);
	yg_assert_near(a.loglik, b.loglik, 1e-10);
	yg_free(part);
	yg_cox_release(&a);
	yg_cox_release(&b);
}

static void threads_never_change_a_bit(void **unused)
{
	(void)unused;
	for (int kind = 0; kind < 8; kind++) {
		struct yg_cox_data d = make(kind & 1, kind & 2);
		struct yg_cox_options o = usual;
		if (kind & 4) {
			d.spans.stratum = stratum;
			d.spans.strata = 7;
			d.spans.cluster = cluster;
			d.spans.weight = weight;
		} else {
			o.robust = true;
		}
		struct yg_cox one = fit(d, o), three;
		struct yg_pool *pool = yg_pool_new(3);
		struct yg_task task;
		yg_task_init(&task, pool);
		assert_int_equal(yg_cox_fit(&d, &o, &task, &three, NULL), YG_OK);
		assert_memory_equal(one.beta, three.beta, P * sizeof(double));
		assert_memory_equal(one.var, three.var, P * P * sizeof(double));
		assert_memory_equal(&one.loglik, &three.loglik, sizeof(double));
		assert_memory_equal(&one.robust_score.chisq, &three.robust_score.chisq, sizeof(double));
		yg_cox_release(&one);
		yg_cox_release(&three);
		yg_pool_free(pool);
	}
}

static void clusters_of_one_row_are_the_plain_robust_variance(void **unused)
{
	(void)unused;
	static uint32_t own[N];
	struct yg_cox_options robust = { .ties = YG_COX_EFRON, .robust = true, .max_iterations = -1 };
	struct yg_cox_data d = make(0, 1);
	d.spans.weight = weight;
	struct yg_cox a = fit(d, robust);
	for (uint32_t i = 0; i < N; i++)
		own[i] = i;
	d.spans.cluster = own;
	d.spans.clusters = N;
	struct yg_cox b = fit(d, usual);
	same(&a, &b, 1e-11);
	yg_cox_release(&a);
	yg_cox_release(&b);
}

static void residuals_add_up(void **unused)
{
	(void)unused;
	double *r = yg_xalloc(N * P, sizeof *r), sum = 0;
	struct yg_cox_data d = make(0, 1);
	struct yg_cox a = fit(d, usual);
	assert_int_equal(yg_cox_residuals(&d, &a, YG_COX_MARTINGALE, NULL, r, NULL), YG_OK);
	for (int i = 0; i < N; i++)
		sum += r[i];
	yg_assert_near(sum, 0, 1e-8); /* as many expected as observed */
	assert_int_equal(yg_cox_residuals(&d, &a, YG_COX_SCORE, NULL, r, NULL), YG_OK);
	for (int c = 0; c < P; c++) {
		sum = 0;
		for (int i = 0; i < N; i++)
			sum += r[i * P + c];
		yg_assert_near(sum, 0, 1e-6); /* the score is zero at the maximum */
	}
	yg_free(r);
	yg_cox_release(&a);
}

static void columns_that_cannot_be_estimated_are_named(void **unused)
{
	(void)unused;
	double *y = yg_xalloc(N * 7, sizeof *y);
	struct yg_cox_data d = make(0, 0);
	struct yg_cox plain = fit(d, usual);
	for (int i = 0; i < N; i++) {
		memcpy(y + i * 7, x + i * P, P * sizeof *y);
		y[i * 7 + 5] = 3.14;                                       /* constant */
		y[i * 7 + 6] = 2 * x[i * P] - 0.1 * x[i * P + 1] + 5;      /* a combination */
	}
	d.x = y;
	d.p = 7;
	struct yg_cox r = fit(d, usual);
	assert_true(r.fault[5] == YG_COX_CONSTANT && r.fault[6] == YG_COX_COLLINEAR && r.fault[0] == YG_COX_FINE);
	assert_true(r.rank == 5 && r.lrt.df == 5 && isnan(r.se[5]) && r.beta[6] == 0 && r.stop == YG_COX_CONVERGED);
	yg_assert_near(r.loglik, plain.loglik, 1e-11);
	yg_assert_near(r.beta[1], plain.beta[1], 1e-9);
	yg_free(y);
	yg_cox_release(&r);
	yg_cox_release(&plain);
}

static void a_group_without_events_is_infinite_and_said_so(void **unused)
{
	(void)unused;
	double *y = yg_xalloc(N * 2, sizeof *y), lower, upper;
	uint8_t *e = yg_xalloc(N, 1);
	struct yg_cox_data d = make(0, 0);
	for (int i = 0; i < N; i++) {
		y[2 * i] = x[i * P];
		y[2 * i + 1] = x[i * P + 3];
		e[i] = dead[i] && x[i * P + 3] == 0;
	}
	d.x = y;
	d.p = 2;
	d.spans.event = e;
	struct yg_cox r = fit(d, usual);
	assert_true(r.stop == YG_COX_MONOTONE && r.fault[1] == YG_COX_INFINITE && r.fault[0] == YG_COX_FINE);
	assert_true(r.beta[1] < -10);
	/* The other coefficient is that of the group that has events, but for the rows that only dilute. */
	yg_assert_near(r.beta[0], 0.4, 0.2);
	/* The profile has an end on one side only. */
	assert_int_equal(yg_cox_profile_limits(&d, &r, 1, 0.95, NULL, &lower, &upper, NULL), YG_OK);
	assert_true(isinf(lower) && lower < 0 && upper < 0);
	yg_free(e);
	yg_free(y);
	yg_cox_release(&r);
}

static void profile_limits_lose_what_they_should(void **unused)
{
	(void)unused;
	double lower, upper;
	const double time[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }, z[] = { 1, 1, 0, 1, 0, 0, 1, 0, 0, 0 };
	const uint8_t event[] = { 1, 1, 1, 0, 1, 1, 0, 1, 0, 1 };
	struct yg_cox_data d = { .spans = { .n = 10, .exit = time, .event = event, .strata = 1 }, .x = z, .p = 1 };
	struct yg_cox r = fit(d, usual);
	assert_int_equal(yg_cox_profile_limits(&d, &r, 0, 0.95, NULL, &lower, &upper, NULL), YG_OK);
	for (int side = 0; side < 2; side++) {
		double at = side ? upper : lower;
		struct yg_cox_options still = { .ties = YG_COX_EFRON, .init = &at, .max_iterations = 0 };
		struct yg_cox there = fit(d, still);
		yg_assert_near(2 * (r.loglik - there.loglik), yg_chisq_quantile(0.95, 1), 1e-9);
		yg_cox_release(&there);
	}
	assert_true(lower < r.beta[0] - 1.5 * r.se[0] && upper > r.beta[0] + 1.5 * r.se[0]);
	yg_cox_release(&r);
}

static void columns_left_out_are_not_in_the_model(void **unused)
{
	(void)unused;
	const uint8_t absent[P] = { 0, 1, 0, 1, 0 };
	const double init[P] = { 0.3, 0, -0.2, 0, 0.1 };
	struct yg_cox_data d = make(0, 1), few = d;
	double *left = yg_xalloc(N * P, sizeof *left);
	struct yg_cox_options o = usual;
	size_t q = 0;
	for (int i = 0; i < N; i++)
		for (int a = 0; a < P; a++)
			if (!absent[a])
				left[q++] = d.x[i * P + a];
	few.x = left;
	few.p = 3;
	o.absent = absent;
	o.init = init;
	struct yg_cox a = fit(d, o), b = fit(few, usual);
	assert_int_equal(a.rank, b.rank);
	yg_assert_near(a.loglik, b.loglik, 1e-12);
	for (size_t j = 0, k = 0; j < P; j++) {
		assert_int_equal(a.fault[j], absent[j] ? YG_COX_ABSENT : YG_COX_FINE);
		yg_assert_near(a.beta[j], absent[j] ? 0 : b.beta[k], 1e-9);
		if (!absent[j])
			yg_assert_near(a.se[j], b.se[k++], 1e-9);
	}
	yg_cox_release(&a);
	yg_cox_release(&b);
	yg_free(left);
}

static void nobody_and_nothing(void **unused)
{
	(void)unused;
	const double time[] = { 1, 2, 3 }, z[] = { 0, 1, 0 };
	const uint8_t none[] = { 0, 0, 0 }, one[] = { 0, 0, 1 };
	struct yg_cox r = fit((struct yg_cox_data){ .spans = { .n = 0, .exit = time, .event = none }, .x = z, .p = 1 }, usual);
	assert_true(r.stop == YG_COX_NO_EVENTS && r.rank == 0 && r.n == 0);
	yg_cox_release(&r);
	r = fit((struct yg_cox_data){ .spans = { .n = 3, .exit = time, .event = none }, .x = z, .p = 1 }, usual);
	assert_true(r.stop == YG_COX_NO_EVENTS && isnan(r.se[0]) && isnan(r.lrt.p));
	yg_cox_release(&r);
	/* The only event has nobody to be compared with. */
	r = fit((struct yg_cox_data){ .spans = { .n = 3, .exit = time, .event = one }, .x = z, .p = 1 }, usual);
	assert_true(r.rank == 0 && r.fault[0] == YG_COX_COLLINEAR && r.loglik == 0);
	yg_cox_release(&r);
	r = fit((struct yg_cox_data){ .spans = { .n = 3, .exit = time, .event = one }, .x = z, .p = 0 }, usual);
	assert_true(r.stop == YG_COX_CONVERGED && r.loglik == 0);
	yg_cox_release(&r);
}

static void what_has_no_form_is_refused(void **unused)
{
	(void)unused;
	struct yg_cox r;
	struct yg_err err;
	struct yg_cox_data d = make(0, 0);
	struct yg_cox_options discrete = { .ties = YG_COX_DISCRETE, .robust = true, .max_iterations = -1 };
	assert_int_equal(yg_cox_fit(&d, &discrete, NULL, &r, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-COX-003");
	d.spans.weight = weight;
	discrete.robust = false;
	assert_int_equal(yg_cox_fit(&d, &discrete, NULL, &r, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-COX-002");
	enum yg_cox_ties ties;
	assert_true(yg_cox_ties_parse("discrete", &ties) && ties == YG_COX_DISCRETE && !yg_cox_ties_parse("exact", &ties));
}

static void running_out_of_memory_is_a_status(void **unused)
{
	(void)unused;
	struct yg_cox_data d = make(1, 1);
	d.spans.cluster = cluster;
	d.spans.stratum = stratum;
	d.spans.strata = 7;
	uint64_t before = yg_mem_in_use();
	enum yg_status s = YG_ENOMEM;
	for (int64_t k = 1; s != YG_OK && k < 4000; k += k < 80 ? 1 : 97) {
		struct yg_cox r;
		yg_mem_fail_at(k);
		s = yg_cox_fit(&d, &usual, NULL, &r, NULL);
		yg_mem_fail_at(0);
		if (s == YG_OK)
			yg_cox_release(&r);
		else
			assert_int_equal(s, YG_ENOMEM);
		assert_true(yg_mem_in_use() == before);
	}
	assert_int_equal(s, YG_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(four_people_by_hand),
		cmocka_unit_test(ties_by_hand),
		cmocka_unit_test(shifting_and_scaling_columns_changes_nothing_else),
		cmocka_unit_test(the_order_of_rows_does_not_matter),
		cmocka_unit_test(splitting_rows_changes_nothing),
		cmocka_unit_test(breslow_weights_are_repeated_rows),
		cmocka_unit_test(strata_are_separate_likelihoods),
		cmocka_unit_test(an_offset_is_a_column_with_coefficient_one),
		cmocka_unit_test(threads_never_change_a_bit),
		cmocka_unit_test(clusters_of_one_row_are_the_plain_robust_variance),
		cmocka_unit_test(residuals_add_up),
		cmocka_unit_test(columns_that_cannot_be_estimated_are_named),
		cmocka_unit_test(a_group_without_events_is_infinite_and_said_so),
		cmocka_unit_test(profile_limits_lose_what_they_should),
		cmocka_unit_test(columns_left_out_are_not_in_the_model),
		cmocka_unit_test(nobody_and_nothing),
		cmocka_unit_test(what_has_no_form_is_refused),
		cmocka_unit_test(running_out_of_memory_is_a_status),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
