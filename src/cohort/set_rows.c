/*
 * Who is a candidate: members of the population that where keeps; with an endpoint its spans, and the
 * rows it could not use, which are the first drops.
 */
#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/pool.h"

#include "set_priv.h"

/* Persons of the population: member, and with a weight and an arm where the set has them. */
static enum yg_status population_bits(struct yg_sb *b, uint64_t persons, uint64_t **out)
{
	const struct yg_population *p = b->ask->population;
	*out = NULL;
	if (!p->member && !p->weight && !p->arm && !b->person_in)
		return YG_OK;
	size_t words = (size_t)(persons / 64 + 1);
	uint64_t *bits = yg_data_calloc(words, sizeof *bits);
	if (!bits)
		return yg_sb_nomem(b);
	size_t full = (size_t)((persons + 63) / 64);
	for (size_t w = 0; w < full; w++) {
		bits[w] = p->member ? p->member[w] : ~UINT64_C(0);
		if (b->person_in)
			bits[w] &= b->person_in[w];
	}
	if (p->weight || p->arm)
		for (uint64_t i = 0; i < persons; i++)
			if ((p->weight && !(p->weight[i] >= 0)) || (p->arm && p->arm[i] < 0))
				bits[i >> 6] &= ~(UINT64_C(1) << (i & 63));
	*out = bits;
	return YG_OK;
}

/* The bits that are in both; the second is taken. */
static void narrow(uint64_t **bits, uint64_t *more_taken, uint64_t n)
{
	if (!*bits) {
		*bits = more_taken;
		return;
	}
	for (uint64_t w = 0; w < (n + 63) / 64; w++)
		(*bits)[w] &= more_taken[w];
	yg_data_free(more_taken);
}

/* One condition: for persons, for rows, or (covariates that change over time) put off until there are parts. */
static enum yg_status read_condition(struct yg_sb *b, const struct yg_node *where)
{
	struct yg_bound *bound;
	uint64_t *bits = NULL;
	/* Of "a and b" each says no on its own, so that only what names a changing covariate must wait. */
	if (b->tvc && where->kind == YG_NODE_AND) {
		YG_TRY(read_condition(b, where->child[0]));
		return read_condition(b, where->child[1]);
	}
	YG_TRY(yg_bind(&b->scope, where, YG_TYPE_FLAG, b->task, &bound, b->err));
	enum yg_status s = YG_OK;
	if (b->tvc && yg_bound_extras(bound)) {
		YG_GROW(b->later, b->laters, b->later_cap);
		b->later[b->laters++] = where;
	} else if (b->persons && yg_bound_info(bound)->by_person) {
		s = yg_eval_condition_persons(bound, b->task, &bits, NULL, b->err);
		if (s == YG_OK)
			narrow(&b->person_in, bits, b->source->rows);
	} else {
		s = yg_eval_condition(bound, b->task, &bits, NULL, b->err);
		if (s == YG_OK)
			narrow(&b->row_in, bits, b->table->rows);
	}
	yg_bound_free(bound);
	return s;
}

static enum yg_status read_where(struct yg_sb *b)
{
	return b->ask->where ? read_condition(b, b->ask->where) : YG_OK;
}

enum yg_status yg_sb_rows_in(struct yg_sb *b, uint64_t **bits)
{
	YG_TRY(read_where(b));
	YG_TRY(population_bits(b, b->table->rows, bits));
	if (b->row_in)
		narrow(bits, b->row_in, b->table->rows);
	b->row_in = NULL;
	return YG_OK;
}

static bool row_takes_part(const struct yg_sb *b, const struct yg_endpoint *e, uint64_t row)
{
	return (!b->row_in || yg_bit(b->row_in, row)) && (!b->persons || !e || !e->in_where || yg_bit(e->in_where, row));
}

/* The first row of a person that takes part, or UINT64_MAX. */
static uint64_t first_row_of(const struct yg_sb *b, const struct yg_endpoint *e, uint64_t person)
{
	for (uint64_t r = b->table->start[person]; r < b->table->start[person + 1]; r++)
		if (row_takes_part(b, e, r))
			return r;
	return UINT64_MAX;
}

static bool room(struct yg_sb *b, uint64_t n, bool spans)
{
	struct yg_set *s = b->set;
	const struct yg_endpoint *e = b->ask->endpoint;
	s->person = yg_data_alloc(n + 1, sizeof *s->person);
	s->row = yg_data_alloc(n + 1, sizeof *s->row);
	b->why = yg_data_calloc(n + 1, sizeof *b->why);
	bool ok = s->person && s->row && b->why;
	if (b->persons)
		ok = (b->at = yg_data_alloc(n + 1, sizeof *b->at)) && ok;
	if (spans) {
		ok = (s->exit = yg_data_alloc(n + 1, sizeof *s->exit)) && ok;
		ok = (s->status = yg_data_alloc(n + 1, 1)) && ok;
		if (b->tvc && e->origin)
			ok = (b->origin = yg_data_alloc(n + 1, sizeof *b->origin)) && ok;
		if (e->entry)
			ok = (s->entry = yg_data_alloc(n + 1, sizeof *s->entry)) && ok;
	}
	return ok;
}

static inline bool in_population(const uint64_t *bits, uint64_t person)
{
	return !bits || yg_bit(bits, person);
}

/* --- filling in parallel ------------------------------------------------------------------- */

/*
 * Candidates come from a list (rows of the table, spans of the endpoint) in pieces of 65,536: each piece is
 * counted, then written where the pieces before it end, so that the order never depends on threads.
 */
struct fill {
	struct yg_sb *b;
	const uint64_t *bits;
	uint64_t total;
	size_t *before;         /* [pieces + 1] */
	uint32_t **person;      /* [workers] */
	bool write;
};

static size_t fill_rows(struct fill *f, size_t piece, uint32_t *person, size_t n)
{
	struct yg_sb *b = f->b;
	const struct yg_table *t = b->table;
	struct yg_set *s = b->set;
	uint64_t first = (uint64_t)piece * YG_BLOCK_ROWS;
	uint32_t rows = yg_table_block_rows(t, (uint32_t)piece);
	if (t->start)
		yg_table_block_persons(t, (uint32_t)piece, person);
	for (uint32_t w = 0; w * 64 < rows; w++) {
		uint64_t take = w * 64 + 64 <= rows ? ~UINT64_C(0) : (UINT64_C(1) << (rows & 63)) - 1;
		take &= b->row_in ? b->row_in[first / 64 + w] : ~UINT64_C(0);
		if (!t->start && f->bits)
			take &= f->bits[first / 64 + w];
		if (!f->write && !(t->start && f->bits)) {
			n += (size_t)__builtin_popcountll(take);
			continue;
		}
		for (; take; take &= take - 1) {
			uint32_t i = w * 64 + (uint32_t)__builtin_ctzll(take);
			uint32_t p = t->start ? person[i] : (uint32_t)(first + i);
			if (!in_population(f->bits, p))
				continue;
			if (f->write) {
				s->person[n] = p;
				s->row[n] = first + i;
			}
			n++;
		}
	}
	return n;
}

static size_t fill_spans(struct fill *f, size_t piece, size_t n)
{
	struct yg_sb *b = f->b;
	const struct yg_endpoint *e = b->ask->endpoint;
	struct yg_set *s = b->set;
	uint64_t from = (uint64_t)piece * YG_BLOCK_ROWS, to = from + YG_BLOCK_ROWS < e->spans ? from + YG_BLOCK_ROWS : e->spans;
	for (uint64_t k = from; k < to; k++) {
		uint32_t p = e->person[k];
		uint64_t row = e->row[k];
		if (!in_population(f->bits, p))
			continue;
		if (b->persons) {
			row = first_row_of(b, e, p);
			if (row == UINT64_MAX)
				continue;
		} else if (b->row_in && !yg_bit(b->row_in, row)) {
			continue;
		}
		if (f->write) {
			if (b->persons)
				b->at[n] = p;
			s->person[n] = p;
			s->row[n] = row;
			s->exit[n] = e->exit[k];
			s->status[n] = e->status[k];
			if (s->entry)
				s->entry[n] = e->entry[k];
			if (b->origin)
				b->origin[n] = e->origin[k];
		}
		n++;
	}
	return n;
}

static enum yg_status fill_piece(void *context, size_t piece, unsigned worker, struct yg_err *err)
{
	struct fill *f = context;
	bool spans = f->b->ask->unit == YG_SET_SPANS;
	size_t n = f->write ? f->before[piece] : 0;
	if (!f->person[worker] && !(f->person[worker] = yg_data_alloc(YG_BLOCK_ROWS, sizeof **f->person)))
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while an analysis set was built"));
	n = spans ? fill_spans(f, piece, n) : fill_rows(f, piece, f->person[worker], n);
	if (!f->write)
		f->before[piece + 1] = n;
	return YG_OK;
}

static enum yg_status fill_all(struct yg_sb *b, const uint64_t *bits)
{
	bool spans = b->ask->unit == YG_SET_SPANS;
	uint64_t total = spans ? b->ask->endpoint->spans : b->table->rows;
	size_t pieces = (size_t)((total + YG_BLOCK_ROWS - 1) / YG_BLOCK_ROWS);
	unsigned workers = yg_task_workers(b->task);
	struct fill f = { .b = b, .bits = bits, .total = total };
	f.before = yg_xcalloc(pieces + 1, sizeof *f.before);
	f.person = yg_xcalloc(workers + 1, sizeof *f.person);
	enum yg_status s = yg_pool_run(b->task, pieces, fill_piece, &f, b->err);
	for (size_t k = 0; k < pieces; k++)
		f.before[k + 1] += f.before[k];
	b->n = f.before[pieces];
	if (s == YG_OK && !room(b, b->n, spans))
		s = yg_sb_nomem(b);
	f.write = true;
	if (s == YG_OK)
		s = yg_pool_run(b->task, pieces, fill_piece, &f, b->err);
	for (unsigned k = 0; k < workers; k++)
		yg_data_free(f.person[k]);
	yg_free(f.person);
	yg_free(f.before);
	return s;
}

/* --- persons ------------------------------------------------------------------------------- */

static enum yg_status persons_of_table(struct yg_sb *b, const uint64_t *bits)
{
	const struct yg_table *t = b->table;
	uint64_t persons = yg_dataset_persons(t->dataset);
	struct yg_set *s = b->set;
	if (!room(b, persons, false))
		return yg_sb_nomem(b);
	size_t n = 0;
	for (uint64_t p = 0; p < persons; p++) {
		if (!in_population(bits, p))
			continue;
		uint64_t row = first_row_of(b, NULL, p);
		if (row == UINT64_MAX && b->row_in)
			continue;
		s->person[n] = (uint32_t)p;
		s->row[n] = row == UINT64_MAX ? t->start[p] : row;
		b->at[n++] = p;
	}
	b->n = n;
	return YG_OK;
}

/* --- spans --------------------------------------------------------------------------------- */

static enum yg_status endpoint_drops(struct yg_sb *b, const uint64_t *bits, uint64_t *seen)
{
	const struct yg_endpoint *e = b->ask->endpoint;
	uint64_t rows[YG_ENDPOINT_DROPS] = { 0 }, persons[YG_ENDPOINT_DROPS] = { 0 };
	uint32_t last[YG_ENDPOINT_DROPS];
	memset(last, 0xff, sizeof last);
	for (uint64_t k = 0; k < e->drops; k++) {
		uint32_t p = e->drop_person[k];
		uint8_t why = e->drop_why[k];
		/* What follows a person's event is no part of the follow-up, so it is not missed. */
		if (why == YG_DROP_AFTER_EVENT || !in_population(bits, p))
			continue;
		if (b->persons ? first_row_of(b, e, p) == UINT64_MAX : !row_takes_part(b, e, e->drop_row[k]))
			continue;
		seen[p >> 6] |= UINT64_C(1) << (p & 63);
		b->set->rows_asked++;
		rows[why]++;
		persons[why] += last[why] != p;
		last[why] = p;
	}
	for (int why = 1; why < YG_ENDPOINT_DROPS; why++)
		yg_sb_add_drop(b, yg_endpoint_drop_reason((enum yg_endpoint_drop)why), persons[why], rows[why]);
	return YG_OK;
}

/* --- order of evaluation ------------------------------------------------------------------- */

/* Which candidates lie in which block of what is evaluated. */
static enum yg_status block_lists(struct yg_sb *b)
{
	const uint64_t *at = b->persons ? b->at : b->set->row;
	uint32_t blocks = b->source->blocks;
	bool ascending = true;
	b->block_start = yg_xcalloc((size_t)blocks + 2, sizeof *b->block_start);
	for (size_t i = 0; i < b->n; i++) {
		b->block_start[at[i] / YG_BLOCK_ROWS + 1]++;
		ascending = ascending && (!i || at[i - 1] <= at[i]);
	}
	for (uint32_t k = 0; k < blocks; k++)
		b->block_start[k + 1] += b->block_start[k];
	if (ascending)
		return YG_OK;
	b->order = yg_data_alloc(b->n + 1, sizeof *b->order);
	if (!b->order)
		return yg_sb_nomem(b);
	size_t *next = yg_xalloc((size_t)blocks + 1, sizeof *next);
	memcpy(next, b->block_start, blocks * sizeof *next);
	for (size_t i = 0; i < b->n; i++)
		b->order[next[at[i] / YG_BLOCK_ROWS]++] = (uint32_t)i;
	yg_free(next);
	return YG_OK;
}

/* Spans into parts; then what of where is about parts. */
static enum yg_status make_parts(struct yg_sb *b)
{
	YG_TRY(yg_sb_split(b));
	if (!b->laters)
		return YG_OK;
	if (b->n >= UINT32_MAX)
		return YG_OK;
	YG_TRY(block_lists(b));
	YG_TRY(yg_sb_where_parts(b));
	yg_free(b->block_start);
	yg_data_free(b->order);
	b->block_start = NULL;
	b->order = NULL;
	return YG_OK;
}

enum yg_status yg_sb_candidates(struct yg_sb *b)
{
	const struct yg_table *t = b->table;
	uint64_t persons = t->start ? yg_dataset_persons(t->dataset) : t->rows, *bits = NULL, *seen = NULL;
	YG_TRY(read_where(b));
	YG_TRY(population_bits(b, persons, &bits));
	enum yg_status s;
	bool spans = b->ask->unit == YG_SET_SPANS;
	s = b->persons && !spans ? persons_of_table(b, bits) : fill_all(b, bits);
	if (s == YG_OK && b->tvc)
		s = make_parts(b);
	if (s == YG_OK && spans) {
		seen = yg_data_calloc(persons / 64 + 1, sizeof *seen);
		s = seen ? endpoint_drops(b, bits, seen) : yg_sb_nomem(b);
	}
	if (s == YG_OK) {
		struct yg_set *set = b->set;
		set->rows_asked += b->n;
		for (size_t i = 0; i < b->n; i++) {
			if (i && set->person[i] == set->person[i - 1])
				continue;
			set->persons_asked++;
			if (seen)
				seen[set->person[i] >> 6] &= ~(UINT64_C(1) << (set->person[i] & 63));
		}
		for (uint64_t w = 0; seen && w < persons / 64 + 1; w++)
			set->persons_asked += (uint64_t)__builtin_popcountll(seen[w]);
		s = b->n < UINT32_MAX ? block_lists(b) : yg_fail(b->err, YG_ELIMIT, "E-SET-004", N_("an analysis takes at most 4294967294 rows"));
	}
	if (s == YG_OK && b->ask->population->weight) {
		b->set->weight = yg_data_alloc(b->n + 1, sizeof *b->set->weight);
		b->set->weight_is_probability = true;
		if (!b->set->weight)
			s = yg_sb_nomem(b);
		for (size_t i = 0; s == YG_OK && i < b->n; i++)
			b->set->weight[i] = b->ask->population->weight[b->set->person[i]];
	}
	yg_data_free(bits);
	yg_data_free(seen);
	return s;
}
