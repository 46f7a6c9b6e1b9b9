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

/* The group's lanes over what is there; the rest stays. */
YG_INLINE void join(double *to, const yg_lanes *v, const yg_lanes_int *mask)
{
	yg_lanes_int bits = (*(const yg_lanes_int *)v & *mask) | (*(const yg_lanes_int *)to & ~*mask);
	*(yg_lanes_int *)to = bits;
}

/* A byte in the low bits of 2^52 is 2^52 plus the byte: one subtraction makes the number and takes the shift. */
YG_CLONES static void spread_bytes(const unsigned char *row, size_t stride, size_t rows, size_t ld,
                                   const struct yg_spread_group *g, double *xs)
{
	const lanes_bits place = { 0, 8, 16, 24, 32, 40, 48, 56 }, zero = { 0 };
	yg_lanes minus = *(const yg_lanes *)g->minus + TWO52;
	yg_lanes_int mask = *(const yg_lanes_int *)g->mask;
	for (size_t r = 0; r < rows; r++) {
		uint64_t eight;
		memcpy(&eight, row + r * stride + g->from, sizeof eight);
		lanes_bits bits = (((zero + le64toh(eight)) >> place) & 255u) | TWO52_BITS;
		yg_lanes x = (yg_lanes)bits - minus;
		join(xs + r * ld + g->to, &x, &mask);
	}
}

YG_CLONES static void spread_shorts(const unsigned char *row, size_t stride, size_t rows, size_t ld,
                                    const struct yg_spread_group *g, double *xs)
{
	yg_lanes minus = *(const yg_lanes *)g->minus;
	yg_lanes_int mask = *(const yg_lanes_int *)g->mask;
	for (size_t r = 0; r < rows; r++) {
		shorts v = *(const shorts *)(const void *)(row + r * stride + g->from);
		yg_lanes x = __builtin_convertvector(__builtin_convertvector(v, wholes), yg_lanes) - minus;
		join(xs + r * ld + g->to, &x, &mask);
	}
}

YG_CLONES static void spread_doubles(const unsigned char *row, size_t stride, size_t rows, size_t ld,
                                     const struct yg_spread_group *g, double *xs)
{
	yg_lanes minus = *(const yg_lanes *)g->minus;
	yg_lanes_int mask = *(const yg_lanes_int *)g->mask;
	for (size_t r = 0; r < rows; r++) {
		yg_lanes x = *(const yg_lanes *)(const void *)(row + r * stride + g->from) - minus;
		join(xs + r * ld + g->to, &x, &mask);
	}
}

double yg_packed_unit(const struct yg_packed *k, size_t field)
{
	return field >= k->doubles && field < k->doubles + k->shorts ? k->divisor[field - k->doubles] : 1;
}

struct yg_spread *yg_spread_new(const struct yg_packed *k, const double *shift)
{
	static const size_t size[] = { [YG_PACKED_DOUBLE] = 8, [YG_PACKED_SHORT] = 2, [YG_PACKED_BYTE] = 1 };
	size_t count[] = { [YG_PACKED_DOUBLE] = k->doubles, [YG_PACKED_SHORT] = k->shorts,
		           [YG_PACKED_BYTE] = k->p - k->doubles - k->shorts };
	struct yg_spread *s = yg_xcalloc(1, sizeof *s + (k->p / 8 + 3) * sizeof *s->group);
	size_t from = 0, to = 0;
	s->k = k;
	for (int kind = YG_PACKED_DOUBLE; kind <= YG_PACKED_BYTE; kind++)
		for (size_t left = count[kind]; left > 0;) {
			size_t some = left < 8 ? left : 8;
			struct yg_spread_group *g = &s->group[s->groups++];
			*g = (struct yg_spread_group){ .kind = (enum yg_packed_kind)kind, .from = from, .to = to };
			for (size_t j = 0; j < some; j++, to++) {
				double whole = (shift ? shift[k->column[to]] : 0) * yg_packed_unit(k, to);
				/* Back from a fraction of the unit to the whole number it was. */
				g->minus[j] = kind == YG_PACKED_DOUBLE ? whole : (whole + 0x1.8p52) - 0x1.8p52;
				g->mask[j] = -1;
			}
			from += some * size[kind];
			left -= some;
		}
	return s;
}

void yg_spread_rows(const struct yg_spread *s, size_t first, size_t rows, size_t ld, double *xs)
{
	const unsigned char *row = s->k->row + first * s->k->stride;
	for (size_t i = 0; i < s->groups; i++) {
		const struct yg_spread_group *g = &s->group[i];
		if (g->kind == YG_PACKED_BYTE)
			spread_bytes(row, s->k->stride, rows, ld, g, xs);
		else if (g->kind == YG_PACKED_SHORT)
			spread_shorts(row, s->k->stride, rows, ld, g, xs);
		else
			spread_doubles(row, s->k->stride, rows, ld, g, xs);
	}
}
