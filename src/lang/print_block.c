/* The clauses of blocks as canonical text. */
#include "lang/print_priv.h"

void yg_print_events(const struct yg_node *events, struct yg_buf *out)
{
	for (uint32_t i = 0; i < events->children; i++) {
		if (i)
			yg_buf_adds(out, " or ");
		yg_buf_adds(out, events->child[i]->text);
		yg_print_arguments(events->child[i], out);
	}
}

void yg_print_event(const struct yg_node *event, struct yg_buf *out)
{
	yg_buf_adds(out, event->text);
	yg_print_arguments(event, out);
}

static void print_window(const struct yg_node *window, struct yg_buf *out)
{
	yg_buf_adds(out, " in [");
	yg_print_atom(window->child[0], out);
	yg_buf_adds(out, ", ");
	yg_print_atom(window->child[1], out);
	yg_buf_addc(out, ']');
}

static void print_label(const struct yg_node *clause, struct yg_buf *out)
{
	yg_buf_addc(out, ' ');
	if (clause->children > 1 && clause->child[0]->kind == YG_NODE_STRING) {
		yg_print_string(clause->child[0]->text, out);
		yg_buf_adds(out, ": ");
	}
}

void yg_print_rule(const struct yg_node *rule, struct yg_buf *out)
{
	const struct yg_node *event = yg_node_find(rule, YG_NODE_EVENT), *window = yg_node_find(rule, YG_NODE_WINDOW);
	switch (rule->kind) {
	case YG_NODE_RULE_EVENTS:
		yg_buf_addf(out, "%s ", rule->text);
		yg_print_events(rule->child[0], out);
		print_window(window, out);
		break;
	case YG_NODE_RULE_COUNT:
	case YG_NODE_RULE_VALUE:
		if (rule->kind == YG_NODE_RULE_COUNT)
			yg_buf_adds(out, "count ");
		else
			yg_buf_addf(out, "value %s ", rule->text);
		yg_print_event(event, out);
		print_window(window, out);
		yg_buf_addc(out, ' ');
		yg_print_operator(rule->child[2], out);
		break;
	case YG_NODE_RULE_OBSERVED:
		yg_buf_adds(out, "observed");
		print_window(window, out);
		break;
	default:
		yg_print_guarded(rule, "any none count value observed", out);
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
			yg_print_events(child, out);
		else if (child->kind == YG_NODE_EVENT)
			yg_print_event(child, out);
		else
			yg_print_atom(child, out);
	}
	yg_print_tail(clause, out);
}

static void print_happening(const struct yg_node *clause, struct yg_buf *out)
{
	print_label(clause, out);
	if (clause->text)
		yg_buf_addf(out, "%s ", clause->text);
	const struct yg_node *what = clause->child[clause->children - 1];
	if (what->kind == YG_NODE_EVENTS) {
		yg_print_events(what, out);
	} else if (what->kind == YG_NODE_AT) {
		yg_buf_adds(out, "at ");
		yg_print_name(what->text, out);
	} else {
		yg_print_guarded(what, clause->text ? "at" : "at first last every min max mean sum any count", out);
	}
}

const char *yg_clause_word(enum yg_node_kind kind)
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

void yg_print_block_clause(const struct yg_node *clause, struct yg_buf *out)
{
	yg_buf_adds(out, yg_clause_word(clause->kind));
	switch (clause->kind) {
	case YG_NODE_ENTER:
		yg_buf_addf(out, " %s ", clause->text);
		yg_print_events(clause->child[0], out);
		if (clause->children > 1)
			print_window(clause->child[1], out);
		break;
	case YG_NODE_REQUIRE:
	case YG_NODE_EXCLUDE:
		print_label(clause, out);
		yg_print_rule(clause->child[clause->children - 1], out);
		break;
	case YG_NODE_EXIT:
	case YG_NODE_CENSOR:
		print_stop(clause, out);
		break;
	case YG_NODE_EPISODES:
		yg_print_tail(clause, out);
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
		yg_print_pred(clause->child[0], out);
		break;
	case YG_NODE_TIME:
		yg_buf_addc(out, ' ');
		yg_print_name(clause->text, out);
		if (yg_node_find(clause, YG_NODE_WORD)) {
			yg_buf_adds(out, " in ");
			yg_print_name(yg_node_find(clause, YG_NODE_WORD)->text, out);
		}
		yg_print_tail(clause, out);
		break;
	case YG_NODE_BETWEEN:
		yg_buf_addc(out, ' ');
		yg_print_names(clause, " and ", out);
		break;
	case YG_NODE_EVENT_CLAUSE:
	case YG_NODE_COMPETE:
		print_happening(clause, out);
		break;
	case YG_NODE_KEEP:
		yg_buf_addc(out, ' ');
		yg_print_names(clause, ", ", out);
		break;
	case YG_NODE_ADD:
		yg_buf_addc(out, ' ');
		if (clause->text)
			yg_buf_addf(out, "%s ", clause->text);
		yg_print_event(clause->child[0], out);
		print_window(clause->child[1], out);
		yg_print_tail(clause, out);
		break;
	default: /* START UNTIL CLEAN ENTRY: one child */
		yg_buf_addc(out, ' ');
		yg_print_atom(clause->child[0], out);
		break;
	}
}
