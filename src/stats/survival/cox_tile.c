/*
 * Sums and cross products over tiles of eight rows: lane l always holds rows l, l + 8, ..., whatever the
 * processor, so the bits do not depend on it.
 */
#include <string.h>

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
	yg_lanes v = { 0 };
	for (size_t l = 0; l < 8; l++)
		if (8 * tile + l >= from && 8 * tile + l < to)
			v[l] = w[8 * tile + l];
	*out = v;
}

YG_CLONES
static void long_add(const double *x, const double *w, size_t p, size_t from, size_t to, double sign, yg_lanes *acc,
                     double *out)
{
	size_t first = from / 8, last = (to - 1) / 8;
	yg_lanes v;
	memset(acc, 0, p * sizeof *acc);
	for (size_t t = first; t <= last; t++) {
		if (8 * t >= from && 8 * t + 8 <= to)
			v = *(const yg_lanes *)(w + 8 * t);
		else
			masked(w, t, from, to, &v);
		const double *tile = x + t * p * 8;
		for (size_t a = 0; a < p; a++)
			acc[a] += v * *(const yg_lanes *)(tile + 8 * a);
	}
	for (size_t a = 0; a < p; a++)
		out[a] += sign * yg_lanes_sum(&acc[a]);
}

void yg_tile_add(const double *x, const double *w, size_t p, size_t from, size_t to, double sign, yg_lanes *scratch,
                 double *out)
{
	if (to - from >= 12) {
		long_add(x, w, p, from, to, sign, scratch, out);
		return;
	}
	for (; from < to; from++) {
		const double *column = x + from / 8 * p * 8 + from % 8;
		double v = sign * w[from];
		for (size_t a = 0; a < p; a++)
			out[a] += v * column[8 * a];
	}
}

size_t yg_tile_pairs(size_t p)
{
	size_t b = (p + 3) / 4;
	return b * (b + 1) / 2;
}

#define AT(tile, column) (*(const yg_lanes *)((tile) + 8 * (column)))
#define LOAD(i) s##i##0 = acc[4 * i], s##i##1 = acc[4 * i + 1], s##i##2 = acc[4 * i + 2], s##i##3 = acc[4 * i + 3]
#define STORE(i) acc[4 * i] = s##i##0, acc[4 * i + 1] = s##i##1, acc[4 * i + 2] = s##i##2, acc[4 * i + 3] = s##i##3
#define ROW(i)                                    \
	do {                                      \
		yg_lanes y = u * AT(x, r##i);     \
		s##i##0 += y * b0;                \
		s##i##1 += y * b1;                \
		s##i##2 += y * b2;                \
		s##i##3 += y * b3;                \
	} while (0)

/* A square of 4 by 4 columns; columns past the last are stood in for by the last and not read afterwards. */
YG_INLINE void square(const double *x, const double *v, size_t p, size_t tiles, size_t r, size_t c, yg_lanes *acc)
{
	size_t top = p - 1;
	size_t r0 = r, r1 = r + 1 < p ? r + 1 : top, r2 = r + 2 < p ? r + 2 : top, r3 = r + 3 < p ? r + 3 : top;
	size_t j0 = c, j1 = c + 1 < p ? c + 1 : top, j2 = c + 2 < p ? c + 2 : top, j3 = c + 3 < p ? c + 3 : top;
	yg_lanes LOAD(0), LOAD(1), LOAD(2), LOAD(3);
	for (size_t t = 0; t < tiles; t++, x += 8 * p, v += 8) {
		yg_lanes u = *(const yg_lanes *)v;
		yg_lanes b0 = AT(x, j0), b1 = AT(x, j1), b2 = AT(x, j2), b3 = AT(x, j3);
		ROW(0);
		ROW(1);
		ROW(2);
		ROW(3);
	}
	STORE(0);
	STORE(1);
	STORE(2);
	STORE(3);
}

YG_CLONES
static void gram(const double *x, const double *v, size_t p, size_t tiles, yg_lanes *acc)
{
	for (size_t done = 0; done < tiles; done += 32) { /* stay in the first cache */
		size_t some = tiles - done < 32 ? tiles - done : 32;
		yg_lanes *at = acc;
		for (size_t r = 0; r < p; r += 4)
			for (size_t c = r; c < p; c += 4, at += 16)
				square(x + done * p * 8, v + done * 8, p, some, r, c, at);
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
