/*
 * The data: every column with type, unit, missing and distinct values, range or levels, as the open
 * result gave them; filter, sort, hide; what is marked here goes into the commands.  Without data: the files
 * there are.
 */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "v_data_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/text.h"
#include "yogo/lang/parse.h"
#include "yogo/lang/print.h"
#include "yogo/result/numfmt.h"

/* ---- reading the open result ---- */

static const struct yg_result_table *table_of(const struct yg_result *r, const char *key)
{
	for (int i = 0; r && i < r->items; i++)
		if (r->item[i].kind == YG_ITEM_TABLE && !strcmp(r->item[i].table->key, key))
			return r->item[i].table;
	return NULL;
}

static const struct yg_cell *cell_of(const struct yg_result_table *t, const char *row, const char *column)
{
	for (int i = 0; t && i < t->rows; i++)
		if (!strcmp(t->row[i].key, row))
			for (int j = 0; j < t->columns; j++)
				if (!strcmp(t->column[j].key, column))
					return yg_result_cell(t, i, j);
	return NULL;
}

static const char *cell_text(struct data *d, const struct yg_cell *cell)
{
	struct yg_buf text = YG_BUF_INIT;
	const char *out;

	if (!cell || cell->state == YG_CELL_EMPTY || (cell->value.kind == YG_VALUE_TEXT && !cell->value.text && cell->state == YG_CELL_SHOWN))
		return "";
	yg_numfmt_cell(&text, cell);
	out = yg_arena_strdup(&d->arena, text.data);
	yg_buf_release(&text);
	return out;
}

static double cell_number(const struct yg_cell *cell)
{
	if (!cell || (cell->state != YG_CELL_SHOWN && cell->state != YG_CELL_ROUNDED))
		return 1e300;
	return cell->value.kind == YG_VALUE_INTEGER ? (double)cell->value.integer : cell->value.number;
}

static const char *range_text(struct data *d, const struct column *c, const struct yg_result_table *t)
{
	const char *low = cell_text(d, cell_of(t, c->q.name, "minimum")), *high = cell_text(d, cell_of(t, c->q.name, "maximum"));

	if (*low || *high)
		return strcmp(low, high) ? yg_arena_printf(&d->arena, "%s .. %s", low, high) : low;
	return cell_text(d, cell_of(t, c->q.name, "levels"));
}

static const char *levels_text(struct data *d, const struct yg_query_column *q)
{
	struct yg_buf text = YG_BUF_INIT;
	const char *out;

	for (size_t i = 0; i < q->levels && text.len < 4000; i++)
		if (q->code && q->code[i] && strcmp(q->code[i], q->level[i]))
			yg_buf_addf(&text, "%s%s = %s", i ? ", " : "", q->code[i], q->level[i]);
		else
			yg_buf_addf(&text, "%s%s", i ? ", " : "", q->level[i]);
	out = yg_arena_strdup(&d->arena, text.data);
	yg_buf_release(&text);
	return out;
}

static bool range_hidden(const struct yg_result_table *t, const char *name)
{
	const struct yg_cell *levels = cell_of(t, name, "levels");

	return levels && levels->state == YG_CELL_HIDDEN;
}

/* "Female 445, Male 484", with the codes and shares when there is room for them. */
static const char *counted_levels(struct data *d, const struct column *c, bool shares)
{
	struct yg_buf text = YG_BUF_INIT;
	const char *out;
	double all = 0;

	for (size_t i = 0; i < c->parts; i++)
		all += c->part[i];
	for (size_t i = 0; i < c->parts && i < c->q.levels; i++) {
		bool coded = shares && c->q.code && c->q.code[i] && strcmp(c->q.code[i], c->q.level[i]);
		yg_buf_addf(&text, "%s%s%s%s %.0f", text.len ? ", " : "", coded ? c->q.code[i] : "", coded ? " = " : "", c->q.level[i], c->part[i]);
		if (shares && all > 0) {
			yg_buf_adds(&text, " (");
			yg_numfmt_fixed(&text, 100 * c->part[i] / all, 1);
			yg_buf_adds(&text, "%)");
		}
	}
	out = yg_arena_strdup(&d->arena, text.data);
	yg_buf_release(&text);
	return out;
}

/* The distribution, where the profile of the data shows one. */
static void read_shape(struct data *d, struct column *c, const struct yg_result *r)
{
	const struct yg_result_table *t = table_of(r, yg_arena_printf(&d->arena, "shape.%s", c->q.origin));
	const char *parts = cell_text(d, cell_of(t, c->q.name, "parts"));

	c->mean = c->sd = c->counted = "";
	if (!*parts)
		return;
	c->bins = !strcmp(parts, "bins");
	for (int k = 0; k < PARTS; k++) {
		char key[8];
		const struct yg_cell *cell;
		snprintf(key, sizeof key, "%d", k + 1);
		cell = cell_of(t, c->q.name, key);
		if (cell && cell->state == YG_CELL_SHOWN)
			c->part[k] = (double)cell->value.integer;
	}
	c->parts = c->bins || c->q.levels > PARTS ? PARTS : c->q.levels;
	c->mean = cell_text(d, cell_of(t, c->q.name, "mean"));
	c->sd = cell_text(d, cell_of(t, c->q.name, "sd"));
	if (!c->bins) {
		c->counted = counted_levels(d, c, false);
		c->levels = counted_levels(d, c, true);
	}
}

static void read_column(struct data *d, struct column *c, const struct yg_result *r)
{
	const char *key = yg_arena_printf(&d->arena, "columns.%s", c->q.origin);
	const struct yg_result_table *t = table_of(r, key);
	const struct yg_cell *missing = cell_of(t, c->q.name, "missing"), *distinct = cell_of(t, c->q.name, "distinct");

	c->missing = cell_text(d, missing);
	c->distinct = cell_text(d, distinct);
	/* from a million on the import stops telling values apart: it is a lower bound */
	if (distinct && distinct->state == YG_CELL_SHOWN && distinct->value.integer >= 1000000)
		c->distinct = yg_arena_printf(&d->arena, "%s+", c->distinct);
	c->missing_n = cell_number(missing);
	c->distinct_n = cell_number(distinct);
	c->levels = levels_text(d, &c->q);
	c->range = c->q.definition ? c->q.definition : t ? range_text(d, c, t) : "";
	/* a coded column is known by its labels, not by the smallest and the largest code */
	if (c->q.code && c->q.levels && c->q.code[0] && strcmp(c->q.type, "level"))
		c->range = c->levels;
	/* levels are part of the definition, which is no secret of any person */
	else if (c->q.levels && !c->q.definition && range_hidden(t, c->q.name))
		c->range = c->levels;
	if (!c->q.definition)
		read_shape(d, c, r);
	else
		c->mean = c->sd = c->counted = "";
	if (*c->counted)
		c->range = c->counted;
	c->bytes = cell_text(d, cell_of(t, c->q.name, "bytes"));
	c->encodings = cell_text(d, cell_of(t, c->q.name, "encodings"));
}

void yg_data_read(struct yg_tui *t, struct data *d)
{
	const struct yg_state *s = yg_session_state(t->session);
	struct yg_query_column *q;

	if (d->have && d->version == s->version)
		return;
	yg_arena_release(&d->arena);
	yg_arena_init(&d->arena);
	d->have = true;
	d->version = s->version;
	d->columns = yg_query_columns(s, &d->arena, &q);
	d->column = yg_arena_alloc(&d->arena, d->columns + 1, sizeof *d->column);
	d->shown = yg_arena_alloc(&d->arena, d->columns + 1, sizeof *d->shown);
	d->showns = d->files = 0;
	d->rows = "";
	if (!s->dataset) {
		d->files = yg_cohort_files(t, &d->arena, &d->file);
		return;
	}
	for (size_t i = 0; i < d->columns; i++) {
		d->column[i].q = q[i];
		d->column[i].at = i;
		read_column(d, &d->column[i], s->dataset->result);
	}
	d->rows = cell_text(d, cell_of(table_of(s->dataset->result, "tables"), yg_query_active_table(s), "rows"));
}

/* ---- filter, sort ---- */

static bool looks_like_expression(const char *text)
{
	return strpbrk(text, "=<>") || strstr(text, " and ") || strstr(text, " or ") || strstr(text, " is ") || strstr(text, " in ");
}

static bool names(const struct yg_node *n, const char *column)
{
	if (n->kind == YG_NODE_NAME && n->text && !strcmp(n->text, column))
		return true;
	for (uint32_t i = 0; i < n->children; i++)
		if (names(n->child[i], column))
			return true;
	return false;
}

static const struct data *sorting;   /* for qsort, on the one thread that draws */

static int compare(const void *x, const void *y)
{
	const struct column *a = &sorting->column[*(const size_t *)x], *b = &sorting->column[*(const size_t *)y];
	int order = 0;

	switch (sorting->sort) {
	case SORT_NAME: order = strcmp(a->q.name, b->q.name); break;
	case SORT_TYPE: order = strcmp(a->q.type, b->q.type); break;
	case SORT_MISSING: order = (a->missing_n < b->missing_n) - (a->missing_n > b->missing_n); break;
	case SORT_DISTINCT: order = (a->distinct_n > b->distinct_n) - (a->distinct_n < b->distinct_n); break;
	default: break;
	}
	if (!order)
		order = (a->at > b->at) - (a->at < b->at);
	return sorting->reverse ? -order : order;
}

void yg_data_choose(struct data *d, const struct yg_view *v)
{
	const char *filter = v->edit.text.data;
	struct yg_arena arena;
	struct yg_node *e = NULL;
	regex_t regex;
	bool have_regex;

	yg_arena_init(&arena);
	d->expression = *filter && looks_like_expression(filter);
	d->bad_filter = d->expression && yg_parse_predicate(&arena, filter, strlen(filter), &e, NULL) != YG_OK;
	have_regex = *filter && !d->expression && regcomp(&regex, filter, REG_EXTENDED | REG_ICASE | REG_NOSUB) == 0;
	d->showns = 0;
	for (size_t i = 0; i < d->columns; i++) {
		struct column *c = &d->column[i];
		bool show = yg_map_find(&d->hidden, c->q.name, strlen(c->q.name)) < 0;
		if (show && d->expression)
			show = !e || names(e, c->q.name);
		else if (show && have_regex)
			show = !regexec(&regex, c->q.name, 0, NULL, 0) || !regexec(&regex, c->q.label, 0, NULL, 0) ||
			       !regexec(&regex, c->q.type, 0, NULL, 0) || !regexec(&regex, c->levels, 0, NULL, 0);
		else if (show && *filter)
			show = strcasestr(c->q.name, filter) != NULL;   /* an unfinished pattern is taken as it stands */
		if (show)
			d->shown[d->showns++] = i;
	}
	if (have_regex)
		regfree(&regex);
	yg_arena_release(&arena);
	sorting = d;
	if (d->showns)
		qsort(d->shown, d->showns, sizeof *d->shown, compare);
}

const struct column *yg_data_current(const struct data *d, const struct yg_view *v)
{
	return v->cursor < d->showns ? &d->column[d->shown[v->cursor]] : NULL;
}

/* ---- keys ---- */

static void switch_table(struct yg_tui *t, int step)
{
	const struct yg_state *s = yg_session_state(t->session);
	size_t n = yg_query_tables(s), at = 0;
	const char *active = yg_query_active_table(s);
	char *text;

	if (n < 2) {
		yg_tui_message(t, YG_TUI_MESSAGE, "%s", _("there is one table"));
		return;
	}
	while (at + 1 < n && active && strcmp(yg_query_table(s, at), active))
		at++;
	at = step > 0 ? (at + 1) % n : (at + n - 1) % n;
	text = yg_xasprintf("use %s", yg_query_table(s, at));
	yg_tui_run_text(t, text, NULL);
	yg_free(text);
}

static void open_menu(struct yg_tui *t)
{
	struct yg_view *menu = yg_view_menu(t, YG_PLACE_DATA, _("open a cohort file"));
	struct yg_arena arena;
	const char **file;
	size_t n;

	yg_arena_init(&arena);
	n = yg_cohort_files(t, &arena, &file);
	for (size_t i = 0; i < n; i++) {
		struct yg_buf text = YG_BUF_INIT;
		yg_buf_adds(&text, "open ");
		yg_escape_script(&text, file[i], strlen(file[i]));
		yg_menu_add(menu, file[i], text.data);
		yg_buf_release(&text);
	}
	yg_arena_release(&arena);
	yg_tui_push(t, menu);
}

static void make_cohort(struct yg_tui *t, struct yg_view *v, const struct data *d)
{
	const struct column *k = yg_data_current(d, v);
	bool whole = d->expression && !d->bad_filter;
	char *criterion = whole ? yg_xstrdup(v->edit.text.data) : k ? yg_xasprintf("%s ", k->q.name) : yg_xstrdup("");

	yg_tui_go(t, YG_PLACE_COHORTS);
	yg_tui_push(t, yg_view_cohort(t, NULL, criterion));
	/* a criterion that is only begun is open for typing */
	if (!whole)
		yg_builder_edit(t, t->view, yg_builder_of(t->view)->rows - 1);
	yg_free(criterion);
}

static void describe_only(struct yg_tui *t, const struct column *c)
{
	struct yg_buf text = YG_BUF_INIT;

	yg_buf_adds(&text, "describe ");
	yg_print_name(c->q.name, &text);
	yg_tui_run_text(t, text.data, NULL);
	yg_buf_release(&text);
}

static bool filter_key(struct yg_tui *t, struct yg_view *v, struct data *d, int key)
{
	switch (key) {
	case YG_KEY_ESCAPE:
		v->editing = false;
		yg_edit_set(&v->edit, "");
		yg_tui_message(t, YG_TUI_MESSAGE, "%s", "");
		return true;
	case YG_KEY_ENTER:
		v->editing = false;
		yg_tui_message(t, YG_TUI_MESSAGE, "%s", "");
		if (d->bad_filter)
			yg_tui_message(t, YG_TUI_WARNING, "%s", _("! the condition is not finished; / goes on with it"));
		return true;
	case YG_KEY_TAB:
		yg_tui_complete(t, &v->edit, "count where ");
		if (t->completions && *t->completions)
			yg_tui_message(t, YG_TUI_DIM, "%s", t->completions);
		return true;
	case YG_KEY_UP: case YG_KEY_DOWN:
		return yg_list_key(v, key, d->showns, v->list_height);
	default:
		yg_edit_key(&v->edit, key);
		v->cursor = v->top = 0;
		return true;
	}
}

static void toggle(struct yg_map *map, const char *name, void *value)
{
	if (yg_map_find(map, name, strlen(name)) >= 0)
		yg_map_remove(map, name);
	else
		yg_map_put(map, name, value);
}

static bool files_key(struct yg_tui *t, struct yg_view *v, struct data *d, int key)
{
	struct yg_buf text = YG_BUF_INIT;

	if (yg_list_key(v, key, d->files, v->list_height))
		return true;
	if (key != YG_KEY_ENTER || v->cursor >= d->files)
		return false;
	yg_buf_adds(&text, "open ");
	yg_escape_script(&text, d->file[v->cursor], strlen(d->file[v->cursor]));
	yg_tui_run_text(t, text.data, NULL);
	yg_buf_release(&text);
	return true;
}

static bool key(struct yg_tui *t, struct yg_view *v, int k)
{
	struct data *d = v->data;
	const struct column *c;

	yg_data_read(t, d);
	if (!yg_session_state(t->session)->dataset)
		return files_key(t, v, d, k);
	yg_data_choose(d, v);
	if (v->editing)
		return filter_key(t, v, d, k);
	if (yg_list_key(v, k, d->showns, v->list_height))
		return true;
	c = yg_data_current(d, v);
	switch (k) {
	case '/': v->editing = true; return true;
	case YG_KEY_ENTER:
		/* what has no histogram is only described */
		if (!c || (!c->q.levels && strcmp(c->q.type, "level") && strcmp(c->q.type, "flag") && strcmp(c->q.type, "text")))
			return false;
		describe_only(t, c);
		return true;
	case 's': d->sort = (enum sort_key)((d->sort + 1) % SORTS); return true;
	case 'S': d->reverse = !d->reverse; return true;
	case 'h':
		if (c)
			yg_map_put(&d->hidden, c->q.name, d);
		return true;
	case 'H':
		yg_map_release(&d->hidden);
		yg_map_init(&d->hidden);
		return true;
	case ' ':
		if (c)
			toggle(&t->picked, c->q.name, t);
		return yg_list_key(v, YG_KEY_DOWN, d->showns, v->list_height);
	case 'c': make_cohort(t, v, d); return true;
	case 'o': open_menu(t); return true;
	case '[': switch_table(t, -1); return true;
	case ']': switch_table(t, 1); return true;
	case YG_KEY_ESCAPE:
		if (!v->edit.text.len)
			return false;
		yg_edit_set(&v->edit, "");
		return true;
	default: return false;
	}
}

static void refresh(struct yg_tui *t, struct yg_view *v)
{
	(void)t;
	((struct data *)v->data)->have = false;
}

static void release(struct yg_view *v)
{
	struct data *d = v->data;

	yg_arena_release(&d->arena);
	yg_map_release(&d->hidden);
	yg_free(d);
}

static const char *hints(const struct yg_tui *t, const struct yg_view *v)
{
	if (v->editing)
		return _("Enter keep  Tab complete  Esc drop   a pattern, or a condition with = < > and");
	if (!yg_session_state(t->session)->dataset)
		return _("Enter open  : command  ? help  Q leave");
	return _("Enter describe  / filter  c cohort  Space mark  t Table 1  r rows  s sort  h hide  ; command  ? help  o open  ] table  Q leave");
}

static const char *title(const struct yg_tui *t, const struct yg_view *v)
{
	const struct yg_state *s = yg_session_state(t->session);
	const char *table = yg_query_active_table(s);

	(void)v;
	return table ? table : "";
}

static const char *slot(struct yg_tui *t, struct yg_view *v, const char *what)
{
	struct data *d = v->data;
	const struct column *c;

	if (strcmp(what, "column"))
		return NULL;
	yg_data_read(t, d);
	yg_data_choose(d, v);
	c = yg_data_current(d, v);
	return c ? c->q.name : NULL;
}

static const struct yg_view_kind kind = { "data", yg_data_draw, key, refresh, release, hints, title, NULL, slot };

struct yg_view *yg_view_data(struct yg_tui *t)
{
	struct yg_view *v = yg_view_new(&kind, YG_PLACE_DATA);
	struct data *d = yg_xcalloc(1, sizeof *d);

	(void)t;
	yg_arena_init(&d->arena);
	yg_map_init(&d->hidden);
	v->data = d;
	return v;
}
