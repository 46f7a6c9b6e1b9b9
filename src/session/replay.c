/* Replay: a study's journal fed to the executor, and every result compared. */
#include "yogo/session/replay.h"

#include <stdio.h>
#include <string.h>

#include "record_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/text.h"
#include "yogo/journal/journal.h"

enum verdict { IDENTICAL, EQUIVALENT, DIFFERENT, POLICY_CHANGED, NOT_REPLAYABLE, NOTHING, VERDICTS };

static const char *const verdict_text[VERDICTS] = {
	N_("identical"), N_("equivalent"), N_("DIFFERENT"), N_("POLICY CHANGED"), N_("NOT REPLAYABLE"), N_("no result"),
};

struct yg_replay {
	struct yg_replay_options options;
	const struct yg_command *const *command;
	size_t commands;
	struct yg_journal *journal;
	bool own_journal;             /* opened here, to be closed here */
	struct yg_session *session;   /* scratch: what is replayed runs in it */
	struct yg_buf report;
	size_t count[VERDICTS];
	struct yg_err first;          /* why the first one that was not identical was not */
	enum verdict worst;
	uint64_t seq, size;
	/* the statement under way */
	struct yg_arena arena;
	struct yg_journal_entry begin, end;
	struct yg_job *job;
	bool other_data;              /* a data set is not the one that was analysed */
	bool nothing;                 /* was cut off: there is nothing to compare */
	enum yg_status status;        /* of preparing it */
	struct yg_err now;
};

static enum yg_status fresh_session(struct yg_replay *r, struct yg_err *err)
{
	struct yg_session_options o;

	if (r->session)
		YG_TRY(yg_session_close(r->session, NULL, err));
	r->session = NULL;
	memset(&o, 0, sizeof o);
	o.program = "yogo";
	o.script_folder = r->options.script_folder;
	o.data_folder = r->options.data_folder;
	o.threads = r->options.threads;
	o.allow_paths = r->options.allow_paths;
	o.front_end = "replay";
	o.batch = true;
	o.no_files = true;
	return yg_session_open(&o, r->command, r->commands, &r->session, err);
}

/* One line of the report: number, verdict, the start of the statement. */
static void report_line(struct yg_replay *r, const struct yg_journal_entry *begin, enum verdict v, const char *detail)
{
	const char *text = begin->params.text ? begin->params.text : "";
	struct yg_buf one = YG_BUF_INIT, shown = YG_BUF_INIT;

	for (const char *p = text; *p && *p != '\n'; p++)
		yg_buf_addc(&one, *p == '\t' ? ' ' : *p);
	if (strchr(text, '\n'))
		yg_buf_adds(&one, " ...");
	yg_escape_terminal(&shown, one.data, one.len);
	yg_buf_addf(&r->report, "%5llu  ", (unsigned long long)begin->seq);
	yg_text_pad(&r->report, _(verdict_text[v]), 15, -1);
	yg_buf_adds(&r->report, "  ");
	if (yg_text_width(shown.data, shown.len) > 56)
		yg_text_pad(&r->report, shown.data, 56, -1);
	else
		yg_buf_adds(&r->report, shown.data);
	yg_buf_addc(&r->report, '\n');
	if (detail && *detail)
		yg_buf_addf(&r->report, "       %s\n", detail);
	r->count[v]++;
	yg_buf_release(&shown);
	yg_buf_release(&one);
}

static void blame(struct yg_replay *r, enum verdict v, enum yg_status status, const char *code, const char *text)
{
	static const int gravity[VERDICTS] = { 0, 1, 3, 2, 4, 0 };

	if (gravity[v] > gravity[r->worst]) {
		r->worst = v;
		yg_fail(&r->first, status, code, "%s", text);
	}
}

static enum verdict compare_result(struct yg_replay *r, const struct yg_journal_output *recorded, const struct yg_result *now,
                                   char *detail, size_t size, struct yg_err *err, enum yg_status *status)
{
	struct yg_digest digest = yg_result_digest(now);
	struct yg_difference difference;
	struct yg_buf bytes = YG_BUF_INIT;
	struct yg_result *then = NULL;
	enum verdict v;

	if (yg_digest_cmp(&digest, &recorded->safe) == 0)
		return IDENTICAL;
	*status = yg_journal_get_object(r->journal, &recorded->safe, &bytes, err);
	if (*status == YG_OK)
		*status = yg_result_parse(bytes.data, bytes.len, &then, err);
	yg_buf_release(&bytes);
	if (*status != YG_OK)
		return NOT_REPLAYABLE;
	yg_result_compare(then, now, &difference);
	v = strcmp(then->profile ? then->profile : "", now->profile ? now->profile : "") != 0 ? POLICY_CHANGED
	  : difference.equivalent ? EQUIVALENT : DIFFERENT;
	snprintf(detail, size, _("%s at %s: recorded %s, now %s (relative difference %.3g)"), recorded->id, difference.path,
	         difference.recorded, difference.now, difference.relative);
	yg_result_unref(then);
	return v;
}

static enum verdict compare_outputs(struct yg_replay *r, const struct yg_journal_entry *end, const struct yg_reply *reply,
                                    char *detail, size_t size, struct yg_err *err, enum yg_status *status)
{
	enum verdict worst = NOTHING;
	size_t file = 0;

	for (size_t i = 0; i < end->noutputs && *status == YG_OK; i++) {
		const struct yg_journal_output *o = &end->outputs[i];
		enum verdict v = IDENTICAL;
		if (strcmp(o->kind, "dataset") == 0) {
			const struct yg_object *d = yg_state_find(yg_session_state(r->session), o->id);
			struct yg_digest root = { { 0 } };
			if (d)
				root = yg_dataset_root(d->payload);
			if (yg_digest_cmp(&root, &o->safe) != 0) {
				r->other_data = true;
				snprintf(detail, size, _("the data set %s is not the one that was analysed: its data root differs"), o->id);
				return NOT_REPLAYABLE;
			}
		} else if (r->other_data) {
			/* On other data everything may differ; saying so of each number would hide the cause. */
			return NOT_REPLAYABLE;
		} else if (strcmp(o->kind, "file") == 0) {
			if (file >= reply->files || yg_digest_cmp(&reply->file_digest[file], &o->safe) != 0) {
				v = DIFFERENT;
				snprintf(detail, size, _("the file %s would have other bytes"), o->id);
			}
			file++;
		} else if (!reply->result) {
			v = DIFFERENT;
			snprintf(detail, size, _("%s gave a result then and gives none now"), o->id);
		} else {
			v = compare_result(r, o, reply->result, detail, size, err, status);
		}
		if (worst == NOTHING || v > worst)
			worst = v;
	}
	return worst;
}

/* Prepare one begin with its end: run again what ran, expect again what was refused. */
static enum yg_status prepare(struct yg_replay *r, struct yg_job **job)
{
	const struct yg_journal_entry *begin = &r->begin, *end = &r->end;
	char hex[65], *position;
	size_t offset = 0;

	r->status = YG_OK;
	r->job = NULL;
	r->nothing = !end->seq || !end->status || strcmp(end->status, "crashed") == 0 || strcmp(end->status, "aborted") == 0;
	if (r->nothing)
		return YG_OK;
	yg_digest_hex(&begin->prev, hex);
	position = yg_xasprintf("%llu:%s", (unsigned long long)begin->seq, hex);
	yg_session_set_position(r->session, position);
	yg_free(position);
	r->status = yg_job_start(r->session, begin->params.resolved, strlen(begin->params.resolved), &offset, &r->job, &r->now);
	*job = r->job;
	return r->status == YG_ENOMEM ? r->status : YG_OK;
}

enum yg_status yg_replay_next(struct yg_replay *r, struct yg_job **job, bool *more, struct yg_err *err)
{
	*job = NULL;
	*more = false;
	while (r->seq < r->size) {
		uint64_t closing = 0, seq = ++r->seq;
		yg_arena_release(&r->arena);
		yg_arena_init(&r->arena);
		memset(&r->end, 0, sizeof r->end);
		YG_TRY(yg_journal_read(r->journal, seq, &r->arena, &r->begin, err));
		if (r->begin.kind == YG_ENTRY_EVENT && strcmp(r->begin.action, "session.open") == 0) {
			/* Each session began with nothing defined. */
			YG_TRY(fresh_session(r, err));
		} else if (r->begin.kind == YG_ENTRY_BEGIN && r->begin.has_params) {
			enum yg_status status;
			YG_TRY(yg_journal_closing(r->journal, seq, &closing, err));
			if (closing)
				YG_TRY(yg_journal_read(r->journal, closing, &r->arena, &r->end, err));
			status = prepare(r, job);
			if (status != YG_OK && err)
				*err = r->now;
			*more = status == YG_OK;
			return status;
		}
	}
	return YG_OK;
}

enum yg_status yg_replay_judge(struct yg_replay *r, struct yg_replay_line *line, struct yg_err *err)
{
	const struct yg_journal_entry *end = &r->end;
	bool was_ok = end->status && strcmp(end->status, "ok") == 0;
	enum yg_status status = r->status, compared = YG_OK;
	enum verdict v = NOTHING;
	struct yg_reply reply;
	char *detail = line->detail;
	size_t size = sizeof line->detail;

	memset(line, 0, sizeof *line);
	memset(&reply, 0, sizeof reply);
	if (r->job)
		status = yg_job_finish(r->job, &reply, &r->now);
	r->job = NULL;
	if (status == YG_ENOMEM || status == YG_CANCELLED) {
		yg_reply_release(&reply);
		if (err)
			*err = r->now;
		return status;
	}
	if (r->nothing) {
		snprintf(detail, size, "%s", _("was cancelled or cut off; nothing to compare"));
	} else if (status != YG_OK) {
		bool same = !was_ok && end->code && strcmp(end->code, r->now.code) == 0;
		v = same ? IDENTICAL : was_ok && (status == YG_EINPUT || status == YG_ESYNTAX) ? NOT_REPLAYABLE : DIFFERENT;
		if (!same)
			snprintf(detail, size, "%s", r->now.text);
	} else if (!was_ok && end->code && (!strncmp(end->code, "E-IO", 4) || !strncmp(end->code, "E-MEM", 5))) {
		/* The machine failed then, not the analysis: a file was not there, memory ran out. */
		v = NOTHING;
		snprintf(detail, size, _("could not run then (%s); there is nothing to compare"), end->code);
	} else if (!was_ok) {
		v = DIFFERENT;
		snprintf(detail, size, _("was refused then (%s) and runs now"), end->code ? end->code : end->status);
	} else {
		v = compare_outputs(r, end, &reply, detail, size, err, &compared);
	}
	yg_reply_release(&reply);
	YG_TRY(compared);
	report_line(r, &r->begin, v, detail);
	if (v == DIFFERENT || (v == EQUIVALENT && r->options.strict))
		blame(r, v, YG_EDIFFERENT, "E-RPL-001", detail);
	else if (v == NOT_REPLAYABLE)
		blame(r, v, YG_ENOREPLAY, "E-RPL-002", detail);
	else if (v == POLICY_CHANGED)
		blame(r, v, YG_EPOLICY, "E-RPL-003", detail);
	line->seq = r->begin.seq;
	line->verdict = verdict_text[v];
	line->good = v == IDENTICAL || v == EQUIVALENT || v == NOTHING;
	return YG_OK;
}

struct yg_task *yg_replay_task(struct yg_replay *r) { return yg_session_task(r->session); }

void yg_replay_progress(const struct yg_replay *r, uint64_t *done, uint64_t *total)
{
	*done = r->seq;
	*total = r->size;
}

/* The replay itself, in the auditor's own study. */
static enum yg_status record(struct yg_replay *r, enum yg_status verdict, struct yg_err *err)
{
	struct yg_journal_session session;
	struct yg_journal_params params = { r->options.study, "replay", "replay", 1, 1 };
	struct yg_journal_act act;
	struct yg_journal_outcome outcome;
	struct yg_journal *j;
	enum yg_status status;

	memset(&session, 0, sizeof session);
	memset(&act, 0, sizeof act);
	memset(&outcome, 0, sizeof outcome);
	session.actor = r->options.actor;
	session.role = r->options.role;
	session.program = "yogo";
	session.version = YOGO_VERSION;
	act.action = "replay.run";
	act.params = &params;
	outcome.status = verdict;
	outcome.code = verdict == YG_OK ? NULL : r->first.code;
	YG_TRY(yg_journal_open(r->options.record_study, &session, &j, err));
	status = yg_journal_event(j, &act, &outcome, NULL, err);
	if (status != YG_OK) {
		yg_journal_abandon(j);
		return status;
	}
	return yg_journal_close(j, err);
}

enum yg_status yg_replay_open(const struct yg_replay_options *options, const struct yg_command *const *commands, size_t count,
                              struct yg_session *of, struct yg_replay **out, struct yg_err *err)
{
	struct yg_replay *r = yg_xcalloc(1, sizeof *r);
	char head[YG_JOURNAL_HEAD_SIZE];
	enum yg_status status = YG_OK;

	r->options = *options;
	r->command = commands;
	r->commands = count;
	yg_buf_init(&r->report);
	yg_arena_init(&r->arena);
	if (of) {
		struct yg_journal_report checked;
		r->journal = yg_session_journal(of);
		status = r->journal ? yg_journal_check(r->journal, NULL, &checked, err)
		                    : yg_fail(err, YG_EINVAL, "E-RPL-004", N_("this session keeps no journal: it has no study file"));
	} else {
		status = yg_journal_open_read(options->study, &r->journal, err);
		r->own_journal = true;
	}
	if (status == YG_OK)
		status = fresh_session(r, err);
	if (status != YG_OK) {
		if (r->own_journal && r->journal)
			yg_journal_close(r->journal, NULL);
		yg_free(r);
		return status;
	}
	r->size = yg_journal_size(r->journal);
	yg_journal_head(r->journal, head);
	yg_buf_addf(&r->report, _("%s: verified, head %s\n"), options->study, head);
	*out = r;
	return YG_OK;
}

enum yg_status yg_replay_close(struct yg_replay *r, struct yg_buf *report, struct yg_err *err)
{
	enum yg_status status = r->first.status;
	struct yg_err ignored;

	if (r->job) {
		struct yg_reply reply;
		if (yg_job_finish(r->job, &reply, &ignored) != YG_OK && status == YG_OK)
			status = YG_CANCELLED;
		yg_reply_release(&reply);
	}
	if (yg_session_close(r->session, NULL, &ignored) != YG_OK && status == YG_OK)
		status = YG_EIO;
	if (r->own_journal)
		yg_journal_close(r->journal, NULL);
	yg_buf_addf(&r->report, _("%zu identical, %zu equivalent, %zu different, %zu not replayable, %zu under a changed policy, %zu without a result\n"),
	            r->count[IDENTICAL], r->count[EQUIVALENT], r->count[DIFFERENT], r->count[NOT_REPLAYABLE], r->count[POLICY_CHANGED],
	            r->count[NOTHING]);
	if (report)
		yg_buf_add(report, r->report.data, r->report.len);
	if (r->options.record_study && status != YG_EIO && status != YG_CANCELLED) {
		enum yg_status kept = record(r, status, err);
		if (kept != YG_OK)
			status = kept;
	}
	if (status == r->first.status && status != YG_OK && err)
		*err = r->first;
	yg_buf_release(&r->report);
	yg_arena_release(&r->arena);
	yg_free(r);
	return status;
}

enum yg_status yg_replay(const struct yg_replay_options *options, const struct yg_command *const *commands, size_t count,
                         struct yg_buf *report, struct yg_err *err)
{
	struct yg_replay *r;
	struct yg_replay_line line;
	struct yg_job *job;
	struct yg_err stopped;
	enum yg_status status;
	bool more = true;

	YG_TRY(yg_replay_open(options, commands, count, NULL, &r, err));
	do {
		status = yg_replay_next(r, &job, &more, &stopped);
		if (status == YG_OK && more) {
			if (job)
				yg_job_run(job);
			status = yg_replay_judge(r, &line, &stopped);
		}
	} while (status == YG_OK && more);
	if (status != YG_OK) {
		r->options.record_study = NULL;
		r->first = stopped;
	}
	return yg_replay_close(r, report, err);
}
