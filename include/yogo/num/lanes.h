/*
 * Eight doubles side by side, the same bits at every vector width.
 *
 * GCC vector extensions: one struct-free type that the compiler splits into what the processor has.
 * Lane arithmetic is plain +, -, *, / without contraction, so the width never changes a bit.
 * Vectors must not cross a call by value: pass pointers, or mark the helper YG_INLINE.
 *
 * YG_CLONES builds a (static: clang renames it outside its file) function for AVX-512, AVX2 and the base, and picks one when the program is
 * loaded.  It is empty under sanitizers whose start-up runs after the picking.
 */
#ifndef YOGO_NUM_LANES_H
#define YOGO_NUM_LANES_H

#include <stddef.h>
#include <stdint.h>

#define YG_LANES 8

typedef double yg_lanes __attribute__((vector_size(64), aligned(8), may_alias));
typedef int64_t yg_lanes_int __attribute__((vector_size(64), aligned(8), may_alias));

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define YG_NO_CLONES 1
#endif
#endif
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__) || !defined(__x86_64__)
#define YG_NO_CLONES 1
#endif
#ifdef YG_NO_CLONES
#define YG_CLONES
#else
#define YG_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#endif
#define YG_INLINE static inline __attribute__((always_inline))

typedef double yg_lanes_half __attribute__((vector_size(32), aligned(8), may_alias));
typedef double yg_lanes_quarter __attribute__((vector_size(16), aligned(8), may_alias));

/* The eight lanes added in a fixed tree: ((0 + 4) + (2 + 6)) + ((1 + 5) + (3 + 7)). */
YG_INLINE double yg_lanes_sum(const yg_lanes *v)
{
	const yg_lanes_half *eight = (const yg_lanes_half *)v;
	yg_lanes_half four = eight[0] + eight[1];
	const yg_lanes_quarter *pairs = (const yg_lanes_quarter *)&four;
	yg_lanes_quarter two = pairs[0] + pairs[1];
	return two[0] + two[1];
}

#endif
