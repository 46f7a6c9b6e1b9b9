/* Finding the ends of records, 64 bytes a step. */
#include <string.h>

#include "src/ingest/csv_marks_priv.h"
#include "src/ingest/csv_priv.h"
#include "src/ingest/hot_priv.h"
#include "yogo/store/vec.h"

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

INGEST_CLONES
size_t csv_scan(struct csv_scan *s, const char *text, size_t from, size_t to, struct csv_cut *cut, size_t cuts,
                size_t *last, struct csv_cut *last_cut)
{
	size_t n = 0;

	for (size_t at = from; at < to; at += 64) {
		uint64_t in = first_bits(to - at), lines = csv_mask(text + at, '\n') & in, ends = lines;
		uint64_t quotes = csv_mask(text + at, '"') & in;
		size_t count;

		if (quotes || s->quoted) {
			uint64_t inside = csv_parity(quotes) ^ (s->quoted ? ~UINT64_C(0) : 0);

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
