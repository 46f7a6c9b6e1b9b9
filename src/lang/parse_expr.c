/* Predicates, arithmetic, formulas, and the values of options. */
#include <stdio.h>
#include <string.h>

#include "lang/parse_priv.h"

/* ---- helpers ---- */

static struct yg_node *binary(struct yg_parser *p, enum yg_node_kind kind, const char *text, struct yg_node *left,
                              struct yg_node *right, size_t at)
{
	if (!left || !right)
		return NULL;
	struct yg_node *node = yg_make(p, kind, text);
	node->at = at;
	yg_add(p, node, left);
	yg_add(p, node, right);
	if (node->height > YG_PARSE_DEPTH) { /* a chain of operators is as deep as it is long */
		YG_FAIL(p, at, p->prev_end - at, "E-SYN-029", N_("this expression nests deeper than %d levels"), YG_PARSE_DEPTH);
		yg_err_hint(p->err, N_("use  x in (a, b, ...)  for many values, or a \"let\" for a part"));
		return NULL;
	}
	return yg_done(p, node);
}

static struct yg_node *unary(struct yg_parser *p);

static struct yg_node *mul(struct yg_parser *p)
{
	size_t at = p->tok.at;
	struct yg_node *left = unary(p);
	while (left && (yg_at(p, YG_TOKEN_STAR) || yg_at(p, YG_TOKEN_SLASH))) {
		const char *op = yg_at(p, YG_TOKEN_STAR) ? "*" : "/";
		yg_advance(p);
		left = binary(p, YG_NODE_MULTIPLY, op, left, unary(p), at);
	}
	return left;
}

struct yg_node *yg_arith(struct yg_parser *p)
{
	size_t at = p->tok.at;
	struct yg_node *left = mul(p);
	while (left && (yg_at(p, YG_TOKEN_PLUS) || yg_at(p, YG_TOKEN_MINUS))) {
		const char *op = yg_at(p, YG_TOKEN_PLUS) ? "+" : "-";
		yg_advance(p);
		left = binary(p, YG_NODE_ADDITION, op, left, mul(p), at);
	}
	return left;
}

/* ---- the smallest parts ---- */

/* name = value is a parameter when the function has one of that name; for events always. */
static struct yg_node *as_argument(struct yg_parser *p, struct yg_node *call, bool event, struct yg_node *e)
{
	if (e->kind != YG_NODE_COMPARE || strcmp(e->text, "=") != 0 || e->child[0]->kind != YG_NODE_NAME)
		return e;
	const char *name = e->child[0]->text;
	if (!event && !yg_function_parameter(call->text, name))
		return e;
	struct yg_node *argument = yg_make(p, YG_NODE_ARGUMENT, name);
	argument->at = e->at;
	yg_add(p, argument, e->child[1]);
	return yg_done(p, argument);
}

static struct yg_node *argument(struct yg_parser *p)
{
	if (yg_at(p, YG_TOKEN_STRING))
		return yg_leaf(p, YG_NODE_STRING);
	return yg_pred(p);
}

bool yg_arguments(struct yg_parser *p, struct yg_node *call, bool event)
{
	size_t open = p->tok.at;
	if (!yg_want(p, YG_TOKEN_OPEN, N_("\"(\"")))
		return false;
	if (yg_skip(p, YG_TOKEN_CLOSE))
		return true;
	for (;;) {
		bool plain = yg_at_name(p) && !p->tok.quoted;
		struct yg_node *e = argument(p);
		if (!e)
			return false;
		yg_add(p, call, plain ? as_argument(p, call, event, e) : e);
		if (!yg_skip(p, YG_TOKEN_COMMA))
			return yg_want_close(p, YG_TOKEN_CLOSE, open);
	}
}

static struct yg_node *bracket(struct yg_parser *p)
{
	struct yg_node *tuple = yg_make(p, YG_NODE_TUPLE, NULL);
	if (!yg_arguments(p, tuple, false))
		return NULL;
	if (!tuple->children) {
		return YG_FAIL(p, tuple->at, p->prev_end - tuple->at, "E-SYN-030",
		               N_("expected a value inside the brackets, found nothing"));
	}
	return tuple->children == 1 ? tuple->child[0] : yg_done(p, tuple);
}

/* "missing(x)", "is.na(x)" of other programs. */
static struct yg_node *foreign_missing(struct yg_parser *p)
{
	size_t at = p->tok.at;
	YG_FAIL_TOKEN(p, "E-SYN-015", N_("missing values are found by \"is missing\""));
	struct yg_lexer lexer = p->lexer;
	struct yg_token open, name, close;
	yg_lex_next(&lexer, &open);
	yg_lex_next(&lexer, &name);
	yg_lex_next(&lexer, &close);
	if (name.kind == YG_TOKEN_NAME && close.kind == YG_TOKEN_CLOSE && name.len < 200) {
		char mended[256];
		snprintf(mended, sizeof mended, "%.*s is missing", (int)name.len, p->lexer.text + name.at);
		yg_fix(p, at, close.at + close.len, mended);
	}
	return NULL;
}

static struct yg_node *name_or_call(struct yg_parser *p)
{
	if (!p->tok.call)
		return yg_leaf(p, YG_NODE_NAME);
	if (yg_token_event(p)) {
		YG_FAIL_TOKEN(p, "E-SYN-035", N_("%.*s(...) picks records and is not a part of a condition"), (int)p->tok.len,
		              p->lexer.text + p->tok.at);
		yg_err_hint(p->err, N_("in a cohort:  require any %.*s(...) in [-365d, 0d]"), (int)p->tok.len,
		            p->lexer.text + p->tok.at);
		return NULL;
	}
	if (!p->tok.quoted && yg_word_among("missing is.na isna isnull", p->lexer.text + p->tok.at, p->tok.len))
		return foreign_missing(p);
	struct yg_node *call = yg_make(p, YG_NODE_CALL, yg_token_text(p));
	yg_advance(p);
	return yg_arguments(p, call, false) ? yg_done(p, call) : NULL;
}

/* A number, a duration or a date, which mean the same wherever they stand; NULL when the token is none. */
static struct yg_node *constant(struct yg_parser *p)
{
	switch (p->tok.kind) {
	case YG_TOKEN_NUMBER:
		return yg_leaf(p, YG_NODE_NUMBER);
	case YG_TOKEN_DURATION:
		return yg_leaf(p, YG_NODE_DURATION);
	case YG_TOKEN_DATE:
		return yg_leaf(p, YG_NODE_DATE);
	default:
		return NULL;
	}
}

static struct yg_node *prim(struct yg_parser *p)
{
	struct yg_node *node = constant(p);

	if (node)
		return node;
	if (yg_at(p, YG_TOKEN_OPEN))
		return bracket(p);
	if (yg_at(p, YG_TOKEN_NAME) && yg_at_name(p))
		return name_or_call(p);
	return yg_expected(p, N_("a column, a number or a function"));
}

static struct yg_node *unary(struct yg_parser *p)
{
	if (!yg_enter(p))
		return NULL;
	size_t at = p->tok.at;
	struct yg_node *node;
	if (yg_at(p, YG_TOKEN_MINUS)) {
		p->glue = YG_GLUE_AFTER;
		yg_advance(p);
		struct yg_node *e = unary(p);
		if (e) {
			node = yg_make(p, YG_NODE_NEGATE, NULL);
			node->at = at;
			yg_add(p, node, e);
			yg_done(p, node);
		} else {
			node = NULL;
		}
	} else {
		node = prim(p);
		if (node && yg_at(p, YG_TOKEN_CARET)) {
			yg_advance(p);
			node = binary(p, YG_NODE_POWER, NULL, node, unary(p), at);
		}
	}
	yg_leave(p);
	return node;
}

/* ---- comparisons ---- */

bool yg_at_test(const struct yg_parser *p)
{
	return (p->tok.kind >= YG_TOKEN_EQ && p->tok.kind <= YG_TOKEN_GE) || yg_at_word(p, "in");
}

static const char *comparison(enum yg_token_kind kind)
{
	switch (kind) {
	case YG_TOKEN_NE:
		return "!=";
	case YG_TOKEN_LT:
		return "<";
	case YG_TOKEN_LE:
		return "<=";
	case YG_TOKEN_GT:
		return ">";
	case YG_TOKEN_GE:
		return ">=";
	default:
		return "=";
	}
}

static void *compare_with_missing(struct yg_parser *p, size_t op_at, enum yg_token_kind op)
{
	const char *text = p->lexer.text;
	size_t end = p->tok.at + p->tok.len;
	YG_FAIL(p, op_at, end - op_at, "E-SYN-015", N_("nothing is equal to missing; missing values are found by \"is missing\""));
	char mended[32];
	snprintf(mended, sizeof mended, "%s%s", op_at > 0 && text[op_at - 1] != ' ' ? " " : "",
	         op == YG_TOKEN_EQ ? "is missing" : "is not missing");
	if (op == YG_TOKEN_EQ || op == YG_TOKEN_NE)
		yg_fix(p, op_at, end, mended);
	return NULL;
}

static struct yg_node *in_test(struct yg_parser *p, struct yg_node *left, size_t at)
{
	struct yg_node *node = yg_make(p, YG_NODE_IN, NULL), *set;
	node->at = at;
	yg_advance(p);
	if (yg_at(p, YG_TOKEN_OPEN) || yg_at(p, YG_TOKEN_OPEN_SQUARE))
		set = yg_group(p);
	else
		set = yg_name_node(p, YG_NODE_NAME, N_("a set (a, b), a range [a, b] or the name of a code set"));
	if (!set)
		return NULL;
	if (left)
		yg_add(p, node, left);
	yg_add(p, node, set);
	return yg_done(p, node);
}

struct yg_node *yg_test(struct yg_parser *p, struct yg_node *left)
{
	size_t at = left ? left->at : p->tok.at, op_at = p->tok.at;
	if (!yg_at_test(p))
		return yg_expected(p, N_("a comparison"));
	if (yg_at_word(p, "in"))
		return in_test(p, left, at);
	enum yg_token_kind op = p->tok.kind;
	struct yg_node *node = yg_make(p, YG_NODE_COMPARE, comparison(op));
	node->at = at;
	yg_advance(p);
	if (yg_at_word(p, "missing") && !p->tok.call)
		return compare_with_missing(p, op_at, op);
	struct yg_node *right = yg_at(p, YG_TOKEN_STRING) ? yg_leaf(p, YG_NODE_STRING) : yg_arith(p);
	if (!right)
		return NULL;
	if (left)
		yg_add(p, node, left);
	yg_add(p, node, right);
	return yg_done(p, node);
}

/* "is missing", "is not missing". */
static struct yg_node *is_test(struct yg_parser *p, struct yg_node *left)
{
	yg_advance(p);
	bool negated = yg_skip_word(p, "not");
	if (!yg_at_word(p, "missing")) {
		bool null = yg_token_among(p, "null NULL Null na NA missng mising");
		yg_expected(p, N_("\"missing\""));
		if (null)
			yg_fix(p, p->tok.at, p->tok.at + p->tok.len, "missing");
		return NULL;
	}
	yg_advance(p);
	struct yg_node *node = yg_make(p, negated ? YG_NODE_NOT_MISSING : YG_NODE_IS_MISSING, NULL);
	node->at = left->at;
	yg_add(p, node, left);
	return yg_done(p, node);
}

static struct yg_node *cmp(struct yg_parser *p)
{
	size_t left_at = p->tok.at;
	struct yg_node *left = yg_arith(p);
	if (!left)
		return NULL;
	if (yg_at_word(p, "is"))
		return is_test(p, left);
	if (yg_at_word(p, "not")) { /* "x not in (...)" of SQL */
		struct yg_token next;
		yg_peek(p, &next);
		if (!yg_lex_is(&p->lexer, &next, "in"))
			return left;
		YG_FAIL_TOKEN(p, "E-SYN-041", N_("\"not\" stands before the whole condition"));
		yg_fix_move(p, p->tok.at, p->tok.at + p->tok.len, left_at);
		return NULL;
	}
	if (!yg_at_test(p))
		return left;
	bool ordinary = !yg_at_word(p, "in");
	size_t left_end = p->prev_end, op_at = p->tok.at, middle_at = p->tok.at + p->tok.len;
	while (middle_at < p->lexer.n && p->lexer.text[middle_at] == ' ')
		middle_at++;
	struct yg_node *node = yg_test(p, left);
	if (node && ordinary && p->tok.kind >= YG_TOKEN_EQ && p->tok.kind <= YG_TOKEN_GE)
		return yg_comparison_chain(p, left_at, left_end, op_at, middle_at);
	return node;
}

static struct yg_node *lit(struct yg_parser *p)
{
	if (!yg_at_word(p, "not"))
		return cmp(p);
	if (!yg_enter(p))
		return NULL;
	size_t at = p->tok.at;
	yg_advance(p);
	struct yg_node *e = lit(p), *node = NULL;
	if (e) {
		node = yg_make(p, YG_NODE_NOT, NULL);
		node->at = at;
		yg_add(p, node, e);
		yg_done(p, node);
	}
	yg_leave(p);
	return node;
}

static struct yg_node *conjunction(struct yg_parser *p)
{
	size_t at = p->tok.at;
	struct yg_node *left = lit(p);
	while (left && yg_at_word(p, "and")) {
		yg_advance(p);
		left = binary(p, YG_NODE_AND, NULL, left, lit(p), at);
	}
	return left;
}

struct yg_node *yg_pred(struct yg_parser *p)
{
	size_t at = p->tok.at;
	struct yg_node *left = conjunction(p);
	while (left && yg_at_word(p, "or")) {
		yg_advance(p);
		left = binary(p, YG_NODE_OR, NULL, left, conjunction(p), at);
	}
	return left;
}

/* ---- values of options, sets and ranges ---- */

static struct yg_node *negative(struct yg_parser *p)
{
	size_t at = p->tok.at;
	p->glue = YG_GLUE_AFTER;
	yg_advance(p);
	if (!yg_at(p, YG_TOKEN_NUMBER) && !yg_at(p, YG_TOKEN_DURATION))
		return yg_expected(p, N_("a number or a duration"));
	struct yg_node *node = yg_leaf(p, yg_at(p, YG_TOKEN_NUMBER) ? YG_NODE_NUMBER : YG_NODE_DURATION);
	node->at = at;
	node->number = -node->number;
	if (node->kind == YG_NODE_NUMBER)
		node->text = yg_arena_printf(p->arena, "-%s", node->text);
	return yg_done(p, node);
}

static struct yg_node *atom(struct yg_parser *p)
{
	struct yg_node *node = constant(p);

	if (node)
		return node;
	switch (p->tok.kind) {
	case YG_TOKEN_MINUS:
		return negative(p);
	case YG_TOKEN_STRING:
		return yg_leaf(p, YG_NODE_STRING);
	case YG_TOKEN_NAME: /* names reserve nothing here */
		return yg_leaf(p, YG_NODE_WORD);
	case YG_TOKEN_OPEN:
	case YG_TOKEN_OPEN_SQUARE:
		return yg_group(p);
	default:
		return yg_expected(p, N_("a value"));
	}
}

struct yg_node *yg_value(struct yg_parser *p)
{
	if (!yg_enter(p))
		return NULL;
	struct yg_node *node = atom(p);
	if (node && yg_skip(p, YG_TOKEN_COLON)) {
		struct yg_node *pair = yg_make(p, YG_NODE_PAIR, NULL), *meaning = atom(p);
		pair->at = node->at;
		yg_add(p, pair, node);
		if (meaning)
			yg_add(p, pair, meaning);
		node = meaning ? yg_done(p, pair) : NULL;
	}
	yg_leave(p);
	return node;
}

struct yg_node *yg_group(struct yg_parser *p)
{
	bool square = yg_at(p, YG_TOKEN_OPEN_SQUARE);
	struct yg_node *group = yg_make(p, YG_NODE_GROUP, square ? "[" : "(");
	yg_advance(p);
	do {
		struct yg_node *value = yg_value(p);
		if (!value)
			return NULL;
		yg_add(p, group, value);
	} while (yg_skip(p, YG_TOKEN_COMMA));
	if (!yg_want_close(p, square ? YG_TOKEN_CLOSE_SQUARE : YG_TOKEN_CLOSE, group->at))
		return NULL;
	return yg_done(p, group);
}

/* ---- formulas ---- */

static struct yg_node *term(struct yg_parser *p, const struct yg_verb_spec *spec)
{
	if (yg_at(p, YG_TOKEN_NUMBER))
		return yg_leaf(p, YG_NODE_NUMBER);
	if (yg_at_name(p)) {
		bool after_comma = p->comma_at && p->comma_at + 1 == p->prev_end;
		if (after_comma && spec && yg_follows_assign(p))
			return yg_option_misplaced(p, p->comma_at);
		return name_or_call(p);
	}
	if (yg_at(p, YG_TOKEN_OPEN)) {
		YG_FAIL_TOKEN(p, "E-SYN-042", N_("a formula has no brackets around terms"));
		yg_err_hint(p->err, N_("write the products out: a*c + b*c; arithmetic goes into a function or a \"let\""));
		return NULL;
	}
	return yg_expected(p, N_("a term: a column, a function or 1"));
}

static struct yg_node *inter(struct yg_parser *p, const struct yg_verb_spec *spec)
{
	size_t at = p->tok.at;
	struct yg_node *left = term(p, spec);
	while (left && (yg_at(p, YG_TOKEN_STAR) || yg_at(p, YG_TOKEN_COLON))) {
		const char *op = yg_at(p, YG_TOKEN_STAR) ? "*" : ":";
		p->glue = YG_GLUE_BEFORE | YG_GLUE_AFTER;
		yg_advance(p);
		left = binary(p, YG_NODE_CROSS, op, left, term(p, spec), at);
	}
	if (left && (yg_at(p, YG_TOKEN_CARET) || yg_at(p, YG_TOKEN_MINUS) || yg_at(p, YG_TOKEN_SLASH))) {
		struct yg_shown shown = yg_show(p, &p->tok);
		YG_FAIL_TOKEN(p, "E-SYN-042", N_("%s is arithmetic, and a formula holds only terms"), shown.text);
		yg_err_hint(p->err, yg_at(p, YG_TOKEN_CARET) ? N_("for powers: poly(age, 2); for curves: rcs(age, 4)")
		                                              : N_("make the column first: let x = ..."));
		return NULL;
	}
	return left;
}

struct yg_node *yg_formula(struct yg_parser *p, const struct yg_verb_spec *spec)
{
	struct yg_node *formula = yg_make(p, YG_NODE_FORMULA, NULL);
	do {
		struct yg_node *model = yg_make(p, YG_NODE_MODEL, NULL);
		do {
			struct yg_node *e = inter(p, spec);
			if (!e)
				return NULL;
			yg_add(p, model, e);
		} while (yg_skip(p, YG_TOKEN_PLUS));
		yg_add(p, formula, yg_done(p, model));
	} while (yg_skip(p, YG_TOKEN_COMMA));
	return yg_done(p, formula);
}
