/*
 * The backward walk over the events of a block: see cox_priv.h.
 *
 * Where events are short, adding a few slots of a tile to a sum costs more than the sum: then the window is turned into
 * rows first, one of w x a slot.
 */
#include <string.h>

#include "stats/survival/cox_priv.h"
#include "yogo/base/mem.h"

#define SHORT 16u             /* slots an event, on average, below which rows are made */

int yg_cox_walk_init(struct yg_cox_walk *w, const struct yg_cox_frame *f)
{
	size_t stride = yg_tile_stride(f->p), views = f->entry_slot ? 2 : 1, one = YG_COX_WINDOW_SLOTS * (f->p + stride);
	*w = (struct yg_cox_walk){ .f = f, .stride = stride, .s1 = yg_data_calloc(2 * stride + views * one + 1, sizeof(double)) };
	if (!w->s1)
		return 0;
	w->s1d = w->s1 + stride;
	w->rows.space = w->s1d + stride;
	w->rows.turned = w->rows.space + YG_COX_WINDOW_SLOTS * f->p;
	w->entries.space = w->rows.space + (views - 1) * one;
	w->entries.turned = w->rows.turned + (views - 1) * one;
	return 1;
}

void yg_cox_walk_release(struct yg_cox_walk *w)
{
	yg_data_free(w->s1);
}

void yg_cox_walk_open(struct yg_cox_walk *w, size_t block)
{
	const struct yg_cox_frame *f = w->f;
	w->block = &f->block[block];
	w->next = w->block->event_end;
	w->rows.slot = w->block->slot_end;
	w->rows.slots = w->entries.slots = 0;
	w->entries.slot = w->block->entry_end;
	memcpy(w->s1, f->carry + block * (1 + f->p) + 1, f->p * sizeof(double));
}

static void look_at(struct yg_cox_walk *w, struct yg_cox_view *v, const double *x, const double *weight, size_t slot, size_t slots,
                    bool turn)
{
	*v = (struct yg_cox_view){ .x = x, .weight = weight + slot, .slot = slot, .slots = slots, .turn = turn, .space = v->space,
		                   .turned = v->turned };
	if (turn)
		yg_tile_turn(x, v->weight, w->f->p, slots / 8, v->turned);
}

void yg_cox_walk_window(struct yg_cox_walk *w, const double *x, size_t slot, size_t slots)
{
	const struct yg_cox_frame *f = w->f;
	uint32_t last = w->next - 1, first = f->event_of[slot];
	look_at(w, &w->rows, x, f->w, slot, slots, (size_t)(last - first + 1) * SHORT > slots);
}

/* out += sign * sum over the slots [from, to), which are in view. */
static void view_add(const struct yg_cox_walk *w, const struct yg_cox_view *v, size_t from, size_t to, double sign, double *out)
{
	if (v->turn && to - from < 2 * SHORT)
		yg_turned_add(v->turned + (from - v->slot) * w->stride, w->stride, to - from, sign, out);
	else
		yg_tile_add(v->x, v->weight, w->f->p, from - v->slot, to - v->slot, sign, out);
}

/* What enters at an event is taken off. */
static void take_entries(struct yg_cox_walk *w, const struct yg_cox_event *event)
{
	const struct yg_cox_block *b = w->block;
	struct yg_cox_view *v = &w->entries;
	for (size_t to = event->entry_end; to > event->entry0; ) {
		if (to <= v->slot) {
			size_t slot = b->entry0 + (to - 1 - b->entry0) / YG_COX_WINDOW_SLOTS * YG_COX_WINDOW_SLOTS;
			size_t slots = yg_cox_window_slots(slot, b->entry_end);
			look_at(w, v, yg_cox_entry_window(w->f->store, slot, slots, v->space), w->f->entry_w, slot, slots,
			        (size_t)(b->event_end - b->event0) * SHORT > b->entries);
		}
		size_t from = event->entry0 > v->slot ? event->entry0 : v->slot;
		view_add(w, v, from, to, -1, w->s1);
		to = from;
	}
}

bool yg_cox_walk_next(struct yg_cox_walk *w)
{
	const struct yg_cox_frame *f = w->f;
	const struct yg_cox_view *view = &w->rows;
	if (w->next == w->block->event0 || f->event[w->next - 1].row_end <= view->slot)
		return false;
	const struct yg_cox_event *v = &f->event[w->next - 1];
	size_t window_end = view->slot + view->slots, from = v->row0 > view->slot ? v->row0 : view->slot;
	size_t to = v->row_end < window_end ? v->row_end : window_end, dead = v->row0 + v->dead < to ? v->row0 + v->dead : to;
	if (v->row_end <= window_end) {        /* its last rows come first */
		if (v->last)
			memset(w->s1, 0, w->stride * sizeof(double));
		memset(w->s1d, 0, w->stride * sizeof(double));
	}
	view_add(w, view, from, to, 1, w->s1);
	if ((v->dead > 1 || f->repeats) && dead > from)
		view_add(w, view, from, dead, 1, w->s1d);
	if (v->row0 < view->slot)
		return false;
	take_entries(w, v);
	w->event = --w->next;
	return true;
}

bool yg_cox_walk_back(struct yg_cox_walk *w)
{
	const struct yg_cox_block *b = w->block;
	while (w->next > b->event0) {
		if (w->rows.slots && yg_cox_walk_next(w))
			return true;
		if (w->rows.slot == b->slot0)
			break;
		size_t slot = b->slot0 + (w->rows.slot - 1 - b->slot0) / YG_COX_WINDOW_SLOTS * YG_COX_WINDOW_SLOTS;
		size_t slots = yg_cox_window_slots(slot, b->slot_end);
		yg_cox_walk_window(w, yg_cox_window(w->f->store, slot, slots, w->rows.space), slot, slots);
	}
	return false;
}
