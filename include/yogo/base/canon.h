/*
 * CJ1, the canonical JSON of all hashed bytes (docs/journal-format.md): a strict subset of
 * RFC 8785.  A writer that makes well-formed, sorted output: keys of one object must be added in
 * bytewise ascending order (asserted), so callers write them sorted.
 */
#ifndef YOGO_BASE_CANON_H
#define YOGO_BASE_CANON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/buf.h"
#include "yogo/base/hash.h"

#define YG_CANON_DEPTH 32

struct yg_canon {
	struct yg_buf *out;
	int depth;
	bool has_item[YG_CANON_DEPTH];
	char last_key[YG_CANON_DEPTH][64];
};
void yg_canon_init(struct yg_canon *c, struct yg_buf *out);
void yg_canon_open(struct yg_canon *c);                      /* { */
void yg_canon_close(struct yg_canon *c);                     /* } */
void yg_canon_open_array(struct yg_canon *c);
void yg_canon_close_array(struct yg_canon *c);
void yg_canon_key(struct yg_canon *c, const char *key);      /* next value belongs to it */
void yg_canon_string(struct yg_canon *c, const char *s);
void yg_canon_string_n(struct yg_canon *c, const char *s, size_t n);
void yg_canon_int(struct yg_canon *c, int64_t v);            /* "i:..." beyond 2^53-1 */
void yg_canon_float(struct yg_canon *c, double v);           /* "f:3fe5555555555555" */
void yg_canon_bool(struct yg_canon *c, bool v);
void yg_canon_null(struct yg_canon *c);
void yg_canon_digest(struct yg_canon *c, const struct yg_digest *d); /* "sha256:..." */
void yg_canon_raw(struct yg_canon *c, const char *cj1, size_t n);    /* already canonical text */

/* Is this text CJ1: exactly the bytes this writer would give for it, at most 32 deep? */
bool yg_canon_is(const char *text, size_t n);

#endif
