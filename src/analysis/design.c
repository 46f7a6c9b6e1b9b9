/*
 * A formula's MODEL node into terms and variables.
 *
 * a * b is a + b + a:b; terms are kept in order of their degree, and within it in the order written, as R does.
 * The same variable used twice is asked of the set once.
 */
#include "yogo/analysis/design.h"

#include <string.h>

#include "design_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/lang/print.h"

struct list {                        /* terms found under a node */
	struct design_term *term;
	size_t count, cap;
};

static const char *text_of(struct yg_arena *arena, const struct yg_node *node)
{
	struct yg_buf b = YG_BUF_INIT;
	yg_print_expression(node, &b);
	const char *s = yg_arena_strdup(arena, b.data);
	yg_buf_release(&b);
	return s;
}

static size_t variable(struct yg_design_plan *plan, const struct yg_node *e, enum yg_set_use use, bool as_factor)
{
	for (size_t i = 0; i < plan->variables; i++)
		if (plan->variable[i].use == use && plan->variable[i].as_factor == as_factor &&
		    yg_node_equal(plan->variable[i].expression, e))
			return i;
	if (plan->variables == plan->variable_cap) {
		size_t cap = plan->variable_cap ? 2 * plan->variable_cap : 16;
		struct yg_set_variable *v = yg_arena_alloc(plan->arena, cap, sizeof *v);
		if (plan->variables)
			memcpy(v, plan->variable, plan->variables * sizeof *v);
		plan->variable = v;
		plan->variable_cap = cap;
	}
	plan->variable[plan->variables] = (struct yg_set_variable){ .expression = e, .use = use, .as_factor = as_factor };
	return plan->variables++;
}

static int add_piece(struct yg_design_plan *plan, const struct design_piece *piece)
{
	for (size_t i = 0; i < plan->pieces; i++)
		if (!strcmp(plan->piece[i].name, piece->name))
			return (int)i;
	if (plan->pieces == plan->piece_cap) {
		size_t cap = plan->piece_cap ? 2 * plan->piece_cap : 16;
		struct design_piece *p = yg_arena_alloc(plan->arena, cap, sizeof *p);
		if (plan->pieces)
			memcpy(p, plan->piece, plan->pieces * sizeof *p);
		plan->piece = p;
		plan->piece_cap = cap;
	}
	plan->piece[plan->pieces] = *piece;
	return (int)plan->pieces++;
}

static bool same_term(const struct design_term *a, const struct design_term *b)
{
	int found = 0;
	for (int i = 0; i < a->pieces; i++)
		for (int j = 0; j < b->pieces; j++)
			found += a->piece[i] == b->piece[j];
	return a->pieces == b->pieces && found == a->pieces;
}

static void push(struct yg_arena *arena, struct list *list, const struct design_term *t)
{
	for (size_t i = 0; i < list->count; i++)
		if (same_term(&list->term[i], t))
			return;
	if (list->count == list->cap) {
		size_t cap = list->cap ? 2 * list->cap : 16;
		struct design_term *v = yg_arena_alloc(arena, cap, sizeof *v);
		if (list->count)
			memcpy(v, list->term, list->count * sizeof *v);
		list->term = v;
		list->cap = cap;
	}
	list->term[list->count++] = *t;
}

/* factor(x), factor(x, ref = "Obs") */
static enum yg_status factor_call(struct yg_design_plan *plan, const struct yg_node *call, struct design_piece *out,
                                  struct yg_err *err)
{
	for (uint32_t i = 1; i < call->children; i++) {
		const struct yg_node *a = call->child[i];
		const struct yg_node *v = a->kind == YG_NODE_ARGUMENT && !strcmp(a->text, "ref") ? a->child[0] : NULL;
		if (!v || (v->kind != YG_NODE_STRING && v->kind != YG_NODE_NUMBER && v->kind != YG_NODE_NAME) || !v->text) {
			enum yg_status s = yg_fail_at(err, YG_ESYNTAX, a->at, a->len, "E-FML-001", N_("%s does not take this argument"), call->text);
			yg_err_hint(err, N_("Write %s"), "factor(x, ref = \"LEVEL\")");
			return s;
		}
		out->ref = v->text;
	}
	if (call->children == 0 || call->child[0]->kind == YG_NODE_ARGUMENT)
		return yg_fail_at(err, YG_ESYNTAX, call->at, call->len, "E-FML-006", N_("%s() needs a variable"), call->text);
	out->variable = variable(plan, call->child[0], YG_USE_TERM, true);
	out->name = yg_arena_printf(plan->arena, "factor(%s)", text_of(plan->arena, call->child[0]));
	return YG_OK;
}

/* One NAME or CALL.  *piece = -1 for an offset, which is no term. */
static enum yg_status leaf(struct yg_design_plan *plan, const struct yg_node *n, int *piece, struct yg_err *err)
{
	struct design_piece p = { .at = n };
	*piece = -1;
	if (n->kind == YG_NODE_CALL && (!strcmp(n->text, "fp") || !strcmp(n->text, "tt") || !strcmp(n->text, "strata") ||
	                                !strcmp(n->text, "cluster"))) {
		bool clause = n->text[0] == 's' || n->text[0] == 'c';
		enum yg_status s = yg_fail_at(err, clause ? YG_ESYNTAX : YG_REFUSED, n->at, n->len, "E-FML-007",
		                              clause ? N_("%s is a clause, not a term") :
		                              !strcmp(n->text, "tt") ? N_("%s() stands in cox only, and there without penalty") :
		                                                       N_("the term %s() is not available yet"),
		                              n->text);
		if (clause)
			yg_err_hint(err, N_("Write it after the formula: %s NAME"), n->text);
		return s;
	}
	if (n->kind == YG_NODE_CALL && !strcmp(n->text, "offset")) {
		if (n->children != 1 || n->child[0]->kind == YG_NODE_ARGUMENT)
			return yg_fail_at(err, YG_ESYNTAX, n->at, n->len, "E-FML-006", N_("%s() needs a variable"), n->text);
		(void)variable(plan, n->child[0], YG_USE_OFFSET, false);
		return YG_OK;
	}
	if (n->kind == YG_NODE_CALL && !strcmp(n->text, "factor")) {
		YG_TRY(factor_call(plan, n, &p, err));
	} else if (n->kind == YG_NODE_CALL && yg_design_is_basis(n->text)) {
		YG_TRY(yg_design_basis_call(n, &p, err));
		p.variable = variable(plan, n->child[0], YG_USE_TERM, false);
		p.name = text_of(plan->arena, n);
	} else {
		p.variable = variable(plan, n, YG_USE_TERM, false);
		p.name = text_of(plan->arena, n);
	}
	*piece = add_piece(plan, &p);
	return YG_OK;
}

static enum yg_status walk(struct yg_design_plan *plan, const struct yg_node *n, struct list *out, struct yg_err *err)
{
	if (n->kind == YG_NODE_NUMBER) {
		if (n->number == 0)
			plan->no_intercept = true;
		else if (n->number != 1)
			return yg_fail_at(err, YG_ESYNTAX, n->at, n->len, "E-FML-008", N_("the number %s is no term of a formula"), n->text);
		return YG_OK;
	}
	if (n->kind == YG_NODE_CROSS) {
		struct list left = { 0 }, right = { 0 };
		YG_TRY(walk(plan, n->child[0], &left, err));
		YG_TRY(walk(plan, n->child[1], &right, err));
		if (!left.count || !right.count)
			return yg_fail_at(err, YG_ESYNTAX, n->at, n->len, "E-FML-009", N_("a number or an offset cannot be crossed with %s"), n->text);
		for (size_t i = 0; n->text[0] == '*' && i < left.count; i++)
			push(plan->arena, out, &left.term[i]);
		for (size_t i = 0; n->text[0] == '*' && i < right.count; i++)
			push(plan->arena, out, &right.term[i]);
		for (size_t i = 0; i < left.count; i++)
			for (size_t j = 0; j < right.count; j++) {
				struct design_term t = left.term[i];
				for (int k = 0; k < right.term[j].pieces; k++) {
					bool there = false;
					for (int l = 0; l < t.pieces; l++)
						there = there || t.piece[l] == right.term[j].piece[k];
					if (there)
						continue;
					if (t.pieces == DESIGN_DEGREE)
						return yg_fail_at(err, YG_ESYNTAX, n->at, n->len, "E-FML-010",
						                  N_("a product may have at most %d variables"), DESIGN_DEGREE);
					t.piece[t.pieces++] = right.term[j].piece[k];
				}
				push(plan->arena, out, &t);
			}
		return YG_OK;
	}
	if (n->kind == YG_NODE_MODEL) {
		for (uint32_t i = 0; i < n->children; i++)
			YG_TRY(walk(plan, n->child[i], out, err));
		return YG_OK;
	}
	int piece;
	YG_TRY(leaf(plan, n, &piece, err));
	if (piece >= 0) {
		struct design_term t = { .piece = { piece }, .pieces = 1 };
		push(plan->arena, out, &t);
	}
	return YG_OK;
}

enum yg_status yg_design_plan(struct yg_arena *arena, const struct yg_scope *scope, const struct yg_node *model,
                              struct yg_design_plan **out, struct yg_err *err)
{
	struct yg_design_plan *plan = yg_arena_alloc(arena, 1, sizeof *plan);
	struct list found = { 0 }, ordered = { 0 };
	(void)scope;                 /* names are bound when the set is built */
	plan->arena = arena;
	YG_TRY(walk(plan, model, &found, err));
	for (int degree = 1; degree <= DESIGN_DEGREE; degree++)
		for (size_t i = 0; i < found.count; i++)
			if (found.term[i].pieces == degree)
				push(arena, &ordered, &found.term[i]);
	plan->term = ordered.term;
	plan->terms = ordered.count;
	*out = plan;
	return YG_OK;
}

size_t yg_design_plan_variables(const struct yg_design_plan *plan, const struct yg_set_variable **out)
{
	*out = plan->variable;
	return plan->variables;
}
