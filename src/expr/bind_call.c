/* Binding function calls: the table of functions and what each accepts. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "yogo/base/date.h"
#include "yogo/base/i18n.h"

#include "expr_priv.h"

#define MOST_ARGUMENTS 64

/* A call taken apart: name = value is a parameter when the function has one of that name, else a comparison. */
struct call {
	const struct yg_node *node;
	const struct yg_node *pos[MOST_ARGUMENTS];
	uint32_t n;
	const struct yg_node *param[3];     /* in the order of the function's parameter names */
};
struct function {
	const char *name;
	uint32_t least, most;
	const char *param[3];
	enum yg_op op;
	enum yg_status (*bind)(struct yg_binder *x, const struct function *f, struct call *c, struct yg_bn **out);
	const char *usage;
};

static enum yg_status number_argument(struct yg_binder *x, const struct yg_node *n, struct yg_bn **out)
{
	YG_TRY(yg_bx_value(x, n, out));
	if (yg_is_numeric((*out)->type))
		return YG_OK;
	return yg_bx_fail(x, n, YG_EINVAL, "E-EXP-060", N_("a number is wanted here, this is %s"), _(yg_type_phrase(*out)));
}

static enum yg_status bind_real(struct yg_binder *x, const struct function *f, struct call *c, struct yg_bn **out)
{
	struct yg_bn *a;
	YG_TRY(number_argument(x, c->pos[0], &a));
	*out = yg_bn_new1(x, f->op, YG_TYPE_NUMBER, yg_bn_cast(x, a, YG_TYPE_NUMBER));
	(*out)->loss = yg_bn_loss(x, f->op == YG_OP_LOG ? N_("log of zero or less")
	                             : f->op == YG_OP_SQRT ? N_("square root of a negative number")
	                             : N_("a number too large"));
	return yg_bn_fold(x, c->node, out);
}

static enum yg_status bind_abs(struct yg_binder *x, const struct function *f, struct call *c, struct yg_bn **out)
{
	struct yg_bn *a;
	YG_TRY(number_argument(x, c->pos[0], &a));
	if (a->type == YG_TYPE_FLAG)
		a = yg_bn_cast(x, a, YG_TYPE_INTEGER);
	if (f->op == YG_OP_FLOOR && a->type == YG_TYPE_INTEGER) {
		*out = a;
		return YG_OK;
	}
	*out = yg_bn_new1(x, f->op, a->type, a);
	(*out)->unit = a->unit;
	(*out)->loss = yg_bn_loss(x, N_("a whole number too large"));
	return yg_bn_fold(x, c->node, out);
}

static enum yg_status bind_round(struct yg_binder *x, const struct function *f, struct call *c, struct yg_bn **out)
{
	struct yg_bn *a, *digits = NULL;
	YG_TRY(number_argument(x, c->pos[0], &a));
	const struct yg_node *d = c->n > 1 ? c->pos[1] : c->param[0];
	double scale = 1;
	if (d) {
		YG_TRY(yg_bx_literal(x, d, &digits));
		if (digits->type != YG_TYPE_INTEGER || digits->value.i < 0 || digits->value.i > 15)
			return yg_bx_fail(x, d, YG_EINVAL, "E-EXP-061", N_("round takes 0 to 15 digits"));
		for (int64_t k = 0; k < digits->value.i; k++)
			scale *= 10;
	}
	if (a->type != YG_TYPE_NUMBER) {
		*out = yg_bn_cast(x, a, YG_TYPE_INTEGER);
		return YG_OK;
	}
	*out = yg_bn_new1(x, f->op, YG_TYPE_NUMBER, a);
	(*out)->number = scale;
	(*out)->unit = a->unit;
	return yg_bn_fold(x, c->node, out);
}

static void take_shape(struct yg_bn *n, const struct yg_bn *from)
{
	n->level = from->level;
	n->levels = from->levels;
	n->ordered = from->ordered;
	n->unit = from->unit;
}

static enum yg_status bind_least(struct yg_binder *x, const struct function *f, struct call *c, struct yg_bn **out)
{
	struct yg_bn *v[MOST_ARGUMENTS];
	enum yg_type type;
	for (uint32_t k = 0; k < c->n; k++)
		YG_TRY(yg_bx_any(x, c->pos[k], &v[k]));
	YG_TRY(yg_bx_unify(x, c->node, v, c->n, &type));
	if (f->op != YG_OP_COALESCE && (type == YG_TYPE_TEXT || type == YG_TYPE_LEVEL))
		return yg_bx_fail(x, c->node, YG_EINVAL, "E-EXP-062", N_("%s compares numbers or dates"), f->name);
	*out = yg_bn_new(x, f->op, type, c->n, v);
	take_shape(*out, v[0]);
	bool same_factor = true;
	for (uint32_t k = 0; k < c->n; k++)
		same_factor = same_factor && v[k]->is_factor;
	(*out)->is_factor = same_factor && type == YG_TYPE_LEVEL;
	(*out)->loss = yg_bn_loss(x, N_("a partial date; complete it with date(x, month = 15)"));
	return yg_bn_fold(x, c->node, out);
}

/* case(cond, value, ..., else): children cond, value, cond, value, ..., else. */
static enum yg_status bind_case(struct yg_binder *x, const struct function *f, struct call *c, struct yg_bn **out)
{
	struct yg_bn *all[MOST_ARGUMENTS], *v[MOST_ARGUMENTS];
	uint32_t values = 0;
	for (uint32_t k = 0; k < c->n; k++) {
		bool is_value = k % 2 == 1 || k + 1 == c->n;
		if (is_value)
			YG_TRY(yg_bx_any(x, c->pos[k], &v[values++]));
		else
			YG_TRY(yg_bx_condition(x, c->pos[k], &all[k]));
	}
	enum yg_type type;
	YG_TRY(yg_bx_unify(x, c->node, v, values, &type));
	for (uint32_t k = 0, j = 0; k < c->n; k++)
		if (k % 2 == 1 || k + 1 == c->n)
			all[k] = v[j++];
	*out = yg_bn_new(x, f->op, type, c->n, all);
	take_shape(*out, v[0]);
	return YG_OK;
}

static enum yg_status cut_points(struct yg_binder *x, struct call *c, struct yg_bn *of, double *point, const char **word)
{
	for (uint32_t k = 1; k < c->n; k++) {
		struct yg_bn *p;
		YG_TRY(yg_bx_any(x, c->pos[k], &p));
		double d;
		if (p->op == YG_OP_DURATION && yg_duration_in(p, of->unit, &d))
			p = yg_bn_number(x, d);
		bool date = of->type == YG_TYPE_DATE;
		if (p->op != YG_OP_CONSTANT || (date ? p->type != YG_TYPE_DATE : !yg_is_numeric(p->type)))
			return yg_bx_fail(x, c->pos[k], YG_EINVAL, "E-EXP-063", N_("a cut point is a %s"), date ? N_("date") : N_("number"));
		point[k - 1] = p->type == YG_TYPE_NUMBER ? p->value.d : (double)p->value.i;
		if (k > 1 && !(point[k - 1] > point[k - 2]))
			return yg_bx_fail(x, c->pos[k], YG_EINVAL, "E-EXP-064", N_("cut points ascend"));
		char text[32];
		if (date)
			yg_date_print(text, (int32_t)p->value.i, YG_DAY);
		else
			yg_print_double(text, point[k - 1]);
		word[k - 1] = yg_arena_strdup(&x->bound->arena, text);
	}
	return YG_OK;
}

static enum yg_status bind_cut(struct yg_binder *x, const struct function *f, struct call *c, struct yg_bn **out)
{
	struct yg_arena *arena = &x->bound->arena;
	struct yg_bn *of;
	YG_TRY(yg_bx_value(x, c->pos[0], &of));
	if (of->type != YG_TYPE_DATE && !yg_is_numeric(of->type))
		return yg_bx_fail(x, c->pos[0], YG_EINVAL, "E-EXP-065", N_("cut takes a number or a date, this is %s"), _(yg_type_phrase(of)));
	if (of->op == YG_OP_CONSTANT)
		return yg_bx_fail(x, c->pos[0], YG_EINVAL, "E-EXP-066", N_("cut takes a column, this is a single value"));
	bool right = false;
	if (c->param[0]) {
		const char *side = c->param[0]->text ? c->param[0]->text : "";
		right = strcmp(side, "right") == 0;
		if (!right && strcmp(side, "left") != 0)
			return yg_bx_fail(x, c->param[0], YG_EINVAL, "E-EXP-067", N_("closed is \"left\" (50 belongs to the upper group) or \"right\" (to the lower)"));
	}
	uint32_t points = c->n - 1;
	double *point = yg_arena_alloc(arena, points + 1, sizeof *point);
	const char **word = yg_arena_alloc(arena, points + 1, sizeof *word);
	YG_TRY(cut_points(x, c, of, point, word));
	const char **label = yg_arena_alloc(arena, points + 2, sizeof *label);
	label[0] = yg_arena_printf(arena, right ? "%s or less" : "under %s", word[0]);
	for (uint32_t k = 1; k < points; k++)
		label[k] = yg_arena_printf(arena, right ? "over %s to %s" : "%s to under %s", word[k - 1], word[k]);
	label[points] = yg_arena_printf(arena, right ? "over %s" : "%s and over", word[points - 1]);
	struct yg_bn *n = yg_bn_new1(x, f->op, YG_TYPE_LEVEL, of->type == YG_TYPE_DATE ? of : yg_bn_cast(x, of, YG_TYPE_NUMBER));
	n->set_d = point;
	n->set_n = points;
	n->negate = right;
	n->level = label;
	n->levels = points + 1;
	n->ordered = true;
	n->is_factor = true;
	n->loss = yg_bn_loss(x, N_("a partial date; complete it with date(x, month = 15)"));
	*out = n;
	return YG_OK;
}

static enum yg_status date_argument(struct yg_binder *x, const struct yg_node *n, struct yg_bn **out)
{
	YG_TRY(yg_bx_value(x, n, out));
	if ((*out)->type == YG_TYPE_DATE || (*out)->type == YG_TYPE_INSTANT)
		return YG_OK;
	enum yg_status s = yg_bx_fail(x, n, YG_EINVAL, "E-EXP-068", N_("a date is wanted here, this is %s"), _(yg_type_phrase(*out)));
	if (((*out)->type == YG_TYPE_LEVEL || (*out)->type == YG_TYPE_TEXT) && n->kind == YG_NODE_NAME)
		yg_err_hint(x->err, N_("Make it a date first: let d = date(%s, month = 15)"), n->text);
	return s;
}

static enum yg_status bind_days(struct yg_binder *x, const struct function *f, struct call *c, struct yg_bn **out)
{
	if (c->n == 1)
		return yg_bx_fail(x, c->node, YG_EINVAL, "E-EXP-069", N_("%s with one date counts from the index date, and persons of a plain table have none; give both dates: %s"),
		                  f->name, f->usage);
	struct yg_bn *v[2];
	enum yg_type type;
	YG_TRY(date_argument(x, c->pos[1], &v[0]));
	YG_TRY(date_argument(x, c->pos[0], &v[1]));
	YG_TRY(yg_bx_unify(x, c->node, v, 2, &type));
	bool days = f->name[0] == 'd';
	struct yg_bn *n = yg_bn_new(x, YG_OP_DAYS, days && type == YG_TYPE_DATE ? YG_TYPE_INTEGER : YG_TYPE_NUMBER, 2, v);
	n->number = days ? 1 : f->name[0] == 'm' ? YG_DAYS_PER_MONTH : YG_DAYS_PER_YEAR;
	n->unit = f->name;
	n->loss = yg_bn_loss(x, N_("a partial date; complete it with date(x, month = 15)"));
	*out = n;
	return yg_bn_fold(x, c->node, out);
}

static enum yg_status bind_age(struct yg_binder *x, const struct function *f, struct call *c, struct yg_bn **out)
{
	struct yg_bn *v[2];
	for (int k = 0; k < 2; k++) {
		YG_TRY(date_argument(x, c->pos[k], &v[k]));
		if (v[k]->type != YG_TYPE_DATE)
			return yg_bx_fail(x, c->pos[k], YG_EINVAL, "E-EXP-068", N_("a date is wanted here, this is %s"), _(yg_type_phrase(v[k])));
	}
	*out = yg_bn_new(x, f->op, YG_TYPE_INTEGER, 2, v);
	(*out)->unit = "years";
	(*out)->loss = yg_bn_loss(x, N_("an age before birth, or a partial date"));
	return yg_bn_fold(x, c->node, out);
}

static enum yg_status small_parameter(struct yg_binder *x, const struct yg_node *n, int64_t most, int64_t *out)
{
	struct yg_bn *c;
	if (!n)
		return YG_OK;
	YG_TRY(yg_bx_literal(x, n, &c));
	if (c->type != YG_TYPE_INTEGER || c->value.i < 1 || c->value.i > most)
		return yg_bx_fail(x, n, YG_EINVAL, "E-EXP-070", N_("a whole number from 1 to %d is wanted here"), (int)most);
	*out = c->value.i;
	return YG_OK;
}

/*
 * date(x, month = 7, day = 15): text to date; a date known to the month gets the day, one known to the year
 * the month too.  month alone is the day of dates known to the month: date(x, month = 15).
 */
static enum yg_status bind_date(struct yg_binder *x, const struct function *f, struct call *c, struct yg_bn **out)
{
	struct yg_bn *a;
	int64_t day = 0, month = 0;
	YG_TRY(yg_bx_any(x, c->pos[0], &a));
	YG_TRY(small_parameter(x, c->param[1], 28, &day));
	YG_TRY(small_parameter(x, c->param[0], c->param[1] ? 12 : 28, &month));
	if (!c->param[1]) {
		day = month;
		month = 0;
	}
	if (a->type == YG_TYPE_TEXT || a->type == YG_TYPE_LEVEL) {
		struct yg_bn *made = yg_bn_new1(x, YG_OP_TEXT_DATE, YG_TYPE_DATE, a);
		made->loss = yg_bn_loss(x, N_("text that is no date (YYYY-MM-DD)"));
		a = made;
	} else if (a->type == YG_TYPE_INSTANT) {
		a = yg_bn_new1(x, YG_OP_CAST, YG_TYPE_DATE, a);
	} else if (a->type != YG_TYPE_DATE) {
		return yg_bx_fail(x, c->pos[0], YG_EINVAL, "E-EXP-071", N_("a date or a text that holds one is wanted here, this is %s"), _(yg_type_phrase(a)));
	}
	if (day) {
		struct yg_bn *made = yg_bn_new1(x, f->op, YG_TYPE_DATE, a);
		made->lo = day;
		made->hi = month;
		made->loss = yg_bn_loss(x, N_("a date of which only the year is known; complete it with date(x, month = 7, day = 15)"));
		a = made;
	}
	*out = a;
	return yg_bn_fold(x, c->node, out);
}

static enum yg_status bind_factor_call(struct yg_binder *x, const struct function *f, struct call *c, struct yg_bn **out)
{
	struct yg_bn *of;
	(void)f;
	YG_TRY(yg_bx_value(x, c->pos[0], &of));
	return yg_bx_make_factor(x, c->node, of, NULL, c->param[0], false, out);
}

static const struct function functions[] = {
	{ "log", 1, 1, { NULL }, YG_OP_LOG, bind_real, "log(x)" },
	{ "exp", 1, 1, { NULL }, YG_OP_EXP, bind_real, "exp(x)" },
	{ "sqrt", 1, 1, { NULL }, YG_OP_SQRT, bind_real, "sqrt(x)" },
	{ "abs", 1, 1, { NULL }, YG_OP_ABS, bind_abs, "abs(x)" },
	{ "floor", 1, 1, { NULL }, YG_OP_FLOOR, bind_abs, "floor(x)" },
	{ "round", 1, 2, { "digits" }, YG_OP_ROUND, bind_round, "round(x, 1)" },
	{ "least", 2, MOST_ARGUMENTS, { NULL }, YG_OP_LEAST, bind_least, "least(x, y, ...)" },
	{ "greatest", 2, MOST_ARGUMENTS, { NULL }, YG_OP_GREATEST, bind_least, "greatest(x, y, ...)" },
	{ "coalesce", 2, MOST_ARGUMENTS, { NULL }, YG_OP_COALESCE, bind_least, "coalesce(x, y, ...)" },
	{ "case", 2, MOST_ARGUMENTS, { NULL }, YG_OP_CASE, bind_case, "case(condition, value, ..., otherwise)" },
	{ "cut", 2, MOST_ARGUMENTS, { "closed" }, YG_OP_CUT, bind_cut, "cut(x, 50, 65)" },
	{ "days", 1, 2, { NULL }, YG_OP_DAYS, bind_days, "days(from, to)" },
	{ "months", 1, 2, { NULL }, YG_OP_DAYS, bind_days, "months(from, to)" },
	{ "years", 1, 2, { NULL }, YG_OP_DAYS, bind_days, "years(from, to)" },
	{ "age", 2, 2, { NULL }, YG_OP_AGE, bind_age, "age(birth, on)" },
	{ "date", 1, 1, { "month", "day" }, YG_OP_COMPLETE, bind_date, "date(x, month = 7, day = 15)" },
	{ "factor", 1, 1, { "ref" }, YG_OP_CASE, bind_factor_call, "factor(x, ref = \"LEVEL\")" },
};

static enum yg_status unknown_function(struct yg_binder *x, const struct yg_node *n)
{
	static const char *const formula[] = { "rcs", "ns", "bs", "poly", "fp", "per", "offset", "tt" };
	static const char *const event[] = { "dx", "rx", "px", "lab", "obs", "visit", "device", "death", "score", "cost", "cohort_of" };
	for (size_t k = 0; k < sizeof formula / sizeof *formula; k++)
		if (strcmp(formula[k], n->text) == 0)
			return yg_bx_fail(x, n, YG_EINVAL, "E-EXP-072", N_("%s() stands only on the right of ~ in a model"), n->text);
	for (size_t k = 0; k < sizeof event / sizeof *event; k++)
		if (strcmp(event[k], n->text) == 0)
			return yg_bx_fail(x, n, YG_EINVAL, "E-EXP-033", N_("%s() looks at event tables (diagnoses, prescriptions, visits); this version analyses columns only"), n->text);
	const char *name[sizeof functions / sizeof *functions];
	size_t names = sizeof functions / sizeof *functions;
	for (size_t k = 0; k < names; k++)
		name[k] = functions[k].name;
	const char *near = yg_nearest(n->text, name, names);
	enum yg_status s = yg_bx_fail(x, n, YG_ESYNTAX, "E-EXP-073", N_("there is no function %s()"), n->text);
	if (near)
		yg_err_hint(x->err, N_("Did you mean %s()?"), near);
	return s;
}

/* name = value that is no parameter of the function: the comparison it reads as. */
static const struct yg_node *as_comparison(struct yg_binder *x, const struct yg_node *argument)
{
	struct yg_arena *arena = &x->bound->arena;
	struct yg_node *name = yg_node_new(arena, YG_NODE_NAME, argument->text);
	name->at = argument->at;
	name->len = strlen(argument->text);
	struct yg_node *compare = yg_node_new(arena, YG_NODE_COMPARE, "=");
	compare->at = argument->at;
	compare->len = argument->len;
	yg_node_add(arena, compare, name);
	yg_node_add(arena, compare, argument->child[0]);
	return compare;
}

enum yg_status yg_bx_call(struct yg_binder *x, const struct yg_node *n, struct yg_bn **out)
{
	if (yg_bx_is_aggregate(n->text))
		return yg_bx_aggregate(x, n, out);
	const struct function *f = NULL;
	for (size_t k = 0; k < sizeof functions / sizeof *functions && !f; k++)
		if (strcmp(functions[k].name, n->text) == 0)
			f = &functions[k];
	if (!f)
		return unknown_function(x, n);
	struct call c = { .node = n };
	for (uint32_t k = 0; k < n->children; k++) {
		const struct yg_node *a = n->child[k];
		int p = 3;
		if (a->kind == YG_NODE_ARGUMENT)
			for (p = 0; p < 3; p++)
				if (f->param[p] && strcmp(f->param[p], a->text) == 0)
					break;
		if (p < 3) {
			c.param[p] = a->child[0];
			continue;
		}
		if (c.n == MOST_ARGUMENTS)
			return yg_bx_fail(x, a, YG_ELIMIT, "E-EXP-074", N_("a function takes at most %d arguments"), MOST_ARGUMENTS);
		c.pos[c.n++] = a->kind == YG_NODE_ARGUMENT ? as_comparison(x, a) : a;
	}
	if (c.n < f->least || c.n > f->most)
		return yg_bx_fail(x, n, YG_EINVAL, "E-EXP-075", N_("%s() has a wrong number of arguments; it is written %s"), f->name, f->usage);
	return f->bind(x, f, &c, out);
}
