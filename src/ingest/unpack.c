/*
 * Packed sources through libarchive: gzip, zstd, a zip with one file.
 *
 * libarchive 3.6 does not compare gzip's checksums; so they are compared here, member by member.
 * A bomb guard stops what unpacks beyond 2,000 times its packed size.
 */
#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "src/ingest/bytes_priv.h"
#include "yogo/base/buf.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/mem.h"

#define PIECE (1u << 18)
#define BOMB_AFTER (64u << 20)
#define BOMB_RATIO 2000u

enum packing { PACKED_GZIP, PACKED_ZSTD, PACKED_ZIP };

/* A place where a gzip member may end: the eight bytes before it, and what follows looks like another. */
struct gzip_end {
	uint32_t crc, length;
};
struct unpacker {
	struct raw_file *raw;
	struct archive *a;
	enum packing packing;
	char *piece;
	uint64_t made;               /* bytes unpacked */
	bool ended;
	enum yg_status failed;       /* of the reading callback */
	struct yg_err err;
	struct gzip_end *end;
	size_t ends, next_end;
	uint32_t crc, length;        /* of the member under way */
	uint32_t crc_table[8][256];
};

static bool is_zstd(const uint8_t h[4])
{
	return (h[0] == 0x28 && h[1] == 0xb5 && h[2] == 0x2f && h[3] == 0xfd) ||
	       (h[0] >= 0x50 && h[0] <= 0x5f && h[1] == 0x2a && h[2] == 0x4d && h[3] == 0x18);
}

static bool is_gzip(const uint8_t h[4])
{
	return h[0] == 0x1f && h[1] == 0x8b && h[2] == 0x08 && h[3] < 0x20;
}

static bool is_zip(const uint8_t h[4])
{
	return h[0] == 'P' && h[1] == 'K' && ((h[2] == 3 && h[3] == 4) || (h[2] == 5 && h[3] == 6));
}

bool unpack_recognised(const uint8_t head[4])
{
	return is_zstd(head) || is_gzip(head) || is_zip(head);
}

static void crc_prepare(struct unpacker *u)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t c = i;

		for (int k = 0; k < 8; k++)
			c = c & 1 ? 0xedb88320u ^ c >> 1 : c >> 1;
		u->crc_table[0][i] = c;
	}
	for (uint32_t i = 0; i < 256; i++) {
		for (int t = 1; t < 8; t++) {
			uint32_t c = u->crc_table[t - 1][i];

			u->crc_table[t][i] = u->crc_table[0][c & 0xff] ^ c >> 8;
		}
	}
}

/* CRC-32 of gzip, eight bytes a step. */
static uint32_t crc_add(const struct unpacker *u, uint32_t crc, const uint8_t *p, size_t n)
{
	crc = ~crc;
	for (; n >= 8; p += 8, n -= 8) {
		uint32_t a = crc ^ ((uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24);

		crc = u->crc_table[7][a & 0xff] ^ u->crc_table[6][a >> 8 & 0xff] ^ u->crc_table[5][a >> 16 & 0xff] ^
		      u->crc_table[4][a >> 24] ^ u->crc_table[3][p[4]] ^ u->crc_table[2][p[5]] ^ u->crc_table[1][p[6]] ^
		      u->crc_table[0][p[7]];
	}
	for (; n; p++, n--)
		crc = u->crc_table[0][(crc ^ *p) & 0xff] ^ crc >> 8;
	return ~crc;
}

static uint32_t le32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void add_end(struct unpacker *u, size_t *cap, const uint8_t *p)
{
	YG_GROW(u->end, u->ends, *cap);
	u->end[u->ends++] = (struct gzip_end){ le32(p), le32(p + 4) };
}

/* Where members may end: before each byte sequence that looks like a head, and at the end of the file. */
static enum yg_status find_ends(struct unpacker *u, struct yg_err *err)
{
	struct raw_file *raw = u->raw;
	uint8_t *p = yg_xalloc(PIECE + 16, 1);
	size_t cap = 0;
	uint64_t at = 0;
	enum yg_status status = YG_OK;

	while (status == YG_OK && at + 12 <= raw->size) { /* pieces overlap by 12 bytes */
		size_t n = raw->size - at < PIECE ? (size_t)(raw->size - at) : PIECE;

		status = yg_io_pread(raw->fd, p, n, at, raw->path, err);
		for (size_t i = 8; status == YG_OK && i + 4 <= n; i++) {
			const uint8_t *hit = memchr(p + i, 0x1f, n - 3 - i);

			if (!hit)
				break;
			i = (size_t)(hit - p);
			if (is_gzip(hit) && at + i > 18)
				add_end(u, &cap, hit - 8);
		}
		if (at + n == raw->size) {
			add_end(u, &cap, p + n - 8);
			break;
		}
		at += n - 12;
	}
	yg_free(p);
	return status;
}

static la_ssize_t on_read(struct archive *a, void *context, const void **buffer)
{
	struct unpacker *u = context;
	size_t got = 0;

	(void)a;
	u->failed = raw_read(u->raw, u->piece, PIECE, &got, &u->err);
	*buffer = u->piece;
	return u->failed == YG_OK ? (la_ssize_t)got : ARCHIVE_FATAL;
}

static enum yg_status broken(struct unpacker *u, const char *why, struct yg_err *err)
{
	if (u->failed != YG_OK) {
		if (err)
			*err = u->err;
		return u->failed;
	}
	yg_fail(err, YG_EINPUT, "E-IN-007", N_("%s: the packed file is damaged or cut short after %llu unpacked bytes (%s)"),
	        yg_path_file(u->raw->path), (unsigned long long)u->made, why);
	yg_err_hint(err, N_("fetch the file again; nothing was imported"));
	return YG_EINPUT;
}

/* A zip may hold one file (and folders). */
static enum yg_status first_entry(struct unpacker *u, struct yg_err *err)
{
	struct archive_entry *entry;

	for (;;) {
		int code = archive_read_next_header(u->a, &entry);

		if (code == ARCHIVE_EOF)
			return yg_fail(err, YG_EINPUT, "E-IN-008", N_("%s holds no file"), yg_path_file(u->raw->path));
		if (code < ARCHIVE_WARN)
			return broken(u, "libarchive", err);
		if (u->packing == PACKED_ZIP && archive_entry_is_encrypted(entry) > 0)
			return yg_fail(err, YG_EINPUT, "E-IN-009", N_("%s is locked with a password: unpack it first"),
			               yg_path_file(u->raw->path));
		if (archive_entry_filetype(entry) == AE_IFREG || u->packing != PACKED_ZIP)
			return YG_OK;
	}
}

enum yg_status unpack_open(struct raw_file *raw, struct unpacker **out, struct yg_err *err)
{
	struct unpacker *u = yg_xcalloc(1, sizeof *u);
	uint8_t magic[4];
	enum yg_status status;

	u->raw = raw;
	u->piece = yg_xalloc(PIECE, 1);
	u->a = archive_read_new();
	status = u->a ? yg_io_pread(raw->fd, magic, sizeof magic, 0, raw->path, err)
	              : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while opening a packed file"));
	if (status == YG_OK) {
		u->packing = is_zip(magic) ? PACKED_ZIP : is_gzip(magic) ? PACKED_GZIP : PACKED_ZSTD;
		if (u->packing == PACKED_ZIP) {
			archive_read_support_format_zip_streamable(u->a);
		} else {
			archive_read_support_format_raw(u->a);
			if (u->packing == PACKED_GZIP)
				archive_read_support_filter_gzip(u->a);
			else
				archive_read_support_filter_zstd(u->a);
		}
		crc_prepare(u);
		if (u->packing == PACKED_GZIP)
			status = find_ends(u, err);
	}
	if (status == YG_OK && archive_read_open(u->a, u, NULL, on_read, NULL) != ARCHIVE_OK)
		status = broken(u, "libarchive", err);
	if (status == YG_OK)
		status = first_entry(u, err);
	if (status == YG_OK)
		*out = u;
	else
		unpack_close(u);
	return status;
}

/* The bytes of gzip members, checked where a member's length is reached and its checksum agrees.
   A false head inside packed data names a length and checksum that never agree. */
static void check_gzip(struct unpacker *u, const uint8_t *p, size_t n)
{
	while (n) {
		size_t step = n;

		for (size_t i = u->next_end; i < u->ends && i < u->next_end + 8; i++) {
			uint32_t to_end = u->end[i].length - u->length;

			if (to_end && to_end < step)
				step = to_end;
		}
		u->crc = crc_add(u, u->crc, p, step);
		u->length += (uint32_t)step;
		p += step;
		n -= step;
		for (size_t i = u->next_end; i < u->ends && i < u->next_end + 8; i++) {
			if (u->end[i].length == u->length && u->end[i].crc == u->crc) {
				u->next_end = i + 1;
				u->crc = u->length = 0;
				break;
			}
		}
	}
}

static enum yg_status at_end(struct unpacker *u, struct yg_err *err)
{
	struct archive_entry *entry;
	int code;

	u->ended = true;
	if (u->packing == PACKED_GZIP && (u->next_end != u->ends || u->length))
		return broken(u, N_("a checksum differs, or other bytes follow"), err);
	code = archive_read_next_header(u->a, &entry);
	while (u->packing == PACKED_ZIP && code == ARCHIVE_OK && archive_entry_filetype(entry) == AE_IFDIR)
		code = archive_read_next_header(u->a, &entry);
	if (code == ARCHIVE_OK && u->packing == PACKED_ZIP)
		return yg_fail(err, YG_EINPUT, "E-IN-008", N_("%s holds several files: unpack it and name the one to import"),
		               yg_path_file(u->raw->path));
	return code == ARCHIVE_EOF ? YG_OK : broken(u, "libarchive", err);
}

enum yg_status unpack_read(struct unpacker *u, char *to, size_t size, size_t *got, struct yg_err *err)
{
	la_ssize_t n;

	*got = 0;
	if (u->ended)
		return YG_OK;
	n = archive_read_data(u->a, to, size);
	if (n < 0)
		return broken(u, "libarchive", err);
	if (!n)
		return at_end(u, err);
	u->made += (uint64_t)n;
	if (u->made > BOMB_AFTER && u->made / BOMB_RATIO > u->raw->at)
		return yg_fail(err, YG_ELIMIT, "E-LIM-003",
		               N_("%s unpacks to more than %u times its size: it is not read further"),
		               yg_path_file(u->raw->path), BOMB_RATIO);
	if (u->packing == PACKED_GZIP)
		check_gzip(u, (const uint8_t *)to, (size_t)n);
	*got = (size_t)n;
	return YG_OK;
}

void unpack_close(struct unpacker *u)
{
	if (!u)
		return;
	archive_read_free(u->a);
	yg_free(u->piece);
	yg_free(u->end);
	yg_free(u);
}
