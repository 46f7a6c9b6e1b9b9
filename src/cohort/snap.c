/*
 * Times that differ by rounding only are made one value (as survival's timefix does): ties decide
 * estimates, and 0.1 + 0.2 must tie with 0.3.
 *
 * Distinct values in ascending order; a value within relative 1.5e-8 of the one before joins its run,
 * and a run becomes its first value.  Whole numbers below 6e7 cannot be that close and are left alone.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/expr/intern.h"

#include "cohort_priv.h"

static bool all_whole(const double *x, uint64_t n)
{
	for (uint64_t i = 0; x && i < n; i++)
		if (x[i] != floor(x[i]) || fabs(x[i]) > 6e7)
			if (isfinite(x[i]))
				return false;
	return true;
}

static int ascending(const void *a, const void *b)
{
	double l = *(const double *)a, r = *(const double *)b;
	return (l > r) - (l < r);
}

static uint64_t bits_of(double d)
{
	uint64_t u;
	d = d == 0 ? 0 : d;
	memcpy(&u, &d, sizeof u);
	return u;
}

static uint64_t replace(double *x, uint64_t n, struct yg_intern *value, const uint32_t *first, const double *run)
{
	uint64_t changed = 0;
	for (uint64_t i = 0; x && i < n; i++) {
		if (!isfinite(x[i]))
			continue;
		uint32_t k = yg_intern64(value, 0, bits_of(x[i]));
		double to = run[first[k]];
		if (to != x[i]) {
			x[i] = to;
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
	struct yg_intern value;
	yg_intern_init(&value);
	for (int pass = 0; pass < 2; pass++) {
		const double *x = pass ? b : a;
		for (uint64_t i = 0; x && i < n; i++)
			if (isfinite(x[i]))
				yg_intern64(&value, 0, bits_of(x[i]));
	}
	size_t m = value.count;
	double *sorted = yg_data_alloc(m + 1, sizeof *sorted);
	uint32_t *first = yg_data_alloc(m + 1, sizeof *first);
	enum yg_status s = sorted && first ? YG_OK : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while an endpoint was evaluated"));
	if (s == YG_OK) {
		for (size_t k = 0; k < m; k++)
			memcpy(&sorted[k], &value.key[k], sizeof *sorted);
		qsort(sorted, m, sizeof *sorted, ascending);
		uint32_t run = 0;
		bool any = false;
		for (size_t k = 0; k < m; k++) {
			bool joins = k && sorted[k] - sorted[k - 1] <= YG_SNAP_TOLERANCE * fabs(sorted[k]);
			run = joins ? run : (uint32_t)k;
			any = any || joins;
			first[yg_intern64(&value, 0, bits_of(sorted[k]))] = run;
		}
		if (any)
			*changed = replace(a, n, &value, first, sorted) + replace(b, n, &value, first, sorted);
	}
	yg_intern_release(&value);
	yg_data_free(sorted);
	yg_data_free(first);
	return s;
}
