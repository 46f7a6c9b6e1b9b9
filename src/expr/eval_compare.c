/* Comparing two vectors of one type. */
#include <string.h>

#include "yogo/base/date.h"
#include "yogo/base/i18n.h"

#include "expr_priv.h"

#define BY_CMP(A, B)                                                                     \
	switch (n->cmp) {                                                                \
	case YG_CMP_EQ: YG_PACK_WORDS(e->n, out->t, (A) == (B)); break;                  \
	case YG_CMP_NE: YG_PACK_WORDS(e->n, out->t, (A) != (B)); break;                  \
	case YG_CMP_LT: YG_PACK_WORDS(e->n, out->t, (A) < (B)); break;                   \
	case YG_CMP_LE: YG_PACK_WORDS(e->n, out->t, (A) <= (B)); break;                  \
	case YG_CMP_GT: YG_PACK_WORDS(e->n, out->t, (A) > (B)); break;                   \
	case YG_CMP_GE: YG_PACK_WORDS(e->n, out->t, (A) >= (B)); break;                  \
	}

static void span_of(const struct yg_vec *v, uint32_t i, int32_t *lo, int32_t *hi)
{
	int32_t d = v->v.date[i];
	*lo = *hi = d;
	if (v->precision && v->precision[i] != YG_DAY)
		*hi = yg_date_add_months(d, v->precision[i] == YG_MONTH ? 1 : 12) - 1;
}

/* 1 true, 0 false, -1 not known of two spans of days. */
static int compare_spans(enum yg_cmp cmp, int32_t alo, int32_t ahi, int32_t blo, int32_t bhi)
{
	switch (cmp) {
	case YG_CMP_EQ:
		return ahi < blo || bhi < alo ? 0 : alo == ahi && blo == bhi ? 1 : -1;
	case YG_CMP_NE:
		return ahi < blo || bhi < alo ? 1 : alo == ahi && blo == bhi ? 0 : -1;
	case YG_CMP_LT:
		return ahi < blo ? 1 : alo >= bhi ? 0 : -1;
	case YG_CMP_LE:
		return ahi <= blo ? 1 : alo > bhi ? 0 : -1;
	case YG_CMP_GT:
		return bhi < alo ? 1 : blo >= ahi ? 0 : -1;
	case YG_CMP_GE:
		return bhi <= alo ? 1 : blo > ahi ? 0 : -1;
	}
	return -1;
}

static void compare_partial(struct yg_eval *e, const struct yg_bn *n, const struct yg_vec *a, const struct yg_vec *b, struct yg_tri *out)
{
	memset(out->t, 0, e->words * sizeof *out->t);
	memset(out->u, 0, e->words * sizeof *out->u);
	for (uint32_t i = 0; i < e->n; i++) {
		int32_t alo, ahi, blo, bhi;
		span_of(a, i, &alo, &ahi);
		span_of(b, i, &blo, &bhi);
		int truth = compare_spans(n->cmp, alo, ahi, blo, bhi);
		uint64_t bit = UINT64_C(1) << (i & 63);
		if (truth < 0)
			out->u[i >> 6] |= bit;
		else if (truth)
			out->t[i >> 6] |= bit;
	}
	out->has_u = true;
}

/* -1, 0, 1 of two texts; a constant has one text for all rows. */
static int compare_texts(const struct yg_bn *l, const struct yg_vec *a, const struct yg_bn *r, const struct yg_vec *b, uint32_t i)
{
	struct yg_str x, y;
	if (l->op == YG_OP_CONSTANT)
		x = (struct yg_str){ l->value.s, l->value.len };
	else
		x = (struct yg_str){ a->v.text.bytes + a->v.text.start[i], a->v.text.start[i + 1] - a->v.text.start[i] };
	if (r->op == YG_OP_CONSTANT)
		y = (struct yg_str){ r->value.s, r->value.len };
	else
		y = (struct yg_str){ b->v.text.bytes + b->v.text.start[i], b->v.text.start[i + 1] - b->v.text.start[i] };
	return yg_str_cmp(x, y);
}

enum yg_status yg_ev_compare(struct yg_eval *e, const struct yg_bn *n, struct yg_tri *out, struct yg_err *err)
{
	struct yg_vec a, b;
	const struct yg_bn *l = n->child[0], *r = n->child[1];
	YG_TRY(yg_ev_vec(e, l, &a, err));
	YG_TRY(yg_ev_vec(e, r, &b, err));
	switch (a.type) {
	case YG_TYPE_FLAG: BY_CMP(a.v.flag[i], b.v.flag[i]); break;
	case YG_TYPE_INTEGER: BY_CMP(a.v.integer[i], b.v.integer[i]); break;
	case YG_TYPE_NUMBER: BY_CMP(a.v.number[i], b.v.number[i]); break;
	case YG_TYPE_LEVEL: BY_CMP(a.v.level[i], b.v.level[i]); break;
	case YG_TYPE_DATE:
		if (a.precision || b.precision) {
			compare_partial(e, n, &a, &b, out);
			break;
		}
		BY_CMP(a.v.date[i], b.v.date[i]);
		break;
	case YG_TYPE_INSTANT: BY_CMP(a.v.instant[i], b.v.instant[i]); break;
	case YG_TYPE_TEXT: BY_CMP(compare_texts(l, &a, r, &b, i), 0); break;
	}
	if (a.valid || b.valid) {
		bool had = out->has_u;
		for (uint32_t w = 0; w < e->words; w++) {
			uint64_t full = yg_word_full(e->n, w);
			uint64_t known = (a.valid ? a.valid[w] : full) & (b.valid ? b.valid[w] : full);
			out->t[w] &= known;
			out->u[w] = (had ? out->u[w] & known : 0) | (~known & full);
		}
		out->has_u = true;
	}
	return YG_OK;
}
