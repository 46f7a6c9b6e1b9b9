/*
 * Stable sorting of row numbers; the order is unique, so threads never change it.
 *
 * Whole numbers in a small range are counted (one pass); other keys go to 2^16 buckets by their leading
 * bits and each bucket is sorted by radix in cache.  Row numbers are 32-bit: n < 2^32 - 1, else YG_ELIMIT.
 * Keys: -0 equals 0; NaN comes last.
 */
#ifndef YOGO_NUM_SORT_H
#define YOGO_NUM_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"

/* order[n] := the rows by ascending key, equal keys in row order. */
enum yg_status yg_sort_doubles(const double *key, size_t n, struct yg_task *task, uint32_t *order,
                               struct yg_err *err) YG_MUST_USE;
/*
 * The same, or by descending key (then NaN first), with what each row carries: carried[n] := with[order[n]], and first[n] :=
 * the first place of the same key.  Nothing is looked up out of order.
 */
enum yg_status yg_sort_carry(const double *key, const uint32_t *with, size_t n, bool descending, struct yg_task *task,
                             uint32_t *order, uint32_t *carried, uint32_t *first, struct yg_err *err) YG_MUST_USE;
/*
 * order[n] := the rows by group (0..groups-1; NULL = one group), then time, then events before others
 * (event NULL = no difference), then row.
 */
enum yg_status yg_sort_survival(const int32_t *group, size_t groups, const double *time, const uint8_t *event,
                                size_t n, struct yg_task *task, uint32_t *order, struct yg_err *err) YG_MUST_USE;
/* order[n] := the rows by group, in row order within; start[groups + 1] the first place of each. */
enum yg_status yg_sort_groups(const uint32_t *group, size_t groups, size_t n, struct yg_task *task, uint32_t *order,
                              uint32_t *start, struct yg_err *err) YG_MUST_USE;
/* x[n] in ascending order, on the caller's thread; spare[n] is written over.  No NaN; n < 2^32; -0 becomes 0 or stays beside it. */
void yg_sort_values(double *x, double *spare, size_t n);
/* Are all values whole numbers of magnitude below 2^31?  Then also the smallest and largest (n > 0). */
bool yg_sort_whole(const double *x, size_t n, struct yg_task *task, int64_t *smallest, int64_t *largest);

/* Of x[n], ascending, how many are below t; how many are t or below. */
static inline size_t yg_count_below(const double *x, size_t n, double t)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (x[middle] < t)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
static inline size_t yg_count_until(const double *x, size_t n, double t)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (x[middle] <= t)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

#endif
