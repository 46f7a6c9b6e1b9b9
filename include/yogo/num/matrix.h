/*
 * Small dense linear algebra and the large cross products of regression.
 *
 * Matrices are row-major, a[i * columns + j].  Nothing here depends on the number of threads or on
 * the vector width of the processor: every element of a cross product is summed in row order within a
 * task of YG_GRAM_TASK rows, and tasks are added by a fixed pairwise tree; no fused multiply-add.
 *
 * Columns that depend on earlier ones are found, marked in dropped[] (1 = dependent) and treated as
 * absent: their coefficient, and their rows and columns of an inverse, are zero.
 */
#ifndef YOGO_NUM_MATRIX_H
#define YOGO_NUM_MATRIX_H

#include <stddef.h>
#include <stdint.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"
#include "yogo/num/packed.h"

#define YG_GRAM_TASK 16384u   /* rows of one task of a blocked pass: four blocks of 4,096 */
#define YG_CHOLESKY_TOLERANCE 1e-10

/*
 * Cholesky in place of the symmetric positive semidefinite a[p*p] (lower triangle read): afterwards the
 * lower triangle holds L with L L' = a, the strict upper triangle is zero.  Column j is dropped when its
 * pivot is <= tolerance * a_jj, or a_jj is <= 0 or not finite.  Returns the rank.
 */
size_t yg_cholesky(double *a, size_t p, double tolerance, uint8_t *dropped) YG_MUST_USE;
/* b[p] becomes the solution of L L' x = b; zero at dropped columns. */
void yg_cholesky_solve(const double *l, size_t p, const uint8_t *dropped, double *b);
/* The two halves: b := L^-1 b (forward), b := L'^-1 b (backward). */
void yg_cholesky_forward(const double *l, size_t p, const uint8_t *dropped, double *b);
void yg_cholesky_backward(const double *l, size_t p, const uint8_t *dropped, double *b);
/* inverse[p*p] of L L', full and exactly symmetric; may not alias l. */
void yg_cholesky_inverse(const double *l, size_t p, const uint8_t *dropped, double *inverse);
/* sum of log(L_jj^2) over the columns kept. */
double yg_cholesky_log_determinant(const double *l, size_t p, const uint8_t *dropped);
/* Solve a x = b and invert a symmetric positive definite a[p*p] (not changed); false when not of full rank. */
int yg_symmetric_solve(const double *a, size_t p, double *b) YG_MUST_USE;
int yg_symmetric_inverse(const double *a, size_t p, double *inverse) YG_MUST_USE;
/* General square a[p*p] by LU with partial pivoting (a is overwritten); false when singular. */
int yg_lu_solve(double *a, size_t p, double *b, size_t right_sides) YG_MUST_USE;   /* b[p*right_sides] */

/* c[n*m] = a[n*k] b[k*m];  c[k*k2] = a' b of a[n*k], b[n*k2];  v' m v. */
void yg_multiply(const double *a, const double *b, size_t n, size_t k, size_t m, double *c);
void yg_multiply_transposed(const double *a, const double *b, size_t n, size_t k, size_t k2, double *c);
double yg_quadratic_form(const double *v, const double *m, size_t p);
double yg_dot(const double *a, const double *b, size_t n);
/* s = B M B of symmetric b and m [p*p] (sandwich); exactly symmetric. */
void yg_sandwich(const double *bread, const double *meat, size_t p, double *s);
/* Copy the lower triangle over the upper. */
void yg_symmetrize(double *a, size_t p);

/*
 * Weighted cross products of a tall matrix x[n*p]:
 *   xtwx[p*p] = X' W X (full, symmetric) and, when z is given, xtwz[p] = X' W z; *ztwz (may be NULL) = z' W z.
 * w NULL = all 1.
 */
enum yg_status yg_cross_product(const double *x, size_t n, size_t p, const double *w, const double *z,
                                struct yg_task *task, double *xtwx, double *xtwz, double *ztwz,
                                struct yg_err *err) YG_MUST_USE;
/* out[n] = X b + offset (offset NULL = 0). */
enum yg_status yg_linear_predictor(const double *x, size_t n, size_t p, const double *b, const double *offset,
                                   struct yg_task *task, double *out, struct yg_err *err) YG_MUST_USE;
/* A tall matrix, plain or packed: one of the two is NULL. */
struct yg_tall {
	size_t n, p;
	const double *x;             /* [n*p] */
	const struct yg_packed *packed;
};
/* Rows [first, first + rows) as they stand in x, or unpacked into space[rows*p]. */
const double *yg_tall_rows(const struct yg_tall *tall, size_t first, size_t rows, double *space);
/* h[n] = w_i x_i' V x_i with V[p*p] symmetric (w NULL = 1): leverages, variances of predictors. */
enum yg_status yg_row_quadratic(const double *x, size_t n, size_t p, const double *v, const double *w,
                                struct yg_task *task, double *h, struct yg_err *err) YG_MUST_USE;
enum yg_status yg_tall_quadratic(const struct yg_tall *tall, const double *v, const double *w, struct yg_task *task,
                                 double *h, struct yg_err *err) YG_MUST_USE;

/*
 * A blocked pass over the rows of x[n*p] with weights made on the way (least squares, IRLS, Newton).
 *
 * The same of packed rows: each number of them is unpacked in the near cache, in every pass.
 * For each chunk of up to YG_PASS_CHUNK rows the callback gets the rows' linear predictor eta = z b + offset
 * and fills w[rows] (>= 0) and s[rows]; the pass accumulates X'WX and X's.  It may add to sums, which are combined
 * like the products.  first is the index of the chunk's first row.  With shift the columns are x - shift
 * (wanted where there is an intercept: the products are then nearly centred and lose no digits).
 * With sides the callback fills so many further right sides, s[k * YG_PASS_CHUNK + row], whose products with the columns
 * follow the first in xts.
 */
#define YG_PASS_CHUNK 64u
#define YG_PASS_SUMS 4u
#define YG_PASS_SIDES 3u
typedef void yg_pass_fn(const void *context, size_t first, size_t rows, const double *eta, double *w, double *s,
                        double sums[YG_PASS_SUMS]);
struct yg_pass {
	const double *x;             /* [n*p] */
	const struct yg_packed *packed;   /* instead of x */
	size_t n, p;
	const double *shift;         /* [p] or NULL; for packed rows from yg_packed_shift */
	size_t every;                /* 2 or more: only one in so many blocks of 4,096 rows */
	const double *offset;        /* [n] or NULL */
	size_t sides;                /* further right sides, up to YG_PASS_SIDES - 1 */
	yg_pass_fn *fn;
	const void *context;
};
/* b[p], NULL = 0.  xtwx[p*p] full and symmetric, xts[(1 + sides)*p]; either may be NULL. */
enum yg_status yg_pass_run(const struct yg_pass *pass, const double *b, struct yg_task *task, double *xtwx,
                           double *xts, double sums[YG_PASS_SUMS], struct yg_err *err) YG_MUST_USE;
/* Rough column means (of the first 4,096 rows) as shift[p]; 0 for the intercept column. */
void yg_pass_shift(const double *x, size_t n, size_t p, size_t intercept, double *shift);
/* Coefficients and their covariance of the shifted columns, brought back: only the intercept changes. */
void yg_pass_unshift(size_t p, size_t intercept, const double *shift, double *b, double *covariance);

/*
 * Least squares by Householder QR of sqrt(w) [X y], in blocks joined by a tree (TSQR): as accurate as a QR of
 * the whole.  Column j is dropped when less than tolerance of its norm is left (R's lm: 1e-7).
 * r[p*p] upper triangular (zero rows and columns where dropped), qty[p], *rss, b[p].
 */
enum yg_status yg_qr_least_squares(const struct yg_tall *x, const double *y, const double *w, double tolerance,
                                   struct yg_task *task, double *b, double *r, double *qty, double *rss, uint8_t *dropped,
                                   size_t *rank, struct yg_err *err) YG_MUST_USE;
/* (R'R)^-1 from r of above: inverse[p*p], zero where dropped. */
void yg_qr_inverse(const double *r, size_t p, const uint8_t *dropped, double *inverse);

#endif
