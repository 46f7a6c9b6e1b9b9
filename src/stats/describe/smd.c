/* Standardised mean differences: see the header for the definitions. */
#include "yogo/stats/smd.h"

#include <math.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/matrix.h"

const char *yg_smd_denominator_name(enum yg_smd_denominator d)
{
	switch (d) {
	case YG_SMD_AVERAGE:
		return N_("square root of the average of the two groups' variances");
	case YG_SMD_TREATED:
		return N_("SD of the treated group");
	case YG_SMD_CONTROL:
		return N_("SD of the reference group");
	case YG_SMD_ALL:
		return N_("SD of both groups together");
	}
	return "";
}

double yg_smd_continuous(double m1, double v1, double m0, double v0, enum yg_smd_denominator d, double all)
{
	double v = d == YG_SMD_AVERAGE ? (v1 + v0) / 2 : d == YG_SMD_TREATED ? v1 : d == YG_SMD_CONTROL ? v0 : all;

	if (!(v > 0))
		return v == 0 && m1 == m0 ? 0 : NAN;
	return (m1 - m0) / sqrt(v);
}

double yg_smd_binary(double p1, double p0, enum yg_smd_denominator d, double all)
{
	return yg_smd_continuous(p1, p1 * (1 - p1), p0, p0 * (1 - p0), d, all);
}

double yg_smd_levels(const double *count1, const double *count0, size_t k)
{
	double n1 = 0, n0 = 0, q = NAN;
	size_t m = 0, shared = 0;
	double *p1 = yg_xalloc(3 * k + 1, sizeof *p1), *p0 = p1 + k, *d = p0 + k;

	for (size_t i = 0; i < k; i++) {
		n1 += count1[i];
		n0 += count0[i];
	}
	for (size_t i = 0; i < k && n1 > 0 && n0 > 0; i++)
		if (count1[i] > 0 || count0[i] > 0) {
			shared += count1[i] > 0 && count0[i] > 0;
			p1[m] = count1[i] / n1;
			p0[m++] = count0[i] / n0;
		}
	if (shared && m == 1)
		q = 0;
	else if (shared) {
		size_t r = m - 1;
		double *s = yg_xalloc(r * r, sizeof *s);
		for (size_t i = 0; i < r; i++) {
			d[i] = p1[i + 1] - p0[i + 1];
			for (size_t j = 0; j < r; j++)
				s[i * r + j] = ((i == j ? p1[i + 1] + p0[i + 1] : 0) - p1[i + 1] * p1[j + 1] - p0[i + 1] * p0[j + 1]) / 2;
		}
		double *solved = p1;
		for (size_t i = 0; i < r; i++)
			solved[i] = d[i];
		if (yg_symmetric_solve(s, r, solved))
			q = sqrt(fmax(0, yg_dot(d, solved, r)));
		yg_free(s);
	}
	yg_free(p1);
	return q;
}

static void keep_larger(double now, size_t a, size_t b, double *best, size_t *first, size_t *second)
{
	if (isnan(now) || (!isnan(*best) && fabs(now) <= fabs(*best)))
		return;
	*best = now;
	if (first)
		*first = a;
	if (second)
		*second = b;
}

double yg_smd_largest_continuous(const double *mean, const double *variance, size_t g, size_t *first, size_t *second)
{
	double best = NAN;

	for (size_t a = 0; a < g; a++)
		for (size_t b = a + 1; b < g; b++)
			keep_larger(yg_smd_continuous(mean[b], variance[b], mean[a], variance[a], YG_SMD_AVERAGE, 0), b, a, &best,
			            first, second);
	return best;
}

double yg_smd_largest_levels(const double *count, size_t g, size_t k, size_t *first, size_t *second)
{
	double best = NAN;

	for (size_t a = 0; a < g; a++)
		for (size_t b = a + 1; b < g; b++)
			keep_larger(yg_smd_levels(count + b * k, count + a * k, k), b, a, &best, first, second);
	return best;
}
