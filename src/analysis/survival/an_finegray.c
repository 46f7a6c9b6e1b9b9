/* finegray: subdistribution hazard ratios of one cause. */
#include <math.h>
#include <string.h>

#include "an_surv_priv.h"
#include "yogo/analysis/competing.h"
#include "yogo/base/i18n.h"
#include "yogo/lang/print.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/finegray.h"

/* One model of the statement. */
struct subdistribution {
	const struct yg_an_finegray *request;
	size_t index;
	struct yg_arena arena;
	struct an_surv s;
	bool have_s;
	struct yg_design *design;
	struct yg_finegray fit;
	const char *formula;
	double conf;
};

static enum yg_status fit_model(struct subdistribution *m, const struct yg_node *model, struct yg_task *task, struct yg_err *err)
{
	const struct yg_an_finegray *r = m->request;
	const struct yg_endpoint *e = r->of.endpoint[0];
	struct yg_design_plan *plan = NULL;
	const struct yg_set_variable *term;
	struct yg_finegray_data d = { 0 };
	struct yg_finegray_options o = { 0 };
	struct an_surv_request request = { .in = &r->in, .endpoint = e, .strata = r->strata, .cause = r->cause, .verb = "finegray" };
	struct yg_buf text = YG_BUF_INIT;

	for (uint32_t i = 0; i < model->children; i++) {
		yg_buf_adds(&text, i ? " + " : "");
		yg_print_expression(model->child[i], &text);
	}
	m->formula = yg_arena_strdup(&m->arena, text.data);
	yg_buf_release(&text);
	YG_TRY(yg_design_plan(&m->arena, r->in.scope, model, &plan, err));
	request.terms = yg_design_plan_variables(plan, &term);
	request.term = term;
	YG_TRY(an_surv_build(&request, task, &m->s, err));
	m->have_s = true;
	if (m->s.set->entry)
		return yg_fail(err, YG_REFUSED, "E-SUR-060", N_("finegray does not honour late entry in this version; the endpoint has entry"));
	if (m->s.weight)
		return yg_fail(err, YG_REFUSED, "E-SUR-061", N_("finegray does not honour weights in this version"));
	if (m->s.set->n != m->s.set->persons)
		return yg_fail(err, YG_REFUSED, "E-SUR-062", N_("finegray wants one follow-up a person; %s has several"), e->name);
	YG_TRY(yg_design_build(plan, m->s.set, m->s.terms_at, false, &m->design, err));
	d.n = m->s.set->n;
	d.p = (size_t)m->design->p;
	d.time = m->s.set->exit;
	d.event = m->s.set->status;
	d.x = m->design->x;
	d.censor_group = m->s.stratum;
	d.censor_groups = m->s.strata;
	o.cause = (unsigned)m->s.cause;
	return yg_finegray_fit(&d, &o, task, &m->fit, err);
}

/* Persons behind a column: those with the level, else all. */
static struct yg_evidence behind(const struct subdistribution *m, int j)
{
	struct yg_evidence e = an_surv_everybody(&m->s);

	if (!m->design->column[j].binary)
		return e;
	e.whole = e.persons;
	e.persons = e.events = 0;
	for (size_t i = 0; i < m->s.set->n; i++)
		if (m->design->x[i * (size_t)m->design->p + (size_t)j] != 0) {
			e.persons++;
			e.events += m->s.set->status[i] == m->s.cause;
		}
	return e;
}

static void write_estimates(struct yg_raw *raw, struct subdistribution *m)
{
	const char *key = an_key(&m->arena, "estimates", m->index);
	struct yg_raw_table *t = yg_raw_table(raw, key, yg_arena_printf(&m->arena, "%s, %s", N_("Subdistribution hazard ratios"), m->formula));
	double critical = yg_normal_quantile_upper((1 - m->conf) / 2);

	yg_raw_column(t, "estimate", N_("coefficient"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(t, "shr", N_("SHR"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "ratio_lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "ratio_upper", N_("upper"), YG_ROLE_UPPER, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	for (int k = 0; k < m->design->terms; k++) {
		const struct yg_design_term *term = &m->design->term[k];
		if (term->is_factor && term->reference) {
			/* "Sex: M" gives the words before the level. */
			const char *label = term->count ? m->design->column[term->first].label : term->name, *colon = strstr(label, ": ");
			int length = colon ? (int)(colon - label) : (int)strlen(label);
			int row = yg_raw_row(t, yg_arena_printf(&m->arena, "%s: %s", term->name, term->reference),
			                     yg_arena_printf(&m->arena, "%.*s: %s", length, label, term->reference), 0);
			yg_raw_missing(t, row, 0, N_("reference"));
		}
		for (int j = term->first; j < term->first + term->count; j++) {
			int row = yg_raw_row(t, m->design->column[j].key, m->design->column[j].label, 0);
			struct yg_evidence e = behind(m, j);
			double b = m->fit.beta[j], se = m->fit.se[j];
			if (m->fit.dropped[j]) {
				for (int c = 0; c < 6; c++)
					yg_raw_missing(t, row, c, N_("not estimable: constant, or a combination of other terms"));
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

static void write_fit(struct yg_raw *raw, struct subdistribution *m)
{
	struct yg_evidence e = an_surv_everybody(&m->s);
	struct yg_raw_table *t = yg_raw_table(raw, an_key(&m->arena, "fit", m->index), N_("Model"));
	int row;

	yg_raw_column(t, "value", N_("value"), YG_ROLE_CRITERION, NULL);
	row = yg_raw_row(t, "persons", N_("persons"), 0);
	yg_raw_int(t, row, 0, (int64_t)m->fit.n, e);
	yg_raw_role(t, row, 0, YG_ROLE_PERSONS);
	row = yg_raw_row(t, "events", N_("events"), 0);
	yg_raw_int(t, row, 0, (int64_t)m->fit.events, e);
	yg_raw_role(t, row, 0, YG_ROLE_EVENTS);
	row = yg_raw_row(t, "competing", N_("competing events"), 0);
	yg_raw_int(t, row, 0, (int64_t)m->fit.competing,
	           (struct yg_evidence){ (int64_t)m->fit.competing, 0, (int64_t)m->fit.n });
	yg_raw_role(t, row, 0, YG_ROLE_EVENTS);
	row = yg_raw_row(t, "wald", N_("Wald chi-squared"), 0);
	yg_raw_num(t, row, 0, m->fit.wald, e);
	row = yg_raw_row(t, "wald_p", N_("p of it"), 0);
	if (m->fit.rank > 0)
		yg_raw_num(t, row, 0, yg_chisq_upper(m->fit.wald, m->fit.rank), e);
	else
		yg_raw_missing(t, row, 0, N_("nothing to test"));
	yg_raw_role(t, row, 0, YG_ROLE_P);
	row = yg_raw_row(t, "df", N_("df of the test"), 0);
	yg_raw_int(t, row, 0, m->fit.rank, YG_NOBODY);
	yg_raw_role(t, row, 0, YG_ROLE_DF);
	row = yg_raw_row(t, "loglik_null", N_("log pseudo-likelihood without terms"), 0);
	yg_raw_num(t, row, 0, m->fit.loglik_null, e);
	row = yg_raw_row(t, "loglik", N_("log pseudo-likelihood"), 0);
	yg_raw_num(t, row, 0, m->fit.loglik, e);
	row = yg_raw_row(t, "iterations", N_("iterations"), 0);
	yg_raw_int(t, row, 0, m->fit.iterations, YG_NOBODY);
	yg_raw_role(t, row, 0, YG_ROLE_INTEGER);
}

static void write_notes(struct yg_raw *raw, struct subdistribution *m)
{
	const struct yg_endpoint *e = m->request->of.endpoint[0];
	struct yg_raw_note *n;

	an_surv_notes(raw, &m->s, &m->request->in);
	n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("cause: {1}; the other kinds stay at risk, weighted by the censoring curve (Fine and Gray 1999)"));
	yg_raw_note_text(n, e->state[m->s.cause]);
	yg_raw_note(raw, YG_NOTE_CONVENTION, N_("ties: Breslow; sandwich standard errors with the part for the censoring curve"));
	if (m->s.stratum) {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("a censoring curve for each level of {1}"));
		yg_raw_note_text(n, m->s.strata_title ? m->s.strata_title : "strata");
	}
	n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("{1}% intervals and p by Wald"));
	yg_raw_note_num(n, YG_ROLE_STATISTIC, 100 * m->conf, YG_NOBODY);
	if (m->fit.stop != YG_STOP_TOLERANCE) {
		n = yg_raw_note(raw, YG_NOTE_WARNING, N_("the fit stopped before it converged ({1}): do not use the numbers"));
		yg_raw_note_text(n, yg_stop_name(m->fit.stop));
	}
}

enum yg_status yg_an_finegray(const struct yg_an_finegray *request, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	const struct yg_endpoint *e = request->of.endpoint[0];
	struct yg_raw *raw;
	enum yg_status status = YG_OK;

	if (request->of.count != 1)
		return yg_fail(err, YG_ESYNTAX, "E-SUR-063", N_("finegray takes one endpoint"));
	if (e->states < 3) {
		yg_fail(err, YG_REFUSED, "E-SUR-064", N_("%s has no competing event, so cox gives the same hazard ratios"), e->name);
		yg_err_hint(err, N_("add a compete line to the endpoint, or use cox"));
		return YG_REFUSED;
	}
	if (request->in.by)
		return yg_fail(err, YG_REFUSED, "E-SUR-065", N_("finegray does not repeat by groups in this version; use where"));
	raw = yg_raw_new("finegray", 1);
	an_title(raw, N_("Fine-Gray model: %s"), e->label ? e->label : e->name);
	for (uint32_t i = 0; i < request->formula->children && status == YG_OK; i++) {
		struct subdistribution m = { .request = request, .index = i, .conf = request->in.conf > 0 ? request->in.conf : 0.95 };
		yg_arena_init(&m.arena);
		status = fit_model(&m, request->formula->child[i], task, err);
		if (status == YG_OK) {
			if (i == 0)
				yg_raw_counts(raw, (int64_t)m.s.set->persons, (int64_t)m.s.set->n, (int64_t)m.fit.events,
				              (int64_t)(m.s.set->persons_asked - m.s.set->persons));
			yg_raw_model(raw, (int64_t)m.fit.events, m.fit.rank);
			write_estimates(raw, &m);
			write_fit(raw, &m);
			write_notes(raw, &m);
		}
		yg_finegray_release(&m.fit);
		yg_design_free(m.design);
		if (m.have_s)
			an_surv_release(&m.s);
		yg_arena_release(&m.arena);
	}
	if (status != YG_OK) {
		yg_raw_free(raw);
		return status;
	}
	*out = raw;
	return YG_OK;
}
