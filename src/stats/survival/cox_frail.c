/* Newton in coefficients and frailties together: see yogo/stats/cox_frailty.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/frailty_priv.h"
#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"
#include "yogo/num/sum.h"

#define DECREMENT 1e-17
#define MOST_ITERATIONS 60
#define MOST_PRODUCTS 2000

/* ---- set up ---- */

static enum yg_status group_slots(struct yg_frail *r, const struct yg_cox_data *d, struct yg_err *err)
{
	struct yg_cox_frame *f = r->f;
	r->cluster = yg_data_alloc(f->slots + 1, sizeof *r->cluster);
	r->order = yg_data_alloc(f->slots + 1, sizeof *r->order);
	r->start = yg_data_calloc(r->q + 2, sizeof *r->start);
	if (!r->cluster || !r->order || !r->start)
		return yg_survival_no_memory(err);
	for (size_t s = 0; s < f->slots; s++) {
		r->cluster[s] = f->row[s] == YG_COX_NONE ? YG_COX_NONE : d->spans.cluster[f->row[s]];
		if (r->cluster[s] != YG_COX_NONE)
			r->start[r->cluster[s] + 2]++;
	}
	for (size_t c = 0; c < r->q; c++)
		r->start[c + 2] += r->start[c + 1];
	for (size_t s = 0; s < f->slots; s++)
		if (r->cluster[s] != YG_COX_NONE)
			r->order[r->start[r->cluster[s] + 1]++] = (uint32_t)s;
	return YG_OK;
}

enum yg_status yg_frail_init(struct yg_frail *r, const struct yg_cox_data *d, struct yg_err *err)
{
	struct yg_cox_frame *f = r->f;
	r->p = f->p;
	r->q = d->spans.clusters;
	size_t p = r->p, q = r->q, all = p + q, n = f->slots, m = f->events;
	double *v = yg_data_calloc(6 * all + all + 2 * p * p + 3 * q + 4 * n + 2 * m + 16, sizeof *v);
	r->space = v;
	r->dropped = yg_data_calloc(p + 1, 1);
	if (!v || !r->dropped)
		return yg_survival_no_memory(err);
	r->beta = v, v += all;
	r->b = r->beta + p;
	r->u = v, v += all;
	r->work = v, v += 5 * all;
	r->info = v, v += p * p;
	r->chol = v, v += p * p;
	r->mass = v, v += q;
	r->pen = v, v += q;
	r->events = v, v += q;
	r->base = v, v += n;
	r->h = v, v += n;
	r->z = v, v += n;
	r->y = v, v += n;
	r->s = v, v += m;
	r->sd = v;
	if (f->offset)
		memcpy(r->base, f->offset, n * sizeof *r->base);
	else
		f->offset = yg_data_calloc(n + 1, sizeof *f->offset);
	if (!f->offset)
		return yg_survival_no_memory(err);
	YG_TRY(group_slots(r, d, err));
	for (size_t j = 0; j < m; j++)
		for (uint32_t s = f->event[j].row0; s < f->event[j].row0 + f->event[j].dead; s++)
			r->events[r->cluster[s]] += f->weight ? f->weight[s] : 1;
	return YG_OK;
}

void yg_frail_release(struct yg_frail *r)
{
	yg_data_free(r->space);
	yg_data_free(r->dropped);
	yg_data_free(r->cluster);
	yg_data_free(r->order);
	yg_data_free(r->start);
}

/* ---- the penalised likelihood and its slope ---- */

static double penalty(const struct yg_frail *r, double b, double *slope, double *curvature)
{
	if (r->kind == YG_FRAILTY_LOGNORMAL) {
		*slope = -b / r->theta;
		*curvature = 1 / r->theta;
		return -0.5 * b * b / r->theta;
	}
	double more = yg_expm1(b);                  /* b - exp b + 1: nothing at b = 0 */
	*slope = -more / r->theta;
	*curvature = (1 + more) / r->theta;
	return (b - more) / r->theta;
}

static void put_offsets(struct yg_frail *r)
{
	struct yg_cox_frame *f = r->f;
	double sum = 0;
	for (size_t s = 0; s < f->slots; s++)
		f->offset[s] = r->base[s] + (r->cluster[s] == YG_COX_NONE ? 0 : r->b[r->cluster[s]]);
	for (size_t j = 0; j < f->events; j++)
		for (uint32_t s = f->event[j].row0; s < f->event[j].row0 + f->event[j].dead; s++)
			sum += (f->weight ? f->weight[s] : 1) * f->offset[s];
	f->death_offset = sum;
}

/* The hazard of each row, and with it the slope in b: events less expected events of the cluster. */
static void cluster_slopes(struct yg_frail *r)
{
	const struct yg_cox_frame *f = r->f;
	double *ub = r->u + r->p;
	memset(r->mass, 0, r->q * sizeof *r->mass);
	for (size_t s = 0; s < f->slots; s++) {
		if (r->cluster[s] == YG_COX_NONE) {
			r->h[s] = 0;
			continue;
		}
		uint32_t j = f->event_of[s];
		double h = f->hazard[j] - (f->entered && f->entered[s] ? f->hazard[f->entered[s] - 1] : 0);
		if (s < f->event[j].row0 + f->event[j].dead)
			h -= f->b[j];
		r->h[s] = h;
		r->mass[r->cluster[s]] += f->w[s] * h;
	}
	for (size_t c = 0; c < r->q; c++)
		ub[c] = r->events[c] - r->mass[c];
}

static enum yg_status evaluate(struct yg_frail *r, struct yg_err *err)
{
	put_offsets(r);
	YG_TRY(yg_cox_set(r->f, r->beta, r->ties, r->task, &r->loglik, err));
	YG_TRY(yg_cox_derivatives(r->f, NULL, r->task, r->u, r->info, err));
	cluster_slopes(r);
	r->penalised = r->loglik;
	for (size_t c = 0; c < r->q; c++) {
		double slope;
		r->penalised += penalty(r, r->b[c], &slope, &r->pen[c]);
		r->u[r->p + c] += slope;
	}
	for (size_t a = 0; a < r->p; a++)
		if (r->held[a])
			r->u[a] = 0;
	return YG_OK;
}

/* ---- products and solutions ---- */

/* s, sd: sums of w z over each risk set and its dead. */
static void risk_sums(struct yg_frail *r)
{
	const struct yg_cox_frame *f = r->f;
	struct yg_running sum = { 0, 0 };
	for (size_t j = f->events; j-- > 0; ) {
		const struct yg_cox_event *v = &f->event[j];
		double dead = 0, rest = 0;
		if (v->last)
			sum = (struct yg_running){ 0, 0 };
		for (uint32_t s = v->row0; s < v->row0 + v->dead; s++)
			dead += f->w[s] * r->z[s];
		for (uint32_t s = v->row0 + v->dead; s < v->row_end; s++)
			rest += f->w[s] * r->z[s];
		for (uint32_t i = v->entry0; i < v->entry_end; i++)
			if (f->entry_slot[i] != YG_COX_NONE)
				rest -= f->w[f->entry_slot[i]] * r->z[f->entry_slot[i]];
		yg_running_add(&sum, rest + dead);
		r->s[j] = yg_running_value(&sum);
		r->sd[j] = dead;
	}
}

/* y := the partial likelihood's information applied to z, by row: w (z H - M), M the means cumulated. */
static void row_product(struct yg_frail *r)
{
	const struct yg_cox_frame *f = r->f;
	double m = 0;
	risk_sums(r);
	for (size_t j = 0; j < f->events; j++) {
		double s = r->s[j], sd = r->sd[j];
		m = (f->event[j].first ? 0 : m) + f->c0[j] * s - f->c1[j] * sd;
		r->sd[j] = f->c1[j] * s - f->c2[j] * sd;     /* what the dead lose */
		r->s[j] = m;
	}
	for (size_t s = 0; s < f->slots; s++) {
		if (r->cluster[s] == YG_COX_NONE) {
			r->y[s] = 0;
			continue;
		}
		uint32_t j = f->event_of[s];
		double mean = r->s[j] - (f->entered && f->entered[s] ? r->s[f->entered[s] - 1] : 0);
		if (s < f->event[j].row0 + f->event[j].dead)
			mean -= r->sd[j];
		r->y[s] = f->w[s] * (r->z[s] * r->h[s] - mean);
	}
}

void yg_frail_product(struct yg_frail *r, const double *v, double *out)
{
	const struct yg_cox_frame *f = r->f;
	size_t p = r->p, q = r->q;
	yg_tile_eta(f->x, p, f->slots / 8, v, NULL, r->z);
	for (size_t s = 0; s < f->slots; s++)
		r->z[s] = r->cluster[s] == YG_COX_NONE ? 0 : r->z[s] + v[p + r->cluster[s]];
	row_product(r);
	memset(out, 0, (p + q) * sizeof *out);
	for (size_t s = 0; s < f->slots; s += YG_COX_BLOCK)
		yg_tile_add(f->x, r->y, p, s, s + YG_COX_BLOCK < f->slots ? s + YG_COX_BLOCK : f->slots, 1, out);
	for (size_t a = 0; a < p; a++)
		if (r->held[a])
			out[a] = 0;
	for (size_t s = 0; s < f->slots; s++)
		if (r->cluster[s] != YG_COX_NONE)
			out[p + r->cluster[s]] += r->y[s];
	for (size_t c = 0; c < q; c++)
		out[p + c] += r->pen[c] * v[p + c];
}

static void factor(struct yg_frail *r)
{
	size_t p = r->p;
	for (size_t i = 0; i < p; i++)
		for (size_t j = 0; j < p; j++)
			r->chol[i * p + j] = r->held[i] || r->held[j] ? 0 : r->info[i * p + j];
	if (yg_cholesky(r->chol, p, 1e-13, r->dropped) == 0)
		memset(r->dropped, 1, p);
}

static void precondition(const struct yg_frail *r, const double *v, double *out)
{
	memcpy(out, v, r->p * sizeof *out);
	yg_cholesky_solve(r->chol, r->p, r->dropped, out);
	for (size_t c = 0; c < r->q; c++)
		out[r->p + c] = v[r->p + c] / (r->mass[c] + r->pen[c]);
}

enum yg_status yg_frail_solve(struct yg_frail *r, const double *v, double precision, double *x, struct yg_err *err)
{
	size_t n = r->p + r->q;
	double *rest = r->work, *z = rest + n, *d = z + n, *product = d + n;
	(void)err;
	memset(x, 0, n * sizeof *x);
	memcpy(rest, v, n * sizeof *rest);
	for (size_t a = 0; a < r->p; a++)
		if (r->dropped[a])
			rest[a] = 0;
	precondition(r, rest, z);
	memcpy(d, z, n * sizeof *d);
	double rz = yg_dot(rest, z, n), first = rz;
	for (int i = 0; i < MOST_PRODUCTS && rz > precision * precision * first; i++) {
		if (yg_task_cancelled(r->task))
			return YG_CANCELLED;
		yg_frail_product(r, d, product);
		for (size_t a = 0; a < r->p; a++)
			if (r->dropped[a])
				product[a] = 0;
		double curvature = yg_dot(d, product, n);
		if (!(curvature > 0))
			break;
		double step = rz / curvature;
		for (size_t k = 0; k < n; k++) {
			x[k] += step * d[k];
			rest[k] -= step * product[k];
		}
		precondition(r, rest, z);
		double again = yg_dot(rest, z, n), share = again / rz;
		for (size_t k = 0; k < n; k++)
			d[k] = z[k] + share * d[k];
		rz = again;
	}
	return YG_OK;
}

enum yg_status yg_frail_fit(struct yg_frail *r, struct yg_err *err)
{
	size_t n = r->p + r->q;
	double *step = r->work + 4 * n, *from = yg_data_alloc(n + 1, sizeof *from);
	enum yg_status s = from ? evaluate(r, err) : yg_survival_no_memory(err);
	bool found = false;
	for (int i = 0; s == YG_OK && i < MOST_ITERATIONS; i++) {
		factor(r);
		s = yg_frail_solve(r, r->u, 1e-6, step, err);
		if (s != YG_OK)
			break;
		double decrement = yg_dot(r->u, step, n), before = r->penalised;
		r->iterations++;
		memcpy(from, r->beta, n * sizeof *from);
		found = decrement < DECREMENT;
		for (int halved = 0; halved < 30; halved++) {
			for (size_t k = 0; k < n; k++)
				r->beta[k] = from[k] + ldexp(step[k], -halved);
			s = evaluate(r, err);
			if (s != YG_OK || r->penalised >= before - 1e-11 * (fabs(before) + 1))
				break;
		}
		if (found || decrement < 1e-13)     /* a last step has been taken */
			break;
	}
	if (s == YG_OK)
		factor(r);
	yg_data_free(from);
	return s;
}

/* ---- information of one cluster ---- */

/* From here on w more (or less) of the cluster is at risk. */
struct change {
	uint32_t at;      /* event */
	uint32_t slot;
	int enters;
};

static int by_event(const void *a, const void *b)
{
	const struct change *x = a, *y = b;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->slot > y->slot) - (x->slot < y->slot);
}

/* c0 W^2 summed over the events while the cluster's weight at risk is W, less what the tied dead change. */
static double squares(const struct yg_frail *r, const double *sums, struct change *change, size_t n)
{
	const struct yg_cox_frame *f = r->f;
	double w = 0, total = 0;
	qsort(change, n, sizeof *change, by_event);
	for (size_t i = 0; i < n; ) {
		uint32_t at = change[i].at;
		double dead = 0, leave = 0, came = 0;
		size_t k = i;
		for (; k < n && change[k].at == at; k++) {
			uint32_t s = change[k].slot;
			if (change[k].enters) {
				came += f->w[s];
				continue;
			}
			leave += f->w[s];
			if (s < f->event[at - 1].row0 + f->event[at - 1].dead)
				dead += f->w[s];
		}
		if (dead > 0)
			total += dead * (f->c2[at - 1] * dead - 2 * f->c1[at - 1] * w);
		w += came - leave;
		if (k < n) {
			double reach = sums[change[k].at - 1] - (at > 0 && !f->event[at].first ? sums[at - 1] : 0);
			total += reach * w * w;
		}
		i = k;
	}
	return total;
}

enum yg_status yg_frail_diagonal(struct yg_frail *r, double *diagonal, struct yg_err *err)
{
	const struct yg_cox_frame *f = r->f;
	size_t most = 0;
	double *sums = yg_data_alloc(f->events + 1, sizeof *sums);
	for (size_t c = 0; c < r->q; c++)
		most = r->start[c + 1] - r->start[c] > most ? r->start[c + 1] - r->start[c] : most;
	struct change *change = yg_data_alloc(2 * most + 1, sizeof *change);
	uint32_t *first = yg_data_alloc(f->events + 1, sizeof *first);
	enum yg_status s = sums && change && first ? YG_OK : yg_survival_no_memory(err);
	for (size_t j = 0; s == YG_OK && j < f->events; j++) {
		first[j] = f->event[j].first ? (uint32_t)j : first[j - 1];
		sums[j] = (f->event[j].first ? 0 : sums[j - 1]) + f->c0[j];
	}
	for (size_t c = 0; s == YG_OK && c < r->q; c++) {
		size_t from = r->start[c];
		diagonal[c] = r->mass[c];
		while (from < r->start[c + 1]) { /* one stratum at a time */
			size_t n = 0;
			uint32_t stratum = first[f->event_of[r->order[from]]];
			for (; from < r->start[c + 1] && first[f->event_of[r->order[from]]] == stratum; from++) {
				uint32_t slot = r->order[from], enter = f->entered && f->entered[slot] ? f->entered[slot] : stratum;
				change[n++] = (struct change){ enter, slot, 1 };
				change[n++] = (struct change){ f->event_of[slot] + 1, slot, 0 };
			}
			diagonal[c] -= squares(r, sums, change, n);
		}
	}
	yg_data_free(sums);
	yg_data_free(change);
	yg_data_free(first);
	return s;
}
