/* Tests on means: t, Welch, analysis of variance: see the header for the definitions. */
#include "yogo/stats/twogroup.h"

#include <math.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/stats/describe.h"

static const struct yg_test no_test = { .statistic = NAN, .df = NAN, .df2 = NAN, .p = NAN };

static void finish_t(struct yg_t_test *out, double mu, enum yg_alternative alternative, double conf)
{
	struct yg_test *t = &out->test;
	double df = t->df, tail = alternative == YG_TWO_SIDED ? (1 - conf) / 2 : 1 - conf;
	double reach = yg_t_quantile_upper(tail, df) * out->se;

	t->statistic = (out->estimate - mu) / out->se;
	t->p = alternative == YG_TWO_SIDED ? yg_t_two_sided(t->statistic, df)
	       : alternative == YG_LESS    ? yg_t_cdf(t->statistic, df)
	                                   : yg_t_upper(t->statistic, df);
	out->lower = alternative == YG_LESS ? -INFINITY : out->estimate - reach;
	out->upper = alternative == YG_GREATER ? INFINITY : out->estimate + reach;
}

void yg_t_test_summary(const double n[2], const double mean[2], const double variance[2], bool equal_variances,
                       enum yg_alternative alternative, double conf, struct yg_t_test *out)
{
	*out = (struct yg_t_test){ .test = no_test, .mean = { mean[0], mean[1] }, .estimate = mean[0] - mean[1],
		                       .se = NAN, .lower = NAN, .upper = NAN };
	bool enough = equal_variances ? n[0] >= 1 && n[1] >= 1 && n[0] + n[1] > 2 : n[0] >= 2 && n[1] >= 2;
	if (!enough) {
		out->test.problem = N_("fewer than two values in a group");
		return;
	}
	if (equal_variances) {
		double df = n[0] + n[1] - 2, v = 0;
		for (int g = 0; g < 2; g++)
			v += n[g] > 1 ? (n[g] - 1) * variance[g] : 0;
		out->test.df = df;
		out->se = sqrt(v / df * (1 / n[0] + 1 / n[1]));
	} else {
		double a = variance[0] / n[0], b = variance[1] / n[1], s = a + b;
		out->test.df = s * s / (a * a / (n[0] - 1) + b * b / (n[1] - 1));
		out->se = sqrt(s);
	}
	double scale = fmax(fabs(mean[0]), fabs(mean[1]));
	if (!(out->se > 10 * 2.220446049250313e-16 * scale)) {
		out->test.problem = N_("the values do not vary");
		return;
	}
	finish_t(out, 0, alternative, conf);
}

void yg_t_test(const double *x, size_t n, const double *y, size_t m, bool equal_variances, enum yg_alternative alternative,
               double conf, struct yg_t_test *out)
{
	struct yg_describe a, b;

	yg_describe(x, NULL, n, conf, &a);
	yg_describe(y, NULL, m, conf, &b);
	yg_t_test_summary((double[]){ (double)n, (double)m }, (double[]){ a.mean, b.mean },
	                  (double[]){ a.variance, b.variance }, equal_variances, alternative, conf, out);
}

void yg_t_test_one(const double *x, size_t n, double mu, enum yg_alternative alternative, double conf,
                   struct yg_t_test *out)
{
	struct yg_describe d;

	yg_describe(x, NULL, n, conf, &d);
	*out = (struct yg_t_test){ .test = no_test, .mean = { d.mean, mu }, .estimate = d.mean, .se = d.se, .lower = NAN,
		                       .upper = NAN };
	if (n < 2) {
		out->test.problem = N_("fewer than two values");
		return;
	}
	if (!(d.se > 10 * 2.220446049250313e-16 * fabs(d.mean))) {
		out->test.problem = N_("the values do not vary");
		return;
	}
	out->test.df = (double)n - 1;
	finish_t(out, mu, alternative, conf);
}

/* n, mean and sum of squares about it of each group; memory of 3 * groups doubles, yg_free. */
struct summaries {
	double *n, *mean, *ss;
};

static struct summaries summarise(const double *x, const int32_t *group, size_t n, size_t groups)
{
	struct summaries s;

	s.n = yg_xcalloc(3 * groups + 1, sizeof *s.n);
	s.mean = s.n + groups;
	s.ss = s.mean + groups;
	for (size_t i = 0; i < n; i++)
		if (group[i] >= 0) {
			s.n[group[i]]++;
			s.mean[group[i]] += x[i];
		}
	for (size_t g = 0; g < groups; g++)
		if (s.n[g] > 0)
			s.mean[g] /= s.n[g];
	for (size_t i = 0; i < n; i++)
		if (group[i] >= 0) {
			double d = x[i] - s.mean[group[i]];
			s.ss[group[i]] += d * d;
		}
	return s;
}

void yg_anova(const double *x, const int32_t *group, size_t n, size_t groups, struct yg_anova *out)
{
	struct summaries s = summarise(x, group, n, groups);
	double total = 0, mean = 0;

	*out = (struct yg_anova){ .test = no_test };
	for (size_t g = 0; g < groups; g++) {
		out->groups += s.n[g] > 0;
		total += s.n[g];
		mean += s.n[g] * s.mean[g];
	}
	mean /= total;
	for (size_t g = 0; g < groups; g++)
		if (s.n[g] > 0) {
			out->ss_between += s.n[g] * (s.mean[g] - mean) * (s.mean[g] - mean);
			out->ss_within += s.ss[g];
		}
	yg_free(s.n);
	if (out->groups < 2 || total <= (double)out->groups) {
		out->test.problem = N_("fewer than two groups, or no group with two values");
		return;
	}
	out->test.df = (double)out->groups - 1;
	out->test.df2 = total - (double)out->groups;
	if (!(out->ss_within > 0)) {
		out->test.problem = N_("the values do not vary within the groups");
		return;
	}
	out->test.statistic = out->ss_between / out->test.df / (out->ss_within / out->test.df2);
	out->test.p = yg_f_upper(out->test.statistic, out->test.df, out->test.df2);
}

void yg_welch_anova(const double *x, const int32_t *group, size_t n, size_t groups, struct yg_anova *out)
{
	struct summaries s = summarise(x, group, n, groups);
	double total = 0, mean = 0, spread = 0, between = 0, k = 0;
	bool usable = true;

	*out = (struct yg_anova){ .test = no_test };
	for (size_t g = 0; g < groups; g++) {
		if (!(s.n[g] > 0))
			continue;
		out->groups++;
		if (s.n[g] < 2 || !(s.ss[g] > 0))
			usable = false;
		double w = s.n[g] * (s.n[g] - 1) / s.ss[g];
		total += w;
		mean += w * s.mean[g];
	}
	if (out->groups < 2 || !usable) {
		out->test.problem = N_("a group has fewer than two values, or values that do not vary");
		yg_free(s.n);
		return;
	}
	k = (double)out->groups;
	mean /= total;
	for (size_t g = 0; g < groups; g++)
		if (s.n[g] > 0) {
			double w = s.n[g] * (s.n[g] - 1) / s.ss[g], d = s.mean[g] - mean, e = 1 - w / total;
			between += w * d * d;
			spread += e * e / (s.n[g] - 1);
		}
	yg_free(s.n);
	spread /= k * k - 1;
	out->test.df = k - 1;
	out->test.df2 = 1 / (3 * spread);
	out->test.statistic = between / (out->test.df * (1 + 2 * (k - 2) * spread));
	out->test.p = yg_f_upper(out->test.statistic, out->test.df, out->test.df2);
}
