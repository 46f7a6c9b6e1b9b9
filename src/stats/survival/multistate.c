/* Aalen-Johansen probabilities of states: see multistate.h. */
#include "yogo/stats/multistate.h"

#include <math.h>
#include <string.h>

#include "multistate_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/sort.h"

#define TICK 65536u

enum yg_status yg_multistate_no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while states were counted"));
}

void yg_multistate_moves(const struct yg_multistate_data *d, int16_t index[YG_MOST_STATES * YG_MOST_STATES])
{
	for (size_t k = 0; k < YG_MOST_STATES * YG_MOST_STATES; k++)
		index[k] = -1;
	for (size_t k = 0; k < d->transitions; k++)
		index[d->transition[k].from * YG_MOST_STATES + d->transition[k].to] = (int16_t)k;
}

static enum yg_status check(const struct yg_multistate_data *d, struct yg_err *err)
{
	int16_t move[YG_MOST_STATES * YG_MOST_STATES];
	if (d->states < 2 || d->states > YG_MOST_STATES)
		return yg_fail(err, YG_ELIMIT, "E-MST-001", N_("a model has 2 to %u states"), YG_MOST_STATES);
	for (size_t k = 0; k < d->transitions; k++)
		if (d->transition[k].from >= d->states || d->transition[k].to >= d->states ||
		    d->transition[k].from == d->transition[k].to)
			return yg_fail(err, YG_EINVAL, "E-MST-002", N_("transition %zu is none"), k + 1);
	yg_multistate_moves(d, move);
	for (size_t i = 0; i < d->n; i++) {
		bool known = d->from[i] < d->states && d->to[i] < d->states;
		if (!known || (d->from[i] != d->to[i] && move[d->from[i] * YG_MOST_STATES + d->to[i]] < 0))
			return yg_fail(err, YG_EINVAL, "E-MST-003", N_("row %zu makes a transition that the model does not have"), i + 1);
		if (!isfinite(d->exit[i]) || (d->entry && !(d->entry[i] < d->exit[i])))
			return yg_fail(err, YG_EINVAL, "E-MST-004", N_("row %zu has no time at risk"), i + 1);
		if (d->weight && !(d->weight[i] >= 0))
			return yg_fail(err, YG_EINVAL, "E-MST-005", N_("row %zu has no weight"), i + 1);
	}
	return YG_OK;
}

/* ---- one group ---- */

struct sweep {
	const struct yg_multistate_data *d;
	struct yg_multistate *f;
	struct yg_multistate_curve *c;
	const uint32_t *exit_order, *entry_order;
	size_t n;
	int16_t move[YG_MOST_STATES * YG_MOST_STATES];
	double risk[YG_MOST_STATES], p[YG_MOST_STATES], hazard[YG_MOST_STATES * YG_MOST_STATES];
	int64_t rows[YG_MOST_STATES];
};

static size_t enter(struct sweep *s, size_t from, double t)
{
	const struct yg_multistate_data *d = s->d;
	for (; from < s->n; from++) {
		uint32_t row = s->entry_order ? s->entry_order[from] : s->exit_order[from];
		if (s->entry_order && !(d->entry[row] < t))
			break;
		s->f->entry_index[row] = (uint32_t)s->c->m;
		s->risk[d->from[row]] += d->weight ? d->weight[row] : 1;
		s->rows[d->from[row]]++;
	}
	return from;
}

/* The rates of a time and the probabilities after it. */
static void step(struct sweep *s, double t, const double *event)
{
	const struct yg_multistate_data *d = s->d;
	struct yg_multistate_curve *c = s->c;
	size_t j = c->m++, k_all = d->transitions;
	double before[YG_MOST_STATES];
	memcpy(before, s->p, sizeof before);
	c->time[j] = t;
	memcpy(c->n_risk + j * d->states, s->risk, d->states * sizeof(double));
	for (size_t k = 0; k < k_all; k++) {
		const struct yg_transition *m = &d->transition[k];
		double rate = event[k] > 0 ? event[k] / s->risk[m->from] : 0;
		s->p[m->from] -= before[m->from] * rate;
		s->p[m->to] += before[m->from] * rate;
		s->hazard[k] += rate;
		c->rate[j * k_all + k] = rate;
		c->hazard[j * k_all + k] = s->hazard[k];
		c->event[j * k_all + k] = event[k];
	}
	for (size_t h = 0; h < d->states; h++)
		s->p[h] = s->p[h] > 0 ? s->p[h] : 0; /* what rounding may leave below nought */
	memcpy(c->p + j * d->states, s->p, d->states * sizeof(double));
}

static size_t one_time(struct sweep *s, size_t from)
{
	const struct yg_multistate_data *d = s->d;
	double event[YG_MOST_STATES * YG_MOST_STATES] = { 0 }, gone[YG_MOST_STATES] = { 0 }, t = d->exit[s->exit_order[from]];
	bool any = false;
	size_t to = from;
	for (; to < s->n && d->exit[s->exit_order[to]] <= t; to++) {
		uint32_t row = s->exit_order[to];
		double w = d->weight ? d->weight[row] : 1;
		gone[d->from[row]] += w;
		s->rows[d->from[row]]--;
		if (d->to[row] == d->from[row])
			continue;
		size_t k = (size_t)s->move[d->from[row] * YG_MOST_STATES + d->to[row]];
		event[k] += w;
		any = any || w > 0;
		s->c->moves[k]++;
	}
	if (any)
		step(s, t, event);
	for (size_t i = from; i < to; i++)
		s->f->exit_index[s->exit_order[i]] = (uint32_t)s->c->m;
	for (size_t h = 0; h < d->states; h++)
		s->risk[h] = s->rows[h] ? s->risk[h] - gone[h] : 0;
	s->c->last = t;
	return to;
}

static enum yg_status sweep_group(struct sweep *s, struct yg_task *task, struct yg_err *err)
{
	size_t entered = 0, tick = 0;
	s->p[0] = 1;
	s->c->last = NAN;
	for (size_t i = 0; i < s->n;) {
		entered = enter(s, entered, s->d->exit[s->exit_order[i]]);
		i = one_time(s, i);
		if (i >= tick) {
			tick = i + TICK;
			if (!yg_task_tick(task, i, s->n))
				return yg_fail(err, YG_CANCELLED, "E-RUN-001", N_("cancelled; nothing was kept"));
		}
	}
	return YG_OK;
}

/* ---- all groups ---- */

static size_t count_times(const struct yg_multistate_data *d, const uint32_t *order, size_t n)
{
	size_t m = 0;
	double last = NAN;
	for (size_t i = 0; i < n; i++)
		if (d->from[order[i]] != d->to[order[i]] && !(d->exit[order[i]] == last)) {
			last = d->exit[order[i]];
			m++;
		}
	return m;
}

static enum yg_status room(const struct yg_multistate_data *d, const uint32_t *order, const size_t *start, struct yg_multistate *f,
                           struct yg_err *err)
{
	size_t total = 0, wide = 1 + 2 * (size_t)d->states + 3 * d->transitions;
	for (size_t g = 0; g < f->groups; g++)
		total += count_times(d, order + start[g], start[g + 1] - start[g]);
	double *at = f->space = yg_data_alloc(total * wide + f->groups * d->states + 1, sizeof *at);
	uint64_t *count = f->counts = yg_data_calloc(f->groups * (d->transitions + d->states) + 1, sizeof *count);
	if (!at || !count)
		return yg_multistate_no_memory(err);
	for (size_t g = 0; g < f->groups; g++) {
		struct yg_multistate_curve *c = &f->curve[g];
		size_t m = count_times(d, order + start[g], start[g + 1] - start[g]);
		double **column[] = { &c->time, &c->n_risk, &c->p, &c->rate, &c->hazard, &c->event, &c->time_at_risk };
		size_t width[] = { m, m * d->states, m * d->states, m * d->transitions, m * d->transitions, m * d->transitions, d->states };
		for (size_t k = 0; k < 7; k++) {
			*column[k] = at;
			at += width[k];
		}
		memset(c->time_at_risk, 0, d->states * sizeof(double));
		c->moves = count;
		c->persons = count + d->transitions;
		count += d->transitions + d->states;
	}
	return YG_OK;
}

/* Persons who were in a state, and the time spent there. */
static void tally(const struct yg_multistate_data *d, struct yg_multistate *f)
{
	uint64_t *last = yg_xcalloc(f->groups * d->states + 1, sizeof *last);
	for (size_t i = 0; i < d->n; i++) {
		size_t g = d->group ? (size_t)d->group[i] : 0, place = g * d->states;
		struct yg_multistate_curve *c = &f->curve[g];
		const uint8_t state[2] = { d->from[i], d->to[i] };
		double from = d->entry && isfinite(d->entry[i]) ? d->entry[i] : 0;
		c->time_at_risk[d->from[i]] += d->exit[i] - from;
		for (size_t k = 0; k < 2; k++)
			if (last[place + state[k]] != (uint64_t)d->person[i] + 1) {
				last[place + state[k]] = (uint64_t)d->person[i] + 1;
				c->persons[state[k]]++;
			}
	}
	yg_free(last);
}

enum yg_status yg_multistate_fit(const struct yg_multistate_data *d, struct yg_task *task, struct yg_multistate *out,
                                 struct yg_err *err)
{
	struct yg_multistate f = { .groups = d->group ? d->groups : 1, .transitions = d->transitions, .states = d->states };
	memset(out, 0, sizeof *out);
	YG_TRY(check(d, err));
	uint32_t *exits = yg_data_alloc(d->n + 1, sizeof *exits), *entries = d->entry ? yg_data_alloc(d->n + 1, sizeof *entries) : NULL;
	size_t *start = yg_xcalloc(f.groups + 2, sizeof *start);
	f.curve = yg_xcalloc(f.groups + 1, sizeof *f.curve);
	f.entry_index = yg_data_calloc(d->n + 1, sizeof *f.entry_index);
	f.exit_index = yg_data_calloc(d->n + 1, sizeof *f.exit_index);
	enum yg_status s = exits && (!d->entry || entries) && f.entry_index && f.exit_index ? YG_OK : yg_multistate_no_memory(err);
	if (s == YG_OK)
		s = yg_sort_survival(d->group, f.groups, d->exit, NULL, d->n, task, exits, err);
	if (s == YG_OK && d->entry)
		s = yg_sort_survival(d->group, f.groups, d->entry, NULL, d->n, task, entries, err);
	for (size_t i = 0; i < d->n; i++)
		start[(d->group ? (size_t)d->group[i] : 0) + 1]++;
	for (size_t g = 0; g < f.groups; g++)
		start[g + 1] += start[g];
	if (s == YG_OK)
		s = room(d, exits, start, &f, err);
	for (size_t g = 0; s == YG_OK && g < f.groups; g++) {
		struct sweep w = { .d = d, .f = &f, .c = &f.curve[g], .exit_order = exits + start[g],
			           .entry_order = entries ? entries + start[g] : NULL, .n = start[g + 1] - start[g] };
		yg_multistate_moves(d, w.move);
		s = sweep_group(&w, task, err);
	}
	if (s == YG_OK)
		tally(d, &f);
	yg_data_free(exits);
	yg_data_free(entries);
	yg_free(start);
	if (s == YG_OK)
		*out = f;
	else
		yg_multistate_release(&f);
	return s;
}

void yg_multistate_release(struct yg_multistate *f)
{
	yg_free(f->curve);
	yg_data_free(f->entry_index);
	yg_data_free(f->exit_index);
	yg_data_free(f->space);
	yg_data_free(f->counts);
	memset(f, 0, sizeof *f);
}
