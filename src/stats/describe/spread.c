/* Is the spread the same in the groups?  F, Bartlett, Levene and Brown-Forsythe, Fligner-Killeen, Ansari-Bradley. */
#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/describe.h"
#include "yogo/stats/grouptest.h"
#include "yogo/stats/ranks.h"

static const struct yg_test no_test = { .statistic = NAN, .df = NAN, .df2 = NAN, .p = NAN };

void yg_variance_ratio(const double *x, size_t n, const double *y, size_t m, double conf, struct yg_test *out,
                       struct yg_interval *ratio)
{
	struct yg_describe a, b;
	struct yg_test t = no_test;

	*ratio = (struct yg_interval){ NAN, NAN, NAN };
	yg_describe(x, NULL, n, conf, &a);
	yg_describe(y, NULL, m, conf, &b);
	if (n < 2 || m < 2) {
		t.problem = N_("fewer than two values in a group");
	} else if (!(a.variance > 0) || !(b.variance > 0)) {
		t.problem = N_("the values do not vary within a group");
	} else {
		t.statistic = a.variance / b.variance;
		t.df = (double)n - 1;
		t.df2 = (double)m - 1;
		t.p = fmin(1, 2 * fmin(yg_f_cdf(t.statistic, t.df, t.df2), yg_f_upper(t.statistic, t.df, t.df2)));
		ratio->estimate = t.statistic;
		ratio->lower = t.statistic / yg_f_quantile_upper((1 - conf) / 2, t.df, t.df2);
		ratio->upper = t.statistic / yg_f_quantile((1 - conf) / 2, t.df, t.df2);
	}
	*out = t;
}

/* Values in groups one after another; start[groups + 1].  yg_data_free(x), yg_free(start). */
struct sorted_groups {
	double *x;
	size_t *start;
};
static enum yg_status by_group(const double *x, const int32_t *group, size_t n, size_t groups, struct sorted_groups *out,
                               struct yg_err *err)
{
	size_t *start = yg_xcalloc(groups + 2, sizeof *start);

	out->start = start;
	out->x = yg_data_alloc(n + 1, sizeof *out->x);
	if (!out->x) {
		yg_free(start);
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while %zu rows were put into groups."), n);
	}
	for (size_t i = 0; i < n; i++)
		if (group[i] >= 0)
			start[group[i] + 2]++;
	for (size_t g = 2; g < groups + 2; g++)
		start[g] += start[g - 1];
	for (size_t i = 0; i < n; i++)
		if (group[i] >= 0)
			out->x[start[group[i] + 1]++] = x[i];
	return YG_OK;
}

void yg_bartlett(const double *x, const int32_t *group, size_t n, size_t groups, struct yg_test *out)
{
	struct sorted_groups s;
	struct yg_test t = no_test;
	double df = 0, pooled = 0, logs = 0, inverse = 0, used = 0;

	if (by_group(x, group, n, groups, &s, NULL) != YG_OK) {
		t.problem = N_("memory ran out");
		*out = t;
		return;
	}
	for (size_t g = 0; g < groups; g++) {
		struct yg_describe d;
		size_t m = s.start[g + 1] - s.start[g];
		if (!m)
			continue;
		yg_describe(s.x + s.start[g], NULL, m, 0.95, &d);
		used++;
		if (m < 2 || !(d.variance > 0)) {
			t.problem = N_("a group has fewer than two values, or values that do not vary");
			break;
		}
		double f = (double)m - 1;
		df += f;
		pooled += f * d.variance;
		logs += f * yg_log(d.variance);
		inverse += 1 / f;
	}
	yg_data_free(s.x);
	yg_free(s.start);
	if (!t.problem && used < 2)
		t.problem = N_("fewer than two groups have values");
	if (!t.problem) {
		t.df = used - 1;
		t.statistic = (df * yg_log(pooled / df) - logs) / (1 + (inverse - 1 / df) / (3 * (used - 1)));
		t.p = yg_chisq_upper(t.statistic, t.df);
	}
	*out = t;
}

/* centre[groups] of each group. */
static enum yg_status centres(const double *x, const int32_t *group, size_t n, size_t groups, bool median, double *centre,
                              struct yg_err *err)
{
	struct sorted_groups s;

	YG_TRY(by_group(x, group, n, groups, &s, err));
	for (size_t g = 0; g < groups; g++) {
		struct yg_describe d;
		size_t m = s.start[g + 1] - s.start[g];
		if (median) {
			centre[g] = yg_median(s.x + s.start[g], m);
		} else {
			yg_describe(s.x + s.start[g], NULL, m, 0.95, &d);
			centre[g] = d.mean;
		}
	}
	yg_data_free(s.x);
	yg_free(s.start);
	return YG_OK;
}

/* |x - centre of its group| in a new array. */
static enum yg_status distances(const double *x, const int32_t *group, size_t n, size_t groups, bool median, double **out,
                                struct yg_err *err)
{
	double *centre = yg_xcalloc(groups + 1, sizeof *centre), *d = yg_data_alloc(n + 1, sizeof *d);
	enum yg_status s = d ? centres(x, group, n, groups, median, centre, err)
	                     : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while describing %zu persons."), n);

	for (size_t i = 0; s == YG_OK && i < n; i++)
		d[i] = group[i] >= 0 ? fabs(x[i] - centre[group[i]]) : 0;
	yg_free(centre);
	if (s != YG_OK) {
		yg_data_free(d);
		d = NULL;
	}
	*out = d;
	return s;
}

enum yg_status yg_levene(const double *x, const int32_t *group, size_t n, size_t groups, bool median, struct yg_test *out,
                         struct yg_err *err)
{
	struct yg_anova a;
	double *d;

	YG_TRY(distances(x, group, n, groups, median, &d, err));
	yg_anova(d, group, n, groups, &a);
	yg_data_free(d);
	*out = a.test;
	return YG_OK;
}

enum yg_status yg_fligner(const double *x, const int32_t *group, size_t n, size_t groups, struct yg_test *out,
                          struct yg_err *err)
{
	struct yg_test t = no_test;
	struct yg_ranks r;
	double *d, mean = 0, squares = 0, between = 0, total = 0, used = 0;

	YG_TRY(distances(x, group, n, groups, true, &d, err));
	int32_t *of = yg_data_alloc(n + 1, sizeof *of);
	size_t k = 0;
	for (size_t i = 0; of && i < n; i++)
		if (group[i] >= 0) {
			d[k] = d[i];
			of[k++] = group[i];
		}
	enum yg_status s = of ? yg_rank_all(d, k, NULL, &r, err)
	                      : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while ranking %zu values."), n);
	if (s != YG_OK) {
		yg_data_free(d);
		yg_data_free(of);
		return s;
	}
	double *sum = yg_xcalloc(2 * groups + 1, sizeof *sum), *size = sum + groups;
	total = (double)k;
	for (size_t i = 0; i < k; i++)
		mean += d[i] = yg_normal_quantile((1 + r.rank[i] / (total + 1)) / 2);
	mean /= total;
	for (size_t i = 0; i < k; i++) {
		squares += (d[i] - mean) * (d[i] - mean);
		sum[of[i]] += d[i] - mean;
		size[of[i]]++;
	}
	for (size_t g = 0; g < groups; g++)
		if (size[g] > 0) {
			used++;
			between += sum[g] * sum[g] / size[g];
		}
	yg_data_free(r.rank);
	yg_data_free(d);
	yg_data_free(of);
	yg_free(sum);
	if (used < 2)
		t.problem = N_("fewer than two groups have values");
	else if (!(squares > 1e-12 * total))
		t.problem = N_("the values do not vary within the groups");
	else {
		t.df = used - 1;
		t.statistic = between / (squares / (total - 1));
		t.p = yg_chisq_upper(t.statistic, t.df);
	}
	*out = t;
	return YG_OK;
}

enum yg_status yg_ansari(const double *x, size_t n, const double *y, size_t m, struct yg_test *out, struct yg_err *err)
{
	struct yg_test t = no_test;
	struct yg_ranks r;
	size_t all = n + m;
	double sum = 0, mean = 0, squares = 0, k = (double)n, total = (double)all;

	*out = t;
	if (!n || !m) {
		out->problem = N_("a group has no values");
		return YG_OK;
	}
	enum yg_status s = yg_rank_pooled(x, n, y, m, &r, err);
	if (s != YG_OK)
		return s;
	for (size_t i = 0; i < all; i++) {
		double score = fmin(r.rank[i], total - r.rank[i] + 1);
		sum += i < n ? score : 0;
		mean += score / total;
		squares += score * score;
	}
	yg_data_free(r.rank);
	/* expectation and variance of a sum of n of the scores, drawn without replacement */
	double expected = k * mean, variance = k * (total - k) * (squares - total * mean * mean) / (total * (total - 1));
	t.statistic = sum;
	if (all < 2 || !(variance > 1e-12 * squares)) {
		t.problem = N_("the values do not vary");
	} else {
		double z = (sum - expected) / sqrt(variance);
		t.p = yg_normal_two_sided(z);
	}
	*out = t;
	return YG_OK;
}
