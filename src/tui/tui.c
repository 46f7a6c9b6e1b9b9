/* The application: what a key means, running text through the executor, the event loop. */
#include "yogo/tui/tui.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tui_priv.h"
#include "yogo/base/date.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/text.h"
#include "yogo/command/command_table.h"
#include "yogo/tui/term.h"

#define METER_AFTER_NS 300000000

void yg_tui_message(struct yg_tui *t, enum yg_tui_role role, const char *format, ...)
{
	char text[1200];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	yg_free(t->message);
	t->message = yg_xstrdup(text);
	t->message_role = role;
	t->dirty = true;
}

static void set_echo(struct yg_tui *t, const char *text)
{
	yg_free(t->echo);
	t->echo = yg_xstrdup(text);
	t->dirty = true;
}

struct yg_view *yg_view_new(const struct yg_view_kind *kind, int place)
{
	struct yg_view *v = yg_xcalloc(1, sizeof *v);

	v->kind = kind;
	v->place = place;
	yg_edit_init(&v->filter, NULL);
	return v;
}

static void view_free(struct yg_view *v)
{
	if (v->kind->release)
		v->kind->release(v);
	yg_edit_release(&v->filter);
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
	if (t->view->kind->refresh)
		t->view->kind->refresh(t, t->view);
	t->dirty = true;
}

/* A place is a fresh start: the stack above the data view is dropped. */
void yg_tui_go(struct yg_tui *t, int place)
{
	struct yg_view *v;

	while (t->view && t->view->below)
		yg_tui_pop(t);
	if (place == 1)
		return;
	v = place == 5 ? yg_view_journal(t) : yg_view_objects(t, place);
	yg_tui_push(t, v);
}

void yg_tui_prompt(struct yg_tui *t, const char *text)
{
	t->mode = YG_MODE_PROMPT;
	yg_edit_set(&t->prompt, text);
	t->history_at = t->history.count;
	t->dirty = true;
}

/* ---- running text ---- */

static void *work(void *argument)
{
	struct yg_tui *t = argument;

	yg_job_run(t->job);
	atomic_store(&t->worker_done, true);
	return NULL;
}

static void show_error(struct yg_tui *t, const struct yg_err *err)
{
	t->error = *err;
	t->has_error = true;
	if (err->fixed[0])
		yg_tui_message(t, YG_TUI_ERROR, _("! %s   did you mean: %s"), err->text, err->fixed);
	else if (err->hint[0])
		yg_tui_message(t, YG_TUI_ERROR, "! %s   %s", err->text, err->hint);
	else
		yg_tui_message(t, YG_TUI_ERROR, "! %s", err->text);
}

static void end_text(struct yg_tui *t, enum yg_status status)
{
	void (*after)(struct yg_tui *, enum yg_status) = t->after;

	yg_free(t->text);
	t->text = NULL;
	t->after = NULL;
	for (struct yg_view *v = t->view; v; v = v->below)
		if (v->kind->refresh)
			v->kind->refresh(t, v);
	if (after)
		after(t, status);
	t->dirty = true;
}

/* Where a statement's outcome is looked at. */
static void show_outcome(struct yg_tui *t, const struct yg_reply *reply)
{
	bool defines = !strcmp(reply->word, "cohort") || !strcmp(reply->word, "endpoint") || !strcmp(reply->word, "open");

	if (reply->text && !reply->result) {
		if (!strcmp(reply->word, "help") || !strcmp(reply->word, "history"))
			yg_tui_push(t, yg_view_help(t, reply->text));
		else
			yg_tui_message(t, YG_TUI_MESSAGE, "%s", reply->text);
	}
	if (reply->result && !defines)
		yg_tui_push(t, yg_view_result(t, 4, reply->name, reply->result));
}

static void start_next(struct yg_tui *t)
{
	struct yg_err err;
	enum yg_status status = yg_job_start(t->session, t->text, strlen(t->text), &t->offset, &t->job, &err);

	if (status != YG_OK || !t->job) {
		if (status != YG_OK)
			show_error(t, &err);
		end_text(t, status);
		return;
	}
	atomic_store(&t->worker_done, false);
	t->started = yg_monotonic_nanoseconds();
	t->working = pthread_create(&t->worker, NULL, work, t) == 0;
	if (!t->working) {
		/* No thread to be had: the job runs here, without a meter. */
		yg_job_run(t->job);
		atomic_store(&t->worker_done, true);
	}
	/* Most statements end within a frame: wait for them, so that the screen does not flicker. */
	for (int i = 0; i < 20 && !atomic_load(&t->worker_done); i++)
		nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
}

static void finish(struct yg_tui *t)
{
	struct yg_err err;
	struct yg_reply reply;
	enum yg_status status;

	if (t->working)
		pthread_join(t->worker, NULL);
	t->working = false;
	status = yg_job_finish(t->job, &reply, &err);
	t->job = NULL;
	if (reply.canonical)
		set_echo(t, reply.canonical);
	if (status != YG_OK) {
		show_error(t, &err);
	} else {
		t->has_error = false;
		yg_buf_addf(&t->echoed, "%s\n", reply.canonical);
		if (reply.name)
			yg_tui_message(t, YG_TUI_MESSAGE, _("%s   %.2f s   journal %llu"), reply.name, reply.seconds,
			               (unsigned long long)reply.seq);
		else
			yg_tui_message(t, YG_TUI_MESSAGE, _("done   %.2f s   journal %llu"), reply.seconds, (unsigned long long)reply.seq);
		for (size_t i = 0; i < reply.files; i++)
			yg_tui_message(t, YG_TUI_MESSAGE, _("written: %s"), reply.file[i]);
		for (size_t i = 0; i < reply.stales; i++)
			yg_tui_message(t, YG_TUI_WARNING, _("! %s was made from it and must be made again"), reply.stale[i]);
		show_outcome(t, &reply);
	}
	yg_reply_release(&reply);
	if (status != YG_OK)
		end_text(t, status);
	else
		start_next(t);
}

bool yg_tui_busy(const struct yg_tui *t)
{
	return t->job != NULL;
}

void yg_tui_tick(struct yg_tui *t)
{
	while (t->job && atomic_load(&t->worker_done))
		finish(t);
	if (t->job && yg_monotonic_nanoseconds() - t->started > METER_AFTER_NS)
		t->dirty = true;   /* the meter moves */
}

void yg_tui_run_text(struct yg_tui *t, const char *text, void (*after)(struct yg_tui *t, enum yg_status status))
{
	if (t->job) {
		yg_tui_message(t, YG_TUI_WARNING, "%s", _("! a command is running; Esc cancels it"));
		return;
	}
	t->text = yg_xstrdup(text);
	t->offset = 0;
	t->after = after;
	yg_map_remove(&t->history, text);
	yg_map_put(&t->history, text, t);
	set_echo(t, text);
	start_next(t);
	yg_tui_tick(t);
}

/* ---- keys ---- */

static void complete_from_history(struct yg_tui *t, int step)
{
	if (step < 0 && t->history_at > 0)
		t->history_at--;
	else if (step > 0 && t->history_at < t->history.count)
		t->history_at++;
	else
		return;
	yg_edit_set(&t->prompt, t->history_at < t->history.count ? t->history.entry[t->history_at].key : "");
}

static void prompt_key(struct yg_tui *t, int key)
{
	char *text;

	switch (key) {
	case YG_KEY_ESCAPE:
	case YG_CTRL('C'):
		t->mode = YG_MODE_VIEW;
		break;
	case YG_KEY_ENTER:
		t->mode = YG_MODE_VIEW;
		text = yg_xstrdup(t->prompt.text.data);
		if (text[strspn(text, " ")])
			yg_tui_run_text(t, text, NULL);
		yg_free(text);
		break;
	case YG_KEY_UP: complete_from_history(t, -1); break;
	case YG_KEY_DOWN: complete_from_history(t, 1); break;
	case YG_KEY_TAB: yg_tui_complete(t, &t->prompt); break;
	case YG_CTRL('P'):
		t->mode = YG_MODE_PALETTE;
		t->palette = yg_palette_new(t);
		break;
	default: yg_edit_key(&t->prompt, key);
	}
}

static void next_glyphs(struct yg_tui *t)
{
	t->render.glyphs = t->render.glyphs == YG_GLYPHS_BRAILLE ? YG_GLYPHS_BLOCK
	                 : t->render.glyphs == YG_GLYPHS_BLOCK ? YG_GLYPHS_ASCII : YG_GLYPHS_BRAILLE;
	yg_tui_message(t, YG_TUI_MESSAGE, _("figures are drawn with %s"),
	               t->render.glyphs == YG_GLYPHS_BRAILLE ? _("braille dots") : t->render.glyphs == YG_GLYPHS_BLOCK ? _("blocks") : "ASCII");
}

static void view_key(struct yg_tui *t, int key)
{
	struct yg_view *v = t->view;

	if (v->kind->key && v->kind->key(t, v, key))
		return;
	switch (key) {
	case '1': case '2': case '3': case '4': case '5': yg_tui_go(t, key - '0'); break;
	case ':': yg_tui_prompt(t, ""); break;
	case YG_CTRL('P'):
		t->mode = YG_MODE_PALETTE;
		t->palette = yg_palette_new(t);
		break;
	case '?': yg_tui_push(t, yg_view_help(t, NULL)); break;
	case 'q': case YG_KEY_ESCAPE: yg_tui_pop(t); break;
	case 'Q': t->quit = true; break;
	case 'u': yg_tui_run_text(t, "undo", NULL); break;
	case 'E':
		if (t->has_error) {
			struct yg_buf text = YG_BUF_INIT;
			yg_buf_addf(&text, "%s\n\n%s\n\n%s\n", t->error.text, t->error.hint, t->error.fixed);
			yg_tui_push(t, yg_view_help(t, text.data));
			yg_buf_release(&text);
		}
		break;
	case 'g': next_glyphs(t); break;
	default: break;
	}
}

void yg_tui_key(struct yg_tui *t, int key)
{
	int chosen;

	if (key == YG_KEY_NONE)
		return;
	t->dirty = true;
	if (t->job && (key == YG_KEY_ESCAPE || key == YG_CTRL('C'))) {
		atomic_store(&yg_session_task(t->session)->cancel, true);
		yg_tui_message(t, YG_TUI_WARNING, "%s", _("! cancelling"));
		return;
	}
	if (key == YG_KEY_RESIZE)
		return;
	switch (t->mode) {
	case YG_MODE_PROMPT: prompt_key(t, key); break;
	case YG_MODE_PALETTE:
		chosen = yg_palette_key(t, t->palette, key);
		if (chosen) {
			yg_palette_free(t->palette);
			t->palette = NULL;
			t->mode = chosen > 0 ? YG_MODE_PROMPT : YG_MODE_VIEW;
		}
		break;
	case YG_MODE_QUESTION:
		/* Only y says yes; Enter, the key pressed too easily, does not. */
		t->mode = YG_MODE_VIEW;
		if (t->answer)
			t->answer(t, key == 'y');
		break;
	case YG_MODE_VIEW: view_key(t, key); break;
	}
}

/* ---- start and end ---- */

static enum yg_status start(struct yg_tui *t, const struct yg_tui_options *o, struct yg_err *err)
{
	struct yg_session_options s;
	size_t count;
	const struct yg_command *const *table = yg_command_table(&count);

	memset(t, 0, sizeof *t);
	t->options = *o;
	t->render = o->render;
	t->render.figures = true;
	yg_edit_init(&t->prompt, NULL);
	yg_map_init(&t->history);
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
	YG_TRY(yg_session_open(&s, table, count, &t->session, err));
	yg_tui_push(t, yg_view_data(t));
	return YG_OK;
}

static enum yg_status stop(struct yg_tui *t, struct yg_err *err)
{
	enum yg_status status = YG_OK;

	if (t->job) {
		atomic_store(&yg_session_task(t->session)->cancel, true);
		while (t->job) {
			yg_free(t->text);
			t->text = yg_xstrdup("");
			t->offset = 0;
			while (!atomic_load(&t->worker_done))
				nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
			finish(t);
		}
	}
	while (t->view) {
		struct yg_view *below = t->view->below;
		view_free(t->view);
		t->view = below;
	}
	if (t->palette)
		yg_palette_free(t->palette);
	yg_result_unref((struct yg_result *)t->marked);
	if (t->session)
		status = yg_session_close(t->session, NULL, err);
	yg_edit_release(&t->prompt);
	yg_map_release(&t->history);
	yg_buf_release(&t->echoed);
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
		yg_term_size(&rows, &columns);
		if (rows != canvas.rows || columns != canvas.columns) {
			yg_canvas_release(&canvas);
			yg_canvas_init(&canvas, rows, columns);
			t->dirty = true;
		}
		if (t->dirty) {
			t->dirty = false;
			yg_tui_draw(t, &canvas);
			yg_term_show(&canvas, t->cursor_row, t->cursor_column);
		}
		yg_tui_key(t, yg_term_key(50));
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

	if (start(&t, options, &err) != YG_OK || (!options->headless && yg_term_open(&term, &err) != YG_OK)) {
		fprintf(stderr, "yogo: %s  [%s]\n", err.text, err.code);
		code = yg_status_exit(err.status);
		stop(&t, &err);
		return code;
	}
	if (options->file)
		open_file(&t, options->file);
	code = options->headless ? yg_tui_headless(&t) : event_loop(&t);
	if (!options->headless)
		yg_term_close();
	if (stop(&t, &err) != YG_OK) {
		fprintf(stderr, "yogo: %s  [%s]\n", err.text, err.code);
		code = yg_status_exit(err.status);
	}
	return code;
}
