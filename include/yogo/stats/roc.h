/*
 * Receiver operating characteristic of a marker for yes or no: curve, areas, their covariance, cut-offs, bootstrap.
 *
 * y[n] is 1 for a case and 0 for a control; a higher score speaks for a case (hand in the negative where a lower one does).
 * Scores are finite.  A row may stand for several equal ones (repeats), and rows may belong to clusters that are not
 * independent of each other.
 *
 *   curve       the marker is called positive from a value on; between neighbouring values straight lines (ties one half)
 *   area        Mann-Whitney's share of pairs (case, control) in which the case is higher, ties one half: counted in whole
 *               numbers, so that no rounding enters (Bamber 1975, J Math Psychol 12:387)
 *   covariance  placements of each case among the controls and the reverse (DeLong and others 1988, Biometrics 44:837), found
 *               from one sort as by Sun and Xu (2014, IEEE Signal Process Lett 21:1389); with clusters from their sums over
 *               the cluster (Obuchowski 1997, Biometrics 53:567, equations 2 to 5)
 *   part        area over a range of specificity (or of sensitivity): its variance from the same two samples, the placement
 *               integrated over the range for cases, the curve at the control's place, held within the range, for
 *               controls.  Over the whole range this is DeLong's variance.
 *   corrected   (1 + (area - chance) / (largest - chance)) / 2, chance the area below the diagonal (McClish 1989, Med Decis
 *               Making 9:190)
 *
 * O(n log n) for the sort, O(n) for the rest; k markers cost k sorts and O(n k^2) for the covariance.
 */
#ifndef YOGO_STATS_ROC_H
#define YOGO_STATS_ROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"

struct yg_roc_data {
	size_t n;
	const uint8_t *y;          /* [n] */
	const uint32_t *repeats;   /* [n] rows that a row stands for; NULL = 1 */
	const uint32_t *cluster;   /* [n] 0..clusters-1; NULL = independent */
	size_t clusters;
};

/* A curve: the distinct values and who has them. */
struct yg_roc {
	size_t n, points;
	double *value;             /* [points] ascending */
	uint32_t *cases, *controls;/* [points] at the value */
	uint64_t n_cases, n_controls;
	uint32_t *place;           /* [n] row -> index of its value */
};
/* YG_REFUSED (E-ACC-020) unless there is a case and a control; YG_ELIMIT when repeats add up to 2^32 or more. */
enum yg_status yg_roc_open(const struct yg_roc_data *d, const double *score, struct yg_task *task, struct yg_roc *out,
                           struct yg_err *err) YG_MUST_USE;
void yg_roc_release(struct yg_roc *r);

/* Number of cut-offs: points + 1.  Cut k calls positive the values from value[k] on: 0 = everybody, points = nobody. */
struct yg_roc_cut {
	double threshold;          /* midway between value[k-1] and value[k]; infinite at the ends */
	uint64_t tp, fp, fn, tn;
};
void yg_roc_cut(const struct yg_roc *r, size_t k, struct yg_roc_cut *out);
/* Scores of at least t are positive. */
void yg_roc_cut_at(const struct yg_roc *r, double t, struct yg_roc_cut *out);
/* All cuts with the largest sensitivity + specificity (Youden 1950), or nearest to the corner of 1 and 1, by ascending
   threshold: at most `room` are written, all are counted.  Compared in whole numbers, so ties are ties. */
size_t yg_roc_best(const struct yg_roc *r, bool topleft, struct yg_roc_cut *out, size_t room);

/* A range of specificity, or of sensitivity; { 0, 1, false } is the whole area. */
struct yg_roc_range {
	double low, high;
	bool sensitivity;
};
double yg_roc_area(const struct yg_roc *r, const struct yg_roc_range *range);
double yg_roc_corrected(const struct yg_roc_range *range, double area);
/* The sensitivity at a specificity, or the reverse (of_sensitivity: sensitivity is given), on the curve's straight lines; the
   upper end of a vertical line. */
double yg_roc_read(const struct yg_roc *r, double given, bool of_sensitivity);
/*
 * The same with limits: both samples' parts of the variance, that of the sample whose rate is given through the rise of the
 * curve over plus and minus its own standard errors (Woodruff 1952, JASA 47:635), in Wilson's form with the effective
 * number that gives this variance.
 */
struct yg_roc_reading {
	double given, value, lower, upper;
};
void yg_roc_read_ci(const struct yg_roc *r, double given, bool of_sensitivity, double conf, struct yg_roc_reading *out);

/* area[k] of k curves of the same rows and their covariance[k*k].  NaN where there is one case, or one control, or for
   clusters fewer than two that have them. */
enum yg_status yg_roc_covariance(const struct yg_roc_data *d, const struct yg_roc *r, size_t k, const struct yg_roc_range *range,
                                 struct yg_task *task, double *area, double *covariance, struct yg_err *err) YG_MUST_USE;

/* Hanley and McNeil's standard error of an area (1982, Radiology 143:29). */
double yg_roc_hanley_mcneil(double area, double cases, double controls);

/* Differences: of the same rows, by the covariance; of different ones, with Welch's degrees of freedom. */
struct yg_roc_difference {
	double difference, se, statistic, df, p;    /* df INFINITY = normal */
};
void yg_roc_paired(const double *area, const double *covariance, size_t k, size_t first, size_t second,
                   struct yg_roc_difference *out);
void yg_roc_unpaired(double area1, double variance1, double n1, double area2, double variance2, double n2,
                     struct yg_roc_difference *out);
/* Are k >= 2 areas equal?  Chi-squared on *df (DeLong's general contrast; a contrast without variance is left out). */
double yg_roc_equal(const double *area, const double *covariance, size_t k, double *df);

/*
 * The bootstrap: cases and controls drawn apart with replacement, or whole clusters.  A replicate gives for each curve its
 * area, then the part of `range` (if not NULL), then the readings at given[m] of specificity and then of sensitivity:
 * out[times * k * width], width = 1 + (range ? 1 : 0) + 2 m.  NaN for a replicate without case or control.  Replicate r draws
 * from its own stream: threads change nothing.  Not with repeats.
 */
struct yg_roc_boot {
	const struct yg_roc_range *range;
	const double *given;
	size_t givens;
	uint64_t seed;
	size_t times;
};
static inline size_t yg_roc_boot_width(const struct yg_roc_boot *b)
{
	return (b->range ? 2u : 1u) + 2 * b->givens;
}
enum yg_status yg_roc_bootstrap(const struct yg_roc_data *d, const struct yg_roc *r, size_t k, const struct yg_roc_boot *boot,
                                struct yg_task *task, double *out, struct yg_err *err) YG_MUST_USE;

/*
 * The binormal curve sensitivity = Phi(a + b Phi^-1(1 - specificity)) by maximum likelihood on ordered categories (Dorfman
 * and Alf 1969, J Math Psychol 6:487): values are gathered in at most 20 categories of about equal numbers (as LABROC does:
 * Metz and others 1998, Stat Med 17:1033).  area = Phi(a / sqrt(1 + b^2)), its standard error by the delta method.
 * YG_REFUSED (E-ACC-021) when the curve is degenerate: too few categories, or cases and controls that do not overlap enough.
 */
struct yg_roc_binormal {
	double a, b, var_a, var_b, cov_ab;
	double area, se;
	double loglik;
	size_t categories, iterations;
};
enum yg_status yg_roc_binormal(const struct yg_roc *r, struct yg_roc_binormal *out, struct yg_err *err) YG_MUST_USE;
/* Sensitivity of the binormal curve at a specificity; the specificity at a sensitivity; with limits. */
void yg_roc_binormal_read(const struct yg_roc_binormal *b, double given, bool of_sensitivity, double conf,
                          struct yg_roc_reading *out);
/* Area over a range, by Gauss-Legendre quadrature, with its standard error by the delta method. */
double yg_roc_binormal_part(const struct yg_roc_binormal *b, const struct yg_roc_range *range, double *se);

#endif
