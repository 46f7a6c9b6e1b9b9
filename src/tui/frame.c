/* The frame of every screen: where I am, the five places, the view, the command, the message, the keys. */
#include <stdio.h>
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/date.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/text.h"
#include "yogo/lang/spec.h"

static const char *const places[] = { N_("Data"), N_("Cohorts"), N_("Endpoints"), N_("Results"), N_("Journal") };

/* Line 2: the places; on narrow screens only their numbers and the active one's name. */
static int tab_text(const struct yg_tui *t, int place, char out[64])
{
	bool active = t->view->place == place + 1;

	if (t->columns < 70 && !active)
		snprintf(out, 64, " %d ", place + 1);
	else
		snprintf(out, 64, active ? "[%d %s]" : " %d %s ", place + 1, _(places[place]));
	return (int)yg_text_width(out, strlen(out));
}

static void tabs(struct yg_tui *t, struct yg_canvas *c)
{
	int column = 1;

	for (int i = 0; i < 5; i++) {
		char text[64];
		int width = tab_text(t, i, text);
		yg_canvas_text(c, 1, column, -1, t->view->place == i + 1 ? YG_TUI_TAB_ACTIVE : YG_TUI_TAB, text);
		column += width + 2;
	}
	if (t->view->below && t->view->below->below && column < c->columns - 12)
		yg_canvas_field(c, 1, c->columns - 12, 11, 1, YG_TUI_DIM, _("q back"));
}

int yg_tui_tab_at(const struct yg_tui *t, int at)
{
	int column = 1;

	for (int i = 0; i < 5; i++) {
		char text[64];
		int width = tab_text(t, i, text);
		if (at >= column && at < column + width)
			return i + 1;
		column += width + 2;
	}
	return 0;
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
	char *right = yg_xasprintf("%s%s%s%s  state %llu ", s->cohort ? s->cohort->name : "", s->cohort ? "  " : "",
	                           yg_query_synthetic(s) ? _("SYNTHETIC  ") : "", profile, (unsigned long long)s->version);
	int width = (int)yg_text_width(right, strlen(right));

	yg_canvas_fill(c, 0, 0, 1, c->columns, YG_TUI_HEADER);
	if (width > c->columns / 2)
		width = c->columns / 2;
	yg_canvas_field(c, 0, 0, c->columns - width - 1, -1, YG_TUI_HEADER, left);
	yg_canvas_field(c, 0, c->columns - width, width, 1, YG_TUI_HEADER, right);
	yg_free(right);
	yg_free(left);
	yg_free(stem);
}

char *yg_one_line(const char *text)
{
	struct yg_buf b = YG_BUF_INIT;
	bool blank = false;

	for (const char *p = text; *p; p++) {
		if (*p == '\n') {
			/* the first clause of a block follows its colon without a semicolon */
			yg_buf_adds(&b, b.len && b.data[b.len - 1] == ';' ? " " : "; ");
			blank = true;
		} else if (blank && (*p == ' ' || *p == '\t')) {
			continue;
		} else {
			yg_buf_addc(&b, *p);
			blank = false;
		}
	}
	while (b.len && (b.data[b.len - 1] == ' ' || b.data[b.len - 1] == ';'))
		b.data[--b.len] = '\0';
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
		yg_canvas_field(c, row, 1, c->columns - 2, -1, YG_TUI_WARNING, t->question);
		return;
	}
	/* What runs, or was refused, stands here; else the command this screen stands for. */
	if (!command || yg_tui_busy(t) || (t->has_error && t->message_role == YG_TUI_ERROR) || t->echo_fresh)
		command = t->echo;
	if (!command)
		return;
	line = yg_one_line(command);
	yg_canvas_text(c, row, 0, -1, YG_TUI_ECHO, " \xc2\xbb ");
	yg_canvas_field(c, row, 3, c->columns - 3, -1, YG_TUI_ECHO, line);
	if (t->has_error && t->error.has_span && command == t->echo && t->error_text && !strchr(t->error_text, '\n') &&
	    t->error.at < strlen(line)) {
		size_t n = t->error.len ? t->error.len : 1, rest = strlen(line) - t->error.at;
		int from = 3 + (int)yg_text_width(line, t->error.at);
		yg_canvas_paint(c, row, from, (int)yg_text_width(line + t->error.at, n < rest ? n : rest), YG_TUI_ERROR);
	}
	yg_free(line);
}

/* Work under way: how far, what waits, and that Esc ends it. */
static bool meter(struct yg_tui *t, struct yg_canvas *c, int row)
{
	struct yg_task *task = t->replay ? yg_replay_task(t->replay) : yg_session_task(t->session);
	uint64_t done = atomic_load(&task->done), total = atomic_load(&task->total);
	const char *what = atomic_load(&task->what);
	int width = c->columns - 46, filled;
	double seconds = (double)(yg_monotonic_nanoseconds() - t->started) * 1e-9;
	char tail[64];

	if (t->replay) {
		yg_replay_progress(t->replay, &done, &total);
		what = N_("replay");
	} else if ((!t->job && !t->ahead_job) || seconds < 0.3) {
		return false;
	}
	if (!t->replay && !t->job)
		what = N_("counting ahead");
	filled = total && width > 0 ? (int)((double)width * (double)(done < total ? done : total) / (double)total) : 0;
	yg_canvas_field(c, row, 3, 16, -1, YG_TUI_MESSAGE, what ? _(what) : _("working"));
	for (int i = 0; i < width; i++)
		yg_canvas_text(c, row, 20 + i, 1, i < filled ? YG_TUI_SERIES_1 : YG_TUI_DIM, i < filled ? "#" : ".");
	if (t->queued)
		snprintf(tail, sizeof tail, _("%zu waiting  Esc cancels "), t->queued);
	else if (!t->replay && !t->job)
		snprintf(tail, sizeof tail, _("%3d%%  any key drops it "), total ? (int)(100 * (done < total ? done : total) / total) : 0);
	else
		snprintf(tail, sizeof tail, _("%3d%%  Esc cancels "), total ? (int)(100 * (done < total ? done : total) / total) : 0);
	yg_canvas_field(c, row, c->columns - 25, 25, 1, YG_TUI_KEY, tail);
	return true;
}

/* Key names stand out; what has no room is left out from the right, whole. */
static void draw_hints(struct yg_canvas *c, int row, const char *text)
{
	int column = 1;

	while (*text) {
		const char *end = strstr(text, "  ");
		size_t n = end ? (size_t)(end - text) : strlen(text), word = strcspn(text, " ");
		int width = (int)yg_text_width(text, n);
		char *piece = yg_xstrndup(text, n), *key = yg_xstrndup(text, word < n ? word : n);
		if (column + width > c->columns) {
			yg_free(key);
			yg_free(piece);
			return;
		}
		yg_canvas_text(c, row, column, -1, YG_TUI_DIM, piece);
		yg_canvas_text(c, row, column, -1, YG_TUI_KEY, key);
		yg_free(key);
		yg_free(piece);
		column += width + 2;
		text += n;
		while (*text == ' ')
			text++;
	}
}

static void hints(struct yg_tui *t, struct yg_canvas *c, int row)
{
	const char *text;

	if (t->mode == YG_MODE_PROMPT)
		text = _("Enter run  Tab complete  Up history  Ctrl-P commands  F1 help  Esc drop");
	else if (t->mode == YG_MODE_PALETTE)
		text = _("Enter choose or run  Up Down move  Tab edit  Ctrl-R history  Esc close");
	else if (t->mode == YG_MODE_QUESTION)
		text = _("y yes  any other key no");
	else
		text = t->view->kind->hints ? t->view->kind->hints(t, t->view) : _(": command  ? help  q back");
	draw_hints(c, row, text);
}

/* How the verb of an unfinished command is used. */
static const char *usage_of(const char *text)
{
	size_t n = strcspn(text += strspn(text, " "), " ");
	char *word = yg_xstrndup(text, n);
	const struct yg_verb_spec *spec = n && text[n] ? yg_spec_find(word) : NULL;

	yg_free(word);
	return spec ? spec->usage : NULL;
}

void yg_tui_draw(struct yg_tui *t, struct yg_canvas *c)
{
	struct yg_rect r;

	t->rows = c->rows;
	t->columns = c->columns;
	t->cursor_row = -1;
	yg_canvas_clear(c);
	if (c->rows < YG_TUI_ROWS_LEAST || c->columns < YG_TUI_COLUMNS_LEAST) {
		char text[80];
		snprintf(text, sizeof text, _("window %dx%d: make it %dx%d or larger"), c->columns, c->rows, YG_TUI_COLUMNS_LEAST,
		         YG_TUI_ROWS_LEAST);
		yg_canvas_text(c, 0, 0, -1, YG_TUI_WARNING, text);
		return;
	}
	header(t, c);
	tabs(t, c);
	for (int k = 0; k < c->columns; k++)
		yg_canvas_text(c, 2, k, 1, YG_TUI_DIM, t->render.glyphs == YG_GLYPHS_ASCII ? "-" : "\xe2\x94\x80");
	r = (struct yg_rect){ 3, 0, c->rows - 6, c->columns };
	t->view->list_row = -1;
	t->view->kind->draw(t, t->view, c, r);
	if (t->mode == YG_MODE_PALETTE)
		yg_palette_draw(t, t->palette, c, r);
	echo_line(t, c, c->rows - 3);
	if (!meter(t, c, c->rows - 2)) {
		const char *usage = t->mode == YG_MODE_PROMPT ? usage_of(t->prompt.text.data) : NULL;
		if (t->mode == YG_MODE_PROMPT && t->completions)
			yg_canvas_field(c, c->rows - 2, 3, c->columns - 3, -1, YG_TUI_DIM, t->completions);
		else if (usage && !(t->has_error && t->message_role == YG_TUI_ERROR))
			yg_canvas_field(c, c->rows - 2, 3, c->columns - 3, -1, YG_TUI_DIM, usage);
		else if (t->message && yg_text_width(t->message, strlen(t->message)) > (size_t)c->columns - 4) {
			/* what is cut can be read whole */
			yg_canvas_field(c, c->rows - 2, 3, c->columns - 11, -1, t->message_role, t->message);
			yg_canvas_field(c, c->rows - 2, c->columns - 8, 8, -1, YG_TUI_KEY, _(" E more"));
		} else if (t->message) {
			yg_canvas_field(c, c->rows - 2, 3, c->columns - 3, -1, t->message_role, t->message);
		}
	}
	hints(t, c, c->rows - 1);
}
