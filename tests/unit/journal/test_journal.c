/*
 * A study is opened, asked, closed and read again; a crash leaves a trace; nobody else gets in.
 */
#include "tests/unit/test.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#include "yogo/base/io.h"
#include "yogo/base/text.h"
#include "yogo/journal/journal.h"

static char folder[64];
static char study[128];

static int set_up(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/yogo-test-journal-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(study, sizeof study, "%s/trial.study", folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	yg_io_remove_folder(folder);
	return 0;
}

static const struct yg_journal_session session = {
	.actor = "山田", .role = "researcher", .version = "0.1.0", .flags = "-O2", .threads = 2,
};

static struct yg_journal *open_study(void)
{
	struct yg_journal *j = NULL;
	struct yg_err err;
	if (yg_journal_open(study, &session, &j, &err) != YG_OK)
		fail_msg("%s", err.text);
	return j;
}

static void close_study(struct yg_journal *j)
{
	struct yg_err err;
	if (yg_journal_close(j, &err) != YG_OK)
		fail_msg("%s", err.text);
}

static void verified(struct yg_journal_report *report)
{
	struct yg_err err;
	if (yg_journal_verify(study, NULL, report, &err) != YG_OK)
		fail_msg("%s", err.text);
	assert_string_equal(report->what, "");
}

static uint64_t begin(struct yg_journal *j, const char *text)
{
	struct yg_journal_params params = { .text = text, .resolved = text, .operation = "km", .operation_version = 2, .language = 1 };
	struct yg_journal_input input = { .kind = "dataset", .id = "adtte", .digest = yg_sha256_of("root", 4),
		                          .has_manifest = true, .manifest = yg_sha256_of("m", 1) };
	struct yg_journal_rng rng = { .purpose = "bootstrap", .seed = UINT64_MAX };
	struct yg_journal_act act = { .action = "analysis.run", .params = &params, .inputs = &input, .ninputs = 1, .rng = &rng };
	uint64_t seq;
	struct yg_err err;
	if (yg_journal_begin(j, &act, &seq, &err) != YG_OK)
		fail_msg("%s", err.text);
	return seq;
}

static void end(struct yg_journal *j, uint64_t b, const char *result)
{
	struct yg_err err;
	struct yg_journal_output output = { .id = "r1", .kind = "km", .has_raw = true };
	assert_int_equal(yg_journal_put_object(j, result, strlen(result), &output.safe, &err), YG_OK);
	assert_true(yg_journal_commit(j, "raw", "bits", 4, &output.raw));
	struct yg_journal_gate gate = { .profile = "open", .verdict = "pass", .ledger = 7 };
	struct yg_journal_outcome outcome = { .outputs = &output, .noutputs = 1, .gate = &gate };
	assert_int_equal(yg_journal_end(j, b, &outcome, NULL, &err), YG_OK);
}

static bool exists(const char *suffix)
{
	char path[200];
	snprintf(path, sizeof path, "%s%s", study, suffix);
	return yg_io_exists(path);
}

static void a_closed_study_is_one_file_that_verifies(void **state)
{
	(void)state;
	struct yg_journal *j = open_study();
	assert_true(exists("-wal"));
	struct stat st;
	assert_int_equal(stat(study, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	uint64_t b = begin(j, "km os by rx");
	assert_int_equal(b, 2);
	end(j, b, "{\"median\":1}");
	char head[YG_JOURNAL_HEAD_SIZE];
	yg_journal_head(j, head);
	assert_true(strncmp(head, "3:", 2) == 0);
	close_study(j);
	assert_false(exists("-wal"));
	assert_false(exists("-journal"));
	struct yg_journal_report report;
	verified(&report);
	assert_int_equal(report.entries, 4);
	assert_int_equal(report.objects, 2);
	assert_int_equal(report.checkpoints, 1);
	assert_true(report.closed);
	assert_false(report.copied);
	assert_int_equal(report.open_begins, 0);
	/* the head of an earlier moment still holds, another does not */
	struct yg_err err;
	assert_int_equal(yg_journal_verify(study, head, &report, &err), YG_OK);
	assert_int_equal(yg_journal_verify(study, report.head, &report, &err), YG_OK);
	head[10] = 'x';
	assert_int_equal(yg_journal_verify(study, head, &report, &err), YG_EINVAL);
	verified(&report);
	report.head[2] = report.head[2] == 'a' ? 'b' : 'a';
	memcpy(head, report.head, sizeof head);
	assert_int_equal(yg_journal_verify(study, head, &report, &err), YG_ETAMPERED);
	memcpy(head, "9:", 2);
	assert_int_equal(yg_journal_verify(study, head, &report, &err), YG_ETAMPERED);
	assert_non_null(strstr(err.text, "missing at the end"));
}

static void entries_come_back_as_they_were_said(void **state)
{
	(void)state;
	struct yg_journal *j = open_study();
	uint64_t b = begin(j, "cohort c\n  require \"年\x1b[2J\" age >= 18");
	end(j, b, "first");
	uint64_t b2 = begin(j, "km");
	struct yg_err err;
	struct yg_journal_outcome refused = { .status = YG_EPRIVACY, .code = "E-GATE-001", .why = "too few" };
	uint64_t e2;
	assert_int_equal(yg_journal_end(j, b2, &refused, &e2, &err), YG_OK);
	struct yg_arena arena;
	yg_arena_init(&arena);
	struct yg_journal_entry e;
	assert_int_equal(yg_journal_read(j, b, &arena, &e, &err), YG_OK);
	assert_int_equal(e.kind, YG_ENTRY_BEGIN);
	assert_string_equal(e.action, "analysis.run");
	assert_string_equal(e.actor, "山田");
	assert_true(e.has_params);
	/* what replay parses is exact, what people typed is made harmless */
	assert_string_equal(e.params.resolved, "cohort c\n  require \"年\x1b[2J\" age >= 18");
	assert_string_equal(e.params.text, "cohort c\n  require \"年\\x1b[2J\" age >= 18");
	assert_string_equal(e.params.operation, "km");
	assert_int_equal(e.params.operation_version, 2);
	assert_int_equal(e.ninputs, 1);
	struct yg_digest root = yg_sha256_of("root", 4);
	assert_int_equal(yg_digest_cmp(&e.inputs[0].digest, &root), 0);
	assert_true(e.inputs[0].has_manifest);
	assert_true(e.has_rng);
	assert_true(e.rng.seed == UINT64_MAX);
	assert_null(e.status);
	uint64_t closing;
	assert_int_equal(yg_journal_closing(j, b, &closing, &err), YG_OK);
	assert_int_equal(closing, b + 1);
	assert_int_equal(yg_journal_read(j, closing, &arena, &e, &err), YG_OK);
	assert_string_equal(e.status, "ok");
	assert_int_equal(e.noutputs, 1);
	assert_string_equal(e.outputs[0].determinism, "D0");
	assert_true(e.outputs[0].has_raw);
	assert_int_equal(e.gate.ledger, 7);
	struct yg_buf bytes = YG_BUF_INIT;
	assert_int_equal(yg_journal_get_object(j, &e.outputs[0].safe, &bytes, &err), YG_OK);
	assert_string_equal(bytes.data, "first");
	assert_int_equal(yg_journal_get_object(j, &root, &bytes, &err), YG_EINPUT);
	assert_int_equal(yg_journal_read(j, e2, &arena, &e, &err), YG_OK);
	assert_string_equal(e.status, "refused");
	assert_string_equal(e.code, "E-GATE-001");
	assert_string_equal(e.why, "too few");
	assert_int_equal(yg_journal_read(j, 99, &arena, &e, &err), YG_EINVAL);
	yg_buf_release(&bytes);
	close_study(j);

	/* the same from a reader, after closing */
	assert_int_equal(yg_journal_open_read(study, &j, &err), YG_OK);
	assert_true(yg_journal_has_key(j));
	assert_false(yg_journal_key_changed(j));
	assert_int_equal(yg_journal_read(j, b, &arena, &e, &err), YG_OK);
	assert_string_equal(e.params.operation, "km");
	struct yg_journal_act act = { .action = "policy.change" };
	assert_int_equal(yg_journal_event(j, &act, NULL, NULL, &err), YG_EBUG);
	assert_int_equal(yg_journal_close(j, &err), YG_OK);
	yg_arena_release(&arena);
}

static void a_second_session_goes_on_where_the_first_stopped(void **state)
{
	(void)state;
	struct yg_journal *j = open_study();
	char id[33];
	snprintf(id, sizeof id, "%s", yg_journal_id(j));
	for (int i = 0; i < 100; i++)
		end(j, begin(j, "km"), "same result");
	close_study(j);
	j = open_study();
	assert_string_equal(yg_journal_id(j), id);
	assert_int_equal(yg_journal_size(j), 203);
	assert_int_equal(yg_journal_recovered(j), 0);
	end(j, begin(j, "km"), "same result");
	struct yg_journal_report report;
	struct yg_err err;
	/* verifying the study that is open here must not drop its lock */
	assert_int_equal(yg_journal_verify(study, NULL, &report, &err), YG_OK);
	assert_false(report.closed);
	struct yg_journal *other;
	assert_int_equal(yg_journal_open(study, &session, &other, &err), YG_EBUSY);
	assert_int_equal(yg_journal_open_read(study, &other, &err), YG_EBUSY);
	close_study(j);
	verified(&report);
	assert_int_equal(report.entries, 206);
	assert_int_equal(report.objects, 2); /* the environment and the one result */
	assert_int_equal(report.checkpoints, 3 + 2);
}

static void wrong_use_is_a_bug_not_a_record(void **state)
{
	(void)state;
	struct yg_journal *j = open_study();
	struct yg_err err;
	uint64_t seq;
	struct yg_journal_outcome outcome = { 0 };
	assert_int_equal(yg_journal_end(j, 1, &outcome, NULL, &err), YG_EBUG);
	uint64_t b = begin(j, "km");
	assert_int_equal(yg_journal_end(j, b, &outcome, NULL, &err), YG_OK);
	assert_int_equal(yg_journal_end(j, b, &outcome, NULL, &err), YG_EBUG);
	struct yg_journal_act act = { .action = "Analysis Run" };
	assert_int_equal(yg_journal_begin(j, &act, &seq, &err), YG_EBUG);
	struct yg_journal_params params = { .resolved = "\xFF", .language = 1 };
	act = (struct yg_journal_act){ .action = "analysis.run", .params = &params };
	assert_int_equal(yg_journal_begin(j, &act, &seq, &err), YG_EBUG);
	char *big = calloc(1, (1 << 20) + 1);
	memset(big, 'x', 1 << 20);
	params.resolved = big;
	assert_int_equal(yg_journal_begin(j, &act, &seq, &err), YG_ELIMIT);
	free(big);
	/* none of it stopped the journal */
	end(j, begin(j, "km"), "r");
	close_study(j);
	struct yg_journal_report report;
	verified(&report);
}

static void nothing_but_a_study_is_opened(void **state)
{
	(void)state;
	struct yg_err err;
	struct yg_journal *j;
	struct yg_journal_report report;
	assert_int_equal(yg_journal_open_read(study, &j, &err), YG_EINPUT);
	assert_int_equal(yg_io_write_file(study, "age,sex\n1,2\n", 12, &err), YG_OK);
	assert_int_equal(yg_journal_open(study, &session, &j, &err), YG_EINPUT);
	assert_int_equal(yg_journal_verify(study, NULL, &report, &err), YG_ETAMPERED);
	yg_io_remove(study);
	sqlite3 *db;
	assert_int_equal(sqlite3_open(study, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE t(x)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(yg_journal_open(study, &session, &j, &err), YG_EINPUT);
	/* a stranger's view or trigger is refused before anything is read through it */
	yg_io_remove(study);
	close_study(open_study());
	assert_int_equal(sqlite3_open(study, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "CREATE TRIGGER x AFTER INSERT ON entry BEGIN SELECT 1; END", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(yg_journal_open(study, &session, &j, &err), YG_EINPUT);
	assert_int_equal(yg_journal_verify(study, NULL, &report, &err), YG_ETAMPERED);
}

static void odd_paths_are_read(void **state)
{
	(void)state;
	snprintf(study, sizeof study, "%s/50%% of?all#1 試験.study", folder);
	struct yg_journal *j = open_study();
	end(j, begin(j, "km"), "r");
	close_study(j);
	struct yg_journal_report report;
	verified(&report);
	assert_int_equal(report.entries, 4);
}

/* ---- other processes ---- */

static pid_t child_that(void (*work)(int out), int *from_child)
{
	int p[2];
	assert_int_equal(pipe(p), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(p[0]);
		work(p[1]);
		_exit(0);
	}
	close(p[1]);
	*from_child = p[0];
	return pid;
}

static void hold_open(int out)
{
	struct yg_journal *j;
	if (yg_journal_open(study, &session, &j, NULL) != YG_OK)
		_exit(1);
	if (write(out, "o", 1) != 1)
		_exit(1);
	pause();
}

static void a_second_process_is_told_who_has_it(void **state)
{
	(void)state;
	int in;
	char byte, number[32];
	pid_t pid = child_that(hold_open, &in);
	assert_int_equal(read(in, &byte, 1), 1);
	struct yg_err err;
	struct yg_journal *j;
	struct yg_journal_report report;
	snprintf(number, sizeof number, "process %ld", (long)pid);
	assert_int_equal(yg_journal_open(study, &session, &j, &err), YG_EBUSY);
	assert_non_null(strstr(err.text, number));
	assert_int_equal(yg_journal_verify(study, NULL, &report, &err), YG_EBUSY);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(in);
	/* killed: reading works on a copy and leaves everything as it is */
	assert_true(exists("-wal"));
	verified(&report);
	assert_true(report.copied);
	assert_false(report.closed);
	assert_true(exists("-wal"));
	j = open_study();
	assert_int_equal(yg_journal_recovered(j), 1); /* the session that was not closed */
	close_study(j);
	verified(&report);
	assert_true(report.closed);
}

/* Tells the number of each entry only when the call has returned. */
static void append_for_ever(int out)
{
	struct yg_journal *j;
	if (yg_journal_open(study, &session, &j, NULL) != YG_OK)
		_exit(1);
	for (;;) {
		uint64_t b = begin(j, "km os by rx");
		if (write(out, &b, sizeof b) != sizeof b)
			_exit(1);
		end(j, b, "result");
		b++;
		if (write(out, &b, sizeof b) != sizeof b)
			_exit(1);
	}
}

static void killed_at_any_moment_nothing_acknowledged_is_lost(void **state)
{
	(void)state;
	uint64_t before = 0;
	for (int round = 0; round < 25; round++) {
		int in;
		pid_t pid = child_that(append_for_ever, &in);
		uint64_t last = 0, seq;
		/* a different number of entries each time, and a little more for a different place inside */
		for (int i = 0; i < round % 7 + 1; i++)
			if (read(in, &seq, sizeof seq) == (ssize_t)sizeof seq)
				last = seq;
		nanosleep(&(struct timespec){ .tv_nsec = (round * 7919 % 23) * 100000 }, NULL);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		while (read(in, &seq, sizeof seq) == (ssize_t)sizeof seq)
			last = seq;
		close(in);
		struct yg_journal_report report;
		verified(&report);
		assert_true(last > before);
		assert_true(report.entries >= last);
		struct yg_journal *j = open_study();
		assert_int_equal(yg_journal_recovered(j), 1 + report.open_begins);
		close_study(j);
		verified(&report);
		assert_int_equal(report.open_begins, 0);
		assert_true(report.closed);
		before = report.entries;
	}
}

static void a_begin_without_end_is_closed_by_recovery(void **state)
{
	(void)state;
	struct yg_journal *j = open_study();
	uint64_t outer = begin(j, "outer"), inner = begin(j, "inner");
	yg_journal_abandon(j);
	j = open_study();
	assert_int_equal(yg_journal_recovered(j), 3);
	struct yg_arena arena;
	struct yg_journal_entry e;
	struct yg_err err;
	uint64_t seq;
	yg_arena_init(&arena);
	assert_int_equal(yg_journal_closing(j, outer, &seq, &err), YG_OK);
	assert_int_equal(yg_journal_read(j, seq, &arena, &e, &err), YG_OK);
	assert_int_equal(e.kind, YG_ENTRY_RECOVERY);
	assert_string_equal(e.status, "crashed");
	assert_string_equal(e.action, "analysis.run");
	assert_int_equal(yg_journal_closing(j, inner, &seq, &err), YG_OK);
	assert_true(seq > inner);
	/* what is open at an orderly close is aborted */
	uint64_t b = begin(j, "left open");
	close_study(j);
	assert_int_equal(yg_journal_open_read(study, &j, &err), YG_OK);
	assert_int_equal(yg_journal_closing(j, b, &seq, &err), YG_OK);
	assert_int_equal(yg_journal_read(j, seq, &arena, &e, &err), YG_OK);
	assert_string_equal(e.status, "aborted");
	yg_journal_close(j, NULL);
	yg_arena_release(&arena);
}

static void the_key_stays_outside_and_is_missed_when_gone(void **state)
{
	(void)state;
	char key[160];
	snprintf(key, sizeof key, "%s/trial.key", folder);
	struct yg_journal *j = open_study();
	struct yg_digest a, b;
	struct stat st;
	assert_int_equal(stat(key, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(st.st_size, 32);
	assert_true(yg_journal_commit(j, "raw", "x", 1, &a));
	assert_true(yg_journal_commit(j, "rawx", "", 0, &b));
	assert_true(yg_digest_cmp(&a, &b) != 0);
	close_study(j);
	j = open_study();
	assert_true(yg_journal_commit(j, "raw", "x", 1, &b));
	assert_int_equal(yg_digest_cmp(&a, &b), 0);
	assert_false(yg_journal_key_changed(j));
	close_study(j);
	/* without it the study verifies and is read */
	yg_io_remove(key);
	struct yg_journal_report report;
	struct yg_err err;
	verified(&report);
	assert_int_equal(yg_journal_open_read(study, &j, &err), YG_OK);
	assert_false(yg_journal_has_key(j));
	assert_false(yg_journal_commit(j, "raw", "x", 1, &b));
	yg_journal_close(j, NULL);
	j = open_study();
	assert_true(yg_journal_key_changed(j));
	close_study(j);
	assert_int_equal(yg_io_write_file(key, "short", 5, &err), YG_OK);
	assert_int_equal(yg_journal_open(study, &session, &j, &err), YG_EDAMAGED);
	assert_non_null(strstr(err.text, "trial.key"));
}

static void a_clock_going_back_is_reported(void **state)
{
	(void)state;
	setenv("YOGO_CLOCK", "2026-05-01T10:00:00Z", 1);
	struct yg_journal *j = open_study();
	setenv("YOGO_CLOCK", "2026-05-01T09:59:59Z", 1);
	begin(j, "km");
	unsetenv("YOGO_CLOCK");
	close_study(j);
	struct yg_journal_report report;
	verified(&report);
	assert_int_equal(report.clock_back, 2);
}

static void objects_put_for_nothing_are_not_kept(void **state)
{
	(void)state;
	struct yg_journal *j = open_study();
	struct yg_digest d;
	struct yg_err err;
	assert_int_equal(yg_journal_put_object(j, "", 0, &d, &err), YG_OK);
	assert_true(yg_journal_has_object(j, &d));
	yg_journal_drop_objects(j);
	assert_false(yg_journal_has_object(j, &d));
	/* an empty object is one too */
	assert_int_equal(yg_journal_put_object(j, NULL, 0, &d, &err), YG_OK);
	struct yg_journal_act act = { .action = "policy.change", .why = "the steward asked" };
	assert_int_equal(yg_journal_event(j, &act, NULL, NULL, &err), YG_OK);
	struct yg_buf b = YG_BUF_INIT;
	assert_int_equal(yg_journal_get_object(j, &d, &b, &err), YG_OK);
	assert_int_equal(b.len, 0);
	close_study(j);
	struct yg_journal_report report;
	verified(&report);
	assert_int_equal(report.objects, 2);
}

/* A disk that takes no more: the process may not make files longer than they are. */
static void after_a_storage_error_nothing_more_is_recorded(void **state)
{
	(void)state;
	struct yg_journal *j = open_study();
	end(j, begin(j, "km"), "r");
	struct stat st;
	char wal[200];
	snprintf(wal, sizeof wal, "%s-wal", study);
	assert_int_equal(stat(wal, &st), 0);
	struct rlimit before, small;
	getrlimit(RLIMIT_FSIZE, &before);
	small = before;
	small.rlim_cur = (rlim_t)st.st_size + 100;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &small);
	struct yg_journal_act act = { .action = "analysis.run" };
	uint64_t seq = 0, size = yg_journal_size(j);
	struct yg_err err;
	assert_int_equal(yg_journal_begin(j, &act, &seq, &err), YG_EIO);
	assert_int_equal(seq, 0);
	setrlimit(RLIMIT_FSIZE, &before);
	signal(SIGXFSZ, SIG_DFL);
	/* there is room again, but what the disk holds is not certain any more */
	assert_int_equal(yg_journal_begin(j, &act, &seq, &err), YG_EIO);
	assert_string_equal(err.code, "E-JNL-011");
	assert_int_equal(yg_journal_size(j), size);
	assert_int_equal(yg_journal_close(j, &err), YG_EIO);
	struct yg_journal_report report;
	verified(&report);
	assert_int_equal(report.entries, size);
	j = open_study();
	assert_int_equal(yg_journal_recovered(j), 1);
	close_study(j);
	verified(&report);
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(a_closed_study_is_one_file_that_verifies),
		STORY(entries_come_back_as_they_were_said),
		STORY(a_second_session_goes_on_where_the_first_stopped),
		STORY(wrong_use_is_a_bug_not_a_record),
		STORY(nothing_but_a_study_is_opened),
		STORY(odd_paths_are_read),
		STORY(a_second_process_is_told_who_has_it),
		STORY(killed_at_any_moment_nothing_acknowledged_is_lost),
		STORY(a_begin_without_end_is_closed_by_recovery),
		STORY(the_key_stays_outside_and_is_missed_when_gone),
		STORY(a_clock_going_back_is_reported),
		STORY(objects_put_for_nothing_are_not_kept),
		STORY(after_a_storage_error_nothing_more_is_recorded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
