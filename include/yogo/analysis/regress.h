/*
 * Regression verbs: linear, logit, poisson, glm, and compare of nested models.
 *
 * Several outcomes, several models (commas in the formula) and by give one fit after another.  Tables of the first fit
 * have the keys below, of the next ".2", ".3" ...
 *
 *   estimates     a row per column of the design, and one per reference level; key "rx: Lev"
 *                 estimate se lower upper p
 *                 with a logit or log link: estimate se p and the ratio: or, rr, irr (exp of the estimate), ratio_lower, ratio_upper
 *   coefficients  (aside, for front ends and machines; only where estimates shows ratios) estimate se statistic lower upper p
 *   terms         terms with several columns: statistic df p (Wald; F for linear models)
 *   fit           a row per statistic of the whole model, column value
 *
 * Rows of one person are not independent: several rows a person without cluster are refused.
 */
#ifndef YOGO_ANALYSIS_REGRESS_H
#define YOGO_ANALYSIS_REGRESS_H

#include "yogo/analysis/describe.h"

struct yg_an_regress {
	struct yg_an_input in;                  /* by: the analysis repeated in each level; weight: sampling weights */
	struct yg_an_targets outcome;           /* NAME nodes left of ~ */
	const struct yg_node *formula;          /* FORMULA node */
	const struct yg_node *cluster;          /* CLUSTER node, or NULL */
	const struct yg_node *frequency;        /* NAME of a column of repeats, or NULL */
	const char *event;                      /* level of a binary outcome that is the event, or NULL */
	const char *se;                         /* model robust hc0 hc1 hc2 hc3; NULL = robust where weights or clusters ask for it */
	const char *ci;                         /* wald (NULL) or profile (glm without robust errors) */
	const char *measure;                    /* logit or; linear mean; poisson ratio rr; NULL = the verb's */
	/* yg_an_glm only */
	const char *verb;                       /* "logit", "poisson", "glm" */
	const char *family;                     /* gaussian binomial poisson gamma inverse negbin quasibinomial quasipoisson;
	                                           NULL = the verb's */
	const char *link;                       /* NULL = the family's */
};

/* The fits of a statement, kept for compare. */
struct yg_glm_model;
void yg_glm_model_free(struct yg_glm_model *m);
size_t yg_glm_model_fits(const struct yg_glm_model *m);
/* Its estimates, for forest; NULL without fits. */
struct yg_cox_model;
const struct yg_cox_model *yg_glm_model_rows(const struct yg_glm_model *m);

/* model (may be NULL) gets the fits. */
enum yg_status yg_an_linear(const struct yg_an_regress *request, struct yg_task *task, struct yg_raw **out,
                            struct yg_glm_model **model, struct yg_err *err) YG_MUST_USE;
enum yg_status yg_an_glm(const struct yg_an_regress *request, struct yg_task *task, struct yg_raw **out,
                         struct yg_glm_model **model, struct yg_err *err) YG_MUST_USE;

/*
 * Likelihood ratio tests (F for linear models and families with a dispersion) of models on the same rows, each nested in the next:
 * in order of their number of parameters.  One result with several models (commas in its formula) may be given alone.
 * Table "compare": a row per model: parameters loglik aic bic statistic df p (against the row before).
 */
struct yg_an_compare {
	const struct yg_glm_model *const *model;
	const char *const *name;                /* of the results */
	size_t count;
	const char *test;                       /* lr (NULL), f */
};
enum yg_status yg_an_compare(const struct yg_an_compare *request, struct yg_raw **out, struct yg_err *err) YG_MUST_USE;

#endif
