/* Which steps of a long curve a figure keeps: see thin.h. */
#include "yogo/raw/thin.h"

#include <math.h>
#include <stdlib.h>

#include "yogo/base/mem.h"

static double shown(const struct yg_thin *c, size_t i)
{
	return c->time[i] / c->divisor;
}

/* How many steps come before time t; those at it count when `with`. */
static size_t before(const struct yg_thin *c, double t, int with)
{
	size_t low = 0, high = c->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (shown(c, middle) < t || (with && shown(c, middle) == t))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int ascending(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

/* Steps that stay whatever they look like, ascending; the last step ends the list. */
static size_t *wanted(const struct yg_thin *c, size_t *count)
{
	size_t *step = yg_xalloc(2 * c->ats + 1, sizeof *step), n = 0;

	for (size_t k = 0; k < c->ats; k++)
		for (int with = 0; with < 2; with++) {
			size_t i = before(c, c->at[k], with);
			if (i)
				step[n++] = i - 1;
		}
	step[n++] = c->n - 1;
	qsort(step, n, sizeof *step, ascending);
	*count = n;
	return step;
}

static int moved(double a, double b, double least)
{
	double by = fabs(a - b);

	if (by < least || by == 0)
		return 0;
	return !isnan(by) || isnan(a) != isnan(b);
}

/* The first step after `from`, up to `limit`, that does not look like it; limit if none. */
static size_t next_step(const struct yg_thin *c, size_t from, size_t limit)
{
	double until = c->time[from] + c->length / YG_THIN_WIDTH * c->divisor;

	for (size_t i = from + 1; i < limit; i++) {
		if (c->time[i] >= until)
			return i;
		for (size_t k = 0; k < c->values; k++) {
			const struct yg_thin_value *v = &c->of[k];
			if (moved(v->value[i * v->stride], v->value[from * v->stride], v->least))
				return i;
		}
	}
	return limit;
}

size_t yg_thin(const struct yg_thin *c, size_t **kept)
{
	size_t n = 0, cap = 0, stays = 0, next = 0;

	*kept = NULL;
	if (c->n <= YG_THIN_ALL)
		return c->n;
	size_t *stay = wanted(c, &stays);
	for (size_t i = 0;;) {
		YG_GROW(*kept, n, cap);
		(*kept)[n++] = i;
		while (next < stays && stay[next] <= i)
			next++;
		if (next == stays)
			break;
		i = next_step(c, i, stay[next]);
	}
	yg_free(stay);
	return n;
}
