/*
 * Damped Newton with step halving; see the header for the rule of stopping.
 *
 * The decrement is the criterion because it does not depend on how the columns are scaled, and because
 * relative changes of a log likelihood stop too early when the likelihood is large.
 */
#include "yogo/num/newton.h"

#include <math.h>
#include <string.h>

#include "yogo/base/mem.h"
#include "yogo/num/matrix.h"

const struct yg_newton_options yg_newton_standard = { 50, 40, 1e-16, YG_CHOLESKY_TOLERANCE };

const char *yg_stop_name(enum yg_stop stop)
{
	static const char *const name[] = { "tolerance", "iterations", "stalled", "not finite" };
	return name[stop];
}

struct work {
	double *factor, *step, *trial, *score, *information;
};

/* Step from the current score and information; returns the decrement. */
static double newton_step(size_t p, const double *score, const double *information, double tolerance,
                          struct work *w, uint8_t *dropped, size_t *rank)
{
	memcpy(w->factor, information, p * p * sizeof(double));
	*rank = yg_cholesky(w->factor, p, tolerance, dropped);
	memcpy(w->step, score, p * sizeof(double));
	yg_cholesky_solve(w->factor, p, dropped, w->step);
	return yg_dot(w->step, score, p);
}

static enum yg_status iterate(size_t p, double *b, yg_newton_fn *fn, void *context,
                              const struct yg_newton_options *o, struct yg_newton *out, double *score,
                              double *information, uint8_t *dropped, struct work *w, struct yg_err *err)
{
	YG_TRY(fn(context, b, &out->objective, score, information, err));
	out->objective_start = out->objective;
	out->decrement = newton_step(p, score, information, o->rank_tolerance, w, dropped, &out->rank);
	if (!isfinite(out->objective)) {
		out->stop = YG_STOP_NOT_FINITE;
		return YG_OK;
	}
	while (out->iterations < o->most_iterations) {
		if (!(out->decrement > o->tolerance)) {
			for (size_t j = 0; j < p; j++)
				b[j] += w->step[j];
			out->stop = YG_STOP_TOLERANCE;
			return YG_OK;
		}
		out->iterations++;
		double objective = 0, size = 1;
		int halvings = 0;
		for (;; halvings++, size /= 2) {
			for (size_t j = 0; j < p; j++)
				w->trial[j] = b[j] + size * w->step[j];
			YG_TRY(fn(context, w->trial, &objective, w->score, w->information, err));
			/* Rounding may lower the objective by its own last digits near the maximum. */
			double slack = 1e-13 * (fabs(out->objective) + 1);
			if (isfinite(objective) && objective >= out->objective - slack)
				break;
			if (halvings == o->most_halvings) {
				out->stop = YG_STOP_STALLED;
				return YG_OK;
			}
		}
		out->halvings += halvings;
		out->objective = objective;
		memcpy(b, w->trial, p * sizeof(double));
		memcpy(score, w->score, p * sizeof(double));
		memcpy(information, w->information, p * p * sizeof(double));
		out->decrement = newton_step(p, score, information, o->rank_tolerance, w, dropped, &out->rank);
	}
	out->stop = out->decrement <= o->tolerance || o->most_iterations == 0 ? YG_STOP_TOLERANCE : YG_STOP_ITERATIONS;
	return YG_OK;
}

enum yg_status yg_newton_maximize(size_t p, double *b, yg_newton_fn *fn, void *context,
                                  const struct yg_newton_options *options, struct yg_newton *out, double *score,
                                  double *information, uint8_t *dropped, struct yg_err *err)
{
	struct work w;
	double *space = yg_data_calloc(2 * p * p + 3 * p + 1, sizeof(double));
	if (!space)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out in the maximiser");
	w.factor = space;
	w.information = w.factor + p * p;
	w.step = w.information + p * p;
	w.trial = w.step + p;
	w.score = w.trial + p;
	struct yg_newton result = { 0 };
	enum yg_status s = iterate(p, b, fn, context, options ? options : &yg_newton_standard, &result, score, information,
	                           dropped, &w, err);
	if (s == YG_OK)
		*out = result;
	yg_data_free(space);
	return s;
}
