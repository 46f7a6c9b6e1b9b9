/*
 * A growing byte string.
 *
 * Invariants: data is never NULL after init and always ends with a NUL that len does not count;
 * YG_BUF_INIT is a valid empty buffer.
 */
#ifndef YOGO_BASE_BUF_H
#define YOGO_BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

struct yg_buf {
	char *data;
	size_t len, cap;
};
extern char yg_buf_empty[1];
#define YG_BUF_INIT { yg_buf_empty, 0, 0 }

void yg_buf_init(struct yg_buf *buf);
void yg_buf_release(struct yg_buf *buf);
void yg_buf_clear(struct yg_buf *buf);                       /* len = 0, memory kept */
void yg_buf_reserve(struct yg_buf *buf, size_t more);
void yg_buf_add(struct yg_buf *buf, const void *bytes, size_t n);
void yg_buf_adds(struct yg_buf *buf, const char *s);
void yg_buf_addc(struct yg_buf *buf, char c);
void yg_buf_fill(struct yg_buf *buf, char c, size_t n);
void yg_buf_addf(struct yg_buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void yg_buf_add_le32(struct yg_buf *buf, uint32_t v);
void yg_buf_add_le64(struct yg_buf *buf, uint64_t v);
char *yg_buf_take(struct yg_buf *buf);                       /* the caller owns it; yg_free() */

#endif
