/*
 * The prompt, driven as a person drives it: over a terminal made for the test, and over a pipe.
 * The commands are stand-ins that say what they were given; one of them takes its time.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "repl/repl_priv.h"
#include "tests/unit/test.h"
#include "yogo/base/io.h"
#include "yogo/command/command_table.h"

/* ---- commands ---- */

static enum yg_status say(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	(void)c;
	(void)err;
	out->text = yg_xasprintf("ran %s", s->text ? s->text : "it");
	return YG_OK;
}

/* Long work: until it is cancelled, or a minute. */
static enum yg_status work(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	for (uint64_t i = 0; i < 6000; i++) {
		if (!yg_task_tick(c->task, i, 6000))
			return yg_fail(err, YG_CANCELLED, "E-TST-001", "cancelled");
		usleep(10000);
	}
	return say(c, s, out, err);
}

static enum yg_status define(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	enum yg_object_kind kind = s->kind == YG_NODE_COHORT ? YG_OBJECT_COHORT : YG_OBJECT_ENDPOINT;
	yg_outcome_add_object(out, yg_object_new(kind, s->text));
	return say(c, s, out, err);
}

static const struct yg_command commands[] = {
	{ "count", 1, YG_EFFECT_LOOK, "test.count", false, NULL, say },
	{ "missing", 1, YG_EFFECT_LOOK, "test.missing", false, NULL, work },
	{ "cohort", 1, YG_EFFECT_STATE, "cohort.define", false, NULL, define },
	{ "endpoint", 1, YG_EFFECT_STATE, "endpoint.define", false, NULL, define },
};

const struct yg_command *const *yg_command_table(size_t *count)
{
	static const struct yg_command *const table[] = { &commands[0], &commands[1], &commands[2], &commands[3] };
	*count = sizeof table / sizeof *table;
	return table;
}

/* ---- a folder of its own, and the program in a child ---- */

static char folder[64];

static int set_up(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/yogo-repl-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	setenv("XDG_STATE_HOME", folder, 1);
	setenv("TERM", "xterm", 1);
	setenv("INPUTRC", "/dev/null", 1);
	return 0;
}

static int tear_down(void **state)
{
	static const char *const made[] = { "session.study", "session.study-wal", "session.study-shm", "session.key", "yogo/history", "one.cohort", NULL };
	char path[128];
	(void)state;
	for (size_t i = 0; made[i]; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, made[i]);
		unlink(path);
	}
	snprintf(path, sizeof path, "%s/yogo", folder);
	rmdir(path);
	return rmdir(folder);
}

static void child(bool plain)
{
	struct yg_repl_options o;
	memset(&o, 0, sizeof o);
	o.out_folder = folder;
	o.plain = plain;
	_exit(yg_repl(&o)); /* the test's own buffers are not the child's */
}

struct talk {
	pid_t pid;
	int in, out;
	struct yg_buf heard;
	size_t mark;         /* what was waited for so far */
};

static void start_terminal(struct talk *t, bool plain)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	yg_buf_init(&t->heard);
	t->mark = 0;
	fflush(NULL);
	t->pid = forkpty(&t->in, NULL, NULL, &size);
	assert_true(t->pid >= 0);
	if (t->pid == 0)
		child(plain);
	t->out = t->in;
}

static void start_pipe(struct talk *t)
{
	int to[2], from[2];
	yg_buf_init(&t->heard);
	t->mark = 0;
	assert_int_equal(pipe(to), 0);
	assert_int_equal(pipe(from), 0);
	fflush(NULL);
	t->pid = fork();
	assert_true(t->pid >= 0);
	if (t->pid == 0) {
		dup2(to[0], 0);
		dup2(from[1], 1);
		dup2(from[1], 2);
		close(to[1]);
		close(from[0]);
		child(false);
	}
	close(to[0]);
	close(from[1]);
	t->in = to[1];
	t->out = from[0];
}

/* Reads what has come; false at the end of it or when nothing comes for long. */
static bool hear(struct talk *t, int milliseconds)
{
	char bytes[4096];
	struct pollfd p = { .fd = t->out, .events = POLLIN };
	if (poll(&p, 1, milliseconds) <= 0)
		return false;
	ssize_t n = read(t->out, bytes, sizeof bytes);
	if (n <= 0)
		return false;
	yg_buf_add(&t->heard, bytes, (size_t)n);
	return true;
}

/* Waits for the words to come, behind what was waited for before. */
static void expect(struct talk *t, const char *words)
{
	for (;;) {
		char *found = strstr(t->heard.data + t->mark, words);
		if (found) {
			t->mark = (size_t)(found - t->heard.data) + strlen(words);
			return;
		}
		if (!hear(t, 20000))
			fail_msg("waited for \"%s\", heard: %s", words, t->heard.data);
	}
}

static void type(struct talk *t, const char *keys)
{
	assert_int_equal(write(t->in, keys, strlen(keys)), (ssize_t)strlen(keys));
}

static int finish(struct talk *t)
{
	int status = 0;
	while (hear(t, 20000))
		;
	assert_int_equal(waitpid(t->pid, &status, 0), t->pid);
	close(t->out);
	if (t->in != t->out)
		close(t->in);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static char *history(void)
{
	char *path = yg_line_history_path();
	struct yg_buf text;
	struct yg_err err;
	yg_buf_init(&text);
	assert_int_equal(yg_io_read_file(path, 0, &text, &err), YG_OK);
	yg_free(path);
	return yg_buf_take(&text);
}

/* ---- stories ---- */

static void a_pipe_gets_answers_and_nothing_else(void **state)
{
	struct talk t;
	(void)state;
	start_pipe(&t);
	type(&t, "count\n");
	expect(&t, "ran count\n"); /* as soon as the statement is whole */
	type(&t, "cohort c:\n  require a = 1\nend\n");
	expect(&t, "ran c\n");
	type(&t, "kmm x\ncount; count\n");
	expect(&t, "stdin:5:1: error: there is no verb \"kmm\"  [E-SYN-019]");
	expect(&t, "ran count\nran count\n"); /* a mistake does not stop what follows */
	type(&t, "cohort d:\n");
	close(t.in);
	t.in = t.out;
	expect(&t, "stdin:7:1: error: the cohort block \"d\" has no \"end\"");
	expect(&t, "session.study  head ");
	assert_int_equal(finish(&t), 2);
	assert_null(strchr(t.heard.data, '\033'));
	assert_null(strstr(t.heard.data, "> "));
	yg_buf_release(&t.heard);
}

static void blocks_are_typed_line_by_line(void **state)
{
	struct talk t;
	(void)state;
	start_terminal(&t, false);
	expect(&t, "yogo> ");
	type(&t, "cohort c:\r");
	expect(&t, "....> ");
	type(&t, "reqire a = 1\r");
	expect(&t, "did you mean:  require a = 1");
	expect(&t, "the lines before are kept");
	expect(&t, "....> ");
	type(&t, "require a = 1\r");
	expect(&t, "....> ");
	type(&t, "end\r");
	expect(&t, "ran c\r\n");
	expect(&t, "> ");
	/* one block is one entry of the history, folded; Up brings it back */
	type(&t, "\033[A\r");
	expect(&t, "cohort c:; require a = 1; end");
	expect(&t, "ran c\r\n");
	expect(&t, "> ");
	type(&t, "\004");
	expect(&t, "head ");
	assert_int_equal(finish(&t), 0);
	yg_buf_release(&t.heard);
	char *kept = history();
	assert_string_equal(kept, "cohort c:; require a = 1; end\n");
	yg_free(kept);
}

static void ctrl_c_drops_a_line_a_block_or_a_command_and_never_the_program(void **state)
{
	struct talk t;
	(void)state;
	start_terminal(&t, false);
	expect(&t, "> ");
	type(&t, "count wrong");
	expect(&t, "count wrong");
	type(&t, "\003");
	expect(&t, "> ");
	type(&t, "count\r");
	expect(&t, "ran count"); /* the first keys behind it are not lost */
	expect(&t, "> ");
	type(&t, "endpoint e:\r");
	expect(&t, "....> ");
	type(&t, "\003");
	expect(&t, "dropped");
	expect(&t, "> ");
	type(&t, "missing\r");
	expect(&t, "%"); /* the meter runs */
	type(&t, "\003");
	expect(&t, "cancelled");
	expect(&t, "> ");
	type(&t, "count\r");
	expect(&t, "ran count");
	expect(&t, "> ");
	type(&t, "quit\r");
	assert_int_equal(finish(&t), 0);
	yg_buf_release(&t.heard);
}

static void tab_completes_and_a_second_one_lists(void **state)
{
	struct talk t;
	(void)state;
	start_terminal(&t, false);
	expect(&t, "> ");
	type(&t, "cohort randomised: ; end\r");
	expect(&t, "ran randomised");
	expect(&t, "> ");
	type(&t, "miss\t");
	expect(&t, "missing ");
	type(&t, "on ra\t");
	expect(&t, "on randomised ");
	type(&t, "\025tab\t\t");
	expect(&t, "table1  baseline characteristics");
	expect(&t, "tab     frequencies");
	type(&t, "\025km \t\t"); /* no endpoint yet: the form is shown */
	expect(&t, "km ENDPOINT");
	type(&t, "\025cohort x:\r");
	expect(&t, "....> ");
	type(&t, "req\t");
	expect(&t, "require ");
	type(&t, "\003");
	expect(&t, "> ");
	type(&t, "\004");
	assert_int_equal(finish(&t), 0);
	yg_buf_release(&t.heard);
}

static void plain_means_no_escapes_and_no_meter(void **state)
{
	struct talk t;
	(void)state;
	start_terminal(&t, true);
	expect(&t, "yogo> ");
	type(&t, "count\r");
	expect(&t, "ran count");
	expect(&t, "> ");
	type(&t, "missing\r");
	usleep(700000); /* a meter would have shown by now */
	type(&t, "\003");
	expect(&t, "cancelled");
	expect(&t, "> ");
	type(&t, "exit\r");
	assert_int_equal(finish(&t), 0);
	assert_null(strchr(t.heard.data, '\033'));
	assert_null(strchr(t.heard.data, '%'));
	yg_buf_release(&t.heard);
}

/* ---- offers without a terminal ---- */

static void check_offers(const struct yg_state *s, const char *text, const char *expected)
{
	struct yg_arena arena;
	struct yg_offers offers;
	struct yg_buf seen;
	yg_arena_init(&arena);
	yg_buf_init(&seen);
	yg_repl_offers(&arena, s, folder, text, strlen(text), &offers);
	for (size_t i = 0; i < offers.n; i++)
		yg_buf_addf(&seen, "%s%s", i ? ", " : "", offers.v[i].text);
	assert_string_equal(seen.data, expected);
	yg_buf_release(&seen);
	yg_arena_release(&arena);
}

static void offers_know_the_session(void **state)
{
	struct yg_object *object[4] = {
		yg_object_new(YG_OBJECT_COHORT, "itt"), yg_object_new(YG_OBJECT_ENDPOINT, "os"),
		yg_object_new(YG_OBJECT_RESULT, "cx"), yg_object_new(YG_OBJECT_ENDPOINT, "Time to event"),
	};
	struct yg_state s = { .object = object, .objects = 4 };
	struct yg_err err;
	char path[128];
	(void)state;
	check_offers(&s, "km ", "`Time to event`, os");
	check_offers(&s, "km o", "os");
	check_offers(&s, "km `T", "`Time to event`");
	check_offers(&s, "km os on ", "itt");
	check_offers(&s, "phtest ", "cx");
	check_offers(&s, "assert itt.", "itt.n, itt.records, itt.events, itt.dropped");
	check_offers(NULL, "km ", "");
	check_offers(NULL, "attr", "attrition");
	snprintf(path, sizeof path, "%s/one.cohort", folder);
	assert_int_equal(yg_io_write_file(path, "x", 1, &err), YG_OK);
	check_offers(&s, "open \"one.", "one.cohort");
	check_offers(&s, "run \"one.", ""); /* scripts only */
	struct yg_offer two[2] = { { "logit", NULL, "" }, { "logrank", NULL, "" } };
	struct yg_offers both = { .v = two, .n = 2 };
	assert_int_equal(yg_repl_common(&both), 3);
	two[0].text = "年齢";
	two[1].text = "年金";
	assert_int_equal(yg_repl_common(&both), 3); /* whole characters */
	for (size_t i = 0; i < 4; i++)
		yg_object_unref(object[i]);
}

static void history_lives_in_the_state_folder(void **state)
{
	char *path = yg_line_history_path();
	struct stat info;
	(void)state;
	assert_memory_equal(path, folder, strlen(folder));
	assert_string_equal(path + strlen(folder), "/yogo/history");
	if (stat(path, &info) == 0)
		assert_int_equal(info.st_mode & 077, 0); /* nobody else's business */
	yg_free(path);
	unsetenv("XDG_STATE_HOME");
	setenv("HOME", "/home/somebody", 1);
	path = yg_line_history_path();
	assert_string_equal(path, "/home/somebody/.local/state/yogo/history");
	yg_free(path);
	unsetenv("HOME");
	assert_null(yg_line_history_path());
	setenv("XDG_STATE_HOME", folder, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pipe_gets_answers_and_nothing_else),
		cmocka_unit_test(blocks_are_typed_line_by_line),
		cmocka_unit_test(ctrl_c_drops_a_line_a_block_or_a_command_and_never_the_program),
		cmocka_unit_test(tab_completes_and_a_second_one_lists),
		cmocka_unit_test(plain_means_no_escapes_and_no_meter),
		cmocka_unit_test(offers_know_the_session),
		cmocka_unit_test(history_lives_in_the_state_folder),
	};
	umask(077);
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
