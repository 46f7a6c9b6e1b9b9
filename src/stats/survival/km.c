/* Kaplan-Meier and hazard curves from counted cells: see yogo/stats/km.h. */
#include "yogo/stats/km.h"

#include <math.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/km_priv.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/num/sum.h"

/* ---- risk sets ---- */

/* Rows and weights at risk just before each exit time: those who entered before it less those who left before it. */
static void risk_sets(const struct yg_cells *c, size_t curve, struct yg_km_curve *k)
{
	size_t e = c->entry_first[curve], e_end = c->entry_first[curve + 1], x0 = c->exit_first[curve];
	uint32_t here = 0;
	struct yg_running weight = { 0, 0 };
	if (!c->entry_time)
		for (size_t j = k->m; j-- > 0; ) {
			size_t x = x0 + j;
			here += k->n_event[j] + c->censored[x] + c->moved[x];
			k->n_risk[j] = here;
			if (c->event_weight)
				yg_running_add(&weight, c->event_weight[x] + c->other_weight[x]);
			k->risk[j] = c->event_weight ? yg_running_value(&weight) : here;
		}
	else
		for (size_t j = 0; j < k->m; j++) {
			size_t x = x0 + j;
			for (; e < e_end && c->entry_time[e] < k->time[j]; e++) {
				here += c->entered[e];
				if (c->entry_weight)
					yg_running_add(&weight, c->entry_weight[e]);
			}
			k->n_risk[j] = here;
			k->risk[j] = c->event_weight ? yg_running_value(&weight) : here;
			here -= k->n_event[j] + c->censored[x] + c->moved[x];
			if (c->event_weight)
				yg_running_add(&weight, -(c->event_weight[x] + c->other_weight[x]));
		}
}

/* ---- estimates ---- */

/* The sums over tied events: hazard added, its variance, and for the jackknife how a row that has the event and a
   row at risk move it. */
struct yg_km_step yg_km_step_of(const struct yg_km_options *o, double n, double d, uint32_t rows)
{
	struct yg_km_step s = { 0, 0, 0, 0 };
	if (!rows || !(n > 0))
		return s;
	if (o->hazard == YG_KM_NELSON) {
		s.hazard = d / n;
		s.variance = s.pull = d / (n * n);
		s.push = 1 / n;
		return s;
	}
	double each = d / rows;
	for (uint32_t k = 0; k < rows; k++) {
		double left = n - each * k;
		s.hazard += each / left;
		s.variance += each / (left * left);
		s.push += (1 / left + each * k / (left * left)) / rows;
	}
	s.pull = s.variance;
	return s;
}

static void estimates(const struct yg_km_options *o, struct yg_km_curve *k)
{
	double s = 1, greenwood = 0, hazard = 0, variance = 0;
	for (size_t j = 0; j < k->m; j++) {
		double n = k->risk[j], d = k->event[j];
		if (d > 0 && k->n_event[j]) {
			struct yg_km_step step = yg_km_step_of(o, n, d, k->n_event[j]);
			bool all = k->n_event[j] == k->n_risk[j];
			s *= all ? 0 : (n - d) / n;
			greenwood += all ? INFINITY : d / (n * (n - d));
			hazard += step.hazard;
			variance += step.variance;
		}
		k->cumhaz[j] = hazard;
		k->se_cumhaz[j] = sqrt(variance);
		if (o->survival == YG_KM_PRODUCT) {
			k->surv[j] = s;
			k->se[j] = s > 0 ? s * sqrt(greenwood) : NAN;
		} else {
			k->surv[j] = yg_exp(-hazard);
			k->se[j] = k->surv[j] * k->se_cumhaz[j];
		}
	}
}

/* ---- confidence limits ---- */

bool yg_km_ci_parse(const char *word, enum yg_km_ci *out)
{
	static const char *const words[] = { "plain", "log", "loglog", "logit", "arcsin", "none" };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (!strcmp(word, words[i])) {
			*out = (enum yg_km_ci)i;
			return true;
		}
	return false;
}

/* sin^2 of asin(sqrt s) -+ d, cut to [0, pi/2]: by the addition formulas, without an inverse sine. */
static void arcsin_limits(double s, double d, double *lower, double *upper)
{
	double sine = sqrt(s), cosine = sqrt(1 - s);
	if (d >= 0x1.921fb54442d18p+0) {
		*lower = 0;
		*upper = 1;
		return;
	}
	double sd = yg_sin(d), cd = yg_cos(d);
	double low = sine * cd - cosine * sd, high = sine * cd + cosine * sd;
	*lower = low > 0 ? low * low : 0;
	*upper = cosine * cd - sine * sd > 0 ? high * high : 1;
}

void yg_km_limits_at(double s, double se, enum yg_km_ci ci, double z, double *lower, double *upper)
{
	*lower = *upper = NAN;
	if (ci == YG_KM_NO_CI || !(s > 0) || !(se >= 0) || !(se < INFINITY))
		return;
	double relative = se / s; /* SE of log S */
	switch (ci) {
	case YG_KM_PLAIN:
		*lower = fmax(s - z * se, 0);
		*upper = fmin(s + z * se, 1);
		break;
	case YG_KM_LOG:
		*lower = s * yg_exp(-z * relative);
		*upper = fmin(s * yg_exp(z * relative), 1);
		break;
	case YG_KM_LOGLOG:
		if (s < 1) {
			double hazard = -yg_log(s), factor = yg_exp(z * relative / hazard);
			*lower = yg_exp(-hazard * factor);
			*upper = yg_exp(-hazard / factor);
		}
		break;
	case YG_KM_LOGIT:
		if (s < 1) {
			double odds = s / (1 - s), factor = yg_exp(z * relative / (1 - s));
			*lower = odds / factor / (1 + odds / factor);
			*upper = odds * factor / (1 + odds * factor);
		}
		break;
	case YG_KM_ARCSIN:
		if (s < 1)
			arcsin_limits(s, 0.5 * z * relative * sqrt(s / (1 - s)), lower, upper);
		break;
	default:
		break;
	}
	if (s == 1) /* no event yet: every scale agrees that there is nothing to show */
		*lower = *upper = 1;
}

void yg_km_limits(double s, double se, enum yg_km_ci ci, double conf, double *lower, double *upper)
{
	yg_km_limits_at(s, se, ci, yg_normal_quantile_upper((1 - conf) / 2), lower, upper);
}

/* ---- fitting ---- */

static int lay_out(struct yg_km *km, const struct yg_cells *c)
{
	size_t m = c->exit_first[c->curves];
	double *v = yg_data_alloc(9 * m + 1, sizeof *v);
	uint32_t *u = yg_data_alloc(3 * m + 1, sizeof *u);
	km->curve = yg_data_calloc(km->groups ? km->groups : 1, sizeof *km->curve);
	km->space = v;
	km->counts = u;
	if (!v || !u || !km->curve)
		return 0;
	for (size_t g = 0; g < km->groups; g++) {
		struct yg_km_curve *k = &km->curve[g];
		size_t at = c->exit_first[g];
		k->m = c->exit_first[g + 1] - at;
		k->time = v + at;
		k->risk = v + m + at;
		k->event = v + 2 * m + at;
		k->censor = v + 3 * m + at;
		k->surv = v + 4 * m + at;
		k->se = v + 5 * m + at;
		k->lower = v + 6 * m + at;
		k->upper = v + 7 * m + at;
		k->cumhaz = v + 8 * m + at;
		k->n_risk = u + at;
		k->n_event = u + m + at;
		k->n_censor = u + 2 * m + at;
	}
	double *h = yg_data_alloc(m + 1, sizeof *h);
	km->more = h;
	for (size_t g = 0; h && g < km->groups; g++)
		km->curve[g].se_cumhaz = h + c->exit_first[g];
	return h != NULL;
}

static void fill(const struct yg_cells *c, size_t g, struct yg_km_curve *k)
{
	size_t at = c->exit_first[g];
	for (size_t j = 0; j < k->m; j++) {
		k->time[j] = c->exit_time[at + j];
		k->n_event[j] = c->events[at + j];
		k->n_censor[j] = c->censored[at + j];
		k->event[j] = c->event_weight ? c->event_weight[at + j] : c->events[at + j];
		k->censor[j] = c->event_weight ? c->other_weight[at + j] : c->censored[at + j];
		k->records += (uint64_t)c->events[at + j] + c->censored[at + j] + c->moved[at + j];
		k->events += c->events[at + j];
		k->event_weight += k->event[j];
	}
	risk_sets(c, g, k);
	k->start_weight = k->m ? k->risk[0] : 0;
}

/* Limits of all curves, in blocks of times (the arrays of the curves follow each other). */
#define LIMITS 16384u

struct limits_job {
	const struct yg_km *km;
	size_t m;
	double z;
};

static enum yg_status limits_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct limits_job *job = context;
	const struct yg_km_curve *all = &job->km->curve[0]; /* the first curve's arrays reach over all of them */
	size_t from = block * LIMITS, to = from + LIMITS < job->m ? from + LIMITS : job->m;
	(void)worker;
	(void)err;
	for (size_t j = from; j < to; j++)
		yg_km_limits_at(all->surv[j], all->se[j], job->km->options.ci, job->z, &all->lower[j], &all->upper[j]);
	return YG_OK;
}

static enum yg_status all_limits(const struct yg_km *km, struct yg_task *task, struct yg_err *err)
{
	struct limits_job job = { km, 0, yg_normal_quantile_upper((1 - km->options.conf) / 2) };
	for (size_t g = 0; g < km->groups; g++)
		job.m += km->curve[g].m;
	return yg_pool_run(task, (job.m + LIMITS - 1) / LIMITS, limits_block, &job, err);
}

struct groups_job {
	struct yg_km *km;
	const struct yg_cells *cells;
};

static enum yg_status one_group(void *context, size_t g, unsigned worker, struct yg_err *err)
{
	const struct groups_job *job = context;
	(void)worker;
	(void)err;
	fill(job->cells, g, &job->km->curve[g]);
	estimates(&job->km->options, &job->km->curve[g]);
	return YG_OK;
}

enum yg_status yg_km_fit(const struct yg_spans *d, const struct yg_km_options *options, struct yg_task *task,
                         struct yg_km *out, struct yg_err *err)
{
	struct yg_spans flat = *d;
	struct yg_cells c;
	struct yg_km km = { .groups = d->group ? d->groups : 1, .options = *options };
	flat.stratum = NULL;
	flat.strata = 1;
	flat.groups = km.groups;
	km.options.robust = options->robust || d->cluster;
	YG_TRY(yg_cells_build(&flat, km.options.robust, task, &c, err));
	enum yg_status s = lay_out(&km, &c) ? YG_OK : yg_survival_no_memory(err);
	struct groups_job job = { &km, &c };
	if (s == YG_OK)
		s = yg_pool_run(task, km.groups, one_group, &job, err);
	if (s == YG_OK && km.options.robust)
		s = yg_km_jackknife(&flat, &c, &km, err);
	if (s == YG_OK)
		s = all_limits(&km, task, err);
	yg_cells_release(&c);
	if (s == YG_OK)
		*out = km;
	else
		yg_km_release(&km);
	return s;
}

void yg_km_release(struct yg_km *km)
{
	yg_data_free(km->curve);
	yg_data_free(km->space);
	yg_data_free(km->counts);
	yg_data_free(km->more);
	memset(km, 0, sizeof *km);
}
