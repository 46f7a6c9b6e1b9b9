/*
 * Factors: values to labels in a stated order.
 *
 * With levels=("label": code or (codes), ...) the labels become the values, in order, the first being
 * the reference unless ref= says otherwise.  Without, a level column keeps its order and anything else
 * is ordered by value.  A value in no level is an error that says how many rows and which comes first.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "yogo/base/date.h"
#include "yogo/base/i18n.h"
#include "yogo/expr/intern.h"

#include "expr_priv.h"

#define MOST_LEVELS 1000

struct code {
	struct yg_bn *value;
	int32_t level;
	const struct yg_node *at;
};
struct codes {
	struct code *v;
	size_t n, cap;
};

static const char *node_text(const struct yg_node *n)
{
	switch (n->kind) {
	case YG_NODE_STRING:
	case YG_NODE_WORD:
	case YG_NODE_NAME:
	case YG_NODE_NUMBER:
		return n->text;
	default:
		return NULL;
	}
}

/* --- the declared levels ------------------------------------------------------------------- */

static enum yg_status add_code(struct yg_binder *x, const struct yg_node *n, int32_t level, struct codes *codes)
{
	if (n->kind == YG_NODE_GROUP || n->kind == YG_NODE_TUPLE) {
		for (uint32_t k = 0; k < n->children; k++)
			YG_TRY(add_code(x, n->child[k], level, codes));
		return YG_OK;
	}
	struct yg_bn *c;
	if (n->kind == YG_NODE_WORD || n->kind == YG_NODE_NAME) {
		c = yg_bn_new(x, YG_OP_CONSTANT, YG_TYPE_TEXT, 0, NULL);
		c->value.s = n->text;
		c->value.len = strlen(n->text);
	} else {
		YG_TRY(yg_bx_literal(x, n, &c));
	}
	if (c->op == YG_OP_DURATION)
		return yg_bx_fail(x, n, YG_EINVAL, "E-EXP-080", N_("a code is a number, a text or a date"));
	YG_GROW(codes->v, codes->n, codes->cap);
	codes->v[codes->n++] = (struct code){ c, level, n };
	return YG_OK;
}

/* Labels in order and the codes of each. */
static enum yg_status read_levels(struct yg_binder *x, const struct yg_node *levels, bool is_cut, const char ***label_out,
                                  size_t *labels_out, struct codes *codes)
{
	bool group = levels->kind == YG_NODE_GROUP || levels->kind == YG_NODE_TUPLE;
	size_t n = group ? levels->children : 1;
	if (n > MOST_LEVELS)
		return yg_bx_fail(x, levels, YG_ELIMIT, "E-EXP-081", N_("a factor has at most %d levels"), MOST_LEVELS);
	const char **label = yg_arena_alloc(&x->bound->arena, n + 1, sizeof *label);
	for (size_t k = 0; k < n; k++) {
		const struct yg_node *item = group ? levels->child[k] : levels;
		bool pair = item->kind == YG_NODE_PAIR;
		label[k] = node_text(pair ? item->child[0] : item);
		if (!label[k])
			return yg_bx_fail(x, item, YG_EINVAL, "E-EXP-082", N_("a level is a label in quotes, or \"label\": code"));
		for (size_t j = 0; j < k; j++)
			if (strcmp(label[j], label[k]) == 0)
				return yg_bx_fail(x, item, YG_EINVAL, "E-EXP-083", N_("the label \"%s\" stands twice"), label[k]);
		if (is_cut && pair)
			return yg_bx_fail(x, item, YG_EINVAL, "E-EXP-084", N_("groups made by cut take labels only, in order"));
		if (!is_cut)
			YG_TRY(add_code(x, pair ? item->child[1] : item, (int32_t)k, codes));
	}
	*label_out = label;
	*labels_out = n;
	return YG_OK;
}

static enum yg_status find_reference(struct yg_binder *x, const struct yg_node *ref, struct yg_bn *n)
{
	const char *text = node_text(ref);
	ptrdiff_t p = text ? yg_level_find(n, text, strlen(text)) : -1;
	if (p < 0 && text && n->field) {
		for (size_t k = 0; k < n->field->value_labels && p < 0; k++) {
			const struct yg_value_label *v = &n->field->value_label[k];
			if (strcmp(v->value, text) == 0 && v->label.en)
				p = yg_level_find(n, v->label.en, strlen(v->label.en));
			else if ((v->label.en && strcmp(v->label.en, text) == 0) || (v->label.ja && strcmp(v->label.ja, text) == 0))
				p = yg_level_find(n, v->value, strlen(v->value));
		}
	}
	if (p >= 0) {
		n->reference = (size_t)p;
		return YG_OK;
	}
	enum yg_status s = yg_bx_fail(x, ref, YG_EINVAL, "E-EXP-085", N_("the reference \"%s\" is no level of %s"), text ? text : "?",
	                              n->name ? n->name : N_("the factor"));
	const char *near = text ? yg_nearest(text, n->level, n->levels) : NULL;
	if (near)
		yg_err_hint(x->err, N_("Did you mean \"%s\"?"), near);
	return s;
}

/* --- codes to positions -------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
	const struct code *l = a, *r = b;
	return (l->value->value.d > r->value->value.d) - (l->value->value.d < r->value->value.d);
}
static int by_integer(const void *a, const void *b)
{
	const struct code *l = a, *r = b;
	return (l->value->value.i > r->value->value.i) - (l->value->value.i < r->value->value.i);
}

static enum yg_status double_code(struct yg_binder *x, const struct code *c)
{
	return yg_bx_fail(x, c->at, YG_EINVAL, "E-EXP-086", N_("this code stands in two levels"));
}

static enum yg_status map_levels(struct yg_binder *x, struct yg_bn *of, struct codes *codes, struct yg_bn *n)
{
	int32_t *map = yg_arena_alloc(&x->bound->arena, of->levels + 1, sizeof *map);
	memset(map, 0xff, (of->levels + 1) * sizeof *map);
	for (size_t k = 0; k < codes->n; k++) {
		const struct code *c = &codes->v[k];
		const char *text = c->value->type == YG_TYPE_TEXT ? c->value->value.s : node_text(c->at);
		if (!text)
			return yg_bx_fail(x, c->at, YG_EINVAL, "E-EXP-087", N_("%s holds levels: write the code as text in quotes"), n->name);
		ptrdiff_t p = yg_level_find(of, text, strlen(text));
		for (size_t j = 0; of->field && p < 0 && j < of->field->value_labels; j++) {
			const struct yg_value_label *v = &of->field->value_label[j];
			if (v->label.en && strcmp(v->label.en, text) == 0)
				p = yg_level_find(of, v->value, strlen(v->value));
		}
		if (p < 0)
			continue; /* no row has it here; a misspelt code shows as rows in no level */
		if (map[p] >= 0 && map[p] != c->level)
			return double_code(x, c);
		map[p] = c->level;
	}
	n->op = YG_OP_LEVEL_MAP;
	n->map = map;
	return YG_OK;
}

/* Value labels of an integer column stand for their codes. */
static bool label_number(const struct yg_bn *of, const char *text, struct yg_bn *value)
{
	for (size_t j = 0; of->field && j < of->field->value_labels; j++) {
		const struct yg_value_label *v = &of->field->value_label[j];
		double d;
		if (((v->label.en && strcmp(v->label.en, text) == 0) || (v->label.ja && strcmp(v->label.ja, text) == 0)) &&
		    yg_parse_double(yg_str(v->value), &d)) {
			value->type = YG_TYPE_NUMBER;
			value->value.d = d;
			return true;
		}
	}
	return false;
}

static enum yg_status map_numbers(struct yg_binder *x, struct yg_bn *of, struct codes *codes, struct yg_bn *n)
{
	bool number = of->type == YG_TYPE_NUMBER;
	for (size_t k = 0; k < codes->n; k++) {
		struct yg_bn *v = codes->v[k].value;
		if (v->type == YG_TYPE_TEXT && !label_number(of, v->value.s, v))
			return yg_bx_fail(x, codes->v[k].at, YG_EINVAL, "E-EXP-088", N_("%s holds numbers: write \"label\": code with a number as code"), n->name);
		if (of->type == YG_TYPE_DATE ? v->type != YG_TYPE_DATE : !yg_is_numeric(v->type))
			return yg_bx_fail(x, codes->v[k].at, YG_EINVAL, "E-EXP-089", N_("this code is %s, but %s is %s"), _(yg_type_phrase(v)), n->name, _(yg_type_phrase(of)));
		if (v->type == YG_TYPE_NUMBER) {
			if (!number && (v->value.d != floor(v->value.d) || fabs(v->value.d) > 9e18))
				return yg_bx_fail(x, codes->v[k].at, YG_EINVAL, "E-EXP-090", N_("%s holds whole numbers; this code is none"), n->name);
			if (!number)
				v->value.i = (int64_t)v->value.d;
		} else {
			v->value.d = (double)v->value.i;
		}
	}
	qsort(codes->v, codes->n, sizeof *codes->v, number ? by_number : by_integer);
	int64_t *i = yg_arena_alloc(&x->bound->arena, codes->n + 1, sizeof *i);
	double *d = yg_arena_alloc(&x->bound->arena, codes->n + 1, sizeof *d);
	int32_t *map = yg_arena_alloc(&x->bound->arena, codes->n + 1, sizeof *map);
	for (size_t k = 0; k < codes->n; k++) {
		i[k] = codes->v[k].value->value.i;
		d[k] = codes->v[k].value->value.d;
		map[k] = codes->v[k].level;
		if (k && (number ? d[k] == d[k - 1] : i[k] == i[k - 1]) && map[k] != map[k - 1])
			return double_code(x, &codes->v[k]);
	}
	n->op = number ? YG_OP_NUMBER_LEVEL : YG_OP_CODE_LEVEL;
	n->set_i = i;
	n->set_d = d;
	n->set_n = codes->n;
	n->map = map;
	return YG_OK;
}

static enum yg_status map_texts(struct yg_binder *x, struct codes *codes, struct yg_bn *n)
{
	struct yg_bound *b = x->bound;
	struct yg_map *words = yg_arena_alloc(&b->arena, 1, sizeof *words);
	yg_map_init(words);
	YG_GROW(b->map, b->map_n, b->map_cap);
	b->map[b->map_n++] = words;
	int32_t *map = yg_arena_alloc(&b->arena, codes->n + 1, sizeof *map);
	for (size_t k = 0; k < codes->n; k++) {
		const char *text = codes->v[k].value->type == YG_TYPE_TEXT ? codes->v[k].value->value.s : node_text(codes->v[k].at);
		if (!text)
			return yg_bx_fail(x, codes->v[k].at, YG_EINVAL, "E-EXP-087", N_("%s holds levels: write the code as text in quotes"), n->name);
		size_t p = yg_map_intern(words, text, strlen(text));
		if (p + 1 < words->count && map[p] != codes->v[k].level)
			return double_code(x, &codes->v[k]);
		map[p] = codes->v[k].level;
	}
	n->op = YG_OP_TEXT_LEVEL;
	n->words = words;
	n->map = map;
	return YG_OK;
}

/* --- levels found in the data -------------------------------------------------------------- */

struct found {
	int64_t *i;
	double *d;
	size_t n;
	struct yg_map text;
};

static int by_i64(const void *a, const void *b)
{
	int64_t l = *(const int64_t *)a, r = *(const int64_t *)b;
	return (l > r) - (l < r);
}
static int by_double(const void *a, const void *b)
{
	double l = *(const double *)a, r = *(const double *)b;
	return (l > r) - (l < r);
}

static enum yg_status too_many(struct yg_binder *x, const struct yg_node *at, const struct yg_bn *of)
{
	enum yg_status s = yg_bx_fail(x, at, YG_REFUSED, "E-EXP-091", N_("%s has more than %d different values, too many for a factor"),
	                              of->name ? of->name : N_("this expression"), MOST_LEVELS);
	yg_err_hint(x->err, N_("Group it: factor NAME = cut(x, 50, 65)"));
	return s;
}

static enum yg_status find_values(struct yg_binder *x, const struct yg_node *at, const struct yg_bn *of, struct found *f)
{
	struct yg_eval *e = yg_eval_of(x->bound, of, x->table, YG_BLOCK_ROWS);
	struct yg_intern seen;
	yg_intern_init(&seen);
	enum yg_status s = YG_OK;
	for (uint32_t b = 0; s == YG_OK && b < x->table->blocks; b++) {
		struct yg_vec v;
		if (x->task && !yg_task_tick(x->task, b, x->table->blocks))
			s = yg_fail(x->err, YG_CANCELLED, "E-TASK-001", N_("cancelled; nothing was changed"));
		if (s == YG_OK)
			s = yg_eval_at(e, b);
		if (s == YG_OK)
			s = yg_ev_vec(e, of, &v, x->err);
		for (uint32_t i = 0; s == YG_OK && i < v.n; i++) {
			if (!yg_vec_valid(&v, i))
				continue;
			int64_t key = 0;
			switch (v.type) {
			case YG_TYPE_FLAG: key = v.v.flag[i]; break;
			case YG_TYPE_INTEGER: key = v.v.integer[i]; break;
			case YG_TYPE_DATE: key = v.v.date[i]; break;
			case YG_TYPE_INSTANT: key = v.v.instant[i]; break;
			case YG_TYPE_LEVEL: key = v.v.level[i]; break;
			case YG_TYPE_NUMBER: {
				double d = v.v.number[i] == 0 ? 0 : v.v.number[i];
				if (!isfinite(d))
					continue;
				memcpy(&key, &d, sizeof key);
				break;
			}
			case YG_TYPE_TEXT:
				yg_map_intern(&f->text, v.v.text.bytes + v.v.text.start[i], v.v.text.start[i + 1] - v.v.text.start[i]);
				if (f->text.count > MOST_LEVELS)
					s = too_many(x, at, of);
				continue;
			}
			if (seen.count && seen.last_key == (uint64_t)key)
				continue;
			yg_intern64(&seen, 0, (uint64_t)key);
			if (seen.count > MOST_LEVELS)
				s = too_many(x, at, of);
		}
	}
	if (s == YG_OK) {
		f->n = seen.count;
		f->i = yg_arena_alloc(&x->bound->arena, f->n + 1, sizeof *f->i);
		f->d = yg_arena_alloc(&x->bound->arena, f->n + 1, sizeof *f->d);
		for (size_t k = 0; k < f->n; k++) {
			f->i[k] = (int64_t)seen.key[k];
			memcpy(&f->d[k], &f->i[k], sizeof *f->d);
		}
		if (of->type == YG_TYPE_NUMBER)
			qsort(f->d, f->n, sizeof *f->d, by_double);
		else
			qsort(f->i, f->n, sizeof *f->i, by_i64);
	}
	yg_intern_release(&seen);
	yg_eval_free(e);
	return s;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *value_word(struct yg_binder *x, const struct yg_bn *of, int64_t i, double d)
{
	char text[48];
	if (of->type == YG_TYPE_FLAG)
		return i ? "yes" : "no";
	if (of->type == YG_TYPE_DATE)
		yg_date_print(text, (int32_t)i, YG_DAY);
	else if (of->type == YG_TYPE_INSTANT)
		yg_instant_print(text, i);
	else if (of->type == YG_TYPE_NUMBER)
		yg_print_double(text, d);
	else
		snprintf(text, sizeof text, "%lld", (long long)i);
	for (size_t k = 0; of->field && k < of->field->value_labels; k++)
		if (strcmp(of->field->value_label[k].value, text) == 0 && of->field->value_label[k].label.en)
			return of->field->value_label[k].label.en;
	return yg_arena_strdup(&x->bound->arena, text);
}

/* Distinct values become the levels, in ascending order. */
static enum yg_status levels_from_data(struct yg_binder *x, const struct yg_node *at, struct yg_bn *of, struct yg_bn *n, struct codes *codes)
{
	struct found f = { 0 };
	yg_map_init(&f.text);
	enum yg_status s = YG_OK;
	if (of->type == YG_TYPE_FLAG) {
		f.i = yg_arena_alloc(&x->bound->arena, 2, sizeof *f.i);
		f.i[1] = 1;
		f.n = 2;
	} else {
		s = find_values(x, at, of, &f);
	}
	if (s != YG_OK) {
		yg_map_release(&f.text);
		return s;
	}
	if (of->type == YG_TYPE_TEXT)
		f.n = f.text.count;
	const char **label = yg_arena_alloc(&x->bound->arena, f.n + 1, sizeof *label);
	for (size_t k = 0; k < f.n; k++) {
		if (of->type == YG_TYPE_TEXT)
			label[k] = yg_arena_strndup(&x->bound->arena, f.text.entry[k].key, f.text.entry[k].key_len);
		else
			label[k] = value_word(x, of, f.i[k], f.d ? f.d[k] : 0);
	}
	if (of->type == YG_TYPE_TEXT)
		qsort(label, f.n, sizeof *label, by_text);
	for (size_t k = 0; k < f.n; k++) {
		struct yg_bn *c = of->type == YG_TYPE_NUMBER ? yg_bn_number(x, f.d[k]) : yg_bn_integer(x, of->type == YG_TYPE_TEXT ? 0 : f.i[k]);
		if (of->type == YG_TYPE_TEXT) {
			c->type = YG_TYPE_TEXT;
			c->value.s = label[k];
			c->value.len = strlen(label[k]);
		} else if (of->type == YG_TYPE_DATE) {
			c->type = YG_TYPE_DATE;
		}
		YG_GROW(codes->v, codes->n, codes->cap);
		codes->v[codes->n++] = (struct code){ c, (int32_t)k, at };
	}
	yg_map_release(&f.text);
	n->level = label;
	n->levels = f.n;
	return YG_OK;
}

/* --- putting it together ------------------------------------------------------------------- */

static enum yg_status make_map(struct yg_binder *x, const struct yg_node *at, struct yg_bn *of, struct codes *codes, struct yg_bn *n)
{
	switch (of->type) {
	case YG_TYPE_LEVEL:
		return map_levels(x, of, codes, n);
	case YG_TYPE_INTEGER:
	case YG_TYPE_NUMBER:
	case YG_TYPE_DATE:
		return map_numbers(x, of, codes, n);
	case YG_TYPE_TEXT:
		return map_texts(x, codes, n);
	default:
		return yg_bx_fail(x, at, YG_EINVAL, "E-EXP-092", N_("a factor cannot be made of %s"), _(yg_type_phrase(of)));
	}
}

enum yg_status yg_bx_make_factor(struct yg_binder *x, const struct yg_node *at, struct yg_bn *of, const struct yg_node *levels,
                                 const struct yg_node *ref, bool is_cut, struct yg_bn **out)
{
	if (of->op == YG_OP_CONSTANT)
		return yg_bx_fail(x, at, YG_EINVAL, "E-EXP-093", N_("a factor is made of a column, this is a single value"));
	const char *name = of->name ? of->name : N_("this expression");
	bool flag = of->type == YG_TYPE_FLAG;
	if (flag && levels)
		of = yg_bn_cast(x, of, YG_TYPE_INTEGER);
	struct yg_bn *n = yg_bn_new1(x, YG_OP_LEVEL_MAP, YG_TYPE_LEVEL, of);
	n->name = name;
	n->is_factor = true;
	n->ordered = true;
	n->label = of->label;
	n->field = of->field;
	struct codes codes = { 0 };
	enum yg_status s = YG_OK;
	if (levels) {
		const char **label = NULL;
		s = read_levels(x, levels, is_cut, &label, &n->levels, &codes);
		n->level = label;
		if (s == YG_OK && is_cut && n->levels != of->levels)
			s = yg_bx_fail(x, levels, YG_EINVAL, "E-EXP-094", N_("cut makes %d groups, but %d labels are given"), (int)of->levels, (int)n->levels);
		if (s == YG_OK && is_cut) {
			int32_t *map = yg_arena_alloc(&x->bound->arena, of->levels + 1, sizeof *map);
			for (size_t k = 0; k < of->levels; k++)
				map[k] = (int32_t)k;
			n->map = map;
		} else if (s == YG_OK) {
			s = make_map(x, at, of, &codes, n);
		}
	} else if (of->type == YG_TYPE_LEVEL) {
		int32_t *map = yg_arena_alloc(&x->bound->arena, of->levels + 1, sizeof *map);
		for (size_t k = 0; k < of->levels; k++)
			map[k] = (int32_t)k;
		n->map = map;
		n->level = of->level;
		n->levels = of->levels;
		n->reference = of->reference;
		n->ordered = of->ordered;
	} else {
		if (flag) {
			of = yg_bn_cast(x, of, YG_TYPE_INTEGER);
			n->child[0] = of;
			struct yg_bn as_flag = { .type = YG_TYPE_FLAG };
			s = levels_from_data(x, at, &as_flag, n, &codes);
		} else {
			s = levels_from_data(x, at, of, n, &codes);
		}
		if (s == YG_OK)
			s = make_map(x, at, of, &codes, n);
	}
	if (s == YG_OK && ref)
		s = find_reference(x, ref, n);
	yg_free(codes.v);
	if (s == YG_OK)
		*out = n;
	return s;
}

enum yg_status yg_bx_factor(struct yg_binder *x, const struct yg_node *factor, struct yg_bn **out)
{
	const struct yg_node *predicate = NULL;
	for (uint32_t k = 0; k < factor->children && !predicate; k++)
		if (factor->child[k]->kind != YG_NODE_OPTIONS)
			predicate = factor->child[k];
	struct yg_bn *of;
	if (predicate) {
		YG_TRY(yg_bx_value(x, predicate, &of));
	} else {
		struct yg_node name = { .kind = YG_NODE_NAME, .text = factor->text, .at = factor->at, .len = factor->len };
		YG_TRY(yg_bx_name(x, &name, &of));
	}
	const struct yg_node *levels = yg_node_option(factor, "levels"), *ref = yg_node_option(factor, "ref");
	const struct yg_node *label = yg_node_option(factor, "label");
	YG_TRY(yg_bx_make_factor(x, factor, of, levels && levels->kind != YG_NODE_OPTION ? levels : NULL, ref, of->op == YG_OP_CUT, out));
	(*out)->name = factor->text;
	if (label && label->kind == YG_NODE_STRING)
		(*out)->label = label->text;
	return YG_OK;
}

enum yg_status yg_bx_scan_strays(struct yg_binder *x, const struct yg_node *at, const struct yg_bn *n)
{
	if (n->op != YG_OP_LEVEL_MAP && n->op != YG_OP_CODE_LEVEL && n->op != YG_OP_NUMBER_LEVEL && n->op != YG_OP_TEXT_LEVEL)
		return YG_OK;
	struct yg_eval *e = yg_eval_of(x->bound, n, x->table, YG_BLOCK_ROWS);
	e->collect = true;
	enum yg_status s = YG_OK;
	for (uint32_t b = 0; s == YG_OK && b < x->table->blocks; b++) {
		struct yg_vec v;
		if (x->task && !yg_task_tick(x->task, b, x->table->blocks))
			s = yg_fail(x->err, YG_CANCELLED, "E-TASK-001", N_("cancelled; nothing was changed"));
		if (s == YG_OK)
			s = yg_eval_at(e, b);
		if (s == YG_OK)
			s = yg_ev_vec(e, n, &v, x->err);
	}
	if (s == YG_OK && e->stray_rows) {
		s = yg_bx_fail(x, at, YG_REFUSED, "E-EXP-095", N_("%s: %llu rows of %s have a value that is in no level (the first is row %llu)"),
		               n->name, (unsigned long long)e->stray_rows, x->table->name, (unsigned long long)e->stray_first + 1);
		yg_err_hint(x->err, N_("Give every value a level: levels=(\"label\": code, ...); codes of one label stand in parentheses."));
	}
	yg_eval_free(e);
	return s;
}
