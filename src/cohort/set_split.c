/*
 * Follow-up split where covariates change.
 *
 * Every span becomes its parts, in order of time; beside each part the covariates' values.  Expressions are evaluated
 * by layers: layer j is the j-th part of every row, so that within a layer a row has one value.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "yogo/base/date.h"
#include "yogo/base/i18n.h"

#include "set_priv.h"

/* --- on the endpoint's scale --------------------------------------------------------------- */

/* A covariate's changes as times of the endpoint. */
struct clock {
	const struct yg_tvc *t;
	double lag, carry;           /* in the endpoint's unit; carry NaN = never forgotten */
	int lag_months, carry_months;
};

struct split {
	struct yg_sb *b;
	const struct yg_endpoint *e;
	struct clock clock[64];
	double *times; /* distinct times of the endpoint, ascending; NULL = all whole, nothing can be near */
	size_t times_n;
	double beginning;            /* of follow-up without entry */
	struct edge *edge;           /* of the span at hand */
	size_t edges, edge_cap;
	/* [candidates before] and [parts], written in the second pass */
	size_t n;
	uint32_t *person, *piece;
	uint64_t *row, *at;
	double *entry, *exit, **value;
	uint8_t *status;
};

/* From here on the covariate has this value; NaN = missing. */
struct edge {
	double at, value;
	uint32_t covariate, place;
};

static enum yg_status read_step(const struct split *s, const struct yg_tvc *t, const struct yg_tvc_step *step,
                                double *units, int *months)
{
	struct yg_err *err = s->b->err;
	char unit[2] = { step->unit, 0 };
	double per;
	*units = 0;
	*months = 0;
	if (!step->unit)
		return YG_OK;
	if (t->dates && (unit[0] == 'm' || unit[0] == 'y')) {
		double m = step->number * (unit[0] == 'y' ? 12 : 1);
		if (m != floor(m) || m > 24000)
			return yg_fail(err, YG_EINVAL, "E-TVC-006",
			               N_("%s: between dates a whole number of months or years is wanted"), t->name);
		*months = (int)m;
		return YG_OK;
	}
	if (t->dates) {
		*units = step->number * (unit[0] == 'w' ? 7 : 1);
		return YG_OK;
	}
	if (!yg_time_unit_divisor(s->e->time_unit, unit, &per))
		return yg_fail(err, YG_EINVAL, "E-TVC-007",
		               N_("%s: the time of %s has no unit of time, so a length of time cannot be placed on it"),
		               t->name, s->e->name);
	*units = step->number * per;
	return YG_OK;
}

static enum yg_status set_clock(struct split *s, struct clock *c, const struct yg_tvc *t)
{
	const struct yg_endpoint *e = s->e;
	struct yg_err *err = s->b->err;
	c->t = t;
	if (t->dates && !e->origin) {
		enum yg_status status = yg_fail(err, YG_EINVAL, "E-TVC-008",
		                                N_("%s changes on dates, but the time of %s is a number"), t->name,
		                                e->name);
		yg_err_hint(
		    err,
		    N_("Define the endpoint on dates (start DATECOLUMN, time DATECOLUMN), or the change as a number on its scale."));
		return status;
	}
	if (t->dates && e->origins_differ)
		return yg_fail(
		    err, YG_REFUSED, "E-TVC-009",
		    N_("the rows of one person count the time of %s from different dates, so the dates of %s have no place on it"),
		    e->name, t->name);
	if (!t->dates && t->time_unit && *e->time_unit && strcmp(t->time_unit, e->time_unit) != 0) {
		const char *name = t->time ? t->time : t->column;
		enum yg_status status = yg_fail(err, YG_EINVAL, "E-TVC-010",
		                                N_("%s is in %s, but the time of %s is in %s"), name, t->time_unit,
		                                e->name, e->time_unit);
		yg_err_hint(err, N_("Make a column in %s with let, and use it in tvc."), e->time_unit);
		return status;
	}
	YG_TRY(read_step(s, t, &t->lag, &c->lag, &c->lag_months));
	YG_TRY(read_step(s, t, &t->carry, &c->carry, &c->carry_months));
	if (!t->carry.unit)
		c->carry = NAN;
	return YG_OK;
}

static double later(double when, double units, int months)
{
	return months ? (double)yg_date_add_months((int32_t)when, months) : when + units;
}

static int ascending(const void *a, const void *b)
{
	double l = *(const double *)a, r = *(const double *)b;
	return (l > r) - (l < r);
}

/* The endpoint's times, when they are not all whole: a change that differs from one by rounding only is at it. */
static enum yg_status read_times(struct split *s)
{
	const struct yg_endpoint *e = s->e;
	bool whole = true;
	size_t n = 0;
	for (uint64_t k = 0; k < e->spans && whole; k++)
		whole = e->exit[k] == floor(e->exit[k]) && (!e->entry || e->entry[k] == floor(e->entry[k]));
	for (size_t k = 0; k < s->b->tvc->count && whole; k++) {
		const struct yg_tvc *t = s->clock[k].t;
		whole = t->dates || s->clock[k].lag == floor(s->clock[k].lag);
		for (uint64_t i = 0; whole && !t->dates && i < t->start[t->persons]; i++)
			whole = t->change[i].when == floor(t->change[i].when);
	}
	if (whole)
		return YG_OK;
	s->times = yg_data_alloc((size_t)e->spans * 2 + 1, sizeof *s->times);
	if (!s->times)
		return yg_sb_nomem(s->b);
	for (uint64_t k = 0; k < e->spans; k++) {
		s->times[n++] = e->exit[k];
		if (e->entry && isfinite(e->entry[k]))
			s->times[n++] = e->entry[k];
	}
	qsort(s->times, n, sizeof *s->times, ascending);
	for (size_t i = 0; i < n; i++)
		if (!i || s->times[i] != s->times[s->times_n - 1])
			s->times[s->times_n++] = s->times[i];
	return YG_OK;
}

static double snapped(const struct split *s, double x)
{
	size_t lo = 0, hi = s->times_n;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (s->times[mid] < x)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (size_t k = lo ? lo - 1 : 0; k < s->times_n && k <= lo; k++)
		if (fabs(s->times[k] - x) <= YG_SNAP_TOLERANCE * fabs(s->times[k]))
			return s->times[k];
	return x;
}

/* --- one span ------------------------------------------------------------------------------ */

static void add_edge(struct split *s, double at, uint32_t covariate, double value)
{
	YG_GROW(s->edge, s->edges, s->edge_cap);
	s->edge[s->edges] = (struct edge){ at, value, covariate, (uint32_t)s->edges };
	s->edges++;
}

static int by_place(const void *a, const void *b)
{
	const struct edge *l = a, *r = b;
	if (l->at != r->at)
		return l->at < r->at ? -1 : 1;
	return l->place < r->place ? -1 : 1;
}

/* All changes of a person, in order of time. */
static void read_edges(struct split *s, size_t i)
{
	const struct yg_sb *b = s->b;
	uint32_t person = b->set->person[i];
	s->edges = 0;
	for (uint32_t k = 0; k < b->tvc->count; k++) {
		const struct clock *c = &s->clock[k];
		const struct yg_tvc *t = c->t;
		uint64_t end = t->start[person + 1];
		double origin = t->dates ? b->origin[i] : 0;
		for (uint64_t j = t->start[person]; j < end; j++) {
			double counts = later(t->change[j].when, c->lag, c->lag_months), at = counts - origin;
			if (!t->dates && s->times)
				at = snapped(s, at);
			/* At the time itself the old value holds; `before`: the new one, from just before on. */
			if (t->before)
				at = t->dates ? at - 0.5 : nextafter(at, -INFINITY);
			add_edge(s, at, k, t->change[j].value);
			if (isnan(c->carry))
				continue;
			double forgotten = later(counts, c->carry, c->carry_months);
			if (j + 1 == end || later(t->change[j + 1].when, c->lag, c->lag_months) > forgotten)
				add_edge(s, forgotten - origin, k, NAN);
		}
	}
	bool sorted = true;
	for (size_t j = 1; j < s->edges; j++)
		sorted = sorted && s->edge[j - 1].at <= s->edge[j].at;
	if (!sorted)
		qsort(s->edge, s->edges, sizeof *s->edge, by_place);
}

static bool same(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

static void put(struct split *s, size_t i, uint32_t piece, double entry, double exit, bool last, const double *now)
{
	const struct yg_sb *b = s->b;
	const struct yg_set *from = b->set;
	size_t to = s->n++;
	if (!s->person)
		return;
	s->person[to] = from->person[i];
	s->row[to] = from->row[i];
	if (s->at)
		s->at[to] = b->at[i];
	s->piece[to] = piece;
	if (s->entry)
		s->entry[to] = entry;
	s->exit[to] = exit;
	s->status[to] = last ? from->status[i] : 0;
	for (size_t k = 0; k < b->tvc->count; k++)
		s->value[k][to] = now[k];
}

static uint32_t one_span(struct split *s, size_t i)
{
	const struct yg_sb *b = s->b;
	const struct yg_set *from = b->set;
	double now[64], next[64], entry = from->entry ? from->entry[i] : s->beginning, exit = from->exit[i];
	size_t covariates = b->tvc->count, j = 0;
	uint32_t piece = 0;
	for (size_t k = 0; k < covariates; k++)
		now[k] = b->tvc->item[k]->is_flag ? 0 : NAN;
	read_edges(s, i);
	for (; j < s->edges && (s->edge[j].at <= entry || (!from->entry && s->edge[j].at < 0)); j++)
		now[s->edge[j].covariate] = s->edge[j].value;
	while (j < s->edges && s->edge[j].at < exit) {
		double at = s->edge[j].at;
		bool changed = false;
		memcpy(next, now, covariates * sizeof *next);
		for (; j < s->edges && s->edge[j].at == at; j++)
			next[s->edge[j].covariate] = s->edge[j].value;
		for (size_t k = 0; k < covariates; k++)
			changed = changed || !same(now[k], next[k]);
		if (!changed)
			continue;
		put(s, i, piece++, entry, at, false, now);
		memcpy(now, next, covariates * sizeof *now);
		entry = at;
	}
	put(s, i, piece, entry, exit, true, now);
	return piece + 1;
}

/* --- all spans ----------------------------------------------------------------------------- */

static enum yg_status part_room(struct split *s, size_t parts, bool split_any)
{
	struct yg_sb *b = s->b;
	size_t n = parts + 1, covariates = b->tvc->count;
	bool entry = split_any || b->set->entry;
	b->changing = yg_xcalloc(covariates + 1, sizeof *b->changing);
	s->value = b->changing;
	bool ok = (b->piece = s->piece = yg_data_alloc(n, sizeof *s->piece)) != NULL;
	for (size_t k = 0; k < covariates; k++)
		ok = (s->value[k] = yg_data_alloc(n, sizeof **s->value)) && ok;
	ok = (s->person = yg_data_alloc(n, sizeof *s->person)) && ok;
	ok = (s->row = yg_data_alloc(n, sizeof *s->row)) && ok;
	ok = (s->exit = yg_data_alloc(n, sizeof *s->exit)) && ok;
	ok = (s->status = yg_data_alloc(n, 1)) && ok;
	if (entry)
		ok = (s->entry = yg_data_alloc(n, sizeof *s->entry)) && ok;
	if (b->at)
		ok = (s->at = yg_data_alloc(n, sizeof *s->at)) && ok;
	uint16_t *why = yg_data_calloc(n, sizeof *why);
	if (why) {
		yg_data_free(b->why);
		b->why = why;
	}
	return ok && why ? YG_OK : yg_sb_nomem(b);
}

#define REPLACE(old, new)          \
	do {                       \
		yg_data_free(old); \
		old = new;         \
		new = NULL;        \
	} while (0)

static enum yg_status write_parts(struct split *s, size_t parts)
{
	struct yg_sb *b = s->b;
	YG_TRY(part_room(s, parts, parts > b->n));
	s->n = 0;
	for (size_t i = 0; i < b->n; i++)
		(void)one_span(s, i);
	b->n = parts;
	REPLACE(b->set->person, s->person);
	REPLACE(b->set->row, s->row);
	REPLACE(b->set->exit, s->exit);
	REPLACE(b->set->status, s->status);
	if (s->entry)
		REPLACE(b->set->entry, s->entry);
	if (s->at)
		REPLACE(b->at, s->at);
	return YG_OK;
}

enum yg_status yg_sb_split(struct yg_sb *b)
{
	struct split s = { .b = b, .e = b->ask->endpoint };
	enum yg_status status = YG_OK;
	if (s.e->interval_censored)
		return yg_fail(
		    b->err, YG_REFUSED, "E-TVC-011",
		    N_("%s is interval-censored (between): follow-up that ends at no known time cannot be split"),
		    s.e->name);
	for (size_t k = 0; k < b->tvc->count && status == YG_OK; k++)
		status = set_clock(&s, &s.clock[k], b->tvc->item[k]);
	if (status == YG_OK)
		status = read_times(&s);
	/* Follow-up begins at time 0; with events at time 0, before it. */
	for (size_t i = 0; i < b->n; i++)
		if (b->set->exit[i] <= 0)
			s.beginning = -INFINITY;
	for (size_t i = 0; i < b->n && status == YG_OK; i++) {
		uint32_t parts = one_span(&s, i);
		b->layers = parts > b->layers ? parts : b->layers;
	}
	if (status == YG_OK)
		status = write_parts(&s, s.n);
	yg_data_free(s.times);
	yg_free(s.edge);
	yg_data_free(s.person);
	yg_data_free(s.row);
	yg_data_free(s.exit);
	yg_data_free(s.status);
	yg_data_free(s.entry);
	yg_data_free(s.at);
	return status;
}

/* --- values by layer ----------------------------------------------------------------------- */

struct yg_sb_layer {
	struct yg_vec vec[64];
	void *value[64];
	uint64_t *valid[64];
};

struct yg_sb_layer *yg_sb_layer_new(void)
{
	return yg_xcalloc(1, sizeof(struct yg_sb_layer));
}

void yg_sb_layer_free(struct yg_sb_layer *l)
{
	if (!l)
		return;
	for (size_t k = 0; k < 64; k++) {
		yg_data_free(l->value[k]);
		yg_data_free(l->valid[k]);
	}
	yg_free(l);
}

static void write_value(struct yg_sb_layer *l, size_t k, enum yg_type type, uint32_t i, double v)
{
	switch (type) {
	case YG_TYPE_FLAG: ((uint8_t *)l->value[k])[i] = v != 0; break;
	case YG_TYPE_INTEGER: ((int64_t *)l->value[k])[i] = (int64_t)v; break;
	case YG_TYPE_LEVEL: ((int32_t *)l->value[k])[i] = (int32_t)v; break;
	default: ((double *)l->value[k])[i] = v; break;
	}
}

enum yg_status yg_sb_layer_set(const struct yg_sb *b, struct yg_sb_layer *l, struct yg_eval *e, uint64_t extras,
                               uint32_t block, uint32_t layer, bool *any, struct yg_err *err)
{
	const uint64_t *at = b->persons ? b->at : b->set->row;
	uint64_t first = (uint64_t)block * YG_BLOCK_ROWS;
	uint32_t n = yg_table_block_rows(b->source, block);
	*any = false;
	for (size_t k = 0; k < b->tvc->count; k++) {
		if (!(extras >> k & 1))
			continue;
		enum yg_type type = b->tvc->item[k]->type;
		if (!l->value[k])
			l->value[k] = yg_data_alloc(YG_BLOCK_ROWS, sizeof(double));
		if (!l->valid[k])
			l->valid[k] = yg_data_alloc(YG_BLOCK_WORDS, sizeof *l->valid[k]);
		if (!l->value[k] || !l->valid[k])
			return yg_fail(err, YG_ENOMEM, "E-MEM-002",
			               N_("memory ran out while an analysis set was built"));
		memset(l->value[k], 0, (size_t)n * sizeof(double));
		memset(l->valid[k], 0, YG_BLOCK_WORDS * sizeof *l->valid[k]);
		for (size_t c = b->block_start[block]; c < b->block_start[block + 1]; c++) {
			size_t pos = b->order ? b->order[c] : c;
			uint32_t i = (uint32_t)(at[pos] - first);
			double v = b->changing[k][pos];
			if (b->piece[pos] != layer)
				continue;
			*any = true;
			if (isnan(v))
				continue;
			write_value(l, k, type, i, v);
			l->valid[k][i >> 6] |= UINT64_C(1) << (i & 63);
		}
		l->vec[k] = (struct yg_vec){ .type = type, .n = n, .valid = l->valid[k] };
		l->vec[k].v.number = l->value[k];
		yg_eval_set_extra(e, k, &l->vec[k]);
	}
	return YG_OK;
}

/* --- where, part by part ------------------------------------------------------------------- */

enum yg_status yg_sb_mixed(struct yg_sb *b, const struct yg_bound *bound, const struct yg_node *at)
{
	const char *const *name;
	size_t names = yg_bound_row_columns(bound, &name), k = 0;
	while (!(yg_bound_extras(bound) >> k & 1))
		k++;
	enum yg_status s = yg_fail_at(
	    b->err, YG_REFUSED, at->at, at->len, "E-TVC-012",
	    N_("%s is read from several rows a person, %s changes over time; they do not go together in one expression here"),
	    names ? name[0] : "", b->tvc->extra[k].name);
	yg_err_hint(b->err, N_("Make one value a person first: let NAME = first(%s, ORDER) by PERSON"),
	            names ? name[0] : "x");
	return s;
}

/* Parts for which the condition is not true are marked in why. */
static enum yg_status mark_parts(struct yg_sb *b, const struct yg_node *condition)
{
	struct yg_bound *bound;
	struct yg_sb_layer *l = NULL;
	struct yg_eval *e = NULL;
	YG_TRY(yg_bind(&b->scope, condition, YG_TYPE_FLAG, b->task, &bound, b->err));
	uint64_t extras = yg_bound_extras(bound);
	bool by_person = b->persons && yg_bound_info(bound)->by_person;
	enum yg_status s = b->persons && !by_person ? yg_sb_mixed(b, bound, condition) : YG_OK;
	const uint64_t *at = b->persons ? b->at : b->set->row, *is_true;
	if (s == YG_OK) {
		l = yg_sb_layer_new();
		e = by_person ? yg_eval_new_persons(bound) : yg_eval_new(bound);
	}
	for (uint32_t block = 0; block < b->source->blocks && s == YG_OK; block++) {
		for (uint32_t layer = 0; layer < b->layers && s == YG_OK; layer++) {
			bool any;
			s = yg_sb_layer_set(b, l, e, extras, block, layer, &any, b->err);
			if (s == YG_OK && any)
				s = yg_eval_block_tri(e, block, &is_true, NULL, b->err);
			for (size_t c = b->block_start[block]; s == YG_OK && any && c < b->block_start[block + 1];
			     c++) {
				size_t pos = b->order ? b->order[c] : c;
				if (b->piece[pos] == layer &&
				    !yg_bit(is_true, at[pos] - (uint64_t)block * YG_BLOCK_ROWS))
					b->why[pos] = 1;
			}
		}
	}
	yg_eval_free(e);
	yg_sb_layer_free(l);
	yg_bound_free(bound);
	return s;
}

enum yg_status yg_sb_where_parts(struct yg_sb *b)
{
	struct yg_set *s = b->set;
	size_t to = 0;
	for (size_t k = 0; k < b->laters; k++)
		YG_TRY(mark_parts(b, b->later[k]));
	for (size_t i = 0; i < b->n; i++) {
		if (b->why[i])
			continue;
		s->person[to] = s->person[i];
		s->row[to] = s->row[i];
		s->exit[to] = s->exit[i];
		s->status[to] = s->status[i];
		b->piece[to] = b->piece[i];
		if (s->entry)
			s->entry[to] = s->entry[i];
		if (b->at)
			b->at[to] = b->at[i];
		for (size_t k = 0; k < b->tvc->count; k++)
			b->changing[k][to] = b->changing[k][i];
		to++;
	}
	b->n = to;
	memset(b->why, 0, b->n * sizeof *b->why);
	return YG_OK;
}
