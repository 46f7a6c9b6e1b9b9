/*
 * What is done with a model after it was fitted: predict, validate, calibrate, dca.
 *
 * A prediction model is what a fit leaves behind to be used on rows it has never seen: the plan of its terms with levels
 * and knots, coefficients and covariance, and for follow-up the baseline hazard.  Made by the model's own analysis
 * (yg_cox_prediction, yg_aft_prediction ...); the verbs know no kind of model, only these.
 *
 *   predict    "baseline" (Cox, no profile: time hazard survival), "predictions": a row per time (or the whole): persons
 *              mean sd q5 q25 median q75 q95; with given: "profile" (a row per stratum and time: estimate lower upper,
 *              cumhaz) and figure "profile"; "rows" (detail, open data, at most 5,000 rows)
 *   validate   "performance": a row per measure: estimate se lower upper, with boot optimism corrected; several models:
 *              "performance.2" ..., and "compare": differences of concordance (AUC)
 *   calibrate  "calibration": a row per group: persons events predicted observed lower upper; "measures"; with test=hl
 *              "test"; figure "calibration" (several models: ".2" ...)
 *   dca        "benefit": a row per threshold; figure "dca"
 *   diagnose   see survival.h
 */
#ifndef YOGO_ANALYSIS_PREDICTION_H
#define YOGO_ANALYSIS_PREDICTION_H

#include "yogo/analysis/describe.h"
#include "yogo/cohort/endpoint.h"

struct yg_prediction_model;
struct yg_cox_model;
struct yg_glm_model;
struct yg_aft_model;
struct yg_pen_model;
/* The model of an earlier result (its only fit, or the one of everybody beside subgroups).  Borrowed from the result. */
enum yg_status yg_cox_prediction(const struct yg_cox_model *m, const char *name, const struct yg_prediction_model **out,
                                 struct yg_err *err) YG_MUST_USE;
enum yg_status yg_glm_prediction(const struct yg_glm_model *m, const char *name, const struct yg_prediction_model **out,
                                 struct yg_err *err) YG_MUST_USE;
enum yg_status yg_aft_prediction(const struct yg_aft_model *m, const char *name, const struct yg_prediction_model **out,
                                 struct yg_err *err) YG_MUST_USE;
/* The model at the penalty that was chosen. */
enum yg_status yg_pen_prediction(const struct yg_pen_model *m, const char *name, const struct yg_prediction_model **out,
                                 struct yg_err *err) YG_MUST_USE;
/* Does it predict the time of an event (Cox, parametric), or an outcome of its own (regression)? */
bool yg_prediction_of_time(const struct yg_prediction_model *m);
/* The outcome it was fitted to: name of the endpoint or text of the column, and the level that is the event (or NULL). */
const char *yg_prediction_outcome(const struct yg_prediction_model *m, const char **event);

struct yg_an_predict {
	struct yg_an_input in;                  /* rows; not looked at with given */
	const struct yg_prediction_model *model;
	const char *name;
	const char *type;                       /* lp risk survival mean time; NULL = the model's own */
	const struct yg_node *at;               /* DURATION, NUMBER or GROUP, or NULL */
	const struct yg_node *given;            /* GROUP of PAIRs or a PAIR, or NULL */
	bool open;                              /* the data's profile shows rows */
};
enum yg_status yg_an_predict(const struct yg_an_predict *request, struct yg_task *task, struct yg_raw **out,
                             struct yg_err *err) YG_MUST_USE;

/* Models against an outcome: an endpoint, or a column. */
struct yg_an_judge {
	struct yg_an_input in;
	const struct yg_endpoint *endpoint;     /* or */
	const struct yg_node *outcome;          /* NAME or expression; NULL in calibrate = the model's own */
	const char *event;                      /* level that is the event, or NULL */
	const struct yg_prediction_model *const *model;
	const char *const *name;
	size_t models;
	const struct yg_node *at;
	const struct yg_node *tau;              /* validate: Uno's limit, or NULL */
	int64_t boot;                           /* validate: replicates, 0 = none */
	uint64_t seed;
	int groups;                             /* calibrate */
	const char *test;                       /* calibrate: hl, no (NULL) */
	double low, high;                       /* dca: thresholds */
};
enum yg_status yg_an_validate(const struct yg_an_judge *request, struct yg_task *task, struct yg_raw **out,
                              struct yg_err *err) YG_MUST_USE;
enum yg_status yg_an_calibrate(const struct yg_an_judge *request, struct yg_task *task, struct yg_raw **out,
                               struct yg_err *err) YG_MUST_USE;
enum yg_status yg_an_dca(const struct yg_an_judge *request, struct yg_task *task, struct yg_raw **out,
                         struct yg_err *err) YG_MUST_USE;

/*
 * Residuals and influence of Cox models (their fits' rows must have been kept).
 *   "influence" (a row per coefficient: coefficient over; open data: dfbetas without row), "residuals" (martingale, deviance: p5 q1
 *   median q3 p95), open data: "outlying", "influential" (rows); figures "form" (a number's martingale residuals without it),
 *   "course" (each effect over time); several fits: ".2" ...
 */
struct yg_an_diagnose {
	const struct yg_cox_model *const *model;
	const char *const *name;
	size_t count;
	bool open;                              /* the data's profile shows rows */
};
enum yg_status yg_an_diagnose(const struct yg_an_diagnose *request, struct yg_task *task, struct yg_raw **out,
                              struct yg_err *err) YG_MUST_USE;

#endif
