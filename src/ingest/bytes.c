/* A source file as one stream of text bytes. */
#include <string.h>

#include "src/ingest/bytes_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/mem.h"

#define PIECE (1u << 20)

struct bytes {
	char *path;
	struct raw_file raw;
	struct unpacker *unpacker;
	struct converter *converter;
	const char *encoding;
	char *piece;
	char head[4];             /* looked at for marks, handed out first */
	size_t head_at, heads;
	bool ended;
	struct yg_digest digest;
};

enum yg_status raw_read(struct raw_file *raw, void *to, size_t size, size_t *got, struct yg_err *err)
{
	uint64_t left = raw->size - raw->at;

	if (size > left)
		size = (size_t)left;
	YG_TRY(yg_io_pread(raw->fd, to, size, raw->at, raw->path, err));
	yg_sha256_add(&raw->sha, to, size);
	raw->at += size;
	*got = size;
	return YG_OK;
}

/* Unpacked bytes, not yet converted. */
static enum yg_status read_plain(struct bytes *b, char *to, size_t size, size_t *got, struct yg_err *err)
{
	if (b->head_at < b->heads) {
		size_t n = b->heads - b->head_at < size ? b->heads - b->head_at : size;

		memcpy(to, b->head + b->head_at, n);
		b->head_at += n;
		*got = n;
		return YG_OK;
	}
	return b->unpacker ? unpack_read(b->unpacker, to, size, got, err) : raw_read(&b->raw, to, size, got, err);
}

/* The first four unpacked bytes, to see byte order marks. */
static enum yg_status peek(struct bytes *b, struct yg_err *err)
{
	char head[4];
	size_t n = 0, got = 1;

	while (n < sizeof head && got) {
		YG_TRY(b->unpacker ? unpack_read(b->unpacker, head + n, sizeof head - n, &got, err)
		                   : raw_read(&b->raw, head + n, sizeof head - n, &got, err));
		n += got;
	}
	memcpy(b->head, head, n);
	b->heads = n;
	return YG_OK;
}

static enum yg_status choose_encoding(struct bytes *b, const char *encoding, struct yg_err *err)
{
	const unsigned char *h = (const unsigned char *)b->head;
	const char *name = encoding ? convert_name(encoding) : "UTF-8";

	if (!name)
		return yg_fail(err, YG_EINVAL, "E-ENC-002",
		               N_("the encoding %.40s is not known: use utf-8, utf-16, cp932, euc-jp, latin1 or cp1252"),
		               encoding);
	if (b->heads >= 3 && !memcmp(h, "\xef\xbb\xbf", 3)) {
		b->head_at = 3;
		name = encoding ? name : "UTF-8";
	} else if (b->heads >= 2 && ((h[0] == 0xff && h[1] == 0xfe) || (h[0] == 0xfe && h[1] == 0xff))) {
		b->head_at = 2;
		name = h[0] == 0xff ? "UTF-16LE" : "UTF-16BE";
	} else if (!strcmp(name, "UTF-16")) {
		name = "UTF-16LE"; /* declared, without a mark */
	}
	b->encoding = name;
	if (strcmp(name, "UTF-8") != 0) {
		b->converter = convert_new(name);
		if (!b->converter)
			return yg_fail(err, YG_EINVAL, "E-ENC-003",
			               N_("this machine cannot convert from %s: iconv's tables are not installed"), name);
		b->piece = yg_xalloc(PIECE, 1);
	}
	return YG_OK;
}

enum yg_status bytes_open(const char *path, const char *encoding, struct bytes **out, struct yg_err *err)
{
	struct bytes *b = yg_xcalloc(1, sizeof *b);
	uint8_t magic[4] = { 0 };
	enum yg_status status;

	b->path = yg_xstrdup(path);
	b->raw.path = b->path;
	yg_sha256_init(&b->raw.sha);
	status = yg_io_open_read(path, &b->raw.fd, &b->raw.size, err);
	if (status != YG_OK) {
		b->raw.fd = -1;
		goto out;
	}
	if (b->raw.size >= sizeof magic)
		status = yg_io_pread(b->raw.fd, magic, sizeof magic, 0, path, err);
	if (status == YG_OK && b->raw.size >= sizeof magic && unpack_recognised(magic))
		status = unpack_open(&b->raw, &b->unpacker, err);
	if (status == YG_OK)
		status = peek(b, err);
	if (status == YG_OK)
		status = choose_encoding(b, encoding, err);
out:
	if (status == YG_OK)
		*out = b;
	else
		bytes_close(b);
	return status;
}

static enum yg_status read_converted(struct bytes *b, char *to, size_t size, size_t *got, struct yg_err *err)
{
	size_t n = convert_take(b->converter, to, size);

	while (!n && !b->ended) {
		size_t have;

		YG_TRY(read_plain(b, b->piece, PIECE, &have, err));
		b->ended = !have;
		convert_add(b->converter, b->piece, have, b->ended);
		n = convert_take(b->converter, to, size);
	}
	*got = n;
	return YG_OK;
}

enum yg_status bytes_read(struct bytes *b, char *to, size_t size, size_t *got, struct yg_err *err)
{
	return b->converter ? read_converted(b, to, size, got, err) : read_plain(b, to, size, got, err);
}

struct yg_digest bytes_digest(struct bytes *b)
{
	if (b->raw.sha.state) {
		char rest[65536];
		size_t got = 1;

		while (got && raw_read(&b->raw, rest, sizeof rest, &got, NULL) == YG_OK)
			;
		b->digest = yg_sha256_end(&b->raw.sha);
		b->raw.sha.state = NULL;
	}
	return b->digest;
}

uint64_t bytes_size(const struct bytes *b)
{
	return b->raw.size;
}

uint64_t bytes_done(const struct bytes *b)
{
	return b->raw.at;
}

const char *bytes_encoding(const struct bytes *b)
{
	return b->encoding;
}

uint64_t bytes_bad(const struct bytes *b, uint64_t *first)
{
	return b->converter ? convert_bad(b->converter, first) : 0;
}

void bytes_close(struct bytes *b)
{
	if (!b)
		return;
	unpack_close(b->unpacker);
	convert_free(b->converter);
	if (b->raw.sha.state)
		(void)yg_sha256_end(&b->raw.sha);
	if (b->raw.fd >= 0)
		yg_io_close(b->raw.fd);
	yg_free(b->piece);
	yg_free(b->path);
	yg_free(b);
}
