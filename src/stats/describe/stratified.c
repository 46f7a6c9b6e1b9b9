/* Strata of two-by-two tables: Mantel and Haenszel, and whether the odds ratio is the same in all. */
#include <math.h>

#include "yogo/base/i18n.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/crosstab.h"

static const struct yg_test no_test = { .statistic = NAN, .df = NAN, .df2 = NAN, .p = NAN };

/* Sums over strata that the estimates are made of. */
struct sums {
	double r, s, pr, mixed, qs;               /* odds ratio */
	double rr_top, rr_bottom, rr_var;         /* risk ratio */
	double rd_top, rd_weight, rd_var;         /* risk difference */
	double a, expected, variance;             /* test */
};

static void add_stratum(struct sums *u, const double *t)
{
	double a = t[0], b = t[1], c = t[2], d = t[3], n = a + b + c + d, n1 = a + b, n0 = c + d, m = a + c;

	if (!(n > 0))
		return;
	double r = a * d / n, s = b * c / n, p = (a + d) / n, q = (b + c) / n;
	u->r += r;
	u->s += s;
	u->pr += p * r;
	u->mixed += p * s + q * r;
	u->qs += q * s;
	u->rr_top += a * n0 / n;
	u->rr_bottom += c * n1 / n;
	u->rr_var += (n1 * n0 * m - a * c * n) / (n * n);
	if (n1 > 0 && n0 > 0) {
		u->rd_top += (a * n0 - c * n1) / n;
		u->rd_weight += n1 * n0 / n;
		u->rd_var += (a * b * n0 * n0 * n0 + c * d * n1 * n1 * n1) / (n1 * n0 * n * n);
	}
	if (n > 1) {
		u->a += a;
		u->expected += n1 * m / n;
		u->variance += n1 * n0 * m * (n - m) / (n * n * (n - 1));
	}
}

/* The first cell of a table with these margins whose odds ratio is h: root of a quadratic. */
static double fitted_cell(double n1, double n0, double m, double h)
{
	double a = h - 1, b = -(h * (n1 + m) + n0 - m), c = h * n1 * m;
	double low = fmax(0, m - n0), high = fmin(n1, m);

	if (fabs(a) < 1e-12)
		return n1 * m / (n1 + n0);
	/* the root in the allowed range, without cancellation */
	double root = sqrt(fmax(0, b * b - 4 * a * c)), q = b < 0 ? (-b + root) / 2 : (-b - root) / 2;
	double x = c / q, y = q / a;
	return x >= low && x <= high ? x : y;
}

static void homogeneity(const double *tables, size_t k, struct yg_mantel_haenszel *out)
{
	double h = out->or_.estimate, x = 0, excess = 0, variance = 0, df = (double)out->strata - 1;
	double sw = 0, swl = 0, swl2 = 0;
	bool zero = false;

	out->breslow_day = out->tarone = out->woolf = no_test;
	if (out->strata < 2 || !(h > 0) || !isfinite(h)) {
		out->breslow_day.problem = out->tarone.problem = out->woolf.problem = N_("fewer than two informative strata");
		return;
	}
	for (size_t i = 0; i < k; i++) {
		const double *t = tables + 4 * i;
		double n1 = t[0] + t[1], n0 = t[2] + t[3], m = t[0] + t[2], rest = t[1] + t[3];
		if (!(n1 > 0 && n0 > 0 && m > 0 && rest > 0))
			continue;
		double a = fitted_cell(n1, n0, m, h), v = 1 / (1 / a + 1 / (n1 - a) + 1 / (m - a) + 1 / (n0 - m + a));
		x += (t[0] - a) * (t[0] - a) / v;
		excess += t[0] - a;
		variance += v;
		if (t[0] > 0 && t[1] > 0 && t[2] > 0 && t[3] > 0) {
			double w = 1 / (1 / t[0] + 1 / t[1] + 1 / t[2] + 1 / t[3]), l = yg_log(t[0] * t[3] / (t[1] * t[2]));
			sw += w;
			swl += w * l;
			swl2 += w * l * l;
		} else {
			zero = true;
		}
	}
	out->breslow_day = (struct yg_test){ .statistic = x, .df = df, .df2 = NAN, .p = yg_chisq_upper(x, df) };
	double corrected = fmax(0, x - excess * excess / variance);
	out->tarone = (struct yg_test){ .statistic = corrected, .df = df, .df2 = NAN, .p = yg_chisq_upper(corrected, df) };
	if (zero) {
		out->woolf.problem = N_("a cell is zero");
	} else {
		double q = fmax(0, swl2 - swl * swl / sw);
		out->woolf = (struct yg_test){ .statistic = q, .df = df, .df2 = NAN, .p = yg_chisq_upper(q, df) };
	}
}

void yg_mantel_haenszel(const double *tables, size_t k, double conf, struct yg_mantel_haenszel *out)
{
	struct sums u = { 0 };
	const struct yg_interval none = { NAN, NAN, NAN };
	double z = yg_normal_quantile_upper((1 - conf) / 2);

	*out = (struct yg_mantel_haenszel){ .or_ = none, .rr = none, .rd = none, .log_or_se = NAN, .log_rr_se = NAN,
		                                .rd_se = NAN, .test = no_test, .corrected = no_test };
	for (size_t i = 0; i < k; i++) {
		const double *t = tables + 4 * i;
		add_stratum(&u, t);
		out->strata += t[0] + t[1] > 0 && t[2] + t[3] > 0 && t[0] + t[2] > 0 && t[1] + t[3] > 0;
	}
	if (u.s > 0)
		out->or_.estimate = u.r / u.s;
	if (u.r > 0 && u.s > 0) {
		double v = u.pr / (2 * u.r * u.r) + u.mixed / (2 * u.r * u.s) + u.qs / (2 * u.s * u.s);
		out->log_or_se = sqrt(v);
		out->or_.lower = out->or_.estimate * yg_exp(-z * out->log_or_se);
		out->or_.upper = out->or_.estimate * yg_exp(z * out->log_or_se);
	}
	if (u.rr_bottom > 0)
		out->rr.estimate = u.rr_top / u.rr_bottom;
	if (u.rr_top > 0 && u.rr_bottom > 0) {
		out->log_rr_se = sqrt(u.rr_var / (u.rr_top * u.rr_bottom));
		out->rr.lower = out->rr.estimate * yg_exp(-z * out->log_rr_se);
		out->rr.upper = out->rr.estimate * yg_exp(z * out->log_rr_se);
	}
	if (u.rd_weight > 0) {
		double rd = u.rd_top / u.rd_weight;
		out->rd_se = sqrt(u.rd_var) / u.rd_weight;
		out->rd = (struct yg_interval){ rd, rd - z * out->rd_se, rd + z * out->rd_se };
	}
	if (u.variance > 0) {
		double d = fabs(u.a - u.expected), less = d - fmin(0.5, d);
		out->test = (struct yg_test){ .statistic = d * d / u.variance, .df = 1, .df2 = NAN };
		out->corrected = (struct yg_test){ .statistic = less * less / u.variance, .df = 1, .df2 = NAN };
		out->test.p = yg_chisq_upper(out->test.statistic, 1);
		out->corrected.p = yg_chisq_upper(out->corrected.statistic, 1);
	} else {
		out->test.problem = out->corrected.problem = N_("no stratum has both groups and both outcomes");
	}
	homogeneity(tables, k, out);
}
