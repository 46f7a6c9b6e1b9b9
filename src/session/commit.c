/*
 * Making the next state from an outcome.
 *
 * Objects are shared between states, so an object that becomes stale is replaced by a copy without
 * its payload: the earlier state, to which undo may return, keeps the good one.
 */
#include "commit_priv.h"

#include <string.h>

#include "yogo/base/text.h"

#define UNDO_BYTES ((uint64_t)16 << 20)   /* of one payload, kept for undo */

struct yg_state *yg_state_next(struct yg_state *s)
{
	struct yg_state *n = yg_xcalloc(1, sizeof *n);

	n->references = 1;
	n->version = s->version + 1;
	n->before = yg_state_ref(s);
	n->objects = s->objects;
	n->object = yg_xalloc(s->objects + 1, sizeof *n->object);
	for (size_t i = 0; i < s->objects; i++)
		n->object[i] = yg_object_ref(s->object[i]);
	n->dataset = s->dataset;
	n->table = s->table;
	n->cohort = s->cohort;
	n->has_seed = s->has_seed;
	n->seed = s->seed;
	n->title = yg_xstrdup(s->title);
	n->results = s->results;
	return n;
}

/* Does the tree mention the name, alone or before a dot? */
static bool mentions(const struct yg_node *n, const char *name)
{
	size_t len = strlen(name);

	if ((n->kind == YG_NODE_NAME || n->kind == YG_NODE_TIME || n->kind == YG_NODE_EACH || n->kind == YG_NODE_AT ||
	     n->kind == YG_NODE_LIKE) &&
	    n->text && strncmp(n->text, name, len) == 0 && (n->text[len] == '\0' || n->text[len] == '.'))
		return true;
	for (uint32_t i = 0; i < n->children; i++)
		if (mentions(n->child[i], name))
			return true;
	return false;
}

static void replace(struct yg_state *s, size_t i, struct yg_object *with_taken)
{
	struct yg_object *old = s->object[i];

	s->object[i] = with_taken;
	if (s->dataset == old)
		s->dataset = with_taken;
	if (s->cohort == old)
		s->cohort = NULL;
	yg_object_unref(old);
}

/* Mark what was evaluated from the name; derived columns pass the news on, for they are formulas. */
static void invalidate(struct yg_state *s, const char *name, const char *cause, char ***stale, size_t *stales, int depth)
{
	for (size_t i = 0; i < s->objects; i++) {
		struct yg_object *o = s->object[i];
		if (!o->statement || o->stale || strcmp(o->name, name) == 0 || !mentions(o->statement, name))
			continue;
		if (o->kind == YG_OBJECT_LET || o->kind == YG_OBJECT_FACTOR) {
			if (depth < 64)
				invalidate(s, o->name, cause, stale, stales, depth + 1);
		} else if (o->kind == YG_OBJECT_COHORT || o->kind == YG_OBJECT_ENDPOINT || o->kind == YG_OBJECT_SET) {
			struct yg_object *copy = yg_object_new(o->kind, o->name);
			copy->version = o->version;
			copy->text = yg_xstrdup(o->text);
			copy->statement = yg_node_copy(&copy->arena, o->statement);
			copy->dataset = yg_object_ref(o->dataset);
			copy->table = o->table;
			copy->stale = yg_xasprintf("%s was defined again", cause);
			*stale = yg_xrealloc(*stale, *stales + 1, sizeof **stale);
			(*stale)[(*stales)++] = yg_xstrdup(o->name);
			replace(s, i, copy);
		}
	}
}

/* What undo would bring back is not worth any amount of memory. */
static void let_go(struct yg_object *old)
{
	if (old->bytes <= UNDO_BYTES || !old->release)
		return;
	old->release(old->payload);
	old->payload = NULL;
	old->release = NULL;
	old->bytes = 0;
	yg_free(old->stale);
	old->stale = yg_xasprintf("%s was defined again, and what it held was let go", old->name);
}

void yg_state_put(struct yg_state *s, struct yg_object *object_taken, char ***stale, size_t *stales)
{
	for (size_t i = 0; i < s->objects; i++) {
		struct yg_object *old = s->object[i];
		if (strcmp(old->name, object_taken->name) != 0)
			continue;
		object_taken->version = old->version + 1;
		/* A definition made again stands at its new place: what it names was defined before it. */
		yg_object_ref(old);
		memmove(&s->object[i], &s->object[i + 1], (s->objects - i - 1) * sizeof *s->object);
		s->objects--;
		yg_object_unref(old);
		if (s->cohort == old)
			s->cohort = NULL;
		if (s->dataset == old)
			s->dataset = NULL;
		s->object[s->objects++] = object_taken;
		invalidate(s, object_taken->name, object_taken->name, stale, stales, 0);
		let_go(old);
		yg_object_unref(old);
		return;
	}
	s->object = yg_xrealloc(s->object, s->objects + 1, sizeof *s->object);
	s->object[s->objects++] = object_taken;
}
