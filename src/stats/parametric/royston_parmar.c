/* Flexible parametric models; see the header. */
#include "yogo/stats/royston_parmar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rp_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"
#include "yogo/num/sum.h"

#define BLOCK 4096u
#define MOST_COLUMNS 4096u

enum yg_aft_dist rp_plain(enum yg_rp_scale scale)
{
	static const enum yg_aft_dist like[] = { [YG_RP_HAZARD] = YG_AFT_WEIBULL, [YG_RP_ODDS] = YG_AFT_LOGLOGISTIC,
		[YG_RP_NORMAL] = YG_AFT_LOGNORMAL };
	return like[scale];
}

bool yg_rp_scale_parse(const char *word, enum yg_rp_scale *out)
{
	static const char *const name[] = { "hazard", "odds", "normal" };
	for (int k = 0; k < 3; k++)
		if (!strcmp(word, name[k])) {
			*out = (enum yg_rp_scale)k;
			return true;
		}
	return false;
}

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was fitted");
}

/* ---- the spline ---- */

static double cube(double v)
{
	return v > 0 ? v * v * v : 0;
}

static double square(double v)
{
	return v > 0 ? v * v : 0;
}

void rp_basis(const double *knot, int df, double y, double *value, double *slope)
{
	double first = knot[0], last = knot[df];
	value[0] = y;
	slope[0] = 1;
	for (int j = 1; j < df; j++) {
		double l = (last - knot[j]) / (last - first);
		value[j] = cube(y - knot[j]) - l * cube(y - first) - (1 - l) * cube(y - last);
		slope[j] = 3 * (square(y - knot[j]) - l * square(y - first) - (1 - l) * square(y - last));
	}
}

/* ---- rows ---- */

struct rp {
	const struct yg_aft_data *d;
	const struct aft_rows *r;
	struct yg_task *task;
	const double *x, *shift;
	size_t p, P;
	int df;
	const double *b1, *s1, *b2, *b0;   /* bases at y1 (slope of events too), y2, entry: [n*df] */
	double *part;
};

/* What a row adds: to z at its first and second time, and at entry. */
struct rp_row {
	double l, c1, c2, c0, h11, h12, h22, h00, slope;
};

double rp_along(const double *b, const double *c, int df)
{
	double z = 0;
	for (int k = 0; k < df; k++)
		z += b[k] * c[k];
	return z;
}

static void rp_row(const struct rp *q, size_t i, double eta, const double *c, struct rp_row *out)
{
	enum aft_kind kind = q->r->kind[i];
	size_t df = (size_t)q->df;
	struct aft_term t;
	*out = (struct rp_row){ 0 };
	if (kind == AFT_NOTHING)
		return;
	double z1 = eta + rp_along(q->b1 + i * df, c, q->df), z2 = kind == AFT_INTERVAL ? eta + rp_along(q->b2 + i * df,
		c, q->df) : 0;
	if (kind == AFT_INTERVAL && !(z1 < z2)) {
		out->l = -INFINITY;
		return;
	}
	aft_term(q->r->error, kind, z1, z2, 0, &t);
	*out = (struct rp_row){ .l = t.g, .c1 = t.g1, .c2 = t.g2, .h11 = t.g11, .h12 = t.g12, .h22 = t.g22 };
	if (kind == AFT_EXACT) {
		out->slope = rp_along(q->s1 + i * df, c, q->df);
		out->l = out->slope > 0 ? out->l + yg_log(out->slope) - q->r->y1[i] : -INFINITY;
	}
	if (q->r->entry && q->r->entry[i] > -INFINITY) {
		aft_term(q->r->error, AFT_RIGHT, eta + rp_along(q->b0 + i * df, c, q->df), 0, 0, &t);
		out->l -= t.g;
		out->c0 = -t.g1;
		out->h00 = -t.g11;
	}
}

/* The row's columns: x - shift, then the basis at one of its times. */
static void columns(const struct rp *q, size_t i, const double *b, double *v)
{
	for (size_t j = 0; j < q->p; j++)
		v[j] = q->x[i * q->p + j] - q->shift[j];
	memcpy(v + q->p, b + i * (size_t)q->df, (size_t)q->df * sizeof *v);
}

static void add_outer(double *a, const double *u, const double *v, double f, size_t P)
{
	for (size_t j = 0; j < P; j++)
		for (size_t k = 0; k <= j; k++)
			a[j * P + k] += f * u[j] * v[k];
}

static double eta_of(const struct rp *q, size_t i, const double *theta)
{
	double eta = q->d->offset ? q->d->offset[i] : 0;
	for (size_t j = 0; j < q->p; j++)
		eta += (q->x[i * q->p + j] - q->shift[j]) * theta[j];
	return eta;
}

/* Score of a row into u[P]; v[P] is scratch. */
static void row_score(const struct rp *q, size_t i, const struct rp_row *row, double *u, double *v)
{
	columns(q, i, q->b1, v);
	for (size_t j = 0; j < q->P; j++)
		u[j] = row->c1 * v[j];
	if (row->slope > 0)
		for (size_t k = 0; k < (size_t)q->df; k++)
			u[q->p + k] += q->s1[i * (size_t)q->df + k] / row->slope;
	if (row->c2 != 0 || row->h22 != 0) {
		columns(q, i, q->b2, v);
		for (size_t j = 0; j < q->P; j++)
			u[j] += row->c2 * v[j];
	}
	if (row->c0 != 0) {
		columns(q, i, q->b0, v);
		for (size_t j = 0; j < q->P; j++)
			u[j] += row->c0 * v[j];
	}
}

static void row_information(const struct rp *q, size_t i, const struct rp_row *row, double weight, double *a,
                            double *v, double *v2)
{
	size_t P = q->P, p = q->p, df = (size_t)q->df;
	columns(q, i, q->b1, v);
	add_outer(a, v, v, -weight * row->h11, P);
	if (row->slope > 0)
		for (size_t j = 0; j < df; j++)
			for (size_t k = 0; k <= j; k++)
				a[(p + j) * P + p + k] += weight * q->s1[i * df + j] * q->s1[i * df + k] / (row->slope * row->slope);
	if (row->h22 != 0 || row->h12 != 0) {
		columns(q, i, q->b2, v2);
		add_outer(a, v2, v2, -weight * row->h22, P);
		add_outer(a, v, v2, -weight * row->h12, P);
		add_outer(a, v2, v, -weight * row->h12, P);
	}
	if (row->h00 != 0) {
		columns(q, i, q->b0, v);
		add_outer(a, v, v, -weight * row->h00, P);
	}
}

struct pass {
	const struct rp *q;
	const double *theta;
	size_t width;
};

static enum yg_status pass_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct pass *w = context;
	const struct rp *q = w->q;
	size_t P = q->P, first = block * BLOCK, end = first + BLOCK < q->r->n ? first + BLOCK : q->r->n;
	double *part = q->part + block * w->width, *score = part + 1, *a = score + P, *scratch = yg_xalloc(3 * P + 1,
		sizeof *scratch);
	(void)worker;
	(void)err;
	for (size_t i = first; i < end; i++) {
		double weight = q->r->weight ? q->r->weight[i] : 1;
		struct rp_row row;
		if (!(weight > 0))
			continue;
		rp_row(q, i, eta_of(q, i, w->theta), w->theta + q->p, &row);
		part[0] += weight * row.l;
		if (!isfinite(row.l))
			break;
		row_score(q, i, &row, scratch, scratch + P);
		for (size_t j = 0; j < P; j++)
			score[j] += weight * scratch[j];
		row_information(q, i, &row, weight, a, scratch + P, scratch + 2 * P);
	}
	yg_free(scratch);
	return yg_task_cancelled(q->task) ? YG_CANCELLED : YG_OK;
}

static enum yg_status objective(void *context, const double *theta, double *loglik, double *score,
                                double *information, struct yg_err *err)
{
	const struct rp *q = context;
	size_t P = q->P, blocks = (q->r->n + BLOCK - 1) / BLOCK;
	struct pass w = { q, theta, 1 + P + P * P };
	memset(q->part, 0, blocks * w.width * sizeof(double));
	YG_TRY(yg_pool_run(q->task, blocks, pass_block, &w, err));
	yg_sum_tree(q->part, blocks, w.width);
	*loglik = q->part[0];
	memcpy(score, q->part + 1, P * sizeof(double));
	memcpy(information, q->part + 1 + P, P * P * sizeof(double));
	yg_symmetrize(information, P);
	return YG_OK;
}

/* ---- one maximum ---- */

static enum yg_status bases(const struct aft_rows *r, const double *knot, int df, double **out, struct rp *q,
                            struct yg_err *err)
{
	size_t n = r->n, m = n * (size_t)df;
	double *space = yg_data_calloc(m * (size_t)(2 + (r->y2 != NULL) + (r->entry != NULL)) + 1, sizeof *space),
		scratch[YG_RP_MOST];
	if (!space)
		return no_memory(err);
	double *b1 = space, *s1 = b1 + m, *b2 = r->y2 ? s1 + m : NULL, *b0 = r->entry ? (b2 ? b2 : s1) + m : NULL;
	for (size_t i = 0; i < n; i++) {
		size_t at = i * (size_t)df;
		rp_basis(knot, df, r->y1[i], b1 + at, s1 + at);
		if (b2 && r->kind[i] == AFT_INTERVAL)
			rp_basis(knot, df, r->y2[i], b2 + at, scratch);
		if (b0 && r->entry[i] > -INFINITY)
			rp_basis(knot, df, r->entry[i], b0 + at, scratch);
	}
	*out = space;
	q->b1 = b1;
	q->s1 = s1;
	q->b2 = b2;
	q->b0 = b0;
	return YG_OK;
}

/* theta[P] of the shifted columns from the model without bends. */
static void start_from(const struct yg_aft *plain, const struct rp *q, size_t intercept, double *theta)
{
	double f = 1 / plain->scale[0];
	memset(theta, 0, q->P * sizeof *theta);
	for (size_t j = 0; j < q->p; j++)
		theta[j] = -f * plain->theta[j];
	if (intercept < q->p)
		for (size_t j = 0; j < q->p; j++)
			theta[intercept] += j == intercept ? 0 : q->shift[j] * theta[j];
	theta[q->p] = f;
}

/* How far a column strays from its shift, in a part of the rows. */
static double spread_of(const struct rp *q, size_t j)
{
	double spread = 0;
	for (size_t i = 0; i < q->r->n; i += 1 + q->r->n / 4096)
		spread = fmax(spread, fabs(q->x[i * q->p + j] - q->shift[j]));
	return spread;
}

struct fitted {
	struct aft_climb climb;
	double *theta, *step, *information;
	uint8_t *dropped;
};

static enum yg_status climb(struct rp *q, const struct yg_aft_data *d, const struct yg_aft_options *plain_options,
                            struct fitted *f,
                            enum yg_aft_stop *stop, struct yg_err *err)
{
	struct yg_aft plain;
	YG_TRY(yg_aft_fit(d, plain_options, q->task, &plain, err));
	*stop = plain.stop;
	enum yg_status s = YG_OK;
	if (plain.stop != YG_AFT_NO_EVENTS && plain.stop != YG_AFT_NO_SPREAD) {
		for (size_t j = 0; j < q->p; j++)
			f->dropped[j] = plain.fault[j] == YG_AFT_COLLINEAR;
		start_from(&plain, q, d->intercept, f->theta);
		double *unit = yg_xcalloc(q->p + 1, sizeof *unit);
		for (size_t j = 0; j < q->p; j++)
			unit[j] = spread_of(q, j);
		s = aft_climb(q->P, f->theta, f->dropped, 0, unit, q->p, objective, q, 100, 1e-16, &f->climb, f->step,
			f->information, err);
		yg_free(unit);
	}
	yg_aft_release(&plain);
	return s;
}

static void unshift(struct yg_rp *f, size_t c, const double *shift)
{
	size_t P = f->parameters, p = f->p;
	if (c >= p)
		return;
	for (size_t j = 0; j < p; j++)
		f->theta[c] -= shift[j] * f->theta[j];
	for (int side = 0; side < 2; side++)
		for (size_t k = 0; k < P; k++)
			for (size_t j = 0; j < p; j++) {
				if (side)
					f->naive[c * P + k] -= shift[j] * f->naive[j * P + k];
				else
					f->naive[k * P + c] -= shift[j] * f->naive[k * P + j];
			}
	for (size_t k = 0; k < P; k++)
		f->naive[c * P + k] = f->naive[k * P + c];
}

/* The slope at 400 points within the knots, and beyond them (where it does not change). */
static bool is_monotone(const struct yg_rp *f)
{
	double value[YG_RP_MOST], slope[YG_RP_MOST], first = f->knot[0], last = f->knot[f->df];
	for (int k = -1; k <= 401; k++) {
		rp_basis(f->knot, f->df, first + (last - first) * k / 400.0, value, slope);
		if (!(rp_along(slope, f->theta + f->p, f->df) > 0))
			return false;
	}
	return true;
}

static void robust(const struct rp *q, struct yg_rp *f)
{
	size_t P = q->P, clusters = q->d->cluster ? q->d->clusters : 0;
	double *space = yg_xcalloc((clusters + 2) * P + P * P + 1, sizeof *space), *meat = space, *u = meat + P * P,
		*v = u + P, *sum = v + P;
	for (size_t i = 0; i < q->r->n; i++) {
		double weight = q->r->weight ? q->r->weight[i] : 1;
		struct rp_row row;
		rp_row(q, i, eta_of(q, i, f->theta), f->theta + q->p, &row);
		row_score(q, i, &row, u, v);
		for (size_t j = 0; j < P && q->d->cluster; j++)
			sum[q->d->cluster[i] * P + j] += weight * u[j];
		if (!q->d->cluster)
			add_outer(meat, u, u, weight * weight, P);
	}
	for (size_t c = 0; c < clusters; c++)
		add_outer(meat, sum + c * P, sum + c * P, 1, P);
	yg_symmetrize(meat, P);
	yg_sandwich(f->naive, meat, P, f->var);
	yg_free(space);
}

static void settle(struct rp *q, const struct fitted *x, struct yg_rp *f)
{
	size_t P = f->parameters;
	double *zero = yg_xcalloc(f->p + 1, sizeof *zero);
	memcpy(f->theta, x->theta, P * sizeof *f->theta);
	f->loglik = x->climb.loglik;
	f->iterations = x->climb.iterations;
	f->stop = x->climb.finite && x->climb.converged ? YG_AFT_CONVERGED : YG_AFT_ITERATIONS;
	/* as in aft.c: the intercept runs away only with another column */
	bool runs = false;
	for (size_t j = 0; j < f->p && q->d->intercept < f->p; j++)
		runs = runs || (j != q->d->intercept && !x->dropped[j] &&
		                fabs(x->step[j]) * spread_of(q, j) > (x->climb.runaway ? 0.02 : 1e-3));
	for (size_t j = 0; j < f->p && runs; j++)
		x->step[q->d->intercept] -= q->shift[j] * x->step[j];
	if (!aft_invert(P, x->information, x->dropped, f->naive))
		f->stop = YG_AFT_ITERATIONS;
	for (size_t j = 0; j < f->p; j++) {
		double spread = spread_of(q, j);
		f->rank += !x->dropped[j];
		if (x->dropped[j])
			f->fault[j] = YG_AFT_COLLINEAR;
		else if (x->climb.finite && x->climb.decrement < 1e-4 && fabs(x->step[j]) * spread > (x->climb.runaway ?
			0.02 : 1e-3)) {
			f->fault[j] = YG_AFT_RUNS_AWAY;
			f->stop = YG_AFT_INFINITE;
		}
	}
	f->k = f->rank + (size_t)f->df;
	f->aic = -2 * f->loglik + 2 * (double)f->k;
	unshift(f, q->d->intercept, q->shift);
	f->monotone = is_monotone(f);
	memcpy(f->var, f->naive, P * P * sizeof *f->var);
	if (f->robust) {
		q->shift = zero;
		robust(q, f);
	}
	for (size_t j = 0; j < P; j++) {
		bool bad = (j < f->p && f->fault[j] != YG_AFT_FINE) || !(f->var[j * P + j] > 0);
		f->se[j] = bad ? NAN : sqrt(f->var[j * P + j]);
	}
	yg_free(zero);
}

/* The same spline without terms. */
static enum yg_status null_model(const struct rp *full, const struct yg_aft_options *plain, struct yg_rp *f,
                                 struct yg_err *err)
{
	size_t n = full->r->n, P = 1 + (size_t)f->df;
	double *one = yg_data_alloc(n + 1, sizeof *one), zero = 0,
		space[3 * (YG_RP_MOST + 1) + (YG_RP_MOST + 1) * (YG_RP_MOST + 1)] = { 0 };
	uint8_t dropped[YG_RP_MOST + 1] = { 0 };
	struct yg_aft_data d = *full->d;
	struct rp q = *full;
	enum yg_aft_stop stop;
	if (!one)
		return no_memory(err);
	for (size_t i = 0; i < n; i++)
		one[i] = 1;
	d.x = q.x = one;
	d.p = q.p = 1;
	d.intercept = 0;
	q.d = &d;
	q.shift = &zero;
	q.P = P;
	struct fitted x = { .theta = space, .step = space + P, .information = space + 2 * P, .dropped = dropped };
	enum yg_status s = climb(&q, &d, plain, &x, &stop, err);
	if (s == YG_OK && x.climb.finite)
		f->loglik_null = x.climb.loglik;
	yg_data_free(one);
	return s;
}

static enum yg_status fit(struct rp *q, const struct yg_rp_options *o, struct yg_rp *f, struct yg_err *err)
{
	size_t P = q->P, blocks = (q->r->n + BLOCK - 1) / BLOCK;
	struct yg_aft_data d = *q->d;
	struct yg_aft_options plain = { .dist = rp_plain(o->scale), .no_null = true };
	double *shift = yg_xcalloc(q->p + 2 * P + P * P + 1, sizeof *shift);
	uint8_t *dropped = yg_xcalloc(P + 1, 1);
	struct fitted x = { .theta = shift + q->p, .step = shift + q->p + P, .information = shift + q->p + 2 * P,
		.dropped = dropped };
	d.stratum = NULL;
	d.strata = 0;
	d.cluster = NULL;
	q->part = yg_data_alloc((blocks + 1) * (1 + P + P * P), sizeof(double));
	enum yg_status s = q->part ? YG_OK : no_memory(err);
	if (d.intercept < q->p)
		yg_pass_shift(d.x, d.n, q->p, d.intercept, shift);
	q->shift = shift;
	if (s == YG_OK)
		s = climb(q, &d, &plain, &x, &f->stop, err);
	if (s == YG_OK && f->stop != YG_AFT_NO_EVENTS && f->stop != YG_AFT_NO_SPREAD) {
		settle(q, &x, f);
		if (!o->no_null && d.intercept < q->p) {
			if (q->p == 1)
				f->loglik_null = f->loglik;
			else
				s = null_model(q, &plain, f, err);
			f->lrt = 2 * (f->loglik - f->loglik_null);
			f->lrt_df = (int)f->rank - 1;
		}
	}
	yg_data_free(q->part);
	yg_free(shift);
	yg_free(dropped);
	return s;
}

static enum yg_status allocate(struct yg_rp *f, struct yg_err *err)
{
	size_t P = f->parameters;
	f->space = f->theta = yg_data_calloc(2 * P + 2 * P * P + 1, sizeof(double));
	f->fault = yg_data_calloc(f->p + 1, 1);
	if (!f->space || !f->fault)
		return no_memory(err);
	f->se = f->theta + P;
	f->var = f->se + P;
	f->naive = f->var + P * P;
	return YG_OK;
}

enum yg_status yg_rp_fit(const struct yg_aft_data *d, const struct yg_rp_options *o, struct yg_task *task,
                         struct yg_rp *out, struct yg_err *err)
{
	struct yg_aft_options plain = { .dist = rp_plain(o->scale) };
	struct aft_rows r;
	double *space = NULL;
	memset(out, 0, sizeof *out);
	if (o->df < 1 || o->df > YG_RP_MOST)
		return yg_fail(err, YG_EINVAL, "E-AFT-004", N_("df of a spline is a whole number from 1 to %d"), YG_RP_MOST);
	if (d->p > MOST_COLUMNS)
		return yg_fail(err, YG_ELIMIT, "E-AFT-005", N_("a spline model takes at most %u columns"), MOST_COLUMNS);
	YG_TRY(aft_rows_build(d, &plain, task, &r, err));
	struct rp q = { .d = d, .r = &r, .task = task, .x = d->x, .p = d->p, .P = d->p + (size_t)o->df, .df = o->df };
	out->scale = o->scale;
	out->df = o->df;
	out->n = d->n;
	out->p = d->p;
	out->parameters = q.P;
	out->robust = o->robust || d->cluster;
	out->exact = r.count[AFT_EXACT];
	out->right = r.count[AFT_RIGHT] + r.count[AFT_NOTHING];
	out->left = r.count[AFT_LEFT];
	out->interval = r.count[AFT_INTERVAL];
	out->n_weighted = d->weight ? yg_sum(d->weight, d->n) : (double)d->n;
	out->loglik = out->loglik_null = out->lrt = out->aic = NAN;
	enum yg_status s = allocate(out, err);
	if (s == YG_OK && out->right == d->n) {
		out->stop = YG_AFT_NO_EVENTS;
	} else if (s == YG_OK) {
		s = rp_place_knots(&r, o, out->knot, err);
		if (s == YG_OK)
			s = bases(&r, out->knot, o->df, &space, &q, err);
		if (s == YG_OK)
			s = fit(&q, o, out, err);
	}
	yg_data_free(space);
	aft_rows_release(&r);
	if (s != YG_OK)
		yg_rp_release(out);
	return s;
}

void yg_rp_release(struct yg_rp *fit)
{
	yg_data_free(fit->space);
	yg_data_free(fit->fault);
	memset(fit, 0, sizeof *fit);
}
