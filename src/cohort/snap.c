/*
 * Times that differ by rounding only are made one value (as survival's timefix does): ties decide
 * estimates, and 0.1 + 0.2 must tie with 0.3.
 *
 * Distinct values in ascending order; a value within relative 1.5e-8 of the one before joins its run,
 * and a run becomes its first value.  Whole numbers below 6e7 cannot be that close and are left alone.
 */
#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"

#include "cohort_priv.h"

static bool all_whole(const double *x, uint64_t n)
{
	for (uint64_t i = 0; x && i < n; i++)
		if (x[i] != floor(x[i]) || fabs(x[i]) > 6e7)
			if (isfinite(x[i]))
				return false;
	return true;
}

/* ---- sorting: radix, eleven bits at a time; digits in which all agree are skipped ---- */

#define DIGIT 11
#define DIGITS 6 /* of 64 bits */

/* The pattern of a finite x as an unsigned number in the order of the doubles, and back; -0 is 0. */
static uint64_t ordered(double x)
{
	uint64_t u;
	x += 0.0;
	memcpy(&u, &x, sizeof u);
	return u >> 63 ? ~u : u | UINT64_C(1) << 63;
}

static double number_of(uint64_t key)
{
	double x;
	key = key >> 63 ? key & ~(UINT64_C(1) << 63) : ~key;
	memcpy(&x, &key, sizeof x);
	return x;
}

/* Sorts key[n]; the result is in the array returned, key or spare. */
static uint64_t *sort_keys(uint64_t *key, uint64_t *spare, uint64_t n)
{
	const uint64_t mask = (1u << DIGIT) - 1;
	uint64_t *count = yg_xcalloc((size_t)DIGITS << DIGIT, sizeof *count);
	for (uint64_t i = 0; i < n; i++)
		for (int d = 0; d < DIGITS; d++)
			count[((uint64_t)d << DIGIT) + (key[i] >> d * DIGIT & mask)]++;
	for (int d = 0; d < DIGITS; d++) {
		uint64_t *place = count + ((size_t)d << DIGIT), at = 0;
		if (n && place[key[0] >> d * DIGIT & mask] == n)
			continue;
		for (size_t k = 0; k <= mask; k++) {
			uint64_t c = place[k];
			place[k] = at;
			at += c;
		}
		for (uint64_t i = 0; i < n; i++)
			spare[place[key[i] >> d * DIGIT & mask]++] = key[i];
		uint64_t *t = key;
		key = spare;
		spare = t;
	}
	yg_free(count);
	return key;
}

/* ---- runs ---- */

static uint64_t gather(const double *x, uint64_t n, uint64_t *key)
{
	uint64_t m = 0;
	for (uint64_t i = 0; x && i < n; i++)
		if (isfinite(x[i]))
			key[m++] = ordered(x[i]);
	return m;
}

/* Ascending keys to the distinct values that follow another closely, in their own place, and the first value of their
   run; returns how many. */
static uint64_t find_runs(uint64_t *key, uint64_t n, double *first)
{
	uint64_t m = 0;
	double before = NAN, run = NAN;
	for (uint64_t k = 0; k < n; k++) {
		double x = number_of(key[k]);
		if (x == before)
			continue;
		bool joins = x - before <= YG_SNAP_TOLERANCE * fabs(x);
		run = joins ? run : x;
		before = x;
		if (joins) {
			key[m] = key[k];
			first[m++] = run;
		}
	}
	return m;
}

static uint64_t replace(double *x, uint64_t n, const uint64_t *key, const double *first, uint64_t m)
{
	uint64_t changed = 0;
	for (uint64_t i = 0; x && i < n; i++) {
		if (!isfinite(x[i]))
			continue;
		uint64_t low = 0, high = m, k = ordered(x[i]);
		while (low < high) {
			uint64_t middle = (low + high) / 2;
			if (key[middle] < k)
				low = middle + 1;
			else
				high = middle;
		}
		if (low < m && key[low] == k) {
			x[i] = first[low];
			changed++;
		}
	}
	return changed;
}

enum yg_status yg_snap_times(double *a, double *b, uint64_t n, uint64_t *changed, struct yg_err *err)
{
	*changed = 0;
	if (all_whole(a, n) && all_whole(b, n))
		return YG_OK;
	uint64_t most = (a ? n : 0) + (b ? n : 0);
	uint64_t *key = yg_data_alloc(most + 1, sizeof *key), *spare = yg_data_alloc(most + 1, sizeof *spare);
	enum yg_status s = key && spare ? YG_OK : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while an endpoint was evaluated"));
	if (s == YG_OK) {
		uint64_t m = gather(a, n, key);
		m += gather(b, n, key + m);
		uint64_t *sorted = sort_keys(key, spare, m);
		double *first = (double *)(sorted == key ? spare : key);
		m = find_runs(sorted, m, first);
		if (m)
			*changed = replace(a, n, sorted, first, m) + replace(b, n, sorted, first, m);
	}
	yg_data_free(key);
	yg_data_free(spare);
	return s;
}
