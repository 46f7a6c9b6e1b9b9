/* What phtest and diagnose share: the course of each effect over time as figures. */
#ifndef YOGO_ANALYSIS_DIAGNOSE_PRIV_H
#define YOGO_ANALYSIS_DIAGNOSE_PRIV_H

#include "analysis/prediction/an_model_priv.h"

#define AN_DIAGNOSE_FIGURES 12     /* of a kind at most */
#define AN_DIAGNOSE_POINTS 3000u   /* rows drawn as points at most */

enum yg_status an_diagnose_no_memory(struct yg_err *err);
/* Who stands behind a coefficient: of a level those who have it. */
struct yg_evidence an_diagnose_behind(const struct an_cox_kept *k, const struct an_cox_row *row);
struct yg_raw_point an_diagnose_point(double x, double y, double lower, double upper);
/* The label of column j: its row in the kept table. */
const struct an_cox_row *an_diagnose_row(const struct an_cox_kept *k, size_t j);

/*
 * A figure "course" ("course.2" ...) for each coefficient of a fit whose rows are kept: scaled Schoenfeld residuals smoothed by
 * a natural spline of the function of time, as R's plot.cox.zph; open: with the residuals as points.  *made counts on.
 */
enum yg_status an_cox_courses(struct yg_raw *raw, const struct an_cox_kept *k, enum yg_cox_transform transform, bool open,
                              struct yg_arena *arena, size_t *made, struct yg_task *task, struct yg_err *err) YG_MUST_USE;

#endif
