/* Times asked and joint endpoints: see an_events_priv.h. */
#include "an_events_priv.h"

#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/text.h"

enum yg_status an_events_times(const struct yg_endpoint *e, const struct yg_node *at, double *out, size_t *count,
                               struct yg_err *err)
{
	size_t n = !at ? 0 : at->kind == YG_NODE_GROUP ? at->children : 1;
	*count = 0;
	if (n > AN_MOST_TIMES)
		return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-SUR-015", N_("at most %u times can be listed"), AN_MOST_TIMES);
	for (size_t i = 0; i < n; i++) {
		const struct yg_node *item = at->kind == YG_NODE_GROUP ? at->child[i] : at;
		YG_TRY(an_surv_time(e, item, &out[i], err));
		if (!(out[i] >= 0))
			return yg_fail_at(err, YG_ESYNTAX, item->at, item->len, "E-EVT-001", N_("a time asked is 0 or later"));
		(*count)++;
	}
	return YG_OK;
}

void an_events_grid(struct yg_raw_figure *f, double last, const char *unit)
{
	static const double decimal[] = { 1, 2, 2.5, 5 }, month[] = { 1, 2, 3, 6, 12, 24, 36, 60, 120 };
	double grid[16], step = 0;
	size_t n = 0;
	if (!(last > 0) || !isfinite(last))
		return;
	for (size_t i = 0; unit && !strncmp(unit, "month", 5) && i < sizeof month / sizeof month[0] && !(step > 0); i++)
		step = last / month[i] <= 8 ? month[i] : 0;
	for (double power = 1e-9; power < 1e18 && !(step > 0); power *= 10)
		for (size_t i = 0; i < 4 && !(step > 0); i++)
			step = last / (decimal[i] * power) <= 8 ? decimal[i] * power : 0;
	for (double k = 0; k * step <= last && n < 16; k++)
		grid[n++] = k * step;
	yg_raw_figure_grid(f, grid, n);
}

const char *an_events_number(struct yg_arena *arena, double t)
{
	return yg_arena_printf(arena, "%.6g", t);
}

const char *an_events_unit(const struct an_surv *s)
{
	return s->unit && *s->unit ? s->unit : NULL;
}

void an_events_missing(struct yg_raw_table *t, int row, int from, int to, const char *reason)
{
	for (int k = from; k <= to; k++)
		if (k == from)
			yg_raw_missing(t, row, k, reason);
		else
			yg_raw_text(t, row, k, "");
}

/* ---- several endpoints ---- */

/* Persons that are in every set, in order. */
static void match(struct an_joint *j)
{
	size_t *cursor = yg_xcalloc(j->endpoints + 1, sizeof *cursor);
	const struct yg_set *first = j->s[0].set;
	uint64_t most = first->persons;
	for (size_t k = 1; k < j->endpoints; k++)
		most = j->s[k].set->persons > most ? j->s[k].set->persons : most;
	j->at = yg_xcalloc(first->n * j->endpoints + 1, sizeof *j->at);
	for (size_t i = 0; i < first->n; i++) {
		bool all = true;
		cursor[0] = i;
		for (size_t k = 1; k < j->endpoints; k++) {
			const struct yg_set *s = j->s[k].set;
			while (cursor[k] < s->n && s->person[cursor[k]] < first->person[i])
				cursor[k]++;
			all = all && cursor[k] < s->n && s->person[cursor[k]] == first->person[i];
		}
		if (all)
			memcpy(j->at + j->endpoints * j->persons++, cursor, j->endpoints * sizeof *cursor);
	}
	j->left_out = most - j->persons;
	yg_free(cursor);
}

enum yg_status an_joint_build(const struct an_surv_request *first, const struct yg_an_endpoints *of, struct yg_task *task,
                              struct an_joint *out, struct yg_err *err)
{
	struct an_joint j = { 0 };
	enum yg_status status = YG_OK;
	j.s = yg_xcalloc(of->count + 1, sizeof *j.s);
	for (size_t k = 0; status == YG_OK && k < of->count; k++) {
		struct an_surv_request r = *first;
		const struct yg_endpoint *e = of->endpoint[k];
		r.endpoint = e;
		if (k) {
			struct yg_an_input in = *first->in;
			in.weight = NULL;
			r.in = &in;
			r.crossing = r.strata = r.cluster = r.frequency = NULL;
			r.terms = 0;
			r.term = NULL;
			status = an_surv_build(&r, task, &j.s[k], err);
		} else {
			status = an_surv_build(&r, task, &j.s[k], err);
		}
		if (status != YG_OK)
			break;
		j.endpoints++;
		if (j.s[k].set->n != j.s[k].set->persons) {
			status = yg_fail(err, YG_REFUSED, "E-EVT-002", N_("%s wants one follow-up a person, and %s has several"), first->verb, e->name);
			yg_err_hint(err, N_("Leave out `every` and `each`, or choose rows with where in the endpoint."));
		} else if (k && strcmp(e->time_unit ? e->time_unit : "", of->endpoint[0]->time_unit ? of->endpoint[0]->time_unit : "") != 0) {
			status = yg_fail(err, YG_REFUSED, "E-EVT-003", N_("%s and %s are not in the same unit of time"), of->endpoint[0]->name, e->name);
			yg_err_hint(err, N_("Give both times one unit: time COLUMN in days"));
		}
	}
	if (status == YG_OK)
		match(&j);
	if (status == YG_OK && !j.persons)
		status = yg_fail(err, YG_REFUSED, "E-EVT-004", N_("nobody is followed for all the endpoints named"));
	if (status == YG_OK)
		*out = j;
	else
		an_joint_release(&j);
	return status;
}

void an_joint_release(struct an_joint *j)
{
	for (size_t k = 0; k < j->endpoints; k++)
		an_surv_release(&j->s[k]);
	yg_free(j->s);
	yg_free(j->at);
	memset(j, 0, sizeof *j);
}

void an_joint_notes(struct yg_raw *raw, const struct an_joint *j, const struct yg_an_input *in)
{
	struct yg_raw_note *n;
	an_surv_notes(raw, &j->s[0], in);
	for (size_t k = 1; k < j->endpoints; k++) {
		n = yg_raw_note(raw, YG_NOTE_POPULATION, N_("{1}: {2} events"));
		yg_raw_note_data(n, j->s[k].label);
		yg_raw_note_int(n, YG_ROLE_EVENTS, (int64_t)j->s[k].event_rows, an_surv_everybody(&j->s[k]));
	}
	if (j->left_out) {
		n = yg_raw_note(raw, YG_NOTE_DROPPED, N_("{1} persons left out: they are not followed for every endpoint"));
		yg_raw_note_int(n, YG_ROLE_PERSONS, (int64_t)j->left_out, an_persons(j->left_out));
	}
}
