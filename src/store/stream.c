/* Integer streams: constant, frame-of-reference bit packing, differences, runs. */
#include "src/store/stream_priv.h"

#include <string.h>

#include "src/store/hot_priv.h"
#include "yogo/base/mem.h"

#define LANES 8u
#define STEPS (STREAM_GROUP / LANES)

static unsigned bits_of(uint64_t v)
{
	return v ? 64u - (unsigned)__builtin_clzll(v) : 0u;
}

static size_t groups_of(size_t n)
{
	return (n + STREAM_GROUP - 1) / STREAM_GROUP;
}

/* Pack 512 values below 2^width into width * 64 bytes.  Eight lanes are two vectors of four. */
STORE_CLONES
static void pack_group(uint8_t *out, const uint64_t *v, unsigned width)
{
	u64x4 low = { 0 }, high = { 0 };
	unsigned bit = 0;

	for (unsigned k = 0; k < STEPS; k++) {
		u64x4 x = *(const u64x4 *)(v + k * LANES), y = *(const u64x4 *)(v + k * LANES + 4);

		low |= x << bit;
		high |= y << bit;
		bit += width;
		if (bit >= 64) {
			*(u64x4_loose *)out = low;
			*(u64x4_loose *)(out + 32) = high;
			out += 64;
			bit -= 64;
			low = bit ? x >> (width - bit) : (u64x4){ 0 };
			high = bit ? y >> (width - bit) : (u64x4){ 0 };
		}
	}
}

/* The reverse; width 1 to 64; every value gets base added. */
STORE_CLONES
static void unpack_group(uint64_t *out, const uint8_t *in, unsigned width, uint64_t base)
{
	const uint64_t mask = width == 64 ? ~UINT64_C(0) : (UINT64_C(1) << width) - 1;
	u64x4 low = *(const u64x4_loose *)in, high = *(const u64x4_loose *)(in + 32);
	unsigned bit = 0;

	for (unsigned k = 0; k < STEPS; k++) {
		u64x4 x = low >> bit, y = high >> bit;

		bit += width;
		if (bit >= 64 && k + 1 < STEPS) {
			bit -= 64;
			in += 64;
			low = *(const u64x4_loose *)in;
			high = *(const u64x4_loose *)(in + 32);
			if (bit) {
				x |= low << (width - bit);
				y |= high << (width - bit);
			}
		}
		*(u64x4 *)(out + k * LANES) = (x & mask) + base;
		*(u64x4 *)(out + k * LANES + 4) = (y & mask) + base;
	}
}

struct survey {
	int64_t minimum, maximum;
	uint64_t step_minimum, step_maximum; /* of signed differences */
	size_t runs;
};

STORE_CLONES
static void survey_values(const int64_t *v, size_t n, struct survey *s)
{
	int64_t low = v[0], high = v[0], step_low = INT64_MAX, step_high = INT64_MIN;
	uint64_t runs = 1;
	size_t i = 1;
	i64x4 vlow = { v[0], v[0], v[0], v[0] }, vhigh = vlow, changes = { 0 };
	i64x4 slow = { INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX }, shigh = ~slow;

	for (; i + 4 <= n; i += 4) {
		i64x4 x = *(const i64x4 *)(v + i), before = *(const i64x4 *)(v + i - 1);
		i64x4 d = (i64x4)((u64x4)x - (u64x4)before), m;

		m = x < vlow;
		vlow = (x & m) | (vlow & ~m);
		m = x > vhigh;
		vhigh = (x & m) | (vhigh & ~m);
		m = d < slow;
		slow = (d & m) | (slow & ~m);
		m = d > shigh;
		shigh = (d & m) | (shigh & ~m);
		changes -= x != before;
	}
	for (int l = 0; l < 4; l++) {
		low = vlow[l] < low ? vlow[l] : low;
		high = vhigh[l] > high ? vhigh[l] : high;
		step_low = slow[l] < step_low ? slow[l] : step_low;
		step_high = shigh[l] > step_high ? shigh[l] : step_high;
		runs += (uint64_t)changes[l];
	}
	for (; i < n; i++) {
		int64_t d = (int64_t)((uint64_t)v[i] - (uint64_t)v[i - 1]);

		low = v[i] < low ? v[i] : low;
		high = v[i] > high ? v[i] : high;
		step_low = d < step_low ? d : step_low;
		step_high = d > step_high ? d : step_high;
		runs += v[i] != v[i - 1];
	}
	*s = (struct survey){ low, high, (uint64_t)step_low, (uint64_t)step_high, (size_t)runs };
}

static void put_head(struct yg_buf *out, enum stream_kind kind, unsigned width, size_t n, uint64_t base)
{
	yg_buf_addc(out, (char)kind);
	yg_buf_addc(out, (char)width);
	yg_buf_add(out, "\0", 2);
	yg_buf_add_le32(out, (uint32_t)n);
	yg_buf_add_le64(out, base);
}

static void put_packed(struct yg_buf *out, const int64_t *v, size_t n, unsigned width, uint64_t base)
{
	uint64_t group[STREAM_GROUP];

	yg_buf_reserve(out, groups_of(n) * width * 64);
	for (size_t at = 0; at < n; at += STREAM_GROUP) {
		size_t m = n - at < STREAM_GROUP ? n - at : STREAM_GROUP;

		for (size_t i = 0; i < m; i++)
			group[i] = (uint64_t)v[at + i] - base;
		memset(group + m, 0, (STREAM_GROUP - m) * sizeof *group);
		pack_group((uint8_t *)out->data + out->len, group, width);
		out->len += (size_t)width * 64;
	}
	out->data[out->len] = 0;
}

static void put_delta(struct yg_buf *out, const int64_t *v, size_t n, unsigned width, uint64_t step)
{
	uint64_t group[STREAM_GROUP], before = (uint64_t)v[0] - step;

	yg_buf_reserve(out, groups_of(n) * width * 64);
	for (size_t at = 0; at < n; at += STREAM_GROUP) {
		size_t m = n - at < STREAM_GROUP ? n - at : STREAM_GROUP;

		for (size_t i = 0; i < m; i++) {
			group[i] = (uint64_t)v[at + i] - before - step;
			before = (uint64_t)v[at + i];
		}
		memset(group + m, 0, (STREAM_GROUP - m) * sizeof *group);
		if (width) {
			pack_group((uint8_t *)out->data + out->len, group, width);
			out->len += (size_t)width * 64;
		}
	}
	out->data[out->len] = 0;
}

static enum stream_kind write_part(struct yg_buf *out, const int64_t *v, size_t n, const struct survey *s)
{
	uint64_t range = (uint64_t)s->maximum - (uint64_t)s->minimum;
	unsigned width = bits_of(range), step_width;

	if (!range) {
		put_head(out, STREAM_CONSTANT, 0, n, (uint64_t)s->minimum);
		return STREAM_CONSTANT;
	}
	step_width = n > 1 ? bits_of(s->step_maximum - s->step_minimum) : 64;
	/* Differences cannot wrap below 2^62; they must save a quarter, for they decode in sequence. */
	if (range < UINT64_C(1) << 62 && step_width * 4 <= width * 3) {
		put_head(out, STREAM_DELTA, step_width, n, (uint64_t)v[0] - s->step_minimum);
		yg_buf_add_le64(out, s->step_minimum);
		put_delta(out, v, n, step_width, s->step_minimum);
		return STREAM_DELTA;
	}
	put_head(out, STREAM_PACKED, width, n, (uint64_t)s->minimum);
	put_packed(out, v, n, width, (uint64_t)s->minimum);
	return STREAM_PACKED;
}

static void write_runs(struct yg_buf *out, const int64_t *v, size_t n, size_t runs)
{
	int64_t *value = yg_xalloc(runs, sizeof *value), *length = yg_xalloc(runs, sizeof *length);
	size_t k = 0, from = 0;
	struct survey s;

	for (size_t i = 1; i <= n; i++) {
		if (i < n && v[i] == v[i - 1])
			continue;
		value[k] = v[i - 1];
		length[k++] = (int64_t)(i - from);
		from = i;
	}
	yg_buf_addc(out, (char)STREAM_RUNS);
	yg_buf_add(out, "\0\0", 3);
	yg_buf_add_le32(out, (uint32_t)n);
	yg_buf_add_le64(out, runs);
	survey_values(value, runs, &s);
	write_part(out, value, runs, &s);
	survey_values(length, runs, &s);
	write_part(out, length, runs, &s);
	yg_free(value);
	yg_free(length);
}

enum stream_kind stream_write(struct yg_buf *out, const int64_t *v, size_t n, struct stream_range *range)
{
	struct survey s;

	if (!n) {
		put_head(out, STREAM_CONSTANT, 0, 0, 0);
		return STREAM_CONSTANT;
	}
	survey_values(v, n, &s);
	if (range)
		*range = (struct stream_range){ s.minimum, s.maximum };
	if (s.minimum != s.maximum && s.runs <= n / 16) {
		unsigned width = bits_of((uint64_t)s.maximum - (uint64_t)s.minimum);
		unsigned step = bits_of(s.step_maximum - s.step_minimum);
		size_t packed = n * (step < width ? step : width) / 8;

		if (groups_of(s.runs) * 64 * (width + 17) < packed / 2) {
			write_runs(out, v, n, s.runs);
			return STREAM_RUNS;
		}
	}
	return write_part(out, v, n, &s);
}

static bool open_part(struct stream_part *part, const uint8_t **p, size_t *left, uint32_t count)
{
	size_t head = 16, body;

	if (*left < head)
		return false;
	part->kind = (enum stream_kind)(*p)[0];
	part->width = (*p)[1];
	part->count = get32(*p + 4);
	part->base = get64(*p + 8);
	part->done = 0;
	part->step = 0;
	if (part->count != count || part->width > 64 || (*p)[2] || (*p)[3])
		return false;
	if (part->kind == STREAM_DELTA) {
		if (*left < head + 8)
			return false;
		part->step = get64(*p + 16);
		head += 8;
	} else if (part->kind == STREAM_PACKED) {
		if (!part->width)
			return false;
	} else if (part->kind != STREAM_CONSTANT || part->width) {
		return false;
	}
	body = groups_of(count) * part->width * 64;
	if (*left - head < body)
		return false;
	part->data = *p + head;
	*p += head + body;
	*left -= head + body;
	return true;
}

bool stream_open(struct stream_reader *r, const uint8_t **p, size_t *left, uint32_t count)
{
	uint64_t runs;

	r->count = count;
	r->done = 0;
	r->runs = *left >= 1 && (*p)[0] == STREAM_RUNS;
	if (!r->runs)
		return open_part(&r->part, p, left, count);
	if (*left < 16 || get32(*p + 4) != count)
		return false;
	runs = get64(*p + 8);
	if (!runs || runs > count)
		return false;
	*p += 16;
	*left -= 16;
	r->at = r->have = 0;
	r->remaining = 0;
	return open_part(&r->part, p, left, (uint32_t)runs) && open_part(&r->length, p, left, (uint32_t)runs);
}

static uint32_t next_of_part(struct stream_part *part, uint64_t *out)
{
	uint32_t m = part->count - part->done;

	if (m > STREAM_GROUP)
		m = STREAM_GROUP;
	if (!m)
		return 0;
	switch (part->kind) {
	case STREAM_CONSTANT:
		for (uint32_t i = 0; i < STREAM_GROUP; i++)
			out[i] = part->base;
		break;
	case STREAM_PACKED:
		unpack_group(out, part->data, part->width, part->base);
		break;
	default:
		if (part->width) {
			unpack_group(out, part->data, part->width, part->step);
		} else {
			for (uint32_t i = 0; i < STREAM_GROUP; i++)
				out[i] = part->step;
		}
		for (uint32_t i = 0; i < m; i++)
			out[i] = part->base += out[i];
	}
	part->data += (size_t)part->width * 64;
	part->done += m;
	return m;
}

uint32_t stream_next(struct stream_reader *r, uint64_t *out)
{
	uint32_t made = 0, want = r->count - r->done;

	if (!r->runs)
		return next_of_part(&r->part, out);
	if (want > STREAM_GROUP)
		want = STREAM_GROUP;
	while (made < want) {
		uint32_t m;

		if (!r->remaining) {
			if (r->at == r->have) {
				r->have = next_of_part(&r->part, r->value);
				if (next_of_part(&r->length, r->run) != r->have || !r->have)
					return 0;
				r->at = 0;
			}
			r->current = r->value[r->at];
			r->remaining = r->run[r->at++];
			if (!r->remaining || r->remaining > r->count)
				return 0;
		}
		m = r->remaining < want - made ? (uint32_t)r->remaining : want - made;
		for (uint32_t i = 0; i < m; i++)
			out[made + i] = r->current;
		made += m;
		r->remaining -= m;
	}
	r->done += made;
	return made;
}
