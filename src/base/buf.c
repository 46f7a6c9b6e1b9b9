/* A growing byte string.  cap counts the byte of the final NUL; 0 means the shared empty string. */
#include "yogo/base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "yogo/base/mem.h"

char yg_buf_empty[1]; /* never written: threads share it */

void yg_buf_init(struct yg_buf *buf)
{
	*buf = (struct yg_buf)YG_BUF_INIT;
}

void yg_buf_release(struct yg_buf *buf)
{
	if (buf->cap)
		yg_free(buf->data);
	yg_buf_init(buf);
}

void yg_buf_clear(struct yg_buf *buf)
{
	buf->len = 0;
	if (buf->cap)
		buf->data[0] = 0;
}

/* Kept out of the way of those who have room. */
static __attribute__((noinline)) void grow(struct yg_buf *buf, size_t more)
{
	size_t need;
	if (__builtin_add_overflow(buf->len, more, &need) || need == SIZE_MAX)
		need = SIZE_MAX - 1; /* the allocation below ends the process */
	need++;
	size_t cap = buf->cap ? buf->cap : 32;
	while (cap < need)
		cap = cap > SIZE_MAX / 2 ? need : 2 * cap;
	buf->data = yg_xrealloc(buf->cap ? buf->data : NULL, cap, 1);
	buf->cap = cap;
	buf->data[buf->len] = 0;
}

static inline void room_for(struct yg_buf *buf, size_t more)
{
	if (buf->cap - buf->len <= more) /* len < cap, or both are 0 */
		grow(buf, more);
}

void yg_buf_reserve(struct yg_buf *buf, size_t more)
{
	if (buf->cap || more)
		room_for(buf, more);
}

void yg_buf_add(struct yg_buf *buf, const void *bytes, size_t n)
{
	if (!n)
		return;
	room_for(buf, n);
	memcpy(buf->data + buf->len, bytes, n);
	buf->len += n;
	buf->data[buf->len] = 0;
}

void yg_buf_adds(struct yg_buf *buf, const char *s)
{
	yg_buf_add(buf, s, strlen(s));
}

void yg_buf_addc(struct yg_buf *buf, char c)
{
	room_for(buf, 1);
	buf->data[buf->len++] = c;
	buf->data[buf->len] = 0;
}

void yg_buf_fill(struct yg_buf *buf, char c, size_t n)
{
	if (!n)
		return;
	yg_buf_reserve(buf, n);
	memset(buf->data + buf->len, c, n);
	buf->len += n;
	buf->data[buf->len] = 0;
}

void yg_buf_addf(struct yg_buf *buf, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	size_t room = buf->cap - (buf->cap ? buf->len : 0);
	int n = vsnprintf(room ? buf->data + buf->len : NULL, room, format, args);
	va_end(args);
	assert(n >= 0);
	if (n <= 0)
		return;
	if ((size_t)n >= room) {
		yg_buf_reserve(buf, (size_t)n);
		va_start(args, format);
		vsnprintf(buf->data + buf->len, (size_t)n + 1, format, args);
		va_end(args);
	}
	buf->len += (size_t)n;
}

static void add_le(struct yg_buf *buf, uint64_t v, unsigned bytes)
{
	unsigned char b[8];
	for (unsigned i = 0; i < bytes; i++)
		b[i] = (unsigned char)(v >> (8 * i));
	yg_buf_add(buf, b, bytes);
}

void yg_buf_add_le32(struct yg_buf *buf, uint32_t v)
{
	add_le(buf, v, 4);
}

void yg_buf_add_le64(struct yg_buf *buf, uint64_t v)
{
	add_le(buf, v, 8);
}

char *yg_buf_take(struct yg_buf *buf)
{
	char *p = buf->cap ? buf->data : yg_xstrdup("");
	yg_buf_init(buf);
	return p;
}
