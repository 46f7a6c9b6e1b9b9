/*
 * From what the rows say to spans: one a person, intervals, recurrent, or per eye.
 *
 * Rows come in order of persons.  Rows of one person after `where` must be one, say the same, or be
 * told apart by entry, each or every; overlapping ones are refused by row numbers.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/expr/intern.h"

#include "endpoint_priv.h"

struct builder {
	struct yg_ep_plan *p;
	struct yg_ep_rows *rows;
	struct yg_endpoint *e;
	int32_t *unit;             /* EACH: code of every row */
	uint64_t cap, drop_cap;
	uint64_t *list;            /* rows of the person at hand */
	size_t list_cap;
	bool several;              /* a person with several rows was met */
	uint64_t differ;           /* persons whose rows do not say the same */
	uint64_t overlaps, overlap[2], twin[2];
};

static enum yg_status nomem(struct yg_ep_plan *p)
{
	return yg_fail(p->err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while an endpoint was evaluated"));
}

/* --- output -------------------------------------------------------------------------------- */

static void put_span(struct builder *b, uint32_t person, uint64_t row)
{
	struct yg_endpoint *e = b->e;
	const struct yg_ep_rows *r = b->rows;
	uint64_t k = e->spans++;
	e->person[k] = person;
	e->row[k] = row;
	if (e->entry)
		e->entry[k] = r->entry[row];
	e->exit[k] = r->exit[row];
	if (e->origin)
		e->origin[k] = r->origin[row];
	e->status[k] = r->state[row];
	e->reason[k] = r->reason[row];
	if (e->which)
		e->which[k] = r->which[row];
	if (e->unit_code)
		e->unit_code[k] = b->unit ? b->unit[row] : 0;
}

static void put_drop(struct builder *b, uint32_t person, uint64_t row, uint8_t why)
{
	struct yg_endpoint *e = b->e;
	if (e->drops == b->drop_cap) {
		b->drop_cap = b->drop_cap ? 2 * b->drop_cap : 256;
		e->drop_row = yg_xrealloc(e->drop_row, b->drop_cap, sizeof *e->drop_row);
		e->drop_person = yg_xrealloc(e->drop_person, b->drop_cap, sizeof *e->drop_person);
		e->drop_why = yg_xrealloc(e->drop_why, b->drop_cap, sizeof *e->drop_why);
	}
	e->drop_row[e->drops] = row;
	e->drop_person[e->drops] = person;
	e->drop_why[e->drops++] = why;
	switch ((enum yg_endpoint_drop)why) {
	case YG_DROP_EMPTY: e->entry_not_before_exit++; break;
	case YG_DROP_BEYOND_UNTIL: e->beyond_until++; break;
	case YG_DROP_AFTER_EVENT: e->after_event++; break;
	default: break;
	}
}

/* --- one person ---------------------------------------------------------------------------- */

static bool rows_same(const struct yg_ep_rows *r, uint64_t a, uint64_t b)
{
	return r->why[a] == r->why[b] && r->exit[a] == r->exit[b] && (!r->entry || r->entry[a] == r->entry[b]) &&
	       r->state[a] == r->state[b] && r->which[a] == r->which[b] && r->reason[a] == r->reason[b];
}

static double begin_of(const struct yg_ep_rows *r, uint64_t row)
{
	return r->entry ? r->entry[row] : r->exit[row];
}

/* Few rows a person: insertion sort by unit, then begin, then end, then row. */
static void sort_rows(const struct builder *b, uint64_t *row, size_t n)
{
	const struct yg_ep_rows *r = b->rows;
	for (size_t i = 1; i < n; i++) {
		uint64_t v = row[i];
		size_t j = i;
		for (; j > 0; j--) {
			uint64_t u = row[j - 1];
			if (b->unit && b->unit[u] != b->unit[v]) {
				if (b->unit[u] < b->unit[v])
					break;
			} else if (begin_of(r, u) < begin_of(r, v) || (begin_of(r, u) == begin_of(r, v) && r->exit[u] <= r->exit[v])) {
				break;
			}
			row[j] = u;
		}
		row[j] = v;
	}
}

static void note_overlap(struct builder *b, uint64_t first, uint64_t second)
{
	if (!b->overlaps++) {
		b->overlap[0] = first < second ? first : second;
		b->overlap[1] = first < second ? second : first;
	}
}

/* Intervals of one follow-up, ascending: no overlap; nothing after the end state. */
static void put_intervals(struct builder *b, uint32_t person, const uint64_t *row, size_t n, bool recurrent)
{
	const struct yg_ep_rows *r = b->rows;
	bool over = false;
	for (size_t i = 0; i < n; i++) {
		if (over) {
			put_drop(b, person, row[i], YG_DROP_AFTER_EVENT);
			continue;
		}
		if (i && r->entry && r->entry[row[i]] < r->exit[row[i - 1]])
			note_overlap(b, row[i - 1], row[i]);
		put_span(b, person, row[i]);
		over = recurrent ? r->state[row[i]] >= 2 : r->state[row[i]] != 0;
	}
}

/* `event every` without entry columns: a span begins where the one before ended. */
static void chain_recurrent(struct builder *b, uint32_t person, uint64_t *row, size_t *n)
{
	struct yg_ep_rows *r = b->rows;
	size_t kept = 0;
	double from = r->entry[row[0]];
	for (size_t i = 0; i < *n; i++)
		from = r->entry[row[i]] > from ? r->entry[row[i]] : from;
	for (size_t i = 0; i < *n; i++) {
		uint64_t at = row[i];
		/* Two events at one time, or one at time 0: no time at risk before it. */
		if (!(from < r->exit[at])) {
			put_drop(b, person, at, YG_DROP_EMPTY);
			continue;
		}
		r->entry[at] = from;
		from = r->exit[at];
		row[kept++] = at;
	}
	*n = kept;
}

static void one_person(struct builder *b, uint32_t person, uint64_t *row, size_t n)
{
	struct yg_ep_plan *p = b->p;
	struct yg_ep_rows *r = b->rows;
	if (n > 1 && !p->each && !p->every) {
		bool same = true;
		for (size_t i = 1; i < n && same; i++)
			same = rows_same(r, row[0], row[i]);
		if (same) {
			if (!b->e->collapsed) {
				b->twin[0] = row[0];
				b->twin[1] = row[1];
			}
			b->e->collapsed = true;
			for (size_t i = 1; r->origin && i < n; i++)
				b->e->origins_differ = b->e->origins_differ || r->origin[row[i]] != r->origin[row[0]];
			n = 1;
		} else if (!p->entry_column) {
			b->differ++;
		}
	}
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		b->e->display_rows++;
		if (r->why[row[i]])
			put_drop(b, person, row[i], r->why[row[i]]);
		else
			row[kept++] = row[i];
	}
	if (kept > 1)
		sort_rows(b, row, kept);
	if (p->each) {
		for (size_t i = 0; i < kept;) {
			size_t j = i + 1;
			while (j < kept && b->unit && b->unit[row[j]] == b->unit[row[i]])
				j++;
			if (j - i > 1 && !p->entry_column)
				b->differ++;
			put_intervals(b, person, row + i, j - i, p->every);
			i = j;
		}
		return;
	}
	if (p->every && !p->entry_column && kept)
		chain_recurrent(b, person, row, &kept);
	b->several = b->several || kept > 1;
	put_intervals(b, person, row, kept, p->every);
}

/* Within-person order of the drops made above is that of the rows; put_drop after sorting can break it. */
static void sort_drops(struct yg_endpoint *e)
{
	for (uint64_t i = 1; i < e->drops; i++) {
		uint64_t row = e->drop_row[i];
		if (e->drop_row[i - 1] <= row)
			continue;
		uint32_t person = e->drop_person[i];
		uint8_t why = e->drop_why[i];
		uint64_t j = i;
		for (; j > 0 && e->drop_row[j - 1] > row; j--) {
			e->drop_row[j] = e->drop_row[j - 1];
			e->drop_person[j] = e->drop_person[j - 1];
			e->drop_why[j] = e->drop_why[j - 1];
		}
		e->drop_row[j] = row;
		e->drop_person[j] = person;
		e->drop_why[j] = why;
	}
}

/* --- each ---------------------------------------------------------------------------------- */

static enum yg_status read_units(struct builder *b)
{
	struct yg_ep_plan *p = b->p;
	const struct yg_table *t = p->table;
	if (!p->each_bound)
		return YG_OK;
	b->unit = yg_data_calloc(t->rows + 1, sizeof *b->unit);
	if (!b->unit)
		return nomem(p);
	struct yg_intern seen;
	struct yg_map words;
	yg_intern_init(&seen);
	yg_map_init(&words);
	struct yg_eval *e = yg_eval_new(p->each_bound);
	enum yg_status s = YG_OK;
	uint64_t missing = 0;
	for (uint32_t k = 0; k < t->blocks && s == YG_OK; k++) {
		struct yg_vec v;
		s = yg_eval_block(e, k, &v, p->err);
		for (uint32_t i = 0; s == YG_OK && i < v.n; i++) {
			uint64_t row = (uint64_t)k * YG_BLOCK_ROWS + i;
			if (!yg_vec_valid(&v, i)) {
				missing += b->rows->why[row] != YG_NOT_IN_WHERE;
				continue;
			}
			switch (v.type) {
			case YG_TYPE_LEVEL: b->unit[row] = v.v.level[i]; break;
			case YG_TYPE_FLAG: b->unit[row] = v.v.flag[i]; break;
			case YG_TYPE_INTEGER: b->unit[row] = (int32_t)yg_intern64(&seen, 0, (uint64_t)v.v.integer[i]); break;
			case YG_TYPE_DATE: b->unit[row] = v.v.date[i]; break;
			case YG_TYPE_INSTANT: b->unit[row] = (int32_t)yg_intern64(&seen, 0, (uint64_t)v.v.instant[i]); break;
			case YG_TYPE_NUMBER: {
				uint64_t bits;
				memcpy(&bits, &v.v.number[i], sizeof bits);
				b->unit[row] = (int32_t)yg_intern64(&seen, 0, bits);
				break;
			}
			case YG_TYPE_TEXT:
				b->unit[row] = (int32_t)yg_map_intern(&words, v.v.text.bytes + v.v.text.start[i], v.v.text.start[i + 1] - v.v.text.start[i]);
				break;
			}
		}
	}
	yg_eval_free(e);
	yg_intern_release(&seen);
	yg_map_release(&words);
	if (s == YG_OK && missing)
		s = yg_ep_fail(p, p->each, YG_REFUSED, "E-END-070", N_("%s is missing in %llu rows, so they belong to no %s; leave them out with where"),
		               p->each->text, (unsigned long long)missing, p->each->text);
	return s;
}

/* --- refusals ------------------------------------------------------------------------------ */

static enum yg_status refuse_several(struct builder *b)
{
	struct yg_ep_plan *p = b->p;
	enum yg_status s;
	if (p->each) {
		s = yg_ep_fail(p, p->each, YG_REFUSED, "E-END-071", N_("%llu times a person has several rows with the same %s"),
		               (unsigned long long)b->differ, p->each->text);
		yg_err_hint(p->err, N_("Choose rows with where, or use: each row"));
		return s;
	}
	s = yg_ep_fail(p, p->statement, YG_REFUSED, "E-END-072", N_("%llu persons have several rows of %s, and this endpoint is one follow-up a person"),
	               (unsigned long long)b->differ, p->table->name);
	yg_err_hint(p->err, N_("Choose rows (where COLUMN = ...), or say what the rows are: entry COLUMN (intervals), each COLUMN (eyes, sites), event ... every (recurrent)."));
	return s;
}

static enum yg_status refuse_overlap(struct builder *b)
{
	enum yg_status s = yg_ep_fail(b->p, b->p->statement, YG_REFUSED, "E-END-073",
	                              N_("rows of one person overlap in time %llu times, first rows %llu and %llu of %s"), (unsigned long long)b->overlaps,
	                              (unsigned long long)b->overlap[0] + 1, (unsigned long long)b->overlap[1] + 1, b->p->table->name);
	yg_err_hint(b->p->err, N_("If the rows are separate units, say so: each COLUMN, or each row."));
	return s;
}

/* --- putting it together ------------------------------------------------------------------- */

static enum yg_status room(struct builder *b, uint64_t n)
{
	struct yg_endpoint *e = b->e;
	bool plain = !b->p->table->start;
	e->person = yg_data_alloc(n + 1, sizeof *e->person);
	e->row = yg_data_alloc(n + 1, sizeof *e->row);
	bool ok = e->person && e->row;
	if (b->p->each)
		ok = (e->unit_code = yg_data_calloc(n + 1, sizeof *e->unit_code)) && ok;
	if (!plain) {
		e->exit = yg_data_alloc(n + 1, sizeof *e->exit);
		e->status = yg_data_alloc(n + 1, 1);
		e->reason = yg_data_alloc(n + 1, 1);
		ok = e->exit && e->status && e->reason && ok;
		if (b->rows->entry)
			ok = (e->entry = yg_data_alloc(n + 1, sizeof *e->entry)) && ok;
		if (b->rows->origin)
			ok = (e->origin = yg_data_alloc(n + 1, sizeof *e->origin)) && ok;
		if (e->composite)
			ok = (e->which = yg_data_alloc(n + 1, 1)) && ok;
	}
	return ok ? YG_OK : nomem(b->p);
}

/* A row a person: the rows' own arrays, without the rows that are no spans, become the endpoint's. */
static void walk_plain(struct builder *b)
{
	struct yg_ep_rows *r = b->rows;
	struct yg_endpoint *e = b->e;
	uint64_t n = b->p->table->rows, k = 0;
	for (uint64_t i = 0; i < n; i++) {
		if (r->why[i]) {
			if (r->why[i] == YG_NOT_IN_WHERE)
				continue;
			e->persons++;
			put_drop(b, (uint32_t)i, i, r->why[i]);
			continue;
		}
		e->person[k] = (uint32_t)i;
		e->row[k] = i;
		if (k < i) {
			r->exit[k] = r->exit[i];
			r->state[k] = r->state[i];
			r->reason[k] = r->reason[i];
			r->which[k] = r->which[i];
			if (r->entry)
				r->entry[k] = r->entry[i];
			if (r->origin)
				r->origin[k] = r->origin[i];
		}
		if (b->unit)
			e->unit_code[k] = b->unit[i];
		k++;
	}
	e->spans = k;
	e->persons += k;
	e->display_rows = e->spans + e->drops;
	e->exit = r->exit;
	e->entry = r->entry;
	e->origin = r->origin;
	e->status = r->state;
	e->reason = r->reason;
	r->exit = r->entry = NULL;
	r->origin = NULL;
	r->state = r->reason = NULL;
	if (e->composite) {
		e->which = r->which;
		r->which = NULL;
	}
}

static void walk_persons(struct builder *b)
{
	const struct yg_table *t = b->p->table;
	uint64_t persons = yg_dataset_persons(t->dataset);
	const uint8_t *why = b->rows->why;
	for (uint64_t p = 0; p < persons; p++) {
		size_t n = 0;
		for (uint64_t r = t->start[p]; r < t->start[p + 1]; r++) {
			if (why[r] == YG_NOT_IN_WHERE)
				continue;
			YG_GROW(b->list, n, b->list_cap);
			b->list[n++] = r;
		}
		if (!n)
			continue;
		b->e->persons++;
		if (b->p->each && !b->p->each_bound) {
			uint64_t from = b->e->spans;
			one_person(b, (uint32_t)p, b->list, n);
			for (uint64_t k = from; k < b->e->spans; k++)
				b->e->unit_code[k] = (int32_t)(b->e->row[k] - t->start[p]);
		} else {
			one_person(b, (uint32_t)p, b->list, n);
		}
	}
}

/* Sum in blocks of 4,096 spans, so that it is the same wherever it is computed. */
static double sum_of_time(const struct yg_endpoint *e)
{
	double total = 0;
	for (uint64_t from = 0; from < e->spans; from += 4096) {
		double part = 0;
		for (uint64_t i = from; i < e->spans && i < from + 4096; i++)
			part += e->exit[i] - (e->entry && e->entry[i] > 0 ? e->entry[i] : 0);
		total += part;
	}
	return total;
}

/* The last exit when all are whole numbers from 0 on, else NaN. */
static double whole_end(const struct yg_endpoint *e)
{
	double last = 0;
	bool whole = true;
	for (uint64_t i = 0; i < e->spans && whole; i++) {
		whole = e->exit[i] >= 0 && e->exit[i] < 0x1p53 && e->exit[i] == (double)(int64_t)e->exit[i];
		last = e->exit[i] > last ? e->exit[i] : last;
	}
	return whole ? last : NAN;
}

static void tally(struct yg_endpoint *e)
{
	e->state_count = yg_arena_alloc(&e->arena, (size_t)e->states + 1, sizeof *e->state_count);
	e->label_count = yg_arena_alloc(&e->arena, (size_t)e->event_labels + 1, sizeof *e->label_count);
	e->reason_count = yg_arena_alloc(&e->arena, (size_t)e->reasons + 1, sizeof *e->reason_count);
	for (uint64_t i = 0; i < e->spans; i++) {
		e->state_count[e->status[i]]++;
		if (e->status[i] == 0)
			e->reason_count[e->reason[i]]++;
		else if (e->status[i] == 1 && e->event_labels)
			e->label_count[e->which ? e->which[i] : 0]++;
	}
	e->time_at_risk = e->interval_censored ? NAN : sum_of_time(e);
	e->whole_end = whole_end(e);
}

enum yg_status yg_ep_spans(struct yg_ep_plan *p, struct yg_ep_rows *rows)
{
	struct yg_endpoint *e = p->e;
	struct builder b = { .p = p, .rows = rows, .e = e };
	uint64_t kept = 0;
	for (uint64_t r = 0; r < p->table->rows; r++)
		kept += rows->why[r] == YG_DROP_NONE;
	enum yg_status s = room(&b, kept);
	if (s == YG_OK && p->each)
		s = read_units(&b);
	if (s == YG_OK && p->table->start)
		walk_persons(&b);
	else if (s == YG_OK)
		walk_plain(&b);
	/* Rows that say the same are one person's single value, unless other persons have intervals: then they overlap. */
	if (s == YG_OK && b.several && e->collapsed && !b.differ)
		note_overlap(&b, b.twin[0], b.twin[1]);
	if (s == YG_OK && b.overlaps)
		s = refuse_overlap(&b);
	if (s == YG_OK && b.differ)
		s = refuse_several(&b);
	if (s == YG_OK) {
		sort_drops(e);
		e->grain = p->each ? YG_SPANS_EACH : p->every ? YG_SPANS_RECURRENT : b.several ? YG_SPANS_INTERVALS : YG_SPANS_ONE;
		tally(e);
	}
	yg_data_free(b.unit);
	yg_free(b.list);
	return s;
}
