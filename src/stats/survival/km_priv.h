/* What km.c and km_robust.c share. */
#ifndef YOGO_STATS_KM_PRIV_H
#define YOGO_STATS_KM_PRIV_H

#include "stats/survival/cells_priv.h"
#include "yogo/stats/km.h"

/* One time: what is added to the cumulative hazard and to its variance; how much a row with the event adds (push)
   and each row at risk takes away (pull) in the derivative of the hazard by that row's weight. */
struct yg_km_step {
	double hazard, variance, push, pull;
};
struct yg_km_step yg_km_step_of(const struct yg_km_options *o, double n, double d, uint32_t rows);

enum yg_status yg_km_jackknife(const struct yg_spans *d, const struct yg_cells *c, struct yg_km *km,
                               struct yg_err *err) YG_MUST_USE;

#endif
