/* The clocks of effects that change with time: their values at the events, and the bands in which steps rest. */
#include <math.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/cox_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"
#include "yogo/num/sort.h"
#include "yogo/stats/km.h"

#define MOST_WEIGHTS 2e10     /* rows times events that are weighed one by one, with clocks of several kinds */

double yg_clock_at(const struct yg_clock *clock, double t)
{
	double units = t / (clock->divisor > 0 ? clock->divisor : 1);
	switch (clock->kind) {
	case YG_CLOCK_LINEAR:
		return units;
	case YG_CLOCK_LOG:
		return units + clock->plus > 0 ? yg_log(units + clock->plus) : NAN;
	case YG_CLOCK_SQRT:
		return units >= 0 ? sqrt(units) : NAN;
	case YG_CLOCK_STEP:
		return clock->from < t && t <= clock->to;
	default:
		return NAN;
	}
}

/* 1 - Kaplan-Meier of all rows, strata pooled, just before each time. */
static enum yg_status km_before(const struct yg_spans *d, const double *t, size_t n, struct yg_task *task, double *out,
                                struct yg_err *err)
{
	struct yg_spans pooled = *d;
	struct yg_km_options o = { YG_KM_PRODUCT, YG_KM_NELSON, YG_KM_NO_CI, 0.95, false };
	struct yg_km km;
	pooled.group = pooled.stratum = NULL;
	pooled.cluster = NULL;
	pooled.weight = NULL;
	YG_TRY(yg_km_fit(&pooled, &o, task, &km, err));
	const struct yg_km_curve *c = &km.curve[0];
	for (size_t i = 0; i < n; i++) {
		size_t low = yg_count_below(c->time, c->m, t[i]);
		out[i] = low ? 1 - c->surv[low - 1] : 0;
	}
	yg_km_release(&km);
	return YG_OK;
}

enum yg_status yg_clock_values(const struct yg_spans *d, const struct yg_clock *clock, const double *t, size_t n,
                               struct yg_task *task, double *out, struct yg_err *err)
{
	if (clock->kind == YG_CLOCK_KM)
		return km_before(d, t, n, task, out, err);
	for (size_t i = 0; i < n; i++)
		out[i] = yg_clock_at(clock, t[i]);
	return YG_OK;
}

static bool same_clock(const struct yg_clock *a, const struct yg_clock *b)
{
	return a->kind == b->kind && a->divisor == b->divisor && a->plus == b->plus;
}

static enum yg_status values(const struct yg_cox_data *d, const struct yg_cox_frame *f, struct yg_cox_time *t, size_t k,
                             struct yg_task *task, double *g, struct yg_err *err)
{
	const struct yg_clock *clock = &d->moving[k].clock;
	YG_TRY(yg_clock_values(&d->spans, clock, f->event_time, f->events, task, g, err));
	for (size_t j = 0; j < f->events; j++) {
		if (!(fabs(g[j]) < INFINITY)) {
			yg_fail(err, YG_REFUSED, "E-COX-031", N_("there is an event at time %g, where this function of time has no value"),
			        f->event_time[j]);
			yg_err_hint(err, N_("Use tt(x, sqrt) or tt(x, linear), or leave events at time 0 out"));
			return YG_REFUSED;
		}
		t->g[j * t->extra + k] = g[j];
	}
	return YG_OK;
}

static void standardise(const struct yg_cox_frame *f, struct yg_cox_time *t, size_t k, bool centred)
{
	double sum = 0, square = 0, n = (double)f->events;
	for (size_t j = 0; j < f->events; j++)
		sum += t->g[j * t->extra + k];
	double mean = n > 0 ? sum / n : 0;
	for (size_t j = 0; j < f->events; j++)
		square += (t->g[j * t->extra + k] - mean) * (t->g[j * t->extra + k] - mean);
	t->centre[k] = centred ? mean : 0;
	t->spread[k] = square > 0 ? sqrt(square / n) : 1;
	for (size_t j = 0; j < f->events; j++)
		t->g[j * t->extra + k] = (t->g[j * t->extra + k] - t->centre[k]) / t->spread[k];
}

/* A band ends with its stratum, where a step changes, and with several smooth clocks after each event. */
static void bands(const struct yg_cox_frame *f, struct yg_cox_time *t)
{
	for (uint32_t j = 0; j < f->events; j++) {
		bool opens = f->event[j].first || t->mixed;
		for (size_t k = 0; k < t->extra && !opens; k++)
			opens = t->step[k] && t->g[j * t->extra + k] != t->g[(j - 1) * t->extra + k];
		if (opens)
			t->band[t->bands++] = (struct yg_cox_band){ .event0 = j };
		t->band[t->bands - 1].event_end = j + 1;
		if (f->event[j].last)
			for (size_t b = t->bands; b-- > 0 && !t->band[b].slot_end; )
				t->band[b].slot_end = f->event[j].row_end;
	}
}

enum yg_status yg_cox_time_build(const struct yg_cox_data *d, const struct yg_cox_frame *f, bool centred,
                                 struct yg_task *task, struct yg_cox_time *out, struct yg_err *err)
{
	struct yg_cox_time t = { .extra = d->movings };
	size_t m = f->events, smooth = SIZE_MAX;
	double *v = yg_data_alloc((t.extra + 1) * (m + 1) + 2 * t.extra + 1, sizeof *v);
	t.space = v;
	t.column = yg_data_alloc(t.extra + 1, sizeof *t.column);
	t.step = yg_data_calloc(t.extra + 1, 1);
	t.band = yg_data_calloc(m + 1, sizeof *t.band);
	enum yg_status s = v && t.column && t.step && t.band ? YG_OK : yg_survival_no_memory(err);
	if (s == YG_OK) {
		t.g = v;
		t.centre = v + t.extra * (m + 1);
		t.spread = t.centre + t.extra;
	}
	for (size_t k = 0; s == YG_OK && k < t.extra; k++) {
		const struct yg_clock *clock = &d->moving[k].clock;
		t.column[k] = d->moving[k].column;
		t.step[k] = clock->kind == YG_CLOCK_STEP;
		if (!t.step[k]) {
			t.mixed = t.mixed || (t.smooth && !same_clock(clock, &d->moving[smooth].clock));
			t.smooth = true;
			smooth = k;
		}
		s = values(d, f, &t, k, task, t.spread + t.extra, err);
		if (s == YG_OK)
			standardise(f, &t, k, centred);
	}
	if (s == YG_OK && t.mixed && (double)f->slots * (double)m > MOST_WEIGHTS) {
		s = yg_fail(err, YG_ELIMIT, "E-COX-032",
		            N_("tt() terms with different functions of time take every row at every event time: %.0f rows at %.0f times are too many"),
		            (double)f->rows, (double)m);
		yg_err_hint(err, N_("Give all tt() terms the same function (log, sqrt, linear or km); cut(...) may stand beside it"));
	}
	if (s == YG_OK) {
		bands(f, &t);
		*out = t;
	} else {
		yg_cox_time_release(&t);
	}
	return s;
}

void yg_cox_time_release(struct yg_cox_time *t)
{
	yg_data_free(t->space);
	yg_data_free(t->column);
	yg_data_free(t->step);
	yg_data_free(t->band);
	memset(t, 0, sizeof *t);
}
