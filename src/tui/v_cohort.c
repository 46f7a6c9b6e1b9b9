/*
 * A cohort as it is built: who is left after each step, what each step takes alone, what comes back
 * without it.  Leaving out and moving steps is only looking; w writes the variant as a cohort of its own.
 */
#include <stdio.h>
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/text.h"
#include "yogo/lang/parse.h"
#include "yogo/result/numfmt.h"

#define WIDTH 9   /* of a column of numbers */

static const struct yg_result_table *attrition(const struct yg_result *r)
{
	for (int i = 0; r && i < r->items; i++)
		if (r->item[i].kind == YG_ITEM_TABLE && !strcmp(r->item[i].table->key, "attrition"))
			return r->item[i].table;
	return NULL;
}

static const struct yg_cell *cell(const struct yg_result_table *t, int step, const char *column)
{
	for (int j = 0; t && step < t->rows && j < t->columns; j++)
		if (!strcmp(t->column[j].key, column))
			return yg_result_cell(t, step, j);
	return NULL;
}

static bool number(const struct yg_cell *c, int64_t *out)
{
	if (!c || (c->state != YG_CELL_SHOWN && c->state != YG_CELL_ROUNDED) || c->value.kind != YG_VALUE_INTEGER)
		return false;
	*out = c->value.integer;
	return true;
}

/* Rows up to here are the steps of the definition, in its order: their numbers hold. */
static bool still_true(const struct yg_builder *b, size_t row)
{
	int expected = 1;

	for (size_t i = 0; i <= row && i < b->rows; i++) {
		const struct yg_row *r = &b->row[i];
		if (strcmp(r->word, "require") && strcmp(r->word, "exclude"))
			continue;
		if (r->off || r->changed || r->origin != expected)
			return false;
		expected++;
	}
	return true;
}

struct shown_column {
	const char *key, *head;
	bool extra;               /* from the attrition asked for with alone and drop_one */
	bool in_order;            /* holds only while the steps before are as defined */
};
static const struct shown_column columns[] = {
	{ "persons", N_("LEFT"), false, true }, { "lost", N_("LOST"), false, true }, { "unknown", N_("UNKNOWN"), false, true },
	{ "alone", N_("ALONE"), true, false }, { "drop_one", N_("WITHOUT"), true, false },
};

static bool is_rule(const struct yg_row *row)
{
	return !strcmp(row->word, "require") || !strcmp(row->word, "exclude");
}

/* The step that the row is in the draft looked at ahead, 0 = none. */
static int step_of(const struct yg_builder *b, size_t row)
{
	int step = 0;

	if (b->row[row].off || (int)row == b->unfinished)
		return 0;
	for (size_t i = 0; i <= row; i++)
		step += is_rule(&b->row[i]) && !b->row[i].off && (*b->row[i].text || i == row) && (int)i != b->unfinished;
	return step;
}

static bool wanted(const struct yg_builder *b, const struct shown_column *k, int width)
{
	if (k->extra)
		return b->extra && cell(attrition(b->extra), 1, k->key);
	return strcmp(k->key, "unknown") || width >= 100 || !b->extra;
}

/* The cell of a row; *words is set when there is none yet. */
static const struct yg_cell *cell_of(struct yg_tui *t, const struct yg_builder *b, const struct yg_result_table *ahead, size_t row,
                                     const struct shown_column *k, const char **words)
{
	const struct yg_result_table *defined = attrition(b->result);
	const struct yg_row *r = &b->row[row];
	bool holds;

	*words = "";
	if (!strcmp(r->word, "name"))
		return k->extra ? NULL : cell(ahead ? ahead : defined, 0, k->key);
	if (!is_rule(r) || r->off)
		return NULL;
	if (k->extra)
		return r->changed || !r->origin ? NULL : cell(attrition(b->extra), r->origin, k->key);
	if (ahead)
		return step_of(b, row) ? cell(ahead, step_of(b, row), k->key) : NULL;
	holds = !r->changed && r->origin && still_true(b, row);
	if (!holds)
		*words = yg_tui_ahead_pending(t) ? "..." : _("draft");
	return holds ? cell(defined, r->origin, k->key) : NULL;
}

static int beside(struct yg_tui *t, struct yg_builder *b, size_t row, struct yg_canvas *c, struct yg_rect r, int at)
{
	const struct yg_result_table *ahead = attrition(yg_builder_ahead(t, b, NULL));
	int used = 0, n = 0, column;

	if (!attrition(b->result) && !ahead)
		return 0;
	for (size_t k = 0; k < sizeof columns / sizeof *columns; k++)
		n += wanted(b, &columns[k], r.columns);
	used = n * WIDTH + 1;
	column = r.columns - used;
	for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) {
		struct yg_buf text = YG_BUF_INIT;
		const struct yg_cell *v = NULL;
		const char *words = "";
		if (!wanted(b, &columns[k], r.columns))
			continue;
		if (row == (size_t)-1)
			words = _(columns[k].head);
		else
			v = cell_of(t, b, ahead, row, &columns[k], &words);
		yg_buf_adds(&text, words);
		if (v && v->state != YG_CELL_EMPTY)
			yg_numfmt_cell(&text, v);
		yg_canvas_field(c, at, column, WIDTH, 1, row == (size_t)-1 ? YG_TUI_TITLE : *words ? YG_TUI_DRAFT : YG_TUI_TEXT, text.data);
		column += WIDTH;
		yg_buf_release(&text);
	}
	return used;
}

/* What the numbers in sight say of the variant: counted ahead, or from what drop_one counted. */
static void what_if(struct yg_tui *t, const struct yg_builder *b, struct yg_buf *out)
{
	const struct yg_result_table *table = attrition(b->result), *ahead = attrition(yg_builder_ahead(t, b, NULL));
	int64_t now, then, gain;
	int off = 0, step = 0;
	bool other = false;

	for (size_t i = 0; i < b->rows; i++) {
		if (b->row[i].off) {
			off++;
			step = b->row[i].origin;
		}
		other |= b->row[i].changed;
	}
	if (b->dirty && table && ahead && number(cell(ahead, ahead->rows - 1, "persons"), &then) &&
	    number(cell(table, table->rows - 1, "persons"), &now))
		yg_buf_addf(out, _("What if: %lld persons stay, %+lld against %s as it is defined. w writes it."), (long long)then,
		            (long long)(then - now), b->name);
	else if (!off || !table)
		return;
	else if (off == 1 && step && !other && number(cell(table, table->rows - 1, "persons"), &now) &&
	         number(cell(attrition(b->extra), step, "drop_one"), &gain))
		yg_buf_addf(out, _("What if: without step %d %lld persons stay, %lld more. w writes it."), step, (long long)(now + gain),
		            (long long)gain);
	else if (off == 1 && step && !other && !b->extra)
		yg_buf_adds(out, _("What if: a counts what each step takes alone, and what comes back without it. w writes the variant."));
	else
		yg_buf_adds(out, _("What if: how many stay is known when w has written the variant."));
}

static void add_names(const struct yg_node *n, const struct yg_query_column *column, size_t columns_, struct yg_map *out)
{
	for (size_t i = 0; n->kind == YG_NODE_NAME && n->text && i < columns_; i++)
		if (!strcmp(column[i].name, n->text))
			yg_map_put(out, n->text, out);
	for (uint32_t i = 0; i < n->children; i++)
		add_names(n->child[i], column, columns_, out);
}

/* Is it known that the column has no missing values? */
static bool complete_column(struct yg_tui *t, const char *name)
{
	const struct yg_object *d = yg_session_state(t->session)->dataset;
	bool found = false;

	for (int i = 0; d && d->result && i < d->result->items; i++) {
		const struct yg_result_table *table = d->result->item[i].kind == YG_ITEM_TABLE ? d->result->item[i].table : NULL;
		for (int row = 0; table && !strncmp(table->key, "columns.", 8) && row < table->rows; row++) {
			int64_t n;
			if (strcmp(table->row[row].key, name))
				continue;
			if (!number(cell(table, row, "missing"), &n) || n)
				return false;
			found = true;
		}
	}
	return found;
}

/* For whom the rule of the row in view is unknown, and what to write to keep them. */
static void unknown(struct yg_tui *t, const struct yg_builder *b, size_t at, struct yg_buf *out)
{
	const struct yg_result_table *ahead = attrition(yg_builder_ahead(t, b, NULL));
	const struct yg_row *row = at < b->rows ? &b->row[at] : NULL;
	const struct yg_cell *k = NULL;
	struct yg_query_column *column;
	struct yg_arena arena;
	struct yg_node *e;
	struct yg_map name;
	size_t n;
	int64_t count;

	if (row && is_rule(row) && !row->off)
		k = ahead ? (step_of(b, at) ? cell(ahead, step_of(b, at), "unknown") : NULL)
		          : row->origin && still_true(b, at) ? cell(attrition(b->result), row->origin, "unknown") : NULL;
	if (!k || k->state == YG_CELL_EMPTY || (number(k, &count) && !count))
		return;
	yg_arena_init(&arena);
	yg_map_init(&name);
	if (yg_parse_predicate(&arena, row->text, strlen(row->text), &e, NULL) == YG_OK) {
		n = yg_query_columns(yg_session_state(t->session), &arena, &column);
		add_names(e, column, n, &name);
		for (size_t i = name.count; i-- > 0;)
			if (complete_column(t, name.entry[i].key))
				yg_map_remove(&name, name.entry[i].key);
	}
	if (name.count) {
		yg_buf_adds(out, _("Unknown for "));
		yg_numfmt_cell(out, k);
		yg_buf_adds(out, _(": missing in "));
		for (size_t i = 0; i < name.count; i++)
			yg_buf_addf(out, "%s%s", i ? ", " : "", name.entry[i].key);
		if (strcmp(row->word, "require"))
			yg_buf_adds(out, _(". exclude keeps them."));
		else {
			yg_buf_addf(out, _(". require drops them. To keep them: (%s)"), row->text);
			for (size_t i = 0; i < name.count; i++)
				yg_buf_addf(out, " or %s is missing", name.entry[i].key);
		}
	}
	yg_map_release(&name);
	yg_arena_release(&arena);
}

static void below(struct yg_tui *t, struct yg_builder *b, struct yg_canvas *c, struct yg_rect r, int at)
{
	struct yg_buf text = YG_BUF_INIT;
	const char *refusal;
	const struct yg_result *ahead = yg_builder_ahead(t, b, &refusal), *shown = ahead ? ahead : b->result;
	struct yg_rect rest = { r.row, 2, r.rows, r.columns - 3 };
	int used = 0;

	if (b->unfinished < 0)
		what_if(t, b, &text);
	used += yg_draw_wrapped(c, rest, YG_TUI_DRAFT, text.data);
	yg_buf_clear(&text);
	if (at >= 0)
		unknown(t, b, (size_t)at, &text);
	rest = (struct yg_rect){ r.row + used, 2, r.rows - used, r.columns - 3 };
	used += yg_draw_wrapped(c, rest, YG_TUI_TEXT, text.data);
	yg_buf_release(&text);
	rest = (struct yg_rect){ r.row + used, 2, r.rows - used, r.columns - 3 };
	if (refusal && b->unfinished < 0)
		used += yg_draw_wrapped(c, rest, YG_TUI_WARNING, refusal);
	if (b->unfinished >= 0)
		shown = NULL;   /* what was counted is of the clause before it was changed */
	else if (!shown && !used)
		yg_draw_wrapped(c, rest, YG_TUI_DIM, _("+ adds a criterion: a condition such as age >= 18. It may carry a label (l)."));
	for (int i = 0; shown && i < shown->items && used < r.rows; i++) {
		struct yg_buf note = YG_BUF_INIT;
		if (shown->item[i].kind != YG_ITEM_NOTE || shown->item[i].note->kind == YG_NOTE_INFO)
			continue;
		yg_note_sentence(shown->item[i].note, &note);
		rest = (struct yg_rect){ r.row + used, 2, r.rows - used, r.columns - 3 };
		used += yg_draw_wrapped(c, rest, shown->item[i].note->kind == YG_NOTE_WARNING ? YG_TUI_WARNING : YG_TUI_DIM, note.data);
		yg_buf_release(&note);
	}
}

static void emit(const struct yg_builder *b, struct yg_buf *out)
{
	yg_builder_emit_block(b, "cohort", out);
}

static bool labels(const char *word)
{
	return !strcmp(word, "require") || !strcmp(word, "exclude");
}

static const char *hint(const char *word)
{
	return !strcmp(word, "name") ? _("a name: itt") : !strcmp(word, "title") ? _("what it is, in words")
	     : !strcmp(word, "require") ? _("a condition that must hold: age >= 18") : !strcmp(word, "exclude") ? _("a condition that must not hold: prior = 1")
	                                : "";
}

static bool predicate(const char *word)
{
	return labels(word);
}

static void before(const struct yg_builder *b, const struct yg_row *row, struct yg_buf *out)
{
	(void)b;
	if (strcmp(row->word, "name") && strcmp(row->word, "title"))
		yg_buf_addf(out, "cohort x:\n  %s ", row->word);
}

/* The rule of a step as a condition that is true for those who stay; NULL when it is no plain condition. */
static char *stays(const struct yg_row *row)
{
	struct yg_arena arena;
	struct yg_node *e;
	bool plain;

	yg_arena_init(&arena);
	plain = *row->text && yg_parse_predicate(&arena, row->text, strlen(row->text), &e, NULL) == YG_OK;
	yg_arena_release(&arena);
	return !plain ? NULL : !strcmp(row->word, "exclude") ? yg_xasprintf("not (%s)", row->text) : yg_xasprintf("(%s)", row->text);
}

/* Columns for a Table 1 when none is marked: up to eight that say one thing of a person, no text, no date. */
static void some_columns(struct yg_tui *t, struct yg_buf *out)
{
	struct yg_query_column *column;
	struct yg_arena arena;
	size_t n, taken = 0;
	bool several = false;

	yg_arena_init(&arena);
	n = yg_query_columns(yg_session_state(t->session), &arena, &column);
	for (size_t i = 0; i < n; i++)
		several |= !column[i].own;
	for (size_t i = 0; i < t->picked.count; i++)
		yg_buf_addf(out, "%s%s", taken++ ? ", " : "", t->picked.entry[i].key);
	for (size_t i = 0; i < n && !t->picked.count && taken < 8; i++)
		if (strcmp(column[i].type, "text") && strcmp(column[i].name, "id") && strcmp(column[i].type, "date") && !column[i].definition &&
		    !(several && column[i].own))
			yg_buf_addf(out, "%s%s", taken++ ? ", " : "", column[i].name);
	yg_arena_release(&arena);
}

/* Who leaves at the step against who stays, among those who came so far: a derived column and a Table 1. */
static void leavers(struct yg_tui *t, struct yg_view *v, const struct yg_builder *b)
{
	const struct yg_row *row = &b->row[v->cursor];
	char *rule = labels(row->word) ? stays(row) : NULL;
	struct yg_buf text = YG_BUF_INIT;
	const char *name = yg_free_name(t, "stays");
	bool first = true;

	if (!rule) {
		yg_tui_message(t, YG_TUI_WARNING, "%s", _("! v compares leavers and stayers of a step with a plain condition"));
		return;
	}
	yg_buf_addf(&text, "let %s = %s; table1 ", name, rule);
	some_columns(t, &text);
	yg_buf_addf(&text, " by %s", name);
	for (size_t i = 0; i < v->cursor; i++) {
		char *before_it = labels(b->row[i].word) && !b->row[i].off ? stays(&b->row[i]) : NULL;
		if (before_it)
			yg_buf_addf(&text, "%s%s", first ? " where " : " and ", before_it);
		first &= !before_it;
		yg_free(before_it);
	}
	yg_buf_adds(&text, " with smd");
	yg_tui_prompt(t, text.data);
	yg_buf_release(&text);
	yg_free(rule);
}

/* A variant gets a name of its own while steps are left out, so that the cohort itself is not written over. */
static void name_variant(struct yg_tui *t, struct yg_builder *b)
{
	struct yg_row *row = yg_builder_row(b, "name");
	bool off = false;
	char *prefix;

	for (size_t i = 0; i < b->rows; i++)
		off |= b->row[i].off;
	if (!*b->name || (off && strcmp(row->text, b->name)))
		return;
	yg_free(row->text);
	prefix = yg_xasprintf("%s_", b->name);
	row->text = yg_xstrdup(off ? yg_free_name(t, prefix) : b->name);
	yg_free(prefix);
}

static bool key(struct yg_tui *t, struct yg_view *v, struct yg_builder *b, int k)
{
	if (k == 'v' && v->cursor < b->rows) {
		leavers(t, v, b);
		return true;
	}
	if (k == ' ' && v->cursor < b->rows && !b->row[v->cursor].fixed) {
		b->row[v->cursor].off = !b->row[v->cursor].off;
		name_variant(t, b);
		return true;
	}
	return false;
}

static void reload(struct yg_tui *t, struct yg_builder *b, const struct yg_object *o)
{
	(void)t;
	yg_builder_read_block(b, o->statement);
}

/* The newest attrition of this cohort with alone and drop_one, made after the cohort was. */
static void extra(struct yg_tui *t, struct yg_builder *b, const struct yg_object *o)
{
	const struct yg_state *s = yg_session_state(t->session);
	size_t n = strlen(o->name);

	yg_result_unref(b->extra);
	b->extra = NULL;
	for (size_t i = s->objects; i-- > 0 && s->object[i] != o;) {
		struct yg_result *r = s->object[i]->result;
		const char *target = r && s->object[i]->kind == YG_OBJECT_RESULT && !strcmp(r->verb, "attrition") ? strstr(r->command, "attrition ") : NULL;
		if (target && !strncmp(target + 10, o->name, n) && (target[10 + n] == '\0' || target[10 + n] == ' ') &&
		    cell(attrition(r), 1, "drop_one")) {
			b->extra = yg_result_ref(r);
			return;
		}
	}
}

static const struct yg_builder_kind kind = {
	.name = "cohort", .place = YG_PLACE_COHORTS, .words = "require exclude",
	.hints = N_("Enter edit  + add  l label  Space what if  J K move  w write  a alone  v leavers  F flow  d delete  t require/exclude  Tab table  ? help"),
	.emit = emit, .labels = labels, .hint = hint, .beside = beside, .below = below, .key = key, .before = before,
	.predicate = predicate, .ahead = true, .object = YG_OBJECT_COHORT, .reload = reload, .extra = extra,
};

struct yg_view *yg_view_cohort(struct yg_tui *t, const char *name, const char *criterion)
{
	struct yg_view *v = yg_builder_view(t, &kind, name);
	struct yg_builder *b = yg_builder_of(v);

	if (b->rows)
		return v;
	yg_builder_add(b, 0, "name", NULL, yg_free_name(t, "cohort"))->fixed = true;
	/* part of a command, so never translated */
	yg_builder_add(b, 1, "title", NULL, criterion ? "from a filter" : "")->fixed = true;
	if (criterion)
		yg_builder_add(b, 2, "require", NULL, criterion)->changed = true;
	v->cursor = criterion ? b->rows - 1 : 0;
	yg_builder_touch(b);
	return v;
}
