/* Influence of each row on the score of Fine and Gray's model, with the part for the estimated censoring curve. */
#include <string.h>

#include "finegray_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"

/* E and D cumulate the steps times the mean of x, and the same times Q: [m+1][p], [(m+1)*G][p]. */
struct paths {
	double *E, *D;
};

static void cumulate(const struct fg_sweep *s, struct paths *a)
{
	const size_t p = s->p, G = s->groups;

	for (size_t u = 0; u < s->m; u++)
		for (size_t j = 0; j < p; j++) {
			double step = s->efron ? s->E1[u * p + j] : (s->A[u + 1] - s->A[u]) * s->M[u * p + j];
			a->E[(u + 1) * p + j] = a->E[u * p + j] + step;
			for (size_t g = 0; g < G; g++)
				a->D[((u + 1) * G + g) * p + j] = a->D[(u * G + g) * p + j] + step * s->Qt[u * G + g];
		}
}

struct scoring {
	const struct fg_sweep *s;
	const struct paths *a;
	double *r;
};

/* The integral of (x - mean) against a cumulated step function is x (A - A') - (E - E'). */
static enum yg_status score_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct scoring *job = context;
	const struct fg_sweep *s = job->s;
	const struct paths *a = job->a;
	const size_t p = s->p, G = s->groups, m = s->m, from = block * FG_ROWS, to = from + FG_ROWS < s->n ? from + FG_ROWS : s->n;

	(void)worker;
	(void)err;
	for (size_t i = from; i < to; i++) {
		size_t u = s->upto[i], g = (size_t)s->group[i], l = s->from ? s->from[i] : 0;
		/* e has the weight in it, which is put on at the end. */
		double e = s->w[i] > 0 ? s->e[i] / s->w[i] : 0;
		for (size_t j = 0; j < p; j++) {
			double x = s->x[i * p + j], v = -e * (x * (s->A[u] - s->A[l]) - (a->E[u * p + j] - a->E[l * p + j]));
			if (s->kind[i] == 1)
				v += x - s->M[(u - 1) * p + j];
			if (s->kind[i] == 1 && s->efron)
				v += e * (x * s->own[u - 1] - s->O1[(u - 1) * p + j]);
			if (s->kind[i] == 2)
				v -= e / s->Q[i] * (x * (s->B[m * G + g] - s->B[u * G + g]) - (a->D[(m * G + g) * p + j] - a->D[(u * G + g) * p + j]));
			job->r[i * p + j] = v;
		}
	}
	return YG_OK;
}

/*
 * psi (Fine and Gray 1999, section 4): at each censoring time, what the censorings there move the score through G, shared by those at
 * risk of it.
 */
static void censoring_residuals(const struct fg_sweep *s, const struct paths *a, double *r)
{
	const size_t p = s->p, G = s->groups, m = s->m;
	double *memory = yg_xcalloc(2 * G + 3 * G * p + 1, sizeof *memory), *R0 = memory, *at_risk = memory + G;
	double *R1 = memory + 2 * G, *done = R1 + G * p, *here = done + G * p;

	for (size_t i = 0; i < s->n; i++)
		at_risk[s->group[i]] += s->w[i];
	for (size_t i = 0, k; i < s->n; i = k) {
		/* Event times before this one; those at it still count as to come (t >= u > T in the paper). */
		size_t u = s->upto[i];
		if (u > 0 && s->event_time[u - 1] == s->T[i])
			u--;
		/* q / pi at this time, and what it adds for every censoring here to those at risk. */
		for (size_t g = 0; g < G; g++)
			for (size_t j = 0; j < p && at_risk[g] > 0; j++)
				here[g * p + j] = (R1[g * p + j] * (s->B[m * G + g] - s->B[u * G + g]) -
				                   R0[g] * (a->D[(m * G + g) * p + j] - a->D[(u * G + g) * p + j])) / at_risk[g];
		for (k = i; k < s->n && s->T[k] == s->T[i]; k++) {
			size_t g = (size_t)s->group[k];
			for (size_t j = 0; j < p && s->kind[k] == 0 && at_risk[g] > 0; j++)
				done[g * p + j] += s->w[k] * here[g * p + j] / at_risk[g];
			if (s->kind[k] != 2)
				continue;
			R0[g] += s->e[k] / s->Q[k];
			for (size_t j = 0; j < p; j++)
				R1[g * p + j] += s->e[k] / s->Q[k] * s->x[k * p + j];
		}
		for (size_t c = i; c < k; c++) {
			size_t g = (size_t)s->group[c];
			for (size_t j = 0; j < p; j++)
				r[c * p + j] += (s->kind[c] == 0 ? here[g * p + j] : 0) - done[g * p + j];
		}
		for (size_t c = i; c < k; c++)
			at_risk[s->group[c]] -= s->w[c];
	}
	yg_free(memory);
}

enum yg_status fg_residuals(const struct fg_sweep *s, bool censoring_term, double *r, struct yg_err *err)
{
	const size_t p = s->p, G = s->groups, m = s->m;
	struct paths a;

	a.E = yg_data_alloc((m + 1) * p * (G + 1) + 1, sizeof *a.E);
	if (!a.E)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the variance"));
	a.D = a.E + (m + 1) * p;
	memset(a.E, 0, p * sizeof *a.E);
	memset(a.D, 0, G * p * sizeof *a.D);
	cumulate(s, &a);
	struct scoring job = { s, &a, r };
	enum yg_status status = yg_pool_run(s->task, (s->n + FG_ROWS - 1) / FG_ROWS, score_block, &job, err);
	if (status == YG_OK && censoring_term)
		censoring_residuals(s, &a, r);
	yg_data_free(a.E);
	return status;
}
