/* A parametric survival model kept for prediction. */
#include <math.h>
#include <string.h>

#include "analysis/survival/an_aft_priv.h"
#include "an_model_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"

#define HALF 0.5

/* A light copy owns its fit; otherwise the result that keeps the model does. */
struct aft_prediction {
	struct yg_prediction_model model;
	bool is_spline, own;
	struct yg_aft aft;
	struct yg_rp rp;
};

static const struct aft_prediction *of(const struct yg_prediction_model *m)
{
	return (const struct aft_prediction *)m;
}

static int stratum_of(const struct an_applied *a, size_t i)
{
	return a->stratum ? a->stratum[i] : 0;
}

static enum yg_status risk(const struct yg_prediction_model *m, const struct an_applied *a, double t, double *out,
                           struct yg_err *err)
{
	const struct aft_prediction *k = of(m);
	(void)err;
	for (size_t i = 0; i < a->n; i++)
		out[i] = 1 - (k->is_spline ? yg_rp_survival_at(&k->rp, a->lp[i], t) :
		                             yg_aft_survival_at(&k->aft, a->lp[i], stratum_of(a, i), t));
	return YG_OK;
}

/* Limits on the scale of log(-log S), as of a Cox model's curve. */
static void point(const struct yg_prediction_model *m, const double *x0, double offset0, size_t stratum, double t,
                  double conf, struct an_point *out)
{
	const struct aft_prediction *k = of(m);
	struct yg_aft_value v;
	if (k->is_spline)
		yg_rp_survival(&k->rp, x0, offset0, t, &v);
	else
		yg_aft_survival(&k->aft, x0, offset0, (int)stratum, t, &v);
	double hazard = v.value > 0 ? -yg_log(v.value) : INFINITY;
	*out = (struct an_point){ 1 - v.value, 1 - v.value, 1 - v.value, hazard, 0 };
	if (!(hazard > 0) || isnan(v.log_se))
		return;
	double factor = yg_exp(yg_normal_quantile(0.5 + conf / 2) * v.log_se);
	out->hazard_se = v.log_se * hazard;
	out->lower = -yg_expm1(-hazard / factor);
	out->upper = -yg_expm1(-hazard * factor);
}

/* Models of the time itself may have negative times: limits of the others are made for the logarithm. */
static bool positive(const struct aft_prediction *k)
{
	return k->is_spline || yg_aft_dist_log(k->aft.dist) || k->aft.dist == YG_AFT_GOMPERTZ;
}

static void time_point(const struct yg_prediction_model *m, const double *x0, double offset0, size_t stratum, bool mean,
                       double conf, struct an_point *out)
{
	const struct aft_prediction *k = of(m);
	double z = yg_normal_quantile(0.5 + conf / 2);
	struct yg_aft_value v;
	if (mean)
		yg_aft_mean(&k->aft, x0, offset0, (int)stratum, &v);
	else if (k->is_spline)
		yg_rp_quantile(&k->rp, x0, offset0, HALF, &v);
	else
		yg_aft_quantile(&k->aft, x0, offset0, (int)stratum, HALF, &v);
	*out = (struct an_point){ v.value, NAN, NAN, NAN, NAN };
	if (positive(k) && !isnan(v.log_se)) {
		out->lower = v.value * yg_exp(-z * v.log_se);
		out->upper = v.value * yg_exp(z * v.log_se);
	} else if (!positive(k) && !isnan(v.se)) {
		out->lower = v.value - z * v.se;
		out->upper = v.value + z * v.se;
	}
}

static double of_one(const struct aft_prediction *k, double eta, int stratum, bool mean)
{
	if (mean)
		return yg_aft_mean_at(&k->aft, eta, stratum);
	return k->is_spline ? yg_rp_quantile_at(&k->rp, eta, HALF) : yg_aft_quantile_at(&k->aft, eta, stratum, HALF);
}

static enum yg_status times(const struct yg_prediction_model *m, const struct an_applied *a, bool mean, double *out,
                            struct yg_err *err)
{
	const struct aft_prediction *k = of(m);
	size_t strata = m->baseline.strata ? m->baseline.strata : 1;
	bool shifts = !k->is_spline && k->aft.dist != YG_AFT_GOMPERTZ, log_time = !k->is_spline && yg_aft_dist_log(k->aft.dist);
	double *base = yg_xcalloc(strata + 1, sizeof *base);
	(void)err;
	/* In models of location and scale eta only moves the (log) time: one number a stratum is enough. */
	for (size_t s = 0; shifts && s < strata; s++)
		base[s] = of_one(k, 0, (int)s, mean);
	for (size_t i = 0; i < a->n; i++) {
		int s = stratum_of(a, i);
		out[i] = !shifts ? of_one(k, a->lp[i], s, mean) : log_time ? base[s] * yg_exp(a->lp[i]) : base[s] + a->lp[i];
	}
	yg_free(base);
	return YG_OK;
}

/* ---- fitted again ---- */

static enum yg_status fit_again(const struct aft_prediction *k, const struct yg_aft_data *d, const double *knots,
                                struct yg_task *task, struct aft_prediction *out, struct yg_err *err)
{
	const struct yg_aft *f = &k->aft;
	if (k->is_spline) {
		struct yg_rp_options o = { .scale = k->rp.scale, .df = k->rp.df, .no_null = true, .knots = knots };
		return yg_rp_fit(d, &o, task, &out->rp, err);
	}
	bool fixed = !f->scales && !(yg_aft_dist_scale(f->dist) > 0) && f->dist != YG_AFT_GOMPERTZ;
	struct yg_aft_options o = { .dist = f->dist, .scale = fixed ? f->scale[0] : 0, .df = f->df, .no_null = true };
	return yg_aft_fit(d, &o, task, &out->aft, err);
}

static void release(struct yg_prediction_model *m)
{
	struct aft_prediction *k = (struct aft_prediction *)m;
	if (!k->own)
		return;
	if (k->is_spline)
		yg_rp_release(&k->rp);
	else
		yg_aft_release(&k->aft);
}

static enum yg_status refit(const struct yg_prediction_model *m, const struct an_applied *a, const uint32_t *row, size_t rows,
                            struct yg_task *task, struct yg_prediction_model **out, struct yg_err *err)
{
	struct an_drawn d;
	struct aft_prediction *l = yg_xalloc(1, sizeof *l);
	*l = *of(m);
	*out = NULL;
	enum yg_status s = an_draw(m, a, row, rows, &d, err);
	if (s != YG_OK) {
		yg_free(l);
		return s;
	}
	bool ones = m->p && !strcmp(yg_design_frozen_key(m->design, 0), "(Intercept)");
	struct yg_aft_data data = { .n = rows, .p = m->p, .x = d.x, .intercept = ones ? 0 : SIZE_MAX, .offset = d.offset, .time = d.exit,
		                    .event = d.event, .stratum = d.stratum, .strata = d.stratum ? m->baseline.strata : 1 };
	s = fit_again(of(m), &data, NULL, task, l, err);
	if (s != YG_OK) {
		an_drawn_release(&d);
		yg_free(l);
		return s;
	}
	l->own = true;
	l->model.light = true;
	l->model.own_design = d.design != NULL;
	l->model.design = d.design ? d.design : m->design;
	d.design = NULL;
	l->model.b = yg_xalloc(m->p + 1, sizeof *l->model.b);
	memcpy(l->model.b, l->is_spline ? l->rp.theta : l->aft.theta, m->p * sizeof *l->model.b);
	if ((l->is_spline ? l->rp.stop : l->aft.stop) == YG_AFT_CONVERGED)
		*out = &l->model;
	else
		an_model_light_free(&l->model);
	an_drawn_release(&d);
	return YG_OK;
}

static enum yg_status slope(const struct yg_prediction_model *m, const struct an_applied *a, const struct yg_spans *spans,
                            struct yg_task *task, double *b, double *se, struct yg_err *err)
{
	const struct aft_prediction *k = of(m);
	struct aft_prediction own = { .is_spline = k->is_spline, .own = true };
	double *x = yg_data_alloc(2 * a->n + 1, sizeof *x);
	*b = *se = NAN;
	if (!x)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while predictions were compared with outcomes"));
	for (size_t i = 0; i < a->n; i++) {
		x[2 * i] = 1;
		x[2 * i + 1] = a->lp[i];
	}
	struct yg_aft_data d = { .n = a->n, .p = 2, .x = x, .intercept = 0, .time = spans->exit, .event = spans->event,
		                 .entry = spans->entry, .stratum = a->stratum, .strata = a->stratum ? m->baseline.strata : 1 };
	struct yg_err why = { 0 };
	enum yg_status s = fit_again(k, &d, k->is_spline ? k->rp.knot : NULL, task, &own, &why);
	if (s == YG_OK) {
		bool fine = (own.is_spline ? own.rp.stop : own.aft.stop) == YG_AFT_CONVERGED &&
		            (own.is_spline ? own.rp.fault : own.aft.fault)[1] == YG_AFT_FINE;
		if (fine) {
			*b = (own.is_spline ? own.rp.theta : own.aft.theta)[1];
			*se = (own.is_spline ? own.rp.se : own.aft.se)[1];
		}
		release(&own.model);
	} else if (s == YG_REFUSED) {
		/* These outcomes bear no such model (an event at time 0, nobody with the event): no slope. */
		s = YG_OK;
	} else if (err) {
		*err = why;
	}
	yg_data_free(x);
	return s;
}

static const struct an_model_kind kind = { "aft", risk, point, refit, times, time_point, slope, release };

/* ---- kept ---- */

/* Labels of the strata with scales of their own: levels joined by ", ". */
static void keep_strata(struct yg_prediction_model *m, const struct an_aft_fit *f, const struct yg_node *node)
{
	const struct an_aft_rows *rows = f->rows;
	const struct an_surv *s = rows->s;
	size_t factors = rows->stratum ? node->children : 0;
	m->baseline.strata = rows->stratum ? rows->data.strata : 1;
	if (!factors)
		return;
	m->stratas = factors;
	m->strata = yg_arena_alloc(&m->arena, factors + 1, sizeof *m->strata);
	for (size_t k = 0; k < factors; k++)
		m->strata[k] = yg_node_copy(&m->arena, node->child[k]);
	m->stratum = yg_arena_alloc(&m->arena, m->baseline.strata + 1, sizeof *m->stratum);
	for (size_t i = 0; i < rows->data.n; i++) {
		const char **label = &m->stratum[rows->stratum[i]];
		struct yg_buf text = YG_BUF_INIT;
		if (*label)
			continue;
		for (size_t k = 0; k < factors; k++) {
			const struct yg_set_column *c = &s->set->column[s->by_at + s->bys + k];
			yg_buf_addf(&text, k ? ", %s" : "%s", c->level_name[c->level[i]]);
		}
		*label = yg_arena_strdup(&m->arena, text.data);
		yg_buf_release(&text);
	}
}

static void limits_of_the_fit(struct aft_prediction *k, const struct an_aft_fit *f)
{
	struct yg_prediction_model *m = &k->model;
	const struct an_surv *s = f->rows->s;
	if (f->stop == YG_AFT_INFINITE)
		m->refused = N_("a coefficient runs to infinity");
	else if (f->stop != YG_AFT_CONVERGED)
		m->refused = N_("it did not converge");
	if (s->endpoint->interval_censored)
		m->no_refit = N_("its times are known between visits only");
	else if (s->weight)
		m->no_refit = N_("it is weighted");
	if (s->endpoint->states > 2)
		m->no_baseline = N_("it is a model of one of several causes, whose hazard alone gives no risk; use finegray or cuminc");
	if (k->is_spline)
		m->no_mean = N_("the mean of a spline model rests on the curve beyond the last event; ask for type=time, the median");
	for (size_t g = 0; !k->is_spline && !m->refused && g < m->baseline.strata; g++)
		if (!isfinite(yg_aft_mean_at(&k->aft, 0, (int)g)))
			m->no_mean = k->aft.dist == YG_AFT_GOMPERTZ ?
				N_("by this model some never have the event, so the mean is infinite; ask for type=time, the median") :
				N_("the tail of its distribution is so heavy that the mean is infinite; ask for type=time, the median");
}

struct yg_prediction_model *an_model_of_aft(const struct an_aft_fit *f, const struct yg_node *strata)
{
	const struct an_aft_rows *rows = f->rows;
	const struct an_surv *s = rows->s;
	const struct yg_endpoint *e = s->endpoint;
	size_t p = rows->data.p;
	double *v = yg_xcalloc(p * p + 1, sizeof *v);
	for (size_t i = 0; i < p; i++)
		for (size_t j = 0; j < p; j++)
			v[i * p + j] = f->var[i * f->parameters + j];
	struct yg_prediction_model *m = an_model_begin(sizeof(struct aft_prediction), &kind, e->states > 2 ? e->state[s->cause] : s->label,
	                                               f->formula, f->level, p, f->theta, v);
	struct aft_prediction *k = (struct aft_prediction *)m;
	yg_free(v);
	k->is_spline = f->is_spline;
	k->aft = f->aft;
	k->rp = f->rp;
	m->design = yg_design_freeze(rows->plan, rows->design, s->set, s->terms_at);
	m->rank = f->rank;
	m->persons = (int64_t)s->set->persons;
	m->events = (int64_t)s->event_persons;
	m->rows = an_rows_hash(s->set, s->set->exit, s->event);
	m->conf = f->conf;
	m->of_time = true;
	m->outcome_name = yg_arena_strdup(&m->arena, e->name);
	m->time_unit = yg_arena_strdup(&m->arena, e->time_unit ? e->time_unit : "");
	m->unit = yg_arena_strdup(&m->arena, s->unit);
	m->divisor = s->divisor;
	m->late = rows->data.entry != NULL;
	m->longer = !f->is_spline && f->aft.dist != YG_AFT_GOMPERTZ;
	m->one_scale = true;
	m->last = rows->last;
	keep_strata(m, f, strata);
	limits_of_the_fit(k, f);
	return m;
}

enum yg_status yg_aft_prediction(const struct yg_aft_model *m, const char *name, const struct yg_prediction_model **out,
                                 struct yg_err *err)
{
	*out = m->fits == 1 ? m->fit[0].prediction : NULL;
	if (*out)
		return YG_OK;
	yg_fail(err, YG_REFUSED, "E-PRE-021", N_("%s holds several models: which of them?"), name);
	yg_err_hint(err, N_("Fit the one that is meant in a statement of its own, with one distribution, without by and without commas in the formula."));
	return YG_REFUSED;
}
