/* Canonical bytes of values and the tree of digests over them. */
#include "yogo/store/fingerprint.h"

#include <stdlib.h>
#include <string.h>

#include "yogo/base/buf.h"
#include "yogo/base/canon.h"
#include "yogo/base/date.h"
#include "yogo/base/mem.h"

#define HAS_REASONS 0x80u
#define HAS_PRECISION 0x40u
#define PIECE 4096u

static bool any_reason(const struct yg_vec *vec)
{
	if (!vec->reason || !vec->valid)
		return false;
	for (uint32_t i = 0; i < vec->n; i++) {
		if (!yg_vec_valid(vec, i) && vec->reason[i])
			return true;
	}
	return false;
}

static bool any_precision(const struct yg_vec *vec)
{
	if (vec->type != YG_TYPE_DATE || !vec->precision)
		return false;
	for (uint32_t i = 0; i < vec->n; i++) {
		if (yg_vec_valid(vec, i) && vec->precision[i] != YG_DAY)
			return true;
	}
	return false;
}

static void add_head(struct yg_sha256 *h, const struct yg_vec *vec, uint8_t marks)
{
	const uint8_t head[6] = { 0x00, 'C', 'H', '1', 0x00, (uint8_t)((unsigned)vec->type | marks) };
	uint64_t word[64];
	size_t words = ((size_t)vec->n + 63) / 64, left = ((size_t)vec->n + 7) / 8;

	yg_sha256_add(h, head, sizeof head);
	yg_sha256_add_le32(h, vec->n);
	for (size_t at = 0; at < words; at += 64) {
		size_t m = words - at < 64 ? words - at : 64, bytes = m * 8 < left ? m * 8 : left;

		for (size_t i = 0; i < m; i++) {
			uint64_t bits = vec->valid ? vec->valid[at + i] : ~UINT64_C(0);
			size_t from = (at + i) * 64;

			if (from + 64 > vec->n)
				bits &= (UINT64_C(1) << (vec->n - from)) - 1;
			word[i] = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? bits : __builtin_bswap64(bits);
		}
		yg_sha256_add(h, word, bytes);
		left -= bytes;
	}
	if (marks & HAS_REASONS) {
		uint8_t byte[PIECE];
		size_t k = 0;

		for (uint32_t i = 0; i < vec->n; i++) {
			if (!yg_vec_valid(vec, i))
				byte[k++] = vec->reason[i];
			if (k == PIECE || (k && i + 1 == vec->n)) {
				yg_sha256_add(h, byte, k);
				k = 0;
			}
		}
	}
}

/* Fixed-width values: the valid ones, in order, little-endian.  A full column goes in one call. */
static void add_fixed(struct yg_sha256 *h, const struct yg_vec *vec, const void *value, size_t size)
{
	uint64_t piece[PIECE];
	uint8_t *to = (uint8_t *)piece;
	const uint8_t *from = value;
	size_t k = 0;

	if (!vec->valid && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) {
		yg_sha256_add(h, value, (size_t)vec->n * size);
		return;
	}
	for (uint32_t i = 0; i < vec->n; i++) {
		if (size == 8) {
			uint64_t v;

			memcpy(&v, from + (size_t)i * 8, 8);
			piece[k] = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? v : __builtin_bswap64(v);
		} else {
			uint32_t v;

			memcpy(&v, from + (size_t)i * 4, 4);
			v = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? v : __builtin_bswap32(v);
			memcpy(to + k * 4, &v, 4);
		}
		k += (size_t)yg_vec_valid(vec, i);
		if (k == PIECE) {
			yg_sha256_add(h, piece, k * size);
			k = 0;
		}
	}
	yg_sha256_add(h, piece, k * size);
}

static void add_flags(struct yg_sha256 *h, const struct yg_vec *vec)
{
	uint8_t bits[PIECE] = { 0 };
	size_t k = 0;

	for (uint32_t i = 0; i < vec->n; i++) {
		if (!yg_vec_valid(vec, i))
			continue;
		bits[k / 8] |= (uint8_t)((vec->v.flag[i] & 1u) << (k & 7));
		if (++k == PIECE * 8) {
			yg_sha256_add(h, bits, PIECE);
			memset(bits, 0, sizeof bits);
			k = 0;
		}
	}
	yg_sha256_add(h, bits, (k + 7) / 8);
}

static void add_precisions(struct yg_sha256 *h, const struct yg_vec *vec)
{
	uint8_t byte[PIECE];
	size_t k = 0;

	for (uint32_t i = 0; i < vec->n; i++) {
		if (yg_vec_valid(vec, i))
			byte[k++] = vec->precision[i];
		if (k == PIECE || (k && i + 1 == vec->n)) {
			yg_sha256_add(h, byte, k);
			k = 0;
		}
	}
}

static void put32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
	p[2] = (uint8_t)(v >> 16);
	p[3] = (uint8_t)(v >> 24);
}

static void add_string(struct yg_sha256 *h, uint8_t *piece, size_t size, size_t *k, const char *p, size_t n)
{
	if (*k + 4 + n > size) {
		yg_sha256_add(h, piece, *k);
		*k = 0;
	}
	if (4 + n > size) {
		uint8_t len[4];

		put32(len, (uint32_t)n);
		yg_sha256_add(h, len, 4);
		yg_sha256_add(h, p, n);
		return;
	}
	put32(piece + *k, (uint32_t)n);
	memcpy(piece + *k + 4, p, n);
	*k += 4 + n;
}

static void add_text(struct yg_sha256 *h, const struct yg_vec *vec)
{
	uint8_t piece[16384];
	size_t k = 0;

	for (uint32_t i = 0; i < vec->n; i++) {
		uint32_t from = vec->v.text.start[i];

		if (yg_vec_valid(vec, i))
			add_string(h, piece, sizeof piece, &k, vec->v.text.bytes + from,
			           vec->v.text.start[i + 1] - from);
	}
	yg_sha256_add(h, piece, k);
}

/* Levels hash as their text, so that the order of a dictionary does not matter. */
static void add_levels(struct yg_sha256 *h, const struct yg_vec *vec, const struct yg_str *level, size_t levels)
{
	enum { SLOT = 32 };
	uint8_t piece[16384], *ready = NULL;
	bool small = levels <= 4096;
	size_t k = 0;

	for (size_t i = 0; i < levels && small; i++)
		small = level[i].n + 4 <= SLOT;
	if (small && levels) { /* copy 32 bytes at a time, whatever the length */
		ready = yg_xcalloc(levels, SLOT);
		for (size_t i = 0; i < levels; i++) {
			put32(ready + i * SLOT, (uint32_t)level[i].n);
			memcpy(ready + i * SLOT + 4, level[i].p, level[i].n);
		}
	}
	for (uint32_t i = 0; i < vec->n; i++) {
		size_t code = (size_t)(uint32_t)vec->v.level[i];

		if (!yg_vec_valid(vec, i) || code >= levels)
			continue;
		if (ready) {
			if (k + SLOT > sizeof piece) {
				yg_sha256_add(h, piece, k);
				k = 0;
			}
			memcpy(piece + k, ready + code * SLOT, SLOT);
			k += 4 + level[code].n;
		} else {
			add_string(h, piece, sizeof piece, &k, level[code].p, level[code].n);
		}
	}
	yg_sha256_add(h, piece, k);
	yg_free(ready);
}

struct yg_digest yg_fingerprint_leaf(const struct yg_vec *vec, const struct yg_str *level, size_t levels)
{
	struct yg_sha256 h;
	uint8_t marks = 0;

	if (any_reason(vec))
		marks |= HAS_REASONS;
	if (any_precision(vec))
		marks |= HAS_PRECISION;
	yg_sha256_init(&h);
	add_head(&h, vec, marks);
	switch (vec->type) {
	case YG_TYPE_FLAG:
		add_flags(&h, vec);
		break;
	case YG_TYPE_INTEGER:
		add_fixed(&h, vec, vec->v.integer, 8);
		break;
	case YG_TYPE_INSTANT:
		add_fixed(&h, vec, vec->v.instant, 8);
		break;
	case YG_TYPE_NUMBER:
		add_fixed(&h, vec, vec->v.number, 8);
		break;
	case YG_TYPE_DATE:
		add_fixed(&h, vec, vec->v.date, 4);
		break;
	case YG_TYPE_LEVEL:
		add_levels(&h, vec, level, levels);
		break;
	case YG_TYPE_TEXT:
		add_text(&h, vec);
		break;
	}
	if (marks & HAS_PRECISION)
		add_precisions(&h, vec);
	return yg_sha256_end(&h);
}

static void canon_missing_codes(struct yg_canon *c, const struct yg_field *field)
{
	yg_canon_open_array(c);
	for (size_t i = 0; i < field->missing_codes; i++) {
		const struct yg_missing_code *code = &field->missing_code[i];

		yg_canon_open_array(c);
		yg_canon_string(c, code->value);
		yg_canon_int(c, code->reason);
		yg_canon_string(c, code->name ? code->name : "");
		yg_canon_close_array(c);
	}
	yg_canon_close_array(c);
}

struct yg_digest yg_fingerprint_column(const struct yg_field *field, const struct yg_digest *leaf, size_t leaves,
                                       uint64_t rows)
{
	struct yg_buf text = YG_BUF_INIT;
	struct yg_digest root = yg_merkle_root(leaf, leaves);
	struct yg_sha256 h;
	struct yg_canon c;

	yg_canon_init(&c, &text);
	yg_canon_open(&c);
	yg_canon_key(&c, "levels");
	yg_canon_open_array(&c);
	for (size_t i = 0; field->type == YG_TYPE_LEVEL && i < field->levels; i++)
		yg_canon_string(&c, field->level[i]);
	yg_canon_close_array(&c);
	yg_canon_key(&c, "missing_codes");
	canon_missing_codes(&c, field);
	yg_canon_key(&c, "name");
	yg_canon_string(&c, field->name);
	yg_canon_key(&c, "role");
	yg_canon_string(&c, yg_column_role_name(field->role));
	yg_canon_key(&c, "type");
	yg_canon_string(&c, field->type == YG_TYPE_INSTANT && field->instant_utc ? "instant-utc"
	                                                                         : yg_type_name(field->type));
	yg_canon_key(&c, "unit");
	yg_canon_string(&c, field->unit ? field->unit : "");
	yg_canon_close(&c);

	yg_sha256_init(&h);
	yg_sha256_add(&h, "COL1", 4);
	yg_sha256_add_le32(&h, (uint32_t)text.len);
	yg_sha256_add(&h, text.data, text.len);
	yg_sha256_add(&h, root.byte, sizeof root.byte);
	yg_sha256_add_le64(&h, rows);
	yg_buf_release(&text);
	return yg_sha256_end(&h);
}

struct yg_digest yg_fingerprint_table(const struct yg_digest *node, size_t n)
{
	struct yg_sha256 h;

	yg_sha256_init(&h);
	yg_sha256_add(&h, "TAB1", 4);
	yg_sha256_add_le32(&h, (uint32_t)n);
	for (size_t i = 0; i < n; i++)
		yg_sha256_add(&h, node[i].byte, sizeof node[i].byte);
	return yg_sha256_end(&h);
}

struct yg_digest yg_fingerprint_set(const char *const *name, const struct yg_digest *root, size_t n)
{
	size_t *order = yg_xalloc(n ? n : 1, sizeof *order);
	struct yg_sha256 h;

	for (size_t i = 0; i < n; i++) { /* few tables: insertion sort */
		size_t j = i;

		for (; j && strcmp(name[i], name[order[j - 1]]) < 0; j--)
			order[j] = order[j - 1];
		order[j] = i;
	}
	yg_sha256_init(&h);
	yg_sha256_add(&h, "SET1", 4);
	yg_sha256_add_le32(&h, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		const char *s = name[order[i]];

		yg_sha256_add_le32(&h, (uint32_t)strlen(s));
		yg_sha256_add(&h, s, strlen(s));
		yg_sha256_add(&h, root[order[i]].byte, sizeof root->byte);
	}
	yg_free(order);
	return yg_sha256_end(&h);
}
