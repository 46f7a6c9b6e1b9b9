/*
 * Firth's penalised partial likelihood (Heinze and Schemper 2001, Biometrics 57:114): l + log|I| / 2, whose slope has
 * beside the score tr(V dI/dbeta_a) / 2, V = I^-1.  dI/dbeta_a is the sum over events of third central moments, and the
 * trace contracts two of their three places.  With q_i = x_i' V x_i and m the weighted mean of a risk set,
 *
 *     tr = sum over events of  E[x q] - 2 E[x x'] V m + m (2 m' V m - E q)
 *
 * The first two parts are sums over rows, x_i w_i (q_i H_i - 2 x_i' V K_i), where H_i is the row's cumulative hazard and K_i
 * the means cumulated with it; the third needs only the running sum of w q.  So a pass costs O(n p^2) as the
 * information itself, and no third moments are formed.  Under Efron an event of d dead is d weighted means; sums over
 * them have closed coefficients in S1 and S1 of the dead.
 */
#include <math.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/cox_priv.h"
#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"
#include "yogo/num/sum.h"

struct firth_job {
	const struct yg_cox_frame *f;
	const struct yg_cox_profile *q;
	const double *v;            /* [p*p] */
	double *wq;                 /* [slots] w x' V x */
	double *out;                /* [parts*p] */
};

/* K of a row: what the events while it was at risk add. */
static double row_factor(const struct firth_job *job, uint32_t s, const double *vx, double square)
{
	const struct yg_cox_frame *f = job->f;
	const struct yg_cox_profile *q = job->q;
	uint32_t j = f->event_of[s];
	size_t p = f->p;
	const double *k = q->k + (size_t)j * p, *before = NULL, *s1 = q->s1 + (size_t)j * p, *s1d = q->s1d + (size_t)j * p;
	double h = f->hazard[j], sum = 0;
	bool dead = s < f->event[j].row0 + f->event[j].dead && f->b[j] != 0;
	if (f->entered && f->entered[s]) {
		h -= f->hazard[f->entered[s] - 1];
		before = q->k + (size_t)(f->entered[s] - 1) * p;
	}
	if (dead)
		h -= f->b[j];
	for (size_t a = 0; a < p; a++) {
		double own = k[a] - (before ? before[a] : 0);
		if (dead)
			own -= f->c1[j] * s1[a] - f->c2[j] * s1d[a];
		sum += vx[8 * a] * own;
	}
	return f->w[s] * (square * h - 2 * sum);
}

static enum yg_status row_part(void *context, size_t part, size_t from, size_t to, struct yg_err *err)
{
	struct firth_job *job = context;
	const struct yg_cox_frame *f = job->f;
	size_t p = f->p;
	double *vx = yg_data_alloc(8 * p + 8, sizeof *vx), *out = job->out + part * p;
	if (!vx)
		return yg_survival_no_memory(err);
	for (size_t k = from; k < to; k++)
		for (uint32_t tile = f->block[k].slot0 / 8; tile < f->block[k].slot_end / 8; tile++) {
			const double *x = f->x + (size_t)tile * p * 8;
			double square[8] = { 0 };
			for (size_t a = 0; a < p; a++) {
				double row[8] = { 0 };
				for (size_t b = 0; b < p; b++)
					for (int l = 0; l < 8; l++)
						row[l] += job->v[a * p + b] * x[8 * b + (size_t)l];
				for (int l = 0; l < 8; l++) {
					vx[8 * a + (size_t)l] = row[l];
					square[l] += row[l] * x[8 * a + (size_t)l];
				}
			}
			for (uint32_t l = 0; l < 8; l++) {
				uint32_t s = 8 * tile + l;
				job->wq[s] = f->row[s] == YG_COX_NONE ? 0 : f->w[s] * square[l];
				if (f->row[s] == YG_COX_NONE)
					continue;
				double c = row_factor(job, s, vx + l, square[l]);
				for (size_t a = 0; a < p; a++)
					out[a] += c * x[8 * a + l];
			}
		}
	yg_data_free(vx);
	return YG_OK;
}

/* Coefficients of S1 and S1 of the dead in the third part of an event. */
struct event_sums {
	double s0, s0d, sq, sqd, aa, ab, bb;  /* aa = S1' V S1, ab = S1' V S1d, bb = S1d' V S1d */
};

static void event_coefficients(const struct yg_cox_frame *f, uint32_t j, enum yg_cox_ties ties, const struct event_sums *e,
                               double *e0, double *e1)
{
	const struct yg_cox_event *v = &f->event[j];
	double weight = f->weight ? yg_tile_sum(f->weight, v->row0, v->row0 + v->dead) : v->dead;
	double dead = f->repeats ? weight : v->dead, mean = dead > 0 ? weight / dead : 0;
	*e0 = *e1 = 0;
	if (!(mean > 0))
		return;
	double steps = ties == YG_COX_EFRON ? dead : 1, each = ties == YG_COX_EFRON ? mean : weight;
	for (double k = 0; k < steps; k++) {
		double share = ties == YG_COX_EFRON ? k / dead : 0, den = e->s0 - share * e->s0d;
		double square = (e->aa - 2 * share * e->ab + share * share * e->bb) / (den * den);
		double c = each * (2 * square - (e->sq - share * e->sqd) / den) / den;
		*e0 += c;
		*e1 += share * c;
	}
}

static void event_part(const struct firth_job *job, enum yg_cox_ties ties, double *out)
{
	const struct yg_cox_frame *f = job->f;
	size_t p = f->p;
	struct yg_running s0 = { 0, 0 }, sq = { 0, 0 };
	for (size_t j = f->events; j-- > 0; ) {
		const struct yg_cox_event *v = &f->event[j];
		const double *s1 = job->q->s1 + j * p, *s1d = job->q->s1d + j * p;
		if (v->last)
			s0 = sq = (struct yg_running){ 0, 0 };
		yg_running_add(&s0, yg_tile_sum(f->w, v->row0, v->row_end));
		yg_running_add(&sq, yg_tile_sum(job->wq, v->row0, v->row_end));
		for (uint32_t i = v->entry0; i < v->entry_end; i++)
			if (f->entry_slot[i] != YG_COX_NONE) {
				yg_running_add(&s0, -f->w[f->entry_slot[i]]);
				yg_running_add(&sq, -job->wq[f->entry_slot[i]]);
			}
		struct event_sums e = { yg_running_value(&s0), yg_tile_sum(f->w, v->row0, v->row0 + v->dead), yg_running_value(&sq),
			                yg_tile_sum(job->wq, v->row0, v->row0 + v->dead), yg_quadratic_form(s1, job->v, p), 0, 0 };
		double e0, e1;
		if (f->c1[j] != 0) {
			e.bb = yg_quadratic_form(s1d, job->v, p);
			for (size_t a = 0; a < p; a++)
				for (size_t b = 0; b < p; b++)
					e.ab += s1[a] * job->v[a * p + b] * s1d[b];
		}
		event_coefficients(f, (uint32_t)j, ties, &e, &e0, &e1);
		for (size_t a = 0; a < p; a++)
			out[a] += e0 * s1[a] - (f->c1[j] != 0 ? e1 * s1d[a] : 0);
	}
}

/* Inverse of the information and half the log of its determinant, over the columns in the model. */
static double half_log_determinant(const struct yg_cox_frame *f, const double *info, double *v)
{
	size_t p = f->p;
	double *l = yg_xalloc(p * p + 1, sizeof *l), half = 0;
	uint8_t *dropped = yg_xcalloc(p + 1, 1);
	size_t wanted = 0;
	for (size_t a = 0; a < p; a++) {
		bool out = f->absent && f->absent[a];
		wanted += !out;
		half += out ? 0 : yg_log(f->scale[a]);
		for (size_t b = 0; b < p; b++)
			l[a * p + b] = out || (f->absent && f->absent[b]) ? 0 : info[a * p + b];
	}
	size_t rank = yg_cholesky(l, p, 1e-15, dropped);
	half = rank < wanted ? -INFINITY : half + 0.5 * yg_cholesky_log_determinant(l, p, dropped);
	yg_cholesky_inverse(l, p, dropped, v);
	yg_free(dropped);
	yg_free(l);
	return half;
}

enum yg_status yg_cox_firth(const struct yg_cox_frame *f, enum yg_cox_ties ties, struct yg_task *task, double *loglik,
                            double *u, const double *info, struct yg_err *err)
{
	size_t p = f->p;
	struct yg_cox_profile q = { 0 };
	double *v = yg_xalloc(p * p + 1, sizeof *v);
	for (size_t i = 0; i < p * p; i++)
		if (!(fabs(info[i]) < INFINITY)) {
			*loglik = NAN;
			yg_free(v);
			return YG_OK;
		}
	*loglik += half_log_determinant(f, info, v);
	enum yg_status s = yg_cox_profile_build(f, task, &q, err);
	struct firth_job job = { f, &q, v, yg_data_alloc(f->slots + 1, sizeof(double)),
		                 yg_data_calloc((f->parts + 1) * p + 1, sizeof(double)) };
	if (s == YG_OK && (!job.wq || !job.out))
		s = yg_survival_no_memory(err);
	if (s == YG_OK)
		s = yg_cox_parts(f, task, row_part, &job, err);
	if (s == YG_OK) {
		yg_sum_tree(job.out, f->parts, p);
		event_part(&job, ties, job.out);
		for (size_t a = 0; a < p; a++)
			u[a] += 0.5 * job.out[a];
	}
	yg_data_free(job.wq);
	yg_data_free(job.out);
	if (s == YG_OK || q.s1)
		yg_cox_profile_release(&q);
	yg_free(v);
	return s;
}
