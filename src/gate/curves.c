/*
 * Grouped survival curves (docs/disclosure.md; the construction of OpenSAFELY's midpoint-6 guidance,
 * here with the base of the profile).
 *
 * Cumulative events and censorings C are replaced by g(C) = ceil(C/b) b - floor(b/2), g(0) = 0, and
 * the number of persons N by g(N).  n'(t) = g(N) - events'(t-) - censored'(t-), S' is the product of
 * (n' - d')/n'.  A step exists only where events' changes, so it stands for b events (the first for
 * about half as many).  The curve stops where n' falls below T.  The band is Greenwood's, on the
 * plain scale, from the grouped numbers.
 */
#include <math.h>
#include <string.h>

#include "gate/gate_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/raw/thin.h"
#include "yogo/result/numfmt.h"

#define Z95 1.959963984540054 /* 97.5 % point of the normal distribution */

static int64_t grouped(int64_t c, int64_t b)
{
	return c <= 0 ? 0 : (c + b - 1) / b * b - b / 2;
}

bool yg_gate_curve_small(const struct yg_policy *p, const struct yg_raw_figure *f)
{
	for (int i = 0; i < f->series_count; i++) {
		const struct yg_raw_series_body *s = &f->series[i];
		int64_t events = 0;
		if (!s->points)
			continue;
		for (size_t k = 0; k < s->points; k++)
			events += s->point[k].p.events;
		int64_t n = s->point[0].p.at_risk;
		if ((n > 0 && n < p->min_cell) || (events > 0 && events < p->min_cell))
			return true;
	}
	return false;
}

/* Survival, or its complement, that follows from the counts of the points: only that can be made
   again from grouped counts.  Weighted curves, late entries and competing risks do not follow. */
static bool follows_from_counts(const struct yg_raw_series_body *s, bool *complement)
{
	double surv = 1;
	bool as_survival = true, as_complement = true;
	for (size_t k = 0; k < s->points; k++) {
		const struct yg_raw_point *p = &s->point[k].p;
		if (p->events < 0 || p->censored < 0 || p->at_risk < p->events + p->censored)
			return false;
		if (k > 0) {
			const struct yg_raw_point *q = &s->point[k - 1].p;
			if (!(p->x >= q->x) || p->at_risk != q->at_risk - q->events - q->censored)
				return false;
		}
		if (p->at_risk > 0)
			surv *= (double)(p->at_risk - p->events) / (double)p->at_risk;
		if (isnan(p->y))
			continue;
		as_survival = as_survival && fabs(p->y - surv) <= 1e-6;
		as_complement = as_complement && fabs(p->y - (1 - surv)) <= 1e-6;
	}
	*complement = !as_survival;
	return as_survival || as_complement;
}

/* Numbers of one arm while time passes; the true ones for the grid, the grouped ones to be shown. */
struct arm {
	int64_t n, events, censored;         /* true, cumulative */
	int64_t gn, gevents, gcensored;      /* grouped */
	double surv, greenwood;
	bool stopped;
};

static struct yg_cell rounded(enum yg_role role, int64_t v, int64_t slack)
{
	return (struct yg_cell){ .state = YG_CELL_ROUNDED, .role = role, .decimals = -1,
		                 .low = (double)(v > slack ? v - slack : 0), .high = (double)(v + slack),
		                 .value = { .kind = YG_VALUE_INTEGER, .integer = v } };
}

static void set_point(struct yg_point *p, const struct arm *a, const struct yg_policy *policy, double x, int64_t at_risk,
                      int64_t events, int64_t censored, bool complement, bool band)
{
	int64_t b = policy->group;
	p->x = x;
	p->y = yg_numfmt_round_fixed(complement ? 1 - a->surv : a->surv, 3);
	p->at_risk = rounded(YG_ROLE_PERSONS, at_risk, (3 * b + 1) / 2);
	p->events = rounded(YG_ROLE_EVENTS, events, b);
	p->censored = rounded(YG_ROLE_PERSONS, censored, b);
	if (band) {
		double half = Z95 * a->surv * sqrt(a->greenwood);
		double low = fmax(0, a->surv - half), high = fmin(1, a->surv + half);
		p->lower = yg_numfmt_round_fixed(complement ? 1 - high : low, 3);
		p->upper = yg_numfmt_round_fixed(complement ? 1 - low : high, 3);
	}
}

/* Walk one arm; with out NULL only count the points there will be. */
static size_t walk(const struct yg_raw_series_body *s, const struct yg_policy *policy, bool complement,
                   struct yg_point *out, struct arm *a)
{
	int64_t b = policy->group;
	bool band = false;
	for (size_t k = 0; k < s->points; k++)
		band = band || !isnan(s->point[k].p.lower);
	*a = (struct arm){ .n = s->points ? s->point[0].p.at_risk : 0, .surv = 1 };
	a->gn = grouped(a->n, b);
	size_t points = 0;
	if (out)
		set_point(out, a, policy, 0, a->gn, 0, 0, complement, band);
	points++;
	for (size_t k = 0; k < s->points; k++) {
		const struct yg_raw_point *p = &s->point[k].p;
		a->events += p->events;
		a->censored += p->censored;
		int64_t d = grouped(a->events, b) - a->gevents, c = grouped(a->censored, b) - a->gcensored;
		int64_t at_risk = a->gn - a->gevents - a->gcensored;
		if (d == 0 && c == 0)
			continue;
		if (at_risk < policy->min_cell || d >= at_risk) {
			a->stopped = true;
			return points;
		}
		a->gevents += d;
		a->gcensored += c;
		a->surv *= (double)(at_risk - d) / (double)at_risk;
		a->greenwood += (double)d / ((double)at_risk * (double)(at_risk - d));
		if (out)
			set_point(&out[points], a, policy, p->x, at_risk, d, c, complement, band);
		points++;
	}
	return points;
}

static void true_numbers(const struct yg_raw_series_body *s, double t, int64_t *at_risk, int64_t *events)
{
	*events = 0;
	*at_risk = 0;
	for (size_t k = 0; k < s->points; k++) {
		const struct yg_raw_point *p = &s->point[k].p;
		if (p->x >= t && *at_risk == 0)
			*at_risk = p->at_risk;
		if (p->x <= t)
			*events += p->events;
	}
}

/* Keep a time of the grid only when every arm has lost 0 or at least T persons, and met 0 or at
   least T events, since the last time kept. */
static void thin_grid(struct yg_gate_run *run, const struct yg_raw_figure *raw, struct yg_figure *f)
{
	double *grid = yg_figure_add_grid(run->result, f, raw->grids);
	size_t kept = 0;
	for (size_t i = 0; i < raw->grids; i++) {
		bool fits = true;
		for (int s = 0; kept && s < raw->series_count; s++) {
			int64_t n0, e0, n1, e1;
			true_numbers(&raw->series[s], grid[kept - 1], &n0, &e0);
			true_numbers(&raw->series[s], raw->grid[i], &n1, &e1);
			fits = fits && !(n0 > n1 && n0 - n1 < run->policy->min_cell) &&
			       !(e1 > e0 && e1 - e0 < run->policy->min_cell);
		}
		if (fits)
			grid[kept++] = raw->grid[i];
	}
	f->grids = kept;
}

static struct yg_cell number(enum yg_role role, double v)
{
	return (struct yg_cell){ .state = YG_CELL_SHOWN, .role = role, .decimals = -1,
		                 .value = { .kind = YG_VALUE_DOUBLE, .number = v } };
}

/* Medians from the grouped curves, beside the figure that shows them. */
static void grouped_table(struct yg_gate_run *run, const struct yg_figure *f, const struct arm *arm)
{
	struct yg_result_table *t = yg_result_add_table(run->result, "grouped", N_("From the grouped curves"),
	                                                f->series_count, 3);
	struct yg_arena *a = &run->result->arena;
	t->column[0] = (struct yg_table_column){ "n", N_("persons"), NULL, YG_ROLE_PERSONS };
	t->column[1] = (struct yg_table_column){ "events", N_("events"), NULL, YG_ROLE_EVENTS };
	t->column[2] = (struct yg_table_column){ "median", N_("median"), f->x.unit, YG_ROLE_QUANTILE };
	for (int i = 0; i < f->series_count; i++) {
		const struct yg_series *s = &f->series[i];
		t->row[i] = (struct yg_table_row){ yg_arena_strdup(a, s->name), yg_arena_strdup(a, s->name), 0 };
		*yg_result_cell(t, i, 0) = rounded(YG_ROLE_PERSONS, arm[i].gn, run->policy->group / 2 + 1);
		*yg_result_cell(t, i, 1) = rounded(YG_ROLE_EVENTS, arm[i].gevents, run->policy->group / 2 + 1);
		struct yg_cell *median = yg_result_cell(t, i, 2);
		*median = (struct yg_cell){ .state = YG_CELL_MISSING, .role = YG_ROLE_QUANTILE, .decimals = -1,
			                    .value = { .kind = YG_VALUE_TEXT, .text = N_("not reached") } };
		double surv = 1;
		for (size_t k = 1; k < s->points; k++) {
			const struct yg_point *p = &s->point[k];
			double n = (double)p->at_risk.value.integer, d = (double)p->events.value.integer;
			surv *= (n - d) / n;
			if (surv <= 0.5) {
				*median = number(YG_ROLE_QUANTILE, yg_gate_digits(run->policy, YG_ROLE_QUANTILE, p->x));
				break;
			}
		}
	}
}

/* Points k0 to k1 as one: their events and censorings together, everybody at risk before the first. */
static struct yg_point joined(const struct yg_policy *p, const struct yg_point *point, size_t k0, size_t k1)
{
	struct yg_point out = point[k1];
	int64_t events = 0, censored = 0;
	for (size_t k = k0; k <= k1; k++) {
		events += point[k].events.value.integer;
		censored += point[k].censored.value.integer;
	}
	out.at_risk = point[k0].at_risk;
	out.events = rounded(YG_ROLE_EVENTS, events, p->group);
	out.censored = rounded(YG_ROLE_PERSONS, censored, p->group);
	return out;
}

/* A long grouped curve keeps the steps that can be seen, as other curves do (raw/thin.h). */
static void thin_series(const struct yg_policy *p, const struct yg_figure *f, struct yg_series *s, double height)
{
	size_t n = s->points, *kept;
	if (n <= YG_THIN_ALL)
		return;
	double *v = yg_xalloc(4 * n, sizeof *v), least = height / YG_THIN_HEIGHT;
	for (size_t k = 0; k < n; k++) {
		v[k] = s->point[k].x;
		v[n + k] = s->point[k].y;
		v[2 * n + k] = s->point[k].lower;
		v[3 * n + k] = s->point[k].upper;
	}
	const struct yg_thin_value of[] = { { v + n, 1, least }, { v + 2 * n, 1, least }, { v + 3 * n, 1, least } };
	const struct yg_thin curve = { .time = v, .n = n, .divisor = 1, .length = v[n - 1], .at = f->grid, .ats = f->grids, .of = of,
		                       .values = 3 };
	s->points = yg_thin(&curve, &kept);
	for (size_t k = 0, from = 0; k < s->points; k++) {
		struct yg_point point = joined(p, s->point, from, kept[k]);
		from = kept[k] + 1;
		s->point[k] = point;
	}
	yg_free(kept);
	yg_free(v);
}

static void thin_curves(struct yg_gate_run *run, struct yg_figure *f, bool complement)
{
	double height = 0;
	bool thinned = false;
	for (int i = 0; i < f->series_count; i++) {
		const struct yg_series *s = &f->series[i];
		double last = s->points ? s->point[s->points - 1].y : 0;
		height = fmax(height, complement ? last : 1 - last);
	}
	for (int i = 0; i < f->series_count; i++) {
		size_t before = f->series[i].points;
		thin_series(run->policy, f, &f->series[i], height);
		thinned = thinned || f->series[i].points < before;
	}
	if (thinned)
		yg_result_add_note(run->result, YG_NOTE_INFO,
		                   N_("curves of more than 1,000 steps are drawn by those that a figure can tell apart"), 0);
}

bool yg_gate_group_curve(struct yg_gate_run *run, const struct yg_raw_figure *raw, struct yg_figure *f)
{
	bool complement = false;
	if (yg_gate_curve_small(run->policy, raw) || run->model_refused)
		return false;
	for (int i = 0; i < raw->series_count; i++) {
		bool c;
		if (!follows_from_counts(&raw->series[i], &c) || (i && c != complement))
			return false;
		complement = c;
	}
	struct arm *arm = yg_arena_alloc(&run->result->arena, (size_t)raw->series_count + 1, sizeof *arm);
	for (int i = 0; i < raw->series_count; i++) {
		const struct yg_raw_series_body *s = &raw->series[i];
		size_t n = walk(s, run->policy, complement, NULL, &arm[i]);
		walk(s, run->policy, complement, yg_series_add_points(run->result, &f->series[i], n), &arm[i]);
	}
	thin_grid(run, raw, f);
	f->grouped = true;
	grouped_table(run, f, arm);
	thin_curves(run, f, complement);
	struct yg_note *n = yg_result_add_note(
		run->result, YG_NOTE_CONVENTION,
		N_("Grouped curve: a step stands for {1} events or censorings; it ends where fewer than {2} remain at risk."), 2);
	for (int i = 0; i < 2; i++)
		n->argument[i] = (struct yg_cell){ .state = YG_CELL_SHOWN, .role = YG_ROLE_INTEGER, .decimals = -1,
			                           .value = { .kind = YG_VALUE_INTEGER,
			                                      .integer = i ? run->policy->min_cell : run->policy->group } };
	return true;
}
