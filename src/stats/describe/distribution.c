/* Whole distributions: Smirnov's two-sample test, Shapiro and Wilk's test of normality. */
#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/num/sort.h"
#include "yogo/stats/describe.h"
#include "yogo/stats/grouptest.h"

static const struct yg_test no_test = { .statistic = NAN, .df = NAN, .df2 = NAN, .p = NAN };
#define PI 3.14159265358979323846

/* P(sup |B| > x) of the Brownian bridge. */
static double kolmogorov_upper(double x)
{
	double sum = 0;

	if (x < 1) {
		for (int k = 1; k < 20; k += 2)
			sum += yg_exp(-(double)(k * k) * PI * PI / (8 * x * x));
		return 1 - sqrt(2 * PI) / x * sum;
	}
	for (int k = 1; k < 20; k++)
		sum += (k % 2 ? 2 : -2) * yg_exp(-2.0 * k * k * x * x);
	return sum;
}

/*
 * P(D >= d) given the pooled values: paths from (0, 0) to (n, m) that meet a distance of d; a distance counts only after
 * the last of tied values (boundary[i + j]).
 */
static double smirnov_exact(size_t n, size_t m, double d, const uint8_t *boundary)
{
	double a = (double)n, b = (double)m, q = (0.5 + floor(d * a * b - 1e-7)) / (a * b), *u = yg_xcalloc(m + 1, sizeof *u);

	/* u[j]: share of the paths to (i, j) that did reach it */
	for (size_t i = 0; i <= n; i++)
		for (size_t j = 0; j <= m; j++) {
			double from_left = j ? u[j - 1] : 0, steps = (double)(i + j);
			bool far = fabs((double)i / a - (double)j / b) > q && i + j && boundary[i + j - 1];
			if (far)
				u[j] = 1;
			else if (!i && !j)
				u[j] = 0;
			else if (!i)
				u[j] = from_left;
			else
				u[j] = (double)i / steps * u[j] + (double)j / steps * from_left;
		}
	double p = u[m];
	yg_free(u);
	return fmin(1, p);
}

enum yg_status yg_smirnov(const double *x, size_t n, const double *y, size_t m, enum yg_exactness exact, struct yg_test *out,
                          struct yg_err *err)
{
	struct yg_test t = no_test;
	size_t all = n + m;

	*out = t;
	if (!n || !m) {
		out->problem = N_("a group has no values");
		return YG_OK;
	}
	double *v = yg_data_alloc(all, sizeof *v), a = 0, b = 0, d = 0;
	uint32_t *order = yg_data_alloc(all + 1, sizeof *order);
	uint8_t *boundary = yg_data_calloc(all + 1, 1);
	enum yg_status s = v && order && boundary
	                           ? YG_OK
	                           : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while ranking %zu values."), all);
	if (s == YG_OK) {
		memcpy(v, x, n * sizeof *v);
		memcpy(v + n, y, m * sizeof *v);
		s = yg_sort_doubles(v, all, NULL, order, err);
	}
	for (size_t i = 0; s == YG_OK && i < all; i++) {
		*(order[i] < n ? &a : &b) += 1;
		if (i + 1 == all || v[order[i + 1]] != v[order[i]]) {
			boundary[i] = 1;
			d = fmax(d, fabs(a / (double)n - b / (double)m));
		}
	}
	if (s == YG_OK) {
		double k = (double)n, h = (double)m;
		t.statistic = d;
		t.exact = exact == YG_EXACT_YES || (exact != YG_EXACT_NO && k * h < 10000);
		if (all == 0 || v[order[0]] == v[order[all - 1]])
			t.problem = N_("the values do not vary");
		else
			t.p = t.exact ? smirnov_exact(n, m, d, boundary) : fmin(1, fmax(0, kolmogorov_upper(sqrt(k * h / (k + h)) * d)));
	}
	yg_data_free(v);
	yg_data_free(order);
	yg_data_free(boundary);
	*out = t;
	return s;
}

static double polynomial(const double *c, int terms, double x)
{
	double v = 0;

	while (terms-- > 0)
		v = v * x + c[terms];
	return v;
}

/* The weights of the larger half, a[0] for the largest; n >= 3. */
static void shapiro_weights(size_t n, double *a)
{
	static const double c1[6] = { 0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056 },
			    c2[6] = { 0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633 };
	size_t half = n / 2, exact = n > 5 ? 2 : 1;
	double sum = 0, root = 1 / sqrt((double)n);

	if (n == 3) {
		a[0] = sqrt(0.5);
		return;
	}
	for (size_t i = 0; i < half; i++) {
		a[i] = yg_normal_quantile(((double)i + 1 - 0.375) / ((double)n + 0.25));
		sum += 2 * a[i] * a[i];
	}
	double m1 = a[0], m2 = a[1], length = sqrt(sum), a1 = polynomial(c1, 6, root) - m1 / length, a2 = 0, scale;
	if (exact == 2) {
		a2 = polynomial(c2, 6, root) - m2 / length;
		scale = sqrt((sum - 2 * m1 * m1 - 2 * m2 * m2) / (1 - 2 * a1 * a1 - 2 * a2 * a2));
	} else {
		scale = sqrt((sum - 2 * m1 * m1) / (1 - 2 * a1 * a1));
	}
	for (size_t i = 0; i < half; i++)
		a[i] = i == 0 ? a1 : i == 1 && exact == 2 ? a2 : -a[i] / scale;
}

static double shapiro_p(double w, size_t n)
{
	static const double c3[4] = { 0.544, -0.39978, 0.025054, -6.714e-4 }, c4[4] = { 1.3822, -0.77857, 0.062767, -0.0020322 },
			    c5[4] = { -1.5861, -0.31082, -0.083751, 0.0038915 }, c6[3] = { -0.4803, -0.082676, 0.0030302 };
	double y = yg_log(1 - w), log_n = yg_log((double)n), size = (double)n;

	/* asin(sqrt w) by the t distribution on 1 df, whose distribution function is 1/2 + atan / pi */
	if (n == 3)
		return fmax(0, 6 * (yg_t_cdf(sqrt(w / (1 - w)), 1) - 0.5) - 2);
	if (n <= 11) {
		double gamma = -2.273 + 0.459 * size;
		if (y >= gamma)
			return 1e-99;
		y = -yg_log(gamma - y);
		return yg_normal_upper((y - polynomial(c3, 4, size)) / yg_exp(polynomial(c4, 4, size)));
	}
	return yg_normal_upper((y - polynomial(c5, 4, log_n)) / yg_exp(polynomial(c6, 3, log_n)));
}

enum yg_status yg_shapiro(const double *x, size_t n, struct yg_test *out, struct yg_err *err)
{
	struct yg_test t = no_test;
	struct yg_describe d;

	*out = t;
	if (n < 3 || n > 5000) {
		out->problem = n < 3 ? N_("fewer than three values") : N_("more than 5,000 values, where the test is not defined");
		return YG_OK;
	}
	yg_describe(x, NULL, n, 0.95, &d);
	if (!(d.maximum > d.minimum)) {
		out->problem = N_("the values do not vary");
		return YG_OK;
	}
	uint32_t *order = yg_data_alloc(n + 1, sizeof *order);
	if (!order)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while ranking %zu values."), n);
	enum yg_status s = yg_sort_doubles(x, n, NULL, order, err);
	if (s == YG_OK) {
		double *a = yg_xcalloc(n / 2 + 1, sizeof *a), range = d.maximum - d.minimum, squares = 0, sum = 0, length = 0;
		shapiro_weights(n, a);
		/* 1 - W is (|x|^2 |a|^2 - (a x)^2) over |x|^2 |a|^2, taken as a product so that W near 1 keeps its digits */
		for (size_t i = 0; i < n; i++)
			squares += (x[i] - d.mean) / range * ((x[i] - d.mean) / range);
		for (size_t i = 0; i < n / 2; i++) {
			sum += a[i] * ((x[order[n - 1 - i]] - x[order[i]]) / range);
			length += 2 * a[i] * a[i];
		}
		double both = sqrt(squares * length);
		double w = 1 - (both - sum) * (both + sum) / (squares * length);
		t.statistic = fmin(w, 1);
		t.p = w >= 1 ? 1 : fmin(1, shapiro_p(w, n));
		yg_free(a);
	}
	yg_data_free(order);
	*out = t;
	return s;
}
