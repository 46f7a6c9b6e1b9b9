/* Accuracy when only some were verified.  See yogo/stats/diagnostic.h. */
#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/matrix.h"
#include "yogo/stats/diagnostic.h"
#include "yogo/stats/glm.h"

struct verify {
	const struct yg_verify_data *d;
	size_t p;                  /* parameters: 2 without columns, the probabilities by test themselves */
	double *prob;              /* [n] of disease */
	double *slope;             /* [n] d prob / d linear predictor; 1 without columns */
	double *score;             /* [n] of the linear predictor; 0 where not verified */
	double *inverse;           /* [p*p] */
	double *sum;               /* [clusters] of influence */
};

static double column(const struct verify *v, size_t i, size_t j)
{
	return v->d->x ? v->d->x[i * v->p + j] : v->d->test[i] == j;
}

static enum yg_status by_test(struct verify *v, struct yg_err *err)
{
	const struct yg_verify_data *d = v->d;
	double known[2] = { 0, 0 }, sick[2] = { 0, 0 }, all[2] = { 0, 0 };
	for (size_t i = 0; i < d->n; i++) {
		all[d->test[i]]++;
		known[d->test[i]] += d->y[i] < 2;
		sick[d->test[i]] += d->y[i] == 1;
	}
	for (int t = 0; t < 2; t++) {
		if (all[t] > 0 && !(known[t] > 0))
			return yg_fail(err, YG_REFUSED, "E-ACC-023", t ? N_("nobody with a positive test was verified: nothing is known of them") :
			                                                 N_("nobody with a negative test was verified: nothing is known of them"));
		v->inverse[3 * t] = known[t] > 0 ? 1 / known[t] : 0;
	}
	for (size_t i = 0; i < d->n; i++) {
		int t = d->test[i];
		v->prob[i] = sick[t] / known[t];
		v->slope[i] = 1;
		v->score[i] = d->y[i] < 2 ? d->y[i] - v->prob[i] : 0;
	}
	return YG_OK;
}

static enum yg_status by_model(struct verify *v, struct yg_task *task, struct yg_err *err)
{
	const struct yg_verify_data *d = v->d;
	size_t p = v->p, m = 0;
	for (size_t i = 0; i < d->n; i++)
		m += d->y[i] < 2;
	double *x = yg_data_alloc(m * p + 1, sizeof *x), *y = yg_data_alloc(m + 1, sizeof *y);
	struct yg_glm fit = { 0 };
	struct yg_glm_options options = { .family = YG_FAMILY_BINOMIAL, .link = YG_LINK_LOGIT };
	enum yg_status s = x && y ? YG_OK : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out in the correction for verification"));
	size_t at = 0;
	for (size_t i = 0; s == YG_OK && i < d->n; i++) {
		if (d->y[i] == 2)
			continue;
		memcpy(x + at * p, d->x + i * p, p * sizeof *x);
		y[at++] = d->y[i];
	}
	struct yg_regression data = { .n = m, .p = p, .x = x, .y = y, .intercept = 0 };
	if (s == YG_OK)
		s = yg_glm_fit(&data, &options, task, &fit, err);
	bool fitted = s == YG_OK;
	if (fitted && (fit.separated || fit.stop != YG_STOP_TOLERANCE)) {
		s = yg_fail(err, YG_REFUSED, "E-ACC-024", N_("the probability of disease cannot be estimated: among those verified the test and the columns of adjust tell some outcomes for sure"));
		yg_err_hint(err, N_("Leave columns of adjust out, or make groups of them that are larger."));
	}
	if (s == YG_OK) {
		memcpy(v->inverse, fit.inverse, p * p * sizeof(double));
		s = yg_linear_predictor(d->x, d->n, p, fit.b, NULL, task, v->prob, err);
	}
	for (size_t i = 0; s == YG_OK && i < d->n; i++) {
		v->prob[i] = yg_link_mean(YG_LINK_LOGIT, v->prob[i], &v->slope[i]);
		v->score[i] = d->y[i] < 2 ? d->y[i] - v->prob[i] : 0;
	}
	if (fitted)
		yg_glm_release(&fit);
	yg_data_free(x);
	yg_data_free(y);
	return s;
}

/* A and B of a measure A / B for one person, and what they gain with his probability. */
static void terms(enum yg_diag_kind kind, double t, double p, double *a, double *b, double *da, double *db)
{
	switch (kind) {
	case YG_DIAG_SENSITIVITY: *a = t * p; *b = p; *da = t; *db = 1; break;
	case YG_DIAG_SPECIFICITY: *a = (1 - t) * (1 - p); *b = 1 - p; *da = t - 1; *db = -1; break;
	case YG_DIAG_PPV: *a = t * p; *b = t; *da = t; *db = 0; break;
	case YG_DIAG_NPV: *a = (1 - t) * (1 - p); *b = 1 - t; *da = t - 1; *db = 0; break;
	default: *a = p; *b = 1; *da = 1; *db = 0;
	}
}

static void measure(struct verify *v, enum yg_diag_kind kind, double conf, enum yg_proportion_ci ci, struct yg_diag_measure *out)
{
	const struct yg_verify_data *d = v->d;
	double whole_a = 0, whole_b = 0, a, b, da, db, variance = 0, with = 0;
	double *gain = yg_xcalloc(2 * v->p + 1, sizeof *gain), *turn = gain + v->p;
	for (size_t i = 0; i < d->n; i++) {
		terms(kind, d->test[i], v->prob[i], &a, &b, &da, &db);
		whole_a += a;
		whole_b += b;
	}
	double r = whole_b > 0 ? whole_a / whole_b : NAN;
	for (size_t i = 0; i < d->n; i++) {
		terms(kind, d->test[i], v->prob[i], &a, &b, &da, &db);
		for (size_t j = 0; j < v->p; j++)
			gain[j] += (da - r * db) * v->slope[i] * column(v, i, j);
	}
	for (size_t j = 0; j < v->p; j++)
		for (size_t k = 0; k < v->p; k++)
			turn[j] += v->inverse[j * v->p + k] * gain[k];
	if (v->sum)
		memset(v->sum, 0, d->clusters * sizeof *v->sum);
	for (size_t i = 0; i < d->n; i++) {
		terms(kind, d->test[i], v->prob[i], &a, &b, &da, &db);
		double u = a - r * b;
		for (size_t j = 0; v->score[i] != 0 && j < v->p; j++)
			u += turn[j] * column(v, i, j) * v->score[i];
		u /= whole_b;
		if (v->sum)
			v->sum[d->cluster[i]] += u;
		else
			variance += u * u;
	}
	for (size_t c = 0; v->sum && c < d->clusters; c++)
		variance += v->sum[c] * v->sum[c];
	with = v->sum ? (double)d->clusters : (double)d->n;
	if (v->sum)
		variance *= with > 1 ? with / (with - 1) : NAN;
	double known = 0;
	for (size_t i = 0; i < d->n; i++)
		known += d->y[i] < 2;
	struct yg_interval i = yg_diag_interval(r, variance, whole_b, fmin(known, with), conf, ci);
	*out = (struct yg_diag_measure){ i.estimate, i.lower, i.upper, NAN, NAN };
	yg_free(gain);
}

enum yg_status yg_verify_correct(const struct yg_verify_data *d, double conf, enum yg_proportion_ci kind, struct yg_task *task,
                                 struct yg_diag_measure out[YG_DIAG_COUNT], struct yg_err *err)
{
	struct verify v = { .d = d, .p = d->x ? d->p : 2 };
	v.prob = yg_data_alloc(d->n + 1, sizeof(double));
	v.slope = yg_data_alloc(d->n + 1, sizeof(double));
	v.score = yg_data_alloc(d->n + 1, sizeof(double));
	v.inverse = yg_xcalloc(v.p * v.p + 1, sizeof(double));
	v.sum = d->cluster ? yg_data_alloc(d->clusters + 1, sizeof(double)) : NULL;
	enum yg_status s = v.prob && v.slope && v.score && (!d->cluster || v.sum) ? YG_OK :
		yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out in the correction for verification"));
	if (s == YG_OK)
		s = d->x ? by_model(&v, task, err) : by_test(&v, err);
	for (int k = 0; s == YG_OK && k < YG_DIAG_COUNT; k++) {
		out[k] = (struct yg_diag_measure){ NAN, NAN, NAN, NAN, NAN };
		if (k <= YG_DIAG_NPV || k == YG_DIAG_PREVALENCE)
			measure(&v, (enum yg_diag_kind)k, conf, kind, &out[k]);
	}
	yg_data_free(v.prob);
	yg_data_free(v.slope);
	yg_data_free(v.score);
	yg_data_free(v.sum);
	yg_free(v.inverse);
	return s;
}
