/*
 * Regression on the subdistribution hazard of one cause (Fine and Gray 1999, JASA 94:496).
 *
 * Who had another event stays at risk with weight G(t-) / G(T-), G the Kaplan-Meier curve of the time to censoring
 * (of his censoring group).  Breslow's form for ties.  At a tied time events come before censorings.
 *
 *   log L(b) = sum over events of x'b - d_u log S0(u)
 *   S0(u)    = sum over T >= t_u of e + sum over groups G(t_u-) sum over other events before t_u of e / G(T-),   e = exp(x'b)
 * One backward and one forward sweep give S0 and S1; the information is X' diag(e c) X - sum d S1 S1'/S0^2, where c cumulates d/S0
 * over the times a row is at risk: O(n p^2) an iteration, no expanded data.
 *
 * Variance: sandwich of eta + psi, psi the part for the estimated censoring curve (left out on request, as programs
 * that expand the data do).
 *
 *   n, time[n]          follow-up, one row a person
 *   event[n]            0 censored, else the number of the cause
 *   x[n*p]              row-major
 *   censor_group[n]     0..groups-1, or NULL = one censoring curve
 */
#ifndef YOGO_STATS_FINEGRAY_H
#define YOGO_STATS_FINEGRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"
#include "yogo/num/newton.h"

struct yg_finegray_data {
	size_t n, p;
	const double *time;
	const uint8_t *event;
	const double *x;
	const int32_t *censor_group;
	size_t censor_groups;
};
struct yg_finegray_options {
	unsigned cause;
	bool no_censoring_term;
};
struct yg_finegray {
	size_t p;
	uint64_t n, events, competing;
	double *beta, *se;        /* [p]; NaN se where dropped */
	double *var;              /* [p*p] */
	uint8_t *dropped;         /* [p] 1 = constant, or a combination of earlier columns */
	int rank, iterations;
	enum yg_stop stop;
	double loglik_null, loglik;
	double wald;              /* b' V^-1 b on rank degrees of freedom */
	size_t times;
	double *time, *hazard;    /* [times] event times; cumulative subdistribution hazard at x = 0 */
	void *memory;
};
enum yg_status yg_finegray_fit(const struct yg_finegray_data *d, const struct yg_finegray_options *options,
                               struct yg_task *task, struct yg_finegray *out, struct yg_err *err) YG_MUST_USE;
void yg_finegray_release(struct yg_finegray *f);
/* Predicted incidence at time t for covariates x[p]: 1 - exp(-H(t) exp(x'b)). */
double yg_finegray_incidence(const struct yg_finegray *f, const double *x, double t);

#endif
