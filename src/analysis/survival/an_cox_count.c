/* The persons and events behind each parameter of a Cox model, which decide what may be shown of it. */
#include <string.h>

#include "an_surv_priv.h"

#include "yogo/base/pool.h"

#define COUNT_ROWS 16384u

struct counting {
	const struct an_cox_fit *f;
	const uint8_t *binary;       /* [p] columns of 0 and 1; behind the others stand all */
	int64_t *persons, *events;   /* [blocks*p] */
};

static enum yg_status count_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct counting *c = context;
	const struct an_cox_fit *f = c->f;
	size_t p = f->data.p, first = block * COUNT_ROWS, n = f->data.spans.n, rows = n - first < COUNT_ROWS ? n - first : COUNT_ROWS;
	double *event = yg_xalloc(rows, sizeof *event);
	(void)worker;
	(void)err;
	for (size_t i = 0; i < rows; i++)
		event[i] = f->data.spans.event[first + i] != 0;
	yg_packed_ones(f->data.packed, c->binary, first, rows, event, c->persons + block * p, c->events + block * p);
	yg_free(event);
	return YG_OK;
}

/* Every row is a person. */
static enum yg_status count_rows(struct an_cox_fit *f, const uint8_t *binary, struct yg_task *task, struct yg_err *err)
{
	size_t p = f->data.p, blocks = (f->s->set->n + COUNT_ROWS - 1) / COUNT_ROWS;
	struct counting c = { f, binary, yg_xcalloc(2 * blocks * p + 1, sizeof(int64_t)), NULL };
	c.events = c.persons + blocks * p;
	enum yg_status s = yg_pool_run(task, blocks, count_block, &c, err);
	for (size_t b = 0; b < blocks; b++)
		for (size_t j = 0; j < p; j++) {
			f->persons[j] += c.persons[b * p + j];
			f->events[j] += c.events[b * p + j];
		}
	yg_free(c.persons);
	return s;
}

/* A person's rows stand together. */
static void count_persons(struct an_cox_fit *f)
{
	const struct yg_set *s = f->s->set;
	size_t p = f->data.p;
	uint32_t *last = yg_xalloc(2 * p + 1, sizeof *last);
	double *space = yg_xalloc(p + 1, sizeof *space);
	memset(last, 0xff, (2 * p + 1) * sizeof *last);
	for (size_t i = 0; i < s->n; i++) {
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

enum yg_status an_cox_count(struct an_cox_fit *f, struct yg_task *task, struct yg_arena *arena, struct yg_err *err)
{
	const struct yg_set *s = f->s->set;
	size_t p = f->data.p;
	uint8_t *binary = yg_arena_alloc(arena, p + 1, 1);
	f->persons = yg_arena_alloc(arena, 2 * f->fit.p + 1, sizeof(int64_t));
	f->events = f->persons + f->fit.p;
	for (size_t j = 0; j < p; j++)
		binary[j] = f->design->column[j].binary;
	if (s->persons == s->n)
		YG_TRY(count_rows(f, binary, task, err));
	else
		count_persons(f);
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
