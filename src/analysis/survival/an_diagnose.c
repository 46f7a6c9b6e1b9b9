/*
 * diagnose: what a Cox model leaves unexplained, and which rows carry it: residuals, influence, the form of each covariate,
 * the course of each effect over time.
 *
 * Rows themselves (their numbers and residuals, points in figures) are shown only where the data may be seen row by row.
 */
#include <math.h>
#include <string.h>

#include "an_diagnose_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/base/pool.h"
#include "yogo/num/dist.h"
#include "yogo/num/sort.h"
#include "yogo/stats/prediction.h"

#define WORST 10u
#define BLOCK 16384u           /* rows */
#define FORM 61                /* points of a form's curve */

/* A row and what it is remarkable for. */
struct worst {
	double size;
	uint32_t row;
};

struct diagnosis {
	const struct yg_an_diagnose *r;
	struct yg_task *task;
	struct yg_arena arena;
	struct yg_raw *raw;
	const struct an_cox_kept *k;
	const char *name;
	struct yg_cox_data data;   /* that of the fit, sorted once for all */
	size_t n, p, part;
	double *martingale, *deviance, *dfbetas;
	struct worst *worst;       /* [blocks][2][WORST]: by deviance, by dfbetas */
	int64_t *over;             /* [blocks][p] rows over the limit */
	uint32_t *most;            /* [blocks][p] the row with the largest dfbetas */
	double divisor;
	const char *unit;
};

static struct yg_evidence everybody(const struct an_cox_kept *k)
{
	return (struct yg_evidence){ k->persons, k->events, 0 };
}

/* ---- residuals ---- */

/* A coefficient that is not estimated has no dfbetas. */
static size_t most_moved(const struct diagnosis *d, size_t i)
{
	const double *of = d->dfbetas + i * d->p;
	size_t most = 0;
	for (size_t j = 1; j < d->p; j++)
		if (isnan(of[most]) || fabs(of[j]) > fabs(of[most]))
			most = j;
	return most;
}

/* Into a list of the largest, ties in order of rows; rows come in order. */
static void enter(struct worst *list, double size, uint32_t row)
{
	size_t k = WORST;
	if (!(size > list[WORST - 1].size))
		return;
	for (; k > 0 && size > list[k - 1].size; k--)
		if (k < WORST)
			list[k] = list[k - 1];
	list[k] = (struct worst){ size, row };
}

static enum yg_status look_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct diagnosis *d = context;
	struct worst *worst = d->worst + block * 2 * WORST;
	int64_t *over = d->over + block * d->p;
	uint32_t *most = d->most + block * d->p;
	size_t from = block * BLOCK, to = from + BLOCK < d->n ? from + BLOCK : d->n;
	double limit = 2 / sqrt((double)d->n);
	(void)worker;
	(void)err;
	for (size_t k = 0; k < 2 * WORST; k++)
		worst[k].size = -1;
	for (size_t j = 0; j < d->p; j++)
		most[j] = (uint32_t)from;
	for (size_t i = from; i < to; i++) {
		const double *of = d->dfbetas + i * d->p;
		double largest = 0;
		for (size_t j = 0; j < d->p; j++) {
			double size = fabs(of[j]);
			over[j] += size > limit;
			largest = size > largest ? size : largest;
			if (size > fabs(d->dfbetas[most[j] * d->p + j]))
				most[j] = (uint32_t)i;
		}
		enter(worst, fabs(d->deviance[i]), (uint32_t)i);
		enter(worst + WORST, largest, (uint32_t)i);
	}
	return YG_OK;
}

/* What is remarkable, of all blocks: into the places of the first. */
static enum yg_status look(struct diagnosis *d, struct yg_err *err)
{
	size_t blocks = (d->n + BLOCK - 1) / BLOCK;
	d->worst = yg_data_calloc(blocks * 2 * WORST + 1, sizeof *d->worst);
	d->over = yg_data_calloc(blocks * d->p + 1, sizeof *d->over);
	d->most = yg_data_calloc(blocks * d->p + 1, sizeof *d->most);
	if (!d->worst || !d->over || !d->most)
		return an_diagnose_no_memory(err);
	YG_TRY(yg_pool_run(d->task, blocks, look_block, d, err));
	for (size_t b = 1; b < blocks; b++) {
		for (size_t k = 0; k < 2 * WORST; k++) {
			const struct worst *w = &d->worst[b * 2 * WORST + k];
			enter(d->worst + (k < WORST ? 0 : WORST), w->size, w->row);
		}
		for (size_t j = 0; j < d->p; j++) {
			uint32_t row = d->most[b * d->p + j];
			d->over[j] += d->over[b * d->p + j];
			if (fabs(d->dfbetas[row * d->p + j]) > fabs(d->dfbetas[d->most[j] * d->p + j]))
				d->most[j] = row;
		}
	}
	return YG_OK;
}

static enum yg_status residuals(struct diagnosis *d, struct yg_err *err)
{
	const struct yg_cox *fit = &d->k->fit;
	d->martingale = yg_data_alloc(d->n + 1, sizeof(double));
	d->deviance = yg_data_alloc(d->n + 1, sizeof(double));
	d->dfbetas = yg_data_alloc(d->n * d->p + 1, sizeof(double));
	if (!d->martingale || !d->deviance || !d->dfbetas)
		return an_diagnose_no_memory(err);
	YG_TRY(yg_cox_residuals(&d->data, fit, YG_COX_MARTINGALE, d->task, d->martingale, err));
	YG_TRY(yg_cox_residuals(&d->data, fit, YG_COX_DEVIANCE, d->task, d->deviance, err));
	YG_TRY(yg_cox_residuals(&d->data, fit, YG_COX_DFBETAS, d->task, d->dfbetas, err));
	return look(d, err);
}

static enum yg_status residual_table(struct diagnosis *d, struct yg_err *err)
{
	static const char *const key[] = { "martingale", "deviance" }, *const label[] = { N_("martingale"), N_("deviance") };
	struct yg_raw_table *t = yg_raw_table(d->raw, an_key(&d->arena, "residuals", d->part), N_("Residuals"));
	uint32_t *order = yg_data_alloc(d->n + 1, sizeof *order);
	enum yg_status s = order ? YG_OK : an_diagnose_no_memory(err);
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
		const struct an_cox_row *c = an_diagnose_row(d->k, j);
		size_t worst = d->most[j];
		int64_t over = d->over[j];
		if (!c)
			continue;
		int row = yg_raw_row_data(t, c->key, c->label, 0);
		if (!c->estimable) {
			yg_raw_missing(t, row, 0, c->why);
			continue;
		}
		yg_raw_num(t, row, 0, c->b, an_diagnose_behind(d->k, c));
		yg_raw_int(t, row, 1, over, (struct yg_evidence){ over, 0, d->k->persons });
		if (!d->r->open)
			continue;
		yg_raw_num(t, row, 2, d->dfbetas[worst * d->p + j], everybody(d->k));
		yg_raw_num(t, row, 3, c->b - d->dfbetas[worst * d->p + j] * d->k->fit.se[j], everybody(d->k));
		yg_raw_int(t, row, 4, (int64_t)number[worst] + 1, YG_NOBODY);
	}
}

static void worst_rows(struct diagnosis *d, bool influence)
{
	const uint64_t *number = d->k->arrays[7];
	const struct worst *w = d->worst + (influence ? WORST : 0);
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
		yg_raw_data(t, row, 5, an_diagnose_row(d->k, j) ? an_diagnose_row(d->k, j)->key : "");
	}
}

/* ---- functional form ---- */

struct values {
	const struct yg_cox_data *data;
	size_t column;
	double *out;
};

static enum yg_status value_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct values *v = context;
	size_t from = block * BLOCK, n = v->data->spans.n, to = from + BLOCK < n ? from + BLOCK : n;
	double *space = yg_xalloc(v->data->p + 1, sizeof *space);
	(void)worker;
	(void)err;
	for (size_t i = from; i < to; i++)
		v->out[i] = yg_cox_data_row(v->data, i, space)[v->column];
	yg_free(space);
	return YG_OK;
}

/* The model without the term of column j, from where the whole model stands: its martingale residuals. */
static enum yg_status residuals_without(struct diagnosis *d, size_t j, double *out, struct yg_err *err)
{
	const struct an_cox_kept *k = d->k;
	struct yg_cox fit = { 0 };
	uint8_t *absent = yg_xcalloc(d->p + 1, 1);
	double *init = yg_xcalloc(d->p + 1, sizeof *init);
	struct yg_cox_options o = { .ties = k->fit.ties, .max_iterations = -1, .init = init, .absent = absent };
	for (size_t a = 0; a < d->p; a++) {
		absent[a] = k->term_of[a] == k->term_of[j];
		init[a] = absent[a] || k->fit.fault[a] != YG_COX_FINE ? 0 : k->fit.beta[a];
	}
	enum yg_status s = yg_cox_fit(&d->data, &o, d->task, &fit, err);
	if (s == YG_OK)
		s = yg_cox_residuals(&d->data, &fit, YG_COX_MARTINGALE, d->task, out, err);
	yg_cox_release(&fit);
	yg_free(absent);
	yg_free(init);
	return s;
}

/* Martingale residuals of the model without a covariate, against it (Therneau, Grambsch and Fleming 1990). */
static enum yg_status form_figure(struct diagnosis *d, size_t j, const char *key, struct yg_err *err)
{
	const struct an_cox_kept *k = d->k;
	const struct an_cox_row *row = an_diagnose_row(k, j);
	double at[FORM], curve[FORM], se[FORM], *rest = yg_data_alloc(2 * d->n + 1, sizeof *rest), *value = rest + d->n;
	uint32_t *order = yg_data_alloc(d->n + 1, sizeof *order);
	struct values values = { &k->kept, j, value };
	enum yg_status s = rest && order ? residuals_without(d, j, rest, err) : an_diagnose_no_memory(err);
	if (s == YG_OK)
		s = yg_pool_run(d->task, (d->n + BLOCK - 1) / BLOCK, value_block, &values, err);
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
			struct yg_raw_point p = an_diagnose_point(at[c], curve[c], curve[c] - critical * se[c], curve[c] + critical * se[c]);
			yg_raw_point(f, series, &p, everybody(k));
		}
		if (d->r->open && d->n <= AN_DIAGNOSE_POINTS) {
			series = yg_raw_series(f, N_("rows"));
			for (size_t i = 0; i < d->n; i++) {
				struct yg_raw_point p = an_diagnose_point(value[i], rest[i], NAN, NAN);
				yg_raw_point(f, series, &p, an_persons(1));
			}
		}
	}
	yg_data_free(rest);
	yg_data_free(order);
	return s;
}

/* Numbers that enter as they are, and the first column (the number itself) of restricted cubic splines. */
static bool has_form(const struct diagnosis *d, size_t j)
{
	const struct an_cox_kept *k = d->k;
	const struct an_cox_row *row = an_diagnose_row(k, j);
	const char *term = k->term[k->term_of[j]].name;
	bool first = j == 0 || k->term_of[j - 1] != k->term_of[j];
	return row && !row->binary && first && !strstr(row->key, " x ") &&
	       (k->term[k->term_of[j]].count == 1 || !strncmp(term, "rcs(", 4));
}

/* ---- the verb ---- */

static enum yg_status diagnose(struct diagnosis *d, struct yg_err *err)
{
	const struct an_cox_kept *k = d->k;
	size_t forms = 0, courses = d->part * AN_DIAGNOSE_FIGURES;
	if (k->special)
		return yg_fail(err, YG_REFUSED, "E-PRE-050", N_("%s has %s: residuals are not made for it"), d->name, k->special);
	if (!k->has_fit)
		return yg_fail(err, YG_REFUSED, "E-PRE-050", N_("%s has no residuals: ties=discrete, no convergence, or more rows and terms than are kept"),
		               d->name);
	d->data = k->kept;
	d->data.sorted = yg_cox_sorted_new();
	d->n = k->kept.spans.n;
	d->p = k->kept.p;
	d->divisor = k->prediction && k->prediction->divisor > 0 ? k->prediction->divisor : 1;
	d->unit = k->prediction ? k->prediction->unit : "";
	YG_TRY(residuals(d, err));
	influence_table(d);
	YG_TRY(residual_table(d, err));
	if (d->r->open) {
		worst_rows(d, false);
		worst_rows(d, true);
	}
	for (size_t j = 0; j < d->p && forms < AN_DIAGNOSE_FIGURES; j++)
		if (has_form(d, j))
			YG_TRY(form_figure(d, j, an_key(&d->arena, "form", d->part * AN_DIAGNOSE_FIGURES + forms++), err));
	struct an_cox_kept sorted = *k;
	sorted.kept = d->data;
	YG_TRY(an_cox_courses(d->raw, &sorted, YG_COX_KM, d->r->open, &d->arena, &courses, d->task, err));
	yg_raw_model(d->raw, k->events, (int64_t)k->rank);
	return YG_OK;
}

static void release(struct diagnosis *d)
{
	yg_data_free(d->martingale);
	yg_data_free(d->deviance);
	yg_data_free(d->dfbetas);
	yg_data_free(d->worst);
	yg_data_free(d->over);
	yg_data_free(d->most);
	yg_cox_sorted_free(d->data.sorted);
	d->data.sorted = NULL;
	d->martingale = d->deviance = d->dfbetas = NULL;
	d->worst = NULL;
	d->over = NULL;
	d->most = NULL;
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
