/* The mean time of a parametric model, and its error by the delta method. */
#include <math.h>
#include <string.h>

#include "aft_priv.h"
#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"

#define EULER 0.57721566490153286061
#define STEP 1e-5              /* of differences in log s and Q */

/*
 * log E exp(s w) of the generalised gamma's error.  Near Q = 0 by Stirling's series, in which what is large cancels before
 * it is computed; INFINITY where there is no mean.
 */
static double gengamma(double s, double q)
{
	double u = s * q, k = 1 / (q * q), z = k * (1 + u);
	if (!(1 + u > 0))
		return INFINITY;
	if (k < 100 || z < 100)
		return -s / q * yg_log(k) + yg_lgamma(z) - yg_lgamma(k);
	double lead = fabs(u) < 1e-3 ? s * s * (0.5 - u * (1.0 / 6 - u * (1.0 / 12 - u / 20))) : ((1 + u) * yg_log1p(u) - u) * k;
	double q2 = q * q, r = 1 / (1 + u);
	return lead - yg_log1p(u) / 2 + q2 / 12 * (r - 1) - q2 * q2 * q2 / 360 * (r * r * r - 1);
}

/* log of the mean where eta is 0, and its derivative in log s; gengamma's by differences, *shape too. */
static double factor(const struct yg_aft *f, double s, double *scale, double *shape)
{
	/* The formula is not used at Q = 0 itself, where it is 0/0. */
	double q = f->shape == 0 ? 1e-9 : f->shape;
	*scale = *shape = 0;
	switch (f->dist) {
	case YG_AFT_EXPONENTIAL:
	case YG_AFT_WEIBULL:
	case YG_AFT_RAYLEIGH:
		*scale = s * yg_digamma(1 + s);
		return yg_lgamma(1 + s);
	case YG_AFT_LOGNORMAL:
		*scale = s * s;
		return s * s / 2;
	case YG_AFT_LOGLOGISTIC:
		if (!(s < 1))
			return INFINITY;
		*scale = s * (yg_digamma(1 + s) - yg_digamma(1 - s));
		return yg_lgamma(1 + s) + yg_lgamma(1 - s);
	case YG_AFT_GENGAMMA:
		if (isinf(gengamma(s, q)))
			return INFINITY;
		*scale = (gengamma(s * (1 + STEP), q) - gengamma(s * (1 - STEP), q)) / (2 * STEP);
		*shape = (gengamma(s, q + STEP) - gengamma(s, q - STEP)) / (2 * STEP);
		return gengamma(s, q);
	default:
		return 0;
	}
}

/* exp(z) E1(z), z > 0: the series below 1, Lentz's continued fraction above (Abramowitz and Stegun 5.1.11, 5.1.22). */
static double scaled_e1(double z)
{
	if (z < 1) {
		double sum = -EULER - yg_log(z), term = -1;
		for (int k = 1; k < 60; k++) {
			term *= -z / k;
			sum += term / k;
		}
		return yg_exp(z) * sum;
	}
	double b = z + 1, c = 1e300, d = 1 / b, h = d;
	for (int k = 1; k < 500; k++) {
		double a = -(double)k * k, step;
		b += 2;
		d = 1 / (a * d + b);
		c = b + a / c;
		step = c * d;
		h *= step;
		if (fabs(step - 1) < 1e-16)
			break;
	}
	return h;
}

/* The mean and its derivatives in eta and a. */
static double gompertz(double eta, double a, double *in_eta, double *in_a)
{
	double rate = yg_exp(eta), z = rate / a;
	*in_eta = *in_a = NAN;
	if (a < 0)
		return INFINITY;
	if (!(a > 0) || z > 1e6) {
		/* 1/rate - a/rate^2: what is left of the fraction */
		*in_eta = -1 / rate + 2 * a / (rate * rate);
		*in_a = -1 / (rate * rate);
		return 1 / rate - a / (rate * rate);
	}
	double mean = scaled_e1(z) / a, slope = (scaled_e1(z) - 1 / z) / a;
	*in_eta = z * slope;
	*in_a = -(mean + z * slope) / a;
	return mean;
}

static double scale_of(const struct yg_aft *f, int stratum)
{
	return f->scale[f->strata > 1 ? stratum : 0];
}

double yg_aft_mean_at(const struct yg_aft *f, double eta, int stratum)
{
	double scale, shape;
	if (f->dist == YG_AFT_GOMPERTZ)
		return gompertz(eta, f->shape, &scale, &shape);
	if (!yg_aft_dist_log(f->dist))
		return f->dist == YG_AFT_T && !(f->df > 1) ? INFINITY : eta;
	return yg_exp(eta + factor(f, scale_of(f, stratum), &scale, &shape));
}

void yg_aft_mean(const struct yg_aft *f, const double *x, double offset, int stratum, struct yg_aft_value *out)
{
	double *g = yg_xcalloc(f->parameters + 1, sizeof *g), eta = offset, scale = 0, shape = 0, level = 1;
	for (size_t j = 0; j < f->p; j++)
		eta += x[j] * f->theta[j];
	double mean = yg_aft_mean_at(f, eta, stratum);
	*out = (struct yg_aft_value){ mean, NAN, NAN };
	if (isfinite(mean)) {
		/* Derivatives of the mean itself in eta (level), log s and the shape. */
		if (f->dist == YG_AFT_GOMPERTZ) {
			(void)gompertz(eta, f->shape, &level, &shape);
		} else if (yg_aft_dist_log(f->dist)) {
			(void)factor(f, scale_of(f, stratum), &scale, &shape);
			level = mean;
			scale *= mean;
			shape *= mean;
		}
		for (size_t j = 0; j < f->p; j++)
			g[j] = level * x[j];
		if (f->scales)
			g[f->p + (f->scales > 1 ? (size_t)stratum : 0)] = scale;
		if (f->shapes)
			g[f->p + f->scales] = shape;
		double v = yg_quadratic_form(g, f->var, f->parameters);
		out->se = v > 0 ? sqrt(v) : 0;
		out->log_se = mean > 0 ? out->se / mean : NAN;
	}
	yg_free(g);
}
