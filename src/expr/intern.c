/* Pairs of numbers to consecutive numbers: open addressing, a power of two slots, at most half full. */
#include "yogo/expr/intern.h"

#include <string.h>

#include "yogo/base/mem.h"

static uint64_t mix(uint64_t left, uint64_t key)
{
	uint64_t h = key * UINT64_C(0x9e3779b97f4a7c15) ^ (left + 1) * UINT64_C(0xc2b2ae3d27d4eb4f);
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	return h ^ h >> 29;
}

void yg_intern_init(struct yg_intern *t)
{
	memset(t, 0, sizeof *t);
}

void yg_intern_release(struct yg_intern *t)
{
	yg_free(t->left);
	yg_free(t->key);
	yg_free(t->slot);
	yg_intern_init(t);
}

static void rehash(struct yg_intern *t)
{
	yg_free(t->slot);
	t->slots = t->slots ? 2 * t->slots : 1024;
	t->slot = yg_xcalloc(t->slots, sizeof *t->slot);
	for (size_t k = 0; k < t->count; k++) {
		size_t p = mix(t->left[k], t->key[k]) & (t->slots - 1);
		while (t->slot[p])
			p = (p + 1) & (t->slots - 1);
		t->slot[p] = (uint32_t)k + 1;
	}
}

uint32_t yg_intern64(struct yg_intern *t, uint64_t left, uint64_t key)
{
	if (t->count && t->last_left == left && t->last_key == key)
		return t->last;
	if (2 * (t->count + 1) > t->slots)
		rehash(t);
	size_t p = mix(left, key) & (t->slots - 1);
	for (; t->slot[p]; p = (p + 1) & (t->slots - 1)) {
		uint32_t k = t->slot[p] - 1;
		if (t->key[k] == key && t->left[k] == left) {
			t->last_left = left;
			t->last_key = key;
			return t->last = k;
		}
	}
	if (t->count == t->cap) {
		t->cap = t->cap ? 2 * t->cap : 256;
		t->left = yg_xrealloc(t->left, t->cap, sizeof *t->left);
		t->key = yg_xrealloc(t->key, t->cap, sizeof *t->key);
	}
	t->left[t->count] = left;
	t->key[t->count] = key;
	t->slot[p] = (uint32_t)++t->count;
	t->last_left = left;
	t->last_key = key;
	return t->last = (uint32_t)t->count - 1;
}
