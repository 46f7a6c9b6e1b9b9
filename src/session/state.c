/* Named objects and state versions: counted, immutable once published. */
#include "yogo/session/state.h"

#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/text.h"

const char *yg_object_kind_name(enum yg_object_kind kind)
{
	switch (kind) {
	case YG_OBJECT_DATASET: return N_("data set");
	case YG_OBJECT_LET: return N_("derived column");
	case YG_OBJECT_FACTOR: return N_("factor");
	case YG_OBJECT_PARAM: return N_("parameter");
	case YG_OBJECT_CODES: return N_("code set");
	case YG_OBJECT_COHORT: return N_("cohort");
	case YG_OBJECT_ENDPOINT: return N_("endpoint");
	case YG_OBJECT_COVARIATES: return N_("covariates block");
	case YG_OBJECT_CONTRAST: return N_("contrast");
	case YG_OBJECT_RESULT: return N_("result");
	case YG_OBJECT_PROPENSITY: return N_("propensity model");
	case YG_OBJECT_SET: return N_("analysis set");
	}
	return "object";
}

struct yg_object *yg_object_new(enum yg_object_kind kind, const char *name)
{
	struct yg_object *o = yg_xcalloc(1, sizeof *o);

	o->references = 1;
	o->kind = kind;
	o->name = yg_xstrdup(name);
	o->version = 1;
	yg_arena_init(&o->arena);
	return o;
}

struct yg_object *yg_object_ref(struct yg_object *o)
{
	if (o)
		o->references++;
	return o;
}

void yg_object_unref(struct yg_object *o)
{
	if (!o || --o->references > 0)
		return;
	if (o->release)
		o->release(o->payload);
	yg_result_unref(o->result);
	yg_object_unref(o->dataset);
	yg_arena_release(&o->arena);
	yg_free(o->stale);
	yg_free(o->profile);
	yg_free(o->text);
	yg_free(o->name);
	yg_free(o);
}

struct yg_state *yg_state_ref(struct yg_state *s)
{
	if (s)
		s->references++;
	return s;
}

void yg_state_unref(struct yg_state *s)
{
	/* A loop, not recursion: the chain of earlier states may be as long as the session. */
	while (s && --s->references == 0) {
		struct yg_state *before = s->before;
		for (size_t i = 0; i < s->objects; i++)
			yg_object_unref(s->object[i]);
		yg_free(s->object);
		yg_free(s->title);
		yg_free(s->line);
		yg_free(s);
		s = before;
	}
}

struct yg_object *yg_state_find(const struct yg_state *s, const char *name)
{
	for (size_t i = s->objects; i-- > 0;)
		if (strcmp(s->object[i]->name, name) == 0)
			return s->object[i];
	return NULL;
}

/* The object of the kind whose name is nearest to what was typed. */
static const char *nearest(const struct yg_state *s, const char *name, enum yg_object_kind kind)
{
	const char *best = NULL;
	size_t best_distance = 3;

	for (size_t i = 0; i < s->objects; i++) {
		size_t d;
		if (s->object[i]->kind != kind)
			continue;
		d = yg_text_distance(s->object[i]->name, name, best_distance);
		if (d < best_distance) {
			best_distance = d;
			best = s->object[i]->name;
		}
	}
	return best;
}

enum yg_status yg_state_get(const struct yg_state *s, const char *name, enum yg_object_kind kind,
                            struct yg_object **out, struct yg_err *err)
{
	struct yg_object *o = yg_state_find(s, name);
	const char *near;

	if (o && o->kind == kind && !o->stale) {
		*out = o;
		return YG_OK;
	}
	if (o && o->kind == kind) {
		yg_fail(err, YG_ESYNTAX, "E-NAM-003", N_("%s must be made again: %s"), name, o->stale);
		yg_err_hint(err, N_("run its definition once more: %.300s"), o->text ? o->text : name);
		return YG_ESYNTAX;
	}
	if (o)
		return yg_fail(err, YG_ESYNTAX, "E-NAM-002", N_("%s names something else (%s); a name of this kind is wanted here: %s"), name,
		               yg_object_kind_name(o->kind), yg_object_kind_name(kind));
	near = nearest(s, name, kind);
	yg_fail(err, YG_ESYNTAX, "E-NAM-001", N_("there is no %s named %s"), yg_object_kind_name(kind), name);
	if (near)
		yg_err_hint(err, N_("did you mean %s?"), near);
	else if (kind == YG_OBJECT_CONTRAST)
		yg_err_hint(err, N_("say first who is treated: contrast NAME = COLUMN with treated=LEVEL"));
	else
		yg_err_hint(err, N_("define it first, in a line above this one"));
	return YG_ESYNTAX;
}
