/*
 * What an iteration does with one chunk of rows: the general road, and fast ones for logistic and Poisson regression,
 * written in eight lanes.
 */
#include <math.h>

#include "glm_priv.h"

#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/num/lanes.h"

void yg_glm_general_rows(const void *context, size_t first, size_t rows, const double *eta, double *w, double *s,
                         double sums[YG_PASS_SUMS])
{
	const struct yg_glm_work *f = context;
	const struct yg_regression *d = f->d;
	for (size_t i = 0; i < rows; i++) {
		double y = d->y[first + i], prior = d->weight ? d->weight[first + i] : 1;
		struct yg_glm_point at;
		w[i] = s[i] = 0;
		if (prior == 0)
			continue;
		if (!yg_glm_point(&f->family, eta[i], &at)) {
			sums[1] += 1;
			continue;
		}
		yg_glm_working(&f->family, y, prior, &at, &w[i], &s[i]);
		sums[0] += prior * yg_glm_deviance(&f->family, y, eta[i], &at);
		if (at.variance > 0)
			sums[2] += prior * (y - at.mean) * ((y - at.mean) / at.variance);
	}
}

/* Lane by lane: where the mask is set a, else b. */
YG_INLINE void choose(const yg_lanes_int *mask, const yg_lanes *a, const yg_lanes *b, yg_lanes *out)
{
	yg_lanes_int bits = (*(const yg_lanes_int *)a & *mask) | (*(const yg_lanes_int *)b & ~*mask);
	*out = *(yg_lanes *)&bits;
}

/*
 * Logit with y 0 or 1: with e = exp(-|eta|) the mean is 1/(1+e) or e/(1+e), and the deviance is twice log(1+e) plus
 * the wrong side of eta; one logarithm is taken of the product of the chunk's 1+e (at most 2^64).
 */
YG_CLONES static void logit_rows(const double *outcome, size_t rows, const double *eta, double *w, double *s, double *sums)
{
	double y[YG_PASS_CHUNK] = { 0 }, minus[YG_PASS_CHUNK] = { 0 }, e[YG_PASS_CHUNK], at[YG_PASS_CHUNK];
	double weight[YG_PASS_CHUNK], residual[YG_PASS_CHUNK];
	const yg_lanes zero = { 0 };
	yg_lanes product = zero + 1.0, wrong = zero, odds = zero;
	for (size_t i = 0; i < rows; i++) {
		y[i] = outcome[i];
		at[i] = eta[i];
		minus[i] = -fabs(eta[i]);
	}
	/* Up to a whole number of lanes: no event at a mean of 0 adds nothing. */
	for (size_t i = rows; i < (rows + 7) / 8 * 8; i++)
		at[i] = minus[i] = -INFINITY;
	yg_exp_array(minus, e, (rows + 7) / 8 * 8);
	for (size_t i = 0; i < rows; i += 8) {
		yg_lanes ei = *(const yg_lanes *)(e + i), yi = *(const yg_lanes *)(y + i), size = -*(const yg_lanes *)(minus + i);
		yg_lanes r = 1.0 / (1.0 + ei), low = ei * r, mean, rest, minus_mean, score, away, top, base;
		yg_lanes_int up = *(const yg_lanes *)(at + i) >= zero, one = yi > zero;
		choose(&up, &r, &low, &mean);
		choose(&up, &low, &r, &rest);
		minus_mean = -mean;
		choose(&one, &rest, &minus_mean, &score);
		/* On the wrong side: eta >= 0 without the event, eta < 0 with it. */
		yg_lanes_int bad = up ^ one;
		choose(&bad, &size, &zero, &away);
		choose(&one, &rest, &mean, &top);
		choose(&one, &mean, &rest, &base);
		product *= 1.0 + ei;
		wrong += away;
		odds += top / base;
		*(yg_lanes *)(weight + i) = low * r;
		*(yg_lanes *)(residual + i) = score;
	}
	for (size_t i = 0; i < rows; i++) {
		w[i] = weight[i];
		s[i] = residual[i];
	}
	double all = ((product[0] * product[4]) * (product[2] * product[6])) * ((product[1] * product[5]) * (product[3] * product[7]));
	sums[0] += 2 * (yg_log(all) + yg_lanes_sum(&wrong));
	sums[2] += yg_lanes_sum(&odds);
}

void yg_glm_logit_rows(const void *context, size_t first, size_t rows, const double *eta, double *w, double *s,
                       double sums[YG_PASS_SUMS])
{
	const struct yg_glm_work *f = context;
	logit_rows(f->d->y + first, rows, eta, w, s, sums);
}

/* y log y, from a table where y is a small count. */
static inline double y_log_y(const struct yg_glm_work *f, double y)
{
	size_t k = y < YG_GLM_COUNTS ? (size_t)y : YG_GLM_COUNTS;
	if (k < YG_GLM_COUNTS && (double)k == y)
		return f->y_log_y[k];
	return y > 0 ? y * yg_log(y) : 0;
}

void yg_glm_poisson_rows(const void *context, size_t first, size_t rows, const double *eta, double *w, double *s,
                         double sums[YG_PASS_SUMS])
{
	const struct yg_glm_work *f = context;
	const double *y = f->d->y + first;
	double deviance = 0, pearson = 0;
	yg_exp_array(eta, w, rows);
	for (size_t i = 0; i < rows; i++) {
		double r = y[i] - w[i];
		s[i] = r;
		deviance += y_log_y(f, y[i]) - y[i] * eta[i] - r;
		pearson += w[i] > 0 ? r * (r / w[i]) : 0;
		if (!isfinite(w[i]))
			sums[1] += 1;
	}
	sums[0] += 2 * deviance;
	sums[2] += pearson;
}

#define THETA_LARGE 1e3

/* (y + theta) log((m + theta) / (y + theta)): a table serves where theta is not so large that digits were lost. */
static inline double against_saturated(const struct yg_glm_work *f, double y, double m)
{
	double theta = f->family.theta;
	size_t k = y < YG_GLM_COUNTS ? (size_t)y : YG_GLM_COUNTS;
	if (theta < THETA_LARGE && k < YG_GLM_COUNTS && (double)k == y)
		return (y + theta) * (yg_log(m + theta) - f->log_theta[k]);
	return (y + theta) * yg_log1p((m - y) / (y + theta));
}

/* With t = mean + theta: weight mean theta / t, score (y - mean) theta / t; also where theta is huge. */
void yg_glm_negbin_rows(const void *context, size_t first, size_t rows, const double *eta, double *w, double *s,
                        double sums[YG_PASS_SUMS])
{
	const struct yg_glm_work *f = context;
	const double *y = f->d->y + first, theta = f->family.theta;
	double deviance = 0, pearson = 0, mean[YG_PASS_CHUNK];
	struct yg_log_product nothing = YG_LOG_PRODUCT_INIT;     /* of the rows without an event */
	yg_exp_array(eta, mean, rows);
	for (size_t i = 0; i < rows; i++) {
		double m = mean[i], t = m + theta, share = theta / t, r = y[i] - m;
		w[i] = m * share;
		s[i] = r * share;
		if (y[i] == 0 && isfinite(m))
			yg_log_product_add(&nothing, m / theta);
		else
			deviance += y_log_y(f, y[i]) - y[i] * eta[i] + against_saturated(f, y[i], m);
		pearson += m > 0 ? r * share * (r / m) : 0;
		if (!isfinite(m)) {
			w[i] = s[i] = 0;
			sums[1] += 1;
		}
	}
	sums[0] += 2 * (deviance + theta * yg_log_product_value(&nothing));
	sums[2] += pearson;
}

void yg_glm_first_rows(const void *context, size_t first, size_t rows, const double *eta, double *w, double *s,
                       double sums[YG_PASS_SUMS])
{
	const struct yg_glm_work *f = context;
	const struct yg_regression *d = f->d;
	(void)sums;
	for (size_t i = 0; i < rows; i++) {
		double y = d->y[first + i], prior = d->weight ? d->weight[first + i] : 1;
		struct yg_glm_point at;
		w[i] = s[i] = 0;
		if (prior == 0)
			continue;
		double score, z = yg_glm_eta(f->family.link, yg_glm_first_mean(&f->family, y, prior));
		if (!yg_glm_point(&f->family, z, &at))
			continue;
		yg_glm_working(&f->family, y, prior, &at, &w[i], &score);
		s[i] = w[i] * (z - eta[i]);              /* eta is the offset here */
	}
}

void yg_glm_null_rows(const void *context, size_t first, size_t rows, const double *eta, double *w, double *s,
                      double sums[YG_PASS_SUMS])
{
	const struct yg_glm_work *f = context;
	const struct yg_regression *d = f->d;
	double at_eta[YG_PASS_CHUNK];
	for (size_t i = 0; i < rows; i++) {
		at_eta[i] = f->constant + eta[i];
		w[i] = s[i] = 0;
	}
	if (f->fast == YG_GLM_POISSON) {
		yg_glm_poisson_rows(context, first, rows, at_eta, w, s, sums);
		return;
	}
	for (size_t i = 0; i < rows; i++) {
		double prior = d->weight ? d->weight[first + i] : 1;
		struct yg_glm_point at;
		if (prior == 0)
			continue;
		if (yg_glm_point(&f->family, at_eta[i], &at))
			sums[0] += prior * yg_glm_deviance(&f->family, d->y[first + i], at_eta[i], &at);
		else
			sums[1] += 1;
	}
}

/* Log likelihood of a count at a mean of y itself; rising: log of theta (theta + 1) ... (theta + y - 1). */
static double saturated(const struct yg_glm_work *f, double y, double own, double factorial, double rising)
{
	double theta = f->family.theta;
	if (f->fast == YG_GLM_POISSON)
		return own - y - factorial;
	return rising - y * yg_log(theta + y) - theta * yg_log1p(y / theta) + own - factorial;
}

void yg_glm_count_rows(const void *context, size_t first, size_t rows, const double *eta, double *w, double *s,
                       double sums[YG_PASS_SUMS])
{
	const struct yg_glm_work *f = context;
	(void)s;
	yg_exp_array(eta, w, rows);      /* eta is the offset here */
	for (size_t i = 0; i < rows; i++) {
		double y = f->d->y[first + i], own = y_log_y(f, y);
		size_t k = y < YG_GLM_COUNTS ? (size_t)y : YG_GLM_COUNTS;
		sums[0] += w[i];
		sums[1] += own;
		sums[2] += y * eta[i];
		sums[3] += k < YG_GLM_COUNTS && (double)k == y ? f->saturated[k] :
			saturated(f, y, own, yg_lgamma(y + 1), yg_lgamma(f->family.theta + y) - yg_lgamma(f->family.theta));
	}
}

void yg_glm_count_tables(struct yg_glm_work *f)
{
	double rising = 0;
	for (size_t k = 0; k < YG_GLM_COUNTS; k++) {
		double y = (double)k;
		f->y_log_y[k] = k ? y * yg_log(y) : 0;
		f->saturated[k] = saturated(f, y, f->y_log_y[k], yg_lfactorial((int64_t)k), rising);
		f->log_theta[k] = f->fast == YG_GLM_NEGBIN ? yg_log(f->family.theta + y) : 0;
		rising += f->log_theta[k];
	}
}
