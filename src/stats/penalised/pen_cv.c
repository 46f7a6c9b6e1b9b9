/* Cross-validation of a penalised path: each fold's rows get weight 0, the columns are shared. */
#include <math.h>
#include <string.h>

#include "penalised_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/elementary.h"
#include "yogo/num/rng.h"
#include "yogo/num/sort.h"

/* As far as a predicted probability counts. */
#define CLOSEST 1e-5

struct folding {
	const struct yg_pen_data *d;
	const struct yg_pen_options *o;
	const struct yg_pen_path *path;
	const uint32_t *fold;
	struct yg_task *task;
	double *loss;          /* [folds*lambdas] */
	double *weight;        /* [folds] */
};

static double deviance_of(const struct yg_pen_data *d, double y, double eta)
{
	if (d->family == YG_PEN_GAUSSIAN)
		return (y - eta) * (y - eta);
	if (d->family == YG_PEN_POISSON) {
		double mu = yg_exp(eta);
		return 2 * ((y > 0 ? y * (yg_log(y) - eta) : 0) - (y - mu));
	}
	double a = yg_exp(-fabs(eta)), p = eta > 0 ? 1 / (1 + a) : a / (1 + a);
	p = p < CLOSEST ? CLOSEST : p > 1 - CLOSEST ? 1 - CLOSEST : p;
	return -2 * (y * yg_log(p) + (1 - y) * yg_log(1 - p));
}

/* The loss of one fold at every penalty, from the fit w without it. */
static enum yg_status judge(struct folding *f, size_t k, const double *without, const struct yg_pen_path *fit, struct yg_err *err)
{
	const struct yg_pen_data *d = f->d;
	const size_t n = d->x->n;
	struct yg_pen_data rest = *d;
	struct pen_model all = { 0 }, part = { 0 };
	double *eta = yg_data_alloc(n + 1, sizeof *eta), *loss = f->loss + k * f->path->lambdas;
	enum yg_status status = eta ? YG_OK : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the model"));

	rest.weight = without;
	if (status == YG_OK && d->family == YG_PEN_COX) {
		status = pen_model_make(d, NULL, &all, err);
		if (status == YG_OK)
			status = pen_model_make(&rest, NULL, &part, err);
	}
	for (size_t l = 0; status == YG_OK && l < f->path->lambdas; l++) {
		double sum = 0;
		if (yg_task_cancelled(f->task))
			status = yg_fail(err, YG_CANCELLED, "E-RUN-001", N_("cancelled; nothing was kept"));
		yg_pen_predict(d, fit->beta + l * d->x->p, fit->intercept[l], eta);
		if (d->family == YG_PEN_COX) {
			double most = pen_evaluate(&all, eta, NULL, NULL), least = pen_evaluate(&part, eta, NULL, NULL);
			sum = 2 * (all.saturated - most) - 2 * (part.saturated - least);
		}
		for (size_t i = 0; d->family != YG_PEN_COX && i < n; i++)
			if (f->fold[i] == k)
				sum += (d->weight ? d->weight[i] : 1) * deviance_of(d, d->y[i], eta[i]);
		loss[l] = sum / f->weight[k];
	}
	pen_model_release(&all);
	pen_model_release(&part);
	yg_data_free(eta);
	return status;
}

static enum yg_status one_fold(void *context, size_t k, unsigned worker, struct yg_err *err)
{
	struct folding *f = context;
	const struct yg_pen_data *d = f->d;
	const size_t n = d->x->n;
	struct yg_pen_data rest = *d;
	struct yg_pen_options o = *f->o;
	struct yg_pen_path fit = { 0 };
	double *weight = yg_data_alloc(n + 1, sizeof *weight), kept = 0;
	enum yg_status status = YG_OK;

	(void)worker;
	if (!weight)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the model"));
	for (size_t i = 0; i < n; i++) {
		double w = d->weight ? d->weight[i] : 1;
		bool out = f->fold[i] == k;
		weight[i] = out ? 0 : w;
		kept += weight[i];
		if (out)
			f->weight[k] += d->family != YG_PEN_COX || d->spans->event[i] ? w : 0;
	}
	rest.weight = weight;
	o.lambda = f->path->lambda;
	o.lambdas = f->path->lambdas;
	if (f->weight[k] > 0 && kept > 0) {
		status = yg_pen_path_fit(&rest, &o, f->task, &fit, err);
		if (status == YG_OK)
			status = judge(f, k, weight, &fit, err);
		yg_pen_path_release(&fit);
	}
	yg_data_free(weight);
	return status;
}

/* Mean over the folds by weight, its standard error, and the two penalties people ask for. */
static void summarise(const struct folding *f, size_t folds, struct yg_pen_cv *out)
{
	double sum = 0;

	for (size_t k = 0; k < folds; k++) {
		sum += f->weight[k];
		out->folds_used += f->weight[k] > 0;
	}
	for (size_t l = 0; l < out->lambdas; l++) {
		double mean = 0, spread = 0;
		for (size_t k = 0; k < folds; k++)
			mean += f->weight[k] / sum * f->loss[k * out->lambdas + l];
		for (size_t k = 0; k < folds; k++)
			spread += f->weight[k] / sum * (f->loss[k * out->lambdas + l] - mean) * (f->loss[k * out->lambdas + l] - mean);
		out->mean[l] = mean;
		out->se[l] = sqrt(spread / (double)(out->folds_used - 1));
		if (mean < out->mean[out->best])
			out->best = l;
	}
	out->within = out->best;
	for (size_t l = 0; l < out->best; l++)
		if (out->mean[l] <= out->mean[out->best] + out->se[out->best]) {
			out->within = l;
			break;
		}
}

enum yg_status yg_pen_cv_fit(const struct yg_pen_data *d, const struct yg_pen_options *o, const struct yg_pen_path *path,
                             const uint32_t *fold, size_t folds, struct yg_task *task, struct yg_pen_cv *out, struct yg_err *err)
{
	struct folding f = { .d = d, .o = o, .path = path, .fold = fold, .task = task };
	struct yg_pen_cv made = { .lambdas = path->lambdas };
	enum yg_status status;
	size_t used = 0;

	made.memory = made.mean = yg_data_calloc(2 * path->lambdas + 1, sizeof(double));
	f.loss = yg_data_calloc(folds * path->lambdas + 1, sizeof *f.loss);
	f.weight = yg_xcalloc(folds + 1, sizeof *f.weight);
	status = made.mean && f.loss ? yg_pool_run(task, folds, one_fold, &f, err) :
	                               yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the model"));
	for (size_t k = 0; k < folds; k++)
		used += f.weight[k] > 0;
	if (status == YG_OK && used < 2)
		status = yg_fail(err, YG_REFUSED, "E-PEN-003", N_("cross-validation needs at least two folds with events"));
	if (status == YG_OK) {
		made.se = made.mean + made.lambdas;
		summarise(&f, folds, &made);
		*out = made;
	} else {
		yg_data_free(made.memory);
	}
	yg_free(f.weight);
	yg_data_free(f.loss);
	return status;
}

void yg_pen_cv_release(struct yg_pen_cv *cv)
{
	yg_data_free(cv->memory);
	memset(cv, 0, sizeof *cv);
}

enum yg_status yg_pen_folds(const uint32_t *person, size_t n, size_t folds, uint64_t seed, uint32_t *fold, struct yg_err *err)
{
	double *key = yg_data_alloc(n + 1, sizeof *key);
	uint32_t *first = yg_data_alloc(2 * n + 1, sizeof *first), *order = first + n;
	size_t persons = 0;
	enum yg_status status = key && first ? YG_OK : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the folds"));

	for (size_t i = 0; status == YG_OK && i < n; i++) {
		struct yg_rng r;
		if (i && person[i] == person[i - 1])
			continue;
		yg_rng_init(&r, seed, YG_RNG_FOLDS, 0, person[i]);
		first[persons] = (uint32_t)i;
		key[persons++] = yg_rng_uniform(&r);
	}
	if (status == YG_OK)
		status = yg_sort_doubles(key, persons, NULL, order, err);
	for (size_t k = 0; status == YG_OK && k < persons; k++) {
		size_t i = first[order[k]];
		for (uint32_t who = person[i]; i < n && person[i] == who; i++)
			fold[i] = (uint32_t)(k % folds);
	}
	yg_data_free(first);
	yg_data_free(key);
	return status;
}
