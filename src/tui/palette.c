/*
 * The palette: a command line that searches as one types.  Verbs with their help, keys of the view in
 * sight, and what ran before; a text that is a command already is run as it is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/text.h"
#include "yogo/lang/spec.h"

enum item_kind { ITEM_VERB, ITEM_KEY, ITEM_PAST, ITEM_SETTING };

struct item {
	enum item_kind kind;
	const char *show;      /* usage, words, or the text that ran */
	const char *search;    /* what is searched beside it */
	const char *template;  /* for the prompt, NULL = made from the verb */
	const struct yg_verb_spec *verb;
	int key;
	int score, order;
};
struct yg_palette {
	struct item *item;
	size_t items, cap;
	struct item **found;
	size_t founds;
	size_t cursor, top;
	bool past;             /* only what ran before */
	char *searched;        /* the pattern that found[] is for */
	struct yg_arena arena;
};

static void add(struct yg_palette *p, struct item item)
{
	YG_GROW(p->item, p->items, p->cap);
	item.order = (int)p->items;
	p->item[p->items++] = item;
}

static void add_verbs(struct yg_palette *p)
{
	size_t n;
	const struct yg_verb_spec *spec = yg_verb_specs(&n);

	for (size_t i = 0; i < n; i++)
		if (spec[i].available)
			add(p, (struct item){ .kind = ITEM_VERB, .show = spec[i].usage, .verb = &spec[i],
			                      .search = yg_arena_printf(&p->arena, "%s %s %s", spec[i].name, _(spec[i].summary), spec[i].group) });
	spec = yg_statement_specs(&n);
	for (size_t i = 0; i < n; i++)
		if (spec[i].available)
			add(p, (struct item){ .kind = ITEM_VERB, .show = spec[i].usage, .verb = &spec[i],
			                      .search = yg_arena_printf(&p->arena, "%s %s", spec[i].name, _(spec[i].summary)) });
}

static void add_keys(struct yg_tui *t, struct yg_palette *p)
{
	static const struct {
		int key;
		const char *words;
	} common[] = {
		{ '1', N_("go to Data") }, { '2', N_("go to Cohorts") }, { '3', N_("go to Endpoints") }, { '4', N_("go to Results") },
		{ '5', N_("go to Journal") }, { 'u', N_("undo the last command") }, { YG_CTRL('R'), N_("redo what was undone") },
		{ 'g', N_("glyphs of figures: braille, blocks, ASCII") }, { 'M', N_("mouse on or off") }, { 'E', N_("the whole last message") },
		{ 'y', N_("copy the command of this screen to the command line") }, { '?', N_("help for this view") }, { 'Q', N_("leave yogo") },
	};
	size_t n, settings;
	const struct yg_binding *b = yg_bindings(&n);
	const struct yg_setting *setting = yg_settings(&settings);
	char name[16];

	for (size_t i = 0; i < n; i++)
		if (!strcmp(b[i].view, t->view->kind->name))
			add(p, (struct item){ .kind = ITEM_KEY, .show = _(b[i].words), .template = b[i].template, .key = b[i].key,
			                      .search = yg_arena_printf(&p->arena, "%s key %s", b[i].template, yg_key_name(b[i].key, name)) });
	for (size_t i = 0; i < settings; i++)
		add(p, (struct item){ .kind = ITEM_SETTING, .show = setting[i].text, .template = setting[i].text, .search = _(setting[i].words) });
	for (size_t i = 0; i < sizeof common / sizeof *common; i++)
		add(p, (struct item){ .kind = ITEM_KEY, .show = _(common[i].words), .key = common[i].key,
		                      .search = yg_arena_printf(&p->arena, "key %s", yg_key_name(common[i].key, name)) });
}

static int by_score(const void *a, const void *b)
{
	const struct item *x = *(struct item *const *)a, *y = *(struct item *const *)b;

	return x->score != y->score ? (x->score < y->score ? 1 : -1) : x->order - y->order;
}

/* Every word must be found, in what is shown or in the help behind it; letters apart only in what is shown. */
static int word_scores(const char *words, const struct item *it)
{
	int total = 0;

	while (*(words += strspn(words, " "))) {
		size_t n = strcspn(words, " ");
		char *word = yg_xstrndup(words, n), *start = yg_xstrndup(it->show, 24);
		bool in_help = strcasestr(it->search, word) != NULL, in_show = strcasestr(it->show, word) != NULL;
		int score = in_show ? yg_fuzzy_score(word, it->show, NULL) + 15 : in_help ? yg_fuzzy_score(word, it->search, NULL)
		                                                                         : yg_fuzzy_score(word, start, NULL);
		yg_free(start);
		yg_free(word);
		if (score < 0)
			return -1;
		total += score;
		words += n;
	}
	return total;
}

static void search(struct yg_palette *p, const char *words)
{
	const char *pattern = words;
	bool past = p->past;

	if (p->searched && !strcmp(p->searched, pattern))
		return;
	yg_free(p->searched);
	p->searched = yg_xstrdup(pattern);
	p->founds = 0;
	p->cursor = p->top = 0;
	for (size_t i = 0; i < p->items; i++) {
		struct item *it = &p->item[i];
		if (past != (it->kind == ITEM_PAST) && (past || !words[0]))
			continue;
		it->score = word_scores(words, it);
		/* what the verb is called counts more than what its help says */
		if (it->verb && words[0]) {
			size_t n = strcspn(words, " "), len = strlen(it->verb->name);
			if (n <= len && strncmp(it->verb->name, words, n) == 0)
				it->score += n == len ? 500 : 200;
		}
		if (it->kind == ITEM_PAST && it->score >= 0)
			it->score -= 30;
		if (it->score >= 0 || !words[0])
			p->found[p->founds++] = it;
	}
	if (words[0])
		qsort(p->found, p->founds, sizeof *p->found, by_score);
}

struct yg_palette *yg_palette_new(struct yg_tui *t, const char *start, bool past)
{
	struct yg_palette *p = yg_xcalloc(1, sizeof *p);

	p->past = past;
	yg_arena_init(&p->arena);
	add_verbs(p);
	add_keys(t, p);
	for (size_t i = t->history.count; i-- > 0;)
		add(p, (struct item){ .kind = ITEM_PAST, .show = yg_arena_strdup(&p->arena, t->history.entry[i].key), .search = "history" });
	p->found = yg_xcalloc(p->items + 1, sizeof *p->found);
	yg_edit_set(&t->prompt, start);
	t->history_at = t->history.count;
	search(p, start);
	return p;
}

void yg_palette_free(struct yg_palette *p)
{
	yg_arena_release(&p->arena);
	yg_free(p->searched);
	yg_free(p->found);
	yg_free(p->item);
	yg_free(p);
}

/* A verb and something behind it (or a verb that stands alone) is a command, not a search. */
static bool is_command(const char *text)
{
	char *word;
	const struct yg_verb_spec *spec;
	size_t n;
	bool more;

	text += strspn(text, " ");
	n = strcspn(text, " ");
	more = text[n] && text[n + strspn(text + n, " ")];
	word = yg_xstrndup(text, n);
	spec = yg_verb_find(word);
	if (!spec)
		spec = yg_statement_find(word);
	yg_free(word);
	return spec && (more || spec->target == YG_TARGET_NONE || spec->target_optional);
}

/* The template of a verb, from what it takes. */
static void verb_template(const struct yg_verb_spec *v, struct yg_buf *out)
{
	static const char *const target[] = {
		[YG_TARGET_NONE] = "", [YG_TARGET_COLUMNS] = " {columns}", [YG_TARGET_ENDPOINT] = " {endpoint}",
		[YG_TARGET_ENDPOINTS] = " {endpoint}", [YG_TARGET_RESULT] = " {result}", [YG_TARGET_RESULTS] = " {result}",
		[YG_TARGET_COHORT] = " {cohort}", [YG_TARGET_OBJECT] = " NAME", [YG_TARGET_ANY] = " NAME",
	};

	yg_buf_adds(out, v->name);
	if (!strcmp(v->group, "statement")) {
		yg_buf_addc(out, ' ');
		return;
	}
	if (!v->target_optional)
		yg_buf_adds(out, target[v->target]);
	if (v->formula)
		yg_buf_adds(out, " ~ TERMS");
	if (v->clauses & YG_CLAUSE_BY && !v->formula)
		yg_buf_adds(out, " [by {group}]");
	if (v->clauses & YG_CLAUSE_ON)
		yg_buf_adds(out, " [on {cohort}]");
	if (v->clauses & YG_CLAUSE_TO && v->effect == YG_EFFECT_OUTSIDE)
		yg_buf_addf(out, " to \"%s\"", !strcmp(v->name, "save") ? "session.yogo" : !strcmp(v->name, "export") ? "result.csv" : "report.html");
}

static char *filled(struct yg_tui *t, const struct item *it, size_t *gaps)
{
	struct yg_buf template = YG_BUF_INIT;
	char *text;

	*gaps = 0;
	if (it->kind == ITEM_PAST)
		return yg_xstrdup(it->show);
	if (it->kind == ITEM_KEY && !it->template)
		return NULL;
	if (it->template)
		yg_buf_adds(&template, it->template);
	else
		verb_template(it->verb, &template);
	text = yg_fill(t, template.data, gaps);
	yg_buf_release(&template);
	return text;
}

/* ---- drawing ---- */

static const char *what_is_lacking(const struct item *it)
{
	if (!it->verb)
		return "";
	switch (it->verb->target) {
	case YG_TARGET_ENDPOINT: case YG_TARGET_ENDPOINTS: return _("an endpoint (place 3 makes one)");
	case YG_TARGET_COLUMNS: return _("columns");
	case YG_TARGET_RESULT: case YG_TARGET_RESULTS: return _("a result");
	case YG_TARGET_COHORT: return _("a cohort (place 2 makes one)");
	default: return _("what stands in capitals");
	}
}

static const char *last_used(struct yg_tui *t, const struct item *it)
{
	size_t n;

	if (!it->verb)
		return NULL;
	n = strlen(it->verb->name);
	for (size_t i = t->history.count; i-- > 0;)
		if (!strncmp(t->history.entry[i].key, it->verb->name, n) && t->history.entry[i].key[n] == ' ')
			return t->history.entry[i].key;
	return NULL;
}

static void draw_item(struct yg_palette *p, size_t i, const char *pattern, struct yg_canvas *c, struct yg_rect r, int row)
{
	const struct item *it = p->found[i];
	enum yg_tui_role role = i == p->cursor ? YG_TUI_CURSOR : YG_TUI_TEXT;
	int half = it->kind == ITEM_PAST ? r.columns - 4 : r.columns * 11 / 20, at = r.column + 3;
	uint64_t marks[4];
	char name[16];
	int column = at;

	yg_canvas_fill(c, row, r.column, 1, r.columns, role);
	yg_canvas_text(c, row, r.column + 1, 1, role, i == p->cursor ? ">" : " ");
	yg_canvas_field(c, row, at, half, -1, role, it->show);
	if (i != p->cursor && yg_fuzzy_score(pattern, it->show, marks) > 0)
		for (size_t k = 0; it->show[k] && k < 256 && column < at + half - 1;) {
			uint32_t code;
			size_t n = yg_utf8_next(it->show + k, strlen(it->show + k), &code);
			int width = (int)yg_text_width(it->show + k, n);
			if (marks[k / 64] >> (k % 64) & 1)
				yg_canvas_paint(c, row, column, width, YG_TUI_MATCH);
			column += width;
			k += n;
		}
	if (it->kind == ITEM_VERB)
		yg_canvas_field(c, row, at + half + 1, r.columns - half - 5, -1, role, _(it->verb->summary));
	else if (it->kind == ITEM_SETTING)
		yg_canvas_field(c, row, at + half + 1, r.columns - half - 5, -1, role, it->search);
	else if (it->kind == ITEM_KEY)
		yg_canvas_field(c, row, at + half + 1, r.columns - half - 5, -1, role, yg_key_name(it->key, name));
}

static void rule(struct yg_tui *t, struct yg_canvas *c, struct yg_rect r, int row)
{
	for (int k = 0; k < r.columns; k++)
		yg_canvas_text(c, row, r.column + k, 1, YG_TUI_DIM, t->render.glyphs == YG_GLYPHS_ASCII ? "-" : "\xe2\x94\x80");
}

void yg_palette_draw(struct yg_tui *t, struct yg_palette *p, struct yg_canvas *c, struct yg_rect r)
{
	const char *pattern = t->prompt.text.data, *used;
	int height = r.rows - 6, row = r.row;
	char head[64];

	search(p, pattern);
	if (height > 12)
		height = 12;
	if (height < 2)
		height = 2;
	if (p->cursor >= p->founds)
		p->cursor = p->founds ? p->founds - 1 : 0;
	if (p->cursor < p->top)
		p->top = p->cursor;
	if (p->cursor >= p->top + (size_t)height)
		p->top = p->cursor - (size_t)height + 1;
	snprintf(head, sizeof head, _("%zu of %zu"), p->founds, p->items);
	yg_canvas_fill(c, row, r.column, r.rows, r.columns, YG_TUI_TEXT);
	yg_canvas_text(c, row, r.column + 1, -1, YG_TUI_TITLE, p->past ? _("what ran before") : is_command(pattern) ? _("a command: Enter runs it") : _("commands, keys and what ran before"));
	yg_canvas_field(c, row, r.column + r.columns - 21, 20, 1, YG_TUI_DIM, head);
	for (int i = 0; i < height; i++)
		if (p->top + (size_t)i < p->founds)
			draw_item(p, p->top + (size_t)i, pattern, c, r, row + 1 + i);
	row += height + 1;
	rule(t, c, r, row++);
	if (p->founds && row + 2 < r.row + r.rows) {
		const struct item *it = p->found[p->cursor];
		size_t gaps;
		char *text = filled(t, it, &gaps);
		yg_canvas_text(c, row, 3, -1, YG_TUI_DIM, text ? _("fills to:   ") : _("is a key"));
		if (text)
			yg_canvas_field(c, row, 15, r.columns - 16, -1, YG_TUI_TEXT, text);
		if (gaps) {
			yg_canvas_text(c, row + 1, 3, -1, YG_TUI_DIM, _("needs:      "));
			yg_canvas_field(c, row + 1, 15, r.columns - 16, -1, YG_TUI_TEXT, what_is_lacking(it));
		} else if ((used = last_used(t, it))) {
			yg_canvas_text(c, row + 1, 3, -1, YG_TUI_DIM, _("last used:  "));
			yg_canvas_field(c, row + 1, 15, r.columns - 16, -1, YG_TUI_TEXT, used);
		}
		rule(t, c, r, row + 2);
		yg_free(text);
	}
}

/* ---- keys ---- */

static void choose(struct yg_tui *t, const struct item *it, bool edit)
{
	size_t gaps;
	char *text = filled(t, it, &gaps);

	t->mode = YG_MODE_VIEW;
	if (it->kind == ITEM_SETTING && !edit) {
		yg_tui_setting(t, text);
	} else if (!text) {
		yg_tui_key(t, it->key);
	} else if (edit || gaps || it->kind != ITEM_KEY) {
		yg_tui_prompt_at_gap(t, text);
	} else {
		yg_tui_key(t, it->key);
	}
	yg_free(text);
}

int yg_palette_key(struct yg_tui *t, struct yg_palette *p, int key)
{
	char *text;

	search(p, t->prompt.text.data);
	switch (key) {
	case YG_KEY_ESCAPE: case YG_CTRL('C'): return -1;
	case YG_KEY_UP: p->cursor -= p->cursor > 0; return 0;
	case YG_KEY_DOWN: p->cursor += p->cursor + 1 < p->founds; return 0;
	case YG_KEY_PAGE_UP: p->cursor -= p->cursor > 9 ? 10 : p->cursor; return 0;
	case YG_KEY_PAGE_DOWN: p->cursor = p->cursor + 10 < p->founds ? p->cursor + 10 : p->founds ? p->founds - 1 : 0; return 0;
	case YG_CTRL('R'):
		p->past = !p->past;
		yg_free(p->searched);
		p->searched = NULL;
		return 0;
	case YG_KEY_ENTER:
	case YG_KEY_TAB:
		if (!p->past && is_command(t->prompt.text.data)) {
			if (key == YG_KEY_TAB) {
				t->mode = YG_MODE_PROMPT;
				yg_tui_complete(t, &t->prompt, "");
				return 1;
			}
			t->mode = YG_MODE_VIEW;
			text = yg_xstrdup(t->prompt.text.data);
			t->from_prompt = true;
			yg_tui_run_text(t, text, NULL);
			yg_free(text);
			return 1;
		}
		if (!p->founds)
			return 0;
		choose(t, p->found[p->cursor], key == YG_KEY_TAB);
		return 1;
	default:
		yg_edit_key(&t->prompt, key);
		return 0;
	}
}
