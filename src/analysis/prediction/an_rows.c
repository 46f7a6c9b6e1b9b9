/* Models on rows: one complete set for all models of a statement, their columns and linear predictors. */
#include "an_model_priv.h"

#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/num/matrix.h"

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was applied"));
}

/* ---- what is asked of the set ---- */

static size_t count_variables(const struct an_rows_request *r)
{
	size_t n = 0;
	const struct yg_set_variable *v;
	for (size_t k = 0; k < r->models; k++)
		n += yg_design_frozen_variables(r->model[k]->design, &v) + r->model[k]->stratas;
	return n;
}

/* Variables of all models one after another, each followed by its strata. */
static size_t ask(const struct an_rows_request *r, struct an_rows *out, struct yg_set_variable *list, size_t first)
{
	size_t n = 0;
	for (size_t k = 0; k < r->models; k++) {
		const struct yg_prediction_model *m = r->model[k];
		const struct yg_set_variable *v;
		size_t count = yg_design_frozen_variables(m->design, &v);
		out->model[k] = (struct an_applied){ .model = m, .name = r->name[k], .rows = out, .first_variable = first + n };
		if (count)
			memcpy(list + n, v, count * sizeof *list);
		n += count;
		for (size_t i = 0; i < m->stratas; i++)
			list[n++] = (struct yg_set_variable){ .expression = m->strata[i], .use = YG_USE_STRATA, .as_factor = true };
	}
	return n;
}

static enum yg_status follow_up(const struct an_rows_request *r, struct yg_task *task, struct an_rows *out, struct yg_err *err)
{
	const struct yg_endpoint *e = r->endpoint;
	struct yg_set_variable *list = yg_arena_alloc(&out->arena, count_variables(r) + 1, sizeof *list);
	struct an_surv_request request = { .in = r->in, .endpoint = e, .term = list, .verb = r->verb };
	request.terms = ask(r, out, list, 0);
	if (e->states > 2) {
		yg_fail(err, YG_REFUSED, "E-PRE-011", N_("%s has competing events: %s compares risks with one kind of event in this version"), e->name,
		        r->verb);
		yg_err_hint(err, N_("Define an endpoint without compete lines, or look at cuminc by groups of risk."));
		return YG_REFUSED;
	}
	YG_TRY(an_surv_build(&request, task, &out->s, err));
	out->has_surv = true;
	out->set = out->s.set;
	out->event = out->s.event;
	out->events = (int64_t)out->s.event_rows;
	out->outcome = out->s.label;
	if (out->set->n != out->set->persons) {
		yg_fail(err, YG_REFUSED, "E-PRE-012", N_("%s has several rows a person in these data: %s wants one follow-up a person"), e->name, r->verb);
		yg_err_hint(err, N_("Choose one row a person with where, or define the endpoint without start-stop rows."));
		return YG_REFUSED;
	}
	for (size_t k = 0; k < r->models; k++)
		if (r->model[k]->of_time && strcmp(r->model[k]->time_unit, e->time_unit ? e->time_unit : ""))
			return yg_fail(err, YG_REFUSED, "E-PRE-013", N_("%s counts time in %s, but %s in %s: define them in the same unit"), r->name[k],
			               *r->model[k]->time_unit ? r->model[k]->time_unit : N_("a unit not named"), e->name,
			               e->time_unit && *e->time_unit ? e->time_unit : N_("a unit not named"));
	return YG_OK;
}

/* The outcome of a model without time: 0/1, a level, or a number. */
static enum yg_status outcome_values(const struct an_rows_request *r, struct an_rows *out, struct yg_err *err)
{
	const struct yg_set_column *c = &out->set->column[0];
	size_t n = out->set->n;
	int level = -1;
	bool binary = false;
	for (size_t k = 0; k < r->models; k++)
		binary = binary || r->model[k]->binary;
	out->outcome = c->label ? c->label : c->name;
	out->y = yg_data_alloc(n + 1, sizeof(double));
	out->event = yg_data_calloc(n + 1, 1);
	if (!out->y || !out->event)
		return no_memory(err);
	for (int l = 0; c->is_factor && r->event && l < c->levels; l++)
		if (!strcmp(c->level_name[l], r->event))
			level = l;
	if (c->is_factor && level < 0) {
		yg_fail(err, YG_ESYNTAX, "E-PRE-014", r->event ? N_("%s is never the level that event= names in the rows analysed") :
		                                                 N_("%s has levels: which of them is the event?"), c->name);
		if (c->levels > 0)
			yg_err_hint(err, N_("Write with event=\"%s\""), c->level_name[c->levels - 1]);
		return YG_ESYNTAX;
	}
	for (size_t i = 0; i < n; i++) {
		out->y[i] = c->is_factor ? c->level[i] == level : c->number[i];
		if (binary && out->y[i] != 0 && out->y[i] != 1)
			return yg_fail(err, YG_REFUSED, "E-PRE-015", N_("%s is not 0 or 1: the model predicts whether an event happens"), c->name);
		out->event[i] = out->y[i] != 0;
		out->events += out->event[i];
	}
	if (!binary)
		out->events = -1;
	return YG_OK;
}

static enum yg_status plain_rows(const struct an_rows_request *r, struct yg_task *task, struct an_rows *out, struct yg_err *err)
{
	struct yg_set_variable *list = yg_arena_alloc(&out->arena, count_variables(r) + 3, sizeof *list);
	size_t n = 0;
	if (r->outcome)
		list[n++] = (struct yg_set_variable){ .expression = r->outcome, .use = YG_USE_OUTCOME, .as_factor = r->event != NULL };
	n += ask(r, out, list + n, n);
	if (r->by)
		list[n++] = (struct yg_set_variable){ .expression = r->by, .use = YG_USE_BY, .as_factor = true };
	struct yg_set_request request = { .scope = r->in->scope, .population = r->in->population, .where = r->in->where,
		                          .unit = YG_SET_ROWS, .variable = list, .variables = n };
	YG_TRY(yg_set_build(&request, task, &out->set, err));
	if (!out->set->n) {
		yg_fail(err, YG_REFUSED, "E-PRE-016", N_("nobody is left to apply the model to"));
		yg_err_hint(err, N_("Look at where, and at the columns of the model, for missing values: see missing."));
		return YG_REFUSED;
	}
	if (r->by)
		out->by = &out->set->column[n - 1];
	if (!r->outcome)
		return YG_OK;
	if (out->set->n != out->set->persons)
		return yg_fail(err, YG_REFUSED, "E-PRE-012", N_("%s has several rows a person in these data: %s wants one follow-up a person"),
		               out->set->column[0].name, r->verb);
	return outcome_values(r, out, err);
}

/* ---- models ---- */

static enum yg_status find_strata(struct an_applied *a, struct yg_err *err)
{
	const struct yg_prediction_model *m = a->model;
	const struct yg_set *set = a->rows->set;
	const struct yg_set_variable *v;
	size_t at = a->first_variable + yg_design_frozen_variables(m->design, &v);
	if (!m->stratas || !m->stratum)
		return YG_OK;
	a->stratum = yg_data_alloc(a->n + 1, sizeof *a->stratum);
	if (!a->stratum)
		return no_memory(err);
	size_t cells = 1;
	for (size_t k = 0; k < m->stratas; k++)
		cells *= (size_t)set->column[at + k].levels;
	int32_t *known = yg_xalloc(cells + 1, sizeof *known);
	for (size_t c = 0; c < cells; c++)
		known[c] = -2;
	enum yg_status s = YG_OK;
	for (size_t i = 0; s == YG_OK && i < a->n; i++) {
		size_t cell = 0;
		for (size_t k = 0; k < m->stratas; k++)
			cell = cell * (size_t)set->column[at + k].levels + (size_t)set->column[at + k].level[i];
		if (known[cell] == -2) {
			struct yg_buf text = YG_BUF_INIT;
			for (size_t k = 0; k < m->stratas; k++)
				yg_buf_addf(&text, k ? ", %s" : "%s", set->column[at + k].level_name[set->column[at + k].level[i]]);
			known[cell] = -1;
			for (size_t c = 0; c < m->baseline.strata && known[cell] < 0; c++)
				if (!strcmp(m->stratum[c], text.data))
					known[cell] = (int32_t)c;
			if (known[cell] < 0)
				s = yg_fail(err, YG_REFUSED, "E-PRE-017", N_("the model has no stratum \"%s\": it has no baseline hazard for these persons"),
				            text.data);
			yg_buf_release(&text);
		}
		a->stratum[i] = known[cell];
	}
	yg_free(known);
	return s;
}

enum yg_status an_applied_lp(struct an_applied *a, struct yg_task *task, struct yg_err *err)
{
	if (!a->lp)
		a->lp = yg_data_alloc(a->n + 1, sizeof *a->lp);
	if (!a->lp)
		return no_memory(err);
	return yg_linear_predictor(a->x, a->n, a->model->p, a->model->b, a->offset, task, a->lp, err);
}

static enum yg_status apply(struct an_rows *r, bool columns, struct yg_task *task, struct yg_err *err)
{
	for (size_t k = 0; k < r->models; k++) {
		struct an_applied *a = &r->model[k];
		a->rows = r;
		a->n = r->n;
		if (columns) {
			YG_TRY(yg_design_apply(task, a->model->design, r->set, a->first_variable, &a->x, &a->offset, err));
			YG_TRY(an_applied_lp(a, task, err));
		} else {
			YG_TRY(yg_design_predict(task, a->model->design, r->set, a->first_variable, a->model->b, &a->lp, err));
		}
		YG_TRY(find_strata(a, err));
	}
	return YG_OK;
}

static enum yg_status check_models(const struct an_rows_request *r, struct yg_err *err)
{
	for (size_t k = 0; k < r->models; k++) {
		const struct yg_prediction_model *m = r->model[k];
		if (m->refused)
			return yg_fail(err, YG_REFUSED, "E-PRE-018", N_("nothing can be predicted by %s: %s"), r->name[k], m->refused);
	}
	if (r->in->weight || (r->in->population && r->in->population->weight))
		return yg_fail(err, YG_REFUSED, "E-PRE-019", N_("%s does not honour weights in this version"), r->verb);
	return YG_OK;
}

enum yg_status an_rows_build(const struct an_rows_request *r, struct yg_task *task, struct an_rows *out, struct yg_err *err)
{
	memset(out, 0, sizeof *out);
	yg_arena_init(&out->arena);
	out->models = r->models;
	out->endpoint = r->endpoint;
	out->model = yg_arena_alloc(&out->arena, r->models + 1, sizeof *out->model);
	enum yg_status s = check_models(r, err);
	if (s == YG_OK)
		s = r->endpoint ? follow_up(r, task, out, err) : plain_rows(r, task, out, err);
	if (s == YG_OK) {
		out->n = out->set->n;
		s = apply(out, r->columns, task, err);
	}
	if (s != YG_OK)
		an_rows_release(out);
	return s;
}

void an_rows_release(struct an_rows *r)
{
	for (size_t k = 0; r->model && k < r->models; k++) {
		yg_data_free(r->model[k].x);
		yg_data_free(r->model[k].offset);
		yg_data_free(r->model[k].lp);
		yg_data_free(r->model[k].stratum);
	}
	if (r->has_surv) {
		an_surv_release(&r->s);
	} else {
		yg_set_free(r->set);
		yg_data_free(r->event);
		yg_data_free(r->y);
	}
	yg_arena_release(&r->arena);
	memset(r, 0, sizeof *r);
}

void an_rows_notes(struct yg_raw *raw, const struct an_rows *r, const struct yg_an_input *in)
{
	if (r->has_surv)
		an_surv_notes(raw, &r->s, in);
	else
		an_set_notes(raw, r->set, in, r->y ? r->events : -1);
}

struct yg_evidence an_rows_evidence(const struct an_rows *r)
{
	return (struct yg_evidence){ (int64_t)r->set->persons, r->events > 0 ? r->events : 0, 0 };
}

/* ---- times ---- */

enum yg_status an_times(const struct yg_endpoint *e, const struct yg_node *at, struct yg_arena *arena, double **out,
                        size_t *count, struct yg_err *err)
{
	size_t n = at ? (at->kind == YG_NODE_GROUP ? at->children : 1) : 0;
	*count = n;
	*out = yg_arena_alloc(arena, n + 1, sizeof **out);
	if (n > 64)
		return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-SUR-015", N_("at most 64 times can be listed"));
	for (size_t k = 0; k < n; k++) {
		const struct yg_node *v = at->kind == YG_NODE_GROUP ? at->child[k] : at;
		YG_TRY(an_surv_time(e, v, &(*out)[k], err));
		if (!((*out)[k] > 0))
			return yg_fail_at(err, YG_ESYNTAX, v->at, v->len, "E-PRE-020", N_("a time of prediction is after the start"));
	}
	return YG_OK;
}

const char *an_time_text(struct yg_arena *arena, double t, double divisor, const char *unit)
{
	double v = t / divisor;
	size_t n = unit ? strlen(unit) : 0;
	if (!n)
		return yg_arena_printf(arena, "%.6g", v);
	/* 1 year, 2 years */
	return yg_arena_printf(arena, "%.6g %.*s", v, (int)(v == 1 && n > 1 && unit[n - 1] == 's' ? n - 1 : n), unit);
}

/* ---- the models of earlier results ---- */

static enum yg_status several(const char *name, struct yg_err *err)
{
	yg_fail(err, YG_REFUSED, "E-PRE-021", N_("%s holds several models: which of them?"), name);
	yg_err_hint(err, N_("Fit the one that is meant in a statement of its own, without by and without commas in the formula."));
	return YG_REFUSED;
}

enum yg_status yg_cox_prediction(const struct yg_cox_model *m, const char *name, const struct yg_prediction_model **out,
                                 struct yg_err *err)
{
	const struct an_cox_kept *found = m->fits == 1 ? &m->fit[0] : NULL;
	for (size_t k = 0; k < m->fits && !found; k++)
		if (m->fit[k].overall)
			found = &m->fit[k];
	*out = found ? found->prediction : NULL;
	if (found && !*out && found->special)
		return yg_fail(err, YG_REFUSED, "E-SUR-088", N_("%s has %s: it is not kept for prediction in this version"), name, found->special);
	if (!*out)
		return several(name, err);
	/* Made at first use: what it is follows from the model alone. */
	if (found->has_fit)
		an_model_baseline(found->prediction, &found->kept, &found->fit, true, NULL);
	return YG_OK;
}

enum yg_status yg_glm_prediction(const struct yg_glm_model *m, const char *name, const struct yg_prediction_model **out,
                                 struct yg_err *err)
{
	*out = m->fits == 1 ? m->fit[0].prediction : NULL;
	return *out ? YG_OK : several(name, err);
}
