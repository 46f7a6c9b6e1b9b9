/* predict, validate, calibrate, dca, diagnose, forest: what is done with models of earlier results. */
#include <string.h>

#include "input_priv.h"
#include "yogo/analysis/competing.h"
#include "yogo/analysis/data.h"
#include "yogo/analysis/parametric.h"
#include "yogo/analysis/prediction.h"
#include "yogo/analysis/regress.h"
#include "yogo/analysis/survival.h"
#include "yogo/base/i18n.h"
#include "yogo/cohort/endpoint.h"

static void place(struct yg_err *err, const struct yg_node *at)
{
	if (!err)
		return;
	err->at = at->at;
	err->len = at->len;
	err->has_span = 1;
}

enum yg_status yg_object_prediction(const struct yg_object *o, const struct yg_node *at, const struct yg_prediction_model **out,
                                    struct yg_err *err)
{
	enum yg_status status = YG_OK;

	*out = NULL;
	if (o->payload && o->release == yg_release_cox)
		status = yg_cox_prediction(o->payload, o->name, out, err);
	else if (o->payload && o->release == yg_release_finegray)
		status = yg_finegray_prediction(o->payload, o->name, out, err);
	else if (o->payload && o->release == yg_release_glm)
		status = yg_glm_prediction(o->payload, o->name, out, err);
	else if (o->payload && o->release == yg_release_aft)
		status = yg_aft_prediction(o->payload, o->name, out, err);
	else if (o->payload && o->release == yg_release_pen)
		status = yg_pen_prediction(o->payload, o->name, out, err);
	if (status != YG_OK)
		place(err, at);
	return status;
}

/* The prediction model of a result that a statement names; NULL while only checked. */
static enum yg_status model_of(struct yg_context *c, const struct yg_node *s, const struct yg_node *at, struct yg_object **object,
                               const struct yg_prediction_model **out, struct yg_err *err)
{
	struct yg_object *o = NULL;
	enum yg_status status = yg_state_get(c->state, at->text, YG_OBJECT_RESULT, &o, err);

	*out = NULL;
	if (object)
		*object = o;
	if (status != YG_OK) {
		place(err, at);
		return status;
	}
	if (c->options->check_only)
		return YG_OK;
	YG_TRY(yg_object_prediction(o, at, out, err));
	if (!*out)
		return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-NAM-070",
		                  N_("%s is not a model that predicts; %s wants the result of cox, aft, finegray, linear, logit, poisson or glm"), o->name, s->text);
	return YG_OK;
}

/* Models right of ~, or where there is no formula, the targets. */
struct models {
	const struct yg_node **at;
	const struct yg_prediction_model **model;
	const char **name;
	size_t count;
	struct yg_object *first;
};

static enum yg_status models_of(struct yg_context *c, const struct yg_node *s, struct models *out, struct yg_err *err)
{
	const struct yg_node *formula = yg_node_find(s, YG_NODE_FORMULA), *list = formula ? formula : yg_node_find(s, YG_NODE_LIST);
	size_t n = list ? list->children : 0;

	memset(out, 0, sizeof *out);
	out->at = yg_arena_alloc(c->arena, n + 1, sizeof *out->at);
	out->model = yg_arena_alloc(c->arena, n + 1, sizeof *out->model);
	out->name = yg_arena_alloc(c->arena, n + 1, sizeof *out->name);
	if (!n)
		return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-070", N_("%s wants the name of a model"), s->text);
	for (size_t i = 0; i < n; i++) {
		const struct yg_node *at = list->child[i];
		if (at->kind == YG_NODE_MODEL && at->children == 1)
			at = at->child[0];
		if (at->kind != YG_NODE_NAME) {
			yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-OPT-071", N_("right of ~ stand names of models, separated by commas"));
			yg_err_hint(err, N_("Write %s OUTCOME ~ MODEL1, MODEL2"), s->text);
			return YG_ESYNTAX;
		}
		struct yg_object *o;
		out->at[i] = at;
		YG_TRY(model_of(c, s, at, &o, &out->model[i], err));
		out->name[i] = o->name;
		if (!out->first)
			out->first = o;
		for (size_t k = 0; k < i; k++)
			if (!strcmp(out->name[k], o->name))
				return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-OPT-072", N_("%s is named twice"), o->name);
	}
	out->count = n;
	return YG_OK;
}

/* ---- predict ---- */

static enum yg_status predict_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	const struct yg_prediction_model *model;
	const struct yg_node *list = yg_node_find(s, YG_NODE_LIST);

	yg_command_fill_defaults(c, s);
	if (yg_node_option(s, "given") && (yg_node_find(s, YG_NODE_BY) || yg_node_find(s, YG_NODE_ON) || yg_node_find(s, YG_NODE_WHERE)))
		return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-075", N_("given describes one person; by, on and where choose rows: leave out one or the other"));
	YG_TRY(yg_options_go_with(c, s, "conf", yg_node_option(s, "given"), "given", err));
	if (!list || list->children != 1)
		return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-070", N_("%s wants the name of a model"), s->text);
	return model_of(c, s, list->child[0], NULL, &model, err);
}

static enum yg_status predict_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	const struct yg_node *list = yg_node_find(s, YG_NODE_LIST);
	struct yg_an_predict r = { 0 };
	struct yg_object *o;
	struct yg_input input = { 0 };
	enum yg_status status;

	YG_TRY(model_of(c, s, list->child[0], &o, &r.model, err));
	out->raw_free = yg_an_free;
	r.name = o->name;
	r.type = yg_option_word(s, "type", NULL);
	r.at = yg_node_option(s, "at");
	r.given = yg_node_option(s, "given");
	if (r.given && r.given->kind == YG_NODE_OPTION)
		r.given = NULL;
	if (r.given) {
		/* A profile needs no rows; what is shown is about the persons of the fit. */
		YG_TRY(yg_option_number(s, "conf", 0.95, &r.in.conf, err));
		out->subject = o->dataset;
		if (o->result)
			out->population = yg_xstrdup(o->result->population);
		r.open = o->dataset && o->dataset->profile && !strcmp(o->dataset->profile, "open");
		return yg_an_predict(&r, c->task, &out->raw, err);
	}
	status = yg_input_begin(c, s, NULL, &input, err);
	if (status == YG_OK) {
		r.in = input.in;
		r.open = input.population.dataset->profile && !strcmp(input.population.dataset->profile, "open");
		status = yg_an_predict(&r, c->task, &out->raw, err);
	}
	yg_input_end(c, &input, out);
	return status;
}

/* ---- models against outcomes ---- */

/* What is left of ~, or what the first model was fitted to: an endpoint, or a column. */
static enum yg_status outcome_of(struct yg_context *c, const struct yg_node *s, const struct models *m, struct yg_an_judge *r,
                                 struct yg_object **endpoint, struct yg_err *err)
{
	const struct yg_node *formula = yg_node_find(s, YG_NODE_FORMULA), *list = yg_node_find(s, YG_NODE_LIST);
	const struct yg_node *target = formula && list && list->children ? list->child[0] : NULL;
	const char *name = target ? target->text : NULL;

	*endpoint = NULL;
	r->event = yg_option_word(s, "event", NULL);
	if (formula && list && list->children != 1)
		return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-073", N_("%s takes one outcome"), s->text);
	if (!target && m->model[0]) {
		const char *event;
		name = yg_prediction_outcome(m->model[0], &event);
		if (!r->event)
			r->event = event;
	}
	const struct yg_object *o = name ? yg_state_find(c->state, name) : NULL;
	if (o && o->kind == YG_OBJECT_ENDPOINT) {
		YG_TRY(yg_state_get(c->state, name, YG_OBJECT_ENDPOINT, endpoint, err));
		r->endpoint = (*endpoint)->payload;
		return YG_OK;
	}
	if (m->model[0] && yg_prediction_of_time(m->model[0])) {
		const struct yg_node *at = target ? target : s;
		yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-NAM-071", N_("%s is no endpoint, and %s predicts the time of an event"),
		           name ? name : "", m->name[0]);
		yg_err_hint(err, N_("Define one with endpoint %s ... end"), name ? name : "NAME");
		return YG_ESYNTAX;
	}
	if (target) {
		r->outcome = target;
	} else if (name) {
		struct yg_node *n = yg_node_new(c->arena, YG_NODE_NAME, name);
		n->at = s->at;
		n->len = s->len;
		r->outcome = n;
	}
	return YG_OK;
}

static enum yg_status judge_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	struct yg_an_judge r = { 0 };
	struct yg_object *endpoint;
	struct models m;

	yg_command_fill_defaults(c, s);
	YG_TRY(models_of(c, s, &m, err));
	if (yg_node_option(s, "boot") && !c->state->has_seed) {
		yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-074", N_("%s draws at random and needs a seed, so that it can be repeated"), s->text);
		yg_err_hint(err, N_("Write seed 1 (or any number) at the head of the script"));
		return YG_ESYNTAX;
	}
	YG_TRY(outcome_of(c, s, &m, &r, &endpoint, err));
	return yg_options_go_with(c, s, "event", !endpoint, "logit", err);
}

static enum yg_status judge(struct yg_context *c, const struct yg_node *s,
                            enum yg_status (*verb)(const struct yg_an_judge *, struct yg_task *, struct yg_raw **, struct yg_err *),
                            struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_judge r = { .low = 0.01, .high = 0.6, .groups = 10 };
	const struct yg_option_value *range;
	struct yg_input input;
	struct yg_object *endpoint;
	struct models m;
	double number;
	size_t n;

	YG_TRY(models_of(c, s, &m, err));
	YG_TRY(outcome_of(c, s, &m, &r, &endpoint, err));
	r.model = m.model;
	r.name = m.name;
	r.models = m.count;
	r.at = yg_node_option(s, "at");
	r.tau = yg_node_option(s, "tau");
	r.test = yg_option_word(s, "test", NULL);
	r.seed = (uint64_t)c->state->seed;
	YG_TRY(yg_option_number(s, "boot", 0, &number, err));
	r.boot = (int64_t)number;
	YG_TRY(yg_option_number(s, "groups", 10, &number, err));
	r.groups = (int)number;
	YG_TRY(yg_option_values(c, s, "range", &range, &n, err));
	if (n == 2) {
		r.low = range[0].number;
		r.high = range[1].number;
	} else if (n) {
		r.low = 1;                  /* refused with a sentence about range */
	}
	out->raw_free = yg_an_free;
	enum yg_status status = yg_input_begin(c, s, endpoint ? endpoint->table : NULL, &input, err);
	if (status == YG_OK) {
		r.in = input.in;
		status = verb(&r, c->task, &out->raw, err);
	}
	yg_input_end(c, &input, out);
	return status;
}

static enum yg_status validate_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	return judge(c, s, yg_an_validate, out, err);
}

static enum yg_status calibrate_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	return judge(c, s, yg_an_calibrate, out, err);
}

static enum yg_status dca_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	return judge(c, s, yg_an_dca, out, err);
}

/* ---- results named ---- */

static enum yg_status results_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	const struct yg_node *list = yg_node_find(s, YG_NODE_LIST);

	yg_command_fill_defaults(c, s);
	if (!list || !list->children)
		return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-070", N_("%s wants the name of a model"), s->text);
	for (uint32_t i = 0; i < list->children; i++) {
		struct yg_object *o;
		enum yg_status status = yg_state_get(c->state, list->child[i]->text, YG_OBJECT_RESULT, &o, err);
		if (status != YG_OK) {
			place(err, list->child[i]);
			return status;
		}
	}
	return YG_OK;
}

/* ---- forest ---- */

static enum yg_status forest_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	const struct yg_node *list = yg_node_find(s, YG_NODE_LIST);
	size_t n = list ? list->children : 0;
	const struct yg_cox_model **model = yg_arena_alloc(c->arena, n + 1, sizeof *model);
	const char **name = yg_arena_alloc(c->arena, n + 1, sizeof *name);
	struct yg_an_forest r = { .model = model, .name = name, .count = n };

	for (size_t i = 0; i < n; i++) {
		const struct yg_node *at = list->child[i];
		const struct yg_object *o = yg_state_find(c->state, at->text);
		model[i] = !o ? NULL : o->release == yg_release_cox ? o->payload :
		           o->release == yg_release_glm ? yg_glm_model_rows(o->payload) :
		           o->release == yg_release_aft ? yg_aft_model_rows(o->payload) : NULL;
		if (!model[i])
			return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-NAM-043", N_("%s has no estimates for a forest; it takes results of cox, aft, linear, logit, poisson and glm"),
			                  at->text);
		name[i] = o->name;
		out->subject = o->dataset;
		if (o->result && !out->population)
			out->population = yg_xstrdup(o->result->population);
	}
	r.term = yg_option_word(s, "term", NULL);
	r.order = yg_option_word(s, "order", NULL);
	r.axis = yg_option_word(s, "axis", NULL);
	out->raw_free = yg_an_free;
	return yg_an_forest(&r, &out->raw, err);
}

/* ---- diagnose ---- */

static enum yg_status diagnose_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	const struct yg_node *list = yg_node_find(s, YG_NODE_LIST);
	size_t n = list ? list->children : 0;
	const struct yg_cox_model **model = yg_arena_alloc(c->arena, n + 1, sizeof *model);
	const char **name = yg_arena_alloc(c->arena, n + 1, sizeof *name);
	struct yg_an_diagnose r = { model, name, n, true };

	for (size_t i = 0; i < n; i++) {
		const struct yg_node *at = list->child[i];
		const struct yg_object *o = yg_state_find(c->state, at->text);
		if (!o || o->release != yg_release_cox || !o->payload)
			return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-NAM-072", N_("%s is not a Cox model; diagnose looks at results of cox in this version"),
			                  at->text);
		model[i] = o->payload;
		name[i] = o->name;
		out->subject = o->dataset;
		r.open = r.open && o->dataset && o->dataset->profile && !strcmp(o->dataset->profile, "open");
		if (o->result && !out->population)
			out->population = yg_xstrdup(o->result->population);
	}
	out->raw_free = yg_an_free;
	return yg_an_diagnose(&r, c->task, &out->raw, err);
}

const struct yg_command yg_command_forest = { "forest", 1, YG_EFFECT_RESULT, "analysis.run", true, results_resolve, forest_run };
const struct yg_command yg_command_diagnose = { "diagnose", 1, YG_EFFECT_RESULT, "analysis.run", true, results_resolve, diagnose_run };
const struct yg_command yg_command_predict = { "predict", 1, YG_EFFECT_RESULT, "analysis.run", true, predict_resolve, predict_run };
const struct yg_command yg_command_validate = { "validate", 1, YG_EFFECT_RESULT, "analysis.run", true, judge_resolve, validate_run };
const struct yg_command yg_command_calibrate = { "calibrate", 1, YG_EFFECT_RESULT, "analysis.run", true, judge_resolve, calibrate_run };
const struct yg_command yg_command_dca = { "dca", 1, YG_EFFECT_RESULT, "analysis.run", true, judge_resolve, dca_run };
