/* Fixed lanes for the loops that see every value, and several instruction sets for them. */
#ifndef YOGO_STORE_HOT_PRIV_H
#define YOGO_STORE_HOT_PRIV_H

#include <stdint.h>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__)
#define STORE_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define STORE_CLONES
#endif

/* Four lanes, the machine's own width: gcc 12 keeps wider vectors on the stack and takes their
   comparisons apart lane by lane. */
typedef uint64_t u64x4 __attribute__((vector_size(32), aligned(8), may_alias));
typedef uint64_t u64x4_loose __attribute__((vector_size(32), aligned(1), may_alias));
typedef int64_t i64x4 __attribute__((vector_size(32), aligned(8), may_alias));
typedef double f64x4 __attribute__((vector_size(32), aligned(8), may_alias));

#endif
