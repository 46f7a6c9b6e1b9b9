/*
 * Correlations of two columns, complete pairs without NaN.  What cannot be computed has p = NaN and a reason.
 *
 *   Pearson    r; t = r sqrt((n - 2)/(1 - r^2)) on n - 2 df; interval tanh(atanh r -+ z / sqrt(n - 3)) (Fisher 1921)
 *   Spearman   Pearson's r of midranks; p exact by all permutations up to 9 pairs without ties, else by t as above;
 *              interval by Fisher's z with variance (1 + r^2/2)/(n - 3) (Bonett and Wright 2000, Psychometrika 65:23)
 *   Kendall    tau-b = S / sqrt((N - Tx)(N - Ty)), S = concordant - discordant pairs, in O(n log n) (Knight 1966, JASA 61:436);
 *              p exact below 50 pairs without ties, else normal with the variance corrected for ties (Kendall 1970);
 *              interval by Fisher's z with variance 0.437/(n - 4) (Fieller, Hartley and Pearson 1957, Biometrika 44:470)
 *   partial    r of the residuals given k other columns, from the cross products swept; n - 2 - k df, z with n - 3 - k
 */
#ifndef YOGO_STATS_CORRELATION_H
#define YOGO_STATS_CORRELATION_H

#include <stddef.h>
#include <stdint.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"
#include "yogo/stats/twogroup.h"

struct yg_correlation {
	struct yg_test test;            /* Pearson, Spearman: t; Kendall: z, or S when exact */
	double estimate, lower, upper;
	const char *problem;            /* why there is no interval */
};
/* Concordant less discordant pairs, and what ties there are; in each group of t: pairs t(t-1)/2 and the sums Kendall's variance needs. */
struct yg_pair_counts {
	double s, pairs;
	double tied[2], cubes[2], triples[2];   /* x, y: sum t(t-1)/2; sum t(t-1)(2t+5); sum t(t-1)(t-2) */
	double variance, variance_untied[2];    /* of s; [0] only ties of x corrected for, [1] only those of y */
};
enum yg_status yg_count_pairs(const double *x, const double *y, size_t n, struct yg_task *task, struct yg_pair_counts *out,
                              struct yg_err *err) YG_MUST_USE;

void yg_pearson(const double *x, const double *y, size_t n, double conf, struct yg_correlation *out);
enum yg_status yg_spearman(const double *x, const double *y, size_t n, enum yg_exactness exact, double conf,
                           struct yg_task *task, struct yg_correlation *out, struct yg_err *err) YG_MUST_USE;
/* The same from midranks that are there already. */
void yg_spearman_ranks(const double *rx, const double *ry, size_t n, bool ties, enum yg_exactness exact, double conf,
                       struct yg_correlation *out);
enum yg_status yg_kendall(const double *x, const double *y, size_t n, enum yg_exactness exact, double conf,
                          struct yg_task *task, struct yg_correlation *out, struct yg_err *err) YG_MUST_USE;
/* column[0] with column[1] given column[2 .. k); ranks: their interval is Spearman's.  *given: how many of the others tell. */
void yg_partial_correlation(const double *const *column, size_t k, size_t n, bool ranks, double conf,
                            struct yg_correlation *out, size_t *given);

#endif
