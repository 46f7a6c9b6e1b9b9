/*
 * Weights from a propensity score, so that the two arms resemble one population.
 *
 *   ate      t/e + (1-t)/(1-e)                everybody
 *   att      t + (1-t) e/(1-e)                the treated
 *   atc      t (1-e)/e + (1-t)                the untreated
 *   ato      t (1-e) + (1-t) e                where the arms overlap (Li, Morgan & Zaslavsky 2018)
 *   atm      min(e, 1-e) (t/e + (1-t)/(1-e))  as pair matching would have it (Li & Greene 2013)
 *   entropy  H(e) (t/e + (1-t)/(1-e))         entropy weights, H(e) = -e log e - (1-e) log(1-e)
 */
#ifndef YOGO_STATS_WEIGHTS_H
#define YOGO_STATS_WEIGHTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/status.h"

enum yg_estimand { YG_ESTIMAND_ATE, YG_ESTIMAND_ATT, YG_ESTIMAND_ATC, YG_ESTIMAND_ATO, YG_ESTIMAND_ATM,
	           YG_ESTIMAND_ENTROPY };
const char *yg_estimand_name(enum yg_estimand e);       /* "att" */
const char *yg_estimand_sentence(enum yg_estimand e);   /* "effect in the treated (ATT)" */
bool yg_estimand_parse(const char *name, enum yg_estimand *e);

struct yg_weight_options {
	enum yg_estimand estimand;
	bool stabilized;            /* times the share of the person's own arm */
	double score_limit[2];      /* scores are first moved inside [low, high]; NaN = no limit */
	double quantile[2];         /* weights are then moved inside these quantiles (type 7, both arms together);
	                               NaN = no limit */
};
/* [0] untreated, [1] treated. */
struct yg_weight_summary {
	size_t n[2];
	double sum[2], mean[2], smallest[2], largest[2];
	double effective[2];        /* (sum w)^2 / sum w^2 */
	size_t truncated;           /* weights moved by the quantiles */
	double limit[2];            /* the quantiles, NaN where not asked */
	size_t moved;               /* scores moved by score_limit */
};
/* arm[n] 0 or 1; score[n] in (0, 1).  weight[n] out.  YG_REFUSED when an arm is empty or a score is 0 or 1. */
enum yg_status yg_weights_make(const int8_t *arm, const double *score, size_t n, const struct yg_weight_options *options,
                               double *weight, struct yg_weight_summary *out, struct yg_err *err) YG_MUST_USE;
struct yg_weight_summary yg_weights_summary(const int8_t *arm, const double *weight, size_t n);

#endif
