/*
 * Is the location the same in the groups?
 *
 * Inputs are complete arrays; group[i] in [0, groups), a negative group is passed over.  What cannot be
 * computed has p = NaN and a reason in `problem` (a message id), never a made-up number.
 *
 *   t               equal variances; Welch (1947, Biometrika 34:28) with Satterthwaite's df
 *   rank sum        W = rank sum of the first group - n (n + 1) / 2 (Mann and Whitney 1947); midranks; normal
 *                   approximation with tie-corrected variance and, unless told not to, continuity correction 1/2;
 *                   exact by the counting recursion, without ties only
 *   signed rank     V = sum of the ranks of the positive differences; zeros dropped (Wilcoxon 1945)
 *   ANOVA           F on (k - 1, N - k);  Welch 1951, Biometrika 38:330, for unequal variances
 *   Kruskal-Wallis  H with tie correction, chi-squared on k - 1 (1952, JASA 47:583)
 */
#ifndef YOGO_STATS_TWOGROUP_H
#define YOGO_STATS_TWOGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/status.h"

enum yg_alternative { YG_TWO_SIDED, YG_LESS, YG_GREATER };   /* of first minus second group */
/* TIES: as AUTO, and tied values by the permutation distribution of their midranks (yogo/stats/ranks.h). */
enum yg_exactness { YG_EXACT_AUTO, YG_EXACT_YES, YG_EXACT_NO, YG_EXACT_TIES };

struct yg_test {
	double statistic, df, df2, p;   /* NaN where it has none */
	bool exact;                     /* p from the exact distribution */
	const char *problem;            /* why there is no p; NULL = there is one */
};
struct yg_t_test {
	struct yg_test test;
	double mean[2];                 /* one sample or pairs: mean[0] = mean (difference), mean[1] = mu */
	double estimate, se, lower, upper;   /* of mean[0] - mean[1] (one sample: of the mean itself) */
};
/* First x[n] against second y[m]. */
void yg_t_test(const double *x, size_t n, const double *y, size_t m, bool equal_variances, enum yg_alternative alternative,
               double conf, struct yg_t_test *out);
/* The same from n, mean and variance of each group ([0] first, [1] second). */
void yg_t_test_summary(const double n[2], const double mean[2], const double variance[2], bool equal_variances,
                       enum yg_alternative alternative, double conf, struct yg_t_test *out);
/* One sample, or differences of pairs, against mu. */
void yg_t_test_one(const double *x, size_t n, double mu, enum yg_alternative alternative, double conf,
                   struct yg_t_test *out);

/* AUTO: exact when both groups have fewer than 50 values and there are no ties (R's rule). */
enum yg_status yg_rank_sum(const double *x, size_t n, const double *y, size_t m, enum yg_exactness exact, bool correct,
                           enum yg_alternative alternative, struct yg_test *out, struct yg_err *err) YG_MUST_USE;
enum yg_status yg_signed_rank(const double *difference, size_t n, enum yg_exactness exact, bool correct,
                              enum yg_alternative alternative, struct yg_test *out, struct yg_err *err) YG_MUST_USE;
/*
 * Hodges-Lehmann shift of x over y: median of all differences, with the exact interval from the distribution of W
 * (no ties, both groups under 50).  YG_REFUSED otherwise; YG_ELIMIT above 10^7 differences.
 */
struct yg_shift {
	double estimate, lower, upper;
};
enum yg_status yg_rank_sum_shift(const double *x, size_t n, const double *y, size_t m, double conf, struct yg_shift *out,
                                 struct yg_err *err) YG_MUST_USE;

struct yg_anova {
	struct yg_test test;            /* statistic = F */
	double ss_between, ss_within;   /* not filled by Welch */
	size_t groups;                  /* that have values */
};
void yg_anova(const double *x, const int32_t *group, size_t n, size_t groups, struct yg_anova *out);
void yg_welch_anova(const double *x, const int32_t *group, size_t n, size_t groups, struct yg_anova *out);
enum yg_status yg_kruskal_wallis(const double *x, const int32_t *group, size_t n, size_t groups, struct yg_test *out,
                                 struct yg_err *err) YG_MUST_USE;

#endif
