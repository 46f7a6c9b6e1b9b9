/* Binding: literals, let, the walk over the tree, and the entry points of the room. */
#include <string.h>

#include "yogo/base/i18n.h"

#include "expr_priv.h"

/* --- literals ------------------------------------------------------------------------------ */

enum yg_status yg_bx_literal(struct yg_binder *x, const struct yg_node *n, struct yg_bn **out)
{
	struct yg_bn *c;
	int64_t i;
	switch (n->kind) {
	case YG_NODE_NUMBER:
		*out = n->text && yg_parse_i64(yg_str(n->text), &i) && (double)i == n->number ? yg_bn_integer(x, i) : yg_bn_number(x, n->number);
		return YG_OK;
	case YG_NODE_DURATION:
		c = yg_bn_new(x, YG_OP_DURATION, YG_TYPE_NUMBER, 0, NULL);
		c->value.d = n->number;
		c->value.s = n->text;
		*out = c;
		return YG_OK;
	case YG_NODE_DATE:
		c = yg_bn_new(x, YG_OP_CONSTANT, YG_TYPE_DATE, 0, NULL);
		c->value.i = (int64_t)n->number;
		c->value.d = n->number;
		*out = c;
		return YG_OK;
	case YG_NODE_STRING:
		c = yg_bn_new(x, YG_OP_CONSTANT, YG_TYPE_TEXT, 0, NULL);
		c->value.s = n->text;
		c->value.len = strlen(n->text);
		*out = c;
		return YG_OK;
	case YG_NODE_WORD:
	case YG_NODE_NAME: {
		const struct yg_param *p = yg_map_get(&x->scope->param, n->text);
		if (p && p->value->kind != YG_NODE_WORD && p->value->kind != YG_NODE_NAME)
			return yg_bx_literal(x, p->value, out);
		enum yg_status s = yg_bx_fail(x, n, YG_ESYNTAX, "E-EXP-015", N_("%s is no parameter, and a value is wanted here"), n->text);
		yg_err_hint(x->err, N_("Texts stand in double quotes: \"%s\""), n->text);
		return s;
	}
	case YG_NODE_NEGATE: {
		YG_TRY(yg_bx_literal(x, n->child[0], &c));
		if (!yg_is_numeric(c->type))
			return yg_bx_fail(x, n, YG_EINVAL, "E-EXP-016", N_("only numbers and lengths of time can be negative"));
		struct yg_bn *neg = yg_bn_new(x, c->op, c->type, 0, NULL);
		neg->value = c->value;
		neg->value.i = -c->value.i;
		neg->value.d = -c->value.d;
		*out = neg;
		return YG_OK;
	}
	default:
		return yg_bx_fail(x, n, YG_EINVAL, "E-EXP-017", N_("a number, date, length of time or text is wanted here"));
	}
}

/* --- let ----------------------------------------------------------------------------------- */

static const struct yg_node *predicate_of(const struct yg_node *statement)
{
	for (uint32_t k = 0; k < statement->children; k++) {
		enum yg_node_kind kind = statement->child[k]->kind;
		if (kind != YG_NODE_OPTIONS && kind != YG_NODE_WHERE && kind != YG_NODE_BY)
			return statement->child[k];
	}
	return NULL;
}

/* A copy with its own slot, so that label and unit of a definition do not change the column's. */
static struct yg_bn *named_copy(struct yg_binder *x, const struct yg_bn *n)
{
	struct yg_bn *c = yg_arena_alloc(&x->bound->arena, 1, sizeof *c);
	*c = *n;
	c->slot = x->bound->slots++;
	return c;
}

static const char *text_option(const struct yg_node *statement, const char *name)
{
	const struct yg_node *v = yg_node_option(statement, name);
	return v && (v->kind == YG_NODE_STRING || v->kind == YG_NODE_WORD || v->kind == YG_NODE_NAME) ? v->text : NULL;
}

static enum yg_status bind_by(struct yg_binder *x, const struct yg_node *let, const struct yg_node *by, struct yg_grouping *g)
{
	size_t n = by->children;
	struct yg_bn **column = yg_arena_alloc(&x->bound->arena, n + 1, sizeof *column);
	size_t persons = 0;
	const struct yg_manifest *m = x->table->dataset ? yg_dataset_manifest(x->table->dataset) : NULL;
	for (size_t k = 0; k < n; k++) {
		const struct yg_node *name = by->child[k];
		if (name->kind == YG_NODE_CROSSING && name->children == 1)
			name = name->child[0];
		if (name->kind != YG_NODE_NAME)
			return yg_bx_fail(x, name, YG_EINVAL, "E-EXP-020", N_("by takes column names here"));
		YG_TRY(yg_bx_name(x, name, &column[k]));
		if (column[k]->op == YG_OP_CONSTANT || column[k]->op == YG_OP_DURATION)
			return yg_bx_fail(x, name, YG_EINVAL, "E-EXP-021", N_("%s is a single value, not a column to group by"), name->text);
		if (column[k]->op == YG_OP_COLUMN && column[k]->field && yg_is_person_column(x->table, column[k]->field->name))
			persons++;
	}
	(void)let;
	if (m && m->persons && persons == m->persons && n == persons) {
		g->person = true;
		g->by_person = true;
		return YG_OK;
	}
	return yg_bx_group_rows(x, column, n, g);
}

enum yg_status yg_bx_let(struct yg_binder *x, const struct yg_node *let, struct yg_bn **out)
{
	const struct yg_node *predicate = predicate_of(let);
	const struct yg_node *where = yg_node_find(let, YG_NODE_WHERE), *by = yg_node_find(let, YG_NODE_BY);
	if (!predicate)
		return yg_bx_fail(x, let, YG_EINVAL, "E-EXP-022", N_("let needs an expression after ="));
	struct yg_bn *condition = NULL, *n = NULL;
	if (where)
		YG_TRY(yg_bx_condition(x, where->child[0], &condition));
	if (by) {
		struct yg_grouping g = { .where = condition };
		YG_TRY(bind_by(x, let, by, &g));
		struct yg_grouping *outer = x->grouping;
		x->grouping = &g;
		enum yg_status s = yg_bx_value(x, predicate, &n);
		x->grouping = outer;
		if (s != YG_OK)
			return s;
		if (!g.used) {
			s = yg_bx_fail(x, by, YG_EINVAL, "E-EXP-023", N_("by needs a function that runs over the rows of each group: count sum mean min max any first last seq"));
			yg_err_hint(x->err, N_("For a row-by-row value leave out by."));
			return s;
		}
	} else {
		YG_TRY(yg_bx_value(x, predicate, &n));
		if (condition) {
			struct yg_bn *mask = yg_bn_new2(x, YG_OP_MASK, n->type, n, condition);
			mask->unit = n->unit;
			mask->level = n->level;
			mask->levels = n->levels;
			mask->reference = n->reference;
			mask->is_factor = n->is_factor;
			mask->ordered = n->ordered;
			mask->field = n->field;
			n = mask;
		}
	}
	struct yg_bn *c = named_copy(x, n);
	const char *label = text_option(let, "label"), *unit = text_option(let, "unit");
	c->label = label ? label : n->op == YG_OP_COLUMN ? n->label : NULL;
	if (unit)
		c->unit = unit;
	c->name = let->text;
	*out = c;
	return YG_OK;
}

/* --- the walk ------------------------------------------------------------------------------ */

enum yg_status yg_bx_condition(struct yg_binder *x, const struct yg_node *n, struct yg_bn **out)
{
	struct yg_bn *v;
	YG_TRY(yg_bx_any(x, n, &v));
	if (v->type == YG_TYPE_FLAG && v->op != YG_OP_DURATION) {
		*out = v;
		return YG_OK;
	}
	enum yg_status s = yg_bx_fail(x, n, YG_EINVAL, "E-EXP-030", N_("a condition is wanted here, this is %s"), _(yg_type_phrase(v)));
	if (n->kind == YG_NODE_NAME && v->type == YG_TYPE_INTEGER)
		yg_err_hint(x->err, N_("Write for example: %s = 1"), n->text);
	else if (n->kind == YG_NODE_NAME && v->type == YG_TYPE_LEVEL && v->levels)
		yg_err_hint(x->err, N_("Write for example: %s = \"%s\""), n->text, v->level[v->levels - 1]);
	return s;
}

enum yg_status yg_bx_value(struct yg_binder *x, const struct yg_node *n, struct yg_bn **out)
{
	struct yg_bn *v;
	YG_TRY(yg_bx_any(x, n, &v));
	if (v->op == YG_OP_DURATION) {
		struct yg_bn *c = yg_bn_number(x, v->value.d);
		c->unit = yg_time_unit_name(v->value.s);
		v = c;
	} else if (v->op == YG_OP_CONSTANT && v->type == YG_TYPE_TEXT) {
		enum yg_type type;
		YG_TRY(yg_bx_unify(x, n, &v, 1, &type));
	}
	*out = v;
	return YG_OK;
}

static enum yg_status bind_logic(struct yg_binder *x, const struct yg_node *n, enum yg_op op, struct yg_bn **out)
{
	struct yg_bn *l, *r;
	YG_TRY(yg_bx_condition(x, n->child[0], &l));
	YG_TRY(yg_bx_condition(x, n->child[1], &r));
	*out = yg_bn_new2(x, op, YG_TYPE_FLAG, l, r);
	return YG_OK;
}

static enum yg_cmp cmp_of(const char *text)
{
	if (text[0] == '!')
		return YG_CMP_NE;
	if (text[0] == '<')
		return text[1] == '=' ? YG_CMP_LE : YG_CMP_LT;
	if (text[0] == '>')
		return text[1] == '=' ? YG_CMP_GE : YG_CMP_GT;
	return YG_CMP_EQ;
}

enum yg_status yg_bx_any(struct yg_binder *x, const struct yg_node *n, struct yg_bn **out)
{
	struct yg_bn *l, *r;
	switch (n->kind) {
	case YG_NODE_OR:
		return bind_logic(x, n, YG_OP_OR, out);
	case YG_NODE_AND:
		return bind_logic(x, n, YG_OP_AND, out);
	case YG_NODE_NOT:
		YG_TRY(yg_bx_condition(x, n->child[0], &l));
		*out = yg_bn_new1(x, YG_OP_NOT, YG_TYPE_FLAG, l);
		return YG_OK;
	case YG_NODE_IS_MISSING:
	case YG_NODE_NOT_MISSING:
		YG_TRY(yg_bx_any(x, n->child[0], &l));
		if (l->op == YG_OP_DURATION || l->op == YG_OP_CONSTANT)
			return yg_bx_fail(x, n, YG_EINVAL, "E-EXP-031", N_("a constant is never missing"));
		*out = yg_bn_new1(x, YG_OP_IS_MISSING, YG_TYPE_FLAG, l);
		if (n->kind == YG_NODE_NOT_MISSING)
			*out = yg_bn_new1(x, YG_OP_NOT, YG_TYPE_FLAG, *out);
		return YG_OK;
	case YG_NODE_COMPARE:
		YG_TRY(yg_bx_any(x, n->child[0], &l));
		YG_TRY(yg_bx_any(x, n->child[1], &r));
		return yg_bx_compare(x, n, cmp_of(n->text), l, r, out);
	case YG_NODE_IN:
		return yg_bx_in(x, n, out);
	case YG_NODE_ADDITION:
	case YG_NODE_MULTIPLY:
	case YG_NODE_NEGATE:
	case YG_NODE_POWER:
		return yg_bx_arith(x, n, out);
	case YG_NODE_CALL:
		return yg_bx_call(x, n, out);
	case YG_NODE_NAME:
		return yg_bx_name(x, n, out);
	case YG_NODE_NUMBER:
	case YG_NODE_DURATION:
	case YG_NODE_DATE:
	case YG_NODE_STRING:
	case YG_NODE_WORD:
		return yg_bx_literal(x, n, out);
	case YG_NODE_TUPLE:
		if (n->children == 1)
			return yg_bx_any(x, n->child[0], out);
		return yg_bx_fail(x, n, YG_EINVAL, "E-EXP-032", N_("a list in parentheses stands only as an argument or after in"));
	case YG_NODE_EVENT:
		return yg_bx_fail(x, n, YG_EINVAL, "E-EXP-033", N_("%s() looks at event tables (diagnoses, prescriptions, visits); this version analyses columns only"), n->text);
	default:
		return yg_bx_fail(x, n, YG_EINVAL, "E-EXP-034", N_("this cannot stand in an expression"));
	}
}

/* --- entry points -------------------------------------------------------------------------- */

static struct yg_bound *bound_new(const struct yg_table *table)
{
	struct yg_bound *b = yg_xcalloc(1, sizeof *b);
	yg_arena_init(&b->arena);
	yg_map_init(&b->inlined);
	b->table = table;
	return b;
}

void yg_bound_free(struct yg_bound *b)
{
	if (!b)
		return;
	for (size_t k = 0; k < b->data_n; k++)
		yg_data_free(b->data[k]);
	for (size_t k = 0; k < b->map_n; k++)
		yg_map_release(b->map[k]);
	yg_free(b->data);
	yg_free(b->map);
	yg_free(b->leaf);
	yg_map_release(&b->inlined);
	yg_arena_release(&b->arena);
	yg_free(b);
}

static void fill_info(struct yg_bound *b)
{
	const struct yg_bn *n = b->root;
	b->info = (struct yg_bound_info){
		.type = n->type,
		.unit = n->unit,
		.label = n->label,
		.level = n->level,
		.levels = n->levels,
		.reference = n->reference,
		.is_factor = n->is_factor,
		.by_person = n->by_person,
		.column = n->op == YG_OP_COLUMN ? n->field->name : NULL,
	};
}

static enum yg_status no_table(struct yg_err *err, const struct yg_node *n)
{
	enum yg_status s = yg_fail_at(err, YG_EINVAL, n->at, n->len, "E-EXP-035", N_("no table is in use"));
	yg_err_hint(err, N_("Begin with: open \"FILE.cohort\""));
	return s;
}

enum yg_status yg_bind(const struct yg_scope *scope, const struct yg_node *expression, enum yg_type want,
                       struct yg_task *task, struct yg_bound **out, struct yg_err *err)
{
	if (!scope->table)
		return no_table(err, expression);
	struct yg_bound *b = bound_new(scope->table);
	struct yg_binder x = { .scope = scope, .table = scope->table, .bound = b, .task = task, .err = err };
	enum yg_status s;
	if (want == YG_TYPE_FLAG)
		s = yg_bx_condition(&x, expression, &b->root);
	else
		s = yg_bx_value(&x, expression, &b->root);
	if (s == YG_OK && want == YG_TYPE_NUMBER && yg_is_numeric(b->root->type))
		b->root = yg_bn_cast(&x, b->root, YG_TYPE_NUMBER);
	if (s == YG_OK && want && b->root->type != want) {
		struct yg_bn wanted = { .type = want };
		s = yg_bx_fail(&x, expression, YG_EINVAL, "E-EXP-036", N_("%s is wanted here, this is %s"), _(yg_type_phrase(&wanted)), _(yg_type_phrase(b->root)));
	}
	if (s != YG_OK) {
		yg_bound_free(b);
		return s;
	}
	fill_info(b);
	*out = b;
	return YG_OK;
}

static enum yg_status check_name(const struct yg_scope *scope, const struct yg_node *st, struct yg_err *err)
{
	const struct yg_table *table[2] = { scope->table, yg_subject_of(scope->table) };
	bool is_column = false;
	for (int t = 0; t < 2; t++)
		for (uint32_t k = 0; table[t] && k < table[t]->fields; k++)
			is_column = is_column || strcmp(table[t]->field[k].name, st->text) == 0;
	if (st->kind == YG_NODE_FACTOR || !is_column)
		return YG_OK;
	enum yg_status s = yg_fail_at(err, YG_EINVAL, st->at, st->len, "E-EXP-037",
	                              N_("%s is a column of the file; let cannot take its name"), st->text);
	yg_err_hint(err, N_("Choose another name; to recode the column itself use: factor %s"), st->text);
	return s;
}

enum yg_status yg_bind_definition(const struct yg_scope *scope, const struct yg_node *statement, struct yg_task *task,
                                  struct yg_bound_info *out, struct yg_err *err)
{
	if (!scope->table)
		return no_table(err, statement);
	YG_TRY(check_name(scope, statement, err));
	struct yg_bound *b = bound_new(scope->table);
	/* The definition is active while it is bound, so that it cannot use itself; messages point into it. */
	struct yg_definition self = { .statement = statement, .table = scope->table };
	struct yg_scope own = *scope;
	struct yg_binder x = { .scope = &own, .table = scope->table, .bound = b, .task = task, .err = err };
	x.active[0] = statement->text;
	x.active_def[0] = &self;
	const struct yg_definition *old = yg_map_get(&scope->definition, statement->text);
	if (old)
		x.active_def[0] = old;
	x.depth = 1;
	struct yg_bn *n = NULL;
	enum yg_status s;
	if (statement->kind == YG_NODE_FACTOR) {
		x.active_def[0] = old && old->statement->kind == YG_NODE_FACTOR ? old : &self;
		s = yg_bx_factor(&x, statement, &n);
		if (s == YG_OK)
			s = yg_bx_scan_strays(&x, statement, n);
	} else {
		s = yg_bx_let(&x, statement, &n);
	}
	if (s == YG_OK && out) {
		b->root = n;
		fill_info(b);
		*out = b->info;
		out->level = NULL;
		out->column = NULL;
	}
	yg_bound_free(b);
	return s;
}

const struct yg_bound_info *yg_bound_info(const struct yg_bound *b)
{
	return &b->info;
}

const struct yg_table *yg_bound_table(const struct yg_bound *b)
{
	return b->table;
}

const struct yg_table *yg_bound_person_table(const struct yg_bound *b)
{
	return b->table->start ? yg_subject_of(b->table) : b->table;
}

size_t yg_bound_row_columns(const struct yg_bound *b, const char *const **out)
{
	*out = b->row_column;
	return b->row_columns;
}

uint64_t yg_bound_extras(const struct yg_bound *b)
{
	return b->extras;
}

size_t yg_bound_losses(const struct yg_bound *b, const struct yg_eval_loss **out)
{
	struct yg_bound *own = (struct yg_bound *)(uintptr_t)b;
	size_t n = 0;
	for (int k = 0; k < b->losses; k++) {
		uint64_t rows = atomic_load_explicit(&own->loss_rows[k], memory_order_relaxed);
		if (rows)
			own->loss_out[n++] = (struct yg_eval_loss){ b->loss_reason[k], rows };
	}
	*out = own->loss_out;
	return n;
}
