/* Several instruction sets for the loops that see every byte. */
#ifndef YOGO_INGEST_HOT_PRIV_H
#define YOGO_INGEST_HOT_PRIV_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__)
#define INGEST_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define INGEST_CLONES
#endif

#endif
