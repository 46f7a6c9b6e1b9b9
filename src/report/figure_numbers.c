/*
 * Every figure carries its table of numbers: what stands behind the picture, as rows of text.
 * `full` gives whole precision (files for programs), else the digits that people read.
 */
#include <math.h>
#include <string.h>

#include "report/report_priv.h"
#include "yogo/base/phrase.h"

enum { MOST_ROWS = 1000 };

static void heads(struct yg_numbers *n, int columns, const char *const *head, const bool *word)
{
	n->columns = columns;
	n->head = yg_xcalloc((size_t)columns, sizeof *n->head);
	n->word = yg_xcalloc((size_t)columns, sizeof *n->word);
	for (int j = 0; j < columns; j++) {
		n->head[j] = yg_xstrdup(head[j]);
		n->word[j] = word[j];
	}
}

static char **add_row(struct yg_numbers *n)
{
	if (n->rows == n->cap) {
		n->cap = n->cap ? 2 * n->cap : 16;
		n->cell = yg_xrealloc(n->cell, (size_t)n->cap * (size_t)n->columns, sizeof *n->cell);
	}
	char **row = &n->cell[n->rows++ * n->columns];
	for (int j = 0; j < n->columns; j++)
		row[j] = NULL;
	return row;
}

static char *number(enum yg_role role, double v, bool full)
{
	struct yg_buf b = YG_BUF_INIT;
	char s[32];
	if (isfinite(v) && full) {
		yg_print_double(s, v);
		yg_buf_adds(&b, s);
	} else if (isfinite(v)) {
		yg_numfmt_number(&b, role, v, -1);
	}
	return yg_buf_take(&b);
}

static char *count(const struct yg_cell *c, bool full)
{
	struct yg_buf b = YG_BUF_INIT;
	if (!full || c->state == YG_CELL_SHOWN || c->state == YG_CELL_ROUNDED)
		yg_words_cell(&b, c);
	return yg_buf_take(&b);
}

/* In the reader's language; in files for programs in English. */
static char *words(const char *s, bool full)
{
	struct yg_buf b = YG_BUF_INIT;
	if (full)
		yg_phrase_english(s, &b);
	else
		yg_buf_adds(&b, yg_tr(s));
	return yg_buf_take(&b);
}

static bool any_band(const struct yg_figure *f)
{
	for (int i = 0; i < f->series_count; i++)
		for (size_t k = 0; k < f->series[i].points; k++)
			if (isfinite(f->series[i].point[k].lower) || isfinite(f->series[i].point[k].upper))
				return true;
	return false;
}

static char *axis_name(const struct yg_axis *a, const char *otherwise)
{
	struct yg_buf b = YG_BUF_INIT;
	yg_words_head(&b, a->label && a->label[0] ? a->label : otherwise, a->unit);
	return yg_buf_take(&b);
}

/* Steps of a curve: the points where it changes; censorings stand only in the whole form. */
static void km(const struct yg_figure *f, bool full, struct yg_numbers *n)
{
	char *x = axis_name(&f->x, "time"), *y = axis_name(&f->y, "survival");
	const char *head[8] = { _("curve"), x, _("at risk"), _("events"), _("censored"), y, _("lower"), _("upper") };
	const bool word[8] = { true };
	size_t steps = 0;
	heads(n, any_band(f) ? 8 : 6, head, word);
	for (int i = 0; i < f->series_count; i++)
		steps += f->series[i].points;
	n->shortened = !full && steps > MOST_ROWS;
	for (int i = 0; i < f->series_count; i++) {
		const struct yg_series *s = &f->series[i];
		size_t every = n->shortened ? steps / MOST_ROWS + 1 : 1;
		for (size_t k = 0; k < s->points; k++) {
			const struct yg_point *p = &s->point[k];
			bool no_step = p->events.state == YG_CELL_SHOWN && p->events.value.integer == 0 && k > 0;
			if (!full && ((no_step && k + 1 < s->points) || (k % every && k + 1 < s->points)))
				continue;
			char **row = add_row(n);
			row[0] = words(s->name, full);
			row[1] = number(YG_ROLE_TIME, p->x, full);
			row[2] = count(&p->at_risk, full);
			row[3] = count(&p->events, full);
			row[4] = count(&p->censored, full);
			row[5] = number(YG_ROLE_PROBABILITY, p->y, full);
			if (n->columns == 8) {
				row[6] = number(YG_ROLE_PROBABILITY, p->lower, full);
				row[7] = number(YG_ROLE_PROBABILITY, p->upper, full);
			}
		}
	}
	yg_free(x);
	yg_free(y);
}

static void forest(const struct yg_figure *f, bool full, struct yg_numbers *n)
{
	char *y = axis_name(&f->x, f->series_count ? f->series[0].name : "estimate");
	char *counts = f->heads ? words(f->heads, full) : yg_xstrdup(_("numbers"));
	const char *head[5] = { "", counts, y, _("lower"), _("upper") };
	const bool word[5] = { true, true };
	heads(n, 5, head, word);
	for (char *tab = n->head[1]; (tab = strchr(tab, '\t'));)
		*tab = ',';
	for (int i = 0; i < f->series_count; i++)
		for (size_t k = 0; k < f->series[i].points; k++) {
			const struct yg_point *p = &f->series[i].point[k];
			char **row = add_row(n);
			row[0] = words(p->label, full);
			row[1] = words(p->text, full);
			for (char *tab = row[1]; (tab = strchr(tab, '\t'));)
				*tab = ',';
			row[2] = number(YG_ROLE_ESTIMATE, p->y, full);
			row[3] = number(YG_ROLE_LOWER, p->lower, full);
			row[4] = number(YG_ROLE_UPPER, p->upper, full);
		}
	yg_free(counts);
	yg_free(y);
}

static void histogram(const struct yg_figure *f, bool full, struct yg_numbers *n)
{
	const char *head[4] = { _("group"), _("from"), _("to"), _("count") };
	const bool word[4] = { true };
	heads(n, 4, head, word);
	for (int i = 0; i < f->series_count; i++)
		for (size_t k = 0; k < f->series[i].points; k++) {
			const struct yg_point *p = &f->series[i].point[k];
			char **row = add_row(n);
			row[0] = words(f->series[i].name, full);
			row[1] = number(YG_ROLE_TIME, p->x, full);
			row[2] = number(YG_ROLE_TIME, p->x2, full);
			row[3] = number(YG_ROLE_TIME, p->y, full);
		}
}

static void love(const struct yg_figure *f, bool full, struct yg_numbers *n)
{
	const char *head[3] = { _("series"), _("covariate"), _("standardised difference") };
	const bool word[3] = { true, true };
	heads(n, 3, head, word);
	for (int i = 0; i < f->series_count; i++)
		for (size_t k = 0; k < f->series[i].points; k++) {
			const struct yg_point *p = &f->series[i].point[k];
			char **row = add_row(n);
			row[0] = words(f->series[i].name, full);
			row[1] = words(p->label, full);
			row[2] = number(YG_ROLE_SMD, p->x, full);
		}
}

static void flow(const struct yg_figure *f, bool full, struct yg_numbers *n)
{
	const char *head[4] = { _("step"), _("left"), _("left out"), _("why") };
	const bool word[4] = { true, false, false, true };
	heads(n, 4, head, word);
	for (int i = 0; i < f->series_count; i++)
		for (size_t k = 0; k < f->series[i].points; k++) {
			const struct yg_point *p = &f->series[i].point[k];
			char **row = add_row(n);
			row[0] = words(p->label, full);
			row[1] = number(YG_ROLE_TIME, p->y, full);
			row[2] = number(YG_ROLE_TIME, p->x, full);
			row[3] = words(p->text, full);
		}
}

static void xy(const struct yg_figure *f, bool full, struct yg_numbers *n)
{
	char *x = axis_name(&f->x, "x"), *y = axis_name(&f->y, "y");
	const char *head[6] = { _("series"), _("label"), x, y, _("lower"), _("upper") };
	const bool word[6] = { true, true };
	heads(n, any_band(f) ? 6 : 4, head, word);
	for (int i = 0; i < f->series_count; i++) {
		size_t every = !full && f->series[i].points > MOST_ROWS ? f->series[i].points / MOST_ROWS + 1 : 1;
		n->shortened = n->shortened || every > 1;
		for (size_t k = 0; k < f->series[i].points; k += every) {
			const struct yg_point *p = &f->series[i].point[k];
			char **row = add_row(n);
			row[0] = words(f->series[i].name, full);
			row[1] = words(p->label, full);
			row[2] = number(YG_ROLE_QUANTILE, p->x, full);
			row[3] = number(YG_ROLE_ESTIMATE, p->y, full);
			if (n->columns == 6) {
				row[4] = number(YG_ROLE_LOWER, p->lower, full);
				row[5] = number(YG_ROLE_UPPER, p->upper, full);
			}
		}
	}
	yg_free(x);
	yg_free(y);
}

void yg_figure_numbers(const struct yg_figure *f, bool full, struct yg_numbers *out)
{
	memset(out, 0, sizeof *out);
	switch (f->kind) {
	case YG_FIGURE_KM:
		km(f, full, out);
		break;
	case YG_FIGURE_FOREST:
		forest(f, full, out);
		break;
	case YG_FIGURE_HISTOGRAM:
		histogram(f, full, out);
		break;
	case YG_FIGURE_LOVE:
		love(f, full, out);
		break;
	case YG_FIGURE_FLOW:
		flow(f, full, out);
		break;
	case YG_FIGURE_XY:
		xy(f, full, out);
		break;
	}
}

void yg_numbers_release(struct yg_numbers *n)
{
	for (int i = 0; i < n->rows * n->columns; i++)
		yg_free(n->cell[i]);
	for (int j = 0; j < n->columns; j++)
		yg_free(n->head[j]);
	yg_free(n->cell);
	yg_free(n->head);
	yg_free(n->word);
	memset(n, 0, sizeof *n);
}
