/*
 * Numbers: + - * / ^, functions of one number, casts.
 *
 * A result that is not finite is missing and counted under its reason; so is an integer result that
 * leaves 64 bits.  exp log pow are the C names, which the program defines itself, the same on every machine.
 */
#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"

#include "expr_priv.h"

/* Rows whose result is not finite are lost. */
static void lose_infinite(struct yg_eval *e, const struct yg_bn *n, const double *x, uint64_t *valid, uint64_t *bad)
{
	YG_PACK_WORDS(e->n, bad, !isfinite(x[i]));
	yg_ev_lose(e, n, valid, bad);
}

/* A scratch bitmap: the slot's condition bitmap, which a number node does not use. */
static uint64_t *scratch_bits(struct yg_eval *e, const struct yg_bn *n)
{
	struct yg_tri t;
	return yg_slot_tri(e, n, &t) ? t.t : NULL;
}

static void int_kernel(enum yg_op op, uint32_t n, const int64_t *a, const int64_t *b, int64_t *out, uint64_t *bad)
{
	switch (op) {
	case YG_OP_ADD:
		YG_PACK_WORDS(n, bad, __builtin_add_overflow(a[i], b[i], &out[i]));
		break;
	case YG_OP_SUBTRACT:
		YG_PACK_WORDS(n, bad, __builtin_sub_overflow(a[i], b[i], &out[i]));
		break;
	default:
		YG_PACK_WORDS(n, bad, __builtin_mul_overflow(a[i], b[i], &out[i]));
		break;
	}
}

static void number_kernel(enum yg_op op, uint32_t n, const double *a, const double *b, double *out)
{
	switch (op) {
	case YG_OP_ADD:
		for (uint32_t i = 0; i < n; i++)
			out[i] = a[i] + b[i];
		break;
	case YG_OP_SUBTRACT:
		for (uint32_t i = 0; i < n; i++)
			out[i] = a[i] - b[i];
		break;
	case YG_OP_MULTIPLY:
		for (uint32_t i = 0; i < n; i++)
			out[i] = a[i] * b[i];
		break;
	case YG_OP_DIVIDE:
		for (uint32_t i = 0; i < n; i++)
			out[i] = b[i] != 0 ? a[i] / b[i] : NAN;
		break;
	default:
		break;
	}
}

/* pow, by the square when that is what is asked. */
static void power_kernel(uint32_t n, const double *a, const double *b, double *out)
{
	for (uint32_t i = 0; i < n; i++)
		out[i] = b[i] == 2 ? a[i] * a[i] : b[i] == 1 ? a[i] : pow(a[i], b[i]);
}

static enum yg_status binary(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err)
{
	struct yg_vec a, b;
	YG_TRY(yg_ev_vec(e, n->child[0], &a, err));
	YG_TRY(yg_ev_vec(e, n->child[1], &b, err));
	void *value = yg_slot_value(e, n, 8);
	uint64_t *valid = yg_ev_both_valid(e, n, &a, &b), *bad = scratch_bits(e, n);
	if (!value || !valid || !bad)
		return yg_expr_nomem(err);
	*out = (struct yg_vec){ .type = n->type, .n = e->n, .valid = valid };
	if (n->type == YG_TYPE_INTEGER) {
		int_kernel(n->op, e->n, a.v.integer, b.v.integer, value, bad);
		yg_ev_lose(e, n, valid, bad);
		out->v.integer = value;
		return YG_OK;
	}
	if (n->op == YG_OP_POWER)
		power_kernel(e->n, a.v.number, b.v.number, value);
	else
		number_kernel(n->op, e->n, a.v.number, b.v.number, value);
	lose_infinite(e, n, value, valid, bad);
	out->v.number = value;
	return YG_OK;
}

/* Half away from zero, at 1/scale. */
static double rounded(double x, double scale)
{
	if (scale == 1)
		return x < 0 ? -floor(-x + 0.5) : floor(x + 0.5);
	double y = x * scale;
	if (!isfinite(y) || fabs(y) > 4503599627370496.0)
		return x;
	double r = y < 0 ? -floor(-y + 0.5) : floor(y + 0.5);
	return r / scale;
}

static void real_kernel(const struct yg_bn *n, uint32_t rows, const double *a, double *out)
{
	switch (n->op) {
	case YG_OP_LOG:
		for (uint32_t i = 0; i < rows; i++)
			out[i] = a[i] > 0 ? log(a[i]) : NAN;
		break;
	case YG_OP_EXP:
		for (uint32_t i = 0; i < rows; i++)
			out[i] = exp(a[i]);
		break;
	case YG_OP_SQRT:
		for (uint32_t i = 0; i < rows; i++)
			out[i] = a[i] >= 0 ? sqrt(a[i]) : NAN;
		break;
	case YG_OP_NEGATE:
		for (uint32_t i = 0; i < rows; i++)
			out[i] = -a[i];
		break;
	case YG_OP_ABS:
		for (uint32_t i = 0; i < rows; i++)
			out[i] = fabs(a[i]);
		break;
	case YG_OP_FLOOR:
		for (uint32_t i = 0; i < rows; i++)
			out[i] = floor(a[i]);
		break;
	case YG_OP_ROUND:
		for (uint32_t i = 0; i < rows; i++)
			out[i] = rounded(a[i], n->number);
		break;
	default:
		break;
	}
}

static enum yg_status unary(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err)
{
	struct yg_vec a;
	YG_TRY(yg_ev_vec(e, n->child[0], &a, err));
	void *value = yg_slot_value(e, n, 8);
	uint64_t *valid = yg_ev_both_valid(e, n, &a, NULL), *bad = scratch_bits(e, n);
	if (!value || !valid || !bad)
		return yg_expr_nomem(err);
	*out = (struct yg_vec){ .type = n->type, .n = e->n, .valid = valid };
	if (n->type == YG_TYPE_INTEGER) {
		const int64_t *v = a.v.integer;
		int64_t *to = value;
		bool negate = n->op == YG_OP_NEGATE;
		for (uint32_t i = 0; i < e->n; i++)
			to[i] = v[i] == INT64_MIN ? 0 : negate || v[i] < 0 ? -v[i] : v[i];
		YG_PACK_WORDS(e->n, bad, v[i] == INT64_MIN);
		yg_ev_lose(e, n, valid, bad);
		out->v.integer = to;
		return YG_OK;
	}
	real_kernel(n, e->n, a.v.number, value);
	lose_infinite(e, n, value, valid, bad);
	out->v.number = value;
	return YG_OK;
}

static enum yg_status cast(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err)
{
	struct yg_vec a;
	YG_TRY(yg_ev_vec(e, n->child[0], &a, err));
	void *value = yg_slot_value(e, n, yg_type_width(n->type));
	if (!value)
		return yg_expr_nomem(err);
	*out = (struct yg_vec){ .type = n->type, .n = e->n, .valid = a.valid, .reason = a.reason };
	if (n->type == YG_TYPE_NUMBER) {
		out->v.number = value;
		yg_vec_widen(&a, value);
	} else if (n->type == YG_TYPE_INTEGER) {
		int64_t *to = value;
		for (uint32_t i = 0; i < e->n; i++)
			to[i] = a.v.flag[i] != 0;
		out->v.integer = to;
	} else if (n->type == YG_TYPE_INSTANT) {
		int64_t *to = value;
		for (uint32_t i = 0; i < e->n; i++)
			to[i] = a.v.date[i] * INT64_C(86400000000);
		out->v.instant = to;
	} else {
		int32_t *to = value;
		const int64_t day = INT64_C(86400000000);
		for (uint32_t i = 0; i < e->n; i++) {
			int64_t t = a.v.instant[i];
			to[i] = (int32_t)(t >= 0 ? t / day : -((-(t + 1)) / day) - 1);
		}
		out->v.date = to;
	}
	return YG_OK;
}

enum yg_status yg_ev_number(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err)
{
	switch (n->op) {
	case YG_OP_ADD:
	case YG_OP_SUBTRACT:
	case YG_OP_MULTIPLY:
	case YG_OP_DIVIDE:
	case YG_OP_POWER:
		return binary(e, n, out, err);
	case YG_OP_CAST:
		return cast(e, n, out, err);
	default:
		return unary(e, n, out, err);
	}
}
