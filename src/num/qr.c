/*
 * Least squares by Householder QR, block by block (TSQR: Demmel, Grigori, Hoemmen & Langou, SIAM J. Sci. Comput. 34, 2012).
 *
 * Each task folds its rows, chunk after chunk, into an upper triangle of [X y]; the triangles are folded
 * pairwise by a fixed tree.  Which columns depend on earlier ones is then decided on the last triangle, by the rule of
 * LINPACK's dqrdc2 that R's lm uses.
 */
#include "yogo/num/matrix.h"

#include <math.h>
#include <string.h>

#include "yogo/base/mem.h"
#include "yogo/base/pool.h"

#define FOLD 256u

/*
 * Fold rows a[rows*q] (destroyed) into the upper triangle r[q*q]: Householder reflections of [r; a],
 * column k touching row k of r and all rows of a.
 */
static void fold(double *r, double *a, size_t rows, size_t q, double *dot)
{
	for (size_t k = 0; k < q; k++) {
		double scale = fabs(r[k * q + k]), sum = 0;
		for (size_t i = 0; i < rows; i++)
			scale = fmax(scale, fabs(a[i * q + k]));
		if (scale == 0)
			continue;
		double head = r[k * q + k] / scale;
		for (size_t i = 0; i < rows; i++) {
			double t = a[i * q + k] / scale;
			sum += t * t;
		}
		if (sum == 0)
			continue;
		double norm = sqrt(head * head + sum), alpha = head > 0 ? -norm : norm;
		double v0 = (head - alpha) * scale, beta = 1 / (norm * (norm + fabs(head)) * scale * scale);
		size_t m = q - k;
		for (size_t j = 0; j < m; j++)
			dot[j] = v0 * r[k * q + k + j];
		for (size_t i = 0; i < rows; i++) {
			double v = a[i * q + k];
			const double *row = a + i * q + k;
			for (size_t j = 0; j < m; j++)
				dot[j] += v * row[j];
		}
		for (size_t j = 0; j < m; j++) {
			dot[j] *= beta;
			r[k * q + k + j] -= v0 * dot[j];
		}
		for (size_t i = 0; i < rows; i++) {
			double *row = a + i * q + k, v = row[0];
			for (size_t j = 0; j < m; j++)
				row[j] -= v * dot[j];
			row[0] = 0;
		}
	}
}

struct qr {
	const struct yg_tall *x;
	const double *y, *w;
	double *r;                   /* [tasks*q*q] */
	struct yg_task *task;
};

static enum yg_status qr_task(void *context, size_t number, unsigned worker, struct yg_err *err)
{
	const struct qr *qr = context;
	size_t p = qr->x->p, q = p + 1, n = qr->x->n, first = number * YG_GRAM_TASK;
	size_t end = first + YG_GRAM_TASK < n ? first + YG_GRAM_TASK : n;
	(void)worker;
	if (yg_task_cancelled(qr->task))
		return YG_CANCELLED;
	double *a = yg_data_alloc(FOLD * q + q + FOLD * p, sizeof(double));
	if (!a)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was fitted");
	for (size_t i = first; i < end; i += FOLD) {
		size_t rows = i + FOLD < end ? FOLD : end - i;
		const double *x = yg_tall_rows(qr->x, i, rows, a + FOLD * q + q);
		for (size_t k = 0; k < rows; k++) {
			double root = qr->w ? sqrt(qr->w[i + k]) : 1;
			for (size_t j = 0; j < p; j++)
				a[k * q + j] = root * x[k * p + j];
			a[k * q + p] = root * qr->y[i + k];
		}
		fold(qr->r + number * q * q, a, rows, q, a + FOLD * q);
	}
	yg_data_free(a);
	return YG_OK;
}

/*
 * Second QR, of the q-by-q triangle t, without the columns that are dependent: reflections on rows
 * rank.. of each column kept; r gets the kept columns, in place of their index.
 */
static size_t reduce(double *t, size_t p, double tolerance, uint8_t *dropped, double *dot)
{
	size_t q = p + 1, rank = 0;
	for (size_t j = 0; j < p; j++) {
		double whole = 0, left = 0;
		/* Reflections keep the norm of a column, so the whole norm may be taken now. */
		for (size_t i = 0; i < q; i++) {
			double s = t[i * q + j] * t[i * q + j];
			whole += s;
			left += i >= rank ? s : 0;
		}
		dropped[j] = !(whole > 0) || !(sqrt(left) >= tolerance * sqrt(whole));
		if (dropped[j])
			continue;
		double head = t[rank * q + j], norm = sqrt(left), alpha = head > 0 ? -norm : norm, v0 = head - alpha;
		double beta = 1 / (norm * (norm + fabs(head)));
		for (size_t k = j; k < q; k++) {
			dot[k] = v0 * t[rank * q + k];
			for (size_t i = rank + 1; i < q; i++)
				dot[k] += t[i * q + j] * t[i * q + k];
			dot[k] *= beta;
		}
		for (size_t k = j + 1; k < q; k++) {
			t[rank * q + k] -= v0 * dot[k];
			for (size_t i = rank + 1; i < q; i++)
				t[i * q + k] -= t[i * q + j] * dot[k];
		}
		t[rank * q + j] = alpha;
		for (size_t i = rank + 1; i < q; i++)
			t[i * q + j] = 0;
		rank++;
	}
	return rank;
}

/* Spread the kept rows of t over r[p*p] and qty[p]; solve; residual norm. */
static void solve(const double *t, size_t p, const uint8_t *dropped, size_t rank, double *b, double *r, double *qty, double *rss)
{
	size_t q = p + 1, row = 0;
	memset(r, 0, p * p * sizeof(double));
	memset(qty, 0, p * sizeof(double));
	memset(b, 0, p * sizeof(double));
	for (size_t j = 0; j < p; j++) {
		if (dropped[j])
			continue;
		for (size_t k = j; k < p; k++)
			r[j * p + k] = dropped[k] ? 0 : t[row * q + k];
		qty[j] = t[row * q + p];
		row++;
	}
	for (size_t j = p; j-- > 0;) {
		if (dropped[j])
			continue;
		double s = qty[j];
		for (size_t k = j + 1; k < p; k++)
			s -= r[j * p + k] * b[k];
		b[j] = s / r[j * p + j];
	}
	*rss = 0;
	for (size_t i = rank; i < q; i++)
		*rss += t[i * q + p] * t[i * q + p];
}

enum yg_status yg_qr_least_squares(const struct yg_tall *x, const double *y, const double *w, double tolerance,
                                   struct yg_task *task, double *b, double *r, double *qty, double *rss, uint8_t *dropped,
                                   size_t *rank, struct yg_err *err)
{
	size_t p = x->p, q = p + 1, tasks = (x->n + YG_GRAM_TASK - 1) / YG_GRAM_TASK;
	double *space = yg_data_calloc((tasks ? tasks : 1) * q * q + q, sizeof(double));
	if (!space)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was fitted");
	struct qr qr = { .x = x, .y = y, .w = w, .r = space + q, .task = task };
	enum yg_status s = yg_pool_run(task, tasks, qr_task, &qr, err);
	if (s == YG_OK) {
		for (size_t step = 1; step < tasks; step *= 2)
			for (size_t t = 0; t + step < tasks; t += 2 * step)
				fold(qr.r + t * q * q, qr.r + (t + step) * q * q, q, q, space);
		*rank = reduce(qr.r, p, tolerance, dropped, space);
		solve(qr.r, p, dropped, *rank, b, r, qty, rss);
	}
	yg_data_free(space);
	return s;
}

void yg_qr_inverse(const double *r, size_t p, const uint8_t *dropped, double *inverse)
{
	/* R' is the Cholesky factor of X'X up to signs, which cancel in the inverse. */
	double *l = yg_xcalloc(p * p + 1, sizeof(double));
	for (size_t i = 0; i < p; i++)
		for (size_t j = i; j < p; j++)
			l[j * p + i] = r[i * p + j];
	yg_cholesky_inverse(l, p, dropped, inverse);
	yg_free(l);
}
