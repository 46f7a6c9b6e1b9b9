/* Short integers and decimals, four fields a step. */
#include "src/ingest/hot_priv.h"
#include "src/ingest/quick_priv.h"

#define INLINE static inline __attribute__((always_inline))

/* Four lanes, aligned as struct quick_fields is. */
typedef uint64_t u64x4 __attribute__((vector_size(32), may_alias));
typedef int64_t i64x4 __attribute__((vector_size(32), may_alias));
typedef uint32_t u32x8 __attribute__((vector_size(32), may_alias));
typedef uint16_t u16x16 __attribute__((vector_size(32), may_alias));
typedef double f64x4 __attribute__((vector_size(32), may_alias));
typedef uint64_t u64x4_loose __attribute__((vector_size(32), aligned(8), may_alias));
typedef double f64x4_loose __attribute__((vector_size(32), aligned(8), may_alias));

/* As their namesakes of one lane; n = 0 and n > 8 give anything.  Vectors pass by address: how they would
   pass by value depends on the instruction set. */

INLINE void four_last(u64x4 *w, const u64x4 *n)
{
	u64x4 half = (32 - (*n << 2)) & 31;

	*w = *w << half << half;
}

INLINE void four_odd(const u64x4 *w, u64x4 *out)
{
	*out = ((*w + 0x76 * EACH_BYTE) | *w) & 0x80 * EACH_BYTE;
}

INLINE void four_digits(u64x4 *w)
{
	*w = ((u64x4)((u16x16)*w * 10) + (*w >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
	*w = ((u64x4)((u16x16)*w * 100) + (*w >> 16)) & UINT64_C(0x0000ffff0000ffff);
	*w = ((u64x4)((u32x8)*w * 10000) + (*w >> 32)) & 0xffffffff;
}

/* The lanes in which any bit is set, as bits. */
INLINE uint64_t lanes_of(const u64x4 *bad)
{
	const u64x4 b = *bad;

	if (!(b[0] | b[1] | b[2] | b[3]))
		return 0;
	return (uint64_t)(b[0] != 0) | (uint64_t)(b[1] != 0) << 1 | (uint64_t)(b[2] != 0) << 2 | (uint64_t)(b[3] != 0) << 3;
}

INGEST_CLONES
uint64_t quick_integers(const struct quick_fields *f, size_t count, int64_t *out)
{
	uint64_t odd_rows = 0;

	for (size_t i = 0; i < count; i += 4) {
		u64x4 n = *(const u64x4 *)(f->n + i), w = *(const u64x4 *)(f->word + i) ^ 0x30 * EACH_BYTE;
		u64x4 bad = (u64x4)((w & 0xff) == 0) & (u64x4)(n != 1), odd; /* a leading zero */

		bad |= (u64x4)(n > 8) | (u64x4)(n == 0);
		four_last(&w, &n);
		four_odd(&w, &odd);
		bad |= odd;
		four_digits(&w);
		*(u64x4_loose *)(out + i) = w;
		odd_rows |= lanes_of(&bad) << i;
	}
	return odd_rows;
}

INGEST_CLONES
uint64_t quick_numbers(const struct quick_fields *f, size_t count, double *out)
{
	const u64x4 exponent = { UINT64_C(0x4330000000000000), UINT64_C(0x4330000000000000),
		                 UINT64_C(0x4330000000000000), UINT64_C(0x4330000000000000) };
	uint64_t odd_rows = 0;

	for (size_t i = 0; i < count; i += 4) {
		u64x4 n = *(const u64x4 *)(f->n + i), w = *(const u64x4 *)(f->word + i) ^ 0x30 * EACH_BYTE;
		/* The first character that is no digit: the point, or what stands behind the field. */
		u64x4 odd, first, byte, below, whole, point, digits, bad;
		f64x4 x, by;

		four_odd(&w, &odd);
		first = odd & (0 - odd);
		byte = (first << 1) - (first >> 7);
		below = ((first - 1) >> 7) | (u64x4)(odd == 0);
		whole = below & EACH_BYTE;
		whole += whole >> 32;
		whole += whole >> 16;
		whole = (whole + (whole >> 8)) & 15;
		point = (u64x4)(whole != n);
		digits = n + point;
		bad = (point & (w ^ ('.' ^ 0x30) * EACH_BYTE) & byte) | (u64x4)(digits == 0) | (u64x4)(n > 8);
		bad |= (u64x4)((w & 0xff) == 0) & (u64x4)(whole > 1); /* a leading zero */
		w = (w & below) | (w >> 8 & ~below);
		four_last(&w, &digits);
		four_odd(&w, &odd);
		bad |= odd;
		for (int l = 0; l < 4; l++)
			by[l] = quick_power[(digits[l] - whole[l]) & 15];
		four_digits(&w);
		x = (f64x4)(w | exponent) - 0x1p52;
		*(f64x4_loose *)(out + i) = x / by;
		odd_rows |= lanes_of(&bad) << i;
	}
	return odd_rows;
}
