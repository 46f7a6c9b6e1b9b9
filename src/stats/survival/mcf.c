/* Mean cumulative function of recurrent events, with or without an end, and its robust variance: see mcf.h. */
#include "yogo/stats/mcf.h"

#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/num/matrix.h"
#include "yogo/num/sort.h"
#include "yogo/num/sum.h"

#define TICK 65536u

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while recurrent events were counted"));
}

static enum yg_status check(const struct yg_spans *d, struct yg_err *err)
{
	for (size_t i = 0; i < d->n; i++) {
		if (!isfinite(d->exit[i]) || (d->entry && !(d->entry[i] < d->exit[i])))
			return yg_fail(err, YG_REFUSED, "E-MCF-001", N_("row %zu has no time at risk"), i + 1);
		if (d->event[i] > YG_MCF_END)
			return yg_fail(err, YG_REFUSED, "E-MCF-002", N_("row %zu ends in an unknown state"), i + 1);
		if (d->weight && !(d->weight[i] >= 0))
			return yg_fail(err, YG_REFUSED, "E-MCF-003", N_("row %zu has no weight"), i + 1);
	}
	return YG_OK;
}

/* ---- a group's sweep ---- */

/* What a cluster's derivative is made of: c - a mu + r X. */
struct part {
	double c, a, r;
};
struct sums {
	struct yg_running cc, ca, cr, aa, ar, rr;
};

static void sums_add(struct sums *s, const struct part *p, double sign)
{
	yg_running_add(&s->cc, sign * p->c * p->c);
	yg_running_add(&s->cr, sign * p->c * p->r);
	yg_running_add(&s->rr, sign * p->r * p->r);
	if (p->a > 0 || p->a < 0) { /* nought before the first end */
		yg_running_add(&s->ca, sign * p->c * p->a);
		yg_running_add(&s->aa, sign * p->a * p->a);
		yg_running_add(&s->ar, sign * p->a * p->r);
	}
}

static double sums_square(const struct sums *s, double mu, double x)
{
	double v = yg_running_value(&s->cc) + mu * mu * yg_running_value(&s->aa) + x * x * yg_running_value(&s->rr) -
	           2 * mu * yg_running_value(&s->ca) + 2 * x * yg_running_value(&s->cr) - 2 * mu * x * yg_running_value(&s->ar);
	return v > 0 ? v : 0;
}

struct sweep {
	const struct yg_spans *d;
	const uint32_t *exit_order, *entry_order;   /* this group's rows; entry_order NULL = at risk from the start */
	size_t n;
	struct part *part;                          /* [clusters], zero at the start */
	struct sums sums;
	double mu, x, k, surv;                      /* mu, X = L - H, K, S: after the last time passed */
};

static double weight_of(const struct yg_spans *d, uint32_t row)
{
	return d->weight ? d->weight[row] : 1;
}

static struct part *part_of(const struct sweep *s, uint32_t row)
{
	return &s->part[s->d->cluster ? s->d->cluster[row] : row];
}

/* The cluster goes on with slopes changed by da and dr, and its derivative is dc higher now. */
static void change(struct sweep *s, uint32_t row, double dc, double da, double dr)
{
	struct part *p = part_of(s, row);
	sums_add(&s->sums, p, -1);
	p->c += dc + da * s->mu - dr * s->x;
	p->a += da;
	p->r += dr;
	sums_add(&s->sums, p, 1);
}

static size_t enter(struct sweep *s, size_t from, double t, double *n_risk)
{
	const struct yg_spans *d = s->d;
	for (; from < s->n; from++) {
		uint32_t row = s->entry_order ? s->entry_order[from] : s->exit_order[from];
		double w = weight_of(d, row);
		if (s->entry_order && !(d->entry[row] < t))
			break;
		change(s, row, 0, w * s->k, w);
		*n_risk += w;
	}
	return from;
}

/* All rows that end at one time: counts, steps, then they leave.  Returns the place after the last. */
static size_t one_time(struct sweep *s, size_t from, double *n_risk, struct yg_mcf_curve *c)
{
	const struct yg_spans *d = s->d;
	double t = d->exit[s->exit_order[from]], risk = *n_risk, event = 0, end = 0, gone = 0;
	size_t to = from;
	for (; to < s->n && d->exit[s->exit_order[to]] <= t; to++) {
		uint32_t row = s->exit_order[to];
		double w = weight_of(d, row);
		event += d->event[row] == YG_MCF_EVENT ? w : 0;
		end += d->event[row] == YG_MCF_END ? w : 0;
		c->events += d->event[row] == YG_MCF_EVENT;
		c->ends += d->event[row] == YG_MCF_END;
		gone += w;
	}
	double rate = risk > 0 ? s->surv / risk : 0, step = rate * event, k_before = s->k;
	/* With the last at risk ended S is 0 and its derivative nought: nothing more is added. */
	bool over = end >= risk * (1 - 1e-14);
	s->mu += step;
	s->x += k_before * step - (risk > 0 ? step / risk : 0);
	if (end > 0 && risk > 0) {
		s->k += over ? 0 : end / (risk * (risk - end));
		s->surv = over ? 0 : s->surv * (1 - end / risk);
	}
	for (size_t i = from; i < to; i++) {
		uint32_t row = s->exit_order[i];
		double w = weight_of(d, row);
		double ended = d->event[row] == YG_MCF_END && !over ? 1 / (risk - end) : 0;
		change(s, row, d->event[row] == YG_MCF_EVENT ? w * rate : 0, w * (ended - s->k), -w);
	}
	*n_risk = to == s->n ? 0 : risk - gone;
	if (event > 0 || end > 0) {
		size_t j = c->m++;
		c->time[j] = t;
		c->n_risk[j] = risk;
		c->event[j] = event;
		c->end[j] = end;
		c->mean[j] = s->mu;
		c->surv[j] = s->surv;
		c->se[j] = sqrt(sums_square(&s->sums, s->mu, s->x));
	}
	c->last = t;
	return to;
}

static enum yg_status sweep_group(struct sweep *s, struct yg_task *task, struct yg_mcf_curve *c, struct yg_err *err)
{
	double n_risk = 0;
	size_t entered = 0, tick = 0;
	s->surv = 1;
	c->records = s->n;
	c->last = NAN;
	for (size_t i = 0; i < s->n;) {
		entered = enter(s, entered, s->d->exit[s->exit_order[i]], &n_risk);
		i = one_time(s, i, &n_risk, c);
		if (i >= tick) {
			tick = i + TICK;
			if (!yg_task_tick(task, i, s->n))
				return yg_fail(err, YG_CANCELLED, "E-RUN-001", N_("cancelled; nothing was kept"));
		}
	}
	return YG_OK;
}

/* ---- all groups ---- */

/* Rows by part (group or stratum), then time; start[parts + 1]. */
struct order {
	uint32_t *exit, *entry;
	size_t *start;
};

static void order_release(struct order *o)
{
	yg_data_free(o->exit);
	yg_data_free(o->entry);
	yg_free(o->start);
	memset(o, 0, sizeof *o);
}

static enum yg_status order_make(const struct yg_spans *d, const int32_t *part, size_t parts, struct yg_task *task,
                                 struct order *o, struct yg_err *err)
{
	memset(o, 0, sizeof *o);
	o->exit = yg_data_alloc(d->n + 1, sizeof *o->exit);
	o->entry = d->entry ? yg_data_alloc(d->n + 1, sizeof *o->entry) : NULL;
	o->start = yg_xcalloc(parts + 2, sizeof *o->start);
	if (!o->exit || (d->entry && !o->entry))
		return no_memory(err);
	YG_TRY(yg_sort_survival(part, parts, d->exit, NULL, d->n, task, o->exit, err));
	if (d->entry)
		YG_TRY(yg_sort_survival(part, parts, d->entry, NULL, d->n, task, o->entry, err));
	for (size_t i = 0; i < d->n; i++)
		o->start[(part ? (size_t)part[i] : 0) + 1]++;
	for (size_t g = 0; g < parts; g++)
		o->start[g + 1] += o->start[g];
	return YG_OK;
}

/* Distinct times with something in them: the room a curve needs. */
static size_t count_times(const struct yg_spans *d, const uint32_t *order, size_t n)
{
	size_t m = 0;
	double last = NAN;
	for (size_t i = 0; i < n; i++)
		if (d->event[order[i]] && !(d->exit[order[i]] == last)) {
			last = d->exit[order[i]];
			m++;
		}
	return m;
}

static enum yg_status room(struct yg_mcf *out, const struct yg_spans *d, const struct order *o, struct yg_err *err)
{
	size_t total = 0;
	out->curve = yg_xcalloc(out->groups + 1, sizeof *out->curve);
	for (size_t g = 0; g < out->groups; g++)
		total += count_times(d, o->exit + o->start[g], o->start[g + 1] - o->start[g]);
	double *at = out->memory = yg_data_alloc(7 * total + 1, sizeof *at);
	if (!at)
		return no_memory(err);
	for (size_t g = 0; g < out->groups; g++) {
		struct yg_mcf_curve *c = &out->curve[g];
		size_t m = count_times(d, o->exit + o->start[g], o->start[g + 1] - o->start[g]);
		double **column[] = { &c->time, &c->n_risk, &c->event, &c->end, &c->mean, &c->se, &c->surv };
		for (size_t k = 0; k < 7; k++, at += m)
			*column[k] = at;
	}
	return YG_OK;
}

enum yg_status yg_mcf_fit(const struct yg_spans *d, struct yg_task *task, struct yg_mcf *out, struct yg_err *err)
{
	size_t clusters = d->cluster ? d->clusters : d->n;
	struct order o = { 0 };
	struct part *part = NULL;
	memset(out, 0, sizeof *out);
	YG_TRY(check(d, err));
	out->groups = d->group ? d->groups : 1;
	enum yg_status s = order_make(d, d->group, out->groups, task, &o, err);
	if (s == YG_OK)
		s = room(out, d, &o, err);
	if (s == YG_OK && !(part = yg_data_calloc(clusters + 1, sizeof *part)))
		s = no_memory(err);
	for (size_t g = 0; s == YG_OK && g < out->groups; g++) {
		size_t first = o.start[g], n = o.start[g + 1] - first;
		struct sweep w = { .d = d, .exit_order = o.exit + first, .entry_order = o.entry ? o.entry + first : NULL, .n = n,
			           .part = part };
		s = sweep_group(&w, task, &out->curve[g], err);
		for (size_t i = 0; i < n; i++)
			*part_of(&w, w.exit_order[i]) = (struct part){ 0, 0, 0 };
	}
	yg_data_free(part);
	order_release(&o);
	if (s != YG_OK)
		yg_mcf_release(out);
	return s;
}

void yg_mcf_release(struct yg_mcf *m)
{
	yg_free(m->curve);
	yg_data_free(m->memory);
	memset(m, 0, sizeof *m);
}

ptrdiff_t yg_mcf_at(const struct yg_mcf_curve *c, double t)
{
	return (ptrdiff_t)yg_count_until(c->time, c->m, t) - 1;
}

/* ---- the test ---- */

/*
 * For component g and group h the same accumulators as a curve's, with the weight W_gh in each step; a cluster's part of
 * component g is kept in c, the slopes of each row in slope[] until the end.
 */
struct contest {
	const struct yg_spans *d;
	size_t groups, clusters;
	double *mu, *x;                    /* [groups*groups] component, group */
	double *k, *surv, *risk, *event, *end, *rate;   /* [groups] */
	bool *over;
	double *slope;                     /* [n] a of each row */
	double *c;                         /* [clusters*groups] */
	double *q;                         /* [groups] summed over strata */
};

static void contest_change(struct contest *w, uint32_t row, double da, double dr)
{
	const struct yg_spans *d = w->d;
	size_t h = (size_t)d->group[row], i = d->cluster ? d->cluster[row] : row;
	double *c = w->c + i * w->groups;
	w->slope[row] += da;
	for (size_t g = 0; g < w->groups; g++)
		c[g] += da * w->mu[g * w->groups + h] - dr * w->x[g * w->groups + h];
}

static void contest_steps(struct contest *w)
{
	double all = 0;
	for (size_t h = 0; h < w->groups; h++)
		all += w->risk[h];
	for (size_t h = 0; h < w->groups; h++) {
		double risk = w->risk[h], rate = risk > 0 ? w->surv[h] / risk : 0, step = rate * w->event[h];
		w->rate[h] = rate;
		for (size_t g = 0; step > 0 && g < w->groups; g++) {
			double weight = (g == h ? risk : 0) - w->risk[g] * risk / all;
			w->mu[g * w->groups + h] += weight * step;
			w->x[g * w->groups + h] += weight * step * (w->k[h] - 1 / risk);
		}
		w->over[h] = w->end[h] > 0 && w->end[h] >= risk * (1 - 1e-14);
		if (w->end[h] > 0 && risk > 0) {
			w->k[h] += w->over[h] ? 0 : w->end[h] / (risk * (risk - w->end[h]));
			w->surv[h] = w->over[h] ? 0 : w->surv[h] * (1 - w->end[h] / risk);
		}
	}
}

static void contest_leave(struct contest *w, uint32_t row)
{
	const struct yg_spans *d = w->d;
	size_t h = (size_t)d->group[row], i = d->cluster ? d->cluster[row] : row;
	double weight = weight_of(d, row), all = 0;
	double ended = d->event[row] == YG_MCF_END && !w->over[h] ? 1 / (w->risk[h] - w->end[h]) : 0;
	if (d->event[row] == YG_MCF_EVENT) {
		for (size_t g = 0; g < w->groups; g++)
			all += w->risk[g];
		for (size_t g = 0; g < w->groups; g++)
			w->c[i * w->groups + g] += weight * w->rate[h] * ((g == h ? w->risk[h] : 0) - w->risk[g] * w->risk[h] / all);
	}
	contest_change(w, row, weight * (ended - w->k[h]), -weight);
}

static enum yg_status contest_stratum(struct contest *w, const uint32_t *exits, const uint32_t *entries, size_t n,
                                      struct yg_task *task, struct yg_err *err)
{
	const struct yg_spans *d = w->d;
	size_t groups = w->groups, entered = 0, tick = 0;
	double *left = yg_xcalloc(2 * groups + 1, sizeof *left);
	enum yg_status s = YG_OK;
	memset(w->mu, 0, groups * groups * sizeof *w->mu);
	memset(w->x, 0, groups * groups * sizeof *w->x);
	memset(w->risk, 0, groups * sizeof *w->risk);
	memset(w->k, 0, groups * sizeof *w->k);
	for (size_t h = 0; h < groups; h++)
		w->surv[h] = 1;
	for (size_t i = 0; s == YG_OK && i < n;) {
		double t = d->exit[exits[i]];
		size_t to = i;
		for (; entered < n; entered++) {
			uint32_t row = entries ? entries[entered] : exits[entered];
			if (entries && !(d->entry[row] < t))
				break;
			double weight = weight_of(d, row);
			contest_change(w, row, weight * w->k[d->group[row]], weight);
			w->risk[d->group[row]] += weight;
			left[groups + (size_t)d->group[row]] += 1;
		}
		memset(left, 0, groups * sizeof *left);
		memset(w->event, 0, groups * sizeof *w->event);
		memset(w->end, 0, groups * sizeof *w->end);
		for (; to < n && d->exit[exits[to]] <= t; to++) {
			size_t h = (size_t)d->group[exits[to]];
			double weight = weight_of(d, exits[to]);
			w->event[h] += d->event[exits[to]] == YG_MCF_EVENT ? weight : 0;
			w->end[h] += d->event[exits[to]] == YG_MCF_END ? weight : 0;
			left[h] += weight;
			left[groups + h] -= 1;
		}
		contest_steps(w);
		for (; i < to; i++)
			contest_leave(w, exits[i]);
		for (size_t h = 0; h < groups; h++)
			w->risk[h] = left[groups + h] > 0 ? w->risk[h] - left[h] : 0;
		if (i >= tick) {
			tick = i + TICK;
			if (!yg_task_tick(task, i, n))
				s = yg_fail(err, YG_CANCELLED, "E-RUN-001", N_("cancelled; nothing was kept"));
		}
	}
	/* Nobody is at risk any more: what is left of a row's slope counts to the end. */
	for (size_t i = 0; s == YG_OK && i < n; i++) {
		uint32_t row = exits[i];
		double *c = w->c + (d->cluster ? d->cluster[row] : row) * groups;
		for (size_t g = 0; g < groups; g++)
			c[g] -= w->slope[row] * w->mu[g * groups + (size_t)d->group[row]];
	}
	for (size_t g = 0; g < groups; g++)
		for (size_t h = 0; h < groups; h++)
			w->q[g] += w->mu[g * groups + h];
	yg_free(left);
	return s;
}

static void contest_judge(const struct contest *w, struct yg_mcf_test *out)
{
	size_t k = w->groups, p = k - 1;
	double *v = yg_xcalloc(k * k + k + 1, sizeof *v), *x = v + k * k;
	uint8_t *dropped = yg_xcalloc(k + 1, 1);
	for (size_t i = 0; i < w->clusters; i++)
		for (size_t g = 1; g < k; g++)
			for (size_t h = 1; h <= g; h++)
				v[(g - 1) * p + h - 1] += w->c[i * k + g] * w->c[i * k + h];
	yg_symmetrize(v, p);
	*out = (struct yg_mcf_test){ NAN, NAN, 0, NAN, NAN };
	if (k == 2) {
		out->q = w->q[1];
		out->se = sqrt(v[0]);
	}
	out->df = (int)yg_cholesky(v, p, YG_CHOLESKY_TOLERANCE, dropped);
	if (out->df) {
		for (size_t g = 0; g < p; g++)
			x[g] = dropped[g] ? 0 : w->q[g + 1];
		yg_cholesky_forward(v, p, dropped, x);
		out->statistic = yg_dot(x, x, p);
		out->p = yg_chisq_upper(out->statistic, out->df);
	}
	yg_free(v);
	yg_free(dropped);
}

enum yg_status yg_mcf_test(const struct yg_spans *d, struct yg_task *task, struct yg_mcf_test *out, struct yg_err *err)
{
	struct contest w = { .d = d, .groups = d->group ? d->groups : 1, .clusters = d->cluster ? d->clusters : d->n };
	size_t k = w.groups, strata = d->stratum ? d->strata : 1;
	struct order o = { 0 };
	*out = (struct yg_mcf_test){ NAN, NAN, 0, NAN, NAN };
	YG_TRY(check(d, err));
	if (k < 2)
		return YG_OK;
	if (k > YG_MCF_MOST_GROUPS)
		return yg_fail(err, YG_ELIMIT, "E-MCF-004", N_("at most %u groups are compared"), YG_MCF_MOST_GROUPS);
	double *small = yg_xcalloc(2 * k * k + 7 * k + 1, sizeof *small), *at = small;
	double **array[] = { &w.k, &w.surv, &w.risk, &w.event, &w.end, &w.rate, &w.q };
	for (size_t i = 0; i < 7; i++, at += k)
		*array[i] = at;
	w.mu = at;
	w.x = at + k * k;
	w.over = yg_xcalloc(k + 1, sizeof *w.over);
	w.slope = yg_data_calloc(d->n + 1, sizeof *w.slope);
	w.c = yg_data_calloc(w.clusters * k + 1, sizeof *w.c);
	enum yg_status s = w.slope && w.c ? order_make(d, d->stratum, strata, task, &o, err) : no_memory(err);
	for (size_t j = 0; s == YG_OK && j < strata; j++)
		s = contest_stratum(&w, o.exit + o.start[j], o.entry ? o.entry + o.start[j] : NULL, o.start[j + 1] - o.start[j], task, err);
	if (s == YG_OK)
		contest_judge(&w, out);
	order_release(&o);
	yg_data_free(w.slope);
	yg_data_free(w.c);
	yg_free(w.over);
	yg_free(small);
	return s;
}
