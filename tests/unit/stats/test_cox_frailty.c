/* Shared frailties: the same as penalised indicators of the clusters; no variation, few and many clusters. */
#include "tests/unit/test.h"

#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/cox_frailty.h"

#define ROWS 160u
#define CLUSTERS 12u

struct rows {
	double entry[ROWS], exit[ROWS], weight[ROWS], x[2 * ROWS], wide[(2 + CLUSTERS) * ROWS], offset[ROWS];
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

/* Clusters differ in how soon their members leave. */
static void make(struct rows *r, uint32_t seed, double differ)
{
	memset(r, 0, sizeof *r);
	for (uint32_t i = 0; i < ROWS; i++) {
		r->cluster[i] = next(&seed) % CLUSTERS;
		double rate = 1 + differ * (r->cluster[i] % 4);
		r->exit[i] = 3 + floor(next(&seed) % 60 / rate);
		r->entry[i] = i % 3 ? 0 : next(&seed) % (uint32_t)r->exit[i];
		r->event[i] = next(&seed) % 4 != 0;
		r->weight[i] = 1 + next(&seed) % 3;
		r->stratum[i] = (int32_t)(next(&seed) % 2);
		r->x[2 * i] = next(&seed) % 1000 / 250.0;
		r->x[2 * i + 1] = next(&seed) % 2;
		memcpy(r->wide + i * (2 + CLUSTERS), r->x + 2 * i, 2 * sizeof *r->x);
		r->wide[i * (2 + CLUSTERS) + 2 + r->cluster[i]] = 1;
	}
	r->d = (struct yg_cox_data){ .spans = { .n = ROWS, .entry = r->entry, .exit = r->exit, .event = r->event,
		                                .stratum = r->stratum, .strata = 2, .cluster = r->cluster, .clusters = CLUSTERS },
		                     .x = r->x, .p = 2 };
}

static struct rows one;

static struct yg_cox_frailty fit(struct yg_cox_data d, struct yg_frailty_options o)
{
	struct yg_cox_frailty r;
	struct yg_err err = { 0 };
	enum yg_status s = yg_cox_frailty_fit(&d, &o, NULL, &r, &err);
	if (s != YG_OK)
		fprintf(stderr, "%s\n", err.text);
	assert_int_equal(s, YG_OK);
	return r;
}

static void lognormal_is_a_ridge_on_indicators(void **unused)
{
	(void)unused;
	for (int variant = 0; variant < 4; variant++) {
		double ridge[2 + CLUSTERS] = { 0 };
		make(&one, 40u + (uint32_t)variant, 1);
		if (variant & 1)
			one.d.spans.entry = NULL;
		if (variant == 3) {
			one.d.spans.weight = one.weight;
			one.d.repeats = true;
		}
		enum yg_cox_ties ties = variant == 2 ? YG_COX_BRESLOW : YG_COX_EFRON;
		for (size_t c = 0; c < CLUSTERS; c++)
			ridge[2 + c] = 1 / 0.3;
		struct yg_cox_frailty r = fit(one.d, (struct yg_frailty_options){ .kind = YG_FRAILTY_LOGNORMAL, .ties = ties,
		                                                                  .theta = 0.3, .full = true });
		struct yg_cox_data wide = one.d;
		struct yg_cox_options o = { .ties = ties, .max_iterations = -1, .ridge = ridge };
		struct yg_cox dense;
		wide.x = one.wide;
		wide.p = 2 + CLUSTERS;
		wide.spans.cluster = NULL;
		assert_int_equal(yg_cox_fit(&wide, &o, NULL, &dense, NULL), YG_OK);
		assert_int_equal(dense.stop, YG_COX_CONVERGED);
		assert_int_equal(dense.rank, 2 + (int)CLUSTERS);
		for (size_t a = 0; a < 2; a++) {
			yg_assert_near(r.fit.beta[a], dense.beta[a], 1e-8);
			yg_assert_near(r.fit.se[a], dense.se[a], 1e-7);
		}
		for (size_t c = 0; c < CLUSTERS; c++) {
			yg_assert_near(r.b[c], dense.beta[2 + c], 1e-7);
			yg_assert_near(r.se[c], dense.se[2 + c], 1e-6);
		}
		yg_assert_near(r.partial, dense.loglik, 1e-10);
		yg_cox_frailty_release(&r);
		yg_cox_release(&dense);
	}
}

static void coefficients_are_those_given_the_frailties(void **unused)
{
	(void)unused;
	for (int kind = 0; kind < 2; kind++) {
		make(&one, 50, 1);
		struct yg_cox_frailty r = fit(one.d, (struct yg_frailty_options){ .kind = (enum yg_frailty)kind });
		assert_true(!r.none && r.theta > 0 && r.theta_se > 0 && r.test.p < 0.5 && r.test.chisq > 0);
		assert_true(r.df > 0 && r.df < CLUSTERS);
		struct yg_cox_data d = one.d;
		for (size_t i = 0; i < ROWS; i++)
			one.offset[i] = r.b[one.cluster[i]];
		d.offset = one.offset;
		d.spans.cluster = NULL;
		struct yg_cox plain;
		assert_int_equal(yg_cox_fit(&d, &(struct yg_cox_options){ .max_iterations = -1 }, NULL, &plain, NULL), YG_OK);
		yg_assert_near(plain.beta[0], r.fit.beta[0], 1e-7);
		yg_assert_near(plain.beta[1], r.fit.beta[1], 1e-7);
		yg_assert_near(plain.loglik, r.partial, 1e-10);
		double sum = 0;                     /* their mean is 1 (gamma), of the logarithms 0 (lognormal) */
		for (size_t c = 0; c < CLUSTERS; c++)
			sum += kind ? r.b[c] : yg_expm1(r.b[c]);
		assert_true(fabs(sum) < 1e-7);
		/* theta is where the marginal likelihood is highest */
		for (int side = -1; side <= 1 && !kind; side += 2) {
			struct yg_cox_frailty other = fit(one.d, (struct yg_frailty_options){ .kind = (enum yg_frailty)kind,
			                                                                      .theta = r.theta * exp(0.1 * side) });
			assert_true(other.fit.loglik < r.fit.loglik);
			yg_assert_near(r.fit.loglik - other.fit.loglik, 0.5 * 0.01 * (r.theta / r.theta_se) * (r.theta / r.theta_se), 0.1);
			yg_cox_frailty_release(&other);
		}
		yg_cox_release(&plain);
		yg_cox_frailty_release(&r);
	}
}

static void a_small_variance_is_no_frailty(void **unused)
{
	(void)unused;
	make(&one, 50, 1);
	struct yg_cox_frailty r = fit(one.d, (struct yg_frailty_options){ .theta = 1e-7 });
	yg_assert_near(r.fit.loglik, r.without, 1e-6);
	yg_cox_frailty_release(&r);
	/* clusters as alike as can be: rows dealt out in turn, sorted by time */
	for (uint32_t i = 0; i < ROWS; i++) {
		one.exit[i] = i + 1;
		one.event[i] = 1;
		one.cluster[i] = i % CLUSTERS;
		one.stratum[i] = 0;
	}
	one.d.spans.entry = NULL;
	for (int kind = 0; kind < 2; kind++) {
		r = fit(one.d, (struct yg_frailty_options){ .kind = (enum yg_frailty)kind });
		assert_true(r.none && r.theta == 0 && r.test.p == 1 && r.fit.loglik == r.without);
		yg_cox_frailty_release(&r);
	}
}

static void clusters_without_events(void **unused)
{
	(void)unused;
	make(&one, 61, 1);
	for (uint32_t i = 0; i < ROWS; i++)
		if (one.cluster[i] < 2)
			one.event[i] = 0;
	for (int kind = 0; kind < 2; kind++) {
		struct yg_cox_frailty r = fit(one.d, (struct yg_frailty_options){ .kind = (enum yg_frailty)kind });
		assert_true(r.b[0] < 0 && r.b[1] < 0 && r.se[0] > 0 && r.events[0] == 0);
		assert_true(r.theta > 0 && isfinite(r.fit.se[0]));
		yg_cox_frailty_release(&r);
	}
}

static void what_is_refused(void **unused)
{
	(void)unused;
	struct yg_cox_frailty r;
	struct yg_err err = { 0 };
	make(&one, 3, 1);
	assert_int_equal(yg_cox_frailty_fit(&one.d, &(struct yg_frailty_options){ .ties = YG_COX_DISCRETE }, NULL, &r, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-COX-023");
	one.d.spans.weight = one.weight;
	assert_int_equal(yg_cox_frailty_fit(&one.d, &(struct yg_frailty_options){ .theta = 0 }, NULL, &r, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-COX-024");
	one.d.spans.cluster = NULL;
	assert_int_equal(yg_cox_frailty_fit(&one.d, &(struct yg_frailty_options){ .theta = 0 }, NULL, &r, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-COX-022");
}

static void many_clusters(void **unused)
{
	(void)unused;
	enum { N = 20000 };
	double *time = yg_xalloc(N, sizeof *time), *x = yg_xalloc(N, sizeof *x);
	uint8_t *event = yg_xalloc(N, 1);
	uint32_t *cluster = yg_xalloc(N, sizeof *cluster), seed = 6;
	for (size_t i = 0; i < N; i++) {
		cluster[i] = (uint32_t)i / 2;
		x[i] = next(&seed) % 2;
		double rate = (cluster[i] % 3 == 0 ? 3 : 1) * (x[i] > 0 ? 1.5 : 1);
		time[i] = -log((next(&seed) % 9999 + 0.5) / 10000) / rate;
		event[i] = next(&seed) % 3 != 0;
	}
	struct yg_cox_data d = { .spans = { .n = N, .exit = time, .event = event, .strata = 1, .cluster = cluster,
		                            .clusters = N / 2 }, .x = x, .p = 1 };
	struct yg_cox_frailty r = fit(d, (struct yg_frailty_options){ .kind = YG_FRAILTY_GAMMA });
	yg_assert_near(r.fit.beta[0], log(1.5), 0.15);
	assert_true(r.theta > 0.1 && r.theta < 1 && r.test.p < 1e-10);
	/* the whole information hardly differs where clusters are many and small */
	struct yg_cox_frailty full = fit(d, (struct yg_frailty_options){ .kind = YG_FRAILTY_GAMMA, .theta = r.theta, .full = true });
	yg_assert_near(full.fit.se[0], r.fit.se[0], 0.01);
	yg_cox_frailty_release(&full);
	yg_cox_frailty_release(&r);
	yg_free(time);
	yg_free(x);
	yg_free(event);
	yg_free(cluster);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lognormal_is_a_ridge_on_indicators),
		cmocka_unit_test(coefficients_are_those_given_the_frailties),
		cmocka_unit_test(a_small_variance_is_no_frailty),
		cmocka_unit_test(clusters_without_events),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(many_clusters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
