/* Predictions of a flexible parametric model for a profile, by the delta method. */
#include <math.h>

#include "rp_priv.h"
#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"

static double z_at(const struct yg_rp *f, const double *x, double offset, double y, double *slope, double *gradient)
{
	double b[YG_RP_MOST], s[YG_RP_MOST], z = offset;
	rp_basis(f->knot, f->df, y, b, s);
	for (size_t j = 0; j < f->p; j++) {
		z += x[j] * f->theta[j];
		gradient[j] = x[j];
	}
	for (int k = 0; k < f->df; k++) {
		z += b[k] * f->theta[f->p + (size_t)k];
		gradient[f->p + (size_t)k] = b[k];
	}
	*slope = rp_along(s, f->theta + f->p, f->df);
	return z;
}

static double error_of(const struct yg_rp *f, const double *gradient)
{
	double v = yg_quadratic_form(gradient, f->var, f->parameters);
	return v > 0 ? sqrt(v) : 0;
}

void yg_rp_survival(const struct yg_rp *f, const double *x, double offset, double t, struct yg_aft_value *out)
{
	double *g = yg_xcalloc(f->parameters + 1, sizeof *g), slope;
	struct aft_term term;
	*out = (struct yg_aft_value){ 1, 0, NAN };
	if (t > 0) {
		double z = z_at(f, x, offset, yg_log(t), &slope, g), se = error_of(f, g);
		aft_term(aft_error_of(rp_plain(f->scale)), AFT_RIGHT, z, 0, 0, &term);
		double s = yg_exp(term.g);
		*out = (struct yg_aft_value){ s, s * fabs(term.g1) * se, term.g < 0 ? fabs(term.g1) * se / -term.g : NAN };
	}
	yg_free(g);
}

double yg_rp_survival_at(const struct yg_rp *f, double eta, double t)
{
	double b[YG_RP_MOST], s[YG_RP_MOST];
	struct aft_term term;
	if (!(t > 0))
		return 1;
	rp_basis(f->knot, f->df, yg_log(t), b, s);
	aft_term(aft_error_of(rp_plain(f->scale)), AFT_RIGHT, eta + rp_along(b, f->theta + f->p, f->df), 0, 0, &term);
	return yg_exp(term.g);
}

void yg_rp_hazard(const struct yg_rp *f, const double *x, double offset, double t, struct yg_aft_value *out)
{
	double *g = yg_xcalloc(f->parameters + 1, sizeof *g), b[YG_RP_MOST], s[YG_RP_MOST], slope;
	struct aft_term density, tail;
	*out = (struct yg_aft_value){ NAN, NAN, NAN };
	if (t > 0) {
		double z = z_at(f, x, offset, yg_log(t), &slope, g);
		enum aft_error error = aft_error_of(rp_plain(f->scale));
		aft_term(error, AFT_EXACT, z, 0, 0, &density);
		aft_term(error, AFT_RIGHT, z, 0, 0, &tail);
		rp_basis(f->knot, f->df, yg_log(t), b, s);
		for (size_t j = 0; j < f->parameters; j++)
			g[j] *= density.g1 - tail.g1;
		for (int k = 0; k < f->df; k++)
			g[f->p + (size_t)k] += s[k] / slope;
		double h = slope > 0 ? yg_exp(density.g - tail.g) * slope / t : NAN, se = error_of(f, g);
		*out = (struct yg_aft_value){ h, h * se, se };
	}
	yg_free(g);
}

void yg_rp_quantile(const struct yg_rp *f, const double *x, double offset, double p, struct yg_aft_value *out)
{
	double *g = yg_xcalloc(f->parameters + 1, sizeof *g), slope, width = f->knot[f->df] - f->knot[0];
	double low = f->knot[0], high = f->knot[f->df], want = aft_error_quantile(aft_error_of(rp_plain(f->scale)), p, 0);
	*out = (struct yg_aft_value){ NAN, NAN, NAN };
	for (int k = 0; k < 40 && z_at(f, x, offset, low, &slope, g) > want; k++, width *= 2)
		low -= width;
	width = f->knot[f->df] - f->knot[0];
	for (int k = 0; k < 40 && z_at(f, x, offset, high, &slope, g) < want; k++, width *= 2)
		high += width;
	for (int k = 0; k < 200 && high - low > 1e-15 * (fabs(low) + fabs(high)); k++) {
		double middle = low + (high - low) / 2;
		if (z_at(f, x, offset, middle, &slope, g) < want)
			low = middle;
		else
			high = middle;
	}
	double y = low + (high - low) / 2, z = z_at(f, x, offset, y, &slope, g), t = yg_exp(y);
	if (slope > 0 && isfinite(t) && fabs(z - want) < 1e-6) {
		double se = error_of(f, g) / slope;
		*out = (struct yg_aft_value){ t, t * se, se };
	}
	yg_free(g);
}

double yg_rp_quantile_at(const struct yg_rp *f, double eta, double p)
{
	double b[YG_RP_MOST], s[YG_RP_MOST], low = f->knot[0], high = f->knot[f->df], width = high - low;
	double want = aft_error_quantile(aft_error_of(rp_plain(f->scale)), p, 0) - eta;
	const double *c = f->theta + f->p;
	for (int k = 0; k < 40; k++, width *= 2, low -= width) {
		rp_basis(f->knot, f->df, low, b, s);
		if (rp_along(b, c, f->df) <= want)
			break;
	}
	width = f->knot[f->df] - f->knot[0];
	for (int k = 0; k < 40; k++, width *= 2, high += width) {
		rp_basis(f->knot, f->df, high, b, s);
		if (rp_along(b, c, f->df) >= want)
			break;
	}
	for (int k = 0; k < 200 && high - low > 1e-15 * (fabs(low) + fabs(high)); k++) {
		double middle = low + (high - low) / 2;
		rp_basis(f->knot, f->df, middle, b, s);
		if (rp_along(b, c, f->df) < want)
			low = middle;
		else
			high = middle;
	}
	return yg_exp(low + (high - low) / 2);
}
