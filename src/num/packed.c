/* Matrices in few bytes: see yogo/num/packed.h. */
#include "yogo/num/packed.h"

#include <math.h>
#include <string.h>

#include "num/spread_priv.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/lanes.h"
#include "yogo/num/matrix.h"

#define ROWS 4096u
#define MARGIN 64u           /* bytes */

/* ---- shapes ---- */

#define ROUND 6755399441055744.0   /* 1.5 * 2^52: adding and taking it away rounds to a whole number */

/* Every v[n] is a whole number from low to high, divided by the divisor. */
YG_CLONES
static int fits(const double *v, size_t n, double divisor, double low, double high)
{
	yg_lanes_int bad = { 0 };
	int odd = 0;
	size_t i = 0;
	for (; i + YG_LANES <= n; i += YG_LANES) {
		yg_lanes x = *(const yg_lanes *)(v + i), whole = (x * divisor + ROUND) - ROUND, back = whole;
		if (divisor > 1)
			back /= divisor;
		bad |= (yg_lanes_int)(whole < low) | (yg_lanes_int)(whole > high) | (yg_lanes_int)(back != x);
	}
	for (; i < n; i++) {
		double whole = (v[i] * divisor + ROUND) - ROUND;
		odd |= whole < low || whole > high || whole / divisor < v[i] || whole / divisor > v[i];
	}
	for (size_t j = 0; j < YG_LANES; j++)
		odd |= bad[j] != 0;
	return !odd;
}

static bool all_fit(const double *v, size_t n, double divisor, double low, double high)
{
	for (size_t i = 0; i < n; i += ROWS)
		if (!fits(v + i, n - i < ROWS ? n - i : ROWS, divisor, low, high))
			return false;
	return true;
}

struct yg_packed_shape yg_packed_shape_of(const double *v, size_t n)
{
	if (all_fit(v, n, 1, 0, UINT8_MAX))
		return (struct yg_packed_shape){ YG_PACKED_BYTE, 1 };
	for (double divisor = 1; divisor <= 100; divisor *= 10)
		if (all_fit(v, n, divisor, INT16_MIN, INT16_MAX))
			return (struct yg_packed_shape){ YG_PACKED_SHORT, divisor };
	return (struct yg_packed_shape){ YG_PACKED_DOUBLE, 1 };
}

/* ---- rows ---- */

struct yg_packed *yg_packed_new(size_t n, const struct yg_packed_shape *shape, size_t p)
{
	struct yg_packed *k = yg_xcalloc(1, sizeof *k);
	k->n = n;
	k->p = p;
	k->column = yg_xcalloc(p + 1, sizeof *k->column);
	k->place = yg_xcalloc(p + 1, sizeof *k->place);
	k->divisor = yg_xcalloc(p + 1, sizeof *k->divisor);
	size_t at = 0;
	for (int kind = YG_PACKED_DOUBLE; kind <= YG_PACKED_BYTE; kind++)
		for (size_t j = 0; j < p; j++) {
			if ((int)shape[j].kind != kind)
				continue;
			k->doubles += kind == YG_PACKED_DOUBLE;
			if (kind == YG_PACKED_SHORT)
				k->divisor[k->shorts++] = shape[j].divisor;
			k->place[j] = (uint32_t)at;
			k->column[at++] = (uint32_t)j;
		}
	size_t align = k->doubles ? sizeof(double) : k->shorts ? sizeof(int16_t) : 1;
	size_t bytes = 8 * k->doubles + 2 * k->shorts + (p - k->doubles - k->shorts);
	k->stride = (bytes + align - 1) / align * align;
	k->space = yg_data_alloc(n + 2 + 2 * MARGIN / (k->stride ? k->stride : 1), k->stride ? k->stride : 1);
	if (!k->space) {
		yg_packed_free(k);
		return NULL;
	}
	k->row = (unsigned char *)k->space + MARGIN;
	return k;
}

void yg_packed_free(struct yg_packed *k)
{
	if (!k)
		return;
	yg_data_free(k->space);
	yg_free(k->column);
	yg_free(k->place);
	yg_free(k->divisor);
	yg_free(k);
}

unsigned char *yg_packed_field(const struct yg_packed *k, size_t row, size_t field)
{
	size_t middle = k->doubles + k->shorts, at = 8 * field;
	if (field >= k->doubles)
		at = 8 * k->doubles + 2 * (field - k->doubles);
	if (field >= middle)
		at = 8 * k->doubles + 2 * k->shorts + (field - middle);
	return k->row + row * k->stride + at;
}

void yg_packed_put_column(struct yg_packed *k, size_t column, size_t first, size_t rows, const double *v)
{
	size_t field = k->place[column], stride = k->stride;
	unsigned char *to = yg_packed_field(k, first, field);
	if (field < k->doubles) {
		for (size_t i = 0; i < rows; i++)
			*(double *)(void *)(to + i * stride) = v[i];
	} else if (field < k->doubles + k->shorts) {
		double divisor = k->divisor[field - k->doubles];
		for (size_t i = 0; i < rows; i++) {
			double whole = v[i] * divisor;
			*(int16_t *)(void *)(to + i * stride) = (int16_t)(whole < 0 ? whole - 0.5 : whole + 0.5);
		}
	} else {
		for (size_t i = 0; i < rows; i++)
			to[i * stride] = (unsigned char)v[i];
	}
}

void yg_packed_put_level(struct yg_packed *k, size_t column, size_t first, size_t rows, const int32_t *level, int32_t one)
{
	unsigned char *to = yg_packed_field(k, first, k->place[column]);
	for (size_t i = 0, stride = k->stride; i < rows; i++)
		to[i * stride] = level[i] == one;
}

void yg_packed_get(const struct yg_packed *k, size_t first, size_t rows, double *x)
{
	size_t middle = k->doubles + k->shorts;
	for (size_t i = 0; i < rows; i++, x += k->p) {
		const unsigned char *row = k->row + (first + i) * k->stride;
		const double *wide = (const double *)(const void *)row;
		const int16_t *narrow = (const int16_t *)(const void *)(row + 8 * k->doubles);
		const unsigned char *small = row + 8 * k->doubles + 2 * k->shorts;
		for (size_t f = 0; f < k->doubles; f++)
			x[k->column[f]] = wide[f];
		for (size_t f = 0; f < k->shorts; f++)
			x[k->column[k->doubles + f]] = narrow[f] / k->divisor[f];
		for (size_t f = middle; f < k->p; f++)
			x[k->column[f]] = small[f - middle];
	}
}

const double *yg_tall_rows(const struct yg_tall *tall, size_t first, size_t rows, double *space)
{
	if (!tall->packed)
		return tall->x + first * tall->p;
	yg_packed_get(tall->packed, first, rows, space);
	return space;
}

/* ---- sums of columns ---- */

void yg_packed_shift(const struct yg_packed *k, size_t intercept, double *shift)
{
	size_t rows = k->n < ROWS ? k->n : ROWS;
	double *x = yg_xcalloc(ROWS / 32 * k->p + 1, sizeof *x);
	memset(shift, 0, k->p * sizeof *shift);
	for (size_t i = 0; i < rows; i += ROWS / 32) {
		size_t some = rows - i < ROWS / 32 ? rows - i : ROWS / 32;
		yg_packed_get(k, i, some, x);
		for (size_t r = 0; r < some; r++)
			for (size_t j = 0; j < k->p; j++)
				shift[j] += x[r * k->p + j];
	}
	yg_free(x);
	for (size_t f = 0; f < k->p; f++) {
		double *s = &shift[k->column[f]], unit = yg_packed_unit(k, f);
		*s = k->column[f] == intercept || !isfinite(*s) ? 0 : *s / (double)rows;
		if (f >= k->doubles)
			*s = floor(*s * unit + 0.5) / unit;
	}
}

/* Eight bytes of up to 255 rows at once: no sum of 0 and 1 leaves its byte. */
static void ones_of(const struct yg_packed *k, size_t first, size_t rows, const double *y, size_t from, uint64_t *ones, uint64_t *with)
{
	const unsigned char *row = k->row + first * k->stride + from;
	uint64_t all = 0, some = 0;
	for (size_t i = 0; i < rows; i++, row += k->stride) {
		uint64_t eight;
		memcpy(&eight, row, sizeof eight);
		eight &= 0x0101010101010101u;
		all += eight;
		some += eight & -(uint64_t)(y[i] > 0);
	}
	*ones = all;
	*with = some;
}

void yg_packed_ones(const struct yg_packed *k, const uint8_t *want, size_t first, size_t rows, const double *y, int64_t *ones,
                    int64_t *with)
{
	size_t middle = k->doubles + k->shorts, start = 8 * k->doubles + 2 * k->shorts;
	for (size_t i = 0; i < rows; i += 255)
		for (size_t f = middle; f < k->p; f += 8) {
			uint64_t all, some;
			ones_of(k, first + i, rows - i < 255 ? rows - i : 255, y + i, start + f - middle, &all, &some);
			unsigned char count[8], event[8];
			memcpy(count, &all, sizeof count);
			memcpy(event, &some, sizeof event);
			for (size_t j = 0; j < 8 && f + j < k->p; j++) {
				uint32_t column = k->column[f + j];
				ones[column] += want[column] ? count[j] : 0;
				with[column] += want[column] ? event[j] : 0;
			}
		}
}

/* ---- linear predictor ---- */

struct predicting {
	const struct yg_packed *k;
	const double *b, *offset;
	double *out;
};

static enum yg_status predict_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct predicting *job = context;
	size_t from = block * ROWS, rows = job->k->n - from < ROWS ? job->k->n - from : ROWS;
	double *x = yg_xalloc(rows * job->k->p + 1, sizeof *x);
	(void)worker;
	yg_packed_get(job->k, from, rows, x);
	enum yg_status s = yg_linear_predictor(x, rows, job->k->p, job->b, job->offset ? job->offset + from : NULL, NULL,
	                                       job->out + from, err);
	yg_free(x);
	return s;
}

enum yg_status yg_packed_predictor(const struct yg_packed *k, const double *b, const double *offset, struct yg_task *task,
                                   double *out, struct yg_err *err)
{
	struct predicting job = { k, b, offset, out };
	return yg_pool_run(task, (k->n + ROWS - 1) / ROWS, predict_block, &job, err);
}
