/* Covariates that change over time: the columns read into each person's changes. */
#include "yogo/cohort/tvc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "yogo/base/date.h"
#include "yogo/base/i18n.h"

#include "cohort_priv.h"

struct maker {
	const struct yg_tvc_request *ask;
	struct yg_tvc *t;
	struct yg_task *task;
	struct yg_err *err;
	struct yg_bound *column, *time;
	uint64_t changes;
	uint64_t partial, partial_row;
};

static enum yg_status nomem(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while changes over time were read"));
}

/* --- what is asked ------------------------------------------------------------------------- */

/* The column of times: a date, or a number. */
static enum yg_status check_time(struct maker *m, const struct yg_bound *b, const struct yg_node *at)
{
	const struct yg_bound_info *info = yg_bound_info(b);
	struct yg_tvc *t = m->t;
	enum yg_status s;
	if (info->type == YG_TYPE_DATE || info->type == YG_TYPE_INTEGER || info->type == YG_TYPE_NUMBER) {
		const char *unit = yg_time_unit_name(info->unit);
		t->dates = info->type == YG_TYPE_DATE;
		if (!t->dates && info->unit)
			t->time_unit = unit ? unit : yg_arena_strdup(&t->arena, info->unit);
		return YG_OK;
	}
	s = yg_fail_at(m->err, YG_EINVAL, at->at, at->len, "E-TVC-001",
	               N_("%s is no time: a date or a number is wanted, when something changes"), at->text);
	if (info->type == YG_TYPE_INSTANT || info->type == YG_TYPE_TEXT || info->type == YG_TYPE_LEVEL)
		yg_err_hint(m->err, N_("If it holds dates: let d = date(%s)"), at->text);
	else if (!m->ask->time)
		yg_err_hint(m->err,
		            N_("If it is the value, name the column that tells when it was taken: with time=COLUMN"));
	return s;
}

static enum yg_status check_value(struct maker *m)
{
	const struct yg_bound_info *info = yg_bound_info(m->column);
	const struct yg_node *at = m->ask->column;
	struct yg_tvc *t = m->t;
	t->type = info->type;
	if (info->type != YG_TYPE_FLAG && info->type != YG_TYPE_INTEGER && info->type != YG_TYPE_NUMBER &&
	    info->type != YG_TYPE_LEVEL)
		return yg_fail_at(
		    m->err, YG_EINVAL, at->at, at->len, "E-TVC-002",
		    N_("%s is no covariate: numbers, flags and levels are carried forward, not dates and texts"),
		    at->text);
	t->unit = info->unit ? yg_arena_strdup(&t->arena, info->unit) : NULL;
	t->label = info->label ? yg_arena_strdup(&t->arena, info->label) : NULL;
	t->is_factor = info->is_factor;
	t->reference = info->reference;
	t->levels = info->levels;
	const char **level = yg_arena_alloc(&t->arena, info->levels + 1, sizeof *level);
	for (size_t k = 0; k < info->levels; k++)
		level[k] = yg_arena_strdup(&t->arena, info->level[k]);
	t->level = level;
	return YG_OK;
}

static enum yg_status check_steps(struct maker *m)
{
	const struct yg_tvc_request *r = m->ask;
	const struct yg_node *at = r->column;
	const struct yg_tvc_step *step[2] = { &r->lag, &r->carry };
	for (int k = 0; k < 2; k++) {
		const struct yg_tvc_step *s = step[k];
		if (s->number == 0 && !s->unit)
			continue;
		if (!s->unit || !(s->number >= 0) || s->number > 1e6)
			return yg_fail_at(m->err, YG_EINVAL, at->at, at->len, "E-TVC-003",
			                  N_("%s is a length of time and not negative, as in %s=30d"),
			                  k ? "carry" : "lag", k ? "carry" : "lag");
	}
	if (r->carry.unit && !r->time)
		return yg_fail_at(
		    m->err, YG_EINVAL, at->at, at->len, "E-TVC-004",
		    N_("carry is about values that are carried forward (time=COLUMN); %s is a time of change, after which the covariate stays 1"),
		    at->text);
	return YG_OK;
}

/* --- reading ------------------------------------------------------------------------------- */

static double value_at(const struct yg_vec *v, uint32_t i)
{
	switch (v->type) {
	case YG_TYPE_FLAG: return v->v.flag[i];
	case YG_TYPE_INTEGER: return (double)v->v.integer[i];
	case YG_TYPE_NUMBER: return v->v.number[i];
	case YG_TYPE_LEVEL: return v->v.level[i];
	case YG_TYPE_DATE: return v->v.date[i];
	default: return NAN;
	}
}

/* NaN = missing. */
static double known_at(const struct yg_vec *v, uint32_t i)
{
	double d = yg_vec_valid(v, i) ? value_at(v, i) : NAN;
	return isfinite(d) ? d : NAN;
}

static void note_partial(struct maker *m, const struct yg_vec *time, uint32_t i, uint64_t row)
{
	if (time->precision && time->precision[i] != YG_DAY && !m->partial++)
		m->partial_row = row;
}

static enum yg_status room(struct maker *m, uint64_t most)
{
	struct yg_tvc *t = m->t;
	t->start = yg_data_calloc(t->persons + 1, sizeof *t->start);
	t->change = yg_data_alloc(most + 1, sizeof *t->change);
	return t->start && t->change ? YG_OK : nomem(m->err);
}

/* Times of change, one a person: row k of `rows` is person k. */
static enum yg_status read_persons(struct maker *m, const struct yg_table *rows, struct yg_eval *e)
{
	struct yg_tvc *t = m->t;
	YG_TRY(room(m, t->persons));
	for (uint32_t b = 0; b < rows->blocks; b++) {
		struct yg_vec v;
		YG_TRY(yg_eval_block(e, b, &v, m->err));
		for (uint32_t i = 0; i < v.n; i++) {
			uint64_t person = (uint64_t)b * YG_BLOCK_ROWS + i;
			double when = known_at(&v, i);
			t->start[person] = m->changes;
			if (isnan(when))
				continue;
			note_partial(m, &v, i, person);
			t->change[m->changes++] = (struct yg_tvc_change){ when, 1 };
		}
	}
	t->start[t->persons] = m->changes;
	return YG_OK;
}

/* Times of change in a table of rows: the rows of a person must say the same. */
static enum yg_status read_agreeing(struct maker *m, struct yg_eval *e)
{
	struct yg_tvc *t = m->t;
	const struct yg_table *rows = t->table;
	uint64_t differ = 0;
	uint32_t *person = yg_data_alloc(YG_BLOCK_ROWS, sizeof *person), last_differs = UINT32_MAX;
	double *when = yg_data_alloc(t->persons + 1, sizeof *when);
	uint8_t *seen = yg_data_calloc(t->persons + 1, 1);
	enum yg_status s = person && when && seen ? room(m, t->persons) : nomem(m->err);
	for (uint32_t b = 0; b < rows->blocks && s == YG_OK; b++) {
		struct yg_vec v;
		s = yg_eval_block(e, b, &v, m->err);
		if (s != YG_OK)
			break;
		yg_table_block_persons(rows, b, person);
		for (uint32_t i = 0; i < v.n; i++) {
			uint32_t p = person[i];
			double d = known_at(&v, i);
			if (!isnan(d))
				note_partial(m, &v, i, (uint64_t)b * YG_BLOCK_ROWS + i);
			if (!seen[p]) {
				seen[p] = 1;
				when[p] = d;
			} else if (!(when[p] == d || (isnan(d) && isnan(when[p]))) && last_differs != p) {
				last_differs = p;
				differ++;
			}
		}
	}
	if (s == YG_OK && differ)
		s = yg_cohort_varies(m->column, m->ask->column, differ, m->err);
	for (uint64_t p = 0; p < t->persons && s == YG_OK; p++) {
		t->start[p] = m->changes;
		if (seen[p] && !isnan(when[p]))
			t->change[m->changes++] = (struct yg_tvc_change){ when[p], 1 };
	}
	if (s == YG_OK)
		t->start[t->persons] = m->changes;
	yg_data_free(person);
	yg_data_free(when);
	yg_data_free(seen);
	return s;
}

/* Values and when they were taken: rows come in order of persons. */
static enum yg_status read_values(struct maker *m, struct yg_eval *value, struct yg_eval *time)
{
	struct yg_tvc *t = m->t;
	const struct yg_table *rows = t->table;
	uint64_t next = 0, last_lost = UINT64_MAX;
	uint32_t *person = yg_data_alloc(YG_BLOCK_ROWS, sizeof *person);
	enum yg_status s = person ? room(m, rows->rows) : nomem(m->err);
	for (uint32_t b = 0; b < rows->blocks && s == YG_OK; b++) {
		struct yg_vec v, w;
		s = yg_eval_block(value, b, &v, m->err);
		if (s == YG_OK)
			s = yg_eval_block(time, b, &w, m->err);
		if (s != YG_OK)
			break;
		if (rows->start)
			yg_table_block_persons(rows, b, person);
		for (uint32_t i = 0; i < v.n; i++) {
			uint64_t row = (uint64_t)b * YG_BLOCK_ROWS + i, p = rows->start ? person[i] : row;
			double d = known_at(&v, i), when = known_at(&w, i);
			while (next <= p)
				t->start[next++] = m->changes;
			if (isnan(d))
				continue;
			if (isnan(when)) {
				t->missing_time++;
				t->missing_time_persons += last_lost != p;
				last_lost = p;
				continue;
			}
			note_partial(m, &w, i, row);
			t->change[m->changes++] = (struct yg_tvc_change){ when, d };
		}
	}
	while (s == YG_OK && next <= t->persons)
		t->start[next++] = m->changes;
	yg_data_free(person);
	return s;
}

/* --- order --------------------------------------------------------------------------------- */

struct placed {
	struct yg_tvc_change c;
	uint64_t place;
};
static int by_time(const void *a, const void *b)
{
	const struct placed *l = a, *r = b;
	if (l->c.when != r->c.when)
		return l->c.when < r->c.when ? -1 : 1;
	return l->place < r->place ? -1 : 1;
}

static void sort_changes(struct yg_tvc_change *c, uint64_t n)
{
	bool sorted = true;
	for (uint64_t i = 1; i < n; i++)
		sorted = sorted && c[i - 1].when <= c[i].when;
	if (sorted)
		return;
	struct placed *p = yg_xalloc((size_t)n, sizeof *p);
	for (uint64_t i = 0; i < n; i++)
		p[i] = (struct placed){ c[i], i };
	qsort(p, (size_t)n, sizeof *p, by_time);
	for (uint64_t i = 0; i < n; i++)
		c[i] = p[i].c;
	yg_free(p);
}

/* Each person's changes in order of time; of several at one time the last row counts. */
static void order_changes(struct yg_tvc *t)
{
	uint64_t to = 0;
	for (uint64_t p = 0; p < t->persons; p++) {
		uint64_t from = t->start[p], end = t->start[p + 1];
		sort_changes(t->change + from, end - from);
		t->start[p] = to;
		for (uint64_t i = from; i < end; i++) {
			if (i + 1 < end && t->change[i + 1].when == t->change[i].when) {
				t->same_time++;
				continue;
			}
			t->change[to++] = t->change[i];
		}
	}
	t->start[t->persons] = to;
}

/* --- making -------------------------------------------------------------------------------- */

static enum yg_status read_columns(struct maker *m)
{
	struct yg_tvc *t = m->t;
	bool persons = !m->time && t->table->start && yg_bound_info(m->column)->by_person &&
	               yg_bound_person_table(m->column);
	struct yg_eval *e = persons ? yg_eval_new_persons(m->column) : yg_eval_new(m->column),
		       *time = m->time ? yg_eval_new(m->time) : NULL;
	enum yg_status s;
	if (m->time)
		s = read_values(m, e, time);
	else if (persons || !t->table->start)
		s = read_persons(m, persons ? yg_bound_person_table(m->column) : t->table, e);
	else
		s = read_agreeing(m, e);
	yg_eval_free(e);
	yg_eval_free(time);
	return s;
}

static enum yg_status make(struct maker *m)
{
	const struct yg_tvc_request *r = m->ask;
	struct yg_tvc *t = m->t;
	const struct yg_node *times = r->time ? r->time : r->column;
	YG_TRY(yg_bind(r->scope, r->column, 0, m->task, &m->column, m->err));
	if (r->time)
		YG_TRY(yg_bind(r->scope, r->time, 0, m->task, &m->time, m->err));
	YG_TRY(check_time(m, r->time ? m->time : m->column, times));
	if (r->time)
		YG_TRY(check_value(m));
	YG_TRY(check_steps(m));
	YG_TRY(yg_bound_load(m->column, m->task, m->err));
	if (m->time)
		YG_TRY(yg_bound_load(m->time, m->task, m->err));
	YG_TRY(read_columns(m));
	if (m->partial) {
		enum yg_status s = yg_fail_at(
		    m->err, YG_REFUSED, times->at, times->len, "E-TVC-005",
		    N_("%llu dates of %s are known to the month or year only (the first in row %llu of %s)"),
		    (unsigned long long)m->partial, times->text, (unsigned long long)m->partial_row + 1,
		    t->table->name);
		yg_err_hint(m->err,
		            N_("Say which day stands for them: let d2 = date(%s, month = 15), and use d2 here."),
		            times->text);
		return s;
	}
	order_changes(t);
	return YG_OK;
}

enum yg_status yg_tvc_make(const struct yg_tvc_request *request, struct yg_task *task, struct yg_tvc **out,
                           struct yg_err *err)
{
	const struct yg_table *table = request->scope->table;
	if (!table)
		return yg_fail(err, YG_EINVAL, "E-EXP-035", N_("no table is in use"));
	struct yg_tvc *t = yg_xcalloc(1, sizeof *t);
	yg_arena_init(&t->arena);
	t->name = yg_arena_strdup(&t->arena, request->name);
	t->column = yg_arena_strdup(&t->arena, request->column->text);
	t->time = request->time ? yg_arena_strdup(&t->arena, request->time->text) : NULL;
	t->is_flag = !request->time;
	t->type = YG_TYPE_FLAG;
	t->before = request->before;
	t->lag = request->lag;
	t->carry = request->carry;
	t->table = table;
	t->persons = table->start ? yg_dataset_persons(table->dataset) : table->rows;
	struct maker m = { .ask = request, .t = t, .task = task, .err = err };
	enum yg_status s = make(&m);
	yg_bound_free(m.column);
	yg_bound_free(m.time);
	if (s != YG_OK) {
		yg_tvc_free(t);
		return s;
	}
	*out = t;
	return YG_OK;
}

void yg_tvc_free(struct yg_tvc *t)
{
	if (!t)
		return;
	yg_data_free(t->start);
	yg_data_free(t->change);
	yg_arena_release(&t->arena);
	yg_free(t);
}

const struct yg_tvc_list *yg_tvc_join(struct yg_arena *arena, const struct yg_tvc_list *before,
                                      const struct yg_tvc *const *more, size_t count)
{
	size_t n = before ? before->count : 0, total = n + count;
	struct yg_tvc_list *list = yg_arena_alloc(arena, 1, sizeof *list);
	const struct yg_tvc **item = yg_arena_alloc(arena, total + 1, sizeof *item);
	struct yg_scope_extra *extra = yg_arena_alloc(arena, total + 1, sizeof *extra);
	for (size_t k = 0; k < total; k++) {
		const struct yg_tvc *t = k < n ? before->item[k] : more[k - n];
		item[k] = t;
		extra[k] = (struct yg_scope_extra){ .name = t->name,
			                            .type = t->type,
			                            .unit = t->unit,
			                            .label = t->label,
			                            .level = t->level,
			                            .levels = t->levels,
			                            .reference = t->reference,
			                            .is_factor = t->is_factor };
	}
	*list = (struct yg_tvc_list){ item, extra, total };
	return list;
}

void yg_tvc_count(const struct yg_tvc *t, const uint64_t *member, uint64_t *persons, uint64_t *changes)
{
	*persons = *changes = 0;
	for (uint64_t p = 0; p < t->persons; p++) {
		if (member && !yg_bit(member, p))
			continue;
		uint64_t n = t->start[p + 1] - t->start[p];
		*persons += n > 0;
		*changes += n;
	}
}
