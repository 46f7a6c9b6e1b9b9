/* Proportions, and risks in a two-by-two table: see the header for the definitions. */
#include <math.h>

#include "yogo/base/i18n.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/crosstab.h"

struct yg_interval yg_proportion_ci(double events, double total, double conf, enum yg_proportion_ci kind)
{
	double tail = (1 - conf) / 2, z = yg_normal_quantile_upper(tail), p = events / total;
	struct yg_interval r = { p, NAN, NAN };

	if (!(total > 0))
		return (struct yg_interval){ NAN, NAN, NAN };
	switch (kind) {
	case YG_CI_EXACT:
		r.lower = events > 0 ? yg_beta_quantile(tail, events, total - events + 1) : 0;
		r.upper = events < total ? yg_beta_quantile_upper(tail, events + 1, total - events) : 1;
		break;
	case YG_CI_WILSON: {
		double z2 = z * z, middle = (p + z2 / (2 * total)) / (1 + z2 / total);
		double reach = z * sqrt(p * (1 - p) / total + z2 / (4 * total * total)) / (1 + z2 / total);
		r.lower = events > 0 ? fmax(0, middle - reach) : 0;
		r.upper = events < total ? fmin(1, middle + reach) : 1;
		break;
	}
	case YG_CI_WALD: {
		double reach = z * sqrt(p * (1 - p) / total);
		r.lower = fmax(0, p - reach);
		r.upper = fmin(1, p + reach);
		break;
	}
	}
	return r;
}

static struct yg_interval on_log_scale(double estimate, double se, double z)
{
	return (struct yg_interval){ estimate, estimate * yg_exp(-z * se), estimate * yg_exp(z * se) };
}

void yg_risks(const double n[4], double conf, struct yg_risks *out)
{
	double a = n[0], b = n[1], c = n[2], d = n[3], n1 = a + b, n0 = c + d;
	double z = yg_normal_quantile_upper((1 - conf) / 2);
	const struct yg_interval none = { NAN, NAN, NAN };

	*out = (struct yg_risks){ .risk1 = NAN, .risk0 = NAN, .rd = none, .rd_newcombe = none, .rr = none, .or_ = none,
		                      .nnt = NAN, .rd_se = NAN, .log_rr_se = NAN, .log_or_se = NAN, .af_exposed = NAN,
		                      .af_population = NAN };
	if (!(n1 > 0 && n0 > 0)) {
		out->problem = N_("a group is empty");
		return;
	}
	double r1 = out->risk1 = a / n1, r0 = out->risk0 = c / n0, rd = r1 - r0;
	out->rd_se = sqrt(r1 * (1 - r1) / n1 + r0 * (1 - r0) / n0);
	out->rd = (struct yg_interval){ rd, rd - z * out->rd_se, rd + z * out->rd_se };
	struct yg_interval w1 = yg_proportion_ci(a, n1, conf, YG_CI_WILSON), w0 = yg_proportion_ci(c, n0, conf, YG_CI_WILSON);
	out->rd_newcombe = (struct yg_interval){
		rd,
		rd - sqrt((r1 - w1.lower) * (r1 - w1.lower) + (w0.upper - r0) * (w0.upper - r0)),
		rd + sqrt((w1.upper - r1) * (w1.upper - r1) + (r0 - w0.lower) * (r0 - w0.lower)),
	};
	out->nnt = rd != 0 ? 1 / rd : NAN;
	if (c > 0) {
		out->rr.estimate = r1 / r0;
		out->af_exposed = a > 0 ? (out->rr.estimate - 1) / out->rr.estimate : NAN;
		out->af_population = a > 0 ? a / (a + c) * out->af_exposed : NAN;
	}
	if (b > 0 && c > 0)
		out->or_.estimate = a * d / (b * c);
	if (a > 0 && c > 0) {
		out->log_rr_se = sqrt(1 / a - 1 / n1 + 1 / c - 1 / n0);
		out->rr = on_log_scale(out->rr.estimate, out->log_rr_se, z);
	}
	if (a > 0 && b > 0 && c > 0 && d > 0) {
		out->log_or_se = sqrt(1 / a + 1 / b + 1 / c + 1 / d);
		out->or_ = on_log_scale(out->or_.estimate, out->log_or_se, z);
	} else {
		out->problem = N_("a cell is zero: no interval for the ratio");
	}
}
