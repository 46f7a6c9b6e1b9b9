/* Commands: targets, clauses, options. */
#include <stdio.h>
#include <string.h>

#include "lang/parse_priv.h"

/* ---- names and options ---- */

struct yg_node *yg_name_node(struct yg_parser *p, enum yg_node_kind kind, const char *what)
{
	if (!yg_at_name(p))
		return yg_expected(p, what);
	if (p->tok.call) {
		struct yg_shown shown = yg_show(p, &p->tok);
		YG_FAIL_TOKEN(p, "E-SYN-030", N_("expected %s, found the function %s"), _(what), shown.text);
		return NULL;
	}
	return yg_leaf(p, kind);
}

struct yg_node *yg_string_node(struct yg_parser *p, enum yg_node_kind kind, const char *what)
{
	if (yg_at(p, YG_TOKEN_STRING))
		return yg_leaf(p, kind);
	bool bare = yg_at_name(p);
	yg_expected(p, what);
	if (bare && p->tok.len < 200) {
		/* a path or title without its quotes, up to the next blank */
		const char *text = p->lexer.text;
		size_t end = p->tok.at;
		while (end < p->lexer.n && !strchr(" \t\r\n;,#\"", text[end]))
			end++;
		char mended[256];
		snprintf(mended, sizeof mended, "\"%.*s\"", (int)(end - p->tok.at < 240 ? end - p->tok.at : 240), text + p->tok.at);
		yg_fix(p, p->tok.at, end, mended);
	}
	return NULL;
}

/* NAME { "," NAME }; with a verb at hand, a name followed by "=" is an option that lacks its "with". */
bool yg_names(struct yg_parser *p, struct yg_node *list, const struct yg_verb_spec *spec)
{
	do {
		if (spec && list->children && yg_at_name(p) && yg_follows_assign(p))
			return yg_option_misplaced(p, p->comma_at);
		struct yg_node *name = yg_name_node(p, YG_NODE_NAME, N_("a name"));
		if (!name)
			return false;
		yg_add(p, list, name);
	} while (yg_skip(p, YG_TOKEN_COMMA));
	yg_done(p, list);
	return true;
}

static bool option_twice(struct yg_parser *p, const struct yg_node *options)
{
	char *name = yg_token_text(p);
	for (uint32_t i = 0; i < options->children; i++)
		if (strcmp(options->child[i]->text, name) == 0) {
			YG_FAIL_TOKEN(p, "E-SYN-025", N_("the option \"%s\" is given twice"), name);
			return true;
		}
	return false;
}

static struct yg_node *option(struct yg_parser *p, const struct yg_verb_spec *spec, const struct yg_node *options)
{
	if (p->tok.kind != YG_TOKEN_NAME) {
		bool thousands = yg_at(p, YG_TOKEN_NUMBER) && options->children && p->comma_at + 1 == p->prev_end;
		yg_expected(p, N_("the name of an option"));
		if (thousands)
			yg_err_hint(p->err, N_("numbers have no commas between thousands; several values stand in brackets: (1, 2)"));
		return NULL;
	}
	char *name = yg_token_text(p);
	const struct yg_option_spec *known = yg_verb_option(spec, name);
	if (!known)
		return yg_option_unknown(p, spec);
	if (option_twice(p, options))
		return NULL;
	struct yg_node *node = yg_make(p, YG_NODE_OPTION, name);
	yg_advance(p);
	if (yg_at(p, YG_TOKEN_EQ)) {
		p->glue = YG_GLUE_BEFORE | YG_GLUE_AFTER;
		yg_advance(p);
		struct yg_node *value = yg_value(p);
		if (!value || !yg_check_option(p, known, value))
			return NULL;
		yg_add(p, node, value);
	} else if (!yg_check_option(p, known, NULL)) {
		return NULL;
	}
	return yg_done(p, node);
}

bool yg_options(struct yg_parser *p, struct yg_node *owner, const struct yg_verb_spec *spec)
{
	if (!yg_skip_word(p, "with"))
		return true;
	struct yg_node *options = yg_make(p, YG_NODE_OPTIONS, NULL);
	do {
		struct yg_node *one = option(p, spec, options);
		if (!one)
			return false;
		yg_add(p, options, one);
	} while (yg_skip(p, YG_TOKEN_COMMA));
	yg_add(p, owner, yg_done(p, options));
	return true;
}

bool yg_tail(struct yg_parser *p, struct yg_node *owner, const struct yg_verb_spec *spec)
{
	if (!yg_options(p, owner, spec))
		return false;
	if (!yg_at_word(p, "as"))
		return true;
	if (!(spec->clauses & YG_CLAUSE_AS)) {
		YG_FAIL_TOKEN(p, "E-SYN-023", N_("%s makes nothing that \"as\" could name"), spec->name);
		return false;
	}
	struct yg_node *as = yg_make(p, YG_NODE_AS, NULL);
	yg_advance(p);
	struct yg_node *name = yg_name_node(p, YG_NODE_NAME, N_("a name for the result"));
	if (!name)
		return false;
	as->text = name->text;
	yg_add(p, owner, yg_done(p, as));
	return true;
}

/* ---- commands ---- */

static const struct {
	const char *word;
	enum yg_node_kind kind;
	unsigned bit;
} clause_kinds[] = {
	{ "by", YG_NODE_BY, YG_CLAUSE_BY },
	{ "strata", YG_NODE_STRATA, YG_CLAUSE_STRATA },
	{ "cluster", YG_NODE_CLUSTER, YG_CLAUSE_CLUSTER },
	{ "on", YG_NODE_ON, YG_CLAUSE_ON },
	{ "using", YG_NODE_USING, YG_CLAUSE_USING },
	{ "where", YG_NODE_WHERE, YG_CLAUSE_WHERE },
	{ "to", YG_NODE_TO, YG_CLAUSE_TO },
};

/* NAME { ":" NAME } { "," ... } */
static bool crossings(struct yg_parser *p, struct yg_node *by, const struct yg_verb_spec *spec)
{
	do {
		if (by->children && yg_at_name(p) && yg_follows_assign(p))
			return yg_option_misplaced(p, p->comma_at);
		struct yg_node *crossing = yg_make(p, YG_NODE_CROSSING, NULL);
		for (;;) {
			struct yg_node *name = yg_name_node(p, YG_NODE_NAME, N_("a column"));
			if (!name)
				return false;
			yg_add(p, crossing, name);
			if (!yg_at(p, YG_TOKEN_COLON))
				break;
			p->glue = YG_GLUE_BEFORE | YG_GLUE_AFTER;
			yg_advance(p);
		}
		yg_add(p, by, yg_done(p, crossing));
	} while (yg_skip(p, YG_TOKEN_COMMA));
	(void)spec;
	return true;
}

bool yg_clause_allowed(struct yg_parser *p, const struct yg_verb_spec *spec, unsigned bit, const struct yg_node *command,
                       enum yg_node_kind kind)
{
	struct yg_shown shown = yg_show(p, &p->tok);
	if (!(spec->clauses & bit)) {
		struct yg_buf names;
		yg_buf_init(&names);
		for (size_t i = 0; i < sizeof clause_kinds / sizeof *clause_kinds; i++)
			if (spec->clauses & clause_kinds[i].bit)
				yg_buf_addf(&names, "%s%s", names.len ? ", " : "", clause_kinds[i].word);
		YG_FAIL_TOKEN(p, "E-SYN-023", N_("%s takes no clause %s"), spec->name, shown.text);
		if (names.len)
			yg_err_hint(p->err, N_("its clauses: %s"), names.data);
		yg_buf_release(&names);
		return false;
	}
	if (yg_node_find(command, kind)) {
		YG_FAIL_TOKEN(p, "E-SYN-024", N_("the clause %s is given twice"), shown.text);
		if (kind == YG_NODE_WHERE)
			yg_fix(p, p->tok.at, p->tok.at + p->tok.len, "and");
		else if (kind != YG_NODE_ON && kind != YG_NODE_TO && command->child[command->children - 1]->kind == kind)
			yg_fix(p, p->prev_end, p->tok.at + p->tok.len, ",");
		return false;
	}
	return true;
}

static bool clause_body(struct yg_parser *p, struct yg_node *clause, const struct yg_verb_spec *spec)
{
	struct yg_node *child;
	switch (clause->kind) {
	case YG_NODE_BY:
		return crossings(p, clause, spec);
	case YG_NODE_ON:
		child = yg_name_node(p, YG_NODE_NAME, N_("the name of a cohort, table or set"));
		if (child)
			yg_add(p, clause, child);
		return child != NULL;
	case YG_NODE_WHERE:
		child = yg_pred(p);
		if (child)
			yg_add(p, clause, child);
		return child != NULL;
	case YG_NODE_TO:
		child = yg_string_node(p, YG_NODE_STRING, N_("a file name in quotes"));
		if (child)
			clause->text = child->text;
		return child != NULL;
	default:
		return yg_names(p, clause, spec);
	}
}

static bool clauses(struct yg_parser *p, struct yg_node *command, const struct yg_verb_spec *spec)
{
	for (;;) {
		size_t i = 0, n = sizeof clause_kinds / sizeof *clause_kinds;
		while (i < n && !yg_at_word(p, clause_kinds[i].word))
			i++;
		if (i == n)
			return true;
		if (!yg_clause_allowed(p, spec, clause_kinds[i].bit, command, clause_kinds[i].kind))
			return false;
		struct yg_node *clause = yg_make(p, clause_kinds[i].kind, NULL);
		yg_advance(p);
		if (!clause_body(p, clause, spec))
			return false;
		yg_add(p, command, yg_done(p, clause));
	}
}

static const char *target_name(enum yg_target target)
{
	switch (target) {
	case YG_TARGET_COLUMNS:
		return N_("one or more columns");
	case YG_TARGET_ENDPOINT:
	case YG_TARGET_ENDPOINTS:
		return N_("an endpoint");
	case YG_TARGET_RESULT:
	case YG_TARGET_RESULTS:
		return N_("the name of a result");
	case YG_TARGET_COHORT:
		return N_("a cohort");
	default:
		return N_("a name");
	}
}

static bool one_target(const struct yg_verb_spec *spec)
{
	return spec->target == YG_TARGET_ENDPOINT || spec->target == YG_TARGET_RESULT || spec->target == YG_TARGET_COHORT;
}

/* "help by": the words asked about may be reserved ones. */
static bool help_words(struct yg_parser *p, struct yg_node *list)
{
	while (p->tok.kind == YG_TOKEN_NAME)
		yg_add(p, list, yg_leaf(p, YG_NODE_NAME));
	yg_done(p, list);
	return true;
}

static bool target_list(struct yg_parser *p, struct yg_node *command, const struct yg_verb_spec *spec)
{
	bool help = strcmp(spec->name, "help") == 0;
	if (!(yg_at_name(p) || (yg_at(p, YG_TOKEN_STRING) && spec->target == YG_TARGET_ANY) ||
	      (help && p->tok.kind == YG_TOKEN_NAME))) {
		if (spec->target == YG_TARGET_NONE || spec->target_optional)
			return true;
		bool elsewhere = p->tok.kind == YG_TOKEN_EOL || p->tok.kind == YG_TOKEN_END ||
		                 (p->tok.kind == YG_TOKEN_NAME && p->tok.reserved);
		if (!elsewhere)
			return yg_expected(p, target_name(spec->target));
		YG_FAIL_TOKEN(p, "E-SYN-032", N_("%s needs %s"), spec->name, _(target_name(spec->target)));
		yg_err_hint(p->err, "%s", spec->usage);
		return false;
	}
	if (spec->target == YG_TARGET_NONE) {
		char *word = yg_token_text(p);
		if (yg_follows_assign(p) || yg_verb_option(spec, word))
			return yg_option_misplaced(p, p->prev_end);
		struct yg_shown shown = yg_show(p, &p->tok);
		return YG_FAIL_TOKEN(p, "E-SYN-032", N_("%s stands alone, found %s"), spec->name, shown.text);
	}
	if (spec->target_optional && (yg_follows_assign(p)))
		return yg_option_misplaced(p, p->prev_end);
	struct yg_node *list = yg_make(p, YG_NODE_LIST, NULL);
	if (yg_at(p, YG_TOKEN_STRING)) {
		do {
			struct yg_node *text = yg_string_node(p, YG_NODE_STRING, N_("a text in quotes"));
			if (!text)
				return false;
			yg_add(p, list, text);
		} while (yg_skip(p, YG_TOKEN_COMMA));
		yg_done(p, list);
	} else if (help) {
		help_words(p, list);
	} else {
		size_t second = 0;
		if (p->tok.call && yg_at_word(p, "Surv")) {
			YG_FAIL_TOKEN(p, "E-SYN-032", N_("%s works on a named endpoint"), spec->name);
			yg_err_hint(p->err, N_("define it first:  endpoint os: \"Death\"; time time in days; event \"death\": status = 1; end"));
			return false;
		}
		if (!yg_names(p, list, spec))
			return false;
		if (list->children > 1)
			second = list->child[1]->at;
		if (second && one_target(spec))
			return YG_FAIL(p, second, list->child[1]->len, "E-SYN-032", N_("%s takes one name here"), spec->name);
	}
	yg_add(p, command, list);
	return true;
}

struct yg_node *yg_command(struct yg_parser *p)
{
	char *verb = p->tok.kind == YG_TOKEN_NAME && !p->tok.quoted ? yg_token_text(p) : NULL;
	const struct yg_verb_spec *spec = yg_verb_find(verb);
	if (!spec)
		return yg_unknown_statement(p);
	struct yg_node *command = yg_make(p, YG_NODE_COMMAND, verb);
	yg_advance(p);
	if (!target_list(p, command, spec))
		return NULL;
	if (spec->formula && yg_skip(p, YG_TOKEN_TILDE)) {
		struct yg_node *formula = yg_formula(p, spec);
		if (!formula)
			return NULL;
		yg_add(p, command, formula);
	}
	if (!clauses(p, command, spec))
		return NULL;
	bool tail = yg_at_word(p, "with") || yg_at_word(p, "as");
	if (!tail && !yg_at_line_end(p))
		return yg_command_tail_error(p, spec, command);
	if (spec->formula_required && !yg_node_find(command, YG_NODE_FORMULA)) {
		YG_FAIL_TOKEN(p, "E-SYN-032", N_("%s needs a formula: \"~\" and its terms"), spec->name);
		yg_err_hint(p->err, "%s", spec->usage);
		return NULL;
	}
	if (!yg_tail(p, command, spec))
		return NULL;
	if (!yg_at_line_end(p))
		return yg_options_tail_error(p, spec);
	return yg_done(p, command);
}
