/*
 * Competing risks: cuminc (Aalen-Johansen curves, Gray's test) and finegray (subdistribution hazards).
 *
 * Tables: "groups" (a row per group: persons, events of each cause, censored), "incidence" (a row per group, cause and time
 * asked: "Lev: recurrence: 1"), "gray" (a row per cause: statistic df p), "curves" (detail, every step).  By several
 * variables one after another: ".2" and so on.  Figure "incidence": the curves of the cause asked, one a group.
 *
 * finegray: "estimates" (a row per column and per reference level, key "sex: M": estimate se shr ratio_lower ratio_upper p) and
 * "fit" (a row per statistic), for each model of the formula.
 */
#ifndef YOGO_ANALYSIS_COMPETING_H
#define YOGO_ANALYSIS_COMPETING_H

#include "yogo/analysis/survival.h"
#include "yogo/stats/km.h"

struct yg_an_cuminc {
	struct yg_an_input in;
	const struct yg_endpoint *endpoint;
	const struct yg_node *strata;        /* STRATA node, or NULL: of Gray's test */
	const char *cause;                   /* label of the cause drawn; NULL = the event */
	const double *at;                    /* times asked, in the endpoint's unit */
	size_t ats;
	enum yg_km_ci ci;
	bool no_test;
	double rho;                          /* of Gray's test */
};
enum yg_status yg_an_cuminc(const struct yg_an_cuminc *request, struct yg_task *task, struct yg_raw **out,
                            struct yg_err *err) YG_MUST_USE;

struct yg_an_finegray {
	struct yg_an_input in;               /* by and weight are refused */
	struct yg_an_endpoints of;           /* one, with competing events */
	const struct yg_node *formula;       /* FORMULA node */
	const struct yg_node *strata;        /* STRATA node, or NULL: a censoring curve for each */
	const char *cause;                   /* label; NULL = the event */
};
enum yg_status yg_an_finegray(const struct yg_an_finegray *request, struct yg_task *task, struct yg_raw **out,
                              struct yg_err *err) YG_MUST_USE;

#endif
