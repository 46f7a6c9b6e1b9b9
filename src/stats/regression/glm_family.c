/*
 * Families and links: names, means, variances, deviances, log likelihoods, one row at a time.
 *
 * Binomial rows carry 1 - mean as a number of its own, so that fitted probabilities near 1 keep their digits.
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "glm_priv.h"

#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"

#define LOG_2PI 1.8378770664093454836

static const char *const family_names[] = { "gaussian", "binomial", "poisson", "gamma", "inverse_gaussian",
	                                    "negative_binomial" };
static const char *const link_names[] = { "identity", "log", "logit", "probit", "cloglog", "inverse" };
#define FAMILIES (sizeof family_names / sizeof *family_names)
#define LINKS (sizeof link_names / sizeof *link_names)

const char *yg_family_name(enum yg_family f)
{
	return family_names[f];
}

const char *yg_link_name(enum yg_link l)
{
	return link_names[l];
}

bool yg_family_parse(const char *name, enum yg_family *f)
{
	for (size_t i = 0; i < FAMILIES; i++)
		if (strcmp(name, family_names[i]) == 0) {
			*f = (enum yg_family)i;
			return true;
		}
	return false;
}

bool yg_link_parse(const char *name, enum yg_link *l)
{
	for (size_t i = 0; i < LINKS; i++)
		if (strcmp(name, link_names[i]) == 0) {
			*l = (enum yg_link)i;
			return true;
		}
	return false;
}

enum yg_link yg_family_link(enum yg_family f)
{
	switch (f) {
	case YG_FAMILY_GAUSSIAN: return YG_LINK_IDENTITY;
	case YG_FAMILY_BINOMIAL: return YG_LINK_LOGIT;
	case YG_FAMILY_GAMMA: return YG_LINK_INVERSE;
	case YG_FAMILY_POISSON:
	case YG_FAMILY_INVERSE_GAUSSIAN:
	case YG_FAMILY_NEGATIVE_BINOMIAL: break;
	}
	return YG_LINK_LOG;
}

bool yg_family_allows(enum yg_family f, enum yg_link l)
{
	switch (f) {
	case YG_FAMILY_BINOMIAL: return l != YG_LINK_INVERSE;
	case YG_FAMILY_GAUSSIAN:
	case YG_FAMILY_GAMMA: return l == YG_LINK_IDENTITY || l == YG_LINK_LOG || l == YG_LINK_INVERSE;
	case YG_FAMILY_POISSON:
	case YG_FAMILY_INVERSE_GAUSSIAN: return l == YG_LINK_IDENTITY || l == YG_LINK_LOG;
	case YG_FAMILY_NEGATIVE_BINOMIAL: break;
	}
	return l == YG_LINK_LOG;
}

double yg_glm_eta(enum yg_link link, double mean)
{
	switch (link) {
	case YG_LINK_IDENTITY: break;
	case YG_LINK_LOG: return yg_log(mean);
	case YG_LINK_LOGIT: return yg_log(mean / (1 - mean));
	case YG_LINK_PROBIT: return yg_normal_quantile(mean);
	case YG_LINK_CLOGLOG: return yg_log(-yg_log1p(-mean));
	case YG_LINK_INVERSE: return 1 / mean;
	}
	return mean;
}

/* Mean, 1 - mean and slope of a link. */
static void link_point(enum yg_link link, double eta, struct yg_glm_point *at)
{
	double e;
	switch (link) {
	case YG_LINK_IDENTITY:
		at->mean = eta;
		at->rest = 1 - eta;
		at->slope = 1;
		break;
	case YG_LINK_LOG:
		at->mean = at->slope = yg_exp(eta);
		at->rest = -yg_expm1(eta);
		break;
	case YG_LINK_LOGIT:
		e = yg_exp(-fabs(eta));
		at->mean = eta >= 0 ? 1 / (1 + e) : e / (1 + e);
		at->rest = eta >= 0 ? e / (1 + e) : 1 / (1 + e);
		at->slope = e / ((1 + e) * (1 + e));
		break;
	case YG_LINK_PROBIT:
		at->mean = yg_normal_cdf(eta);
		at->rest = yg_normal_upper(eta);
		at->slope = yg_normal_density(eta);
		break;
	case YG_LINK_CLOGLOG:
		e = yg_exp(eta);
		at->rest = yg_exp(-e);
		at->mean = -yg_expm1(-e);
		at->slope = e * at->rest;
		break;
	case YG_LINK_INVERSE:
		at->mean = 1 / eta;
		at->rest = 1 - at->mean;
		at->slope = -at->mean * at->mean;
		break;
	}
}

double yg_link_mean(enum yg_link link, double eta, double *slope)
{
	struct yg_glm_point at;
	link_point(link, eta, &at);
	if (slope)
		*slope = at.slope;
	return at.mean;
}

bool yg_glm_point(const struct yg_glm_family *f, double eta, struct yg_glm_point *at)
{
	double m;
	link_point(f->link, eta, at);
	m = at->mean;
	switch (f->family) {
	case YG_FAMILY_GAUSSIAN:
		at->variance = 1;
		return isfinite(m);
	case YG_FAMILY_BINOMIAL:
		at->variance = m * at->rest;
		return f->link == YG_LINK_LOG || f->link == YG_LINK_IDENTITY ? m > 0 && at->rest > 0 : m >= 0 && m <= 1;
	case YG_FAMILY_POISSON:
		at->variance = m;
		return (m > 0 || (f->link == YG_LINK_LOG && m == 0)) && isfinite(m);
	case YG_FAMILY_GAMMA:
		at->variance = m * m;
		return m > 0 && isfinite(m);
	case YG_FAMILY_INVERSE_GAUSSIAN:
		at->variance = m * m * m;
		return m > 0 && isfinite(m);
	case YG_FAMILY_NEGATIVE_BINOMIAL:
		at->variance = m + m * m / f->theta;
		return m >= 0 && isfinite(m);
	}
	return false;
}

double yg_glm_deviance(const struct yg_glm_family *f, double y, double eta, const struct yg_glm_point *at)
{
	double m = at->mean, r = y - m, d = 0;
	switch (f->family) {
	case YG_FAMILY_GAUSSIAN:
		return r * r;
	case YG_FAMILY_BINOMIAL:
		if (f->link == YG_LINK_LOGIT && (y == 0 || y == 1)) {
			double wrong = y == 1 ? -eta : eta;      /* -log of the probability of what happened */
			return 2 * (yg_log1p(yg_exp(-fabs(eta))) + (wrong > 0 ? wrong : 0));
		}
		if (y > 0)
			d += y * yg_log(y / m);
		if (y < 1)
			d += (1 - y) * yg_log((1 - y) / at->rest);
		return 2 * d;
	case YG_FAMILY_POISSON:
		if (y > 0)
			d = y * (f->link == YG_LINK_LOG ? yg_log(y) - eta : yg_log(y / m));
		return 2 * (d - r);
	case YG_FAMILY_GAMMA:
		return 2 * (r / m - yg_log(y / m));
	case YG_FAMILY_INVERSE_GAUSSIAN:
		return r * r / (y * m * m);
	case YG_FAMILY_NEGATIVE_BINOMIAL:
		if (y > 0)
			d = y * (yg_log(y) - eta);
		return 2 * (d - (y + f->theta) * yg_log((y + f->theta) / (m + f->theta)));
	}
	return NAN;
}

double yg_glm_first_mean(const struct yg_glm_family *f, double y, double w)
{
	switch (f->family) {
	case YG_FAMILY_BINOMIAL:
		return (w * y + 0.5) / (w + 1);
	case YG_FAMILY_POISSON:
		return y + 0.1;
	case YG_FAMILY_NEGATIVE_BINOMIAL:
		return y > 0 ? y : 1.0 / 6;
	case YG_FAMILY_GAUSSIAN:
	case YG_FAMILY_GAMMA:
	case YG_FAMILY_INVERSE_GAUSSIAN:
		break;
	}
	if (f->link == YG_LINK_LOG && y <= 0)
		return 0.1;
	return y == 0 && f->link == YG_LINK_INVERSE ? 0.1 : y;
}

void yg_glm_working(const struct yg_glm_family *f, double y, double w, const struct yg_glm_point *at, double *weight,
                    double *score)
{
	double residual = y - at->mean;
	if (f->family == YG_FAMILY_BINOMIAL && y == 1)
		residual = at->rest;
	if ((f->family == YG_FAMILY_BINOMIAL && f->link == YG_LINK_LOGIT) ||
	    (f->family == YG_FAMILY_POISSON && f->link == YG_LINK_LOG)) {
		*weight = w * at->variance;          /* canonical: slope = variance, also where both underflow */
		*score = w * residual;
	} else if (at->variance > DBL_MIN && at->slope != 0) {
		double ratio = at->slope / at->variance;
		*weight = w * at->slope * ratio;
		*score = w * residual * ratio;
	} else {
		*weight = *score = 0;
	}
}

static double row_loglik(const struct yg_glm *m, double y, double w, double mean, double dispersion, bool repeats)
{
	double shape;
	switch (m->family) {
	case YG_FAMILY_BINOMIAL: {
		/* With the binomial coefficient where the weight is a number of trials. */
		double k = w * y, l = (k > 0 ? k * yg_log(mean) : 0) + (w - k > 0 ? (w - k) * yg_log1p(-mean) : 0);
		if (!repeats && w == floor(w) && fabs(k - floor(k + 0.5)) < 1e-7 * (1 + k))
			l += yg_lchoose((int64_t)w, (int64_t)floor(k + 0.5));
		return l;
	}
	case YG_FAMILY_POISSON:
		return w * ((y > 0 ? y * yg_log(mean) : 0) - mean - yg_lgamma(y + 1));
	case YG_FAMILY_GAMMA:
		shape = 1 / dispersion;
		return w * (shape * yg_log(y / (mean * dispersion)) - y / (mean * dispersion) - yg_log(y) - yg_lgamma(shape));
	case YG_FAMILY_INVERSE_GAUSSIAN:
		return -1.5 * w * yg_log(y);
	case YG_FAMILY_NEGATIVE_BINOMIAL:
		return w * (yg_lgamma(m->theta + y) - yg_lgamma(m->theta) - yg_lgamma(y + 1) + m->theta * yg_log(m->theta) +
		            (y > 0 ? y * yg_log(mean) : 0) - (m->theta + y) * yg_log(m->theta + mean));
	case YG_FAMILY_GAUSSIAN:
		break;
	}
	return w > 0 ? 0.5 * yg_log(w) : 0;
}

double yg_glm_loglik(const struct yg_regression *d, const struct yg_glm *m, const double *mean)
{
	double total = 0, n = (double)m->n, dispersion = m->deviance / m->weight_sum;
	for (size_t i = 0; i < d->n; i++)
		total += row_loglik(m, d->y[i], d->weight ? d->weight[i] : 1, mean[i], dispersion, d->frequency);
	if (m->family == YG_FAMILY_GAUSSIAN && d->frequency)
		total = 0;                       /* repeats have no variance of their own */
	if (m->family == YG_FAMILY_GAUSSIAN)
		total += -0.5 * n * (LOG_2PI + yg_log(m->deviance / n) + 1);
	if (m->family == YG_FAMILY_INVERSE_GAUSSIAN)
		total += -0.5 * m->weight_sum * (LOG_2PI + yg_log(dispersion) + 1);
	return total;
}
