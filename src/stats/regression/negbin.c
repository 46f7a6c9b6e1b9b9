/*
 * Negative binomial regression (NB2) with theta by maximum likelihood.
 *
 * Alternates Newton steps for theta at the fitted means with fits of the coefficients at that theta (Lawless 1987; the
 * scheme of Venables & Ripley 2002, section 7.4).  Standard errors of the coefficients are at fixed theta, to which they
 * are asymptotically independent.
 */
#include <math.h>
#include <string.h>

#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/glm.h"

/* Score and information of theta at fitted means. */
static void theta_score(const struct yg_regression *d, const double *mean, double theta, double *score, double *information)
{
	double u = 0, v = 0, psi = yg_digamma(theta), psi1 = yg_trigamma(theta), log_theta = yg_log(theta);
	for (size_t i = 0; i < d->n; i++) {
		double y = d->y[i], w = d->weight ? d->weight[i] : 1, m = mean[i], t = theta + m;
		if (w == 0)
			continue;
		u += w * (yg_digamma(theta + y) - psi + log_theta + 1 - yg_log(t) - (y + theta) / t);
		v += w * (psi1 - yg_trigamma(theta + y) - 1 / theta + 2 / t - (y + theta) / (t * t));
	}
	*score = u;
	*information = v;
}

/* Maximum over theta; moves on the log scale, so that it stays positive. */
static double best_theta(const struct yg_regression *d, const double *mean, double theta, double *se)
{
	double u, v;
	for (int i = 0; i < 100; i++) {
		theta_score(d, mean, theta, &u, &v);
		double step = v > 0 ? u / (v * theta) : (u > 0 ? 1 : -1);
		step = step > 1 ? 1 : step < -1 ? -1 : step;
		theta *= yg_exp(step);
		if (fabs(step) < 1e-14 || theta > 1e10)
			break;
	}
	theta_score(d, mean, theta, &u, &v);
	*se = v > 0 ? sqrt(1 / v) : NAN;
	return theta;
}

static double moment_theta(const struct yg_regression *d, const double *mean)
{
	double s = 0, n = 0;
	for (size_t i = 0; i < d->n; i++) {
		double w = d->weight ? d->weight[i] : 1, r = d->y[i] / mean[i] - 1;
		s += w * r * r;
		n += w;
	}
	return s > 0 ? n / s : 1;
}

enum yg_status yg_negative_binomial_fit(const struct yg_regression *d, struct yg_task *task, struct yg_glm *out,
                                        struct yg_err *err)
{
	struct yg_glm m = { 0 };
	struct yg_glm_options options = { .family = YG_FAMILY_POISSON, .link = YG_LINK_LOG };
	double *mean = yg_data_alloc(d->n + 1, sizeof(double)), *start = yg_xcalloc(d->p + 1, sizeof(double));
	if (!mean) {
		yg_free(start);
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was fitted");
	}
	struct yg_glm_rows rows = { .mean = mean };
	enum yg_status s = yg_glm_fit(d, &options, task, &m, err);
	if (s == YG_OK)
		s = yg_glm_rows(d, &m, task, &rows, err);
	double theta = s == YG_OK ? moment_theta(d, mean) : 1, se = NAN;
	options.family = YG_FAMILY_NEGATIVE_BINOMIAL;
	bool done = false;
	for (int i = 0; s == YG_OK && i < 200 && !done; i++) {
		double before = theta;
		theta = best_theta(d, mean, theta, &se);
		done = fabs(theta - before) <= 1e-12 * theta && i > 0;
		memcpy(start, m.b, d->p * sizeof(double));
		yg_glm_release(&m);
		options.theta = theta;
		options.start = start;
		s = yg_glm_fit(d, &options, task, &m, err);
		if (s == YG_OK)
			s = yg_glm_rows(d, &m, task, &rows, err);
	}
	yg_data_free(mean);
	yg_free(start);
	if (s != YG_OK) {
		yg_glm_release(&m);
		return s;
	}
	if (!done)
		m.stop = YG_STOP_ITERATIONS;
	m.theta_se = se;
	*out = m;
	return YG_OK;
}
