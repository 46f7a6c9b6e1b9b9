/* Area for a yes or no outcome, groups of risk, net benefit: see yogo/stats/prediction.h. */
#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/sort.h"
#include "yogo/stats/prediction.h"
#include "yogo/stats/roc.h"

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while predictions were compared with outcomes"));
}

enum yg_status yg_prediction_auc(const uint8_t *y, const double *score, size_t n, struct yg_task *task, double *auc,
                                 double *se, struct yg_err *err)
{
	struct yg_roc_data d = { .n = n, .y = y };
	struct yg_roc r;
	size_t cases = 0;
	double variance = NAN;
	*auc = *se = NAN;
	for (size_t i = 0; i < n; i++)
		cases += y[i] != 0;
	if (!cases || cases == n)
		return YG_OK;
	YG_TRY(yg_roc_open(&d, score, task, &r, err));
	enum yg_status s = yg_roc_covariance(&d, &r, 1, NULL, task, auc, &variance, err);
	if (s == YG_OK)
		*se = sqrt(variance);
	yg_roc_release(&r);
	return s;
}

enum yg_status yg_prediction_groups(const double *risk, size_t n, int wanted, struct yg_task *task, uint32_t *group,
                                    size_t *groups, struct yg_err *err)
{
	uint32_t *order = yg_data_alloc(n + 1, sizeof *order);
	enum yg_status s = order ? yg_sort_doubles(risk, n, task, order, err) : no_memory(err);
	double *limit = yg_xcalloc((size_t)wanted + 1, sizeof *limit);
	size_t limits = 0;
	*groups = 0;
	for (int k = 1; s == YG_OK && n && k <= wanted; k++) {
		double h = (double)(n - 1) * k / wanted, low = floor(h + 4e-15 * h), rest = h - low;
		size_t at = (size_t)low;
		double q = risk[order[at]];
		if (rest > 1e-12 && at + 1 < n)
			q += rest * (risk[order[at + 1]] - q);
		if (k == wanted)
			q = risk[order[n - 1]];
		/* A limit at the smallest value bounds no group of its own: the first one includes it. */
		if ((limits && !(q > limit[limits - 1])) || (k < wanted && !(q > risk[order[0]])))
			continue;
		limit[limits++] = q;
	}
	size_t at = 0;
	bool any = false;
	for (size_t i = 0; s == YG_OK && i < n; i++) {
		size_t was = at;
		while (at + 1 < limits && risk[order[i]] > limit[at])
			at++;
		*groups += !any || at != was;
		any = true;
		group[order[i]] = (uint32_t)*groups - 1;
	}
	yg_free(limit);
	yg_data_free(order);
	return s;
}

double yg_hosmer_lemeshow(const double *n, const double *observed, const double *expected, size_t groups)
{
	double chisq = 0;
	for (size_t k = 0; k < groups; k++) {
		double d = observed[k] - expected[k];
		if (!(expected[k] > 0) || !(n[k] - expected[k] > 0))
			return NAN;
		chisq += d * d / expected[k] + d * d / (n[k] - expected[k]);
	}
	return chisq;
}

/* ---- net benefit ---- */

struct benefit {
	const struct yg_ipcw *w;
	double t;
	const uint8_t *y;
	const double *risk;
	size_t n, end;
	struct yg_net_benefit *out;
};

/* The event probability at t of those at or above the threshold, by Kaplan-Meier. */
static double event_probability(const struct benefit *b, double threshold, struct yg_net_benefit *out)
{
	const struct yg_ipcw *w = b->w;
	double surv = 1;
	size_t left = 0;
	for (size_t k = 0; k < w->n; k++)
		left += b->risk[w->order[k]] >= threshold;
	out->treated = left;
	for (size_t i = 0; i < b->end; ) {
		size_t first = i, gone = 0, dead = 0;
		for (; i < b->end && w->exit[i] == w->exit[first]; i++) {
			bool in = b->risk[w->order[i]] >= threshold;
			gone += in;
			dead += in && w->event[i];
		}
		if (dead)
			surv *= 1 - (double)dead / (double)left;
		left -= gone;
	}
	out->ended = !left && surv > 0 && out->treated;
	return 1 - surv;
}

static enum yg_status benefit_at(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct benefit *b = context;
	struct yg_net_benefit *out = &b->out[block], ignored = { 0 };
	double p = out->threshold, odds = p / (1 - p), n = (double)b->n, all;
	(void)worker;
	(void)err;
	if (b->w) {
		double event = event_probability(b, p, out), share = (double)out->treated / n;
		out->model = share * (event - (1 - event) * odds);
		all = event_probability(b, -INFINITY, &ignored);
	} else {
		double events = 0, yes = 0;
		out->treated = 0;
		for (size_t i = 0; i < b->n; i++) {
			bool in = b->risk[i] >= p;
			out->treated += in;
			yes += in && b->y[i];
			events += b->y[i] != 0;
		}
		out->model = (yes - ((double)out->treated - yes) * odds) / n;
		all = events / n;
	}
	out->all = all - (1 - all) * odds;
	return YG_OK;
}

enum yg_status yg_net_benefit_fit(const struct yg_ipcw *w, double t, const uint8_t *y, const double *risk, size_t n,
                                  const double *threshold, size_t m, struct yg_task *task, struct yg_net_benefit *out,
                                  struct yg_err *err)
{
	struct benefit b = { .w = w, .t = t, .y = y, .risk = risk, .n = n, .out = out };
	for (size_t i = 0; i < m; i++)
		out[i] = (struct yg_net_benefit){ .threshold = threshold[i] };
	while (w && b.end < n && w->exit[b.end] <= t)
		b.end++;
	return yg_pool_run(task, m, benefit_at, &b, err);
}
