/*
 * km with adjust: curves as they would be if each group had the covariates of everybody.
 *
 * Columns that are all levels or flags: Kaplan-Meier in each combination, averaged.  A number among them: Cox's model with a
 * baseline for each group, averaged over the persons.
 */
#include <math.h>
#include <string.h>

#include "an_km_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/expr/intern.h"
#include "yogo/num/elementary.h"

#define MOST_STRATA 1000

enum yg_status an_km_adjust_plan(struct km_work *w, struct yg_err *err)
{
	if (!w->r->in.by || !w->r->in.by->children)
		return yg_fail(err, YG_ESYNTAX, "E-SUR-311", N_("adjust makes groups alike: add by and their column"));
	if (w->r->frequency || w->r->cluster)
		return yg_fail(err, YG_REFUSED, "E-SUR-312", N_("adjusted curves do not honour %s"), w->r->cluster ? "cluster" : "freq");
	return yg_design_plan(&w->arena, w->r->in.scope, w->r->adjust, &w->plan, err);
}

static enum yg_status suited(const struct an_surv *s, struct yg_err *err)
{
	if (s->weight) {
		yg_fail(err, YG_REFUSED, "E-SUR-313", N_("adjusted curves do not honour weights"));
		yg_err_hint(err, N_("Weights adjust already: leave out one of the two."));
		return YG_REFUSED;
	}
	if (s->set->n != s->set->persons)
		return yg_fail(err, YG_REFUSED, "E-SUR-314", N_("adjusted curves want one follow-up a person, with covariates known at its start"));
	if (s->groups < 2)
		return yg_fail(err, YG_REFUSED, "E-SUR-309", N_("%s has one group only (%s): there is nothing to compare"), s->by_title,
		               s->group_label[0]);
	return YG_OK;
}

static bool is_level(const struct yg_set_column *c)
{
	return c->is_factor || c->type == YG_TYPE_FLAG;
}

/* ---- over strata ---- */

static void stratum_label(const struct an_surv *s, size_t columns, size_t row, struct yg_buf *out)
{
	for (size_t k = 0; k < columns; k++) {
		const struct yg_set_column *c = &s->set->column[s->terms_at + k];
		yg_buf_addf(out, k ? ", %s " : "%s ", c->name);
		yg_buf_adds(out, c->level ? c->level_name[c->level[row]] : c->number[row] != 0 ? "yes" : "no");
	}
}

/* Every stratum has somebody in every group, or the pair that is empty is named. */
static enum yg_status all_filled(const struct an_surv *s, size_t columns, const int32_t *stratum, size_t strata,
                                 struct yg_err *err)
{
	size_t *count = yg_xcalloc(strata * s->groups + strata + 1, sizeof *count), *some = count + strata * s->groups;
	enum yg_status status = YG_OK;
	for (size_t i = 0; i < s->set->n; i++) {
		count[(size_t)stratum[i] * s->groups + (size_t)s->group[i]]++;
		some[stratum[i]] = i;
	}
	for (size_t k = 0; status == YG_OK && k < strata * s->groups; k++) {
		if (count[k])
			continue;
		struct yg_buf text = YG_BUF_INIT;
		stratum_label(s, columns, some[k / s->groups], &text);
		status = YG_REFUSED;
		yg_fail(err, status, "E-SUR-315", N_("nobody of %s has %s: its curve there is not known"), s->group_label[k % s->groups],
		        text.data);
		yg_err_hint(err, N_("Join levels with factor, or leave a column out of adjust."));
		yg_buf_release(&text);
	}
	yg_free(count);
	return status;
}

static enum yg_status over_strata(struct km_work *w, const struct an_surv *s, size_t columns, struct yg_km *km, size_t *strata,
                                  struct yg_err *err)
{
	struct yg_spans d = s->spans;
	struct yg_intern seen;
	size_t no_stratum, no_group;
	int32_t *stratum = yg_data_calloc(s->set->n + 1, sizeof *stratum);
	if (!stratum)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while follow-up was set up"));
	*strata = 1;
	for (size_t k = 0; k < columns; k++) {
		const struct yg_set_column *c = &s->set->column[s->terms_at + k];
		yg_intern_init(&seen);
		for (size_t i = 0; i < s->set->n; i++)
			stratum[i] = (int32_t)yg_intern64(&seen, (uint64_t)stratum[i],
			                                  c->level ? (uint64_t)c->level[i] : (uint64_t)(c->number[i] != 0));
		*strata = seen.count;
		yg_intern_release(&seen);
	}
	enum yg_status status = YG_OK;
	if (*strata > MOST_STRATA) {
		status = YG_REFUSED;
		yg_fail(err, status, "E-SUR-316", N_("the columns of adjust make more than 1,000 strata"));
		yg_err_hint(err, N_("Join levels with factor, or leave a column out of adjust."));
	}
	if (status == YG_OK)
		status = all_filled(s, columns, stratum, *strata, err);
	d.stratum = stratum;
	d.strata = *strata;
	if (status == YG_OK)
		status = yg_adjusted_direct(&d, km, w->task, w->ends, &no_stratum, &no_group, &w->adjusted, err);
	yg_data_free(stratum);
	return status;
}

/* ---- by a model ---- */

static void model_table(struct km_work *w, const struct an_surv *s, const struct yg_design *design, const struct yg_cox *fit)
{
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "adjust", w->parts),
	                                      an_surv_subtitle(s, N_("Model of the covariates"), &w->arena));
	yg_raw_column(t, "estimate", N_("log hazard ratio"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(t, "hr", N_("HR"), YG_ROLE_ESTIMATE, NULL);
	for (size_t j = 0; j < fit->p; j++) {
		struct yg_evidence e = an_surv_everybody(s);
		int row = yg_raw_row_data(t, design->column[j].key, design->column[j].label, 0);
		if (fit->fault[j] != YG_COX_FINE) {
			yg_raw_missing(t, row, 0, an_cox_why_not(fit, j));
			yg_raw_text(t, row, 1, "");
			yg_raw_text(t, row, 2, "");
			continue;
		}
		yg_raw_num(t, row, 0, fit->beta[j], e);
		yg_raw_num(t, row, 1, fit->se[j], e);
		yg_raw_num(t, row, 2, yg_exp(fit->beta[j]), e);
	}
	yg_raw_model(w->raw, (int64_t)s->event_persons, fit->rank);
}

static enum yg_status by_model(struct km_work *w, const struct an_surv *s, struct yg_km *km, struct yg_err *err)
{
	struct yg_design *design = NULL;
	struct yg_cox_data d = { .spans = s->spans };
	struct yg_cox_options o = { .ties = YG_COX_EFRON, .max_iterations = -1 };
	struct yg_cox fit;
	YG_TRY(yg_design_build_on(w->task, w->plan, s->set, s->terms_at, false, &design, err));
	d.spans.stratum = s->group;
	d.spans.strata = s->groups;
	d.spans.group = NULL;
	d.spans.groups = 1;
	d.x = design->x;
	d.p = (size_t)design->p;
	enum yg_status status = yg_cox_fit(&d, &o, w->task, &fit, err);
	if (status == YG_OK) {
		if (fit.stop != YG_COX_CONVERGED) {
			status = YG_REFUSED;
			yg_fail(err, status, "E-SUR-317", N_("the Cox model of the columns of adjust cannot be estimated: %s"),
			        yg_cox_stop_name(fit.stop));
			yg_err_hint(err, N_("Fit it with cox to see why, or leave a column out of adjust."));
		}
		if (status == YG_OK)
			status = yg_adjusted_model(&d, &fit, km, w->task, &w->adjusted, err);
		if (status == YG_OK)
			model_table(w, s, design, &fit);
		yg_cox_release(&fit);
	}
	yg_design_free(design);
	return status;
}

/* ---- both ---- */

static void keep_unadjusted(struct km_work *w, const struct yg_km *km)
{
	w->unadjusted = yg_xcalloc(km->groups * w->ats + 1, sizeof *w->unadjusted);
	for (size_t g = 0; g < km->groups; g++)
		for (size_t k = 0; k < w->ats; k++) {
			struct yg_km_point p;
			yg_km_at(&km->curve[g], w->at[k], &p);
			w->unadjusted[g * w->ats + k] = p.surv;
		}
}

void an_km_adjust_notes(struct km_work *w, const struct an_surv *s)
{
	const struct yg_set_variable *unused;
	size_t columns = yg_design_plan_variables(w->plan, &unused);
	struct yg_buf names = YG_BUF_INIT;
	struct yg_raw_note *n;
	for (size_t k = 0; k < columns; k++)
		yg_buf_addf(&names, k ? ", %s" : "%s", s->set->column[s->terms_at + k].name);
	if (w->by_model) {
		n = yg_raw_note(w->raw, YG_NOTE_CONVENTION,
		                N_("adjusted for {1}: Cox model with a baseline for each group (ties: Efron), averaged over the covariates of "
		                   "everybody"));
		yg_raw_note_data(n, names.data);
	} else {
		n = yg_raw_note(w->raw, YG_NOTE_CONVENTION,
		                N_("adjusted for {1}: Kaplan-Meier in each of {2} strata, averaged by the strata's shares of everybody"));
		yg_raw_note_data(n, names.data);
		yg_raw_note_int(n, YG_ROLE_INTEGER, (int64_t)w->strata, YG_NOBODY);
	}
	yg_buf_release(&names);
	yg_raw_note(w->raw, YG_NOTE_CONVENTION,
	            w->by_model ? N_("variance: of the baseline, of the coefficients and of the covariates (delta method)") :
	                          N_("variance: Greenwood in the strata, and of the shares"));
	yg_raw_note(w->raw, YG_NOTE_INFO, N_("numbers at risk and events are those seen, not adjusted"));
	for (size_t g = 0; g < s->groups; g++)
		if (w->ends[g] < INFINITY) {
			n = yg_raw_note(w->raw, YG_NOTE_WARNING, N_("{1}: the adjusted curve is known up to {2}, when a stratum has nobody left; the figure goes on flat"));
			yg_raw_note_text(n, s->group_words[g]);
			/* The last time of one person: guarded data do not show it. */
			yg_raw_note_num(n, YG_ROLE_EXTREME, an_surv_shown(s, w->ends[g]), an_surv_group_evidence(s, g));
		}
}

enum yg_status an_km_adjust(struct km_work *w, const struct an_surv *s, struct yg_km *km, struct yg_err *err)
{
	const struct yg_set_variable *unused;
	size_t columns = yg_design_plan_variables(w->plan, &unused);
	YG_TRY(suited(s, err));
	keep_unadjusted(w, km);
	w->ends = yg_xalloc(s->groups + 1, sizeof *w->ends);
	for (size_t g = 0; g < s->groups; g++)
		w->ends[g] = INFINITY;
	w->by_model = false;
	for (size_t k = 0; k < columns; k++)
		w->by_model = w->by_model || !is_level(&s->set->column[s->terms_at + k]);
	YG_TRY(w->by_model ? by_model(w, s, km, err) : over_strata(w, s, columns, km, &w->strata, err));
	for (size_t g = 0; g < s->groups; g++)
		if (km->curve[g].m && !(w->ends[g] < km->curve[g].time[km->curve[g].m - 1]))
			w->ends[g] = INFINITY;
	return YG_OK;
}
