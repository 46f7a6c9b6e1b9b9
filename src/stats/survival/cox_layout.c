/* Sorting the rows of a Cox frame into events, blocks and slots: see cox_priv.h. */
#include <math.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/cox_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/sort.h"

#define PIECE 65536u

/* ---- events, blocks and slots ---- */

static int stratum_of(const struct yg_spans *d, size_t row)
{
	return d->stratum ? d->stratum[row] : 0;
}

#define DEAD 1u
#define STARTS 2u                 /* the first of the dead of an event */

/* What the layout knows of the rows in sorted order. */
struct layout {
	const struct yg_spans *d;
	struct yg_cox_frame *f;
	uint32_t *order;
	uint8_t *mark;                /* [n] */
	uint32_t *count;              /* [pieces] events that start in a piece; then those before it */
	uint32_t *start, *end;        /* [events] the places of an event's rows */
};

/* Events come first among equal times: one starts where the time is not that of the row before. */
static enum yg_status mark_piece(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct layout *l = context;
	const struct yg_spans *d = l->d;
	size_t from = block * PIECE, to = from + PIECE < d->n ? from + PIECE : d->n;
	uint32_t before = l->order[from ? from - 1 : 0], starts = 0;
	double time = from ? d->exit[before] : NAN;
	int stratum = stratum_of(d, before);
	(void)worker;
	(void)err;
	for (size_t i = from; i < to; i++) {
		uint32_t r = l->order[i];
		if (i + 16 < to) {
			__builtin_prefetch(d->exit + l->order[i + 16]);
			__builtin_prefetch(d->event + l->order[i + 16]);
		}
		int own = stratum_of(d, r), dead = d->event[r] != 0, first = dead && (d->exit[r] != time || own != stratum);
		l->mark[i] = (uint8_t)(dead | first << 1);
		starts += (uint32_t)first;
		time = d->exit[r];
		stratum = own;
	}
	l->count[block] = starts;
	return YG_OK;
}

static enum yg_status start_piece(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct layout *l = context;
	size_t from = block * PIECE, to = from + PIECE < l->d->n ? from + PIECE : l->d->n;
	uint32_t *start = l->start + l->count[block];
	(void)worker;
	(void)err;
	for (size_t i = from; i < to; i++)
		if (l->mark[i] & STARTS)
			*start++ = (uint32_t)i;
	return YG_OK;
}

/* The place after the last row of a stratum, between the places given. */
static uint32_t stratum_end(const struct layout *l, int stratum, uint32_t from, uint32_t to)
{
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		if (stratum_of(l->d, l->order[middle]) == stratum)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* The events: time, stratum, places of their rows.  Rows before the first event of a stratum belong to none. */
static void list_events(struct layout *l)
{
	struct yg_cox_frame *f = l->f;
	for (size_t j = 0; j < f->events; j++) {
		uint32_t r = l->order[l->start[j]], next = j + 1 < f->events ? l->start[j + 1] : (uint32_t)l->d->n;
		int stratum = stratum_of(l->d, r);
		bool last = j + 1 == f->events || stratum_of(l->d, l->order[next]) != stratum;
		f->event_time[j] = l->d->exit[r];
		f->event_stratum[j] = stratum;
		f->event[j].first = j == 0 || f->event[j - 1].last;
		f->event[j].last = last;
		l->end[j] = last ? stratum_end(l, stratum, l->start[j], next) : next;
	}
}

/* Blocks take in events until they have enough rows; counted first, then written. */
static void cut_blocks(struct layout *l)
{
	struct yg_cox_frame *f = l->f;
	size_t slots = 0, used = 0;
	f->blocks = 0;
	for (uint32_t j = 0; j < f->events; j++) {
		uint32_t rows = l->end[j] - l->start[j];
		if (f->block && !used)
			f->block[f->blocks] = (struct yg_cox_block){ .event0 = j, .slot0 = (uint32_t)slots };
		if (f->block) {
			f->event[j].row0 = (uint32_t)(slots + used);
			f->event[j].row_end = f->event[j].row0 + rows;
		}
		used += rows;
		if (used < YG_COX_BLOCK && j + 1 < f->events)
			continue;
		if (f->block) {
			struct yg_cox_block *b = &f->block[f->blocks];
			b->rows = (uint32_t)used;
			b->event_end = j + 1;
			b->slot_end = (uint32_t)(slots + (used + 7) / 8 * 8);
		}
		slots += (used + 7) / 8 * 8;
		used = 0;
		f->blocks++;
	}
	f->slots = slots;
}

static enum yg_status slot_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct layout *l = context;
	struct yg_cox_frame *f = l->f;
	const struct yg_cox_block *b = &f->block[block];
	(void)worker;
	(void)err;
	for (uint32_t j = b->event0; j < b->event_end; j++) {
		struct yg_cox_event *v = &f->event[j];
		uint32_t rows = v->row_end - v->row0, dead = 0;
		const uint32_t *order = l->order + l->start[j];
		const uint8_t *mark = l->mark + l->start[j];
		while (dead < rows && mark[dead] & DEAD)
			dead++;
		v->dead = dead;
		memcpy(f->row + v->row0, order, rows * sizeof *order);
		for (uint32_t s = v->row0; s < v->row_end; s++)
			f->event_of[s] = j;
	}
	for (uint32_t s = b->slot0 + b->rows; s < b->slot_end; s++) {
		f->row[s] = YG_COX_NONE;
		f->event_of[s] = 0;
	}
	return YG_OK;
}

/* From the events found to blocks and slots. */
static enum yg_status cut_and_place(struct layout *l, struct yg_task *task, struct yg_err *err)
{
	struct yg_cox_frame *f = l->f;
	l->start = yg_data_alloc(2 * f->events + 1, sizeof *l->start);
	l->end = l->start ? l->start + f->events : NULL;
	f->event = yg_data_calloc(f->events + 1, sizeof *f->event);
	f->event_time = yg_data_alloc(f->events + 1, sizeof(double));
	f->event_stratum = yg_data_alloc(f->events + 1, sizeof(int32_t));
	if (!l->start || !f->event || !f->event_time || !f->event_stratum)
		return yg_survival_no_memory(err);
	YG_TRY(yg_pool_run(task, (l->d->n + PIECE - 1) / PIECE, start_piece, l, err));
	list_events(l);
	cut_blocks(l);
	if (f->slots >= UINT32_MAX)
		return yg_fail(err, YG_ELIMIT, "E-LIM-010", N_("an analysis can hold at most 4,294,967,294 rows"));
	f->block = yg_data_calloc(f->blocks + 1, sizeof *f->block);
	f->row = yg_data_alloc(f->slots + 1, sizeof *f->row);
	f->event_of = yg_data_alloc(f->slots + 1, sizeof *f->event_of);
	if (!f->block || !f->row || !f->event_of)
		return yg_survival_no_memory(err);
	cut_blocks(l);
	f->parts = f->blocks < YG_COX_PARTS ? f->blocks : YG_COX_PARTS;
	return yg_pool_run(task, f->blocks, slot_block, l, err);
}

enum yg_status yg_cox_place_rows(const struct yg_spans *d, struct yg_cox_frame *f, struct yg_task *task, struct yg_err *err)
{
	size_t pieces = (d->n + PIECE - 1) / PIECE;
	struct layout l = { .d = d, .f = f, .order = yg_data_alloc(d->n + 1, sizeof *l.order), .mark = yg_data_alloc(d->n + 1, 1),
		            .count = yg_data_alloc(pieces + 1, sizeof *l.count) };
	enum yg_status s = l.order && l.mark && l.count ? YG_OK : yg_survival_no_memory(err);
	if (s == YG_OK)
		s = yg_sort_survival(d->stratum, d->stratum ? d->strata : 1, d->exit, d->event, d->n, task, l.order, err);
	if (s == YG_OK)
		s = yg_pool_run(task, pieces, mark_piece, &l, err);
	for (size_t k = 0; s == YG_OK && k < pieces; k++) {
		uint32_t starts = l.count[k];
		l.count[k] = (uint32_t)f->events;
		f->events += starts;
	}
	if (s == YG_OK)
		s = cut_and_place(&l, task, err);
	yg_data_free(l.start);
	yg_data_free(l.count);
	yg_data_free(l.mark);
	yg_data_free(l.order);
	return s;
}

/* ---- late entries ---- */

struct entries {
	size_t n;
	double *time;
	int32_t *stratum;
	uint32_t *slot, *order;
};

/* The rows that enter at or after the first event of their stratum: earlier entries are at risk from its start. */
static enum yg_status collect_entries(const struct yg_spans *d, const struct yg_cox_frame *f, struct entries *e,
                                      struct yg_err *err)
{
	double *first = yg_data_alloc(d->strata + 1, sizeof *first);
	if (!first)
		return yg_survival_no_memory(err);
	for (size_t j = 0; j < f->events; j++)
		if (f->event[j].first)
			first[f->event_stratum[j]] = f->event_time[j];
	for (int fill = 0; fill < 2; fill++) {
		if (fill) {
			e->time = yg_data_alloc(e->n + 1, sizeof *e->time);
			e->stratum = yg_data_alloc(e->n + 1, sizeof *e->stratum);
			e->slot = yg_data_alloc(e->n + 1, sizeof *e->slot);
			e->order = yg_data_alloc(e->n + 1, sizeof *e->order);
			if (!e->time || !e->stratum || !e->slot || !e->order)
				break;
		}
		e->n = 0;
		for (size_t s = 0; s < f->slots; s++) {
			uint32_t r = f->row[s];
			if (r == YG_COX_NONE || d->entry[r] < first[stratum_of(d, r)])
				continue;
			if (fill) {
				e->time[e->n] = d->entry[r];
				e->stratum[e->n] = stratum_of(d, r);
				e->slot[e->n] = (uint32_t)s;
			}
			e->n++;
		}
	}
	yg_data_free(first);
	return e->time && e->stratum && e->slot && e->order ? YG_OK : yg_survival_no_memory(err);
}

static enum yg_status place_entries(const struct yg_spans *d, struct yg_cox_frame *f, struct entries *e,
                                    struct yg_task *task,
                                    struct yg_err *err)
{
	if (!e->n)
		return YG_OK;
	YG_TRY(yg_sort_survival(d->stratum ? e->stratum : NULL, d->stratum ? d->strata : 1, e->time, NULL, e->n, task,
	                        e->order, err));
	f->entered = yg_data_calloc(f->slots + 1, sizeof *f->entered);
	f->entry_slot = yg_data_alloc(e->n + 8 * f->blocks, sizeof *f->entry_slot);
	if (!f->entered || !f->entry_slot)
		return yg_survival_no_memory(err);
	size_t at = 0, slot = 0;
	for (size_t b = 0; b < f->blocks; b++) {
		struct yg_cox_block *k = &f->block[b];
		k->entry0 = (uint32_t)slot;
		for (uint32_t j = k->event0; j < k->event_end; j++) {
			struct yg_cox_event *v = &f->event[j];
			v->entry0 = (uint32_t)slot;
			for (; at < e->n; at++, slot++) {
				size_t i = e->order[at];
				if (e->stratum[i] != f->event_stratum[j] ||
				    (!v->last && e->time[i] >= f->event_time[j + 1]))
					break;
				f->entry_slot[slot] = e->slot[i];
				f->entered[e->slot[i]] = j + 1;
			}
			v->entry_end = (uint32_t)slot;
		}
		k->entries = (uint32_t)slot - k->entry0;
		for (; slot % 8; slot++)
			f->entry_slot[slot] = YG_COX_NONE;
		k->entry_end = (uint32_t)slot;
	}
	f->entry_slots = slot;
	return YG_OK;
}

enum yg_status yg_cox_place_entries(const struct yg_spans *d, struct yg_cox_frame *f, struct yg_task *task, struct yg_err *err)
{
	struct entries e = { 0 };
	enum yg_status s = collect_entries(d, f, &e, err);
	if (s == YG_OK)
		s = place_entries(d, f, &e, task, err);
	yg_data_free(e.time);
	yg_data_free(e.stratum);
	yg_data_free(e.slot);
	yg_data_free(e.order);
	return s;
}
