/* The first of the four steps: from text to a resolved statement with its command and its name. */
#include <stdio.h>
#include <string.h>

#include "session_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/lang/parse.h"
#include "yogo/lang/print.h"

/* The word under which a statement stands in the command table. */
static const char *statement_word(const struct yg_node *n)
{
	switch (n->kind) {
	case YG_NODE_LANG: return "lang";
	case YG_NODE_STUDY: return "study";
	case YG_NODE_SEED: return "seed";
	case YG_NODE_OPEN: return "open";
	case YG_NODE_RUN: return "run";
	case YG_NODE_IMPORT: return "import";
	case YG_NODE_USE: return "use";
	case YG_NODE_PARAM: return "param";
	case YG_NODE_CODES: return "codes";
	case YG_NODE_FACTOR: return "factor";
	case YG_NODE_LET: return "let";
	case YG_NODE_CONTRAST: return "contrast";
	case YG_NODE_ASSERT: return "assert";
	case YG_NODE_COHORT: return "cohort";
	case YG_NODE_ENDPOINT: return "endpoint";
	case YG_NODE_COVARIATES: return "covariates";
	default: return n->text;
	}
}

static const struct yg_command *find_command(const struct yg_session *s, const char *word)
{
	for (size_t i = 0; i < s->commands; i++)
		if (strcmp(s->command[i]->name, word) == 0)
			return s->command[i];
	return NULL;
}

enum yg_status yg_session_choose_name(struct yg_session *s, struct yg_prepared *p, struct yg_err *err)
{
	const struct yg_node *as = yg_node_find(p->statement, YG_NODE_AS);
	const struct yg_object *o;
	struct yg_column_ref column;
	unsigned next = s->state->results + 1;

	if (!as) {
		do
			snprintf(p->name, sizeof p->name, "r%u", next++);
		while (yg_state_find(s->state, p->name));
		return YG_OK;
	}
	if (strlen(as->text) >= sizeof p->name)
		return yg_fail_at(err, YG_ESYNTAX, as->at, as->len, "E-NAM-006", N_("a name may have at most %zu bytes"),
		                  sizeof p->name - 1);
	snprintf(p->name, sizeof p->name, "%s", as->text);
	o = yg_state_find(s->state, p->name);
	if (o && o->kind != YG_OBJECT_RESULT && o->kind != YG_OBJECT_SET && o->kind != YG_OBJECT_PROPENSITY)
		return yg_fail_at(err, YG_ESYNTAX, as->at, as->len, "E-NAM-004",
		                  N_("the name %s is taken (%s); choose another name"), p->name, yg_object_kind_name(o->kind));
	if (s->state->table && yg_table_find(s->state->table, p->name, &column, NULL) == YG_OK &&
	    strcmp(yg_column_field(&column)->name, p->name) == 0)
		return yg_fail_at(err, YG_ESYNTAX, as->at, as->len, "E-NAM-005",
		                  N_("%s is a column of %s; a result needs another name"), p->name, s->state->table->name);
	return YG_OK;
}

/*
 * check: after `use` of a set that a verb would have made, its columns are not known; until the next open or use
 * only the syntax can be checked.
 */
static bool only_syntax(struct yg_session *s, const struct yg_node *node)
{
	if (node->kind == YG_NODE_OPEN)
		s->columns_unknown = false;
	if (node->kind == YG_NODE_USE) {
		const struct yg_object *o = yg_state_find(s->state, node->text);
		s->columns_unknown = o && o->kind == YG_OBJECT_SET;
	}
	return s->columns_unknown;
}

enum yg_status yg_session_prepare_next(struct yg_session *s, const char *text, size_t n, size_t *offset, bool *done,
                                       struct yg_prepared *p, struct yg_reply *reply, struct yg_err *err)
{
	struct yg_node *node = NULL;
	struct yg_buf buf = YG_BUF_INIT;
	const struct yg_verb_spec *spec;

	YG_TRY(yg_parse_next(&p->arena, text, n, offset, &node, err));
	*done = node == NULL;
	if (!node)
		return YG_OK;
	reply->at = node->at;
	reply->len = node->len;
	reply->typed = yg_xstrndup(text + node->at, node->len);
	yg_print_statement(node, &buf);
	reply->canonical = yg_buf_take(&buf);
	p->word = statement_word(node);
	spec = node->kind == YG_NODE_COMMAND ? yg_verb_find(p->word) : NULL;
	p->command = find_command(s, p->word);
	reply->word = p->command ? p->command->name : spec ? spec->name : "";
	p->statement = yg_node_copy(&p->arena, node);
	if (s->options.check_only && only_syntax(s, node)) {
		p->unavailable = true;
		return YG_OK;
	}
	if (!p->command || (spec && !spec->available)) {
		p->unavailable = true;
		if (s->options.check_only)
			return YG_OK;
		yg_fail_at(err, YG_REFUSED, node->at, strlen(p->word), "E-CMD-001",
		           N_("%s is part of the language, but this version does not compute it yet"), p->word);
		yg_err_hint(err, N_("yogo help lists what is available"));
		return YG_REFUSED;
	}
	if (!s->options.check_only)
		YG_TRY(yg_spec_refuse(node, err));
	p->context = (struct yg_context){ .session = s, .options = &s->options, .state = s->state, .task = &s->task,
	                                  .arena = &p->arena, .name = p->name };
	p->context.position = s->position ? s->position : "";
	if (p->command->makes_result)
		YG_TRY(yg_session_choose_name(s, p, err));
	if (p->command->resolve)
		YG_TRY(p->command->resolve(&p->context, p->statement, err));
	yg_buf_init(&buf);
	yg_print_statement(p->statement, &buf);
	reply->resolved = yg_buf_take(&buf);
	p->context.resolved = reply->resolved;
	return YG_OK;
}

enum yg_status yg_session_prepare(struct yg_session *s, const char *text, size_t n, size_t *offset, bool *done,
                                  struct yg_reply *reply, struct yg_err *err)
{
	struct yg_prepared p;
	enum yg_status status;

	memset(&p, 0, sizeof p);
	memset(reply, 0, sizeof *reply);
	yg_arena_init(&p.arena);
	status = yg_session_prepare_next(s, text, n, offset, done, &p, reply, err);
	yg_arena_release(&p.arena);
	return status;
}
