/* The statements of the language that are no commands. */
#include <string.h>

#include "lang/parse_priv.h"

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
		if (!yg_clause_allowed(p, spec, where ? YG_CLAUSE_WHERE : YG_CLAUSE_BY, node, kind))
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

struct yg_node *yg_statement(struct yg_parser *p)
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
