/*
 * Fisher scoring of a generalised linear model: one blocked pass over the rows an iteration.
 *
 * Columns are shifted to be nearly centred where there is an intercept, which keeps the cross products well conditioned
 * (years, dates) and is undone at the end.
 */
#include "yogo/stats/glm.h"

#include <math.h>
#include <string.h>

#include "glm_priv.h"

#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"

#define FAR_SE 100.0          /* a standard error this large, per SD of the column, is no estimate */
#define BORDER 1e-7

static enum yg_status evaluate(void *context, const double *b, double *objective, double *score, double *information,
                               struct yg_err *err)
{
	struct yg_glm_work *f = context;
	size_t p = f->d->p;
	YG_TRY(yg_pass_run(&f->pass, b, f->task, information, score, f->sums, err));
	*objective = f->sums[1] > 0 ? NAN : -f->sums[0] / 2;
	if (!f->have_column) {
		int c = f->d->intercept;
		double total = c >= 0 ? information[(size_t)c * p + (size_t)c] : f->weight_sum;
		for (size_t i = 0; i < p; i++)
			f->column[i] = sqrt(information[i * p + i] / total);
		f->have_column = true;
		memcpy(f->first, information, p * p * sizeof(double));
		(void)!yg_cholesky(f->first, p, YG_CHOLESKY_TOLERANCE, f->dependent);
	}
	for (size_t j = 0; j < p && f->options->fixed; j++)
		if (f->options->fixed[j]) {
			score[j] = 0;
			for (size_t k = 0; k < p; k++)
				information[j * p + k] = information[k * p + j] = 0;
		}
	return YG_OK;
}

/* ---- start and finish ---- */

static enum yg_status null_deviance(struct yg_glm_work *f, struct yg_glm *m, double eta0, struct yg_err *err)
{
	const struct yg_regression *d = f->d;
	if (d->intercept >= 0 && isnan(eta0)) {
		double *ones = yg_data_alloc(d->n, sizeof(double));
		if (!ones)
			return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was fitted");
		for (size_t i = 0; i < d->n; i++)
			ones[i] = 1;
		struct yg_regression alone = *d;
		struct yg_glm_options options = *f->options;
		struct yg_glm null = { 0 };
		alone.x = ones;
		alone.packed = NULL;
		alone.p = 1;
		alone.intercept = -1;            /* its own null model is not wanted */
		options.start = NULL;
		options.fixed = NULL;
		options.brief = true;
		enum yg_status s = yg_glm_fit(&alone, &options, f->task, &null, err);
		m->null_deviance = s == YG_OK ? null.deviance : NAN;
		if (s == YG_OK)
			yg_glm_release(&null);
		yg_data_free(ones);
		return s;
	}
	m->null_deviance = d->intercept >= 0 ? yg_glm_null_closed(f, eta0) : NAN;
	if (!isnan(m->null_deviance))
		return YG_OK;
	struct yg_pass pass = { .n = d->n, .offset = d->offset, .fn = yg_glm_null_rows, .context = f };
	double sums[YG_PASS_SUMS];
	f->constant = d->intercept >= 0 ? eta0 : 0;
	YG_TRY(yg_pass_run(&pass, NULL, f->task, NULL, NULL, sums, err));
	m->null_deviance = sums[1] > 0 ? INFINITY : sums[0];
	return YG_OK;
}

/* Coefficients without bound: fitted means on the border together with standard errors beyond all reason. */
static enum yg_status diagnose(struct yg_glm_work *f, struct yg_glm *m, struct yg_err *err)
{
	const struct yg_regression *d = f->d;
	bool suspect = m->stop != YG_STOP_TOLERANCE;
	if (m->family != YG_FAMILY_BINOMIAL && m->family != YG_FAMILY_POISSON && m->family != YG_FAMILY_NEGATIVE_BINOMIAL)
		return YG_OK;
	for (size_t j = 0; j < m->p; j++) {
		/* Where the outcome is separated the weights vanish, and with them a column that was good at the start. */
		m->diverging[j] = !f->dependent[j] && (int)j != d->intercept &&
		                  (m->dropped[j] || sqrt(m->inverse[j * m->p + j]) * f->column[j] > FAR_SE);
		suspect |= m->diverging[j];
	}
	if (!suspect)
		return YG_OK;
	double *mean = yg_data_alloc(d->n, sizeof(double));
	if (!mean)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was fitted");
	struct yg_glm_rows rows = { .mean = mean };
	enum yg_status s = yg_glm_rows(d, m, f->task, &rows, err);
	for (size_t i = 0; s == YG_OK && i < d->n; i++)
		m->border += mean[i] < BORDER || (m->family == YG_FAMILY_BINOMIAL && 1 - mean[i] < BORDER);
	yg_data_free(mean);
	for (size_t j = 0; j < m->p; j++) {
		m->diverging[j] = m->diverging[j] && m->border > 0;
		m->separated |= m->diverging[j];
	}
	return s;
}

static void summarise(const struct yg_glm_work *f, struct yg_glm *m)
{
	double n = (double)m->n, k = (double)m->rank;
	bool own = m->family == YG_FAMILY_GAUSSIAN || m->family == YG_FAMILY_GAMMA || m->family == YG_FAMILY_INVERSE_GAUSSIAN;
	m->df_residual = n - k;
	m->df_null = n - (f->d->intercept >= 0 ? 1 : 0);
	m->dispersion_estimated = own || f->options->quasi;
	m->dispersion = m->dispersion_estimated ? (m->df_residual > 0 ? m->pearson / m->df_residual : NAN) : 1;
	for (size_t i = 0; i < m->p * m->p; i++)
		m->covariance[i] = m->dispersion * m->inverse[i];
	if (f->options->quasi)
		m->loglik = NAN;
	double parameters = k + (own || m->family == YG_FAMILY_NEGATIVE_BINOMIAL ? 1 : 0);
	m->aic = -2 * m->loglik + 2 * parameters;
	m->bic = -2 * m->loglik + yg_log(n) * parameters;
}

static enum yg_status loglik(struct yg_glm_work *f, struct yg_glm *m, struct yg_err *err)
{
	if (f->options->quasi)
		return YG_OK;
	if (f->fast == YG_GLM_LOGIT) {
		m->loglik = -m->deviance / 2;
		return YG_OK;
	}
	if (f->fast == YG_GLM_POISSON || f->fast == YG_GLM_NEGBIN) {
		m->loglik = f->counts[3] - m->deviance / 2;
		return YG_OK;
	}
	double *mean = yg_data_alloc(f->d->n, sizeof(double));
	if (!mean)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was fitted");
	struct yg_glm_rows rows = { .mean = mean };
	enum yg_status s = yg_glm_rows(f->d, m, f->task, &rows, err);
	if (s == YG_OK)
		m->loglik = yg_glm_loglik(f->d, m, mean);
	yg_data_free(mean);
	return s;
}

static enum yg_status solve(struct yg_glm_work *f, struct yg_glm *m, double *space, struct yg_err *err)
{
	const struct yg_regression *d = f->d;
	size_t p = d->p;
	double *information = space, *score = information + p * p, eta0 = yg_glm_null_eta(f);
	struct yg_newton newton;
	struct yg_newton_options options = yg_newton_standard;
	f->tolerance = options.tolerance;
	options.most_iterations = f->options->most_iterations > 0 ? f->options->most_iterations : 100;
	f->column = score + p;
	f->shift = f->column + p;
	f->first = f->shift + p;
	f->dependent = (uint8_t *)(f->first + p * p);
	if (d->intercept >= 0 && !f->options->fixed) {      /* a fixed intercept is one of the columns as they are */
		yg_regression_shift(d, f->shift);
		f->pass.shift = f->shift;
	}
	YG_TRY(yg_glm_start(f, m, score, information, eta0, err));
	options.tolerance = f->tolerance;
	YG_TRY(yg_newton_maximize(p, m->b, evaluate, f, &options, &newton, score, information, m->dropped, err));
	if (newton.stop == YG_STOP_NOT_FINITE && d->intercept >= 0 && !f->options->start) {
		memset(m->b, 0, p * sizeof(double));
		m->b[d->intercept] = isnan(eta0) ? yg_glm_eta(f->family.link, f->outcome_sum / f->weight_sum) : eta0;
		YG_TRY(yg_newton_maximize(p, m->b, evaluate, f, &options, &newton, score, information, m->dropped, err));
	}
	if (newton.stop == YG_STOP_NOT_FINITE)
		return yg_fail(err, YG_REFUSED, "E-GLM-003",
		               "no starting values keep every fitted mean of the %s model with %s link in its range",
		               yg_family_name(m->family), yg_link_name(m->link));
	m->stop = newton.stop;
	m->iterations = newton.iterations;
	m->halvings = newton.halvings;
	m->deviance = -2 * newton.objective;
	m->pearson = f->sums[2];
	(void)!yg_cholesky(information, p, YG_CHOLESKY_TOLERANCE, m->dropped);
	yg_cholesky_inverse(information, p, m->dropped, m->inverse);
	m->rank = p;
	for (size_t j = 0; j < p; j++) {
		m->rank -= f->dependent[j];
		if (f->dependent[j] && !f->options->fixed)
			m->b[j] = 0;
	}
	if (d->intercept >= 0)
		yg_pass_unshift(p, (size_t)d->intercept, f->shift, m->b, m->inverse);
	if (f->options->fixed || f->options->brief)
		return YG_OK;                  /* a step of a profile or of a larger model */
	YG_TRY(null_deviance(f, m, eta0, err));
	YG_TRY(diagnose(f, m, err));
	YG_TRY(loglik(f, m, err));
	summarise(f, m);
	return YG_OK;
}

enum yg_status yg_glm_fit(const struct yg_regression *d, const struct yg_glm_options *options, struct yg_task *task,
                          struct yg_glm *out, struct yg_err *err)
{
	size_t p = d->p;
	if (!yg_family_allows(options->family, options->link))
		return yg_fail(err, YG_EINVAL, "E-GLM-004", "family %s has no %s link", yg_family_name(options->family),
		               yg_link_name(options->link));
	if (d->n == 0)
		return yg_fail(err, YG_REFUSED, "E-REG-001", "no rows are left to fit a model");
	struct yg_glm m = { .family = options->family, .link = options->link, .p = p, .theta = options->theta };
	struct yg_glm_work f = { .d = d, .options = options, .family = { options->family, options->link, options->theta },
		                 .task = task };
	f.pass = yg_regression_pass(d, yg_glm_general_rows, &f);
	YG_TRY(yg_glm_check(&f, &m, err));
	double *space = yg_data_calloc(2 * p * p + 4 * p + 1, sizeof(double));
	m.b = yg_data_calloc(p + 1, sizeof(double));
	m.inverse = yg_data_calloc(p * p + 1, sizeof(double));
	m.covariance = yg_data_calloc(p * p + 1, sizeof(double));
	m.dropped = yg_data_calloc(p + 1, 1);
	m.diverging = yg_data_calloc(p + 1, 1);
	enum yg_status s = YG_OK;
	if (!space || !m.b || !m.inverse || !m.covariance || !m.dropped || !m.diverging)
		s = yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was fitted");
	else
		s = solve(&f, &m, space, err);
	yg_data_free(space);
	if (s == YG_OK)
		*out = m;
	else
		yg_glm_release(&m);
	return s;
}

void yg_glm_release(struct yg_glm *m)
{
	yg_data_free(m->b);
	yg_data_free(m->inverse);
	yg_data_free(m->covariance);
	yg_data_free(m->dropped);
	yg_data_free(m->diverging);
	memset(m, 0, sizeof *m);
}

/* ---- row by row ---- */

struct row_work {
	const struct yg_regression *d;
	struct yg_glm_family family;
	const struct yg_glm_rows *out;
};

static void put_rows(const void *context, size_t first, size_t rows, const double *eta, double *w, double *s,
                     double sums[YG_PASS_SUMS])
{
	const struct row_work *r = context;
	const struct yg_glm_rows *o = r->out;
	bool eta_alone = !o->mean && !o->weight && !o->score;
	(void)sums;
	for (size_t i = 0; i < rows && eta_alone; i++)
		o->eta[first + i] = eta[i];
	for (size_t i = 0; i < rows && !eta_alone; i++) {
		size_t row = first + i;
		struct yg_glm_point at;
		w[i] = s[i] = 0;
		if (yg_glm_point(&r->family, eta[i], &at))
			yg_glm_working(&r->family, r->d->y[row], r->d->weight ? r->d->weight[row] : 1, &at, &w[i], &s[i]);
		if (o->eta)
			o->eta[row] = eta[i];
		if (o->mean)
			o->mean[row] = at.mean;
		if (o->weight)
			o->weight[row] = w[i];
		if (o->score)
			o->score[row] = s[i];
	}
}

enum yg_status yg_glm_rows(const struct yg_regression *d, const struct yg_glm *m, struct yg_task *task,
                           const struct yg_glm_rows *out, struct yg_err *err)
{
	struct row_work r = { .d = d, .family = { m->family, m->link, m->theta }, .out = out };
	struct yg_pass pass = yg_regression_pass(d, put_rows, &r);
	return yg_pass_run(&pass, m->b, task, NULL, NULL, NULL, err);
}

struct yg_term_test yg_glm_compare(const struct yg_glm *small, const struct yg_glm *large)
{
	struct yg_term_test t = { .chisq = NAN, .p = NAN, .f = NAN, .f_p = NAN, .f_df2 = large->df_residual };
	t.df = (double)large->rank - (double)small->rank;
	if (!(t.df > 0) || large->n != small->n)
		return t;
	double gain = small->deviance - large->deviance;
	t.chisq = (gain > 0 ? gain : 0) / large->dispersion;
	t.p = yg_chisq_upper(t.chisq, t.df);
	if (large->dispersion_estimated && large->df_residual > 0) {
		t.f = t.chisq / t.df;
		t.f_p = yg_f_upper(t.f, t.df, t.f_df2);
	}
	return t;
}
