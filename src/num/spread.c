/* Packed rows as doubles for vector code: see spread_priv.h. */
#include "num/spread_priv.h"

#include <endian.h>
#include <string.h>

#include "yogo/base/mem.h"
#include "yogo/num/lanes.h"

#define TWO52 0x1p52
#define TWO52_BITS 0x4330000000000000u

typedef uint64_t lanes_bits __attribute__((vector_size(64), aligned(8), may_alias));
typedef int16_t shorts __attribute__((vector_size(16), aligned(2), may_alias));
typedef int32_t wholes __attribute__((vector_size(32)));

/* Lanes of the group among those of others. */
YG_INLINE void join(double *to, const yg_lanes *v, const yg_lanes_int *mask, bool first)
{
	yg_lanes_int bits = *(const yg_lanes_int *)v & *mask;
	if (!first)
		bits |= *(const yg_lanes_int *)to & ~*mask;
	*(yg_lanes_int *)to = bits;
}

typedef void spread_fn(const unsigned char *row, size_t stride, size_t rows, size_t ld, const struct yg_spread_group *g, double *xs);

/* A byte in the low bits of 2^52 is 2^52 plus the byte: one subtraction makes the number and takes the shift. */
YG_CLONES static void spread_bytes(const unsigned char *row, size_t stride, size_t rows, size_t ld,
                                   const struct yg_spread_group *g, double *xs)
{
	const lanes_bits place = { 0, 8, 16, 24, 32, 40, 48, 56 }, zero = { 0 };
	yg_lanes minus = *(const yg_lanes *)g->minus + TWO52;
	yg_lanes_int mask = *(const yg_lanes_int *)g->mask;
	for (size_t r = 0; r < rows; r++) {
		uint64_t eight;
		memcpy(&eight, row + r * stride, sizeof eight);
		lanes_bits bits = (((zero + le64toh(eight)) >> place) & 255u) | TWO52_BITS;
		yg_lanes x = (yg_lanes)bits - minus;
		if (g->alone)
			*(yg_lanes *)(xs + r * ld) = x;
		else
			join(xs + r * ld, &x, &mask, g->first);
	}
}

YG_CLONES static void spread_shorts(const unsigned char *row, size_t stride, size_t rows, size_t ld,
                                    const struct yg_spread_group *g, double *xs)
{
	yg_lanes minus = *(const yg_lanes *)g->minus;
	yg_lanes_int mask = *(const yg_lanes_int *)g->mask;
	for (size_t r = 0; r < rows; r++) {
		shorts v = *(const shorts *)(const void *)(row + r * stride);
		yg_lanes x = __builtin_convertvector(__builtin_convertvector(v, wholes), yg_lanes) - minus;
		join(xs + r * ld, &x, &mask, g->first);
	}
}

YG_CLONES static void spread_doubles(const unsigned char *row, size_t stride, size_t rows, size_t ld,
                                     const struct yg_spread_group *g, double *xs)
{
	yg_lanes minus = *(const yg_lanes *)g->minus;
	yg_lanes_int mask = *(const yg_lanes_int *)g->mask;
	for (size_t r = 0; r < rows; r++) {
		yg_lanes x = *(const yg_lanes *)(const void *)(row + r * stride) - minus;
		join(xs + r * ld, &x, &mask, g->first);
	}
}

double yg_packed_unit(const struct yg_packed *k, size_t field)
{
	return field >= k->doubles && field < k->doubles + k->shorts ? k->divisor[field - k->doubles] : 1;
}

/* The group that double number `to` belongs to: the last one, or a new one. */
static struct yg_spread_group *group_of(struct yg_spread *s, size_t to)
{
	const struct yg_packed *k = s->k;
	size_t field = s->field[to], size = field < k->doubles ? 8 : field < k->doubles + k->shorts ? 2 : 1;
	enum yg_packed_kind kind = size == 8 ? YG_PACKED_DOUBLE : size == 2 ? YG_PACKED_SHORT : YG_PACKED_BYTE;
	struct yg_spread_group *g = s->groups ? &s->group[s->groups - 1] : NULL;
	bool same = g && g->to == to / 8 * 8;
	if (same && g->kind == kind)
		return g;
	g = &s->group[s->groups++];
	*g = (struct yg_spread_group){ .kind = kind, .first = !same, .to = to / 8 * 8 };
	g->from = yg_packed_field(k, 0, field) - k->row - (ptrdiff_t)(to % 8 * size);
	return g;
}

struct yg_spread *yg_spread_new(const struct yg_packed *k, const double *shift)
{
	struct yg_spread *s = yg_xcalloc(1, sizeof *s);
	size_t p = k->p, bytes = p - k->doubles - k->shorts;
	s->k = k;
	s->field = yg_xcalloc(p + 1, sizeof *s->field);
	s->group = yg_xcalloc(p / 8 + 3, sizeof *s->group);
	for (size_t to = 0; to < p; to++) {
		size_t field = s->field[to] = to < bytes ? p - bytes + to : to - bytes;
		struct yg_spread_group *g = group_of(s, to);
		double whole = (shift ? shift[k->column[field]] : 0) * yg_packed_unit(k, field);
		/* Back from a fraction of the unit to the whole number it was. */
		g->minus[to % 8] = g->kind == YG_PACKED_DOUBLE ? whole : (whole + 0x1.8p52) - 0x1.8p52;
		g->mask[to % 8] = -1;
		g->alone = g->mask[0] && to % 8 == 7;
	}
	return s;
}

void yg_spread_free(struct yg_spread *s)
{
	if (!s)
		return;
	yg_free(s->field);
	yg_free(s->group);
	yg_free(s);
}

void yg_spread_rows(const struct yg_spread *s, size_t first, size_t rows, size_t ld, double *xs)
{
	static spread_fn *const spread[] = { [YG_PACKED_DOUBLE] = spread_doubles, [YG_PACKED_SHORT] = spread_shorts,
		                             [YG_PACKED_BYTE] = spread_bytes };
	const unsigned char *row = s->k->row + first * s->k->stride;
	for (size_t i = 0; i < s->groups; i++) {
		const struct yg_spread_group *g = &s->group[i];
		spread[g->kind](row + g->from, s->k->stride, rows, ld, g, xs + g->to);
	}
}
