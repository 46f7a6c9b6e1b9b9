/* A model built term by term: outcome, terms, strata; every change makes the whole new command. */
#include <ctype.h>
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/text.h"
#include "yogo/lang/parse.h"
#include "yogo/lang/print.h"
#include "yogo/result/numfmt.h"

static const char *const clause_words[] = { "by", "strata", "cluster", "on", "where", "with", "as" };

static void emit(const struct yg_builder *b, struct yg_buf *out)
{
	size_t terms = 0;
	const char *outcome = yg_builder_text(b, "outcome");

	yg_buf_addf(out, "%s %s ~ ", yg_builder_text(b, "verb"), *outcome ? outcome : "OUTCOME");
	for (size_t i = 0; i < b->rows; i++)
		if (!strcmp(b->row[i].word, "term") && *b->row[i].text && !b->row[i].off)
			yg_buf_addf(out, "%s%s", terms++ ? " + " : "", b->row[i].text);
	if (!terms)
		yg_buf_adds(out, "TERMS");
	for (size_t i = 0; i < sizeof clause_words / sizeof *clause_words; i++) {
		const char *text = yg_builder_text(b, clause_words[i]);
		if (*text)
			yg_buf_addf(out, " %s %s", clause_words[i], text);
	}
}

static const char *hint(const char *word)
{
	static const struct {
		const char *word, *hint;
	} hints[] = {
		{ "verb", N_("cox, linear, logit, poisson") }, { "outcome", N_("an endpoint, or a column") },
		{ "term", N_("a column, rcs(age, 4), rx*sex") }, { "strata", N_("columns: baseline of their own") },
		{ "cluster", N_("the person, when there are several rows each") }, { "by", N_("the model in each level") },
		{ "on", N_("a cohort; empty = the population in use") }, { "where", N_("rows that count") },
		{ "with", N_("ties=efron, conf=0.95") }, { "as", N_("a name for the result") },
	};

	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
		if (!strcmp(hints[i].word, word))
			return _(hints[i].hint);
	return "";
}

static void before(const struct yg_builder *b, const struct yg_row *row, struct yg_buf *out)
{
	const char *verb = yg_builder_text(b, "verb"), *outcome = yg_builder_text(b, "outcome");

	if (!strcmp(row->word, "verb") || !strcmp(row->word, "as"))
		return;
	yg_buf_addf(out, "%s ", verb);
	if (!strcmp(row->word, "outcome"))
		return;
	yg_buf_addf(out, "%s ~ ", outcome);
	if (strcmp(row->word, "term"))
		yg_buf_addf(out, "1 %s ", row->word);
}

static bool predicate(const char *word)
{
	return !strcmp(word, "where");
}

/* What the draft would give, and what the model it is made from gave: persons and events are compared at a glance. */
static int used_line(struct yg_canvas *c, int row, int columns, const char *words, const struct yg_result *r, enum yg_tui_role role)
{
	const struct {
		const struct yg_cell *cell;
		const char *words;
	} parts[] = { { &r->persons, N_("persons") }, { &r->events, N_("events") }, { &r->dropped, N_("left out") } };
	struct yg_buf text = YG_BUF_INIT;

	yg_buf_addf(&text, "%s  ", words);
	for (size_t i = 0; i < 3; i++)
		if (parts[i].cell->state != YG_CELL_EMPTY) {
			yg_buf_adds(&text, "  ");
			yg_numfmt_cell(&text, parts[i].cell);
			yg_buf_addf(&text, " %s", _(parts[i].words));
		}
	yg_canvas_field(c, row, 2, columns - 3, -1, role, text.data);
	yg_buf_release(&text);
	return 1;
}

static void below(struct yg_tui *t, struct yg_builder *b, struct yg_canvas *c, struct yg_rect r, int at)
{
	const char *refusal;
	const struct yg_result *ahead = yg_builder_ahead(t, b, &refusal), *shown = ahead ? ahead : b->result;
	int used = 0;

	(void)at;
	if (b->result) {
		char *from = yg_xasprintf(_("%s, from which this is made:"), b->name);
		used += used_line(c, r.row, r.columns, from, b->result, ahead ? YG_TUI_DIM : YG_TUI_TITLE);
		yg_free(from);
	}
	if (ahead && used < r.rows)
		used += used_line(c, r.row + used, r.columns, _("as it stands here:"), ahead, YG_TUI_TITLE);
	if (refusal && b->unfinished < 0)
		used += yg_draw_wrapped(c, (struct yg_rect){ r.row + used, 2, r.rows - used, r.columns - 3 }, YG_TUI_WARNING, refusal);
	if (shown && r.rows > used)
		yg_builder_show_result(t, shown, c, (struct yg_rect){ r.row + used, 0, r.rows - used, r.columns });
}

/* + and - as on the page of the result: the row they act on is found here. */
static bool key(struct yg_tui *t, struct yg_view *v, struct yg_builder *b, int k)
{
	size_t last = 0, strata = 0;

	for (size_t i = 0; i < b->rows; i++) {
		if (!strcmp(b->row[i].word, "term"))
			last = i;
		if (!strcmp(b->row[i].word, "strata"))
			strata = i;
	}
	switch (k) {
	case 's':
		yg_builder_edit(t, v, strata);
		return true;
	case '-': case 'd':
		if (strcmp(b->row[v->cursor].word, "term")) {
			v->cursor = last;
			yg_tui_message(t, YG_TUI_MESSAGE, "%s", _("- again takes this term out"));
			return true;
		}
		return false;
	case '+': case 'n':
		if (strcmp(b->row[v->cursor].word, "term"))
			v->cursor = last;
		return false;
	default: return false;
	}
}

static const struct yg_builder_kind kind = {
	.name = "model", .place = YG_PLACE_RESULTS, .words = "term",
	.hints = N_("Enter edit  + term  - term  s strata  J K move  Space leave out  w run  Tab result  ? help  q back"),
	.emit = emit, .hint = hint, .below = below, .key = key, .before = before, .predicate = predicate,
	.ahead = true,
};

/* ---- reading a model back ---- */

/* Options that say what holds anyway are left out: the resolved text writes them all. */
static void read_options(const struct yg_node *options, const struct yg_verb_spec *verb, struct yg_buf *out)
{
	for (uint32_t i = 0; i < options->children; i++) {
		const struct yg_node *o = options->child[i];
		const struct yg_option_spec *spec = yg_verb_option(verb, o->text);
		struct yg_buf value = YG_BUF_INIT;
		if (o->children)
			yg_print_expression(o->child[0], &value);
		if (!spec || !spec->standard || !o->children || strcmp(spec->standard, value.data))
			yg_buf_addf(out, "%s%s%s%s", out->len ? ", " : "", o->text, o->children ? "=" : "", value.data);
		yg_buf_release(&value);
	}
}

static void set(struct yg_builder *b, const char *word, const char *text)
{
	struct yg_row *row = yg_builder_row(b, word);

	yg_free(row->text);
	row->text = yg_xstrdup(text);
}

static void read_part(struct yg_builder *b, const struct yg_node *part, const struct yg_verb_spec *verb)
{
	struct yg_buf text = YG_BUF_INIT;
	const char *space;

	switch (part->kind) {
	case YG_NODE_LIST:
		for (uint32_t i = 0; i < part->children; i++) {
			yg_buf_adds(&text, i ? ", " : "");
			yg_print_expression(part->child[i], &text);
		}
		set(b, "outcome", text.data);
		break;
	case YG_NODE_FORMULA: {
		const struct yg_node *model = part->children ? part->child[0] : NULL;
		for (uint32_t i = 0; model && i < model->children; i++) {
			yg_buf_clear(&text);
			yg_print_expression(model->child[i], &text);
			yg_builder_add(b, 2 + i, "term", NULL, text.data);
		}
		break;
	}
	case YG_NODE_OPTIONS:
		read_options(part, verb, &text);
		set(b, "with", text.data);
		break;
	case YG_NODE_AS:
		break;   /* the new model is another one: it gets a name of its own */
	default:
		yg_print_clause(part, &text);
		space = strchr(text.data, ' ');
		for (size_t i = 0; space && i < sizeof clause_words / sizeof *clause_words; i++)
			if (!strncmp(clause_words[i], text.data, (size_t)(space - text.data)) && strlen(clause_words[i]) == (size_t)(space - text.data))
				set(b, clause_words[i], space + 1);
	}
	yg_buf_release(&text);
}

static void read_model(struct yg_builder *b, const char *text)
{
	struct yg_arena arena;
	struct yg_node *n = NULL;
	size_t offset = 0;

	yg_arena_init(&arena);
	if (yg_parse_next(&arena, text, strlen(text), &offset, &n, NULL) == YG_OK && n && n->kind == YG_NODE_COMMAND && yg_verb_find(n->text)) {
		set(b, "verb", n->text);
		for (uint32_t i = 0; i < n->children; i++)
			read_part(b, n->child[i], yg_verb_find(n->text));
	}
	yg_arena_release(&arena);
}

struct yg_view *yg_view_model(struct yg_tui *t, const char *from_result, const char *verb, const char *outcome)
{
	struct yg_view *v = yg_builder_view(t, &kind, from_result);
	struct yg_builder *b = yg_builder_of(v);
	const struct yg_object *o = from_result ? yg_state_find(yg_session_state(t->session), from_result) : NULL;
	const struct yg_object *endpoint = yg_last_object(t, YG_OBJECT_ENDPOINT);

	yg_builder_add(b, 0, "verb", NULL, verb ? verb : "cox")->fixed = true;
	yg_builder_add(b, 1, "outcome", NULL, outcome ? outcome : endpoint && !o ? endpoint->name : "")->fixed = true;
	for (size_t i = 0; i < sizeof clause_words / sizeof *clause_words; i++)
		yg_builder_add(b, b->rows, clause_words[i], NULL, NULL)->fixed = true;
	if (o && o->result) {
		b->result = yg_result_ref(o->result);
		read_model(b, o->text ? o->text : o->result->command);
	} else if (yg_cohort_name(t)) {
		set(b, "on", yg_cohort_name(t));
	}
	if (!yg_builder_row(b, "term"))
		yg_builder_add(b, 2, "term", NULL, o ? "" : yg_group_column(t));
	v->cursor = 2;
	return v;
}
