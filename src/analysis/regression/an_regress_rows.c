/*
 * Rows of a regression: part of a set as a set of its own, and who stands behind outcome and coefficients.
 */
#include <string.h>

#include "analysis/regression/an_regress_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/pool.h"
#include "yogo/num/lanes.h"

enum yg_status an_set_subset(const struct yg_set *set, const uint8_t *keep, struct yg_set **out, struct yg_err *err)
{
	struct yg_set *s = yg_xcalloc(1, sizeof *s);
	size_t n = 0, m = 0;
	for (size_t i = 0; i < set->n; i++)
		n += keep[i] != 0;
	yg_arena_init(&s->arena);
	s->column = yg_arena_alloc(&s->arena, set->columns + 1, sizeof *s->column);
	s->columns = set->columns;
	s->drop = set->drop;
	s->drops = set->drops;
	s->persons_asked = set->persons_asked;
	s->rows_asked = set->rows_asked;
	s->endpoint = set->endpoint;
	s->weight_is_probability = set->weight_is_probability;
	s->person = yg_data_alloc(n + 1, sizeof *s->person);
	s->row = yg_data_alloc(n + 1, sizeof *s->row);
	s->weight = set->weight ? yg_data_alloc(n + 1, sizeof *s->weight) : NULL;
	bool room = s->person && s->row && (!set->weight || s->weight);
	for (size_t k = 0; k < set->columns; k++) {
		const struct yg_set_column *from = &set->column[k];
		struct yg_set_column *to = &s->column[k];
		*to = *from;
		to->number = from->number ? yg_data_alloc(n + 1, sizeof *to->number) : NULL;
		to->level = from->level ? yg_data_alloc(n + 1, sizeof *to->level) : NULL;
		to->missing = from->missing ? yg_data_alloc(n + 1, 1) : NULL;
		room = room && (!from->number || to->number) && (!from->level || to->level) && (!from->missing || to->missing);
	}
	if (!room) {
		yg_set_free(s);
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while rows were chosen"));
	}
	for (size_t i = 0; i < set->n; i++) {
		if (!keep[i])
			continue;
		s->persons += m == 0 || s->person[m - 1] != set->person[i];
		s->person[m] = set->person[i];
		s->row[m] = set->row[i];
		if (s->weight)
			s->weight[m] = set->weight[i];
		for (size_t k = 0; k < set->columns; k++) {
			if (s->column[k].number)
				s->column[k].number[m] = set->column[k].number[i];
			if (s->column[k].level)
				s->column[k].level[m] = set->column[k].level[i];
			if (s->column[k].missing)
				s->column[k].missing[m] = set->column[k].missing[i];
		}
		m++;
	}
	s->n = n;
	*out = s;
	return YG_OK;
}

struct counting {
	const struct an_fit *f;
	const uint8_t *binary;           /* [p] */
	int64_t *persons, *events;       /* [blocks*p] */
};
#define COUNT_ROWS 4096u
#define COUNT_NEAR 128u

static enum yg_status count_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct counting *c = context;
	const struct an_fit *f = c->f;
	size_t p = (size_t)f->design->p, first = block * COUNT_ROWS;
	size_t rows = f->set->n - first < COUNT_ROWS ? f->set->n - first : COUNT_ROWS;
	(void)worker;
	(void)err;
	yg_packed_ones(f->design->packed, c->binary, first, rows, f->y + first, c->persons + block * p, c->events + block * p);
	return YG_OK;
}

/* Persons with several rows count once a column. */
static void count_persons(struct an_fit *f, const uint8_t *binary)
{
	size_t p = (size_t)f->design->p, n = f->set->n;
	uint32_t *last = yg_xalloc(2 * p + 1, sizeof *last);
	double *space = yg_xalloc(COUNT_NEAR * p + 1, sizeof *space), *x = space;
	memset(last, 0xff, (2 * p + 1) * sizeof *last);
	for (size_t i = 0; i < n; i++, x += p) {
		uint32_t person = f->set->person[i];
		if (i % COUNT_NEAR == 0) {
			x = space;
			yg_packed_get(f->design->packed, i, n - i < COUNT_NEAR ? n - i : COUNT_NEAR, x);
		}
		for (size_t j = 0; j < p; j++) {
			if (!binary[j] || x[j] == 0)
				continue;
			f->column_persons[j] += last[j] != person;
			last[j] = person;
			if (f->events >= 0 && f->y[i] > 0) {
				f->column_events[j] += last[p + j] != person;
				last[p + j] = person;
			}
		}
	}
	yg_free(last);
	yg_free(space);
}

/* Who stands behind each coefficient: those with the level, for a number everybody. */
enum yg_status an_count_columns(struct an_fit *f, struct yg_task *task, struct yg_err *err)
{
	size_t p = (size_t)f->design->p, n = f->set->n, blocks = (n + COUNT_ROWS - 1) / COUNT_ROWS;
	uint8_t *binary = yg_xcalloc(p + 1, 1);
	enum yg_status s = YG_OK;
	f->column_persons = yg_xcalloc(p + 1, sizeof(int64_t));
	f->column_events = yg_xcalloc(p + 1, sizeof(int64_t));
	for (size_t j = 0; j < p; j++)
		binary[j] = f->design->column[j].binary;
	if (f->set->persons == n) {
		struct counting c = { .f = f, .binary = binary, .persons = yg_xcalloc(blocks * p + 1, sizeof(int64_t)),
			              .events = yg_xcalloc(blocks * p + 1, sizeof(int64_t)) };
		s = yg_pool_run(task, blocks, count_block, &c, err);
		for (size_t b = 0; b < blocks; b++)
			for (size_t j = 0; j < p; j++) {
				f->column_persons[j] += c.persons[b * p + j];
				f->column_events[j] += f->events >= 0 ? c.events[b * p + j] : 0;
			}
		yg_free(c.persons);
		yg_free(c.events);
	} else {
		count_persons(f, binary);
	}
	for (size_t j = 0; j < p; j++)
		if (!binary[j]) {
			f->column_persons[j] = f->persons;
			f->column_events[j] = f->events > 0 ? f->events : 0;
		}
	yg_free(binary);
	return s;
}

static int64_t persons_with_event(const struct an_fit *f)
{
	uint32_t last = UINT32_MAX;
	int64_t events = 0;
	for (size_t i = 0; i < f->set->n; i++) {
		if (!(f->y[i] > 0))
			continue;
		events += last != f->set->person[i];
		last = f->set->person[i];
	}
	return events;
}

/* Sum of what is above 0 in these rows, and how many are. */
YG_CLONES static double sum_events(const double *y, const double *weight, size_t rows, int64_t *events)
{
	yg_lanes sum = { 0 };
	yg_lanes_int above = { 0 };
	size_t i = 0;
	for (; i + YG_LANES <= rows; i += YG_LANES) {
		yg_lanes v = *(const yg_lanes *)(y + i);
		yg_lanes_int one = v > 0.0, bits = *(yg_lanes_int *)&v & one;   /* -1 where true */
		yg_lanes part = *(yg_lanes *)&bits;
		above -= one;
		if (weight)
			part *= *(const yg_lanes *)(weight + i);
		sum += part;
	}
	double rest = 0;
	for (size_t j = 0; j < YG_LANES; j++)
		*events += above[j];
	for (; i < rows; i++) {
		rest += y[i] > 0 ? y[i] * (weight ? weight[i] : 1) : 0;
		*events += y[i] > 0;
	}
	return yg_lanes_sum(&sum) + rest;
}

void an_count_outcome(struct an_fit *f)
{
	const struct yg_set *s = f->set;
	bool counts = !f->is_linear && (f->options.family == YG_FAMILY_BINOMIAL || f->options.family == YG_FAMILY_POISSON ||
	                                f->options.family == YG_FAMILY_NEGATIVE_BINOMIAL);
	double total = 0;
	f->persons = (int64_t)s->persons;
	f->records = (int64_t)s->n;
	f->events = f->events_counted = -1;
	if (!counts)
		return;
	f->events = s->persons == s->n ? 0 : persons_with_event(f);
	for (size_t i = 0; i < s->n; i += COUNT_ROWS) {
		size_t rows = s->n - i < COUNT_ROWS ? s->n - i : COUNT_ROWS;
		int64_t events = 0;
		total += sum_events(f->y + i, f->frequency ? f->weight + i : NULL, rows, &events);
		f->events += s->persons == s->n ? events : 0;
	}
	f->events_counted = (int64_t)(total + 0.5);
}
