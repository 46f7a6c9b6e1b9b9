/* What the survival verbs say of the rows they analysed: whether these are independent, who stands behind them, notes. */
#include <stdio.h>
#include <string.h>

#include "an_surv_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"

/* Every stratum has the rows of one person only. */
static bool strata_are_persons(const struct an_surv *s)
{
	if (!s->stratum)
		return false;
	uint32_t *owner = yg_xalloc(s->strata + 1, sizeof *owner);
	bool own = true;
	memset(owner, 0xff, s->strata * sizeof *owner);
	for (size_t i = 0; own && i < s->set->n; i++) {
		uint32_t *o = &owner[s->stratum[i]];
		own = *o == UINT32_MAX || *o == s->set->person[i];
		*o = s->set->person[i];
	}
	yg_free(owner);
	return own;
}

enum yg_status an_surv_independent(const struct an_surv *s, const char *verb, struct yg_err *err)
{
	const struct yg_endpoint *e = s->endpoint;
	if ((e->grain != YG_SPANS_EACH && e->grain != YG_SPANS_RECURRENT) || s->set->persons == s->set->n || s->cluster ||
	    strata_are_persons(s))
		return YG_OK;
	bool clusters = strcmp(verb, "logrank") && strcmp(verb, "followup");
	yg_fail(err, YG_REFUSED, "E-SUR-008", N_("%s has several follow-ups a person (%llu of %llu persons), which are not independent"),
	        e->name, (unsigned long long)s->set->n, (unsigned long long)s->set->persons);
	yg_err_hint(err, clusters ? N_("Add cluster with the person's column.") :
	            N_("Add strata with the person's column, or choose one a person with where."));
	return YG_REFUSED;
}

struct yg_evidence an_surv_everybody(const struct an_surv *s)
{
	return (struct yg_evidence){ (int64_t)s->set->persons, (int64_t)s->event_persons, 0 };
}

struct yg_evidence an_surv_group_evidence(const struct an_surv *s, size_t group)
{
	return (struct yg_evidence){ (int64_t)s->group_persons[group], (int64_t)s->group_events[group], 0 };
}

const char *an_surv_title(const struct an_surv *s, const char *what, struct yg_arena *arena)
{
	what = yg_phrase_message(arena, what);
	return s->by_title ? yg_phrase(arena, N_("%s: %s by %s"), what, s->label, s->by_title) : yg_phrase(arena, "%s: %s", what, s->label);
}

const char *an_surv_subtitle(const struct an_surv *s, const char *what, struct yg_arena *arena)
{
	return s->several ? an_surv_title(s, what, arena) : what;
}

void an_surv_notes(struct yg_raw *raw, const struct an_surv *s, const struct yg_an_input *in)
{
	const struct yg_endpoint *e = s->endpoint;
	struct yg_raw_note *n;
	char divisor[32];
	an_set_notes(raw, s->set, in, (int64_t)s->event_rows);
	n = yg_raw_note(raw, YG_NOTE_POPULATION, s->event_rows == s->event_persons ? N_("{1}: {2} events") :
	                                         N_("{1}: {2} events of {3} persons"));
	yg_raw_note_data(n, s->label);
	yg_raw_note_int(n, YG_ROLE_EVENTS, (int64_t)s->event_rows, an_surv_everybody(s));
	if (s->event_rows != s->event_persons)
		yg_raw_note_int(n, YG_ROLE_PERSONS, (int64_t)s->event_persons, an_part(s->event_persons, s->set->persons));
	if (s->divisor != 1 && e->time_unit && strcmp(e->time_unit, s->unit)) {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("times in {1}: {2} over {3}"));
		yg_raw_note_text(n, s->unit);
		yg_raw_note_text(n, e->time_unit);
		snprintf(divisor, sizeof divisor, "%.15g", s->divisor);
		yg_raw_note_data(n, divisor);
	}
	if (s->landmarked) {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION,
		                N_("landmark at {1}: those still followed without the event then, from then on, in the groups they were in "
		                   "then; times count from the start"));
		yg_raw_note_num(n, YG_ROLE_TIME, an_surv_shown(s, s->landmark), YG_NOBODY);
	} else if (s->spans.entry)
		yg_raw_note(raw, YG_NOTE_CONVENTION, s->set->n == s->set->persons ?
		            N_("late entry: at risk from entry on, not before") :
		                                                    N_("rows from start to stop: at risk in between"));
	if (e->snapped) {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("{1} times equal within rounding were made one"));
		yg_raw_note_int(n, YG_ROLE_RECORDS, (int64_t)e->snapped, an_persons(e->persons));
	}
	if (s->frequency)
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("freq counts how many equal rows a row stands for"));
	if (s->strata_title)
		an_note_data(raw, YG_NOTE_CONVENTION, N_("strata: {1}"), s->strata_title);
	if (s->cluster_title) {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("clusters: {1}, {2} of them"));
		yg_raw_note_data(n, s->cluster_title);
		yg_raw_note_int(n, YG_ROLE_INTEGER, (int64_t)s->clusters, YG_NOBODY);
	}
}
