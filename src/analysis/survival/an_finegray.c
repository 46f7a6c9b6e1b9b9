/* finegray: subdistribution hazard ratios of one cause; fits in every level of by, and tests that they agree. */
#include <math.h>
#include <string.h>

#include "analysis/an_model_table_priv.h"
#include "an_finegray_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/num/dist.h"
#include "yogo/stats/regression.h"

#define OPERATION_VERSION 2
#define CURVE_NUMBERS 8000000u   /* kept for standard errors of predicted incidences */

static enum yg_status check(const struct yg_an_finegray *r, struct an_fg_work *w, struct yg_err *err)
{
	const struct yg_endpoint *e = r->of.endpoint[0];

	if (r->of.count != 1)
		return yg_fail(err, YG_ESYNTAX, "E-SUR-063", N_("finegray takes one endpoint"));
	if (e->states < 3) {
		yg_fail(err, YG_REFUSED, "E-SUR-064", N_("%s has no competing event, so cox gives the same hazard ratios"), e->name);
		yg_err_hint(err, N_("add a compete line to the endpoint, or use cox"));
		return YG_REFUSED;
	}
	if (r->ci && strcmp(r->ci, "wald"))
		return yg_fail(err, YG_REFUSED, "E-SUR-361", N_("ci=%s: the weighted likelihood of finegray is none, so there are only Wald intervals"),
		               r->ci);
	if (r->se && strcmp(r->se, "robust"))
		return yg_fail(err, YG_REFUSED, "E-SUR-362", N_("se=%s: the weights are estimated, so finegray has sandwich errors only (se=robust)"),
		               r->se);
	if (r->interaction && !r->in.by) {
		yg_fail(err, YG_ESYNTAX, "E-SUR-032", N_("interaction compares the levels of by: which?"));
		yg_err_hint(err, N_("Write cox os ~ rx by sex with interaction; for a product term write rx*sex"));
		return YG_ESYNTAX;
	}
	w->efron = r->ties && !strcmp(r->ties, "efron");
	w->conf = r->in.conf > 0 ? r->in.conf : 0.95;
	return w->conf < 1 ? YG_OK : yg_fail(err, YG_ESYNTAX, "E-REG-005", N_("conf is a fraction between 0 and 1"));
}

/* One row a person, or one a unit (each) with clusters: a covariate that changes has no value after a competing event. */
static enum yg_status one_follow_up(const struct an_surv *s, struct yg_err *err)
{
	const struct yg_endpoint *e = s->endpoint;

	if (e->grain == YG_SPANS_RECURRENT)
		return yg_fail(err, YG_REFUSED, "E-SUR-363", N_("%s has an event every time it happens; finegray wants a first event"), e->name);
	if (s->set->n == s->set->persons || e->grain == YG_SPANS_EACH)
		return an_surv_independent(s, "finegray", err);
	yg_fail(err, YG_REFUSED, "E-SUR-062", N_("%s follows some persons in several parts: finegray keeps those with another event at risk, "
	        "and a covariate that changes has no value then"), e->name);
	yg_err_hint(err, N_("Use values known at the start, or the cause-specific model: cox with cause=\"...\""));
	return YG_REFUSED;
}

static enum yg_status build(struct an_fg_work *w, const struct yg_node *crossing, const struct yg_design_plan *plan,
                            struct an_surv_request *ask, struct an_surv *s, struct yg_err *err)
{
	const struct yg_an_finegray *r = w->r;

	*ask = (struct an_surv_request){ .in = &r->in, .endpoint = r->of.endpoint[0], .crossing = crossing, .strata = r->strata,
	                                 .cluster = r->cluster, .frequency = r->frequency, .cause = r->cause, .verb = "finegray" };
	ask->terms = yg_design_plan_variables(plan, &ask->term);
	return an_surv_build(ask, w->task, s, err);
}

static enum yg_status kernel(struct an_fg_work *w, const struct an_surv *s, const double *x, size_t p, const double *offset,
                             struct yg_finegray_data *d, struct yg_finegray *fit, struct yg_err *err)
{
	struct yg_finegray_options o = { .cause = (unsigned)s->cause, .efron = w->efron, .curve_variance = CURVE_NUMBERS };

	*d = (struct yg_finegray_data){ .n = s->set->n, .p = p, .time = s->set->exit, .event = s->set->status, .x = x,
	                                .censor_group = s->stratum, .censor_groups = s->strata, .entry = s->spans.entry,
	                                .weight = s->weight, .frequency = s->frequency, .cluster = s->cluster, .clusters = s->clusters,
	                                .offset = offset };
	return yg_finegray_fit(d, &o, w->task, fit, err);
}

static enum yg_status fit_model(struct an_fg_work *w, struct an_fg_fit *f, struct yg_err *err)
{
	struct an_surv *s = f->s;

	YG_TRY(one_follow_up(s, err));
	YG_TRY(yg_design_build_on(w->task, f->plan, s->set, s->terms_at, false, &f->design, err));
	if (!f->design->p)
		return yg_fail(err, YG_REFUSED, "E-REG-018", N_("the model has no terms"));
	YG_TRY(kernel(w, s, f->design->x, (size_t)f->design->p, f->design->offset, &f->data, &f->fit, err));
	yg_raw_model(w->raw, (int64_t)s->event_persons, f->fit.rank);
	return an_fg_count(w, f, err);
}

static void release(struct an_fg_fit *f)
{
	yg_finegray_release(&f->fit);
	yg_design_free(f->design);
}

static struct an_fg_fit begin(struct an_fg_work *w, struct an_surv *s, const struct yg_design_plan *plan, const char *formula,
                              const char *by, const char *level)
{
	return (struct an_fg_fit){ .request = w->r, .s = s, .whole = w->whole ? w->whole : s, .plan = plan, .formula = formula, .conf = w->conf,
	                           .group = level ? yg_arena_printf(&w->arena, "%s: %s", by, level) : NULL };
}

static enum yg_status one_fit(struct an_fg_work *w, struct an_surv *s, const struct yg_design_plan *plan, const char *formula,
                              const char *by, const char *level, bool overall, struct yg_err *err)
{
	struct an_fg_fit f = begin(w, s, plan, formula, by, level);
	enum yg_status status = fit_model(w, &f, err);

	if (status == YG_OK) {
		bool first = w->fits == 0;
		if (first)
			yg_raw_counts(w->raw, (int64_t)f.whole->set->persons, (int64_t)f.whole->set->n, (int64_t)f.whole->event_persons,
			              (int64_t)(f.whole->set->persons_asked - f.whole->set->persons));
		an_fg_tables(w, &f);
		an_fg_notes(w, &f, first);
		status = an_fg_keep(w->model, &f, overall, err);
	}
	release(&f);
	return status;
}

static enum yg_status subgroup_fit(struct an_fg_work *w, struct an_surv *s, const struct yg_design_plan *plan, const char *formula,
                                   const char *by, const char *level, struct yg_err *err)
{
	struct an_fg_fit f = begin(w, s, plan, formula, by, level);
	enum yg_status status = fit_model(w, &f, err);

	if (status == YG_OK) {
		an_fg_subgroup_rows(w, &f, by, level);
		w->levels_shown++;
		status = an_fg_keep(w->model, &f, false, err);
	}
	release(&f);
	return status;
}

/* Each level of the crossing on its own rows. */
static enum yg_status in_levels(struct an_fg_work *w, const struct an_surv_request *ask, struct an_surv *s,
                                const struct yg_design_plan *plan, const char *formula, struct yg_err *err)
{
	struct an_surv_levels l = { .whole = s, .ask = ask };
	enum yg_status status = YG_OK;

	while (an_surv_next_level(&l, &status, err))
		if (!l.part.event_rows)
			an_surv_empty_level(w->raw, s->by_title, l.level);
		else if (w->r->interaction)
			status = subgroup_fit(w, &l.part, plan, formula, s->by_title, l.level, err);
		else
			status = one_fit(w, &l.part, plan, formula, s->by_title, l.level, false, err);
	return status;
}

/* ---- interaction ---- */

/* The base columns, by as indicators against its first level, and the products of the term's columns with them. */
static double *extended(const struct an_surv *s, const struct yg_design *d, const struct yg_design_term *term, size_t *width)
{
	size_t p = (size_t)d->p, extra = s->groups - 1, count = (size_t)term->count, first = (size_t)term->first;
	double *x;

	*width = p + extra + count * extra;
	x = yg_data_calloc(s->set->n * *width + 1, sizeof *x);
	for (size_t i = 0; x && i < s->set->n; i++) {
		double *row = x + i * *width;
		size_t level = (size_t)s->group[i];
		memcpy(row, d->x + i * p, p * sizeof *row);
		if (!level)
			continue;
		row[p + level - 1] = 1;
		for (size_t c = 0; c < count; c++)
			row[p + extra + (level - 1) * count + c] = row[first + c];
	}
	return x;
}

static enum yg_status product_row(struct an_fg_work *w, const struct an_surv *s, const struct yg_design *d,
                                  const struct yg_design_term *term, struct yg_raw_table *t, struct yg_err *err)
{
	size_t width, first = (size_t)d->p + s->groups - 1, count = (size_t)term->count * (s->groups - 1);
	double *x = extended(s, d, term, &width);
	struct yg_finegray_data data;
	struct yg_finegray fit = { 0 };
	const char *key = yg_arena_printf(&w->arena, "%s x %s", s->by_title, term->name);
	enum yg_status status = x ? kernel(w, s, x, width, d->offset, &data, &fit, err) :
	                            yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was fitted"));

	if (status == YG_OK) {
		size_t *index = yg_xalloc(count + 1, sizeof *index);
		int row = yg_raw_row_data(t, key, key, 0);
		for (size_t k = 0; k < count; k++)
			index[k] = first + k;
		struct yg_term_test wald = yg_wald_test(fit.beta, fit.var, fit.p, fit.dropped, index, count, INFINITY);
		if (!(wald.df > 0) || isnan(wald.p) || fit.stop != YG_STOP_TOLERANCE) {
			yg_raw_missing(t, row, 0, N_("not estimable"));
		} else {
			yg_raw_num(t, row, 0, wald.chisq, an_surv_everybody(s));
			yg_raw_int(t, row, 1, (int64_t)wald.df, YG_NOBODY);
			yg_raw_num(t, row, 2, wald.p, an_surv_everybody(s));
		}
		yg_free(index);
	}
	yg_finegray_release(&fit);
	yg_data_free(x);
	return status;
}

static enum yg_status interaction_rows(struct an_fg_work *w, struct an_surv *s, const struct yg_design_plan *plan,
                                       struct yg_raw_table *t, struct yg_err *err)
{
	struct yg_design *design = NULL;
	enum yg_status status = s->groups < 2 ? YG_OK : yg_design_build_on(w->task, plan, s->set, s->terms_at, false, &design, err);

	for (int k = 0; design && status == YG_OK && k < design->terms; k++)
		if (design->term[k].count)
			status = product_row(w, s, design, &design->term[k], t, err);
	yg_design_free(design);
	return status;
}

static enum yg_status with_interaction(struct an_fg_work *w, const struct yg_design_plan *plan, const char *formula, struct yg_err *err)
{
	struct an_surv_request ask;
	struct an_surv s;
	struct yg_raw_table *table = NULL;
	struct yg_raw_note *n;
	uint64_t before = w->levels_shown;
	enum yg_status status;

	YG_TRY(build(w, NULL, plan, &ask, &s, err));
	status = one_fit(w, &s, plan, formula, NULL, NULL, true, err);
	an_surv_release(&s);
	if (status == YG_OK)
		an_fg_subgroup_columns(w);
	/* First the subgroups of every crossing, then the tests. */
	for (size_t turn = 0; status == YG_OK && turn < 2 * an_crossings(w->r->in.by); turn++) {
		size_t k = turn % an_crossings(w->r->in.by);
		status = build(w, an_crossing(w->r->in.by, k), plan, &ask, &s, err);
		if (status != YG_OK)
			break;
		if (turn < an_crossings(w->r->in.by)) {
			status = in_levels(w, &ask, &s, plan, formula, err);
		} else {
			if (!table) {
				table = yg_raw_table(w->raw, an_key(&w->arena, "interaction", w->subgroup_tables - 1),
				                     N_("Is the effect the same in all levels?"));
				yg_raw_column(table, "statistic", N_("Wald chi-squared"), YG_ROLE_STATISTIC, NULL);
				yg_raw_column(table, "df", N_("df"), YG_ROLE_DF, NULL);
				yg_raw_column(table, "p", N_("p"), YG_ROLE_P, NULL);
			}
			status = interaction_rows(w, &s, plan, table, err);
		}
		an_surv_release(&s);
	}
	YG_TRY(status);
	n = yg_raw_note(w->raw, YG_NOTE_INFO, N_("{1} subgroups without correction for their number; a model of its own in each"));
	yg_raw_note_int(n, YG_ROLE_INTEGER, (int64_t)(w->levels_shown - before), YG_NOBODY);
	yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("interaction: Wald test of the products of the term with by, in a model with both"));
	return YG_OK;
}

/* ---- the verb ---- */

static enum yg_status one_model(struct an_fg_work *w, const struct yg_node *model, struct yg_err *err)
{
	struct yg_design_plan *plan;
	struct yg_scope scope = *w->r->in.scope;
	struct an_surv_request ask;
	struct an_surv s;
	const char *formula;

	scope.table = w->r->of.endpoint[0]->table;
	YG_TRY(yg_design_plan(&w->arena, &scope, model, &plan, err));
	formula = an_formula(&w->arena, model);
	if (w->r->interaction)
		return with_interaction(w, plan, formula, err);
	for (size_t k = 0; k < an_crossings(w->r->in.by); k++) {
		const struct yg_node *crossing = an_crossing(w->r->in.by, k);
		YG_TRY(build(w, crossing, plan, &ask, &s, err));
		w->whole = crossing ? &s : NULL;
		enum yg_status status = crossing ? in_levels(w, &ask, &s, plan, formula, err) :
		                                   one_fit(w, &s, plan, formula, NULL, NULL, false, err);
		w->whole = NULL;
		an_surv_release(&s);
		YG_TRY(status);
	}
	return YG_OK;
}

enum yg_status yg_an_finegray(const struct yg_an_finegray *request, struct yg_task *task, struct yg_raw **out,
                              struct yg_finegray_model **model, struct yg_err *err)
{
	struct an_fg_work w = { .r = request, .task = task };
	const struct yg_endpoint *e = request->of.endpoint[0];
	enum yg_status status = YG_OK;

	YG_TRY(check(request, &w, err));
	yg_arena_init(&w.arena);
	w.several = request->formula->children > 1 || (request->in.by && !request->interaction);
	w.raw = yg_raw_new("finegray", OPERATION_VERSION);
	w.model = yg_finegray_model_new();
	an_title(w.raw, N_("Fine-Gray model: %s"), e->label ? e->label : e->name);
	for (uint32_t i = 0; i < request->formula->children && status == YG_OK; i++)
		status = one_model(&w, request->formula->child[i], err);
	if (status == YG_OK && !yg_finegray_model_fits(w.model))
		status = yg_fail(err, YG_REFUSED, "E-SUR-034", N_("no level of by has events: no model was fitted"));
	yg_arena_release(&w.arena);
	if (status == YG_OK && model) {
		*model = w.model;
		w.model = NULL;
	}
	yg_finegray_model_free(w.model);
	if (status == YG_OK)
		*out = w.raw;
	else
		yg_raw_free(w.raw);
	return status;
}
