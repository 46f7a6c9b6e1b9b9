/* String-keyed map: entries in insertion order, open addressing over entry numbers. */
#include "yogo/base/map.h"

#include <assert.h>
#include <string.h>

#include "yogo/base/hash.h"
#include "yogo/base/mem.h"

void yg_map_init(struct yg_map *map)
{
	*map = (struct yg_map){ 0 };
}

void yg_map_release(struct yg_map *map)
{
	for (size_t i = 0; i < map->count; i++)
		yg_free(map->entry[i].key);
	yg_free(map->entry);
	yg_free(map->slot);
	yg_map_init(map);
}

/* The slot that holds the key, or the free slot where it would go.  slots > 0. */
static size_t probe(const struct yg_map *map, const char *key, size_t len)
{
	size_t mask = map->slots - 1;
	size_t at = (size_t)yg_hash64(key, len) & mask;
	while (map->slot[at]) {
		const struct yg_map_entry *e = &map->entry[map->slot[at] - 1];
		if (e->key_len == len && (len == 0 || memcmp(e->key, key, len) == 0))
			break;
		at = (at + 1) & mask;
	}
	return at;
}

static void rebuild(struct yg_map *map, size_t slots)
{
	if (slots != map->slots) {
		yg_free(map->slot);
		map->slot = yg_xcalloc(slots, sizeof *map->slot);
		map->slots = slots;
	} else {
		memset(map->slot, 0, slots * sizeof *map->slot);
	}
	for (size_t i = 0; i < map->count; i++)
		map->slot[probe(map, map->entry[i].key, map->entry[i].key_len)] = (uint32_t)i + 1;
}

ptrdiff_t yg_map_find(const struct yg_map *map, const char *key, size_t key_len)
{
	if (!map->slots)
		return -1;
	uint32_t s = map->slot[probe(map, key, key_len)];
	return s ? (ptrdiff_t)s - 1 : -1;
}

void *yg_map_get(const struct yg_map *map, const char *key)
{
	ptrdiff_t i = yg_map_find(map, key, strlen(key));
	return i < 0 ? NULL : map->entry[i].value;
}

size_t yg_map_intern(struct yg_map *map, const char *key, size_t key_len)
{
	/* at most three quarters full, so that a probe always meets a free slot */
	if (4 * (map->count + 1) > 3 * map->slots)
		rebuild(map, map->slots ? 2 * map->slots : 16);
	size_t at = probe(map, key, key_len);
	if (map->slot[at])
		return map->slot[at] - 1;
	assert(map->count < UINT32_MAX - 1);
	YG_GROW(map->entry, map->count, map->cap);
	char *copy = yg_xalloc(key_len + 1, 1);
	if (key_len)
		memcpy(copy, key, key_len);
	copy[key_len] = 0;
	map->entry[map->count] = (struct yg_map_entry){ .key = copy, .key_len = key_len };
	map->slot[at] = (uint32_t)++map->count;
	return map->count - 1;
}

void *yg_map_put(struct yg_map *map, const char *key, void *value)
{
	size_t i = yg_map_intern(map, key, strlen(key));
	void *before = map->entry[i].value;
	map->entry[i].value = value;
	return before;
}

void *yg_map_remove(struct yg_map *map, const char *key)
{
	ptrdiff_t i = yg_map_find(map, key, strlen(key));
	if (i < 0)
		return NULL;
	void *value = map->entry[i].value;
	yg_free(map->entry[i].key);
	memmove(&map->entry[i], &map->entry[i + 1], (map->count - (size_t)i - 1) * sizeof *map->entry);
	map->count--;
	rebuild(map, map->slots);
	return value;
}
