/* Tables of a Cox fit, and what is kept of it. */
#include <math.h>
#include <string.h>

#include "analysis/an_model_table_priv.h"
#include "an_surv_priv.h"
#include "analysis/prediction/an_model_priv.h"

#include "yogo/base/hash.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/cox_check.h"
#include "yogo/stats/regression.h"

#define KEPT_BYTES 160000000u   /* of the columns of a fit whose data are kept for phtest and diagnose */

const char *an_cox_why_not(const struct yg_cox *fit, size_t j)
{
	if (fit->stop == YG_COX_ITERATIONS)
		return N_("not estimable: no convergence");
	switch (fit->fault[j]) {
	case YG_COX_CONSTANT:
		return N_("not estimable: one value only");
	case YG_COX_COLLINEAR:
		return N_("not estimable: follows from the terms before");
	case YG_COX_INFINITE:
		return N_("no estimate: runs to infinity");
	default:
		return NULL;
	}
}

static struct yg_evidence behind(const struct an_cox_fit *f, size_t j)
{
	bool part = f->design->column[j].binary;
	return (struct yg_evidence){ f->persons[j], f->events[j], part ? (int64_t)f->s->set->persons : 0 };
}

const char *an_cox_titled(const struct an_cox_fit *f, const char *title, struct yg_arena *arena)
{
	if (!f->several)
		return title;
	title = yg_phrase_message(arena, title);
	return f->group ? yg_phrase(arena, "%s, %s ~ %s, %s", title, f->s->label, f->formula, f->group) :
	                  yg_phrase(arena, "%s, %s ~ %s", title, f->s->label, f->formula);
}

/* ---- estimates ---- */

/* By likelihood ratio where that was made, else Wald. */
static double p_of(const struct an_cox_fit *f, size_t j)
{
	return f->p_value ? f->p_value[j] : yg_normal_two_sided(f->fit.beta[j] / f->fit.se[j]);
}

static void estimates_table(struct yg_raw *raw, const struct an_cox_fit *f, size_t i, struct yg_arena *arena)
{
	const struct yg_design *d = f->design;
	struct yg_raw_table *t = yg_raw_table(raw, an_key(arena, "estimates", i), an_cox_titled(f, N_("Hazard ratios"), arena));
	yg_raw_column(t, "estimate", N_("coefficient"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(t, "hr", N_("HR"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "ratio_lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "ratio_upper", N_("upper"), YG_ROLE_UPPER, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	for (size_t j = 0; j < f->fit.p; j++) {
		const struct yg_design_term *of = &d->term[d->column[j].term];
		if (of->reference && (size_t)of->first == j) {
			int row = an_reference_row(t, arena, d, of);
			yg_raw_missing(t, row, 0, N_("reference"));
			for (int k = 1; k <= 5; k++)
				yg_raw_text(t, row, k, "");
		}
		int row = yg_raw_row_data(t, d->column[j].key, d->column[j].label, 0);
		const char *why = an_cox_why_not(&f->fit, j);
		double b = f->fit.beta[j], se = f->fit.se[j];
		const double value[] = { b, se, yg_exp(b), yg_exp(f->lower[j]), yg_exp(f->upper[j]),
		                        p_of(f, j) };
		for (int k = 0; k < 6; k++)
			if (why)
				yg_raw_missing(t, row, k, k ? "-" : why); /* said once */
			else
				yg_raw_num(t, row, k, value[k], behind(f, j));
	}
}

static void coefficients_table(struct yg_raw *raw, const struct an_cox_fit *f, size_t i, struct yg_arena *arena)
{
	struct yg_raw_table *t = yg_raw_table(raw, an_key(arena, "coefficients", i),
	                                      an_cox_titled(f, N_("Log hazard ratios"), arena));
	yg_raw_column(t, "estimate", N_("coefficient"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(t, "statistic", "z", YG_ROLE_STATISTIC, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	yg_raw_table_detail(t);
	for (size_t j = 0; j < f->fit.p; j++) {
		int row = yg_raw_row_data(t, f->design->column[j].key, f->design->column[j].label, 0);
		const char *why = an_cox_why_not(&f->fit, j);
		double b = f->fit.beta[j], se = f->fit.se[j];
		const double value[] = { b, se, b / se, f->lower[j], f->upper[j], p_of(f, j) };
		for (int k = 0; k < 6; k++)
			if (why)
				yg_raw_missing(t, row, k, why);
			else
				yg_raw_num(t, row, k, value[k], behind(f, j));
	}
}

/* ---- tests of terms ---- */

static void term_row(struct yg_raw_table *t, const struct an_cox_fit *f, const char *name, size_t first, size_t count)
{
	size_t p = f->fit.p, *index = yg_xalloc(count + 1, sizeof *index);
	uint8_t *dropped = yg_xcalloc(p + 1, 1);
	struct yg_evidence e = an_surv_everybody(f->s);
	bool infinite = f->fit.stop == YG_COX_ITERATIONS;
	for (size_t j = 0; j < p; j++)
		dropped[j] = f->fit.fault[j] != YG_COX_FINE;
	for (size_t k = 0; k < count; k++) {
		struct yg_evidence own = behind(f, first + k);
		index[k] = first + k;
		infinite = infinite || f->fit.fault[first + k] == YG_COX_INFINITE;
		if (own.persons < e.persons)
			e = own; /* the smallest level decides what may be shown */
	}
	struct yg_term_test test = yg_wald_test(f->fit.beta, f->fit.var, p, dropped, index, count, INFINITY);
	int row = yg_raw_row_data(t, name, name, 0);
	if (infinite || !isfinite(test.chisq)) {
		for (int k = 0; k < 3; k++)
			yg_raw_missing(t, row, k, N_("not estimable"));
	} else {
		yg_raw_num(t, row, 0, test.chisq, e);
		yg_raw_num(t, row, 1, test.df, YG_NOBODY);
		yg_raw_num(t, row, 2, test.p, e);
	}
	yg_free(dropped);
	yg_free(index);
}

static void terms_table(struct yg_raw *raw, const struct an_cox_fit *f, size_t i, struct yg_arena *arena)
{
	const struct yg_design *d = f->design;
	bool wanted = f->moves != NULL;
	for (int k = 0; k < d->terms; k++)
		wanted = wanted || d->term[k].count > 1;
	if (!wanted)
		return;
	struct yg_raw_table *t = yg_raw_table(raw, an_key(arena, "terms", i),
	                                      an_cox_titled(f, N_("Tests of terms (Wald)"), arena));
	yg_raw_column(t, "statistic", N_("chi-squared"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(t, "df", N_("df"), YG_ROLE_DF, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	for (int k = 0; k < d->terms; k++) {
		const struct yg_design_term *term = &d->term[k];
		if (!term->count)
			continue;
		term_row(t, f, term->name, (size_t)term->first, (size_t)term->count);
		if (term->knot_count > 0 && term->count > 1 && !strncmp(term->name, "rcs(", 4))
			term_row(t, f, yg_arena_printf(arena, "%s nonlinear", term->name), (size_t)term->first + 1,
			         (size_t)term->count - 1);
	}
}

/* ---- the whole model ---- */

static void test_rows(struct yg_raw_table *t, const struct an_cox_fit *f)
{
	struct yg_evidence e = an_surv_everybody(f->s);
	const struct {
		const char *key, *label, *p_key, *p_label;
		const struct yg_cox_test *test;
		bool shown;
	} tests[] = {
		{ "lr", N_("LR chi-squared"), "lr_p", N_("p of it"), &f->fit.lrt, !f->fit.robust && !f->s->probability },
		{ "wald", N_("Wald chi-squared"), "wald_p", N_("p of it"), &f->fit.wald, true },
		{ "score", N_("score chi-squared"), "score_p", N_("p of it"), &f->fit.score, !f->fit.robust &&
		 !f->s->probability && !f->fit.firth },
		{ "robust_score", N_("robust score chi-squared"), "robust_score_p", N_("p of it"), &f->fit.robust_score,
		  f->fit.robust_score.df > 0 },
	};
	for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
		if (tests[i].shown && tests[i].test->df > 0 && f->fit.stop == YG_COX_CONVERGED) {
			an_fit_value(t, tests[i].key, tests[i].label, YG_ROLE_STATISTIC, tests[i].test->chisq, e);
			an_fit_value(t, tests[i].p_key, tests[i].p_label, YG_ROLE_P, tests[i].test->p, e);
		}
}

static void fit_table(struct yg_raw *raw, const struct an_cox_fit *f, size_t i, struct yg_arena *arena)
{
	const struct an_surv *s = f->s;
	struct yg_evidence e = an_surv_everybody(s), persons = { (int64_t)s->set->persons, 0, 0 };
	struct yg_raw_table *t = yg_raw_table(raw, an_key(arena, "fit", i), an_cox_titled(f, N_("Model"), arena));
	bool likelihood = !f->fit.robust && !s->probability;
	int parameters = f->fit.rank + (f->frail && !f->frailty.held);
	yg_raw_column(t, "value", N_("value"), YG_ROLE_CRITERION, NULL);
	an_fit_count(t, "persons", N_("persons"), YG_ROLE_PERSONS, persons.persons, persons);
	if (s->set->n != s->set->persons)
		an_fit_count(t, "records", N_("records"), YG_ROLE_RECORDS, (int64_t)s->set->n, persons);
	an_fit_count(t, "events", N_("events"), YG_ROLE_EVENTS, (int64_t)s->event_rows,
	          (struct yg_evidence){ e.persons, e.events, s->set->n == s->set->persons ? e.persons : 0 });
	if (f->data.repeats && s->weight) {
		an_fit_value(t, "repeats", N_("persons by freq"), YG_ROLE_WEIGHTED, (double)f->fit.n, e);
		an_fit_value(t, "repeated_events", N_("events by freq"), YG_ROLE_WEIGHTED, (double)f->fit.events, e);
	}
	an_fit_count(t, "parameters", N_("parameters"), YG_ROLE_INTEGER, f->fit.rank, YG_NOBODY);
	test_rows(t, f);
	if (!isnan(f->c))
		an_fit_value(t, "concordance", N_("concordance (Harrell's C)"), YG_ROLE_CRITERION, f->c, e);
	if (!isnan(f->c_se))
		an_fit_value(t, "concordance_se", N_("SE of it"), YG_ROLE_SE, f->c_se, e);
	if (likelihood) {
		an_fit_value(t, "loglik_null", f->fit.firth ? N_("penalised log likelihood at 0") : N_("log likelihood without terms"), YG_ROLE_CRITERION, f->fit.loglik_null, e);
		an_fit_value(t, "loglik", f->fit.firth ? N_("penalised log likelihood") : N_("log likelihood"), YG_ROLE_CRITERION, f->fit.loglik, e);
		if (!f->fit.firth) {
			an_fit_value(t, "aic", "AIC", YG_ROLE_CRITERION, 2 * parameters - 2 * f->fit.loglik, e);
			an_fit_value(t, "bic", N_("BIC (log of events)"), YG_ROLE_CRITERION,
			          yg_log((double)f->fit.events) * parameters - 2 * f->fit.loglik, e);
		}
	}
	an_fit_count(t, "iterations", N_("iterations"), YG_ROLE_INTEGER, f->fit.iterations, YG_NOBODY);
}

void an_cox_tables(struct yg_raw *raw, const struct an_cox_fit *f, size_t i, struct yg_arena *arena)
{
	estimates_table(raw, f, i, arena);
	coefficients_table(raw, f, i, arena);
	terms_table(raw, f, i, arena);
	fit_table(raw, f, i, arena);
}

/* ---- what is kept ---- */

static uint64_t mix(uint64_t h, const void *bytes, size_t n)
{
	uint64_t two[2] = { h, bytes && n ? yg_hash64(bytes, n) : 0 };
	return yg_hash64(two, sizeof two);
}

/* Of the rows and all that a likelihood is made of but the columns; rows: an_rows_hash of them. */
static uint64_t data_hash(const struct an_cox_fit *f, uint64_t rows)
{
	const struct yg_spans *d = &f->data.spans;
	uint64_t h = mix(rows, d->entry, d->entry ? d->n * sizeof(double) : 0);
	h = mix(h, d->stratum, d->stratum ? d->n * sizeof(int32_t) : 0);
	h = mix(h, d->weight, d->weight ? d->n * sizeof(double) : 0);
	return mix(h, f->data.offset, f->data.offset ? d->n * sizeof(double) : 0);
}

static void keep_reference(const struct an_cox_fit *f, const struct yg_design_term *of, int64_t *persons, int64_t *events)
{
	*persons = *events = -1;
	if (!of->reference || f->s->set->persons != f->s->set->n)
		return;
	*persons = (int64_t)f->s->set->persons;
	*events = (int64_t)f->s->event_persons;
	for (int c = 0; c < of->count; c++) {
		*persons -= f->persons[of->first + c];
		*events -= f->events[of->first + c];
	}
}

static void keep_rows(struct an_cox_kept *k, const struct an_cox_fit *f)
{
	const struct yg_design *d = f->design;
	size_t p = f->fit.p;
	k->row = yg_xcalloc(p + (size_t)d->terms + 1, sizeof *k->row);
	for (size_t j = 0; j < p; j++) {
		const struct yg_design_column *c = &d->column[j];
		const struct yg_design_term *of = &d->term[c->term];
		int64_t persons, events;
		keep_reference(f, of, &persons, &events);
		if (of->reference && (size_t)of->first == j) {
			struct an_cox_row *r = &k->row[k->rows++];
			size_t level = strlen(c->key) - strlen(of->name), head = strlen(c->label) - level;
			*r = (struct an_cox_row){ .reference = true, .persons = persons, .events = events, .reference_persons = -1,
				                  .reference_events = -1 };
			r->key = yg_xasprintf("%s: %s", of->name, of->reference);
			r->label = yg_xasprintf("%.*s: %s", (int)head, c->label, of->reference);
			r->term = yg_xstrdup(of->name);
		}
		struct an_cox_row *r = &k->row[k->rows++];
		*r = (struct an_cox_row){ .key = yg_xstrdup(c->key), .label = yg_xstrdup(c->label), .term = yg_xstrdup(of->name),
			                  .binary = c->binary, .b = f->fit.beta[j], .se = f->fit.se[j], .lower = f->lower[j],
			                  .upper = f->upper[j], .p = p_of(f, j),
			                  .persons = f->persons[j], .events = f->events[j], .reference_persons = persons,
			                  .reference_events = events, .why = an_cox_why_not(&f->fit, j) };
		r->estimable = !r->why;
	}
}

/* The array at *owner, which is read by nobody else any more; or a copy of one that something else holds. */
static void *take_array(const void *from, void *owner, size_t n, size_t size)
{
	void *held, *to = NULL;
	memcpy(&held, owner, sizeof held);
	if (!from)
		return NULL;
	if (held == from) {
		memcpy(owner, &to, sizeof to);
		return held;
	}
	to = yg_data_alloc(n + 1, size);
	if (to)
		memcpy(to, from, n * size);
	return to;
}

/* The arrays of the data are taken from the set and from the design; this is the last that is done with them. */
static enum yg_status keep_data(struct an_cox_kept *k, struct an_cox_fit *f, struct yg_err *err)
{
	const struct yg_spans *d = &f->data.spans;
	struct an_surv *s = f->s;
	size_t n = d->n;
	k->kept = f->data;
	k->kept.sorted = NULL;
	k->packed = f->design->packed;
	f->design->packed = NULL;
	k->arrays[0] = NULL;
	k->arrays[1] = f->design->offset;
	f->design->offset = NULL;
	k->arrays[2] = take_array(d->exit, &s->set->exit, n, sizeof(double));
	k->arrays[3] = take_array(d->entry, &s->set->entry, n, sizeof(double));
	k->arrays[4] = take_array(d->event, &s->event, n, 1);
	k->arrays[5] = take_array(d->stratum, &s->stratum, n, sizeof(int32_t));
	k->arrays[6] = take_array(d->weight, &s->set->weight, n, sizeof(double));
	k->arrays[7] = take_array(s->set->row, &s->set->row, n, sizeof(uint64_t));
	bool all = (!d->entry || k->arrays[3]) && k->arrays[2] && k->arrays[4] && k->arrays[7] && (!d->stratum || k->arrays[5]) &&
	           (!d->weight || k->arrays[6]);
	k->kept.spans.exit = k->arrays[2];
	k->kept.spans.entry = k->arrays[3];
	k->kept.spans.event = k->arrays[4];
	k->kept.spans.stratum = k->arrays[5];
	k->kept.spans.weight = k->arrays[6];
	k->kept.spans.cluster = NULL;
	k->kept.spans.continues = NULL;
	k->fit = f->fit;
	memset(&f->fit, 0, sizeof f->fit);
	k->has_fit = true;
	return all ? YG_OK : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was kept"));
}

/* Too large to keep: the tests are made now. */
static enum yg_status test_now(struct an_cox_kept *k, const struct an_cox_fit *f, struct yg_task *task, struct yg_err *err)
{
	for (int t = 0; t < 4; t++) {
		struct an_cox_ph *ph = &k->ph[t];
		struct yg_err ignored;
		ph->test = yg_xcalloc(k->terms + 1, sizeof *ph->test);
		enum yg_status s = yg_cox_zph(&f->data, &f->fit, (enum yg_cox_transform)t, k->term_of, (int)k->terms,
		                              task, ph->test,
		                              &ph->global, t == YG_COX_LOG ? &ignored : err);
		ph->done = s == YG_OK;
		if (s != YG_OK && !(s == YG_REFUSED && t == YG_COX_LOG)) /* the log of a time zero */
			return s;
	}
	return YG_OK;
}

bool an_cox_large(const struct an_cox_fit *f)
{
	return f->data.spans.n * f->design->packed->stride > KEPT_BYTES;
}

enum yg_status an_cox_keep(struct yg_cox_model *m, struct an_cox_fit *f, const char *by, const char *level, bool overall,
                           struct yg_task *task, struct yg_err *err)
{
	const struct yg_design *d = f->design;
	YG_GROW(m->fit, m->fits, m->cap);
	struct an_cox_kept *k = &m->fit[m->fits++];
	memset(k, 0, sizeof *k);
	k->endpoint = yg_xstrdup(f->s->endpoint->states > 2 ? f->s->endpoint->state[f->s->cause] : f->s->label);
	k->formula = yg_xasprintf("%s ~ %s", f->s->endpoint->name, f->formula);
	k->by = yg_xstrdup(by);
	k->level = yg_xstrdup(level);
	k->overall = overall;
	k->terms = (size_t)d->terms;
	k->term = yg_xcalloc(k->terms + 1, sizeof *k->term);
	for (size_t t = 0; t < k->terms; t++)
		k->term[t] = (struct an_cox_term){ yg_xstrdup(d->term[t].name), d->term[t].count };
	k->term_of = yg_xcalloc(f->fit.p + 1, sizeof *k->term_of);
	for (size_t j = 0; j < f->fit.p; j++)
		k->term_of[j] = d->column[j].term;
	keep_rows(k, f);
	k->persons = (int64_t)f->s->set->persons;
	k->records = (int64_t)f->s->set->n;
	k->events = (int64_t)f->s->event_persons;
	k->event_rows = (int64_t)f->s->event_rows;
	k->rank = (size_t)f->fit.rank;
	k->loglik = f->fit.loglik;
	k->loglik_null = f->fit.loglik_null;
	k->aic = 2 * f->fit.rank - 2 * f->fit.loglik;
	k->bic = yg_log((double)f->fit.events) * f->fit.rank - 2 * f->fit.loglik;
	k->conf = f->conf;
	k->robust = f->fit.robust;
	k->weighted = f->s->probability;
	k->usable = f->fit.stop == YG_COX_CONVERGED;
	k->special = f->frail ? N_("frailties") : f->moves ? N_("effects that change with time (tt)") :
	             f->fit.firth ? N_("Firth's penalty") : f->sample ? N_("a case-cohort sample") : NULL;
	if (!f->frail && !f->moves && !f->sample)
		k->prediction = an_model_of_cox(f);
	k->data = data_hash(f, k->prediction ? k->prediction->rows : an_rows_hash(f->s->set, f->s->set->exit, f->s->event));
	bool large = an_cox_large(f);
	if (k->prediction && (large || k->special))
		an_model_baseline(k->prediction, &f->data, &f->fit, !large, task);
	if (k->special || f->fit.ties == YG_COX_DISCRETE || f->fit.ties == YG_COX_MARGINAL || f->fit.stop == YG_COX_ITERATIONS)
		return YG_OK;
	if (large)
		return test_now(k, f, task, err);
	return keep_data(k, f, err);
}

void yg_cox_model_free(struct yg_cox_model *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->fits; i++) {
		struct an_cox_kept *k = &m->fit[i];
		for (size_t j = 0; j < k->rows; j++) {
			yg_free(k->row[j].key);
			yg_free(k->row[j].label);
			yg_free(k->row[j].term);
		}
		for (size_t t = 0; t < k->terms; t++)
			yg_free(k->term[t].name);
		for (int t = 0; t < 4; t++)
			yg_free(k->ph[t].test);
		for (size_t a = 0; a < sizeof k->arrays / sizeof k->arrays[0]; a++)
			yg_data_free(k->arrays[a]);
		yg_packed_free(k->packed);
		if (k->has_fit)
			yg_cox_release(&k->fit);
		an_model_free(k->prediction);
		yg_free(k->row);
		yg_free(k->term);
		yg_free(k->term_of);
		yg_free(k->endpoint);
		yg_free(k->formula);
		yg_free(k->by);
		yg_free(k->level);
	}
	for (size_t i = 0; i < m->interactions; i++) {
		yg_free(m->interaction[i].by);
		yg_free(m->interaction[i].term);
		yg_free(m->interaction[i].endpoint);
	}
	yg_free(m->interaction);
	yg_free(m->fit);
	yg_free(m);
}

size_t yg_cox_model_fits(const struct yg_cox_model *m)
{
	return m->fits;
}

uint64_t yg_cox_model_bytes(const struct yg_cox_model *m)
{
	uint64_t bytes = 0;
	for (size_t i = 0; i < m->fits; i++) {
		const struct an_cox_kept *k = &m->fit[i];
		uint64_t row = k->packed ? k->packed->stride : 0;
		for (size_t a = 0; a < sizeof k->arrays / sizeof k->arrays[0]; a++)
			row += k->arrays[a] ? sizeof(double) : 0;
		bytes += row * (uint64_t)k->records;
	}
	return bytes;
}
