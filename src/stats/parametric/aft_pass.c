/* Passes over the rows of a parametric model: log likelihood, score and information; least squares for the start. */
#include <math.h>
#include <string.h>

#include "aft_priv.h"
#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"
#include "yogo/num/lanes.h"
#include "yogo/num/matrix.h"
#include "yogo/num/sum.h"

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was fitted");
}

struct aft_shape aft_shape_at(const struct aft_rows *r, const double *anc, size_t scales, double fixed,
                              size_t stratum, bool derivatives)
{
	struct aft_shape s = { .error = r->error, .log_time = yg_aft_dist_log(r->dist), .tied = r->dist == YG_AFT_GAMMA,
		               .free_shape = derivatives && (r->dist == YG_AFT_GENGAMMA || r->dist == YG_AFT_GOMPERTZ),
		               .unit = r->unit };
	s.scale = r->error == AFT_GOMPERTZ ? 1 : scales ? yg_exp(anc[scales > 1 ? stratum : 0]) : fixed;
	s.q = r->dist == YG_AFT_GAMMA ? s.scale : r->error == AFT_T ? r->df : s.error == AFT_GENGAMMA ||
		s.error == AFT_GOMPERTZ ? anc[scales] : 0;
	return s;
}

/*
 * The columns' products with the derivatives in log scale and shape are further right sides of the pass; scales of several
 * strata, each with rows of its own, are added row by row.
 */
struct evaluation {
	const struct aft_problem *m;
	const struct aft_shape *shape;   /* [strata] */
	const double *theta;
	size_t columns, sides, kinds;    /* columns: 0 of an intercept alone; kinds: scale, shape */
	size_t width;                    /* of a part */
	double *part;                    /* [tasks*width]: A cross products with x, A scores, A*A second derivatives, and of an
	                                    intercept alone X'WX and X's */
};

/* acc[j] += c (x[j] - shift[j]) */
YG_CLONES static void add_cross(const double *x, const double *shift, double c, size_t p, double *acc)
{
	size_t j = 0;
	for (; j + 8 <= p; j += 8)
		*(yg_lanes *)(acc + j) += c * (*(const yg_lanes *)(x + j) - *(const yg_lanes *)(shift + j));
	for (; j < p; j++)
		acc[j] += c * (x[j] - shift[j]);
}

struct plain {
	const double *y, *weight;        /* of the chunk's rows; weight NULL = 1 */
	const uint8_t *kind;
	double scale, log_scale;
};
typedef uint8_t eight_bytes __attribute__((vector_size(8), aligned(1), may_alias));

/* Extreme value errors, times exact or right-censored: l = d (z - log scale - y) - exp(z). */
YG_CLONES static void plain_lanes(const struct plain *d, size_t rows, const double *eta, double *w, double *s, double *c,
                                  double *sums)
{
	double z[YG_PASS_CHUNK] = { 0 }, e[YG_PASS_CHUNK], f = 1 / d->scale;
	const yg_lanes zero = { 0 };
	yg_lanes sum = zero, a = zero, aa = zero;
	for (size_t r = 0; r < rows; r += 8)
		*(yg_lanes *)(z + r) = (*(const yg_lanes *)(d->y + r) - *(const yg_lanes *)(eta + r)) * f;
	yg_exp_array(z, e, rows);
	for (size_t r = 0; r < rows; r += 8) {
		yg_lanes event = __builtin_convertvector(*(const eight_bytes *)(d->kind + r), yg_lanes);
		yg_lanes weight = zero + 1.0;
		if (d->weight)
			weight = *(const yg_lanes *)(d->weight + r);
		yg_lanes zr = *(yg_lanes *)(z + r), er = *(yg_lanes *)(e + r), g1 = event - er, cross = zr * er - g1;
		sum += weight * (event * (zr - d->log_scale - *(const yg_lanes *)(d->y + r)) - er);
		a -= weight * (zr * g1 + event);
		aa += weight * zr * cross;
		*(yg_lanes *)(s + r) = -(weight * f * g1);
		*(yg_lanes *)(w + r) = weight * f * f * er;
		*(yg_lanes *)(c + r) = weight * f * cross;
	}
	sums[0] += yg_lanes_sum(&sum);
	sums[1] += yg_lanes_sum(&a);
	sums[2] += yg_lanes_sum(&aa);
}

_Static_assert(AFT_EXACT == 1 && AFT_RIGHT == 0, "the kind of a plain row is its event");

static void plain_chunk(const struct evaluation *v, size_t first, size_t rows, const double *eta, double *w,
                        double *s, double *sums)
{
	const struct aft_rows *d = v->m->rows;
	struct plain part = { d->y1 + first, d->weight ? d->weight + first : NULL, d->kind + first, v->shape[0].scale,
		yg_log(v->shape[0].scale) };
	if (rows % 8 == 0) {
		plain_lanes(&part, rows, eta, w, s, s + YG_PASS_CHUNK, sums);
		return;
	}
	/* Up to a whole number of lanes with rows of no weight. */
	double y[YG_PASS_CHUNK] = { 0 }, at[YG_PASS_CHUNK] = { 0 }, weight[YG_PASS_CHUNK] = { 0 };
	uint8_t kind[YG_PASS_CHUNK] = { 0 };
	memcpy(y, part.y, rows * sizeof *y);
	memcpy(at, eta, rows * sizeof *at);
	memcpy(kind, part.kind, rows);
	for (size_t r = 0; r < rows; r++)
		weight[r] = part.weight ? part.weight[r] : 1;
	part.y = y;
	part.kind = kind;
	part.weight = weight;
	plain_lanes(&part, (rows + 7) / 8 * 8, at, w, s, s + YG_PASS_CHUNK, sums);
}

static void any_chunk(const struct evaluation *v, size_t first, size_t rows, const double *eta, double *w, double *s,
                      double *sums, double *part)
{
	const struct aft_problem *m = v->m;
	const struct aft_rows *d = m->rows;
	size_t p = m->p, A = m->scales + m->shapes;
	double *score = part + A * p, *second = score + A;
	for (size_t r = 0; r < rows; r++) {
		size_t i = first + r, g = d->stratum ? (size_t)d->stratum[i] : 0;
		double weight = d->weight ? d->weight[i] : 1;
		struct aft_row row = { 0 };
		if (weight > 0)
			aft_row(&v->shape[g], d->kind[i], d->y1[i], d->y2 ? d->y2[i] : 0, d->entry ? d->entry[i] : -INFINITY,
				eta[r], &row);
		sums[0] += weight * row.l;
		s[r] = weight * row.e;
		w[r] = -weight * row.ee;
		size_t at[2] = { m->scales > 1 ? g : 0, m->scales }, side = 1;
		bool on[2] = { m->scales > 0, m->shapes > 0 };
		for (int k = 0; k < 2; k++) {
			if (!on[k])
				continue;
			s[side++ * YG_PASS_CHUNK + r] = -weight * row.ea[k];
			score[at[k]] += weight * row.a[k];
			second[at[k] * A + at[k]] -= weight * row.aa[k == 0 ? 0 : 2];
		}
		if (on[0] && on[1])
			second[at[1] * A + at[0]] -= weight * row.aa[1];
	}
}

/* The products with the columns where every stratum has a scale. */
static void strata_products(const struct evaluation *v, size_t first, size_t rows, const double *s, double *part)
{
	const struct aft_problem *m = v->m;
	size_t p = m->p;
	double *space = m->tall.packed ? yg_xalloc(rows * p, sizeof *space) : NULL;
	const double *x = yg_tall_rows(&m->tall, first, rows, space);
	for (size_t r = 0; r < rows; r++) {
		add_cross(x + r * p, m->shift, s[YG_PASS_CHUNK + r], p, part + (size_t)m->rows->stratum[first + r] * p);
		if (m->shapes)
			add_cross(x + r * p, m->shift, s[2 * YG_PASS_CHUNK + r], p, part + m->scales * p);
	}
	yg_free(space);
}

/* The products of an intercept alone are sums. */
static void sums_alone(const struct evaluation *v, size_t first, size_t rows, const double *w, const double *s, double *part)
{
	const struct aft_problem *m = v->m;
	size_t A = m->scales + m->shapes;
	double sum[1 + YG_PASS_SIDES] = { 0 };
	for (size_t r = 0; r < rows; r++) {
		sum[0] += w[r];
		for (size_t k = 0; k <= v->kinds; k++)
			sum[1 + k] += s[k * YG_PASS_CHUNK + r];
		if (m->scales > 1)
			part[m->rows->stratum[first + r]] += s[YG_PASS_CHUNK + r];
	}
	part[2 * A + A * A] += sum[0];
	part[2 * A + A * A + 1] += sum[1];
	if (m->scales == 1)
		part[0] += sum[2];
	if (m->shapes)
		part[m->scales] += sum[1 + v->kinds];
}

static void chunk(const void *context, size_t first, size_t rows, const double *eta, double *w, double *s,
                  double sums[YG_PASS_SUMS])
{
	const struct evaluation *v = context;
	double *part = v->part + first / YG_GRAM_TASK * v->width, at[YG_PASS_CHUNK];
	if (!v->columns)
		for (size_t r = 0; r < rows; r++)
			at[r] = eta[r] + v->theta[0];
	if (v->m->rows->plain && v->m->rows->strata <= 1)
		plain_chunk(v, first, rows, v->columns ? eta : at, w, s, sums);
	else
		any_chunk(v, first, rows, v->columns ? eta : at, w, s, sums, part);
	if (!v->columns)
		sums_alone(v, first, rows, w, s, part);
	else if (v->m->scales > 1)
		strata_products(v, first, rows, s, part);
}

/* The parts of the tasks, and the sums of the plain path, into score and information. */
static void collect(const struct evaluation *v, const double *sums, const double *xtwx, const double *xts,
                    double *score, double *information)
{
	const struct aft_problem *m = v->m;
	size_t p = m->p, A = m->scales + m->shapes, P = p + A;
	const double *cross = v->sides ? xts + p : v->part, *first = v->part + A * p, *second = first + A;
	for (size_t j = 0; j < p; j++) {
		score[j] = xts[j];
		memcpy(information + j * P, xtwx + j * p, p * sizeof(double));
	}
	for (size_t k = 0; k < A; k++) {
		score[p + k] = first[k] + (k == 0 && m->scales ? sums[1] : 0);
		for (size_t j = 0; j < p; j++)
			information[(p + k) * P + j] = information[j * P + p + k] = cross[k * p + j];
		for (size_t l = 0; l <= k; l++)
			information[(p + k) * P + p + l] = information[(p + l) * P + p + k] = second[k * A + l] +
				(k == 0 && m->scales ? sums[2] : 0);
	}
}

/* The shapes at theta; false where it is out of bounds. */
static bool shapes_at(const struct aft_problem *m, const double *theta, struct aft_shape *shape)
{
	bool inside = true;
	for (size_t g = 0; g < m->rows->strata; g++) {
		shape[g] = aft_shape_at(m->rows, theta + m->p, m->scales, m->fixed, g, m->shapes > 0);
		inside = inside && shape[g].scale > 1e-300 && shape[g].scale < 1e300 && fabs(shape[g].q) < 1e6 &&
			!(shape[g].error == AFT_GENGAMMA && fabs(shape[g].q) > 20);
	}
	return inside;
}

enum yg_status aft_evaluate(const struct aft_problem *m, const double *theta, double *loglik, double *score,
                            double *information,
                            struct yg_err *err)
{
	const struct aft_rows *d = m->rows;
	size_t p = m->p, A = m->scales + m->shapes, tasks = (d->n + YG_GRAM_TASK - 1) / YG_GRAM_TASK;
	bool alone = !m->tall.x && !m->tall.packed;
	struct evaluation v = { .m = m, .theta = theta, .width = A * p + A + A * A + 2, .columns = alone ? 0 : p,
		.sides = alone || m->scales > 1 ? 0 : A, .kinds = (m->scales > 0) + (size_t)(m->shapes > 0) };
	struct aft_shape *shape = yg_data_calloc(d->strata, sizeof *shape);
	double *space = yg_data_calloc((tasks + 1) * v.width + p * p + p * (1 + A), sizeof(double)), sums[YG_PASS_SUMS] = { 0 };
	enum yg_status s = YG_OK;
	if (!shape || !space) {
		yg_data_free(shape);
		yg_data_free(space);
		return no_memory(err);
	}
	v.part = space;
	v.shape = shape;
	*loglik = -INFINITY;
	if (shapes_at(m, theta, shape)) {
		struct yg_pass pass = { .x = m->tall.x, .packed = m->tall.packed, .n = d->n, .p = v.columns, .shift = m->shift,
			.every = m->every, .offset = m->offset, .sides = v.sides, .fn = chunk, .context = &v };
		double *xtwx = space + (tasks + 1) * v.width, *xts = xtwx + p * p;
		s = yg_pass_run(&pass, alone ? NULL : theta, m->task, alone ? NULL : xtwx, alone ? NULL : xts, sums, err);
		if (s == YG_OK) {
			yg_sum_tree(v.part, tasks, v.width);
			if (alone) {
				xtwx[0] = v.part[v.width - 2];
				xts[0] = v.part[v.width - 1];
			}
			collect(&v, sums, xtwx, xts, score, information);
			*loglik = sums[0];
		}
	}
	yg_data_free(shape);
	yg_data_free(space);
	return s;
}

/* ---- least squares ---- */

struct guess {
	const struct aft_rows *d;
};

/* What stands for the time of a row: itself, where it is cut off, the middle of an interval. */
static void guess_chunk(const void *context, size_t first, size_t rows, const double *eta, double *w, double *s,
                        double sums[YG_PASS_SUMS])
{
	const struct guess *g = context;
	for (size_t r = 0; r < rows; r++) {
		size_t i = first + r;
		double y = g->d->y1[i], weight = g->d->weight ? g->d->weight[i] : 1;
		if (g->d->kind[i] == AFT_INTERVAL)
			y = (y + g->d->y2[i]) / 2;
		if (g->d->kind[i] == AFT_NOTHING)
			weight = y = 0;
		double rest = y - eta[r];
		w[r] = weight;
		s[r] = weight * rest;
		sums[0] += weight;
		sums[1] += weight * rest * rest;
		sums[2] += weight * rest;
	}
}

enum yg_status aft_least_squares(const struct aft_problem *m, double *b, uint8_t *dropped, size_t *rank, double *sd,
                                 double *spread, struct yg_err *err)
{
	size_t p = m->p;
	bool alone = !m->tall.x && !m->tall.packed;
	struct guess g = { m->rows };
	struct yg_pass pass = { .x = m->tall.x, .packed = m->tall.packed, .n = m->rows->n, .p = alone ? 0 : p, .shift = m->shift,
		.every = m->every, .offset = m->offset, .fn = guess_chunk, .context = &g };
	double *space = yg_data_calloc(p * p + 2 * p + 1, sizeof(double)), sums[YG_PASS_SUMS];
	if (!space)
		return no_memory(err);
	double *a = space, *s = a + p * p, *right = s + p;
	enum yg_status status = yg_pass_run(&pass, NULL, m->task, alone ? NULL : a, alone ? NULL : s, sums, err);
	if (status == YG_OK) {
		if (alone) {
			a[0] = sums[0];
			s[0] = sums[2];
		}
		memcpy(right, s, p * sizeof(double));
		for (size_t j = 0; j < p; j++)
			spread[j] = sums[0] > 0 && a[j * p + j] > 0 ? sqrt(a[j * p + j] / sums[0]) : 0;
		*rank = yg_cholesky(a, p, YG_CHOLESKY_TOLERANCE, dropped);
		memcpy(b, s, p * sizeof(double));
		yg_cholesky_solve(a, p, dropped, b);
		double rss = sums[1] - yg_dot(b, right, p);
		*sd = sums[0] > 0 && rss > 0 ? sqrt(rss / sums[0]) : 0;
		/* Without an intercept far from the data the difference has lost its digits: then the whole. */
		if (!(*sd * *sd > 1e-14 * sums[1] / (sums[0] > 0 ? sums[0] : 1)))
			*sd = 0;
	}
	yg_data_free(space);
	return status;
}
