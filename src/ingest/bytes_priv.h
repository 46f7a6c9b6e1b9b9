/* A source file as one stream of text bytes: unpacked, converted to UTF-8, digested. */
#ifndef YOGO_INGEST_BYTES_PRIV_H
#define YOGO_INGEST_BYTES_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/hash.h"
#include "yogo/base/status.h"

struct bytes;

/* encoding: NULL = UTF-8 unless a byte order mark says UTF-16. */
enum yg_status bytes_open(const char *path, const char *encoding, struct bytes **out, struct yg_err *err);
/* Up to size bytes; *got 0 = the end.  Bytes that are no text in the encoding come out as 0xFF,
   which no UTF-8 text contains, so that the row that holds them is refused. */
enum yg_status bytes_read(struct bytes *b, char *to, size_t size, size_t *got, struct yg_err *err);
/* After the end: SHA-256 of the file as it lies on disk. */
struct yg_digest bytes_digest(struct bytes *b);
uint64_t bytes_size(const struct bytes *b);
uint64_t bytes_done(const struct bytes *b);          /* of bytes_size(), read so far */
const char *bytes_encoding(const struct bytes *b);   /* "UTF-8", "CP932" ... */
/* Offsets (in the unpacked file) of the first bytes that are no text; count of all. */
uint64_t bytes_bad(const struct bytes *b, uint64_t *first);
void bytes_close(struct bytes *b);

/* Unpacking: gzip, zstd, zip through libarchive. */
struct unpacker;
bool unpack_recognised(const uint8_t head[4]);
struct raw_file {
	int fd;
	const char *path;
	uint64_t size, at;
	struct yg_sha256 sha;
};
enum yg_status raw_read(struct raw_file *raw, void *to, size_t size, size_t *got, struct yg_err *err);
enum yg_status unpack_open(struct raw_file *raw, struct unpacker **out, struct yg_err *err);
enum yg_status unpack_read(struct unpacker *u, char *to, size_t size, size_t *got, struct yg_err *err);
void unpack_close(struct unpacker *u);

/* Conversion to UTF-8 through iconv. */
struct converter;
const char *convert_name(const char *encoding);      /* iconv's name, NULL = not known */
struct converter *convert_new(const char *iconv_name);
/* Convert in[n]; keeps an incomplete tail for the next call; last = the end of the file. */
void convert_add(struct converter *c, const char *in, size_t n, bool last);
size_t convert_take(struct converter *c, char *to, size_t size);
uint64_t convert_bad(const struct converter *c, uint64_t *first);
void convert_free(struct converter *c);

#endif
