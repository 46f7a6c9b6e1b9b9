/* What the parts of rmst share. */
#ifndef YOGO_ANALYSIS_RMST_PRIV_H
#define YOGO_ANALYSIS_RMST_PRIV_H

#include "analysis/survival/an_km_priv.h"
#include "yogo/analysis/rmst.h"

struct rmst_work {
	const struct yg_an_rmst *r;
	struct yg_task *task;
	struct yg_arena arena;
	struct yg_raw *raw;
	struct yg_design_plan *plan;
	double conf, critical;
	bool differences, ratios;
	double tau[AN_KM_VALUES];    /* in the time unit */
	size_t taus, parts;
	bool chosen;                 /* tau was not given but taken from the data */
};
/* "Lev vs Obs", and with several tau "Lev vs Obs@5": key and label of a row. */
const char *an_rmst_key(struct rmst_work *w, const struct an_surv *s, const char *what, double tau);
enum yg_status an_rmst_adjust(struct rmst_work *w, const struct an_surv *s, struct yg_err *err) YG_MUST_USE;
void an_rmst_adjust_notes(struct rmst_work *w);

#endif
