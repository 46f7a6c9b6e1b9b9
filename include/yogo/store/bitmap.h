/*
 * Bitmaps: bit i is bit (i & 63) of 64-bit word i / 64, set = yes.  Bits past the end are zero.
 */
#ifndef YOGO_STORE_BITMAP_H
#define YOGO_STORE_BITMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline size_t yg_bits_words(size_t n)
{
	return (n + 63) / 64;
}

static inline bool yg_bits_get(const uint64_t *bits, size_t i)
{
	return bits[i >> 6] >> (i & 63) & 1;
}

static inline void yg_bits_set(uint64_t *bits, size_t i)
{
	bits[i >> 6] |= UINT64_C(1) << (i & 63);
}

static inline void yg_bits_drop(uint64_t *bits, size_t i)
{
	bits[i >> 6] &= ~(UINT64_C(1) << (i & 63));
}

size_t yg_bits_count(const uint64_t *bits, size_t n);      /* set bits among the first n */
void yg_bits_fill(uint64_t *bits, size_t n);               /* the first n set, the rest of the last word zero */
void yg_bits_and(uint64_t *to, const uint64_t *with, size_t n);
void yg_bits_or(uint64_t *to, const uint64_t *with, size_t n);
void yg_bits_and_not(uint64_t *to, const uint64_t *with, size_t n);
/* The set positions in ascending order; out holds at least yg_bits_count() entries.  Returns how many. */
size_t yg_bits_list(const uint64_t *bits, size_t n, uint32_t *out);

#endif
