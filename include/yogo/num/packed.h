/*
 * A tall matrix in as few bytes as give every number back exactly: columns of 0/1 and small whole numbers take a byte,
 * numbers with up to two decimals two bytes, all others eight.  Row-major, so that a row is one or two lines of cache.
 */
#ifndef YOGO_NUM_PACKED_H
#define YOGO_NUM_PACKED_H

#include <stddef.h>
#include <stdint.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"

enum yg_packed_kind { YG_PACKED_DOUBLE, YG_PACKED_SHORT, YG_PACKED_BYTE };
struct yg_packed_shape {
	enum yg_packed_kind kind;
	double divisor;           /* of a short: 1, 10 or 100 */
};
/* The smallest shape that holds v[n] (finite) exactly; -0 becomes 0. */
struct yg_packed_shape yg_packed_shape_of(const double *v, size_t n);

struct yg_packed {
	size_t n, p, stride;      /* bytes a row */
	size_t doubles, shorts;   /* fields of a row: doubles, then shorts, then bytes */
	uint32_t *column;         /* [p] the column of each field */
	uint32_t *place;          /* [p] the field of each column */
	double *divisor;          /* [shorts] */
	unsigned char *row;
	void *space;              /* of the rows, with room to read whole lanes before and behind them */
};
struct yg_packed *yg_packed_new(size_t n, const struct yg_packed_shape *shape, size_t p);   /* NULL = memory ran out */
void yg_packed_free(struct yg_packed *k);
/* Rows [first, first + rows) into x[rows*p]. */
void yg_packed_get(const struct yg_packed *k, size_t first, size_t rows, double *x);
/* One column of these rows: from numbers that fit its shape; or, held as bytes, 1 where the level is the one and else 0. */
void yg_packed_put_column(struct yg_packed *k, size_t column, size_t first, size_t rows, const double *v);
void yg_packed_put_level(struct yg_packed *k, size_t column, size_t first, size_t rows, const int32_t *level, int32_t one);
/* Rough column means (of the first 4,096 rows) as shift[p] of a pass: whole in the units of bytes and shorts, so that taking
   it away is exact; 0 for the intercept column. */
void yg_packed_shift(const struct yg_packed *k, size_t intercept, double *shift);
/* Adds the rows of [first, first + rows) that have a 1 to ones[p], those of them with y > 0 to with[p], of the columns that are
   held as bytes and marked in want[p]; these must be 0 or 1. */
void yg_packed_ones(const struct yg_packed *k, const uint8_t *want, size_t first, size_t rows, const double *y, int64_t *ones,
                    int64_t *with);
/* out[n] := x b + offset, the same bits as yg_linear_predictor of the matrix. */
enum yg_status yg_packed_predictor(const struct yg_packed *k, const double *b, const double *offset, struct yg_task *task,
                                   double *out, struct yg_err *err) YG_MUST_USE;

#endif
