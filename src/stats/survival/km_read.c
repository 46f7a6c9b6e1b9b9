/* Reading survival curves: quantiles, values at times, restricted means. */
#include <math.h>

#include "yogo/num/sort.h"
#include "yogo/stats/km.h"

#define LEVEL_TOLERANCE 1.5e-8   /* S counts as equal to 1 - p within this: rounding of a product of fractions */

/* The time at which curve y[m] (descending, NaN allowed at the end) reaches 1 - p. */
static double crossing(const double *time, const double *y, size_t m, double p, enum yg_km_rule rule)
{
	double level = 1 - p;
	size_t j = 0, end;
	while (j < m && !(y[j] <= level + LEVEL_TOLERANCE))
		j++;
	if (j == m)
		return NAN;
	if (rule == YG_KM_FIRST || y[j] < level - LEVEL_TOLERANCE)
		return time[j];
	for (end = j; end < m && y[end] >= level - LEVEL_TOLERANCE; end++)
		;
	/* Level to the end of follow-up: the stretch ends with it. */
	return 0.5 * (time[j] + (end < m ? time[end] : time[m - 1]));
}

void yg_km_quantile(const struct yg_km_curve *c, double p, enum yg_km_rule rule, double *q, double *lower, double *upper)
{
	*q = crossing(c->time, c->surv, c->m, p, rule);
	*lower = crossing(c->time, c->lower, c->m, p, rule);
	*upper = crossing(c->time, c->upper, c->m, p, rule);
}

void yg_km_at(const struct yg_km_curve *c, double t, struct yg_km_point *out)
{
	/* j = number of times <= t */
	size_t low = yg_count_until(c->time, c->m, t);
	*out = (struct yg_km_point){ .surv = 1, .lower = 1, .upper = 1 };
	for (size_t j = 0; j < low; j++) {
		out->event += c->event[j];
		out->censor += c->censor[j];
		out->n_event += c->n_event[j];
		out->n_censor += c->n_censor[j];
	}
	if (low) {
		size_t j = low - 1;
		out->surv = c->surv[j];
		out->se = c->se[j];
		out->lower = c->lower[j];
		out->upper = c->upper[j];
		out->cumhaz = c->cumhaz[j];
		out->se_cumhaz = c->se_cumhaz[j];
	}
	size_t next = low && c->time[low - 1] == t ? low - 1 : low;
	if (next < c->m) {
		out->risk = c->risk[next];
		out->n_risk = c->n_risk[next];
	}
	out->beyond = !c->m || t > c->time[c->m - 1];
}

void yg_km_rmst(const struct yg_km *km, size_t group, double tau, double *mean, double *se)
{
	const struct yg_km_curve *c = &km->curve[group];
	double area = 0, variance = 0, later = tau;
	size_t m = c->m;
	while (m && c->time[m - 1] >= tau)
		m--;
	/* Backward: area from t_j to tau, then the variance term of t_j. */
	for (size_t j = m; j-- > 0; ) {
		area += c->surv[j] * (later - c->time[j]);
		later = c->time[j];
		if (c->n_event[j] && c->n_event[j] < c->n_risk[j])
			variance += area * area * c->event[j] / (c->risk[j] * (c->risk[j] - c->event[j]));
	}
	*mean = area + (later > 0 ? later : 0);
	*se = km->options.robust || km->options.survival != YG_KM_PRODUCT ? NAN : sqrt(variance);
}
