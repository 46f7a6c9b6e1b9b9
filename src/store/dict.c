/* A string dictionary in order of first appearance. */
#include "yogo/store/dict.h"

#include <stdlib.h>
#include <string.h>

#include "yogo/base/hash.h"
#include "yogo/base/mem.h"

#define FIRST_SLOTS 64

void yg_dict_init(struct yg_dict *dict)
{
	memset(dict, 0, sizeof *dict);
	yg_buf_init(&dict->bytes);
}

void yg_dict_release(struct yg_dict *dict)
{
	yg_buf_release(&dict->bytes);
	yg_free(dict->start);
	yg_free(dict->slot);
	yg_dict_init(dict);
}

void yg_dict_clear(struct yg_dict *dict)
{
	yg_buf_clear(&dict->bytes);
	dict->count = 0;
	if (dict->slot)
		memset(dict->slot, 0, dict->slots * sizeof *dict->slot);
}

static uint64_t mix(uint64_t a, uint64_t b)
{
	__extension__ unsigned __int128 m = (unsigned __int128)(a ^ UINT64_C(0x9e3779b97f4a7c15)) *
	                                    (b ^ UINT64_C(0xd6e8feb86659fd93));

	return (uint64_t)m ^ (uint64_t)(m >> 64);
}

/* Short strings, the usual levels, take two overlapping loads and one multiplication. */
static uint64_t hash_of(const char *p, size_t n)
{
	uint64_t a = 0, b = 0;

	if (n > 16)
		return yg_hash64(p, n);
	if (n >= 8) {
		memcpy(&a, p, 8);
		memcpy(&b, p + n - 8, 8);
	} else if (n >= 4) {
		uint32_t x, y;

		memcpy(&x, p, 4);
		memcpy(&y, p + n - 4, 4);
		a = x;
		b = y;
	} else if (n) {
		a = (uint64_t)(uint8_t)p[0] << 16 | (uint64_t)(uint8_t)p[n / 2] << 8 | (uint8_t)p[n - 1];
	}
	return mix(a ^ n << 56, b + n);
}

static struct yg_dict_slot *place(const struct yg_dict *dict, uint64_t hash, const char *p, size_t n)
{
	size_t mask = dict->slots - 1, i = hash & mask;

	for (;; i = (i + 1) & mask) {
		struct yg_dict_slot *s = &dict->slot[i];

		if (!s->code)
			return s;
		if (s->hash == hash && s->len == n &&
		    !memcmp(dict->bytes.data + dict->start[s->code - 1], p, n))
			return s;
	}
}

static void grow(struct yg_dict *dict)
{
	struct yg_dict_slot *old = dict->slot;
	size_t n = dict->slots;

	dict->slots = n ? 2 * n : FIRST_SLOTS;
	dict->slot = yg_xcalloc(dict->slots, sizeof *dict->slot);
	for (size_t k = 0; k < n; k++) {
		size_t i;

		if (!old[k].code)
			continue;
		for (i = old[k].hash & (dict->slots - 1); dict->slot[i].code; i = (i + 1) & (dict->slots - 1))
			;
		dict->slot[i] = old[k];
	}
	yg_free(old);
}

uint32_t yg_dict_intern(struct yg_dict *dict, const char *p, size_t n)
{
	uint64_t hash = hash_of(p, n);
	struct yg_dict_slot *s;

	if ((size_t)dict->count * 2 >= dict->slots)
		grow(dict);
	s = place(dict, hash, p, n);
	if (s->code)
		return s->code - 1;
	if (dict->count + 1 >= dict->cap) {
		dict->cap = dict->cap ? 2 * dict->cap : 32;
		dict->start = yg_xrealloc(dict->start, dict->cap, sizeof *dict->start);
	}
	dict->start[dict->count] = dict->bytes.len;
	yg_buf_add(&dict->bytes, p, n);
	dict->count++;
	dict->start[dict->count] = dict->bytes.len;
	*s = (struct yg_dict_slot){ .hash = hash, .code = dict->count, .len = (uint32_t)n };
	return dict->count - 1;
}

int64_t yg_dict_find(const struct yg_dict *dict, const char *p, size_t n)
{
	const struct yg_dict_slot *s;

	if (!dict->slots)
		return -1;
	s = place(dict, hash_of(p, n), p, n);
	return s->code ? (int64_t)s->code - 1 : -1;
}

static int compare(const void *x, const void *y, void *context)
{
	const uint32_t *a = x, *b = y;
	const struct yg_dict *dict = context;

	return yg_str_cmp(yg_dict_get(dict, *a), yg_dict_get(dict, *b));
}

void yg_dict_sort(const struct yg_dict *dict, uint32_t *order)
{
	for (uint32_t i = 0; i < dict->count; i++)
		order[i] = i;
	if (dict->count)
		qsort_r(order, dict->count, sizeof *order, compare, (void *)(uintptr_t)dict);
}
