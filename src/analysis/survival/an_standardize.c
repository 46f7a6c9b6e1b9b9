/* standardize: rates as in a standard population, and observed over expected. */
#include <math.h>
#include <string.h>

#include "an_rate_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/base/text.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"

#define OPERATION_VERSION 1

struct turn {
	const struct yg_an_standardize *r;
	struct yg_raw *raw;
	struct an_rates a;
	size_t index;
	const struct yg_standard *standard;   /* NULL = from the data */
	bool first;                           /* the first group is the standard, not all */
	const char *equal;                    /* a column the standard does not know, or NULL */
	double *weight;                       /* [strata] */
};

/* ---- ages in words ---- */

/* The next number in the text; *at moves behind it. */
static bool number(const char **at, double *out)
{
	const char *p = *at, *end;
	while (*p && !(*p >= '0' && *p <= '9'))
		p++;
	for (end = p; (*end >= '0' && *end <= '9') || *end == '.'; end++)
		;
	*at = end;
	return end > p && yg_parse_double((struct yg_str){ p, (size_t)(end - p) }, out);
}

/* Ages from low to under high: "40-44", "40 to under 45", "[40, 45)", "under 5", "85+", "85 and over". */
static bool ages(const char *text, double *low, double *high)
{
	const char *at = text;
	double a, b;
	bool two, under = !strncmp(text, "under ", 6) || (text[0] == '<' && text[1] != '=');
	if (!number(&at, &a))
		return false;
	two = number(&at, &b);
	if (under && !two) {
		*low = 0;
		*high = a;
		return true;
	}
	if (!two) {
		bool open = strchr(text, '+') || strstr(text, "and over") || strstr(text, "or more") || strstr(text, "\xe4\xbb\xa5\xe4\xb8\x8a") ||
		            !strncmp(text, ">=", 2);
		*low = a;
		*high = INFINITY;
		return open;
	}
	*low = a;
	/* 40-44 are whole years; 40 to under 45 and [40, 45) are bounds. */
	*high = strstr(text, "to under") || (text[0] == '[' && text[strlen(text) - 1] == ')') ? b : b + 1;
	return true;
}

/* ---- the standard ---- */

static enum yg_status from_population(struct turn *w, struct yg_err *err)
{
	const struct an_surv *s = &w->a.s;
	size_t at = s->by_at + s->bys, factors = w->r->adjust->children, age = factors, inner = 1;
	double low, high;
	for (size_t k = 0; k < factors && age == factors; k++)
		if (s->set->column[at + k].levels && ages(s->set->column[at + k].level_name[0], &low, &high))
			age = k;
	if (age == factors) {
		yg_fail(err, YG_REFUSED, "E-STD-001", N_("%s is a population by age, and no column of adjust has levels that are ages"), w->standard->name);
		yg_err_hint(err, N_("Make them: factor agegrp = cut(age, 40, 45, 50, 55, 60); or use standard=all"));
		return YG_REFUSED;
	}
	const struct yg_set_column *c = &s->set->column[at + age];
	for (size_t k = age + 1; k < factors; k++)
		inner *= (size_t)s->set->column[at + k].levels;
	for (size_t k = 0; k < factors; k++)
		w->equal = k != age ? s->set->column[at + k].name : w->equal;
	for (size_t cell = 0; cell < s->strata; cell++) {
		const char *level = c->level_name[cell / inner % (size_t)c->levels];
		w->weight[cell] = ages(level, &low, &high) ? yg_standard_weight(w->standard, low, high) : NAN;
		if (isnan(w->weight[cell])) {
			yg_fail(err, YG_REFUSED, "E-STD-002", N_("\"%s\" of %s is no age group of %s"), level, c->name, w->standard->name);
			yg_err_hint(err, N_("Groups begin and end at multiples of five years, and the last is open: 40-44, 45-49 ... 85 and over"));
			return YG_REFUSED;
		}
	}
	return YG_OK;
}

static enum yg_status make_weights(struct turn *w, struct yg_err *err)
{
	const struct an_surv *s = &w->a.s;
	w->weight = yg_arena_alloc(&w->a.arena, s->strata + 1, sizeof *w->weight);
	if (!s->stratum)
		return yg_fail(err, YG_ESYNTAX, "E-STD-003", N_("standardize wants the columns of the standard: adjust=(agegrp, sex)"));
	if (w->standard)
		return from_population(w, err);
	for (size_t g = 0; g < (w->first ? 1 : s->groups); g++)
		for (size_t k = 0; k < s->strata; k++)
			w->weight[k] += w->a.time[g * s->strata + k];
	return YG_OK;
}

/* ---- direct ---- */

static struct yg_rate rate_of(const struct turn *w, size_t g, double *events, double *time)
{
	const struct an_rates *a = &w->a;
	size_t strata = a->s.strata;
	double *scaled = yg_xcalloc(strata + 1, sizeof *scaled);
	*events = *time = 0;
	for (size_t k = 0; k < strata; k++) {
		scaled[k] = a->time[g * strata + k] / a->per;
		*events += a->events[g * strata + k];
		*time += a->time[g * strata + k];
	}
	struct yg_rate v = yg_rate_standardize(a->events + g * strata, scaled, w->weight, strata, !w->r->ci || strcmp(w->r->ci, "wald") != 0,
	                                       a->conf);
	yg_free(scaled);
	return v;
}

static void direct_tables(struct turn *w)
{
	struct an_rates *a = &w->a;
	const struct an_surv *s = &a->s;
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&a->arena, "rates", w->index),
	                                      yg_phrase(&a->arena, N_("Standardised rates per %s"), a->per_text));
	static const struct {
		const char *key, *label;
		enum yg_role role;
	} columns[] = { { "events", N_("events"), YG_ROLE_EVENTS }, { "time", N_("time at risk"), YG_ROLE_PERSON_TIME },
		        { "crude", N_("crude rate"), YG_ROLE_ESTIMATE }, { "rate", N_("standardised"), YG_ROLE_ESTIMATE },
		        { "se", N_("SE"), YG_ROLE_SE }, { "lower", N_("lower"), YG_ROLE_LOWER }, { "upper", N_("upper"), YG_ROLE_UPPER } };
	double x, time, z = yg_normal_quantile_upper((1 - a->conf) / 2);
	struct yg_rate first = rate_of(w, 0, &x, &time);
	for (size_t k = 0; k < sizeof columns / sizeof *columns; k++)
		yg_raw_column(t, columns[k].key, columns[k].label, columns[k].role, k == 1 ? an_events_unit(s) : NULL);
	for (size_t g = 0; g < s->groups; g++) {
		struct yg_evidence e = an_surv_group_evidence(s, g);
		struct yg_rate v = rate_of(w, g, &x, &time);
		int row = an_rates_row(a, t, g);
		yg_raw_int(t, row, 0, (int64_t)x, e);
		yg_raw_num(t, row, 1, an_surv_shown(s, time), e);
		if (time > 0)
			yg_raw_num(t, row, 2, x / time * a->per, e);
		else
			yg_raw_missing(t, row, 2, N_("no time at risk"));
		if (isnan(v.rate)) {
			an_events_missing(t, row, 3, 6, N_("no time at risk in part of the standard"));
			continue;
		}
		yg_raw_num(t, row, 3, v.rate, e);
		yg_raw_num(t, row, 4, v.se, e);
		yg_raw_num(t, row, 5, v.lower, e);
		yg_raw_num(t, row, 6, v.upper, e);
	}
	if (s->groups < 2)
		return;
	t = yg_raw_table(w->raw, an_key(&a->arena, "ratio", w->index), yg_phrase(&a->arena, N_("Against %s"), s->group_label[0]));
	yg_raw_column(t, "estimate", N_("ratio of standardised rates"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	for (size_t g = 1; g < s->groups; g++) {
		struct yg_evidence e = an_surv_group_evidence(s, g), zero = an_surv_group_evidence(s, 0);
		struct yg_rate v = rate_of(w, g, &x, &time);
		int row = an_rates_row(a, t, g);
		double ratio = v.rate / first.rate, se = sqrt(v.se * v.se / (v.rate * v.rate) + first.se * first.se / (first.rate * first.rate));
		e = zero.persons < e.persons ? zero : e;
		if (!(v.rate > 0) || !(first.rate > 0)) {
			an_events_missing(t, row, 0, 3, N_("not estimable"));
			continue;
		}
		yg_raw_num(t, row, 0, ratio, e);
		yg_raw_num(t, row, 1, ratio * yg_exp(-z * se), e);
		yg_raw_num(t, row, 2, ratio * yg_exp(z * se), e);
		yg_raw_num(t, row, 3, yg_normal_two_sided(yg_log(ratio) / se), e);
	}
}

/* ---- indirect ---- */

static void indirect_table(struct turn *w)
{
	struct an_rates *a = &w->a;
	const struct an_surv *s = &a->s;
	size_t strata = s->strata;
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&a->arena, "smr", w->index), N_("Observed over expected"));
	yg_raw_column(t, "observed", N_("observed"), YG_ROLE_EVENTS, NULL);
	yg_raw_column(t, "expected", N_("expected"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "estimate", N_("ratio (SMR)"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	for (size_t g = 0; g < s->groups; g++) {
		struct yg_evidence e = an_surv_group_evidence(s, g);
		double observed = 0, expected = 0;
		bool known = true;
		int row = an_rates_row(a, t, g);
		for (size_t k = 0; k < strata; k++) {
			double x = 0, time = 0, mine = a->time[g * strata + k];
			for (size_t h = 0; h < (w->first ? 1 : s->groups); h++) {
				x += a->events[h * strata + k];
				time += a->time[h * strata + k];
			}
			observed += a->events[g * strata + k];
			known = known && (!(mine > 0) || time > 0);
			expected += time > 0 ? x / time * mine : 0;
		}
		yg_raw_int(t, row, 0, (int64_t)observed, e);
		if (!known || !(expected > 0)) {
			an_events_missing(t, row, 1, 5, known ? N_("nothing expected") : N_("the reference has no time at risk in part of the strata"));
			continue;
		}
		struct yg_rate v = yg_rate(observed, expected, w->r->ci && !strcmp(w->r->ci, "wald") ? YG_RATE_WALD : YG_RATE_EXACT, a->conf);
		yg_raw_num(t, row, 1, expected, e);
		yg_raw_num(t, row, 2, v.rate, e);
		if (w->first && !g) {
			an_events_missing(t, row, 3, 5, N_("reference"));
			continue;
		}
		double below = yg_poisson_cdf((int64_t)observed, expected), above = observed > 0 ? yg_poisson_upper((int64_t)observed - 1, expected) : 1;
		yg_raw_num(t, row, 3, v.lower, e);
		yg_raw_num(t, row, 4, v.upper, e);
		yg_raw_num(t, row, 5, fmin(1, 2 * fmin(below, above)), e);
	}
}

/* ---- the verb ---- */

static void notes(struct turn *w)
{
	const struct yg_an_standardize *r = w->r;
	struct yg_raw_note *n;
	bool wald = r->ci && !strcmp(r->ci, "wald");
	an_rates_notes(w->raw, &w->a, &r->in, !r->indirect);
	if (w->standard)
		an_note_text(w->raw, YG_NOTE_CONVENTION, N_("standard population: {1}"), w->standard->label);
	else if (w->first)
		an_note_data(w->raw, YG_NOTE_CONVENTION, r->indirect ? N_("expected from the rates of {1}, taken as known") :
		                                                       N_("standard: the time at risk of {1}"), w->a.s.group_label[0]);
	else
		yg_raw_note(w->raw, YG_NOTE_CONVENTION, r->indirect ? N_("expected from the rates of all groups together, taken as known") :
		                                                      N_("standard: the time at risk of all groups together"));
	if (w->equal)
		an_note_data(w->raw, YG_NOTE_CONVENTION, N_("the standard does not know {1}: each of its levels has the same weight"), w->equal);
	n = yg_raw_note(w->raw, YG_NOTE_CONVENTION, r->indirect ? (wald ? N_("{1} intervals of the observed count by its square root") :
	                                                                  N_("{1} exact Poisson intervals of the observed count")) :
	                                            wald ? N_("{1} intervals by the standard error (Wald)") :
	                                                   N_("{1} gamma intervals (Fay and Feuer 1997)"));
	yg_raw_note_num(n, YG_ROLE_PROPORTION, w->a.conf, YG_NOBODY);
}

static enum yg_status read_options(struct turn *w, struct yg_err *err)
{
	const struct yg_an_standardize *r = w->r;
	const char *name = r->standard ? r->standard : "all";
	if (!r->adjust)
		return yg_fail(err, YG_ESYNTAX, "E-STD-003", N_("standardize wants the columns of the standard: adjust=(agegrp, sex)"));
	w->first = !strcmp(name, "first");
	w->standard = yg_standard_find(name);
	if (!w->standard && !w->first && strcmp(name, "all") != 0) {
		yg_fail(err, YG_REFUSED, "E-STD-004", N_("there is no standard population %s here"), name);
		yg_err_hint(err, N_("standard is all, first, japan2015, japan1985 or world; a table as standard is not read by this version"));
		return YG_REFUSED;
	}
	if (w->standard && r->indirect)
		return yg_fail(err, YG_REFUSED, "E-STD-005", N_("%s has persons and no rates: method=indirect takes standard=all or first"), name);
	if (r->ci && strcmp(r->ci, "gamma") && strcmp(r->ci, "wald") && strcmp(r->ci, "exact"))
		return yg_fail(err, YG_ESYNTAX, "E-STD-006", N_("ci is gamma, wald or exact, not %s"), r->ci);
	if (r->ci && !strcmp(r->ci, "exact") && !r->indirect)
		return yg_fail(err, YG_REFUSED, "E-STD-007", N_("a directly standardised rate has no exact interval: ci=gamma or wald"));
	return YG_OK;
}

enum yg_status yg_an_standardize(const struct yg_an_standardize *request, struct yg_task *task, struct yg_raw **out,
                                 struct yg_err *err)
{
	struct turn w = { .r = request };
	const struct yg_endpoint *e = request->endpoint;
	YG_TRY(read_options(&w, err));
	w.raw = yg_raw_new("standardize", OPERATION_VERSION);
	an_title(w.raw, N_("Standardised rates: %s"), e->label && *e->label ? e->label : e->name);
	enum yg_status s = YG_OK;
	for (size_t k = 0; s == YG_OK && k < an_crossings(request->in.by); k++) {
		w.index = k;
		s = an_rates_build(&request->in, e, an_crossing(request->in.by, k), request->adjust, request->per, "standardize", task, &w.a, err);
		if (s != YG_OK)
			break;
		s = make_weights(&w, err);
		if (s == YG_OK) {
			if (request->indirect)
				indirect_table(&w);
			else
				direct_tables(&w);
			notes(&w);
		}
		an_rates_release(&w.a);
	}
	if (s == YG_OK)
		*out = w.raw;
	else
		yg_raw_free(w.raw);
	return s;
}
