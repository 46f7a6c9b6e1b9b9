/* What stays of a Fine-Gray fit: a model that predicts incidences for other rows. */
#include <math.h>
#include <string.h>

#include "an_finegray_priv.h"
#include "analysis/prediction/an_model_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"

struct yg_finegray_model {
	struct yg_prediction_model **fit;
	size_t fits, cap;
	size_t overall;               /* place of the fit of everybody, where there are subgroups */
	bool has_overall;
};

/* The model as the verbs know it, and what its limits are made of (in the model's arena). */
struct fg_prediction {
	struct yg_prediction_model model;
	struct yg_finegray fit;
};

static double hazard_at(const struct yg_prediction_model *m, double t)
{
	size_t j = yg_cox_baseline_find(&m->baseline, 0, t);

	return j == SIZE_MAX ? 0 : m->baseline.hazard[j];
}

static enum yg_status risk(const struct yg_prediction_model *m, const struct an_applied *a, double t, double *out, struct yg_err *err)
{
	double h = hazard_at(m, t);

	(void)err;
	for (size_t i = 0; i < a->n; i++)
		out[i] = -yg_expm1(-h * yg_exp(a->lp[i]));
	return YG_OK;
}

/* Limits on the scale of log(-log(1 - incidence)). */
static void point(const struct yg_prediction_model *m, const double *x0, double offset0, size_t stratum, double t, double conf,
                  struct an_point *out)
{
	const struct yg_finegray *f = &((const struct fg_prediction *)m)->fit;
	double lp = offset0, se;

	(void)stratum;
	for (size_t j = 0; j < m->p; j++)
		lp += x0[j] * m->b[j];
	out->hazard = hazard_at(m, t) * yg_exp(lp);
	out->estimate = -yg_expm1(-out->hazard);
	out->hazard_se = out->lower = out->upper = NAN;
	se = yg_finegray_log_hazard_se(f, x0, t);
	if (!(out->hazard > 0) || isnan(se))
		return;
	double factor = yg_exp(yg_normal_quantile_upper((1 - conf) / 2) * se);
	out->hazard_se = se * out->hazard;
	out->lower = -yg_expm1(-out->hazard / factor);
	out->upper = -yg_expm1(-out->hazard * factor);
}

static const struct an_model_kind kind = { .verb = "finegray", .risk = risk, .point = point };

static double *copy(struct yg_arena *arena, const double *from, size_t n)
{
	double *to = from ? yg_arena_alloc(arena, n + 1, sizeof *to) : NULL;

	if (to)
		memcpy(to, from, n * sizeof *to);
	return to;
}

static void keep_fit(struct fg_prediction *k, const struct yg_finegray *f)
{
	struct yg_arena *a = &k->model.arena;

	k->fit = (struct yg_finegray){ .p = f->p, .times = f->times, .var = copy(a, f->var, f->p * f->p), .time = copy(a, f->time, f->times),
	                               .hazard = copy(a, f->hazard, f->times), .square = copy(a, f->square, f->times),
	                               .cross = copy(a, f->cross, f->times * f->p), .shift = copy(a, f->shift, f->times * f->p) };
}

static enum yg_status keep_baseline(struct yg_prediction_model *m, const struct yg_finegray *f, struct yg_err *err)
{
	struct yg_cox_baseline *b = &m->baseline;
	const size_t count = f->times;
	double *v = yg_data_calloc(3 * count + f->p + 4, sizeof *v);

	if (!v)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was kept"));
	*b = (struct yg_cox_baseline){ .m = count, .p = f->p, .strata = 1, .space = v, .time = v, .hazard = v + count,
	                               .square = v + 2 * count, .centre = v + 3 * count };
	b->start = (size_t *)(v + 3 * count + f->p);
	b->start[1] = count;
	memcpy(b->time, f->time, count * sizeof *v);
	memcpy(b->hazard, f->hazard, count * sizeof *v);
	return YG_OK;
}

enum yg_status an_fg_keep(struct yg_finegray_model *model, const struct an_fg_fit *f, bool overall, struct yg_err *err)
{
	const struct an_surv *s = f->s;
	const struct yg_endpoint *e = s->endpoint;
	const size_t p = f->fit.p;
	struct fg_prediction *k = yg_xcalloc(1, sizeof *k);
	struct yg_prediction_model *m = &k->model;

	yg_arena_init(&m->arena);
	keep_fit(k, &f->fit);
	m->kind = &kind;
	m->outcome = yg_arena_strdup(&m->arena, e->state[s->cause]);
	m->formula = yg_arena_strdup(&m->arena, f->formula);
	m->group = f->group ? yg_arena_strdup(&m->arena, f->group) : NULL;
	m->p = p;
	m->rank = (size_t)f->fit.rank;
	m->b = yg_arena_alloc(&m->arena, p + 1, sizeof *m->b);
	m->v = yg_arena_alloc(&m->arena, p * p + 1, sizeof *m->v);
	memcpy(m->b, f->fit.beta, p * sizeof *m->b);
	memcpy(m->v, f->fit.var, p * p * sizeof *m->v);
	m->design = yg_design_freeze(f->plan, f->design, s->set, s->terms_at);
	m->persons = (int64_t)s->set->persons;
	m->events = (int64_t)s->event_persons;
	m->rows = an_rows_hash(s->set, s->set->exit, s->event);
	m->conf = f->conf;
	m->df = INFINITY;
	m->of_time = true;
	m->time_unit = yg_arena_strdup(&m->arena, e->time_unit ? e->time_unit : "");
	m->unit = yg_arena_strdup(&m->arena, s->unit);
	m->divisor = s->divisor;
	m->late = f->data.entry != NULL;
	for (size_t j = 0; j < p; j++)
		if (an_fg_why_not(f, (int)j) && !f->fit.dropped[j])
			m->refused = N_("a coefficient runs to infinity");
	if (f->fit.stop != YG_STOP_TOLERANCE)
		m->refused = N_("it did not converge");
	YG_GROW(model->fit, model->fits, model->cap);
	if (overall) {
		model->overall = model->fits;
		model->has_overall = true;
	}
	model->fit[model->fits++] = m;
	return keep_baseline(m, &f->fit, err);
}

struct yg_finegray_model *yg_finegray_model_new(void)
{
	return yg_xcalloc(1, sizeof(struct yg_finegray_model));
}

size_t yg_finegray_model_fits(const struct yg_finegray_model *m)
{
	return m->fits;
}

void yg_finegray_model_free(struct yg_finegray_model *m)
{
	if (!m)
		return;
	for (size_t k = 0; k < m->fits; k++)
		an_model_free(m->fit[k]);
	yg_free(m->fit);
	yg_free(m);
}

enum yg_status yg_finegray_prediction(const struct yg_finegray_model *m, const char *name, const struct yg_prediction_model **out,
                                      struct yg_err *err)
{
	if (!m->has_overall && m->fits != 1) {
		yg_fail(err, YG_REFUSED, "E-SUR-360", N_("%s holds %zu models; which one is to predict?"), name, m->fits);
		yg_err_hint(err, N_("Fit one model in a statement of its own."));
		return YG_REFUSED;
	}
	*out = m->fit[m->has_overall ? m->overall : 0];
	return YG_OK;
}
