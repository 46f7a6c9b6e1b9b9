/* followup and the check of an endpoint: who was followed, how it ended, how long, and for how long one could have looked. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "an_surv_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/stats/km.h"

#define OPERATION_VERSION 1

static void fact(struct yg_raw_table *t, const char *key, const char *label, enum yg_role role, uint64_t v,
                 struct yg_evidence e)
{
	int row = yg_raw_row(t, key, label, 0);
	yg_raw_int(t, row, 0, (int64_t)v, e);
	yg_raw_role(t, row, 0, role);
}

static const char *end_label(struct yg_arena *arena, const struct yg_endpoint *e, int state)
{
	return state == 1 ? yg_phrase(arena, N_("event: %s"), e->state[state]) :
	                    yg_phrase(arena, N_("competing: %s"), e->state[state]);
}

/* How follow-up ended: events by label, competing events, censorings by reason. */
static void events_table(struct yg_raw *raw, const struct yg_endpoint *e, const char *key, struct yg_arena *arena)
{
	struct yg_raw_table *t = yg_raw_table(raw, key, N_("How follow-up ended"));
	struct yg_evidence all = { (int64_t)e->persons, 0, 0 };
	yg_raw_column(t, "count", e->spans == e->persons ? N_("persons") : N_("records"), YG_ROLE_EVENTS, NULL);
	for (int k = 1; k < e->states && e->state_count; k++) {
		int row = yg_raw_row(t, e->state[k], end_label(arena, e, k), 0);
		yg_raw_int(t, row, 0, (int64_t)e->state_count[k],
		           (struct yg_evidence){ (int64_t)e->persons, (int64_t)e->state_count[k], 0 });
		if (k != 1 || !e->composite || !e->label_count)
			continue;
		for (int l = 0; l < e->event_labels; l++) {
			row = yg_raw_row_data(t, yg_arena_printf(arena, "%s / %s", e->state[1], e->event_label[l]),
			                 e->event_label[l], 1);
			yg_raw_int(t, row, 0, (int64_t)e->label_count[l],
			           (struct yg_evidence){ (int64_t)e->persons, (int64_t)e->label_count[l], 0 });
		}
	}
	for (int k = 0; k < e->reasons && e->reason_count; k++) {
		if (!e->reason_count[k])
			continue;
		int row = yg_raw_row(t, yg_arena_printf(arena, "censored / %s", e->reason_label[k]),
		                     yg_phrase(arena, N_("censored: %s"), yg_phrase_message(arena, e->reason_label[k])), 0);
		yg_raw_int(t, row, 0, (int64_t)e->reason_count[k], all);
		yg_raw_role(t, row, 0, YG_ROLE_RECORDS);
	}
}

static void check_table(struct yg_raw *raw, const struct yg_endpoint *e, const char *key, struct yg_arena *arena)
{
	struct yg_raw_table *t = yg_raw_table(raw, key, N_("Check"));
	struct yg_evidence all = { (int64_t)e->persons, e->state_count && e->states > 1 ? (int64_t)e->state_count[1] :
	                          0, 0 };
	const struct {
		const char *key, *label;
		uint64_t count;
	} dropped[] = {
		{ "unknown_event", N_("left out: event unknown"), e->unknown_event },
		{ "missing_time", N_("left out: time missing"), e->missing_time },
		{ "negative_time", N_("time before the start"), e->negative_time },
		{ "entry_not_before_exit", N_("left out: entry not before exit"), e->entry_not_before_exit },
		{ "beyond_until", N_("left out: begins after until"), e->beyond_until },
		{ "after_event", N_("left out: after the event"), e->after_event },
		{ "zero_time", N_("time zero (kept)"), e->zero_time },
		{ "after_until", N_("cut at until"), e->after_until },
		{ "event_after_end", N_("event after the end of follow-up (censored)"), e->event_after_end },
	};
	yg_raw_column(t, "value", N_("value"), YG_ROLE_RECORDS, NULL);
	fact(t, "rows", N_("rows read"), YG_ROLE_RECORDS, e->rows_read, all);
	if (e->rows_where != e->rows_read)
		fact(t, "rows_where", N_("rows after where"), YG_ROLE_RECORDS, e->rows_where, all);
	fact(t, "persons", N_("persons followed"), YG_ROLE_PERSONS, e->persons,
	     (struct yg_evidence){ (int64_t)e->persons, 0, 0 });
	if (e->spans != e->persons)
		fact(t, "records", N_("records"), YG_ROLE_RECORDS, e->spans, all);
	for (size_t i = 0; i < sizeof dropped / sizeof dropped[0]; i++)
		if (dropped[i].count)
			fact(t, dropped[i].key, dropped[i].label, YG_ROLE_RECORDS, dropped[i].count,
			     (struct yg_evidence){ (int64_t)dropped[i].count, 0, 0 });
	const char *unit = e->display_unit ? e->display_unit : e->time_unit ? e->time_unit : "";
	int row = yg_raw_row(t, "time", *unit ? yg_phrase(arena, N_("time at risk (%s)"), yg_phrase_message(arena, unit)) :
	                     N_("time at risk"), 0);
	yg_raw_num(t, row, 0, e->time_at_risk / (e->display_divisor > 0 ? e->display_divisor : 1), all);
	yg_raw_role(t, row, 0, YG_ROLE_PERSON_TIME);
}

static void endpoint_notes(struct yg_raw *raw, const struct yg_endpoint *e)
{
	struct yg_raw_note *n;
	char divisor[32];
	if (e->convention && *e->convention)
		an_note_text(raw, YG_NOTE_CONVENTION, "{1}", e->convention);
	if (e->display_divisor > 0 && e->display_divisor != 1 && e->display_unit) {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("times in {1}: {2} over {3}"));
		yg_raw_note_text(n, e->display_unit);
		yg_raw_note_text(n, e->time_unit ? e->time_unit : "");
		snprintf(divisor, sizeof divisor, "%.15g", e->display_divisor);
		yg_raw_note_data(n, divisor);
	}
	if (e->snapped) {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("{1} times equal within rounding were made one"));
		yg_raw_note_int(n, YG_ROLE_RECORDS, (int64_t)e->snapped, an_persons(e->persons));
	}
	if (e->unknown_event) {
		n = yg_raw_note(raw, YG_NOTE_WARNING, N_("{1} rows were left out because the event is unknown: they are not censored"));
		yg_raw_note_int(n, YG_ROLE_RECORDS, (int64_t)e->unknown_event, an_persons(e->unknown_event));
	}
	if (e->spans == 0)
		yg_raw_note(raw, YG_NOTE_WARNING, N_("nobody is followed"));
	else if (e->states > 1 && e->state_count && e->state_count[1] == 0)
		yg_raw_note(raw, YG_NOTE_WARNING, N_("nobody has the event"));
}

enum yg_status yg_an_endpoint_check(const struct yg_endpoint *e, struct yg_raw **out, struct yg_err *err)
{
	struct yg_arena arena;
	(void)err;
	yg_arena_init(&arena);
	struct yg_raw *raw = yg_raw_new("endpoint", OPERATION_VERSION);
	an_title(raw, "%s: %s", e->name, e->label && *e->label ? e->label : e->name);
	yg_raw_counts(raw, (int64_t)e->persons, (int64_t)e->spans, e->state_count && e->states > 1 ?
	              (int64_t)e->state_count[1] : 0, -1);
	check_table(raw, e, "check", &arena);
	events_table(raw, e, "events", &arena);
	endpoint_notes(raw, e);
	yg_arena_release(&arena);
	*out = raw;
	return YG_OK;
}

/* ---- followup ---- */

struct fu_work {
	const struct yg_an_followup *r;
	struct yg_task *task;
	struct yg_arena arena;
	struct yg_raw *raw;
	size_t parts;
};

/* Reverse Kaplan-Meier: the end of observation is the event, and every other end censors it. */
static enum yg_status reverse(const struct an_surv *s, double conf, struct yg_task *task, struct yg_km *km, struct yg_err *err)
{
	size_t n = s->set->n;
	uint8_t *end = yg_data_alloc(n + 1, 1);
	if (!end)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while follow-up was set up"));
	struct yg_spans d = s->spans;
	const struct yg_km_options options = { YG_KM_PRODUCT, YG_KM_NELSON, YG_KM_LOGLOG, conf, false };
	for (size_t i = 0; i < n; i++)
		end[i] = s->set->status[i] == 0 && !(s->continues && s->continues[i]);
	d.event = end;
	d.weight = NULL;
	d.cluster = NULL;
	enum yg_status status = yg_km_fit(&d, &options, task, km, err);
	yg_data_free(end);
	return status;
}

static void quantile_cell(struct yg_raw_table *t, int row, int column, const struct an_surv *s, double v,
                          struct yg_evidence e)
{
	if (isnan(v))
		yg_raw_missing(t, row, column, N_("not reached"));
	else
		yg_raw_num(t, row, column, an_surv_shown(s, v), e);
}

static void followup_table(struct fu_work *w, const struct an_surv *s, const struct yg_km *km)
{
	static const struct {
		const char *key, *label;
		enum yg_role role;
	} columns[] = { { "persons", N_("persons"), YG_ROLE_PERSONS }, { "events", N_("events"), YG_ROLE_EVENTS },
			{ "time", N_("time at risk"), YG_ROLE_PERSON_TIME }, { "median", N_("median follow-up"),
			                                                      YG_ROLE_QUANTILE },
			{ "lower", N_("lower"), YG_ROLE_LOWER }, { "upper", N_("upper"), YG_ROLE_UPPER },
			{ "q1", N_("first quartile"), YG_ROLE_QUANTILE }, { "q3", N_("third quartile"),
			                                                   YG_ROLE_QUANTILE } };
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "followup", w->parts),
	                                      an_surv_subtitle(s, N_("Follow-up"), &w->arena));
	for (size_t k = 0; k < sizeof columns / sizeof columns[0]; k++)
		yg_raw_column(t, columns[k].key, columns[k].label, columns[k].role, k >= 2 && *s->unit ? s->unit : NULL);
	for (size_t g = 0; g < s->groups; g++) {
		struct yg_evidence e = an_surv_group_evidence(s, g);
		double median[3], q1[3], q3[3];
		int row = yg_raw_row(t, s->group_label[g], s->group_words[g], 0);
		yg_km_quantile(&km->curve[g], 0.5, YG_KM_MIDPOINT, &median[0], &median[1], &median[2]);
		yg_km_quantile(&km->curve[g], 0.25, YG_KM_MIDPOINT, &q1[0], &q1[1], &q1[2]);
		yg_km_quantile(&km->curve[g], 0.75, YG_KM_MIDPOINT, &q3[0], &q3[1], &q3[2]);
		yg_raw_int(t, row, 0, (int64_t)s->group_persons[g],
		           an_part(s->group_persons[g], s->groups > 1 ? s->set->persons : 0));
		yg_raw_int(t, row, 1, (int64_t)s->group_event_rows[g], e);
		yg_raw_num(t, row, 2, an_surv_shown(s, s->group_time[g]), e);
		for (int k = 0; k < 3; k++)
			quantile_cell(t, row, 3 + k, s, median[k], an_persons(s->group_persons[g]));
		quantile_cell(t, row, 6, s, q1[0], an_persons(s->group_persons[g]));
		quantile_cell(t, row, 7, s, q3[0], an_persons(s->group_persons[g]));
	}
}

static enum yg_status followup_part(struct fu_work *w, const struct yg_endpoint *e, const struct yg_node *crossing,
                                    struct yg_err *err)
{
	struct yg_an_input in = w->r->in;
	double conf = in.conf > 0 ? in.conf : 0.95;
	in.weight = NULL;
	const struct an_surv_request ask = { .in = &in, .endpoint = e, .crossing = crossing, .verb = "followup" };
	struct an_surv s;
	struct yg_km km;
	YG_TRY(an_surv_build(&ask, w->task, &s, err));
	s.several = w->r->of.count * an_crossings(w->r->in.by) > 1;
	enum yg_status status = reverse(&s, conf, w->task, &km, err);
	if (status == YG_OK) {
		if (!w->parts)
			yg_raw_title(w->raw, an_surv_title(&s, N_("Follow-up"), &w->arena));
		followup_table(w, &s, &km);
		check_table(w->raw, e, an_key(&w->arena, "check", w->parts), &w->arena);
		events_table(w->raw, e, an_key(&w->arena, "events", w->parts), &w->arena);
		an_surv_notes(w->raw, &s, &in);
		struct yg_raw_note *n = yg_raw_note(w->raw, YG_NOTE_CONVENTION,
		            N_("follow-up by reverse Kaplan-Meier: being censored is the event (Schemper and Smith 1996); {1} limits on the log-log scale"));
		yg_raw_note_num(n, YG_ROLE_PROPORTION, conf, YG_NOBODY);
		yg_raw_note(w->raw, YG_NOTE_INFO, N_("check and how follow-up ended are of the whole table, after the endpoint's where"));
		w->parts++;
		yg_km_release(&km);
	}
	an_surv_release(&s);
	return status;
}

enum yg_status yg_an_followup(const struct yg_an_followup *request, struct yg_task *task, struct yg_raw **out,
                              struct yg_err *err)
{
	struct fu_work w = { .r = request, .task = task };
	yg_arena_init(&w.arena);
	w.raw = yg_raw_new("followup", OPERATION_VERSION);
	enum yg_status s = YG_OK;
	for (size_t i = 0; s == YG_OK && i < request->of.count; i++)
		for (size_t k = 0; s == YG_OK && k < an_crossings(request->in.by); k++)
			s = followup_part(&w, request->of.endpoint[i], an_crossing(request->in.by, k), err);
	yg_arena_release(&w.arena);
	if (s == YG_OK)
		*out = w.raw;
	else
		yg_raw_free(w.raw);
	return s;
}
