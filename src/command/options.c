/* Reading options out of a statement, and writing defaults into it. */
#include <string.h>

#include "command_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/text.h"
#include "yogo/lang/parse.h"

const char *yg_option_word(const struct yg_node *statement, const char *name, const char *standard)
{
	const struct yg_node *v = yg_node_option(statement, name);

	if (!v)
		return standard;
	if (v->kind == YG_NODE_OPTION)
		return "yes";
	return v->text ? v->text : standard;
}

static bool as_number(const struct yg_node *v, struct yg_option_value *out)
{
	if (v->kind == YG_NODE_NUMBER) {
		*out = (struct yg_option_value){ v->number, 0 };
		return true;
	}
	if (v->kind == YG_NODE_DURATION) {
		*out = (struct yg_option_value){ v->number, v->text[0] };
		return true;
	}
	if (v->kind == YG_NODE_NEGATE && v->children == 1 && as_number(v->child[0], out)) {
		out->number = -out->number;
		return true;
	}
	return false;
}

enum yg_status yg_option_number(const struct yg_node *statement, const char *name, double standard, double *out,
                                struct yg_err *err)
{
	const struct yg_node *v = yg_node_option(statement, name);
	struct yg_option_value value;

	if (!v) {
		*out = standard;
		return YG_OK;
	}
	if (!as_number(v, &value))
		return yg_fail_at(err, YG_ESYNTAX, v->at, v->len, "E-OPT-001", N_("%s wants a number"), name);
	*out = value.number;
	return YG_OK;
}

enum yg_status yg_option_values(struct yg_context *c, const struct yg_node *statement, const char *name,
                                const struct yg_option_value **out, size_t *count, struct yg_err *err)
{
	const struct yg_node *v = yg_node_option(statement, name);
	struct yg_option_value *list;
	size_t n;

	*out = NULL;
	*count = 0;
	if (!v)
		return YG_OK;
	n = v->kind == YG_NODE_GROUP ? v->children : 1;
	list = yg_arena_alloc(c->arena, n ? n : 1, sizeof *list);
	for (size_t i = 0; i < n; i++) {
		const struct yg_node *item = v->kind == YG_NODE_GROUP ? v->child[i] : v;
		if (!as_number(item, &list[i]))
			return yg_fail_at(err, YG_ESYNTAX, item->at, item->len, "E-OPT-002",
			                  N_("%s wants numbers or durations, as in %s=(1y, 3y)"), name, name);
	}
	*out = list;
	*count = n;
	return YG_OK;
}

enum yg_status yg_option_names(struct yg_context *c, const struct yg_node *statement, const char *name,
                               const char *const **out, size_t *count, struct yg_err *err)
{
	const struct yg_node *v = yg_node_option(statement, name);
	const char **list;
	size_t n;

	*out = NULL;
	*count = 0;
	if (!v || v->kind == YG_NODE_OPTION)
		return YG_OK;
	n = v->kind == YG_NODE_GROUP ? v->children : 1;
	list = yg_arena_alloc(c->arena, n ? n : 1, sizeof *list);
	for (size_t i = 0; i < n; i++) {
		const struct yg_node *item = v->kind == YG_NODE_GROUP ? v->child[i] : v;
		if (!item->text || (item->kind != YG_NODE_WORD && item->kind != YG_NODE_NAME && item->kind != YG_NODE_STRING))
			return yg_fail_at(err, YG_ESYNTAX, item->at, item->len, "E-OPT-003",
			                  N_("%s wants names, as in %s=(age, nodes)"), name, name);
		list[i] = item->text;
	}
	*out = list;
	*count = n;
	return YG_OK;
}

void yg_command_set_option(struct yg_arena *arena, struct yg_node *statement, const char *name, struct yg_node *value)
{
	struct yg_node *options = (struct yg_node *)yg_node_find(statement, YG_NODE_OPTIONS);
	struct yg_node *option;

	if (!options) {
		const struct yg_node *as = yg_node_find(statement, YG_NODE_AS);
		options = yg_node_new(arena, YG_NODE_OPTIONS, NULL);
		yg_node_add(arena, statement, options);
		if (as) {
			/* "as" stays last. */
			statement->child[statement->children - 2] = options;
			statement->child[statement->children - 1] = (struct yg_node *)as;
		}
	}
	option = yg_node_new(arena, YG_NODE_OPTION, name);
	if (value)
		yg_node_add(arena, option, value);
	yg_node_add(arena, options, option);
}

/* A tree that came from another text stands, for messages, where the statement stands. */
static void place(struct yg_node *n, const struct yg_node *at)
{
	n->at = at->at;
	n->len = at->len;
	for (uint32_t i = 0; i < n->children; i++)
		place(n->child[i], at);
}

/* The default as written in the table: parsed as the value of an option of a scratch command. */
static struct yg_node *default_value(struct yg_context *c, const struct yg_verb_spec *verb, const char *name, const char *text,
                                     const struct yg_node *at)
{
	const char *target = verb->target == YG_TARGET_NONE ? "" : " x", *formula = verb->formula_required ? " ~ x" : "";
	char *line = yg_arena_printf(c->arena, "%s%s%s with %s=%s", verb->name, target, formula, name, text);
	struct yg_node *statement = NULL, *copy;
	const struct yg_node *value = NULL;
	size_t offset = 0;

	if (yg_parse_next(c->arena, line, strlen(line), &offset, &statement, NULL) == YG_OK && statement)
		value = yg_node_option(statement, name);
	copy = value && value->kind != YG_NODE_OPTION ? yg_node_copy(c->arena, value) : yg_node_new(c->arena, YG_NODE_WORD, text);
	place(copy, at);
	return copy;
}

void yg_command_fill_defaults(struct yg_context *c, struct yg_node *statement)
{
	const struct yg_verb_spec *spec = yg_verb_find(statement->text);

	if (!spec)
		return;
	for (size_t i = 0; i < spec->option_count; i++) {
		const struct yg_option_spec *o = &spec->options[i];
		if (!o->standard || o->later || yg_node_option(statement, o->name))
			continue;
		yg_command_set_option(c->arena, statement, o->name, default_value(c, spec, o->name, o->standard, statement));
	}
}
