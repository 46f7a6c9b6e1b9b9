/*
 * What a variable looks like: moments, quantiles, spread.
 *
 * Inputs are complete (no NaN); w NULL means all weights 1.  Sums run in blocks of 4,096 rows added
 * in order, moments about the mean in a second pass.  Nothing here fails: what does not exist is NaN.
 *
 *   mean          sum w x / sum w
 *   variance      unweighted: sum (x - mean)^2 / (n - 1)
 *                 weighted:   W / (W^2 - sum w^2) sum w (x - mean)^2, W = sum w
 *                             (reliability weights: does not change when all weights are multiplied; Austin and Stuart 2015,
 *                             Stat Med 34:3661; equals the unweighted one when the weights are equal)
 *   se            sd / sqrt(n), weighted: sd / sqrt(ess)
 *   ess           W^2 / sum w^2 (Kish 1965), n when unweighted
 *   lower, upper  mean -+ t(1 - (1 - conf) / 2, ess - 1) se
 *   skewness      b1 = m3 / m2^1.5 with 1/n moments; skewness_adjusted = b1 sqrt(n (n - 1)) / (n - 2)   (SAS, SPSS)
 *   kurtosis      excess b2 = m4 / m2^2 - 3; kurtosis_adjusted = (n - 1) / ((n - 2)(n - 3)) ((n + 1) b2 + 6)
 *                 (Joanes and Gill 1998, The Statistician 47:183)
 */
#ifndef YOGO_STATS_DESCRIBE_H
#define YOGO_STATS_DESCRIBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/status.h"

struct yg_describe {
	size_t n;
	double weight;              /* sum of the weights; n when unweighted */
	double ess;
	double sum, mean, variance, sd, se, lower, upper;
	double cv;                  /* sd / mean */
	double minimum, maximum;
	double skewness, skewness_adjusted, kurtosis, kurtosis_adjusted;
};
void yg_describe(const double *x, const double *w, size_t n, double conf, struct yg_describe *out);
/* exp(sum w log x / sum w); NaN unless every value is positive. */
double yg_geometric_mean(const double *x, const double *w, size_t n);
/*
 * The same for whole numbers of a small range, from how often each occurs: count[i] times the value low + i.
 * The mean is then exact but for its last division.
 */
void yg_describe_counts(const uint64_t *count, int64_t low, size_t range, double conf, struct yg_describe *out);

/* What follows from n, the mean and the sum of squares about it; third and fourth moments stay NaN. */
void yg_describe_moments(size_t n, double mean, double squares, double low, double high, double conf, struct yg_describe *out);

/*
 * Quantiles of x[n] at p[k] in [0, 1] by the nine types of Hyndman and Fan (1996, Am Stat 50:361):
 * 1 inverse of the distribution function, 2 the same with averaging (SAS default, Stata), 3 nearest even,
 * 4 linear, 5 hydrology, 6 Weibull (SPSS, Minitab), 7 R and Excel, 8 median-unbiased, 9 normal-unbiased.
 * x is reordered (selection, O(n) on average a quantile).  NaN when n = 0.
 */
void yg_quantiles(double *x, size_t n, int type, const double *p, size_t k, double *out);
void yg_quantiles_counts(const uint64_t *count, int64_t low, size_t range, int type, const double *p, size_t k, double *out);
double yg_median(double *x, size_t n);               /* mean of the two middle values; x is reordered */
double yg_mad(double *x, size_t n);                  /* 1.4826 median |x - median|; x is overwritten */

/*
 * Weighted quantiles: the smallest value whose cumulated weight reaches p W; where it reaches p W exactly
 * (relative 1e-12), the mean of it and the next value.  With equal weights this is type 2.
 * Rows with weight 0 do not count.
 */
enum yg_status yg_weighted_quantiles(const double *x, const double *w, size_t n, const double *p, size_t k, double *out,
                                     struct yg_err *err) YG_MUST_USE;
double yg_effective_size(const double *w, size_t n); /* (sum w)^2 / sum w^2; 0 for n = 0 */

/*
 * Edges of bars of equal width at round numbers (1, 2 or 5 times a power of ten, each edge the double nearest to its
 * decimal), covering [minimum, maximum] in about `wanted` bars (0: Sturges, log2 n + 1).  whole: the width is at
 * least 1 (counts, years).  Returns the number of bars, at most YG_BARS; edge[] gets one more.
 */
#define YG_BARS 200
size_t yg_pretty_edges(double minimum, double maximum, size_t n, size_t wanted, bool whole, double edge[YG_BARS + 1]);
/* count[bars] of the values in [edge_i, edge_(i+1)), the last bar closed; values outside are not counted. */
void yg_histogram(const double *x, size_t n, const double *edge, size_t bars, size_t *count);

#endif
