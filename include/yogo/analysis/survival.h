/*
 * Survival verbs: followup, km, logrank, cox, phtest, forest, compare of Cox models; and the check of an endpoint.
 *
 * Several endpoints, several by clauses (`by a, b`: one after another; `a:b`: the combinations as groups) and several
 * models give one part after another.  Tables of the first part have the keys below, of the next ".2", ".3" ...
 *
 *   endpoint  "check" (a row per fact, column value), "events" (a row per kind of end: count)
 *   followup  as endpoint, and "followup": a row per group: persons events time median lower upper q1 q3 (reverse
 *             Kaplan-Meier)
 *   km        "groups": a row per group: persons records events censored time; "quantiles": a row per group and quantile (key
 *             "Obs", or "Obs 0.25" when several): estimate lower upper; "times" (with at): key "Obs@1": at_risk events estimate
 *             se lower upper; "curve" (detail): time at_risk events censored estimate se lower upper hazard hazard_se;
 *             figure "km"
 *             with measure: "contrasts": key "Lev vs Obs@1": time estimate0 estimate1 estimate lower upper p, and "quantile_contrasts";
 *             with given: "conditional": key "Obs@5|1": given time at_risk estimate se lower upper; with band: "bands"; with
 *             adjust: estimates are adjusted, "times" has unadjusted, "adjust" the model's coefficients
 *   logrank   "groups": persons events observed expected; "tests": rows logrank (the method's name), trend: statistic df p;
 *             "pairwise": key "Lev vs Obs": statistic p p_adjusted
 *   cox       "estimates": a row per column and per reference level, key "rx: Lev": estimate (log hazard ratio) se hr ratio_lower
 *             ratio_upper p; "coefficients" (detail): estimate se statistic lower upper p; "terms": statistic df p; "fit";
 *             with frailty "frailty": value, "frailties" a row per cluster: persons events frailty ratio_lower ratio_upper estimate
 *             se, figure "frailties"; with tt() "over_time" key "karno@1": time hr ratio_lower ratio_upper, figure "over_time";
 *             with casecohort: "casecohort" a row per stratum of the sampling: cohort subcohort cases inside weight;
 *             with interaction: "subgroups" key "sex: Male / rx: Lev": persons events hr ratio_lower ratio_upper p, and
 *             "interaction" key "sex x rx": statistic df p
 *   phtest    "phtest": a row per term, and "GLOBAL": statistic df p
 *   forest    "forest": the rows of the figure: label persons events estimate lower upper; figure "forest"
 *   compare   "compare": a row per model: parameters loglik aic bic statistic df p (against the row before)
 *
 * Times come in the endpoint's display unit.  Follow-up per eye or of recurrent events is not independent within the person:
 * it needs cluster (km, cox) or strata by person (logrank, cox).
 */
#ifndef YOGO_ANALYSIS_SURVIVAL_H
#define YOGO_ANALYSIS_SURVIVAL_H

#include "yogo/analysis/describe.h"
#include "yogo/cohort/endpoint.h"

/* Endpoints named left of ~ or after the verb, evaluated. */
struct yg_an_endpoints {
	const struct yg_endpoint *const *endpoint;
	size_t count;
};

/* What is printed when an endpoint is defined: whole table, after its where. */
enum yg_status yg_an_endpoint_check(const struct yg_endpoint *endpoint, struct yg_raw **out, struct yg_err *err) YG_MUST_USE;

struct yg_an_followup {
	struct yg_an_input in;                  /* weight is not used */
	struct yg_an_endpoints of;
};
enum yg_status yg_an_followup(const struct yg_an_followup *request, struct yg_task *task, struct yg_raw **out,
                              struct yg_err *err) YG_MUST_USE;

struct yg_an_km {
	struct yg_an_input in;
	struct yg_an_endpoints of;
	const struct yg_node *cluster;          /* CLUSTER node, or NULL */
	const struct yg_node *frequency;        /* NAME of a column of repeats, or NULL */
	const char *method;                     /* km (NULL) na fh */
	const char *ci;                         /* log (NULL) loglog plain logit arcsin none */
	const char *qrule;                      /* midpoint (NULL) first */
	const char *beyond;                     /* ne (NULL) carry */
	const struct yg_node *quantiles;        /* value of the option: NUMBER or GROUP of them; NULL = 0.5 */
	const struct yg_node *at;               /* DURATION or NUMBER (of the display unit), or GROUP; NULL = none */
	bool no_risktable;
	const char *band;                       /* no (NULL) hallwellner ep */
	const struct yg_node *over;             /* times between which the band holds: GROUP of two; NULL = first to last event */
	const char *measure;                    /* rd rr ratio; NULL = no comparison */
	const struct yg_node *given;            /* times survived already: DURATION, NUMBER or GROUP; NULL = none */
	const struct yg_node *landmark;         /* DURATION or NUMBER: only who is followed beyond it; NULL = everybody */
	const struct yg_node *adjust;           /* MODEL node of NAMEs, or NULL */
	bool all_steps;                         /* every step of the curves is listed, not those a figure can tell apart */
	bool open;                              /* figures are drawn as computed, not from grouped counts */
};
enum yg_status yg_an_km(const struct yg_an_km *request, struct yg_task *task, struct yg_raw **out,
                        struct yg_err *err) YG_MUST_USE;

struct yg_an_logrank {
	struct yg_an_input in;                  /* by is required */
	struct yg_an_endpoints of;
	const struct yg_node *strata;           /* STRATA node, or NULL */
	const struct yg_node *frequency;        /* NAME, or NULL: refused */
	const struct yg_node *landmark;         /* as of km */
	const char *method;                     /* logrank (NULL) gehan tarone fh maxcombo */
	double rho, gamma;                      /* with method=fh; rho or gamma alone mean fh too */
	bool trend, pairwise;
	const char *padjust;                    /* word of yg_padjust_parse; NULL = none */
};
enum yg_status yg_an_logrank(const struct yg_an_logrank *request, struct yg_task *task, struct yg_raw **out,
                             struct yg_err *err) YG_MUST_USE;

/* The fits of a cox statement, kept for phtest, forest and compare. */
struct yg_cox_model;
void yg_cox_model_free(struct yg_cox_model *m);
size_t yg_cox_model_fits(const struct yg_cox_model *m);
uint64_t yg_cox_model_bytes(const struct yg_cox_model *m);   /* held by the rows that are kept with it */

struct yg_an_cox {
	struct yg_an_input in;                  /* by: the model in each level; weight: sampling weights */
	struct yg_an_endpoints of;
	const struct yg_node *formula;          /* FORMULA node */
	const struct yg_node *strata, *cluster; /* STRATA and CLUSTER nodes, or NULL */
	const struct yg_node *frequency;        /* NAME of a column of repeats, or NULL */
	const char *ties;                       /* efron (NULL) breslow discrete marginal */
	const char *ci;                         /* wald (NULL) profile */
	const char *se;                         /* model robust; NULL = robust where weights or clusters ask for it */
	const char *cause;                      /* label of an event or compete line; NULL = the event */
	bool interaction;                       /* with by: overall, subgroups, and tests that they agree */
	bool firth;
	const char *frailty;                    /* gamma lognormal, shared by cluster; NULL = none */
	double frailty_variance;                /* held there; 0 = estimated */
	const struct yg_node *at;               /* times at which effects of tt() are listed; NULL = quartiles of the events */
	const char *casecohort;                 /* prentice self_prentice lin_ying borgan borgan2; NULL = none.  Table "casecohort" */
	const struct yg_node *subcohort;        /* NAME of the flag of the subcohort */
	const double *size;                     /* [sizes] persons of the whole cohort; borgan: of each level of strata */
	size_t sizes;
};
/* model (may be NULL) gets the fits. */
enum yg_status yg_an_cox(const struct yg_an_cox *request, struct yg_task *task, struct yg_raw **out,
                         struct yg_cox_model **model, struct yg_err *err) YG_MUST_USE;

/* Models of earlier results, and the results' names. */
struct yg_an_phtest {
	const struct yg_cox_model *const *model;
	const char *const *name;
	size_t count;
	const char *transform;                  /* km (NULL) rank identity log */
	bool open;                              /* figures may show single events */
};
enum yg_status yg_an_phtest(const struct yg_an_phtest *request, struct yg_task *task, struct yg_raw **out,
                            struct yg_err *err) YG_MUST_USE;

struct yg_an_forest {
	const struct yg_cox_model *const *model;
	const char *const *name;
	size_t count;
	const char *term;                       /* key of one coefficient, "rx: Lev+5FU"; NULL = all */
	const char *order;                      /* given (NULL) estimate name */
	const char *axis;                       /* log (NULL) linear */
};
enum yg_status yg_an_forest(const struct yg_an_forest *request, struct yg_raw **out, struct yg_err *err) YG_MUST_USE;

/* Likelihood ratio tests of nested models on the same rows, in order of their number of parameters. */
struct yg_an_cox_compare {
	const struct yg_cox_model *const *model;
	const char *const *name;
	size_t count;
};
enum yg_status yg_an_cox_compare(const struct yg_an_cox_compare *request, struct yg_raw **out, struct yg_err *err) YG_MUST_USE;

#endif
