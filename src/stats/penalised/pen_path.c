/* The path of penalties: warm starts, working sets, strong rules, and the conditions a solution must meet. */
#include <math.h>
#include <string.h>

#include "penalised_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/elementary.h"

#define MOST_STEPS 300u
#define MOST_HALVINGS 40u
#define COLUMNS_A_TASK 16u
#define LEAST_ALPHA 1e-3        /* where a path begins for ridge */
/* An automatic path stops when the fit gains less than this share, or is all but perfect. */
#define LEAST_GAIN 1e-5
#define PERFECT 0.999
#define LEAST_LENGTH 5u

struct walk {
	const struct yg_pen_data *d;
	const struct yg_pen_options *o;
	struct yg_task *task;
	size_t n, p;
	struct pen_model model;
	struct pen_quad quad;
	double *memory;
	double *eta, *kept, *u, *c;          /* [n] */
	double *scale, *factor, *b, *gradient; /* [p] standardised coefficients */
	double *g, *bw, *l1, *l2;            /* [p] by place in the working set */
	uint8_t *constant, *state;           /* [p] state: 1 = in the working set */
	uint32_t *list;                      /* [p] scratch */
	double b0, loglik, null_deviance, tolerance, ridge;
	uint64_t passes, renewals;
	bool converged;
};

static double deviance(const struct walk *w)
{
	return 2 * (w->model.saturated - w->loglik);
}

static void evaluate(struct walk *w)
{
	w->loglik = pen_evaluate(&w->model, w->eta, w->u, w->c);
	w->passes++;
}

/* ---- gradients of columns, each by one thread ---- */

struct dots {
	struct walk *w;
	const uint32_t *column;
	size_t count;
	double *out;
	bool by_column;               /* out by column, not by place in the list */
};

static enum yg_status dot_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct dots *t = context;
	size_t first = block * COLUMNS_A_TASK, end = first + COLUMNS_A_TASK < t->count ? first + COLUMNS_A_TASK : t->count;

	(void)worker;
	(void)err;
	for (size_t k = first; k < end; k++) {
		uint32_t j = t->column[k];
		t->out[t->by_column ? j : k] = t->w->scale[j] * pen_column_dot(&t->w->d->x->column[j], t->w->u, t->w->n);
	}
	return YG_OK;
}

static enum yg_status gradients(struct walk *w, const uint32_t *column, size_t count, double *out, bool by_column, struct yg_err *err)
{
	struct dots t = { w, column, count, out, by_column };
	bool small = count * w->n < 100000;

	if (yg_task_cancelled(w->task))
		return yg_fail(err, YG_CANCELLED, "E-RUN-001", N_("cancelled; nothing was kept"));
	return yg_pool_run(small ? NULL : w->task, (count + COLUMNS_A_TASK - 1) / COLUMNS_A_TASK, dot_block, &t, err);
}

/* ---- one penalty ---- */

static double penalty(const struct walk *w)
{
	double sum = 0;

	for (size_t k = 0; k < w->quad.k; k++) {
		double b = w->b[w->quad.column[k]];
		sum += w->l1[k] * fabs(b) + 0.5 * w->l2[k] * b * b;
	}
	return sum;
}

/* From b to the minimum of the approximation; half the way back as long as the objective rises.  Returns the squared step. */
static double move(struct walk *w, double d0, bool *halved)
{
	const struct pen_quad *q = &w->quad;
	double before = penalty(w) - w->loglik, largest = d0 * d0 * q->weight[0] * w->model.intercept, b0 = w->b0;

	memcpy(w->kept, w->eta, w->n * sizeof *w->eta);
	for (size_t k = 0; k < q->k; k++) {
		uint32_t j = q->column[k];
		double step = w->bw[k] - w->b[j], h = q->h[k * q->cap + k];
		w->g[k] = w->b[j];
		if (step == 0)
			continue;
		largest = h * step * step > largest ? h * step * step : largest;
		pen_column_add(&w->d->x->column[j], step * w->scale[j], w->eta, w->n);
		w->b[j] = w->bw[k];
	}
	if (d0 != 0)
		for (size_t i = 0; i < w->n; i++)
			w->eta[i] += d0;
	w->b0 += d0;
	evaluate(w);
	*halved = false;
	for (unsigned t = 0; t < MOST_HALVINGS; t++) {
		double now = penalty(w) - w->loglik;
		if (isfinite(now) && now <= before + 1e-11 * (fabs(before) + 1))
			break;
		*halved = true;
		for (size_t i = 0; i < w->n; i++)
			w->eta[i] = 0.5 * (w->eta[i] + w->kept[i]);
		for (size_t k = 0; k < q->k; k++)
			w->b[q->column[k]] = 0.5 * (w->b[q->column[k]] + w->g[k]);
		w->b0 = 0.5 * (w->b0 + b0);
		largest *= 0.25;
		evaluate(w);
	}
	return largest;
}

static enum yg_status renew(struct walk *w, struct yg_err *err)
{
	w->renewals++;
	return pen_quad_renew(&w->quad, w->c, err);
}

/* The minimum on the working set. */
static enum yg_status converge(struct walk *w, double lambda, struct yg_err *err)
{
	struct pen_quad *q = &w->quad;
	double last = INFINITY, enough = w->tolerance * (w->null_deviance > 0 ? w->null_deviance : w->model.total);

	for (size_t k = 0; k < q->k; k++) {
		double f = w->model.total * lambda * w->factor[q->column[k]];
		w->l1[k] = f * w->o->alpha;
		w->l2[k] = f * (1 - w->o->alpha) * w->ridge;
	}
	w->converged = false;
	for (unsigned t = 0; t < MOST_STEPS && !w->converged; t++) {
		double g0 = 0, d0 = 0, step;
		bool halved;
		YG_TRY(gradients(w, q->column, q->k, w->g, false, err));
		for (size_t i = 0; w->model.intercept && i < w->n; i++)
			g0 += w->u[i];
		for (size_t k = 0; k < q->k; k++) {
			w->bw[k] = w->b[q->column[k]];
			if (w->model.intercept && q->weight[0] > 0)
				w->g[k] -= q->mass[k] * (g0 / q->weight[0]);
		}
		pen_quad_minimise(q, w->g, w->bw, w->l1, w->l2, 1e-4 * enough);
		if (w->model.intercept && q->weight[0] > 0) {
			d0 = g0;
			for (size_t k = 0; k < q->k; k++)
				d0 -= q->mass[k] * (w->bw[k] - w->b[q->column[k]]);
			d0 /= q->weight[0];
		}
		step = move(w, d0, &halved);
		w->converged = step <= enough && !halved;
		if (!w->converged && (halved || step > 0.01 * last) && w->model.family != YG_PEN_GAUSSIAN)
			YG_TRY(renew(w, err));
		last = step;
	}
	return YG_OK;
}

static enum yg_status take_in(struct walk *w, const uint32_t *column, size_t count, struct yg_err *err)
{
	for (size_t k = 0; k < count; k++)
		w->state[column[k]] = 1;
	return count ? pen_quad_add(&w->quad, column, count, err) : YG_OK;
}

/* Columns outside the set whose gradient passes the bound that makes them come in; in w->list. */
static size_t beyond(struct walk *w, double lambda, double slack)
{
	size_t count = 0;

	for (size_t j = 0; j < w->p; j++)
		if (!w->state[j] && !w->constant[j] &&
		    fabs(w->gradient[j]) > w->model.total * lambda * w->o->alpha * w->factor[j] * slack)
			w->list[count++] = (uint32_t)j;
	return count;
}

/* Gradients of the columns outside the set: the strong ones, or all the others. */
static enum yg_status look_outside(struct walk *w, const uint8_t *strong, bool which, struct yg_err *err)
{
	size_t count = 0;

	for (size_t j = 0; j < w->p; j++)
		if (!w->state[j] && !w->constant[j] && (strong[j] != 0) == which)
			w->list[count++] = (uint32_t)j;
	return gradients(w, w->list, count, w->gradient, true, err);
}

static enum yg_status one_penalty(struct walk *w, double lambda, double before, uint8_t *strong, struct yg_err *err)
{
	const double strong_at = w->model.total * w->o->alpha * (2 * lambda - before);

	/* What the last gradient lets in is taken at once. */
	YG_TRY(take_in(w, w->list, beyond(w, lambda, 1), err));
	for (size_t j = 0; j < w->p; j++)
		strong[j] = fabs(w->gradient[j]) >= strong_at * w->factor[j];
	for (;;) {
		size_t more;
		YG_TRY(converge(w, lambda, err));
		YG_TRY(look_outside(w, strong, true, err));
		/* Gradients of the weak ones are of an earlier solution: they are not asked before the strong ones are settled. */
		for (size_t j = 0; j < w->p; j++)
			w->gradient[j] = strong[j] ? w->gradient[j] : 0;
		more = beyond(w, lambda, 1 + 1e-7);
		if (!more) {
			YG_TRY(look_outside(w, strong, false, err));
			more = beyond(w, lambda, 1 + 1e-7);
		}
		if (!more)
			return YG_OK;
		YG_TRY(take_in(w, w->list, more, err));
	}
}

/* ---- setting up ---- */

/* Standard deviations with the weights, and which columns have none. */
static void standardise(struct walk *w)
{
	double sum = 0;

	for (size_t j = 0; j < w->p; j++) {
		const struct pen_column *c = &w->d->x->column[j];
		double mean = pen_column_dot(c, w->model.w, w->n) / w->model.total, var = mean * (1 - mean), size = 1;
		if (c->dense) {
			var = 0;
			for (size_t i = 0; i < w->n; i++)
				var += w->model.w[i] * (c->dense[i] - mean) * (c->dense[i] - mean);
			var /= w->model.total;
			size = fabs(c->mean) + 1e-300;
		}
		w->constant[j] = !(var > 1e-22 * size * size) || !isfinite(var);
		w->scale[j] = w->constant[j] ? 0 : w->o->raw ? 1 : 1 / sqrt(var);
		w->factor[j] = w->d->factor ? fmax(w->d->factor[j], 0) : 1;
		sum += w->factor[j];
	}
	for (size_t j = 0; j < w->p && sum > 0; j++)
		w->factor[j] *= (double)w->p / sum;
}

static enum yg_status start_value(struct walk *w, struct yg_err *err)
{
	const struct pen_model *m = &w->model;
	double mean = 0, spread = 0;

	if (m->family == YG_PEN_COX) {
		for (size_t u = 0; u < m->m; u++)
			spread += m->deaths[u];
		return spread > 0 ? YG_OK : yg_fail(err, YG_REFUSED, "E-FIT-002", N_("there are no events, so nothing can be estimated"));
	}
	for (size_t i = 0; i < w->n; i++)
		mean += m->w[i] * m->y[i] / m->total;
	for (size_t i = 0; i < w->n; i++)
		spread += m->w[i] * fabs(m->y[i] - mean);
	if (!(spread > 1e-12 * (fabs(mean) * m->total)))
		return yg_fail(err, YG_REFUSED, "E-PEN-001", N_("the outcome is the same for everybody, so nothing can be estimated"));
	w->b0 = m->family == YG_PEN_GAUSSIAN ? mean : m->family == YG_PEN_POISSON ? yg_log(mean) : yg_log(mean / (1 - mean));
	return YG_OK;
}

static enum yg_status set_up(struct walk *w, struct yg_err *err)
{
	const size_t n = w->n = w->d->x->n, p = w->p = w->d->x->p;
	double *v = w->memory = yg_data_calloc(4 * n + 8 * p + 1, sizeof *v);

	w->constant = yg_xcalloc(2 * p + 1, 1);
	w->state = w->constant + p;
	w->list = yg_xcalloc(p + 1, sizeof *w->list);
	if (!v)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the model"));
	double **of_rows[] = { &w->eta, &w->kept, &w->u, &w->c };
	double **of_columns[] = { &w->scale, &w->factor, &w->b, &w->gradient, &w->g, &w->bw, &w->l1, &w->l2 };
	for (size_t k = 0; k < 4; k++, v += n)
		*of_rows[k] = v;
	for (size_t k = 0; k < 8; k++, v += p)
		*of_columns[k] = v;
	YG_TRY(pen_model_make(w->d, w->task, &w->model, err));
	standardise(w);
	YG_TRY(start_value(w, err));
	for (size_t i = 0; i < n; i++)
		w->eta[i] = w->b0 + (w->d->offset ? w->d->offset[i] : 0);
	w->quad = (struct pen_quad){ .x = w->d->x, .model = &w->model, .scale = w->scale, .task = w->task };
	YG_TRY(pen_quad_make(&w->quad, err));
	w->tolerance = w->o->tolerance > 0 ? w->o->tolerance : 1e-14;
	w->ridge = 1;
	evaluate(w);
	/* The measure of a step until the null model is known. */
	w->null_deviance = deviance(w);
	return renew(w, err);
}

/* Without any column, then with those that bear no penalty; and the gradients there. */
static enum yg_status null_fit(struct walk *w, struct yg_err *err)
{
	size_t free_ones = 0, others = 0;

	YG_TRY(converge(w, 0, err));
	w->null_deviance = deviance(w);
	if (w->o->response_scaled_ridge && w->model.family == YG_PEN_GAUSSIAN)
		w->ridge = 1 / sqrt(w->null_deviance / w->model.total);
	for (size_t j = 0; j < w->p; j++)
		if (!w->constant[j] && w->factor[j] == 0)
			w->list[free_ones++] = (uint32_t)j;
	YG_TRY(take_in(w, w->list, free_ones, err));
	if (free_ones)
		YG_TRY(converge(w, 0, err));
	for (size_t j = 0; j < w->p; j++)
		if (!w->constant[j] && !w->state[j])
			w->list[others++] = (uint32_t)j;
	YG_TRY(gradients(w, w->list, others, w->gradient, true, err));
	/* Under ridge nothing is ever left out. */
	return w->o->alpha > 0 ? YG_OK : take_in(w, w->list, others, err);
}

static double first_penalty(const struct walk *w)
{
	double most = 0, alpha = w->o->alpha > LEAST_ALPHA ? w->o->alpha : LEAST_ALPHA;

	for (size_t j = 0; j < w->p; j++)
		if (!w->constant[j] && w->factor[j] > 0)
			most = fmax(most, fabs(w->gradient[j]) / (w->model.total * alpha * w->factor[j]));
	return most;
}

static enum yg_status lay_out(struct walk *w, struct yg_pen_path *out, double largest, struct yg_err *err)
{
	const size_t count = w->o->lambda ? w->o->lambdas : w->o->lambdas ? w->o->lambdas : 100;
	double ratio = w->o->ratio > 0 ? w->o->ratio : w->model.total < (double)w->p ? 0.01 : 1e-4;
	double *v = yg_data_calloc(count * (w->p + 3) + 1, sizeof *v);

	out->memory = v;
	out->df = yg_data_calloc(count + 1, sizeof *out->df);
	out->constant = yg_xcalloc(w->p + 1, 1);
	if (!v || !out->df)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the path"));
	out->p = w->p;
	out->lambdas = count;
	out->lambda = v;
	out->intercept = v + count;
	out->dev_ratio = v + 2 * count;
	out->beta = v + 3 * count;
	memcpy(out->constant, w->constant, w->p);
	if (!w->o->lambda && !(largest > 0))
		return yg_fail(err, YG_REFUSED, "E-PEN-002", N_("no column varies together with the outcome: there is nothing to shrink"));
	for (size_t k = 0; k < count; k++)
		out->lambda[k] = w->o->lambda ? w->o->lambda[k] :
		                 k ? largest * yg_pow(ratio, (double)k / (double)(count - 1)) : largest;
	return YG_OK;
}

/* Coefficients on the scale of the data. */
static void keep(const struct walk *w, struct yg_pen_path *out, size_t k)
{
	double *beta = out->beta + k * w->p, shift = 0;

	for (size_t j = 0; j < w->p; j++) {
		beta[j] = w->b[j] * w->scale[j];
		shift += beta[j] * w->d->x->column[j].mean;
		out->df[k] += beta[j] != 0;
	}
	out->intercept[k] = w->model.intercept ? w->b0 - shift : 0;
	out->dev_ratio[k] = w->null_deviance > 0 ? 1 - deviance(w) / w->null_deviance : 0;
	out->unconverged += !w->converged;
}

static enum yg_status follow(struct walk *w, struct yg_pen_path *out, struct yg_err *err)
{
	uint8_t *strong = yg_xcalloc(w->p + 1, 1);
	double largest = first_penalty(w), before = fmax(largest, w->o->lambda && w->o->lambdas ? w->o->lambda[0] : 0);
	enum yg_status status = lay_out(w, out, largest, err);

	for (size_t k = 0; status == YG_OK && k < out->lambdas; k++) {
		if (!yg_task_tick(w->task, k, out->lambdas)) {
			status = yg_fail(err, YG_CANCELLED, "E-RUN-001", N_("cancelled; nothing was kept"));
			break;
		}
		status = one_penalty(w, out->lambda[k], before, strong, err);
		if (status != YG_OK)
			break;
		keep(w, out, k);
		before = out->lambda[k];
		if (w->o->lambda || k + 1 < LEAST_LENGTH)
			continue;
		if (out->dev_ratio[k] > PERFECT || out->dev_ratio[k] - out->dev_ratio[k - 1] < LEAST_GAIN * out->dev_ratio[k])
			out->lambdas = k + 1;
	}
	yg_free(strong);
	return status;
}

enum yg_status yg_pen_path_fit(const struct yg_pen_data *d, const struct yg_pen_options *o, struct yg_task *task,
                               struct yg_pen_path *out, struct yg_err *err)
{
	struct walk w = { .d = d, .o = o, .task = task };
	struct yg_pen_path made = { 0 };
	enum yg_status status = set_up(&w, err);

	if (status == YG_OK)
		status = null_fit(&w, err);
	if (status == YG_OK)
		status = follow(&w, &made, err);
	made.null_deviance = w.model.total > 0 ? w.null_deviance * (w.model.given / w.model.total) : 0;
	made.n = w.model.total;
	made.passes = w.passes;
	made.renewals = w.renewals;
	pen_quad_release(&w.quad);
	pen_model_release(&w.model);
	yg_data_free(w.memory);
	yg_free(w.constant);
	yg_free(w.list);
	if (status == YG_OK)
		*out = made;
	else
		yg_pen_path_release(&made);
	return status;
}

void yg_pen_path_release(struct yg_pen_path *p)
{
	yg_data_free(p->memory);
	yg_data_free(p->df);
	yg_free(p->constant);
	memset(p, 0, sizeof *p);
}

void yg_pen_predict(const struct yg_pen_data *d, const double *beta, double intercept, double *eta)
{
	double start = intercept;

	for (size_t j = 0; j < d->x->p; j++)
		start += beta[j] * d->x->column[j].mean;
	for (size_t i = 0; i < d->x->n; i++)
		eta[i] = start + (d->offset ? d->offset[i] : 0);
	for (size_t j = 0; j < d->x->p; j++)
		if (beta[j] != 0)
			pen_column_add(&d->x->column[j], beta[j], eta, d->x->n);
}
