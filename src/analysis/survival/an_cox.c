/* cox: hazard ratios; fits in every level of by, and tests that they agree. */
#include <math.h>
#include <string.h>

#include "analysis/an_model_table_priv.h"
#include "an_casecohort_priv.h"
#include "an_surv_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/base/pool.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"
#include "yogo/stats/concordance.h"
#include "yogo/stats/regression.h"

#define OPERATION_VERSION 1

struct cox_work {
	const struct yg_an_cox *r;
	struct yg_task *task;
	struct yg_arena arena;
	struct yg_raw *raw;
	struct yg_cox_model *model;
	struct yg_cox_options options;
	bool frail;
	struct yg_frailty_options frailty;
	struct an_cox_moves *moves;    /* of the present model, or NULL */
	struct an_casecohort sample;   /* of the present endpoint, when casecohort is asked */
	bool profile, se_model, se_robust;
	double conf;
	bool several;                  /* more than one fit */
	size_t fits;                   /* tables made so far */
	struct yg_raw_table *subgroups;
	size_t subgroup_tables;
	uint64_t levels_shown;
};

/* ---- options ---- */

static enum yg_status read_frailty(struct cox_work *w, struct yg_err *err)
{
	const struct yg_an_cox *r = w->r;
	if (r->frailty_variance > 0 && !r->frailty)
		return yg_fail(err, YG_ESYNTAX, "E-SUR-080",
		               N_("variance holds the variance of a frailty: write frailty=gamma or frailty=lognormal too"));
	if (!r->frailty)
		return YG_OK;
	w->frail = true;
	w->frailty = (struct yg_frailty_options){ .ties = w->options.ties, .theta = r->frailty_variance };
	if (!yg_frailty_parse(r->frailty, &w->frailty.kind))
		return yg_fail(err, YG_ESYNTAX, "E-SUR-081", N_("frailty is gamma or lognormal, not %s"), r->frailty);
	if (!r->cluster) {
		yg_fail(err, YG_ESYNTAX, "E-SUR-082", N_("a frailty is shared by the members of a cluster: which?"));
		yg_err_hint(err, N_("Write cox os ~ rx cluster centre with frailty=gamma"));
		return YG_ESYNTAX;
	}
	if (r->firth || r->interaction || w->se_robust || w->profile)
		return yg_fail(err, YG_REFUSED, "E-SUR-083", N_("frailty goes with none of firth, interaction, se=robust and ci=profile"));
	return YG_OK;
}

static enum yg_status read_options(struct cox_work *w, struct yg_err *err)
{
	const struct yg_an_cox *r = w->r;
	w->conf = r->in.conf > 0 ? r->in.conf : 0.95;
	w->options = (struct yg_cox_options){ .ties = YG_COX_EFRON, .max_iterations = -1 };
	if (!(w->conf < 1))
		return yg_fail(err, YG_ESYNTAX, "E-REG-005", N_("conf is a fraction between 0 and 1"));
	if (r->ties && !yg_cox_ties_parse(r->ties, &w->options.ties))
		return yg_fail(err, YG_REFUSED, "E-SUR-030", N_("ties=%s is not available; ties is efron, breslow, discrete or marginal"), r->ties);
	if (r->ci && strcmp(r->ci, "wald") && strcmp(r->ci, "profile"))
		return yg_fail(err, YG_ESYNTAX, "E-REG-007", N_("ci is wald or profile, not %s"), r->ci);
	w->profile = r->ci && !strcmp(r->ci, "profile");
	if (r->se && strcmp(r->se, "model") && strcmp(r->se, "robust"))
		return yg_fail(err, YG_REFUSED, "E-REG-006", N_("standard errors %s are not available here"), r->se);
	w->se_model = r->se && !strcmp(r->se, "model");
	w->se_robust = r->se && !strcmp(r->se, "robust");
	w->options.firth = r->firth;
	YG_TRY(read_frailty(w, err));
	YG_TRY(an_casecohort_options(r, w->options.ties, w->profile, w->se_robust, &w->sample, err));
	if (w->profile && (w->se_robust || r->cluster || r->in.weight))
		return yg_fail(err, YG_REFUSED, "E-SUR-031",
		               N_("profile likelihood intervals need a likelihood: not with robust errors, clusters or sampling weights"));
	if (r->interaction && r->firth)
		return yg_fail(err, YG_REFUSED, "E-SUR-084",
		               N_("interaction compares likelihoods, which Firth's penalty changes; write the product into the model"));
	if (r->interaction && !r->in.by) {
		yg_fail(err, YG_ESYNTAX, "E-SUR-032", N_("interaction compares the levels of by: which?"));
		yg_err_hint(err, N_("Write cox os ~ rx by sex with interaction; for a product term write rx*sex"));
		return YG_ESYNTAX;
	}
	return YG_OK;
}

/* ---- one fit ---- */

static enum yg_status limits(struct cox_work *w, struct an_cox_fit *f, struct yg_err *err)
{
	size_t p = f->fit.p;
	f->lower = yg_arena_alloc(&w->arena, 2 * p + 1, sizeof(double));
	f->upper = f->lower + p;
	f->conf = w->conf;
	f->critical = yg_normal_quantile(0.5 + w->conf / 2);
	f->profile = w->profile && f->fit.stop == YG_COX_CONVERGED && !f->fit.robust;
	if (f->profile && f->fit.firth)
		f->p_value = yg_arena_alloc(&w->arena, p + 1, sizeof(double));
	for (size_t j = 0; j < p; j++) {
		struct yg_cox_test test;
		f->lower[j] = f->fit.beta[j] - f->critical * f->fit.se[j];
		f->upper[j] = f->fit.beta[j] + f->critical * f->fit.se[j];
		if (f->profile)
			YG_TRY(yg_cox_profile_limits(&f->data, &f->fit, j, w->conf, w->task, &f->lower[j],
			                             &f->upper[j], err));
		if (f->p_value) {
			YG_TRY(yg_cox_profile_test(&f->data, &f->fit, j, w->task, &test, err));
			f->p_value[j] = test.p;
		}
	}
	return YG_OK;
}

static enum yg_status concordance(struct cox_work *w, struct an_cox_fit *f, struct yg_err *err)
{
	size_t n = f->data.spans.n;
	const struct yg_concordance_options options = { YG_CONCORDANCE_N, true, NAN };
	struct yg_concordance r;
	struct yg_spans d = f->data.spans;
	double *eta = yg_data_alloc(n + 1, sizeof *eta);
	if (!eta)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was fitted"));
	enum yg_status s = yg_packed_predictor(f->design->packed, f->fit.beta, f->data.offset, w->task, eta, err);
	d.group = NULL;
	if (s == YG_OK)
		s = yg_concordance_fit(&d, eta, &options, w->task, &r, NULL, err);
	if (s == YG_OK) {
		f->c = r.c;
		f->c_se = f->data.repeats ? NAN : r.se; /* repeats are pairs of their own: its SE is not of them */
	}
	yg_data_free(eta);
	return s;
}

static enum yg_status fit_design(struct cox_work *w, struct an_cox_fit *f, const struct yg_design_plan *plan,
                                 struct yg_err *err)
{
	struct an_surv *s = f->s;
	f->plan = plan;
	f->strata_node = w->r->strata;
	YG_TRY(yg_design_build_packed(w->task, plan, s->set, s->terms_at, false, &f->design, err));
	if (f->design->p == 0)
		return yg_fail(err, YG_REFUSED, "E-REG-018", N_("the model has no terms"));
	f->data = (struct yg_cox_data){ .spans = s->spans, .packed = f->design->packed, .p = (size_t)f->design->p,
	                               .offset = f->design->offset, .repeats = s->frequency };
	f->data.spans.group = NULL;
	f->data.sorted = yg_cox_sorted_new();
	if (w->se_model && !w->frail)
		f->data.spans.cluster = NULL;
	return w->moves ? an_cox_put_moves(f, w->moves, &w->arena, err) : YG_OK;
}

static enum yg_status fit_all(struct cox_work *w, struct an_cox_fit *f, const struct yg_design_plan *plan,
                              struct yg_err *err)
{
	struct an_surv *s = f->s;
	struct yg_cox_options options = w->options;
	options.robust = !w->se_model && (w->se_robust || s->probability);
	if (!s->event_rows) {
		yg_fail(err, YG_REFUSED, "E-SUR-033", N_("nobody has the event \"%s\"%s%s: there is nothing to model"),
		        s->cause < s->endpoint->states ? s->endpoint->state[s->cause] : s->label, f->group ? N_(" among ") : "",
		        f->group ? f->group : "");
		return YG_REFUSED;
	}
	YG_TRY(an_surv_independent(s, "cox", err));
	YG_TRY(fit_design(w, f, plan, err));
	bool plain = !w->frail && !w->r->casecohort && !w->moves;
	if (plain)
		yg_set_drop_terms(s->set); /* this fit is their last use */
	if (w->frail) {
		YG_TRY(yg_cox_frailty_fit(&f->data, &w->frailty, w->task, &f->frailty, err));
		f->frail = true;
		f->fit = f->frailty.fit;
		memset(&f->frailty.fit, 0, sizeof f->frailty.fit);
	} else if (w->r->casecohort) {
		YG_TRY(an_casecohort_fit(&w->sample, f, w->task, err));
	} else {
		YG_TRY(yg_cox_fit(&f->data, &options, w->task, &f->fit, err));
	}
	YG_TRY(limits(w, f, err));
	f->c = f->c_se = NAN;
	if (plain && !options.firth && !an_cox_large(f)) {
		yg_cox_sorted_free(f->data.sorted); /* what is kept sorts again when it is asked */
		f->data.sorted = NULL;
	}
	if (!f->moves && !f->sample)
		YG_TRY(concordance(w, f, err));
	return an_cox_count(f, w->task, &w->arena, err);
}

static void fit_release(struct an_cox_fit *f)
{
	yg_cox_sorted_free(f->data.sorted);
	yg_design_free(f->design);
	yg_cox_release(&f->fit);
	if (f->frail)
		yg_cox_frailty_release(&f->frailty);
}

static void declare(struct cox_work *w, const struct an_cox_fit *f)
{
	yg_raw_model(w->raw, (int64_t)f->s->event_persons, f->fit.rank);
}

/* Tables, notes and a place in the model; subgroup: only rows of the table of subgroups, and details. */
static enum yg_status one_fit(struct cox_work *w, struct an_surv *s, const struct yg_design_plan *plan, const char *formula,
                              const char *by, const char *level, bool overall, bool notes, struct yg_err *err)
{
	struct an_cox_fit f = { .s = s, .formula = formula, .several = w->several };
	f.group = level ? yg_arena_printf(&w->arena, "%s: %s", by, level) : NULL;
	enum yg_status status = fit_all(w, &f, plan, err);
	if (status == YG_OK) {
		an_cox_tables(w->raw, &f, w->fits, &w->arena);
		if (f.frail)
			an_cox_frailty_tables(w->raw, &f, w->fits, &w->arena);
		if (f.sample)
			an_casecohort_table(w->raw, &f, w->fits, &w->arena);
		if (f.moves)
			status = an_cox_time_tables(w->raw, &f, w->fits, &w->arena, w->task, err);
		w->fits++;
	}
	if (status == YG_OK) {
		if (notes)
			an_surv_notes(w->raw, s, &w->r->in);
		an_cox_notes(w->raw, &f);
		declare(w, &f);
		status = an_cox_keep(w->model, &f, by, level, overall, w->task, err);
	}
	fit_release(&f);
	return status;
}

/* ---- subgroups ---- */

static void subgroup_columns(struct cox_work *w, const struct an_surv *s)
{
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "subgroups", w->subgroup_tables++),
	                                      w->several ? yg_arena_printf(&w->arena, "%s: %s",
	                                                                   N_("Hazard ratios in subgroups"), s->label) :
	                                                    N_("Hazard ratios in subgroups"));
	yg_raw_column(t, "persons", N_("persons"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(t, "events", N_("events"), YG_ROLE_EVENTS, NULL);
	yg_raw_column(t, "hr", N_("HR"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "ratio_lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "ratio_upper", N_("upper"), YG_ROLE_UPPER, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	w->subgroups = t;
}

static void subgroup_rows(struct cox_work *w, const struct an_cox_fit *f, const char *by, const char *level)
{
	struct yg_raw_table *t = w->subgroups;
	const struct an_surv *s = f->s;
	for (size_t j = 0; j < f->data.p; j++) {
		const struct yg_design_column *c = &f->design->column[j];
		struct yg_evidence e = { f->persons[j], f->events[j], c->binary ? (int64_t)s->set->persons : 0 };
		const char *why = an_cox_why_not(&f->fit, j);
		const char *key = yg_arena_printf(&w->arena, "%s: %s / %s", by, level, c->key);
		const char *label = f->data.p == 1 ? yg_arena_printf(&w->arena, "%s: %s", by, level) :
		                                     yg_arena_printf(&w->arena, "%s: %s, %s", by, level, c->label);
		int row = yg_raw_row_data(t, key, label, 0);
		yg_raw_int(t, row, 0, (int64_t)s->set->persons, an_persons(s->set->persons));
		yg_raw_int(t, row, 1, (int64_t)s->event_rows, an_surv_everybody(s));
		for (int k = 2; k <= 5; k++) {
			double v = k == 2 ? yg_exp(f->fit.beta[j]) : k == 3 ? yg_exp(f->lower[j]) : k == 4 ? yg_exp(f->upper[j]) :
				yg_normal_two_sided(f->fit.beta[j] / f->fit.se[j]);
			if (why && k == 2)
				yg_raw_missing(t, row, k, why);
			else if (why)
				yg_raw_text(t, row, k, "");
			else
				yg_raw_num(t, row, k, v, e);
		}
	}
}

static void empty_subgroup(struct cox_work *w, const struct an_surv *s, const char *by, const char *level)
{
	an_surv_empty_level(w->raw, by, level);
	if (!w->subgroups)
		return;
	int row = yg_raw_row_data(w->subgroups, yg_arena_printf(&w->arena, "%s: %s", by, level),
	                     yg_arena_printf(&w->arena, "%s: %s", by, level), 0);
	yg_raw_int(w->subgroups, row, 0, (int64_t)s->set->persons, an_persons(s->set->persons));
	yg_raw_int(w->subgroups, row, 1, 0, an_surv_everybody(s));
	yg_raw_missing(w->subgroups, row, 2, N_("not estimable: no events"));
}

static enum yg_status subgroup_fit(struct cox_work *w, struct an_surv *s, const struct yg_design_plan *plan,
                                   const char *formula,
                                   const char *by, const char *level, struct yg_err *err)
{
	struct an_cox_fit f = { .s = s, .formula = formula };
	f.group = yg_arena_printf(&w->arena, "%s: %s", by, level);
	enum yg_status status = fit_all(w, &f, plan, err);
	if (status == YG_OK) {
		subgroup_rows(w, &f, by, level);
		declare(w, &f);
		w->levels_shown++;
		status = an_cox_keep(w->model, &f, by, level, false, w->task, err);
	}
	fit_release(&f);
	return status;
}

/* Each level of the crossing on its own rows. */
static enum yg_status in_levels(struct cox_work *w, const struct an_surv_request *ask, struct an_surv *s,
                                const struct yg_design_plan *plan, const char *formula, struct yg_err *err)
{
	struct an_surv_levels l = { .whole = s, .ask = ask };
	enum yg_status status = YG_OK;

	while (an_surv_next_level(&l, &status, err))
		if (!l.part.event_rows)
			empty_subgroup(w, &l.part, s->by_title, l.level);
		else if (w->r->interaction)
			status = subgroup_fit(w, &l.part, plan, formula, s->by_title, l.level, err);
		else
			status = one_fit(w, &l.part, plan, formula, s->by_title, l.level, false, w->fits == 0, err);
	return status;
}

/* ---- interaction ---- */

struct product {
	size_t p, levels, first, count;  /* columns of the base, levels of by, columns of the term */
};

/* The base columns, by as indicators against its first level, and with count > 0 the products of the term with them. */
static double *extended(const struct an_surv *s, const struct yg_design *d, const struct product *q, size_t *width)
{
	size_t n = s->set->n, extra = q->levels - 1;
	*width = q->p + extra + q->count * extra;
	double *x = yg_data_calloc(n * *width + 1, sizeof *x);
	for (size_t i = 0; x && i < n; i++) {
		double *row = x + i * *width;
		size_t level = (size_t)s->group[i];
		yg_packed_get(d->packed, i, 1, row);
		if (!level)
			continue;
		row[q->p + level - 1] = 1;
		for (size_t c = 0; c < q->count; c++)
			row[q->p + extra + (level - 1) * q->count + c] = row[q->first + c];
	}
	return x;
}

static enum yg_status fit_extended(struct cox_work *w, const struct an_cox_fit *f, const struct product *q,
                                   struct yg_cox *fit,
                                   struct yg_err *err)
{
	struct yg_cox_data data = f->data;
	struct yg_cox_options options = w->options;
	double *x = extended(f->s, f->design, q, &data.p);
	if (!x)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was fitted"));
	data.x = x;
	data.packed = NULL;
	options.robust = !w->se_model && (w->se_robust || f->s->probability);
	enum yg_status s = yg_cox_fit(&data, &options, w->task, fit, err);
	yg_data_free(x);
	return s;
}

/* Wald where there is no likelihood, else the likelihood ratio against the model without products. */
static struct yg_cox_test product_test(const struct yg_cox *base, const struct yg_cox *full, const struct product *q)
{
	struct yg_cox_test t = { NAN, NAN, full->rank - base->rank };
	bool fine = base->stop == YG_COX_CONVERGED && full->stop == YG_COX_CONVERGED;
	if (t.df <= 0 || !fine)
		return t;
	if (!full->robust) {
		t.chisq = fmax(0, 2 * (full->loglik - base->loglik));
		t.p = yg_chisq_upper(t.chisq, t.df);
		return t;
	}
	size_t first = q->p + q->levels - 1, count = q->count * (q->levels - 1);
	size_t *index = yg_xalloc(count + 1, sizeof *index);
	uint8_t *dropped = yg_xcalloc(full->p + 1, 1);
	for (size_t k = 0; k < count; k++)
		index[k] = first + k;
	for (size_t j = 0; j < full->p; j++)
		dropped[j] = full->fault[j] != YG_COX_FINE;
	struct yg_term_test wald = yg_wald_test(full->beta, full->var, full->p, dropped, index, count, INFINITY);
	t = (struct yg_cox_test){ wald.chisq, wald.p, (int)wald.df };
	yg_free(dropped);
	yg_free(index);
	return t;
}

static void keep_interaction(struct cox_work *w, const struct an_surv *s, const char *term, const struct yg_cox_test *t)
{
	struct yg_cox_model *m = w->model;
	YG_GROW(m->interaction, m->interactions, m->interactions_cap);
	m->interaction[m->interactions++] = (struct an_cox_interaction){ yg_xstrdup(s->by_title), yg_xstrdup(term),
		                                                        yg_xstrdup(s->label), t->chisq, t->p, t->df };
}

static enum yg_status interaction_rows(struct cox_work *w, struct an_surv *s, const struct yg_design_plan *plan,
                                       struct yg_raw_table *table, struct yg_err *err)
{
	struct an_cox_fit f = { .s = s };
	struct yg_cox base = { 0 };
	if (s->groups < 2)
		return YG_OK;
	enum yg_status status = fit_design(w, &f, plan, err);
	struct product q = { .p = f.data.p, .levels = s->groups };
	if (status == YG_OK)
		status = fit_extended(w, &f, &q, &base, err);
	for (int k = 0; status == YG_OK && k < f.design->terms; k++) {
		const struct yg_design_term *term = &f.design->term[k];
		struct yg_cox full = { 0 };
		q.first = (size_t)term->first;
		q.count = (size_t)term->count;
		if (!q.count)
			continue;
		status = fit_extended(w, &f, &q, &full, err);
		if (status != YG_OK)
			break;
		struct yg_cox_test t = product_test(&base, &full, &q);
		const char *key = yg_arena_printf(&w->arena, "%s x %s", s->by_title, term->name);
		int row = yg_raw_row_data(table, key, key, 0);
		if (isnan(t.p)) {
			yg_raw_missing(table, row, 0, N_("not estimable"));
			yg_raw_text(table, row, 1, "");
			yg_raw_text(table, row, 2, "");
		} else {
			yg_raw_num(table, row, 0, t.chisq, an_surv_everybody(s));
			yg_raw_int(table, row, 1, t.df, YG_NOBODY);
			yg_raw_num(table, row, 2, t.p, an_surv_everybody(s));
		}
		keep_interaction(w, s, term->name, &t);
		yg_cox_release(&full);
	}
	yg_cox_release(&base);
	yg_cox_sorted_free(f.data.sorted);
	yg_design_free(f.design);
	return status;
}

/* ---- the verb ---- */

static enum yg_status build(struct cox_work *w, const struct yg_endpoint *e, const struct yg_node *crossing,
                            const struct yg_design_plan *plan, struct an_surv_request *ask, struct an_surv *s, struct yg_err *err)
{
	const struct yg_an_cox *r = w->r;
	*ask = (struct an_surv_request){ .in = &r->in, .endpoint = e, .crossing = crossing, .strata = r->strata, .cluster = r->cluster,
		                         .frequency = r->frequency, .cause = r->cause, .verb = "cox", .robust = w->se_robust, .subcohort = r->subcohort };
	ask->terms = yg_design_plan_variables(plan, &ask->term);
	return an_surv_build(ask, w->task, s, err);
}

static struct yg_raw_table *interaction_table(struct cox_work *w, const char *label, bool robust)
{
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "interaction", w->subgroup_tables - 1),
	                                      w->several ? yg_arena_printf(&w->arena, "%s %s",
	                                                                   N_("Is the effect the same in all levels?"), label) :
	                                                    N_("Is the effect the same in all levels?"));
	yg_raw_column(t, "statistic", robust ? N_("Wald chi-squared") : N_("LR chi-squared"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(t, "df", N_("df"), YG_ROLE_DF, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	return t;
}

/* Overall, subgroups by each crossing, and the tests that they agree. */
static enum yg_status with_interaction(struct cox_work *w, const struct yg_endpoint *e, const struct yg_design_plan *plan,
                                       const char *formula, struct yg_err *err)
{
	struct an_surv_request ask;
	struct an_surv s;
	size_t turns = an_crossings(w->r->in.by);
	YG_TRY(build(w, e, NULL, plan, &ask, &s, err));
	enum yg_status status = one_fit(w, &s, plan, formula, NULL, NULL, true, true, err);
	if (status == YG_OK)
		subgroup_columns(w, &s);
	bool robust = s.probability || s.cluster || w->se_robust;
	an_surv_release(&s);
	uint64_t before = w->levels_shown;
	for (size_t k = 0; status == YG_OK && k < turns; k++) {
		status = build(w, e, an_crossing(w->r->in.by, k), plan, &ask, &s, err);
		if (status != YG_OK)
			break;
		status = in_levels(w, &ask, &s, plan, formula, err);
		an_surv_release(&s);
	}
	struct yg_raw_table *table = NULL;
	for (size_t k = 0; status == YG_OK && k < turns; k++) {
		status = build(w, e, an_crossing(w->r->in.by, k), plan, &ask, &s, err);
		if (status != YG_OK)
			break;
		if (!table)
			table = interaction_table(w, s.label, robust);
		status = interaction_rows(w, &s, plan, table, err);
		an_surv_release(&s);
	}
	if (status == YG_OK) {
		struct yg_raw_note *n = yg_raw_note(w->raw, YG_NOTE_INFO,
		                                    N_("{1} subgroups without correction for their number; a model of its own in each"));
		yg_raw_note_int(n, YG_ROLE_INTEGER, (int64_t)(w->levels_shown - before), YG_NOBODY);
		yg_raw_note(w->raw, YG_NOTE_CONVENTION,
		            robust ? N_("interaction: Wald test of the products of the term with by, in a model with both") :
		                     N_("interaction: likelihood ratio test of the products of the term with by, in a model with both"));
	}
	w->subgroups = NULL;
	return status;
}

static enum yg_status cox_model(struct cox_work *w, const struct yg_endpoint *e, const struct yg_node *model,
                                struct yg_err *err)
{
	struct yg_design_plan *plan;
	struct yg_scope scope = *w->r->in.scope;
	struct an_surv_request ask;
	struct an_surv s;
	scope.table = e->table;
	const char *formula = an_formula(&w->arena, model);
	YG_TRY(an_cox_take_moves(&w->arena, e, model, w->r->at, &model, &w->moves, err));
	if (w->moves && w->r->casecohort)
		return an_casecohort_refuse("tt()", err);
	if (w->moves && (w->frail || w->r->interaction))
		return yg_fail(err, YG_REFUSED, "E-SUR-085", N_("tt() terms go neither with frailty nor with interaction"));
	YG_TRY(yg_design_plan(&w->arena, &scope, model, &plan, err));
	if (w->r->interaction)
		return with_interaction(w, e, plan, formula, err);
	for (size_t k = 0; k < an_crossings(w->r->in.by); k++) {
		const struct yg_node *crossing = an_crossing(w->r->in.by, k);
		YG_TRY(build(w, e, crossing, plan, &ask, &s, err));
		if (w->r->casecohort)
			YG_TRY(an_casecohort_rows(&w->sample, &ask, &s, &w->arena, err));
		enum yg_status status = crossing ? in_levels(w, &ask, &s, plan, formula, err) :
		                                   one_fit(w, &s, plan, formula, NULL, NULL, false, true, err);
		an_surv_release(&s);
		an_casecohort_release(&w->sample);
		YG_TRY(status);
	}
	return YG_OK;
}

enum yg_status yg_an_cox(const struct yg_an_cox *request, struct yg_task *task, struct yg_raw **out,
                         struct yg_cox_model **model, struct yg_err *err)
{
	struct cox_work w = { .r = request, .task = task };
	YG_TRY(read_options(&w, err));
	w.several = request->of.count * request->formula->children > 1 || (request->in.by && !request->interaction);
	yg_arena_init(&w.arena);
	w.raw = yg_raw_new("cox", OPERATION_VERSION);
	w.model = yg_xcalloc(1, sizeof *w.model);
	enum yg_status s = YG_OK;
	for (size_t i = 0; s == YG_OK && i < request->of.count; i++) {
		const struct yg_endpoint *e = request->of.endpoint[i];
		if (i == 0)
			an_title(w.raw, "%s: %s", yg_phrase_message(&w.arena, e->states > 2 ? N_("Cox model of the cause-specific hazard") : N_("Cox model")),
			         request->cause ? request->cause : e->label && *e->label ? e->label : e->name);
		for (uint32_t k = 0; s == YG_OK && k < request->formula->children; k++)
			s = cox_model(&w, e, request->formula->child[k], err);
	}
	if (s == YG_OK && !w.model->fits)
		s = yg_fail(err, YG_REFUSED, "E-SUR-034", N_("no level of by has events: no model was fitted"));
	yg_arena_release(&w.arena);
	if (s == YG_OK && model) {
		*model = w.model;
		w.model = NULL;
	}
	yg_cox_model_free(w.model);
	if (s == YG_OK)
		*out = w.raw;
	else
		yg_raw_free(w.raw);
	return s;
}
