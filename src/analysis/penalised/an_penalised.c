/* Penalised models: the path, cross-validation, and one document of both. */
#include <math.h>
#include <string.h>

#include "an_penalised_priv.h"
#include "yogo/base/i18n.h"

static enum yg_status read_penalty(struct an_pen *w, struct yg_err *err)
{
	const struct yg_an_penalty *q = w->q;
	double *lambda = q->lambdas ? yg_arena_alloc(&w->arena, q->lambdas, sizeof *lambda) : NULL;

	w->options = (struct yg_pen_options){ .alpha = !strcmp(q->kind, "lasso") ? 1 : !strcmp(q->kind, "ridge") ? 0 :
	                                      isnan(q->alpha) ? 0.5 : q->alpha };
	if (!isnan(q->alpha) && strcmp(q->kind, "elastic"))
		return yg_fail(err, YG_ESYNTAX, "E-PEN-017", N_("alpha mixes lasso and ridge: it goes with penalty=elastic"));
	if (w->options.alpha < 0 || w->options.alpha > 1)
		return yg_fail(err, YG_ESYNTAX, "E-PEN-018", N_("alpha is a share between 0 (ridge) and 1 (lasso)"));
	/* Descending, each once. */
	for (size_t k = 0; k < q->lambdas; k++) {
		size_t at = k;
		if (!(q->lambda[k] > 0))
			return yg_fail(err, YG_ESYNTAX, "E-PEN-019", N_("lambda is a penalty above 0"));
		for (; at > 0 && lambda[at - 1] < q->lambda[k]; at--)
			lambda[at] = lambda[at - 1];
		lambda[at] = q->lambda[k];
	}
	w->options.lambda = lambda;
	w->options.lambdas = q->lambdas;
	/* As glmnet: the ridge part of a linear model counts the outcome in units of its standard deviation. */
	w->options.response_scaled_ridge = true;
	return YG_OK;
}

static enum yg_status fit(struct an_pen *w, struct yg_err *err)
{
	w->data = (struct yg_pen_data){ .family = w->family, .x = w->columns, .y = w->y, .spans = &w->spans, .weight = w->weight,
	                                .offset = w->design->offset };
	YG_TRY(yg_pen_path_fit(&w->data, &w->options, w->task, &w->path, err));
	w->have_path = true;
	if (!w->fold)
		return YG_OK;
	YG_TRY(yg_pen_cv_fit(&w->data, &w->options, &w->path, w->fold, w->folds, w->task, &w->cv, err));
	w->have_cv = true;
	return YG_OK;
}

/* What the gate asks of a model: those who inform it, and how many columns are in at most. */
static void declare(struct an_pen *w)
{
	const struct yg_set *set = w->set;
	size_t shown = w->have_cv ? w->path.df[w->cv.best] : w->path.df[w->path.lambdas - 1];
	int64_t informative = (int64_t)set->persons;

	if (w->family == YG_PEN_BINOMIAL)
		informative = w->events < informative - w->events ? w->events : informative - w->events;
	else if (w->family != YG_PEN_GAUSSIAN)
		informative = w->events;
	yg_raw_model(w->raw, informative, (int64_t)shown);
}

static enum yg_status finish(struct an_pen *w, enum yg_status status, struct yg_pen_model *model, struct yg_err *err)
{
	if (status == YG_OK)
		status = fit(w, err);
	if (status == YG_OK)
		status = an_pen_keep(w, model, err);
	if (status == YG_OK) {
		declare(w);
		an_pen_tables(w);
		an_pen_notes(w);
	}
	an_pen_release(w);
	return status;
}

static enum yg_status refuse(const struct yg_an_input *in, const char *se, const char *ci, struct yg_err *err)
{
	if (in->by) {
		yg_fail(err, YG_REFUSED, "E-PEN-020", N_("a penalised model is not repeated by groups: each would have a penalty of its own"));
		yg_err_hint(err, N_("Fit one group at a time with where."));
		return YG_REFUSED;
	}
	if ((se && strcmp(se, "model")) || (ci && strcmp(ci, "wald")))
		return yg_fail(err, YG_REFUSED, "E-PEN-021", N_("shrunken coefficients have no standard errors or intervals; leave out se and ci"));
	return YG_OK;
}

static enum yg_status end(struct yg_raw *raw, enum yg_status status, struct yg_pen_model *kept, struct yg_raw **out,
                          struct yg_pen_model **model)
{
	if (status == YG_OK && model)
		*model = kept;
	else
		yg_pen_model_free(kept);
	if (status == YG_OK)
		*out = raw;
	else
		yg_raw_free(raw);
	return status;
}

enum yg_status yg_an_cox_path(const struct yg_an_cox *r, const struct yg_an_penalty *q, struct yg_task *task, struct yg_raw **out,
                              struct yg_pen_model **model, struct yg_err *err)
{
	struct yg_raw *raw;
	struct yg_pen_model *kept;
	enum yg_status status = YG_OK;
	size_t index = 0;

	YG_TRY(refuse(&r->in, r->se, r->ci, err));
	raw = yg_raw_new("cox", 2);
	kept = an_pen_model_new();
	for (size_t i = 0; i < r->of.count && status == YG_OK; i++)
		for (uint32_t k = 0; k < r->formula->children && status == YG_OK; k++) {
			struct an_pen w = { .q = q, .task = task, .raw = raw, .in = &r->in, .index = index++ };
			yg_arena_init(&w.arena);
			status = read_penalty(&w, err);
			if (status == YG_OK)
				status = an_pen_cox_rows(&w, r, r->of.endpoint[i], r->formula->child[k], err);
			status = finish(&w, status, kept, err);
		}
	return end(raw, status, kept, out, model);
}

enum yg_status yg_an_regress_path(const struct yg_an_regress *r, const struct yg_an_penalty *q, struct yg_task *task,
                                  struct yg_raw **out, struct yg_pen_model **model, struct yg_err *err)
{
	struct yg_raw *raw;
	struct yg_pen_model *kept;
	enum yg_status status = YG_OK;
	size_t index = 0;

	YG_TRY(refuse(&r->in, r->se, r->ci, err));
	raw = yg_raw_new(r->verb, 2);
	kept = an_pen_model_new();
	for (size_t i = 0; i < r->outcome.count && status == YG_OK; i++)
		for (uint32_t k = 0; k < r->formula->children && status == YG_OK; k++) {
			struct an_pen w = { .q = q, .task = task, .raw = raw, .in = &r->in, .index = index++ };
			yg_arena_init(&w.arena);
			status = read_penalty(&w, err);
			if (status == YG_OK)
				status = an_pen_regress_rows(&w, r, r->outcome.node[i], r->formula->child[k], err);
			status = finish(&w, status, kept, err);
		}
	return end(raw, status, kept, out, model);
}
