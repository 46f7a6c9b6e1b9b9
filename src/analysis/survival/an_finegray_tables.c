/* Tables and notes of a Fine-Gray fit. */
#include <math.h>
#include <string.h>

#include "analysis/an_model_table_priv.h"
#include "an_finegray_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/base/pool.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"

#define COUNT_ROWS ((size_t)16384)

struct counting {
	const struct an_fg_fit *f;
	int64_t *persons, *events;   /* [blocks*p] */
};

/* Each person once a column.  A block begins with a new person: those of the person before belong to the block before. */
static enum yg_status count_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct counting *c = context;
	const struct an_fg_fit *f = c->f;
	const struct yg_set *set = f->s->set;
	size_t p = (size_t)f->design->p, i = block * COUNT_ROWS, end = i + COUNT_ROWS < set->n ? i + COUNT_ROWS : set->n;
	int64_t *persons = c->persons + block * p, *events = c->events + block * p;
	uint32_t *last = yg_xalloc(2 * p + 1, sizeof *last), *last_event = last + p;
	(void)worker;
	(void)err;

	memset(last, 0xff, 2 * p * sizeof *last);
	while (i > 0 && i < set->n && set->person[i] == set->person[i - 1])
		i++;
	while (end < set->n && set->person[end] == set->person[end - 1])
		end++;
	for (; i < end; i++) {
		const double *x = f->design->x + i * p;
		uint32_t person = set->person[i];
		for (size_t j = 0; j < p; j++) {
			if (x[j] == 0)
				continue;
			persons[j] += last[j] != person;
			last[j] = person;
			if (!f->s->event[i])
				continue;
			events[j] += last_event[j] != person;
			last_event[j] = person;
		}
	}
	yg_free(last);
	return YG_OK;
}

enum yg_status an_fg_count(struct an_fg_work *w, struct an_fg_fit *f, struct yg_err *err)
{
	size_t p = (size_t)f->design->p, blocks = (f->s->set->n + COUNT_ROWS - 1) / COUNT_ROWS;
	struct counting c = { f, yg_xcalloc(2 * blocks * p + 1, sizeof(int64_t)), NULL };
	c.events = c.persons + blocks * p;
	enum yg_status s = yg_pool_run(w->task, blocks, count_block, &c, err);

	f->persons = yg_arena_alloc(&w->arena, 2 * p + 1, sizeof(int64_t));
	f->events = f->persons + p;
	for (size_t b = 0; b < blocks; b++)
		for (size_t j = 0; j < p; j++) {
			f->persons[j] += c.persons[b * p + j];
			f->events[j] += c.events[b * p + j];
		}
	yg_free(c.persons);
	return s;
}

struct yg_evidence an_fg_behind(const struct an_fg_fit *f, int j)
{
	struct yg_evidence e = an_surv_everybody(f->s);

	return f->design->column[j].binary ? (struct yg_evidence){ f->persons[j], f->events[j], e.persons } : e;
}

const char *an_fg_why_not(const struct an_fg_fit *f, int j)
{
	if (f->fit.dropped[j])
		return N_("not estimable: constant, or a combination of other terms");
	if (f->fit.stop != YG_STOP_TOLERANCE)
		return N_("not estimable: no convergence");
	if (f->design->column[j].binary) {
		int64_t events = an_fg_behind(f, j).events;
		if (events == 0)
			return N_("no estimate: nobody with it has the event");
		if (events == (int64_t)f->s->event_persons)
			return N_("no estimate: everybody with the event has it");
	}
	return NULL;
}

static const char *titled(struct an_fg_work *w, const struct an_fg_fit *f, const char *title)
{
	const char *message = yg_phrase_message(&w->arena, title);

	if (f->group)
		return yg_phrase(&w->arena, "%s, %s, %s", message, f->formula, f->group);
	return yg_phrase(&w->arena, "%s, %s", message, f->formula);
}

static void estimates(struct an_fg_work *w, const struct an_fg_fit *f)
{
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "estimates", w->fits),
	                                      titled(w, f, N_("Subdistribution hazard ratios")));
	double critical = yg_normal_quantile_upper((1 - f->conf) / 2);

	yg_raw_column(t, "estimate", N_("coefficient"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(t, "shr", N_("SHR"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "ratio_lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "ratio_upper", N_("upper"), YG_ROLE_UPPER, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	for (int k = 0; k < f->design->terms; k++) {
		const struct yg_design_term *term = &f->design->term[k];
		if (term->is_factor && term->reference)
			yg_raw_missing(t, an_reference_row(t, &w->arena, f->design, term), 0, N_("reference"));
		for (int j = term->first; j < term->first + term->count; j++) {
			int row = yg_raw_row_data(t, f->design->column[j].key, f->design->column[j].label, 0);
			struct yg_evidence e = an_fg_behind(f, j);
			double b = f->fit.beta[j], se = f->fit.se[j];
			const char *why = an_fg_why_not(f, j);
			if (why) {
				for (int c = 0; c < 6; c++)
					yg_raw_missing(t, row, c, why);
				continue;
			}
			yg_raw_num(t, row, 0, b, e);
			yg_raw_num(t, row, 1, se, e);
			yg_raw_num(t, row, 2, yg_exp(b), e);
			yg_raw_num(t, row, 3, yg_exp(b - critical * se), e);
			yg_raw_num(t, row, 4, yg_exp(b + critical * se), e);
			yg_raw_num(t, row, 5, yg_normal_two_sided(b / se), e);
		}
	}
}

static int line(struct yg_raw_table *t, const char *key, const char *label, enum yg_role role)
{
	int row = yg_raw_row(t, key, label, 0);

	yg_raw_role(t, row, 0, role);
	return row;
}

static void summary(struct an_fg_work *w, const struct an_fg_fit *f)
{
	struct yg_evidence e = an_surv_everybody(f->s);
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "fit", w->fits), w->several ? titled(w, f, N_("Model")) : N_("Model"));

	yg_raw_column(t, "value", N_("value"), YG_ROLE_CRITERION, NULL);
	yg_raw_int(t, line(t, "persons", N_("persons"), YG_ROLE_PERSONS), 0, (int64_t)f->s->set->persons, e);
	if (f->s->set->n != f->s->set->persons)
		yg_raw_int(t, line(t, "records", N_("records"), YG_ROLE_RECORDS), 0, (int64_t)f->fit.n, e);
	yg_raw_int(t, line(t, "events", N_("events"), YG_ROLE_EVENTS), 0, (int64_t)f->fit.events, e);
	yg_raw_int(t, line(t, "competing", N_("competing events"), YG_ROLE_EVENTS), 0, (int64_t)f->fit.competing,
	           (struct yg_evidence){ (int64_t)f->fit.competing, 0, (int64_t)f->fit.n });
	yg_raw_num(t, line(t, "wald", N_("Wald chi-squared"), YG_ROLE_CRITERION), 0, f->fit.wald, e);
	int row = line(t, "wald_p", N_("p of it"), YG_ROLE_P);
	if (f->fit.rank > 0)
		yg_raw_num(t, row, 0, yg_chisq_upper(f->fit.wald, f->fit.rank), e);
	else
		yg_raw_missing(t, row, 0, N_("nothing to test"));
	yg_raw_int(t, line(t, "df", N_("df of the test"), YG_ROLE_DF), 0, f->fit.rank, YG_NOBODY);
	yg_raw_num(t, line(t, "loglik_null", N_("log pseudo-likelihood without terms"), YG_ROLE_CRITERION), 0, f->fit.loglik_null, e);
	yg_raw_num(t, line(t, "loglik", N_("log pseudo-likelihood"), YG_ROLE_CRITERION), 0, f->fit.loglik, e);
	yg_raw_int(t, line(t, "iterations", N_("iterations"), YG_ROLE_INTEGER), 0, f->fit.iterations, YG_NOBODY);
}

/* The subdistribution hazard of somebody whose columns are all 0, summed up: what predictions are made from. */
static void baseline(struct an_fg_work *w, const struct an_fg_fit *f)
{
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "baseline", w->fits), N_("Baseline subdistribution hazard"));
	struct yg_evidence e = an_surv_everybody(f->s);

	yg_raw_table_detail(t);
	yg_raw_column(t, "time", N_("time"), YG_ROLE_TIME, *f->s->unit ? f->s->unit : NULL);
	yg_raw_column(t, "hazard", N_("cumulative hazard"), YG_ROLE_ESTIMATE, NULL);
	for (size_t u = 0; u < f->fit.times && f->fit.times <= 5000; u++) {
		int row = yg_raw_row(t, yg_arena_printf(&w->arena, "%zu", u + 1), "", 0);
		yg_raw_num(t, row, 0, an_surv_shown(f->s, f->fit.time[u]), e);
		yg_raw_num(t, row, 1, f->fit.hazard[u], e);
	}
}

void an_fg_tables(struct an_fg_work *w, const struct an_fg_fit *f)
{
	estimates(w, f);
	summary(w, f);
	baseline(w, f);
	w->fits++;
}

void an_fg_notes(struct an_fg_work *w, const struct an_fg_fit *f, bool who)
{
	const struct yg_endpoint *e = f->s->endpoint;
	struct yg_raw *raw = w->raw;
	struct yg_raw_note *n;

	if (who) {
		an_surv_notes(raw, f->whole, &f->request->in);
		n = yg_raw_note(raw, YG_NOTE_CONVENTION,
		                N_("cause: {1}; the other kinds stay at risk, weighted by the censoring curve (Fine and Gray 1999)"));
		yg_raw_note_data(n, e->state[f->s->cause]);
		if (f->data.entry)
			yg_raw_note(raw, YG_NOTE_CONVENTION,
			            N_("late entry: those with another event are weighted by the curves of censoring and of entry (Geskus 2011)"));
		yg_raw_note(raw, YG_NOTE_CONVENTION, w->efron ? N_("ties: Efron") : N_("ties: Breslow"));
		yg_raw_note(raw, YG_NOTE_CONVENTION, f->fit.censoring_term ?
		            N_("sandwich standard errors with the part for the censoring curve") :
		            N_("sandwich standard errors that take the weights as known, as finegray and coxph of R do"));
		if (f->s->stratum) {
			n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("a censoring curve for each level of {1}"));
			yg_raw_note_data(n, f->s->strata_title ? f->s->strata_title : "strata");
		}
		n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("{1} intervals and p by Wald"));
		yg_raw_note_num(n, YG_ROLE_PROPORTION, f->conf, YG_NOBODY);
	}
	for (int k = 0; k < f->design->notes && who; k++)
		an_note_text(raw, YG_NOTE_INFO, "{1}", f->design->note[k]);
	if (f->fit.stop != YG_STOP_TOLERANCE) {
		n = yg_raw_note(raw, YG_NOTE_WARNING, N_("the fit stopped before it converged ({1}): do not use the numbers"));
		yg_raw_note_text(n, yg_stop_name(f->fit.stop));
	}
	if (f->fit.times > 5000)
		yg_raw_note(raw, YG_NOTE_INFO, N_("more than 5,000 event times: the baseline hazard is not listed"));
}

/* ---- subgroups ---- */

void an_fg_subgroup_columns(struct an_fg_work *w)
{
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "subgroups", w->subgroup_tables++),
	                                      N_("Subdistribution hazard ratios in subgroups"));

	yg_raw_column(t, "persons", N_("persons"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(t, "events", N_("events"), YG_ROLE_EVENTS, NULL);
	yg_raw_column(t, "shr", N_("SHR"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "ratio_lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "ratio_upper", N_("upper"), YG_ROLE_UPPER, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	w->subgroups = t;
}

void an_fg_subgroup_rows(struct an_fg_work *w, const struct an_fg_fit *f, const char *by, const char *level)
{
	struct yg_raw_table *t = w->subgroups;
	double critical = yg_normal_quantile_upper((1 - f->conf) / 2);

	for (int j = 0; j < f->design->p; j++) {
		const struct yg_design_column *c = &f->design->column[j];
		struct yg_evidence e = an_fg_behind(f, j);
		const char *why = an_fg_why_not(f, j);
		double b = f->fit.beta[j], se = f->fit.se[j];
		int row = yg_raw_row_data(t, yg_arena_printf(&w->arena, "%s: %s / %s", by, level, c->key),
		                          f->design->p == 1 ? yg_arena_printf(&w->arena, "%s: %s", by, level) :
		                                              yg_arena_printf(&w->arena, "%s: %s, %s", by, level, c->label), 0);
		yg_raw_int(t, row, 0, (int64_t)f->s->set->persons, an_persons(f->s->set->persons));
		yg_raw_int(t, row, 1, (int64_t)f->s->event_rows, an_surv_everybody(f->s));
		if (why) {
			yg_raw_missing(t, row, 2, why);
			continue;
		}
		yg_raw_num(t, row, 2, yg_exp(b), e);
		yg_raw_num(t, row, 3, yg_exp(b - critical * se), e);
		yg_raw_num(t, row, 4, yg_exp(b + critical * se), e);
		yg_raw_num(t, row, 5, yg_normal_two_sided(b / se), e);
	}
}
