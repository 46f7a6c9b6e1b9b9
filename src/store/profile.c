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
	yg_free(c->slot);
	memset(c, 0, sizeof *c);
}

static struct counts_slot *slot_of(const struct counts *c, int64_t key)
{
	uint64_t h = (uint64_t)key * UINT64_C(0x9e3779b97f4a7c15);
	size_t at = (h ^ h >> 32) & (c->slots - 1);

	while (c->slot[at].count && c->slot[at].key != key)
		at = (at + 1) & (c->slots - 1);
	return &c->slot[at];
}

static void grow(struct counts *c)
{
	struct counts old = *c;

	c->slots = old.slots ? old.slots * 4 : FIRST_SLOTS;
	c->slot = yg_xcalloc(c->slots, sizeof *c->slot);
	for (size_t i = 0; i < old.slots; i++) {
		if (old.slot[i].count)
			*slot_of(c, old.slot[i].key) = old.slot[i];
	}
	yg_free(old.slot);
}

void counts_add(struct counts *c, const struct yg_tally *tally)
{
	if (c->wide)
		return;
	for (uint32_t i = 0; i < tally->n && !tally->wide; i++) {
		struct counts_slot *slot;

		if ((size_t)c->n * 2 >= c->slots)
			grow(c);
		slot = slot_of(c, tally->key[i]);
		if (!slot->count) {
			if (c->n == COUNTS_MAX)
				break;
			c->n++;
			slot->key = tally->key[i];
		}
		slot->count += tally->count[i];
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
		const struct counts_slot *slot = &c->slot[i];

		if (!slot->count)
			continue;
		pair[n].key = slot->key;
		pair[n].count = slot->count;
		if (type == YG_TYPE_NUMBER)
			memcpy(&pair[n].value, &slot->key, sizeof(double));
		else
			pair[n].value = (double)slot->key;
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

bool wide_begin(struct wide_profile *w, struct yg_profile *out, bool zoned, double minimum, double maximum)
{
	uint64_t most = out->n < DISTINCT_MAX ? out->n : DISTINCT_MAX;

	memset(w, 0, sizeof *w);
	w->out = out;
	w->slots = 1024;
	while (w->slots < 2 * most)
		w->slots *= 2;
	w->set = yg_data_calloc(w->slots, sizeof *w->set);
	w->value = yg_data_alloc(YG_BLOCK_ROWS, sizeof *w->value);
	out->minimum = zoned ? minimum : (double)NAN;
	out->maximum = zoned ? maximum : (double)NAN;
	w->width = zoned && isfinite(maximum - minimum) ? (maximum - minimum) / 64 : 0;
	return w->set && w->value;
}

static size_t set_place(const struct wide_profile *w, uint64_t bits)
{
	uint64_t h = bits * UINT64_C(0x9e3779b97f4a7c15);

	h ^= h >> 29;
	h *= UINT64_C(0xbf58476d1ce4e5b9);
	return (h ^ h >> 32) & (w->slots - 1);
}

static void set_add(struct wide_profile *w, uint64_t bits, size_t at)
{
	if (!bits) { /* marks a free slot */
		w->distinct += !w->zero;
		w->zero = true;
		return;
	}
	while (w->set[at] && w->set[at] != bits)
		at = (at + 1) & (w->slots - 1);
	if (!w->set[at]) {
		w->set[at] = bits;
		w->distinct++;
	}
}

/* Many at once: the set is larger than the caches, so all their slots are asked for before the first is used. */
#define SET_AHEAD 128u

static void set_add_all(struct wide_profile *w, const uint64_t *bits, size_t n)
{
	size_t at[SET_AHEAD];

	for (size_t i = 0; i < n; i++) {
		at[i] = set_place(w, bits[i]);
		__builtin_prefetch(&w->set[at[i]], 1);
	}
	for (size_t i = 0; i < n && w->distinct < DISTINCT_MAX; i++)
		set_add(w, bits[i], at[i]);
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

static void add_strings(struct wide_profile *w, const struct yg_vec *vec)
{
	const uint32_t *start = vec->v.text.start;
	uint64_t hash[SET_AHEAD];
	size_t n = 0;

	for (uint32_t i = 0; i < vec->n && w->distinct < DISTINCT_MAX; i++) {
		if (yg_vec_valid(vec, i))
			hash[n++] = yg_hash64(vec->v.text.bytes + start[i], start[i + 1] - start[i]);
		if (n == SET_AHEAD || i + 1 == vec->n) {
			set_add_all(w, hash, n);
			n = 0;
		}
	}
}

/* The valid values into w->value, and among the distinct ones; how many. */
static size_t take_values(struct wide_profile *w, const struct yg_vec *vec)
{
	uint64_t bits[SET_AHEAD];
	size_t n = 0, waiting = 0;

	for (uint32_t i = 0; i < vec->n; i++) {
		if (yg_vec_valid(vec, i))
			w->value[n++] = value_at(vec, i, &bits[waiting++]);
		if (waiting == SET_AHEAD || i + 1 == vec->n) {
			if (w->distinct < DISTINCT_MAX)
				set_add_all(w, bits, waiting);
			waiting = 0;
		}
	}
	return n;
}

void wide_add(struct wide_profile *w, const struct yg_vec *vec)
{
	double sum = 0, squares = 0, mean, before, all, d;
	size_t n;

	if (vec->type == YG_TYPE_TEXT) {
		add_strings(w, vec);
		return;
	}
	n = take_values(w, vec);
	if (!n)
		return;
	for (size_t i = 0; i < n; i++)
		sum += w->value[i];
	mean = sum / (double)n;
	for (size_t i = 0; i < n; i++)
		squares += (w->value[i] - mean) * (w->value[i] - mean);
	for (size_t i = 0; i < n && w->width > 0; i++)
		histogram_add(w->out, w->width, w->value[i], 1);
	before = (double)w->n;
	all = before + (double)n;
	d = mean - w->mean;
	w->mean += d * ((double)n / all);
	w->squares += squares + d * d * before * ((double)n / all);
	w->n += n;
}

void wide_end(struct wide_profile *w)
{
	w->out->distinct = w->distinct;
	w->out->mean = w->n ? w->mean : (double)NAN;
	w->out->sd = w->n > 1 ? sqrt(w->squares / (double)(w->n - 1)) : (double)NAN;
	yg_data_free(w->set);
	yg_data_free(w->value);
	w->set = NULL;
	w->value = NULL;
}
