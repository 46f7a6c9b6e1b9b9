/*
 * Recurrent events, multi-state models, win ratios, rates.
 *
 * recur       without a formula: "groups" (a row per group: persons events with_event ends time rate), "mean" (key "thiotepa@12":
 *             time at_risk estimate se lower upper), "difference" (key "thiotepa@12": each group against the first: difference
 *             se lower upper p ratio ratio_lower ratio_upper), "test" (row pseudo_score: statistic df p), "curve" (detail), figure
 *             "mcf".  By several columns one after another: ".2" and so on.
 *             With a formula: "numbers" (a row per number of the event: records events), then for common effects the tables of cox
 *             (survival.h), for specific ones "estimates" (key "1 | rx: Lev"), "average" (key "rx: Lev": estimate se hr
 *             ratio_lower ratio_upper p statistic_all p_all statistic_same p_same)
 * multistate  "transitions" (a row per state: persons time, a column per state: moves), "states" (key "Male: tx@5": time at_risk
 *             estimate se lower upper), "time" (key "Male: tx": time estimate se lower upper), "hazards" (key "Male: start - tx@5":
 *             time estimate se lower upper), "curve" (detail), figure "states" for each group; with a formula "estimates" (key
 *             "start - tx / age") and "fits" (a row per transition)
 * winratio    "pairs" (a row per endpoint, then ties, all: wins losses share), "measures" (rows ratio odds rd: estimate lower upper
 *             p), figure "wins"; several levels of the arm: ".2" and so on
 * rate        "rates" (a row per group: persons events time rate lower upper), "compare" (with measure; key of the group: estimate
 *             lower upper p), "stratified" (with strata)
 * standardize "rates" (a row per group: events time crude rate se lower upper), "ratio" (each group against the first); indirect:
 *             "smr" (observed expected estimate lower upper p)
 */
#ifndef YOGO_ANALYSIS_EVENTS_H
#define YOGO_ANALYSIS_EVENTS_H

#include "yogo/analysis/survival.h"

struct yg_an_recur {
	struct yg_an_input in;                  /* by: groups; with a formula the model in each level */
	const struct yg_endpoint *endpoint;
	const struct yg_node *formula;          /* FORMULA node, or NULL: mean cumulative function */
	const struct yg_node *strata, *cluster; /* clause nodes, or NULL */
	const char *method;                     /* mcf (NULL) ag pwp_total pwp_gap wlw */
	bool specific;                          /* an effect for each recurrence */
	uint32_t most;                          /* recurrences beyond this one are left out; 0 = none */
	const char *ties;                       /* efron (NULL) breslow */
	const char *se;                         /* model robust; NULL = robust */
	const struct yg_node *at;               /* value of the option, or NULL */
};
enum yg_status yg_an_recur(const struct yg_an_recur *request, struct yg_task *task, struct yg_raw **out, struct yg_err *err);

struct yg_an_multistate {
	struct yg_an_input in;
	struct yg_an_endpoints of;
	const struct yg_node *formula;          /* FORMULA node, or NULL: no models */
	const struct yg_node *trans;            /* PAIR or GROUP of them, or NULL */
	const struct yg_node *at;
	const char *ci;                         /* loglog (NULL) log plain none */
	const char *ties;                       /* efron (NULL) breslow */
};
enum yg_status yg_an_multistate(const struct yg_an_multistate *request, struct yg_task *task, struct yg_raw **out,
                                struct yg_err *err);

struct yg_an_winratio {
	struct yg_an_input in;                  /* by and weight are refused */
	struct yg_an_endpoints of;              /* in order of importance */
	const struct yg_node *formula;          /* FORMULA node: the arm */
	const struct yg_node *strata;
	const char *measure;                    /* ratio (NULL) odds rd: the one named in the title and figure */
};
enum yg_status yg_an_winratio(const struct yg_an_winratio *request, struct yg_task *task, struct yg_raw **out, struct yg_err *err);

struct yg_an_rate {
	struct yg_an_input in;
	const struct yg_endpoint *endpoint;
	const struct yg_node *strata;
	const struct yg_node *per;              /* DURATION or NUMBER of the option */
	const char *measure;                    /* rd, rr or ratio; NULL: none, rr where there are strata */
	const char *ci;                         /* exact (NULL) wald byar rothman */
};
enum yg_status yg_an_rate(const struct yg_an_rate *request, struct yg_task *task, struct yg_raw **out, struct yg_err *err);

struct yg_an_standardize {
	struct yg_an_input in;
	const struct yg_endpoint *endpoint;
	const struct yg_node *adjust;           /* STRATA node of the columns */
	const struct yg_node *per;
	const char *standard;                   /* all (NULL), first, japan2015, japan1985, world */
	bool indirect;
	const char *ci;                         /* gamma (NULL) wald exact */
};
enum yg_status yg_an_standardize(const struct yg_an_standardize *request, struct yg_task *task, struct yg_raw **out,
                                 struct yg_err *err);

#endif
