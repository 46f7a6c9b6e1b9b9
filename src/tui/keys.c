/* What a key means in each mode; the keys that are the same everywhere; the mouse. */
#include <stdio.h>
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/text.h"
#include "yogo/lang/source.h"

void yg_tui_prompt(struct yg_tui *t, const char *text)
{
	char *line = yg_one_line(text);

	t->mode = YG_MODE_PROMPT;
	yg_edit_set(&t->prompt, line);
	t->history_at = t->history.count;
	t->dirty = true;
	yg_free(line);
}

/* A gap is a word of three or more capitals, as templates write them: ENDPOINT, NAME, LEVEL. */
void yg_tui_prompt_at_gap(struct yg_tui *t, const char *text)
{
	bool quoted = false;

	yg_tui_prompt(t, text);
	for (const char *p = t->prompt.text.data; *p; p++) {
		size_t n = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
		quoted ^= *p == '"';
		if (n >= 4 && !quoted && (p[n] == '\0' || strchr(" ,;", p[n])) && p > t->prompt.text.data && strchr(" =(", p[-1])) {
			/* the gap itself goes: what is typed stands in its place */
			t->prompt.cursor = (size_t)(p - t->prompt.text.data) + n;
			yg_edit_replace(&t->prompt, t->prompt.cursor - n, "");
			return;
		}
		if (n)
			p += n - 1;
	}
}

void yg_tui_ask(struct yg_tui *t, const char *question, const char *text)
{
	t->mode = YG_MODE_QUESTION;
	snprintf(t->question, sizeof t->question, "%s", question);
	yg_free(t->asked);
	t->asked = yg_xstrdup(text);
	t->dirty = true;
}

static void open_palette(struct yg_tui *t, const char *start, bool past)
{
	char *text = yg_xstrdup(start);

	t->mode = YG_MODE_PALETTE;
	t->palette = yg_palette_new(t, text, past);
	yg_free(text);
}

/* ---- the command line ---- */

static void from_history(struct yg_tui *t, int step)
{
	if (step < 0 && t->history_at > 0)
		t->history_at--;
	else if (step > 0 && t->history_at < t->history.count)
		t->history_at++;
	else
		return;
	yg_edit_set(&t->prompt, t->history_at < t->history.count ? t->history.entry[t->history_at].key : "");
}

static void help_on_word(struct yg_tui *t)
{
	size_t n = strcspn(t->prompt.text.data, " ");
	char *text = yg_xasprintf("help %.*s", (int)n, t->prompt.text.data);

	t->mode = YG_MODE_VIEW;
	yg_tui_run_text(t, text, NULL);
	yg_free(text);
}

static void prompt_key(struct yg_tui *t, int key)
{
	char *text;

	if (key != YG_KEY_TAB) {
		yg_free(t->completions);
		t->completions = NULL;
		/* what was refused has been read: from now on the line under the command says how the verb is used */
		if (t->message_role == YG_TUI_ERROR)
			t->message_role = YG_TUI_WARNING;
	}
	switch (key) {
	case YG_KEY_ESCAPE:
	case YG_CTRL('C'):
		t->mode = YG_MODE_VIEW;
		break;
	case YG_KEY_ENTER:
		t->mode = YG_MODE_VIEW;
		text = yg_xstrdup(t->prompt.text.data);
		if (text[strspn(text, " ")]) {
			t->from_prompt = true;
			yg_tui_run_text(t, text, NULL);
		}
		yg_free(text);
		break;
	case YG_KEY_UP: from_history(t, -1); break;
	case YG_KEY_DOWN: from_history(t, 1); break;
	case YG_KEY_TAB: yg_tui_complete(t, &t->prompt, ""); break;
	case YG_KEY_F1: help_on_word(t); break;
	case YG_CTRL('P'): open_palette(t, t->prompt.text.data, false); break;
	case YG_CTRL('R'): open_palette(t, t->prompt.text.data, true); break;
	default: yg_edit_key(&t->prompt, key);
	}
}

/* ---- keys that are the same in every view ---- */

static void next_glyphs(struct yg_tui *t)
{
	t->render.glyphs = t->render.glyphs == YG_GLYPHS_BRAILLE ? YG_GLYPHS_BLOCK
	                 : t->render.glyphs == YG_GLYPHS_BLOCK ? YG_GLYPHS_ASCII : YG_GLYPHS_BRAILLE;
	yg_tui_message(t, YG_TUI_MESSAGE, _("figures are drawn with %s"),
	               t->render.glyphs == YG_GLYPHS_BRAILLE ? _("braille dots") : t->render.glyphs == YG_GLYPHS_BLOCK ? _("blocks") : "ASCII");
}

static void whole_message(struct yg_tui *t)
{
	struct yg_buf text = YG_BUF_INIT;

	if (t->has_error)
		yg_source_message(NULL, t->error_text, t->error_text ? strlen(t->error_text) : 0, &t->error, &text);
	else
		yg_buf_adds(&text, t->message ? t->message : _("no message"));
	yg_tui_push(t, yg_view_page(t, t->view->place, _("message"), text.data));
	yg_buf_release(&text);
}

static void redo(struct yg_tui *t)
{
	char *text;

	if (!t->undones) {
		yg_tui_message(t, YG_TUI_MESSAGE, "%s", _("there is nothing to redo"));
		return;
	}
	text = t->undone[--t->undones];
	t->redoing = true;
	t->from_prompt = false;
	yg_tui_run_text(t, text, NULL);
	yg_free(text);
}

static void copy_command(struct yg_tui *t)
{
	const char *command = t->view->kind->command ? t->view->kind->command(t, t->view) : NULL;

	yg_tui_prompt(t, command ? command : t->echo ? t->echo : "");
}

static void toggle_mouse(struct yg_tui *t)
{
	t->mouse = !t->mouse;
	yg_tui_message(t, YG_TUI_MESSAGE, "%s", t->mouse ? _("the mouse chooses; M gives it back to the terminal") : _("the mouse is the terminal's"));
}

static bool common_key(struct yg_tui *t, int key)
{
	struct yg_buf text = YG_BUF_INIT;

	switch (key) {
	case '1': case '2': case '3': case '4': case '5': yg_tui_go(t, key - '0'); return true;
	case ':': case YG_CTRL('P'): open_palette(t, "", false); return true;
	case ';': yg_tui_prompt(t, ""); return true;
	case '?': case YG_KEY_F1:
		yg_tui_help(t, t->view, &text);
		yg_tui_push(t, yg_view_page(t, t->view->place, _("help"), text.data));
		yg_buf_release(&text);
		return true;
	case 'q': case YG_KEY_ESCAPE: case YG_KEY_BACKSPACE: yg_tui_pop(t); return true;
	case 'Q': t->quit = true; return true;
	case 'u': yg_tui_run_text(t, "undo", NULL); return true;
	case YG_CTRL('R'): redo(t); return true;
	case 'E': whole_message(t); return true;
	case 'g': next_glyphs(t); return true;
	case 'y': copy_command(t); return true;
	case 'M': toggle_mouse(t); return true;
	case YG_CTRL('L'): t->redraw = true; return true;
	default: return false;
	}
}

static void view_key(struct yg_tui *t, int key)
{
	struct yg_view *v = t->view;

	t->from_prompt = false;
	t->echo_fresh = false;
	if (v->kind->key && v->kind->key(t, v, key))
		return;
	if (yg_tui_binding(t, v, key))
		return;
	common_key(t, key);
}

void yg_tui_key(struct yg_tui *t, int key)
{
	char *text;
	int chosen;

	if (key == YG_KEY_NONE)
		return;
	t->dirty = true;
	if (yg_tui_busy(t) && (key == YG_CTRL('C') || (key == YG_KEY_ESCAPE && t->mode == YG_MODE_VIEW && !t->view->editing))) {
		yg_tui_cancel(t);
		return;
	}
	if (key == YG_KEY_RESIZE)
		return;
	switch (t->mode) {
	case YG_MODE_PROMPT: prompt_key(t, key); break;
	case YG_MODE_PALETTE:
		chosen = yg_palette_key(t, t->palette, key);
		if (chosen) {
			struct yg_palette *p = t->palette;
			t->palette = NULL;
			if (t->mode == YG_MODE_PALETTE)
				t->mode = YG_MODE_VIEW;
			yg_palette_free(p);
		}
		break;
	case YG_MODE_QUESTION:
		/* Only y says yes; Enter, the key pressed too easily, does not. */
		t->mode = YG_MODE_VIEW;
		text = t->asked;
		if (key == 'y')
			yg_tui_run_text(t, text, NULL);
		else
			yg_tui_message(t, YG_TUI_MESSAGE, "%s", _("nothing was written"));
		t->asked = NULL;
		yg_free(text);
		break;
	case YG_MODE_VIEW: view_key(t, key); break;
	}
}

/* ---- the mouse: what it does a key does too ---- */

/* The key named first in the hint under the column. */
static int hint_key(const char *hints, int column)
{
	int at = 1;

	while (*hints) {
		const char *end = strstr(hints, "  ");
		size_t n = end ? (size_t)(end - hints) : strlen(hints), word = strcspn(hints, " ");
		int width = (int)yg_text_width(hints, n);
		if (column >= at && column < at + width) {
			char *name = yg_xstrndup(hints, word < n ? word : n);
			int key = yg_key_parse(name);
			yg_free(name);
			return key;
		}
		at += width + 2;
		hints += n;
		while (*hints == ' ')
			hints++;
	}
	return YG_KEY_NONE;
}

void yg_tui_click(struct yg_tui *t, int row, int column, int wheel)
{
	struct yg_view *v = t->view;

	if (wheel) {
		for (int i = 0; i < 3; i++)
			yg_tui_key(t, wheel < 0 ? YG_KEY_UP : YG_KEY_DOWN);
		return;
	}
	if (t->mode != YG_MODE_VIEW)
		return;
	if (row == t->rows - 1 && v->kind->hints) {
		int key = hint_key(v->kind->hints(t, v), column);
		if (key != YG_KEY_UNKNOWN)
			yg_tui_key(t, key);
	} else if (row == 1) {
		int key = yg_tui_tab_at(t, column);
		if (key)
			yg_tui_key(t, '0' + key);
	} else if (v->list_row >= 0 && row >= v->list_row && row < v->list_row + v->list_height) {
		size_t to = v->top + (size_t)(row - v->list_row);
		if (to == v->cursor) {
			yg_tui_key(t, YG_KEY_ENTER);
		} else {
			/* through the view's own keys, so that the end of the list holds */
			for (int i = 0; i < 4096 && v->cursor != to && t->view == v; i++) {
				size_t before = v->cursor;
				yg_tui_key(t, to > v->cursor ? YG_KEY_DOWN : YG_KEY_UP);
				if (v->cursor == before)
					break;
			}
		}
	}
}
