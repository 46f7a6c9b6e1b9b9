/* The penalised model that was chosen, kept for predict and validate. */
#include <math.h>
#include <string.h>

#include "an_penalised_priv.h"
#include "analysis/prediction/an_model_priv.h"

#include "yogo/base/i18n.h"

struct yg_pen_model {
	struct yg_prediction_model **fit;
	size_t fits, cap;
	const char *why;              /* none was chosen, or NULL */
};

bool an_pen_chosen(const struct an_pen *w, size_t *at, const char **name)
{
	bool min = w->q->choose && !strcmp(w->q->choose, "min");
	*at = w->have_cv ? (min ? w->cv.best : w->cv.within) : 0;
	*name = w->have_cv ? (min ? "min" : "1se") : NULL;
	return w->have_cv || w->path.lambdas == 1;
}

/*
 * Breslow's baseline under these coefficients: as of a model whose only column is the linear predictor, with coefficient 1,
 * so that what is centred there is the offset here.
 */
static enum yg_status keep_baseline(struct an_pen *w, struct yg_prediction_model *m, const double *beta, struct yg_err *err)
{
	size_t n = w->set->n, strata;
	double one = 1, variance = 0, *eta = yg_data_alloc(n + 1, sizeof *eta);
	uint8_t fine = YG_COX_FINE;
	struct yg_cox fit = { .p = 1, .beta = &one, .var = &variance, .naive = &variance, .se = &variance, .fault = &fine,
		              .ties = YG_COX_BRESLOW, .rank = 1 };
	struct yg_cox_baseline b = { 0 }, *to = &m->baseline;
	struct yg_cox_data d = { .spans = w->spans, .x = eta, .p = 1 };
	if (!eta)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was kept"));
	yg_pen_predict(&w->data, beta, 0, eta);
	enum yg_status s = yg_cox_baseline_fit(&d, &fit, 0, w->task, &b, err);
	yg_data_free(eta);
	YG_TRY(s);
	strata = b.strata;
	double *v = yg_data_calloc(3 * b.m + m->p + strata + 4, sizeof *v);
	if (v) {
		*to = (struct yg_cox_baseline){ .m = b.m, .p = m->p, .strata = strata, .space = v, .time = v, .hazard = v + b.m,
			                        .square = v + 2 * b.m, .centre = v + 3 * b.m, .offset = b.centre[0] + b.offset };
		to->start = (size_t *)(v + 3 * b.m + m->p);
		memcpy(to->start, b.start, (strata + 1) * sizeof *b.start);
		memcpy(to->time, b.time, b.m * sizeof *v);
		memcpy(to->hazard, b.hazard, b.m * sizeof *v);
	} else {
		s = yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was kept"));
	}
	yg_cox_baseline_release(&b);
	return s;
}

static enum yg_status of_time(struct an_pen *w, struct yg_prediction_model *m, const double *beta, struct yg_err *err)
{
	const struct an_surv *s = &w->s;
	const struct yg_endpoint *e = s->endpoint;
	m->rows = an_rows_hash(w->set, w->set->exit, s->event);
	m->of_time = true;
	m->outcome_name = yg_arena_strdup(&m->arena, e->name);
	m->time_unit = yg_arena_strdup(&m->arena, e->time_unit ? e->time_unit : "");
	m->unit = yg_arena_strdup(&m->arena, s->unit);
	m->divisor = s->divisor;
	m->ties = YG_COX_BRESLOW;
	m->late = w->spans.entry != NULL;
	an_model_strata(m, s, w->strata);
	if (e->states > 2)
		m->no_baseline = N_("it is a model of one of several causes, whose hazard alone gives no risk; use finegray or cuminc");
	return m->no_baseline ? YG_OK : keep_baseline(w, m, beta, err);
}

static void without_time(struct an_pen *w, struct yg_prediction_model *m)
{
	static const enum yg_family family[] = { [YG_PEN_GAUSSIAN] = YG_FAMILY_GAUSSIAN, [YG_PEN_BINOMIAL] = YG_FAMILY_BINOMIAL,
		                                 [YG_PEN_POISSON] = YG_FAMILY_POISSON };
	static const enum yg_link link[] = { [YG_PEN_GAUSSIAN] = YG_LINK_IDENTITY, [YG_PEN_BINOMIAL] = YG_LINK_LOGIT,
		                             [YG_PEN_POISSON] = YG_LINK_LOG };
	m->rows = an_rows_hash(w->set, w->y, NULL);
	m->outcome_name = m->outcome;
	m->event = w->event ? yg_arena_strdup(&m->arena, w->event) : NULL;
	m->family = family[w->family];
	m->link = link[w->family];
	m->binary = w->family == YG_PEN_BINOMIAL;
}

enum yg_status an_pen_keep(struct an_pen *w, struct yg_pen_model *model, struct yg_err *err)
{
	size_t p = (size_t)w->design->p, at;
	const char *name;
	if (!an_pen_chosen(w, &at, &name)) {
		model->why = N_("no penalty was chosen; leave lambda out, or give one");
		return YG_OK;
	}
	const double *beta = w->path.beta + at * w->path.p;
	double *b = yg_arena_alloc(&w->arena, p + 1, sizeof *b);
	if (w->first_column)
		b[0] = w->path.intercept[at];
	memcpy(b + w->first_column, beta, w->path.p * sizeof *b);
	const char *formula = yg_arena_printf(&w->arena, "%s, %s, lambda %.4g%s%s%s", w->formula, w->q->kind, w->path.lambda[at],
	                                      name ? " (" : "", name ? name : "", name ? ")" : "");
	struct yg_prediction_model *m = an_model_begin(sizeof *m, w->family == YG_PEN_COX ? &an_model_cox : &an_model_glm, w->outcome, formula,
	                                               NULL, p, b, NULL);
	m->design = yg_design_freeze(w->plan, w->design, w->set, w->terms_at);
	m->rank = w->path.df[at];
	m->persons = (int64_t)w->set->persons;
	m->events = w->events;
	m->conf = 0.95;
	m->no_errors = N_("shrunken coefficients have no standard errors");
	m->no_refit = N_("its penalty would have to be chosen again in each sample");
	if (w->path.unconverged)
		m->refused = N_("at some penalties its path did not converge");
	YG_GROW(model->fit, model->fits, model->cap);
	model->fit[model->fits++] = m;
	if (w->family == YG_PEN_COX)
		return of_time(w, m, beta, err);
	without_time(w, m);
	return YG_OK;
}

struct yg_pen_model *an_pen_model_new(void)
{
	return yg_xcalloc(1, sizeof(struct yg_pen_model));
}

void yg_pen_model_free(struct yg_pen_model *m)
{
	for (size_t i = 0; m && i < m->fits; i++)
		an_model_free(m->fit[i]);
	if (m)
		yg_free(m->fit);
	yg_free(m);
}

enum yg_status yg_pen_prediction(const struct yg_pen_model *m, const char *name, const struct yg_prediction_model **out,
                                 struct yg_err *err)
{
	*out = m->fits == 1 ? m->fit[0] : NULL;
	if (*out)
		return YG_OK;
	if (m->why)
		return yg_fail(err, YG_REFUSED, "E-PRE-018", N_("nothing can be predicted by %s: %s"), name, m->why);
	yg_fail(err, YG_REFUSED, "E-PRE-021", N_("%s holds several models: which of them?"), name);
	yg_err_hint(err, N_("Fit the one that is meant in a statement of its own, without by and without commas in the formula."));
	return YG_REFUSED;
}
