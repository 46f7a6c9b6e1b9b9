/*
 * calibrate: observed against predicted risk, in groups of risk and as a smooth curve.
 *
 * With follow-up the observed risk of a group is one minus Kaplan-Meier at the time; the curve is a local linear regression
 * of pseudo-values (of the outcome itself where there is no time) on the predicted risk.  ICI, E50, E90: mean, median and
 * 90th percentile of the distance between the curve and the predictions (Austin and Steyerberg 2019, Stat Med 38:4051).
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "an_measure_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/num/sort.h"

#define GRID 61
#define SPAN 0.75

struct calibration {
	const struct yg_an_judge *r;
	struct yg_task *task;
	struct yg_arena arena;
	struct yg_raw *raw;
	struct an_rows rows;
	double time, critical;
	size_t part;                   /* tables made so far */
	/* of the present model */
	const struct an_applied *a;
	double *risk;
	uint32_t *group;
	size_t groups;
	double x[GRID], fit[GRID], se[GRID];
	bool smooth;
	double distance[3];            /* ICI E50 E90 */
	double chisq, df;
};
struct risk_group {
	uint64_t persons, events;
	double predicted, observed, se, lower, upper, sum;
};

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while predictions were compared with outcomes"));
}

/* ---- groups ---- */

static void wilson(struct risk_group *g, double z)
{
	double n = (double)g->persons, p = (double)g->events / n, z2 = z * z;
	double middle = (p + z2 / (2 * n)) / (1 + z2 / n), half = z / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n));
	g->observed = p;
	g->se = sqrt(p * (1 - p) / n);
	g->lower = fmax(0, middle - half);
	g->upper = fmin(1, middle + half);
}

static enum yg_status observed_in_groups(struct calibration *c, struct risk_group *g, struct yg_err *err)
{
	if (!c->rows.has_surv) {
		for (size_t k = 0; k < c->groups; k++)
			wilson(&g[k], c->critical);
		return YG_OK;
	}
	struct yg_spans d = c->rows.s.spans;
	struct yg_km km;
	struct yg_km_options o = { .ci = YG_KM_LOGLOG, .conf = an_conf(&c->r->in) };
	int32_t *group = yg_data_alloc(d.n + 1, sizeof *group);
	if (!group)
		return no_memory(err);
	for (size_t i = 0; i < d.n; i++)
		group[i] = (int32_t)c->group[i];
	d.group = group;
	d.groups = c->groups;
	d.stratum = NULL;
	enum yg_status s = yg_km_fit(&d, &o, c->task, &km, err);
	yg_data_free(group);
	YG_TRY(s);
	for (size_t k = 0; k < c->groups; k++) {
		struct yg_km_point p;
		yg_km_at(&km.curve[k], c->time, &p);
		bool gone = p.beyond && p.surv > 0;
		g[k].observed = gone ? NAN : 1 - p.surv;
		g[k].se = gone ? NAN : p.se;
		g[k].lower = gone ? NAN : 1 - p.upper;
		g[k].upper = gone ? NAN : 1 - p.lower;
		g[k].events = (uint64_t)p.event;
	}
	yg_km_release(&km);
	return YG_OK;
}

static enum yg_status make_groups(struct calibration *c, struct risk_group **out, struct yg_err *err)
{
	size_t n = c->rows.n;
	YG_TRY(yg_prediction_groups(c->risk, n, c->r->groups, c->task, c->group, &c->groups, err));
	struct risk_group *g = yg_arena_alloc(&c->arena, c->groups + 1, sizeof *g);
	for (size_t i = 0; i < n; i++) {
		struct risk_group *k = &g[c->group[i]];
		k->persons++;
		k->sum += c->risk[i];
		k->events += c->rows.has_surv ? 0 : c->rows.event[i];
	}
	for (size_t k = 0; k < c->groups; k++)
		g[k].predicted = g[k].sum / (double)g[k].persons;
	*out = g;
	return observed_in_groups(c, g, err);
}

/*
 * Hosmer and Lemeshow (1980, Commun Stat A9:1043), df groups less 2 on the data of the fit, all groups on others;
 * with follow-up the form of Greenwood, Nam and D'Agostino (Demler and others 2015, Stat Med 34:1659), df groups less 1.
 */
static void test(struct calibration *c, const struct risk_group *g)
{
	bool own = !c->rows.has_surv && c->a->model->rows == an_rows_hash(c->rows.set, c->rows.y, NULL);
	double *n = yg_arena_alloc(&c->arena, 3 * c->groups + 1, sizeof *n), *observed = n + c->groups, *expected = observed + c->groups;
	c->chisq = 0;
	for (size_t k = 0; k < c->groups; k++) {
		double d = g[k].observed - g[k].predicted;
		n[k] = (double)g[k].persons;
		observed[k] = (double)g[k].events;
		expected[k] = g[k].sum;
		c->chisq += d * d / (g[k].se * g[k].se);
	}
	if (!c->rows.has_surv)
		c->chisq = yg_hosmer_lemeshow(n, observed, expected, c->groups);
	c->df = (double)c->groups - (c->rows.has_surv ? 1 : own ? 2 : 0);
}

/* ---- curve ---- */

static double curve_at(const struct calibration *c, double x)
{
	double step = (c->x[GRID - 1] - c->x[0]) / (GRID - 1), at = step > 0 ? (x - c->x[0]) / step : 0;
	int k = at <= 0 ? 0 : at >= GRID - 1 ? GRID - 2 : (int)at;
	double rest = fmin(fmax(at - k, 0), 1);
	return c->fit[k] + rest * (c->fit[k + 1] - c->fit[k]);
}

/* Is anybody followed to the time?  Pseudo-values beyond say nothing. */
static bool followed(const struct calibration *c)
{
	size_t beyond = c->rows.has_surv ? 0 : 1;
	for (size_t i = 0; c->rows.has_surv && i < c->rows.n && !beyond; i++)
		beyond += c->rows.set->exit[i] >= c->time;
	return beyond > 0;
}

static enum yg_status curve(struct calibration *c, struct yg_err *err)
{
	size_t n = c->rows.n;
	double *y = yg_data_alloc(n + 1, sizeof *y);
	uint32_t *order = yg_data_alloc(n + 1, sizeof *order);
	enum yg_status s = y && order ? yg_sort_doubles(c->risk, n, c->task, order, err) : no_memory(err);
	double low = 0, high = 0;
	c->smooth = false;
	if (s == YG_OK) {
		low = c->risk[order[(size_t)(0.01 * (double)(n - 1))]];
		high = c->risk[order[(size_t)ceil(0.99 * (double)(n - 1))]];
	}
	if (s == YG_OK && high > low && n >= 20 && followed(c) && !(c->rows.has_surv && c->rows.s.spans.entry)) {
		struct yg_spans d = c->rows.has_surv ? c->rows.s.spans : (struct yg_spans){ 0 };
		if (c->rows.has_surv)
			s = yg_km_pseudo(&d, c->time, y, err);
		for (size_t i = 0; s == YG_OK && i < n; i++)
			y[i] = c->rows.has_surv ? 1 - y[i] : c->rows.y[i];
		for (int k = 0; k < GRID; k++)
			c->x[k] = low + (high - low) * k / (GRID - 1);
		if (s == YG_OK)
			s = yg_smooth_local(c->risk, y, n, SPAN, c->x, GRID, c->task, c->fit, c->se, err);
		for (int k = 0; k < GRID; k++)
			c->fit[k] = fmin(fmax(c->fit[k], 0), 1);
		for (size_t i = 0; s == YG_OK && i < n; i++)
			y[i] = fabs(curve_at(c, c->risk[i]) - c->risk[i]);
		if (s == YG_OK)
			s = yg_sort_doubles(y, n, c->task, order, err);
		double sum = 0;
		for (size_t i = 0; s == YG_OK && i < n; i++)
			sum += y[i];
		if (s == YG_OK) {
			c->distance[0] = sum / (double)n;
			c->distance[1] = y[order[(size_t)(0.5 * (double)(n - 1))]];
			c->distance[2] = y[order[(size_t)(0.9 * (double)(n - 1))]];
			c->smooth = isfinite(sum);
		}
	}
	yg_data_free(y);
	yg_data_free(order);
	return s;
}

/* ---- shown ---- */

static const char *what(struct calibration *c)
{
	if (!c->rows.has_surv)
		return yg_phrase(&c->arena, N_("Calibration of %s: %s"), c->a->name, c->rows.outcome);
	return yg_phrase(&c->arena, N_("Calibration of %s: %s by %s"), c->a->name, c->rows.outcome,
	                 an_time_text(&c->arena, c->time, c->rows.s.divisor, c->rows.s.unit));
}

static void group_table(struct calibration *c, const struct risk_group *g)
{
	struct yg_raw_table *t = yg_raw_table(c->raw, an_key(&c->arena, "calibration", c->part), what(c));
	yg_raw_column(t, "persons", N_("persons"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(t, "events", N_("events"), YG_ROLE_EVENTS, NULL);
	yg_raw_column(t, "predicted", N_("predicted"), YG_ROLE_PROBABILITY, NULL);
	yg_raw_column(t, "observed", N_("observed"), YG_ROLE_PROBABILITY, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	for (size_t k = 0; k < c->groups; k++) {
		struct yg_evidence e = { (int64_t)g[k].persons, (int64_t)g[k].events, 0 };
		char number[32];
		snprintf(number, sizeof number, "%zu", k + 1);
		int row = yg_raw_row(t, number, yg_phrase(&c->arena, N_("risk group %s"), number), 0);
		yg_raw_int(t, row, 0, e.persons, e);
		yg_raw_int(t, row, 1, e.events, (struct yg_evidence){ e.persons, e.events, e.persons });
		yg_raw_num(t, row, 2, g[k].predicted, e);
		if (isnan(g[k].observed)) {
			yg_raw_missing(t, row, 3, N_("nobody is followed so long"));
			yg_raw_text(t, row, 4, "");
			yg_raw_text(t, row, 5, "");
			continue;
		}
		yg_raw_num(t, row, 3, g[k].observed, e);
		yg_raw_num(t, row, 4, g[k].lower, e);
		yg_raw_num(t, row, 5, g[k].upper, e);
	}
}

static void measure_row(struct yg_raw_table *t, const char *key, const char *label, const struct an_measure *m, double value,
                        struct yg_evidence e)
{
	int row = yg_raw_row(t, key, label, 0);
	yg_raw_num(t, row, 0, m ? m->value : value, e);
	for (int k = 1; k <= 2; k++)
		if (m && !isnan(m->lower))
			yg_raw_num(t, row, k, k == 1 ? m->lower : m->upper, e);
		else
			yg_raw_text(t, row, k, "");
}

static enum yg_status measures(struct calibration *c, struct yg_err *err)
{
	struct an_measures q = { .of_time = c->rows.has_surv, .binary = c->a->model->binary, .time = &c->time,
		                 .times = c->rows.has_surv, .tau = c->time, .critical = c->critical, .calibration = true };
	struct an_sample sample = { .n = c->rows.n, .y = c->rows.y, .event = c->rows.event };
	struct an_measure list[8 + 4];
	struct yg_evidence e = an_rows_evidence(&c->rows);
	size_t n = an_measure_list(&q, list);
	if (c->rows.has_surv) {
		sample.spans = c->rows.s.spans;
		sample.spans.group = NULL;
		sample.spans.stratum = NULL;
	}
	enum yg_status s = an_measure_fill(&q, &sample, c->a, NULL, c->task, list, err);
	YG_TRY(s);
	struct yg_raw_table *t = yg_raw_table(c->raw, an_key(&c->arena, "measures", c->part), N_("Over all"));
	yg_raw_column(t, "estimate", N_("estimate"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	for (size_t i = 0; i < n; i++) {
		if (list[i].kind == AN_M_OE)
			measure_row(t, "oe", N_("observed / expected"), &list[i], 0, e);
		else if (list[i].kind == AN_M_INTERCEPT)
			measure_row(t, "intercept", N_("calibration intercept"), &list[i], 0, e);
		else if (list[i].kind == AN_M_SLOPE)
			measure_row(t, "slope", N_("calibration slope"), &list[i], 0, e);
	}
	if (c->smooth) {
		measure_row(t, "ici", N_("mean distance of curve and prediction (ICI)"), NULL, c->distance[0], e);
		measure_row(t, "e50", N_("median distance (E50)"), NULL, c->distance[1], e);
		measure_row(t, "e90", N_("90th percentile of the distance (E90)"), NULL, c->distance[2], e);
	}
	return YG_OK;
}

static void test_table(struct calibration *c)
{
	struct yg_evidence e = an_rows_evidence(&c->rows);
	struct yg_raw_table *t = yg_raw_table(c->raw, an_key(&c->arena, "test", c->part), N_("Goodness of fit in groups"));
	yg_raw_column(t, "statistic", N_("chi-squared"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(t, "df", N_("df"), YG_ROLE_DF, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	int row = yg_raw_row(t, "hl", c->rows.has_surv ? N_("Greenwood-Nam-D'Agostino") : N_("Hosmer-Lemeshow"), 0);
	if (!isfinite(c->chisq) || c->df < 1) {
		yg_raw_missing(t, row, 0, N_("not estimable: a group without events, or too few groups"));
		yg_raw_text(t, row, 1, "");
		yg_raw_text(t, row, 2, "");
		return;
	}
	yg_raw_num(t, row, 0, c->chisq, e);
	yg_raw_int(t, row, 1, (int64_t)c->df, YG_NOBODY);
	yg_raw_num(t, row, 2, yg_chisq_upper(c->chisq, c->df), e);
}

static struct yg_raw_point point(double x, double y, double lower, double upper)
{
	return (struct yg_raw_point){ .x = x, .x2 = NAN, .y = y, .lower = lower, .upper = upper, .at_risk = -1, .events = -1, .censored = -1 };
}

static void figure(struct calibration *c, const struct risk_group *g)
{
	struct yg_evidence all = an_rows_evidence(&c->rows);
	struct yg_raw_figure *f = yg_raw_figure(c->raw, an_key(&c->arena, "calibration", c->part), YG_FIGURE_XY, what(c));
	double top = 0;
	yg_raw_figure_axis(f, 'x', N_("predicted risk"), NULL, 0);
	yg_raw_figure_axis(f, 'y', N_("observed risk"), NULL, 0);
	int s = yg_raw_series(f, N_("groups of risk"));
	for (size_t k = 0; k < c->groups; k++) {
		struct yg_raw_point p = point(g[k].predicted, g[k].observed, g[k].lower, g[k].upper);
		yg_raw_point(f, s, &p, (struct yg_evidence){ (int64_t)g[k].persons, (int64_t)g[k].events, 0 });
		top = fmax(top, fmax(g[k].predicted, isnan(g[k].upper) ? 0 : g[k].upper));
	}
	if (c->smooth) {
		s = yg_raw_series(f, N_("smooth curve"));
		yg_raw_series_line(f, s);
		for (int k = 0; k < GRID; k++) {
			struct yg_raw_point p = point(c->x[k], c->fit[k], fmax(0, c->fit[k] - c->critical * c->se[k]),
			                              fmin(1, c->fit[k] + c->critical * c->se[k]));
			yg_raw_point(f, s, &p, all);
			top = fmax(top, fmax(p.x, p.y));
		}
	}
	s = yg_raw_series(f, N_("ideal"));
	yg_raw_series_line(f, s);
	for (int k = 0; k < 2; k++) {
		struct yg_raw_point p = point(k * fmin(1, top), k * fmin(1, top), NAN, NAN);
		yg_raw_point(f, s, &p, all);
	}
}

static enum yg_status one_model(struct calibration *c, struct yg_err *err)
{
	struct risk_group *g;
	if (c->rows.has_surv && c->a->model->no_baseline)
		return yg_fail(err, YG_REFUSED, "E-PRE-028", N_("%s gives no risk at a time: %s"), c->a->name, c->a->model->no_baseline);
	YG_TRY(c->a->model->kind->risk(c->a->model, c->a, c->time, c->risk, err));
	YG_TRY(make_groups(c, &g, err));
	YG_TRY(curve(c, err));
	test(c, g);
	group_table(c, g);
	YG_TRY(measures(c, err));
	if (c->r->test && !strcmp(c->r->test, "hl"))
		test_table(c);
	figure(c, g);
	yg_raw_model(c->raw, c->rows.events, (int64_t)c->a->model->rank);
	c->part++;
	return YG_OK;
}

static void notes(struct calibration *c)
{
	struct yg_raw_note *n;
	an_rows_notes(c->raw, &c->rows, &c->r->in);
	n = yg_raw_note(c->raw, YG_NOTE_CONVENTION, N_("groups by quantiles of the predicted risk (type 7, upper limit included); {1} intervals"));
	yg_raw_note_num(n, YG_ROLE_PROPORTION, an_conf(&c->r->in), YG_NOBODY);
	yg_raw_note(c->raw, YG_NOTE_CONVENTION, c->rows.has_surv ?
	            N_("observed: one minus Kaplan-Meier (log-log intervals); the curve is a local linear regression of pseudo-values on the predicted risk, span 0.75") :
	            N_("observed: share with the event (Wilson intervals); the curve is a local linear regression of the outcome on the predicted risk, span 0.75"));
	if (c->r->test && !strcmp(c->r->test, "hl"))
		yg_raw_note(c->raw, YG_NOTE_INFO, N_("the test depends on the number of groups and grows with the number of persons: the figure says more"));
}

static enum yg_status check(struct calibration *c, struct yg_err *err)
{
	const struct yg_an_judge *r = c->r;
	double *time = NULL;
	size_t times = 0;
	for (size_t k = 0; k < r->models; k++)
		if (yg_prediction_of_time(r->model[k]) != (r->endpoint != NULL) || (!r->endpoint && !r->model[k]->binary))
			return yg_fail(err, YG_REFUSED, "E-PRE-029", N_("%s predicts no risk of this outcome: calibrate and dca are about risks of events"), r->name[k]);
	if (r->endpoint) {
		YG_TRY(an_times(r->endpoint, r->at, &c->arena, &time, &times, err));
		if (times != 1) {
			yg_fail(err, YG_ESYNTAX, "E-PRE-030", N_("one time is needed: risk by when?"));
			yg_err_hint(err, N_("Write with at=5y"));
			return YG_ESYNTAX;
		}
		c->time = time[0];
	} else if (r->at) {
		return yg_fail(err, YG_ESYNTAX, "E-PRE-027", N_("at is for endpoints: this outcome has no time"));
	}
	if (r->groups < 2 || r->groups > 100)
		return yg_fail(err, YG_ESYNTAX, "E-PRE-031", N_("groups is a number from 2 to 100"));
	c->critical = yg_normal_quantile(0.5 + an_conf(&r->in) / 2);
	return YG_OK;
}

enum yg_status yg_an_calibrate(const struct yg_an_judge *r, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	struct calibration c = { .r = r, .task = task };
	struct an_rows_request ask = { .in = &r->in, .endpoint = r->endpoint, .outcome = r->outcome, .event = r->event,
		                       .verb = "calibrate", .model = r->model, .name = r->name, .models = r->models };
	yg_arena_init(&c.arena);
	c.raw = yg_raw_new("calibrate", 1);
	enum yg_status s = check(&c, err);
	if (s == YG_OK)
		s = an_rows_build(&ask, task, &c.rows, err);
	if (s == YG_OK) {
		c.risk = yg_data_alloc(c.rows.n + 1, sizeof *c.risk);
		c.group = yg_data_alloc(c.rows.n + 1, sizeof *c.group);
		if (!c.risk || !c.group)
			s = no_memory(err);
		an_title(c.raw, N_("Calibration: %s"), c.rows.outcome);
		for (size_t k = 0; s == YG_OK && k < c.rows.models; k++) {
			c.a = &c.rows.model[k];
			s = one_model(&c, err);
		}
		if (s == YG_OK)
			notes(&c);
		yg_data_free(c.risk);
		yg_data_free(c.group);
		an_rows_release(&c.rows);
	}
	yg_arena_release(&c.arena);
	if (s == YG_OK)
		*out = c.raw;
	else
		yg_raw_free(c.raw);
	return s;
}
