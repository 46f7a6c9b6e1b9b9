/*
 * The quadratic approximation on the working set: its matrix, and its minimum under the penalty.
 *
 * The matrix is X'CX less the part of the means: for a GLM the intercept's, for Cox the risk sets' means.  These are
 * averaged over stretches of event times; by convexity the matrix is then at least the true one, so a step never aims too far.
 */
#include <math.h>
#include <string.h>

#include "penalised_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/matrix.h"

#define ROW_PARTS 4u            /* parts of the rows whose matrices are added in order */
#define SMALL_SET 1024u         /* up to here the lists' products are made row by row, in parts */
#define CYCLES 50u              /* of descent, before a factorisation is tried */
#define MOST_CYCLES 20000u
#define FACTOR_MOST 3000u

enum yg_status pen_quad_make(struct pen_quad *q, struct yg_err *err)
{
	const size_t n = q->x->n, p = q->x->p;
	double *v = yg_data_calloc(5 * n + 1, sizeof *v);

	q->stretches = q->model->stretches ? q->model->stretches : 1;
	q->place = yg_data_alloc(p + 1, sizeof *q->place);
	q->c = v;
	if (!v || !q->place)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the model"));
	q->e = v + n;
	q->phi = v + 2 * n;
	q->plo = v + 3 * n;
	q->scratch = v + 4 * n;
	memset(q->place, 0xff, p * sizeof *q->place);
	return YG_OK;
}

void pen_quad_release(struct pen_quad *q)
{
	yg_data_free(q->c);
	yg_data_free(q->place);
	yg_data_free(q->column);
	yg_data_free(q->h);
	yg_data_free(q->mass);
}

/* Room for so many columns; what is there stays. */
static enum yg_status reserve(struct pen_quad *q, size_t k, struct yg_err *err)
{
	size_t cap = q->cap ? q->cap : 32;

	if (k <= q->cap)
		return YG_OK;
	while (cap < k)
		cap *= 2;
	cap = cap > q->x->p ? q->x->p : cap;
	double *h = yg_data_calloc(cap * cap + 1, sizeof *h), *mass = yg_data_calloc(cap * q->stretches + 1, sizeof *mass);
	uint32_t *column = yg_data_calloc(cap + 1, sizeof *column);
	if (!h || !mass || !column) {
		yg_data_free(h);
		yg_data_free(mass);
		yg_data_free(column);
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for a model of %zu columns"), k);
	}
	for (size_t i = 0; i < q->k; i++)
		memcpy(h + i * cap, q->h + i * q->cap, q->k * sizeof *h);
	if (q->k) {
		memcpy(mass, q->mass, q->k * q->stretches * sizeof *mass);
		memcpy(column, q->column, q->k * sizeof *column);
	}
	yg_data_free(q->h);
	yg_data_free(q->mass);
	yg_data_free(q->column);
	q->h = h;
	q->mass = mass;
	q->column = column;
	q->cap = cap;
	return YG_OK;
}

/* Where a row's contribution to the stretches ends. */
static void mass_add(const struct pen_quad *q, size_t i, double x, double *level, double *mass)
{
	const struct pen_model *m = q->model;
	size_t hi = m->stretch[m->hi[i]], lo = m->stretch[m->lo[i]];

	level[hi] += q->e[i] * x;
	level[lo] -= q->e[i] * x;
	mass[hi] += q->phi[i] * x;
	mass[lo] -= q->plo[i] * x;
}

static void column_mass(const struct pen_quad *q, size_t at)
{
	const struct pen_column *c = &q->x->column[q->column[at]];
	double scale = q->scale[q->column[at]], *out = q->mass + at * q->stretches, above = 0;
	double level[PEN_STRETCHES + 1] = { 0 }, mass[PEN_STRETCHES + 1] = { 0 };

	if (q->model->family != YG_PEN_COX) {
		out[0] = scale * pen_column_dot(c, q->c, q->x->n);
		return;
	}
	if (c->dense)
		for (size_t i = 0; i < q->x->n; i++)
			mass_add(q, i, c->dense[i], level, mass);
	else
		for (size_t k = 0; k < c->count; k++)
			mass_add(q, c->index[k], 1, level, mass);
	above = level[q->stretches];
	for (size_t b = q->stretches; b-- > 0;) {
		out[b] = scale * (mass[b] + q->step[b] * above);
		above += level[b];
	}
}

static void take_reference(struct pen_quad *q, const double *c)
{
	const struct pen_model *m = q->model;
	double start[PEN_STRETCHES + 1] = { 0 };
	const size_t n = q->x->n;

	memcpy(q->c, c, n * sizeof *c);
	memset(q->weight, 0, sizeof q->weight);
	if (m->family != YG_PEN_COX) {
		for (size_t i = 0; i < n; i++)
			q->weight[0] += c[i];
		return;
	}
	for (size_t u = 0; u < m->m; u++) {
		size_t b = m->stretch[u];
		if (!u || m->stretch[u - 1] != b)
			start[b] = m->cumulative[u];
		q->step[b] = m->cumulative[u + 1] - start[b];
		q->weight[b] += m->deaths[u];
	}
	start[q->stretches] = m->cumulative[m->m];
	memcpy(q->e, m->e, n * sizeof *q->e);
	for (size_t i = 0; i < n; i++) {
		q->phi[i] = q->e[i] * (m->cumulative[m->hi[i]] - start[m->stretch[m->hi[i]]]);
		q->plo[i] = q->e[i] * (m->cumulative[m->lo[i]] - start[m->stretch[m->lo[i]]]);
	}
}

/* ---- X'CX ---- */

/* The column made dense and weighted, in scratch. */
static void spread(const struct pen_quad *q, const struct pen_column *c, double *v)
{
	if (c->dense) {
		for (size_t i = 0; i < q->x->n; i++)
			v[i] = q->c[i] * c->dense[i];
		return;
	}
	for (size_t k = 0; k < c->count; k++)
		v[c->index[k]] = q->c[c->index[k]];
}

static void clear(const struct pen_quad *q, const struct pen_column *c, double *v)
{
	if (c->dense)
		memset(v, 0, q->x->n * sizeof *v);
	for (size_t k = 0; !c->dense && k < c->count; k++)
		v[c->index[k]] = 0;
}

struct products {
	struct pen_quad *q;
	size_t at;              /* the column that is spread */
	size_t from;            /* others: from here .. at */
	bool dense_only;        /* pairs of two lists are made elsewhere */
	bool listed;
	double *part[ROW_PARTS];
};

/* One pair each. */
static enum yg_status pair(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct products *w = context;
	struct pen_quad *q = w->q;
	size_t l = w->from + block;
	const struct pen_column *other = &q->x->column[q->column[l]];

	(void)worker;
	(void)err;
	if (w->dense_only && w->listed && !other->dense)
		return YG_OK;
	q->h[w->at * q->cap + l] = pen_column_dot(other, q->scratch, q->x->n);
	return YG_OK;
}

/* Products of the column at `at` with those before it and itself. */
static enum yg_status row_of(struct pen_quad *q, size_t at, bool dense_only, struct yg_err *err)
{
	const struct pen_column *c = &q->x->column[q->column[at]];
	struct products w = { .q = q, .at = at, .from = 0, .dense_only = dense_only, .listed = !c->dense };
	bool long_enough = (c->dense || !dense_only) && at > 3 && q->x->n > 2000;
	enum yg_status status;

	/* A pair of a list and a number wants the number spread; it is cheapest to spread the list. */
	spread(q, c, q->scratch);
	status = yg_pool_run(long_enough ? q->task : NULL, at + 1, pair, &w, err);
	clear(q, c, q->scratch);
	return status;
}

/* The pairs of two lists, row by row: a part of the rows into a matrix of its own. */
static enum yg_status row_part(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct products *w = context;
	const struct pen_quad *q = w->q;
	const struct yg_pen_columns *x = q->x;
	double *h = w->part[block];
	size_t most = 0, first = block * x->n / ROW_PARTS, end = (block + 1) * x->n / ROW_PARTS;
	uint32_t *in;

	(void)worker;
	(void)err;
	for (size_t i = first; i < end; i++)
		most = x->row_start[i + 1] - x->row_start[i] > most ? x->row_start[i + 1] - x->row_start[i] : most;
	in = yg_xalloc(most + 1, sizeof *in);
	for (size_t i = first; i < end; i++) {
		size_t count = 0;
		double c = q->c[i];
		for (size_t k = x->row_start[i]; k < x->row_start[i + 1]; k++)
			if (q->place[x->row_column[k]] >= 0)
				in[count++] = (uint32_t)q->place[x->row_column[k]];
		for (size_t a = 0; a < count; a++) {
			double *row = h + (size_t)in[a] * q->k;
			for (size_t b = 0; b < count; b++)
				row[in[b]] += c;
		}
	}
	yg_free(in);
	return YG_OK;
}

static enum yg_status lists_by_row(struct pen_quad *q, struct yg_err *err)
{
	struct products w = { .q = q };
	const size_t size = q->k * q->k;
	double *parts = yg_data_calloc(ROW_PARTS * size + 1, sizeof *parts);
	enum yg_status status;

	if (!parts)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the model"));
	for (size_t b = 0; b < ROW_PARTS; b++)
		w.part[b] = parts + b * size;
	status = yg_pool_run(q->task, ROW_PARTS, row_part, &w, err);
	for (size_t i = 0; i < q->k; i++)
		for (size_t j = 0; j <= i; j++) {
			double sum = 0;
			if (q->x->column[q->column[i]].dense || q->x->column[q->column[j]].dense)
				continue;
			for (size_t b = 0; b < ROW_PARTS; b++)
				sum += w.part[b][i * q->k + j];
			q->h[i * q->cap + j] = sum;
		}
	yg_data_free(parts);
	return status;
}

/* Scale, take off the part of the means, mirror: rows from `from` on. */
static void finish(struct pen_quad *q, size_t from)
{
	for (size_t i = from; i < q->k; i++)
		for (size_t j = 0; j <= i; j++) {
			const double *a = q->mass + i * q->stretches, *b = q->mass + j * q->stretches;
			double h = q->h[i * q->cap + j] * q->scale[q->column[i]] * q->scale[q->column[j]];
			for (size_t s = 0; s < q->stretches; s++)
				h -= q->weight[s] > 0 ? a[s] * b[s] / q->weight[s] : 0;
			q->h[i * q->cap + j] = q->h[j * q->cap + i] = h;
		}
}

enum yg_status pen_quad_renew(struct pen_quad *q, const double *c, struct yg_err *err)
{
	bool by_row = q->x->lists > 1 && q->k <= SMALL_SET && q->k > 8;

	take_reference(q, c);
	if (by_row)
		YG_TRY(lists_by_row(q, err));
	for (size_t i = 0; i < q->k; i++) {
		bool listed = !q->x->column[q->column[i]].dense;
		column_mass(q, i);
		if (!(by_row && listed && q->x->lists == q->x->p))
			YG_TRY(row_of(q, i, by_row, err));
	}
	finish(q, 0);
	return YG_OK;
}

enum yg_status pen_quad_add(struct pen_quad *q, const uint32_t *columns, size_t count, struct yg_err *err)
{
	size_t from = q->k;

	YG_TRY(reserve(q, q->k + count, err));
	for (size_t k = 0; k < count; k++) {
		q->column[q->k] = columns[k];
		q->place[columns[k]] = (int32_t)q->k;
		q->k++;
	}
	for (size_t i = from; i < q->k; i++) {
		column_mass(q, i);
		YG_TRY(row_of(q, i, false, err));
	}
	finish(q, from);
	return YG_OK;
}

/* ---- the minimum ---- */

static double soft(double z, double by)
{
	return z > by ? z - by : z < -by ? z + by : 0;
}

/* One cycle; returns the largest squared step in units of the matrix. */
static double cycle(const struct pen_quad *q, double *g, double *b, const double *l1, const double *l2, bool active_only)
{
	double largest = 0;

	for (size_t j = 0; j < q->k; j++) {
		const double *row = q->h + j * q->cap;
		double h = row[j], old = b[j], step;
		if ((active_only && old == 0) || h <= 0)
			continue;
		b[j] = soft(g[j] + h * old, l1[j]) / (h + l2[j]);
		step = b[j] - old;
		if (step == 0)
			continue;
		for (size_t l = 0; l < q->k; l++)
			g[l] -= row[l] * step;
		largest = h * step * step > largest ? h * step * step : largest;
	}
	return largest;
}

/* With the columns that are in and their signs given, the minimum is a linear system; false when it is not consistent with them. */
static bool factorise(const struct pen_quad *q, double *g, double *b, const double *l1, const double *l2)
{
	size_t s = 0;
	uint32_t *in = yg_xalloc(q->k + 1, sizeof *in);
	bool fits = true;

	for (size_t j = 0; j < q->k; j++)
		if (b[j] != 0 || l1[j] == 0)
			in[s++] = (uint32_t)j;
	double *a = s && s <= FACTOR_MOST ? yg_data_alloc(s * s, sizeof *a) : NULL;
	double *d = yg_xcalloc(s + 1, sizeof *d), *gradient = yg_xalloc(q->k + 1, sizeof *gradient);
	uint8_t *dropped = yg_xcalloc(s + 1, 1);
	fits = a != NULL;
	for (size_t i = 0; fits && i < s; i++) {
		for (size_t j = 0; j < s; j++)
			a[i * s + j] = q->h[in[i] * q->cap + in[j]] + (i == j ? l2[in[i]] : 0);
		d[i] = g[in[i]] - l2[in[i]] * b[in[i]] - (b[in[i]] > 0 ? l1[in[i]] : b[in[i]] < 0 ? -l1[in[i]] : 0);
	}
	fits = fits && yg_cholesky(a, s, 1e-13, dropped) == s;
	if (fits)
		yg_cholesky_solve(a, s, dropped, d);
	for (size_t i = 0; fits && i < s; i++)
		fits = l1[in[i]] == 0 || (b[in[i]] + d[i] > 0) == (b[in[i]] > 0);
	if (fits) {
		memcpy(gradient, g, q->k * sizeof *g);
		for (size_t i = 0; i < s; i++)
			for (size_t l = 0; l < q->k; l++)
				gradient[l] -= q->h[in[i] * q->cap + l] * d[i];
		for (size_t j = 0; fits && j < q->k; j++)
			fits = b[j] != 0 || l1[j] == 0 || fabs(gradient[j]) <= l1[j] * (1 + 1e-9);
	}
	if (fits) {
		memcpy(g, gradient, q->k * sizeof *g);
		for (size_t i = 0; i < s; i++)
			b[in[i]] += d[i];
	}
	yg_free(dropped);
	yg_free(gradient);
	yg_free(d);
	yg_data_free(a);
	yg_free(in);
	return fits;
}

void pen_quad_minimise(const struct pen_quad *q, double *g, double *b, const double *l1, const double *l2, double tolerance)
{
	for (size_t done = 0; done < MOST_CYCLES; done += CYCLES) {
		double step = cycle(q, g, b, l1, l2, false);
		for (size_t k = 1; k < CYCLES && step > tolerance; k++)
			/* Those that are in settle among themselves; every few cycles all are asked. */
			step = cycle(q, g, b, l1, l2, k % 4 != 0);
		if (step <= tolerance && cycle(q, g, b, l1, l2, false) <= tolerance)
			return;
		if (factorise(q, g, b, l1, l2))
			return;
		if (yg_task_cancelled(q->task))
			return;
	}
}
