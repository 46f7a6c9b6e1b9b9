/* Distributions of the error of parametric models: density, its derivatives and tails on the log scale, without loss in the tails. */
#include <math.h>
#include <string.h>

#include "aft_priv.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"

#define LOG_SQRT_2PI 0.91893853320467274178
#define LOG_2 0.69314718055994530942

static const struct {
	const char *name;
	enum aft_error error;
	bool log, ph;
	double scale;
} known[] = {
	[YG_AFT_EXPONENTIAL] = { "exponential", AFT_EXTREME, true, true, 1 },
	[YG_AFT_WEIBULL] = { "weibull", AFT_EXTREME, true, true, 0 },
	[YG_AFT_RAYLEIGH] = { "rayleigh", AFT_EXTREME, true, true, 0.5 },
	[YG_AFT_LOGNORMAL] = { "lognormal", AFT_NORMAL, true, false, 0 },
	[YG_AFT_LOGLOGISTIC] = { "loglogistic", AFT_LOGISTIC, true, false, 0 },
	[YG_AFT_GAMMA] = { "gamma", AFT_GENGAMMA, true, false, 0 },
	[YG_AFT_GENGAMMA] = { "gengamma", AFT_GENGAMMA, true, false, 0 },
	[YG_AFT_GOMPERTZ] = { "gompertz", AFT_GOMPERTZ, false, true, 1 },
	[YG_AFT_GAUSSIAN] = { "gaussian", AFT_NORMAL, false, false, 0 },
	[YG_AFT_LOGISTIC] = { "logistic", AFT_LOGISTIC, false, false, 0 },
	[YG_AFT_T] = { "t", AFT_T, false, false, 0 },
};

bool yg_aft_dist_parse(const char *word, enum yg_aft_dist *out)
{
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (!strcmp(known[i].name, word)) {
			*out = (enum yg_aft_dist)i;
			return true;
		}
	return false;
}

const char *yg_aft_dist_name(enum yg_aft_dist dist)
{
	return known[dist].name;
}

bool yg_aft_dist_log(enum yg_aft_dist dist)
{
	return known[dist].log;
}

bool yg_aft_dist_ph(enum yg_aft_dist dist)
{
	return known[dist].ph;
}

double yg_aft_dist_scale(enum yg_aft_dist dist)
{
	return known[dist].scale;
}

enum aft_error aft_error_of(enum yg_aft_dist dist)
{
	return known[dist].error;
}

const char *yg_aft_stop_name(enum yg_aft_stop stop)
{
	static const char *const name[] = { "converged", "no events", "infinite", "no spread", "shape", "iterations" };
	return name[stop];
}

double aft_log1mexp(double x)
{
	/* Maechler's rule: whichever of the two keeps the digits. */
	return x > -LOG_2 ? yg_log(-yg_expm1(x)) : yg_log1p(-yg_exp(x));
}

/* log P(Z > z): Mills' ratio by its continued fraction where the probability itself has too small a number. */
static double normal_log_upper(double z)
{
	if (z < 10)
		return yg_log(yg_normal_upper(z));
	double c = z;
	for (int k = 60; k > 0; k--)
		c = z + k / c;
	return -0.5 * z * z - LOG_SQRT_2PI - yg_log(c);
}

static void extreme(double z, bool tails, struct aft_point *p)
{
	double e = yg_exp(z);
	p->logf = z - e;
	p->psi = 1 - e;
	p->dpsi = -e;
	if (!tails)
		return;
	p->upper = -e;
	p->lower = e > 0 ? aft_log1mexp(-e) : z;
	if (e > 0 && e < 1e-8)
		p->lower = z - e / 2;
}

static void logistic(double z, bool tails, struct aft_point *p)
{
	/* e = exp(-|z|): the two tails from the smaller one. */
	double e = yg_exp(-fabs(z)), l = yg_log1p(e), small = -fabs(z) - l, large = -l, f = e / (1 + e);
	p->logf = small + large;
	p->psi = z > 0 ? 2 * f - 1 : 1 - 2 * f;
	p->dpsi = -2 * f * (1 - f);
	if (!tails)
		return;
	p->upper = z > 0 ? small : large;
	p->lower = z > 0 ? large : small;
}

static void student(double z, double df, bool tails, struct aft_point *p)
{
	double d = df + z * z;
	p->logf = yg_lgamma((df + 1) / 2) - yg_lgamma(df / 2) - 0.5 * yg_log(df * 3.14159265358979323846) -
		(df + 1) / 2 * yg_log1p(z * z / df);
	p->psi = -(df + 1) * z / d;
	p->dpsi = -(df + 1) * (df - z * z) / (d * d);
	if (!tails)
		return;
	p->upper = yg_log(yg_t_upper(z, df));
	p->lower = yg_log(yg_t_cdf(z, df));
}

void aft_point(enum aft_error error, double z, double q, bool tails, struct aft_point *p)
{
	switch (error) {
	case AFT_EXTREME:
		extreme(z, tails, p);
		return;
	case AFT_NORMAL:
		p->logf = -0.5 * z * z - LOG_SQRT_2PI;
		p->psi = -z;
		p->dpsi = -1;
		if (tails) {
			p->upper = normal_log_upper(z);
			p->lower = normal_log_upper(-z);
		}
		return;
	case AFT_LOGISTIC:
		logistic(z, tails, p);
		return;
	case AFT_T:
		student(z, q, tails, p);
		return;
	case AFT_GENGAMMA:
		aft_gengamma_point(z, q, tails, p);
		return;
	case AFT_GOMPERTZ:
		break;
	}
	*p = (struct aft_point){ NAN, NAN, NAN, NAN, NAN };
}

double aft_error_quantile(enum aft_error error, double p, double q)
{
	switch (error) {
	case AFT_EXTREME:
		return yg_log(-yg_log1p(-p));
	case AFT_NORMAL:
		return yg_normal_quantile(p);
	case AFT_LOGISTIC:
		return yg_log(p) - yg_log1p(-p);
	case AFT_T:
		return yg_t_quantile(p, q);
	default:
		return NAN;
	}
}
