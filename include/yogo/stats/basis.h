/*
 * Bases for a smooth term in one variable: restricted cubic, natural cubic and B-splines, orthogonal polynomials.
 *
 * Knots by default as the originals: rcs at Harrell's quantiles (Regression Modeling Strategies, 2015, section 2.4.6),
 * ns and bs (R's splines) at equal quantiles inside the range; quantiles of type 7.  A basis keeps what it needs to be
 * computed at new values.
 */
#ifndef YOGO_STATS_BASIS_H
#define YOGO_STATS_BASIS_H

#include <stdbool.h>
#include <stddef.h>

#include "yogo/base/status.h"

enum yg_basis_kind { YG_BASIS_RCS, YG_BASIS_NS, YG_BASIS_BS, YG_BASIS_POLY };
#define YG_BASIS_MOST 32

struct yg_basis {
	enum yg_basis_kind kind;
	int columns;
	int knots;                       /* rcs: all; ns, bs: inner */
	double knot[YG_BASIS_MOST];
	double boundary[2];              /* ns, bs: range of the data; else NaN */
	double null_space[2][YG_BASIS_MOST + 4];  /* ns: Householder vectors of the constraints */
	double alpha[YG_BASIS_MOST], norm[YG_BASIS_MOST + 2];   /* poly: recursion */
};

/* Knots, when not given, from x[n] (no missing).  rcs: 3..10 knots.  YG_REFUSED when x has too few distinct values. */
enum yg_status yg_basis_rcs(const double *x, size_t n, int knots, const double *given, struct yg_basis *out,
                            struct yg_err *err) YG_MUST_USE;
/* df: columns wanted (no intercept); or inner knots given (count knots), then df is ignored. */
enum yg_status yg_basis_ns(const double *x, size_t n, int df, const double *given, int knots, struct yg_basis *out,
                           struct yg_err *err) YG_MUST_USE;
enum yg_status yg_basis_bs(const double *x, size_t n, int df, const double *given, int knots, struct yg_basis *out,
                           struct yg_err *err) YG_MUST_USE;
enum yg_status yg_basis_poly(const double *x, size_t n, int degree, struct yg_basis *out, struct yg_err *err) YG_MUST_USE;
/* row[columns] at x.  rcs: x itself first, then the cubic parts divided by the squared span of the knots. */
void yg_basis_row(const struct yg_basis *b, double x, double *row);

#endif
