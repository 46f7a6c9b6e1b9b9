/* tvc: how many persons change, and the rules by which follow-up will be split. */
#include "yogo/analysis/tvc.h"

#include <stdio.h>

#include "analysis/an_frame_priv.h"

#include "yogo/base/i18n.h"

static void changes_table(const struct yg_an_tvc *r, struct yg_raw *raw)
{
	const struct yg_population *p = r->population;
	struct yg_raw_table *t = yg_raw_table(raw, "changes", N_("Changes over time"));

	yg_raw_column(t, "persons", N_("persons"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(t, "share", "%", YG_ROLE_PROPORTION, NULL);
	yg_raw_column(t, "changes", N_("changes"), YG_ROLE_RECORDS, NULL);
	for (size_t k = 0; k < r->count; k++) {
		uint64_t persons, changes;
		int row = yg_raw_row_data(t, r->covariate[k]->name, r->covariate[k]->name, 0);
		yg_tvc_count(r->covariate[k], p->member, &persons, &changes);
		yg_raw_int(t, row, 0, (int64_t)persons, an_part(persons, p->persons));
		if (p->persons)
			yg_raw_num(t, row, 1, (double)persons / (double)p->persons, an_part(persons, p->persons));
		else
			yg_raw_missing(t, row, 1, N_("nobody"));
		yg_raw_int(t, row, 2, (int64_t)changes, an_part(persons, p->persons));
	}
}

static void add_step(struct yg_raw *raw, const struct yg_tvc *t, const struct yg_tvc_step *step, const char *message)
{
	char text[48];
	struct yg_raw_note *n;

	if (!step->unit)
		return;
	snprintf(text, sizeof text, "%.15g%c", step->number, step->unit);
	n = yg_raw_note(raw, YG_NOTE_CONVENTION, message);
	yg_raw_note_data(n, t->name);
	yg_raw_note_data(n, text);
}

static void notes(const struct yg_tvc *t, struct yg_raw *raw)
{
	struct yg_raw_note *n;

	if (t->is_flag) {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION,
		                N_("{1}: 0 before {2}, 1 after it; never where {2} is missing"));
	} else {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION,
		                N_("{1}: the last known value of {2}, from {3} on; missing before the first"));
	}
	yg_raw_note_data(n, t->name);
	yg_raw_note_data(n, t->column);
	if (!t->is_flag)
		yg_raw_note_data(n, t->time);
	an_note_data(raw, YG_NOTE_CONVENTION,
	             t->before ? N_("{1}: a change on the day of an event counts before the event")
	                       : N_("{1}: a change on the day of an event counts after the event"),
	             t->name);
	add_step(raw, t, &t->lag, N_("{1}: a change counts {2} later"));
	add_step(raw, t, &t->carry, N_("{1}: a value is forgotten after {2}"));
	if (t->missing_time) {
		n = yg_raw_note(raw, YG_NOTE_WARNING,
		                N_("{1}: {2} records of {3} persons have a value but no {4}, and are not used"));
		yg_raw_note_data(n, t->name);
		yg_raw_note_int(n, YG_ROLE_RECORDS, (int64_t)t->missing_time, an_persons(t->missing_time_persons));
		yg_raw_note_int(n, YG_ROLE_PERSONS, (int64_t)t->missing_time_persons,
		                an_persons(t->missing_time_persons));
		yg_raw_note_data(n, t->time);
	}
	if (t->same_time) {
		n = yg_raw_note(raw, YG_NOTE_INFO, N_("{1}: of several values at one time the last record counts"));
		yg_raw_note_data(n, t->name);
	}
}

enum yg_status yg_an_tvc(const struct yg_an_tvc *r, struct yg_raw **out, struct yg_err *err)
{
	const struct yg_population *p = r->population;
	struct yg_raw *raw = yg_raw_new("tvc", 1);
	struct yg_raw_note *n;

	(void)err;
	yg_raw_title(raw, N_("Covariates that change over time"));
	yg_raw_counts(raw, (int64_t)p->persons, -1, -1, -1);
	changes_table(r, raw);
	n = yg_raw_note(raw, YG_NOTE_POPULATION, N_("{1} persons: {2}"));
	yg_raw_note_int(n, YG_ROLE_PERSONS, (int64_t)p->persons, an_persons(p->persons));
	yg_raw_note_text(n, p->sentence);
	for (size_t k = 0; k < r->count; k++)
		notes(r->covariate[k], raw);
	yg_raw_note(raw, YG_NOTE_CONVENTION,
	            N_("follow-up is split when an endpoint is analysed on this set; nothing is split now"));
	*out = raw;
	return YG_OK;
}
