/*
 * Competing risks: cuminc (Aalen-Johansen curves, Gray's test) and finegray (subdistribution hazards).
 *
 * cuminc     "groups" (a row per group: persons, events of each cause, censored), "incidence" (a row per group, cause and time
 *            asked: "Lev: recurrence: 1"), "total" (a row per group and time: any event, free of all, their sum), with measure
 *            "contrasts" ("Lev vs Obs: recurrence: 1": estimate se lower upper p), "gray" (a row per cause: statistic df p),
 *            "curves" (detail, every step).  By several variables one after another: ".2" and so on.  Figure "incidence": the
 *            curves of the cause asked, one a group; draw=all, stacked: "causes".
 * finegray   "estimates" (a row per column and per reference level, key "sex: M": estimate se shr ratio_lower ratio_upper p),
 *            "fit" (a row per statistic) and "baseline" (detail: time hazard), for each model of the formula and level of by; with
 *            interaction: "subgroups" key "sex: Male / rx: Lev", and "interaction" key "sex x rx": statistic df p.
 */
#ifndef YOGO_ANALYSIS_COMPETING_H
#define YOGO_ANALYSIS_COMPETING_H

#include "yogo/analysis/survival.h"
#include "yogo/stats/km.h"

struct yg_an_cuminc {
	struct yg_an_input in;
	const struct yg_endpoint *endpoint;
	const struct yg_node *strata;        /* STRATA node, or NULL: of Gray's test */
	const struct yg_node *cluster;       /* CLUSTER node, or NULL */
	const struct yg_node *frequency;     /* NAME of a column of repeats, or NULL */
	const char *cause;                   /* label of the cause drawn; NULL = the event */
	const struct yg_node *at;            /* DURATION or NUMBER (of the display unit), or GROUP; NULL = none */
	enum yg_km_ci ci;
	bool no_test;
	double rho;                          /* of Gray's test */
	const char *measure;                 /* rd rr; NULL = groups are not compared at times */
	const char *draw;                    /* cause (NULL) all stacked */
	bool all_steps;                      /* every step of the curves is listed, not those a figure can tell apart */
	bool open;                           /* figures are drawn as computed, not from grouped counts */
};
enum yg_status yg_an_cuminc(const struct yg_an_cuminc *request, struct yg_task *task, struct yg_raw **out,
                            struct yg_err *err) YG_MUST_USE;

/* The fits of a finegray statement, kept for predictions. */
struct yg_finegray_model;
struct yg_finegray_model *yg_finegray_model_new(void);
void yg_finegray_model_free(struct yg_finegray_model *m);
size_t yg_finegray_model_fits(const struct yg_finegray_model *m);
struct yg_prediction_model;
/* The model that predicts (see prediction.h): the only fit, or that of everybody beside subgroups.  Borrowed. */
enum yg_status yg_finegray_prediction(const struct yg_finegray_model *m, const char *name, const struct yg_prediction_model **out,
                                      struct yg_err *err) YG_MUST_USE;

struct yg_an_finegray {
	struct yg_an_input in;               /* by: the model in each level; weight: sampling weights */
	struct yg_an_endpoints of;           /* one, with competing events */
	const struct yg_node *formula;       /* FORMULA node */
	const struct yg_node *strata;        /* STRATA node, or NULL: a censoring curve for each */
	const struct yg_node *cluster;       /* CLUSTER node, or NULL */
	const struct yg_node *frequency;     /* NAME of a column of repeats, or NULL */
	const char *cause;                   /* label; NULL = the event */
	const char *ties;                    /* breslow (NULL) efron */
	const char *se, *ci;                 /* robust (NULL); wald (NULL) */
	bool interaction;                    /* with by: overall, subgroups, and tests that they agree */
};
/* model (may be NULL) gets the fits. */
enum yg_status yg_an_finegray(const struct yg_an_finegray *request, struct yg_task *task, struct yg_raw **out,
                              struct yg_finegray_model **model, struct yg_err *err) YG_MUST_USE;

#endif
