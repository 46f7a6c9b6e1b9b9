/* A Cox model with frailties at work: the penalised information as a product, and its solution. */
#ifndef YOGO_STATS_FRAILTY_PRIV_H
#define YOGO_STATS_FRAILTY_PRIV_H

#include "stats/survival/cox_priv.h"
#include "yogo/stats/cox_frailty.h"

struct yg_frail {
	struct yg_cox_frame *f;
	enum yg_frailty kind;
	enum yg_cox_ties ties;
	struct yg_task *task;
	size_t p, q;                 /* columns, clusters */
	double theta;
	const uint8_t *held;         /* [p] columns left out */
	uint32_t *cluster;           /* [slots], YG_COX_NONE at pads */
	uint32_t *order, *start;     /* slots by cluster, in slot order; [q+1] */
	double *base;                /* [slots] offsets without frailties */
	double *events;              /* [q] */
	double *beta, *b;            /* [p+q] one array */
	double *u;                   /* [p+q] slope of the penalised likelihood */
	double *info, *chol;         /* [p*p] of beta; its Cholesky */
	uint8_t *dropped;            /* [p] */
	double *mass, *pen;          /* [q] sum of w H; curvature of the penalty */
	double *h;                   /* [slots] H of a row, less the tied part of its own event */
	double *z, *y;               /* [slots] scratch */
	double *s, *sd;              /* [events] sums of w z over the risk set, over the dead */
	double *work;                /* [4*(p+q)] of conjugate gradients */
	double loglik, penalised;
	int iterations;
	void *space;
};
enum yg_status yg_frail_init(struct yg_frail *r, const struct yg_cox_data *d, struct yg_err *err) YG_MUST_USE;
void yg_frail_release(struct yg_frail *r);
/* The maximum at r->theta from the present (beta, b). */
enum yg_status yg_frail_fit(struct yg_frail *r, struct yg_err *err) YG_MUST_USE;
/* out := penalised information times v; x := its inverse times v (relative precision of the residual). */
void yg_frail_product(struct yg_frail *r, const double *v, double *out);
enum yg_status yg_frail_solve(struct yg_frail *r, const double *v, double precision, double *x, struct yg_err *err) YG_MUST_USE;
/* diagonal[q]: information of each cluster's b without the penalty. */
enum yg_status yg_frail_diagonal(struct yg_frail *r, double *diagonal, struct yg_err *err) YG_MUST_USE;

#endif
