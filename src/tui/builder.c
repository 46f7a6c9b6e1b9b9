/*
 * A command as a list of clauses: rows are edited, added, moved, left out for a trial; nothing happens
 * until w writes the whole as one command and runs it.
 */
#include <stdio.h>
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/text.h"
#include "yogo/lang/parse.h"

struct yg_builder *yg_builder_of(struct yg_view *v)
{
	return v->data;
}

struct yg_row *yg_builder_row(const struct yg_builder *b, const char *word)
{
	for (size_t i = 0; i < b->rows; i++)
		if (!strcmp(b->row[i].word, word))
			return &b->row[i];
	return NULL;
}

const char *yg_builder_text(const struct yg_builder *b, const char *word)
{
	const struct yg_row *row = yg_builder_row(b, word);

	return row ? row->text : "";
}

struct yg_row *yg_builder_add(struct yg_builder *b, size_t at, const char *word, const char *label, const char *text)
{
	YG_GROW(b->row, b->rows, b->cap);
	memmove(&b->row[at + 1], &b->row[at], (b->rows++ - at) * sizeof *b->row);
	b->row[at] = (struct yg_row){ .word = word, .label = yg_xstrdup(label ? label : ""), .text = yg_xstrdup(text ? text : "") };
	return &b->row[at];
}

void yg_builder_remove(struct yg_builder *b, size_t at)
{
	yg_free(b->row[at].label);
	yg_free(b->row[at].text);
	memmove(&b->row[at], &b->row[at + 1], (--b->rows - at) * sizeof *b->row);
}

void yg_builder_touch(struct yg_builder *b)
{
	struct yg_buf now = YG_BUF_INIT;

	b->kind->emit(b, &now);
	b->dirty = !b->defined || strcmp(now.data, b->defined) != 0;
	yg_free(b->command);
	b->command = yg_buf_take(&now);
}

static void set_text(char **field, const char *text)
{
	yg_free(*field);
	*field = yg_xstrdup(text);
}

static const char *emit(struct yg_builder *b)
{
	if (!b->command)
		yg_builder_touch(b);
	return b->command;
}

/* ---- drawing ---- */

/* Words of the language are shown as they are written; these are none. */
static const char *shown_word(const char *word)
{
	static const char *const ours[] = { N_("name"), N_("title"), N_("verb"), N_("outcome"), N_("term") };

	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (!strcmp(ours[i], word))
			return _(ours[i]);
	return word;
}

static void draw_row(struct yg_tui *t, struct yg_view *v, struct yg_builder *b, size_t i, struct yg_canvas *c, struct yg_rect r)
{
	struct yg_row *row = &b->row[i];
	int at = r.row + (int)(i - v->top), word = 10, start = 2 + word + 1, used, width;
	enum yg_tui_role role = yg_list_row(v, c, r, i);
	struct yg_buf text = YG_BUF_INIT;

	if (row->off && role != YG_TUI_CURSOR)
		role = YG_TUI_DIM;
	yg_canvas_field(c, at, 2, word, -1, role, shown_word(row->word));
	used = b->kind->beside ? b->kind->beside(t, b, i, c, r, at) : 0;
	if (role == YG_TUI_CURSOR)
		yg_canvas_paint(c, at, r.columns - used, used, role);
	width = r.columns - start - used - 1;
	if (v->editing && i == v->cursor) {
		if (b->editing_label) {
			yg_canvas_text(c, at, start, -1, role, "\"");
			start++;
			width--;
		}
		t->cursor_row = at;
		t->cursor_column = yg_edit_draw(&v->edit, c, at, start, width, YG_TUI_ECHO);
		yg_buf_release(&text);
		return;
	}
	if (*row->label)
		yg_buf_addf(&text, "\"%s\"%s", row->label, *row->text ? ": " : "");
	yg_buf_adds(&text, row->text);
	if (row->off) {
		yg_buf_adds(&text, _("   (left out)"));
	} else if (!text.len) {
		yg_buf_adds(&text, b->kind->hint ? b->kind->hint(row->word) : "");
		role = role == YG_TUI_CURSOR ? role : YG_TUI_DIM;
	}
	yg_canvas_field(c, at, start, width, -1, role, text.data);
	yg_buf_release(&text);
}

static void draw(struct yg_tui *t, struct yg_view *v, struct yg_canvas *c, struct yg_rect r)
{
	struct yg_builder *b = v->data;
	int rows = (int)b->rows, most = b->kind->below ? (r.rows - 1) * 3 / 5 : r.rows - 1;
	struct yg_rect list;

	if (!b->looked && t->view == v && !yg_tui_busy(t)) {
		b->looked = true;
		yg_builder_look_ahead(t, v);
	}
	if (rows > most)
		rows = most > 3 ? most : 3;
	list = (struct yg_rect){ r.row + 1, 0, rows, r.columns };
	yg_canvas_text(c, r.row, 2, -1, YG_TUI_TITLE,
	               !b->dirty ? "" : yg_builder_ahead(t, b, NULL) ? _("draft, counted ahead: w writes it as a command") :
	               _("draft: w writes it as a command and runs it"));
	if (b->kind->beside)
		b->kind->beside(t, b, (size_t)-1, c, r, r.row);   /* the heads */
	yg_list_scroll(v, b->rows, rows);
	v->list_row = list.row;
	for (size_t i = v->top; i < b->rows && i < v->top + (size_t)rows; i++)
		draw_row(t, v, b, i, c, list);
	if (b->kind->below && r.rows - rows - 2 > 0)
		b->kind->below(t, b, c, (struct yg_rect){ list.row + rows + 1, 0, r.rows - rows - 2, r.columns },
		               (int)v->cursor);
}

/* ---- editing ---- */

void yg_builder_edit(struct yg_tui *t, struct yg_view *v, size_t row)
{
	struct yg_builder *b = v->data;

	if (row >= b->rows)
		return;
	v->cursor = row;
	v->editing = true;
	yg_edit_set(&v->edit, b->editing_label ? b->row[row].label : b->row[row].text);
	t->dirty = true;
}

/* What is wrong with an unfinished rule is said while it is typed. */
static void check(struct yg_tui *t, const struct yg_view *v, const struct yg_builder *b)
{
	const struct yg_row *row = &b->row[v->cursor];
	struct yg_arena arena;
	struct yg_node *e;
	struct yg_err err;

	if (b->editing_label || !b->kind->predicate || !b->kind->predicate(row->word) || !v->edit.text.len)
		return;
	yg_arena_init(&arena);
	if (yg_parse_predicate(&arena, v->edit.text.data, v->edit.text.len, &e, &err) == YG_OK)
		yg_tui_message(t, YG_TUI_MESSAGE, "%s", "");
	else
		yg_tui_message(t, YG_TUI_DIM, "%s%s%s", _(err.text), err.fixed[0] ? _("   did you mean: ") : "", err.fixed);
	yg_arena_release(&arena);
}

static void accept(struct yg_tui *t, struct yg_view *v, struct yg_builder *b)
{
	struct yg_row *row = &b->row[v->cursor];
	char **field = b->editing_label ? &row->label : &row->text;
	char *text = yg_xstrdup(v->edit.text.data + strspn(v->edit.text.data, " "));
	size_t n = strlen(text);

	while (n && text[n - 1] == ' ')
		text[--n] = '\0';
	/* a label is one line without quotes of its own */
	for (char *p = text; b->editing_label && *p; p++)
		if (*p == '"')
			*p = '\'';
	if (strcmp(*field, text)) {
		set_text(field, text);
		row->changed |= !b->editing_label;
		yg_builder_touch(b);
	}
	yg_free(text);
	v->editing = false;
	b->editing_label = false;
	yg_tui_message(t, YG_TUI_MESSAGE, "%s", "");
}

static bool edit_key(struct yg_tui *t, struct yg_view *v, struct yg_builder *b, int key)
{
	struct yg_buf before = YG_BUF_INIT;

	switch (key) {
	case YG_KEY_ESCAPE:
	case YG_CTRL('C'):
		v->editing = false;
		b->editing_label = false;
		yg_tui_message(t, YG_TUI_MESSAGE, "%s", "");
		return true;
	case YG_KEY_ENTER:
		accept(t, v, b);
		return true;
	case YG_KEY_DOWN:
	case YG_KEY_UP:
		accept(t, v, b);
		yg_list_key(v, key, b->rows, v->list_height);
		yg_builder_edit(t, v, v->cursor);
		return true;
	case YG_KEY_TAB:
		if (b->kind->before && !b->editing_label)
			b->kind->before(b, &b->row[v->cursor], &before);
		yg_tui_complete(t, &v->edit, before.data);
		if (t->completions && *t->completions)
			yg_tui_message(t, YG_TUI_DIM, "%s", t->completions);
		yg_free(t->completions);
		t->completions = NULL;
		yg_buf_release(&before);
		return true;
	default:
		yg_edit_key(&v->edit, key);
		check(t, v, b);
		return true;
	}
}

static void move(struct yg_view *v, struct yg_builder *b, int step)
{
	size_t from = v->cursor, to = step < 0 ? from - 1 : from + 1;
	struct yg_row row;

	if (from >= b->rows || (step < 0 && !from) || to >= b->rows || b->row[from].fixed || b->row[to].fixed)
		return;
	row = b->row[from];
	b->row[from] = b->row[to];
	b->row[to] = row;
	v->cursor = to;
	yg_builder_touch(b);
}

/* The word after this one in the kind's list: require -> exclude -> require. */
static const char *next_word(const struct yg_builder_kind *kind, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = kind->words; *p;) {
		size_t len = strcspn(p, " ");
		const char *next = p[len] ? p + len + 1 : kind->words;
		if (len == n && !strncmp(p, word, n))
			return yg_row_word(next, strcspn(next, " "));
		p += len + (p[len] == ' ');
	}
	return yg_row_word(word, n);
}

/* ---- looking ahead ---- */

/* The command of the rows, the field in hand as it stands. */
static char *with_field(const struct yg_view *v, const struct yg_builder *b)
{
	struct yg_row *row = v->editing && !b->editing_label && v->cursor < b->rows ? &b->row[v->cursor] : NULL;
	char *kept = row ? row->text : NULL;
	struct yg_buf out = YG_BUF_INIT;

	if (row)
		row->text = v->edit.text.data;
	b->kind->emit(b, &out);
	if (row)
		row->text = kept;
	return yg_buf_take(&out);
}

/* The same when it is a whole command, else NULL. */
static char *draft_of(const struct yg_view *v, const struct yg_builder *b)
{
	char *text = with_field(v, b);
	struct yg_arena arena;
	struct yg_node *n = NULL;
	size_t offset = 0;
	bool whole;

	yg_arena_init(&arena);
	whole = yg_parse_next(&arena, text, strlen(text), &offset, &n, NULL) == YG_OK && n;
	yg_arena_release(&arena);
	if (whole)
		return text;
	yg_free(text);
	return NULL;
}

/* Something is asked: a form without a clause of its own counts nobody. */
static bool asks(const struct yg_view *v, const struct yg_builder *b)
{
	for (size_t i = 0; i < b->rows; i++)
		if (!b->row[i].fixed && !b->row[i].off && (*b->row[i].text || (v->editing && i == v->cursor && v->edit.text.len)))
			return true;
	return false;
}

/* A model of millions of persons takes seconds: it is run when it is asked for. */
#define PERSONS_MOST 1000000

/*
 * On guarded data a count is a query: it is asked for when a clause is finished with Enter, never letter by letter, and
 * models are not tried out at all.
 */
void yg_builder_look_ahead(struct yg_tui *t, struct yg_view *v)
{
	struct yg_builder *b = v->data;
	const struct yg_object *d = yg_session_state(t->session)->dataset;
	bool guarded = !d || !d->profile || strcmp(d->profile, "open") != 0;
	char *text;

	b->unfinished = -1;
	emit(b);   /* so that it is known whether this is a draft */
	if (!b->kind->ahead || !d || (b->problem_wanted && yg_tui_ahead_pending(t)))
		return;
	if (b->kind->place == YG_PLACE_RESULTS && d->result && d->result->persons.value.integer > PERSONS_MOST) {
		yg_tui_ahead(t, NULL);
		return;
	}
	if (guarded && (v->editing || b->kind->place == YG_PLACE_RESULTS)) {
		b->unfinished = v->editing ? (int)v->cursor : -1;
		yg_tui_ahead(t, NULL);
		return;
	}
	if (b->dirty || v->editing) {
		text = asks(v, b) ? draft_of(v, b) : NULL;
		b->unfinished = !text && v->editing ? (int)v->cursor : -1;
	} else {
		text = !guarded && b->kind->companion ? b->kind->companion(t, b) : NULL;
	}
	if (text || !v->editing) {
		yg_free(b->draft);
		b->draft = text;
	}
	yg_tui_ahead(t, text && b->defined && !strcmp(text, b->defined) ? NULL : text);
}

struct yg_result *yg_builder_ahead(const struct yg_tui *t, const struct yg_builder *b, const char **refusal)
{
	if (refusal)
		*refusal = NULL;
	return b->draft ? yg_tui_ahead_of(t, b->draft, refusal) : NULL;
}

static void add_row(struct yg_tui *t, struct yg_view *v, struct yg_builder *b)
{
	const char *first = yg_row_word(b->kind->words, strcspn(b->kind->words, " "));
	size_t at = b->rows;
	struct yg_row *row;

	/* behind the row in view, or behind the last of its kind */
	if (v->cursor < b->rows && !b->row[v->cursor].fixed)
		at = v->cursor + 1;
	else
		for (size_t i = 0; i < b->rows; i++)
			if (!strcmp(b->row[i].word, first))
				at = i + 1;
	row = yg_builder_add(b, at, first, NULL, NULL);
	row->changed = true;
	yg_builder_touch(b);
	b->editing_label = false;
	yg_builder_edit(t, v, at);
}

static void leave_out(struct yg_view *v, struct yg_builder *b)
{
	struct yg_row *row = &b->row[v->cursor];

	if (row->fixed)
		return;
	row->off = !row->off;
	yg_builder_touch(b);
}

static void remove_row(struct yg_tui *t, struct yg_view *v, struct yg_builder *b)
{
	if (v->cursor >= b->rows)
		return;
	if (b->row[v->cursor].fixed) {
		yg_tui_message(t, YG_TUI_WARNING, _("! %s stays; Enter changes it"), b->row[v->cursor].word);
		return;
	}
	yg_builder_remove(b, v->cursor);
	yg_builder_touch(b);
}

void yg_builder_write(struct yg_tui *t, struct yg_view *v)
{
	struct yg_builder *b = v->data;
	char *text = yg_xstrdup(emit(b));

	b->written = true;
	t->from_prompt = false;
	yg_tui_run_text(t, text, NULL);
	yg_free(text);
}

/* The whole of what the draft would give: a text, for it is no result of the session. */
static void show_ahead(struct yg_tui *t, struct yg_view *v, const struct yg_result *r)
{
	struct yg_render_options o = t->render;
	struct yg_buf text = YG_BUF_INIT;

	o.width = t->columns > 42 ? t->columns - 2 : 40;
	yg_render_text(r, &o, &text);
	yg_tui_push(t, yg_view_page(t, v->place, _("draft"), text.data));
	yg_buf_release(&text);
}

static bool act(struct yg_tui *t, struct yg_view *v, int k)
{
	struct yg_builder *b = v->data;
	struct yg_row *row;

	if (v->editing)
		return edit_key(t, v, b, k);
	if (b->kind->key && b->kind->key(t, v, b, k)) {
		/* the view may be gone: a key can open another place */
		if (t->view == v)
			yg_builder_touch(b);
		return true;
	}
	if (k != 'k' && k != 'j' && yg_list_key(v, k, b->rows, v->list_height))
		return true;
	row = v->cursor < b->rows ? &b->row[v->cursor] : NULL;
	switch (k) {
	case 'j': return yg_list_key(v, YG_KEY_DOWN, b->rows, v->list_height);
	case 'k': return yg_list_key(v, YG_KEY_UP, b->rows, v->list_height);
	case 'J': move(v, b, 1); return true;
	case 'K': move(v, b, -1); return true;
	case YG_KEY_ENTER:
	case 'i':
		b->editing_label = false;
		yg_builder_edit(t, v, v->cursor);
		return true;
	case 'l':
		if (row && b->kind->labels && b->kind->labels(row->word)) {
			b->editing_label = true;
			yg_builder_edit(t, v, v->cursor);
		}
		return true;
	case '+': case 'n': add_row(t, v, b); return true;
	case '-': case 'd': remove_row(t, v, b); return true;
	case ' ': leave_out(v, b); return true;
	case 't':
		if (row && !row->fixed) {
			row->word = next_word(b->kind, row->word);
			row->changed = true;
			yg_builder_touch(b);
		}
		return true;
	case 'w': yg_builder_write(t, v); return true;
	case YG_KEY_TAB:
		if (b->dirty && yg_builder_ahead(t, b, NULL))
			show_ahead(t, v, yg_builder_ahead(t, b, NULL));
		else if (b->result)
			yg_tui_push(t, yg_view_result(t, v->place, b->name, b->result));
		return true;
	default: return false;
	}
}

static bool key(struct yg_tui *t, struct yg_view *v, int k)
{
	bool mine = act(t, v, k);

	/* the view may be gone, or covered */
	if (mine && t->view == v && !yg_tui_busy(t))
		yg_builder_look_ahead(t, v);
	return mine;
}

static void release(struct yg_view *v)
{
	struct yg_builder *b = v->data;

	while (b->rows)
		yg_builder_remove(b, b->rows - 1);
	yg_free(b->row);
	yg_free(b->name);
	yg_free(b->command);
	yg_free(b->defined);
	yg_free(b->draft);
	yg_free(b->typing);
	yg_problem_forget(b);
	yg_result_unref(b->result);
	yg_result_unref(b->extra);
	yg_free(b);
}

static const char *hints(const struct yg_tui *t, const struct yg_view *v)
{
	const struct yg_builder *b = v->data;

	(void)t;
	return v->editing ? _("Enter accept  Tab complete  Down next field  Esc drop") : _(b->kind->hints);
}

static const char *title(const struct yg_tui *t, const struct yg_view *v)
{
	static char text[160];
	const struct yg_builder *b = v->data;

	(void)t;
	snprintf(text, sizeof text, b->dirty ? _("%.120s (editing)") : "%.120s", *b->name ? b->name : _("new"));
	return text;
}

static const char *command(const struct yg_tui *t, const struct yg_view *v)
{
	struct yg_builder *b = v->data;

	(void)t;
	if (!v->editing)
		return emit(b);
	yg_free(b->typing);
	return b->typing = with_field(v, b);
}

static const char *slot(struct yg_tui *t, struct yg_view *v, const char *what)
{
	const struct yg_builder *b = v->data;
	const char *name = yg_builder_text(b, "name");

	(void)t;
	return !strcmp(what, b->kind->name) && *name && yg_state_find(yg_session_state(t->session), name) ? name : NULL;
}

static void refresh(struct yg_tui *t, struct yg_view *v);

static const struct yg_view_kind cohort_view = { "cohort", draw, key, refresh, release, hints, title, command, slot };
static const struct yg_view_kind endpoint_view = { "endpoint", draw, key, refresh, release, hints, title, command, slot };
static const struct yg_view_kind model_view = { "model", draw, key, refresh, release, hints, title, command, slot };

struct yg_view *yg_builder_view(struct yg_tui *t, const struct yg_builder_kind *kind, const char *name)
{
	struct yg_view *v = yg_view_new(!strcmp(kind->name, "cohort") ? &cohort_view : !strcmp(kind->name, "endpoint") ? &endpoint_view : &model_view,
	                                kind->place);
	struct yg_builder *b = yg_xcalloc(1, sizeof *b);

	b->kind = kind;
	b->unfinished = -1;
	b->name = yg_xstrdup(name ? name : "");
	v->data = b;
	refresh(t, v);
	return v;
}

/* The definition was made or made again: its rows and numbers are read from it.  A draft of something else stays. */
static void refresh(struct yg_tui *t, struct yg_view *v)
{
	struct yg_builder *b = v->data;
	const struct yg_state *s = yg_session_state(t->session);
	const char *name = b->rows ? yg_builder_text(b, "name") : b->name;
	const struct yg_object *o = *name ? yg_state_find(s, name) : NULL;
	char *was;

	if (!b->kind->reload || (o && o->kind != b->kind->object))
		o = NULL;
	if (o && (strcmp(o->name, b->name) ? b->written || !b->rows : o->version != b->version || !b->rows)) {
		/* what was written is what the draft says: it is no draft any more */
		was = b->name;
		b->name = yg_xstrdup(o->name);
		yg_free(was);
		b->version = o->version;
		yg_result_unref(b->result);
		b->result = yg_result_ref(o->result);
		b->kind->reload(t, b, o);
		yg_free(b->defined);
		b->defined = NULL;
		yg_builder_touch(b);
		b->defined = yg_xstrdup(b->command);
		b->dirty = false;
	}
	b->written = false;
	if (o && b->kind->extra)
		b->kind->extra(t, b, o);
	b->looked = false;
}
