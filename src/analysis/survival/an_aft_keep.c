/* What stays of parametric fits: for predict, for compare, for forest. */
#include <math.h>
#include <string.h>

#include "an_aft_priv.h"
#include "analysis/prediction/an_model_priv.h"

#include "yogo/base/hash.h"
#include "yogo/base/i18n.h"
#include "yogo/num/dist.h"

static const struct an_forest_words words[] = {
	[AN_AFT_TIME] = { N_("Time ratios"), N_("time ratio"), N_("time ratio (CI)"), N_("time ratio"),
	                  N_("time ratios with {1} intervals, as in the models"), false },
	[AN_AFT_HAZARD] = { N_("Hazard ratios"), N_("HR"), N_("HR (CI)"), N_("hazard ratio"),
	                    N_("hazard ratios with {1} intervals, as in the models"), false },
	[AN_AFT_ODDS] = { N_("Odds ratios"), N_("OR"), N_("OR (CI)"), N_("odds ratio"), N_("odds ratios with {1} intervals, as in the models"), false },
	[AN_AFT_NONE] = { N_("Coefficients"), N_("estimate"), N_("estimate (CI)"), N_("estimate"),
	                  N_("coefficients with {1} intervals, as in the models"), true },
};

static uint64_t mix(uint64_t h, const void *bytes, size_t n)
{
	uint64_t two[2] = { h, bytes && n ? yg_hash64(bytes, n) : 0 };
	return yg_hash64(two, sizeof two);
}

/* Rows, times and weights: what two likelihoods must have in common. */
static uint64_t data_of(const struct an_aft_fit *f)
{
	const struct an_aft_rows *rows = f->rows;
	const struct an_surv *s = rows->s;
	size_t n = rows->data.n;
	uint64_t h = an_rows_hash(s->set, s->set->exit, s->event);
	h = mix(h, rows->data.upper ? rows->data.time : rows->data.entry, (rows->data.upper || rows->data.entry) ? n * sizeof(double) : 0);
	return mix(h, s->weight, s->weight ? n * sizeof(double) : 0);
}

/* What models of a likelihood ratio test share beside the data: distribution, what is fixed of it, strata, offset. */
static uint64_t form_of(const struct an_aft_fit *f)
{
	const struct an_aft_rows *rows = f->rows;
	size_t n = rows->data.n;
	double fixed[4] = { f->is_spline, 0, 0, 0 };
	if (f->is_spline) {
		fixed[1] = (double)f->rp.scale;
		fixed[2] = f->rp.df;
	} else {
		fixed[1] = (double)f->aft.dist;
		fixed[2] = f->aft.dist == YG_AFT_T ? f->aft.df : 0;
		fixed[3] = f->aft.scales ? 0 : f->aft.scale[0];
	}
	uint64_t h = mix(0, fixed, sizeof fixed);
	h = mix(h, rows->stratum, rows->stratum ? n * sizeof *rows->stratum : 0);
	return mix(h, rows->data.offset, rows->data.offset ? n * sizeof(double) : 0);
}

/* ---- rows of a forest ---- */

static void reference_of(const struct an_aft_fit *f, const struct yg_design_term *of, int64_t *persons, int64_t *events)
{
	const struct an_surv *s = f->rows->s;
	*persons = *events = -1;
	if (!of->reference || s->set->persons != s->set->n)
		return;
	*persons = (int64_t)s->set->persons;
	*events = (int64_t)s->event_persons;
	for (int c = of->first; c < of->first + of->count; c++) {
		*persons -= f->rows->persons[c];
		*events -= f->rows->events[c];
	}
}

static void forest_column(struct an_cox_kept *k, const struct an_aft_fit *f, int j)
{
	const struct yg_design *d = f->rows->design;
	const struct yg_design_column *c = &d->column[j];
	const struct yg_design_term *of = &d->term[c->term];
	double b = f->b[j], se = f->b_se[j];
	int64_t persons, events;
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
	*r = (struct an_cox_row){ .key = yg_xstrdup(c->key), .label = yg_xstrdup(c->label), .term = yg_xstrdup(of->name), .binary = c->binary,
		                  .b = b, .se = se, .lower = b - f->critical * se, .upper = b + f->critical * se,
		                  .p = yg_normal_two_sided(b / se), .persons = f->rows->persons[j], .events = f->rows->events[j],
		                  .reference_persons = persons, .reference_events = events, .why = an_aft_why_not(f, (size_t)j) };
	r->estimable = !r->why;
}

static void keep_rows(struct yg_aft_model *m, const struct an_aft_fit *f)
{
	const struct yg_design *d = f->rows->design;
	const struct an_surv *s = f->rows->s;
	if (!m->rows)
		m->rows = yg_xcalloc(1, sizeof *m->rows);
	YG_GROW(m->rows->fit, m->rows->fits, m->rows->cap);
	struct an_cox_kept *k = &m->rows->fit[m->rows->fits++];
	const char *colon = f->level ? strstr(f->level, ": ") : NULL;
	memset(k, 0, sizeof *k);
	k->words = &words[f->metric];
	k->endpoint = yg_xstrdup(s->label);
	k->formula = yg_xasprintf("%s, %s", f->formula, f->name);
	k->by = colon ? yg_xstrndup(f->level, (size_t)(colon - f->level)) : NULL;
	k->level = colon ? yg_xstrdup(colon + 2) : NULL;
	k->persons = (int64_t)s->set->persons;
	k->records = (int64_t)s->set->n;
	k->events = (int64_t)s->event_persons;
	k->event_rows = (int64_t)s->event_rows;
	k->rank = f->rank;
	k->conf = f->conf;
	k->row = yg_xcalloc((size_t)d->p + (size_t)d->terms + 1, sizeof *k->row);
	for (int j = 0; j < d->p; j++)
		if (d->column[j].term >= 0)
			forest_column(k, f, j);
}

const struct yg_cox_model *yg_aft_model_rows(const struct yg_aft_model *m)
{
	return m->rows;
}

/* ---- a fit ---- */

void an_aft_keep(struct yg_aft_model *m, struct an_aft_fit *f, const struct yg_node *strata)
{
	const struct an_aft_rows *rows = f->rows;
	const struct yg_design *d = rows->design;
	const struct an_surv *s = rows->s;
	keep_rows(m, f);
	YG_GROW(m->fit, m->fits, m->cap);
	struct yg_aft_kept *k = &m->fit[m->fits++];
	*k = (struct yg_aft_kept){ .endpoint = yg_xstrdup(s->label), .formula = yg_xstrdup(f->formula),
		                   .level = f->level ? yg_xstrdup(f->level) : NULL, .dist = yg_xstrdup(f->name),
		                   .is_spline = f->is_spline, .aft = f->aft, .rp = f->rp, .p = rows->data.p,
		                   .divisor = s->divisor, .conf = f->conf, .persons = (int64_t)s->set->persons,
		                   .events = (int64_t)s->event_persons, .records = (int64_t)s->set->n, .data = data_of(f), .form = form_of(f),
		                   .robust = f->robust, .weighted = s->probability, .usable = an_aft_usable(f),
		                   .intercept = rows->data.intercept == 0, .loglik = f->loglik, .aic = f->aic, .bic = f->bic,
		                   .parameters = f->k };
	k->prediction = an_model_of_aft(f, strata);
	k->term = yg_xcalloc((size_t)d->terms + 1, sizeof *k->term);
	for (int i = 0; i < d->terms; i++)
		k->term[i] = yg_xstrdup(d->term[i].name);
	k->key = yg_xcalloc(k->p + 1, sizeof *k->key);
	for (size_t j = 0; j < k->p; j++)
		k->key[j] = yg_xstrdup(d->column[j].key);
	for (size_t j = 0; j < k->p; j++)
		k->usable = k->usable && f->fault[j] != YG_AFT_RUNS_AWAY;
	/* The kernel's memory is the model's now. */
	memset(&f->aft, 0, sizeof f->aft);
	memset(&f->rp, 0, sizeof f->rp);
}

void yg_aft_model_free(struct yg_aft_model *m)
{
	for (size_t i = 0; m && i < m->fits; i++) {
		struct yg_aft_kept *k = &m->fit[i];
		for (char **t = k->term; t && *t; t++)
			yg_free(*t);
		yg_free(k->term);
		for (size_t j = 0; j < k->p; j++)
			yg_free(k->key[j]);
		yg_free(k->key);
		an_model_free(k->prediction);
		yg_free(k->endpoint);
		yg_free(k->formula);
		yg_free(k->level);
		yg_free(k->dist);
		if (k->is_spline)
			yg_rp_release(&k->rp);
		else
			yg_aft_release(&k->aft);
	}
	if (m) {
		yg_cox_model_free(m->rows);
		yg_free(m->fit);
	}
	yg_free(m);
}
