/*
 * Lasso, ridge and elastic net along a path of penalties: linear, logistic, Poisson and Cox models.
 *
 *   minimise  -loglik(b) / N + lambda sum_j f_j (alpha |b_j| + (1 - alpha) / 2 b_j^2)
 *
 * N is the number of rows with weight, weights are rescaled to sum to N, the factors f to sum to p; columns are divided
 * by their standard deviation (1/N) before, and coefficients are given back on the scale of the data.  Cox: partial
 * likelihood, ties by Breslow's form, strata, late entry.  These are the conventions of glmnet (Friedman, Hastie,
 * Tibshirani 2010, J Stat Softw 33:1; Simon and others 2011, J Stat Softw 39:5).
 *
 * Method: Newton's quadratic approximation on a working set, minimised by coordinate descent on its matrix (covariance
 * updates), and by a factorisation where descent is slow; warm starts; columns are set aside by the strong rules
 * (Tibshirani and others 2012, JRSS B 74:245) and every column is checked against the Karush-Kuhn-Tucker conditions
 * before a solution is accepted.  The matrix is renewed only when steps shrink slowly: the gradient is always exact.
 * For the partial likelihood it has the risk sets' means averaged over at most 32 stretches of event times, which bounds the
 * true one from above.  Columns of noughts and ones are kept as lists of rows.
 *
 * Results do not depend on threads: every sum is made by one thread, in order.
 */
#ifndef YOGO_STATS_PENALISED_H
#define YOGO_STATS_PENALISED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"
#include "yogo/stats/spans.h"

enum yg_pen_family { YG_PEN_GAUSSIAN, YG_PEN_BINOMIAL, YG_PEN_POISSON, YG_PEN_COX };

/* The columns of a model, numbers or lists of the rows that have a 1.  Made once, shared by all folds. */
struct yg_pen_columns;
/* From x[n*p], row-major. */
enum yg_status yg_pen_columns_make(const double *x, size_t n, size_t p, struct yg_task *task, struct yg_pen_columns **out,
                                   struct yg_err *err) YG_MUST_USE;
/* From lists: column j has a 1 in the rows row[start[j]] .. row[start[j + 1] - 1], ascending. */
enum yg_status yg_pen_columns_lists(size_t n, size_t p, const size_t *start, const uint32_t *row, struct yg_pen_columns **out,
                                    struct yg_err *err) YG_MUST_USE;
void yg_pen_columns_free(struct yg_pen_columns *c);

struct yg_pen_data {
	enum yg_pen_family family;
	const struct yg_pen_columns *x;
	const double *y;                  /* [n]: number, 0 or 1, count; not of Cox */
	const struct yg_spans *spans;     /* of Cox: n entry exit event stratum are read */
	const double *weight;             /* [n] >= 0, or NULL; a row of weight 0 is as if it were not there */
	const double *offset;             /* [n] or NULL */
	const double *factor;             /* [p] penalty factors, 0 = not penalised; or NULL = all 1 */
};
struct yg_pen_options {
	double alpha;                     /* 1 lasso, 0 ridge */
	bool raw;                         /* do not divide columns by their standard deviation */
	bool response_scaled_ridge;       /* gaussian: the ridge part acts on the response in units of its SD, as in glmnet */
	const double *lambda;             /* [lambdas] descending, or NULL = a path from the smallest that leaves nothing in */
	size_t lambdas;                   /* length of the path when lambda is NULL; 0 = 100 */
	double ratio;                     /* smallest over largest; 0 = 0.0001, or 0.01 when N < p */
	double tolerance;                 /* of the squared step, against the null deviance; 0 = 1e-14 */
};
struct yg_pen_path {
	size_t p, lambdas;                /* an automatic path ends early when the fit no longer gains */
	double *lambda;                   /* [lambdas] descending */
	double *beta;                     /* [lambdas*p] scale of the data; 0 for a column that is constant */
	double *intercept;                /* [lambdas]; 0 of Cox */
	double *dev_ratio;                /* [lambdas] 1 - deviance / null deviance */
	size_t *df;                       /* [lambdas] columns that are in */
	uint8_t *constant;                /* [p] */
	double null_deviance;             /* with the weights as given */
	double n;                         /* rows with weight */
	uint64_t passes, renewals;        /* evaluations of the likelihood; matrices made */
	size_t unconverged;               /* penalties at which the most steps allowed were made */
	void *memory;
};
enum yg_status yg_pen_path_fit(const struct yg_pen_data *d, const struct yg_pen_options *o, struct yg_task *task,
                               struct yg_pen_path *out, struct yg_err *err) YG_MUST_USE;
void yg_pen_path_release(struct yg_pen_path *p);
/* eta[n] of all rows, those without weight too. */
void yg_pen_predict(const struct yg_pen_data *d, const double *beta, double intercept, double *eta);

/*
 * Cross-validation over folds: fold[n] in 0..folds-1, the whole path fitted without each fold at the penalties of `path`.
 *
 *   GLM   the mean deviance of the left-out rows, a mean for each fold
 *   Cox   2 (loglik of the fold's coefficients in all data, less that in the data without the fold), over the fold's events
 *         (Verweij and van Houwelingen 1993, Stat Med 12:2305)
 * mean = the folds' mean weighted by their weight (Cox: by their events), se its standard error from the spread of the folds.
 */
struct yg_pen_cv {
	size_t lambdas;
	double *mean, *se;                /* [lambdas] */
	size_t best, within;              /* places of the smallest mean, and of the largest penalty within one se of it */
	size_t folds_used;                /* a fold without events (Cox) or rows is not used */
	void *memory;
};
enum yg_status yg_pen_cv_fit(const struct yg_pen_data *d, const struct yg_pen_options *o, const struct yg_pen_path *path,
                             const uint32_t *fold, size_t folds, struct yg_task *task, struct yg_pen_cv *out,
                             struct yg_err *err) YG_MUST_USE;
void yg_pen_cv_release(struct yg_pen_cv *cv);
/* Folds of equal size by the seed, one a person: fold[n] from person[n] (rows of a person together, equal numbers). */
enum yg_status yg_pen_folds(const uint32_t *person, size_t n, size_t folds, uint64_t seed, uint32_t *fold,
                            struct yg_err *err) YG_MUST_USE;

#endif
