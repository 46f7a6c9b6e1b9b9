/* Stored bytes of a block -> values.  Every length is checked against the bytes present. */
#include <string.h>
#include <zstd.h>

#include "src/store/block_priv.h"
#include "src/store/hot_priv.h"
#include "src/store/space_priv.h"
#include "src/store/stream_priv.h"
#include "yogo/base/date.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/store/bitmap.h"
#include "yogo/store/encode.h"

struct source {
	const uint8_t *p;
	size_t left;
	struct stream_reader reader;
};

static enum yg_status damaged(struct yg_err *err, const char *what)
{
	return yg_fail(err, YG_EDAMAGED, "E-INT-011", N_("a stored block is damaged: %s"), what);
}

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while reading a block of a column"));
}

/* Groups are whole: what lies behind the last value is written too, into room kept for it. */
STORE_CLONES
static void to_numbers(double *out, const uint64_t *group, double power)
{
	const uint64_t offset = UINT64_C(0x4338000000000000);

	if (power == 1) {
		for (uint32_t i = 0; i < STREAM_GROUP; i += 4)
			*(f64x4 *)(out + i) = (f64x4)(*(const u64x4 *)(group + i) + offset) - 0x1.8p52;
		return;
	}
	for (uint32_t i = 0; i < STREAM_GROUP; i += 4)
		*(f64x4 *)(out + i) = ((f64x4)(*(const u64x4 *)(group + i) + offset) - 0x1.8p52) / power;
}

STORE_CLONES
static void to_int32(int32_t *out, const uint64_t *group)
{
	typedef int32_t i32x4 __attribute__((vector_size(16), aligned(4), may_alias));

	for (uint32_t i = 0; i < STREAM_GROUP; i += 4)
		*(i32x4 *)(out + i) = __builtin_convertvector(*(const i64x4 *)(group + i), i32x4);
}

/* Room for n values, rounded up to whole groups, so that groups are written without a tail case. */
static void *room_for(struct yg_vec_space *space, uint32_t n, size_t size)
{
	size_t padded = ((size_t)n + STREAM_GROUP - 1) / STREAM_GROUP * STREAM_GROUP;

	return space_want(&space->value, &space->value_size, padded * size);
}

static enum yg_status read_ints(struct source *s, uint32_t n, int64_t *out, struct yg_err *err)
{
	if (!stream_open(&s->reader, &s->p, &s->left, n))
		return damaged(err, "a stream is cut short");
	for (uint32_t at = 0, m; at < n; at += m) {
		m = stream_next(&s->reader, (uint64_t *)out + at);
		if (!m)
			return damaged(err, "a stream has too few values");
	}
	return YG_OK;
}

/* Level codes of the block -> level positions, through one table. */
static enum yg_status read_levels(struct source *s, uint32_t n, const int32_t *map, uint32_t locals, int32_t *out,
                                  struct yg_err *err)
{
	uint64_t group[STREAM_GROUP] __attribute__((aligned(64)));

	if (!stream_open(&s->reader, &s->p, &s->left, n))
		return damaged(err, "a stream is cut short");
	for (uint32_t at = 0, m; at < n; at += m) {
		uint64_t high = 0;

		m = stream_next(&s->reader, group);
		if (!m)
			return damaged(err, "a stream has too few values");
		for (uint32_t i = 0; i < m; i++)
			high = group[i] > high ? group[i] : high;
		if (high >= locals)
			return damaged(err, "a code is outside its dictionary");
		for (uint32_t i = 0; i < m; i++)
			out[at + i] = map[group[i]];
	}
	return YG_OK;
}

static enum yg_status read_plain(struct source *s, struct yg_vec *vec, struct yg_vec_space *space,
                                 struct yg_err *err)
{
	uint64_t group[STREAM_GROUP] __attribute__((aligned(64)));
	uint8_t *flag = NULL;
	int32_t *date = NULL;

	if (vec->type == YG_TYPE_INTEGER || vec->type == YG_TYPE_INSTANT) {
		int64_t *out = room_for(space, vec->n, sizeof *out);

		vec->v.integer = out;
		return out ? read_ints(s, vec->n, out, err) : no_memory(err);
	}
	if (vec->type == YG_TYPE_FLAG)
		vec->v.flag = flag = room_for(space, vec->n, sizeof *flag);
	else
		vec->v.date = date = room_for(space, vec->n, sizeof *date);
	if (!flag && !date)
		return no_memory(err);
	if (!stream_open(&s->reader, &s->p, &s->left, vec->n))
		return damaged(err, "a stream is cut short");
	for (uint32_t at = 0, m; at < vec->n; at += m) {
		m = stream_next(&s->reader, group);
		if (!m)
			return damaged(err, "a stream has too few values");
		if (date) {
			to_int32(date + at, group);
		} else {
			for (uint32_t i = 0; i < m; i++)
				flag[at + i] = group[i] & 1;
		}
	}
	return YG_OK;
}

static enum yg_status read_decimal(struct source *s, unsigned scale, struct yg_vec *vec, struct yg_vec_space *space,
                                   struct yg_err *err)
{
	uint64_t group[STREAM_GROUP] __attribute__((aligned(64)));
	double *out = room_for(space, vec->n, sizeof *out);

	if (!out)
		return no_memory(err);
	if (scale >= DECIMAL_SCALES || !stream_open(&s->reader, &s->p, &s->left, vec->n))
		return damaged(err, "a stream is cut short");
	for (uint32_t at = 0, m; at < vec->n; at += m) {
		m = stream_next(&s->reader, group);
		if (!m)
			return damaged(err, "a stream has too few values");
		to_numbers(out + at, group, block_power[scale]);
	}
	vec->v.number = out;
	return YG_OK;
}

static enum yg_status read_bits(struct source *s, struct yg_vec *vec, struct yg_vec_space *space, struct yg_err *err)
{
	void *out = room_for(space, vec->n, sizeof(double));

	if (!out)
		return no_memory(err);
	YG_TRY(read_ints(s, vec->n, out, err));
	vec->v.number = out;
	return YG_OK;
}

static enum yg_status read_number_codes(struct source *s, struct yg_vec *vec, struct yg_vec_space *space,
                                        struct yg_err *err)
{
	uint64_t *out = room_for(space, vec->n, sizeof *out);
	const uint8_t *value;
	uint32_t n;

	if (!out)
		return no_memory(err);
	if (s->left < 4)
		return damaged(err, "a dictionary is cut short");
	n = get32(s->p);
	value = s->p + 4;
	if ((s->left - 4) / 8 < n)
		return damaged(err, "a dictionary is cut short");
	s->p += 4 + (size_t)n * 8;
	s->left -= 4 + (size_t)n * 8;
	YG_TRY(read_ints(s, vec->n, (int64_t *)out, err));
	for (uint32_t i = 0; i < vec->n; i++) {
		if (out[i] >= n)
			return damaged(err, "a code is outside its dictionary");
		out[i] = get64(value + out[i] * 8);
	}
	vec->v.number = (const double *)(const void *)out;
	return YG_OK;
}

/* Lengths -> n + 1 offsets, in place of the values' space. */
static enum yg_status read_offsets(struct source *s, uint32_t n, uint32_t *start, uint64_t *total, struct yg_err *err)
{
	uint64_t group[STREAM_GROUP] __attribute__((aligned(64))), sum = 0;

	if (!stream_open(&s->reader, &s->p, &s->left, n))
		return damaged(err, "a stream is cut short");
	for (uint32_t at = 0, m; at < n; at += m) {
		m = stream_next(&s->reader, group);
		if (!m)
			return damaged(err, "a stream has too few values");
		for (uint32_t i = 0; i < m; i++) {
			start[at + i] = (uint32_t)sum;
			if (group[i] > BLOCK_RAW_MAX || (sum += group[i]) > BLOCK_RAW_MAX)
				return damaged(err, "a text is longer than a block can be");
		}
	}
	start[n] = (uint32_t)sum;
	*total = sum;
	return YG_OK;
}

static enum yg_status read_text(struct source *s, struct yg_vec *vec, struct yg_vec_space *space, struct yg_err *err)
{
	uint32_t *start = room_for(space, vec->n + 1, sizeof *start), bytes;
	uint64_t total;

	if (!start)
		return no_memory(err);
	if (s->left < 4)
		return damaged(err, "text is cut short");
	bytes = get32(s->p);
	s->p += 4;
	s->left -= 4;
	YG_TRY(read_offsets(s, vec->n, start, &total, err));
	if (total != bytes || s->left < bytes)
		return damaged(err, "text is cut short");
	vec->v.text.start = start;
	vec->v.text.bytes = (const char *)s->p;
	s->p += bytes;
	s->left -= bytes;
	return YG_OK;
}

/* The strings of a block's dictionary, spread over its rows. */
static enum yg_status spread(const uint8_t *bytes, const uint32_t *from, uint32_t strings, const uint64_t *code,
                             struct yg_vec *vec, uint32_t *start, struct yg_vec_space *space, struct yg_err *err)
{
	uint64_t total = 0;
	char *text;

	for (uint32_t i = 0; i < vec->n; i++) {
		if (code[i] >= strings && (strings || code[i]))
			return damaged(err, "a code is outside its dictionary");
		start[i] = (uint32_t)total;
		if (strings && yg_vec_valid(vec, i))
			total += from[code[i] + 1] - from[code[i]];
		if (total > BLOCK_RAW_MAX)
			return damaged(err, "a text is longer than a block can be");
	}
	start[vec->n] = (uint32_t)total;
	text = space_want(&space->text, &space->text_size, (size_t)total + 1);
	if (!text)
		return no_memory(err);
	for (uint32_t i = 0; i < vec->n; i++) {
		if (start[i + 1] > start[i])
			memcpy(text + start[i], bytes + from[code[i]], start[i + 1] - start[i]);
	}
	vec->v.text.start = start;
	vec->v.text.bytes = text;
	return YG_OK;
}

static enum yg_status read_strings(struct source *s, struct yg_vec *vec, struct yg_vec_space *space,
                                   struct yg_err *err)
{
	uint32_t strings, bytes, *start = room_for(space, vec->n + 1, sizeof *start), *from = NULL;
	uint64_t *code = NULL, total;
	enum yg_status status;

	if (!start)
		return no_memory(err);
	if (s->left < 8)
		return damaged(err, "a dictionary is cut short");
	strings = get32(s->p);
	bytes = get32(s->p + 4);
	s->p += 8;
	s->left -= 8;
	if (strings > vec->n)
		return damaged(err, "a dictionary has more strings than the block has rows");
	from = yg_data_alloc((size_t)strings + STREAM_GROUP * 2, sizeof *from);
	code = yg_data_alloc((size_t)vec->n + STREAM_GROUP * 2, sizeof *code);
	if (!from || !code) {
		status = no_memory(err);
		goto out;
	}
	status = read_offsets(s, strings, from, &total, err);
	if (status == YG_OK)
		status = read_ints(s, vec->n, (int64_t *)code, err);
	if (status != YG_OK)
		goto out;
	if (total != bytes || s->left < bytes) {
		status = damaged(err, "a dictionary is cut short");
		goto out;
	}
	status = spread(s->p, from, strings, code, vec, start, space, err);
	s->p += bytes;
	s->left -= bytes;
out:
	yg_data_free(from);
	yg_data_free(code);
	return status;
}

/* Reasons of the missing rows, precisions of dates. */
static enum yg_status read_marks(struct source *s, unsigned marks, uint32_t missing, struct yg_vec *vec,
                                 struct yg_vec_space *space, struct yg_err *err)
{
	int64_t *wide = NULL;
	enum yg_status status = YG_OK;

	if (!(marks & (BLOCK_REASONS | BLOCK_PRECISION)))
		return YG_OK;
	wide = yg_data_alloc((size_t)vec->n + STREAM_GROUP * 2, sizeof *wide);
	if (!wide)
		return no_memory(err);
	if (marks & BLOCK_REASONS) {
		uint8_t *reason = space_want(&space->reason, &space->reason_size, vec->n);
		uint32_t k = 0;

		status = !reason ? no_memory(err) : read_ints(s, missing, wide, err);
		if (status != YG_OK)
			goto out;
		for (uint32_t i = 0; i < vec->n; i++)
			reason[i] = yg_vec_valid(vec, i) ? 0 : (uint8_t)wide[k++];
		vec->reason = reason;
	}
	if (marks & BLOCK_PRECISION) {
		uint8_t *precision = space_want(&space->precision, &space->precision_size, vec->n);

		status = !precision ? no_memory(err) : read_ints(s, vec->n, wide, err);
		if (status != YG_OK)
			goto out;
		for (uint32_t i = 0; i < vec->n; i++) {
			if ((uint64_t)wide[i] > YG_YEAR) {
				status = damaged(err, "a date has an unknown precision");
				goto out;
			}
			precision[i] = (uint8_t)wide[i];
		}
		vec->precision = precision;
	}
out:
	yg_data_free(wide);
	return status;
}

static enum yg_status read_valid(struct source *s, unsigned marks, uint32_t missing, struct yg_vec *vec,
                                 struct yg_vec_space *space, struct yg_err *err)
{
	size_t words = yg_bits_words(vec->n);
	uint64_t *valid;

	if (!missing)
		return marks & BLOCK_BITMAP ? damaged(err, "a bitmap where nothing is missing") : YG_OK;
	valid = space_want(&space->valid, &space->valid_size, words * sizeof *valid);
	if (!valid)
		return no_memory(err);
	if (!(marks & BLOCK_BITMAP)) {
		if (missing != vec->n)
			return damaged(err, "a bitmap is absent");
		memset(valid, 0, words * sizeof *valid);
	} else {
		if (s->left < words * sizeof *valid)
			return damaged(err, "a bitmap is cut short");
		for (size_t w = 0; w < words; w++)
			valid[w] = get64(s->p + w * 8);
		s->p += words * 8;
		s->left -= words * 8;
		if ((vec->n & 63) && valid[words - 1] >> (vec->n & 63))
			return damaged(err, "a bitmap is longer than the block");
		if (yg_bits_count(valid, vec->n) + missing != vec->n)
			return damaged(err, "a bitmap has another number of missing values");
	}
	vec->valid = valid;
	return YG_OK;
}

static enum yg_status read_values(struct source *s, const uint8_t *head, const int32_t *map, uint32_t locals,
                                  struct yg_vec *vec, struct yg_vec_space *space, struct yg_err *err)
{
	bool number = vec->type == YG_TYPE_NUMBER, text = vec->type == YG_TYPE_TEXT;

	switch ((enum block_value)head[5]) {
	case VALUE_INTEGERS:
		if (vec->type == YG_TYPE_LEVEL) {
			int32_t *out = room_for(space, vec->n, sizeof *out);

			vec->v.level = out;
			return out ? read_levels(s, vec->n, map, locals, out, err) : no_memory(err);
		}
		if (!number && !text)
			return read_plain(s, vec, space, err);
		break;
	case VALUE_DECIMAL:
		if (number)
			return read_decimal(s, head[6], vec, space, err);
		break;
	case VALUE_BITS:
		if (number)
			return read_bits(s, vec, space, err);
		break;
	case VALUE_NUMBERS:
		if (number)
			return read_number_codes(s, vec, space, err);
		break;
	case VALUE_TEXT:
		if (text)
			return read_text(s, vec, space, err);
		break;
	case VALUE_STRINGS:
		if (text)
			return read_strings(s, vec, space, err);
		break;
	}
	return damaged(err, "an encoding does not fit the column's type");
}

/* Undo zstd: the payload ends up behind *s. */
static enum yg_status unpack(const uint8_t *head, struct source *s, struct yg_vec_space *space, size_t used,
                             struct yg_err *err)
{
	size_t raw = get32(head + 20), got;
	char *room;

	if (!(head[4] & BLOCK_ZSTD))
		return s->left == raw ? YG_OK : damaged(err, "its length is not the one written");
	if (raw > BLOCK_RAW_MAX || raw / 65536 > s->left ||
	    ZSTD_getFrameContentSize(s->p, s->left) != (unsigned long long)raw)
		return damaged(err, "its length is not the one written");
	room = space_want(&space->packed, &space->packed_size, used + raw);
	if (!room)
		return no_memory(err);
	got = ZSTD_decompress(room + used, raw, s->p, s->left);
	if (ZSTD_isError(got) || got != raw)
		return damaged(err, "zstd cannot decompress it");
	s->p = (const uint8_t *)room + used;
	s->left = raw;
	return YG_OK;
}

/* Room behind the stored bytes for what they unpack to; they move, and *head and s with them. */
static enum yg_status make_way(const uint8_t **head, struct source *s, struct yg_vec_space *space, size_t n, size_t used,
                               struct yg_err *err)
{
	size_t raw = get32(*head + 20);
	char *copy;

	if (space->packed_size >= used + raw)
		return YG_OK;
	if (raw > BLOCK_RAW_MAX || raw / 65536 > s->left)
		return damaged(err, "its length is not the one written");
	copy = yg_data_alloc(used + raw, 1);
	if (!copy)
		return no_memory(err);
	memcpy(copy, *head, n);
	s->p = (const uint8_t *)copy + (s->p - *head);
	*head = (const uint8_t *)copy;
	yg_data_free(space->packed);
	space->packed = copy;
	space->packed_size = used + raw;
	return YG_OK;
}

static enum yg_status make_map(const uint8_t *remap, uint32_t locals, const int32_t *position, size_t positions,
                               int32_t *map, struct yg_err *err)
{
	for (uint32_t i = 0; i < locals; i++) {
		uint32_t code = get32(remap + (size_t)i * 4);

		if (code >= positions)
			return damaged(err, "a code is outside the column's dictionary");
		map[i] = position[code];
	}
	if (!locals)
		map[0] = 0; /* all rows missing */
	return YG_OK;
}

enum yg_status yg_block_decode(const void *bytes, size_t n, enum yg_type type, uint32_t rows,
                               const int32_t *position, size_t positions, struct yg_vec_space *space,
                               struct yg_vec *out, struct yg_err *err)
{
	struct source s;
	const uint8_t *head = bytes;
	struct yg_vec vec = { .type = type, .n = rows };
	uint32_t missing, locals;
	int32_t small[256], *map = small;
	enum yg_status status;
	/* Bytes that themselves lie in space->packed stay where they are; what is unpacked follows them. */
	size_t used = bytes == space->packed ? (n + 63) / 64 * 64 : 0;

	if (n < BLOCK_HEAD || head[0] != 'Y' || head[1] != 'B' || head[2] != BLOCK_VERSION)
		return damaged(err, "it does not begin like a block");
	if (head[3] != (uint8_t)type || get32(head + 8) != rows)
		return damaged(err, "it belongs to another column");
	missing = get32(head + 12);
	locals = get32(head + 16);
	if (missing > rows || (locals && type != YG_TYPE_LEVEL) || (n - BLOCK_HEAD) / 4 < locals)
		return damaged(err, "its head contradicts itself");
	s.p = head + BLOCK_HEAD + (size_t)locals * 4;
	s.left = n - BLOCK_HEAD - (size_t)locals * 4;
	if (locals >= 256 && !(map = yg_data_alloc((size_t)locals + 1, sizeof *map)))
		return no_memory(err);
	status = make_map(head + BLOCK_HEAD, locals, position, positions, map, err);
	if (status == YG_OK && used && (head[4] & BLOCK_ZSTD))
		status = make_way(&head, &s, space, n, used, err);
	if (status == YG_OK)
		status = unpack(head, &s, space, used, err);
	/* Spreading strings skips missing rows, so the bitmap is stored first. */
	if (status == YG_OK)
		status = read_valid(&s, head[4], missing, &vec, space, err);
	if (status == YG_OK)
		status = read_values(&s, head, map, locals ? locals : 1, &vec, space, err);
	if (status == YG_OK)
		status = read_marks(&s, head[4], missing, &vec, space, err);
	if (status == YG_OK && s.left)
		status = damaged(err, "bytes are left over");
	if (map != small)
		yg_data_free(map);
	if (status == YG_OK)
		*out = vec;
	return status;
}
