/* Elementary functions without fused multiply-add: see elementary.h. */
#include "yogo/num/elementary.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "num/elementary_tables_priv.h"
#include "yogo/num/lanes.h"

#define ROUNDER 0x1.8p52                     /* adding it leaves the nearest whole number in the low bits */
#define MANTISSA 0x000fffffffffffffu
#define BITS_ONE 0x3ff0000000000000u
#define BITS_INF 0x7ff0000000000000u
#define EXP_PLAIN 660.0                      /* up to here no product of the last step leaves the normal range */
#define LOG_BASE 0x3fe6000000000000u         /* mantissas are taken from [0.6875, 1.375) */

/* Keeps libm_names.c in every program that has this file. */
__attribute__((used)) static int (*const keep_names)(void) = yg_elementary_owns_c_names;

static inline uint64_t bits_of(double x)
{
	uint64_t u;
	memcpy(&u, &x, sizeof u);
	return u;
}

static inline double from_bits(uint64_t u)
{
	double x;
	memcpy(&x, &u, sizeof x);
	return x;
}

/* ---- exp ---- */

/*
 * exp(x + low) = 2^e top (1 + small): the step of 1/128 of a doubling nearest to x is taken from the
 * table, the rest |r| <= ln 2 / 256 by its series (next term r^6/720 < 2^-60).
 * k = 128 e + i is left in *k; the pattern of 2^e top wraps when e is out of range.
 */
static inline double exp_small_part(double x, double low, uint64_t *pattern, int64_t *k)
{
	double shifted = x * YG_STEPS_PER_ONE + ROUNDER;
	double kd = shifted - ROUNDER;
	double r = (x - kd * YG_STEP_HIGH) - kd * YG_STEP_LOW + low;
	double r2 = r * r;
	*k = (int64_t)kd;
	uint64_t i = (uint64_t)*k & 127;
	*pattern = yg_exp_table[i].bits + ((uint64_t)*k << 45);
	double series = r2 * ((0.5 + r * 0x1.5555555555555p-3) + r2 * (0x1.5555555555555p-5 + r * 0x1.1111111111111p-7));
	return r + (yg_exp_table[i].tail + series);
}

/* For results near overflow or near and below the end of the normal range; |x| < 746. */
static double exp_extreme(double x, double low)
{
	uint64_t pattern;
	int64_t k;
	double small = exp_small_part(x, low, &pattern, &k);
	if (k > 0) {
		double s = from_bits(pattern - (1000ull << 52));
		return (s + s * small) * 0x1p1000;
	}
	double s = from_bits(pattern + (1022ull << 52));
	double y = s + s * small;
	if (y < 1) {
		/* Subnormal: round once, at the place of the last subnormal bit, by adding 1 (times 2^-1022). */
		double rest = (s - y) + s * small;
		double up = 1 + y;
		rest = ((1 - up) + y) + rest;
		y = (up + rest) - 1;
		if (y == 0)
			return 0;
	}
	return y * 0x1p-1022;
}

static inline double exp_finish(double x, double low)
{
	uint64_t pattern;
	int64_t k;
	if (fabs(x) > EXP_PLAIN)
		return exp_extreme(x, low);
	double small = exp_small_part(x, low, &pattern, &k);
	double s = from_bits(pattern);
	return s + s * small;
}

double yg_exp(double x)
{
	if (!(fabs(x) <= EXP_PLAIN)) {
		if (x != x)
			return x + x;
		if (x > 0x1.62e42fefa39efp+9)
			return INFINITY;
		if (x < -745.14)
			return 0;
		return exp_extreme(x, 0);
	}
	return exp_finish(x, 0);
}

/* ---- exp of an array ---- */

YG_CLONES
static void exp_lanes(const double *x, double *out, size_t groups)
{
	for (size_t g = 0; g < groups; g++) {
		yg_lanes v = *(const yg_lanes *)(x + 8 * g);
		yg_lanes_int wide = ~((v <= EXP_PLAIN) & (v >= -EXP_PLAIN));
		int64_t any = 0;
		for (int j = 0; j < 8; j++)
			any |= wide[j];
		if (any) {
			for (int j = 0; j < 8; j++)
				out[8 * g + (size_t)j] = yg_exp(v[j]);
			continue;
		}
		yg_lanes shifted = v * YG_STEPS_PER_ONE + ROUNDER;
		yg_lanes kd = shifted - ROUNDER;
		yg_lanes r = (v - kd * YG_STEP_HIGH) - kd * YG_STEP_LOW + 0.0;
		yg_lanes r2 = r * r;
		/* The low bits of the shifted number are k, whatever its exponent says. */
		yg_lanes_int k = (yg_lanes_int)shifted;
		yg_lanes tail;
		yg_lanes_int pattern;
		for (int j = 0; j < 8; j++) {
			uint64_t i = (uint64_t)k[j] & 127;
			tail[j] = yg_exp_table[i].tail;
			pattern[j] = (int64_t)yg_exp_table[i].bits;
		}
		pattern += k << 45;
		yg_lanes series = r2 * ((0.5 + r * 0x1.5555555555555p-3) +
		                        r2 * (0x1.5555555555555p-5 + r * 0x1.1111111111111p-7));
		yg_lanes small = r + (tail + series);
		yg_lanes s = (yg_lanes)pattern;
		*(yg_lanes *)(out + 8 * g) = s + s * small;
	}
}

void yg_exp_array(const double *x, double *out, size_t n)
{
	exp_lanes(x, out, n / 8);
	for (size_t i = n & ~(size_t)7; i < n; i++)
		out[i] = yg_exp(x[i]);
}

/* ---- log ---- */

/*
 * x = 2^e z with z in a cell whose centre is c: log x = e ln 2 - log(1/c) + log1p(r), r = z / c - 1.
 * 1/c has ten bits, so z times it is exact in two pieces; r + low holds r to 106 bits.
 */
struct log_parts {
	double e, r, low;
	uint64_t cell;
};

static inline struct log_parts log_split(uint64_t ix)
{
	struct log_parts p;
	uint64_t from_base = ix - LOG_BASE;
	p.cell = (from_base >> 45) & 127;
	p.e = (double)((int64_t)from_base >> 52);
	double z = from_bits(ix - (from_base & ~MANTISSA));
	double high = from_bits(bits_of(z) & ~(uint64_t)0x7ffffff);
	double inverse = yg_log_table[p.cell].inverse;
	double a = high * inverse - 1, b = (z - high) * inverse;
	p.r = a + b;
	p.low = b - (p.r - a);
	return p;
}

/* -1/2 + r/3 - r^2/4 ... + r^7/9, |r| <= 2^-7 */
static inline double log_series(double r)
{
	double r2 = r * r, r4 = r2 * r2;
	return ((-0.5 + r * 0x1.5555555555555p-2) + r2 * (-0.25 + r * 0.2)) +
	       r4 * ((-0x1.5555555555555p-3 + r * 0x1.2492492492492p-3) + r2 * (-0.125 + r * 0x1.c71c71c71c71cp-4));
}

static inline double log_finish(const struct log_parts *p)
{
	double w = p->e * YG_LN2_HIGH + yg_log_table[p->cell].high;
	double low = p->e * YG_LN2_LOW + yg_log_table[p->cell].low + p->low;
	double sum = w + p->r;
	low = ((w - sum) + p->r) + low;
	return (low + p->r * p->r * log_series(p->r)) + sum;
}

/* Patterns of positive normal doubles; others: the answer in *special, or a scaled pattern. */
static int log_special(double x, uint64_t *ix, double *special)
{
	if (x == 0)
		*special = -INFINITY;
	else if (x != x || x == INFINITY)
		*special = x + x;
	else if (x < 0)
		*special = NAN;
	else {
		*ix = bits_of(x * 0x1p52) - (52ull << 52);
		return 0;
	}
	return 1;
}

double yg_log(double x)
{
	uint64_t ix = bits_of(x);
	double special;
	if (ix - 0x0010000000000000u >= BITS_INF - 0x0010000000000000u && log_special(x, &ix, &special))
		return special;
	struct log_parts p = log_split(ix);
	return log_finish(&p);
}

double yg_log1p(double x)
{
	if (!(x > -1) || x > 0x1p54) {
		if (x == -1)
			return -INFINITY;
		return x < -1 ? NAN : x != x ? x + x : yg_log(x);
	}
	if (fabs(x) < 0x1p-7)
		return fabs(x) < 0x1p-54 ? x : x + x * x * log_series(x);
	double u = 1 + x, part = u - 1;
	double rest = (1 - (u - part)) + (x - part);
	struct log_parts p = log_split(bits_of(u));
	double scale = from_bits((uint64_t)(1023 - (int64_t)p.e) << 52);
	double more = p.low + rest * scale * yg_log_table[p.cell].inverse;
	double r = p.r + more;
	double back = r - p.r;
	p.low = (p.r - (r - back)) + (more - back);
	p.r = r;
	return log_finish(&p);
}

/* ---- expm1 ---- */

double yg_expm1(double x)
{
	static const double inverse_factorial[13] = {
		1, 1, 0.5, 0x1.5555555555555p-3, 0x1.5555555555555p-5, 0x1.1111111111111p-7, 0x1.6c16c16c16c17p-10,
		0x1.a01a01a01a01ap-13, 0x1.a01a01a01a01ap-16, 0x1.71de3a556c734p-19, 0x1.27e4fb7789f5cp-22,
		0x1.ae64567f544e4p-26, 0x1.1eed8eff8d898p-29,
	};
	if (fabs(x) <= 0.125) {
		if (fabs(x) < 0x1p-54)
			return x;
		double sum = inverse_factorial[12];
		for (int i = 11; i >= 3; i--)
			sum = sum * x + inverse_factorial[i];
		double x2 = x * x;
		return x + (0.5 * x2 + x * x2 * sum);
	}
	if (!(x >= -44) || x > 44)
		return x != x ? x + x : x > 0 ? yg_exp(x) : -1;
	uint64_t pattern;
	int64_t k;
	double small = exp_small_part(x, 0, &pattern, &k);
	double s = from_bits(pattern), sum = s - 1;
	double rest = s > 1 ? (s - sum) - 1 : s - (sum + 1);
	return sum + (rest + s * small);
}

/* ---- pow ---- */

/* a b = *high + *low exactly (Dekker), for |a|, |b| < 2^996 and no underflow that matters. */
static inline void product(double a, double b, double *high, double *low)
{
	double ca = a * 134217729.0, cb = b * 134217729.0;
	double ah = ca - (ca - a), al = a - ah;
	double bh = cb - (cb - b), bl = b - bh;
	*high = a * b;
	*low = ((ah * bh - *high) + ah * bl + al * bh) + al * bl;
}

/* log x = *high + *low to about 2^-66 of itself. */
static void log_double(uint64_t ix, double *high, double *low)
{
	struct log_parts p = log_split(ix);
	double w = p.e * YG_LN2_HIGH + yg_log_table[p.cell].high;
	double rest = p.e * YG_LN2_LOW + yg_log_table[p.cell].low + p.low;
	double r = p.r, square, square_low;
	double sum = w + r;
	double low1 = (w - sum) + r;
	product(r, r, &square, &square_low);
	double next = sum - 0.5 * square;
	double low2 = (sum - next) - 0.5 * square;
	/* r^3 (1/3 - r/4 + ... + r^8/11) */
	double r2 = square, r4 = r2 * r2;
	double cubic = ((0x1.5555555555555p-2 - r * 0.25) + r2 * (0.2 - r * 0x1.5555555555555p-3)) +
	               r4 * ((0x1.2492492492492p-3 - r * 0.125) + r2 * (0x1.c71c71c71c71cp-4 - r * 0.1)) +
	               r4 * r4 * 0x1.745d1745d1746p-4;
	double all = low1 + low2 + (rest - 0.5 * square_low - r * p.low) + r * r2 * cubic;
	*high = next + all;
	*low = (next - *high) + all;
}

/* 0 not whole, 1 odd, 2 even */
static int wholeness(double y)
{
	double a = fabs(y);
	if (a >= 0x1p53)
		return 2;
	if (floor(a) != a)
		return 0;
	return (int64_t)a & 1 ? 1 : 2;
}

/* x or y is 0, infinite or NaN, or x < 0; *sign and *x are prepared when the answer is not final. */
static int pow_special(double *x, double y, double *sign, double *answer)
{
	if (y == 0 || *x == 1) {
		*answer = 1;
		return 1;
	}
	if (*x != *x || y != y) {
		*answer = *x + y;
		return 1;
	}
	if (isinf(y)) {
		double a = fabs(*x);
		*answer = a == 1 ? 1 : (a > 1) == (y > 0) ? INFINITY : 0;
		return 1;
	}
	int whole = wholeness(y);
	*sign = signbit(*x) && whole == 1 ? -1 : 1;
	if (*x == 0 || isinf(*x)) {
		*answer = (*x == 0) == (y > 0) ? 0 * *sign : INFINITY * *sign;
		return 1;
	}
	if (*x < 0) {
		if (!whole) {
			*answer = NAN;
			return 1;
		}
		*x = -*x;
	}
	return 0;
}

double yg_pow(double x, double y)
{
	double sign = 1, answer;
	if ((!(x > 0) || !(x < INFINITY) || x == 1 || y == 0 || !(fabs(y) < INFINITY)) &&
	    pow_special(&x, y, &sign, &answer))
		return answer;
	if (fabs(y) >= 0x1p63 || fabs(y) < 0x1p-66) {
		if (x == 1 || fabs(y) < 1)
			return sign;
		return ((x > 1) == (y > 0) ? INFINITY : 0) * sign;
	}
	uint64_t ix = bits_of(x);
	if (ix < 0x0010000000000000u)
		ix = bits_of(x * 0x1p52) - (52ull << 52);
	double log_high, log_low, high, low;
	log_double(ix, &log_high, &log_low);
	product(y, log_high, &high, &low);
	low += y * log_low;
	if (!(fabs(high) < 745.2))
		return (high > 0 ? INFINITY : 0) * sign;
	double result = exp_finish(high, low);
	if (high > 709.7 && !(result < INFINITY))
		result = INFINITY;
	return sign * result;
}

/* ---- sine and cosine ---- */

/* x = n pi/2 + r, |r| <= pi/4; pi/2 in three parts whose multiples by n < 2^17 are exact. */
static int quarter_turns(double x, double *r)
{
	double n = (x * 0x1.45f306dc9c883p-1 + ROUNDER) - ROUNDER;
	*r = ((x - n * 0x1.921fb544p+0) - n * 0x1.0b4611a6p-34) - n * 0x1.3198a2e037073p-69;
	return (int)((int64_t)n & 3);
}

static double sine_series(double r)
{
	double r2 = r * r, sum = 0x1.952c77030ad4ap-49;
	static const double c[7] = { -0x1.ae7f3e733b81fp-41, 0x1.6124613a86d09p-33, -0x1.ae64567f544e4p-26,
	                             0x1.71de3a556c734p-19, -0x1.a01a01a01a01ap-13, 0x1.1111111111111p-7,
	                             -0x1.5555555555555p-3 };
	for (int i = 0; i < 7; i++)
		sum = sum * r2 + c[i];
	return r + r * r2 * sum;
}

static double cosine_series(double r)
{
	double r2 = r * r, sum = 0x1.ae7f3e733b81fp-45;
	static const double c[6] = { -0x1.93974a8c07c9dp-37, 0x1.1eed8eff8d898p-29, -0x1.27e4fb7789f5cp-22,
	                             0x1.a01a01a01a01ap-16, -0x1.6c16c16c16c17p-10, 0x1.5555555555555p-5 };
	for (int i = 0; i < 6; i++)
		sum = sum * r2 + c[i];
	double half = 0.5 * r2, top = 1 - half;
	return top + (((1 - top) - half) + r2 * r2 * sum);
}

static double turned(double x, int quarters)
{
	double r;
	if (!(fabs(x) <= 1e5))
		return NAN;
	quarters = (quarters + quarter_turns(x, &r)) & 3;
	double v = quarters & 1 ? cosine_series(r) : sine_series(r);
	return quarters & 2 ? -v : v;
}

double yg_sin(double x)
{
	return turned(x, 0);
}

double yg_cos(double x)
{
	return turned(x, 1);
}
