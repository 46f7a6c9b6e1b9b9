/*
 * Standardised mean differences between groups, for baseline tables and balance.
 *
 *   continuous    (m1 - m0) / s
 *   binary        (p1 - p0) / s, variance p (1 - p)
 *                 s: average: sqrt((v1 + v0) / 2), the default (Austin 2009, Stat Med 28:3083);
 *                 treated: sqrt(v1) (for the ATT); control: sqrt(v0); all: the SD of both groups together
 *   k levels      sqrt(d' S^-1 d), d the difference of the proportions of levels 2..k, S the average of the two
 *                 multinomial covariance matrices diag(p) - p p' (Yang and Dalton 2012, SAS Global Forum 335)
 * The sign is first group minus second; k levels and several groups have none.
 * Without any variation in both groups the difference is 0 when the means agree, else it does not exist (NaN).
 */
#ifndef YOGO_STATS_SMD_H
#define YOGO_STATS_SMD_H

#include <stddef.h>

enum yg_smd_denominator { YG_SMD_AVERAGE, YG_SMD_TREATED, YG_SMD_CONTROL, YG_SMD_ALL };
const char *yg_smd_denominator_name(enum yg_smd_denominator d);   /* a phrase for notes */

/* all: the variance of both groups together; used with YG_SMD_ALL only. */
double yg_smd_continuous(double m1, double v1, double m0, double v0, enum yg_smd_denominator d, double all);
double yg_smd_binary(double p1, double p0, enum yg_smd_denominator d, double all);
/* Counts (or sums of weights) of k levels in two groups; levels in neither group do not count.
   NaN also when no level occurs in both groups. */
double yg_smd_levels(const double *count1, const double *count0, size_t k);

/* Several groups: the pair with the largest absolute difference; NaN pairs are passed over.
   mean[g], variance[g] or count[g*k] row-major.  first and second (may be NULL) get the groups. */
double yg_smd_largest_continuous(const double *mean, const double *variance, size_t g, size_t *first, size_t *second);
double yg_smd_largest_levels(const double *count, size_t g, size_t k, size_t *first, size_t *second);

#endif
