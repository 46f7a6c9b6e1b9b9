/* Order among the groups, and ranks within strata: Jonckheere, Cuzick, van Elteren. */
#include <math.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/num/sort.h"
#include "yogo/stats/correlation.h"
#include "yogo/stats/grouptest.h"
#include "yogo/stats/ranks.h"

static const struct yg_test no_test = { .statistic = NAN, .df = NAN, .df2 = NAN, .p = NAN };

/* The values of rows that are in a group, and their groups as numbers. */
static enum yg_status in_groups(const double *x, const int32_t *group, size_t n, double **value, double **of, size_t *k,
                                struct yg_err *err)
{
	double *v = yg_data_alloc(2 * n + 1, sizeof *v), *g = v ? v + n : NULL;

	if (!v)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while ranking %zu values."), n);
	*k = 0;
	for (size_t i = 0; i < n; i++)
		if (group[i] >= 0) {
			v[*k] = x[i];
			g[(*k)++] = group[i];
		}
	*value = v;
	*of = g;
	return YG_OK;
}

static void finish_z(struct yg_trend *t)
{
	t->test = no_test;
	if (!(t->variance > 0)) {
		t->test.problem = N_("fewer than two groups have values, or the values do not vary");
		return;
	}
	t->test.statistic = (t->sum - t->expected) / sqrt(t->variance);
	t->test.p = yg_normal_two_sided(t->test.statistic);
}

enum yg_status yg_jonckheere(const double *x, const int32_t *group, size_t n, size_t groups, struct yg_task *task,
                             struct yg_trend *out, struct yg_err *err)
{
	struct yg_pair_counts c;
	double *v, *g;
	size_t k;
	(void)groups;

	*out = (struct yg_trend){ .test = no_test };
	YG_TRY(in_groups(x, group, n, &v, &g, &k, err));
	enum yg_status s = yg_count_pairs(g, v, k, task, &c, err);
	yg_data_free(v);
	if (s != YG_OK)
		return s;
	/* J counts pairs of different groups, S = J - (those pairs - J): Kendall's S with the group as the other variable */
	double between = c.pairs - c.tied[0];
	out->sum = (c.s + between) / 2;
	out->expected = between / 2;
	out->variance = between > 0 ? c.variance / 4 : 0;
	out->variance_untied = c.variance_untied[0] / 4;
	finish_z(out);
	return YG_OK;
}

enum yg_status yg_cuzick(const double *x, const int32_t *group, const double *score, size_t n, size_t groups,
                         struct yg_task *task, struct yg_trend *out, struct yg_err *err)
{
	struct yg_ranks r;
	double *v, *g, sum = 0, l = 0, ll = 0;
	size_t k;
	(void)groups;

	*out = (struct yg_trend){ .test = no_test };
	YG_TRY(in_groups(x, group, n, &v, &g, &k, err));
	enum yg_status s = yg_rank_all(v, k, task, &r, err);
	for (size_t i = 0; s == YG_OK && i < k; i++) {
		double w = score[(size_t)g[i]];
		sum += w * r.rank[i];
		l += w;
		ll += w * w;
	}
	yg_data_free(v);
	if (s != YG_OK)
		return s;
	yg_data_free(r.rank);
	double all = (double)k, ties = k > 1 ? 1 - r.correction / (all * all * all - all) : 0;
	out->sum = sum;
	out->expected = (all + 1) * l / 2;
	out->variance_untied = (all + 1) / 12 * (all * ll - l * l);
	out->variance = out->variance_untied * ties;
	finish_z(out);
	return YG_OK;
}

enum yg_status yg_van_elteren(const double *x, const int32_t *group, const int32_t *stratum, size_t n, size_t strata,
                              struct yg_test *out, double *probability, size_t *informative, struct yg_err *err)
{
	uint32_t *of = yg_data_alloc(n + 1, sizeof *of), *order = yg_data_alloc(n + 1, sizeof *order),
		 *start = yg_data_alloc(strata + 2, sizeof *start);
	double *v = yg_data_alloc(n + 1, sizeof *v), sum = 0, expected = 0, variance = 0, weight = 0, above = 0;
	enum yg_status s = of && order && start && v
	                           ? YG_OK
	                           : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while ranking %zu values."), n);

	*informative = 0;
	/* rows in no group or stratum go to a last one, which is not read */
	for (size_t i = 0; s == YG_OK && i < n; i++)
		of[i] = group[i] < 0 || group[i] > 1 || stratum[i] < 0 ? (uint32_t)strata : (uint32_t)stratum[i];
	if (s == YG_OK)
		s = yg_sort_groups(of, strata + 1, n, NULL, order, start, err);
	for (size_t k = 0; s == YG_OK && k < strata; k++) {
		size_t from = start[k], m = start[k + 1] - from;
		double first = 0, in_first = 0, size = (double)m;
		struct yg_ranks r;
		for (size_t i = 0; i < m; i++) {
			v[i] = x[order[from + i]];
			in_first += group[order[from + i]] == 0;
		}
		double in_second = size - in_first;
		if (!(in_first > 0) || !(in_second > 0))
			continue;
		s = yg_rank_all(v, m, NULL, &r, err);
		if (s != YG_OK)
			break;
		for (size_t i = 0; i < m; i++)
			first += group[order[from + i]] == 0 ? r.rank[i] : 0;
		yg_data_free(r.rank);
		double pairs = in_first * in_second, w = 1 / (size + 1);
		sum += w * first;
		expected += w * in_first * (size + 1) / 2;
		variance += w * w * pairs / 12 * (size + 1 - r.correction / (size * (size - 1)));
		weight += w * pairs;
		above += w * (first - in_first * (in_first + 1) / 2);
		(*informative)++;
	}
	yg_data_free(of);
	yg_data_free(order);
	yg_data_free(start);
	yg_data_free(v);
	*out = no_test;
	*probability = weight > 0 ? above / weight : NAN;
	if (s != YG_OK)
		return s;
	if (!*informative) {
		out->problem = N_("no stratum has values of both groups");
	} else if (!(variance > 0)) {
		out->problem = N_("the values do not vary");
	} else {
		out->df = 1;
		out->statistic = (sum - expected) * (sum - expected) / variance;
		out->p = yg_chisq_upper(out->statistic, 1);
	}
	return YG_OK;
}
