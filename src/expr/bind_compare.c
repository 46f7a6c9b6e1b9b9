/*
 * Binding comparisons and `in`.
 *
 * A comparison with a constant becomes a range test (integers, dates, levels) or an interval test
 * (numbers), so that whole blocks can be decided by their smallest and largest value.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "yogo/base/date.h"
#include "yogo/base/i18n.h"

#include "expr_priv.h"

#define DAY_MICROSECONDS INT64_C(86400000000)

static enum yg_cmp flipped(enum yg_cmp c)
{
	switch (c) {
	case YG_CMP_LT: return YG_CMP_GT;
	case YG_CMP_LE: return YG_CMP_GE;
	case YG_CMP_GT: return YG_CMP_LT;
	case YG_CMP_GE: return YG_CMP_LE;
	default: return c;
	}
}

/* --- ranges -------------------------------------------------------------------------------- */

static struct yg_bn *range_int(struct yg_binder *x, struct yg_bn *of, int64_t lo, int64_t hi, bool negate)
{
	struct yg_bn *n = yg_bn_new1(x, YG_OP_RANGE_INT, YG_TYPE_FLAG, of);
	n->lo = lo;
	n->hi = hi;
	n->negate = negate;
	return n;
}

/* value cmp [lo, hi], a block of integers that the constant stands for (a day in microseconds). */
static struct yg_bn *int_against(struct yg_binder *x, struct yg_bn *of, enum yg_cmp cmp, int64_t lo, int64_t hi)
{
	switch (cmp) {
	case YG_CMP_EQ: return range_int(x, of, lo, hi, false);
	case YG_CMP_NE: return range_int(x, of, lo, hi, true);
	case YG_CMP_LT: return lo == INT64_MIN ? range_int(x, of, 1, 0, false) : range_int(x, of, INT64_MIN, lo - 1, false);
	case YG_CMP_LE: return range_int(x, of, INT64_MIN, hi, false);
	case YG_CMP_GT: return hi == INT64_MAX ? range_int(x, of, 1, 0, false) : range_int(x, of, hi + 1, INT64_MAX, false);
	case YG_CMP_GE: return range_int(x, of, lo, INT64_MAX, false);
	}
	return NULL;
}

/* Integers against a number that need not be whole. */
static struct yg_bn *int_against_number(struct yg_binder *x, struct yg_bn *of, enum yg_cmp cmp, double c)
{
	const double top = 9223372036854775808.0;
	bool whole = c == floor(c);
	if (c >= top || c < -top) {
		bool above = c > 0;
		bool truth = cmp == YG_CMP_NE || (above ? cmp == YG_CMP_LT || cmp == YG_CMP_LE : cmp == YG_CMP_GT || cmp == YG_CMP_GE);
		return truth ? range_int(x, of, INT64_MIN, INT64_MAX, false) : range_int(x, of, 1, 0, false);
	}
	int64_t down = (int64_t)floor(c);
	if (whole)
		return int_against(x, of, cmp, down, down);
	switch (cmp) {
	case YG_CMP_EQ: return range_int(x, of, 1, 0, false);
	case YG_CMP_NE: return range_int(x, of, 1, 0, true);
	case YG_CMP_LT:
	case YG_CMP_LE: return range_int(x, of, INT64_MIN, down, false);
	default: return range_int(x, of, down + 1, INT64_MAX, false);
	}
}

static struct yg_bn *number_against(struct yg_binder *x, struct yg_bn *of, enum yg_cmp cmp, double c)
{
	struct yg_bn *n = yg_bn_new1(x, YG_OP_RANGE_NUM, YG_TYPE_FLAG, of);
	n->dlo = cmp == YG_CMP_LT || cmp == YG_CMP_LE ? -INFINITY : c;
	n->dhi = cmp == YG_CMP_GT || cmp == YG_CMP_GE ? INFINITY : c;
	n->open_lo = cmp == YG_CMP_GT;
	n->open_hi = cmp == YG_CMP_LT;
	n->negate = cmp == YG_CMP_NE;
	return n;
}

/* --- constants ----------------------------------------------------------------------------- */

/* A value-labelled column: the code that a label stands for; false when it is no label of it. */
static bool label_code(const struct yg_bn *n, const char *label, const char **code)
{
	if (!n->field)
		return false;
	for (size_t k = 0; k < n->field->value_labels; k++) {
		const struct yg_value_label *v = &n->field->value_label[k];
		if ((v->label.en && strcmp(v->label.en, label) == 0) || (v->label.ja && strcmp(v->label.ja, label) == 0)) {
			*code = v->value;
			return true;
		}
	}
	return false;
}

static enum yg_status no_such_level(struct yg_binder *x, const struct yg_node *at, const struct yg_bn *n, const char *label)
{
	const char *what = n->name ? n->name : N_("this expression");
	enum yg_status s = yg_bx_fail(x, at, YG_EINVAL, "E-EXP-050", N_("\"%s\" is no level of %s"), label, _(what));
	const char *near = yg_nearest(label, n->level, n->levels);
	if (near) {
		yg_err_hint(x->err, N_("Did you mean \"%s\"?"), near);
	} else if (n->levels && n->levels <= 12) {
		struct yg_buf all = YG_BUF_INIT;
		for (size_t k = 0; k < n->levels; k++)
			yg_buf_addf(&all, "%s\"%s\"", k ? ", " : "", n->level[k]);
		yg_err_hint(x->err, N_("Its levels: %s"), all.data);
		yg_buf_release(&all);
	}
	return s;
}

/* The position of a label: the level itself, or the level its value label stands for. */
static enum yg_status level_position(struct yg_binder *x, const struct yg_node *at, const struct yg_bn *n, const char *label, int64_t *out)
{
	ptrdiff_t p = yg_level_find(n, label, strlen(label));
	const char *code;
	if (p < 0 && label_code(n, label, &code))
		p = yg_level_find(n, code, strlen(code));
	if (p < 0)
		return no_such_level(x, at, n, label);
	*out = p;
	return YG_OK;
}

static enum yg_status wrong_kind(struct yg_binder *x, const struct yg_node *at, const struct yg_bn *l, const struct yg_bn *r)
{
	enum yg_status s = yg_bx_fail(x, at, YG_EINVAL, "E-EXP-051", N_("%s cannot be compared with %s: %s is %s"),
	                              _(yg_type_phrase(l)), _(yg_type_phrase(r)), l->name ? l->name : N_("the left side"), _(yg_type_phrase(l)));
	if (r->op == YG_OP_CONSTANT && (l->type == YG_TYPE_LEVEL || l->type == YG_TYPE_TEXT) && yg_is_numeric(r->type))
		yg_err_hint(x->err, N_("Put the value in double quotes."));
	else if (r->op == YG_OP_CONSTANT && r->type == YG_TYPE_TEXT && yg_is_numeric(l->type))
		yg_err_hint(x->err, N_("Leave out the quotes, or give the codes labels in the manifest."));
	else if (l->type == YG_TYPE_DATE)
		yg_err_hint(x->err, N_("Write dates as YYYY-MM-DD, without quotes."));
	else if (r->type == YG_TYPE_DATE && l->type == YG_TYPE_TEXT)
		yg_err_hint(x->err, N_("Make it a date first: let d = date(x, month = 15)"));
	return s;
}

/* The constant r in the terms of column l: durations to numbers, labels to codes.  *r is replaced. */
static enum yg_status meet(struct yg_binder *x, const struct yg_node *at, struct yg_bn *l, struct yg_bn **r)
{
	struct yg_bn *c = *r;
	if (c->op == YG_OP_DURATION) {
		double d;
		if (!yg_is_numeric(l->type))
			return wrong_kind(x, at, l, c);
		if (!yg_duration_in(c, l->unit, &d)) {
			enum yg_status s = yg_bx_fail(x, at, YG_EINVAL, "E-EXP-052", N_("%s has no unit of time, so a length of time cannot be compared with it"),
			                              l->name ? l->name : N_("this value"));
			yg_err_hint(x->err, N_("Declare the unit in the manifest or with let ... with unit=\"days\", or write a plain number."));
			return s;
		}
		*r = yg_bn_number(x, d);
		return YG_OK;
	}
	if (c->type == YG_TYPE_TEXT && c->op == YG_OP_CONSTANT && (l->type == YG_TYPE_INTEGER || l->type == YG_TYPE_NUMBER)) {
		const char *code;
		double d;
		if (!label_code(l, c->value.s, &code) || !yg_parse_double(yg_str(code), &d))
			return l->field && l->field->value_labels ? yg_bx_fail(x, at, YG_EINVAL, "E-EXP-053", N_("\"%s\" is no value label of %s"), c->value.s, l->field->name)
			                                          : wrong_kind(x, at, l, c);
		*r = yg_bn_number(x, d);
	}
	return YG_OK;
}

static struct yg_bn *lut(struct yg_binder *x, struct yg_bn *of)
{
	struct yg_bn *n = yg_bn_new1(x, YG_OP_LUT, YG_TYPE_FLAG, of);
	n->truth = yg_arena_alloc(&x->bound->arena, of->levels + 1, 1);
	return n;
}

static enum yg_status level_order(struct yg_binder *x, const struct yg_node *at, const struct yg_bn *l)
{
	if (l->ordered || l->is_factor)
		return YG_OK;
	enum yg_status s = yg_bx_fail(x, at, YG_EINVAL, "E-EXP-054", N_("the levels of %s have no declared order, so they cannot be compared by size"),
	                              l->name ? l->name : N_("this value"));
	yg_err_hint(x->err, N_("List the levels in order in the manifest, or with factor ... with levels=(...)."));
	return s;
}

static enum yg_status against_constant(struct yg_binder *x, const struct yg_node *at, enum yg_cmp cmp, struct yg_bn *l,
                                       struct yg_bn *r, struct yg_bn **out)
{
	YG_TRY(meet(x, at, l, &r));
	if (l->type == YG_TYPE_FLAG && yg_is_numeric(r->type))
		l = yg_bn_cast(x, l, YG_TYPE_INTEGER);
	if (l->type == YG_TYPE_INTEGER && yg_is_numeric(r->type)) {
		*out = r->type == YG_TYPE_NUMBER ? int_against_number(x, l, cmp, r->value.d) : int_against(x, l, cmp, r->value.i, r->value.i);
	} else if (l->type == YG_TYPE_NUMBER && yg_is_numeric(r->type)) {
		*out = number_against(x, l, cmp, r->value.d);
	} else if (l->type == YG_TYPE_DATE && r->type == YG_TYPE_DATE) {
		*out = int_against(x, l, cmp, r->value.i, r->value.i);
	} else if (l->type == YG_TYPE_INSTANT && r->type == YG_TYPE_DATE) {
		*out = int_against(x, l, cmp, r->value.i * DAY_MICROSECONDS, (r->value.i + 1) * DAY_MICROSECONDS - 1);
	} else if (l->type == YG_TYPE_INSTANT && r->type == YG_TYPE_INSTANT) {
		*out = int_against(x, l, cmp, r->value.i, r->value.i);
	} else if (l->type == YG_TYPE_LEVEL && (r->type == YG_TYPE_TEXT || r->type == YG_TYPE_LEVEL)) {
		int64_t p;
		YG_TRY(level_position(x, at, l, r->type == YG_TYPE_LEVEL ? r->level[r->value.i] : r->value.s, &p));
		if (cmp == YG_CMP_EQ || cmp == YG_CMP_NE) {
			struct yg_bn *n = lut(x, l);
			memset((uint8_t *)(uintptr_t)n->truth, cmp == YG_CMP_NE, l->levels);
			((uint8_t *)(uintptr_t)n->truth)[p] = cmp == YG_CMP_EQ;
			*out = n;
		} else {
			YG_TRY(level_order(x, at, l));
			*out = int_against(x, l, cmp, p, p);
		}
	} else if (l->type == YG_TYPE_TEXT && r->type == YG_TYPE_TEXT) {
		*out = yg_bn_new2(x, YG_OP_COMPARE, YG_TYPE_FLAG, l, r);
		(*out)->cmp = cmp;
	} else {
		return wrong_kind(x, at, l, r);
	}
	return YG_OK;
}

enum yg_status yg_bx_compare(struct yg_binder *x, const struct yg_node *at, enum yg_cmp cmp, struct yg_bn *l,
                             struct yg_bn *r, struct yg_bn **out)
{
	bool lc = l->op == YG_OP_CONSTANT || l->op == YG_OP_DURATION, rc = r->op == YG_OP_CONSTANT || r->op == YG_OP_DURATION;
	if (lc && !rc)
		return against_constant(x, at, flipped(cmp), r, l, out);
	if (rc && !lc)
		return against_constant(x, at, cmp, l, r, out);
	struct yg_bn *v[2] = { l, r };
	enum yg_type type;
	if (!lc && ((l->type == YG_TYPE_LEVEL) != (r->type == YG_TYPE_LEVEL) || (l->type == YG_TYPE_TEXT) != (r->type == YG_TYPE_TEXT)))
		return wrong_kind(x, at, l, r);
	bool level = l->type == YG_TYPE_LEVEL && r->type == YG_TYPE_LEVEL;
	if (level && cmp != YG_CMP_EQ && cmp != YG_CMP_NE) {
		YG_TRY(level_order(x, at, l));
		YG_TRY(level_order(x, at, r));
	}
	YG_TRY(yg_bx_unify(x, at, v, 2, &type));
	struct yg_bn *n = yg_bn_new(x, YG_OP_COMPARE, YG_TYPE_FLAG, 2, v);
	n->cmp = cmp;
	*out = n;
	return yg_bn_fold(x, at, out);
}

/* --- in ------------------------------------------------------------------------------------ */

static int by_int(const void *a, const void *b)
{
	int64_t l = *(const int64_t *)a, r = *(const int64_t *)b;
	return (l > r) - (l < r);
}

static enum yg_status in_range(struct yg_binder *x, const struct yg_node *n, const struct yg_node *group, struct yg_bn *l, struct yg_bn **out)
{
	if (group->children != 2)
		return yg_bx_fail(x, group, YG_EINVAL, "E-EXP-055", N_("a range has two ends: in [25, 60]"));
	struct yg_bn *bound[2], *test[2];
	for (uint32_t k = 0; k < 2; k++) {
		YG_TRY(yg_bx_literal(x, group->child[k], &bound[k]));
		YG_TRY(against_constant(x, group->child[k], k ? YG_CMP_LE : YG_CMP_GE, l, bound[k], &test[k]));
	}
	if (test[0]->op == YG_OP_RANGE_INT && test[1]->op == YG_OP_RANGE_INT) {
		*out = range_int(x, test[0]->child[0], test[0]->lo, test[1]->hi, false);
		if (test[0]->lo > test[1]->hi)
			return yg_bx_fail(x, group, YG_EINVAL, "E-EXP-056", N_("the range is empty: its first end is beyond the second"));
		return YG_OK;
	}
	if (test[0]->op == YG_OP_RANGE_NUM && test[1]->op == YG_OP_RANGE_NUM) {
		if (test[0]->dlo > test[1]->dhi)
			return yg_bx_fail(x, group, YG_EINVAL, "E-EXP-056", N_("the range is empty: its first end is beyond the second"));
		*out = number_against(x, l, YG_CMP_EQ, test[0]->dlo);
		(*out)->dhi = test[1]->dhi;
		return YG_OK;
	}
	*out = yg_bn_new2(x, YG_OP_AND, YG_TYPE_FLAG, test[0], test[1]);
	(void)n;
	return YG_OK;
}

static enum yg_status in_set(struct yg_binder *x, const struct yg_node *group, struct yg_bn *l, struct yg_bn **out)
{
	struct yg_arena *arena = &x->bound->arena;
	size_t n = group->children;
	if (l->type == YG_TYPE_FLAG)
		l = yg_bn_cast(x, l, YG_TYPE_INTEGER);
	struct yg_bn *set = l->type == YG_TYPE_LEVEL ? lut(x, l)
	                    : yg_bn_new1(x, l->type == YG_TYPE_NUMBER ? YG_OP_SET_NUM : l->type == YG_TYPE_TEXT ? YG_OP_SET_TEXT : YG_OP_SET_INT,
	                                 YG_TYPE_FLAG, l);
	int64_t *i = yg_arena_alloc(arena, n + 1, sizeof *i);
	double *d = yg_arena_alloc(arena, n + 1, sizeof *d);
	struct yg_str *s = yg_arena_alloc(arena, n + 1, sizeof *s);
	for (uint32_t k = 0; k < group->children; k++) {
		struct yg_bn *c;
		YG_TRY(yg_bx_literal(x, group->child[k], &c));
		YG_TRY(meet(x, group->child[k], l, &c));
		if (l->type == YG_TYPE_LEVEL && c->type == YG_TYPE_TEXT) {
			int64_t p;
			YG_TRY(level_position(x, group->child[k], l, c->value.s, &p));
			((uint8_t *)(uintptr_t)set->truth)[p] = 1;
		} else if (l->type == YG_TYPE_TEXT && c->type == YG_TYPE_TEXT) {
			s[set->set_n++] = (struct yg_str){ c->value.s, c->value.len };
		} else if (l->type == YG_TYPE_NUMBER && yg_is_numeric(c->type)) {
			d[set->set_n++] = c->value.d;
		} else if (l->type == YG_TYPE_INTEGER && yg_is_numeric(c->type)) {
			if (c->type == YG_TYPE_NUMBER && (c->value.d != floor(c->value.d) || fabs(c->value.d) > 9e18))
				continue; /* never equal to a whole number */
			i[set->set_n++] = c->type == YG_TYPE_NUMBER ? (int64_t)c->value.d : c->value.i;
		} else if (l->type == YG_TYPE_DATE && c->type == YG_TYPE_DATE) {
			i[set->set_n++] = c->value.i;
		} else {
			return wrong_kind(x, group->child[k], l, c);
		}
	}
	if (set->op == YG_OP_SET_INT) {
		qsort(i, set->set_n, sizeof *i, by_int);
		/* Neighbouring codes are a range, which blocks can decide by their ends. */
		bool run = set->set_n > 0;
		for (size_t k = 1; k < set->set_n; k++)
			run = run && (i[k] == i[k - 1] || i[k] == i[k - 1] + 1);
		if (run) {
			*out = range_int(x, l, i[0], i[set->set_n - 1], false);
			return YG_OK;
		}
	}
	set->set_i = i;
	set->set_d = d;
	set->set_s = s;
	*out = set;
	return YG_OK;
}

enum yg_status yg_bx_in(struct yg_binder *x, const struct yg_node *n, struct yg_bn **out)
{
	struct yg_bn *l;
	YG_TRY(yg_bx_any(x, n->child[0], &l));
	const struct yg_node *group = n->child[1];
	if (group->kind == YG_NODE_NAME)
		return yg_bx_fail(x, group, YG_EINVAL, "E-EXP-057", N_("%s: code sets look at event tables; this version analyses columns only. A set of values stands in parentheses: in (1, 2)"), group->text);
	if (l->op == YG_OP_CONSTANT || l->op == YG_OP_DURATION)
		return yg_bx_fail(x, n->child[0], YG_EINVAL, "E-EXP-058", N_("a column or an expression of columns is wanted before in"));
	if (group->kind != YG_NODE_GROUP && group->kind != YG_NODE_TUPLE)
		return yg_bx_fail(x, group, YG_EINVAL, "E-EXP-059", N_("after in stands a range [a, b] or a set (a, b)"));
	if (group->text && group->text[0] == '[')
		return in_range(x, n, group, l, out);
	return in_set(x, group, l, out);
}
