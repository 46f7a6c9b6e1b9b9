/* multistate with a formula: Cox's model for each transition, time since the start. */
#include <math.h>
#include <string.h>

#include "analysis/an_model_table_priv.h"
#include "an_multistate_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"

/* The rows of one transition. */
struct part {
	double *entry, *exit, *weight, *x, *offset;
	uint8_t *event;
	size_t n;
};

static void part_release(struct part *p)
{
	yg_data_free(p->entry);
	yg_data_free(p->exit);
	yg_data_free(p->weight);
	yg_data_free(p->x);
	yg_data_free(p->offset);
	yg_data_free(p->event);
}

static enum yg_status part_make(const struct an_multistate *w, const struct yg_design *d, size_t k, struct part *p, struct yg_err *err)
{
	size_t n = 0, wide = (size_t)d->p;
	memset(p, 0, sizeof *p);
	for (size_t i = 0; i < w->n; i++)
		n += w->from[i] == w->move[k].from;
	p->entry = yg_data_alloc(n + 1, sizeof(double));
	p->exit = yg_data_alloc(n + 1, sizeof(double));
	p->weight = yg_data_alloc(n + 1, sizeof(double));
	p->x = yg_data_alloc(n * wide + 1, sizeof(double));
	p->offset = yg_data_alloc(n + 1, sizeof(double));
	p->event = yg_data_alloc(n + 1, 1);
	if (!p->entry || !p->exit || !p->weight || !p->x || !p->offset || !p->event)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while transitions were modelled"));
	for (size_t i = 0; i < w->n; i++) {
		if (w->from[i] != w->move[k].from)
			continue;
		p->entry[p->n] = w->entry[i];
		p->exit[p->n] = w->exit[i];
		p->weight[p->n] = w->weight[i];
		p->event[p->n] = w->to[i] == w->move[k].to;
		p->offset[p->n] = d->offset ? d->offset[w->place[i]] : 0;
		memcpy(p->x + p->n * wide, d->x + w->place[i] * wide, wide * sizeof(double));
		p->n++;
	}
	return YG_OK;
}

static struct yg_evidence behind(const struct part *p, size_t wide, size_t j, bool binary)
{
	struct yg_evidence e = { 0, 0, binary ? (int64_t)p->n : 0 };
	for (size_t i = 0; i < p->n; i++) {
		bool in = !binary || p->x[i * wide + j] != 0;
		e.persons += in;
		e.events += in && p->event[i];
	}
	return e;
}

static void estimates(struct an_multistate *w, struct yg_raw_table *t, const struct yg_design *d, const struct part *p, size_t k,
                      const struct yg_cox *fit)
{
	for (size_t j = 0; j < fit->p; j++) {
		const struct yg_design_column *c = &d->column[j];
		const char *why = fit->stop == YG_COX_NO_EVENTS ? N_("not estimable: no events") : an_cox_why_not(fit, j);
		double b = fit->beta[j], se = fit->se[j];
		int row = yg_raw_row(t, yg_arena_printf(&w->arena, "%s / %s", an_multistate_move(w, k, false), c->key),
		                     yg_phrase(&w->arena, "%s, %s", an_multistate_move(w, k, true), c->label), 0);
		if (why) {
			an_events_missing(t, row, 0, 5, why);
			continue;
		}
		struct yg_evidence e = behind(p, fit->p, j, c->binary);
		const double v[] = { b, se, yg_exp(b), yg_exp(b - w->critical * se), yg_exp(b + w->critical * se), yg_normal_two_sided(b / se) };
		for (int q = 0; q < 6; q++)
			yg_raw_num(t, row, q, v[q], e);
	}
}

static void fit_row(struct an_multistate *w, struct yg_raw_table *t, const struct part *p, size_t k, const struct yg_cox *fit)
{
	struct yg_evidence e = { (int64_t)p->n, (int64_t)fit->events, 0 };
	int row = yg_raw_row(t, an_multistate_move(w, k, false), an_multistate_move(w, k, true), 0);
	yg_raw_int(t, row, 0, (int64_t)p->n, e);
	yg_raw_int(t, row, 1, (int64_t)fit->events, (struct yg_evidence){ (int64_t)fit->events, (int64_t)fit->events, (int64_t)p->n });
	if (fit->stop != YG_COX_CONVERGED || !fit->wald.df) {
		an_events_missing(t, row, 2, 5, fit->stop == YG_COX_NO_EVENTS ? N_("not estimable: no events") : N_("not estimable"));
		return;
	}
	yg_raw_num(t, row, 2, fit->wald.chisq, e);
	yg_raw_int(t, row, 3, fit->wald.df, YG_NOBODY);
	yg_raw_num(t, row, 4, fit->wald.p, e);
	if (fit->robust)
		yg_raw_missing(t, row, 5, N_("weights"));
	else
		yg_raw_num(t, row, 5, fit->loglik, e);
}

static void columns(struct yg_raw_table *e, struct yg_raw_table *f)
{
	yg_raw_column(e, "estimate", N_("coefficient"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(e, "se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(e, "hr", N_("HR"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(e, "ratio_lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(e, "ratio_upper", N_("upper"), YG_ROLE_UPPER, NULL);
	yg_raw_column(e, "p", N_("p"), YG_ROLE_P, NULL);
	yg_raw_column(f, "persons", N_("persons at risk"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(f, "events", N_("events"), YG_ROLE_EVENTS, NULL);
	yg_raw_column(f, "wald", N_("Wald chi-squared"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(f, "df", N_("df"), YG_ROLE_DF, NULL);
	yg_raw_column(f, "p", N_("p"), YG_ROLE_P, NULL);
	yg_raw_column(f, "loglik", N_("log likelihood"), YG_ROLE_CRITERION, NULL);
}

static void warn(struct an_multistate *w, size_t k, const struct yg_cox *fit)
{
	struct yg_raw_note *n;
	if (fit->stop == YG_COX_CONVERGED && fit->rank > 0 && fit->events < 10 * (uint64_t)fit->rank) {
		n = yg_raw_note(w->raw, YG_NOTE_WARNING, N_("{1}: {2} events for {3} parameters: fewer than 10 each"));
		yg_raw_note_data(n, an_multistate_move(w, k, false));
		yg_raw_note_int(n, YG_ROLE_EVENTS, (int64_t)fit->events, (struct yg_evidence){ (int64_t)fit->n, (int64_t)fit->events, 0 });
		yg_raw_note_int(n, YG_ROLE_INTEGER, fit->rank, YG_NOBODY);
	}
	if (fit->stop == YG_COX_MONOTONE || fit->stop == YG_COX_ITERATIONS) {
		n = yg_raw_note(w->raw, YG_NOTE_WARNING, N_("{1}: the fit did not converge ({2})"));
		yg_raw_note_data(n, an_multistate_move(w, k, false));
		yg_raw_note_text(n, yg_cox_stop_name(fit->stop));
	}
}

enum yg_status an_multistate_models(struct an_multistate *w, const struct yg_node *model, size_t i,
                                    const struct yg_design_plan *plan, struct yg_err *err)
{
	const struct an_surv *s = w->joint.s;
	struct yg_cox_options o = { .ties = YG_COX_EFRON, .max_iterations = -1, .robust = s->probability };
	struct yg_design *d = NULL;
	if (w->r->ties && !strcmp(w->r->ties, "breslow"))
		o.ties = YG_COX_BRESLOW;
	YG_TRY(yg_design_build_on(w->task, plan, s->set, s->terms_at, false, &d, err));
	enum yg_status status = d->p ? YG_OK : yg_fail(err, YG_REFUSED, "E-REG-018", N_("the model has no terms"));
	struct yg_raw_table *e = yg_raw_table(w->raw, an_key(&w->arena, "estimates", i),
	                                      yg_phrase(&w->arena, N_("Hazard ratios of the transitions, %s"), an_formula(&w->arena, model)));
	struct yg_raw_table *f = yg_raw_table(w->raw, an_key(&w->arena, "fits", i), N_("Models"));
	columns(e, f);
	for (size_t k = 0; status == YG_OK && k < w->moves; k++) {
		struct part p;
		struct yg_cox fit = { 0 };
		status = part_make(w, d, k, &p, err);
		if (status == YG_OK) {
			struct yg_cox_data data = { .x = p.x, .p = (size_t)d->p, .offset = d->offset ? p.offset : NULL };
			data.spans = (struct yg_spans){ .n = p.n, .entry = w->data.entry ? p.entry : NULL, .exit = p.exit, .event = p.event,
				                        .weight = s->weight ? p.weight : NULL };
			status = yg_cox_fit(&data, &o, w->task, &fit, err);
		}
		if (status == YG_OK) {
			estimates(w, e, d, &p, k, &fit);
			fit_row(w, f, &p, k, &fit);
			warn(w, k, &fit);
			yg_raw_model(w->raw, (int64_t)fit.events, fit.rank);
		}
		yg_cox_release(&fit);
		part_release(&p);
	}
	if (status == YG_OK && !i) {
		struct yg_raw_note *n;
		yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("a Cox model for each transition, time since the start (clock forward), other transitions censored"));
		yg_raw_note(w->raw, YG_NOTE_CONVENTION, o.ties == YG_COX_EFRON ? N_("ties: Efron") : N_("ties: Breslow"));
		n = yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("{1} intervals and p by Wald"));
		yg_raw_note_num(n, YG_ROLE_PROPORTION, w->conf, YG_NOBODY);
		an_design_notes(w->raw, d, (int64_t)s->set->persons);
	}
	yg_design_free(d);
	return status;
}
