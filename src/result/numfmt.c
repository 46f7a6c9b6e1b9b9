/*
 * How numbers are written.  Rounding is that of the C library's exact decimal conversion (the
 * nearest decimal of the binary value), so equal bits always give equal digits.
 */
#include "yogo/result/numfmt.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "yogo/base/text.h"
#include "yogo/base/phrase.h"

enum { SIGNIFICANT = 4, WIDE = 360 };

/* "-0.00" is "0.00". */
static void add_signed(struct yg_buf *out, const char *s)
{
	if (s[0] == '-' && strspn(s + 1, "0.") == strlen(s + 1))
		s++;
	yg_buf_adds(out, s);
}

void yg_numfmt_integer(struct yg_buf *out, int64_t v)
{
	yg_buf_addf(out, "%lld", (long long)v);
}

void yg_numfmt_fixed(struct yg_buf *out, double v, int decimals)
{
	char s[WIDE];
	if (!isfinite(v)) {
		yg_buf_adds(out, "not estimable");
		return;
	}
	snprintf(s, sizeof s, "%.*f", decimals < 0 ? 0 : decimals > 15 ? 15 : decimals, v);
	add_signed(out, s);
}

static double read_back(const char *s, double otherwise)
{
	double v;
	return yg_parse_double(yg_str(s), &v) ? v : otherwise;
}

/* Power of ten of the leading digit after rounding to so many digits. */
static int exponent_of(double v, int digits)
{
	char s[64];
	snprintf(s, sizeof s, "%.*e", digits - 1, v);
	const char *e = strchr(s, 'e');
	return e ? (int)strtol(e + 1, NULL, 10) : 0;
}

/* "12.500" becomes "12.5", and "3.000" becomes "3". */
static void drop_zeros(char *s)
{
	size_t n = strlen(s);
	if (!strchr(s, '.'))
		return;
	while (s[n - 1] == '0')
		s[--n] = '\0';
	if (s[n - 1] == '.')
		s[n - 1] = '\0';
}

/* short_when_exact: 2.5 (or that but for the last bits) is written 2.5; what was rounded to 2.500 keeps the zeros that say so. */
static void significant(struct yg_buf *out, double v, int digits, bool short_when_exact)
{
	char s[WIDE];
	if (!isfinite(v)) {
		yg_buf_adds(out, "not estimable");
		return;
	}
	if (v == 0) {
		yg_buf_adds(out, "0");
		return;
	}
	int e = exponent_of(v, digits), decimals = digits - 1 - e;
	bool tiny_or_huge = e < -4 || e > 14; /* 1.234e-6 */
	if (tiny_or_huge) {
		snprintf(s, sizeof s, "%.*e", digits - 1, v);
		*strchr(s, 'e') = '\0';
	} else {
		snprintf(s, sizeof s, "%.*f", decimals > 0 ? decimals : 0, v);
	}
	if (short_when_exact && !tiny_or_huge && fabs(read_back(s, v) - v) <= 1e-12 * fabs(v)) {
		drop_zeros(s);
		add_signed(out, s);
	} else if (tiny_or_huge) {
		if (short_when_exact)
			drop_zeros(s);
		yg_buf_addf(out, "%se%d", s, e);
	} else {
		add_signed(out, s);
	}
}

void yg_numfmt_significant(struct yg_buf *out, double v, int digits)
{
	significant(out, v, digits, false);
}

void yg_numfmt_p(struct yg_buf *out, double p)
{
	if (!isfinite(p))
		yg_buf_adds(out, "not estimable");
	else if (p < 0.001)
		yg_buf_adds(out, "<0.001");
	else if (p < 0.0995)
		yg_numfmt_fixed(out, p, 3);
	else if (p < 0.995)
		yg_numfmt_fixed(out, p, 2);
	else
		yg_buf_adds(out, ">0.99");
}

void yg_numfmt_number(struct yg_buf *out, enum yg_role role, double v, int decimals)
{
	if (!isfinite(v)) {
		yg_buf_adds(out, "not estimable");
		return;
	}
	if (role == YG_ROLE_P) {
		yg_numfmt_p(out, v);
		return;
	}
	if (role == YG_ROLE_PROPORTION) {
		yg_numfmt_fixed(out, 100 * v, decimals >= 0 ? decimals : 1);
		yg_buf_addc(out, '%');
		return;
	}
	if (decimals >= 0) {
		yg_numfmt_fixed(out, v, decimals);
		return;
	}
	switch (role) {
	case YG_ROLE_PERSONS:
	case YG_ROLE_RECORDS:
	case YG_ROLE_EVENTS:
	case YG_ROLE_INTEGER:
	case YG_ROLE_QUANTILE:
	case YG_ROLE_EXTREME:
	case YG_ROLE_TIME:
	case YG_ROLE_PERSON_TIME:
	case YG_ROLE_DF:
		significant(out, v, SIGNIFICANT, true);
		break;
	case YG_ROLE_WEIGHTED:
		yg_numfmt_fixed(out, v, 1);
		break;
	case YG_ROLE_PROBABILITY:
	case YG_ROLE_SMD:
		yg_numfmt_fixed(out, v, 3);
		break;
	case YG_ROLE_CRITERION:
		if (fabs(v) >= 10)
			yg_numfmt_fixed(out, v, 2);
		else
			significant(out, v, SIGNIFICANT, false);
		break;
	default:
		significant(out, v, SIGNIFICANT, false);
	}
}

int yg_numfmt_interval_decimals(double estimate, double lower, double upper)
{
	double size = isfinite(estimate) ? fabs(estimate) : isfinite(upper) ? fabs(upper) : 1;
	int decimals = size >= 99.5 ? 0 : size >= 9.95 ? 1 : size >= 0.0995 || size == 0 ? 2 : 3;
	for (double edge = 0.00995; decimals < 8 && decimals >= 3 && size > 0 && size < edge; edge /= 10)
		decimals++;
	/* limits that differ must be seen to differ */
	while (decimals < 8 && isfinite(lower) && isfinite(upper) && lower < upper &&
	       yg_numfmt_round_fixed(lower, decimals) == yg_numfmt_round_fixed(upper, decimals))
		decimals++;
	return decimals;
}

void yg_numfmt_interval(struct yg_buf *out, double estimate, double lower, double upper)
{
	int decimals = yg_numfmt_interval_decimals(estimate, lower, upper);
	const double v[3] = { estimate, lower, upper };
	const char *before[3] = { "", " (", " to " };
	for (int i = 0; i < 3; i++) {
		yg_buf_adds(out, before[i]);
		if (isfinite(v[i]))
			yg_numfmt_fixed(out, v[i], decimals);
		else
			yg_buf_addc(out, '-');
	}
	yg_buf_addc(out, ')');
}

void yg_numfmt_cell(struct yg_buf *out, const struct yg_cell *c)
{
	switch (c->state) {
	case YG_CELL_EMPTY:
		return;
	case YG_CELL_HIDDEN:
		if (c->high >= 1)
			yg_buf_addf(out, "[<%lld]", (long long)c->high + 1);
		else
			yg_buf_adds(out, "[hidden]");
		return;
	case YG_CELL_MISSING:
		yg_buf_adds(out, c->value.text && c->value.text[0] ? c->value.text : "missing");
		return;
	case YG_CELL_ROUNDED:
		if (c->role == YG_ROLE_P && c->high <= 0.001) {
			yg_buf_adds(out, "<0.001");
			return;
		}
		break;
	case YG_CELL_SHOWN:
		break;
	}
	switch (c->value.kind) {
	case YG_VALUE_NONE:
		break;
	case YG_VALUE_INTEGER:
		yg_numfmt_integer(out, c->value.integer);
		break;
	case YG_VALUE_DOUBLE:
		yg_numfmt_number(out, c->role, c->value.number, c->decimals);
		break;
	case YG_VALUE_TEXT:
		yg_phrase_english(c->value.text, out);
		break;
	}
}

double yg_numfmt_round_significant(double v, int digits)
{
	char s[64];
	if (!isfinite(v) || v == 0)
		return v;
	snprintf(s, sizeof s, "%.*e", digits - 1, v);
	return read_back(s, v);
}

double yg_numfmt_round_fixed(double v, int decimals)
{
	char s[WIDE];
	if (!isfinite(v))
		return v;
	snprintf(s, sizeof s, "%.*f", decimals, v);
	double r = read_back(s, v);
	return r == 0 ? 0 : r;
}
