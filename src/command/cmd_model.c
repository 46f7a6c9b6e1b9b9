/* linear, logit, poisson, glm, compare: regression. */
#include <string.h>

#include "input_priv.h"
#include "yogo/analysis/data.h"
#include "yogo/analysis/parametric.h"
#include "yogo/analysis/regress.h"
#include "yogo/analysis/survival.h"
#include "yogo/base/i18n.h"

#define NOT_YET "firth boot interaction"

void yg_release_glm(void *payload)
{
	yg_glm_model_free(payload);
}

static enum yg_status model_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	YG_TRY(yg_refuse_options(c, s, NOT_YET, err));
	const char *family = yg_option_word(s, "family", "gaussian");
	if (!strcmp(s->text, "glm"))
		YG_TRY(yg_options_go_with(c, s, "event", strstr(family, "binomial"), "family=binomial", err));
	YG_TRY(yg_penalty_resolve(c, s, err));
	return yg_resolve_columns(c, s, err);
}

/* se=model is the default of the verbs, but weights and clusters ask for robust errors unless it was written. */
static const char *chosen_se(const struct yg_node *s)
{
	const char *se = yg_option_word(s, "se", NULL);

	return se && !strcmp(se, "model") && (yg_node_find(s, YG_NODE_CLUSTER) || yg_node_option(s, "weight")) ? NULL : se;
}

static enum yg_status regress(struct yg_context *c, const struct yg_node *s, bool least_squares, struct yg_outcome *out,
                              struct yg_err *err)
{
	struct yg_an_regress r = { 0 };
	struct yg_glm_model *model = NULL;
	struct yg_input input;
	enum yg_status status;

	if (yg_penalty_asked(s))
		return yg_penalised_regress_run(c, s, out, err);
	status = yg_input_begin(c, s, NULL, &input, err);
	out->raw_free = yg_an_free;
	if (status == YG_OK) {
		r.in = input.in;
		yg_input_targets(s, &r.outcome);
		r.formula = yg_node_find(s, YG_NODE_FORMULA);
		r.cluster = input.cluster;
		r.frequency = yg_option_column(c, s, "freq");
		r.event = yg_option_word(s, "event", NULL);
		r.se = input.population.population.weight && yg_option_word(s, "se", NULL) &&
		       !strcmp(yg_option_word(s, "se", ""), "model") ? NULL : chosen_se(s);
		r.ci = yg_option_word(s, "ci", NULL);
		r.measure = yg_option_word(s, "measure", NULL);
		r.verb = s->text;
		r.family = yg_option_word(s, "family", NULL);
		r.link = yg_option_word(s, "link", NULL);
		status = least_squares ? yg_an_linear(&r, c->task, &out->raw, &model, err)
		                       : yg_an_glm(&r, c->task, &out->raw, &model, err);
	}
	return yg_end_model(c, out, &input, status, model, yg_release_glm);
}

static enum yg_status linear_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	return regress(c, s, true, out, err);
}

static enum yg_status glm_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	return regress(c, s, false, out, err);
}

static enum yg_status compare_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	const struct yg_node *list = yg_node_find(s, YG_NODE_LIST);

	YG_TRY(yg_refuse_options(c, s, "margin type scenario", err));
	for (uint32_t i = 0; list && i < list->children; i++) {
		struct yg_object *o;
		YG_TRY(yg_state_get(c->state, list->child[i]->text, YG_OBJECT_RESULT, &o, err));
		if (!c->options->check_only && o->release != yg_release_glm && o->release != yg_release_cox && o->release != yg_release_aft &&
		    o->release != yg_release_accuracy)
			return yg_fail_at(err, YG_ESYNTAX, list->child[i]->at, list->child[i]->len, "E-NAM-041",
			                  N_("%s is not a model; compare wants results of linear, logit, poisson, cox or aft, or one of roc or diag"), o->name);
	}
	return YG_OK;
}

static enum yg_status compare_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	const struct yg_node *list = yg_node_find(s, YG_NODE_LIST);
	size_t n = list ? list->children : 0;
	const void **model = yg_arena_alloc(c->arena, n + 1, sizeof *model);
	const char **name = yg_arena_alloc(c->arena, n + 1, sizeof *name);
	void (*kind)(void *) = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct yg_object *o = yg_state_find(c->state, list->child[i]->text);
		if (kind && o->release != kind)
			return yg_fail_at(err, YG_REFUSED, list->child[i]->at, list->child[i]->len, "E-NAM-042",
			                  N_("%s is another kind of model than %s; only models of one kind are nested"), o->name, name[0]);
		if (o->result && yg_result_withheld(o->result)) {
			yg_fail_at(err, YG_EPRIVACY, list->child[i]->at, list->child[i]->len, "E-SDC-015",
			           N_("%s is withheld under profile %s, and so is what is derived from it"), o->name, o->result->profile);
			yg_err_hint(err, N_("compare models whose results are shown: merge categories or widen the selection"));
			return YG_EPRIVACY;
		}
		kind = o->release;
		model[i] = o->payload;
		name[i] = o->name;
		out->subject = o->dataset;
	}
	out->raw_free = yg_an_free;
	if (kind == yg_release_accuracy)
		return yg_accuracy_compare_run(c, s, out, err);
	if (kind == yg_release_cox) {
		struct yg_an_cox_compare r = { (const struct yg_cox_model *const *)model, name, n };
		return yg_an_cox_compare(&r, &out->raw, err);
	} else if (kind == yg_release_aft) {
		struct yg_an_aft_compare r = { (const struct yg_aft_model *const *)model, name, n, yg_option_word(s, "test", NULL) };
		return yg_an_aft_compare(&r, &out->raw, err);
	} else {
		struct yg_an_compare r = { (const struct yg_glm_model *const *)model, name, n, yg_option_word(s, "test", NULL) };
		return yg_an_compare(&r, &out->raw, err);
	}
}

const struct yg_command yg_command_linear = { "linear", 1, YG_EFFECT_RESULT, "analysis.run", true, model_resolve, linear_run };
const struct yg_command yg_command_logit = { "logit", 1, YG_EFFECT_RESULT, "analysis.run", true, model_resolve, glm_run };
const struct yg_command yg_command_poisson = { "poisson", 1, YG_EFFECT_RESULT, "analysis.run", true, model_resolve, glm_run };
const struct yg_command yg_command_glm = { "glm", 1, YG_EFFECT_RESULT, "analysis.run", true, model_resolve, glm_run };
const struct yg_command yg_command_compare = { "compare", 1, YG_EFFECT_RESULT, "analysis.run", true, compare_resolve, compare_run };
