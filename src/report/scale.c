/* Axis limits and ticks. */
#include "report/scale_priv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LN2 0.693147180559945309417

/* x = m 2^e, ln m = 2 atanh((m - 1)/(m + 1)) with m in [1/sqrt 2, sqrt 2): the series is done after 25 terms. */
double yg_plain_log(double x)
{
	int e;
	if (!(x > 0) || isinf(x))
		return NAN;
	double m = frexp(x, &e);
	if (m < 0.70710678118654752) {
		m *= 2;
		e--;
	}
	double z = (m - 1) / (m + 1), sum = 0, power = z;
	for (int k = 1; k < 50; k += 2) {
		sum += power / k;
		power *= z * z;
	}
	return 2 * sum + e * LN2;
}

static void label(char out[20], double v, int decimals)
{
	if (v == 0)
		v = 0; /* no minus zero */
	if (fabs(v) >= 1e7 || (v != 0 && fabs(v) < 1e-4))
		snprintf(out, 20, "%.3g", v);
	else
		snprintf(out, 20, "%.*f", decimals, v);
}

/* Decimals needed to write multiples of the step. */
static int decimals_of(double step)
{
	int d = 0;
	while (d < 8 && fabs(step - nearbyint(step)) > 1e-6 * fabs(step)) {
		step *= 10;
		d++;
	}
	return d;
}

static double round_step(double span, int most)
{
	static const double nice[] = { 1, 2, 2.5, 5, 10 };
	double raw = span / (most > 1 ? most - 1 : 1), power = 1;
	if (!(raw > 0) || isinf(raw))
		return 1;
	while (power > raw)
		power /= 10;
	while (power * 10 <= raw)
		power *= 10;
	for (size_t i = 0; i < sizeof nice / sizeof *nice; i++)
		if (nice[i] * power >= raw * (1 - 1e-9))
			return nice[i] * power;
	return 10 * power;
}

static void ticks_between(struct yg_scale *s, double low, double high, double step)
{
	int decimals = decimals_of(step);
	double first = ceil(low / step - 1e-9);
	s->ticks = 0;
	for (int i = 0; s->ticks < YG_MOST_TICKS; i++) {
		double v = (first + i) * step;
		if (v > high + step * 1e-9)
			break;
		s->tick[s->ticks] = v;
		label(s->label[s->ticks++], v, decimals);
	}
}

static void widen(double *low, double *high)
{
	if (!isfinite(*low) || !isfinite(*high)) {
		*low = 0;
		*high = 1;
	}
	if (*high < *low) {
		double t = *low;
		*low = *high;
		*high = t;
	}
	if (*high - *low <= 1e-12 * fmax(fabs(*low), fabs(*high))) {
		double half = *low != 0 ? fabs(*low) / 2 : 0.5;
		*low -= half;
		*high += half;
	}
}

void yg_scale_linear(struct yg_scale *s, double low, double high, int most)
{
	memset(s, 0, sizeof *s);
	widen(&low, &high);
	double step = round_step(high - low, most);
	s->low = floor(low / step + 1e-9) * step;
	s->high = ceil(high / step - 1e-9) * step;
	/* rounding outwards may have added ticks */
	if ((s->high - s->low) / step > most - 1 + 1e-9) {
		step = round_step((s->high - s->low) * (1 + 1e-6), most);
		s->low = floor(low / step + 1e-9) * step;
		s->high = ceil(high / step - 1e-9) * step;
	}
	ticks_between(s, s->low, s->high, step);
}

void yg_scale_within(struct yg_scale *s, double low, double high, int most)
{
	memset(s, 0, sizeof *s);
	widen(&low, &high);
	s->low = low;
	s->high = high;
	ticks_between(s, low, high, round_step(high - low, most));
}

static bool unit_is(const char *unit, const char *const *name)
{
	for (int i = 0; unit && name[i]; i++)
		if (strcmp(unit, name[i]) == 0)
			return true;
	return false;
}

/* Steps people count in, for each unit. */
static double time_step(double high, const char *unit, int most)
{
	static const char *const days[] = { "days", "day", "d", NULL }, *const weeks[] = { "weeks", "week", "w", "wk", NULL },
			  *const months[] = { "months", "month", "mo", "m", NULL };
	static const double day_step[] = { 1, 2, 5, 7, 14, 30, 60, 90, 180, 365, 730, 1095, 1825, 3650, 7300, 0 };
	static const double week_step[] = { 1, 2, 4, 8, 12, 26, 52, 104, 156, 260, 520, 0 };
	static const double month_step[] = { 1, 2, 3, 6, 12, 24, 36, 60, 120, 240, 360, 0 };
	const double *step = unit_is(unit, days)   ? day_step :
			     unit_is(unit, weeks)  ? week_step :
			     unit_is(unit, months) ? month_step :
						     NULL;
	double least = high / most;
	if (!step || least < step[0] * 0.1)
		return round_step(high, most + 1);
	for (int i = 0; step[i] > 0; i++)
		if (high / step[i] <= most)
			return step[i];
	return round_step(high, most + 1);
}

void yg_scale_time(struct yg_scale *s, double high, const char *unit, int most)
{
	memset(s, 0, sizeof *s);
	if (!(high > 0) || isinf(high))
		high = 1;
	double step = time_step(high, unit, most), next = ceil(high / step - 1e-9) * step;
	s->low = 0;
	/* end at a tick when that is near, else at the last observation */
	s->high = next - high <= 0.3 * step ? next : high;
	ticks_between(s, 0, s->high, step);
}

static int fill_log(struct yg_scale *s, const double *step, int steps, double base)
{
	s->ticks = 0;
	double power = 1;
	while (power > s->low)
		power /= base;
	for (; power <= s->high && s->ticks < YG_MOST_TICKS; power *= base)
		for (int i = 0; i < steps && s->ticks < YG_MOST_TICKS; i++) {
			double v = power * step[i];
			if (v < s->low * (1 - 1e-9) || v > s->high * (1 + 1e-9))
				continue;
			s->tick[s->ticks] = v;
			snprintf(s->label[s->ticks++], 20, "%.4g", v);
		}
	return s->ticks;
}

void yg_scale_log(struct yg_scale *s, double low, double high, int most)
{
	static const double one[] = { 1 }, one_two_five[] = { 1, 2, 5 }, fine[] = { 1, 1.5, 2, 3, 4, 5, 6, 8 },
			    finest[] = { 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 2, 2.5, 3, 4, 5, 6, 7, 8, 9 };
	memset(s, 0, sizeof *s);
	s->log = true;
	if (!(low > 0) || !(high > 0) || isinf(high)) {
		low = 0.5;
		high = 2;
	}
	if (high < low * 1.0005) {
		low /= 1.1;
		high *= 1.1;
	}
	s->low = low;
	s->high = high;
	if (high < low * 1.6) { /* nearly even on the scale itself: round steps say more than powers */
		ticks_between(s, low, high, round_step(high - low, most));
		return;
	}
	/* powers of two speak for ratios, unless the span is very narrow or very wide */
	if (fill_log(s, one, 1, 2) >= 3 && s->ticks <= most)
		return;
	if (s->ticks < 3) {
		if (fill_log(s, one_two_five, 3, 10) >= 3 && s->ticks <= most)
			return;
		if (fill_log(s, fine, 8, 10) >= 3 && s->ticks <= most)
			return;
		if (fill_log(s, finest, 17, 10) >= 2 && s->ticks <= most)
			return;
		return;
	}
	if (fill_log(s, one_two_five, 3, 10) <= most)
		return;
	fill_log(s, one, 1, 10);
	for (double base = 100; s->ticks > most && base < 1e12; base *= 10)
		fill_log(s, one, 1, base);
}

void yg_scale_at(struct yg_scale *s, double low, double high, const double *tick, size_t n)
{
	int decimals = 0;
	memset(s, 0, sizeof *s);
	s->low = low;
	s->high = high;
	for (size_t i = 0; i < n && i < YG_MOST_TICKS; i++) {
		int d = decimals_of(tick[i] == 0 ? 1 : tick[i]);
		decimals = d > decimals ? d : decimals;
	}
	if (decimals > 2)
		decimals = 2;
	for (size_t i = 0; i < n && s->ticks < YG_MOST_TICKS; i++) {
		if (tick[i] < low - 1e-9 * fabs(low) || tick[i] > high * (1 + 1e-9))
			continue;
		s->tick[s->ticks] = tick[i];
		label(s->label[s->ticks++], tick[i], decimals);
	}
}

double yg_scale_place(const struct yg_scale *s, double v)
{
	if (s->log) {
		double a = yg_plain_log(s->low), b = yg_plain_log(s->high);
		return (yg_plain_log(v > 0 ? v : s->low / 1e6) - a) / (b - a);
	}
	return (v - s->low) / (s->high - s->low);
}

void yg_scale_around(double *low, double *high, double least)
{
	double ratio = *high / *low, room = ratio;
	/* a 32nd of the length of the axis on either side, by square roots, which are exact */
	for (int i = 0; i < 5; i++)
		room = sqrt(room);
	if (!(room > least))
		room = least;
	*low /= room;
	*high *= room;
}

void yg_scale_snug(struct yg_scale *s, double low, double high, int most)
{
	yg_scale_linear(s, low, high, most);
	if (!isfinite(low) || !isfinite(high) || !(high > low))
		return;
	struct yg_scale round = *s;
	double span = high - low, first = s->low, last = s->high;
	/* nothing but air beyond the last value: end a little after it, the ticks stay */
	if (low - s->low > 0.08 * span)
		first = low - 0.02 * span;
	if (s->high - high > 0.08 * span)
		last = high + 0.02 * span;
	s->ticks = 0;
	for (int i = 0; i < round.ticks; i++) {
		if (round.tick[i] < first - 1e-9 * span || round.tick[i] > last + 1e-9 * span)
			continue;
		s->tick[s->ticks] = round.tick[i];
		memcpy(s->label[s->ticks++], round.label[i], sizeof round.label[i]);
	}
	if (s->ticks < 3) {
		*s = round;
		return;
	}
	s->low = first;
	s->high = last;
}

bool yg_scale_time_unit(const char *unit)
{
	static const char *const name[] = { "days", "day", "d", "weeks", "week", "w", "wk", "months", "month", "mo", "m", "years", "year", "y", NULL };
	return unit_is(unit, name);
}
