/*
 * The canonical bytes of a result (docs/replay.md): what its digest is taken of and what a study
 * stores.  Everything a renderer needs is in them; name, time, duration and language are not.
 * What is absent, empty or false is left out, so that later additions leave old digests as they are.
 */
#include <math.h>
#include <string.h>

#include "result/result_priv.h"
#include "yogo/base/canon.h"
#include "yogo/result/result.h"

const char *const yg_cell_state_name[5] = { "empty", "shown", "rounded", "hidden", "missing" };
const char *const yg_figure_kind_name[6] = { "km", "forest", "histogram", "love", "xy", "flow" };
const char *const yg_note_kind_name[5] = { "convention", "population", "dropped", "warning", "info" };

static void text(struct yg_canon *c, const char *key, const char *s)
{
	if (!s || !s[0])
		return;
	yg_canon_key(c, key);
	yg_canon_string(c, s);
}

static void integer(struct yg_canon *c, const char *key, int64_t v)
{
	yg_canon_key(c, key);
	yg_canon_int(c, v);
}

static void number(struct yg_canon *c, const char *key, double v)
{
	if (isnan(v))
		return;
	yg_canon_key(c, key);
	yg_canon_float(c, v);
}

static void flag(struct yg_canon *c, const char *key, bool v)
{
	if (!v)
		return;
	yg_canon_key(c, key);
	yg_canon_bool(c, true);
}

static void cell(struct yg_canon *c, const struct yg_cell *v)
{
	bool bounds = v->state == YG_CELL_ROUNDED || (v->state == YG_CELL_HIDDEN && v->high >= 1);
	yg_canon_open(c);
	if (v->state != YG_CELL_EMPTY) {
		if (v->decimals >= 0)
			integer(c, "decimals", v->decimals);
		if (bounds)
			number(c, "high", v->high);
		if (v->value.kind == YG_VALUE_INTEGER)
			integer(c, "integer", v->value.integer);
		if (bounds)
			number(c, "low", v->low);
		if (v->value.kind == YG_VALUE_DOUBLE)
			number(c, "number", v->value.number);
		text(c, "role", yg_role_name(v->role));
		text(c, "state", yg_cell_state_name[v->state]);
		if (v->value.kind == YG_VALUE_TEXT) {
			yg_canon_key(c, "text");
			yg_canon_string(c, v->value.text ? v->value.text : "");
		}
	}
	yg_canon_close(c);
}

static void keyed_cell(struct yg_canon *c, const char *key, const struct yg_cell *v)
{
	if (v->state == YG_CELL_EMPTY)
		return;
	yg_canon_key(c, key);
	cell(c, v);
}

static void table(struct yg_canon *c, const struct yg_result_table *t)
{
	yg_canon_open(c);
	yg_canon_key(c, "cells");
	yg_canon_open_array(c);
	for (int i = 0; i < t->rows; i++) {
		yg_canon_open_array(c);
		for (int j = 0; j < t->columns; j++)
			cell(c, yg_result_cell(t, i, j));
		yg_canon_close_array(c);
	}
	yg_canon_close_array(c);
	yg_canon_key(c, "columns");
	yg_canon_open_array(c);
	for (int j = 0; j < t->columns; j++) {
		yg_canon_open(c);
		text(c, "key", t->column[j].key);
		text(c, "label", t->column[j].label);
		text(c, "role", yg_role_name(t->column[j].role));
		text(c, "unit", t->column[j].unit);
		yg_canon_close(c);
	}
	yg_canon_close_array(c);
	flag(c, "detail", t->detail);
	text(c, "key", t->key);
	yg_canon_key(c, "rows");
	yg_canon_open_array(c);
	for (int i = 0; i < t->rows; i++) {
		yg_canon_open(c);
		if (t->row[i].indent)
			integer(c, "indent", t->row[i].indent);
		text(c, "key", t->row[i].key);
		text(c, "label", t->row[i].label);
		yg_canon_close(c);
	}
	yg_canon_close_array(c);
	text(c, "title", t->title);
	yg_canon_close(c);
}

static void note(struct yg_canon *c, const struct yg_note *n)
{
	yg_canon_open(c);
	if (n->arguments) {
		yg_canon_key(c, "arguments");
		yg_canon_open_array(c);
		for (int i = 0; i < n->arguments; i++)
			cell(c, &n->argument[i]);
		yg_canon_close_array(c);
	}
	text(c, "kind", yg_note_kind_name[n->kind]);
	text(c, "message", n->message);
	yg_canon_close(c);
}

static void axis(struct yg_canon *c, const char *key, const struct yg_axis *a)
{
	yg_canon_key(c, key);
	yg_canon_open(c);
	text(c, "label", a->label);
	flag(c, "log", a->log_scale);
	if (a->has_reference)
		number(c, "reference", a->reference);
	text(c, "unit", a->unit);
	yg_canon_close(c);
}

static void point(struct yg_canon *c, const struct yg_point *p)
{
	yg_canon_open(c);
	keyed_cell(c, "at_risk", &p->at_risk);
	keyed_cell(c, "censored", &p->censored);
	keyed_cell(c, "events", &p->events);
	flag(c, "header", p->header);
	text(c, "label", p->label);
	number(c, "lower", p->lower);
	flag(c, "summary", p->summary);
	text(c, "text", p->text);
	number(c, "upper", p->upper);
	number(c, "x", p->x);
	number(c, "x2", p->x2);
	number(c, "y", p->y);
	yg_canon_close(c);
}

static void figure(struct yg_canon *c, const struct yg_figure *f)
{
	yg_canon_open(c);
	if (f->caption) {
		yg_canon_key(c, "caption");
		note(c, f->caption);
	}
	if (f->grids) {
		yg_canon_key(c, "grid");
		yg_canon_open_array(c);
		for (size_t i = 0; i < f->grids; i++)
			yg_canon_float(c, f->grid[i]);
		yg_canon_close_array(c);
	}
	flag(c, "grouped", f->grouped);
	text(c, "heads", f->heads);
	flag(c, "hidden", f->hidden);
	text(c, "key", f->key);
	text(c, "kind", yg_figure_kind_name[f->kind]);
	text(c, "left", f->left);
	text(c, "right", f->right);
	yg_canon_key(c, "series");
	yg_canon_open_array(c);
	for (int i = 0; i < f->series_count; i++) {
		yg_canon_open(c);
		flag(c, "line", f->series[i].line);
		text(c, "name", f->series[i].name);
		yg_canon_key(c, "points");
		yg_canon_open_array(c);
		for (size_t k = 0; k < f->series[i].points; k++)
			point(c, &f->series[i].point[k]);
		yg_canon_close_array(c);
		yg_canon_close(c);
	}
	yg_canon_close_array(c);
	text(c, "title", f->title);
	axis(c, "x", &f->x);
	axis(c, "y", &f->y);
	yg_canon_close(c);
}

/* About the bytes a result takes, so that they are not moved while they grow. */
static size_t about(const struct yg_result *r)
{
	size_t bytes = 4096;
	for (int i = 0; i < r->items; i++) {
		const struct yg_item *it = &r->item[i];
		if (it->kind == YG_ITEM_TABLE)
			bytes += (size_t)it->table->rows * ((size_t)it->table->columns * 72 + 64);
		for (int k = 0; it->kind == YG_ITEM_FIGURE && k < it->figure->series_count; k++)
			bytes += it->figure->series[k].points * 320;
	}
	return bytes;
}

void yg_result_canonical(const struct yg_result *r, struct yg_buf *out)
{
	struct yg_canon c;
	yg_buf_reserve(out, about(r));
	yg_canon_init(&c, out);
	yg_canon_open(&c);
	text(&c, "command", r->command);
	yg_canon_key(&c, "counts");
	yg_canon_open(&c);
	keyed_cell(&c, "dropped", &r->dropped);
	keyed_cell(&c, "events", &r->events);
	keyed_cell(&c, "persons", &r->persons);
	keyed_cell(&c, "records", &r->records);
	yg_canon_close(&c);
	flag(&c, "guarded", r->guarded);
	yg_canon_key(&c, "items");
	yg_canon_open_array(&c);
	for (int i = 0; i < r->items; i++) {
		const struct yg_item *it = &r->item[i];
		yg_canon_open(&c);
		switch (it->kind) {
		case YG_ITEM_TABLE:
			yg_canon_key(&c, "table");
			table(&c, it->table);
			break;
		case YG_ITEM_FIGURE:
			yg_canon_key(&c, "figure");
			figure(&c, it->figure);
			break;
		case YG_ITEM_NOTE:
			yg_canon_key(&c, "note");
			note(&c, it->note);
			break;
		}
		yg_canon_close(&c);
	}
	yg_canon_close_array(&c);
	integer(&c, "operation_version", r->operation_version);
	text(&c, "population", r->population);
	text(&c, "profile", r->profile);
	text(&c, "title", r->title);
	text(&c, "verb", r->verb);
	integer(&c, "version", YG_RESULT_FORMAT);
	yg_canon_close(&c);
}

struct yg_digest yg_result_digest(const struct yg_result *r)
{
	struct yg_buf b = YG_BUF_INIT;
	yg_result_canonical(r, &b);
	struct yg_digest d = yg_sha256_of(b.data, b.len);
	yg_buf_release(&b);
	return d;
}
