/* Pages: results and texts that scroll; two results side by side; what the keys of every result do. */
#include <stdio.h>
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/text.h"

/* One text, drawn at a width. */
struct sheet {
	struct yg_result *result;   /* counted; NULL = plain text */
	char *name;
	char *plain;
	struct yg_buf text;
	const char **line;
	size_t *length;
	size_t lines, widest;
	int width;                  /* that text was made for */
	enum yg_glyphs glyphs;
};
struct page {
	struct sheet *sheet;        /* under one another, or side by side */
	size_t sheets;
	bool beside;
	bool band, censoring, no_risk_table;
	bool finding;
};

void yg_split_lines(const char *text, const char ***line, size_t **length, size_t *lines, size_t *widest)
{
	size_t cap = 0;

	*line = NULL;
	*length = NULL;
	*lines = *widest = 0;
	while (*text) {
		size_t n = strcspn(text, "\n"), width = yg_text_width(text, n);
		if (*lines == cap) {
			cap = cap ? 2 * cap : 64;
			*line = yg_xrealloc(*line, cap, sizeof **line);
			*length = yg_xrealloc(*length, cap, sizeof **length);
		}
		(*line)[*lines] = text;
		(*length)[(*lines)++] = n;
		*widest = width > *widest ? width : *widest;
		text += n + (text[n] == '\n');
	}
}

/* Where the later lines of a long line begin: under the words that follow its key or name. */
static size_t hang(const char *line, size_t n)
{
	size_t lead = 0, at;

	while (lead < n && line[lead] == ' ')
		lead++;
	for (at = lead; at + 1 < n && at < 24; at++)
		if (line[at] == ' ' && line[at + 1] == ' ') {
			while (at < n && line[at] == ' ')
				at++;
			return at < 30 ? at : lead + 2;
		}
	/* a name of full length is followed by one blank */
	return lead == 2 && n > 17 && line[16] == ' ' && line[17] != ' ' ? 17 : lead + 2;
}

/* Long lines of a plain text are broken at blanks; tables and code have none so long. */
static void wrap(const char *text, size_t width, struct yg_buf *out)
{
	while (*text) {
		size_t n = strcspn(text, "\n"), indent = hang(text, n), room = width;
		const char *p = text, *end = text + n;
		while ((size_t)(end - p) && yg_text_width(p, (size_t)(end - p)) > room) {
			size_t fits = yg_text_cut(p, (size_t)(end - p), room, NULL), blank = fits;
			while (blank > 0 && p[blank] != ' ')
				blank--;
			if (blank <= (p == text ? indent : 0))
				blank = fits ? fits : 1;
			yg_buf_add(out, p, blank);
			yg_buf_addc(out, '\n');
			p += blank;
			while (p < end && *p == ' ')
				p++;
			if (p < end)
				yg_buf_fill(out, ' ', indent);
			room = width > indent + 20 ? width - indent : width;
		}
		yg_buf_add(out, p, (size_t)(end - p));
		yg_buf_addc(out, '\n');
		text = end + (*end == '\n');
	}
}

static void render(struct yg_tui *t, const struct page *p, struct sheet *s, int width)
{
	struct yg_render_options o = t->render;

	if (s->width == width && s->glyphs == t->render.glyphs)
		return;
	s->width = width;
	s->glyphs = t->render.glyphs;
	yg_buf_clear(&s->text);
	if (s->result) {
		o.width = width > 40 ? width : 40;
		o.band = p->band;
		o.censoring = p->censoring;
		o.no_risk_table = p->no_risk_table;
		if (p->sheets > 1)
			yg_buf_addf(&s->text, "%s\n", s->name);
		yg_render_text(s->result, &o, &s->text);
		if (!p->beside)
			yg_buf_addc(&s->text, '\n');
	} else {
		wrap(s->plain, (size_t)(width > 20 ? width : 20), &s->text);
	}
	yg_free(s->line);
	yg_free(s->length);
	yg_split_lines(s->text.data, &s->line, &s->length, &s->lines, &s->widest);
}

static bool contains(const char *line, size_t n, const char *what)
{
	char *copy = yg_xstrndup(line, n);
	bool found = *what && strcasestr(copy, what) != NULL;

	yg_free(copy);
	return found;
}

static void draw_line(struct yg_view *v, const char *line, size_t n, bool first, bool named, struct yg_canvas *c, struct yg_rect r,
                      int row)
{
	size_t skipped = 0, from = yg_text_cut(line, n, (size_t)v->scroll_column, &skipped);
	char *text = yg_xstrndup(line + from, n - from);
	enum yg_tui_role role = n > 1 && line[0] == '!' && line[1] == ' ' ? YG_TUI_WARNING
	                      : first && named ? YG_TUI_TITLE : YG_TUI_TEXT;

	if (v->edit.text.len && !v->editing && contains(line, n, v->edit.text.data))
		role = YG_TUI_MATCH;
	yg_canvas_text(c, row, r.column, r.columns, role, text);
	yg_free(text);
}

static size_t total_lines(const struct page *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->sheets; i++)
		n = p->beside ? (p->sheet[i].lines > n ? p->sheet[i].lines : n) : n + p->sheet[i].lines;
	return n;
}

static void draw_sheet(struct yg_view *v, const struct sheet *s, size_t start, struct yg_canvas *c, struct yg_rect r)
{
	for (int i = 0; i < r.rows; i++) {
		ptrdiff_t k = (ptrdiff_t)v->scroll_row + i - (ptrdiff_t)start;
		if (k >= 0 && (size_t)k < s->lines)
			draw_line(v, s->line[k], s->length[k], k == 0, s->result != NULL, c, r, r.row + i);
	}
}

static void draw(struct yg_tui *t, struct yg_view *v, struct yg_canvas *c, struct yg_rect r)
{
	struct page *p = v->data;
	struct yg_rect inside = { r.row, r.column + 1, r.rows - v->editing, r.columns - 2 };
	int half = (inside.columns - 3) / 2, last;
	size_t start = 0;

	for (size_t i = 0; i < p->sheets; i++)
		render(t, p, &p->sheet[i], p->beside ? half : inside.columns);
	/* what is longer than the window leaves its last line to the place where one is */
	if (!v->editing && inside.rows > 3 && (int)total_lines(p) > inside.rows)
		inside.rows--;
	last = (int)total_lines(p) - inside.rows;
	v->scroll_row = v->scroll_row > last ? last : v->scroll_row;
	v->scroll_row = v->scroll_row < 0 ? 0 : v->scroll_row;
	for (size_t i = 0; i < p->sheets; i++) {
		struct yg_rect at = inside;
		if (p->beside) {
			at.column += (int)i * (half + 3);
			at.columns = half;
		}
		draw_sheet(v, &p->sheet[i], p->beside ? 0 : start, c, at);
		start += p->sheet[i].lines;
	}
	for (int i = 0; p->beside && i < r.rows; i++)
		yg_canvas_text(c, r.row + i, inside.column + half + 1, 1, YG_TUI_DIM, t->render.glyphs == YG_GLYPHS_ASCII ? "|" : "\xe2\x94\x82");
	if (last > 0) {
		char where[32];
		snprintf(where, sizeof where, "%3d%% ", v->scroll_row * 100 / last);
		yg_canvas_text(c, r.row + r.rows - 1, r.column + r.columns - 6, -1, YG_TUI_DIM, where);
	}
	if (v->editing) {
		yg_canvas_text(c, r.row + r.rows - 1, r.column + 1, -1, YG_TUI_KEY, "/");
		t->cursor_row = r.row + r.rows - 1;
		t->cursor_column = yg_edit_draw(&v->edit, c, r.row + r.rows - 1, r.column + 2, r.columns - 10, YG_TUI_ECHO);
	}
}

/* The next line with what is sought, from the one below (or above) the first in sight. */
static void find(struct yg_tui *t, struct yg_view *v, int step)
{
	struct page *p = v->data;
	size_t n = total_lines(p), at = (size_t)v->scroll_row;

	if (!v->edit.text.len || !n)
		return;
	for (size_t i = 0; i < n; i++) {
		size_t start = 0;
		at = step > 0 ? (at + 1) % n : (at + n - 1) % n;
		for (size_t k = 0; k < p->sheets; k++) {
			const struct sheet *s = &p->sheet[k];
			size_t line = at - start;
			if (at >= start && line < s->lines && contains(s->line[line], s->length[line], v->edit.text.data)) {
				v->scroll_row = (int)at;
				return;
			}
			start += p->beside ? 0 : s->lines;
		}
	}
	yg_tui_message(t, YG_TUI_WARNING, _("! \"%s\" is not on this page"), v->edit.text.data);
}

static bool search_key(struct yg_tui *t, struct yg_view *v, int k)
{
	switch (k) {
	case YG_KEY_ESCAPE:
		v->editing = false;
		yg_edit_set(&v->edit, "");
		return true;
	case YG_KEY_ENTER:
		v->editing = false;
		v->scroll_row--;
		find(t, v, 1);
		return true;
	default:
		yg_edit_key(&v->edit, k);
		return true;
	}
}

static bool scroll_key(struct yg_tui *t, struct yg_view *v, int k)
{
	const struct page *p = v->data;
	int page = t->rows - 8;
	size_t widest = 0;

	for (size_t i = 0; i < p->sheets; i++)
		widest = p->sheet[i].widest > widest ? p->sheet[i].widest : widest;
	switch (k) {
	case YG_KEY_UP: case 'k': v->scroll_row--; return true;
	case YG_KEY_DOWN: case 'j': v->scroll_row++; return true;
	case YG_KEY_PAGE_UP: v->scroll_row -= page; return true;
	case YG_KEY_PAGE_DOWN: case ' ': v->scroll_row += page; return true;
	case YG_KEY_HOME: v->scroll_row = v->scroll_column = 0; return true;
	case YG_KEY_END: case 'G': v->scroll_row = (int)total_lines(p); return true;
	case YG_KEY_LEFT: case 'h': v->scroll_column -= v->scroll_column >= 8 ? 8 : v->scroll_column; return true;
	case YG_KEY_RIGHT: case 'l': v->scroll_column += (size_t)v->scroll_column + 8 < widest ? 8 : 0; return true;
	default: return false;
	}
}

static bool has_curves(const struct yg_result *r);

static bool key(struct yg_tui *t, struct yg_view *v, int k)
{
	struct page *p = v->data;

	if (v->editing)
		return search_key(t, v, k);
	if (scroll_key(t, v, k))
		return true;
	switch (k) {
	case '/':
		v->editing = true;
		yg_edit_set(&v->edit, "");
		return true;
	case 'n': find(t, v, 1); return true;
	case 'N': find(t, v, -1); return true;
	default: break;
	}
	if (!p->sheet[0].result)
		return false;
	if (k == YG_KEY_TAB && p->sheets == 1 && has_curves(p->sheet[0].result)) {
		yg_tui_push(t, yg_view_km(t, v->place, p->sheet[0].name, p->sheet[0].result));
		return true;
	}
	switch (k) {
	case 'b': p->band = !p->band; break;
	case 'c': p->censoring = !p->censoring; break;
	case 't': p->no_risk_table = !p->no_risk_table; break;
	default: return !p->beside && yg_result_key(t, p->sheet[p->sheets - 1].name, p->sheet[p->sheets - 1].result, k);
	}
	for (size_t i = 0; i < p->sheets; i++)
		p->sheet[i].width = 0;   /* draw anew */
	return true;
}

static void release(struct yg_view *v)
{
	struct page *p = v->data;

	for (size_t i = 0; i < p->sheets; i++) {
		struct sheet *s = &p->sheet[i];
		yg_result_unref(s->result);
		yg_free(s->plain);
		yg_free(s->name);
		yg_free(s->line);
		yg_free(s->length);
		yg_buf_release(&s->text);
	}
	yg_free(p->sheet);
	yg_free(p);
}

static const char *hints(const struct yg_tui *t, const struct yg_view *v)
{
	const struct page *p = v->data;
	const struct yg_result *r = p->sheet[p->sheets - 1].result;

	if (v->editing)
		return _("Enter find  Esc drop");
	if (!r)
		return _("Up Down scroll  / find  n next  q back");
	if (p->beside)
		return _("Up Down scroll  Left Right sideways  / find  g glyphs  q back");
	if (p->sheets == 1 && has_curves(r) && !yg_is_model(r))
		return _("Tab curves  x export  r report  m mark  / find  Up Down scroll  b band  t at risk  g glyphs  ? help  q back");
	if (yg_is_model(r))
		return _("+ term  - term  s strata  P test PH  O forest  x export  r report  m mark  v beside  ? help  q back");
	if (t->marked)
		return _("v beside the marked  x export  r report  m mark  / find  g glyphs  ? help  q back");
	return _("x export  r report  m mark  / find  Up Down scroll  g glyphs  ? help  q back");
}

static const char *title(const struct yg_tui *t, const struct yg_view *v)
{
	(void)t;
	return v->title;
}

static const char *command(const struct yg_tui *t, const struct yg_view *v)
{
	const struct page *p = v->data;
	const struct sheet *s = &p->sheet[p->sheets - 1];

	(void)t;
	return s->result && !p->beside ? s->result->command : NULL;
}

static const char *slot(struct yg_tui *t, struct yg_view *v, const char *what)
{
	const struct page *p = v->data;

	(void)t;
	return !strcmp(what, "result") && p->sheet[0].result ? p->sheet[p->sheets - 1].name : NULL;
}

static const struct yg_view_kind result_view = { "result", draw, key, NULL, release, hints, title, command, slot };
static const struct yg_view_kind text_view = { "page", draw, key, NULL, release, hints, title, command, slot };

static struct yg_view *new_page(const struct yg_view_kind *kind, int place, size_t sheets, struct page **out)
{
	struct yg_view *v = yg_view_new(kind, place);
	struct page *p = yg_xcalloc(1, sizeof *p);

	p->sheet = yg_xcalloc(sheets, sizeof *p->sheet);
	p->sheets = sheets;
	p->censoring = true;
	for (size_t i = 0; i < sheets; i++)
		yg_buf_init(&p->sheet[i].text);
	v->data = p;
	*out = p;
	return v;
}

struct yg_view *yg_view_page(struct yg_tui *t, int place, const char *name, const char *text)
{
	struct page *p;
	struct yg_view *v = new_page(&text_view, place, 1, &p);

	(void)t;
	p->sheet[0].plain = yg_xstrdup(text);
	snprintf(v->title, sizeof v->title, "%s", name);
	return v;
}

struct yg_view *yg_view_results(struct yg_tui *t, int place, const struct yg_got *got, size_t n)
{
	struct page *p;
	struct yg_view *v = new_page(&result_view, place, n, &p);

	(void)t;
	for (size_t i = 0; i < n; i++) {
		size_t used = strlen(v->title);
		p->sheet[i].result = yg_result_ref(got[i].result);
		p->sheet[i].name = yg_xstrdup(got[i].name ? got[i].name : "");
		snprintf(v->title + used, sizeof v->title - used, "%s%s", i ? ", " : "", p->sheet[i].name);
	}
	return v;
}

struct yg_view *yg_view_beside(struct yg_tui *t, const struct yg_got *left, const struct yg_got *right)
{
	struct yg_got both[2] = { *left, *right };
	struct yg_view *v = yg_view_results(t, YG_PLACE_RESULTS, both, 2);

	((struct page *)v->data)->beside = true;
	return v;
}

/* Has it curves that the read-out can move along? */
static bool has_curves(const struct yg_result *r)
{
	for (int i = 0; r && i < r->items; i++)
		if (r->item[i].kind == YG_ITEM_FIGURE && r->item[i].figure->kind == YG_FIGURE_KM && !r->item[i].figure->hidden &&
		    r->item[i].figure->series_count)
			return true;
	return false;
}

/* Where the curves are what was asked for they come first; elsewhere the tables do, and Tab shows the curves. */
struct yg_view *yg_view_result(struct yg_tui *t, int place, const char *name, struct yg_result *result)
{
	struct yg_got one = { (char *)name, result };
	bool curves = !strcmp(result->verb, "km") || !strcmp(result->verb, "cuminc");

	return curves && has_curves(result) ? yg_view_km(t, place, name, result) : yg_view_results(t, place, &one, 1);
}

/* ---- what every view of a result does ---- */

static void export_menu(struct yg_tui *t, const char *name, const struct yg_result *r)
{
	static const struct {
		const char *extension, *words;
		bool figure;
	} kinds[] = {
		{ "csv", N_("tables as CSV, for a spreadsheet"), false }, { "txt", N_("tables and figures as text"), false },
		{ "json", N_("everything as JSON, for programs"), false }, { "svg", N_("the figure as SVG, for the web and for editing"), true },
		{ "pdf", N_("the figure as PDF, for print"), true }, { "png", N_("the figure as PNG, for slides"), true },
	};
	struct yg_view *menu = yg_view_menu(t, t->view->place, _("export"));
	bool figure = yg_result_figure(r, NULL) != NULL;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		char *command = yg_xasprintf("export %s to \"%s.%s\"", name, name, kinds[i].extension);
		if (!kinds[i].figure || figure)
			yg_menu_add(menu, _(kinds[i].words), command);
		yg_free(command);
	}
	yg_tui_push(t, menu);
}

static void add_reports(struct yg_view *menu, const char *words, const char *names)
{
	static const char *const extension[] = { "html", "md", "txt", "json" };

	for (size_t i = 0; i < sizeof extension / sizeof *extension; i++) {
		char *command = yg_xasprintf("report %s to \"report.%s\"", names, extension[i]);
		char *text = yg_xasprintf("%s: %s", words, extension[i]);
		yg_menu_add(menu, text, command);
		yg_free(text);
		yg_free(command);
	}
}

static void report_menu(struct yg_tui *t, const char *name)
{
	const struct yg_state *s = yg_session_state(t->session);
	struct yg_view *menu = yg_view_menu(t, t->view->place, _("report"));
	struct yg_buf all = YG_BUF_INIT;
	size_t n = 0;

	for (size_t i = 0; i < s->objects; i++)
		if (s->object[i]->kind == YG_OBJECT_RESULT && s->object[i]->result)
			yg_buf_addf(&all, "%s%s", n++ ? ", " : "", s->object[i]->name);
	if (n > 1)
		add_reports(menu, _("all results"), all.data);
	if (t->marked && strcmp(t->marked, name)) {
		char *both = yg_xasprintf("%s, %s", t->marked, name);
		add_reports(menu, _("the marked result and this"), both);
		yg_free(both);
	}
	add_reports(menu, _("this result"), name);
	yg_buf_release(&all);
	yg_tui_push(t, menu);
}

static void beside_marked(struct yg_tui *t, const char *name, struct yg_result *result)
{
	struct yg_got left = { t->marked, t->marked_result }, right = { (char *)name, result };

	if (!t->marked)
		yg_tui_message(t, YG_TUI_WARNING, "%s", _("! mark another result first with m"));
	else
		yg_tui_push(t, yg_view_beside(t, &left, &right));
}

static void mark(struct yg_tui *t, const char *name, struct yg_result *result)
{
	bool same = t->marked && !strcmp(t->marked, name);

	yg_free(t->marked);
	yg_result_unref(t->marked_result);
	t->marked = same ? NULL : yg_xstrdup(name);
	t->marked_result = same ? NULL : yg_result_ref(result);
	yg_tui_message(t, YG_TUI_MESSAGE, same ? _("%s is no longer marked") : _("%s is marked; v on another result shows them side by side"),
	               name);
}

bool yg_result_key(struct yg_tui *t, const char *name, struct yg_result *result, int k)
{
	switch (k) {
	case 'x': export_menu(t, name, result); return true;
	case 'r': report_menu(t, name); return true;
	case 'm': mark(t, name, result); return true;
	case 'v': beside_marked(t, name, result); return true;
	case '+': case '-': case 's': case 'e':
		if (!yg_is_model(result))
			return false;
		yg_tui_push(t, yg_view_model(t, name, NULL, NULL));
		/* the key's own action happens in the builder */
		if (k != 'e')
			t->view->kind->key(t, t->view, k);
		return true;
	default: return false;
	}
}
