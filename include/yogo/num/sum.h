/*
 * Sums whose bits do not depend on the number of threads.
 *
 * Rows are cut in blocks of 4,096; in a block row i is added to lane i mod 8, the lanes are added in a
 * fixed tree, and blocks are combined by a fixed pairwise tree (Higham 1993, SIAM J Sci Comput 14:783:
 * error grows with the logarithm of the number of blocks).
 */
#ifndef YOGO_NUM_SUM_H
#define YOGO_NUM_SUM_H

#include <math.h>
#include <stddef.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"

#define YG_SUM_BLOCK 4096u

double yg_sum(const double *x, size_t n);
double yg_sum_products(const double *x, const double *y, size_t n);
/* The same sum on the pool. */
enum yg_status yg_sum_task(const double *x, size_t n, struct yg_task *task, double *out, struct yg_err *err) YG_MUST_USE;
/* part[parts*width], one row a block: row 0 becomes the sum of all rows by the pairwise tree (the rest is scratch). */
void yg_sum_tree(double *part, size_t parts, size_t width);

/*
 * A running sum with its rounding errors kept (Neumaier 1974), for sums that are also taken from,
 * as when rows leave a risk set: good to about 2^-100 of the largest part.
 */
struct yg_running {
	double sum, lost;
};
static inline void yg_running_add(struct yg_running *r, double v)
{
	double t = r->sum + v;
	r->lost += fabs(r->sum) >= fabs(v) ? (r->sum - t) + v : (v - t) + r->sum;
	r->sum = t;
}
static inline double yg_running_value(const struct yg_running *r)
{
	return r->sum + r->lost;
}

#endif
