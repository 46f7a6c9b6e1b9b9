/*
 * After a Cox fit: residuals, the test of proportional hazards, baseline hazard and predicted curves.
 *
 * Every call takes the data of the fit again (same rows, same order) and the fit; ties=discrete has none of these.
 * Columns with a fault count as absent.
 */
#ifndef YOGO_STATS_COX_CHECK_H
#define YOGO_STATS_COX_CHECK_H

#include "yogo/stats/cox.h"
#include "yogo/stats/km.h"

/*
 * Residuals in row order.
 *   martingale  [n]    events - expected (Barlow and Prentice 1988, Biometrika 75:65; Efron: the hazard of its ties)
 *   deviance    [n]    sign(M) sqrt(-2 (M + d log(d - M)))   (Therneau and others 1990, Biometrika 77:147)
 *   score       [n*p]  each row's part of the score
 *   dfbeta      [n*p]  score times the (naive) variance: the change of beta when the row is left out
 *   dfbetas     [n*p]  dfbeta / se
 * Not multiplied by case weights.
 */
enum yg_cox_residual { YG_COX_MARTINGALE, YG_COX_DEVIANCE, YG_COX_SCORE, YG_COX_DFBETA, YG_COX_DFBETAS };
enum yg_status yg_cox_residuals(const struct yg_cox_data *d, const struct yg_cox *fit, enum yg_cox_residual kind,
                                struct yg_task *task, double *out, struct yg_err *err) YG_MUST_USE;

/*
 * Schoenfeld residuals (1982, Biometrika 69:239): x - mean of the risk set, one row for each event row, by stratum,
 * time and row.  scaled: times variance times number of events, plus beta (Grambsch and Therneau 1994).
 */
struct yg_cox_schoenfeld {
	size_t m, p;
	double *time;          /* [m] */
	uint32_t *row;         /* [m] */
	double *value;         /* [m*p] */
};
enum yg_status yg_cox_schoenfeld(const struct yg_cox_data *d, const struct yg_cox *fit, bool scaled, struct yg_task *task,
                                 struct yg_cox_schoenfeld *out, struct yg_err *err) YG_MUST_USE;
void yg_cox_schoenfeld_release(struct yg_cox_schoenfeld *s);

/*
 * Proportional hazards: score test of adding x g(t) to the model, for each term and for all (Grambsch and Therneau
 * 1994, Biometrika 81:515, as the exact score test of R's survival 3.0 and later).
 *   g   km: 1 - S(t-) of the pooled Kaplan-Meier; rank of the time among all exit times; identity; log
 */
enum yg_cox_transform { YG_COX_KM, YG_COX_RANK, YG_COX_IDENTITY, YG_COX_LOG };
bool yg_cox_transform_parse(const char *word, enum yg_cox_transform *out);   /* km rank identity log */
/* The function of time at each event row, in the order of yg_cox_schoenfeld, g[fit->events]; shifted and scaled to [-1, 1]. */
enum yg_status yg_cox_event_transform(const struct yg_cox_data *d, const struct yg_cox *fit, enum yg_cox_transform transform,
                                      struct yg_task *task, double *g, struct yg_err *err) YG_MUST_USE;
/* term[p]: 0..terms-1; test[terms] and *global are filled; a term without estimable columns gets df 0. */
enum yg_status yg_cox_zph(const struct yg_cox_data *d, const struct yg_cox *fit, enum yg_cox_transform transform,
                          const int *term, int terms, struct yg_task *task, struct yg_cox_test *test,
                          struct yg_cox_test *global, struct yg_err *err) YG_MUST_USE;

/*
 * Cumulative hazard and survival at covariates x0[p], for one stratum: a point at each event time of the stratum.
 *   H(t | x0) = exp(x0'b) H0(t), H0 by the tie method (Breslow, or its Efron form)
 *   variance  exp(2 x0'b) (sum of squared steps + D' V D), D = integral of (mean of the risk set - x0) dH0
 *             (Tsiatis 1981, Ann Stat 9:93; Link 1984, Biometrics 40:601)
 * offset0 is the offset of the person.  product: Kalbfleisch and Prentice's S = prod alpha instead of exp(-H).
 */
struct yg_cox_curve {
	size_t m;
	double *time, *surv, *se, *lower, *upper, *cumhaz, *se_cumhaz;  /* [m] */
	double *risk, *event;      /* [m] weighted, of the whole stratum */
	uint32_t *n_risk, *n_event;
	void *space;
};
struct yg_cox_curve_request {
	const double *x0;
	double offset0;
	int32_t stratum;
	enum yg_km_ci ci;
	double conf;
	bool product;
};
enum yg_status yg_cox_curve_fit(const struct yg_cox_data *d, const struct yg_cox *fit,
                                const struct yg_cox_curve_request *request, struct yg_task *task,
                                struct yg_cox_curve *out, struct yg_err *err) YG_MUST_USE;
void yg_cox_curve_release(struct yg_cox_curve *c);

/*
 * What is kept of a fit so that curves can be had later, for any covariates, without its rows: by stratum and event time
 * the hazard at x = centre, offset = offset_mean, the sum of squared steps, and the integral K of the mean of the risk
 * set.  With D = K - (x0 - centre) H:  H(t | x0) = e H,  variance e^2 (square + D' V D),  e = exp((x0 - centre)'b + ...)
 */
struct yg_cox_baseline {
	size_t m, p, strata;
	size_t *start;             /* [strata + 1] first event time of each stratum */
	double *time, *hazard, *square;  /* [m] */
	double *shift;             /* [m*p] K; NULL when it was more than the most numbers allowed */
	double *centre;            /* [p] */
	double offset;
	void *space;
};
enum yg_status yg_cox_baseline_fit(const struct yg_cox_data *d, const struct yg_cox *fit, size_t most, struct yg_task *task,
                                   struct yg_cox_baseline *out, struct yg_err *err) YG_MUST_USE;
void yg_cox_baseline_release(struct yg_cox_baseline *b);
/* Event time number of the stratum at or before t, or SIZE_MAX before the first. */
size_t yg_cox_baseline_find(const struct yg_cox_baseline *b, size_t stratum, double t);
/* Cumulative hazard at t for x0[p], beta[p], and its standard error (NULL, or NaN without shift; var[p*p]). */
double yg_cox_baseline_hazard(const struct yg_cox_baseline *b, size_t stratum, double t, const double *x0, double offset0,
                              const double *beta, const double *var, double *se);

#endif
