/* The estimates of a regression as rows that forest can show. */
#include <math.h>
#include <string.h>

#include "analysis/survival/an_surv_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/num/dist.h"

static const struct an_forest_words words[] = {
	[AN_RATIO_NONE] = { N_("Coefficients"), N_("estimate"), N_("estimate (CI)"), N_("estimate"),
	                    N_("coefficients with {1} intervals, as in the models"), true },
	[AN_RATIO_OR] = { N_("Odds ratios"), N_("OR"), N_("OR (CI)"), N_("odds ratio"), N_("odds ratios with {1} intervals, as in the models"), false },
	[AN_RATIO_RR] = { N_("Risk ratios"), N_("RR"), N_("RR (CI)"), N_("risk ratio"), N_("risk ratios with {1} intervals, as in the models"), false },
	[AN_RATIO_IRR] = { N_("Rate ratios"), N_("IRR"), N_("IRR (CI)"), N_("rate ratio"), N_("rate ratios with {1} intervals, as in the models"), false },
	[AN_RATIO_MEAN] = { N_("Ratios of means"), N_("ratio"), N_("ratio (CI)"), N_("ratio of means"),
	                    N_("ratios of means with {1} intervals, as in the models"), false },
};

/* Persons and events of the reference level: all less those of the others. */
static void reference_of(const struct an_fit *f, const struct yg_design_term *of, int64_t *persons, int64_t *events)
{
	*persons = *events = -1;
	if (!of->reference || f->persons != f->records)
		return;
	*persons = f->persons;
	*events = f->events;
	for (int c = of->first; c < of->first + of->count; c++) {
		*persons -= f->column_persons[c];
		*events -= f->column_events[c];
	}
}

static double p_of(const struct an_fit *f, double b, double se)
{
	return isfinite(f->df) ? yg_t_two_sided(b / se, f->df) : yg_normal_two_sided(b / se);
}

static void keep_columns(struct an_cox_kept *k, const struct an_fit *f)
{
	const struct yg_design *d = f->design;
	k->row = yg_xcalloc((size_t)d->p + (size_t)d->terms + 1, sizeof *k->row);
	for (int j = 0; j < d->p; j++) {
		const struct yg_design_column *c = &d->column[j];
		if (c->term < 0)
			continue;
		const struct yg_design_term *of = &d->term[c->term];
		int64_t persons, events;
		double se = sqrt(f->covariance[j * d->p + j]);
		reference_of(f, of, &persons, &events);
		if (of->reference && of->first == j) {
			struct an_cox_row *r = &k->row[k->rows++];
			*r = (struct an_cox_row){ .reference = true, .persons = persons, .events = events, .reference_persons = -1,
				                  .reference_events = -1 };
			r->key = yg_xasprintf("%s: %s", of->name, of->reference);
			r->label = yg_xasprintf("%s: %s", of->name, of->reference);
			r->term = yg_xstrdup(of->name);
		}
		struct an_cox_row *r = &k->row[k->rows++];
		*r = (struct an_cox_row){ .key = yg_xstrdup(c->key), .label = yg_xstrdup(c->label), .term = yg_xstrdup(of->name),
			                  .binary = c->binary, .b = f->b[j], .se = se, .lower = f->lower[j], .upper = f->upper[j],
			                  .p = p_of(f, f->b[j], se), .persons = f->column_persons[j],
			                  .events = f->events < 0 ? 0 : f->column_events[j], .reference_persons = persons,
			                  .reference_events = events };
		if (f->dropped && f->dropped[j])
			r->why = N_("not estimable: follows from the terms before");
		else if (f->diverging && f->diverging[j])
			r->why = N_("no estimate: runs to infinity");
		r->estimable = !r->why;
	}
}

void an_keep_rows(struct yg_glm_model *m, const struct an_fit *f)
{
	if (!m->rows)
		m->rows = yg_xcalloc(1, sizeof *m->rows);
	YG_GROW(m->rows->fit, m->rows->fits, m->rows->cap);
	struct an_cox_kept *k = &m->rows->fit[m->rows->fits++];
	const char *colon = f->group ? strstr(f->group, ": ") : NULL;
	memset(k, 0, sizeof *k);
	k->words = &words[an_fit_ratio(f)];
	k->endpoint = yg_xstrdup(f->outcome_label ? f->outcome_label : f->outcome);
	k->formula = yg_xstrdup(f->formula);
	k->by = colon ? yg_xstrndup(f->group, (size_t)(colon - f->group)) : NULL;
	k->level = colon ? yg_xstrdup(colon + 2) : NULL;
	k->persons = f->persons;
	k->records = f->records;
	k->events = f->events > 0 ? f->events : 0;
	k->event_rows = f->events < 0 ? -1 : f->events_counted;
	k->rank = f->rank;
	k->conf = f->conf > 0 ? f->conf : 0.95;
	keep_columns(k, f);
}

const struct yg_cox_model *yg_glm_model_rows(const struct yg_glm_model *m)
{
	return m->rows;
}
