/* The messages about what the grammar did not want: cause, place, and the corrected line. */
#include <stdio.h>
#include <string.h>

#include "lang/parse_priv.h"
#include "yogo/lang/source.h"

void *yg_stray_bracket(struct yg_parser *p)
{
	struct yg_shown shown = yg_show(p, &p->tok);
	YG_FAIL_TOKEN(p, "E-SYN-028", N_("%s closes nothing"), shown.text);
	yg_fix(p, p->tok.at, p->tok.at + p->tok.len, "");
	return NULL;
}

void *yg_expected(struct yg_parser *p, const char *what)
{
	if (p->tok.kind == YG_TOKEN_BAD)
		return yg_bad_token(p, &p->tok);
	struct yg_shown shown = yg_show(p, &p->tok);
	if (p->tok.kind == YG_TOKEN_NAME && p->tok.reserved) {
		YG_FAIL_TOKEN(p, "E-SYN-031", N_("expected %s, found the word %s, which is reserved"), _(what), shown.text);
		yg_err_hint(p->err, N_("a column of that name is written in back-quotes: `%.*s`"), (int)p->tok.len,
		            p->lexer.text + p->tok.at);
		return NULL;
	}
	YG_FAIL_TOKEN(p, "E-SYN-030", N_("expected %s, found %s"), _(what), shown.text);
	if (yg_at(p, YG_TOKEN_EQ) && strchr(what, (int)')'))
		yg_err_hint(p->err, N_("inside brackets a name and its value are joined by a colon, as in given=(age: 60, sex: \"Male\")"));
	else if (p->tok.fresh && p->prev_end && p->tok.kind > YG_TOKEN_BAD)
		yg_err_hint(p->err, N_("the line above goes on here, because it ends in a comma, an operator or an open bracket"));
	return NULL;
}

void *yg_expected_end(struct yg_parser *p, const char *what)
{
	if (yg_at(p, YG_TOKEN_CLOSE) || yg_at(p, YG_TOKEN_CLOSE_SQUARE))
		return yg_stray_bracket(p);
	return yg_expected(p, what);
}

void *yg_option_misplaced(struct yg_parser *p, size_t from)
{
	struct yg_shown shown = yg_show(p, &p->tok);
	YG_FAIL_TOKEN(p, "E-SYN-012", N_("an option must follow \"with\", found %s"), shown.text);
	yg_fix(p, from, p->tok.at, " with ");
	return NULL;
}

/* The nearest of "a b c" within two edits (one for short words), or NULL. */
static const char *near_word(const char *const *words, size_t n, const char *word)
{
	const char *best = NULL;
	size_t least = strlen(word) > 4 ? 3 : 2;
	for (size_t i = 0; i < n; i++) {
		size_t d = yg_text_distance(words[i], word, least);
		if (d < least) {
			least = d;
			best = words[i];
		}
	}
	return best;
}

static const char *const clause_words[] = { "by", "strata", "cluster", "on", "using", "where", "to", "with", "as" };

static bool is_comparison(enum yg_token_kind kind)
{
	return kind >= YG_TOKEN_EQ && kind <= YG_TOKEN_GE;
}

/* "tab chol is missing": a condition where columns are wanted. */
static void *condition_in_list(struct yg_parser *p, const struct yg_verb_spec *spec, const struct yg_node *command)
{
	const struct yg_node *list = yg_node_find(command, YG_NODE_LIST);
	const struct yg_node *last = list && list->children ? list->child[list->children - 1] : NULL;
	YG_FAIL_TOKEN(p, "E-SYN-016", N_("%s takes names here, not a condition"), spec->name);
	if (!last || !last->text)
		return NULL;
	/* the condition runs to the next clause or the end of the line */
	struct yg_lexer lexer = p->lexer;
	struct yg_token token = p->tok;
	size_t end = token.at;
	bool missing = false;
	while (token.kind > YG_TOKEN_BAD) {
		bool clause = token.kind == YG_TOKEN_NAME && !token.quoted &&
		              yg_word_among("by strata cluster on using where to with as", lexer.text + token.at, token.len);
		if (clause || (token.kind == YG_TOKEN_COMMA && !lexer.depth))
			break;
		missing = missing || yg_lex_is(&lexer, &token, "missing");
		end = token.at + token.len;
		yg_lex_next(&lexer, &token);
	}
	size_t start, line_stop;
	if (!yg_line_around(p, command->at, end, &start, &line_stop))
		return NULL;
	const char *text = p->lexer.text;
	struct yg_buf line;
	yg_buf_init(&line);
	yg_buf_add(&line, text + start, command->at - start);
	if ((spec->clauses & YG_CLAUSE_WHERE) && list->children == 1 && strcmp(spec->name, "count") == 0) {
		yg_buf_addf(&line, "%s where ", spec->name);
		yg_buf_add(&line, text + last->at, line_stop - last->at);
	} else {
		const char *suffix = missing ? "missing" : "group";
		yg_buf_addf(&line, "let %s_%s = ", last->text, suffix);
		yg_buf_add(&line, text + last->at, end - last->at);
		yg_buf_adds(&line, "; ");
		yg_buf_add(&line, text + command->at, last->at - command->at);
		yg_buf_addf(&line, "%s_%s", last->text, suffix);
		yg_buf_add(&line, text + end, line_stop - end);
	}
	yg_set_fixed(p, &line);
	yg_buf_release(&line);
	return NULL;
}

static void *no_formula(struct yg_parser *p, const struct yg_verb_spec *spec, const struct yg_node *command)
{
	if (yg_node_find(command, YG_NODE_FORMULA))
		return yg_expected(p, N_("a clause or the end of the line"));
	YG_FAIL_TOKEN(p, "E-SYN-032", N_("%s takes no \"~\""), spec->name);
	if (spec->clauses & YG_CLAUSE_BY) {
		const char *text = p->lexer.text;
		bool blank_before = p->tok.at && text[p->tok.at - 1] == ' ';
		bool blank_after = p->tok.at + 1 < p->lexer.n && text[p->tok.at + 1] == ' ';
		char by[8];
		snprintf(by, sizeof by, "%sby%s", blank_before ? "" : " ", blank_after ? "" : " ");
		yg_fix(p, p->tok.at, p->tok.at + 1, by);
		yg_err_hint(p->err, N_("the groups compared follow \"by\""));
	}
	return NULL;
}

void *yg_command_tail_error(struct yg_parser *p, const struct yg_verb_spec *spec, const struct yg_node *command)
{
	if (p->tok.kind == YG_TOKEN_BAD)
		return yg_bad_token(p, &p->tok);
	if (yg_at(p, YG_TOKEN_CLOSE) || yg_at(p, YG_TOKEN_CLOSE_SQUARE))
		return yg_stray_bracket(p);
	if (yg_at(p, YG_TOKEN_TILDE))
		return no_formula(p, spec, command);
	bool after_list = command->children && command->child[command->children - 1]->kind == YG_NODE_LIST;
	if (after_list && (is_comparison(p->tok.kind) || yg_at_word(p, "is") || yg_at_word(p, "in") || yg_at_word(p, "and")))
		return condition_in_list(p, spec, command);
	if (spec->target == YG_TARGET_NONE && !spec->clauses) {
		struct yg_shown found = yg_show(p, &p->tok);
		return YG_FAIL_TOKEN(p, "E-SYN-032", N_("%s stands alone, found %s"), spec->name, found.text);
	}
	if (!yg_at_name(p))
		return yg_expected(p, N_("a clause (by, on, where ...), \"with\", \"as\" or the end of the line"));
	char *word = yg_token_text(p);
	struct yg_shown shown = yg_show(p, &p->tok);
	if (yg_follows_assign(p) || yg_verb_option(spec, word))
		return yg_option_misplaced(p, p->prev_end);
	if (strcmp(word, "if") == 0) {
		YG_FAIL_TOKEN(p, "E-SYN-027", N_("rows are chosen by \"where\", not by \"if\""));
		yg_fix(p, p->tok.at, p->tok.at + p->tok.len, "where");
		return NULL;
	}
	const char *near = near_word(clause_words, sizeof clause_words / sizeof *clause_words, word);
	if (near && strlen(word) > 2) {
		YG_FAIL_TOKEN(p, "E-SYN-027", N_("there is no clause %s"), shown.text);
		yg_fix(p, p->tok.at, p->tok.at + p->tok.len, near);
		return NULL;
	}
	if (after_list && spec->formula_required) {
		YG_FAIL_TOKEN(p, "E-SYN-032", N_("%s needs \"~\" before its terms"), spec->name);
		yg_fix(p, p->prev_end, p->tok.at, " ~ ");
		return NULL;
	}
	YG_FAIL_TOKEN(p, "E-SYN-030", N_("expected a comma, a clause (by, on, where ...), \"with\", \"as\" or the end of the "
	                                 "line, found %s"), shown.text);
	if (memchr(p->lexer.text + command->at, '\n', p->tok.at - command->at))
		yg_err_hint(p->err, N_("the line above goes on here, because it ends in a comma, an operator or an open bracket"));
	else if (after_list && (spec->target == YG_TARGET_COLUMNS || spec->target == YG_TARGET_RESULTS ||
	                        spec->target == YG_TARGET_ENDPOINTS))
		yg_fix(p, p->prev_end, p->tok.at, ", ");
	return NULL;
}

/* A clause behind "with" or "as": it belongs before the options. */
static void *clause_too_late(struct yg_parser *p)
{
	struct yg_lexer lexer = { .text = p->lexer.text, .n = p->lexer.n };
	struct yg_token token;
	struct yg_shown shown = yg_show(p, &p->tok);
	YG_FAIL_TOKEN(p, "E-SYN-036", N_("the clause %s comes before \"with\" and \"as\""), shown.text);
	/* it ends at the next "with", "as" or line end; it goes in front of the first "with" or "as" of the line */
	size_t start, stop, from = p->tok.at, to = from, before = from;
	if (!yg_line_around(p, from, from, &start, &stop))
		return NULL;
	yg_lex_init(&lexer, p->lexer.text, stop, start);
	bool found = false;
	for (yg_lex_next(&lexer, &token); token.kind > YG_TOKEN_BAD; yg_lex_next(&lexer, &token)) {
		bool tail = yg_lex_is(&lexer, &token, "with") || yg_lex_is(&lexer, &token, "as");
		if (tail && token.at < from && !found) {
			before = token.at;
			found = true;
		}
		if (token.at > from && tail)
			break;
		if (token.at >= from)
			to = token.at + token.len;
	}
	if (found)
		yg_fix_move(p, from, to, before);
	return NULL;
}

/* "as k with ci=log": the other way round. */
static bool after_as(struct yg_parser *p)
{
	struct yg_lexer lexer;
	struct yg_token token;
	size_t start, stop, as_at = SIZE_MAX, end = p->tok.at;
	if (!yg_line_around(p, p->tok.at, p->tok.at, &start, &stop))
		return false;
	yg_lex_init(&lexer, p->lexer.text, stop, start);
	for (yg_lex_next(&lexer, &token); token.kind > YG_TOKEN_BAD; yg_lex_next(&lexer, &token)) {
		if (token.at < p->tok.at && yg_lex_is(&lexer, &token, "as"))
			as_at = token.at;
		end = token.at + token.len;
	}
	if (as_at == SIZE_MAX)
		return false;
	YG_FAIL_TOKEN(p, "E-SYN-036", N_("\"with\" comes before \"as\""));
	yg_fix_move(p, p->tok.at, end, as_at);
	return true;
}

void *yg_options_tail_error(struct yg_parser *p, const struct yg_verb_spec *spec)
{
	if (p->tok.kind == YG_TOKEN_BAD)
		return yg_bad_token(p, &p->tok);
	if (yg_at(p, YG_TOKEN_CLOSE) || yg_at(p, YG_TOKEN_CLOSE_SQUARE))
		return yg_stray_bracket(p);
	if (yg_at_word(p, "with") && after_as(p))
		return NULL;
	if (yg_at_word(p, "with")) {
		YG_FAIL_TOKEN(p, "E-SYN-024", N_("\"with\" stands once; options are separated by commas"));
		yg_fix(p, p->prev_end, p->tok.at + p->tok.len, ",");
		return NULL;
	}
	if (p->tok.kind == YG_TOKEN_NAME && !p->tok.quoted &&
	    yg_word_among("by strata cluster on using where to", p->lexer.text + p->tok.at, p->tok.len))
		return clause_too_late(p);
	if (yg_at_name(p) && (yg_follows_assign(p) || yg_verb_option(spec, yg_token_text(p)))) {
		struct yg_shown shown = yg_show(p, &p->tok);
		YG_FAIL_TOKEN(p, "E-SYN-030", N_("expected a comma before the option %s"), shown.text);
		yg_fix(p, p->prev_end, p->tok.at, ", ");
		return NULL;
	}
	if (yg_at(p, YG_TOKEN_MINUS)) {
		YG_FAIL_TOKEN(p, "E-SYN-011", N_("words have no hyphen"));
		yg_fix(p, p->tok.at, p->tok.at + 1, "");
		return NULL;
	}
	return yg_expected(p, N_("a comma and another option, \"as\" or the end of the line"));
}

void *yg_option_unknown(struct yg_parser *p, const struct yg_verb_spec *spec)
{
	struct yg_shown shown = yg_show(p, &p->tok);
	const char *near = yg_option_nearest(spec, yg_token_text(p));
	if (!spec->option_count)
		return YG_FAIL_TOKEN(p, "E-SYN-020", N_("%s takes no options, found %s"), spec->name, shown.text);
	YG_FAIL_TOKEN(p, "E-SYN-020", N_("%s has no option %s"), spec->name, shown.text);
	if (near) {
		yg_fix(p, p->tok.at, p->tok.at + p->tok.len, near);
	} else {
		struct yg_buf names;
		yg_buf_init(&names);
		for (size_t i = 0; i < spec->option_count; i++)
			yg_buf_addf(&names, "%s%s", i ? ", " : "", spec->options[i].name);
		yg_err_hint(p->err, N_("its options: %s"), names.data);
		yg_buf_release(&names);
	}
	return NULL;
}

void *yg_unknown_statement(struct yg_parser *p)
{
	if (p->tok.kind == YG_TOKEN_BAD)
		return yg_bad_token(p, &p->tok);
	struct yg_shown shown = yg_show(p, &p->tok);
	if (yg_at(p, YG_TOKEN_STAR) || yg_at(p, YG_TOKEN_SLASH)) {
		YG_FAIL_TOKEN(p, "E-SYN-038", N_("a line begins with a verb, found %s"), shown.text);
		yg_err_hint(p->err, N_("a comment begins with #"));
		return NULL;
	}
	if (yg_at(p, YG_TOKEN_CLOSE) || yg_at(p, YG_TOKEN_CLOSE_SQUARE))
		return yg_stray_bracket(p);
	if (p->tok.kind != YG_TOKEN_NAME || p->tok.reserved || p->tok.quoted) {
		YG_FAIL_TOKEN(p, "E-SYN-038", N_("a line begins with a verb, found %s"), shown.text);
		if (p->tok.reserved)
			yg_err_hint(p->err, N_("to go on with the line above, end it in a comma or an open bracket, or write both as one line"));
		return NULL;
	}
	char *word = yg_token_text(p);
	if (strcmp(word, "end") == 0)
		return YG_FAIL_TOKEN(p, "E-SYN-037", N_("\"end\" closes no block here"));
	if (yg_follows_assign(p)) {
		YG_FAIL_TOKEN(p, "E-SYN-038", N_("a new column is made by \"let\""));
		yg_fix(p, p->tok.at, p->tok.at, "let ");
		return NULL;
	}
	const struct yg_verb_spec *clause = yg_clause_find(word);
	if (clause) {
		YG_FAIL_TOKEN(p, "E-SYN-038", N_("\"%s\" belongs in a block: %s"), word, clause->group);
		yg_err_hint(p->err, N_("%s NAME:  then one clause a line, then \"end\""), clause->group);
		return NULL;
	}
	YG_FAIL_TOKEN(p, "E-SYN-019", N_("there is no verb %s"), shown.text);
	const char *near = yg_verb_nearest(word);
	if (near)
		yg_fix(p, p->tok.at, p->tok.at + p->tok.len, near);
	else
		yg_err_hint(p->err, N_("\"help\" lists the verbs"));
	return NULL;
}

void *yg_unknown_clause(struct yg_parser *p, const char *block, const struct yg_node *node, size_t header_at)
{
	if (p->tok.kind == YG_TOKEN_BAD)
		return yg_bad_token(p, &p->tok);
	size_t line, n;
	yg_source_place(p->lexer.text, p->lexer.n, header_at, &line, NULL);
	if (p->tok.kind == YG_TOKEN_END) {
		YG_FAIL(p, header_at, strlen(block), "E-SYN-026", N_("the %s block \"%s\" has no \"end\""), block, node->text);
		yg_err_hint(p->err, N_("close it by a line that says: end"));
		return NULL;
	}
	struct yg_shown shown = yg_show(p, &p->tok);
	if (p->tok.kind != YG_TOKEN_NAME || p->tok.quoted)
		return YG_FAIL_TOKEN(p, "E-SYN-027", N_("a clause of a %s block begins with its word, found %s"), block, shown.text);
	char *word = yg_token_text(p);
	const struct yg_verb_spec *clause = yg_clause_find(word);
	if (!clause && (yg_verb_find(word) || yg_statement_find(word))) {
		YG_FAIL_TOKEN(p, "E-SYN-026", N_("the %s block \"%s\" of line %zu has no \"end\" before %s"), block, node->text,
		              line, shown.text);
		yg_err_hint(p->err, N_("close it by a line that says: end"));
		return NULL;
	}
	if (clause)
		return YG_FAIL_TOKEN(p, "E-SYN-027", N_("%s is no clause of a %s block; it belongs in a block: %s"), shown.text,
		                     block, clause->group);
	YG_FAIL_TOKEN(p, "E-SYN-027", N_("%s is no clause of a %s block"), shown.text, block);
	const struct yg_verb_spec *spec = yg_clause_specs(&n);
	const char *names[64];
	size_t count = 0;
	struct yg_buf all;
	yg_buf_init(&all);
	for (size_t i = 0; i < n && count < 63; i++)
		if (strcmp(spec[i].group, block) == 0) {
			yg_buf_addf(&all, "%s%s", count ? ", " : "", spec[i].name);
			names[count++] = spec[i].name;
		}
	names[count++] = "end";
	const char *near = near_word(names, count, word);
	if (near)
		yg_fix(p, p->tok.at, p->tok.at + p->tok.len, near);
	else
		yg_err_hint(p->err, N_("its clauses: %s"), all.data);
	yg_buf_release(&all);
	return NULL;
}

/* "18 <= age <= 65": p->tok is the second operator. */
void *yg_comparison_chain(struct yg_parser *p, size_t left_at, size_t left_end, size_t op_at, size_t middle_at)
{
	const char *text = p->lexer.text;
	size_t middle_end = p->prev_end, op2_at = p->tok.at, op2_len = p->tok.len;
	YG_FAIL_TOKEN(p, "E-SYN-014", N_("comparisons do not chain"));
	/* the third operand: one signed value or name */
	struct yg_lexer lexer = p->lexer;
	struct yg_token token;
	yg_lex_next(&lexer, &token);
	size_t right_at = token.at;
	if (token.kind == YG_TOKEN_MINUS)
		yg_lex_next(&lexer, &token);
	if (token.kind < YG_TOKEN_NAME || token.kind > YG_TOKEN_DATE || token.call)
		return NULL;
	size_t right_end = token.at + token.len;
	bool up = text[op_at] == '<' && text[op_at + 1] == '=' && text[op2_at] == '<' && op2_len == 2;
	bool down = text[op_at] == '>' && text[op_at + 1] == '=' && text[op2_at] == '>' && op2_len == 2;
	struct yg_buf mended;
	yg_buf_init(&mended);
	if (up || down) {
		yg_buf_addf(&mended, "%.*s in [%.*s, %.*s]", (int)(middle_end - middle_at), text + middle_at,
		            up ? (int)(left_end - left_at) : (int)(right_end - right_at), text + (up ? left_at : right_at),
		            up ? (int)(right_end - right_at) : (int)(left_end - left_at), text + (up ? right_at : left_at));
	} else {
		yg_buf_addf(&mended, "%.*s and %.*s", (int)(middle_end - left_at), text + left_at,
		            (int)(right_end - middle_at), text + middle_at);
	}
	if (right_end - left_at < 400)
		yg_fix(p, left_at, right_end, mended.data);
	yg_buf_release(&mended);
	return NULL;
}

void *yg_unit_missing(struct yg_parser *p, size_t at)
{
	YG_FAIL(p, at, p->tok.at + p->tok.len - at, "E-SYN-017", N_("a length of time needs a unit: d, w, m or y"));
	yg_fix(p, p->tok.at + p->tok.len, p->tok.at + p->tok.len, "d");
	return NULL;
}
