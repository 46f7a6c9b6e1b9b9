/*
 * Ctrl-C, and the meter of long work.
 *
 * While a command runs Ctrl-C sets its cancel flag; while a line is typed it drops the line.  It never
 * ends the program.  The meter is written from a timer signal by write(2) out of the task's atomics.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "repl_priv.h"

static struct yg_task *_Atomic running;
static volatile sig_atomic_t interrupted;
static volatile sig_atomic_t shown;

static void put(const char *s, size_t n)
{
	ssize_t ignored = write(STDERR_FILENO, s, n);
	(void)ignored;
}

static void on_interrupt(int number)
{
	(void)number;
	struct yg_task *task = running;
	interrupted = 1;
	if (task)
		atomic_store(&task->cancel, true);
}

static void on_timer(int number)
{
	(void)number;
	struct yg_task *task = running;
	if (!task)
		return;
	uint64_t done = atomic_load(&task->done), total = atomic_load(&task->total);
	const char *what = atomic_load(&task->what);
	if (!total)
		return;
	unsigned percent = (unsigned)(done >= total ? 100 : done * 100 / total);
	char line[80] = "\r";
	size_t n = 1;
	for (const char *p = what ? what : "working"; *p && n < 60; p++)
		line[n++] = *p;
	line[n++] = ' ';
	line[n++] = percent >= 100 ? '1' : ' ';
	line[n++] = percent >= 10 ? (char)('0' + percent / 10 % 10) : ' ';
	line[n++] = (char)('0' + percent % 10);
	line[n++] = '%';
	line[n++] = ' ';
	put(line, n);
	shown = 1;
}

static void handle(int number, void (*handler)(int), int flags)
{
	struct sigaction action;
	memset(&action, 0, sizeof action);
	action.sa_handler = handler;
	action.sa_flags = flags;
	sigaction(number, &action, NULL);
}

void yg_interrupt_install(void)
{
	handle(SIGINT, on_interrupt, 0);
}

enum yg_wait yg_interrupt_wait(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	sigset_t block, before;
	sigemptyset(&block);
	sigaddset(&block, SIGINT);
	sigprocmask(SIG_BLOCK, &block, &before);
	sigdelset(&before, SIGINT);
	/* from here to the wait the signal is held back, and the wait lets it through */
	int n = interrupted ? -1 : ppoll(&p, 1, NULL, &before);
	int why = errno;
	bool taken = interrupted != 0;
	interrupted = 0;
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (taken)
		return YG_WAIT_INTERRUPTED;
	if (n < 0)
		return why == EINTR ? YG_WAIT_SIGNAL : YG_WAIT_FAILED;
	return YG_WAIT_INPUT;
}

void yg_work_begin(struct yg_task *task, bool meter)
{
	shown = 0;
	interrupted = 0;
	atomic_store(&task->cancel, false);
	running = task;
	handle(SIGINT, on_interrupt, SA_RESTART); /* file work goes on to where it can stop */
	if (meter) {
		struct itimerval every = { { 0, 200000 }, { 0, 300000 } };
		handle(SIGALRM, on_timer, SA_RESTART);
		setitimer(ITIMER_REAL, &every, NULL);
	}
}

void yg_work_end(void)
{
	struct itimerval never = { { 0, 0 }, { 0, 0 } };
	setitimer(ITIMER_REAL, &never, NULL);
	if (shown)
		put("\r\033[K", 4);
	running = NULL;
	interrupted = 0;
	yg_interrupt_install();
}
