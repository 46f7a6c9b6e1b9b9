/*
 * Problem rows of an endpoint: rows that it must leave out or that look wrong (an outcome or a time that is not known, a
 * time of zero or before the start), one after another with the reason.  They are what `show` gives, so guarded data show none.
 */
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/text.h"
#include "yogo/lang/parse.h"
#include "yogo/lang/print.h"
#include "yogo/result/numfmt.h"

#define PROBLEMS_MOST 200

/* Columns by what they are in the endpoint. */
struct parts {
	struct yg_arena arena;
	struct yg_query_column *column;
	size_t columns;
	struct yg_map outcome, time, start;   /* names; time: lengths, in rows of clause "time" */
	struct yg_map all;
};

static void take(struct parts *p, const struct yg_node *n, struct yg_map *into)
{
	for (size_t i = 0; n->text && i < p->columns; i++)
		if (n->kind == YG_NODE_NAME && !strcmp(p->column[i].name, n->text)) {
			yg_map_put(into, n->text, p);
			yg_map_put(&p->all, n->text, p);
		}
	for (uint32_t i = 0; i < n->children; i++)
		take(p, n->child[i], into);
}

/* A text that is a column and perhaps its unit: "time in days". */
static void take_first(struct parts *p, const char *text, struct yg_map *into)
{
	size_t n = strcspn(text, " ");

	for (size_t i = 0; i < p->columns; i++)
		if (strlen(p->column[i].name) == n && !strncmp(p->column[i].name, text, n)) {
			yg_map_put(into, p->column[i].name, p);
			yg_map_put(&p->all, p->column[i].name, p);
		}
}

static void read_rows(struct parts *p, const struct yg_builder *b)
{
	for (size_t i = 0; i < b->rows; i++) {
		const struct yg_row *row = &b->row[i];
		struct yg_node *e;
		if (!strcmp(row->word, "time"))
			take_first(p, row->text, &p->time);
		else if (!strcmp(row->word, "start"))
			take_first(p, row->text, &p->start);
		else if ((!strcmp(row->word, "event") || !strcmp(row->word, "compete")) && strncmp(row->text, "at ", 3) &&
		         yg_parse_predicate(&p->arena, row->text, strlen(row->text), &e, NULL) == YG_OK)
			take(p, e, &p->outcome);
	}
}

static void add_condition(struct yg_buf *out, const struct yg_map *names, const char *test)
{
	for (size_t i = 0; i < names->count; i++) {
		yg_buf_adds(out, out->len ? " or " : "");
		yg_print_name(names->entry[i].key, out);
		yg_buf_adds(out, test);
	}
}

static bool is_number(const struct parts *p, const char *name)
{
	for (size_t i = 0; i < p->columns; i++)
		if (!strcmp(p->column[i].name, name))
			return !strcmp(p->column[i].type, "integer") || !strcmp(p->column[i].type, "number");
	return false;
}

/* The command that lists them, or NULL when the clauses name no column to look at. */
static char *command(struct yg_tui *t, const struct yg_builder *b)
{
	struct parts p;
	struct yg_buf text = YG_BUF_INIT, when = YG_BUF_INIT;
	const char *where = yg_builder_text(b, "where");

	memset(&p, 0, sizeof p);
	yg_arena_init(&p.arena);
	p.columns = yg_query_columns(yg_session_state(t->session), &p.arena, &p.column);
	yg_map_init(&p.outcome);
	yg_map_init(&p.time);
	yg_map_init(&p.start);
	yg_map_init(&p.all);
	/* whose row it is comes first */
	for (size_t i = 0; i < p.columns; i++)
		if (!strcmp(p.column[i].name, "id") || (i + 1 < p.columns && p.column[i].own && !p.column[i + 1].own)) {
			/* the subject table stands behind the active one's own columns, its key first */
			take_first(&p, p.column[!strcmp(p.column[i].name, "id") ? i : i + 1].name, &p.all);
			break;
		}
	if (p.columns && !p.all.count)
		take_first(&p, p.column[0].name, &p.all);
	read_rows(&p, b);
	add_condition(&when, &p.outcome, " is missing");
	add_condition(&when, &p.start, " is missing");
	add_condition(&when, &p.time, " is missing");
	if (p.time.count && is_number(&p, p.time.entry[0].key))
		add_condition(&when, &p.time, " <= 0");
	if (when.len) {
		yg_buf_adds(&text, "show ");
		for (size_t i = 0; i < p.all.count; i++) {
			yg_buf_adds(&text, i ? ", " : "");
			yg_print_name(p.all.entry[i].key, &text);
		}
		if (*where)
			yg_buf_addf(&text, " where (%s) and (%s)", where, when.data);
		else
			yg_buf_addf(&text, " where %s", when.data);
		yg_buf_addf(&text, " with top=%d", PROBLEMS_MOST);
	}
	yg_buf_release(&when);
	yg_map_release(&p.outcome);
	yg_map_release(&p.time);
	yg_map_release(&p.start);
	yg_map_release(&p.all);
	yg_arena_release(&p.arena);
	return text.len ? yg_buf_take(&text) : (yg_buf_release(&text), NULL);
}

void yg_problem_forget(struct yg_builder *b)
{
	yg_free(b->problem_text);
	yg_result_unref(b->problems);
	b->problem_text = NULL;
	b->problems = NULL;
	b->problem = 0;
}

bool yg_problem_next(struct yg_tui *t, struct yg_view *v)
{
	struct yg_builder *b = yg_builder_of(v);
	char *text = command(t, b);

	if (!text) {
		yg_tui_message(t, YG_TUI_WARNING, "%s", _("! no column of an outcome or a time stands in the clauses yet"));
		return true;
	}
	if (b->problem_text && !strcmp(b->problem_text, text)) {
		b->problem++;
		yg_free(text);
	} else {
		yg_problem_forget(b);
		b->problem_text = text;
	}
	b->problem_wanted = b->problems == NULL;
	if (b->problem_wanted)
		yg_tui_ahead(t, b->problem_text);
	return true;
}

static const struct yg_result_table *rows_of(const struct yg_result *r)
{
	for (int i = 0; r && i < r->items; i++)
		if (r->item[i].kind == YG_ITEM_TABLE && !strcmp(r->item[i].table->key, "rows"))
			return r->item[i].table;
	return NULL;
}

static bool in_clause(const struct yg_builder *b, const char *word, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < b->rows; i++)
		if (!strcmp(b->row[i].word, word) && !strncmp(b->row[i].text, name, n) && (!b->row[i].text[n] || b->row[i].text[n] == ' '))
			return true;
	return false;
}

/* Why the row is here, in the words of the check. */
static const char *reason(const struct yg_builder *b, const struct yg_result_table *t, int row)
{
	for (int j = 0; j < t->columns; j++) {
		const struct yg_cell *cell = yg_result_cell(t, row, j);
		const char *name = t->column[j].key;
		if (in_clause(b, "time", name)) {
			double x;
			if (cell->state != YG_CELL_SHOWN || cell->value.kind != YG_VALUE_TEXT || !cell->value.text ||
			    !yg_parse_double(yg_str(cell->value.text), &x))
				x = 1;
			if (cell->state == YG_CELL_MISSING)
				return _("the time is unknown: left out");
			if (x < 0)
				return _("the time is before the start: refused until a where leaves it out");
			if (x == 0)
				return _("the time is zero: kept");
		} else if (cell->state == YG_CELL_MISSING && in_clause(b, "start", name)) {
			return _("the start is unknown: left out");
		} else if (cell->state == YG_CELL_MISSING && j > 0) {
			return _("the outcome is unknown: left out, never counted as censored");
		}
	}
	return "";
}

int yg_problem_draw(struct yg_tui *t, struct yg_builder *b, struct yg_canvas *c, struct yg_rect r)
{
	const struct yg_result_table *table;
	const char *refusal = NULL, *none = _("no problem rows: every outcome and every time is known, and no time is zero");
	struct yg_buf text = YG_BUF_INIT;
	int used = 0, row;

	if (!b->problem_text || r.rows < 2)
		return 0;
	if (!b->problems) {
		struct yg_result *found = yg_tui_ahead_of(t, b->problem_text, &refusal);
		b->problems = found ? yg_result_ref(found) : NULL;
		b->problem_wanted &= !found && !refusal;
	}
	r.column += 2;
	r.columns -= 3;
	table = rows_of(b->problems);
	if (refusal && !strcmp(t->ahead_code, "E-DESC-005")) {
		used = yg_draw_wrapped(c, r, YG_TUI_TEXT, none);
	} else if (refusal || (b->problems && !table)) {
		used = yg_draw_wrapped(c, r, YG_TUI_WARNING, refusal ? refusal : _("rows of these data are not shown"));
	} else if (table && !table->rows) {
		used = yg_draw_wrapped(c, r, YG_TUI_TEXT, none);
	} else if (table) {
		row = (int)(b->problem % (size_t)table->rows);
		yg_buf_addf(&text, _("problem row %d of %d%s  "), row + 1, table->rows, table->rows >= PROBLEMS_MOST ? "+" : "");
		for (int j = 0; j < table->columns; j++) {
			yg_buf_addf(&text, "  %s ", table->column[j].key);
			yg_numfmt_cell(&text, yg_result_cell(table, row, j));
		}
		yg_canvas_field(c, r.row, r.column, r.columns, -1, YG_TUI_TITLE, text.data);
		used = 1 + yg_draw_wrapped(c, (struct yg_rect){ r.row + 1, r.column + 2, r.rows - 1, r.columns - 2 }, YG_TUI_WARNING,
		                           reason(b, table, row));
	}
	yg_buf_release(&text);
	return used;
}
