/* Models kept for prediction: what a Cox model and a regression leave behind. */
#include "an_model_priv.h"

#include <math.h>
#include <string.h>

#include "yogo/base/hash.h"
#include "yogo/base/i18n.h"
#include "yogo/base/pool.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"

#define MOST_STRATA 1000u
#define HASH_BYTES 32768u
#define SHIFT_NUMBERS 8000000u   /* event times times columns kept for standard errors of curves */

struct hashing {
	const unsigned char *bytes;
	size_t n;
	uint64_t *part;
};

static enum yg_status hash_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct hashing *h = context;
	size_t first = block * HASH_BYTES, n = h->n - first < HASH_BYTES ? h->n - first : HASH_BYTES;
	(void)worker;
	(void)err;
	h->part[block] = yg_hash64(h->bytes + first, n);
	return YG_OK;
}

uint64_t an_hash(struct yg_task *task, uint64_t h, const void *bytes, size_t n)
{
	size_t blocks = bytes ? (n + HASH_BYTES - 1) / HASH_BYTES : 0;
	struct hashing hashing = { bytes, n, yg_xcalloc(blocks + 1, sizeof(uint64_t)) };
	hashing.part[blocks] = h;
	if (yg_pool_run(task, blocks, hash_block, &hashing, NULL) != YG_OK)     /* cancelled: blocks are left out */
		(void)!yg_pool_run(NULL, blocks, hash_block, &hashing, NULL);
	h = yg_hash64(hashing.part, (blocks + 1) * sizeof(uint64_t));
	yg_free(hashing.part);
	return h;
}

uint64_t an_rows_hash_on(struct yg_task *task, const struct yg_set *set, const double *outcome, const uint8_t *event)
{
	uint64_t h = an_hash(task, 0, set->row, set->n * sizeof *set->row);
	h = an_hash(task, h, outcome, set->n * sizeof *outcome);
	return an_hash(task, h, event, set->n);
}

uint64_t an_rows_hash(const struct yg_set *set, const double *outcome, const uint8_t *event)
{
	return an_rows_hash_on(NULL, set, outcome, event);
}

struct yg_prediction_model *an_model_begin(size_t size, const struct an_model_kind *kind, const char *outcome, const char *formula,
                                           const char *group, size_t p, const double *b, const double *v)
{
	struct yg_prediction_model *m = yg_xcalloc(1, size);
	yg_arena_init(&m->arena);
	m->kind = kind;
	m->outcome = yg_arena_strdup(&m->arena, outcome);
	m->formula = yg_arena_strdup(&m->arena, formula);
	m->group = group ? yg_arena_strdup(&m->arena, group) : NULL;
	m->p = p;
	m->b = yg_arena_alloc(&m->arena, p + 1, sizeof *m->b);
	memcpy(m->b, b, p * sizeof *b);
	if (v) {
		m->v = yg_arena_alloc(&m->arena, p * p + 1, sizeof *m->v);
		memcpy(m->v, v, p * p * sizeof *v);
	}
	m->df = INFINITY;
	return m;
}

void an_model_free(struct yg_prediction_model *m)
{
	if (!m)
		return;
	if (m->kind->release)
		m->kind->release(m);
	yg_design_frozen_free(m->design);
	yg_cox_baseline_release(&m->baseline);
	yg_arena_release(&m->arena);
	yg_free(m);
}

void an_model_light_free(struct yg_prediction_model *m)
{
	if (!m)
		return;
	if (m->kind->release)
		m->kind->release(m);
	if (m->own_design)
		yg_design_frozen_free(m->design);
	yg_cox_baseline_release(&m->baseline);
	yg_free(m->b);
	yg_free(m);
}

static struct yg_prediction_model *light(const struct yg_prediction_model *from, const double *b)
{
	struct yg_prediction_model *m = yg_xalloc(1, sizeof *m);
	*m = *from;
	m->light = true;
	m->own_design = false;
	memset(&m->baseline, 0, sizeof m->baseline);
	m->b = yg_xalloc(m->p + 1, sizeof *m->b);
	memcpy(m->b, b, m->p * sizeof *b);
	return m;
}

bool yg_prediction_of_time(const struct yg_prediction_model *m)
{
	return m->of_time;
}

const char *yg_prediction_outcome(const struct yg_prediction_model *m, const char **event)
{
	*event = m->event;
	return m->outcome_name;
}

/* ---- cox ---- */

void an_model_strata(struct yg_prediction_model *m, const struct an_surv *s, const struct yg_node *node)
{
	size_t factors = node ? node->children : 0;
	if (!factors)
		return;
	m->stratas = factors;
	m->strata = yg_arena_alloc(&m->arena, factors + 1, sizeof *m->strata);
	for (size_t k = 0; k < factors; k++)
		m->strata[k] = yg_node_copy(&m->arena, node->child[k]);
	if (s->strata > MOST_STRATA) {
		m->no_baseline = N_("it has more than 1,000 strata");
		return;
	}
	m->stratum = yg_arena_alloc(&m->arena, s->strata + 1, sizeof *m->stratum);
	for (size_t c = 0; c < s->strata; c++) {
		struct yg_buf text = YG_BUF_INIT;
		size_t wide = s->strata, rest = c;
		for (size_t k = 0; k < factors; k++) {
			const struct yg_set_column *column = &s->set->column[s->by_at + s->bys + k];
			wide /= (size_t)column->levels;
			yg_buf_addf(&text, k ? ", %s" : "%s", column->level_name[rest / wide]);
			rest %= wide;
		}
		m->stratum[c] = yg_arena_strdup(&m->arena, text.data);
		yg_buf_release(&text);
	}
}

struct yg_prediction_model *an_model_of_cox(const struct an_cox_fit *f)
{
	const struct an_surv *s = f->s;
	const struct yg_endpoint *e = s->endpoint;
	struct yg_prediction_model *m = an_model_begin(sizeof *m, &an_model_cox, e->states > 2 ? e->state[s->cause] : s->label, f->formula,
	                                               f->group, f->data.p, f->fit.beta, f->fit.var);
	m->design = yg_design_freeze(f->plan, f->design, s->set, s->terms_at);
	m->rank = (size_t)f->fit.rank;
	m->persons = (int64_t)s->set->persons;
	m->events = (int64_t)s->event_persons;
	m->rows = an_rows_hash(s->set, s->set->exit, s->event);
	m->conf = f->conf;
	m->of_time = true;
	m->outcome_name = yg_arena_strdup(&m->arena, e->name);
	m->time_unit = yg_arena_strdup(&m->arena, e->time_unit ? e->time_unit : "");
	m->unit = yg_arena_strdup(&m->arena, s->unit);
	m->divisor = s->divisor;
	m->ties = f->fit.ties;
	m->late = f->data.spans.entry != NULL;
	for (size_t j = 0; j < m->p; j++)
		if (f->fit.fault[j] == YG_COX_INFINITE)
			m->refused = N_("a coefficient runs to infinity");
	if (f->fit.firth)
		m->no_refit = N_("it has Firth's penalty");
	else if (s->weight)
		m->no_refit = N_("it is weighted");
	if (f->fit.stop == YG_COX_ITERATIONS)
		m->refused = N_("it did not converge");
	an_model_strata(m, s, f->strata_node);
	if (f->fit.ties == YG_COX_DISCRETE || f->fit.ties == YG_COX_MARGINAL)
		m->no_baseline = N_("this rule for ties has no baseline hazard; fit it with ties=efron");
	else if (e->states > 2)
		m->no_baseline = N_("it is a model of one of several causes, whose hazard alone gives no risk; use finegray or cuminc");
	return m;
}

void an_model_baseline(struct yg_prediction_model *m, const struct yg_cox_data *d, const struct yg_cox *fit, bool intervals,
                       struct yg_task *task)
{
	if (m->baseline.space || m->no_baseline || m->refused)
		return;
	if (yg_cox_baseline_fit(d, fit, intervals ? SHIFT_NUMBERS : 0, task, &m->baseline, NULL) != YG_OK)
		m->no_baseline = N_("memory ran out when its baseline hazard was made");
}

static double centre_of(const struct yg_prediction_model *m)
{
	double sum = m->baseline.offset;
	for (size_t a = 0; a < m->p; a++)
		sum += m->baseline.centre[a] * m->b[a];
	return sum;
}

static enum yg_status cox_risk(const struct yg_prediction_model *m, const struct an_applied *a, double t, double *out,
                               struct yg_err *err)
{
	const struct yg_cox_baseline *b = &m->baseline;
	double centre = centre_of(m);
	double *hazard = yg_xcalloc(b->strata + 1, sizeof *hazard);
	(void)err;
	for (size_t k = 0; k < b->strata; k++) {
		size_t j = yg_cox_baseline_find(b, k, t);
		hazard[k] = j == SIZE_MAX ? 0 : b->hazard[j];
	}
	for (size_t i = 0; i < a->n; i++)
		out[i] = -yg_expm1(-hazard[a->stratum ? a->stratum[i] : 0] * yg_exp(a->lp[i] - centre));
	yg_free(hazard);
	return YG_OK;
}

static void cox_point(const struct yg_prediction_model *m, const double *x0, double offset0, size_t stratum, double t,
                      double conf, struct an_point *out)
{
	double lower, upper, surv;
	out->hazard = yg_cox_baseline_hazard(&m->baseline, stratum, t, x0, offset0, m->b, m->v, &out->hazard_se);
	surv = yg_exp(-out->hazard);
	out->estimate = 1 - surv;
	out->lower = out->upper = NAN;
	if (isnan(out->hazard_se))
		return;
	yg_km_limits(surv, surv * out->hazard_se, YG_KM_LOGLOG, conf, &lower, &upper);
	if (!(out->hazard > 0))
		lower = upper = surv;
	out->lower = 1 - upper;
	out->upper = 1 - lower;
}

/* ---- rows drawn with repeats, as data of a fit ---- */

void an_drawn_release(struct an_drawn *d)
{
	yg_design_frozen_free(d->design);
	yg_data_free(d->exit);
	yg_data_free(d->x);
	yg_data_free(d->offset);
	yg_data_free(d->event);
	yg_data_free(d->stratum);
}

static enum yg_status draw(const struct an_applied *a, const double *x, const uint32_t *row, size_t rows, struct an_drawn *d,
                           struct yg_err *err)
{
	size_t p = a->model->p;
	const double *exit = a->rows->has_surv ? a->rows->set->exit : a->rows->y;
	d->exit = yg_data_alloc(rows + 1, sizeof(double));
	d->x = yg_data_alloc(rows + 1, (p + 1) * sizeof(double));
	d->event = yg_data_alloc(rows + 1, 1);
	if (a->offset)
		d->offset = yg_data_alloc(rows + 1, sizeof(double));
	if (a->stratum)
		d->stratum = yg_data_alloc(rows + 1, sizeof(int32_t));
	if (!d->exit || !d->x || !d->event || (a->offset && !d->offset) || (a->stratum && !d->stratum))
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out in the bootstrap"));
	for (size_t i = 0; i < rows; i++) {
		size_t from = row[i];
		d->exit[i] = exit[from];
		d->event[i] = a->rows->event ? a->rows->event[from] : 0;
		memcpy(d->x + i * p, x + from * p, p * sizeof *x);
		if (d->offset)
			d->offset[i] = a->offset[from];
		if (d->stratum)
			d->stratum[i] = a->stratum[from];
	}
	return YG_OK;
}

/* Knots of the rows drawn, and the columns of all rows under them; *x is the given one where nothing changed. */
static enum yg_status columns_again(const struct yg_prediction_model *m, const struct an_applied *a, const uint32_t *row,
                                    size_t rows, struct yg_design_frozen **design, double **made, const double **x,
                                    struct yg_err *err)
{
	bool changed;
	double *offset = NULL;
	*made = NULL;
	*x = a->x;
	YG_TRY(yg_design_knots_again(m->design, a->rows->set, a->first_variable, row, rows, &changed, design, err));
	if (!changed)
		return YG_OK;
	enum yg_status s = yg_design_apply(NULL, *design, a->rows->set, a->first_variable, made, &offset, err);
	yg_data_free(offset);
	*x = *made;
	return s;
}

enum yg_status an_draw(const struct yg_prediction_model *m, const struct an_applied *a, const uint32_t *row, size_t rows,
                       struct an_drawn *out, struct yg_err *err)
{
	double *made = NULL;
	const double *x;
	*out = (struct an_drawn){ 0 };
	enum yg_status s = columns_again(m, a, row, rows, &out->design, &made, &x, err);
	if (s == YG_OK)
		s = draw(a, x, row, rows, out, err);
	yg_data_free(made);
	if (s != YG_OK) {
		an_drawn_release(out);
		*out = (struct an_drawn){ 0 };
	}
	return s;
}

static void take_design(struct yg_prediction_model *m, struct an_drawn *d)
{
	if (!d->design)
		return;
	m->design = d->design;
	m->own_design = true;
	d->design = NULL;
}

static enum yg_status cox_refit(const struct yg_prediction_model *m, const struct an_applied *a, const uint32_t *row,
                                size_t rows, struct yg_task *task, struct yg_prediction_model **out, struct yg_err *err)
{
	struct an_drawn d;
	struct yg_cox fit = { 0 };
	YG_TRY(an_draw(m, a, row, rows, &d, err));
	struct yg_cox_data data = { .spans = { .n = rows, .exit = d.exit, .event = d.event, .stratum = d.stratum,
		                               .strata = m->baseline.strata }, .x = d.x, .p = m->p, .offset = d.offset };
	struct yg_cox_options options = { .ties = m->ties, .max_iterations = -1 };
	enum yg_status s = yg_cox_fit(&data, &options, task, &fit, err);
	if (s == YG_OK && fit.stop != YG_COX_CONVERGED) {
		yg_cox_release(&fit);
		*out = NULL;
	} else if (s == YG_OK) {
		struct yg_prediction_model *l = light(m, fit.beta);
		take_design(l, &d);
		s = yg_cox_baseline_fit(&data, &fit, 0, task, &l->baseline, err);
		yg_cox_release(&fit);
		*out = l;
		if (s != YG_OK)
			an_model_light_free(l);
	}
	an_drawn_release(&d);
	return s;
}

const struct an_model_kind an_model_cox = { .verb = "cox", .risk = cox_risk, .point = cox_point, .refit = cox_refit };

/* ---- regression ---- */

struct yg_prediction_model *an_model_of_regression(const struct an_fit *f)
{
	size_t p = (size_t)f->design->p;
	struct yg_prediction_model *m = an_model_begin(sizeof *m, &an_model_glm, f->outcome, f->formula, f->group, p, f->b, f->covariance);
	m->design = yg_design_freeze(f->plan, f->design, f->set, f->terms_at);
	m->rank = f->rank;
	m->persons = f->persons;
	m->events = f->events;
	m->rows = f->rows;
	m->conf = 0.95;
	m->outcome_name = m->outcome;
	m->event = f->event ? yg_arena_strdup(&m->arena, f->event) : NULL;
	m->family = f->is_linear ? YG_FAMILY_GAUSSIAN : f->options.family;
	m->link = f->is_linear ? YG_LINK_IDENTITY : f->options.link;
	m->theta = f->is_linear ? 0 : f->options.theta;
	m->df = f->df;
	m->binary = f->binary_outcome;
	if (f->weight)
		m->no_refit = N_("it is weighted");
	if (!f->is_linear && f->glm.separated)
		m->refused = N_("a coefficient runs to infinity");
	return m;
}

static enum yg_status glm_risk(const struct yg_prediction_model *m, const struct an_applied *a, double t, double *out,
                               struct yg_err *err)
{
	(void)t;
	(void)err;
	for (size_t i = 0; i < a->n; i++)
		out[i] = yg_link_mean(m->link, a->lp[i], NULL);
	return YG_OK;
}

static void glm_point(const struct yg_prediction_model *m, const double *x0, double offset0, size_t stratum, double t,
                      double conf, struct an_point *out)
{
	double eta = offset0, se = m->v ? sqrt(yg_quadratic_form(x0, m->v, m->p)) : NAN;
	double critical = isfinite(m->df) ? yg_t_quantile(0.5 + conf / 2, m->df) : yg_normal_quantile(0.5 + conf / 2);
	(void)stratum;
	(void)t;
	for (size_t a = 0; a < m->p; a++)
		eta += x0[a] * m->b[a];
	double low = yg_link_mean(m->link, eta - critical * se, NULL), high = yg_link_mean(m->link, eta + critical * se, NULL);
	/* fmin and fmax of NaN with a number would be the number. */
	*out = (struct an_point){ yg_link_mean(m->link, eta, NULL), m->v ? fmin(low, high) : NAN, m->v ? fmax(low, high) : NAN, NAN, NAN };
}

static enum yg_status glm_refit(const struct yg_prediction_model *m, const struct an_applied *a, const uint32_t *row,
                                size_t rows, struct yg_task *task, struct yg_prediction_model **out, struct yg_err *err)
{
	struct an_drawn d;
	struct yg_glm fit = { 0 };
	YG_TRY(an_draw(m, a, row, rows, &d, err));
	bool ones = m->p && !strcmp(yg_design_frozen_key(m->design, 0), "(Intercept)");
	struct yg_regression data = { .n = rows, .p = m->p, .x = d.x, .y = d.exit, .offset = d.offset, .intercept = ones ? 0 : -1 };
	struct yg_glm_options options = { .family = m->family, .link = m->link, .theta = m->theta };
	enum yg_status s = yg_glm_fit(&data, &options, task, &fit, err);
	if (s == YG_OK) {
		bool fine = fit.stop == YG_STOP_TOLERANCE && !fit.separated;
		*out = fine ? light(m, fit.b) : NULL;
		if (fine)
			take_design(*out, &d);
		yg_glm_release(&fit);
	}
	an_drawn_release(&d);
	return s;
}

const struct an_model_kind an_model_glm = { .verb = "regression", .risk = glm_risk, .point = glm_point, .refit = glm_refit };
