/*
 * Memory: small allocations that cannot fail (the process ends instead), data arrays that can
 * (64-byte aligned, counted against a limit, k-th failure for tests), and arenas.
 */
#include "yogo/base/mem.h"

#include <assert.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/pages_priv.h"

#define DATA_ALIGN 64
#define DATA_MAGIC UINT64_C(0x796f676f64617461)

/* ---- small things ---- */

static _Noreturn void out_of_memory(void)
{
	/* No stdio, no translation: both may allocate. */
	static const char text[] = "yogo: E-MEM-001: memory ran out; the study file keeps everything "
	                           "that was committed\n";
	ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);
	(void)ignored;
	_exit(8);
}

static size_t product(size_t count, size_t size)
{
	size_t total;
	if (__builtin_mul_overflow(count, size, &total))
		out_of_memory();
	return total ? total : 1;
}

void *yg_xalloc(size_t count, size_t size)
{
	void *p = malloc(product(count, size));
	if (!p && yg_pages_release())
		p = malloc(product(count, size));
	if (!p)
		out_of_memory();
	return p;
}

void *yg_xcalloc(size_t count, size_t size)
{
	void *p = calloc(1, product(count, size));
	if (!p && yg_pages_release())
		p = calloc(1, product(count, size));
	if (!p)
		out_of_memory();
	return p;
}

void *yg_xrealloc(void *p, size_t count, size_t size)
{
	void *q = realloc(p, product(count, size));
	if (!q && yg_pages_release())
		q = realloc(p, product(count, size));
	if (!q)
		out_of_memory();
	return q;
}

char *yg_xstrdup(const char *s)
{
	return s ? yg_xstrndup(s, strlen(s)) : NULL;
}

char *yg_xstrndup(const char *s, size_t n)
{
	size_t len = n ? strnlen(s, n) : 0;
	char *copy = yg_xalloc(len + 1, 1);
	if (len)
		memcpy(copy, s, len);
	copy[len] = 0;
	return copy;
}

char *yg_xasprintf(const char *format, ...)
{
	va_list args;
	char *out = NULL;
	va_start(args, format);
	int n = vasprintf(&out, format, args);
	va_end(args);
	if (n < 0)
		out_of_memory();
	return out;
}

void yg_free(void *p)
{
	free(p);
}

/* ---- data arrays ---- */

/* Sits in the 64 bytes before the array. */
struct data_header {
	uint64_t magic;
	void *raw;      /* what malloc or yg_pages_take gave */
	uint64_t bytes; /* counted in in_use */
	size_t pages;   /* length of the block of pages, 0 = from malloc */
};
_Static_assert(sizeof(struct data_header) <= DATA_ALIGN, "header must fit in front of the array");

static _Atomic uint64_t in_use, limit;
static _Atomic int64_t fail_at;

static bool fault_now(void)
{
	int64_t k = atomic_load_explicit(&fail_at, memory_order_relaxed);
	while (k > 0)
		if (atomic_compare_exchange_weak(&fail_at, &k, k - 1))
			return k == 1;
	return false;
}

static bool account(uint64_t bytes)
{
	uint64_t now = atomic_fetch_add(&in_use, bytes) + bytes;
	uint64_t max = atomic_load_explicit(&limit, memory_order_relaxed);
	if (max && now > max) {
		atomic_fetch_sub(&in_use, bytes);
		return false;
	}
	return true;
}

static void *data_alloc(size_t count, size_t size, bool zero)
{
	size_t bytes, total, pages = 0;
	if (__builtin_mul_overflow(count, size, &bytes) || __builtin_add_overflow(bytes, 2 * DATA_ALIGN, &total))
		return NULL;
	if (fault_now() || !account(bytes))
		return NULL;
	/* calloc rather than memset: fresh pages are zero already. */
	bool zeroed = true;
	unsigned char *raw = total >= YG_PAGES_FROM ? yg_pages_take(total, &pages, &zeroed)
	                     : zero                 ? calloc(1, total)
	                                            : malloc(total);
	if (!raw && total < YG_PAGES_FROM && yg_pages_release())
		raw = zero ? calloc(1, total) : malloc(total);
	if (!raw) {
		atomic_fetch_sub(&in_use, bytes);
		return NULL;
	}
	uintptr_t first = (uintptr_t)raw + DATA_ALIGN;
	unsigned char *p = raw + DATA_ALIGN + (DATA_ALIGN - first % DATA_ALIGN) % DATA_ALIGN;
	struct data_header *header = (struct data_header *)(void *)(p - DATA_ALIGN);
	*header = (struct data_header){ .magic = DATA_MAGIC, .raw = raw, .bytes = bytes, .pages = pages };
	if (zero && !zeroed)
		memset(p, 0, bytes);
	return p;
}

void *yg_data_alloc(size_t count, size_t size)
{
	return data_alloc(count, size, false);
}

void *yg_data_calloc(size_t count, size_t size)
{
	return data_alloc(count, size, true);
}

void yg_data_free(void *p)
{
	if (!p)
		return;
	struct data_header *header = (struct data_header *)(void *)((unsigned char *)p - DATA_ALIGN);
	assert(header->magic == DATA_MAGIC);
	header->magic = 0;
	atomic_fetch_sub(&in_use, header->bytes);
	if (header->pages)
		yg_pages_give(header->raw, header->pages);
	else
		free(header->raw);
}

void yg_mem_set_limit(uint64_t bytes)
{
	atomic_store(&limit, bytes);
}

uint64_t yg_mem_in_use(void)
{
	return atomic_load(&in_use);
}

void yg_mem_fail_at(int64_t kth_data_allocation)
{
	atomic_store(&fail_at, kth_data_allocation);
}

/* ---- arena ---- */

struct yg_arena_chunk {
	struct yg_arena_chunk *next;
	size_t used, size;
	_Alignas(16) unsigned char bytes[];
};

#define ARENA_FIRST 4096
#define ARENA_MOST ((size_t)1 << 20)

void yg_arena_init(struct yg_arena *arena)
{
	arena->chunk = NULL;
}

void yg_arena_release(struct yg_arena *arena)
{
	struct yg_arena_chunk *chunk = arena->chunk;
	while (chunk) {
		struct yg_arena_chunk *next = chunk->next;
		free(chunk);
		chunk = next;
	}
	arena->chunk = NULL;
}

void *yg_arena_alloc(struct yg_arena *arena, size_t count, size_t size)
{
	size_t bytes = product(count, size);
	if (bytes > SIZE_MAX / 2)
		out_of_memory();
	bytes = (bytes + 15) & ~(size_t)15;
	struct yg_arena_chunk *chunk = arena->chunk;
	if (!chunk || chunk->size - chunk->used < bytes) {
		size_t want = chunk ? 2 * chunk->size : ARENA_FIRST;
		if (want > ARENA_MOST)
			want = ARENA_MOST;
		if (want < bytes)
			want = bytes;
		struct yg_arena_chunk *fresh = yg_xcalloc(1, sizeof *fresh + want);
		fresh->size = want;
		fresh->next = chunk;
		arena->chunk = chunk = fresh;
	}
	void *p = chunk->bytes + chunk->used;
	chunk->used += bytes;
	return p;
}

char *yg_arena_strdup(struct yg_arena *arena, const char *s)
{
	return s ? yg_arena_strndup(arena, s, strlen(s)) : NULL;
}

char *yg_arena_strndup(struct yg_arena *arena, const char *s, size_t n)
{
	size_t len = n ? strnlen(s, n) : 0;
	char *copy = yg_arena_alloc(arena, len + 1, 1);
	if (len)
		memcpy(copy, s, len);
	return copy;
}

char *yg_arena_printf(struct yg_arena *arena, const char *format, ...)
{
	va_list args;
	char *text = NULL;
	va_start(args, format);
	int n = vasprintf(&text, format, args);
	va_end(args);
	if (n < 0)
		out_of_memory();
	char *out = yg_arena_strndup(arena, text, (size_t)n);
	free(text);
	return out;
}
