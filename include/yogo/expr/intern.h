/*
 * Pairs of 64-bit numbers to small consecutive numbers, in order of first sight.
 *
 * Groups rows by several columns: the code of a row is intern(code so far, value).  count may not pass
 * 2^32 - 2.
 */
#ifndef YOGO_EXPR_INTERN_H
#define YOGO_EXPR_INTERN_H

#include <stddef.h>
#include <stdint.h>

struct yg_intern {
	uint64_t *left, *key;      /* [count] in order of first sight */
	size_t count, cap;
	uint32_t *slot;            /* number + 1, 0 = free */
	size_t slots;
	uint64_t last_left, last_key;
	uint32_t last;
};
void yg_intern_init(struct yg_intern *t);
void yg_intern_release(struct yg_intern *t);
/* The number of the pair, new or known. */
uint32_t yg_intern64(struct yg_intern *t, uint64_t left, uint64_t key);

#endif
