/* Completion inside expressions and options. */
#include "lang/complete_priv.h"

#include <string.h>

/* ---- expressions ---- */

/* The column whose value is wanted at the end: NAME = ..., NAME in (..., or NULL. */
const char *yg_scan_compared_column(const struct yg_scan *s, size_t from)
{
	size_t i = s->n;
	size_t open = yg_scan_open_bracket(s, from);
	if (open < s->n && open > from && yg_scan_is(s, open - 1, "in"))
		i = open - 1; /* inside the set */
	else if (i > from && yg_scan_last_kind(s) >= YG_TOKEN_EQ && yg_scan_last_kind(s) <= YG_TOKEN_GE)
		i--;
	else
		return NULL;
	if (i > from && yg_scan_is(s, i - 1, "not"))
		i--;
	return i > from && s->v[i - 1].kind == YG_TOKEN_NAME && !s->v[i - 1].reserved ? yg_scan_text_at(s, i - 1) : NULL;
}

/* A predicate that begins at token from.  True when it may end here, so that a clause may follow. */
bool yg_scan_predicate(struct yg_scan *s, size_t from, const char *function_kind)
{
	const char *column = yg_scan_compared_column(s, from);
	size_t open = yg_scan_open_bracket(s, from);
	if (column)
		yg_scan_values(s, column);
	if (s->n > from && yg_scan_is(s, s->n - 1, "is")) {
		yg_scan_word(s, YG_COMPLETE_KEYWORD, "missing", NULL, "");
		yg_scan_word(s, YG_COMPLETE_KEYWORD, "not", NULL, " ");
		return false;
	}
	if (s->n > from + 1 && yg_scan_is(s, s->n - 1, "not") && yg_scan_is(s, s->n - 2, "is")) {
		yg_scan_word(s, YG_COMPLETE_KEYWORD, "missing", NULL, "");
		return false;
	}
	if (s->n > from && yg_scan_is(s, s->n - 1, "in")) {
		yg_scan_objects(s, YG_TARGET_ANY);
		return false;
	}
	if (column && open < s->n) {
		return false; /* in a set: values only */
	}
	if (yg_scan_operand_ends(s, from)) {
		yg_scan_words(s, YG_COMPLETE_KEYWORD, "and or", " ");
		bool compared = false; /* since the last and, or, bracket or comma */
		for (size_t i = s->n; i-- > from && !yg_scan_among(s, i, "and or") && !yg_scan_opens(s->v[i].kind) && s->v[i].kind != YG_TOKEN_COMMA;)
			compared = compared || (s->v[i].kind >= YG_TOKEN_EQ && s->v[i].kind <= YG_TOKEN_GE) || yg_scan_among(s, i, "is in");
		if (!compared) {
			yg_scan_word(s, YG_COMPLETE_KEYWORD, "is missing", NULL, "");
			yg_scan_word(s, YG_COMPLETE_KEYWORD, "is not missing", NULL, "");
			yg_scan_word(s, YG_COMPLETE_KEYWORD, "in", NULL, " ");
		}
		return open == s->n;
	}
	yg_scan_columns(s);
	yg_scan_functions(s, "row");
	if (function_kind)
		yg_scan_functions(s, function_kind);
	enum yg_token_kind last = yg_scan_last_kind(s);
	bool begins = s->n <= from || yg_scan_among(s, s->n - 1, "and or not") || last == YG_TOKEN_OPEN || last == YG_TOKEN_COMMA;
	if (begins)
		yg_scan_word(s, YG_COMPLETE_KEYWORD, "not", NULL, " ");
	return false;
}

/* ---- options ---- */

static void option_value(struct yg_scan *s, const struct yg_option_spec *option, const char *outcome)
{
	s->out->option = option;
	if (!option)
		return;
	switch (option->type) {
	case YG_OPTION_FLAG:
		yg_scan_words(s, YG_COMPLETE_WORD, "yes no", "");
		break;
	case YG_OPTION_WORD:
		if (option->words)
			yg_scan_words(s, YG_COMPLETE_WORD, option->words, "");
		break;
	case YG_OPTION_COLUMN:
	case YG_OPTION_COLUMNS:
		yg_scan_columns(s);
		break;
	case YG_OPTION_TEXT:
	case YG_OPTION_VALUE:
		if (outcome && (strcmp(option->name, "event") == 0 || strcmp(option->name, "treated") == 0 ||
		                strcmp(option->name, "ref") == 0 || strcmp(option->name, "levels") == 0))
			yg_scan_values(s, outcome);
		break;
	default:
		break;
	}
}

/* Behind "with" at token i. */
void yg_scan_options(struct yg_scan *s, const struct yg_verb_spec *spec, size_t with, const char *outcome)
{
	size_t open = yg_scan_open_bracket(s, with);
	enum yg_token_kind last = yg_scan_last_kind(s);
	/* the option at hand: the name before the last "=" outside brackets */
	const struct yg_option_spec *current = NULL;
	size_t depth = 0, start = with + 1;
	for (size_t i = with + 1; i < s->n; i++) {
		if (yg_scan_opens(s->v[i].kind))
			depth++;
		else if (yg_scan_closes(s->v[i].kind) && depth)
			depth--;
		else if (s->v[i].kind == YG_TOKEN_COMMA && depth == 0)
			start = i + 1;
	}
	if (start < s->n && s->v[start].kind == YG_TOKEN_NAME)
		current = yg_verb_option(spec, yg_scan_text_at(s, start));
	if (open < s->n && open > with) {
		if (last != YG_TOKEN_COLON || (current && current->type == YG_OPTION_VALUE))
			option_value(s, current, outcome);
		return;
	}
	if (last == YG_TOKEN_EQ) {
		option_value(s, current, outcome);
		return;
	}
	if (s->n == with + 1 || last == YG_TOKEN_COMMA) {
		for (size_t k = 0; spec && k < spec->option_count; k++) {
			bool given = false;
			for (size_t i = with + 1; i < s->n; i++)
				given = given || (yg_scan_is(s, i, spec->options[k].name) && (i == with + 1 || s->v[i - 1].kind == YG_TOKEN_COMMA));
			if (!given)
				yg_scan_word(s, YG_COMPLETE_OPTION, spec->options[k].name, spec->options[k].help,
				     spec->options[k].type == YG_OPTION_FLAG ? "" : "=");
		}
		return;
	}
	if (spec->clauses & YG_CLAUSE_AS)
		yg_scan_word(s, YG_COMPLETE_KEYWORD, "as", NULL, " ");
}

/* "with" and "as" where they may follow. */
void yg_scan_tail_words(struct yg_scan *s, const struct yg_verb_spec *spec)
{
	if (spec->option_count)
		yg_scan_word(s, YG_COMPLETE_KEYWORD, "with", NULL, " ");
	if (spec->clauses & YG_CLAUSE_AS)
		yg_scan_word(s, YG_COMPLETE_KEYWORD, "as", NULL, " ");
}

/* The tail of any statement: true when the cursor is inside it. */
bool yg_scan_in_tail(struct yg_scan *s, const struct yg_verb_spec *spec, const char *outcome)
{
	size_t with = s->n;
	for (size_t i = 1; i < s->n; i++) {
		if (yg_scan_is(s, i, "as") && s->v[i - 1].kind != YG_TOKEN_EQ)
			return true; /* a new name */
		if (with == s->n && yg_scan_is(s, i, "with"))
			with = i;
	}
	if (with == s->n)
		return false;
	yg_scan_options(s, spec, with, outcome);
	return true;
}
