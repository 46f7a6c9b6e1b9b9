/*
 * A vector: the typed values of up to YG_BLOCK_ROWS consecutive rows of one column.
 *
 * struct yg_vec borrows; struct yg_vec_space owns scratch that decoding may point a vec into.
 * valid is a bitmap, bit i (LSB first in each 64-bit word) set = row i has a value; NULL = all have.
 * Bits past n are zero.  Values at invalid rows are unspecified but readable.
 * reason gives the missing reason of invalid rows, NULL = none given for all.
 */
#ifndef YOGO_STORE_VEC_H
#define YOGO_STORE_VEC_H

#include <stddef.h>
#include <stdint.h>

#include "yogo/store/type.h"

#define YG_BLOCK_ROWS 65536u
#define YG_BLOCK_WORDS (YG_BLOCK_ROWS / 64)

struct yg_vec {
	enum yg_type type;
	uint32_t n;
	const uint64_t *valid;
	const uint8_t *reason;
	const uint8_t *precision;     /* dates: enum yg_date_precision a row, NULL = all day */
	union {
		const uint8_t *flag;
		const int64_t *integer;
		const double *number;
		const int32_t *level;     /* position in level order, 0-based */
		const int32_t *date;
		const int64_t *instant;
		struct {
			const uint32_t *start;  /* n + 1 offsets into bytes */
			const char *bytes;
		} text;
	} v;
};

static inline int yg_vec_valid(const struct yg_vec *vec, uint32_t i)
{
	return !vec->valid || (vec->valid[i >> 6] >> (i & 63) & 1);
}

/* Scratch owned by one worker; grows as needed; one column's block at a time. */
struct yg_vec_space {
	void *value, *valid, *reason, *precision, *text, *packed;
	size_t value_size, valid_size, reason_size, precision_size, text_size, packed_size;
};
void yg_vec_space_init(struct yg_vec_space *space);
void yg_vec_space_release(struct yg_vec_space *space);

#endif
