/* The figure of km and its curves in full. */
#include <math.h>
#include <string.h>

#include "an_km_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/base/text.h"

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

/* The times shown below a figure of curves up to a time; how many. */
static size_t curve_grid(const struct an_surv *s, const struct yg_km *km, double until, double grid[16])
{
	double last = 0;
	size_t n = 0;
	for (size_t g = 0; g < s->groups; g++)
		if (km->curve[g].m)
			last = fmax(last, an_surv_shown(s, km->curve[g].time[km->curve[g].m - 1]));
	last = fmin(last, an_surv_shown(s, until));
	if (!(last > 0))
		return 0;
	double step = grid_step(last, s->unit);
	for (double k = 0; k * step <= last && n < 16; k++)
		grid[n++] = k * step;
	return n;
}

/* How far the curves come down, and how long they are as shown. */
static void curve_extent(const struct an_surv *s, const struct yg_km *km, double *height, double *length)
{
	double low = 1;
	*length = 0;
	for (size_t g = 0; g < s->groups; g++) {
		const struct yg_km_curve *c = &km->curve[g];
		if (!c->m)
			continue;
		*length = fmax(*length, an_surv_shown(s, c->time[c->m - 1]));
		low = fmin(low, c->surv[c->m - 1]);
	}
	*height = 1 - low;
}

/* The steps of every curve that are drawn and listed; w NULL = of a figure up to `until` alone. */
static bool choose_steps(const struct km_work *w, const struct an_surv *s, const struct yg_km *km, double until, struct an_steps *steps)
{
	double at[16 + AN_KM_VALUES + 1], height, length;
	size_t ats = curve_grid(s, km, until, at);
	bool thinned = false;
	for (size_t k = 0; w && k < w->ats; k++)
		at[ats++] = an_surv_shown(s, w->at[k]);
	if (isfinite(until))
		at[ats++] = an_surv_shown(s, until);
	curve_extent(s, km, &height, &length);
	for (size_t g = 0; g < s->groups; g++) {
		const struct yg_km_curve *c = &km->curve[g];
		const double least = height / YG_THIN_HEIGHT;
		const struct yg_thin_value of[] = { { c->surv, 1, least }, { c->lower, 1, least }, { c->upper, 1, least } };
		const struct yg_thin curve = { .time = c->time, .n = c->m, .divisor = s->divisor, .length = length, .at = at, .ats = ats,
			                       .of = of, .values = 3 };
		an_steps_choose(&steps[g], &curve, w && w->r->all_steps);
		thinned = thinned || steps[g].kept;
	}
	return thinned;
}

enum yg_status an_km_steps(struct km_work *w, const struct an_surv *s, const struct yg_km *km, struct yg_err *err)
{
	size_t all = 0;
	for (size_t g = 0; g < s->groups; g++)
		all += km->curve[g].m;
	YG_TRY(an_steps_check(w->r->all_steps, all, err));
	w->steps = yg_xcalloc(s->groups + 1, sizeof *w->steps);
	w->thinned = choose_steps(w, s, km, INFINITY, w->steps);
	return YG_OK;
}

void an_km_steps_release(struct km_work *w, size_t groups)
{
	for (size_t g = 0; w->steps && g < groups; g++)
		an_steps_release(&w->steps[g]);
	yg_free(w->steps);
	w->steps = NULL;
}

/* The band at a time of the curve; before the first event the curve is 1 and so is its band. */
static double band_at(const struct km_work *w, const struct yg_km_curve *c, size_t g, size_t j, bool upper)
{
	const struct yg_km_band *b = &w->band_of[g];
	if (j < b->first && c->surv[j] == 1)
		return 1;
	return upper ? b->upper[j] : b->lower[j];
}

/* Events and censorings of the steps from j to `to`. */
static void count_steps(const struct yg_km_curve *c, size_t j, size_t to, int64_t *events, int64_t *censored)
{
	*events = *censored = 0;
	for (size_t k = j; k <= to; k++) {
		*events += c->n_event[k];
		*censored += c->n_censor[k];
	}
}

/* One curve up to `until`; a point there ends it. */
static void draw_curve(struct yg_raw_figure *f, const struct km_work *w, const struct an_surv *s, const struct yg_km *km, size_t g,
                       const struct an_steps *steps, double until)
{
	const struct yg_km_curve *c = &km->curve[g];
	int series = yg_raw_series(f, s->group_words[g]);
	int64_t so_far = 0;
	for (size_t k = 0, j = 0, to; k < steps->n; k++, j = to + 1) {
		to = an_steps_at(steps, k);
		if (c->time[to] > until)
			break;
		struct yg_raw_point p = { .x2 = NAN, .at_risk = c->n_risk[j] };
		count_steps(c, j, to, &p.events, &p.censored);
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

static struct yg_raw_figure *draw(const struct km_work *w, struct yg_raw *raw, const char *key, const char *title,
                                  const struct an_surv *s, const struct yg_km *km, const struct an_steps *steps, double until)
{
	struct yg_raw_figure *f = yg_raw_figure(raw, key, YG_FIGURE_KM, title);
	double grid[16];
	yg_raw_figure_axis(f, 'x', N_("time"), an_surv_unit(s), 0);
	yg_raw_figure_axis(f, 'y', N_("survival"), NULL, 0);
	size_t grids = curve_grid(s, km, until, grid);
	if (grids)
		yg_raw_figure_grid(f, grid, grids);
	for (size_t g = 0; g < s->groups; g++) {
		const struct an_steps every = { .n = km->curve[g].m };
		draw_curve(f, w, s, km, g, steps ? &steps[g] : &every, until);
	}
	return f;
}

struct yg_raw_figure *an_km_draw(struct yg_raw *raw, const char *key, const char *title, const struct an_surv *s,
                                 const struct yg_km *km, double until, bool open)
{
	struct an_steps *steps = open ? yg_xcalloc(s->groups + 1, sizeof *steps) : NULL;
	bool thinned = open && choose_steps(NULL, s, km, until, steps);
	struct yg_raw_figure *f = draw(NULL, raw, key, title, s, km, steps, until);
	for (size_t g = 0; open && g < s->groups; g++)
		an_steps_release(&steps[g]);
	yg_free(steps);
	if (thinned)
		yg_raw_note(raw, YG_NOTE_INFO,
		            N_("curves of more than 1,000 steps are drawn by those that a figure can tell apart"));
	return f;
}

void an_km_figure(struct km_work *w, const struct an_surv *s, const struct yg_km *km)
{
	struct yg_raw_figure *f = draw(w, w->raw, an_key(&w->arena, "km", w->parts),
	                               an_surv_title(s, w->adjusted ? N_("Adjusted survival") : N_("Survival"), &w->arena), s, km,
	                               w->r->open ? w->steps : NULL, INFINITY);
	/* On guarded data the figure is made again from grouped counts, with intervals at single times. */
	if (w->band_of && w->r->open) {
		struct yg_raw_note *n = yg_raw_figure_caption(f, w->band == YG_KM_HALL_WELLNER ?
		                                              N_("with {1} simultaneous bands by Hall and Wellner") :
		                                              N_("with {1} simultaneous bands of equal precision"));
		yg_raw_note_num(n, YG_ROLE_PROPORTION, w->options.conf, YG_NOBODY);
	}
}

#define PLAIN_COLUMNS 11

/* The row of step `to` of curve g, and of those before it from j on; the events so far. */
static int64_t curve_row(struct km_work *w, const struct an_surv *s, struct yg_raw_table *t, const struct yg_km *km, size_t g,
                         size_t j, size_t to, int64_t so_far)
{
	const struct yg_km_curve *c = &km->curve[g];
	const double value[] = { c->surv[to], c->se[to], c->lower[to], c->upper[to], c->cumhaz[to], c->se_cumhaz[to] };
	int64_t events, censored;
	char number[32];
	count_steps(c, j, to, &events, &censored);
	so_far += events;
	struct yg_evidence e = { (int64_t)s->group_persons[g], so_far, 0 };
	yg_print_double(number, an_surv_shown(s, c->time[to]));
	int row = yg_raw_row(t, yg_arena_printf(&w->arena, "%s@%s", s->group_label[g], number), s->group_label[g], 0);
	yg_raw_text(t, row, 0, s->group_label[g]);
	yg_raw_num(t, row, 1, an_surv_shown(s, c->time[to]), e);
	yg_raw_int(t, row, 2, c->n_risk[j], an_persons(c->n_risk[j]));
	yg_raw_int(t, row, 3, events, e);
	yg_raw_int(t, row, 4, censored, e);
	for (int k = 0; k < 6; k++)
		yg_raw_num(t, row, 5 + k, value[k], e);
	int at = PLAIN_COLUMNS;
	if (s->weight)
		yg_raw_num(t, row, at++, c->risk[j], an_persons(c->n_risk[j]));
	if (w->band_of) {
		yg_raw_num(t, row, at, w->band_of[g].lower[to], e);
		yg_raw_num(t, row, at + 1, w->band_of[g].upper[to], e);
	}
	return so_far;
}

void an_km_curve_table(struct km_work *w, const struct an_surv *s, const struct yg_km *km)
{
	static const struct {
		const char *key, *label;
		enum yg_role role;
	} columns[PLAIN_COLUMNS] = { { "group", N_("group"), YG_ROLE_LABEL }, { "time", N_("time"), YG_ROLE_TIME },
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
	if (s->weight)
		yg_raw_column(t, "at_risk_weight", N_("weight at risk"), YG_ROLE_WEIGHTED, NULL);
	if (w->band_of) {
		yg_raw_column(t, "band_lower", N_("band, lower"), YG_ROLE_LOWER, NULL);
		yg_raw_column(t, "band_upper", N_("band, upper"), YG_ROLE_UPPER, NULL);
	}
	yg_raw_table_detail(t);
	for (size_t g = 0; g < s->groups; g++) {
		int64_t so_far = 0;
		for (size_t k = 0, j = 0; k < w->steps[g].n; k++) {
			size_t to = an_steps_at(&w->steps[g], k);
			so_far = curve_row(w, s, t, km, g, j, to, so_far);
			j = to + 1;
		}
	}
}
