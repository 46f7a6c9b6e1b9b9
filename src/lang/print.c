/* The canonical text of statements. */
#include "lang/print_priv.h"

#include <stdio.h>
#include <string.h>

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
			yg_print_atom(model->child[j], out);
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
				yg_print_names(part, ":", out);
			else
				yg_print_name(part->text, out);
		}
		break;
	case YG_NODE_WHERE:
		yg_buf_adds(out, " where ");
		yg_print_pred(clause->child[0], out);
		break;
	case YG_NODE_TO:
		yg_buf_adds(out, " to ");
		yg_print_string(clause->text, out);
		break;
	case YG_NODE_STRATA:
	case YG_NODE_CLUSTER:
	case YG_NODE_ON:
	case YG_NODE_USING:
		yg_buf_adds(out, clause->kind == YG_NODE_STRATA    ? " strata "
		                 : clause->kind == YG_NODE_CLUSTER ? " cluster "
		                 : clause->kind == YG_NODE_ON      ? " on "
		                                                   : " using ");
		yg_print_names(clause, ", ", out);
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
			yg_print_string(list->child[i]->text, out);
		else
			yg_print_word(list->child[i]->text, out);
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
			yg_print_names(list, ", ", out);
	}
	const struct yg_node *formula = yg_node_find(command, YG_NODE_FORMULA);
	if (formula) {
		yg_buf_adds(out, " ~ ");
		print_formula(formula, out);
	}
	for (uint32_t i = 0; i < command->children; i++)
		print_clause(command->child[i], out);
	yg_print_tail(command, out);
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
			yg_print_string(child->text, out);
		} else if (child->kind != YG_NODE_LIKE) {
			yg_buf_addf(out, "%s%s", newline, indent);
			yg_print_block_clause(child, out);
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
		yg_print_string(from->text, out);
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
		yg_print_atom(code->child[0], out);
	}
	yg_print_tail(codes, out);
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
			yg_print_pred(child, out);
		} else if (node->kind == YG_NODE_CONTRAST) {
			yg_buf_adds(out, " vs ");
			yg_print_name(child->text, out);
		} else {
			print_clause(child, out);
		}
	}
	yg_print_tail(node, out);
}

static void print_file(const struct yg_node *node, const char *word, struct yg_buf *out)
{
	yg_buf_addf(out, "%s ", word);
	if (node->kind == YG_NODE_IMPORT) {
		yg_print_name(node->text, out);
		yg_buf_addc(out, ' ');
		yg_print_string(node->child[0]->text, out);
	} else {
		yg_print_string(node->text, out);
	}
	yg_print_tail(node, out);
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
		yg_print_string(node->text, out);
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
		yg_print_value(node->child[0], out);
		break;
	default: /* ASSERT */
		yg_buf_adds(out, "assert ");
		yg_print_pred(node->child[0], out);
		if (node->children > 1) {
			yg_buf_adds(out, " else ");
			yg_print_string(node->child[1]->text, out);
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
	if (yg_clause_word(clause->kind)) {
		yg_print_block_clause(clause, out);
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
		yg_print_events(e, out);
		break;
	case YG_NODE_EVENT:
		yg_print_event(e, out);
		break;
	case YG_NODE_FORMULA:
		print_formula(e, out);
		break;
	case YG_NODE_RULE_EVENTS:
	case YG_NODE_RULE_COUNT:
	case YG_NODE_RULE_VALUE:
	case YG_NODE_RULE_OBSERVED:
		yg_print_rule(e, out);
		break;
	case YG_NODE_MODEL:
		for (uint32_t i = 0; i < e->children; i++) {
			yg_buf_adds(out, i ? " + " : "");
			yg_print_atom(e->child[i], out);
		}
		break;
	default:
		yg_print_level(e, 0, out);
		break;
	}
}
