/*
 * Balance of one covariate between two arms.
 */
#include "yogo/stats/balance.h"

#include <math.h>

#include "yogo/base/mem.h"
#include "yogo/num/sort.h"

struct moments {
	double w, w2, mean, variance;
};

static void moments_of(const double *x, size_t stride, size_t n, const int8_t *arm, const double *weight, bool binary,
                       struct moments m[2])
{
	double s[2] = { 0 };
	m[0] = m[1] = (struct moments){ 0 };
	for (size_t i = 0; i < n; i++) {
		int a = arm[i] != 0;
		double w = weight ? weight[i] : 1;
		m[a].w += w;
		m[a].w2 += w * w;
		s[a] += w * x[i * stride];
	}
	m[0].mean = s[0] / m[0].w;
	m[1].mean = s[1] / m[1].w;
	s[0] = s[1] = 0;
	for (size_t i = 0; i < n; i++) {
		int a = arm[i] != 0;
		double d = x[i * stride] - m[a].mean;
		s[a] += (weight ? weight[i] : 1) * d * d;
	}
	for (int a = 0; a < 2; a++)
		m[a].variance = binary ? m[a].mean * (1 - m[a].mean) : m[a].w / (m[a].w * m[a].w - m[a].w2) * s[a];
}

/* Variance of both arms together, unweighted. */
static double whole_variance(const double *x, size_t stride, size_t n, bool binary)
{
	double mean = 0, s = 0;
	for (size_t i = 0; i < n; i++)
		mean += x[i * stride];
	mean /= (double)n;
	for (size_t i = 0; i < n; i++)
		s += (x[i * stride] - mean) * (x[i * stride] - mean);
	return binary ? mean * (1 - mean) : s / ((double)n - 1);
}

static enum yg_status distance(const double *x, size_t stride, size_t n, const int8_t *arm, const double *weight,
                               const struct moments m[2], struct yg_task *task, double *ks, struct yg_err *err)
{
	double *key = yg_data_alloc(n + 1, sizeof *key);
	uint32_t *order = yg_data_alloc(n + 1, sizeof *order);
	enum yg_status s = YG_OK;
	if (!key || !order) {
		s = yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while balance was checked");
	} else {
		for (size_t i = 0; i < n; i++)
			key[i] = x[i * stride];
		s = yg_sort_doubles(key, n, task, order, err);
	}
	double f[2] = { 0 };
	*ks = 0;
	for (size_t i = 0; s == YG_OK && i < n;) {
		for (double v = key[order[i]]; i < n && key[order[i]] == v; i++) {
			size_t r = order[i];
			f[arm[r] != 0] += weight ? weight[r] : 1;
		}
		*ks = fmax(*ks, fabs(f[1] / m[1].w - f[0] / m[0].w));
	}
	yg_data_free(key);
	yg_data_free(order);
	return s;
}

enum yg_status yg_balance_column(const double *x, size_t stride, size_t n, const int8_t *arm, const double *weight,
                                 enum yg_smd_denominator denominator, struct yg_task *task, struct yg_balance *out,
                                 struct yg_err *err)
{
	struct yg_balance o = { .binary = true };
	struct moments raw[2], m[2];
	for (size_t i = 0; i < n && o.binary; i++)
		o.binary = x[i * stride] == 0 || x[i * stride] == 1;
	moments_of(x, stride, n, arm, NULL, o.binary, raw);
	moments_of(x, stride, n, arm, weight, o.binary, m);
	for (int a = 0; a < 2; a++) {
		o.mean[a] = m[a].mean;
		o.variance[a] = m[a].variance;
		o.raw_variance[a] = raw[a].variance;
	}
	double all = denominator == YG_SMD_ALL ? whole_variance(x, stride, n, o.binary) : 0;
	o.smd = yg_smd_continuous(m[1].mean, raw[1].variance, m[0].mean, raw[0].variance, denominator, all);
	o.smd_weighted = yg_smd_continuous(m[1].mean, m[1].variance, m[0].mean, m[0].variance, YG_SMD_AVERAGE, 0);
	o.variance_ratio = o.binary ? NAN : m[1].variance / m[0].variance;
	if (o.binary)
		o.ks = fabs(m[1].mean - m[0].mean);
	else
		YG_TRY(distance(x, stride, n, arm, weight, m, task, &o.ks, err));
	*out = o;
	return YG_OK;
}
