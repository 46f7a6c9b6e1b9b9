/* Profiles: distinct values, extremes, mean, histogram, most frequent values. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/store/profile_priv.h"
#include "yogo/base/date.h"
#include "yogo/base/hash.h"
#include "yogo/base/mem.h"
#include "yogo/base/text.h"

#define TOPS 20u
#define FIRST_SLOTS 256u

void counts_release(struct counts *c)
{
	yg_free(c->key);
	yg_free(c->count);
	memset(c, 0, sizeof *c);
}

static size_t slot_of(const struct counts *c, int64_t key)
{
	uint64_t h = (uint64_t)key * UINT64_C(0x9e3779b97f4a7c15);
	size_t at = (h ^ h >> 32) & (c->slots - 1);

	while (c->count[at] && c->key[at] != key)
		at = (at + 1) & (c->slots - 1);
	return at;
}

static void grow(struct counts *c)
{
	struct counts old = *c;

	c->slots = old.slots ? old.slots * 4 : FIRST_SLOTS;
	c->key = yg_xcalloc(c->slots, sizeof *c->key);
	c->count = yg_xcalloc(c->slots, sizeof *c->count);
	for (size_t i = 0; i < old.slots; i++) {
		if (old.count[i]) {
			size_t at = slot_of(c, old.key[i]);

			c->key[at] = old.key[i];
			c->count[at] = old.count[i];
		}
	}
	yg_free(old.key);
	yg_free(old.count);
}

void counts_add(struct counts *c, const struct yg_tally *tally)
{
	if (c->wide)
		return;
	for (uint32_t i = 0; i < tally->n && !tally->wide; i++) {
		size_t at;

		if ((size_t)c->n * 2 >= c->slots)
			grow(c);
		at = slot_of(c, tally->key[i]);
		if (!c->count[at]) {
			if (c->n == COUNTS_MAX)
				break;
			c->n++;
			c->key[at] = tally->key[i];
		}
		c->count[at] += tally->count[i];
		if (i + 1 == tally->n)
			return;
	}
	if (tally->wide || tally->n) {
		counts_release(c);
		c->wide = true;
	}
}

struct pair {
	double value;
	int64_t key;
	uint64_t count;
};

static int by_value(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return x->key < y->key ? -1 : x->key > y->key;
}

static int by_count(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return by_value(a, b);
}

static void histogram_add(struct yg_profile *p, double width, double x, uint64_t count)
{
	double at = width > 0 ? (x - p->minimum) / width : 0;
	size_t bin = at >= 63 ? 63 : at > 0 ? (size_t)at : 0;
	uint64_t sum = p->histogram[bin] + count;

	p->histogram[bin] = sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
}

static void key_text(char out[40], enum yg_type type, const struct pair *pair)
{
	if (type == YG_TYPE_FLAG)
		memcpy(out, pair->key ? "true" : "false", pair->key ? 5 : 6);
	else if (type == YG_TYPE_DATE)
		yg_date_print(out, (int32_t)pair->key, YG_DAY);
	else
		yg_print_double(out, pair->value);
}

static void take_moments(struct yg_profile *out, const struct pair *pair, size_t n)
{
	double sum = 0, lost = 0, squares = 0;
	uint64_t total = 0;

	for (size_t i = 0; i < n; i++) { /* Neumaier's sum, in ascending order of value */
		double x = pair[i].value * (double)pair[i].count, t = sum + x;

		lost += fabs(sum) >= fabs(x) ? (sum - t) + x : (x - t) + sum;
		sum = t;
		total += pair[i].count;
	}
	out->mean = (sum + lost) / (double)total;
	for (size_t i = 0; i < n; i++) {
		double d = pair[i].value - out->mean;

		squares += d * d * (double)pair[i].count;
	}
	out->sd = total > 1 ? sqrt(squares / (double)(total - 1)) : (double)NAN;
}

void profile_from_counts(const struct counts *c, enum yg_type type, struct yg_profile *out, struct yg_arena *arena)
{
	struct pair *pair;
	size_t n = 0;
	double width;

	out->distinct = c->n;
	out->minimum = out->maximum = out->mean = out->sd = (double)NAN;
	if (!c->n)
		return;
	pair = yg_xalloc(c->n, sizeof *pair);
	for (size_t i = 0; i < c->slots; i++) {
		if (!c->count[i])
			continue;
		pair[n].key = c->key[i];
		pair[n].count = c->count[i];
		if (type == YG_TYPE_NUMBER)
			memcpy(&pair[n].value, &c->key[i], sizeof(double));
		else
			pair[n].value = (double)c->key[i];
		n++;
	}
	qsort(pair, n, sizeof *pair, by_value);
	out->minimum = pair[0].value;
	out->maximum = pair[n - 1].value;
	take_moments(out, pair, n);
	width = (out->maximum - out->minimum) / 64;
	for (size_t i = 0; i < n && type != YG_TYPE_FLAG; i++)
		histogram_add(out, width, pair[i].value, pair[i].count);
	if (n <= TOPS && type != YG_TYPE_INSTANT) {
		qsort(pair, n, sizeof *pair, by_count);
		out->top = yg_arena_alloc(arena, n, sizeof *out->top);
		for (size_t i = 0; i < n; i++) {
			char text[40];

			key_text(text, type, &pair[i]);
			out->top[i].text = yg_arena_strdup(arena, text);
			out->top[i].count = pair[i].count;
		}
		out->tops = n;
	}
	yg_free(pair);
}

void profile_from_levels(const struct yg_dict *dict, const uint64_t *count, struct yg_profile *out,
                         struct yg_arena *arena)
{
	uint32_t *order = yg_xalloc((size_t)dict->count + 1, sizeof *order);
	struct pair *pair = yg_xalloc((size_t)dict->count + 1, sizeof *pair);
	size_t n = 0;

	out->minimum = out->maximum = out->mean = out->sd = (double)NAN;
	yg_dict_sort(dict, order); /* equal counts in bytewise order */
	for (uint32_t i = 0; i < dict->count; i++) {
		if (count[order[i]])
			pair[n++] = (struct pair){ .value = i, .key = order[i], .count = count[order[i]] };
	}
	out->distinct = n;
	if (n)
		qsort(pair, n, sizeof *pair, by_count);
	out->tops = n < TOPS ? n : TOPS;
	out->top = yg_arena_alloc(arena, out->tops + 1, sizeof *out->top);
	for (size_t i = 0; i < out->tops; i++) {
		struct yg_str s = yg_dict_get(dict, (uint32_t)pair[i].key);

		out->top[i].text = yg_arena_strndup(arena, s.p, s.n);
		out->top[i].count = pair[i].count;
	}
	yg_free(order);
	yg_free(pair);
}

#define SET_SLOTS (1u << 21)

bool wide_begin(struct wide_profile *w, struct yg_profile *out, bool zoned, double minimum, double maximum)
{
	memset(w, 0, sizeof *w);
	w->out = out;
	w->set = yg_data_calloc(SET_SLOTS, sizeof *w->set);
	out->minimum = zoned ? minimum : (double)NAN;
	out->maximum = zoned ? maximum : (double)NAN;
	w->width = zoned && isfinite(maximum - minimum) ? (maximum - minimum) / 64 : 0;
	return w->set != NULL;
}

static void set_add(struct wide_profile *w, uint64_t bits)
{
	uint64_t h = bits * UINT64_C(0x9e3779b97f4a7c15);
	size_t at;

	h ^= h >> 29;
	h *= UINT64_C(0xbf58476d1ce4e5b9);
	at = (h ^ h >> 32) & (SET_SLOTS - 1);
	if (!bits) { /* marks a free slot */
		w->distinct += !w->zero;
		w->zero = true;
		return;
	}
	while (w->set[at] && w->set[at] != bits)
		at = (at + 1) & (SET_SLOTS - 1);
	if (!w->set[at]) {
		w->set[at] = bits;
		w->distinct++;
	}
}

static double value_at(const struct yg_vec *vec, uint32_t i, uint64_t *bits)
{
	double x;

	switch (vec->type) {
	case YG_TYPE_NUMBER:
		x = vec->v.number[i];
		memcpy(bits, &x, sizeof x);
		return x;
	case YG_TYPE_DATE:
		*bits = (uint64_t)(int64_t)vec->v.date[i];
		return vec->v.date[i];
	case YG_TYPE_FLAG:
		*bits = vec->v.flag[i];
		return vec->v.flag[i];
	default:
		*bits = (uint64_t)vec->v.integer[i];
		return (double)vec->v.integer[i];
	}
}

void wide_add(struct wide_profile *w, const struct yg_vec *vec)
{
	double sum = 0, squares = 0, mean;
	uint32_t n = 0;

	if (vec->type == YG_TYPE_TEXT) {
		for (uint32_t i = 0; i < vec->n && w->distinct < DISTINCT_MAX; i++) {
			if (yg_vec_valid(vec, i))
				set_add(w, yg_hash64(vec->v.text.bytes + vec->v.text.start[i],
				                     vec->v.text.start[i + 1] - vec->v.text.start[i]));
		}
		return;
	}
	for (uint32_t i = 0; i < vec->n; i++) {
		uint64_t bits;
		double x;

		if (!yg_vec_valid(vec, i))
			continue;
		x = value_at(vec, i, &bits);
		if (w->distinct < DISTINCT_MAX)
			set_add(w, bits);
		sum += x;
		n++;
		if (w->width > 0)
			histogram_add(w->out, w->width, x, 1);
	}
	if (!n)
		return;
	mean = sum / n;
	for (uint32_t i = 0; i < vec->n; i++) {
		uint64_t bits;
		double d;

		if (!yg_vec_valid(vec, i))
			continue;
		d = value_at(vec, i, &bits) - mean;
		squares += d * d;
	}
	{
		double before = (double)w->n, all = before + n, d = mean - w->mean;

		w->mean += d * (n / all);
		w->squares += squares + d * d * before * (n / all);
		w->n += n;
	}
}

void wide_end(struct wide_profile *w)
{
	w->out->distinct = w->distinct;
	w->out->mean = w->n ? w->mean : (double)NAN;
	w->out->sd = w->n > 1 ? sqrt(w->squares / (double)(w->n - 1)) : (double)NAN;
	yg_data_free(w->set);
	w->set = NULL;
}
