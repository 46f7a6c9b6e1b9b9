/* tvc: a set whose follow-up is split where covariates change. */
#include <string.h>

#include "input_priv.h"
#include "yogo/analysis/data.h"
#include "yogo/analysis/tvc.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"

/* What a set made by tvc keeps. */
struct tvc_set {
	struct yg_arena arena;
	struct yg_object *parent;      /* the population it was made on (counted); NULL = a table */
	struct yg_population population;
	const char *base;              /* sentence of the population without changes over time */
	struct yg_tvc **made;
	size_t count;
};

void yg_release_tvc(void *payload)
{
	struct tvc_set *set = payload;

	if (!set)
		return;
	for (size_t i = 0; i < set->count; i++)
		yg_tvc_free(set->made[i]);
	yg_free(set->made);
	yg_object_unref(set->parent);
	yg_arena_release(&set->arena);
	yg_free(set);
}

const struct yg_population *yg_tvc_population(const void *payload)
{
	const struct tvc_set *set = payload;

	return &set->population;
}

/* What a statement asks, and where its columns are looked up: the active table, if it is of the population's data. */
struct asked {
	struct yg_command_population on;
	struct yg_scope scope;
	const struct yg_node *list, *time;
	const char *const *name;
	size_t names;
	struct yg_tvc_step lag, carry;
	bool before;
};

static enum yg_status read_step(struct yg_context *c, const struct yg_node *s, const char *option,
                                struct yg_tvc_step *out, struct yg_err *err)
{
	const struct yg_option_value *v;
	size_t n;

	YG_TRY(yg_option_values(c, s, option, &v, &n, err));
	if (n > 1)
		return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-035", N_("tvc takes one %s"), option);
	if (n)
		*out = (struct yg_tvc_step){ v[0].number, v[0].unit };
	return YG_OK;
}

/* The name of covariate i: as name= says; a value over time may keep the name of its column. */
static const char *covariate_name(const struct asked *a, size_t i)
{
	return a->names ? a->name[i] : a->list->child[i]->text;
}

static enum yg_status check_name(const struct asked *a, size_t i, struct yg_err *err)
{
	const char *name = covariate_name(a, i);
	const struct yg_node *at = a->list->child[i];
	const struct yg_tvc_list *known = a->on.population.tvc;
	struct yg_column_ref column;
	bool own = a->time && !strcmp(name, at->text);

	for (size_t k = 0; k < i; k++)
		if (!strcmp(name, covariate_name(a, k)))
			return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-NAM-050",
			                  N_("two covariates are named %s"), name);
	for (size_t k = 0; known && k < known->count; k++)
		if (!strcmp(name, known->item[k]->name))
			return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-NAM-051",
			                  N_("%s changes over time in %s already; choose another name"), name,
			                  a->on.population.name);
	if (!own &&
	    (!strcmp(name, "arm") || yg_map_get(&a->scope.definition, name) || yg_map_get(&a->scope.param, name) ||
	     (yg_table_find(a->scope.table, name, &column, NULL) == YG_OK &&
	      !strcmp(yg_column_field(&column)->name, name)))) {
		yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-NAM-052",
		           N_("%s is the name of a column or definition; the covariate needs another name"), name);
		yg_err_hint(err, N_("tvc %s with name=NEW"), at->text);
		return YG_ESYNTAX;
	}
	return YG_OK;
}

static enum yg_status read_names(struct yg_context *c, const struct yg_node *s, struct asked *a, struct yg_err *err)
{
	YG_TRY(yg_option_names(c, s, "name", &a->name, &a->names, err));
	if (!a->names && !a->time) {
		yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-031",
		           N_("what is the covariate called that is 0 before %s and 1 after it?"),
		           a->list->child[0]->text);
		yg_err_hint(
		    err,
		    N_("Name it: with name=NEW. If %s is the value itself, say when it was taken: with time=COLUMN."),
		    a->list->child[0]->text);
		return YG_ESYNTAX;
	}
	if (a->names && a->names != a->list->children)
		return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-032",
		                  N_("%u columns need as many names, and name= gives %zu"), a->list->children,
		                  a->names);
	if (a->list->children + (a->on.population.tvc ? a->on.population.tvc->count : 0) > 64)
		return yg_fail_at(err, YG_ELIMIT, s->at, s->len, "E-LIM-020",
		                  N_("a set has at most 64 covariates that change over time"));
	for (size_t i = 0; i < a->list->children; i++)
		YG_TRY(check_name(a, i, err));
	return YG_OK;
}

/* End with yg_command_scope_release(&a->scope), also after a failure. */
static enum yg_status read(struct yg_context *c, const struct yg_node *s, struct asked *a, struct yg_err *err)
{
	const struct yg_table *table;

	memset(a, 0, sizeof *a);
	yg_scope_init(&a->scope);
	a->list = yg_node_find(s, YG_NODE_LIST);
	if (!a->list || !a->list->children)
		return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-033",
		                  N_("tvc wants a column: dates of a change, or values with time=COLUMN"));
	YG_TRY(yg_command_population(c, s, NULL, &a->on, err));
	table = c->state->table && c->state->table->dataset == a->on.population.table->dataset ? c->state->table
	                                                                                       : a->on.population.table;
	yg_scope_release(&a->scope);
	YG_TRY(yg_command_scope(c, a->on.dataset, table, &a->scope, err));
	a->time = yg_option_column(c, s, "time");
	a->before = !strcmp(yg_option_word(s, "same_day", "after"), "before");
	YG_TRY(read_step(c, s, "lag", &a->lag, err));
	YG_TRY(read_step(c, s, "carry", &a->carry, err));
	return read_names(c, s, a, err);
}

/* The column of time= is a name, so that a new definition of it is noticed. */
static void time_is_a_name(struct yg_node *s)
{
	struct yg_node *value = (struct yg_node *)(uintptr_t)yg_node_option(s, "time");

	if (value && value->kind == YG_NODE_WORD)
		value->kind = YG_NODE_NAME;
}

static enum yg_status tvc_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	const struct yg_node *as = yg_node_find(s, YG_NODE_AS);
	struct asked a;
	struct yg_bound *b = NULL;
	enum yg_status status;

	if (!as) {
		yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-034",
		           N_("tvc makes a set, and later statements name it"));
		yg_err_hint(err, N_("Name it at the end of the line: as NAME"));
		return YG_ESYNTAX;
	}
	YG_TRY(yg_command_check_name(c, as, YG_OBJECT_SET, as->text, err));
	yg_command_fill_defaults(c, s);
	time_is_a_name(s);
	status = read(c, s, &a, err);
	if (status == YG_OK)
		status = yg_input_check(c, s, &a.scope, true, err);
	if (status == YG_OK && a.time)
		status = yg_bind(&a.scope, a.time, 0, c->task, &b, err);
	yg_bound_free(b);
	yg_command_scope_release(&a.scope);
	return status;
}

static enum yg_status make_all(struct yg_context *c, const struct asked *a, struct tvc_set *set, struct yg_err *err)
{
	set->made = yg_xcalloc(a->list->children, sizeof *set->made);
	for (size_t i = 0; i < a->list->children; i++) {
		struct yg_tvc_request r = { .scope = &a->scope,
			                    .column = a->list->child[i],
			                    .time = a->time,
			                    .name = covariate_name(a, i),
			                    .before = a->before,
			                    .lag = a->lag,
			                    .carry = a->carry };
		YG_TRY(yg_tvc_make(&r, c->task, &set->made[i], err));
		set->count++;
	}
	return YG_OK;
}

static void fill_population(struct tvc_set *set, const struct asked *a, const char *name)
{
	const struct yg_object *parent = a->on.object;
	const struct tvc_set *more = parent && parent->payload && parent->release == yg_release_tvc ? parent->payload
	                                                                                            : NULL;
	struct yg_buf names = YG_BUF_INIT;

	set->parent = a->on.object ? yg_object_ref(a->on.object) : NULL;
	set->population = a->on.population;
	set->population.name = yg_arena_strdup(&set->arena, name);
	set->population.tvc = yg_tvc_join(&set->arena, a->on.population.tvc, (const struct yg_tvc *const *)set->made,
	                                  set->count);
	for (size_t i = 0; i < set->population.tvc->count; i++)
		yg_buf_addf(&names, "%s%s", i ? ", " : "", set->population.tvc->item[i]->name);
	set->base = yg_arena_strdup(&set->arena, more ? more->base : a->on.population.sentence);
	set->population.sentence = yg_phrase(&set->arena, N_("%s, with %s changing over time"), set->base,
	                                           names.data);
	yg_buf_release(&names);
}

static enum yg_status tvc_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	const struct yg_node *as = yg_node_find(s, YG_NODE_AS);
	struct tvc_set *set = yg_xcalloc(1, sizeof *set);
	struct yg_object *o;
	struct asked a;
	enum yg_status status = read(c, s, &a, err);

	yg_arena_init(&set->arena);
	if (status == YG_OK)
		status = make_all(c, &a, set, err);
	yg_command_scope_release(&a.scope);
	if (status != YG_OK) {
		yg_release_tvc(set);
		return status;
	}
	fill_population(set, &a, as->text);
	struct yg_an_tvc r = { &set->population, (const struct yg_tvc *const *)set->made, set->count };
	out->raw_free = yg_an_free;
	status = yg_an_tvc(&r, &out->raw, err);
	if (status != YG_OK) {
		yg_release_tvc(set);
		return status;
	}
	o = yg_command_define(c, YG_OBJECT_SET, as->text, s, a.on.population.table);
	if (o->dataset != a.on.dataset) {
		yg_object_unref(o->dataset);
		o->dataset = yg_object_ref(a.on.dataset);
	}
	o->payload = set;
	o->release = yg_release_tvc;
	out->subject = a.on.dataset;
	out->population = yg_xstrdup(set->population.sentence);
	yg_outcome_add_object(out, o);
	out->named = o;
	return YG_OK;
}

/* Like a definition: made also by check, so that later lines can name what it makes. */
const struct yg_command yg_command_tvc = { "tvc", 1, YG_EFFECT_STATE, "set.define", false, tvc_resolve, tvc_run };
