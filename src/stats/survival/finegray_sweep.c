/* Fine and Gray's likelihood: rows in order of time, the curves that weigh them, and the two sweeps. */
#include <math.h>
#include <string.h>

#include "finegray_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"
#include "yogo/num/sort.h"

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the model"));
}

/* ---- sums over the risk sets ---- */

static void add_row(const struct fg_sweep *s, size_t i, double by, double *s0, double *s1)
{
	const size_t p = s->p;
	const double *x = s->x + i * p;

	*s0 += by;
	for (size_t j = 0; j < p; j++)
		s1[j] += by * x[j];
}

/* From the last event time back: all whose time is not over, less those who have not entered. */
static void sweep_back(struct fg_sweep *s, double *scratch)
{
	const size_t p = s->p;
	double s0 = 0, l0 = 0, *s1 = scratch, *l1 = scratch + p;
	size_t i = s->n, k = s->n;

	memset(scratch, 0, 2 * p * sizeof *scratch);
	for (size_t u = s->m; u-- > 0;) {
		double *M = s->M + u * p;
		for (; i > 0 && s->T[i - 1] >= s->event_time[u]; i--)
			add_row(s, i - 1, s->e[i - 1], &s0, s1);
		memcpy(M, s1, p * sizeof *s1);
		s->S0[u] = s0;
		if (!s->from)
			continue;
		for (; k > 0 && s->from[s->by_entry[k - 1]] > u; k--)
			add_row(s, s->by_entry[k - 1], s->e[s->by_entry[k - 1]], &l0, l1);
		s->S0[u] -= l0;
		for (size_t j = 0; j < p; j++)
			M[j] -= l1[j];
	}
}

/* One factor of the likelihood: S0, S1 with weight d. */
static double factor(const struct fg_sweep *s, double d, double S0, const double *S1, double *score, double *information)
{
	const size_t p = s->p;
	double step = d / S0, f = step / S0;

	for (size_t j = 0; j < p; j++) {
		double a = f * S1[j];
		score[j] -= step * S1[j];
		for (size_t k = 0; k <= j; k++)
			information[j * p + k] -= a * S1[k];
	}
	return step;
}

/* The rows with the event at time u, whose weight is taken off in shares. */
static double efron_time(struct fg_sweep *s, size_t u, size_t first, double *loglik, double *score, double *information,
                         double *scratch)
{
	const size_t p = s->p, tied = s->tied[u];
	double *S1 = s->M + u * p, *mean = scratch, *D1 = scratch + p, *part = scratch + 2 * p, D0 = 0, step = 0;
	double d = s->deaths[u] / (double)tied;

	memset(scratch, 0, 2 * p * sizeof *scratch);
	memset(s->E1 + u * p, 0, p * sizeof(double));
	memset(s->O1 + u * p, 0, p * sizeof(double));
	s->own[u] = 0;
	for (size_t i = first; i < s->n && s->T[i] == s->event_time[u]; i++)
		if (s->kind[i] == 1)
			add_row(s, i, s->e[i], &D0, D1);
	for (size_t r = 0; r < tied; r++) {
		double f = (double)r / (double)tied, S0 = s->S0[u] - f * D0, one;
		for (size_t j = 0; j < p; j++)
			part[j] = S1[j] - f * D1[j];
		one = factor(s, d, S0, part, score, information);
		*loglik -= d * yg_log(S0);
		step += one;
		s->own[u] += f * one;
		for (size_t j = 0; j < p; j++) {
			mean[j] += part[j] / S0 / (double)tied;
			s->E1[u * p + j] += one * part[j] / S0;
			s->O1[u * p + j] += f * one * part[j] / S0;
		}
	}
	memcpy(S1, mean, p * sizeof *mean);
	return step;
}

/* Forward: those who had another event before come in, weighted; each event time's part of the likelihood. */
static double sweep_forward(struct fg_sweep *s, double *score, double *information, double *scratch)
{
	const size_t p = s->p, G = s->groups;
	double *c0 = scratch, *c1 = scratch + G, *more = c1 + G * p, loglik = 0;
	size_t i = 0;

	memset(scratch, 0, (G + G * p) * sizeof *scratch);
	s->A[0] = 0;
	memset(s->B, 0, G * sizeof *s->B);
	for (size_t u = 0; u < s->m; u++) {
		double *S1 = s->M + u * p, step;
		for (; i < s->n && s->T[i] < s->event_time[u]; i++)
			if (s->kind[i] == 2)
				add_row(s, i, s->e[i] / s->Q[i], &c0[s->group[i]], c1 + (size_t)s->group[i] * p);
		for (size_t g = 0; g < G; g++) {
			double Q = s->Qt[u * G + g];
			s->S0[u] += Q * c0[g];
			for (size_t j = 0; j < p; j++)
				S1[j] += Q * c1[g * p + j];
		}
		if (s->efron) {
			step = efron_time(s, u, i, &loglik, score, information, more);
		} else {
			loglik -= s->deaths[u] * yg_log(s->S0[u]);
			step = factor(s, s->deaths[u], s->S0[u], S1, score, information);
			for (size_t j = 0; j < p; j++)
				S1[j] /= s->S0[u];
		}
		s->A[u + 1] = s->A[u] + step;
		for (size_t g = 0; g < G; g++)
			s->B[(u + 1) * G + g] = s->B[u * G + g] + step * s->Qt[u * G + g];
	}
	return loglik;
}

enum yg_status fg_evaluate(void *context, const double *b, double *objective, double *score, double *information, struct yg_err *err)
{
	struct fg_sweep *s = context;
	const size_t p = s->p, G = s->groups;
	double loglik = 0, *scratch, *within;

	if (yg_task_cancelled(s->task))
		return yg_fail(err, YG_CANCELLED, "E-RUN-001", N_("cancelled; nothing was kept"));
	YG_TRY(yg_linear_predictor(s->x, s->n, p, b, s->offset, s->task, s->c, err));
	for (size_t i = 0; i < s->n; i++)
		if (s->kind[i] == 1)
			loglik += s->w[i] * s->c[i];
	yg_exp_array(s->c, s->e, s->n);
	for (size_t i = 0; i < s->n && s->d->weight; i++)
		s->e[i] *= s->w[i];
	scratch = yg_xcalloc((G + 3) * (p + 1) + p * p, sizeof *scratch);
	within = scratch + (G + 3) * (p + 1);
	memcpy(score, s->events_x, p * sizeof *score);
	sweep_back(s, scratch);
	loglik += sweep_forward(s, score, within, scratch);
	*objective = loglik;
	if (!isfinite(loglik)) {
		yg_free(scratch);
		return YG_OK;
	}
	for (size_t i = 0; i < s->n; i++) {
		size_t u = s->upto[i], g = (size_t)s->group[i];
		double c = s->A[u] - (s->from ? s->A[s->from[i]] : 0);
		if (s->kind[i] == 2)
			c += (s->B[s->m * G + g] - s->B[u * G + g]) / s->Q[i];
		if (s->efron && s->kind[i] == 1)
			c -= s->own[u - 1];
		s->c[i] = s->e[i] * c;
	}
	enum yg_status status = yg_cross_product(s->x, s->n, p, s->c, NULL, s->task, information, NULL, NULL, err);
	for (size_t j = 0; j < p && status == YG_OK; j++)
		for (size_t k = 0; k <= j; k++)
			information[k * p + j] = information[j * p + k] += within[j * p + k];
	yg_free(scratch);
	return status;
}

/* ---- the curves that weigh ---- */

/* Kaplan-Meier curves of the time to censoring, read just before each row's time and each event time. */
static void censoring_curves(struct fg_sweep *s)
{
	const size_t G = s->groups;
	double *risk = yg_xcalloc(4 * G, sizeof *risk), *left = risk + G, *censored = risk + 2 * G, *gone = risk + 3 * G;
	size_t u = 0, k = 0;

	for (size_t g = 0; g < G; g++)
		left[g] = 1;
	for (size_t i = 0; i < s->n && !s->d->entry; i++)
		risk[s->group[i]] += s->w[i];
	for (size_t i = 0, j; i < s->n; i = j) {
		for (; s->d->entry && k < s->n && s->d->entry[s->order[s->by_entry[k]]] < s->T[i]; k++)
			risk[s->group[s->by_entry[k]]] += s->w[s->by_entry[k]];
		if (u < s->m && s->event_time[u] == s->T[i])
			memcpy(s->Qt + u++ * G, left, G * sizeof *left);
		memset(censored, 0, 2 * G * sizeof *censored);
		for (j = i; j < s->n && s->T[j] == s->T[i]; j++) {
			s->Q[j] = left[s->group[j]];
			(s->kind[j] == 0 ? censored : gone)[s->group[j]] += s->w[j];
			s->upto[j] = (uint32_t)u;
		}
		for (size_t g = 0; g < G; g++) {
			double at_risk = risk[g] - (s->events_leave_first ? gone[g] : 0);
			if (censored[g] > 0)
				left[g] *= censored[g] < at_risk * (1 - 1e-12) ? 1 - censored[g] / at_risk : 0;
			risk[g] -= censored[g] + gone[g];
		}
	}
	yg_free(risk);
}

/*
 * Late entry: H(t-) = product over entries v >= t of 1 - entries / at risk (entry <= v < time), from the last entry back; multiplied
 * into Q.  Event times and rows are read from the last one back as well.
 */
static void entry_curves(struct fg_sweep *s)
{
	const size_t G = s->groups;
	const double *entry = s->d->entry;
	double *risk = yg_xcalloc(3 * G, sizeof *risk), *left = risk + G, *come = risk + 2 * G;
	size_t i = s->n, exits = s->n, u = s->m, k = s->n;

	for (size_t g = 0; g < G; g++)
		left[g] = 1;
	while (k > 0) {
		double v = entry[s->order[s->by_entry[k - 1]]];
		for (; i > 0 && s->T[i - 1] > v; i--)
			s->Q[i - 1] *= left[s->group[i - 1]];
		for (; u > 0 && s->event_time[u - 1] > v; u--)
			for (size_t g = 0; g < G; g++)
				s->Qt[(u - 1) * G + g] *= left[g];
		/* Backwards in time people come at their end and leave at their entry. */
		for (; exits > 0 && s->T[exits - 1] > v; exits--)
			risk[s->group[exits - 1]] += s->w[exits - 1];
		memset(come, 0, G * sizeof *come);
		for (; k > 0 && entry[s->order[s->by_entry[k - 1]]] == v; k--)
			come[s->group[s->by_entry[k - 1]]] += s->w[s->by_entry[k - 1]];
		for (size_t g = 0; g < G; g++)
			if (come[g] > 0) {
				left[g] *= come[g] < risk[g] * (1 - 1e-12) ? 1 - come[g] / risk[g] : 0;
				risk[g] -= come[g];
			}
	}
	yg_free(risk);
}

/* ---- rows in order ---- */

static enum yg_status entries(struct fg_sweep *s, struct yg_err *err)
{
	const size_t n = s->n;
	double *entry = yg_data_alloc(n + 1, sizeof *entry);
	enum yg_status status;

	s->from = yg_data_alloc(n + 1, sizeof *s->from);
	s->by_entry = yg_data_alloc(n + 1, sizeof *s->by_entry);
	status = entry && s->from && s->by_entry ? YG_OK : no_memory(err);
	for (size_t i = 0; i < n && status == YG_OK; i++)
		entry[i] = s->d->entry[s->order[i]];
	if (status == YG_OK)
		status = yg_sort_doubles(entry, n, s->task, s->by_entry, err);
	for (size_t k = 0, u = 0; k < n && status == YG_OK; k++) {
		uint32_t i = s->by_entry[k];
		while (u < s->m && s->event_time[u] <= entry[i])
			u++;
		s->from[i] = (uint32_t)u;
	}
	yg_data_free(entry);
	return status;
}

/* Rows by time with the columns centred; event times and what happened at them. */
static enum yg_status arrange(struct fg_sweep *s, struct yg_err *err)
{
	const struct yg_finegray_data *d = s->d;
	const size_t n = s->n, p = s->p, G = s->groups;
	double *q, total = 0;

	for (size_t i = 0; i < n; i++) {
		double w = d->weight ? d->weight[i] : 1;
		total += w;
		for (size_t j = 0; j < p; j++)
			s->mean[j] += w * d->x[i * p + j];
	}
	for (size_t j = 0; j < p; j++)
		s->mean[j] /= total > 0 ? total : 1;
	for (size_t i = 0; i < n; i++) {
		uint32_t row = s->order[i];
		uint8_t e = d->event[row];
		s->kind[i] = e == 0 ? 0 : e == s->cause ? 1 : 2;
		s->group[i] = d->censor_group ? d->censor_group[row] : 0;
		s->T[i] = d->time[row];
		s->w[i] = d->weight ? d->weight[row] : 1;
		if (s->offset)
			s->offset[i] = d->offset[row];
		for (size_t j = 0; j < p; j++)
			s->x[i * p + j] = d->x[(size_t)row * p + j] - s->mean[j];
		/* An event of weight 0 is none. */
		if (s->kind[i] == 1 && s->w[i] <= 0)
			s->kind[i] = 0;
		s->m += s->kind[i] == 1;
	}
	s->memory_m = q = yg_data_calloc((s->m + 1) * (5 + p * (s->efron ? 3 : 1) + 2 * G) + p + 1, sizeof *q);
	s->tied = yg_data_calloc(s->m + 1, sizeof *s->tied);
	if (!q || !s->tied)
		return no_memory(err);
	const size_t most = s->m + 1;
	double **of_times[] = { &s->event_time, &s->deaths, &s->S0, &s->A, &s->own };
	for (size_t k = 0; k < 5; k++, q += most)
		*of_times[k] = q;
	s->M = q, q += most * p;
	s->Qt = q, q += most * G;
	s->B = q, q += most * G;
	s->events_x = q, q += p;
	if (s->efron)
		s->E1 = q, s->O1 = q + most * p;
	s->m = 0;
	for (size_t i = 0; i < n; i++) {
		if (s->kind[i] != 1)
			continue;
		if (!s->m || s->event_time[s->m - 1] != s->T[i])
			s->event_time[s->m++] = s->T[i];
		s->deaths[s->m - 1] += s->w[i];
		s->tied[s->m - 1]++;
		for (size_t j = 0; j < p; j++)
			s->events_x[j] += s->w[i] * s->x[i * p + j];
	}
	return YG_OK;
}

enum yg_status fg_prepare(struct fg_sweep *s, struct yg_err *err)
{
	const size_t n = s->n, p = s->p;
	double *q = s->memory = yg_data_alloc(n * (p + 6) + p + 1, sizeof *q);

	s->order = yg_data_alloc(n, sizeof *s->order);
	s->kind = yg_data_alloc(n, 1);
	s->group = yg_data_alloc(n, sizeof *s->group);
	s->upto = yg_data_alloc(n, sizeof *s->upto);
	if (!s->order || !s->kind || !s->group || !s->upto || !q)
		return no_memory(err);
	YG_TRY(yg_sort_doubles(s->d->time, n, s->task, s->order, err));
	double **of_rows[] = { &s->T, &s->w, &s->Q, &s->e, &s->c, &s->offset };
	s->x = q, q += n * p;
	for (size_t k = 0; k < 6; k++, q += n)
		*of_rows[k] = q;
	s->mean = q;
	memset(s->mean, 0, p * sizeof *q);
	if (!s->d->offset)
		s->offset = NULL;
	YG_TRY(arrange(s, err));
	if (s->d->entry)
		YG_TRY(entries(s, err));
	censoring_curves(s);
	if (s->d->entry)
		entry_curves(s);
	for (size_t i = 0; i < n; i++)
		if (s->kind[i] == 2 && s->upto[i] < s->m && !(s->Q[i] > 0)) {
			yg_fail(err, YG_REFUSED, "E-FIT-020", N_("nobody is under observation some time after time %g, so those with another event by "
			        "then cannot be weighed"), s->T[i]);
			yg_err_hint(err, N_("Late entry left too few at the beginning: begin the follow-up later."));
			return YG_REFUSED;
		}
	return YG_OK;
}

void fg_release(struct fg_sweep *s)
{
	yg_data_free(s->memory);
	yg_data_free(s->memory_m);
	yg_data_free(s->tied);
	yg_data_free(s->from);
	yg_data_free(s->by_entry);
	yg_data_free(s->upto);
	yg_data_free(s->group);
	yg_data_free(s->kind);
	yg_data_free(s->order);
}
