/* A list of commands to choose from: Enter puts the chosen one in the prompt, where Enter runs it. */
#include <stdio.h>
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/i18n.h"

struct menu {
	struct choice {
		char *words, *command;
	} *item;
	size_t items, cap;
};

static void draw(struct yg_tui *t, struct yg_view *v, struct yg_canvas *c, struct yg_rect r)
{
	struct menu *m = v->data;
	int half = r.columns * 9 / 20;

	(void)t;
	yg_list_scroll(v, m->items, r.rows - 1);
	yg_canvas_text(c, r.row, r.column + 2, -1, YG_TUI_TITLE, v->title);
	r.row++;
	r.rows--;
	for (size_t i = v->top; i < m->items && i < v->top + (size_t)r.rows; i++) {
		enum yg_tui_role role = yg_list_row(v, c, r, i);
		int row = r.row + (int)(i - v->top);
		yg_canvas_field(c, row, r.column + 2, half, -1, role, m->item[i].words);
		yg_canvas_field(c, row, r.column + half + 3, r.columns - half - 4, -1, role, m->item[i].command);
	}
}

static bool key(struct yg_tui *t, struct yg_view *v, int k)
{
	struct menu *m = v->data;
	char *command;

	if (yg_list_key(v, k, m->items, v->list_height))
		return true;
	if (k != YG_KEY_ENTER || !m->items)
		return false;
	command = yg_xstrdup(m->item[v->cursor].command);
	yg_tui_pop(t);
	yg_tui_prompt_at_gap(t, command);
	yg_free(command);
	return true;
}

static void release(struct yg_view *v)
{
	struct menu *m = v->data;

	for (size_t i = 0; i < m->items; i++) {
		yg_free(m->item[i].words);
		yg_free(m->item[i].command);
	}
	yg_free(m->item);
	yg_free(m);
}

static const char *hints(const struct yg_tui *t, const struct yg_view *v)
{
	(void)t;
	(void)v;
	return _("Enter choose  Up Down move  q back");
}

static const char *title(const struct yg_tui *t, const struct yg_view *v)
{
	(void)t;
	return v->title;
}

static const char *command(const struct yg_tui *t, const struct yg_view *v)
{
	const struct menu *m = v->data;

	(void)t;
	return m->items ? m->item[v->cursor].command : NULL;
}

static const struct yg_view_kind kind = { "menu", draw, key, NULL, release, hints, title, command, NULL };

struct yg_view *yg_view_menu(struct yg_tui *t, int place, const char *name)
{
	struct yg_view *v = yg_view_new(&kind, place);

	(void)t;
	v->data = yg_xcalloc(1, sizeof(struct menu));
	snprintf(v->title, sizeof v->title, "%s", name);
	return v;
}

void yg_menu_add(struct yg_view *menu, const char *words, const char *text)
{
	struct menu *m = menu->data;

	YG_GROW(m->item, m->items, m->cap);
	m->item[m->items++] = (struct choice){ yg_xstrdup(words), yg_xstrdup(text) };
}
