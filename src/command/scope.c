/* From the session's objects to what names mean at a statement, and who it is about. */
#include <string.h>

#include "command_priv.h"
#include "yogo/analysis/effect.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"

enum yg_status yg_command_scope(struct yg_context *c, struct yg_object *dataset, const struct yg_table *table,
                                struct yg_scope *out, struct yg_err *err)
{
	const struct yg_state *s = c->state;

	(void)err;
	yg_scope_init(out);
	out->dataset = table->dataset;
	out->table = table;
	out->dataset_name = dataset->name;
	for (size_t i = 0; i < s->objects; i++) {
		struct yg_object *o = s->object[i];
		if (o->kind == YG_OBJECT_PARAM)
			yg_map_put(&out->param, o->name, o->payload);
		else if ((o->kind == YG_OBJECT_LET || o->kind == YG_OBJECT_FACTOR) && o->table == table)
			yg_map_put(&out->definition, o->name, o->payload);
	}
	return YG_OK;
}

enum yg_status yg_command_active_scope(struct yg_context *c, struct yg_scope *out, struct yg_err *err)
{
	if (!c->state->dataset || !c->state->table) {
		yg_fail(err, YG_ESYNTAX, "E-NAM-010", N_("no data set is open"));
		yg_err_hint(err, N_("open one first: open \"NAME.cohort\""));
		return YG_ESYNTAX;
	}
	return yg_command_scope(c, c->state->dataset, c->state->table, out, err);
}

void yg_command_scope_release(struct yg_scope *scope)
{
	yg_scope_release(scope);
}

const char *yg_clause_name(const struct yg_node *statement, enum yg_node_kind clause)
{
	const struct yg_node *n = yg_node_find(statement, clause);

	return n && n->children ? n->child[0]->text : NULL;
}

const struct yg_node *yg_clause_where(const struct yg_node *statement)
{
	const struct yg_node *n = yg_node_find(statement, YG_NODE_WHERE);

	return n && n->children ? n->child[0] : NULL;
}

/* The data set object whose tables include this one. */
static struct yg_object *dataset_of(const struct yg_state *s, const struct yg_table *table)
{
	for (size_t i = s->objects; i-- > 0;)
		if (s->object[i]->kind == YG_OBJECT_DATASET && s->object[i]->payload == (const void *)table->dataset)
			return s->object[i];
	return s->dataset;
}

static enum yg_status from_cohort(struct yg_context *c, struct yg_object *o, struct yg_command_population *out)
{
	const struct yg_cohort *cohort = o->payload;

	out->object = o;
	out->dataset = o->dataset;
	out->population.name = o->name;
	out->population.table = o->table;
	if (cohort) {
		out->population.member = cohort->member;
		out->population.persons = cohort->persons;
	}
	out->population.sentence = cohort && cohort->label
		? yg_phrase(c->arena, N_("%s of %s: %s"), o->name, o->dataset->name, cohort->label)
		: yg_phrase(c->arena, N_("%s of %s"), o->name, o->dataset->name);
	return YG_OK;
}

static void from_table(struct yg_context *c, const struct yg_table *table, struct yg_command_population *out)
{
	out->dataset = dataset_of(c->state, table);
	out->population.name = table->name;
	out->population.table = table;
	out->population.persons = yg_dataset_persons(table->dataset);
	out->population.sentence = strcmp(out->dataset->name, table->name) == 0
		? yg_phrase(c->arena, N_("all of %s"), table->name)
		: yg_phrase(c->arena, N_("all of %s in %s"), table->name, out->dataset->name);
}

const struct yg_population *yg_set_population(const struct yg_object *set)
{
	if (!set->payload)
		return NULL;
	return set->release == yg_release_tvc ? yg_tvc_population(set->payload) : yg_weighted_population(set->payload);
}

enum yg_status yg_command_population(struct yg_context *c, const struct yg_node *statement, const struct yg_table *table,
                                     struct yg_command_population *out, struct yg_err *err)
{
	const struct yg_state *s = c->state;
	const struct yg_node *on = yg_node_find(statement, YG_NODE_ON);
	struct yg_object *o = s->cohort;
	enum yg_status status = YG_OK;

	memset(out, 0, sizeof *out);
	if (on && on->children != 1)
		return yg_fail_at(err, YG_ESYNTAX, on->at, on->len, "E-NAM-020",
		                  N_("\"on\" names exactly one population"));
	if (on) {
		const char *name = on->child[0]->text;
		o = yg_state_find(s, name);
		if (!o || o->kind == YG_OBJECT_DATASET) {
			const struct yg_dataset *d = o ? o->payload : s->dataset ? s->dataset->payload : NULL;
			const struct yg_table *t = d ? yg_dataset_find(d, name) : NULL;
			if (!t && o)
				t = yg_dataset_table(d, 0);
			if (!t) {
				struct yg_object *ignored;
				status = yg_state_get(s, name, YG_OBJECT_COHORT, &ignored, err);
				if (err) {
					err->at = on->child[0]->at;
					err->len = on->child[0]->len;
					err->has_span = 1;
				}
				return status == YG_OK ? YG_EBUG : status;
			}
			from_table(c, t, out);
			o = NULL;
			goto check;
		}
		if (o->stale)
			return yg_state_get(s, name, o->kind, &o, err);
	} else if (o && table && o->dataset && o->dataset->payload != (const void *)table->dataset) {
		o = NULL;   /* the active cohort belongs to another data set than the endpoint */
	}
	if (!o) {
		if (table)
			from_table(c, table, out);
		else if (s->table)
			from_table(c, s->table, out);
		else
			return yg_fail(err, YG_ESYNTAX, "E-NAM-010", N_("no data set is open"));
	} else if (o->kind == YG_OBJECT_COHORT) {
		YG_TRY(from_cohort(c, o, out));
	} else if (o->kind == YG_OBJECT_SET) {
		const struct yg_population *p = yg_set_population(o);
		out->object = o;
		out->dataset = o->dataset;
		if (p)
			out->population = *p;
		out->population.name = o->name;
		out->population.table = o->table;
		if (!out->population.sentence)
			out->population.sentence = yg_phrase(c->arena, N_("%s of %s"), o->name, o->dataset->name);
	} else {
		return yg_fail_at(err, YG_ESYNTAX, on ? on->at : statement->at, on ? on->len : 1, "E-NAM-021",
		                  N_("%s (%s) does not fit here; \"on\" wants a cohort, a table or a set made by weight or tvc"), o->name,
		                  yg_object_kind_name(o->kind));
	}
check:
	if (table && out->population.table->dataset != table->dataset)
		return yg_fail(err, YG_ESYNTAX, "E-NAM-022",
		               N_("%s and the endpoint belong to different data sets"), out->population.name);
	return YG_OK;
}

enum yg_status yg_command_check_name(struct yg_context *c, const struct yg_node *at, enum yg_object_kind kind,
                                     const char *name, struct yg_err *err)
{
	const struct yg_object *o = yg_state_find(c->state, name);
	struct yg_column_ref column;

	/* A data set and its table commonly share a name with a column-like word: only other objects clash. */
	if (o && o->kind != kind && !(o->kind == YG_OBJECT_DATASET && kind == YG_OBJECT_DATASET))
		return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-NAM-004",
		                  N_("the name %s is taken (%s); choose another name"), name,
		                  yg_object_kind_name(o->kind));
	if (kind == YG_OBJECT_FACTOR || kind == YG_OBJECT_DATASET || !c->state->table)
		return YG_OK;
	if (yg_table_find(c->state->table, name, &column, NULL) == YG_OK &&
	    strcmp(yg_column_field(&column)->name, name) == 0)
		return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-NAM-005",
		                  N_("%s is a column of %s; a %s needs another name"), name, c->state->table->name,
		                  yg_object_kind_name(kind));
	return YG_OK;
}
