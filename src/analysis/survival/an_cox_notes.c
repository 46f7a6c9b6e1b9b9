/* Notes of a Cox fit: conventions, and what could not be estimated and why. */
#include <math.h>
#include <string.h>

#include "an_surv_priv.h"
#include "an_casecohort_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/num/matrix.h"

/* "2 x age - 3 x sex + a constant", of a column that follows from others. */
static const char *combination(const struct an_cox_fit *f, size_t j, struct yg_arena *arena)
{
	struct yg_buf text = YG_BUF_INIT;
	size_t p = f->fit.p, parts = 0;
	for (size_t a = 0; a < p; a++) {
		double c = f->fit.combination[j * p + a];
		if (c == 0)
			continue;
		if (++parts > 6) {
			yg_buf_adds(&text, " ...");
			break;
		}
		if (parts > 1 || c < 0)
			yg_buf_adds(&text, c < 0 ? parts > 1 ? " - " : "-" : " + ");
		if (fabs(fabs(c) - 1) > 1e-6)
			yg_buf_addf(&text, "%.4g x ", fabs(c));
		yg_buf_adds(&text, f->design->column[a].key);
	}
	const char *copy = parts ? yg_arena_strdup(arena, text.data) : NULL;
	yg_buf_release(&text);
	return copy;
}

static void column_problem(struct yg_raw *raw, const struct an_cox_fit *f, size_t j, struct yg_arena *arena)
{
	const char *label = f->design->column[j].label, *sum;
	struct yg_raw_note *n;
	switch (f->fit.fault[j]) {
	case YG_COX_INFINITE:
		an_note_text(raw, YG_NOTE_WARNING, f->sample ?
		             N_("{1} runs to infinity (monotone likelihood: it separates who has the event). Join levels, or leave it out") :
		             f->design->column[j].binary && f->events[j] == 0 ?
		             N_("{1} runs to infinity: nobody there has the event (monotone likelihood). Join levels, leave it out, or use firth") :
		             f->design->column[j].binary && f->events[j] == (int64_t)f->s->event_persons ?
		             N_("{1} runs to infinity: all events are there (monotone likelihood). Join levels, leave it out, or use firth") :
		             N_("{1} runs to infinity (monotone likelihood: it separates who has the event). Leave it out, or use firth"), label);
		return;
	case YG_COX_CONSTANT:
		an_note_text(raw, YG_NOTE_WARNING, N_("{1} has one value only and was left out"), label);
		return;
	case YG_COX_COLLINEAR:
		sum = combination(f, j, arena);
		n = yg_raw_note(raw, YG_NOTE_WARNING,
		                sum ? N_("{1} follows from the terms before it and was left out: it is {2}, but for a constant") :
		                      N_("{1} is the same for all at risk at each event and was left out"));
		yg_raw_note_data(n, label);
		if (sum)
			yg_raw_note_data(n, sum);
		return;
	default:
		return;
	}
}

/* A column of which hardly anything is its own: how much larger its variance is than if it stood alone. */
static void near_problems(struct yg_raw *raw, const struct an_cox_fit *f)
{
	size_t p = f->fit.p;
	const double *v = f->fit.naive;
	if (f->fit.stop != YG_COX_CONVERGED || p < 2 || p > 300 || f->fit.rank < (int)p)
		return;
	double *info = yg_xalloc(p * p + 1, sizeof *info);
	for (size_t a = p; yg_symmetric_inverse(v, p, info) && a-- > 0; ) {
		size_t other = a ? 0 : 1;
		if (!(info[a * p + a] * v[a * p + a] > 1e5))
			continue;
		for (size_t b = 0; b < p; b++)
			if (b != a && fabs(v[a * p + b]) / sqrt(v[b * p + b]) > fabs(v[a * p + other]) / sqrt(v[other * p + other]))
				other = b;
		struct yg_raw_note *n = yg_raw_note(raw, YG_NOTE_WARNING,
		                                    N_("{1} nearly follows from other terms, {2} above all: their effects can hardly be told apart"));
		yg_raw_note_data(n, f->design->column[a].label);
		yg_raw_note_data(n, f->design->column[other].label);
		break;
	}
	yg_free(info);
}

static void problems(struct yg_raw *raw, const struct an_cox_fit *f)
{
	struct yg_raw_note *n;
	struct yg_arena arena;
	yg_arena_init(&arena);
	for (size_t j = 0; j < f->fit.p; j++)
		column_problem(raw, f, j, &arena);
	yg_arena_release(&arena);
	near_problems(raw, f);
	if (f->fit.stop == YG_COX_ITERATIONS) {
		n = yg_raw_note(raw, YG_NOTE_WARNING, N_("the fit did not converge after {1} iterations: do not use it"));
		yg_raw_note_int(n, YG_ROLE_INTEGER, f->fit.iterations, YG_NOBODY);
	}
	if (f->fit.rank > 0 && f->fit.events < 10 * (uint64_t)f->fit.rank) {
		n = yg_raw_note(raw, YG_NOTE_WARNING, N_("{1} events for {2} parameters: fewer than 10 each"));
		yg_raw_note_int(n, YG_ROLE_EVENTS, (int64_t)f->fit.events, an_surv_everybody(f->s));
		yg_raw_note_int(n, YG_ROLE_INTEGER, f->fit.rank, YG_NOBODY);
	}
}

void an_cox_notes(struct yg_raw *raw, const struct an_cox_fit *f)
{
	static const char *const ties[] = { N_("ties: Efron"), N_("ties: Breslow"),
	                                   N_("ties: discrete (exact partial likelihood)"),
	                                   N_("ties: marginal (mean over all orders of tied events)") };
	const struct an_surv *s = f->s;
	struct yg_raw_note *n;
	if (s->endpoint->states > 2) {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("cause-specific hazard of {1}: {2} other events are censored"));
		yg_raw_note_data(n, s->endpoint->state[s->cause]);
		yg_raw_note_int(n, YG_ROLE_EVENTS, (int64_t)s->competing_rows, an_persons(s->set->persons));
	}
	yg_raw_note(raw, YG_NOTE_CONVENTION, ties[f->fit.ties]);
	if (f->fit.firth)
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("Firth's penalised likelihood (Heinze and Schemper 2001)"));
	if (f->frail)
		an_cox_frailty_notes(raw, f);
	else if (f->sample)
		an_casecohort_notes(raw, f);
	else
		yg_raw_note(raw, YG_NOTE_CONVENTION,
	            !f->fit.robust ? N_("standard errors from the model (inverse information)") :
	            f->data.spans.cluster ? N_("robust standard errors: score residuals summed within clusters, no small-sample factor") :
	                                    N_("robust standard errors: sandwich of score residuals"));
	n = yg_raw_note(raw, YG_NOTE_CONVENTION, f->p_value ? N_("{1} intervals by profile likelihood, p by likelihood ratio") :
	                f->profile ? N_("{1} intervals by profile likelihood, p by Wald") : N_("{1} intervals and p by Wald"));
	yg_raw_note_num(n, YG_ROLE_PROPORTION, f->conf, YG_NOBODY);
	if (f->fit.firth && !f->profile)
		yg_raw_note(raw, YG_NOTE_INFO, N_("after Firth's penalty profile intervals are the better ones: ci=profile"));
	an_design_notes(raw, f->design, (int64_t)s->set->persons);
	problems(raw, f);
}
