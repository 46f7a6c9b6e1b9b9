/* Bands, comparisons, influences and adjusted curves: by hand, by their invariants, and where there is nothing. */
#include "tests/unit/test.h"

#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/dist.h"
#include "yogo/stats/adjusted_curve.h"
#include "yogo/stats/km_bands.h"
#include "yogo/stats/km_contrast.h"
#include "yogo/stats/km_influence.h"
#include "yogo/stats/maxcombo.h"

enum { N = 3000 };
static double start[N], stop[N], weight[N], x[2 * N];
static uint8_t dead[N];
static int32_t arm[N];

static void make(uint64_t s)
{
	for (int i = 0; i < N; i++) {
		double u[6];
		for (int k = 0; k < 6; k++) {
			s = s * 6364136223846793005u + 1442695040888963407u;
			u[k] = ((double)(s >> 11) + 0.5) * 0x1p-53;
		}
		start[i] = floor(20 * u[0] * u[0]);
		x[2 * i] = 4 * u[4] - 2;
		x[2 * i + 1] = u[5] < 0.3;
		arm[i] = u[3] < 0.3 + 0.1 * x[2 * i];
		stop[i] = start[i] + ceil(-60 * log(u[1]) * exp(-0.4 * x[2 * i] - 0.5 * arm[i]) + 1e-3);
		dead[i] = u[2] < 0.6;
		weight[i] = 0.5 + floor(3 * u[5]);
	}
}

static struct yg_km fit(const struct yg_spans *d, enum yg_km_ci ci)
{
	struct yg_km_options o = { YG_KM_PRODUCT, YG_KM_NELSON, ci, 0.95, false };
	struct yg_km km;
	assert_int_equal(yg_km_fit(d, &o, NULL, &km, NULL), YG_OK);
	return km;
}

static void critical_values_are_those_of_the_books(void **unused)
{
	(void)unused;
	/* Klein and Moeschberger 2003: example 4.2 (0.1 to 0.6), tables C.3 and C.4; Kolmogorov's distribution */
	assert_true(fabs(yg_hall_wellner_critical(0.1, 0.6, 0.95) - 1.3211) < 5e-5);
	assert_true(fabs(yg_equal_precision_critical(0.1, 0.6, 0.95) - 2.8826) < 5e-5);
	assert_true(fabs(yg_hall_wellner_critical(0, 1, 0.95) - 1.3580986) < 1e-6);
	assert_true(fabs(yg_hall_wellner_critical(0, 1, 0.99) - 1.6276236) < 1e-6);
	yg_assert_near(yg_bridge_inside(1, 0, 1), 1 - 2 * exp(-2) + 2 * exp(-8) - 2 * exp(-18), 1e-10);
	/* A range of one point is the normal distribution; a wider range asks for more. */
	double z = yg_normal_quantile(0.975), last = 0;
	yg_assert_near(yg_hall_wellner_critical(0.3, 0.3, 0.95), z * sqrt(0.21), 1e-12);
	for (double b = 0.3; b < 1; b += 0.05) {
		double k = yg_hall_wellner_critical(0.3, b, 0.95);
		assert_true(k > last);
		last = k;
	}
	/* By symmetry of the bridge in time. */
	yg_assert_near(yg_hall_wellner_critical(0.05, 0.4, 0.9), yg_hall_wellner_critical(0.6, 0.95, 0.9), 1e-9);
	/* Short ranges: between the point and the next longer one. */
	double near = yg_hall_wellner_critical(0.3, 0.3 + 1e-5, 0.95);
	assert_true(near >= z * sqrt(0.21) - 1e-9 && near < yg_hall_wellner_critical(0.3, 0.301, 0.95));
	assert_true(yg_equal_precision_critical(0.3, 0.3, 0.95) >= z);
	assert_true(isnan(yg_equal_precision_critical(0, 0.5, 0.95)) && isnan(yg_hall_wellner_critical(0.5, 0.4, 0.95)));
}

static void bands_of_five_people(void **unused)
{
	(void)unused;
	/* S = 0.8 at 2 (s^2 = 1/20), 0.4 at 5 (s^2 = 1/20 + 1/2); N = 5: a = 0.2, b = 2.75/3.75. */
	const double time[] = { 4, 2, 6, 5, 2 };
	const uint8_t event[] = { 0, 1, 0, 1, 0 };
	struct yg_spans d = { .n = 5, .exit = time, .event = event, .groups = 1, .strata = 1 };
	struct yg_km km = fit(&d, YG_KM_PLAIN);
	struct yg_km_band b;
	assert_int_equal(yg_km_band_fit(&km.curve[0], YG_KM_HALL_WELLNER, YG_KM_PLAIN, 0.95, NAN, NAN, &b, NULL), YG_OK);
	yg_assert_near(b.a, 0.25 / 1.25, 1e-14);
	yg_assert_near(b.b, 2.75 / 3.75, 1e-14);
	yg_assert_near(b.lower[0], fmax(0.8 - 0.8 * b.critical * 1.25 / sqrt(5), 0), 1e-14);
	assert_true(b.first == 0 && b.last == 3 && b.from == 2 && b.to == 5 && isnan(b.lower[3]));
	yg_km_band_release(&b);
	yg_km_release(&km);
	/* Nobody dies, all die at once: no band. */
	const uint8_t none[] = { 0, 0, 0, 0, 0 }, all[] = { 1, 1, 1, 1, 1 };
	const double same[] = { 3, 3, 3, 3, 3 };
	d.event = none;
	km = fit(&d, YG_KM_LOG);
	assert_int_equal(yg_km_band_fit(&km.curve[0], YG_KM_EQUAL_PRECISION, YG_KM_LOG, 0.95, NAN, NAN, &b, NULL), YG_OK);
	assert_true(b.first == b.last && isnan(b.critical));
	yg_km_band_release(&b);
	yg_km_release(&km);
	d.event = all;
	d.exit = same;
	km = fit(&d, YG_KM_LOG);
	assert_int_equal(yg_km_band_fit(&km.curve[0], YG_KM_EQUAL_PRECISION, YG_KM_LOG, 0.95, NAN, NAN, &b, NULL), YG_OK);
	assert_true(b.first == b.last);
	yg_km_band_release(&b);
	yg_km_release(&km);
}

/* Change one row's weight a little: the derivative must be the influence. */
static void influences_are_derivatives(void **unused)
{
	(void)unused;
	static double u[N], v[N];
	make(3);
	struct yg_spans d = { .n = 300, .entry = start, .exit = stop, .event = dead, .group = arm, .groups = 2, .strata = 1,
		              .weight = weight };
	struct yg_km km = fit(&d, YG_KM_LOG);
	assert_int_equal(yg_km_influence(&d, &km, 40, NULL, u, NULL), YG_OK);
	assert_int_equal(yg_rmst_influence(&d, &km, 40.5, NULL, v, NULL), YG_OK);
	yg_km_release(&km);
	for (int i = 0; i < 300; i += 7) {
		double s[2], m[2], se, w = weight[i], h = 1e-5;
		for (int k = 0; k < 2; k++) {
			struct yg_km_point p;
			weight[i] = w + (k ? h : -h);
			km = fit(&d, YG_KM_LOG);
			yg_km_at(&km.curve[arm[i]], 40, &p);
			s[k] = p.surv;
			yg_km_rmst(&km, (size_t)arm[i], 40.5, &m[k], &se);
			yg_km_release(&km);
		}
		weight[i] = w;
		assert_true(fabs(u[i] - (s[1] - s[0]) / (2 * h)) < 1e-8);
		assert_true(fabs(v[i] - (m[1] - m[0]) / (2 * h)) < 1e-6);
	}
}

static void robust_errors_agree_with_the_sweep(void **unused)
{
	(void)unused;
	static double u[N];
	double c[4];
	make(4);
	struct yg_spans d = { .n = N, .exit = stop, .event = dead, .group = arm, .groups = 2, .strata = 1, .weight = weight };
	struct yg_km_options o = { YG_KM_PRODUCT, YG_KM_NELSON, YG_KM_LOG, 0.95, true };
	struct yg_km km;
	struct yg_km_point p;
	assert_int_equal(yg_km_fit(&d, &o, NULL, &km, NULL), YG_OK);
	assert_int_equal(yg_km_influence(&d, &km, 33, NULL, u, NULL), YG_OK);
	assert_int_equal(yg_influence_covariance(&d, u, 2, c, NULL), YG_OK);
	for (size_t g = 0; g < 2; g++) {
		yg_km_at(&km.curve[g], 33, &p);
		yg_assert_near(sqrt(c[g * 3]), p.se, 1e-10);
	}
	assert_true(c[1] == 0);
	yg_km_release(&km);
}

static void the_mean_of_pseudo_values_is_the_mean(void **unused)
{
	(void)unused;
	static double y[N];
	make(5);
	/* Without censoring a pseudo-value is the person's own time up to tau. */
	static uint8_t all[N];
	memset(all, 1, sizeof all);
	struct yg_spans d = { .n = N, .exit = stop, .event = all, .groups = 1, .strata = 1 };
	assert_int_equal(yg_rmst_pseudo(&d, 50, NULL, y, NULL), YG_OK);
	for (int i = 0; i < N; i++)
		yg_assert_near(y[i], stop[i] < 50 ? stop[i] : 50, 1e-8);
	/* With censoring they sum to the mean. */
	double sum = 0, mean, se;
	d.event = dead;
	assert_int_equal(yg_rmst_pseudo(&d, 50, NULL, y, NULL), YG_OK);
	struct yg_km km = fit(&d, YG_KM_LOG);
	yg_km_rmst(&km, 0, 50, &mean, &se);
	for (int i = 0; i < N; i++)
		sum += y[i] / N;
	yg_assert_near(sum, mean, 1e-10);
	yg_km_release(&km);
}

static void differences_turn_with_the_groups(void **unused)
{
	(void)unused;
	struct yg_km_contrast a, b;
	yg_km_contrast(0.6, 0.05, 0.7, 0.04, 0, YG_KM_DIFFERENCE, 0.95, &a);
	yg_km_contrast(0.7, 0.04, 0.6, 0.05, 0, YG_KM_DIFFERENCE, 0.95, &b);
	yg_assert_near(a.estimate, -b.estimate, 1e-15);
	yg_assert_near(a.upper, -b.lower, 1e-15);
	yg_assert_near(a.p, b.p, 1e-15);
	yg_assert_near(a.se, sqrt(0.0041), 1e-15);
	yg_km_contrast(0.6, 0.05, 0.7, 0.04, 0, YG_KM_RATIO, 0.95, &a);
	yg_km_contrast(0.7, 0.04, 0.6, 0.05, 0, YG_KM_RATIO, 0.95, &b);
	yg_assert_near(a.estimate * b.estimate, 1, 1e-15);
	yg_assert_near(a.lower * b.upper, 1, 1e-14);
	/* A curve at 1 or 0: no test, no ratio with nothing below. */
	yg_km_contrast(1, 0, 0.7, 0.04, 0, YG_KM_RISK_RATIO, 0.95, &a);
	assert_true(isnan(a.estimate) && isnan(a.p));
	yg_km_contrast(0.5, 0.1, 0, NAN, 0, YG_KM_DIFFERENCE, 0.95, &a);
	yg_assert_near(a.estimate, -0.5, 1e-15);
	assert_true(isnan(a.lower) && isnan(a.p));
}

static void medians_move_with_the_clock(void **unused)
{
	(void)unused;
	make(6);
	static double moved[N];
	struct yg_spans d = { .n = 400, .exit = stop, .event = dead, .group = arm, .groups = 2, .strata = 1 };
	struct yg_km km = fit(&d, YG_KM_LOGLOG), same;
	struct yg_km_contrast a, b, r;
	assert_int_equal(yg_km_quantile_contrast(&km.curve[0], &km.curve[1], 0.5, YG_KM_MIDPOINT, YG_KM_LOGLOG, 0.95, false, &a, NULL), YG_OK);
	assert_int_equal(yg_km_quantile_contrast(&km.curve[1], &km.curve[0], 0.5, YG_KM_MIDPOINT, YG_KM_LOGLOG, 0.95, false, &b, NULL), YG_OK);
	yg_assert_near(a.lower, -b.upper, 1e-12);
	yg_assert_near(a.p, b.p, 1e-12);
	assert_true(a.lower <= a.estimate && a.estimate <= a.upper);
	assert_int_equal(yg_km_quantile_contrast(&km.curve[0], &km.curve[1], 0.5, YG_KM_MIDPOINT, YG_KM_LOGLOG, 0.95, true, &r, NULL), YG_OK);
	/* Times in another unit: differences scale, ratios stay. */
	for (int i = 0; i < 400; i++)
		moved[i] = stop[i] * 7;
	d.exit = moved;
	same = fit(&d, YG_KM_LOGLOG);
	assert_int_equal(yg_km_quantile_contrast(&same.curve[0], &same.curve[1], 0.5, YG_KM_MIDPOINT, YG_KM_LOGLOG, 0.95, false, &b, NULL), YG_OK);
	yg_assert_near(b.upper, 7 * a.upper, 1e-12);
	assert_int_equal(yg_km_quantile_contrast(&same.curve[0], &same.curve[1], 0.5, YG_KM_MIDPOINT, YG_KM_LOGLOG, 0.95, true, &b, NULL), YG_OK);
	yg_assert_near(b.upper, r.upper, 1e-12);
	/* A curve against itself: difference 0 inside, p 1 where the distance is least. */
	assert_int_equal(yg_km_quantile_contrast(&km.curve[0], &km.curve[0], 0.5, YG_KM_MIDPOINT, YG_KM_LOGLOG, 0.95, false, &b, NULL), YG_OK);
	assert_true(b.lower < 0 && b.upper > 0 && b.estimate == 0 && b.p > 0.5);
	yg_km_release(&same);
	yg_km_release(&km);
}

static void against_a_curve_known_exactly_the_limits_are_the_usual_ones(void **unused)
{
	(void)unused;
	make(12);
	/* The first group's rows stand for 10^12 each. */
	for (int i = 0; i < 600; i++)
		weight[i] = arm[i] ? 1 : 1e12;
	struct yg_spans d = { .n = 600, .exit = stop, .event = dead, .group = arm, .groups = 2, .strata = 1, .weight = weight };
	for (int scale = YG_KM_PLAIN; scale <= YG_KM_LOGIT; scale++) {
		struct yg_km km = fit(&d, (enum yg_km_ci)scale);
		struct yg_km_contrast c;
		double q0, q1, low, high;
		yg_km_quantile(&km.curve[0], 0.5, YG_KM_FIRST, &q0, &low, &high);
		yg_km_quantile(&km.curve[1], 0.5, YG_KM_FIRST, &q1, &low, &high);
		assert_int_equal(yg_km_quantile_contrast(&km.curve[0], &km.curve[1], 0.5, YG_KM_FIRST, (enum yg_km_ci)scale, 0.95, false, &c, NULL), YG_OK);
		yg_assert_near(c.estimate, q1 - q0, 1e-12);
		yg_assert_near(c.lower, low - q0, 1e-12);
		yg_assert_near(c.upper, high - q0, 1e-12);
		yg_km_release(&km);
	}
}

static void later_survival_is_a_later_start(void **unused)
{
	(void)unused;
	make(7);
	struct yg_spans d = { .n = N, .entry = start, .exit = stop, .event = dead, .group = arm, .groups = 2, .strata = 1 };
	struct yg_km_options o = { YG_KM_PRODUCT, YG_KM_NELSON, YG_KM_LOG, 0.95, false };
	struct yg_km km = fit(&d, YG_KM_LOG), after;
	assert_int_equal(yg_km_fit_after(&d, 15, &o, NULL, &after, NULL), YG_OK);
	for (size_t g = 0; g < 2; g++) {
		struct yg_km_conditional c;
		struct yg_km_point p;
		yg_km_conditional(&km.curve[g], 15, 60, &c);
		yg_km_at(&after.curve[g], 60, &p);
		yg_assert_near(c.surv, p.surv, 1e-12);
		yg_assert_near(c.se, p.se, 1e-10);
		yg_km_conditional(&km.curve[g], 1e6, 2e6, &c);
		assert_true(isnan(c.surv) && c.n_risk == 0);
	}
	yg_km_release(&after);
	yg_km_release(&km);
}

static struct yg_adjusted *by_model(const struct yg_spans *d, size_t p, struct yg_km *km, struct yg_task *task)
{
	struct yg_cox_data data = { .spans = *d, .x = x, .p = p };
	struct yg_cox_options o = { .ties = YG_COX_EFRON, .max_iterations = -1 };
	struct yg_cox cox;
	struct yg_adjusted *a;
	data.spans.stratum = d->group;
	data.spans.strata = d->groups;
	data.spans.group = NULL;
	data.spans.groups = 1;
	assert_int_equal(yg_cox_fit(&data, &o, task, &cox, NULL), YG_OK);
	assert_int_equal(yg_adjusted_model(&data, &cox, km, task, &a, NULL), YG_OK);
	yg_cox_release(&cox);
	return a;
}

static void a_model_without_effect_gives_the_curve_back(void **unused)
{
	(void)unused;
	make(8);
	/* A covariate that nobody differs in: S = exp(-H) with ties one after another, as Fleming and Harrington have it. */
	for (int i = 0; i < N; i++)
		x[2 * i] = x[2 * i + 1] = 1;
	struct yg_spans d = { .n = N, .exit = stop, .event = dead, .group = arm, .groups = 2, .strata = 1 };
	struct yg_km_options o = { YG_KM_EXPONENTIAL, YG_KM_FLEMING, YG_KM_LOG, 0.95, false };
	struct yg_km plain, one = fit(&d, YG_KM_LOG);
	struct yg_adjusted *a = by_model(&d, 2, &one, NULL);
	assert_int_equal(yg_km_fit(&d, &o, NULL, &plain, NULL), YG_OK);
	for (size_t j = 0; j < one.curve[0].m; j++) {
		yg_assert_near(one.curve[0].surv[j], plain.curve[0].surv[j], 1e-9);
		yg_assert_near(one.curve[0].se[j], plain.curve[0].se[j], 1e-9);
	}
	yg_adjusted_free(a);
	yg_km_release(&one);
	yg_km_release(&plain);
	/* The same bits on any number of threads. */
	make(8);
	struct yg_pool *pool = yg_pool_new(3);
	struct yg_task task;
	yg_task_init(&task, pool);
	one = fit(&d, YG_KM_LOG);
	plain = fit(&d, YG_KM_LOG);
	a = by_model(&d, 2, &one, NULL);
	struct yg_adjusted *b = by_model(&d, 2, &plain, &task);
	assert_memory_equal(one.curve[1].surv, plain.curve[1].surv, one.curve[1].m * sizeof(double));
	assert_memory_equal(one.curve[1].se, plain.curve[1].se, one.curve[1].m * sizeof(double));
	yg_adjusted_free(a);
	yg_adjusted_free(b);
	yg_km_release(&one);
	yg_km_release(&plain);
	yg_pool_free(pool);
}

static void many_times_are_interpolated_well(void **unused)
{
	(void)unused;
	/* More than 4,096 event times in one group. */
	enum { M = 20000 };
	double *t = yg_data_alloc(M, sizeof *t), *z = yg_data_alloc(M, sizeof *z);
	uint8_t *e = yg_data_alloc(M, 1);
	int32_t *g = yg_data_calloc(M, sizeof *g);
	uint64_t s = 11;
	for (int i = 0; i < M; i++) {
		double u[3];
		for (int k = 0; k < 3; k++) {
			s = s * 6364136223846793005u + 1442695040888963407u;
			u[k] = ((double)(s >> 11) + 0.5) * 0x1p-53;
		}
		z[i] = 6 * u[0] - 3;
		t[i] = -log(u[1]) * exp(-0.7 * z[i]);
		e[i] = u[2] < 0.7;
		g[i] = i % 10 == 0;
	}
	struct yg_spans d = { .n = M, .exit = t, .event = e, .group = g, .groups = 2, .strata = 1 };
	struct yg_km km = fit(&d, YG_KM_LOG);
	struct yg_cox_data data = { .spans = d, .x = z, .p = 1 };
	struct yg_cox_options o = { .ties = YG_COX_BRESLOW, .max_iterations = -1 };
	struct yg_cox cox;
	struct yg_adjusted *a;
	data.spans.stratum = g;
	data.spans.strata = 2;
	data.spans.group = NULL;
	data.spans.groups = 1;
	assert_int_equal(yg_cox_fit(&data, &o, NULL, &cox, NULL), YG_OK);
	assert_int_equal(yg_adjusted_model(&data, &cox, &km, NULL, &a, NULL), YG_OK);
	const struct yg_km_curve *c = &km.curve[0];
	for (size_t j = 50; j < c->m; j += 4001) {
		double v[4];
		/* The covariance is evaluated without interpolation: its variance must be the curve's. */
		yg_adjusted_covariance(a, c->time[j], v);
		if (c->surv[j] < 1)
			yg_assert_near(sqrt(v[0]), c->se[j], 1e-7);
	}
	yg_adjusted_free(a);
	yg_cox_release(&cox);
	yg_km_release(&km);
	yg_data_free(t);
	yg_data_free(z);
	yg_data_free(e);
	yg_data_free(g);
}

static void strata_that_are_alike_change_nothing(void **unused)
{
	(void)unused;
	make(9);
	/* Everybody three times, once in each stratum: every stratum has the same curve. */
	static double t3[3 * 900];
	static uint8_t e3[3 * 900];
	static int32_t g3[3 * 900], s3[3 * 900];
	for (int i = 0; i < 2700; i++) {
		t3[i] = stop[i % 900];
		e3[i] = dead[i % 900];
		g3[i] = arm[i % 900];
		s3[i] = i / 900;
	}
	struct yg_spans d = { .n = 2700, .exit = t3, .event = e3, .group = g3, .groups = 2, .stratum = s3, .strata = 3 };
	struct yg_km plain = fit(&d, YG_KM_LOG), km = fit(&d, YG_KM_LOG);
	struct yg_adjusted *a;
	size_t s, g;
	double ends[2];
	assert_int_equal(yg_adjusted_direct(&d, &km, NULL, ends, &s, &g, &a, NULL), YG_OK);
	for (size_t j = 0; j < km.curve[1].m; j++) {
		yg_assert_near(km.curve[1].surv[j], plain.curve[1].surv[j], 1e-12);
		if (plain.curve[1].surv[j] > 0)
			yg_assert_near(km.curve[1].se[j], plain.curve[1].se[j], 1e-9);
	}
	yg_adjusted_free(a);
	yg_km_release(&km);
	yg_km_release(&plain);
	/* A stratum without one of the groups is named. */
	for (int i = 0; i < 900; i++)
		g3[i] = 0;
	km = fit(&d, YG_KM_LOG);
	assert_int_equal(yg_adjusted_direct(&d, &km, NULL, ends, &s, &g, &a, NULL), YG_REFUSED);
	assert_true(s == 0 && g == 1);
	yg_km_release(&km);
}

static void four_people_in_two_groups(void **unused)
{
	(void)unused;
	/* Deaths at 1 (group 0), 2 (group 1), 3 (group 0); the last leaves.  Group 1's observed less expected, variances:
	   t=1: 0 - 2/4, 1/4 (S = 1); t=2: 1 - 2/3, 2/9 (S = 3/4); t=3: 0 - 1/2, 1/4 (S = 1/2). */
	const double time[] = { 1, 2, 3, 4 };
	const uint8_t event[] = { 1, 1, 1, 0 };
	const int32_t group[] = { 0, 1, 0, 1 };
	struct yg_spans d = { .n = 4, .exit = time, .event = event, .group = group, .groups = 2, .strata = 1 };
	struct yg_maxcombo m;
	assert_int_equal(yg_maxcombo_test(&d, NULL, &m, NULL), YG_OK);
	yg_assert_near(m.z[0], (-0.5 + 1.0 / 3 - 0.5) / sqrt(0.25 + 2.0 / 9 + 0.25), 1e-14);
	yg_assert_near(m.z[1], (0.25 / 3 - 0.25) / sqrt(2.0 / 9 / 16 + 0.25 / 4), 1e-14);
	yg_assert_near(m.z[2], (-0.5 + 0.25 - 0.25) / sqrt(0.25 + 2.0 / 9 * 9 / 16 + 0.25 / 4), 1e-14);
	assert_true(m.p > yg_normal_two_sided(m.statistic) && m.p < 1);
	/* One event: S(t-) is 1 there, so that only two weights are left, and they are one test. */
	const uint8_t once[] = { 1, 0, 0, 0 };
	d.event = once;
	assert_int_equal(yg_maxcombo_test(&d, NULL, &m, NULL), YG_OK);
	assert_true(isnan(m.z[1]) && isnan(m.z[3]));
	yg_assert_near(m.p, yg_normal_two_sided(m.statistic), 1e-12);
	const uint8_t never[] = { 0, 0, 0, 0 };
	d.event = never;
	assert_int_equal(yg_maxcombo_test(&d, NULL, &m, NULL), YG_OK);
	assert_true(isnan(m.p) && isnan(m.statistic));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(critical_values_are_those_of_the_books),
		cmocka_unit_test(bands_of_five_people),
		cmocka_unit_test(influences_are_derivatives),
		cmocka_unit_test(robust_errors_agree_with_the_sweep),
		cmocka_unit_test(the_mean_of_pseudo_values_is_the_mean),
		cmocka_unit_test(differences_turn_with_the_groups),
		cmocka_unit_test(medians_move_with_the_clock),
		cmocka_unit_test(against_a_curve_known_exactly_the_limits_are_the_usual_ones),
		cmocka_unit_test(later_survival_is_a_later_start),
		cmocka_unit_test(a_model_without_effect_gives_the_curve_back),
		cmocka_unit_test(many_times_are_interpolated_well),
		cmocka_unit_test(strata_that_are_alike_change_nothing),
		cmocka_unit_test(four_people_in_two_groups),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
