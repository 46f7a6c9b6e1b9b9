/*
 * Functions over the rows of a person or another group: count sum mean min max any first last seq.
 *
 * Computed when bound, in one pass over the rows in stored order (so sums do not depend on threads), and
 * kept as a value per person or group.  Missing values are passed over; `where` chooses the rows.
 *   count()      rows; count(cond) rows where it is true; count(x) rows where x is known
 *   sum          0 without rows, missing when every value is missing
 *   mean min max missing without a known value
 *   any(cond)    true when true in a row, else missing when unknown in a row, else false
 *   first(x, o)  the known x with the smallest known o; equal o: the earlier row; last: the largest, the later row.
 *                Without o the stored order.
 *   seq(o)       1, 2 ... in ascending o within the group, a value per row
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/expr/intern.h"

#include "expr_priv.h"

enum kind { COUNT, SUM, MEAN, MIN, MAX, ANY, FIRST, LAST, SEQ };
static const char *const kind_name[] = { "count", "sum", "mean", "min", "max", "any", "first", "last", "seq" };

bool yg_bx_is_aggregate(const char *function)
{
	for (size_t k = 0; k < sizeof kind_name / sizeof *kind_name; k++)
		if (strcmp(kind_name[k], function) == 0)
			return true;
	return false;
}

/* A value as a 64-bit integer or a double, whatever the type. */
union word {
	int64_t i;
	double d;
};
struct pass {
	enum kind kind;
	enum yg_type type;               /* of x */
	bool x_condition, order_number;
	uint32_t groups;
	union word *acc;                 /* [groups] sum, extreme, value of first */
	union word *key;                 /* [groups] order of the row kept */
	int64_t *count;                  /* [groups] known values */
	uint8_t *state;                  /* [groups] bit 0: has value, bit 1: a row was seen, bit 2: unknown seen, bit 3: overflow */
	union word *row_key;             /* SEQ: [rows] */
	uint64_t *row_in;                /* SEQ: rows that take part */
};

static union word word_at(const struct yg_vec *v, uint32_t i)
{
	union word w = { .i = 0 };
	switch (v->type) {
	case YG_TYPE_FLAG: w.i = v->v.flag[i]; break;
	case YG_TYPE_INTEGER: w.i = v->v.integer[i]; break;
	case YG_TYPE_NUMBER: w.d = v->v.number[i]; break;
	case YG_TYPE_LEVEL: w.i = v->v.level[i]; break;
	case YG_TYPE_DATE: w.i = v->v.date[i]; break;
	case YG_TYPE_INSTANT: w.i = v->v.instant[i]; break;
	case YG_TYPE_TEXT: break;
	}
	return w;
}

static bool less(union word a, union word b, bool number)
{
	return number ? a.d < b.d : a.i < b.i;
}

static void take_row(struct pass *p, uint32_t g, const struct yg_vec *v, const struct yg_tri *c, const struct yg_vec *order,
                     uint32_t i, uint64_t row)
{
	uint8_t *st = &p->state[g];
	*st |= 2;
	if (p->kind == SEQ) {
		if (order && !yg_vec_valid(order, i))
			return;
		p->row_key[row] = order ? word_at(order, i) : (union word){ .i = (int64_t)row };
		p->row_in[row >> 6] |= UINT64_C(1) << (row & 63);
		return;
	}
	if (c) {
		if (c->t[i >> 6] >> (i & 63) & 1) {
			*st |= 1;
			p->count[g]++;
		} else if (c->has_u && (c->u[i >> 6] >> (i & 63) & 1)) {
			*st |= 4;
		}
		return;
	}
	if (!v) {
		p->count[g]++;
		return;
	}
	if (!yg_vec_valid(v, i))
		return;
	union word w = word_at(v, i);
	bool number = p->type == YG_TYPE_NUMBER;
	switch (p->kind) {
	case COUNT:
		break;
	case SUM:
		if (number)
			p->acc[g].d += w.d;
		else if (__builtin_add_overflow(p->acc[g].i, w.i, &p->acc[g].i))
			*st |= 8;
		break;
	case MEAN:
		p->acc[g].d += number ? w.d : (double)w.i;
		break;
	case MIN:
		if (!(*st & 1) || less(w, p->acc[g], number))
			p->acc[g] = w;
		break;
	case MAX:
		if (!(*st & 1) || less(p->acc[g], w, number))
			p->acc[g] = w;
		break;
	case FIRST:
	case LAST: {
		if (order && !yg_vec_valid(order, i))
			return;
		union word key = order ? word_at(order, i) : (union word){ .i = (int64_t)row };
		bool first = p->kind == FIRST;
		if (!(*st & 1) || (first ? less(key, p->key[g], p->order_number) : !less(key, p->key[g], p->order_number))) {
			p->acc[g] = w;
			p->key[g] = key;
		}
		break;
	}
	case ANY:
	case SEQ:
		return;
	}
	*st |= 1;
	p->count[g]++;
}

static enum yg_status run_pass(struct yg_binder *x, struct pass *p, const struct yg_bn *value, const struct yg_bn *order)
{
	const struct yg_grouping *g = x->grouping;
	const struct yg_table *t = x->table;
	struct yg_eval *e = yg_eval_of(x->bound, NULL, t, YG_BLOCK_ROWS);
	enum yg_status s = YG_OK;
	for (uint32_t b = 0; s == YG_OK && b < t->blocks; b++) {
		struct yg_vec v, o;
		struct yg_tri where, cond;
		if (x->task && !yg_task_tick(x->task, b, t->blocks))
			s = yg_fail(x->err, YG_CANCELLED, "E-TASK-001", N_("cancelled; nothing was changed"));
		if (s == YG_OK)
			s = yg_eval_at(e, b);
		if (s == YG_OK && g->where)
			s = yg_ev_tri(e, g->where, false, &where, x->err);
		if (s == YG_OK && value && p->x_condition)
			s = yg_ev_tri(e, value, true, &cond, x->err);
		else if (s == YG_OK && value)
			s = yg_ev_vec(e, value, &v, x->err);
		if (s == YG_OK && order)
			s = yg_ev_vec(e, order, &o, x->err);
		if (s != YG_OK)
			break;
		const uint32_t *group = g->person && t->start ? yg_ev_persons(e) : NULL;
		if (g->person && t->start && !group)
			s = yg_expr_nomem(x->err);
		uint64_t first_row = (uint64_t)b * YG_BLOCK_ROWS;
		if (g->group)
			group = g->group + first_row;
		for (uint32_t w = 0; s == YG_OK && w < e->words; w++) {
			uint64_t bits = g->where ? where.t[w] : yg_word_full(e->n, w);
			for (; bits; bits &= bits - 1) {
				uint32_t i = w * 64 + (uint32_t)__builtin_ctzll(bits);
				uint32_t of = group ? group[i] : (uint32_t)(first_row + i);
				if (of != UINT32_MAX)
					take_row(p, of, value && !p->x_condition ? &v : NULL, value && p->x_condition ? &cond : NULL,
					         order ? &o : NULL, i, first_row + i);
			}
		}
	}
	yg_eval_free(e);
	return s;
}

/* --- results ------------------------------------------------------------------------------- */

static void store(void *out, enum yg_type type, uint32_t g, union word w)
{
	switch (type) {
	case YG_TYPE_FLAG: ((uint8_t *)out)[g] = (uint8_t)(w.i != 0); break;
	case YG_TYPE_INTEGER: ((int64_t *)out)[g] = w.i; break;
	case YG_TYPE_NUMBER: ((double *)out)[g] = w.d; break;
	case YG_TYPE_LEVEL: ((int32_t *)out)[g] = (int32_t)w.i; break;
	case YG_TYPE_DATE: ((int32_t *)out)[g] = (int32_t)w.i; break;
	case YG_TYPE_INSTANT: ((int64_t *)out)[g] = w.i; break;
	case YG_TYPE_TEXT: break;
	}
}

static enum yg_type result_type(const struct pass *p)
{
	switch (p->kind) {
	case COUNT:
	case SEQ: return YG_TYPE_INTEGER;
	case MEAN: return YG_TYPE_NUMBER;
	case ANY: return YG_TYPE_FLAG;
	case SUM: return p->type == YG_TYPE_NUMBER ? YG_TYPE_NUMBER : YG_TYPE_INTEGER;
	default: return p->type;
	}
}

static bool group_value(const struct pass *p, uint32_t g, union word *w)
{
	uint8_t st = p->state[g];
	switch (p->kind) {
	case COUNT:
		w->i = p->count[g];
		return true;
	case ANY:
		w->i = st & 1;
		return (st & 1) || !(st & 4);
	case SUM:
		*w = p->acc[g];
		return !(st & 8) && ((st & 1) || !(st & 2)) && (p->type != YG_TYPE_NUMBER || isfinite(w->d));
	case MEAN:
		w->d = p->count[g] ? p->acc[g].d / (double)p->count[g] : 0;
		return p->count[g] > 0 && isfinite(w->d);
	default:
		*w = p->acc[g];
		return st & 1;
	}
}

static enum yg_status materialise(struct yg_binder *x, const struct pass *p, enum yg_material_kind kind, uint64_t n, struct yg_material **out)
{
	enum yg_type type = result_type(p);
	struct yg_material *m = yg_arena_alloc(&x->bound->arena, 1, sizeof *m);
	m->kind = kind;
	m->table = x->table;
	m->value = yg_bound_own(x->bound, yg_data_calloc(n + 1, yg_type_width(type)));
	m->valid = yg_bound_own(x->bound, yg_data_calloc(n / 64 + 1, sizeof *m->valid));
	if (!m->value || !m->valid)
		return yg_expr_nomem(x->err);
	*out = m;
	if (p->kind == SEQ)
		return YG_OK;
	for (uint32_t g = 0; g < n; g++) {
		union word w = { .i = 0 };
		if (group_value(p, g, &w)) {
			m->valid[g >> 6] |= UINT64_C(1) << (g & 63);
			store(m->value, type, g, w);
		}
	}
	return YG_OK;
}

/* Groups that never split a person: the group's value for each of its persons. */
static enum yg_status to_persons(struct yg_binder *x, const uint32_t *group, uint64_t persons, enum yg_type type, struct yg_material *m)
{
	const struct yg_table *t = x->table;
	size_t width = yg_type_width(type);
	char *value = yg_bound_own(x->bound, yg_data_calloc(persons + 1, width));
	uint64_t *valid = yg_bound_own(x->bound, yg_data_calloc(persons / 64 + 1, sizeof *valid));
	uint32_t *person = yg_data_alloc(YG_BLOCK_ROWS, sizeof *person);
	enum yg_status s = value && valid && person ? YG_OK : yg_expr_nomem(x->err);
	for (uint32_t b = 0; s == YG_OK && b < t->blocks; b++) {
		uint64_t first_row = (uint64_t)b * YG_BLOCK_ROWS;
		if (t->start)
			yg_table_block_persons(t, b, person);
		for (uint32_t i = 0; i < yg_table_block_rows(t, b); i++) {
			uint32_t g = group[first_row + i];
			uint64_t p = t->start ? person[i] : first_row + i;
			if (g == UINT32_MAX || !(m->valid[g >> 6] >> (g & 63) & 1))
				continue;
			memcpy(value + p * width, (const char *)m->value + g * width, width);
			valid[p >> 6] |= UINT64_C(1) << (p & 63);
		}
	}
	yg_data_free(person);
	if (s != YG_OK)
		return s;
	m->kind = YG_PER_PERSON;
	m->value = value;
	m->valid = valid;
	return YG_OK;
}

struct ranked {
	uint32_t group;
	union word key;
	uint64_t row;
};
static int ranked_cmp(const void *a, const void *b, bool number)
{
	const struct ranked *l = a, *r = b;
	if (l->group != r->group)
		return l->group < r->group ? -1 : 1;
	if (less(l->key, r->key, number))
		return -1;
	if (less(r->key, l->key, number))
		return 1;
	return (l->row > r->row) - (l->row < r->row);
}
static int by_number_key(const void *a, const void *b)
{
	return ranked_cmp(a, b, true);
}
static int by_integer_key(const void *a, const void *b)
{
	return ranked_cmp(a, b, false);
}

static enum yg_status number_rows(struct yg_binder *x, const struct pass *p, struct yg_material *m)
{
	const struct yg_table *t = x->table;
	const struct yg_grouping *g = x->grouping;
	uint64_t n = 0;
	for (uint64_t w = 0; w < (t->rows + 63) / 64; w++)
		n += (uint64_t)__builtin_popcountll(p->row_in[w]);
	struct ranked *r = yg_data_alloc(n + 1, sizeof *r);
	uint32_t *person = yg_data_alloc(YG_BLOCK_ROWS, sizeof *person);
	enum yg_status s = r && person ? YG_OK : yg_expr_nomem(x->err);
	n = 0;
	for (uint32_t b = 0; s == YG_OK && b < t->blocks; b++) {
		uint32_t rows = yg_table_block_rows(t, b);
		uint64_t first_row = (uint64_t)b * YG_BLOCK_ROWS;
		if (g->person && t->start)
			yg_table_block_persons(t, b, person);
		for (uint32_t i = 0; i < rows; i++) {
			uint64_t row = first_row + i;
			if (!(p->row_in[row >> 6] >> (row & 63) & 1))
				continue;
			uint32_t of = g->group ? g->group[row] : t->start ? person[i] : (uint32_t)row;
			r[n++] = (struct ranked){ of, p->row_key[row], row };
		}
	}
	if (s == YG_OK) {
		qsort(r, n, sizeof *r, p->order_number ? by_number_key : by_integer_key);
		int64_t place = 0;
		for (uint64_t k = 0; k < n; k++) {
			place = k && r[k].group == r[k - 1].group ? place + 1 : 1;
			((int64_t *)m->value)[r[k].row] = place;
			m->valid[r[k].row >> 6] |= UINT64_C(1) << (r[k].row & 63);
		}
	}
	yg_data_free(r);
	yg_data_free(person);
	return s;
}

/* --- binding ------------------------------------------------------------------------------- */

static enum yg_status arguments(struct yg_binder *x, const struct yg_node *call, enum kind kind, struct yg_bn **value, struct yg_bn **order)
{
	uint32_t n = call->children;
	uint32_t most = kind == FIRST || kind == LAST ? 2 : 1, least = kind == COUNT || kind == SEQ ? 0 : 1;
	if (n > most && (kind == MIN || kind == MAX)) {
		enum yg_status s = yg_bx_fail(x, call, YG_EINVAL, "E-EXP-100", N_("%s(x) runs over the rows of each person"), call->text);
		yg_err_hint(x->err, kind == MIN ? N_("Of several values in one row: least(x, y)") : N_("Of several values in one row: greatest(x, y)"));
		return s;
	}
	if (n > most || n < least)
		return yg_bx_fail(x, call, YG_EINVAL, "E-EXP-101", N_("%s() has a wrong number of arguments"), call->text);
	struct yg_bn *v[2] = { NULL, NULL };
	struct yg_grouping *own = x->grouping;
	x->grouping = NULL;
	enum yg_status s = YG_OK;
	for (uint32_t k = 0; k < n && s == YG_OK; k++) {
		const struct yg_node *a = call->child[k];
		if (a->kind == YG_NODE_ARGUMENT) {
			struct yg_node *name = yg_node_new(&x->bound->arena, YG_NODE_NAME, a->text);
			struct yg_node *compare = yg_node_new(&x->bound->arena, YG_NODE_COMPARE, "=");
			name->at = compare->at = a->at;
			name->len = strlen(a->text);
			compare->len = a->len;
			yg_node_add(&x->bound->arena, compare, name);
			yg_node_add(&x->bound->arena, compare, a->child[0]);
			a = compare;
		}
		s = kind == ANY ? yg_bx_condition(x, a, &v[k]) : yg_bx_value(x, a, &v[k]);
	}
	x->grouping = own;
	if (s != YG_OK)
		return s;
	*value = kind == SEQ ? NULL : v[0];
	*order = kind == SEQ ? v[0] : v[1];
	return YG_OK;
}

static enum yg_status check_types(struct yg_binder *x, const struct yg_node *call, enum kind kind, struct yg_bn **value, const struct yg_bn *order)
{
	struct yg_bn *v = *value;
	if ((v && v->type == YG_TYPE_TEXT) || (order && order->type == YG_TYPE_TEXT))
		return yg_bx_fail(x, call, YG_EINVAL, "E-EXP-102", N_("%s() does not take text columns; make a factor of the column first"), call->text);
	if (order && order->type == YG_TYPE_LEVEL && !order->ordered)
		return yg_bx_fail(x, call, YG_EINVAL, "E-EXP-103", N_("rows are ordered by a number or a date"));
	if ((kind == SUM || kind == MEAN) && !yg_is_numeric(v->type))
		return yg_bx_fail(x, call, YG_EINVAL, "E-EXP-104", N_("%s() takes numbers, this is %s"), call->text, _(yg_type_phrase(v)));
	if ((kind == MIN || kind == MAX) && v->type == YG_TYPE_LEVEL && !v->ordered)
		return yg_bx_fail(x, call, YG_EINVAL, "E-EXP-054", N_("the levels of %s have no declared order, so they cannot be compared by size"), v->name ? v->name : "x");
	return YG_OK;
}

static bool pass_new(struct pass *p, uint64_t rows)
{
	size_t n = (size_t)p->groups + 1;
	p->acc = yg_data_calloc(n, sizeof *p->acc);
	p->count = yg_data_calloc(n, sizeof *p->count);
	p->state = yg_data_calloc(n, sizeof *p->state);
	bool ok = p->acc && p->count && p->state;
	if (p->kind == FIRST || p->kind == LAST)
		ok = (p->key = yg_data_calloc(n, sizeof *p->key)) && ok;
	if (p->kind == SEQ) {
		ok = (p->row_key = yg_data_alloc(rows + 1, sizeof *p->row_key)) && ok;
		ok = (p->row_in = yg_data_calloc(rows / 64 + 1, sizeof *p->row_in)) && ok;
	}
	return ok;
}

static void pass_free(struct pass *p)
{
	yg_data_free(p->acc);
	yg_data_free(p->key);
	yg_data_free(p->count);
	yg_data_free(p->state);
	yg_data_free(p->row_key);
	yg_data_free(p->row_in);
}

static void shape(struct yg_bn *n, const struct pass *p, const struct yg_bn *value)
{
	if (!value || p->kind == COUNT || p->kind == ANY)
		return;
	n->unit = value->unit;
	if (n->type == YG_TYPE_LEVEL) {
		n->level = value->level;
		n->levels = value->levels;
		n->reference = value->reference;
		n->is_factor = value->is_factor;
		n->ordered = value->ordered;
	}
	if (p->kind == MIN || p->kind == MAX || p->kind == FIRST || p->kind == LAST)
		n->field = value->field;
}

static enum kind kind_of(const char *text)
{
	size_t k = 0;
	while (strcmp(kind_name[k], text) != 0)
		k++;
	return (enum kind)k;
}

enum yg_status yg_bx_aggregate(struct yg_binder *x, const struct yg_node *call, struct yg_bn **out)
{
	enum kind kind = kind_of(call->text);
	if (!x->grouping) {
		enum yg_status s = yg_bx_fail(x, call, YG_EINVAL, "E-EXP-105", N_("%s() runs over the rows of each person and needs to know whose"), call->text);
		const struct yg_manifest *m = x->table->dataset ? yg_dataset_manifest(x->table->dataset) : NULL;
		yg_err_hint(x->err, N_("Write it in a definition of its own: let NAME = %s(...) by %s"), call->text, m && m->persons == 1 ? m->person[0] : "PERSON");
		return s;
	}
	struct yg_bn *value = NULL, *order = NULL;
	YG_TRY(arguments(x, call, kind, &value, &order));
	YG_TRY(check_types(x, call, kind, &value, order));
	if (value && value->op == YG_OP_CONSTANT && kind != SUM && kind != COUNT)
		return yg_bx_fail(x, call, YG_EINVAL, "E-EXP-106", N_("%s() takes a column, this is a single value"), call->text);
	struct yg_grouping *g = x->grouping;
	g->used = true;
	const struct yg_table *t = x->table;
	uint64_t persons = t->start ? yg_dataset_persons(t->dataset) : t->rows;
	struct pass p = { .kind = kind };
	p.type = value ? value->type : YG_TYPE_INTEGER;
	p.x_condition = value && (kind == ANY || (kind == COUNT && value->type == YG_TYPE_FLAG));
	p.order_number = order && order->type == YG_TYPE_NUMBER;
	p.groups = g->person ? (uint32_t)persons : g->groups;
	struct yg_material *m = NULL;
	enum yg_status s = pass_new(&p, t->rows) ? YG_OK : yg_expr_nomem(x->err);
	if (s == YG_OK)
		s = run_pass(x, &p, value, order);
	enum yg_material_kind made = kind == SEQ ? YG_PER_ROW : g->person ? YG_PER_PERSON : YG_PER_GROUP;
	if (s == YG_OK)
		s = materialise(x, &p, made, made == YG_PER_ROW ? t->rows : p.groups, &m);
	if (s == YG_OK && kind == SEQ)
		s = number_rows(x, &p, m);
	if (s == YG_OK && made == YG_PER_GROUP && g->by_person)
		s = to_persons(x, g->group, persons, result_type(&p), m);
	pass_free(&p);
	if (s != YG_OK)
		return s;
	struct yg_bn *n = yg_bn_new(x, YG_OP_MATERIAL, result_type(&p), 0, NULL);
	n->material = m;
	if (made == YG_PER_ROW && !t->start)
		m->kind = YG_PER_PERSON;
	m->group = m->kind == YG_PER_GROUP ? g->group : NULL;
	n->by_person = m->kind == YG_PER_PERSON;
	n->name = x->of ? x->of : call->text;
	shape(n, &p, value);
	if (!n->by_person) {
		const char **names = yg_arena_alloc(&x->bound->arena, x->bound->row_columns + 1, sizeof *names);
		if (x->bound->row_columns)
			memcpy(names, x->bound->row_column, x->bound->row_columns * sizeof *names);
		names[x->bound->row_columns++] = n->name;
		x->bound->row_column = names;
	}
	*out = n;
	return YG_OK;
}

/* --- groups by any columns ----------------------------------------------------------------- */

static enum yg_status group_block(struct yg_binder *x, struct yg_eval *e, const struct yg_bn *by, uint32_t b, struct yg_intern *ids,
                                  struct yg_map *words, uint32_t *group)
{
	struct yg_vec v;
	YG_TRY(yg_ev_vec(e, by, &v, x->err));
	(void)b;
	for (uint32_t i = 0; i < v.n; i++) {
		if (group[i] == UINT32_MAX)
			continue;
		if (!yg_vec_valid(&v, i)) {
			group[i] = UINT32_MAX;
			continue;
		}
		uint64_t key;
		if (v.type == YG_TYPE_TEXT) {
			key = yg_map_intern(words, v.v.text.bytes + v.v.text.start[i], v.v.text.start[i + 1] - v.v.text.start[i]);
		} else {
			union word w = word_at(&v, i);
			if (v.type == YG_TYPE_NUMBER && w.d == 0)
				w.d = 0;
			key = (uint64_t)w.i;
		}
		group[i] = yg_intern64(ids, group[i], key);
	}
	return YG_OK;
}

enum yg_status yg_bx_group_rows(struct yg_binder *x, struct yg_bn **by, size_t n, struct yg_grouping *out)
{
	const struct yg_table *t = x->table;
	uint32_t *group = yg_bound_own(x->bound, yg_data_calloc(t->rows + 1, sizeof *group));
	if (!group)
		return yg_expr_nomem(x->err);
	struct yg_eval *e = yg_eval_of(x->bound, NULL, t, YG_BLOCK_ROWS);
	enum yg_status s = YG_OK;
	out->by_person = true;
	for (size_t k = 0; k < n && s == YG_OK; k++) {
		struct yg_intern ids;
		struct yg_map words;
		yg_intern_init(&ids);
		yg_map_init(&words);
		out->by_person = out->by_person && by[k]->by_person;
		for (uint32_t b = 0; b < t->blocks && s == YG_OK; b++) {
			if (x->task && !yg_task_tick(x->task, b, t->blocks))
				s = yg_fail(x->err, YG_CANCELLED, "E-TASK-001", N_("cancelled; nothing was changed"));
			if (s == YG_OK)
				s = yg_eval_at(e, b);
			if (s == YG_OK)
				s = group_block(x, e, by[k], b, &ids, &words, group + (size_t)b * YG_BLOCK_ROWS);
		}
		out->groups = (uint32_t)ids.count;
		yg_intern_release(&ids);
		yg_map_release(&words);
	}
	yg_eval_free(e);
	out->group = group;
	return s;
}
