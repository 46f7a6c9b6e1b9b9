/* The figure of km and its curves in full. */
#include <math.h>
#include <string.h>

#include "an_km_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/base/text.h"

#define MOST_POINTS 5000u     /* points of a curve that are drawn and listed; beyond, times are taken together */

bool an_km_curve_thinned(const struct yg_km_curve *c)
{
	return c->m > MOST_POINTS;
}

/* A step of 1, 2, 2.5 or 5 times a power of ten (3, 6, 12 months) that cuts the axis in 4 to 8. */
static double grid_step(double last, const char *unit)
{
	static const double decimal[] = { 1, 2, 2.5, 5 }, month[] = { 1, 2, 3, 6, 12, 24, 36, 60, 120 };
	if (unit && !strncmp(unit, "month", 5))
		for (size_t i = 0; i < sizeof month / sizeof month[0]; i++)
			if (last / month[i] <= 8)
				return month[i];
	for (double power = 1e-9; power < 1e18; power *= 10)
		for (size_t i = 0; i < 4; i++)
			if (last / (decimal[i] * power) <= 8)
				return decimal[i] * power;
	return last;
}

static void curve_grid(struct yg_raw_figure *f, const struct an_surv *s, const struct yg_km *km, double until)
{
	double last = 0, grid[16];
	size_t n = 0;
	for (size_t g = 0; g < s->groups; g++)
		if (km->curve[g].m)
			last = fmax(last, an_surv_shown(s, km->curve[g].time[km->curve[g].m - 1]));
	last = fmin(last, an_surv_shown(s, until));
	if (!(last > 0))
		return;
	double step = grid_step(last, s->unit);
	for (double k = 0; k * step <= last && n < 16; k++)
		grid[n++] = k * step;
	yg_raw_figure_grid(f, grid, n);
}

/* Points of a curve; many times are taken together so that no more than MOST_POINTS remain. */
static size_t next_point(const struct yg_km_curve *c, size_t from, size_t stride)
{
	size_t to = from + stride - 1;
	return to < c->m ? to : c->m - 1;
}

/* The band at a time of the curve; before the first event the curve is 1 and so is its band. */
static double band_at(const struct km_work *w, const struct yg_km_curve *c, size_t g, size_t j, bool upper)
{
	const struct yg_km_band *b = &w->band_of[g];
	if (j < b->first && c->surv[j] == 1)
		return 1;
	return upper ? b->upper[j] : b->lower[j];
}

/* One curve up to `until`; a point there ends it. */
static void draw_curve(struct yg_raw_figure *f, const struct km_work *w, const struct an_surv *s, const struct yg_km *km, size_t g,
                       double until)
{
	const struct yg_km_curve *c = &km->curve[g];
	int series = yg_raw_series(f, s->group_words[g]);
	size_t stride = (c->m + MOST_POINTS - 1) / MOST_POINTS;
	int64_t so_far = 0;
	for (size_t j = 0, to; j < c->m && c->time[j] <= until; j = to + 1) {
		struct yg_raw_point p = { .x2 = NAN, .at_risk = c->n_risk[j] };
		to = next_point(c, j, stride);
		while (to > j && c->time[to] > until)
			to--;
		for (size_t k = j; k <= to; k++) {
			p.events += c->n_event[k];
			p.censored += c->n_censor[k];
		}
		so_far += p.events;
		p.x = an_surv_shown(s, c->time[to]);
		p.y = c->surv[to];
		p.lower = w && w->band_of ? band_at(w, c, g, to, false) : c->lower[to];
		p.upper = w && w->band_of ? band_at(w, c, g, to, true) : c->upper[to];
		yg_raw_point(f, series, &p, (struct yg_evidence){ (int64_t)s->group_persons[g], so_far, 0 });
	}
	struct yg_km_point end;
	yg_km_at(c, until, &end);
	if (isfinite(until) && c->m && !end.beyond) {
		struct yg_raw_point p = { .x = an_surv_shown(s, until), .x2 = NAN, .y = end.surv, .lower = end.lower, .upper = end.upper,
			                  .at_risk = (int64_t)end.n_risk };
		yg_raw_point(f, series, &p, (struct yg_evidence){ (int64_t)s->group_persons[g], so_far, 0 });
	}
}

struct yg_raw_figure *an_km_draw(const struct km_work *w, struct yg_raw *raw, const char *key, const char *title,
                                 const struct an_surv *s, const struct yg_km *km, double until)
{
	struct yg_raw_figure *f = yg_raw_figure(raw, key, YG_FIGURE_KM, title);
	yg_raw_figure_axis(f, 'x', N_("time"), an_surv_unit(s), 0);
	yg_raw_figure_axis(f, 'y', N_("survival"), NULL, 0);
	curve_grid(f, s, km, until);
	for (size_t g = 0; g < s->groups; g++)
		draw_curve(f, w, s, km, g, until);
	return f;
}

void an_km_figure(struct km_work *w, const struct an_surv *s, const struct yg_km *km)
{
	struct yg_raw_figure *f = an_km_draw(w, w->raw, an_key(&w->arena, "km", w->parts),
	                                     an_surv_title(s, w->adjusted ? N_("Adjusted survival") : N_("Survival"), &w->arena), s, km,
	                                     INFINITY);
	/* On guarded data the figure is made again from grouped counts, with intervals at single times. */
	if (w->band_of && w->r->open) {
		struct yg_raw_note *n = yg_raw_figure_caption(f, w->band == YG_KM_HALL_WELLNER ?
		                                              N_("with {1} simultaneous bands by Hall and Wellner") :
		                                              N_("with {1} simultaneous bands of equal precision"));
		yg_raw_note_num(n, YG_ROLE_PROPORTION, w->options.conf, YG_NOBODY);
	}
}

void an_km_curve_table(struct km_work *w, const struct an_surv *s, const struct yg_km *km)
{
	static const struct {
		const char *key, *label;
		enum yg_role role;
	} columns[] = { { "group", N_("group"), YG_ROLE_LABEL }, { "time", N_("time"), YG_ROLE_TIME },
			{ "at_risk", N_("at risk"), YG_ROLE_PERSONS }, { "events", N_("events"), YG_ROLE_EVENTS },
			{ "censored", N_("censored"), YG_ROLE_PERSONS }, { "estimate", N_("survival"),
			                                                  YG_ROLE_PROBABILITY },
			{ "se", N_("SE"), YG_ROLE_SE }, { "lower", N_("lower"),
			                                 YG_ROLE_LOWER }, { "upper", N_("upper"), YG_ROLE_UPPER },
			{ "hazard", N_("cumulative hazard"), YG_ROLE_ESTIMATE }, { "hazard_se", N_("SE of it"),
			                                                          YG_ROLE_SE } };
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "curve", w->parts),
	                                      an_surv_subtitle(s, N_("Curves"), &w->arena));
	for (size_t k = 0; k < sizeof columns / sizeof columns[0]; k++)
		yg_raw_column(t, columns[k].key, columns[k].label, columns[k].role, k == 1 ? an_surv_unit(s) : NULL);
	int more = (int)(sizeof columns / sizeof columns[0]);
	if (s->weight)
		yg_raw_column(t, "at_risk_weight", N_("weight at risk"), YG_ROLE_WEIGHTED, NULL);
	if (w->band_of) {
		yg_raw_column(t, "band_lower", N_("band, lower"), YG_ROLE_LOWER, NULL);
		yg_raw_column(t, "band_upper", N_("band, upper"), YG_ROLE_UPPER, NULL);
	}
	yg_raw_table_detail(t);
	for (size_t g = 0; g < s->groups; g++) {
		const struct yg_km_curve *c = &km->curve[g];
		size_t stride = (c->m + MOST_POINTS - 1) / MOST_POINTS;
		int64_t so_far = 0;
		for (size_t j = 0, to; j < c->m; j = to + 1) {
			int64_t events = 0, censored = 0;
			char number[32];
			to = next_point(c, j, stride);
			for (size_t k = j; k <= to; k++) {
				events += c->n_event[k];
				censored += c->n_censor[k];
			}
			so_far += events;
			struct yg_evidence e = { (int64_t)s->group_persons[g], so_far, 0 };
			yg_print_double(number, an_surv_shown(s, c->time[to]));
			int row = yg_raw_row(t, yg_arena_printf(&w->arena, "%s@%s", s->group_label[g], number),
			                     s->group_label[g], 0);
			const double value[] = { c->surv[to], c->se[to], c->lower[to], c->upper[to], c->cumhaz[to],
			                        c->se_cumhaz[to] };
			yg_raw_text(t, row, 0, s->group_label[g]);
			yg_raw_num(t, row, 1, an_surv_shown(s, c->time[to]), e);
			yg_raw_int(t, row, 2, c->n_risk[j], an_persons(c->n_risk[j]));
			yg_raw_int(t, row, 3, events, e);
			yg_raw_int(t, row, 4, censored, e);
			for (int k = 0; k < 6; k++)
				yg_raw_num(t, row, 5 + k, value[k], e);
			if (s->weight)
				yg_raw_num(t, row, more, c->risk[j], an_persons(c->n_risk[j]));
			if (w->band_of) {
				int at = more + (s->weight ? 1 : 0);
				yg_raw_num(t, row, at, w->band_of[g].lower[to], e);
				yg_raw_num(t, row, at + 1, w->band_of[g].upper[to], e);
			}
		}
	}
}
