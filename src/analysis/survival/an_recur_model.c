/* recur with a formula: Andersen-Gill, Prentice-Williams-Peterson, Wei-Lin-Weissfeld; common and specific effects. */
#include <math.h>
#include <string.h>

#include "analysis/an_model_table_priv.h"
#include "an_recur_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"
#include "yogo/stats/concordance.h"

#define MOST_NUMBERS 100u

/* One fit. */
struct model {
	struct an_recur *w;
	struct an_surv *s;
	const struct yg_design_plan *plan;
	struct yg_design *design;
	const char *formula, *group;
	uint32_t *number;             /* [n] of the event a row waits for */
	double *since;                /* [n] the event before */
	uint32_t numbers;             /* 0 = no limit */
	struct yg_recurrent_data data;
	struct yg_cox_options options;
};

/* ---- which event a row waits for ---- */

/* Counted over the endpoint's spans, so that a record left out does not make a second recurrence a first. */
static void count_numbers(struct model *m)
{
	const struct yg_endpoint *e = m->s->endpoint;
	const struct yg_set *set = m->s->set;
	uint64_t k = 0;
	uint32_t before = 0;
	double since = 0;
	for (size_t i = 0; i < set->n; i++) {
		for (; k < e->spans && (e->person[k] < set->person[i] || e->row[k] != set->row[i]); k++) {
			bool same = k + 1 < e->spans && e->person[k + 1] == e->person[k] &&
			            (!e->unit_code || e->unit_code[k + 1] == e->unit_code[k]);
			before += e->status[k] == 1;
			since = e->status[k] == 1 ? e->exit[k] : since;
			before = same ? before : 0;
			since = same ? since : 0;
		}
		m->number[i] = before + 1;
		m->since[i] = since;
	}
}

static enum yg_status set_up(struct model *m, struct yg_err *err)
{
	const struct yg_an_recur *r = m->w->r;
	struct an_surv *s = m->s;
	size_t n = s->set->n;
	if (!s->event_rows) {
		yg_fail(err, YG_REFUSED, "E-SUR-033", N_("nobody has the event \"%s\"%s%s: there is nothing to model"), s->endpoint->state[1],
		        m->group ? N_(" among ") : "", m->group ? m->group : "");
		return YG_REFUSED;
	}
	YG_TRY(an_surv_independent(s, "recur", err));
	YG_TRY(yg_design_build_on(m->w->task, m->plan, s->set, s->terms_at, false, &m->design, err));
	if (m->design->p == 0)
		return yg_fail(err, YG_REFUSED, "E-REG-018", N_("the model has no terms"));
	m->number = yg_data_alloc(n + 1, sizeof *m->number);
	m->since = yg_data_alloc(n + 1, sizeof *m->since);
	if (!m->number || !m->since)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while events were counted"));
	count_numbers(m);
	m->data = (struct yg_recurrent_data){ .number = m->number, .since = m->since };
	m->data.rows.spans = s->spans;
	m->data.rows.spans.group = NULL;
	m->data.rows.x = m->design->x;
	m->data.rows.p = (size_t)m->design->p;
	m->data.rows.offset = m->design->offset;
	if (m->w->method != YG_RECURRENT_AG || r->most)
		m->numbers = yg_recurrent_numbers(&m->data, r->most);
	if (m->numbers > MOST_NUMBERS && m->w->method == YG_RECURRENT_WLW) {
		yg_fail(err, YG_REFUSED, "E-REC-005", N_("persons have up to %u events, and method=wlw models each of them"), m->numbers);
		yg_err_hint(err, N_("Say how many are modelled: max=4"));
		return YG_REFUSED;
	}
	return YG_OK;
}

static void release(struct model *m)
{
	yg_data_free(m->number);
	yg_data_free(m->since);
	yg_design_free(m->design);
}

static const char *titled(const struct model *m, const char *title)
{
	struct yg_arena *arena = &m->w->arena;
	if (!m->w->several)
		return title;
	return m->group ? yg_phrase(arena, "%s, %s, %s", yg_phrase_message(arena, title), m->formula, m->group) :
	                  yg_phrase(arena, "%s, %s", yg_phrase_message(arena, title), m->formula);
}

/* Records that wait for each event, and how often it came. */
/* Who was analysed, once, after the tables of the first fit. */
static void population_notes(const struct model *m)
{
	if (!m->w->fits)
		an_surv_notes(m->w->raw, m->w->whole ? m->w->whole : m->s, &m->w->r->in);
}

static void numbers_table(const struct model *m)
{
	const struct an_surv *s = m->s;
	uint32_t largest = yg_recurrent_numbers(&m->data, 0), shown;
	struct yg_raw_table *t = yg_raw_table(m->w->raw, an_key(&m->w->arena, "numbers", m->w->fits),
	                                      titled(m, N_("Events by their number")));
	largest = largest > 20 ? 20 : largest;
	shown = m->numbers && m->numbers < largest ? m->numbers : largest;
	yg_raw_column(t, "persons", N_("persons at risk"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(t, "events", N_("events"), YG_ROLE_EVENTS, NULL);
	for (uint32_t k = 1; k <= shown; k++) {
		uint64_t persons = 0, events = 0;
		uint32_t last = UINT32_MAX;
		for (size_t i = 0; i < s->set->n; i++) {
			bool in = m->w->method == YG_RECURRENT_WLW ? m->number[i] <= k : m->number[i] == k;
			persons += in && s->set->person[i] != last;
			last = in ? s->set->person[i] : last;
			events += m->number[i] == k && s->event[i];
		}
		const char *text = an_events_number(&m->w->arena, k);
		struct yg_evidence e = { (int64_t)persons, (int64_t)events, 0 };
		int row = yg_raw_row(t, text, yg_phrase(&m->w->arena, N_("event %s"), text), 0);
		yg_raw_int(t, row, 0, (int64_t)persons, e);
		yg_raw_int(t, row, 1, (int64_t)events, (struct yg_evidence){ (int64_t)events, (int64_t)events, (int64_t)persons });
	}
}

/* ---- common effects ---- */

/* Persons and events behind each column, rows of one person together. */
static void count_columns(const struct model *m, struct an_cox_fit *f, const struct yg_recurrent_frame *frame)
{
	size_t p = f->data.p;
	const struct yg_set *set = m->s->set;
	f->persons = yg_arena_alloc(&m->w->arena, 2 * p + 1, sizeof(int64_t));
	f->events = f->persons + p;
	for (size_t j = 0; j < p; j++) {
		uint32_t last = UINT32_MAX, hit = UINT32_MAX;
		if (!m->design->column[j].binary) {
			f->persons[j] = (int64_t)set->persons;
			f->events[j] = (int64_t)m->s->event_persons;
			continue;
		}
		for (size_t i = 0; i < f->data.spans.n; i++) {
			uint32_t person = set->person[frame->row ? frame->row[i] : i];
			if (f->data.x[i * p + j] == 0)
				continue;
			f->persons[j] += last != person;
			last = person;
			if (!f->data.spans.event[i])
				continue;
			f->events[j] += hit != person;
			hit = person;
		}
	}
}

static enum yg_status concordance(struct model *m, struct an_cox_fit *f, struct yg_err *err)
{
	size_t n = f->data.spans.n;
	const struct yg_concordance_options options = { YG_CONCORDANCE_N, true, NAN };
	struct yg_concordance c;
	struct yg_spans d = f->data.spans;
	double *eta = yg_data_alloc(n + 1, sizeof *eta);
	if (!eta)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was fitted"));
	enum yg_status s = yg_linear_predictor(f->data.x, n, f->data.p, f->fit.beta, f->data.offset, m->w->task, eta, err);
	d.cluster = m->s->spans.cluster ? f->data.spans.cluster : NULL;
	if (s == YG_OK)
		s = yg_concordance_fit(&d, eta, &options, m->w->task, &c, NULL, err);
	f->c = s == YG_OK ? c.c : NAN;
	f->c_se = s == YG_OK ? c.se : NAN;
	yg_data_free(eta);
	return s;
}

static enum yg_status common(struct model *m, struct yg_err *err)
{
	struct an_recur *w = m->w;
	struct an_cox_fit f = { .s = m->s, .plan = m->plan, .design = m->design, .formula = m->formula, .group = m->group,
		                .several = w->several, .conf = w->conf, .critical = w->critical };
	struct yg_recurrent_frame frame;
	bool model_errors = w->r->se && !strcmp(w->r->se, "model");
	m->options.robust = !model_errors;
	YG_TRY(yg_recurrent_frame(&m->data, w->method, m->numbers, 0, &frame, err));
	f.data = frame.data;
	if (model_errors)
		f.data.spans.cluster = NULL;
	enum yg_status s = yg_cox_fit(&f.data, &m->options, w->task, &f.fit, err);
	if (s == YG_OK)
		s = concordance(m, &f, err);
	if (s == YG_OK) {
		size_t p = f.data.p;
		count_columns(m, &f, &frame);
		f.lower = yg_arena_alloc(&w->arena, 2 * p + 1, sizeof(double));
		f.upper = f.lower + p;
		for (size_t j = 0; j < p; j++) {
			f.lower[j] = f.fit.beta[j] - w->critical * f.fit.se[j];
			f.upper[j] = f.fit.beta[j] + w->critical * f.fit.se[j];
		}
		an_cox_tables(w->raw, &f, w->fits, &w->arena);
		numbers_table(m);
		population_notes(m);
		an_cox_notes(w->raw, &f);
		yg_raw_model(w->raw, (int64_t)m->s->event_persons, f.fit.rank);
	}
	yg_cox_release(&f.fit);
	yg_recurrent_frame_release(&frame);
	return s;
}

/* ---- specific effects ---- */

static void ratio_columns(struct yg_raw_table *t)
{
	yg_raw_column(t, "estimate", N_("coefficient"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(t, "hr", N_("HR"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "ratio_lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "ratio_upper", N_("upper"), YG_ROLE_UPPER, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
}

static void ratio_cells(const struct model *m, struct yg_raw_table *t, int row, double b, double se, struct yg_evidence e)
{
	double z = m->w->critical;
	const double v[] = { b, se, yg_exp(b), yg_exp(b - z * se), yg_exp(b + z * se), yg_normal_two_sided(b / se) };
	for (int k = 0; k < 6; k++)
		yg_raw_num(t, row, k, v[k], e);
}

/* Persons at risk of each event who have each column, [numbers * p]: all of them for numbers. */
static int64_t *count_behind(const struct model *m, const struct yg_recurrent *fit)
{
	size_t p = fit->p, cells = fit->numbers * p;
	int64_t *persons = yg_arena_alloc(&m->w->arena, cells + 1, sizeof *persons);
	uint32_t *last = yg_xalloc(cells + 1, sizeof *last);
	memset(last, 0xff, (cells + 1) * sizeof *last);
	for (size_t i = 0; i < m->s->set->n; i++) {
		uint32_t from = m->number[i], to = m->w->method == YG_RECURRENT_WLW ? fit->numbers : from, person = m->s->set->person[i];
		for (uint32_t k = from; k <= to && k <= fit->numbers; k++)
			for (size_t j = 0; j < p; j++) {
				size_t at = (k - 1) * p + j;
				if (last[at] == person || (m->design->column[j].binary && m->design->x[i * p + j] == 0))
					continue;
				last[at] = person;
				persons[at]++;
			}
	}
	yg_free(last);
	return persons;
}

static void estimates_table(const struct model *m, const struct yg_recurrent *fit)
{
	struct yg_arena *arena = &m->w->arena;
	struct yg_raw_table *t = yg_raw_table(m->w->raw, an_key(arena, "estimates", m->w->fits),
	                                      titled(m, N_("Hazard ratios for each recurrence")));
	const int64_t *persons = count_behind(m, fit);
	ratio_columns(t);
	for (uint32_t k = 1; k <= fit->numbers; k++)
		for (size_t j = 0; j < fit->p; j++) {
			const struct yg_design_column *c = &m->design->column[j];
			size_t at = (k - 1) * fit->p + j;
			const char *text = an_events_number(arena, k), *why = an_cox_why_not(&fit->fit[k - 1], j);
			int row = yg_raw_row(t, yg_arena_printf(arena, "%u | %s", k, c->key), yg_phrase(arena, N_("event %s, %s"), text, c->label), 0);
			if (why || !(fit->se[at] > 0))
				an_events_missing(t, row, 0, 5, why ? why : N_("not estimable"));
			else
				ratio_cells(m, t, row, fit->beta[at], fit->se[at], (struct yg_evidence){ persons[at], (int64_t)fit->events[k - 1], 0 });
		}
}

static void average_table(const struct model *m, const struct yg_recurrent *fit)
{
	struct yg_arena *arena = &m->w->arena;
	struct yg_evidence e = an_surv_everybody(m->s);
	struct yg_raw_table *t = yg_raw_table(m->w->raw, an_key(arena, "average", m->w->fits),
	                                      titled(m, N_("Over all recurrences: average, and tests")));
	ratio_columns(t);
	yg_raw_column(t, "statistic_all", N_("all 1: chi-squared"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(t, "p_all", N_("p"), YG_ROLE_P, NULL);
	yg_raw_column(t, "statistic_same", N_("all the same: chi-squared"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(t, "p_same", N_("p"), YG_ROLE_P, NULL);
	for (size_t j = 0; j < fit->p; j++) {
		struct yg_recurrent_term term;
		int row = yg_raw_row_data(t, m->design->column[j].key, m->design->column[j].label, 0);
		yg_recurrent_combine(fit, j, &term);
		if (!(term.average_se > 0)) {
			an_events_missing(t, row, 0, 9, N_("not estimable"));
			continue;
		}
		ratio_cells(m, t, row, term.average, term.average_se, e);
		yg_raw_num(t, row, 6, term.all.chisq, e);
		yg_raw_num(t, row, 7, term.all.p, e);
		if (term.same.df) {
			yg_raw_num(t, row, 8, term.same.chisq, e);
			yg_raw_num(t, row, 9, term.same.p, e);
		} else {
			an_events_missing(t, row, 8, 9, N_("nothing to compare"));
		}
	}
}

static enum yg_status specific(struct model *m, struct yg_err *err)
{
	struct yg_recurrent fit;
	struct yg_raw_note *n;
	int rank = 0;
	if (m->w->r->se && !strcmp(m->w->r->se, "model"))
		return yg_fail(err, YG_REFUSED, "E-REC-006", N_("effects of each recurrence are tied by robust errors: leave out se=model"));
	YG_TRY(yg_recurrent_specific(&m->data, m->w->method, m->numbers, &m->options, m->w->task, &fit, err));
	estimates_table(m, &fit);
	average_table(m, &fit);
	numbers_table(m);
	population_notes(m);
	for (uint32_t k = 0; k < fit.numbers; k++) {
		rank += fit.fit[k].rank;
		if (fit.fit[k].stop == YG_COX_MONOTONE || fit.fit[k].stop == YG_COX_ITERATIONS) {
			n = yg_raw_note(m->w->raw, YG_NOTE_WARNING, N_("the model of event {1} did not converge ({2}): too few events for its terms; max leaves it out"));
			yg_raw_note_int(n, YG_ROLE_INTEGER, k + 1, YG_NOBODY);
			yg_raw_note_text(n, yg_cox_stop_name(fit.fit[k].stop));
		}
	}
	yg_raw_note(m->w->raw, YG_NOTE_CONVENTION, m->options.ties == YG_COX_EFRON ? N_("ties: Efron") : N_("ties: Breslow"));
	yg_raw_note(m->w->raw, YG_NOTE_CONVENTION, N_("a model for each recurrence, tied by the block covariance of their score residuals summed within clusters (Wei, Lin and Weissfeld 1989)"));
	yg_raw_note(m->w->raw, YG_NOTE_CONVENTION, N_("average: the combination of the recurrences' coefficients with the smallest variance"));
	n = yg_raw_note(m->w->raw, YG_NOTE_CONVENTION, N_("{1} intervals and p by Wald"));
	yg_raw_note_num(n, YG_ROLE_PROPORTION, m->w->conf, YG_NOBODY);
	yg_raw_model(m->w->raw, (int64_t)m->s->event_persons, rank);
	yg_recurrent_release(&fit);
	return YG_OK;
}

/* ---- the statement ---- */

static void method_notes(const struct model *m)
{
	static const char *const text[] = {
		N_("Andersen and Gill (1982): all events of a person with one baseline, time since the start"),
		N_("Prentice, Williams and Peterson (1981), total time: a baseline for each number of the event, time since the start"),
		N_("Prentice, Williams and Peterson (1981), gap time: a baseline for each number of the event, time since the event before"),
		N_("Wei, Lin and Weissfeld (1989): each event by its number as time since the start, everybody at risk of all of them"),
	};
	struct yg_raw *raw = m->w->raw;
	uint64_t beyond = 0;
	yg_raw_note(raw, YG_NOTE_CONVENTION, text[m->w->method]);
	for (size_t i = 0; m->numbers && i < m->s->set->n; i++)
		beyond += m->number[i] > m->numbers && m->s->event[i];
	if (beyond) {
		struct yg_raw_note *n = yg_raw_note(raw, YG_NOTE_DROPPED, N_("{1} events beyond recurrence {2} are left out (max)"));
		yg_raw_note_int(n, YG_ROLE_EVENTS, (int64_t)beyond, an_surv_everybody(m->s));
		yg_raw_note_int(n, YG_ROLE_INTEGER, (int64_t)m->numbers, YG_NOBODY);
	}
	if (m->s->competing_rows && m->w->method == YG_RECURRENT_WLW)
		yg_raw_note(raw, YG_NOTE_WARNING, N_("the competing event censors all later recurrences: hazard ratios of method=wlw then mix both"));
}

static enum yg_status one(struct an_recur *w, struct an_surv *s, const struct yg_design_plan *plan, const char *formula,
                          const char *group, struct yg_err *err)
{
	struct model m = { .w = w, .s = s, .plan = plan, .formula = formula, .group = group };
	m.options = (struct yg_cox_options){ .ties = YG_COX_EFRON, .max_iterations = -1 };
	if (w->r->ties && !strcmp(w->r->ties, "breslow"))
		m.options.ties = YG_COX_BRESLOW;
	enum yg_status status = set_up(&m, err);
	if (status == YG_OK)
		status = w->r->specific ? specific(&m, err) : common(&m, err);
	if (status == YG_OK && !w->fits)
		method_notes(&m);
	w->fits += status == YG_OK;
	release(&m);
	return status;
}

static enum yg_status levels(struct an_recur *w, const struct an_surv_request *ask, struct an_surv *s,
                             const struct yg_design_plan *plan, const char *formula, struct yg_err *err)
{
	struct an_surv_levels l = { .whole = s, .ask = ask };
	enum yg_status status = YG_OK;

	w->whole = s;
	while (an_surv_next_level(&l, &status, err)) {
		const char *label = yg_arena_printf(&w->arena, "%s: %s", s->by_title, l.level);
		if (l.part.event_rows)
			status = one(w, &l.part, plan, formula, label, err);
		else
			an_note_data(w->raw, YG_NOTE_WARNING, N_("{1} has no events; no model was fitted there"), label);
	}
	w->whole = NULL;
	return status;
}

enum yg_status an_recur_models(struct an_recur *w, struct yg_err *err)
{
	const struct yg_an_recur *r = w->r;
	struct yg_scope scope = *r->in.scope;
	scope.table = r->endpoint->table;
	w->several = r->formula->children > 1 || r->in.by;
	for (uint32_t k = 0; k < r->formula->children; k++) {
		struct yg_design_plan *plan;
		YG_TRY(yg_design_plan(&w->arena, &scope, r->formula->child[k], &plan, err));
		const char *formula = an_formula(&w->arena, r->formula->child[k]);
		for (size_t c = 0; c < an_crossings(r->in.by); c++) {
			struct an_surv s;
			struct an_surv_request ask = { .in = &r->in, .endpoint = r->endpoint, .crossing = an_crossing(r->in.by, c), .strata = r->strata,
				                       .cluster = r->cluster, .verb = "recur", .robust = true };
			ask.terms = yg_design_plan_variables(plan, &ask.term);
			YG_TRY(an_surv_build(&ask, w->task, &s, err));
			enum yg_status status = ask.crossing ? levels(w, &ask, &s, plan, formula, err) : one(w, &s, plan, formula, NULL, err);
			an_surv_release(&s);
			YG_TRY(status);
		}
	}
	if (!w->fits)
		return yg_fail(err, YG_REFUSED, "E-SUR-034", N_("no level of by has events: no model was fitted"));
	return YG_OK;
}
