/* XXH64, seed 0 (Yann Collet, xxHash specification 0.1.1): catches damage; says nothing of intent. */
#include <string.h>

#include "src/store/stream_priv.h"

#define P1 UINT64_C(0x9E3779B185EBCA87)
#define P2 UINT64_C(0xC2B2AE3D27D4EB4F)
#define P3 UINT64_C(0x165667B19E3779F9)
#define P4 UINT64_C(0x85EBCA77C2B2AE63)
#define P5 UINT64_C(0x27D4EB2F165667C5)

static uint64_t rotate(uint64_t v, int by)
{
	return v << by | v >> (64 - by);
}

static uint64_t round_of(uint64_t acc, uint64_t lane)
{
	return rotate(acc + lane * P2, 31) * P1;
}

static uint64_t merge(uint64_t acc, uint64_t lane)
{
	return (acc ^ round_of(0, lane)) * P1 + P4;
}

static uint64_t load64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof v);
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? v : __builtin_bswap64(v);
}

uint64_t store_checksum(const void *bytes, size_t n)
{
	const uint8_t *p = bytes, *end = p ? p + n : p;
	uint64_t h;

	if (n >= 32) {
		uint64_t a = P1 + P2, b = P2, c = 0, d = 0 - P1;

		for (; end - p >= 32; p += 32) {
			a = round_of(a, load64(p));
			b = round_of(b, load64(p + 8));
			c = round_of(c, load64(p + 16));
			d = round_of(d, load64(p + 24));
		}
		h = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
		h = merge(merge(merge(merge(h, a), b), c), d);
	} else {
		h = P5;
	}
	h += n;
	for (; end - p >= 8; p += 8)
		h = rotate(h ^ round_of(0, load64(p)), 27) * P1 + P4;
	if (end - p >= 4) {
		h = rotate(h ^ (uint64_t)get32(p) * P1, 23) * P2 + P3;
		p += 4;
	}
	for (; p < end; p++)
		h = rotate(h ^ *p * P5, 11) * P1;
	h = (h ^ h >> 33) * P2;
	h = (h ^ h >> 29) * P3;
	return h ^ h >> 32;
}
