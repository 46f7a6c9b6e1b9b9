/*
 * Linear regression by (weighted) least squares.
 *
 * Normal equations of nearly centred columns, in one pass; where these would lose digits a step of refinement on the
 * residuals (corrected seminormal equations, Bjoerck 1987), and where they would lose too many, or columns depend on
 * each other, blocked Householder QR.  So the result is that of a QR at the price of cross products.
 */
#ifndef YOGO_STATS_LINEAR_H
#define YOGO_STATS_LINEAR_H

#include "yogo/stats/regression.h"

enum yg_linear_road { YG_LINEAR_NORMAL, YG_LINEAR_REFINED, YG_LINEAR_QR };

struct yg_linear {
	size_t n;               /* rows with weight > 0 */
	size_t p, rank;
	double *b;              /* [p] coefficients; 0 where dropped */
	double *inverse;        /* [p*p] (X'WX)^-1 */
	double *covariance;     /* [p*p] sigma^2 (X'WX)^-1 */
	uint8_t *dropped;       /* [p] 1 = a combination of earlier columns */
	double rss, tss;        /* weighted; tss about the mean where there is an intercept */
	double weight_sum;
	double df_residual;     /* n - rank */
	double sigma;           /* residual standard deviation; NaN without residual df */
	double r2, adjusted_r2;
	double f, f_df1, f_df2, f_p;      /* all but the intercept */
	double loglik, aic, bic;          /* as R's lm: sigma^2 by maximum likelihood, its df counted */
	enum yg_linear_road road;
};
enum yg_status yg_linear_fit(const struct yg_regression *d, struct yg_task *task, struct yg_linear *out,
                             struct yg_err *err) YG_MUST_USE;
void yg_linear_release(struct yg_linear *m);
/* residual[n] = y - offset - X b (unweighted). */
enum yg_status yg_linear_residuals(const struct yg_regression *d, const struct yg_linear *m, struct yg_task *task,
                                   double *residual, struct yg_err *err) YG_MUST_USE;

/* F test of a smaller model nested in a larger one on the same rows. */
struct yg_term_test yg_linear_compare(const struct yg_linear *small, const struct yg_linear *large);

#endif
