/*
 * Incomplete beta and gamma functions and the exact-to-the-last-digits point probabilities under them.
 */
#ifndef YOGO_NUM_INCOMPLETE_PRIV_H
#define YOGO_NUM_INCOMPLETE_PRIV_H

/* Regularised incomplete beta: *lower = I_x(a, b), *upper = 1 - I_x(a, b); x + y = 1, both given so that
   neither loses digits.  a, b > 0 finite, 0 <= x, y. */
void yg_incomplete_beta(double x, double y, double a, double b, double *lower, double *upper);
/* Regularised incomplete gamma: *lower = P(a, x), *upper = Q(a, x); a > 0, x >= 0. */
void yg_incomplete_gamma(double a, double x, double *lower, double *upper);
/* Binomial (x successes, rest failures; p + q = 1) and Poisson point probabilities for real arguments (Loader 2000). */
double yg_binomial_raw(double x, double rest, double p, double q);
double yg_poisson_raw(double x, double mean);

#endif
