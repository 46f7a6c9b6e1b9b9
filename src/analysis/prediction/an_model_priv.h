/*
 * A model kept for prediction, and rows that it is applied to.
 *
 * Another kind of model joins by filling a yg_prediction_model and one an_model_kind; the verbs call nothing else.
 */
#ifndef YOGO_ANALYSIS_MODEL_PRIV_H
#define YOGO_ANALYSIS_MODEL_PRIV_H

#include "analysis/survival/an_surv_priv.h"
#include "yogo/analysis/prediction.h"
#include "yogo/stats/aft.h"
#include "yogo/stats/cox_check.h"
#include "yogo/stats/prediction.h"

struct an_applied;
/* A probability (or mean) for one profile. */
struct an_point {
	double estimate, lower, upper;    /* limits NaN where there are none */
	double hazard, hazard_se;         /* cumulative; NaN where the model has none */
};
struct an_model_kind {
	const char *verb;
	/* out[n]: probability of the event by t (t is not looked at by models without time: the fitted mean). */
	enum yg_status (*risk)(const struct yg_prediction_model *m, const struct an_applied *a, double t, double *out,
	                       struct yg_err *err);
	/* The same for one row of columns, with limits. */
	void (*point)(const struct yg_prediction_model *m, const double *x0, double offset0, size_t stratum, double t, double conf,
	              struct an_point *out);
	/*
	 * The model fitted again to the rows given (which may repeat) of applied rows, for the bootstrap; a light copy that
	 * borrows from m, freed by an_model_light_free.  NULL: the model cannot be fitted again.
	 */
	enum yg_status (*refit)(const struct yg_prediction_model *m, const struct an_applied *a, const uint32_t *row, size_t rows,
	                        struct yg_task *task, struct yg_prediction_model **out, struct yg_err *err);
	/* The rest may be NULL.  out[n]: the median time, or the mean; INFINITY where it is never reached.  For one row, with limits. */
	enum yg_status (*time)(const struct yg_prediction_model *m, const struct an_applied *a, bool mean, double *out,
	                       struct yg_err *err);
	void (*time_point)(const struct yg_prediction_model *m, const double *x0, double offset0, size_t stratum, bool mean,
	                   double conf, struct an_point *out);
	/*
	 * The calibration slope: the linear predictor as the only term of a model of this kind on these outcomes; NaN where there
	 * is none.  NULL: of a Cox model.
	 */
	enum yg_status (*slope)(const struct yg_prediction_model *m, const struct an_applied *a, const struct yg_spans *spans,
	                        struct yg_task *task, double *b, double *se, struct yg_err *err);
	/* What the kind has beside the model's arena. */
	void (*release)(struct yg_prediction_model *m);
};
struct yg_prediction_model {
	struct yg_arena arena;
	const struct an_model_kind *kind;
	const char *outcome, *formula, *group;   /* "Death from any cause" or "low"; "rx + age"; "sex: Male" or NULL */
	const char *outcome_name, *event;        /* of the endpoint or column; level that is the event, or NULL */
	struct yg_design_frozen *design;
	bool light, own_design;                  /* a light copy borrows all but b, baseline and (own_design) design */
	size_t p, rank;
	double *b, *v;                           /* [p], [p*p] */
	int64_t persons, events;
	uint64_t rows;                           /* hash of the rows and outcomes of the fit */
	double conf;
	const char *no_refit;                    /* why the bootstrap cannot fit it again, or NULL */
	const char *refused;                     /* why nothing can be predicted (no convergence ...), or NULL */
	const char *no_errors;                   /* why there are no intervals, or NULL */
	/* of time */
	bool of_time;
	const char *time_unit, *unit;
	double divisor;                          /* time unit per display unit */
	struct yg_node **strata;                 /* [stratas] NAMEs */
	size_t stratas;
	const char **stratum;                    /* [baseline.strata] labels: levels joined by ", " */
	struct yg_cox_baseline baseline;
	const char *no_baseline;                 /* why there is none, or NULL */
	enum yg_cox_ties ties;
	bool late;                               /* the fit had late entries */
	bool longer;                             /* a higher linear predictor means a longer time */
	bool one_scale;                          /* linear predictors of different strata can be compared */
	double last;                             /* last time of the fit, where there is no baseline; beyond it the model goes on */
	const char *no_mean;                     /* why there is no mean time, or NULL */
	/* without time */
	enum yg_family family;
	enum yg_link link;
	double theta, df;                        /* df of t for limits; INFINITY = normal */
	bool binary;
};
extern const struct an_model_kind an_model_cox, an_model_glm;
/* A model as the fits leave it: names, coefficients b[p] and covariance v[p*p] (NULL = none), in size bytes that begin with the model. */
struct yg_prediction_model *an_model_begin(size_t size, const struct an_model_kind *kind, const char *outcome, const char *formula,
                                           const char *group, size_t p, const double *b, const double *v);
/* The strata of a model with a baseline in each (node: the STRATA node or NULL), and their labels. */
void an_model_strata(struct yg_prediction_model *m, const struct an_surv *s, const struct yg_node *node);
/* Outcomes and columns of rows drawn with repeats, under knots chosen again, for a refit. */
struct an_drawn {
	struct yg_design_frozen *design;         /* of the knots chosen again, or NULL */
	double *exit, *x, *offset;               /* exit: the time, or the outcome without time */
	uint8_t *event;
	int32_t *stratum;
};
enum yg_status an_draw(const struct yg_prediction_model *m, const struct an_applied *a, const uint32_t *row, size_t rows,
                       struct an_drawn *out, struct yg_err *err) YG_MUST_USE;
void an_drawn_release(struct an_drawn *d);
void an_model_free(struct yg_prediction_model *m);
void an_model_light_free(struct yg_prediction_model *m);
/* Kept by the analyses of the fits. */
struct yg_prediction_model *an_model_of_cox(const struct an_cox_fit *f);
/*
 * The baseline hazard of a Cox model, unless there is one: from the rows kept when the model is first used, or where they
 * are too many to keep at once after the fit (without intervals, which need a number an event time and column).
 */
void an_model_baseline(struct yg_prediction_model *m, const struct yg_cox_data *d, const struct yg_cox *fit, bool intervals,
                       struct yg_task *task);
struct an_aft_fit;
/* Borrows what the kernel's fit has: the result that keeps the fit keeps both. */
struct yg_prediction_model *an_model_of_aft(const struct an_aft_fit *f, const struct yg_node *strata);
struct yg_prediction_model *an_model_of_regression(const struct an_fit *f);
uint64_t an_rows_hash(const struct yg_set *set, const double *outcome, const uint8_t *event);
/* The same on the task's pool. */
uint64_t an_rows_hash_on(struct yg_task *task, const struct yg_set *set, const double *outcome, const uint8_t *event);
/* h and n more bytes (NULL = none). */
uint64_t an_hash(struct yg_task *task, uint64_t h, const void *bytes, size_t n);

/* One model on rows. */
struct an_applied {
	const struct yg_prediction_model *model;
	const char *name;
	const struct an_rows *rows;
	size_t first_variable;
	size_t n;
	double *x, *offset;                      /* [n*p], NULL unless columns were asked for; [n] or NULL */
	double *lp;                              /* [n] */
	int32_t *stratum;                        /* [n] the model's strata, or NULL */
};
/* The strata between which linear predictors cannot be compared, or NULL. */
static inline const int32_t *an_applied_apart(const struct an_applied *a)
{
	return a->model->one_scale ? NULL : a->stratum;
}
/* Rows with an outcome that all models can say something of. */
struct an_rows {
	struct an_surv s;
	bool has_surv;
	struct yg_set *set;                      /* s.set, or own */
	size_t n;
	const struct yg_endpoint *endpoint;
	uint8_t *event;                          /* [n] by status, or the binary outcome */
	double *y;                               /* [n] the outcome of a model without time; NULL with time or without outcome */
	const char *outcome;                     /* label */
	const struct yg_set_column *by;          /* column of groups, or NULL */
	int64_t events;
	struct an_applied *model;
	size_t models;
	struct yg_arena arena;
};
struct an_rows_request {
	const struct yg_an_input *in;
	const struct yg_endpoint *endpoint;      /* or outcome, or neither (predict) */
	const struct yg_node *outcome;
	const struct yg_node *by;                /* NAME of a column of groups, or NULL; not with endpoint */
	const char *event, *verb;
	bool columns;                            /* keep those of the models, to fit them again */
	const struct yg_prediction_model *const *model;
	const char *const *name;
	size_t models;
};
enum yg_status an_rows_build(const struct an_rows_request *r, struct yg_task *task, struct an_rows *out,
                             struct yg_err *err) YG_MUST_USE;
void an_rows_release(struct an_rows *r);
/* Who, who was left out, how many events. */
void an_rows_notes(struct yg_raw *raw, const struct an_rows *r, const struct yg_an_input *in);
struct yg_evidence an_rows_evidence(const struct an_rows *r);
/* lp of a model on rows whose columns were made. */
enum yg_status an_applied_lp(struct an_applied *a, struct yg_task *task, struct yg_err *err) YG_MUST_USE;
/* The times of an option in the endpoint's time unit, ascending as written. */
enum yg_status an_times(const struct yg_endpoint *e, const struct yg_node *at, struct yg_arena *arena, double **out,
                        size_t *count, struct yg_err *err) YG_MUST_USE;
static inline double an_conf(const struct yg_an_input *in)
{
	return in->conf > 0 ? in->conf : 0.95;
}
/* "3 years". */
const char *an_time_text(struct yg_arena *arena, double t, double divisor, const char *unit);

#endif
