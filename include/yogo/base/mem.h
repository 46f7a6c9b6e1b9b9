/*
 * Memory.
 *
 * Two families.  yg_x...() serves small things (names, nodes, lists): it never returns NULL; when
 * memory is gone it prints E-MEM-001 and ends the process with exit code 8, which the study file
 * survives by design.  yg_data_...() serves arrays whose size depends on the data: it returns NULL
 * when memory is gone or the limit (yg_mem_set_limit) would be passed, and the caller unwinds with
 * YG_ENOMEM.  Every size is a checked product.  All blocks are released with yg_free().
 *
 * Test builds can make the k-th allocation fail: yg_mem_fail_at().
 */
#ifndef YOGO_BASE_MEM_H
#define YOGO_BASE_MEM_H

#include <stddef.h>
#include <stdint.h>

void *yg_xalloc(size_t count, size_t size);   /* uninitialised, count*size checked, never NULL */
void *yg_xcalloc(size_t count, size_t size);  /* zeroed */
void *yg_xrealloc(void *p, size_t count, size_t size);
char *yg_xstrdup(const char *s);              /* NULL gives NULL */
char *yg_xstrndup(const char *s, size_t n);
char *yg_xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));
void yg_free(void *p);                        /* NULL allowed */

void *yg_data_alloc(size_t count, size_t size);  /* 64-byte aligned, uninitialised, or NULL */
void *yg_data_calloc(size_t count, size_t size); /* 64-byte aligned, zeroed, or NULL */
void yg_data_free(void *p);

void yg_mem_set_limit(uint64_t bytes);        /* for yg_data_...; 0 = no limit */
uint64_t yg_mem_in_use(void);                 /* bytes held by yg_data_... */
void yg_mem_fail_at(int64_t kth_data_allocation); /* tests: the k-th from now fails; 0 = off */

/* An arena: many small things with one lifetime.  Everything it gave is released at once. */
struct yg_arena {
	struct yg_arena_chunk *chunk;
};
void yg_arena_init(struct yg_arena *arena);
void yg_arena_release(struct yg_arena *arena);
void *yg_arena_alloc(struct yg_arena *arena, size_t count, size_t size); /* zeroed, never NULL */
char *yg_arena_strdup(struct yg_arena *arena, const char *s);
char *yg_arena_strndup(struct yg_arena *arena, const char *s, size_t n);
char *yg_arena_printf(struct yg_arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Grow a typed small array: YG_GROW(v, n, cap) makes room for one more element of v. */
#define YG_GROW(v, n, cap)                                                        \
	do {                                                                      \
		if ((n) == (cap)) {                                               \
			(cap) = (cap) ? 2 * (cap) : 8;                            \
			(v) = yg_xrealloc((v), (size_t)(cap), sizeof *(v));       \
		}                                                                 \
	} while (0)

#endif
