/*
 * Fine and Gray's likelihood.  Event times come in blocks: each block adds up its own rows, what the blocks after it (those
 * still at risk) and before it (those who had another event) bring is carried from block to block, and each block finishes
 * its event times.  The blocks follow the rows, so that threads change no bit.
 */
#include <math.h>
#include <string.h>

#include "finegray_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"

/* What a block of event times hands on, one row of `width` numbers: sums over its own rows, then parts of the likelihood. */
struct sweeping {
	struct fg_sweep *s;
	size_t width;
	double *part;
};

/* Sums s0, s1 as one row of 1 + p numbers. */
static inline double *risk_of(const struct sweeping *w, size_t block)
{
	return w->part + block * w->width;
}

static inline double *others_of(const struct sweeping *w, size_t block)
{
	return risk_of(w, block) + 1 + w->s->p;
}

static inline double *likelihood_of(const struct sweeping *w, size_t block)
{
	return others_of(w, block) + w->s->groups * (1 + w->s->p);
}

static void add_row(const struct fg_sweep *s, size_t i, double by, double *sum)
{
	const size_t p = s->p;
	const double *x = s->x + i * p;

	sum[0] += by;
	for (size_t j = 0; j < p; j++)
		sum[1 + j] += by * x[j];
}

/* ---- sums over the rows of a block ---- */

/* From its last event time back: all whose time is not over, less those who have not entered. */
static void sum_back(struct fg_sweep *s, size_t from, size_t to, double *sum)
{
	const size_t p = s->p;

	for (size_t u = to; u-- > from;) {
		for (size_t i = s->first[u + 1]; i-- > s->first[u];)
			add_row(s, i, s->e[i], sum);
		for (size_t k = s->from ? s->entered[u + 1] : 0; s->from && k-- > s->entered[u];)
			add_row(s, s->by_entry[k], -s->e[s->by_entry[k]], sum);
		s->S0[u] = sum[0];
		memcpy(s->M + u * p, sum + 1, p * sizeof *sum);
	}
}

/* From its first on: those who had another event before it. */
static void sum_others(struct fg_sweep *s, size_t from, size_t to, double *sum)
{
	const size_t p = s->p, G = s->groups, width = G * (1 + p);
	size_t i = from ? s->first[from] : 0;

	for (size_t u = from; u < to; u++) {
		for (; i < s->first[u]; i++)
			if (s->kind[i] == 2)
				add_row(s, i, s->e[i] / s->Q[i], sum + (size_t)s->group[i] * (1 + p));
		memcpy(s->C + u * width, sum, width * sizeof *sum);
	}
	for (size_t end = to < s->m ? s->first[to] : i; i < end; i++)
		if (s->kind[i] == 2)
			add_row(s, i, s->e[i] / s->Q[i], sum + (size_t)s->group[i] * (1 + p));
}

static enum yg_status sum_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct sweeping *w = context;
	struct fg_sweep *s = w->s;

	(void)worker;
	(void)err;
	sum_back(s, s->block[block], s->block[block + 1], risk_of(w, block));
	sum_others(s, s->block[block], s->block[block + 1], others_of(w, block));
	return YG_OK;
}

/* Each block's own sums become those of all blocks after it, or before it. */
static void carry(struct sweeping *w)
{
	const struct fg_sweep *s = w->s;
	const size_t p = s->p, wide = s->groups * (1 + p);
	double *sum = yg_xcalloc(1 + p + wide, sizeof *sum), *others = sum + 1 + p;

	for (size_t b = s->blocks; b-- > 0;)
		for (size_t j = 0; j <= p; j++) {
			double own = risk_of(w, b)[j];
			risk_of(w, b)[j] = sum[j];
			sum[j] += own;
		}
	for (size_t b = 0; b < s->blocks; b++)
		for (size_t j = 0; j < wide; j++) {
			double own = others_of(w, b)[j];
			others_of(w, b)[j] = others[j];
			others[j] += own;
		}
	yg_free(sum);
}

/* ---- the likelihood at an event time ---- */

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
static double efron_time(struct fg_sweep *s, size_t u, double *loglik, double *score, double *information, double *scratch)
{
	const size_t p = s->p, tied = s->tied[u];
	double *S1 = s->M + u * p, *mean = scratch, *D = scratch + p, *part = scratch + 2 * p + 1, step = 0;
	double d = s->deaths[u] / (double)tied;

	memset(scratch, 0, (2 * p + 1) * sizeof *scratch);
	memset(s->E1 + u * p, 0, p * sizeof(double));
	memset(s->O1 + u * p, 0, p * sizeof(double));
	s->own[u] = 0;
	for (size_t i = s->first[u]; i < s->n && s->T[i] == s->event_time[u]; i++)
		if (s->kind[i] == 1)
			add_row(s, i, s->e[i], D);
	for (size_t r = 0; r < tied; r++) {
		double f = (double)r / (double)tied, S0 = s->S0[u] - f * D[0], one;
		for (size_t j = 0; j < p; j++)
			part[j] = S1[j] - f * D[1 + j];
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

/* S0, M and the step of A at each event time of a block; its part of likelihood, score and information. */
static enum yg_status finish_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct sweeping *w = context;
	struct fg_sweep *s = w->s;
	const size_t p = s->p, G = s->groups;
	const double *risk = risk_of(w, block), *others = others_of(w, block);
	double *loglik = likelihood_of(w, block), *score = loglik + 1, *information = score + p;
	double *scratch = yg_xalloc(3 * p + 1, sizeof *scratch);

	(void)worker;
	(void)err;
	for (size_t u = s->block[block]; u < s->block[block + 1]; u++) {
		double *S1 = s->M + u * p, *step = &s->A[u + 1];
		s->S0[u] += risk[0];
		for (size_t j = 0; j < p; j++)
			S1[j] += risk[1 + j];
		for (size_t g = 0; g < G; g++) {
			const double *own = s->C + (u * G + g) * (1 + p), *before = others + g * (1 + p);
			double Q = s->Qt[u * G + g];
			s->S0[u] += Q * (own[0] + before[0]);
			for (size_t j = 0; j < p; j++)
				S1[j] += Q * (own[1 + j] + before[1 + j]);
		}
		if (s->efron) {
			*step = efron_time(s, u, loglik, score, information, scratch);
			continue;
		}
		*loglik -= s->deaths[u] * yg_log(s->S0[u]);
		*step = factor(s, s->deaths[u], s->S0[u], S1, score, information);
		for (size_t j = 0; j < p; j++)
			S1[j] /= s->S0[u];
	}
	yg_free(scratch);
	return YG_OK;
}

/* Log likelihood, score and information by event times are added to; steps become the curves A and B. */
static enum yg_status sweep(struct fg_sweep *s, double *loglik, double *score, double *within, struct yg_err *err)
{
	const size_t p = s->p, G = s->groups;
	struct sweeping w = { .s = s, .width = (G + 1) * (1 + p) + 1 + p + p * p };

	w.part = yg_data_calloc(s->blocks * w.width + 1, sizeof *w.part);
	if (!w.part)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the model"));
	enum yg_status status = yg_pool_run(s->task, s->blocks, sum_block, &w, err);
	if (status == YG_OK) {
		carry(&w);
		status = yg_pool_run(s->task, s->blocks, finish_block, &w, err);
	}
	for (size_t b = 0; b < s->blocks && status == YG_OK; b++) {
		const double *part = likelihood_of(&w, b);
		*loglik += part[0];
		for (size_t j = 0; j < p; j++)
			score[j] += part[1 + j];
		for (size_t j = 0; j < p * p; j++)
			within[j] += part[1 + p + j];
	}
	s->A[0] = 0;
	memset(s->B, 0, G * sizeof *s->B);
	for (size_t u = 0; u < s->m && status == YG_OK; u++) {
		double step = s->A[u + 1];
		s->A[u + 1] = s->A[u] + step;
		for (size_t g = 0; g < G; g++)
			s->B[(u + 1) * G + g] = s->B[u * G + g] + step * s->Qt[u * G + g];
	}
	yg_data_free(w.part);
	return status;
}

/* ---- by rows ---- */

/* Risk scores; the sum of linear predictors over the events of the block. */
static enum yg_status score_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct sweeping *w = context;
	struct fg_sweep *s = w->s;
	size_t from = block * FG_ROWS, to = from + FG_ROWS < s->n ? from + FG_ROWS : s->n;

	(void)worker;
	(void)err;
	for (size_t i = from; i < to; i++)
		if (s->kind[i] == 1)
			w->part[block] += s->w[i] * s->c[i];
	yg_exp_array(s->c + from, s->e + from, to - from);
	for (size_t i = from; i < to && s->d->weight; i++)
		s->e[i] *= s->w[i];
	return YG_OK;
}

static enum yg_status factor_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct fg_sweep *s = context;
	const size_t G = s->groups;
	size_t from = block * FG_ROWS, to = from + FG_ROWS < s->n ? from + FG_ROWS : s->n;

	(void)worker;
	(void)err;
	for (size_t i = from; i < to; i++) {
		size_t u = s->upto[i], g = (size_t)s->group[i];
		double c = s->A[u] - (s->from ? s->A[s->from[i]] : 0);
		if (s->kind[i] == 2)
			c += (s->B[s->m * G + g] - s->B[u * G + g]) / s->Q[i];
		if (s->efron && s->kind[i] == 1)
			c -= s->own[u - 1];
		s->c[i] = s->e[i] * c;
	}
	return YG_OK;
}

static enum yg_status risk_scores(struct fg_sweep *s, const double *b, double *loglik, struct yg_err *err)
{
	size_t blocks = (s->n + FG_ROWS - 1) / FG_ROWS;
	struct sweeping w = { .s = s, .width = 1, .part = yg_xcalloc(blocks + 1, sizeof(double)) };
	enum yg_status status = yg_linear_predictor(s->x, s->n, s->p, b, s->offset, s->task, s->c, err);

	if (status == YG_OK)
		status = yg_pool_run(s->task, blocks, score_block, &w, err);
	for (size_t k = 0; k < blocks; k++)
		*loglik += w.part[k];
	yg_free(w.part);
	return status;
}

enum yg_status fg_evaluate(void *context, const double *b, double *objective, double *score, double *information, struct yg_err *err)
{
	struct fg_sweep *s = context;
	const size_t p = s->p;
	double loglik = 0, *within = yg_xcalloc(p * p + 1, sizeof *within);
	enum yg_status status = yg_task_cancelled(s->task) ? yg_fail(err, YG_CANCELLED, "E-RUN-001", N_("cancelled; nothing was kept")) :
	                                                     risk_scores(s, b, &loglik, err);

	memcpy(score, s->events_x, p * sizeof *score);
	if (status == YG_OK)
		status = sweep(s, &loglik, score, within, err);
	*objective = loglik;
	if (status == YG_OK && isfinite(loglik)) {
		status = yg_pool_run(s->task, (s->n + FG_ROWS - 1) / FG_ROWS, factor_block, s, err);
		if (status == YG_OK)
			status = yg_cross_product(s->x, s->n, p, s->c, NULL, s->task, information, NULL, NULL, err);
		for (size_t j = 0; j < p && status == YG_OK; j++)
			for (size_t k = 0; k <= j; k++)
				information[k * p + j] = information[j * p + k] += within[j * p + k];
	}
	yg_free(within);
	return status;
}
