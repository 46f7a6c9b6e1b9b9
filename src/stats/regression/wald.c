/*
 * Wald tests of several coefficients.
 */
#include <math.h>
#include <string.h>

#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/num/matrix.h"
#include "yogo/stats/regression.h"

struct yg_term_test yg_wald_test(const double *b, const double *covariance, size_t p, const uint8_t *dropped,
                                 const size_t *index, size_t count, double residual_df)
{
	struct yg_term_test t = { .chisq = NAN, .df = 0, .p = NAN, .f = NAN, .f_df2 = residual_df, .f_p = NAN };
	double *v = yg_xcalloc(count * count + 2 * count + 1, sizeof(double)), *c = v + count * count, *d = c + count;
	uint8_t *lost = yg_xcalloc(count + 1, 1);
	size_t k = 0;
	for (size_t i = 0; i < count; i++) {
		if (dropped && dropped[index[i]])
			continue;
		size_t m = 0;
		for (size_t j = 0; j < count; j++)
			if (!dropped || !dropped[index[j]])
				v[k * count + m++] = covariance[index[i] * p + index[j]];
		c[k] = b[index[i]];
		k++;
	}
	for (size_t i = 0; i < k; i++)            /* close the gaps: k-by-k */
		memmove(v + i * k, v + i * count, k * sizeof(double));
	memcpy(d, c, k * sizeof(double));
	if (k > 0 && yg_cholesky(v, k, 1e-12, lost) == k) {
		yg_cholesky_forward(v, k, lost, d);
		t.chisq = yg_dot(d, d, k);
		t.df = (double)k;
		t.p = yg_chisq_upper(t.chisq, t.df);
		if (isfinite(residual_df)) {
			t.f = t.chisq / t.df;
			t.f_p = yg_f_upper(t.f, t.df, residual_df);
		}
	}
	yg_free(v);
	yg_free(lost);
	return t;
}
