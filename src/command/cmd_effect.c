/* ps, weight, balance: from a contrast to a weighted set. */
#include <string.h>

#include "input_priv.h"
#include "yogo/analysis/data.h"
#include "yogo/analysis/effect.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"

/* The one object a statement is about. */
static enum yg_status target(struct yg_context *c, const struct yg_node *s, enum yg_object_kind kind, struct yg_object **out,
                             struct yg_err *err)
{
	const struct yg_node *list = yg_node_find(s, YG_NODE_LIST);
	enum yg_status status;

	if (!list || list->children != 1)
		return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-008", N_("%s wants the name of one %s"), s->text,
		                  yg_object_kind_name(kind));
	status = yg_state_get(c->state, list->child[0]->text, kind, out, err);
	if (status != YG_OK && err && !err->has_span) {
		err->at = list->child[0]->at;
		err->len = list->child[0]->len;
		err->has_span = 1;
	}
	return status;
}

static enum yg_status ps_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	const char *method;
	struct yg_object *contrast;
	struct yg_scope scope;
	enum yg_status status;

	YG_TRY(yg_refuse_options(c, s, "penalty alpha lambda folds firth exclude weight freq", err));
	yg_command_fill_defaults(c, s);
	YG_TRY(target(c, s, YG_OBJECT_CONTRAST, &contrast, err));
	method = yg_option_word(s, "method", "logit");
	if (strcmp(method, "logit") != 0 && !c->options->check_only)
		return yg_fail_at(err, YG_REFUSED, s->at, s->len, "E-CMD-007",
		                  N_("%s: this version computes the propensity score by logistic regression only (method=logit)"), s->text);
	YG_TRY(yg_command_scope(c, contrast->dataset, contrast->table, &scope, err));
	status = yg_input_check(c, s, &scope, false, err);
	yg_command_scope_release(&scope);
	return status;
}

static void release_propensity(void *payload)
{
	yg_propensity_unref(payload);
}

static enum yg_status ps_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_ps r = { 0 };
	struct yg_object *contrast, *o;
	struct yg_propensity *ps = NULL;
	struct yg_input input;
	const struct yg_node *treated;
	enum yg_status status;

	YG_TRY(target(c, s, YG_OBJECT_CONTRAST, &contrast, err));
	status = yg_input_begin(c, s, contrast->table, &input, err);
	out->raw_free = yg_an_free;
	treated = yg_node_option(contrast->statement, "treated");
	r.in = input.in;
	r.contrast = contrast->name;
	r.column = contrast->statement->child[0];
	r.treated = treated && treated->kind != YG_NODE_OPTION ? treated->text : NULL;
	r.estimand = yg_option_word(contrast->statement, "estimand", NULL);
	r.model = yg_node_find(s, YG_NODE_FORMULA)->child[0];
	if (status == YG_OK)
		status = yg_option_number(s, "trim", 0, &r.trim, err);
	if (status == YG_OK && yg_node_find(s, YG_NODE_FORMULA)->children != 1)
		status = yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-009", N_("a propensity score has one model"));
	if (status == YG_OK)
		status = yg_an_ps(&r, c->task, &out->raw, &ps, err);
	if (status == YG_OK) {
		o = yg_object_new(YG_OBJECT_PROPENSITY, c->name);
		o->text = yg_xstrdup(c->resolved);
		o->dataset = yg_object_ref(contrast->dataset);
		o->table = contrast->table;
		o->payload = ps;
		o->release = release_propensity;
		yg_outcome_add_object(out, o);
		out->named = o;
	}
	yg_input_end(c, &input, out);
	return status;
}

static enum yg_status weight_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	struct yg_object *ps;
	const char *method;

	yg_command_fill_defaults(c, s);
	YG_TRY(target(c, s, YG_OBJECT_PROPENSITY, &ps, err));
	method = yg_option_word(s, "method", "ps");
	if (strcmp(method, "ps") != 0 && !c->options->check_only)
		return yg_fail_at(err, YG_REFUSED, s->at, s->len, "E-CMD-007",
		                  N_("%s: this version makes weights from the propensity score only (method=ps)"), s->text);
	return YG_OK;
}

void yg_release_weighted(void *payload)
{
	yg_weighted_unref(payload);
}

static enum yg_status weight_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_weight r = { 0 };
	const struct yg_option_value *at;
	struct yg_weighted *set = NULL;
	struct yg_object *ps, *o;
	size_t n;

	YG_TRY(target(c, s, YG_OBJECT_PROPENSITY, &ps, err));
	YG_TRY(yg_option_values(c, s, "truncate", &at, &n, err));
	if (n && n != 2)
		return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-011", N_("truncate wants two quantiles, as in truncate=(0.01, 0.99)"));
	r.ps = ps->payload;
	r.name = c->name;
	r.estimand = yg_option_word(s, "estimand", NULL);
	r.stabilized = yg_node_option_yes(s, "stabilized");
	r.truncate = n == 2;
	r.quantile[0] = n ? at[0].number : 0;
	r.quantile[1] = n ? at[1].number : 1;
	YG_TRY(yg_an_weight(&r, c->task, &out->raw, &set, err));
	out->raw_free = yg_an_free;
	out->subject = ps->dataset;
	out->population = yg_xstrdup(yg_phrase(c->arena, N_("%s of %s"), c->name, ps->dataset->name));
	o = yg_object_new(YG_OBJECT_SET, c->name);
	o->text = yg_xstrdup(c->resolved);
	o->dataset = yg_object_ref(ps->dataset);
	o->table = ps->table;
	o->payload = set;
	o->release = yg_release_weighted;
	yg_outcome_add_object(out, o);
	out->named = o;
	return YG_OK;
}

static enum yg_status balance_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	struct yg_object *set;

	yg_command_fill_defaults(c, s);
	YG_TRY(target(c, s, YG_OBJECT_SET, &set, err));
	if (set->payload && set->release != yg_release_weighted) {
		const struct yg_node *at = yg_node_find(s, YG_NODE_LIST)->child[0];
		return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-NAM-043",
		                  N_("%s was not made by weight; balance looks at the weights of a weighted set"), set->name);
	}
	return YG_OK;
}

static enum yg_status balance_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_balance r = { 0 };
	struct yg_object *set;

	YG_TRY(target(c, s, YG_OBJECT_SET, &set, err));
	r.set = set->payload;
	YG_TRY(yg_option_number(s, "threshold", 0.1, &r.threshold, err));
	r.no_before = yg_node_option(s, "before") && !yg_node_option_yes(s, "before");
	r.no_after = yg_node_option(s, "after") && !yg_node_option_yes(s, "after");
	r.sd = yg_option_word(s, "sd", NULL);
	out->raw_free = yg_an_free;
	out->subject = set->dataset;
	out->population = yg_xstrdup(yg_phrase(c->arena, N_("%s of %s"), set->name, set->dataset->name));
	return yg_an_balance(&r, c->task, &out->raw, err);
}

const struct yg_command yg_command_ps = { "ps", 1, YG_EFFECT_RESULT, "analysis.run", true, ps_resolve, ps_run };
const struct yg_command yg_command_weight = { "weight", 1, YG_EFFECT_STATE, "analysis.run", true, weight_resolve, weight_run };
const struct yg_command yg_command_balance = { "balance", 1, YG_EFFECT_RESULT, "analysis.run", true, balance_resolve, balance_run };
