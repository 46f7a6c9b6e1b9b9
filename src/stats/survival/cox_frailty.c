/* The variance of the frailties, and the variances of what is estimated: see yogo/stats/cox_frailty.h. */
#include "yogo/stats/cox_frailty.h"

#include <math.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/frailty_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"

#define SMALLEST 1e-5        /* a theta below is no variation */
#define LARGEST 1e4
#define FEW 5u               /* clusters with the whole information in any case */
#define FULL_TRACE 2000u     /* clusters whose variances are found one by one */

bool yg_frailty_parse(const char *word, enum yg_frailty *out)
{
	*out = !strcmp(word, "gamma") ? YG_FRAILTY_GAMMA : YG_FRAILTY_LOGNORMAL;
	return !strcmp(word, "gamma") || !strcmp(word, "lognormal");
}

/* ---- what decides theta ---- */

/*
 * Gamma: d log L / d log theta of the marginal likelihood.  With nu = 1/theta its part of a cluster of d events is
 *     nu (b - exp b + 1) + sum over k < d of log((nu + k)/(nu + d)) - nu log(1 + d/nu) + d,
 * added to l(beta, b); the last d makes it the partial likelihood at theta = 0.  beta and b maximise it, so that only
 * nu itself is differentiated.
 */
static double gamma_slope(const struct yg_frail *r)
{
	double nu = 1 / r->theta, sum = 0;
	for (size_t c = 0; c < r->q; c++) {
		double own = r->b[c] - yg_expm1(r->b[c]) - yg_log1p(r->events[c] / nu);
		for (double k = 0; k < r->events[c]; k++)
			own += 1 / (nu + k);
		sum += own;
	}
	return -nu * sum;
}

static double gamma_marginal(const struct yg_frail *r)
{
	double nu = 1 / r->theta, sum = r->penalised;
	for (size_t c = 0; c < r->q; c++) {
		double d = r->events[c];
		for (double k = 0; k < d; k++)
			sum += yg_log((nu + k) / (nu + d));
		sum += d - nu * yg_log1p(d / nu);
	}
	return sum;
}

struct spread {                      /* variances at a theta */
	double *diagonal;            /* [q] information of each b, with its penalty */
	double *cross;               /* [q*p] of b with beta */
	double *var;                 /* [p*p] of beta */
	double *of_b;                /* [q] variance of each b */
	double trace;                /* their sum */
	bool full;
};

static int spread_room(struct spread *v, size_t p, size_t q)
{
	v->diagonal = yg_data_calloc(2 * q + q * p + p * p + 1, sizeof(double));
	if (!v->diagonal)
		return 0;
	v->of_b = v->diagonal + q;
	v->cross = v->of_b + q;
	v->var = v->cross + q * p;
	return 1;
}

/* The information between clusters left out: an arrow of p dense rows and a diagonal. */
static enum yg_status arrow(struct yg_frail *r, struct spread *v, bool *fine, struct yg_err *err)
{
	size_t p = r->p, q = r->q, n = p + q;
	double *unit = yg_data_calloc(2 * n + p * p + 1, sizeof *unit), *out = unit + n, *l = out + n;
	uint8_t *dropped = yg_xcalloc(p + 1, 1);
	enum yg_status s = unit ? yg_frail_diagonal(r, v->diagonal, err) : yg_survival_no_memory(err);
	for (size_t c = 0; s == YG_OK && c < q; c++)
		v->diagonal[c] += r->pen[c];
	for (size_t a = 0; s == YG_OK && a < p; a++) {
		if (r->held[a])
			continue;
		memset(unit, 0, n * sizeof *unit);
		unit[a] = 1;
		yg_frail_product(r, unit, out);
		for (size_t c = 0; c < q; c++)
			v->cross[c * p + a] = out[p + c];
	}
	*fine = s == YG_OK;
	for (size_t i = 0; s == YG_OK && i < p; i++)
		for (size_t j = 0; j < p; j++)
			l[i * p + j] = r->held[i] || r->held[j] ? 0 : r->info[i * p + j];
	for (size_t c = 0; s == YG_OK && c < q; c++)
		for (size_t i = 0; i < p; i++)
			for (size_t j = 0; j <= i; j++)
				l[i * p + j] -= v->cross[c * p + i] * v->cross[c * p + j] / v->diagonal[c];
	if (s == YG_OK) {
		size_t rank = yg_cholesky(l, p, 1e-12, dropped), wanted = 0;
		for (size_t a = 0; a < p; a++)
			wanted += !r->held[a];
		*fine = rank == wanted;
		yg_cholesky_inverse(l, p, dropped, v->var);
		v->trace = 0;
		for (size_t c = 0; c < q; c++) {
			double d = v->diagonal[c];
			v->of_b[c] = 1 / d + (p ? yg_quadratic_form(v->cross + c * p, v->var, p) : 0) / (d * d);
			v->trace += v->of_b[c];
		}
	}
	yg_free(dropped);
	yg_data_free(unit);
	return s;
}

/* The whole information: a solution for each coefficient, and for each cluster where they are not too many. */
static enum yg_status whole(struct yg_frail *r, struct spread *v, bool clusters, struct yg_err *err)
{
	size_t p = r->p, q = r->q, n = p + q;
	double *unit = yg_data_calloc(2 * n + 1, sizeof *unit), *out = unit + n;
	enum yg_status s = unit ? YG_OK : yg_survival_no_memory(err);
	for (size_t a = 0; s == YG_OK && a < p; a++) {
		memset(v->var + a * p, 0, p * sizeof(double));
		if (r->held[a])
			continue;
		memset(unit, 0, n * sizeof *unit);
		unit[a] = 1;
		s = yg_frail_solve(r, unit, 1e-10, out, err);
		memcpy(v->var + a * p, out, p * sizeof *out);
	}
	yg_symmetrize(v->var, p);
	if (clusters)
		v->trace = 0;
	for (size_t c = 0; s == YG_OK && clusters && c < q; c++) {
		memset(unit, 0, n * sizeof *unit);
		unit[p + c] = 1;
		s = yg_frail_solve(r, unit, 1e-8, out, err);
		v->of_b[c] = out[p + c];
		v->trace += out[p + c];
	}
	yg_data_free(unit);
	return s;
}

static enum yg_status variances(struct yg_frail *r, struct spread *v, struct yg_err *err)
{
	bool fine;
	YG_TRY(arrow(r, v, &fine, err));
	if (v->full || !fine)
		YG_TRY(whole(r, v, r->q <= FULL_TRACE, err));
	return YG_OK;
}

/* Positive where theta ought to grow; the root is the estimate. */
static enum yg_status pull(struct yg_frail *r, struct spread *v, double *out, struct yg_err *err)
{
	YG_TRY(yg_frail_fit(r, err));
	if (r->kind == YG_FRAILTY_GAMMA) {
		*out = gamma_slope(r);
		return YG_OK;
	}
	YG_TRY(variances(r, v, err));
	*out = 0.5 * ((yg_dot(r->b, r->b, r->q) + v->trace) / r->theta - (double)r->q);
	return YG_OK;
}

/* Bracket by factors, then regula falsi (Illinois) in log theta. */
static enum yg_status estimate(struct yg_frail *r, struct spread *v, struct yg_cox_frailty *fit, struct yg_err *err)
{
	double at = 0.2, low, high, f_low, f_high, value;
	r->theta = at;
	YG_TRY(pull(r, v, &value, err));
	bool up = value > 0;
	low = high = yg_log(at);
	f_low = f_high = value;
	for (fit->steps = 1; (f_low > 0) == (f_high > 0); fit->steps++) {
		at *= up ? 4 : 0.25;
		if (at < SMALLEST) {
			fit->none = true;
			return YG_OK;
		}
		if (at > LARGEST)
			return yg_fail(err, YG_REFUSED, "E-COX-021",
			               N_("the variance of the frailties grows without end: the clusters differ too much for this model"));
		r->theta = at;
		YG_TRY(pull(r, v, &value, err));
		if (up)
			low = high, f_low = f_high, high = yg_log(at), f_high = value;
		else
			high = low, f_high = f_low, low = yg_log(at), f_low = value;
	}
	double width = high - low;
	for (int side = 0; width > 1e-10 && fit->steps < 80; fit->steps++) {
		double mid = (low * f_high - high * f_low) / (f_high - f_low);
		if (!(mid > low && mid < high))
			mid = 0.5 * (low + high);
		r->theta = yg_exp(mid);
		YG_TRY(pull(r, v, &value, err));
		double before = width;
		if (value > 0) {
			low = mid, f_low = value;
			f_high *= side == 1 ? 0.5 : 1;
			side = 1;
		} else {
			high = mid, f_high = value;
			f_low *= side == -1 ? 0.5 : 1;
			side = -1;
		}
		width = high - low;
		if (fabs(value) < 1e-9 || (fabs(value) < 1e-7 && width >= before))
			break;
	}
	return YG_OK;
}

/* ---- what is reported ---- */

/* Gamma: curvature of the profile by a difference of its slopes; lognormal: Ripatti and Palmgren (2000, Biometrics
   56:1016), clusters taken apart. */
static enum yg_status theta_error(struct yg_frail *r, const struct spread *v, double *se, struct yg_err *err)
{
	double theta = r->theta, step = 0.02, slope[2];
	if (r->kind == YG_FRAILTY_LOGNORMAL) {
		double sum = 0, square = 0;
		for (size_t c = 0; c < r->q; c++) {
			sum += v->of_b[c];
			square += v->of_b[c] * v->of_b[c];
		}
		double information = (double)r->q + square / (theta * theta) - 2 * sum / theta;
		*se = information > 0 ? theta * sqrt(2 / information) : NAN;
		return YG_OK;
	}
	for (int k = 0; k < 2; k++) {
		r->theta = theta * yg_exp(k ? step : -step);
		YG_TRY(yg_frail_fit(r, err));
		slope[k] = gamma_slope(r);
	}
	r->theta = theta;
	YG_TRY(yg_frail_fit(r, err));
	double curvature = (slope[0] - slope[1]) / (2 * step);
	*se = curvature > 0 ? theta / sqrt(curvature) : NAN;
	return YG_OK;
}

static double marginal(const struct yg_frail *r, const struct spread *v)
{
	if (r->kind == YG_FRAILTY_GAMMA)
		return gamma_marginal(r);
	double sum = r->penalised;
	for (size_t c = 0; c < r->q; c++)
		sum -= 0.5 * yg_log(r->theta * v->diagonal[c]);
	return sum;
}

static void wald(struct yg_cox *fit, const struct yg_frail *r)
{
	size_t p = r->p;
	double *l = yg_xalloc(p * p + p + 1, sizeof *l), *x = l + p * p;
	uint8_t *dropped = yg_xcalloc(p + 1, 1);
	for (size_t a = 0; a < p; a++)
		x[a] = fit->beta[a];
	memcpy(l, fit->var, p * p * sizeof *l);
	fit->wald.df = (int)yg_cholesky(l, p, 1e-12, dropped);
	yg_cholesky_solve(l, p, dropped, x);
	fit->wald.chisq = yg_dot(x, fit->beta, p);
	fit->wald.p = fit->wald.df ? yg_chisq_upper(fit->wald.chisq, fit->wald.df) : NAN;
	yg_free(dropped);
	yg_free(l);
}

static void report(const struct yg_frail *r, const struct spread *v, struct yg_cox_frailty *out)
{
	struct yg_cox *fit = &out->fit;
	const struct yg_cox_frame *f = r->f;
	size_t p = r->p;
	for (size_t a = 0; a < p; a++) {
		fit->beta[a] = r->held[a] ? 0 : r->beta[a] / f->scale[a];
		for (size_t b = 0; b < p; b++)
			fit->naive[a * p + b] = fit->var[a * p + b] =
				r->held[a] || r->held[b] ? 0 : v->var[a * p + b] / (f->scale[a] * f->scale[b]);
		fit->se[a] = fit->var[a * p + a] > 0 ? sqrt(fit->var[a * p + a]) : NAN;
	}
	fit->stop = YG_COX_CONVERGED;
	fit->iterations = r->iterations;
	fit->loglik = marginal(r, v);
	out->partial = r->loglik;
	out->df = (double)r->q;
	for (size_t c = 0; c < r->q; c++) {
		out->b[c] = r->b[c];
		out->se[c] = v->of_b[c] > 0 ? sqrt(v->of_b[c]) : NAN;
		out->events[c] = r->events[c];
		out->df -= r->pen[c] * v->of_b[c];
	}
	wald(fit, r);
}

static enum yg_status with_frame(const struct yg_cox_data *d, const struct yg_frailty_options *o, struct yg_cox_frame *f,
                                 struct yg_cox_frailty *out, struct yg_task *task, struct yg_err *err)
{
	size_t p = d->p, q = d->spans.clusters;
	uint8_t *held = yg_xcalloc(p + 1, 1);
	struct yg_frail r = { .f = f, .kind = o->kind, .ties = o->ties, .task = task, .held = held };
	struct spread v = { .full = out->full };
	enum yg_status s = yg_frail_init(&r, d, err);
	if (s == YG_OK && !spread_room(&v, p, q))
		s = yg_survival_no_memory(err);
	for (size_t a = 0; s == YG_OK && a < p; a++) {
		held[a] = out->fit.fault[a] != YG_COX_FINE;
		r.beta[a] = held[a] ? 0 : out->fit.beta[a] * f->scale[a];
	}
	if (s == YG_OK && out->held) {
		r.theta = o->theta;
		s = yg_frail_fit(&r, err);
	} else if (s == YG_OK) {
		s = estimate(&r, &v, out, err);
	}
	out->theta = out->none ? 0 : r.theta;
	if (s == YG_OK && !out->none) {
		s = variances(&r, &v, err);
		if (s == YG_OK && !out->held)
			s = theta_error(&r, &v, &out->theta_se, err);
		if (s == YG_OK)
			report(&r, &v, out);
	}
	for (size_t c = 0; s == YG_OK && out->none && c < q; c++) {
		out->events[c] = r.events[c];
		out->se[c] = NAN;
	}
	yg_data_free(v.diagonal);
	yg_frail_release(&r);
	yg_free(held);
	return s;
}

static enum yg_status check(const struct yg_cox_data *d, const struct yg_frailty_options *o, struct yg_err *err)
{
	if (!d->spans.cluster || d->spans.clusters < 2)
		return yg_fail(err, YG_REFUSED, "E-COX-022",
		               N_("a frailty is shared by the members of a cluster: at least two clusters are needed"));
	if (o->ties != YG_COX_EFRON && o->ties != YG_COX_BRESLOW)
		return yg_fail(err, YG_REFUSED, "E-COX-023", N_("a frailty model takes ties=efron or breslow"));
	if (d->spans.weight && !d->repeats)
		return yg_fail(err, YG_REFUSED, "E-COX-024", N_("a frailty model has no form for sampling weights"));
	if (!(o->theta >= 0) || !(o->theta < INFINITY))
		return yg_fail(err, YG_REFUSED, "E-COX-025", N_("the variance of the frailties is a number above 0"));
	return YG_OK;
}

enum yg_status yg_cox_frailty_fit(const struct yg_cox_data *d, const struct yg_frailty_options *options,
                                  struct yg_task *task, struct yg_cox_frailty *out, struct yg_err *err)
{
	YG_TRY(check(d, options, err));
	struct yg_cox_frame f;
	struct yg_cox_data plain = *d;
	struct yg_cox_frailty r = { .kind = options->kind, .clusters = d->spans.clusters, .held = options->theta > 0,
		                    .theta_se = NAN, .full = options->full || d->spans.clusters <= FEW };
	const struct yg_cox_options usual = { .ties = options->ties, .max_iterations = -1 };
	plain.spans.cluster = NULL;
	plain.sorted = NULL;                 /* offsets are changed below: a frame of its own */
	YG_TRY(yg_cox_fit(&plain, &usual, task, &r.fit, err));
	r.without = r.partial = r.fit.loglik;
	r.b = yg_data_calloc(3 * r.clusters + 1, sizeof(double));
	enum yg_status s = r.b ? YG_OK : yg_survival_no_memory(err);
	r.se = r.b + r.clusters;
	r.events = r.se + r.clusters;
	if (s == YG_OK && r.fit.stop != YG_COX_NO_EVENTS && r.fit.stop != YG_COX_ITERATIONS) {
		enum yg_cox_stop stop = r.fit.stop;
		s = yg_cox_frame_build(&plain, task, &f, err);
		if (s == YG_OK) {
			s = yg_cox_widen(&f, task, err);
			if (s == YG_OK)
				s = with_frame(d, options, &f, &r, task, err);
			yg_cox_frame_release(&f);
		}
		r.fit.stop = stop;
	}
	r.fit.lrt = r.fit.score = (struct yg_cox_test){ NAN, NAN, 0 };
	if (s == YG_OK && !r.held && r.fit.stop == YG_COX_CONVERGED) {
		r.test = (struct yg_cox_test){ r.none ? 0 : fmax(0, 2 * (r.fit.loglik - r.without)), 1, 1 };
		if (r.test.chisq > 0)
			r.test.p = 0.5 * yg_chisq_upper(r.test.chisq, 1);
	}
	if (s == YG_OK)
		*out = r;
	else
		yg_cox_frailty_release(&r);
	return s;
}

void yg_cox_frailty_release(struct yg_cox_frailty *f)
{
	yg_cox_release(&f->fit);
	yg_data_free(f->b);
	memset(f, 0, sizeof *f);
}
