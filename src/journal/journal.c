/* Opening and closing a journal: sessions, recovery after a crash, small questions. */
#include "yogo/journal/journal.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "journal/journal_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/text.h"

static void random_hex(char *out, size_t digits)
{
	unsigned char bytes[32];
	yg_io_random(bytes, digits / 2);
	for (size_t i = 0; i < digits / 2; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

static char *or_else(const char *text, const char *other)
{
	return yg_xstrdup(text && *text ? text : other);
}

static void describe_process(struct yg_journal *j, const struct yg_journal_session *session)
{
	struct yg_buf text = YG_BUF_INIT;
	int fd;
	uint64_t size;
	if (yg_io_read_file("/proc/sys/kernel/random/boot_id", 4096, &text, NULL) == YG_OK)
		snprintf(j->boot, sizeof j->boot, "%.*s", (int)strcspn(text.data, "\n"), text.data);
	yg_buf_release(&text);
	j->actor = or_else(session->actor, "unknown");
	j->role = or_else(session->role, "researcher");
	j->program = or_else(session->program, "yogo");
	j->version = or_else(session->version, "unknown");
	if (yg_io_open_read("/proc/self/exe", &fd, &size, NULL) == YG_OK) {
		yg_io_close(fd);
		if (yg_io_digest("/proc/self/exe", size, &j->build, NULL) != YG_OK)
			memset(&j->build, 0, sizeof j->build);
	}
}

/* Take over what the check found: where the chain stands and what a crash left open. */
static enum yg_status load(struct yg_journal *j, struct yg_check *check, bool quick, struct yg_err *err)
{
	check->quick = quick;
	enum yg_status s = yg_check_run(j->db, j->path, check, err);
	if (s == YG_OK) {
		j->tree = check->tree;
		j->hash = check->hash;
		memcpy(j->id, check->id, sizeof j->id);
	}
	return s;
}

static void compare_key(struct yg_journal *j, const struct yg_check *check)
{
	struct yg_digest d;
	char hex[65], text[80];
	if (!yg_journal_commit(j, "key-check", NULL, 0, &d))
		return;
	yg_digest_hex(&d, hex);
	snprintf(text, sizeof text, "commit:%s", hex);
	j->key_changed = strcmp(text, check->session_key) != 0;
}

static enum yg_status recover(struct yg_journal *j, const struct yg_check *check, struct yg_err *err)
{
	struct yg_draft draft = { .kind = YG_ENTRY_RECOVERY, .status = "crashed" };
	for (size_t i = 0; i < check->nopen; i++) {
		draft.action = check->open[i].action;
		draft.ref = check->open[i].seq;
		YG_TRY(yg_chain_append(j, &draft, NULL, err));
		j->recovered++;
	}
	if (check->session_is_open) {
		draft.action = "session.close";
		draft.ref = check->session_open;
		YG_TRY(yg_chain_append(j, &draft, NULL, err));
		j->recovered++;
	}
	return YG_OK;
}

static enum yg_status set_meta(struct yg_journal *j, const char *sql_format, const char *value, struct yg_err *err)
{
	char *sql = sqlite3_mprintf(sql_format, value);
	if (!sql)
		return yg_sql_fail(j->db, SQLITE_NOMEM, j->path, err);
	enum yg_status s = yg_sql_exec(j->db, sql, j->path, err);
	sqlite3_free(sql);
	return s;
}

/* In one transaction: tables (of a new study), session.open, recovery, the process number. */
static enum yg_status open_session(struct yg_journal *j, const struct yg_journal_session *session, bool fresh,
                                   const struct yg_check *check, struct yg_err *err)
{
	struct yg_digest env;
	struct yg_buf record = YG_BUF_INIT;
	char pid[32];
	yg_environment_write(j, session, &record);
	enum yg_status s = yg_journal_put_object(j, record.data, record.len, &env, err);
	yg_buf_release(&record);
	YG_TRY(s);
	j->env = env;
	struct yg_journal_act act = { .action = "session.open", .why = session->why };
	struct yg_draft draft = { .kind = YG_ENTRY_EVENT, .act = &act, .opens_session = true };
	YG_TRY(yg_chain_append(j, &draft, &j->session_open, err));
	if (fresh)
		YG_TRY(set_meta(j, "INSERT INTO meta VALUES ('created', %Q)", j->time, err));
	YG_TRY(recover(j, check, err));
	snprintf(pid, sizeof pid, "%ld", (long)getpid());
	return set_meta(j, "UPDATE meta SET value = %Q WHERE key = 'pid'", pid, err);
}

static enum yg_status start(struct yg_journal *j, const struct yg_journal_session *session, struct yg_err *err)
{
	bool fresh;
	struct yg_check check = { 0 };
	YG_TRY(yg_study_open_write(j, &fresh, err));
	enum yg_status s = fresh ? YG_OK : load(j, &check, true, err);
	if (s == YG_OK)
		s = yg_key_load(j, true, err);
	if (s == YG_OK && !fresh)
		compare_key(j, &check);
	if (s == YG_OK)
		s = yg_sql_exec(j->db, "BEGIN IMMEDIATE", j->path, err);
	if (s == YG_OK) {
		j->in_transaction = true;
		describe_process(j, session);
		random_hex(j->session, 16);
		if (fresh) {
			random_hex(j->id, 32);
			j->hash = yg_chain_first(j->id);
			s = yg_study_create(j->db, j->id, j->path, err);
		}
		yg_sql_forbid(j->db, true);
		if (s == YG_OK)
			s = open_session(j, session, fresh, &check, err);
		if (s == YG_OK)
			s = yg_sql_exec(j->db, "COMMIT", j->path, err);
		j->in_transaction = false;
	}
	yg_free(check.open);
	return s;
}

enum yg_status yg_journal_open(const char *path, const struct yg_journal_session *session, struct yg_journal **out,
                               struct yg_err *err)
{
	struct yg_journal *j = yg_xcalloc(1, sizeof *j);
	j->path = yg_xstrdup(path);
	enum yg_status s = start(j, session, err);
	if (s == YG_OK)
		*out = j;
	else
		yg_study_free(j);
	return s;
}

enum yg_status yg_journal_open_read(const char *path, struct yg_journal **out, struct yg_err *err)
{
	struct yg_journal *j = yg_xcalloc(1, sizeof *j);
	struct yg_check check = { 0 };
	j->path = yg_xstrdup(path);
	enum yg_status s = yg_study_open_read(j, err);
	if (s == YG_OK)
		s = load(j, &check, false, err);
	if (s == YG_OK)
		s = yg_key_load(j, false, err);
	if (s == YG_OK)
		compare_key(j, &check);
	yg_free(check.open);
	if (s == YG_OK)
		*out = j;
	else
		yg_study_free(j);
	return s;
}

/* In one transaction: what is still open, session.close with its checkpoint, no process. */
static enum yg_status close_session(struct yg_journal *j, struct yg_err *err)
{
	yg_journal_drop_objects(j);
	for (size_t i = 0; i < j->nopen; i++) {
		struct yg_draft draft = { .kind = YG_ENTRY_RECOVERY, .status = "aborted", .action = j->open[i].action,
			                  .ref = j->open[i].seq };
		YG_TRY(yg_chain_append(j, &draft, NULL, err));
	}
	struct yg_journal_act act = { .action = "session.close" };
	struct yg_draft draft = { .kind = YG_ENTRY_EVENT, .act = &act, .ref = j->session_open };
	YG_TRY(yg_chain_append(j, &draft, NULL, err));
	return set_meta(j, "UPDATE meta SET value = %Q WHERE key = 'pid'", "0", err);
}

enum yg_status yg_journal_close(struct yg_journal *j, struct yg_err *err)
{
	enum yg_status s = YG_OK;
	if (!j)
		return YG_OK;
	if (j->writable && j->broken) {
		s = yg_fail(err, YG_EIO, "E-JNL-017", N_("the study %s was not closed in order, after a storage error; the next "
		                                        "opening says so in the journal"), j->path);
	} else if (j->writable) {
		s = yg_sql_exec(j->db, "BEGIN IMMEDIATE", j->path, err);
		j->in_transaction = true;
		if (s == YG_OK)
			s = close_session(j, err);
		if (s == YG_OK)
			s = yg_sql_exec(j->db, "COMMIT", j->path, err);
		if (s == YG_OK)
			s = yg_study_close(j, err);
	}
	yg_study_free(j);
	return s;
}

void yg_journal_abandon(struct yg_journal *j)
{
	if (j && j->db && j->writable)
		sqlite3_db_config(j->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL); /* the -wal stays, as after a crash */
	yg_study_free(j);
}

const char *yg_journal_path(const struct yg_journal *j)
{
	return j->path;
}

const char *yg_journal_id(const struct yg_journal *j)
{
	return j->id;
}

uint64_t yg_journal_size(const struct yg_journal *j)
{
	return j->tree.size;
}

unsigned yg_journal_recovered(const struct yg_journal *j)
{
	return j->recovered;
}
