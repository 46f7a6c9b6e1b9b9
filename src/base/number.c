/*
 * Numbers from text and to text, whatever the locale.
 *
 * Reading: a mantissa up to 2^53 with a small power of ten is exact in two doubles and one operation
 * (Clinger 1990); everything else goes to strtod in the C locale, which rounds correctly.
 */
#include "yogo/base/text.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "yogo/base/mem.h"

static locale_t c_locale;
static pthread_once_t c_locale_once = PTHREAD_ONCE_INIT;

static void make_c_locale(void)
{
	c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

static double strtod_c(const char *text)
{
	pthread_once(&c_locale_once, make_c_locale);
	return c_locale ? strtod_l(text, NULL, c_locale) : strtod(text, NULL);
}

/* The text is known to be a number: letters, digits, signs, a point. */
static bool parse_slow(struct yg_str s, double *out)
{
	char small[128];
	char *copy = s.n < sizeof small ? small : yg_xalloc(s.n + 1, 1);
	memcpy(copy, s.p, s.n);
	copy[s.n] = 0;
	double v = strtod_c(copy);
	if (copy != small)
		yg_free(copy);
	if (isinf(v))
		return false;
	*out = v;
	return true;
}

/* An optional exponent at i; false when something else stands there. */
static bool scan_exponent(struct yg_str s, size_t i, int *exponent)
{
	*exponent = 0;
	if (i == s.n)
		return true;
	if (s.p[i] != 'e' && s.p[i] != 'E')
		return false;
	i++;
	bool negative = i < s.n && s.p[i] == '-';
	if (i < s.n && (s.p[i] == '-' || s.p[i] == '+'))
		i++;
	if (i == s.n)
		return false;
	int e = 0;
	for (; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		if (e < 100000)
			e = 10 * e + (s.p[i] - '0');
	}
	*exponent = negative ? -e : e;
	return true;
}

bool yg_parse_double(struct yg_str s, double *out)
{
	static const double power[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
		                        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
	size_t i = 0, ndigits = 0, significant = 0;
	int scale = 0, exponent;
	uint64_t mantissa = 0;
	bool point = false;
	bool negative = s.n > 0 && s.p[0] == '-';
	if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+'))
		i++;
	for (; i < s.n; i++) {
		unsigned d = (unsigned)(unsigned char)s.p[i] - '0';
		if (d <= 9) {
			ndigits++;
			if (significant < 19) {
				mantissa = 10 * mantissa + d;
				significant += mantissa != 0;
				scale -= point;
			} else {
				significant++; /* too many for the fast way */
			}
		} else if (s.p[i] == '.' && !point) {
			point = true;
		} else {
			break;
		}
	}
	if (!ndigits || !scan_exponent(s, i, &exponent))
		return false;
	if (significant <= 19 && mantissa <= (UINT64_C(1) << 53) && scale > -1000) {
		int e = scale + exponent;
		double v = (double)mantissa;
		if (e >= -22 && e <= 22) {
			v = e < 0 ? v / power[-e] : v * power[e];
			*out = negative ? -v : v;
			return true;
		}
	}
	return parse_slow(s, out);
}

bool yg_parse_i64(struct yg_str s, int64_t *out)
{
	size_t i = 0;
	bool negative = s.n > 0 && s.p[0] == '-';
	if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+'))
		i++;
	if (i == s.n)
		return false;
	/* gathered as a negative number, whose range is the larger */
	int64_t v = 0;
	for (; i < s.n; i++) {
		unsigned d = (unsigned)(unsigned char)s.p[i] - '0';
		if (d > 9 || __builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, (int64_t)d, &v))
			return false;
	}
	if (!negative && v == INT64_MIN)
		return false;
	*out = negative ? v : -v;
	return true;
}

size_t yg_print_double(char buffer[32], double v)
{
	if (isnan(v) || isinf(v)) {
		const char *word = isnan(v) ? "nan" : v < 0 ? "-inf" : "inf";
		memcpy(buffer, word, strlen(word) + 1);
		return strlen(word);
	}
	pthread_once(&c_locale_once, make_c_locale);
	locale_t before = c_locale ? uselocale(c_locale) : (locale_t)0;
	/* Any decimal of 15 digits survives the way through a normal double, so a shorter text is
	   found at 15 already (%g drops zeros); below the normal range precision shrinks. */
	int n = 0, digits = v != 0 && fabs(v) < 2.2250738585072014e-308 ? 1 : 15;
	for (; digits <= 17; digits++) {
		n = snprintf(buffer, 32, "%.*g", digits, v);
		if (digits == 17 || strtod(buffer, NULL) == v)
			break;
	}
	if (before)
		uselocale(before);
	return (size_t)n;
}
