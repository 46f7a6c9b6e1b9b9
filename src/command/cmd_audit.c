/* verify and replay from inside a session. */
#include <string.h>

#include "command_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/command/command_table.h"
#include "yogo/command/tools.h"
#include "yogo/journal/journal.h"
#include "yogo/session/query.h"
#include "yogo/session/replay.h"

/* The file a statement names: a string, or nothing. */
static const char *file_named(const struct yg_node *s)
{
	const struct yg_node *list = yg_node_find(s, YG_NODE_LIST);

	return list && list->children ? list->child[0]->text : NULL;
}

/* The study of this session and every data file it has open. */
static enum yg_status verify_session(struct yg_context *c, struct yg_buf *text, struct yg_err *err)
{
	const struct yg_state *state = c->state;

	if (yg_session_study(c->session)) {
		struct yg_journal_report r;
		YG_TRY(yg_query_journal_verify(c->session, &r, err));
		yg_buf_addf(text, _("%s: verified: %llu entries, chain, checkpoints and stored objects agree\nhead %s\n"),
		            yg_session_study(c->session), (unsigned long long)r.entries, r.head);
	}
	for (size_t i = 0; i < state->objects; i++)
		if (state->object[i]->kind == YG_OBJECT_DATASET)
			YG_TRY(yg_tool_verify(yg_dataset_path(state->object[i]->payload), NULL, c->task, text, err));
	return YG_OK;
}

static enum yg_status verify_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	const char *name = file_named(s);
	struct yg_buf text = YG_BUF_INIT;
	char *path = NULL;
	enum yg_status status;

	if (!name) {
		status = verify_session(c, &text, err);
	} else {
		status = yg_session_find_file(c->options, name, &path, err);
		if (status == YG_OK)
			status = yg_tool_verify(path, yg_option_word(s, "head", NULL), c->task, &text, err);
	}
	yg_free(path);
	if (status == YG_OK)
		out->text = yg_buf_take(&text);
	yg_buf_release(&text);
	return status;
}

static enum yg_status replay_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	const char *name = file_named(s);
	struct yg_replay_options o;
	struct yg_buf report = YG_BUF_INIT;
	size_t count;
	const struct yg_command *const *table = yg_command_table(&count);
	char *path = NULL;
	enum yg_status status = YG_OK;

	if (yg_node_find(s, YG_NODE_TO))
		return yg_fail_at(err, YG_REFUSED, s->at, s->len, "E-CMD-010",
		                  N_("replay does not write a file in this version; leave out \"to\""));
	if (!name && !yg_session_study(c->session))
		return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-CMD-011", N_("this session keeps no study; name one: replay \"NAME.study\""));
	memset(&o, 0, sizeof o);
	o.data_folder = c->options->data_folder;
	o.script_folder = c->options->script_folder;
	o.threads = c->options->threads;
	o.allow_paths = c->options->allow_paths;
	if (name) {
		status = yg_session_find_file(c->options, name, &path, err);
		o.study = path;
		if (status == YG_OK)
			status = yg_replay(&o, table, count, &report, err);
	} else {
		struct yg_replay *r = NULL;
		struct yg_replay_line line;
		struct yg_job *job = NULL;
		bool more = true;
		o.study = yg_session_study(c->session);
		status = yg_replay_open(&o, table, count, c->session, &r, err);
		while (status == YG_OK && (status = yg_replay_next(r, &job, &more, err)) == YG_OK && more) {
			if (job)
				yg_job_run(job);
			status = yg_replay_judge(r, &line, err);
		}
		if (r) {
			enum yg_status verdict = yg_replay_close(r, &report, status == YG_OK ? err : NULL);
			status = status == YG_OK ? verdict : status;
		}
	}
	yg_free(path);
	/* What was found is shown also when it is bad news. */
	out->text = report.len ? yg_buf_take(&report) : NULL;
	yg_buf_release(&report);
	return status;
}

const struct yg_command yg_command_verify = { "verify", 1, YG_EFFECT_LOOK, "session.verify", false, NULL, verify_run };
const struct yg_command yg_command_replay = { "replay", 1, YG_EFFECT_LOOK, "replay.run", false, NULL, replay_run };
