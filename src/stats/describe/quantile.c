/*
 * Quantiles by selection.
 *
 * The order statistics wanted are found one after another by quickselect (median of three, three-way
 * partition; a segment that does not shrink fast enough is sorted by heap, so the worst case is n log n).
 */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/stats/describe.h"

static void swap(double *a, double *b)
{
	double t = *a;
	*a = *b;
	*b = t;
}

static void sift(double *x, size_t i, size_t n)
{
	for (size_t child; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n && x[child + 1] > x[child])
			child++;
		if (x[i] >= x[child])
			return;
		swap(&x[i], &x[child]);
	}
}

static void heap_sort(double *x, size_t n)
{
	for (size_t i = n / 2; i-- > 0;)
		sift(x, i, n);
	for (size_t i = n; i-- > 1;) {
		swap(&x[0], &x[i]);
		sift(x, 0, i);
	}
}

/* Bring the k-th smallest (0-based) of x[lo..hi) to its place; smaller ones before it, larger ones behind. */
static void select_place(double *x, size_t lo, size_t hi, size_t k)
{
	for (int bad = 0; hi - lo > 16;) {
		size_t mid = lo + (hi - lo) / 2;
		if (x[mid] < x[lo])
			swap(&x[mid], &x[lo]);
		if (x[hi - 1] < x[lo])
			swap(&x[hi - 1], &x[lo]);
		if (x[hi - 1] < x[mid])
			swap(&x[hi - 1], &x[mid]);
		double pivot = x[mid];
		size_t below = lo, i = lo, above = hi;
		while (i < above) {
			if (x[i] < pivot)
				swap(&x[i++], &x[below++]);
			else if (x[i] > pivot)
				swap(&x[i], &x[--above]);
			else
				i++;
		}
		size_t before = hi - lo;
		if (k < below)
			hi = below;
		else if (k >= above)
			lo = above;
		else
			return;
		if (hi - lo > before - before / 8 && ++bad > 4)
			break;
	}
	heap_sort(x + lo, hi - lo);
}

struct place {
	double j;     /* lower order statistic, 1-based, may be 0 or n + 1: clipped */
	double h;     /* share of the upper one */
};

/* R's quantile(): the same index, the same fuzz. */
static struct place place_of(double n, int type, double p)
{
	const double fuzz = 4 * DBL_EPSILON;
	struct place r;

	if (type == 7) {
		double index = 1 + (n - 1) * p;
		r.j = floor(index + fuzz);
		r.h = index - r.j;
		if (fabs(r.h) < fuzz)
			r.h = 0;
		return r;
	}
	if (type <= 3) {
		double at = type == 3 ? n * p - 0.5 : n * p;
		r.j = floor(at + fuzz);
		bool over = at > r.j;
		r.h = type == 1 ? over : type == 2 ? (over + 1.0) / 2 : at != r.j || fmod(r.j, 2) != 0;
		return r;
	}
	double a = type == 4 ? 0 : type == 5 ? 0.5 : type == 6 ? 0 : type == 8 ? 1.0 / 3 : 3.0 / 8;
	double b = type == 4 ? 1 : a;
	double at = a + p * (n + 1 - a - b);
	r.j = floor(at + fuzz);
	r.h = at - r.j;
	if (fabs(r.h) < fuzz)
		r.h = 0;
	return r;
}

static size_t clip(double j, size_t n)
{
	return j < 1 ? 0 : j > (double)n ? n - 1 : (size_t)j - 1;
}

static double between(const struct place *at, double low, double high)
{
	return at->h == 0 || low == high ? low : at->h == 1 ? high : (1 - at->h) * low + at->h * high;
}

/*
 * Many values: put into equal classes between the smallest and the largest, count them, and select only
 * within the class where the place wanted lies.  Skewed data leave one large class, which is then
 * selected from as a whole.
 */
#define CLASSES 8192u
#define MANY 100000u

struct classes {
	double low, scale;
	size_t start[CLASSES + 1];     /* places where each class begins */
};

static size_t class_of(const struct classes *c, double x)
{
	size_t k = (size_t)((x - c->low) * c->scale);

	return k < CLASSES ? k : CLASSES - 1;
}

/* False when there is nothing to divide. */
static bool make_classes(struct classes *c, const double *x, size_t n)
{
	double low = INFINITY, high = -INFINITY;

	for (size_t i = 0; i < n; i++) {
		low = x[i] < low ? x[i] : low;
		high = x[i] > high ? x[i] : high;
	}
	if (!(high > low) || !isfinite(high - low) || !isfinite(CLASSES / (high - low)))
		return false;
	c->low = low;
	c->scale = CLASSES / (high - low);
	for (size_t k = 0; k <= CLASSES; k++)
		c->start[k] = 0;
	for (size_t i = 0; i < n; i++)
		c->start[class_of(c, x[i]) + 1]++;
	for (size_t k = 0; k < CLASSES; k++)
		c->start[k + 1] += c->start[k];
	return true;
}

static size_t class_with(const struct classes *c, size_t place)
{
	size_t lo = 0, hi = CLASSES;

	while (hi - lo > 1) {
		size_t mid = (lo + hi) / 2;
		if (c->start[mid] <= place)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

/* The classes in which places are wanted, and their values one class after another. */
struct chosen {
	uint32_t slot[CLASSES];        /* 1 + number of the class among the chosen; 0 = not */
	size_t at[CLASSES + 1];        /* where each chosen one begins in value[] */
	size_t count;
	double *value;
};

static void choose(struct chosen *ch, const struct classes *c, size_t place)
{
	size_t k = class_with(c, place);

	if (ch->slot[k])
		return;
	ch->at[ch->count + 1] = ch->at[ch->count] + c->start[k + 1] - c->start[k];
	ch->slot[k] = (uint32_t)++ch->count;
}

/* The order statistic at `place` (0-based). */
static double statistic(struct chosen *ch, const struct classes *c, size_t place)
{
	size_t k = class_with(c, place), s = ch->slot[k] - 1, lo = ch->at[s];

	select_place(ch->value, lo, ch->at[s + 1], lo + place - c->start[k]);
	return ch->value[lo + place - c->start[k]];
}

static bool quantiles_of_many(const double *x, size_t n, int type, const double *p, size_t k, double *out)
{
	struct classes *c = yg_xalloc(1, sizeof *c);
	struct chosen *ch = yg_xcalloc(1, sizeof *ch);
	bool done = make_classes(c, x, n);

	for (size_t i = 0; done && i < k; i++) {
		struct place at = place_of((double)n, type, p[i]);
		choose(ch, c, clip(at.j, n));
		choose(ch, c, clip(at.j + 1, n));
	}
	done = done && (ch->value = yg_data_alloc(ch->at[ch->count] + 1, sizeof *ch->value));
	if (done) {
		size_t *next = yg_xalloc(ch->count + 1, sizeof *next);
		memcpy(next, ch->at, (ch->count + 1) * sizeof *next);
		for (size_t i = 0; i < n; i++) {
			uint32_t s = ch->slot[class_of(c, x[i])];
			if (s)
				ch->value[next[s - 1]++] = x[i];
		}
		yg_free(next);
	}
	for (size_t i = 0; done && i < k; i++) {
		struct place at = place_of((double)n, type, p[i]);
		size_t below = clip(at.j, n), above = clip(at.j + 1, n);
		double low = statistic(ch, c, below);
		out[i] = between(&at, low, at.h == 0 || above == below ? low : statistic(ch, c, above));
	}
	yg_data_free(ch->value);
	yg_free(ch);
	yg_free(c);
	return done;
}

void yg_quantiles(double *x, size_t n, int type, const double *p, size_t k, double *out)
{
	bool asked = n > 0;

	for (size_t i = 0; i < k; i++)
		asked = asked && p[i] >= 0 && p[i] <= 1;
	if (asked && n >= MANY && quantiles_of_many(x, n, type, p, k, out))
		return;
	for (size_t i = 0; i < k; i++) {
		if (!n || !(p[i] >= 0 && p[i] <= 1)) {
			out[i] = NAN;
			continue;
		}
		struct place at = place_of((double)n, type, p[i]);
		size_t below = clip(at.j, n), above = clip(at.j + 1, n);
		select_place(x, 0, n, below);
		double low = x[below], high = low;
		if (at.h != 0 && above != below) {
			/* all behind `below` are at least as large: the next one is their minimum */
			high = INFINITY;
			for (size_t r = below + 1; r < n; r++)
				if (x[r] < high)
					high = x[r];
		}
		out[i] = between(&at, low, high);
	}
}

void yg_quantiles_counts(const uint64_t *count, int64_t low, size_t range, int type, const double *p, size_t k, double *out)
{
	uint64_t n = 0;

	for (size_t i = 0; i < range; i++)
		n += count[i];
	for (size_t q = 0; q < k; q++) {
		out[q] = NAN;
		if (!n || !(p[q] >= 0 && p[q] <= 1))
			continue;
		struct place at = place_of((double)n, type, p[q]);
		uint64_t below = clip(at.j, n), above = clip(at.j + 1, n), seen = 0;
		double a = NAN, b = NAN;
		for (size_t i = 0; i < range && isnan(b); i++) {
			seen += count[i];
			if (isnan(a) && seen > below)
				a = (double)(low + (int64_t)i);
			if (seen > above)
				b = (double)(low + (int64_t)i);
		}
		out[q] = between(&at, a, b);
	}
}

double yg_median(double *x, size_t n)
{
	double half = 0.5, m;

	yg_quantiles(x, n, 2, &half, 1, &m);
	return m;
}

double yg_mad(double *x, size_t n)
{
	double m = yg_median(x, n);

	for (size_t i = 0; i < n; i++)
		x[i] = fabs(x[i] - m);
	return 1.4826 * yg_median(x, n);
}

struct weighted {
	double x, w;
};

static int by_value(const void *a, const void *b)
{
	const struct weighted *l = a, *r = b;

	/* ties in value by weight, so that the order of equal rows cannot change a sum */
	return l->x < r->x ? -1 : l->x > r->x ? 1 : l->w < r->w ? -1 : l->w > r->w;
}

enum yg_status yg_weighted_quantiles(const double *x, const double *w, size_t n, const double *p, size_t k, double *out,
                                     struct yg_err *err)
{
	struct weighted *v = yg_data_alloc(n + 1, sizeof *v);
	size_t m = 0;
	double total = 0;

	if (!v)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while sorting %zu values for a median."), n);
	for (size_t i = 0; i < n; i++)
		if (w[i] > 0)
			v[m++] = (struct weighted){ x[i], w[i] };
	qsort(v, m, sizeof *v, by_value);
	for (size_t i = 0; i < m; i++)
		total += v[i].w;
	for (size_t q = 0; q < k; q++) {
		double want = p[q] * total, reached = 0;
		size_t i = 0;
		out[q] = NAN;
		if (!m)
			continue;
		while (i < m && (reached += v[i].w) < want * (1 - 1e-12))
			i++;
		if (i >= m)
			i = m - 1;
		bool exact = fabs(reached - want) <= 1e-12 * total && i + 1 < m;
		out[q] = exact ? (v[i].x + v[i + 1].x) / 2 : v[i].x;
	}
	yg_data_free(v);
	return YG_OK;
}
