/*
 * The progress meter and Ctrl-C.
 *
 * A timer signal writes the meter with write(2) from the task's atomics, so that no thread and no
 * kernel needs to know of it; it shows first after 0.3 s.  Ctrl-C sets the task's cancel flag; work
 * under way ends within 2^16 steps and leaves nothing behind.
 */
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "cli_priv.h"

static struct yg_task *current;
static volatile sig_atomic_t shown;

static void put(const char *s, size_t n)
{
	ssize_t ignored = write(STDERR_FILENO, s, n);

	(void)ignored;
}

static void meter(int signal_number)
{
	struct yg_task *task = current;
	uint64_t done, total;
	const char *what;
	char line[80] = "\r";
	size_t n = 1;
	unsigned percent;

	(void)signal_number;
	if (!task)
		return;
	done = atomic_load(&task->done);
	total = atomic_load(&task->total);
	what = atomic_load(&task->what);
	if (!total)
		return;
	percent = (unsigned)(done >= total ? 100 : done * 100 / total);
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

static void interrupt(int signal_number)
{
	(void)signal_number;
	if (current)
		atomic_store(&current->cancel, true);
}

void yg_cli_progress_start(struct yg_task *task)
{
	struct sigaction action;

	current = task;
	shown = 0;
	memset(&action, 0, sizeof action);
	action.sa_flags = SA_RESTART;
	action.sa_handler = interrupt;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	if (isatty(STDERR_FILENO)) {
		struct itimerval every = { { 0, 200000 }, { 0, 300000 } };
		action.sa_handler = meter;
		sigaction(SIGALRM, &action, NULL);
		setitimer(ITIMER_REAL, &every, NULL);
	}
}

void yg_cli_progress_stop(void)
{
	struct itimerval never = { { 0, 0 }, { 0, 0 } };

	if (!current)
		return;
	setitimer(ITIMER_REAL, &never, NULL);
	if (shown)
		put("\r\033[K", 4);
	current = NULL;
}
