/*
 * rmst: restricted mean survival time by group, compared with the first group.
 *
 * Tables (of several parts ".2", ".3" ...; keys have "@5" where several tau are asked for):
 *   "rmst"         a row per group: tau at_risk estimate se lower upper lost lost_lower lost_upper
 *   "differences"  "Lev vs Obs": tau estimate se lower upper p
 *   "ratios"       tau estimate lower upper p (of mean times); "lost_ratios" the same of the times lost
 *   "adjusted"     with adjust, a row per group but the first and per column: estimate se lower upper p; "adjusted_means" a row per
 *                  group; "adjusted_ratios" where ratios are asked for
 *   figure "rmst"  the curves up to the greatest tau
 * Times come in the endpoint's display unit.
 */
#ifndef YOGO_ANALYSIS_RMST_H
#define YOGO_ANALYSIS_RMST_H

#include "yogo/analysis/survival.h"

struct yg_an_rmst {
	struct yg_an_input in;
	struct yg_an_endpoints of;
	const struct yg_node *strata, *cluster;  /* clause nodes, or NULL */
	const struct yg_node *frequency;         /* NAME of a column of repeats, or NULL */
	const struct yg_node *tau;               /* DURATION, NUMBER or GROUP; NULL = smallest of the groups' last times */
	const char *measure;                     /* mean ratio; NULL = both */
	const struct yg_node *adjust;            /* MODEL node of NAMEs, or NULL */
	bool open;                               /* the figure is drawn as computed, not from grouped counts */
};
enum yg_status yg_an_rmst(const struct yg_an_rmst *request, struct yg_task *task, struct yg_raw **out,
                          struct yg_err *err) YG_MUST_USE;

#endif
