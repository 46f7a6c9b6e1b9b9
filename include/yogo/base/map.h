/*
 * A map from strings to pointers that iterates in the order of insertion.
 * Keys are copied; values are the caller's.  Lookup never decides an output order.
 */
#ifndef YOGO_BASE_MAP_H
#define YOGO_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct yg_map_entry {
	char *key;
	size_t key_len;
	void *value;
};
struct yg_map {
	struct yg_map_entry *entry; /* in insertion order */
	size_t count, cap;
	uint32_t *slot;             /* open addressing: entry number + 1, 0 = free */
	size_t slots;
};
void yg_map_init(struct yg_map *map);
void yg_map_release(struct yg_map *map);   /* values are not touched */
/* The value, or NULL. */
void *yg_map_get(const struct yg_map *map, const char *key);
/* The entry number of the key, or -1. */
ptrdiff_t yg_map_find(const struct yg_map *map, const char *key, size_t key_len);
/* Set or replace; returns the value that was there before, or NULL. */
void *yg_map_put(struct yg_map *map, const char *key, void *value);
/* Add the key when it is new; either way its entry number (for dictionaries). */
size_t yg_map_intern(struct yg_map *map, const char *key, size_t key_len);
/* Remove, keeping the order of the rest; returns the value, or NULL. */
void *yg_map_remove(struct yg_map *map, const char *key);

#endif
