/* Types from the looks of values. */
#include "src/ingest/infer_priv.h"

#include <math.h>
#include <string.h>

#include "yogo/base/date.h"

static bool all_digits(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
	}
	return n > 0;
}

int flag_of(struct yg_str s)
{
	static const struct {
		struct yg_str word;
		int value;
	} words[] = {
		{ { "true", 4 }, 1 }, { { "false", 5 }, 0 }, { { "yes", 3 }, 1 }, { { "no", 2 }, 0 },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (yg_str_eq_ascii_nocase(s, words[i].word))
			return words[i].value;
	}
	return -1;
}

static uint32_t look_of_digits(const char *p, size_t n, bool negative)
{
	uint64_t v = 0;

	if (n > 1 && p[0] == '0')
		return LOOK_OTHER; /* 007 is a code: as a number it would lose its zeros */
	if (n > 19)
		return LOOK_HUGE;
	for (size_t i = 0; i < n; i++)
		v = v * 10 + (uint64_t)(p[i] - '0');
	if (v > (uint64_t)INT64_MAX + negative)
		return LOOK_HUGE;
	if (v > UINT64_C(1) << 53)
		return LOOK_LARGE;
	return n == 4 && !negative ? LOOK_YEAR : LOOK_INTEGER;
}

static bool has_digit(struct yg_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] >= '0' && s.p[i] <= '9')
			return true;
	}
	return false;
}

uint32_t look_of(struct yg_str s)
{
	bool negative = s.n && s.p[0] == '-', zone;
	const char *p = s.p + negative;
	size_t n = s.n - negative;
	enum yg_date_precision precision;
	int32_t day;
	int64_t instant;
	double x;
	int flag;

	if (all_digits(p, n))
		return look_of_digits(p, n, negative);
	flag = flag_of(s);
	if (flag >= 0)
		return (s.p[0] | 0x20) == 'y' || (s.p[0] | 0x20) == 'n' ? LOOK_YES : LOOK_TRUE;
	if (!has_digit(s) || s.n > 64)
		return LOOK_OTHER;
	if ((s.n == 10 || s.n == 7) && s.p[4] == '-' && yg_date_parse(s, &day, &precision))
		return s.n == 10 ? LOOK_DATE : LOOK_MONTH;
	if (s.n >= 16 && s.p[4] == '-' && yg_instant_parse(s, &instant, &zone))
		return zone ? LOOK_ZONED : LOOK_LOCAL;
	if (s.p[0] != '+' && yg_parse_double(s, &x) && isfinite(x))
		return LOOK_DECIMAL;
	return LOOK_OTHER;
}

enum yg_type type_for(struct looks looks, bool marks)
{
	uint32_t all = looks.bare | looks.quoted;

	if (marks && looks.quoted & LOOKS_NUMERIC)
		all |= LOOK_OTHER;
	if (!all || all & LOOK_OTHER)
		return YG_TYPE_TEXT;
	if (!(all & ~(uint32_t)LOOKS_NUMERIC)) {
		if (all & LOOK_HUGE || (all & LOOK_LARGE && all & LOOK_DECIMAL))
			return 0;
		return all & LOOK_DECIMAL ? YG_TYPE_NUMBER : YG_TYPE_INTEGER;
	}
	if (!(all & ~(uint32_t)(LOOK_DATE | LOOK_MONTH | LOOK_YEAR)))
		return YG_TYPE_DATE;
	if (all == LOOK_LOCAL || all == LOOK_ZONED)
		return YG_TYPE_INSTANT;
	if (all == LOOK_TRUE || all == LOOK_YES)
		return YG_TYPE_FLAG;
	return YG_TYPE_TEXT;
}
