/* What the fit of a flexible parametric model shares with its predictions. */
#ifndef YOGO_STATS_RP_PRIV_H
#define YOGO_STATS_RP_PRIV_H

#include "aft_priv.h"
#include "yogo/stats/royston_parmar.h"

/* The model without bends: Weibull, log-logistic, lognormal. */
enum yg_aft_dist rp_plain(enum yg_rp_scale scale);
/* The columns of the spline at log time y, and their slopes: [df] each. */
void rp_basis(const double *knot, int df, double y, double *value, double *slope);
double rp_along(const double *b, const double *c, int df);
/* [df + 1] log times, ascending; refused where the events are at too few times. */
enum yg_status rp_place_knots(const struct aft_rows *r, const struct yg_rp_options *o, double *knot,
                              struct yg_err *err) YG_MUST_USE;

#endif
