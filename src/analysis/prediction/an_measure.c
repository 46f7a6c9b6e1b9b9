/* Measures of predictions: see an_measure_priv.h. */
#include "an_measure_priv.h"

#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/concordance.h"

#define STEPS 40   /* of the integrated Brier score */

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while predictions were compared with outcomes"));
}

enum yg_status an_sample_open(struct an_sample *s, bool at_times, struct yg_task *task, struct yg_err *err)
{
	s->weighted = false;
	if (!s->spans.exit || s->spans.entry)
		return YG_OK;
	if (at_times)
		YG_TRY(yg_ipcw_open(&s->spans, task, &s->ipcw, err));
	s->weighted = true;
	return YG_OK;
}

void an_sample_release(struct an_sample *s)
{
	if (s->weighted)
		yg_ipcw_release(&s->ipcw);
	s->weighted = false;
}

static void add(struct an_measure *out, size_t *n, enum an_measure_kind kind, size_t at)
{
	out[(*n)++] = (struct an_measure){ kind, at, NAN, NAN, NAN, NAN };
}

size_t an_measure_list(const struct an_measures *q, struct an_measure *out)
{
	size_t n = 0;
	if (q->calibration) {
		add(out, &n, AN_M_OE, 0);
		if (!q->of_time)
			add(out, &n, AN_M_INTERCEPT, 0);
		add(out, &n, AN_M_SLOPE, 0);
	} else if (q->of_time) {
		add(out, &n, AN_M_C, 0);
		add(out, &n, AN_M_D, 0);
		add(out, &n, AN_M_UNO, 0);
		add(out, &n, AN_M_SLOPE, 0);
		for (size_t k = 0; k < q->times; k++) {
			add(out, &n, AN_M_AUC, k);
			add(out, &n, AN_M_BRIER, k);
			add(out, &n, AN_M_IPA, k);
			add(out, &n, AN_M_OE, k);
		}
		if (q->times)
			add(out, &n, AN_M_IBS, 0);
	} else if (q->binary) {
		add(out, &n, AN_M_AUC, 0);
		add(out, &n, AN_M_D, 0);
		add(out, &n, AN_M_BRIER, 0);
		add(out, &n, AN_M_IPA, 0);
		add(out, &n, AN_M_OE, 0);
		add(out, &n, AN_M_INTERCEPT, 0);
		add(out, &n, AN_M_SLOPE, 0);
	} else {
		add(out, &n, AN_M_R2, 0);
		add(out, &n, AN_M_RMSE, 0);
		add(out, &n, AN_M_INTERCEPT, 0);
		add(out, &n, AN_M_SLOPE, 0);
	}
	return n;
}

static void set(const struct an_measures *q, struct an_measure *m, double value, double se)
{
	m->value = value;
	m->se = se;
	m->lower = value - q->critical * se;
	m->upper = value + q->critical * se;
}

static void clip(struct an_measure *m, double low, double high)
{
	m->lower = m->lower < low ? low : m->lower;
	m->upper = m->upper > high ? high : m->upper;
}

static struct an_measure *find(struct an_measure *list, enum an_measure_kind kind, size_t at)
{
	while (list->kind != kind || list->at != at)
		list++;
	return list;
}

/* ---- with time ---- */

static enum yg_status concordance(const struct an_measures *q, const struct an_sample *s, const struct an_applied *a,
                                  double *influence, struct yg_task *task, struct an_measure *out, struct yg_err *err)
{
	bool reverse = !a->model->longer;
	const struct yg_concordance_options o[] = { { YG_CONCORDANCE_N, reverse, NAN }, { YG_CONCORDANCE_N_G2, reverse, q->tau } };
	struct yg_spans d = s->spans;
	struct yg_concordance r[2];
	struct an_measure *m = find(out, AN_M_C, 0), *somers = find(out, AN_M_D, 0), *uno = find(out, AN_M_UNO, 0);
	d.stratum = an_applied_apart(a);
	d.strata = d.stratum ? a->model->baseline.strata : 1;
	YG_TRY(yg_concordance_fits(&d, a->lp, o, s->weighted ? 2 : 1, task, r, influence, err));
	set(q, m, r[0].c, r[0].se);
	clip(m, 0, 1);
	set(q, somers, 2 * r[0].c - 1, 2 * r[0].se);
	clip(somers, -1, 1);
	if (!s->weighted)
		return YG_OK;
	set(q, uno, r[1].c, r[1].se);
	clip(uno, 0, 1);
	return YG_OK;
}

/* The outcome on the linear predictor alone. */
static enum yg_status slope(const struct an_measures *q, const struct an_sample *s, const struct an_applied *a,
                                struct yg_task *task, struct an_measure *out, struct yg_err *err)
{
	struct yg_cox_data d = { .spans = s->spans, .x = a->lp, .p = 1 };
	struct yg_cox_options o = { .ties = a->model->ties == YG_COX_BRESLOW ? YG_COX_BRESLOW : YG_COX_EFRON, .max_iterations = -1 };
	struct yg_cox fit;
	if (a->model->kind->slope) {
		double b, se;
		YG_TRY(a->model->kind->slope(a->model, a, &s->spans, task, &b, &se, err));
		if (!isnan(b))
			set(q, find(out, AN_M_SLOPE, 0), b, se);
		return YG_OK;
	}
	d.spans.stratum = a->stratum;
	d.spans.strata = a->stratum ? a->model->baseline.strata : 1;
	/* A slope of 1 is what the model claims, and where the fit of its own rows ends. */
	const double one = 1;
	o.init = &one;
	YG_TRY(yg_cox_fit(&d, &o, task, &fit, err));
	if (fit.stop != YG_COX_CONVERGED) {
		yg_cox_release(&fit);
		o.init = NULL;
		YG_TRY(yg_cox_fit(&d, &o, task, &fit, err));
	}
	if (fit.stop == YG_COX_CONVERGED && fit.fault[0] == YG_COX_FINE)
		set(q, find(out, AN_M_SLOPE, 0), fit.beta[0], fit.se[0]);
	yg_cox_release(&fit);
	return YG_OK;
}

static double mean_of(const double *v, size_t n)
{
	double sum = 0, block = 0;
	for (size_t i = 0; i < n; i++) {
		block += v[i];
		if (i % 4096 == 4095 || i + 1 == n) {
			sum += block;
			block = 0;
		}
	}
	return sum / (double)n;
}

/* Observed by Kaplan-Meier over expected. */
static void observed_expected(const struct an_measures *q, const struct yg_km_point *km, double expected, struct an_measure *m)
{
	double observed = 1 - km->surv;
	if (!(expected > 0) || !(observed > 0) || km->beyond)
		return;
	double se = km->se / observed;
	m->value = observed / expected;
	m->se = m->value * se;
	m->lower = m->value * yg_exp(-q->critical * se);
	m->upper = m->value * yg_exp(q->critical * se);
}

static enum yg_status at_time(const struct an_measures *q, const struct an_sample *s, const struct an_applied *a, size_t k,
                              const struct yg_km *km, double *risk, struct yg_task *task, struct an_measure *out, struct yg_err *err)
{
	struct yg_ipcw_score score, null;
	struct yg_km_point p;
	yg_km_at(&km->curve[0], q->time[k], &p);
	YG_TRY(a->model->kind->risk(a->model, a, q->time[k], risk, err));
	observed_expected(q, &p, mean_of(risk, s->n), find(out, AN_M_OE, k));
	if (!s->weighted || q->calibration)
		return YG_OK;
	YG_TRY(yg_ipcw_score(&s->ipcw, risk, q->time[k], true, task, &score, err));
	set(q, find(out, AN_M_AUC, k), score.auc, score.auc_se);
	clip(find(out, AN_M_AUC, k), 0, 1);
	set(q, find(out, AN_M_BRIER, k), score.brier, score.brier_se);
	clip(find(out, AN_M_BRIER, k), 0, 1);
	for (size_t i = 0; i < s->n; i++)
		risk[i] = 1 - p.surv;
	YG_TRY(yg_ipcw_score(&s->ipcw, risk, q->time[k], false, task, &null, err));
	if (null.brier > 0)
		find(out, AN_M_IPA, k)->value = 1 - score.brier / null.brier;
	return YG_OK;
}

/* The mean of the Brier score over (0, last], by the trapezium rule. */
static enum yg_status integrated(const struct an_measures *q, const struct an_sample *s, const struct an_applied *a,
                                 double *risk, struct yg_task *task, struct an_measure *out, struct yg_err *err)
{
	double last = 0, sum = 0;
	for (size_t k = 0; k < q->times; k++)
		last = fmax(last, q->time[k]);
	for (int i = 1; i <= STEPS; i++) {
		struct yg_ipcw_score score;
		double t = last * i / STEPS;
		YG_TRY(a->model->kind->risk(a->model, a, t, risk, err));
		YG_TRY(yg_ipcw_score(&s->ipcw, risk, t, false, task, &score, err));
		sum += (i == STEPS ? 0.5 : 1) * score.brier;
	}
	find(out, AN_M_IBS, 0)->value = sum / STEPS;
	return YG_OK;
}

static enum yg_status with_time(const struct an_measures *q, const struct an_sample *s, const struct an_applied *a,
                                double *influence, struct yg_task *task, struct an_measure *out, struct yg_err *err)
{
	struct yg_km km = { 0 };
	struct yg_km_options o = { .ci = YG_KM_NO_CI, .conf = 0.95 };
	struct yg_spans d = s->spans;
	if (!q->calibration)
		YG_TRY(concordance(q, s, a, influence, task, out, err));
	YG_TRY(slope(q, s, a, task, out, err));
	if (!q->times || a->model->no_baseline)
		return YG_OK;
	d.stratum = NULL;
	double *risk = yg_data_alloc(s->n + 1, sizeof *risk);
	enum yg_status status = risk ? yg_km_fit(&d, &o, task, &km, err) : no_memory(err);
	for (size_t k = 0; status == YG_OK && k < q->times; k++)
		status = at_time(q, s, a, k, &km, risk, task, out, err);
	if (status == YG_OK && s->weighted && !q->calibration)
		status = integrated(q, s, a, risk, task, out, err);
	yg_km_release(&km);
	yg_data_free(risk);
	return status;
}

/* ---- without time ---- */

/* The outcome on a + b lp, and with the slope held at 1 (lp as offset). */
static enum yg_status recalibrate(const struct an_measures *q, const struct an_sample *s, const struct an_applied *a,
                                  struct yg_task *task, struct an_measure *out, struct yg_err *err)
{
	const struct yg_prediction_model *m = a->model;
	double *x = yg_data_alloc(2 * s->n + 1, sizeof *x);
	if (!x)
		return no_memory(err);
	for (size_t i = 0; i < s->n; i++) {
		x[2 * i] = 1;
		x[2 * i + 1] = a->lp[i];
	}
	struct yg_glm_options o = { .family = m->family, .link = m->link, .theta = m->theta };
	struct yg_regression d = { .n = s->n, .p = 2, .x = x, .y = s->y, .intercept = 0 };
	struct yg_glm fit;
	enum yg_status status = yg_glm_fit(&d, &o, task, &fit, err);
	if (status == YG_OK) {
		if (fit.stop == YG_STOP_TOLERANCE && !fit.separated && !fit.dropped[1])
			set(q, find(out, AN_M_SLOPE, 0), fit.b[1], sqrt(fit.covariance[3]));
		yg_glm_release(&fit);
		for (size_t i = 0; i < s->n; i++)
			x[i] = 1;
		d.p = 1;
		d.offset = a->lp;
		status = yg_glm_fit(&d, &o, task, &fit, err);
	}
	if (status == YG_OK) {
		if (fit.stop == YG_STOP_TOLERANCE && !fit.separated)
			set(q, find(out, AN_M_INTERCEPT, 0),
			    fabs(fit.b[0]) < 1e-8 * sqrt(fit.covariance[0]) ? 0 : fit.b[0], sqrt(fit.covariance[0]));
		yg_glm_release(&fit);
	}
	yg_data_free(x);
	return status;
}

static void share_over_expected(const struct an_measures *q, const struct an_sample *s, const double *risk, struct an_measure *oe)
{
	double n = (double)s->n, events = mean_of(s->y, s->n), expected = mean_of(risk, s->n);
	if (!(events > 0) || !(expected > 0))
		return;
	double relative = sqrt((1 - events) / (n * events));
	oe->value = events / expected;
	oe->se = oe->value * relative;
	oe->lower = oe->value * yg_exp(-q->critical * relative);
	oe->upper = oe->value * yg_exp(q->critical * relative);
}

static enum yg_status yes_or_no(const struct an_measures *q, const struct an_sample *s, const double *risk,
                                struct yg_task *task, struct an_measure *out, struct yg_err *err)
{
	double auc, se, n = (double)s->n, brier = 0, square = 0, events = mean_of(s->y, s->n);
	struct an_measure *m = find(out, AN_M_AUC, 0), *somers = find(out, AN_M_D, 0);
	YG_TRY(yg_prediction_auc(s->event, risk, s->n, task, &auc, &se, err));
	set(q, m, auc, se);
	clip(m, 0, 1);
	set(q, somers, 2 * auc - 1, 2 * se);
	clip(somers, -1, 1);
	for (size_t i = 0; i < s->n; i++)
		brier += (s->y[i] - risk[i]) * (s->y[i] - risk[i]) / n;
	for (size_t i = 0; i < s->n; i++) {
		double r = (s->y[i] - risk[i]) * (s->y[i] - risk[i]) - brier;
		square += r * r;
	}
	set(q, find(out, AN_M_BRIER, 0), brier, n > 1 ? sqrt(square / (n - 1) / n) : NAN);
	clip(find(out, AN_M_BRIER, 0), 0, 1);
	if (events > 0 && events < 1)
		find(out, AN_M_IPA, 0)->value = 1 - brier / (events * (1 - events));
	share_over_expected(q, s, risk, find(out, AN_M_OE, 0));
	return YG_OK;
}

static enum yg_status without_time(const struct an_measures *q, const struct an_sample *s, const struct an_applied *a,
                                   struct yg_task *task, struct an_measure *out, struct yg_err *err)
{
	double *risk = yg_data_alloc(s->n + 1, sizeof *risk);
	enum yg_status status = risk ? a->model->kind->risk(a->model, a, 0, risk, err) : no_memory(err);
	if (status == YG_OK && q->calibration)
		share_over_expected(q, s, risk, find(out, AN_M_OE, 0));
	else if (status == YG_OK && q->binary)
		status = yes_or_no(q, s, risk, task, out, err);
	else if (status == YG_OK) {
		double mean = mean_of(s->y, s->n), rest = 0, all = 0;
		for (size_t i = 0; i < s->n; i++) {
			rest += (s->y[i] - risk[i]) * (s->y[i] - risk[i]);
			all += (s->y[i] - mean) * (s->y[i] - mean);
		}
		if (all > 0)
			find(out, AN_M_R2, 0)->value = 1 - rest / all;
		find(out, AN_M_RMSE, 0)->value = sqrt(rest / (double)s->n);
	}
	if (status == YG_OK)
		status = recalibrate(q, s, a, task, out, err);
	yg_data_free(risk);
	return status;
}

enum yg_status an_measure_fill(const struct an_measures *q, const struct an_sample *s, const struct an_applied *a,
                               double *influence, struct yg_task *task, struct an_measure *out, struct yg_err *err)
{
	return q->of_time ? with_time(q, s, a, influence, task, out, err) : without_time(q, s, a, task, out, err);
}
