/* Values to levels: relabelled levels, coded integers, numbers, dates and texts, and cut points. */
#include <string.h>

#include "yogo/base/date.h"
#include "yogo/base/i18n.h"

#include "expr_priv.h"

static int32_t int_level(const struct yg_bn *n, int64_t v)
{
	size_t lo = 0, hi = n->set_n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (n->set_i[mid] < v)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n->set_n && n->set_i[lo] == v ? n->map[lo] : -1;
}

static int32_t number_level(const struct yg_bn *n, double v)
{
	for (size_t k = 0; k < n->set_n; k++)
		if (n->set_d[k] == v)
			return n->map[k];
	return -1;
}

static int32_t text_level(const struct yg_bn *n, const char *p, size_t len)
{
	ptrdiff_t k = yg_map_find(n->words, p, len);
	return k < 0 ? -1 : n->map[k];
}

/* The group of a value: how many cut points it has reached (left closed) or passed (right closed). */
static int32_t cut_level(const struct yg_bn *n, double v)
{
	int32_t k = 0;
	if (n->negate)
		while ((size_t)k < n->set_n && v > n->set_d[k])
			k++;
	else
		while ((size_t)k < n->set_n && v >= n->set_d[k])
			k++;
	return k;
}

static enum yg_status cut(struct yg_eval *e, const struct yg_bn *n, const struct yg_vec *a, int32_t *to, uint64_t *valid, struct yg_err *err)
{
	struct yg_tri t;
	if (!yg_slot_tri(e, n, &t))
		return yg_expr_nomem(err);
	if (a->type == YG_TYPE_DATE) {
		for (uint32_t i = 0; i < e->n; i++)
			to[i] = cut_level(n, a->v.date[i]);
		if (a->precision) {
			/* A partial date is in a group only when its whole month or year is. */
			memset(t.t, 0, e->words * sizeof *t.t);
			for (uint32_t i = 0; i < e->n; i++) {
				if (a->precision[i] == YG_DAY)
					continue;
				int32_t end = yg_date_add_months(a->v.date[i], a->precision[i] == YG_MONTH ? 1 : 12) - 1;
				if (cut_level(n, end) != to[i])
					t.t[i >> 6] |= UINT64_C(1) << (i & 63);
			}
			yg_ev_lose(e, n, valid, t.t);
		}
		return YG_OK;
	}
	const double *x = a->v.number;
	for (uint32_t i = 0; i < e->n; i++)
		to[i] = cut_level(n, x[i]);
	YG_PACK_WORDS(e->n, t.t, x[i] != x[i]);
	for (uint32_t w = 0; w < e->words; w++)
		valid[w] &= ~t.t[w];
	return YG_OK;
}

/* A value in no level: an error, or counted while a definition is checked. */
static enum yg_status strays(struct yg_eval *e, const struct yg_bn *n, const int32_t *to, uint64_t *valid, struct yg_err *err)
{
	uint64_t rows = 0, first = 0;
	for (uint32_t w = 0; w < e->words; w++) {
		uint64_t bits = valid[w];
		uint32_t base = w * 64, end = base + 64 < e->n ? base + 64 : e->n;
		int32_t any = 0;
		for (uint32_t i = base; i < end; i++)
			any |= to[i];
		if (any >= 0)
			continue;
		for (; bits; bits &= bits - 1) {
			uint32_t i = base + (uint32_t)__builtin_ctzll(bits);
			if (to[i] >= 0)
				continue;
			if (!rows++)
				first = (uint64_t)e->block * YG_BLOCK_ROWS + i;
			valid[w] &= ~(UINT64_C(1) << (i & 63));
		}
	}
	if (!rows)
		return YG_OK;
	if (e->collect) {
		if (!e->stray_rows)
			e->stray_first = first;
		e->stray_rows += rows;
		return YG_OK;
	}
	yg_fail(err, YG_REFUSED, "E-EXP-096", N_("%s: rows of %s have a value that is in no level (row %llu is one)"), n->name,
	        e->table->name, (unsigned long long)first + 1);
	yg_err_hint(err, N_("Give every value a level: levels=(\"label\": code, ...); codes of one label stand in parentheses."));
	return YG_REFUSED;
}

enum yg_status yg_ev_level(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err)
{
	struct yg_vec a;
	YG_TRY(yg_ev_vec(e, n->child[0], &a, err));
	int32_t *to = yg_slot_value(e, n, sizeof *to);
	uint64_t *valid = yg_ev_both_valid(e, n, &a, NULL);
	if (!to || !valid)
		return yg_expr_nomem(err);
	*out = (struct yg_vec){ .type = YG_TYPE_LEVEL, .n = e->n, .valid = valid, .reason = a.reason };
	out->v.level = to;
	uint32_t last = n->child[0]->levels ? (uint32_t)n->child[0]->levels : 1;
	switch (n->op) {
	case YG_OP_LEVEL_MAP:
		for (uint32_t i = 0; i < e->n; i++)
			to[i] = n->map[(uint32_t)a.v.level[i] < last ? (uint32_t)a.v.level[i] : 0];
		break;
	case YG_OP_CODE_LEVEL:
		if (a.type == YG_TYPE_DATE)
			for (uint32_t i = 0; i < e->n; i++)
				to[i] = int_level(n, a.v.date[i]);
		else
			for (uint32_t i = 0; i < e->n; i++)
				to[i] = int_level(n, a.v.integer[i]);
		break;
	case YG_OP_NUMBER_LEVEL:
		for (uint32_t i = 0; i < e->n; i++)
			to[i] = number_level(n, a.v.number[i]);
		break;
	case YG_OP_TEXT_LEVEL:
		for (uint32_t i = 0; i < e->n; i++)
			to[i] = valid[i >> 6] >> (i & 63) & 1
			        ? text_level(n, a.v.text.bytes + a.v.text.start[i], a.v.text.start[i + 1] - a.v.text.start[i]) : 0;
		break;
	default:
		return cut(e, n, &a, to, valid, err);
	}
	return strays(e, n, to, valid, err);
}
