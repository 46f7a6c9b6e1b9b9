/*
 * Groups compared, beyond twogroup.h: effects with intervals, spread, distributions, order, blocks, pairs of groups.
 *
 * Inputs are complete arrays without NaN; group[i] in [0, groups), a negative group is passed over.  What cannot be
 * computed has p = NaN and a reason in `problem` (a message id), never a made-up number.
 */
#ifndef YOGO_STATS_GROUPTEST_H
#define YOGO_STATS_GROUPTEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"
#include "yogo/stats/crosstab.h"
#include "yogo/stats/twogroup.h"

/* ---- effects ---- */

/*
 * Hodges and Lehmann (1963, Ann Math Stat 34:598): the median of all differences x - y, and the interval between the
 * q-th smallest and q-th largest.  exact: q from the distribution of W (both groups under 50, no ties), else
 * q = floor(nm/2 - z sd(W) + 1/2), sd corrected for ties (Hollander and Wolfe 1999, 4.3).  q below 1: the level cannot be
 * reached and the limits are infinite.  Selection in the matrix of differences by counting: O((n + m) log), no matrix.
 */
struct yg_location {
	double estimate, lower, upper;
	bool exact;
	const char *problem;
};
enum yg_status yg_location_shift(const double *x, size_t n, const double *y, size_t m, double conf, struct yg_task *task,
                                 struct yg_location *out, struct yg_err *err) YG_MUST_USE;
/* One sample: the median of the averages (d_i + d_j) / 2, i <= j, with the interval from the signed-rank statistic. */
enum yg_status yg_location_one(const double *d, size_t n, double conf, struct yg_task *task, struct yg_location *out,
                               struct yg_err *err) YG_MUST_USE;
/*
 * P(X > Y) + P(X = Y) / 2 with the variance of DeLong, DeLong and Clarke-Pearson (1988, Biometrics 44:837), interval on
 * the logit scale; and Brunner and Munzel's test of 1/2 (2000, Biometrical J 42:17), t with Satterthwaite's df.
 */
struct yg_superiority {
	struct yg_interval probability;
	struct yg_test test;
	const char *problem;                  /* why there is no interval */
};
enum yg_status yg_superiority(const double *x, size_t n, const double *y, size_t m, double conf, struct yg_superiority *out,
                              struct yg_err *err) YG_MUST_USE;
/*
 * Hedges' g: (mean1 - mean2) over the pooled SD, times J = Gamma(df/2) / (sqrt(df/2) Gamma((df - 1)/2)) (Hedges 1981, J Educ
 * Stat 6:107); standard error sqrt((n + m)/(nm) + g^2 / (2 (n + m))), normal interval (Hedges and Olkin 1985).
 */
void yg_hedges(const double n[2], const double mean[2], const double variance[2], double conf, struct yg_interval *d,
               struct yg_interval *g);

/* ---- spread ---- */

/* F = var(x) / var(y), two-sided p twice the smaller tail; ratio with its interval. */
void yg_variance_ratio(const double *x, size_t n, const double *y, size_t m, double conf, struct yg_test *out,
                       struct yg_interval *ratio);
void yg_bartlett(const double *x, const int32_t *group, size_t n, size_t groups, struct yg_test *out);   /* 1937 */
/* Levene (1960) about the mean, or Brown and Forsythe (1974) about the median: analysis of variance of |x - centre|. */
enum yg_status yg_levene(const double *x, const int32_t *group, size_t n, size_t groups, bool median, struct yg_test *out,
                         struct yg_err *err) YG_MUST_USE;
/* Fligner and Killeen (1976) about the median, as Conover, Johnson and Johnson (1981, Technometrics 23:351). */
enum yg_status yg_fligner(const double *x, const int32_t *group, size_t n, size_t groups, struct yg_test *out,
                          struct yg_err *err) YG_MUST_USE;
/* Ansari and Bradley (1960), normal approximation with the variance of the scores as they are (ties). */
enum yg_status yg_ansari(const double *x, size_t n, const double *y, size_t m, struct yg_test *out, struct yg_err *err) YG_MUST_USE;

/* ---- distributions ---- */

/*
 * Largest distance of two distribution functions (Smirnov 1939).  exact: paths that stay within the distance, ties
 * kept as they are (Schroeer and Trenkler 1995), where n m < 10,000; else Kolmogorov's limit.
 */
enum yg_status yg_smirnov(const double *x, size_t n, const double *y, size_t m, enum yg_exactness exact, struct yg_test *out,
                          struct yg_err *err) YG_MUST_USE;
/* W and p of Shapiro and Wilk by Royston (1995, Applied Statistics 44:547, AS R94); 3 to 5,000 values. */
enum yg_status yg_shapiro(const double *x, size_t n, struct yg_test *out, struct yg_err *err) YG_MUST_USE;

/* ---- order of the groups ---- */

/* Larger values in later groups?  z; a variance corrected for ties. */
struct yg_trend {
	struct yg_test test;
	double sum, expected, variance;
	double variance_untied;      /* Jonckheere: as if nothing were tied */
};
/* Jonckheere (1954, Biometrika 41:133): J = sum over pairs of groups of Mann-Whitney counts; O(n log n). */
enum yg_status yg_jonckheere(const double *x, const int32_t *group, size_t n, size_t groups, struct yg_task *task,
                             struct yg_trend *out, struct yg_err *err) YG_MUST_USE;
/* Cuzick (1985, Stat Med 4:87): sum of ranks weighted by score[groups]. */
enum yg_status yg_cuzick(const double *x, const int32_t *group, const double *score, size_t n, size_t groups,
                         struct yg_task *task, struct yg_trend *out, struct yg_err *err) YG_MUST_USE;
/*
 * van Elteren (1960): rank sums of group 0 against group 1 within strata, each over its size + 1; chi-squared on 1 df,
 * variance corrected for ties, no continuity correction.  probability: P(first > second) over strata, same weights.
 */
enum yg_status yg_van_elteren(const double *x, const int32_t *group, const int32_t *stratum, size_t n, size_t strata,
                              struct yg_test *out, double *probability, size_t *informative, struct yg_err *err) YG_MUST_USE;

/* ---- blocks: x[b * k + j] is condition j in block b ---- */

/* Friedman (1937, JASA 32:675), corrected for ties; concordance = Kendall's W. */
void yg_friedman(const double *x, size_t blocks, size_t k, struct yg_test *out, double *concordance);
/* Quade (1979, JASA 74:680): F on (k - 1, (b - 1)(k - 1)). */
enum yg_status yg_quade(const double *x, size_t blocks, size_t k, struct yg_test *out, struct yg_err *err) YG_MUST_USE;
/*
 * Repeated measures: F of the conditions in blocks, without correction and with Greenhouse and Geisser's (1959,
 * Psychometrika 24:95) epsilon on the df.
 */
void yg_repeated(const double *x, size_t blocks, size_t k, struct yg_test *plain, struct yg_test *corrected, double *epsilon);

/* ---- counts of one sample ---- */

/* k of n against p0: exact, two-sided p the sum of what is no more probable; interval Clopper and Pearson (1934). */
void yg_binomial_test(int64_t k, int64_t n, double p0, enum yg_alternative alternative, double conf, struct yg_test *out,
                      struct yg_interval *share);
/* Counts against shares that add up to 1. */
void yg_goodness(const double *count, const double *share, size_t k, struct yg_test *out);

/* ---- pairs of groups ---- */

/* Means of two groups with the SD and df pooled over all groups; Tukey (1949), Kramer (1956): p and interval by the range. */
struct yg_pair_means {
	double n[2], difference, se, df, t, p, lower, upper;
	double tukey_p, tukey_lower, tukey_upper;
	const char *problem;
};
/* n, mean, sum of squares about it of each group; a, b the groups compared (a minus b).
   *range: NaN before the first pair; the quantile of the range, the same for all pairs, is kept there. */
void yg_pair_means(const double *n, const double *mean, const double *squares, size_t groups, size_t a, size_t b, double conf,
                   double *range, struct yg_pair_means *out);
/* P(range of k standard normals over an independent root of chi-squared / df > q), about 1e-11; and its quantile. */
double yg_studentized_range_upper(double q, double k, double df);
double yg_studentized_range_quantile_upper(double p, double k, double df);

#endif
