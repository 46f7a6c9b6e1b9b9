/* Fitting a parametric model: starting values, the climb, the model of the intercept only, variance; see the header. */
#include <math.h>
#include <string.h>

#include "aft_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"
#include "yogo/num/sum.h"

#define SAMPLE_FROM 131072u   /* more rows than this: start from the fit of a part */
#define SAMPLE 32768u
#define LEAST_SHARE 4u        /* a part is not more than one block in so many */
#define EULER 0.57721566490153286061

struct work {
	const struct yg_aft_data *d;
	const struct yg_aft_options *o;
	struct yg_task *task;
	struct yg_aft *out;
	struct aft_rows rows;
	size_t scales, shapes;
	double fixed;
	int most;
};

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was fitted");
}

static enum yg_status objective(void *context, const double *theta, double *loglik, double *score,
                                double *information, struct yg_err *err)
{
	const struct aft_problem *m = context;
	if (yg_task_cancelled(m->task))
		return YG_CANCELLED;
	return aft_evaluate(m, theta, loglik, score, information, err);
}

/* ---- starting values ---- */

static double spread_of(enum aft_error error)
{
	switch (error) {
	case AFT_EXTREME:
		return 1.28;
	case AFT_LOGISTIC:
		return 1.81;
	case AFT_T:
		return 1.41;
	default:
		return 1;
	}
}

static void start_gompertz(const struct aft_problem *m, const struct yg_aft_data *d, double *theta)
{
	double events = 0, time = 0;
	memset(theta, 0, (m->p + 1) * sizeof *theta);
	for (size_t i = 0; i < m->rows->n; i++) {
		double w = m->rows->weight ? m->rows->weight[i] : 1;
		bool event = m->rows->kind[i] != AFT_RIGHT && m->rows->kind[i] != AFT_NOTHING;
		double from = m->rows->entry && m->rows->entry[i] > 0 ? m->rows->entry[i] : 0;
		events += event ? w : 0;
		time += w * fmax(m->rows->y1[i] - from, 0);
	}
	if (d->intercept < m->p && events > 0 && time > 0)
		theta[d->intercept] = yg_log(events / (time * m->rows->unit));
}

/* From least squares: b is in theta. */
static void start_location(const struct aft_problem *m, double sd, double *theta)
{
	enum aft_error error = m->rows->error;
	double scale = sd > 0 ? sd / spread_of(error) : 1;
	size_t c = m->rows->intercept;
	if (error == AFT_GENGAMMA)
		scale = fmin(fmax(scale, 0.1), 2);
	if (!m->scales)
		scale = m->fixed;
	if (c < m->p)
		theta[c] += error == AFT_EXTREME ? EULER * scale : m->rows->dist == YG_AFT_GAMMA ? scale * scale / 2 : 0;
	for (size_t k = 0; k < m->scales; k++)
		theta[m->p + k] = yg_log(scale);
	if (m->shapes)
		theta[m->p + m->scales] = 0;
}

/* The generalised gamma starts from the better of its two members, Weibull and lognormal. */
static enum yg_status start_gengamma(struct aft_problem *m, struct aft_rows *rows, uint8_t *dropped, double sd,
                                     double *theta, int most,
                                     struct yg_err *err)
{
	size_t P = m->p + m->scales + 1;
	double *space = yg_data_calloc(3 * P + P * P, sizeof(double)), best = -INFINITY;
	if (!space)
		return no_memory(err);
	double *trial = space, *chosen = trial + P, *step = chosen + P, *information = step + P;
	enum yg_status s = YG_OK;
	memcpy(chosen, theta, P * sizeof *chosen);
	m->shapes = 0;
	for (int k = 0; s == YG_OK && k < 2; k++) {
		struct aft_climb climb;
		rows->dist = k ? YG_AFT_LOGNORMAL : YG_AFT_WEIBULL;
		rows->error = aft_error_of(rows->dist);
		memcpy(trial, theta, P * sizeof *trial);
		start_location(m, sd, trial);
		s = aft_climb(P - 1, trial, dropped, 0, NULL, 0, objective, m, most, 1e-8, &climb, step, information, err);
		if (s == YG_OK && climb.finite && climb.loglik > best) {
			best = climb.loglik;
			memcpy(chosen, trial, P * sizeof *chosen);
			chosen[P - 1] = k ? 0 : 1;
		}
	}
	m->shapes = 1;
	rows->dist = YG_AFT_GENGAMMA;
	rows->error = AFT_GENGAMMA;
	memcpy(theta, chosen, P * sizeof *theta);
	yg_data_free(space);
	return s;
}

static enum yg_status starting(struct work *w, struct aft_problem *m, struct aft_rows *rows, double *theta,
                               uint8_t *dropped, size_t *rank,
                               double *sd, double *spread, struct yg_err *err)
{
	YG_TRY(aft_least_squares(m, theta, dropped, rank, sd, spread, err));
	if (rows->error == AFT_GOMPERTZ) {
		start_gompertz(m, w->d, theta);
		return YG_OK;
	}
	if (rows->dist == YG_AFT_GENGAMMA)
		return start_gengamma(m, rows, dropped, *sd, theta, w->most, err);
	start_location(m, *sd, theta);
	return YG_OK;
}

/* Many rows: blocks spread over all of them are fitted first, then four times as many, and so on, each as a start. */
static enum yg_status from_part(struct work *w, const struct aft_problem *m, double *theta, double *sd,
                                double *spread, bool *good, struct yg_err *err)
{
	size_t p = m->p, P = p + m->scales + m->shapes, rank;
	double *space = yg_data_calloc(2 * P + P * P, sizeof(double));
	uint8_t *dropped = yg_data_calloc(P, 1);
	struct aft_rows part = *m->rows;
	struct aft_problem q = *m;
	struct aft_climb climb;
	*good = false;
	if (!space || !dropped) {
		yg_data_free(space);
		yg_data_free(dropped);
		return no_memory(err);
	}
	double *trial = space, *step = trial + P, *information = step + P;
	q.rows = &part;
	q.every = part.n / SAMPLE;
	enum yg_status s = starting(w, &q, &part, trial, dropped, &rank, sd, spread, err);
	for (; s == YG_OK && q.every >= LEAST_SHARE; q.every /= 4) {
		/* Beyond a decrement of 1 the part's own error is the larger. */
		s = aft_climb(P, trial, dropped, 0, NULL, 0, objective, &q, 30, 1, &climb, step, information, err);
		if (s != YG_OK || !climb.converged)
			break;
		memcpy(theta, trial, P * sizeof *theta);
		*good = true;
	}
	yg_data_free(space);
	yg_data_free(dropped);
	return s;
}

/* ---- one maximum ---- */

struct maximum {
	struct aft_climb climb;
	double *theta, *step, *information, *spread;   /* of the shifted columns */
	uint8_t *dropped;                              /* [P] */
	size_t P, rank;
	double sd;
};

static enum yg_status maximise(struct work *w, struct aft_problem *m, struct maximum *x, struct yg_err *err)
{
	bool good = false, concave = m->rows->error != AFT_T && m->rows->error != AFT_GENGAMMA && !m->rows->entry;
	double n = (double)w->rows.n, tolerance = fmin(fmax(1e-16 * n, w->rows.error == AFT_GENGAMMA ? 1e-13 : 1e-16), 1e-9);
	size_t find = 0;
	if (w->rows.n > SAMPLE_FROM)
		YG_TRY(from_part(w, m, x->theta, &x->sd, x->spread, &good, err));
	if (good && concave) {
		find = m->p;
	} else if (good) {
		double *guess = yg_xalloc(x->P + 1, sizeof *guess);
		memcpy(guess, x->theta, x->P * sizeof *guess);
		enum yg_status s = aft_least_squares(m, x->theta, x->dropped, &x->rank, &x->sd, x->spread, err);
		memcpy(x->theta, guess, x->P * sizeof *guess);
		yg_free(guess);
		YG_TRY(s);
	} else {
		YG_TRY(starting(w, m, &w->rows, x->theta, x->dropped, &x->rank, &x->sd, x->spread, err));
	}
	for (size_t j = 0; j < m->p; j++)
		x->theta[j] = x->dropped[j] ? 0 : x->theta[j];
	double scale = m->rows->error == AFT_GOMPERTZ ? 1 : m->scales ? yg_exp(x->theta[m->p]) : m->fixed;
	double *unit = yg_xalloc(m->p + 1, sizeof *unit);
	for (size_t j = 0; j < m->p; j++)
		unit[j] = x->spread[j] / scale;
	enum yg_status status = aft_climb(x->P, x->theta, x->dropped, find, unit, m->p, objective, m, w->most, tolerance,
		&x->climb, x->step,
	                                  x->information, err);
	/* A start at which some row is impossible: a wider scale makes it possible. */
	for (int again = 0; again < 6 && status == YG_OK && !x->climb.finite && m->scales; again++) {
		for (size_t k = 0; k < m->scales; k++)
			x->theta[m->p + k] += 2;
		status = aft_climb(x->P, x->theta, x->dropped, find, unit, m->p, objective, m, w->most, tolerance, &x->climb,
			x->step,
		                   x->information, err);
	}
	yg_free(unit);
	YG_TRY(status);
	if (find)
		x->rank = x->climb.rank;
	for (size_t j = 0; j < m->p && find; j++)
		x->theta[j] = x->dropped[j] ? 0 : x->theta[j];
	return YG_OK;
}

/* The log likelihood of the intercept only. */
static enum yg_status null_model(struct work *w, struct yg_err *err)
{
	struct yg_aft *f = w->out;
	size_t P = 1 + w->scales + w->shapes;
	double *space = yg_data_calloc(3 * P + P * P + 2, sizeof(double));
	uint8_t dropped[64] = { 0 }, *many = P > 64 ? yg_data_calloc(P, 1) : dropped;
	enum yg_status s = space && many ? YG_OK : no_memory(err);
	if (s == YG_OK) {
		struct aft_rows keep = w->rows;
		struct aft_problem m = { .rows = &w->rows, .p = 1, .scales = w->scales, .shapes = w->shapes, .fixed = w->fixed,
			.offset = w->d->offset, .task = w->task };
		struct maximum x = { .theta = space, .step = space + P, .spread = space + 2 * P, .information = space + 3 * P,
			.dropped = many, .P = P };
		struct yg_aft_data d = *w->d;
		const struct yg_aft_data *whole = w->d;
		d.intercept = 0;
		w->d = &d;
		w->rows.intercept = 0;
		s = maximise(w, &m, &x, err);
		w->d = whole;
		w->rows = keep;
		if (s == YG_OK && x.climb.finite && x.climb.decrement >= 0)
			f->loglik_null = x.climb.loglik;
	}
	yg_data_free(space);
	if (many != dropped)
		yg_data_free(many);
	return s;
}

/* ---- from the maximum to the result ---- */

/* Back from shifted columns: only the intercept, and its row and column of the variance, change. */
static void unshift(struct yg_aft *f, const struct yg_aft_data *d, const double *shift)
{
	size_t P = f->parameters, p = f->p, c = d->intercept;
	if (c >= p)
		return;
	for (size_t j = 0; j < p; j++)
		f->theta[c] -= shift[j] * f->theta[j];
	for (size_t k = 0; k < P; k++)
		for (size_t j = 0; j < p; j++)
			f->naive[k * P + c] -= shift[j] * f->naive[k * P + j];
	for (size_t k = 0; k < P; k++)
		for (size_t j = 0; j < p; j++)
			f->naive[c * P + k] -= shift[j] * f->naive[j * P + k];
	for (size_t k = 0; k < P; k++)
		f->naive[c * P + k] = f->naive[k * P + c];
}

static bool is_steep(const struct maximum *x, size_t j, double unit)
{
	return fabs(x->step[j]) * unit > (x->climb.runaway ? 0.02 : 1e-3);
}

static void judge(struct work *w, const struct maximum *x)
{
	struct yg_aft *f = w->out;
	bool settled = x->climb.finite && (x->climb.converged || x->climb.runaway || x->climb.decrement < 1e-4);
	double scale = w->rows.error == AFT_GOMPERTZ ? 1 : f->scale[0];
	f->stop = x->climb.finite && x->climb.converged ? YG_AFT_CONVERGED : YG_AFT_ITERATIONS;
	for (size_t j = 0; j < f->p; j++) {
		if (x->dropped[j])
			f->fault[j] = YG_AFT_COLLINEAR;
		else if (settled && is_steep(x, j, x->spread[j] / scale)) {
			f->fault[j] = YG_AFT_RUNS_AWAY;
			f->stop = YG_AFT_INFINITE;
		}
	}
	for (size_t k = 0; k < f->scales; k++) {
		double s = f->scale[f->scales > 1 ? k : 0];
		/* against the spread of the times, and where that is rounding only, against their size */
		double size = yg_aft_dist_log(f->dist) ? 1 : w->d->intercept < f->p ? fabs(f->theta[w->d->intercept]) : 0;
		if (s < 1e-7 * (x->sd > 0 ? x->sd : 1) || s < 1e-10 * size)
			f->stop = YG_AFT_NO_SPREAD;
		else if (f->stop != YG_AFT_INFINITE && settled && is_steep(x, f->p + k, 1))
			f->stop = YG_AFT_SHAPE;
	}
	if (!f->shapes)
		return;
	double shape = fabs(x->theta[f->p + f->scales]);
	if (shape > (f->dist == YG_AFT_GENGAMMA ? 15 : 100) || (f->stop == YG_AFT_CONVERGED && is_steep(x,
		f->p + f->scales, 1)))
		f->stop = YG_AFT_SHAPE;
}

static void settle(struct work *w, const struct maximum *x, const double *shift)
{
	struct yg_aft *f = w->out;
	size_t P = f->parameters, p = f->p;
	memcpy(f->theta, x->theta, P * sizeof(double));
	f->rank = x->rank;
	f->k = x->rank + f->scales + f->shapes;
	f->loglik = x->climb.loglik;
	f->iterations = x->climb.iterations;
	for (size_t g = 0; g < f->strata; g++)
		f->scale[g] = aft_shape_at(&w->rows, f->theta + p, f->scales, w->fixed, g, false).scale;
	bool inverted = aft_invert(P, x->information, x->dropped, f->naive);
	/*
	 * The last step in the columns as they are, where one of them runs away and may take the intercept along; else
	 * rounding in the others, times a large shift, would look like a step of it.
	 */
	bool runs = false;
	for (size_t j = 0; j < p && w->d->intercept < p; j++)
		runs = runs || (j != w->d->intercept && !x->dropped[j] &&
		                is_steep(x, j, x->spread[j] / (w->rows.error == AFT_GOMPERTZ ? 1 : f->scale[0])));
	for (size_t j = 0; j < p && runs; j++)
		x->step[w->d->intercept] -= shift[j] * x->step[j];
	unshift(f, w->d, shift);
	if (w->rows.error == AFT_GOMPERTZ) {
		double u = w->rows.unit;
		f->theta[p] /= u;
		for (size_t k = 0; k < P; k++) {
			f->naive[k * P + p] /= u;
			f->naive[p * P + k] /= u;
		}
	}
	f->shape = f->shapes ? f->theta[p + f->scales] : f->dist == YG_AFT_GAMMA ? f->scale[0] : 0;
	judge(w, x);
	if (!inverted && f->stop == YG_AFT_CONVERGED)
		f->stop = YG_AFT_ITERATIONS;
	f->aic = -2 * f->loglik + 2 * (double)f->k;
}

static void errors(struct yg_aft *f)
{
	size_t P = f->parameters;
	for (size_t j = 0; j < P; j++) {
		bool bad = (j < f->p && f->fault[j] != YG_AFT_FINE) || !(f->var[j * P + j] > 0);
		f->se[j] = bad ? NAN : sqrt(f->var[j * P + j]);
	}
}

static enum yg_status fit(struct work *w, struct yg_err *err)
{
	struct yg_aft *f = w->out;
	const struct yg_aft_data *d = w->d;
	size_t p = f->p, P = f->parameters;
	double *space = yg_data_calloc(p + 3 * P + P * P + 1, sizeof(double));
	uint8_t *dropped = yg_data_calloc(P + 1, 1);
	if (!space || !dropped) {
		yg_data_free(space);
		yg_data_free(dropped);
		return no_memory(err);
	}
	double *shift = space;
	struct maximum x = { .theta = space + p, .step = space + p + P, .spread = space + p + 2 * P,
		.information = space + p + 3 * P,
		             .dropped = dropped, .P = P };
	struct aft_problem m = { .rows = &w->rows, .tall = { d->n, p, d->x, d->packed }, .p = p, .scales = w->scales, .shapes = w->shapes,
		.fixed = w->fixed, .shift = shift,
		                 .offset = d->offset, .task = w->task };
	if (d->intercept < p && d->packed)
		yg_packed_shift(d->packed, d->intercept, shift);
	else if (d->intercept < p)
		yg_pass_shift(d->x, d->n, p, d->intercept, shift);
	enum yg_status s = maximise(w, &m, &x, err);
	if (s == YG_OK) {
		settle(w, &x, shift);
		memcpy(f->var, f->naive, P * P * sizeof(double));
		if (f->robust && f->stop != YG_AFT_NO_SPREAD)
			s = aft_robust(d, &w->rows, f, err);
		errors(f);
	}
	if (s == YG_OK && !w->o->no_null && d->intercept < p) {
		if (f->rank == 1 && p == 1)
			f->loglik_null = f->loglik;
		else
			s = null_model(w, err);
		f->lrt = 2 * (f->loglik - f->loglik_null);
		f->lrt_df = (int)f->rank - 1;
	}
	yg_data_free(space);
	yg_data_free(dropped);
	return s;
}

static enum yg_status allocate(struct work *w, struct yg_err *err)
{
	struct yg_aft *f = w->out;
	size_t P = f->parameters;
	double *v = yg_data_calloc(2 * P + 2 * P * P + f->strata + 1, sizeof(double));
	f->fault = yg_data_calloc(f->p + 1, 1);
	if (!v || !f->fault) {
		yg_data_free(v);
		yg_data_free(f->fault);
		f->fault = NULL;
		return no_memory(err);
	}
	f->space = f->theta = v;
	f->se = f->theta + P;
	f->var = f->se + P;
	f->naive = f->var + P * P;
	f->scale = f->naive + P * P;
	return YG_OK;
}

enum yg_status yg_aft_fit(const struct yg_aft_data *d, const struct yg_aft_options *options, struct yg_task *task,
                          struct yg_aft *out,
                          struct yg_err *err)
{
	struct work w = { .d = d, .o = options, .task = task, .out = out };
	memset(out, 0, sizeof *out);
	YG_TRY(aft_rows_build(d, options, task, &w.rows, err));
	double own = yg_aft_dist_scale(options->dist);
	w.fixed = own > 0 ? own : options->scale;
	w.scales = w.fixed > 0 ? 0 : w.rows.strata;
	w.shapes = options->dist == YG_AFT_GENGAMMA || options->dist == YG_AFT_GOMPERTZ;
	w.most = options->max_iterations > 0 ? options->max_iterations : 100;
	out->dist = options->dist;
	out->n = d->n;
	out->p = d->p;
	out->scales = w.scales;
	out->shapes = w.shapes;
	out->strata = w.rows.strata;
	out->parameters = d->p + w.scales + w.shapes;
	out->robust = options->robust || d->cluster;
	out->exact = w.rows.count[AFT_EXACT];
	out->right = w.rows.count[AFT_RIGHT] + w.rows.count[AFT_NOTHING];
	out->left = w.rows.count[AFT_LEFT];
	out->interval = w.rows.count[AFT_INTERVAL];
	out->loglik = out->loglik_null = out->lrt = out->aic = NAN;
	out->df = w.rows.df;
	out->n_weighted = (double)d->n;
	if (d->weight)
		out->n_weighted = yg_sum(d->weight, d->n);
	enum yg_status s = allocate(&w, err);
	if (s == YG_OK && d->n == out->right)
		out->stop = YG_AFT_NO_EVENTS;
	else if (s == YG_OK && d->p > 0)
		s = fit(&w, err);
	aft_rows_release(&w.rows);
	if (s != YG_OK)
		yg_aft_release(out);
	return s;
}

void yg_aft_release(struct yg_aft *fit)
{
	yg_data_free(fit->space);
	yg_data_free(fit->fault);
	memset(fit, 0, sizeof *fit);
}
