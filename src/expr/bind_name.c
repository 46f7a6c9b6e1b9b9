/*
 * What a name means.
 *
 * It is looked up as it is written among the extra names of the scope, the definitions, the columns of the active table (and of the
 * subject table, which every row sees) and the parameters; else without ASCII case when exactly one
 * fits.  A definition is inlined: its nodes become part of the expression, once.
 */
#include <string.h>

#include "yogo/base/i18n.h"

#include "expr_priv.h"

const struct yg_table *yg_subject_of(const struct yg_table *t)
{
	return t && t->dataset ? yg_dataset_subject(t->dataset) : NULL;
}

bool yg_is_person_column(const struct yg_table *t, const char *name)
{
	const struct yg_manifest *m = t->dataset ? yg_dataset_manifest(t->dataset) : NULL;
	for (size_t k = 0; m && k < m->persons; k++)
		if (strcmp(m->person[k], name) == 0)
			return true;
	return false;
}

/* Declared order: levels from the manifest. */
static struct yg_bn *column_leaf(struct yg_binder *x, const struct yg_table *owner, uint32_t column)
{
	struct yg_bound *b = x->bound;
	for (size_t k = 0; k < b->leaf_n; k++)
		if (b->leaf[k]->owner == owner && b->leaf[k]->column == column)
			return b->leaf[k];
	const struct yg_field *f = &owner->field[column];
	struct yg_bn *n = yg_bn_new(x, YG_OP_COLUMN, f->type, 0, NULL);
	n->owner = owner;
	n->column = column;
	n->field = f;
	n->name = f->name;
	n->unit = f->unit;
	n->label = f->label.en;
	n->lo = -1;
	if (f->type == YG_TYPE_LEVEL) {
		n->level = f->level;
		n->levels = f->levels;
		n->ordered = f->levels_declared;
	}
	n->by_person = owner->start == NULL;
	if (!n->by_person && yg_is_person_column(owner, f->name)) {
		/* The same value stands in the subject table: read it there when persons are evaluated. */
		const struct yg_table *subject = yg_subject_of(owner);
		for (uint32_t k = 0; subject && k < subject->fields; k++)
			if (strcmp(subject->field[k].name, f->name) == 0 && subject->field[k].type == f->type) {
				n->by_person = true;
				n->lo = (int64_t)k;
			}
	}
	if (!n->by_person) {
		const char **names = yg_arena_alloc(&b->arena, b->row_columns + 1, sizeof *names);
		if (b->row_columns)
			memcpy(names, b->row_column, b->row_columns * sizeof *names);
		names[b->row_columns++] = f->name;
		b->row_column = names;
	}
	YG_GROW(b->leaf, b->leaf_n, b->leaf_cap);
	b->leaf[b->leaf_n++] = n;
	return n;
}

/* A covariate that changes over time; one leaf each, so that values are handed in once. */
static struct yg_bn *extra_leaf(struct yg_binder *x, size_t number)
{
	const struct yg_scope_extra *extra = &x->scope->extra[number];
	struct yg_bn *n = yg_bn_new(x, YG_OP_EXTRA, extra->type, 0, NULL);
	n->column = (uint32_t)number;
	n->name = yg_arena_strdup(&x->bound->arena, extra->name);
	n->unit = extra->unit;
	n->label = extra->label;
	n->level = extra->level;
	n->levels = extra->levels;
	n->reference = extra->reference;
	n->is_factor = extra->is_factor;
	n->ordered = extra->levels > 0;
	x->bound->extras |= UINT64_C(1) << number;
	return n;
}

/* What a name can mean. */
struct meaning {
	const char *name;
	size_t extra;                   /* 1 + number of the scope's extra */
	const struct yg_definition *definition;
	const struct yg_table *owner;
	uint32_t column;
	const struct yg_param *param;
};

static bool visible(const struct yg_binder *x, const struct yg_definition *d)
{
	return !d->table || d->table == x->table || (x->table && d->table->dataset == x->table->dataset);
}

static bool same_name(const char *a, const char *b, bool exact)
{
	return exact ? strcmp(a, b) == 0 : yg_str_eq_ascii_nocase(yg_str(a), yg_str(b));
}

static bool already(const struct meaning *known, size_t n, const char *name)
{
	for (size_t j = 0; j < n; j++)
		if (strcmp(known[j].name, name) == 0)
			return true;
	return false;
}

/* All meanings of a name, most specific first; returns how many (at most cap are kept). */
static size_t meanings(const struct yg_binder *x, const char *name, bool exact, bool no_definition, struct meaning *out, size_t cap)
{
	size_t n = 0;
	const struct yg_scope *s = x->scope;
	/* Inside a definition names mean what they meant when it was made. */
	for (size_t k = 0; !x->depth && k < s->extras && k < 64; k++)
		if (same_name(s->extra[k].name, name, exact) && n++ < cap)
			out[n - 1] = (struct meaning){ .name = s->extra[k].name, .extra = k + 1 };
	for (size_t k = 0; !no_definition && k < s->definition.count; k++) {
		const struct yg_definition *d = s->definition.entry[k].value;
		if (d && same_name(s->definition.entry[k].key, name, exact) && visible(x, d) &&
		    !already(out, n < cap ? n : cap, s->definition.entry[k].key) && n++ < cap)
			out[n - 1] = (struct meaning){ .name = s->definition.entry[k].key, .definition = d };
	}
	const struct yg_table *table[2] = { x->table, yg_subject_of(x->table) };
	for (int t = 0; t < 2; t++) {
		if (!table[t] || (t && table[t] == table[0]))
			continue;
		for (uint32_t k = 0; k < table[t]->fields; k++) {
			const char *field = table[t]->field[k].name;
			/* not again: a factor of the column, the row's own column, its value over time */
			if (same_name(field, name, exact) && !already(out, n < cap ? n : cap, field) && n++ < cap)
				out[n - 1] = (struct meaning){ .name = field, .owner = table[t], .column = k };
		}
	}
	for (size_t k = 0; k < s->param.count; k++)
		if (same_name(s->param.entry[k].key, name, exact) && n++ < cap)
			out[n - 1] = (struct meaning){ .name = s->param.entry[k].key, .param = s->param.entry[k].value };
	return n;
}

static enum yg_status unknown_name(struct yg_binder *x, const struct yg_node *n)
{
	const struct yg_table *subject = yg_subject_of(x->table);
	size_t most = x->scope->definition.count + x->scope->param.count + x->scope->extras + x->table->fields + (subject ? subject->fields : 0);
	const char **name = yg_arena_alloc(&x->bound->arena, most + 1, sizeof *name);
	size_t names = 0;
	for (size_t k = 0; !x->depth && k < x->scope->extras; k++)
		name[names++] = x->scope->extra[k].name;
	for (size_t k = 0; k < x->scope->definition.count; k++)
		if (x->scope->definition.entry[k].value && visible(x, x->scope->definition.entry[k].value))
			name[names++] = x->scope->definition.entry[k].key;
	for (uint32_t k = 0; k < x->table->fields; k++)
		name[names++] = x->table->field[k].name;
	for (uint32_t k = 0; subject && subject != x->table && k < subject->fields; k++)
		name[names++] = subject->field[k].name;
	for (size_t k = 0; k < x->scope->param.count; k++)
		name[names++] = x->scope->param.entry[k].key;
	const char *near = yg_nearest(n->text, name, names);
	enum yg_status s = yg_bx_fail(x, n, YG_ESYNTAX, "E-EXP-010", N_("%s is no column of %s, no definition and no parameter"),
	                              n->text, x->table->name);
	if (near)
		yg_err_hint(x->err, N_("Did you mean %s?"), near);
	else if (strcmp(n->text, "arm") == 0)
		yg_err_hint(x->err, N_("arm exists only on a set made by match or weight: add on NAME."));
	else if (strcmp(n->text, "missing") == 0)
		yg_err_hint(x->err, N_("Missing values are found with: x is missing"));
	else
		yg_err_hint(x->err, N_("Texts stand in double quotes; the columns are listed by: show %s"), x->table->name);
	return s;
}

static enum yg_status inline_definition(struct yg_binder *x, const struct yg_node *n, const struct meaning *m, struct yg_bn **out)
{
	struct yg_bn *known = yg_map_get(&x->bound->inlined, m->name);
	if (known) {
		*out = known;
		return YG_OK;
	}
	for (int k = 0; k < x->depth; k++)
		if (x->active_def[k] == m->definition)
			return yg_bx_fail(x, n, YG_EINVAL, "E-EXP-011", N_("%s is defined by itself"), m->name);
	if (x->depth == YG_BIND_DEPTH)
		return yg_bx_fail(x, n, YG_ELIMIT, "E-EXP-012", N_("definitions are nested more than %d deep"), YG_BIND_DEPTH);
	const struct yg_table *outer_table = x->table;
	struct yg_grouping *outer_grouping = x->grouping;
	const char *outer_of = x->of;
	const struct yg_node *outer_span = x->span;
	if (!x->span)
		x->span = n;
	x->active[x->depth] = m->name;
	x->active_def[x->depth++] = m->definition;
	x->of = m->name;
	x->grouping = NULL;
	if (m->definition->table)
		x->table = m->definition->table;
	struct yg_bn *made = NULL;
	const struct yg_node *statement = m->definition->statement;
	enum yg_status s = statement->kind == YG_NODE_FACTOR ? yg_bx_factor(x, statement, &made) : yg_bx_let(x, statement, &made);
	const struct yg_table *inner_table = x->table;
	x->depth--;
	x->of = outer_of;
	x->grouping = outer_grouping;
	x->table = outer_table;
	x->span = outer_span;
	if (s != YG_OK)
		return s;
	if (inner_table != outer_table && inner_table->start && !made->by_person)
		return yg_bx_fail(x, n, YG_EINVAL, "E-EXP-013", N_("%s belongs to table %s, where a person can have several rows; make it one value a person there: let ... by the person"),
		                  m->name, inner_table->name);
	yg_map_put(&x->bound->inlined, m->name, made);
	*out = made;
	return YG_OK;
}

enum yg_status yg_bx_name(struct yg_binder *x, const struct yg_node *n, struct yg_bn **out)
{
	struct meaning m[3];
	/* Inside `factor size = cut(size, ...)` the name is the file's column. */
	bool own = x->depth && strcmp(x->active[x->depth - 1], n->text) == 0 && x->active_def[x->depth - 1]->statement->kind == YG_NODE_FACTOR;
	size_t found = meanings(x, n->text, true, own, m, 3);
	if (!found && !own)
		found = meanings(x, n->text, false, own, m, 3);
	else if (found)
		found = 1;
	if (!found)
		return unknown_name(x, n);
	if (found > 1)
		return yg_bx_fail(x, n, YG_ESYNTAX, "E-EXP-014", N_("%s can be %s or %s; write it exactly"), n->text, m[0].name, m[1].name);
	if (m[0].extra) {
		*out = extra_leaf(x, m[0].extra - 1);
		return YG_OK;
	}
	if (m[0].definition)
		return inline_definition(x, n, &m[0], out);
	if (m[0].owner) {
		*out = column_leaf(x, m[0].owner, m[0].column);
		return YG_OK;
	}
	return yg_bx_literal(x, m[0].param->value, out);
}
