/*
 * Parametric survival models: aft; and Turnbull's curve behind km with method=turnbull.
 *
 *   aft   "compare" (several distributions: a row each, lowest AIC first: parameters loglik aic delta bic),
 *         "estimates": a row per column and reference level: estimate se tr (hr, or) ratio_lower ratio_upper p;
 *         "baseline": "(Intercept)", scale, shape and so on: estimate se lower upper; "terms"; "fit";
 *         "predicted": a row per profile: median lower upper, with at survival at the times;
 *         figures "fitted" (mean of the fitted curves over each group, with Kaplan-Meier's or Turnbull's estimate as points)
 *         and "hazard" (at the mean of the terms), of the fit with the lowest AIC.  Next fits: ".2", ".3" ...
 *   km    method=turnbull: "groups": persons, kinds of times; "quantiles": a range each; "times" (with at); "mass" (detail): from to
 *         mass survival; figure "turnbull"
 */
#ifndef YOGO_ANALYSIS_PARAMETRIC_H
#define YOGO_ANALYSIS_PARAMETRIC_H

#include "yogo/analysis/design.h"
#include "yogo/analysis/survival.h"
#include "yogo/stats/aft.h"
#include "yogo/stats/royston_parmar.h"

#define YG_AN_AFT_DISTS 12

struct yg_an_aft {
	struct yg_an_input in;                  /* by: the model in each level; weight: sampling weights */
	struct yg_an_endpoints of;
	const struct yg_node *formula;
	const struct yg_node *strata, *cluster; /* strata: a scale each */
	const struct yg_node *frequency;
	const char *const *dist;                /* words: yg_aft_dist_parse's, or spline */
	size_t dists;                           /* 0 = weibull */
	const char *metric;                     /* aft ph; NULL = what the distribution is */
	const char *spline;                     /* hazard (NULL) odds normal: the scale of dist=spline */
	int df;                                 /* of spline (0 = 3) or of t (0 = 4) */
	double sigma;                           /* > 0: the scale, fixed */
	const char *se, *cause;
	const struct yg_node *at;               /* times of predicted survival, or NULL */
	bool open;                              /* the data's own curve may be drawn beside the fitted one */
};

/* One fit as it is kept: for the verbs that predict, for compare. */
struct yg_prediction_model;
struct yg_cox_model;
struct yg_aft_kept {
	char *endpoint, *formula, *level;       /* level: "sex: Male", or NULL */
	char *dist;                             /* "weibull", "spline (df 3, hazard)" */
	bool is_spline;
	struct yg_aft aft;                      /* unless is_spline */
	struct yg_rp rp;
	size_t p;
	char **key;                             /* [p] of the columns, "(Intercept)" first */
	double divisor, conf;                   /* time unit per display unit */
	int64_t persons, events, records;
	struct yg_prediction_model *prediction;
	/* comparison */
	char **term;                            /* names, NULL at the end */
	uint64_t data, form;                    /* hashes of rows and times; of what models of one test share beside their terms */
	bool robust, weighted, usable, intercept;
	double loglik, aic, bic;
	size_t parameters;                      /* estimated */
};
struct yg_aft_model {
	struct yg_aft_kept *fit;
	size_t fits, cap;
	struct yg_cox_model *rows;              /* the estimates as forest reads them */
};
void yg_aft_model_free(struct yg_aft_model *m);
const struct yg_cox_model *yg_aft_model_rows(const struct yg_aft_model *m);
/* model (may be NULL) gets the fits. */
enum yg_status yg_an_aft(const struct yg_an_aft *request, struct yg_task *task, struct yg_raw **out,
                         struct yg_aft_model **model,
                         struct yg_err *err) YG_MUST_USE;

/*
 * Models of the same rows: where each is part of the next and all are of one distribution, "compare" has likelihood ratio
 * tests (parameters loglik aic bic statistic df p), otherwise AIC (parameters loglik aic bic delta).
 */
struct yg_an_aft_compare {
	const struct yg_aft_model *const *model;
	const char *const *name;
	size_t count;
	const char *test;                       /* lr, or NULL */
};
enum yg_status yg_an_aft_compare(const struct yg_an_aft_compare *request, struct yg_raw **out, struct yg_err *err) YG_MUST_USE;

/* km with method=turnbull.  open: ends of intervals, which are times of single persons, may be shown and drawn. */
enum yg_status yg_an_turnbull(const struct yg_an_km *request, bool open, struct yg_task *task, struct yg_raw **out,
                              struct yg_err *err) YG_MUST_USE;

#endif
