/*
 * One damped Newton (or Fisher scoring) maximiser with step halving and a reason for stopping.
 *
 * The step solves information * step = score by Cholesky with rank detection: dependent columns are
 * dropped and keep their starting value.  A step that lowers the objective, or lands where it is not
 * finite, is halved.  Done when the decrement score' information^-1 score <= tolerance, that is when
 * the step is below sqrt(tolerance) standard errors; one last step is then taken.
 */
#ifndef YOGO_NUM_NEWTON_H
#define YOGO_NUM_NEWTON_H

#include <stddef.h>
#include <stdint.h>

#include "yogo/base/status.h"

enum yg_stop {
	YG_STOP_TOLERANCE,     /* converged */
	YG_STOP_ITERATIONS,    /* the most iterations allowed were made */
	YG_STOP_STALLED,       /* no step, however short, raised the objective */
	YG_STOP_NOT_FINITE,    /* the objective is not finite at the start */
};
const char *yg_stop_name(enum yg_stop stop);   /* "tolerance" ... */

/* At b[p]: objective (to be maximised), score[p], information[p*p] (symmetric, positive semidefinite).
   An objective that is not finite means: outside the domain, take a shorter step. */
typedef enum yg_status yg_newton_fn(void *context, const double *b, double *objective, double *score,
                                    double *information, struct yg_err *err);

struct yg_newton_options {
	int most_iterations;        /* 0: only evaluate at the start */
	int most_halvings;
	double tolerance;           /* on the decrement */
	double rank_tolerance;      /* of the Cholesky */
};
extern const struct yg_newton_options yg_newton_standard;   /* 50, 40, 1e-16, 1e-10 */

struct yg_newton {
	double objective, objective_start;
	double decrement;           /* before the last step */
	int iterations, halvings;
	size_t rank;
	enum yg_stop stop;
};
/* b[p] start in, maximum out; information[p*p] and score[p] at the last evaluated point; dropped[p]. */
enum yg_status yg_newton_maximize(size_t p, double *b, yg_newton_fn *fn, void *context,
                                  const struct yg_newton_options *options, struct yg_newton *out, double *score,
                                  double *information, uint8_t *dropped, struct yg_err *err) YG_MUST_USE;

#endif
