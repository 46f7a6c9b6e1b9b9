/* multistate: probabilities of states, time in them, hazards of transitions. */
#include <math.h>
#include <string.h>

#include "an_multistate_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"

#define OPERATION_VERSION 1
#define MOST_POINTS 2000u
#define MOST_GROUPS 40u

const char *an_multistate_move(struct an_multistate *w, size_t k, bool shown)
{
	const char *from = w->state[w->move[k].from], *to = w->state[w->move[k].to];
	return shown ? yg_phrase(&w->arena, "%s \xe2\x86\x92 %s", from, to) : yg_arena_printf(&w->arena, "%s - %s", from, to);
}

/* ---- tables ---- */

static const char *key(struct an_multistate *w, const char *base)
{
	return an_key(&w->arena, base, w->index);
}

/* "Male: tx@5": parts that are not there left out. */
static const char *row_key(struct an_multistate *w, size_t g, const char *what, double t)
{
	const struct an_surv *s = w->joint.s;
	const char *at = t >= 0 ? yg_arena_printf(&w->arena, "@%s", an_events_number(&w->arena, an_surv_shown(s, t))) : "";
	return s->by_title ? yg_arena_printf(&w->arena, "%s: %s%s", s->group_label[g], what, at) :
	                     yg_arena_printf(&w->arena, "%s%s", what, at);
}

static const char *row_label(struct an_multistate *w, size_t g, const char *what)
{
	const struct an_surv *s = w->joint.s;
	return s->by_title ? yg_phrase(&w->arena, "%s: %s", s->group_label[g], what) : what;
}

static const char *state_label(struct an_multistate *w, unsigned h)
{
	return h ? yg_phrase_data(&w->arena, w->state[h]) : N_("start");
}

/* Nothing leaves it, and nobody is followed there. */
static bool is_final(const struct an_multistate *w, unsigned h)
{
	for (size_t k = 0; k < w->moves; k++)
		if (w->move[k].from == h)
			return false;
	return true;
}

/* Who moved where; who was there at all, and how long. */
static void transitions_table(struct an_multistate *w)
{
	const struct an_surv *s = w->joint.s;
	struct yg_raw_table *t = yg_raw_table(w->raw, key(w, "transitions"), N_("Transitions: from the state of the row to that of the column"));
	yg_raw_column(t, "persons", N_("persons ever there"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(t, "time", N_("time there"), YG_ROLE_PERSON_TIME, an_events_unit(s));
	for (unsigned h = 1; h < w->states; h++)
		yg_raw_column_data(t, yg_arena_printf(&w->arena, "to_%u", h), w->state[h], YG_ROLE_EVENTS, NULL);
	yg_raw_column(t, "stayed", N_("stayed"), YG_ROLE_PERSONS, NULL);
	for (size_t g = 0; g < w->fit.groups; g++)
		for (unsigned h = 0; h < w->states; h++) {
			const struct yg_multistate_curve *c = &w->fit.curve[g];
			uint64_t left = 0;
			int row = yg_raw_row(t, row_key(w, g, w->state[h], -1), row_label(w, g, state_label(w, h)), 0);
			yg_raw_int(t, row, 0, (int64_t)c->persons[h], an_part(c->persons[h], s->group_persons[g]));
			if (is_final(w, h))
				yg_raw_text(t, row, 1, "");
			else
				yg_raw_num(t, row, 1, an_surv_shown(s, c->time_at_risk[h]), an_persons(c->persons[h]));
			for (size_t k = 0; k < w->moves; k++)
				left += w->move[k].from == h ? c->moves[k] : 0;
			for (unsigned j = 1; j < w->states; j++) {
				int column = (int)j + 1;
				yg_raw_text(t, row, column, "");
				for (size_t k = 0; k < w->moves; k++)
					if (w->move[k].from == h && w->move[k].to == j)
						yg_raw_int(t, row, column, (int64_t)c->moves[k],
						           (struct yg_evidence){ (int64_t)c->moves[k], (int64_t)c->moves[k], (int64_t)c->persons[h] });
			}
			yg_raw_int(t, row, (int)w->states + 1, (int64_t)(c->persons[h] - left), an_part(c->persons[h] - left, c->persons[h]));
		}
}

static void value_columns(struct yg_raw_table *t, const char *estimate, enum yg_role role, const char *unit, const char *value_unit,
                          bool risk)
{
	yg_raw_column(t, "time", N_("time"), YG_ROLE_TIME, unit);
	if (risk)
		yg_raw_column(t, "at_risk", N_("there before"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(t, "estimate", estimate, role, value_unit);
	yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
}

static struct yg_evidence evidence(const struct an_multistate *w, size_t g, unsigned h)
{
	uint64_t into = 0;
	for (size_t k = 0; k < w->moves; k++)
		into += w->move[k].to == h || w->move[k].from == h ? w->fit.curve[g].moves[k] : 0;
	return (struct yg_evidence){ (int64_t)w->joint.s->group_persons[g], (int64_t)into, 0 };
}

static void states_rows(struct an_multistate *w, struct yg_raw_table *t, size_t g, double time, const struct yg_multistate_at *a)
{
	const struct an_surv *s = w->joint.s;
	for (unsigned h = 0; h < w->states; h++) {
		struct yg_evidence e = evidence(w, g, h);
		double low, high;
		int row = yg_raw_row(t, row_key(w, g, w->state[h], time), row_label(w, g, state_label(w, h)), 0);
		yg_raw_num(t, row, 0, an_surv_shown(s, time), e);
		if (is_final(w, h))
			yg_raw_text(t, row, 1, "");
		else
			yg_raw_int(t, row, 1, (int64_t)a->at_risk[h], an_part(a->at_risk[h], s->group_persons[g]));
		if (time > w->fit.curve[g].last) {
			an_events_missing(t, row, 2, 5, N_("beyond the last time"));
			continue;
		}
		yg_raw_num(t, row, 2, a->p[h], e);
		yg_raw_num(t, row, 3, a->se[h], e);
		if (w->ci == YG_KM_NO_CI || !(a->se[h] > 0) || !(a->p[h] > 0) || !(a->p[h] < 1)) {
			an_events_missing(t, row, 4, 5, w->ci == YG_KM_NO_CI ? N_("not asked for") : N_("no variation"));
			continue;
		}
		yg_km_limits(a->p[h], a->se[h], w->ci, w->conf, &low, &high);
		yg_raw_num(t, row, 4, low, e);
		yg_raw_num(t, row, 5, high, e);
		yg_raw_role(t, row, 4, YG_ROLE_PROBABILITY);
		yg_raw_role(t, row, 5, YG_ROLE_PROBABILITY);
	}
}

static void hazard_rows(struct an_multistate *w, struct yg_raw_table *t, size_t g, double time, const struct yg_multistate_at *a)
{
	const struct an_surv *s = w->joint.s;
	for (size_t k = 0; k < w->moves; k++) {
		struct yg_evidence e = { (int64_t)w->fit.curve[g].persons[w->move[k].from], (int64_t)w->fit.curve[g].moves[k], 0 };
		double b = a->hazard[k], se = a->hazard_se[k];
		int row = yg_raw_row(t, row_key(w, g, an_multistate_move(w, k, false), time), row_label(w, g, an_multistate_move(w, k, true)), 0);
		yg_raw_num(t, row, 0, an_surv_shown(s, time), e);
		if (time > w->fit.curve[g].last || !(b > 0)) {
			an_events_missing(t, row, 1, 4, b > 0 ? N_("beyond the last time") : N_("no event yet"));
			continue;
		}
		yg_raw_num(t, row, 1, b, e);
		yg_raw_num(t, row, 2, se, e);
		yg_raw_num(t, row, 3, b * yg_exp(-w->critical * se / b), e);
		yg_raw_num(t, row, 4, b * yg_exp(w->critical * se / b), e);
	}
}

static void time_rows(struct an_multistate *w, struct yg_raw_table *t, size_t g, const struct yg_multistate_at *a)
{
	const struct an_surv *s = w->joint.s;
	for (unsigned h = 0; h < w->states; h++) {
		struct yg_evidence e = evidence(w, g, h);
		double b = an_surv_shown(s, a->spent[h]), se = an_surv_shown(s, a->spent_se[h]);
		int row = yg_raw_row(t, row_key(w, g, w->state[h], -1), row_label(w, g, state_label(w, h)), 0);
		yg_raw_num(t, row, 0, an_surv_shown(s, w->tau), e);
		yg_raw_num(t, row, 1, b, e);
		yg_raw_num(t, row, 2, se, e);
		yg_raw_num(t, row, 3, fmax(0, b - w->critical * se), e);
		yg_raw_num(t, row, 4, b + w->critical * se, e);
	}
}

static enum yg_status value_tables(struct an_multistate *w, struct yg_err *err)
{
	const struct an_surv *s = w->joint.s;
	const char *unit = an_events_unit(s);
	size_t groups = w->fit.groups, cells = groups * w->ats;
	struct yg_multistate_at *a = yg_arena_alloc(&w->arena, cells + 1, sizeof *a);
	struct yg_raw_table *states = NULL, *hazards = NULL, *spent;
	for (size_t k = 0; k < cells; k++)
		YG_TRY(yg_multistate_at(&w->data, &w->fit, k / w->ats, w->at[k % w->ats], w->task, &a[k], err));
	if (w->ats) {
		states = yg_raw_table(w->raw, key(w, "states"), an_surv_subtitle(s, N_("Probability of being in a state"), &w->arena));
		value_columns(states, N_("probability"), YG_ROLE_PROBABILITY, unit, NULL, true);
	}
	for (size_t k = 0; k < cells; k++)
		states_rows(w, states, k / w->ats, w->at[k % w->ats], &a[k]);
	spent = yg_raw_table(w->raw, key(w, "time"), an_surv_subtitle(s, N_("Expected time in a state"), &w->arena));
	value_columns(spent, N_("mean"), YG_ROLE_MEAN, unit, unit, false);
	for (size_t g = 0; g < groups; g++) {
		YG_TRY(yg_multistate_at(&w->data, &w->fit, g, w->tau, w->task, &a[cells], err));
		time_rows(w, spent, g, &a[cells]);
	}
	if (w->ats) {
		hazards = yg_raw_table(w->raw, key(w, "hazards"), an_surv_subtitle(s, N_("Cumulative hazards of the transitions"), &w->arena));
		value_columns(hazards, N_("cumulative hazard"), YG_ROLE_ESTIMATE, unit, NULL, false);
	}
	for (size_t k = 0; k < cells; k++)
		hazard_rows(w, hazards, k / w->ats, w->at[k % w->ats], &a[k]);
	return YG_OK;
}

/* ---- curves ---- */

static void curve_table(struct an_multistate *w)
{
	const struct an_surv *s = w->joint.s;
	struct yg_raw_table *t = yg_raw_table(w->raw, key(w, "curve"), an_surv_subtitle(s, N_("Curves"), &w->arena));
	yg_raw_table_detail(t);
	yg_raw_column(t, "group", N_("group"), YG_ROLE_LABEL, NULL);
	yg_raw_column(t, "state", N_("state"), YG_ROLE_LABEL, NULL);
	yg_raw_column(t, "time", N_("time"), YG_ROLE_TIME, an_events_unit(s));
	yg_raw_column(t, "at_risk", N_("there before"), YG_ROLE_WEIGHTED, NULL);
	yg_raw_column(t, "estimate", N_("probability"), YG_ROLE_PROBABILITY, NULL);
	for (size_t g = 0; g < w->fit.groups; g++) {
		const struct yg_multistate_curve *c = &w->fit.curve[g];
		size_t stride = (c->m + MOST_POINTS - 1) / MOST_POINTS;
		for (unsigned h = 0; h < w->states; h++)
			for (size_t j = stride ? stride - 1 : 0; j < c->m; j += stride) {
				struct yg_evidence e = evidence(w, g, h);
				int row = yg_raw_row(t, yg_arena_printf(&w->arena, "%zu.%u.%zu", g + 1, h, j + 1), "", 0);
				yg_raw_text(t, row, 0, s->group_words[g]);
				yg_raw_data(t, row, 1, w->state[h]);
				yg_raw_num(t, row, 2, an_surv_shown(s, c->time[j]), e);
				yg_raw_num(t, row, 3, c->n_risk[j * w->states + h], e);
				yg_raw_num(t, row, 4, c->p[j * w->states + h], e);
			}
	}
}

/* One figure a group, a curve for each state; the curves add up to 1. */
static void figure(struct an_multistate *w, size_t g)
{
	const struct an_surv *s = w->joint.s;
	const struct yg_multistate_curve *c = &w->fit.curve[g];
	const char *title = s->by_title ? yg_phrase(&w->arena, N_("Probability of being in a state: %s"), s->group_label[g]) :
	                                  N_("Probability of being in a state");
	struct yg_raw_figure *f = yg_raw_figure(w->raw, key(w, g ? yg_arena_printf(&w->arena, "states_%zu", g + 1) : "states"),
	                                        YG_FIGURE_KM, title);
	size_t stride = (c->m + MOST_POINTS - 1) / MOST_POINTS;
	yg_raw_figure_axis(f, 'x', N_("time"), an_events_unit(s), 0);
	yg_raw_figure_axis(f, 'y', N_("probability"), NULL, 0);
	an_events_grid(f, an_surv_shown(s, c->last), s->unit);
	for (unsigned h = 0; h < w->states; h++) {
		int series = h ? yg_raw_series_data(f, w->state[h]) : yg_raw_series(f, N_("start"));
		struct yg_evidence e = evidence(w, g, h);
		struct yg_raw_point p = { .x = 0, .x2 = NAN, .y = h == 0, .lower = NAN, .upper = NAN,
			                  .at_risk = h == 0 ? (int64_t)s->group_persons[g] : 0 };
		yg_raw_point(f, series, &p, e);
		for (size_t j = 0, to; j < c->m; j = to + 1) {
			to = j + stride - 1 < c->m ? j + stride - 1 : c->m - 1;
			p = (struct yg_raw_point){ .x = an_surv_shown(s, c->time[to]), .x2 = NAN, .y = c->p[to * w->states + h], .lower = NAN,
				                   .upper = NAN, .at_risk = (int64_t)(c->n_risk[j * w->states + h] + 0.5) };
			for (size_t k = 0; k < w->moves; k++)
				for (size_t i = j; w->move[k].to == h && i <= to; i++)
					p.events += (int64_t)(c->event[i * w->moves + k] + 0.5);
			yg_raw_point(f, series, &p, e);
		}
		if (c->m && c->last > c->time[c->m - 1]) {
			p.x = an_surv_shown(s, c->last);
			p.events = 0;
			p.at_risk = 0;
			for (size_t i = 0; i < w->n; i++)
				p.at_risk += w->from[i] == h && (size_t)w->group[i] == g && w->exit[i] >= c->last;
			yg_raw_point(f, series, &p, e);
		}
	}
}

/* ---- notes ---- */

static void notes(struct an_multistate *w)
{
	struct yg_raw *raw = w->raw;
	struct yg_raw_note *n;
	const char *moves = "";
	an_joint_notes(raw, &w->joint, &w->r->in);
	for (size_t k = 0; k < w->moves; k++)
		moves = yg_arena_printf(&w->arena, "%s%s%s", moves, k ? ", " : "", an_multistate_move(w, k, false));
	an_note_data(raw, YG_NOTE_CONVENTION, N_("transitions: {1}; everybody is in start at time 0"), moves);
	yg_raw_note(raw, YG_NOTE_CONVENTION, N_("Aalen-Johansen probabilities and Nelson-Aalen hazards; errors by the infinitesimal jackknife over persons"));
	n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("{1} intervals on the {2} scale; of hazards on the log scale; of times on their own"));
	yg_raw_note_num(n, YG_ROLE_PROPORTION, w->conf, YG_NOBODY);
	yg_raw_note_text(n, w->r->ci ? w->r->ci : "loglog");
	if (w->ties) {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("{1} persons entered two states at one time: the one named last in the statement counts"));
		yg_raw_note_int(n, YG_ROLE_PERSONS, (int64_t)w->ties, an_part(w->ties, w->joint.persons));
	}
	for (unsigned h = 0; h < w->states; h++)
		for (unsigned j = 1; j < w->states; j++) {
			uint64_t count = w->ignored[h * YG_MOST_STATES + j];
			if (!count)
				continue;
			n = yg_raw_note(raw, YG_NOTE_INFO, N_("{1} persons have {2} after {3}, which no transition allows: not counted"));
			yg_raw_note_int(n, YG_ROLE_PERSONS, (int64_t)count, an_part(count, w->joint.persons));
			yg_raw_note_data(n, w->state[j]);
			yg_raw_note_data(n, w->state[h]);
		}
	if (w->competed) {
		n = yg_raw_note(raw, YG_NOTE_WARNING, N_("{1} persons had a competing event that is no state here, and are censored by it: name an endpoint for it"));
		yg_raw_note_int(n, YG_ROLE_PERSONS, (int64_t)w->competed, an_part(w->competed, w->joint.persons));
	}
	if (w->never) {
		n = yg_raw_note(raw, YG_NOTE_DROPPED, N_("{1} persons left out: no time at risk"));
		yg_raw_note_int(n, YG_ROLE_PERSONS, (int64_t)w->never, an_part(w->never, w->joint.persons));
	}
}

/* ---- the verb ---- */

static enum yg_status read_options(struct an_multistate *w, struct yg_err *err)
{
	const struct yg_an_multistate *r = w->r;
	w->conf = r->in.conf > 0 ? r->in.conf : 0.95;
	if (!(w->conf < 1))
		return yg_fail(err, YG_ESYNTAX, "E-REG-005", N_("conf is a fraction between 0 and 1"));
	w->critical = yg_normal_quantile_upper((1 - w->conf) / 2);
	w->ci = YG_KM_LOGLOG;
	if (r->ci && !yg_km_ci_parse(r->ci, &w->ci))
		return yg_fail(err, YG_ESYNTAX, "E-SUR-012", N_("ci is plain, log, loglog or none, not %s"), r->ci);
	YG_TRY(an_events_times(r->of.endpoint[0], r->at, w->at, &w->ats, err));
	return an_multistate_read(w, err);
}

static void reset(struct an_multistate *w)
{
	yg_multistate_release(&w->fit);
	if (w->joined)
		an_joint_release(&w->joint);
	w->joined = false;
	w->n = 0;
	w->ties = w->never = w->competed = 0;
	memset(w->ignored, 0, sizeof w->ignored);
}

static enum yg_status join(struct an_multistate *w, const struct yg_node *crossing, const struct yg_design_plan *plan,
                           struct yg_err *err)
{
	const struct yg_an_multistate *r = w->r;
	struct an_surv_request ask = { .in = &r->in, .endpoint = r->of.endpoint[0], .crossing = crossing, .verb = "multistate" };
	if (plan)
		ask.terms = yg_design_plan_variables(plan, &ask.term);
	YG_TRY(an_joint_build(&ask, &r->of, w->task, &w->joint, err));
	w->joined = true;
	w->joint.s->several = w->several > 1;
	return an_multistate_paths(w, err);
}

static enum yg_status turn(struct an_multistate *w, const struct yg_node *crossing, struct yg_err *err)
{
	YG_TRY(join(w, crossing, NULL, err));
	if (w->joint.s->groups > MOST_GROUPS)
		return yg_fail(err, YG_REFUSED, "E-MST-017", N_("by makes %zu groups: more than %u figures"), w->joint.s->groups, MOST_GROUPS);
	YG_TRY(yg_multistate_fit(&w->data, w->task, &w->fit, err));
	/* Time in states until the last time asked, else until the last at which every group is still seen. */
	w->tau = 0;
	for (size_t j = 0; j < w->ats; j++)
		w->tau = fmax(w->tau, w->at[j]);
	for (size_t g = 0; g < w->fit.groups; g++) {
		double last = w->fit.curve[g].last;
		w->tau = w->tau > 0 ? fmin(w->tau, last) : last;
	}
	transitions_table(w);
	YG_TRY(value_tables(w, err));
	curve_table(w);
	for (size_t g = 0; g < w->fit.groups; g++)
		figure(w, g);
	notes(w);
	return YG_OK;
}

static enum yg_status models(struct an_multistate *w, struct yg_err *err)
{
	const struct yg_an_multistate *r = w->r;
	struct yg_scope scope = *r->in.scope;
	scope.table = r->of.endpoint[0]->table;
	if (r->in.by) {
		yg_fail(err, YG_REFUSED, "E-MST-018", N_("multistate with terms does not repeat by groups"));
		yg_err_hint(err, N_("Put the groups among the terms, or use where"));
		return YG_REFUSED;
	}
	for (uint32_t k = 0; k < r->formula->children; k++) {
		struct yg_design_plan *plan;
		YG_TRY(yg_design_plan(&w->arena, &scope, r->formula->child[k], &plan, err));
		YG_TRY(join(w, NULL, plan, err));
		YG_TRY(yg_multistate_fit(&w->data, w->task, &w->fit, err));
		if (!k) {
			transitions_table(w);
			notes(w);
		}
		YG_TRY(an_multistate_models(w, r->formula->child[k], k, plan, err));
		reset(w);
	}
	return YG_OK;
}

enum yg_status yg_an_multistate(const struct yg_an_multistate *request, struct yg_task *task, struct yg_raw **out,
                                struct yg_err *err)
{
	struct an_multistate w = { .r = request, .task = task };
	YG_TRY(read_options(&w, err));
	yg_arena_init(&w.arena);
	w.raw = yg_raw_new("multistate", OPERATION_VERSION);
	const char *names = "";
	for (unsigned h = 1; h < w.states; h++)
		names = yg_arena_printf(&w.arena, "%s%s%s", names, h > 1 ? ", " : "", w.state[h]);
	an_title(w.raw, N_("Multi-state model: start, %s"), names);
	w.several = an_crossings(request->in.by);
	enum yg_status s = YG_OK;
	if (request->formula)
		s = models(&w, err);
	for (size_t k = 0; !request->formula && s == YG_OK && k < w.several; k++) {
		w.index = k;
		s = turn(&w, an_crossing(request->in.by, k), err);
		reset(&w);
	}
	reset(&w);
	yg_free(w.entry);
	yg_free(w.exit);
	yg_free(w.weight);
	yg_free(w.from);
	yg_free(w.to);
	yg_free(w.person);
	yg_free(w.place);
	yg_free(w.group);
	yg_arena_release(&w.arena);
	if (s == YG_OK)
		*out = w.raw;
	else
		yg_raw_free(w.raw);
	return s;
}
