/* Cox's model of packed columns is that of the same columns as doubles: fit, residuals, test and curve, on many blocks. */
#include "tests/unit/test.h"

#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/elementary.h"
#include "yogo/num/packed.h"
#include "yogo/stats/cox.h"
#include "yogo/stats/cox_check.h"

#define ROWS 30000u
#define COLUMNS 13u          /* doubles, shorts and bytes, of each more than a vector has or fewer */

struct rows {
	double x[ROWS * COLUMNS], exit[ROWS], entry[ROWS], weight[ROWS], offset[ROWS];
	uint8_t event[ROWS];
	int32_t stratum[ROWS];
	uint32_t site[ROWS], own[ROWS];
	struct yg_packed *packed;
};

static double uniform(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return ((double)(*state >> 11) + 0.5) / 9007199254740992.0;
}

static struct rows *make(double times)
{
	struct rows *r = yg_xcalloc(1, sizeof *r);
	struct yg_packed_shape shape[COLUMNS];
	double *column = yg_xalloc(ROWS, sizeof *column);
	uint64_t seed = 20;
	for (size_t i = 0; i < ROWS; i++) {
		double *x = r->x + i * COLUMNS, u;
		for (size_t a = 0; a < COLUMNS; a++) {
			u = uniform(&seed);
			x[a] = a == 1 ? u : a == 4 ? (floor(2000 * u) - 1000) / 100 : a == 7 ? floor(600 * u) / 10 : a == 9 ? floor(u * 255) : u < 0.3;
		}
		double risk = 0.5 * x[0] + x[1] - 0.05 * x[4] + 0.01 * x[7];
		r->exit[i] = ceil(times * (0.02 - yg_log(uniform(&seed)) * yg_exp(-risk)) / 3);
		r->entry[i] = floor(r->exit[i] * 0.7 * uniform(&seed)) - 1;
		r->event[i] = uniform(&seed) < 0.6;
		r->weight[i] = 0.5 + uniform(&seed);
		r->offset[i] = uniform(&seed);
		r->stratum[i] = (int32_t)(3 * uniform(&seed));
		r->site[i] = (uint32_t)(40 * uniform(&seed));
		r->own[i] = (uint32_t)(ROWS - 1 - i);
	}
	for (size_t a = 0; a < COLUMNS; a++) {
		for (size_t i = 0; i < ROWS; i++)
			column[i] = r->x[i * COLUMNS + a];
		shape[a] = yg_packed_shape_of(column, ROWS);
	}
	r->packed = yg_packed_new(ROWS, shape, COLUMNS);
	for (size_t j = 0; j < COLUMNS; j++) {
		for (size_t i = 0; i < ROWS; i++)
			column[i] = r->x[i * COLUMNS + j];
		yg_packed_put_column(r->packed, j, 0, ROWS, column);
	}
	assert_int_equal(r->packed->doubles, 1);
	assert_int_equal(r->packed->shorts, 2);
	yg_free(column);
	return r;
}

static void release(struct rows *r)
{
	yg_packed_free(r->packed);
	yg_free(r);
}

static void near_arrays(const double *a, const double *b, size_t n, double precision)
{
	double size = 0;
	for (size_t i = 0; i < n; i++)
		size = fmax(size, fabs(a[i]));
	for (size_t i = 0; i < n; i++)
		assert_true(fabs(a[i] - b[i]) <= precision * size);
}

static struct yg_cox fit_of(const struct yg_cox_data *d, enum yg_cox_ties ties, bool robust, struct yg_task *task)
{
	struct yg_cox fit;
	const struct yg_cox_options o = { .ties = ties, .robust = robust, .max_iterations = -1 };
	assert_int_equal(yg_cox_fit(d, &o, task, &fit, NULL), YG_OK);
	assert_int_equal(fit.stop, YG_COX_CONVERGED);
	return fit;
}

/* The data once packed, once as doubles. */
static void same_models(struct yg_cox_data packed, const struct rows *r, enum yg_cox_ties ties, bool robust)
{
	struct yg_cox_data plain = packed;
	plain.packed = NULL;
	plain.x = r->x;
	struct yg_pool *pool = yg_pool_new(3);
	struct yg_task task;
	yg_task_init(&task, pool);
	struct yg_cox a = fit_of(&packed, ties, robust, &task), b = fit_of(&plain, ties, robust, NULL);
	yg_assert_near(a.loglik, b.loglik, 1e-13);
	yg_assert_near(a.loglik_null, b.loglik_null, 1e-13);
	near_arrays(a.beta, b.beta, COLUMNS, 1e-11);
	near_arrays(a.var, b.var, COLUMNS * COLUMNS, 1e-10);
	near_arrays(a.naive, b.naive, COLUMNS * COLUMNS, 1e-10);
	double *score = yg_xcalloc(2 * ROWS * COLUMNS, sizeof *score), *other = score + ROWS * COLUMNS;
	for (int kind = YG_COX_MARTINGALE; kind <= YG_COX_DFBETAS; kind++) {
		size_t n = kind <= YG_COX_DEVIANCE ? ROWS : ROWS * COLUMNS;
		assert_int_equal(yg_cox_residuals(&packed, &a, (enum yg_cox_residual)kind, &task, score, NULL), YG_OK);
		assert_int_equal(yg_cox_residuals(&plain, &b, (enum yg_cox_residual)kind, NULL, other, NULL), YG_OK);
		near_arrays(score, other, n, 1e-9);
	}
	yg_free(score);
	int term[COLUMNS];
	for (int i = 0; i < (int)COLUMNS; i++)
		term[i] = i;
	struct yg_cox_test one[COLUMNS], two[COLUMNS], all, every;
	assert_int_equal(yg_cox_zph(&packed, &a, YG_COX_KM, term, COLUMNS, &task, one, &all, NULL), YG_OK);
	assert_int_equal(yg_cox_zph(&plain, &b, YG_COX_KM, term, COLUMNS, NULL, two, &every, NULL), YG_OK);
	yg_assert_near(all.chisq, every.chisq, 1e-9);
	for (size_t i = 0; i < COLUMNS; i++)
		yg_assert_near(one[i].chisq, two[i].chisq, 1e-7);
	yg_cox_release(&a);
	yg_cox_release(&b);
	yg_pool_free(pool);
}

static void packed_columns_change_nothing(void **unused)
{
	(void)unused;
	for (double times = 6; times < 1e8; times *= 6000) { /* few times, many, hardly any twice */
		struct rows *r = make(times);
		const struct yg_cox_data d = { .spans = { .n = ROWS, .exit = r->exit, .event = r->event, .strata = 1 },
			                       .packed = r->packed, .p = COLUMNS };
		struct yg_cox_data e = d;
		same_models(d, r, YG_COX_EFRON, false);
		e.spans.entry = r->entry;
		same_models(e, r, YG_COX_BRESLOW, false);
		e.spans.stratum = r->stratum;
		e.spans.strata = 3;
		e.spans.weight = r->weight;
		e.offset = r->offset;
		same_models(e, r, YG_COX_EFRON, true);
		e.spans.cluster = r->site;
		e.spans.clusters = 40;
		same_models(e, r, YG_COX_EFRON, true);
		release(r);
	}
}

/* Sandwich of one row a cluster, of few clusters and of many: the same sums in other ways. */
static void clusters_are_added_up(void **unused)
{
	(void)unused;
	struct rows *r = make(3000);
	struct yg_cox_data d = { .spans = { .n = ROWS, .exit = r->exit, .event = r->event, .strata = 1 }, .packed = r->packed,
		                 .p = COLUMNS };
	struct yg_cox robust = fit_of(&d, YG_COX_EFRON, true, NULL);
	d.spans.cluster = r->own;
	d.spans.clusters = ROWS;
	struct yg_cox own = fit_of(&d, YG_COX_EFRON, false, NULL);
	near_arrays(robust.var, own.var, COLUMNS * COLUMNS, 1e-12);
	d.spans.cluster = r->site;
	d.spans.clusters = 40;
	struct yg_cox few = fit_of(&d, YG_COX_EFRON, false, NULL);
	d.spans.clusters = ROWS;             /* the others are empty */
	struct yg_cox many = fit_of(&d, YG_COX_EFRON, false, NULL);
	near_arrays(few.var, many.var, COLUMNS * COLUMNS, 1e-12);
	yg_cox_release(&robust);
	yg_cox_release(&own);
	yg_cox_release(&few);
	yg_cox_release(&many);
	release(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packed_columns_change_nothing),
		cmocka_unit_test(clusters_are_added_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
