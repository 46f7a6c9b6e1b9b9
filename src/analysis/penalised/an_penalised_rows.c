/* Rows of a penalised model: follow-up or an outcome, the matrix, and the folds of cross-validation. */
#include <math.h>
#include <string.h>

#include "analysis/an_model_table_priv.h"
#include "an_penalised_priv.h"
#include "yogo/base/i18n.h"

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was set up"));
}

/* The variables of the model and, after them, the column of folds. */
static struct yg_set_variable *variables(struct an_pen *w, const struct yg_design_plan *plan, size_t *terms, size_t *count)
{
	const struct yg_set_variable *asked;
	struct yg_set_variable *list;

	*terms = yg_design_plan_variables(plan, &asked);
	list = yg_arena_alloc(&w->arena, *terms + 6, sizeof *list);
	if (*terms)
		memcpy(list, asked, *terms * sizeof *list);
	*count = *terms;
	if (w->q->foldid)
		list[(*count)++] = (struct yg_set_variable){ .expression = w->q->foldid, .use = YG_USE_STRATA, .as_factor = true };
	return list;
}

enum yg_status an_pen_folds(struct an_pen *w, size_t column, struct yg_err *err)
{
	const struct yg_set *set = w->set;

	if (!w->q->folds && !w->q->foldid)
		return YG_OK;
	w->fold = yg_data_calloc(set->n + 1, sizeof *w->fold);
	if (!w->fold)
		return no_memory(err);
	if (!w->q->foldid) {
		w->folds = (size_t)w->q->folds;
		if (w->folds < 2 || w->folds > set->persons) {
			yg_fail(err, YG_REFUSED, "E-PEN-011", N_("%zu folds of %llu persons: folds is a number from 2 to the number of persons"),
			        w->folds, (unsigned long long)set->persons);
			return YG_REFUSED;
		}
		return yg_pen_folds(set->person, set->n, w->folds, w->q->seed, w->fold, err);
	}
	const struct yg_set_column *c = &set->column[column];
	w->folds = (size_t)c->levels;
	if (w->folds < 2)
		return yg_fail(err, YG_REFUSED, "E-PEN-012", N_("foldid=%s has one value only; cross-validation needs at least two folds"), c->name);
	for (size_t i = 0; i < set->n; i++) {
		w->fold[i] = (uint32_t)c->level[i];
		if (i && set->person[i] == set->person[i - 1] && w->fold[i] != w->fold[i - 1]) {
			yg_fail(err, YG_REFUSED, "E-PEN-013", N_("foldid=%s divides the rows of a person between folds: they are not independent"), c->name);
			return YG_REFUSED;
		}
	}
	return YG_OK;
}

/* Persons with each level, and events among them.  The rows of a person stand together, so a change of person is a new one. */
static void count_behind(struct an_pen *w, const double *x, size_t p)
{
	const struct yg_set *s = w->set;
	w->behind = yg_arena_alloc(&w->arena, p + 1, sizeof *w->behind);
	memset(w->behind, 0, (p + 1) * sizeof *w->behind);
	for (size_t j = 0; j < p; j++) {
		struct yg_evidence e = { 0, 0, (int64_t)s->persons };
		uint64_t last = UINT64_MAX, with = UINT64_MAX;
		for (size_t i = 0; w->design->column[w->first_column + j].binary && i < s->n; i++) {
			uint64_t who = s->person ? s->person[i] : i;
			bool event = w->have_s ? w->s.event[i] != 0 :
			             w->y && (w->family == YG_PEN_BINOMIAL || w->family == YG_PEN_POISSON) && w->y[i] > 0;
			if (x[i * p + j] == 0)
				continue;
			e.persons += last != who;
			last = who;
			e.events += event && with != who;
			if (event)
				with = who;
		}
		w->behind[j] = e;
	}
}

/* The columns of the matrix without the intercept, which every model but Cox's has of its own. */
static enum yg_status columns(struct an_pen *w, const struct yg_design_plan *plan, size_t terms_at, bool intercept, struct yg_err *err)
{
	size_t p, full;
	double *x;
	enum yg_status status;

	YG_TRY(yg_design_build_on(w->task, plan, w->set, terms_at, intercept, &w->design, err));
	full = (size_t)w->design->p;
	w->first_column = intercept && full && w->design->column[0].term < 0;
	if (intercept && !w->first_column)
		return yg_fail(err, YG_REFUSED, "E-PEN-014", N_("a penalised model has an intercept: leave out \"0 +\""));
	p = full - w->first_column;
	if (!p)
		return yg_fail(err, YG_REFUSED, "E-REG-018", N_("the model has no terms"));
	x = w->design->x;
	/* The matrix is packed in place; it is not used any more as it was. */
	for (size_t i = 0; w->first_column && i < w->set->n; i++)
		memmove(x + i * p, x + i * full + 1, p * sizeof *x);
	status = yg_pen_columns_make(x, w->set->n, p, w->task, &w->columns, err);
	w->sd = yg_arena_alloc(&w->arena, p + 1, sizeof *w->sd);
	for (size_t j = 0; status == YG_OK && j < p; j++) {
		double mean = 0, var = 0, n = (double)w->set->n;
		for (size_t i = 0; i < w->set->n; i++)
			mean += x[i * p + j] / n;
		for (size_t i = 0; i < w->set->n; i++)
			var += (x[i * p + j] - mean) * (x[i * p + j] - mean) / n;
		w->sd[j] = sqrt(var);
	}
	count_behind(w, x, p);
	yg_data_free(x);
	w->design->x = NULL;
	return status;
}

enum yg_status an_pen_cox_rows(struct an_pen *w, const struct yg_an_cox *r, const struct yg_endpoint *e, const struct yg_node *model,
                               struct yg_err *err)
{
	struct yg_scope scope = *r->in.scope;
	struct yg_design_plan *plan;
	struct an_surv_request ask = { .in = &r->in, .endpoint = e, .strata = r->strata, .cluster = r->cluster, .frequency = r->frequency,
	                               .cause = r->cause, .verb = "cox" };
	size_t terms;

	scope.table = e->table;
	w->family = YG_PEN_COX;
	w->outcome = r->cause ? r->cause : e->label && *e->label ? e->label : e->name;
	w->formula = an_formula(&w->arena, model);
	YG_TRY(yg_design_plan(&w->arena, &scope, model, &plan, err));
	w->plan = plan;
	w->strata = r->strata;
	ask.term = variables(w, plan, &terms, &ask.terms);
	YG_TRY(an_surv_build(&ask, w->task, &w->s, err));
	w->have_s = true;
	w->set = w->s.set;
	w->terms_at = w->s.terms_at;
	YG_TRY(an_surv_independent(&w->s, "cox", err));
	w->spans = w->s.spans;
	w->weight = w->s.weight;
	w->frequency = w->s.frequency;
	w->events = (int64_t)w->s.event_persons;
	YG_TRY(an_pen_folds(w, w->s.terms_at + terms, err));
	return columns(w, plan, w->s.terms_at, false, err);
}

/* The outcome as numbers: 0 and 1 for a logistic model. */
static enum yg_status outcome_values(struct an_pen *w, const struct yg_an_regress *r, const struct yg_set_column *c, struct yg_err *err)
{
	const size_t n = w->set->n;
	int event = -1;
	uint32_t last = UINT32_MAX;

	w->y = yg_data_alloc(n + 1, sizeof *w->y);
	if (!w->y)
		return no_memory(err);
	for (int l = 0; c->is_factor && r->event && l < c->levels; l++)
		event = strcmp(c->level_name[l], r->event) ? event : l;
	if (c->is_factor && event < 0)
		return yg_fail(err, YG_REFUSED, "E-PEN-015", r->event ? N_("%s is never the level named by event") :
		                                                   N_("%s has levels: name the event, as in event=\"LEVEL\""), c->name);
	w->events = w->family == YG_PEN_GAUSSIAN ? -1 : 0;
	for (size_t i = 0; i < n; i++) {
		w->y[i] = c->is_factor ? c->level[i] == event : c->number[i];
		if (w->family == YG_PEN_BINOMIAL && w->y[i] != 0 && w->y[i] != 1)
			return yg_fail(err, YG_REFUSED, "E-REG-014", N_("%s is not 0 or 1: which value is the event?"), c->name);
		if (w->family == YG_PEN_POISSON && !(w->y[i] >= 0))
			return yg_fail(err, YG_REFUSED, "E-PEN-016", N_("%s has negative values; poisson wants counts"), c->name);
		if (w->family == YG_PEN_GAUSSIAN || !(w->y[i] > 0))
			continue;
		w->events += last != w->set->person[i];
		last = w->set->person[i];
	}
	return YG_OK;
}

enum yg_status an_pen_regress_rows(struct an_pen *w, const struct yg_an_regress *r, const struct yg_node *outcome,
                                   const struct yg_node *model, struct yg_err *err)
{
	struct yg_design_plan *plan;
	struct yg_set_variable *list;
	size_t terms, n, frequency = 0;

	w->family = !strcmp(r->verb, "linear") ? YG_PEN_GAUSSIAN : !strcmp(r->verb, "logit") ? YG_PEN_BINOMIAL : YG_PEN_POISSON;
	w->outcome = outcome->text;
	w->event = w->family == YG_PEN_BINOMIAL ? r->event : NULL;
	w->formula = an_formula(&w->arena, model);
	YG_TRY(yg_design_plan(&w->arena, r->in.scope, model, &plan, err));
	w->plan = plan;
	list = variables(w, plan, &terms, &n);
	list[n++] = (struct yg_set_variable){ .expression = outcome, .use = YG_USE_OUTCOME,
	                                      .as_factor = w->family == YG_PEN_BINOMIAL && r->event };
	if (r->in.weight)
		list[n++] = (struct yg_set_variable){ .expression = r->in.weight, .use = YG_USE_WEIGHT };
	frequency = n;
	if (r->frequency)
		list[n++] = (struct yg_set_variable){ .expression = r->frequency, .use = YG_USE_FREQUENCY };
	struct yg_set_request request = { .scope = r->in.scope, .population = r->in.population, .where = r->in.where, .unit = YG_SET_ROWS,
	                                  .variable = list, .variables = n };
	YG_TRY(yg_set_build(&request, w->task, &w->set, err));
	if (!w->set->n)
		return yg_fail(err, YG_REFUSED, "E-REG-001", N_("nobody is left to fit a model to"));
	w->weight = r->frequency ? w->set->column[frequency - (r->in.weight != NULL)].number : w->set->weight;
	w->frequency = r->frequency != NULL;
	for (size_t i = 0; w->weight && i < w->set->n; i++)
		if (!(w->weight[i] >= 0))
			return yg_fail(err, YG_REFUSED, "E-SUR-007", N_("a weight is negative"));
	YG_TRY(outcome_values(w, r, &w->set->column[terms + (w->q->foldid != NULL)], err));
	YG_TRY(an_pen_folds(w, terms, err));
	return columns(w, plan, 0, true, err);
}

void an_pen_release(struct an_pen *w)
{
	if (w->have_cv)
		yg_pen_cv_release(&w->cv);
	if (w->have_path)
		yg_pen_path_release(&w->path);
	yg_pen_columns_free(w->columns);
	yg_design_free(w->design);
	yg_data_free(w->fold);
	yg_data_free(w->y);
	if (w->have_s)
		an_surv_release(&w->s);
	else
		yg_set_free(w->set);
	yg_arena_release(&w->arena);
}
