/* Entries read back: from stored bytes to typed fields. */
#include "journal/journal_priv.h"

#include <string.h>

#include "yogo/base/canon.h"
#include "yogo/base/i18n.h"
#include "yogo/base/text.h"

/* Set once something is of the wrong type: one answer for the whole entry. */
struct reading {
	struct yg_arena *arena;
	bool bad;
};

static const char *text_of(struct reading *r, const struct yg_json *o, const char *key, bool required)
{
	const struct yg_json *v = yg_json_get(o, key);
	if (v && v->kind == YG_JSON_STRING && strlen(v->string) == v->string_len)
		return v->string;
	if (v || required)
		r->bad = true;
	return NULL;
}

static int64_t int_of(struct reading *r, const struct yg_json *o, const char *key, bool required)
{
	const struct yg_json *v = yg_json_get(o, key);
	if (v && v->kind == YG_JSON_NUMBER && v->is_integer)
		return v->integer;
	if (v || required)
		r->bad = true;
	return 0;
}

/* A seed: a number or "i:..." up to 2^64 - 1. */
static uint64_t unsigned_of(struct reading *r, const struct yg_json *o, const char *key)
{
	const struct yg_json *v = yg_json_get(o, key);
	if (v && v->kind == YG_JSON_NUMBER && v->is_integer && v->integer >= 0)
		return (uint64_t)v->integer;
	if (!v || v->kind != YG_JSON_STRING || strncmp(v->string, "i:", 2) != 0 || !v->string[2]) {
		r->bad = true;
		return 0;
	}
	uint64_t n = 0;
	for (const char *p = v->string + 2; *p; p++) {
		unsigned d = (unsigned)(unsigned char)*p - '0';
		if (d > 9 || __builtin_mul_overflow(n, 10u, &n) || __builtin_add_overflow(n, d, &n)) {
			r->bad = true;
			return 0;
		}
	}
	return n;
}

static bool digest_text(const char *text, const char *tag, struct yg_digest *out)
{
	size_t n = strlen(tag);
	return text && strncmp(text, tag, n) == 0 && yg_digest_parse(text + n, out) == 0;
}

/* False when absent. */
static bool digest_of(struct reading *r, const struct yg_json *o, const char *key, const char *tag, bool required,
                      struct yg_digest *out)
{
	const char *text = text_of(r, o, key, required);
	if (!text)
		return false;
	if (digest_text(text, tag, out))
		return true;
	r->bad = true;
	return false;
}

static const struct yg_json *array_of(struct reading *r, const struct yg_json *o, const char *key)
{
	const struct yg_json *v = yg_json_get(o, key);
	if (v && v->kind != YG_JSON_ARRAY) {
		r->bad = true;
		return NULL;
	}
	return v;
}

static const struct yg_json *object_of(struct reading *r, const struct yg_json *o, const char *key, bool required)
{
	const struct yg_json *v = yg_json_get(o, key);
	if ((v && v->kind != YG_JSON_OBJECT) || (!v && required)) {
		r->bad = true;
		return NULL;
	}
	return v;
}

static void read_inputs(struct reading *r, const struct yg_json *root, struct yg_journal_entry *e)
{
	const struct yg_json *list = array_of(r, root, "inputs");
	if (!list)
		return;
	struct yg_journal_input *in = yg_arena_alloc(r->arena, list->count, sizeof *in);
	for (size_t i = 0; i < list->count; i++) {
		const struct yg_json *o = list->item[i];
		in[i].kind = text_of(r, o, "kind", true);
		in[i].id = text_of(r, o, "id", true);
		bool dataset = in[i].kind && strcmp(in[i].kind, "dataset") == 0;
		digest_of(r, o, dataset ? "root" : "digest", "sha256:", true, &in[i].digest);
		in[i].has_manifest = digest_of(r, o, "manifest", "sha256:", false, &in[i].manifest);
	}
	e->inputs = in;
	e->ninputs = list->count;
}

static void read_outputs(struct reading *r, const struct yg_json *root, struct yg_journal_entry *e)
{
	const struct yg_json *list = array_of(r, root, "outputs");
	if (!list)
		return;
	struct yg_journal_output *out = yg_arena_alloc(r->arena, list->count, sizeof *out);
	for (size_t i = 0; i < list->count; i++) {
		const struct yg_json *o = list->item[i];
		out[i].id = text_of(r, o, "id", true);
		out[i].kind = text_of(r, o, "kind", true);
		out[i].determinism = text_of(r, o, "determinism", true);
		digest_of(r, o, "safe", "sha256:", true, &out[i].safe);
		out[i].has_raw = digest_of(r, o, "raw", "commit:", false, &out[i].raw);
	}
	e->outputs = out;
	e->noutputs = list->count;
}

static void read_objects(struct reading *r, const struct yg_json *root, struct yg_journal_entry *e)
{
	const struct yg_json *list = array_of(r, root, "objects");
	if (!list)
		return;
	struct yg_digest *d = yg_arena_alloc(r->arena, list->count, sizeof *d);
	for (size_t i = 0; i < list->count; i++)
		if (list->item[i]->kind != YG_JSON_STRING || !digest_text(list->item[i]->string, "sha256:", &d[i]))
			r->bad = true;
	e->objects = d;
	e->nobjects = list->count;
}

static void read_act(struct reading *r, const struct yg_json *root, struct yg_journal_entry *e)
{
	const struct yg_json *params = object_of(r, root, "params", false);
	if (params) {
		const struct yg_json *operation = object_of(r, params, "operation", true);
		e->has_params = true;
		e->params.text = text_of(r, params, "text", true);
		e->params.resolved = text_of(r, params, "resolved", true);
		e->params.language = (int)int_of(r, params, "language", true);
		e->params.operation = text_of(r, operation, "name", true);
		e->params.operation_version = (int)int_of(r, operation, "version", true);
	}
	const struct yg_json *rng = object_of(r, root, "rng", false);
	if (rng) {
		e->has_rng = true;
		e->rng.purpose = text_of(r, rng, "purpose", false);
		e->rng.seed = unsigned_of(r, rng, "seed");
	}
	const struct yg_json *program = object_of(r, root, "program", false);
	if (program) {
		e->program = text_of(r, program, "name", true);
		e->version = text_of(r, program, "version", true);
	}
	e->has_env = digest_of(r, root, "env", "sha256:", false, &e->env);
}

static void read_outcome(struct reading *r, const struct yg_json *root, struct yg_journal_entry *e)
{
	e->status = text_of(r, root, "status", e->kind != YG_ENTRY_BEGIN);
	e->code = text_of(r, root, "code", false);
	const struct yg_json *gate = object_of(r, root, "sdc", false);
	if (gate) {
		e->has_gate = true;
		e->gate.profile = text_of(r, gate, "profile", true);
		e->gate.verdict = text_of(r, gate, "verdict", true);
		e->gate.ledger = yg_json_get(gate, "ledger") ? int_of(r, gate, "ledger", true) : -1;
		e->gate.has_hidden = digest_of(r, gate, "hidden", "commit:", false, &e->gate.hidden);
	}
}

static bool read_kind(const char *text, enum yg_entry_kind *out)
{
	for (int k = YG_ENTRY_BEGIN; k <= YG_ENTRY_RECOVERY; k++)
		if (text && strcmp(text, yg_entry_kind_name((enum yg_entry_kind)k)) == 0) {
			*out = (enum yg_entry_kind)k;
			return true;
		}
	return false;
}

const char *yg_entry_parse(struct yg_arena *arena, const char *body, size_t n, struct yg_journal_entry *out,
                           const struct yg_json **tree)
{
	struct yg_json *root;
	struct yg_journal_entry e = { .body = body, .body_len = n, .gate.ledger = -1 };
	struct reading r = { .arena = arena };
	if (yg_json_parse(arena, body, n, &root, NULL) != YG_OK)
		return N_("the body is not JSON");
	if (!yg_canon_is(body, n))
		return N_("the body is not canonical");
	if (int_of(&r, root, "v", true) != YG_STUDY_FORMAT || r.bad)
		return N_("the entry has an unknown format");
	if (!read_kind(text_of(&r, root, "kind", true), &e.kind))
		return N_("the entry has an unknown kind");
	int64_t seq = int_of(&r, root, "seq", true);
	int64_t ref = int_of(&r, root, "ref", e.kind == YG_ENTRY_END || e.kind == YG_ENTRY_RECOVERY);
	e.seq = seq > 0 ? (uint64_t)seq : 0;
	e.ref = ref > 0 ? (uint64_t)ref : 0;
	e.action = text_of(&r, root, "action", true);
	e.session = text_of(&r, root, "session", true);
	e.why = text_of(&r, root, "why", false);
	const char *time = text_of(&r, root, "time", true);
	if (!time || strncmp(time, "t:", 2) != 0)
		r.bad = true;
	else
		e.time = time + 2;
	const struct yg_json *actor = object_of(&r, root, "actor", true);
	e.actor = text_of(&r, actor, "name", true);
	e.role = text_of(&r, actor, "role", true);
	digest_of(&r, root, "prev", "sha256:", true, &e.prev);
	read_inputs(&r, root, &e);
	read_objects(&r, root, &e);
	read_outputs(&r, root, &e);
	read_act(&r, root, &e);
	read_outcome(&r, root, &e);
	if (r.bad)
		return N_("a field of the entry is missing or of the wrong type");
	*out = e;
	if (tree)
		*tree = root;
	return NULL;
}

enum yg_status yg_journal_read(struct yg_journal *j, uint64_t seq, struct yg_arena *arena,
                               struct yg_journal_entry *out, struct yg_err *err)
{
	sqlite3_stmt *stmt;
	if (seq < 1 || seq > j->tree.size)
		return yg_fail(err, YG_EINVAL, "E-JNL-016", N_("there is no journal entry %llu; the last is %llu"),
		               (unsigned long long)seq, (unsigned long long)j->tree.size);
	int rc = sqlite3_prepare_v2(j->db, "SELECT body, hash FROM entry WHERE seq = ?1", -1, &stmt, NULL);
	if (rc != SQLITE_OK)
		return yg_sql_fail(j->db, rc, j->path, err);
	sqlite3_bind_int64(stmt, 1, (int64_t)seq);
	rc = sqlite3_step(stmt);
	const char *problem = N_("the entry is missing");
	if (rc == SQLITE_ROW) {
		size_t n = (size_t)sqlite3_column_bytes(stmt, 0);
		const void *bytes = sqlite3_column_blob(stmt, 0);
		char *body = yg_arena_alloc(arena, n + 1, 1);
		if (n)
			memcpy(body, bytes, n);
		problem = yg_entry_parse(arena, body, n, out, NULL);
		if (!problem && sqlite3_column_bytes(stmt, 1) == (int)sizeof out->hash.byte)
			memcpy(out->hash.byte, sqlite3_column_blob(stmt, 1), sizeof out->hash.byte);
		if (!problem) {
			struct yg_digest hash = yg_chain_next(&out->prev, seq, body, n);
			if (out->seq != seq || yg_digest_cmp(&hash, &out->hash) != 0)
				problem = N_("its bytes do not match its hash");
		}
	}
	sqlite3_finalize(stmt);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return yg_sql_fail(j->db, rc, j->path, err);
	if (problem)
		return yg_fail(err, YG_ETAMPERED, "E-JNL-020", N_("the study %s cannot be verified: entry %llu: %s"), j->path,
		               (unsigned long long)seq, gettext(problem));
	return YG_OK;
}

enum yg_status yg_journal_closing(struct yg_journal *j, uint64_t begin, uint64_t *seq, struct yg_err *err)
{
	struct yg_arena arena;
	struct yg_journal_entry e;
	enum yg_status s = YG_OK;
	uint64_t found = 0;
	for (uint64_t i = begin + 1; i <= j->tree.size && !found && s == YG_OK; i++) {
		yg_arena_init(&arena);
		s = yg_journal_read(j, i, &arena, &e, err);
		if (s == YG_OK && e.ref == begin)
			found = i;
		yg_arena_release(&arena);
	}
	if (s == YG_OK)
		*seq = found;
	return s;
}
