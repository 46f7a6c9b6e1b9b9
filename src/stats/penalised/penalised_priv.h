/* The parts of a penalised fit: columns, the likelihood, the quadratic approximation, the path. */
#ifndef YOGO_STATS_PENALISED_PRIV_H
#define YOGO_STATS_PENALISED_PRIV_H

#include "yogo/stats/penalised.h"

#define PEN_STRETCHES 32u

/* Numbers (less their mean, which only moves the intercept), or a list of rows that have a 1. */
struct pen_column {
	const double *dense;
	const uint32_t *index;
	size_t count;
	double mean;                 /* taken off a dense column; 0 of a list */
};
struct yg_pen_columns {
	size_t n, p, lists;
	struct pen_column *column;
	double *dense;
	uint32_t *index;
	/* The lists turned round: the columns of row i are row_column[row_start[i] .. row_start[i + 1]). */
	size_t *row_start;
	uint32_t *row_column;
};
double pen_column_dot(const struct pen_column *c, const double *v, size_t n);
void pen_column_add(const struct pen_column *c, double by, double *v, size_t n);

/* The likelihood in its linear predictor. */
struct pen_model {
	enum yg_pen_family family;
	size_t n;
	double *w;                   /* [n] rescaled to sum to total */
	double total, given;         /* N; the sum of the weights as they came */
	const double *y;
	double saturated;
	bool intercept;
	/* Cox: event times of all strata one after another; row i is at risk at the times lo[i] .. hi[i] - 1 */
	size_t m;
	uint32_t *hi, *lo;
	bool late;                   /* some lo is not 0 */
	const uint8_t *event;
	double *e, *deaths, *s0, *cumulative;   /* [n], [m], [m], [m+1] */
	double *ends, *begins;       /* [m] scratch */
	uint32_t *first;             /* [m] first event time of the stratum */
	uint8_t *stretch;            /* [m+1] */
	size_t stretches;
	void *memory;
};
enum yg_status pen_model_make(const struct yg_pen_data *d, struct yg_task *task, struct pen_model *out, struct yg_err *err) YG_MUST_USE;
void pen_model_release(struct pen_model *m);
/* u[n] = d loglik / d eta, c[n] = its curvature (Cox: of the rows alone); returns the log likelihood.  u, c may be NULL. */
double pen_evaluate(struct pen_model *m, const double *eta, double *u, double *c);
enum yg_status pen_cox_make(const struct yg_pen_data *d, struct yg_task *task, struct pen_model *out, struct yg_err *err) YG_MUST_USE;
double pen_cox_evaluate(struct pen_model *m, const double *eta, double *u, double *c);

/* The quadratic approximation on the working set: matrix X'CX - sum_b mass mass' / D_b at a reference point. */
struct pen_quad {
	const struct yg_pen_columns *x;
	const struct pen_model *model;
	const double *scale;         /* [p] columns are multiplied by it */
	struct yg_task *task;
	size_t k, cap, stretches;
	uint32_t *column;            /* [cap] */
	int32_t *place;              /* [p] -1 = not in the set */
	double *h;                   /* [cap*cap] */
	double *mass;                /* [cap*stretches] */
	double weight[PEN_STRETCHES];/* D_b */
	double *c;                   /* [n] reference curvature */
	double *e, *phi, *plo;       /* Cox, [n]: e; e times what has cumulated since the stretch began, at exit and entry */
	double step[PEN_STRETCHES];  /* what cumulates over a stretch */
	double *scratch;             /* [n] */
};
enum yg_status pen_quad_make(struct pen_quad *q, struct yg_err *err) YG_MUST_USE;
void pen_quad_release(struct pen_quad *q);
/* Take the model's present state (after pen_evaluate with c) as the reference and make the matrix anew. */
enum yg_status pen_quad_renew(struct pen_quad *q, const double *c, struct yg_err *err) YG_MUST_USE;
enum yg_status pen_quad_add(struct pen_quad *q, const uint32_t *columns, size_t count, struct yg_err *err) YG_MUST_USE;
/*
 * Minimise -g'(b - b0) + (b - b0)' h (b - b0) / 2 + sum l1 |b| + l2 b^2 / 2 from b = b0; b[k] in and out, g[k] the gradient at b0
 * (overwritten by the gradient at the end).  Stops when no step is larger than tolerance (squared, in units of the matrix).
 */
void pen_quad_minimise(const struct pen_quad *q, double *g, double *b, const double *l1, const double *l2, double tolerance);

#endif
