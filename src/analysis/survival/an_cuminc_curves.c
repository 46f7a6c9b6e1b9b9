/* The curves of cuminc: which of their steps are listed, their table and figures. */
#include <math.h>
#include <string.h>

#include "an_cuminc_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"

#define MOST_CLUSTERED 200000000u /* rows times points for which clustered errors of the whole curve are computed */

static struct yg_evidence evidence(const struct an_ci *c, size_t g, unsigned cause)
{
	return (struct yg_evidence){ (int64_t)c->s.group_persons[g], (int64_t)c->fit.curve[g].events[cause], 0 };
}

/* Five to eight whole steps of the display unit over the follow-up. */
static size_t risk_times(double longest, double out[16])
{
	static const double steps[] = { 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000 };
	double step = steps[0];
	size_t n = 0;

	for (size_t i = 0; i < sizeof steps / sizeof *steps && longest / step > 8; i++)
		step = steps[i];
	for (double x = 0; x <= longest && n < 16; x += step)
		out[n++] = x;
	return n;
}

/* The last time of all curves, as shown. */
static double longest(const struct an_ci *c)
{
	double last = 0;

	for (size_t g = 0; g < c->s.groups; g++) {
		const struct yg_cuminc_curve *curve = &c->fit.curve[g];
		last = curve->m ? fmax(last, an_surv_shown(&c->s, curve->time[curve->m - 1])) : last;
	}
	return last;
}

/* How high the curves of a cause come. */
static double highest(const struct an_ci *c, unsigned k)
{
	double high = 0;

	for (size_t g = 0; g < c->s.groups; g++) {
		const struct yg_cuminc_curve *curve = &c->fit.curve[g];
		high = curve->m ? fmax(high, curve->incidence[(curve->m - 1) * c->causes + k]) : high;
	}
	return high;
}

/* The steps that are listed, of all causes alike; with clusters their standard errors are not known yet. */
static enum yg_status choose_steps(struct an_ci *c, struct yg_err *err)
{
	double at[16 + AN_CI_TIMES], length = longest(c);
	size_t ats = risk_times(length, at), all = 0;
	struct yg_thin_value *of = yg_arena_alloc(&c->arena, 2 * (size_t)c->causes, sizeof *of);

	for (size_t k = 0; k < c->ats; k++)
		at[ats++] = an_surv_shown(&c->s, c->at[k]);
	for (size_t g = 0; g < c->s.groups; g++)
		all += c->fit.curve[g].m;
	YG_TRY(an_steps_check(c->r->all_steps, all, err));
	c->steps = yg_arena_alloc(&c->arena, c->s.groups, sizeof *c->steps);
	for (size_t g = 0; g < c->s.groups; g++) {
		const struct yg_cuminc_curve *curve = &c->fit.curve[g];
		size_t values = 0;
		for (unsigned k = 0; k < c->causes; k++) {
			double least = highest(c, k) / YG_THIN_HEIGHT;
			of[values++] = (struct yg_thin_value){ curve->incidence + k, c->causes, least };
			if (!c->cluster) /* limits move by about two standard errors */
				of[values++] = (struct yg_thin_value){ curve->se + k, c->causes, least / 2 };
		}
		const struct yg_thin thin = { .time = curve->time, .n = curve->m, .divisor = c->s.divisor, .length = length, .at = at,
			                      .ats = ats, .of = of, .values = values };
		an_steps_choose(&c->steps[g], &thin, c->r->all_steps);
		c->thinned = c->thinned || c->steps[g].kept;
	}
	return YG_OK;
}

/* Clustered errors of the steps that are listed, put in place of the curve's. */
static enum yg_status clustered_curves(struct an_ci *c, struct yg_err *err)
{
	for (size_t g = 0; g < c->s.groups && c->cluster; g++) {
		struct yg_cuminc_curve *curve = &c->fit.curve[g];
		const struct an_steps *steps = &c->steps[g];
		memset(curve->se, 0, curve->m * c->causes * sizeof *curve->se);
		if (steps->n * c->rows * c->causes > MOST_CLUSTERED)
			continue;
		for (size_t i = 0; i < steps->n; i++)
			for (unsigned k = 0; k < c->causes; k++) {
				size_t m = an_steps_at(steps, i);
				double p;
				bool known;
				YG_TRY(an_ci_value(c, g, k, curve->time[m], &p, &curve->se[m * c->causes + k], &known, err));
			}
	}
	return YG_OK;
}

static void curves(struct an_ci *c)
{
	struct yg_raw_table *t = yg_raw_table(c->raw, an_ci_key(c, "curves"), N_("Every step"));

	yg_raw_table_detail(t);
	yg_raw_column(t, "group", N_("group"), YG_ROLE_LABEL, NULL);
	yg_raw_column(t, "cause", N_("cause"), YG_ROLE_LABEL, NULL);
	yg_raw_column(t, "time", N_("time"), YG_ROLE_TIME, an_ci_unit(c));
	yg_raw_column(t, "at_risk", N_("at risk"), YG_ROLE_WEIGHTED, NULL);
	yg_raw_column(t, "estimate", N_("incidence"), YG_ROLE_PROBABILITY, NULL);
	yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	for (size_t g = 0; g < c->s.groups; g++)
		for (unsigned k = 0; k < c->causes; k++) {
			const struct yg_cuminc_curve *curve = &c->fit.curve[g];
			struct yg_evidence e = evidence(c, g, k);
			for (size_t i = 0, from = 0; i < c->steps[g].n; i++) {
				size_t m = an_steps_at(&c->steps[g], i);
				bool any = false;
				for (; from <= m; from++)
					any = any || curve->event[from * c->causes + k] > 0;
				if (!any)
					continue;
				int row = yg_raw_row(t, yg_arena_printf(&c->arena, "%zu.%u.%zu", g + 1, k + 1, m + 1), "", 0);
				yg_raw_text(t, row, 0, c->s.group_words[g]);
				yg_raw_data(t, row, 1, an_ci_cause(c, k));
				yg_raw_num(t, row, 2, an_surv_shown(&c->s, curve->time[m]), e);
				yg_raw_num(t, row, 3, curve->n_risk[m], e);
				yg_raw_num(t, row, 4, curve->incidence[m * c->causes + k], e);
				yg_raw_num(t, row, 5, curve->se[m * c->causes + k], e);
			}
		}
}

static bool drawn(unsigned k, unsigned cause, bool stacked)
{
	return stacked ? k <= cause : k == cause;
}

/* One curve: of a cause, or of the causes up to it one upon another. */
static void draw(struct an_ci *c, struct yg_raw_figure *f, const char *name, size_t g, unsigned cause, bool stacked)
{
	const struct yg_cuminc_curve *curve = &c->fit.curve[g];
	/* On guarded data the figure is made again from grouped counts of all steps. */
	const struct an_steps every = { .n = curve->m }, *steps = c->r->open ? &c->steps[g] : &every;
	int series = yg_raw_series(f, name);
	struct yg_evidence e = evidence(c, g, cause);
	struct yg_raw_point p = { .x = 0, .x2 = NAN, .y = 0, .lower = 0, .upper = 0, .at_risk = (int64_t)c->s.group_rows[g] };

	for (unsigned k = 0; k < cause && stacked; k++)
		e.events += (int64_t)curve->events[k];
	if (!c->spans.entry)
		yg_raw_point(f, series, &p, e);
	for (size_t i = 0, m = 0, to; i < steps->n; i++, m = to + 1) {
		double events = 0, others = 0, before = curve->n_risk[m], y = 0, se;
		to = an_steps_at(steps, i);
		se = curve->se[to * c->causes + cause];
		for (; m <= to; m++)
			for (unsigned k = 0; k < c->causes; k++)
				*(drawn(k, cause, stacked) ? &events : &others) += curve->event[m * c->causes + k];
		for (unsigned k = 0; k < c->causes; k++)
			y += drawn(k, cause, stacked) ? curve->incidence[to * c->causes + k] : 0;
		p = (struct yg_raw_point){ .x = an_surv_shown(&c->s, curve->time[to]), .x2 = NAN, .y = y, .lower = y, .upper = y,
		                           .at_risk = (int64_t)(before + 0.5), .events = (int64_t)(events + 0.5) };
		if (se > 0 && !stacked && c->ci != YG_KM_NO_CI)
			yg_km_limits(y, se, c->ci, c->conf, &p.lower, &p.upper);
		/* The other causes end a curve's observation as censoring does, but leave no mark. */
		p.censored = (int64_t)(before - (to + 1 < curve->m ? curve->n_risk[to + 1] : 0) - events - others + 0.5);
		p.censored = p.censored < 0 || stacked || c->spans.entry ? 0 : p.censored;
		yg_raw_point(f, series, &p, e);
	}
}

static struct yg_raw_figure *figure(struct an_ci *c, const char *base, const char *title)
{
	struct yg_raw_figure *f = yg_raw_figure(c->raw, an_ci_key(c, base), YG_FIGURE_KM, title);
	double grid[16];

	yg_raw_figure_axis(f, 'x', N_("time"), an_ci_unit(c), 0);
	yg_raw_figure_axis(f, 'y', N_("cumulative incidence"), NULL, 0);
	yg_raw_figure_grid(f, grid, risk_times(longest(c), grid));
	return f;
}

static void figures(struct an_ci *c)
{
	const char *message = yg_phrase_message(&c->arena, N_("Cumulative incidence"));
	bool stacked = c->r->draw && !strcmp(c->r->draw, "stacked"), all = stacked || (c->r->draw && !strcmp(c->r->draw, "all"));
	struct yg_raw_figure *f = NULL;

	if (!all) {
		f = figure(c, "incidence", yg_phrase(&c->arena, "%s: %s", message, an_ci_cause(c, c->cause)));
		for (size_t g = 0; g < c->s.groups; g++)
			draw(c, f, c->s.group_label[g], g, c->cause, false);
		return;
	}
	/* One figure a group when they are stacked; else all curves in one. */
	for (size_t g = 0; g < c->s.groups; g++) {
		if (stacked || g == 0)
			f = figure(c, g ? yg_arena_printf(&c->arena, "causes_%zu", g + 1) : "causes",
			           stacked && c->s.groups > 1 ? yg_phrase(&c->arena, "%s: %s", message, c->s.group_label[g]) : N_("Cumulative incidence"));
		for (unsigned k = 0; k < c->causes; k++) {
			const char *name = stacked && k ? yg_arena_printf(&c->arena, "+ %s", an_ci_cause(c, k)) : an_ci_cause(c, k);
			if (!stacked && c->s.groups > 1)
				name = yg_arena_printf(&c->arena, "%s: %s", c->s.group_label[g], an_ci_cause(c, k));
			draw(c, f, name, g, k, stacked);
		}
	}
}

enum yg_status an_ci_curves(struct an_ci *c, struct yg_err *err)
{
	YG_TRY(choose_steps(c, err));
	YG_TRY(clustered_curves(c, err));
	curves(c);
	figures(c);
	return YG_OK;
}
