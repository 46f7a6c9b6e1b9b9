/* The part that all analyses share: scope, population, where, by, weight, confidence. */
#include <string.h>

#include "command_priv.h"
#include "input_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/lang/spec.h"

/* An option that names a column: its WORD as a NAME node. */
const struct yg_node *yg_option_column(struct yg_context *c, const struct yg_node *statement, const char *name)
{
	const struct yg_node *v = yg_node_option(statement, name);
	struct yg_node *n;

	if (!v || v->kind == YG_NODE_OPTION || !v->text)
		return NULL;
	n = yg_node_new(c->arena, YG_NODE_NAME, v->text);
	n->at = v->at;
	n->len = v->len;
	return n;
}

static enum yg_status bind_quietly(struct yg_context *c, const struct yg_scope *scope, const struct yg_node *e,
                                   enum yg_type want, struct yg_err *err)
{
	struct yg_bound *b = NULL;
	enum yg_status status;

	/* "arm" of a contrast's population is not a column. */
	if (e->kind == YG_NODE_NAME && strcmp(e->text, "arm") == 0 && !yg_map_get(&scope->definition, "arm")) {
		struct yg_column_ref column;
		if (yg_table_find(scope->table, "arm", &column, NULL) != YG_OK)
			return YG_OK;
	}
	status = yg_bind(scope, e, want, c->task, &b, err);
	yg_bound_free(b);
	return status;
}

static enum yg_status check_names(struct yg_context *c, const struct yg_scope *scope, const struct yg_node *clause,
                                  struct yg_err *err)
{
	for (uint32_t i = 0; clause && i < clause->children; i++) {
		const struct yg_node *n = clause->child[i];
		if (n->kind == YG_NODE_CROSSING)
			YG_TRY(check_names(c, scope, n, err));
		else if (n->kind == YG_NODE_NAME)
			YG_TRY(bind_quietly(c, scope, n, 0, err));
	}
	return YG_OK;
}

/* Formula terms: every name that is not a function's; bases and functions check their own shape later. */
static enum yg_status check_formula(struct yg_context *c, const struct yg_scope *scope, const struct yg_node *n,
                                    struct yg_err *err)
{
	if (n->kind == YG_NODE_ARGUMENT)
		return YG_OK;
	if (n->kind == YG_NODE_NAME)
		return bind_quietly(c, scope, n, 0, err);
	/* tt(x, log): only x is a column. */
	uint32_t children = n->kind == YG_NODE_CALL && !strcmp(n->text, "tt") && n->children ? 1 : n->children;
	for (uint32_t i = 0; i < children; i++)
		YG_TRY(check_formula(c, scope, n->child[i], err));
	return YG_OK;
}

enum yg_status yg_input_check(struct yg_context *c, const struct yg_node *statement, const struct yg_scope *scope,
                              bool targets_are_columns, struct yg_err *err)
{
	static const enum yg_node_kind clauses[] = { YG_NODE_BY, YG_NODE_STRATA, YG_NODE_CLUSTER };
	const struct yg_node *where = yg_clause_where(statement);
	const struct yg_node *formula = yg_node_find(statement, YG_NODE_FORMULA);
	const char *on_name = yg_clause_name(statement, YG_NODE_ON);

	/* check: what columns a set has that was not made is not known. */
	if (c->options->check_only && on_name) {
		const struct yg_object *o = yg_state_find(c->state, on_name);
		if (o && o->kind == YG_OBJECT_SET && !o->payload)
			return YG_OK;
	}
	if (targets_are_columns)
		YG_TRY(check_names(c, scope, yg_node_find(statement, YG_NODE_LIST), err));
	for (size_t i = 0; i < sizeof clauses / sizeof *clauses; i++)
		YG_TRY(check_names(c, scope, yg_node_find(statement, clauses[i]), err));
	if (where)
		YG_TRY(bind_quietly(c, scope, where, YG_TYPE_FLAG, err));
	if (formula)
		YG_TRY(check_formula(c, scope, formula, err));
	return YG_OK;
}

enum yg_status yg_option_model(struct yg_context *c, const struct yg_node *statement, const char *name,
                               const struct yg_node **out, struct yg_err *err)
{
	const struct yg_node *v = yg_node_option(statement, name);
	const char *const *names;
	size_t n;

	*out = NULL;
	YG_TRY(yg_option_names(c, statement, name, &names, &n, err));
	if (!n)
		return YG_OK;
	struct yg_node *model = yg_node_new(c->arena, YG_NODE_MODEL, NULL);
	for (size_t i = 0; i < n; i++) {
		const struct yg_node *item = v->kind == YG_NODE_GROUP ? v->child[i] : v;
		struct yg_node *column = yg_node_new(c->arena, YG_NODE_NAME, names[i]);
		column->at = item->at;
		column->len = item->len;
		yg_node_add(c->arena, model, column);
	}
	*out = model;
	return YG_OK;
}

enum yg_status yg_input_check_model(struct yg_context *c, const struct yg_node *statement, const char *name,
                                    const struct yg_scope *scope, struct yg_err *err)
{
	const struct yg_node *model;
	const char *on_name = yg_clause_name(statement, YG_NODE_ON);
	const struct yg_object *o = c->options->check_only && on_name ? yg_state_find(c->state, on_name) : NULL;

	if (o && o->kind == YG_OBJECT_SET && !o->payload)
		return YG_OK;
	YG_TRY(yg_option_model(c, statement, name, &model, err));
	return model ? check_formula(c, scope, model, err) : YG_OK;
}

enum yg_status yg_input_begin(struct yg_context *c, const struct yg_node *statement, const struct yg_table *table,
                              struct yg_input *in, struct yg_err *err)
{
	memset(in, 0, sizeof *in);
	YG_TRY(yg_command_population(c, statement, table, &in->population, err));
	YG_TRY(yg_command_scope(c, in->population.dataset, table ? table : in->population.population.table, &in->scope, err));
	if (in->population.population.tvc) {
		in->scope.extra = in->population.population.tvc->extra;
		in->scope.extras = in->population.population.tvc->count;
	}
	in->in.scope = &in->scope;
	in->in.population = &in->population.population;
	in->in.where = yg_clause_where(statement);
	in->in.by = yg_node_find(statement, YG_NODE_BY);
	in->in.weight = yg_option_column(c, statement, "weight");
	in->strata = yg_node_find(statement, YG_NODE_STRATA);
	in->cluster = yg_node_find(statement, YG_NODE_CLUSTER);
	return yg_option_number(statement, "conf", 0.95, &in->in.conf, err);
}

void yg_input_end(struct yg_context *c, struct yg_input *in, struct yg_outcome *out)
{
	(void)c;
	if (in->population.dataset) {
		out->subject = in->population.dataset;
		if (!out->population && in->population.population.sentence)
			out->population = yg_xstrdup(in->population.population.sentence);
	}
	yg_command_scope_release(&in->scope);
}

bool yg_population_open(const struct yg_input *in)
{
	const struct yg_object *d = in->population.dataset;

	return d && d->profile && !strcmp(d->profile, "open");
}

void yg_input_targets(const struct yg_node *statement, struct yg_an_targets *out)
{
	const struct yg_node *list = yg_node_find(statement, YG_NODE_LIST);

	out->node = list ? (const struct yg_node *const *)list->child : NULL;
	out->count = list ? list->children : 0;
}

/* Resolve of verbs whose targets are columns: defaults, then names against the population's table. */
enum yg_status yg_resolve_columns(struct yg_context *c, struct yg_node *statement, struct yg_err *err)
{
	struct yg_input in;
	struct yg_outcome nothing;
	enum yg_status status;

	yg_command_fill_defaults(c, statement);
	memset(&nothing, 0, sizeof nothing);
	status = yg_input_begin(c, statement, NULL, &in, err);
	if (status == YG_OK)
		status = yg_input_check(c, statement, &in.scope, true, err);
	yg_input_end(c, &in, &nothing);
	yg_free(nothing.population);
	return status;
}

enum yg_status yg_refuse_options(struct yg_context *c, const struct yg_node *statement, const char *names, struct yg_err *err)
{
	for (const char *p = names; *p;) {
		size_t n = strcspn(p, " ");
		char *name = yg_arena_strndup(c->arena, p, n);
		const struct yg_node *v = yg_node_option(statement, name);
		const char *word = v && v->kind != YG_NODE_OPTION && v->text ? v->text : "";
		const struct yg_option_spec *spec;
		p += n + (p[n] == ' ');
		/* Its default does no harm: a resolved statement has all of them written out. */
		spec = yg_verb_option(yg_verb_find(statement->text), name);
		if (!v || !strcmp(word, "no") || !strcmp(word, "none") || (spec && spec->standard && !strcmp(word, spec->standard)))
			continue;
		if (c->options->check_only)
			continue;
		yg_fail_at(err, YG_REFUSED, v->at, v->len, "E-CMD-007",
		           N_("%s: the option %s is part of the language, but this version does not compute it yet"), statement->text, name);
		yg_err_hint(err, N_("leave it out"));
		return YG_REFUSED;
	}
	return YG_OK;
}

bool yg_option_has(const struct yg_node *statement, const char *name, const char *word)
{
	const struct yg_node *v = yg_node_option(statement, name);

	for (uint32_t i = 0; v && v->kind == YG_NODE_GROUP && i < v->children; i++)
		if (v->child[i]->text && !strcmp(v->child[i]->text, word))
			return true;
	return v && v->kind != YG_NODE_GROUP && v->text && !strcmp(v->text, word);
}

enum yg_status yg_options_go_with(struct yg_context *c, const struct yg_node *statement, const char *names, bool there,
                                  const char *what, struct yg_err *err)
{
	for (const char *p = names; *p && !there;) {
		size_t n = strcspn(p, " ");
		char *name = yg_arena_strndup(c->arena, p, n);
		const struct yg_node *v = yg_node_option(statement, name);
		const struct yg_option_spec *spec = yg_verb_option(yg_verb_find(statement->text), name);
		const char *word = v && v->kind != YG_NODE_OPTION && v->text ? v->text : "";
		p += n + (p[n] == ' ');
		if (!v || !strcmp(word, "no") || !strcmp(word, "none") || (spec && spec->standard && !strcmp(word, spec->standard)))
			continue;
		yg_fail_at(err, YG_ESYNTAX, v->at, v->len, "E-OPT-076", N_("%s: the option %s would change nothing here; it goes with %s"),
		           statement->text, name, what);
		yg_err_hint(err, N_("leave it out"));
		return YG_ESYNTAX;
	}
	return YG_OK;
}

void yg_keep_model(struct yg_context *c, struct yg_outcome *out, const struct yg_input *in, void *model_taken,
                   void (*release)(void *))
{
	struct yg_object *o = yg_object_new(YG_OBJECT_RESULT, c->name);

	o->text = yg_xstrdup(c->resolved);
	o->dataset = yg_object_ref(in->population.dataset);
	o->table = in->population.population.table;
	o->payload = model_taken;
	o->release = release;
	yg_outcome_add_object(out, o);
	out->named = o;
}

enum yg_status yg_end_model(struct yg_context *c, struct yg_outcome *out, struct yg_input *in, enum yg_status status,
                            void *model_taken, void (*release)(void *))
{
	if (status == YG_OK)
		yg_keep_model(c, out, in, model_taken, release);
	yg_input_end(c, in, out);
	return status;
}
