/*
 * tt() terms of cox: effects that change with time.
 *
 * tt(x, f) is the effect of x with what its change adds: b(t) = b0 + b1 f(t), f of the time in the unit shown; with
 * tt(x, cut(1y, 3y)) it is one effect for each period, an event at 1y belonging to the first.  x stands in the model as a
 * term of its own, written beside it or not.
 */
#include <math.h>
#include <string.h>

#include "an_surv_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/lang/print.h"
#include "yogo/num/elementary.h"
#include "yogo/num/sort.h"

#define CURVE_POINTS 60
#define MOST_CURVES 6u

/* ---- taking the terms out ---- */

static const char *text_of(struct yg_arena *arena, const struct yg_node *node)
{
	struct yg_buf b = YG_BUF_INIT;
	yg_print_expression(node, &b);
	const char *s = yg_arena_strdup(arena, b.data);
	yg_buf_release(&b);
	return s;
}

static bool is_move(const struct yg_node *n)
{
	return n->kind == YG_NODE_CALL && !strcmp(n->text, "tt");
}

static bool has_move(const struct yg_node *n)
{
	bool found = is_move(n);
	for (uint32_t i = 0; i < n->children && !found; i++)
		found = has_move(n->child[i]);
	return found;
}

static enum yg_status shape(const struct yg_node *n, struct yg_err *err)
{
	yg_fail_at(err, YG_ESYNTAX, n->at, n->len, "E-SUR-070", N_("%s is not a function of time that tt() knows"),
	           n->children > 1 && n->child[1]->text ? n->child[1]->text : "tt()");
	yg_err_hint(err, N_("Write %s"), "tt(x, log), tt(x, linear), tt(x, sqrt), tt(x, km) or tt(x, cut(1y, 3y))");
	return YG_ESYNTAX;
}

static enum yg_status read_periods(const struct yg_endpoint *e, const struct yg_node *cut, struct an_cox_move *m, struct yg_err *err)
{
	const size_t most = sizeof m->cut / sizeof m->cut[0];
	if (!cut->children || cut->children > most)
		return yg_fail_at(err, YG_ESYNTAX, cut->at, cut->len, "E-SUR-071", N_("cut() in tt() takes 1 to %zu times"), most);
	m->clock.kind = YG_CLOCK_STEP;
	for (uint32_t i = 0; i < cut->children; i++) {
		YG_TRY(an_surv_time(e, cut->child[i], &m->cut[i], err));
		if (!(m->cut[i] > (i ? m->cut[i - 1] : 0)))
			return yg_fail_at(err, YG_ESYNTAX, cut->at, cut->len, "E-SUR-072", N_("the times in cut() must be above 0 and ascend"));
	}
	m->cuts = (int)cut->children;
	return YG_OK;
}

static enum yg_status read_move(struct yg_arena *arena, const struct yg_endpoint *e, const struct yg_node *n,
                                struct an_cox_move *m, struct yg_err *err)
{
	static const char *const words[] = { "linear", "log", "sqrt", "km", "identity" };
	const struct yg_node *f = n->children > 1 ? n->child[1] : NULL, *plus = n->children > 2 ? n->child[2] : NULL;
	if (!f || n->children > 3 || n->child[0]->kind == YG_NODE_ARGUMENT || is_move(n->child[0]))
		return shape(n, err);
	*m = (struct an_cox_move){ .name = text_of(arena, n), .of = text_of(arena, n->child[0]) };
	m->clock.divisor = e->display_divisor > 0 ? e->display_divisor : 1;
	if (plus) {
		if (plus->kind != YG_NODE_ARGUMENT || strcmp(plus->text, "plus") || plus->child[0]->kind != YG_NODE_NUMBER ||
		    f->kind != YG_NODE_NAME || strcmp(f->text, "log"))
			return shape(n, err);
		m->clock.plus = plus->child[0]->number;
	}
	if (f->kind == YG_NODE_CALL && !strcmp(f->text, "cut"))
		return read_periods(e, f, m, err);
	for (size_t k = 0; f->kind == YG_NODE_NAME && k < sizeof words / sizeof words[0]; k++)
		if (!strcmp(f->text, words[k])) {
			m->clock.kind = k == 4 ? YG_CLOCK_LINEAR : (enum yg_clock_kind)k;
			return YG_OK;
		}
	return shape(n, err);
}

static enum yg_status read_times(struct yg_arena *arena, const struct yg_endpoint *e, const struct yg_node *at,
                                 struct an_cox_moves *m, struct yg_err *err)
{
	size_t n = !at ? 0 : at->kind == YG_NODE_GROUP ? at->children : 1;
	double *t = yg_arena_alloc(arena, n + 1, sizeof *t);
	for (size_t i = 0; i < n; i++) {
		YG_TRY(an_surv_time(e, at->kind == YG_NODE_GROUP ? at->child[i] : at, &t[i], err));
		if (!(t[i] > 0))
			return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-SUR-073", N_("the times of at= must be above 0"));
	}
	m->at = t;
	m->ats = n;
	return YG_OK;
}

enum yg_status an_cox_take_moves(struct yg_arena *arena, const struct yg_endpoint *e, const struct yg_node *model,
                                 const struct yg_node *at, const struct yg_node **out, struct an_cox_moves **moves,
                                 struct yg_err *err)
{
	struct an_cox_moves *m = yg_arena_alloc(arena, 1, sizeof *m);
	*out = model;
	*moves = NULL;
	if (!has_move(model)) {
		if (at)
			return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-SUR-074",
			                  N_("at= lists effects that change with time: the model has no tt() term"));
		return YG_OK;
	}
	struct yg_node *copy = yg_node_new(arena, YG_NODE_MODEL, model->text);
	copy->at = model->at;
	copy->len = model->len;
	m->move = yg_arena_alloc(arena, model->children + 1, sizeof *m->move);
	for (uint32_t i = 0; i < model->children; i++) {
		struct yg_node *n = model->child[i];
		if (!is_move(n) && has_move(n))
			return yg_fail_at(err, YG_ESYNTAX, n->at, n->len, "E-SUR-075", N_("tt() is a term of its own, in no product: x + tt(z, log)"));
		if (is_move(n)) {
			YG_TRY(read_move(arena, e, n, &m->move[m->count], err));
			for (size_t k = 0; k < m->count; k++)
				if (!strcmp(m->move[k].of, m->move[m->count].of))
					return yg_fail_at(err, YG_ESYNTAX, n->at, n->len, "E-SUR-076",
					                  N_("%s has two tt() terms; one function of time each"), m->move[k].of);
			m->count++;
		}
		yg_node_add(arena, copy, is_move(n) ? n->child[0] : n);
	}
	*out = copy;
	*moves = m;
	return read_times(arena, e, at, m, err);
}

/* ---- parameters ---- */

static const char *clock_words(const struct an_cox_move *m)
{
	switch (m->clock.kind) {
	case YG_CLOCK_LOG:
		return m->clock.plus > 0 ? N_("log of time plus a constant") : N_("log of time");
	case YG_CLOCK_SQRT:
		return N_("square root of time");
	case YG_CLOCK_KM:
		return N_("1 minus Kaplan-Meier");
	default:
		return N_("time");
	}
}

static const char *period_label(const struct an_surv *s, const struct an_cox_move *m, int k, struct yg_arena *arena)
{
	const char *unit = s->unit ? s->unit : "";
	if (k == 0)
		return yg_arena_printf(arena, "0-%g %s", an_surv_shown(s, m->cut[0]), unit);
	if (k == m->cuts)
		return yg_arena_printf(arena, "> %g %s", an_surv_shown(s, m->cut[k - 1]), unit);
	return yg_arena_printf(arena, "%g-%g %s", an_surv_shown(s, m->cut[k - 1]), an_surv_shown(s, m->cut[k]), unit);
}

static size_t own_term(const struct yg_design *d, const char *name)
{
	size_t k = 0;
	while (k < (size_t)d->terms && strcmp(d->term[k].name, name))
		k++;
	return k;
}

static void add_parameters(struct an_cox_fit *f, struct an_cox_moves *moves, struct an_cox_move *m, struct yg_cox_moving *moving,
                           struct yg_arena *arena)
{
	struct yg_design *d = f->design;
	int periods = m->cuts ? m->cuts : 1;
	m->parameter = f->data.p + moves->movings;
	for (int k = 1; k <= periods; k++)
		for (size_t c = 0; c < m->count; c++) {
			size_t j = m->first + c, at = f->data.p + moves->movings;
			const struct yg_design_column *base = &d->column[j];
			struct yg_clock clock = m->clock;
			if (m->cuts) {
				clock.from = m->cut[k - 1];
				clock.to = k < m->cuts ? m->cut[k] : INFINITY;
			}
			moving[moves->movings++] = (struct yg_cox_moving){ j, clock };
			d->column[at] = *base;
			d->column[at].term = d->terms;
			d->column[at].key = m->cuts ? yg_arena_printf(arena, "%s @%s", base->key, period_label(f->s, m, k, arena)) :
			                              yg_arena_printf(arena, "%s x %s", base->key, m->name);
			d->column[at].label = m->cuts ? yg_phrase(arena, N_("%s: change in %s"), base->label, period_label(f->s, m, k, arena)) :
			                                yg_phrase(arena, N_("%s: change with %s"), base->label,
			                                          yg_phrase_message(arena, clock_words(m)));
		}
	d->term[d->terms++] = (struct yg_design_term){ .name = m->name, .first = (int)m->parameter,
		                                       .count = (int)(m->count * (size_t)periods), .set_column = -1 };
}

enum yg_status an_cox_put_moves(struct an_cox_fit *f, struct an_cox_moves *moves, struct yg_arena *arena, struct yg_err *err)
{
	struct yg_design *d = f->design;
	size_t all = 0;
	moves->movings = 0;
	for (size_t i = 0; i < moves->count; i++) {
		struct an_cox_move *m = &moves->move[i];
		size_t k = own_term(d, m->of);
		if (k == (size_t)d->terms || !d->term[k].count)
			return yg_fail(err, YG_REFUSED, "E-SUR-077", N_("%s is no single term that tt() could let change"), m->of);
		m->first = (size_t)d->term[k].first;
		m->count = (size_t)d->term[k].count;
		all += m->count * (size_t)(m->cuts ? m->cuts : 1);
	}
	struct yg_design_column *column = yg_arena_alloc(arena, f->data.p + all + 1, sizeof *column);
	struct yg_design_term *term = yg_arena_alloc(arena, (size_t)d->terms + moves->count + 1, sizeof *term);
	struct yg_cox_moving *moving = yg_arena_alloc(arena, all + 1, sizeof *moving);
	memcpy(column, d->column, f->data.p * sizeof *column);
	memcpy(term, d->term, (size_t)d->terms * sizeof *term);
	d->column = column;
	d->term = term;
	for (size_t i = 0; i < moves->count; i++)
		add_parameters(f, moves, &moves->move[i], moving, arena);
	moves->moving = moving;
	f->moves = moves;
	f->data.moving = moving;
	f->data.movings = moves->movings;
	return YG_OK;
}

/* ---- the effect over time ---- */

struct effect {
	double b, se;
	const char *why;
};

/* Log hazard ratio of column j where its g-th parameter of change counts g times; parameter 0: none. */
static struct effect effect_at(const struct an_cox_fit *f, size_t j, size_t parameter, double g)
{
	size_t p = f->fit.p;
	const double *v = f->fit.var;
	struct effect e = { f->fit.beta[j], 0, an_cox_why_not(&f->fit, j) };
	double variance = v[j * p + j];
	if (parameter) {
		e.b += g * f->fit.beta[parameter];
		variance += 2 * g * v[j * p + parameter] + g * g * v[parameter * p + parameter];
		e.why = e.why ? e.why : an_cox_why_not(&f->fit, parameter);
	}
	e.se = variance > 0 ? sqrt(variance) : NAN;
	return e;
}

static struct yg_evidence behind(const struct an_cox_fit *f, size_t j)
{
	bool part = f->design->column[j].binary;
	return (struct yg_evidence){ f->persons[j], f->events[j], part ? (int64_t)f->s->set->persons : 0 };
}

static void effect_row(struct yg_raw_table *t, const struct an_cox_fit *f, size_t j, const struct effect *e, const char *key,
                       const char *label)
{
	const double value[] = { yg_exp(e->b), yg_exp(e->b - f->critical * e->se), yg_exp(e->b + f->critical * e->se) };
	int row = yg_raw_row(t, key, label, 0);
	for (int k = 0; k < 3; k++)
		if (e->why)
			yg_raw_missing(t, row, k, e->why);
		else
			yg_raw_num(t, row, k, value[k], behind(f, j));
}

/* The sorted times of events, in the time unit. */
static enum yg_status event_times(const struct an_cox_fit *f, struct yg_task *task, double **out, size_t *count, struct yg_err *err)
{
	const struct yg_spans *d = &f->data.spans;
	size_t n = 0;
	double *t = yg_data_alloc(2 * d->n + 1, sizeof *t);
	uint32_t *order = yg_data_alloc(d->n + 1, sizeof *order);
	if (!t || !order) {
		yg_data_free(t);
		yg_data_free(order);
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while event times were sorted"));
	}
	for (size_t i = 0; i < d->n; i++)
		if (d->event[i])
			t[d->n + n++] = d->exit[i];
	enum yg_status s = yg_sort_doubles(t + d->n, n, task, order, err);
	for (size_t i = 0; i < n; i++)
		t[i] = t[d->n + order[i]];
	yg_data_free(order);
	*out = t;
	*count = n;
	if (s != YG_OK)
		yg_data_free(t);
	return s;
}

static enum yg_status smooth_rows(struct yg_raw_table *t, const struct an_cox_fit *f, const struct an_cox_move *m,
                                  const double *at, size_t n, struct yg_arena *arena, struct yg_task *task, struct yg_err *err)
{
	double *g = yg_arena_alloc(arena, n + 1, sizeof *g);
	YG_TRY(yg_clock_values(&f->data.spans, &m->clock, at, n, task, g, err));
	for (size_t c = 0; c < m->count; c++)
		for (size_t i = 0; i < n; i++) {
			const struct yg_design_column *column = &f->design->column[m->first + c];
			const char *time = yg_arena_printf(arena, "%.4g", an_surv_shown(f->s, at[i]));
			struct effect e = effect_at(f, m->first + c, m->parameter + c, g[i]);
			effect_row(t, f, m->first + c, &e, yg_arena_printf(arena, "%s@%s", column->key, time),
			           yg_phrase(arena, N_("%s at %s"), column->label, yg_arena_printf(arena, "%s %s", time, f->s->unit)));
		}
	return YG_OK;
}

static void period_rows(struct yg_raw_table *t, const struct an_cox_fit *f, const struct an_cox_move *m, struct yg_arena *arena)
{
	for (size_t c = 0; c < m->count; c++)
		for (int k = 0; k <= m->cuts; k++) {
			const struct yg_design_column *column = &f->design->column[m->first + c];
			const char *period = period_label(f->s, m, k, arena);
			size_t parameter = k ? m->parameter + (size_t)(k - 1) * m->count + c : 0;
			struct effect e = effect_at(f, m->first + c, parameter, 1);
			effect_row(t, f, m->first + c, &e, yg_arena_printf(arena, "%s@%s", column->key, period),
			           yg_phrase(arena, N_("%s, %s"), column->label, period));
		}
}

/* ---- figure ---- */

static void curve_point(struct yg_raw_figure *fig, int series, const struct an_cox_fit *f, size_t j, double t, const struct effect *e)
{
	if (e->why || !isfinite(e->se))
		return;
	struct yg_raw_point p = { .x = an_surv_shown(f->s, t), .x2 = NAN, .y = yg_exp(e->b), .lower = yg_exp(e->b - f->critical * e->se),
		                  .upper = yg_exp(e->b + f->critical * e->se) };
	yg_raw_point(fig, series, &p, behind(f, j));
}

static enum yg_status curve(struct yg_raw_figure *fig, const struct an_cox_fit *f, const struct an_cox_move *m, size_t c,
                            double from, double to, struct yg_task *task, struct yg_err *err)
{
	double t[CURVE_POINTS], g[CURVE_POINTS];
	int series = yg_raw_series_data(fig, f->design->column[m->first + c].label);
	yg_raw_series_line(fig, series);
	for (int k = 0; m->cuts && k <= m->cuts; k++) {
		size_t parameter = k ? m->parameter + (size_t)(k - 1) * m->count + c : 0;
		struct effect e = effect_at(f, m->first + c, parameter, 1);
		double left = k ? m->cut[k - 1] : 0, right = k < m->cuts ? m->cut[k] : to;
		if (left < right) {
			curve_point(fig, series, f, m->first + c, left, &e);
			curve_point(fig, series, f, m->first + c, right, &e);
		}
	}
	if (m->cuts)
		return YG_OK;
	for (int i = 0; i < CURVE_POINTS; i++)
		t[i] = from + (to - from) * i / (CURVE_POINTS - 1) * i / (CURVE_POINTS - 1); /* close where log bends */
	YG_TRY(yg_clock_values(&f->data.spans, &m->clock, t, CURVE_POINTS, task, g, err));
	for (int i = 0; i < CURVE_POINTS; i++) {
		struct effect e = effect_at(f, m->first + c, m->parameter + c, g[i]);
		curve_point(fig, series, f, m->first + c, t[i], &e);
	}
	return YG_OK;
}

static enum yg_status figure(struct yg_raw *raw, const struct an_cox_fit *f, size_t i, const double *t, size_t n,
                             struct yg_arena *arena, struct yg_task *task, struct yg_err *err)
{
	size_t curves = 0;
	for (size_t k = 0; k < f->moves->count; k++)
		curves += f->moves->move[k].count;
	if (curves > MOST_CURVES || n < 2)
		return YG_OK;
	const char *title = curves > 1 ? N_("Hazard ratio over time") :
	                    yg_phrase(arena, N_("Hazard ratio over time: %s"), f->design->column[f->moves->move[0].first].label);
	struct yg_raw_figure *fig = yg_raw_figure(raw, an_key(arena, "over_time", i), YG_FIGURE_XY,
	                                          an_cox_titled(f, title, arena));
	yg_raw_figure_axis(fig, 'x', N_("time"), f->s->unit, 0);
	yg_raw_figure_axis(fig, 'y', N_("hazard ratio"), NULL, 1);
	yg_raw_figure_reference(fig, 'y', 1);
	for (size_t k = 0; k < f->moves->count; k++)
		for (size_t c = 0; c < f->moves->move[k].count; c++)
			YG_TRY(curve(fig, f, &f->moves->move[k], c, t[n / 50], t[n - 1 - n / 50], task, err));
	return YG_OK;
}

enum yg_status an_cox_time_tables(struct yg_raw *raw, const struct an_cox_fit *f, size_t i, struct yg_arena *arena,
                                  struct yg_task *task, struct yg_err *err)
{
	struct yg_raw_table *t = yg_raw_table(raw, an_key(arena, "over_time", i),
	                                      an_cox_titled(f, N_("Hazard ratios over time"), arena));
	double *times = NULL, quartile[3];
	const double *at = f->moves->at;
	size_t n = 0, ats = f->moves->ats;
	yg_raw_column(t, "hr", N_("HR"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "ratio_lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "ratio_upper", N_("upper"), YG_ROLE_UPPER, NULL);
	YG_TRY(event_times(f, task, &times, &n, err));
	if (!ats && n) {
		for (size_t k = 0; k < 3; k++)
			quartile[k] = times[(k + 1) * (n - 1) / 4];
		at = quartile;
		ats = 3;
	}
	enum yg_status s = YG_OK;
	for (size_t k = 0; k < f->moves->count && s == YG_OK; k++)
		if (f->moves->move[k].cuts)
			period_rows(t, f, &f->moves->move[k], arena);
		else
			s = smooth_rows(t, f, &f->moves->move[k], at, ats, arena, task, err);
	if (s == YG_OK)
		s = figure(raw, f, i, times, n, arena, task, err);
	yg_data_free(times);
	bool smooth = false, plus = false, periods = false;
	for (size_t k = 0; k < f->moves->count; k++) {
		smooth = smooth || !f->moves->move[k].cuts;
		plus = plus || f->moves->move[k].clock.plus > 0;
		periods = periods || f->moves->move[k].cuts;
	}
	if (s == YG_OK && smooth)
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("tt: the row of the term itself is its effect where the function of time is 0"));
	if (s == YG_OK && periods)
		yg_raw_note(raw, YG_NOTE_CONVENTION,
		            N_("tt with cut: the row of the term itself is its effect in the first period, which ends with its time"));
	if (s == YG_OK && smooth)
		an_note_text(raw, YG_NOTE_CONVENTION, plus ? N_("tt: time in {1}, plus the constant given") : N_("tt: time in {1}"),
		             f->s->unit && *f->s->unit ? f->s->unit : N_("the unit of the data"));
	if (s == YG_OK && smooth && !f->moves->ats)
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("hazard ratios over time at the quartiles of the event times; at=(1y, 3y) lists others"));
	return s;
}
