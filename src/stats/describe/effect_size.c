/* Effects between two groups: probability of superiority, Brunner and Munzel's test, standardised differences. */
#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/grouptest.h"
#include "yogo/stats/ranks.h"

/* Mean placement of a[n] among the m others, and the sum of squares about it: (rank in all - rank within) / m. */
static enum yg_status placements(const double *a, const double *rank, size_t n, size_t m, double *mean, double *squares,
                                 struct yg_err *err)
{
	struct yg_ranks within;
	double sum = 0, ss = 0;

	YG_TRY(yg_rank_all(a, n, NULL, &within, err));
	for (size_t i = 0; i < n; i++)
		sum += rank[i] - within.rank[i];
	double middle = sum / (double)n;
	for (size_t i = 0; i < n; i++) {
		double d = rank[i] - within.rank[i] - middle;
		ss += d * d;
	}
	yg_data_free(within.rank);
	*mean = middle / (double)m;
	*squares = ss / ((double)m * (double)m);
	return YG_OK;
}

static void logit_interval(double p, double se, double conf, struct yg_superiority *out)
{
	double q = p * (1 - p);

	if (!(q > 0) || !(se > 0)) {
		out->problem = q > 0 ? N_("the values do not vary") : N_("the groups do not overlap");
		return;
	}
	double at = yg_log(p / (1 - p)), reach = yg_normal_quantile_upper((1 - conf) / 2) * se / q;
	out->probability.lower = 1 / (1 + yg_exp(reach - at));
	out->probability.upper = 1 / (1 + yg_exp(-reach - at));
}

enum yg_status yg_superiority(const double *x, size_t n, const double *y, size_t m, double conf, struct yg_superiority *out,
                              struct yg_err *err)
{
	struct yg_ranks r;
	double p, q, sx, sy, k = (double)n, h = (double)m;

	*out = (struct yg_superiority){ .probability = { NAN, NAN, NAN }, .test = { .statistic = NAN, .df = NAN, .df2 = NAN, .p = NAN } };
	if (!n || !m) {
		out->problem = out->test.problem = N_("a group has no values");
		return YG_OK;
	}
	enum yg_status s = yg_rank_pooled(x, n, y, m, &r, err);
	if (s == YG_OK)
		s = placements(x, r.rank, n, m, &p, &sx, err);
	if (s == YG_OK)
		s = placements(y, r.rank + n, m, n, &q, &sy, err);
	yg_data_free(r.rank);
	if (s != YG_OK)
		return s;
	out->probability.estimate = p;
	if (n < 2 || m < 2) {
		out->problem = out->test.problem = N_("fewer than two values in a group");
		return YG_OK;
	}
	double a = sx / (k - 1) / k, b = sy / (h - 1) / h, se = sqrt(a + b);
	logit_interval(p, se, conf, out);
	if (!(se > 0)) {
		out->test.problem = p > 0 && p < 1 ? N_("the values do not vary") : N_("the groups do not overlap");
		return YG_OK;
	}
	out->test.statistic = (p - 0.5) / se;
	out->test.df = (a + b) * (a + b) / (a * a / (k - 1) + b * b / (h - 1));
	out->test.p = yg_t_two_sided(out->test.statistic, out->test.df);
	return YG_OK;
}

void yg_hedges(const double n[2], const double mean[2], const double variance[2], double conf, struct yg_interval *d,
               struct yg_interval *g)
{
	struct yg_interval none = { NAN, NAN, NAN };
	double all = n[0] + n[1], df = all - 2, ss = 0;

	*d = *g = none;
	for (int k = 0; k < 2; k++)
		ss += n[k] > 1 ? (n[k] - 1) * variance[k] : 0;
	if (!(df > 1) || !(n[0] > 0) || !(n[1] > 0) || !(ss > 0))
		return;
	double delta = (mean[0] - mean[1]) / sqrt(ss / df), j = yg_exp(yg_lgamma(df / 2) - yg_lgamma((df - 1) / 2)) / sqrt(df / 2);
	double z = yg_normal_quantile_upper((1 - conf) / 2), of[2] = { delta, j * delta };
	for (int k = 0; k < 2; k++) {
		double se = sqrt(all / (n[0] * n[1]) + of[k] * of[k] / (2 * all));
		*(k ? g : d) = (struct yg_interval){ of[k], of[k] - z * se, of[k] + z * se };
	}
}
