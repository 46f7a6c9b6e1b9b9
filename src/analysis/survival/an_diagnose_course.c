/* The course of each effect over time, for phtest and diagnose: see an_diagnose_priv.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "an_diagnose_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/num/dist.h"
#include "yogo/stats/prediction.h"

#define COURSE 40              /* points of an effect over time, as plot.cox.zph */
#define BESIDE 20u             /* events before and after every point of it where rows are guarded */

enum yg_status an_diagnose_no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while residuals were made"));
}

struct yg_evidence an_diagnose_behind(const struct an_cox_kept *k, const struct an_cox_row *row)
{
	return row->binary ? (struct yg_evidence){ row->persons, row->events, k->persons } : (struct yg_evidence){ k->persons, k->events, 0 };
}

struct yg_raw_point an_diagnose_point(double x, double y, double lower, double upper)
{
	return (struct yg_raw_point){ .x = x, .x2 = NAN, .y = y, .lower = lower, .upper = upper, .at_risk = -1, .events = -1, .censored = -1 };
}

const struct an_cox_row *an_diagnose_row(const struct an_cox_kept *k, size_t j)
{
	size_t at = 0;
	for (size_t i = 0; i < k->rows; i++)
		if (!k->row[i].reference && at++ == j)
			return &k->row[i];
	return NULL;
}

/* The smooth effects: COURSE points of each coefficient. */
struct courses {
	double at[COURSE], se[COURSE], *fit;   /* fit[p*COURSE] */
};

static void one_course(struct yg_raw *raw, const struct an_cox_kept *k, size_t j, const double *g,
                       const struct yg_cox_schoenfeld *s, const struct courses *of, double divisor, const char *unit, bool open,
                       const char *key, struct yg_arena *arena)
{
	const double *at = of->at, *fit = of->fit + j * COURSE, *se = of->se;
	double spread = sqrt(k->fit.naive[j * s->p + j] * (double)k->fit.events);
	const struct an_cox_row *row = an_diagnose_row(k, j);
	if (!row)
		return;
	struct yg_raw_figure *f = yg_raw_figure(raw, key, YG_FIGURE_XY, yg_phrase(arena, N_("Effect of %s over time"), row->label));
	yg_raw_figure_axis(f, 'x', N_("time"), unit && *unit ? unit : NULL, 0);
	yg_raw_figure_axis(f, 'y', N_("log hazard ratio"), NULL, 0);
	yg_raw_figure_reference(f, 'y', k->fit.beta[j]);
	int series = yg_raw_series(f, N_("smooth effect"));
	yg_raw_series_line(f, series);
	size_t next = 0;
	double critical = yg_normal_quantile(0.5 + k->conf / 2);
	for (int c = 0; c < COURSE; c++) {
		while (next + 1 < s->m && g[next + 1] <= at[c])
			next++;
		/* The time at this value of g: between the events around it. */
		double t = s->time[next];
		size_t later = next;
		while (later + 1 < s->m && g[later] <= g[next])
			later++;
		if (g[later] > g[next] && at[c] > g[next])
			t += (s->time[later] - t) * (at[c] - g[next]) / (g[later] - g[next]);
		/* The first and the last events belong to single persons: elsewhere the course is drawn where many lie on both sides. */
		if (!open && (next < BESIDE || s->m - next <= BESIDE))
			continue;
		struct yg_raw_point p = an_diagnose_point(t / divisor, fit[c], fit[c] - critical * spread * se[c], fit[c] + critical * spread * se[c]);
		yg_raw_point(f, series, &p, an_diagnose_behind(k, row));
	}
	if (open && s->m <= AN_DIAGNOSE_POINTS) {
		series = yg_raw_series(f, N_("events"));
		for (size_t i = 0; i < s->m; i++) {
			struct yg_raw_point p = an_diagnose_point(s->time[i] / divisor, s->value[i * s->p + j], NAN, NAN);
			yg_raw_point(f, series, &p, an_persons(1));
		}
	}
}

struct by_time {
	double time, g;
	uint32_t place;
};

static int earlier(const void *a, const void *b)
{
	const struct by_time *x = a, *y = b;
	return x->time != y->time ? (x->time < y->time ? -1 : 1) : (x->place > y->place) - (x->place < y->place);
}

/* Strata come one after another: put all events in order of time. */
static enum yg_status order_events(struct yg_cox_schoenfeld *s, double *g, struct yg_err *err)
{
	size_t in_order = 1;
	while (in_order < s->m && s->time[in_order - 1] <= s->time[in_order])
		in_order++;
	if (in_order >= s->m)
		return YG_OK;
	struct by_time *order = yg_data_alloc(s->m + 1, sizeof *order);
	double *value = yg_data_alloc(s->m * s->p + 1, sizeof *value);
	if (!order || !value) {
		yg_data_free(order);
		yg_data_free(value);
		return an_diagnose_no_memory(err);
	}
	for (size_t i = 0; i < s->m; i++)
		order[i] = (struct by_time){ s->time[i], g[i], (uint32_t)i };
	qsort(order, s->m, sizeof *order, earlier);
	for (size_t i = 0; i < s->m; i++) {
		s->time[i] = order[i].time;
		g[i] = order[i].g;
		memcpy(value + i * s->p, s->value + (size_t)order[i].place * s->p, s->p * sizeof *value);
	}
	memcpy(s->value, value, s->m * s->p * sizeof *value);
	yg_data_free(order);
	yg_data_free(value);
	return YG_OK;
}

enum yg_status an_cox_courses(struct yg_raw *raw, const struct an_cox_kept *k, enum yg_cox_transform transform, bool open,
                              struct yg_arena *arena, size_t *made, struct yg_task *task, struct yg_err *err)
{
	struct yg_cox_schoenfeld s = { 0 };
	const struct yg_prediction_model *m = k->prediction;
	if (!k->has_fit || k->fit.events < 8)
		return YG_OK;
	double *g = yg_data_alloc((size_t)k->fit.events + 1, sizeof *g);
	enum yg_status status = g ? yg_cox_event_transform(&k->kept, &k->fit, transform, task, g, err) : an_diagnose_no_memory(err);
	if (status == YG_OK)
		status = yg_cox_schoenfeld(&k->kept, &k->fit, true, task, &s, err);
	if (status == YG_OK)
		status = order_events(&s, g, err);
	struct courses of = { .fit = NULL };
	struct yg_err why = { 0 };
	if (status == YG_OK) {
		of.fit = yg_data_alloc(s.p * COURSE + 1, sizeof(double));
		status = of.fit ? yg_smooth_natural(g, s.value, s.m, s.p, 4, COURSE, task, of.at, of.fit, of.se, &why) : an_diagnose_no_memory(&why);
		if (status != YG_OK && err)
			*err = why;
	}
	for (size_t j = 0; status == YG_OK && j < s.p && *made < AN_DIAGNOSE_FIGURES; j++)
		if (k->fit.fault[j] == YG_COX_FINE)
			one_course(raw, k, j, g, &s, &of, m && m->divisor > 0 ? m->divisor : 1, m ? m->unit : NULL, open,
			           an_key(arena, "course", (*made)++), arena);
	if (status == YG_REFUSED || status == YG_ESYNTAX)
		status = YG_OK; /* too few times for a curve: none is drawn */
	yg_data_free(of.fit);
	yg_cox_schoenfeld_release(&s);
	yg_data_free(g);
	return status;
}
