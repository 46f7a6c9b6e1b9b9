/*
 * Survival curves: the plot with a read-out that moves along the time axis, censoring marks, band, and
 * the numbers at risk under the ticks.  Everything shown is in the result; nothing is computed here.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/base/text.h"
#include "yogo/result/numfmt.h"

#define LEFT 8            /* columns of the y axis, at least */
#define END 7             /* columns of the names at the ends of curves, at least */
#define SERIES_MOST 8

struct curves {
	struct yg_result *result;
	char *name;
	int figure;               /* which of the result's curves */
	int at;                   /* column of the read-out */
	bool band, no_censoring, no_risk_table;
	int plot_columns;         /* as drawn last */
	struct yg_view *page;     /* everything as a page, for the tables and notes */
	bool as_page;
};

static const enum yg_tui_role roles[4] = { YG_TUI_SERIES_1, YG_TUI_SERIES_2, YG_TUI_SERIES_3, YG_TUI_SERIES_4 };

static const struct yg_figure *figure_of(const struct curves *k, int *count)
{
	const struct yg_figure *found = NULL;
	int n = 0;

	for (int i = 0; i < k->result->items; i++) {
		const struct yg_figure *f = k->result->item[i].kind == YG_ITEM_FIGURE ? k->result->item[i].figure : NULL;
		if (f && f->kind == YG_FIGURE_KM && !f->hidden && f->series_count && n++ == k->figure)
			found = f;
	}
	if (count)
		*count = n;
	return found;
}

/* ---- the axes ---- */

struct axes {
	double right, top;
	bool rising;
	double tick[64];
	int ticks;
	int left, end;            /* columns beside the plot: the names of the curves stand there */
};

static void nice_ticks(struct axes *a, double last)
{
	double step = 1;

	while (step * 10 < last)
		step *= 10;
	while (step * 10 > last && step > 1e-9)
		step /= 10;
	step *= last / step > 50 ? 10 : last / step > 20 ? 5 : last / step > 8 ? 2 : 1;
	for (double x = 0; x <= last * (1 + 1e-9) && a->ticks < 64; x += step)
		a->tick[a->ticks++] = x;
	a->right = last > a->tick[a->ticks - 1] ? last : a->tick[a->ticks - 1];
}

/* The next number above whose half and quarter are round too. */
static double round_top(double top)
{
	static const double steps[] = { 1, 2, 4, 6, 8, 10 };
	double power = 1e-9;

	while (power * 10 < top)
		power *= 10;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (steps[i] * power >= top)
			return steps[i] * power;
	return 10 * power;
}

static void find_axes(const struct yg_figure *f, struct axes *a)
{
	double last = 0, top = 0, first = 0, end = 0;

	memset(a, 0, sizeof *a);
	for (int i = 0; i < f->series_count; i++)
		for (size_t k = 0; k < f->series[i].points; k++) {
			const struct yg_point *p = &f->series[i].point[k];
			last = isfinite(p->x) && p->x > last ? p->x : last;
			top = isfinite(p->y) && p->y > top ? p->y : top;
			first += k == 0 ? p->y : 0;
			end += k + 1 == f->series[i].points ? p->y : 0;
		}
	a->rising = end > first;
	a->top = 1;
	if (a->rising && (top > 1 || top < 0.5))
		a->top = round_top(top);
	if (f->grids >= 2) {
		/* the long empty tail of a grid is left out */
		size_t n = f->grids;
		while (n > 2 && f->grid[n - 2] >= last)
			n--;
		for (size_t i = 0; i < n && a->ticks < 64; i++)
			a->tick[a->ticks++] = f->grid[i];
		a->right = a->tick[a->ticks - 1] > last ? a->tick[a->ticks - 1] : last;
	} else {
		nice_ticks(a, last > 0 ? last : 1);
	}
}

/* Room for the names beside the plot: as wide as they are, as far as the curves keep most of the width. */
static void find_margins(const struct yg_figure *f, int columns, struct axes *a)
{
	int most = columns >= 100 ? 20 : 10, longest = 0;

	for (int i = 0; i < f->series_count; i++) {
		const char *name = yg_phrase_shown(f->series[i].name);
		int width = (int)yg_text_width(name, strlen(name));
		longest = width > longest ? width : longest;
	}
	longest = longest > most ? most : longest;
	a->left = longest + 2 > LEFT ? longest + 2 : LEFT;
	a->end = longest + 1 > END ? longest + 1 : END;
}

static double unit(double v, double most)
{
	return most > 0 ? v / most : 0;
}

/* ---- what is known at a time ---- */

struct reading {
	const struct yg_point *step;   /* last point at or before the time, NULL = none yet */
	const struct yg_cell *at_risk; /* just before the time */
	int64_t events;
	bool events_known;
	bool past;                     /* after the last point */
};

static struct reading read_at(const struct yg_series *s, double x)
{
	struct reading r = { .events_known = true };

	for (size_t k = 0; k < s->points; k++) {
		const struct yg_point *p = &s->point[k];
		if (!r.at_risk && p->x >= x)
			r.at_risk = &p->at_risk;
		if (p->x > x)
			break;
		r.step = p;
		if (p->events.state == YG_CELL_SHOWN || p->events.state == YG_CELL_ROUNDED)
			r.events += p->events.value.integer;
		else if (p->events.state != YG_CELL_EMPTY)
			r.events_known = false;
	}
	r.past = s->points && x > s->point[s->points - 1].x;
	return r;
}

static void cell_text(const struct yg_cell *cell, struct yg_buf *out)
{
	if (!cell || cell->state == YG_CELL_EMPTY)
		yg_buf_adds(out, "-");
	else
		yg_numfmt_cell(out, cell);
}

/* ---- drawing ---- */

static void curve(struct yg_raster *r, const struct yg_series *s, const struct axes *a, int i, bool band)
{
	enum yg_tui_role role = roles[i % 4];
	double x = 0, y = a->rising ? 0 : 1, low = NAN, high = NAN;
	enum yg_raster_dash dash = (enum yg_raster_dash)(i % 4);

	for (size_t k = 0; k < s->points; k++) {
		const struct yg_point *p = &s->point[k];
		double next = isfinite(p->y) ? p->y : y;
		double from = unit(x, a->right), to = unit(p->x, a->right);
		if (!isfinite(p->x))
			continue;
		if (band && isfinite(low)) {
			for (double q = from; q <= to; q += 1.0 / (double)(r->columns * r->dots_x) * 3) {
				yg_raster_point(r, q, unit(low, a->top), role);
				yg_raster_point(r, q, unit(high, a->top), role);
			}
		}
		yg_raster_level(r, from, to, unit(y, a->top), dash, role);
		if (next != y)
			yg_raster_plumb(r, to, unit(y, a->top), unit(next, a->top), YG_RASTER_SOLID, role);
		low = p->lower;
		high = p->upper;
		x = p->x;
		y = next;
	}
}

static int column_of(const struct axes *a, double x, int columns)
{
	int c = (int)(unit(x, a->right) * (double)(columns - 1) + 0.5);

	return c < 0 ? 0 : c >= columns ? columns - 1 : c;
}

/* The time under a column: on a tick the tick's own. */
static double time_at(const struct axes *a, int at, int columns)
{
	for (int i = 0; i < a->ticks; i++)
		if (column_of(a, a->tick[i], columns) == at)
			return a->tick[i];
	return a->right * (double)at / (double)(columns > 1 ? columns - 1 : 1);
}

static void censoring(const struct yg_figure *f, const struct axes *a, bool ascii, struct yg_canvas *c, struct yg_rect plot)
{
	for (int i = 0; i < f->series_count; i++) {
		int last = -4;
		for (size_t k = 0; k < f->series[i].points; k++) {
			const struct yg_point *p = &f->series[i].point[k];
			int row, column = column_of(a, p->x, plot.columns);
			if (p->censored.state != YG_CELL_SHOWN || p->censored.value.integer <= 0 || !isfinite(p->y))
				continue;
			/* marks beside each other would hide the curve and show nothing more */
			if (column - last < 3)
				continue;
			last = column;
			row = (int)((1 - unit(p->y, a->top)) * (double)(plot.rows - 1) + 0.5);
			yg_canvas_text(c, plot.row + row, plot.column + column, 1, roles[i % 4], ascii ? "x" : "+");
		}
	}
}

/* The name of each curve at its end, as far as no other stands there. */
static void end_names(const struct yg_figure *f, const struct axes *a, struct yg_canvas *c, struct yg_rect plot)
{
	bool taken[256] = { false };

	for (int i = 0; i < f->series_count; i++) {
		const struct yg_series *s = &f->series[i];
		int row, at;
		if (!s->points || !s->name || !*s->name || !isfinite(s->point[s->points - 1].y))
			continue;
		row = (int)((1 - unit(s->point[s->points - 1].y, a->top)) * (double)(plot.rows - 1) + 0.5);
		for (int step = 0; step < plot.rows && row < 256; step++) {
			at = row + (step % 2 ? (step + 1) / 2 : -step / 2);
			if (at < 0 || at >= plot.rows || at >= 256 || taken[at])
				continue;
			taken[at] = true;
			yg_canvas_field(c, plot.row + at, plot.column + plot.columns + 1, a->end - 1, -1, roles[i % 4], yg_phrase_shown(s->name));
			break;
		}
	}
}

static void y_axis(struct yg_tui *t, const struct axes *a, struct yg_canvas *c, struct yg_rect plot)
{
	bool ascii = t->render.glyphs == YG_GLYPHS_ASCII;
	int steps = plot.rows >= 13 ? 4 : plot.rows >= 6 ? 2 : 1;

	for (int row = 0; row < plot.rows; row++)
		yg_canvas_text(c, plot.row + row, plot.column - 1, 1, YG_TUI_DIM, ascii ? "|" : "\xe2\x94\x82");
	for (int i = 0; i <= steps; i++) {
		int row = (int)((double)i / (double)steps * (double)(plot.rows - 1) + 0.5);
		struct yg_buf text = YG_BUF_INIT;
		yg_numfmt_significant(&text, a->top * (1 - (double)i / (double)steps), 3);
		if (a->top == 1 && text.len > 4)
			yg_buf_clear(&text);
		if (a->top == 1)
			yg_buf_clear(&text), yg_numfmt_fixed(&text, 1 - (double)i / (double)steps, steps == 4 ? 2 : 1);
		yg_canvas_field(c, plot.row + row, plot.column - a->left, a->left - 1, 1, YG_TUI_DIM, text.data);
		yg_canvas_text(c, plot.row + row, plot.column - 1, 1, YG_TUI_DIM, ascii ? "+" : "\xe2\x94\xa4");
		yg_buf_release(&text);
	}
}

static void x_axis(struct yg_tui *t, const struct yg_figure *f, const struct axes *a, int at, struct yg_canvas *c, struct yg_rect plot)
{
	bool ascii = t->render.glyphs == YG_GLYPHS_ASCII;
	int row = plot.row + plot.rows, free_from = 0;

	yg_canvas_text(c, row, plot.column - 1, 1, YG_TUI_DIM, ascii ? "+" : "\xe2\x94\x94");
	for (int k = 0; k < plot.columns; k++)
		yg_canvas_text(c, row, plot.column + k, 1, YG_TUI_DIM, ascii ? "-" : "\xe2\x94\x80");
	for (int i = 0; i < a->ticks; i++) {
		char text[32];
		int column = plot.column + column_of(a, a->tick[i], plot.columns), width, from;
		yg_canvas_text(c, row, column, 1, YG_TUI_DIM, ascii ? "+" : "\xe2\x94\xac");
		yg_print_double(text, a->tick[i]);
		width = (int)strlen(text);
		from = column - width / 2;
		if (from < free_from || from + width > plot.column + plot.columns + 1)
			continue;
		yg_canvas_text(c, row + 1, from, -1, YG_TUI_DIM, text);
		free_from = from + width + 1;
	}
	if (f->x.unit && *f->x.unit && free_from + 2 + (int)strlen(f->x.unit) < c->columns)
		yg_canvas_text(c, row + 1, free_from + 1, -1, YG_TUI_DIM, _(f->x.unit));
	yg_canvas_text(c, row, plot.column + at, 1, YG_TUI_CURSOR, "^");
}

/* Numbers at risk under the ticks, with the events so far when there is room. */
static void risk_table(const struct yg_figure *f, const struct axes *a, struct yg_canvas *c, struct yg_rect plot, int row, int rows)
{
	for (int i = 0; i < f->series_count && i < rows; i++) {
		const struct yg_series *s = &f->series[i];
		int free_from = plot.column - 1;
		yg_canvas_field(c, row + i, plot.column - a->left, a->left - 2, -1, roles[i % 4], s->name && *s->name ? yg_phrase_shown(s->name) : _("all"));
		for (int k = 0; k < a->ticks; k++) {
			struct reading r = read_at(s, a->tick[k]);
			struct yg_buf text = YG_BUF_INIT;
			int width, from;
			if (r.past)
				yg_buf_adds(&text, f->grouped ? "-" : "0");
			else
				cell_text(r.at_risk, &text);
			if (plot.columns / (a->ticks ? a->ticks : 1) >= 11 && r.events_known)
				yg_buf_addf(&text, " (%lld)", (long long)r.events);
			width = (int)yg_text_width(text.data, text.len);
			from = plot.column + column_of(a, a->tick[k], plot.columns) - width / 2;
			if (from < free_from)
				from = free_from;
			if (from - (plot.column + column_of(a, a->tick[k], plot.columns)) <= width / 2 && from + width <= c->columns) {
				yg_canvas_text(c, row + i, from, -1, YG_TUI_TEXT, text.data);
				free_from = from + width + 1;
			}
			yg_buf_release(&text);
		}
	}
}

/* A line a curve: how it is drawn, who is in it, and what it says where the read-out stands. */
static void legend(struct yg_tui *t, const struct curves *k, const struct yg_figure *f, bool rising, double x, struct yg_canvas *c, struct yg_rect r)
{
	static const char *const dashes[4] = { "\xe2\x94\x80\xe2\x94\x80", "\xe2\x95\x8c\xe2\x95\x8c", "\xe2\x94\x88\xe2\x94\x88", "\xe2\x95\xb4\xe2\x94\x88" };
	static const char *const dashes_ascii[4] = { "--", "- ", "..", "-." };
	bool ascii = t->render.glyphs == YG_GLYPHS_ASCII;
	char head[96], time[32];
	struct yg_buf text = YG_BUF_INIT;

	yg_print_double(time, yg_numfmt_round_significant(x, 4));
	snprintf(head, sizeof head, _("at %s %s"), time, f->x.unit && *f->x.unit ? _(f->x.unit) : "");
	yg_canvas_field(c, r.row, r.column + 1, r.columns - 48, -1, YG_TUI_TITLE, yg_phrase_shown(f->title && *f->title ? f->title : k->result->title));
	yg_canvas_field(c, r.row, r.column + r.columns - 46, 20, 1, YG_TUI_TITLE, head);
	yg_canvas_field(c, r.row, r.column + r.columns - 25, 12, 1, YG_TUI_DIM, _("at risk"));
	yg_canvas_field(c, r.row, r.column + r.columns - 12, 11, 1, YG_TUI_DIM, _("events"));
	for (int i = 0; i < f->series_count && i < SERIES_MOST; i++) {
		const struct yg_series *s = &f->series[i];
		struct reading at = read_at(s, x);
		const char *dash = ascii ? dashes_ascii[i % 4] : dashes[i % 4];
		int row = r.row + 1 + i;
		yg_canvas_text(c, row, r.column + 1, 2, roles[i % 4], dash);
		yg_canvas_field(c, row, r.column + 4, r.columns - 54, -1, roles[i % 4], s->name && *s->name ? yg_phrase_shown(s->name) : _("all"));
		yg_buf_clear(&text);
		if (at.past)
			yg_buf_adds(&text, _("ended"));
		else if (!at.step)
			yg_numfmt_fixed(&text, rising ? 0 : 1, 3);
		else if (isfinite(at.step->y))
			yg_numfmt_fixed(&text, at.step->y, 3);
		if (!at.past && at.step && isfinite(at.step->lower) && isfinite(at.step->upper)) {
			yg_buf_adds(&text, " (");
			yg_numfmt_fixed(&text, at.step->lower, 3);
			yg_buf_adds(&text, _(" to "));
			yg_numfmt_fixed(&text, at.step->upper, 3);
			yg_buf_adds(&text, ")");
		}
		yg_canvas_field(c, row, r.column + r.columns - 49, 23, 1, YG_TUI_TEXT, text.data);
		yg_buf_clear(&text);
		cell_text(at.past ? NULL : at.at_risk, &text);
		yg_canvas_field(c, row, r.column + r.columns - 25, 12, 1, YG_TUI_TEXT, text.data);
		yg_buf_clear(&text);
		if (at.events_known)
			yg_buf_addf(&text, "%lld", (long long)at.events);
		yg_canvas_field(c, row, r.column + r.columns - 12, 11, 1, YG_TUI_TEXT, text.data);
	}
	yg_buf_release(&text);
}

static void draw(struct yg_tui *t, struct yg_view *v, struct yg_canvas *c, struct yg_rect r)
{
	struct curves *k = v->data;
	const struct yg_figure *f = figure_of(k, NULL);
	struct axes a;
	struct yg_raster raster;
	struct yg_rect plot;
	int series = f->series_count < SERIES_MOST ? f->series_count : SERIES_MOST, risk = k->no_risk_table ? 0 : series;
	int legends = series;

	if (k->as_page) {
		k->page->kind->draw(t, k->page, c, r);
		return;
	}
	/* The plot has the first claim on the rows; the table at risk and then the legend give way. */
	while (risk && r.rows - 1 - legends - 2 - risk < 5)
		risk--;
	while (legends && r.rows - 1 - legends - 2 - risk < 4)
		legends--;
	find_axes(f, &a);
	find_margins(f, r.columns, &a);
	plot = (struct yg_rect){ r.row + 1 + legends, r.column + a.left + 1, r.rows - 1 - legends - 2 - risk,
		                 r.columns - a.left - 2 - a.end };
	k->plot_columns = plot.columns;
	if (k->at >= plot.columns)
		k->at = plot.columns - 1;
	y_axis(t, &a, c, plot);
	/* one ground below all curves: where the theme names one, it is not the terminal's */
	yg_canvas_fill(c, plot.row, plot.column, plot.rows, plot.columns, YG_TUI_SERIES_1);
	yg_raster_init(&raster, plot.rows, plot.columns, t->render.glyphs);
	for (int i = 0; i < f->series_count; i++)
		curve(&raster, &f->series[i], &a, i, k->band);
	yg_raster_draw(&raster, c, plot.row, plot.column);
	yg_raster_release(&raster);
	if (!k->no_censoring)
		censoring(f, &a, t->render.glyphs == YG_GLYPHS_ASCII, c, plot);
	end_names(f, &a, c, plot);
	for (int row = 0; row < plot.rows; row++)
		yg_canvas_paint(c, plot.row + row, plot.column + k->at, 1, YG_TUI_CURSOR);
	x_axis(t, f, &a, k->at, c, plot);
	if (risk)
		risk_table(f, &a, c, plot, plot.row + plot.rows + 2, risk);
	legend(t, k, f, a.rising, time_at(&a, k->at, plot.columns), c,
	       (struct yg_rect){ r.row, r.column, 1 + legends, r.columns });
	/* drawn after the legend, which may be longer than its rows */
}

/* The read-out to the next or the last tick. */
static void to_tick(struct curves *k, int step)
{
	struct axes a;
	int best = step > 0 ? k->plot_columns - 1 : 0;

	find_axes(figure_of(k, NULL), &a);
	for (int i = 0; i < a.ticks; i++) {
		int column = column_of(&a, a.tick[step > 0 ? a.ticks - 1 - i : i], k->plot_columns);
		if (step > 0 ? column > k->at : column < k->at)
			best = column;
	}
	k->at = best;
}

static bool key(struct yg_tui *t, struct yg_view *v, int c)
{
	struct curves *k = v->data;
	int figures;

	if (c == YG_KEY_TAB || c == 'n') {
		k->as_page = !k->as_page;
		return true;
	}
	if (k->as_page) {
		if (k->page->kind->key(t, k->page, c))
			return true;
		if (c == YG_KEY_ESCAPE || c == 'q') {
			k->as_page = false;
			return true;
		}
		return false;
	}
	switch (c) {
	case YG_KEY_LEFT: case 'h': k->at -= k->at > 0; return true;
	case YG_KEY_RIGHT: case 'l': k->at += k->at + 1 < k->plot_columns; return true;
	case YG_KEY_HOME: k->at = 0; return true;
	case YG_KEY_END: k->at = k->plot_columns - 1; return true;
	case YG_KEY_UP: case YG_KEY_PAGE_UP: case 'k': to_tick(k, -1); return true;
	case YG_KEY_DOWN: case YG_KEY_PAGE_DOWN: case 'j': to_tick(k, 1); return true;
	case 'b': k->band = !k->band; return true;
	case 'c': k->no_censoring = !k->no_censoring; return true;
	case 't': k->no_risk_table = !k->no_risk_table; return true;
	case 'f':
		figure_of(k, &figures);
		k->figure = (k->figure + 1) % figures;
		return true;
	default: return yg_result_key(t, k->name, k->result, c);
	}
}

static void release(struct yg_view *v)
{
	struct curves *k = v->data;

	k->page->kind->release(k->page);
	yg_edit_release(&k->page->edit);
	yg_free(k->page);
	yg_result_unref(k->result);
	yg_free(k->name);
	yg_free(k);
}

static const char *hints(const struct yg_tui *t, const struct yg_view *v)
{
	const struct curves *k = v->data;
	int figures;

	(void)t;
	figure_of(k, &figures);
	if (!k->as_page && figures > 1)
		return _("Left Right read-out  f next figure  Tab tables  c censoring  b band  t at risk  g glyphs  x export  r report  m mark  v beside  ? help  q back");
	if (k->as_page)
		return _("Tab curves  Up Down scroll  / find  x export  r report  ? help  q back");
	return _("Left Right read-out  Tab tables  c censoring  b band  t at risk  g glyphs  x export  r report  L log-rank  m mark  v beside  ? help  q back");
}

static const char *title(const struct yg_tui *t, const struct yg_view *v)
{
	(void)t;
	return v->title;
}

static const char *command(const struct yg_tui *t, const struct yg_view *v)
{
	(void)t;
	return ((const struct curves *)v->data)->result->command;
}

static const char *slot(struct yg_tui *t, struct yg_view *v, const char *what)
{
	(void)t;
	return !strcmp(what, "result") ? ((const struct curves *)v->data)->name : NULL;
}

static const struct yg_view_kind kind = { "curves", draw, key, NULL, release, hints, title, command, slot };

struct yg_view *yg_view_km(struct yg_tui *t, int place, const char *name, struct yg_result *result)
{
	struct yg_view *v = yg_view_new(&kind, place);
	struct curves *k = yg_xcalloc(1, sizeof *k);
	struct yg_got one = { (char *)name, result };

	k->result = yg_result_ref(result);
	k->name = yg_xstrdup(name);
	k->no_censoring = true;   /* hundreds of marks hide the curves: c shows them */
	k->page = yg_view_results(t, place, &one, 1);
	snprintf(v->title, sizeof v->title, "%s", name);
	v->data = k;
	return v;
}
