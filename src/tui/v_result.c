/* Any result: its text form as a page that scrolls; figures drawn with dots to the size of the screen. */
#include <stdio.h>
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/text.h"

struct page {
	struct yg_result *result;   /* counted; NULL = plain text */
	char *plain;                /* text of help and messages */
	char *name;
	struct yg_buf text;         /* rendered at width with these glyphs */
	int width;
	enum yg_glyphs glyphs;
	bool band, censoring, no_risk_table, beside;
	const char **line;
	size_t *length;
	size_t lines, cap;
	size_t widest;
};

static void split(struct page *p)
{
	const char *s = p->text.data;

	p->lines = 0;
	p->widest = 0;
	while (*s) {
		size_t n = strcspn(s, "\n"), width;
		if (p->lines == p->cap) {
			p->cap = p->cap ? 2 * p->cap : 64;
			p->line = yg_xrealloc(p->line, p->cap, sizeof *p->line);
			p->length = yg_xrealloc(p->length, p->cap, sizeof *p->length);
		}
		p->line[p->lines] = s;
		p->length[p->lines++] = n;
		width = yg_text_width(s, n);
		p->widest = width > p->widest ? width : p->widest;
		s += n + (s[n] == '\n');
	}
}

static void render(struct yg_tui *t, struct page *p, int width)
{
	struct yg_render_options o = t->render;

	if (p->width == width && p->glyphs == t->render.glyphs)
		return;
	p->width = width;
	p->glyphs = t->render.glyphs;
	yg_buf_clear(&p->text);
	if (p->result) {
		o.width = width > 40 ? width : 40;
		o.band = p->band;
		o.censoring = p->censoring;
		o.no_risk_table = p->no_risk_table;
		yg_render_text(p->result, &o, &p->text);
	} else {
		yg_buf_adds(&p->text, p->plain);
	}
	split(p);
}

static void draw_page(struct yg_tui *t, struct page *p, struct yg_view *v, struct yg_canvas *c, struct yg_rect r)
{
	int last;

	render(t, p, r.columns - 1);
	last = (int)p->lines - r.rows;
	if (v->scroll_row > last)
		v->scroll_row = last;
	if (v->scroll_row < 0)
		v->scroll_row = 0;
	for (int i = 0; i < r.rows && (size_t)(v->scroll_row + i) < p->lines; i++) {
		size_t k = (size_t)(v->scroll_row + i);
		char *line = yg_xstrndup(p->line[k], p->length[k]);
		yg_canvas_text(c, r.row + i, r.column + 1 - v->scroll_column, r.columns - 1 + v->scroll_column, YG_TUI_TEXT, line);
		yg_free(line);
	}
	if (last > 0) {
		char where[32];
		snprintf(where, sizeof where, " %d%% ", v->scroll_row * 100 / last);
		yg_canvas_text(c, r.row + r.rows - 1, r.column + r.columns - 7, -1, YG_TUI_DIM, where);
	}
}

static void draw(struct yg_tui *t, struct yg_view *v, struct yg_canvas *c, struct yg_rect r)
{
	draw_page(t, v->data, v, c, r);
}

static bool key(struct yg_tui *t, struct yg_view *v, int k)
{
	struct page *p = v->data;
	int page = t->rows - 7;

	switch (k) {
	case YG_KEY_UP: case 'k': v->scroll_row--; return true;
	case YG_KEY_DOWN: case 'j': v->scroll_row++; return true;
	case YG_KEY_PAGE_UP: v->scroll_row -= page; return true;
	case YG_KEY_PAGE_DOWN: case ' ': v->scroll_row += page; return true;
	case YG_KEY_HOME: v->scroll_row = v->scroll_column = 0; return true;
	case YG_KEY_END: v->scroll_row = (int)p->lines; return true;
	case YG_KEY_LEFT: v->scroll_column -= v->scroll_column >= 8 ? 8 : v->scroll_column; return true;
	case YG_KEY_RIGHT: v->scroll_column += (size_t)v->scroll_column + 8 < p->widest ? 8 : 0; return true;
	default: break;
	}
	if (!p->result)
		return false;
	switch (k) {
	case 'b': p->band = !p->band; break;
	case 'c': p->censoring = !p->censoring; break;
	case 't': p->no_risk_table = !p->no_risk_table; break;
	case 'x': {
		char *text = yg_xasprintf("export %s to \"%s.csv\"", p->name, p->name);
		yg_tui_prompt(t, text);
		yg_free(text);
		return true;
	}
	case 'r': {
		char *text = yg_xasprintf("report %s to \"%s.html\"", p->name, p->name);
		yg_tui_prompt(t, text);
		yg_free(text);
		return true;
	}
	default: return false;
	}
	p->width = 0;   /* draw anew */
	return true;
}

static void release(struct yg_view *v)
{
	struct page *p = v->data;

	yg_result_unref(p->result);
	yg_free(p->plain);
	yg_free(p->name);
	yg_free(p->line);
	yg_free(p->length);
	yg_buf_release(&p->text);
	yg_free(p);
}

static const char *hints(const struct yg_tui *t, const struct yg_view *v)
{
	const struct page *p = v->data;

	(void)t;
	if (!p->result)
		return _("Up Down scroll  q back");
	if (yg_result_figure(p->result, NULL))
		return _("Up Down scroll  b band  c censoring  t at risk  g glyphs  x export  r report  q back");
	return _("Up Down scroll  x export  r report  : command  ? help  q back");
}

static const char *title(const struct yg_tui *t, const struct yg_view *v)
{
	(void)t;
	return v->title;
}

static const char *command(const struct yg_tui *t, const struct yg_view *v)
{
	const struct page *p = v->data;

	(void)t;
	return p->result ? p->result->command : NULL;
}

static const struct yg_view_kind result_view = { "result", draw, key, NULL, release, hints, title, command };

struct yg_view *yg_view_result(struct yg_tui *t, int place, const char *name, struct yg_result *result)
{
	struct yg_view *v = yg_view_new(&result_view, place);
	struct page *p = yg_xcalloc(1, sizeof *p);

	(void)t;
	yg_buf_init(&p->text);
	p->result = yg_result_ref(result);
	p->name = yg_xstrdup(name ? name : "");
	p->censoring = true;
	snprintf(v->title, sizeof v->title, "%s", p->name);
	v->data = p;
	return v;
}

struct yg_view *yg_view_help(struct yg_tui *t, const char *text)
{
	struct yg_view *v = yg_view_new(&result_view, t->view ? t->view->place : 1);
	struct page *p = yg_xcalloc(1, sizeof *p);

	yg_buf_init(&p->text);
	p->plain = yg_xstrdup(text ? text : yg_tui_help_text(t->view));
	snprintf(v->title, sizeof v->title, "%s", _("help"));
	v->data = p;
	return v;
}
