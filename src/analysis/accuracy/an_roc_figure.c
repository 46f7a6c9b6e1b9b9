/*
 * roc: the figure, and the numbers behind it.
 *
 * A curve of open data is drawn as it is, thinned to what a figure can tell apart.  On guarded data a step of the curve is
 * the place of one person in the order of all: there only points are drawn between which lie at least as many cases, and as
 * many controls, as twice the smallest count that any profile shows, and each point stands for those of its step.
 */
#include <math.h>
#include <string.h>

#include "an_roc_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"

#define FINEST 400             /* points of a curve */

static void point(struct roc_work *w, int series, double x, double y, struct yg_evidence e)
{
	struct yg_raw_point p = { .x = x, .x2 = NAN, .y = y, .lower = NAN, .upper = NAN, .at_risk = -1, .events = -1, .censored = -1 };
	yg_raw_point(w->figure, series, &p, e);
}

static void smooth(struct roc_group *g, size_t j, int series)
{
	struct yg_evidence e = acc_evidence(g->part);
	for (int k = 0; k <= 100; k++) {
		struct yg_roc_reading r;
		yg_roc_binormal_read(&g->model[j], 1 - k / 100.0, false, g->w->conf, &r);
		point(g->w, series, k / 100.0, r.value, e);
	}
}

static void open_curve(struct roc_group *g, size_t j, int series, struct yg_raw_table *t)
{
	const struct yg_roc *r = &g->roc[j];
	struct yg_evidence e = acc_evidence(g->part);
	uint64_t tp = 0, fp = 0, last_tp = 0, last_fp = 0;
	double n1 = (double)r->n_cases, n0 = (double)r->n_controls;
	point(g->w, series, 0, 0, e);
	for (size_t k = r->points; k-- > 0;) {
		tp += r->cases[k];
		fp += r->controls[k];
		double moved = (double)(tp - last_tp) / n1 + (double)(fp - last_fp) / n0;
		if (k && r->points > FINEST && moved < 2.0 / FINEST)
			continue;
		/* in the middle of a straight piece */
		if (k && r->points <= FINEST && ((!r->cases[k] && !r->cases[k - 1]) || (!r->controls[k] && !r->controls[k - 1])))
			continue;
		last_tp = tp;
		last_fp = fp;
		point(g->w, series, (double)fp / n0, (double)tp / n1, e);
		int row = yg_raw_row_data(t, g->part->whole->name[j], g->part->whole->name[j], 0);
		double threshold = k ? r->value[k - 1] + (r->value[k] - r->value[k - 1]) / 2 : -INFINITY;
		acc_put(t, row, 0, g->sign[j] * threshold, e, N_("everybody"));
		acc_put(t, row, 1, (double)tp / n1, e, NULL);
		acc_put(t, row, 2, 1 - (double)fp / n0, e, NULL);
	}
}

/* Points between the ends; with series < 0 they are only counted. */
static size_t guarded_curve(struct roc_group *g, size_t j, int series)
{
	const struct yg_roc *r = &g->roc[j];
	uint64_t tp = 0, fp = 0, last_tp = 0, last_fp = 0, step = ACC_FEW * (g->part->most ? g->part->most : 1);
	double n1 = (double)r->n_cases, n0 = (double)r->n_controls;
	struct yg_evidence all = acc_evidence(g->part);
	size_t points = 0;
	if (series >= 0)
		point(g->w, series, 0, 0, all);
	for (size_t k = r->points; k-- > 0;) {
		tp += r->cases[k];
		fp += r->controls[k];
		bool wide = tp - last_tp >= step && fp - last_fp >= step;
		bool rest = r->n_cases - tp >= step && r->n_controls - fp >= step;
		if (!wide || !rest)
			continue;
		last_tp = tp;
		last_fp = fp;
		points++;
		if (series >= 0)
			point(g->w, series, (double)fp / n0, (double)tp / n1, (struct yg_evidence){ ACC_FEW, ACC_FEW, 0 });
	}
	if (series >= 0)
		point(g->w, series, 1, 1, all);
	return points;
}

static void begin_figure(struct roc_group *g)
{
	struct roc_work *w = g->w;
	const struct acc_rows *r = g->part->whole;
	if (w->figure)
		return;
	w->figure = yg_raw_figure(w->raw, an_key(&w->arena, "roc", w->figures++), YG_FIGURE_XY,
	                          r->by ? yg_phrase(&w->arena, N_("ROC curve: %s, by %s"), r->outcome, r->by) : yg_phrase(&w->arena, N_("ROC curve: %s"), r->outcome));
	yg_raw_figure_axis(w->figure, 'x', N_("1 - specificity"), NULL, 0);
	yg_raw_figure_axis(w->figure, 'y', N_("sensitivity"), NULL, 0);
}

void roc_figure(struct roc_group *g)
{
	struct roc_work *w = g->w;
	const struct acc_part *p = g->part;
	const struct acc_rows *r = p->whole;
	bool open = w->r->of.open;
	struct yg_raw_table *t = NULL;
	if (open && !g->model) {
		t = yg_raw_table(w->raw, an_key(&w->arena, "curve", w->groups), acc_title(&w->arena, N_("Points of the curve"), p->label));
		yg_raw_table_detail(t);
		yg_raw_column(t, "threshold", N_("threshold"), YG_ROLE_QUANTILE, NULL);
		yg_raw_column(t, "sensitivity", N_("sensitivity"), YG_ROLE_PROPORTION, NULL);
		yg_raw_column(t, "specificity", N_("specificity"), YG_ROLE_PROPORTION, NULL);
	}
	for (size_t j = 0; j < r->markers; j++) {
		/* A straight line from corner to corner would be read as a useless marker. */
		if (!open && !g->model && !guarded_curve(g, j, -1)) {
			w->undrawn = true;
			continue;
		}
		begin_figure(g);
		int series = p->label ? yg_raw_series(w->figure, r->markers > 1 ? yg_phrase(&w->arena, "%s, %s", r->name[j], p->label) : yg_phrase_data(&w->arena, p->label)) :
		                        yg_raw_series_data(w->figure, r->name[j]);
		yg_raw_series_line(w->figure, series);
		if (g->model)
			smooth(g, j, series);
		else if (open)
			open_curve(g, j, series, t);
		else
			guarded_curve(g, j, series);
	}
}

void roc_figure_end(struct roc_work *w, const struct acc_rows *r)
{
	if (w->undrawn)
		yg_raw_note(w->raw, YG_NOTE_INFO, N_("a curve is not drawn: there are too few persons for one in which nobody's place can be seen"));
	if (!w->figure)
		return;
	struct yg_evidence e = { (int64_t)r->set->persons, 0, 0 };
	int series = yg_raw_series(w->figure, N_("chance"));
	yg_raw_series_line(w->figure, series);
	point(w, series, 0, 0, e);
	point(w, series, 1, 1, e);
	if (!w->r->of.open && !w->r->binormal)
		yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("the curve is drawn through points between which lie so many cases and controls that nobody's place in it can be seen"));
}
