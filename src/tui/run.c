/*
 * The lane: text goes to the executor, one statement at a time, in three steps; the middle one on a worker, so
 * that keys and the meter go on.  What comes while it runs waits in a queue that can be seen.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tui_priv.h"
#include "yogo/base/date.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/phrase.h"
#include "yogo/base/text.h"
#include "yogo/command/command_table.h"
#include "yogo/lang/parse.h"
#include "yogo/result/numfmt.h"

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
	t->echo_fresh = true;
	t->dirty = true;
}

void yg_tui_show_error(struct yg_tui *t, const struct yg_err *err, const char *text)
{
	t->error = *err;
	t->has_error = true;
	yg_free(t->error_text);
	t->error_text = yg_xstrdup(text);
	if (err->fixed[0])
		yg_tui_message(t, YG_TUI_ERROR, _("! %s   did you mean: %s"), yg_phrase_shown(err->text), err->fixed);
	else if (err->hint[0])
		yg_tui_message(t, YG_TUI_ERROR, "! %s   %s", yg_phrase_shown(err->text), yg_phrase_shown(err->hint));
	else
		yg_tui_message(t, YG_TUI_ERROR, "! %s", yg_phrase_shown(err->text));
}

/* ---- files that exist ---- */

static char *out_path(const struct yg_tui *t, const char *path)
{
	return path[0] == '/' ? yg_xstrdup(path) : yg_path_join(t->options.out_folder ? t->options.out_folder : ".", path);
}

/*
 * The first file that the text would write over, and the text that does so when the user agrees; false
 * when there is none.  A file this session wrote may be written again.
 */
static bool overwrites(struct yg_tui *t, const char *text, char **path, char **agreed)
{
	struct yg_arena arena;
	struct yg_node *n;
	size_t offset = 0, from = 0;
	struct yg_buf out = YG_BUF_INIT;

	*path = NULL;
	yg_arena_init(&arena);
	while (yg_parse_next(&arena, text, strlen(text), &offset, &n, NULL) == YG_OK && n) {
		const struct yg_node *to = n->kind == YG_NODE_COMMAND ? yg_node_find(n, YG_NODE_TO) : NULL;
		char *full = to ? out_path(t, to->text) : NULL;
		bool over = full && yg_io_exists(full) && !yg_map_get(&t->written, full);
		/* save refuses to write over a file unless the text says so */
		bool save = full && !strcmp(n->text, "save") && yg_io_exists(full) && !yg_node_option_yes(n, "overwrite");
		if (save) {
			yg_buf_add(&out, text + from, n->at + n->len - from);
			yg_buf_adds(&out, yg_node_find(n, YG_NODE_OPTIONS) ? ", overwrite" : " with overwrite");
			from = n->at + n->len;
		}
		if ((over || save) && !*path) {
			*path = full;
			full = NULL;
		}
		yg_free(full);
	}
	yg_buf_adds(&out, text + from);
	yg_arena_release(&arena);
	*agreed = yg_buf_take(&out);
	return *path != NULL;
}

/* ---- the worker ---- */

static void *work(void *argument)
{
	struct yg_tui *t = argument;

	yg_job_run(t->at_work);
	atomic_store(&t->worker_done, true);
	return NULL;
}

void yg_tui_worker_start(struct yg_tui *t, struct yg_job *job, int patience_ms)
{
	t->at_work = job;
	atomic_store(&t->worker_done, false);
	t->started = yg_monotonic_nanoseconds();
	t->working = pthread_create(&t->worker, NULL, work, t) == 0;
	if (!t->working) {
		/* No thread to be had: the job runs here, without a meter. */
		yg_job_run(job);
		atomic_store(&t->worker_done, true);
	}
	/* Most statements end within a frame: wait for them, so that the screen does not flicker. */
	for (int i = 0; i < patience_ms && !atomic_load(&t->worker_done); i++)
		nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
}

void yg_tui_worker_join(struct yg_tui *t)
{
	if (t->working)
		pthread_join(t->worker, NULL);
	t->working = false;
}

static void forget_got(struct yg_tui *t)
{
	for (size_t i = 0; i < t->gots; i++) {
		yg_free(t->got[i].name);
		yg_result_unref(t->got[i].result);
	}
	t->gots = 0;
	yg_free(t->made);
	t->made = NULL;
}

static void start_text(struct yg_tui *t, const char *text, void (*after)(struct yg_tui *t, enum yg_status status));

static void end_text(struct yg_tui *t, enum yg_status status)
{
	void (*after)(struct yg_tui *, enum yg_status) = t->after;
	char *text = t->text, *next;

	t->text = NULL;
	t->after = NULL;
	t->redoing = false;
	yg_tui_refresh(t);
	if (status == YG_ESYNTAX && t->from_prompt && !t->gots && t->has_error) {
		/* Typed by hand and not understood: the line comes back with the cursor where the trouble is. */
		yg_tui_prompt(t, text);
		if (t->error.has_span && t->error.at + t->error.len <= t->prompt.text.len)
			t->prompt.cursor = t->error.at + t->error.len;
	} else if (!after) {
		yg_tui_show_outcome(t);
	}
	yg_free(text);
	if (after)
		after(t, status);
	forget_got(t);
	t->dirty = true;
	if (t->queued && !t->text) {
		next = t->queue[0];
		memmove(&t->queue[0], &t->queue[1], (--t->queued) * sizeof *t->queue);
		start_text(t, next, NULL);
		yg_free(next);
	}
}

static void start_next(struct yg_tui *t)
{
	struct yg_err err;
	const char *line = yg_session_state(t->session)->line;
	enum yg_status status;

	yg_free(t->line_before);
	t->line_before = yg_xstrdup(line);
	status = yg_job_start(t->session, t->text, strlen(t->text), &t->offset, &t->job, &err);
	if (status != YG_OK || !t->job) {
		if (status != YG_OK)
			yg_tui_show_error(t, &err, t->text);
		end_text(t, status);
		return;
	}
	yg_tui_worker_start(t, t->job, 20);
}

static void add_count(struct yg_buf *out, const struct yg_cell *cell, const char *word)
{
	if (cell->state == YG_CELL_EMPTY)
		return;
	yg_buf_adds(out, out->len ? ", " : "");
	yg_numfmt_cell(out, cell);
	yg_buf_addf(out, " %s", word);
}

/* "itt: 911 persons, 18 left out   0.02 s   journal 12" */
static void say_done(struct yg_tui *t, const struct yg_reply *reply)
{
	struct yg_buf text = YG_BUF_INIT, counts = YG_BUF_INIT;

	yg_buf_adds(&text, reply->name ? reply->name : _("done"));
	if (reply->result) {
		const struct yg_cell *d = &reply->result->dropped;
		add_count(&counts, &reply->result->persons, _("persons"));
		add_count(&counts, &reply->result->events, _("events"));
		if (d->state != YG_CELL_SHOWN || d->value.integer)
			add_count(&counts, d, _("left out"));
		if (counts.len)
			yg_buf_addf(&text, ": %s", counts.data);
	}
	/* A headless run prints what every run prints: not how long it took. */
	if (!t->options.headless)
		yg_buf_addf(&text, "   %.2f s", reply->seconds);
	if (reply->seq)
		yg_buf_addf(&text, _("   journal %llu"), (unsigned long long)reply->seq);
	yg_tui_message(t, YG_TUI_MESSAGE, "%s", text.data);
	yg_buf_release(&counts);
	yg_buf_release(&text);
}

static void keep_undone(struct yg_tui *t, const struct yg_reply *reply)
{
	if (!strcmp(reply->word, "undo")) {
		if (t->line_before) {
			YG_GROW(t->undone, t->undones, t->undone_cap);
			t->undone[t->undones++] = yg_xstrdup(t->line_before);
		}
	} else if (!t->redoing && yg_session_state(t->session)->line) {
		while (t->undones)
			yg_free(t->undone[--t->undones]);
	}
}

static void keep_outcome(struct yg_tui *t, struct yg_reply *reply)
{
	const struct yg_object *o = reply->name ? yg_state_find(yg_session_state(t->session), reply->name) : NULL;

	for (size_t i = 0; i < reply->files; i++) {
		yg_map_put(&t->written, reply->file[i], t);
		yg_tui_message(t, YG_TUI_MESSAGE, _("written: %s"), reply->file[i]);
	}
	for (size_t i = 0; i < reply->stales; i++)
		yg_tui_message(t, YG_TUI_WARNING, _("! %s was made from it and must be made again"), reply->stale[i]);
	if (o && (o->kind == YG_OBJECT_COHORT || o->kind == YG_OBJECT_ENDPOINT || o->kind == YG_OBJECT_DATASET)) {
		yg_free(t->made);
		t->made = yg_xstrdup(o->name);
		t->made_kind = o->kind;
	} else if (reply->result) {
		YG_GROW(t->got, t->gots, t->got_cap);
		t->got[t->gots++] = (struct yg_got){ yg_xstrdup(reply->name), yg_result_ref(reply->result) };
	}
	if (reply->text && *reply->text && !reply->result) {
		if (strchr(reply->text, '\n') && reply->text[strcspn(reply->text, "\n") + 1])
			yg_tui_push(t, yg_view_page(t, t->view->place, reply->word, reply->text));
		else if (!reply->files)
			yg_tui_message(t, YG_TUI_MESSAGE, "%.*s", (int)strcspn(reply->text, "\n"), reply->text);
	}
}

static void finish(struct yg_tui *t)
{
	struct yg_err err;
	struct yg_reply reply;
	enum yg_status status;
	char *line;

	yg_tui_worker_join(t);
	status = yg_job_finish(t->job, &reply, &err);
	t->job = NULL;
	if (reply.canonical) {
		line = yg_one_line(reply.canonical);
		set_echo(t, line);
		yg_free(line);
	}
	if (status != YG_OK) {
		yg_tui_show_error(t, &err, t->text);
	} else {
		t->has_error = false;
		yg_buf_addf(&t->echoed, "%s\n", reply.canonical);
		say_done(t, &reply);
		keep_undone(t, &reply);
		keep_outcome(t, &reply);
	}
	yg_reply_release(&reply);
	if (status == YG_OK && t->cancelling && t->text[t->offset + strspn(t->text + t->offset, " ;\n")]) {
		/* The statement was done before the key; those behind it do not begin. */
		yg_tui_message(t, YG_TUI_WARNING, "%s", _("! cancelled; the statements before are kept"));
		end_text(t, YG_CANCELLED);
	} else if (status != YG_OK) {
		end_text(t, status);
	} else {
		start_next(t);
	}
}

/* ---- replay ---- */

static void replay_next(struct yg_tui *t);

static void end_replay(struct yg_tui *t, enum yg_status status, const struct yg_err *why)
{
	struct yg_buf report = YG_BUF_INIT;
	struct yg_err err;
	enum yg_status verdict = yg_replay_close(t->replay, &report, &err);
	const char *last;

	t->replay = NULL;
	if (report.len)
		report.data[--report.len] = '\0';
	last = strrchr(report.data, '\n');
	if (status != YG_OK)
		yg_tui_show_error(t, why, "replay");
	else if (verdict != YG_OK)
		yg_tui_message(t, YG_TUI_ERROR, "! %s", last ? last + 1 : report.data);
	else
		yg_tui_message(t, YG_TUI_MESSAGE, "%s", last ? last + 1 : report.data);
	yg_buf_release(&report);
	yg_tui_refresh(t);
}

static void replay_judge(struct yg_tui *t)
{
	struct yg_replay_line line;
	struct yg_err err;
	enum yg_status status;

	yg_tui_worker_join(t);
	t->job = NULL;
	status = yg_replay_judge(t->replay, &line, &err);
	if (status == YG_OK && t->cancelling)
		status = yg_fail(&err, YG_CANCELLED, "E-RUN-001", N_("cancelled; nothing was kept"));
	if (status != YG_OK) {
		end_replay(t, status, &err);
		return;
	}
	yg_replay_line_done(t, &line);
	t->dirty = true;
}

static void replay_next(struct yg_tui *t)
{
	struct yg_job *job;
	struct yg_err err;
	bool more;
	enum yg_status status = yg_replay_next(t->replay, &job, &more, &err);

	if (status != YG_OK || !more) {
		end_replay(t, status, &err);
		return;
	}
	t->job = job;
	if (job)
		yg_tui_worker_start(t, job, 20);
	else
		replay_judge(t);
}

void yg_tui_replay(struct yg_tui *t)
{
	const struct yg_session_options *s = yg_session_options(t->session);
	struct yg_replay_options o;
	struct yg_err err;
	size_t count;
	const struct yg_command *const *table = yg_command_table(&count);

	if (yg_tui_busy(t)) {
		yg_tui_message(t, YG_TUI_WARNING, "%s", _("! a command is running; Esc cancels it"));
		return;
	}
	memset(&o, 0, sizeof o);
	o.study = yg_session_study(t->session);
	o.data_folder = s->data_folder;
	o.script_folder = s->script_folder;
	o.threads = s->threads;
	o.allow_paths = s->allow_paths;
	if (yg_replay_open(&o, table, count, t->session, &t->replay, &err) != YG_OK) {
		t->replay = NULL;
		yg_tui_show_error(t, &err, "replay");
		return;
	}
	t->cancelling = false;
	yg_tui_ahead_stop(t);
	replay_next(t);
}

/* ---- what the rest sees ---- */

bool yg_tui_busy(const struct yg_tui *t)
{
	return t->job != NULL || t->replay != NULL;
}

void yg_tui_cancel(struct yg_tui *t)
{
	struct yg_task *task = t->replay ? yg_replay_task(t->replay) : yg_session_task(t->session);

	atomic_store(&task->cancel, true);
	t->cancelling = true;
	while (t->queued)
		yg_free(t->queue[--t->queued]);
	yg_tui_message(t, YG_TUI_WARNING, "%s", _("! cancelling"));
}

void yg_tui_tick(struct yg_tui *t)
{
	int64_t until = yg_monotonic_nanoseconds() + 30000000;

	/* Several short statements of a replay in one turn, but never so many that keys wait. */
	while (yg_tui_busy(t) && yg_monotonic_nanoseconds() < until) {
		if (t->job && !atomic_load(&t->worker_done))
			break;
		if (t->replay && t->job)
			replay_judge(t);
		else if (t->replay)
			replay_next(t);
		else
			finish(t);
	}
	if (yg_tui_busy(t))
		t->dirty = true;   /* the meter moves */
	else
		yg_tui_ahead_tick(t);
}

static void start_text(struct yg_tui *t, const char *text, void (*after)(struct yg_tui *t, enum yg_status status))
{
	char *line = yg_one_line(text);

	yg_tui_ahead_stop(t);
	t->text = yg_xstrdup(text);
	t->offset = 0;
	t->cancelling = false;
	t->after = after;
	forget_got(t);
	yg_map_remove(&t->history, line);
	yg_map_put(&t->history, line, t);
	set_echo(t, line);
	yg_free(line);
	start_next(t);
	yg_tui_tick(t);
}

void yg_tui_run_text(struct yg_tui *t, const char *text, void (*after)(struct yg_tui *t, enum yg_status status))
{
	char *path, *agreed;
	bool asked = t->asked != NULL;

	if (yg_tui_setting(t, text))
		return;
	if (!asked && overwrites(t, text, &path, &agreed)) {
		char *question = yg_xasprintf(_("%s exists. Write over it? y = yes, any other key = no"), path);
		yg_tui_ask(t, question, agreed);
		yg_free(question);
		yg_free(agreed);
		yg_free(path);
		return;
	}
	if (!asked)
		yg_free(agreed);
	if (yg_tui_busy(t)) {
		if (t->queued == YG_TUI_QUEUE) {
			yg_tui_message(t, YG_TUI_WARNING, "%s", _("! the queue is full; Esc cancels what is running"));
			return;
		}
		t->queue[t->queued++] = yg_xstrdup(text);
		yg_tui_message(t, YG_TUI_MESSAGE, _("%zu waiting"), t->queued);
		return;
	}
	start_text(t, text, after);
}
