/*
 * Conditions: bitmaps of true and unknown rows.
 *
 * Three-valued logic a word at a time.  A comparison of a column with a constant looks at the block's
 * smallest and largest value first and reads the block only when they do not decide.  `and` leaves its
 * right side alone when no row can be true any more, `or` when all are.
 */
#include <math.h>
#include <string.h>

#include "yogo/base/date.h"
#include "yogo/base/i18n.h"

#include "expr_priv.h"

/* --- zones --------------------------------------------------------------------------------- */

/* What the block's ends say about a test: 1 all valid rows pass, 0 none does, -1 not decided. */
static int zone_verdict(double minimum, double maximum, double lo, double hi, bool open_lo, bool open_hi)
{
	bool above_lo = open_lo ? minimum > lo : minimum >= lo, below_hi = open_hi ? maximum < hi : maximum <= hi;
	if (above_lo && below_hi)
		return 1;
	bool under = open_lo ? maximum <= lo : maximum < lo, over = open_hi ? minimum >= hi : minimum > hi;
	return under || over ? 0 : -1;
}

/* True when the test was decided without reading: out is filled. */
static bool by_zone(struct yg_eval *e, const struct yg_bn *n, bool need_u, struct yg_tri *out)
{
	const struct yg_bn *c = n->child[0];
	if (c->op != YG_OP_COLUMN || e->slot[c->slot].vec_serial == e->serial || (c->owner != e->table))
		return false;
	struct yg_column_ref ref = { .table = e->table, .owner = c->owner, .column = c->column };
	double minimum, maximum;
	uint32_t missing;
	if (!yg_column_zone(&ref, e->block, &minimum, &maximum, &missing) || !(minimum <= maximum))
		return false;
	int verdict;
	if (n->op == YG_OP_RANGE_NUM) {
		if (c->type != YG_TYPE_NUMBER)
			return false;
		verdict = zone_verdict(minimum, maximum, n->dlo, n->dhi, n->open_lo, n->open_hi);
		if (verdict == 1 || n->negate)
			return false;  /* a NaN has no place between the ends */
	} else {
		if (fabs(minimum) > 9e15 || fabs(maximum) > 9e15)
			return false;  /* ends are doubles: not exact out there */
		if (c->type == YG_TYPE_DATE)
			maximum += 366; /* a date known to the year only can be any day of it */
		verdict = zone_verdict(minimum, maximum, (double)n->lo, (double)n->hi, false, false);
		if (n->lo > n->hi)
			verdict = 0;
	}
	if (verdict < 0)
		return false;
	bool pass = (verdict == 1) != n->negate;
	if (missing && (pass || need_u))
		return false;
	for (uint32_t w = 0; w < e->words; w++)
		out->t[w] = pass ? yg_word_full(e->n, w) : 0;
	return true;
}

/* --- tests against constants --------------------------------------------------------------- */

/* Partial dates: the month or year they stand for. */
static void date_span(int32_t day, uint8_t precision, int32_t *lo, int32_t *hi)
{
	*lo = *hi = day;
	if (precision == YG_MONTH)
		*hi = yg_date_add_months(day, 1) - 1;
	else if (precision == YG_YEAR)
		*hi = yg_date_add_months(day, 12) - 1;
}

static void partial_dates(struct yg_eval *e, const struct yg_bn *n, const struct yg_vec *v, struct yg_tri *out)
{
	if (!out->has_u)
		memset(out->u, 0, e->words * sizeof *out->u);
	out->has_u = true;
	for (uint32_t i = 0; i < e->n; i++) {
		if (v->precision[i] == YG_DAY)
			continue;
		int32_t lo, hi;
		date_span(v->v.date[i], v->precision[i], &lo, &hi);
		uint64_t bit = UINT64_C(1) << (i & 63);
		bool inside = lo >= n->lo && hi <= n->hi, outside = hi < n->lo || lo > n->hi;
		bool truth = n->negate ? outside : inside;
		out->t[i >> 6] = truth ? out->t[i >> 6] | bit : out->t[i >> 6] & ~bit;
		if (!inside && !outside)
			out->u[i >> 6] |= bit;
	}
}

static enum yg_status range_int(struct yg_eval *e, const struct yg_bn *n, struct yg_tri *out, struct yg_err *err)
{
	struct yg_vec v;
	YG_TRY(yg_ev_vec(e, n->child[0], &v, err));
	int64_t lo = n->lo, hi = n->hi;
	bool narrow = v.type == YG_TYPE_DATE || v.type == YG_TYPE_LEVEL;
	if (narrow) {
		lo = lo < INT32_MIN ? INT32_MIN : lo;
		hi = hi > INT32_MAX ? INT32_MAX : hi;
	}
	if (lo > hi)
		memset(out->t, 0, e->words * sizeof *out->t);
	else if (narrow)
		yg_bits_i32(v.type == YG_TYPE_DATE ? v.v.date : v.v.level, e->n, (int32_t)lo, (int32_t)hi, out->t);
	else
		yg_bits_i64(v.type == YG_TYPE_INSTANT ? v.v.instant : v.v.integer, e->n, lo, hi, out->t);
	if (n->negate)
		for (uint32_t w = 0; w < e->words; w++)
			out->t[w] = ~out->t[w] & yg_word_full(e->n, w);
	if (v.type == YG_TYPE_DATE && v.precision)
		partial_dates(e, n, &v, out);
	if (v.valid) {
		bool had = out->has_u;
		for (uint32_t w = 0; w < e->words; w++) {
			out->t[w] &= v.valid[w];
			out->u[w] = (had ? out->u[w] & v.valid[w] : 0) | (~v.valid[w] & yg_word_full(e->n, w));
		}
		out->has_u = true;
	}
	return YG_OK;
}

/* Unknown where the value is missing; true only where it is not. */
static void apply_valid(struct yg_eval *e, const struct yg_vec *v, struct yg_tri *out)
{
	if (!v->valid)
		return;
	for (uint32_t w = 0; w < e->words; w++) {
		out->t[w] &= v->valid[w];
		out->u[w] = ~v->valid[w] & yg_word_full(e->n, w);
	}
	out->has_u = true;
}

static enum yg_status range_num(struct yg_eval *e, const struct yg_bn *n, struct yg_tri *out, struct yg_err *err)
{
	struct yg_vec v;
	YG_TRY(yg_ev_vec(e, n->child[0], &v, err));
	const double *x = v.v.number;
	if (n->negate)
		YG_PACK_WORDS(e->n, out->t, x[i] != n->dlo);
	else
		yg_bits_f64(x, e->n, n->dlo, n->dhi, n->open_lo, n->open_hi, out->t);
	apply_valid(e, &v, out);
	return YG_OK;
}

static bool in_ints(const int64_t *set, size_t n, int64_t v)
{
	size_t lo = 0, hi = n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (set[mid] < v)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n && set[lo] == v;
}

static bool in_numbers(const double *set, size_t n, double v)
{
	for (size_t k = 0; k < n; k++)
		if (set[k] == v)
			return true;
	return false;
}

static bool in_texts(const struct yg_str *set, size_t n, const char *p, size_t len)
{
	for (size_t k = 0; k < n; k++)
		if (set[k].n == len && memcmp(set[k].p, p, len) == 0)
			return true;
	return false;
}

static enum yg_status in_set(struct yg_eval *e, const struct yg_bn *n, struct yg_tri *out, struct yg_err *err)
{
	struct yg_vec v;
	YG_TRY(yg_ev_vec(e, n->child[0], &v, err));
	if (n->op == YG_OP_SET_NUM) {
		YG_PACK_WORDS(e->n, out->t, in_numbers(n->set_d, n->set_n, v.v.number[i]));
	} else if (n->op == YG_OP_SET_TEXT) {
		const uint32_t *at = v.v.text.start;
		YG_PACK_WORDS(e->n, out->t, in_texts(n->set_s, n->set_n, v.v.text.bytes + at[i], at[i + 1] - at[i]));
	} else if (v.type == YG_TYPE_DATE) {
		YG_PACK_WORDS(e->n, out->t, in_ints(n->set_i, n->set_n, v.v.date[i]));
		if (v.precision) {
			/* A partial date is in no set of days for certain. */
			memset(out->u, 0, e->words * sizeof *out->u);
			for (uint32_t i = 0; i < e->n; i++)
				if (v.precision[i] != YG_DAY)
					out->u[i >> 6] |= UINT64_C(1) << (i & 63);
			for (uint32_t w = 0; w < e->words; w++) {
				out->t[w] &= ~out->u[w];
				out->u[w] |= v.valid ? ~v.valid[w] & yg_word_full(e->n, w) : 0;
				out->t[w] &= ~out->u[w];
			}
			out->has_u = true;
			return YG_OK;
		}
	} else {
		YG_PACK_WORDS(e->n, out->t, in_ints(n->set_i, n->set_n, v.v.integer[i]));
	}
	apply_valid(e, &v, out);
	return YG_OK;
}

static enum yg_status look_up(struct yg_eval *e, const struct yg_bn *n, struct yg_tri *out, struct yg_err *err)
{
	struct yg_vec v;
	YG_TRY(yg_ev_vec(e, n->child[0], &v, err));
	const uint8_t *truth = n->truth;
	const int32_t *x = v.v.level;
	size_t levels = n->child[0]->levels;
	uint32_t last = levels ? (uint32_t)levels : 1, word = 0;
	if (levels <= 32) {
		for (uint32_t k = 0; k < levels; k++)
			word |= (uint32_t)(truth[k] & 1) << k;
		yg_bits_table(x, e->n, word, out->t);
		apply_valid(e, &v, out);
		return YG_OK;
	}
	/* Positions at missing rows are not specified: keep them inside the table. */
	if (v.valid)
		YG_PACK_WORDS(e->n, out->t, truth[(uint32_t)x[i] < last ? (uint32_t)x[i] : 0]);
	else
		YG_PACK_WORDS(e->n, out->t, truth[x[i]]);
	apply_valid(e, &v, out);
	return YG_OK;
}

static enum yg_status is_missing(struct yg_eval *e, const struct yg_bn *n, struct yg_tri *out, struct yg_err *err)
{
	const struct yg_bn *c = n->child[0];
	if (c->op == YG_OP_COLUMN && c->owner == e->table) {
		struct yg_column_ref ref = { .table = e->table, .owner = c->owner, .column = c->column };
		double minimum, maximum;
		uint32_t missing;
		if (yg_column_zone(&ref, e->block, &minimum, &maximum, &missing) && missing == 0) {
			memset(out->t, 0, e->words * sizeof *out->t);
			return YG_OK;
		}
	}
	if (c->type == YG_TYPE_FLAG && c->op != YG_OP_COLUMN && c->op != YG_OP_MATERIAL && c->op != YG_OP_EXTRA) {
		struct yg_tri inner;
		YG_TRY(yg_ev_tri(e, c, true, &inner, err));
		if (inner.has_u)
			memcpy(out->t, inner.u, e->words * sizeof *out->t);
		else
			memset(out->t, 0, e->words * sizeof *out->t);
		return YG_OK;
	}
	struct yg_vec v;
	YG_TRY(yg_ev_vec(e, c, &v, err));
	for (uint32_t w = 0; w < e->words; w++)
		out->t[w] = v.valid ? ~v.valid[w] & yg_word_full(e->n, w) : 0;
	return YG_OK;
}

/* --- logic --------------------------------------------------------------------------------- */

static bool no_bit(const struct yg_eval *e, const uint64_t *bits)
{
	uint64_t any = 0;
	for (uint32_t w = 0; w < e->words; w++)
		any |= bits[w];
	return any == 0;
}

static bool all_bits(const struct yg_eval *e, const uint64_t *bits)
{
	for (uint32_t w = 0; w < e->words; w++)
		if (bits[w] != yg_word_full(e->n, w))
			return false;
	return true;
}

static enum yg_status conjunction(struct yg_eval *e, const struct yg_bn *n, bool need_u, struct yg_tri *out, struct yg_err *err)
{
	struct yg_tri a, b;
	YG_TRY(yg_ev_tri(e, n->child[0], need_u, &a, err));
	bool a_u = need_u && a.has_u;
	if (no_bit(e, a.t) && (!a_u || no_bit(e, a.u))) {
		memset(out->t, 0, e->words * sizeof *out->t);
		return YG_OK;
	}
	YG_TRY(yg_ev_tri(e, n->child[1], need_u, &b, err));
	bool b_u = need_u && b.has_u;
	for (uint32_t w = 0; w < e->words; w++) {
		uint64_t t = a.t[w] & b.t[w];
		if (a_u || b_u)
			out->u[w] = ((a_u ? a.t[w] | a.u[w] : a.t[w]) & (b_u ? b.t[w] | b.u[w] : b.t[w])) & ~t;
		out->t[w] = t;
	}
	out->has_u = a_u || b_u;
	return YG_OK;
}

static enum yg_status disjunction(struct yg_eval *e, const struct yg_bn *n, bool need_u, struct yg_tri *out, struct yg_err *err)
{
	struct yg_tri a, b;
	YG_TRY(yg_ev_tri(e, n->child[0], need_u, &a, err));
	if (all_bits(e, a.t)) {
		memcpy(out->t, a.t, e->words * sizeof *out->t);
		return YG_OK;
	}
	YG_TRY(yg_ev_tri(e, n->child[1], need_u, &b, err));
	bool a_u = need_u && a.has_u, b_u = need_u && b.has_u;
	for (uint32_t w = 0; w < e->words; w++) {
		uint64_t t = a.t[w] | b.t[w];
		if (a_u || b_u)
			out->u[w] = ((a_u ? a.u[w] : 0) | (b_u ? b.u[w] : 0)) & ~t;
		out->t[w] = t;
	}
	out->has_u = a_u || b_u;
	return YG_OK;
}

static enum yg_status negation(struct yg_eval *e, const struct yg_bn *n, struct yg_tri *out, struct yg_err *err)
{
	struct yg_tri a;
	YG_TRY(yg_ev_tri(e, n->child[0], true, &a, err));
	for (uint32_t w = 0; w < e->words; w++) {
		out->t[w] = ~(a.t[w] | (a.has_u ? a.u[w] : 0)) & yg_word_full(e->n, w);
		if (a.has_u)
			out->u[w] = a.u[w];
	}
	out->has_u = a.has_u;
	return YG_OK;
}

/* A flag that is no condition by itself: a column, a case, an aggregate. */
static enum yg_status pack_flags(struct yg_eval *e, const struct yg_bn *n, struct yg_tri *out, struct yg_err *err)
{
	struct yg_vec v;
	YG_TRY(yg_ev_vec(e, n, &v, err));
	yg_bits_flag(v.v.flag, e->n, out->t);
	apply_valid(e, &v, out);
	return YG_OK;
}

enum yg_status yg_ev_condition(struct yg_eval *e, const struct yg_bn *n, bool need_u, struct yg_tri *out, struct yg_err *err)
{
	switch (n->op) {
	case YG_OP_AND:
		return conjunction(e, n, need_u, out, err);
	case YG_OP_OR:
		return disjunction(e, n, need_u, out, err);
	case YG_OP_NOT:
		return negation(e, n, out, err);
	case YG_OP_IS_MISSING:
		return is_missing(e, n, out, err);
	case YG_OP_RANGE_INT:
		return by_zone(e, n, need_u, out) ? YG_OK : range_int(e, n, out, err);
	case YG_OP_RANGE_NUM:
		return by_zone(e, n, need_u, out) ? YG_OK : range_num(e, n, out, err);
	case YG_OP_SET_INT:
	case YG_OP_SET_NUM:
	case YG_OP_SET_TEXT:
		return in_set(e, n, out, err);
	case YG_OP_LUT:
		return look_up(e, n, out, err);
	case YG_OP_COMPARE:
		return yg_ev_compare(e, n, out, err);
	default:
		return pack_flags(e, n, out, err);
	}
}

enum yg_status yg_ev_tri(struct yg_eval *e, const struct yg_bn *n, bool need_u, struct yg_tri *out, struct yg_err *err)
{
	struct yg_slot *s = &e->slot[n->slot];
	if (!yg_slot_tri(e, n, out))
		return yg_expr_nomem(err);
	if (s->tri_serial == e->serial && (s->tri_with_u || !need_u)) {
		out->has_u = s->tri_has_u;
		return YG_OK;
	}
	YG_TRY(yg_ev_condition(e, n, need_u, out, err));
	s->tri_serial = e->serial;
	s->tri_has_u = out->has_u;
	s->tri_with_u = need_u;
	return YG_OK;
}
