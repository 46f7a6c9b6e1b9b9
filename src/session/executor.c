/* Prepare, run, gate, commit: the one door through which text changes anything. */
#include <stdio.h>
#include <string.h>

#include "commit_priv.h"
#include "outcome_priv.h"
#include "session_priv.h"
#include "yogo/base/date.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/gate/gate.h"
#include "yogo/gate/policy.h"

struct yg_job {
	struct yg_session *session;
	struct yg_prepared prepared;
	struct yg_outcome outcome;
	struct yg_reply reply;
	struct yg_err err;
	enum yg_status status;
	int64_t started;
	bool preview;                   /* looks ahead: nothing is committed */
};

/* Step 3: under the policy of the data the result is about; without data nothing is known of them, so the default holds. */
static enum yg_status gate(struct yg_session *s, struct yg_outcome *o, struct yg_reply *reply, struct yg_err *err)
{
	const struct yg_object *dataset = o->subject ? o->subject : s->state->dataset;
	struct yg_policy policy = *yg_policy_find("jp_ndb");

	if (dataset)
		YG_TRY(yg_policy_choose(yg_dataset_manifest(dataset->payload), dataset->profile, &policy, err));
	return yg_gate(o->raw, &policy, reply->resolved, o->population ? o->population : "", &reply->result, err);
}

/* Write what a command wants outside; the paths stay below the out folder. */
static enum yg_status write_files(struct yg_session *s, struct yg_outcome *o, struct yg_reply *reply, struct yg_err *err)
{
	const char *folder = s->options.out_folder ? s->options.out_folder : ".";

	reply->file = o->files ? yg_xcalloc(o->files, sizeof *reply->file) : NULL;
	reply->file_digest = o->files ? yg_xcalloc(o->files, sizeof *reply->file_digest) : NULL;
	for (size_t i = 0; i < o->files; i++) {
		struct yg_file *f = &o->file[i];
		char *path, *parent;
		enum yg_status status;
		if (!s->options.allow_paths && !yg_path_inside(f->path))
			return yg_fail(err, YG_EPRIVACY, "E-IO-042",
			               N_("output goes below the output folder; %s lies outside (allow it with --allow-paths)"), f->path);
		reply->file_digest[i] = yg_sha256_of(f->bytes.data, f->bytes.len);
		path = f->path[0] == '/' ? yg_xstrdup(f->path) : yg_path_join(folder, f->path);
		parent = yg_path_folder(path);
		status = s->options.no_files ? YG_OK : !f->overwrite && yg_io_exists(path)
			? yg_fail(err, YG_EIO, "E-IO-043", N_("%s exists; overwriting must be asked for"), path)
			: yg_io_make_folder(parent, err);
		if (status == YG_OK && !s->options.no_files)
			status = yg_io_write_file(path, f->bytes.data, f->bytes.len, err);
		yg_free(parent);
		reply->file[i] = path;
		reply->files = i + 1;
		YG_TRY(status);
	}
	return YG_OK;
}

/* check: what a verb that is not run would have made. */
static enum yg_object_kind made_kind(const char *verb)
{
	static const char *const sets[] = { "weight", "match", "stratify", "mi", "tvc", "long", "wide", "design" };

	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
		if (strcmp(sets[i], verb) == 0)
			return YG_OBJECT_SET;
	return strcmp(verb, "ps") == 0 ? YG_OBJECT_PROPENSITY : YG_OBJECT_RESULT;
}

/* Step 4: the next state.  A result without an object of its own gets one. */
static void commit(struct yg_session *s, const struct yg_prepared *p, struct yg_outcome *o, struct yg_reply *reply)
{
	struct yg_state *next;

	if (o->undo) {
		next = yg_state_ref(s->state->before ? s->state->before : s->state);
		yg_state_unref(s->state);
		s->state = next;
		return;
	}
	if (p->command->makes_result && !o->named) {
		struct yg_object *result = yg_object_new(s->options.check_only ? made_kind(p->word) : YG_OBJECT_RESULT, p->name);
		result->text = yg_xstrdup(reply->resolved);
		result->dataset = yg_object_ref(o->subject ? o->subject : s->state->dataset);
		result->table = s->state->table;
		yg_outcome_add_object(o, result);
		o->named = result;
	}
	if (o->named) {
		o->named->result = yg_result_ref(reply->result);
		reply->name = yg_xstrdup(o->named->name);
	}
	if (p->command->effect == YG_EFFECT_LOOK && !o->objects)
		return;
	next = yg_state_next(s->state);
	next->line = yg_xstrdup(reply->canonical);
	if (p->command->makes_result && !yg_node_find(p->statement, YG_NODE_AS))
		next->results++;
	for (size_t i = 0; i < o->objects; i++)
		yg_state_put(next, o->object[i], &reply->stale, &reply->stales);
	o->objects = 0;   /* the state has them now */
	if (o->changes_active) {
		next->dataset = o->dataset;
		next->table = o->table;
		next->cohort = o->cohort;
	}
	if (o->changes_seed) {
		next->has_seed = true;
		next->seed = o->seed;
	}
	if (o->title) {
		yg_free(next->title);
		next->title = o->title;
		o->title = NULL;
	}
	yg_state_unref(s->state);
	s->state = next;
}

/* check: definitions are made, so that later lines can be checked; analyses only leave a name. */
static enum yg_status run_checked(struct yg_job *job)
{
	static const struct yg_command unavailable = { .name = "", .makes_result = true };
	struct yg_prepared *p = &job->prepared;
	const struct yg_node *as = yg_node_find(p->statement, YG_NODE_AS);

	if (p->unavailable) {
		p->command = &unavailable;
		job->reply.text = yg_xstrdup(p->word);
		if (p->statement->kind != YG_NODE_COMMAND)
			return YG_OK;
		if (!as)
			return yg_session_choose_name(job->session, p, &job->err);
		snprintf(p->name, sizeof p->name, "%s", as->text);
	} else if (!p->command->makes_result && p->command->effect == YG_EFFECT_STATE) {
		return p->command->run(&p->context, p->statement, &job->outcome, &job->err);
	}
	return YG_OK;
}

/* A statement leaves a record unless it only looks at what was shown already. */
static bool recorded(const struct yg_job *job)
{
	const struct yg_command *c = job->prepared.command;

	return job->session->record && !job->preview && !job->session->options.check_only && !(c->effect == YG_EFFECT_LOOK && !c->makes_result);
}

static void job_free(struct yg_job *job)
{
	yg_outcome_release(&job->outcome);
	yg_arena_release(&job->prepared.arena);
	yg_reply_release(&job->reply);
	yg_free(job);
}

/* An error without a place is about the whole statement; a failure without words is a bug of ours. */
static void place_error(enum yg_status status, struct yg_err *err, const struct yg_reply *reply)
{
	if (err->status != status)
		yg_fail(err, status, "E-BUG-001", N_("%s failed and did not say why; please report this"),
		        reply->word && *reply->word ? reply->word : "the statement");
	if (!err->has_span && reply->typed) {
		err->at = reply->at;
		err->len = strcspn(reply->typed, "\n");
		err->has_span = 1;
	}
}

enum yg_status yg_job_start(struct yg_session *s, const char *text, size_t n, size_t *offset, struct yg_job **out,
                            struct yg_err *err)
{
	struct yg_job *job = yg_xcalloc(1, sizeof *job);
	bool done = false;

	*out = NULL;
	job->session = s;
	job->started = yg_monotonic_nanoseconds();
	yg_arena_init(&job->prepared.arena);
	yg_task_init(&s->task, s->pool);
	job->status = yg_session_prepare_next(s, text, n, offset, &done, &job->prepared, &job->reply, &job->err);
	if (job->status == YG_OK && !done && recorded(job)) {
		struct yg_record_begin begin = { job->prepared.command->action, job->reply.typed, job->reply.resolved,
		                                 job->prepared.command->name, job->prepared.command->operation_version,
		                                 s->state->dataset, s->state->has_seed, s->state->seed };
		job->status = yg_record_begin(s->record, &begin, &job->reply.seq, &job->prepared.arena,
		                              &job->prepared.context.position, &job->err);
	}
	if (job->status != YG_OK || done) {
		enum yg_status status = job->status;
		place_error(status, &job->err, &job->reply);
		if (err)
			*err = job->err;
		job_free(job);
		return status;
	}
	*out = job;
	return YG_OK;
}

enum yg_status yg_job_preview(struct yg_session *s, const char *text, size_t n, struct yg_job **out, struct yg_err *err)
{
	struct yg_job *job = yg_xcalloc(1, sizeof *job);
	size_t offset = 0;
	bool done = false;

	*out = NULL;
	job->session = s;
	job->preview = true;
	job->started = yg_monotonic_nanoseconds();
	yg_arena_init(&job->prepared.arena);
	yg_task_init(&s->task, s->pool);
	job->status = yg_session_prepare_next(s, text, n, &offset, &done, &job->prepared, &job->reply, &job->err);
	if (job->status == YG_OK && (done || !job->prepared.command ||
	                             !(job->prepared.command->makes_result || job->prepared.statement->kind == YG_NODE_COHORT ||
	                               job->prepared.statement->kind == YG_NODE_ENDPOINT)))
		job->status = yg_fail(&job->err, YG_EINVAL, "E-RUN-003", N_("only definitions and results can be looked at ahead"));
	if (job->status != YG_OK) {
		enum yg_status status = job->status;
		place_error(status, &job->err, &job->reply);
		if (err)
			*err = job->err;
		job_free(job);
		return status;
	}
	*out = job;
	return YG_OK;
}

/* What was seen ahead of guarded data is on record, or it is not seen. */
static void end_preview(struct yg_job *job)
{
	struct yg_session *s = job->session;
	struct yg_record_begin begin = { "query.preview", job->reply.typed, job->reply.resolved, job->prepared.command->name,
	                                 job->prepared.command->operation_version, s->state->dataset, false, 0 };

	if (job->status != YG_OK || !job->reply.result || !job->reply.result->guarded || !s->record)
		return;
	job->status = yg_record_preview(s->record, &begin, job->reply.result, &job->reply.seq, &job->err);
	if (job->status != YG_OK) {
		yg_result_unref(job->reply.result);
		job->reply.result = NULL;
	}
}

/* Decoded columns are kept from statement to statement: all of them go, and at most so much comes back. */
static uint64_t bound_caches(const struct yg_session *s, uint64_t most)
{
	uint64_t dropped = 0;

	for (size_t i = 0; i < s->state->objects; i++)
		if (s->state->object[i]->kind == YG_OBJECT_DATASET && s->state->object[i]->payload)
			dropped += yg_dataset_bound_cache(s->state->object[i]->payload, most);
	return dropped;
}

/* A statement that memory was too small for runs once more without decoded columns; later ones keep half as many. */
static void run_in_less(struct yg_job *job)
{
	struct yg_session *s = job->session;
	struct yg_prepared *p = &job->prepared;
	uint64_t dropped = job->status == YG_ENOMEM ? bound_caches(s, 0) : 0;

	if (!dropped)
		return;
	yg_outcome_release(&job->outcome);
	memset(&job->outcome, 0, sizeof job->outcome);
	yg_err_clear(&job->err);
	job->status = p->command->run(&p->context, p->statement, &job->outcome, &job->err);
	bound_caches(s, dropped / 2);
}

void yg_job_run(struct yg_job *job)
{
	struct yg_session *s = job->session;
	struct yg_prepared *p = &job->prepared;

	if (s->options.check_only) {
		job->status = run_checked(job);
		return;
	}
	job->status = p->command->run(&p->context, p->statement, &job->outcome, &job->err);
	run_in_less(job);
	if (job->status == YG_OK && yg_task_cancelled(&s->task))
		job->status = yg_fail(&job->err, YG_CANCELLED, "E-RUN-001", N_("cancelled; nothing was kept"));
	if (job->status == YG_OK && job->outcome.raw)
		job->status = gate(s, &job->outcome, &job->reply, &job->err);
}

/* The END entry.  Without its record a result is not shown. */
static void end_record(struct yg_job *job)
{
	struct yg_outcome *o = &job->outcome;
	struct yg_record_end end = { 0 };
	struct yg_err err;
	enum yg_status status;

	end.begin = job->reply.seq;
	end.status = job->status;
	end.err = &job->err;
	end.result = job->status == YG_OK ? job->reply.result : NULL;
	end.name = o->named ? o->named->name : job->prepared.command->makes_result ? job->prepared.name : NULL;
	end.opened = job->status == YG_OK && o->named && o->named->kind == YG_OBJECT_DATASET ? o->named : NULL;
	end.file = o->file;
	end.files = job->status == YG_OK ? o->files : 0;
	status = yg_record_end(job->session->record, &end, &err);
	if (status != YG_OK && job->status == YG_OK) {
		job->status = status;
		job->err = err;
	}
}

enum yg_status yg_job_finish(struct yg_job *job, struct yg_reply *reply, struct yg_err *err)
{
	struct yg_session *s = job->session;
	enum yg_status status;

	if (job->preview)
		end_preview(job);
	else if (job->status == YG_OK && job->outcome.files && !s->options.check_only)
		job->status = write_files(s, &job->outcome, &job->reply, &job->err);
	if (recorded(job))
		end_record(job);
	if (job->status == YG_OK && !job->preview)
		commit(s, &job->prepared, &job->outcome, &job->reply);
	if (job->outcome.text && !job->reply.text) {
		job->reply.text = job->outcome.text;
		job->outcome.text = NULL;
	}
	status = job->status;
	if (status != YG_OK) {
		place_error(status, &job->err, &job->reply);
		if (err)
			*err = job->err;
	}
	job->reply.seconds = (double)(yg_monotonic_nanoseconds() - job->started) * 1e-9;
	*reply = job->reply;
	memset(&job->reply, 0, sizeof job->reply);
	job_free(job);
	return status;
}

enum yg_status yg_session_execute(struct yg_session *s, const char *text, size_t n, size_t *offset, bool *done,
                                  struct yg_reply *reply, struct yg_err *err)
{
	struct yg_job *job;

	memset(reply, 0, sizeof *reply);
	*done = false;
	YG_TRY(yg_job_start(s, text, n, offset, &job, err));
	*done = job == NULL;
	if (!job)
		return YG_OK;
	yg_job_run(job);
	return yg_job_finish(job, reply, err);
}
