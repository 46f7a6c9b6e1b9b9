/* Where in 64 bytes certain characters stand: bit i = byte i. */
#ifndef YOGO_INGEST_CSV_MARKS_PRIV_H
#define YOGO_INGEST_CSV_MARKS_PRIV_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define CSV_INLINE static inline __attribute__((always_inline)) /* into each of a function's clones */

struct csv_marks {
	uint64_t lines, delimiters, quotes;
	bool nul, carriage_return, beyond_ascii;   /* there is one */
};

/* Bit i = parity of the bits up to and including i: inside quotes, where the opening one counts. */
CSV_INLINE uint64_t csv_parity(uint64_t x)
{
	x ^= x << 1;
	x ^= x << 2;
	x ^= x << 4;
	x ^= x << 8;
	x ^= x << 16;
	return x ^ x << 32;
}

#ifdef __SSE2__
#include <emmintrin.h>

CSV_INLINE uint64_t csv_equal(const __m128i v[4], char c)
{
	const __m128i want = _mm_set1_epi8(c);
	uint32_t a = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v[0], want));
	uint32_t b = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v[1], want));
	uint32_t d = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v[2], want));
	uint32_t e = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v[3], want));

	return (uint64_t)(d | e << 16) << 32 | (a | b << 16);
}

CSV_INLINE void csv_load(const char *p, __m128i v[4])
{
	const __m128i_u *from = (const __m128i_u *)(const void *)p;

	v[0] = _mm_loadu_si128(from);
	v[1] = _mm_loadu_si128(from + 1);
	v[2] = _mm_loadu_si128(from + 2);
	v[3] = _mm_loadu_si128(from + 3);
}

CSV_INLINE bool csv_holds(const __m128i v[4], char c)
{
	const __m128i want = _mm_set1_epi8(c);
	__m128i low = _mm_or_si128(_mm_cmpeq_epi8(v[0], want), _mm_cmpeq_epi8(v[1], want));
	__m128i high = _mm_or_si128(_mm_cmpeq_epi8(v[2], want), _mm_cmpeq_epi8(v[3], want));

	return _mm_movemask_epi8(_mm_or_si128(low, high)) != 0;
}

CSV_INLINE uint64_t csv_mask(const char *p, char c)
{
	__m128i v[4];

	csv_load(p, v);
	return csv_equal(v, c);
}

CSV_INLINE void csv_look(const char *p, char delimiter, struct csv_marks *m)
{
	__m128i v[4];

	csv_load(p, v);
	m->lines = csv_equal(v, '\n');
	m->delimiters = csv_equal(v, delimiter);
	m->quotes = csv_equal(v, '"');
	m->nul = csv_holds(v, 0);
	m->carriage_return = csv_holds(v, '\r');
	m->beyond_ascii = _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(v[0], v[1]), _mm_or_si128(v[2], v[3]))) != 0;
}
#else
CSV_INLINE uint64_t csv_mask(const char *p, char c)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), low7 = UINT64_C(0x7f7f7f7f7f7f7f7f);
	uint64_t mask = 0;

	for (int i = 7; i >= 0; i--) {
		uint64_t v = 0, hit;

		for (int k = 7; k >= 0; k--)
			v = v << 8 | (uint8_t)p[8 * i + k];
		v ^= ones * (uint8_t)c;
		hit = ~(((v & low7) + low7) | v | low7);      /* 0x80 in each byte that was c */
		hit = (hit >> 7) * UINT64_C(0x0102040810204080) >> 56;
		mask = mask << 8 | hit;
	}
	return mask;
}

CSV_INLINE void csv_look(const char *p, char delimiter, struct csv_marks *m)
{
	uint64_t any = 0;

	for (int i = 0; i < 64; i += 8) {
		uint64_t v;

		memcpy(&v, p + i, 8);
		any |= v;
	}
	m->lines = csv_mask(p, '\n');
	m->delimiters = csv_mask(p, delimiter);
	m->quotes = csv_mask(p, '"');
	m->nul = csv_mask(p, 0) != 0;
	m->carriage_return = csv_mask(p, '\r') != 0;
	m->beyond_ascii = (any & UINT64_C(0x8080808080808080)) != 0;
}
#endif

#endif
