/*
 * Counting follow-up at any times without a sorted order of rows: the times are parted by curve and by how they ended, each part
 * is sorted by itself, and the parts of a curve are merged.  Values alone are moved, a curve a thread.
 */
#include "stats/survival/cells_priv.h"

#include <math.h>

#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/sort.h"

#define PIECE ((size_t)65536)
#define ENDS 3u                  /* event, censored, goes on */
#define MOST_PARTS 1024u

struct split {
	const struct yg_spans *d;
	const double *time;
	unsigned ends;           /* parts of a curve: ENDS, or 1 for entries */
	size_t curves, parts, pieces;
	size_t *place;           /* [pieces * parts] rows of the piece in the part, then where the next one goes */
	size_t *start;           /* [parts + 1] */
	double *value, *spare;   /* [n] by part */
	size_t *cells;           /* [curves + 1] distinct times, then first cells */
	double *cell_time;
	uint32_t *count[ENDS];   /* by cell */
};

static inline size_t part_of(const struct split *s, size_t i)
{
	const struct yg_spans *d = s->d;
	size_t curve = yg_cells_curve(d, i);

	return s->ends == 1 ? curve : curve * ENDS + (d->event[i] ? 0 : d->continues && d->continues[i] ? 2 : 1);
}

static enum yg_status count_piece(void *context, size_t piece, unsigned worker, struct yg_err *err)
{
	struct split *s = context;
	size_t from = piece * PIECE, to = from + PIECE < s->d->n ? from + PIECE : s->d->n, *place = s->place + piece * s->parts;
	(void)worker;
	(void)err;

	for (size_t i = from; i < to; i++)
		place[part_of(s, i)]++;
	return YG_OK;
}

static enum yg_status move_piece(void *context, size_t piece, unsigned worker, struct yg_err *err)
{
	struct split *s = context;
	size_t from = piece * PIECE, to = from + PIECE < s->d->n ? from + PIECE : s->d->n, *place = s->place + piece * s->parts;
	(void)worker;
	(void)err;

	for (size_t i = from; i < to; i++)
		s->value[place[part_of(s, i)]++] = s->time[i];
	return YG_OK;
}

static enum yg_status sort_part(void *context, size_t part, unsigned worker, struct yg_err *err)
{
	struct split *s = context;
	size_t at = s->start[part];
	(void)worker;
	(void)err;

	yg_sort_values(s->value + at, s->spare + at, s->start[part + 1] - at);
	return YG_OK;
}

/* Where each piece's rows of each part go. */
static void lay_out(struct split *s)
{
	size_t at = 0;

	for (size_t k = 0; k < s->parts; k++) {
		s->start[k] = at;
		for (size_t p = 0; p < s->pieces; p++) {
			size_t here = s->place[p * s->parts + k];
			s->place[p * s->parts + k] = at;
			at += here;
		}
	}
	s->start[s->parts] = at;
}

/* The distinct times of a curve, written from cell `to` on when there are cells yet; how many. */
static size_t merge(const struct split *s, size_t curve, size_t to)
{
	const double *at[ENDS], *end[ENDS];
	size_t first = to;

	for (unsigned k = 0; k < s->ends; k++) {
		at[k] = s->value + s->start[curve * s->ends + k];
		end[k] = s->value + s->start[curve * s->ends + k + 1];
	}
	for (;; to++) {
		double t = INFINITY;
		bool any = false;
		for (unsigned k = 0; k < s->ends; k++)
			if (at[k] < end[k] && (!any || *at[k] < t)) {
				t = *at[k];
				any = true;
			}
		if (!any)
			return to - first;
		if (s->cell_time)
			s->cell_time[to] = t;
		for (unsigned k = 0; k < s->ends; k++) {
			const double *from = at[k];
			while (at[k] < end[k] && *at[k] == t)
				at[k]++;
			if (s->cell_time)
				s->count[k][to] = (uint32_t)(at[k] - from);
		}
	}
}

static enum yg_status count_curve(void *context, size_t curve, unsigned worker, struct yg_err *err)
{
	struct split *s = context;
	(void)worker;
	(void)err;

	s->cells[curve] = merge(s, curve, 0);
	return YG_OK;
}

static enum yg_status fill_curve(void *context, size_t curve, unsigned worker, struct yg_err *err)
{
	struct split *s = context;
	(void)worker;
	(void)err;

	merge(s, curve, s->cells[curve]);
	return YG_OK;
}

static enum yg_status sort_parts(struct split *s, struct yg_task *task, struct yg_err *err)
{
	size_t n = s->d->n + 1;

	s->parts = s->curves * s->ends;
	s->pieces = (s->d->n + PIECE - 1) / PIECE;
	s->place = yg_xcalloc(s->pieces * s->parts + 1, sizeof *s->place);
	s->start = yg_xcalloc(s->parts + 1, sizeof *s->start);
	s->value = yg_data_alloc(n, sizeof *s->value);
	s->spare = yg_data_alloc(n, sizeof *s->spare);
	if (!s->value || !s->spare)
		return yg_survival_no_memory(err);
	YG_TRY(yg_pool_run(task, s->pieces, count_piece, s, err));
	lay_out(s);
	YG_TRY(yg_pool_run(task, s->pieces, move_piece, s, err));
	return yg_pool_run(task, s->parts, sort_part, s, err);
}

/* The number of cells of all curves; s->cells become their first ones. */
static enum yg_status count_cells(struct split *s, size_t *first, struct yg_task *task, struct yg_err *err)
{
	s->cells = first;
	YG_TRY(yg_pool_run(task, s->curves, count_curve, s, err));
	for (size_t k = 0, at = 0; k <= s->curves; k++) {
		size_t here = k < s->curves ? first[k] : 0;
		first[k] = at;
		at += here;
	}
	return YG_OK;
}

static void release(struct split *s)
{
	yg_free(s->place);
	yg_free(s->start);
	yg_data_free(s->value);
	yg_data_free(s->spare);
}

static enum yg_status split_exits(const struct yg_spans *d, struct yg_task *task, struct yg_cells *c, struct yg_err *err)
{
	struct split s = { .d = d, .time = d->exit, .ends = ENDS, .curves = c->curves };
	enum yg_status status = sort_parts(&s, task, err);

	if (status == YG_OK)
		status = count_cells(&s, c->exit_first, task, err);
	if (status == YG_OK && !yg_cells_room_exits(c, c->exit_first[c->curves], 0))
		status = yg_survival_no_memory(err);
	s.cell_time = c->exit_time;
	s.count[0] = c->events;
	s.count[1] = c->censored;
	s.count[2] = c->moved;
	if (status == YG_OK)
		status = yg_pool_run(task, s.curves, fill_curve, &s, err);
	release(&s);
	return status;
}

static enum yg_status split_entries(const struct yg_spans *d, struct yg_task *task, struct yg_cells *c, struct yg_err *err)
{
	struct split s = { .d = d, .time = d->entry, .ends = 1, .curves = c->curves };
	enum yg_status status = sort_parts(&s, task, err);

	if (status == YG_OK)
		status = count_cells(&s, c->entry_first, task, err);
	if (status == YG_OK && !yg_cells_room_entries(c, c->entry_first[c->curves], 0))
		status = yg_survival_no_memory(err);
	s.cell_time = c->entry_time;
	s.count[0] = c->entered;
	if (status == YG_OK)
		status = yg_pool_run(task, s.curves, fill_curve, &s, err);
	release(&s);
	return status;
}

bool yg_cells_can_split(const struct yg_spans *d, size_t curves)
{
	return !d->weight && !d->repeats && curves <= MOST_PARTS / ENDS;
}

enum yg_status yg_cells_split(const struct yg_spans *d, struct yg_task *task, struct yg_cells *c, struct yg_err *err)
{
	YG_TRY(split_exits(d, task, c, err));
	return d->entry ? split_entries(d, task, c, err) : YG_OK;
}
