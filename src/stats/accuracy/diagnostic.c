/* Measures of a test against its reference, two tests compared.  See yogo/stats/diagnostic.h. */
#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/diagnostic.h"

enum { TP, FP, FN, TN };

/* Which cells are the part and the whole of a proportion. */
static const struct {
	enum yg_diag_kind kind;
	uint8_t part, whole;     /* bit masks over TP FP FN TN */
} proportion[] = {
	{ YG_DIAG_SENSITIVITY, 1 << TP, 1 << TP | 1 << FN }, { YG_DIAG_SPECIFICITY, 1 << TN, 1 << TN | 1 << FP },
	{ YG_DIAG_PPV, 1 << TP, 1 << TP | 1 << FP },         { YG_DIAG_NPV, 1 << TN, 1 << TN | 1 << FN },
	{ YG_DIAG_ACCURACY, 1 << TP | 1 << TN, 15 },         { YG_DIAG_PREVALENCE, 1 << TP | 1 << FN, 15 },
};
#define PROPORTIONS (sizeof proportion / sizeof *proportion)

static double sum_of(const double n[4], unsigned mask)
{
	double sum = 0;
	for (unsigned c = 0; c < 4; c++)
		sum += mask >> c & 1 ? n[c] : 0;
	return sum;
}

struct yg_interval yg_diag_interval(double p, double variance, double whole, double fewest, double conf, enum yg_proportion_ci kind)
{
	double own = p * (1 - p), effective = own > 0 && variance > 0 ? fmin(own / variance, whole) : fewest;
	if (isnan(p) || isnan(variance))
		return (struct yg_interval){ p, NAN, NAN };
	struct yg_interval i = yg_proportion_ci(p * effective, effective, conf, kind);
	i.estimate = p;
	return i;
}

static struct yg_diag_measure on_log_scale(double estimate, double variance, double z)
{
	struct yg_diag_measure m = { estimate, NAN, NAN, NAN, NAN };
	if (estimate > 0 && isfinite(estimate) && variance >= 0 && isfinite(variance)) {
		double reach = z * sqrt(variance), l = yg_log(estimate);
		m.lower = yg_exp(l - reach);
		m.upper = yg_exp(l + reach);
	}
	return m;
}

static double ratio(double a, double b)
{
	return b > 0 ? a / b : a > 0 ? INFINITY : NAN;
}

void yg_diagnostic(const double n[4], double conf, enum yg_proportion_ci kind, struct yg_diag_measure out[YG_DIAG_COUNT])
{
	double tp = n[TP], fp = n[FP], fn = n[FN], tn = n[TN], sick = tp + fn, well = tn + fp;
	double z = yg_normal_quantile_upper((1 - conf) / 2);
	for (size_t k = 0; k < PROPORTIONS; k++) {
		double part = sum_of(n, proportion[k].part), whole = sum_of(n, proportion[k].whole);
		struct yg_interval i = yg_proportion_ci(part, whole, conf, kind);
		out[proportion[k].kind] = (struct yg_diag_measure){ i.estimate, i.lower, i.upper, part, whole };
	}
	double se = tp / sick, sp = tn / well;
	bool both = sick > 0 && well > 0;
	out[YG_DIAG_LR_POSITIVE] = on_log_scale(both ? ratio(se, fp / well) : NAN, fn / sick / tp + sp / fp, z);
	out[YG_DIAG_LR_NEGATIVE] = on_log_scale(both ? ratio(fn / sick, sp) : NAN, se / fn + fp / well / tn, z);
	out[YG_DIAG_ODDS_RATIO] = on_log_scale(both ? ratio(tp * tn, fp * fn) : NAN, 1 / tp + 1 / fp + 1 / fn + 1 / tn, z);
	double reach = z * sqrt(se * (1 - se) / sick + sp * (1 - sp) / well), youden = se + sp - 1;
	out[YG_DIAG_YOUDEN] = (struct yg_diag_measure){ both ? youden : NAN, both ? fmax(-1, youden - reach) : NAN,
		                                        both ? fmin(1, youden + reach) : NAN, NAN, NAN };
}

/* ---- clusters ---- */

void yg_diagnostic_clustered(const double *count, size_t clusters, double conf, enum yg_proportion_ci kind,
                             struct yg_diag_measure out[YG_DIAG_COUNT])
{
	double n[4] = { 0, 0, 0, 0 }, z = yg_normal_quantile_upper((1 - conf) / 2);
	for (size_t c = 0; c < clusters; c++)
		for (int k = 0; k < 4; k++)
			n[k] += count[4 * c + (size_t)k];
	yg_diagnostic(n, conf, kind, out);
	for (size_t k = 0; k < PROPORTIONS; k++) {
		struct yg_diag_measure *m = &out[proportion[k].kind];
		double square = 0, with = 0;
		for (size_t c = 0; c < clusters; c++) {
			double whole = sum_of(count + 4 * c, proportion[k].whole);
			double u = (sum_of(count + 4 * c, proportion[k].part) - m->estimate * whole) / m->whole;
			square += u * u;
			with += whole > 0;
		}
		struct yg_interval i = yg_diag_interval(m->estimate, with > 1 ? square * with / (with - 1) : NAN, m->whole, with, conf, kind);
		m->lower = i.lower;
		m->upper = i.upper;
	}
	double sick = n[TP] + n[FN], well = n[FP] + n[TN], se = n[TP] / sick, sp = n[TN] / well, square[4] = { 0, 0, 0, 0 }, with = 0;
	for (size_t c = 0; c < clusters; c++) {
		const double *t = count + 4 * c;
		double u = (t[TP] - se * (t[TP] + t[FN])) / sick, v = (t[TN] - sp * (t[TN] + t[FP])) / well;
		double influence[4] = { u / se + v / (1 - sp), -u / (1 - se) - v / sp, u / (se * (1 - se)) + v / (sp * (1 - sp)), u + v };
		for (int k = 0; k < 4; k++)
			square[k] += influence[k] * influence[k];
		with += sum_of(t, 15) > 0;
	}
	double factor = with > 1 ? with / (with - 1) : NAN;
	for (int k = 0; k < 3; k++)
		out[YG_DIAG_LR_POSITIVE + k] = on_log_scale(out[YG_DIAG_LR_POSITIVE + k].estimate, square[k] * factor, z);
	struct yg_diag_measure *j = &out[YG_DIAG_YOUDEN];
	double reach = z * sqrt(square[3] * factor);
	j->lower = fmax(-1, j->estimate - reach);
	j->upper = fmin(1, j->estimate + reach);
	if (isnan(reach))
		j->lower = j->upper = NAN;
}

/* ---- another prevalence ---- */

static double from_odds(double odds)
{
	return isinf(odds) ? 1 : odds / (1 + odds);
}

void yg_diag_predictive(const struct yg_diag_measure m[YG_DIAG_COUNT], double prevalence, struct yg_interval *ppv,
                        struct yg_interval *npv)
{
	double odds = prevalence / (1 - prevalence);
	const struct yg_diag_measure *p = &m[YG_DIAG_LR_POSITIVE], *q = &m[YG_DIAG_LR_NEGATIVE];
	*ppv = (struct yg_interval){ from_odds(odds * p->estimate), from_odds(odds * p->lower), from_odds(odds * p->upper) };
	*npv = (struct yg_interval){ 1 - from_odds(odds * q->estimate), 1 - from_odds(odds * q->upper), 1 - from_odds(odds * q->lower) };
}

/* ---- two tests ---- */

/* Of a table [4 d + 2 first + second]: what test k (0 first) has of a measure. */
static void part_of(const double *c, enum yg_diag_kind kind, int k, double *part, double *whole)
{
	*part = *whole = 0;
	for (int d = 0; d < 2; d++)
		for (int t = 0; t < 4; t++) {
			int positive = k ? t & 1 : t >> 1;
			bool in = kind == YG_DIAG_SENSITIVITY ? d : kind == YG_DIAG_SPECIFICITY ? !d : kind == YG_DIAG_PPV ? positive : !positive;
			bool right = positive == d;
			*whole += in ? c[4 * d + t] : 0;
			*part += in && right ? c[4 * d + t] : 0;
		}
}

/* Squares of the influence of clusters, or of the cells of one table. */
static double influence_variance(const double *count, size_t clusters, enum yg_diag_kind kind, const double p[2], const double n[2])
{
	double sum = 0, with = 0;
	for (size_t c = 0; c < (clusters ? clusters : 8); c++) {
		double cell[8] = { 0 }, part, whole, u = 0, any = 0;
		if (!clusters)
			cell[c] = 1;
		for (int k = 0; k < 2; k++) {
			part_of(clusters ? count + 8 * c : cell, kind, k, &part, &whole);
			u += (k ? -1 : 1) * (part - p[k] * whole) / n[k];
			any += whole;
		}
		sum += (clusters ? 1 : count[c]) * u * u;
		with += any > 0;
	}
	return !clusters ? sum : with > 1 ? sum * with / (with - 1) : NAN;
}

/* Kosinski: the variance of the difference when both share the pooled value. */
static double weighted_score(const double *c, enum yg_diag_kind kind, const double part[2], const double n[2])
{
	bool positive = kind == YG_DIAG_PPV;
	double pooled = (part[0] + part[1]) / (n[0] + n[1]);
	double right = positive ? c[4 + 3] : c[0], wrong = positive ? c[3] : c[4];   /* both tests say it */
	double shared = right * (1 - pooled) * (1 - pooled) + wrong * pooled * pooled;
	double v = pooled * (1 - pooled) * (1 / n[0] + 1 / n[1]) - 2 * shared / (n[0] * n[1]);
	double d = part[0] / n[0] - part[1] / n[1];
	return v > 1e-14 ? d * d / v : NAN;
}

static void mcnemar(const double *c, enum yg_diag_kind kind, struct yg_diag_difference *out)
{
	const double *t = c + (kind == YG_DIAG_SENSITIVITY ? 4 : 0);
	struct yg_mcnemar m;
	/* What is right of a healthy person is a negative test. */
	int64_t n[4] = { (int64_t)t[3], (int64_t)t[2], (int64_t)t[1], (int64_t)t[0] };
	yg_mcnemar(n, 0.95, &m);
	out->statistic = m.plain.statistic;
	out->p = m.plain.p;
	out->exact_p = m.exact_p;
	out->problem = n[1] + n[2] ? NULL : N_("the tests never disagree");
}

void yg_diag_compare(const double *count, size_t clusters, double conf, struct yg_diag_difference out[4])
{
	double c[8] = { 0 }, z = yg_normal_quantile_upper((1 - conf) / 2);
	for (size_t i = 0; i < (clusters ? clusters : 1); i++)
		for (int k = 0; k < 8; k++)
			c[k] += count[8 * i + (size_t)k];
	for (int m = 0; m < 4; m++) {
		enum yg_diag_kind kind = (enum yg_diag_kind)(YG_DIAG_SENSITIVITY + m);
		double part[2], n[2], p[2];
		for (int k = 0; k < 2; k++) {
			part_of(c, kind, k, &part[k], &n[k]);
			p[k] = n[k] > 0 ? part[k] / n[k] : NAN;
		}
		double variance = n[0] > 0 && n[1] > 0 ? influence_variance(count, clusters, kind, p, n) : NAN;
		double d = p[0] - p[1], reach = z * sqrt(variance);
		out[m] = (struct yg_diag_difference){ p[0], p[1], d, isnan(reach) ? NAN : fmax(-1, d - reach),
			                              isnan(reach) ? NAN : fmin(1, d + reach), NAN, NAN, NAN, NULL };
		if (clusters)
			out[m].statistic = variance > 1e-14 ? d * d / variance : NAN;
		else if (m < 2)
			mcnemar(c, kind, &out[m]);
		else if (n[0] > 0 && n[1] > 0)
			out[m].statistic = weighted_score(c, kind, part, n);
		if (clusters || m >= 2)
			out[m].p = isnan(out[m].statistic) ? NAN : yg_chisq_upper(out[m].statistic, 1);
		if (isnan(out[m].p) && !out[m].problem)
			out[m].problem = isnan(d) ? N_("a test is never so") : N_("no variance");
	}
}
