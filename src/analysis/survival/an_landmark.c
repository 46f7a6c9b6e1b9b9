/*
 * A landmark (Anderson, Cain and Gelber 1983, J Clin Oncol 1:710): only those who are still followed without the event
 * at a time, from that time on, in the groups and strata in which they were then.  The time axis stays.
 */
#include <math.h>
#include <string.h>

#include "an_surv_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/cohort/set.h"

/* Row `from` of the set becomes row `to`. */
static void move(struct yg_set *set, size_t from, size_t to)
{
	set->person[to] = set->person[from];
	if (set->row)
		set->row[to] = set->row[from];
	set->exit[to] = set->exit[from];
	set->entry[to] = set->entry[from];
	set->status[to] = set->status[from];
	if (set->weight)
		set->weight[to] = set->weight[from];
	for (size_t k = 0; k < set->columns; k++) {
		struct yg_set_column *c = &set->column[k];
		if (c->number)
			c->number[to] = c->number[from];
		if (c->level)
			c->level[to] = c->level[from];
		if (c->missing)
			c->missing[to] = c->missing[from];
	}
}

/* Later rows of a person get the groups and strata of the first one. */
static void keep_groups(struct yg_set *set)
{
	for (size_t k = 0; k < set->columns; k++) {
		struct yg_set_column *c = &set->column[k];
		if (!c->level || (c->use != YG_USE_BY && c->use != YG_USE_STRATA))
			continue;
		for (size_t i = 1; i < set->n; i++)
			if (set->person[i] == set->person[i - 1])
				c->level[i] = c->level[i - 1];
	}
}

static void add_drop(struct yg_set *set, uint64_t persons, uint64_t rows)
{
	struct yg_drop *drop = yg_arena_alloc(&set->arena, set->drops + 1, sizeof *drop);
	if (set->drops)
		memcpy(drop, set->drop, set->drops * sizeof *drop);
	drop[set->drops] = (struct yg_drop){ N_("event or end of follow-up by the landmark"), persons, rows };
	set->drop = drop;
	set->drops++;
}

enum yg_status an_surv_landmark(struct an_surv *s, const struct an_surv_request *r, struct yg_err *err)
{
	struct yg_set *set = s->set;
	size_t kept = 0, rows = set->n, lost = 0, run = 0;
	uint64_t persons = 0, before = set->persons;
	YG_TRY(an_surv_time(r->endpoint, r->landmark, &s->landmark, err));
	if (!(s->landmark > 0))
		return yg_fail_at(err, YG_ESYNTAX, r->landmark->at, r->landmark->len, "E-SUR-305", N_("a landmark is a time after the start"));
	s->landmarked = true;
	uint32_t last = 0;
	if (!set->entry) {
		set->entry = yg_data_alloc(rows + 1, sizeof *set->entry);
		if (!set->entry)
			return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while follow-up was set up"));
		for (size_t i = 0; i < rows; i++)
			set->entry[i] = s->landmark;
	}
	/* Rows count as left out where nothing of their person is left; run: those of the person so far. */
	for (size_t i = 0; i < rows; i++) {
		bool same = i && set->person[i] == last;
		last = set->person[i];
		run = same ? run : 0;
		if (!(set->exit[i] > s->landmark)) {
			bool stays = kept && set->person[kept - 1] == last;
			run += !stays;
			lost += !stays;
			continue;
		}
		lost -= run;
		run = 0;
		set->entry[i] = fmax(set->entry[i], s->landmark);
		move(set, i, kept);
		persons += !kept || set->person[kept] != set->person[kept - 1];
		kept++;
	}
	set->n = kept;
	set->persons = persons;
	if (persons < before)
		add_drop(set, before - persons, lost);
	if (r->endpoint->grain == YG_SPANS_ONE || r->endpoint->grain == YG_SPANS_INTERVALS)
		keep_groups(set);
	if (kept)
		return YG_OK;
	yg_fail_at(err, YG_REFUSED, r->landmark->at, r->landmark->len, "E-SUR-306", N_("nobody is followed beyond the landmark"));
	yg_err_hint(err, N_("Choose an earlier one; a plain number is in the unit in which times are shown."));
	return YG_REFUSED;
}

