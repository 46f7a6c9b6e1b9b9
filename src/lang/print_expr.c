/* Names, expressions, values and options as canonical text. */
#include "lang/print_priv.h"

#include <string.h>

#include "lang/lex_priv.h"
#include "yogo/base/date.h"
#include "yogo/base/text.h"

void yg_print_name(const char *name, struct yg_buf *out)
{
	size_t n = strlen(name);
	if (yg_name_plain(name, n))
		yg_buf_add(out, name, n);
	else
		yg_buf_addf(out, "`%s`", name);
}

/* Words of options reserve nothing, but must still be read as one token. */
void yg_print_word(const char *word, struct yg_buf *out)
{
	size_t n = strlen(word);
	if (yg_name_plain(word, n) || yg_word_reserved(word, n))
		yg_buf_add(out, word, n);
	else
		yg_buf_addf(out, "`%s`", word);
}

void yg_print_string(const char *text, struct yg_buf *out)
{
	yg_escape_script(out, text, strlen(text));
}

static void print_duration(const struct yg_node *node, struct yg_buf *out)
{
	char number[32];
	yg_print_double(number, node->number);
	yg_buf_addf(out, "%s%s", number, node->text);
}

static void print_number(const struct yg_node *node, struct yg_buf *out)
{
	char number[32];
	if (!node->text)
		yg_print_double(number, node->number);
	yg_buf_adds(out, node->text ? node->text : number);
}

static void print_date(const struct yg_node *node, struct yg_buf *out)
{
	char date[16];
	yg_date_print(date, (int32_t)node->number, YG_DAY);
	yg_buf_adds(out, date);
}

/* ---- expressions ---- */

static int level_of(const struct yg_node *e)
{
	switch (e->kind) {
	case YG_NODE_OR:
		return YG_LEVEL_OR;
	case YG_NODE_AND:
		return YG_LEVEL_AND;
	case YG_NODE_NOT:
		return YG_LEVEL_NOT;
	case YG_NODE_COMPARE:
	case YG_NODE_IN:
	case YG_NODE_IS_MISSING:
	case YG_NODE_NOT_MISSING:
		return YG_LEVEL_COMPARE;
	case YG_NODE_ADDITION:
		return YG_LEVEL_ADD;
	case YG_NODE_MULTIPLY:
		return YG_LEVEL_MULTIPLY;
	case YG_NODE_NEGATE:
		return YG_LEVEL_NEGATE;
	case YG_NODE_POWER:
		return YG_LEVEL_POWER;
	case YG_NODE_NUMBER: /* a number that the resolver made negative */
		return e->text && e->text[0] == '-' ? YG_LEVEL_NEGATE : YG_LEVEL_ATOM;
	case YG_NODE_STRING: /* bare only as an argument or right of a comparison */
		return 0;
	default:
		return YG_LEVEL_ATOM;
	}
}


void yg_print_arguments(const struct yg_node *call, struct yg_buf *out)
{
	yg_buf_addc(out, '(');
	for (uint32_t i = 0; i < call->children; i++) {
		const struct yg_node *e = call->child[i];
		if (i)
			yg_buf_adds(out, ", ");
		if (e->kind == YG_NODE_ARGUMENT) {
			yg_print_name(e->text, out);
			yg_buf_adds(out, " = ");
			e = e->child[0];
			yg_print_level(e, e->kind == YG_NODE_STRING ? 0 : YG_LEVEL_ADD, out);
		} else {
			yg_print_level(e, 0, out);
		}
	}
	yg_buf_addc(out, ')');
}

static void print_two(const struct yg_node *e, const char *between, int left, int right, struct yg_buf *out)
{
	yg_print_level(e->child[0], left, out);
	yg_buf_adds(out, between);
	yg_print_level(e->child[1], right, out);
}

/* Without its left side: "= 3", "in (1, 2)". */
static void print_test(const struct yg_node *e, const struct yg_node *right, struct yg_buf *out)
{
	if (e->kind == YG_NODE_COMPARE) {
		yg_buf_addf(out, "%s ", e->text);
		yg_print_level(right, right->kind == YG_NODE_STRING ? 0 : YG_LEVEL_ADD, out);
	} else {
		yg_buf_adds(out, "in ");
		if (right->kind == YG_NODE_NAME)
			yg_print_name(right->text, out);
		else
			yg_print_value(right, out);
	}
}

void yg_print_operator(const struct yg_node *e, struct yg_buf *out)
{
	switch (e->kind) {
	case YG_NODE_OR:
		print_two(e, " or ", YG_LEVEL_OR, YG_LEVEL_AND, out);
		break;
	case YG_NODE_AND:
		print_two(e, " and ", YG_LEVEL_AND, YG_LEVEL_NOT, out);
		break;
	case YG_NODE_NOT:
		yg_buf_adds(out, "not ");
		yg_print_level(e->child[0], YG_LEVEL_NOT, out);
		break;
	case YG_NODE_COMPARE:
	case YG_NODE_IN:
		if (e->children > 1) {
			yg_print_level(e->child[0], YG_LEVEL_ADD, out);
			yg_buf_addc(out, ' ');
		}
		print_test(e, e->child[e->children - 1], out);
		break;
	case YG_NODE_IS_MISSING:
	case YG_NODE_NOT_MISSING:
		yg_print_level(e->child[0], YG_LEVEL_ADD, out);
		yg_buf_adds(out, e->kind == YG_NODE_IS_MISSING ? " is missing" : " is not missing");
		break;
	case YG_NODE_ADDITION:
		print_two(e, e->text[0] == '+' ? " + " : " - ", YG_LEVEL_ADD, YG_LEVEL_MULTIPLY, out);
		break;
	case YG_NODE_MULTIPLY:
		print_two(e, e->text[0] == '*' ? " * " : " / ", YG_LEVEL_MULTIPLY, YG_LEVEL_NEGATE, out);
		break;
	case YG_NODE_NEGATE:
		yg_buf_addc(out, '-');
		yg_print_level(e->child[0], YG_LEVEL_NEGATE, out);
		break;
	default: /* POWER */
		print_two(e, "^", YG_LEVEL_ATOM, YG_LEVEL_NEGATE, out);
		break;
	}
}

void yg_print_atom(const struct yg_node *e, struct yg_buf *out)
{
	switch (e->kind) {
	case YG_NODE_NAME:
		yg_print_name(e->text, out);
		break;
	case YG_NODE_CALL:
		yg_print_name(e->text, out);
		yg_print_arguments(e, out);
		break;
	case YG_NODE_TUPLE:
		yg_print_arguments(e, out);
		break;
	case YG_NODE_DURATION:
		print_duration(e, out);
		break;
	case YG_NODE_DATE:
		print_date(e, out);
		break;
	case YG_NODE_NUMBER:
		print_number(e, out);
		break;
	case YG_NODE_STRING:
		yg_print_string(e->text, out);
		break;
	case YG_NODE_CROSS:
		yg_print_atom(e->child[0], out);
		yg_buf_adds(out, e->text);
		yg_print_atom(e->child[1], out);
		break;
	default:
		yg_print_value(e, out);
		break;
	}
}

void yg_print_level(const struct yg_node *e, int least, struct yg_buf *out)
{
	int level = level_of(e);
	bool brackets = level < least;
	if (brackets)
		yg_buf_addc(out, '(');
	if (level >= YG_LEVEL_OR && level <= YG_LEVEL_POWER && e->kind != YG_NODE_NUMBER)
		yg_print_operator(e, out);
	else
		yg_print_atom(e, out);
	if (brackets)
		yg_buf_addc(out, ')');
}

/* A whole predicate. */
void yg_print_pred(const struct yg_node *e, struct yg_buf *out)
{
	yg_print_level(e, YG_LEVEL_OR, out);
}

/*
 * A predicate where rule and pick words are looked for: when its first token would be taken for one,
 * the name gets back-quotes.
 */
void yg_print_guarded(const struct yg_node *e, const char *words, struct yg_buf *out)
{
	size_t start = out->len;
	yg_print_pred(e, out);
	struct yg_lexer lexer;
	struct yg_token token;
	yg_lex_init(&lexer, out->data + start, out->len - start, 0);
	yg_lex_next(&lexer, &token);
	size_t n = token.len;
	if (token.kind != YG_TOKEN_NAME || token.quoted || token.call || !yg_word_among(words, out->data + start, n))
		return;
	char *rest = yg_xstrndup(out->data + start, out->len - start);
	out->len = start;
	yg_buf_addc(out, '`');
	yg_buf_add(out, rest, n);
	yg_buf_addc(out, '`');
	yg_buf_adds(out, rest + n);
	yg_free(rest);
}

/* ---- values and options ---- */

void yg_print_value(const struct yg_node *value, struct yg_buf *out)
{
	switch (value->kind) {
	case YG_NODE_PAIR:
		yg_print_value(value->child[0], out);
		yg_buf_adds(out, ": ");
		yg_print_value(value->child[1], out);
		break;
	case YG_NODE_GROUP:
		yg_buf_adds(out, value->text);
		for (uint32_t i = 0; i < value->children; i++) {
			if (i)
				yg_buf_adds(out, ", ");
			yg_print_value(value->child[i], out);
		}
		yg_buf_adds(out, value->text[0] == '[' ? "]" : ")");
		break;
	case YG_NODE_WORD:
		yg_print_word(value->text, out);
		break;
	default:
		yg_print_atom(value, out);
		break;
	}
}

void yg_print_names(const struct yg_node *list, const char *between, struct yg_buf *out)
{
	for (uint32_t i = 0; i < list->children; i++) {
		if (i)
			yg_buf_adds(out, between);
		if (list->child[i]->kind == YG_NODE_STRING)
			yg_print_string(list->child[i]->text, out);
		else
			yg_print_name(list->child[i]->text, out);
	}
}

static void print_options(const struct yg_node *options, struct yg_buf *out)
{
	yg_buf_adds(out, " with ");
	for (uint32_t i = 0; i < options->children; i++) {
		const struct yg_node *option = options->child[i];
		if (i)
			yg_buf_adds(out, ", ");
		yg_print_word(option->text, out);
		if (option->children) {
			yg_buf_addc(out, '=');
			yg_print_value(option->child[0], out);
		}
	}
}

/* OPTIONS and AS of any owner. */
void yg_print_tail(const struct yg_node *owner, struct yg_buf *out)
{
	const struct yg_node *options = yg_node_find(owner, YG_NODE_OPTIONS), *as = yg_node_find(owner, YG_NODE_AS);
	if (options)
		print_options(options, out);
	if (as) {
		yg_buf_adds(out, " as ");
		yg_print_name(as->text, out);
	}
}
