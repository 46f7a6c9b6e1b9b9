/*
 * Cross products of a tall matrix: X'WX, X's, and the blocked pass that makes W on the way.
 *
 * Rows are copied chunk by chunk into a padded buffer (columns to a multiple of eight, the right-hand side as one more
 * column), so that X is read from memory once a pass, and the products are made of tiles whose accumulators stay
 * in registers.  Each accumulator adds its rows in order, so the shape of a tile (it follows the processor) cannot change
 * a bit of the result.  Sums go block (4,096 rows) -> task (four blocks, in order) -> pairwise tree of tasks.
 *
 * Packed rows are spread out in the order of their fields and as whole numbers where they are held as such; coefficients and
 * products are brought to the columns' order and units once a pass.
 */
#include "yogo/num/matrix.h"

#include <math.h>
#include <string.h>

#include "num/spread_priv.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/lanes.h"

#define BLOCK 4096u

/* acc[i0 .. i0+height)[j0 .. j0+8) += sum over rows of xw[row][i] xs[row][j]; height is a constant where inlined. */
YG_INLINE void tile(const double *xs, const double *xw, size_t rows, size_t ld, size_t i0, size_t j0, double *acc, int height)
{
	yg_lanes a[8];
#pragma GCC unroll 8
	for (int i = 0; i < height; i++)
		a[i] = *(const yg_lanes *)(acc + (i0 + (size_t)i) * ld + j0);
	for (size_t r = 0; r < rows; r++) {
		yg_lanes x = *(const yg_lanes *)(xs + r * ld + j0);
		const double *w = xw + r * ld + i0;
#pragma GCC unroll 8
		for (int i = 0; i < height; i++)
			a[i] += w[i] * x;
	}
#pragma GCC unroll 8
	for (int i = 0; i < height; i++)
		*(yg_lanes *)(acc + (i0 + (size_t)i) * ld + j0) = a[i];
}

YG_INLINE void gram_any(const double *xs, const double *xw, size_t rows, size_t ld, double *acc, int height)
{
	for (size_t i0 = 0; i0 < ld; i0 += (size_t)height)
		for (size_t j0 = 0; j0 <= i0; j0 += 8)
			tile(xs, xw, rows, ld, i0, j0, acc, height);
}

/* eta[row] = xs[row] . b in eight lanes, lanes joined in a fixed order. */
YG_INLINE void dot_any(const double *xs, const double *b, size_t rows, size_t ld, double *eta)
{
	for (size_t r = 0; r < rows; r++) {
		yg_lanes a = *(const yg_lanes *)(xs + r * ld) * *(const yg_lanes *)b;
		for (size_t j = 8; j < ld; j += 8)
			a += *(const yg_lanes *)(xs + r * ld + j) * *(const yg_lanes *)(b + j);
		eta[r] += yg_lanes_sum(&a);
	}
}

/* xw[row] = w[row] xs[row]; the columns of the right sides get s[row]. */
YG_INLINE void scale_any(const double *xs, const double *w, const double *s, size_t rows, size_t ld, size_t p, size_t sides,
                         double *xw)
{
	for (size_t r = 0; r < rows; r++) {
		for (size_t j = 0; j < ld; j += 8)
			*(yg_lanes *)(xw + r * ld + j) = w[r] * *(const yg_lanes *)(xs + r * ld + j);
		for (size_t k = 0; k < sides; k++)
			xw[r * ld + p + k] = s[k * YG_PASS_CHUNK + r];
	}
}

/* xs = x - shift, rows spread from p to ld columns. */
YG_INLINE void shift_any(const double *x, const double *shift, size_t rows, size_t p, size_t ld, double *xs)
{
	for (size_t r = 0; r < rows; r++) {
		size_t j = 0;
		for (; j + 8 <= p; j += 8)
			*(yg_lanes *)(xs + r * ld + j) = *(const yg_lanes *)(x + r * p + j) - *(const yg_lanes *)(shift + j);
		for (; j < p; j++)
			xs[r * ld + j] = x[r * p + j] - shift[j];
	}
}

struct kernels {
	void (*shift)(const double *x, const double *shift, size_t rows, size_t p, size_t ld, double *xs);
	void (*gram)(const double *xs, const double *xw, size_t rows, size_t ld, double *acc);
	void (*dot)(const double *xs, const double *b, size_t rows, size_t ld, double *eta);
	void (*scale)(const double *xs, const double *w, const double *s, size_t rows, size_t ld, size_t p, size_t sides,
	              double *xw);
};

#define KERNELS(name, target_attribute, height)                                                                     \
	target_attribute static void shift_##name(const double *x, const double *shift, size_t rows, size_t p, size_t ld, \
	                                          double *xs)                                                       \
	{                                                                                                           \
		shift_any(x, shift, rows, p, ld, xs);                                                               \
	}                                                                                                           \
	target_attribute static void gram_##name(const double *xs, const double *xw, size_t rows, size_t ld, double *acc) \
	{                                                                                                           \
		gram_any(xs, xw, rows, ld, acc, height);                                                            \
	}                                                                                                           \
	target_attribute static void dot_##name(const double *xs, const double *b, size_t rows, size_t ld, double *eta)   \
	{                                                                                                           \
		dot_any(xs, b, rows, ld, eta);                                                                      \
	}                                                                                                           \
	target_attribute static void scale_##name(const double *xs, const double *w, const double *s, size_t rows,      \
	                                          size_t ld, size_t p, size_t sides, double *xw)                    \
	{                                                                                                           \
		scale_any(xs, w, s, rows, ld, p, sides, xw);                                                        \
	}                                                                                                           \
	static const struct kernels kernels_##name = { shift_##name, gram_##name, dot_##name, scale_##name };

KERNELS(plain, , 2)
#ifdef __x86_64__
KERNELS(avx2, __attribute__((target("avx2"))), 4)
KERNELS(avx512, __attribute__((target("avx512f"))), 8)
#endif

static const struct kernels *best_kernels(void)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx512f"))
		return &kernels_avx512;
	if (__builtin_cpu_supports("avx2"))
		return &kernels_avx2;
#endif
	return &kernels_plain;
}

struct run {
	const struct yg_pass *pass;
	const struct kernels *kernels;
	const double *w, *z;         /* of yg_cross_product, where pass->fn is NULL */
	const double *b;             /* [ld] padded, in the order of the rows spread out, or NULL */
	struct yg_spread *spread;    /* of packed rows */
	size_t ld;
	int products;                /* X'WX wanted at all */
	double *acc;                 /* [tasks * (ld*ld + YG_PASS_SUMS)] */
	struct yg_task *task;
};

static void load_chunk(const struct run *run, size_t first, size_t rows, double *xs)
{
	const struct yg_pass *pass = run->pass;
	size_t p = pass->p, ld = run->ld;
	if (run->spread)
		yg_spread_rows(run->spread, first, rows, ld, xs);
	else if (pass->shift)
		run->kernels->shift(pass->x + first * p, pass->shift, rows, p, ld, xs);
	else if (p > 0)
		for (size_t r = 0; r < rows; r++)
			memcpy(xs + r * ld, pass->x + (first + r) * p, p * sizeof(double));
	for (size_t r = 0; r < rows && run->z; r++)
		xs[r * ld + p] = run->z[first + r];
}

static void chunk(const struct run *run, size_t first, size_t rows, double *xs, double *xw, double *block, double *sums)
{
	const struct yg_pass *pass = run->pass;
	double eta[YG_PASS_CHUNK], w[YG_PASS_CHUNK], s[YG_PASS_SIDES * YG_PASS_CHUNK];
	load_chunk(run, first, rows, xs);
	if (pass->fn) {
		if (pass->offset)
			memcpy(eta, pass->offset + first, rows * sizeof(double));
		else
			memset(eta, 0, rows * sizeof(double));
		if (run->b)
			run->kernels->dot(xs, run->b, rows, run->ld, eta);
		pass->fn(pass->context, first, rows, eta, w, s, sums);
	} else {
		for (size_t r = 0; r < rows; r++) {
			w[r] = run->w ? run->w[first + r] : 1;
			s[r] = run->z ? w[r] * run->z[first + r] : 0;
		}
	}
	if (!run->products)
		return;
	run->kernels->scale(xs, w, s, rows, run->ld, pass->p, 1 + pass->sides, xw);
	run->kernels->gram(xs, xw, rows, run->ld, block);
}

static enum yg_status run_task(void *context, size_t number, unsigned worker, struct yg_err *err)
{
	const struct run *run = context;
	size_t ld = run->ld, size = ld * ld, first = number * YG_GRAM_TASK;
	size_t end = first + YG_GRAM_TASK < run->pass->n ? first + YG_GRAM_TASK : run->pass->n;
	double *acc = run->acc + number * (size + YG_PASS_SUMS);
	(void)worker;
	if (yg_task_cancelled(run->task))
		return YG_CANCELLED;
	double *space = yg_data_calloc(2 * YG_PASS_CHUNK * ld + size, sizeof(double));
	if (!space)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was fitted");
	double *xs = space, *xw = xs + YG_PASS_CHUNK * ld, *block = xw + YG_PASS_CHUNK * ld;
	for (size_t b = first; b < end; b += BLOCK) {
		if (run->pass->every > 1 && b / BLOCK % run->pass->every)
			continue;
		size_t block_end = b + BLOCK < end ? b + BLOCK : end;
		double sums[YG_PASS_SUMS] = { 0 };
		memset(block, 0, size * sizeof(double));
		for (size_t r = b; r < block_end; r += YG_PASS_CHUNK) {
			size_t rows = r + YG_PASS_CHUNK < block_end ? YG_PASS_CHUNK : block_end - r;
			chunk(run, r, rows, xs, xw, block, sums);
		}
		for (size_t k = 0; k < size; k++)
			acc[k] += block[k];
		for (size_t k = 0; k < YG_PASS_SUMS; k++)
			acc[size + k] += sums[k];
	}
	yg_data_free(space);
	return YG_OK;
}

/* Add the tasks' results into the first by a fixed tree. */
static void join(double *acc, size_t tasks, size_t size)
{
	for (size_t step = 1; step < tasks; step *= 2)
		for (size_t t = 0; t + step < tasks; t += 2 * step)
			for (size_t k = 0; k < size; k++)
				acc[t * size + k] += acc[(t + step) * size + k];
}

/* Column of a double of the rows spread out, and by what its numbers are to be divided. */
static size_t column_of(const struct yg_spread *spread, size_t at)
{
	return spread ? spread->k->column[spread->field[at]] : at;
}

static double unit_of(const struct yg_spread *spread, size_t at)
{
	return spread ? yg_packed_unit(spread->k, spread->field[at]) : 1;
}

/* The products by column. */
static void give(const struct run *run, double *xtwx, double *xts)
{
	size_t p = run->pass->p;
	for (size_t f = 0; f < p; f++) {
		size_t i = column_of(run->spread, f);
		for (size_t g = 0; g <= f && xtwx; g++) {
			size_t j = column_of(run->spread, g);
			xtwx[i * p + j] = xtwx[j * p + i] = run->acc[f * run->ld + g] / (unit_of(run->spread, f) * unit_of(run->spread, g));
		}
		for (size_t k = 0; k <= run->pass->sides && xts; k++)
			xts[k * p + i] = run->acc[(p + k) * run->ld + f] / unit_of(run->spread, f);
	}
}

static enum yg_status run_all(struct run *run, const double *b, double *xtwx, double *xts, double *corner, double *sums,
                              struct yg_err *err)
{
	size_t p = run->pass->p, n = run->pass->n, tasks = (n + YG_GRAM_TASK - 1) / YG_GRAM_TASK;
	run->ld = (p + 1 + run->pass->sides + 7) / 8 * 8;
	run->kernels = best_kernels();
	run->products = xtwx || xts || corner;
	size_t size = run->ld * run->ld + YG_PASS_SUMS;
	double *space = yg_data_calloc(run->ld + (tasks ? tasks : 1) * size, sizeof(double));
	if (!space)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was fitted");
	run->spread = run->pass->packed ? yg_spread_new(run->pass->packed, run->pass->shift) : NULL;
	for (size_t f = 0; f < p && b; f++)
		space[f] = b[column_of(run->spread, f)] / unit_of(run->spread, f);
	run->b = b ? space : NULL;
	run->acc = space + run->ld;
	enum yg_status s = yg_pool_run(run->task, tasks, run_task, run, err);
	if (s == YG_OK) {
		join(run->acc, tasks, size);
		give(run, xtwx, xts);
		if (corner)
			*corner = run->acc[p * run->ld + p];
		if (sums)
			memcpy(sums, run->acc + run->ld * run->ld, YG_PASS_SUMS * sizeof(double));
	}
	yg_spread_free(run->spread);
	yg_data_free(space);
	return s;
}

enum yg_status yg_pass_run(const struct yg_pass *pass, const double *b, struct yg_task *task, double *xtwx, double *xts,
                           double sums[YG_PASS_SUMS], struct yg_err *err)
{
	struct run run = { .pass = pass, .task = task };
	return run_all(&run, b, xtwx, xts, NULL, sums, err);
}

enum yg_status yg_cross_product(const double *x, size_t n, size_t p, const double *w, const double *z, struct yg_task *task,
                                double *xtwx, double *xtwz, double *ztwz, struct yg_err *err)
{
	struct yg_pass pass = { .x = x, .n = n, .p = p };
	struct run run = { .pass = &pass, .w = w, .z = z, .task = task };
	return run_all(&run, NULL, xtwx, xtwz, ztwz, NULL, err);
}

void yg_pass_shift(const double *x, size_t n, size_t p, size_t intercept, double *shift)
{
	size_t rows = n < BLOCK ? n : BLOCK;
	for (size_t j = 0; j < p; j++)
		shift[j] = 0;
	for (size_t i = 0; i < rows; i++)
		for (size_t j = 0; j < p; j++)
			shift[j] += x[i * p + j];
	for (size_t j = 0; j < p; j++)
		shift[j] = j == intercept || !isfinite(shift[j]) ? 0 : shift[j] / (double)rows;
}

void yg_pass_unshift(size_t p, size_t intercept, const double *shift, double *b, double *covariance)
{
	size_t c = intercept;
	if (b)
		for (size_t j = 0; j < p; j++)
			if (j != c)
				b[c] -= shift[j] * b[j];
	if (!covariance)
		return;
	/* V := T V T' with T the identity but for row c, which is 1 at c and -shift elsewhere. */
	for (size_t k = 0; k < p; k++) {
		if (k == c)
			continue;
		double v = covariance[c * p + k];
		for (size_t j = 0; j < p; j++)
			if (j != c)
				v -= shift[j] * covariance[j * p + k];
		covariance[k * p + c] = v;
	}
	double corner = covariance[c * p + c];
	for (size_t j = 0; j < p; j++)
		if (j != c)
			corner -= shift[j] * (covariance[c * p + j] + covariance[j * p + c]);
	covariance[c * p + c] = corner;
	for (size_t k = 0; k < p; k++)
		covariance[c * p + k] = covariance[k * p + c];
}

/* ---- row by row results ---- */

struct rows {
	const double *x, *b, *offset;       /* b: [ld] padded */
	size_t n, p, ld;
	const struct kernels *kernels;
	double *out;
	struct yg_task *task;
};

static enum yg_status predict_task(void *context, size_t number, unsigned worker, struct yg_err *err)
{
	const struct rows *r = context;
	size_t first = number * YG_GRAM_TASK, end = first + YG_GRAM_TASK < r->n ? first + YG_GRAM_TASK : r->n;
	(void)worker;
	if (yg_task_cancelled(r->task))
		return YG_CANCELLED;
	double *xs = yg_data_calloc(YG_PASS_CHUNK * r->ld, sizeof(double));
	if (!xs)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was applied");
	for (size_t i = first; i < end; i += YG_PASS_CHUNK) {
		size_t rows = i + YG_PASS_CHUNK < end ? YG_PASS_CHUNK : end - i;
		for (size_t k = 0; k < rows; k++) {
			memcpy(xs + k * r->ld, r->x + (i + k) * r->p, r->p * sizeof(double));
			r->out[i + k] = r->offset ? r->offset[i + k] : 0;
		}
		r->kernels->dot(xs, r->b, rows, r->ld, r->out + i);
	}
	yg_data_free(xs);
	return YG_OK;
}

enum yg_status yg_linear_predictor(const double *x, size_t n, size_t p, const double *b, const double *offset,
                                   struct yg_task *task, double *out, struct yg_err *err)
{
	struct rows r = { .x = x, .offset = offset, .n = n, .p = p, .ld = (p + 7) / 8 * 8, .kernels = best_kernels(),
		          .out = out, .task = task };
	if (r.ld == 0)
		r.ld = 8;
	double *padded = yg_data_calloc(r.ld, sizeof(double));
	if (!padded)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was applied");
	memcpy(padded, b, p * sizeof(double));
	r.b = padded;
	enum yg_status s = yg_pool_run(task, (n + YG_GRAM_TASK - 1) / YG_GRAM_TASK, predict_task, &r, err);
	yg_data_free(padded);
	return s;
}

/* h[row] = xs[row]' V xs[row] of FOUR rows, V[p*ld] with zeros beyond p. */
#define FOUR 4u
YG_CLONES static void quadratic_rows(const double *xs, const double *v, size_t rows, size_t p, size_t ld, double *h)
{
	for (size_t r = 0; r < rows; r += FOUR) {
		const double *x = xs + r * ld;
		yg_lanes sum[FOUR] = { { 0 } };
		for (size_t k = 0; k < ld; k += 8) {
			yg_lanes t[FOUR] = { { 0 } };
			for (size_t j = 0; j < p; j++) {
				yg_lanes row = *(const yg_lanes *)(v + j * ld + k);
#pragma GCC unroll 4
				for (size_t i = 0; i < FOUR; i++)
					t[i] += x[i * ld + j] * row;
			}
#pragma GCC unroll 4
			for (size_t i = 0; i < FOUR; i++)
				sum[i] += t[i] * *(const yg_lanes *)(x + i * ld + k);
		}
#pragma GCC unroll 4
		for (size_t i = 0; i < FOUR; i++)
			h[r + i] = yg_lanes_sum(&sum[i]);
	}
}

struct quadratic {
	const struct yg_tall *tall;
	struct yg_spread *spread;           /* of packed rows */
	const double *v, *w;                /* v in the order and units of the rows spread out */
	size_t ld;
	double *out;
	struct yg_task *task;
};

static enum yg_status quadratic_task(void *context, size_t number, unsigned worker, struct yg_err *err)
{
	const struct quadratic *q = context;
	size_t n = q->tall->n, p = q->tall->p, first = number * YG_GRAM_TASK, end = first + YG_GRAM_TASK < n ? first + YG_GRAM_TASK : n;
	double h[YG_PASS_CHUNK];
	(void)worker;
	if (yg_task_cancelled(q->task))
		return YG_CANCELLED;
	double *xs = yg_data_calloc(YG_PASS_CHUNK * q->ld + 1, sizeof(double));
	if (!xs)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was applied");
	for (size_t i = first; i < end; i += YG_PASS_CHUNK) {
		size_t rows = i + YG_PASS_CHUNK < end ? YG_PASS_CHUNK : end - i;
		if (q->spread)
			yg_spread_rows(q->spread, i, rows, q->ld, xs);
		for (size_t r = 0; r < rows && !q->spread; r++)
			memcpy(xs + r * q->ld, q->tall->x + (i + r) * p, p * sizeof(double));
		quadratic_rows(xs, q->v, (rows + FOUR - 1) / FOUR * FOUR, p, q->ld, h);
		for (size_t r = 0; r < rows; r++)
			q->out[i + r] = (q->w ? q->w[i + r] : 1) * h[r];
	}
	yg_data_free(xs);
	return YG_OK;
}

enum yg_status yg_row_quadratic(const double *x, size_t n, size_t p, const double *v, const double *w, struct yg_task *task,
                                double *h, struct yg_err *err)
{
	struct yg_tall tall = { .n = n, .p = p, .x = x };
	return yg_tall_quadratic(&tall, v, w, task, h, err);
}

enum yg_status yg_tall_quadratic(const struct yg_tall *tall, const double *v, const double *w, struct yg_task *task,
                                 double *h, struct yg_err *err)
{
	size_t n = tall->n, p = tall->p, ld = (p + 7) / 8 * 8;
	struct quadratic q = { .tall = tall, .w = w, .ld = ld, .out = h, .task = task };
	double *padded = yg_data_calloc(p * ld + 1, sizeof(double));
	if (!padded)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was applied");
	q.spread = tall->packed ? yg_spread_new(tall->packed, NULL) : NULL;
	for (size_t f = 0; f < p; f++)
		for (size_t g = 0; g < p; g++)
			padded[f * ld + g] = v[column_of(q.spread, f) * p + column_of(q.spread, g)] / (unit_of(q.spread, f) * unit_of(q.spread, g));
	q.v = padded;
	enum yg_status s = yg_pool_run(task, (n + YG_GRAM_TASK - 1) / YG_GRAM_TASK, quadratic_task, &q, err);
	yg_spread_free(q.spread);
	yg_data_free(padded);
	return s;
}
