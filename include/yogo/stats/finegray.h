/*
 * Regression on the subdistribution hazard of one cause (Fine and Gray 1999, JASA 94:496).
 *
 * Who had another event stays at risk with weight G(t-) / G(T-), G the Kaplan-Meier curve of the time to censoring
 * (of his censoring group).  At a tied time events come before censorings.
 *
 *   log L(b) = sum over events of x'b - d_u log S0(u)
 *   S0(u)    = sum over those at risk of e + sum over groups Q(t_u-) sum over other events before t_u of e / Q(T-),   e = w exp(x'b)
 * One backward and one forward sweep give S0 and S1; the information is X' diag(e c) X - sum d S1 S1'/S0^2, where c cumulates d/S0
 * over the times a row is at risk: O(n log n) to sort, O(n p^2) an iteration, no expanded data.
 *
 *   late entry   Q = G H, H(t) the product limit of entry in reversed time: factors 1 - entries / at risk over entries after t
 *                (Geskus 2011, Biometrics 67:39; Zhang, Zhang and Fine 2011, Stat Med 30:1933)
 *   weights      events, risk sets and G are sums of weights; frequency says that a row stands for so many equal ones
 *   ties         Breslow's form, or Efron's as finegray() and coxph() of R have it
 *   G at ties    crr of cmprsk counts those with an event at t among those who could be censored at t; finegray() of R, and
 *                here events_leave_first, does not.  Late entry and Efron's form always take the second
 *
 * Variance: sandwich of eta + psi, summed within clusters; psi is the part for the estimated censoring curve (left out on
 * request, and with Efron's form or late entry, as programs that expand the data do).
 *
 *   n, time[n]          follow-up, one row a person
 *   event[n]            0 censored, else the number of the cause
 *   x[n*p]              row-major
 *   censor_group[n]     0..groups-1, or NULL = one censoring curve
 *   entry[n]            or NULL; at risk in (entry, time]
 *   weight[n]           >= 0 or NULL; cluster[n] 0..clusters-1 or NULL
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
	const double *entry;
	const double *weight;
	bool frequency;               /* weights count equal rows: the variance is that of the repeated data */
	const uint32_t *cluster;
	size_t clusters;
	const double *offset;         /* [n] or NULL */
};
struct yg_finegray_options {
	unsigned cause;
	bool no_censoring_term;
	bool efron;
	bool events_leave_first;
	size_t curve_variance;    /* most numbers kept for standard errors of predicted curves; 0 = none */
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
	bool censoring_term;      /* the variance has it */
	size_t times;
	double *time, *hazard;    /* [times] event times; cumulative subdistribution hazard H at x = 0 */
	/* Variance of H [times], covariance of H and b, and the integral of the mean of x against H [times*p]; NULL with clusters, Efron's
	   form, or when they were not asked for */
	double *square, *cross, *shift;
	void *memory;
};
enum yg_status yg_finegray_fit(const struct yg_finegray_data *d, const struct yg_finegray_options *options,
                               struct yg_task *task, struct yg_finegray *out, struct yg_err *err) YG_MUST_USE;
void yg_finegray_release(struct yg_finegray *f);
/* A copy that owns what it has. */
enum yg_status yg_finegray_copy(const struct yg_finegray *f, struct yg_finegray *out, struct yg_err *err) YG_MUST_USE;

/* Cumulative subdistribution hazard at x = 0 by time t. */
double yg_finegray_hazard(const struct yg_finegray *f, double t);
/*
 * Standard error of the log of H(t) exp(x'b), the weights taken as known:  var H + 2 q'cov + q'V q over H^2,  q = H x - shift.  NaN before
 * the first event and where there is none.
 */
double yg_finegray_log_hazard_se(const struct yg_finegray *f, const double *x, double t);
/* Predicted incidence at time t for covariates x[p]: 1 - exp(-H(t) exp(x'b)). */
double yg_finegray_incidence(const struct yg_finegray *f, const double *x, double t);
/* The predicted curve of a profile x[p] at every event time: incidence[times]. */
void yg_finegray_curve(const struct yg_finegray *f, const double *x, double *incidence);

#endif
