/*
 * One fitted regression with what its tables need.
 */
#ifndef YOGO_ANALYSIS_REGRESS_PRIV_H
#define YOGO_ANALYSIS_REGRESS_PRIV_H

#include "yogo/analysis/design.h"
#include "yogo/analysis/regress.h"
#include "yogo/raw/raw.h"
#include "yogo/stats/glm.h"
#include "yogo/stats/linear.h"
#include "yogo/stats/robust.h"

enum an_se { AN_SE_MODEL, AN_SE_HC0, AN_SE_HC1, AN_SE_HC2, AN_SE_HC3, AN_SE_CLUSTER };

struct an_fit {
	const char *outcome, *outcome_label, *formula, *group;   /* group: "sex: Male", or NULL */
	bool several;                            /* the statement has more fits than this one */
	struct yg_set *set;                      /* rows of this fit; borrowed; its terms are given back */
	struct yg_design *design;
	const struct yg_design_plan *plan;       /* NULL = the fit is not kept for prediction */
	size_t terms_at;                         /* where its variables begin in the set */
	const char *event;                       /* level of the outcome that is the event, or NULL */
	const double *y;                         /* [n] the set's, or made */
	double *made;                            /* [n] outcome from levels, or NULL */
	const double *weight;                    /* [n] or NULL */
	bool frequency;
	struct yg_regression data;
	bool is_linear;
	struct yg_linear linear;
	struct yg_glm glm;
	struct yg_glm_options options;
	const double *b, *inverse;               /* into linear or glm */
	const uint8_t *dropped, *diverging;      /* diverging may be NULL */
	double *covariance;                      /* [p*p] the one used */
	enum an_se se;
	size_t clusters;
	double df;                               /* of t; INFINITY = normal */
	double critical;                         /* quantile for the intervals */
	double conf;                             /* their level */
	double *lower, *upper;                   /* [p] */
	size_t rank;
	double n;                                /* rows, or sum of repeats */
	uint64_t rows;                           /* hash of rows and outcome */
	int64_t persons, records, events;        /* events -1 = the outcome has none */
	int64_t events_counted;                  /* sum of counts for poisson, else events */
	int64_t *column_persons, *column_events; /* [p] behind each coefficient */
	bool binary_outcome;
};

enum { AN_RATIO_NONE, AN_RATIO_OR, AN_RATIO_RR, AN_RATIO_IRR, AN_RATIO_MEAN };
int an_fit_ratio(const struct an_fit *f);

/* Fit with errors from the model: f has set, design, y, options, and may have a weight. */
enum yg_status an_fit_plain(struct an_fit *f, double conf, struct yg_task *task, struct yg_err *err) YG_MUST_USE;
void an_fit_release(struct an_fit *f);

/* Persons, records, events of a fit; persons and events behind each column of its design. */
void an_count_outcome(struct an_fit *f);
enum yg_status an_count_columns(struct an_fit *f, struct yg_task *task, struct yg_err *err) YG_MUST_USE;

/* Tables and notes of fit number i (0 first) into raw. */
void an_fit_tables(struct yg_raw *raw, const struct an_fit *f, size_t i, double conf, struct yg_arena *arena);
void an_fit_notes(struct yg_raw *raw, const struct an_fit *f, const struct yg_an_regress *r, double conf,
                  struct yg_arena *arena);

/* Rows of `set` for which keep[i] is true, as a set of its own (yg_set_free). */
enum yg_status an_set_subset(const struct yg_set *set, const uint8_t *keep, struct yg_set **out, struct yg_err *err) YG_MUST_USE;
/* Who was analysed and who was left out. */
void an_set_notes(struct yg_raw *raw, const struct yg_set *s, const struct yg_an_input *in, int64_t events);
/* Knots and other notes of a design. */
void an_design_notes(struct yg_raw *raw, const struct yg_design *d, int64_t persons);

/* What compare needs of a fit. */
struct an_kept {
	char *outcome, *formula, *group;
	bool is_linear, robust;
	enum yg_family family;
	enum yg_link link;
	char **term;                             /* names, NULL-terminated */
	uint64_t rows;                           /* hash of rows, outcome and weights */
	size_t n, rank;
	double deviance, dispersion, df_residual, loglik, aic, bic, rss;
	bool dispersion_estimated, has_intercept;
	int64_t persons, events;
	struct yg_prediction_model *prediction;  /* to be used on other rows, or NULL */
};
struct yg_glm_model {
	struct an_kept *fit;
	size_t fits, cap;
	struct yg_cox_model *rows;               /* the estimates as rows of a forest, or NULL */
};
void an_keep(struct yg_glm_model *m, const struct an_fit *f, struct yg_task *task);
void an_keep_rows(struct yg_glm_model *m, const struct an_fit *f);
/* The table of compare: parameters, loglik, aic, bic, statistic, df, p. */
struct yg_raw_table *an_compare_table(struct yg_raw *raw, bool by_f);

#endif
