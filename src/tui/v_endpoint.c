/* An endpoint as a form: its clauses, and below what its check found. */
#include <stdio.h>
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/result/numfmt.h"

static void emit(const struct yg_builder *b, struct yg_buf *out)
{
	yg_builder_emit_block(b, "endpoint", out);
}

static bool labels(const char *word)
{
	return !strcmp(word, "event") || !strcmp(word, "compete");
}

static const char *hint(const char *word)
{
	static const struct {
		const char *word, *hint;
	} hints[] = {
		{ "name", N_("a name: os") }, { "title", N_("what it is, in words") }, { "where", N_("rows that count: etype = 2") },
		{ "start", N_("a date column: time begins") }, { "time", N_("a column of times or of end dates: time in days") },
		{ "event", N_("a condition: status = 1, or: at DATECOLUMN") }, { "compete", N_("what makes the event impossible") },
		{ "censor", N_("date COLUMN, after 5y") }, { "until", N_("5y: follow-up is cut there") },
		{ "entry", N_("a column, or 180d: under observation from then") }, { "unit", N_("days, weeks, months or years: for display") },
		{ "each", N_("a column: one follow-up a person and value") }, { "between", N_("L and R: happened in between") },
		{ "clean", N_("time without an event before a new one counts") },
	};

	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
		if (!strcmp(hints[i].word, word))
			return _(hints[i].hint);
	return "";
}

static bool predicate(const char *word)
{
	return !strcmp(word, "where");
}

static void before(const struct yg_builder *b, const struct yg_row *row, struct yg_buf *out)
{
	(void)b;
	if (strcmp(row->word, "name") && strcmp(row->word, "title"))
		yg_buf_addf(out, "endpoint x:\n  %s ", row->word);
}

/* Of a defined endpoint its numbers by arm are shown below the check: followup of the cohort in use. */
static char *companion(struct yg_tui *t, const struct yg_builder *b)
{
	size_t gaps;
	char *text;

	(void)b;
	if (!t->view || !t->view->kind->slot || !t->view->kind->slot(t, t->view, "endpoint"))
		return NULL;
	text = yg_fill(t, "followup {endpoint} [by {group}] [on {cohort}]", &gaps);
	if (gaps) {
		yg_free(text);
		return NULL;
	}
	return text;
}

static const struct yg_result_table *table_of(const struct yg_result *r, const char *key)
{
	for (int i = 0; r && i < r->items; i++)
		if (r->item[i].kind == YG_ITEM_TABLE && !strcmp(r->item[i].table->key, key))
			return r->item[i].table;
	return NULL;
}

static int column_of(const struct yg_result_table *t, const char *key)
{
	for (int j = 0; t && j < t->columns; j++)
		if (!strcmp(t->column[j].key, key))
			return j;
	return -1;
}

/* A line an arm: persons, events, time at risk, median follow-up. */
static int arms(const struct yg_result *r, const char *by, struct yg_canvas *c, struct yg_rect at)
{
	static const struct {
		const char *key, *head;
		int width;
	} columns[] = { { "persons", N_("PERSONS"), 9 }, { "events", N_("EVENTS"), 9 }, { "time", N_("TIME AT RISK"), 14 },
		        { "median", N_("FOLLOW-UP"), 12 }, { "lower", N_("FROM"), 10 }, { "upper", N_("TO"), 10 } };
	const struct yg_result_table *t = table_of(r, "followup");
	const char *unit = t && column_of(t, "time") >= 0 ? t->column[column_of(t, "time")].unit : NULL;
	struct yg_buf text = YG_BUF_INIT;

	if (!t || at.rows < 2)
		return 0;
	yg_buf_addf(&text, "%s%s%s", by, unit ? ", " : "", unit ? _(unit) : "");
	yg_canvas_field(c, at.row, at.column, 30, -1, YG_TUI_TITLE, text.data);
	for (int i = -1; i < t->rows && i + 1 < at.rows; i++) {
		int row = at.row + i + 1, column = at.column + 31;
		if (i >= 0)
			yg_canvas_field(c, row, at.column + 1, 29, -1, YG_TUI_TEXT, yg_phrase_shown(t->row[i].label));
		for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) {
			int j = column_of(t, columns[k].key);
			if (j < 0 || column + columns[k].width > at.column + at.columns)
				break;
			yg_buf_clear(&text);
			if (i >= 0)
				yg_numfmt_cell(&text, yg_result_cell(t, i, j));
			yg_canvas_field(c, row, column, columns[k].width, 1, i < 0 ? YG_TUI_TITLE : YG_TUI_TEXT, i < 0 ? _(columns[k].head) : text.data);
			column += columns[k].width + 1;
		}
	}
	yg_buf_release(&text);
	return t->rows + 1 < at.rows ? t->rows + 1 : at.rows;
}

static void below(struct yg_tui *t, struct yg_builder *b, struct yg_canvas *c, struct yg_rect r, int at)
{
	const char *refusal;
	const struct yg_result *ahead = yg_builder_ahead(t, b, &refusal);
	const struct yg_result *check = b->dirty && ahead ? ahead : b->result;
	int used = 0;

	(void)at;
	used += yg_problem_draw(t, b, c, r);
	if (b->dirty && refusal && b->unfinished < 0)
		used += yg_draw_wrapped(c, (struct yg_rect){ r.row + used, 2, r.rows - used, r.columns - 3 }, YG_TUI_WARNING, refusal);
	if (!b->dirty && ahead && r.rows - used >= 5) {
		char *on = strstr(b->draft, " by ") ? yg_xstrdup(strstr(b->draft, " by ") + 1) : yg_xstrdup(_("all"));
		used += arms(ahead, on, c, (struct yg_rect){ r.row + used, 2, r.rows - used - 2, r.columns - 3 });
		yg_free(on);
	}
	if (check)
		yg_builder_show_result(t, check, c, (struct yg_rect){ r.row + used, 0, r.rows - used, r.columns });
	else if (!used)
		yg_draw_wrapped(c, (struct yg_rect){ r.row, 2, r.rows, r.columns - 3 }, YG_TUI_DIM,
		                _("w defines it; the check then shows events, censoring and what is unknown."));
}

static bool key(struct yg_tui *t, struct yg_view *v, struct yg_builder *b, int k)
{
	const char *name = yg_builder_text(b, "name");

	if (k == 'n')
		return yg_problem_next(t, v);
	/* K moves rows in other editors; of an endpoint the order of clauses says little, and K draws its curves. */
	if (k == 'K' || k == 'L')
		return b->dirty ? (yg_tui_message(t, YG_TUI_WARNING, "%s", _("! w writes the draft first")), true) : yg_tui_binding(t, v, k);
	if (k == 'o' && !b->dirty && *name) {
		yg_tui_push(t, yg_view_model(t, NULL, "cox", name));
		return true;
	}
	return false;
}

static void reload(struct yg_tui *t, struct yg_builder *b, const struct yg_object *o)
{
	(void)t;
	yg_builder_read_block(b, o->statement);
}

static const struct yg_builder_kind kind = {
	.name = "endpoint", .place = YG_PLACE_ENDPOINTS, .words = "event compete censor where start time entry until each between clean unit",
	.hints = N_("Enter edit  + add  t kind of clause  l label  w write  d delete  Tab table  n problem rows  K curves  L log-rank  o Cox model  ? help  q back"),
	.emit = emit, .labels = labels, .hint = hint, .below = below, .key = key, .before = before, .predicate = predicate,
	.ahead = true, .companion = companion, .object = YG_OBJECT_ENDPOINT, .reload = reload,
};

struct yg_view *yg_view_endpoint(struct yg_tui *t, const char *name)
{
	static const char *const words[] = { "where", "start", "time", "event", "compete", "censor", "unit" };
	struct yg_view *v = yg_builder_view(t, &kind, name);
	struct yg_builder *b = yg_builder_of(v);

	if (b->rows)
		return v;
	yg_builder_add(b, 0, "name", NULL, yg_free_name(t, "endpoint"))->fixed = true;
	yg_builder_add(b, 1, "title", NULL, NULL)->fixed = true;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		yg_builder_add(b, b->rows, words[i], NULL, NULL);
	yg_builder_touch(b);
	return v;
}
