/* Bitmaps: counting, combining, listing. */
#include "yogo/store/bitmap.h"

size_t yg_bits_count(const uint64_t *bits, size_t n)
{
	size_t count = 0, words = n / 64;

	for (size_t i = 0; i < words; i++)
		count += (size_t)__builtin_popcountll(bits[i]);
	if (n & 63)
		count += (size_t)__builtin_popcountll(bits[words] & ((UINT64_C(1) << (n & 63)) - 1));
	return count;
}

void yg_bits_fill(uint64_t *bits, size_t n)
{
	size_t words = n / 64;

	for (size_t i = 0; i < words; i++)
		bits[i] = ~UINT64_C(0);
	if (n & 63)
		bits[words] = (UINT64_C(1) << (n & 63)) - 1;
}

void yg_bits_and(uint64_t *to, const uint64_t *with, size_t n)
{
	for (size_t i = 0; i < yg_bits_words(n); i++)
		to[i] &= with[i];
}

void yg_bits_or(uint64_t *to, const uint64_t *with, size_t n)
{
	for (size_t i = 0; i < yg_bits_words(n); i++)
		to[i] |= with[i];
}

void yg_bits_and_not(uint64_t *to, const uint64_t *with, size_t n)
{
	for (size_t i = 0; i < yg_bits_words(n); i++)
		to[i] &= ~with[i];
}

size_t yg_bits_list(const uint64_t *bits, size_t n, uint32_t *out)
{
	size_t count = 0;

	for (size_t w = 0; w < yg_bits_words(n); w++) {
		uint64_t word = bits[w];

		while (word) {
			out[count++] = (uint32_t)(w * 64 + (size_t)__builtin_ctzll(word));
			word &= word - 1;
		}
	}
	return count;
}
