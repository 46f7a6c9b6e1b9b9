/*
 * Packed rows spread out for vector code: fields as doubles, bytes first (most columns are), bytes and shorts as the whole
 * numbers they are, less a shift that is whole, too.  So nothing is rounded and nothing divided; who asks takes the
 * divisors into account once, not row by row.
 */
#ifndef YOGO_NUM_SPREAD_PRIV_H
#define YOGO_NUM_SPREAD_PRIV_H

#include <stdbool.h>

#include "yogo/num/packed.h"

/* The fields of one kind in eight neighbouring doubles. */
struct yg_spread_group {
	enum yg_packed_kind kind;
	bool alone, first;        /* all eight; the first group of these eight */
	ptrdiff_t from;           /* byte in the row of what would be the first of the eight */
	size_t to;                /* a multiple of eight */
	double minus[8];
	int64_t mask[8];          /* -1 for fields of the group */
};
struct yg_spread {
	const struct yg_packed *k;
	size_t *field;            /* [p] the field of the row that each double has */
	size_t groups;
	struct yg_spread_group *group;
};
/* shift[p] by column (whole in the units of bytes and shorts, as yg_packed_shift gives it), or NULL. */
struct yg_spread *yg_spread_new(const struct yg_packed *k, const double *shift);
void yg_spread_free(struct yg_spread *s);
/* Rows [first, first + rows) into xs[rows * ld], ld >= p a multiple of eight; the eight with the last field are filled with 0. */
void yg_spread_rows(const struct yg_spread *s, size_t first, size_t rows, size_t ld, double *xs);
/* Where a field of a row begins; its divisor: 1 but for shorts. */
unsigned char *yg_packed_field(const struct yg_packed *k, size_t row, size_t field);
double yg_packed_unit(const struct yg_packed *k, size_t field);

#endif
