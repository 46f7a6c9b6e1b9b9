/*
 * How each row moves a survival curve at a time, or its area: robust variances, variances of differences between
 * groups whose persons belong together, and pseudo-values.
 *
 * The influence of a row is the derivative of the estimate of its own curve by the row's weight (infinitesimal jackknife,
 * Jaeckel 1972).  For the product limit, with push = 1/(n - d) and pull = d/(n (n - d)) at each event time,
 *     of S(t)                -S(t) ([event by t] push(exit) - sum of pull over (entry, min(exit, t)])
 *     of the area to tau     -([event by tau] A(exit) push(exit) - sum of A pull over (entry, min(exit, tau)]),
 *                            A(u) the area from u to tau
 * O(n log m) for a time.  The curves must be those of yg_km_fit on the same spans.
 */
#ifndef YOGO_STATS_KM_INFLUENCE_H
#define YOGO_STATS_KM_INFLUENCE_H

#include "yogo/stats/km.h"

/* out[n], not multiplied by the row's weight. */
enum yg_status yg_km_influence(const struct yg_spans *d, const struct yg_km *km, double t, struct yg_task *task,
                               double *out, struct yg_err *err) YG_MUST_USE;
enum yg_status yg_rmst_influence(const struct yg_spans *d, const struct yg_km *km, double tau, struct yg_task *task,
                                 double *out, struct yg_err *err) YG_MUST_USE;
/* covariance[groups*groups]: sums over clusters (rows without clusters) of products of weighted influences. */
enum yg_status yg_influence_covariance(const struct yg_spans *d, const double *influence, size_t groups,
                                       double *covariance, struct yg_err *err) YG_MUST_USE;

/*
 * Pseudo-values of the area to tau, of all rows as one curve: area + n influence (Andersen, Hansen and Klein 2004,
 * Lifetime Data Anal 10:335, with the infinitesimal in the place of the leave-one-out jackknife, as R's
 * pseudo()).  One row a person, from the start; weights are not looked at.
 */
enum yg_status yg_rmst_pseudo(const struct yg_spans *d, double tau, struct yg_task *task, double *out,
                              struct yg_err *err) YG_MUST_USE;

#endif
