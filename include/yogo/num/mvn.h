/*
 * The chance that a normal vector leaves a box.
 *
 * Coordinates have mean 0 and variance 1; corr[d*d] may be singular (a coordinate that is a combination of
 * earlier ones).  With the coordinates as a triangular transform of independent ones (Genz 1992, J Comp Graph Stat
 * 1:141) the probability is split by the first independent coordinate at which the box is left:
 *     P(outside) = P(first leaves) + integral over its inside of P(second leaves | first) + ...
 * Every part is positive, so that a small probability keeps its relative accuracy: no 1 - P(inside).  The last part of
 * each chain is a normal tail; the others are nested adaptive Gauss-Kronrod sums (7, 15 points).
 * Deterministic: no random points.
 */
#ifndef YOGO_NUM_MVN_H
#define YOGO_NUM_MVN_H

#include <stddef.h>

#define YG_MVN_MOST 8u    /* coordinates */
#define YG_MVN_RANK 4u    /* of the correlation */

/*
 * P(not all lower <= Z <= upper); limits may be infinite, lower <= upper.  *error (may be NULL): estimate of the
 * absolute error, about 1e-8 of the value up to rank 3, 1e-5 at rank 4.  NaN when d or the rank is too large, or corr
 * is no correlation.
 */
double yg_mvn_outside(size_t d, const double *corr, const double *lower, const double *upper, double *error);

#endif
