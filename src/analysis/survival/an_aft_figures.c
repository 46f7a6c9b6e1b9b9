/* Figures of a parametric fit: the fitted curves with what the data say beside them, and the hazard. */
#include <math.h>
#include <string.h>

#include "an_aft_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/km.h"
#include "yogo/stats/turnbull.h"

#define POINTS 60
#define SEEN 20            /* times at which the data's own curve is shown */
#define MOST_AVERAGED 2000 /* rows of a group whose fitted curves are averaged */

static double survival(const struct an_aft_fit *f, size_t i, double t)
{
	const struct yg_aft_data *d = &f->rows->data;
	double eta = d->offset ? d->offset[i] : 0;
	for (size_t j = 0; j < d->p; j++)
		eta += d->x[i * d->p + j] * f->theta[j];
	return f->is_spline ? yg_rp_survival_at(&f->rp, eta, t) : yg_aft_survival_at(&f->aft, eta, d->stratum ?
		d->stratum[i] : 0, t);
}

/* "Fitted survival, weibull: Death, sex: Male" */
static const char *model_title(struct yg_arena *arena, const char *what, const struct an_aft_fit *f)
{
	what = yg_phrase_message(arena, what);
	return f->level ? yg_phrase(arena, "%s, %s: %s, %s", what, f->name, f->rows->s->label, f->level)
	                : yg_phrase(arena, "%s, %s: %s", what, f->name, f->rows->s->label);
}

/* Mean of the fitted curves of a group's rows, weights in; of many rows every k-th. */
static void fitted_line(struct yg_raw_figure *fig, const struct an_aft_fit *f, size_t g, const char *name)
{
	const struct an_aft_rows *r = f->rows;
	struct yg_evidence e = { r->profile_persons[g], r->profile_events[g], 0 };
	size_t rows = 0, stride;
	int series = yg_raw_series(fig, name);
	yg_raw_series_line(fig, series);
	for (size_t i = 0; i < r->data.n; i++)
		rows += r->profile[i] == (int32_t)g;
	stride = 1 + rows / MOST_AVERAGED;
	for (int k = 0; k <= POINTS; k++) {
		double t = r->last * k / POINTS, sum = 0, weights = 0;
		size_t at = 0;
		for (size_t i = 0; i < r->data.n; i++) {
			if (r->profile[i] != (int32_t)g || at++ % stride)
				continue;
			double w = r->data.weight ? r->data.weight[i] : 1;
			sum += w * survival(f, i, t);
			weights += w;
		}
		struct yg_raw_point p = { .x = an_surv_shown(r->s, t), .x2 = NAN, .y = sum / weights, .lower = NAN, .upper = NAN };
		if (weights > 0)
			yg_raw_point(fig, series, &p, e);
	}
}

/* The data's own curve of one group at a few times. */
static enum yg_status seen_points(struct yg_raw_figure *fig, const struct an_aft_fit *f, size_t g, const char *name,
                                  struct yg_task *task,
                                  struct yg_err *err)
{
	const struct an_aft_rows *r = f->rows;
	const struct yg_set *set = r->s->set;
	size_t n = 0, all = r->data.n;
	bool between = r->data.upper != NULL;
	double *v = yg_data_alloc(3 * all + 1, sizeof *v);
	uint8_t *event = yg_data_alloc(all + 1, 1);
	enum yg_status s = v && event ? YG_OK : yg_fail(err, YG_ENOMEM, "E-MEM-002",
		N_("memory ran out while the model was fitted"));
	struct yg_evidence e = { r->profile_persons[g], r->profile_events[g], 0 };
	struct yg_turnbull t = { 0 };
	struct yg_km km = { 0 };
	double last = 0;
	if (s == YG_OK) {
		double *lower = v, *upper = v + all, *weight = upper + all;
		for (size_t i = 0; i < all; i++) {
			if (r->profile[i] != (int32_t)g)
				continue;
			lower[n] = set->entry ? set->entry[i] : 0;
			upper[n] = set->exit[i];
			last = fmax(last, isfinite(upper[n]) ? upper[n] : lower[n]);
			event[n] = r->s->event[i];
			weight[n++] = r->data.weight ? r->data.weight[i] : 1;
		}
		if (between) {
			s = yg_turnbull_fit(lower, upper, weight, n, task, &t, err);
		} else {
			struct yg_spans spans = { .n = n, .entry = r->s->spans.entry ? lower : NULL, .exit = upper,
				.event = event, .groups = 1, .strata = 1,
				                  .weight = r->data.weight ? weight : NULL };
			struct yg_km_options o = { .survival = YG_KM_PRODUCT, .ci = YG_KM_NO_CI, .conf = f->conf };
			s = yg_km_fit(&spans, &o, task, &km, err);
		}
	}
	if (s == YG_OK) {
		int series = yg_raw_series(fig, name);
		for (int k = 1; k <= SEEN; k++) {
			double at = last * k / SEEN, low, high;
			if (between) {
				yg_turnbull_at(&t, at, &low, &high);
			} else {
				struct yg_km_point point;
				yg_km_at(&km.curve[0], at, &point);
				low = high = point.surv;
			}
			bool range = high - low > 1e-9;
			struct yg_raw_point p = { .x = an_surv_shown(r->s, at), .x2 = NAN, .y = (low + high) / 2, .lower = range ?
				low : NAN,
				                  .upper = range ? high : NAN };
			yg_raw_point(fig, series, &p, e);
		}
		if (between)
			yg_turnbull_release(&t);
		else
			yg_km_release(&km);
	}
	yg_data_free(v);
	yg_data_free(event);
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
	for (size_t g = 0; g < r->profiles; g++)
		fitted_line(fig, f, g, r->profiles > 1 ? r->profile_label[g] : N_("fitted"));
	for (size_t g = 0; g < r->profiles && f->open; g++) {
		const char *method = r->data.upper ? N_("Turnbull") : N_("Kaplan-Meier");
		YG_TRY(seen_points(fig, f, g, r->profiles > 1 ? yg_phrase(arena, "%s, %s", r->profile_label[g],
			yg_phrase_message(arena, method)) : method, task, err));
	}
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
