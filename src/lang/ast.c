/* Nodes of the syntax tree: making, finding, copying, comparing. */
#include "yogo/lang/ast.h"

#include <string.h>

const char *yg_node_kind_name(enum yg_node_kind kind)
{
	static const char *const name[] = {
#define X(name) #name,
		YG_NODE_LIST(X)
#undef X
	};
	return (unsigned)kind < YG_NODE_KINDS ? name[kind] : "UNKNOWN";
}

struct yg_node *yg_node_new(struct yg_arena *arena, enum yg_node_kind kind, const char *text)
{
	struct yg_node *node = yg_arena_alloc(arena, 1, sizeof *node);
	node->kind = kind;
	node->text = yg_arena_strdup(arena, text);
	node->height = 1;
	return node;
}

void yg_node_add(struct yg_arena *arena, struct yg_node *parent, struct yg_node *child)
{
	uint32_t n = parent->children;
	if ((n & (n - 1)) == 0) { /* 0 or a power of two: the array is full */
		struct yg_node **wider = yg_arena_alloc(arena, n ? 2 * (size_t)n : 1, sizeof *wider);
		if (n)
			memcpy(wider, parent->child, n * sizeof *wider);
		parent->child = wider;
	}
	parent->child[parent->children++] = child;
	if (child->height >= parent->height)
		parent->height = child->height + 1;
}

const struct yg_node *yg_node_find(const struct yg_node *node, enum yg_node_kind kind)
{
	if (!node)
		return NULL;
	for (uint32_t i = 0; i < node->children; i++)
		if (node->child[i]->kind == kind)
			return node->child[i];
	return NULL;
}

const struct yg_node *yg_node_option(const struct yg_node *statement, const char *name)
{
	const struct yg_node *options = yg_node_find(statement, YG_NODE_OPTIONS);
	if (!options)
		return NULL;
	for (uint32_t i = 0; i < options->children; i++) {
		const struct yg_node *option = options->child[i];
		if (option->text && strcmp(option->text, name) == 0)
			return option->children ? option->child[0] : option;
	}
	return NULL;
}

bool yg_node_option_yes(const struct yg_node *statement, const char *name)
{
	const struct yg_node *value = yg_node_option(statement, name);
	if (!value)
		return false;
	if (value->kind == YG_NODE_OPTION)
		return true;
	return value->kind == YG_NODE_WORD && (strcmp(value->text, "yes") == 0 || strcmp(value->text, "true") == 0);
}

struct yg_node *yg_node_copy(struct yg_arena *arena, const struct yg_node *node)
{
	struct yg_node *copy = yg_node_new(arena, node->kind, node->text);
	copy->at = node->at;
	copy->len = node->len;
	copy->number = node->number;
	for (uint32_t i = 0; i < node->children; i++)
		yg_node_add(arena, copy, yg_node_copy(arena, node->child[i]));
	return copy;
}

bool yg_node_equal(const struct yg_node *a, const struct yg_node *b)
{
	if (!a || !b)
		return a == b;
	/* the written form of a number is in the text; -0 and 0 are told apart there */
	if (a->kind != b->kind || a->children != b->children || !a->text != !b->text ||
	    (a->text && strcmp(a->text, b->text) != 0) || a->number != b->number)
		return false;
	for (uint32_t i = 0; i < a->children; i++)
		if (!yg_node_equal(a->child[i], b->child[i]))
			return false;
	return true;
}
