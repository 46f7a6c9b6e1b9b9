/*
 * What the survival verbs share: the spans of an endpoint as arrays for the kernels, groups, strata, clusters,
 * and the unit in which times are shown.
 */
#ifndef YOGO_ANALYSIS_SURV_PRIV_H
#define YOGO_ANALYSIS_SURV_PRIV_H

#include "analysis/an_frame_priv.h"
#include "analysis/regression/an_regress_priv.h"
#include "yogo/analysis/survival.h"
#include "yogo/stats/cox.h"
#include "yogo/stats/cox_frailty.h"
#include "yogo/stats/spans.h"

struct an_surv {
	struct yg_arena arena;
	const struct yg_endpoint *endpoint;
	const struct yg_population *population;
	const char *label;            /* the endpoint's label, else its name */
	bool several;                 /* the statement has other parts: titles of tables name this one */
	struct yg_set *set;
	bool set_borrowed;
	size_t terms_at;              /* where the variables of the model begin in the set */
	int cause;                    /* state that is the event: 1 unless named */
	const char *unit;             /* display unit, "" = none */
	double divisor;               /* time unit per display unit */
	/* groups of by */
	size_t groups, by_at, bys;
	const char *by_title;         /* "rx", "rx:sex", NULL = everybody */
	const char **group_label;     /* for keys */
	const char **group_words;     /* the same for people: levels marked as words of the data, "all" a message */
	int32_t *group;               /* [n] */
	uint64_t *group_rows, *group_persons, *group_events, *group_event_rows; /* group_events: persons with one */
	double *group_time, *group_weight; /* time at risk in the time unit; sums of weights */
	/* arrays of the kernels */
	uint8_t *event, *continues;   /* continues NULL when every row is a person */
	double *weight;               /* [n] used as case weight, NULL = none; borrowed from the set */
	bool probability;             /* sampling or inverse-probability weights: robust variance */
	bool frequency;
	int32_t *stratum;
	size_t strata;
	const char *strata_title;
	uint32_t *cluster;
	size_t clusters;
	const char *cluster_title;
	/*
	 * Follow-up that was counted, not copied: spans' rows are kinds of persons (group, stratum, whole time, how it ended) with their
	 * repeats, and the set has counts and columns without rows or values.
	 */
	bool kinds;
	double *kind_exit;
	uint8_t *kind_status;
	uint32_t *repeats;
	struct yg_spans spans;
	uint64_t event_rows, event_persons, competing_rows;
	bool landmarked;
	double landmark;              /* in the time unit */
};

struct an_surv_request {
	const struct yg_an_input *in;
	const struct yg_endpoint *endpoint;
	const struct yg_node *crossing;   /* CROSSING, or NULL */
	const struct yg_node *strata, *cluster, *frequency;
	const struct yg_node *landmark;   /* only who is followed beyond this time, from it on; NULL = everybody */
	const struct yg_set_variable *term;
	size_t terms;
	const char *cause;
	const char *verb;
	bool intervals;                   /* the verb reads between L and R: L in set->entry, R in set->exit */
	bool robust;                      /* robust errors were asked for: parts of one person are a cluster */
	bool kinds;                       /* the verb can do with kinds of persons instead of persons, where there are such */
	const struct yg_node *subcohort;  /* NAME of the flag of a subcohort: the last column of the set; NULL = none */
};
/*
 * Kinds of persons counted straight from the stored blocks, when the endpoint has whole times, one follow-up a person and no late entry,
 * and nothing is asked that needs persons; else out->kinds stays false and nothing else is changed.
 */
enum yg_status an_surv_count(const struct an_surv_request *r, struct yg_task *task, struct an_surv *out, struct yg_err *err) YG_MUST_USE;
/* Groups: how many cells by has; names of those of which place is not 0, where place becomes the number of the group. */
#define AN_SURV_GROUPS 1000u
enum yg_status an_surv_cells(struct an_surv *s, size_t *cells, struct yg_err *err) YG_MUST_USE;
void an_surv_name_groups(struct an_surv *s, int32_t *place, size_t cells);
void an_surv_group_room(struct an_surv *s);
const char *an_surv_joined(struct an_surv *s, size_t at, size_t factors, const char *between);
enum yg_status an_surv_build(const struct an_surv_request *r, struct yg_task *task, struct an_surv *out,
                             struct yg_err *err) YG_MUST_USE;
/* The rows with keep[i], as a frame of its own; groups are not made again. */
enum yg_status an_surv_subset(const struct an_surv *s, const struct an_surv_request *r, const uint8_t *keep,
                              struct an_surv *out, struct yg_err *err) YG_MUST_USE;
void an_surv_release(struct an_surv *s);
/*
 * The levels of by one after the other: struct an_surv_levels l = { .whole = s, .ask = ask };
 * while (an_surv_next_level(&l, &status, err)) status = fit(&l.part ...).  It ends with the first failure, and releases
 * the part and what it holds itself.
 */
struct an_surv_levels {
	const struct an_surv *whole;
	const struct an_surv_request *ask;
	struct an_surv part;          /* the rows of this level */
	const char *level;
	size_t next;
	uint8_t *keep;
};
bool an_surv_next_level(struct an_surv_levels *l, enum yg_status *status, struct yg_err *err) YG_MUST_USE;
void an_surv_empty_level(struct yg_raw *raw, const char *by, const char *level);

/* Leave the rows that end by the landmark out of the set and let the others begin at it. */
enum yg_status an_surv_landmark(struct an_surv *s, const struct an_surv_request *r, struct yg_err *err) YG_MUST_USE;

/* Follow-up of one person that is not independent: an error unless there are clusters or strata by person. */
enum yg_status an_surv_independent(const struct an_surv *s, const char *verb, struct yg_err *err) YG_MUST_USE;
/* A time written in a statement (3y, 36m, 2.5) in the endpoint's time unit. */
enum yg_status an_surv_time(const struct yg_endpoint *e, const struct yg_node *node, double *out, struct yg_err *err) YG_MUST_USE;

/* Who, left out, weights, the time's unit, ties made by rounding, late entry, causes. */
void an_surv_notes(struct yg_raw *raw, const struct an_surv *s, const struct yg_an_input *in);
/* "Survival: Death from any cause by rx", for the document; for a table the same only where there are several parts. */
const char *an_surv_title(const struct an_surv *s, const char *what, struct yg_arena *arena);
const char *an_surv_subtitle(const struct an_surv *s, const char *what, struct yg_arena *arena);
struct yg_evidence an_surv_group_evidence(const struct an_surv *s, size_t group);
struct yg_evidence an_surv_everybody(const struct an_surv *s);
static inline double an_surv_shown(const struct an_surv *s, double t)
{
	return t / s->divisor;
}

/* Is a term spanned by one of the terms of a larger model (NULL at the end): itself, or a spline, polynomial or factor of it? */
bool an_term_spanned(const char *t, char *const *large);

/* ---- cox ---- */

/* One coefficient kept with a model. */
struct an_cox_row {
	char *key, *label, *term;
	bool reference, binary, estimable;
	const char *why;                  /* why not estimable, or NULL */
	double b, se, lower, upper, p;    /* log scale */
	int64_t persons, events;          /* with the level; of a number: all */
	int64_t reference_persons, reference_events; /* of the reference level of its term; -1 = none */
};
struct an_cox_term {
	char *name;
	int count;
};
/* phtest results of one transform, or none yet. */
struct an_cox_ph {
	bool done;
	struct yg_cox_test *test;         /* [terms] */
	struct yg_cox_test global;
};
/* How forest names what a model estimates. */
struct an_forest_words {
	const char *title, *head, *series, *axis, *note;
	bool difference;                  /* of means: no exponentials, the line at 0 */
};
struct an_cox_kept {
	const struct an_forest_words *words; /* NULL = hazard ratios */
	char *endpoint, *formula;         /* "Death from any cause", "rx + age" */
	char *by, *level;                 /* subgroup: "sex", "Male"; NULL = everybody */
	bool overall;                     /* the fit of everybody beside subgroups */
	struct an_cox_row *row;
	size_t rows;
	struct an_cox_term *term;
	size_t terms;
	int64_t persons, records, events, event_rows;
	size_t rank;
	double loglik, loglik_null, aic, bic, conf;
	bool robust, weighted, usable;
	const char *special;              /* why it takes no part in tests between models and of proportional hazards, or NULL */
	uint64_t data;                    /* hash of rows, times, events, strata */
	struct an_cox_ph ph[4];
	/* The data of a fit that is small enough to keep; NULL when the tests were made at once. */
	struct yg_cox_data kept;
	struct yg_packed *packed;         /* its columns */
	void *arrays[8];                  /* the last: row[n] of the table */
	int *term_of;                     /* [p] */
	struct yg_cox fit;
	bool has_fit;
	struct yg_prediction_model *prediction; /* to be used on other rows */
};
/* The test that a term has the same effect in every level of by. */
struct an_cox_interaction {
	char *by, *term, *endpoint;
	double chisq, p;
	int df;
};
struct yg_cox_model {
	struct an_cox_kept *fit;
	size_t fits, cap;
	struct an_cox_interaction *interaction;
	size_t interactions, interactions_cap;
};

struct an_casecohort;
/* A fit while its tables are made. */
struct an_cox_fit {
	struct an_surv *s;
	const struct yg_design_plan *plan;
	const struct yg_node *strata_node; /* STRATA, or NULL */
	struct yg_design *design;
	struct yg_cox_data data;
	struct yg_cox fit;
	const char *formula, *group;      /* group: "sex: Male", or NULL */
	bool several;
	double conf, critical;
	bool profile;
	double *lower, *upper;            /* [p] log scale */
	int64_t *persons, *events;        /* [p] behind each column */
	double c, c_se;                   /* C NaN: not defined here */
	double *p_value;                  /* [p] by likelihood ratio, or NULL: Wald */
	bool frail;
	struct yg_cox_frailty frailty;    /* its fit has moved to fit above */
	const struct an_casecohort *sample; /* a case-cohort sample, or NULL */
	const struct an_cox_moves *moves; /* tt() terms, or NULL; then fit.p > data.p, and the design names all parameters */
};
/* tt() terms of a model: taken out of its formula, put into a fit as parameters beyond the columns. */
struct an_cox_move {
	const char *name, *of;            /* "tt(karno, log)", "karno" */
	struct yg_clock clock;            /* a step: from the first cut on */
	double cut[16];
	int cuts;                         /* periods: cuts + 1 */
	size_t first, count;              /* columns of the term */
	size_t parameter;                 /* its first parameter */
};
struct an_cox_moves {
	struct an_cox_move *move;
	size_t count;
	const double *at;                 /* times in the time unit; none: quartiles of the events */
	size_t ats;
	const struct yg_cox_moving *moving;
	size_t movings;
};
/* *out := the model with tt(x, f) replaced by x, *moves := what was taken out, NULL if nothing. */
enum yg_status an_cox_take_moves(struct yg_arena *arena, const struct yg_endpoint *e, const struct yg_node *model,
                                 const struct yg_node *at, const struct yg_node **out, struct an_cox_moves **moves,
                                 struct yg_err *err) YG_MUST_USE;
enum yg_status an_cox_put_moves(struct an_cox_fit *f, struct an_cox_moves *moves, struct yg_arena *arena, struct yg_err *err) YG_MUST_USE;
enum yg_status an_cox_time_tables(struct yg_raw *raw, const struct an_cox_fit *f, size_t i, struct yg_arena *arena,
                                  struct yg_task *task, struct yg_err *err) YG_MUST_USE;
void an_cox_frailty_tables(struct yg_raw *raw, const struct an_cox_fit *f, size_t i, struct yg_arena *arena);
void an_cox_frailty_notes(struct yg_raw *raw, const struct an_cox_fit *f);
/* The title of a table, with the model and the group where there are several. */
const char *an_cox_titled(const struct an_cox_fit *f, const char *title, struct yg_arena *arena);
void an_cox_tables(struct yg_raw *raw, const struct an_cox_fit *f, size_t i, struct yg_arena *arena);
void an_cox_notes(struct yg_raw *raw, const struct an_cox_fit *f);
/* f->persons and f->events of every parameter. */
enum yg_status an_cox_count(struct an_cox_fit *f, struct yg_task *task, struct yg_arena *arena, struct yg_err *err) YG_MUST_USE;
/* Too large to keep its rows: what needs them is made at once. */
bool an_cox_large(const struct an_cox_fit *f);
/* Add the fit to the model; takes the fit's kernel result and, when kept whole, its arrays. */
enum yg_status an_cox_keep(struct yg_cox_model *m, struct an_cox_fit *f, const char *by, const char *level, bool overall,
                           struct yg_task *task, struct yg_err *err) YG_MUST_USE;
const char *an_cox_why_not(const struct yg_cox *fit, size_t j);

#endif
