/* cuminc: cumulative incidence with competing risks. */
#include "yogo/analysis/competing.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/an_frame_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/stats/cuminc.h"

/* One crossing of the by clause: the set, its groups, the fit. */
struct turn {
	const struct yg_an_cuminc *request;
	size_t index;                       /* 0, 1 ...: keys get ".2", ".3" */
	struct yg_arena arena;
	struct yg_set *set;
	int32_t *group, *stratum;           /* [n] */
	size_t groups, strata;
	const char **label;                 /* [groups] */
	const char *title;                  /* "rx", or NULL */
	uint64_t *persons;                  /* [groups] */
	struct yg_cuminc fit;
	struct yg_spans spans;
	unsigned causes;
};

/* Combinations of factors first..first+count of the set that occur; codes[n], labels in order of levels. */
static size_t combine(struct turn *t, size_t first, size_t count, int32_t *codes, const char ***labels)
{
	const struct yg_set *s = t->set;
	size_t all = 1, used = 0;
	int32_t *place;

	for (size_t k = 0; k < count; k++)
		all *= (size_t)s->column[first + k].levels;
	place = yg_arena_alloc(&t->arena, all ? all : 1, sizeof *place);
	for (size_t i = 0; i < s->n; i++) {
		size_t code = 0;
		for (size_t k = 0; k < count; k++)
			code = code * (size_t)s->column[first + k].levels + (size_t)s->column[first + k].level[i];
		codes[i] = (int32_t)code;
		place[code] = 1;
	}
	*labels = yg_arena_alloc(&t->arena, all ? all : 1, sizeof **labels);
	for (size_t code = 0; code < all; code++) {
		size_t rest = code, below = all;
		const char *label = "";
		if (!place[code])
			continue;
		for (size_t k = 0; k < count; k++) {
			const struct yg_set_column *c = &s->column[first + k];
			below /= (size_t)c->levels;
			label = yg_arena_printf(&t->arena, "%s%s%s", label, k ? ", " : "", c->level_name[rest / below]);
			rest %= below;
		}
		(*labels)[used] = label;
		place[code] = (int32_t)used++;
	}
	for (size_t i = 0; i < s->n; i++)
		codes[i] = place[codes[i]];
	return used;
}

static enum yg_status build(struct turn *t, const struct yg_node *crossing, struct yg_task *task, struct yg_err *err)
{
	const struct yg_an_cuminc *r = t->request;
	size_t by = crossing ? crossing->children : 0, strata = r->strata ? r->strata->children : 0;
	struct yg_set_variable *v = yg_arena_alloc(&t->arena, by + strata + 2, sizeof *v);
	struct yg_set_request request = { .scope = r->in.scope, .population = r->in.population, .endpoint = r->endpoint,
	                                  .where = r->in.where, .unit = YG_SET_SPANS, .variable = v };
	const char *title = NULL;
	uint32_t last;

	for (size_t k = 0; k < by; k++) {
		v[request.variables++] = (struct yg_set_variable){ crossing->child[k], YG_USE_BY, false, true };
		title = title ? yg_arena_printf(&t->arena, "%s:%s", title, crossing->child[k]->text) : crossing->child[k]->text;
	}
	for (size_t k = 0; k < strata; k++)
		v[request.variables++] = (struct yg_set_variable){ r->strata->child[k], YG_USE_STRATA, false, true };
	if (r->in.weight)
		v[request.variables++] = (struct yg_set_variable){ r->in.weight, YG_USE_WEIGHT, false, false };
	t->title = title;
	YG_TRY(yg_set_build(&request, task, &t->set, err));
	t->group = yg_arena_alloc(&t->arena, t->set->n + 1, sizeof *t->group);
	t->stratum = yg_arena_alloc(&t->arena, t->set->n + 1, sizeof *t->stratum);
	if (by) {
		t->groups = combine(t, 0, by, t->group, &t->label);
	} else {
		t->groups = 1;
		t->label = yg_arena_alloc(&t->arena, 1, sizeof *t->label);
		t->label[0] = r->in.population->name;
	}
	if (strata) {
		const char **ignored;
		t->strata = combine(t, by, strata, t->stratum, &ignored);
	}
	t->persons = yg_arena_alloc(&t->arena, t->groups + 1, sizeof *t->persons);
	last = UINT32_MAX;
	for (size_t i = 0; i < t->set->n; i++) {
		t->persons[t->group[i]] += t->set->person[i] != last;
		last = t->set->person[i];
	}
	t->spans = (struct yg_spans){ .n = t->set->n, .entry = t->set->entry, .exit = t->set->exit, .event = t->set->status,
	                              .group = by ? t->group : NULL, .groups = t->groups,
	                              .stratum = strata ? t->stratum : NULL, .strata = t->strata, .weight = t->set->weight };
	return yg_cuminc_fit(&t->spans, t->causes, task, &t->fit, err);
}

static const char *key(struct turn *t, const char *base)
{
	return an_key(&t->arena, base, t->index);
}

static struct yg_evidence evidence(const struct turn *t, size_t g, unsigned cause)
{
	return (struct yg_evidence){ (int64_t)t->persons[g], (int64_t)t->fit.curve[g].events[cause], 0 };
}

static void write_groups(struct yg_raw *raw, struct turn *t)
{
	const struct yg_endpoint *e = t->request->endpoint;
	struct yg_raw_table *table = yg_raw_table(raw, key(t, "groups"), t->title ? t->title : N_("Follow-up"));

	yg_raw_column(table, "persons", N_("persons"), YG_ROLE_PERSONS, NULL);
	for (unsigned k = 0; k < t->causes; k++)
		yg_raw_column(table, yg_arena_printf(&t->arena, "events_%u", k + 1), e->state[k + 1], YG_ROLE_EVENTS, NULL);
	yg_raw_column(table, "censored", N_("censored"), YG_ROLE_RECORDS, NULL);
	for (size_t g = 0; g < t->groups; g++) {
		int row = yg_raw_row(table, t->label[g], t->label[g], 0);
		uint64_t events = 0;
		yg_raw_int(table, row, 0, (int64_t)t->persons[g], an_persons(t->persons[g]));
		for (unsigned k = 0; k < t->causes; k++) {
			yg_raw_int(table, row, (int)k + 1, (int64_t)t->fit.curve[g].events[k],
			           an_part(t->fit.curve[g].events[k], t->persons[g]));
			events += t->fit.curve[g].events[k];
		}
		yg_raw_int(table, row, (int)t->causes + 1, (int64_t)(t->fit.curve[g].records - events),
		           an_part(t->fit.curve[g].records - events, t->persons[g]));
	}
}

static void write_incidence(struct yg_raw *raw, struct turn *t)
{
	const struct yg_an_cuminc *r = t->request;
	const struct yg_endpoint *e = r->endpoint;
	struct yg_raw_table *table = yg_raw_table(raw, key(t, "incidence"), N_("Cumulative incidence"));

	yg_raw_column(table, "time", N_("time"), YG_ROLE_TIME, e->display_unit);
	yg_raw_column(table, "at_risk", N_("at risk"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(table, "estimate", N_("incidence"), YG_ROLE_PROPORTION, NULL);
	yg_raw_column(table, "se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(table, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(table, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	for (size_t g = 0; g < t->groups; g++)
		for (unsigned k = 0; k < t->causes; k++)
			for (size_t j = 0; j < r->ats; j++) {
				const struct yg_cuminc_curve *c = &t->fit.curve[g];
				ptrdiff_t m = yg_cuminc_at(c, r->at[j]);
				struct yg_evidence ev = evidence(t, g, k);
				double shown = r->at[j] / e->display_divisor, p, se, low, high;
				size_t next = (size_t)(m + 1), at_risk = 0;
				int row = yg_raw_row(table, yg_arena_printf(&t->arena, "%s: %s: %.6g", t->label[g], e->state[k + 1], shown),
				                     t->groups > 1 ? yg_arena_printf(&t->arena, "%s: %s", t->label[g], e->state[k + 1])
				                                   : e->state[k + 1], 0);
				for (size_t i = 0; i < t->set->n; i++)
					at_risk += (size_t)t->group[i] == g && t->set->exit[i] >= r->at[j] &&
					           (!t->set->entry || t->set->entry[i] < r->at[j]);
				yg_raw_num(table, row, 0, shown, YG_NOBODY);
				yg_raw_int(table, row, 1, (int64_t)at_risk, an_part(at_risk, t->persons[g]));
				if (next >= c->m && r->at[j] > (c->m ? c->time[c->m - 1] : 0)) {
					for (int column = 2; column < 6; column++)
						yg_raw_missing(table, row, column, N_("beyond the last time"));
					continue;
				}
				p = m < 0 ? 0 : c->incidence[(size_t)m * t->causes + k];
				se = m < 0 ? 0 : c->se[(size_t)m * t->causes + k];
				yg_raw_num(table, row, 2, p, ev);
				yg_raw_num(table, row, 3, se, ev);
				if (se > 0) {
					yg_km_limits(p, se, r->ci, r->in.conf > 0 ? r->in.conf : 0.95, &low, &high);
					yg_raw_num(table, row, 4, low, ev);
					yg_raw_num(table, row, 5, high, ev);
				} else {
					yg_raw_missing(table, row, 4, N_("no event yet"));
					yg_raw_missing(table, row, 5, N_("no event yet"));
				}
				yg_raw_role(table, row, 4, YG_ROLE_PROPORTION);
				yg_raw_role(table, row, 5, YG_ROLE_PROPORTION);
			}
}

static enum yg_status write_gray(struct yg_raw *raw, struct turn *t, struct yg_task *task, struct yg_err *err)
{
	const struct yg_an_cuminc *r = t->request;
	struct yg_raw_table *table;

	if (r->no_test || t->groups < 2)
		return YG_OK;
	if (t->spans.weight || t->spans.entry) {
		yg_raw_note(raw, YG_NOTE_WARNING, N_("Gray's test is not defined with weights or left truncation and was left out"));
		return YG_OK;
	}
	table = yg_raw_table(raw, key(t, "gray"), N_("Gray's test of equal incidence"));
	yg_raw_column(table, "statistic", N_("chi-squared"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(table, "df", N_("df"), YG_ROLE_DF, NULL);
	yg_raw_column(table, "p", N_("p"), YG_ROLE_P, NULL);
	for (unsigned k = 0; k < t->causes; k++) {
		struct yg_gray gray;
		struct yg_evidence ev = { (int64_t)t->set->persons, 0, 0 };
		int row = yg_raw_row(table, r->endpoint->state[k + 1], r->endpoint->state[k + 1], 0);
		for (size_t g = 0; g < t->groups; g++)
			ev.events += (int64_t)t->fit.curve[g].events[k];
		YG_TRY(yg_gray_test(&t->spans, k + 1, r->rho, task, &gray, err));
		if (!gray.df) {
			for (int column = 0; column < 3; column++)
				yg_raw_missing(table, row, column, N_("nothing to compare"));
			continue;
		}
		yg_raw_num(table, row, 0, gray.statistic, ev);
		yg_raw_int(table, row, 1, gray.df, YG_NOBODY);
		yg_raw_num(table, row, 2, gray.p, ev);
	}
	return YG_OK;
}

static void write_curves(struct yg_raw *raw, struct turn *t)
{
	const struct yg_endpoint *e = t->request->endpoint;
	struct yg_raw_table *table = yg_raw_table(raw, key(t, "curves"), N_("Every step"));

	yg_raw_table_detail(table);
	yg_raw_column(table, "group", N_("group"), YG_ROLE_LABEL, NULL);
	yg_raw_column(table, "cause", N_("cause"), YG_ROLE_LABEL, NULL);
	yg_raw_column(table, "time", N_("time"), YG_ROLE_TIME, e->display_unit);
	yg_raw_column(table, "at_risk", N_("at risk"), YG_ROLE_WEIGHTED, NULL);
	yg_raw_column(table, "estimate", N_("incidence"), YG_ROLE_PROBABILITY, NULL);
	yg_raw_column(table, "se", N_("SE"), YG_ROLE_SE, NULL);
	for (size_t g = 0; g < t->groups; g++)
		for (unsigned k = 0; k < t->causes; k++)
			for (size_t m = 0; m < t->fit.curve[g].m; m++) {
				const struct yg_cuminc_curve *c = &t->fit.curve[g];
				struct yg_evidence ev = evidence(t, g, k);
				int row;
				if (c->event[m * t->causes + k] <= 0)
					continue;
				row = yg_raw_row(table, yg_arena_printf(&t->arena, "%zu.%u.%zu", g + 1, k + 1, m + 1), "", 0);
				yg_raw_text(table, row, 0, t->label[g]);
				yg_raw_text(table, row, 1, e->state[k + 1]);
				yg_raw_num(table, row, 2, c->time[m] / e->display_divisor, ev);
				yg_raw_num(table, row, 3, c->n_risk[m], ev);
				yg_raw_num(table, row, 4, c->incidence[m * t->causes + k], ev);
				yg_raw_num(table, row, 5, c->se[m * t->causes + k], ev);
			}
}

/* Five to seven whole steps of the display unit over the follow-up. */
static size_t risk_times(double longest, double out[16])
{
	static const double steps[] = { 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000 };
	double step = steps[0];
	size_t n = 0;

	for (size_t i = 0; i < sizeof steps / sizeof *steps && longest / step > 8; i++)
		step = steps[i];
	for (double x = 0; x <= longest && n < 16; x += step)
		out[n++] = x;
	return n;
}

static void write_figure(struct yg_raw *raw, struct turn *t, unsigned cause)
{
	const struct yg_an_cuminc *r = t->request;
	const struct yg_endpoint *e = r->endpoint;
	double longest = 0, grid[16];
	struct yg_raw_figure *f = yg_raw_figure(raw, key(t, "incidence"), YG_FIGURE_KM,
	                                        yg_arena_printf(&t->arena, "%s: %s", N_("Cumulative incidence"), e->state[cause + 1]));

	for (size_t g = 0; g < t->groups; g++) {
		const struct yg_cuminc_curve *c = &t->fit.curve[g];
		longest = c->m && c->time[c->m - 1] > longest ? c->time[c->m - 1] : longest;
	}
	yg_raw_figure_axis(f, 'x', N_("time"), e->display_unit, 0);
	yg_raw_figure_axis(f, 'y', N_("cumulative incidence"), NULL, 0);
	yg_raw_figure_grid(f, grid, risk_times(longest / e->display_divisor, grid));
	for (size_t g = 0; g < t->groups; g++) {
		const struct yg_cuminc_curve *c = &t->fit.curve[g];
		int series = yg_raw_series(f, t->label[g]);
		uint64_t at_risk = c->records;
		struct yg_raw_point p = { .x = 0, .x2 = NAN, .y = 0, .lower = 0, .upper = 0, .at_risk = (int64_t)at_risk };
		yg_raw_point(f, series, &p, evidence(t, g, cause));
		for (size_t m = 0; m < c->m; m++) {
			double y = c->incidence[m * t->causes + cause], se = c->se[m * t->causes + cause], low = y, high = y;
			double events = c->event[m * t->causes + cause], others = 0, left;
			if (se > 0)
				yg_km_limits(y, se, r->ci, r->in.conf > 0 ? r->in.conf : 0.95, &low, &high);
			for (unsigned k = 0; k < t->causes; k++)
				others += k == cause ? 0 : c->event[m * t->causes + k];
			left = m + 1 < c->m ? c->n_risk[m + 1] : 0;
			p = (struct yg_raw_point){ .x = c->time[m] / e->display_divisor, .x2 = NAN, .y = y, .lower = low, .upper = high,
			                           .at_risk = (int64_t)(c->n_risk[m] + 0.5), .events = (int64_t)(events + 0.5) };
			/* The other causes end a curve's observation as censoring does, but leave no mark. */
			p.censored = (int64_t)(c->n_risk[m] - left - events - others + 0.5);
			p.censored = p.censored < 0 ? 0 : p.censored;
			yg_raw_point(f, series, &p, evidence(t, g, cause));
		}
	}
}

static void write_notes(struct yg_raw *raw, const struct turn *t)
{
	const struct yg_an_cuminc *r = t->request;
	struct yg_raw_note *n;
	double worst = 0;
	uint64_t events = 0;

	for (size_t g = 0; g < t->groups; g++) {
		worst = t->fit.curve[g].worst_sum > worst ? t->fit.curve[g].worst_sum : worst;
		for (unsigned k = 0; k < t->causes; k++)
			events += t->fit.curve[g].events[k];
	}
	yg_raw_counts(raw, (int64_t)t->set->persons, (int64_t)t->set->n, (int64_t)events,
	              (int64_t)(t->set->persons_asked - t->set->persons));
	n = yg_raw_note(raw, YG_NOTE_POPULATION, N_("{1} persons: {2}"));
	yg_raw_note_int(n, YG_ROLE_PERSONS, (int64_t)t->set->persons, an_persons(t->set->persons));
	yg_raw_note_text(n, r->in.population->sentence);
	for (size_t i = 0; i < t->set->drops; i++) {
		n = yg_raw_note(raw, YG_NOTE_DROPPED, N_("{1} persons left out: {2}"));
		yg_raw_note_int(n, YG_ROLE_PERSONS, (int64_t)t->set->drop[i].persons, an_persons(t->set->drop[i].persons));
		yg_raw_note_text(n, t->set->drop[i].reason);
	}
	an_note_weights(raw, &r->in);
	n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("Aalen-Johansen estimate; standard errors by the infinitesimal jackknife; intervals on the {1} scale"));
	yg_raw_note_text(n, r->ci == YG_KM_LOG ? "log" : r->ci == YG_KM_LOGLOG ? "loglog" : r->ci == YG_KM_PLAIN ? "plain"
	                    : r->ci == YG_KM_LOGIT ? "logit" : "arcsin");
	n = yg_raw_note(raw, worst > 1e-9 ? YG_NOTE_WARNING : YG_NOTE_INFO,
	                N_("the curves of all causes and survival add up to 1 within {1}"));
	yg_raw_note_num(n, YG_ROLE_STATISTIC, worst, YG_NOBODY);
}

static enum yg_status cause_asked(const struct yg_an_cuminc *r, unsigned *out, struct yg_err *err)
{
	const struct yg_endpoint *e = r->endpoint;

	*out = 0;
	if (!r->cause)
		return YG_OK;
	for (int k = 1; k < e->states; k++)
		if (!strcmp(e->state[k], r->cause)) {
			*out = (unsigned)k - 1;
			return YG_OK;
		}
	return yg_fail(err, YG_ESYNTAX, "E-END-050", N_("%s has no cause \"%s\""), e->name, r->cause);
}

enum yg_status yg_an_cuminc(const struct yg_an_cuminc *request, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	const struct yg_endpoint *e = request->endpoint;
	struct yg_raw *raw;
	enum yg_status status = YG_OK;
	unsigned cause;

	if (e->interval_censored)
		return yg_fail(err, YG_REFUSED, "E-END-051", N_("%s is interval censored (between); cuminc wants times"), e->name);
	if (e->grain == YG_SPANS_RECURRENT)
		return yg_fail(err, YG_REFUSED, "E-END-052", N_("%s has an event every time it happens; cuminc wants a first event"), e->name);
	if (e->grain == YG_SPANS_EACH)
		return yg_fail(err, YG_REFUSED, "E-END-053",
		               N_("%s follows several units of a person (each); cuminc takes persons as independent, so name one unit with where"),
		               e->name);
	YG_TRY(cause_asked(request, &cause, err));
	raw = yg_raw_new("cuminc", 1);
	an_title(raw, request->in.by ? N_("%s: cumulative incidence by group") : N_("%s: cumulative incidence"),
	         e->label ? e->label : e->name);
	if (e->states < 3)
		yg_raw_note(raw, YG_NOTE_WARNING, N_("no competing event is declared: the curve is one minus Kaplan-Meier"));
	for (size_t i = 0; i < an_crossings(request->in.by) && status == YG_OK; i++) {
		struct turn t = { .request = request, .index = i, .causes = (unsigned)e->states - 1 };
		yg_arena_init(&t.arena);
		status = build(&t, an_crossing(request->in.by, i), task, err);
		if (status == YG_OK) {
			write_groups(raw, &t);
			if (request->ats)
				write_incidence(raw, &t);
			status = write_gray(raw, &t, task, err);
			write_curves(raw, &t);
			write_figure(raw, &t, cause);
			if (i == 0)
				write_notes(raw, &t);
			yg_cuminc_release(&t.fit);
		}
		yg_set_free(t.set);
		yg_arena_release(&t.arena);
	}
	if (status != YG_OK) {
		yg_raw_free(raw);
		return status;
	}
	*out = raw;
	return YG_OK;
}
