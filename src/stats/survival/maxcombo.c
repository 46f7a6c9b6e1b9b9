/* The largest of several weighted log-rank statistics: see yogo/stats/maxcombo.h. */
#include "yogo/stats/maxcombo.h"

#include <math.h>
#include <stdbool.h>

#include "stats/survival/logrank_priv.h"
#include "yogo/num/mvn.h"

#define K YG_MAXCOMBO_WEIGHTS

/* Those that others are combinations of come first: the integral is smoothest so. */
const double yg_maxcombo_rho[K] = { 0, 0, 1, 1 }, yg_maxcombo_gamma[K] = { 0, 1, 0, 1 };
static const int order[K] = { 2, 1, 0, 3 };

struct sums {
	struct yg_maxcombo *out;     /* of the pair that is walked */
	double u[K], v[K * K];
};

static void add(void *context, double surv, double score, double variance)
{
	struct sums *s = context;
	const double w[K] = { 1, 1 - surv, surv, surv * (1 - surv) };
	for (int k = 0; k < K; k++) {
		s->u[k] += w[k] * score;
		for (int l = 0; l < K; l++)
			s->v[k * K + l] += w[k] * w[l] * variance;
	}
}

static void begin(void *context, size_t first, size_t second, const double *expected)
{
	struct sums *s = context;
	(void)first;
	(void)second;
	(void)expected;
	*s = (struct sums){ .out = s->out };
}

static void end(void *context, size_t first, size_t second, const double *expected)
{
	struct sums *s = context;
	struct yg_maxcombo *m = s->out++;
	double corr[K * K], low[K], high[K];
	size_t d = 0;
	int kept[K];
	(void)first;
	(void)second;
	*m = (struct yg_maxcombo){ .statistic = NAN, .which = -1, .p = NAN, .p_error = NAN };
	for (int k = 0; k < K; k++) {
		bool fine = expected[0] > 0 && expected[1] > 0 && s->v[k * K + k] > 1e-12 * s->v[0];
		m->z[k] = fine ? s->u[k] / sqrt(s->v[k * K + k]) : NAN;
		if (fine && !(fabs(m->z[k]) <= m->statistic)) {
			m->statistic = fabs(m->z[k]);
			m->which = k;
		}
	}
	for (int k = 0; k < K; k++)
		for (int l = 0; l < K; l++)
			m->correlation[k * K + l] = isnan(m->z[k]) || isnan(m->z[l]) ? NAN :
				k == l ? 1 : s->v[k * K + l] / sqrt(s->v[k * K + k] * s->v[l * K + l]);
	for (int i = 0; i < K; i++)
		if (!isnan(m->z[order[i]]))
			kept[d++] = order[i];
	for (size_t i = 0; i < d; i++) {
		low[i] = -m->statistic;
		high[i] = m->statistic;
		for (size_t j = 0; j < d; j++)
			corr[i * d + j] = m->correlation[kept[i] * K + kept[j]];
	}
	if (d)
		m->p = yg_mvn_outside(d, corr, low, high, &m->p_error);
}

enum yg_status yg_maxcombo_test(const struct yg_spans *d, struct yg_task *task, struct yg_maxcombo *out, struct yg_err *err)
{
	struct sums s = { .out = out };
	return yg_logrank_pairs_walk(d, task, add, begin, end, &s, err);
}
