/* Values of a block -> bytes: choice of encoding, packing, zstd where it pays. */
#include "yogo/store/encode.h"

#include <math.h>
#include <string.h>
#include <zstd.h>

#include "src/store/block_priv.h"
#include "src/store/encode_priv.h"
#include "src/store/hot_priv.h"
#include "src/store/stream_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/store/bitmap.h"
#include "yogo/store/fingerprint.h"

const double block_power[DECIMAL_SCALES] = { 1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
	                                     1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };

static const char *const encoding_names[YG_ENCODING_COUNT] = {
	[YG_ENCODING_CONSTANT] = "constant", [YG_ENCODING_PACKED] = "bit-packed",
	[YG_ENCODING_DELTA] = "delta",       [YG_ENCODING_RUNS] = "run-length",
	[YG_ENCODING_DECIMAL] = "decimal",   [YG_ENCODING_BITS] = "double",
	[YG_ENCODING_DICTIONARY] = "dictionary", [YG_ENCODING_TEXT] = "text",
};

const char *yg_encoding_name(enum yg_encoding e)
{
	size_t i = (size_t)e;

	return i > 0 && i < YG_ENCODING_COUNT ? encoding_names[i] : "unknown";
}

void yg_encoded_init(struct yg_encoded *block)
{
	memset(block, 0, sizeof *block);
	yg_buf_init(&block->bytes);
	yg_buf_init(&block->local);
}

void yg_encoded_release(struct yg_encoded *block)
{
	yg_buf_release(&block->bytes);
	yg_buf_release(&block->local);
	yg_free(block->tally.key);
	yg_free(block->tally.count);
	yg_encoded_init(block);
}

struct yg_encoder *yg_encoder_new(void)
{
	struct yg_encoder *e = yg_xcalloc(1, sizeof *e);

	yg_buf_init(&e->payload);
	yg_dict_init(&e->strings);
	return e;
}

void yg_encoder_free(struct yg_encoder *e)
{
	if (!e)
		return;
	yg_data_free(e->ints);
	yg_data_free(e->number);
	yg_data_free(e->count);
	yg_data_free(e->table);
	yg_buf_release(&e->payload);
	yg_dict_release(&e->strings);
	ZSTD_freeCCtx(e->zstd);
	yg_free(e);
}

static uint32_t first_valid(const struct yg_vec *vec)
{
	uint32_t i = 0;

	while (i < vec->n && !yg_vec_valid(vec, i))
		i++;
	return i;
}

static uint32_t count_missing(const struct yg_vec *vec)
{
	return vec->valid ? vec->n - (uint32_t)yg_bits_count(vec->valid, vec->n) : 0;
}

/*
 * All integer-like values as int64, invalid rows repeating the value before them, so that they
 * cost nothing in any encoding.
 */
static void widen(struct yg_encoder *e, const struct yg_vec *vec, uint32_t missing)
{
	uint32_t n = vec->n, first;
	int64_t last;

	switch (vec->type) {
	case YG_TYPE_FLAG:
		for (uint32_t i = 0; i < n; i++)
			e->ints[i] = vec->v.flag[i] & 1;
		break;
	case YG_TYPE_DATE:
	case YG_TYPE_LEVEL:
		for (uint32_t i = 0; i < n; i++)
			e->ints[i] = vec->v.date[i];
		break;
	default:
		memcpy(e->ints, vec->v.integer, (size_t)n * sizeof *e->ints);
	}
	if (!missing)
		return;
	first = first_valid(vec);
	last = first < n ? e->ints[first] : 0;
	for (uint32_t i = 0; i < n; i++)
		e->ints[i] = last = yg_vec_valid(vec, i) ? e->ints[i] : last;
}

STORE_CLONES
static bool needs_cleaning(const double *v, size_t n)
{
	i64x4 bad = { 0 };
	size_t i = 0;
	bool odd = false;

	for (; i + 4 <= n; i += 4) {
		f64x4 x = *(const f64x4 *)(v + i);
		u64x4 bits = *(const u64x4 *)(v + i);

		bad |= (x != x) | (i64x4)(bits == UINT64_C(0x8000000000000000));
	}
	for (int l = 0; l < 4; l++)
		odd |= bad[l] != 0;
	for (; i < n; i++)
		odd |= v[i] != v[i] || (v[i] == 0 && signbit(v[i]));
	return odd;
}

/* Canonical doubles: one NaN, no negative zero, invalid rows repeating the value before them. */
static const double *clean_numbers(struct yg_encoder *e, const struct yg_vec *vec, uint32_t missing)
{
	static const uint64_t nan_bits = UINT64_C(0x7ff8000000000000);
	uint32_t first;
	double last;

	if (!missing && !needs_cleaning(vec->v.number, vec->n))
		return vec->v.number;
	first = first_valid(vec);
	last = first < vec->n ? vec->v.number[first] : 0.0;
	for (uint32_t i = 0; i < vec->n; i++) {
		double x = yg_vec_valid(vec, i) ? vec->v.number[i] : last;

		if (x != x)
			memcpy(&x, &nan_bits, sizeof x);
		e->number[i] = last = x + 0.0; /* -0 + 0 is 0 */
	}
	return e->number;
}

#define ROUNDER 0x1.8p52 /* adding it rounds |x| < 2^51 to an integer, held in the low bits */

/* Integers v with v / 10^scale == x for all of x[n]; false at the first that has none. */
STORE_CLONES
static bool scale_numbers(const double *x, size_t n, double power, int64_t *out)
{
	const uint64_t offset = UINT64_C(0x4338000000000000);
	const double limit = 0x1p51;
	size_t i = 0;

	while (i + 4 <= n) {
		size_t stop = n - i < 512 ? n : i + 512;
		i64x4 bad = { 0 };

		for (; i + 4 <= stop; i += 4) {
			f64x4 v = *(const f64x4 *)(x + i), t = v * power + ROUNDER, r = t - ROUNDER;

			bad |= (r / power != v) | (r >= limit) | (r <= -limit);
			*(u64x4 *)(out + i) = (u64x4)t - offset;
		}
		if (bad[0] | bad[1] | bad[2] | bad[3])
			return false;
	}
	for (; i < n; i++) {
		double t = x[i] * power + ROUNDER, r = t - ROUNDER;
		uint64_t bits;

		memcpy(&bits, &t, sizeof bits);
		out[i] = (int64_t)(bits - offset);
		if (r / power != x[i] || r >= limit || r <= -limit)
			return false;
	}
	return true;
}

/* The smallest scale at which all are exact decimals, else -1.  A sample is tried before the whole. */
static int find_scale(const double *x, size_t n, int64_t *out)
{
	double sample[64];
	int64_t scratch[64];
	size_t m = n < 64 ? n : 64;

	for (size_t i = 0; i < m; i++)
		sample[i] = x[i * (n / m)];
	for (int scale = 0; scale < DECIMAL_SCALES; scale++) {
		if (scale_numbers(sample, m, block_power[scale], scratch) &&
		    scale_numbers(x, n, block_power[scale], out))
			return scale;
	}
	return -1;
}

static enum yg_encoding encoding_of(enum stream_kind kind)
{
	switch (kind) {
	case STREAM_CONSTANT:
		return YG_ENCODING_CONSTANT;
	case STREAM_DELTA:
		return YG_ENCODING_DELTA;
	case STREAM_RUNS:
		return YG_ENCODING_RUNS;
	default:
		return YG_ENCODING_PACKED;
	}
}

/* Few distinct doubles that are no short decimals (ages in years from days): a dictionary. */
static bool number_codes(struct yg_encoder *e, const double *x, uint32_t n, uint32_t *distinct, double *value)
{
	uint32_t limit = n / 8 < NUMBER_CODES ? n / 8 : NUMBER_CODES, found = 0;
	uint32_t *slot = e->count;

	memset(slot, 0, 4 * NUMBER_CODES * sizeof *slot);
	for (uint32_t i = 0; i < n; i++) {
		uint64_t bits;
		uint32_t at;

		memcpy(&bits, &x[i], sizeof bits);
		at = (uint32_t)(bits * UINT64_C(0x9e3779b97f4a7c15) >> 50);
		for (;; at = (at + 1) & (4 * NUMBER_CODES - 1)) {
			if (!slot[at]) {
				if (found == limit)
					return false;
				value[found++] = x[i];
				slot[at] = found;
				break;
			}
			if (!memcmp(&value[slot[at] - 1], &x[i], sizeof *x))
				break;
		}
		e->ints[i] = (int64_t)slot[at] - 1;
	}
	*distinct = found;
	return true;
}

static enum block_value put_numbers(struct yg_encoder *e, const double *x, uint32_t n, struct yg_encoded *out,
                                    int *scale)
{
	_Static_assert(sizeof(double) == sizeof(int64_t), "doubles are 64 bits");
	double value[NUMBER_CODES];
	uint32_t distinct;

	*scale = find_scale(x, n, e->ints);
	if (*scale >= 0) {
		enum stream_kind kind = stream_write(&e->payload, e->ints, n, &e->range);

		out->encoding = kind == STREAM_CONSTANT || kind == STREAM_RUNS ? encoding_of(kind)
		                                                                : YG_ENCODING_DECIMAL;
		return VALUE_DECIMAL;
	}
	if (number_codes(e, x, n, &distinct, value)) {
		yg_buf_add_le32(&e->payload, distinct);
		for (uint32_t i = 0; i < distinct; i++) {
			uint64_t bits;

			memcpy(&bits, &value[i], sizeof bits);
			yg_buf_add_le64(&e->payload, bits);
		}
		stream_write(&e->payload, e->ints, n, NULL);
		out->encoding = YG_ENCODING_DICTIONARY;
		return VALUE_NUMBERS;
	}
	memcpy(e->ints, x, (size_t)n * sizeof *x);
	stream_write(&e->payload, e->ints, n, NULL);
	out->encoding = YG_ENCODING_BITS;
	return VALUE_BITS;
}

static enum block_value put_text(struct yg_encoder *e, const struct yg_vec *vec, struct yg_encoded *out)
{
	const uint32_t *start = vec->v.text.start;
	uint32_t n = vec->n;
	size_t total = 0;

	yg_dict_clear(&e->strings);
	for (uint32_t i = 0; i < n && e->strings.count <= n / 2; i++)
		e->ints[i] = !yg_vec_valid(vec, i) ? 0
		             : (int64_t)yg_dict_intern(&e->strings, vec->v.text.bytes + start[i],
		                                       start[i + 1] - start[i]);
	if (e->strings.count <= n / 2) {
		const struct yg_dict *d = &e->strings;
		int64_t *length = yg_xalloc(d->count + 1, sizeof *length);

		for (uint32_t i = 0; i < d->count; i++)
			length[i] = (int64_t)(d->start[i + 1] - d->start[i]);
		yg_buf_add_le32(&e->payload, d->count);
		yg_buf_add_le32(&e->payload, (uint32_t)d->bytes.len);
		stream_write(&e->payload, length, d->count, NULL);
		stream_write(&e->payload, e->ints, n, NULL);
		yg_buf_add(&e->payload, d->bytes.data, d->bytes.len);
		yg_free(length);
		out->encoding = YG_ENCODING_DICTIONARY;
		return VALUE_STRINGS;
	}
	for (uint32_t i = 0; i < n; i++) {
		e->ints[i] = yg_vec_valid(vec, i) ? (int64_t)(start[i + 1] - start[i]) : 0;
		total += (size_t)e->ints[i];
	}
	yg_buf_add_le32(&e->payload, (uint32_t)total);
	stream_write(&e->payload, e->ints, n, NULL);
	for (uint32_t i = 0; i < n; i++)
		yg_buf_add(&e->payload, vec->v.text.bytes + start[i], (size_t)e->ints[i]);
	out->encoding = YG_ENCODING_TEXT;
	return VALUE_TEXT;
}

/* The bitmap comes before the values. */
static uint8_t put_bitmap(struct yg_encoder *e, const struct yg_vec *vec, uint32_t missing)
{
	if (!missing || missing == vec->n)
		return 0;
	for (size_t w = 0; w < yg_bits_words(vec->n); w++)
		yg_buf_add_le64(&e->payload, vec->valid[w]);
	return BLOCK_BITMAP;
}

/* Reasons and precisions follow the values. */
static uint8_t put_marks(struct yg_encoder *e, const struct yg_vec *vec, uint32_t missing)
{
	uint8_t marks = 0;
	bool any = false;
	uint32_t k = 0;

	if (missing && vec->reason) {
		for (uint32_t i = 0; i < vec->n; i++) {
			if (!yg_vec_valid(vec, i)) {
				any |= vec->reason[i] != 0;
				e->ints[k++] = vec->reason[i];
			}
		}
		if (any) {
			marks |= BLOCK_REASONS;
			stream_write(&e->payload, e->ints, k, NULL);
		}
	}
	if (vec->type == YG_TYPE_DATE && vec->precision) {
		any = false;
		for (uint32_t i = 0; i < vec->n; i++) {
			e->ints[i] = yg_vec_valid(vec, i) ? vec->precision[i] : 0;
			any |= e->ints[i] != 0;
		}
		if (any) {
			marks |= BLOCK_PRECISION;
			stream_write(&e->payload, e->ints, vec->n, NULL);
		}
	}
	return marks;
}

/* Bit-packed values that zstd shortens by less than an eighth are better left as they are: it would
   cost as much time as all else in encoding them, and again each time they are read. */
static bool pays(size_t packed, size_t plain)
{
	return packed * 8 < plain * 7;
}

static bool worth_trying(struct yg_encoder *e, int level)
{
	char sample[8192], packed[ZSTD_COMPRESSBOUND(8192)];
	size_t half = sizeof sample / 2, n = e->payload.len, got;

	if (n <= sizeof sample * 4)
		return n > 40;
	memcpy(sample, e->payload.data, half);
	memcpy(sample + half, e->payload.data + n / 2, half);
	got = ZSTD_compressCCtx(e->zstd, packed, sizeof packed, sample, sizeof sample, level);
	return !ZSTD_isError(got) && pays(got, sizeof sample);
}

/* Append the payload to out, compressed where that pays.  Returns the mark. */
static enum yg_status put_payload(struct yg_encoder *e, int level, struct yg_buf *out, uint8_t *mark, struct yg_err *err)
{
	size_t bound = ZSTD_compressBound(e->payload.len), got;

	if (level >= 0) {
		if (!e->zstd)
			e->zstd = ZSTD_createCCtx();
		if (!e->zstd)
			return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while compressing a block"));
		if (worth_trying(e, level)) {
			yg_buf_reserve(out, bound);
			got = ZSTD_compressCCtx(e->zstd, out->data + out->len, bound, e->payload.data,
			                        e->payload.len, level);
			if (!ZSTD_isError(got) && pays(got, e->payload.len)) {
				out->len += got;
				out->data[out->len] = 0;
				*mark |= BLOCK_ZSTD;
				return YG_OK;
			}
		}
	}
	yg_buf_add(out, e->payload.data, e->payload.len);
	return YG_OK;
}

/* zstd's level where none is asked for: in packed numbers there are no repetitions to look for. */
static int zstd_level(const struct yg_encode_options *options, enum yg_type type)
{
	if (options->level)
		return options->level;
	return type == YG_TYPE_TEXT ? 3 : 1;
}

static void put_head(struct yg_buf *out, const uint8_t head[8], uint32_t rows, uint32_t missing, uint32_t locals,
                     size_t raw)
{
	yg_buf_clear(out);
	yg_buf_add(out, head, 8);
	yg_buf_add_le32(out, rows);
	yg_buf_add_le32(out, missing);
	yg_buf_add_le32(out, locals);
	yg_buf_add_le32(out, (uint32_t)raw);
	yg_buf_add_le32(out, 0);
	yg_buf_add_le32(out, 0);
	yg_buf_fill(out, 0, (size_t)locals * 4);
}

static enum yg_status make_room(struct yg_encoder *e, uint32_t n, struct yg_err *err)
{
	if (e->ints && e->room >= n)
		return YG_OK;
	yg_data_free(e->ints);
	yg_data_free(e->number);
	e->room = n < 1024 ? 1024 : n;
	e->ints = yg_data_alloc(e->room, sizeof *e->ints);
	e->number = yg_data_alloc(e->room, sizeof *e->number);
	if (!e->count)
		e->count = yg_data_alloc(TALLY_RANGE, sizeof *e->count);
	if (!e->table)
		e->table = yg_data_alloc(TALLY_SLOTS, sizeof *e->table);
	if (!e->ints || !e->number || !e->count || !e->table) {
		e->room = 0;
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while encoding a block of a column"));
	}
	return YG_OK;
}

static void find_zone(const struct yg_vec *vec, struct yg_encoded *out)
{
	double low = INFINITY, high = -INFINITY;

	if (vec->type == YG_TYPE_TEXT || vec->type == YG_TYPE_LEVEL || out->missing == out->rows)
		return;
	for (uint32_t i = 0; i < vec->n; i++) {
		double x;

		if (!yg_vec_valid(vec, i))
			continue;
		switch (vec->type) {
		case YG_TYPE_FLAG:
			x = vec->v.flag[i] & 1;
			break;
		case YG_TYPE_DATE:
			x = vec->v.date[i];
			break;
		case YG_TYPE_NUMBER:
			x = vec->v.number[i];
			if (x != x)
				return; /* a NaN has no place in an order: no zone */
			break;
		default:
			x = (double)vec->v.integer[i];
		}
		low = x < low ? x : low;
		high = x > high ? x : high;
	}
	out->zoned = true;
	out->minimum = low;
	out->maximum = high;
}

/* Zone and tally of what is in e->ints, which is in units of 10^-scale. */
static void describe_integers(struct yg_encoder *e, const struct yg_vec *vec, int scale, bool tally,
                              struct yg_encoded *out)
{
	int64_t low = e->range.minimum, high = e->range.maximum;

	if (out->missing == out->rows)
		return;
	if (vec->type != YG_TYPE_LEVEL) {
		out->zoned = true;
		out->minimum = (double)low / block_power[scale];
		out->maximum = (double)high / block_power[scale];
	}
	if (tally)
		tally_integers(e, vec, low, high, scale, &out->tally);
}

/* The values of a block into the payload; *clean gets them canonically. */
static enum block_value put_values(struct yg_encoder *e, const struct yg_vec *vec, struct yg_vec *clean, bool tally,
                                   int *scale, struct yg_encoded *out)
{
	enum block_value value;

	switch (vec->type) {
	case YG_TYPE_NUMBER:
		clean->v.number = clean_numbers(e, vec, out->missing);
		value = put_numbers(e, clean->v.number, vec->n, out, scale);
		if (value == VALUE_DECIMAL) {
			describe_integers(e, vec, *scale, tally, out);
			return value;
		}
		find_zone(clean, out);
		out->tally.wide = value != VALUE_NUMBERS;
		if (tally && value == VALUE_NUMBERS && out->missing < out->rows)
			tally_doubles(e, clean, &out->tally);
		return value;
	case YG_TYPE_TEXT:
		out->tally.wide = true;
		return put_text(e, vec, out);
	default:
		widen(e, vec, out->missing);
		if (vec->type == YG_TYPE_LEVEL && out->missing == out->rows)
			memset(e->ints, 0, (size_t)vec->n * sizeof *e->ints);
		out->encoding = encoding_of(stream_write(&e->payload, e->ints, vec->n, &e->range));
		if (vec->type == YG_TYPE_LEVEL && out->encoding == YG_ENCODING_PACKED)
			out->encoding = YG_ENCODING_DICTIONARY;
		describe_integers(e, vec, 0, tally, out);
		return VALUE_INTEGERS;
	}
}

enum yg_status yg_block_encode(struct yg_encoder *e, const struct yg_vec *vec, const struct yg_dict *local,
                               const struct yg_encode_options *options, struct yg_encoded *out,
                               struct yg_err *err)
{
	uint8_t head[8] = { 'Y', 'B', BLOCK_VERSION, (uint8_t)vec->type, 0, 0, 0, 0 };
	struct yg_vec clean = *vec;
	struct yg_str *level = NULL;
	enum block_value value;
	uint8_t marks;
	int scale = 0;
	uint32_t locals = vec->type == YG_TYPE_LEVEL ? local->count : 0;

	YG_TRY(make_room(e, vec->n, err));
	if (vec->type == YG_TYPE_TEXT && vec->v.text.start[vec->n] > BLOCK_RAW_MAX / 2)
		return yg_fail(err, YG_ELIMIT, "E-LIM-006",
		               N_("a text column holds more than 512 MiB in 65,536 rows, more than a block can store"));
	yg_encoded_release(out);
	out->type = vec->type;
	out->rows = vec->n;
	out->missing = count_missing(vec);
	yg_buf_clear(&e->payload);
	marks = put_bitmap(e, vec, out->missing);

	value = put_values(e, vec, &clean, options->tally, &scale, out);
	head[5] = (uint8_t)value;
	head[6] = (uint8_t)(scale > 0 ? scale : 0);
	head[7] = (uint8_t)out->encoding;
	head[4] = (uint8_t)(marks | put_marks(e, vec, out->missing));
	put_head(&out->bytes, head, vec->n, out->missing, locals, e->payload.len);
	YG_TRY(put_payload(e, zstd_level(options, vec->type), &out->bytes, &head[4], err));
	out->bytes.data[4] = (char)head[4];
	if (out->bytes.len > BLOCK_STORED_MAX)
		return yg_fail(err, YG_ELIMIT, "E-LIM-006",
		               N_("a block of a column takes %zu bytes, more than can be stored (%u)"), out->bytes.len,
		               BLOCK_STORED_MAX);
	if (vec->type == YG_TYPE_LEVEL) {
		out->locals = locals;
		level = yg_xalloc(locals + 1, sizeof *level);
		for (uint32_t i = 0; i < locals; i++) {
			level[i] = yg_dict_get(local, i);
			yg_buf_add_le32(&out->local, (uint32_t)level[i].n);
			yg_buf_add(&out->local, level[i].p, level[i].n);
		}
	}
	if (!options->no_digest)
		out->leaf = yg_fingerprint_leaf(&clean, level, locals);
	yg_free(level);
	return YG_OK;
}
