/*
 * Survival curves of groups as they would be if every group had the covariates of all persons together.
 *
 *   direct   in each stratum of the covariates (levels only) a Kaplan-Meier curve for each group; the curve of the group is
 *            their mean, weighted by the strata's shares q of all persons:
 *                S_g = sum q_s S_gs,   var = sum q_s^2 var S_gs + (sum q_s S_gs^2 - S_g^2) / N
 *   model    Cox's model of the covariates with a baseline hazard of its own for each group, S averaged over the covariates of
 *            all persons (Makuch 1982, J Chronic Dis 35:437; Gail and Byar 1986, Biom J 28:587; variance Zhang and others
 *            2007, Comput Methods Programs Biomed 88:95):
 *                S_g(t) = 1/N sum_i exp(-H_g(t) r_i),  r_i = exp(x_i'b)
 *                var    = L0^2 C_g + D'VD + (1/N sum S_i^2 - S_g^2) / N
 *                L0 = 1/N sum S_i r_i,  C_g the sum of squared steps of H_g,  D = -1/N sum S_i r_i (H_g x_i - integral of the
 *                mean of the risk set dH_g),  V the variance of b
 * The last part of both variances is for the persons being a sample themselves.  The covariance of two groups is
 * likewise, without the first part.
 *
 * In the model the sums over persons at a hazard h are sums over classes of r (0.004 wide in log r, 8,192 at most), exp(-h r) in
 * a class by its third order expansion about the middle: an error below 1e-10; so the cost is n + times * classes and not
 * n * times.  Beyond 4,096 event times of a group they are interpolated (cubic) in the root of h.
 *
 * One row a person, no weights, no clusters.
 */
#ifndef YOGO_STATS_ADJUSTED_CURVE_H
#define YOGO_STATS_ADJUSTED_CURVE_H

#include "yogo/stats/cox.h"
#include "yogo/stats/km.h"

struct yg_adjusted;

/*
 * The curves of km (from yg_km_fit on the same rows by group) get the adjusted survival, SE and limits; cumhaz becomes
 * -log of it.  d->stratum: the strata of the covariates.  From the time at which a stratum of a group has nobody left
 * although its curve is above 0 the group's values are NaN; *ends[groups] (may be NULL) gets that time, INFINITY without.
 * YG_REFUSED when a stratum lacks a group: *empty_stratum and *empty_group name it.
 */
enum yg_status yg_adjusted_direct(const struct yg_spans *d, struct yg_km *km, struct yg_task *task, double *ends,
                                  size_t *empty_stratum, size_t *empty_group, struct yg_adjusted **out,
                                  struct yg_err *err) YG_MUST_USE;
/* fit: yg_cox_fit on the rows with stratum = group. */
enum yg_status yg_adjusted_model(const struct yg_cox_data *d, const struct yg_cox *fit, struct yg_km *km,
                                 struct yg_task *task, struct yg_adjusted **out, struct yg_err *err) YG_MUST_USE;
/* Covariance of the groups' survival at t, [groups*groups]. */
void yg_adjusted_covariance(const struct yg_adjusted *a, double t, double *covariance);
void yg_adjusted_free(struct yg_adjusted *a);

#endif
