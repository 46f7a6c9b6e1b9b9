/*
 * Incomplete beta and gamma functions.
 *
 * The factor in front (a point probability) is by Loader's saddle-point expansion (C. Loader, "Fast and accurate
 * computation of binomial probabilities", 2000), which keeps full relative accuracy for large parameters where
 * exp(lgamma ...) loses it; the rest is a power series or the continued fraction of
 * DiDonato & Morris (ACM TOMS 18, 1992, algorithm 708).
 */
#include "incomplete_priv.h"

#include <float.h>
#include <math.h>

#include "yogo/num/dist.h"

#define LOG_SQRT_2PI 0.918938533204672741780329736405617639861397473637783412817
#define MOST_TERMS 2000000

/* log(n!) - log(sqrt(2 pi n) (n/e)^n), n > 0: the error of Stirling's formula. */
static double stirling_error(double n)
{
	static const double small[16] = {
		0.0, 0.0810614667953272582196702, 0.0413406959554092940938221, 0.02767792568499833914878929,
		0.02079067210376509311152277, 0.01664469118982119216319487, 0.01387612882307074799874573,
		0.01189670994589177009505572, 0.010411265261972096497478567, 0.009255462182712732917728637,
		0.008330563433362871256469318, 0.007573675487951840794972024, 0.006942840107209529865664152,
		0.006408994188004207068439631, 0.005951370112758847735624416, 0.005554733551962801371038690,
	};
	if (n <= 15) {
		if (n == floor(n))
			return small[(int)n];
		return yg_lgamma(n + 1) - (n + 0.5) * log(n) + n - LOG_SQRT_2PI;
	}
	double m = n * n;
	if (n > 500)
		return (1.0 / 12 - (1.0 / 360) / m) / n;
	if (n > 80)
		return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260) / m) / m) / n;
	if (n > 35)
		return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680) / m) / m) / m) / n;
	return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - (1.0 / 1188 - (691.0 / 360360) / m) / m) / m) / m) / m) / n;
}

/* x log(x / np) + np - x without the cancellation when x is near np. */
static double deviance_part(double x, double np)
{
	if (fabs(x - np) < 0.1 * (x + np)) {
		double v = (x - np) / (x + np), s = (x - np) * v;
		if (fabs(s) < DBL_MIN)
			return s;
		double ej = 2 * x * v;
		v *= v;
		for (int j = 1; j < 1000; j++) {
			ej *= v;
			double s1 = s + ej / (2 * j + 1);
			if (s1 == s)
				return s1;
			s = s1;
		}
	}
	return x * log(x / np) + np - x;
}

double yg_binomial_raw(double x, double rest, double p, double q)
{
	double n = x + rest;
	if (p == 0)
		return x == 0 ? 1 : 0;
	if (q == 0)
		return rest == 0 ? 1 : 0;
	if (x < 0 || rest < 0)
		return 0;
	if (x == 0)
		return n == 0 ? 1 : exp(n * (p < 0.1 ? log1p(-p) : log(q)));
	if (rest == 0)
		return exp(n * (q < 0.1 ? log1p(-q) : log(p)));
	double e = stirling_error(n) - stirling_error(x) - stirling_error(rest) - deviance_part(x, n * p) -
	           deviance_part(rest, n * q);
	return exp(e) / sqrt(6.283185307179586476925286766559 * x * (rest / n));
}

double yg_poisson_raw(double x, double mean)
{
	if (mean == 0)
		return x == 0 ? 1 : 0;
	if (x < 0)
		return 0;
	if (x <= mean * DBL_MIN)
		return exp(-mean);
	if (mean < x * DBL_MIN)
		return exp(-mean + x * log(mean) - yg_lgamma(x + 1));
	return exp(-stirling_error(x) - deviance_part(x, mean)) / sqrt(6.283185307179586476925286766559 * x);
}

/* x^a y^b / B(a, b). */
static double beta_front(double x, double y, double a, double b)
{
	double n = a + b;
	return a * (b / n) * yg_binomial_raw(a, b, x, y);
}

/* I_x(a, b) / (x^a y^b / B(a, b)) by the power series in x: for x <= 0.7 and b x small or b <= 1. */
static double beta_series(double x, double a, double b)
{
	double sum = 0, c = 1;
	for (int n = 1; n < MOST_TERMS; n++) {
		c *= (n - b) / n * x;
		double t = c / (a + n);
		sum += t;
		if (fabs(t) <= DBL_EPSILON / 8 * fabs(sum))
			break;
	}
	return 1 / a + sum;
}

/* I_x(a, b) / (x^a y^b / B(a, b)) by the continued fraction of TOMS 708 (BFRAC), x at or left of the mean. */
static double beta_fraction(double x, double y, double a, double b)
{
	double lambda = a > b ? (a + b) * y - b : a - (a + b) * x;
	double c = 1 + lambda, c0 = b / a, c1 = 1 + 1 / a, yp1 = y + 1;
	double p = 1, s = a + 1, an = 0, bn = 1, anp1 = 1, bnp1 = c / c1, r = c1 / c;
	for (int n = 1; n < MOST_TERMS; n++) {
		double t = n / a, w = n * (b - n) * x, e = a / s;
		double alpha = p * (p + c0) * e * e * (w * x);
		e = (1 + t) / (c1 + t + t);
		double beta = n + w / s + e * (c + n * yp1);
		p = 1 + t;
		s += 2;
		t = alpha * an + beta * anp1;
		an = anp1;
		anp1 = t;
		t = alpha * bn + beta * bnp1;
		bn = bnp1;
		bnp1 = t;
		double r0 = r;
		r = anp1 / bnp1;
		if (fabs(r - r0) <= DBL_EPSILON / 4 * fabs(r))
			break;
		an /= bnp1;
		bn /= bnp1;
		anp1 = r;
		bnp1 = 1;
	}
	return r;
}

/* One tail, x at or left of the mean. */
static double beta_tail(double x, double y, double a, double b)
{
	if (x <= 0)
		return 0;
	double front = beta_front(x, y, a, b);
	if (x <= 0.7 && (b <= 1 || b * x <= 0.7)) {
		/* The series is of x^a / B(a, b) without y^b. */
		return front / exp(b * log1p(-x)) * beta_series(x, a, b);
	}
	return front * beta_fraction(x, y, a, b);
}

void yg_incomplete_beta(double x, double y, double a, double b, double *lower, double *upper)
{
	if (x <= 0 || y <= 0) {
		*lower = x <= 0 ? 0 : 1;
		*upper = 1 - *lower;
		return;
	}
	if (x * (a + b) <= a) {
		*lower = beta_tail(x, y, a, b);
		*upper = 1 - *lower;
	} else {
		*upper = beta_tail(y, x, b, a);
		*lower = 1 - *upper;
	}
}

void yg_incomplete_gamma(double a, double x, double *lower, double *upper)
{
	if (x <= 0 || isinf(x)) {
		*lower = x <= 0 ? 0 : 1;
		*upper = 1 - *lower;
		return;
	}
	double point = yg_poisson_raw(a, x);          /* x^a e^-x / Gamma(a + 1) */
	if (x < a + 1) {
		double sum = 1, t = 1;
		for (int n = 1; n < MOST_TERMS; n++) {
			t *= x / (a + n);
			sum += t;
			if (t <= DBL_EPSILON / 8 * sum)
				break;
		}
		*lower = point * sum;
		*upper = 1 - *lower;
		return;
	}
	/* Lentz's evaluation of Gauss' fraction for Q. */
	double b = x + 1 - a, c = 1 / DBL_MIN, d = 1 / b, h = d;
	for (int n = 1; n < MOST_TERMS; n++) {
		double an = -n * (n - a);
		b += 2;
		d = an * d + b;
		if (fabs(d) < DBL_MIN)
			d = DBL_MIN;
		c = b + an / c;
		if (fabs(c) < DBL_MIN)
			c = DBL_MIN;
		d = 1 / d;
		double step = d * c;
		h *= step;
		if (fabs(step - 1) <= DBL_EPSILON / 2)
			break;
	}
	*upper = point * a * h;
	*lower = 1 - *upper;
}
