/*
 * What all regression kernels share: the data, the tests of terms.
 */
#ifndef YOGO_STATS_REGRESSION_H
#define YOGO_STATS_REGRESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"
#include "yogo/num/matrix.h"

/* Complete rows; borrowed.  The matrix is plain or packed. */
struct yg_regression {
	size_t n, p;
	const double *x;        /* [n*p] row-major, with the column of ones where there is an intercept */
	const struct yg_packed *packed;   /* the same in few bytes, instead of x */
	const double *y;        /* [n]; binomial: 0/1, or a proportion with the trials as weight */
	const double *weight;   /* [n] >= 0 prior weights (1/variance, trials, repeats), or NULL = 1 */
	const double *offset;   /* [n] or NULL */
	int intercept;          /* index of the column of ones, -1 = none */
	bool frequency;         /* a weight counts that many equal rows: n is the sum of the weights */
};

/* The matrix alone; a pass over it, with its offset; rough column means as the shift of a pass with an intercept. */
static inline struct yg_tall yg_regression_matrix(const struct yg_regression *d)
{
	return (struct yg_tall){ .n = d->n, .p = d->p, .x = d->x, .packed = d->packed };
}
static inline struct yg_pass yg_regression_pass(const struct yg_regression *d, yg_pass_fn *fn, const void *context)
{
	return (struct yg_pass){ .x = d->x, .packed = d->packed, .n = d->n, .p = d->p, .offset = d->offset, .fn = fn, .context = context };
}
static inline void yg_regression_shift(const struct yg_regression *d, double *shift)
{
	if (d->packed)
		yg_packed_shift(d->packed, (size_t)d->intercept, shift);
	else
		yg_pass_shift(d->x, d->n, d->p, (size_t)d->intercept, shift);
}

/* A test of several coefficients at once, or of a model against a larger one. */
struct yg_term_test {
	double chisq;           /* Wald or likelihood ratio chi-squared; NaN where not testable */
	double df;
	double p;               /* by chi-squared */
	double f, f_df2, f_p;   /* chisq / df against F(df, f_df2); NaN where residual df do not apply */
};
/*
 * Wald test that b[k] = 0 for the columns k in index[0..count), dropped ones left out.
 * residual_df: for the F form; INFINITY = chi-squared only.
 */
struct yg_term_test yg_wald_test(const double *b, const double *covariance, size_t p, const uint8_t *dropped,
                                 const size_t *index, size_t count, double residual_df);

#endif
