/*
 * Choosing between values: case, coalesce, least, greatest, and `let ... where`.
 *
 * For every branch a bitmap says which rows take it; then the values are copied branch by branch.
 */
#include <string.h>

#include "yogo/base/date.h"
#include "yogo/base/i18n.h"

#include "expr_priv.h"

#define COPY(type, member)                                                                     \
	do {                                                                                   \
		type *to_ = value;                                                             \
		const type *from_ = v->v.member;                                               \
		for (uint32_t w = 0; w < e->words; w++) {                                      \
			uint64_t bits = take[w];                                               \
			uint32_t base = w * 64;                                                \
			if (bits == ~UINT64_C(0)) {                                            \
				memcpy(to_ + base, from_ + base, 64 * sizeof *to_);            \
				continue;                                                      \
			}                                                                      \
			for (; bits; bits &= bits - 1) {                                       \
				uint32_t i = base + (uint32_t)__builtin_ctzll(bits);           \
				to_[i] = from_[i];                                             \
			}                                                                      \
		}                                                                              \
	} while (0)

static void copy_rows(struct yg_eval *e, enum yg_type type, void *value, const struct yg_vec *v, const uint64_t *take)
{
	switch (type) {
	case YG_TYPE_FLAG: COPY(uint8_t, flag); break;
	case YG_TYPE_INTEGER: COPY(int64_t, integer); break;
	case YG_TYPE_NUMBER: COPY(double, number); break;
	case YG_TYPE_LEVEL: COPY(int32_t, level); break;
	case YG_TYPE_DATE: COPY(int32_t, date); break;
	case YG_TYPE_INSTANT: COPY(int64_t, instant); break;
	case YG_TYPE_TEXT: break;
	}
}

/* What a choice is building. */
struct build {
	void *value;
	uint64_t *valid;
	uint8_t *extra;           /* TEXT: branch of each row; DATE: precision */
	bool partial;
	struct yg_vec branch[64]; /* TEXT: the values to copy from at the end */
	const struct yg_bn *node[64];
	uint32_t branches;
};

static enum yg_status build_start(struct yg_eval *e, const struct yg_bn *n, struct build *b, struct yg_err *err)
{
	b->value = yg_slot_value(e, n, yg_type_width(n->type));
	b->valid = yg_slot_valid(e, n);
	b->extra = n->type == YG_TYPE_TEXT || n->type == YG_TYPE_DATE ? yg_slot_extra(e, n) : NULL;
	b->partial = false;
	b->branches = 0;
	if (!b->value || !b->valid || ((n->type == YG_TYPE_TEXT || n->type == YG_TYPE_DATE) && !b->extra))
		return yg_expr_nomem(err);
	memset(b->valid, 0, e->words * sizeof *b->valid);
	if (n->type == YG_TYPE_DATE)
		memset(b->extra, YG_DAY, e->n);
	return YG_OK;
}

static void build_take(struct yg_eval *e, const struct yg_bn *n, struct build *b, const struct yg_bn *of, const struct yg_vec *v, const uint64_t *take)
{
	for (uint32_t w = 0; w < e->words; w++)
		b->valid[w] |= take[w] & (v->valid ? v->valid[w] : ~UINT64_C(0));
	copy_rows(e, n->type, b->value, v, take);
	if (n->type == YG_TYPE_DATE && v->precision) {
		b->partial = true;
		for (uint32_t i = 0; i < e->n; i++)
			if (take[i >> 6] >> (i & 63) & 1)
				b->extra[i] = v->precision[i];
	}
	if (n->type == YG_TYPE_TEXT) {
		b->branch[b->branches] = *v;
		b->node[b->branches] = of;
		for (uint32_t i = 0; i < e->n; i++)
			if (take[i >> 6] >> (i & 63) & 1)
				b->extra[i] = (uint8_t)b->branches;
		b->branches++;
	}
}

static enum yg_status build_text(struct yg_eval *e, const struct yg_bn *n, struct build *b, struct yg_vec *out, struct yg_err *err)
{
	struct yg_slot *s = &e->slot[n->slot];
	if (!s->space_ready) {
		yg_vec_space_init(&s->space);
		yg_buf_init(&s->text);
		s->space_ready = true;
	}
	if (!s->start && !(s->start = yg_data_alloc(e->cap + 1, sizeof *s->start)))
		return yg_expr_nomem(err);
	yg_buf_clear(&s->text);
	for (uint32_t i = 0; i < e->n; i++) {
		s->start[i] = (uint32_t)s->text.len;
		if (!(b->valid[i >> 6] >> (i & 63) & 1))
			continue;
		const struct yg_bn *of = b->node[b->extra[i]];
		const struct yg_vec *v = &b->branch[b->extra[i]];
		if (of->op == YG_OP_CONSTANT)
			yg_buf_add(&s->text, of->value.s, of->value.len);
		else
			yg_buf_add(&s->text, v->v.text.bytes + v->v.text.start[i], v->v.text.start[i + 1] - v->v.text.start[i]);
	}
	s->start[e->n] = (uint32_t)s->text.len;
	out->v.text.start = s->start;
	out->v.text.bytes = s->text.data;
	return YG_OK;
}

static enum yg_status build_end(struct yg_eval *e, const struct yg_bn *n, struct build *b, struct yg_vec *out, struct yg_err *err)
{
	*out = (struct yg_vec){ .type = n->type, .n = e->n, .valid = b->valid };
	if (n->type == YG_TYPE_TEXT)
		return build_text(e, n, b, out, err);
	if (n->type == YG_TYPE_DATE && b->partial)
		out->precision = b->extra;
	out->v.flag = b->value;
	return YG_OK;
}

static enum yg_status choose_case(struct yg_eval *e, const struct yg_bn *n, struct build *b, uint64_t *open, uint64_t *take, struct yg_err *err)
{
	for (uint32_t w = 0; w < e->words; w++)
		open[w] = yg_word_full(e->n, w);
	for (uint32_t k = 0; k < n->children; k += 2) {
		const struct yg_bn *value = n->child[k + 1 < n->children ? k + 1 : k];
		if (k + 1 < n->children) {
			struct yg_tri c;
			YG_TRY(yg_ev_tri(e, n->child[k], true, &c, err));
			for (uint32_t w = 0; w < e->words; w++) {
				take[w] = c.t[w] & open[w];
				open[w] &= ~(c.t[w] | (c.has_u ? c.u[w] : 0));
			}
		} else {
			memcpy(take, open, e->words * sizeof *take);
		}
		struct yg_vec v;
		YG_TRY(yg_ev_vec(e, value, &v, err));
		build_take(e, n, b, value, &v, take);
	}
	return YG_OK;
}

static enum yg_status choose_known(struct yg_eval *e, const struct yg_bn *n, struct build *b, uint64_t *open, uint64_t *take, struct yg_err *err)
{
	for (uint32_t w = 0; w < e->words; w++)
		open[w] = yg_word_full(e->n, w);
	for (uint32_t k = 0; k < n->children; k++) {
		struct yg_vec v;
		YG_TRY(yg_ev_vec(e, n->child[k], &v, err));
		uint64_t left = 0;
		for (uint32_t w = 0; w < e->words; w++) {
			take[w] = open[w] & (v.valid ? v.valid[w] : ~UINT64_C(0));
			open[w] &= ~take[w];
			left |= open[w];
		}
		build_take(e, n, b, n->child[k], &v, take);
		if (!left)
			break;
	}
	return YG_OK;
}

/* Rows where the candidate beats what is there so far. */
#define BEATS(type, member)                                                                                      \
	do {                                                                                                     \
		const type *so_far_ = b->value, *new_ = v.v.member;                                              \
		if (n->op == YG_OP_LEAST)                                                                        \
			YG_PACK_WORDS(e->n, take, new_[i] < so_far_[i]);                                         \
		else                                                                                             \
			YG_PACK_WORDS(e->n, take, new_[i] > so_far_[i]);                                         \
	} while (0)

/* Missing when one of them is: coalesce is there for the known ones. */
static enum yg_status choose_extreme(struct yg_eval *e, const struct yg_bn *n, struct build *b, uint64_t *take, uint64_t *known, struct yg_err *err)
{
	memset(b->value, 0, e->n * yg_type_width(n->type));
	for (uint32_t k = 0; k < n->children; k++) {
		struct yg_vec v;
		YG_TRY(yg_ev_vec(e, n->child[k], &v, err));
		switch (n->type) {
		case YG_TYPE_FLAG: BEATS(uint8_t, flag); break;
		case YG_TYPE_INTEGER: BEATS(int64_t, integer); break;
		case YG_TYPE_NUMBER: BEATS(double, number); break;
		case YG_TYPE_DATE: BEATS(int32_t, date); break;
		case YG_TYPE_INSTANT: BEATS(int64_t, instant); break;
		default: return yg_fail(err, YG_EBUG, "E-EXP-901", N_("least or greatest of a type without order"));
		}
		for (uint32_t w = 0; w < e->words; w++)
			take[w] = k ? take[w] : yg_word_full(e->n, w);
		/* A partial date among the candidates leaves the extreme open, taken or not. */
		for (uint32_t i = 0; v.precision && i < e->n; i++)
			b->extra[i] |= v.precision[i];
		b->partial = b->partial || v.precision;
		v.precision = NULL;
		build_take(e, n, b, n->child[k], &v, take);
		for (uint32_t w = 0; w < e->words; w++)
			known[w] = (k ? known[w] : yg_word_full(e->n, w)) & (v.valid ? v.valid[w] : ~UINT64_C(0));
	}
	memcpy(b->valid, known, e->words * sizeof *known);
	if (b->partial) {
		YG_PACK_WORDS(e->n, take, b->extra[i] != YG_DAY);
		yg_ev_lose(e, n, b->valid, take);
		b->partial = false;
	}
	return YG_OK;
}

/* let x = value where condition */
static enum yg_status mask(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err)
{
	struct yg_tri c;
	YG_TRY(yg_ev_vec(e, n->child[0], out, err));
	YG_TRY(yg_ev_tri(e, n->child[1], false, &c, err));
	uint64_t *valid = yg_slot_valid(e, n);
	if (!valid)
		return yg_expr_nomem(err);
	for (uint32_t w = 0; w < e->words; w++)
		valid[w] = c.t[w] & (out->valid ? out->valid[w] : ~UINT64_C(0));
	out->valid = valid;
	out->reason = NULL;
	return YG_OK;
}

enum yg_status yg_ev_choice(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err)
{
	if (n->op == YG_OP_MASK)
		return mask(e, n, out, err);
	struct yg_tri scratch;
	if (!yg_slot_tri(e, n, &scratch))
		return yg_expr_nomem(err);
	struct build b;
	YG_TRY(build_start(e, n, &b, err));
	if (n->op == YG_OP_CASE)
		YG_TRY(choose_case(e, n, &b, scratch.t, scratch.u, err));
	else if (n->op == YG_OP_COALESCE)
		YG_TRY(choose_known(e, n, &b, scratch.t, scratch.u, err));
	else
		YG_TRY(choose_extreme(e, n, &b, scratch.t, scratch.u, err));
	return build_end(e, n, &b, out, err);
}
