/* Comparing survival curves at times and at levels: see yogo/stats/km_contrast.h. */
#include "yogo/stats/km_contrast.h"

#include <math.h>
#include <stdlib.h>

#include "stats/survival/cells_priv.h"
#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"

static void no_contrast(struct yg_km_contrast *out)
{
	*out = (struct yg_km_contrast){ NAN, NAN, NAN, NAN, NAN, NAN };
}

/* ---- at a time ---- */

/* The root of a variance that rounding may have put below 0; NaN stays. */
static double root(double variance)
{
	return variance < 0 ? 0 : sqrt(variance);
}

static void test(double s0, double se0, double s1, double se1, double covariance, struct yg_km_contrast *out)
{
	if (!(s0 > 0) || !(s0 < 1) || !(s1 > 0) || !(s1 < 1))
		return;
	double h0 = -yg_log(s0), h1 = -yg_log(s1), a = se0 / (s0 * h0), b = se1 / (s1 * h1);
	double variance = a * a + b * b - 2 * covariance / (s0 * h0 * s1 * h1), gap = yg_log(h1) - yg_log(h0);
	if (!(variance > 0))
		return;
	out->chisq = gap * gap / variance;
	out->p = yg_chisq_upper(out->chisq, 1);
}

void yg_km_contrast(double s0, double se0, double s1, double se1, double covariance, enum yg_km_contrast_kind kind, double conf,
                    struct yg_km_contrast *out)
{
	double z = yg_normal_quantile_upper((1 - conf) / 2);
	no_contrast(out);
	if (isnan(s0) || isnan(s1))
		return;
	if (kind == YG_KM_DIFFERENCE) {
		out->estimate = s1 - s0;
		out->se = root(se0 * se0 + se1 * se1 - 2 * covariance);
		if (!isnan(out->se)) {
			out->lower = fmax(out->estimate - z * out->se, -1);
			out->upper = fmin(out->estimate + z * out->se, 1);
		}
	} else {
		double top = kind == YG_KM_RATIO ? s1 : 1 - s1, below = kind == YG_KM_RATIO ? s0 : 1 - s0;
		if (below > 0) {
			out->estimate = top / below;
			if (top > 0) {
				double a = se0 / below, b = se1 / top;
				out->se = root(a * a + b * b - 2 * covariance / (top * below));
				if (!isnan(out->se)) {
					out->lower = out->estimate * yg_exp(-z * out->se);
					out->upper = out->estimate * yg_exp(z * out->se);
				}
			}
		}
	}
	test(s0, se0, s1, se1, covariance, out);
}

/* ---- at a level ---- */

/* A stretch on which a curve is level: its distance from the level asked in squared standard errors. */
struct stretch {
	double distance, from, to;
};

/* (h(S) - h(level))^2 / var h(S). */
static double distance_of(double s, double se, double level, enum yg_km_ci scale)
{
	double gap, slope;
	if (!(s > 0) || !(s < 1) || !(se > 0) || !(se < INFINITY))
		return INFINITY;
	switch (scale) {
	case YG_KM_LOG:
		gap = yg_log(s) - yg_log(level);
		slope = 1 / s;
		break;
	case YG_KM_LOGLOG:
		gap = yg_log(-yg_log(s)) - yg_log(-yg_log(level));
		slope = 1 / (s * yg_log(s));
		break;
	case YG_KM_LOGIT:
		gap = yg_log(s / (1 - s)) - yg_log(level / (1 - level));
		slope = 1 / (s * (1 - s));
		break;
	default: /* plain; arcsin is near it in the middle, and has no inverse sine here */
		gap = s - level;
		slope = 1;
		break;
	}
	double z = gap / (slope * se);
	return z * z;
}

static size_t stretches(const struct yg_km_curve *c, double level, enum yg_km_ci scale, struct stretch *out)
{
	size_t n = 0;
	double most = 0;   /* below the level: once a curve has left it, it does not come back though its error grows */
	for (size_t j = 0; j < c->m; j++) {
		double to = j + 1 < c->m ? c->time[j + 1] : INFINITY;
		if (n && !c->n_event[j]) {
			out[n - 1].to = to;
			continue;
		}
		double d = distance_of(c->surv[j], c->se[j], level, scale);
		if (c->surv[j] < level)
			d = most = fmax(d, most);
		out[n++] = (struct stretch){ d, c->time[j], to };
	}
	return n;
}

/* A curve that is known so well that it jumps over the level: the time of the jump is where it has it. */
static size_t or_the_jump(struct stretch *s, size_t n, double quantile, double most)
{
	for (size_t i = 0; i < n; i++)
		if (s[i].distance <= most)
			return n;
	if (!isnan(quantile))
		s[n++] = (struct stretch){ 0, quantile, quantile };
	return n;
}

static int nearer(const void *a, const void *b)
{
	const struct stretch *x = a, *y = b;
	if (x->distance != y->distance)
		return x->distance < y->distance ? -1 : 1;
	return x->from < y->from ? -1 : x->from > y->from;
}

/* Sorted by distance; from and to become the least and greatest of all as near. */
static void cumulate(struct stretch *s, size_t n)
{
	qsort(s, n, sizeof *s, nearer);
	for (size_t i = 1; i < n; i++) {
		s[i].from = fmin(s[i].from, s[i - 1].from);
		s[i].to = fmax(s[i].to, s[i - 1].to);
	}
}

static const struct stretch *within(const struct stretch *s, size_t n, double distance)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (s[mid].distance <= distance)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? &s[low - 1] : NULL;
}

/* The least sum of distances at one time. */
static double nearest_together(const struct stretch *a, size_t na, const struct stretch *b, size_t nb)
{
	double least = INFINITY;
	for (size_t i = 0, j = 0; i < na && j < nb; ) {
		if (fmax(a[i].from, b[j].from) < fmin(a[i].to, b[j].to))
			least = fmin(least, a[i].distance + b[j].distance);
		if (a[i].to < b[j].to)
			i++;
		else
			j++;
	}
	return least;
}

static void quantile_limits(const struct stretch *a, size_t na, const struct stretch *b, size_t nb, double most, bool ratio,
                            struct yg_km_contrast *out)
{
	double lower = INFINITY, upper = -INFINITY;
	for (size_t i = 0; i < na; i++) {
		const struct stretch *with = a[i].distance <= most ? within(b, nb, most - a[i].distance) : NULL;
		if (!with)
			continue;
		double low = ratio ? (a[i].to < INFINITY ? with->from / a[i].to : 0) : with->from - a[i].to;
		double high = ratio ? (a[i].from > 0 ? with->to / a[i].from : INFINITY) : with->to - a[i].from;
		lower = fmin(lower, low);
		upper = fmax(upper, high);
	}
	if (lower <= upper) {
		out->lower = lower;
		out->upper = upper;
	}
}

enum yg_status yg_km_quantile_contrast(const struct yg_km_curve *c0, const struct yg_km_curve *c1, double p,
                                       enum yg_km_rule rule, enum yg_km_ci scale, double conf, bool ratio,
                                       struct yg_km_contrast *out, struct yg_err *err)
{
	struct stretch *a = yg_data_alloc(c0->m + c1->m + 2, sizeof *a), *b = a ? a + c0->m + 1 : NULL;
	double q0, q1, unused[2];
	if (!a)
		return yg_survival_no_memory(err);
	no_contrast(out);
	yg_km_quantile(c0, p, rule, &q0, &unused[0], &unused[1]);
	yg_km_quantile(c1, p, rule, &q1, &unused[0], &unused[1]);
	if (ratio && q0 > 0)
		out->estimate = q1 / q0;
	else if (!ratio)
		out->estimate = q1 - q0;
	size_t na = stretches(c0, 1 - p, scale, a), nb = stretches(c1, 1 - p, scale, b);
	double together = nearest_together(a, na, b, nb);
	if (together < INFINITY) {
		out->chisq = together;
		out->p = yg_chisq_upper(together, 1);
	}
	double most = yg_chisq_quantile(conf, 1);
	na = or_the_jump(a, na, q0, most);
	nb = or_the_jump(b, nb, q1, most);
	cumulate(b, nb);
	quantile_limits(a, na, b, nb, most, ratio, out);
	yg_data_free(a);
	return YG_OK;
}

/* ---- from a time on ---- */

void yg_km_conditional(const struct yg_km_curve *c, double s, double t, struct yg_km_conditional *out)
{
	struct yg_km_point now, then;
	size_t j = 0;
	yg_km_at(c, s, &now);
	yg_km_at(c, t, &then);
	*out = (struct yg_km_conditional){ .surv = NAN, .se = NAN, .beyond = then.beyond };
	while (j < c->m && c->time[j] <= s)
		j++;
	if (j < c->m) {
		out->n_risk = c->n_risk[j];
		out->risk = c->risk[j];
	}
	if (!(now.surv > 0) || !out->n_risk)
		return;
	out->surv = then.surv / now.surv;
	double g0 = now.se / now.surv, g1 = then.se / then.surv;
	if (then.surv > 0)
		out->se = out->surv * root(g1 * g1 - g0 * g0);
}

enum yg_status yg_km_fit_after(const struct yg_spans *d, double s, const struct yg_km_options *options,
                               struct yg_task *task, struct yg_km *out, struct yg_err *err)
{
	struct yg_spans after = *d;
	size_t n = 0;
	for (size_t i = 0; i < d->n; i++)
		n += d->exit[i] > s;
	double *number = yg_data_alloc(3 * n + 1, sizeof *number), *exit = number + n, *weight = exit + n;
	int32_t *group = yg_data_alloc(n + 1, sizeof *group);
	uint32_t *cluster = yg_data_alloc(2 * n + 1, sizeof *cluster), *repeats = cluster + n;
	uint8_t *event = yg_data_alloc(2 * n + 1, 1), *on = event + n;
	enum yg_status status = number && group && cluster && event ? YG_OK : yg_survival_no_memory(err);
	n = 0;
	for (size_t i = 0; status == YG_OK && i < d->n; i++) {
		if (!(d->exit[i] > s))
			continue;
		number[n] = d->entry && d->entry[i] > s ? d->entry[i] : s;
		exit[n] = d->exit[i];
		weight[n] = d->weight ? d->weight[i] : 1;
		group[n] = d->group ? d->group[i] : 0;
		cluster[n] = d->cluster ? d->cluster[i] : 0;
		repeats[n] = d->repeats ? d->repeats[i] : 1;
		event[n] = d->event[i];
		on[n] = d->continues ? d->continues[i] : 0;
		n++;
	}
	after.n = n;
	after.entry = number;
	after.repeats = d->repeats ? repeats : NULL;
	after.exit = exit;
	after.event = event;
	after.continues = d->continues ? on : NULL;
	after.group = d->group ? group : NULL;
	after.weight = d->weight ? weight : NULL;
	after.cluster = d->cluster ? cluster : NULL;
	if (status == YG_OK)
		status = yg_km_fit(&after, options, task, out, err);
	yg_data_free(number);
	yg_data_free(group);
	yg_data_free(cluster);
	yg_data_free(event);
	return status;
}
