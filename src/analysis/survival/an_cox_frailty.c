/* Tables of a Cox model with shared frailties: their variance, and those of the clusters. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "an_surv_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"

#define MOST_LISTED 60u

static void number(struct yg_raw_table *t, const char *key, const char *label, enum yg_role role, double v, struct yg_evidence e)
{
	int row = yg_raw_row(t, key, label, 0);
	yg_raw_num(t, row, 0, v, e);
	yg_raw_role(t, row, 0, role);
}

static void variance_table(struct yg_raw *raw, const struct an_cox_fit *f, size_t i, struct yg_arena *arena)
{
	const struct yg_cox_frailty *r = &f->frailty;
	struct yg_evidence e = an_surv_everybody(f->s);
	struct yg_raw_table *t = yg_raw_table(raw, an_key(arena, "frailty", i),
	                                      an_cox_titled(f, yg_phrase(arena, N_("Shared frailty of %s"), f->s->cluster_title), arena));
	yg_raw_column(t, "value", N_("value"), YG_ROLE_ESTIMATE, NULL);
	number(t, "variance", r->kind == YG_FRAILTY_GAMMA ? N_("variance of the frailty") : N_("variance of the log frailty"),
	       YG_ROLE_ESTIMATE, r->theta, e);
	if (!r->held && !r->none)
		number(t, "variance_se", N_("SE of it"), YG_ROLE_SE, r->theta_se, e);
	if (r->test.df > 0) {
		number(t, "lr", N_("LR chi-squared of no frailty"), YG_ROLE_STATISTIC, r->test.chisq, e);
		number(t, "lr_p", N_("p of it (half of chi-squared 1)"), YG_ROLE_P, r->test.p, e);
	}
	if (r->kind == YG_FRAILTY_GAMMA)
		number(t, "tau", N_("Kendall's tau within clusters"), YG_ROLE_CRITERION, r->theta / (r->theta + 2), e);
	else
		number(t, "median_hr", N_("median hazard ratio between clusters"), YG_ROLE_ESTIMATE,
		       yg_exp(sqrt(2 * r->theta) * yg_normal_quantile(0.75)), e);
	int row = yg_raw_row(t, "clusters", N_("clusters"), 0);
	yg_raw_int(t, row, 0, (int64_t)r->clusters, YG_NOBODY);
	yg_raw_role(t, row, 0, YG_ROLE_INTEGER);
	if (!r->none)
		number(t, "df", N_("effective parameters of the frailties"), YG_ROLE_CRITERION, r->df, e);
}

struct cluster {
	const char *label;
	int64_t persons, events;     /* persons; those with an event */
	double b, se;
	bool has;
};

static int by_frailty(const void *a, const void *b)
{
	const struct cluster *x = a, *y = b;
	return (x->b > y->b) - (x->b < y->b);
}

/* Persons stand together in the set, so that a change of person is a new one; events count once each. */
static struct cluster *gather(const struct an_cox_fit *f, struct yg_arena *arena)
{
	const struct an_surv *s = f->s;
	struct cluster *c = yg_arena_alloc(arena, f->frailty.clusters + 1, sizeof *c);
	uint32_t *seen = yg_arena_alloc(arena, 2 * f->frailty.clusters + 2, sizeof *seen), *with = seen + f->frailty.clusters;
	const struct yg_set_column *column = NULL;
	for (size_t k = 0; k < s->set->columns; k++)
		if (s->set->column[k].name && s->cluster_title && !strcmp(s->set->column[k].name, s->cluster_title) && s->set->column[k].level)
			column = &s->set->column[k];
	memset(c, 0, f->frailty.clusters * sizeof *c);
	memset(seen, 0xff, 2 * f->frailty.clusters * sizeof *seen);
	for (size_t i = 0; i < s->set->n; i++) {
		uint32_t k = f->s->cluster[i], person = (uint32_t)s->set->person[i];
		c[k].persons += seen[k] != person;
		seen[k] = person;
		if (s->event[i]) {
			c[k].events += with[k] != person;
			with[k] = person;
		}
		if (!c[k].label)
			c[k].label = column && column->level[i] >= 0 ? column->level_name[column->level[i]] :
			                                               yg_arena_printf(arena, "%u", k + 1);
	}
	for (size_t k = 0; k < f->frailty.clusters; k++) {
		c[k].b = f->frailty.b[k];
		c[k].se = f->frailty.se[k];
	}
	return c;
}

static void cluster_table(struct yg_raw *raw, const struct an_cox_fit *f, size_t i, struct yg_arena *arena)
{
	struct cluster *c = gather(f, arena);
	const char *title = an_cox_titled(f, N_("Frailties of the clusters"), arena);
	struct yg_raw_table *t = yg_raw_table(raw, an_key(arena, "frailties", i), title);
	struct yg_raw_figure *fig = yg_raw_figure(raw, an_key(arena, "frailties", i), YG_FIGURE_FOREST, title);
	yg_raw_column(t, "persons", N_("persons"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(t, "events", N_("events"), YG_ROLE_EVENTS, NULL);
	yg_raw_column(t, "frailty", N_("frailty"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "ratio_lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "ratio_upper", N_("upper"), YG_ROLE_UPPER, NULL);
	yg_raw_column(t, "estimate", N_("log"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_figure_axis(fig, 'x', N_("frailty"), NULL, 1);
	yg_raw_figure_reference(fig, 'x', 1);
	yg_raw_figure_heads(fig, N_("events/persons"));
	int series = yg_raw_series(fig, N_("frailty"));
	qsort(c, f->frailty.clusters, sizeof *c, by_frailty);
	for (size_t k = 0; k < f->frailty.clusters; k++) {
		struct yg_evidence e = { c[k].persons, c[k].events, 0 };
		double low = yg_exp(c[k].b - f->critical * c[k].se), high = yg_exp(c[k].b + f->critical * c[k].se);
		const double value[] = { yg_exp(c[k].b), low, high, c[k].b, c[k].se };
		int row = yg_raw_row_data(t, c[k].label, c[k].label, 0);
		yg_raw_int(t, row, 0, c[k].persons, (struct yg_evidence){ c[k].persons, 0, 0 });
		yg_raw_int(t, row, 1, c[k].events, (struct yg_evidence){ c[k].persons, c[k].events, c[k].persons });
		for (int v = 0; v < 5; v++)
			yg_raw_num(t, row, 2 + v, value[v], e);
		struct yg_raw_point p = { .x = NAN, .x2 = NAN, .y = value[0], .lower = low, .upper = high, 
			                  .label = yg_phrase_data(arena, c[k].label) };
		p.text = yg_arena_printf(arena, "%lld/%lld", (long long)c[k].events, (long long)c[k].persons);
		yg_raw_point(fig, series, &p, e);
	}
}

void an_cox_frailty_tables(struct yg_raw *raw, const struct an_cox_fit *f, size_t i, struct yg_arena *arena)
{
	variance_table(raw, f, i, arena);
	if (!f->frailty.none && f->frailty.clusters <= MOST_LISTED && f->s->set->person)
		cluster_table(raw, f, i, arena);
}

void an_cox_frailty_notes(struct yg_raw *raw, const struct an_cox_fit *f)
{
	const struct yg_cox_frailty *r = &f->frailty;
	struct yg_raw_note *n;
	bool gamma = r->kind == YG_FRAILTY_GAMMA;
	if (r->held)
		yg_raw_note(raw, YG_NOTE_CONVENTION, gamma ? N_("frailty: gamma with mean 1, variance as given") :
		                                             N_("frailty: lognormal with median 1, variance as given"));
	else
		yg_raw_note(raw, YG_NOTE_CONVENTION, gamma ? N_("frailty: gamma with mean 1, variance by marginal likelihood") :
		                                             N_("frailty: lognormal with median 1, variance by REML"));
	yg_raw_note(raw, YG_NOTE_CONVENTION, gamma ? N_("log likelihood: marginal, frailties integrated out") :
	                                             N_("log likelihood: marginal, frailties integrated out by Laplace's approximation"));
	yg_raw_note(raw, YG_NOTE_CONVENTION, r->full ? N_("standard errors take the variance of the frailty as known") :
	            N_("standard errors take the variance of the frailty as known, and leave information between clusters out"));
	yg_raw_note(raw, YG_NOTE_INFO, N_("hazard ratios compare members of clusters of equal frailty"));
	if (r->none)
		yg_raw_note(raw, YG_NOTE_WARNING, N_("no variation between clusters was found: the estimates are those without frailty"));
	if (r->clusters > MOST_LISTED) {
		n = yg_raw_note(raw, YG_NOTE_INFO, N_("{1} clusters: their frailties are not listed"));
		yg_raw_note_int(n, YG_ROLE_INTEGER, (int64_t)r->clusters, YG_NOBODY);
	}
}
