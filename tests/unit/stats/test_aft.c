/* Parametric survival models: cases worked by hand, what must not change a fit, tails of distributions, degenerate data. */
#include "tests/unit/test.h"

#include <math.h>
#include <string.h>

#include "stats/parametric/aft_priv.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/elementary.h"
#include "yogo/num/rng.h"
#include "yogo/stats/royston_parmar.h"

#define N 60

static const enum yg_aft_dist every[] = { YG_AFT_EXPONENTIAL, YG_AFT_WEIBULL, YG_AFT_RAYLEIGH, YG_AFT_LOGNORMAL, YG_AFT_LOGLOGISTIC, YG_AFT_GAMMA,
	                                  YG_AFT_GENGAMMA, YG_AFT_GOMPERTZ, YG_AFT_GAUSSIAN, YG_AFT_LOGISTIC, YG_AFT_T };
#define EVERY (sizeof every / sizeof every[0])

struct sample {
	double x[N * 3], time[N], upper[N], weight[N], entry[N];
	uint8_t event[N];
	struct yg_aft_data d;
};

/* A number and a group that change a Weibull time; a third is censored. */
static void draw(struct sample *s)
{
	struct yg_rng r;
	yg_rng_init(&r, 7, YG_RNG_SIMULATION, 0, 0);
	for (int i = 0; i < N; i++) {
		s->x[3 * i] = 1;
		s->x[3 * i + 1] = 50 + 10 * yg_rng_normal(&r);
		s->x[3 * i + 2] = i % 3 == 0;
		double t = yg_exp(2 - 0.02 * (s->x[3 * i + 1] - 50) + 0.5 * s->x[3 * i + 2] + 0.7 * yg_log(yg_rng_exponential(&r)));
		double c = 20 * yg_rng_uniform(&r) + 2;
		s->time[i] = fmin(t, c);
		s->event[i] = t <= c;
		s->weight[i] = 1 + i % 3;
		s->entry[i] = s->time[i] * 0.4;
	}
	s->d = (struct yg_aft_data){ .n = N, .p = 3, .x = s->x, .intercept = 0, .time = s->time, .event = s->event };
}

static struct yg_aft fit_of(const struct yg_aft_data *d, enum yg_aft_dist dist)
{
	struct yg_aft f;
	struct yg_err err = { .text = "" };
	enum yg_status s = yg_aft_fit(d, &(struct yg_aft_options){ .dist = dist }, NULL, &f, &err);
	if (s != YG_OK)
		fail_msg("%s: %s", yg_aft_dist_name(dist), err.text);
	return f;
}

/* Six persons, four events in 24 months: one event every 6 months. */
static void test_exponential_by_hand(void **state)
{
	double x[6] = { 1, 1, 1, 1, 1, 1 }, time[6] = { 1, 2, 3, 4, 6, 8 };
	uint8_t event[6] = { 1, 1, 0, 1, 0, 1 };
	struct yg_aft_data d = { .n = 6, .p = 1, .x = x, .intercept = 0, .time = time, .event = event };
	struct yg_aft f = fit_of(&d, YG_AFT_EXPONENTIAL);
	(void)state;
	yg_assert_near(f.theta[0], yg_log(6), 1e-12);
	yg_assert_near(f.se[0], 0.5, 1e-9);
	yg_assert_near(f.loglik, -4 * yg_log(6) - 4, 1e-12);
	yg_assert_near(f.loglik_null, f.loglik, 1e-15);
	yg_aft_release(&f);
	/* Under observation only from 1, 1, 2 ... on: the time before does not count (no memory). */
	double entry[6] = { 0, 1, 2, 1, 3, 5 };
	d.entry = entry;
	f = fit_of(&d, YG_AFT_EXPONENTIAL);
	yg_assert_near(f.theta[0], yg_log(12.0 / 4), 1e-12);
	yg_aft_release(&f);
}

/* The median and mean of exact normal times are those of the sample. */
static void test_gaussian_is_least_squares(void **state)
{
	double x[8] = { 1, 0, 1, 0, 1, 1, 1, 1 }, time[4] = { 2, 4, 9, 5 };
	uint8_t event[4] = { 1, 1, 1, 1 };
	struct yg_aft_data d = { .n = 4, .p = 2, .x = x, .intercept = 0, .time = time, .event = event };
	struct yg_aft f = fit_of(&d, YG_AFT_GAUSSIAN);
	(void)state;
	yg_assert_near(f.theta[0], 3, 1e-10);
	yg_assert_near(f.theta[1], 4, 1e-10);
	yg_assert_near(f.scale[0], sqrt((1 + 1 + 4 + 4) / 4.0), 1e-9);
	yg_aft_release(&f);
}

static void test_units_order_and_repeats(void **state)
{
	static struct sample s, t;
	static double xr[N * 9], tr[N * 3];
	static uint8_t er[N * 3];
	(void)state;
	for (size_t k = 0; k < EVERY; k++) {
		bool log_time = yg_aft_dist_log(every[k]), gompertz = every[k] == YG_AFT_GOMPERTZ;
		draw(&s);
		draw(&t);
		struct yg_aft a = fit_of(&s.d, every[k]);
		assert_int_equal(a.stop, YG_AFT_CONVERGED);
		/* years for days, rows backwards, one column in millionths */
		for (int i = 0; i < N; i++) {
			t.time[i] = s.time[N - 1 - i] * 365.25;
			t.event[i] = s.event[N - 1 - i];
			memcpy(t.x + 3 * i, s.x + 3 * (N - 1 - i), 3 * sizeof(double));
			t.x[3 * i + 1] *= 1e-6;
		}
		struct yg_aft b = fit_of(&t.d, every[k]);
		double unit = log_time || gompertz ? 1 : 365.25;
		yg_assert_near(b.theta[1] * 1e-6, a.theta[1] * unit, 1e-6);
		yg_assert_near(b.theta[2], a.theta[2] * unit, 1e-6);
		yg_assert_near(b.se[2], a.se[2] * unit, 1e-6);
		if (log_time || gompertz)
			yg_assert_near(b.theta[0], a.theta[0] + (gompertz ? -1 : 1) * yg_log(365.25), 1e-6);
		if (gompertz)
			yg_assert_near(b.shape * 365.25, a.shape, 1e-6);
		yg_aft_release(&b);
		/* weights 1, 2, 3 are rows written as often */
		size_t n = 0;
		for (int i = 0; i < N; i++)
			for (int c = 0; c < (int)s.weight[i]; c++, n++) {
				memcpy(xr + 3 * n, s.x + 3 * i, 3 * sizeof(double));
				tr[n] = s.time[i];
				er[n] = s.event[i];
			}
		struct yg_aft_data d = { .n = n, .p = 3, .x = xr, .intercept = 0, .time = tr, .event = er };
		struct yg_aft c = fit_of(&d, every[k]);
		s.d.weight = s.weight;
		b = fit_of(&s.d, every[k]);
		for (size_t j = 0; j < c.parameters; j++) {
			yg_assert_near(b.theta[j], c.theta[j], 1e-6);
			yg_assert_near(b.se[j], c.se[j], 1e-5);
		}
		yg_assert_near(b.loglik, c.loglik, 1e-10);
		yg_aft_release(&a);
		yg_aft_release(&b);
		yg_aft_release(&c);
	}
}

/* Years since the year 0 are ages: a large shift of a column moves the intercept alone, and is no estimate on its way to infinity. */
static void test_large_shift(void **state)
{
	static struct sample s, t;
	(void)state;
	for (size_t k = 0; k < EVERY; k++) {
		draw(&s);
		draw(&t);
		for (int i = 0; i < N; i++)
			t.x[3 * i + 1] += 1e6;
		struct yg_aft a = fit_of(&s.d, every[k]), b = fit_of(&t.d, every[k]);
		assert_int_equal(b.stop, YG_AFT_CONVERGED);
		for (size_t j = 1; j < 3; j++) {
			yg_assert_near(b.theta[j], a.theta[j], 1e-6);
			yg_assert_near(b.se[j], a.se[j], 1e-5);
		}
		assert_int_equal(b.fault[0], YG_AFT_FINE);
		assert_true(isfinite(b.se[0]));
		yg_assert_near(b.loglik, a.loglik, 1e-8);
		yg_aft_release(&a);
		yg_aft_release(&b);
	}
}

/* Intervals a millionth wide say what exact times say. */
static void test_narrow_intervals_are_times(void **state)
{
	static struct sample s;
	(void)state;
	for (size_t k = 0; k < EVERY; k++) {
		double width = 1e-4, events = 0;
		draw(&s);
		struct yg_aft a = fit_of(&s.d, every[k]);
		for (int i = 0; i < N; i++) {
			s.upper[i] = s.event[i] ? s.time[i] + width / 2 : INFINITY;
			s.time[i] -= s.event[i] ? width / 2 : 0;
			events += s.event[i];
		}
		s.d.upper = s.upper;
		struct yg_aft b = fit_of(&s.d, every[k]);
		assert_int_equal(b.stop, YG_AFT_CONVERGED);
		for (size_t j = 0; j < a.parameters; j++)
			yg_assert_near(b.theta[j], a.theta[j], 2e-4);
		yg_assert_near(b.loglik - events * yg_log(width), a.loglik, 1e-6);
		yg_aft_release(&a);
		yg_aft_release(&b);
	}
}

/* Score and information against differences of the log likelihood, at a point that is no maximum. */
static void test_derivatives(void **state)
{
	static const enum aft_kind kind[] = { AFT_RIGHT, AFT_EXACT, AFT_LEFT, AFT_INTERVAL };
	(void)state;
	for (int error = AFT_EXTREME; error <= AFT_GOMPERTZ; error++)
		for (int k = 0; k < 4; k++)
			for (int late = 0; late < 2; late++) {
				bool gompertz = error == AFT_GOMPERTZ;
				struct aft_shape s = { .error = (enum aft_error)error, .log_time = true, .free_shape = error >= AFT_GENGAMMA,
					               .scale = gompertz ? 1 : 0.8, .q = error == AFT_T ? 5 : gompertz ? 0.3 : 0.6, .unit = 1 };
				double y1 = 1.3, y2 = 1.9, entry = late ? 0.4 : -INFINITY, eta = gompertz ? -0.7 : 1, h = 1e-4;
				struct aft_row r, up, down;
				aft_row(&s, kind[k], y1, y2, entry, eta, &r);
				aft_row(&s, kind[k], y1, y2, entry, eta + h, &up);
				aft_row(&s, kind[k], y1, y2, entry, eta - h, &down);
				yg_assert_near(r.e, (up.l - down.l) / (2 * h), 1e-6);
				yg_assert_near(r.ee, (up.e - down.e) / (2 * h), 1e-6);
				if (s.free_shape) {
					yg_assert_near(r.ea[1], (up.a[1] - down.a[1]) / (2 * h), 1e-6);
					struct aft_shape more = s, less = s;
					more.q += h;
					less.q -= h;
					aft_row(&more, kind[k], y1, y2, entry, eta, &up);
					aft_row(&less, kind[k], y1, y2, entry, eta, &down);
					yg_assert_near(r.a[1], (up.l - down.l) / (2 * h), 1e-6);
					yg_assert_near(r.aa[2], (up.a[1] - down.a[1]) / (2 * h), 1e-5);
				}
				if (gompertz)
					continue;
				struct aft_shape wide = s, narrow = s;
				wide.scale *= yg_exp(h);
				narrow.scale *= yg_exp(-h);
				aft_row(&wide, kind[k], y1, y2, entry, eta, &up);
				aft_row(&narrow, kind[k], y1, y2, entry, eta, &down);
				yg_assert_near(r.a[0], (up.l - down.l) / (2 * h), 1e-6);
				yg_assert_near(r.aa[0], (up.a[0] - down.a[0]) / (2 * h), 1e-6);
				yg_assert_near(r.ea[0], (up.e - down.e) / (2 * h), 1e-6);
				yg_assert_near(r.aa[1], (up.a[1] - down.a[1]) / (2 * h), 1e-5);
			}
}

/* Tails add up, fall with the density, and the generalised gamma runs through its members and through Q = 0. */
static void test_distributions(void **state)
{
	(void)state;
	for (int error = AFT_EXTREME; error <= AFT_GENGAMMA; error++)
		for (double z = -6; z <= 3; z += 0.37)
			for (double q = -1.2; q <= 1.3; q += 0.25) {
				struct aft_point p, up, down;
				double h = 1e-5, shape = error == AFT_T ? q + 2 : q;
				aft_point((enum aft_error)error, z, shape, true, &p);
				aft_point((enum aft_error)error, z + h, shape, true, &up);
				aft_point((enum aft_error)error, z - h, shape, true, &down);
				yg_assert_near(yg_exp(p.upper) + yg_exp(p.lower), 1, 1e-9);
				yg_assert_near(p.psi, (up.logf - down.logf) / (2 * h), 1e-6);
				yg_assert_near(p.dpsi, (up.psi - down.psi) / (2 * h), 1e-6);
				if (p.upper > -600)
					yg_assert_near(yg_exp(p.logf - p.upper), -(up.upper - down.upper) / (2 * h), 1e-5);
			}
	for (double w = -5; w < 4; w += 0.61) {
		struct aft_point g, m;
		aft_gengamma_point(w, 1, true, &g);
		aft_point(AFT_EXTREME, w, 0, true, &m);
		yg_assert_near(g.logf, m.logf, 1e-12);
		if (m.upper > -700)
			yg_assert_near(g.upper, m.upper, 1e-10);
		aft_gengamma_point(w, 0, true, &g);
		aft_point(AFT_NORMAL, w, 0, true, &m);
		yg_assert_near(g.logf, m.logf, 1e-12);
		yg_assert_near(g.lower, m.lower, 1e-9);
		for (int side = -1; side <= 1; side += 2) {
			/* where the way of computing changes */
			aft_gengamma_point(w, side * 0.0499999999, true, &g);
			aft_gengamma_point(w, side * 0.0500000001, true, &m);
			yg_assert_near(g.upper, m.upper, 1e-7);
			yg_assert_near(g.logf, m.logf, 1e-8);
		}
	}
}

/* Survival at a quantile is what the quantile was asked for; the hazard is the slope of the cumulative one. */
static void test_predictions_agree(void **state)
{
	static struct sample s;
	const double x[3] = { 1, 55, 1 };
	(void)state;
	draw(&s);
	for (size_t k = 0; k < EVERY; k++) {
		struct yg_aft f = fit_of(&s.d, every[k]);
		struct yg_aft_value q, v, up, down, h;
		for (double p = 0.05; p < 0.96; p += 0.15) {
			yg_aft_quantile(&f, x, 0, 0, p, &q);
			yg_aft_survival(&f, x, 0, 0, q.value, &v);
			yg_assert_near(v.value, 1 - p, 1e-9);
			yg_assert_near(yg_aft_survival_at(&f, f.theta[0] + 55 * f.theta[1] + f.theta[2], 0, q.value), v.value, 1e-12);
			yg_aft_hazard(&f, x, 0, 0, q.value, &h);
			yg_aft_survival(&f, x, 0, 0, q.value + 1e-5, &up);
			yg_aft_survival(&f, x, 0, 0, q.value - 1e-5, &down);
			yg_assert_near(h.value, -(yg_log(up.value) - yg_log(down.value)) / 2e-5, 1e-4);
			assert_true(h.se > 0 && v.se > 0 && q.se > 0);
			/* the standard error of a quantile is that of S over the density */
			yg_assert_near(q.se, v.se / (v.value * h.value), 1e-8);
		}
		yg_aft_release(&f);
	}
	for (int scale = 0; scale < 3; scale++) {
		struct yg_rp f;
		struct yg_aft_value q, v;
		assert_int_equal(yg_rp_fit(&s.d, &(struct yg_rp_options){ .scale = (enum yg_rp_scale)scale, .df = 2 }, NULL, &f, NULL), YG_OK);
		for (double p = 0.05; p < 0.8; p += 0.15) {
			yg_rp_quantile(&f, x, 0, p, &q);
			yg_rp_survival(&f, x, 0, q.value, &v);
			yg_assert_near(v.value, 1 - p, 1e-9);
		}
		yg_rp_release(&f);
	}
}

/* A spline without bends is the Weibull, log-logistic or lognormal model. */
static void test_spline_without_bends(void **state)
{
	static struct sample s;
	static const enum yg_aft_dist plain[] = { YG_AFT_WEIBULL, YG_AFT_LOGLOGISTIC, YG_AFT_LOGNORMAL };
	(void)state;
	draw(&s);
	s.d.entry = s.entry;
	for (int k = 0; k < 3; k++) {
		struct yg_aft a = fit_of(&s.d, plain[k]);
		struct yg_rp b;
		assert_int_equal(yg_rp_fit(&s.d, &(struct yg_rp_options){ .scale = (enum yg_rp_scale)k, .df = 1 }, NULL, &b, NULL), YG_OK);
		assert_int_equal(b.stop, YG_AFT_CONVERGED);
		assert_true(b.monotone);
		yg_assert_near(b.loglik, a.loglik, 1e-9);
		yg_assert_near(b.loglik_null, a.loglik_null, 1e-9);
		yg_assert_near(b.theta[1], -a.theta[1] / a.scale[0], 1e-6);
		yg_assert_near(b.theta[3], 1 / a.scale[0], 1e-6);
		yg_aft_release(&a);
		yg_rp_release(&b);
	}
	struct yg_rp c;
	struct yg_err err;
	double time[N];
	for (int i = 0; i < N; i++)
		time[i] = 1 + i % 2;
	s.d.time = time;
	s.d.entry = NULL;
	assert_int_equal(yg_rp_fit(&s.d, &(struct yg_rp_options){ .df = 3 }, NULL, &c, &err), YG_REFUSED);
	assert_non_null(strstr(err.text, "too few"));
}

/* Clusters of one row are no clusters. */
static void test_robust(void **state)
{
	static struct sample s;
	uint32_t own[N];
	(void)state;
	draw(&s);
	struct yg_aft a, b;
	assert_int_equal(yg_aft_fit(&s.d, &(struct yg_aft_options){ .dist = YG_AFT_WEIBULL, .robust = true }, NULL, &a, NULL), YG_OK);
	for (uint32_t i = 0; i < N; i++)
		own[i] = N - 1 - i;
	s.d.cluster = own;
	s.d.clusters = N;
	b = fit_of(&s.d, YG_AFT_WEIBULL);
	for (size_t j = 0; j < a.parameters; j++)
		yg_assert_near(b.se[j], a.se[j], 1e-10);
	yg_aft_release(&a);
	yg_aft_release(&b);
}

static void test_what_cannot_be_fitted(void **state)
{
	static struct sample s;
	struct yg_aft f;
	struct yg_err err;
	(void)state;
	/* nobody has the event */
	draw(&s);
	memset(s.event, 0, N);
	f = fit_of(&s.d, YG_AFT_WEIBULL);
	assert_int_equal(f.stop, YG_AFT_NO_EVENTS);
	yg_aft_release(&f);
	/* everybody at the same time */
	draw(&s);
	for (int i = 0; i < N; i++) {
		s.time[i] = 5;
		s.event[i] = 1;
	}
	f = fit_of(&s.d, YG_AFT_LOGNORMAL);
	assert_int_equal(f.stop, YG_AFT_NO_SPREAD);
	yg_aft_release(&f);
	/* events at time 0 */
	draw(&s);
	s.time[3] = s.time[7] = 0;
	s.event[3] = s.event[7] = 1;
	assert_int_equal(yg_aft_fit(&s.d, &(struct yg_aft_options){ .dist = YG_AFT_WEIBULL }, NULL, &f, &err), YG_REFUSED);
	assert_non_null(strstr(err.text, "2 events"));
	/* a column twice: the second is left out and the rest as without it */
	draw(&s);
	struct yg_aft with, without;
	double x[N * 4];
	for (int i = 0; i < N; i++) {
		memcpy(x + 4 * i, s.x + 3 * i, 3 * sizeof *x);
		x[4 * i + 3] = 2 * s.x[3 * i + 1] + 7;
	}
	without = fit_of(&s.d, YG_AFT_WEIBULL);
	s.d.x = x;
	s.d.p = 4;
	with = fit_of(&s.d, YG_AFT_WEIBULL);
	assert_int_equal(with.stop, YG_AFT_CONVERGED);
	assert_int_equal(with.fault[3], YG_AFT_COLLINEAR);
	assert_true(isnan(with.se[3]));
	assert_int_equal(with.rank, 3);
	yg_assert_near(with.theta[1], without.theta[1], 1e-8);
	yg_assert_near(with.loglik, without.loglik, 1e-11);
	yg_aft_release(&with);
	yg_aft_release(&without);
	/* a group without events: its time runs to infinity, by every distribution, and is named */
	for (size_t k = 0; k < EVERY; k++) {
		draw(&s);
		for (int i = 0; i < N; i++)
			if (s.x[3 * i + 2] != 0)
				s.event[i] = 0;
		f = fit_of(&s.d, every[k]);
		assert_int_equal(f.stop, YG_AFT_INFINITE);
		assert_int_equal(f.fault[2], YG_AFT_RUNS_AWAY);
		assert_int_equal(f.fault[1], YG_AFT_FINE);
		yg_aft_release(&f);
	}
}

/* More rows than the start is made from: the same bits on any number of threads. */
static void test_threads(void **state)
{
	size_t n = 150000;
	double *x = yg_xalloc(n * 2, sizeof *x), *time = yg_xalloc(n, sizeof *time);
	uint8_t *event = yg_xalloc(n, 1);
	struct yg_rng r;
	(void)state;
	yg_rng_init(&r, 3, YG_RNG_SIMULATION, 0, 0);
	for (size_t i = 0; i < n; i++) {
		x[2 * i] = 1;
		x[2 * i + 1] = yg_rng_uniform(&r);
		time[i] = yg_exp(x[2 * i + 1]) * yg_pow(yg_rng_exponential(&r), 0.5);
		event[i] = yg_rng_uniform(&r) < 0.7;
	}
	struct yg_aft_data d = { .n = n, .p = 2, .x = x, .intercept = 0, .time = time, .event = event };
	for (int k = 0; k < 2; k++) {
		struct yg_aft a = fit_of(&d, k ? YG_AFT_LOGLOGISTIC : YG_AFT_WEIBULL), b;
		struct yg_pool *pool = yg_pool_new(3);
		struct yg_task task;
		yg_task_init(&task, pool);
		assert_int_equal(yg_aft_fit(&d, &(struct yg_aft_options){ .dist = k ? YG_AFT_LOGLOGISTIC : YG_AFT_WEIBULL }, &task, &b, NULL), YG_OK);
		assert_memory_equal(a.theta, b.theta, a.parameters * sizeof(double));
		assert_memory_equal(a.var, b.var, a.parameters * a.parameters * sizeof(double));
		assert_memory_equal(&a.loglik, &b.loglik, sizeof(double));
		yg_aft_release(&a);
		yg_aft_release(&b);
		yg_pool_free(pool);
	}
	yg_free(x);
	yg_free(time);
	yg_free(event);
}

static void same(const double *a, const double *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_true(fabs(a[i] - b[i]) <= 1e-9 * (1 + fabs(b[i])));
}

/* The columns in few bytes give the fit, its robust errors and its residuals, with one scale and with several. */
static void test_packed_rows(void **state)
{
	static struct sample s;
	double column[N], residual[2 * N], change[2 * N * 8];
	int32_t stratum[N];
	struct yg_packed_shape shape[3];
	(void)state;
	draw(&s);
	for (size_t i = 0; i < N; i++)
		stratum[i] = i % 2 != 0;
	for (size_t j = 0; j < 3; j++) {
		for (size_t i = 0; i < N; i++)
			column[i] = s.x[3 * i + j];
		shape[j] = yg_packed_shape_of(column, N);
	}
	struct yg_packed *k = yg_packed_new(N, shape, 3);
	for (size_t j = 0; j < 3; j++) {
		for (size_t i = 0; i < N; i++)
			column[i] = s.x[3 * i + j];
		yg_packed_put_column(k, j, 0, N, column);
	}
	for (size_t e = 0; e < 2 * EVERY; e++) {
		struct yg_aft_options o = { .dist = every[e / 2], .robust = true };
		struct yg_aft_data plain = s.d, packed = s.d;
		struct yg_aft a, b;
		if (o.dist == YG_AFT_GENGAMMA)
			continue;        /* so few times hardly hold its shape */
		plain.stratum = stratum;
		plain.strata = 1 + e % 2;
		packed = plain;
		packed.x = NULL;
		packed.packed = k;
		assert_int_equal(yg_aft_fit(&plain, &o, NULL, &a, NULL), YG_OK);
		assert_int_equal(yg_aft_fit(&packed, &o, NULL, &b, NULL), YG_OK);
		same(b.theta, a.theta, a.parameters);
		same(b.var, a.var, a.parameters * a.parameters);
		same(&b.loglik_null, &a.loglik_null, 1);
		assert_int_equal(yg_aft_residuals(&plain, &a, YG_AFT_DEVIANCE, NULL, residual, NULL), YG_OK);
		assert_int_equal(yg_aft_residuals(&packed, &a, YG_AFT_DEVIANCE, NULL, residual + N, NULL), YG_OK);
		same(residual + N, residual, N);
		assert_true(a.parameters <= 8);
		assert_int_equal(yg_aft_dfbeta(&plain, &a, NULL, change, NULL), YG_OK);
		assert_int_equal(yg_aft_dfbeta(&packed, &a, NULL, change + 8 * N, NULL), YG_OK);
		same(change + 8 * N, change, N * a.parameters);
		yg_aft_release(&a);
		yg_aft_release(&b);
	}
	yg_packed_free(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exponential_by_hand), cmocka_unit_test(test_gaussian_is_least_squares),
		cmocka_unit_test(test_units_order_and_repeats),
		cmocka_unit_test(test_large_shift), cmocka_unit_test(test_narrow_intervals_are_times),
		cmocka_unit_test(test_derivatives), cmocka_unit_test(test_distributions), cmocka_unit_test(test_predictions_agree),
		cmocka_unit_test(test_spline_without_bends), cmocka_unit_test(test_robust), cmocka_unit_test(test_what_cannot_be_fitted),
		cmocka_unit_test(test_threads), cmocka_unit_test(test_packed_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
