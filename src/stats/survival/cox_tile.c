/*
 * Sums and cross products over tiles of eight rows: lane l always holds rows l, l + 8, ..., whatever the
 * processor, so the bits do not depend on it.
 */
#include "stats/survival/cox_priv.h"

/* Functions built for several processors stay in this file: clang 14 gives them other names outside. */
YG_CLONES
static void eta(const double *x, size_t p, size_t tiles, const double *beta, const double *offset, double *out)
{
	for (size_t t = 0; t < tiles; t++) {
		yg_lanes sum = { 0 };
		if (offset)
			sum = *(const yg_lanes *)(offset + 8 * t);
		const double *tile = x + t * p * 8;
		for (size_t a = 0; a < p; a++)
			sum += *(const yg_lanes *)(tile + 8 * a) * beta[a];
		*(yg_lanes *)(out + 8 * t) = sum;
	}
}

void yg_tile_eta(const double *x, size_t p, size_t tiles, const double *beta, const double *offset, double *out)
{
	eta(x, p, tiles, beta, offset, out);
}

YG_CLONES
static double long_sum(const double *w, size_t from, size_t to)
{
	yg_lanes acc = { 0 };
	for (; from & 7; from++)
		acc[from & 7] += w[from];
	for (; from + 8 <= to; from += 8)
		acc += *(const yg_lanes *)(w + from);
	for (; from < to; from++)
		acc[from & 7] += w[from];
	return yg_lanes_sum(&acc);
}

double yg_tile_sum(const double *w, size_t from, size_t to)
{
	double s = 0;
	if (to - from >= 24)
		return long_sum(w, from, to);
	for (; from < to; from++)
		s += w[from];
	return s;
}

/* w of one tile with the slots outside [from, to) made zero. */
YG_INLINE void masked(const double *w, size_t tile, size_t from, size_t to, yg_lanes *out)
{
	const yg_lanes_int place = { 0, 1, 2, 3, 4, 5, 6, 7 };
	int64_t low = (int64_t)from - (int64_t)(8 * tile), high = (int64_t)to - (int64_t)(8 * tile);
	*out = (yg_lanes)(*(const yg_lanes_int *)(const void *)(w + 8 * tile) & (yg_lanes_int)(place >= low) & (yg_lanes_int)(place < high));
}

/* Columns a ... of the sum, as many as stay in registers: the first tile, those between, the last. */
#define COLUMN(a) (*(const yg_lanes *)(x + 8 * (a)))
YG_CLONES
static void long_add(const double *x, const double *w, size_t p, size_t from, size_t to, double sign, double *out)
{
	size_t first = from / 8, last = (to - 1) / 8;
	yg_lanes begin, end = { 0 };
	masked(w, first, from, to, &begin);
	if (last > first)
		masked(w, last, from, to, &end);
	const double *tiles = x + first * p * 8;
	for (size_t a = 0; a < p; a += 4) {
		size_t b = a + 1 < p ? a + 1 : a, c = a + 2 < p ? a + 2 : a, d = a + 3 < p ? a + 3 : a;
		x = tiles;
		yg_lanes s0 = begin * COLUMN(a), s1 = begin * COLUMN(b), s2 = begin * COLUMN(c), s3 = begin * COLUMN(d);
		for (size_t t = first + 1; t <= last; t++) {
			x += 8 * p;
			yg_lanes v = t < last ? *(const yg_lanes *)(w + 8 * t) : end;
			s0 += v * COLUMN(a);
			s1 += v * COLUMN(b);
			s2 += v * COLUMN(c);
			s3 += v * COLUMN(d);
		}
		out[a] += sign * yg_lanes_sum(&s0);
		if (a + 1 < p)
			out[b] += sign * yg_lanes_sum(&s1);
		if (a + 2 < p)
			out[c] += sign * yg_lanes_sum(&s2);
		if (a + 3 < p)
			out[d] += sign * yg_lanes_sum(&s3);
	}
}

void yg_tile_add(const double *x, const double *w, size_t p, size_t from, size_t to, double sign, double *out)
{
	if (to - from >= 12) {
		long_add(x, w, p, from, to, sign, out);
		return;
	}
	for (; from < to; from++) {
		const double *column = x + from / 8 * p * 8 + from % 8;
		double v = sign * w[from];
		for (size_t a = 0; a < p; a++)
			out[a] += v * column[8 * a];
	}
}

/* ---- rows ---- */

#ifdef __clang__
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define SHUFFLE(a, b, ...) __builtin_shuffle(a, b, (yg_lanes_int){ __VA_ARGS__ })
#endif

/* Eight vectors of eight as the rows of a matrix, transposed: ones, twos and fours change places.  In registers, so by name. */
#define ONES(a, b) \
	yg_lanes r##a##b##l = SHUFFLE(r##a, r##b, 0, 8, 2, 10, 4, 12, 6, 14), r##a##b##h = SHUFFLE(r##a, r##b, 1, 9, 3, 11, 5, 13, 7, 15)
#define TWOS(v, a, b) \
	yg_lanes v##l = SHUFFLE(a, b, 0, 1, 8, 9, 4, 5, 12, 13), v##h = SHUFFLE(a, b, 2, 3, 10, 11, 6, 7, 14, 15)
#define FOURS(i, j, a, b) \
	TO(i, SHUFFLE(a, b, 0, 1, 2, 3, 8, 9, 10, 11)); \
	TO(j, SHUFFLE(a, b, 4, 5, 6, 7, 12, 13, 14, 15))
#define TRANSPOSE()               \
	ONES(0, 1);               \
	ONES(2, 3);               \
	ONES(4, 5);               \
	ONES(6, 7);               \
	TWOS(v0, r01l, r23l);     \
	TWOS(v1, r01h, r23h);     \
	TWOS(v4, r45l, r67l);     \
	TWOS(v5, r45h, r67h);     \
	FOURS(0, 4, v0l, v4l);    \
	FOURS(1, 5, v1l, v5l);    \
	FOURS(2, 6, v0h, v4h);    \
	FOURS(3, 7, v1h, v5h)

YG_CLONES
static void turn(const double *x, const double *w, size_t p, size_t tiles, double *rows)
{
	size_t stride = yg_tile_stride(p);
	for (size_t t = 0; t < tiles; t++, x += 8 * p, rows += 8 * stride)
		for (size_t a = 0; a < p; a += 8) {
			const yg_lanes weight = *(const yg_lanes *)(w + 8 * t);
#define FROM(i) (*(const yg_lanes *)(x + 8 * (a + (i) < p ? a + (i) : p - 1)) * weight)
#define TO(i, v) (*(yg_lanes *)(rows + (i) * stride + a) = (v))
			yg_lanes r0 = FROM(0), r1 = FROM(1), r2 = FROM(2), r3 = FROM(3), r4 = FROM(4), r5 = FROM(5), r6 = FROM(6), r7 = FROM(7);
			TRANSPOSE();
#undef FROM
#undef TO
		}
}

YG_CLONES
static void turn_back(const double *rows, size_t p, size_t tiles, double *x)
{
	size_t stride = yg_tile_stride(p);
	for (size_t t = 0; t < tiles; t++, x += 8 * p, rows += 8 * stride)
		for (size_t a = 0; a < p; a += 8) {
#define FROM(i) (*(const yg_lanes *)(rows + (i) * stride + a))
#define TO(i, v)                                            \
	do {                                                \
		if (a + (i) < p)                            \
			*(yg_lanes *)(x + 8 * (a + (i))) = (v); \
	} while (0)
			yg_lanes r0 = FROM(0), r1 = FROM(1), r2 = FROM(2), r3 = FROM(3), r4 = FROM(4), r5 = FROM(5), r6 = FROM(6), r7 = FROM(7);
			TRANSPOSE();
#undef FROM
#undef TO
		}
}

YG_CLONES
static void add_rows(const double *rows, size_t stride, size_t n, double sign, double *out)
{
	for (size_t a = 0; a < stride; a += 8) {
		yg_lanes sum = { 0 };
		for (size_t i = 0; i < n; i++)
			sum += *(const yg_lanes *)(rows + i * stride + a);
		*(yg_lanes *)(out + a) += sign * sum;
	}
}

void yg_tile_turn(const double *x, const double *w, size_t p, size_t tiles, double *rows)
{
	turn(x, w, p, tiles, rows);
}

void yg_turned_add(const double *rows, size_t stride, size_t n, double sign, double *out)
{
	add_rows(rows, stride, n, sign, out);
}

void yg_turned_tiles(const double *rows, size_t p, size_t tiles, double *x)
{
	turn_back(rows, p, tiles, x);
}

/* ---- cross products ---- */

size_t yg_tile_pairs(size_t p)
{
	size_t b = (p + 3) / 4;
	return b * (b + 1) / 2;
}

#define AT(tile, column) (*(const yg_lanes *)((tile) + 8 * (column)))
#define LOAD(i) s##i##0 = acc[4 * i], s##i##1 = acc[4 * i + 1], s##i##2 = acc[4 * i + 2], s##i##3 = acc[4 * i + 3]
#define STORE(i) acc[4 * i] = s##i##0, acc[4 * i + 1] = s##i##1, acc[4 * i + 2] = s##i##2, acc[4 * i + 3] = s##i##3

/* A square of 4 by 4 columns, of which the last may be fewer: columns past them are the last again, and not read afterwards. */
YG_INLINE void square(const double *x, const double *v, size_t p, size_t tiles, size_t r, size_t c, size_t wide, yg_lanes *acc)
{
	size_t j1 = wide > 1 ? c + 1 : c, j2 = wide > 2 ? c + 2 : c, j3 = wide > 3 ? c + 3 : c;
	yg_lanes LOAD(0), LOAD(1), LOAD(2), LOAD(3);
#define ROW(i)                                      \
	do {                                        \
		yg_lanes y = u * AT(x, r + i);      \
		s##i##0 += y * b0;                  \
		s##i##1 += y * b1;                  \
		if (wide > 2) {                     \
			s##i##2 += y * b2;          \
			s##i##3 += y * b3;          \
		}                                   \
	} while (0)
	for (size_t t = 0; t < tiles; t++, x += 8 * p, v += 8) {
		yg_lanes u = *(const yg_lanes *)v;
		yg_lanes b0 = AT(x, c), b1 = AT(x, j1), b2 = AT(x, j2), b3 = AT(x, j3);
		ROW(0);
		ROW(1);
		ROW(2);
		ROW(3);
	}
#undef ROW
	STORE(0);
	STORE(1);
	STORE(2);
	STORE(3);
}

/* The upper triangle of such a square on the diagonal. */
YG_INLINE void triangle(const double *x, const double *v, size_t p, size_t tiles, size_t c, size_t wide, yg_lanes *acc)
{
	size_t j1 = wide > 1 ? c + 1 : c, j2 = wide > 2 ? c + 2 : c, j3 = wide > 3 ? c + 3 : c;
	yg_lanes LOAD(0), s11 = acc[5], s12 = acc[6], s13 = acc[7], s22 = acc[10], s23 = acc[11], s33 = acc[15];
	for (size_t t = 0; t < tiles; t++, x += 8 * p, v += 8) {
		yg_lanes u = *(const yg_lanes *)v, b0 = AT(x, c), b1 = AT(x, j1), b2 = AT(x, j2), b3 = AT(x, j3), y = u * b0;
		s00 += y * b0;
		s01 += y * b1;
		s02 += y * b2;
		s03 += y * b3;
		y = u * b1;
		s11 += y * b1;
		s12 += y * b2;
		s13 += y * b3;
		y = u * b2;
		s22 += y * b2;
		s23 += y * b3;
		s33 += u * b3 * b3;
	}
	STORE(0);
	acc[5] = s11, acc[6] = s12, acc[7] = s13, acc[10] = s22, acc[11] = s23, acc[15] = s33;
}

YG_CLONES
static void gram(const double *x, const double *v, size_t p, size_t tiles, yg_lanes *acc)
{
	for (size_t done = 0; done < tiles; done += 32) { /* stay in the first cache */
		size_t some = tiles - done < 32 ? tiles - done : 32;
		const double *part = x + done * p * 8, *weight = v + done * 8;
		yg_lanes *at = acc;
		for (size_t r = 0; r < p; r += 4) {
			triangle(part, weight, p, some, r, p - r, at);
			at += 16;
			for (size_t c = r + 4; c < p; c += 4, at += 16)
				if (p - c > 2)
					square(part, weight, p, some, r, c, p - c, at);
				else
					square(part, weight, p, some, r, c, p - c > 1 ? 2 : 1, at);
		}
	}
}

void yg_tile_gram(const double *x, const double *v, size_t p, size_t tiles, yg_lanes *acc)
{
	gram(x, v, p, tiles, acc);
}

void yg_tile_gram_finish(const yg_lanes *acc, size_t p, double sign, double *out)
{
	for (size_t r = 0; r < p; r += 4)
		for (size_t c = r; c < p; c += 4, acc += 16)
			for (size_t i = 0; i < 4 && r + i < p; i++)
				for (size_t j = 0; j < 4 && c + j < p; j++)
					if (r + i <= c + j)
						out[(r + i) * p + c + j] += sign * yg_lanes_sum(&acc[4 * i + j]);
}
