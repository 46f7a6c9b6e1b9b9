/*
 * The quick ways from a field to a value: plain integers, decimals and ISO dates, eight characters a
 * step and without branches on the digits, which in data no processor can foresee.  What they do not
 * take, and no empty field is taken, goes the slow way; what they take, they take as it does.
 * There must be sixteen readable bytes behind the beginning of every field.
 */
#ifndef YOGO_INGEST_QUICK_PRIV_H
#define YOGO_INGEST_QUICK_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "yogo/base/date.h"

#define EACH_BYTE UINT64_C(0x0101010101010101)

/* Eight characters, the first in the lowest byte. */
static inline uint64_t word_at(const char *p)
{
	uint64_t w;

	memcpy(&w, p, 8);
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? w : __builtin_bswap64(w);
}

/* So that digits are their values. */
static inline uint64_t eight_at(const char *p)
{
	return word_at(p) ^ 0x30 * EACH_BYTE;
}

/* The first n <= 8 of them as the last of eight, zeros in front. */
static inline uint64_t last_of_eight(uint64_t w, size_t n)
{
	unsigned half = (unsigned)(32 - 4 * n);

	return w << half << half;
}

/* Bit 7 of each byte that is no digit. */
static inline uint64_t no_digits(uint64_t w)
{
	return ((w + 0x76 * EACH_BYTE) | w) & 0x80 * EACH_BYTE;
}

/* Eight digits as four numbers of two, in 16 bits each, the first in the lowest. */
static inline uint64_t digit_pairs(uint64_t w)
{
	return (w * 10 + (w >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
}

static inline uint64_t eight_digits(uint64_t w)
{
	w = digit_pairs(w);
	w = (w * 100 + (w >> 16)) & UINT64_C(0x0000ffff0000ffff);
	return (w * 10000 + (w >> 32)) & 0xffffffff;
}

/* At most 15 digits without leading zeros. */
static inline bool quick_integer(const char *p, size_t n, int64_t *out)
{
	bool negative = *p == '-';
	uint64_t first, last, bad;
	int64_t value;

	p += negative;
	n -= negative;
	if (!n || n > 15)
		return false;
	first = last_of_eight(eight_at(p), n > 8 ? n - 8 : 0);
	last = n > 8 ? eight_at(p + n - 8) : last_of_eight(eight_at(p), n);
	bad = no_digits(first) | no_digits(last) | ((*p == '0') & (n > 1));
	value = (int64_t)(eight_digits(first) * 100000000 + eight_digits(last));
	*out = negative ? -value : value;
	return !bad;
}

static const double quick_power[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14,
	                              1e15, 1e16 };

/* Digits of up to 18 characters with a point, at most 7 of them before it. */
static inline bool quick_mantissa(const char *p, size_t n, uint64_t *mantissa, size_t *after)
{
	static const uint64_t up_to_16[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
		UINT64_C(1000000000), UINT64_C(10000000000), UINT64_C(100000000000), UINT64_C(1000000000000),
		UINT64_C(10000000000000), UINT64_C(100000000000000), UINT64_C(1000000000000000), UINT64_C(10000000000000000) };
	uint64_t w = eight_at(p), odd = no_digits(w), first, last;
	size_t whole = (size_t)__builtin_ctzll(odd | UINT64_C(1) << 63) >> 3, m = n - whole - 1;
	const char *behind = p + whole + 1;

	if (whole >= n || n > 18 || m > 16 || p[whole] != '.' || (*p == '0' && whole > 1) || n == 1)
		return false;
	first = last_of_eight(eight_at(behind), m > 8 ? m - 8 : 0);
	last = m > 8 ? eight_at(p + n - 8) : last_of_eight(eight_at(behind), m);
	*mantissa = eight_digits(last_of_eight(w, whole)) * up_to_16[m] + eight_digits(first) * 100000000 + eight_digits(last);
	*after = m;
	return !(no_digits(first) | no_digits(last));
}

/*
 * Digits with at most one point, mantissa below 2^53: exact by one division (Clinger 1990).  Integers
 * without a point in a column of numbers keep the rules of integers: no leading zeros.
 */
static inline bool quick_number(const char *p, size_t n, double *out)
{
	bool negative = n && *p == '-';
	uint64_t mantissa;
	int64_t whole;
	size_t after;

	if (n > 1u + negative && quick_mantissa(p + negative, n - negative, &mantissa, &after) && mantissa >> 53 == 0)
		*out = (double)(int64_t)mantissa / quick_power[after];
	else if (n > negative && p[negative] != '-' && quick_integer(p + negative, n - negative, &whole))
		*out = (double)whole;
	else
		return false;
	*out = negative ? -*out : *out;
	return true;
}

/* Fields of at most eight characters and without a sign, many at once. */
#define QUICK_ROWS 64u
struct quick_fields {
	_Alignas(64) uint64_t word[QUICK_ROWS];   /* the eight characters where the field begins */
	_Alignas(64) uint64_t n[QUICK_ROWS];      /* how many of them are the field's */
};
/* Values of `count` fields, a multiple of 4.  Returns the rows, as bits, that must go another way. */
uint64_t quick_integers(const struct quick_fields *f, size_t count, int64_t *out);
uint64_t quick_numbers(const struct quick_fields *f, size_t count, double *out);

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
	uint64_t front, back, w;
	unsigned year, month, day, at;

	if (n != 10)
		return false;
	front = eight_at(p);    /* YYYY-MM- */
	back = eight_at(p + 2); /* YY-MM-DD */
	w = (front & 0xffffffff) | (back >> 24 & 0xffff) << 32 | (back & UINT64_C(0xffff000000000000));
	if ((front & UINT64_C(0xff0000ff00000000)) != UINT64_C(0x1d00001d00000000) || no_digits(w))
		return false;
	w = digit_pairs(w);
	year = (unsigned)(w & 0xff) * 100 + (unsigned)(w >> 16 & 0xff);
	month = (unsigned)(w >> 32 & 0xff);
	day = (unsigned)(w >> 48);
	at = (year - 1800) * 12 + month - 1;
	if (year - 1800 > 399 || month - 1 > 11 || day - 1 >= cal->days[at])
		return false;
	*out = cal->first[at] + (int32_t)day - 1;
	return true;
}

#endif
