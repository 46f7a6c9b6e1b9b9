/* The persons and events behind each parameter of a Cox model, which decide what may be shown of it. */
#include <string.h>

#include "an_surv_priv.h"

#include "yogo/base/pool.h"

#define COUNT_ROWS 16384u

struct counting {
	const struct an_cox_fit *f;
	const size_t *column;        /* [columns] those of 0 and 1; behind the others stand all */
	size_t columns;
	int64_t *persons, *events;   /* [blocks*p] */
};

static enum yg_status count_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct counting *c = context;
	const struct an_cox_fit *f = c->f;
	size_t p = f->data.p, first = block * COUNT_ROWS, n = f->data.spans.n, end = first + COUNT_ROWS < n ? first + COUNT_ROWS : n;
	int64_t *persons = c->persons + block * p, *events = c->events + block * p;
	(void)worker;
	(void)err;
	double *space = yg_xalloc(p + 1, sizeof *space);
	for (size_t i = first; i < end; i++) {
		const double *x = yg_cox_data_row(&f->data, i, space);
		int64_t event = f->data.spans.event[i] != 0;
		for (size_t k = 0; k < c->columns; k++) {
			int64_t has = x[c->column[k]] != 0;
			persons[c->column[k]] += has;
			events[c->column[k]] += has & event;
		}
	}
	yg_free(space);
	return YG_OK;
}

enum yg_status an_cox_count(struct an_cox_fit *f, struct yg_task *task, struct yg_arena *arena, struct yg_err *err)
{
	const struct yg_set *s = f->s->set;
	size_t p = f->data.p, n = s->n, blocks = (n + COUNT_ROWS - 1) / COUNT_ROWS;
	f->persons = yg_arena_alloc(arena, 2 * f->fit.p + 1, sizeof(int64_t));
	f->events = f->persons + f->fit.p;
	size_t *column = yg_arena_alloc(arena, p + 1, sizeof *column), columns = 0;
	for (size_t j = 0; j < p; j++)
		if (f->design->column[j].binary)
			column[columns++] = j;
	if (s->persons == n) {
		struct counting c = { f, column, columns, yg_xcalloc(blocks * p + 1, sizeof(int64_t)),
			              yg_xcalloc(blocks * p + 1, sizeof(int64_t)) };
		enum yg_status status = yg_pool_run(task, blocks, count_block, &c, err);
		for (size_t b = 0; b < blocks; b++)
			for (size_t j = 0; j < p; j++) {
				f->persons[j] += c.persons[b * p + j];
				f->events[j] += c.events[b * p + j];
			}
		yg_free(c.persons);
		yg_free(c.events);
		YG_TRY(status);
	} else {
		uint32_t *last = yg_xalloc(2 * p + 1, sizeof *last);
		memset(last, 0xff, (2 * p + 1) * sizeof *last);
		double *space = yg_xalloc(p + 1, sizeof *space);
		for (size_t i = 0; i < n; i++) {
			const double *x = yg_cox_data_row(&f->data, i, space);
			for (size_t j = 0; j < p; j++) {
				if (x[j] == 0)
					continue;
				f->persons[j] += last[j] != s->person[i];
				last[j] = s->person[i];
				if (f->s->event[i]) {
					f->events[j] += last[p + j] != s->person[i];
					last[p + j] = s->person[i];
				}
			}
		}
		yg_free(space);
		yg_free(last);
	}
	for (size_t j = 0; j < p; j++)
		if (!f->design->column[j].binary) {
			f->persons[j] = (int64_t)s->persons;
			f->events[j] = (int64_t)f->s->event_persons;
		}
	for (size_t k = 0; k < f->data.movings; k++) {
		f->persons[p + k] = f->persons[f->data.moving[k].column];
		f->events[p + k] = f->events[f->data.moving[k].column];
	}
	return YG_OK;
}
