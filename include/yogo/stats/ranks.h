/*
 * Midranks, and the permutation distributions of sums of ranks.
 *
 * With ties the null distribution given the values is that of the midranks themselves: every subset of the size of
 * the group, or every choice of signs, is equally likely.  Twice a midrank is a whole number, so the subsets are
 * counted by the shift algorithm (Streitberg and Roehmel 1986, Stat Software Newsletter 12:10), O(N n S) with S the
 * sum of twice the ranks.  Two-sided: sums at least as far from their mean as the one seen.
 */
#ifndef YOGO_STATS_RANKS_H
#define YOGO_STATS_RANKS_H

#include <stdbool.h>
#include <stddef.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"
#include "yogo/stats/twogroup.h"

struct yg_ranks {
	double *rank;         /* [n] midrank of each value; yg_data_free */
	double correction;    /* sum of t^3 - t over groups of t equal values */
	bool ties;
};
/* Values without NaN. */
enum yg_status yg_rank_all(const double *x, size_t n, struct yg_task *task, struct yg_ranks *out, struct yg_err *err) YG_MUST_USE;

/* Midranks of two groups together: those of x, then those of y. */
enum yg_status yg_rank_pooled(const double *x, size_t n, const double *y, size_t m, struct yg_ranks *out, struct yg_err *err) YG_MUST_USE;

/* P of the sum of the ranks of a group of n among all N; for N up to 98 (4 MB, some 10 ms). */
double yg_rank_subset_p(const double *rank, size_t all, size_t n, double sum, enum yg_alternative alternative);
/* P of the sum of the ranks of positive signs among n differences other than zero. */
double yg_rank_sign_p(const double *rank, size_t n, double sum, enum yg_alternative alternative);

#endif
