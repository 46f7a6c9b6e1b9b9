/* An endpoint as a form: its clauses, and below what its check found. */
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/i18n.h"

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

static void below(struct yg_tui *t, struct yg_builder *b, struct yg_canvas *c, struct yg_rect r, int at)
{
	(void)at;
	if (b->result)
		yg_builder_show_result(t, b->result, c, r);
	else
		yg_canvas_field(c, r.row, 2, r.columns - 3, -1, YG_TUI_DIM, _("w defines it; the check then shows events, censoring and what is unknown."));
}

static bool key(struct yg_tui *t, struct yg_view *v, struct yg_builder *b, int k)
{
	const char *name = yg_builder_text(b, "name");

	(void)v;
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
	.hints = N_("Enter edit  + add  t kind of clause  l label  w write  d delete  Tab table  K curves  L log-rank  o Cox model  ? help  q back"),
	.emit = emit, .labels = labels, .hint = hint, .below = below, .key = key, .before = before, .predicate = predicate,
	.object = YG_OBJECT_ENDPOINT, .reload = reload,
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
