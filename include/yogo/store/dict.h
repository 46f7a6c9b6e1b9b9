/*
 * A string dictionary: each distinct byte string gets the next code, 0 for the first.
 * Used for the levels of a column and for the repeated strings of one block.
 */
#ifndef YOGO_STORE_DICT_H
#define YOGO_STORE_DICT_H

#include <stddef.h>
#include <stdint.h>

#include "yogo/base/buf.h"
#include "yogo/base/text.h"

struct yg_dict_slot {
	uint64_t hash;
	uint32_t code;  /* + 1, 0 = free */
	uint32_t len;
};
struct yg_dict {
	struct yg_buf bytes;
	size_t *start;             /* count + 1 offsets into bytes */
	uint32_t count, cap;
	struct yg_dict_slot *slot;
	size_t slots;              /* a power of two */
};
void yg_dict_init(struct yg_dict *dict);
void yg_dict_release(struct yg_dict *dict);
void yg_dict_clear(struct yg_dict *dict);                                /* memory kept */
uint32_t yg_dict_intern(struct yg_dict *dict, const char *p, size_t n);  /* the code, new or not */
int64_t yg_dict_find(const struct yg_dict *dict, const char *p, size_t n); /* -1 when absent */
/* order[i] = the code that comes i-th when sorted bytewise. */
void yg_dict_sort(const struct yg_dict *dict, uint32_t *order);

static inline struct yg_str yg_dict_get(const struct yg_dict *dict, uint32_t code)
{
	return (struct yg_str){ dict->bytes.data + dict->start[code], dict->start[code + 1] - dict->start[code] };
}

#endif
