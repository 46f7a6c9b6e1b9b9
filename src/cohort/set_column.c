/*
 * The values of the variables: evaluated block by block in parallel, gathered into plain arrays, then
 * turned into columns: numbers, or factors with their levels in order.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "yogo/base/date.h"
#include "yogo/base/i18n.h"
#include "yogo/base/pool.h"
#include "yogo/base/text.h"
#include "yogo/expr/intern.h"

#include "set_priv.h"

#define MOST_GROUPS 1000

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

/* --- levels -------------------------------------------------------------------------------- */

static int by_i64(const void *a, const void *b)
{
	int64_t l = *(const int64_t *)a, r = *(const int64_t *)b;
	return (l > r) - (l < r);
}
static int by_double(const void *a, const void *b)
{
	double l, r;
	memcpy(&l, a, sizeof l);
	memcpy(&r, b, sizeof r);
	return (l > r) - (l < r);
}

static const char *key_word(struct yg_sb *b, const struct yg_sb_var *v, const struct yg_field *f, int64_t key)
{
	const struct yg_bound_info *info = yg_bound_info(v->bound);
	char text[48];
	double d;
	switch (info->type) {
	case YG_TYPE_FLAG: return key ? "yes" : "no";
	case YG_TYPE_DATE: yg_date_print(text, (int32_t)key, YG_DAY); break;
	case YG_TYPE_INSTANT: yg_instant_print(text, key); break;
	case YG_TYPE_NUMBER:
		memcpy(&d, &key, sizeof d);
		yg_print_double(text, d);
		break;
	default: snprintf(text, sizeof text, "%lld", (long long)key); break;
	}
	for (size_t k = 0; f && k < f->value_labels; k++)
		if (strcmp(f->value_label[k].value, text) == 0 && f->value_label[k].label.en)
			return yg_arena_strdup(&b->set->arena, f->value_label[k].label.en);
	return yg_arena_strdup(&b->set->arena, text);
}

/* The field of a plain column, for its value labels. */
static const struct yg_field *field_of(const struct yg_sb *b, const struct yg_sb_var *v)
{
	const char *column = yg_bound_info(v->bound)->column;
	struct yg_column_ref ref;
	return column && yg_table_find(b->table, column, &ref, NULL) == YG_OK ? yg_column_field(&ref) : NULL;
}

const char *yg_sb_key_word(struct yg_sb *b, const struct yg_sb_var *v, int64_t key)
{
	return key_word(b, v, field_of(b, v), key);
}

static bool grouping(enum yg_set_use use)
{
	return use == YG_USE_BY || use == YG_USE_STRATA || use == YG_USE_CLUSTER;
}

static enum yg_status too_many(struct yg_sb *b, const struct yg_sb_var *v)
{
	const struct yg_node *at = v->ask->expression;
	enum yg_status s = yg_fail_at(b->err, YG_REFUSED, at->at, at->len, "E-SET-007", N_("%s has more than %d different values, too many for groups"), v->name, MOST_GROUPS);
	yg_err_hint(b->err, N_("Group it first: factor NAME = cut(x, 50, 65)"));
	return s;
}

/* Whole keys of a range not much wider than the rows (codes, person numbers): a table instead of a search.
   False when the range is too wide; then nothing is changed. */
static bool dense_levels(struct yg_sb *b, struct yg_sb_var *v, struct yg_set_column *c)
{
	size_t n = b->set->n;
	int64_t low = INT64_MAX, high = INT64_MIN;
	for (size_t i = 0; i < n; i++) {
		if (v->missing && v->missing[i])
			continue;
		low = v->key[i] < low ? v->key[i] : low;
		high = v->key[i] > high ? v->key[i] : high;
	}
	uint64_t range = low <= high ? (uint64_t)high - (uint64_t)low : 0;
	if (range >= 2 * n + 65536 || range >= INT32_MAX)
		return false;
	int32_t *level = yg_data_calloc(range + 1, sizeof *level);
	if (!level)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!(v->missing && v->missing[i]))
			level[v->key[i] - low] = 1;
	int32_t m = 0;
	for (uint64_t k = 0; k <= range; k++)
		m += level[k];
	const char **name = yg_arena_alloc(&b->set->arena, (size_t)m + 1, sizeof *name);
	const struct yg_field *field = field_of(b, v);
	m = 0;
	for (uint64_t k = 0; k <= range; k++)
		if (level[k]) {
			name[m] = key_word(b, v, field, low + (int64_t)k);
			level[k] = m++;
		}
	for (size_t i = 0; i < n; i++)
		v->level[i] = v->missing && v->missing[i] ? -1 : level[v->key[i] - low];
	yg_data_free(level);
	c->level_name = name;
	c->levels = m;
	return true;
}

/* Distinct keys in ascending order become levels. */
static enum yg_status keys_to_levels(struct yg_sb *b, struct yg_sb_var *v, struct yg_set_column *c)
{
	size_t n = b->set->n;
	struct yg_intern seen;
	v->level = yg_data_alloc(n + 1, sizeof *v->level);
	if (!v->level)
		return yg_sb_nomem(b);
	if (v->how == YG_GATHER_KEY && dense_levels(b, v, c)) {
		bool many = c->levels > MOST_GROUPS && v->ask->use != YG_USE_STRATA && v->ask->use != YG_USE_CLUSTER;
		return many ? too_many(b, v) : YG_OK;
	}
	yg_intern_init(&seen);
	for (size_t i = 0; i < n; i++) {
		uint64_t key;
		if (v->missing && v->missing[i]) {
			v->level[i] = -1;
			continue;
		}
		if (v->how == YG_GATHER_NUMBER_KEY) {
			double d = v->number[i] == 0 ? 0 : v->number[i];
			memcpy(&key, &d, sizeof key);
		} else {
			key = (uint64_t)v->key[i];
		}
		v->level[i] = (int32_t)yg_intern64(&seen, 0, key);
	}
	enum yg_status s = YG_OK;
	if (seen.count > MOST_GROUPS && v->ask->use != YG_USE_STRATA && v->ask->use != YG_USE_CLUSTER)
		s = too_many(b, v);
	if (seen.count > INT32_MAX)
		s = yg_fail(b->err, YG_ELIMIT, "E-SET-008", N_("%s has too many different values"), v->name);
	if (s == YG_OK) {
		size_t m = seen.count;
		int64_t *sorted = yg_xalloc(m + 1, sizeof *sorted);
		int32_t *to = yg_xalloc(m + 1, sizeof *to);
		memcpy(sorted, seen.key ? seen.key : (uint64_t *)sorted, m * sizeof *sorted);
		qsort(sorted, m, sizeof *sorted, v->how == YG_GATHER_NUMBER_KEY ? by_double : by_i64);
		const char **name = yg_arena_alloc(&b->set->arena, m + 1, sizeof *name);
		const struct yg_field *field = field_of(b, v);
		for (size_t k = 0; k < m; k++) {
			to[yg_intern64(&seen, 0, (uint64_t)sorted[k])] = (int32_t)k;
			name[k] = key_word(b, v, field, sorted[k]);
		}
		for (size_t i = 0; i < n; i++)
			v->level[i] = v->level[i] < 0 ? -1 : to[v->level[i]];
		c->level_name = name;
		c->levels = (int)m;
		yg_free(sorted);
		yg_free(to);
	}
	yg_intern_release(&seen);
	return s;
}

struct named {
	const char *name;
	int32_t number;
};
static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

/* Keep only the levels that have rows, in order. */
static void present_levels(struct yg_sb *b, struct yg_sb_var *v, struct yg_set_column *c)
{
	size_t n = b->set->n, m = (size_t)c->levels;
	int32_t *to = yg_xcalloc(m + 1, sizeof *to);
	for (size_t i = 0; i < n; i++)
		if (v->level[i] >= 0)
			to[v->level[i]] = 1;
	const char **name = yg_arena_alloc(&b->set->arena, m + 1, sizeof *name);
	int32_t kept = 0, reference = 0;
	for (size_t k = 0; k < m; k++) {
		if (!to[k])
			continue;
		if ((size_t)c->reference == k)
			reference = kept;
		name[kept] = c->level_name[k];
		to[k] = kept++;
	}
	if (kept < c->levels)
		for (size_t i = 0; i < n; i++)
			v->level[i] = v->level[i] < 0 ? -1 : to[v->level[i]];
	c->level_name = name;
	c->levels = kept;
	c->reference = reference;
	yg_free(to);
}

static enum yg_status texts_to_levels(struct yg_sb *b, struct yg_sb_var *v, struct yg_set_column *c)
{
	size_t m = v->text.count;
	struct named *sorted = yg_xcalloc(m + 1, sizeof *sorted);
	int32_t *to = yg_xcalloc(m + 1, sizeof *to);
	const char **name = yg_arena_alloc(&b->set->arena, m + 1, sizeof *name);
	for (size_t k = 0; k < m; k++)
		sorted[k] = (struct named){ v->text.entry[k].key, (int32_t)k };
	qsort(sorted, m, sizeof *sorted, by_name);
	for (size_t k = 0; k < m; k++) {
		to[sorted[k].number] = (int32_t)k;
		name[k] = yg_arena_strdup(&b->set->arena, sorted[k].name);
	}
	for (size_t i = 0; i < b->set->n; i++)
		v->level[i] = v->level[i] < 0 ? -1 : to[v->level[i]];
	c->level_name = name;
	c->levels = (int)m;
	yg_free(sorted);
	yg_free(to);
	present_levels(b, v, c);
	if (c->levels > MOST_GROUPS && v->ask->use != YG_USE_STRATA && v->ask->use != YG_USE_CLUSTER)
		return too_many(b, v);
	return YG_OK;
}

static void level_names(struct yg_sb *b, const struct yg_bound_info *info, struct yg_set_column *c)
{
	const char **name = yg_arena_alloc(&b->set->arena, info->levels + 1, sizeof *name);
	for (size_t k = 0; k < info->levels; k++)
		name[k] = yg_arena_strdup(&b->set->arena, info->level[k]);
	c->level_name = name;
	c->levels = (int)info->levels;
	c->reference = (int)info->reference;
}

static enum yg_status one_column(struct yg_sb *b, struct yg_sb_var *v, struct yg_set_column *c)
{
	const struct yg_bound_info *info = v->bound ? yg_bound_info(v->bound) : NULL;
	struct yg_arena *arena = &b->set->arena;
	*c = (struct yg_set_column){ .name = v->name, .use = v->ask->use, .type = info ? info->type : YG_TYPE_LEVEL };
	if (info) {
		c->label = info->label ? yg_arena_strdup(arena, info->label) : NULL;
		c->unit = info->unit ? yg_arena_strdup(arena, info->unit) : NULL;
	}
	switch (v->how) {
	case YG_GATHER_NUMBER:
		break;
	case YG_GATHER_LEVEL:
		level_names(b, info, c);
		if (grouping(v->ask->use))
			present_levels(b, v, c);
		break;
	case YG_GATHER_KEY:
	case YG_GATHER_NUMBER_KEY:
		YG_TRY(keys_to_levels(b, v, c));
		break;
	case YG_GATHER_TEXT:
		YG_TRY(texts_to_levels(b, v, c));
		break;
	case YG_GATHER_ARM: {
		const char **name = yg_arena_alloc(arena, 2, sizeof *name);
		for (int k = 0; k < 2; k++)
			name[k] = yg_arena_strdup(arena, b->ask->population->arm_label[k] ? b->ask->population->arm_label[k] : k ? "1" : "0");
		c->level_name = name;
		c->levels = 2;
		break;
	}
	}
	c->is_factor = v->how != YG_GATHER_NUMBER;
	if (c->is_factor) {
		c->level = v->level;
		v->level = NULL;
	} else {
		c->number = v->number;
		v->number = NULL;
	}
	for (size_t i = 0; v->missing && i < b->set->n; i++)
		c->missing_count += v->missing[i];
	if (c->missing_count) {
		c->missing = v->missing;
		v->missing = NULL;
	}
	return YG_OK;
}

enum yg_status yg_sb_columns(struct yg_sb *b)
{
	struct yg_set *s = b->set;
	s->column = yg_arena_alloc(&s->arena, b->vars + 1, sizeof *s->column);
	for (size_t k = 0; k < b->vars; k++) {
		YG_TRY(one_column(b, &b->var[k], &s->column[k]));
		s->columns = k + 1;
	}
	return YG_OK;
}
