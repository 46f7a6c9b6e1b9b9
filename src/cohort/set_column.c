/* Gathered values as columns of a set: numbers, or factors with their levels in order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "yogo/base/date.h"
#include "yogo/base/i18n.h"
#include "yogo/expr/intern.h"

#include "set_priv.h"

#define MOST_GROUPS 1000

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
