/* km with method=turnbull: survival curves of interval-censored times. */
#include <math.h>
#include <string.h>

#include "an_surv_priv.h"
#include "yogo/analysis/parametric.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/base/text.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/turnbull.h"

#define MOST_VALUES 64u

struct turnbull_work {
	const struct yg_an_km *r;
	struct yg_task *task;
	struct yg_arena arena;
	struct yg_raw *raw;
	double quantile[MOST_VALUES];
	size_t quantiles, parts;
	bool open;
};

static const char *unit_of(const struct an_surv *s)
{
	return s->unit && *s->unit ? s->unit : NULL;
}

static enum yg_status read_options(struct turnbull_work *w, struct yg_err *err)
{
	const struct yg_node *q = w->r->quantiles;
	w->quantiles = q ? (q->kind == YG_NODE_GROUP ? q->children : 1) : 1;
	w->quantile[0] = 0.5;
	if (w->quantiles > MOST_VALUES)
		return yg_fail_at(err, YG_ESYNTAX, q->at, q->len, "E-AFT-024", N_("at most 64 quantiles can be listed"));
	for (size_t k = 0; q && k < w->quantiles; k++) {
		const struct yg_node *v = q->kind == YG_NODE_GROUP ? q->child[k] : q;
		if (v->kind != YG_NODE_NUMBER || !(v->number > 0 && v->number < 1))
			return yg_fail_at(err, YG_ESYNTAX, v->at, v->len, "E-AFT-025", N_("a quantile is a fraction between 0 and 1"));
		w->quantile[k] = v->number;
	}
	return YG_OK;
}

static void groups_table(struct turnbull_work *w, const struct an_surv *s, const struct yg_turnbull *fit)
{
	static const struct {
		const char *key, *label;
		enum yg_role role;
	} column[] = { { "persons", N_("persons"), YG_ROLE_PERSONS }, { "events", N_("events"), YG_ROLE_EVENTS },
		       { "exact", N_("known time"), YG_ROLE_PERSONS }, { "interval", N_("between two times"), YG_ROLE_PERSONS },
		       { "left", N_("before the first"), YG_ROLE_PERSONS }, { "right", N_("not seen"), YG_ROLE_PERSONS },
		       { "steps", N_("intervals with mass"), YG_ROLE_INTEGER } };
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "groups", w->parts), an_surv_subtitle(s,
		N_("Groups"), &w->arena));
	for (size_t k = 0; k < sizeof column / sizeof column[0]; k++)
		yg_raw_column(t, column[k].key, column[k].label, column[k].role, NULL);
	for (size_t g = 0; g < s->groups; g++) {
		const struct yg_turnbull *f = &fit[g];
		uint64_t persons = s->group_persons[g];
		int row = yg_raw_row(t, s->group_label[g], s->group_words[g], 0);
		const uint64_t kind[] = { f->exact, f->interval, f->left, f->right + f->nothing };
		yg_raw_int(t, row, 0, (int64_t)persons, an_part(persons, s->groups > 1 ? s->set->persons : 0));
		yg_raw_int(t, row, 1, (int64_t)s->group_event_rows[g],
		           (struct yg_evidence){ (int64_t)persons, (int64_t)s->group_events[g], (int64_t)persons });
		for (int k = 0; k < 4; k++)
			yg_raw_int(t, row, 2 + k, (int64_t)kind[k], an_part(kind[k], persons));
		yg_raw_int(t, row, 6, (int64_t)f->m, YG_NOBODY);
	}
}

static void quantile_table(struct turnbull_work *w, const struct an_surv *s, const struct yg_turnbull *fit)
{
	bool median = w->quantiles == 1 && w->quantile[0] == 0.5;
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "quantiles", w->parts),
	                                      an_surv_subtitle(s, median ? N_("Median time: somewhere in this range") :
	                                                       N_("Quantiles of time: somewhere in these ranges"), &w->arena));
	int from = yg_raw_column(t, "from", N_("after"), YG_ROLE_QUANTILE, unit_of(s));
	int to = yg_raw_column(t, "to", N_("not later than"), YG_ROLE_QUANTILE, unit_of(s));
	for (size_t g = 0; g < s->groups; g++)
		for (size_t k = 0; k < w->quantiles; k++) {
			double a, b;
			char number[32];
			struct yg_evidence e = an_surv_group_evidence(s, g);
			yg_print_double(number, w->quantile[k]);
			const char *key = w->quantiles == 1 ? s->group_label[g] : yg_arena_printf(&w->arena, "%s %s",
				s->group_label[g], number);
			const char *label = w->quantiles == 1 ? key : yg_arena_printf(&w->arena, "%s, %s", s->group_label[g], number);
			int row = yg_raw_row(t, key, w->quantiles == 1 ? s->group_words[g] : yg_phrase_data(&w->arena, label), 0);
			yg_turnbull_quantile(&fit[g], w->quantile[k], &a, &b);
			if (!w->open) {
				yg_raw_missing(t, row, from, N_("shown of open data only"));
				yg_raw_text(t, row, to, "");
				continue;
			}
			if (isnan(a) || isinf(b)) {
				yg_raw_missing(t, row, from, N_("not reached"));
				yg_raw_missing(t, row, to, N_("not reached"));
				continue;
			}
			yg_raw_num(t, row, from, an_surv_shown(s, a), e);
			yg_raw_num(t, row, to, an_surv_shown(s, b), e);
		}
}

static enum yg_status times_table(struct turnbull_work *w, const struct an_surv *s, const struct yg_turnbull *fit,
                                  struct yg_err *err)
{
	const struct yg_node *at = w->r->at;
	size_t n = at ? (at->kind == YG_NODE_GROUP ? at->children : 1) : 0;
	if (!n)
		return YG_OK;
	if (n > MOST_VALUES)
		return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-SUR-015", N_("at most 64 times can be listed"));
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "times", w->parts), an_surv_subtitle(s,
		N_("Survival at times"), &w->arena));
	yg_raw_column(t, "time", N_("time"), YG_ROLE_TIME, unit_of(s));
	yg_raw_column(t, "lowest", N_("survival, at least"), YG_ROLE_PROBABILITY, NULL);
	yg_raw_column(t, "highest", N_("at most"), YG_ROLE_PROBABILITY, NULL);
	for (size_t g = 0; g < s->groups; g++)
		for (size_t k = 0; k < n; k++) {
			double time, low, high;
			char number[32];
			struct yg_evidence e = an_surv_group_evidence(s, g);
			YG_TRY(an_surv_time(s->endpoint, at->kind == YG_NODE_GROUP ? at->child[k] : at, &time, err));
			yg_print_double(number, an_surv_shown(s, time));
			int row = yg_raw_row(t, yg_arena_printf(&w->arena, "%s@%s", s->group_label[g], number), s->group_words[g], 0);
			yg_turnbull_at(&fit[g], time, &low, &high);
			yg_raw_num(t, row, 0, an_surv_shown(s, time), YG_NOBODY);
			yg_raw_num(t, row, 1, low, e);
			yg_raw_num(t, row, 2, high, e);
		}
	return YG_OK;
}

/* Persons whom a mass may stand for: at the least its share of the group. */
static struct yg_evidence share(const struct an_surv *s, size_t g, double mass)
{
	int64_t persons = (int64_t)(mass * (double)s->group_persons[g] + 0.5);
	return (struct yg_evidence){ persons > 0 ? persons : 1, persons > 0 ? persons : 1, (int64_t)s->group_persons[g] };
}

static void mass_table(struct turnbull_work *w, const struct an_surv *s, const struct yg_turnbull *fit)
{
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "mass", w->parts),
	                                      an_surv_subtitle(s,
	                                      N_("Where the curve falls: somewhere in these intervals"), &w->arena));
	yg_raw_column(t, "group", N_("group"), YG_ROLE_LABEL, NULL);
	yg_raw_column(t, "from", N_("after"), YG_ROLE_TIME, unit_of(s));
	yg_raw_column(t, "to", N_("not later than"), YG_ROLE_TIME, unit_of(s));
	yg_raw_column(t, "mass", N_("falls by"), YG_ROLE_PROBABILITY, NULL);
	yg_raw_column(t, "survival", N_("survival after it"), YG_ROLE_PROBABILITY, NULL);
	yg_raw_table_detail(t);
	for (size_t g = 0; g < s->groups; g++)
		for (size_t j = 0; j < fit[g].m; j++) {
			const struct yg_turnbull *f = &fit[g];
			struct yg_evidence e = share(s, g, f->mass[j]);
			int row = yg_raw_row(t, yg_arena_printf(&w->arena, "%s %zu", s->group_label[g], j + 1), s->group_words[g], 0);
			yg_raw_text(t, row, 0, s->group_label[g]);
			yg_raw_num(t, row, 1, an_surv_shown(s, fmax(f->from[j], 0)), e);
			if (isinf(f->to[j]))
				yg_raw_missing(t, row, 2, N_("after all that is known"));
			else
				yg_raw_num(t, row, 2, an_surv_shown(s, f->to[j]), e);
			yg_raw_num(t, row, 3, f->mass[j], e);
			yg_raw_num(t, row, 4, f->after[j], e);
		}
}

/* Straight through each interval with mass, and as band all that the curve may do there. */
static void figure(struct turnbull_work *w, const struct an_surv *s, const struct yg_turnbull *fit)
{
	struct yg_raw_figure *fig = yg_raw_figure(w->raw, an_key(&w->arena, "turnbull", w->parts), YG_FIGURE_XY,
	                                          an_surv_title(s, N_("Survival (Turnbull)"), &w->arena));
	yg_raw_figure_axis(fig, 'x', N_("time"), unit_of(s), 0);
	yg_raw_figure_axis(fig, 'y', N_("survival"), NULL, 0);
	yg_raw_figure_reference(fig, 'y', 0);
	for (size_t g = 0; g < s->groups; g++) {
		const struct yg_turnbull *f = &fit[g];
		int series = yg_raw_series(fig, s->group_words[g]);
		double before = 1;
		yg_raw_series_line(fig, series);
		struct yg_raw_point p = { .x = 0, .x2 = NAN, .y = 1, .lower = 1, .upper = 1 };
		yg_raw_point(fig, series, &p, an_surv_group_evidence(s, g));
		for (size_t j = 0; j < f->m; j++) {
			double from = an_surv_shown(s, fmax(f->from[j], 0)), to = an_surv_shown(s, f->to[j]), after = f->after[j];
			struct yg_evidence e = share(s, g, f->mass[j]);
			const double x[] = { from, from, to, to }, y[] = { before, before, after, after };
			const double low[] = { before, after, after, after }, high[] = { before, before, before, after };
			if (isinf(f->to[j])) {
				p.x = from;
				yg_raw_point(fig, series, &p, e);
				break;
			}
			for (int k = 0; k < 4; k++) {
				p = (struct yg_raw_point){ .x = x[k], .x2 = NAN, .y = y[k], .lower = low[k], .upper = high[k] };
				yg_raw_point(fig, series, &p, e);
			}
			before = after;
		}
	}
}

static void notes(struct turnbull_work *w, const struct an_surv *s, const struct yg_turnbull *fit)
{
	struct yg_raw_note *n;
	an_surv_notes(w->raw, s, &w->r->in);
	yg_raw_note(w->raw, YG_NOTE_CONVENTION,
	            N_("Turnbull (1976): the nonparametric maximum of the likelihood, by EM and isotonic steps in turn (Wellner and Zhan 1997)"));
	yg_raw_note(w->raw, YG_NOTE_CONVENTION,
	            N_("the event is after the first and not later than the second time; inside an interval with mass the curve is not determined: "
	               "both ends are given, and the figure shows the range"));
	if (!w->open)
		yg_raw_note(w->raw, YG_NOTE_INFO, N_("the curve is drawn and its intervals are listed of open data only"));
	yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("no standard errors: Greenwood's formula does not hold for such data"));
	for (size_t g = 0; g < s->groups; g++) {
		if (fit[g].converged)
			continue;
		n = yg_raw_note(w->raw, YG_NOTE_WARNING,
			N_("{1}: the estimate was not reached in {2} steps; what is missing in the log likelihood is at most {3} a person"));
		yg_raw_note_text(n, s->group_words[g]);
		yg_raw_note_int(n, YG_ROLE_INTEGER, fit[g].iterations, YG_NOBODY);
		yg_raw_note_num(n, YG_ROLE_CRITERION, fit[g].gap, YG_NOBODY);
	}
	uint64_t had = 0;
	for (size_t i = 0; i < s->set->n && s->endpoint->interval_censored; i++)
		had += s->set->exit[i] <= 0;
	if (had) {
		n = yg_raw_note(w->raw, YG_NOTE_WARNING,
			N_("{1} had the event by time 0 already: the curve falls for them at time 0"));
		yg_raw_note_int(n, YG_ROLE_PERSONS, (int64_t)had, an_part(had, s->set->persons));
	}
	if (s->competing_rows) {
		n = yg_raw_note(w->raw, YG_NOTE_WARNING,
		                N_("{1} competing events were censored: one minus this curve is not the probability of the event; see cuminc"));
		yg_raw_note_int(n, YG_ROLE_EVENTS, (int64_t)s->competing_rows, an_persons(s->set->persons));
	}
}

/* The curve of each group. */
static enum yg_status fit_groups(struct turnbull_work *w, const struct an_surv *s, struct yg_turnbull *fit,
                                 struct yg_err *err)
{
	const struct yg_set *set = s->set;
	bool between = s->endpoint->interval_censored;
	double *v = yg_data_alloc(3 * set->n + 1, sizeof *v);
	enum yg_status status = v ? YG_OK : yg_fail(err, YG_ENOMEM, "E-MEM-002",
		N_("memory ran out while the curve was estimated"));
	for (size_t g = 0; status == YG_OK && g < s->groups; g++) {
		double *lower = v, *upper = v + set->n, *weight = upper + set->n;
		size_t n = 0;
		for (size_t i = 0; i < set->n; i++) {
			if (s->group[i] != (int32_t)g)
				continue;
			lower[n] = between ? set->entry[i] : set->exit[i];
			upper[n] = between || s->event[i] ? set->exit[i] : INFINITY;
			weight[n++] = s->weight ? s->weight[i] : 1;
		}
		status = yg_turnbull_fit(lower, upper, s->weight ? weight : NULL, n, w->task, &fit[g], err);
	}
	yg_data_free(v);
	return status;
}

static enum yg_status one_part(struct turnbull_work *w, const struct yg_endpoint *e, const struct yg_node *crossing,
                               struct yg_err *err)
{
	const struct yg_an_km *r = w->r;
	const struct an_surv_request ask = { .in = &r->in, .endpoint = e, .crossing = crossing, .frequency = r->frequency,
		.verb = "km",
		                             .intervals = true };
	struct an_surv s;
	YG_TRY(an_surv_build(&ask, w->task, &s, err));
	s.several = r->of.count * an_crossings(r->in.by) > 1;
	struct yg_turnbull *fit = yg_arena_alloc(&w->arena, s.groups + 1, sizeof *fit);
	if (e->interval_censored)
		s.spans.entry = NULL;   /* L is no entry: nobody came late */
	enum yg_status status = an_surv_independent(&s, "km", err);
	if (status == YG_OK && s.spans.entry && !e->interval_censored) {
		status = yg_fail(err, YG_REFUSED, "E-AFT-022", N_("method=turnbull does not honour late entry; %s has entry"),
			e->name);
		yg_err_hint(err, N_("Use km without method: it honours entry"));
	}
	if (status == YG_OK)
		status = fit_groups(w, &s, fit, err);
	if (status == YG_OK) {
		if (!w->parts)
			yg_raw_title(w->raw, an_surv_title(&s, N_("Survival (Turnbull)"), &w->arena));
		groups_table(w, &s, fit);
		quantile_table(w, &s, fit);
		status = times_table(w, &s, fit, err);
	}
	if (status == YG_OK) {
		if (w->open) {
			figure(w, &s, fit);
			mass_table(w, &s, fit);
		}
		notes(w, &s, fit);
		w->parts++;
	}
	for (size_t g = 0; g < s.groups; g++)
		yg_turnbull_release(&fit[g]);
	an_surv_release(&s);
	return status;
}

enum yg_status yg_an_turnbull(const struct yg_an_km *request, bool open, struct yg_task *task, struct yg_raw **out,
                              struct yg_err *err)
{
	struct turnbull_work w = { .r = request, .task = task, .open = open };
	if (request->cluster)
		return yg_fail(err, YG_REFUSED, "E-AFT-023",
			N_("method=turnbull computes no standard errors, so cluster changes nothing: leave it out"));
	if (request->band || request->measure || request->adjust || request->landmark || request->given || request->over || request->all_steps)
		return yg_fail(err, YG_REFUSED, "E-AFT-026",
			N_("method=turnbull has no band, measure, adjust, over, given, landmark or steps: leave them out"));
	YG_TRY(read_options(&w, err));
	yg_arena_init(&w.arena);
	w.raw = yg_raw_new("km", 1);
	enum yg_status s = YG_OK;
	for (size_t i = 0; s == YG_OK && i < request->of.count; i++)
		for (size_t k = 0; s == YG_OK && k < an_crossings(request->in.by); k++)
			s = one_part(&w, request->of.endpoint[i], an_crossing(request->in.by, k), err);
	yg_arena_release(&w.arena);
	if (s == YG_OK)
		*out = w.raw;
	else
		yg_raw_free(w.raw);
	return s;
}
