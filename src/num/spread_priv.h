/*
 * Packed rows spread out for vector code: fields as doubles, in the order of a row (not of the columns), bytes and shorts
 * as the whole numbers they are, less a shift that is whole, too.  So nothing is rounded and nothing divided; who asks
 * takes the divisors into account once, not row by row.
 */
#ifndef YOGO_NUM_SPREAD_PRIV_H
#define YOGO_NUM_SPREAD_PRIV_H

#include "yogo/num/packed.h"

/* Up to eight neighbouring fields of one kind. */
struct yg_spread_group {
	enum yg_packed_kind kind;
	size_t from, to;          /* byte in the row, field in the doubles */
	double minus[8];
	int64_t mask[8];          /* -1 for fields of the group, 0 beyond its end */
};
struct yg_spread {
	const struct yg_packed *k;
	size_t groups;
	struct yg_spread_group group[];
};
/* shift[p] by column (whole in the units of bytes and shorts, as yg_packed_shift gives it), or NULL; yg_free. */
struct yg_spread *yg_spread_new(const struct yg_packed *k, const double *shift);
/* Rows [first, first + rows) into xs[rows * ld + 8], p <= ld; what lies beyond the fields is left as it is. */
void yg_spread_rows(const struct yg_spread *s, size_t first, size_t rows, size_t ld, double *xs);
/* Divisor of a field: 1 but for shorts. */
double yg_packed_unit(const struct yg_packed *k, size_t field);

#endif
