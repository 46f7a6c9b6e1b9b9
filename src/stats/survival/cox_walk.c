/* The backward walk over the events of a block: see cox_priv.h. */
#include <string.h>

#include "stats/survival/cox_priv.h"
#include "yogo/base/mem.h"

int yg_cox_walk_init(struct yg_cox_walk *w, const struct yg_cox_frame *f)
{
	*w = (struct yg_cox_walk){ .f = f };
	w->s1 = yg_data_alloc((1 + YG_COX_WINDOW_SLOTS) * f->p + 1, sizeof(double));
	if (!w->s1)
		return 0;
	w->space = w->s1 + f->p;
	return 1;
}

void yg_cox_walk_release(struct yg_cox_walk *w)
{
	yg_data_free(w->s1);
	yg_data_free(w->part);
}

static double *part_of(const struct yg_cox_walk *w, uint32_t event)
{
	return w->part + (size_t)(event - w->event0) * 2 * w->f->p;
}

/* What enters at the events of the block is taken off. */
static void take_entries(struct yg_cox_walk *w, const struct yg_cox_block *b)
{
	const struct yg_cox_frame *f = w->f;
	uint32_t j = b->event0;
	for (size_t s = b->entry0, slots; s < b->entry_end; s += slots) {
		slots = yg_cox_window_slots(s, b->entry_end);
		const double *x = yg_cox_entry_window(f->store, s, slots, w->space);
		for (; j < b->event_end && f->event[j].entry0 < s + slots; j++) {
			size_t from = f->event[j].entry0 > s ? f->event[j].entry0 : s, end = f->event[j].entry_end;
			size_t to = end < s + slots ? end : s + slots;
			if (to > from)
				yg_tile_add(x, f->entry_w + s, f->p, from - s, to - s, -1, part_of(w, j));
			if (end > s + slots)
				break;
		}
	}
}

int yg_cox_walk_open(struct yg_cox_walk *w, size_t block)
{
	const struct yg_cox_frame *f = w->f;
	const struct yg_cox_block *b = &f->block[block];
	size_t size = (size_t)(b->event_end - b->event0) * 2 * f->p;
	if (size > w->room) {
		yg_data_free(w->part);
		w->room = size;
		w->part = yg_data_alloc(size, sizeof(double));
		if (!w->part)
			return 0;
	}
	w->event0 = w->at = b->event0;
	w->event_end = b->event_end;
	if (size)
		memset(w->part, 0, size * sizeof(double));
	memcpy(w->s1, f->carry + block * (1 + f->p) + 1, f->p * sizeof(double));
	if (f->entry_slot)
		take_entries(w, b);
	return 1;
}

void yg_cox_walk_take(struct yg_cox_walk *w, const double *x, size_t slot, size_t slots)
{
	const struct yg_cox_frame *f = w->f;
	size_t p = f->p, end = slot + slots;
	for (; w->at < w->event_end && f->event[w->at].row0 < end; w->at++) {
		const struct yg_cox_event *v = &f->event[w->at];
		size_t from = v->row0 > slot ? v->row0 : slot, to = v->row_end < end ? v->row_end : end;
		size_t dead = v->row0 + v->dead < end ? v->row0 + v->dead : end;
		yg_tile_add(x, f->w + slot, p, from - slot, to - slot, 1, part_of(w, w->at));
		if ((v->dead > 1 || f->repeats) && dead > from)
			yg_tile_add(x, f->w + slot, p, from - slot, dead - slot, 1, part_of(w, w->at) + p);
		if (v->row_end > end)
			break;
	}
}

int yg_cox_walk_start(struct yg_cox_walk *w, size_t block)
{
	const struct yg_cox_frame *f = w->f;
	const struct yg_cox_block *b = &f->block[block];
	if (!yg_cox_walk_open(w, block))
		return 0;
	for (size_t s = b->slot0, slots; s < b->slot_end; s += slots) {
		slots = yg_cox_window_slots(s, b->slot_end);
		yg_cox_walk_take(w, yg_cox_window(f->store, s, slots, w->space), s, slots);
	}
	return 1;
}

void yg_cox_walk_event(struct yg_cox_walk *w, uint32_t event)
{
	size_t p = w->f->p;
	double *part = part_of(w, event);
	if (w->f->event[event].last)
		memset(w->s1, 0, p * sizeof(double));
	for (size_t a = 0; a < p; a++)
		w->s1[a] += part[a];
	w->s1d = part + p;
}
