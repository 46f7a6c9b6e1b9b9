/* Building bound nodes: constants, casts, units, and bringing several values to one type. */
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "yogo/base/date.h"
#include "yogo/base/i18n.h"

#include "expr_priv.h"

enum yg_status yg_bx_fail(struct yg_binder *x, const struct yg_node *at, enum yg_status s, const char *code,
                          const char *format, ...)
{
	char text[900];
	va_list ap;
	va_start(ap, format);
	vsnprintf(text, sizeof text, _(format), ap);
	va_end(ap);
	const struct yg_node *where = x->span ? x->span : at;
	if (x->span && x->of) {
		if (where)
			return yg_fail_at(x->err, s, where->at, where->len, code, N_("in the definition of %s: %s"), x->of, text);
		return yg_fail(x->err, s, code, N_("in the definition of %s: %s"), x->of, text);
	}
	if (where)
		return yg_fail_at(x->err, s, where->at, where->len, code, "%s", text);
	return yg_fail(x->err, s, code, "%s", text);
}

void *yg_bound_own(struct yg_bound *b, void *data)
{
	if (!data)
		return NULL;
	YG_GROW(b->data, b->data_n, b->data_cap);
	b->data[b->data_n++] = data;
	return data;
}

struct yg_bn *yg_bn_new(struct yg_binder *x, enum yg_op op, enum yg_type type, uint32_t children, struct yg_bn **child)
{
	struct yg_bound *b = x->bound;
	struct yg_bn *n = yg_arena_alloc(&b->arena, 1, sizeof *n);
	n->op = op;
	n->type = type;
	n->slot = b->slots++;
	n->loss = -1;
	n->by_person = true;
	n->children = children;
	if (children) {
		n->child = yg_arena_alloc(&b->arena, children, sizeof *n->child);
		memcpy(n->child, child, children * sizeof *n->child);
		for (uint32_t k = 0; k < children; k++)
			n->by_person = n->by_person && child[k]->by_person;
	}
	return n;
}

struct yg_bn *yg_bn_new1(struct yg_binder *x, enum yg_op op, enum yg_type type, struct yg_bn *a)
{
	return yg_bn_new(x, op, type, 1, &a);
}

struct yg_bn *yg_bn_new2(struct yg_binder *x, enum yg_op op, enum yg_type type, struct yg_bn *a, struct yg_bn *b)
{
	struct yg_bn *two[2] = { a, b };
	return yg_bn_new(x, op, type, 2, two);
}

struct yg_bn *yg_bn_integer(struct yg_binder *x, int64_t v)
{
	struct yg_bn *n = yg_bn_new(x, YG_OP_CONSTANT, YG_TYPE_INTEGER, 0, NULL);
	n->value.i = v;
	n->value.d = (double)v;
	return n;
}

struct yg_bn *yg_bn_number(struct yg_binder *x, double v)
{
	struct yg_bn *n = yg_bn_new(x, YG_OP_CONSTANT, YG_TYPE_NUMBER, 0, NULL);
	n->value.d = v;
	return n;
}

struct yg_bn *yg_bn_flag(struct yg_binder *x, bool v)
{
	struct yg_bn *n = yg_bn_new(x, YG_OP_CONSTANT, YG_TYPE_FLAG, 0, NULL);
	n->value.i = v;
	n->value.d = v;
	return n;
}

int yg_bn_loss(struct yg_binder *x, const char *reason)
{
	struct yg_bound *b = x->bound;
	for (int k = 0; k < b->losses; k++)
		if (b->loss_reason[k] == reason || strcmp(b->loss_reason[k], reason) == 0)
			return k;
	if (b->losses == YG_LOSSES)
		return YG_LOSSES - 1;
	b->loss_reason[b->losses] = reason;
	return b->losses++;
}

bool yg_is_numeric(enum yg_type t)
{
	return t == YG_TYPE_FLAG || t == YG_TYPE_INTEGER || t == YG_TYPE_NUMBER;
}

const char *yg_type_phrase(const struct yg_bn *n)
{
	if (n->op == YG_OP_DURATION)
		return N_("a length of time");
	switch (n->type) {
	case YG_TYPE_FLAG: return N_("true or false");
	case YG_TYPE_INTEGER: return N_("a whole number");
	case YG_TYPE_NUMBER: return N_("a number");
	case YG_TYPE_LEVEL: return N_("a level");
	case YG_TYPE_TEXT: return N_("text");
	case YG_TYPE_DATE: return N_("a date");
	case YG_TYPE_INSTANT: return N_("a date with time");
	}
	return "?";
}

/* --- units --------------------------------------------------------------------------------- */

/* 'd' 'w' 'm' 'y' for units of time, in the words that manifests use; 0 otherwise. */
static char time_unit(const char *unit)
{
	static const struct {
		const char *word;
		char letter;
	} word[] = {
		{ "d", 'd' }, { "day", 'd' }, { "days", 'd' }, { "w", 'w' }, { "week", 'w' }, { "weeks", 'w' },
		{ "m", 'm' }, { "mo", 'm' }, { "month", 'm' }, { "months", 'm' }, { "y", 'y' }, { "yr", 'y' },
		{ "yrs", 'y' }, { "year", 'y' }, { "years", 'y' }, { "a", 'y' },
	};
	if (!unit)
		return 0;
	for (size_t k = 0; k < sizeof word / sizeof *word; k++)
		if (yg_str_eq_ascii_nocase(yg_str(unit), yg_str(word[k].word)))
			return word[k].letter;
	return 0;
}

static double days_of(char letter)
{
	return letter == 'w' ? 7 : letter == 'm' ? YG_DAYS_PER_MONTH : letter == 'y' ? YG_DAYS_PER_YEAR : 1;
}

bool yg_time_unit_divisor(const char *from, const char *to, double *units_of_from_per_to)
{
	char a = time_unit(from), b = time_unit(to);
	if (!a || !b)
		return false;
	if (a == b)
		*units_of_from_per_to = 1;
	else if (a == 'm' && b == 'y')
		*units_of_from_per_to = 12;
	else if (a == 'y' && b == 'm')
		*units_of_from_per_to = 1.0 / 12;
	else
		*units_of_from_per_to = days_of(b) / days_of(a);
	return true;
}

const char *yg_time_unit_name(const char *unit)
{
	switch (time_unit(unit)) {
	case 'd': return N_("days");
	case 'w': return N_("weeks");
	case 'm': return N_("months");
	case 'y': return N_("years");
	default: return NULL;
	}
}

bool yg_unit_same(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	char ta = time_unit(a), tb = time_unit(b);
	return ta || tb ? ta == tb : strcmp(a, b) == 0;
}

bool yg_duration_in(const struct yg_bn *duration, const char *unit, double *out)
{
	double per;
	if (!unit || !yg_time_unit_divisor(unit, duration->value.s, &per))
		return false;
	*out = duration->value.d * per;
	return true;
}

/* --- casts and constants ------------------------------------------------------------------- */

struct yg_bn *yg_bn_cast(struct yg_binder *x, struct yg_bn *n, enum yg_type type)
{
	if (n->type == type)
		return n;
	if (n->op == YG_OP_CONSTANT) {
		struct yg_bn *c = yg_bn_new(x, YG_OP_CONSTANT, type, 0, NULL);
		c->value = n->value;
		c->unit = n->unit;
		if (type == YG_TYPE_NUMBER && n->type != YG_TYPE_NUMBER)
			c->value.d = (double)n->value.i;
		if (type == YG_TYPE_INSTANT && n->type == YG_TYPE_DATE)
			c->value.i = n->value.i * INT64_C(86400000000);
		return c;
	}
	struct yg_bn *c = yg_bn_new1(x, YG_OP_CAST, type, n);
	c->unit = n->unit;
	c->label = n->label;
	return c;
}

enum yg_status yg_bn_fold(struct yg_binder *x, const struct yg_node *at, struct yg_bn **np)
{
	struct yg_bn *n = *np;
	for (uint32_t k = 0; k < n->children; k++)
		if (n->child[k]->op != YG_OP_CONSTANT)
			return YG_OK;
	struct yg_eval *e = yg_eval_of(x->bound, n, x->table, 64);
	e->n = 1;
	e->words = 1;
	e->serial = 1;
	struct yg_vec v;
	enum yg_status s = yg_ev_vec(e, n, &v, x->err);
	if (s == YG_OK && !yg_vec_valid(&v, 0))
		s = yg_bx_fail(x, at, YG_EINVAL, "E-EXP-001", N_("this has no value: a division by zero, or a function outside its range"));
	if (s == YG_OK) {
		struct yg_bn *c = yg_bn_new(x, YG_OP_CONSTANT, n->type, 0, NULL);
		c->unit = n->unit;
		c->level = n->level;
		c->levels = n->levels;
		c->reference = n->reference;
		c->is_factor = n->is_factor;
		c->ordered = n->ordered;
		switch (v.type) {
		case YG_TYPE_FLAG: c->value.i = v.v.flag[0]; break;
		case YG_TYPE_INTEGER: c->value.i = v.v.integer[0]; break;
		case YG_TYPE_NUMBER: c->value.d = v.v.number[0]; break;
		case YG_TYPE_LEVEL: c->value.i = v.v.level[0]; break;
		case YG_TYPE_DATE: c->value.i = v.v.date[0]; break;
		case YG_TYPE_INSTANT: c->value.i = v.v.instant[0]; break;
		case YG_TYPE_TEXT:
			c->value.len = v.v.text.start[1] - v.v.text.start[0];
			c->value.s = yg_arena_strndup(&x->bound->arena, v.v.text.bytes + v.v.text.start[0], c->value.len);
			break;
		}
		if (v.type != YG_TYPE_NUMBER)
			c->value.d = (double)c->value.i;
		*np = c;
	}
	yg_eval_free(e);
	return s;
}

ptrdiff_t yg_level_find(const struct yg_bn *n, const char *label, size_t len)
{
	for (size_t k = 0; k < n->levels; k++)
		if (strlen(n->level[k]) == len && memcmp(n->level[k], label, len) == 0)
			return (ptrdiff_t)k;
	return -1;
}

const char *yg_nearest(const char *name, const char *const *candidate, size_t n)
{
	const char *best = NULL;
	size_t best_distance = strlen(name) < 4 ? 2 : 3;
	for (size_t k = 0; k < n; k++) {
		size_t d = yg_text_distance(name, candidate[k], best_distance);
		if (d < best_distance) {
			best_distance = d;
			best = candidate[k];
		}
	}
	return best;
}

/* --- one type for several values ----------------------------------------------------------- */

/* Levels and strings: the union of the labels in the order written. */
static void unify_levels(struct yg_binder *x, struct yg_bn **v, size_t n)
{
	struct yg_arena *arena = &x->bound->arena;
	size_t most = 0;
	for (size_t k = 0; k < n; k++)
		most += v[k]->type == YG_TYPE_LEVEL ? v[k]->levels : 1;
	const char **label = yg_arena_alloc(arena, most + 1, sizeof *label);
	size_t labels = 0;
	struct yg_map map;
	yg_map_init(&map);
	bool ordered = true;
	const struct yg_bn *first = NULL;
	for (size_t k = 0; k < n; k++) {
		bool level = v[k]->type == YG_TYPE_LEVEL;
		size_t m = level ? v[k]->levels : 1;
		for (size_t j = 0; j < m; j++) {
			const char *text = level ? v[k]->level[j] : v[k]->value.s;
			if (yg_map_intern(&map, text, strlen(text)) == labels)
				label[labels++] = text;
		}
		if (level && !first)
			first = v[k];
	}
	for (size_t k = 0; k < n; k++)
		if (v[k]->type == YG_TYPE_LEVEL && (v[k]->levels != labels || !v[k]->ordered))
			ordered = false;
	for (size_t k = 0; k < n; k++) {
		struct yg_bn *made;
		if (v[k]->op == YG_OP_CONSTANT) {
			const char *text = v[k]->type == YG_TYPE_LEVEL ? v[k]->level[v[k]->value.i] : v[k]->value.s;
			made = yg_bn_new(x, YG_OP_CONSTANT, YG_TYPE_LEVEL, 0, NULL);
			made->value.i = (int64_t)yg_map_find(&map, text, strlen(text));
		} else {
			int32_t *to = yg_arena_alloc(arena, v[k]->levels + 1, sizeof *to);
			bool same = true;
			for (size_t j = 0; j < v[k]->levels; j++) {
				to[j] = (int32_t)yg_map_find(&map, v[k]->level[j], strlen(v[k]->level[j]));
				same = same && to[j] == (int32_t)j;
			}
			if (same && v[k]->levels == labels) {
				continue;
			}
			made = yg_bn_new1(x, YG_OP_LEVEL_MAP, YG_TYPE_LEVEL, v[k]);
			made->map = to;
		}
		made->level = label;
		made->levels = labels;
		made->ordered = ordered && first;
		v[k] = made;
	}
	yg_map_release(&map);
}

enum yg_status yg_bx_unify(struct yg_binder *x, const struct yg_node *at, struct yg_bn **v, size_t n, enum yg_type *out)
{
	unsigned seen = 0;
	bool text_column = false;
	const char *unit = NULL;
	bool have_unit = false;
	for (size_t k = 0; k < n; k++) {
		if (v[k]->op == YG_OP_DURATION)
			continue;
		seen |= 1u << v[k]->type;
		text_column = text_column || (v[k]->type == YG_TYPE_TEXT && v[k]->op != YG_OP_CONSTANT);
		if (!yg_is_numeric(v[k]->type) || v[k]->op == YG_OP_CONSTANT || !v[k]->unit)
			continue;
		if (have_unit && !yg_unit_same(unit, v[k]->unit))
			return yg_bx_fail(x, at, YG_EINVAL, "E-EXP-002", N_("%s and %s are different units; convert one of them first"), unit, v[k]->unit);
		unit = v[k]->unit;
		have_unit = true;
	}
	const unsigned numeric = 1u << YG_TYPE_FLAG | 1u << YG_TYPE_INTEGER | 1u << YG_TYPE_NUMBER;
	const unsigned words = 1u << YG_TYPE_LEVEL | 1u << YG_TYPE_TEXT;
	const unsigned times = 1u << YG_TYPE_DATE | 1u << YG_TYPE_INSTANT;
	for (size_t k = 0; k < n; k++) {
		if (v[k]->op != YG_OP_DURATION)
			continue;
		double d;
		if (!yg_duration_in(v[k], unit ? unit : v[k]->value.s, &d) || (seen & ~numeric))
			return yg_bx_fail(x, at, YG_EINVAL, "E-EXP-003", N_("a length of time does not go with the other values here"));
		v[k] = yg_bn_number(x, d);
		v[k]->unit = unit ? unit : yg_time_unit_name(v[k]->value.s);
		seen |= 1u << YG_TYPE_NUMBER;
	}
	if (!(seen & ~numeric)) {
		*out = seen & 1u << YG_TYPE_NUMBER ? YG_TYPE_NUMBER : seen & 1u << YG_TYPE_INTEGER ? YG_TYPE_INTEGER : YG_TYPE_FLAG;
		for (size_t k = 0; k < n; k++) {
			v[k] = yg_bn_cast(x, v[k], *out);
			if (have_unit && v[k]->op == YG_OP_CONSTANT)
				v[k]->unit = unit;
		}
		return YG_OK;
	}
	if (!(seen & ~times)) {
		*out = seen & 1u << YG_TYPE_INSTANT ? YG_TYPE_INSTANT : YG_TYPE_DATE;
		for (size_t k = 0; k < n; k++)
			v[k] = yg_bn_cast(x, v[k], *out);
		return YG_OK;
	}
	if (!(seen & ~words)) {
		if (text_column && (seen & 1u << YG_TYPE_LEVEL))
			return yg_bx_fail(x, at, YG_EINVAL, "E-EXP-004", N_("text and levels do not mix here; make a factor of the text column first"));
		if (text_column) {
			*out = YG_TYPE_TEXT;
			return YG_OK;
		}
		unify_levels(x, v, n);
		*out = YG_TYPE_LEVEL;
		return YG_OK;
	}
	const struct yg_bn *other = v[0];
	for (size_t k = 1; k < n; k++)
		if (v[k]->type != v[0]->type)
			other = v[k];
	return yg_bx_fail(x, at, YG_EINVAL, "E-EXP-005", N_("these do not go together: one is %s, another is %s"), _(yg_type_phrase(v[0])), _(yg_type_phrase(other)));
}
