/*
 * Rates of events over time at risk, their ratios and differences, and standardisation.
 *
 *   one rate      exact Poisson limits (Garwood 1936, Biometrika 28:437); wald: the square root of the count; byar: Byar's
 *                 approximation, x below and x + 1 above (Breslow and Day 1987, Statistical Methods in Cancer Research II, p 69);
 *                 rothman: the same with x + 1/2 on both sides (Rothman and Boice 1979; epitools)
 *   two rates     ratio: exact given the sum of the counts (Clopper-Pearson), or Wald on the log scale; difference: Wald
 *   strata        Mantel-Haenszel rate ratio and difference with the variances of Greenland and Robins 1985 (Biometrics 41:55),
 *                 the Mantel-Haenszel chi-squared, and a chi-squared for equal ratios
 *   direct        sum of standard weight x rate; gamma limits of Fay and Feuer 1997 (Stat Med 16:791), or Wald
 *   indirect      observed over expected, limits of a Poisson count
 * Limits never fall below 0.  NaN: not estimable.
 */
#ifndef YOGO_STATS_RATE_H
#define YOGO_STATS_RATE_H

#include <stdbool.h>
#include <stddef.h>

enum yg_rate_ci { YG_RATE_EXACT, YG_RATE_WALD, YG_RATE_BYAR, YG_RATE_ROTHMAN };
bool yg_rate_ci_parse(const char *word, enum yg_rate_ci *out);   /* exact wald byar rothman */

struct yg_rate {
	double rate, se, lower, upper;
};
/* Events over time (or over an expected number, for an SMR); time > 0, else all NaN. */
struct yg_rate yg_rate(double events, double time, enum yg_rate_ci ci, double conf);

struct yg_rate_pair {
	double ratio, se_log, lower, upper, p;             /* exact: p of the exact test, two-sided by probabilities */
	double difference, difference_se, difference_lower, difference_upper, difference_p;
};
struct yg_rate_pair yg_rate_compare(double events1, double time1, double events0, double time0, bool exact, double conf);

/* One stratum a row: events and time of the group, then of the reference. */
struct yg_rate_stratum {
	double events1, time1, events0, time0;
};
struct yg_rate_pooled {
	double ratio, se_log, lower, upper;
	double difference, difference_se, difference_lower, difference_upper;
	double chisq, p;                                   /* Mantel-Haenszel, 1 df */
	double equal, equal_p;                             /* the same ratio in all strata */
	int equal_df;
};
struct yg_rate_pooled yg_rate_pool(const struct yg_rate_stratum *s, size_t strata, double conf);

/* Directly standardised rate; weight[] need not add up to 1; every time > 0 where weight > 0, else NaN. */
struct yg_rate yg_rate_standardize(const double *events, const double *time, const double *weight, size_t n, bool gamma, double conf);

/* Standard populations by five-year age groups from 0, the last open.  NULL: no such population. */
struct yg_standard {
	const char *name, *label;
	const double *weight;
	size_t groups;                                     /* 18: the last is 85 and over; 20: 95; 21: 100 */
};
const struct yg_standard *yg_standard_find(const char *name);     /* japan2015 japan1985 world */
/* The weight of ages from low to under high (INFINITY = open); NaN unless both are five-year bounds of the standard. */
double yg_standard_weight(const struct yg_standard *s, double low, double high);

#endif
