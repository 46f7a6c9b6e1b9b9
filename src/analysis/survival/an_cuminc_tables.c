/* Tables and notes of cuminc. */
#include <math.h>
#include <string.h>

#include "an_cuminc_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"

/* The rows of the group that ended with the cause by time t: what an incidence at that time is made from. */
static int64_t events_by(const struct an_ci *c, size_t g, unsigned cause, double t)
{
	int64_t count = 0;

	for (size_t i = 0; i < c->rows; i++)
		if ((c->spans.group ? (size_t)c->spans.group[i] : 0) == g && c->spans.event[i] == cause + 1 && c->spans.exit[i] <= t)
			count += c->spans.repeats ? c->spans.repeats[i] : 1;
	return count;
}

static void groups(struct an_ci *c)
{
	struct yg_raw_table *t = yg_raw_table(c->raw, an_ci_key(c, "groups"),
	                                      c->s.by_title ? yg_phrase_data(&c->arena, c->s.by_title) : N_("Follow-up"));

	yg_raw_column(t, "persons", N_("persons"), YG_ROLE_PERSONS, NULL);
	for (unsigned k = 0; k < c->causes; k++)
		yg_raw_column_data(t, yg_arena_printf(&c->arena, "events_%u", k + 1), an_ci_cause(c, k), YG_ROLE_EVENTS, NULL);
	yg_raw_column(t, "censored", N_("censored"), YG_ROLE_RECORDS, NULL);
	if (c->s.weight)
		yg_raw_column(t, "weight", N_("sum of weights"), YG_ROLE_WEIGHTED, NULL);
	for (size_t g = 0; g < c->s.groups; g++) {
		const struct yg_cuminc_curve *curve = &c->fit.curve[g];
		uint64_t events = 0, persons = c->s.group_persons[g];
		int row = yg_raw_row(t, c->s.group_label[g], c->s.group_words[g], 0);
		yg_raw_int(t, row, 0, (int64_t)persons, an_persons(persons));
		for (unsigned k = 0; k < c->causes; k++) {
			yg_raw_int(t, row, (int)k + 1, (int64_t)curve->events[k], an_part(curve->events[k], persons));
			events += curve->events[k];
		}
		yg_raw_int(t, row, (int)c->causes + 1, (int64_t)(curve->records - events), an_part(curve->records - events, persons));
		if (c->s.weight)
			yg_raw_num(t, row, (int)c->causes + 2, c->s.group_weight[g], an_persons(persons));
	}
}

static size_t at_risk(const struct an_ci *c, size_t g, double t)
{
	size_t count = 0;

	for (size_t i = 0; i < c->rows; i++)
		if ((c->spans.group ? (size_t)c->spans.group[i] : 0) == g && c->spans.exit[i] >= t && (!c->spans.entry || c->spans.entry[i] < t))
			count += c->spans.repeats ? c->spans.repeats[i] : 1;
	return count;
}

/* Estimate, error and limits from column `first` on. */
static enum yg_status value_cells(struct an_ci *c, struct yg_raw_table *t, int row, int first, size_t g, unsigned k, double at,
                                  struct yg_err *err)
{
	struct yg_evidence e = { (int64_t)c->s.group_persons[g], events_by(c, g, k, at), 0 };
	double p, se, low, high;
	bool known;

	YG_TRY(an_ci_value(c, g, k, at, &p, &se, &known, err));
	if (!known) {
		for (int column = first; column < first + 4; column++)
			yg_raw_missing(t, row, column, N_("beyond the last time"));
		return YG_OK;
	}
	yg_raw_num(t, row, first, p, e);
	yg_raw_num(t, row, first + 1, se, e);
	if (se > 0) {
		yg_km_limits(p, se, c->ci, c->conf, &low, &high);
		yg_raw_num(t, row, first + 2, low, e);
		yg_raw_num(t, row, first + 3, high, e);
	} else {
		yg_raw_missing(t, row, first + 2, N_("no event yet"));
		yg_raw_missing(t, row, first + 3, N_("no event yet"));
	}
	yg_raw_role(t, row, first + 2, YG_ROLE_PROPORTION);
	yg_raw_role(t, row, first + 3, YG_ROLE_PROPORTION);
	return YG_OK;
}

static enum yg_status incidence(struct an_ci *c, struct yg_err *err)
{
	struct yg_raw_table *t = yg_raw_table(c->raw, an_ci_key(c, "incidence"), N_("Cumulative incidence"));

	yg_raw_column(t, "time", N_("time"), YG_ROLE_TIME, an_ci_unit(c));
	yg_raw_column(t, "at_risk", N_("at risk"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(t, "estimate", N_("incidence"), YG_ROLE_PROPORTION, NULL);
	yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	for (size_t g = 0; g < c->s.groups; g++)
		for (unsigned k = 0; k < c->causes; k++)
			for (size_t j = 0; j < c->ats; j++) {
				double shown = an_surv_shown(&c->s, c->at[j]);
				size_t risk = at_risk(c, g, c->at[j]);
				int row = yg_raw_row_data(t, yg_arena_printf(&c->arena, "%s: %s: %.6g", c->s.group_label[g], an_ci_cause(c, k), shown),
				                          c->s.groups > 1 ? yg_arena_printf(&c->arena, "%s: %s", c->s.group_label[g], an_ci_cause(c, k)) :
				                                            an_ci_cause(c, k), 0);
				yg_raw_num(t, row, 0, shown, YG_NOBODY);
				yg_raw_int(t, row, 1, (int64_t)risk, an_part(risk, c->s.group_persons[g]));
				YG_TRY(value_cells(c, t, row, 2, g, k, c->at[j], err));
			}
	return YG_OK;
}

/* All incidences, and those free of every event: together 1. */
static void total(struct an_ci *c)
{
	struct yg_raw_table *t = yg_raw_table(c->raw, an_ci_key(c, "total"), N_("Any event, and free of all"));

	yg_raw_column(t, "time", N_("time"), YG_ROLE_TIME, an_ci_unit(c));
	yg_raw_column(t, "any", N_("any event"), YG_ROLE_PROPORTION, NULL);
	yg_raw_column(t, "free", N_("free of all"), YG_ROLE_PROPORTION, NULL);
	yg_raw_column(t, "sum", N_("together"), YG_ROLE_PROPORTION, NULL);
	for (size_t g = 0; g < c->s.groups; g++)
		for (size_t j = 0; j < c->ats; j++) {
			const struct yg_cuminc_curve *curve = &c->fit.curve[g];
			ptrdiff_t m = yg_cuminc_at(curve, c->at[j]);
			double shown = an_surv_shown(&c->s, c->at[j]), any = 0, still = m < 0 ? 1 : curve->surv[m];
			struct yg_evidence e = { (int64_t)c->s.group_persons[g], 0, 0 };
			int row = yg_raw_row(t, yg_arena_printf(&c->arena, "%s: %.6g", c->s.group_label[g], shown), c->s.group_words[g], 0);
			yg_raw_num(t, row, 0, shown, YG_NOBODY);
			for (unsigned k = 0; k < c->causes; k++) {
				any += m < 0 ? 0 : curve->incidence[(size_t)m * c->causes + k];
				e.events += events_by(c, g, k, c->at[j]);
			}
			if (!curve->m || c->at[j] > curve->time[curve->m - 1]) {
				for (int column = 1; column < 4; column++)
					yg_raw_missing(t, row, column, N_("beyond the last time"));
				continue;
			}
			yg_raw_num(t, row, 1, any, e);
			yg_raw_num(t, row, 2, still, e);
			yg_raw_num(t, row, 3, any + still, e);
		}
}

/* Each group against the first, at each time: difference, or ratio with its interval on the log scale. */
static enum yg_status contrasts(struct an_ci *c, struct yg_err *err)
{
	bool ratio = !strcmp(c->r->measure, "rr");
	double critical = yg_normal_quantile_upper((1 - c->conf) / 2);
	struct yg_raw_table *t = yg_raw_table(c->raw, an_ci_key(c, "contrasts"), ratio ? N_("Ratios of incidences") : N_("Differences of incidences"));

	yg_raw_column(t, "time", N_("time"), YG_ROLE_TIME, an_ci_unit(c));
	yg_raw_column(t, "estimate", ratio ? N_("ratio") : N_("difference"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "se", ratio ? N_("SE of the log") : N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	for (size_t g = 1; g < c->s.groups; g++)
		for (unsigned k = 0; k < c->causes; k++)
			for (size_t j = 0; j < c->ats; j++) {
				double shown = an_surv_shown(&c->s, c->at[j]), p[2], s, estimate, se;
				bool known[2];
				/* As small as the smaller side. */
				int64_t here = events_by(c, g, k, c->at[j]), there = events_by(c, 0, k, c->at[j]);
				struct yg_evidence e = { (int64_t)(c->s.group_persons[g] + c->s.group_persons[0]),
					                 here && there ? (here < there ? here : there) : here + there, 0 };
				const char *label = yg_arena_printf(&c->arena, "%s vs %s: %s", c->s.group_label[g], c->s.group_label[0], an_ci_cause(c, k));
				int row = yg_raw_row_data(t, yg_arena_printf(&c->arena, "%s: %.6g", label, shown), label, 0);
				yg_raw_num(t, row, 0, shown, YG_NOBODY);
				YG_TRY(an_ci_value(c, g, k, c->at[j], &p[0], &s, &known[0], err));
				YG_TRY(an_ci_value(c, 0, k, c->at[j], &p[1], &s, &known[1], err));
				if (!known[0] || !known[1] || (ratio && !(p[0] > 0 && p[1] > 0))) {
					yg_raw_missing(t, row, 1, !known[0] || !known[1] ? N_("beyond the last time") : N_("no event yet"));
					continue;
				}
				YG_TRY(an_ci_contrast_se(c, g, 0, k, c->at[j], ratio, &se, err));
				estimate = ratio ? yg_log(p[0] / p[1]) : p[0] - p[1];
				yg_raw_num(t, row, 1, ratio ? p[0] / p[1] : estimate, e);
				yg_raw_num(t, row, 2, se, e);
				if (!(se > 0)) {
					yg_raw_missing(t, row, 3, N_("no event yet"));
					continue;
				}
				yg_raw_num(t, row, 3, ratio ? yg_exp(estimate - critical * se) : estimate - critical * se, e);
				yg_raw_num(t, row, 4, ratio ? yg_exp(estimate + critical * se) : estimate + critical * se, e);
				yg_raw_num(t, row, 5, yg_normal_two_sided(estimate / se), e);
			}
	return YG_OK;
}

static enum yg_status gray(struct an_ci *c, struct yg_err *err)
{
	struct yg_raw_table *t;

	if (c->r->no_test || c->s.groups < 2)
		return YG_OK;
	if (c->s.probability || c->spans.entry || c->cluster) {
		yg_raw_note(c->raw, YG_NOTE_WARNING,
		            N_("Gray's test is not defined with sampling weights, late entry or clusters and was left out"));
		return YG_OK;
	}
	t = yg_raw_table(c->raw, an_ci_key(c, "gray"), N_("Gray's test of equal incidence"));
	yg_raw_column(t, "statistic", N_("chi-squared"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(t, "df", N_("df"), YG_ROLE_DF, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	struct yg_gray *tests = yg_arena_alloc(&c->arena, c->causes, sizeof *tests);
	YG_TRY(yg_gray_tests(&c->spans, 1, c->causes, c->r->rho, c->task, tests, err));
	for (unsigned k = 0; k < c->causes; k++) {
		struct yg_gray test = tests[k];
		struct yg_evidence e = { (int64_t)c->s.set->persons, 0, 0 };
		int row = yg_raw_row_data(t, an_ci_cause(c, k), an_ci_cause(c, k), 0);
		for (size_t g = 0; g < c->s.groups; g++)
			e.events += (int64_t)c->fit.curve[g].events[k];
		if (!test.df) {
			for (int column = 0; column < 3; column++)
				yg_raw_missing(t, row, column, N_("nothing to compare"));
			continue;
		}
		yg_raw_num(t, row, 0, test.statistic, e);
		yg_raw_int(t, row, 1, test.df, YG_NOBODY);
		yg_raw_num(t, row, 2, test.p, e);
	}
	return YG_OK;
}

enum yg_status an_ci_tables(struct an_ci *c, struct yg_err *err)
{
	groups(c);
	if (c->ats) {
		YG_TRY(incidence(c, err));
		total(c);
	}
	if (c->r->measure)
		YG_TRY(contrasts(c, err));
	return gray(c, err);
}

/* Early, when few had entered, everybody under observation had an event: nothing can come after. */
static void note_emptied(struct an_ci *c)
{
	for (size_t g = 0; g < c->s.groups && c->spans.entry; g++) {
		const struct yg_cuminc_curve *curve = &c->fit.curve[g];
		size_t m = 0;
		struct yg_raw_note *n;
		while (m < curve->m && curve->surv[m] > 0)
			m++;
		if (m + 1 >= curve->m)
			continue;
		n = yg_raw_note(c->raw, YG_NOTE_WARNING,
		                N_("{1}: early, when few had entered, all under observation had an event, so the curves stay level though "
		                   "others enter later; add an entry time from which enough are under observation"));
		yg_raw_note_text(n, c->s.group_words[g]);
	}
}

void an_ci_notes(struct an_ci *c)
{
	static const char *const scale[] = { N_("plain"), N_("log"), N_("log-log"), N_("logit"), N_("arcsin") };
	struct yg_raw_note *n;
	double worst = 0;
	uint64_t events = 0;

	for (size_t g = 0; g < c->s.groups; g++) {
		worst = fmax(worst, c->fit.curve[g].worst_sum);
		for (unsigned k = 0; k < c->causes; k++)
			events += c->fit.curve[g].events[k];
	}
	an_surv_notes(c->raw, &c->s, &c->r->in);
	yg_raw_counts(c->raw, (int64_t)c->s.set->persons, (int64_t)c->records, (int64_t)events,
	              (int64_t)(c->s.set->persons_asked - c->s.set->persons));
	n = yg_raw_note(c->raw, YG_NOTE_CONVENTION,
	                N_("Aalen-Johansen estimate; standard errors by the infinitesimal jackknife{1}; intervals on the {2} scale"));
	yg_raw_note_text(n, c->cluster ? N_(", summed within clusters") : "");
	yg_raw_note_text(n, c->ci == YG_KM_NO_CI ? N_("no") : scale[c->ci]);
	if (c->r->measure)
		yg_raw_note(c->raw, YG_NOTE_CONVENTION, N_("differences and ratios: each group against the first, intervals and p by Wald"));
	if (c->r->draw && !strcmp(c->r->draw, "stacked"))
		yg_raw_note(c->raw, YG_NOTE_INFO, N_("stacked: each curve stands on the one before; what is above the last is free of all events"));
	note_emptied(c);
	an_steps_note(c->raw, c->thinned, c->r->all_steps, c->r->open);
	n = yg_raw_note(c->raw, worst > 1e-9 ? YG_NOTE_WARNING : YG_NOTE_INFO,
	                N_("the curves of all causes and survival add up to 1 within {1}"));
	yg_raw_note_num(n, YG_ROLE_STATISTIC, worst, YG_NOBODY);
}
