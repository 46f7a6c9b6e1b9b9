/*
 * tvc: what is told when covariates that change over time are defined.
 *
 *   table "changes"   a row per covariate: persons who change (or have a value), their share, changes
 */
#ifndef YOGO_ANALYSIS_TVC_H
#define YOGO_ANALYSIS_TVC_H

#include "yogo/cohort/set.h"

struct yg_raw;
struct yg_an_tvc {
	const struct yg_population *population;   /* the set that was made */
	const struct yg_tvc *const *covariate;    /* the new ones */
	size_t count;
};
enum yg_status yg_an_tvc(const struct yg_an_tvc *request, struct yg_raw **out, struct yg_err *err) YG_MUST_USE;

#endif
