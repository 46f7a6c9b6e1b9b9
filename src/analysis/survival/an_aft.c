/* aft: parametric survival models, also of interval-censored endpoints. */
#include <math.h>
#include <string.h>

#include "analysis/an_model_table_priv.h"
#include "an_aft_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/text.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"

#define OPERATION_VERSION 1
#define MOST_TIMES 64u

struct aft_choice {
	bool is_spline;
	enum yg_aft_dist dist;
	enum an_aft_metric metric;
	const char *name;
};
struct aft_work {
	const struct yg_an_aft *r;
	struct yg_task *task;
	struct yg_arena arena;
	struct yg_raw *raw;
	struct yg_aft_model *model;
	struct aft_choice choice[YG_AN_AFT_DISTS];
	size_t choices;
	enum yg_rp_scale scale;
	int df;
	double conf, at[MOST_TIMES];
	size_t ats;
	bool robust, se_model, several;
	size_t fits, parts;
};

/* ---- options ---- */

static enum yg_status refuse_metric(const char *metric, const char *name, const char *why, struct yg_err *err)
{
	yg_fail(err, YG_REFUSED, "E-AFT-010", N_("metric=%s does not go with dist=%s: %s"), metric, name, _(why));
	yg_err_hint(err, N_("Leave metric out: each distribution is then shown on its own"));
	return YG_REFUSED;
}

static enum yg_status natural_metric(struct aft_work *w, struct aft_choice *c, struct yg_err *err)
{
	const char *metric = w->r->metric;
	bool ph = metric && !strcmp(metric, "ph"), aft = metric && !strcmp(metric, "aft");
	if (metric && !ph && !aft)
		return yg_fail(err, YG_ESYNTAX, "E-AFT-011", N_("metric is aft or ph, not %s"), metric);
	if (c->is_spline) {
		c->metric = w->scale == YG_RP_HAZARD ? AN_AFT_HAZARD : w->scale == YG_RP_ODDS ? AN_AFT_ODDS : AN_AFT_NONE;
		if (aft)
			return refuse_metric(metric, c->name, N_("its effects are on the hazard (or the odds), not on the time"), err);
		if (ph && w->scale != YG_RP_HAZARD)
			return refuse_metric(metric, c->name, N_("with this scale= its hazards are not proportional"), err);
		return YG_OK;
	}
	if (c->dist == YG_AFT_GOMPERTZ) {
		c->metric = AN_AFT_HAZARD;
		return aft ? refuse_metric(metric, c->name,
			N_("stretching the time would change the growth of the hazard too, which this model keeps the same for everybody"), err) : YG_OK;
	}
	c->metric = yg_aft_dist_log(c->dist) ? (ph ? AN_AFT_HAZARD : AN_AFT_TIME) : AN_AFT_NONE;
	if (ph && !yg_aft_dist_ph(c->dist))
		return refuse_metric(metric, c->name, N_("its hazards are not proportional"), err);
	return YG_OK;
}

static enum yg_status read_dists(struct aft_work *w, struct yg_err *err)
{
	const struct yg_an_aft *r = w->r;
	static const char *const standard[] = { "weibull" };
	const char *const *word = r->dists ? r->dist : standard;
	size_t n = r->dists ? r->dists : 1;
	if (n > YG_AN_AFT_DISTS)
		return yg_fail(err, YG_ESYNTAX, "E-AFT-012", N_("dist lists more than %d distributions"), YG_AN_AFT_DISTS);
	for (size_t i = 0; i < n; i++) {
		struct aft_choice *c = &w->choice[w->choices++];
		c->name = word[i];
		c->is_spline = !strcmp(word[i], "spline");
		for (size_t k = 0; k < i; k++)
			if (!strcmp(word[k], word[i]))
				return yg_fail(err, YG_ESYNTAX, "E-AFT-013", N_("dist names %s twice"), word[i]);
		if (!c->is_spline && !yg_aft_dist_parse(word[i], &c->dist))
			return yg_fail(err, YG_ESYNTAX, "E-AFT-014", N_("dist=%s is not known"), word[i]);
		if (c->is_spline && r->strata)
			return yg_fail(err, YG_REFUSED, "E-AFT-015",
				N_("dist=spline has one baseline: strata is for the other distributions; use by"));
		if (r->strata && !c->is_spline && (yg_aft_dist_scale(c->dist) > 0 || r->sigma > 0))
			return yg_fail(err, YG_REFUSED, "E-AFT-016",
				N_("strata gives each stratum a scale of its own, but dist=%s has a fixed scale here"), word[i]);
		if (r->sigma > 0 && (c->is_spline || yg_aft_dist_scale(c->dist) > 0))
			return yg_fail(err, YG_REFUSED, "E-AFT-017", N_("sigma fixes a scale that dist=%s does not have"), word[i]);
		YG_TRY(natural_metric(w, c, err));
	}
	return YG_OK;
}

static enum yg_status read_options(struct aft_work *w, struct yg_err *err)
{
	const struct yg_an_aft *r = w->r;
	w->conf = r->in.conf > 0 ? r->in.conf : 0.95;
	if (!(w->conf < 1))
		return yg_fail(err, YG_ESYNTAX, "E-REG-005", N_("conf is a fraction between 0 and 1"));
	if (r->se && strcmp(r->se, "model") && strcmp(r->se, "robust"))
		return yg_fail(err, YG_REFUSED, "E-REG-006", N_("standard errors %s are not available here"), r->se);
	w->se_model = r->se && !strcmp(r->se, "model");
	w->robust = r->se && !strcmp(r->se, "robust");
	if (r->spline && !yg_rp_scale_parse(r->spline, &w->scale))
		return yg_fail(err, YG_ESYNTAX, "E-AFT-018", N_("scale is hazard, odds or normal, not %s"), r->spline);
	if (r->df < 0 || r->sigma < 0)
		return yg_fail(err, YG_ESYNTAX, "E-AFT-019", N_("df and sigma are greater than 0"));
	w->df = r->df;
	return read_dists(w, err);
}

static enum yg_status read_times(struct aft_work *w, const struct yg_endpoint *e, struct yg_err *err)
{
	const struct yg_node *at = w->r->at;
	w->ats = at ? (at->kind == YG_NODE_GROUP ? at->children : 1) : 0;
	if (w->ats > MOST_TIMES)
		return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-SUR-015", N_("at most 64 times can be listed"));
	for (size_t k = 0; k < w->ats; k++)
		YG_TRY(an_surv_time(e, at->kind == YG_NODE_GROUP ? at->child[k] : at, &w->at[k], err));
	return YG_OK;
}

/* ---- one fit ---- */

/* Coefficients on the metric shown; hazards of a Weibull model: -b/scale, by the delta method. */
static void on_metric(struct aft_work *w, struct an_aft_fit *f)
{
	size_t p = f->rows->data.p, P = f->parameters;
	f->b = yg_arena_alloc(&w->arena, 2 * p + p * p + 1, sizeof(double));
	f->b_se = f->b + p;
	f->b_var = f->b_se + p;
	bool turned = !f->is_spline && f->metric == AN_AFT_HAZARD && f->aft.dist != YG_AFT_GOMPERTZ;
	double scale = turned ? f->aft.scale[0] : 1;
	bool estimated = turned && f->aft.scales > 0;
	for (size_t j = 0; j < p; j++) {
		f->b[j] = turned ? -f->theta[j] / scale : f->theta[j];
		for (size_t k = 0; k < p; k++) {
			double v = f->var[j * P + k];
			/* d(-b_j/s) = -1/s in b_j, b_j/s in log s */
			if (turned)
				v = (v - (estimated ? f->theta[k] * f->var[j * P + p] + f->theta[j] * f->var[k * P + p] -
				          f->theta[j] * f->theta[k] * f->var[p * P + p] : 0)) / (scale * scale);
			f->b_var[j * p + k] = v;
		}
	}
	for (size_t j = 0; j < p; j++)
		f->b_se[j] = isnan(f->se[j]) || !(f->b_var[j * p + j] > 0) ? NAN : sqrt(f->b_var[j * p + j]);
}

static void take(struct an_aft_fit *f)
{
#define TAKE(x) (f->is_spline ? f->rp.x : f->aft.x)
	f->theta = TAKE(theta);
	f->se = TAKE(se);
	f->var = TAKE(var);
	f->fault = TAKE(fault);
	f->parameters = TAKE(parameters);
	f->k = TAKE(k);
	f->rank = TAKE(rank);
	f->loglik = TAKE(loglik);
	f->loglik_null = TAKE(loglik_null);
	f->lrt = TAKE(lrt);
	f->lrt_df = TAKE(lrt_df);
	f->aic = TAKE(aic);
	f->iterations = TAKE(iterations);
	f->robust = TAKE(robust);
	f->stop = TAKE(stop);
	double n = f->rows->s->frequency ? TAKE(n_weighted) : (double)TAKE(n);
#undef TAKE
	f->bic = -2 * f->loglik + yg_log(n) * (double)f->k;
}

static enum yg_status no_spread(const struct an_aft_fit *f, struct yg_err *err)
{
	yg_fail(err, YG_REFUSED, "E-AFT-021",
	        N_("%s, dist=%s: the model meets the times without any error, so its scale goes to 0 and there is nothing to estimate"),
	        f->rows->s->label, f->name);
	yg_err_hint(err, N_("Look at the times with describe: are they all the same? Or does a term repeat the time?"));
	return YG_REFUSED;
}

static enum yg_status fit_choice(struct aft_work *w, const struct aft_choice *c, struct an_aft_rows *rows,
                                 struct an_aft_fit *f,
                                 struct yg_err *err)
{
	struct yg_aft_data d;
	bool robust = !w->se_model && (w->robust || rows->s->probability);
	YG_TRY(an_aft_rows_data(rows, c->is_spline || yg_aft_dist_log(c->dist) || c->dist == YG_AFT_GOMPERTZ, c->is_spline, &d, err));
	f->rows = rows;
	f->is_spline = c->is_spline;
	f->metric = c->metric;
	f->conf = w->conf;
	f->critical = yg_normal_quantile(0.5 + w->conf / 2);
	f->name = c->name;
	if (c->is_spline) {
		static const char *const scale[] = { "hazard", "odds", "normal" };
		struct yg_rp_options o = { .scale = w->scale, .df = w->df ? w->df : 3, .robust = robust,
		                           .repeats = f->rows->s->frequency };
		f->name = yg_arena_printf(&w->arena, "spline (df %d, %s)", o.df, scale[o.scale]);
		YG_TRY(yg_rp_fit(&d, &o, w->task, &f->rp, err));
	} else {
		struct yg_aft_options o = { .dist = c->dist, .scale = w->r->sigma, .df = w->df, .robust = robust };
		YG_TRY(yg_aft_fit(&d, &o, w->task, &f->aft, err));
	}
	take(f);
	if (f->stop == YG_AFT_NO_SPREAD)
		return no_spread(f, err);
	on_metric(w, f);
	return YG_OK;
}

static void fit_release(struct an_aft_fit *f)
{
	if (f->is_spline)
		yg_rp_release(&f->rp);
	else
		yg_aft_release(&f->aft);
}

/* ---- all distributions on one set of rows ---- */

static enum yg_status write_fits(struct aft_work *w, struct an_aft_rows *rows, struct an_aft_fit *fit,
                                 const char *formula, bool notes,
                                 struct yg_err *err)
{
	struct an_aft_fit *order[YG_AN_AFT_DISTS], *best = NULL;
	for (size_t i = 0; i < w->choices; i++) {
		size_t k = i;
		for (; k > 0 && !(order[k - 1]->aic <= fit[i].aic); k--)
			order[k] = order[k - 1];
		order[k] = &fit[i];
	}
	for (size_t i = 0; i < w->choices && !best; i++)
		best = an_aft_usable(order[i]) ? order[i] : NULL;
	if (w->choices > 1)
		an_aft_compare(w->raw, order, w->choices, w->parts, &w->arena);
	for (size_t i = 0; i < w->choices; i++) {
		fit[i].several = w->several;
		fit[i].open = w->r->open;
		fit[i].formula = formula;
		an_aft_tables(w->raw, &fit[i], w->fits++, w->at, w->ats, &w->arena);
		if (notes && i == 0)
			an_surv_notes(w->raw, rows->s, &w->r->in);
		an_aft_notes(w->raw, &fit[i], i == 0);
		yg_raw_model(w->raw, (int64_t)rows->s->event_persons, (int64_t)fit[i].k);
	}
	if (best)
		YG_TRY(an_aft_figures(w->raw, best, w->parts, w->task, &w->arena, err));
	w->parts++;
	return YG_OK;
}

static enum yg_status fit_part(struct aft_work *w, struct an_surv *s, const struct yg_design_plan *plan,
                               const char *formula, const char *level,
                               bool notes, struct yg_err *err)
{
	struct an_aft_rows rows = { 0 };
	struct an_aft_fit fit[YG_AN_AFT_DISTS];
	size_t made = 0;
	memset(fit, 0, sizeof fit);
	if (!s->event_rows)
		return yg_fail(err, YG_REFUSED, "E-SUR-033", N_("nobody has the event \"%s\"%s%s: there is nothing to model"),
		               s->cause < s->endpoint->states ? s->endpoint->state[s->cause] : s->label, level ?
		               N_(" among ") : "", level ? level : "");
	YG_TRY(an_surv_independent(s, "aft", err));
	enum yg_status status = an_aft_rows_make(&rows, s, plan, w->r->strata, w->se_model, w->task, &w->arena, err);
	for (; status == YG_OK && made < w->choices; made++) {
		fit[made].level = level;
		status = fit_choice(w, &w->choice[made], &rows, &fit[made], err);
	}
	if (status == YG_OK)
		status = write_fits(w, &rows, fit, formula, notes, err);
	for (size_t i = 0; i < made; i++) {
		if (status == YG_OK)
			an_aft_keep(w->model, &fit[i], w->r->strata);
		else
			fit_release(&fit[i]);
	}
	an_aft_rows_release(&rows);
	return status;
}

/* Who had the event by time 0 was never at risk of it: left out, and said. */
static enum yg_status one_part(struct aft_work *w, const struct an_surv_request *ask, struct an_surv *s,
                               const struct yg_design_plan *plan,
                               const char *formula, const char *level, bool notes, struct yg_err *err)
{
	size_t n = s->set->n, had = 0;
	struct an_surv rest;
	struct yg_raw_note *note;
	if (!s->endpoint->interval_censored)
		return fit_part(w, s, plan, formula, level, notes, err);
	/* L is no entry: nobody came late. */
	s->spans.entry = NULL;
	for (size_t i = 0; i < n; i++)
		had += s->set->exit[i] <= 0;
	if (!had)
		return fit_part(w, s, plan, formula, level, notes, err);
	uint8_t *keep_row = yg_data_alloc(n + 1, 1);
	if (!keep_row)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while rows were chosen"));
	for (size_t i = 0; i < n; i++)
		keep_row[i] = s->set->exit[i] > 0;
	enum yg_status status = had < n ? an_surv_subset(s, ask, keep_row, &rest, err) :
		yg_fail(err, YG_REFUSED, "E-AFT-027", N_("everybody had the event by time 0 already: there is no time to model"));
	yg_data_free(keep_row);
	YG_TRY(status);
	rest.spans.entry = NULL;
	rest.several = s->several;
	note = yg_raw_note(w->raw, YG_NOTE_WARNING,
		N_("{1} had the event by time 0 already and were left out: the model is of the time of those who had not"));
	yg_raw_note_int(note, YG_ROLE_PERSONS, (int64_t)had, an_part(had, s->set->persons));
	status = fit_part(w, &rest, plan, formula, level, notes, err);
	an_surv_release(&rest);
	return status;
}

/* ---- by ---- */

static enum yg_status in_levels(struct aft_work *w, const struct an_surv_request *ask, struct an_surv *s,
                                const struct yg_design_plan *plan,
                                const char *formula, struct yg_err *err)
{
	struct an_surv_levels l = { .whole = s, .ask = ask };
	enum yg_status status = YG_OK;

	while (an_surv_next_level(&l, &status, err))
		if (!l.part.event_rows)
			an_surv_empty_level(w->raw, s->by_title, l.level);
		else
			status = one_part(w, ask, &l.part, plan, formula, yg_arena_printf(&w->arena, "%s: %s", s->by_title, l.level),
			                  w->fits == 0, err);
	return status;
}

static enum yg_status one_model(struct aft_work *w, const struct yg_endpoint *e, const struct yg_node *model,
                                struct yg_err *err)
{
	const struct yg_an_aft *r = w->r;
	struct yg_design_plan *plan;
	struct yg_scope scope = *r->in.scope;
	scope.table = e->table;
	YG_TRY(yg_design_plan(&w->arena, &scope, model, &plan, err));
	const char *formula = an_formula(&w->arena, model);
	YG_TRY(read_times(w, e, err));
	for (size_t k = 0; k < an_crossings(r->in.by); k++) {
		const struct yg_node *crossing = an_crossing(r->in.by, k);
		struct an_surv_request ask = { .in = &r->in, .endpoint = e, .crossing = crossing, .strata = r->strata,
			.cluster = r->cluster,
			                       .frequency = r->frequency, .cause = r->cause, .verb = "aft", .robust = w->robust,
			                       .intervals = true };
		struct an_surv s;
		ask.terms = yg_design_plan_variables(plan, &ask.term);
		YG_TRY(an_surv_build(&ask, w->task, &s, err));
		s.several = w->several;
		enum yg_status status = crossing ? in_levels(w, &ask, &s, plan, formula, err) : one_part(w, &ask, &s, plan,
			formula, NULL, w->fits == 0, err);
		an_surv_release(&s);
		YG_TRY(status);
	}
	return YG_OK;
}

enum yg_status yg_an_aft(const struct yg_an_aft *request, struct yg_task *task, struct yg_raw **out,
                         struct yg_aft_model **model,
                         struct yg_err *err)
{
	struct aft_work w = { .r = request, .task = task };
	YG_TRY(read_options(&w, err));
	w.several = request->of.count * request->formula->children * w.choices > 1 || request->in.by;
	yg_arena_init(&w.arena);
	w.raw = yg_raw_new("aft", OPERATION_VERSION);
	w.model = yg_xcalloc(1, sizeof *w.model);
	enum yg_status s = YG_OK;
	for (size_t i = 0; s == YG_OK && i < request->of.count; i++) {
		const struct yg_endpoint *e = request->of.endpoint[i];
		if (i == 0)
			an_title(w.raw, N_("Parametric survival model: %s"), request->cause ? request->cause : e->label && *e->label ?
				e->label : e->name);
		for (uint32_t k = 0; s == YG_OK && k < request->formula->children; k++)
			s = one_model(&w, e, request->formula->child[k], err);
	}
	if (s == YG_OK && !w.model->fits)
		s = yg_fail(err, YG_REFUSED, "E-SUR-034", N_("no level of by has events: no model was fitted"));
	yg_arena_release(&w.arena);
	if (s == YG_OK && model) {
		*model = w.model;
		w.model = NULL;
	}
	yg_aft_model_free(w.model);
	if (s == YG_OK)
		*out = w.raw;
	else
		yg_raw_free(w.raw);
	return s;
}
