/* Binding + - * / ^ and the minus sign: numbers, dates and lengths of time, with their units. */
#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"

#include "expr_priv.h"

static enum yg_status not_numeric(struct yg_binder *x, const struct yg_node *at, const struct yg_bn *n)
{
	enum yg_status s = yg_bx_fail(x, at, YG_EINVAL, "E-EXP-040", N_("a number is wanted here, this is %s"), _(yg_type_phrase(n)));
	if (n->type == YG_TYPE_LEVEL)
		yg_err_hint(x->err, N_("Give its levels numbers with: case(x = \"LEVEL\", 1, ...)"));
	return s;
}

/* date + 30d, date - 6m: exact days for d and w, calendar steps for m and y. */
static enum yg_status date_step(struct yg_binder *x, const struct yg_node *at, struct yg_bn *date, const struct yg_bn *step,
                                int sign, struct yg_bn **out)
{
	if (date->type == YG_TYPE_INSTANT)
		return yg_bx_fail(x, at, YG_EINVAL, "E-EXP-041", N_("lengths of time are added to dates; this one has a time of day"));
	char unit = step->value.s[0];
	double count = step->value.d * sign * (unit == 'w' ? 7 : unit == 'y' ? 12 : 1);
	if (count != floor(count) || fabs(count) > 4000000)
		return yg_bx_fail(x, at, YG_EINVAL, "E-EXP-042", N_("a whole number of days, weeks, months or years is wanted"));
	struct yg_bn *n = yg_bn_new1(x, unit == 'd' || unit == 'w' ? YG_OP_ADD_DAYS : YG_OP_ADD_MONTHS, YG_TYPE_DATE, date);
	n->lo = (int64_t)count;
	n->loss = yg_bn_loss(x, N_("a partial date; complete it with date(x, month = 15)"));
	*out = n;
	return yg_bn_fold(x, at, out);
}

static bool is_time(const struct yg_bn *n)
{
	return n->type == YG_TYPE_DATE || n->type == YG_TYPE_INSTANT;
}

static enum yg_status bind_dates(struct yg_binder *x, const struct yg_node *n, struct yg_bn *l, struct yg_bn *r, struct yg_bn **out)
{
	bool minus = n->text[0] == '-';
	if (is_time(l) && r->op == YG_OP_DURATION)
		return date_step(x, n, l, r, minus ? -1 : 1, out);
	if (is_time(r) && l->op == YG_OP_DURATION && !minus)
		return date_step(x, n, r, l, 1, out);
	if (is_time(l) && is_time(r) && minus) {
		struct yg_bn *v[2] = { l, r };
		enum yg_type type;
		YG_TRY(yg_bx_unify(x, n, v, 2, &type));
		*out = yg_bn_new(x, YG_OP_DAYS, type == YG_TYPE_DATE ? YG_TYPE_INTEGER : YG_TYPE_NUMBER, 2, v);
		(*out)->unit = "days";
		(*out)->number = 1;
		(*out)->loss = yg_bn_loss(x, N_("a partial date; complete it with date(x, month = 15)"));
		return yg_bn_fold(x, n, out);
	}
	enum yg_status s = yg_bx_fail(x, n, YG_EINVAL, "E-EXP-043", N_("a date goes only with a date (subtracted) or a length of time"));
	yg_err_hint(x->err, N_("Write lengths of time with a unit: visit + 30d"));
	return s;
}

enum yg_status yg_bx_arith(struct yg_binder *x, const struct yg_node *n, struct yg_bn **out)
{
	struct yg_bn *l, *r = NULL;
	YG_TRY(yg_bx_any(x, n->child[0], &l));
	if (n->kind == YG_NODE_NEGATE) {
		if (l->op == YG_OP_DURATION) {
			struct yg_bn *d = yg_bn_new(x, YG_OP_DURATION, YG_TYPE_NUMBER, 0, NULL);
			d->value = l->value;
			d->value.d = -l->value.d;
			*out = d;
			return YG_OK;
		}
		if (!yg_is_numeric(l->type))
			return not_numeric(x, n->child[0], l);
		l = l->type == YG_TYPE_FLAG ? yg_bn_cast(x, l, YG_TYPE_INTEGER) : l;
		*out = yg_bn_new1(x, YG_OP_NEGATE, l->type, l);
		(*out)->unit = l->unit;
		(*out)->loss = yg_bn_loss(x, N_("a whole number too large"));
		return yg_bn_fold(x, n, out);
	}
	YG_TRY(yg_bx_any(x, n->child[1], &r));
	if (n->kind == YG_NODE_ADDITION && (is_time(l) || is_time(r)))
		return bind_dates(x, n, l, r, out);
	struct yg_bn *v[2] = { l, r };
	for (int k = 0; k < 2; k++)
		if (v[k]->op != YG_OP_DURATION && !yg_is_numeric(v[k]->type))
			return not_numeric(x, n->child[k], v[k]);
	bool add = n->kind == YG_NODE_ADDITION;
	if (!add && (l->op == YG_OP_DURATION || r->op == YG_OP_DURATION))
		return yg_bx_fail(x, n, YG_EINVAL, "E-EXP-044", N_("lengths of time are only added and compared; write a plain number here"));
	enum yg_type type = YG_TYPE_NUMBER;
	if (add) {
		YG_TRY(yg_bx_unify(x, n, v, 2, &type));
	} else {
		type = l->type == YG_TYPE_NUMBER || r->type == YG_TYPE_NUMBER ? YG_TYPE_NUMBER : YG_TYPE_INTEGER;
	}
	enum yg_op op = add ? (n->text[0] == '-' ? YG_OP_SUBTRACT : YG_OP_ADD)
	                : n->kind == YG_NODE_POWER ? YG_OP_POWER
	                : n->text[0] == '/' ? YG_OP_DIVIDE : YG_OP_MULTIPLY;
	if (op == YG_OP_DIVIDE || op == YG_OP_POWER)
		type = YG_TYPE_NUMBER;
	if (type == YG_TYPE_FLAG)
		type = YG_TYPE_INTEGER;
	v[0] = yg_bn_cast(x, v[0], type);
	v[1] = yg_bn_cast(x, v[1], type);
	struct yg_bn *made = yg_bn_new(x, op, type, 2, v);
	if (add && (v[0]->unit || v[1]->unit))
		made->unit = v[0]->unit && (v[1]->unit || v[1]->op == YG_OP_CONSTANT) ? v[0]->unit : v[0]->op == YG_OP_CONSTANT ? v[1]->unit : NULL;
	made->loss = yg_bn_loss(x, op == YG_OP_DIVIDE ? N_("a division by zero")
	                           : op == YG_OP_POWER ? N_("a power without a value")
	                           : type == YG_TYPE_INTEGER ? N_("a whole number too large") : N_("a number too large"));
	*out = made;
	return yg_bn_fold(x, n, out);
}
