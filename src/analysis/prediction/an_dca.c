/* dca: net benefit of treating by a model over thresholds of risk, against treating everybody and nobody. */
#include <math.h>
#include <string.h>

#include "an_model_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"

#define MOST_THRESHOLDS 100
#define FLOOR (-0.05)          /* net benefit below it is left out of the figure, which it would flatten */

struct decision {
	const struct yg_an_judge *r;
	struct yg_task *task;
	struct yg_arena arena;
	struct yg_raw *raw;
	struct an_rows rows;
	double time;
	double threshold[MOST_THRESHOLDS + 1];
	size_t thresholds;
	struct yg_net_benefit **of;    /* [models] */
};

static struct yg_raw_point point(double x, double y)
{
	return (struct yg_raw_point){ .x = x, .x2 = NAN, .y = y < FLOOR ? NAN : y, .lower = NAN, .upper = NAN, .at_risk = -1, .events = -1,
		                      .censored = -1 };
}

static const char *title(struct decision *d)
{
	if (!d->rows.has_surv)
		return yg_phrase(&d->arena, N_("Net benefit: %s"), d->rows.outcome);
	return yg_phrase(&d->arena, N_("Net benefit: %s by %s"), d->rows.outcome,
	                 an_time_text(&d->arena, d->time, d->rows.s.divisor, d->rows.s.unit));
}

/* Round thresholds for the table: every 5 points, or every one where the range is short. */
static bool listed(const struct decision *d, double p)
{
	double step = d->r->high - d->r->low > 0.125 ? 0.05 : 0.01, k = p / step;
	return fabs(k - nearbyint(k)) < 1e-9;
}

static void table(struct decision *d)
{
	struct yg_evidence e = an_rows_evidence(&d->rows);
	struct yg_raw_table *t = yg_raw_table(d->raw, "benefit", title(d));
	yg_raw_column(t, "threshold", N_("threshold"), YG_ROLE_CRITERION, NULL);
	for (size_t k = 0; k < d->rows.models; k++) {
		yg_raw_column_data(t, d->rows.model[k].name, d->rows.model[k].name, YG_ROLE_ESTIMATE, NULL);
		yg_raw_column(t, yg_arena_printf(&d->arena, "%s.treated", d->rows.model[k].name), N_("persons treated"), YG_ROLE_PERSONS, NULL);
	}
	yg_raw_column(t, "all", N_("treat all"), YG_ROLE_ESTIMATE, NULL);
	for (size_t i = 0; i < d->thresholds; i++) {
		double p = d->threshold[i];
		if (!listed(d, p) && i && i + 1 < d->thresholds)
			continue;
		const char *key = yg_arena_printf(&d->arena, "%.4g", p);
		int row = yg_raw_row(t, key, yg_phrase(&d->arena, N_("risk %s"), key), 0), c = 0;
		yg_raw_num(t, row, c++, p, e);
		for (size_t k = 0; k < d->rows.models; k++) {
			const struct yg_net_benefit *b = &d->of[k][i];
			struct yg_evidence part = { (int64_t)b->treated, 0, e.persons };
			yg_raw_num(t, row, c++, b->model, e);
			yg_raw_int(t, row, c++, (int64_t)b->treated, part);
		}
		yg_raw_num(t, row, c, d->of[0][i].all, e);
	}
}

static void figure(struct decision *d)
{
	struct yg_evidence e = an_rows_evidence(&d->rows);
	struct yg_raw_figure *f = yg_raw_figure(d->raw, "dca", YG_FIGURE_XY, title(d));
	yg_raw_figure_axis(f, 'x', N_("threshold probability"), NULL, 0);
	yg_raw_figure_axis(f, 'y', N_("net benefit"), NULL, 0);
	yg_raw_figure_reference(f, 'y', 0);
	for (size_t k = 0; k <= d->rows.models; k++) {
		bool all = k == d->rows.models;
		int s = all ? yg_raw_series(f, N_("treat all")) : yg_raw_series_data(f, d->rows.model[k].name);
		yg_raw_series_line(f, s);
		for (size_t i = 0; i < d->thresholds; i++) {
			struct yg_raw_point p = point(d->threshold[i], all ? d->of[0][i].all : d->of[k][i].model);
			yg_raw_point(f, s, &p, e);
		}
	}
	int s = yg_raw_series(f, N_("treat none"));
	yg_raw_series_line(f, s);
	for (size_t i = 0; i < 2; i++) {
		struct yg_raw_point p = point(d->threshold[i ? d->thresholds - 1 : 0], 0);
		yg_raw_point(f, s, &p, e);
	}
}

static enum yg_status compute(struct decision *d, struct yg_err *err)
{
	const struct an_rows *r = &d->rows;
	struct yg_ipcw w = { 0 };
	double *risk = yg_data_alloc(r->n + 1, sizeof *risk);
	if (!risk)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while predictions were compared with outcomes"));
	enum yg_status s = YG_OK;
	if (r->has_surv) {
		struct yg_spans spans = r->s.spans;
		spans.group = NULL;
		spans.stratum = NULL;
		s = yg_ipcw_open(&spans, d->task, &w, err);
	}
	for (size_t k = 0; s == YG_OK && k < r->models; k++) {
		const struct an_applied *a = &r->model[k];
		d->of[k] = yg_arena_alloc(&d->arena, d->thresholds + 1, sizeof *d->of[k]);
		if (r->has_surv && a->model->no_baseline)
			s = yg_fail(err, YG_REFUSED, "E-PRE-028", N_("%s gives no risk at a time: %s"), a->name, a->model->no_baseline);
		if (s == YG_OK)
			s = a->model->kind->risk(a->model, a, d->time, risk, err);
		if (s == YG_OK)
			s = yg_net_benefit_fit(r->has_surv ? &w : NULL, d->time, r->event, risk, r->n, d->threshold, d->thresholds, d->task,
			                       d->of[k], err);
		yg_raw_model(d->raw, r->events, (int64_t)a->model->rank);
	}
	if (r->has_surv)
		yg_ipcw_release(&w);
	yg_data_free(risk);
	return s;
}

static enum yg_status check(struct decision *d, struct yg_err *err)
{
	const struct yg_an_judge *r = d->r;
	double *time;
	size_t times;
	for (size_t k = 0; k < r->models; k++)
		if (yg_prediction_of_time(r->model[k]) != (r->endpoint != NULL) || (!r->endpoint && !r->model[k]->binary))
			return yg_fail(err, YG_REFUSED, "E-PRE-029", N_("%s predicts no risk of this outcome: calibrate and dca are about risks of events"), r->name[k]);
	if (!(r->low > 0 && r->low < r->high && r->high < 1)) {
		yg_fail(err, YG_ESYNTAX, "E-PRE-032", N_("range is two thresholds between 0 and 1, the smaller first"));
		yg_err_hint(err, N_("Write with range=[0.05, 0.60]"));
		return YG_ESYNTAX;
	}
	if (r->endpoint) {
		YG_TRY(an_times(r->endpoint, r->at, &d->arena, &time, &times, err));
		if (times != 1) {
			yg_fail(err, YG_ESYNTAX, "E-PRE-030", N_("one time is needed: risk by when?"));
			yg_err_hint(err, N_("Write with at=5y"));
			return YG_ESYNTAX;
		}
		d->time = time[0];
	} else if (r->at) {
		return yg_fail(err, YG_ESYNTAX, "E-PRE-027", N_("at is for endpoints: this outcome has no time"));
	}
	/* Whole percentages where the range has them, ends included. */
	double step = r->high - r->low > 0.125 ? 0.01 : 0.0025;
	d->threshold[d->thresholds++] = r->low;
	for (double k = floor(r->low / step + 1e-9) + 1; k * step < r->high - 1e-9 && d->thresholds < MOST_THRESHOLDS; k++)
		d->threshold[d->thresholds++] = nearbyint(k * step * 1e6) / 1e6;
	d->threshold[d->thresholds++] = r->high;
	return YG_OK;
}

enum yg_status yg_an_dca(const struct yg_an_judge *r, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	struct decision d = { .r = r, .task = task };
	struct an_rows_request ask = { .in = &r->in, .endpoint = r->endpoint, .outcome = r->outcome, .event = r->event,
		                       .verb = "dca", .model = r->model, .name = r->name, .models = r->models };
	yg_arena_init(&d.arena);
	d.raw = yg_raw_new("dca", 1);
	d.of = yg_arena_alloc(&d.arena, r->models + 1, sizeof *d.of);
	enum yg_status s = check(&d, err);
	if (s == YG_OK)
		s = an_rows_build(&ask, task, &d.rows, err);
	if (s == YG_OK) {
		s = compute(&d, err);
		if (s == YG_OK) {
			an_title(d.raw, N_("Decision curve: %s"), d.rows.outcome);
			table(&d);
			figure(&d);
			an_rows_notes(d.raw, &d.rows, &r->in);
			yg_raw_note(d.raw, YG_NOTE_CONVENTION, d.rows.has_surv ?
			            N_("net benefit: true less false positives per person, these times the odds of the threshold; events of those treated by Kaplan-Meier (Vickers and others 2008)") :
			            N_("net benefit: true less false positives per person, these times the odds of the threshold (Vickers and Elkin 2006)"));
			yg_raw_note(d.raw, YG_NOTE_INFO, N_("the predictions are taken as given; treating means acting on a risk of at least the threshold"));
		}
		an_rows_release(&d.rows);
	}
	yg_arena_release(&d.arena);
	if (s == YG_OK)
		*out = d.raw;
	else
		yg_raw_free(d.raw);
	return s;
}
