/* let, factor, contrast, cohort, endpoint: the definitions that later statements name. */
#include <string.h>

#include "command_priv.h"
#include "yogo/analysis/describe.h"
#include "yogo/analysis/survival.h"
#include "yogo/analysis/data.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/cohort/endpoint.h"
#include "yogo/cohort/steps.h"

static enum yg_status define_column(struct yg_context *c, const struct yg_node *s, enum yg_object_kind kind,
                                    struct yg_outcome *out, struct yg_err *err)
{
	struct yg_scope scope;
	struct yg_bound_info info;
	struct yg_definition *d;
	struct yg_object *o;
	enum yg_status status;

	YG_TRY(yg_command_active_scope(c, &scope, err));
	status = yg_bind_definition(&scope, s, c->task, &info, err);
	yg_command_scope_release(&scope);
	if (status != YG_OK)
		return status;
	o = yg_command_define(c, kind, s->text, s, c->state->table);
	d = yg_xcalloc(1, sizeof *d);
	d->statement = o->statement;
	d->table = o->table;
	o->payload = d;
	o->release = yg_free;
	yg_outcome_add_object(out, o);
	return YG_OK;
}

static enum yg_status let_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	return yg_command_check_name(c, s, YG_OBJECT_LET, s->text, err);
}

static enum yg_status let_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	return define_column(c, s, YG_OBJECT_LET, out, err);
}

static enum yg_status factor_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	return yg_command_check_name(c, s, YG_OBJECT_FACTOR, s->text, err);
}

static enum yg_status factor_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	return define_column(c, s, YG_OBJECT_FACTOR, out, err);
}

static enum yg_status contrast_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	struct yg_scope scope;
	struct yg_bound *b = NULL;
	enum yg_status status;

	YG_TRY(yg_command_check_name(c, s, YG_OBJECT_CONTRAST, s->text, err));
	if (s->children > 1 && s->child[1]->kind == YG_NODE_NAME) {
		if (c->options->check_only)
			return YG_OK;
		return yg_fail_at(err, YG_REFUSED, s->at, s->len, "E-CMD-003",
		                  N_("a contrast of two cohorts (A vs B) is not available in this version"));
	}
	YG_TRY(yg_command_active_scope(c, &scope, err));
	status = yg_bind(&scope, s->child[0], 0, c->task, &b, err);
	yg_bound_free(b);
	yg_command_scope_release(&scope);
	if (status == YG_OK && !yg_node_option(s, "treated")) {
		yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-020", N_("a contrast on a column needs treated=LEVEL"));
		yg_err_hint(err, N_("contrast %s = %s with treated=1, estimand=att"), s->text, s->child[0]->text);
		return YG_ESYNTAX;
	}
	return status;
}

static enum yg_status contrast_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	(void)err;
	yg_outcome_add_object(out, yg_command_define(c, YG_OBJECT_CONTRAST, s->text, s, c->state->table));
	return YG_OK;
}

static void release_cohort(void *payload)
{
	yg_cohort_free(payload);
}

static void release_endpoint(void *payload)
{
	yg_endpoint_free(payload);
}

/*
 * `cohort c like p`: the parent's clauses first; a clause of the same kind other than require and
 * exclude in the child replaces all of that kind.  The merged statement is what is resolved.
 */
static enum yg_status merge_parent(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	const struct yg_node *like = yg_node_find(s, YG_NODE_LIKE);
	struct yg_node *merged;
	struct yg_object *parent;

	if (!like)
		return YG_OK;
	YG_TRY(yg_state_get(c->state, like->text, YG_OBJECT_COHORT, &parent, err));
	merged = yg_node_new(c->arena, s->kind, s->text);
	for (uint32_t i = 0; i < s->children; i++)
		if (s->child[i]->kind == YG_NODE_STRING)
			yg_node_add(c->arena, merged, s->child[i]);
	for (uint32_t i = 0; i < parent->statement->children; i++) {
		struct yg_node *clause = parent->statement->child[i];
		bool accumulates = clause->kind == YG_NODE_REQUIRE || clause->kind == YG_NODE_EXCLUDE;
		if (clause->kind == YG_NODE_STRING || clause->kind == YG_NODE_LIKE ||
		    (!accumulates && yg_node_find(s, clause->kind)))
			continue;
		yg_node_add(c->arena, merged, yg_node_copy(c->arena, clause));
	}
	for (uint32_t i = 0; i < s->children; i++)
		if (s->child[i]->kind != YG_NODE_STRING && s->child[i]->kind != YG_NODE_LIKE)
			yg_node_add(c->arena, merged, s->child[i]);
	merged->at = s->at;
	merged->len = s->len;
	*s = *merged;
	return YG_OK;
}

static enum yg_status cohort_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	YG_TRY(yg_command_check_name(c, s, YG_OBJECT_COHORT, s->text, err));
	return merge_parent(c, s, err);
}

static enum yg_status cohort_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_scope scope;
	struct yg_cohort *cohort = NULL;
	struct yg_object *o;
	struct yg_an_attrition request;
	enum yg_status status;

	YG_TRY(yg_command_active_scope(c, &scope, err));
	status = yg_cohort_evaluate(&scope, s, c->task, &cohort, err);
	if (status != YG_OK) {
		yg_command_scope_release(&scope);
		return status;
	}
	o = yg_command_define(c, YG_OBJECT_COHORT, s->text, s, c->state->table);
	o->payload = cohort;
	o->release = release_cohort;
	yg_outcome_add_object(out, o);
	out->named = o;
	out->population = yg_xstrdup(cohort->label ? yg_phrase(c->arena, N_("%s of %s: %s"), o->name, o->dataset->name, cohort->label)
	                                           : yg_phrase(c->arena, N_("%s of %s"), o->name, o->dataset->name));
	memset(&request, 0, sizeof request);
	request.cohort = cohort;
	request.in.scope = &scope;
	status = yg_an_attrition(&request, c->task, &out->raw, err);
	out->raw_free = yg_an_free;
	yg_command_scope_release(&scope);
	return status;
}

static enum yg_status endpoint_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	return yg_command_check_name(c, s, YG_OBJECT_ENDPOINT, s->text, err);
}

static enum yg_status endpoint_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_scope scope;
	struct yg_endpoint *endpoint = NULL;
	struct yg_object *o;
	enum yg_status status;

	YG_TRY(yg_command_active_scope(c, &scope, err));
	status = yg_endpoint_evaluate(&scope, s, c->task, &endpoint, err);
	yg_command_scope_release(&scope);
	if (status != YG_OK)
		return status;
	o = yg_command_define(c, YG_OBJECT_ENDPOINT, s->text, s, c->state->table);
	o->payload = endpoint;
	o->release = release_endpoint;
	yg_outcome_add_object(out, o);
	out->named = o;
	out->population = yg_xstrdup(yg_phrase(c->arena, N_("all of %s"), c->state->table->name));
	status = yg_an_endpoint_check(endpoint, &out->raw, err);
	out->raw_free = yg_an_free;
	return status;
}

const struct yg_command yg_command_let = { "let", 1, YG_EFFECT_STATE, "column.define", false, let_resolve, let_run };
const struct yg_command yg_command_factor = { "factor", 1, YG_EFFECT_STATE, "column.define", false, factor_resolve, factor_run };
const struct yg_command yg_command_contrast = { "contrast", 1, YG_EFFECT_STATE, "contrast.define", false, contrast_resolve, contrast_run };
const struct yg_command yg_command_cohort = { "cohort", 1, YG_EFFECT_STATE, "cohort.define", false, cohort_resolve, cohort_run };
const struct yg_command yg_command_endpoint = { "endpoint", 1, YG_EFFECT_STATE, "outcome.define", false, endpoint_resolve, endpoint_run };
