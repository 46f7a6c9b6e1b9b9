/* A recur statement under way. */
#ifndef YOGO_ANALYSIS_RECUR_PRIV_H
#define YOGO_ANALYSIS_RECUR_PRIV_H

#include "an_events_priv.h"
#include "yogo/stats/recurrent.h"

struct an_recur {
	const struct yg_an_recur *r;
	struct yg_task *task;
	struct yg_arena arena;
	struct yg_raw *raw;
	bool mcf, built, several;
	enum yg_recurrent_method method;
	double conf, critical;
	size_t fits;
	const struct an_surv *whole;     /* everybody, where the fits are of groups */
};
enum yg_status an_recur_models(struct an_recur *w, struct yg_err *err) YG_MUST_USE;

#endif
