/*
 * Building the raw result: tables, figures and notes of computed values with the evidence behind
 * each.  Nothing here shows anything; only the gate reads what is built (raw_inside.h).
 */
#include "yogo/raw/raw.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/raw/raw_inside.h"

struct yg_raw *yg_raw_new(const char *verb, int operation_version)
{
	struct yg_raw *raw = yg_xcalloc(1, sizeof *raw);
	yg_arena_init(&raw->arena);
	raw->verb = yg_arena_strdup(&raw->arena, verb);
	raw->title = "";
	raw->operation_version = operation_version;
	raw->persons = raw->records = raw->events = raw->dropped = -1;
	return raw;
}

static void release_note(struct yg_raw_note *n)
{
	if (n)
		yg_free(n->argument);
}

static void release_table(struct yg_raw_table *t)
{
	for (int i = 0; i < t->rows; i++)
		yg_free(t->row[i].cell);
	yg_free(t->row);
	yg_free(t->column);
}

static void release_figure(struct yg_raw_figure *f)
{
	for (int i = 0; i < f->series_count; i++)
		yg_free(f->series[i].point);
	yg_free(f->series);
	release_note(f->caption);
}

void yg_raw_free(struct yg_raw *raw)
{
	if (!raw)
		return;
	for (int i = 0; i < raw->items; i++) {
		struct yg_raw_item *it = &raw->item[i];
		if (it->kind == YG_RAW_TABLE)
			release_table(it->table);
		else if (it->kind == YG_RAW_FIGURE)
			release_figure(it->figure);
		else
			release_note(it->note);
	}
	yg_free(raw->item);
	yg_free(raw->model);
	yg_arena_release(&raw->arena);
	yg_free(raw);
}

static const char *keep(struct yg_raw *raw, const char *s)
{
	return s ? yg_arena_strdup(&raw->arena, s) : NULL;
}

static struct yg_raw_item *new_item(struct yg_raw *raw, enum yg_raw_item_kind kind)
{
	YG_GROW(raw->item, raw->items, raw->items_cap);
	struct yg_raw_item *it = &raw->item[raw->items++];
	memset(it, 0, sizeof *it);
	it->kind = kind;
	return it;
}

void yg_raw_counts(struct yg_raw *raw, int64_t persons, int64_t records, int64_t events, int64_t dropped)
{
	raw->persons = persons;
	raw->records = records;
	raw->events = events;
	raw->dropped = dropped;
}

void yg_raw_part_counts(struct yg_raw *raw, int64_t persons, int64_t records, int64_t events, int64_t dropped)
{
	bool differ = raw->persons >= 0 && raw->events != events;
	yg_raw_counts(raw, persons, records, differ ? -1 : events, dropped);
}

void yg_raw_title(struct yg_raw *raw, const char *title)
{
	raw->title = title ? keep(raw, title) : "";
}

void yg_raw_model(struct yg_raw *raw, int64_t n_effective, int64_t parameters)
{
	YG_GROW(raw->model, raw->models, raw->models_cap);
	raw->model[raw->models++] = (struct yg_raw_model_size){ n_effective, parameters };
}

/* ---- tables ---- */

struct yg_raw_table *yg_raw_table(struct yg_raw *raw, const char *key, const char *title)
{
	struct yg_raw_table *t = yg_arena_alloc(&raw->arena, 1, sizeof *t);
	t->raw = raw;
	t->key = keep(raw, key ? key : "");
	t->title = keep(raw, title ? title : "");
	new_item(raw, YG_RAW_TABLE)->table = t;
	return t;
}

int yg_raw_column(struct yg_raw_table *t, const char *key, const char *label, enum yg_role role, const char *unit)
{
	YG_GROW(t->column, t->columns, t->columns_cap);
	t->column[t->columns] = (struct yg_raw_column_head){
		.key = keep(t->raw, key ? key : ""),
		.label = keep(t->raw, label ? label : ""),
		.unit = keep(t->raw, unit),
		.role = role,
	};
	return t->columns++;
}

int yg_raw_row(struct yg_raw_table *t, const char *key, const char *label, int indent)
{
	YG_GROW(t->row, t->rows, t->rows_cap);
	t->row[t->rows] = (struct yg_raw_row_head){
		.key = keep(t->raw, key ? key : ""),
		.label = keep(t->raw, label ? label : ""),
		.indent = indent < 0 ? 0 : indent,
	};
	return t->rows++;
}

int yg_raw_column_data(struct yg_raw_table *t, const char *key, const char *label, enum yg_role role, const char *unit)
{
	return yg_raw_column(t, key, yg_phrase_data(&t->raw->arena, label), role, unit);
}

int yg_raw_row_data(struct yg_raw_table *t, const char *key, const char *label, int indent)
{
	return yg_raw_row(t, key, yg_phrase_data(&t->raw->arena, label), indent);
}

static struct yg_raw_cell *cell(struct yg_raw_table *t, int row, int column)
{
	assert(row >= 0 && row < t->rows && column >= 0 && column < t->columns);
	struct yg_raw_row_head *r = &t->row[row];
	if (column >= r->cells) {
		r->cell = yg_xrealloc(r->cell, (size_t)t->columns, sizeof *r->cell);
		memset(r->cell + r->cells, 0, (size_t)(t->columns - r->cells) * sizeof *r->cell);
		for (int i = r->cells; i < t->columns; i++)
			r->cell[i].decimals = -1;
		r->cells = t->columns;
	}
	return &r->cell[column];
}

const struct yg_raw_cell *yg_raw_cell_at(const struct yg_raw_table *t, int row, int column)
{
	assert(row >= 0 && row < t->rows && column >= 0 && column < t->columns);
	return column < t->row[row].cells ? &t->row[row].cell[column] : NULL;
}

static void set_number(struct yg_raw *raw, struct yg_raw_cell *c, double v, struct yg_evidence e)
{
	c->evidence = e;
	if (!isfinite(v)) {
		const char *why = isnan(v) ? N_("not estimable") : v > 0 ? N_("no upper limit") : N_("no lower limit");
		c->state = YG_RAW_MISSING;
		c->value = (struct yg_value){ .kind = YG_VALUE_TEXT, .text = keep(raw, why) };
		return;
	}
	c->state = YG_RAW_VALUE;
	c->value = (struct yg_value){ .kind = YG_VALUE_DOUBLE, .number = v };
}

static void set_integer(struct yg_raw_cell *c, int64_t v, struct yg_evidence e)
{
	c->state = YG_RAW_VALUE;
	c->value = (struct yg_value){ .kind = YG_VALUE_INTEGER, .integer = v };
	c->evidence = e;
}

void yg_raw_int(struct yg_raw_table *t, int row, int column, int64_t v, struct yg_evidence e)
{
	set_integer(cell(t, row, column), v, e);
}

void yg_raw_num(struct yg_raw_table *t, int row, int column, double v, struct yg_evidence e)
{
	set_number(t->raw, cell(t, row, column), v, e);
}

void yg_raw_text(struct yg_raw_table *t, int row, int column, const char *text)
{
	struct yg_raw_cell *c = cell(t, row, column);
	c->state = YG_RAW_VALUE;
	c->value = (struct yg_value){ .kind = YG_VALUE_TEXT, .text = keep(t->raw, text ? text : "") };
	c->evidence = YG_NOBODY;
}

void yg_raw_data(struct yg_raw_table *t, int row, int column, const char *text)
{
	yg_raw_text(t, row, column, yg_phrase_data(&t->raw->arena, text));
}

void yg_raw_missing(struct yg_raw_table *t, int row, int column, const char *reason)
{
	struct yg_raw_cell *c = cell(t, row, column);
	c->state = YG_RAW_MISSING;
	c->value = (struct yg_value){ .kind = YG_VALUE_TEXT, .text = keep(t->raw, reason ? reason : "") };
	c->evidence = YG_NOBODY;
}

void yg_raw_role(struct yg_raw_table *t, int row, int column, enum yg_role role)
{
	struct yg_raw_cell *c = cell(t, row, column);
	c->has_role = true;
	c->role = role;
}

void yg_raw_decimals(struct yg_raw_table *t, int row, int column, int decimals)
{
	assert(decimals >= -1 && decimals <= 15);
	cell(t, row, column)->decimals = (int8_t)decimals;
}

void yg_raw_table_detail(struct yg_raw_table *t) { t->detail = true; }
void yg_raw_table_aside(struct yg_raw_table *t) { t->aside = true; }
void yg_raw_table_independent(struct yg_raw_table *t) { t->independent = true; }
void yg_raw_table_nobody(struct yg_raw_table *t) { t->nobody = true; }

/* ---- notes ---- */

static struct yg_raw_note *new_note(struct yg_raw *raw, enum yg_note_kind kind, const char *message_id)
{
	struct yg_raw_note *n = yg_arena_alloc(&raw->arena, 1, sizeof *n);
	n->raw = raw;
	n->kind = kind;
	n->message = keep(raw, message_id ? message_id : "");
	return n;
}

struct yg_raw_note *yg_raw_note(struct yg_raw *raw, enum yg_note_kind kind, const char *message_id)
{
	struct yg_raw_note *n = new_note(raw, kind, message_id);
	new_item(raw, YG_RAW_NOTE)->note = n;
	return n;
}

static struct yg_raw_cell *new_argument(struct yg_raw_note *n, enum yg_role role)
{
	YG_GROW(n->argument, n->arguments, n->arguments_cap);
	struct yg_raw_cell *c = &n->argument[n->arguments++];
	memset(c, 0, sizeof *c);
	c->has_role = true;
	c->role = role;
	c->decimals = -1;
	return c;
}

void yg_raw_note_int(struct yg_raw_note *n, enum yg_role role, int64_t v, struct yg_evidence e)
{
	set_integer(new_argument(n, role), v, e);
}

void yg_raw_note_num(struct yg_raw_note *n, enum yg_role role, double v, struct yg_evidence e)
{
	struct yg_raw_cell *c = new_argument(n, role);

	set_number(n->raw, c, v, e);
	/* a setting is written in a sentence as it was given: 95%, not 95.0% */
	if (!e.persons && !e.whole && fabs(v) < 1e6 &&
	    ((role == YG_ROLE_STATISTIC && v == floor(v)) || (role == YG_ROLE_PROPORTION && fabs(100 * v - round(100 * v)) < 1e-9)))
		c->decimals = 0;
}

void yg_raw_note_text(struct yg_raw_note *n, const char *text)
{
	struct yg_raw_cell *c = new_argument(n, YG_ROLE_LABEL);
	c->state = YG_RAW_VALUE;
	c->value = (struct yg_value){ .kind = YG_VALUE_TEXT, .text = keep(n->raw, text ? text : "") };
}

void yg_raw_note_data(struct yg_raw_note *n, const char *text)
{
	yg_raw_note_text(n, yg_phrase_data(&n->raw->arena, text));
}

/* ---- figures ---- */

struct yg_raw_figure *yg_raw_figure(struct yg_raw *raw, const char *key, enum yg_figure_kind kind, const char *title)
{
	struct yg_raw_figure *f = yg_arena_alloc(&raw->arena, 1, sizeof *f);
	f->raw = raw;
	f->key = keep(raw, key ? key : "");
	f->title = keep(raw, title ? title : "");
	f->kind = kind;
	f->x.label = f->y.label = "";
	new_item(raw, YG_RAW_FIGURE)->figure = f;
	return f;
}

static struct yg_raw_axis *axis_of(struct yg_raw_figure *f, char axis)
{
	assert(axis == 'x' || axis == 'y');
	return axis == 'x' ? &f->x : &f->y;
}

void yg_raw_figure_axis(struct yg_raw_figure *f, char axis, const char *label, const char *unit, int log_scale)
{
	struct yg_raw_axis *a = axis_of(f, axis);
	a->label = keep(f->raw, label ? label : "");
	a->unit = keep(f->raw, unit);
	a->log_scale = log_scale != 0;
}

void yg_raw_figure_reference(struct yg_raw_figure *f, char axis, double at)
{
	struct yg_raw_axis *a = axis_of(f, axis);
	a->has_reference = isfinite(at);
	a->reference = at;
}

void yg_raw_figure_grid(struct yg_raw_figure *f, const double *x, size_t n)
{
	f->grid = yg_arena_alloc(&f->raw->arena, n ? n : 1, sizeof *f->grid);
	f->grids = 0;
	for (size_t i = 0; i < n; i++)
		if (isfinite(x[i]))
			f->grid[f->grids++] = x[i];
}

void yg_raw_figure_sides(struct yg_raw_figure *f, const char *left, const char *right)
{
	f->left = keep(f->raw, left);
	f->right = keep(f->raw, right);
}

void yg_raw_figure_heads(struct yg_raw_figure *f, const char *heads)
{
	f->heads = keep(f->raw, heads);
}

struct yg_raw_note *yg_raw_figure_caption(struct yg_raw_figure *f, const char *message_id)
{
	release_note(f->caption);
	f->caption = new_note(f->raw, YG_NOTE_INFO, message_id);
	return f->caption;
}

int yg_raw_series(struct yg_raw_figure *f, const char *name)
{
	YG_GROW(f->series, f->series_count, f->series_cap);
	f->series[f->series_count] = (struct yg_raw_series_body){ .name = keep(f->raw, name ? name : "") };
	return f->series_count++;
}

int yg_raw_series_data(struct yg_raw_figure *f, const char *name)
{
	return yg_raw_series(f, yg_phrase_data(&f->raw->arena, name));
}

void yg_raw_series_line(struct yg_raw_figure *f, int series)
{
	assert(series >= 0 && series < f->series_count);
	f->series[series].line = true;
}

void yg_raw_point(struct yg_raw_figure *f, int series, const struct yg_raw_point *p, struct yg_evidence e)
{
	assert(series >= 0 && series < f->series_count);
	struct yg_raw_series_body *s = &f->series[series];
	YG_GROW(s->point, s->points, s->points_cap);
	struct yg_raw_figure_point *q = &s->point[s->points++];
	q->p = *p;
	q->p.label = keep(f->raw, p->label);
	q->p.text = keep(f->raw, p->text);
	q->evidence = e;
}
