/* Lists of cohorts, endpoints and results: what is defined, how many are in it, what made it. */
#include <stdio.h>
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/base/text.h"
#include "yogo/result/numfmt.h"

static bool belongs(const struct yg_object *o, int place)
{
	switch (o->kind) {
	case YG_OBJECT_COHORT: case YG_OBJECT_CONTRAST: case YG_OBJECT_SET: case YG_OBJECT_PROPENSITY:
		return place == YG_PLACE_COHORTS;
	case YG_OBJECT_ENDPOINT: return place == YG_PLACE_ENDPOINTS;
	case YG_OBJECT_RESULT: return place == YG_PLACE_RESULTS && o->result;
	default: return false;
	}
}

static size_t count(const struct yg_state *s, int place)
{
	size_t n = 0;

	for (size_t i = 0; i < s->objects; i++)
		n += belongs(s->object[i], place);
	return n;
}

/* The i-th of the list; results newest first, the rest in the order of definition. */
static struct yg_object *at(const struct yg_state *s, int place, size_t i)
{
	for (size_t k = 0; k < s->objects; k++) {
		struct yg_object *o = s->object[place == YG_PLACE_RESULTS ? s->objects - 1 - k : k];
		if (belongs(o, place) && i-- == 0)
			return o;
	}
	return NULL;
}

static void number(const struct yg_cell *cell, struct yg_buf *out)
{
	yg_buf_clear(out);
	if (cell->state != YG_CELL_EMPTY)
		yg_numfmt_cell(out, cell);
}

static const char *label_of(const struct yg_object *o)
{
	const struct yg_node *label = o->statement ? yg_node_find(o->statement, YG_NODE_STRING) : NULL;

	return o->kind == YG_OBJECT_RESULT && o->result ? yg_phrase_shown(o->result->title)
	     : label && label->text ? label->text : o->kind == YG_OBJECT_COHORT || o->kind == YG_OBJECT_ENDPOINT ? "" : _(yg_object_kind_name(o->kind));
}

static void draw_row(struct yg_tui *t, const struct yg_object *o, struct yg_canvas *c, int row, int columns, enum yg_tui_role role)
{
	struct yg_buf text = YG_BUF_INIT;
	int right = columns - 29;
	bool marked = t->marked && !strcmp(t->marked, o->name);

	yg_canvas_text(c, row, 1, 1, role, marked ? "*" : " ");
	yg_canvas_field(c, row, 2, 15, -1, role, o->name);
	if (o->result) {
		yg_canvas_field(c, row, 18, 10, -1, role, o->kind == YG_OBJECT_RESULT ? o->result->verb : "");
		number(&o->result->persons, &text);
		yg_canvas_field(c, row, right, 9, 1, role, text.data);
		number(&o->result->events, &text);
		yg_canvas_field(c, row, right + 9, 9, 1, role, text.data);
		number(&o->result->dropped, &text);
		yg_canvas_field(c, row, right + 18, 10, 1, role, text.data);
	}
	yg_canvas_field(c, row, o->kind == YG_OBJECT_RESULT ? 29 : 18, right - (o->kind == YG_OBJECT_RESULT ? 30 : 19), -1,
	                o->stale ? YG_TUI_WARNING : role, o->stale ? o->stale : label_of(o));
	yg_buf_release(&text);
}

static const char *nothing_yet(int place)
{
	return place == YG_PLACE_COHORTS ? _("No cohort yet: n makes one, c in the data view makes one from a condition.")
	     : place == YG_PLACE_ENDPOINTS ? _("No endpoint yet: n makes one.")
	                                   : _("No result yet: : finds a command, K on an endpoint draws curves.");
}

static void draw(struct yg_tui *t, struct yg_view *v, struct yg_canvas *c, struct yg_rect r)
{
	const struct yg_state *s = yg_session_state(t->session);
	size_t n = count(s, v->place);
	int detail = r.rows >= 14 ? 3 : 0;
	struct yg_rect list = { r.row + 1, 0, r.rows - 1 - detail, r.columns };
	const struct yg_object *o;

	yg_canvas_field(c, r.row, 2, 15, -1, YG_TUI_TITLE, _("NAME"));
	yg_canvas_field(c, r.row, 18, 30, -1, YG_TUI_TITLE, v->place == YG_PLACE_RESULTS ? _("COMMAND") : _("TITLE"));
	yg_canvas_field(c, r.row, r.columns - 29, 9, 1, YG_TUI_TITLE, _("PERSONS"));
	yg_canvas_field(c, r.row, r.columns - 20, 9, 1, YG_TUI_TITLE, _("EVENTS"));
	yg_canvas_field(c, r.row, r.columns - 11, 10, 1, YG_TUI_TITLE, _("LEFT OUT"));
	yg_list_scroll(v, n, list.rows);
	v->list_row = list.row;
	for (size_t i = v->top; i < n && i < v->top + (size_t)list.rows; i++) {
		enum yg_tui_role role = yg_list_row(v, c, list, i);
		draw_row(t, at(s, v->place, i), c, list.row + (int)(i - v->top), r.columns, role);
	}
	if (!n)
		yg_canvas_field(c, list.row + 1, 2, r.columns - 3, -1, YG_TUI_DIM, nothing_yet(v->place));
	o = at(s, v->place, v->cursor);
	if (detail && o && o->text) {
		char *line = yg_one_line(o->text);
		yg_canvas_field(c, r.row + r.rows - 2, 2, r.columns - 3, -1, YG_TUI_DIM, line);
		yg_free(line);
		if (o->result && o->result->population)
			yg_canvas_field(c, r.row + r.rows - 1, 2, r.columns - 3, -1, YG_TUI_DIM, yg_phrase_shown(o->result->population));
	}
}

static void new_object(struct yg_tui *t, int place)
{
	if (place == YG_PLACE_COHORTS)
		yg_tui_push(t, yg_view_cohort(t, NULL, NULL));
	else if (place == YG_PLACE_ENDPOINTS)
		yg_tui_push(t, yg_view_endpoint(t, NULL));
	else
		yg_tui_push(t, yg_view_model(t, NULL, "cox", NULL));
}

static bool key(struct yg_tui *t, struct yg_view *v, int k)
{
	const struct yg_state *s = yg_session_state(t->session);
	size_t n = count(s, v->place);
	struct yg_object *o = at(s, v->place, v->cursor);

	if (yg_list_key(v, k, n, v->list_height))
		return true;
	if (k == 'n') {
		new_object(t, v->place);
		return true;
	}
	if (!o)
		return false;
	if (k == YG_KEY_ENTER || (k == 'e' && v->place != YG_PLACE_RESULTS)) {
		yg_tui_open_object(t, o->name);
		return true;
	}
	if (v->place == YG_PLACE_ENDPOINTS && k == 'o') {
		yg_tui_push(t, yg_view_model(t, NULL, "cox", o->name));
		return true;
	}
	return v->place == YG_PLACE_RESULTS && yg_result_key(t, o->name, o->result, k);
}

static const char *hints(const struct yg_tui *t, const struct yg_view *v)
{
	(void)t;
	if (v->place == YG_PLACE_COHORTS)
		return _("Enter open  n new  a attrition  F flow  t Table 1  U use  : command  ? help  u undo");
	if (v->place == YG_PLACE_ENDPOINTS)
		return _("Enter open  n new  K curves  L log-rank  o Cox model  F follow-up  : command  ? help  u undo");
	return _("Enter open  m mark  v beside  x export  r report  + - terms  n new model  P test PH  O forest  : command  ? help  u undo");
}

static const char *command(const struct yg_tui *t, const struct yg_view *v)
{
	const struct yg_object *o = at(yg_session_state(t->session), v->place, v->cursor);

	return o ? o->text : NULL;
}

static const char *slot(struct yg_tui *t, struct yg_view *v, const char *what)
{
	const struct yg_object *o = at(yg_session_state(t->session), v->place, v->cursor);
	const char *mine = v->place == YG_PLACE_COHORTS ? "cohort" : v->place == YG_PLACE_ENDPOINTS ? "endpoint" : "result";

	return o && !strcmp(what, mine) ? o->name : NULL;
}

static const struct yg_view_kind cohorts = { "cohorts", draw, key, NULL, NULL, hints, NULL, command, slot };
static const struct yg_view_kind endpoints = { "endpoints", draw, key, NULL, NULL, hints, NULL, command, slot };
static const struct yg_view_kind results = { "results", draw, key, NULL, NULL, hints, NULL, command, slot };

struct yg_view *yg_view_objects(struct yg_tui *t, int place)
{
	(void)t;
	return yg_view_new(place == YG_PLACE_COHORTS ? &cohorts : place == YG_PLACE_ENDPOINTS ? &endpoints : &results, place);
}
