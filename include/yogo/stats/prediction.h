/*
 * How good predictions are: areas, Brier scores, calibration, net benefit.
 *
 * Predictions are probabilities of the event (by time t), risk[n]; follow-up is right censored, a row a person, no weights.
 *
 *   censoring   rows censored before t are left out, the others stand for them with weight 1 / G(T-) (events by t) or
 *               1 / G(t) (still followed), G the Kaplan-Meier curve of censoring; events precede censorings (Graf and
 *               others 1999, Stat Med 18:2529)
 *   Brier(t)    mean of weight times (status at t - risk)^2                       (Gerds and Schumacher 2006, Biom J 48:1029)
 *   AUC(t)      cumulative cases, dynamic controls: share of pairs (event by t, free of it at t) in which the case had the
 *               higher risk, ties one half                                        (Hung and Chiang 2010, Can J Stat 38:8)
 *   se          influence function, with the part for G (Blanche and others 2013, Stat Med 32:5381): its standard deviation
 *               over the root of n.  The predictions are taken as given.
 *
 * All are O(n log n): one sort of the times, one of the risks.
 */
#ifndef YOGO_STATS_PREDICTION_H
#define YOGO_STATS_PREDICTION_H

#include <stdbool.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"
#include "yogo/stats/spans.h"

/* Follow-up sorted once, with its censoring curve. */
struct yg_ipcw {
	size_t n;
	uint32_t *order;          /* place -> row: by exit, events first */
	double *exit;             /* [n] by place */
	uint8_t *event;           /* [n] by place */
	double *free_before;      /* [n] G(exit-) by place */
	void *space;
};
enum yg_status yg_ipcw_open(const struct yg_spans *d, struct yg_task *task, struct yg_ipcw *out, struct yg_err *err) YG_MUST_USE;
void yg_ipcw_release(struct yg_ipcw *w);
/* G(t), the share not censored by t; *followed = rows with exit > t. */
double yg_ipcw_free(const struct yg_ipcw *w, double t, uint64_t *followed);

struct yg_ipcw_score {
	double brier, brier_se;
	double auc, auc_se;       /* NaN without cases or controls */
	double cases, controls;   /* sums of weights over n: estimates of P(T <= t), P(T > t) */
	uint64_t events, followed;/* rows with the event by t; rows followed beyond it */
};
/* risk[n] in row order.  Everything is NaN when nobody is followed to t.  auc false: only the Brier score. */
enum yg_status yg_ipcw_score(const struct yg_ipcw *w, const double *risk, double t, bool auc, struct yg_task *task,
                             struct yg_ipcw_score *out, struct yg_err *err) YG_MUST_USE;

/* Area under the receiver operating characteristic of a score for y (0/1), with DeLong's standard error (1988, Biometrics
   44:837); NaN without both kinds. */
enum yg_status yg_prediction_auc(const uint8_t *y, const double *score, size_t n, struct yg_task *task, double *auc,
                                 double *se, struct yg_err *err) YG_MUST_USE;

/*
 * Groups of risk: cut at quantiles of type 7, upper limit included, limits that coincide made one.
 * group[n] = 0..*groups-1 in ascending risk.
 */
enum yg_status yg_prediction_groups(const double *risk, size_t n, int wanted, struct yg_task *task, uint32_t *group,
                                    size_t *groups, struct yg_err *err) YG_MUST_USE;

/*
 * Hosmer and Lemeshow's statistic over groups (1980, Commun Stat A9:1043): n[k], observed events[k], sum of risks expected[k];
 * df is groups less 2 for the data of the fit.  NaN when a group expects no event, or nothing else.
 */
double yg_hosmer_lemeshow(const double *n, const double *observed, const double *expected, size_t groups);

/*
 * Local linear regression of y on x at points at[m] (Cleveland 1979, JASA 74:829, one pass): tricube weights over the
 * nearest span of the rows.  Rows are first gathered in at most 2,000 bins of neighbours, so that the cost is that of
 * sorting.  fit[m]; se[m] (may be NULL) from the local residual variance; NaN where x has fewer than 2 values nearby.
 */
enum yg_status yg_smooth_local(const double *x, const double *y, size_t n, double span, const double *at, size_t m,
                               struct yg_task *task, double *fit, double *se, struct yg_err *err) YG_MUST_USE;

/*
 * Natural cubic spline regression of each column of y[n*columns] (row-major) on x with df parameters, the constant among
 * them, at m >= 2 points spread evenly over the range of x: knots at quantiles of points and data together (as R's
 * plot.cox.zph).  at[m], fit[columns*m], a column after the other; unit[m]: standard error of the fit when y has variance 1.
 * One pass over the rows; fastest when x is in order.  YG_REFUSED when x has too few distinct values.
 */
enum yg_status yg_smooth_natural(const double *x, const double *y, size_t n, size_t columns, int df, size_t m,
                                 struct yg_task *task, double *at, double *fit, double *unit, struct yg_err *err) YG_MUST_USE;

/*
 * Net benefit of treating those with risk >= threshold (Vickers and Elkin 2006, Med Decis Making 26:565):
 *   true positives - false positives * threshold / (1 - threshold), both per person.
 * With follow-up (w not NULL) by the Kaplan-Meier event probability at t among those treated (Vickers and others 2008, BMC
 * Med Inform Decis Mak 8:53), else by y[n].  out[m]: of the model; all[m]: of treating everybody; treated[m] (persons).
 */
struct yg_net_benefit {
	double threshold, model, all;
	uint64_t treated;
	bool ended;               /* nobody treated is followed to t: the curve was carried on from its end */
};
enum yg_status yg_net_benefit_fit(const struct yg_ipcw *w, double t, const uint8_t *y, const double *risk, size_t n,
                                  const double *threshold, size_t m, struct yg_task *task, struct yg_net_benefit *out,
                                  struct yg_err *err) YG_MUST_USE;

#endif
