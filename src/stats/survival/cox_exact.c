/*
 * The exact partial likelihood of tied events (discrete time): with d dead among a risk set, the
 * probability of just these is prod w over the dead / e_d(w), e_d the elementary symmetric polynomial of degree d.
 *
 * e_d and its first and second derivatives by the recursion over the members of the risk set
 *     e_k := e_k + w_i e_{k-1}     (Gail, Lubin and Rubinstein 1981)
 * w is scaled by d / S0 so that nothing overflows.
 */
#include <math.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/cox_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"
#include "yogo/num/sum.h"

#define MOST_STEPS 2e11

struct exact_job {
	const struct yg_cox_frame *f;
	double *out;          /* [parts*(1 + p + p*p)] */
};
struct ladder {
	double *v;            /* (d + 1) rungs of 1 + p + p (p + 1) / 2 */
	size_t rung, room;
	double *x;            /* [p] of one row */
};

static int ladder_room(struct ladder *l, size_t p, size_t dead)
{
	l->rung = 1 + p + p * (p + 1) / 2;
	if ((dead + 1) * l->rung > l->room) {
		yg_data_free(l->v);
		l->room = (dead + 1) * l->rung;
		l->v = yg_data_alloc(l->room, sizeof *l->v);
	}
	if (!l->v)
		return 0;
	memset(l->v, 0, (dead + 1) * l->rung * sizeof *l->v);
	l->v[0] = 1;
	return 1;
}

/* Take a member in: rung k gains w times (rung k - 1 with its derivatives shifted by x). */
static void ladder_add(struct ladder *l, size_t p, size_t dead, size_t seen, double w)
{
	for (size_t k = seen < dead ? seen : dead; k >= 1; k--) {
		double *up = l->v + k * l->rung, *low = up - l->rung, *up1 = up + 1, *low1 = low + 1;
		double *up2 = up1 + p, *low2 = low1 + p;
		for (size_t a = 0; a < p; a++)
			for (size_t b = a; b < p; b++)
				*up2++ += w * (*low2++ + l->x[a] * low1[b] + l->x[b] * low1[a] + l->x[a] * l->x[b] * low[0]);
		for (size_t a = 0; a < p; a++)
			up1[a] += w * (low1[a] + l->x[a] * low[0]);
		up[0] += w * low[0];
	}
}

static void column_of(const struct yg_cox_frame *f, uint32_t slot, double *x)
{
	const double *column = f->x + slot / 8 * f->p * 8 + slot % 8;
	for (size_t a = 0; a < f->p; a++)
		x[a] = column[8 * a];
}

/* The end of the slots of an event's stratum: blocks later on may hold more of it. */
static uint32_t stratum_end(const struct yg_cox_frame *f, uint32_t j)
{
	while (!f->event[j].last)
		j++;
	return f->event[j].row_end;
}

static int at_risk(const struct yg_cox_frame *f, uint32_t slot, uint32_t j)
{
	return f->row[slot] != YG_COX_NONE && (!f->entered || f->entered[slot] <= j);
}

/* Rows that count for several stand there as often. */
static double times_of(const struct yg_cox_frame *f, uint32_t slot)
{
	return f->repeats ? f->weight[slot] : 1;
}

static size_t dead_of(const struct yg_cox_frame *f, const struct yg_cox_event *v)
{
	return f->repeats ? (size_t)yg_tile_sum(f->weight, v->row0, v->row0 + v->dead) : v->dead;
}

static int exact_event(const struct yg_cox_frame *f, uint32_t j, uint32_t end, struct ladder *l, double *out)
{
	const struct yg_cox_event *v = &f->event[j];
	size_t p = f->p, seen = 0, deaths = dead_of(f, v);
	double s0 = 0, dead = (double)deaths;
	if (!deaths)
		return 1;
	if (!ladder_room(l, p, deaths))
		return 0;
	for (uint32_t s = v->row0; s < end; s++)
		if (at_risk(f, s, j))
			s0 += f->w[s];
	double scale = dead / s0;
	for (uint32_t s = v->row0; s < end; s++)
		if (at_risk(f, s, j)) {
			double times = times_of(f, s);
			column_of(f, s, l->x);
			for (double k = 0; k < times; k++)
				ladder_add(l, p, deaths, ++seen, f->w[s] / times * scale);
		}
	const double *top = l->v + deaths * l->rung, *top1 = top + 1, *top2 = top1 + p;
	double *u = out + 1, *info = u + p;
	out[0] -= yg_log(top[0]) - dead * yg_log(scale);
	for (size_t a = 0; a < p; a++) {
		u[a] -= top1[a] / top[0];
		for (size_t b = a; b < p; b++)
			info[a * p + b] += *top2++ / top[0] - top1[a] / top[0] * (top1[b] / top[0]);
	}
	return 1;
}

static enum yg_status exact_part(void *context, size_t part, size_t from, size_t to, struct yg_err *err)
{
	struct exact_job *job = context;
	const struct yg_cox_frame *f = job->f;
	size_t p = f->p;
	struct ladder l = { .x = yg_xalloc(p + 1, sizeof(double)) };
	enum yg_status s = YG_OK;
	for (size_t k = from; k < to && s == YG_OK; k++)
		for (uint32_t j = f->block[k].event0, end = 0; j < f->block[k].event_end && s == YG_OK; j++) {
			if (j == f->block[k].event0 || f->event[j].first)
				end = stratum_end(f, j);
			if (!exact_event(f, j, end, &l, job->out + part * (1 + p + p * p)))
				s = yg_survival_no_memory(err);
		}
	yg_free(l.x);
	yg_data_free(l.v);
	return s;
}

/* Steps of the recursion, to refuse what would take hours. */
static double steps(const struct yg_cox_frame *f)
{
	double sum = 0, pairs = 1 + (double)f->p + 0.5 * (double)f->p * ((double)f->p + 1);
	uint32_t end = 0;
	for (uint32_t j = 0; j < f->events; j++) {
		if (f->event[j].first)
			end = stratum_end(f, j);
		double rows = f->repeats ? yg_tile_sum(f->weight, f->event[j].row0, end) : end - f->event[j].row0;
		sum += rows * (double)dead_of(f, &f->event[j]) * pairs;
	}
	return sum;
}

enum yg_status yg_cox_exact(const struct yg_cox_frame *f, struct yg_task *task, double *loglik, double *u, double *info,
                            struct yg_err *err)
{
	size_t p = f->p, width = 1 + p + p * p;
	if (steps(f) > MOST_STEPS) {
		yg_fail(err, YG_ELIMIT, "E-COX-001", N_("ties=discrete needs too many steps for so many tied events"));
		yg_err_hint(err, N_("use ties=efron, which is close to it unless most of those at risk have the event at once"));
		return YG_ELIMIT;
	}
	struct exact_job job = { f, yg_data_calloc(f->parts * width + width, sizeof(double)) };
	if (!job.out)
		return yg_survival_no_memory(err);
	enum yg_status s = yg_cox_parts(f, task, exact_part, &job, err);
	if (s == YG_OK) {
		yg_sum_tree(job.out, f->parts, width);
		*loglik += job.out[0];
		for (size_t a = 0; a < p; a++) {
			u[a] = f->death_x[a] + job.out[1 + a];
			for (size_t b = a; b < p; b++)
				info[a * p + b] = info[b * p + a] = job.out[1 + p + a * p + b];
		}
	}
	yg_data_free(job.out);
	return s;
}
