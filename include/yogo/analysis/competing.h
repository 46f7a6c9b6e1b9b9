/*
 * Competing risks: cuminc (Aalen-Johansen curves, Gray's test).
 *
 * Tables: "groups" (a row per group: persons, events of each cause, censored), "incidence" (a row per group, cause and time
 * asked: "Lev: recurrence: 1"), "gray" (a row per cause: statistic df p), "curves" (detail, every step).  By several
 * variables one after another: ".2" and so on.  Figure "incidence": the curves of the cause asked, one a group.
 */
#ifndef YOGO_ANALYSIS_COMPETING_H
#define YOGO_ANALYSIS_COMPETING_H

#include "yogo/analysis/describe.h"
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

#endif
