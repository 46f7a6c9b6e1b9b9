/*
 * The quick ways from a field to a value: short plain integers, decimals and ISO dates, eight
 * characters a step.  What they do not take goes the slow way; what they take, they take as it does.
 * There must be eight readable bytes before every field.
 */
#ifndef YOGO_INGEST_QUICK_PRIV_H
#define YOGO_INGEST_QUICK_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "yogo/base/date.h"

/* Eight characters that end at `end` as digits; the first 8 - n count as zeros.  False: not digits. */
static inline bool eight_digits(uint64_t w, uint64_t *out)
{
	if (((w & UINT64_C(0xf0f0f0f0f0f0f0f0)) ^ UINT64_C(0x3030303030303030)) |
	    (((w + UINT64_C(0x0606060606060606)) & UINT64_C(0xf0f0f0f0f0f0f0f0)) ^ UINT64_C(0x3030303030303030)))
		return false;
	w &= UINT64_C(0x0f0f0f0f0f0f0f0f);
	w = (w * 10 + (w >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
	w = (w * 100 + (w >> 16)) & UINT64_C(0x0000ffff0000ffff);
	*out = (w * 10000 + (w >> 32)) & 0xffffffff;
	return true;
}

/* Up to eight characters before `end`, the ones in front of them replaced by '0'. */
static inline uint64_t tail_of(const char *end, size_t n)
{
	uint64_t w, front = n >= 8 ? 0 : ~UINT64_C(0) >> 8 * n;

	memcpy(&w, end - 8, 8);
	w = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? w : __builtin_bswap64(w);
	return (w & ~front) | (UINT64_C(0x3030303030303030) & front);
}

/* Plain integers of at most 16 digits without leading zeros; all else goes the slow way. */
static inline bool quick_integer(const char *p, size_t n, int64_t *out)
{
	bool negative = n && *p == '-';
	uint64_t low, high = 0;

	p += negative;
	n -= negative;
	if (!n || n > 15 || (*p == '0' && n > 1))
		return false;
	if (!eight_digits(tail_of(p + n, n < 8 ? n : 8), &low))
		return false;
	if (n > 8 && !eight_digits(tail_of(p + n - 8, n - 8), &high))
		return false;
	low += high * 100000000;
	*out = negative ? -(int64_t)low : (int64_t)low;
	return true;
}

static const double power[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
	                        1e16, 1e17, 1e18, 1e19 };

/* Digits with at most one point, mantissa below 2^53: exact by one division (Clinger 1990). */
static inline bool quick_number(const char *p, size_t n, double *out)
{
	bool negative = n && *p == '-';
	uint64_t mantissa = 0;
	size_t after = 0;

	p += negative;
	n -= negative;
	if (!n || n > 18)
		return false;
	if (n <= 8) {
		uint64_t w = tail_of(p + n, n), x = w ^ UINT64_C(0x2e2e2e2e2e2e2e2e);
		uint64_t point = (x - UINT64_C(0x0101010101010101)) & ~x & UINT64_C(0x8080808080808080);

		if (point) { /* close the gap: what stands before the point moves up by one */
			unsigned shift = (unsigned)__builtin_ctzll(point) - 7;
			uint64_t below = (UINT64_C(1) << shift) - 1;

			after = 7 - shift / 8;
			w = (w & ~(below << 8 | 0xff)) | (w & below) << 8 | 0x30;
			if (n == 1)
				return false;
		}
		if (!eight_digits(w, &mantissa))
			return false;
	} else {
		size_t points = 0;

		for (size_t i = 0; i < n; i++) {
			unsigned d = (unsigned)(unsigned char)p[i] - '0';

			if (d < 10) {
				mantissa = mantissa * 10 + d;
				after += points;
			} else if (p[i] == '.' && !points) {
				points = 1;
			} else {
				return false;
			}
		}
		if (mantissa >> 53 || n - points > 18)
			return false;
	}
	*out = negative ? -((double)mantissa / power[after]) : (double)mantissa / power[after];
	return true;
}

/* Integers without a point in a column of numbers keep the rules of integers: no leading zeros. */
static inline bool coded_zero(const char *p, size_t n)
{
	bool negative = n && *p == '-';

	return n > 1u + negative && p[negative] == '0' && p[negative + 1] != '.';
}

struct calendar {
	int32_t first[400 * 12]; /* days since 1970 of each month from 1800 */
	uint8_t days[400 * 12];
};

static inline const struct calendar *calendar(void)
{
	static _Thread_local struct calendar c;
	static _Thread_local bool ready;

	for (int i = 0; !ready && i < 400 * 12; i++) {
		int year = 1800 + i / 12, month = 1 + i % 12;

		c.first[i] = yg_date_from_civil(year, month, 1);
		c.days[i] = 31;
		while (!yg_date_valid(year, month, c.days[i]))
			c.days[i]--;
	}
	ready = true;
	return &c;
}

static inline bool quick_date(const struct calendar *cal, const char *p, size_t n, int32_t *out)
{
	uint64_t w, v;
	unsigned month, day, at;

	if (n != 10 || p[4] != '-' || p[7] != '-')
		return false;
	/* YYYY-MM-DD without its marks as eight digits. */
	w = (uint64_t)(uint8_t)p[0] | (uint64_t)(uint8_t)p[1] << 8 | (uint64_t)(uint8_t)p[2] << 16 |
	    (uint64_t)(uint8_t)p[3] << 24 | (uint64_t)(uint8_t)p[5] << 32 | (uint64_t)(uint8_t)p[6] << 40 |
	    (uint64_t)(uint8_t)p[8] << 48 | (uint64_t)(uint8_t)p[9] << 56;
	if (!eight_digits(w, &v) || v < 18000101 || v > 21991231)
		return false;
	day = (unsigned)(v % 100);
	month = (unsigned)(v / 100 % 100);
	if (month < 1 || month > 12)
		return false;
	at = ((unsigned)(v / 10000) - 1800) * 12 + month - 1;
	if (day < 1 || day > cal->days[at])
		return false;
	*out = cal->first[at] + (int32_t)day - 1;
	return true;
}

#endif
