/*
 * Effects of a treatment: ps (propensity score), weight, balance.
 *
 *   ps       tables "estimates" "coefficients" "fit" of the logistic model, "overlap" and "range" (a row per arm),
 *            figure "scores"
 *   weight   table "weights" (a row per arm)
 *   balance  tables "balance" (a row per covariate or level: smd_before smd_after mark ratio_after ks_after; _before
 *            where after is not shown) and "means" (aside: means by group before and after, ratio_before ks_before),
 *            figure "love"
 *
 * A propensity score and a weighted set are objects: counted, immutable, kept by the session.  A weighted set is a
 * population: km, cox, linear ... honour its weight and its arm ("arm" in formulas).
 */
#ifndef YOGO_ANALYSIS_EFFECT_H
#define YOGO_ANALYSIS_EFFECT_H

#include "yogo/analysis/describe.h"

struct yg_propensity;
struct yg_propensity *yg_propensity_ref(struct yg_propensity *p);
void yg_propensity_unref(struct yg_propensity *p);
const struct yg_table *yg_propensity_table(const struct yg_propensity *p);

struct yg_an_ps {
	struct yg_an_input in;             /* by and weight are not used */
	const char *contrast;              /* its name, for titles */
	const struct yg_node *column;      /* NAME of the treatment */
	const char *treated;               /* the level that is treated, as written: "1", "yes", "Lev" */
	const char *estimand;              /* the contrast's, or NULL */
	const struct yg_node *model;       /* MODEL node */
	double trim;                       /* leave out scores below this or above one minus this; 0 = nobody */
};
/* Persons are the unit.  *out_ps has one reference. */
enum yg_status yg_an_ps(const struct yg_an_ps *request, struct yg_task *task, struct yg_raw **out, struct yg_propensity **out_ps,
                        struct yg_err *err) YG_MUST_USE;

struct yg_weighted;
struct yg_weighted *yg_weighted_ref(struct yg_weighted *w);
void yg_weighted_unref(struct yg_weighted *w);
/* For `on SET`: borrowed from the set. */
const struct yg_population *yg_weighted_population(const struct yg_weighted *w);

struct yg_an_weight {
	struct yg_propensity *ps;
	const char *name;                  /* of the set */
	const char *estimand;              /* ate att atc ato atm entropy; NULL = the contrast's, which must then have one */
	bool stabilized;
	bool truncate;
	double quantile[2];                /* with truncate: 0.01, 0.99 */
};
enum yg_status yg_an_weight(const struct yg_an_weight *request, struct yg_task *task, struct yg_raw **out,
                            struct yg_weighted **out_set, struct yg_err *err) YG_MUST_USE;

struct yg_an_balance {
	const struct yg_weighted *set;
	double threshold;                  /* 0 = 0.1 */
	bool no_before, no_after;
	const char *sd;                    /* pooled treated all; NULL = the estimand's: treated for att, untreated for atc, else pooled */
};
enum yg_status yg_an_balance(const struct yg_an_balance *request, struct yg_task *task, struct yg_raw **out,
                             struct yg_err *err) YG_MUST_USE;

#endif
