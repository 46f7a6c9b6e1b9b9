/* The values of the variables: evaluated block by block in parallel and gathered into plain arrays; weights. */
#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/pool.h"

#include "set_priv.h"

/* --- one value a person -------------------------------------------------------------------- */

static int64_t key_of(const struct yg_vec *v, uint32_t i, struct yg_map *text)
{
	int64_t k = 0;
	switch (v->type) {
	case YG_TYPE_FLAG: return v->v.flag[i];
	case YG_TYPE_INTEGER: return v->v.integer[i];
	case YG_TYPE_NUMBER: {
		double d = v->v.number[i] == 0 ? 0 : v->v.number[i];
		memcpy(&k, &d, sizeof k);
		return k;
	}
	case YG_TYPE_LEVEL: return v->v.level[i];
	case YG_TYPE_DATE: return v->v.date[i];
	case YG_TYPE_INSTANT: return v->v.instant[i];
	case YG_TYPE_TEXT:
		return (int64_t)yg_map_intern(text, v->v.text.bytes + v->v.text.start[i], v->v.text.start[i + 1] - v->v.text.start[i]);
	}
	return k;
}

/* A row expression of which every person wants one value: the rows that take part must agree. */
static enum yg_status reduce(struct yg_sb *b, struct yg_sb_var *v)
{
	const struct yg_table *t = b->table;
	const struct yg_endpoint *e = b->ask->unit == YG_SET_SPANS ? b->ask->endpoint : NULL;
	uint64_t persons = yg_dataset_persons(t->dataset), differ = 0;
	v->person_key = yg_data_calloc(persons + 1, sizeof *v->person_key);
	v->person_state = yg_data_calloc(persons + 1, 1);
	uint32_t *person = yg_data_alloc(YG_BLOCK_ROWS, sizeof *person);
	struct yg_eval *eval = yg_eval_new(v->bound);
	enum yg_status s = v->person_key && v->person_state && person ? YG_OK : yg_sb_nomem(b);
	uint32_t last_differs = UINT32_MAX;
	for (uint32_t k = 0; k < t->blocks && s == YG_OK; k++) {
		struct yg_vec x;
		s = yg_eval_block(eval, k, &x, b->err);
		if (s != YG_OK)
			break;
		yg_table_block_persons(t, k, person);
		for (uint32_t i = 0; i < x.n; i++) {
			uint64_t row = (uint64_t)k * YG_BLOCK_ROWS + i;
			uint32_t p = person[i];
			if ((b->row_in && !yg_bit(b->row_in, row)) || (e && e->in_where && !yg_bit(e->in_where, row)))
				continue;
			if (b->person_in && !yg_bit(b->person_in, p))
				continue;
			if (b->ask->population->member && !yg_bit(b->ask->population->member, p))
				continue;
			uint8_t state = yg_vec_valid(&x, i) ? 1 : 2;
			int64_t key = state == 1 ? key_of(&x, i, &v->text) : 0;
			if (!v->person_state[p]) {
				v->person_state[p] = state;
				v->person_key[p] = key;
			} else if ((v->person_state[p] != state || v->person_key[p] != key) && last_differs != p) {
				last_differs = p;
				differ++;
			}
		}
	}
	yg_eval_free(eval);
	yg_data_free(person);
	if (s == YG_OK && differ)
		s = yg_cohort_varies(v->bound, v->ask->expression, differ, b->err);
	return s;
}

/* --- gathering ----------------------------------------------------------------------------- */

struct gather {
	struct yg_sb *b;
	struct yg_eval **eval;  /* [workers * vars] */
	struct yg_sb_layer **layer; /* [workers] */
	bool text_pass;         /* text numbers depend on the order: one thread */
};

static bool keeps_missing(const struct yg_sb_var *v)
{
	return v->ask->keep_missing && v->ask->use != YG_USE_WEIGHT && v->ask->use != YG_USE_FREQUENCY && v->ask->use != YG_USE_OFFSET;
}

static inline void lose(struct yg_sb *b, struct yg_sb_var *v, size_t k, size_t pos, bool finite)
{
	if (v->missing) {
		v->missing[pos] = 1;
		if (v->number)
			v->number[pos] = NAN;
		if (v->level)
			v->level[pos] = -1;
	} else if (!b->why[pos]) {
		b->why[pos] = (uint16_t)(1 + 2 * k + (finite ? 0 : 1));
	}
}

/* Parts of one layer, or all. */
#define ALL_LAYERS UINT32_MAX
#define EACH_CANDIDATE(body)                                                        \
	for (size_t c = from; c < to; c++) {                                        \
		size_t pos = order ? order[c] : c;                                  \
		if (layer != ALL_LAYERS && b->piece[pos] != layer)                  \
			continue;                                                   \
		uint32_t i = (uint32_t)(at[pos] - first);                           \
		body;                                                               \
	}

static void gather_numbers(struct yg_sb *b, struct yg_sb_var *v, size_t k, const struct yg_vec *x, uint64_t first, uint32_t layer,
                           size_t from, size_t to)
{
	const uint64_t *at = b->persons ? b->at : b->set->row;
	const uint32_t *order = b->order;
	double *out = v->number;
	if (!order && !b->piece && to - from == x->n) {
		yg_vec_widen(x, out + from);
	} else {
		switch (x->type) {
		case YG_TYPE_FLAG: EACH_CANDIDATE(out[pos] = x->v.flag[i]); break;
		case YG_TYPE_INTEGER: EACH_CANDIDATE(out[pos] = (double)x->v.integer[i]); break;
		case YG_TYPE_NUMBER: EACH_CANDIDATE(out[pos] = x->v.number[i]); break;
		case YG_TYPE_DATE: EACH_CANDIDATE(out[pos] = x->v.date[i]); break;
		case YG_TYPE_INSTANT: EACH_CANDIDATE(out[pos] = (double)x->v.instant[i] / 86400e6); break;
		default: break;
		}
	}
	if (x->valid)
		EACH_CANDIDATE(if (!yg_bit(x->valid, i)) lose(b, v, k, pos, true));
	if (x->type == YG_TYPE_NUMBER)
		EACH_CANDIDATE(if (!isfinite(x->v.number[i]) && (!x->valid || yg_bit(x->valid, i))) lose(b, v, k, pos, false));
}

static void gather_others(struct yg_sb *b, struct yg_sb_var *v, size_t k, const struct yg_vec *x, uint64_t first, uint32_t layer,
                           size_t from, size_t to)
{
	const uint64_t *at = b->persons ? b->at : b->set->row;
	const uint32_t *order = b->order;
	if (v->how == YG_GATHER_LEVEL && !order && !b->piece && to - from == x->n) {
		memcpy(v->level + from, x->v.level, x->n * sizeof *v->level);
	} else if (v->how == YG_GATHER_LEVEL) {
		EACH_CANDIDATE(v->level[pos] = x->v.level[i]);
	} else if (v->how == YG_GATHER_TEXT) {
		EACH_CANDIDATE(v->level[pos] = yg_vec_valid(x, i) ? (int32_t)key_of(x, i, &v->text) : -1);
	} else {
		EACH_CANDIDATE(v->key[pos] = key_of(x, i, NULL));
	}
	if (x->valid)
		EACH_CANDIDATE(if (!yg_bit(x->valid, i)) lose(b, v, k, pos, true));
}

static void gather_reduced(struct yg_sb *b, struct yg_sb_var *v, size_t k, size_t from, size_t to)
{
	enum yg_type type = yg_bound_info(v->bound)->type;
	for (size_t c = from; c < to; c++) {
		size_t pos = b->order ? b->order[c] : c;
		uint64_t p = b->at[pos];
		int64_t key = v->person_key[p];
		double d = (double)key;
		if (type == YG_TYPE_NUMBER)
			memcpy(&d, &key, sizeof d);
		else if (type == YG_TYPE_INSTANT)
			d = (double)key / 86400e6;
		if (v->number)
			v->number[pos] = d;
		if (v->level)
			v->level[pos] = (int32_t)key;
		if (v->key)
			v->key[pos] = key;
		if (v->person_state[p] != 1)
			lose(b, v, k, pos, true);
		else if (v->number && !isfinite(d))
			lose(b, v, k, pos, false);
	}
}

/* A variable of a block: at once, or layer by layer when it names a covariate that changes over time. */
static enum yg_status gather_variable(struct gather *g, size_t k, struct yg_eval *e, uint32_t block, unsigned worker,
                                      struct yg_err *err)
{
	struct yg_sb *b = g->b;
	struct yg_sb_var *v = &b->var[k];
	size_t from = b->block_start[block], to = b->block_start[block + 1];
	uint64_t first = (uint64_t)block * YG_BLOCK_ROWS;
	uint32_t layers = v->extras ? b->layers : 1;
	for (uint32_t j = 0; j < layers; j++) {
		uint32_t layer = v->extras ? j : ALL_LAYERS;
		bool any = true;
		struct yg_vec x;
		if (v->extras) {
			if (!g->layer[worker])
				g->layer[worker] = yg_sb_layer_new();
			YG_TRY(yg_sb_layer_set(b, g->layer[worker], e, v->extras, block, layer, &any, err));
		}
		if (!any)
			continue;
		YG_TRY(yg_eval_block(e, block, &x, err));
		if (v->how == YG_GATHER_NUMBER || v->how == YG_GATHER_NUMBER_KEY)
			gather_numbers(b, v, k, &x, first, layer, from, to);
		else
			gather_others(b, v, k, &x, first, layer, from, to);
	}
	return YG_OK;
}

static enum yg_status gather_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct gather *g = context;
	struct yg_sb *b = g->b;
	size_t from = b->block_start[block], to = b->block_start[block + 1];
	if (from == to)
		return YG_OK;
	for (size_t k = 0; k < b->vars; k++) {
		struct yg_sb_var *v = &b->var[k];
		if (v->how == YG_GATHER_ARM || (v->how == YG_GATHER_TEXT && !g->text_pass))
			continue;
		if (g->text_pass && v->how != YG_GATHER_TEXT)
			continue;
		if (v->reduce) {
			gather_reduced(b, v, k, from, to);
			continue;
		}
		struct yg_eval **e = &g->eval[worker * b->vars + k];
		if (!*e)
			*e = v->by_person ? yg_eval_new_persons(v->bound) : yg_eval_new(v->bound);
		YG_TRY(gather_variable(g, k, *e, (uint32_t)block, worker, err));
	}
	return YG_OK;
}

static enum yg_status gather_arms(struct yg_sb *b, struct yg_sb_var *v)
{
	for (size_t i = 0; i < b->n; i++)
		v->level[i] = b->ask->population->arm[b->set->person[i]];
	return YG_OK;
}

static bool var_room(struct yg_sb *b, struct yg_sb_var *v)
{
	size_t n = b->n + 1;
	bool ok = true;
	switch (v->how) {
	case YG_GATHER_NUMBER:
	case YG_GATHER_NUMBER_KEY:
		ok = (v->number = yg_data_alloc(n, sizeof *v->number)) != NULL;
		break;
	case YG_GATHER_KEY:
		ok = (v->key = yg_data_alloc(n, sizeof *v->key)) != NULL;
		break;
	default:
		ok = (v->level = yg_data_alloc(n, sizeof *v->level)) != NULL;
		break;
	}
	if (keeps_missing(v))
		ok = (v->missing = yg_data_calloc(n, 1)) && ok;
	return ok;
}

/* --- weights ------------------------------------------------------------------------------- */

static enum yg_status check_weights(struct yg_sb *b, const struct yg_sb_var *v)
{
	uint64_t negative = 0, broken = 0, positive = 0, used = 0;
	for (size_t i = 0; i < b->n; i++) {
		if (b->why[i])
			continue;
		used++;
		positive += v->number[i] > 0;
		negative += v->number[i] < 0;
		broken += v->number[i] != floor(v->number[i]);
	}
	const struct yg_node *at = v->ask->expression;
	const char *what = v->ask->use == YG_USE_WEIGHT ? N_("weight") : N_("frequency");
	if (negative)
		return yg_fail_at(b->err, YG_REFUSED, at->at, at->len, "E-SET-005", N_("the %s %s is negative in %llu rows"), _(what), v->name, (unsigned long long)negative);
	if (broken && v->ask->use == YG_USE_FREQUENCY)
		return yg_fail_at(b->err, YG_REFUSED, at->at, at->len, "E-SET-006", N_("the frequency %s is no whole number in %llu rows; a weight that need not be whole is given by weight="), v->name, (unsigned long long)broken);
	/* Without this a curve of nobody would stand at 1, with an error of 0. */
	if (used && !positive)
		return yg_fail_at(b->err, YG_REFUSED, at->at, at->len, "E-SET-009", N_("the %s %s is 0 in every row: nobody counts"), _(what), v->name);
	return YG_OK;
}

static enum yg_status apply_weights(struct yg_sb *b)
{
	for (size_t k = 0; k < b->vars; k++) {
		const struct yg_sb_var *v = &b->var[k];
		if (v->ask->use != YG_USE_WEIGHT && v->ask->use != YG_USE_FREQUENCY)
			continue;
		YG_TRY(check_weights(b, v));
		if (v->ask->use != YG_USE_WEIGHT)
			continue;
		bool first = !b->set->weight;
		if (first && !(b->set->weight = yg_data_alloc(b->n + 1, sizeof *b->set->weight)))
			return yg_sb_nomem(b);
		for (size_t i = 0; i < b->n; i++)
			b->set->weight[i] = first ? v->number[i] : b->set->weight[i] * v->number[i];
	}
	return YG_OK;
}

enum yg_status yg_sb_gather(struct yg_sb *b)
{
	unsigned workers = yg_task_workers(b->task);
	struct gather g = { .b = b };
	bool text = false, any = false;
	for (size_t k = 0; k < b->vars; k++) {
		struct yg_sb_var *v = &b->var[k];
		if (!var_room(b, v))
			return yg_sb_nomem(b);
		if (v->how == YG_GATHER_ARM)
			YG_TRY(gather_arms(b, v));
		if (v->reduce)
			YG_TRY(reduce(b, v));
		text = text || v->how == YG_GATHER_TEXT;
		any = any || (v->how != YG_GATHER_TEXT && v->how != YG_GATHER_ARM);
	}
	g.eval = yg_xcalloc(workers * b->vars + 1, sizeof *g.eval);
	g.layer = yg_xcalloc(workers + 1, sizeof *g.layer);
	enum yg_status s = any ? yg_pool_run(b->task, b->source->blocks, gather_block, &g, b->err) : YG_OK;
	/* Texts are numbered in the order met; drops keep their first reason by variable order all the same. */
	g.text_pass = true;
	uint16_t *others = text && s == YG_OK ? yg_data_alloc(b->n + 1, sizeof *others) : NULL;
	if (text && s == YG_OK && !others)
		s = yg_sb_nomem(b);
	if (others) {
		memcpy(others, b->why, b->n * sizeof *others);
		memset(b->why, 0, b->n * sizeof *b->why);
		for (uint32_t k = 0; k < b->source->blocks && s == YG_OK; k++)
			s = gather_block(&g, k, 0, b->err);
		for (size_t i = 0; i < b->n; i++)
			if (others[i] && (!b->why[i] || others[i] < b->why[i]))
				b->why[i] = others[i];
		yg_data_free(others);
	}
	for (size_t k = 0; k < workers * b->vars; k++)
		yg_eval_free(g.eval[k]);
	yg_free(g.eval);
	for (unsigned k = 0; k < workers; k++)
		yg_sb_layer_free(g.layer[k]);
	yg_free(g.layer);
	return s == YG_OK ? apply_weights(b) : s;
}
