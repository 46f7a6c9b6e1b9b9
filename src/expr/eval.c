/*
 * Evaluation: the driver.
 *
 * One evaluator belongs to one worker.  It moves from block to block; a node's result is kept for the
 * block it was computed in, so what is used twice is computed once.  Columns are read straight from
 * the store's memory when they are there.
 */
#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"

#include "expr_priv.h"

enum yg_status yg_expr_nomem(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while an expression was computed"));
}

size_t yg_type_width(enum yg_type t)
{
	switch (t) {
	case YG_TYPE_FLAG: return 1;
	case YG_TYPE_INTEGER:
	case YG_TYPE_NUMBER:
	case YG_TYPE_INSTANT: return 8;
	case YG_TYPE_LEVEL:
	case YG_TYPE_DATE:
	case YG_TYPE_TEXT: return 4;
	}
	return 8;
}

struct yg_eval *yg_eval_of(const struct yg_bound *b, const struct yg_bn *root, const struct yg_table *table, uint32_t cap)
{
	struct yg_eval *e = yg_xcalloc(1, sizeof *e);
	e->bound = b;
	e->root = root;
	e->table = table;
	e->cap = cap;
	e->slots = b->slots;
	e->slot = yg_xcalloc(e->slots + 1, sizeof *e->slot);
	return e;
}

struct yg_eval *yg_eval_new(const struct yg_bound *b)
{
	return yg_eval_of(b, b->root, b->table, YG_BLOCK_ROWS);
}

struct yg_eval *yg_eval_new_persons(const struct yg_bound *b)
{
	return yg_eval_of(b, b->root, yg_bound_person_table(b), YG_BLOCK_ROWS);
}

void yg_eval_free(struct yg_eval *e)
{
	if (!e)
		return;
	for (uint32_t k = 0; k < e->slots; k++) {
		struct yg_slot *s = &e->slot[k];
		yg_data_free(s->value);
		yg_data_free(s->valid);
		yg_data_free(s->t);
		yg_data_free(s->extra);
		yg_data_free(s->start);
		if (s->space_ready) {
			yg_vec_space_release(&s->space);
			yg_buf_release(&s->text);
		}
	}
	yg_data_free(e->person);
	yg_free(e->slot);
	yg_free(e);
}

enum yg_status yg_eval_at(struct yg_eval *e, uint32_t block)
{
	e->block = block;
	e->n = yg_table_block_rows(e->table, block);
	e->words = yg_words_of(e->n);
	e->serial++;
	return YG_OK;
}

/* --- scratch ------------------------------------------------------------------------------- */

void *yg_slot_value(struct yg_eval *e, const struct yg_bn *n, size_t width)
{
	struct yg_slot *s = &e->slot[n->slot];
	if (!s->value)
		s->value = yg_data_alloc(e->cap, width);
	return s->value;
}

uint64_t *yg_slot_valid(struct yg_eval *e, const struct yg_bn *n)
{
	struct yg_slot *s = &e->slot[n->slot];
	if (!s->valid)
		s->valid = yg_data_alloc(yg_words_of(e->cap), sizeof *s->valid);
	return s->valid;
}

uint8_t *yg_slot_extra(struct yg_eval *e, const struct yg_bn *n)
{
	struct yg_slot *s = &e->slot[n->slot];
	if (!s->extra)
		s->extra = yg_data_alloc(e->cap, 1);
	return s->extra;
}

bool yg_slot_tri(struct yg_eval *e, const struct yg_bn *n, struct yg_tri *out)
{
	struct yg_slot *s = &e->slot[n->slot];
	size_t words = yg_words_of(e->cap);
	if (!s->t) {
		s->t = yg_data_alloc(2 * words, sizeof *s->t);
		s->u = s->t ? s->t + words : NULL;
	}
	out->t = s->t;
	out->u = s->u;
	out->has_u = false;
	return s->t != NULL;
}

const uint32_t *yg_ev_persons(struct yg_eval *e)
{
	if (!e->person) {
		e->person = yg_data_alloc(YG_BLOCK_ROWS, sizeof *e->person);
		e->person_serial = 0;
	}
	if (e->person && e->person_serial != e->serial) {
		yg_table_block_persons(e->table, e->block, e->person);
		e->person_serial = e->serial;
	}
	return e->person;
}

uint64_t *yg_ev_both_valid(struct yg_eval *e, const struct yg_bn *n, const struct yg_vec *a, const struct yg_vec *b)
{
	uint64_t *valid = yg_slot_valid(e, n);
	if (!valid)
		return NULL;
	for (uint32_t w = 0; w < e->words; w++)
		valid[w] = (a->valid ? a->valid[w] : ~UINT64_C(0)) & (b && b->valid ? b->valid[w] : ~UINT64_C(0)) & yg_word_full(e->n, w);
	return valid;
}

void yg_ev_lose(struct yg_eval *e, const struct yg_bn *n, uint64_t *valid, const uint64_t *bad)
{
	uint64_t lost = 0;
	for (uint32_t w = 0; w < e->words; w++) {
		uint64_t b = bad[w] & valid[w];
		lost += (uint64_t)__builtin_popcountll(b);
		valid[w] &= ~b;
	}
	if (lost && n->loss >= 0) {
		struct yg_bound *own = (struct yg_bound *)(uintptr_t)e->bound;
		atomic_fetch_add_explicit(&own->loss_rows[n->loss], lost, memory_order_relaxed);
	}
}

/* --- leaves -------------------------------------------------------------------------------- */

static enum yg_status read_column(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err)
{
	struct yg_slot *s = &e->slot[n->slot];
	if (!s->space_ready) {
		yg_vec_space_init(&s->space);
		yg_buf_init(&s->text);
		s->space_ready = true;
	}
	struct yg_column_ref ref = { .table = e->table, .owner = n->owner, .column = n->column };
	if (n->lo >= 0 && e->table != n->owner) {
		/* A person column of an event table, read for the persons themselves. */
		ref.owner = e->table->start ? yg_dataset_subject(e->table->dataset) : e->table;
		ref.column = (uint32_t)n->lo;
	}
	return yg_column_read(&ref, e->block, &s->space, out, err);
}

#define FILL(type, member, field)                              \
	do {                                                   \
		type *v_ = value;                              \
		for (uint32_t i = 0; i < e->cap; i++)          \
			v_[i] = (type)n->value.field;          \
		out->v.member = v_;                            \
	} while (0)

static enum yg_status constant(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err)
{
	struct yg_slot *s = &e->slot[n->slot];
	*out = (struct yg_vec){ .type = n->type, .n = e->n };
	if (s->vec.type) {  /* filled once for all blocks */
		out->v = s->vec.v;
		return YG_OK;
	}
	if (n->type == YG_TYPE_TEXT) {
		/* cap + 1 offsets into cap copies would be waste: one row only, callers look at the node. */
		s->start = yg_data_calloc(e->cap + 1, sizeof *s->start);
		if (!s->start)
			return yg_expr_nomem(err);
		s->start[1] = (uint32_t)n->value.len;
		out->v.text.start = s->start;
		out->v.text.bytes = n->value.s;
		return YG_OK;
	}
	void *value = yg_slot_value(e, n, yg_type_width(n->type));
	if (!value)
		return yg_expr_nomem(err);
	switch (n->type) {
	case YG_TYPE_FLAG: FILL(uint8_t, flag, i); break;
	case YG_TYPE_INTEGER: FILL(int64_t, integer, i); break;
	case YG_TYPE_NUMBER: FILL(double, number, d); break;
	case YG_TYPE_LEVEL: FILL(int32_t, level, i); break;
	case YG_TYPE_DATE: FILL(int32_t, date, i); break;
	case YG_TYPE_INSTANT: FILL(int64_t, instant, i); break;
	case YG_TYPE_TEXT: break;
	}
	return YG_OK;
}

#define GATHER(type, member)                                                        \
	do {                                                                        \
		type *to_ = value;                                                  \
		const type *from_ = m->value;                                       \
		for (uint32_t i = 0; i < e->n; i++)                                 \
			to_[i] = index[i] == UINT32_MAX ? (type)0 : from_[index[i]]; \
		out->v.member = to_;                                                \
	} while (0)

static enum yg_status material(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err)
{
	const struct yg_material *m = n->material;
	size_t width = yg_type_width(n->type);
	uint64_t first = (uint64_t)e->block * YG_BLOCK_ROWS;
	*out = (struct yg_vec){ .type = n->type, .n = e->n };
	bool by_person = m->kind == YG_PER_PERSON && e->table->start;
	if (m->kind != YG_PER_GROUP && !by_person) {
		out->valid = m->valid ? m->valid + first / 64 : NULL;
		out->v.flag = (const uint8_t *)m->value + first * width;
		return YG_OK;
	}
	const uint32_t *index = by_person ? yg_ev_persons(e) : m->group + first;
	void *value = yg_slot_value(e, n, width);
	uint64_t *valid = yg_slot_valid(e, n);
	if (!index || !value || !valid)
		return yg_expr_nomem(err);
	switch (n->type) {
	case YG_TYPE_FLAG: GATHER(uint8_t, flag); break;
	case YG_TYPE_INTEGER: GATHER(int64_t, integer); break;
	case YG_TYPE_NUMBER: GATHER(double, number); break;
	case YG_TYPE_LEVEL: GATHER(int32_t, level); break;
	case YG_TYPE_DATE: GATHER(int32_t, date); break;
	case YG_TYPE_INSTANT: GATHER(int64_t, instant); break;
	case YG_TYPE_TEXT: break;
	}
	memset(valid, 0, e->words * sizeof *valid);
	for (uint32_t i = 0; i < e->n; i++) {
		uint32_t p = index[i];
		uint64_t bit = p == UINT32_MAX ? 0 : m->valid ? m->valid[p >> 6] >> (p & 63) & 1 : 1;
		valid[i >> 6] |= bit << (i & 63);
	}
	out->valid = valid;
	return YG_OK;
}

/* A covariate that changes over time: its values for the parts of rows at hand, if somebody made parts. */
static enum yg_status extra_values(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err)
{
	const struct yg_vec *v = e->extra[n->column];
	if (v && v->type == n->type && v->n == e->n) {
		*out = *v;
		return YG_OK;
	}
	enum yg_status s = yg_fail(err, YG_REFUSED, "E-EXP-099", N_("%s changes over time: it has a value only where follow-up is analysed"), n->name);
	yg_err_hint(err, N_("Use it in the terms, groups and conditions of km, logrank and cox."));
	return s;
}

void yg_eval_set_extra(struct yg_eval *e, size_t extra, const struct yg_vec *borrowed)
{
	if (extra < sizeof e->extra / sizeof *e->extra)
		e->extra[extra] = borrowed;
}

/* --- dispatch ------------------------------------------------------------------------------ */

/* A condition as bytes. */
static enum yg_status flags_of(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err)
{
	struct yg_tri c;
	YG_TRY(yg_ev_tri(e, n, true, &c, err));
	uint8_t *flag = yg_slot_value(e, n, 1);
	uint64_t *valid = yg_slot_valid(e, n);
	if (!flag || !valid)
		return yg_expr_nomem(err);
	for (uint32_t i = 0; i < e->n; i++)
		flag[i] = (uint8_t)(c.t[i >> 6] >> (i & 63) & 1);
	*out = (struct yg_vec){ .type = YG_TYPE_FLAG, .n = e->n };
	out->v.flag = flag;
	if (c.has_u) {
		for (uint32_t w = 0; w < e->words; w++)
			valid[w] = ~c.u[w] & yg_word_full(e->n, w);
		out->valid = valid;
	}
	return YG_OK;
}

static enum yg_status compute(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err)
{
	switch (n->op) {
	case YG_OP_CONSTANT:
		return constant(e, n, out, err);
	case YG_OP_COLUMN:
		return read_column(e, n, out, err);
	case YG_OP_MATERIAL:
		return material(e, n, out, err);
	case YG_OP_EXTRA:
		return extra_values(e, n, out, err);
	case YG_OP_AND:
	case YG_OP_OR:
	case YG_OP_NOT:
	case YG_OP_IS_MISSING:
	case YG_OP_RANGE_INT:
	case YG_OP_RANGE_NUM:
	case YG_OP_SET_INT:
	case YG_OP_SET_NUM:
	case YG_OP_SET_TEXT:
	case YG_OP_LUT:
	case YG_OP_COMPARE:
		return flags_of(e, n, out, err);
	case YG_OP_DAYS:
	case YG_OP_ADD_DAYS:
	case YG_OP_ADD_MONTHS:
	case YG_OP_AGE:
	case YG_OP_COMPLETE:
	case YG_OP_TEXT_DATE:
		return yg_ev_date(e, n, out, err);
	case YG_OP_CASE:
	case YG_OP_COALESCE:
	case YG_OP_LEAST:
	case YG_OP_GREATEST:
	case YG_OP_MASK:
		return yg_ev_choice(e, n, out, err);
	case YG_OP_LEVEL_MAP:
	case YG_OP_CODE_LEVEL:
	case YG_OP_NUMBER_LEVEL:
	case YG_OP_TEXT_LEVEL:
	case YG_OP_CUT:
		return yg_ev_level(e, n, out, err);
	case YG_OP_DURATION:
		return yg_fail(err, YG_EBUG, "E-EXP-900", N_("a length of time without a unit reached evaluation"));
	default:
		return yg_ev_number(e, n, out, err);
	}
}

enum yg_status yg_ev_vec(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err)
{
	struct yg_slot *s = &e->slot[n->slot];
	if (s->vec_serial == e->serial) {
		*out = s->vec;
		return YG_OK;
	}
	YG_TRY(compute(e, n, out, err));
	s->vec = *out;
	s->vec_serial = e->serial;
	return YG_OK;
}

enum yg_status yg_eval_block(struct yg_eval *e, uint32_t block, struct yg_vec *out, struct yg_err *err)
{
	YG_TRY(yg_eval_at(e, block));
	return yg_ev_vec(e, e->root, out, err);
}

enum yg_status yg_eval_block_tri(struct yg_eval *e, uint32_t block, const uint64_t **is_true, const uint64_t **is_unknown,
                                 struct yg_err *err)
{
	struct yg_tri c;
	YG_TRY(yg_eval_at(e, block));
	YG_TRY(yg_ev_tri(e, e->root, is_unknown != NULL, &c, err));
	if (is_true)
		*is_true = c.t;
	if (is_unknown) {
		if (!c.has_u)
			memset(c.u, 0, e->words * sizeof *c.u);
		*is_unknown = c.u;
	}
	return YG_OK;
}

#define WIDEN(member)                                              \
	for (uint32_t i = 0; i < v->n; i++)                        \
		out[i] = (double)v->v.member[i];                   \
	break

void yg_vec_widen(const struct yg_vec *v, double *out)
{
	switch (v->type) {
	case YG_TYPE_FLAG: WIDEN(flag);
	case YG_TYPE_INTEGER: WIDEN(integer);
	case YG_TYPE_NUMBER: memcpy(out, v->v.number, v->n * sizeof *out); break;
	case YG_TYPE_LEVEL: WIDEN(level);
	case YG_TYPE_DATE: WIDEN(date);
	case YG_TYPE_INSTANT:
		for (uint32_t i = 0; i < v->n; i++)
			out[i] = (double)v->v.instant[i] / 86400e6;
		break;
	case YG_TYPE_TEXT:
		for (uint32_t i = 0; i < v->n; i++)
			out[i] = NAN;
		break;
	}
}
