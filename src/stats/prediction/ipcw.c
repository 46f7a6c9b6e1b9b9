/* Brier score and area under the curve at a time, weighted for censoring: see yogo/stats/prediction.h. */
#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/sort.h"
#include "yogo/stats/prediction.h"

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while predictions were compared with outcomes"));
}

/* G just before each exit: the product over earlier censoring times of 1 - censored / (at risk less their events). */
static void censoring_curve(struct yg_ipcw *w)
{
	double free_ = 1;
	for (size_t i = 0; i < w->n; ) {
		size_t first = i, dead = 0;
		for (; i < w->n && w->exit[i] == w->exit[first]; i++) {
			w->free_before[i] = free_;
			dead += w->event[i];
		}
		double at_risk = (double)(w->n - first - dead), gone = (double)(i - first - dead);
		if (gone > 0)
			free_ *= 1 - gone / at_risk;
	}
}

enum yg_status yg_ipcw_open(const struct yg_spans *d, struct yg_task *task, struct yg_ipcw *out, struct yg_err *err)
{
	struct yg_ipcw w = { .n = d->n };
	if (d->entry)
		return yg_fail(err, YG_REFUSED, "E-PRE-010", N_("Brier score and area under the curve at a time are not defined for late entries"));
	double *v = yg_data_alloc(2 * d->n + d->n / 2 + d->n / 8 + 4, sizeof *v);
	if (!v)
		return no_memory(err);
	w.space = v;
	w.exit = v;
	w.free_before = v + d->n;
	w.order = (uint32_t *)(v + 2 * d->n);
	w.event = (uint8_t *)(w.order + d->n + 1);
	enum yg_status s = yg_sort_survival(NULL, 1, d->exit, d->event, d->n, task, w.order, err);
	if (s != YG_OK) {
		yg_ipcw_release(&w);
		return s;
	}
	for (size_t i = 0; i < d->n; i++) {
		w.exit[i] = d->exit[w.order[i]];
		w.event[i] = d->event[w.order[i]] != 0;
	}
	censoring_curve(&w);
	*out = w;
	return YG_OK;
}

void yg_ipcw_release(struct yg_ipcw *w)
{
	yg_data_free(w->space);
	memset(w, 0, sizeof *w);
}

double yg_ipcw_free(const struct yg_ipcw *w, double t, uint64_t *followed)
{
	size_t end = yg_count_until(w->exit, w->n, t);
	if (followed)
		*followed = w->n - end;
	return end < w->n ? w->free_before[end] : NAN;
}

/*
 * Add to influence[place] the part for the censoring curve: a statistic sum of part[place] (each divided by G(exit-) for
 * places below end, by G(t) beyond) moves with G.
 */
static void censoring_part(const struct yg_ipcw *w, const double *part, size_t end, double *influence)
{
	double later = 0, cumulated = 0;
	for (size_t i = 0; i < w->n; i++)
		later += part[i];
	for (size_t i = 0; i < end; ) {
		size_t first = i, dead = 0;
		for (; i < w->n && w->exit[i] == w->exit[first]; i++) {
			later -= part[i];
			dead += w->event[i];
		}
		/* The martingale of censoring over all at risk, those with the event at this time among them (as riskRegression). */
		double at_risk = (double)(w->n - first);
		cumulated += later * (double)(i - first - dead) / (at_risk * at_risk);
		for (size_t k = first; k < i; k++)
			influence[k] += (k < first + dead ? 0 : later / at_risk) - cumulated;
	}
	for (size_t k = end; k < w->n; k++)
		influence[k] -= cumulated;
}

/* Standard deviation of the influences (they sum to 0) over the root of n. */
static double standard_error(const double *v, size_t n)
{
	double sum = 0, block = 0;
	for (size_t i = 0; i < n; i++) {
		block += v[i] * v[i];
		if (i % 4096 == 4095 || i + 1 == n) {
			sum += block;
			block = 0;
		}
	}
	return n > 1 ? sqrt(sum / (double)(n - 1) / (double)n) : NAN;
}

struct scoring {
	const struct yg_ipcw *w;
	const double *risk;            /* by place */
	size_t end;
	double free_;                  /* G(t) */
	double *part, *influence;      /* [n] */
};

/* Weight of a case, by place; 0 = none. */
static inline double case_weight(const struct scoring *c, size_t k)
{
	return c->w->event[k] ? 1 / c->w->free_before[k] : 0;
}

static void brier(struct scoring *c, struct yg_ipcw_score *out)
{
	size_t n = c->w->n;
	double sum = 0, cases = 0;
	for (size_t k = 0; k < n; k++) {
		double r = k < c->end ? 1 - c->risk[k] : c->risk[k], weight = k < c->end ? case_weight(c, k) : 1 / c->free_;
		c->part[k] = weight * r * r;
		sum += c->part[k];
		cases += k < c->end ? weight : 0;
		out->events += k < c->end && c->w->event[k];
	}
	out->followed = n - c->end;
	out->brier = sum / (double)n;
	out->cases = cases / (double)n;
	out->controls = (double)(n - c->end) / c->free_ / (double)n;
	for (size_t k = 0; k < n; k++)
		c->influence[k] = c->part[k] - out->brier;
	censoring_part(c->w, c->part, c->end, c->influence);
	out->brier_se = standard_error(c->influence, n);
}

/*
 * Cases against controls in order of risk.  With F1, F2 the mean weights of cases and controls and U the mean over pairs,
 * AUC = U / (F1 F2); part: a case's share of U less AUC times its share of F1 F2.
 */
static enum yg_status area(struct scoring *c, struct yg_task *task, struct yg_ipcw_score *out, struct yg_err *err)
{
	size_t n = c->w->n;
	uint32_t *order = yg_data_alloc(n + 1, sizeof *order);
	double *share = yg_data_calloc(n + 1, sizeof *share);
	enum yg_status s = order && share ? yg_sort_doubles(c->risk, n, task, order, err) : no_memory(err);
	double below_cases = 0, below_controls = 0, total = 0, control = 1 / c->free_, size = (double)n;
	for (size_t i = 0; s == YG_OK && i < n; ) {
		double cases = 0, controls = 0;
		size_t first = i;
		for (; i < n && c->risk[order[i]] == c->risk[order[first]]; i++) {
			size_t k = order[i];
			*(k < c->end ? &cases : &controls) += k < c->end ? case_weight(c, k) : control;
		}
		for (size_t j = first; j < i; j++) {
			size_t k = order[j];
			if (k < c->end) {
				share[k] = case_weight(c, k) * (below_controls + 0.5 * controls) / size;
				total += share[k];
			} else {
				share[k] = control * (out->cases * size - below_cases - 0.5 * cases) / size;
			}
		}
		below_cases += cases;
		below_controls += controls;
	}
	double both = out->cases * out->controls;
	if (s == YG_OK && both > 0) {
		out->auc = total / size / both;
		for (size_t k = 0; k < n; k++) {
			double mine = k < c->end ? case_weight(c, k) / out->cases : control / out->controls;
			c->influence[k] = share[k] / both - out->auc * mine;
			c->part[k] = k < c->end ? c->influence[k] : 0;
		}
		censoring_part(c->w, c->part, c->end, c->influence);
		out->auc_se = standard_error(c->influence, n);
	}
	yg_data_free(order);
	yg_data_free(share);
	return s;
}

enum yg_status yg_ipcw_score(const struct yg_ipcw *w, const double *risk, double t, bool auc, struct yg_task *task,
                             struct yg_ipcw_score *out, struct yg_err *err)
{
	struct scoring c = { .w = w, .end = yg_count_until(w->exit, w->n, t) };
	*out = (struct yg_ipcw_score){ NAN, NAN, NAN, NAN, NAN, NAN, 0, 0 };
	if (c.end == w->n)
		return YG_OK;
	c.free_ = w->free_before[c.end];
	double *v = yg_data_alloc(3 * w->n + 1, sizeof *v);
	if (!v)
		return no_memory(err);
	for (size_t k = 0; k < w->n; k++)
		v[k] = risk[w->order[k]];
	c.risk = v;
	c.part = v + w->n;
	c.influence = v + 2 * w->n;
	brier(&c, out);
	enum yg_status s = auc ? area(&c, task, out, err) : YG_OK;
	yg_data_free(v);
	return s;
}
