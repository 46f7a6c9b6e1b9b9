/* Finding the ends of records, 64 bytes a step. */
#include <string.h>

#include "src/ingest/csv_priv.h"
#include "yogo/store/vec.h"

#ifdef __SSE2__
#include <emmintrin.h>
uint64_t csv_mask(const char *p, char c)
{
	const __m128i want = _mm_set1_epi8(c);
	uint64_t mask = 0;

	for (int i = 3; i >= 0; i--) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));

		mask = mask << 16 | (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, want));
	}
	return mask;
}
#else
uint64_t csv_mask(const char *p, char c)
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
#endif

/* Bit i = parity of the bits up to and including i: inside quotes, where the opening one counts. */
static uint64_t parity(uint64_t x)
{
	x ^= x << 1;
	x ^= x << 2;
	x ^= x << 4;
	x ^= x << 8;
	x ^= x << 16;
	x ^= x << 32;
	return x;
}

static uint64_t first_bits(size_t n)
{
	return n >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1;
}

/* One record has ended; true when it was a kept one that fills a block. */
static bool end_record(struct csv_scan *s)
{
	if (s->next_skip < s->skips && s->skip[s->next_skip] == s->records) {
		s->next_skip++;
		s->records++;
		return false;
	}
	s->records++;
	s->kept++;
	return s->kept % YG_BLOCK_ROWS == 0;
}

size_t csv_scan(struct csv_scan *s, const char *text, size_t from, size_t to, struct csv_cut *cut, size_t cuts,
                size_t *last, struct csv_cut *last_cut)
{
	size_t n = 0;

	for (size_t at = from; at < to; at += 64) {
		uint64_t in = first_bits(to - at), lines = csv_mask(text + at, '\n') & in, ends = lines;
		uint64_t quotes = csv_mask(text + at, '"') & in;
		size_t count;

		if (quotes || s->quoted) {
			uint64_t inside = parity(quotes) ^ (s->quoted ? ~UINT64_C(0) : 0);

			ends &= ~inside;
			s->quoted = inside >> 63;
		}
		if (!ends) {
			s->lines += (uint64_t)__builtin_popcountll(lines);
			continue;
		}
		count = (size_t)__builtin_popcountll(ends);
		if (s->next_skip == s->skips && s->kept % YG_BLOCK_ROWS + count < YG_BLOCK_ROWS) {
			s->records += count; /* the usual step: no block ends here */
			s->kept += count;
		} else {
			for (uint64_t left = ends; left; left &= left - 1) {
				uint64_t up_to = left & (0 - left);
				size_t place = at + (size_t)__builtin_ctzll(left) + 1;

				if (end_record(s) && n < cuts)
					cut[n++] = (struct csv_cut){
						place, s->records,
						s->lines + (uint64_t)__builtin_popcountll(lines & (up_to | (up_to - 1)))
					};
			}
		}
		{
			unsigned high = 63u - (unsigned)__builtin_clzll(ends);

			*last = at + high + 1;
			*last_cut = (struct csv_cut){
				*last, s->records, s->lines + (uint64_t)__builtin_popcountll(lines & first_bits(high + 1))
			};
		}
		s->lines += (uint64_t)__builtin_popcountll(lines);
	}
	return n;
}
