/* The rows of a parametric model: columns, kinds of times, strata, who stands behind each column, profiles. */
#include <math.h>
#include <string.h>

#include "analysis/an_model_table_priv.h"
#include "an_aft_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"

#define MOST_PROFILES 7

static enum yg_status strata_with_rows(struct an_aft_rows *rows, const struct yg_node *strata, struct yg_arena *arena,
                                       struct yg_err *err)
{
	const struct an_surv *s = rows->s;
	size_t n = s->set->n, used = 0;
	if (!s->stratum)
		return YG_OK;
	int32_t *place = yg_arena_alloc(arena, s->strata + 1, sizeof *place);
	uint64_t *events = yg_arena_alloc(arena, s->strata + 1, sizeof *events);
	bool *there = yg_arena_alloc(arena, s->strata + 1, sizeof *there);
	for (size_t i = 0; i < n; i++) {
		there[s->stratum[i]] = true;
		events[s->stratum[i]] += s->event[i];
	}
	rows->stratum_label = yg_arena_alloc(arena, s->strata + 1, sizeof *rows->stratum_label);
	for (size_t g = 0; g < s->strata; g++) {
		const struct yg_set_column *c = &s->set->column[s->by_at + s->bys];
		bool one = strata->children == 1 && (size_t)c->levels == s->strata;
		if (!there[g])
			continue;
		const char *label = one ? yg_arena_printf(arena, "%s: %s", c->name, c->level_name[g]) :
		                          yg_phrase(arena, N_("stratum %s"), yg_arena_printf(arena, "%zu", used + 1));
		if (!events[g])
			return yg_fail(err, YG_REFUSED, "E-AFT-020",
				N_("nobody in %s has the event, so it has no scale of its own"), label);
		rows->stratum_label[used] = label;
		place[g] = (int32_t)used++;
	}
	rows->stratum = yg_data_alloc(n + 1, sizeof *rows->stratum);
	if (!rows->stratum)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was fitted"));
	for (size_t i = 0; i < n; i++)
		rows->stratum[i] = place[s->stratum[i]];
	rows->data.stratum = rows->stratum;
	rows->data.strata = used;
	return YG_OK;
}

/* The first factor of the model whose columns no product uses, with few levels: its levels are the profiles. */
static void find_profiles(struct an_aft_rows *rows, struct yg_arena *arena)
{
	const struct yg_design *d = rows->design;
	size_t n = rows->data.n, p = rows->data.p;
	rows->term = -1;
	rows->profiles = 1;
	for (int k = 0; k < d->terms && rows->term < 0; k++)
		if (d->term[k].is_factor && d->term[k].reference && d->term[k].count >= 1 && d->term[k].count < MOST_PROFILES)
			rows->term = k;
	for (int k = 0; k < d->terms; k++)
		if (strchr(d->term[k].name, ':') || strchr(d->term[k].name, '*'))
			rows->term = -1;
	rows->profile = yg_arena_alloc(arena, n + 1, sizeof *rows->profile);
	if (rows->term >= 0)
		rows->profiles = (size_t)d->term[rows->term].count + 1;
	rows->profile_label = yg_arena_alloc(arena, rows->profiles, sizeof *rows->profile_label);
	rows->profile_persons = yg_arena_alloc(arena, 2 * rows->profiles, sizeof(int64_t));
	rows->profile_events = rows->profile_persons + rows->profiles;
	rows->profile_rows = yg_arena_alloc(arena, rows->profiles, sizeof *rows->profile_rows);
	rows->profile_label[0] = N_("all");
	if (rows->term >= 0) {
		const struct yg_design_term *t = &d->term[rows->term];
		rows->profile_label[0] = an_reference_label(arena, d, t);
		for (int c = 0; c < t->count; c++)
			rows->profile_label[c + 1] = d->column[t->first + c].label;
		for (size_t i = 0; i < n; i++)
			for (int c = 0; c < t->count; c++)
				if (d->x[i * p + (size_t)(t->first + c)] != 0)
					rows->profile[i] = c + 1;
	}
	uint32_t *last = yg_arena_alloc(arena, rows->profiles + 1, sizeof *last);
	memset(last, 0xff, rows->profiles * sizeof *last);
	for (size_t i = 0; i < n; i++) {
		size_t g = (size_t)rows->profile[i];
		rows->profile_rows[g]++;
		rows->profile_persons[g] += last[g] != rows->s->set->person[i];
		last[g] = rows->s->set->person[i];
		rows->profile_events[g] += rows->s->event[i];
	}
}

static void count_columns(struct an_aft_rows *rows, struct yg_arena *arena)
{
	const struct an_surv *s = rows->s;
	size_t n = rows->data.n, p = rows->data.p;
	uint32_t *last = yg_arena_alloc(arena, 2 * p + 1, sizeof *last);
	rows->persons = yg_arena_alloc(arena, 2 * p + 1, sizeof(int64_t));
	rows->events = rows->persons + p;
	rows->mean = yg_arena_alloc(arena, p + 1, sizeof(double));
	memset(last, 0xff, 2 * p * sizeof *last);
	double all = (double)n;
	if (s->frequency) {
		all = 0;
		for (size_t i = 0; i < n; i++)
			all += s->weight[i];
	}
	for (size_t i = 0; i < n; i++) {
		uint32_t person = s->set->person[i];
		double t = isfinite(s->set->exit[i]) ? s->set->exit[i] : s->set->entry ? s->set->entry[i] : 0;
		rows->last = t > rows->last ? t : rows->last;
		double share = (s->frequency ? s->weight[i] : 1) / all;
		rows->mean_offset += rows->data.offset ? rows->data.offset[i] * share : 0;
		rows->counted_events += s->event[i] ? (s->frequency ? (int64_t)s->weight[i] : 1) : 0;
		for (size_t j = 0; j < p; j++) {
			double x = rows->data.x[i * p + j];
			rows->mean[j] += x * share;
			if (!rows->design->column[j].binary || x == 0)
				continue;
			rows->persons[j] += last[j] != person;
			last[j] = person;
			if (s->event[i]) {
				rows->events[j] += last[p + j] != person;
				last[p + j] = person;
			}
		}
	}
	for (size_t j = 0; j < p; j++)
		if (!rows->design->column[j].binary) {
			rows->persons[j] = (int64_t)s->set->persons;
			rows->events[j] = (int64_t)s->event_persons;
		}
}

enum yg_status an_aft_rows_make(struct an_aft_rows *rows, struct an_surv *s, const struct yg_design_plan *plan,
                                const struct yg_node *strata,
                                bool se_model, struct yg_task *task, struct yg_arena *arena, struct yg_err *err)
{
	const struct yg_endpoint *e = s->endpoint;
	rows->s = s;
	rows->plan = plan;
	YG_TRY(yg_design_build_on(task, plan, s->set, s->terms_at, true, &rows->design, err));
	rows->data = (struct yg_aft_data){ .n = s->set->n, .p = (size_t)rows->design->p, .x = rows->design->x,
		.offset = rows->design->offset,
		                           .intercept = SIZE_MAX, .weight = s->weight, .cluster = se_model ? NULL : s->cluster,
		                           .clusters = s->clusters };
	if (!rows->data.p)
		return yg_fail(err, YG_REFUSED, "E-REG-018", N_("the model has no terms"));
	if (rows->design->column[0].term < 0)
		rows->data.intercept = 0;
	if (e->interval_censored) {
		rows->data.time = s->set->entry;
		rows->data.upper = s->set->exit;
	} else {
		rows->data.time = s->set->exit;
		rows->data.event = s->event;
		rows->data.entry = s->spans.entry;
	}
	YG_TRY(strata_with_rows(rows, strata, arena, err));
	count_columns(rows, arena);
	find_profiles(rows, arena);
	return YG_OK;
}

void an_aft_rows_release(struct an_aft_rows *rows)
{
	yg_design_free(rows->design);
	yg_data_free(rows->lower);
	yg_data_free(rows->stratum);
}

/* Distributions of the time itself know nothing of 0: a time before the first visit may be anything below. */
enum yg_status an_aft_rows_data(struct an_aft_rows *rows, bool from_zero, struct yg_aft_data *d, struct yg_err *err)
{
	*d = rows->data;
	if (!d->upper || from_zero)
		return YG_OK;
	if (!rows->lower) {
		rows->lower = yg_data_alloc(d->n + 1, sizeof *rows->lower);
		if (!rows->lower)
			return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was fitted"));
		for (size_t i = 0; i < d->n; i++)
			rows->lower[i] = d->time[i] > 0 || d->upper[i] <= 0 ? d->time[i] : -INFINITY;
	}
	d->time = rows->lower;
	return YG_OK;
}
