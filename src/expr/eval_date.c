/*
 * Dates: differences, steps, ages, completing partial dates, reading dates from text.
 *
 * A date known to the month or year only has no difference and no step until date(x, month = 15)
 * completes it: such rows are missing and counted.
 */
#include <string.h>

#include "yogo/base/date.h"
#include "yogo/base/i18n.h"

#include "expr_priv.h"

/* Rows where a or b is a partial date. */
static enum yg_status lose_partial(struct yg_eval *e, const struct yg_bn *n, const struct yg_vec *a, const struct yg_vec *b,
                                   uint64_t *valid, struct yg_err *err)
{
	struct yg_tri t;
	const uint8_t *p = a->type == YG_TYPE_DATE ? a->precision : NULL, *q = b && b->type == YG_TYPE_DATE ? b->precision : NULL;
	if (!p && !q)
		return YG_OK;
	if (!yg_slot_tri(e, n, &t))
		return yg_expr_nomem(err);
	YG_PACK_WORDS(e->n, t.t, (p && p[i] != YG_DAY) || (q && q[i] != YG_DAY));
	yg_ev_lose(e, n, valid, t.t);
	return YG_OK;
}

static enum yg_status days(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err)
{
	struct yg_vec a, b;
	YG_TRY(yg_ev_vec(e, n->child[0], &a, err));
	YG_TRY(yg_ev_vec(e, n->child[1], &b, err));
	void *value = yg_slot_value(e, n, 8);
	uint64_t *valid = yg_ev_both_valid(e, n, &a, &b);
	if (!value || !valid)
		return yg_expr_nomem(err);
	*out = (struct yg_vec){ .type = n->type, .n = e->n, .valid = valid };
	if (n->type == YG_TYPE_INTEGER) {
		int64_t *to = value;
		for (uint32_t i = 0; i < e->n; i++)
			to[i] = (int64_t)a.v.date[i] - b.v.date[i];
		out->v.integer = to;
	} else {
		double *to = value;
		if (a.type == YG_TYPE_DATE)
			for (uint32_t i = 0; i < e->n; i++)
				to[i] = (double)((int64_t)a.v.date[i] - b.v.date[i]) / n->number;
		else
			for (uint32_t i = 0; i < e->n; i++)
				to[i] = ((double)a.v.instant[i] - (double)b.v.instant[i]) / 86400e6 / n->number;
		out->v.number = to;
	}
	return lose_partial(e, n, &a, &b, valid, err);
}

static enum yg_status step(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err)
{
	struct yg_vec a;
	YG_TRY(yg_ev_vec(e, n->child[0], &a, err));
	int32_t *to = yg_slot_value(e, n, sizeof *to);
	uint64_t *valid = yg_ev_both_valid(e, n, &a, NULL);
	if (!to || !valid)
		return yg_expr_nomem(err);
	*out = (struct yg_vec){ .type = YG_TYPE_DATE, .n = e->n, .valid = valid };
	out->v.date = to;
	int32_t by = (int32_t)n->lo;
	if (n->op == YG_OP_ADD_DAYS) {
		for (uint32_t i = 0; i < e->n; i++)
			to[i] = (int32_t)((uint32_t)a.v.date[i] + (uint32_t)by);
	} else {
		for (uint32_t i = 0; i < e->n; i++)
			to[i] = valid[i >> 6] >> (i & 63) & 1 ? yg_date_add_months(a.v.date[i], by) : 0;
	}
	return lose_partial(e, n, &a, NULL, valid, err);
}

static int64_t completed_years(int32_t birth, int32_t on)
{
	int y0, m0, d0, y1, m1, d1;
	yg_date_to_civil(birth, &y0, &m0, &d0);
	yg_date_to_civil(on, &y1, &m1, &d1);
	return y1 - y0 - (m1 < m0 || (m1 == m0 && d1 < d0));
}

static enum yg_status age(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err)
{
	struct yg_vec a, b;
	struct yg_tri t;
	YG_TRY(yg_ev_vec(e, n->child[0], &a, err));
	YG_TRY(yg_ev_vec(e, n->child[1], &b, err));
	int64_t *to = yg_slot_value(e, n, sizeof *to);
	uint64_t *valid = yg_ev_both_valid(e, n, &a, &b);
	if (!to || !valid || !yg_slot_tri(e, n, &t))
		return yg_expr_nomem(err);
	*out = (struct yg_vec){ .type = YG_TYPE_INTEGER, .n = e->n, .valid = valid };
	for (uint32_t i = 0; i < e->n; i++)
		to[i] = valid[i >> 6] >> (i & 63) & 1 ? completed_years(a.v.date[i], b.v.date[i]) : 0;
	YG_PACK_WORDS(e->n, t.t, b.v.date[i] < a.v.date[i]);
	yg_ev_lose(e, n, valid, t.t);
	out->v.integer = to;
	return lose_partial(e, n, &a, &b, valid, err);
}

/* Month precision gets day lo; year precision gets month hi too, else is lost. */
static enum yg_status complete(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err)
{
	struct yg_vec a;
	YG_TRY(yg_ev_vec(e, n->child[0], &a, err));
	if (!a.precision) {
		*out = a;
		return YG_OK;
	}
	struct yg_tri t;
	int32_t *to = yg_slot_value(e, n, sizeof *to);
	uint64_t *valid = yg_ev_both_valid(e, n, &a, NULL);
	if (!to || !valid || !yg_slot_tri(e, n, &t))
		return yg_expr_nomem(err);
	memset(t.t, 0, e->words * sizeof *t.t);
	for (uint32_t i = 0; i < e->n; i++) {
		to[i] = a.v.date[i];
		if (a.precision[i] == YG_MONTH)
			to[i] += (int32_t)n->lo - 1;
		else if (a.precision[i] == YG_YEAR && n->hi)
			to[i] = yg_date_add_months(to[i], (int)n->hi - 1) + (int32_t)n->lo - 1;
		else if (a.precision[i] == YG_YEAR)
			t.t[i >> 6] |= UINT64_C(1) << (i & 63);
	}
	yg_ev_lose(e, n, valid, t.t);
	*out = (struct yg_vec){ .type = YG_TYPE_DATE, .n = e->n, .valid = valid };
	out->v.date = to;
	return YG_OK;
}

struct one_date {
	bool ok;
	int32_t day;
	enum yg_date_precision precision;
};

static struct one_date read_date(const char *p, size_t n)
{
	struct one_date d = { 0 };
	d.ok = yg_date_parse((struct yg_str){ p, n }, &d.day, &d.precision);
	return d;
}

static enum yg_status text_date(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err)
{
	const struct yg_bn *c = n->child[0];
	struct yg_vec a;
	struct yg_tri t;
	YG_TRY(yg_ev_vec(e, c, &a, err));
	int32_t *to = yg_slot_value(e, n, sizeof *to);
	uint8_t *precision = yg_slot_extra(e, n);
	uint64_t *valid = yg_ev_both_valid(e, n, &a, NULL);
	struct one_date *level = c->type == YG_TYPE_LEVEL ? yg_data_alloc(c->levels + 1, sizeof *level) : NULL;
	if (!to || !valid || !precision || !yg_slot_tri(e, n, &t) || (c->type == YG_TYPE_LEVEL && !level)) {
		yg_data_free(level);
		return yg_expr_nomem(err);
	}
	for (size_t k = 0; level && k < c->levels; k++)
		level[k] = read_date(c->level[k], strlen(c->level[k]));
	memset(t.t, 0, e->words * sizeof *t.t);
	bool partial = false;
	for (uint32_t i = 0; i < e->n; i++) {
		struct one_date d = { 0 };
		if (valid[i >> 6] >> (i & 63) & 1) {
			if (level)
				d = level[a.v.level[i]];
			else if (c->op == YG_OP_CONSTANT)
				d = read_date(c->value.s, c->value.len);
			else
				d = read_date(a.v.text.bytes + a.v.text.start[i], a.v.text.start[i + 1] - a.v.text.start[i]);
			if (!d.ok)
				t.t[i >> 6] |= UINT64_C(1) << (i & 63);
		}
		to[i] = d.ok ? d.day : 0;
		precision[i] = (uint8_t)(d.ok ? d.precision : YG_DAY);
		partial = partial || precision[i] != YG_DAY;
	}
	yg_data_free(level);
	yg_ev_lose(e, n, valid, t.t);
	*out = (struct yg_vec){ .type = YG_TYPE_DATE, .n = e->n, .valid = valid, .precision = partial ? precision : NULL };
	out->v.date = to;
	return YG_OK;
}

enum yg_status yg_ev_date(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err)
{
	switch (n->op) {
	case YG_OP_DAYS: return days(e, n, out, err);
	case YG_OP_ADD_DAYS:
	case YG_OP_ADD_MONTHS: return step(e, n, out, err);
	case YG_OP_AGE: return age(e, n, out, err);
	case YG_OP_COMPLETE: return complete(e, n, out, err);
	default: return text_date(e, n, out, err);
	}
}
