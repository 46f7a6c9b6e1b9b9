/*
 * Comparing two survival curves at a time, and the times at which they reach a level.
 *
 *   difference  S1 - S0, interval S1 - S0 -+ z se                      plain
 *   ratio       S1 / S0, interval by the logarithm, se(log) = sqrt(se1^2/S1^2 + se0^2/S0^2 - 2 cov/(S1 S0))
 *   risk ratio  (1 - S1) / (1 - S0), likewise
 *   test        of equal survival at the time, on the scale log(-log S), which keeps its level in small groups
 *               (Klein, Logan, Harhoff and Andersen 2007, Stat Med 26:4505): chi-squared of
 *               (g1 - g0)^2 / (v1 + v0 - 2c), g = log(-log S), v = se^2 / (S log S)^2, c = cov / (S1 log S1 S0 log S0)
 *
 * Differences and ratios of quantiles: all (t0, t1) with
 *     (h(S0(t0)) - h(1 - p))^2 / var h(S0(t0)) + (h(S1(t1)) - h(1 - p))^2 / var h(S1(t1)) <= chi-squared quantile on 1 df
 * (the minimum dispersion statistic of Su and Wei 1993, Biometrics 49:603); the limits are the least and greatest
 * t1 - t0 (t1 / t0) among them; p is that of the difference 0.  h is the scale of the interval.  Below the level each part
 * counts with its greatest value so far (a curve that has left the level does not come back because its error grows), so that
 * against a curve known exactly the limits are those of Brookmeyer and Crowley.
 */
#ifndef YOGO_STATS_KM_CONTRAST_H
#define YOGO_STATS_KM_CONTRAST_H

#include "yogo/stats/km.h"

enum yg_km_contrast_kind { YG_KM_DIFFERENCE, YG_KM_RATIO, YG_KM_RISK_RATIO };

struct yg_km_contrast {
	double estimate;
	double se;               /* of the estimate (difference) or of its logarithm (ratios) */
	double lower, upper;
	double chisq, p;         /* NaN when a curve is at 1 or 0 */
};
/* covariance of the two estimates of survival: 0 for groups that do not belong together. */
void yg_km_contrast(double s0, double se0, double s1, double se1, double covariance, enum yg_km_contrast_kind kind, double conf,
                    struct yg_km_contrast *out);

/* NaN: not reached (estimate, lower, upper), infinite: no limit. */
enum yg_status yg_km_quantile_contrast(const struct yg_km_curve *c0, const struct yg_km_curve *c1, double p,
                                       enum yg_km_rule rule, enum yg_km_ci scale, double conf, bool ratio,
                                       struct yg_km_contrast *out, struct yg_err *err) YG_MUST_USE;

/*
 * Survival from time s on, of those free of the event at s: S(t) / S(s), variance (S(t)/S(s))^2 (G(t) - G(s)) with
 * G = (se/S)^2 (Greenwood from s on).  From curves without robust variance.  risk: at risk just after s.  NaN
 * when nobody is left at s.
 */
struct yg_km_conditional {
	double surv, se;
	uint64_t n_risk;
	double risk;
	bool beyond;             /* t is after the last time of the curve */
};
void yg_km_conditional(const struct yg_km_curve *c, double s, double t, struct yg_km_conditional *out);
/*
 * The curves of those still at risk after time s, from s on: the same estimate as yg_km_conditional, with any variance (weights,
 * clusters).  surv of the curves is S(t) / S(s).
 */
enum yg_status yg_km_fit_after(const struct yg_spans *d, double s, const struct yg_km_options *options,
                               struct yg_task *task, struct yg_km *out, struct yg_err *err) YG_MUST_USE;

#endif
