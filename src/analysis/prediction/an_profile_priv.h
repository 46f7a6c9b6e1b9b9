/* One person described by hand, as a row of a model's columns. */
#ifndef YOGO_ANALYSIS_PROFILE_PRIV_H
#define YOGO_ANALYSIS_PROFILE_PRIV_H

#include "an_model_priv.h"

struct an_profile {
	struct yg_arena arena;
	double *x;                     /* [p] */
	double offset;
	const char **standard;         /* [standards] "age: 61.2": not given, so at mean, 0 or reference */
	size_t standards;
	size_t first_stratum, strata;  /* those to be shown */
};
/* given: a PAIR, or a GROUP of them.  The profile is released by the caller only after success. */
enum yg_status an_profile_build(const struct yg_prediction_model *m, const struct yg_node *given, struct an_profile *out,
                                struct yg_err *err) YG_MUST_USE;
void an_profile_release(struct an_profile *p);

#endif
