/*
 * Kaplan-Meier, Nelson-Aalen and Fleming-Harrington curves, one for each group.
 *
 *   product limit    S(t) = prod (1 - d/n)                        Kaplan and Meier 1958, JASA 53:457
 *   variance         S^2 sum d / (n (n - d))                      Greenwood 1926
 *   Nelson-Aalen     H(t) = sum d/n, variance sum d/n^2           Nelson 1972, Aalen 1978
 *   Fleming-Harrington  at d tied events sum of 1/n + 1/(n-1) + ... + 1/(n-d+1), variance of squares   1984
 *   exponential      S = exp(-H), its SE = S se(H)
 *   left truncation  rows are at risk in (entry, exit]
 *   weights          n and d are sums of weights; Greenwood then takes weights as repeats of a row
 *   robust           infinitesimal jackknife, grouped by cluster: the variance of sum over rows of weight times
 *                    derivative, in one sweep (each cluster's influence is a + b G(t), so its square follows G)
 *   intervals        plain, log, loglog, logit, arcsin (Borgan and Liestol 1990, Scand J Stat 17:35);
 *                    se is of S itself; once S = 0 Greenwood's se and all limits do not exist (NaN)
 * A curve has a point at every distinct exit time (events and censorings).  Times are in the unit given.
 */
#ifndef YOGO_STATS_KM_H
#define YOGO_STATS_KM_H

#include <stdbool.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"
#include "yogo/stats/spans.h"

enum yg_km_survival { YG_KM_PRODUCT, YG_KM_EXPONENTIAL };
enum yg_km_hazard { YG_KM_NELSON, YG_KM_FLEMING };
enum yg_km_ci { YG_KM_PLAIN, YG_KM_LOG, YG_KM_LOGLOG, YG_KM_LOGIT, YG_KM_ARCSIN, YG_KM_NO_CI };
bool yg_km_ci_parse(const char *word, enum yg_km_ci *out);   /* plain log loglog logit arcsin none */

struct yg_km_options {
	enum yg_km_survival survival;
	enum yg_km_hazard hazard;
	enum yg_km_ci ci;
	double conf;          /* 0.95 */
	bool robust;          /* implied by spans.cluster */
};

struct yg_km_curve {
	size_t m;
	double *time;                      /* [m] ascending */
	double *risk, *event, *censor;     /* [m] weighted; risk just before time */
	uint32_t *n_risk, *n_event, *n_censor; /* [m] rows */
	double *surv, *se, *lower, *upper; /* [m] */
	double *cumhaz, *se_cumhaz;        /* [m] */
	uint64_t records, events;          /* rows */
	double start_weight, event_weight; /* at risk at the first time; all events */
};
struct yg_km {
	size_t groups;
	struct yg_km_curve *curve;         /* [groups] */
	struct yg_km_options options;
	void *space, *counts, *more;       /* memory behind the curves */
};
enum yg_status yg_km_fit(const struct yg_spans *d, const struct yg_km_options *options, struct yg_task *task,
                         struct yg_km *out, struct yg_err *err) YG_MUST_USE;
void yg_km_release(struct yg_km *km);

/* Limits of a survival s with se (of S itself) at level conf. */
void yg_km_limits(double s, double se, enum yg_km_ci ci, double conf, double *lower, double *upper);
/* The same with z in the place of the normal quantile. */
void yg_km_limits_at(double s, double se, enum yg_km_ci ci, double z, double *lower, double *upper);

/*
 * Time at which a fraction p has had the event, with the limits from the confidence curves; NaN = not reached.
 * midpoint: where the curve is level at exactly 1 - p, the middle of that stretch (Brookmeyer and Crowley
 * 1982, Biometrics 38:29; R); first: the smallest time with S <= 1 - p.
 */
enum yg_km_rule { YG_KM_MIDPOINT, YG_KM_FIRST };
void yg_km_quantile(const struct yg_km_curve *c, double p, enum yg_km_rule rule, double *q, double *lower, double *upper);

/* The curve at time t: the value of the last time <= t (1 before the first); risk = at risk at the next time >= t. */
struct yg_km_point {
	double surv, se, lower, upper, cumhaz, se_cumhaz;
	double risk, event, censor;           /* weighted; events and censorings up to and including t */
	uint64_t n_risk, n_event, n_censor;
	bool beyond;                          /* t is after the last time of the curve */
};
void yg_km_at(const struct yg_km_curve *c, double t, struct yg_km_point *out);

/* The product limit alone at points equal parts of each group's time: last[groups] the last time (0 of nobody), and
   surv[groups * points] at last * k / points, k = 1 ... points. */
enum yg_status yg_km_parts(const struct yg_spans *d, size_t points, struct yg_task *task, double *last, double *surv,
                           struct yg_err *err) YG_MUST_USE;

/*
 * Restricted mean: area under the curve from 0 to tau (the curve is carried flat beyond its end) and its
 * Greenwood SE, sqrt(sum (area from t_j to tau)^2 d / (n (n - d))).  NaN se after robust fits.
 */
void yg_km_rmst(const struct yg_km *km, size_t group, double tau, double *mean, double *se);

/*
 * Pseudo-values of S(t): out[n] = S(t) + n times the derivative of S(t) by the row's weight (infinitesimal jackknife;
 * Andersen and others 2003, Biometrika 90:15).  Uses exit and event only.
 */
enum yg_status yg_km_pseudo(const struct yg_spans *d, double t, double *out, struct yg_err *err) YG_MUST_USE;

#endif
