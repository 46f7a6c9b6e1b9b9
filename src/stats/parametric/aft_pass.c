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

struct evaluation {
	const struct aft_problem *m;
	const struct aft_shape *shape;   /* [strata] */
	size_t width;                    /* of a part */
	double *part;                    /* [tasks*width]: A cross products with x, A scores, A*A second derivatives */
};

/* acc[j] += sum of c[r] (x[r][j] - shift[j]) */
static YG_CLONES void add_cross(const double *x, const double *shift, const double *c, size_t rows, size_t p, double *acc)
{
	for (size_t r = 0; r < rows; r++) {
		const double *v = x + r * p;
		double f = c[r];
		size_t j = 0;
		for (; j + 8 <= p; j += 8)
			*(yg_lanes *)(acc + j) += f * (*(const yg_lanes *)(v + j) - *(const yg_lanes *)(shift + j));
		for (; j < p; j++)
			acc[j] += f * (v[j] - shift[j]);
	}
}

/* Extreme value errors, times exact or right-censored: l = d (z - log scale - y) - exp(z). */
static void plain_chunk(const struct evaluation *v, size_t first, size_t rows, const double *eta, double *w,
                        double *s, double *sums,
                        double *part)
{
	const struct aft_problem *m = v->m;
	const struct aft_rows *d = m->rows;
	double z[YG_PASS_CHUNK], e[YG_PASS_CHUNK], c[YG_PASS_CHUNK];
	double scale = v->shape[0].scale, f = 1 / scale, log_scale = yg_log(scale), sum = 0, a = 0, aa = 0;
	for (size_t r = 0; r < rows; r++)
		z[r] = (d->y1[first + r] - eta[r]) * f;
	yg_exp_array(z, e, rows);
	for (size_t r = 0; r < rows; r++) {
		double event = d->kind[first + r] == AFT_EXACT, weight = d->weight ? d->weight[first + r] : 1;
		double g1 = event - e[r], zr = z[r];
		sum += weight * (event * (zr - log_scale - d->y1[first + r]) - e[r]);
		a -= weight * (zr * g1 + event);
		aa += weight * zr * (zr * e[r] - g1);
		s[r] = -weight * f * g1;
		w[r] = weight * f * f * e[r];
		c[r] = weight * f * (zr * e[r] - g1);
	}
	sums[0] += sum;
	if (!m->scales)
		return;
	sums[1] += a;
	sums[2] += aa;
	add_cross(m->x + first * m->p, m->shift, c, rows, m->p, part);
}

static void any_chunk(const struct evaluation *v, size_t first, size_t rows, const double *eta, double *w, double *s,
                      double *sums,
                      double *part)
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
		size_t at[2] = { m->scales > 1 ? g : 0, m->scales };
		bool on[2] = { m->scales > 0, m->shapes > 0 };
		for (int k = 0; k < 2; k++) {
			if (!on[k])
				continue;
			double c = -weight * row.ea[k];
			add_cross(m->x + i * p, m->shift, &c, 1, p, part + at[k] * p);
			score[at[k]] += weight * row.a[k];
			second[at[k] * A + at[k]] -= weight * row.aa[k == 0 ? 0 : 2];
		}
		if (on[0] && on[1])
			second[at[1] * A + at[0]] -= weight * row.aa[1];
	}
}

static void chunk(const void *context, size_t first, size_t rows, const double *eta, double *w, double *s,
                  double sums[YG_PASS_SUMS])
{
	const struct evaluation *v = context;
	double *part = v->part + first / YG_GRAM_TASK * v->width;
	if (v->m->rows->plain && v->m->rows->strata <= 1)
		plain_chunk(v, first, rows, eta, w, s, sums, part);
	else
		any_chunk(v, first, rows, eta, w, s, sums, part);
}

/* The parts of the tasks, and the sums of the plain path, into score and information. */
static void collect(const struct evaluation *v, const double *sums, const double *xtwx, const double *xts,
                    double *score, double *information)
{
	const struct aft_problem *m = v->m;
	size_t p = m->p, A = m->scales + m->shapes, P = p + A;
	const double *cross = v->part, *first = cross + A * p, *second = first + A;
	for (size_t j = 0; j < p; j++) {
		score[j] = xts[j];
		memcpy(information + j * P, xtwx + j * p, p * sizeof(double));
	}
	for (size_t k = 0; k < A; k++) {
		score[p + k] = first[k] + (k == 0 ? sums[1] : 0);
		for (size_t j = 0; j < p; j++)
			information[(p + k) * P + j] = information[j * P + p + k] = cross[k * p + j];
		for (size_t l = 0; l <= k; l++)
			information[(p + k) * P + p + l] = information[(p + l) * P + p + k] = second[k * A + l] + (k == 0 ?
				sums[2] : 0);
	}
}

enum yg_status aft_evaluate(const struct aft_problem *m, const double *theta, double *loglik, double *score,
                            double *information,
                            struct yg_err *err)
{
	const struct aft_rows *d = m->rows;
	size_t p = m->p, A = m->scales + m->shapes, strata = d->strata ? d->strata : 1,
		tasks = (d->n + YG_GRAM_TASK - 1) / YG_GRAM_TASK;
	struct evaluation v = { .m = m, .width = A * p + A + A * A + 1 };
	struct aft_shape *shape = yg_data_calloc(strata, sizeof *shape);
	double *space = yg_data_calloc((tasks + 1) * v.width + p * p + p, sizeof(double)), sums[YG_PASS_SUMS] = { 0 };
	bool inside = true;
	enum yg_status s = YG_OK;
	if (!shape || !space) {
		yg_data_free(shape);
		yg_data_free(space);
		return no_memory(err);
	}
	v.part = space;
	v.shape = shape;
	for (size_t g = 0; g < strata; g++) {
		shape[g] = aft_shape_at(d, theta + p, m->scales, m->fixed, g, m->shapes > 0);
		inside = inside && shape[g].scale > 1e-300 && shape[g].scale < 1e300 && fabs(shape[g].q) < 1e6 &&
			!(shape[g].error == AFT_GENGAMMA && fabs(shape[g].q) > 20);
	}
	*loglik = -INFINITY;
	if (inside) {
		struct yg_pass pass = { .x = m->x, .n = d->n, .p = p, .shift = m->shift, .offset = m->offset, .fn = chunk,
			.context = &v };
		double *xtwx = space + (tasks + 1) * v.width, *xts = xtwx + p * p;
		s = yg_pass_run(&pass, theta, m->task, xtwx, xts, sums, err);
		if (s == YG_OK) {
			yg_sum_tree(v.part, tasks, v.width);
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
	}
}

enum yg_status aft_least_squares(const struct aft_problem *m, double *b, uint8_t *dropped, size_t *rank, double *sd,
                                 double *spread, struct yg_err *err)
{
	size_t p = m->p;
	struct guess g = { m->rows };
	struct yg_pass pass = { .x = m->x, .n = m->rows->n, .p = p, .shift = m->shift, .offset = m->offset,
		.fn = guess_chunk, .context = &g };
	double *space = yg_data_calloc(p * p + 2 * p + 1, sizeof(double)), sums[YG_PASS_SUMS];
	if (!space)
		return no_memory(err);
	double *a = space, *s = a + p * p, *right = s + p;
	enum yg_status status = yg_pass_run(&pass, NULL, m->task, a, s, sums, err);
	if (status == YG_OK) {
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
