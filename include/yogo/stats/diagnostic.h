/*
 * Accuracy of tests that say yes or no, against a reference.
 *
 *                 diseased   healthy
 *   test positive    tp         fp
 *   test negative    fn         tn
 *
 *   proportions   sensitivity, specificity, predictive values, accuracy, prevalence: Wilson, Clopper-Pearson or Wald limits
 *   ratios        likelihood ratios with limits on the log scale (Simel and others 1991, J Clin Epidemiol 44:763), the
 *                 diagnostic odds ratio (Woolf 1955); Youden's index with Wald limits
 *   clusters      the variance of a proportion is that of a ratio of sums over clusters, m / (m - 1) times (Rao and Scott
 *                 1992, Biometrics 48:577); its limits are those of so many independent persons as would have this variance,
 *                 not more than there are rows (and with none or all, as there are clusters).  Ratios by the delta method
 *   two tests     of the same persons: McNemar for sensitivity and specificity; predictive values by the weighted
 *                 generalised score statistic (Kosinski 2013, Stat Med 32:964), which agrees with Leisenring, Alonzo and Pepe
 *                 (2000, Biometrics 56:345) in large samples; limits of differences from the influence of each person.  With
 *                 clusters all by influence, added over the cluster
 *   unverified    Begg and Greenes (1983, Biometrics 39:207): verification may depend on the test and on columns known for
 *                 all, and on nothing else.  Each person's probability of disease given these stands for his reference
 *                 (Alonzo and Pepe 2005, J R Stat Soc C 54:173); variance from the influence of each person, that on the
 *                 probabilities included
 */
#ifndef YOGO_STATS_DIAGNOSTIC_H
#define YOGO_STATS_DIAGNOSTIC_H

#include "yogo/stats/crosstab.h"

enum yg_diag_kind { YG_DIAG_SENSITIVITY, YG_DIAG_SPECIFICITY, YG_DIAG_PPV, YG_DIAG_NPV, YG_DIAG_LR_POSITIVE, YG_DIAG_LR_NEGATIVE,
	            YG_DIAG_ODDS_RATIO, YG_DIAG_ACCURACY, YG_DIAG_YOUDEN, YG_DIAG_PREVALENCE, YG_DIAG_COUNT };
struct yg_diag_measure {
	double estimate, lower, upper;   /* NaN where there is none; a ratio over nothing is INFINITY without limits */
	double part, whole;              /* of a proportion: so many of so many */
};
/* n[4] = { tp, fp, fn, tn }. */
void yg_diagnostic(const double n[4], double conf, enum yg_proportion_ci kind, struct yg_diag_measure out[YG_DIAG_COUNT]);
/* count[clusters*4]: the same table of each cluster. */
void yg_diagnostic_clustered(const double *count, size_t clusters, double conf, enum yg_proportion_ci kind,
                             struct yg_diag_measure out[YG_DIAG_COUNT]);
/*
 * Predictive values where the prevalence is another: odds of disease times the likelihood ratio, with the ratio's limits
 * (the logit limits of Mercaldo, Lau and Zhou 2007, Stat Med 26:2170, the prevalence taken as known).
 */
void yg_diag_predictive(const struct yg_diag_measure m[YG_DIAG_COUNT], double prevalence, struct yg_interval *ppv,
                        struct yg_interval *npv);

/* Two tests: count[8] by (diseased, first positive, second positive): count[4 d + 2 first + second]. */
struct yg_diag_difference {
	double first, second, difference, lower, upper;   /* first less second */
	double statistic, p;             /* chi-squared on 1 df */
	double exact_p;                  /* McNemar's; NaN for predictive values and with clusters */
	const char *problem;             /* why there is no p, or NULL */
};
/* clusters > 1: count[clusters*8], a table for each; clusters = 0: independent.  out: of YG_DIAG_SENSITIVITY .. YG_DIAG_NPV. */
void yg_diag_compare(const double *count, size_t clusters, double conf, struct yg_diag_difference out[4]);

/*
 * Correction for partial verification.  y[n]: 1, 0, or 2 = not verified; test[n] 0/1.  x[n*p] columns for the probability of
 * disease, the constant first and the test among them, or NULL = by the test alone.  cluster as for roc.  out: estimates and
 * limits of YG_DIAG_SENSITIVITY .. YG_DIAG_NPV and YG_DIAG_PREVALENCE.
 * YG_REFUSED (E-ACC-023, E-ACC-024): a result of the test of which nobody was verified; a model that cannot be fitted.
 */
struct yg_verify_data {
	size_t n, p;
	const uint8_t *y, *test;
	const double *x;
	const uint32_t *cluster;
	size_t clusters;
};
enum yg_status yg_verify_correct(const struct yg_verify_data *d, double conf, enum yg_proportion_ci kind, struct yg_task *task,
                                 struct yg_diag_measure out[YG_DIAG_COUNT], struct yg_err *err) YG_MUST_USE;
/* Limits of a proportion p of `whole` rows with this variance: those of so many independent ones as have it. */
struct yg_interval yg_diag_interval(double p, double variance, double whole, double fewest, double conf, enum yg_proportion_ci kind);

#endif
