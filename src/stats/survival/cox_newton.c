/*
 * Newton's method for the partial likelihood: full steps, halved while they do not raise it.
 *
 * The decrement U' I^-1 U is twice the rise expected, in chi-squared units, and falls quadratically.  When
 * it falls only by a constant factor while coefficients go on growing and their standard errors explode, the likelihood
 * is monotone: those coefficients are marked infinite.
 */
#include <math.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/cox_priv.h"
#include "yogo/base/mem.h"
#include "yogo/num/matrix.h"

#define DECREMENT 1e-16
#define SE_GROWTH 20.0    /* standard error against the one at the start: an estimate that runs away */

int yg_cox_newton_init(struct yg_cox_newton *n, size_t p)
{
	memset(n, 0, sizeof *n);
	n->beta = yg_data_calloc(5 * p + 3 * p * p + 1, sizeof(double));
	n->held = yg_data_calloc(2 * p + 1, 1);
	if (!n->beta || !n->held)
		return 0;
	n->u = n->beta + p;
	n->step = n->u + p;
	n->info = n->step + 3 * p;
	n->work = n->info + p * p;
	n->infinite = n->held + p;
	return 1;
}

void yg_cox_newton_release(struct yg_cox_newton *n)
{
	yg_data_free(n->beta);
	yg_data_free(n->held);
	memset(n, 0, sizeof *n);
}

static enum yg_status likelihood(struct yg_cox_frame *f, enum yg_cox_ties ties, const double *beta, struct yg_task *task,
                                 double *loglik, double *u, double *info, struct yg_err *err)
{
	if (f->time)
		return yg_cox_time_evaluate(f, ties, beta, task, loglik, u, info, err);
	if (ties == YG_COX_EFRON || ties == YG_COX_BRESLOW) {
		YG_TRY(yg_cox_set(f, beta, ties, task, loglik, err));
		YG_TRY(yg_cox_derivatives(f, NULL, task, u, info, err));
		if (f->firth)
			YG_TRY(yg_cox_widen(f, task, err));
		return f->firth ? yg_cox_firth(f, ties, task, loglik, u, info, err) : YG_OK;
	}
	double unused;
	YG_TRY(yg_cox_widen(f, task, err));
	YG_TRY(yg_cox_set(f, beta, YG_COX_BRESLOW, task, &unused, err));
	*loglik = f->death_offset;
	for (size_t a = 0; a < f->p; a++)
		*loglik += beta[a] * f->death_x[a];
	if (ties == YG_COX_MARGINAL)
		return yg_cox_marginal(f, task, loglik, u, info, err);
	return yg_cox_exact(f, task, loglik, u, info, err);
}

enum yg_status yg_cox_evaluate(struct yg_cox_frame *f, enum yg_cox_ties ties, const double *beta, struct yg_task *task,
                               double *loglik, double *u, double *info, struct yg_err *err)
{
	YG_TRY(likelihood(f, ties, beta, task, loglik, u, info, err));
	for (size_t a = 0; f->ridge && a < f->p; a++) {
		*loglik -= 0.5 * f->ridge[a] * beta[a] * beta[a];
		u[a] -= f->ridge[a] * beta[a];
		info[a * f->p + a] += f->ridge[a];
	}
	return YG_OK;
}

/* Solve for the step; returns the decrement.  se[p] of the columns. */
static double solve(struct yg_cox_newton *n, size_t p, double *se)
{
	double *l = n->work, *inverse = n->work + p * p, decrement = 0;
	uint8_t *dropped = yg_xcalloc(p + 1, 1);
	for (size_t i = 0; i < p; i++)
		for (size_t j = 0; j < p; j++)
			l[i * p + j] = n->held[i] || n->held[j] ? 0 : n->info[i * p + j];
	for (size_t i = 0; i < p; i++)
		n->step[i] = n->held[i] ? 0 : n->u[i];
	if (yg_cholesky(l, p, 1e-13, dropped) == 0)
		memset(dropped, 1, p);
	yg_cholesky_solve(l, p, dropped, n->step);
	yg_cholesky_inverse(l, p, dropped, inverse);
	for (size_t i = 0; i < p; i++) {
		decrement += n->step[i] * n->u[i];
		se[i] = sqrt(inverse[i * p + i]);
	}
	yg_free(dropped);
	return decrement;
}

/* Try beta + step, halving; YG_OK with *moved 0 when no rise was found. */
static enum yg_status climb(struct yg_cox_newton *n, struct yg_cox_frame *f, enum yg_cox_ties ties, double decrement,
                            double *trial, int *moved, struct yg_task *task, struct yg_err *err)
{
	double slack = 1e-9 * (fabs(n->loglik) + 1) * (decrement < 1e-6 ? 1 : 1e-3), loglik;
	*moved = 0;
	for (int halved = 0; halved < 30; halved++) {
		double part = ldexp(1, -halved);
		for (size_t a = 0; a < yg_cox_width(f); a++)
			trial[a] = n->beta[a] + part * n->step[a];
		YG_TRY(yg_cox_evaluate(f, ties, trial, task, &loglik, n->u, n->info, err));
		if (!(loglik >= n->loglik - slack) || !(fabs(n->info[0]) < INFINITY))
			continue;
		memcpy(n->beta, trial, yg_cox_width(f) * sizeof *trial);
		n->loglik = loglik;
		*moved = halved + 1;
		return YG_OK;
	}
	return YG_OK;
}

static int mark_infinite(struct yg_cox_newton *n, size_t p, const double *se, const double *se0)
{
	int any = 0;
	for (size_t a = 0; a < p; a++)
		if (!n->held[a] && se[a] > SE_GROWTH * se0[a]) {
			n->infinite[a] = 1;
			any = 1;
		}
	return any;
}

enum yg_status yg_cox_newton_run(struct yg_cox_newton *n, struct yg_cox_frame *f, enum yg_cox_ties ties, int most,
                                 struct yg_task *task, struct yg_err *err)
{
	size_t p = yg_cox_width(f);
	double *se = n->step + p, *se0 = se + p, before = INFINITY, *trial = yg_xalloc(p + 1, sizeof *trial);
	int slow = 0, moved = 1;
	enum yg_status s = YG_OK;
	memset(n->infinite, 0, p);
	n->stop = YG_COX_ITERATIONS;
	for (n->iterations = 0; ; n->iterations++) {
		double decrement = solve(n, p, n->iterations ? se : se0);
		if (!(decrement >= 0)) {
			n->stop = YG_COX_ITERATIONS;
			break;
		}
		if (decrement < DECREMENT || p == 0 || most == 0) {
			n->stop = YG_COX_CONVERGED;
			for (size_t a = 0; a < p && most; a++)
				n->beta[a] += n->step[a];
			n->loglik += most ? 0.5 * decrement : 0;
			break;
		}
		/* With Firth's penalty the information is not the whole curvature: convergence is linear, and nothing
		   is infinite. */
		slow = !f->firth && decrement < 1e-2 && decrement > 0.05 * before ? slow + 1 : 0;
		before = decrement;
		if ((slow >= 4 && decrement < 1e-8) || n->iterations >= most) {
			if (slow >= 3 && mark_infinite(n, p, se, se0))
				n->stop = YG_COX_MONOTONE;
			else if (decrement < 1e-10)
				n->stop = YG_COX_CONVERGED;
			break;
		}
		s = climb(n, f, ties, decrement, trial, &moved, task, err);
		if (s != YG_OK || !moved) {
			/* No rise to be found, though the slope says so: as good as rounding allows, or lost. */
			n->stop = decrement < 1e-8 ? YG_COX_CONVERGED : YG_COX_ITERATIONS;
			break;
		}
	}
	yg_free(trial);
	return s;
}
