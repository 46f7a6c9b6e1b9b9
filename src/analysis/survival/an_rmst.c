/* rmst: mean time free of the event up to a limit, by group. */
#include <math.h>
#include <string.h>

#include "an_rmst_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/base/text.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/km_influence.h"

#define OPERATION_VERSION 1

/* Restricted means of the groups for one tau. */
struct means {
	double *mean;                /* [groups] */
	double *covariance;          /* [groups * groups] */
};

const char *an_rmst_key(struct rmst_work *w, const struct an_surv *s, const char *what, double tau)
{
	char number[32];
	if (w->taus == 1)
		return what;
	yg_print_double(number, an_surv_shown(s, tau));
	return yg_arena_printf(&w->arena, "%s@%s", what, number);
}

/* ---- strata ---- */

/* One curve a stratum and group: code stratum * groups + group. */
static enum yg_status cells(const struct an_surv *s, struct yg_spans *d, int32_t **code, double *share, struct yg_err *err)
{
	size_t k = s->groups, n = s->set->n;
	double total = 0;
	*d = s->spans;
	d->group = s->groups > 1 ? s->group : NULL;
	d->groups = k;
	d->stratum = NULL;
	d->strata = 1;
	*code = NULL;
	if (!s->stratum) {
		share[0] = 1;
		return YG_OK;
	}
	*code = yg_data_alloc(n + 1, sizeof **code);
	if (!*code)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while follow-up was set up"));
	for (size_t i = 0; i < n; i++) {
		(*code)[i] = s->stratum[i] * (int32_t)k + s->group[i];
		share[s->stratum[i]] += s->weight ? s->weight[i] : 1;
		total += s->weight ? s->weight[i] : 1;
	}
	for (size_t i = 0; i < s->strata; i++)
		share[i] /= total;
	d->group = *code;
	d->groups = k * s->strata;
	return YG_OK;
}

static enum yg_status all_filled(const struct an_surv *s, const struct yg_km *km, const double *share, struct yg_err *err)
{
	for (size_t c = 0; s->stratum && c < km->groups; c++) {
		struct yg_buf text = YG_BUF_INIT;
		size_t row = 0, stratum = c / s->groups;
		if (km->curve[c].m || !(share[stratum] > 0))
			continue;
		while ((size_t)s->stratum[row] != stratum)
			row++;
		for (size_t k = s->by_at + s->bys; k < s->set->columns; k++) {
			const struct yg_set_column *column = &s->set->column[k];
			if (column->use == YG_USE_STRATA)
				yg_buf_addf(&text, text.len ? ", %s %s" : "%s %s", column->name, column->level_name[column->level[row]]);
		}
		yg_fail(err, YG_REFUSED, "E-SUR-330", N_("nobody of %s is in the stratum %s: its mean there is not known"),
		        s->group_label[c % s->groups], text.data);
		yg_err_hint(err, N_("Join levels with factor, or leave out a column of strata."));
		yg_buf_release(&text);
		return YG_REFUSED;
	}
	return YG_OK;
}

/* ---- tau ---- */

static enum yg_status choose_tau(struct rmst_work *w, const struct an_surv *s, const struct yg_km *km, struct yg_err *err)
{
	struct yg_raw_note *n;
	YG_TRY(an_surv_times(s->endpoint, w->r->tau, w->tau, &w->taus, err));
	for (size_t k = 0; k < w->taus; k++)
		if (!(w->tau[k] > 0))
			return yg_fail_at(err, YG_ESYNTAX, w->r->tau->at, w->r->tau->len, "E-SUR-331", N_("tau is a time after the start"));
	if (w->taus)
		return YG_OK;
	w->tau[0] = INFINITY;
	for (size_t g = 0; g < km->groups; g++)
		if (km->curve[g].m)
			w->tau[0] = fmin(w->tau[0], km->curve[g].time[km->curve[g].m - 1]);
	if (!(w->tau[0] > 0))
		return yg_fail(err, YG_REFUSED, "E-SUR-332", N_("nobody is followed beyond the start"));
	w->taus = 1;
	n = yg_raw_note(w->raw, YG_NOTE_WARNING,
	                N_("tau was not given: {1}, the shortest of the groups' longest follow-ups, was taken; name it beforehand, as tau=5y"));
	/* It is the time of one person: guarded data do not show it. */
	yg_raw_note_num(n, YG_ROLE_EXTREME, an_surv_shown(s, w->tau[0]), an_surv_everybody(s));
	w->chosen = true;
	return YG_OK;
}

static void beyond_notes(struct rmst_work *w, const struct an_surv *s, const struct yg_km *km)
{
	double most = 0;
	for (size_t k = 0; k < w->taus; k++)
		most = fmax(most, w->tau[k]);
	for (size_t g = 0; g < km->groups; g++) {
		const struct yg_km_curve *c = &km->curve[g];
		struct yg_raw_note *n;
		if (!c->m || c->time[c->m - 1] >= most || !(c->surv[c->m - 1] > 0))
			continue;
		n = yg_raw_note(w->raw, YG_NOTE_WARNING,
		                s->stratum ? N_("{1}, in a stratum: tau is after the last time observed ({2}); the curve is carried on flat") :
		                N_("{1}: tau is after the last time observed ({2}); the curve is carried on flat"));
		yg_raw_note_text(n, s->group_words[g % s->groups]);
		yg_raw_note_num(n, YG_ROLE_EXTREME, an_surv_shown(s, c->time[c->m - 1]), an_surv_group_evidence(s, g % s->groups));
	}
}

/* ---- means ---- */

static enum yg_status cell_means(struct rmst_work *w, const struct an_surv *s, const struct yg_spans *d, const struct yg_km *km,
                                 double tau, double *mean, double *covariance, struct yg_err *err)
{
	for (size_t c = 0; c < km->groups; c++) {
		double se;
		yg_km_rmst(km, c, tau, &mean[c], &se);
		covariance[c * km->groups + c] = se * se;
	}
	if (!km->options.robust)
		return YG_OK;
	double *u = yg_data_alloc(s->set->n + 1, sizeof *u);
	if (!u)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while means were compared"));
	enum yg_status status = yg_rmst_influence(d, km, tau, w->task, u, err);
	if (status == YG_OK)
		status = yg_influence_covariance(d, u, km->groups, covariance, err);
	yg_data_free(u);
	return status;
}

/* Means of the groups, over strata by the strata's shares. */
static enum yg_status group_means(struct rmst_work *w, const struct an_surv *s, const struct yg_spans *d, const struct yg_km *km,
                                  const double *share, double tau, struct means *m, struct yg_err *err)
{
	size_t k = s->groups, c = km->groups;
	double *mean = yg_xcalloc(c + c * c + 1, sizeof *mean), *covariance = mean + c;
	enum yg_status status = cell_means(w, s, d, km, tau, mean, covariance, err);
	memset(m->mean, 0, k * sizeof *m->mean);
	memset(m->covariance, 0, k * k * sizeof *m->covariance);
	for (size_t a = 0; a < c; a++) {
		if (!(share[a / k] > 0))
			continue;
		m->mean[a % k] += share[a / k] * mean[a];
		for (size_t b = 0; b < c; b++)
			if (share[b / k] > 0)
				m->covariance[(a % k) * k + b % k] += share[a / k] * share[b / k] * covariance[a * c + b];
	}
	yg_free(mean);
	return status;
}

/* ---- tables ---- */

static void mean_row(struct rmst_work *w, const struct an_surv *s, struct yg_raw_table *t, const struct yg_km *km,
                     const struct means *m, size_t g, double tau)
{
	struct yg_evidence e = an_surv_group_evidence(s, g);
	double se = sqrt(m->covariance[g * s->groups + g]), low = fmax(m->mean[g] - w->critical * se, 0);
	double high = fmin(m->mean[g] + w->critical * se, tau);
	uint64_t risk = 0;
	int row = yg_raw_row(t, an_rmst_key(w, s, s->group_label[g], tau), s->group_words[g], 0);
	for (size_t c = g; c < km->groups; c += s->groups) {
		struct yg_km_point p;
		yg_km_at(&km->curve[c], tau, &p);
		risk += p.n_risk;
	}
	yg_raw_num(t, row, 0, an_surv_shown(s, tau), YG_NOBODY);
	if (w->chosen)
		yg_raw_role(t, row, 0, YG_ROLE_EXTREME);
	yg_raw_int(t, row, 1, (int64_t)risk, s->set->n == s->set->persons ? an_part(risk, s->group_persons[g]) : an_persons(risk));
	yg_raw_num(t, row, 2, an_surv_shown(s, m->mean[g]), e);
	yg_raw_num(t, row, 3, an_surv_shown(s, se), e);
	yg_raw_num(t, row, 4, an_surv_shown(s, low), e);
	yg_raw_num(t, row, 5, an_surv_shown(s, high), e);
	yg_raw_num(t, row, 6, an_surv_shown(s, tau - m->mean[g]), e);
	yg_raw_num(t, row, 7, an_surv_shown(s, tau - high), e);
	yg_raw_num(t, row, 8, an_surv_shown(s, tau - low), e);
}

static struct yg_raw_table *mean_table(struct rmst_work *w, const struct an_surv *s)
{
	const char *unit = an_surv_unit(s);
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "rmst", w->parts),
	                                      an_surv_subtitle(s, N_("Restricted mean time, and time lost"), &w->arena));
	yg_raw_column(t, "tau", N_("tau"), YG_ROLE_TIME, unit);
	yg_raw_column(t, "at_risk", N_("at risk at tau"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(t, "estimate", N_("mean"), YG_ROLE_TIME, unit);
	yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, unit);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, unit);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, unit);
	yg_raw_column(t, "lost", N_("lost"), YG_ROLE_TIME, unit);
	yg_raw_column(t, "lost_lower", N_("lower"), YG_ROLE_LOWER, unit);
	yg_raw_column(t, "lost_upper", N_("upper"), YG_ROLE_UPPER, unit);
	return t;
}

static int pair_row(struct rmst_work *w, const struct an_surv *s, struct yg_raw_table *t, size_t g, double tau)
{
	const char *pair = yg_arena_printf(&w->arena, "%s vs %s", s->group_label[g], s->group_label[0]);
	int row = yg_raw_row(t, an_rmst_key(w, s, pair, tau), yg_phrase_data(&w->arena, pair), 0);
	yg_raw_num(t, row, 0, an_surv_shown(s, tau), YG_NOBODY);
	if (w->chosen)
		yg_raw_role(t, row, 0, YG_ROLE_EXTREME);
	return row;
}

static struct yg_evidence both(const struct an_surv *s, size_t g)
{
	struct yg_evidence a = an_surv_group_evidence(s, 0), b = an_surv_group_evidence(s, g);
	return (struct yg_evidence){ a.persons + b.persons, a.events + b.events, 0 };
}

static void difference_row(struct rmst_work *w, const struct an_surv *s, struct yg_raw_table *t, const struct means *m, size_t g,
                           double tau)
{
	const double *v = m->covariance;
	double d = m->mean[g] - m->mean[0], se = sqrt(fmax(v[g * s->groups + g] + v[0] - 2 * v[g], 0));
	struct yg_evidence e = both(s, g);
	int row = pair_row(w, s, t, g, tau);
	yg_raw_num(t, row, 1, an_surv_shown(s, d), e);
	yg_raw_num(t, row, 2, an_surv_shown(s, se), e);
	yg_raw_num(t, row, 3, an_surv_shown(s, d - w->critical * se), e);
	yg_raw_num(t, row, 4, an_surv_shown(s, d + w->critical * se), e);
	if (se > 0)
		yg_raw_num(t, row, 5, yg_normal_two_sided(d / se), e);
	else
		yg_raw_missing(t, row, 5, N_("no event before tau"));
}

static void ratio_row(struct rmst_work *w, const struct an_surv *s, struct yg_raw_table *t, const struct means *m, size_t g,
                      double tau, bool lost)
{
	const double *v = m->covariance;
	double top = lost ? tau - m->mean[g] : m->mean[g], below = lost ? tau - m->mean[0] : m->mean[0];
	struct yg_evidence e = both(s, g);
	int row = pair_row(w, s, t, g, tau);
	if (!(top > 0) || !(below > 0)) {
		yg_raw_missing(t, row, 1, lost ? N_("no time is lost in one of the groups") : N_("no time is left in one of the groups"));
		for (int c = 2; c < 5; c++)
			yg_raw_text(t, row, c, "");
		return;
	}
	double se = sqrt(fmax(v[g * s->groups + g] / (top * top) + v[0] / (below * below) - 2 * v[g] / (top * below), 0));
	double ratio = top / below;
	yg_raw_num(t, row, 1, ratio, e);
	yg_raw_num(t, row, 2, ratio * yg_exp(-w->critical * se), e);
	yg_raw_num(t, row, 3, ratio * yg_exp(w->critical * se), e);
	if (se > 0)
		yg_raw_num(t, row, 4, yg_normal_two_sided(yg_log(ratio) / se), e);
	else
		yg_raw_missing(t, row, 4, N_("no event before tau"));
}

static void comparisons(struct rmst_work *w, const struct an_surv *s, const struct means *all)
{
	const char *unit = an_surv_unit(s);
	if (w->differences) {
		struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "differences", w->parts),
		                                      an_surv_subtitle(s, N_("Difference of restricted means"), &w->arena));
		yg_raw_column(t, "tau", N_("tau"), YG_ROLE_TIME, unit);
		yg_raw_column(t, "estimate", N_("difference"), YG_ROLE_TIME, unit);
		yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, unit);
		yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, unit);
		yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, unit);
		yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
		for (size_t k = 0; k < w->taus; k++)
			for (size_t g = 1; g < s->groups; g++)
				difference_row(w, s, t, &all[k], g, w->tau[k]);
	}
	for (int lost = 0; w->ratios && lost < 2; lost++) {
		struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, lost ? "lost_ratios" : "ratios", w->parts),
		                                      an_surv_subtitle(s, lost ? N_("Ratio of times lost") : N_("Ratio of restricted means"), &w->arena));
		yg_raw_column(t, "tau", N_("tau"), YG_ROLE_TIME, unit);
		yg_raw_column(t, "estimate", N_("ratio"), YG_ROLE_TIME, NULL);
		yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
		yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
		yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
		for (size_t k = 0; k < w->taus; k++)
			for (size_t g = 1; g < s->groups; g++)
				ratio_row(w, s, t, &all[k], g, w->tau[k], lost);
	}
}

/* ---- figure and notes ---- */

static enum yg_status figure(struct rmst_work *w, const struct an_surv *s, struct yg_err *err)
{
	struct yg_km_options o = { YG_KM_PRODUCT, YG_KM_NELSON, YG_KM_LOG, w->conf, s->probability || s->cluster };
	struct yg_spans d = s->spans;
	struct yg_km km;
	double until = 0;
	d.stratum = NULL;
	d.strata = 1;
	YG_TRY(yg_km_fit(&d, &o, w->task, &km, err));
	for (size_t k = 0; k < w->taus; k++)
		until = fmax(until, w->tau[k]);
	struct yg_raw_figure *f = an_km_draw(w->raw, an_key(&w->arena, "rmst", w->parts),
	                                     an_surv_title(s, N_("Survival up to tau"), &w->arena), s, &km, until, w->r->open);
	yg_raw_note_num(yg_raw_figure_caption(f, N_("the restricted mean is the area under a curve up to {1}")),
	                w->chosen ? YG_ROLE_EXTREME : YG_ROLE_TIME,
	                an_surv_shown(s, until), YG_NOBODY);
	yg_km_release(&km);
	return YG_OK;
}

static void notes(struct rmst_work *w, const struct an_surv *s, bool robust)
{
	struct yg_raw_note *n;
	an_surv_notes(w->raw, s, &w->r->in);
	yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("restricted mean: area under the Kaplan-Meier curve up to tau; time lost: tau less that"));
	yg_raw_note(w->raw, YG_NOTE_CONVENTION, !robust ? N_("variance: Greenwood") :
	            s->cluster ? N_("variance: infinitesimal jackknife by cluster, with the covariance of groups that share clusters") :
	                         N_("variance: infinitesimal jackknife (robust)"));
	n = yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("{1} intervals by the normal distribution; ratios on the log scale"));
	yg_raw_note_num(n, YG_ROLE_PROPORTION, w->conf, YG_NOBODY);
	if (s->stratum)
		yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("means over the strata by their shares of everybody, taken as known"));
	if (s->competing_rows) {
		n = yg_raw_note(w->raw, YG_NOTE_WARNING,
		                N_("{1} competing events were censored: the mean is not the time free of this event in a world where they happen"));
		yg_raw_note_int(n, YG_ROLE_EVENTS, (int64_t)s->competing_rows, an_persons(s->set->persons));
	}
}

/* ---- the verb ---- */

static enum yg_status whole(struct rmst_work *w, const struct an_surv *s, struct yg_err *err)
{
	struct yg_km_options o = { YG_KM_PRODUCT, YG_KM_NELSON, YG_KM_NO_CI, w->conf, s->probability };
	size_t k = s->groups;
	double *space = yg_xcalloc(s->strata + AN_KM_VALUES * (k + k * k) + 1, sizeof *space), *share = space, *at = share + s->strata;
	struct means all[AN_KM_VALUES];
	struct yg_spans d;
	struct yg_km km = { 0 };
	int32_t *code = NULL;
	enum yg_status status = cells(s, &d, &code, share, err);
	if (status == YG_OK && d.groups > 5000)
		status = yg_fail(err, YG_REFUSED, "E-SUR-335", N_("by and strata together make more than 5,000 curves"));
	if (status == YG_OK)
		status = yg_km_fit(&d, &o, w->task, &km, err);
	if (status == YG_OK)
		status = all_filled(s, &km, share, err);
	if (status == YG_OK)
		status = choose_tau(w, s, &km, err);
	if (status == YG_OK)
		beyond_notes(w, s, &km);
	struct yg_raw_table *t = status == YG_OK ? mean_table(w, s) : NULL;
	for (size_t i = 0; status == YG_OK && i < w->taus; i++) {
		all[i] = (struct means){ at, at + k };
		at += k + k * k;
		status = group_means(w, s, &d, &km, share, w->tau[i], &all[i], err);
		for (size_t g = 0; status == YG_OK && g < k; g++)
			mean_row(w, s, t, &km, &all[i], g, w->tau[i]);
	}
	if (status == YG_OK && k > 1)
		comparisons(w, s, all);
	if (status == YG_OK && w->plan)
		status = an_rmst_adjust(w, s, err);
	if (status == YG_OK)
		status = figure(w, s, err);
	if (status == YG_OK) {
		notes(w, s, km.options.robust);
		if (w->plan)
			an_rmst_adjust_notes(w);
	}
	yg_km_release(&km);
	yg_data_free(code);
	yg_free(space);
	return status;
}

static enum yg_status rmst_part(struct rmst_work *w, const struct yg_endpoint *e, const struct yg_node *crossing,
                                struct yg_err *err)
{
	const struct yg_an_rmst *r = w->r;
	struct an_surv_request ask = { .in = &r->in, .endpoint = e, .crossing = crossing, .strata = r->strata, .cluster = r->cluster,
		                       .frequency = r->frequency, .verb = "rmst" };
	struct an_surv s;
	if (r->adjust) {
		YG_TRY(yg_design_plan(&w->arena, r->in.scope, r->adjust, &w->plan, err));
		ask.terms = yg_design_plan_variables(w->plan, &ask.term);
	}
	YG_TRY(an_surv_build(&ask, w->task, &s, err));
	s.several = r->of.count * an_crossings(r->in.by) > 1;
	enum yg_status status = an_surv_independent(&s, "rmst", err);
	if (status == YG_OK && !w->parts)
		yg_raw_title(w->raw, an_surv_title(&s, N_("Restricted mean survival time"), &w->arena));
	if (status == YG_OK)
		status = whole(w, &s, err);
	w->parts++;
	an_surv_release(&s);
	return status;
}

static enum yg_status read_options(struct rmst_work *w, struct yg_err *err)
{
	const struct yg_an_rmst *r = w->r;
	w->conf = r->in.conf > 0 ? r->in.conf : 0.95;
	if (!(w->conf < 1))
		return yg_fail(err, YG_ESYNTAX, "E-REG-005", N_("conf is a fraction between 0 and 1"));
	w->critical = yg_normal_quantile_upper((1 - w->conf) / 2);
	w->differences = !r->measure || strcmp(r->measure, "ratio");
	w->ratios = !r->measure || strcmp(r->measure, "mean");
	if (r->adjust && (!r->in.by || !r->in.by->children))
		return yg_fail(err, YG_ESYNTAX, "E-SUR-311", N_("adjust makes groups alike: add by and their column"));
	if (r->adjust && (r->strata || r->frequency))
		return yg_fail(err, YG_REFUSED, "E-SUR-333", N_("adjusted means do not honour %s"), r->strata ? "strata" : "freq");
	return YG_OK;
}

enum yg_status yg_an_rmst(const struct yg_an_rmst *request, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	struct rmst_work w = { .r = request, .task = task };
	YG_TRY(read_options(&w, err));
	yg_arena_init(&w.arena);
	w.raw = yg_raw_new("rmst", OPERATION_VERSION);
	enum yg_status s = YG_OK;
	for (size_t i = 0; s == YG_OK && i < request->of.count; i++)
		for (size_t k = 0; s == YG_OK && k < an_crossings(request->in.by); k++)
			s = rmst_part(&w, request->of.endpoint[i], an_crossing(request->in.by, k), err);
	yg_arena_release(&w.arena);
	if (s == YG_OK)
		*out = w.raw;
	else
		yg_raw_free(w.raw);
	return s;
}
