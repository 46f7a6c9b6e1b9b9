/*
 * Entries: their canonical bytes, and one durable transaction for each.
 * Field order follows docs/journal-format.md 3; the canonical writer asserts that keys ascend.
 */
#include "journal/journal_priv.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "yogo/base/canon.h"
#include "yogo/base/date.h"
#include "yogo/base/i18n.h"
#include "yogo/base/text.h"

struct yg_digest yg_chain_first(const char *study_id)
{
	static const char tag[] = "yogo-journal-v1"; /* hashed with its NUL */
	struct yg_sha256 h;
	yg_sha256_init(&h);
	yg_sha256_add(&h, tag, sizeof tag);
	yg_sha256_add(&h, study_id, strlen(study_id));
	return yg_sha256_end(&h);
}

struct yg_digest yg_chain_next(const struct yg_digest *prev, uint64_t seq, const void *body, size_t n)
{
	static const char tag[] = "yogo-entry-v1";
	struct yg_sha256 h;
	yg_sha256_init(&h);
	yg_sha256_add(&h, tag, sizeof tag);
	yg_sha256_add(&h, prev->byte, sizeof prev->byte);
	yg_sha256_add_le64(&h, seq);
	yg_sha256_add_le32(&h, (uint32_t)n);
	yg_sha256_add(&h, body, n);
	return yg_sha256_end(&h);
}

const char *yg_entry_kind_name(enum yg_entry_kind kind)
{
	static const char *const name[] = { "begin", "end", "event", "recovery" };
	return name[kind];
}

/* ---- canonical bytes ---- */

/* Typed text: controls and overrides made visible, tab and newline kept. */
static void put_text(struct yg_canon *c, const char *key, const char *text)
{
	struct yg_buf clean = YG_BUF_INIT;
	for (const char *p = text ? text : ""; *p;) {
		size_t n = strcspn(p, "\t\n");
		yg_escape_terminal(&clean, p, n);
		p += n;
		if (*p)
			yg_buf_addc(&clean, *p++);
	}
	yg_canon_key(c, key);
	yg_canon_string_n(c, clean.data, clean.len);
	yg_buf_release(&clean);
}

static void put_optional(struct yg_canon *c, const char *key, const char *text)
{
	if (text && *text)
		put_text(c, key, text);
}

static void put_digest(struct yg_canon *c, const char *key, const struct yg_digest *d)
{
	yg_canon_key(c, key);
	yg_canon_digest(c, d);
}

static void put_commitment(struct yg_canon *c, const char *key, const struct yg_digest *d)
{
	char hex[65], text[80];
	yg_digest_hex(d, hex);
	snprintf(text, sizeof text, "commit:%s", hex);
	yg_canon_key(c, key);
	yg_canon_string(c, text);
}

static void put_unsigned(struct yg_canon *c, const char *key, uint64_t v)
{
	yg_canon_key(c, key);
	if (v <= INT64_MAX) {
		yg_canon_int(c, (int64_t)v);
	} else {
		char text[32];
		snprintf(text, sizeof text, "i:%" PRIu64, v);
		yg_canon_string(c, text);
	}
}

static void put_inputs(struct yg_canon *c, const struct yg_journal_act *act)
{
	if (!act->ninputs)
		return;
	yg_canon_key(c, "inputs");
	yg_canon_open_array(c);
	for (size_t i = 0; i < act->ninputs; i++) {
		const struct yg_journal_input *in = &act->inputs[i];
		bool dataset = strcmp(in->kind, "dataset") == 0;
		yg_canon_open(c);
		if (!dataset)
			put_digest(c, "digest", &in->digest);
		put_text(c, "id", in->id);
		put_text(c, "kind", in->kind);
		if (dataset && in->has_manifest)
			put_digest(c, "manifest", &in->manifest);
		if (dataset)
			put_digest(c, "root", &in->digest);
		yg_canon_close(c);
	}
	yg_canon_close_array(c);
}

static int by_digest(const void *a, const void *b)
{
	return yg_digest_cmp(&((const struct yg_pending_object *)a)->digest,
	                     &((const struct yg_pending_object *)b)->digest);
}

static void put_objects(struct yg_canon *c, const struct yg_journal *j)
{
	if (!j->npending)
		return;
	yg_canon_key(c, "objects");
	yg_canon_open_array(c);
	for (size_t i = 0; i < j->npending; i++)
		yg_canon_digest(c, &j->pending[i].digest);
	yg_canon_close_array(c);
}

static void put_outputs(struct yg_canon *c, const struct yg_journal_outcome *outcome)
{
	if (!outcome->noutputs)
		return;
	yg_canon_key(c, "outputs");
	yg_canon_open_array(c);
	for (size_t i = 0; i < outcome->noutputs; i++) {
		const struct yg_journal_output *o = &outcome->outputs[i];
		yg_canon_open(c);
		put_text(c, "determinism", o->determinism ? o->determinism : "D0");
		put_text(c, "id", o->id);
		put_text(c, "kind", o->kind);
		if (o->has_raw)
			put_commitment(c, "raw", &o->raw);
		put_digest(c, "safe", &o->safe);
		yg_canon_close(c);
	}
	yg_canon_close_array(c);
}

static void put_params(struct yg_canon *c, const struct yg_journal_params *p)
{
	if (!p)
		return;
	const char *resolved = p->resolved ? p->resolved : p->text ? p->text : "";
	yg_canon_key(c, "params");
	yg_canon_open(c);
	yg_canon_key(c, "language");
	yg_canon_int(c, p->language);
	yg_canon_key(c, "operation");
	yg_canon_open(c);
	put_text(c, "name", p->operation);
	yg_canon_key(c, "version");
	yg_canon_int(c, p->operation_version);
	yg_canon_close(c);
	yg_canon_key(c, "resolved");
	yg_canon_string(c, resolved); /* exactly: replay parses it */
	put_text(c, "text", p->text);
	yg_canon_close(c);
}

static void put_program(struct yg_canon *c, const struct yg_journal *j)
{
	yg_canon_key(c, "program");
	yg_canon_open(c);
	put_digest(c, "build", &j->build);
	put_text(c, "name", j->program);
	put_text(c, "version", j->version);
	yg_canon_close(c);
}

static void put_rng(struct yg_canon *c, const struct yg_journal_rng *rng)
{
	if (!rng)
		return;
	yg_canon_key(c, "rng");
	yg_canon_open(c);
	yg_canon_key(c, "algo");
	yg_canon_string(c, "philox4x32-10");
	put_optional(c, "purpose", rng->purpose);
	put_unsigned(c, "seed", rng->seed);
	yg_canon_close(c);
}

static void put_gate(struct yg_canon *c, const struct yg_journal_gate *gate)
{
	if (!gate)
		return;
	yg_canon_key(c, "sdc");
	yg_canon_open(c);
	if (gate->has_hidden)
		put_commitment(c, "hidden", &gate->hidden);
	if (gate->ledger >= 0) {
		yg_canon_key(c, "ledger");
		yg_canon_int(c, gate->ledger);
	}
	put_text(c, "profile", gate->profile);
	put_text(c, "verdict", gate->verdict ? gate->verdict : "n/a");
	yg_canon_close(c);
}

static const char *status_word(enum yg_status s)
{
	switch (s) {
	case YG_OK:
		return "ok";
	case YG_REFUSED:
	case YG_EPRIVACY:
		return "refused";
	case YG_CANCELLED:
		return "aborted";
	default:
		return "error";
	}
}

static void write_body(struct yg_journal *j, const struct yg_draft *d, struct yg_buf *out)
{
	struct yg_canon canon, *c = &canon;
	const struct yg_journal_act *act = d->act;
	const struct yg_journal_outcome *outcome = d->outcome;
	char time[64];
	memcpy(time, "t:", 2);
	yg_time_print_canonical(time + 2, yg_now_nanoseconds());
	memcpy(j->time, time + 2, sizeof j->time);

	yg_canon_init(c, out);
	yg_canon_open(c);
	put_text(c, "action", act ? act->action : d->action);
	yg_canon_key(c, "actor");
	yg_canon_open(c);
	put_text(c, "name", j->actor);
	put_text(c, "role", j->role);
	yg_canon_close(c);
	put_text(c, "boot", j->boot);
	if (outcome && outcome->status != YG_OK)
		put_text(c, "code", outcome->code && *outcome->code ? outcome->code : "E-UNKNOWN");
	if (act) {
		put_digest(c, "env", &j->env);
		put_inputs(c, act);
	}
	if (d->opens_session) {
		struct yg_digest check;
		yg_journal_commit(j, "key-check", NULL, 0, &check);
		put_commitment(c, "key", &check);
	}
	put_text(c, "kind", yg_entry_kind_name(d->kind));
	yg_canon_key(c, "mono");
	yg_canon_int(c, yg_monotonic_nanoseconds());
	put_objects(c, j);
	if (outcome)
		put_outputs(c, outcome);
	if (act)
		put_params(c, act->params);
	put_digest(c, "prev", &j->hash);
	if (act)
		put_program(c, j);
	if (d->ref)
		put_unsigned(c, "ref", d->ref);
	if (act)
		put_rng(c, act->rng);
	if (outcome)
		put_gate(c, outcome->gate);
	put_unsigned(c, "seq", j->tree.size + 1);
	put_text(c, "session", j->session);
	if (d->kind != YG_ENTRY_BEGIN)
		put_text(c, "status", d->status ? d->status : status_word(outcome ? outcome->status : YG_OK));
	if (d->opens_session)
		put_text(c, "study", j->id);
	put_text(c, "time", time);
	yg_canon_key(c, "v");
	yg_canon_int(c, YG_STUDY_FORMAT);
	put_optional(c, "why", act ? act->why : outcome ? outcome->why : d->why);
	yg_canon_close(c);
}

/* ---- storing ---- */

static enum yg_status insert(struct yg_journal *j, const char *sql, int64_t number, const void *key, const void *a,
                             size_t na, bool text, const void *b, size_t nb, struct yg_err *err)
{
	sqlite3_stmt *stmt;
	int rc = sqlite3_prepare_v2(j->db, sql, -1, &stmt, NULL);
	if (rc != SQLITE_OK)
		return yg_sql_fail(j->db, rc, j->path, err);
	if (key)
		sqlite3_bind_blob(stmt, 1, key, 32, SQLITE_STATIC);
	else
		sqlite3_bind_int64(stmt, 1, number);
	if (text)
		sqlite3_bind_text(stmt, 2, a, (int)na, SQLITE_STATIC);
	else
		sqlite3_bind_blob64(stmt, 2, na ? a : "", na, SQLITE_STATIC); /* NULL would store NULL */
	if (b)
		sqlite3_bind_blob64(stmt, 3, b, nb, SQLITE_STATIC);
	sqlite3_step(stmt);
	rc = sqlite3_finalize(stmt);
	return rc == SQLITE_OK ? YG_OK : yg_sql_fail(j->db, rc, j->path, err);
}

static enum yg_status store(struct yg_journal *j, const struct yg_buf *body, const struct yg_digest *hash,
                            const struct yg_frontier *tree, bool closes_session, struct yg_err *err)
{
	for (size_t i = 0; i < j->npending; i++)
		YG_TRY(insert(j, "INSERT INTO object(digest, bytes) VALUES (?1, ?2)", 0, j->pending[i].digest.byte,
		              j->pending[i].bytes.data, j->pending[i].bytes.len, false, NULL, 0, err));
	YG_TRY(insert(j, "INSERT INTO entry(seq, body, hash) VALUES (?1, ?2, ?3)", (int64_t)tree->size, NULL, body->data,
	              body->len, false, hash->byte, sizeof hash->byte, err));
	if (tree->size % YG_CHECKPOINT_EVERY && !closes_session)
		return YG_OK;
	struct yg_buf note = YG_BUF_INIT;
	yg_checkpoint_note(&note, j->id, tree);
	enum yg_status s = insert(j, "INSERT INTO checkpoint(size, note) VALUES (?1, ?2)", (int64_t)tree->size, NULL,
	                          note.data, note.len, true, NULL, 0, err);
	yg_buf_release(&note);
	return s;
}

static enum yg_status check_writable(const struct yg_journal *j, struct yg_err *err)
{
	if (!j->writable)
		return yg_fail(err, YG_EBUG, "E-JNL-006", N_("the journal of %s was opened for reading only"), j->path);
	if (j->broken) {
		enum yg_status s = yg_fail(err, YG_EIO, "E-JNL-011",
		                           N_("the journal of %s stopped after a storage error; nothing more is recorded, "
		                              "so nothing more is run"), j->path);
		yg_err_hint(err, N_("look after the disk, then start the program again; everything committed is kept"));
		return s;
	}
	return YG_OK;
}

static enum yg_status check_action(const char *action, struct yg_err *err)
{
	size_t n = action ? strspn(action, "abcdefghijklmnopqrstuvwxyz_.") : 0;
	if (!n || action[n] || n >= sizeof ((struct yg_open_begin *)0)->action)
		return yg_fail(err, YG_EBUG, "E-JNL-006", N_("an action name is not of the form area.verb"));
	return YG_OK;
}

enum yg_status yg_chain_append(struct yg_journal *j, const struct yg_draft *draft, uint64_t *seq, struct yg_err *err)
{
	const char *action = draft->act ? draft->act->action : draft->action;
	const struct yg_journal_params *params = draft->act ? draft->act->params : NULL;
	YG_TRY(check_writable(j, err));
	YG_TRY(check_action(action, err));
	if (params && params->resolved && !yg_utf8_valid(params->resolved, strlen(params->resolved), NULL))
		return yg_fail(err, YG_EBUG, "E-JNL-006", N_("the resolved text of a command is not UTF-8"));
	if (j->npending > 1)
		qsort(j->pending, j->npending, sizeof *j->pending, by_digest);

	struct yg_buf body = YG_BUF_INIT;
	write_body(j, draft, &body);
	if (body.len > YG_JOURNAL_ENTRY_MOST) {
		yg_buf_release(&body);
		return yg_fail(err, YG_ELIMIT, "E-JNL-012", N_("the command is too long for one journal entry (1 MiB)"));
	}
	struct yg_frontier tree = j->tree;
	struct yg_digest leaf = yg_merkle_leaf(body.data, body.len);
	yg_frontier_add(&tree, &leaf);
	struct yg_digest hash = yg_chain_next(&j->hash, tree.size, body.data, body.len);

	bool own = !j->in_transaction;
	enum yg_status s = own ? yg_sql_exec(j->db, "BEGIN IMMEDIATE", j->path, err) : YG_OK;
	if (s == YG_OK)
		s = store(j, &body, &hash, &tree, strcmp(action, "session.close") == 0, err);
	if (s == YG_OK && own)
		s = yg_sql_exec(j->db, "COMMIT", j->path, err);
	yg_buf_release(&body);
	if (s != YG_OK) {
		if (own && !sqlite3_get_autocommit(j->db))
			sqlite3_exec(j->db, "ROLLBACK", NULL, NULL, NULL);
		/* what the disk holds is not certain any more */
		j->broken = true;
		return s;
	}
	j->tree = tree;
	j->hash = hash;
	yg_journal_drop_objects(j);
	if (seq)
		*seq = tree.size;
	return YG_OK;
}

/* ---- what is open ---- */

void yg_chain_opened(struct yg_journal *j, uint64_t seq, const char *action)
{
	YG_GROW(j->open, j->nopen, j->open_cap);
	j->open[j->nopen].seq = seq;
	snprintf(j->open[j->nopen].action, sizeof j->open[j->nopen].action, "%s", action);
	j->nopen++;
}

bool yg_chain_closed(struct yg_journal *j, uint64_t seq)
{
	for (size_t i = 0; i < j->nopen; i++)
		if (j->open[i].seq == seq) {
			memmove(&j->open[i], &j->open[i + 1], (j->nopen - i - 1) * sizeof *j->open);
			j->nopen--;
			return true;
		}
	return false;
}

enum yg_status yg_journal_begin(struct yg_journal *j, const struct yg_journal_act *act, uint64_t *seq,
                                struct yg_err *err)
{
	uint64_t n;
	struct yg_draft draft = { .kind = YG_ENTRY_BEGIN, .act = act };
	YG_TRY(yg_chain_append(j, &draft, &n, err));
	yg_chain_opened(j, n, act->action);
	*seq = n;
	return YG_OK;
}

enum yg_status yg_journal_end(struct yg_journal *j, uint64_t begin, const struct yg_journal_outcome *outcome,
                              uint64_t *seq, struct yg_err *err)
{
	const char *action = NULL;
	for (size_t i = 0; i < j->nopen; i++)
		if (j->open[i].seq == begin)
			action = j->open[i].action;
	if (!action)
		return yg_fail(err, YG_EBUG, "E-JNL-006", N_("journal entry %llu has no open beginning"),
		               (unsigned long long)begin);
	struct yg_draft draft = { .kind = YG_ENTRY_END, .outcome = outcome, .action = action, .ref = begin };
	YG_TRY(yg_chain_append(j, &draft, seq, err));
	yg_chain_closed(j, begin);
	return YG_OK;
}

enum yg_status yg_journal_event(struct yg_journal *j, const struct yg_journal_act *act,
                                const struct yg_journal_outcome *outcome, uint64_t *seq, struct yg_err *err)
{
	struct yg_draft draft = { .kind = YG_ENTRY_EVENT, .act = act, .outcome = outcome };
	return yg_chain_append(j, &draft, seq, err);
}
