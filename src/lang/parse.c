/* Statements and commands; the doors of the parser. */
#include "yogo/lang/parse.h"

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

static bool clause_allowed(struct yg_parser *p, const struct yg_verb_spec *spec, unsigned bit, const struct yg_node *command,
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
		if (!clause_allowed(p, spec, clause_kinds[i].bit, command, clause_kinds[i].kind))
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
	char *verb = yg_token_text(p);
	const struct yg_verb_spec *spec = yg_verb_find(verb);
	if (!spec || p->tok.quoted || p->tok.kind != YG_TOKEN_NAME)
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

/* ---- the statements of the language ---- */

static bool add(struct yg_parser *p, struct yg_node *parent, struct yg_node *child)
{
	if (child)
		yg_add(p, parent, child);
	return child != NULL;
}

static bool named(struct yg_parser *p, struct yg_node *node, const char *what)
{
	struct yg_node *name = yg_name_node(p, YG_NODE_NAME, what);
	if (name)
		node->text = name->text;
	return name != NULL;
}

static bool quoted(struct yg_parser *p, struct yg_node *node, const char *what)
{
	struct yg_node *text = yg_string_node(p, YG_NODE_STRING, what);
	if (text)
		node->text = text->text;
	return text != NULL;
}

static bool whole_number(struct yg_parser *p, struct yg_node *node, const char *what)
{
	if (!yg_at(p, YG_TOKEN_NUMBER) || !yg_number_whole(p->tok.number))
		return yg_expected(p, what);
	node->number = p->tok.number;
	yg_advance(p);
	return true;
}

static bool lang(struct yg_parser *p, struct yg_node *node)
{
	size_t at = p->tok.at, len = p->tok.len;
	if (!whole_number(p, node, N_("the version of the language, a whole number")))
		return false;
	if (node->number == 1)
		return true;
	YG_FAIL(p, at, len, "E-SYN-033", N_("this program knows version 1 of the language only"));
	return false;
}

static bool codes(struct yg_parser *p, struct yg_node *node, const struct yg_verb_spec *spec)
{
	if (!named(p, node, N_("a name for the codes")))
		return false;
	if (yg_at_word(p, "from")) {
		struct yg_node *from = yg_make(p, YG_NODE_FROM, NULL);
		yg_advance(p);
		return quoted(p, from, N_("the file of codes in quotes")) && add(p, node, yg_done(p, from)) && yg_tail(p, node, spec);
	}
	if (!yg_want(p, YG_TOKEN_EQ, N_("\"=\" or \"from\"")))
		return false;
	do {
		struct yg_node *code = yg_make(p, YG_NODE_CODE, NULL);
		if (!named(p, code, N_("a vocabulary such as icd10, atc, or \"set\"")))
			return false;
		struct yg_node *pattern = yg_at(p, YG_TOKEN_STRING) ? yg_leaf(p, YG_NODE_STRING)
		                                                    : yg_name_node(p, YG_NODE_NAME, N_("a pattern in quotes or a set"));
		if (!add(p, code, pattern))
			return false;
		yg_add(p, node, yg_done(p, code));
	} while (yg_skip(p, YG_TOKEN_COMMA));
	return true;
}

static bool assigned(struct yg_parser *p, struct yg_node *node)
{
	return yg_want(p, YG_TOKEN_EQ, N_("\"=\"")) && add(p, node, yg_pred(p));
}

static bool let(struct yg_parser *p, struct yg_node *node, const struct yg_verb_spec *spec)
{
	if (!named(p, node, N_("a name for the new column")) || !assigned(p, node))
		return false;
	for (;;) {
		bool where = yg_at_word(p, "where");
		if (!where && !yg_at_word(p, "by"))
			return yg_options(p, node, spec);
		enum yg_node_kind kind = where ? YG_NODE_WHERE : YG_NODE_BY;
		if (!clause_allowed(p, spec, where ? YG_CLAUSE_WHERE : YG_CLAUSE_BY, node, kind))
			return false;
		struct yg_node *clause = yg_make(p, kind, NULL);
		yg_advance(p);
		if (!(where ? add(p, clause, yg_pred(p)) : yg_names(p, clause, spec)))
			return false;
		yg_add(p, node, yg_done(p, clause));
	}
}

static bool contrast(struct yg_parser *p, struct yg_node *node, const struct yg_verb_spec *spec)
{
	if (!named(p, node, N_("a name for the contrast")) || !yg_want(p, YG_TOKEN_EQ, N_("\"=\"")) ||
	    !add(p, node, yg_name_node(p, YG_NODE_NAME, N_("a cohort or a column"))))
		return false;
	if (yg_skip_word(p, "vs") && !add(p, node, yg_name_node(p, YG_NODE_NAME, N_("the cohort compared with"))))
		return false;
	return yg_options(p, node, spec);
}

static bool use(struct yg_parser *p, struct yg_node *node)
{
	if (!named(p, node, N_("a table or a cohort")))
		return false;
	if (!yg_at_word(p, "on"))
		return true;
	struct yg_node *on = yg_make(p, YG_NODE_ON, NULL);
	yg_advance(p);
	if (!add(p, on, yg_name_node(p, YG_NODE_NAME, N_("an open data set"))))
		return false;
	yg_add(p, node, yg_done(p, on));
	return true;
}

static bool statement_body(struct yg_parser *p, struct yg_node *node, const struct yg_verb_spec *spec)
{
	switch (node->kind) {
	case YG_NODE_LANG:
		return lang(p, node);
	case YG_NODE_STUDY:
		return quoted(p, node, N_("the title in quotes"));
	case YG_NODE_SEED:
		return whole_number(p, node, N_("a whole number"));
	case YG_NODE_OPEN:
	case YG_NODE_RUN:
		return quoted(p, node, N_("a file name in quotes")) && yg_tail(p, node, spec);
	case YG_NODE_IMPORT:
		return named(p, node, N_("a name for the table")) &&
		       add(p, node, yg_string_node(p, YG_NODE_STRING, N_("a file name in quotes"))) && yg_tail(p, node, spec);
	case YG_NODE_USE:
		return use(p, node);
	case YG_NODE_PARAM:
		return named(p, node, N_("a name for the parameter")) && yg_want(p, YG_TOKEN_EQ, N_("\"=\"")) &&
		       add(p, node, yg_value(p));
	case YG_NODE_CODES:
		return codes(p, node, spec);
	case YG_NODE_FACTOR:
		if (!named(p, node, N_("a column, or a name for the new one")))
			return false;
		if (yg_at(p, YG_TOKEN_EQ) && !assigned(p, node))
			return false;
		return yg_options(p, node, spec);
	case YG_NODE_LET:
		return let(p, node, spec);
	case YG_NODE_CONTRAST:
		return contrast(p, node, spec);
	default: /* ASSERT */
		if (!add(p, node, yg_pred(p)))
			return false;
		return !yg_skip_word(p, "else") || add(p, node, yg_string_node(p, YG_NODE_STRING, N_("a message in quotes")));
	}
}

static const struct {
	const char *word;
	enum yg_node_kind kind;
} statements[] = {
	{ "lang", YG_NODE_LANG },       { "study", YG_NODE_STUDY },       { "seed", YG_NODE_SEED },
	{ "open", YG_NODE_OPEN },       { "run", YG_NODE_RUN },           { "import", YG_NODE_IMPORT },
	{ "use", YG_NODE_USE },         { "param", YG_NODE_PARAM },       { "codes", YG_NODE_CODES },
	{ "factor", YG_NODE_FACTOR },   { "let", YG_NODE_LET },           { "contrast", YG_NODE_CONTRAST },
	{ "assert", YG_NODE_ASSERT },   { "cohort", YG_NODE_COHORT },     { "endpoint", YG_NODE_ENDPOINT },
	{ "covariates", YG_NODE_COVARIATES },
};

static void *statement_tail_error(struct yg_parser *p, const struct yg_verb_spec *spec, const struct yg_node *node)
{
	if (p->tok.kind == YG_TOKEN_NAME && !p->tok.reserved && spec->option_count && !yg_node_find(node, YG_NODE_OPTIONS) &&
	    (yg_follows_assign(p) || yg_verb_option(spec, yg_token_text(p))))
		return yg_option_misplaced(p, p->prev_end);
	if (yg_at(p, YG_TOKEN_COMMA) && spec->option_count && !yg_node_find(node, YG_NODE_OPTIONS)) {
		size_t comma = p->tok.at;
		yg_advance(p);
		if (yg_at_name(p) && yg_follows_assign(p))
			return yg_option_misplaced(p, comma);
	}
	if (yg_node_find(node, YG_NODE_OPTIONS))
		return yg_options_tail_error(p, spec);
	if (yg_at_word(p, "with"))
		return YG_FAIL_TOKEN(p, "E-SYN-020", N_("%s takes no options"), spec->name);
	if (yg_at_word(p, "as"))
		return YG_FAIL_TOKEN(p, "E-SYN-023", N_("%s makes nothing that \"as\" could name"), spec->name);
	return yg_expected_end(p, N_("the end of the line"));
}

static struct yg_node *statement(struct yg_parser *p)
{
	size_t i = 0, n = sizeof statements / sizeof *statements;
	while (i < n && !yg_at_word(p, statements[i].word))
		i++;
	struct yg_node *node;
	if (i == n) {
		node = yg_command(p);
	} else if (statements[i].kind >= YG_NODE_COHORT && statements[i].kind <= YG_NODE_COVARIATES) {
		if (p->tok.call) /* "cohort(" */
			return yg_expected(p, N_("a statement"));
		node = yg_block(p, statements[i].kind);
		if (node && !yg_at_line_end(p))
			return yg_expected_end(p, N_("the end of the line behind \"end\""));
	} else {
		const struct yg_verb_spec *spec = yg_statement_find(statements[i].word);
		node = yg_make(p, statements[i].kind, NULL);
		yg_advance(p);
		if (!statement_body(p, node, spec))
			return NULL;
		if (!yg_at_line_end(p))
			return statement_tail_error(p, spec, node);
		yg_done(p, node);
	}
	return node;
}

/* ---- the doors ---- */

struct yg_node *yg_parse_script_node(struct yg_parser *p)
{
	struct yg_node *script = yg_make(p, YG_NODE_SCRIPT, NULL);
	for (;;) {
		while (yg_skip(p, YG_TOKEN_EOL))
			;
		if (yg_at(p, YG_TOKEN_END))
			return yg_done(p, script);
		struct yg_node *node = statement(p);
		if (!node)
			return NULL;
		if (node->kind == YG_NODE_LANG && script->children)
			return YG_FAIL(p, node->at, node->len, "E-SYN-033", N_("\"lang\" is the first line of a script"));
		yg_add(p, script, node);
	}
}

enum door { DOOR_SCRIPT, DOOR_NEXT, DOOR_PREDICATE, DOOR_VALUE };

static struct yg_node *through(struct yg_parser *p, enum door door)
{
	if (door == DOOR_SCRIPT)
		return yg_parse_script_node(p);
	while (yg_skip(p, YG_TOKEN_EOL))
		;
	if (door == DOOR_NEXT)
		return yg_at(p, YG_TOKEN_END) ? NULL : statement(p);
	struct yg_node *node = door == DOOR_VALUE ? yg_value(p) : yg_pred(p);
	while (node && yg_skip(p, YG_TOKEN_EOL))
		;
	return node && !yg_at(p, YG_TOKEN_END) ? yg_expected_end(p, N_("the end of the text")) : node;
}

/*
 * A corrected line is only offered when no error is left on it: it is put in place of the faulty one
 * and parsed; what else is wrong there is mended the same way, a few times.
 */
static void prove_fixed(const char *text, size_t n, size_t offset, enum door door, struct yg_err *err)
{
	enum { ROUNDS = 6 };
	size_t start = err->at < n ? err->at : n, end = start;
	while (start > 0 && text[start - 1] != '\n' && text[start - 1] != '\r')
		start--;
	while (end < n && text[end] != '\n' && text[end] != '\r')
		end++;
	char best[sizeof err->fixed];
	memcpy(best, err->fixed, sizeof best);
	bool proven = false;
	for (int round = 0; round < ROUNDS && !proven && best[0]; round++) {
		struct yg_arena arena;
		struct yg_parser p;
		struct yg_buf mended;
		yg_buf_init(&mended);
		yg_arena_init(&arena);
		yg_buf_add(&mended, text, start);
		yg_buf_adds(&mended, best);
		size_t mended_end = mended.len;
		yg_buf_add(&mended, text + end, n - end);
		yg_parser_init(&p, &arena, mended.data, mended.len, offset <= start ? offset : start, NULL);
		(void)through(&p, door);
		bool here = p.status != YG_OK && p.own.at >= start && p.own.at <= mended_end && !(p.at_end && p.goes_on);
		proven = !here;
		if (here)
			memcpy(best, p.own.fixed, sizeof best);
		yg_parser_release(&p);
		yg_arena_release(&arena);
		yg_buf_release(&mended);
	}
	if (proven)
		memcpy(err->fixed, best, sizeof best);
	else
		err->fixed[0] = 0;
}

static enum yg_status parse(struct yg_arena *arena, const char *text, size_t n, size_t *offset, enum door door,
                            struct yg_node **out, struct yg_err *err)
{
	struct yg_parser p;
	yg_parser_init(&p, arena, text, n, *offset, err);
	struct yg_node *node = through(&p, door);
	enum yg_status status = p.status;
	if (status == YG_OK) {
		*offset = p.tok.at + p.tok.len; /* behind the line end */
		if (out)
			*out = node;
	} else if (p.err->fixed[0]) {
		prove_fixed(text, n, *offset, door, p.err);
	}
	yg_parser_release(&p);
	return status;
}

enum yg_status yg_parse_script(struct yg_arena *arena, const char *text, size_t n, struct yg_node **out, struct yg_err *err)
{
	size_t offset = 0;
	return parse(arena, text, n, &offset, DOOR_SCRIPT, out, err);
}

enum yg_status yg_parse_next(struct yg_arena *arena, const char *text, size_t n, size_t *offset, struct yg_node **out,
                             struct yg_err *err)
{
	return parse(arena, text, n, offset, DOOR_NEXT, out, err);
}

enum yg_status yg_parse_predicate(struct yg_arena *arena, const char *text, size_t n, struct yg_node **out, struct yg_err *err)
{
	size_t offset = 0;
	return parse(arena, text, n, &offset, DOOR_PREDICATE, out, err);
}

enum yg_status yg_parse_value(struct yg_arena *arena, const char *text, size_t n, struct yg_node **out, struct yg_err *err)
{
	size_t offset = 0;
	return parse(arena, text, n, &offset, DOOR_VALUE, out, err);
}

bool yg_parse_incomplete(const char *text, size_t n)
{
	struct yg_arena arena;
	struct yg_parser p;
	yg_arena_init(&arena);
	yg_parser_init(&p, &arena, text, n, 0, NULL);
	(void)yg_parse_script_node(&p);
	bool more = p.status != YG_OK && p.at_end && p.goes_on;
	yg_parser_release(&p);
	yg_arena_release(&arena);
	return more;
}
