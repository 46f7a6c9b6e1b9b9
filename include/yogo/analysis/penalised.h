/*
 * cox, linear, logit and poisson with penalty=lasso, ridge or elastic: coefficients along a path of penalties, and the penalty
 * that cross-validation chooses.
 *
 * Tables: "chosen" (with folds: a row for the penalty of the smallest deviance, "min", and the largest within one standard error
 * of it, "1se": lambda terms deviance se explained), "estimates" (a row per column of the model: the coefficient, and with a log or
 * logit link the ratio, at 1se and min; without folds at each penalty asked, at most ten), "path" (detail, a row per penalty), "coefficients"
 * (detail, a row per penalty and column that is in), "folds" (detail).  Figures "path" and, with folds, "cv".  The estimates
 * have no standard errors: shrunken coefficients have none that mean what one expects.
 */
#ifndef YOGO_ANALYSIS_PENALISED_H
#define YOGO_ANALYSIS_PENALISED_H

#include "yogo/analysis/regress.h"
#include "yogo/analysis/survival.h"

struct yg_an_penalty {
	const char *kind;                /* lasso ridge elastic */
	double alpha;                    /* of elastic; NaN = 0.5 */
	const double *lambda;            /* [lambdas]; NULL = a path of 100 */
	size_t lambdas;
	int64_t folds;                   /* 0 = no cross-validation */
	const struct yg_node *foldid;    /* NAME of a column of fold numbers, or NULL: drawn by the seed */
	uint64_t seed;
	const char *choose;              /* which penalty's model is kept: 1se (NULL) or min */
};
/* The models that were chosen, for predict and validate (prediction.h). */
struct yg_pen_model;
void yg_pen_model_free(struct yg_pen_model *m);
/* model (may be NULL) gets them. */
enum yg_status yg_an_cox_path(const struct yg_an_cox *request, const struct yg_an_penalty *penalty, struct yg_task *task,
                              struct yg_raw **out, struct yg_pen_model **model, struct yg_err *err) YG_MUST_USE;
/* verb: linear logit poisson */
enum yg_status yg_an_regress_path(const struct yg_an_regress *request, const struct yg_an_penalty *penalty, struct yg_task *task,
                                  struct yg_raw **out, struct yg_pen_model **model, struct yg_err *err) YG_MUST_USE;

#endif
