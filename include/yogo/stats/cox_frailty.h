/*
 * Cox's model with a shared frailty: the members of a cluster share an unseen factor exp(b) of their hazard.
 *
 *   gamma      exp(b) gamma of mean 1 and variance theta.  The penalised likelihood l(beta, b) + sum (b - exp b) / theta has
 *              its maximum where the EM algorithm ends (Therneau, Grambsch and Pankratz 2003, J Comput Graph Stat 12:156);
 *              theta maximises the marginal likelihood, profiled over beta and b
 *   lognormal  b normal of mean 0 and variance theta: penalty sum b^2 / (2 theta) (McGilchrist 1993, Biometrics 49:221);
 *              theta by REML: theta = (sum b^2 + trace of the b block of the inverse information) / clusters
 *
 * Method: Newton in (beta, b) together; the information is never formed: its product with a vector is one pass over the
 * rows, and conjugate gradients with its diagonal blocks solve for the step.  O(n p) a product, any number of clusters.
 *
 * Variance of beta: inverse of the penalised information at theta, as R's survival: with more than 5 clusters the
 * information between two clusters is left out ("sparse"), unless full is asked.  It does not count that theta is
 * estimated.
 */
#ifndef YOGO_STATS_COX_FRAILTY_H
#define YOGO_STATS_COX_FRAILTY_H

#include "yogo/stats/cox.h"

enum yg_frailty { YG_FRAILTY_GAMMA, YG_FRAILTY_LOGNORMAL };
bool yg_frailty_parse(const char *word, enum yg_frailty *out);   /* gamma lognormal */

struct yg_frailty_options {
	enum yg_frailty kind;
	enum yg_cox_ties ties;    /* efron, breslow */
	double theta;             /* > 0: held there; 0: estimated */
	bool full;                /* the whole information for the variances, also with many clusters */
};
struct yg_cox_frailty {
	struct yg_cox fit;        /* beta, se, var, wald; loglik: the marginal one (lognormal: by Laplace's approximation);
	                             loglik_null: partial, without terms and frailty.  No lrt, no score (df 0). */
	enum yg_frailty kind;
	size_t clusters;
	double theta, theta_se;   /* SE NaN where theta is held or 0 */
	bool held, none;          /* none: no variation between clusters was found, theta 0 */
	bool full;
	double *b, *se;           /* [clusters] log frailty; its SE */
	double *events;           /* [clusters] */
	double partial;           /* log partial likelihood at (beta, b) */
	double without;           /* the same with b = 0 and beta fitted alone: the model without frailty */
	struct yg_cox_test test;  /* of theta = 0: twice the gain, half of chi-squared 1 (Self and Liang 1987); df 0 when held */
	double df;                /* effective parameters of the frailties */
	int steps;                /* values of theta tried */
};
/* d->spans.cluster is required.  Case weights: only as repeats. */
enum yg_status yg_cox_frailty_fit(const struct yg_cox_data *d, const struct yg_frailty_options *options,
                                  struct yg_task *task, struct yg_cox_frailty *out, struct yg_err *err) YG_MUST_USE;
void yg_cox_frailty_release(struct yg_cox_frailty *f);

#endif
