/* rate: events over time at risk, and rates compared. */
#include <math.h>
#include <string.h>

#include "an_rate_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/lang/print.h"

#define OPERATION_VERSION 1
#define MOST_CELLS 20000000u

/* ---- shared with standardize ---- */

static enum yg_status read_per(const struct yg_endpoint *e, const struct yg_node *per, struct an_rates *r, struct yg_err *err)
{
	struct yg_buf text = YG_BUF_INIT;
	r->per = e->display_divisor > 0 ? e->display_divisor : 1;
	r->per_text = "1";
	if (!per)
		return YG_OK;
	if (per->kind != YG_NODE_NUMBER && per->kind != YG_NODE_DURATION)
		return yg_fail_at(err, YG_ESYNTAX, per->at, per->len, "E-RAT-002", N_("per is a time above 0, as per=1000y"));
	if (an_surv_time(e, per, &r->per, err) != YG_OK) {
		yg_fail_at(err, YG_REFUSED, per->at, per->len, "E-RAT-001", N_("the time of %s has no unit, so that per cannot be years or months"), e->name);
		yg_err_hint(err, N_("Give the unit in the endpoint: time COLUMN in days; or a plain number: per=1000"));
		return YG_REFUSED;
	}
	if (!(r->per > 0) || !isfinite(r->per))
		return yg_fail_at(err, YG_ESYNTAX, per->at, per->len, "E-RAT-002", N_("per is a time above 0, as per=1000y"));
	yg_print_expression(per, &text);
	r->per_text = yg_arena_strdup(&r->arena, text.data);
	yg_buf_release(&text);
	return YG_OK;
}

static enum yg_status count_cells(struct an_rates *r, struct yg_err *err)
{
	const struct an_surv *s = &r->s;
	const struct yg_set *set = s->set;
	size_t cells = s->groups * s->strata;
	if (cells > MOST_CELLS)
		return yg_fail(err, YG_ELIMIT, "E-RAT-003", N_("%zu groups and strata together: more than %u"), cells, MOST_CELLS);
	r->events = yg_data_calloc(2 * cells + 1, sizeof *r->events);
	if (!r->events)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while rates were counted"));
	r->time = r->events + cells;
	for (size_t i = 0; i < set->n; i++) {
		size_t cell = (size_t)s->group[i] * s->strata + (s->stratum ? (size_t)s->stratum[i] : 0);
		r->events[cell] += s->event[i];
		r->time[cell] += set->exit[i] - (set->entry && isfinite(set->entry[i]) ? set->entry[i] : 0);
	}
	return YG_OK;
}

enum yg_status an_rates_build(const struct yg_an_input *in, const struct yg_endpoint *e, const struct yg_node *crossing,
                              const struct yg_node *strata, const struct yg_node *per, const char *verb, struct yg_task *task,
                              struct an_rates *out, struct yg_err *err)
{
	struct an_surv_request ask = { .in = in, .endpoint = e, .crossing = crossing, .strata = strata, .verb = verb };
	memset(out, 0, sizeof *out);
	yg_arena_init(&out->arena);
	out->conf = in->conf > 0 ? in->conf : 0.95;
	enum yg_status s = out->conf < 1 ? YG_OK : yg_fail(err, YG_ESYNTAX, "E-REG-005", N_("conf is a fraction between 0 and 1"));
	if (s == YG_OK)
		s = read_per(e, per, out, err);
	if (s == YG_OK)
		s = an_surv_build(&ask, task, &out->s, err);
	out->built = s == YG_OK;
	if (s == YG_OK && out->s.weight)
		s = yg_fail(err, YG_REFUSED, "E-RAT-004", N_("%s does not honour weights: its intervals are those of counts"), verb);
	if (s == YG_OK)
		s = count_cells(out, err);
	if (s != YG_OK)
		an_rates_release(out);
	return s;
}

void an_rates_release(struct an_rates *r)
{
	if (r->built)
		an_surv_release(&r->s);
	yg_data_free(r->events);
	yg_arena_release(&r->arena);
	memset(r, 0, sizeof *r);
}

int an_rates_row(struct an_rates *r, struct yg_raw_table *t, size_t g)
{
	return r->s.by_title ? yg_raw_row(t, r->s.group_label[g], r->s.group_words[g], 0) : yg_raw_row(t, "all", N_("all"), 0);
}

void an_rates_notes(struct yg_raw *raw, const struct an_rates *r, const struct yg_an_input *in, bool per)
{
	an_surv_notes(raw, &r->s, in);
	if (per)
		an_note_data(raw, YG_NOTE_CONVENTION, N_("rates per {1}"), r->per_text);
	if (r->s.event_rows != r->s.event_persons)
		yg_raw_note(raw, YG_NOTE_WARNING, N_("persons have several events: intervals suppose that these are independent and may be too narrow; see recur"));
}

/* ---- rate ---- */

struct turn {
	const struct yg_an_rate *r;
	struct yg_raw *raw;
	struct an_rates a;
	size_t index;
	enum yg_rate_ci ci;
	bool difference, compare;
};

static void totals(const struct an_rates *a, size_t g, double *events, double *time)
{
	*events = *time = 0;
	for (size_t k = 0; k < a->s.strata; k++) {
		*events += a->events[g * a->s.strata + k];
		*time += a->time[g * a->s.strata + k];
	}
}

static void rates_table(struct turn *w)
{
	struct an_rates *a = &w->a;
	const struct an_surv *s = &a->s;
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&a->arena, "rates", w->index),
	                                      yg_phrase(&a->arena, N_("Rates per %s"), a->per_text));
	yg_raw_column(t, "persons", N_("persons"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(t, "events", N_("events"), YG_ROLE_EVENTS, NULL);
	yg_raw_column(t, "time", N_("time at risk"), YG_ROLE_PERSON_TIME, an_events_unit(s));
	yg_raw_column(t, "rate", N_("rate"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	for (size_t g = 0; g < s->groups; g++) {
		struct yg_evidence e = an_surv_group_evidence(s, g);
		double events, time;
		int row = an_rates_row(a, t, g);
		totals(a, g, &events, &time);
		struct yg_rate v = yg_rate(events, time / a->per, w->ci, a->conf);
		yg_raw_int(t, row, 0, (int64_t)s->group_persons[g], an_persons(s->group_persons[g]));
		yg_raw_int(t, row, 1, (int64_t)events, e);
		yg_raw_num(t, row, 2, an_surv_shown(s, time), e);
		if (!(time > 0)) {
			an_events_missing(t, row, 3, 5, N_("no time at risk"));
			continue;
		}
		yg_raw_num(t, row, 3, v.rate, e);
		if (w->ci == YG_RATE_WALD && !(events > 0)) {
			an_events_missing(t, row, 4, 5, N_("no events: ci=exact has a limit"));
			continue;
		}
		yg_raw_num(t, row, 4, v.lower, e);
		yg_raw_num(t, row, 5, v.upper, e);
	}
}

static struct yg_raw_table *compare_columns(struct turn *w, const char *key, const char *title)
{
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->a.arena, key, w->index), title);
	yg_raw_column(t, "estimate", w->difference ? N_("rate difference") : N_("rate ratio"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	return t;
}

static void compare_cells(struct yg_raw_table *t, int row, double estimate, double low, double high, double p, struct yg_evidence e)
{
	const double v[] = { estimate, low, high, p };
	if (isnan(estimate) || isinf(estimate)) {
		an_events_missing(t, row, 0, 3, isnan(estimate) ? N_("no events, or no time at risk") : N_("no events in the reference"));
		return;
	}
	for (int k = 0; k < 4; k++)
		if (isnan(v[k]))
			yg_raw_missing(t, row, k, N_("not estimable"));
		else
			yg_raw_num(t, row, k, v[k], e);
}

static void compare_table(struct turn *w)
{
	struct an_rates *a = &w->a;
	const struct an_surv *s = &a->s;
	struct yg_raw_table *t = compare_columns(w, "compare", yg_phrase(&a->arena, N_("Against %s"), s->group_label[0]));
	double x0, t0;
	totals(a, 0, &x0, &t0);
	for (size_t g = 1; g < s->groups; g++) {
		struct yg_evidence e = an_surv_group_evidence(s, g), first = an_surv_group_evidence(s, 0);
		double x1, t1;
		totals(a, g, &x1, &t1);
		struct yg_rate_pair p = yg_rate_compare(x1, t1 / a->per, x0, t0 / a->per, w->ci == YG_RATE_EXACT, a->conf);
		e = first.persons < e.persons ? first : e;
		int row = an_rates_row(a, t, g);
		if (w->difference)
			compare_cells(t, row, p.difference, p.difference_lower, p.difference_upper, p.difference_p, e);
		else
			compare_cells(t, row, p.ratio, p.lower, p.upper, p.p, e);
	}
}

static void stratified_table(struct turn *w)
{
	struct an_rates *a = &w->a;
	const struct an_surv *s = &a->s;
	size_t strata = s->strata;
	struct yg_rate_stratum *row_of = yg_xcalloc(strata + 1, sizeof *row_of);
	struct yg_raw_table *t = compare_columns(w, "stratified",
	                                         yg_phrase(&a->arena, N_("Against %s, over strata of %s (Mantel-Haenszel)"), s->group_label[0],
	                                                   s->strata_title ? s->strata_title : ""));
	yg_raw_column(t, "equal", N_("same ratio in all: chi-squared"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(t, "df", N_("df"), YG_ROLE_DF, NULL);
	yg_raw_column(t, "equal_p", N_("p"), YG_ROLE_P, NULL);
	for (size_t g = 1; g < s->groups; g++) {
		struct yg_evidence e = an_surv_group_evidence(s, g), first = an_surv_group_evidence(s, 0);
		for (size_t k = 0; k < strata; k++)
			row_of[k] = (struct yg_rate_stratum){ a->events[g * strata + k], a->time[g * strata + k] / a->per, a->events[k],
				                              a->time[k] / a->per };
		struct yg_rate_pooled p = yg_rate_pool(row_of, strata, a->conf);
		e = first.persons < e.persons ? first : e;
		int row = an_rates_row(a, t, g);
		if (w->difference)
			compare_cells(t, row, p.difference, p.difference_lower, p.difference_upper, p.p, e);
		else
			compare_cells(t, row, p.ratio, p.lower, p.upper, p.p, e);
		if (p.equal_df) {
			yg_raw_num(t, row, 4, p.equal, e);
			yg_raw_int(t, row, 5, p.equal_df, YG_NOBODY);
			yg_raw_num(t, row, 6, p.equal_p, e);
		} else {
			an_events_missing(t, row, 4, 6, N_("nothing to compare"));
		}
	}
	yg_free(row_of);
}

static void notes(struct turn *w)
{
	static const char *const kinds[] = { N_("{1} exact Poisson intervals"), N_("{1} intervals from the square root of the count (Wald)"),
		                             N_("{1} intervals by Byar's approximation"),
		                             N_("{1} intervals by Byar's approximation with x + 1/2 (Rothman and Boice)") };
	struct yg_raw_note *n;
	an_rates_notes(w->raw, &w->a, &w->r->in, true);
	n = yg_raw_note(w->raw, YG_NOTE_CONVENTION, kinds[w->ci]);
	yg_raw_note_num(n, YG_ROLE_PROPORTION, w->a.conf, YG_NOBODY);
	if (w->compare)
		yg_raw_note(w->raw, YG_NOTE_CONVENTION, w->difference ? N_("rate differences: Wald intervals") :
		            w->ci == YG_RATE_EXACT ? N_("rate ratios: exact given the number of events of both groups") :
		                                     N_("rate ratios: Wald intervals on the log scale"));
	if (w->a.s.stratum)
		yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("over strata: Mantel-Haenszel with the variance of Greenland and Robins (1985); p by the Mantel-Haenszel test"));
}

static enum yg_status turn(struct turn *w, const struct yg_node *crossing, struct yg_task *task, struct yg_err *err)
{
	const struct yg_an_rate *r = w->r;
	YG_TRY(an_rates_build(&r->in, r->endpoint, crossing, r->strata, r->per, "rate", task, &w->a, err));
	w->compare = (r->measure || r->strata) && w->a.s.groups > 1;
	rates_table(w);
	if (w->compare)
		compare_table(w);
	if (w->compare && w->a.s.stratum)
		stratified_table(w);
	notes(w);
	an_rates_release(&w->a);
	return YG_OK;
}

enum yg_status yg_an_rate(const struct yg_an_rate *request, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	struct turn w = { .r = request, .difference = request->measure && !strcmp(request->measure, "rd") };
	const struct yg_endpoint *e = request->endpoint;
	if (request->ci && !yg_rate_ci_parse(request->ci, &w.ci))
		return yg_fail(err, YG_ESYNTAX, "E-RAT-005", N_("ci is exact, wald, byar or rothman, not %s"), request->ci);
	if ((request->measure || request->strata) && !request->in.by)
		return yg_fail(err, YG_ESYNTAX, "E-RAT-006", N_("rates are compared between the groups of by: which?"));
	w.raw = yg_raw_new("rate", OPERATION_VERSION);
	an_title(w.raw, N_("Rates: %s"), e->label && *e->label ? e->label : e->name);
	enum yg_status s = YG_OK;
	for (size_t k = 0; s == YG_OK && k < an_crossings(request->in.by); k++) {
		w.index = k;
		s = turn(&w, an_crossing(request->in.by, k), task, err);
	}
	if (s == YG_OK)
		*out = w.raw;
	else
		yg_raw_free(w.raw);
	return s;
}
