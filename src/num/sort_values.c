/* Values in ascending order, without their rows: radix by eleven bits, digits that are all alike left out. */
#include "yogo/num/sort.h"

#include <string.h>

#define DIGIT 11u
#define DIGITS 6u
#define VALUES (1u << DIGIT)
#define FEW 256u

typedef uint64_t __attribute__((may_alias)) word;

/* Bits that are ordered as the numbers are; -0 as 0. */
static inline uint64_t to_bits(double x)
{
	uint64_t b;

	x += 0.0;
	memcpy(&b, &x, sizeof b);
	return b >> 63 ? ~b : b | UINT64_C(1) << 63;
}

static inline double from_bits(uint64_t b)
{
	double x;

	b = b >> 63 ? b ^ UINT64_C(1) << 63 : ~b;
	memcpy(&x, &b, sizeof x);
	return x;
}

static void insertion(double *x, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		double v = x[i];
		size_t j = i;
		for (; j > 0 && x[j - 1] > v; j--)
			x[j] = x[j - 1];
		x[j] = v;
	}
}

void yg_sort_values(double *x, double *spare, size_t n)
{
	static const uint32_t mask = VALUES - 1;
	uint32_t count[DIGITS][VALUES];
	word *from = (word *)x, *to = (word *)spare;

	if (n <= FEW) {
		insertion(x, n);
		return;
	}
	memset(count, 0, sizeof count);
	for (size_t i = 0; i < n; i++) {
		uint64_t b = to_bits(x[i]);
		from[i] = b;
		for (unsigned d = 0; d < DIGITS; d++)
			count[d][b >> (DIGIT * d) & mask]++;
	}
	for (unsigned d = 0; d < DIGITS; d++) {
		uint32_t at = 0, *c = count[d], shift = DIGIT * d;
		if (c[from[0] >> shift & mask] == n)
			continue;
		for (uint32_t k = 0; k < VALUES; k++) {
			uint32_t here = c[k];
			c[k] = at;
			at += here;
		}
		for (size_t i = 0; i < n; i++)
			to[c[from[i] >> shift & mask]++] = from[i];
		word *swap = from;
		from = to;
		to = swap;
	}
	for (size_t i = 0; i < n; i++) {
		double v = from_bits(from[i]);
		memcpy(&x[i], &v, sizeof v);
	}
}
