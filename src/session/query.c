/* What front ends may look at: names of columns and their levels, and the open journal. */
#include "yogo/session/query.h"

#include <string.h>

#include "record_priv.h"
#include "yogo/base/i18n.h"

static const struct yg_dataset *data(const struct yg_state *s)
{
	return s->dataset ? s->dataset->payload : NULL;
}

bool yg_query_synthetic(const struct yg_state *s)
{
	return data(s) && yg_dataset_manifest(data(s))->synthetic;
}

size_t yg_query_tables(const struct yg_state *s)
{
	return data(s) ? yg_dataset_tables(data(s)) : 0;
}

const char *yg_query_table(const struct yg_state *s, size_t i)
{
	return yg_dataset_table(data(s), i)->name;
}

const char *yg_query_active_table(const struct yg_state *s)
{
	return data(s) && s->table ? s->table->name : NULL;
}

const char *yg_query_object_table(const struct yg_object *o)
{
	return o->table ? o->table->name : NULL;
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* A label in the language spoken, else in the other one; the language accepts both.  The head of the catalogue says which. */
static const char *label_of(const struct yg_label *label)
{
	bool japanese = strstr(gettext(""), "Language: ja") != NULL;

	return (japanese && label->ja) || !label->en ? label->ja : label->en;
}

static void from_field(struct yg_query_column *c, const struct yg_field *f, struct yg_arena *arena)
{
	size_t n = f->value_labels ? f->value_labels : f->levels;
	const char **level = yg_arena_alloc(arena, n + 1, sizeof *level), **code = yg_arena_alloc(arena, n + 1, sizeof *code);

	c->name = f->name;
	c->type = yg_type_name(f->type);
	c->unit = or_empty(f->unit);
	c->label = or_empty(label_of(&f->label));
	for (size_t i = 0; i < n; i++) {
		code[i] = f->value_labels ? f->value_label[i].value : NULL;
		level[i] = !f->value_labels ? f->level[i]
		         : label_of(&f->value_label[i].label) ? label_of(&f->value_label[i].label) : f->value_label[i].value;
	}
	c->level = level;
	c->code = code;
	c->levels = n;
}

/* The labels that a factor's levels=("Female": 0, ...) gives. */
static void factor_levels(struct yg_query_column *c, const struct yg_node *statement, struct yg_arena *arena)
{
	const struct yg_node *value = yg_node_option(statement, "levels");
	const char **level;

	if (!value || value->kind != YG_NODE_GROUP)
		return;
	level = yg_arena_alloc(arena, value->children + 1u, sizeof *level);
	c->levels = 0;
	for (uint32_t i = 0; i < value->children; i++) {
		const struct yg_node *item = value->child[i];
		if (item->kind == YG_NODE_PAIR && item->children)
			item = item->child[0];
		if (item->text)
			level[c->levels++] = item->text;
	}
	c->level = level;
	c->code = yg_arena_alloc(arena, c->levels + 1, sizeof *c->code);
}

static void from_definition(struct yg_query_column *c, const struct yg_object *o, struct yg_arena *arena)
{
	const struct yg_node *label = yg_node_option(o->statement, "label"), *unit = yg_node_option(o->statement, "unit");

	c->name = o->name;
	c->type = o->kind == YG_OBJECT_FACTOR ? "level" : "derived";
	c->origin = o->kind == YG_OBJECT_FACTOR ? "factor" : "let";
	c->definition = o->text;
	c->label = label && label->text ? label->text : or_empty(c->label);
	c->unit = unit && unit->text ? unit->text : "";
	c->own = true;
	if (o->kind == YG_OBJECT_FACTOR)
		factor_levels(c, o->statement, arena);
	else
		c->levels = 0;
}

static size_t add_table(struct yg_query_column *c, size_t n, const struct yg_table *t, bool own, struct yg_arena *arena)
{
	for (uint32_t i = 0; i < t->fields; i++) {
		size_t k = 0;
		while (k < n && strcmp(c[k].name, t->field[i].name) != 0)
			k++;
		if (k < n)
			continue;   /* the nearer column hides the subject's of the same name */
		from_field(&c[n], &t->field[i], arena);
		c[n].origin = t->name;
		c[n++].own = own;
	}
	return n;
}

size_t yg_query_columns(const struct yg_state *s, struct yg_arena *arena, struct yg_query_column **out)
{
	const struct yg_dataset *d = data(s);
	const struct yg_table *subject = d ? yg_dataset_subject(d) : NULL;
	size_t most = s->objects, n = 0;
	struct yg_query_column *c;

	*out = NULL;
	if (!d || !s->table)
		return 0;
	most += s->table->fields + (subject ? subject->fields : 0);
	c = yg_arena_alloc(arena, most + 1, sizeof *c);
	n = add_table(c, n, s->table, true, arena);
	for (size_t i = 0; i < s->objects; i++) {
		const struct yg_object *o = s->object[i];
		size_t k = 0;
		if ((o->kind != YG_OBJECT_LET && o->kind != YG_OBJECT_FACTOR) || o->dataset != s->dataset || o->table != s->table ||
		    !o->statement)
			continue;
		while (k < n && strcmp(c[k].name, o->name) != 0)
			k++;
		if (k == n)
			c[n++].label = "";
		from_definition(&c[k], o, arena);
	}
	if (subject && subject != s->table)
		n = add_table(c, n, subject, false, arena);
	*out = c;
	return n;
}

/* ---- the journal ---- */

uint64_t yg_query_journal_size(struct yg_session *s)
{
	struct yg_journal *j = yg_session_journal(s);

	return j ? yg_journal_size(j) : 0;
}

enum yg_status yg_query_journal_entry(struct yg_session *s, uint64_t seq, struct yg_arena *arena,
                                      struct yg_journal_entry *out, struct yg_err *err)
{
	struct yg_journal *j = yg_session_journal(s);

	if (!j)
		return yg_fail(err, YG_EINVAL, "E-TUI-010", N_("this session keeps no journal: it has no study file"));
	return yg_journal_read(j, seq, arena, out, err);
}

uint64_t yg_query_journal_closing(struct yg_session *s, uint64_t seq)
{
	struct yg_journal *j = yg_session_journal(s);
	uint64_t closing = 0;

	return j && yg_journal_closing(j, seq, &closing, NULL) == YG_OK ? closing : 0;
}

enum yg_status yg_query_journal_verify(struct yg_session *s, struct yg_journal_report *report, struct yg_err *err)
{
	struct yg_journal *j = yg_session_journal(s);

	if (!j)
		return yg_fail(err, YG_EINVAL, "E-TUI-010", N_("this session keeps no journal: it has no study file"));
	return yg_journal_check(j, NULL, report, err);
}
