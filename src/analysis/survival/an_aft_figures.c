/* Figures of a parametric fit: the fitted curves with what the data say beside them, and the hazard. */
#include <math.h>
#include <string.h>

#include "an_aft_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/phrase.h"
#include "yogo/base/pool.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/km.h"
#include "yogo/stats/turnbull.h"

#define POINTS 60
#define SEEN 20            /* times at which the data's own curve is shown */
#define MOST_AVERAGED 2000 /* rows of a group whose fitted curves are averaged */

/* Rows of each group, spread over all of them, whose fitted curves are averaged. */
struct averaged {
	size_t rows;
	double *eta, *weight;    /* [rows]; weight NULL = 1 */
	int32_t *stratum;        /* NULL = one */
	double *y;               /* [POINTS + 1] means of the curves */
};
struct averaging {
	const struct an_aft_fit *f;
	struct averaged *group;  /* [profiles] */
};

static double linear(const struct an_aft_fit *f, size_t i, double *x)
{
	const struct yg_aft_data *d = &f->rows->data;
	double eta = d->offset ? d->offset[i] : 0;
	yg_packed_get(d->packed, i, 1, x);
	for (size_t j = 0; j < d->p; j++)
		eta += x[j] * f->theta[j];
	return eta;
}

/* "Fitted survival, weibull: Death, sex: Male" */
static const char *model_title(struct yg_arena *arena, const char *what, const struct an_aft_fit *f)
{
	what = yg_phrase_message(arena, what);
	return f->level ? yg_phrase(arena, "%s, %s: %s, %s", what, f->name, f->rows->s->label, f->level)
	                : yg_phrase(arena, "%s, %s: %s", what, f->name, f->rows->s->label);
}

/* Of a group with many rows every k-th. */
static void choose_rows(const struct an_aft_fit *f, struct averaged *group, struct yg_arena *arena)
{
	const struct an_aft_rows *r = f->rows;
	size_t *stride = yg_arena_alloc(arena, 2 * r->profiles, sizeof *stride), *next = stride + r->profiles;
	double *x = yg_arena_alloc(arena, r->data.p + 1, sizeof *x);
	for (size_t g = 0; g < r->profiles; g++) {
		size_t most = MOST_AVERAGED + 1;
		stride[g] = 1 + r->profile_rows[g] / MOST_AVERAGED;
		group[g].eta = yg_arena_alloc(arena, most, sizeof(double));
		group[g].weight = r->data.weight ? yg_arena_alloc(arena, most, sizeof(double)) : NULL;
		group[g].stratum = r->data.stratum ? yg_arena_alloc(arena, most, sizeof(int32_t)) : NULL;
		group[g].y = yg_arena_alloc(arena, POINTS + 1, sizeof(double));
	}
	for (size_t i = 0; i < r->data.n; i++) {
		size_t g = r->profile ? (size_t)r->profile[i] : 0;
		struct averaged *to = &group[g];
		if (next[g]) {
			next[g]--;
			continue;
		}
		next[g] = stride[g] - 1;
		to->eta[to->rows] = linear(f, i, x);
		if (to->weight)
			to->weight[to->rows] = r->data.weight[i];
		if (to->stratum)
			to->stratum[to->rows] = r->data.stratum[i];
		to->rows++;
	}
}

/* One group at one time. */
static enum yg_status average_point(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct averaging *a = context;
	const struct averaged *group = &a->group[block / (POINTS + 1)];
	size_t k = block % (POINTS + 1);
	double t = a->f->rows->last * (double)k / POINTS, sum = 0, weights = 0, *curve = yg_xalloc(group->rows + 1, sizeof *curve);
	(void)worker;
	(void)err;
	if (a->f->is_spline)
		for (size_t i = 0; i < group->rows; i++)
			curve[i] = yg_rp_survival_at(&a->f->rp, group->eta[i], t);
	else
		yg_aft_survival_rows(&a->f->aft, group->eta, group->stratum, group->rows, t, curve);
	for (size_t i = 0; i < group->rows; i++) {
		double w = group->weight ? group->weight[i] : 1;
		sum += w * curve[i];
		weights += w;
	}
	yg_free(curve);
	group->y[k] = weights > 0 ? sum / weights : NAN;
	return YG_OK;
}

/* Mean of the fitted curves of a group's rows, weights in. */
static enum yg_status fitted_lines(struct yg_raw_figure *fig, const struct an_aft_fit *f, struct yg_task *task,
                                   struct yg_arena *arena, struct yg_err *err)
{
	const struct an_aft_rows *r = f->rows;
	struct averaging a = { f, yg_arena_alloc(arena, r->profiles, sizeof *a.group) };
	choose_rows(f, a.group, arena);
	YG_TRY(yg_pool_run(task, r->profiles * (POINTS + 1), average_point, &a, err));
	for (size_t g = 0; g < r->profiles; g++) {
		struct yg_evidence e = { r->profile_persons[g], r->profile_events[g], 0 };
		int series = yg_raw_series(fig, r->profiles > 1 ? r->profile_label[g] : N_("fitted"));
		yg_raw_series_line(fig, series);
		for (int k = 0; k <= POINTS; k++) {
			struct yg_raw_point p = { .x = an_surv_shown(r->s, r->last * k / POINTS), .x2 = NAN, .y = a.group[g].y[k],
				.lower = NAN, .upper = NAN };
			if (!isnan(p.y))
				yg_raw_point(fig, series, &p, e);
		}
	}
	return YG_OK;
}

/* ---- the data's own curve of each group at a few times ---- */

static void seen_point(struct yg_raw_figure *fig, int series, const struct an_aft_rows *r, size_t g, double at, double low,
                       double high)
{
	bool range = high - low > 1e-9;
	struct yg_evidence e = { r->profile_persons[g], r->profile_events[g], 0 };
	struct yg_raw_point p = { .x = an_surv_shown(r->s, at), .x2 = NAN, .y = (low + high) / 2, .lower = range ? low : NAN,
		.upper = range ? high : NAN };
	yg_raw_point(fig, series, &p, e);
}

static enum yg_status between_points(struct yg_raw_figure *fig, const struct an_aft_fit *f, size_t g, const char *name,
                                     struct yg_task *task, struct yg_err *err)
{
	const struct an_aft_rows *r = f->rows;
	const struct yg_set *set = r->s->set;
	size_t n = 0, all = r->data.n;
	double *v = yg_data_alloc(3 * r->profile_rows[g] + 1, sizeof *v), last = 0;
	if (!v)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was fitted"));
	double *lower = v, *upper = v + r->profile_rows[g], *weight = upper + r->profile_rows[g];
	struct yg_turnbull t = { 0 };
	for (size_t i = 0; i < all; i++) {
		if (r->profile && r->profile[i] != (int32_t)g)
			continue;
		lower[n] = set->entry ? set->entry[i] : 0;
		upper[n] = set->exit[i];
		last = fmax(last, isfinite(upper[n]) ? upper[n] : lower[n]);
		weight[n++] = r->data.weight ? r->data.weight[i] : 1;
	}
	enum yg_status s = yg_turnbull_fit(lower, upper, weight, n, task, &t, err);
	yg_data_free(v);
	YG_TRY(s);
	int series = yg_raw_series(fig, name);
	for (int k = 1; k <= SEEN; k++) {
		double at = last * k / SEEN, low, high;
		yg_turnbull_at(&t, at, &low, &high);
		seen_point(fig, series, r, g, at, low, high);
	}
	yg_turnbull_release(&t);
	return YG_OK;
}

static enum yg_status seen_points(struct yg_raw_figure *fig, const struct an_aft_fit *f, struct yg_task *task,
                                  struct yg_arena *arena, struct yg_err *err)
{
	const struct an_aft_rows *r = f->rows;
	bool between = r->data.upper != NULL;
	const char *method = between ? N_("Turnbull") : N_("Kaplan-Meier");
	struct yg_spans spans = { .n = r->data.n, .entry = r->s->spans.entry, .exit = r->s->set->exit, .event = r->s->event,
		.group = r->profile, .groups = r->profiles, .strata = 1, .weight = r->data.weight };
	double *last = yg_arena_alloc(arena, r->profiles * (1 + SEEN), sizeof *last), *surv = last + r->profiles;
	enum yg_status s = YG_OK;
	if (!between)
		YG_TRY(yg_km_parts(&spans, SEEN, task, last, surv, err));
	for (size_t g = 0; g < r->profiles && s == YG_OK; g++) {
		const char *name = r->profiles > 1 ? yg_phrase(arena, "%s, %s", r->profile_label[g], yg_phrase_message(arena, method)) :
			method;
		if (between) {
			s = between_points(fig, f, g, name, task, err);
			continue;
		}
		int series = yg_raw_series(fig, name);
		for (int k = 1; k <= SEEN; k++) {
			double at = surv[g * SEEN + (size_t)k - 1];
			seen_point(fig, series, r, g, last[g] * k / SEEN, at, at);
		}
	}
	return s;
}

static void hazard_line(struct yg_raw_figure *fig, const struct an_aft_fit *f, size_t g, double *x)
{
	const struct an_aft_rows *r = f->rows;
	struct yg_evidence e = { r->profile_persons[g], r->profile_events[g], 0 };
	int series = yg_raw_series_data(fig, r->profile_label[g]);
	yg_raw_series_line(fig, series);
	memcpy(x, r->mean, r->data.p * sizeof *x);
	for (int c = 0; r->term >= 0 && c < r->design->term[r->term].count; c++)
		x[r->design->term[r->term].first + c] = (size_t)c + 1 == g;
	for (int k = 1; k <= POINTS; k++) {
		double t = r->last * k / POINTS, unit = r->s->divisor;
		struct yg_aft_value h;
		if (f->is_spline)
			yg_rp_hazard(&f->rp, x, r->mean_offset, t, &h);
		else
			yg_aft_hazard(&f->aft, x, r->mean_offset, 0, t, &h);
		struct yg_raw_point p = { .x = an_surv_shown(r->s, t), .x2 = NAN, .y = h.value * unit,
			                  .lower = h.value * unit * yg_exp(-f->critical * h.log_se),
			                  .upper = h.value * unit * yg_exp(f->critical * h.log_se) };
		if (isfinite(p.y))
			yg_raw_point(fig, series, &p, e);
	}
}

enum yg_status an_aft_figures(struct yg_raw *raw, const struct an_aft_fit *f, size_t i, struct yg_task *task,
                              struct yg_arena *arena,
                              struct yg_err *err)
{
	const struct an_aft_rows *r = f->rows;
	const char *unit = r->s->unit && *r->s->unit ? r->s->unit : NULL;
	if (!(r->last > 0) || r->s->event_persons == 0)
		return YG_OK;
	struct yg_raw_figure *fig = yg_raw_figure(raw, an_key(arena, "fitted", i), YG_FIGURE_XY,
	                                          model_title(arena, N_("Fitted survival"), f));
	yg_raw_figure_axis(fig, 'x', N_("time"), unit, 0);
	yg_raw_figure_axis(fig, 'y', N_("survival"), NULL, 0);
	yg_raw_figure_reference(fig, 'y', 0);
	YG_TRY(fitted_lines(fig, f, task, arena, err));
	if (f->open)
		YG_TRY(seen_points(fig, f, task, arena, err));
	struct yg_raw_note *n = yg_raw_note(raw, YG_NOTE_INFO, f->open ?
	                                    N_("fitted curves: the mean of the fitted curves of the persons in a group; points: {1} at 20 times") :
	                                    N_("fitted curves: the mean of the fitted curves of the persons in a group; the data's own curve is drawn of open data only"));
	if (f->open)
		yg_raw_note_text(n, r->data.upper ? N_("Turnbull's estimate, with the range where it is not determined,") :
			N_("the Kaplan-Meier estimate"));
	if (r->data.strata > 1)
		return YG_OK;
	double *x = yg_arena_alloc(arena, r->data.p + 1, sizeof *x);
	fig = yg_raw_figure(raw, an_key(arena, "hazard", i), YG_FIGURE_XY,
	                    model_title(arena, N_("Fitted hazard at the mean of the other terms"), f));
	yg_raw_figure_axis(fig, 'x', N_("time"), unit, 0);
	yg_raw_figure_axis(fig, 'y', N_("hazard"), unit ? yg_phrase(arena, "1/%s", yg_phrase_message(arena, unit)) : NULL, 0);
	yg_raw_figure_reference(fig, 'y', 0);
	for (size_t g = 0; g < r->profiles; g++)
		hazard_line(fig, f, g, x);
	return YG_OK;
}
