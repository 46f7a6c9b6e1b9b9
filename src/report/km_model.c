/* From the points of a step figure to corners of curves, scales, and numbers at risk at the ticks. */
#include <math.h>
#include <string.h>

#include "report/km_priv.h"
#include "report/report_priv.h"
#include "yogo/base/phrase.h"

static bool is_rising(const struct yg_figure *f)
{
	int up = 0, down = 0;
	for (int i = 0; i < f->series_count; i++) {
		const struct yg_series *s = &f->series[i];
		if (!s->points)
			continue;
		double first = s->point[0].y, last = s->point[s->points - 1].y;
		if (last > first)
			up++;
		else if (last < first)
			down++;
		else if (first < 0.5)
			up++;
	}
	return up > down;
}

/* Where a curve begins: among states one begins at 1 and the others at 0, whatever most of them do. */
static double begin(const struct yg_km_model *m, const struct yg_series *s)
{
	const struct yg_point *first = s->points ? &s->point[0] : NULL;
	bool told = first && first->x == 0 && (first->y == 0 || first->y == 1) && first->events.state == YG_CELL_SHOWN &&
	            first->events.value.integer == 0;
	return told ? first->y : m->rising ? 0 : 1;
}

/* Level to the new time, then plumb to the new value. */
static void corners(struct yg_km_model *m, struct yg_curve *c, const struct yg_series *s)
{
	size_t most = 2 * s->points + 2;
	double y = begin(m, s);
	c->x = yg_arena_alloc(&m->arena, most, sizeof *c->x);
	c->y = yg_arena_alloc(&m->arena, most, sizeof *c->y);
	c->mark_x = yg_arena_alloc(&m->arena, most, sizeof *c->mark_x);
	c->mark_y = yg_arena_alloc(&m->arena, most, sizeof *c->mark_y);
	c->x[c->n] = 0;
	c->y[c->n++] = y;
	for (size_t k = 0; k < s->points; k++) {
		const struct yg_point *p = &s->point[k];
		if (!isfinite(p->x))
			continue;
		double next = isfinite(p->y) ? p->y : y;
		if (next != y || k + 1 == s->points) {
			if (p->x != c->x[c->n - 1]) {
				c->x[c->n] = p->x;
				c->y[c->n++] = y;
			}
			if (next != y) {
				c->x[c->n] = p->x;
				c->y[c->n++] = next;
			}
		}
		y = next;
		if (p->censored.state == YG_CELL_SHOWN && p->censored.value.integer > 0) {
			c->mark_x[c->marks] = p->x;
			c->mark_y[c->marks++] = y;
		}
	}
}

static void band(struct yg_km_model *m, struct yg_curve *c, const struct yg_series *s)
{
	size_t most = 2 * s->points + 2;
	double start = m->rising ? 0 : 1, low = start, high = start;
	bool any = false;
	for (size_t k = 0; k < s->points; k++)
		any = any || isfinite(s->point[k].lower);
	if (!any)
		return;
	c->band_x = yg_arena_alloc(&m->arena, most, sizeof *c->band_x);
	c->low = yg_arena_alloc(&m->arena, most, sizeof *c->low);
	c->high = yg_arena_alloc(&m->arena, most, sizeof *c->high);
	for (size_t k = 0; k < s->points; k++) {
		const struct yg_point *p = &s->point[k];
		double l = isfinite(p->lower) && isfinite(p->upper) ? p->lower : NAN;
		c->band_x[c->bands] = p->x;
		c->low[c->bands] = low;
		c->high[c->bands++] = high;
		if (l == low && p->upper == high)
			continue;
		low = l;
		high = isnan(l) ? NAN : p->upper;
		c->band_x[c->bands] = p->x;
		c->low[c->bands] = low;
		c->high[c->bands++] = high;
	}
}

static struct yg_cell nothing_left(const struct yg_figure *f, const struct yg_series *s)
{
	struct yg_cell c = { .state = YG_CELL_HIDDEN, .role = YG_ROLE_PERSONS, .decimals = -1 };
	if (f->grouped || !s->points)
		return c;
	const struct yg_point *p = &s->point[s->points - 1];
	if (p->at_risk.state != YG_CELL_SHOWN)
		return c;
	int64_t left = p->at_risk.value.integer;
	left -= p->events.state == YG_CELL_SHOWN ? p->events.value.integer : 0;
	left -= p->censored.state == YG_CELL_SHOWN ? p->censored.value.integer : 0;
	c.state = YG_CELL_SHOWN;
	c.value = (struct yg_value){ .kind = YG_VALUE_INTEGER, .integer = left > 0 ? left : 0 };
	return c;
}

static void numbers_at(struct yg_km_model *m, const struct yg_figure *f, int curve, int time)
{
	const struct yg_series *s = &f->series[curve];
	struct yg_cell *risk = &m->at_risk[curve * m->times + time], *events = &m->events[curve * m->times + time];
	double t = m->time[time];
	int64_t sum = 0;
	bool found = false, known = true;
	*events = (struct yg_cell){ .state = YG_CELL_HIDDEN, .role = YG_ROLE_EVENTS, .decimals = -1 };
	for (size_t k = 0; k < s->points; k++) {
		const struct yg_point *p = &s->point[k];
		if (!found && p->x >= t) {
			*risk = p->at_risk;
			found = true;
		}
		if (p->x > t)
			break;
		if (p->events.state == YG_CELL_SHOWN || p->events.state == YG_CELL_ROUNDED)
			sum += p->events.value.integer;
		else if (p->events.state != YG_CELL_EMPTY)
			known = false;
	}
	if (!found)
		*risk = nothing_left(f, s);
	if (known) {
		events->state = YG_CELL_SHOWN;
		events->value = (struct yg_value){ .kind = YG_VALUE_INTEGER, .integer = sum };
	}
	if (risk->state == YG_CELL_SHOWN || risk->state == YG_CELL_ROUNDED)
		m->any_risk = true;
}

static void scales(struct yg_km_model *m, const struct yg_figure *f, int most_ticks)
{
	double last = 0, top = 0;
	for (int i = 0; i < m->curves; i++) {
		const struct yg_curve *c = &m->curve[i];
		last = c->x[c->n - 1] > last ? c->x[c->n - 1] : last;
		for (size_t k = 0; k < c->n; k++)
			top = c->y[k] > top ? c->y[k] : top;
		for (size_t k = 0; k < c->bands; k++)
			top = c->high[k] > top ? c->high[k] : top;
	}
	if (f->grids >= 2) {
		double grid_end = f->grid[f->grids - 1];
		/* a long empty tail of the grid is not drawn */
		size_t n = f->grids;
		while (n > 2 && f->grid[n - 2] >= last)
			n--;
		grid_end = f->grid[n - 1];
		yg_scale_at(&m->x, 0, grid_end > last ? grid_end : last, f->grid, n);
	} else {
		yg_scale_time(&m->x, last, f->x.unit, most_ticks);
	}
	/* A probability ends at 1; a mean number of events may go beyond. */
	if (!m->rising || (top > 0.6 && top <= 1 + 1e-9))
		yg_scale_linear(&m->y, 0, 1, 5);
	else
		yg_scale_linear(&m->y, 0, top > 0 ? top : 0.1, 6);
	if (m->x.ticks <= most_ticks)
		return;
	/* too many for the room: every second, third ... */
	int every = (m->x.ticks + most_ticks - 1) / most_ticks, kept = 0;
	for (int i = 0; i < m->x.ticks; i += every) {
		m->x.tick[kept] = m->x.tick[i];
		memmove(m->x.label[kept++], m->x.label[i], sizeof m->x.label[i]);
	}
	m->x.ticks = kept;
}

void yg_km_model(struct yg_km_model *m, const struct yg_figure *f, int most_ticks)
{
	memset(m, 0, sizeof *m);
	yg_arena_init(&m->arena);
	m->rising = is_rising(f);
	m->curve = yg_arena_alloc(&m->arena, (size_t)f->series_count + 1, sizeof *m->curve);
	m->curves = f->series_count;
	for (int i = 0; i < f->series_count; i++) {
		m->curve[i].name = yg_phrase_shown(f->series[i].name);
		/* the one curve of everybody needs no name */
		m->named = m->named || (f->series[i].name[0] && (m->curves > 1 || strcmp(f->series[i].name, "all") != 0));
		corners(m, &m->curve[i], &f->series[i]);
		band(m, &m->curve[i], &f->series[i]);
	}
	scales(m, f, most_ticks);
	/* the numbers stand at the ticks: one axis for both */
	m->times = m->x.ticks;
	m->time = m->x.tick;
	m->at_risk = yg_arena_alloc(&m->arena, (size_t)(m->curves * m->times) + 1, sizeof *m->at_risk);
	m->events = yg_arena_alloc(&m->arena, (size_t)(m->curves * m->times) + 1, sizeof *m->events);
	for (int i = 0; i < m->curves; i++)
		for (int k = 0; k < m->times; k++)
			numbers_at(m, f, i, k);
}

void yg_km_model_release(struct yg_km_model *m)
{
	yg_arena_release(&m->arena);
	memset(m, 0, sizeof *m);
}

void yg_km_risk_text(struct yg_buf *out, const struct yg_km_model *m, int curve, int time, bool with_events)
{
	const struct yg_cell *risk = &m->at_risk[curve * m->times + time], *events = &m->events[curve * m->times + time];
	yg_buf_clear(out);
	if (risk->state != YG_CELL_SHOWN && risk->state != YG_CELL_ROUNDED) {
		yg_buf_addc(out, '-');
		return;
	}
	yg_numfmt_cell(out, risk);
	if (with_events && events->state == YG_CELL_SHOWN)
		yg_buf_addf(out, " (%lld)", (long long)events->value.integer);
}
