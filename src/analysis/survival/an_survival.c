/* km: survival curves by group with quantiles, values at times and numbers at risk. */
#include <math.h>
#include <string.h>

#include "an_km_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/base/text.h"
#include "yogo/num/dist.h"

#define OPERATION_VERSION 1

/* ---- options ---- */

static enum yg_status read_numbers(const struct yg_node *value, double *out, size_t *n, struct yg_err *err)
{
	size_t items = value->kind == YG_NODE_GROUP ? value->children : 1;
	*n = 0;
	for (size_t i = 0; i < items; i++) {
		const struct yg_node *item = value->kind == YG_NODE_GROUP ? value->child[i] : value;
		if (item->kind != YG_NODE_NUMBER || !(item->number > 0) || !(item->number < 1) || *n == AN_KM_VALUES)
			return yg_fail_at(err, YG_ESYNTAX, item->at, item->len, "E-SUR-010",
			                  N_("a quantile is a fraction between 0 and 1, as 0.5 for the median"));
		out[(*n)++] = item->number;
	}
	return YG_OK;
}

static enum yg_status read_options(struct km_work *w, struct yg_err *err)
{
	const struct yg_an_km *r = w->r;
	const char *method = r->method ? r->method : "km";
	w->options.conf = r->in.conf > 0 ? r->in.conf : 0.95;
	w->options.ci = YG_KM_LOG;
	if (!(w->options.conf < 1))
		return yg_fail(err, YG_ESYNTAX, "E-REG-005", N_("conf is a fraction between 0 and 1"));
	if (!strcmp(method, "na") || !strcmp(method, "fh")) {
		w->options.survival = YG_KM_EXPONENTIAL;
		w->options.hazard = method[0] == 'f' ? YG_KM_FLEMING : YG_KM_NELSON;
	} else if (strcmp(method, "km")) {
		return yg_fail(err, YG_REFUSED, "E-SUR-011", N_("method=%s is not available; method is km, na or fh"),
		               method);
	}
	if (r->ci && !yg_km_ci_parse(r->ci, &w->options.ci))
		return yg_fail(err, YG_ESYNTAX, "E-SUR-012", N_("there is no interval %s; ci is plain, log, loglog, logit, arcsin or none"), r->ci);
	if (r->qrule && strcmp(r->qrule, "midpoint") && strcmp(r->qrule, "first"))
		return yg_fail(err, YG_ESYNTAX, "E-SUR-013", N_("qrule is midpoint or first, not %s"), r->qrule);
	w->rule = r->qrule && !strcmp(r->qrule, "first") ? YG_KM_FIRST : YG_KM_MIDPOINT;
	if (r->beyond && strcmp(r->beyond, "ne") && strcmp(r->beyond, "carry"))
		return yg_fail(err, YG_ESYNTAX, "E-SUR-014", N_("beyond is ne (not estimated) or carry, not %s"),
		               r->beyond);
	w->carry = r->beyond && !strcmp(r->beyond, "carry");
	if (r->band && !yg_km_band_parse(r->band, &w->band))
		return yg_fail(err, YG_ESYNTAX, "E-SUR-301", N_("there is no band %s; band is no, hallwellner or ep"), r->band);
	if (r->over && w->band == YG_KM_NO_BAND)
		return yg_fail_at(err, YG_ESYNTAX, r->over->at, r->over->len, "E-SUR-318", N_("over belongs to band=hallwellner or band=ep"));
	w->contrast = r->measure != NULL;
	if (r->measure)
		w->measure = !strcmp(r->measure, "rr") ? YG_KM_RISK_RATIO : !strcmp(r->measure, "ratio") ? YG_KM_RATIO : YG_KM_DIFFERENCE;
	if (w->contrast && (!r->in.by || !r->in.by->children))
		return yg_fail(err, YG_ESYNTAX, "E-SUR-302", N_("measure compares groups: add by and their column"));
	if (r->given && !r->at) {
		yg_fail(err, YG_ESYNTAX, "E-SUR-303", N_("given wants the times at which survival is listed"));
		yg_err_hint(err, N_("Add at, as in given=1y, at=(2y, 5y)"));
		return YG_ESYNTAX;
	}
	if (r->adjust && (r->given || w->band != YG_KM_NO_BAND || w->options.survival != YG_KM_PRODUCT))
		return yg_fail(err, YG_REFUSED, "E-SUR-304", N_("adjusted curves have no band, no given and no other method than km"));
	w->quantile[0] = 0.5;
	w->quantiles = 1;
	return r->quantiles ? read_numbers(r->quantiles, w->quantile, &w->quantiles, err) : YG_OK;
}

/* ---- tables ---- */

static void groups_table(struct km_work *w, const struct an_surv *s, const struct yg_km *km)
{
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "groups", w->parts),
	                                      an_surv_subtitle(s, N_("Followed"), &w->arena));
	bool rows = s->set->n != s->set->persons;
	int records = -1, weights = -1;
	int persons = yg_raw_column(t, "persons", N_("persons"), YG_ROLE_PERSONS, NULL);
	if (rows)
		records = yg_raw_column(t, "records", N_("records"), YG_ROLE_RECORDS, NULL);
	int events = yg_raw_column(t, "events", N_("events"), YG_ROLE_EVENTS, NULL);
	int censored = yg_raw_column(t, "censored", N_("censored"), YG_ROLE_RECORDS, NULL);
	int time = yg_raw_column(t, "time", N_("time at risk"), YG_ROLE_PERSON_TIME, an_surv_unit(s));
	if (s->weight)
		weights = yg_raw_column(t, "weight", N_("sum of weights"), YG_ROLE_WEIGHTED, NULL);
	for (size_t g = 0; g < s->groups; g++) {
		const struct yg_km_curve *c = &km->curve[g];
		struct yg_evidence e = an_surv_group_evidence(s, g);
		int row = yg_raw_row(t, s->group_label[g], s->group_words[g], 0);
		uint64_t lost = 0;
		for (size_t j = 0; j < c->m; j++)
			lost += c->n_censor[j];
		yg_raw_int(t, row, persons, (int64_t)s->group_persons[g],
		           an_part(s->group_persons[g], s->groups > 1 ? s->set->persons : 0));
		if (records >= 0)
			yg_raw_int(t, row, records, (int64_t)s->group_rows[g], an_persons(s->group_persons[g]));
		yg_raw_int(t, row, events, (int64_t)c->events,
		           (struct yg_evidence){ e.persons, e.events, rows ? 0 : e.persons });
		yg_raw_int(t, row, censored, (int64_t)lost, an_persons(s->group_persons[g]));
		yg_raw_num(t, row, time, an_surv_shown(s, s->group_time[g]), e);
		if (weights >= 0)
			yg_raw_num(t, row, weights, s->group_weight[g], e);
	}
}

static void quantile_table(struct km_work *w, const struct an_surv *s, const struct yg_km *km)
{
	bool median = w->quantiles == 1 && w->quantile[0] == 0.5;
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "quantiles", w->parts),
	                                      an_surv_subtitle(s, median ? N_("Median time") :
	                                                       N_("Quantiles of time"), &w->arena));
	const char *unit = an_surv_unit(s);
	int estimate = yg_raw_column(t, "estimate", median ? N_("median") : N_("time"), YG_ROLE_QUANTILE, unit);
	int lower = yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, unit);
	int upper = yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, unit);
	for (size_t g = 0; g < s->groups; g++)
		for (size_t k = 0; k < w->quantiles; k++) {
			double q[3];
			char number[32];
			struct yg_evidence e = an_surv_group_evidence(s, g);
			yg_print_double(number, w->quantile[k]);
			const char *key = w->quantiles == 1 ? s->group_label[g] : yg_arena_printf(&w->arena, "%s %s", s->group_label[g], number);
			const char *label = w->quantiles == 1 ? key : yg_arena_printf(&w->arena, "%s, %s",
			                                                              s->group_label[g], number);
			int row = yg_raw_row(t, key, w->quantiles == 1 ? s->group_words[g] : yg_phrase_data(&w->arena, label), 0);
			yg_km_quantile(&km->curve[g], w->quantile[k], w->rule, &q[0], &q[1], &q[2]);
			for (int c = 0; c < 3; c++) {
				int column = c == 0 ? estimate : c == 1 ? lower : upper;
				if (isnan(q[c]) && !(c && w->options.ci == YG_KM_NO_CI))
					yg_raw_missing(t, row, column, N_("not reached"));
				else if (isnan(q[c]))
					yg_raw_text(t, row, column, "");
				else
					yg_raw_num(t, row, column, an_surv_shown(s, q[c]), e);
			}
		}
}

/* Columns of the table of times; those that are not wanted are -1. */
struct time_columns {
	int time, at_risk, weight, events, estimate, se, lower, upper, band, unadjusted;
};

static void time_row(struct km_work *w, const struct an_surv *s, struct yg_raw_table *t, const struct time_columns *to,
                     const struct yg_km *km, size_t g, size_t k)
{
	const struct yg_km_curve *c = &km->curve[g];
	struct yg_km_point p;
	char number[32];
	uint64_t whole = s->group_persons[g];
	double at = w->at[k];
	yg_print_double(number, an_surv_shown(s, at));
	int row = yg_raw_row(t, yg_arena_printf(&w->arena, "%s@%s", s->group_label[g], number), s->group_words[g], 0);
	yg_km_at(c, at, &p);
	struct yg_evidence e = { (int64_t)whole, (int64_t)p.n_event, 0 };
	yg_raw_num(t, row, to->time, an_surv_shown(s, at), YG_NOBODY);
	yg_raw_int(t, row, to->at_risk, (int64_t)p.n_risk, s->set->n == s->set->persons ? an_part(p.n_risk, whole) :
	           an_persons(p.n_risk));
	if (to->weight >= 0)
		yg_raw_num(t, row, to->weight, p.risk, an_persons(p.n_risk));
	yg_raw_int(t, row, to->events, (int64_t)p.n_event, (struct yg_evidence){ (int64_t)whole, (int64_t)p.n_event, 0 });
	bool ended = w->ends && at > w->ends[g];
	if (ended || (p.beyond && p.surv > 0 && !w->carry)) {
		yg_raw_missing(t, row, to->estimate, ended ? N_("not estimated: nobody is left in a stratum of adjust") :
		               N_("not estimated: after the last time observed"));
		for (int column = to->estimate + 1; column <= to->upper + (to->band >= 0 ? 2 : 0); column++)
			yg_raw_text(t, row, column, "");
	} else {
		yg_raw_num(t, row, to->estimate, p.surv, e);
		yg_raw_num(t, row, to->se, p.se, e);
		if (w->options.ci != YG_KM_NO_CI) {
			yg_raw_num(t, row, to->lower, p.lower, e);
			yg_raw_num(t, row, to->upper, p.upper, e);
		}
	}
	if (to->unadjusted >= 0)
		yg_raw_num(t, row, to->unadjusted, w->unadjusted[g * w->ats + k], e);
	if (to->band < 0 || p.beyond)
		return;
	const struct yg_km_band *b = &w->band_of[g];
	size_t j = b->last;
	while (j > b->first && c->time[j - 1] > at)
		j--;
	if (j > b->first && at <= b->to) {
		yg_raw_num(t, row, to->band, b->lower[j - 1], e);
		yg_raw_num(t, row, to->band + 1, b->upper[j - 1], e);
	} else {
		yg_raw_missing(t, row, to->band, N_("outside the band"));
		yg_raw_text(t, row, to->band + 1, "");
	}
}

static void times_table(struct km_work *w, const struct an_surv *s, const struct yg_km *km)
{
	struct time_columns to = { .weight = -1, .band = -1, .unadjusted = -1 };
	if (!w->ats)
		return;
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "times", w->parts),
	                                      an_surv_subtitle(s, w->adjusted ? N_("Adjusted survival at times") :
	                                                       N_("Survival at times"), &w->arena));
	to.time = yg_raw_column(t, "time", N_("time"), YG_ROLE_TIME, an_surv_unit(s));
	to.at_risk = yg_raw_column(t, "at_risk", N_("at risk"), YG_ROLE_PERSONS, NULL);
	if (s->weight)
		to.weight = yg_raw_column(t, "at_risk_weight", N_("weight at risk"), YG_ROLE_WEIGHTED, NULL);
	to.events = yg_raw_column(t, "events", N_("events so far"), YG_ROLE_EVENTS, NULL);
	to.estimate = yg_raw_column(t, "estimate", N_("survival"), YG_ROLE_PROBABILITY, NULL);
	to.se = yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	to.lower = yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	to.upper = yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	if (w->band_of) {
		to.band = yg_raw_column(t, "band_lower", N_("band, lower"), YG_ROLE_LOWER, NULL);
		yg_raw_column(t, "band_upper", N_("band, upper"), YG_ROLE_UPPER, NULL);
	}
	if (w->adjusted)
		to.unadjusted = yg_raw_column(t, "unadjusted", N_("unadjusted"), YG_ROLE_PROBABILITY, NULL);
	for (size_t g = 0; g < s->groups; g++)
		for (size_t k = 0; k < w->ats; k++)
			time_row(w, s, t, &to, km, g, k);
}

/* ---- notes ---- */

static void km_notes(struct km_work *w, const struct an_surv *s, const struct yg_km *km)
{
	static const char *const scale[] = { N_("plain"), N_("log"), N_("log-log"), N_("logit"), N_("arcsin") };
	struct yg_raw *raw = w->raw;
	struct yg_raw_note *n;
	an_surv_notes(raw, s, &w->r->in);
	yg_raw_note(raw, YG_NOTE_CONVENTION,
	            w->options.survival == YG_KM_PRODUCT ? N_("Kaplan-Meier product limit; events before censorings at the same time") :
	            w->options.hazard == YG_KM_NELSON ? N_("Nelson-Aalen cumulative hazard H, survival exp(-H)") :
	                                                N_("Fleming-Harrington cumulative hazard H (ties one after another), survival exp(-H)"));
	if (w->adjusted)
		an_km_adjust_notes(w, s);
	else
		yg_raw_note(raw, YG_NOTE_CONVENTION,
		            km->options.robust ? (s->cluster ? N_("variance: infinitesimal jackknife by cluster") :
	                                  N_("variance: infinitesimal jackknife (robust)")) :
	            w->options.survival == YG_KM_PRODUCT ? N_("variance: Greenwood") : N_("variance: sum of d/n^2"));
	if (w->options.ci == YG_KM_NO_CI) {
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("no intervals"));
	} else {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("{1} intervals, symmetric on the {2} scale"));
		yg_raw_note_num(n, YG_ROLE_PROPORTION, w->options.conf, YG_NOBODY);
		yg_raw_note_text(n, scale[w->options.ci]);
	}
	for (size_t g = 0; g < km->groups && s->set->entry; g++) {
		const struct yg_km_curve *c = &km->curve[g];
		size_t i = 0;
		while (i < c->m && c->surv[i] > 0)
			i++;
		if (i + 1 >= c->m)
			continue;
		n = yg_raw_note(raw, YG_NOTE_WARNING,
		                N_("{1}: early, when few had entered, all under observation had the event, so the curve stays at 0 though "
		                   "others enter later; add an entry time from which enough are under observation"));
		yg_raw_note_data(n, s->groups > 1 ? s->group_label[g] : s->label);
	}
	yg_raw_note(raw, YG_NOTE_CONVENTION, w->rule == YG_KM_MIDPOINT ?
	            N_("quantile: first time with survival at 1 - p or below; on a level stretch at 1 - p its middle") :
	            N_("quantile: first time with survival at 1 - p or below"));
	if (w->r->no_risktable)
		yg_raw_note(raw, YG_NOTE_INFO, N_("risktable=no changes nothing here: a curve is always drawn with its numbers at risk"));
	if (s->competing_rows) {
		n = yg_raw_note(raw, YG_NOTE_WARNING,
		                N_("{1} competing events were censored: one minus this curve is not the probability of the event; see cuminc"));
		yg_raw_note_int(n, YG_ROLE_EVENTS, (int64_t)s->competing_rows, an_persons(s->set->persons));
	}
	an_steps_note(raw, w->thinned, w->r->all_steps, w->r->open);
}

/* ---- the verb ---- */

/* Tables that follow the groups, once the curves are as they are to be shown. */
static enum yg_status curve_tables(struct km_work *w, const struct an_surv *s, struct yg_km *km, struct yg_err *err)
{
	if (w->plan)
		YG_TRY(an_km_adjust(w, s, km, err));
	if (w->band != YG_KM_NO_BAND)
		YG_TRY(an_km_bands(w, s, km, err));
	quantile_table(w, s, km);
	times_table(w, s, km);
	if (w->contrast)
		YG_TRY(an_km_contrasts(w, s, km, err));
	if (w->givens)
		YG_TRY(an_km_conditional(w, s, km, err));
	if (w->band_of)
		an_km_bands_table(w, s, km);
	YG_TRY(an_km_steps(w, s, km, err));
	an_km_figure(w, s, km);
	an_km_curve_table(w, s, km);
	km_notes(w, s, km);
	if (w->band_of && !w->r->open)
		yg_raw_note(w->raw, YG_NOTE_INFO,
		            N_("the figure shows intervals at single times, made from grouped counts: on guarded data no simultaneous band is drawn"));
	if (w->contrast)
		an_km_contrast_notes(w, s);
	if (w->givens)
		yg_raw_note(w->raw, YG_NOTE_CONVENTION,
		            N_("survival of those who have survived so far: S(t) / S(s), times from the start; variance from the events after s"));
	return YG_OK;
}

static void part_release(struct km_work *w, size_t groups)
{
	an_km_bands_release(w, groups);
	an_km_steps_release(w, groups);
	yg_adjusted_free(w->adjusted);
	yg_free(w->ends);
	yg_free(w->unadjusted);
	w->adjusted = NULL;
	w->ends = w->unadjusted = NULL;
}

static enum yg_status km_part(struct km_work *w, const struct yg_endpoint *e, const struct yg_node *crossing,
                              struct yg_err *err)
{
	const struct yg_an_km *r = w->r;
	struct an_surv_request ask = { .in = &r->in, .endpoint = e, .crossing = crossing, .cluster = r->cluster,
		                       .frequency = r->frequency, .landmark = r->landmark, .verb = "km", .kinds = true };
	struct an_surv s;
	struct yg_km km;
	YG_TRY(an_surv_times(e, r->at, w->at, &w->ats, err));
	YG_TRY(an_surv_times(e, r->given, w->given, &w->givens, err));
	if (r->adjust)
		YG_TRY(an_km_adjust_plan(w, err));
	if (w->plan)
		ask.terms = yg_design_plan_variables(w->plan, &ask.term);
	YG_TRY(an_surv_build(&ask, w->task, &s, err));
	s.several = w->r->of.count * an_crossings(w->r->in.by) > 1;
	enum yg_status status = an_surv_independent(&s, "km", err);
	struct yg_km_options options = w->options;
	options.robust = s.probability;
	if (status == YG_OK)
		status = yg_km_fit(&s.spans, &options, w->task, &km, err);
	if (status == YG_OK) {
		if (!w->parts)
			yg_raw_title(w->raw, an_surv_title(&s, w->plan ? N_("Adjusted survival") : N_("Survival"), &w->arena));
		groups_table(w, &s, &km);
		status = curve_tables(w, &s, &km, err);
		w->parts++;
		part_release(w, km.groups);
		yg_km_release(&km);
	}
	an_surv_release(&s);
	return status;
}

enum yg_status yg_an_km(const struct yg_an_km *request, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	struct km_work w = { .r = request, .task = task };
	YG_TRY(read_options(&w, err));
	yg_arena_init(&w.arena);
	w.raw = yg_raw_new("km", OPERATION_VERSION);
	enum yg_status s = YG_OK;
	for (size_t i = 0; s == YG_OK && i < request->of.count; i++)
		for (size_t k = 0; s == YG_OK && k < an_crossings(request->in.by); k++)
			s = km_part(&w, request->of.endpoint[i], an_crossing(request->in.by, k), err);
	yg_arena_release(&w.arena);
	if (s == YG_OK)
		*out = w.raw;
	else
		yg_raw_free(w.raw);
	return s;
}
