/* The data view as it is drawn: a line a column with its distribution, and the column in view in full. */
#include <stdio.h>
#include <string.h>

#include "v_data_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/text.h"

static const char *const sort_names[SORTS] = { N_("file order"), N_("name"), N_("type"), N_("missing"), N_("distinct") };

static void draw_files(struct yg_tui *t, struct yg_view *v, struct data *d, struct yg_canvas *c, struct yg_rect r)
{
	yg_canvas_text(c, r.row + 1, 2, -1, YG_TUI_TITLE, _("Cohort files"));
	if (!d->files) {
		yg_canvas_field(c, r.row + 3, 2, r.columns - 4, -1, YG_TUI_TEXT, t->options.data_folder ? t->options.data_folder : ".");
		yg_canvas_field(c, r.row + 4, 2, r.columns - 4, -1, YG_TUI_TEXT, _("There is no cohort file here. One is made from CSV by:"));
		yg_canvas_field(c, r.row + 5, 2, r.columns - 4, -1, YG_TUI_KEY, "yogo import FILE.csv -o NAME.cohort");
		return;
	}
	yg_list_scroll(v, d->files, r.rows - 3);
	r.row += 3;
	r.rows -= 3;
	for (size_t i = v->top; i < d->files && i < v->top + (size_t)r.rows; i++) {
		enum yg_tui_role role = yg_list_row(v, c, r, i);
		yg_canvas_field(c, r.row + (int)(i - v->top), 3, r.columns - 4, -1, role, d->file[i]);
	}
}

/* Where each field of a row stands, by the width there is. */
struct fields {
	int name, type, unit, missing, distinct, range, shape, label;   /* widths; label 0 = not shown */
};

static struct fields lay_out(int columns)
{
	struct fields f = { columns < 100 ? 14 : 18, 7, columns < 100 ? 6 : 8, 8, 8, 0, columns < 70 ? 0 : columns < 110 ? 8 : columns < 150 ? 16 : 32,
		            columns >= 110 ? (columns - 70) / 3 : 0 };

	f.range = columns - 3 - f.name - f.type - f.unit - f.missing - f.distinct - f.label - f.shape - 6 - (f.label > 0) - (f.shape > 0);
	return f;
}

static void draw_fields(struct yg_canvas *c, int row, const struct fields *f, enum yg_tui_role role, const char *name, const char *type,
                        const char *unit, const char *missing, const char *distinct, const char *label, const char *range,
                        const char *shape)
{
	int at = 2;

	yg_canvas_field(c, row, at, f->name, -1, role, name);
	at += f->name + 1;
	yg_canvas_field(c, row, at, f->type, -1, role, type);
	at += f->type + 1;
	yg_canvas_field(c, row, at, f->unit, -1, role, unit);
	at += f->unit + 1;
	yg_canvas_field(c, row, at, f->missing, 1, role, missing);
	at += f->missing + 1;
	yg_canvas_field(c, row, at, f->distinct, 1, role, distinct);
	at += f->distinct + 2;
	if (f->label) {
		yg_canvas_field(c, row, at, f->label, -1, role, label);
		at += f->label + 1;
	}
	yg_canvas_field(c, row, at, f->range, -1, role, range);
	if (f->shape && shape)
		yg_canvas_field(c, row, at + f->range + 1, f->shape, -1, role, shape);
}

/* The distribution beside the row: bins as they are, levels as bars with a gap between them where there is room. */
static void draw_shape(struct yg_tui *t, const struct column *k, struct yg_canvas *c, struct yg_rect r, enum yg_tui_role role)
{
	double spread[2 * PARTS] = { 0 };
	size_t n = k->parts;

	if (!n || r.columns < 1)
		return;
	if (k->bins) {
		yg_draw_bars(c, r, t->render.glyphs, role, k->part, n);
		return;
	}
	for (size_t i = 0; i < n; i++)
		spread[2 * i] = k->part[i];
	if ((int)(2 * n - 1) <= r.columns) {
		r.columns = (int)(2 * n - 1);
		yg_draw_bars(c, r, t->render.glyphs, role, spread, 2 * n - 1);
	} else {
		r.columns = (int)n < r.columns ? (int)n : r.columns;
		yg_draw_bars(c, r, t->render.glyphs, role, k->part, n);
	}
}

static const char *name_of_type(const char *type)
{
	static const char *const names[] = { N_("integer"), N_("number"), N_("level"), N_("flag"), N_("text"), N_("date"), N_("instant"),
		                             N_("derived") };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(names[i], type))
			return _(names[i]);
	return type;
}

static void draw_detail(struct yg_tui *t, const struct column *k, struct yg_canvas *c, struct yg_rect r)
{
	char text[1024];
	const char *low = k->range, *high = strstr(k->range, " .. ");
	int from, width;

	snprintf(text, sizeof text, "%s%s%s", k->q.name, *k->q.label ? "   " : "", k->q.label);
	yg_canvas_field(c, r.row, 2, r.columns - 3, -1, YG_TUI_TITLE, text);
	snprintf(text, sizeof text, "%s%s%s", name_of_type(k->q.type), *k->q.unit ? ", " : "", k->q.unit);
	if (*k->missing)
		snprintf(text + strlen(text), sizeof text - strlen(text), _("   missing %s   distinct %s"), k->missing, k->distinct);
	if (*k->mean)
		snprintf(text + strlen(text), sizeof text - strlen(text), _("   mean %s   SD %s"), k->mean, k->sd);
	if (*k->bytes && r.columns >= 100)
		snprintf(text + strlen(text), sizeof text - strlen(text), _("   %s bytes, %s"), k->bytes, k->encodings);
	yg_canvas_field(c, r.row + 1, 2, r.columns - 3, -1, YG_TUI_TEXT, text);
	if (k->parts && k->bins && high) {
		/* 18 ▂▃▄▅▆▇█▇ 85 */
		char *first = yg_xstrndup(low, (size_t)(high - low));
		int a = (int)yg_text_width(first, strlen(first)), z = (int)yg_text_width(high + 4, strlen(high + 4));
		from = 2 + a + 1;
		width = r.columns - 3 - a - z - 2;
		width = width > 2 * PARTS ? 2 * PARTS : width;
		yg_canvas_text(c, r.row + r.rows - 1, 2, -1, YG_TUI_DIM, first);
		yg_draw_bars(c, (struct yg_rect){ r.row + 2, from, r.rows - 2, width }, t->render.glyphs, YG_TUI_SERIES_1, k->part, PARTS);
		yg_canvas_text(c, r.row + r.rows - 1, from + width + 1, -1, YG_TUI_DIM, high + 4);
		yg_free(first);
		return;
	}
	snprintf(text, sizeof text, "%s%s", k->q.own ? "" : _("of the subject table   "), k->q.levels && !k->q.definition ? k->levels : k->range);
	if (r.rows > 3)
		yg_draw_wrapped(c, (struct yg_rect){ r.row + 2, 2, r.rows - 2, r.columns - 3 }, YG_TUI_TEXT, text);
	else
		yg_canvas_field(c, r.row + 2, 2, r.columns - 3, -1, YG_TUI_TEXT, text);
}

static void draw_head(struct yg_tui *t, struct yg_view *v, const struct data *d, struct yg_canvas *c, struct yg_rect r)
{
	const struct yg_state *s = yg_session_state(t->session);
	char text[512], where[64];

	snprintf(text, sizeof text, _("%s   %s rows, %zu columns"), yg_query_active_table(s) ? yg_query_active_table(s) : "", d->rows, d->columns);
	if (d->hidden.count)
		snprintf(text + strlen(text), sizeof text - strlen(text), _(", %zu hidden"), d->hidden.count);
	if (t->picked.count)
		snprintf(text + strlen(text), sizeof text - strlen(text), _(", %zu marked"), t->picked.count);
	if (d->sort != SORT_FILE || d->reverse)
		snprintf(text + strlen(text), sizeof text - strlen(text), _(", by %s%s"), _(sort_names[d->sort]), d->reverse ? " (-)" : "");
	yg_canvas_field(c, r.row, 1, r.columns - 12, -1, YG_TUI_TITLE, text);
	snprintf(where, sizeof where, "%zu/%zu", d->showns ? v->cursor + 1 : 0, d->showns);
	yg_canvas_field(c, r.row, r.columns - 11, 10, 1, YG_TUI_DIM, where);
	if (!v->editing && !v->edit.text.len)
		return;
	yg_canvas_text(c, r.row + 1, 1, -1, d->bad_filter ? YG_TUI_WARNING : YG_TUI_KEY, d->expression ? _("where ") : "/");
	snprintf(where, sizeof where, "%s", d->bad_filter ? _("unfinished") : d->expression ? _("c makes it a criterion") : "");
	yg_canvas_field(c, r.row + 1, r.columns - 26, 25, 1, YG_TUI_DIM, where);
	if (v->editing) {
		t->cursor_row = r.row + 1;
		t->cursor_column = yg_edit_draw(&v->edit, c, r.row + 1, d->expression ? 7 : 2, r.columns - 35, YG_TUI_ECHO);
	} else {
		yg_canvas_field(c, r.row + 1, d->expression ? 7 : 2, r.columns - 35, -1, YG_TUI_MATCH, v->edit.text.data);
	}
}

void yg_data_draw(struct yg_tui *t, struct yg_view *v, struct yg_canvas *c, struct yg_rect r)
{
	struct data *d = v->data;
	struct fields f = lay_out(r.columns);
	int detail = r.rows >= 28 ? 8 : r.rows >= 12 ? 4 : 0;
	struct yg_rect list = { r.row + 3, 0, r.rows - 3 - detail, r.columns };

	yg_data_read(t, d);
	if (!yg_session_state(t->session)->dataset) {
		draw_files(t, v, d, c, r);
		return;
	}
	yg_data_choose(d, v);
	yg_list_scroll(v, d->showns, list.rows);
	draw_head(t, v, d, c, r);
	draw_fields(c, r.row + 2, &f, YG_TUI_TITLE, _("COLUMN"), _("TYPE"), _("UNIT"), _("MISSING"), _("DISTINCT"), _("LABEL"),
	            _("RANGE OR LEVELS"), _("SHAPE"));
	v->list_row = list.row;
	for (size_t i = v->top; i < d->showns && i < v->top + (size_t)list.rows; i++) {
		const struct column *k = &d->column[d->shown[i]];
		enum yg_tui_role role = yg_list_row(v, c, list, i);
		int row = list.row + (int)(i - v->top);
		draw_fields(c, row, &f, role, k->q.name, name_of_type(k->q.type), k->q.unit, k->missing, k->distinct, k->q.label, k->range, NULL);
		draw_shape(t, k, c, (struct yg_rect){ row, r.columns - 1 - f.shape, 1, f.shape }, role == YG_TUI_CURSOR ? role : YG_TUI_SERIES_1);
		if (yg_map_find(&t->picked, k->q.name, strlen(k->q.name)) >= 0)
			yg_canvas_text(c, row, 1, 1, i == v->cursor ? role : YG_TUI_KEY, "*");
	}
	if (!d->showns)
		yg_canvas_text(c, list.row, 3, -1, YG_TUI_DIM, _("no column matches; Esc drops the filter"));
	if (detail && yg_data_current(d, v))
		draw_detail(t, yg_data_current(d, v), c, (struct yg_rect){ r.row + r.rows - detail + 1, 0, detail - 1, r.columns });
}
