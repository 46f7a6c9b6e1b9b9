/*
 * Gray's K-sample test for the cumulative incidence of one cause.
 *
 * For group g let Y be the number at risk, S its survival free of every event, F its incidence of the cause. Under
 * the subdistribution view R_g = Y_g (1 - F_g(t-)) / S_g(t-) are at risk; the score of group g is
 *   z_g = sum over times of w(t) (d_g - R_g d / R),   w = (1 - F0(t-))^rho,
 * d events of the cause in group g and in all.  F0 is the incidence common to all groups under the hypothesis,
 * with increments d / sum_g Y_g / S_g(t-).  The variance (section 3 of the paper) is that of a sum of martingales of the
 * cause's and the other events of every group: a row (g, k) of coefficients, of which one part (c) depends on
 * what is still to come and is therefore completed at the end.
 */
#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"
#include "yogo/num/sort.h"
#include "yogo/stats/cuminc.h"

/* Working arrays of one stratum; G groups, tested = G - 1. */
struct gray {
	size_t G, T;
	double *risk, *own, *other;       /* [G] at risk; events of the cause, of the others, at this time */
	double *surv, *surv_next, *F;     /* [G] S(t-), S(t), F(t-) */
	double *a, *c;                    /* [T*G] coefficients now and cumulated */
	double *v, *v2, *v3;              /* [T*T], [T*G], [G] */
	double *score;                    /* [T] */
};

static void contribute(struct gray *g, size_t k, double direct, double indirect_scale, double variance, bool other)
{
	for (size_t i = 0; i < g->T; i++) {
		double ti = (other ? 0 : g->a[i * g->G + k] * direct) - indirect_scale * g->c[i * g->G + k];
		g->v2[i * g->G + k] += ti * indirect_scale * variance;
		for (size_t j = 0; j <= i; j++) {
			double tj = (other ? 0 : g->a[j * g->G + k] * direct) - indirect_scale * g->c[j * g->G + k];
			g->v[i * g->T + j] += ti * tj * variance;
		}
	}
	g->v3[k] += indirect_scale * indirect_scale * variance;
}

/* One distinct time; F0 is the common incidence just before, returns it just after. */
static double step(struct gray *g, double F0, double rho)
{
	double pooled = 0, subdistribution = 0, events = 0, next, weight;

	for (size_t k = 0; k < g->G; k++) {
		events += g->own[k];
		if (g->risk[k] <= 0)
			continue;
		g->surv_next[k] = g->surv[k] * (g->risk[k] - g->own[k] - g->other[k]) / g->risk[k];
		pooled += g->risk[k] / g->surv[k];
		subdistribution += g->risk[k] * (1 - g->F[k]) / g->surv[k];
	}
	if (pooled <= 0)
		return F0;
	next = F0 + events / pooled;
	weight = rho == 0 ? 1 : yg_pow(1 - F0, rho);
	for (size_t i = 0; i < g->T; i++) {
		double mine = g->risk[i] > 0 ? g->risk[i] / g->surv[i] : 0;
		for (size_t k = 0; k < g->G; k++) {
			double share = g->risk[k] > 0 ? g->risk[k] / g->surv[k] / pooled : 0;
			double a = g->risk[i] > 0 && g->risk[k] > 0 ? weight * mine * ((i == k ? 1 : 0) - share) : 0;
			g->a[i * g->G + k] = a;
			g->c[i * g->G + k] += a * events / (pooled * (1 - F0));
		}
		if (g->risk[i] > 0)
			g->score[i] += weight * (g->own[i] - events * mine * (1 - g->F[i]) / subdistribution);
	}
	for (size_t k = 0; k < g->G && events > 0; k++) {
		double t4 = g->surv_next[k] > 0 ? 1 - (1 - next) / g->surv_next[k] : 1;
		double ties = events > 1 ? 1 - (events - 1) / (pooled * g->surv[k] - 1) : 1;
		if (g->risk[k] > 0)
			contribute(g, k, 1, t4, ties * g->surv[k] * events / (pooled * g->risk[k]), false);
	}
	for (size_t k = 0; k < g->G; k++) {
		double t4, ties;
		if (g->risk[k] <= 0 || g->surv_next[k] <= 0 || g->other[k] <= 0)
			continue;
		t4 = (1 - next) / g->surv_next[k];
		ties = g->other[k] > 1 ? 1 - (g->other[k] - 1) / (g->risk[k] - 1) : 1;
		/* The other events act only through what is to come, with the opposite sign. */
		contribute(g, k, 0, t4, ties * g->surv[k] * g->surv[k] * g->other[k] / (g->risk[k] * g->risk[k]), true);
	}
	for (size_t k = 0; k < g->G; k++) {
		if (g->risk[k] <= 0)
			continue;
		g->F[k] += g->surv[k] * g->own[k] / g->risk[k];
		g->surv[k] = g->surv_next[k];
	}
	return next;
}

/* How many equal rows a row stands for. */
static double weight_of(const struct yg_spans *d, uint32_t row)
{
	return d->weight ? d->weight[row] : d->repeats ? d->repeats[row] : 1;
}

static void one_stratum(struct gray *g, const struct yg_spans *d, unsigned cause, double rho, const uint32_t *order, size_t n)
{
	double F0 = 0;

	memset(g->risk, 0, g->G * sizeof(double));
	memset(g->F, 0, g->G * sizeof(double));
	memset(g->c, 0, g->T * g->G * sizeof(double));
	memset(g->v2, 0, g->T * g->G * sizeof(double));
	memset(g->v3, 0, g->G * sizeof(double));
	for (size_t k = 0; k < g->G; k++)
		g->surv[k] = g->surv_next[k] = 1;
	for (size_t i = 0; i < n; i++)
		g->risk[d->group[order[i]]] += weight_of(d, order[i]);
	for (size_t i = 0, j; i < n; i = j) {
		memset(g->own, 0, g->G * sizeof(double));
		memset(g->other, 0, g->G * sizeof(double));
		for (j = i; j < n && d->exit[order[j]] == d->exit[order[i]]; j++) {
			uint8_t e = d->event[order[j]];
			if (e == cause)
				g->own[d->group[order[j]]] += weight_of(d, order[j]);
			else if (e)
				g->other[d->group[order[j]]] += weight_of(d, order[j]);
		}
		F0 = step(g, F0, rho);
		for (size_t r = i; r < j; r++)
			g->risk[d->group[order[r]]] -= weight_of(d, order[r]);
	}
	/* What depended on the whole course is complete only now. */
	for (size_t i = 0; i < g->T; i++)
		for (size_t j = 0; j <= i; j++)
			for (size_t k = 0; k < g->G; k++) {
				double ci = g->c[i * g->G + k], cj = g->c[j * g->G + k];
				g->v[i * g->T + j] += ci * g->v2[j * g->G + k] + cj * g->v2[i * g->G + k] + ci * cj * g->v3[k];
			}
}

/* score' V^-1 score over the groups that the data let be compared. */
static void judge(struct gray *g, struct yg_gray *out)
{
	uint8_t *dropped = yg_xcalloc(g->T, 1);
	double *z = yg_xalloc(g->T, sizeof *z);

	for (size_t i = 0; i < g->T; i++)
		for (size_t j = 0; j < i; j++)
			g->v[j * g->T + i] = g->v[i * g->T + j];
	memcpy(z, g->score, g->T * sizeof *z);
	out->df = (int)yg_cholesky(g->v, g->T, 1e-10, dropped);
	yg_cholesky_solve(g->v, g->T, dropped, z);
	out->statistic = 0;
	for (size_t i = 0; i < g->T; i++)
		out->statistic += dropped[i] ? 0 : z[i] * g->score[i];
	if (out->df > 0)
		out->p = yg_chisq_upper(out->statistic, out->df);
	yg_free(z);
	yg_free(dropped);
}

/* Tests under way: the rows are sorted once, each cause is tested on a thread. */
struct testing {
	const struct yg_spans *d;
	const uint32_t *order;
	unsigned first;           /* cause */
	double rho;
	struct yg_gray *out;
};

static enum yg_status one_cause(void *context, size_t number, unsigned worker, struct yg_err *err)
{
	const struct testing *t = context;
	const struct yg_spans *d = t->d;
	const uint32_t *order = t->order;
	size_t G = d->groups, T = G - 1, n = d->n;
	struct gray g = { .G = G, .T = T };
	double *memory = yg_data_calloc(7 * G + 3 * T * G + T * T + T, sizeof *memory);
	(void)worker;

	if (!memory)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the curves"));
	g.risk = memory;
	g.own = g.risk + G;
	g.other = g.own + G;
	g.surv = g.other + G;
	g.surv_next = g.surv + G;
	g.F = g.surv_next + G;
	g.v3 = g.F + G;
	g.a = g.v3 + G;
	g.c = g.a + T * G;
	g.v2 = g.c + T * G;
	g.v = g.v2 + T * G;
	g.score = g.v + T * T;
	for (size_t i = 0, j; i < n; i = j) {
		int32_t stratum = d->stratum ? d->stratum[order[i]] : 0;
		for (j = i; j < n && (d->stratum ? d->stratum[order[j]] : 0) == stratum; j++)
			;
		one_stratum(&g, d, t->first + (unsigned)number, t->rho, order + i, j - i);
	}
	judge(&g, &t->out[number]);
	yg_data_free(memory);
	return YG_OK;
}

enum yg_status yg_gray_tests(const struct yg_spans *d, unsigned cause, unsigned causes, double rho, struct yg_task *task,
                             struct yg_gray *out, struct yg_err *err)
{
	uint32_t *order;

	for (unsigned k = 0; k < causes; k++)
		out[k] = (struct yg_gray){ 0, 0, 1 };
	if (!d->group || d->groups < 2 || !d->n)
		return YG_OK;
	order = yg_data_alloc(d->n, sizeof *order);
	if (!order)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the curves"));
	struct testing t = { .d = d, .order = order, .first = cause, .rho = rho, .out = out };
	enum yg_status status = yg_sort_survival(d->stratum, d->stratum ? d->strata : 1, d->exit, NULL, d->n, task, order, err);
	if (status == YG_OK)
		status = yg_pool_run(task, causes, one_cause, &t, err);
	yg_data_free(order);
	return status;
}

enum yg_status yg_gray_test(const struct yg_spans *d, unsigned cause, double rho, struct yg_task *task,
                            struct yg_gray *out, struct yg_err *err)
{
	return yg_gray_tests(d, cause, 1, rho, task, out, err);
}
