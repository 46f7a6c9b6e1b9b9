/* Civil dates, instants and the clock. */
#include "yogo/base/date.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MICROSECONDS INT64_C(1000000)
#define DAY_SECONDS INT64_C(86400)

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* What floor_div leaves, 0 <= result < b, also at the ends of int64. */
static int64_t floor_mod(int64_t a, int64_t b)
{
	int64_t r = a % b;
	return r < 0 ? r + b : r;
}

static bool leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
	static const int days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	return month == 2 && leap(year) ? 29 : days[month - 1];
}

bool yg_date_valid(int year, int month, int day)
{
	return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= month_days(year, month);
}

/*
 * Years are counted from March, so that the leap day is the last of its year: a month m (0 = March)
 * begins on day (153 m + 2) / 5 of such a year.  A 400-year cycle has 146,097 days;
 * 1970-01-01 is day 719,468 after 0000-03-01.
 */
int32_t yg_date_from_civil(int year, int month, int day)
{
	int64_t y = (int64_t)year - (month < 3);
	int64_t cycle = floor_div(y, 400), in_cycle = y - 400 * cycle;
	int64_t m = month < 3 ? month + 9 : month - 3;
	int64_t day_of_year = (153 * m + 2) / 5 + day - 1;
	int64_t day_of_cycle = 365 * in_cycle + in_cycle / 4 - in_cycle / 100 + day_of_year;
	return (int32_t)(146097 * cycle + day_of_cycle - 719468);
}

void yg_date_to_civil(int32_t days, int *year, int *month, int *day)
{
	int64_t z = (int64_t)days + 719468;
	int64_t cycle = floor_div(z, 146097), d = z - 146097 * cycle;
	/* remove the leap days before d, then whole years are 365 days */
	int64_t y = (d - d / 1460 + d / 36524 - d / 146096) / 365;
	int64_t day_of_year = d - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * day_of_year + 2) / 153;
	*day = (int)(day_of_year - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = (int)(400 * cycle + y + (m >= 10));
}

static bool digits(const char *p, size_t n, int *out)
{
	int v = 0;
	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		v = 10 * v + (p[i] - '0');
	}
	*out = v;
	return true;
}

bool yg_date_parse(struct yg_str s, int32_t *days, enum yg_date_precision *precision)
{
	int year, month = 1, day = 1;
	if ((s.n != 4 && s.n != 7 && s.n != 10) || !digits(s.p, 4, &year))
		return false;
	if (s.n >= 7 && (s.p[4] != '-' || !digits(s.p + 5, 2, &month)))
		return false;
	if (s.n == 10 && (s.p[7] != '-' || !digits(s.p + 8, 2, &day)))
		return false;
	if (!yg_date_valid(year, month, day))
		return false;
	*days = yg_date_from_civil(year, month, day);
	*precision = s.n == 10 ? YG_DAY : s.n == 7 ? YG_MONTH : YG_YEAR;
	return true;
}

void yg_date_print(char out[16], int32_t days, enum yg_date_precision precision)
{
	int year, month, day;
	char text[48];
	yg_date_to_civil(days, &year, &month, &day);
	if (precision == YG_YEAR)
		snprintf(text, sizeof text, "%04d", year);
	else if (precision == YG_MONTH)
		snprintf(text, sizeof text, "%04d-%02d", year, month);
	else
		snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
	memcpy(out, text, 15);
	out[15] = 0;
}

int32_t yg_date_add_months(int32_t days, int months)
{
	int year, month, day;
	yg_date_to_civil(days, &year, &month, &day);
	int64_t total = 12 * (int64_t)year + (month - 1) + months;
	year = (int)floor_div(total, 12);
	month = (int)(total - 12 * (int64_t)year) + 1;
	int last = month_days(year, month);
	return yg_date_from_civil(year, month, day < last ? day : last);
}

/* ---- instants ---- */

/* Z, +HH, +HHMM or +HH:MM at p; the offset in minutes. */
static bool parse_zone(const char *p, size_t n, int *minutes)
{
	if (n == 1 && p[0] == 'Z') {
		*minutes = 0;
		return true;
	}
	int h, m = 0;
	if (n < 3 || (p[0] != '+' && p[0] != '-') || !digits(p + 1, 2, &h))
		return false;
	if (n == 5) {
		if (!digits(p + 3, 2, &m))
			return false;
	} else if (n == 6) {
		if (p[3] != ':' || !digits(p + 4, 2, &m))
			return false;
	} else if (n != 3) {
		return false;
	}
	if (h > 14 || m > 59)
		return false;
	*minutes = (p[0] == '-' ? -1 : 1) * (60 * h + m);
	return true;
}

/* Date-time as seconds since 1970 as written, nanoseconds, and the zone. */
static bool parse_date_time(struct yg_str s, int64_t *seconds, int64_t *nanoseconds, bool *has_zone)
{
	int32_t days;
	enum yg_date_precision precision;
	int hour, minute, second = 0, zone = 0;
	int64_t nano = 0;
	if (s.n < 16 || !yg_date_parse((struct yg_str){ s.p, 10 }, &days, &precision))
		return false;
	if ((s.p[10] != 'T' && s.p[10] != ' ') || s.p[13] != ':')
		return false;
	if (!digits(s.p + 11, 2, &hour) || !digits(s.p + 14, 2, &minute))
		return false;
	size_t at = 16;
	if (at < s.n && s.p[at] == ':') {
		if (s.n < 19 || !digits(s.p + 17, 2, &second))
			return false;
		at = 19;
		if (at < s.n && s.p[at] == '.') {
			int64_t unit = 100000000;
			size_t first = ++at;
			for (; at < s.n && s.p[at] >= '0' && s.p[at] <= '9'; at++, unit /= 10)
				nano += unit * (s.p[at] - '0');
			if (at == first)
				return false;
		}
	}
	if (hour > 23 || minute > 59 || second > 59)
		return false;
	*has_zone = at < s.n;
	if (at < s.n && !parse_zone(s.p + at, s.n - at, &zone))
		return false;
	*seconds = days * DAY_SECONDS + hour * 3600 + (minute - zone) * 60 + second;
	*nanoseconds = nano;
	return true;
}

bool yg_instant_parse(struct yg_str s, int64_t *microseconds, bool *has_zone)
{
	int64_t seconds, nano;
	bool zone;
	if (!parse_date_time(s, &seconds, &nano, &zone))
		return false;
	*microseconds = seconds * MICROSECONDS + nano / 1000;
	*has_zone = zone;
	return true;
}

/* "2026-11-22T16:22:33" of seconds since 1970; returns its length. */
static size_t print_seconds(char *out, size_t size, int64_t seconds)
{
	int year, month, day;
	int64_t days = floor_div(seconds, DAY_SECONDS);
	int rest = (int)(seconds - days * DAY_SECONDS);
	yg_date_to_civil((int32_t)days, &year, &month, &day);
	int n = snprintf(out, size, "%04d-%02d-%02dT%02d:%02d:%02d", year, month, day, rest / 3600, rest / 60 % 60,
	                 rest % 60);
	return n < 0 ? 0 : (size_t)n;
}

void yg_instant_print(char out[40], int64_t microseconds)
{
	char text[96];
	int64_t seconds = floor_div(microseconds, MICROSECONDS);
	int64_t rest = floor_mod(microseconds, MICROSECONDS);
	size_t n = print_seconds(text, 64, seconds);
	if (rest) {
		snprintf(text + n, sizeof text - n, ".%06d", (int)rest);
		n = strlen(text);
		while (text[n - 1] == '0')
			text[--n] = 0;
	}
	memcpy(out, text, 39);
	out[39] = 0;
}

/* ---- the clock ---- */

int64_t yg_now_nanoseconds(void)
{
	const char *fixed = getenv("YOGO_CLOCK");
	int64_t seconds, nano;
	bool zone;
	if (fixed && parse_date_time(yg_str(fixed), &seconds, &nano, &zone))
		return seconds * INT64_C(1000000000) + nano;
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

int64_t yg_monotonic_nanoseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

void yg_time_print_canonical(char out[48], int64_t nanoseconds)
{
	char text[96];
	int64_t seconds = floor_div(nanoseconds, INT64_C(1000000000));
	int64_t rest = floor_mod(nanoseconds, INT64_C(1000000000));
	size_t n = print_seconds(text, 64, seconds);
	snprintf(text + n, sizeof text - n, ".%09dZ", (int)rest);
	memcpy(out, text, 47);
	out[47] = 0;
}
