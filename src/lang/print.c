/* The canonical text of a tree. */
#include "yogo/lang/print.h"

#include <stdio.h>
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
static void print_word(const char *word, struct yg_buf *out)
{
	size_t n = strlen(word);
	if (yg_name_plain(word, n) || yg_word_reserved(word, n))
		yg_buf_add(out, word, n);
	else
		yg_buf_addf(out, "`%s`", word);
}

static void print_string(const char *text, struct yg_buf *out)
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

enum { LEVEL_OR = 1, LEVEL_AND, LEVEL_NOT, LEVEL_COMPARE, LEVEL_ADD, LEVEL_MULTIPLY, LEVEL_NEGATE, LEVEL_POWER, LEVEL_ATOM };

static int level_of(const struct yg_node *e)
{
	switch (e->kind) {
	case YG_NODE_OR:
		return LEVEL_OR;
	case YG_NODE_AND:
		return LEVEL_AND;
	case YG_NODE_NOT:
		return LEVEL_NOT;
	case YG_NODE_COMPARE:
	case YG_NODE_IN:
	case YG_NODE_IS_MISSING:
	case YG_NODE_NOT_MISSING:
		return LEVEL_COMPARE;
	case YG_NODE_ADDITION:
		return LEVEL_ADD;
	case YG_NODE_MULTIPLY:
		return LEVEL_MULTIPLY;
	case YG_NODE_NEGATE:
		return LEVEL_NEGATE;
	case YG_NODE_POWER:
		return LEVEL_POWER;
	case YG_NODE_NUMBER: /* a number that the resolver made negative */
		return e->text && e->text[0] == '-' ? LEVEL_NEGATE : LEVEL_ATOM;
	case YG_NODE_STRING: /* bare only as an argument or right of a comparison */
		return 0;
	default:
		return LEVEL_ATOM;
	}
}

static void print_e(const struct yg_node *e, int least, struct yg_buf *out);
static void print_value(const struct yg_node *value, struct yg_buf *out);

static void print_arguments(const struct yg_node *call, struct yg_buf *out)
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
			print_e(e, e->kind == YG_NODE_STRING ? 0 : LEVEL_ADD, out);
		} else {
			print_e(e, 0, out);
		}
	}
	yg_buf_addc(out, ')');
}

static void print_two(const struct yg_node *e, const char *between, int left, int right, struct yg_buf *out)
{
	print_e(e->child[0], left, out);
	yg_buf_adds(out, between);
	print_e(e->child[1], right, out);
}

/* Without its left side: "= 3", "in (1, 2)". */
static void print_test(const struct yg_node *e, const struct yg_node *right, struct yg_buf *out)
{
	if (e->kind == YG_NODE_COMPARE) {
		yg_buf_addf(out, "%s ", e->text);
		print_e(right, right->kind == YG_NODE_STRING ? 0 : LEVEL_ADD, out);
	} else {
		yg_buf_adds(out, "in ");
		if (right->kind == YG_NODE_NAME)
			yg_print_name(right->text, out);
		else
			print_value(right, out);
	}
}

static void print_operator(const struct yg_node *e, struct yg_buf *out)
{
	switch (e->kind) {
	case YG_NODE_OR:
		print_two(e, " or ", LEVEL_OR, LEVEL_AND, out);
		break;
	case YG_NODE_AND:
		print_two(e, " and ", LEVEL_AND, LEVEL_NOT, out);
		break;
	case YG_NODE_NOT:
		yg_buf_adds(out, "not ");
		print_e(e->child[0], LEVEL_NOT, out);
		break;
	case YG_NODE_COMPARE:
	case YG_NODE_IN:
		if (e->children > 1) {
			print_e(e->child[0], LEVEL_ADD, out);
			yg_buf_addc(out, ' ');
		}
		print_test(e, e->child[e->children - 1], out);
		break;
	case YG_NODE_IS_MISSING:
	case YG_NODE_NOT_MISSING:
		print_e(e->child[0], LEVEL_ADD, out);
		yg_buf_adds(out, e->kind == YG_NODE_IS_MISSING ? " is missing" : " is not missing");
		break;
	case YG_NODE_ADDITION:
		print_two(e, e->text[0] == '+' ? " + " : " - ", LEVEL_ADD, LEVEL_MULTIPLY, out);
		break;
	case YG_NODE_MULTIPLY:
		print_two(e, e->text[0] == '*' ? " * " : " / ", LEVEL_MULTIPLY, LEVEL_NEGATE, out);
		break;
	case YG_NODE_NEGATE:
		yg_buf_addc(out, '-');
		print_e(e->child[0], LEVEL_NEGATE, out);
		break;
	default: /* POWER */
		print_two(e, "^", LEVEL_ATOM, LEVEL_NEGATE, out);
		break;
	}
}

static void print_atom(const struct yg_node *e, struct yg_buf *out)
{
	switch (e->kind) {
	case YG_NODE_NAME:
		yg_print_name(e->text, out);
		break;
	case YG_NODE_CALL:
		yg_print_name(e->text, out);
		print_arguments(e, out);
		break;
	case YG_NODE_TUPLE:
		print_arguments(e, out);
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
		print_string(e->text, out);
		break;
	case YG_NODE_CROSS:
		print_atom(e->child[0], out);
		yg_buf_adds(out, e->text);
		print_atom(e->child[1], out);
		break;
	default:
		print_value(e, out);
		break;
	}
}

static void print_e(const struct yg_node *e, int least, struct yg_buf *out)
{
	int level = level_of(e);
	bool brackets = level < least;
	if (brackets)
		yg_buf_addc(out, '(');
	if (level >= LEVEL_OR && level <= LEVEL_POWER && e->kind != YG_NODE_NUMBER)
		print_operator(e, out);
	else
		print_atom(e, out);
	if (brackets)
		yg_buf_addc(out, ')');
}

/* A whole predicate. */
static void print_pred(const struct yg_node *e, struct yg_buf *out)
{
	print_e(e, LEVEL_OR, out);
}

/*
 * A predicate where rule and pick words are looked for: when its first token would be taken for one,
 * the name gets back-quotes.
 */
static void print_guarded(const struct yg_node *e, const char *words, struct yg_buf *out)
{
	size_t start = out->len;
	print_pred(e, out);
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

static void print_value(const struct yg_node *value, struct yg_buf *out)
{
	switch (value->kind) {
	case YG_NODE_PAIR:
		print_value(value->child[0], out);
		yg_buf_adds(out, ": ");
		print_value(value->child[1], out);
		break;
	case YG_NODE_GROUP:
		yg_buf_adds(out, value->text);
		for (uint32_t i = 0; i < value->children; i++) {
			if (i)
				yg_buf_adds(out, ", ");
			print_value(value->child[i], out);
		}
		yg_buf_adds(out, value->text[0] == '[' ? "]" : ")");
		break;
	case YG_NODE_WORD:
		print_word(value->text, out);
		break;
	default:
		print_atom(value, out);
		break;
	}
}

static void print_names(const struct yg_node *list, const char *between, struct yg_buf *out)
{
	for (uint32_t i = 0; i < list->children; i++) {
		if (i)
			yg_buf_adds(out, between);
		if (list->child[i]->kind == YG_NODE_STRING)
			print_string(list->child[i]->text, out);
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
		print_word(option->text, out);
		if (option->children) {
			yg_buf_addc(out, '=');
			print_value(option->child[0], out);
		}
	}
}

/* OPTIONS and AS of any owner. */
static void print_tail(const struct yg_node *owner, struct yg_buf *out)
{
	const struct yg_node *options = yg_node_find(owner, YG_NODE_OPTIONS), *as = yg_node_find(owner, YG_NODE_AS);
	if (options)
		print_options(options, out);
	if (as) {
		yg_buf_adds(out, " as ");
		yg_print_name(as->text, out);
	}
}

/* ---- commands ---- */

static void print_formula(const struct yg_node *formula, struct yg_buf *out)
{
	for (uint32_t i = 0; i < formula->children; i++) {
		const struct yg_node *model = formula->child[i];
		if (i)
			yg_buf_adds(out, ", ");
		for (uint32_t j = 0; j < model->children; j++) {
			if (j)
				yg_buf_adds(out, " + ");
			print_atom(model->child[j], out);
		}
	}
}

static void print_clause(const struct yg_node *clause, struct yg_buf *out)
{
	switch (clause->kind) {
	case YG_NODE_BY:
		yg_buf_adds(out, " by ");
		for (uint32_t i = 0; i < clause->children; i++) {
			const struct yg_node *part = clause->child[i];
			if (i)
				yg_buf_adds(out, ", ");
			if (part->kind == YG_NODE_CROSSING)
				print_names(part, ":", out);
			else
				yg_print_name(part->text, out);
		}
		break;
	case YG_NODE_WHERE:
		yg_buf_adds(out, " where ");
		print_pred(clause->child[0], out);
		break;
	case YG_NODE_TO:
		yg_buf_adds(out, " to ");
		print_string(clause->text, out);
		break;
	case YG_NODE_STRATA:
	case YG_NODE_CLUSTER:
	case YG_NODE_ON:
	case YG_NODE_USING:
		yg_buf_adds(out, clause->kind == YG_NODE_STRATA    ? " strata "
		                 : clause->kind == YG_NODE_CLUSTER ? " cluster "
		                 : clause->kind == YG_NODE_ON      ? " on "
		                                                   : " using ");
		print_names(clause, ", ", out);
		break;
	default:
		break;
	}
}

/* The words asked about may be reserved ones. */
static void print_help_words(const struct yg_node *list, struct yg_buf *out)
{
	for (uint32_t i = 0; i < list->children; i++) {
		yg_buf_adds(out, i ? " " : "");
		if (list->child[i]->kind == YG_NODE_STRING)
			print_string(list->child[i]->text, out);
		else
			print_word(list->child[i]->text, out);
	}
}

static void print_command(const struct yg_node *command, struct yg_buf *out)
{
	yg_buf_adds(out, command->text);
	const struct yg_node *list = yg_node_find(command, YG_NODE_LIST);
	if (list) {
		yg_buf_addc(out, ' ');
		if (strcmp(command->text, "help") == 0)
			print_help_words(list, out);
		else
			print_names(list, ", ", out);
	}
	const struct yg_node *formula = yg_node_find(command, YG_NODE_FORMULA);
	if (formula) {
		yg_buf_adds(out, " ~ ");
		print_formula(formula, out);
	}
	for (uint32_t i = 0; i < command->children; i++)
		print_clause(command->child[i], out);
	print_tail(command, out);
}

/* ---- block clauses ---- */

static void print_events(const struct yg_node *events, struct yg_buf *out)
{
	for (uint32_t i = 0; i < events->children; i++) {
		if (i)
			yg_buf_adds(out, " or ");
		yg_buf_adds(out, events->child[i]->text);
		print_arguments(events->child[i], out);
	}
}

static void print_event(const struct yg_node *event, struct yg_buf *out)
{
	yg_buf_adds(out, event->text);
	print_arguments(event, out);
}

static void print_window(const struct yg_node *window, struct yg_buf *out)
{
	yg_buf_adds(out, " in [");
	print_atom(window->child[0], out);
	yg_buf_adds(out, ", ");
	print_atom(window->child[1], out);
	yg_buf_addc(out, ']');
}

static void print_label(const struct yg_node *clause, struct yg_buf *out)
{
	yg_buf_addc(out, ' ');
	if (clause->children > 1 && clause->child[0]->kind == YG_NODE_STRING) {
		print_string(clause->child[0]->text, out);
		yg_buf_adds(out, ": ");
	}
}

static void print_rule(const struct yg_node *rule, struct yg_buf *out)
{
	const struct yg_node *event = yg_node_find(rule, YG_NODE_EVENT), *window = yg_node_find(rule, YG_NODE_WINDOW);
	switch (rule->kind) {
	case YG_NODE_RULE_EVENTS:
		yg_buf_addf(out, "%s ", rule->text);
		print_events(rule->child[0], out);
		print_window(window, out);
		break;
	case YG_NODE_RULE_COUNT:
	case YG_NODE_RULE_VALUE:
		if (rule->kind == YG_NODE_RULE_COUNT)
			yg_buf_adds(out, "count ");
		else
			yg_buf_addf(out, "value %s ", rule->text);
		print_event(event, out);
		print_window(window, out);
		yg_buf_addc(out, ' ');
		print_operator(rule->child[2], out);
		break;
	case YG_NODE_RULE_OBSERVED:
		yg_buf_adds(out, "observed");
		print_window(window, out);
		break;
	default:
		print_guarded(rule, "any none count value observed", out);
		break;
	}
}

static void print_stop(const struct yg_node *clause, struct yg_buf *out)
{
	yg_buf_addf(out, " %s", clause->text);
	for (uint32_t i = 0; i < clause->children; i++) {
		const struct yg_node *child = clause->child[i];
		if (child->kind == YG_NODE_OPTIONS || child->kind == YG_NODE_AS)
			continue;
		yg_buf_addc(out, ' ');
		if (child->kind == YG_NODE_EVENTS)
			print_events(child, out);
		else if (child->kind == YG_NODE_EVENT)
			print_event(child, out);
		else
			print_atom(child, out);
	}
	print_tail(clause, out);
}

static void print_happening(const struct yg_node *clause, struct yg_buf *out)
{
	print_label(clause, out);
	if (clause->text)
		yg_buf_addf(out, "%s ", clause->text);
	const struct yg_node *what = clause->child[clause->children - 1];
	if (what->kind == YG_NODE_EVENTS) {
		print_events(what, out);
	} else if (what->kind == YG_NODE_AT) {
		yg_buf_adds(out, "at ");
		yg_print_name(what->text, out);
	} else {
		print_guarded(what, clause->text ? "at" : "at first last every min max mean sum any count", out);
	}
}

static const char *clause_word(enum yg_node_kind kind)
{
	switch (kind) {
	case YG_NODE_ENTER:
		return "enter";
	case YG_NODE_REQUIRE:
		return "require";
	case YG_NODE_EXCLUDE:
		return "exclude";
	case YG_NODE_EXIT:
		return "exit";
	case YG_NODE_EPISODES:
		return "episodes";
	case YG_NODE_LIMIT:
		return "limit";
	case YG_NODE_START:
		return "start";
	case YG_NODE_UNTIL:
		return "until";
	case YG_NODE_CLEAN:
		return "clean";
	case YG_NODE_UNIT:
		return "unit";
	case YG_NODE_WHERE:
		return "where";
	case YG_NODE_TIME:
		return "time";
	case YG_NODE_ENTRY:
		return "entry";
	case YG_NODE_BETWEEN:
		return "between";
	case YG_NODE_EACH:
		return "each";
	case YG_NODE_CENSOR:
		return "censor";
	case YG_NODE_EVENT_CLAUSE:
		return "event";
	case YG_NODE_COMPETE:
		return "compete";
	case YG_NODE_KEEP:
		return "keep";
	case YG_NODE_ADD:
		return "add";
	default:
		return NULL;
	}
}

static void print_block_clause(const struct yg_node *clause, struct yg_buf *out)
{
	yg_buf_adds(out, clause_word(clause->kind));
	switch (clause->kind) {
	case YG_NODE_ENTER:
		yg_buf_addf(out, " %s ", clause->text);
		print_events(clause->child[0], out);
		if (clause->children > 1)
			print_window(clause->child[1], out);
		break;
	case YG_NODE_REQUIRE:
	case YG_NODE_EXCLUDE:
		print_label(clause, out);
		print_rule(clause->child[clause->children - 1], out);
		break;
	case YG_NODE_EXIT:
	case YG_NODE_CENSOR:
		print_stop(clause, out);
		break;
	case YG_NODE_EPISODES:
		print_tail(clause, out);
		break;
	case YG_NODE_LIMIT:
		yg_buf_addf(out, " %s", clause->text);
		break;
	case YG_NODE_UNIT:
	case YG_NODE_EACH:
		yg_buf_addc(out, ' ');
		yg_print_name(clause->text, out);
		break;
	case YG_NODE_WHERE:
		yg_buf_addc(out, ' ');
		print_pred(clause->child[0], out);
		break;
	case YG_NODE_TIME:
		yg_buf_addc(out, ' ');
		yg_print_name(clause->text, out);
		if (yg_node_find(clause, YG_NODE_WORD)) {
			yg_buf_adds(out, " in ");
			yg_print_name(yg_node_find(clause, YG_NODE_WORD)->text, out);
		}
		print_tail(clause, out);
		break;
	case YG_NODE_BETWEEN:
		yg_buf_addc(out, ' ');
		print_names(clause, " and ", out);
		break;
	case YG_NODE_EVENT_CLAUSE:
	case YG_NODE_COMPETE:
		print_happening(clause, out);
		break;
	case YG_NODE_KEEP:
		yg_buf_addc(out, ' ');
		print_names(clause, ", ", out);
		break;
	case YG_NODE_ADD:
		yg_buf_addc(out, ' ');
		if (clause->text)
			yg_buf_addf(out, "%s ", clause->text);
		print_event(clause->child[0], out);
		print_window(clause->child[1], out);
		print_tail(clause, out);
		break;
	default: /* START UNTIL CLEAN ENTRY: one child */
		yg_buf_addc(out, ' ');
		print_atom(clause->child[0], out);
		break;
	}
}

/* ---- statements ---- */

static void print_block(const struct yg_node *block, const char *word, const char *newline, const char *indent,
                        struct yg_buf *out)
{
	yg_buf_addf(out, "%s ", word);
	yg_print_name(block->text, out);
	const struct yg_node *like = yg_node_find(block, YG_NODE_LIKE);
	if (like) {
		yg_buf_adds(out, " like ");
		yg_print_name(like->text, out);
	}
	yg_buf_addc(out, ':');
	for (uint32_t i = 0; i < block->children; i++) {
		const struct yg_node *child = block->child[i];
		if (child->kind == YG_NODE_STRING) {
			yg_buf_addc(out, ' ');
			print_string(child->text, out);
		} else if (child->kind != YG_NODE_LIKE) {
			yg_buf_addf(out, "%s%s", newline, indent);
			print_block_clause(child, out);
		}
	}
	yg_buf_addf(out, "%send", newline);
}

static void print_codes(const struct yg_node *codes, struct yg_buf *out)
{
	yg_buf_adds(out, "codes ");
	yg_print_name(codes->text, out);
	const struct yg_node *from = yg_node_find(codes, YG_NODE_FROM);
	if (from) {
		yg_buf_adds(out, " from ");
		print_string(from->text, out);
	}
	bool first = true;
	for (uint32_t i = 0; i < codes->children; i++) {
		const struct yg_node *code = codes->child[i];
		if (code->kind != YG_NODE_CODE)
			continue;
		yg_buf_adds(out, first ? " = " : ", ");
		first = false;
		yg_print_name(code->text, out);
		yg_buf_addc(out, ' ');
		print_atom(code->child[0], out);
	}
	print_tail(codes, out);
}

static void print_definition(const struct yg_node *node, const char *word, struct yg_buf *out)
{
	yg_buf_addf(out, "%s ", word);
	yg_print_name(node->text, out);
	for (uint32_t i = 0; i < node->children; i++) {
		const struct yg_node *child = node->child[i];
		if (child->kind == YG_NODE_OPTIONS)
			continue;
		if (i == 0) {
			yg_buf_adds(out, " = ");
			print_pred(child, out);
		} else if (node->kind == YG_NODE_CONTRAST) {
			yg_buf_adds(out, " vs ");
			yg_print_name(child->text, out);
		} else {
			print_clause(child, out);
		}
	}
	print_tail(node, out);
}

static void print_file(const struct yg_node *node, const char *word, struct yg_buf *out)
{
	yg_buf_addf(out, "%s ", word);
	if (node->kind == YG_NODE_IMPORT) {
		yg_print_name(node->text, out);
		yg_buf_addc(out, ' ');
		print_string(node->child[0]->text, out);
	} else {
		print_string(node->text, out);
	}
	print_tail(node, out);
}

static void print_simple(const struct yg_node *node, struct yg_buf *out)
{
	char number[32];
	switch (node->kind) {
	case YG_NODE_LANG:
	case YG_NODE_SEED:
		snprintf(number, sizeof number, "%.0f", node->number);
		yg_buf_addf(out, "%s %s", node->kind == YG_NODE_LANG ? "lang" : "seed", number);
		break;
	case YG_NODE_STUDY:
		yg_buf_adds(out, "study ");
		print_string(node->text, out);
		break;
	case YG_NODE_USE:
		yg_buf_adds(out, "use ");
		yg_print_name(node->text, out);
		if (node->children) {
			yg_buf_adds(out, " on ");
			yg_print_name(node->child[0]->child[0]->text, out);
		}
		break;
	case YG_NODE_PARAM:
		yg_buf_adds(out, "param ");
		yg_print_name(node->text, out);
		yg_buf_adds(out, " = ");
		print_value(node->child[0], out);
		break;
	default: /* ASSERT */
		yg_buf_adds(out, "assert ");
		print_pred(node->child[0], out);
		if (node->children > 1) {
			yg_buf_adds(out, " else ");
			print_string(node->child[1]->text, out);
		}
		break;
	}
}

static void print_statement(const struct yg_node *node, const char *newline, const char *indent, struct yg_buf *out)
{
	switch (node->kind) {
	case YG_NODE_SCRIPT:
		for (uint32_t i = 0; i < node->children; i++) {
			if (i)
				yg_buf_adds(out, newline);
			print_statement(node->child[i], newline, indent, out);
		}
		break;
	case YG_NODE_OPEN:
		print_file(node, "open", out);
		break;
	case YG_NODE_RUN:
		print_file(node, "run", out);
		break;
	case YG_NODE_IMPORT:
		print_file(node, "import", out);
		break;
	case YG_NODE_CODES:
		print_codes(node, out);
		break;
	case YG_NODE_FACTOR:
		print_definition(node, "factor", out);
		break;
	case YG_NODE_LET:
		print_definition(node, "let", out);
		break;
	case YG_NODE_CONTRAST:
		print_definition(node, "contrast", out);
		break;
	case YG_NODE_COHORT:
		print_block(node, "cohort", newline, indent, out);
		break;
	case YG_NODE_ENDPOINT:
		print_block(node, "endpoint", newline, indent, out);
		break;
	case YG_NODE_COVARIATES:
		print_block(node, "covariates", newline, indent, out);
		break;
	case YG_NODE_COMMAND:
		print_command(node, out);
		break;
	default:
		print_simple(node, out);
		break;
	}
}

void yg_print_statement(const struct yg_node *statement, struct yg_buf *out)
{
	print_statement(statement, "\n", "  ", out);
}

void yg_print_one_line(const struct yg_node *statement, struct yg_buf *out)
{
	print_statement(statement, "; ", "", out);
}

void yg_print_clause(const struct yg_node *clause, struct yg_buf *out)
{
	if (clause_word(clause->kind)) {
		print_block_clause(clause, out);
		return;
	}
	struct yg_buf text;
	yg_buf_init(&text);
	print_clause(clause, &text);
	yg_buf_add(out, text.data + (text.len ? 1 : 0), text.len ? text.len - 1 : 0);
	yg_buf_release(&text);
}

void yg_print_expression(const struct yg_node *e, struct yg_buf *out)
{
	switch (e->kind) {
	case YG_NODE_EVENTS:
		print_events(e, out);
		break;
	case YG_NODE_EVENT:
		print_event(e, out);
		break;
	case YG_NODE_FORMULA:
		print_formula(e, out);
		break;
	case YG_NODE_RULE_EVENTS:
	case YG_NODE_RULE_COUNT:
	case YG_NODE_RULE_VALUE:
	case YG_NODE_RULE_OBSERVED:
		print_rule(e, out);
		break;
	case YG_NODE_MODEL:
		for (uint32_t i = 0; i < e->children; i++) {
			yg_buf_adds(out, i ? " + " : "");
			print_atom(e->child[i], out);
		}
		break;
	default:
		print_e(e, 0, out);
		break;
	}
}
