/*
 * diagnose: what a Cox model leaves unexplained, and which rows carry it: residuals, influence, the form of each covariate,
 * the course of each effect over time.
 *
 * Rows themselves (their numbers and residuals, points in figures) are shown only where the data may be seen row by row.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "an_diagnose_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/num/dist.h"
#include "yogo/num/sort.h"
#include "yogo/stats/prediction.h"

#define WORST 10
#define MOST_FIGURES 12
#define POINTS 3000u           /* rows drawn as points at most */
#define FORM 61                /* points of a form's curve */
#define COURSE 40              /* of an effect over time, as plot.cox.zph */
#define BESIDE 20u             /* events before and after every point of it where rows are guarded */

struct diagnosis {
	const struct yg_an_diagnose *r;
	struct yg_task *task;
	struct yg_arena arena;
	struct yg_raw *raw;
	const struct an_cox_kept *k;
	const char *name;
	size_t n, p, part;
	double *martingale, *deviance, *dfbetas;
	double divisor;
	const char *unit;
};

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while residuals were made"));
}

static struct yg_evidence everybody(const struct an_cox_kept *k)
{
	return (struct yg_evidence){ k->persons, k->events, 0 };
}

/* Who stands behind a coefficient: of a level those who have it. */
static struct yg_evidence behind(const struct an_cox_kept *k, const struct an_cox_row *row)
{
	return row->binary ? (struct yg_evidence){ row->persons, row->events, k->persons } : everybody(k);
}

static struct yg_raw_point point(double x, double y, double lower, double upper)
{
	return (struct yg_raw_point){ .x = x, .x2 = NAN, .y = y, .lower = lower, .upper = upper, .at_risk = -1, .events = -1, .censored = -1 };
}

/* The label of column j: its row in the kept table. */
static const struct an_cox_row *row_of(const struct an_cox_kept *k, size_t j)
{
	size_t at = 0;
	for (size_t i = 0; i < k->rows; i++)
		if (!k->row[i].reference && at++ == j)
			return &k->row[i];
	return NULL;
}

/* ---- effects over time ---- */

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
	const struct an_cox_row *row = row_of(k, j);
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
		struct yg_raw_point p = point(t / divisor, fit[c], fit[c] - critical * spread * se[c], fit[c] + critical * spread * se[c]);
		yg_raw_point(f, series, &p, behind(k, row));
	}
	if (open && s->m <= POINTS) {
		series = yg_raw_series(f, N_("events"));
		for (size_t i = 0; i < s->m; i++) {
			struct yg_raw_point p = point(s->time[i] / divisor, s->value[i * s->p + j], NAN, NAN);
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
		return no_memory(err);
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
	enum yg_status status = g ? yg_cox_event_transform(&k->kept, &k->fit, transform, task, g, err) : no_memory(err);
	if (status == YG_OK)
		status = yg_cox_schoenfeld(&k->kept, &k->fit, true, task, &s, err);
	if (status == YG_OK)
		status = order_events(&s, g, err);
	struct courses of = { .fit = NULL };
	struct yg_err why = { 0 };
	if (status == YG_OK) {
		of.fit = yg_data_alloc(s.p * COURSE + 1, sizeof(double));
		status = of.fit ? yg_smooth_natural(g, s.value, s.m, s.p, 4, COURSE, task, of.at, of.fit, of.se, &why) : no_memory(&why);
		if (status != YG_OK && err)
			*err = why;
	}
	for (size_t j = 0; status == YG_OK && j < s.p && *made < MOST_FIGURES; j++)
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

/* ---- residuals ---- */

static enum yg_status residuals(struct diagnosis *d, struct yg_err *err)
{
	const struct an_cox_kept *k = d->k;
	d->martingale = yg_data_alloc(d->n + 1, sizeof(double));
	d->deviance = yg_data_alloc(d->n + 1, sizeof(double));
	d->dfbetas = yg_data_alloc(d->n * d->p + 1, sizeof(double));
	if (!d->martingale || !d->deviance || !d->dfbetas)
		return no_memory(err);
	YG_TRY(yg_cox_residuals(&k->kept, &k->fit, YG_COX_MARTINGALE, d->task, d->martingale, err));
	YG_TRY(yg_cox_residuals(&k->kept, &k->fit, YG_COX_DEVIANCE, d->task, d->deviance, err));
	return yg_cox_residuals(&k->kept, &k->fit, YG_COX_DFBETAS, d->task, d->dfbetas, err);
}

static enum yg_status residual_table(struct diagnosis *d, struct yg_err *err)
{
	static const char *const key[] = { "martingale", "deviance" }, *const label[] = { N_("martingale"), N_("deviance") };
	struct yg_raw_table *t = yg_raw_table(d->raw, an_key(&d->arena, "residuals", d->part), N_("Residuals"));
	uint32_t *order = yg_data_alloc(d->n + 1, sizeof *order);
	enum yg_status s = order ? YG_OK : no_memory(err);
	yg_raw_column(t, "p5", "5%", YG_ROLE_QUANTILE, NULL);
	yg_raw_column(t, "q1", "25%", YG_ROLE_QUANTILE, NULL);
	yg_raw_column(t, "median", N_("median"), YG_ROLE_QUANTILE, NULL);
	yg_raw_column(t, "q3", "75%", YG_ROLE_QUANTILE, NULL);
	yg_raw_column(t, "p95", "95%", YG_ROLE_QUANTILE, NULL);
	for (int r = 0; s == YG_OK && r < 2; r++) {
		static const double p[] = { 0.05, 0.25, 0.5, 0.75, 0.95 };
		const double *v = r ? d->deviance : d->martingale;
		s = yg_sort_doubles(v, d->n, d->task, order, err);
		int row = yg_raw_row(t, key[r], label[r], 0);
		for (int c = 0; s == YG_OK && c < 5; c++) {
			double h = (double)(d->n - 1) * p[c];
			size_t low = (size_t)h, next = low + 1 < d->n ? low + 1 : low;
			yg_raw_num(t, row, c, v[order[low]] + (h - (double)low) * (v[order[next]] - v[order[low]]), everybody(d->k));
		}
	}
	yg_data_free(order);
	return s;
}

/* Rows that would move a coefficient by more than 2 / root n of its standard error, and the one that would move it most. */
static void influence_table(struct diagnosis *d)
{
	struct yg_raw_table *t = yg_raw_table(d->raw, an_key(&d->arena, "influence", d->part), N_("Influence on each coefficient"));
	const uint64_t *number = d->k->arrays[7];
	double limit = 2 / sqrt((double)d->n);
	yg_raw_column(t, "coefficient", N_("coefficient"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "over", N_("rows over 2/sqrt(n)"), YG_ROLE_RECORDS, NULL);
	if (!d->r->open) /* few rows over the limit must not hide all else */
		yg_raw_table_independent(t);
	if (d->r->open) {
		yg_raw_column(t, "dfbetas", N_("largest change in SE"), YG_ROLE_STATISTIC, NULL);
		yg_raw_column(t, "without", N_("coefficient without the row"), YG_ROLE_ESTIMATE, NULL);
		yg_raw_column(t, "row", N_("row"), YG_ROLE_INTEGER, NULL);
	}
	for (size_t j = 0; j < d->p; j++) {
		const struct an_cox_row *c = row_of(d->k, j);
		size_t worst = 0;
		int64_t over = 0;
		if (!c)
			continue;
		int row = yg_raw_row_data(t, c->key, c->label, 0);
		if (!c->estimable) {
			yg_raw_missing(t, row, 0, c->why);
			continue;
		}
		for (size_t i = 0; i < d->n; i++) {
			double v = fabs(d->dfbetas[i * d->p + j]);
			over += v > limit;
			if (v > fabs(d->dfbetas[worst * d->p + j]))
				worst = i;
		}
		yg_raw_num(t, row, 0, c->b, behind(d->k, c));
		yg_raw_int(t, row, 1, over, (struct yg_evidence){ over, 0, d->k->persons });
		if (!d->r->open)
			continue;
		yg_raw_num(t, row, 2, d->dfbetas[worst * d->p + j], everybody(d->k));
		yg_raw_num(t, row, 3, c->b - d->dfbetas[worst * d->p + j] * d->k->fit.se[j], everybody(d->k));
		yg_raw_int(t, row, 4, (int64_t)number[worst] + 1, YG_NOBODY);
	}
}

struct worst {
	double size;
	uint32_t row;
};

static int larger(const void *a, const void *b)
{
	const struct worst *x = a, *y = b;
	return x->size != y->size ? (x->size > y->size ? -1 : 1) : (x->row > y->row) - (x->row < y->row);
}

static size_t most_moved(const struct diagnosis *d, size_t i)
{
	size_t most = 0;
	for (size_t j = 1; j < d->p; j++)
		if (fabs(d->dfbetas[i * d->p + j]) > fabs(d->dfbetas[i * d->p + most]))
			most = j;
	return most;
}

static enum yg_status worst_rows(struct diagnosis *d, bool influence, struct yg_err *err)
{
	const uint64_t *number = d->k->arrays[7];
	struct worst *w = yg_data_alloc(d->n + 1, sizeof *w);
	if (!w)
		return no_memory(err);
	for (size_t i = 0; i < d->n; i++)
		w[i] = (struct worst){ influence ? fabs(d->dfbetas[i * d->p + most_moved(d, i)]) : fabs(d->deviance[i]), (uint32_t)i };
	qsort(w, d->n, sizeof *w, larger);
	struct yg_raw_table *t = yg_raw_table(d->raw, an_key(&d->arena, influence ? "influential" : "outlying", d->part),
	                                      influence ? N_("Rows with the greatest influence") : N_("Rows with the greatest deviance residuals"));
	yg_raw_table_independent(t);
	yg_raw_column(t, "time", N_("time"), YG_ROLE_TIME, *d->unit ? d->unit : NULL);
	yg_raw_column(t, "event", N_("event"), YG_ROLE_INTEGER, NULL);
	yg_raw_column(t, "martingale", N_("martingale"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(t, "deviance", N_("deviance"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(t, "dfbetas", N_("largest change in SE"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(t, "of", N_("of"), YG_ROLE_LABEL, NULL);
	for (size_t k = 0; k < WORST && k < d->n; k++) {
		size_t i = w[k].row, j = most_moved(d, i);
		char *key = yg_arena_printf(&d->arena, "%llu", (unsigned long long)number[i] + 1);
		int row = yg_raw_row(t, key, yg_phrase(&d->arena, N_("row %s"), key), 0);
		yg_raw_num(t, row, 0, d->k->kept.spans.exit[i] / d->divisor, an_persons(1));
		yg_raw_int(t, row, 1, d->k->kept.spans.event[i] != 0, an_persons(1));
		yg_raw_num(t, row, 2, d->martingale[i], an_persons(1));
		yg_raw_num(t, row, 3, d->deviance[i], an_persons(1));
		yg_raw_num(t, row, 4, d->dfbetas[i * d->p + j], an_persons(1));
		yg_raw_data(t, row, 5, row_of(d->k, j) ? row_of(d->k, j)->key : "");
	}
	yg_data_free(w);
	return YG_OK;
}

/* ---- functional form ---- */

/* The columns of the model less those of one term. */
static double *columns_without(const struct diagnosis *d, int term, size_t *left)
{
	const struct an_cox_kept *k = d->k;
	*left = 0;
	for (size_t j = 0; j < d->p; j++)
		*left += k->term_of[j] != term;
	double *x = yg_data_alloc(d->n * *left + 1, sizeof *x), *space = yg_xalloc(d->p + 1, sizeof *space);
	for (size_t i = 0; x && i < d->n; i++) {
		const double *from = yg_cox_data_row(&k->kept, i, space);
		double *to = x + i * *left;
		for (size_t j = 0; j < d->p; j++)
			if (k->term_of[j] != term)
				*to++ = from[j];
	}
	yg_free(space);
	return x;
}

/* Martingale residuals of the model without a covariate, against it (Therneau, Grambsch and Fleming 1990). */
static enum yg_status form_figure(struct diagnosis *d, size_t j, const char *key, struct yg_err *err)
{
	const struct an_cox_kept *k = d->k;
	const struct an_cox_row *row = row_of(k, j);
	struct yg_cox_data data = k->kept;
	struct yg_cox_options o = { .ties = k->fit.ties, .max_iterations = -1 };
	struct yg_cox fit = { 0 };
	double at[FORM], curve[FORM], se[FORM], *rest = yg_data_alloc(2 * d->n + 1, sizeof *rest), *value = rest + d->n;
	double *x = columns_without(d, k->term_of[j], &data.p);
	uint32_t *order = yg_data_alloc(d->n + 1, sizeof *order);
	data.x = x;
	data.packed = NULL;
	enum yg_status s = rest && x && order ? yg_cox_fit(&data, &o, d->task, &fit, err) : no_memory(err);
	if (s == YG_OK)
		s = yg_cox_residuals(&data, &fit, YG_COX_MARTINGALE, d->task, rest, err);
	double *space = yg_xalloc(d->p + 1, sizeof *space);
	for (size_t i = 0; s == YG_OK && i < d->n; i++)
		value[i] = yg_cox_data_row(&k->kept, i, space)[j];
	yg_free(space);
	if (s == YG_OK)
		s = yg_sort_doubles(value, d->n, d->task, order, err);
	double low = s == YG_OK ? value[order[(size_t)(0.01 * (double)(d->n - 1))]] : 0;
	double high = s == YG_OK ? value[order[(size_t)ceil(0.99 * (double)(d->n - 1))]] : 0;
	for (int c = 0; c < FORM; c++)
		at[c] = low + (high - low) * c / (FORM - 1);
	if (s == YG_OK && high > low)
		s = yg_smooth_local(value, rest, d->n, 0.75, at, FORM, d->task, curve, se, err);
	if (s == YG_OK && high > low) {
		double critical = yg_normal_quantile(0.5 + k->conf / 2);
		struct yg_raw_figure *f = yg_raw_figure(d->raw, key, YG_FIGURE_XY, yg_phrase(&d->arena, N_("Form of %s"), row->label));
		yg_raw_figure_axis(f, 'x', yg_phrase_data(&d->arena, row->label), NULL, 0);
		yg_raw_figure_axis(f, 'y', N_("martingale residual without it"), NULL, 0);
		yg_raw_figure_reference(f, 'y', 0);
		int series = yg_raw_series(f, N_("smooth curve"));
		yg_raw_series_line(f, series);
		for (int c = 0; c < FORM; c++) {
			struct yg_raw_point p = point(at[c], curve[c], curve[c] - critical * se[c], curve[c] + critical * se[c]);
			yg_raw_point(f, series, &p, everybody(k));
		}
		if (d->r->open && d->n <= POINTS) {
			series = yg_raw_series(f, N_("rows"));
			for (size_t i = 0; i < d->n; i++) {
				struct yg_raw_point p = point(value[i], rest[i], NAN, NAN);
				yg_raw_point(f, series, &p, an_persons(1));
			}
		}
	}
	yg_cox_release(&fit);
	yg_data_free(rest);
	yg_data_free(x);
	yg_data_free(order);
	return s;
}

/* Numbers that enter as they are, and the first column (the number itself) of restricted cubic splines. */
static bool has_form(const struct diagnosis *d, size_t j)
{
	const struct an_cox_kept *k = d->k;
	const struct an_cox_row *row = row_of(k, j);
	const char *term = k->term[k->term_of[j]].name;
	bool first = j == 0 || k->term_of[j - 1] != k->term_of[j];
	return row && !row->binary && first && !strstr(row->key, " x ") &&
	       (k->term[k->term_of[j]].count == 1 || !strncmp(term, "rcs(", 4));
}

/* ---- the verb ---- */

static enum yg_status diagnose(struct diagnosis *d, struct yg_err *err)
{
	const struct an_cox_kept *k = d->k;
	size_t forms = 0, courses = d->part * MOST_FIGURES;
	if (k->special)
		return yg_fail(err, YG_REFUSED, "E-PRE-050", N_("%s has %s: residuals are not made for it"), d->name, k->special);
	if (!k->has_fit)
		return yg_fail(err, YG_REFUSED, "E-PRE-050", N_("%s has no residuals: ties=discrete, no convergence, or more rows and terms than are kept"),
		               d->name);
	d->n = k->kept.spans.n;
	d->p = k->kept.p;
	d->divisor = k->prediction && k->prediction->divisor > 0 ? k->prediction->divisor : 1;
	d->unit = k->prediction ? k->prediction->unit : "";
	YG_TRY(residuals(d, err));
	influence_table(d);
	YG_TRY(residual_table(d, err));
	if (d->r->open) {
		YG_TRY(worst_rows(d, false, err));
		YG_TRY(worst_rows(d, true, err));
	}
	for (size_t j = 0; j < d->p && forms < MOST_FIGURES; j++)
		if (has_form(d, j))
			YG_TRY(form_figure(d, j, an_key(&d->arena, "form", d->part * MOST_FIGURES + forms++), err));
	YG_TRY(an_cox_courses(d->raw, k, YG_COX_KM, d->r->open, &d->arena, &courses, d->task, err));
	yg_raw_model(d->raw, k->events, (int64_t)k->rank);
	return YG_OK;
}

static void release(struct diagnosis *d)
{
	yg_data_free(d->martingale);
	yg_data_free(d->deviance);
	yg_data_free(d->dfbetas);
	d->martingale = d->deviance = d->dfbetas = NULL;
}

enum yg_status yg_an_diagnose(const struct yg_an_diagnose *r, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	struct diagnosis d = { .r = r, .task = task };
	enum yg_status s = YG_OK;
	yg_arena_init(&d.arena);
	d.raw = yg_raw_new("diagnose", 1);
	for (size_t i = 0; s == YG_OK && i < r->count; i++)
		for (size_t k = 0; s == YG_OK && k < r->model[i]->fits; k++) {
			d.k = &r->model[i]->fit[k];
			d.name = r->name[i];
			if (!d.part) {
				an_title(d.raw, N_("Diagnosis of %s: %s"), d.name, d.k->formula);
				yg_raw_counts(d.raw, d.k->persons, d.k->records, d.k->event_rows, 0);
			}
			s = diagnose(&d, err);
			d.part++;
			release(&d);
		}
	if (s == YG_OK) {
		yg_raw_note(d.raw, YG_NOTE_CONVENTION, N_("change in SE: of the coefficient when the row is left out, to first order (dfbetas); residuals by the tie rule of the model"));
		yg_raw_note(d.raw, YG_NOTE_CONVENTION, N_("form: martingale residuals of the model without the covariate, local linear curve; over time: scaled Schoenfeld residuals, natural spline with 4 parameters"));
		if (!r->open)
			yg_raw_note(d.raw, YG_NOTE_INFO, N_("single rows are not shown: the profile of these data hides them"));
	}
	yg_arena_release(&d.arena);
	if (s == YG_OK)
		*out = d.raw;
	else
		yg_raw_free(d.raw);
	return s;
}
