/*
 * Follow-up as plain arrays: what every survival kernel reads.
 *
 *   n            rows; complete (no missing value), times finite
 *   entry[n]     time under observation begins, or NULL = from the start; a row is at risk at t when
 *                entry < t <= exit, so entry < exit is required
 *   exit[n]      any unit; zero is legal.  Times that ought to tie must be equal (ties are decided before)
 *   event[n]     0 no event (censored), else event; events precede censorings at the same time
 *   group[n]     0..groups-1, or NULL = one group
 *   stratum[n]   0..strata-1, or NULL = one stratum
 *   weight[n]    case weights >= 0, or NULL = all 1
 *   cluster[n]   0..clusters-1, or NULL: rows that are not independent of each other
 *   continues[n] 1 = the same person goes on in another row, so that the end is not a censoring; or NULL
 *   repeats[n]   how many equal rows a row stands for, each counted as a row of its own, or NULL = 1; only without weight,
 *                cluster and continues, and only for Kaplan-Meier, the log-rank tests, cumulative incidence and Gray's test
 */
#ifndef YOGO_STATS_SPANS_H
#define YOGO_STATS_SPANS_H

#include <stddef.h>
#include <stdint.h>

struct yg_spans {
	size_t n;
	const double *entry, *exit;
	const uint8_t *event;
	const int32_t *group;
	size_t groups;
	const int32_t *stratum;
	size_t strata;
	const double *weight;
	const uint32_t *cluster;
	size_t clusters;
	const uint8_t *continues;
	const uint32_t *repeats;
};

#endif
