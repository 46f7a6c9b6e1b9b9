/* The application: the stack of views, start, end, the event loop. */
#include "yogo/tui/tui.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tui_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/text.h"
#include "yogo/command/command_table.h"
#include "yogo/tui/term.h"

#define HISTORY_MOST 500

struct yg_view *yg_view_new(const struct yg_view_kind *kind, int place)
{
	struct yg_view *v = yg_xcalloc(1, sizeof *v);

	v->kind = kind;
	v->place = place;
	v->list_row = -1;
	yg_edit_init(&v->edit, NULL);
	return v;
}

static void view_free(struct yg_view *v)
{
	if (v->kind->release)
		v->kind->release(v);
	yg_edit_release(&v->edit);
	yg_free(v);
}

void yg_tui_push(struct yg_tui *t, struct yg_view *v)
{
	v->below = t->view;
	t->view = v;
	t->dirty = true;
}

void yg_tui_pop(struct yg_tui *t)
{
	struct yg_view *v = t->view;

	if (!v || !v->below)
		return;
	t->view = v->below;
	view_free(v);
	t->dirty = true;
}

/* A place is a fresh start: the stack above the data view is dropped. */
void yg_tui_go(struct yg_tui *t, int place)
{
	while (t->view && t->view->below)
		yg_tui_pop(t);
	if (place == YG_PLACE_JOURNAL)
		yg_tui_push(t, yg_view_journal(t));
	else if (place != YG_PLACE_DATA)
		yg_tui_push(t, yg_view_objects(t, place));
}

void yg_tui_refresh(struct yg_tui *t)
{
	for (struct yg_view *v = t->view; v; v = v->below)
		if (v->kind->refresh)
			v->kind->refresh(t, v);
	t->dirty = true;
}

/* What was typed in earlier sessions of the study is the history of this one. */
static void load_history(struct yg_tui *t)
{
	uint64_t size = yg_query_journal_size(t->session);

	for (uint64_t seq = size > 4 * HISTORY_MOST ? size - 4 * HISTORY_MOST : 1; seq <= size; seq++) {
		struct yg_arena arena;
		struct yg_journal_entry e;
		yg_arena_init(&arena);
		if (yg_query_journal_entry(t->session, seq, &arena, &e, NULL) == YG_OK && e.kind == YG_ENTRY_BEGIN && e.has_params &&
		    e.params.text) {
			char *line = yg_one_line(e.params.text);
			yg_map_remove(&t->history, line);
			yg_map_put(&t->history, line, t);
			yg_free(line);
		}
		yg_arena_release(&arena);
	}
}

enum yg_status yg_tui_start(struct yg_tui *t, const struct yg_tui_options *o, struct yg_err *err)
{
	struct yg_session_options s;
	size_t count;
	const struct yg_command *const *table = yg_command_table(&count);

	memset(t, 0, sizeof *t);
	t->options = *o;
	t->render = o->render;
	t->render.figures = true;
	if (!o->headless && !yg_term_utf8())
		t->render.glyphs = YG_GLYPHS_ASCII;
	t->mouse = o->mouse;
	yg_edit_init(&t->prompt, NULL);
	yg_map_init(&t->history);
	yg_map_init(&t->written);
	yg_map_init(&t->picked);
	yg_buf_init(&t->echoed);
	memset(&s, 0, sizeof s);
	s.study = o->study;
	s.program = "yogo " YOGO_VERSION;
	s.script_folder = ".";
	s.data_folder = o->data_folder;
	s.out_folder = o->out_folder;
	s.allow_paths = o->allow_paths;
	s.threads = o->threads;
	s.actor = o->actor;
	s.role = o->role;
	s.profile = o->profile;
	s.front_end = "tui";
	if (o->out_folder)
		YG_TRY(yg_io_make_folder(o->out_folder, err));
	YG_TRY(yg_session_open(&s, table, count, &t->session, err));
	load_history(t);
	yg_tui_push(t, yg_view_data(t));
	return YG_OK;
}

static void end_work(struct yg_tui *t)
{
	while (t->queued)
		yg_free(t->queue[--t->queued]);
	while (yg_tui_busy(t)) {
		struct yg_task *task = t->replay ? yg_replay_task(t->replay) : yg_session_task(t->session);
		atomic_store(&task->cancel, true);
		if (t->text)
			t->offset = strlen(t->text);
		if (t->job && !atomic_load(&t->worker_done))
			nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
		yg_tui_tick(t);
	}
}

enum yg_status yg_tui_stop(struct yg_tui *t, struct yg_err *err)
{
	enum yg_status status = YG_OK;

	if (t->session) {
		end_work(t);
		yg_tui_ahead_release(t);
	}
	while (t->view) {
		struct yg_view *below = t->view->below;
		view_free(t->view);
		t->view = below;
	}
	if (t->palette)
		yg_palette_free(t->palette);
	yg_result_unref(t->marked_result);
	if (t->session)
		status = yg_session_close(t->session, NULL, err);
	while (t->undones)
		yg_free(t->undone[--t->undones]);
	yg_free(t->undone);
	yg_free(t->got);
	yg_edit_release(&t->prompt);
	yg_map_release(&t->history);
	yg_map_release(&t->written);
	yg_map_release(&t->picked);
	yg_buf_release(&t->echoed);
	yg_free(t->line_before);
	yg_free(t->completions);
	yg_free(t->error_text);
	yg_free(t->marked);
	yg_free(t->asked);
	yg_free(t->echo);
	yg_free(t->message);
	yg_free(t->text);
	return status;
}

static void open_file(struct yg_tui *t, const char *file)
{
	struct yg_buf text = YG_BUF_INIT;

	yg_buf_adds(&text, "open ");
	yg_escape_script(&text, file, strlen(file));
	yg_tui_run_text(t, text.data, NULL);
	yg_buf_release(&text);
}

static int event_loop(struct yg_tui *t)
{
	struct yg_canvas canvas;
	int rows = 0, columns = 0;

	memset(&canvas, 0, sizeof canvas);
	t->dirty = true;
	while (!t->quit) {
		int key;
		bool mouse = t->mouse;
		yg_term_size(&rows, &columns);
		if (rows != canvas.rows || columns != canvas.columns) {
			yg_canvas_release(&canvas);
			yg_canvas_init(&canvas, rows, columns);
			t->dirty = true;
		}
		if (t->dirty) {
			if (t->redraw)
				yg_term_redraw();
			t->redraw = t->dirty = false;
			yg_tui_draw(t, &canvas);
			yg_term_show(&canvas, t->cursor_row, t->cursor_column);
		}
		/* Work under way is looked after every 20 ms, so that a cancelled statement shows at once. */
		key = yg_term_key(yg_tui_busy(t) || yg_tui_ahead_pending(t) ? 20 : 100);
		if (key == YG_KEY_MOUSE) {
			int row, column, wheel;
			yg_term_mouse(&row, &column, &wheel);
			yg_tui_click(t, row, column, wheel);
		} else if (key == YG_CTRL('Z')) {
			yg_term_suspend();
			t->redraw = t->dirty = true;
		} else {
			yg_tui_key(t, key);
		}
		if (t->mouse != mouse)
			yg_term_use_mouse(t->mouse);
		yg_tui_tick(t);
	}
	yg_canvas_release(&canvas);
	return 0;
}

int yg_tui(const struct yg_tui_options *options)
{
	struct yg_term_options term = { options->theme, options->no_color, options->mouse };
	struct yg_tui t;
	struct yg_err err;
	int code = 0;

	if (yg_tui_start(&t, options, &err) != YG_OK || (!options->headless && yg_term_open(&term, &err) != YG_OK)) {
		struct yg_err ignored;
		fprintf(stderr, "yogo: %s  [%s]\n%s%s", _(err.text), err.code, err.hint[0] ? _(err.hint) : "", err.hint[0] ? "\n" : "");
		code = yg_status_exit(err.status);
		if (yg_tui_stop(&t, &ignored) != YG_OK)
			fprintf(stderr, "yogo: %s  [%s]\n", ignored.text, ignored.code);
		return code;
	}
	if (options->file)
		open_file(&t, options->file);
	code = options->headless ? yg_tui_headless(&t) : event_loop(&t);
	if (!options->headless)
		yg_term_close();
	if (yg_tui_stop(&t, &err) != YG_OK) {
		fprintf(stderr, "yogo: %s  [%s]\n", _(err.text), err.code);
		code = yg_status_exit(err.status);
	}
	return code;
}
