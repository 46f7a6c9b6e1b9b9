/*
 * Profile likelihood limits: the deviance with one coefficient held fixed, its signed root followed to the quantile.
 *
 * Venables & Ripley (2002) section 8.4; here the root is solved to the last digits instead of interpolated.
 */
#include <math.h>
#include <string.h>

#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/stats/glm.h"

struct profile {
	const struct yg_regression *d;
	struct yg_glm_options options;
	const struct yg_glm *m;
	size_t j;
	struct yg_task *task;
	double *start;
	uint8_t *fixed;
};

/* Root of the rise in deviance with b_j = at; the other coefficients start where they last were. */
static enum yg_status signed_root(struct profile *f, double at, double *root, struct yg_err *err)
{
	struct yg_glm g;
	f->start[f->j] = at;
	YG_TRY(yg_glm_fit(f->d, &f->options, f->task, &g, err));
	double rise = (g.deviance - f->m->deviance) / f->m->dispersion;
	*root = sqrt(rise > 0 ? rise : 0);
	memcpy(f->start, g.b, f->d->p * sizeof(double));
	yg_glm_release(&g);
	return YG_OK;
}

static enum yg_status limit(struct profile *f, double side, double z, double *out, struct yg_err *err)
{
	double b = f->m->b[f->j], se = sqrt(f->m->covariance[f->j * f->m->p + f->j]);
	double low = 0, low_root = 0, high = z * se, high_root;
	memcpy(f->start, f->m->b, f->d->p * sizeof(double));
	YG_TRY(signed_root(f, b + side * high, &high_root, err));
	for (int i = 0; high_root < z; i++) {
		if (i == 12) {
			*out = side * INFINITY;
			return YG_OK;
		}
		low = high;
		low_root = high_root;
		high *= i < 4 ? 1.5 : 3;
		YG_TRY(signed_root(f, b + side * high, &high_root, err));
	}
	/* Illinois variant of false position on a nearly straight line. */
	double low_gap = low_root - z, high_gap = high_root - z, at = high;
	int kept = 0;
	for (int i = 0; i < 60 && fabs(high - low) > 1e-11 * (fabs(high) + se); i++) {
		double gap;
		at = high - high_gap * (high - low) / (high_gap - low_gap);
		YG_TRY(signed_root(f, b + side * at, &gap, err));
		gap -= z;
		if (fabs(gap) < 1e-10)
			break;
		if (gap < 0) {
			low = at;
			low_gap = gap;
			high_gap = kept == -1 ? high_gap / 2 : high_gap;
			kept = -1;
		} else {
			high = at;
			high_gap = gap;
			low_gap = kept == 1 ? low_gap / 2 : low_gap;
			kept = 1;
		}
	}
	*out = b + side * at;
	return YG_OK;
}

enum yg_status yg_glm_profile(const struct yg_regression *d, const struct yg_glm_options *options, const struct yg_glm *m,
                              size_t j, double conf, struct yg_task *task, double *lower, double *upper, struct yg_err *err)
{
	struct profile f = { .d = d, .options = *options, .m = m, .j = j, .task = task };
	double z = m->dispersion_estimated ? yg_t_quantile(0.5 + conf / 2, m->df_residual) : yg_normal_quantile(0.5 + conf / 2);
	double limits[2];
	if (m->dropped[j])
		return yg_fail(err, YG_EINVAL, "E-GLM-005", "a coefficient that cannot be estimated has no profile limits");
	f.start = yg_xcalloc(d->p, sizeof(double));
	f.fixed = yg_xcalloc(d->p, 1);
	f.fixed[j] = 1;
	f.options.start = f.start;
	f.options.fixed = f.fixed;
	enum yg_status s = limit(&f, -1, z, &limits[0], err);
	if (s == YG_OK)
		s = limit(&f, 1, z, &limits[1], err);
	if (s == YG_OK) {
		*lower = limits[0];
		*upper = limits[1];
	}
	yg_free(f.start);
	yg_free(f.fixed);
	return s;
}
