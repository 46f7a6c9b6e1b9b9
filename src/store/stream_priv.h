/*
 * Streams of 64-bit integers, the one shape into which all values are brought before they are
 * packed.  Layout: docs/cohort-format.md, "Integer streams".
 *
 * Groups of 512 values are packed in 8 lanes of 64-bit words: value k * 8 + l of a group occupies
 * bits k * width ... of lane l, so that all lanes shift alike and one vector instruction serves eight.
 */
#ifndef YOGO_STORE_STREAM_PRIV_H
#define YOGO_STORE_STREAM_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/buf.h"

#define STREAM_GROUP 512u

enum stream_kind { STREAM_CONSTANT = 1, STREAM_PACKED, STREAM_DELTA, STREAM_RUNS };

struct stream_range {
	int64_t minimum, maximum;
};
/* Append the shortest form of v[n]; returns the kind chosen.  range may be NULL. */
enum stream_kind stream_write(struct yg_buf *out, const int64_t *v, size_t n, struct stream_range *range);

struct stream_part {
	enum stream_kind kind;
	unsigned width;
	uint64_t base, step;       /* step: smallest difference, of delta streams */
	uint32_t count, done;
	const uint8_t *data;
};
struct stream_reader {
	struct stream_part part;   /* for runs: their values */
	bool runs;
	struct stream_part length;
	uint32_t count, done;
	uint64_t current;          /* of the run under way */
	uint64_t remaining;
	uint32_t at, have;         /* in value[] and run[] */
	uint64_t value[STREAM_GROUP], run[STREAM_GROUP];
};
/* Take a stream of exactly count values from *p; false when the bytes cannot be one. */
bool stream_open(struct stream_reader *r, const uint8_t **p, size_t *left, uint32_t count);
/* The next values, at most STREAM_GROUP; returns how many.  out has room for STREAM_GROUP.
   0 before the end means: damaged. */
uint32_t stream_next(struct stream_reader *r, uint64_t *out);

static inline uint32_t get32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}
static inline uint64_t get64(const uint8_t *p)
{
	return (uint64_t)get32(p) | (uint64_t)get32(p + 4) << 32;
}

/* XXH64 (Y. Collet's published algorithm), seed 0: the checksum of stored bytes. */
uint64_t store_checksum(const void *bytes, size_t n);

#endif
