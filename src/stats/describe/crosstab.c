/* Association in tables of counts, trend, McNemar: see the header for the definitions. */
#include "yogo/stats/crosstab.h"

#include <math.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"

static const struct yg_test no_test = { .statistic = NAN, .df = NAN, .df2 = NAN, .p = NAN };

struct margins {
	double *row, *column, total;
	size_t rows, columns;          /* that are not empty */
};

static void margins_init(struct margins *m, const double *count, size_t r, size_t c)
{
	m->row = yg_xcalloc(r + c + 1, sizeof *m->row);
	m->column = m->row + r;
	m->total = 0;
	m->rows = m->columns = 0;
	for (size_t i = 0; i < r; i++)
		for (size_t j = 0; j < c; j++) {
			m->row[i] += count[i * c + j];
			m->column[j] += count[i * c + j];
			m->total += count[i * c + j];
		}
	for (size_t i = 0; i < r; i++)
		m->rows += m->row[i] > 0;
	for (size_t j = 0; j < c; j++)
		m->columns += m->column[j] > 0;
}

/* Concordant less discordant pairs over all untied pairs. */
static double goodman_kruskal(const double *count, size_t r, size_t c)
{
	double same = 0, opposite = 0;

	for (size_t i = 0; i < r; i++)
		for (size_t j = 0; j < c; j++) {
			double below_right = 0, below_left = 0;
			for (size_t k = i + 1; k < r; k++) {
				for (size_t l = j + 1; l < c; l++)
					below_right += count[k * c + l];
				for (size_t l = 0; l < j; l++)
					below_left += count[k * c + l];
			}
			same += count[i * c + j] * below_right;
			opposite += count[i * c + j] * below_left;
		}
	return same + opposite > 0 ? (same - opposite) / (same + opposite) : NAN;
}

void yg_crosstab(const double *count, size_t r, size_t c, bool yates, struct yg_crosstab *out)
{
	struct margins m;
	double x2 = 0, corrected = 0, g = 0, shift = INFINITY;

	*out = (struct yg_crosstab){ .chisq = no_test, .ratio = no_test, .smallest_expected = NAN, .cramer_v = NAN,
		                         .contingency = NAN, .gamma = NAN };
	margins_init(&m, count, r, c);
	for (size_t i = 0; i < r; i++)
		for (size_t j = 0; j < c; j++) {
			double e = m.row[i] * m.column[j] / m.total, o = count[i * c + j];
			if (!(e > 0))
				continue;
			out->cells++;
			out->below_five += e < 5;
			if (!(out->smallest_expected <= e))
				out->smallest_expected = e;
			shift = fmin(shift, fmin(0.5, fabs(o - e)));
			x2 += (o - e) * (o - e) / e;
			if (o > 0)
				g += o * yg_log(o / e);
		}
	if (m.rows < 2 || m.columns < 2) {
		out->chisq.problem = out->ratio.problem = N_("fewer than two rows or columns have counts");
		yg_free(m.row);
		return;
	}
	bool two = m.rows == 2 && m.columns == 2;
	if (yates && two)
		for (size_t i = 0; i < r; i++)
			for (size_t j = 0; j < c; j++) {
				double e = m.row[i] * m.column[j] / m.total, d = fabs(count[i * c + j] - e) - shift;
				if (e > 0)
					corrected += d * d / e;
			}
	double df = (double)(m.rows - 1) * (double)(m.columns - 1);
	out->chisq.statistic = yates && two ? corrected : x2;
	out->chisq.df = out->ratio.df = df;
	out->chisq.p = yg_chisq_upper(out->chisq.statistic, df);
	out->ratio.statistic = fmax(0, 2 * g);
	out->ratio.p = yg_chisq_upper(out->ratio.statistic, df);
	out->cramer_v = sqrt(x2 / m.total / (double)((m.rows < m.columns ? m.rows : m.columns) - 1));
	out->contingency = sqrt(x2 / (x2 + m.total));
	out->gamma = goodman_kruskal(count, r, c);
	yg_free(m.row);
}

void yg_crosstab_residuals(const double *count, size_t r, size_t c, double *expected, double *residual, double *adjusted)
{
	struct margins m;

	margins_init(&m, count, r, c);
	for (size_t i = 0; i < r; i++)
		for (size_t j = 0; j < c; j++) {
			double e = m.row[i] * m.column[j] / m.total, d = count[i * c + j] - e;
			double v = e * (1 - m.row[i] / m.total) * (1 - m.column[j] / m.total);
			if (expected)
				expected[i * c + j] = e;
			if (residual)
				residual[i * c + j] = d / sqrt(e);
			if (adjusted)
				adjusted[i * c + j] = d / sqrt(v);
		}
	yg_free(m.row);
}

void yg_trend_test(const double *events, const double *total, const double *score, size_t k, struct yg_test *out)
{
	double n = 0, e = 0, mean = 0, top = 0, spread = 0;

	*out = no_test;
	for (size_t i = 0; i < k; i++) {
		n += total[i];
		e += events[i];
		mean += total[i] * score[i];
	}
	mean /= n;
	for (size_t i = 0; i < k; i++) {
		top += events[i] * (score[i] - mean);
		spread += total[i] * (score[i] - mean) * (score[i] - mean);
	}
	double p = e / n;
	if (!(p > 0 && p < 1) || !(spread > 0)) {
		out->problem = N_("the outcome or the score does not vary");
		return;
	}
	out->statistic = top * top / (p * (1 - p) * spread);
	out->df = 1;
	out->p = yg_chisq_upper(out->statistic, 1);
}

void yg_mcnemar(const int64_t n[4], double conf, struct yg_mcnemar *out)
{
	double b = (double)n[1], c = (double)n[2], d = b + c, all = (double)(n[0] + n[3]) + d;
	double z = yg_normal_quantile_upper((1 - conf) / 2);
	int64_t pairs = n[1] + n[2], few = n[1] < n[2] ? n[1] : n[2];

	*out = (struct yg_mcnemar){ .plain = no_test, .corrected = no_test, .exact_p = NAN, .odds_ratio = NAN, .lower = NAN,
		                        .upper = NAN, .difference = NAN, .difference_se = NAN, .difference_lower = NAN,
		                        .difference_upper = NAN };
	if (all > 0) {
		out->difference = (b - c) / all;
		out->difference_se = sqrt(d - (b - c) * (b - c) / all) / all;
		out->difference_lower = out->difference - z * out->difference_se;
		out->difference_upper = out->difference + z * out->difference_se;
	}
	if (!pairs) {
		out->plain.problem = out->corrected.problem = N_("no discordant pairs");
		return;
	}
	double less = fmax(0, fabs(b - c) - 1);
	out->plain.df = out->corrected.df = 1;
	out->plain.statistic = (b - c) * (b - c) / d;
	out->corrected.statistic = less * less / d;
	out->plain.p = yg_chisq_upper(out->plain.statistic, 1);
	out->corrected.p = yg_chisq_upper(out->corrected.statistic, 1);
	out->exact_p = n[1] == n[2] ? 1 : fmin(1, 2 * yg_binomial_cdf(few, pairs, 0.5));
	struct yg_interval p = yg_proportion_ci(b, d, conf, YG_CI_EXACT);
	out->odds_ratio = c > 0 ? b / c : INFINITY;
	out->lower = p.lower / (1 - p.lower);
	out->upper = p.upper < 1 ? p.upper / (1 - p.upper) : INFINITY;
}
