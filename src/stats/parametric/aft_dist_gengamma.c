/*
 * The generalised gamma error (Prentice 1974): w = (log t - mu)/sigma, Q; with x = Q w and k = Q^-2
 *     log f(w) = -log sqrt(2 pi) - c(Q) - w^2/2 phi(x),   phi(x) = 2 (exp(x) - 1 - x)/x^2,
 * where c(Q) is Stirling's remainder of log Gamma(k).  So written it runs through Q = 0 (the normal) without loss.
 * Tails: incomplete gamma functions at (k, k exp(x)) on the log scale, by series and continued fraction (Lentz);
 * for |Q| < 0.05 log(S/f) is interpolated in Q between nodes on both sides of 0.
 */
#include <math.h>

#include "aft_priv.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"

#define LOG_SQRT_2PI 0.91893853320467274178
#define NEAR 0.05

static double phi(double x)
{
	if (fabs(x) < 0.5) {
		/* 2 sum x^n / (n+2)! */
		double term = 1, sum = 1;
		for (int n = 1; n < 20; n++) {
			term *= x / (n + 2);
			sum += term;
		}
		return sum;
	}
	return 2 * (yg_expm1(x) - x) / (x * x);
}

/* log Gamma(k) - (k - 1/2) log k + k - log sqrt(2 pi), k = 1/q2. */
static double stirling(double q2)
{
	if (q2 > 0.1)
		return yg_lgamma(1 / q2) + (1 / q2 - 0.5) * yg_log(q2) + 1 / q2 - LOG_SQRT_2PI;
	double a = q2 * q2;
	return q2 * (1 / 12.0 - a * (1 / 360.0 - a * (1 / 1260.0 - a * (1 / 1680.0 - a * (1 / 1188.0 - a * (691 / 360360.0 - a / 156.0))))));
}

/* log P(k, u) and log Q(k, u), given log of u^k e^-u / Gamma(k). */
static void gamma_tails(double k, double u, double kernel, double *lower, double *upper)
{
	if (u < k + 1) {
		double term = 1 / k, sum = term;
		for (int n = 1; n < 100000; n++) {
			term *= u / (k + n);
			sum += term;
			if (term < sum * 1e-17)
				break;
		}
		*lower = kernel + yg_log(sum);
		*upper = *lower < 0 ? aft_log1mexp(*lower) : -INFINITY;
		return;
	}
	double b = u + 1 - k, c = 1e300, d = 1 / b, h = d;
	for (int n = 1; n < 100000; n++) {
		double a = -n * (n - k);
		b += 2;
		d = a * d + b;
		d = 1 / (fabs(d) < 1e-300 ? 1e-300 : d);
		c = b + a / c;
		c = fabs(c) < 1e-300 ? 1e-300 : c;
		h *= d * c;
		if (fabs(d * c - 1) < 1e-16)
			break;
	}
	*upper = kernel + yg_log(h);
	*lower = *upper < 0 ? aft_log1mexp(*upper) : -INFINITY;
}

static double log_density(double w, double q)
{
	return -LOG_SQRT_2PI - stirling(q * q) - 0.5 * w * w * phi(q * w);
}

static void tails_away(double w, double q, double logf, double *lower, double *upper)
{
	double k = 1 / (q * q), u = k * yg_exp(q * w);
	/* f(w) = |Q| u^k e^-u / Gamma(k) */
	double kernel = logf - yg_log(fabs(q)), small, large;
	if (!(u > 0)) {
		small = kernel - yg_log(k);
		large = aft_log1mexp(small < 0 ? small : -1e-300);
	} else if (!isfinite(u)) {
		small = 0;
		large = -INFINITY;
	} else {
		gamma_tails(k, u, kernel, &small, &large);
	}
	*lower = q > 0 ? small : large;
	*upper = q > 0 ? large : small;
}

/* log(tail / f) is smooth in Q: through six nodes away from 0 and the normal itself. */
static void tails_near(double w, double q, double logf, double *lower, double *upper)
{
	static const double node[7] = { -0.15, -0.1, -0.05, 0, 0.05, 0.1, 0.15 };
	double low = 0, high = 0;
	for (int i = 0; i < 7; i++) {
		double l, u, weight = 1;
		struct aft_point normal;
		if (i == 3) {
			aft_point(AFT_NORMAL, w, 0, true, &normal);
			l = normal.lower - normal.logf;
			u = normal.upper - normal.logf;
		} else {
			double f = log_density(w, node[i]);
			tails_away(w, node[i], f, &l, &u);
			l -= f;
			u -= f;
		}
		for (int j = 0; j < 7; j++)
			if (j != i)
				weight *= (q - node[j]) / (node[i] - node[j]);
		if (weight == 0)
			continue;
		low += weight * l;
		high += weight * u;
	}
	/* The larger tail from the smaller: it loses nothing that way. */
	*lower = logf + low;
	*upper = logf + high;
	if (*lower < *upper)
		*upper = aft_log1mexp(*lower);
	else
		*lower = aft_log1mexp(*upper);
}

void aft_gengamma_point(double w, double q, bool tails, struct aft_point *p)
{
	double x = q * w, e = yg_exp(x);
	p->logf = log_density(w, q);
	p->psi = fabs(x) < 1e-300 ? -w : -w * yg_expm1(x) / x;
	p->dpsi = -e;
	if (!tails)
		return;
	if (fabs(q) < NEAR)
		tails_near(w, q, p->logf, &p->lower, &p->upper);
	else
		tails_away(w, q, p->logf, &p->lower, &p->upper);
}
