/*
 * Previews: what a form would give if it were written now.  They run on the worker while nobody waits, are dropped by the
 * next key or command, and go through the same policy and gate as every number.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tui_priv.h"
#include "yogo/base/date.h"
#include "yogo/base/phrase.h"

#define REST_NANOSECONDS 150000000   /* keys must rest that long: a count for every letter helps nobody */

static void set(char **field, const char *text)
{
	char *copy = text ? yg_xstrdup(text) : NULL;

	yg_free(*field);
	*field = copy;
}

static void forget(struct yg_tui *t)
{
	set(&t->ahead_text, NULL);
	set(&t->ahead_refusal, NULL);
	yg_result_unref(t->ahead_result);
	t->ahead_result = NULL;
}

void yg_tui_ahead(struct yg_tui *t, const char *text)
{
	if (text && t->ahead_text && !strcmp(t->ahead_text, text)) {
		set(&t->ahead, NULL);   /* known, or under way */
		return;
	}
	if (t->ahead && text && !strcmp(t->ahead, text))
		return;
	set(&t->ahead, text);
	t->ahead_since = yg_monotonic_nanoseconds();
	if (t->ahead_job)
		atomic_store(&yg_session_task(t->session)->cancel, true);
}

struct yg_result *yg_tui_ahead_of(const struct yg_tui *t, const char *text, const char **refusal)
{
	bool same = text && t->ahead_text && !t->ahead_job && !strcmp(t->ahead_text, text);

	if (refusal)
		*refusal = same ? t->ahead_refusal : NULL;
	return same ? t->ahead_result : NULL;
}

bool yg_tui_ahead_pending(const struct yg_tui *t)
{
	return t->ahead || t->ahead_job;
}

static void refused(struct yg_tui *t, const struct yg_err *err)
{
	if (err->status == YG_CANCELLED)
		return;
	set(&t->ahead_refusal, yg_phrase_shown(err->text));
	snprintf(t->ahead_code, sizeof t->ahead_code, "%s", err->code);
}

static void end(struct yg_tui *t)
{
	struct yg_reply reply;
	struct yg_err err;

	yg_tui_worker_join(t);
	if (yg_job_finish(t->ahead_job, &reply, &err) == YG_OK) {
		t->ahead_result = yg_result_ref(reply.result);
	} else {
		refused(t, &err);
		if (err.status == YG_CANCELLED)
			set(&t->ahead_text, NULL);
	}
	t->ahead_job = NULL;
	yg_reply_release(&reply);
	t->dirty = true;
}

static void begin(struct yg_tui *t)
{
	struct yg_err err;

	forget(t);
	t->ahead_text = t->ahead;
	t->ahead = NULL;
	if (yg_job_preview(t->session, t->ahead_text, strlen(t->ahead_text), &t->ahead_job, &err) != YG_OK) {
		t->ahead_job = NULL;
		refused(t, &err);
		t->dirty = true;
		return;
	}
	yg_tui_worker_start(t, t->ahead_job, 5);
}

void yg_tui_ahead_tick(struct yg_tui *t)
{
	if (t->ahead_job && atomic_load(&t->worker_done))
		end(t);
	if (t->ahead_job) {
		/* long ones get a meter */
		t->dirty |= yg_monotonic_nanoseconds() - t->started > 300000000;
		return;
	}
	if (t->ahead && (t->options.headless || yg_monotonic_nanoseconds() - t->ahead_since > REST_NANOSECONDS)) {
		begin(t);
		if (t->ahead_job && atomic_load(&t->worker_done))
			end(t);
	}
}

void yg_tui_ahead_stop(struct yg_tui *t)
{
	set(&t->ahead, NULL);
	if (!t->ahead_job)
		return;
	atomic_store(&yg_session_task(t->session)->cancel, true);
	while (!atomic_load(&t->worker_done))
		nanosleep(&(struct timespec){ 0, 200000 }, NULL);
	end(t);
}

void yg_tui_ahead_release(struct yg_tui *t)
{
	yg_tui_ahead_stop(t);
	forget(t);
}
