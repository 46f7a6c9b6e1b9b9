/* Likelihoods of penalised models in their linear predictor: linear, logistic, Poisson; Cox has a file of its own. */
#include <math.h>
#include <string.h>

#include "penalised_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"

#define CHUNK 256u

static enum yg_status refuse(struct yg_err *err)
{
	return yg_fail(err, YG_REFUSED, "E-FIT-001", N_("there is nobody to analyse"));
}

/* Weights rescaled to sum to the number of rows that have one. */
static enum yg_status make_weights(const struct yg_pen_data *d, struct pen_model *out, struct yg_err *err)
{
	double sum = 0, rows = 0;

	out->w = yg_data_alloc(out->n + 1, sizeof *out->w);
	if (!out->w)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the model"));
	for (size_t i = 0; i < out->n; i++) {
		double w = d->weight ? d->weight[i] : 1;
		sum += w;
		rows += w > 0;
	}
	if (!(sum > 0) || !isfinite(sum))
		return refuse(err);
	for (size_t i = 0; i < out->n; i++)
		out->w[i] = d->weight ? d->weight[i] * (rows / sum) : 1;
	out->total = rows;
	out->given = sum;
	return YG_OK;
}

enum yg_status pen_model_make(const struct yg_pen_data *d, struct yg_task *task, struct pen_model *out, struct yg_err *err)
{
	memset(out, 0, sizeof *out);
	out->family = d->family;
	out->n = d->x->n;
	out->y = d->y;
	if (!out->n)
		return refuse(err);
	YG_TRY(make_weights(d, out, err));
	if (d->family == YG_PEN_COX)
		return pen_cox_make(d, task, out, err);
	out->intercept = true;
	out->stretches = 1;
	for (size_t i = 0; d->family == YG_PEN_POISSON && i < out->n; i++)
		if (d->y[i] > 0)
			out->saturated += out->w[i] * d->y[i] * (yg_log(d->y[i]) - 1);
	return YG_OK;
}

void pen_model_release(struct pen_model *m)
{
	yg_data_free(m->w);
	yg_data_free(m->memory);
	yg_data_free(m->hi);
	yg_data_free(m->stretch);
	memset(m, 0, sizeof *m);
}

static double gaussian(const struct pen_model *m, const double *eta, double *u, double *c)
{
	double loglik = 0;

	for (size_t i = 0; i < m->n; i++) {
		double r = m->y[i] - eta[i];
		loglik -= 0.5 * m->w[i] * r * r;
		if (u) {
			u[i] = m->w[i] * r;
			c[i] = m->w[i];
		}
	}
	return loglik;
}

/* Sums of log(1 + e): factors of rows with weight 1 are multiplied, and one logarithm is taken of many. */
struct logs {
	double sum, product;
	unsigned factors;
};

static void logs_add(struct logs *l, double w, double e)
{
	if (w != 1) {
		l->sum += w * yg_log1p(e);
		return;
	}
	l->product *= 1 + e;
	if (++l->factors == 64) {
		l->sum += yg_log(l->product);
		l->product = 1;
		l->factors = 0;
	}
}

static double binomial(const struct pen_model *m, const double *eta, double *u, double *c)
{
	double loglik = 0, e[CHUNK];
	struct logs logs = { 0, 1, 0 };

	for (size_t first = 0; first < m->n; first += CHUNK) {
		size_t rows = m->n - first < CHUNK ? m->n - first : CHUNK;
		/* e = exp(-|eta|): nothing overflows. */
		for (size_t k = 0; k < rows; k++)
			e[k] = -fabs(eta[first + k]);
		yg_exp_array(e, e, rows);
		for (size_t k = 0; k < rows; k++) {
			size_t i = first + k;
			double small = e[k] / (1 + e[k]), mu = eta[i] > 0 ? 1 - small : small;
			loglik += m->w[i] * (eta[i] > 0 ? (m->y[i] - 1) * eta[i] : m->y[i] * eta[i]);
			logs_add(&logs, m->w[i], e[k]);
			if (!u)
				continue;
			u[i] = m->w[i] * (m->y[i] - mu);
			c[i] = m->w[i] * (small / (1 + e[k]));
		}
	}
	return loglik - logs.sum - yg_log(logs.product);
}

static double poisson(const struct pen_model *m, const double *eta, double *u, double *c)
{
	double loglik = 0;

	for (size_t i = 0; i < m->n; i++) {
		double mu = yg_exp(eta[i]);
		loglik += m->w[i] * (m->y[i] * eta[i] - mu);
		if (u) {
			u[i] = m->w[i] * (m->y[i] - mu);
			c[i] = m->w[i] * mu;
		}
	}
	return loglik;
}

double pen_evaluate(struct pen_model *m, const double *eta, double *u, double *c)
{
	switch (m->family) {
	case YG_PEN_GAUSSIAN:
		return gaussian(m, eta, u, c);
	case YG_PEN_BINOMIAL:
		return binomial(m, eta, u, c);
	case YG_PEN_POISSON:
		return poisson(m, eta, u, c);
	case YG_PEN_COX:
		break;
	}
	return pen_cox_evaluate(m, eta, u, c);
}
