/*
 * Reading a stored result back.  The bytes come from a study file and are not trusted: every field
 * is checked, and what was read must give the same bytes again, so nothing unknown slips by.
 */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "result/result_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/json.h"
#include "yogo/base/text.h"
#include "yogo/result/result.h"

struct reader {
	struct yg_result *r;
	const char *bad;      /* first field that was not as it must be */
};

static void fault(struct reader *rd, const char *field)
{
	if (!rd->bad)
		rd->bad = field;
}

static const char *get_text(struct reader *rd, const struct yg_json *o, const char *key)
{
	const struct yg_json *v = yg_json_get(o, key);
	if (!v)
		return NULL;
	if (v->kind != YG_JSON_STRING || memchr(v->string, 0, v->string_len)) {
		fault(rd, key);
		return NULL;
	}
	return yg_arena_strndup(&rd->r->arena, v->string, v->string_len);
}

static const char *get_words(struct reader *rd, const struct yg_json *o, const char *key)
{
	const char *s = get_text(rd, o, key);
	return s ? s : "";
}

static bool get_flag(struct reader *rd, const struct yg_json *o, const char *key)
{
	const struct yg_json *v = yg_json_get(o, key);
	if (v && v->kind != YG_JSON_BOOL)
		fault(rd, key);
	return v && v->kind == YG_JSON_BOOL && v->boolean;
}

/* An integer as written by the canonical writer: a number, or "i:..." beyond 2^53-1. */
static int64_t get_integer(struct reader *rd, const struct yg_json *o, const char *key, int64_t low, int64_t high)
{
	const struct yg_json *v = yg_json_get(o, key);
	int64_t i = 0;
	if (!v)
		return low > 0 ? low : 0;
	bool ok = (v->kind == YG_JSON_NUMBER && v->is_integer);
	if (ok)
		i = v->integer;
	else if (v->kind == YG_JSON_STRING && v->string_len > 2 && memcmp(v->string, "i:", 2) == 0)
		ok = yg_parse_i64(yg_str(v->string + 2), &i);
	if (!ok || i < low || i > high) {
		fault(rd, key);
		return low > 0 ? low : 0;
	}
	return i;
}

static bool hex_double(const struct yg_json *v, double *out)
{
	uint64_t bits = 0;
	if (v->kind != YG_JSON_STRING || v->string_len != 18 || memcmp(v->string, "f:", 2) != 0)
		return false;
	for (int i = 2; i < 18; i++) {
		const char *digits = "0123456789abcdef";
		const char *at = v->string[i] ? strchr(digits, v->string[i]) : NULL;
		if (!at)
			return false;
		bits = bits << 4 | (uint64_t)(at - digits);
	}
	memcpy(out, &bits, sizeof bits);
	return true;
}

static double get_number(struct reader *rd, const struct yg_json *o, const char *key)
{
	const struct yg_json *v = yg_json_get(o, key);
	double d = NAN;
	if (v && !hex_double(v, &d))
		fault(rd, key);
	return d;
}

static int get_name(struct reader *rd, const struct yg_json *o, const char *key, const char *const *name, int n)
{
	const char *s = yg_json_string(o, key);
	for (int i = 0; s && i < n; i++)
		if (strcmp(s, name[i]) == 0)
			return i;
	fault(rd, key);
	return 0;
}

static enum yg_role get_role(struct reader *rd, const struct yg_json *o)
{
	const char *s = yg_json_string(o, "role");
	for (int i = 0; s && i < YG_ROLE_COUNT; i++)
		if (strcmp(s, yg_role_name((enum yg_role)i)) == 0)
			return (enum yg_role)i;
	fault(rd, "role");
	return YG_ROLE_LABEL;
}

static const struct yg_json *get_array(struct reader *rd, const struct yg_json *o, const char *key)
{
	static const struct yg_json nothing = { .kind = YG_JSON_ARRAY };
	const struct yg_json *v = yg_json_get(o, key);
	if (!v)
		return &nothing;
	if (v->kind != YG_JSON_ARRAY || v->count > INT_MAX) {
		fault(rd, key);
		return &nothing;
	}
	return v;
}

static const struct yg_json *object(struct reader *rd, const struct yg_json *v, const char *what)
{
	static const struct yg_json nothing = { .kind = YG_JSON_OBJECT };
	if (v && v->kind == YG_JSON_OBJECT)
		return v;
	fault(rd, what);
	return &nothing;
}

static void read_cell(struct reader *rd, const struct yg_json *o, struct yg_cell *c)
{
	o = object(rd, o, "cell");
	if (o->count == 0)
		return;
	c->state = (enum yg_cell_state)get_name(rd, o, "state", yg_cell_state_name, 5);
	c->role = get_role(rd, o);
	c->decimals = yg_json_get(o, "decimals") ? (int8_t)get_integer(rd, o, "decimals", 0, 15) : (int8_t)-1;
	if (yg_json_get(o, "high")) {
		c->high = get_number(rd, o, "high");
		c->low = get_number(rd, o, "low");
	}
	if (yg_json_get(o, "integer"))
		c->value = (struct yg_value){ .kind = YG_VALUE_INTEGER,
			                      .integer = get_integer(rd, o, "integer", INT64_MIN, INT64_MAX) };
	else if (yg_json_get(o, "number"))
		c->value = (struct yg_value){ .kind = YG_VALUE_DOUBLE, .number = get_number(rd, o, "number") };
	else if (yg_json_get(o, "text"))
		c->value = (struct yg_value){ .kind = YG_VALUE_TEXT, .text = get_words(rd, o, "text") };
}

static void read_keyed_cell(struct reader *rd, const struct yg_json *o, const char *key, struct yg_cell *c)
{
	const struct yg_json *v = yg_json_get(o, key);
	if (v)
		read_cell(rd, v, c);
}

static void read_table(struct reader *rd, const struct yg_json *o)
{
	const struct yg_json *cells = get_array(rd, o, "cells"), *columns = get_array(rd, o, "columns"),
			     *rows = get_array(rd, o, "rows");
	if (cells->count != rows->count) {
		fault(rd, "cells");
		return;
	}
	struct yg_result_table *t = yg_result_add_table(rd->r, get_words(rd, o, "key"), get_words(rd, o, "title"),
	                                                (int)rows->count, (int)columns->count);
	t->detail = get_flag(rd, o, "detail");
	for (int j = 0; j < t->columns; j++) {
		const struct yg_json *c = object(rd, columns->item[j], "columns");
		t->column[j] = (struct yg_table_column){ get_words(rd, c, "key"), get_words(rd, c, "label"),
			                                 get_text(rd, c, "unit"), get_role(rd, c) };
	}
	for (int i = 0; i < t->rows; i++) {
		const struct yg_json *w = object(rd, rows->item[i], "rows"), *line = cells->item[i];
		t->row[i] = (struct yg_table_row){ get_words(rd, w, "key"), get_words(rd, w, "label"),
			                           (int)get_integer(rd, w, "indent", 0, 1000) };
		if (line->kind != YG_JSON_ARRAY || line->count != columns->count) {
			fault(rd, "cells");
			return;
		}
		for (int j = 0; j < t->columns; j++)
			read_cell(rd, line->item[j], yg_result_cell(t, i, j));
	}
}

static struct yg_note *read_note(struct reader *rd, const struct yg_json *o, struct yg_figure *caption_of)
{
	const struct yg_json *arguments = get_array(rd, o, "arguments");
	enum yg_note_kind kind = (enum yg_note_kind)get_name(rd, o, "kind", yg_note_kind_name, 5);
	const char *message = get_words(rd, o, "message");
	struct yg_note *n = caption_of ? yg_figure_add_caption(rd->r, caption_of, message, (int)arguments->count) :
					 yg_result_add_note(rd->r, kind, message, (int)arguments->count);
	n->kind = kind;
	for (int i = 0; i < n->arguments; i++)
		read_cell(rd, arguments->item[i], &n->argument[i]);
	return n;
}

static void read_axis(struct reader *rd, const struct yg_json *o, struct yg_axis *a)
{
	o = object(rd, o, "axis");
	a->label = get_words(rd, o, "label");
	a->unit = get_text(rd, o, "unit");
	a->log_scale = get_flag(rd, o, "log");
	a->has_reference = yg_json_get(o, "reference") != NULL;
	if (a->has_reference)
		a->reference = get_number(rd, o, "reference");
}

static void read_point(struct reader *rd, const struct yg_json *o, struct yg_point *p)
{
	o = object(rd, o, "points");
	read_keyed_cell(rd, o, "at_risk", &p->at_risk);
	read_keyed_cell(rd, o, "censored", &p->censored);
	read_keyed_cell(rd, o, "events", &p->events);
	p->header = get_flag(rd, o, "header");
	p->summary = get_flag(rd, o, "summary");
	p->label = get_text(rd, o, "label");
	p->text = get_text(rd, o, "text");
	p->lower = get_number(rd, o, "lower");
	p->upper = get_number(rd, o, "upper");
	p->x = get_number(rd, o, "x");
	p->x2 = get_number(rd, o, "x2");
	p->y = get_number(rd, o, "y");
}

static void read_figure(struct reader *rd, const struct yg_json *o)
{
	const struct yg_json *series = get_array(rd, o, "series"), *grid = get_array(rd, o, "grid");
	enum yg_figure_kind kind = (enum yg_figure_kind)get_name(rd, o, "kind", yg_figure_kind_name, 6);
	struct yg_figure *f = yg_result_add_figure(rd->r, get_words(rd, o, "key"), kind, get_words(rd, o, "title"),
	                                           (int)series->count);
	f->grouped = get_flag(rd, o, "grouped");
	f->hidden = get_flag(rd, o, "hidden");
	f->heads = get_text(rd, o, "heads");
	f->left = get_text(rd, o, "left");
	f->right = get_text(rd, o, "right");
	read_axis(rd, yg_json_get(o, "x"), &f->x);
	read_axis(rd, yg_json_get(o, "y"), &f->y);
	if (grid->count) {
		yg_figure_add_grid(rd->r, f, grid->count);
		for (size_t i = 0; i < grid->count; i++)
			if (!hex_double(grid->item[i], &f->grid[i]))
				fault(rd, "grid");
	}
	if (yg_json_get(o, "caption"))
		read_note(rd, object(rd, yg_json_get(o, "caption"), "caption"), f);
	for (int i = 0; i < f->series_count; i++) {
		const struct yg_json *s = object(rd, series->item[i], "series"), *points = get_array(rd, s, "points");
		f->series[i].name = get_words(rd, s, "name");
		f->series[i].line = get_flag(rd, s, "line");
		yg_series_add_points(rd->r, &f->series[i], points->count);
		for (size_t k = 0; k < points->count; k++)
			read_point(rd, points->item[k], &f->series[i].point[k]);
	}
}

static void read_item(struct reader *rd, const struct yg_json *o)
{
	const struct yg_json *v;
	o = object(rd, o, "items");
	if ((v = yg_json_get(o, "table")))
		read_table(rd, object(rd, v, "table"));
	else if ((v = yg_json_get(o, "figure")))
		read_figure(rd, object(rd, v, "figure"));
	else if ((v = yg_json_get(o, "note")))
		read_note(rd, object(rd, v, "note"), NULL);
	else
		fault(rd, "items");
}

static void read_document(struct reader *rd, const struct yg_json *o)
{
	struct yg_result *r = rd->r;
	const struct yg_json *counts = object(rd, yg_json_get(o, "counts"), "counts"), *items = get_array(rd, o, "items");
	if (get_integer(rd, o, "version", 0, INT_MAX) != YG_RESULT_FORMAT)
		fault(rd, "version");
	r->verb = get_words(rd, o, "verb");
	r->operation_version = (int)get_integer(rd, o, "operation_version", INT_MIN, INT_MAX);
	r->title = get_words(rd, o, "title");
	r->command = get_words(rd, o, "command");
	r->population = get_words(rd, o, "population");
	r->profile = get_words(rd, o, "profile");
	r->guarded = get_flag(rd, o, "guarded");
	read_keyed_cell(rd, counts, "dropped", &r->dropped);
	read_keyed_cell(rd, counts, "events", &r->events);
	read_keyed_cell(rd, counts, "persons", &r->persons);
	read_keyed_cell(rd, counts, "records", &r->records);
	for (size_t i = 0; i < items->count; i++)
		read_item(rd, items->item[i]);
}

enum yg_status yg_result_parse(const char *cj1, size_t n, struct yg_result **out, struct yg_err *err)
{
	struct yg_arena arena;
	struct yg_json *tree = NULL;
	yg_arena_init(&arena);
	enum yg_status s = yg_json_parse(&arena, cj1, n, &tree, err);
	if (s != YG_OK) {
		yg_arena_release(&arena);
		return yg_fail(err, YG_EDAMAGED, "E-RESULT-001", N_("a stored result is not well-formed"));
	}
	struct reader rd = { .r = yg_result_new("", 0) };
	if (tree->kind == YG_JSON_OBJECT)
		read_document(&rd, tree);
	else
		fault(&rd, "document");
	if (!rd.bad) {
		struct yg_buf again = YG_BUF_INIT;
		yg_result_canonical(rd.r, &again);
		if (again.len != n || memcmp(again.data, cj1, n) != 0)
			fault(&rd, "document");
		yg_buf_release(&again);
	}
	yg_arena_release(&arena);
	if (rd.bad) {
		yg_result_unref(rd.r);
		return yg_fail(err, YG_EDAMAGED, "E-RESULT-002",
		               N_("a stored result is not in its canonical form: field \"%s\""), rd.bad);
	}
	*out = rd.r;
	return YG_OK;
}
