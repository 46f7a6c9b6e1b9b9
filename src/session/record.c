/* What the executor writes to the study. */
#include "record_priv.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "yogo/base/i18n.h"
#include "yogo/journal/journal.h"

struct yg_record {
	struct yg_journal *journal;
	char head[YG_JOURNAL_HEAD_SIZE];
};

enum yg_status yg_record_open(const struct yg_session_options *o, unsigned threads, struct yg_record **out,
                              struct yg_err *err)
{
	struct yg_record *r = yg_xcalloc(1, sizeof *r);
	struct yg_journal_session session;
	char login[64] = "unknown";
	enum yg_status status;

	memset(&session, 0, sizeof session);
	if (!o->actor && getlogin_r(login, sizeof login) != 0)
		snprintf(login, sizeof login, "%s", geteuid() == 0 ? "root" : "unknown");
	session.actor = o->actor ? o->actor : login;
	session.role = o->role;
	session.program = "yogo";
	session.version = YOGO_VERSION;
	session.options = o->front_end;
	session.threads = threads;
	status = yg_journal_open(o->study, &session, &r->journal, err);
	if (status != YG_OK) {
		yg_free(r);
		return status;
	}
	*out = r;
	return YG_OK;
}

enum yg_status yg_record_close(struct yg_record *r, struct yg_buf *head, struct yg_err *err)
{
	char *path = yg_xstrdup(yg_journal_path(r->journal));
	struct yg_journal_report report;
	enum yg_status status = yg_journal_close(r->journal, err);

	if (status == YG_OK && head) {
		status = yg_journal_verify(path, NULL, &report, err);
		if (status == YG_OK)
			yg_buf_adds(head, report.head);
	}
	yg_free(path);
	yg_free(r);
	return status;
}

struct yg_journal *yg_record_journal(struct yg_record *r)
{
	return r->journal;
}

const char *yg_record_head(struct yg_record *r)
{
	yg_journal_head(r->journal, r->head);
	return r->head;
}

static void dataset_input(const struct yg_object *dataset, struct yg_journal_input *out)
{
	out->kind = "dataset";
	out->id = dataset->name;
	out->digest = yg_dataset_root(dataset->payload);
	out->has_manifest = true;
	out->manifest = yg_dataset_manifest_digest(dataset->payload);
}

enum yg_status yg_record_begin(struct yg_record *r, const struct yg_record_begin *b, uint64_t *seq, struct yg_arena *arena,
                               const char **position, struct yg_err *err)
{
	struct yg_journal_params params = { b->typed, b->resolved, b->operation, b->operation_version, 1 };
	struct yg_journal_input input;
	struct yg_journal_rng rng = { "analysis", (uint64_t)b->seed };
	struct yg_journal_act act;
	struct yg_journal_entry entry;
	char hex[65];

	memset(&act, 0, sizeof act);
	memset(&input, 0, sizeof input);
	act.action = b->action;
	act.params = &params;
	if (b->dataset) {
		dataset_input(b->dataset, &input);
		act.inputs = &input;
		act.ninputs = 1;
	}
	if (b->has_seed)
		act.rng = &rng;
	YG_TRY(yg_journal_begin(r->journal, &act, seq, err));
	YG_TRY(yg_journal_read(r->journal, *seq, arena, &entry, err));
	yg_digest_hex(&entry.prev, hex);
	*position = yg_arena_printf(arena, "%llu:%s", (unsigned long long)*seq, hex);
	return YG_OK;
}

enum yg_status yg_record_end(struct yg_record *r, const struct yg_record_end *e, struct yg_err *err)
{
	struct yg_journal_output *output = yg_xcalloc(e->files + 2, sizeof *output);
	struct yg_journal_outcome outcome;
	struct yg_journal_gate gate;
	struct yg_buf bytes = YG_BUF_INIT;
	enum yg_status status = YG_OK;
	size_t n = 0;

	memset(&outcome, 0, sizeof outcome);
	memset(&gate, 0, sizeof gate);
	if (e->status != YG_OK)
		yg_journal_drop_objects(r->journal);
	if (e->opened) {
		output[n].id = e->opened->name;
		output[n].kind = "dataset";
		output[n++].safe = yg_dataset_root(e->opened->payload);
	}
	if (e->result) {
		yg_result_canonical(e->result, &bytes);
		status = yg_journal_put_object(r->journal, bytes.data, bytes.len, &output[n].safe, err);
		output[n].id = e->name ? e->name : e->result->verb;
		output[n++].kind = e->result->verb;
		gate.profile = e->result->profile;
		gate.verdict = "pass";
		gate.ledger = -1;
		outcome.gate = &gate;
	}
	for (size_t i = 0; i < e->files; i++) {
		output[n].id = e->file[i].path;
		output[n].kind = "file";
		output[n++].safe = yg_sha256_of(e->file[i].bytes.data, e->file[i].bytes.len);
	}
	outcome.status = e->status;
	outcome.code = e->status != YG_OK && e->err ? e->err->code : NULL;
	outcome.outputs = output;
	outcome.noutputs = n;
	if (status == YG_OK)
		status = yg_journal_end(r->journal, e->begin, &outcome, NULL, err);
	yg_buf_release(&bytes);
	yg_free(output);
	return status;
}

enum yg_status yg_record_preview(struct yg_record *r, const struct yg_record_begin *b, const struct yg_result *result,
                                 uint64_t *seq, struct yg_err *err)
{
	struct yg_journal_params params = { b->typed, b->resolved, b->operation, b->operation_version, 1 };
	struct yg_journal_output output = { .id = result->verb, .kind = result->verb };
	struct yg_journal_gate gate = { .profile = result->profile, .verdict = "pass", .ledger = -1 };
	struct yg_journal_input input;
	struct yg_journal_act act;
	struct yg_journal_outcome outcome;
	struct yg_buf bytes = YG_BUF_INIT;
	enum yg_status status;

	memset(&act, 0, sizeof act);
	memset(&input, 0, sizeof input);
	memset(&outcome, 0, sizeof outcome);
	act.action = b->action;
	act.params = &params;
	if (b->dataset) {
		dataset_input(b->dataset, &input);
		act.inputs = &input;
		act.ninputs = 1;
	}
	yg_result_canonical(result, &bytes);
	status = yg_journal_put_object(r->journal, bytes.data, bytes.len, &output.safe, err);
	outcome.gate = &gate;
	outcome.outputs = &output;
	outcome.noutputs = 1;
	if (status == YG_OK)
		status = yg_journal_event(r->journal, &act, &outcome, seq, err);
	yg_buf_release(&bytes);
	return status;
}
