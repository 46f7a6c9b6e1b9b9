/* After a parametric fit: robust variance, predictions for a profile by the delta method, residuals. */
#include <math.h>
#include <string.h>

#include "aft_priv.h"
#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"

#define NEAR 128u              /* rows unpacked at a time */

static double fixed_of(const struct yg_aft *f)
{
	return f->scales ? 0 : f->scale[0];
}

static struct aft_shape shape_of(const struct yg_aft *f, const struct aft_rows *rows, size_t stratum)
{
	return aft_shape_at(rows, f->theta + f->p, f->scales, fixed_of(f), f->strata > 1 ? stratum : 0, f->shapes > 0);
}

/* Rows without times: what a prediction needs of them. */
static struct aft_rows bare(const struct yg_aft *f)
{
	return (struct aft_rows){ .dist = f->dist, .error = aft_error_of(f->dist), .unit = 1, .df = f->df,
		.strata = f->strata };
}

/* Derivatives of a row in all parameters. */
static void spread(const struct yg_aft *f, const struct aft_row *row, const double *x, size_t stratum, double *out)
{
	memset(out, 0, f->parameters * sizeof *out);
	for (size_t j = 0; j < f->p; j++)
		out[j] = row->e * x[j];
	if (f->scales)
		out[f->p + (f->scales > 1 ? stratum : 0)] = row->a[0];
	if (f->shapes)
		out[f->p + f->scales] = row->a[1];
}

void aft_score(const struct yg_aft_data *d, const struct aft_rows *rows, const struct yg_aft *f, size_t i, const double *x,
               double *out, struct aft_row *row)
{
	size_t g = rows->stratum ? (size_t)rows->stratum[i] : 0;
	struct aft_shape s = shape_of(f, rows, g);
	double eta = d->offset ? d->offset[i] : 0;
	if (s.error == AFT_GOMPERTZ)
		s.q *= s.unit;
	for (size_t j = 0; j < f->p; j++)
		eta += x[j] * f->theta[j];
	aft_row(&s, rows->kind[i], rows->y1[i], rows->y2 ? rows->y2[i] : 0, rows->entry ? rows->entry[i] : -INFINITY, eta, row);
	if (s.error == AFT_GOMPERTZ)
		row->a[1] *= s.unit;
	if (out)
		spread(f, row, x, g, out);
}

/* Row i of a matrix that is read from its first row on; space[NEAR*p]. */
static const double *next_row(const struct yg_tall *t, size_t i, double *space)
{
	if (!t->packed)
		return t->x + i * t->p;
	if (i % NEAR == 0)
		(void)yg_tall_rows(t, i, t->n - i < NEAR ? t->n - i : NEAR, space);
	return space + i % NEAR * t->p;
}

enum yg_status aft_robust(const struct yg_aft_data *d, const struct aft_rows *rows, struct yg_aft *f, struct yg_err *err)
{
	size_t P = f->parameters, clusters = d->cluster ? d->clusters : 0;
	double *space = yg_data_calloc((clusters + 1) * P + P * P + NEAR * d->p, sizeof(double));
	struct yg_tall tall = { d->n, d->p, d->x, d->packed };
	struct aft_row row;
	if (!space)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was fitted");
	double *meat = space, *u = meat + P * P, *sum = u + P, *x = sum + clusters * P;
	for (size_t i = 0; i < d->n; i++) {
		double w = d->weight ? d->weight[i] : 1, *to = d->cluster ? sum + d->cluster[i] * P : u;
		aft_score(d, rows, f, i, next_row(&tall, i, x), u, &row);
		if (d->cluster) {
			for (size_t j = 0; j < P; j++)
				to[j] += w * u[j];
			continue;
		}
		for (size_t j = 0; j < P; j++)
			for (size_t k = 0; k <= j; k++)
				meat[j * P + k] += w * w * u[j] * u[k];
	}
	for (size_t c = 0; c < clusters; c++)
		for (size_t j = 0; j < P; j++)
			for (size_t k = 0; k <= j; k++)
				meat[j * P + k] += sum[c * P + j] * sum[c * P + k];
	yg_symmetrize(meat, P);
	yg_sandwich(f->naive, meat, P, f->var);
	yg_data_free(space);
	return YG_OK;
}

/* ---- predictions ---- */

static double variance_of(const struct yg_aft *f, const double *gradient)
{
	double v = yg_quadratic_form(gradient, f->var, f->parameters);
	return v > 0 ? v : 0;
}

static double linear(const struct yg_aft *f, const double *x, double offset)
{
	for (size_t j = 0; j < f->p; j++)
		offset += x[j] * f->theta[j];
	return offset;
}

void yg_aft_linear(const struct yg_aft *f, const double *x, double offset, struct yg_aft_value *out)
{
	double *g = yg_xcalloc(f->parameters + 1, sizeof *g);
	memcpy(g, x, f->p * sizeof *g);
	*out = (struct yg_aft_value){ linear(f, x, offset), sqrt(variance_of(f, g)), NAN };
	yg_free(g);
}

/* log S (kind right) or log f (exact) at t, with derivatives in all parameters. */
static double row_at(const struct yg_aft *f, const double *x, double offset, size_t stratum, enum aft_kind kind,
                     double t, double *gradient)
{
	struct aft_rows rows = bare(f);
	struct aft_shape s = shape_of(f, &rows, stratum);
	struct aft_row row;
	double y = yg_aft_dist_log(f->dist) ? yg_log(t) : t;
	aft_row(&s, kind, y, 0, -INFINITY, linear(f, x, offset), &row);
	spread(f, &row, x, stratum, gradient);
	return row.l;
}

void yg_aft_survival(const struct yg_aft *f, const double *x, double offset, int stratum, double t,
                     struct yg_aft_value *out)
{
	double *g = yg_xcalloc(f->parameters + 1, sizeof *g);
	*out = (struct yg_aft_value){ 1, 0, NAN };
	if (t > 0 || (!yg_aft_dist_log(f->dist) && f->dist != YG_AFT_GOMPERTZ)) {
		double l = row_at(f, x, offset, (size_t)stratum, AFT_RIGHT, t, g), se = sqrt(variance_of(f, g)), s = yg_exp(l);
		*out = (struct yg_aft_value){ s, s * se, l < 0 ? se / -l : NAN };
	}
	yg_free(g);
}

double yg_aft_survival_at(const struct yg_aft *f, double eta, int stratum, double t)
{
	struct aft_rows rows = bare(f);
	struct aft_shape s = shape_of(f, &rows, (size_t)stratum);
	struct aft_row row;
	bool log_time = yg_aft_dist_log(f->dist);
	if (!(t > 0) && (log_time || s.error == AFT_GOMPERTZ))
		return 1;
	s.free_shape = s.tied = false;
	aft_row(&s, AFT_RIGHT, log_time ? yg_log(t) : t, 0, -INFINITY, eta, &row);
	return yg_exp(row.l);
}

void yg_aft_survival_rows(const struct yg_aft *f, const double *eta, const int32_t *stratum, size_t n, double t, double *out)
{
	struct aft_rows rows = bare(f);
	struct aft_shape s = shape_of(f, &rows, 0);
	if (s.error != AFT_EXTREME || stratum || !(t > 0)) {
		for (size_t i = 0; i < n; i++)
			out[i] = yg_aft_survival_at(f, eta[i], stratum ? stratum[i] : 0, t);
		return;
	}
	double y = yg_log(t);
	for (size_t i = 0; i < n; i++)
		out[i] = (y - eta[i]) / s.scale;
	yg_exp_array(out, out, n);
	for (size_t i = 0; i < n; i++)
		out[i] = -out[i];
	yg_exp_array(out, out, n);
}

void yg_aft_hazard(const struct yg_aft *f, const double *x, double offset, int stratum, double t, struct yg_aft_value *out)
{
	size_t P = f->parameters;
	double *g = yg_xcalloc(2 * P + 1, sizeof *g);
	*out = (struct yg_aft_value){ NAN, NAN, NAN };
	if (t > 0 || !yg_aft_dist_log(f->dist)) {
		double l = row_at(f, x, offset, (size_t)stratum, AFT_EXACT, t, g) - row_at(f, x, offset, (size_t)stratum,
			AFT_RIGHT, t, g + P);
		for (size_t j = 0; j < P; j++)
			g[j] -= g[P + j];
		double se = sqrt(variance_of(f, g)), h = yg_exp(l);
		*out = (struct yg_aft_value){ h, h * se, se };
	}
	yg_free(g);
}

/* Where log S of the error is log(1 - p), by bisection; log S falls in z. */
static double error_quantile(enum aft_error error, double p, double q)
{
	double z = aft_error_quantile(error, p, q), low = -1, high = 1, want = yg_log1p(-p);
	struct aft_point at;
	if (!isnan(z))
		return z;
	for (int k = 0; k < 60; k++, low *= 2) {
		aft_point(error, low, q, true, &at);
		if (at.upper >= want)
			break;
	}
	for (int k = 0; k < 60; k++, high *= 2) {
		aft_point(error, high, q, true, &at);
		if (at.upper <= want)
			break;
	}
	for (int k = 0; k < 200 && high - low > 1e-15 * (fabs(low) + fabs(high)); k++) {
		double middle = low + (high - low) / 2;
		aft_point(error, middle, q, true, &at);
		if (at.upper > want)
			low = middle;
		else
			high = middle;
	}
	return low + (high - low) / 2;
}

/* exp(a t) = 1 - a log(1-p)/exp(eta) in Gompertz's model; infinite when a < 0 and too few ever have the event. */
static double time_at(const struct aft_shape *s, bool log_time, double eta, double p)
{
	if (s->error == AFT_GOMPERTZ) {
		double r = -yg_log1p(-p) / yg_exp(eta), v = s->q * r;
		return v <= -1 ? INFINITY : fabs(v) < 1e-12 ? r : yg_log1p(v) / s->q;
	}
	double t = eta + s->scale * error_quantile(s->error, p, s->q);
	return log_time ? yg_exp(t) : t;
}

double yg_aft_quantile_at(const struct yg_aft *f, double eta, int stratum, double p)
{
	struct aft_rows rows = bare(f);
	struct aft_shape s = shape_of(f, &rows, (size_t)stratum);
	return p > 0 && p < 1 ? time_at(&s, yg_aft_dist_log(f->dist), eta, p) : NAN;
}

void yg_aft_quantile(const struct yg_aft *f, const double *x, double offset, int stratum, double p,
                     struct yg_aft_value *out)
{
	size_t P = f->parameters;
	bool log_time = yg_aft_dist_log(f->dist);
	*out = (struct yg_aft_value){ NAN, NAN, NAN };
	if (!(p > 0 && p < 1))
		return;
	double t = yg_aft_quantile_at(f, linear(f, x, offset), stratum, p), *g = yg_xcalloc(2 * P + 1, sizeof *g);
	if (isfinite(t) && (t > 0 || !(log_time || f->dist == YG_AFT_GOMPERTZ))) {
		/* d t = -(d log S / d theta) / (d log S / d t), and d log S / d t is minus the hazard */
		double h = row_at(f, x, offset, (size_t)stratum, AFT_EXACT, t, g), u = row_at(f, x, offset, (size_t)stratum,
			AFT_RIGHT, t, g + P);
		double se = sqrt(variance_of(f, g + P)) / yg_exp(h - u);
		*out = (struct yg_aft_value){ t, se, t > 0 ? se / t : NAN };
	} else {
		out->value = t;
	}
	yg_free(g);
}

/* ---- residuals ---- */

/* The best a row could do: centre and log likelihood where eta is free (survreg's deviance functions). */
static void saturated(const struct aft_shape *s, enum aft_kind kind, double y1, double y2, double *centre, double *loglik)
{
	struct aft_row row;
	double mode = 0, width = kind == AFT_INTERVAL ? (y2 - y1) / s->scale : 0;
	*centre = y1;
	*loglik = 0;
	if (kind == AFT_INTERVAL) {
		/* Symmetric errors: the middle; extreme value: where the two ends have the same density. */
		*centre = s->error == AFT_EXTREME ? y1 - s->scale * yg_log(width / yg_expm1(width)) : (y1 + y2) / 2;
		aft_row(s, kind, y1, y2, -INFINITY, *centre, &row);
		*loglik = row.l;
	} else if (kind == AFT_EXACT) {
		aft_row(s, kind, y1, 0, -INFINITY, y1 - s->scale * mode, &row);
		*loglik = row.l;
	}
}

enum yg_status yg_aft_residuals(const struct yg_aft_data *d, const struct yg_aft *f, enum yg_aft_residual kind,
                                struct yg_task *task,
                                double *out, struct yg_err *err)
{
	struct yg_aft_options o = { .dist = f->dist, .df = f->df };
	struct aft_rows rows;
	struct yg_tall tall = { d->n, d->p, d->x, d->packed };
	bool log_time = yg_aft_dist_log(f->dist);
	YG_TRY(aft_rows_build(d, &o, task, &rows, err));
	double *space = yg_xalloc(NEAR * d->p + 1, sizeof *space);
	for (size_t i = 0; i < d->n; i++) {
		struct aft_shape s = shape_of(f, &rows, rows.stratum ? (size_t)rows.stratum[i] : 0);
		struct aft_row row;
		const double *x = next_row(&tall, i, space);
		double centre, best, eta = linear(f, x, d->offset ? d->offset[i] : 0);
		if (i % 4096 == 0 && yg_task_cancelled(task)) {
			yg_free(space);
			aft_rows_release(&rows);
			return YG_CANCELLED;
		}
		aft_score(d, &rows, f, i, x, NULL, &row);
		saturated(&s, rows.kind[i], rows.y1[i], rows.y2 ? rows.y2[i] : 0, &centre, &best);
		double working = -row.e / row.ee, loss = 2 * (best - row.l);
		if (kind == YG_AFT_RESPONSE)
			out[i] = log_time ? yg_exp(centre) - yg_exp(eta) : centre - eta;
		else if (kind == YG_AFT_WORKING)
			out[i] = working;
		else
			out[i] = (working > 0 ? 1 : working < 0 ? -1 : 0) * sqrt(loss > 0 ? loss : 0);
	}
	yg_free(space);
	aft_rows_release(&rows);
	return YG_OK;
}

enum yg_status yg_aft_dfbeta(const struct yg_aft_data *d, const struct yg_aft *f, struct yg_task *task, double *out,
                             struct yg_err *err)
{
	struct yg_aft_options o = { .dist = f->dist, .df = f->df };
	size_t P = f->parameters;
	struct aft_rows rows;
	struct aft_row row;
	struct yg_tall tall = { d->n, d->p, d->x, d->packed };
	double *u = yg_xcalloc(P + NEAR * d->p + 1, sizeof *u);
	enum yg_status s = aft_rows_build(d, &o, task, &rows, err);
	for (size_t i = 0; s == YG_OK && i < d->n; i++) {
		if (i % 4096 == 0 && yg_task_cancelled(task))
			s = YG_CANCELLED;
		aft_score(d, &rows, f, i, next_row(&tall, i, u + P), u, &row);
		yg_multiply(u, f->naive, 1, P, P, out + i * P);
	}
	if (s == YG_OK || s == YG_CANCELLED)
		aft_rows_release(&rows);
	yg_free(u);
	return s;
}
