/* The frame of every screen: where I am, the five places, the view, the command, the message, the keys. */
#include <stdio.h>
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/date.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/text.h"

static const char *const places[] = { N_("Data"), N_("Cohorts"), N_("Endpoints"), N_("Results"), N_("Journal") };

/* The places; on narrow screens only their numbers and the active one's name. */
static void tabs(struct yg_tui *t, struct yg_canvas *c)
{
	int column = 1;
	bool narrow = c->columns < 70;

	for (int i = 0; i < 5; i++) {
		bool active = t->view->place == i + 1;
		char text[64];
		if (narrow && !active)
			snprintf(text, sizeof text, " %d ", i + 1);
		else
			snprintf(text, sizeof text, active ? "[%d %s]" : " %d %s ", i + 1, _(places[i]));
		column += yg_canvas_text(c, 1, column, -1, active ? YG_TUI_TAB_ACTIVE : YG_TUI_TAB, text) + 1;
	}
}

static void header(struct yg_tui *t, struct yg_canvas *c)
{
	const struct yg_state *s = yg_session_state(t->session);
	const struct yg_view *v = t->view;
	const char *title = v->kind->title ? v->kind->title(t, v) : "";
	const char *study = yg_session_study(t->session);
	char *stem = study ? yg_path_stem(study) : yg_xstrdup("yogo");
	char *left = yg_xasprintf(" %s   %s%s%s", stem, _(places[v->place - 1]), *title ? " > " : "", title);
	const char *profile = s->dataset && s->dataset->profile ? s->dataset->profile : "";
	bool synthetic = s->dataset && yg_dataset_manifest(s->dataset->payload)->synthetic;
	char *right = yg_xasprintf("%s  state %llu ", synthetic ? "SYNTHETIC" : profile, (unsigned long long)s->version);
	int width = (int)yg_text_width(right, strlen(right));

	yg_canvas_fill(c, 0, 0, 1, c->columns, YG_TUI_HEADER);
	yg_canvas_field(c, 0, 0, c->columns - width - 1, -1, YG_TUI_HEADER, left);
	if (width < c->columns)
		yg_canvas_text(c, 0, c->columns - width, -1, YG_TUI_HEADER, right);
	yg_free(right);
	yg_free(left);
	yg_free(stem);
}

/* One line of text from a statement: newlines of blocks become "; ". */
static char *one_line(const char *text)
{
	struct yg_buf b = YG_BUF_INIT;

	for (const char *p = text; *p; p++) {
		if (*p == '\n') {
			yg_buf_adds(&b, "; ");
			while (p[1] == ' ')
				p++;
		} else {
			yg_buf_addc(&b, *p);
		}
	}
	return yg_buf_take(&b);
}

static void echo_line(struct yg_tui *t, struct yg_canvas *c, int row)
{
	const char *command = t->view->kind->command ? t->view->kind->command(t, t->view) : NULL;
	char *line;

	yg_canvas_fill(c, row, 0, 1, c->columns, YG_TUI_ECHO);
	if (t->mode == YG_MODE_PROMPT || t->mode == YG_MODE_PALETTE) {
		yg_canvas_text(c, row, 0, -1, YG_TUI_ECHO, " : ");
		t->cursor_column = yg_edit_draw(&t->prompt, c, row, 3, c->columns - 3, YG_TUI_ECHO);
		t->cursor_row = row;
		return;
	}
	if (t->mode == YG_MODE_QUESTION) {
		yg_canvas_text(c, row, 1, -1, YG_TUI_WARNING, t->question);
		return;
	}
	if (!command)
		command = t->echo;
	if (!command)
		return;
	line = one_line(command);
	yg_canvas_text(c, row, 0, -1, YG_TUI_ECHO, " \xc2\xbb ");
	yg_canvas_field(c, row, 3, c->columns - 3, -1, YG_TUI_ECHO, line);
	yg_free(line);
}

/* Work under way: how far, and that Esc ends it. */
static bool meter(struct yg_tui *t, struct yg_canvas *c, int row)
{
	struct yg_task *task = yg_session_task(t->session);
	uint64_t done = atomic_load(&task->done), total = atomic_load(&task->total);
	const char *what = atomic_load(&task->what);
	int width = c->columns - 34, filled;
	double seconds = (double)(yg_monotonic_nanoseconds() - t->started) * 1e-9;

	if (!t->job || seconds < 0.3)
		return false;
	filled = total && width > 0 ? (int)((double)width * (double)(done < total ? done : total) / (double)total) : 0;
	yg_canvas_field(c, row, 3, 14, -1, YG_TUI_MESSAGE, what ? _(what) : _("working"));
	for (int i = 0; i < width; i++)
		yg_canvas_text(c, row, 18 + i, 1, YG_TUI_MESSAGE, i < filled ? "#" : ".");
	yg_canvas_field(c, row, c->columns - 15, 15, 1, YG_TUI_KEY, _("Esc cancels "));
	return true;
}

static void hints(struct yg_tui *t, struct yg_canvas *c, int row)
{
	const char *text;

	if (t->mode == YG_MODE_PROMPT)
		text = _("Enter run  Tab complete  Up history  Ctrl-P commands  Esc drop");
	else if (t->mode == YG_MODE_PALETTE)
		text = _("type to search  Enter choose  Esc drop");
	else if (t->mode == YG_MODE_QUESTION)
		text = _("y yes  any other key no");
	else
		text = t->view->kind->hints ? t->view->kind->hints(t, t->view) : _(": command  ? help  q back");
	yg_canvas_field(c, row, 1, c->columns - 1, -1, YG_TUI_DIM, text);
}

void yg_tui_draw(struct yg_tui *t, struct yg_canvas *c)
{
	struct yg_rect r;

	t->rows = c->rows;
	t->columns = c->columns;
	t->cursor_row = -1;
	yg_canvas_clear(c);
	if (c->rows < 10 || c->columns < 40) {
		yg_canvas_text(c, 0, 0, -1, YG_TUI_WARNING, _("window too small: 60x16 or more"));
		return;
	}
	header(t, c);
	tabs(t, c);
	for (int k = 0; k < c->columns; k++)
		yg_canvas_text(c, 2, k, 1, YG_TUI_DIM, "\xe2\x94\x80");
	r = (struct yg_rect){ 3, 0, c->rows - 6, c->columns };
	t->view->kind->draw(t, t->view, c, r);
	if (t->mode == YG_MODE_PALETTE)
		yg_palette_draw(t, t->palette, c, r);
	echo_line(t, c, c->rows - 3);
	if (!meter(t, c, c->rows - 2) && t->message)
		yg_canvas_field(c, c->rows - 2, 3, c->columns - 3, -1, t->message_role, t->message);
	hints(t, c, c->rows - 1);
}
