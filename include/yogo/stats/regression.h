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

/* Complete rows; borrowed. */
struct yg_regression {
	size_t n, p;
	const double *x;        /* [n*p] row-major, with the column of ones where there is an intercept */
	const double *y;        /* [n]; binomial: 0/1, or a proportion with the trials as weight */
	const double *weight;   /* [n] >= 0 prior weights (1/variance, trials, repeats), or NULL = 1 */
	const double *offset;   /* [n] or NULL */
	int intercept;          /* index of the column of ones, -1 = none */
	bool frequency;         /* a weight counts that many equal rows: n is the sum of the weights */
};

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
