/* Building the sorted frame of a Cox model: see cox_priv.h. */
#include <math.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/cox_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/sort.h"
#include "yogo/num/sum.h"

#define PIECE 65536u
#define UNPACK 256u

const double *yg_cox_data_row(const struct yg_cox_data *d, size_t row, double *space)
{
	if (!d->packed)
		return d->x + row * d->p;
	yg_packed_get(d->packed, row, 1, space);
	return space;
}

/* ---- columns: mean, spread, constant ---- */

struct column_job {
	const struct yg_cox_data *d;
	const double *first;    /* [p] the first row */
	double *sum, *square;   /* [pieces*p] of x - first row */
	uint8_t *differs;       /* [pieces*p] */
};

YG_CLONES
static void column_piece(const double *x, size_t p, size_t rows, const double *first, double *sum, double *square,
                         uint8_t *differs)
{
	size_t a = 0;
	for (; a + 8 <= p; a += 8) {
		yg_lanes base = *(const yg_lanes *)(first + a), s = *(yg_lanes *)(sum + a),
			 q = *(yg_lanes *)(square + a);
		yg_lanes_int odd = { 0 };
		for (size_t i = 0; i < rows; i++) {
			yg_lanes v = *(const yg_lanes *)(x + i * p + a) - base;
			s += v;
			q += v * v;
			odd |= v != 0.0;
		}
		*(yg_lanes *)(sum + a) = s;
		*(yg_lanes *)(square + a) = q;
		for (size_t j = 0; j < 8; j++)
			differs[a + j] |= odd[j] != 0;
	}
	for (; a < p; a++) {
		double s = sum[a], q = square[a];
		int odd = differs[a];
		for (size_t i = 0; i < rows; i++) {
			double v = x[i * p + a] - first[a];
			s += v;
			q += v * v;
			odd |= v != 0;
		}
		sum[a] = s;
		square[a] = q;
		differs[a] = (uint8_t)odd;
	}
}

static enum yg_status column_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct column_job *job = context;
	size_t p = job->d->p, n = job->d->spans.n, from = block * PIECE, rows = n - from < PIECE ? n - from : PIECE;
	(void)worker;
	(void)err;
	double *sum = job->sum + block * p, *square = job->square + block * p;
	uint8_t *differs = job->differs + block * p;
	if (!job->d->packed) {
		column_piece(job->d->x + from * p, p, rows, job->first, sum, square, differs);
		return YG_OK;
	}
	double *x = yg_xalloc(UNPACK * p + 1, sizeof *x);
	for (size_t i = 0; i < rows; i += UNPACK) {
		size_t some = rows - i < UNPACK ? rows - i : UNPACK;
		yg_packed_get(job->d->packed, from + i, some, x);
		column_piece(x, p, some, job->first, sum, square, differs);
	}
	yg_free(x);
	return YG_OK;
}

static enum yg_status scale_columns(const struct yg_cox_data *d, struct yg_cox_frame *f, struct yg_task *task,
                                    struct yg_err *err)
{
	size_t n = d->spans.n, p = d->p, pieces = (n + PIECE - 1) / PIECE;
	f->centre = yg_data_calloc(3 * p + 1, sizeof(double));
	f->constant = yg_data_calloc(p + 1, 1);
	double *space = yg_xcalloc(p + 1, sizeof *space);
	struct column_job job = { d, n && p ? yg_cox_data_row(d, 0, space) : space, yg_data_calloc(pieces * p + 1, sizeof(double)),
	                         yg_data_calloc(pieces * p + 1, sizeof(double)), yg_data_calloc(pieces * p + 1, 1) };
	enum yg_status s = f->centre && f->constant && job.sum && job.square && job.differs ? YG_OK : yg_survival_no_memory(err);
	if (s == YG_OK && p)
		s = yg_pool_run(task, pieces, column_block, &job, err);
	if (s == YG_OK) {
		f->scale = f->centre + p;
		f->death_x = f->centre + 2 * p;
		for (size_t a = 0; a < p; a++) {
			double sum = 0, square = 0;
			int differs = 0;
			for (size_t k = 0; k < pieces; k++) {
				sum += job.sum[k * p + a];
				square += job.square[k * p + a];
				differs |= job.differs[k * p + a];
			}
			double mean = n ? sum / (double)n : 0, spread = n ? square / (double)n - mean * mean : 0;
			f->centre[a] = (n ? job.first[a] : 0) + mean;
			f->scale[a] = differs && spread > 0 ? sqrt(spread) : 1;
			f->constant[a] = !differs;
		}
	}
	yg_data_free(job.sum);
	yg_data_free(job.square);
	yg_data_free(job.differs);
	yg_free(space);
	return s;
}

/* ---- events, blocks and slots ---- */

static int stratum_of(const struct yg_spans *d, size_t row)
{
	return d->stratum ? d->stratum[row] : 0;
}

/* What the layout reads of each row, in sorted order: it passes twice, and must not jump about in memory then. */
struct in_order {
	const struct yg_spans *d;
	const uint32_t *order;
	double *exit;
	uint8_t *event;
	int32_t *stratum;                     /* NULL = one */
};

static enum yg_status gather_piece(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct in_order *o = context;
	size_t from = block * PIECE, to = from + PIECE < o->d->n ? from + PIECE : o->d->n;
	(void)worker;
	(void)err;
	for (size_t i = from; i < to; i++) {
		size_t r = o->order[i];
		o->exit[i] = o->d->exit[r];
		o->event[i] = o->d->event[r] != 0;
		if (o->stratum)
			o->stratum[i] = o->d->stratum[r];
	}
	return YG_OK;
}

static enum yg_status gather_in_order(struct in_order *o, struct yg_task *task, struct yg_err *err)
{
	size_t n = o->d->n;
	o->exit = yg_data_alloc(n + 1, sizeof *o->exit);
	o->event = yg_data_alloc(n + 1, 1);
	o->stratum = o->d->stratum ? yg_data_alloc(n + 1, sizeof *o->stratum) : NULL;
	if (!o->exit || !o->event || (o->d->stratum && !o->stratum))
		return yg_survival_no_memory(err);
	return yg_pool_run(task, (n + PIECE - 1) / PIECE, gather_piece, o, err);
}

/* First pass over the sorted rows: sizes only (fill false); second: everything. */
struct layout {
	const struct in_order *rows;
	struct yg_cox_frame *f;
	int fill;
	size_t slots, events, blocks, used;   /* used: rows in the open block */
};

static void close_block(struct layout *l)
{
	size_t pad = (8 - l->used % 8) % 8;
	if (l->fill) {
		struct yg_cox_block *b = &l->f->block[l->blocks];
		b->rows = (uint32_t)l->used;
		b->event_end = (uint32_t)l->events;
		b->slot_end = (uint32_t)(l->slots + pad);
		for (size_t i = 0; i < pad; i++)
			l->f->row[l->slots + i] = YG_COX_NONE;
		for (uint32_t j = b->event0; j < b->event_end; j++) /* ranges end with their block or the next event */
			l->f->event[j].row_end = j + 1 < b->event_end ? l->f->event[j + 1].row0 : (uint32_t)l->slots;
	}
	l->slots += pad;
	l->blocks++;
	l->used = 0;
}

static void open_event(struct layout *l, size_t place, int first)
{
	if (l->used >= YG_COX_BLOCK)
		close_block(l);
	if (l->fill) {
		if (!l->used)
			l->f->block[l->blocks] = (struct yg_cox_block){ .event0 = (uint32_t)l->events,
			                                               .slot0 = (uint32_t)l->slots };
		l->f->event[l->events] = (struct yg_cox_event){ .row0 = (uint32_t)l->slots, .first = (unsigned)first & 1 };
		l->f->event_time[l->events] = l->rows->exit[place];
		l->f->event_stratum[l->events] = l->rows->stratum ? l->rows->stratum[place] : 0;
		if (first && l->events)
			l->f->event[l->events - 1].last = 1;
	}
	l->events++;
}

static void lay_out(struct layout *l)
{
	const struct in_order *o = l->rows;
	int32_t present = 0;
	int started = 0;
	double last_event = 0;
	l->slots = l->events = l->blocks = l->used = 0;
	for (size_t i = 0; i < o->d->n; i++) {
		int32_t stratum = o->stratum ? o->stratum[i] : 0;
		if (i == 0 || stratum != present) {
			present = stratum;
			started = 0;
		}
		if (o->event[i] && (!started || o->exit[i] != last_event)) {
			open_event(l, i, !started);
			started = 1;
			last_event = o->exit[i];
		}
		if (!started)
			continue;
		if (l->fill) {
			l->f->row[l->slots] = o->order[i];
			l->f->event_of[l->slots] = (uint32_t)l->events - 1;
			l->f->event[l->events - 1].dead += o->event[i];
		}
		l->slots++;
		l->used++;
	}
	if (l->used)
		close_block(l);
	if (l->fill && l->events)
		l->f->event[l->events - 1].last = 1;
}

static enum yg_status place_rows(const struct yg_spans *d, struct yg_cox_frame *f, struct yg_task *task, struct yg_err *err)
{
	uint32_t *order = yg_data_alloc(d->n + 1, sizeof *order);
	if (!order)
		return yg_survival_no_memory(err);
	enum yg_status s = yg_sort_survival(d->stratum, d->stratum ? d->strata : 1, d->exit, d->event, d->n, task,
	                                    order, err);
	struct in_order rows = { .d = d, .order = order };
	if (s == YG_OK)
		s = gather_in_order(&rows, task, err);
	if (s == YG_OK) {
		struct layout l = { .rows = &rows, .f = f };
		lay_out(&l);
		f->slots = l.slots;
		f->events = l.events;
		f->blocks = l.blocks;
		if (l.slots >= UINT32_MAX)
			s = yg_fail(err, YG_ELIMIT, "E-LIM-010", N_("an analysis can hold at most 4,294,967,294 rows"));
		f->block = yg_data_calloc(l.blocks + 1, sizeof *f->block);
		f->event = yg_data_calloc(l.events + 1, sizeof *f->event);
		f->event_time = yg_data_alloc(l.events + 1, sizeof(double));
		f->event_stratum = yg_data_alloc(l.events + 1, sizeof(int32_t));
		f->row = yg_data_alloc(l.slots + 1, sizeof *f->row);
		f->event_of = yg_data_calloc(l.slots + 1, sizeof *f->event_of);
		if (s == YG_OK && (!f->block || !f->event || !f->event_time || !f->event_stratum || !f->row ||
		                   !f->event_of))
			s = yg_survival_no_memory(err);
		if (s == YG_OK) {
			l.fill = 1;
			lay_out(&l);
		}
	}
	f->parts = f->blocks < YG_COX_PARTS ? f->blocks : YG_COX_PARTS;
	yg_data_free(rows.exit);
	yg_data_free(rows.event);
	yg_data_free(rows.stratum);
	yg_data_free(order);
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

/* ---- values in slot order ---- */

struct fill_job {
	const struct yg_cox_data *d;
	struct yg_cox_frame *f;
};

/* space: [2p], the inverse scales first. */
static void tile_row(const struct yg_cox_data *d, const struct yg_cox_frame *f, double *space, size_t slot, uint32_t row,
                     double *tiles)
{
	double *column = tiles + slot / 8 * d->p * 8 + slot % 8;
	const double *inverse = space, *x = row == YG_COX_NONE ? NULL : yg_cox_data_row(d, row, space + d->p);
	for (size_t a = 0; a < d->p; a++)
		column[8 * a] = x ? (x[a] - f->centre[a]) * inverse[a] : 0;
}

static enum yg_status fill_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct fill_job *job = context;
	struct yg_cox_frame *f = job->f;
	const struct yg_cox_data *d = job->d;
	const struct yg_cox_block *b = &f->block[block];
	double *inverse = yg_xalloc(2 * d->p + 1, sizeof *inverse);
	const char *rows = d->packed ? (const char *)d->packed->row : (const char *)d->x;
	size_t stride = d->packed ? d->packed->stride : d->p * sizeof *d->x;
	(void)worker;
	(void)err;
	for (size_t a = 0; a < d->p; a++)
		inverse[a] = 1 / f->scale[a];
	for (size_t s = b->slot0; s < b->slot_end; s++) {
		uint32_t r = f->row[s];
		if (s + 16 < b->slot_end && f->row[s + 16] != YG_COX_NONE)
			__builtin_prefetch(rows + (size_t)f->row[s + 16] * stride);
		tile_row(d, f, inverse, s, r, f->x);
		if (f->weight)
			f->weight[s] = r == YG_COX_NONE ? 0 : d->spans.weight[r];
		if (f->offset)
			f->offset[s] = r == YG_COX_NONE ? 0 : d->offset[r] - f->offset_mean;
	}
	for (size_t s = b->entry0; f->entry_slot && s < b->entry_end; s++)
		tile_row(d, f, inverse, s, f->entry_slot[s] == YG_COX_NONE ? YG_COX_NONE : f->row[f->entry_slot[s]],
		         f->entry_x);
	yg_free(inverse);
	return YG_OK;
}

/* Weighted sums over the dead, which no iteration changes: by block, added in order. */
static enum yg_status sum_deaths(struct yg_cox_frame *f, struct yg_err *err)
{
	size_t width = f->p + 1;
	if (!f->events)
		return YG_OK;
	double *part = yg_data_calloc(f->blocks * width + 1, sizeof *part);
	if (!part)
		return yg_survival_no_memory(err);
	for (size_t b = 0; b < f->blocks; b++)
		for (uint32_t j = f->block[b].event0; j < f->block[b].event_end; j++)
			for (uint32_t s = f->event[j].row0; s < f->event[j].row0 + f->event[j].dead; s++) {
				double w = f->weight ? f->weight[s] : 1;
				const double *column = f->x + s / 8 * f->p * 8 + s % 8;
				for (size_t a = 0; a < f->p; a++)
					part[b * width + a] += w * column[8 * a];
				if (f->offset)
					part[b * width + f->p] += w * f->offset[s];
			}
	yg_sum_tree(part, f->blocks, width);
	memcpy(f->death_x, part, f->p * sizeof *part);
	f->death_offset = part[f->p];
	yg_data_free(part);
	return YG_OK;
}

static enum yg_status allocate_values(const struct yg_cox_data *d, struct yg_cox_frame *f, struct yg_err *err)
{
	size_t p = d->p, m = f->events;
	int ok = 1;
#define NEED(what, count) ok = ok && ((f->what) = yg_data_alloc((count) + 1, sizeof *(f->what))) != NULL
	NEED(x, f->slots * p);
	NEED(w, f->slots);
	NEED(beta, p);
	NEED(carry, f->blocks * (1 + p));
	NEED(a, m);
	NEED(b, m);
	NEED(c0, m);
	NEED(c1, m);
	NEED(c2, m);
	NEED(hazard, m);
	if (f->entry_slot) {
		NEED(entry_x, f->entry_slots * p);
		NEED(entry_w, f->entry_slots);
	}
	if (d->spans.weight)
		NEED(weight, f->slots);
	if (d->offset)
		NEED(offset, f->slots);
#undef NEED
	return ok ? YG_OK : yg_survival_no_memory(err);
}

static enum yg_status build(const struct yg_cox_data *d, struct yg_task *task, struct yg_cox_frame *out, struct yg_err *err)
{
	struct yg_cox_frame f = { .p = d->p, .rows = d->spans.n, .repeats = d->repeats };
	struct entries e = { 0 };
	struct yg_spans spans = d->spans;
	if (!spans.stratum)
		spans.strata = 1;
	for (size_t i = 0; i < spans.n; i++)
		f.dead_rows += spans.event[i] != 0;
	if (d->offset && spans.n)
		f.offset_mean = yg_sum(d->offset, spans.n) / (double)spans.n;
	enum yg_status s = scale_columns(d, &f, task, err);
	if (s == YG_OK)
		s = place_rows(&spans, &f, task, err);
	if (s == YG_OK && spans.entry)
		s = collect_entries(&spans, &f, &e, err);
	if (s == YG_OK && spans.entry)
		s = place_entries(&spans, &f, &e, task, err);
	yg_data_free(e.time);
	yg_data_free(e.stratum);
	yg_data_free(e.slot);
	yg_data_free(e.order);
	if (s == YG_OK)
		s = allocate_values(d, &f, err);
	if (s == YG_OK) {
		struct fill_job job = { d, &f };
		s = yg_pool_run(task, f.blocks, fill_block, &job, err);
	}
	if (s == YG_OK)
		s = sum_deaths(&f, err);
	if (s == YG_OK && yg_task_cancelled(task))
		s = YG_CANCELLED;
	if (s == YG_OK)
		*out = f;
	else
		yg_cox_frame_release(&f);
	return s;
}

/* ---- frames kept for the next call ---- */

struct yg_cox_sorted {
	struct yg_cox_data of;         /* the data of the frame */
	bool there;                    /* there is one */
	struct yg_cox_frame frame;
};

struct yg_cox_sorted *yg_cox_sorted_new(void)
{
	return yg_xcalloc(1, sizeof(struct yg_cox_sorted));
}

void yg_cox_sorted_free(struct yg_cox_sorted *sorted)
{
	if (!sorted)
		return;
	sorted->frame.borrowed = false;
	yg_cox_frame_release(&sorted->frame);
	yg_free(sorted);
}

static bool same_data(const struct yg_cox_data *a, const struct yg_cox_data *b)
{
	return a->x == b->x && a->packed == b->packed && a->p == b->p && a->offset == b->offset && a->repeats == b->repeats && a->spans.n == b->spans.n &&
	       a->spans.entry == b->spans.entry && a->spans.exit == b->spans.exit && a->spans.event == b->spans.event &&
	       a->spans.stratum == b->spans.stratum && a->spans.weight == b->spans.weight;
}

enum yg_status yg_cox_frame_build(const struct yg_cox_data *d, struct yg_task *task, struct yg_cox_frame *out,
                                  struct yg_err *err)
{
	struct yg_cox_sorted *sorted = d->sorted;
	if (!sorted || (sorted->there && !same_data(&sorted->of, d)))
		return build(d, task, out, err);
	if (!sorted->there) {
		YG_TRY(build(d, task, &sorted->frame, err));
		sorted->of = *d;
		sorted->there = true;
		sorted->frame.borrowed = true;
	}
	*out = sorted->frame;
	return YG_OK;
}

void yg_cox_frame_release(struct yg_cox_frame *f)
{
	if (f->borrowed) {
		memset(f, 0, sizeof *f);
		return;
	}
	void *all[] = { f->block, f->event, f->event_time, f->event_stratum, f->row, f->event_of, f->entered, f->entry_slot,
		        f->weight, f->offset, f->x, f->entry_x, f->centre, f->constant, f->beta, f->w, f->entry_w, f->carry, f->a, f->b,
		        f->c0, f->c1, f->c2, f->hazard };
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		yg_data_free(all[i]);
	memset(f, 0, sizeof *f);
}
